#include "hub/app/inbox.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A record in a lane: this head, response topic, correlation, payload; padded to 8 bytes. */
struct record {
    uint32_t size; /* of all of it; 0 = the rest of the lane is unused, go on at its start */
    struct inbox_message message;
};

struct lane {
    uint8_t *bytes;
    size_t size;
    /* Positions only grow; a position's place is its remainder by `size`. */
    uint64_t written, read, released;
};

struct inbox {
    pthread_mutex_t mutex;
    pthread_cond_t filled, freed;
    struct lane lanes[INBOX_LANES];
    struct inbox_stats stats;
    bool woken, shut;
};

static void condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

struct inbox *inbox_open(size_t control_bytes, size_t data_bytes)
{
    struct inbox *inbox = calloc(1, sizeof(*inbox));
    if (inbox == NULL)
        return NULL;
    pthread_mutex_init(&inbox->mutex, NULL);
    condition_init(&inbox->filled);
    condition_init(&inbox->freed);
    const size_t sizes[INBOX_LANES] = {control_bytes & ~(size_t)7, data_bytes & ~(size_t)7};
    for (int i = 0; i < INBOX_LANES; i++) {
        inbox->lanes[i].size = sizes[i];
        inbox->lanes[i].bytes = malloc(sizes[i]);
        if (inbox->lanes[i].bytes == NULL) {
            inbox_close(inbox);
            return NULL;
        }
    }
    return inbox;
}

void inbox_close(struct inbox *inbox)
{
    if (inbox == NULL)
        return;
    for (int i = 0; i < INBOX_LANES; i++)
        free(inbox->lanes[i].bytes);
    pthread_cond_destroy(&inbox->filled);
    pthread_cond_destroy(&inbox->freed);
    pthread_mutex_destroy(&inbox->mutex);
    free(inbox);
}

static void deadline_after(struct timespec *out, int64_t wait_ns)
{
    clock_gettime(CLOCK_MONOTONIC, out);
    const int64_t most_ns = INT64_C(3600) * 1000000000;
    const int64_t ns = (wait_ns < most_ns ? wait_ns : most_ns) + out->tv_nsec;
    out->tv_sec += (time_t)(ns / 1000000000);
    out->tv_nsec = (long)(ns % 1000000000);
}

/* Where a record of `size` bytes can go, or NULL. Moves `written` over an unusable end. */
static uint8_t *room_for(struct lane *lane, size_t size)
{
    if (lane->written == lane->released)
        lane->written = lane->read = lane->released = 0;
    const size_t used = (size_t)(lane->written - lane->released);
    const size_t at = (size_t)(lane->written % lane->size);
    const size_t to_end = lane->size - at;
    if (size <= to_end)
        return used + size <= lane->size ? lane->bytes + at : NULL;
    if (used + to_end + size > lane->size)
        return NULL;
    memset(lane->bytes + at, 0, sizeof(uint32_t));
    lane->written += to_end;
    return lane->bytes;
}

static size_t record_size(const struct inbox_message *message)
{
    const size_t size = sizeof(struct record) + message->response_size + message->correlation_size +
                        message->payload_size;
    return (size + 7) & ~(size_t)7;
}

static void append(uint8_t **to, const void *from, size_t size)
{
    if (size > 0)
        memcpy(*to, from, size);
    *to += size;
}

static void write_record(uint8_t *to, size_t size, const struct inbox_message *message)
{
    struct record record = {.size = (uint32_t)size, .message = *message};
    append(&to, &record, sizeof(record));
    append(&to, message->response_topic, message->response_size);
    append(&to, message->correlation, message->correlation_size);
    append(&to, message->payload, message->payload_size);
}

