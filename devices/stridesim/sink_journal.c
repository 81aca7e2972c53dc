#include <errno.h>
#include <math.h>

#include "devices/stridesim/world.h"
#include "proto/journal.h"

/* A row before the rows of all devices are put in the order of their arrival. */
struct row {
    int64_t at_ns; /* from the start */
    size_t order;
    uint32_t wearer, size;
    uint8_t slot, kind;
    uint8_t *bytes;
};

struct writer {
    struct world *world;
    struct row *rows;
    size_t rows_n, room;
    struct random jitter;
    bool failed;
};

#define MONO_START_NS INT64_C(1000000000)

static void add_row(struct writer *writer, int64_t at_ns, const struct gear *gear,
                    enum input_kind kind, const uint8_t *bytes, size_t size)
{
    if (writer->rows_n == writer->room) {
        size_t room = writer->room * 2 + 1024;
        struct row *more = realloc(writer->rows, room * sizeof(*more));
        if (more == NULL) {
            writer->failed = true;
            return;
        }
        writer->rows = more;
        writer->room = room;
    }
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL) {
        writer->failed = true;
        return;
    }
    memcpy(copy, bytes, size);
    writer->rows[writer->rows_n] = (struct row){.at_ns = at_ns,
                                                .order = writer->rows_n,
                                                .wearer = gear->wearer + 1,
                                                .slot = gear->slot,
                                                .kind = (uint8_t)kind,
                                                .size = (uint32_t)size,
                                                .bytes = copy};
    writer->rows_n++;
}

static enum input_kind input_of(enum topic_kind kind)
{
    if (kind == TOPIC_HELLO)
        return INPUT_HELLO;
    if (kind == TOPIC_FRAME)
        return INPUT_FRAME;
    return kind == TOPIC_REPORT ? INPUT_REPORT : INPUT_FEEDBACK;
}

/* Everything the device has goes into the journal, and is receipted at once. */
static void drain(struct writer *writer, struct gear *gear, double now_s, int64_t *last_ns)
{
    const struct options *options = writer->world->options;
    uint64_t now_ms = (uint64_t)(now_s * 1000);
    struct device_message message;
    struct wire_stored stored = {.boot_id = gear->descriptor.boot_id,
                                 .through_seq = gear->device.frames.through,
                                 .control_through_seq = gear->device.control.through};
    while (device_next(&gear->device, now_ms, &message)) {
        double delay_ms = message.kind == TOPIC_HELLO ? 0 : options->latency_ms;
        if (options->jitter_ms > 0 && message.kind != TOPIC_HELLO)
            delay_ms += options->jitter_ms * random_unit(&writer->jitter);
        int64_t at_ns = (int64_t)(now_s * 1e9 + delay_ms * 1e6);
        if (at_ns < *last_ns)
            at_ns = *last_ns; /* one connection keeps its order */
        *last_ns = at_ns;
        add_row(writer, at_ns, gear, input_of(message.kind), message.bytes, message.size);
        device_sent(&gear->device, &message, now_ms);
        if (message.kind == TOPIC_FRAME)
            stored.through_seq = message.seq;
        else if (message.kind != TOPIC_HELLO)
            stored.control_through_seq = message.seq;
        (void)device_received_stored(&gear->device, &stored, now_ms);
    }
}

static void say_link(struct writer *writer, const struct gear *gear, Stride__V1__LinkState state,
                     int64_t at_ns)
{
    uint8_t bytes[32];
    struct wire_link link = {.boot_id = gear->descriptor.boot_id, .state = state};
    size_t size = wire_encode_link(&link, bytes, sizeof(bytes));
    add_row(writer, at_ns, gear, INPUT_LINK, bytes, size);
}

static void run_gear(struct writer *writer, struct gear *gear)
{
    int64_t last_ns = 0;
    bool online = true;
    device_connected(&gear->device, 0);
    drain(writer, gear, 0, &last_ns);
    for (double now_s; isfinite(now_s = gear_next_s(gear)) && !writer->failed;) {
        uint64_t now_ms = (uint64_t)(now_s * 1000);
        switch (gear_step(gear, now_ms)) {
        case GEAR_SAME:
            break;
        case GEAR_STARTED:
            online = true;
            device_connected(&gear->device, now_ms);
            break;
        case GEAR_DIED:
        case GEAR_WENT_OFFLINE:
            online = false;
            device_lost(&gear->device);
            /* The broker speaks the will after 1.5 keepalives of 5 s. */
            say_link(writer, gear, STRIDE__V1__LINK_STATE__LINK_LOST,
                     (int64_t)((now_s + 7.5) * 1e9));
            break;
        }
        if (!online && !gear->dead && gear->offline_until_s <= 0) {
            online = true;
            device_connected(&gear->device, now_ms);
        }
        drain(writer, gear, now_s, &last_ns);
    }
    if (online && !gear->silent && !gear->dead)
        say_link(writer, gear, STRIDE__V1__LINK_STATE__LINK_CLOSED, last_ns);
}

