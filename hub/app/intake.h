/* From a device's message to a place in its lane: who sent it, is it next, what is still missing.
 *
 * In: device ids, places, the wearer's state. Out: take it, hold it, or drop it with a reason, and
 * which ranges to ask for again.
 * A frame ahead of its turn is held for a while, since what is missing is on its way more often
 * than not; the rest is asked for with `stored.resend` until it came. The loop's thread only.
 * Holding allocates, within INTAKE_HELD_BYTES_MAX. */
#ifndef STRIDE_HUB_APP_INTAKE_H
#define STRIDE_HUB_APP_INTAKE_H

#include "hub/core/pipeline.h"
#include "hub/io/clock.h"

enum {
    INTAKE_HELD_MAX = 64, /* frames of one device */
    INTAKE_HELD_BYTES_MAX = 4 * 1024 * 1024,
    INTAKE_ASK_EVERY_MS = 1000 /* machine time between two requests for the same gap */
};

/* Why a message was dropped before or by the core. */
enum intake_drop {
    DROP_TOPIC = 0,      /* no topic of this hub */
    DROP_UNKNOWN_DEVICE, /* not registered */
    DROP_UNREADABLE,     /* no place in it */
    DROP_DUPLICATE,
    DROP_AHEAD,       /* no room to hold it: asked for again later */
    DROP_RATE,        /* F25 */
    DROP_NOT_STORING, /* disk full */
    DROP_REFUSED,     /* by the core; counted by reason as well */
    INTAKE_DROPS
};
const char *intake_drop_name(enum intake_drop drop);

struct held_frame {
    struct wire_place place;
    struct machine_time at;
    uint32_t size;
    uint8_t *bytes; /* owned */
};

/* So many a second, and up to a burst at once. All zero: full. */
struct rate_bucket {
    double tokens;
    int64_t at_ns; /* machine time of the last look */
};
bool rate_admit(struct rate_bucket *bucket, int64_t now_ns, double per_s, double burst);

struct intake_device {
    char id[ID_SIZE];
    int wearer; /* index in the hub's table */
    uint8_t slot;
    uint64_t seen_boot, seen_seq; /* furthest frame that came by */
    int held_n;
    struct held_frame held[INTAKE_HELD_MAX]; /* by boot and seq as they came */
    uint64_t refused_boot, refused_seq;
    unsigned refused_n;
    struct rate_bucket rate;
    /* What `stored` has to say. Machine time. */
    bool stored_due, stored_now;
    uint64_t hello_boot; /* answer this boot too, even if no lane is at it yet */
    int64_t stored_at_ns, asked_at_ns;
};

struct intake {
    struct intake_device **devices; /* sorted by id */
    int devices_n;
    size_t held_bytes;
    uint64_t dropped[INTAKE_DROPS];
    uint64_t refused[WIRE_REFUSALS];
};

void intake_init(struct intake *intake);
void intake_free(struct intake *intake);
/* The registered devices anew; those that stay keep what is known of them. False: no memory, and
 * nothing changed. */
struct intake_entry {
    const char *id;
    int wearer;
    uint8_t slot;
};
bool intake_configure(struct intake *intake, const struct intake_entry *entries, int n);
struct intake_device *intake_find(struct intake *intake, const char *id);
/* Token bucket: false when this device sends more than `rate` messages/s, one second's worth ahead.
 */
bool intake_admit(struct intake_device *device, int64_t now_ns, int rate);

/* A frame came by: remembers how far the device is. */
void intake_seen(struct intake_device *device, const struct wire_place *place);
/* Keeps a copy; false when there is no room or it is there already. */
bool intake_hold(struct intake *intake, struct intake_device *device,
                 const struct wire_place *place, const uint8_t *bytes, uint32_t size,
                 const struct machine_time *at);
/* Takes the next held frame whose turn has come out of the hold; false when there is none. What
 * became a duplicate is dropped on the way. The caller frees out->bytes and tells intake_freed. */
bool intake_take_held(struct intake *intake, struct intake_device *device,
                      const struct wearer_state *state, struct held_frame *out);
void intake_freed(struct intake *intake, struct held_frame *frame);
void intake_drop_held(struct intake *intake, struct intake_device *device);

/* The core refused the content at this place: true when it was once too often. */
bool intake_refused(struct intake_device *device, const struct wire_place *place);

/* Is something missing that the device was seen to have sent? */
bool intake_behind(const struct intake_device *device, const struct wearer_state *state);
/* What to ask for again: fills stored->resend. */
void intake_resend(const struct intake_device *device, const struct lane *frames,
                   struct wire_stored *stored);

#endif
