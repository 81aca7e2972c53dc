/* Swing and stance of one foot: when the toes rose, and when the heel struck. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/foot_imu_private.h"

/* ---- constants. "ipol": 24 feet of 12 walkers, 412 hand-checked swings; "gaitmap": 57 swings of
 * one walker's feet under motion capture. Chosen among some 60 sets on these; what would suit one
 * file was not taken. ---- */

/* The toes' rate goes through 0 to rising this long after the foot left the ground: 17 ms after
 * motion capture's event (gaitmap), 30 ms after the hand-checked one (ipol). */
static const double foot_off_after_us = 20e3;
/* Braking breaks off half-way this long after the heel first touched: 30 ms after motion capture's
 * event, 1 ms before the hand-checked one, which was set on that very edge. */
static const double contact_after_us = 25e3;
/* Toes pushed down faster than this (rad/s) are a push-off; the rise within this time after it
 * belongs to it. All but 6 of ipol's swings follow one, a foot flat in walking turns by 0.3. */
static const float push_rate = 0.5F;
static const double push_us = 200e3;
/* Without a push, toes that rise slower than this (rad/s) have not begun to: standing sways less.
 */
static const float rise_rate = 0.15F;
/* A swing has turned the toes up by 0.12 rad (7 deg) since they began to rise and moves the foot by
 * 0.4 m/s, or, where no speed is known, has turned them by 0.5 rad; within 0.5 s. ipol: the weakest
 * steps of a turn reach 0.43 m/s, pivots on the spot 0.37. Where samples are missing the speed is
 * less sure, and more turn is asked (0.15 to 0.25 find the same). */
static const float swing_turn = 0.12F, gap_turn = 0.2F, sure_turn = 0.5F, swing_mps = 0.4F;
static const double turn_most_us = 500e3;
/* No swing is shorter (Huntington's walkers: 0.13 s), none of a walk longer; no stance shorter. */
static const double swing_min_us = 100e3, swing_max_us = 2e6, stance_min_us = 100e3;
/* Toes come down for good once the foot has slowed below this share of its fastest: 80 ms later it
 * is below 0.44 in 99 of 100 of ipol's contacts. A foot that strolls never was fast. */
static const float landing_speed_share = 0.7F, stroll_mps = 1.6F;
/* Then the forward acceleration rises by this much within 20 ms (m/s2), or the foot is calm (unrest
 * as in foot_imu_motion.c): else the toes sank in mid-swing. ipol: 95 of 100 contacts rise by more
 * than 10, half of them by more than 46; 5 to 10 find the same. */
static const float strike_m_s2 = 8.0F, calm_unrest = 0.5F;
/* It is looked for from before to after the moment at which the toes begin to come down; by walker
 * it comes 14 to 60 ms later (ipol), 30 (gaitmap). Its foot and its top are looked for around the
 * steepest 20 ms. */
static const float impact_before_s = 0.06F, impact_after_s = 0.08F;
/* Without a speed (a run has no rest to count it from) a forefoot that lands is noticed only as the
 * heel rises again, after half of the stance: 0.13 s in a run of 165 steps a minute. Both together
 * are what the ring holds. */
static const float impact_long_before_s = 0.13F, impact_soon_after_s = 0.06F;
static const float rise_s = 0.02F, low_before_s = 0.05F, high_after_s = 0.04F;
/* A flat landing turns no toes down: the foot is at rest for this long. */
static const float quiet_unrest = 0.5F, quiet_s = 0.06F;
/* A forefoot that lands turns the toes up, as the heel comes down, and only then rests. But it has
 * stopped: all its speed, up and down too, stays below this share of its fastest for this long,
 * as no foot in the air does. One that lands on its heel turns its toes down before that. 0.3 and
 * 0.4 find the same in ipol; the higher one bears more error of the speed. */
static const float slow_share = 0.4F, slow_s = 0.1F;
/* M16. */
static const double impact_us = 50e3;
/* The rest is looked for from the first of these after a contact on, and taken at the second if no
 * swing came before: foot-flat begins 0.15 s after a contact and lasts to half of the stance. */
