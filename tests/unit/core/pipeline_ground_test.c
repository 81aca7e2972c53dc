/* What a person says of where a walk is, through the whole core: S07, C14, C13. */
#include "home_fixture.h"

static void say_ground(struct home *home, Stride__V1__Surface surface, Stride__V1__Answer outdoors)
{
    struct wire_report report = home_report();
    report.surface = surface;
    report.outdoors = outdoors;
    home_say(home, report);
}

static void say_warmth(struct home *home, int ambient_c)
{
    struct wire_report report = home_report();
    report.has_ambient = true;
    report.ambient_c = (int16_t)ambient_c;
    home_say(home, report);
    home_until_ns(home, home->now_ns + 2 * HOME_MINUTE_NS);
}

static void heat_is_spoken_of_each_time_or_never(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 700);
    say_warmth(home, 29);
    assert_int_equal(home_said_n(home, TEXT_S07_HOT), 0);
    say_warmth(home, 30);
    say_warmth(home, 33);
    assert_int_equal(home_said_n(home, TEXT_S07_HOT), 1);
    home_jump(home, 1, 700);
    say_warmth(home, 30);
    assert_int_equal(home_said_n(home, TEXT_S07_HOT), 2);
    free(home);
}

static void minutes_outdoors_are_not_those_that_were_said(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    const struct plan_day *today = &home->state.programme.plan.day[0];
    home_walk(home, 4, 2, 2);
    assert_int_equal(today->outdoor_min, PLAN_UNKNOWN_MIN);
    say_ground(home, STRIDE__V1__SURFACE__SURFACE_INDOOR, STRIDE__V1__ANSWER__ANSWER_NO);
    home_walk(home, 4, 2, 2);
    assert_int_equal(today->outdoor_min, 0);
    say_ground(home, STRIDE__V1__SURFACE__SURFACE_TRAIL, STRIDE__V1__ANSWER__ANSWER_YES);
    home_walk(home, 4, 2, 2);
    assert_in_range(today->outdoor_min, 3, 4);
    assert_int_equal(today->outings_n, 1);
    const int outdoor_min = today->outdoor_min;
    home_walk(home, 4, 2, 2); /* what was said was of the walk before */
    assert_int_equal(today->outdoor_min, outdoor_min);
    free(home);
}

static void what_was_said_long_before_a_walk_is_taken_for_it(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    const struct plan *plan = &home->state.programme.plan;
    say_ground(home, STRIDE__V1__SURFACE__SURFACE_GRASS, STRIDE__V1__ANSWER__ANSWER_YES);
    home_until(home, 0, 616);
    home_walk(home, 4, 2, 2);
    assert_int_equal(plan->surface_n[PLAN_GRASS], 0);
    assert_int_equal(plan->day[0].outdoor_min, PLAN_UNKNOWN_MIN);
    free(home);
}

static void the_ground_said_in_a_walk_is_not_learnt(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    const struct plan *plan = &home->state.programme.plan;
    home_pain(home, 2);
    home_move(home, 2, false);
    say_ground(home, STRIDE__V1__SURFACE__SURFACE_CONCRETE, STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    home_walk(home, 2, -1, 4);
    assert_int_equal(plan->surface_n[PLAN_CONCRETE], 1);
    assert_true(plan->surface_rise[PLAN_CONCRETE] == 2);
    assert_int_equal(plan->day[0].outdoor_min, PLAN_UNKNOWN_MIN);
    free(home);
}

static void another_ground_in_a_walk_is_not_asked_about(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    say_ground(home, STRIDE__V1__SURFACE__SURFACE_GRASS, STRIDE__V1__ANSWER__ANSWER_YES);
    home_pain(home, 2);
    home_move(home, 2, false);
    const int64_t before_ns = home->state.pain.extra_ns;
    say_ground(home, STRIDE__V1__SURFACE__SURFACE_CONCRETE, STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_not_equal(home->state.pain.extra_ns, before_ns);
    assert_int_equal(home->state.pain.extra_ns, home->now_ns + 10 * HOME_MINUTE_NS);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heat_is_spoken_of_each_time_or_never),
        cmocka_unit_test(minutes_outdoors_are_not_those_that_were_said),
        cmocka_unit_test(what_was_said_long_before_a_walk_is_taken_for_it),
        cmocka_unit_test(the_ground_said_in_a_walk_is_not_learnt),
        cmocka_unit_test(another_ground_in_a_walk_is_not_asked_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
