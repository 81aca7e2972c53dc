#include "hub/core/level.h"

#include <math.h>
#include <string.h>

/* A stride lasts 2.5 s at most (rule book M02): six buckets of 0.5 s hold one whole. */
static const double bucket_us = 500e3;
/* The middle of a stance sags to 28 % of its peak in some sound walkers, and a swing's force creeps
 * up to 10 %: a swing starts below the one and ends above both. */
static const float swing_share = 0.20F, stance_share = 0.50F;
/* Swings and stances of strides of 0.6 to 2.5 s; a shift of weight while standing is longer. */
static const double swing_min_us = 100e3, swing_max_us = 1200e3;
static const double stance_min_us = 200e3, stance_max_us = 2000e3;
/* A step's force rises from the one share to the other in 20 to 80 ms (99 % of a recording's steps
 * in 150 ms, but for two shufflers); who sways at 0.5 Hz needs 200 ms. */
static const double rise_max_us = 150e3;
/* Two swings are alike when their floors differ by less than a foot-scuff's force. */
static const float alike_share = 0.15F;
/* A child of 20 kg puts 200 N on a foot; at half the gain, and half of that for safety. Below it
 * lies what an empty shoe shows. */
static const float range_min_n = 50.0F;

/* Before any device time. */
static const double never_us = -1e300;

void level_finder_init(struct level_finder *finder)
{
    memset(finder, 0, sizeof *finder);
    finder->bucket_end_us = finder->low_us = never_us;
}

void level_finder_gap(struct level_finder *finder)
{
    finder->bucket_end_us = finder->low_us = never_us;
    finder->phase_known = false;
    finder->swings_n = 0;
    finder->sum = 0.0;
    finder->sum_n = 0;
}

static void find_range(struct level_finder *finder)
{
    finder->bottom = finder->low[0];
    finder->top = finder->high[0];
    for (int i = 1; i < finder->buckets_n; i++) {
        finder->bottom = finder->low[i] < finder->bottom ? finder->low[i] : finder->bottom;
        finder->top = finder->high[i] > finder->top ? finder->high[i] : finder->top;
    }
}

static void open_bucket(struct level_finder *finder, double at_us, float force)
{
    if (finder->bucket_end_us > never_us) {
        finder->bucket = (uint8_t)((finder->bucket + 1) % LEVEL_BUCKETS);
    }
    if (finder->buckets_n < LEVEL_BUCKETS) {
        finder->buckets_n++;
    }
    finder->bucket_end_us = at_us + bucket_us;
    finder->low[finder->bucket] = force;
    finder->high[finder->bucket] = force;
    find_range(finder);
}

static void widen_range(struct level_finder *finder, float force)
{
    float *low = &finder->low[finder->bucket];
    float *high = &finder->high[finder->bucket];
    *low = force < *low ? force : *low;
    *high = force > *high ? force : *high;
    finder->bottom = force < finder->bottom ? force : finder->bottom;
    finder->top = force > finder->top ? force : finder->top;
}

/* The upper part ends: was it a stance's length? */
static void end_stance(struct level_finder *finder, double length_us)
{
    if (!finder->phase_known || length_us < stance_min_us || length_us > stance_max_us) {
        finder->swings_n = 0;
    }
    if (finder->sum_n > 0) {
        finder->stance_mean = (float)(finder->sum / (double)finder->sum_n);
    }
}

/* The lower part ends: was it a swing, and like the one before? */
static void end_swing(struct level_finder *finder, double at_us, float range)
{
    double length_us = at_us - finder->phase_us;
    bool stepped = at_us - finder->low_us <= rise_max_us;
    float floor_n =
        finder->sum_n > 0 ? (float)(finder->sum / (double)finder->sum_n) : finder->swing_floor;
    bool alike = fabsf(floor_n - finder->swing_floor) <= alike_share * range;
    finder->swing_floor = floor_n;
    if (!finder->phase_known || !stepped || length_us < swing_min_us || length_us > swing_max_us) {
        finder->swings_n = 0;
    } else if (finder->swings_n == 0 || !alike) {
        finder->swings_n = 1;
    } else {
        finder->swings_n = 2;
        finder->since_us = finder->swing_us;
    }
    finder->swing_us = finder->phase_us;
}

bool level_finder_push(struct level_finder *finder, double at_us, float force)
{
    if (at_us >= finder->bucket_end_us) {
        open_bucket(finder, at_us, force);
    }
    widen_range(finder, force);
    float range = finder->top - finder->bottom;
    float low_n = finder->bottom + swing_share * range;
    if (force < low_n) {
        finder->low_us = at_us;
    }
    bool up = force >= (finder->up ? low_n : finder->bottom + stance_share * range);
    if (up == finder->up) {
        finder->sum += (double)force;
        finder->sum_n++;
        return false;
    }
    if (up) {
        end_swing(finder, at_us, range);
    } else {
        end_stance(finder, at_us - finder->phase_us);
    }
    finder->up = up;
    finder->phase_known = true;
    finder->phase_us = at_us;
    finder->sum = (double)force;
    finder->sum_n = 1;
    return up && finder->swings_n >= 2 && range >= range_min_n;
}
