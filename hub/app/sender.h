/* Publishes on a thread of its own, so that the loop never waits for Paho.
 *
 * Paho holds one lock for the whole process while it hands us a message. When that message waits
 * for room in the inbox, and the loop that makes the room waits to publish, both stand still:
 * measured as 10 to 18 s without a frame. So the loop only queues here; urgent messages go first.
 * In: publishes (copied) from the loop. Out: link_publish on the links, and for what a link would
 * not take the token, through `failed`. Bounded; any thread. */
#ifndef STRIDE_HUB_APP_SENDER_H
#define STRIDE_HUB_APP_SENDER_H

#include "proto/link.h"

enum {
    SENDER_QUEUE_MAX = 4096,            /* messages a lane */
    SENDER_BYTES_MAX = 8 * 1024 * 1024, /* of both lanes */
    SENDER_FULL_WAIT_MS = 2             /* a link with all its places in flight is asked again */
};

struct sender;

/* Called on the sender's thread for a token that did not leave: it is to be sent again. */
typedef void sender_failed_fn(void *context, uint64_t token);

struct sender *sender_open(sender_failed_fn *failed, void *context);
/* Ends the thread after what is queued, or after `wait_ms`; what is left is reported as failed. */
void sender_close(struct sender *sender, unsigned wait_ms);
/* LINK_QUEUE_FULL when the lane is full, LINK_MEMORY; otherwise the message is on its way. */
enum link_error sender_put(struct sender *sender, struct link *link, bool urgent,
                           const struct link_publish *publish);

#endif
