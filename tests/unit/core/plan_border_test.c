/* The programme where two of its parts meet: a word that is owed, a stage that brings no more, a
 * walk over midnight. */
#include "tests/unit/core/plan_fixture.h"

static struct home home;

/* "We go a step back" is owed for the step that was taken, and for no stage that somebody chose or
 * that missed days brought since. */
static void test_a_step_back_that_is_history_is_not_told_any_more(void **unused)
{
    (void)unused;
    for (int missed = 0; missed < 2; missed++) {
        move_in(&home, PLAN_P3);
        at(&home, 0, 700);
        home.now.stop_open = true;
        struct plan_facts facts = facts_of(&home, 5);
        facts.p02_stop = true;
        close_walk(&home, &facts);
        assert_decided(&home, PLAN_DOWN, PLAN_WHY_P02_STOP, PLAN_P2);
        home.now.stop_open = false;
        at(&home, missed ? 5 : 0, 800);
        if (!missed)
            plan_override(&home.plan, &home.params, &home.now, PLAN_P4, PLAN_BY_CLINICIAN,
                          &home.out);
        tick(&home);
        open_walk(&home);
        assert_int_equal(home.plan.stage, missed ? PLAN_P1 : PLAN_P4);
        assert_false(says(&home, TEXT_C01_DOWN));
    }
}

/* From G30 to K the walk stays as it is, and so it does where a clinician's limit holds: to ask
 * whether somebody is ready for more would be untrue. */
static void test_a_step_up_without_a_longer_walk_is_not_told_as_more(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_G30);
    for (int day = 0; day < 7; day++)
        live_day(&home, day, 1, 2);
    at(&home, 7, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    assert_decided(&home, PLAN_UP, PLAN_WHY_ALL_WELL, PLAN_K);
    assert_false(says(&home, TEXT_C01_UP_ONE));
    assert_true(says(&home, TEXT_C01_HOLD));
    move_in(&home, PLAN_P1);
    plan_limit_set(&home.plan, &home.params, false, 10);
    for (int day = 0; day < 3; day++)
        live_day(&home, day, 2, 2);
    at(&home, 3, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    assert_decided(&home, PLAN_UP, PLAN_WHY_ALL_WELL, PLAN_P2);
    assert_false(says(&home, TEXT_C01_UP));
    assert_true(says(&home, TEXT_C01_HOLD));
}

/* A walk over midnight is of the evening on which it began: that day is no missed one. */
static void test_a_walk_over_midnight_breaks_no_row_of_days(void **unused)
{
    (void)unused;
    for (int enough = 0; enough < 2; enough++) {
        move_in(&home, PLAN_P1);
        for (int day = 0; day < 5; day++) {
            if (day != 3) /* the one day of grace */
                live_day(&home, day, 1, -1);
        }
        at(&home, 5, 1430);
        open_walk(&home);
        struct plan_facts facts = facts_of(&home, enough ? 12 : 3);
        at(&home, 6, 5);
        tick(&home);
        close_walk(&home, &facts);
        assert_int_equal(home.plan.streak, enough ? 5 : 0);
    }
    move_in(&home, PLAN_P3);
    live_day(&home, 0, 2, -1);
    at(&home, 3, 1430); /* the third evening after two days away */
    open_walk(&home);
    struct plan_facts facts = facts_of(&home, 20);
    at(&home, 4, 5);
    tick(&home);
    assert_int_equal(home.plan.stage, PLAN_P3);
    close_walk(&home, &facts);
    at(&home, 4, 650);
    tick(&home);
    assert_int_equal(home.plan.stage, PLAN_P3);
    /* Of a walk that came to nothing the evening is missed all the same. */
    move_in(&home, PLAN_P3);
    live_day(&home, 0, 2, -1);
    at(&home, 3, 1430);
    open_walk(&home);
    facts = facts_of(&home, 0.5F);
    at(&home, 4, 5);
    tick(&home);
    close_walk(&home, &facts);
    assert_int_equal(home.plan.stage, PLAN_P2);
}

/* The hub was away for days while a walk was open: these days are judged as all others are, whether
 * the walk can be counted or not. */
static void test_days_away_in_an_open_walk_keep_a_row_of_days(void **unused)
{
    (void)unused;
    for (int fits = 0; fits < 2; fits++) {
        move_in(&home, PLAN_P1);
        for (int day = 0; day < 5; day++)
            live_day(&home, day, 1, -1);
        at(&home, 5, 1430);
        open_walk(&home);
        struct plan_facts facts = facts_of(&home, fits ? 12 : -1);
        at(&home, 9, 600);
        close_walk(&home, &facts);
        assert_int_equal(home.plan.streak, 0);
        assert_int_equal(home.plan.stage, PLAN_M2);
    }
}

/* S07 says "rest, or walk five minutes indoors": no reminder of a longer walk takes that back. */
static void test_nobody_who_is_unwell_is_reminded_of_a_walk_that_day(void **unused)
{
    (void)unused;
    for (int unwell = 0; unwell < 2; unwell++) {
        move_in(&home, PLAN_P1);
        live_day(&home, 0, 2, -1);
        plan_schedule(&home.plan, (const int16_t[PLAN_SLOTS]){660, -1, -1});
        home.now.unwell = unwell;
        assert_int_equal(said_in_day(&home, 1, 650, 700, 5, TEXT_C02_REMINDER, NULL), !unwell);
        int nudges_n = 0;
        for (int minute = 700; minute < 1200; minute += 10) {
            at(&home, 1, minute);
            plan_seen(&home.plan, &home.params, &home.profile, &home.now, 0, 0, &home.out);
            tick(&home);
            nudges_n += says(&home, TEXT_C12_STROLL);
        }
        assert_int_equal(nudges_n > 0, !unwell);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_step_back_that_is_history_is_not_told_any_more),
        cmocka_unit_test(test_a_step_up_without_a_longer_walk_is_not_told_as_more),
        cmocka_unit_test(test_a_walk_over_midnight_breaks_no_row_of_days),
        cmocka_unit_test(test_days_away_in_an_open_walk_keep_a_row_of_days),
        cmocka_unit_test(test_nobody_who_is_unwell_is_reminded_of_a_walk_that_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