bool inbox_put(struct inbox *inbox, enum inbox_lane which, const struct inbox_message *message,
               uint32_t wait_ms)
{
    struct lane *lane = &inbox->lanes[which];
    const size_t size = record_size(message);
    struct timespec deadline;
    bool waited = false, timed_out = false;
    pthread_mutex_lock(&inbox->mutex);
    uint8_t *to = size <= lane->size ? room_for(lane, size) : NULL;
    while (to == NULL && size <= lane->size && wait_ms > 0 && !timed_out && !inbox->shut) {
        if (!waited)
            deadline_after(&deadline, (int64_t)wait_ms * 1000000);
        inbox->stats.waits[which] += !waited;
        waited = true;
        timed_out = pthread_cond_timedwait(&inbox->freed, &inbox->mutex, &deadline) != 0;
        to = room_for(lane, size);
    }
    if (to != NULL) {
        write_record(to, size, message);
        lane->written += size;
        inbox->stats.taken[which]++;
        pthread_cond_signal(&inbox->filled);
    } else {
        inbox->stats.dropped[which]++;
    }
    pthread_mutex_unlock(&inbox->mutex);
    return to != NULL;
}

void inbox_wake(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->mutex);
    inbox->woken = true;
    pthread_cond_signal(&inbox->filled);
    pthread_mutex_unlock(&inbox->mutex);
}

void inbox_shut(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->mutex);
    inbox->shut = true;
    pthread_cond_broadcast(&inbox->freed);
    pthread_mutex_unlock(&inbox->mutex);
}

static bool nothing_to_read(const struct inbox *inbox)
{
    return inbox->lanes[INBOX_CONTROL].read == inbox->lanes[INBOX_CONTROL].written &&
           inbox->lanes[INBOX_DATA].read == inbox->lanes[INBOX_DATA].written;
}

void inbox_wait(struct inbox *inbox, int64_t wait_ns)
{
    struct timespec deadline;
    deadline_after(&deadline, wait_ns);
    pthread_mutex_lock(&inbox->mutex);
    bool timed_out = wait_ns <= 0;
    while (nothing_to_read(inbox) && !inbox->woken && !timed_out)
        timed_out = pthread_cond_timedwait(&inbox->filled, &inbox->mutex, &deadline) != 0;
    inbox->woken = false;
    pthread_mutex_unlock(&inbox->mutex);
}

static bool read_lane(struct lane *lane, struct inbox_message *out)
{
    if (lane->read == lane->written)
        return false;
    struct record record;
    size_t at = (size_t)(lane->read % lane->size);
    memcpy(&record.size, lane->bytes + at, sizeof(record.size));
    if (record.size == 0) {
        lane->read += lane->size - at;
        at = 0;
    }
    memcpy(&record, lane->bytes + at, sizeof(record));
    const uint8_t *bytes = lane->bytes + at + sizeof(record);
    *out = record.message;
    out->response_topic = (const char *)bytes;
    out->correlation = bytes + out->response_size;
    out->payload = out->correlation + out->correlation_size;
    lane->read += record.size;
    return true;
}

bool inbox_next(struct inbox *inbox, struct inbox_message *out)
{
    pthread_mutex_lock(&inbox->mutex);
    const bool found =
        read_lane(&inbox->lanes[INBOX_CONTROL], out) || read_lane(&inbox->lanes[INBOX_DATA], out);
    pthread_mutex_unlock(&inbox->mutex);
    return found;
}

void inbox_release(struct inbox *inbox)
{
    pthread_mutex_lock(&inbox->mutex);
    for (int i = 0; i < INBOX_LANES; i++)
        inbox->lanes[i].released = inbox->lanes[i].read;
    pthread_cond_broadcast(&inbox->freed);
    pthread_mutex_unlock(&inbox->mutex);
}

void inbox_rewind(struct inbox *inbox, bool data)
{
    pthread_mutex_lock(&inbox->mutex);
    inbox->lanes[INBOX_CONTROL].read = inbox->lanes[INBOX_CONTROL].released;
    if (data)
        inbox->lanes[INBOX_DATA].read = inbox->lanes[INBOX_DATA].released;
    else
        inbox->lanes[INBOX_DATA].released = inbox->lanes[INBOX_DATA].read;
    pthread_cond_broadcast(&inbox->freed);
    pthread_mutex_unlock(&inbox->mutex);
}

void inbox_stats(struct inbox *inbox, struct inbox_stats *out)
{
    pthread_mutex_lock(&inbox->mutex);
    *out = inbox->stats;
    for (int i = 0; i < INBOX_LANES; i++)
        out->bytes[i] = (size_t)(inbox->lanes[i].written - inbox->lanes[i].released);
    pthread_mutex_unlock(&inbox->mutex);
}
