#include "hub/core/session.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/ident.h"
#include "hub/core/session_parts.h"

#define BOUT_GAP_S 60 /* rule book 2.4: pieces with gaps below are one bout */
/* Two strides of a foot share a contact when end and start are this close: the map of a device's
 * clock may move by less in between. */
#define SAME_CONTACT_NS INT64_C(50000000)
/* Between one frame's end and the next one's start, as the map of a device's clock moves. */
#define CRACK_NS INT64_C(50000000)
/* A walk is told within the steps that are kept, 80 a foot: 200 s of the slowest strides. */
#define BACK_DATED_MAX_S 240

const char *end_reason_name(enum end_reason reason)
{
    static const char *const names[] = {"unknown",      "user",        "plan_done",
                                        "pain_stop",    "red_flag",    "fall",
                                        "idle_timeout", "device_loss", "battery"};
    assert(reason <= END_BATTERY);
    return names[reason];
}

static double seconds(int64_t from_ns, int64_t to_ns)
{
    return (double)(to_ns - from_ns) / 1e9;
}

/* ---------------------------------------------------------------- life cycle */

static void clear_device(struct session_device *device)
{
    device->battery_start_pct = device->battery_end_pct = -1;
    device->gaps_n = device->lost_frames_n = 0;
    device->fresh_s = 0;
    device->fresh_pct = NAN;
}

void session_init(struct session *session)
{
    memset(session, 0, sizeof(*session));
    session->clock_speed = 1;
    session->distance_m = (double)NAN;
    session->clock_skew_max_ms = NAN;
    session->pain_start = session->pain_end = session->pain_peak = -1;
    session->bout_start_ns = session->covered_until_ns = session->last_step_ns = INT64_MIN;
    session->contact_ns[FOOT_LEFT] = session->contact_ns[FOOT_RIGHT] = INT64_MIN;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++)
        clear_device(&session->devices[slot]);
    for (unsigned rule = 0; rule < RULE_COUNT; rule++)
        session->rule_absence[rule] = RULE_NO_DATA;
}

void session_forget_device(struct session *session, uint8_t slot)
{
    memset(&session->covered[slot], 0, sizeof(session->covered[slot]));
}

/* Who the walk belongs to outlives it. */
static void keep_setup(struct session *session, const struct session *before)
{
    session->tz_offset_min = before->tz_offset_min;
    session->clock_speed = before->clock_speed;
    memcpy(session->stage, before->stage, sizeof(session->stage));
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        session->devices[slot] = before->devices[slot];
        clear_device(&session->devices[slot]);
        session->covered[slot] = before->covered[slot];
        session->covered[slot].before_s = 0;
    }
}

void session_open(struct session *session, uint64_t id_salt, uint32_t wearer, int64_t start_ns,
                  int64_t wall_minus_mono_ms)
{
    struct session before = *session;
    session_init(session);
    keep_setup(session, &before);
    uint64_t word = ident_word(id_salt ^ (uint64_t)wearer << 32, (uint64_t)start_ns);
    ident_uuid(session->id, word, ident_word(word, wearer));
    session->open = true;
    session->start_ns = start_ns;
    session->start_utc_ms = start_ns / 1000000 + wall_minus_mono_ms;
    session_early_reports(session, before.early, before.early_n);
}

void session_close(struct session *session, int64_t end_ns, enum end_reason reason,
                   int64_t wall_minus_mono_ms)
{
    if (!session->open)
        return;
    session->open = false;
    session->end_ns = end_ns;
    session->end_utc_ms = end_ns / 1000000 + wall_minus_mono_ms;
    session->end_reason = (uint8_t)reason;
    session_update_fresh(session, end_ns);
}

/* ---------------------------------------------------------------- strides */

static void note_rest(struct session *session, int64_t from_ns, int64_t to_ns)
{
    if (session->rests_n == SESSION_RESTS_MAX) {
        session->rests_dropped_n++;
        return;
    }
    session->rests[session->rests_n].t_s = (float)seconds(session->start_ns, from_ns);
    session->rests[session->rests_n].duration_s = (float)seconds(from_ns, to_ns);
    session->rests_n++;
}

