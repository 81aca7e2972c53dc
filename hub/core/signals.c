#include "hub/core/signals.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* A stream is stale after 3 s (2.2); heart rate comes each second or two, and changes slowly: what
 * M01 and S06 look back. */
static const int64_t stale_ns = INT64_C(3000000000), window_ns = INT64_C(10000000000);
static const int64_t rail_slice_ns = INT64_C(5000000000);
/* Rail and heart samples further apart are two pieces. */
static const int64_t pause_ns = INT64_C(5000000000);
/* 2.4: a belt below 0.3 km/h stands. */
static const float belt_stands_mps = 0.3F / 3.6F;
/* Hearts of people who walk; beyond is a sensor that lost the skin. */
static const float heart_least = 25.0F, heart_most = 240.0F;
/* A foot IMU's own error is a few percent: at a crawl nothing can be said. */
static const float ratio_least_mps = 0.3F;
enum { RATIOS_MIN = 5, MS_NS = 1000000 };

static void forget_arm(struct signals_arm *arm)
{
    memset(arm, 0, sizeof *arm);
    arm->slot = SIGNALS_NO_SLOT;
    arm->at_ns = INT64_MIN;
    arm->summary.walking = arm->summary.call = arm->summary.hands_fixed = WRIST_UNKNOWN;
}

static void forget_heart(struct signals *signals)
{
    signals->heart_bpm = NAN;
    signals->heart_ns = INT64_MIN;
    signals->heart_slot = SIGNALS_NO_SLOT;
    signals->heart_suspect = false;
    heart_lock_init(&signals->lock);
}

void signals_init(struct signals *signals)
{
    memset(signals, 0, sizeof *signals);
    forget_heart(signals);
    signals->rail = SIGNAL_UNKNOWN;
    signals->rail_ns = signals->rail_since_ns = signals->rail_slice = INT64_MIN;
    signals->belt_mps = signals->incline = signals->feet_cadence_spm = NAN;
    signals->belt_ns = signals->belt_running_ns = signals->belt_ended_ns = INT64_MIN;
    signals->feet_ns = signals->contact_ns = INT64_MIN;
    for (int i = 0; i < SIGNALS_RATIOS; i++)
        signals->ratios_ns[i] = INT64_MIN;
    for (int foot = 0; foot < FEET; foot++)
        signals->samples_ns[foot] = signals->samples_from_ns[foot] = INT64_MIN;
    for (int i = 0; i < SIGNALS_ARMS; i++)
        forget_arm(&signals->arms[i]);
}

void signals_forget(struct signals *signals, uint8_t slot)
{
    if (signals->heart_slot == slot)
        forget_heart(signals);
    for (int i = 0; i < SIGNALS_ARMS; i++) {
        if (signals->arms[i].slot == slot)
            forget_arm(&signals->arms[i]);
    }
}

static bool within(int64_t at_ns, int64_t now_ns, int64_t span_ns)
{
    return at_ns != INT64_MIN && now_ns - at_ns <= span_ns;
}

/* ---- in ---- */

void signals_heart(struct signals *signals, uint8_t slot, int64_t at_ns, float heart_bpm, bool worn,
                   float cadence_spm)
{
    if (signals->heart_ns != INT64_MIN && at_ns <= signals->heart_ns)
        return;
    bool known = worn && heart_bpm >= heart_least && heart_bpm <= heart_most;
    /* A second device (a grip) does not take over from one that knows. */
    if (!known && slot != signals->heart_slot)
        return;
    signals->heart_bpm = known ? heart_bpm : NAN;
    signals->heart_ns = at_ns;
    signals->heart_slot = slot;
    signals->heart_suspect =
        heart_lock_push(&signals->lock, at_ns, signals->heart_bpm, cadence_spm);
}

static void rail_slices_to(struct signals *signals, int64_t slice)
{
    int64_t from = signals->rail_slice;
    if (from == INT64_MIN || slice - from >= SIGNALS_RAIL)
        from = slice - SIGNALS_RAIL;
    from = from < -1 ? -1 : from; /* the hub's clock counts from its start */
    for (int64_t i = from + 1; i <= slice; i++) {
        signals->rail_known_ms[i % SIGNALS_RAIL] = 0;
        signals->rail_held_ms[i % SIGNALS_RAIL] = 0;
    }
    if (slice > signals->rail_slice)
        signals->rail_slice = slice;
}

/* The rail was as it is from the last sample to this one; counted in the slices it lies in. */
static void rail_count(struct signals *signals, int64_t from_ns, int64_t until_ns)
{
    while (from_ns < until_ns) {
        int64_t slice = from_ns / rail_slice_ns, end_ns = (slice + 1) * rail_slice_ns;
        end_ns = end_ns < until_ns ? end_ns : until_ns;
        rail_slices_to(signals, slice);
        uint16_t ms = (uint16_t)((end_ns - from_ns) / MS_NS);
        signals->rail_known_ms[slice % SIGNALS_RAIL] += ms;
        if (signals->rail == SIGNAL_YES)
            signals->rail_held_ms[slice % SIGNALS_RAIL] += ms;
        from_ns = end_ns;
    }
}

