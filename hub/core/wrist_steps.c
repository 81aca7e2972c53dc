#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/wrist_parts.h"

/* The wave is the length of acceleration, smoothed over 0.14 s twice, less its mean over 0.62 s:
 * 1.2 to 3.2 Hz pass (72 to 190 steps/min), the arm's own swing at half the step rate is halved.
 * Both means are symmetric, so every wave is late by the same 15 cells and no step is moved. */
enum { WAVE_DELAY = WRIST_LONG / 2, SMOOTH_DELAY = WRIST_SHORT - 1 };
static const float count_per_m_s2 = 4096.0f, length_max = 200.0f;

/* Quiet hands of slow walkers move 0.5 m/s2, a hand at rest less than 0.2. Once somebody walks, a
 * low wave between two steps is the step that the arm's swing nearly cancels. */
static const float height_min_m_s2 = 0.35f, height_min_walking_m_s2 = 0.2f;
/* A step is at least this part of the typical one: arm swing makes every other step small. */
static const float height_ratio_min = 0.25f;
/* A step is the highest point within 0.45 of the typical step time on either side. */
static const float reach_ratio = 0.45f, reach_first_s = 0.25f, reach_min_s = 0.22f,
                   reach_max_s = 0.36f;
/* WALK, rulebook 2.4. */
static const double step_min_us = 0.3e6, step_max_us = 1.2e6;
/* What opens a bout is rhythm: two strides that overlap are alike in time; steps may differ by the
 * arm's swing. Heights are compared two by two for the same reason: getting up from a chair grows
 * from move to move, walking does not. After OPENING_RUN moves in rhythm heights do not matter. */
static const double opening_stride_ratio_max = 1.25, opening_step_ratio_max = 1.8;
static const double opening_height_ratio_max = 2.0;
enum { OPENING_RUN = 8 };
/* Of the steps that open a bout, so many may be in a turn, and not the first of them: turning alone
 * opens none. */
enum { OPENING_TURNS_MAX = 2 };
/* A walker who halts for less goes on with the same bout. */
static const double pause_max_us = 2.0e6;
/* Half of a turn on the spot (180 deg in 2 s). An arm that swings averages to nothing over its
 * period; the mean is over 0.5 s, so that a turn is seen in time. */
static const float turn_min_rad_s = 0.8f, turn_mean_s = 0.5f;
static const float step_follow = 0.2f; /* typical step time: an average over about 5 steps */

void wrist_steps_init(struct wrist_steps *steps)
{
    memset(steps, 0, sizeof(*steps));
    steps->last_us = -HUGE_VAL;
}

void wrist_steps_gap(struct wrist_steps *steps)
{
    steps->warm = false;
    steps->after_gap = true;
    steps->turn_rad_s = 0;
    if (!steps->open)
        steps->pending_n = steps->run_n = 0;
    steps->times_n = 0;
}

/* Fills the means as if the hand had been at rest before: the first steps after a start count. */
static void warm_up(struct wrist_steps *steps, int32_t length)
{
    for (int i = 0; i < WRIST_LONG; i++)
        steps->lengths[i] = length;
    for (int i = 0; i < WRIST_SHORT; i++)
        steps->shorts[i] = WRIST_SHORT * length;
    for (int i = 0; i < 16; i++)
        steps->smooth[i] = WRIST_SHORT * WRIST_SHORT * length;
    steps->long_sum = WRIST_LONG * length;
    steps->short_sum = WRIST_SHORT * length;
    steps->smooth_sum = WRIST_SHORT * WRIST_SHORT * length;
    steps->warm = true;
}

/* The wave WAVE_DELAY cells ago. */
static float wave(struct wrist_steps *steps, int32_t length)
{
    int short_out = (int)steps->long_at - WRIST_SHORT;
    steps->short_sum += length - steps->lengths[short_out < 0 ? short_out + WRIST_LONG : short_out];
    steps->long_sum += length - steps->lengths[steps->long_at];
    steps->lengths[steps->long_at] = length;
    steps->long_at = (uint8_t)((steps->long_at + 1) % WRIST_LONG);
    steps->smooth_sum += steps->short_sum - steps->shorts[steps->short_at];
    steps->shorts[steps->short_at] = steps->short_sum;
    steps->short_at = (uint8_t)((steps->short_at + 1) % WRIST_SHORT);
    steps->smooth[steps->smooth_at % 16] = steps->smooth_sum;
    int32_t smooth = steps->smooth[(steps->smooth_at + 16 - (WAVE_DELAY - SMOOTH_DELAY)) % 16];
    steps->smooth_at = (uint8_t)((steps->smooth_at + 1) % 16);
    return ((float)smooth / (WRIST_SHORT * WRIST_SHORT) - (float)steps->long_sum / WRIST_LONG) /
           count_per_m_s2;
}

