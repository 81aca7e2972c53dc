/* Stage 1's door: what arrives on Paho's threads waits here for the loop.
 *
 * In: copies of messages, from any thread. Out: the same, to one reader, control before data.
 * Two lanes of fixed size; data can never push control out. A full lane makes its writer wait (the
 * broker's queue then fills instead of our memory) and, after that, drops and counts.
 * What was read stays until inbox_release: a batch whose commit failed is read again.
 * Memory is touched only as far as it fills: the lanes start over at their beginning when empty. */
#ifndef STRIDE_HUB_APP_INBOX_H
#define STRIDE_HUB_APP_INBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/io/clock.h"
#include "proto/topic.h"

enum inbox_lane { INBOX_CONTROL = 0, INBOX_DATA = 1, INBOX_LANES = 2 };

enum {
    INBOX_CONTROL_BYTES = 1024 * 1024,
    INBOX_DATA_BYTES = 4 * 1024 * 1024,
    INBOX_WAIT_MS = 2000
};

struct inbox_message {
    struct topic topic;     /* TOPIC_UNKNOWN: a broker's own figure, named by `note` */
    struct machine_time at; /* when it arrived */
    bool retained;
    uint8_t note;
    uint16_t response_size, correlation_size; /* 0 = none */
    uint32_t payload_size;
    const char *response_topic; /* not NUL-terminated */
    const uint8_t *correlation;
    const uint8_t *payload;
};

struct inbox_stats {
    uint64_t taken[INBOX_LANES], dropped[INBOX_LANES], waits[INBOX_LANES];
    size_t bytes[INBOX_LANES]; /* waiting now */
};

struct inbox;

/* What comes again by itself is data: a device keeps its frames, its next will follows. What is
 * said once - by people, or in a hello - is control, and is read until it was stored. */
static inline enum inbox_lane inbox_lane_of(enum topic_kind kind)
{
    return kind == TOPIC_FRAME || kind == TOPIC_LINK ? INBOX_DATA : INBOX_CONTROL;
}

struct inbox *inbox_open(size_t control_bytes, size_t data_bytes); /* NULL: no memory */
void inbox_close(struct inbox *inbox);
/* Copies; waits up to `wait_ms` for room. False: dropped and counted. */
bool inbox_put(struct inbox *inbox, enum inbox_lane lane, const struct inbox_message *message,
               uint32_t wait_ms);
/* Ends the reader's wait; stays in force until the next wait. Any thread. */
void inbox_wake(struct inbox *inbox);
/* After this nobody waits for room any more. */
void inbox_shut(struct inbox *inbox);

/* ---- the one reader */

/* Until a message can be read, inbox_wake, or `wait_ns` passed. */
void inbox_wait(struct inbox *inbox, int64_t wait_ns);
/* Next message, control first; valid until inbox_release. False when there is none. */
bool inbox_next(struct inbox *inbox, struct inbox_message *out);
/* All that was read is done with. */
void inbox_release(struct inbox *inbox);
/* All that was read since inbox_release will be read again; of data, only if `data` says so (else
 * it is given up, uncounted: the caller knows how many). */
void inbox_rewind(struct inbox *inbox, bool data);
void inbox_stats(struct inbox *inbox, struct inbox_stats *out);

#endif
