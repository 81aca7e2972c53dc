/* A wearer of the walking programme for its tests: days, walks and mornings in a line each. */
#ifndef STRIDE_TESTS_PLAN_FIXTURE_H
#define STRIDE_TESTS_PLAN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "hub/core/plan.h"

#define SECOND_NS INT64_C(1000000000)
enum { FIRST_DAY = 20000, MINUTE = 60000 };

struct home {
    struct plan plan;
    struct params params;
    struct plan_profile profile;
    struct plan_now now;
    struct plan_out out;
};

/* What was said until now is of no matter. */
static inline void hush(struct home *home)
{
    home->out = (struct plan_out){0};
}

static inline void at(struct home *home, int day, int minute)
{
    home->now.day = FIRST_DAY + day;
    home->now.minute = (int16_t)minute;
    home->now.wall_ms = ((int64_t)home->now.day * 1440 + minute) * MINUTE;
    hush(home);
}

static inline void move_in(struct home *home, enum plan_stage stage)
{
    memset(home, 0, sizeof(*home));
    params_defaults(&home->params);
    at(home, 0, 480);
    plan_init(&home->plan, stage, &home->now);
}

static inline struct plan_facts facts_of(const struct home *home, float minutes)
{
    return (struct plan_facts){.day = home->now.day,
                               .mode = PLAN_OVERGROUND,
                               .end = PLAN_END_DONE,
                               .nrs_start = 2,
                               .nrs_end = 2,
                               .nrs_peak = 2,
                               .walk_min = minutes,
                               .longest_bout_min = NAN,
                               .metres = NAN,
                               .outdoor_min = NAN,
                               .rise_min = NAN,
                               .rise_m = NAN};
}

static inline void open_walk(struct home *home)
{
    struct plan_opening opening = {
        PLAN_OVERGROUND,
        -1,
        NAN,
        {.age_d = -1, .worn_days_per_week = NAN, .distance_km = NAN, .loading_ratio = NAN}};
    plan_session_opened(&home->plan, &home->params, &home->profile, &home->now, &opening,
                        &home->out);
}

static inline bool close_walk(struct home *home, const struct plan_facts *facts)
{
    return plan_session_closed(&home->plan, &home->params, &home->profile, &home->now, facts,
                               &home->out);
}

/* One walk as planned, without pain. */
static inline void walk_well(struct home *home)
{
    struct plan_next next;
    open_walk(home);
    plan_next(&home->plan, &home->params, &next);
    struct plan_facts facts = facts_of(home, next.target_min);
    close_walk(home, &facts);
}

static inline bool report(struct home *home, enum plan_report kind, int value)
{
    return plan_report(&home->plan, &home->params, &home->profile, &home->now, kind, value,
                       &home->out);
}

static inline void tick(struct home *home)
{
    plan_time(&home->plan, &home->params, &home->profile, &home->now, &home->out);
}

/* A day of `walks` walks as planned, from its morning answer on (-1: none given). */
static inline void live_day(struct home *home, int day, int walks, int morning)
{
    at(home, day, 500);
    if (morning >= 0)
        report(home, PLAN_REPORT_MORNING, morning);
    at(home, day, 620);
    tick(home);
    for (int i = 0; i < walks; i++) {
        at(home, day, 700 + 60 * i);
        walk_well(home);
    }
}

static inline bool says(const struct home *home, enum text text)
{
    for (int i = 0; i < home->out.says_n; i++) {
        if (home->out.says[i].text == text)
            return true;
    }
    return false;
}

/* How often `text` is said from minute `from` of a day on and before `to`, when time is looked at
 * every `every` minutes; `first`, if not NULL: the first of these minutes. */
static inline int said_in_day(struct home *home, int day, int from, int to, int every,
                              enum text text, int *first)
{
    int n = 0;
    for (int minute = from; minute < to; minute += every) {
        at(home, day, minute);
        tick(home);
        if (says(home, text) && n++ == 0 && first != NULL)
            *first = minute;
    }
    return n;
}

static inline const struct plan_decision *last_decision(const struct home *home)
{
    assert_true(home->out.decisions_n > 0);
    return &home->out.decisions[home->out.decisions_n - 1];
}

static inline void assert_decided(const struct home *home, enum plan_direction direction,
                                  enum plan_why why, enum plan_stage to)
{
    const struct plan_decision *decision = last_decision(home);
    assert_string_equal(plan_why_name((enum plan_why)decision->why), plan_why_name(why));
    assert_int_equal(decision->direction, direction);
    assert_int_equal(decision->to, to);
}

#endif
