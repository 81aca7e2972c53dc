/* hub/io/store in memory. What a batch puts is a list of changes that happens at its commit, or
 * never; a kill forgets the list and keeps the disk. */
#include "hub/io/store.h"
#include <assert.h>

#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* One change of a batch; what it carries follows it. */
struct change {
    struct change *next;
    void (*make)(struct disk *disk, struct change *change);
    size_t size; /* that it takes on the disk */
    union {
        struct input input;
        struct store_message message;
        struct store_alert alert;
        struct disk_stride stride;
        struct disk_session session;
        struct {
            uint32_t wearer;
            uint64_t seq, digest;
            int64_t at_mono_ns;
        } at;
        struct {
            struct clock_mark mark;
            double speed;
        } clock;
        struct {
            char name[32];
            int64_t value;
        } figure;
        uint64_t number;
    };
    _Alignas(16) uint8_t bytes[];
};

static void *grown(void *array, int n, int *room, size_t size)
{
    if (n < *room)
        return array;
    *room = *room == 0 ? 64 : 2 * *room;
    return realloc(array, (size_t)*room * size);
}

static struct change *change_add(struct store *store,
                                 void (*make)(struct disk *disk, struct change *change),
                                 const void *bytes, size_t size)
{
    struct change *change = calloc(1, sizeof(*change) + size + 1);
    change->make = make;
    change->size = size + 64;
    if (size > 0)
        memcpy(change->bytes, bytes, size);
    if (store->last == NULL)
        store->first = change;
    else
        store->last->next = change;
    store->last = change;
    store->bytes += change->size;
    return change;
}

static void *copy(const void *bytes, size_t size)
{
    uint8_t *out = malloc(size + 1);
    if (size > 0)
        memcpy(out, bytes, size);
    out[size] = 0;
    return out;
}

/* ---------------------------------------------------------------- the changes */

static void make_row(struct disk *disk, struct change *change)
{
    disk->rows = grown(disk->rows, disk->rows_n, &disk->rows_room, sizeof(*disk->rows));
    struct disk_row *row = &disk->rows[disk->rows_n++];
    row->input = change->input;
    row->bytes = copy(change->bytes, change->input.size);
    row->input.bytes = row->bytes;
    check_row(world_now(), &row->input);
}

static void make_snapshot(struct disk_snapshot *at, const struct change *change)
{
    if (at->state == NULL)
        at->state = malloc(sizeof(*at->state));
    memcpy(at->state, change->bytes, sizeof(*at->state));
    at->seq = change->at.seq;
    at->digest = change->at.digest;
    at->at_mono_ns = change->at.at_mono_ns;
}

static void make_checkpoint(struct disk *disk, struct change *change)
{
    make_snapshot(&disk->checkpoints[change->at.wearer - 1], change);
}

static void make_base(struct disk *disk, struct change *change)
{
    make_snapshot(&disk->bases[change->at.wearer - 1], change);
}

static void make_digest(struct disk *disk, struct change *change)
{
    disk->digest_seq[change->at.wearer - 1] = change->at.seq;
    disk->digests[change->at.wearer - 1] = change->at.digest;
}

static void make_replay_from(struct disk *disk, struct change *change)
{
    disk->replay_from = change->number;
}

static void make_stride(struct disk *disk, struct change *change)
{
    disk->strides =
        grown(disk->strides, disk->strides_n, &disk->strides_room, sizeof(*disk->strides));
    disk->strides[disk->strides_n++] = change->stride;
}

static void make_session(struct disk *disk, struct change *change)
{
    int at = 0;
    while (at < disk->sessions_n && strcmp(disk->sessions[at].id, change->session.id) != 0)
        at++;
    if (at == disk->sessions_n) {
        disk->sessions =
            grown(disk->sessions, disk->sessions_n, &disk->sessions_room, sizeof(*disk->sessions));
        disk->sessions_n++;
    }
    disk->sessions[at] = change->session;
}

static void make_alert(struct disk *disk, struct change *change)
{
    int at = 0;
    while (at < disk->alerts_n && strcmp(disk->alerts[at].alert.id, change->alert.id) != 0)
        at++;
    if (at == disk->alerts_n) {
        disk->alerts =
            grown(disk->alerts, disk->alerts_n, &disk->alerts_room, sizeof(*disk->alerts));
        disk->alerts[disk->alerts_n++].record = NULL;
    }
    free(disk->alerts[at].record);
    disk->alerts[at].alert = change->alert;
    disk->alerts[at].record = copy(change->bytes, strlen((const char *)change->bytes));
    disk->alerts[at].alert.record = disk->alerts[at].record;
}

