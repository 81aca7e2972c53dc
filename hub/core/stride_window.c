/* The belt, and the windows of the summary (M01, M05, M09 to M12). */
#include <math.h>
#include <string.h>

#include "hub/core/stride_private.h"

/* A stream is stale after max(3 periods, 3 s); belts send at 1 Hz or more (rule book 2.2). */
static const int64_t belt_stale_ns = INT64_C(3000000000);
/* Belts may send each change: those closer than any belt can change are one. */
static const int64_t belt_apart_ns = INT64_C(200000000);
/* M01. A foot without a stride for that long is not walking, or its device is silent. */
static const int64_t recent_ns = INT64_C(10000000000);
enum { CV_MIN = 30, SI_MIN = 10, RECENT_MIN = 3 };

/* ---- belt ---- */

/* Sample `back` before the newest. */
static const struct stride_belt_sample *belt_sample(const struct stride_state *state, int back)
{
    int at = (int)state->belt_at - 1 - back;
    return &state->belt[at < 0 ? at + STRIDE_BELT : at];
}

void stride_belt(struct stride_state *state, int64_t session_ns, float belt_mps, float incline)
{
    if (!isfinite(belt_mps)) {
        return;
    }
    if (state->belt_n > 0) {
        const struct stride_belt_sample *last = belt_sample(state, 0);
        if (session_ns <= last->at_ns ||
            (session_ns - last->at_ns < belt_apart_ns && fabsf(belt_mps - last->mps) < 0.01F)) {
            return;
        }
    }
    state->belt[state->belt_at] = (struct stride_belt_sample){session_ns, belt_mps, incline};
    state->belt_at = (uint16_t)((state->belt_at + 1) % STRIDE_BELT);
    state->belt_n = (uint16_t)(state->belt_n < STRIDE_BELT ? state->belt_n + 1 : STRIDE_BELT);
}

bool stride_belt_pending(const struct stride_state *state, int64_t end_ns)
{
    if (state->belt_n == 0) {
        return false;
    }
    int64_t last_ns = belt_sample(state, 0)->at_ns;
    return last_ns < end_ns && end_ns - last_ns <= belt_stale_ns;
}

void stride_belt_over(const struct stride_state *state, struct stride *stride)
{
    double metres = 0.0;
    int64_t until_ns = stride->end_ns;
    float incline = NAN;
    for (int back = 0; back < state->belt_n && until_ns > stride->start_ns; back++) {
        const struct stride_belt_sample *sample = belt_sample(state, back);
        if (sample->at_ns >= until_ns) {
            continue;
        }
        if (until_ns - sample->at_ns > belt_stale_ns) {
            return;
        }
        if (until_ns == stride->end_ns) {
            incline = sample->incline;
        }
        int64_t from_ns = sample->at_ns > stride->start_ns ? sample->at_ns : stride->start_ns;
        metres += (double)sample->mps * (double)(until_ns - from_ns) * 1e-9;
        until_ns = from_ns;
    }
    if (until_ns > stride->start_ns || stride->end_ns <= stride->start_ns) {
        return;
    }
    stride->incline = incline;
    stride->belt_mps = (float)(metres / ((double)(stride->end_ns - stride->start_ns) * 1e-9));
}

/* ---- windows ---- */

void stride_windows_init(struct stride_windows *windows)
{
    memset(windows, 0, sizeof *windows);
    for (int i = 0; i < FEET; i++) {
        windows->last_ns[i] = INT64_MIN;
    }
}

void stride_windows_add(struct stride_windows *windows, const struct stride *stride)
{
    if (!stride->valid || !stride->walking) {
        return;
    }
    struct stride_recent *recent = &windows->recent[windows->recent_at];
    memset(recent, 0, sizeof *recent); /* padding too: a checkpoint is its bytes */
    recent->end_ns = stride->end_ns;
    recent->stride_s = stride->stride_s;
    recent->step_s = stride->step_s;
    recent->speed_mps = stride->speed_mps;
    recent->foot = stride->foot;
    windows->recent_at = (uint8_t)((windows->recent_at + 1) % STRIDE_RECENT);
    windows->recent_n =
        (uint8_t)(windows->recent_n < STRIDE_RECENT ? windows->recent_n + 1 : STRIDE_RECENT);
    if (stride->steady) {
        window_add(window_view(&windows->steady_s), stride->stride_s);
    }
    uint8_t foot = stride->foot;
    window_add(window_view(&windows->stance_s[foot]), stride->stance_s);
    window_add(window_view(&windows->stance_pct[foot]), stride->stance_pct);
    window_add(window_view(&windows->step_s[foot]), stride->step_s);
    window_add(window_view(&windows->peak_n[foot]), stride->peak_force_n);
    window_add(window_view(&windows->double_support_pct), stride->double_support_pct);
    windows->last_ns[foot] = stride->end_ns;
}

/* Of the strides of the last 10 s: a lane a measure. */
enum { STRIDE_TIME = 0, SPEED, STEP_LEFT, STEP_RIGHT, LANES };
_Static_assert(STEP_LEFT + (int)FOOT_RIGHT == (int)STEP_RIGHT, "a foot's lane");

/* What was not measured is smaller than any value. */
struct recent {
    int rows_n, n[LANES]; /* rows; values of a lane */
    float rows[STRIDE_RECENT][LANES];
};

