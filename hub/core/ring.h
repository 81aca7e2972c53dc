/* The newest samples of a foot's force, to look back from a step to where it began.
 *
 * `back` counts samples before the newest; 0 is the newest. Times are kept as ticks of 1/64 us that
 * wrap around after 67 s: half the bytes of a double, and as exact whatever the clock reads. Pure.
 * Private to gait*.c. */
#ifndef STRIDE_HUB_CORE_RING_H
#define STRIDE_HUB_CORE_RING_H

#include "hub/core/gait.h"

#define RING_TICKS_PER_US 64.0

static inline int ring_index(const struct force_ring *ring, int back)
{
    int index = (int)ring->at - 1 - back;
    return index < 0 ? index + GAIT_RING : index;
}

static inline void ring_push(struct force_ring *ring, double at_us, float force)
{
    /* Beyond any clock's reading, but what a device says is not to be trusted. */
    const double us_max = 9e16;
    double us = at_us < us_max ? at_us : us_max;
    us = us > -us_max ? us : -us_max;
    ring->tick[ring->at] = (uint32_t)(uint64_t)(int64_t)(us * RING_TICKS_PER_US);
    ring->force[ring->at] = force;
    ring->newest_us = at_us;
    ring->at = (uint16_t)(ring->at + 1 == GAIT_RING ? 0 : ring->at + 1);
    ring->n = (uint16_t)(ring->n < GAIT_RING ? ring->n + 1 : GAIT_RING);
}

/* Device time; an older sample's within a tick. */
static inline double ring_us(const struct force_ring *ring, int back)
{
    uint32_t ago = ring->tick[ring_index(ring, 0)] - ring->tick[ring_index(ring, back)];
    return ring->newest_us - (double)ago / RING_TICKS_PER_US;
}

static inline float ring_force(const struct force_ring *ring, int back)
{
    return ring->force[ring_index(ring, back)];
}

/* Mean force between two times, as far as the ring holds them; `otherwise` when it holds none. */
float ring_mean(const struct force_ring *ring, double from_us, double to_us, float otherwise);
/* Time between sample `back` and the one before it where the force was `level`. */
double ring_crossing_us(const struct force_ring *ring, int back, float level);
/* Force above `floor_n` times time, from `from_us` to the newest sample, N us. */
double ring_area(const struct force_ring *ring, double from_us, float floor_n);

#endif
