/* What the feet's strides and swings tell: runs, stairs, turns, trends. */
#include <math.h>

#include "hub/core/context_private.h"
#include "hub/core/window.h"

/* RUN, 2.4: flight >= 30 ms in 70 % of the last 8 steps. Left below half of that: a runner's few
 * flat steps are no walk (E). */
static const float flight_min_s = 0.030F;
/* Running has flights under 0.2 s: longer is a person who lifts both feet while sitting (E). */
static const float flight_max_s = 0.40F;
/* A runner lands with 2 BW and more (2.5 in section 4); an insole may show half of it (2.3). Stamps
 * of a sitter stay below (E). */
static const float run_peak_bw = 0.8F;
enum { RUN_ENTER = 6, RUN_STAY = 3 };
static const float run_cadence_spm = 140.0F, run_double_support_pct = 5.0F;
/* STAIRS, 2.4: 60 % of 6 contacts; 0.10 m three times in the same direction. */
enum { STAIRS_FOREFOOT = 4, STAIRS_HEIGHTS = 3 };
static const uint8_t contacts_mask = (1U << CONTEXT_CONTACTS) - 1U;
static const float stairs_height_m = 0.10F;
/* A path of 10 % lifts a stride of 1.3 m by 0.13 m and is no stair; stairs rise by 0.17 m on 0.28 m
 * (ratio 0.6), ramps by 0.1 to 0.2. */
static const float stairs_gradient = 0.30F;
/* SLOPE, 2.4: the belt's 5 %, taken for paths too; R04 lets go at 0.05 of forefoot share. */
static const float slope_gradient = 0.05F, slope_forefoot = 0.05F;
/* WALK_STEADY, 2.4. */
static const float turn_max_deg = 45.0F;
static const int64_t turn_window_ns = 2 * CONTEXT_SECOND_NS;
/* "Running" steps, contacts and swings follow each other within the longest stride of one foot. */
static const int64_t apart_ns = CONTEXT_ONE_FOOT_NS;

static float median_of(const float *values, int n)
{
    float sorted[CONTEXT_STEPS];
    window_sort(values, n, sorted);
    return window_median(sorted, n);
}

static int bits_n(uint8_t bits)
{
    int n = 0;
    for (; bits != 0; bits = (uint8_t)(bits & (bits - 1))) {
        n++;
    }
    return n;
}

static uint8_t push_bit(uint8_t bits, bool bit, uint8_t mask)
{
    return (uint8_t)(((bits << 1) | (bit ? 1 : 0)) & mask);
}

static uint8_t counted(uint8_t n, int max)
{
    return n < max ? (uint8_t)(n + 1) : n;
}

static void take_flight(struct context_state *state, const struct context_stride *stride)
{
    if (!isfinite(stride->flight_s)) {
        state->flights_n = 0;
        return;
    }
    bool soft = stride->peak_bw < run_peak_bw; /* false for NAN: the load is no condition then */
    bool flight = stride->flight_s >= flight_min_s && stride->flight_s <= flight_max_s && !soft;
    state->flights = push_bit(state->flights, flight, UINT8_MAX);
    state->flights_n = counted(state->flights_n, CONTEXT_STEPS);
}

static void take_forefoot(struct context_state *state, int64_t at_ns, int8_t forefoot_first)
{
    if (forefoot_first < 0) {
        return;
    }
    if (!context_within(state->contact_ns, at_ns, apart_ns)) {
        state->contacts_n = 0;
    }
    state->contact_ns = at_ns;
    state->forefoot = push_bit(state->forefoot, forefoot_first > 0, contacts_mask);
    state->contacts_n = counted(state->contacts_n, CONTEXT_CONTACTS);
}

void context_take_stride(struct context_state *state, int64_t at_ns,
                         const struct context_stride *stride)
{
    if (!context_within(state->stride_ns, at_ns, apart_ns) || stride->after_gap) {
        state->strides_n = state->flights_n = state->contacts_n = state->paths_n = 0;
        state->walk_strides_n = 0;
        state->run = false;
    }
    state->stride_ns = at_ns;
    if (isfinite(stride->stride_s)) {
        state->stride_s[state->stride_at] = stride->stride_s;
        state->double_support_pct[state->stride_at] = stride->double_support_pct;
        state->stride_at = (uint8_t)((state->stride_at + 1) % CONTEXT_STEPS);
        state->strides_n = counted(state->strides_n, CONTEXT_STEPS);
    }
    take_flight(state, stride);
    take_forefoot(state, at_ns, stride->forefoot_first);
    if (!stride->walking) {
        state->walk_strides_n = 0;
        return;
    }
    state->walk_ns = at_ns;
    state->walk_strides_n = counted(state->walk_strides_n, UINT8_MAX);
    if (stride->steady && state->walk_strides_n >= CONTEXT_STEADY_STRIDES) {
        state->steady_ns = at_ns;
    } else {
        state->steady_ns = INT64_MIN;
    }
}

