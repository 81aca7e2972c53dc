#include "tests/link/link_box.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void keep(char *to, const void *from, size_t size)
{
    size_t length = size < BOX_TEXT_SIZE - 1 ? size : BOX_TEXT_SIZE - 1;
    if (length > 0) {
        memcpy(to, from, length);
    }
    to[length] = '\0';
}

static void on_received(void *context, const struct link_message *message)
{
    struct link_box *box = context;
    pthread_mutex_lock(&box->mutex);
    keep(box->topic, message->topic, message->topic_size);
    keep(box->payload, message->payload, message->payload_size);
    keep(box->response_topic, message->response_topic ? message->response_topic : "",
         message->response_topic ? strlen(message->response_topic) : 0);
    keep(box->correlation, message->correlation, message->correlation_size);
    box->correlation_size = message->correlation_size;
    box->retained = message->retained;
    box->received_n++;
    pthread_cond_broadcast(&box->changed);
    pthread_mutex_unlock(&box->mutex);
}

static void on_connected(void *context, bool session_present)
{
    struct link_box *box = context;
    pthread_mutex_lock(&box->mutex);
    box->session_present = session_present;
    box->connected_n++;
    pthread_cond_broadcast(&box->changed);
    pthread_mutex_unlock(&box->mutex);
}

static void on_lost(void *context, const char *why)
{
    (void)why;
    struct link_box *box = context;
    pthread_mutex_lock(&box->mutex);
    box->lost_n++;
    pthread_cond_broadcast(&box->changed);
    pthread_mutex_unlock(&box->mutex);
}

static void on_published(void *context, uint64_t token, int reason)
{
    struct link_box *box = context;
    pthread_mutex_lock(&box->mutex);
    if (token < BOX_TOKENS_MAX) {
        box->reasons[token] = reason;
        box->answers_n[token]++;
    }
    box->published_n++;
    pthread_cond_broadcast(&box->changed);
    pthread_mutex_unlock(&box->mutex);
}

void box_init(struct link_box *box)
{
    pthread_condattr_t attributes;
    memset(box, 0, sizeof *box);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&box->mutex, NULL);
    pthread_cond_init(&box->changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

void box_fini(struct link_box *box)
{
    pthread_cond_destroy(&box->changed);
    pthread_mutex_destroy(&box->mutex);
}

struct link_callbacks box_callbacks(struct link_box *box)
{
    return (struct link_callbacks){.context = box,
                                   .received = on_received,
                                   .connected = on_connected,
                                   .lost = on_lost,
                                   .published = on_published};
}

bool box_wait(struct link_box *box, const unsigned *count, unsigned least, unsigned wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(wait_ms / 1000);
    until.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&box->mutex);
    while (*count < least && pthread_cond_timedwait(&box->changed, &box->mutex, &until) == 0) {
    }
    bool ok = *count >= least;
    pthread_mutex_unlock(&box->mutex);
    return ok;
}

unsigned box_read(struct link_box *box, const unsigned *count)
{
    pthread_mutex_lock(&box->mutex);
    unsigned value = *count;
    pthread_mutex_unlock(&box->mutex);
    return value;
}

struct link_options box_options(const char *uri, const char *client_id)
{
    struct link_options options;
    link_defaults(&options);
    options.uri = uri;
    options.client_id = client_id;
    options.backoff_min_ms = 20;
    options.backoff_max_ms = 100;
    options.jitter_seed = 7;
    return options;
}

struct link *box_open(struct link_box *box, const struct link_options *options)
{
    enum link_error error = LINK_OK;
    struct link_callbacks callbacks = box_callbacks(box);
    struct link *link = link_open(options, &callbacks, &error);
    assert_int_equal(error, LINK_OK);
    assert_non_null(link);
    return link;
}

enum link_error box_publish(struct link *link, const char *topic, const char *text, uint64_t token)
{
    const struct link_publish publish = {.topic = topic,
                                         .payload = (const uint8_t *)text,
                                         .size = strlen(text),
                                         .qos = 1,
                                         .token = token};
    return link_publish(link, &publish);
}

uint64_t box_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}
