/* One numbered lane of a device: what is kept, what goes out next, what must go out again.
 *
 * In: messages, receipts, the caller's clock. Out: the message to send next.
 * The lane always sends in order, from a cursor that can only be set back to a message not yet
 * receipted: the hub applies a lane in order and refuses what lies ahead of a hole, so sending
 * around a hole would only be sent again.
 *   in flow    - up to `window` messages are on the way without a receipt
 *   waiting    - just connected, and earlier messages are unreceipted: the hub's answer to the
 * hello says from where to go on probing    - no receipt came in time: only the oldest is sent
 * until the hub is heard Invariants: through < first kept <= cursor <= next_seq. No malloc, no OS;
 * time comes in. One thread at a time. */
#ifndef STRIDE_DEVICES_LIB_LANE_H
#define STRIDE_DEVICES_LIB_LANE_H

#include "devices/lib/ring.h"

struct lane_timing {
    uint32_t wait_ms; /* for `stored` after a connect; 0 = do not wait */
    uint32_t retry_min_ms, retry_max_ms;
    uint32_t again_ms; /* a message asked for again waits this long after its last send */
    uint32_t window;   /* messages on the way without a receipt */
};

struct lane_counts {
    uint64_t made, sent, resent, receipted;
    uint64_t overflowed; /* pushed out of the ring before a receipt */
    uint64_t refused;    /* receipts that cannot be: for messages never made */
};

struct device_lane {
    struct ring ring;
    struct lane_timing timing;
    uint64_t random;  /* state of the jitter */
    uint64_t through; /* receipted */
    uint64_t cursor;  /* next to send */
    bool online, waiting, probing;
    uint64_t wait_until_ms, retry_at_ms;
    uint64_t again_seq, again_at_ms; /* asked for, but sent just now; UINT64_MAX = nothing asked */
    uint32_t retry_ms;
    struct lane_counts counts;
};

void lane_init(struct device_lane *lane, uint8_t *memory, size_t size,
               const struct lane_timing *timing, uint64_t seed);

/* Number that the next message gets, and the oldest that will be kept beside it if none overflows:
 * what an encoder has to write. */
uint64_t lane_next_seq(const struct device_lane *lane);
uint64_t lane_oldest_seq(const struct device_lane *lane);
/* False, and nothing changed, when the ring is too small for it. */
bool lane_append(struct device_lane *lane, uint8_t kind, uint64_t now_ms, const uint8_t *bytes,
                 uint32_t size);

void lane_connected(struct device_lane *lane, uint64_t now_ms);
void lane_lost(struct device_lane *lane);
/* The receipt; true when it covers more than the one before. */
bool lane_stored(struct device_lane *lane, uint64_t through_seq, uint64_t now_ms);
/* The hub asks for everything from `first_seq` on. */
void lane_again(struct device_lane *lane, uint64_t first_seq, uint64_t now_ms);

/* What to send at `now_ms`; false when there is nothing. */
bool lane_next(struct device_lane *lane, uint64_t now_ms, struct ring_entry *out);
void lane_sent(struct device_lane *lane, uint64_t seq, uint64_t now_ms);
/* When lane_next may have something without any other call; UINT64_MAX = never. */
uint64_t lane_deadline_ms(const struct device_lane *lane);

#endif
