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

const char *end_reason_name(enum end_reason reason)
{
    static const char *const names[] = {"unknown",      "user",        "plan_done",
                                        "pain_stop",    "red_flag",    "fall",
                                        "idle_timeout", "device_loss", "battery"};
    assert(reason <= END_BATTERY);
    return names[reason];
}

double session_seconds(int64_t from_ns, int64_t to_ns)
{
    /* From never (INT64_MIN) it comes out below every limit: nothing has lasted. */
    return (double)(int64_t)((uint64_t)to_ns - (uint64_t)from_ns) / 1e9;
}

/* ---------------------------------------------------------------- life cycle */

static void clear_device(struct session_device *device)
{
    device->battery_start_pct = device->battery_end_pct = -1;
    device->gaps_n = device->lost_frames_n = device->dead_cells = 0;
    device->fresh_s = 0;
    device->fresh_pct = NAN;
}

/* Steps and time, and what depends on them. */
static void clear_steps(struct session *session)
{
    session->walk_s = session->longest_bout_s = 0;
    session->bout_start_ns = session->covered_until_ns = session->last_step_ns = INT64_MIN;
    session->contact_ns[FOOT_LEFT] = session->contact_ns[FOOT_RIGHT] = INT64_MIN;
    session->steps_n = 0;
    session->rests_n = session->rests_dropped_n = 0;
    memset(session->rests, 0, sizeof(session->rests));
    memset(session->rest_kinds, 0, sizeof(session->rest_kinds));
    memset(&session->pause, 0, sizeof(session->pause));
    memset(&session->wrist_cadence, 0, sizeof(session->wrist_cadence));
}

/* Metres and speeds. */
static void clear_way(struct session *session)
{
    session->distance_m = (double)NAN;
    session->belt_ascent_m = NAN;
    memset(&session->speed, 0, sizeof(session->speed));
    memset(&session->belt_speed, 0, sizeof(session->belt_speed));
    memset(&session->incline, 0, sizeof(session->incline));
    session_speeds_clear(&session->speeds);
}

void session_init(struct session *session)
{
    memset(session, 0, sizeof(*session));
    session->clock_speed = 1;
    session->clock_skew_max_ms = NAN;
    session->weight_n = session->height_m = NAN;
    session->phone_s = session->rail_s = session->longest_stand_s = NAN;
    session->pain_start = session->pain_end = session->pain_peak = -1;
    clear_steps(session);
    clear_way(session);
    session_ways_clear(session->ways);
    session_pulse_clear(&session->pulse);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++)
        clear_device(&session->devices[slot]);
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
    session->weight_n = before->weight_n;
    session->weight_source = before->weight_source;
    session->height_m = before->height_m;
    session->contact_threshold = before->contact_threshold;
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
    session_pulse_open(&session->pulse, &before.pulse, start_ns);
    session_early_reports(session, before.early, before.early_n);
}

void session_setup(struct session *session, float height_m, bool threshold_20n)
{
    session->height_m = height_m > 0 ? height_m : NAN;
    session->contact_threshold = threshold_20n ? SESSION_20N : SESSION_5PCT;
}

