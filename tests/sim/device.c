/* The home's devices: the real device library, on clocks that drift and jump. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

enum { FRAME_SAMPLES = 25, CHUNK_MS = 250, CONTROL_RING_BYTES = 8192, SCRATCH_BYTES = 5000 };

static const char *const gear[SIM_GEAR] = {"left", "right", "wrist", "treadmill"};

int device_find(const struct world *world, const char *id)
{
    for (int i = 0; i < world->devices_n; i++) {
        if (strcmp(world->devices[i].descriptor.device, id) == 0)
            return i;
    }
    return -1;
}

static uint64_t clock_ms(const struct world *world)
{
    return (uint64_t)(world->now_ns / SIM_MS) + 1000;
}

static int64_t device_us(const struct world *world, const struct sim_device *device)
{
    const double since_us = (double)(world->now_ns - device->boot_ns) / 1e3;
    return device->clock_us + (int64_t)(since_us * (1 + device->ppm * 1e-6));
}

/* ---------------------------------------------------------------- sending */

static void publish(struct world *world, int index, enum topic_kind kind, const uint8_t *bytes,
                    size_t size, bool retain)
{
    struct sim_say say = {
        .topic.kind = kind, .bytes = bytes, .size = size, .qos = 1, .retain = retain};
    memcpy(say.topic.owner, world->devices[index].descriptor.device, ID_SIZE);
    (void)broker_publish(world, &say);
}

static void pump(struct world *world, int index);

static void timer(struct world *world, const struct event *event)
{
    struct sim_device *device = &world->devices[event->who];
    if (device->timer_ns != event->at_ns)
        return;
    device->timer_ns = INT64_MAX;
    pump(world, event->who);
}

static void pump(struct world *world, int index)
{
    struct sim_device *device = &world->devices[index];
    struct device_message message;
    if (!device->powered)
        return;
    while (world->clients[CLIENT_DEVICE + index].connected &&
           device_next(&device->device, clock_ms(world), &message)) {
        publish(world, index, message.kind, message.bytes, message.size,
                message.kind == TOPIC_HELLO);
        device_sent(&device->device, &message, clock_ms(world));
    }
    const uint64_t due_ms = device_deadline_ms(&device->device);
    if (due_ms == UINT64_MAX)
        return;
    int64_t due_ns = (int64_t)(due_ms - 1000) * SIM_MS;
    if (due_ns <= world->now_ns)
        due_ns = world->now_ns + SIM_MS;
    if (due_ns >= device->timer_ns)
        return;
    device->timer_ns = due_ns;
    world_at(world, due_ns, timer, index, 0, NULL);
}

static void say_link(struct world *world, int index, Stride__V1__LinkState state)
{
    const struct wire_link link = {world->devices[index].descriptor.boot_id, state};
    uint8_t bytes[64];
    const size_t size = wire_encode_link(&link, bytes, sizeof(bytes));
    publish(world, index, TOPIC_LINK, bytes, size, false);
}

void device_link_up(struct world *world, int index)
{
    device_connected(&world->devices[index].device, clock_ms(world));
    pump(world, index);
    say_link(world, index, STRIDE__V1__LINK_STATE__LINK_ONLINE);
}

void device_link_down(struct world *world, int index)
{
    device_lost(&world->devices[index].device);
    if (world->broker.up) /* its last will */
        say_link(world, index, STRIDE__V1__LINK_STATE__LINK_LOST);
}

void device_range(struct world *world, int index, bool in_range)
{
    struct sim_device *device = &world->devices[index];
    device->in_range = in_range;
    if (!in_range)
        broker_disconnect(world, CLIENT_DEVICE + index, true);
    else if (device->powered)
        broker_seek(world, CLIENT_DEVICE + index, between(world, SIM_MS, SIM_SECOND));
}

/* ---------------------------------------------------------------- life */

