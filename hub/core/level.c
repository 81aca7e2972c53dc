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
    finder->bucket_end_us = never_us;
}

void level_finder_gap(struct level_finder *finder)
{
    finder->bucket_end_us = never_us;
    finder->phase_known = false;
    finder->swings_n = 0;
    finder->sum = 0.0;
    finder->sum_n = 0;
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
}

static void find_range(const struct level_finder *finder, float *low, float *high)
{
    *low = finder->low[0];
    *high = finder->high[0];
    for (int i = 1; i < finder->buckets_n; i++) {
        *low = finder->low[i] < *low ? finder->low[i] : *low;
        *high = finder->high[i] > *high ? finder->high[i] : *high;
    }
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
static void end_swing(struct level_finder *finder, double length_us, float range)
{
    float floor_n =
        finder->sum_n > 0 ? (float)(finder->sum / (double)finder->sum_n) : finder->swing_floor;
    bool alike = fabsf(floor_n - finder->swing_floor) <= alike_share * range;
    finder->swing_floor = floor_n;
    if (!finder->phase_known || length_us < swing_min_us || length_us > swing_max_us) {
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
    float *low = &finder->low[finder->bucket];
    float *high = &finder->high[finder->bucket];
    *low = force < *low ? force : *low;
    *high = force > *high ? force : *high;
    float bottom, top;
    find_range(finder, &bottom, &top);
    float range = top - bottom;
    bool up = force >= bottom + (finder->up ? swing_share : stance_share) * range;
    if (up == finder->up) {
        finder->sum += (double)force;
        finder->sum_n++;
        return false;
    }
    double length_us = at_us - finder->phase_us;
    if (up) {
        end_swing(finder, length_us, range);
    } else {
        end_stance(finder, length_us);
    }
    finder->up = up;
    finder->phase_known = true;
    finder->phase_us = at_us;
    finder->sum = (double)force;
    finder->sum_n = 1;
    return up && finder->swings_n >= 2 && range >= range_min_n;
}
