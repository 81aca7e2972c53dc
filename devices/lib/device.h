/* What a device maker links: samples in, numbered messages out, kept until the hub has them on
 * disk.
 *
 * In: samples, reports, receipts, the device's clock. Out: one message after the other to publish.
 * Life: device_init -> { device_add_* , device_report, device_feedback } at any time;
 *   on every connect device_connected, then  while (device_next) { publish; device_sent }
 *   on a receipt device_received_stored; on a lost connection device_lost.
 * A frame is closed at `frame_samples` samples, or when the clock jumps. It stays in the ring until
 * `stored` covers it; a full ring drops its oldest frames, and every frame says what is still kept.
 * Reports and feedback have a lane of their own that never waits behind frames.
 *
 * Pure core: no malloc, no OS, no transport, no clock of its own; the memory is the caller's.
 * One thread at a time. RAM: README.md.
 * Caveat: numbering starts at 1 with each boot id, so a boot id must never be used twice. */
#ifndef STRIDE_DEVICES_LIB_DEVICE_H
#define STRIDE_DEVICES_LIB_DEVICE_H

#include "devices/lib/lane.h"
#include "proto/limits.h"
#include "proto/topic.h"
#include "proto/wire.h"

enum device_error {
    DEVICE_OK = 0,
    DEVICE_BAD_OPTIONS, /* memory missing, or a descriptor out of bounds */
    DEVICE_TOO_SMALL,   /* scratch, ring or sample memory cannot hold one message */
    DEVICE_BAD_STREAM,  /* no such stream */
    DEVICE_BAD_VALUE,   /* not a number: absent samples end the frame, they are not a value */
};
const char *device_error_text(enum device_error error);

/* Bytes that a restamp may add to an encoded message: late (2) and oldest_kept_seq (11). */
enum { DEVICE_RESTAMP_ROOM = 13 };

struct device_stream_options {
    int32_t *counts;        /* caller's, kept: channels x frame_samples */
    uint16_t frame_samples; /* 1 to FRAME_SAMPLES_MAX */
};

struct device_options {
    const struct wire_descriptor *descriptor; /* caller's, kept; boot_id > 0 */
    struct device_stream_options streams[STREAMS_MAX];
    uint8_t *frame_ring, *control_ring, *scratch; /* caller's, kept */
    size_t frame_ring_size, control_ring_size;
    size_t scratch_size;                 /* for the largest message, plus DEVICE_RESTAMP_ROOM */
    uint32_t stored_wait_ms;             /* after a connect; default 2,000 */
    uint32_t retry_min_ms, retry_max_ms; /* default 5,000 and 30,000 */
    uint32_t late_after_ms; /* a message older than this is marked late; default 1,000 */
    uint32_t window_frames; /* on the way without a receipt; default 64 */
    uint64_t seed;          /* jitter; anything, better not the same on all devices */
};
/* Zeroes all and fills in the defaults above. */
void device_defaults(struct device_options *options);

struct device_stream_state {
    int32_t *counts; /* channel-major, `frame_samples` apart */
    uint16_t frame_samples, samples_n;
    uint64_t t0_us, next_us;
};

struct device {
    const struct wire_descriptor *descriptor;
    uint8_t *scratch;
    size_t scratch_size;
    uint32_t late_after_ms;
    bool online, hello_due;
    Stride__V1__Wear wear;
    int8_t battery_pct; /* -1 = not known */
    struct device_lane frames, control;
    struct device_stream_state streams[STREAMS_MAX];
};

/* One message to publish, QoS 1; retained when `kind` is TOPIC_HELLO. */
struct device_message {
    enum topic_kind kind; /* TOPIC_HELLO, _FRAME, _REPORT or _FEEDBACK */
    const uint8_t *bytes; /* in the scratch: borrowed until the next call */
    size_t size;
    uint64_t seq; /* 0 for the hello */
};

/* ---- life */

__attribute__((warn_unused_result)) enum device_error
device_init(struct device *device, const struct device_options *options);

/* ---- what is measured and said. `now_ms`: any clock that never goes back. */

/* One sample of every channel of `stream`, taken at `t_us` of the device clock. */
__attribute__((warn_unused_result)) enum device_error
device_add_counts(struct device *device, unsigned stream, uint64_t t_us, const int32_t *counts,
                  uint64_t now_ms);
/* The same in SI units; rounded to the descriptor's scale, beyond int32 cut off. */
__attribute__((warn_unused_result)) enum device_error
device_add_values(struct device *device, unsigned stream, uint64_t t_us, const float *values,
                  uint64_t now_ms);
/* Closes the frame being filled, if any. */
__attribute__((warn_unused_result)) enum device_error
device_flush(struct device *device, unsigned stream, uint64_t now_ms);

void device_set_wear(struct device *device, Stride__V1__Wear wear);
void device_set_battery(struct device *device, int battery_pct); /* beyond 0 to 100 = not known */

/* `place` of the argument is ignored: the lane numbers. */
__attribute__((warn_unused_result)) enum device_error
device_report(struct device *device, const struct wire_report *report, uint64_t now_ms);
__attribute__((warn_unused_result)) enum device_error
device_feedback(struct device *device, const struct wire_feedback *feedback, uint64_t now_ms);

/* ---- the connection */

void device_connected(struct device *device, uint64_t now_ms);
void device_lost(struct device *device);
/* True when it covers more frames or control messages than before. Another boot's is ignored. */
bool device_received_stored(struct device *device, const struct wire_stored *stored,
                            uint64_t now_ms);

/* Is there something to send now? If so, what. Calling it again without device_sent gives the same
 * message again. */
bool device_next(struct device *device, uint64_t now_ms, struct device_message *out);
void device_sent(struct device *device, const struct device_message *message, uint64_t now_ms);
/* When device_next may have something without any other call; UINT64_MAX = never. */
uint64_t device_deadline_ms(const struct device *device);
/* Nothing is kept: `stored` covered all that was made (or it was dropped). */
bool device_all_stored(const struct device *device);

#endif
