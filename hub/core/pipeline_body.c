#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

/* Two wrists see the same steps: the other one counts once the first has been quiet for as long as
 * a walker may pause between steps (2.4: a walk's gaps are 1.2 s), with room for a frame. */
#define OTHER_ARM_NS (5 * SECOND_NS)
/* A belt alone opens a walk when it has run for this long: six slow steps. */
#define BELT_WALK_NS (10 * SECOND_NS)
/* 2.2: belt samples further apart say nothing of the time between. */
#define BELT_STALE_NS (3 * SECOND_NS)

void body_forget(struct wearer_state *state, uint8_t slot)
{
    for (int arm = 0; arm < SIGNALS_ARMS; arm++) {
        if (state->signals.arms[arm].slot != slot)
            continue;
        memset(&state->wrists[arm], 0, sizeof(state->wrists[arm]));
        wrist_init(&state->wrists[arm]);
        state->unfooted.bout_ns[arm] = INT64_MIN;
    }
    signals_forget(&state->signals, slot);
}

/* Values of a quantity in this frame, one a sample; NULL = the stream has none. */
static const float *values_of(const struct step *step, const struct slice *slice,
                              Stride__V1__Quantity quantity)
{
    const struct wire_descriptor *descriptor = &step->state->devices[slice->slot].descriptor;
    const struct wire_frame *frame = &step->scratch->frame;
    const struct wire_stream *stream = &descriptor->streams[frame->stream];
    for (unsigned i = 0; i < stream->channels_n; i++) {
        if (descriptor->channels[stream->first_channel + i].quantity == quantity)
            return frame->values + (size_t)i * frame->samples_n;
    }
    return NULL;
}

static int64_t sample_ns(const struct step *step, const struct slice *slice, unsigned i)
{
    return align_session_ns(&step->state->devices[slice->slot].align,
                            slice->t0_us + i * slice->period_us);
}

static void heart_rate(struct step *step, const struct slice *slice)
{
    struct wearer_state *state = step->state;
    const struct wire_frame *frame = &step->scratch->frame;
    const float *heart = values_of(step, slice, STRIDE__V1__QUANTITY__QUANTITY_HEART_RATE);
    bool worn = frame->wear != STRIDE__V1__WEAR__WEAR_NOT_WORN;
    for (unsigned i = 0; heart != NULL && i < frame->samples_n; i++) {
        enum cadence_source source;
        int64_t at_ns = sample_ns(step, slice, i);
        float cadence_spm = signals_cadence(&state->signals, at_ns, feet_known(state), &source);
        signals_heart(&state->signals, slice->slot, at_ns, heart[i], worn, cadence_spm);
        if (state->signals.heart_slot == slice->slot && state->signals.heart_ns == at_ns)
            session_heart(&state->session, at_ns, state->signals.heart_bpm,
                          state->signals.heart_suspect, wearer_heart_max(state));
    }
}

/* ---------------------------------------------------------------- wrists */

static bool complete(const float *const set[WRIST_AXES])
{
    return set[0] != NULL && set[1] != NULL && set[2] != NULL;
}

/* The stream's channels by quantity and axis. */
static void wrist_find(const struct wire_descriptor *descriptor, unsigned stream_at,
                       const struct wire_frame *frame, struct wrist_channels *out)
{
    const struct wire_stream *stream = &descriptor->streams[stream_at];
    memset(out, 0, sizeof(*out));
    for (unsigned i = 0; i < stream->channels_n; i++) {
        const struct wire_channel *channel = &descriptor->channels[stream->first_channel + i];
        const float *values = frame->values + (size_t)i * frame->samples_n;
        if (channel->axis == STRIDE__V1__AXIS__AXIS_UNKNOWN)
            continue;
        int axis = channel->axis - STRIDE__V1__AXIS__AXIS_FORWARD;
        if (channel->quantity == STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION)
            out->acceleration[axis] = values;
        else if (channel->quantity == STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE)
            out->rate[axis] = values;
    }
}

/* A device that measures acceleration and rate in streams of their own is read by its acceleration:
 * the two have no common samples. False if this stream is not the one to read. */
static bool wrist_reads(const struct step *step, const struct slice *slice,
                        struct wrist_channels *out)
{
    const struct wire_descriptor *descriptor = &step->state->devices[slice->slot].descriptor;
    const struct wire_frame *frame = &step->scratch->frame;
    for (unsigned stream = 0; stream < descriptor->streams_n; stream++) {
        wrist_find(descriptor, stream, frame, out);
        if (stream != frame->stream && complete(out->acceleration))
            return false;
        if (stream == frame->stream && complete(out->acceleration))
            return true;
    }
    wrist_find(descriptor, frame->stream, frame, out);
    return complete(out->rate);
}

