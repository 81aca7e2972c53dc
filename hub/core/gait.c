#include "hub/core/gait.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/level.h"
#include "hub/core/ring.h"

/* Rule book 2.3. */
static const float contact_share = 0.05F;
static const float contact_n = 20.0F;
static const double hold_us = 20e3, lockout_us = 200e3;
/* Between foot-off and contact the lock-out would swallow sound swings: Huntington's and
 * Parkinson's walkers swing for as little as 0.13 s. The force reached the floor, which no dip in a
 * stance does. */
static const double swing_min_us = GAIT_CONTACT_GAP_US;
/* Between these the foot keeps the state it had: the middle of a stance sags to 28 % of its peak in
 * some sound walkers, a swing's force creeps up to 10 %. */
static const float rise_share = 0.30F, fall_share = 0.15F;
/* Force reaches a third of its plateau within 0.1 s of a step's contact, 0.2 s of a shuffle's. */
static const double loading_max_us = 300e3;
/* After the fall: the last of the force runs out, then the swing shows its floor. Shorter than any
 * swing of a healthy walker (0.3 s). */
static const double unloading_us = 250e3;
/* Where the floor is read. Sensors creep: for a foot-off it is the swing's beginning, once the last
 * of the force ran out; for a contact the swing's end, short of the 0.1 s in which toes that come
 * down early press already. The shape is argued, the figures were
 * picked among some 25 sets on the recordings that also score them, and they matter: reading the
 * swing to 250 ms doubles the controls' stance error, a contact's floor read to 60 ms suits
 * Huntington's walkers better and shuffling Parkinson's walkers worse. */
static const double settle_us = 40e3, early_to_us = 180e3;
static const double late_from_us = 350e3, late_to_us = 120e3;

/* Before any device time. */
static const double never_us = -1e300;

void gait_foot_init(struct gait_foot *state, enum foot foot)
{
    memset(state, 0, sizeof *state);
    state->foot = (uint8_t)foot;
    state->event_us = state->contact_us = state->settled_us = never_us;
    level_finder_init(&state->finder);
}

/* ---- levels ---- */

static float median(const float *values, int n)
{
    float sorted[GAIT_STANCES > GAIT_SWINGS ? GAIT_STANCES : GAIT_SWINGS];
    for (int i = 0; i < n; i++) {
        int k = i;
        for (; k > 0 && sorted[k - 1] > values[i]; k--) {
            sorted[k] = sorted[k - 1];
        }
        sorted[k] = values[i];
    }
    return n % 2 != 0 ? sorted[n / 2] : 0.5F * (sorted[n / 2 - 1] + sorted[n / 2]);
}

static void set_levels(struct gait_foot *state)
{
    state->floor = median(state->swing_floor, state->swings_n);
    state->plateau = median(state->stance_plateau, state->stances_n);
    float range = state->plateau - state->floor;
    state->rise = state->floor + rise_share * range;
    state->fall = state->floor + fall_share * range;
}

static void learn_floor(struct gait_foot *state, float floor_n)
{
    state->swing_floor[state->swing_at] = floor_n;
    state->swing_at = (uint8_t)((state->swing_at + 1) % GAIT_SWINGS);
    state->swings_n = (uint8_t)(state->swings_n < GAIT_SWINGS ? state->swings_n + 1 : GAIT_SWINGS);
    set_levels(state);
}

static void learn_plateau(struct gait_foot *state)
{
    if (state->upper_n == 0) {
        return;
    }
    state->stance_plateau[state->stance_at] = (float)(state->upper_sum / (double)state->upper_n);
    state->stance_at = (uint8_t)((state->stance_at + 1) % GAIT_STANCES);
    state->stances_n =
        (uint8_t)(state->stances_n < GAIT_STANCES ? state->stances_n + 1 : GAIT_STANCES);
    set_levels(state);
}

static float threshold(const struct gait_foot *state, const struct gait_params *params,
                       float floor_n)
{
    return params->threshold_20n ? floor_n + contact_n
                                 : floor_n + contact_share * (state->plateau - floor_n);
}

/* ---- events ---- */

struct output {
    const struct slice *slice;
    const struct align *align;
    const struct gait_params *params;
    struct gait_event *events;
    int n;
};

static struct gait_event *tell(struct gait_foot *state, struct output *out,
                               enum gait_event_kind kind, double at_us)
{
    assert(out->n < GAIT_EVENTS_MAX);
    struct gait_event *event = &out->events[out->n++];
    /* Padding too: what is kept of it must be the same bytes in each run. */
    memset(event, 0, sizeof *event);
    event->foot = state->foot;
    event->kind = (uint8_t)kind;
    event->after_gap = state->after_gap;
    event->late = out->slice->late;
    event->at_device_us = at_us;
    event->at_session_ns = align_session_ns(out->align, at_us);
    event->peak_force_n = NAN;
    event->impulse_ns = NAN;
    state->after_gap = false;
    state->event_us = at_us;
    return event;
}