static float *wave_at(struct wrist_steps *steps, int64_t cell)
{
    return &steps->wave[(uint64_t)cell % WRIST_WAVE];
}

static int reach_cells(const struct wrist_steps *steps)
{
    float s = steps->step_s > 0 ? reach_ratio * steps->step_s : reach_first_s;
    s = s < reach_min_s ? reach_min_s : s > reach_max_s ? reach_max_s : s;
    return (int)(s * (1e6f / WRIST_CELL_US) + 0.5f);
}

static bool is_top(struct wrist_steps *steps, int64_t cell, int reach)
{
    float top = *wave_at(steps, cell);
    if (top < (steps->open ? height_min_walking_m_s2 : height_min_m_s2) || top < steps->least)
        return false;
    for (int i = 1; i <= reach; i++) {
        if (cell - i >= steps->wave_from_cell && *wave_at(steps, cell - i) >= top)
            return false;
        if (*wave_at(steps, cell + i) > top)
            return false;
    }
    return true;
}

/* Where the parabola through the top and its neighbours is highest. */
static double top_us(struct wrist_steps *steps, int64_t cell)
{
    float before = *wave_at(steps, cell - 1), top = *wave_at(steps, cell);
    float behind = *wave_at(steps, cell + 1), bend = before - 2 * top + behind;
    double shift =
        bend < 0 && cell > steps->wave_from_cell ? 0.5 * (double)((before - behind) / bend) : 0;
    return wrist_cell_us(cell) + WRIST_CELL_US * (0.5 + shift);
}

static void keep_time(struct wrist_steps *steps, double at_us)
{
    steps->times_us[steps->times_at] = at_us;
    steps->times_at = (uint8_t)((steps->times_at + 1) % WRIST_STEPS);
    if (steps->times_n < WRIST_STEPS)
        steps->times_n++;
}

static void tell_step(struct wrist_steps *steps, double at_us, struct wrist_out *out)
{
    struct wrist_event *event = wrist_tell(out, WRIST_STEP, at_us);
    event->after_gap = steps->after_gap;
    steps->after_gap = false;
    steps->steps_n++;
    keep_time(steps, at_us);
}

static void forget_heights(struct wrist_steps *steps)
{
    steps->peaks_n = steps->peak_at = 0;
    steps->least = 0;
}

static void close_bout(struct wrist_steps *steps, struct wrist_out *out)
{
    wrist_tell(out, WRIST_BOUT_OFF, steps->last_us);
    steps->open = false;
    steps->pending_n = steps->run_n = steps->times_n = 0;
    steps->step_s = 0;
    forget_heights(steps);
}

static bool alike(double one, double other, double ratio_max)
{
    return fmax(one, other) <= ratio_max * fmin(one, other);
}

static bool opens(const struct wrist_steps *steps)
{
    const struct wrist_pending *p = steps->pending;
    double step_us[WRIST_PENDING - 1];
    int turns_n = 0;
    for (int i = 0; i < WRIST_PENDING; i++)
        turns_n += p[i].in_turn;
    if (turns_n > OPENING_TURNS_MAX || p[0].in_turn)
        return false;
    for (int i = 1; i < WRIST_PENDING; i++)
        step_us[i - 1] = p[i].at_us - p[i - 1].at_us;
    for (int i = 2; i < WRIST_PENDING; i++)
        if (steps->run_n < OPENING_RUN &&
            !alike((double)p[i - 2].height, (double)p[i].height, opening_height_ratio_max))
            return false;
    return alike(step_us[0], step_us[1], opening_step_ratio_max) &&
           alike(step_us[1], step_us[2], opening_step_ratio_max) &&
           alike(step_us[0] + step_us[1], step_us[1] + step_us[2], opening_stride_ratio_max);
}

static void pend(struct wrist_steps *steps, double at_us, float height, struct wrist_out *out)
{
    double us = at_us - steps->last_us;
    bool in_turn = fabsf(steps->turn_rad_s) > turn_min_rad_s;
    if (us < step_min_us || us > step_max_us)
        steps->pending_n = steps->run_n = 0;
    if (steps->run_n < OPENING_RUN)
        steps->run_n++;
    if (steps->pending_n == WRIST_PENDING) {
        memmove(steps->pending, steps->pending + 1,
                (WRIST_PENDING - 1) * sizeof(steps->pending[0]));
        steps->pending_n--;
    }
    steps->pending[steps->pending_n++] =
        (struct wrist_pending){.at_us = at_us, .height = height, .in_turn = in_turn};
    if (steps->pending_n < WRIST_PENDING || !opens(steps))
        return;
    steps->open = true;
    steps->step_s = (float)((at_us - steps->pending[0].at_us) * 1e-6) / (WRIST_PENDING - 1);
    wrist_tell(out, WRIST_BOUT_ON, steps->pending[0].at_us);
    for (int i = 0; i < WRIST_PENDING; i++)
        tell_step(steps, steps->pending[i].at_us, out);
    steps->pending_n = steps->run_n = 0;
}

