/* Stage 3: one device's clock onto the hub's clock, frame by frame.
 *
 * In: (t0, period, count) of each frame in (boot, seq) order, and when it arrived. Out: a map from
 * device time to session time (the hub's monotonic clock, ns), and marks for gaps and clock jumps.
 * A frame arrives after its last sample was taken, never before: the map is the line under all
 * (device time, arrival) points, its offset the smallest delay seen and its slope the clock's
 * drift. Frames marked late say nothing about the clock (unless nothing else is known yet). A clock
 * that jumps between frames that follow each other is set straight: device time goes on as if it
 * had not, so nothing after this stage sees it. A device without a sane clock (t0 constant, or
 * never where it should be) is aligned by counting its samples.
 * Device time itself is never altered by arrival: events in device time are the same bits however
 * the frames travelled. Pure. */
#ifndef STRIDE_HUB_CORE_ALIGN_H
#define STRIDE_HUB_CORE_ALIGN_H

#include <stdbool.h>
#include <stdint.h>

enum { ALIGN_POINTS_MAX = 32, ALIGN_STREAMS = 4 };

struct align_stream {
    bool seen;
    uint8_t astray_n; /* frames in a row whose t0 was not where it should be */
    double next_us;   /* device time expected of its next frame */
    double shift_us;  /* device time minus t0: what clock jumps added up to */
};

struct align {
    uint64_t boot_id; /* 0 = nothing seen */
    bool new_life;    /* the device had another boot before: each stream begins after a gap */
    bool counting;    /* no sane clock: device time is samples counted from the first frame */
    bool provisional; /* only late frames seen: the next that is not late sets the map anew */
    uint8_t points_n;
    /* The smallest delay of each bucket of device time; the lower hull of these is the map. */
    struct {
        double device_us;
        int64_t arrival_ns;
    } points[ALIGN_POINTS_MAX];
    double bucket_us;       /* width of a bucket: doubles until the points span long enough */
    double bucket_end_us;   /* of the newest bucket */
    double slope_ns_per_us; /* 1000 = no drift */
    double origin_us;
    int64_t origin_ns;       /* session time of origin_us */
    int64_t behind_since_ns; /* unmarked frames have come too old since; INT64_MIN = they do not */
    struct align_stream streams[ALIGN_STREAMS];
    uint32_t jumps_n;     /* times the clock jumped */
    uint32_t backwards_n; /* of these, back */
};
_Static_assert(sizeof(struct align) <= 1024, "a device is a small part of a wearer's state");

/* What align says of one frame. */
struct slice {
    uint8_t slot, stream;
    bool gap_before; /* samples are missing before this frame (lost frames or a clock jump) */
    bool short_gap;  /* with gap_before: 30 ms of this stream at most, and known to the sample: a
                        line over them loses no step */
    bool clock_jump;
    bool late;    /* marked by the device, or older than 2 s at arrival */
    double t0_us; /* device time of the first sample (recording's own time for played ones),
                     clock jumps taken out */
    double period_us;
    uint16_t samples_n;
    int64_t end_ns; /* session time of the last sample */
};

void align_init(struct align *align);
/* Takes the next frame of the device into the map. `lost_before`: frames are known to be missing.
 * `boot_id` other than the last one starts anew. */
void align_frame(struct align *align, uint64_t boot_id, uint8_t stream, int64_t t0_us,
                 uint32_t period_us, uint16_t samples_n, bool late, bool lost_before,
                 int64_t arrival_ns, struct slice *out);
/* Session time of a device time, by the map as it stands. */
int64_t align_session_ns(const struct align *align, double device_us);

#endif
