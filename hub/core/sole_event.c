#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/sole_private.h"

/* M14, rule book 2.3: for 30 ms; */
static const float scuff_s = 0.03F;
/* once the last of the stance's force ran out, as gait reads a swing's floor. */
static const double settle_us = 40e3;
/* A stride's bounds (M02), s: another length is a stop or a missed step. */
static const double stride_min_us = 0.6e6, stride_max_us = 2.5e6;
/* The usual peak and mean follow in some eight steps. */
static const float usual_step = 0.125F;

void sole_forget_stance(struct sole *state)
{
    state->stance_open = state->stride_open = state->stance_shape = false;
    state->contact_us = state->foot_off_us = SOLE_NEVER_US;
    state->first_peak_n = state->loading_n_s = state->forefoot_delay_s = NAN;
    state->stride_mean_n = state->impulse_ns = NAN;
    state->scuff_before = state->forefoot_first = SOLE_UNKNOWN;
}

/* ---- events, each at its own time */

static void follow_usual(float *usual, float value)
{
    if (isfinite(value)) {
        *usual = isnan(*usual) ? value : *usual + usual_step * (value - *usual);
    }
}

static void tell_landing(const struct sole *state, struct sole_work *work)
{
    assert(work->out->landings_n < SOLE_LANDINGS_MAX);
    struct sole_landing *landing = &work->out->landings[work->out->landings_n++];
    memset(landing, 0, sizeof *landing); /* padding too: it is compared as bytes */
    landing->contact_us = state->contact_us;
    landing->scuff_before = state->scuff_before;
    landing->forefoot_first = state->forefoot_first;
}

static void take_contact(struct sole *state, struct sole_work *work, const struct sole_event *event)
{
    double stride_us = event->at_us - state->contact_us;
    bool stride = state->stride_open && !event->after_gap && !state->stance_open &&
                  stride_us >= stride_min_us && stride_us <= stride_max_us;
    bool swing = !event->after_gap && !state->stance_open && state->foot_off_us > SOLE_NEVER_US;
    state->stride_mean_n = stride ? state->impulse_ns / (float)(stride_us * 1e-6) : NAN;
    state->contact_us = event->at_us;
    state->stance_open = state->stride_open = true;
    state->impulse_ns = NAN;
    sole_measure_contact(state, &work->layout);
    /* A stretch that ended after the contact took the place of any that came before. */
    bool known = swing && state->floors_known && isfinite(state->usual_mean_n) &&
                 state->bump_us < event->at_us;
    bool bump = state->bump_us >= state->foot_off_us + settle_us && state->bump_s >= scuff_s &&
                state->bump_us + (double)state->bump_s * 1e6 <= event->at_us;
    state->scuff_before = !known ? SOLE_UNKNOWN : bump ? SOLE_YES : SOLE_NO;
    follow_usual(&state->usual_mean_n, state->stride_mean_n);
    sole_roll_floors(state);
    tell_landing(state, work);
}

static void take_foot_off(struct sole *state, struct sole_work *work,
                          const struct sole_event *event)
{
    if (state->stance_open && !event->after_gap) {
        assert(work->out->stances_n < SOLE_STANCES_MAX);
        struct sole_stance *stance = &work->out->stances[work->out->stances_n++];
        memset(stance, 0, sizeof *stance); /* padding too: it is compared as bytes */
        stance->foot = state->foot;
        stance->late = event->late;
        stance->contact_us = state->contact_us;
        stance->foot_off_us = event->at_us;
        stance->scuff_before = state->scuff_before;
        stance->forefoot_first = state->forefoot_first;
        stance->stride_mean_n = state->stride_mean_n;
        stance->peak_n = event->peak_n;
        stance->first_peak_n = state->first_peak_n;
        stance->loading_n_s = state->loading_n_s;
        stance->forefoot_delay_s = state->forefoot_delay_s;
        sole_measure_shape(state, &work->layout, stance);
        follow_usual(&state->usual_peak_n, event->peak_n);
    }
    state->impulse_ns = state->stance_open && !event->after_gap ? event->impulse_ns : NAN;
    state->stance_open = false;
    state->foot_off_us = event->at_us;
}

static void take(struct sole *state, struct sole_work *work, const struct sole_event *event)
{
    if (event->kind == GAIT_INITIAL_CONTACT) {
        take_contact(state, work, event);
    } else {
        take_foot_off(state, work, event);
    }
}

static struct sole_event told(const struct gait_event *event)
{
    return (struct sole_event){.at_us = event->at_device_us,
                               .peak_n = event->peak_force_n,
                               .impulse_ns = event->impulse_ns,
                               .kind = event->kind,
                               .after_gap = event->after_gap,
                               .late = event->late};
}

static void drop_pending(struct sole *state)
{
    state->pending_n--;
    memmove(&state->pending[0], &state->pending[1], state->pending_n * sizeof state->pending[0]);
    memset(&state->pending[state->pending_n], 0, sizeof state->pending[0]);
}

/* Takes the events whose time has come: those that wait from earlier pushes, then this one's. */
void sole_take_due(struct sole *state, struct sole_work *work, double now_us)
{
    while (state->pending_n > 0 && state->pending[0].at_us + SOLE_LAG_US <= now_us) {
        struct sole_event event = state->pending[0];
        drop_pending(state);
        take(state, work, &event);
    }
    while (state->pending_n == 0 && work->events_n > 0 &&
           work->events[0].at_device_us + SOLE_LAG_US <= now_us) {
        struct sole_event event = told(work->events);
        work->events++;
        work->events_n--;
        take(state, work, &event);
    }
}

void sole_keep_pending(struct sole *state, struct sole_work *work)
{
    for (; work->events_n > 0; work->events++, work->events_n--) {
        if (state->pending_n == SOLE_PENDING) { /* five within the lag: no foot does that */
            struct sole_event event = state->pending[0];
            drop_pending(state);
            take(state, work, &event);
        }
        struct sole_event *event = &state->pending[state->pending_n++];
        memset(event, 0, sizeof *event);
        struct sole_event now = told(work->events);
        event->at_us = now.at_us;
        event->peak_n = now.peak_n;
        event->impulse_ns = now.impulse_ns;
        event->kind = now.kind;
        event->after_gap = now.after_gap;
        event->late = now.late;
    }
}