void signals_rail(struct signals *signals, int64_t at_ns, bool held)
{
    if (at_ns < 0 || (signals->rail_ns != INT64_MIN && at_ns <= signals->rail_ns))
        return;
    if (within(signals->rail_ns, at_ns, pause_ns))
        rail_count(signals, signals->rail_ns, at_ns);
    else
        signals->rail = SIGNAL_UNKNOWN;
    uint8_t rail = held ? SIGNAL_YES : SIGNAL_NO;
    if (rail != signals->rail)
        signals->rail_since_ns = at_ns;
    signals->rail = rail;
    signals->rail_ns = at_ns;
}

void signals_belt(struct signals *signals, int64_t at_ns, float mps, float incline)
{
    if (!isfinite(mps) || (signals->belt_ns != INT64_MIN && at_ns <= signals->belt_ns))
        return;
    bool runs = mps > belt_stands_mps, known = within(signals->belt_ns, at_ns, stale_ns);
    if (!runs)
        signals->belt_running_ns = INT64_MIN;
    else if (!known || signals->belt_running_ns == INT64_MIN)
        signals->belt_running_ns = at_ns;
    signals->belt_mps = mps;
    signals->incline = incline;
    signals->belt_ns = at_ns;
}

void signals_belt_status(struct signals *signals, int64_t at_ns, Stride__V1__BeltStatus status)
{
    if (status == STRIDE__V1__BELT_STATUS__BELT_STATUS_UNKNOWN)
        return;
    bool ended = status != STRIDE__V1__BELT_STATUS__BELT_STATUS_STARTED;
    signals->belt_ended_ns = ended ? at_ns : INT64_MIN;
    signals->key_pulled = status == STRIDE__V1__BELT_STATUS__BELT_STATUS_SAFETY_KEY;
}

void signals_stride(struct signals *signals, const struct stride *stride, float cadence_spm)
{
    if (stride->walking && !isnan(cadence_spm)) {
        signals->feet_cadence_spm = cadence_spm;
        signals->feet_ns = stride->end_ns;
    }
    float foot_mps = stride->shape.length_m / stride->stride_s;
    if (!stride->valid || !(foot_mps >= ratio_least_mps) || !(stride->belt_mps > belt_stands_mps))
        return;
    signals->ratios[signals->ratio_at] = stride->belt_mps / foot_mps;
    signals->ratios_ns[signals->ratio_at] = stride->end_ns;
    signals->ratio_at = (uint8_t)((signals->ratio_at + 1) % SIGNALS_RATIOS);
}

void signals_contact(struct signals *signals, int64_t at_ns)
{
    if (at_ns > signals->contact_ns)
        signals->contact_ns = at_ns;
}

void signals_samples(struct signals *signals, enum foot foot, int64_t from_ns, int64_t until_ns)
{
    if (!within(signals->samples_ns[foot], from_ns, stale_ns))
        signals->samples_from_ns[foot] = from_ns;
    if (until_ns > signals->samples_ns[foot])
        signals->samples_ns[foot] = until_ns;
}

int signals_arm(struct signals *signals, uint8_t slot)
{
    int free = SIGNALS_ARMS;
    for (int i = SIGNALS_ARMS - 1; i >= 0; i--) {
        if (signals->arms[i].slot == slot)
            return i;
        if (signals->arms[i].slot == SIGNALS_NO_SLOT)
            free = i;
    }
    if (free < SIGNALS_ARMS)
        signals->arms[free].slot = slot;
    return free;
}

void signals_wrist(struct signals *signals, int arm, uint8_t side, int64_t at_ns,
                   const struct wrist_summary *summary)
{
    assert(arm >= 0 && arm < SIGNALS_ARMS);
    signals->arms[arm].side = side;
    signals->arms[arm].at_ns = at_ns;
    signals->arms[arm].summary = *summary;
}

/* ---- out ---- */

static bool arm_fresh(const struct signals_arm *arm, int64_t now_ns)
{
    return arm->slot != SIGNALS_NO_SLOT && within(arm->at_ns, now_ns, stale_ns);
}

float signals_cadence(const struct signals *signals, int64_t now_ns, bool feet_known,
                      enum cadence_source *source)
{
    *source = CADENCE_FEET;
    if (within(signals->feet_ns, now_ns, window_ns))
        return signals->feet_cadence_spm;
    *source = CADENCE_WRIST;
    for (int i = 0; !feet_known && i < SIGNALS_ARMS; i++) {
        const struct signals_arm *arm = &signals->arms[i];
        if (arm_fresh(arm, now_ns) && !isnan(arm->summary.cadence_spm))
            return arm->summary.cadence_spm;
    }
    *source = CADENCE_NONE;
    return NAN;
}