static void start(struct world *world, int index)
{
    struct sim_device *device = &world->devices[index];
    device->boot_ns = world->now_ns;
    device->clock_us = between(world, 0, INT64_C(1) << 40);
    device->descriptor.boot_id =
        ((uint64_t)index + 1) << 32 | (random_u64(&world->random) & 0xffff0000) | ++device->boots_n;
    device->options.seed = random_u64(&world->random);
    device->walk = NULL;
    device->timer_ns = INT64_MAX;
    if (device_init(&device->device, &device->options) != DEVICE_OK)
        world_fail(world, "a device cannot be made");
    device_set_wear(&device->device, STRIDE__V1__WEAR__WEAR_WORN);
    device_set_battery(&device->device, (int)between(world, 5, 100));
}

void device_power(struct world *world, int index, bool on)
{
    struct sim_device *device = &world->devices[index];
    if (device->powered == on)
        return;
    device->powered = on;
    if (on) {
        start(world, index);
        broker_seek(world, CLIENT_DEVICE + index, between(world, SIM_MS, SIM_SECOND));
    } else {
        broker_disconnect(world, CLIENT_DEVICE + index, true);
    }
}

void device_reboot(struct world *world, int index)
{
    struct sim_device *device = &world->devices[index];
    if (!device->powered)
        return;
    const struct walk_kind *walk = device->walk;
    const int at = device->sample_at[0];
    device_power(world, index, false);
    device_power(world, index, true);
    world->counts[COUNT_DEVICE_BOOTS]++;
    if (walk == NULL)
        return;
    device->walk = walk; /* the walk goes on, and so does its chunk event */
    for (unsigned i = 0; i < device->descriptor.streams_n; i++) {
        const int64_t period_us = device->descriptor.streams[i].period_us;
        device->sample_at[i] =
            (int)(at * (int64_t)device->descriptor.streams[0].period_us / period_us);
        device->walk_us[i] = device_us(world, device) - (int64_t)device->sample_at[i] * period_us;
    }
}

void device_jump(struct world *world, int index, int64_t by_us)
{
    struct sim_device *device = &world->devices[index];
    if (!device->powered)
        return;
    world->counts[COUNT_DEVICE_JUMPS]++;
    device->clock_us += by_us;
    for (unsigned i = 0; i < STREAMS_MAX; i++)
        device->walk_us[i] += by_us;
}

void devices_open(struct world *world)
{
    for (int i = 0; i < world->devices_n; i++) {
        struct sim_device *device = &world->devices[i];
        struct device_options *options = &device->options;
        const int slot = i % SIM_GEAR;
        device->wearer = i / SIM_GEAR;
        device->slot = (uint8_t)slot;
        device->in_range = true;
        device->ppm = random_between(&world->random, -100, 100);
        device->descriptor = walk_kind(0)->descriptors[slot];
        snprintf(device->descriptor.device, ID_SIZE, "w%d-%s", i / SIM_GEAR, gear[slot]);
        device_defaults(options);
        options->descriptor = &device->descriptor;
        options->frame_ring_size = (size_t)between(world, 40, 400) * 1024;
        options->control_ring_size = CONTROL_RING_BYTES;
        options->scratch_size = SCRATCH_BYTES;
        options->frame_ring = malloc(options->frame_ring_size);
        options->control_ring = malloc(options->control_ring_size);
        options->scratch = malloc(options->scratch_size);
        for (unsigned j = 0; j < device->descriptor.streams_n; j++) {
            const struct wire_stream *stream = &device->descriptor.streams[j];
            unsigned n = stream->period_us > 50000 ? 1000000 / stream->period_us : FRAME_SAMPLES;
            n = n > 0 ? n : 1;
            options->streams[j].frame_samples = (uint16_t)n;
            options->streams[j].counts = calloc((size_t)n * stream->channels_n, sizeof(int32_t));
        }
        if (slot == 2) /* the wrist stays on */
            device_power(world, i, true);
    }
}

void devices_close(struct world *world)
{
    for (int i = 0; i < world->devices_n; i++) {
        struct device_options *options = &world->devices[i].options;
        free(options->frame_ring);
        free(options->control_ring);
        free(options->scratch);
        for (unsigned j = 0; j < STREAMS_MAX; j++)
            free(options->streams[j].counts);
    }
}

/* ---------------------------------------------------------------- walking */