static void find_recent(const struct stride_windows *windows, int64_t now_ns, struct recent *out)
{
    out->rows_n = 0;
    memset(out->n, 0, sizeof out->n);
    for (int i = 0; i < windows->recent_n; i++) {
        const struct stride_recent *recent = &windows->recent[i];
        if (now_ns - recent->end_ns > recent_ns) {
            continue;
        }
        float *row = out->rows[out->rows_n++];
        row[STRIDE_TIME] = recent->stride_s;
        row[SPEED] = recent->speed_mps;
        row[STEP_LEFT] = recent->foot == FOOT_LEFT ? recent->step_s : NAN;
        row[STEP_RIGHT] = recent->foot == FOOT_RIGHT ? recent->step_s : NAN;
        for (int lane = 0; lane < LANES; lane++) {
            out->n[lane] += !isnan(row[lane]);
            row[lane] = isnan(row[lane]) ? -INFINITY : row[lane];
        }
    }
}

/* Through copies: written back at once, gcc compares lane by lane and branches. */
static void in_order(float above[LANES], float below[LANES])
{
    float low[LANES], high[LANES];
    for (int lane = 0; lane < LANES; lane++) {
        low[lane] = above[lane] < below[lane] ? above[lane] : below[lane];
        high[lane] = above[lane] < below[lane] ? below[lane] : above[lane];
    }
    memcpy(above, low, sizeof low);
    memcpy(below, high, sizeof high);
}

/* As in stride_shape.c: all lanes at once and without a branch. */
static void sort_lanes(struct recent *recent)
{
    for (int round = 0; round < recent->rows_n; round++) {
        for (int row = round % 2; row + 1 < recent->rows_n; row += 2) {
            in_order(recent->rows[row], recent->rows[row + 1]);
        }
    }
}

static float recent_median(const struct recent *recent, int lane)
{
    int n = recent->n[lane], first = recent->rows_n - n;
    if (n == 0) {
        return NAN;
    }
    float upper = recent->rows[first + n / 2][lane];
    return n % 2 != 0 ? upper : 0.5F * (recent->rows[first + n / 2 - 1][lane] + upper);
}

static void summarize_recent(const struct stride_windows *windows, int64_t now_ns,
                             struct stride_summary *out)
{
    struct recent recent;
    find_recent(windows, now_ns, &recent);
    if (recent.n[STRIDE_TIME] < RECENT_MIN) {
        return;
    }
    sort_lanes(&recent);
    out->stride_time_s = recent_median(&recent, STRIDE_TIME);
    out->speed_mps = recent_median(&recent, SPEED);
    /* A limping walker's long and short steps would make one median jump between the two: the mean
     * of each foot's median does not. */
    float two_steps_s = recent_median(&recent, STEP_LEFT) + recent_median(&recent, STEP_RIGHT);
    out->cadence_spm = 120.0F / (isnan(two_steps_s) ? out->stride_time_s : two_steps_s);
    out->step_length_m = out->speed_mps * 60.0F / out->cadence_spm;
    out->walk_ratio = out->step_length_m / out->cadence_spm;
}

/* `values`: of both feet. */
static float asymmetry_pct(const struct stride_balance *values)
{
    float left = window_median(values[FOOT_LEFT].sorted, values[FOOT_LEFT].n);
    float right = window_median(values[FOOT_RIGHT].sorted, values[FOOT_RIGHT].n);
    return left + right > 0.0F ? 200.0F * fabsf(left - right) / (left + right) : NAN;
}

bool stride_foot_recent(const struct stride_windows *windows, int foot, int64_t now_ns)
{
    return windows->last_ns[foot] != INT64_MIN && now_ns - windows->last_ns[foot] <= recent_ns;
}

static void measure_nothing(struct stride_summary *out)
{
    memset(out, 0, sizeof *out);
    out->cadence_spm = out->stride_time_s = out->stride_cv_pct = NAN;
    out->si_stance_pct = out->si_step_pct = out->si_load_pct = out->double_support_pct = NAN;
    out->speed_mps = out->step_length_m = out->walk_ratio = out->turn_deg = NAN;
    for (int foot = 0; foot < FEET; foot++) {
        out->stance_pct[foot] = out->foot_angle_deg[foot] = out->clearance_mm[foot] = NAN;
        out->impact_g[foot] = out->loading_n_s[foot] = out->forefoot_share[foot] = NAN;
        out->medial_index[foot] = out->scuffs_per_20[foot] = NAN;
    }
}

struct stride_summary stride_summary_unknown(void)
{
    struct stride_summary out;
    measure_nothing(&out);
    return out;
}

void stride_summary(const struct stride_state *state, int64_t now_ns, struct stride_summary *out)
{
    stride_timing(state, now_ns, out);
    stride_shapes_summary(state, now_ns, out);
}

void stride_timing(const struct stride_state *state, int64_t now_ns, struct stride_summary *out)
{
    stride_evenness(state, now_ns, out);
    summarize_recent(&state->windows, now_ns, out);
}

void stride_evenness(const struct stride_state *state, int64_t now_ns, struct stride_summary *out)
{
    const struct stride_windows *windows = &state->windows;
    measure_nothing(out);
    if (windows->steady_s.n >= CV_MIN) {
        out->stride_cv_pct = window_cv_pct(&windows->steady_s, &out->outliers_n);
    }
    bool both = true;
    for (int foot = 0; foot < FEET; foot++) {
        out->strides_n[foot] = windows->stance_s[foot].n;
        if (stride_foot_recent(windows, foot, now_ns)) {
            out->stance_pct[foot] =
                window_median(windows->stance_pct[foot].sorted, windows->stance_pct[foot].n);
        }
        both = both && stride_foot_recent(windows, foot, now_ns) && out->strides_n[foot] >= SI_MIN;
    }
    /* Never from one foot: a silent one would read as lame (rule book 2.2). */
    if (both) {
        out->double_support_pct =
            window_median(windows->double_support_pct.sorted, windows->double_support_pct.n);
        out->si_stance_pct = asymmetry_pct(windows->stance_s);
        out->si_step_pct = asymmetry_pct(windows->step_s);
        out->si_load_pct = asymmetry_pct(windows->peak_n);
    }
}
