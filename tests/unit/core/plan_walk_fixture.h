/* An open walk of the programme's test home, and its moments by time. */
#ifndef STRIDE_TESTS_PLAN_WALK_FIXTURE_H
#define STRIDE_TESTS_PLAN_WALK_FIXTURE_H

#include "plan_fixture.h"

static struct home home;
static struct plan_moment moment;
static int64_t start_ms;

static inline void begin(enum plan_stage stage)
{
    move_in(&home, stage);
    at(&home, 0, 700);
    open_walk(&home);
    start_ms = home.now.wall_ms;
    moment = (struct plan_moment){.motion = PLAN_WALKING,
                                  .mode = PLAN_OVERGROUND,
                                  .nrs = 2,
                                  .nrs_start = 2,
                                  .metres = NAN,
                                  .ambient = NAN};
}

static inline void go_to(int64_t at_ns)
{
    hush(&home);
    moment.at_ns = at_ns;
    home.now.wall_ms = start_ms + at_ns / 1000000;
    plan_moment(&home.plan, &home.params, &home.profile, &home.now, &moment, &home.out);
}

static inline void go(double s)
{
    go_to((int64_t)(s * 1e9));
}

#endif
