/* The hub's three connections to the broker: data in, control in, urgent out.
 *
 * Data in carries hello, frames and link wills towards us, and `stored`, live view and records out.
 * Control in carries reports, feedback and people's requests, so that they never wait behind
 * frames. Out receives nothing: an alert that follows a PUBACK on the same socket waits 4 to 42 ms
 * for Nagle's algorithm (design 6). Callbacks copy into inbox and outbox and return. */
#ifndef STRIDE_HUB_APP_LINKS_H
#define STRIDE_HUB_APP_LINKS_H

#include "hub/app/config.h"
#include "hub/app/inbox.h"
#include "hub/app/outbox.h"

enum links_which { LINKS_DATA = 0, LINKS_CONTROL, LINKS_OUT, LINKS_N };
enum links_note { LINKS_NOTE_DROPPED = 1, LINKS_NOTE_UPTIME };

/* What `hub/state` says of a hub that is gone, by itself or by the broker for it. */
extern const char links_will[];

struct links;

/* Two steps, since outbox and links need each other. Keeps inbox. NULL: no memory. */
struct links *links_new(const struct topic_root *root, struct inbox *inbox);
/* Connects in the background; keeps outbox. `speed` of the hub's clock shortens the waits between
 * attempts. False with what to do in `error` (CONFIG_ERROR_SIZE). */
bool links_start(struct links *links, const struct config_hub *hub, double speed,
                 struct outbox *outbox, char *error);
void links_close(struct links *links);
/* An outbox_publish_fn with links as context. */
enum link_error links_publish(void *context, bool urgent, const struct link_publish *publish);
/* Where the hub writes to itself; only its own accounts may. False when no id can be made. */
bool links_self_test_topic(const struct links *links, char out[TOPIC_LENGTH_MAX + 1]);
/* How often this link has connected so far: a change means its subscriptions are fresh. */
unsigned links_connects(struct links *links, enum links_which which);
bool links_all_connected(struct links *links);
void links_stats(struct links *links, enum links_which which, struct link_stats *out);
const char *links_name(enum links_which which);

#endif