static float rail_share(const struct signals *signals, int64_t now_ns)
{
    uint32_t known_ms = 0, held_ms = 0;
    int64_t now = now_ns / rail_slice_ns;
    for (int64_t i = 0; i < SIGNALS_RAIL && signals->rail_slice != INT64_MIN; i++) {
        int64_t slice = signals->rail_slice - i;
        if (slice < 0 || now - slice >= SIGNALS_RAIL)
            break;
        known_ms += signals->rail_known_ms[slice % SIGNALS_RAIL];
        held_ms += signals->rail_held_ms[slice % SIGNALS_RAIL];
    }
    uint32_t half_ms = (uint32_t)(SIGNALS_RAIL * (rail_slice_ns / MS_NS) / 2);
    return known_ms >= half_ms ? (float)held_ms / (float)known_ms : NAN;
}

static float belt_per_foot(const struct signals *signals, int64_t now_ns)
{
    struct window window;
    window.n = 0;
    for (int i = 0; i < SIGNALS_RATIOS; i++) {
        if (within(signals->ratios_ns[i], now_ns, window_ns))
            window_insert(window_view(&window), signals->ratios[i]);
    }
    return window.n >= RATIOS_MIN ? window_median(window.sorted, window.n) : NAN;
}

/* Up to the samples of the foot that is behind: what has not come yet is not known. */
static float no_contact_s(const struct signals *signals, int64_t now_ns,
                          const bool feet_expected[FEET])
{
    int64_t until_ns = INT64_MAX, from_ns = signals->contact_ns;
    for (int foot = 0; foot < FEET; foot++) {
        if (!feet_expected[foot])
            continue;
        if (!within(signals->samples_ns[foot], now_ns, stale_ns))
            return NAN;
        if (signals->samples_ns[foot] < until_ns)
            until_ns = signals->samples_ns[foot];
        if (signals->samples_from_ns[foot] > from_ns)
            from_ns = signals->samples_from_ns[foot];
    }
    if (until_ns == INT64_MAX)
        return NAN;
    until_ns = until_ns < now_ns ? until_ns : now_ns; /* asked for a moment that has passed */
    return until_ns > from_ns ? (float)((double)(until_ns - from_ns) * 1e-9) : 0.0F;
}

static void arms_at(const struct signals *signals, int64_t now_ns, struct signals_now *out)
{
    out->arm_swing_deg = out->viewing_share = NAN;
    for (int i = 0; i < SIGNALS_ARMS; i++) {
        const struct wrist_summary *summary = &signals->arms[i].summary;
        out->arm_fresh[i] = arm_fresh(&signals->arms[i], now_ns);
        out->arm_swings_deg[i] = out->viewing_shares[i] = NAN;
        if (!out->arm_fresh[i])
            continue;
        out->arm_swings_deg[i] = summary->arm_swing_deg;
        out->viewing_shares[i] = summary->viewing_share;
        out->arm_swing_deg = fmaxf(out->arm_swing_deg, summary->arm_swing_deg);
        out->viewing_share = fmaxf(out->viewing_share, summary->viewing_share);
        if (summary->fall > out->fall)
            out->fall = summary->fall;
    }
}

void signals_at(const struct signals *signals, int64_t now_ns, const bool feet_expected[FEET],
                struct signals_now *out)
{
    memset(out, 0, sizeof *out);
    bool belt = within(signals->belt_ns, now_ns, stale_ns);
    bool heart = within(signals->heart_ns, now_ns, window_ns);
    out->heart_bpm = heart ? signals->heart_bpm : NAN;
    out->heart_suspect = heart && signals->heart_suspect;
    bool rail = within(signals->rail_ns, now_ns, pause_ns);
    out->rail = rail ? signals->rail : SIGNAL_UNKNOWN;
    out->rail_share = rail_share(signals, now_ns);
    out->belt_mps = belt ? signals->belt_mps : NAN;
    out->incline = belt ? signals->incline : NAN;
    out->belt_running_s = !belt ? NAN
                          : signals->belt_running_ns == INT64_MIN
                              ? 0.0F
                              : (float)((double)(now_ns - signals->belt_running_ns) * 1e-9);
    out->key_pulled = signals->key_pulled && signals->belt_ended_ns <= now_ns;
    if (out->key_pulled)
        out->key_pulled_s = (float)((double)(now_ns - signals->belt_ended_ns) * 1e-9);
    out->belt_per_foot = belt_per_foot(signals, now_ns);
    out->no_contact_s = no_contact_s(signals, now_ns, feet_expected);
    enum cadence_source source;
    bool feet_known = feet_expected[FOOT_LEFT] || feet_expected[FOOT_RIGHT];
    out->cadence_spm = signals_cadence(signals, now_ns, feet_known, &source);
    out->cadence_source = (uint8_t)source;
    arms_at(signals, now_ns, out);
}