void context_take_path(struct context_state *state, int64_t at_ns, const struct context_path *path)
{
    if (isfinite(path->turn_deg)) {
        state->turns[state->turn_at].at_ns = at_ns;
        state->turns[state->turn_at].turn_deg = path->turn_deg;
        state->turns[state->turn_at].foot = path->foot;
        state->turn_at = (uint8_t)((state->turn_at + 1) % CONTEXT_TURNS);
        state->turn_known_ns = at_ns;
    }
    if (!context_within(state->path_ns, at_ns, apart_ns) || !isfinite(path->height_m)) {
        state->paths_n = 0;
    }
    state->path_ns = at_ns;
    if (isfinite(path->height_m)) {
        state->height_m[state->path_at] = path->height_m;
        state->length_m[state->path_at] = path->length_m;
        state->path_at = (uint8_t)((state->path_at + 1) % CONTEXT_PATHS);
        state->paths_n = counted(state->paths_n, CONTEXT_PATHS);
    }
}

enum context_why context_run(struct context_state *state, int64_t now_ns)
{
    if (!context_within(state->stride_ns, now_ns, CONTEXT_STEP_NS)) {
        state->run = false;
        return CONTEXT_WHY_NOTHING;
    }
    int flights = bits_n(state->flights);
    if (state->flights_n == CONTEXT_STEPS && flights >= (state->run ? RUN_STAY : RUN_ENTER)) {
        state->run = true;
        return CONTEXT_WHY_FLIGHT;
    }
    state->run = false;
    if (state->strides_n < CONTEXT_STEPS) {
        return CONTEXT_WHY_NOTHING;
    }
    for (int i = 0; i < CONTEXT_STEPS; i++) {
        if (!isfinite(state->double_support_pct[i])) {
            return CONTEXT_WHY_NOTHING;
        }
    }
    float stride_s = median_of(state->stride_s, CONTEXT_STEPS);
    bool quick = stride_s > 0.0F && 120.0F / stride_s > run_cadence_spm;
    bool apart = median_of(state->double_support_pct, CONTEXT_STEPS) < run_double_support_pct;
    return quick && apart ? CONTEXT_WHY_CADENCE : CONTEXT_WHY_NOTHING;
}

/* Swing `back` before the newest. */
static int path_index(const struct context_state *state, int back)
{
    return (state->path_at + CONTEXT_PATHS - 1 - back) % CONTEXT_PATHS;
}

static bool climbs(const struct context_state *state)
{
    if (state->paths_n < STAIRS_HEIGHTS) {
        return false;
    }
    float first = state->height_m[path_index(state, 0)];
    for (int back = 0; back < STAIRS_HEIGHTS; back++) {
        float height = state->height_m[path_index(state, back)];
        float length = state->length_m[path_index(state, back)];
        /* An unknown length is no condition; NAN compares false. */
        if (!(fabsf(height) >= stairs_height_m) || (height > 0.0F) != (first > 0.0F) ||
            fabsf(height) < stairs_gradient * length) {
            return false;
        }
    }
    return true;
}

enum context_why context_stairs(const struct context_state *state, int64_t now_ns)
{
    if (state->contacts_n == CONTEXT_CONTACTS && bits_n(state->forefoot) >= STAIRS_FOREFOOT &&
        context_within(state->contact_ns, now_ns, CONTEXT_ONE_FOOT_NS)) {
        return CONTEXT_WHY_FOREFOOT;
    }
    bool recent = context_within(state->path_ns, now_ns, CONTEXT_ONE_FOOT_NS);
    return recent && climbs(state) ? CONTEXT_WHY_HEIGHT : CONTEXT_WHY_NOTHING;
}

bool context_trend(const struct context_state *state, int64_t now_ns, float forefoot_shift)
{
    if (state->paths_n < CONTEXT_PATHS || !(fabsf(forefoot_shift) >= slope_forefoot) ||
        !context_within(state->path_ns, now_ns, CONTEXT_ONE_FOOT_NS)) {
        return false;
    }
    float height = 0.0F, length = 0.0F;
    int up = 0;
    for (int i = 0; i < CONTEXT_PATHS; i++) {
        height += state->height_m[i];
        length += state->length_m[i];
        up += state->height_m[i] > 0.0F ? 1 : 0;
    }
    return (up == 0 || up == CONTEXT_PATHS) && length > 0.0F &&
           fabsf(height) >= slope_gradient * length;
}

bool context_turned(const struct context_state *state, int64_t now_ns)
{
    float sum_deg[FEET] = {0.0F, 0.0F};
    for (int i = 0; i < CONTEXT_TURNS; i++) {
        const struct context_turn *turn = &state->turns[i];
        if (context_within(turn->at_ns, now_ns, turn_window_ns)) {
            sum_deg[turn->foot] += turn->turn_deg;
        }
    }
    return fabsf(sum_deg[FOOT_LEFT]) > turn_max_deg || fabsf(sum_deg[FOOT_RIGHT]) > turn_max_deg;
}
