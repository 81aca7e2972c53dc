#include <math.h>

#include "hub/core/gait_private.h"
#include "hub/core/window.h"

/* Rule book 2.3. */
static const float contact_share = 0.05F;
static const float contact_n = 20.0F;
/* Between these the foot keeps the state it had: the middle of a stance sags to 28 % of its peak in
 * some sound walkers, a swing's force creeps up to 10 %. */
static const float rise_share = 0.28F, fall_share = 0.14F;
/* Where the plateau lies between the mean and the peak of a stance. The yardstick of gaitpdb takes
 * the 95th percentile of a whole recording, which lies at 0.9 (0.73 to 1.07) there; gaitndd's
 * contacts come out nearer to its own tables lower down. 0.65 to 0.75 score alike on both. */
static const float plateau_share = 0.7F;
/* A sensor that comes back to the same force, within 0.03 % of its plateau, in three of
 * five swings rests there: that is zero, and what is more is force. Cells that read nothing until
 * they are pressed do (35 of 40 feet of gaitpdb); what creeps does not (the lows of gaitndd's
 * swings differ by 0.2 to 8 %). */
static const float rest_share = 0.0003F;
enum { REST_LOWS = 3 };

/* ---- lists ---- */

enum { LIST_MAX = 5 };
_Static_assert(GAIT_SWINGS <= (int)LIST_MAX && GAIT_STANCES <= (int)LIST_MAX &&
                   GAIT_LOWS <= (int)LIST_MAX,
               "any list is sorted on the stack");

static float median(const float *values, int n)
{
    float sorted[LIST_MAX];
    window_sort(values, n, sorted);
    return window_median(sorted, n);
}

static void add(float *values, int max, uint8_t *n, uint8_t *at, float value)
{
    values[*at] = value;
    *at = (uint8_t)((*at + 1) % max);
    *n = (uint8_t)(*n < max ? *n + 1 : max);
}

/* ---- floor and plateau ---- */

static void set_between(struct gait_foot *state)
{
    float range = state->plateau - state->floor;
    state->rise = state->floor + rise_share * range;
    state->fall = state->floor + fall_share * range;
}

static void add_floor(struct gait_foot *state, float floor_n)
{
    add(state->swing_floor, GAIT_SWINGS, &state->swings_n, &state->swing_at, floor_n);
    state->floor = median(state->swing_floor, state->swings_n);
}

static void add_plateau(struct gait_foot *state, float plateau_n)
{
    add(state->stance_plateau, GAIT_STANCES, &state->stances_n, &state->stance_at, plateau_n);
    state->plateau = median(state->stance_plateau, state->stances_n);
}

void gait_levels_adopt(struct gait_foot *state)
{
    state->swings_n = state->stances_n = state->lows_n = 0;
    state->swing_at = state->stance_at = state->low_at = 0;
    state->zero = NAN;
    gait_forget_low(state);
    add_floor(state, state->finder.swing_floor);
    add_plateau(state, state->finder.stance_mean);
    set_between(state);
}

void gait_learn_floor(struct gait_foot *state, float floor_n)
{
    add_floor(state, floor_n);
    set_between(state);
}

void gait_learn_plateau(struct gait_foot *state)
{
    if (state->upper_n == 0) {
        return;
    }
    float mean = (float)(state->upper_sum / (double)state->upper_n);
    add_plateau(state, mean + plateau_share * (state->stance_peak - mean));
    set_between(state);
}

/* ---- zero ---- */

void gait_forget_low(struct gait_foot *state)
{
    state->low = INFINITY;
}

void gait_learn_zero(struct gait_foot *state)
{
    float sorted[LIST_MAX];
    float apart = rest_share * (state->plateau - state->floor);
    add(state->swing_low, GAIT_LOWS, &state->lows_n, &state->low_at, state->low);
    gait_forget_low(state);
    window_sort(state->swing_low, state->lows_n, sorted);
    state->zero = NAN;
    for (int i = 0; i + REST_LOWS <= state->lows_n; i++) {
        if (sorted[i + REST_LOWS - 1] - sorted[i] <= apart) {
            state->zero = sorted[i + REST_LOWS / 2];
            return;
        }
    }
}

float gait_threshold(const struct gait_foot *state, const struct gait_params *params, float floor_n)
{
    return params->threshold_20n ? floor_n + contact_n
                                 : floor_n + contact_share * (state->plateau - floor_n);
}
