/* Stage 9: what a batch wants said, sent after its commit and kept until the broker has it.
 *
 * In: messages during a batch; acknowledgements from Paho's threads. Out: publishes.
 * Two kinds: posted ones are rows of the database, keyed, sent again after every reconnect until
 * acknowledged or expired; said ones are sent once and forgotten (`stored`, live view, answers).
 * The loop's thread, but for outbox_acknowledged and outbox_link_changed (any thread). */
#ifndef STRIDE_HUB_APP_OUTBOX_H
#define STRIDE_HUB_APP_OUTBOX_H

#include "hub/io/store.h"
#include "proto/link.h"

enum {
    OUTBOX_PENDING_MAX = 4096,  /* of one batch; posted ones beyond it are read back later */
    OUTBOX_INFLIGHT_MAX = 2048, /* per hub; below the links' own bound */
    OUTBOX_CORRELATION_MAX = 128
};

/* How the outbox reaches a broker; a test puts its own here. */
typedef enum link_error outbox_publish_fn(void *context, bool urgent,
                                          const struct link_publish *publish);

struct outbox_stats {
    uint64_t sent, acknowledged, refused, expired, overflowed, resent;
    int inflight;
};

struct outbox;

struct outbox *outbox_open(outbox_publish_fn *publish, void *context);
void outbox_close(struct outbox *outbox);

/* ---- during a batch */

/* Keeps a row (the store is in a batch) and remembers to send it; the payload is copied. */
void outbox_post(struct outbox *outbox, struct store *store, struct store_message *message);
struct outbox_say {
    const char *topic;
    const uint8_t *payload;
    size_t size;
    int qos;
    bool retain, urgent;
    uint32_t expiry_s; /* machine time; 0 = never */
    const uint8_t *correlation;
    size_t correlation_size;
};
void outbox_say(struct outbox *outbox, const struct outbox_say *message);
/* Rows of acknowledged messages go; true when there were any. */
bool outbox_settle(struct outbox *outbox, struct store *store);
bool outbox_has_acknowledgements(struct outbox *outbox);

/* ---- after it */

/* Sends all that waits. `now_mono_ns` is hub time, for expiry; `speed` turns it into machine time.
 */
void outbox_send(struct outbox *outbox, int64_t now_mono_ns, double speed);
/* The batch could not be stored, but a person may be in need: says what is urgent and never expires
 * (red flags: prompt, alert, notices), once and unrecorded. Its input stays unreceipted and is
 * tried again, with the same ids. Returns how many messages the links took. */
int outbox_cry(struct outbox *outbox);
/* The batch failed: nothing of it is said. */
void outbox_discard(struct outbox *outbox);
/* After a reconnect: everything in the database that is not on its way. True when it did something.
 */
bool outbox_resend(struct outbox *outbox, struct store *store, int64_t now_mono_ns, double speed);
void outbox_stats(struct outbox *outbox, struct outbox_stats *out);

/* ---- any thread */

enum { OUTBOX_NOT_SENT = -1 }; /* the link was lost first, or would not take it: sent again */
void outbox_acknowledged(struct outbox *outbox, uint64_t token, int reason);
/* The link for urgent messages, or the other one, connected anew or was lost. */
void outbox_link_changed(struct outbox *outbox, bool urgent, bool connected);

#endif
