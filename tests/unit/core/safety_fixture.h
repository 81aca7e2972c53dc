/* One wearer of whom a test of stage `safety` says what is known. */
#ifndef STRIDE_TESTS_SAFETY_FIXTURE_H
#define STRIDE_TESTS_SAFETY_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/safety.h"

#define S INT64_C(1000000000)

struct world {
    struct params params;
    struct rules_profile profile;
    struct signals_now signals;
    struct safety_now now;
    struct safety_state state;
    struct safety_out out;
};

/* A wrist is worn; nothing else is known. */
static inline void world_begin(struct world *world)
{
    memset(world, 0, sizeof(*world));
    params_defaults(&world->params);
    safety_init(&world->state);
    world->signals.belt_mps = world->signals.heart_bpm = world->signals.no_contact_s = NAN;
    world->signals.rail = SIGNAL_UNKNOWN;
    world->now = (struct safety_now){.params = &world->params,
                                     .profile = &world->profile,
                                     .signals = &world->signals,
                                     .walk_ns = SAFETY_NEVER,
                                     .since_step_s = NAN,
                                     .wrist_still_s = NAN,
                                     .worn_still_s = NAN,
                                     .hr_max_bpm = NAN,
                                     .age_years = -1,
                                     .devices = COVERAGE_WRIST};
    for (int foot = 0; foot < FEET; foot++)
        world->now.feet[foot] =
            (struct safety_foot){.load_share = NAN, .light_s = NAN, .unrest = NAN};
}

#endif