static bool add_samples(struct world *world, struct sim_device *device, unsigned stream)
{
    const struct walk_stream *samples = &device->walk->streams[device->slot][stream];
    const int64_t period_us = device->descriptor.streams[stream].period_us;
    const int64_t now_us = device_us(world, device);
    int *at = &device->sample_at[stream];
    for (; *at < samples->samples_n; ++*at) {
        const int64_t t_us = device->walk_us[stream] + *at * period_us;
        if (t_us > now_us)
            return true;
        if (t_us >= 0 && device_add_values(&device->device, stream, (uint64_t)t_us,
                                           samples->values + (ptrdiff_t)*at * samples->channels_n,
                                           clock_ms(world)) != DEVICE_OK)
            world_fail(world, "a device refused a sample");
    }
    return false;
}

static void chunk(struct world *world, const struct event *event)
{
    struct sim_device *device = &world->devices[event->who];
    bool more = false;
    if (!device->powered || device->walk == NULL)
        return;
    for (unsigned i = 0; i < device->descriptor.streams_n; i++)
        more = add_samples(world, device, i) || more;
    for (unsigned i = 0; !more && i < device->descriptor.streams_n; i++) {
        if (device_flush(&device->device, i, clock_ms(world)) != DEVICE_OK)
            world_fail(world, "a device cannot close its frame");
    }
    pump(world, event->who);
    if (more)
        world_at(world, world->now_ns + CHUNK_MS * SIM_MS, chunk, event->who, 0, NULL);
    else
        device->walk = NULL;
}

void device_walk(struct world *world, int index, const struct walk_kind *walk)
{
    struct sim_device *device = &world->devices[index];
    if (walk == NULL || !device->powered || device->walk != NULL)
        return;
    device->walk = walk;
    for (unsigned i = 0; i < device->descriptor.streams_n; i++) {
        device->sample_at[i] = 0;
        device->walk_us[i] = device_us(world, device);
    }
    world_at(world, world->now_ns + between(world, SIM_MS, CHUNK_MS * SIM_MS), chunk, index, 0,
             NULL);
}

/* ---------------------------------------------------------------- what is said and heard */

void device_say(struct world *world, int index, const struct wire_report *report)
{
    struct sim_device *device = &world->devices[index];
    if (!device->powered)
        return;
    if (device_report(&device->device, report, clock_ms(world)) != DEVICE_OK)
        world_fail(world, "a device refused a report");
    pump(world, index);
}

void device_feed_back(struct world *world, int index, const char *prompt,
                      Stride__V1__FeedbackKind kind)
{
    struct sim_device *device = &world->devices[index];
    struct wire_feedback feedback = {.t_us = -1, .kind = kind};
    if (!device->powered)
        return;
    snprintf(feedback.prompt, sizeof(feedback.prompt), "%s", prompt);
    if (device_feedback(&device->device, &feedback, clock_ms(world)) != DEVICE_OK)
        world_fail(world, "a device refused feedback");
    pump(world, index);
}

static void receive_stored(struct world *world, int index, const struct message *message)
{
    static struct wire_arena arena;
    struct sim_device *device = &world->devices[index];
    struct wire_stored stored;
    if (wire_decode_stored(&arena, message->bytes, message->size, &stored) != WIRE_OK) {
        world_fail(world, "a receipt cannot be read");
        return;
    }
    if (!device->powered)
        return;
    check_receipt(world, index, &stored);
    (void)device_received_stored(&device->device, &stored, clock_ms(world));
    pump(world, index);
}

void device_receive(struct world *world, int index, const struct message *message)
{
    static struct wire_arena arena;
    struct wire_prompt prompt;
    if (message->topic.kind == TOPIC_STORED) {
        receive_stored(world, index, message);
        return;
    }
    if (message->topic.kind != TOPIC_PROMPT)
        return;
    if (wire_decode_prompt(&arena, message->bytes, message->size, &prompt) != WIRE_OK) {
        world_fail(world, "a prompt cannot be read");
        return;
    }
    world->counts[COUNT_PROMPTS]++;
    check_shown(world, &prompt);
    people_prompt(world, index, &prompt);
}
