#include "hub/core/pipeline_private.h"

#include <assert.h>
#include <string.h>

/* ---------------------------------------------------------------- lanes */

bool device_described(const struct wearer_device *device, uint64_t boot_id)
{
    return (device->described && device->descriptor.boot_id == boot_id) ||
           (device->next_described && device->next_boot_id == boot_id);
}

uint64_t lane_awaits(const struct lane *lane, uint64_t boot_id)
{
    if (boot_id == lane->boot_id)
        return lane->next_seq;
    return boot_id == lane->former_boot_id ? lane->former_next_seq : 1;
}

/* A device that keeps nothing older than this frame ends the wait for what came before. */
static bool nothing_older(const struct wire_place *place)
{
    return place->oldest_kept_seq == 0 || place->oldest_kept_seq >= place->seq;
}

/* A device that was on for weeks before this hub heard of its boot: no number of frames is absurd,
 * and those before were never this hub's to lose. */
bool lane_knows_nothing(const struct lane *lane, const struct wire_place *place)
{
    return lane_awaits(lane, place->boot_id) == 1 && nothing_older(place) &&
           place->seq <= INT64_MAX && place->seq > SEQ_JUMP_MAX;
}

/* A former boot that describes itself again is the one that lives: what came in between had been
 * late. */
static enum step_result lane_frames_place(const struct wearer_device *device,
                                          const struct wire_place *place)
{
    const struct lane *lane = &device->frames;
    uint64_t next = lane_awaits(lane, place->boot_id);
    if (place->seq < next)
        return STEP_DUPLICATE;
    if (place->boot_id != lane->boot_id && !device_described(device, place->boot_id))
        return STEP_REFUSED;
    if (place->seq - next > SEQ_JUMP_MAX && !lane_knows_nothing(lane, place))
        return STEP_REFUSED;
    return place->seq == next || nothing_older(place) ? STEP_APPLIED : STEP_AHEAD;
}

static bool is_taken(uint64_t taken, uint64_t ahead)
{
    return ahead >= 1 && ahead <= 64 && ((taken >> (ahead - 1)) & 1) != 0;
}

/* What the control lane took of that boot ahead of the first number it awaits. */
static uint64_t control_ahead(const struct wearer_device *device, uint64_t boot_id)
{
    const struct lane *lane = &device->control;
    if (boot_id == lane->boot_id)
        return device->control_ahead;
    return boot_id == lane->former_boot_id ? device->control_former_ahead : 0;
}

static enum step_result control_place(const struct wearer_device *device,
                                      const struct wire_place *place)
{
    const struct lane *lane = &device->control;
    const uint64_t next = lane_awaits(lane, place->boot_id);
    if (place->seq < next || is_taken(control_ahead(device, place->boot_id), place->seq - next))
        return STEP_DUPLICATE;
    const bool jumps = place->boot_id == lane->boot_id && place->seq - next > SEQ_JUMP_MAX;
    return jumps ? STEP_REFUSED : STEP_APPLIED;
}

enum step_result pipeline_place(const struct wearer_state *state, uint8_t slot,
                                enum input_kind kind, const struct wire_place *place)
{
    if (!state->configured || slot >= WEARER_DEVICES_MAX || state->devices[slot].id[0] == '\0')
        return STEP_UNKNOWN;
    const struct wearer_device *device = &state->devices[slot];
    return kind == INPUT_FRAME ? lane_frames_place(device, place) : control_place(device, place);
}

void lane_start_boot(struct lane *lane, uint64_t boot_id)
{
    uint64_t next = lane_awaits(lane, boot_id);
    lane->former_boot_id = lane->boot_id;
    lane->former_next_seq = lane->next_seq;
    lane->boot_id = boot_id;
    lane->next_seq = next;
}

static void control_start_boot(struct wearer_device *device, uint64_t boot_id)
{
    const uint64_t ahead = control_ahead(device, boot_id);
    device->control_former_ahead = device->control_ahead;
    device->control_ahead = ahead;
    lane_start_boot(&device->control, boot_id);
}

static void control_accept(struct wearer_device *device, uint64_t seq)
{
    struct lane *lane = &device->control;
    if (seq != lane->next_seq) {
        device->control_ahead |= UINT64_C(1) << (seq - lane->next_seq - 1);
        return;
    }
    bool next_taken;
    do {
        lane->next_seq++;
        next_taken = (device->control_ahead & 1) != 0;
        device->control_ahead >>= 1;
    } while (next_taken);
}

/* What is before `first` can no longer come: the lane goes on from there. */
static void control_forget(struct wearer_device *device, uint64_t first)
{
    struct lane *lane = &device->control;
    if (first <= lane->next_seq)
        return;
    uint64_t shift = first - lane->next_seq;
    bool first_taken = is_taken(device->control_ahead, shift);
    device->control_ahead = shift < 64 ? device->control_ahead >> shift : 0;
    lane->next_seq = first;
    if (first_taken)
        control_accept(device, first);
}

void device_control_taken(struct wearer_device *device, const struct wire_place *place)
{
    const struct lane *lane = &device->control;
    if (place->boot_id != lane->boot_id)
        control_start_boot(device, place->boot_id);
    control_forget(device, place->oldest_kept_seq == 0 ? place->seq : place->oldest_kept_seq);
    if (place->seq > 64)
        control_forget(device, place->seq - 64);
    if (place->seq >= lane->next_seq)
        control_accept(device, place->seq);
}

/* ---------------------------------------------------------------- check before applying */

