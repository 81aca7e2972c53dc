#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- applying */

static void describe(struct wearer_state *state, uint8_t slot)
{
    struct wearer_device *device = &state->devices[slot];
    struct device_health *health = &state->health[slot];
    const struct wire_descriptor *descriptor = &device->descriptor;
    struct session_device *record = &state->session.devices[slot];
    health->kind = (uint8_t)descriptor->kind;
    health->side =
        device->side != STRIDE__V1__SIDE__SIDE_UNKNOWN ? device->side : (uint8_t)descriptor->side;
    record->kind = health->kind;
    record->side = health->side;
    memset(record->firmware, 0, sizeof(record->firmware));
    for (size_t i = 0; i + 1 < sizeof(record->firmware) && descriptor->firmware[i] != '\0'; i++)
        record->firmware[i] = descriptor->firmware[i];
}

void device_hello(struct step *step)
{
    struct wearer_state *state = step->state;
    uint8_t slot = step->input->slot;
    struct wearer_device *device = &state->devices[slot];
    const struct wire_descriptor *new = &step->scratch->descriptor;
    state->health[slot].lost = state->health[slot].closed = false;
    uint64_t digest = bytes_digest(DIGEST_SEED, step->input->bytes, step->input->size);
    bool same_boot = device->described && device->descriptor.boot_id == new->boot_id;
    bool nothing_taken = !device->described || device->frames.boot_id != device->descriptor.boot_id;
    if (same_boot || nothing_taken) {
        device->descriptor = *new;
        device->descriptor_digest = digest;
        device->described = true;
        describe(state, slot);
    } else {
        device->next_descriptor = *new;
        device->next_descriptor_digest = digest;
        device->next_described = true;
    }
    device_expect_feet(state);
}

void device_link(struct step *step)
{
    struct wearer_state *state = step->state;
    struct device_health *health = &state->health[step->input->slot];
    Stride__V1__LinkState said = step->scratch->link.state;
    health->closed = said == STRIDE__V1__LINK_STATE__LINK_CLOSED;
    health->lost = said != STRIDE__V1__LINK_STATE__LINK_ONLINE;
    device_expect_feet(state);
}

/* The first frame of a boot: its descriptor becomes the device's. */
static void start_boot(struct wearer_state *state, uint8_t slot, uint64_t boot_id)
{
    struct wearer_device *device = &state->devices[slot];
    if (device->next_described && device->next_descriptor.boot_id == boot_id) {
        device->descriptor = device->next_descriptor;
        device->descriptor_digest = device->next_descriptor_digest;
        device->next_described = false;
        memset(&device->next_descriptor, 0, sizeof(device->next_descriptor));
        describe(state, slot);
    }
    if (device->frames.boot_id != 0)
        device->gap_pending = true;
    lane_start_boot(&device->frames, boot_id);
}

static uint32_t count_gap(struct wearer_device *device, uint64_t first_present)
{
    uint64_t missing = first_present - device->frames.next_seq;
    device->gaps_n++;
    device->lost_frames_n += missing;
    return missing > UINT32_MAX ? UINT32_MAX : (uint32_t)missing;
}

void device_skip(struct step *step)
{
    struct wearer_state *state = step->state;
    uint8_t slot = step->input->slot;
    struct wearer_device *device = &state->devices[slot];
    uint64_t boot_id = skip_field(step->input->bytes, 0), last = skip_field(step->input->bytes, 2);
    if (device->frames.boot_id != boot_id)
        start_boot(state, slot, boot_id);
    uint32_t missing = count_gap(device, last + 1);
    device->frames.next_seq = last + 1;
    device->gap_pending = true;
    uint16_t reason = step->input->flags;
    state->refused[reason < WIRE_REFUSALS ? reason : WIRE_OK]++;
    session_device(&state->session, slot, missing, -1);
}

/* Sum of the stream's force channels: cells, or one force for the whole foot. False if it has none.
 * Channel-major and in float, so that the compiler adds several samples at once and every build
 * adds in the same order. */
