/* What the user of a link calls: options, publishing, waiting. When to connect is decided in
 * link_supervisor.c; Paho is known to link_paho.c only, which also says what was measured. */
#include "proto/link.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "proto/link_private.h"

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };
static const size_t payload_limit =
    268435455; /* MQTT's remaining length, less than that in truth */

const char *link_error_text(enum link_error error)
{
    switch (error) {
    case LINK_OK:
        return "ok";
    case LINK_BAD_OPTIONS:
        return "a URI, name, topic or bound that cannot be used";
    case LINK_NOT_CONNECTED:
        return "not connected";
    case LINK_QUEUE_FULL:
        return "too many publishes wait for the broker";
    case LINK_MEMORY:
        return "out of memory";
    case LINK_FAILED:
        return "the MQTT library refused";
    }
    return "unknown link error";
}

uint64_t link_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

void link_after(struct timespec *when, uint64_t wait_ms)
{
    uint64_t at_ns = link_now_ns() + wait_ms * NS_PER_MS;
    when->tv_sec = (time_t)(at_ns / NS_PER_S);
    when->tv_nsec = (long)(at_ns % NS_PER_S);
}

bool link_cond_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    bool ok = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
              pthread_cond_init(condition, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return ok;
}

void link_note(struct link *link, const char *format, ...)
{
    char text[sizeof link->last_error];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pthread_mutex_lock(&link->mutex);
    memcpy(link->last_error, text, sizeof text);
    pthread_mutex_unlock(&link->mutex);
}

static void link_free(struct link *link)
{
    link_options_free(link);
    free(link->slots);
    pthread_cond_destroy(&link->changed);
    pthread_mutex_destroy(&link->mutex);
    free(link);
}

/* FNV-1a of the client id, mixed with the clock: links started together must not march together. */
static uint64_t jitter_seed(const struct link_options *options)
{
    if (options->jitter_seed) {
        return options->jitter_seed;
    }
    uint64_t hash = 14695981039346656037u;
    for (const char *at = options->client_id; *at; at++) {
        hash = (hash ^ (unsigned char)*at) * 1099511628211u;
    }
    return hash ^ link_now_ns();
}

/* Paho takes http_proxy from the environment: with an empty value it connects to an empty host,
 * with a real one it sends even a loopback broker's bytes through the proxy. MQTT never goes that
 * way. */
static void forget_proxies(void)
{
    (void)unsetenv("http_proxy");
    (void)unsetenv("https_proxy");
}

struct link *link_open(const struct link_options *options, const struct link_callbacks *callbacks,
                       enum link_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, forget_proxies);
    *error = LINK_BAD_OPTIONS;
    if (!link_options_fit(options)) {
        return NULL;
    }
    *error = LINK_MEMORY;
    struct link *link = calloc(1, sizeof *link);
    if (!link || pthread_mutex_init(&link->mutex, NULL) != 0) {
        free(link);
        return NULL;
    }
    if (!link_cond_init(&link->changed)) {
        pthread_mutex_destroy(&link->mutex);
        free(link);
        return NULL;
    }
    link->callbacks = *callbacks;
    link->slots = calloc(options->inflight_max, sizeof *link->slots);
    if (link_options_keep(link, options) && link->slots) {
        link->random = jitter_seed(options);
        *error = supervisor_add(link);
    }
    if (*error != LINK_OK) {
        link_free(link);
        return NULL;
    }
    return link;
}

void link_close(struct link *link, uint32_t wait_ms)
{
    struct timespec until;
    link_after(&until, wait_ms);
    pthread_mutex_lock(&link->mutex);
    while (link->inflight > 0 && link->state == LINK_UP &&
           pthread_cond_timedwait(&link->changed, &link->mutex, &until) == 0) {
    }
    link->close_wanted = true;
    supervisor_wake(link); /* under the mutex: once the flag is seen, the link may leave the list */
    while (link->state != LINK_CLOSED) {
        pthread_cond_wait(&link->changed, &link->mutex);
    }
    pthread_mutex_unlock(&link->mutex);
    link_free(link);
    supervisor_release();
}

void link_abort(struct link *link)
{
    struct timespec until;
    link_after(&until, (uint64_t)2 * LINK_LEAVE_MS);
    pthread_mutex_lock(&link->mutex);
    link->abort_wanted = link->state == LINK_UP;
    supervisor_wake(link);
    while (link->abort_wanted &&
           pthread_cond_timedwait(&link->changed, &link->mutex, &until) == 0) {
    }
    pthread_mutex_unlock(&link->mutex);
}

