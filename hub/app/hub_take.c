/* Messages from devices: who, which place, and what the core makes of them. */
#include "hub/app/hub.h"
#include "hub/io/log.h"

enum { STORED_EVERY_MS = 100, MS = 1000000 };

static enum input_kind kind_of(enum topic_kind kind)
{
    switch (kind) {
    case TOPIC_HELLO:
        return INPUT_HELLO;
    case TOPIC_FRAME:
        return INPUT_FRAME;
    case TOPIC_REPORT:
        return INPUT_REPORT;
    case TOPIC_FEEDBACK:
        return INPUT_FEEDBACK;
    case TOPIC_LINK:
        return INPUT_LINK;
    case TOPIC_UNKNOWN:
    case TOPIC_STORED:
    case TOPIC_PROMPT:
    case TOPIC_REQUEST:
    case TOPIC_WEARER_LIVE:
    case TOPIC_WEARER_STATE:
    case TOPIC_WEARER_SESSION:
    case TOPIC_WEARER_ALERT:
    case TOPIC_ACCOUNT_NOTICE:
    case TOPIC_ACCOUNT_DIGEST:
    case TOPIC_ACCOUNT_REQUEST:
    case TOPIC_ACCOUNT_RESPONSE:
    case TOPIC_HUB_STATE:
    case TOPIC_KINDS:
        break;
    }
    return INPUT_UNKNOWN;
}

static void count_refusal(struct hub *hub, const struct intake_device *device,
                          enum wire_refusal refusal)
{
    hub->intake.dropped[DROP_REFUSED]++;
    hub->intake.refused[refusal]++;
    log_line(LOG_WARN, "refused", "device %s: %s", device->id, wire_refusal_name(refusal));
}

/* The content at this place was refused too often: the lane goes on behind it, with a marked gap.
 */
static void skip(struct hub *hub, struct intake_device *device, const struct wire_place *place,
                 enum wire_refusal why, const struct machine_time *at)
{
    struct hub_wearer *wearer = &hub->wearers[device->wearer];
    const struct lane *lane = &wearer->state->devices[device->slot].frames;
    const uint64_t next = lane_awaits(lane, place->boot_id);
    const uint64_t fields[3] = {place->boot_id, next < place->seq ? next : place->seq, place->seq};
    uint8_t bytes[24];
    enum wire_refusal refusal;
    for (int i = 0; i < 24; i++)
        bytes[i] = (uint8_t)(fields[i / 8] >> (8 * (i % 8)));
    if (hub_apply(hub, wearer, INPUT_SKIP, device->slot, (uint16_t)why, bytes, sizeof(bytes), at,
                  &refusal) == STEP_APPLIED) {
        hub->counts.skipped++;
        device->stored_due = true;
        log_line(LOG_WARN, "skipped", "device %s: a frame was set aside: %s", device->id,
                 wire_refusal_name(why));
    }
}

static void apply_frame(struct hub *hub, struct intake_device *device,
                        const struct wire_place *place, const uint8_t *bytes, uint32_t size,
                        const struct machine_time *at)
{
    enum wire_refusal refusal;
    const enum step_result result = hub_apply(hub, &hub->wearers[device->wearer], INPUT_FRAME,
                                              device->slot, 0, bytes, size, at, &refusal);
    if (result == STEP_APPLIED) {
        device->stored_due = true;
    } else if (result == STEP_REFUSED) {
        count_refusal(hub, device, refusal);
        /* Without its hello a frame is early, not wrong; far off numbers are no place to skip to.
         */
        if (refusal != WIRE_BOOT && refusal != WIRE_ABSURD && intake_refused(device, place))
            skip(hub, device, place, refusal, at);
    }
}