static bool foot_force(const struct wire_descriptor *descriptor, const struct wire_frame *frame,
                       float *force)
{
    const struct wire_stream *stream = &descriptor->streams[frame->stream];
    uint16_t samples_n = frame->samples_n;
    bool found = false;
    memset(force, 0, samples_n * sizeof(*force));
    for (unsigned channel = 0; channel < stream->channels_n; channel++) {
        uint8_t quantity = descriptor->channels[stream->first_channel + channel].quantity;
        if (quantity != STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE &&
            quantity != STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE)
            continue;
        const float *values = frame->values + (size_t)channel * samples_n;
        for (unsigned i = 0; i < samples_n; i++)
            force[i] += values[i];
        found = true;
    }
    return found;
}

static void insole_frame(struct step *step, const struct slice *slice)
{
    struct wearer_state *state = step->state;
    const struct wearer_device *device = &state->devices[slice->slot];
    uint8_t side = state->health[slice->slot].side;
    if (side != STRIDE__V1__SIDE__SIDE_LEFT && side != STRIDE__V1__SIDE__SIDE_RIGHT)
        return;
    if (step->scratch->frame.period_us > GAIT_PERIOD_US_MAX)
        return;
    if (!foot_force(&device->descriptor, &step->scratch->frame, step->scratch->force))
        return;
    enum foot foot = side == STRIDE__V1__SIDE__SIDE_LEFT ? FOOT_LEFT : FOOT_RIGHT;
    struct gait_params params = {.threshold_20n =
                                     state->params.value[PARAM_CONTACT_THRESHOLD] > 0.5};
    struct gait_event events[GAIT_EVENTS_MAX];
    int n = gait_foot_push(&state->feet[foot], &params, slice, &device->align, step->scratch->force,
                           events);
    for (int i = 0; i < n; i++) {
        struct effect *effect = effects_add(step->effects, EFFECT_EVENT, events[i].at_session_ns);
        effect->slot = slice->slot;
        effect->event = events[i];
        stride_event(&state->strides, &events[i]);
    }
    stride_watermark(&state->strides, foot,
                     gait_foot_settled_ns(&state->feet[foot], &device->align), slice->gap_before);
}

static void treadmill_frame(struct step *step, const struct slice *slice)
{
    struct wearer_state *state = step->state;
    const struct wearer_device *device = &state->devices[slice->slot];
    const struct wire_frame *frame = &step->scratch->frame;
    const struct wire_stream *stream = &device->descriptor.streams[frame->stream];
    const float *speed = NULL, *incline = NULL;
    for (unsigned channel = 0; channel < stream->channels_n; channel++) {
        uint8_t quantity = device->descriptor.channels[stream->first_channel + channel].quantity;
        const float *values = frame->values + (size_t)channel * frame->samples_n;
        if (quantity == STRIDE__V1__QUANTITY__QUANTITY_BELT_SPEED)
            speed = values;
        else if (quantity == STRIDE__V1__QUANTITY__QUANTITY_INCLINE)
            incline = values;
    }
    for (unsigned i = 0; speed != NULL && i < frame->samples_n; i++) {
        int64_t at_ns = align_session_ns(&device->align, slice->t0_us + i * slice->period_us);
        stride_belt(&state->strides, at_ns, speed[i], incline != NULL ? incline[i] : NAN);
    }
}

static void frame_health(struct wearer_state *state, const struct slice *slice,
                         const struct wire_frame *frame)
{
    struct device_health *health = &state->health[slice->slot];
    struct wearer_device *device = &state->devices[slice->slot];
    bool was_gone = !health->seen || state->now_ns - health->last_ns >= DEVICE_GONE_NS;
    health->seen = true;
    health->lost = health->closed = false;
    health->last_ns = state->now_ns;
    if (frame->battery_pct >= 0)
        health->battery_pct = frame->battery_pct;
    health->wear = (uint8_t)frame->wear;
    if (frame->stream == 0)
        health->nominal_ns = (int64_t)frame->samples_n * frame->period_us * 1000;
    if (slice->clock_jump)
        device->jumped_ns = state->now_ns;
    health->clock_jumped =
        device->jumped_ns != INT64_MIN && state->now_ns - device->jumped_ns < CLOCK_JUMP_NS;
    if (was_gone)
        device_expect_feet(state);
}

