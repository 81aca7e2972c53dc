/* Scripted events of two feet, and the strides that come of them, for the tests of strides. */
#ifndef STRIDE_TESTS_STRIDE_FIXTURE_H
#define STRIDE_TESTS_STRIDE_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/stride.h"

enum { OUT_MAX = 4000, SCRIPT_MAX = 8000 };
#define MS INT64_C(1000000)
#define S INT64_C(1000000000)

/* Events of both feet in time, then a watermark at the end of each. */
struct script {
    struct gait_event events[SCRIPT_MAX];
    int n;
    int64_t end_ns;
};

struct gait_plan {
    int64_t start_ms, stride_ms, left_stance_ms, right_stance_ms, right_after_ms;
    int strides_n;
    int64_t wobble_ms; /* each stride longer or shorter by up to that */
};

static struct script script;
static struct stride_state state;
static struct params params;
static struct stride live[OUT_MAX], final[OUT_MAX];
static int live_n, final_n;
static const struct gait_plan plain = {1000, 1100, 680, 680, 550, 60, 0};

static inline void add(struct script *to, enum foot foot, enum gait_event_kind kind, int64_t at_ms)
{
    assert_true(to->n < SCRIPT_MAX);
    struct gait_event *event = &to->events[to->n++];
    memset(event, 0, sizeof *event);
    event->foot = (uint8_t)foot;
    event->kind = (uint8_t)kind;
    event->at_session_ns = at_ms * MS;
    /* Feet have clocks of their own. */
    event->at_device_us = (double)at_ms * 1000.0 + (foot == FOOT_LEFT ? 0.0 : 5e12);
    event->peak_force_n = kind == GAIT_FOOT_OFF ? (foot == FOOT_LEFT ? 900.0F : 800.0F) : NAN;
    event->impulse_ns = kind == GAIT_FOOT_OFF ? 400.0F : NAN;
    to->end_ns = at_ms * MS > to->end_ns ? at_ms * MS : to->end_ns;
}

static inline void add_gait(struct script *to, const struct gait_plan *plan)
{
    int64_t at_ms = plan->start_ms;
    for (int i = 0; i < plan->strides_n; i++) {
        add(to, FOOT_LEFT, GAIT_INITIAL_CONTACT, at_ms);
        add(to, FOOT_LEFT, GAIT_FOOT_OFF, at_ms + plan->left_stance_ms);
        add(to, FOOT_RIGHT, GAIT_INITIAL_CONTACT, at_ms + plan->right_after_ms);
        add(to, FOOT_RIGHT, GAIT_FOOT_OFF, at_ms + plan->right_after_ms + plan->right_stance_ms);
        at_ms += plan->stride_ms + (i * 7919 % 11 - 5) * plan->wobble_ms / 5;
    }
}

static inline void begin(void)
{
    memset(&script, 0, sizeof script);
    params.value[PARAM_LIVE_WAIT_S] = 1.0;
    stride_init(&state);
    stride_expect(&state, FOOT_LEFT, true);
    stride_expect(&state, FOOT_RIGHT, true);
    live_n = final_n = 0;
}

static inline void drain(int64_t now_ns)
{
    while (stride_next(&state, STRIDE_LIVE, now_ns, &params, &live[live_n])) {
        assert_true(++live_n < OUT_MAX);
    }
    while (stride_next(&state, STRIDE_FINAL, now_ns, &params, &final[final_n])) {
        assert_true(++final_n < OUT_MAX);
    }
}

/* Plays the events of one foot (FEET = both) from number *at on until `to_ns`. */
static inline void play(const struct script *from, int foot, int *at, int64_t to_ns)
{
    for (; *at < from->n; (*at)++) {
        const struct gait_event *event = &from->events[*at];
        if (foot != FEET && event->foot != foot) {
            continue;
        }
        if (event->at_session_ns > to_ns) {
            break;
        }
        stride_event(&state, event);
    }
}

/* Feeds both feet in turns of `frame_ns`, as if each frame arrived at its end. */
static inline void play_all(const struct script *from, int64_t frame_ns)
{
    int at[FEET] = {0, 0};
    for (int64_t now_ns = frame_ns; now_ns < from->end_ns + 3 * S; now_ns += frame_ns) {
        for (int foot = 0; foot < FEET; foot++) {
            play(from, foot, &at[foot], now_ns);
            stride_watermark(&state, (enum foot)foot, now_ns, false);
            drain(now_ns);
        }
    }
}

static inline void assert_near(float value, double expected, double within)
{
    assert_true(fabs((double)value - expected) <= within);
}

#endif
