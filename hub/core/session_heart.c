/* The record's heart: mean, peak, zones, recovery, and rest before the walk. */
#include "hub/core/session_parts.h"

#include <math.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define READING_GAP_S                                                           \
    10 /* a reading stands for the time since the one before, if that is recent \
        */
/* Readings this long after the last step known so far belong to the walk: steps are told a few
 * seconds late, and the pause after the walk is not the walk. */
#define WALK_TAIL_S 30
#define RECOVERY_S 60
#define RECOVERY_LATE_S (RECOVERY_S + HEART_RECENT_S)
#define QUIET_S 30                    /* of the mean that is called rest */
#define REST_NS (15 * 60 * SECOND_NS) /* before a walk; as for reports */
#define BPM_MIN 25                    /* no heart of somebody who walks; no reading */
#define BPM_MAX 250
#define MODERATE_PCT 64 /* rule book S06 [CAD61] */
#define VIGOROUS_PCT 77

_Static_assert(HEART_RECENT *HEART_RECENT_S >= RECOVERY_LATE_S + 2 * HEART_RECENT_S,
               "the reading at the stop is still known");

void session_pulse_clear(struct session_pulse *pulse)
{
    memset(pulse, 0, sizeof(*pulse));
    pulse->most_bpm = pulse->most_pct = pulse->recovery_bpm = pulse->rest_bpm = NAN;
    pulse->suspect_s = pulse->moderate_s = pulse->vigorous_s = NAN;
    pulse->quiet_bpm = pulse->calm_bpm = NAN;
    pulse->last_ns = pulse->quiet_since_ns = pulse->calm_ns = pulse->stop_ns = INT64_MIN;
    pulse->recent_to = INT64_MIN;
}

void session_pulse_open(struct session_pulse *pulse, const struct session_pulse *before,
                        int64_t start_ns)
{
    if (before->calm_ns != INT64_MIN && start_ns - before->calm_ns <= REST_NS)
        pulse->rest_bpm = before->calm_bpm;
}

/* Seconds that a reading stands for; 0 after a hole. */
static double since_last(struct session_pulse *pulse, int64_t at_ns)
{
    double s = pulse->last_ns == INT64_MIN ? 0 : session_seconds(pulse->last_ns, at_ns);
    pulse->last_ns = at_ns;
    return s <= READING_GAP_S ? s : 0;
}

static void note_recent(struct session_pulse *pulse, int64_t at_ns, float bpm)
{
    int64_t number = at_ns / (HEART_RECENT_S * SECOND_NS);
    if (pulse->recent_to == INT64_MIN || number - pulse->recent_to >= HEART_RECENT)
        memset(pulse->recent, 0, sizeof(pulse->recent));
    else
        for (int64_t i = pulse->recent_to + 1; i <= number; i++)
            pulse->recent[i % HEART_RECENT] = 0;
    pulse->recent_to = number;
    pulse->recent[number % HEART_RECENT] = (uint8_t)lroundf(bpm);
}

/* The heart rate in the seconds before `at_ns`, not after it; NAN = not known. */
static double recent_bpm(const struct session_pulse *pulse, int64_t at_ns)
{
    int64_t number = at_ns / (HEART_RECENT_S * SECOND_NS);
    for (int64_t i = number - 1; i >= number - 2 && i > pulse->recent_to - HEART_RECENT; i--) {
        if (i >= 0 && i <= pulse->recent_to && pulse->recent[i % HEART_RECENT] != 0)
            return pulse->recent[i % HEART_RECENT];
    }
    return (double)NAN;
}

static void note_recovery(struct session_pulse *pulse, int64_t stopped_ns, int64_t at_ns, float bpm)
{
    double since_s = session_seconds(stopped_ns, at_ns);
    if (since_s < RECOVERY_S || since_s > RECOVERY_LATE_S || pulse->stop_ns == stopped_ns)
        return;
    double before_bpm = recent_bpm(pulse, stopped_ns);
    if (isnan(before_bpm))
        return;
    pulse->stop_ns = stopped_ns;
    pulse->recovery_bpm = (float)(before_bpm - (double)bpm);
}

static void note_rest(struct session_pulse *pulse, int64_t at_ns, double since_s, float bpm)
{
    /* After a walk the readings may go on without a hole: the calm begins all the same. */
    if (since_s == 0 || pulse->quiet_since_ns == INT64_MIN) {
        pulse->quiet_bpm = bpm;
        pulse->quiet_since_ns = at_ns;
        return;
    }
    pulse->quiet_bpm += (float)(since_s / (QUIET_S + since_s)) * (bpm - pulse->quiet_bpm);
    if (session_seconds(pulse->quiet_since_ns, at_ns) < QUIET_S)
        return;
    if (pulse->calm_ns == INT64_MIN || at_ns - pulse->calm_ns > REST_NS ||
        pulse->quiet_bpm < pulse->calm_bpm) {
        pulse->calm_bpm = pulse->quiet_bpm;
        pulse->calm_ns = at_ns;
    }
}

static void add_seconds(float *to, double s)
{
    *to = (isnan(*to) ? 0 : *to) + (float)s;
}

static void note_effort(struct session_pulse *pulse, double since_s, float bpm, float hr_max)
{
    moments_add(&pulse->bpm, (double)bpm);
    pulse->most_bpm = fmaxf(pulse->most_bpm, bpm);
    if (!(hr_max > 0))
        return;
    double pct = 100 * (double)bpm / (double)hr_max;
    pulse->most_pct = fmaxf(pulse->most_pct, (float)pct);
    bool vigorous = pct >= VIGOROUS_PCT;
    add_seconds(&pulse->moderate_s, pct >= MODERATE_PCT && !vigorous ? since_s : 0);
    add_seconds(&pulse->vigorous_s, vigorous ? since_s : 0);
}

/* Last moment of the walk that is known. */
static int64_t walked_ns(const struct session *session)
{
    int64_t walked = session->start_ns;
    if (session->last_step_ns > walked)
        walked = session->last_step_ns;
    return session->covered_until_ns > walked ? session->covered_until_ns : walked;
}

void session_heart(struct session *session, int64_t at_ns, float bpm, bool suspect, float hr_max)
{
    struct session_pulse *pulse = &session->pulse;
    if (!(bpm >= BPM_MIN && bpm <= BPM_MAX) || at_ns < 0 ||
        (pulse->last_ns != INT64_MIN && at_ns <= pulse->last_ns))
        return;
    double since_s = since_last(pulse, at_ns);
    if (!session->open) {
        if (!suspect)
            note_rest(pulse, at_ns, since_s, bpm);
        return;
    }
    int64_t until_ns = walked_ns(session);
    bool in_walk = session_seconds(until_ns, at_ns) <= WALK_TAIL_S;
    if (in_walk)
        add_seconds(&pulse->suspect_s, suspect ? since_s : 0);
    if (suspect)
        return;
    note_recent(pulse, at_ns, bpm);
    if (in_walk)
        note_effort(pulse, since_s, bpm, hr_max);
    else
        note_recovery(pulse, until_ns, at_ns, bpm);
}