/* Steps of a wrist count only while no foot can tell them (2.4). */
static void wrist_walks(struct step *step, int arm, const struct wrist_event *event)
{
    struct wearer_state *state = step->state;
    struct unfooted_walk *walk = &state->unfooted;
    int64_t at_ns = event->at_session_ns;
    if (event->kind == WRIST_BOUT_ON)
        walk->bout_ns[arm] = at_ns;
    else if (event->kind == WRIST_BOUT_OFF)
        walk->bout_ns[arm] = INT64_MIN;
    if (event->kind != WRIST_STEP || walk->bout_ns[arm] == INT64_MIN || feet_known(state))
        return;
    if (walk->arm != arm && walk->step_ns != INT64_MIN && at_ns - walk->step_ns < OTHER_ARM_NS)
        return;
    walk->arm = (uint8_t)arm;
    walk->step_ns = at_ns > walk->step_ns ? at_ns : walk->step_ns;
    walk_begin(step, walk->bout_ns[arm], at_ns);
    walk_unfooted_step(step, at_ns, event->cadence_spm);
}

/* A wrist that does not say whose it is is of neither arm. */
static void wrist_swings(struct wearer_state *state, uint8_t slot, const struct wrist_event *event)
{
    const uint8_t side = state->health[slot].side;
    if (event->kind != WRIST_STEP)
        return;
    if (side == STRIDE__V1__SIDE__SIDE_LEFT)
        session_arm(&state->session, 0, event->arm_swing_deg);
    else if (side == STRIDE__V1__SIDE__SIDE_RIGHT)
        session_arm(&state->session, 1, event->arm_swing_deg);
}

void wrist_frame(struct step *step, const struct slice *slice)
{
    struct wearer_state *state = step->state;
    struct wrist_channels channels;
    heart_rate(step, slice);
    if (!wrist_reads(step, slice, &channels))
        return;
    int arm = signals_arm(&state->signals, slice->slot);
    if (arm == SIGNALS_ARMS)
        return;
    struct wrist *wrist = &state->wrists[arm];
    const struct align *align = &state->devices[slice->slot].align;
    struct wrist_event *events = step->scratch->wrist;
    int n = wrist_push(wrist, slice, align, &channels, events);
    for (int i = 0; i < n; i++) {
        struct effect *effect = effects_add(step->effects, EFFECT_WRIST, events[i].at_session_ns);
        effect->slot = slice->slot;
        effect->wrist = events[i];
        wrist_walks(step, arm, &events[i]);
        wrist_swings(state, slice->slot, &events[i]);
        guard_wrist(step, slice->slot, &events[i]);
    }
    struct wrist_summary summary;
    wrist_summary(wrist, &summary);
    if (!isnan(summary.at_device_us))
        signals_wrist(&state->signals, arm, state->health[slice->slot].side,
                      align_session_ns(align, summary.at_device_us), &summary);
}

/* ---------------------------------------------------------------- treadmills */

/* What the belt did from its last sample to this one is told when this one is there. */
static void belt_walks(struct step *step, int64_t at_ns)
{
    struct wearer_state *state = step->state;
    const struct signals *signals = &state->signals;
    if (feet_known(state) || signals->belt_running_ns == INT64_MIN || signals->belt_ns >= at_ns)
        return;
    if (at_ns - signals->belt_ns > BELT_STALE_NS)
        return;
    if (at_ns - signals->belt_running_ns >= BELT_WALK_NS)
        walk_begin(step, signals->belt_running_ns, signals->belt_ns);
    walk_unfooted_belt(step, signals->belt_ns, at_ns, signals->belt_mps, signals->incline);
}

void treadmill_frame(struct step *step, const struct slice *slice)
{
    struct wearer_state *state = step->state;
    const struct wire_frame *frame = &step->scratch->frame;
    const float *speed = values_of(step, slice, STRIDE__V1__QUANTITY__QUANTITY_BELT_SPEED);
    const float *incline = values_of(step, slice, STRIDE__V1__QUANTITY__QUANTITY_INCLINE);
    const float *rail = values_of(step, slice, STRIDE__V1__QUANTITY__QUANTITY_HANDRAIL);
    heart_rate(step, slice);
    for (unsigned i = 0; i < frame->samples_n; i++) {
        int64_t at_ns = sample_ns(step, slice, i);
        if (rail != NULL)
            signals_rail(&state->signals, at_ns, rail[i] >= 0.5F);
        if (speed == NULL)
            continue;
        float ratio = incline != NULL ? incline[i] : NAN;
        stride_belt(&state->strides, at_ns, speed[i], ratio);
        belt_walks(step, at_ns);
        signals_belt(&state->signals, at_ns, speed[i], ratio);
    }
}
