/* P08: a flare opens, caps every walk, closes, and walking starts again further down. */
#include "plan_fixture.h"

static struct home home;

static void test_scenario_7_flare_caps_walks_and_goes_to_m1(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P4);
    live_day(&home, 0, 1, -1);
    at(&home, 1, 700);
    open_walk(&home);
    report(&home, PLAN_REPORT_FLARE, 0);
    assert_decided(&home, PLAN_DOWN, PLAN_WHY_FLARE, PLAN_M1);
    assert_true(says(&home, TEXT_P08_FLARE));
    assert_true(home.plan.walk.target_min == 5);
    struct plan_next next;
    plan_next(&home.plan, &home.params, &next);
    assert_true(next.flare && next.stage == PLAN_M1 && next.target_min == 5);
    report(&home, PLAN_REPORT_FLARE, 0);
    assert_int_equal(home.out.decisions_n, 1); /* pressed twice is one flare */
    at(&home, 1, 720);
    plan_override(&home.plan, &home.params, &home.now, PLAN_K, PLAN_BY_WEARER, &home.out);
    plan_next(&home.plan, &home.params, &next);
    assert_true(next.target_min == 5 && next.stage == PLAN_M1); /* the cap stays whoever asks */
    report(&home, PLAN_REPORT_FLARE_OVER, 0);
    at(&home, 3, 650);
    tick(&home);
    assert_decided(&home, PLAN_UP, PLAN_WHY_REENTER, PLAN_K); /* and what was asked for waits */
}

/* 3.6: once a day, and not lost when nobody heard it. */
static void test_each_day_of_a_flare_begins_with_tiny_walks_count(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P4);
    live_day(&home, 0, 1, -1);
    at(&home, 1, 500);
    home.now.unheard = true;
    report(&home, PLAN_REPORT_FLARE, 0);
    assert_false(says(&home, TEXT_P08_FLARE));
    home.now.unheard = false;
    for (int day = 1; day < 4; day++) {
        for (int walk = 0; walk < 2; walk++) {
            at(&home, day, 700 + 60 * walk);
            open_walk(&home);
            assert_true(says(&home, TEXT_P08_FLARE) == (walk == 0));
            if (walk == 0)
                assert_int_equal(home.out.says[0].level, PLAN_COACH);
            struct plan_facts facts = facts_of(&home, 5);
            close_walk(&home, &facts);
        }
    }
    report(&home, PLAN_REPORT_FLARE_OVER, 0);
    at(&home, 4, 700);
    open_walk(&home);
    assert_false(says(&home, TEXT_P08_FLARE));
}

static void test_after_a_flare_it_goes_on_two_stages_below_and_not_before_two_days(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P4);
    live_day(&home, 0, 2, -1);
    at(&home, 1, 500);
    report(&home, PLAN_REPORT_FLARE, 0);
    report(&home, PLAN_REPORT_FLARE_OVER, 0);
    at(&home, 1, 650);
    tick(&home);
    assert_int_equal(home.plan.stage, PLAN_M1);
    at(&home, 2, 650);
    tick(&home);
    assert_int_equal(home.plan.stage, PLAN_M1);
    at(&home, 3, 650);
    tick(&home);
    assert_decided(&home, PLAN_UP, PLAN_WHY_REENTER, PLAN_P2);
}

static void test_flare_closes_after_three_calm_days_and_unknown_days_are_not_calm(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P4);
    for (int day = 0; day < 5; day++)
        live_day(&home, day, 2, 2); /* usual is 2 */
    at(&home, 5, 500);
    report(&home, PLAN_REPORT_FLARE, 0);
    report(&home, PLAN_REPORT_NRS, 6);
    for (int day = 6; day < 9; day++)
        live_day(&home, day, 0, -1);
    assert_true(home.plan.flare);
    live_day(&home, 9, 0, 3);
    live_day(&home, 10, 0, 4); /* usual + 2: not calm */
    for (int day = 11; day < 14; day++)
        live_day(&home, day, 0, 3);
    assert_true(home.plan.flare);
    at(&home, 14, 100);
    tick(&home);
    assert_false(home.plan.flare);
}

static void test_flare_opens_by_itself_only_after_a_day_with_limited_activity(void **unused)
{
    (void)unused;
    for (int active = 0; active < 2; active++) {
        move_in(&home, PLAN_P1);
        for (int day = 0; day < 4; day++)
            live_day(&home, day, 2, 1);
        at(&home, 4, 600);
        report(&home, PLAN_REPORT_NRS, 3);
        assert_false(home.plan.flare);
        for (int i = 0; active && i < 2; i++)
            walk_well(&home);
        at(&home, 5, 599);
        report(&home, PLAN_REPORT_NRS, 4);
        assert_false(home.plan.flare);
        at(&home, 5, 601);
        report(&home, PLAN_REPORT_NRS, 4);
        assert_true(home.plan.flare == !active);
    }
}

/* Who walks as much as a clinician allows is as active as planned. */
static void test_keeping_to_a_clinicians_limit_is_no_limited_activity(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    assert_true(plan_limit_set(&home.plan, &home.params, false, 5));
    for (int day = 0; day < 4; day++)
        live_day(&home, day, 2, 1);
    at(&home, 4, 600);
    report(&home, PLAN_REPORT_NRS, 3);
    for (int i = 0; i < 2; i++) {
        struct plan_facts facts = facts_of(&home, 5);
        open_walk(&home);
        close_walk(&home, &facts);
    }
    at(&home, 5, 601);
    report(&home, PLAN_REPORT_NRS, 4);
    assert_false(home.plan.flare);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scenario_7_flare_caps_walks_and_goes_to_m1),
        cmocka_unit_test(test_each_day_of_a_flare_begins_with_tiny_walks_count),
        cmocka_unit_test(test_after_a_flare_it_goes_on_two_stages_below_and_not_before_two_days),
        cmocka_unit_test(test_flare_closes_after_three_calm_days_and_unknown_days_are_not_calm),
        cmocka_unit_test(test_flare_opens_by_itself_only_after_a_day_with_limited_activity),
        cmocka_unit_test(test_keeping_to_a_clinicians_limit_is_no_limited_activity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