void session_weight(struct session *session, float newton, uint8_t source)
{
    bool known = source != SESSION_WEIGHT_NONE && isfinite(newton) && newton > 0;
    session->weight_n = known ? newton : NAN;
    session->weight_source = known ? source : SESSION_WEIGHT_NONE;
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

/* That somebody leans is only told (P05); what was seen of it says what it was, if that is half of
 * it. */
static enum session_rest rest_kind(const struct session_pause *pause, double rest_s)
{
    if (pause->leaned)
        return REST_LEAN;
    if ((double)pause->stand_s + (double)pause->sit_s < rest_s / 2)
        return REST_UNKNOWN;
    return pause->sit_s > pause->stand_s ? REST_SIT : REST_STAND;
}

static void note_rest(struct session *session, int64_t from_ns, int64_t to_ns)
{
    if (session->rests_n == SESSION_RESTS_MAX) {
        session->rests_dropped_n++;
        return;
    }
    session->rests[session->rests_n].t_s = (float)session_seconds(session->start_ns, from_ns);
    session->rests[session->rests_n].duration_s = (float)session_seconds(from_ns, to_ns);
    session->rest_kinds[session->rests_n] =
        (uint8_t)rest_kind(&session->pause, session_seconds(from_ns, to_ns));
    session->pause.leaned = false;
    session->rests_n++;
}

double session_cover(struct session *session, int64_t start_ns, int64_t end_ns)
{
    int64_t covered_ns = session->covered_until_ns;
    bool first = covered_ns == INT64_MIN;
    if (first || session_seconds(covered_ns, start_ns) >= BOUT_GAP_S) {
        if (!first)
            note_rest(session, covered_ns, start_ns);
        session->bout_start_ns = start_ns;
    }
    int64_t from_ns = first || start_ns > covered_ns ? start_ns : covered_ns;
    if (end_ns <= from_ns)
        return 0;
    session->covered_until_ns = end_ns;
    double added_s = session_seconds(from_ns, end_ns);
    session->walk_s += added_s;
    session->longest_bout_s =
        fmax(session->longest_bout_s, session_seconds(session->bout_start_ns, end_ns));
    return added_s;
}

bool session_counts(struct session *session, enum session_source source)
{
    if (!session->open || session->amounts_source > source)
        return false;
    if (session->amounts_source != source)
        clear_steps(session);
    /* A wrist knows no way: what the belt ran stays. */
    if (session->amounts_source != source && source == SESSION_FEET)
        clear_way(session);
    session->amounts_source = (uint8_t)source;
    return true;
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

/* Speed M05: the belt, else the foot. NAN when neither is known; nobody walks at no speed. */
static double speed_of(const struct stride *stride)
{
    double speed = (double)(isnan(stride->belt_mps) ? stride->speed_mps : stride->belt_mps);
    return speed > 0 && isfinite(speed) ? speed : (double)NAN;
}

static void note_speed(struct session *session, const struct stride *stride, double added_s)
{
    double speed = speed_of(stride);
    if (isnan(speed))
        return;
    bool belt = !isnan(stride->belt_mps);
    session->belt_strides_n += belt;
    session->imu_strides_n += !belt;
    session_add_way(session, speed * added_s, belt ? (double)stride->incline : (double)NAN);
    session_add_speed(session, speed);
    double cadence = 120 / (double)stride->stride_s;
    moments_add(&session->walk_ratio, speed * 60 / cadence / cadence);                /* M08 */
    moments_add(&session->step_length[stride->foot], speed * (double)stride->step_s); /* M06 */
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

/* A walk in strides, or in seconds where no foot counts them: all of it, and what was on a belt. */
static void parts_of(const struct session *session, double *all, double *belt)
{
    if (session->amounts_source == SESSION_FEET) {
        *all = (double)session->strides_n[FOOT_LEFT] + session->strides_n[FOOT_RIGHT];
        *belt = session->belt_strides_n;
        return;
    }
    *all = session->walk_s;
    /* The belt alone told of a way then. */
    *belt =
        session->belt_speed.n > 0 ? session->distance_m / moments_mean(&session->belt_speed) : 0;
}

/* What is not of `these` makes up more than a tenth (E). */
static bool many_others(double all, double these)
{
    return (all - these) * 10 > all;
}

bool session_mixed(const struct session *session)
{
    double all, belt;
    parts_of(session, &all, &belt);
    return session->belt_speed.n > 0 && many_others(all, belt);
}

bool session_way_whole(const struct session *session)
{
    double all, belt;
    parts_of(session, &all, &belt);
    return session->distance_m > 0 && !many_others(all, belt + session->imu_strides_n);
}

void session_stride(struct session *session, const struct stride *stride,
                    const struct stride_summary *summary)
{
    assert(stride->foot < FEET);
    if (!session->open || !stride->valid || !stride->walking)
        return;
    (void)session_counts(session, SESSION_FEET);
    double added_s = session_cover(session, stride->start_ns, stride->end_ns);
    count_contacts(session, stride);
    session->strides_n[stride->foot]++;
    session->loading_cycles_n++;
    note_stride(session, stride);
    session_note_shape(session, stride);
    note_speed(session, stride, added_s);
    if (!stride->steady)
        return;
    session->steady_strides_n++;
    if (summary != NULL)
        note_summary(session, summary);
}
