#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

/* A swing's path is told 0.5 s after its contact (foot_imu_phase.c), which lies within 0.1 s of the
 * force's. */
static const double shape_after_us = 0.6e6;
/* 2.2: a stream is stale after 3 s, with frames of up to that; nobody waits for its shapes then. */
static const double stale_us = 3e6;
/* The swing before a contact: a foot's swing is longer than that (gait.h). */
static const double before_contact_us = 1e3;

enum { FORCE_BLOCK = 8 /* samples; two vector registers of any machine */ };

bool feet_known(const struct wearer_state *state)
{
    return state->strides.feet[FOOT_LEFT].expected || state->strides.feet[FOOT_RIGHT].expected;
}

void foot_forget(struct wearer_state *state, uint8_t slot)
{
    for (int foot = 0; foot < FEET; foot++) {
        struct foot_source *source = &state->sources[foot];
        source->force = source->force == slot ? WEARER_DEVICES_MAX : source->force;
        source->imu = source->imu == slot ? WEARER_DEVICES_MAX : source->imu;
    }
}

static bool is_force(uint8_t quantity)
{
    return quantity == STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE ||
           quantity == STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE;
}

/* Does any stream of the device measure force? Then force times the events. */
static bool has_force(const struct wire_descriptor *descriptor)
{
    for (unsigned i = 0; i < descriptor->streams_n; i++) {
        const struct wire_stream *stream = &descriptor->streams[i];
        for (unsigned channel = 0; channel < stream->channels_n; channel++) {
            if (is_force(descriptor->channels[stream->first_channel + channel].quantity))
                return true;
        }
    }
    return false;
}

/* Samples `at` to `at` + n of all channels added up, in the channels' order. */
static inline void add_channels(const float *const *channels, unsigned channels_n, unsigned at,
                                unsigned n, float *force)
{
    float sum[FORCE_BLOCK] = {0};
    for (unsigned channel = 0; channel < channels_n; channel++) {
        for (unsigned i = 0; i < n; i++)
            sum[i] += channels[channel][at + i];
    }
    memcpy(&force[at], sum, n * sizeof(*sum));
}

/* Sum of the stream's force channels: cells, or one force for the whole foot. False if it has none.
 * In blocks and in float, so that sums stay in registers, the compiler adds several samples at once
 * and every build adds in the same order. */
static bool foot_force(const struct wire_descriptor *descriptor, const struct wire_frame *frame,
                       float *force)
{
    const struct wire_stream *stream = &descriptor->streams[frame->stream];
    const float *channels[CHANNELS_MAX];
    unsigned samples_n = frame->samples_n, channels_n = 0, at = 0;
    for (unsigned channel = 0; channel < stream->channels_n; channel++) {
        if (is_force(descriptor->channels[stream->first_channel + channel].quantity))
            channels[channels_n++] = frame->values + (size_t)channel * samples_n;
    }
    for (; at + FORCE_BLOCK <= samples_n; at += FORCE_BLOCK)
        add_channels(channels, channels_n, at, FORCE_BLOCK, force);
    for (; at < samples_n; at++)
        add_channels(channels, channels_n, at, 1, force);
    return channels_n > 0;
}

/* Events of a foot, whoever saw them, and how far they are complete. */
static void tell_events(struct step *step, const struct slice *slice, enum foot foot,
                        const struct gait_event *events, int n, double settled_us)
{
    struct wearer_state *state = step->state;
    const struct align *align = &state->devices[slice->slot].align;
    for (int i = 0; i < n; i++) {
        struct effect *effect = effects_add(step->effects, EFFECT_EVENT, events[i].at_session_ns);
        effect->slot = slice->slot;
        effect->event = events[i];
        stride_event(&state->strides, &events[i]);
        if (events[i].kind != GAIT_INITIAL_CONTACT)
            continue;
        signals_contact(&state->signals, events[i].at_session_ns);
        guard_step(step, events[i].at_session_ns);
    }
    stride_watermark(&state->strides, foot, align_session_ns(align, settled_us),
                     slice->gap_before && !slice->short_gap);
    signals_samples(&state->signals, foot, align_session_ns(align, slice->t0_us), slice->end_ns);
}

/* True if the samples come from another device than the foot's last ones. */
static bool changes(uint8_t *source, struct slice *slice)
{
    bool changed = *source != slice->slot && *source != INPUT_SLOT_NONE;
    *source = slice->slot;
    if (changed) {
        slice->gap_before = true;
        slice->short_gap = false;
    }
    return changed;
}

static uint8_t answer_of(int8_t known)
{
    return (uint8_t)(known == SOLE_UNKNOWN ? STRIDE_UNKNOWN
                     : known == SOLE_YES   ? STRIDE_YES
                                           : STRIDE_NO);
}