static int by_arrival(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->at_ns != y->at_ns)
        return x->at_ns < y->at_ns ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void add_caregivers(const struct world *world, const struct wearer *wearer,
                           struct wire_wearer_config *config)
{
    unsigned n = world->script != NULL ? world->script->caregivers_n : 1;
    for (unsigned i = 0; i < n; i++) {
        struct wire_caregiver *caregiver = &config->caregivers[config->caregivers_n++];
        world_name_caregiver(wearer, i, caregiver->account);
        caregiver->order = i + 1;
        caregiver->emergency = true;
    }
    if (world->script == NULL || !world->script->monitoring)
        return;
    struct wire_caregiver *service = &config->caregivers[config->caregivers_n++];
    world_name_service(wearer, service->account);
    service->order = n + 1;
    service->emergency = service->monitoring = true;
}

static size_t encode_config(const struct world *world, unsigned n, uint8_t *out, size_t size)
{
    static struct wire_wearer_config config; /* 10 KiB: not for the stack */
    const struct wearer *wearer = &world->wearers[n];
    memset(&config, 0, sizeof(config));
    snprintf(config.wearer, sizeof(config.wearer), "%s", wearer->id);
    snprintf(config.display_name, sizeof(config.display_name), "%s", wearer->name);
    config.version = 1;
    for (unsigned i = 0; i < world->gears_n; i++) {
        const struct gear *gear = &world->gears[i];
        if (gear->wearer != n)
            continue;
        unsigned at = config.devices_n++;
        memcpy(config.devices[at].device, gear->id, ID_SIZE);
        config.devices[at].slot = gear->slot;
        config.devices[at].side = gear->side;
    }
    add_caregivers(world, wearer, &config);
    config.coaching_consent = config.caregiver_consent = true;
    config.height_m = config.mass_kg = config.leg_m = NAN;
    const char *stage = world->options->stage != NULL ? world->options->stage : "P1";
    snprintf(config.stage, sizeof(config.stage), "%s", stage);
    if (world->script != NULL)
        world_describe(world->script, world->start_wall_ms / 1000, &config);
    return wire_encode_wearer_config(&config, out, size);
}

static bool write_row(FILE *file, struct input *input, int64_t at_ns, double start_wall_ms)
{
    uint8_t bytes[JOURNAL_ROW_SIZE_MAX];
    input->seq++;
    input->at_mono_ns = MONO_START_NS + at_ns;
    input->at_wall_ms = (int64_t)start_wall_ms + at_ns / 1000000;
    size_t size = journal_write_row(input, bytes, sizeof(bytes));
    return size > 0 && fwrite(bytes, 1, size, file) == size;
}

static bool write_all(const struct writer *writer, FILE *file)
{
    const struct world *world = writer->world;
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    struct input input = {0};
    double start_wall_ms = world->start_wall_ms;
    size_t size = journal_write_head(bytes, sizeof(bytes));
    if (size == 0 || fwrite(bytes, 1, size, file) != size)
        return false;
    for (unsigned n = 0; n < world->wearers_n; n++) {
        size = encode_config(world, n, bytes, sizeof(bytes));
        input = (struct input){.seq = input.seq,
                               .wearer = n + 1,
                               .slot = INPUT_SLOT_NONE,
                               .kind = INPUT_CONFIG,
                               .size = (uint32_t)size,
                               .bytes = bytes};
        if (size == 0 || !write_row(file, &input, 0, start_wall_ms))
            return false;
    }
    for (size_t i = 0; i < writer->rows_n; i++) {
        const struct row *row = &writer->rows[i];
        input = (struct input){.seq = input.seq,
                               .wearer = row->wearer,
                               .slot = row->slot,
                               .kind = row->kind,
                               .size = row->size,
                               .bytes = row->bytes};
        if (!write_row(file, &input, row->at_ns, start_wall_ms))
            return false;
    }
    return true;
}

static int write_file(struct writer *writer)
{
    const char *path = writer->world->options->journal;
    FILE *file = fopen(path, "wb");
    bool ok = file != NULL && write_all(writer, file);
    if (file != NULL && fclose(file) != 0)
        ok = false;
    if (!ok)
        fprintf(stderr, "stridesim: %s: %s\n", path, strerror(errno));
    return ok ? 0 : 1;
}

int sink_journal(struct world *world)
{
    struct writer writer = {.world = world};
    unsigned refused = 0;
    int code = 1;
    random_init(&writer.jitter, (uint64_t)world->options->seed, 500);
    for (unsigned i = 0; i < world->gears_n && !writer.failed; i++) {
        run_gear(&writer, &world->gears[i]);
        refused += world->gears[i].failures;
    }
    if (writer.failed)
        fprintf(stderr, "stridesim: out of memory\n");
    else if (refused > 0)
        fprintf(stderr, "stridesim: %u samples did not fit; lower --frame-samples\n", refused);
    else {
        if (writer.rows_n > 0)
            qsort(writer.rows, writer.rows_n, sizeof(*writer.rows), by_arrival);
        code = write_file(&writer);
    }
    for (size_t i = 0; i < writer.rows_n; i++)
        free(writer.rows[i].bytes);
    free(writer.rows);
    return code;
}
