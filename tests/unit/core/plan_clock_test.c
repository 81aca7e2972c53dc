/* C02, C12 and the first day: what comes by the clock. */
#include "plan_fixture.h"

static struct home home;

static void set_slots(int16_t a, int16_t b, int16_t c)
{
    int16_t slots[PLAN_SLOTS] = {a, b, c};
    assert_true(plan_schedule(&home.plan, slots));
}

static void test_reminder_comes_once_again_after_45_minutes_and_never_a_third_time(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_M2);
    set_slots(600, -1, -1);
    home.plan.sessions_any = true;
    int first = 0;
    assert_int_equal(said_in_day(&home, 0, 400, 1400, 1, TEXT_C02_REMINDER, &first), 2);
    assert_int_equal(first, 600);
    assert_int_equal(said_in_day(&home, 1, 400, 646, 1, TEXT_C02_REMINDER, NULL), 2);
    assert_int_equal(said_in_day(&home, 2, 400, 645, 1, TEXT_C02_REMINDER, NULL), 1);
    at(&home, 2, 630); /* daylight saving, or the clock set back */
    tick(&home);
    assert_false(says(&home, TEXT_C02_REMINDER));
}

static void test_reminder_is_silent_when_it_must_be(void **unused)
{
    (void)unused;
    for (int why = 0; why < 6; why++) {
        move_in(&home, PLAN_M2);
        set_slots(600, -1, -1);
        home.plan.sessions_any = true;
        at(&home, 0, 500);
        if (why == 1)
            walk_well(&home);
        if (why == 2)
            report(&home, PLAN_REPORT_FLARE, 0);
        if (why == 3)
            plan_rest(&home.plan, &home.params, &home.now, 1, &home.out);
        at(&home, 0, why == 5 ? 690 : 600);
        home.now.quiet = why == 4;
        tick(&home);
        assert_true(says(&home, TEXT_C02_REMINDER) == (why == 0));
    }
    assert_false(plan_schedule(&home.plan, (int16_t[]){1440, -1, -1}));
    assert_false(plan_schedule(&home.plan, (int16_t[]){-2, -1, -1}));
}

static void test_first_day_starts_with_five_easy_minutes(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_M1);
    set_slots(600, 700, 800);
    at(&home, 0, 600);
    tick(&home);
    assert_true(says(&home, TEXT_C02_FIRST));
    open_walk(&home);
    struct plan_facts facts = facts_of(&home, 5);
    close_walk(&home, &facts);
    at(&home, 0, 700);
    tick(&home);
    assert_true(says(&home, TEXT_C02_REMINDER));
    assert_int_equal(home.out.says[0].min, 5);
}

/* ---- C12 ---- */

static int nudges(int day, int from, int to, bool worn)
{
    int n = 0;
    for (int minute = from; minute < to; minute += 10) {
        at(&home, day, minute);
        if (worn)
            plan_seen(&home.plan, &home.params, &home.profile, &home.now, 0, 0, &home.out);
        tick(&home);
        n += says(&home, TEXT_C12_STROLL);
    }
    return n;
}

static void test_stillness_is_nudged_every_two_hours_and_three_times_at_most(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_K);
    assert_int_equal(nudges(0, 480, 600, true), 0);
    assert_int_equal(nudges(0, 600, 700, true), 1);
    assert_int_equal(nudges(0, 700, 1290, true), 2);
    assert_int_equal(home.plan.day[0].longest_still_min, 800);
    move_in(&home, PLAN_K);
    home.profile.wheelchair = true;
    assert_int_equal(nudges(0, 480, 1290, true), 0);
    move_in(&home, PLAN_K);
    assert_int_equal(nudges(0, 480, 1290, false), 0); /* no device: not known, not still */
    move_in(&home, PLAN_K);
    report(&home, PLAN_REPORT_FLARE, 0);
    assert_int_equal(nudges(0, 480, 1290, true), 0);
    assert_true(nudges(1, 480, 1290, true) > 0);
}

