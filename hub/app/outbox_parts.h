/* What the files of the outbox share; nobody else includes this. */
#ifndef STRIDE_HUB_APP_OUTBOX_PARTS_H
#define STRIDE_HUB_APP_OUTBOX_PARTS_H

#include <pthread.h>

#include "hub/app/outbox.h"

struct pending {
    bool posted;
    struct store_message message; /* payload owned */
    int qos;
    uint32_t expiry_s;
    uint8_t correlation[OUTBOX_CORRELATION_MAX];
    size_t correlation_size;
};

struct inflight {
    bool used, urgent;
    uint32_t generation;
    uint64_t version;
    char key[STORE_KEY_SIZE];
};

struct acknowledgement {
    uint64_t token;
    int reason;
};

struct outbox {
    outbox_publish_fn *publish;
    void *context;
    struct pending *pending; /* grows to OUTBOX_PENDING_MAX and stays */
    int pending_n, pending_room;
    struct inflight *inflight; /* [OUTBOX_INFLIGHT_MAX] */
    int inflight_n, inflight_next;
    bool resend_due;
    struct outbox_stats stats;

    pthread_mutex_t mutex; /* of what follows */
    struct acknowledgement acknowledgements[OUTBOX_INFLIGHT_MAX];
    int acknowledgements_n;
    bool link_lost[2], link_connected[2]; /* [urgent] */
};

/* ---- outbox_flight.c */

/* False when the link cannot take it now: the row stays, and is sent after the next connect. */
bool outbox_send_posted(struct outbox *outbox, const struct store_message *message,
                        uint32_t expiry_s);
/* Machine seconds left; false when it is too late to say it. */
bool outbox_time_left(const struct store_message *message, int64_t now_mono_ns, double speed,
                      uint32_t *expiry_s);

#endif
