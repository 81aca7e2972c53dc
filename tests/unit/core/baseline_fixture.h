/* A wearer who walks at a known level, for the baseline. */
#ifndef STRIDE_TESTS_BASELINE_FIXTURE_H
#define STRIDE_TESTS_BASELINE_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/baseline.h"

static const int64_t second_ns = 1000000000;

/* A wearer who walks, and the session time they came to. */
struct walker {
    struct baseline_state state;
    int64_t at_ns;
    uint64_t random;
    bool frozen;
};

static inline void walker_init(struct walker *walker)
{
    memset(walker, 0, sizeof *walker);
    baseline_init(&walker->state);
    baseline_day(&walker->state, 100, false);
    walker->random = 1;
}

static inline float noise(struct walker *walker)
{
    walker->random = walker->random * UINT64_C(6364136223846793005) + 1;
    return (float)(int64_t)walker->random / 9.3e18F;
}

static inline void none(float values[BASELINE_METRICS])
{
    for (int metric = 0; metric < BASELINE_METRICS; metric++) {
        values[metric] = NAN;
    }
}

/* `n` strides, two a second, of `value` +- 2, uniform: MAD 1. */
static inline void walk(struct walker *walker, enum baseline_metric metric, float speed,
                        float value, int n)
{
    float values[BASELINE_METRICS];
    for (int i = 0; i < n; i++) {
        none(values);
        values[metric] = value + 2 * noise(walker);
        baseline_learn(&walker->state, walker->at_ns, speed, values, walker->frozen);
        walker->at_ns += second_ns / 2;
    }
}

/* The walk is over and long ago. */
static inline void rest(struct walker *walker)
{
    walker->at_ns += 3600 * second_ns;
    baseline_settle(&walker->state, walker->at_ns);
}

static inline struct baseline_value cadence(const struct walker *walker, float speed)
{
    return baseline_get(&walker->state, BASELINE_CADENCE, speed);
}

#endif
