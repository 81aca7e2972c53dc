/* C01: up, hold, down, and inputs that cannot be. */
#include "plan_fixture.h"

static struct home home;

/* Three well walked days at `stage`; the next call decides day 3. */
static void three_good_days(enum plan_stage stage)
{
    move_in(&home, stage);
    for (int day = 0; day < 3; day++)
        live_day(&home, day, plan_stage_info(stage)->walks_n, day == 0 ? -1 : 2);
}

static void test_scenario_45_nine_of_nine_goes_up_to_eight_minutes_and_no_further(void **unused)
{
    (void)unused;
    three_good_days(PLAN_M1);
    at(&home, 3, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    assert_decided(&home, PLAN_UP, PLAN_WHY_ALL_WELL, PLAN_M2);
    assert_int_equal(last_decision(&home)->done_n, 9);
    assert_int_equal(last_decision(&home)->planned_n, 9);
    assert_int_equal(last_decision(&home)->dropped, 0);
    assert_true(says(&home, TEXT_C01_UP));
    assert_int_equal(home.out.says[0].n, 3);
    assert_int_equal(home.out.says[0].min, 8);
    struct plan_next next;
    plan_next(&home.plan, &home.params, &next);
    assert_true(next.target_min == 8 && next.walks_n == 3 && next.index == 1);
}

static void test_uneven_walks_are_not_told_as_n_times_the_longer(void **unused)
{
    (void)unused;
    three_good_days(PLAN_P2);
    at(&home, 3, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    assert_decided(&home, PLAN_UP, PLAN_WHY_ALL_WELL, PLAN_P3);
    assert_int_equal(home.out.says[0].n, 1);
    assert_int_equal(home.out.says[0].min, 20);
    assert_int_equal(home.out.says[0].min_next, 10);
}

static void test_the_next_walks_are_told_within_a_clinicians_limit(void **unused)
{
    (void)unused;
    three_good_days(PLAN_P2);
    assert_true(plan_limit_set(&home.plan, &home.params, false, 16));
    at(&home, 3, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    assert_decided(&home, PLAN_UP, PLAN_WHY_ALL_WELL, PLAN_P3);
    assert_int_equal(home.out.says[0].min, 16);
    assert_int_equal(home.out.says[0].min_next, 10);
}

static void test_two_good_days_are_too_few(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_M1);
    live_day(&home, 0, 3, -1);
    live_day(&home, 1, 3, 2);
    at(&home, 2, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    assert_decided(&home, PLAN_HOLD, PLAN_WHY_TOO_FEW, PLAN_M1);
    assert_int_equal(home.out.says_n, 0);
}

static void test_seven_of_nine_walks_hold(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_M1);
    live_day(&home, 0, 3, -1);
    live_day(&home, 1, 2, 2);
    live_day(&home, 2, 2, 2);
    at(&home, 3, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    assert_decided(&home, PLAN_HOLD, PLAN_WHY_SESSIONS, PLAN_M1);
    assert_true(says(&home, TEXT_C01_HOLD));
}

/* One walk of the third day differs; what is decided on day 3? */
static void with_walk(const struct plan_facts *facts, int morning)
{
    move_in(&home, PLAN_M2);
    for (int day = 0; day < 4; day++)
        live_day(&home, day, day == 3 ? 2 : 3, day == 0 ? -1 : 2);
    struct plan_facts last = *facts;
    last.day = home.now.day;
    at(&home, 3, 1000);
    close_walk(&home, &last);
    at(&home, 4, 500);
    if (morning >= 0)
        report(&home, PLAN_REPORT_MORNING, morning);
    at(&home, 4, 620);
    hush(&home);
    tick(&home);
}

static void test_each_condition_of_a_step_up_holds_it_when_it_fails(void **unused)
{
    (void)unused;
    struct plan_facts good = facts_of(&home, 8), facts = good;
    with_walk(&good, 2);
    assert_int_equal(home.plan.stage, PLAN_P1);
    with_walk(&good, 3); /* start + 1 is fine */
    assert_int_equal(home.plan.stage, PLAN_P1);
    with_walk(&good, 4); /* start + 2 is not */
    assert_int_equal(home.plan.stage, PLAN_M2);
    facts.amber = true;
    with_walk(&facts, 2);
    assert_int_equal(home.plan.stage, PLAN_M2);
    facts = good;
    facts.nrs_peak = 4;
    with_walk(&facts, 2);
    assert_int_equal(home.plan.stage, PLAN_M2);
    facts.nrs_peak = 3; /* a rise of one is fine */
    with_walk(&facts, 2);
    assert_int_equal(home.plan.stage, PLAN_P1);
    facts = good;
    facts.p02_stop = true;
    with_walk(&facts, 2);
    assert_int_equal(home.plan.stage, PLAN_M1);
}

static void
test_missing_morning_drops_its_condition_and_a_late_bad_one_takes_the_step_back(void **unused)
{
    (void)unused;
    three_good_days(PLAN_P1);
    at(&home, 3, 599);
    tick(&home);
    assert_int_equal(home.out.decisions_n, 0); /* the answer may still come */
    at(&home, 3, 600);
    tick(&home);
    assert_decided(&home, PLAN_UP, PLAN_WHY_ALL_WELL, PLAN_P2);
    assert_int_equal(last_decision(&home)->dropped, PLAN_DROPPED_MORNING);
    at(&home, 3, 700);
    report(&home, PLAN_REPORT_MORNING, 5);
    assert_int_equal(home.out.decisions[0].why, PLAN_WHY_MORNING);
    assert_int_equal(home.plan.stage, PLAN_P1);
}

static void test_nobody_who_said_nothing_of_pain_goes_up(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    for (int day = 0; day < 6; day++) {
        for (int i = 0; i < 2; i++) {
            at(&home, day, 700 + 60 * i);
            struct plan_facts facts = facts_of(&home, 12);
            facts.nrs_start = facts.nrs_end = facts.nrs_peak = -1;
            close_walk(&home, &facts);
        }
    }
    at(&home, 6, 620);
    tick(&home);
    assert_decided(&home, PLAN_HOLD, PLAN_WHY_NO_PAIN, PLAN_P1);
}

static void test_scenario_27_red_takes_one_stage_at_once_and_only_once_a_day(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P2);
    live_day(&home, 0, 1, -1);
    for (int i = 0; i < 3; i++) {
        at(&home, 0, 900 + i);
        struct plan_facts facts = facts_of(&home, 5);
        facts.nrs_start = 3;
        facts.nrs_peak = facts.nrs_end = 6;
        facts.red = true;
        close_walk(&home, &facts);
        assert_int_equal(home.plan.stage, PLAN_P1);
        assert_true(says(&home, TEXT_C01_DOWN) == (i == 0));
    }
    live_day(&home, 1, 2, 2);
    assert_int_equal(home.plan.stage, PLAN_P1);
    live_day(&home, 2, 2, 2);
    assert_int_equal(home.plan.stage, PLAN_P1);
    live_day(&home, 3, 2, 2); /* the two days that were said are over */
    assert_int_equal(home.plan.stage, PLAN_P2);
}

/* "Call your doctor today" (P06), "stop for today" (T1): no step up from there, and no praise. */
static void test_a_stop_for_the_legs_takes_a_stage_back_without_praise(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P2);
    at(&home, 0, 700);
    struct plan_facts facts = facts_of(&home, 30);
    facts.longest_bout_min = 30;
    facts.stopped = facts.leg_stop = true;
    close_walk(&home, &facts);
    assert_decided(&home, PLAN_DOWN, PLAN_WHY_LEGS, PLAN_P1);
    assert_false(says(&home, TEXT_C15_THIRTY));
    report(&home, PLAN_REPORT_NRS, 1);
    assert_false(says(&home, TEXT_C11_HURT)); /* it was no pain that has settled */
    /* A STOP of the heart or of a limp is no step back of the plan, but nothing to praise. */
    move_in(&home, PLAN_P2);
    facts.leg_stop = false;
    close_walk(&home, &facts);
    assert_int_equal(home.plan.stage, PLAN_P2);
    assert_false(says(&home, TEXT_C15_THIRTY));
}

static void test_a_step_back_under_an_open_stop_is_said_when_it_is_over(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P2);
    at(&home, 0, 700);
    home.now.stop_open = true;
    struct plan_facts facts = facts_of(&home, 5);
    facts.p02_stop = true;
    close_walk(&home, &facts);
    assert_decided(&home, PLAN_DOWN, PLAN_WHY_P02_STOP, PLAN_P1);
    assert_int_equal(home.out.says_n, 0);
    at(&home, 0, 800);
    tick(&home);
    assert_int_equal(home.out.says_n, 0);
    home.now.stop_open = false;
    tick(&home);
    assert_true(says(&home, TEXT_C01_DOWN));
}