static const double rest_after_us = 50e3, rest_wait_us = 500e3;

static void tell(struct foot_imu *state, const struct foot_imu_push *push,
                 enum gait_event_kind kind, double at_us)
{
    struct foot_imu_output *out = push->out;
    assert(out->events_n < GAIT_EVENTS_MAX);
    struct gait_event *event = &out->events[out->events_n++];
    gait_event_init(event, state->foot, kind, push->align, at_us);
    event->after_gap = state->after_gap;
    event->late = push->slice->late;
    state->after_gap = false;
    state->settled_us = at_us;
}

static const struct foot_imu_sample *sample_at(const struct foot_imu *state, int back)
{
    int index = (int)state->ring_at - 1 - back;
    return &state->ring[index < 0 ? index + FOOT_IMU_RING : index];
}

/* Where the rate went through 0 between the last two samples. */
static double crossing_us(const struct foot_imu *state, float dt_s)
{
    float from = state->toe_down_before, to = state->toe_down;
    float share = from == to ? 0.0F : to / (to - from);
    return state->last_us - (double)(share * dt_s) * 1e6;
}

static void finish_stride(struct foot_imu *state, const struct foot_imu_push *push)
{
    struct foot_imu_output *out = push->out;
    assert(out->strides_n < FOOT_IMU_STRIDES_MAX);
    motion_stride(state, &push->place, &out->strides[out->strides_n++]);
    state->pending = false;
    state->clipped = false;
}

/* ---- stance ---- */

static void start_swing(struct foot_imu *state, const struct foot_imu_push *push)
{
    if (state->pending) {
        finish_stride(state, push);
    }
    if (state->rested) {
        motion_restart(state);
    } else if (state->start_us <= state->contact_us) {
        state->started = false; /* no rest in this stance: the way goes back to another stride's */
    }
    double at_us = state->turn_us - foot_off_after_us;
    at_us = at_us > state->settled_us ? at_us : state->settled_us;
    state->phase = FOOT_IMU_SWING;
    state->foot_off_us = at_us;
    state->former_us = state->contact_us;
    state->landing_us = (double)NAN;
    state->peak_speed = motion_speed(state);
    state->quiet_s = state->slow_s = 0.0F;
    tell(state, push, GAIT_FOOT_OFF, at_us);
    path_start(state);
    path_step(state, 0.0F);
}

/* The first time that the toes rise after they were pushed down; without a push, the last. */
static void look_for_turn(struct foot_imu *state, float dt_s)
{
    float was = state->toe_down_before, rate = state->toe_down;
    double now_us = state->last_us;
    if (rate > push_rate) {
        state->push_us = now_us;
        state->turn_us = (double)NAN;
    }
    bool pushed = state->turn_us - state->push_us < push_us;
    if (!pushed && rate > -rise_rate) {
        state->turn_us = (double)NAN;
    }
    if (was >= 0.0F && rate < 0.0F && !pushed) {
        state->turn_us = crossing_us(state, dt_s);
        state->turned = 0.0F;
    } else if (isnan(state->turn_us) && rate <= -rise_rate && rate < was) {
        state->turn_us = now_us;
        state->turned = 0.0F;
    }
    state->turned += 0.5F * (was + rate) * dt_s;
    if (now_us - state->turn_us > turn_most_us) {
        state->turn_us = (double)NAN;
    }
}

static void settle_stance(struct foot_imu *state)
{
    double at_us = (isnan(state->turn_us) ? state->last_us : state->turn_us) - foot_off_after_us;
    state->settled_us = at_us > state->settled_us ? at_us : state->settled_us;
}

/* Toes that rise while the foot stays are weight shifted to the heel, or a pivot. */
static bool leaves(const struct foot_imu *state)
{
    if (isnan(state->turn_us)) {
        return false;
    }
    float turn = isnan(state->gap_us) ? swing_turn : gap_turn;
    return state->turned < -sure_turn ||
           (state->started && state->turned < -turn && motion_speed(state) > swing_mps);
}

