#include "devices/lib/lane.h"

#include <string.h>

/* splitmix64 (Steele, Lea, Flood 2014): one word of state is enough for jitter. */
static uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* 80 to 120 %: a thousand devices that lost the same hub do not come back in one instant. */
static uint64_t jittered(struct device_lane *lane, uint32_t ms)
{
    uint64_t fifth = ms / 5;
    return ms - fifth + (fifth > 0 ? random_next(&lane->random) % (2 * fifth + 1) : 0);
}

static void arm_retry(struct device_lane *lane, uint64_t now_ms)
{
    lane->retry_at_ms = now_ms + jittered(lane, lane->retry_ms);
}

static void probe(struct device_lane *lane, uint64_t now_ms)
{
    lane->cursor = lane->ring.first_seq;
    lane->probing = true;
    arm_retry(lane, now_ms);
}

static bool outstanding(const struct device_lane *lane)
{
    return lane->cursor > lane->ring.first_seq;
}

void lane_init(struct device_lane *lane, uint8_t *memory, size_t size,
               const struct lane_timing *timing, uint64_t seed)
{
    memset(lane, 0, sizeof(*lane));
    ring_init(&lane->ring, memory, size, 1);
    lane->timing = *timing;
    lane->random = seed;
    lane->cursor = 1;
    lane->retry_ms = timing->retry_min_ms;
    lane->again_at_ms = UINT64_MAX;
}

uint64_t lane_next_seq(const struct device_lane *lane)
{
    return ring_next_seq(&lane->ring);
}

uint64_t lane_oldest_seq(const struct device_lane *lane)
{
    return lane->ring.first_seq;
}

bool lane_append(struct device_lane *lane, uint8_t kind, uint64_t now_ms, const uint8_t *bytes,
                 uint32_t size)
{
    if (!ring_append(&lane->ring, kind, (uint32_t)now_ms, bytes, size, &lane->counts.overflowed))
        return false;
    lane->counts.made++;
    if (lane->cursor < lane->ring.first_seq)
        lane->cursor = lane->ring.first_seq;
    return true;
}

void lane_connected(struct device_lane *lane, uint64_t now_ms)
{
    lane->online = true;
    lane->probing = false;
    lane->again_at_ms = UINT64_MAX;
    lane->retry_ms = lane->timing.retry_min_ms;
    lane->waiting = outstanding(lane) && lane->timing.wait_ms > 0;
    lane->wait_until_ms = now_ms + lane->timing.wait_ms;
    if (!lane->waiting)
        lane->cursor = lane->ring.first_seq;
}

void lane_lost(struct device_lane *lane)
{
    lane->online = false;
    lane->waiting = false;
}

bool lane_stored(struct device_lane *lane, uint64_t through_seq, uint64_t now_ms)
{
    if (through_seq >= ring_next_seq(&lane->ring)) {
        lane->counts.refused++;
        return false;
    }
    if (lane->waiting)
        lane->cursor = lane->ring.first_seq;
    lane->waiting = lane->probing = false;
    if (through_seq <= lane->through)
        return false;
    lane->through = through_seq;
    if (lane->again_seq <= through_seq)
        lane->again_at_ms = UINT64_MAX;
    lane->counts.receipted += ring_release(&lane->ring, through_seq);
    if (lane->cursor < lane->ring.first_seq)
        lane->cursor = lane->ring.first_seq;
    lane->retry_ms = lane->timing.retry_min_ms;
    arm_retry(lane, now_ms);
    return true;
}

void lane_again(struct device_lane *lane, uint64_t first_seq, uint64_t now_ms)
{
    struct ring_entry entry;
    if (first_seq < lane->ring.first_seq)
        first_seq = lane->ring.first_seq;
    if (first_seq >= lane->cursor || !ring_find(&lane->ring, first_seq, &entry))
        return;
    /* Each frame that the hub sees ahead of a hole makes it ask, and what it asks for may be on its
     * way: it goes again at once the first time, then only when it has had time to arrive. */
    uint32_t since_ms = (uint32_t)now_ms - entry.sent_ms;
    if (entry.sends > 1 && since_ms < lane->timing.again_ms) {
        lane->again_seq = first_seq;
        lane->again_at_ms = now_ms + lane->timing.again_ms - since_ms;
        return;
    }
    lane->cursor = first_seq;
    lane->again_at_ms = UINT64_MAX;
}

/* Everything due by now. */
static void tick(struct device_lane *lane, uint64_t now_ms)
{
    if (lane->waiting) {
        if (now_ms < lane->wait_until_ms)
            return;
        lane->waiting = false;
        probe(lane, now_ms);
    } else if (outstanding(lane) && now_ms >= lane->retry_at_ms) {
        uint32_t doubled = lane->retry_ms * 2;
        lane->retry_ms = doubled < lane->timing.retry_max_ms ? doubled : lane->timing.retry_max_ms;
        probe(lane, now_ms);
    } else if (now_ms >= lane->again_at_ms) {
        if (lane->again_seq >= lane->ring.first_seq && lane->again_seq < lane->cursor)
            lane->cursor = lane->again_seq;
        lane->again_at_ms = UINT64_MAX;
    }
}

bool lane_next(struct device_lane *lane, uint64_t now_ms, struct ring_entry *out)
{
    if (!lane->online)
        return false;
    tick(lane, now_ms);
    uint32_t limit = lane->probing ? 1 : lane->timing.window;
    if (lane->waiting || lane->cursor - lane->ring.first_seq >= limit)
        return false;
    return ring_find(&lane->ring, lane->cursor, out);
}

void lane_sent(struct device_lane *lane, uint64_t seq, uint64_t now_ms)
{
    struct ring_entry entry;
    if (seq != lane->cursor || !ring_find(&lane->ring, seq, &entry))
        return;
    lane->counts.sent++;
    if (entry.sends > 0)
        lane->counts.resent++;
    if (!outstanding(lane))
        arm_retry(lane, now_ms);
    ring_mark_sent(&lane->ring, seq, (uint32_t)now_ms);
    lane->cursor++;
}

uint64_t lane_deadline_ms(const struct device_lane *lane)
{
    if (!lane->online)
        return UINT64_MAX;
    if (lane->waiting)
        return lane->wait_until_ms;
    if (!outstanding(lane))
        return UINT64_MAX;
    return lane->again_at_ms < lane->retry_at_ms ? lane->again_at_ms : lane->retry_at_ms;
}
