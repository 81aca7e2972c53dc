#include "hub/core/gait.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/gait_private.h"
#include "hub/core/level.h"
#include "hub/core/ring.h"

static const double hold_us = 20e3, lockout_us = 200e3; /* rule book 2.3 */
/* Between foot-off and contact the lock-out would swallow sound swings: Huntington's and
 * Parkinson's walkers swing for as little as 0.13 s. The force reached the floor, which no dip in a
 * stance does. */
static const double swing_min_us = GAIT_CONTACT_GAP_US;
/* An event's force is looked at for that long before it is told. */
static const double loading_max_us = GAIT_LOADING_US;
/* After the fall: the last of the force runs out, then the swing shows its floor. Shorter than any
 * swing of a healthy walker (0.3 s). */
static const double unloading_us = 250e3;
/* A foot that does not unload wholly (a shuffle; a sensor whose floor went up) has left its stance
 * when its force fell fast and stayed down: for longer than the middle of a stance sags. Anything
 * from 0.1 to 0.3 s scores alike. */
static const double down_min_us = 200e3, down_since_us = 40e3;

/* Before any device time. */
static const double never_us = -1e300;

void gait_foot_init(struct gait_foot *state, enum foot foot)
{
    memset(state, 0, sizeof *state);
    state->foot = (uint8_t)foot;
    state->event_us = state->contact_us = state->settled_us = never_us;
    state->zero = NAN;
    gait_forget_low(state);
    level_finder_init(&state->finder);
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
    gait_event_init(event, state->foot, kind, out->align, at_us);
    event->after_gap = state->after_gap;
    event->late = out->slice->late;
    state->after_gap = false;
    state->event_us = at_us;
    return event;
}

static void start_loading(struct gait_foot *state, const struct output *out, double foot_off_us)
{
    double contact_us =
        gait_find_contact(state, out->params, foot_off_us, &state->loading_threshold);
    state->contact_us = contact_us > state->settled_us ? contact_us : state->settled_us;
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
    state->high_us = state->ring.newest_us;
    state->settled_us = state->ring.newest_us;
}

static void tell_contact(struct gait_foot *state, struct output *out)
{
    (void)tell(state, out, GAIT_INITIAL_CONTACT, state->contact_us);
    state->stance_whole = true;
    gait_learn_zero(state);
    start_stance(state);
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
        gait_learn_plateau(state);
    }
    state->stance_whole = false;
    state->phase = GAIT_SWING;
}

static void end_unloading(struct gait_foot *state, struct output *out)
{
    float floor_n = gait_early_floor(state);
    tell_foot_off(state, out, gait_find_foot_off(state, out->params, floor_n));
    gait_learn_floor(state, floor_n);
}

/* The force came back while it was unloading: a short swing, or only a dip within a stance? */
static void interrupt_unloading(struct gait_foot *state, struct output *out)
{
    double foot_off_us = gait_find_foot_off(state, out->params, gait_early_floor(state));
    start_loading(state, out, foot_off_us);
    double swing_us = state->contact_us - foot_off_us;
    if (swing_us < swing_min_us) {
        state->phase = GAIT_STANCE;
        gait_forget_low(state);
        return;
    }
    double contact_us = state->contact_us;
    tell_foot_off(state, out, foot_off_us);
    state->contact_us = contact_us;
    state->phase = GAIT_LOADING;
}

/* ---- one sample ---- */

/* One sample of a swing, or of what may become one. */
static void watch_low(struct gait_foot *state, float force)
{
    if (force < state->low && state->ring.n > 1) {
        /* Of two samples: one alone may be a glitch. */
        float two = 0.5F * (force + ring_force(&state->ring, 1));
        state->low = two < state->low ? two : state->low;
    }
}

static void adopt_levels(struct gait_foot *state)
{
    gait_levels_adopt(state);
    state->after_gap = state->after_gap || state->levels_known; /* steps were missed */
    state->levels_known = true;
    state->stance_whole = false;
    /* The sample that told ended a swing: its contact can still be found. */
    state->phase = GAIT_SWING;
    state->event_us = state->finder.swing_us;
    state->settled_us = state->settled_us > state->ring.newest_us - loading_max_us
                            ? state->settled_us
                            : state->ring.newest_us - loading_max_us;
}

/* After a gap or new levels: wait until the force says clearly where the foot is. */
static void find_phase(struct gait_foot *state, float force)
{
    state->settled_us = state->ring.newest_us;
    if (force >= state->rise) {
        state->stance_whole = false;
        start_stance(state);
    } else if (force < state->fall) {
        state->phase = GAIT_SWING;
    }
}

/* The force is low: does the stance end? */
static void leave_stance(struct gait_foot *state, float force)
{
    if (force < state->fall) {
        state->phase = GAIT_UNLOADING;
        state->phase_us = state->ring.newest_us;
    } else if (state->ring.newest_us - state->high_us < down_min_us) {
        return;
    } else if (gait_fell(state)) {
        state->phase = GAIT_UNLOADING;
        state->phase_us = state->high_us + down_since_us;
    } else {
        state->high_us = state->ring.newest_us; /* weight was shifted: the stance goes on */
    }
}

static void in_stance(struct gait_foot *state, float force, double span_us)
{
    state->stance_sum += (double)(force - state->floor) * span_us;
    if (force >= state->rise) {
        state->stance_peak = force > state->stance_peak ? force : state->stance_peak;
        state->upper_sum += (double)force;
        state->upper_n++;
        state->high_us = state->settled_us = state->ring.newest_us;
    } else if (state->ring.newest_us - state->contact_us >= lockout_us) {
        leave_stance(state, force);
    }
}

static void in_loading(struct gait_foot *state, struct output *out, float force)
{
    if (force < state->loading_threshold) {
        state->phase = GAIT_SWING;
    } else if (state->ring.newest_us - state->contact_us >= hold_us) {
        tell_contact(state, out);
    }
}

static void in_swing(struct gait_foot *state, struct output *out, float force)
{
    if (force >= state->rise && state->ring.newest_us - state->event_us >= swing_min_us) {
        start_loading(state, out, state->event_us);
        in_loading(state, out, force);
        return;
    }
    watch_low(state, force);
    double back_us = state->ring.newest_us - loading_max_us;
    state->settled_us = back_us > state->settled_us ? back_us : state->settled_us;
}

static void in_unloading(struct gait_foot *state, struct output *out, float force, double span_us)
{
    watch_low(state, force);
    state->stance_sum += (double)(force - state->floor) * span_us;
    if (force >= state->rise) {
        interrupt_unloading(state, out);
        if (state->phase == GAIT_STANCE) {
            in_stance(state, force, 0.0);
        } else {
            in_loading(state, out, force);
        }
    } else if (state->ring.newest_us - state->phase_us >= unloading_us) {
        end_unloading(state, out);
        state->settled_us = state->event_us;
    }
}

static void push(struct gait_foot *state, struct output *out, double at_us, float force)
{
    double span_us = state->ring.n > 0 ? at_us - state->ring.newest_us : 0.0;
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
    gait_forget_low(state);
    level_finder_gap(&state->finder);
}

int gait_foot_push(struct gait_foot *state, const struct gait_params *params,
                   const struct slice *slice, const struct align *align, const float *force,
                   struct gait_event out[GAIT_EVENTS_MAX])
{
    struct output output = {.slice = slice, .align = align, .params = params, .events = out};
    assert(slice->samples_n <= FRAME_SAMPLES_MAX && slice->period_us <= GAIT_PERIOD_US_MAX);
    if (slice->gap_before && !slice->short_gap) {
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
