/* A struct device over MQTT: the transport that a device with an operating system can use.
 *
 * In: a struct device, a broker. Out: its messages on its topics, the hub's on a queue to poll.
 * The session on the broker is clean and short: the ring is the queue. `link` is the last will.
 * Threads: MQTT's threads only fill a bounded queue; everything else, the device included, is
 * touched by the one thread that calls device_link_step. What the queue cannot take is counted and
 * dropped: a receipt comes again, a prompt would have been late. */
#ifndef STRIDE_DEVICES_LIB_DEVICE_LINK_H
#define STRIDE_DEVICES_LIB_DEVICE_LINK_H

#include "devices/lib/device.h"
#include "proto/link.h"

struct device_link;

enum device_link_fate {
    DEVICE_LINK_SEND = 0,
    DEVICE_LINK_DROP, /* sent, as far as the device knows; tests and simulated faults */
    DEVICE_LINK_TWICE,
};

struct device_link_options {
    const char *uri, *user, *password; /* the client id is the user, or the device id without one */
    struct topic_root root;
    struct link_tls tls;
    struct device *device;    /* caller's, kept; initialised */
    struct wire_arena *arena; /* caller's, kept; may be shared by all links of one thread */
    uint64_t seed;
    double speed; /* simulators: how much faster than life time runs; 0 = 1 */
    void *context;
    /* Asked for each message but the hello; NULL = send all. */
    enum device_link_fate (*fate)(void *context, const struct device_message *message);
};

struct device_link_counts {
    uint64_t connects, losses, queue_full;
    uint64_t dropped[WIRE_REFUSALS]; /* from the hub, by reason; [0] = did not fit in the queue */
};

/* NULL and `*error` set when the options cannot work. Connects in the background. */
struct device_link *device_link_open(const struct device_link_options *options,
                                     enum link_error *error);
/* Says goodbye (Link CLOSED) and waits at most `wait_ms` for what is in flight. */
void device_link_close(struct device_link *link, uint32_t wait_ms);
/* Ends as a crash would: the broker sends the will. Frees the link too. */
void device_link_abort(struct device_link *link);

/* Takes in what came, sends what is due. True when a receipt grew. `now_ms` is the device's clock
 * of device.h. Call it at least every few hundred milliseconds. */
bool device_link_step(struct device_link *link, uint64_t now_ms);
/* The oldest prompt or request not yet taken; false when there is none. */
bool device_link_prompt(struct device_link *link, struct wire_prompt *out);
bool device_link_request(struct device_link *link, struct wire_request *out);

/* Publishes bytes as they are (simulated delay and reordering). False when the link is away. */
bool device_link_inject(struct device_link *link, enum topic_kind kind, const uint8_t *bytes,
                        size_t size);
bool device_link_online(const struct device_link *link);
void device_link_counts(const struct device_link *link, struct device_link_counts *out);

#endif