/* Rule book 7, scenario 19. */
static void test_a_wheelchair_hears_of_shoes_and_walks(void **unused)
{
    (void)unused;
    for (int chair = 0; chair < 2; chair++) {
        move_in(&home, PLAN_P2);
        home.profile.wheelchair = chair != 0;
        set_slots(600, -1, -1);
        int said_n = said_in_day(&home, 0, 400, 1400, 1, TEXT_C02_FIRST, NULL) +
                     said_in_day(&home, 1, 400, 1400, 1, TEXT_C02_FIRST, NULL);
        assert_true(chair == 0 ? said_n > 0 : said_n == 0);
    }
    static const char *const others[] = {"P02", "P03", "C04", "C05", "C14", "C16", "C18", "S07"};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        assert_false(plan_afoot(others[i])); /* pain, breath, water, light and mood are anybody's */
}

static void test_quiet_driving_and_an_open_stop_silence_the_nudge(void **unused)
{
    (void)unused;
    for (int why = 0; why < 4; why++) {
        move_in(&home, PLAN_K);
        nudges(0, 480, 600, true);
        at(&home, 0, 601);
        plan_seen(&home.plan, &home.params, &home.profile, &home.now, 0, 0, &home.out);
        home.now.quiet = why == 1;
        home.now.driving = why == 2;
        home.now.stop_open = why == 3;
        tick(&home);
        assert_true(says(&home, TEXT_C12_STROLL) == (why == 0));
        home.now.driving = false;
    }
}

static void test_a_night_is_no_stillness_and_a_minute_of_walking_ends_it(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_K);
    for (int minute = 0; minute < 450; minute += 10) {
        at(&home, 1, minute);
        home.now.quiet = true;
        plan_seen(&home.plan, &home.params, &home.profile, &home.now, 0, 0, &home.out);
        tick(&home);
    }
    home.now.quiet = false;
    assert_int_equal(nudges(1, 450, 560, true), 0);
    at(&home, 1, 560);
    plan_seen(&home.plan, &home.params, &home.profile, &home.now, 90, 60, &home.out);
    assert_int_equal(nudges(1, 570, 680, true), 0);
    assert_int_equal(nudges(1, 680, 700, true), 1);
}

/* P03: "that is enough for today". P02, P06 and T1 stop for today as well. */
static void test_nobody_who_was_stopped_today_is_sent_out_again_today(void **unused)
{
    (void)unused;
    for (int why = 0; why < 4; why++) {
        move_in(&home, PLAN_M2);
        set_slots(600, 800, 1000);
        at(&home, 0, 610);
        struct plan_facts facts = facts_of(&home, 4);
        facts.red = why == 1;
        facts.p02_stop = why == 2;
        facts.leg_stop = facts.stopped = why == 3;
        home.plan.sessions_any = true;
        close_walk(&home, &facts);
        assert_int_equal(said_in_day(&home, 0, 790, 900, 5, TEXT_C02_REMINDER, NULL) > 0, why == 0);
        assert_int_equal(nudges(0, 900, 1290, true) > 0, why == 0);
        assert_true(said_in_day(&home, 1, 590, 700, 5, TEXT_C02_REMINDER, NULL) > 0);
        assert_true(nudges(1, 700, 1290, true) > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reminder_comes_once_again_after_45_minutes_and_never_a_third_time),
        cmocka_unit_test(test_reminder_is_silent_when_it_must_be),
        cmocka_unit_test(test_first_day_starts_with_five_easy_minutes),
        cmocka_unit_test(test_stillness_is_nudged_every_two_hours_and_three_times_at_most),
        cmocka_unit_test(test_quiet_driving_and_an_open_stop_silence_the_nudge),
        cmocka_unit_test(test_a_night_is_no_stillness_and_a_minute_of_walking_ends_it),
        cmocka_unit_test(test_nobody_who_was_stopped_today_is_sent_out_again_today),
        cmocka_unit_test(test_a_wheelchair_hears_of_shoes_and_walks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