/* The descriptor of that boot, or NULL. */
static const struct wire_descriptor *descriptor_of(struct step *step, uint64_t boot_id)
{
    const struct wearer_state *state = step->state;
    const struct wearer_device *device = &state->devices[step->input->slot];
    if (!device_described(device, boot_id))
        return NULL;
    if (device->descriptor.boot_id == boot_id)
        return &device->descriptor;
    if (device->next_differs)
        return &state->next_descriptor.descriptor;
    step->scratch->next = device->descriptor;
    step->scratch->next.boot_id = boot_id;
    return &step->scratch->next;
}

static enum step_result refuse(struct step *step, enum wire_refusal refusal)
{
    step->refusal = refusal;
    return STEP_REFUSED;
}

static enum step_result check_frame(struct step *step, const struct wearer_device *device)
{
    const struct input *input = step->input;
    struct wire_place place;
    if (input->size > FRAME_BYTES_MAX)
        return refuse(step, WIRE_TOO_LARGE);
    if (!wire_peek(input->bytes, input->size, &place))
        return refuse(step, WIRE_MALFORMED);
    enum step_result result = lane_frames_place(device, &place);
    const struct wire_descriptor *descriptor = descriptor_of(step, place.boot_id);
    if (result == STEP_REFUSED)
        return refuse(step, descriptor == NULL ? WIRE_BOOT : WIRE_ABSURD);
    if (result != STEP_APPLIED)
        return result;
    if (descriptor == NULL)
        return refuse(step, WIRE_BOOT);
    step->refusal = wire_decode_frame(&step->scratch->arena, input->bytes, input->size, descriptor,
                                      &step->scratch->frame);
    return step->refusal == WIRE_OK ? STEP_APPLIED : STEP_REFUSED;
}

static enum step_result check_control(struct step *step, const struct wearer_device *device)
{
    const struct input *input = step->input;
    struct pipeline_scratch *scratch = step->scratch;
    const struct wire_place *place;
    if (input->kind == INPUT_REPORT) {
        step->refusal =
            wire_decode_report(&scratch->arena, input->bytes, input->size, &scratch->report);
        place = &scratch->report.place;
    } else {
        step->refusal =
            wire_decode_feedback(&scratch->arena, input->bytes, input->size, &scratch->feedback);
        place = &scratch->feedback.place;
    }
    if (step->refusal != WIRE_OK)
        return STEP_REFUSED;
    enum step_result result = control_place(device, place);
    return result == STEP_REFUSED ? refuse(step, WIRE_ABSURD) : result;
}

static enum step_result check_hello(struct step *step, const struct wearer_device *device,
                                    bool lost)
{
    const struct input *input = step->input;
    step->refusal = wire_decode_hello(&step->scratch->arena, input->bytes, input->size, device->id,
                                      &step->scratch->descriptor);
    if (step->refusal != WIRE_OK)
        return STEP_REFUSED;
    uint64_t digest = bytes_digest(DIGEST_SEED, input->bytes, input->size);
    bool held = (device->described && device->descriptor_digest == digest) ||
                (device->next_described && device->next_digest == digest);
    if (held && !lost)
        return STEP_DUPLICATE;
    return STEP_APPLIED;
}

static enum step_result check_link(struct step *step, const struct wearer_device *device)
{
    const struct input *input = step->input;
    struct wire_link *link = &step->scratch->link;
    step->refusal = wire_decode_link(&step->scratch->arena, input->bytes, input->size, link);
    if (step->refusal != WIRE_OK)
        return STEP_REFUSED;
    /* The will of a former life says nothing about this one. */
    return device_described(device, link->boot_id) ? STEP_APPLIED : refuse(step, WIRE_BOOT);
}

uint64_t skip_field(const uint8_t *bytes, int field)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | bytes[8 * field + i];
    return value;
}

static enum step_result check_skip(struct step *step, const struct wearer_device *device)
{
    const struct input *input = step->input;
    if (input->size != 24)
        return refuse(step, WIRE_MALFORMED);
    uint64_t boot_id = skip_field(input->bytes, 0);
    uint64_t first = skip_field(input->bytes, 1), last = skip_field(input->bytes, 2);
    if (!device_described(device, boot_id))
        return refuse(step, WIRE_BOOT);
    uint64_t next = lane_awaits(&device->frames, boot_id);
    if (first > next || last < first || last - first > SEQ_JUMP_MAX)
        return refuse(step, WIRE_RANGE);
    return last < next ? STEP_DUPLICATE : STEP_APPLIED;
}

enum step_result device_check(struct step *step)
{
    const struct wearer_state *state = step->state;
    uint8_t slot = step->input->slot;
    if (slot >= WEARER_DEVICES_MAX || state->devices[slot].id[0] == '\0')
        return STEP_UNKNOWN;
    const struct wearer_device *device = &state->devices[slot];
    switch ((enum input_kind)step->input->kind) {
    case INPUT_FRAME:
        return check_frame(step, device);
    case INPUT_REPORT:
    case INPUT_FEEDBACK:
        return check_control(step, device);
    case INPUT_HELLO:
        return check_hello(step, device, state->health[slot].lost);
    case INPUT_LINK:
        return check_link(step, device);
    case INPUT_SKIP:
        return check_skip(step, device);
    case INPUT_UNKNOWN:
    case INPUT_CONFIG:
    case INPUT_ACK:
    case INPUT_TICK:
    case INPUT_HUB:
    case INPUT_CLIENTS:
    case INPUT_SAID:
    case INPUT_PLAN:
    case INPUT_KINDS:
        break;
    }
    /* A bug: check() of pipeline.c sends only device inputs here. */
    assert(step->input->kind == INPUT_FRAME);
    return STEP_UNKNOWN;
}