void device_frame(struct step *step)
{
    struct wearer_state *state = step->state;
    uint8_t slot = step->input->slot;
    struct wearer_device *device = &state->devices[slot];
    const struct wire_frame *frame = &step->scratch->frame;
    bool unknown_before = lane_knows_nothing(&device->frames, &frame->place);
    if (device->frames.boot_id != frame->place.boot_id)
        start_boot(state, slot, frame->place.boot_id);
    if (unknown_before)
        device->frames.next_seq = frame->place.seq;
    uint32_t missing = 0;
    if (frame->place.seq > device->frames.next_seq)
        missing = count_gap(device, frame->place.seq);
    device->frames.next_seq = frame->place.seq + 1;

    struct slice slice = {0};
    align_frame(&device->align, frame->place.boot_id, (uint8_t)frame->stream, frame->t0_us,
                frame->period_us, frame->samples_n, frame->late, missing > 0 || device->gap_pending,
                step->input->at_mono_ns, &slice);
    slice.slot = slot;
    device->gap_pending = false;
    frame_health(state, &slice, frame);
    session_device(&state->session, slot, missing, frame->battery_pct);
    if (frame->stream == 0)
        session_covered(
            &state->session, slot, align_session_ns(&device->align, slice.t0_us),
            align_session_ns(&device->align, slice.t0_us + frame->samples_n * slice.period_us));
    switch ((Stride__V1__DeviceKind)state->health[slot].kind) {
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE:
        insole_frame(step, &slice);
        break;
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL:
        treadmill_frame(step, &slice);
        break;
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST:
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_UNKNOWN:
    case _STRIDE__V1__DEVICE_KIND_IS_INT_SIZE:
        break;
    }
}

/* ---------------------------------------------------------------- which feet can come */

static bool insole_expected(const struct wearer_state *state, unsigned slot)
{
    const struct device_health *health = &state->health[slot];
    return health->registered && health->seen && !health->lost &&
           health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE &&
           state->now_ns - health->last_ns < DEVICE_GONE_NS;
}

void device_expect_feet(struct wearer_state *state)
{
    bool expected[FEET] = {false, false};
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        uint8_t side = state->health[slot].side;
        if (!insole_expected(state, slot))
            continue;
        if (side == STRIDE__V1__SIDE__SIDE_LEFT)
            expected[FOOT_LEFT] = true;
        else if (side == STRIDE__V1__SIDE__SIDE_RIGHT)
            expected[FOOT_RIGHT] = true;
    }
    for (int foot = 0; foot < FEET; foot++)
        stride_expect(&state->strides, (enum foot)foot, expected[foot]);
}

int64_t device_gone_deadline_ns(const struct wearer_state *state)
{
    int64_t due_ns = INT64_MAX;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        if (insole_expected(state, slot) && state->health[slot].last_ns + DEVICE_GONE_NS < due_ns)
            due_ns = state->health[slot].last_ns + DEVICE_GONE_NS;
    }
    return due_ns;
}

/* ---------------------------------------------------------------- registration */

static void device_clear(struct wearer_state *state, unsigned slot)
{
    struct wearer_device *device = &state->devices[slot];
    memset(device, 0, sizeof(*device));
    device->jumped_ns = INT64_MIN;
    align_init(&device->align);
    session_forget_device(&state->session, (uint8_t)slot);
    memset(&state->health[slot], 0, sizeof(state->health[slot]));
    state->health[slot].battery_pct = -1;
}

void device_configure(struct wearer_state *state, const struct wire_wearer_config *config)
{
    bool used[WEARER_DEVICES_MAX] = {false};
    for (unsigned i = 0; i < config->devices_n; i++) {
        uint8_t slot = config->devices[i].slot;
        struct wearer_device *device = &state->devices[slot];
        if (strcmp(device->id, config->devices[i].device) != 0) {
            device_clear(state, slot);
            memcpy(device->id, config->devices[i].device, sizeof(device->id));
        }
        device->side = (uint8_t)config->devices[i].side;
        state->health[slot].registered = true;
        if (device->described)
            describe(state, slot);
        used[slot] = true;
    }
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        if (!used[slot])
            device_clear(state, slot);
        memcpy(state->session.devices[slot].id, state->devices[slot].id, ID_SIZE);
    }
    device_expect_feet(state);
}