static void test_red_at_the_lowest_stage_is_not_told_as_a_step_back(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_M1);
    struct plan_facts facts = facts_of(&home, 5);
    facts.red = true;
    close_walk(&home, &facts);
    assert_decided(&home, PLAN_HOLD, PLAN_WHY_RED, PLAN_M1);
    assert_false(says(&home, TEXT_C01_DOWN));
}

static void test_two_bad_mornings_take_a_stage_back_and_one_does_not(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P3);
    live_day(&home, 0, 2, -1);
    live_day(&home, 1, 2, 4);
    assert_int_equal(home.plan.stage, PLAN_P3);
    at(&home, 2, 500);
    report(&home, PLAN_REPORT_MORNING, 4);
    assert_decided(&home, PLAN_DOWN, PLAN_WHY_MORNINGS, PLAN_P2);
}

static void test_scenario_46_four_days_away_go_one_back_and_are_welcomed(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P2);
    for (int day = 1; day < 3; day++)
        live_day(&home, day, 2, 2);
    int before = home.plan.stage;
    at(&home, 7, 700); /* days 3 to 6 were away */
    open_walk(&home);
    assert_int_equal(home.plan.stage, before - 1);
    assert_true(says(&home, TEXT_C08_WELCOME));
    assert_false(says(&home, TEXT_C08_STREAK));
    assert_false(says(&home, TEXT_C01_DOWN));
    struct plan_sums sums;
    plan_sums(&home.plan, &home.params, &sums);
    assert_int_equal(sums.streak_days, 0);
    at(&home, 7, 760);
    struct plan_facts facts = facts_of(&home, 12);
    close_walk(&home, &facts);
    at(&home, 7, 800);
    open_walk(&home);
    assert_false(says(&home, TEXT_C08_WELCOME));
}

