/* The newest samples of a foot's force, to look back from a step to where it began.
 *
 * `back` counts samples before the newest; 0 is the newest. Pure. Private to gait.c. */
#ifndef STRIDE_HUB_CORE_RING_H
#define STRIDE_HUB_CORE_RING_H

#include "hub/core/gait.h"

void ring_push(struct force_ring *ring, double at_us, float force);

static inline int ring_index(const struct force_ring *ring, int back)
{
    int index = (int)ring->at - 1 - back;
    return index < 0 ? index + GAIT_RING : index;
}

static inline double ring_us(const struct force_ring *ring, int back)
{
    return ring->us[ring_index(ring, back)];
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