/* What cells saw, to the strides that hold it. A swing is in the stride before its contact. */
static void give_cells(struct stride_state *strides, enum foot foot, const struct sole_output *out)
{
    for (int i = 0; i < out->landings_n; i++) {
        const struct sole_landing *landing = &out->landings[i];
        struct stride_shape shape = stride_shape_unknown();
        shape.scuff = answer_of(landing->scuff_before);
        stride_shape_at(strides, foot, landing->contact_us - before_contact_us, &shape);
        shape.scuff = STRIDE_UNKNOWN;
        shape.forefoot_first = answer_of(landing->forefoot_first);
        stride_shape_at(strides, foot, landing->contact_us, &shape);
    }
    for (int i = 0; i < out->stances_n; i++) {
        const struct sole_stance *stance = &out->stances[i];
        struct stride_shape shape = stride_shape_unknown();
        shape.loading_n_s = stance->loading_n_s;
        shape.forefoot_share = stance->forefoot_share;
        shape.medial_index = stance->medial_index;
        shape.cpei_pct = stance->cpei_pct;
        shape.slap_s = stance->forefoot_delay_s;
        stride_shape_at(strides, foot, 0.5 * (stance->contact_us + stance->foot_off_us), &shape);
    }
}

static void push_cells(struct step *step, const struct slice *slice, enum foot foot, int events_n)
{
    struct wearer_state *state = step->state;
    struct wearer_device *device = &state->devices[slice->slot];
    struct sole_output *out = &step->scratch->sole;
    sole_push(&state->soles[foot], slice, &device->align, &device->descriptor,
              &step->scratch->frame, step->scratch->force, step->scratch->events, events_n, out);
    sole_weight_push(&state->weight, out);
    give_cells(&state->strides, foot, out);
    state->health[slice->slot].stuck_cells = sole_stuck_cells(&state->soles[foot]);
    session_cells(&state->session, slice->slot, state->health[slice->slot].stuck_cells);
}

static void push_force(struct step *step, struct slice slice, enum foot foot)
{
    struct wearer_state *state = step->state;
    struct gait_foot *gait = &state->feet[foot];
    struct gait_params params = {.threshold_20n =
                                     state->params.value[PARAM_CONTACT_THRESHOLD] > 0.5};
    if (changes(&state->sources[foot].force, &slice)) {
        sole_init(&state->soles[foot], foot);
        sole_weight_forget(&state->weight);
    }
    int n = gait_foot_push(gait, &params, &slice, &state->devices[slice.slot].align,
                           step->scratch->force, step->scratch->events);
    tell_events(step, &slice, foot, step->scratch->events, n, gait->settled_us);
    push_cells(step, &slice, foot, n);
}

static void push_imu(struct step *step, struct slice slice, enum foot foot,
                     const struct foot_imu_input *input, bool times_events)
{
    struct wearer_state *state = step->state;
    struct foot_imu *imu = &state->imus[foot];
    struct foot_imu_output *out = &step->scratch->imu;
    if (changes(&state->sources[foot].imu, &slice))
        foot_imu_init(imu, foot);
    foot_imu_push(imu, &slice, &state->devices[slice.slot].align, input, out);
    if (times_events)
        tell_events(step, &slice, foot, out->events, out->events_n, foot_imu_settled_us(imu));
    for (int i = 0; i < out->strides_n; i++) {
        const struct foot_imu_stride *swing = &out->strides[i];
        stride_shape_swing(&state->strides, swing);
        rules_swing(&state->rules, foot, swing->roll_deg, swing->height_m);
    }
}

/* Strides wait for their path and for what cells saw, but for a sensor that is dead or was never
 * there they do not. */
static void tell_shaped(struct wearer_state *state, const struct slice *slice, enum foot foot)
{
    const struct foot_imu *imu = &state->imus[foot];
    const struct sole *sole = &state->soles[foot];
    const struct foot_source *source = &state->sources[foot];
    const struct align *align = &state->devices[slice->slot].align;
    int64_t path_ns = INT64_MAX, cells_ns = INT64_MAX;
    if (source->imu == slice->slot && imu->last_us > slice->t0_us - stale_us)
        path_ns = align_session_ns(align, imu->last_us - shape_after_us);
    if (source->force == slice->slot && sole->point_end_us > slice->t0_us - stale_us)
        cells_ns = align_session_ns(align, sole_settled_us(sole));
    stride_shaped(&state->strides, foot, path_ns < cells_ns ? path_ns : cells_ns);
}

void foot_frame(struct step *step, const struct slice *slice)
{
    struct wearer_state *state = step->state;
    const struct wire_descriptor *descriptor = &state->devices[slice->slot].descriptor;
    const struct wire_frame *frame = &step->scratch->frame;
    uint8_t side = state->health[slice->slot].side;
    if (side != STRIDE__V1__SIDE__SIDE_LEFT && side != STRIDE__V1__SIDE__SIDE_RIGHT)
        return;
    if (frame->period_us > GAIT_PERIOD_US_MAX)
        return;
    enum foot foot = side == STRIDE__V1__SIDE__SIDE_LEFT ? FOOT_LEFT : FOOT_RIGHT;
    struct foot_imu_input input;
    bool force = foot_force(descriptor, frame, step->scratch->force);
    bool imu = foot_imu_find(descriptor, frame, &input);
    if (!force && !imu)
        return;
    if (force)
        push_force(step, *slice, foot);
    if (imu)
        push_imu(step, *slice, foot, &input, !force && !has_force(descriptor));
    tell_shaped(state, slice, foot);
}