/* The force reached `rise` in a swing: where had it crossed the threshold? */
static double find_contact(const struct gait_foot *state, float level)
{
    double now_us = state->last_us;
    double from_us = now_us - loading_max_us;
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

static void start_loading(struct gait_foot *state, const struct output *out, double foot_off_us)
{
    double now_us = state->last_us;
    double from_us = now_us - late_from_us;
    double swing_us = foot_off_us + settle_us;
    from_us = from_us > swing_us ? from_us : swing_us;
    float floor_n = ring_mean(&state->ring, from_us, now_us - late_to_us, state->floor);
    floor_n = floor_n < state->fall ? floor_n : state->floor;
    state->loading_threshold = threshold(state, out->params, floor_n);
    double contact_us = find_contact(state, state->loading_threshold);
    contact_us = contact_us > state->settled_us ? contact_us : state->settled_us;
    state->contact_us = contact_us;
    state->phase = GAIT_LOADING;
}

static void start_stance(struct gait_foot *state)
{
    state->phase = GAIT_STANCE;
    state->upper_sum = 0.0;
    state->upper_n = 0;
    state->stance_peak = ring_force(&state->ring, 0);
    state->stance_sum =
        state->stance_whole ? ring_area(&state->ring, state->contact_us, state->floor) : 0.0;
    state->high_us = state->last_us;
    state->settled_us = state->last_us;
}

static void tell_contact(struct gait_foot *state, struct output *out)
{
    (void)tell(state, out, GAIT_INITIAL_CONTACT, state->contact_us);
    state->stance_whole = true;
    start_stance(state);
}

/* First time after the last high sample that the force fell below `level` and stayed for the hold
 * time; the newest sample's time when it did not. */
static double find_foot_off(const struct gait_foot *state, float level)
{
    double found_us = -1.0;
    int back = state->ring.n - 2;
    while (back >= 0 && ring_us(&state->ring, back) <= state->high_us) {
        back--;
    }
    for (; back >= 0; back--) {
        if (ring_force(&state->ring, back) >= level) {
            found_us = -1.0;
        } else if (found_us < 0.0) {
            found_us = ring_crossing_us(&state->ring, back, level);
        } else if (ring_us(&state->ring, back) - found_us >= hold_us) {
            return found_us;
        }
    }
    return found_us >= 0.0 ? found_us : state->last_us;
}

/* The swing has shown its floor, or ended. */
static void tell_foot_off(struct gait_foot *state, struct output *out, double foot_off_us)
{
    struct gait_event *event = tell(state, out, GAIT_FOOT_OFF, foot_off_us);
    if (state->stance_whole) {
        event->peak_force_n = state->stance_peak - state->floor;
        event->impulse_ns =
            (float)((state->stance_sum - ring_area(&state->ring, foot_off_us, state->floor)) *
                    1e-6);
        learn_plateau(state);
    }
    state->stance_whole = false;
    state->phase = GAIT_SWING;
}

static float early_floor(const struct gait_foot *state)
{
    float floor_n = ring_mean(&state->ring, state->phase_us + settle_us,
                              state->phase_us + early_to_us, state->floor);
    return floor_n < state->fall ? floor_n : state->floor;
}

static void end_unloading(struct gait_foot *state, struct output *out)
{
    float floor_n = early_floor(state);
    double foot_off_us = find_foot_off(state, threshold(state, out->params, floor_n));
    tell_foot_off(state, out, foot_off_us);
    learn_floor(state, floor_n);
}

/* The force came back while it was unloading: a short swing, or only a dip within a stance? */
static void interrupt_unloading(struct gait_foot *state, struct output *out)
{
    float floor_n = early_floor(state);
    double foot_off_us = find_foot_off(state, threshold(state, out->params, floor_n));
    start_loading(state, out, foot_off_us);
    double swing_us = state->contact_us - foot_off_us;
    if (swing_us < swing_min_us) {
        state->phase = GAIT_STANCE;
        return;
    }
    double contact_us = state->contact_us;
    tell_foot_off(state, out, foot_off_us);
    state->contact_us = contact_us;
    state->phase = GAIT_LOADING;
}

/* ---- one sample ---- */

static void adopt_levels(struct gait_foot *state)
{
    state->swing_floor[0] = state->finder.swing_floor;
    state->stance_plateau[0] = state->finder.stance_mean;
    state->swings_n = state->stances_n = 1;
    state->swing_at = 1 % GAIT_SWINGS;
    state->stance_at = 1 % GAIT_STANCES;
    state->after_gap = state->after_gap || state->levels_known; /* steps were missed */
    state->levels_known = true;
    state->stance_whole = false;
    /* The sample that told ended a swing: its contact can still be found. */
    state->phase = GAIT_SWING;
    state->event_us = state->finder.swing_us;
    state->settled_us = state->settled_us > state->last_us - loading_max_us
                            ? state->settled_us
                            : state->last_us - loading_max_us;
    set_levels(state);
}

/* After a gap or new levels: wait until the force says clearly where the foot is. */
static void find_phase(struct gait_foot *state, float force)
{
    state->settled_us = state->last_us;
    if (force >= state->rise) {
        state->stance_whole = false;
        start_stance(state);
    } else if (force < state->fall) {
        state->phase = GAIT_SWING;
    }
}

static void in_stance(struct gait_foot *state, float force, double span_us)
{
    state->stance_sum += (double)(force - state->floor) * span_us;
    if (force >= state->rise) {
        state->stance_peak = force > state->stance_peak ? force : state->stance_peak;
        state->upper_sum += (double)force;
        state->upper_n++;
        state->high_us = state->settled_us = state->last_us;
    } else if (force < state->fall && state->last_us - state->contact_us >= lockout_us) {
        state->phase = GAIT_UNLOADING;
        state->phase_us = state->last_us;
    }
}

static void in_loading(struct gait_foot *state, struct output *out, float force)
{
    if (force < state->loading_threshold) {
        state->phase = GAIT_SWING;
    } else if (state->last_us - state->contact_us >= hold_us) {
        tell_contact(state, out);
    }
}

static void in_swing(struct gait_foot *state, struct output *out, float force)
{
    if (force >= state->rise && state->last_us - state->event_us >= swing_min_us) {
        start_loading(state, out, state->event_us);
        in_loading(state, out, force);
        return;
    }
    double back_us = state->last_us - loading_max_us;
    state->settled_us = back_us > state->settled_us ? back_us : state->settled_us;
}

static void in_unloading(struct gait_foot *state, struct output *out, float force, double span_us)
{
    state->stance_sum += (double)(force - state->floor) * span_us;
    if (force >= state->rise) {
        interrupt_unloading(state, out);
        if (state->phase == GAIT_STANCE) {
            in_stance(state, force, 0.0);
        } else {
            in_loading(state, out, force);
        }
    } else if (state->last_us - state->phase_us >= unloading_us) {
        end_unloading(state, out);
        state->settled_us = state->event_us;
    }
}

static void push(struct gait_foot *state, struct output *out, double at_us, float force)
{
    double span_us = state->ring.n > 0 ? at_us - state->last_us : 0.0;
    state->last_us = at_us;
    ring_push(&state->ring, at_us, force);
    if (level_finder_push(&state->finder, at_us, force) &&
        (!state->levels_known || state->event_us < state->finder.since_us)) {
        adopt_levels(state);
    }
    switch ((enum gait_phase)state->phase) {
    case GAIT_LOST:
        if (state->levels_known) {
            find_phase(state, force);
        } else if (at_us - loading_max_us > state->settled_us) {
            state->settled_us = at_us - loading_max_us;
        }
        break;
    case GAIT_SWING:
        in_swing(state, out, force);
        break;
    case GAIT_LOADING:
        in_loading(state, out, force);
        break;
    case GAIT_STANCE:
        in_stance(state, force, span_us);
        break;
    case GAIT_UNLOADING:
        in_unloading(state, out, force, span_us);
        break;
    }
}

static void forget_over_gap(struct gait_foot *state)
{
    state->phase = GAIT_LOST;
    state->after_gap = true;
    state->stance_whole = false;
    state->ring.n = 0;
    /* Device time may start anew behind the gap. */
    state->event_us = state->contact_us = state->settled_us = never_us;
    level_finder_gap(&state->finder);
}

int gait_foot_push(struct gait_foot *state, const struct gait_params *params,
                   const struct slice *slice, const struct align *align, const float *force,
                   struct gait_event out[GAIT_EVENTS_MAX])
{
    struct output output = {.slice = slice, .align = align, .params = params, .events = out};
    assert(slice->samples_n <= FRAME_SAMPLES_MAX && slice->period_us <= GAIT_PERIOD_US_MAX);
    if (slice->gap_before) {
        forget_over_gap(state);
    }
    for (int i = 0; i < slice->samples_n; i++) {
        push(state, &output, slice->t0_us + i * slice->period_us, force[i]);
    }
    return output.n;
}

int64_t gait_foot_settled_ns(const struct gait_foot *state, const struct align *align)
{
    return align_session_ns(align, state->settled_us);
}

void gait_foot_levels(const struct gait_foot *state, float *floor_n, float *plateau_n)
{
    *floor_n = state->levels_known ? state->floor : NAN;
    *plateau_n = state->levels_known ? state->plateau : NAN;
}
