/* The load generator: publishes a load file's frames at QoS 1 and waits until the other side has
 * them all, flat out or at a given rate.
 *
 * "Has them" is either the hub's receipts (Stored, counted through_seq by through_seq) or, for the
 * counting subscriber, the count it keeps in a shared file. The window - frames sent but not yet
 * had - is the same for both, so that neither is drowned in the broker's queue. One thread; one
 * connection per --connections, and one more for receipts and prompts. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "proto/topic.h"
#include "proto/wire.h"
#include "tests/bench/load_file.h"
#include "tests/bench/load_options.h"
#include "tests/bench/raw_mqtt.h"

enum { RESENDS_MAX = 1 << 16, STALL_S = 10 };

struct device {
    char frame_topic[TOPIC_LENGTH_MAX + 1], hello_topic[TOPIC_LENGTH_MAX + 1];
    uint64_t stored; /* through_seq of the last receipt */
};

struct resend {
    uint32_t device;
    uint64_t first, last;
};

/* Where one connection is in the rounds; it serves every connections_n-th wearer. */
struct cursor {
    struct raw_mqtt *mqtt;
    uint32_t round, device;
    uint64_t sent_n, frames_n; /* frames_n: of all its devices */
    bool done;
};

struct load {
    struct load_options options;
    struct load_file file;
    struct topic_root root;
    struct device *devices;
    uint32_t rounds_n;
    uint64_t frames_n;
    struct cursor cursors[CONNECTIONS_MAX];
    struct raw_mqtt *listener;
    volatile const uint64_t *count; /* the counting subscriber's, or NULL */
    struct resend resends[RESENDS_MAX];
    size_t resends_n;
    uint64_t stored_n, sent_n, resent_n, prompts_n;
    int64_t start_ns, last_ns; /* last_ns: when the other side last had more */
    struct wire_arena arena;
    FILE *log;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- what the other side has */

static struct device *find_device(struct load *load, const char *id, uint32_t *index)
{
    /* ids of a run are few hundred and receipts are batched: a scan costs less than a table */
    for (uint32_t i = 0; i < load->file.devices_n; i++)
        if (strcmp(load->file.devices[i].id, id) == 0) {
            *index = i;
            return &load->devices[i];
        }
    return NULL;
}

static void take_stored(struct load *load, const char *id, const struct raw_message *message)
{
    struct wire_stored stored;
    uint32_t index;
    struct device *device = find_device(load, id, &index);
    if (!device || wire_decode_stored(&load->arena, message->payload, message->payload_size,
                                      &stored) != WIRE_OK)
        return;
    if (stored.through_seq > device->stored) {
        load->stored_n += stored.through_seq - device->stored;
        device->stored = stored.through_seq;
        load->last_ns = now_ns();
    }
    for (unsigned i = 0; i < stored.resend_n && load->resends_n < RESENDS_MAX; i++)
        load->resends[load->resends_n++] =
            (struct resend){index, stored.resend[i].first, stored.resend[i].last};
}

static void take_prompt(struct load *load, const char *id, const struct raw_message *message)
{
    struct wire_prompt prompt;
    if (wire_decode_prompt(&load->arena, message->payload, message->payload_size, &prompt) !=
        WIRE_OK)
        return;
    load->prompts_n++;
    if (load->log)
        fprintf(load->log, "prompt %s %s %s %" PRId64 "\n", id, prompt.id, prompt.rule, now_ns());
}

static void received(void *context, const struct raw_message *message)
{
    struct load *load = context;
    struct topic topic;
    if (!topic_parse(&load->root, message->topic, message->topic_size, &topic))
        return;
    if (topic.kind == TOPIC_STORED)
        take_stored(load, topic.owner, message);
    else if (topic.kind == TOPIC_PROMPT)
        take_prompt(load, topic.owner, message);
}

static uint64_t had_n(struct load *load)
{
    if (load->count && *load->count > load->stored_n) {
        load->stored_n = *load->count;
        load->last_ns = now_ns();
    }
    return load->stored_n;
}

/* ---- what we send */

static bool publish_frame(struct load *load, struct raw_mqtt *mqtt, uint32_t device, uint32_t frame)
{
    const struct load_device *described = &load->file.devices[device];
    const struct load_bytes *bytes = &load->file.walks[described->walk].frames[frame];
    if (!raw_mqtt_publish(mqtt, load->devices[device].frame_topic, false, bytes->bytes,
                          bytes->size))
        return false;
    if (load->log)
        fprintf(load->log, "frame %s %" PRIu32 " %" PRId64 "\n", described->id, frame + 1,
                now_ns());
    return true;
}

static uint32_t connection_of(const struct load *load, uint32_t device)
{
    return load->file.devices[device].wearer % load->options.connections_n;
}

/* Moves to the next device of connection `number` that has a frame in this round. False at the end
 * of all rounds. */
static bool cursor_settle(const struct load *load, struct cursor *cursor, uint32_t number)
{
    for (; cursor->round < load->rounds_n; cursor->round++, cursor->device = 0)
        for (; cursor->device < load->file.devices_n; cursor->device++) {
            const struct load_device *device = &load->file.devices[cursor->device];
            if (connection_of(load, cursor->device) == number &&
                cursor->round >= device->start_round &&
                cursor->round - device->start_round < load->file.walks[device->walk].frames_n)
                return true;
        }
    cursor->done = true;
    return false;
}

static uint64_t allowed_n(const struct load *load, const struct cursor *cursor, int64_t at_ns)
{
    if (load->options.rate <= 0)
        return UINT64_MAX;
    double share = (double)cursor->frames_n / (double)load->frames_n;
    return (uint64_t)((double)(at_ns - load->start_ns) / 1e9 * load->options.rate * share);
}

static void fill(struct load *load, uint32_t number)
{
    struct cursor *cursor = &load->cursors[number];
    uint64_t allowed = allowed_n(load, cursor, now_ns());
    while (!cursor->done && cursor->sent_n < allowed &&
           load->sent_n - load->stored_n < load->options.window &&
           cursor_settle(load, cursor, number)) {
        uint32_t frame = cursor->round - load->file.devices[cursor->device].start_round;
        if (!publish_frame(load, cursor->mqtt, cursor->device, frame))
            break;
        cursor->sent_n++;
        load->sent_n++;
        cursor->device++;
    }
}

/* A broker that dropped messages makes the hub ask again; counted, since it spoils the figure. */
static void fill_resends(struct load *load)
{
    while (load->resends_n > 0) {
        struct resend *resend = &load->resends[load->resends_n - 1];
        struct cursor *cursor = &load->cursors[connection_of(load, resend->device)];
        const struct load_device *device = &load->file.devices[resend->device];
        uint64_t kept = load->devices[resend->device].stored;
        if (resend->first <= kept)
            resend->first = kept + 1;
        for (; resend->first <= resend->last; resend->first++, load->resent_n++)
            if (resend->first > load->file.walks[device->walk].frames_n ||
                !publish_frame(load, cursor->mqtt, resend->device, (uint32_t)resend->first - 1))
                return;
        load->resends_n--;
    }
}

/* ---- the run */

static bool serve_sockets(struct load *load, int wait_ms)
{
    struct pollfd polls[CONNECTIONS_MAX + 1];
    struct raw_mqtt *mqtts[CONNECTIONS_MAX + 1];
    nfds_t n = 0;
    for (unsigned i = 0; i < load->options.connections_n; i++)
        mqtts[n++] = load->cursors[i].mqtt;
    if (load->listener)
        mqtts[n++] = load->listener;
    for (nfds_t i = 0; i < n; i++)
        polls[i] =
            (struct pollfd){.fd = mqtts[i]->fd,
                            .events = (short)(POLLIN | (raw_mqtt_pending(mqtts[i]) ? POLLOUT : 0))};
    if (poll(polls, n, wait_ms) < 0 && errno != EINTR)
        return false;
    for (nfds_t i = 0; i < n; i++)
        if (((polls[i].revents & (POLLIN | POLLHUP | POLLERR)) &&
             !raw_mqtt_read(mqtts[i], received, load)) ||
            !raw_mqtt_flush(mqtts[i])) {
            fprintf(stderr, "load: a connection to the broker is gone\n");
            return false;
        }
    return true;
}

static bool all_sent(const struct load *load)
{
    for (unsigned i = 0; i < load->options.connections_n; i++)
        if (!load->cursors[i].done || raw_mqtt_pending(load->cursors[i].mqtt))
            return false;
    return true;
}

static bool run(struct load *load)
{
    puts("ready");
    (void)fflush(stdout);
    load->start_ns = load->last_ns = now_ns();
    while (!all_sent(load) || had_n(load) < load->sent_n) {
        fill_resends(load);
        for (unsigned i = 0; i < load->options.connections_n; i++)
            fill(load, i);
        for (unsigned i = 0; i < load->options.connections_n; i++)
            if (!raw_mqtt_flush(load->cursors[i].mqtt))
                return false;
        (void)had_n(load);
        if (!serve_sockets(load, 1))
            return false;
        if (now_ns() - load->last_ns > (int64_t)STALL_S * 1000000000) {
            fprintf(stderr, "load: %" PRIu64 " of %" PRIu64 " frames had after %d s of silence\n",
                    load->stored_n, load->sent_n, STALL_S);
            return false;
        }
    }
    return true;
}

/* ---- set-up */

static bool make_topics(struct load *load)
{
    load->devices = calloc(load->file.devices_n, sizeof *load->devices);
    for (uint32_t i = 0; load->devices && i < load->file.devices_n; i++) {
        const struct load_device *device = &load->file.devices[i];
        struct topic topic = {.kind = TOPIC_FRAME};
        memcpy(topic.owner, device->id, ID_SIZE);
        struct device *out = &load->devices[i];
        size_t size = topic_format(&load->root, &topic, out->frame_topic, sizeof out->frame_topic);
        topic.kind = TOPIC_HELLO;
        if (size == 0 ||
            topic_format(&load->root, &topic, out->hello_topic, sizeof out->hello_topic) == 0)
            return false;
        uint32_t frames_n = load->file.walks[device->walk].frames_n;
        uint32_t end = device->start_round + frames_n;
        load->rounds_n = end > load->rounds_n ? end : load->rounds_n;
        load->cursors[connection_of(load, i)].frames_n += frames_n;
        load->frames_n += frames_n;
    }
    return load->devices != NULL;
}

static struct raw_mqtt *open_as(const struct load *load, const char *user)
{
    char password[128];
    return load_options_password(&load->options, user, password, sizeof password)
               ? raw_mqtt_open((uint16_t)load->options.port, user, password)
               : NULL;
}

static bool open_listener(struct load *load)
{
    char user[ID_SIZE], filter[TOPIC_LENGTH_MAX + 1];
    (void)snprintf(user, sizeof user, "%s-rx", load->options.user);
    load->listener = open_as(load, user);
    if (!load->listener)
        return false;
    const enum topic_kind kinds[] = {TOPIC_STORED, TOPIC_PROMPT};
    for (size_t i = 0; i < 2; i++)
        if (topic_filter(&load->root, kinds[i], filter, sizeof filter) == 0 ||
            !raw_mqtt_subscribe(load->listener, filter))
            return false;
    return raw_mqtt_flush(load->listener);
}

static bool open_connections(struct load *load)
{
    char user[ID_SIZE];
    for (unsigned i = 0; i < load->options.connections_n; i++) {
        (void)snprintf(user, sizeof user, "%s-%u", load->options.user, i);
        load->cursors[i].mqtt = open_as(load, user);
        if (!load->cursors[i].mqtt)
            return false;
    }
    return load->count || open_listener(load);
}

/* Hellos first, all acknowledged, so that no frame overtakes its description in the broker. */
static bool say_hello(struct load *load)
{
    for (uint32_t i = 0; i < load->file.devices_n; i++) {
        struct raw_mqtt *mqtt = load->cursors[connection_of(load, i)].mqtt;
        const struct load_bytes *hello = &load->file.devices[i].hello;
        while (
            !raw_mqtt_publish(mqtt, load->devices[i].hello_topic, false, hello->bytes, hello->size))
            if (!serve_sockets(load, 10))
                return false;
    }
    for (unsigned i = 0; i < load->options.connections_n; i++)
        while (load->cursors[i].mqtt->inflight_n > 0)
            if (!serve_sockets(load, 10))
                return false;
    return true;
}

static bool map_count(struct load *load)
{
    if (!load->options.count_file)
        return true;
    int fd = open(load->options.count_file, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const void *map = mmap(NULL, sizeof(uint64_t), PROT_READ, MAP_SHARED, fd, 0);
    (void)close(fd);
    load->count = map == MAP_FAILED ? NULL : map;
    return load->count != NULL;
}

static void print_result(const struct load *load)
{
    uint64_t refused = 0;
    for (unsigned i = 0; i < load->options.connections_n; i++)
        refused += load->cursors[i].mqtt->refused_n;
    printf("{\"sent\": %" PRIu64 ", \"had\": %" PRIu64 ", \"resent\": %" PRIu64
           ", \"refused\": %" PRIu64 ", \"prompts\": %" PRIu64 ", \"seconds\": %.6f}\n",
           load->sent_n, load->stored_n, load->resent_n, refused, load->prompts_n,
           (double)(load->last_ns - load->start_ns) / 1e9);
}

int main(int argc, char **argv)
{
    struct load *load = calloc(1, sizeof *load);
    if (!load)
        return 1;
    if (!load_options_parse(argc, argv, &load->options)) {
        load_options_usage();
        free(load);
        return 2;
    }
    (void)snprintf(load->root.site, sizeof load->root.site, "%s", load->options.site);
    if (load->options.log && !(load->log = fopen(load->options.log, "w")))
        return 1;
    bool ok = load_file_open(&load->file, load->options.load) && make_topics(load) &&
              map_count(load) && open_connections(load) && say_hello(load) && run(load);
    print_result(load);
    for (unsigned i = 0; i < load->options.connections_n; i++)
        raw_mqtt_close(load->cursors[i].mqtt);
    raw_mqtt_close(load->listener);
    if (load->log)
        (void)fclose(load->log);
    load_file_close(&load->file);
    free(load->devices);
    free(load);
    return ok ? 0 : 1;
}