static void take_frame(struct hub *hub, struct intake_device *device,
                       const struct inbox_message *message)
{
    struct wearer_state *state = hub->wearers[device->wearer].state;
    struct wire_place place;
    struct held_frame held;
    if (message->payload_size > FRAME_BYTES_MAX) {
        count_refusal(hub, device, WIRE_TOO_LARGE);
        return;
    }
    if (!wire_peek(message->payload, message->payload_size, &place)) {
        hub->intake.dropped[DROP_UNREADABLE]++;
        count_refusal(hub, device, WIRE_MALFORMED);
        return;
    }
    const enum step_result result = pipeline_place(state, device->slot, INPUT_FRAME, &place);
    if (result == STEP_DUPLICATE) {
        hub->intake.dropped[DROP_DUPLICATE]++;
        device->stored_due = true; /* the device does not know yet */
        return;
    }
    if (result == STEP_APPLIED || result == STEP_AHEAD)
        intake_seen(device, &place);
    if (!hub->storing) {
        hub->intake.dropped[DROP_NOT_STORING]++;
        return;
    }
    if (result == STEP_AHEAD) {
        if (!intake_hold(&hub->intake, device, &place, message->payload, message->payload_size,
                         &message->at))
            hub->intake.dropped[DROP_AHEAD]++;
        return;
    }
    apply_frame(hub, device, &place, message->payload, message->payload_size, &message->at);
    while (device->held_n > 0 && intake_take_held(&hub->intake, device, state, &held)) {
        apply_frame(hub, device, &held.place, held.bytes, held.size, &held.at);
        intake_freed(&hub->intake, &held);
    }
}

/* The core takes one insole a side; of two, nobody could say which one it listens to. */
static void look_for_twin(struct hub *hub, const struct intake_device *device)
{
    const struct wearer_state *state = hub->wearers[device->wearer].state;
    const struct device_health *own = &state->health[device->slot];
    for (int slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *other = &state->health[slot];
        if (slot == device->slot || own->kind != STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE ||
            other->kind != own->kind || other->side != own->side ||
            state->devices[slot].id[0] == '\0')
            continue;
        hub->counts.same_side++;
        log_line(LOG_WARN, "same-side",
                 "insoles %s and %s of wearer %s are on the same side: correct `side` of one, or "
                 "remove it",
                 device->id, state->devices[slot].id, hub->wearers[device->wearer].id);
        return;
    }
}

static void take_other(struct hub *hub, struct intake_device *device, enum input_kind kind,
                       const struct inbox_message *message)
{
    enum wire_refusal refusal;
    const size_t most = kind == INPUT_HELLO ? (size_t)HELLO_BYTES_MAX : (size_t)CONTROL_BYTES_MAX;
    if (message->payload_size > most) {
        count_refusal(hub, device, WIRE_TOO_LARGE);
        return;
    }
    const enum step_result result =
        hub_apply(hub, &hub->wearers[device->wearer], kind, device->slot, 0, message->payload,
                  message->payload_size, &message->at, &refusal);
    /* A device that says "online" before its hello, or the will of a former life: not an error. */
    if (result == STEP_REFUSED && !(kind == INPUT_LINK && refusal == WIRE_BOOT))
        count_refusal(hub, device, refusal);
    else if (result == STEP_DUPLICATE)
        hub->intake.dropped[DROP_DUPLICATE]++;
    if (kind == INPUT_HELLO && result == STEP_APPLIED)
        look_for_twin(hub, device);
    if (kind == INPUT_HELLO && (result == STEP_APPLIED || result == STEP_DUPLICATE)) {
        device->hello_boot = hub->scratch->descriptor.boot_id;
        device->stored_now = true;
    } else if (kind != INPUT_LINK && result != STEP_REFUSED) {
        device->stored_due = true;
    }
}

static void take_note(struct hub *hub, const struct inbox_message *message)
{
    char text[32];
    const size_t size =
        message->payload_size < sizeof(text) - 1 ? message->payload_size : sizeof(text) - 1;
    memcpy(text, message->payload, size);
    text[size] = '\0';
    const double value = strtod(text, NULL);
    struct hub_counts *counts = &hub->counts;
    if (message->note == LINKS_NOTE_UPTIME) {
        if (value < counts->broker_uptime_s) {
            counts->broker_restarts++;
            counts->broker_dropped_base = 0;
            log_line(LOG_WARN, "broker-restarted", "the broker was restarted");
        }
        counts->broker_uptime_s = value;
    } else if (message->note == LINKS_NOTE_DROPPED) {
        if (value > counts->broker_dropped_base && counts->broker_dropped_base > 0)
            log_line(LOG_WARN, "broker-dropped", "the broker dropped %.0f messages more",
                     value - counts->broker_dropped_base);
        counts->broker_dropped_base = value;
        counts->broker_dropped = value > 0 ? (uint64_t)value : 0;
    }
}