/* Walking time is the union of both feet's strides. Returns what this stride adds, in seconds. */
static double cover(struct session *session, const struct stride *stride)
{
    int64_t covered_ns = session->covered_until_ns;
    bool first = covered_ns == INT64_MIN;
    if (first || seconds(covered_ns, stride->start_ns) >= BOUT_GAP_S) {
        if (!first)
            note_rest(session, covered_ns, stride->start_ns);
        session->bout_start_ns = stride->start_ns;
    }
    int64_t from_ns = first || stride->start_ns > covered_ns ? stride->start_ns : covered_ns;
    if (stride->end_ns <= from_ns)
        return 0;
    session->covered_until_ns = stride->end_ns;
    double added_s = seconds(from_ns, stride->end_ns);
    session->walk_s += added_s;
    session->longest_bout_s =
        fmax(session->longest_bout_s, seconds(session->bout_start_ns, stride->end_ns));
    return added_s;
}

static void count_contacts(struct session *session, const struct stride *stride)
{
    int64_t *contact_ns = &session->contact_ns[stride->foot];
    bool shared = *contact_ns != INT64_MIN && stride->start_ns - *contact_ns < SAME_CONTACT_NS;
    session->steps_n += shared ? 1 : 2;
    *contact_ns = stride->end_ns;
    if (stride->end_ns > session->last_step_ns)
        session->last_step_ns = stride->end_ns;
}

/* Speed M05: the belt, else stride length over time. NAN when neither is known. */
static double speed_of(const struct stride *stride)
{
    if (!isnan(stride->belt_mps))
        return (double)stride->belt_mps;
    return (double)stride->stride_length_m / (double)stride->stride_s;
}

static void note_speed(struct session *session, const struct stride *stride, double added_s)
{
    double speed = speed_of(stride);
    if (isnan(speed))
        return;
    session->distance_m = (isnan(session->distance_m) ? 0 : session->distance_m) + speed * added_s;
    moments_add(&session->speed, speed);
    double cadence = 120 / (double)stride->stride_s;
    moments_add(&session->walk_ratio, speed * 60 / cadence / cadence); /* M08 */
}

static void note_stride(struct session *session, const struct stride *stride)
{
    uint8_t foot = stride->foot;
    moments_add(&session->stride_time[foot], (double)stride->stride_s);
    moments_add(&session->stance_pct[foot], (double)stride->stance_pct);
    moments_add(&session->swing_pct[foot], (double)stride->swing_pct);
    moments_add(&session->step_time[foot], (double)stride->step_s);
    moments_add(&session->peak_force[foot], (double)stride->peak_force_n);
    moments_add(&session->double_support_pct, (double)stride->double_support_pct);
    moments_add(&session->cadence, 120 / (double)stride->stride_s);
    moments_add(&session->stride_length, (double)stride->stride_length_m);
    moments_add(&session->incline, (double)stride->incline);
    moments_add(&session->belt_speed, (double)stride->belt_mps);
}

static void note_summary(struct session *session, const struct stride_summary *summary)
{
    moments_add(&session->stride_cv, (double)summary->stride_cv_pct);
    moments_add(&session->si_stance, (double)summary->si_stance_pct);
    moments_add(&session->si_step, (double)summary->si_step_pct);
    moments_add(&session->si_load, (double)summary->si_load_pct);
    if (summary->outliers_n > session->cv_outliers_n)
        session->cv_outliers_n = summary->outliers_n;
}

void session_stride(struct session *session, const struct stride *stride,
                    const struct stride_summary *summary)
{
    assert(stride->foot < FEET);
    if (!session->open || !stride->valid || !stride->walking)
        return;
    double added_s = cover(session, stride);
    count_contacts(session, stride);
    session->strides_n[stride->foot]++;
    session->loading_cycles_n++;
    note_stride(session, stride);
    note_speed(session, stride, added_s);
    if (!stride->steady)
        return;
    session->steady_strides_n++;
    if (summary != NULL)
        note_summary(session, summary);
}

/* ---------------------------------------------------------------- devices */

/* How much of a piece's data lies between the two. */
static double data_s(const struct session_pieces *covered, unsigned i, int64_t from_ns,
                     int64_t until_ns)
{
    int64_t first_ns = covered->pieces[i].from_ns, last_ns = covered->pieces[i].until_ns;
    int64_t span_ns = last_ns - first_ns;
    first_ns = first_ns > from_ns ? first_ns : from_ns;
    last_ns = last_ns < until_ns ? last_ns : until_ns;
    if (last_ns <= first_ns)
        return 0;
    return seconds(first_ns, last_ns) * (double)covered->pieces[i].data_ns / (double)span_ns;
}

static void drop_piece(struct session_pieces *covered, unsigned i)
{
    covered->n--;
    memmove(&covered->pieces[i], &covered->pieces[i + 1],
            (covered->n - i) * sizeof(covered->pieces[0]));
    memset(&covered->pieces[covered->n], 0, sizeof(covered->pieces[0]));
}