static void test_missed_days_take_none_one_or_two_stages(void **unused)
{
    (void)unused;
    static const struct {
        int missed, back;
    } book[] = {{1, 0}, {2, 0}, {3, 1}, {6, 1}, {7, 2}, {8, 2}, {13, 2}, {300, 2}};
    for (size_t i = 0; i < sizeof(book) / sizeof(book[0]); i++) {
        for (int polled = 0; polled < 2; polled++) {
            move_in(&home, PLAN_P3);
            live_day(&home, 0, 2, -1);
            for (int day = 1; polled && day <= book[i].missed; day++) {
                at(&home, day, 650);
                tick(&home);
            }
            at(&home, 1 + book[i].missed, 300);
            tick(&home);
            assert_int_equal(home.plan.stage, PLAN_P3 - book[i].back);
        }
    }
}

static void test_rest_days_are_neither_missed_nor_break_a_streak(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P3);
    live_day(&home, 0, 2, -1);
    at(&home, 1, 480);
    assert_true(plan_rest(&home.plan, &home.params, &home.now, 6, &home.out));
    struct plan_next next;
    plan_next(&home.plan, &home.params, &next);
    assert_int_equal(next.walks_n, 0);
    at(&home, 7, 480);
    tick(&home);
    assert_int_equal(home.plan.stage, PLAN_P3);
    assert_int_equal(home.plan.streak, 1);
    plan_next(&home.plan, &home.params, &next);
    assert_int_equal(next.walks_n, 2);
    assert_false(plan_rest(&home.plan, &home.params, &home.now, 61, &home.out));
}

static void test_a_rest_day_is_no_plan_day_so_an_amber_walk_before_it_still_holds(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    struct plan_facts facts = facts_of(&home, 12);
    facts.amber = true;
    close_walk(&home, &facts);
    live_day(&home, 0, 1, -1);
    live_day(&home, 1, 2, 2);
    at(&home, 2, 300);
    plan_rest(&home.plan, &home.params, &home.now, 1, &home.out);
    live_day(&home, 3, 2, 2);
    at(&home, 4, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    assert_decided(&home, PLAN_HOLD, PLAN_WHY_AMBER, PLAN_P1);
}

static void test_wearer_and_clinician_may_choose_any_stage_outside_a_flare(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_M2);
    assert_true(
        plan_override(&home.plan, &home.params, &home.now, PLAN_P4, PLAN_BY_CLINICIAN, &home.out));
    assert_decided(&home, PLAN_UP, PLAN_WHY_CLINICIAN, PLAN_P4);
    plan_override(&home.plan, &home.params, &home.now, PLAN_M1, PLAN_BY_WEARER, &home.out);
    assert_decided(&home, PLAN_DOWN, PLAN_WHY_WEARER, PLAN_M1);
    assert_int_equal(home.plan.stage, PLAN_M1);
}

static void test_start_at_six_makes_it_five_minutes_for_today_only(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P4);
    struct plan_opening opening = {.mode = PLAN_OVERGROUND, .nrs = 6, .ambient = NAN};
    plan_session_opened(&home.plan, &home.params, &home.profile, &home.now, &opening, &home.out);
    assert_true(home.plan.walk.target_min == 5);
    at(&home, 1, 700);
    open_walk(&home);
    assert_true(home.plan.walk.target_min == 25);
}

/* ---- inputs that cannot be ---- */

