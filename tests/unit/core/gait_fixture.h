/* One scripted foot for the tests of stage 4: samples in, all its events kept. */
#ifndef STRIDE_TESTS_GAIT_FIXTURE_H
#define STRIDE_TESTS_GAIT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "hub/core/gait.h"

enum { EVENTS_MAX = 2000, FORCE_MAX = 60000 };

/* -1 to 1. */
static inline double noise(uint64_t *random)
{
    *random = *random * 6364136223846793005U + 1442695040888963407U;
    return (double)(int64_t)*random / 9.3e18;
}

struct run {
    struct gait_foot foot;
    struct align align;
    struct gait_params params;
    struct gait_event events[EVENTS_MAX];
    int n;
};

static inline void run_start(struct run *run)
{
    memset(run, 0, sizeof *run);
    gait_foot_init(&run->foot, FOOT_RIGHT);
    align_init(&run->align);
}

static inline void push(struct run *run, const float *force, int samples_n, double t0_us,
                        double period_us, bool gap_before)
{
    struct gait_event events[GAIT_EVENTS_MAX];
    struct slice slice = {.t0_us = t0_us,
                          .period_us = period_us,
                          .samples_n = (uint16_t)samples_n,
                          .gap_before = gap_before};
    int64_t settled_ns = gap_before ? INT64_MIN : gait_foot_settled_ns(&run->foot, &run->align);
    int n = gait_foot_push(&run->foot, &run->params, &slice, &run->align, force, events);
    assert_true(n <= GAIT_EVENTS_MAX && run->n + n <= EVENTS_MAX);
    for (int i = 0; i < n; i++) {
        assert_true(events[i].at_session_ns >= settled_ns);
        run->events[run->n++] = events[i];
    }
}

static inline void feed(struct run *run, const float *force, int n, double rate_hz, int frame_n,
                        double t0_us)
{
    double period_us = 1e6 / rate_hz;
    for (int i = 0; i < n; i += frame_n) {
        push(run, force + i, n - i < frame_n ? n - i : frame_n, t0_us + i * period_us, period_us,
             false);
    }
}

#endif