static int message_find(const struct disk *disk, const char *key)
{
    int at = 0;
    while (at < disk->messages_n && strcmp(disk->messages[at].message.key, key) != 0)
        at++;
    return at;
}

static void message_remove(struct disk *disk, int at)
{
    free(disk->messages[at].payload);
    memmove(&disk->messages[at], &disk->messages[at + 1],
            (size_t)(disk->messages_n - at - 1) * sizeof(disk->messages[0]));
    disk->messages_n--;
}

static void make_message(struct disk *disk, struct change *change)
{
    const int at = message_find(disk, change->message.key);
    if (at < disk->messages_n)
        message_remove(disk, at);
    disk->messages =
        grown(disk->messages, disk->messages_n, &disk->messages_room, sizeof(*disk->messages));
    struct disk_message *message = &disk->messages[disk->messages_n++];
    message->message = change->message;
    message->payload = copy(change->bytes, change->message.size);
    message->message.payload = message->payload;
}

static void make_drop(struct disk *disk, struct change *change)
{
    const int at = message_find(disk, change->message.key);
    if (at < disk->messages_n && disk->messages[at].message.version == change->message.version)
        message_remove(disk, at);
}

static void make_clock(struct disk *disk, struct change *change)
{
    disk->has_clock = true;
    disk->clock = change->clock.mark;
    disk->clock_speed = change->clock.speed;
}

static void make_figure(struct disk *disk, struct change *change)
{
    int at = 0;
    while (at < disk->figures_n && strcmp(disk->figures[at].name, change->figure.name) != 0)
        at++;
    disk->figures_n += at == disk->figures_n;
    assert((size_t)disk->figures_n <= sizeof(disk->figures) / sizeof(disk->figures[0]));
    memcpy(disk->figures[at].name, change->figure.name, sizeof(disk->figures[at].name));
    disk->figures[at].value = change->figure.value;
}

/* ---------------------------------------------------------------- puts */

void store_put_input(struct store *store, const struct input *input)
{
    change_add(store, make_row, input->bytes, input->size)->input = *input;
}

void store_put_cursor(struct store *store, const struct store_cursor *cursor)
{
    (void)store;
    (void)cursor; /* nobody reads it back: the state knows */
}

void store_put_digest(struct store *store, uint32_t wearer, uint64_t seq, uint64_t digest)
{
    struct change *change = change_add(store, make_digest, NULL, 0);
    change->at.wearer = wearer;
    change->at.seq = seq;
    change->at.digest = digest;
}

static void put_snapshot(struct store *store, const struct store_snapshot *snapshot,
                         void (*make)(struct disk *disk, struct change *change))
{
    struct change *change = change_add(store, make, snapshot->state, snapshot->size);
    change->at.wearer = snapshot->wearer;
    change->at.seq = snapshot->seq;
    change->at.digest = snapshot->digest;
    change->at.at_mono_ns = snapshot->at_mono_ns;
}

void store_put_checkpoint(struct store *store, const struct store_snapshot *snapshot)
{
    put_snapshot(store, snapshot, make_checkpoint);
}

void store_put_base(struct store *store, const struct store_snapshot *snapshot)
{
    put_snapshot(store, snapshot, make_base);
}

void store_put_replay_from(struct store *store, uint64_t seq)
{
    change_add(store, make_replay_from, NULL, 0)->number = seq;
}

void store_put_session(struct store *store, const struct store_session *session)
{
    struct disk_session *row = &change_add(store, make_session, NULL, 0)->session;
    snprintf(row->id, sizeof(row->id), "%s", session->id);
    row->wearer = session->wearer;
    row->over = session->end_utc_ms != 0;
}

void store_put_stride(struct store *store, uint32_t wearer, const char *session_id,
                      const struct stride *stride)
{
    (void)session_id;
    change_add(store, make_stride, NULL, 0)->stride =
        (struct disk_stride){stride->start_ns, stride->start_device_us, wearer, stride->foot};
}

void store_put_alert(struct store *store, const struct store_alert *alert)
{
    change_add(store, make_alert, alert->record, strlen(alert->record))->alert = *alert;
}

void store_put_message(struct store *store, struct store_message *message)
{
    message->version = ++store->disk->version;
    change_add(store, make_message, message->payload, message->size)->message = *message;
}

void store_drop_message(struct store *store, const char *key, uint64_t version)
{
    struct change *change = change_add(store, make_drop, NULL, 0);
    snprintf(change->message.key, STORE_KEY_SIZE, "%s", key);
    change->message.version = version;
}