static void step(struct wrist_steps *steps, double at_us, float height, struct wrist_out *out)
{
    double us = at_us - steps->last_us;
    steps->peaks[steps->peak_at] = height;
    steps->peak_at = (uint8_t)((steps->peak_at + 1) % WRIST_PEAKS);
    if (steps->peaks_n < WRIST_PEAKS)
        steps->peaks_n++;
    steps->least = height_ratio_min * wrist_median(steps->peaks, steps->peaks_n);
    if (!steps->open) {
        pend(steps, at_us, height, out);
    } else {
        if (us >= step_min_us && us <= step_max_us && !steps->after_gap)
            steps->step_s += step_follow * ((float)(us * 1e-6) - steps->step_s);
        tell_step(steps, at_us, out);
    }
    steps->last_us = at_us;
}

static void see_turn(struct wrist_steps *steps, const struct wrist_cell *cell, const float *up)
{
    float rate = 0;
    for (int i = 0; i < WRIST_AXES; i++)
        rate += cell->rate[i] * up[i];
    steps->turn_rad_s += (rate - steps->turn_rad_s) * (WRIST_CELL_US * 1e-6f / turn_mean_s);
}

/* The last two steps back is a stride, if it is one without a gap. */
static bool last_stride(const struct wrist_steps *steps, double *from_us, double *to_us)
{
    if (steps->times_n < 3)
        return false;
    *to_us = steps->times_us[(steps->times_at + WRIST_STEPS - 1) % WRIST_STEPS];
    *from_us = steps->times_us[(steps->times_at + WRIST_STEPS - 3) % WRIST_STEPS];
    return *to_us - *from_us <= 2 * step_max_us;
}

bool wrist_steps_cell(struct wrist_steps *steps, const struct wrist_cell *cell, const float *up,
                      bool has_rate, struct wrist_out *out, double *from_us, double *to_us)
{
    float bound = cell->length < length_max ? cell->length : length_max;
    int32_t length = (int32_t)(bound * count_per_m_s2 + 0.5f);
    uint32_t told_n = steps->steps_n;
    if (has_rate)
        see_turn(steps, cell, up);
    if (!steps->warm) {
        warm_up(steps, length);
        steps->wave_from_cell = steps->next_cell = cell->number - WAVE_DELAY;
    }
    int64_t newest = cell->number - WAVE_DELAY;
    *wave_at(steps, newest) = wave(steps, length);
    int reach = reach_cells(steps);
    for (; steps->next_cell + reach <= newest; steps->next_cell++) {
        if (!is_top(steps, steps->next_cell, reach))
            continue;
        float height = *wave_at(steps, steps->next_cell);
        step(steps, top_us(steps, steps->next_cell), height, out);
    }
    double looked_us = wrist_cell_us(steps->next_cell);
    if (steps->open && looked_us - steps->last_us > pause_max_us)
        close_bout(steps, out);
    else if (!steps->open && steps->peaks_n > 0 && looked_us - steps->last_us > pause_max_us)
        forget_heights(steps);
    return steps->steps_n != told_n && last_stride(steps, from_us, to_us);
}

/* M01. From strides: an arm's swing lengthens every other step, which a median of steps would
 * follow to one side. */
float wrist_steps_cadence(const struct wrist_steps *steps)
{
    float strides_s[WRIST_STEPS];
    int n = 0, newest = steps->times_at + 2 * WRIST_STEPS - 1;
    if (!steps->open || steps->times_n < 4)
        return NAN;
    double now_us = steps->times_us[newest % WRIST_STEPS];
    for (int i = 0; i + 2 < steps->times_n; i++) {
        double to_us = steps->times_us[(newest - i) % WRIST_STEPS];
        double from_us = steps->times_us[(newest - i - 2) % WRIST_STEPS];
        if (now_us - from_us > 10e6)
            break;
        strides_s[n++] = (float)((to_us - from_us) * 1e-6);
    }
    float median = wrist_median(strides_s, n), sum = 0;
    int kept_n = 0;
    for (int i = 0; i < n; i++) {
        if (strides_s[i] < 0.75f * median || strides_s[i] > 1.25f * median)
            continue; /* a step that was missed or seen twice */
        sum += strides_s[i];
        kept_n++;
    }
    return kept_n > 0 ? 120.0f * (float)kept_n / sum : NAN;
}