static void test_facts_that_cannot_be_change_nothing_but_the_count(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_M1);
    struct plan_facts good = facts_of(&home, 5), bad[11];
    for (int i = 0; i < 11; i++)
        bad[i] = good;
    bad[0].walk_min = NAN;
    bad[1].walk_min = -1;
    bad[2].walk_min = 1e9f;
    bad[3].nrs_peak = 11;
    bad[4].nrs_start = -2;
    bad[5].metres = -1;
    bad[6].surface = PLAN_SURFACES;
    bad[7].day -= 14;
    bad[8].rise_min = 6; /* after its end */
    bad[9].metres = INFINITY;
    bad[10].nrs_end = 5; /* over its peak */
    struct plan before = home.plan;
    for (int i = 0; i < 11; i++) {
        assert_false(close_walk(&home, &bad[i]));
        before.dropped_n++;
        assert_memory_equal(&before, &home.plan, sizeof(before));
    }
    assert_false(report(&home, PLAN_REPORT_NRS, 11));
    assert_false(report(&home, PLAN_REPORT_MOOD_WEEK, 0));
    assert_false(report(&home, PLAN_REPORT_NONE, 0));
    assert_false(report(&home, PLAN_REPORTS, 0));
    assert_false(
        plan_override(&home.plan, &home.params, &home.now, PLAN_STAGES, PLAN_BY_WEARER, &home.out));
    before.dropped_n += 5;
    assert_memory_equal(&before, &home.plan, sizeof(before));
    assert_true(close_walk(&home, &good));
}

static void test_a_day_is_closed_once_however_the_clock_jumps(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    live_day(&home, 0, 2, -1);
    at(&home, 1, 5);
    tick(&home);
    int day_n = home.plan.day_n;
    at(&home, 0, 1439); /* back over midnight */
    tick(&home);
    at(&home, 1, 10);
    tick(&home);
    assert_int_equal(home.plan.day_n, day_n);
    at(&home, 4000, 10); /* a clock years ahead, then corrected */
    tick(&home);
    at(&home, 2, 10);
    tick(&home);
    at(&home, 3, 10);
    tick(&home);
    assert_int_equal(home.plan.today, FIRST_DAY + 3);
}

static void test_a_late_walk_counts_for_its_own_day(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    at(&home, 2, 700);
    struct plan_facts facts = facts_of(&home, 12);
    facts.day -= 2;
    assert_true(close_walk(&home, &facts));
    assert_int_equal(home.plan.day[2].done_n, 1);
    assert_int_equal(home.plan.day[0].done_n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scenario_45_nine_of_nine_goes_up_to_eight_minutes_and_no_further),
        cmocka_unit_test(test_uneven_walks_are_not_told_as_n_times_the_longer),
        cmocka_unit_test(test_the_next_walks_are_told_within_a_clinicians_limit),
        cmocka_unit_test(test_two_good_days_are_too_few),
        cmocka_unit_test(test_seven_of_nine_walks_hold),
        cmocka_unit_test(test_each_condition_of_a_step_up_holds_it_when_it_fails),
        cmocka_unit_test(
            test_missing_morning_drops_its_condition_and_a_late_bad_one_takes_the_step_back),
        cmocka_unit_test(test_nobody_who_said_nothing_of_pain_goes_up),
        cmocka_unit_test(test_scenario_27_red_takes_one_stage_at_once_and_only_once_a_day),
        cmocka_unit_test(test_a_stop_for_the_legs_takes_a_stage_back_without_praise),
        cmocka_unit_test(test_a_step_back_under_an_open_stop_is_said_when_it_is_over),
        cmocka_unit_test(test_red_at_the_lowest_stage_is_not_told_as_a_step_back),
        cmocka_unit_test(test_two_bad_mornings_take_a_stage_back_and_one_does_not),
        cmocka_unit_test(test_scenario_46_four_days_away_go_one_back_and_are_welcomed),
        cmocka_unit_test(test_missed_days_take_none_one_or_two_stages),
        cmocka_unit_test(test_rest_days_are_neither_missed_nor_break_a_streak),
        cmocka_unit_test(test_wearer_and_clinician_may_choose_any_stage_outside_a_flare),
        cmocka_unit_test(test_a_rest_day_is_no_plan_day_so_an_amber_walk_before_it_still_holds),
        cmocka_unit_test(test_start_at_six_makes_it_five_minutes_for_today_only),
        cmocka_unit_test(test_facts_that_cannot_be_change_nothing_but_the_count),
        cmocka_unit_test(test_a_day_is_closed_once_however_the_clock_jumps),
        cmocka_unit_test(test_a_late_walk_counts_for_its_own_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
