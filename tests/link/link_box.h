/* What a link told its user, kept so that a test can wait for it and look at it. */
#ifndef STRIDE_TESTS_LINK_LINK_BOX_H
#define STRIDE_TESTS_LINK_LINK_BOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/link.h"

enum { BOX_TOKENS_MAX = 64, BOX_TEXT_SIZE = 128 };

struct link_box {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    unsigned connected_n, lost_n, received_n, published_n;
    char topic[BOX_TEXT_SIZE], payload[BOX_TEXT_SIZE], response_topic[BOX_TEXT_SIZE];
    char correlation[BOX_TEXT_SIZE];
    size_t correlation_size;
    bool retained, session_present;
    int reasons[BOX_TOKENS_MAX];        /* by token; the last one */
    unsigned answers_n[BOX_TOKENS_MAX]; /* by token: how often `published` was called */
};

void box_init(struct link_box *box);
void box_fini(struct link_box *box);
struct link_callbacks box_callbacks(struct link_box *box);
/* Waits until `*count` is at least `least`; false after `wait_ms`. */
bool box_wait(struct link_box *box, const unsigned *count, unsigned least, unsigned wait_ms);
unsigned box_read(struct link_box *box, const unsigned *count);

/* Options that suit a test: defaults with a short back-off. */
struct link_options box_options(const char *uri, const char *client_id);
/* Opens or fails the test. */
struct link *box_open(struct link_box *box, const struct link_options *options);
enum link_error box_publish(struct link *link, const char *topic, const char *text, uint64_t token);
uint64_t box_now_ms(void);

#endif
