/* P07, C16: how long and how far goes well, and when a walk was more than that. */
#include "plan_walk_fixture.h"

static struct plan_limit *ground(void)
{
    return &home.plan.limits[0];
}

static void session(int day, float minutes, float rise_min)
{
    at(&home, day, 700);
    struct plan_facts facts = facts_of(&home, minutes);
    facts.rise_min = rise_min;
    facts.metres = 60 * minutes;
    facts.rise_m = 60 * rise_min;
    close_walk(&home, &facts);
}

static void test_limit_is_the_longest_stable_walk_until_three_events(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    session(0, 10, NAN);
    assert_int_equal(ground()->source, PLAN_LIMIT_STABLE);
    assert_true(fabsf(ground()->time.working - 8) < 1e-4f);
    session(0, 20, 12);
    session(0, 20, 16);
    assert_int_equal(ground()->source, PLAN_LIMIT_STABLE);
    session(0, 20, 6);
    assert_int_equal(ground()->source, PLAN_LIMIT_EVENTS);
    assert_true(ground()->time.limit == 6); /* lowest of three: nearest rank of 25 % */
    assert_true(fabsf(ground()->time.working - 4.8f) < 1e-4f);
    assert_true(fabsf(ground()->distance.working - 288) < 1e-2f);
    assert_int_equal(home.plan.limits[1].source, PLAN_LIMIT_UNKNOWN); /* treadmill is separate */
}

/* Of six events the second lowest is met by a quarter: one bad day is not the limit. */
static void test_limit_is_the_lower_quarter_of_many_events(void **unused)
{
    (void)unused;
    static const float rises_min[] = {14, 6, 11, 16, 9, 12};
    move_in(&home, PLAN_P1);
    for (int i = 0; i < 6; i++)
        session(i, 20, rises_min[i]);
    assert_int_equal(ground()->source, PLAN_LIMIT_EVENTS);
    assert_true(ground()->time.limit == 9);
}

static void test_nobody_who_said_nothing_taught_a_limit(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    struct plan_facts facts = facts_of(&home, 40);
    facts.nrs_start = facts.nrs_end = facts.nrs_peak = -1;
    close_walk(&home, &facts);
    assert_int_equal(ground()->source, PLAN_LIMIT_UNKNOWN);
    facts = facts_of(&home, 40);
    facts.mode = PLAN_MIXED;
    close_walk(&home, &facts);
    assert_int_equal(ground()->source, PLAN_LIMIT_UNKNOWN);
    assert_true(isnan(ground()->time.working));
}

static void test_working_limit_grows_by_a_tenth_a_week_and_never_while_events_last(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    session(0, 10, NAN); /* working 8 */
    for (int day = 1; day < 7; day++)
        session(day, 60, NAN);
    assert_true(fabsf(ground()->time.working - 8.8f) < 1e-3f);
    for (int day = 7; day < 14; day++)
        session(day, 60, NAN);
    assert_true(fabsf(ground()->time.working - 9.68f) < 1e-3f);
    session(14, 60, NAN);
    float before = ground()->time.working;
    for (int day = 15; day < 40; day++)
        session(day, 60, day % 3 == 0 ? 50 : NAN);
    assert_true(ground()->time.working <= before);
}

static void test_near_the_limit_is_said_once_and_not_below_the_plan_without_events(void **unused)
{
    (void)unused;
    begin(PLAN_P1); /* 12 min */
    ground()->source = PLAN_LIMIT_STABLE;
    ground()->time = (struct plan_bound){10, 8, 8, 0};
    moment.walk_min = 9;
    go(540);
    assert_false(says(&home, TEXT_P07_LIMIT));
    ground()->source = PLAN_LIMIT_EVENTS;
    go(541);
    assert_true(says(&home, TEXT_P07_LIMIT));
    assert_true(home.out.says[0].value == 9 && home.out.says[0].threshold == 8); /* why */
    go(600);
    assert_false(says(&home, TEXT_P07_LIMIT));
}

static int level_near_limit(uint8_t source)
{
    begin(PLAN_P1);
    ground()->source = source;
    ground()->time = (struct plan_bound){10, 8, 8, 0};
    moment.walk_min = 13;
    go(780);
    for (int i = 0; i < home.out.says_n; i++)
        if (home.out.says[i].text == TEXT_P07_LIMIT)
            return home.out.says[i].level;
    return -1;
}

/* Whoever never had pain is told, not coached: a longer walk is no mistake. */
static void test_a_limit_without_any_pain_is_information(void **unused)
{
    (void)unused;
    assert_int_equal(level_near_limit(PLAN_LIMIT_STABLE), PLAN_INFO);
    assert_int_equal(level_near_limit(PLAN_LIMIT_EVENTS), PLAN_COACH);
    assert_int_equal(level_near_limit(PLAN_LIMIT_CLINICIAN), PLAN_COACH);
}

static void test_clinicians_limit_is_not_learnt_over(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    assert_false(plan_limit_set(&home.plan, &home.params, false, 0));
    assert_false(plan_limit_set(&home.plan, &home.params, false, INFINITY));
    assert_true(plan_limit_set(&home.plan, &home.params, false, 7));
    for (int i = 0; i < 5; i++)
        session(0, 30, 2);
    assert_int_equal(ground()->source, PLAN_LIMIT_CLINICIAN);
    assert_true(ground()->time.working == 7);
    assert_true(plan_limit_set(&home.plan, &home.params, false, NAN));
    assert_int_equal(ground()->source, PLAN_LIMIT_UNKNOWN);
}