void hub_take(struct hub *hub, const struct inbox_message *message)
{
    const enum input_kind kind = kind_of(message->topic.kind);
    if (message->note != 0) {
        take_note(hub, message);
        return;
    }
    if (message->topic.kind == TOPIC_ACCOUNT_NOTICE) {
        hub_self_test_came(hub, message);
        return;
    }
    if (message->topic.kind == TOPIC_ACCOUNT_REQUEST) {
        hub_take_request(hub, message);
        return;
    }
    if (kind == INPUT_UNKNOWN) {
        hub->intake.dropped[DROP_TOPIC]++;
        return;
    }
    struct intake_device *device = intake_find(&hub->intake, message->topic.owner);
    if (device == NULL) {
        hub->intake.dropped[DROP_UNKNOWN_DEVICE]++;
        log_line(LOG_WARN, "unknown-device", "device %s is not registered: add [device %s]",
                 message->topic.owner, message->topic.owner);
        return;
    }
    const int rate =
        (int)(hub->config->hub.device_rate * (hub->clock.speed < 1 ? 1 : hub->clock.speed));
    if (!intake_admit(device, message->at.mono_ns, rate)) {
        hub->intake.dropped[DROP_RATE]++;
        return;
    }
    if (kind == INPUT_FRAME)
        take_frame(hub, device, message);
    else
        take_other(hub, device, kind, message);
}

/* ---------------------------------------------------------------- stored */

static void send_stored(struct hub *hub, const struct intake_device *device,
                        const struct wire_stored *stored)
{
    uint8_t bytes[512];
    char text[TOPIC_LENGTH_MAX + 1];
    struct topic topic = {.kind = TOPIC_STORED};
    memcpy(topic.owner, device->id, ID_SIZE);
    const size_t size = wire_encode_stored(stored, bytes, sizeof(bytes));
    if (size == 0 || topic_format(&hub->root, &topic, text, sizeof(text)) == 0)
        return;
    const struct link_publish publish = {.topic = text, .payload = bytes, .size = size};
    (void)!links_publish(hub->links, false, &publish); /* a lost one is said again with the next */
}

static void say_stored(struct hub *hub, struct intake_device *device, bool ask)
{
    const struct wearer_device *at = &hub->wearers[device->wearer].state->devices[device->slot];
    /* Each lane may be at another start of the device, and so may what is asked for. */
    const uint64_t boots[] = {at->frames.boot_id, at->control.boot_id,
                              ask ? device->seen_boot : device->hello_boot};
    for (int i = 0; i < 3; i++) {
        if (boots[i] == 0 || (i > 0 && boots[i] == boots[0]) || (i > 1 && boots[i] == boots[1]))
            continue;
        struct wire_stored stored = {.boot_id = boots[i],
                                     .through_seq = lane_awaits(&at->frames, boots[i]) - 1,
                                     .control_through_seq =
                                         lane_awaits(&at->control, boots[i]) - 1};
        if (ask && boots[i] == device->seen_boot)
            intake_resend(device, &at->frames, &stored);
        send_stored(hub, device, &stored);
    }
}

bool hub_stored_scan(struct hub *hub, const struct machine_time *now)
{
    bool soon = false;
    if (hub->unknown)
        return true;
    for (int i = 0; i < hub->intake.devices_n; i++) {
        struct intake_device *device = hub->intake.devices[i];
        const bool behind =
            hub->storing && intake_behind(device, hub->wearers[device->wearer].state);
        const int64_t since_asked_ns = now->mono_ns - device->asked_at_ns;
        const bool ask = behind && since_asked_ns >= (int64_t)INTAKE_ASK_EVERY_MS * MS;
        const bool due = device->stored_due &&
                         now->mono_ns - device->stored_at_ns >= (int64_t)STORED_EVERY_MS * MS;
        soon = soon || device->stored_due || device->stored_now || behind;
        if (!due && !device->stored_now && !ask)
            continue;
        say_stored(hub, device, ask);
        device->stored_at_ns = now->mono_ns;
        if (ask)
            device->asked_at_ns = now->mono_ns;
        device->stored_due = device->stored_now = false;
    }
    return soon;
}