static void in_stance(struct foot_imu *state, const struct foot_imu_push *push, float dt_s)
{
    double since_us = state->last_us - state->contact_us;
    if (since_us <= impact_us) {
        float strength = sample_at(state, 0)->strength;
        state->impact = strength > state->impact ? strength : state->impact;
    }
    if (!(since_us < rest_after_us)) {
        motion_look_for_rest(state);
    }
    look_for_turn(state, dt_s);
    double told_us = state->landing_us + (double)impact_after_s * 1e6;
    if (leaves(state) && !(state->last_us - told_us < stance_min_us)) {
        start_swing(state, push);
        return;
    }
    settle_stance(state);
    if (since_us < rest_wait_us) {
        return;
    }
    if (state->pending) {
        finish_stride(state, push);
    }
    if (state->rested && state->last_us - state->start_us > rest_wait_us) {
        motion_restart(state);
    }
}

/* ---- swing ---- */

/* Finds, going back from the newest sample, the newest one that is at least `age_s` old. */
static int back_by(const struct foot_imu *state, int from, float age_s)
{
    float sum_s = 0.0F;
    int back = from;
    while (back + 1 < state->ring_n && sum_s < age_s - 1e-5F) {
        sum_s += sample_at(state, back++)->dt_s;
    }
    return back;
}

/* How long after a landing the impact is looked for. */
static float after_s(const struct foot_imu *state)
{
    return state->started ? impact_after_s : impact_soon_after_s;
}

/* How far back the impact is looked for. */
static float impact_window_s(const struct foot_imu *state)
{
    float before_s = state->started ? impact_before_s : impact_long_before_s;
    return (float)((state->last_us - state->landing_us) * 1e-6) + before_s;
}

/* The steepest rise of the forward acceleration around the landing: where braking breaks off. */
static int find_rise(const struct foot_imu *state, int oldest)
{
    float most = 0.0F;
    int rise = 0;
    for (int back = 0; back < oldest; back++) {
        int before = back_by(state, back, rise_s);
        float change = sample_at(state, back)->forward - sample_at(state, before)->forward;
        if (change > most) {
            most = change;
            rise = back;
        }
    }
    return rise;
}

/* Where the acceleration was half-way between its lowest before the rise and its highest after. */
static double find_impact(const struct foot_imu *state)
{
    int rise = find_rise(state, back_by(state, 0, impact_window_s(state)));
    int from = back_by(state, rise, low_before_s), to = rise,
        middle_at = back_by(state, rise, rise_s);
    float ahead_s = 0.0F;
    while (to > 0 && ahead_s < high_after_s) {
        ahead_s += sample_at(state, --to)->dt_s;
    }
    float low = sample_at(state, from)->forward, high = sample_at(state, to)->forward;
    for (int back = from; back >= rise; back--) {
        low = fminf(low, sample_at(state, back)->forward);
    }
    for (int back = middle_at; back >= to; back--) {
        high = fmaxf(high, sample_at(state, back)->forward);
    }
    float middle = 0.5F * (low + high);
    int at = from - 1 > to ? from - 1 : to;
    while (at > to && !(sample_at(state, at + 1)->forward < middle &&
                        sample_at(state, at)->forward >= middle)) {
        at--;
    }
    double at_us = state->last_us;
    for (int back = 0; back < at; back++) {
        at_us -= (double)sample_at(state, back)->dt_s * 1e6;
    }
    const struct foot_imu_sample *after = sample_at(state, at);
    float before = sample_at(state, at + 1)->forward;
    if (!(before < middle && after->forward >= middle)) {
        return at_us;
    }
    float share = (after->forward - middle) / (after->forward - before);
    return at_us - (double)(share * after->dt_s) * 1e6;
}

static float strongest_since(const struct foot_imu *state, double from_us)
{
    double at_us = state->last_us;
    float most = 0.0F;
    for (int back = 0; back < state->ring_n && at_us >= from_us; back++) {
        const struct foot_imu_sample *sample = sample_at(state, back);
        if (at_us <= from_us + impact_us && sample->strength > most) {
            most = sample->strength;
        }
        at_us -= (double)sample->dt_s * 1e6;
    }
    return most;
}

