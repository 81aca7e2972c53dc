#include "hub/core/ring.h"

float ring_mean(const struct force_ring *ring, double from_us, double to_us, float otherwise)
{
    double sum = 0.0;
    int n = 0;
    int back = 0;
    while (back < ring->n && ring_us(ring, back) > to_us) {
        back++;
    }
    for (; back < ring->n && ring_us(ring, back) >= from_us; back++) {
        sum += (double)ring_force(ring, back);
        n++;
    }
    return n > 0 ? (float)(sum / n) : otherwise;
}

double ring_crossing_us(const struct force_ring *ring, int back, float level)
{
    double after_us = ring_us(ring, back), before_us = ring_us(ring, back + 1);
    double before = (double)ring_force(ring, back + 1);
    double rise = (double)ring_force(ring, back) - before;
    if (rise == 0.0) {
        return after_us;
    }
    double share = ((double)level - before) / rise;
    share = share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share;
    return before_us + share * (after_us - before_us);
}

double ring_area(const struct force_ring *ring, double from_us, float floor_n)
{
    double area = 0.0;
    for (int back = 0; back + 1 < ring->n && ring_us(ring, back) > from_us; back++) {
        double span_us = ring_us(ring, back) - ring_us(ring, back + 1);
        area += (double)(ring_force(ring, back) - floor_n) * span_us;
    }
    return area;
}
