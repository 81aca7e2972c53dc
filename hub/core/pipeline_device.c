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
    record->calibrated_utc_s = (uint32_t)(descriptor->calibrated_utc_ms / 1000);
    memset(record->firmware, 0, sizeof(record->firmware));
    for (size_t i = 0; i + 1 < sizeof(record->firmware) && descriptor->firmware[i] != '\0'; i++)
        record->firmware[i] = descriptor->firmware[i];
}

/* All that a device says of itself but for its boot. wire_decode_hello() zeroes what it does not
 * fill, padding too. */
static uint64_t words_digest(const struct wire_descriptor *descriptor)
{
    struct wire_descriptor copy;
    memcpy(&copy, descriptor, sizeof(copy));
    copy.boot_id = 0;
    return bytes_digest(DIGEST_SEED, &copy, sizeof(copy));
}

void device_forget_next(struct wearer_state *state, uint8_t slot)
{
    if (state->next_descriptor.slot != slot)
        return;
    memset(&state->next_descriptor, 0, sizeof(state->next_descriptor));
    state->next_descriptor.slot = INPUT_SLOT_NONE;
    state->devices[slot].next_differs = false;
}

static void hello_now(struct wearer_state *state, uint8_t slot, const struct wire_descriptor *new,
                      uint64_t digest)
{
    struct wearer_device *device = &state->devices[slot];
    device->descriptor = *new;
    device->descriptor_digest = digest;
    device->described = true;
    describe(state, slot);
}

/* The new boot's words wait for its first frame. False: there is no place for them. */
static bool hello_later(struct wearer_state *state, uint8_t slot, const struct wire_descriptor *new,
                        uint64_t digest)
{
    struct wearer_device *device = &state->devices[slot];
    device_forget_next(state, slot);
    device->next_described = false;
    bool differs = words_digest(new) != words_digest(&device->descriptor);
    if (differs && state->next_descriptor.slot != INPUT_SLOT_NONE)
        return false;
    if (differs) {
        state->next_descriptor.slot = slot;
        state->next_descriptor.descriptor = *new;
    }
    device->next_described = true;
    device->next_differs = differs;
    device->next_boot_id = new->boot_id;
    device->next_digest = digest;
    return true;
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
        hello_now(state, slot, new, digest);
    } else if (!hello_later(state, slot, new, digest)) {
        /* Frames of the former boot that are still on the way are refused from now on. */
        hello_now(state, slot, new, digest);
        device->gap_pending = true;
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
    if (device->next_described && device->next_boot_id == boot_id) {
        if (device->next_differs)
            device->descriptor = state->next_descriptor.descriptor;
        device->descriptor.boot_id = boot_id;
        device->descriptor_digest = device->next_digest;
        device_forget_next(state, slot);
        device->next_described = false;
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
        foot_frame(step, &slice);
        break;
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL:
        treadmill_frame(step, &slice);
        break;
    case STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST:
        wrist_frame(step, &slice);
        break;
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
    foot_forget(state, (uint8_t)slot);
    body_forget(state, (uint8_t)slot);
    device_forget_next(state, (uint8_t)slot);
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