static void start_stance(struct foot_imu *state, const struct foot_imu_push *push)
{
    double at_us = find_impact(state) - contact_after_us;
    at_us = at_us > state->settled_us ? at_us : state->settled_us;
    state->phase = FOOT_IMU_STANCE;
    state->contact_us = at_us;
    state->impact = strongest_since(state, at_us);
    state->contact_pitch = path_pitch(state, at_us);
    state->contact_roll = motion_roll(state, state->pose.q);
    state->least_unrest = rest_most;
    state->rested = false;
    state->pending = true;
    state->turn_us = (double)NAN;
    tell(state, push, GAIT_INITIAL_CONTACT, at_us);
}

static bool has_slowed(const struct foot_imu *state)
{
    return !state->started || state->peak_speed < stroll_mps ||
           motion_speed(state) < landing_speed_share * state->peak_speed;
}

static bool is_slow(const struct foot_imu *state)
{
    float slow_mps = slow_share * state->peak_speed;
    vec velocity = vec_load(state->pose.velocity);
    return state->started && dot(velocity, velocity) < slow_mps * slow_mps;
}

static void look_for_landing(struct foot_imu *state, float dt_s)
{
    double swing_us = state->last_us - state->foot_off_us;
    float rate = state->toe_down;
    if (rate >= 0.0F && state->toe_down_before < 0.0F) {
        state->turn_us = crossing_us(state, dt_s);
    }
    if (rate >= 0.0F && swing_us > swing_min_us && has_slowed(state)) {
        bool just_now = state->last_us - state->turn_us < (double)impact_before_s * 1e6;
        state->landing_us = just_now ? state->turn_us : state->last_us;
        return;
    }
    if (state->quiet_s >= quiet_s && swing_us > swing_min_us) {
        state->landing_us = state->last_us - (double)after_s(state) * 1e6;
    }
    if (state->slow_s >= slow_s && swing_us > swing_min_us) {
        state->landing_us = state->last_us - (double)state->slow_s * 1e6;
    }
}

/* A foot whose braking did not break off has not landed: the toes sank in mid-swing. */
static bool was_struck(const struct foot_imu *state)
{
    int rise = find_rise(state, back_by(state, 0, impact_window_s(state)));
    int before = back_by(state, rise, rise_s);
    return state->unrest < calm_unrest ||
           sample_at(state, rise)->forward - sample_at(state, before)->forward > strike_m_s2;
}

static void in_swing(struct foot_imu *state, const struct foot_imu_push *push, float dt_s)
{
    const float *velocity = state->pose.velocity;
    float along2 = velocity[0] * velocity[0] + velocity[1] * velocity[1];
    if (along2 > state->peak_speed * state->peak_speed) {
        state->peak_speed = motion_speed(state);
    }
    path_step(state, sqrtf(state->change) / dt_s);
    state->quiet_s = state->unrest < quiet_unrest ? state->quiet_s + dt_s : 0.0F;
    state->slow_s = is_slow(state) ? state->slow_s + dt_s : 0.0F;
    if (isnan(state->landing_us)) {
        look_for_landing(state, dt_s);
    }
    double back_us = state->last_us - (double)(impact_long_before_s + impact_after_s) * 1e6 - 100e3;
    state->settled_us = back_us > state->settled_us ? back_us : state->settled_us;
    if (!isnan(state->landing_us) &&
        state->last_us - state->landing_us >= (double)after_s(state) * 1e6) {
        if (was_struck(state)) {
            start_stance(state, push);
        } else {
            state->landing_us = (double)NAN;
        }
    } else if (state->last_us - state->foot_off_us > swing_max_us) {
        state->phase = FOOT_IMU_LOST;
        state->contact_us = (double)NAN;
        state->started = false;
    }
}

void phase_step(struct foot_imu *state, const struct foot_imu_push *push, float dt_s)
{
    switch ((enum foot_imu_phase)state->phase) {
    case FOOT_IMU_LOST:
    case FOOT_IMU_STANCE:
        in_stance(state, push, dt_s);
        break;
    case FOOT_IMU_SWING:
        in_swing(state, push, dt_s);
        break;
    }
}