void store_put_clock(struct store *store, const struct clock_mark *mark, double speed)
{
    struct change *change = change_add(store, make_clock, NULL, 0);
    change->clock.mark = *mark;
    change->clock.speed = speed;
}

void store_put_figure(struct store *store, const char *name, int64_t value)
{
    struct change *change = change_add(store, make_figure, NULL, 0);
    snprintf(change->figure.name, sizeof(change->figure.name), "%s", name);
    change->figure.value = value;
}

/* ---------------------------------------------------------------- batches */

static void forget(struct store *store)
{
    while (store->first != NULL) {
        struct change *change = store->first;
        store->first = change->next;
        free(change);
    }
    store->last = NULL;
    store->bytes = 0;
}

void store_begin(struct store *store)
{
    (void)store;
}

void store_rollback(struct store *store)
{
    forget(store);
}

enum { RESERVE_STEPS = 16, RESERVE_STEP_BYTES = 512 * 1024 }; /* as hub/README.md says */

static enum store_commit refused(struct store *store)
{
    struct world *world = store->world;
    struct disk *disk = store->disk;
    if (world->now_ns < disk->closed_until_ns)
        return STORE_NOT_COMMITTED_CLOSED;
    if (disk->full) {
        if ((int64_t)store->bytes <= disk->allowance) {
            disk->allowance -= (int64_t)store->bytes;
            return STORE_COMMITTED;
        }
        if (disk->reserve_steps > 0) {
            disk->reserve_steps--;
            disk->allowance += RESERVE_STEP_BYTES;
        }
        return STORE_NOT_COMMITTED_FULL;
    }
    if (world->now_ns >= disk->fails_until_ns)
        return STORE_COMMITTED;
    if (!chance(world, 0.3))
        return STORE_NOT_COMMITTED;
    disk->closed_until_ns = world->now_ns + between(world, SIM_MS, 3 * SIM_SECOND);
    return STORE_NOT_COMMITTED_CLOSED;
}

enum store_commit store_commit(struct store *store, uint64_t last_seq)
{
    struct world *world = store->world;
    (void)last_seq;
    if (hub_process_dies(world, KILL_BEFORE_COMMIT)) {
        forget(store);
        return STORE_COMMITTED; /* nobody is there to see it */
    }
    const enum store_commit result = refused(store);
    if (result != STORE_COMMITTED) {
        world->counts[COUNT_COMMITS_FAILED]++;
        forget(store);
        return result;
    }
    while (store->first != NULL) {
        struct change *change = store->first;
        store->first = change->next;
        change->make(store->disk, change);
        free(change);
    }
    forget(store);
    (void)hub_process_dies(world, KILL_AFTER_COMMIT);
    return STORE_COMMITTED;
}

/* ---------------------------------------------------------------- life and space */

struct store *store_open(const struct store_options *options, enum store_error *error,
                         bool *quarantined)
{
    struct store *store = calloc(1, sizeof(*store));
    (void)options;
    *error = STORE_OK;
    *quarantined = false;
    store->world = world_now();
    store->disk = &store->world->disk;
    if (store->disk->rows_n == 0)
        store->disk->reserve_steps = RESERVE_STEPS;
    return store;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    forget(store);
    free(store);
}

enum store_error store_reopen(struct store *store)
{
    forget(store);
    return store->world->now_ns < store->disk->closed_until_ns ? STORE_IO : STORE_OK;
}

const char *store_last_error(const struct store *store)
{
    return store->disk->full ? "the disk is full" : "the disk failed";
}

bool store_reserve_take(struct store *store)
{
    struct disk *disk = store->disk;
    if (disk->full)
        return false;
    disk->reserve_steps = RESERVE_STEPS;
    disk->allowance = 0;
    return true;
}

/* Everything is kept for the checks: what retention drops is tested with the real store. */
bool store_retain(struct store *store, int64_t journal_before_mono_ns,
                  int64_t strides_before_mono_ns, int rows_max)
{
    (void)store;
    (void)journal_before_mono_ns;
    (void)strides_before_mono_ns;
    (void)rows_max;
    return false;
}

void disk_free(struct disk *disk)
{
    for (int i = 0; i < disk->rows_n; i++)
        free(disk->rows[i].bytes);
    for (int i = 0; i < disk->messages_n; i++)
        free(disk->messages[i].payload);
    for (int i = 0; i < disk->alerts_n; i++)
        free(disk->alerts[i].record);
    for (int i = 0; i < SIM_WEARERS_MAX; i++) {
        free(disk->checkpoints[i].state);
        free(disk->bases[i].state);
    }
    free(disk->rows);
    free(disk->messages);
    free(disk->alerts);
    free(disk->strides);
    free(disk->sessions);
}
