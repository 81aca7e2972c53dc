/* A scripted body for the tests of devices/sim; included after cmocka. */
#ifndef STRIDE_TESTS_SIM_FIXTURE_H
#define STRIDE_TESTS_SIM_FIXTURE_H

#include <math.h>

#include "devices/sim/wearable.h"

#define GRAVITY 9.81
#define DEGREES 57.29577951308232

static struct script script;

static struct body *walk(const char *text, uint64_t seed)
{
    struct script_error error;
    if (!script_parse(text, strlen(text), &script, &error))
        fail_msg("%u: %s", error.line, error.text);
    struct body *body = body_open(&script, seed);
    assert_non_null(body);
    return body;
}

static inline double force_at(const struct body *body, enum body_foot_side side, double t_s)
{
    struct body_foot foot;
    body_foot(body, side, t_s, &foot);
    return foot.force_n;
}

/* Index of the last step of `step` from `from` that is still below `to`, plus one. */
static inline int steps(double from, double to, double step)
{
    return (int)ceil((to - from) / step);
}

/* Angle between the same axis of two poses, deg. */
static inline double turned_deg(const struct body_pose *a, const struct body_pose *b, int axis)
{
    double dot = 0;
    for (int i = 0; i < 3; i++)
        dot += a->axes[i][axis] * b->axes[i][axis];
    return acos(fmin(1, fmax(-1, dot))) * DEGREES;
}

#endif