static void merge_closest(struct session_pieces *covered)
{
    unsigned at = 0;
    int64_t least_ns = INT64_MAX;
    for (unsigned i = 0; i + 1 < covered->n; i++) {
        int64_t gap_ns = covered->pieces[i + 1].from_ns - covered->pieces[i].until_ns;
        if (gap_ns < least_ns) {
            least_ns = gap_ns;
            at = i;
        }
    }
    covered->pieces[at].until_ns = covered->pieces[at + 1].until_ns;
    covered->pieces[at].data_ns += covered->pieces[at + 1].data_ns;
    drop_piece(covered, at + 1);
}

/* What lies before the walk, or surely within it, need not be kept as a piece. */
static void make_room(struct session *session, struct session_pieces *covered)
{
    int64_t until_ns = covered->pieces[0].until_ns;
    if (session->open && until_ns <= session->last_step_ns) {
        covered->before_s += data_s(covered, 0, session->start_ns, INT64_MAX);
        drop_piece(covered, 0);
    } else if (!session->open &&
               seconds(until_ns, covered->pieces[covered->n - 1].until_ns) > BACK_DATED_MAX_S) {
        drop_piece(covered, 0);
    } else {
        merge_closest(covered);
    }
}

void session_covered(struct session *session, uint8_t slot, int64_t from_ns, int64_t until_ns)
{
    assert(slot < WEARER_DEVICES_MAX);
    struct session_pieces *covered = &session->covered[slot];
    int64_t last_ns = covered->n > 0 ? covered->pieces[covered->n - 1].until_ns : INT64_MIN;
    /* The map moves a little: overlaps and cracks are its, not the device's. */
    if (covered->n > 0 && from_ns < last_ns + CRACK_NS)
        from_ns = last_ns;
    if (until_ns <= from_ns)
        return;
    if (covered->n > 0 && from_ns == last_ns) {
        covered->pieces[covered->n - 1].until_ns = until_ns;
        covered->pieces[covered->n - 1].data_ns += until_ns - from_ns;
        return;
    }
    if (covered->n == SESSION_PIECES_MAX)
        make_room(session, covered);
    covered->pieces[covered->n].from_ns = from_ns;
    covered->pieces[covered->n].until_ns = until_ns;
    covered->pieces[covered->n].data_ns = until_ns - from_ns;
    covered->n++;
}

void session_update_fresh(struct session *session, int64_t until_ns)
{
    double duration_s = seconds(session->start_ns, until_ns);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        struct session_device *device = &session->devices[slot];
        const struct session_pieces *covered = &session->covered[slot];
        if (device->id[0] == '\0' || duration_s <= 0)
            continue;
        device->fresh_s = covered->before_s;
        for (unsigned i = 0; i < covered->n; i++)
            device->fresh_s += data_s(covered, i, session->start_ns, until_ns);
        device->fresh_s = fmin(device->fresh_s, duration_s);
        device->fresh_pct = (float)(100 * device->fresh_s / duration_s);
    }
}

void session_device(struct session *session, uint8_t slot, uint32_t gap_frames, int8_t battery_pct)
{
    assert(slot < WEARER_DEVICES_MAX);
    if (!session->open)
        return;
    struct session_device *device = &session->devices[slot];
    device->gaps_n += gap_frames > 0;
    device->lost_frames_n += gap_frames;
    if (battery_pct < 0)
        return;
    if (device->battery_start_pct < 0)
        device->battery_start_pct = battery_pct;
    device->battery_end_pct = battery_pct;
}

/* ---------------------------------------------------------------- rules */

/* The reason that held longest. */
static enum rule_absence main_absence(const float absent_s[RULE_ABSENCES])
{
    unsigned most = RULE_EVALUATED;
    for (unsigned why = RULE_EVALUATED + 1; why < RULE_ABSENCES; why++) {
        if (absent_s[why] > absent_s[most])
            most = why;
    }
    return (enum rule_absence)most;
}

void session_rule_time(struct session *session, const struct rules_state *rules, double time_s)
{
    if (!session->open)
        return;
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        enum rule_absence why = rules_absence(rules, (enum rule)rule);
        if (why == RULE_EVALUATED)
            session->rule_evaluated_s[rule] += (float)time_s;
        else
            session->rule_absent_s[rule][why] += (float)time_s;
        session->rule_absence[rule] = (uint8_t)main_absence(session->rule_absent_s[rule]);
    }
}