/* Who may walk seven minutes is not sent out for fifteen, and has walked when seven are done. */
static void test_nobody_is_asked_for_more_than_a_clinician_allows(void **unused)
{
    (void)unused;
    struct plan_next next;
    move_in(&home, PLAN_P2);
    assert_true(plan_limit_set(&home.plan, &home.params, true, 300));
    plan_next(&home.plan, &home.params, &next);
    assert_true(next.target_min == 15);
    assert_true(plan_limit_set(&home.plan, &home.params, false, 7));
    plan_next(&home.plan, &home.params, &next);
    assert_true(next.target_min == 7);
    open_walk(&home);
    assert_true(home.plan.walk.target_min == 7);
    struct plan_facts facts = facts_of(&home, 7);
    assert_true(close_walk(&home, &facts));
    assert_int_equal(home.plan.day[0].done_n, 1);
    assert_true(plan_limit_set(&home.plan, &home.params, false, NAN));
    plan_next(&home.plan, &home.params, &next);
    assert_true(next.target_min == 15);
}

/* ---- C16 ---- */

static void test_enough_needs_length_and_pain_and_stays_silent_when_it_was_meant(void **unused)
{
    (void)unused;
    begin(PLAN_P1);
    moment.walk_min = 18;
    moment.nrs = moment.nrs_start = 3;
    go(1);
    assert_false(says(&home, TEXT_C16_ENOUGH)); /* 1.5 x 12 is not more than it */
    moment.walk_min = 19;
    moment.nrs = moment.nrs_start = 2;
    go(2);
    assert_false(says(&home, TEXT_C16_ENOUGH));
    moment.nrs_start = 1;
    moment.long_ok = true;
    go(3);
    assert_false(says(&home, TEXT_C16_ENOUGH)); /* meant, and pain 2 */
    moment.nrs = 3;
    go(4);
    assert_true(says(&home, TEXT_C16_ENOUGH)); /* meant, but pain 3 */
    assert_int_equal(home.out.says[0].level, PLAN_COACH);
    assert_true(home.out.says[0].value == 19 && home.out.says[0].threshold == 18);
    go(5);
    assert_false(says(&home, TEXT_C16_ENOUGH));
    begin(PLAN_P1);
    moment.nrs = moment.nrs_start = -1;
    moment.walk_min = 19;
    go(1);
    assert_true(says(&home, TEXT_C16_ENOUGH)); /* minutes only */
}

static void live_with_steps(int day, uint32_t steps, float minutes)
{
    at(&home, day, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    at(&home, day, 700);
    plan_seen(&home.plan, &home.params, &home.profile, &home.now, steps, 0, &home.out);
    if (minutes > 0)
        session(day, minutes, NAN);
}

static void test_overdo_is_two_quiet_days_seen_after_a_long_walk(void **unused)
{
    (void)unused;
    for (int seen = 0; seen < 2; seen++) {
        move_in(&home, PLAN_P1);
        for (int day = 0; day < 4; day++)
            live_with_steps(day, 5000, 12);
        int stage = home.plan.stage;
        live_with_steps(4, 9000, 40);
        float before = ground()->time.working;
        if (seen) {
            live_with_steps(5, 1000, 0);
            live_with_steps(6, 2000, 0);
        }
        at(&home, 7, 5);
        tick(&home);
        struct plan_sums sums;
        plan_sums(&home.plan, &home.params, &sums);
        assert_true(sums.overdo == (seen != 0));
        if (!seen)
            continue; /* no device is no rest */
        assert_int_equal(home.out.decisions[0].why, PLAN_WHY_OVERDO);
        assert_true(fabsf(ground()->time.working - 0.9f * before) < 1e-3f);
        assert_int_equal(home.plan.stage, stage - 1);
    }
}

static void test_flare_within_two_days_of_a_long_walk_is_overdo(void **unused)
{
    (void)unused;
    for (int day = 1; day < 4; day++) {
        move_in(&home, PLAN_P1);
        session(0, 40, NAN);
        at(&home, day, 600);
        report(&home, PLAN_REPORT_FLARE, 0);
        assert_true((home.plan.overdone_day >= 0) == (day <= 2));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limit_is_the_longest_stable_walk_until_three_events),
        cmocka_unit_test(test_limit_is_the_lower_quarter_of_many_events),
        cmocka_unit_test(test_nobody_who_said_nothing_taught_a_limit),
        cmocka_unit_test(test_working_limit_grows_by_a_tenth_a_week_and_never_while_events_last),
        cmocka_unit_test(test_near_the_limit_is_said_once_and_not_below_the_plan_without_events),
        cmocka_unit_test(test_a_limit_without_any_pain_is_information),
        cmocka_unit_test(test_clinicians_limit_is_not_learnt_over),
        cmocka_unit_test(test_nobody_is_asked_for_more_than_a_clinician_allows),
        cmocka_unit_test(test_enough_needs_length_and_pain_and_stays_silent_when_it_was_meant),
        cmocka_unit_test(test_overdo_is_two_quiet_days_seen_after_a_long_walk),
        cmocka_unit_test(test_flare_within_two_days_of_a_long_walk_is_overdo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