bool link_wait_connected(struct link *link, uint32_t wait_ms)
{
    struct timespec until;
    link_after(&until, wait_ms);
    pthread_mutex_lock(&link->mutex);
    while (link->state != LINK_UP &&
           pthread_cond_timedwait(&link->changed, &link->mutex, &until) == 0) {
    }
    bool up = link->state == LINK_UP;
    pthread_mutex_unlock(&link->mutex);
    return up;
}

void link_stats(struct link *link, struct link_stats *out)
{
    pthread_mutex_lock(&link->mutex);
    *out = (struct link_stats){
        .connects = link->connects,
        .losses = link->losses,
        .received = atomic_load_explicit(&link->received, memory_order_relaxed),
        .published = link->published,
        .refused = link->refused,
        .inflight = link->inflight,
        .connected = link->state == LINK_UP,
    };
    memcpy(out->last_error, link->last_error, sizeof out->last_error);
    pthread_mutex_unlock(&link->mutex);
}

/* With the mutex held. NULL when all slots wait for their PUBACK. */
static struct link_slot *slot_take(struct link *link, uint64_t token)
{
    struct link_slot *slot = NULL;
    if (link->inflight >= link->inflight_limit) {
        return NULL; /* what Paho would only queue, it leaks when the connection goes */
    }
    if (link->slot_free) {
        slot = &link->slots[link->slot_free - 1];
        link->slot_free = slot->next_free;
    } else {
        assert(link->slots_touched < link->options.inflight_max);
        slot = &link->slots[link->slots_touched++];
        slot->link = link;
    }
    assert(!slot->taken);
    slot->taken = true;
    slot->token = token;
    link->inflight++;
    return slot;
}

/* With the mutex held. */
static void slot_give(struct link *link, struct link_slot *slot)
{
    assert(slot->taken && link->inflight > 0);
    slot->taken = false;
    slot->next_free = link->slot_free;
    link->slot_free = (uint32_t)(slot - link->slots) + 1;
    link->inflight--;
    if (link->inflight == 0) {
        pthread_cond_broadcast(&link->changed);
    }
}

/* A slot answers once: whoever comes later (a sweep after a failure callback) finds it free. */
void link_slot_done(struct link_slot *slot, int reason)
{
    struct link *link = slot->link;
    pthread_mutex_lock(&link->mutex);
    bool taken = slot->taken;
    uint64_t token = slot->token;
    if (taken) {
        link->published += reason < LINK_REASON_ERROR_FIRST;
        link->refused += reason >= LINK_REASON_ERROR_FIRST && reason != LINK_REASON_LOST;
        slot_give(link, slot);
    }
    pthread_mutex_unlock(&link->mutex);
    if (taken && token && link->callbacks.published) {
        link->callbacks.published(link->callbacks.context, token, reason);
    }
}

static bool publish_fits(const struct link_publish *publish)
{
    return link_topic_fits(publish->topic) && (publish->qos == 0 || publish->qos == 1) &&
           publish->size <= payload_limit && publish->correlation_size <= LINK_TEXT_MAX &&
           (!publish->response_topic || link_topic_fits(publish->response_topic)) &&
           (!publish->user_key || publish->user_value);
}

enum link_error link_publish(struct link *link, const struct link_publish *publish)
{
    if (!publish_fits(publish)) {
        return LINK_BAD_OPTIONS;
    }
    pthread_mutex_lock(&link->mutex);
    if (link->state != LINK_UP || link->close_wanted || link->events.failed) {
        pthread_mutex_unlock(&link->mutex);
        return LINK_NOT_CONNECTED;
    }
    struct link_slot *slot = publish->qos == 1 ? slot_take(link, publish->token) : NULL;
    if (publish->qos == 1 && !slot) {
        pthread_mutex_unlock(&link->mutex);
        return LINK_QUEUE_FULL;
    }
    void *handle = link->handle;
    link->publishers++; /* keeps the supervisor from destroying `handle` under us */
    pthread_mutex_unlock(&link->mutex);
    enum link_error error = paho_send(link, handle, publish, slot);
    pthread_mutex_lock(&link->mutex);
    if (error != LINK_OK && slot && slot->taken) {
        slot_give(link, slot);
    }
    if (--link->publishers == 0) {
        pthread_cond_broadcast(&link->changed);
    }
    pthread_mutex_unlock(&link->mutex);
    return error;
}
