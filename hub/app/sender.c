#include "hub/app/sender.h"

#include <pthread.h>
#include <time.h>

struct item {
    struct item *next;
    struct link *link;
    struct link_publish publish; /* its pointers are into `bytes` */
    size_t size;
    uint8_t bytes[];
};

struct lane {
    struct item *first, *last;
    unsigned n;
};

struct sender {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t thread;
    struct lane lanes[2]; /* [urgent] */
    size_t bytes;
    bool closing, stopped;
    sender_failed_fn *failed;
    void *context;
};

static struct item *copy_of(struct link *link, const struct link_publish *publish)
{
    const size_t topic_size = strlen(publish->topic) + 1;
    const size_t size = topic_size + publish->size + publish->correlation_size;
    struct item *item = malloc(sizeof(*item) + size);
    if (item == NULL)
        return NULL;
    *item = (struct item){.link = link, .publish = *publish, .size = size};
    uint8_t *at = item->bytes;
    memcpy(at, publish->topic, topic_size);
    item->publish.topic = (const char *)at;
    at += topic_size;
    if (publish->size > 0)
        memcpy(at, publish->payload, publish->size);
    item->publish.payload = at;
    at += publish->size;
    if (publish->correlation_size > 0)
        memcpy(at, publish->correlation, publish->correlation_size);
    item->publish.correlation = publish->correlation_size > 0 ? at : NULL;
    item->publish.response_topic = item->publish.user_key = item->publish.user_value = NULL;
    return item;
}

/* With the mutex held. */
static struct item *take(struct sender *sender)
{
    for (int urgent = 1; urgent >= 0; urgent--) {
        struct lane *lane = &sender->lanes[urgent];
        struct item *item = lane->first;
        if (item == NULL)
            continue;
        lane->first = item->next;
        lane->n--;
        sender->bytes -= item->size;
        return item;
    }
    return NULL;
}

static bool is_stopped(struct sender *sender)
{
    pthread_mutex_lock(&sender->mutex);
    const bool stopped = sender->stopped;
    pthread_mutex_unlock(&sender->mutex);
    return stopped;
}

static void send_item(struct sender *sender, const struct item *item)
{
    static const struct timespec pause = {.tv_nsec = SENDER_FULL_WAIT_MS * 1000000L};
    enum link_error error = LINK_QUEUE_FULL;
    while (!is_stopped(sender)) {
        error = link_publish(item->link, &item->publish);
        if (error != LINK_QUEUE_FULL)
            break;
        nanosleep(&pause, NULL);
    }
    if (error != LINK_OK && item->publish.token != 0)
        sender->failed(sender->context, item->publish.token);
}

static void *run(void *context)
{
    struct sender *sender = context;
    pthread_mutex_lock(&sender->mutex);
    for (;;) {
        struct item *item = take(sender);
        if (item == NULL && sender->closing)
            break;
        if (item == NULL) {
            pthread_cond_wait(&sender->changed, &sender->mutex);
            continue;
        }
        pthread_mutex_unlock(&sender->mutex);
        send_item(sender, item);
        free(item);
        pthread_mutex_lock(&sender->mutex);
    }
    sender->stopped = true;
    pthread_cond_broadcast(&sender->changed);
    pthread_mutex_unlock(&sender->mutex);
    return NULL;
}

static bool init_locks(struct sender *sender)
{
    pthread_condattr_t attributes;
    if (pthread_mutex_init(&sender->mutex, NULL) != 0)
        return false;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    const bool ok = pthread_cond_init(&sender->changed, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return ok;
}

struct sender *sender_open(sender_failed_fn *failed, void *context)
{
    struct sender *sender = calloc(1, sizeof(*sender));
    if (sender == NULL)
        return NULL;
    sender->failed = failed;
    sender->context = context;
    if (init_locks(sender) && pthread_create(&sender->thread, NULL, run, sender) == 0)
        return sender;
    free(sender);
    return NULL;
}

void sender_close(struct sender *sender, unsigned wait_ms)
{
    if (sender == NULL)
        return;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000L;
    if (until.tv_nsec >= 1000000000L) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000L;
    }
    pthread_mutex_lock(&sender->mutex);
    sender->closing = true;
    pthread_cond_broadcast(&sender->changed);
    int waited = 0;
    while (!sender->stopped && waited == 0)
        waited = pthread_cond_timedwait(&sender->changed, &sender->mutex, &until);
    sender->stopped = true; /* from now on nothing is tried a second time */
    pthread_mutex_unlock(&sender->mutex);
    pthread_join(sender->thread, NULL);
    pthread_cond_destroy(&sender->changed);
    pthread_mutex_destroy(&sender->mutex);
    free(sender);
}

enum link_error sender_put(struct sender *sender, struct link *link, bool urgent,
                           const struct link_publish *publish)
{
    struct item *item = copy_of(link, publish);
    if (item == NULL)
        return LINK_MEMORY;
    pthread_mutex_lock(&sender->mutex);
    struct lane *lane = &sender->lanes[urgent];
    const bool fits = !sender->closing && lane->n < SENDER_QUEUE_MAX &&
                      sender->bytes + item->size <= SENDER_BYTES_MAX;
    if (fits) {
        if (lane->first == NULL)
            lane->first = item;
        else
            lane->last->next = item;
        lane->last = item;
        lane->n++;
        sender->bytes += item->size;
        pthread_cond_broadcast(&sender->changed);
    }
    pthread_mutex_unlock(&sender->mutex);
    if (fits)
        return LINK_OK;
    free(item);
    return LINK_QUEUE_FULL;
}
