/* C07-C09, C11, C13-C15, C17, C18, R09: what comes by habit. */
#include "plan_fixture.h"

static struct home home;

/* ---- C08, C09 ---- */

/* C11 begins the first walk; there is nothing to come back to. */
static void test_who_begins_late_is_encouraged_and_not_welcomed_back(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_M1);
    home.profile.disc = true;
    at(&home, 4, 700);
    tick(&home);
    open_walk(&home);
    assert_false(says(&home, TEXT_C08_WELCOME));
    assert_true(says(&home, TEXT_C11_DISC));
}

static void test_streak_bridges_one_day_in_seven_and_restarts_without_a_word(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_M1);
    int said = 0;
    for (int day = 0; day < 20; day++) {
        bool walks = day != 3 && day != 11 && day != 14;
        live_day(&home, day, walks ? 1 : 0, -1);
        said += says(&home, TEXT_C08_STREAK);
        assert_false(says(&home, TEXT_C08_WELCOME));
        if (day == 10)
            assert_int_equal(home.plan.streak, 10); /* days walked, the bridged one is not one */
    }
    /* 11 is bridged, 14 is not: days 15 to 19. */
    assert_int_equal(home.plan.streak, 5);
    assert_int_equal(said, 3); /* 3, 7, and 3 of the new row */
}

static void test_who_walks_two_days_after_the_208th_never_hears_of_it(void **unused)
{
    (void)unused;
    for (int days = 0; days < 800; days++) {
        int milestone = plan_flare_free_milestone(days);
        assert_true(milestone <= days && milestone > days - 60);
        assert_true(days == 0 || milestone >= plan_flare_free_milestone(days - 1));
        assert_true((milestone == 208) == (days >= 208 && days < 240));
        assert_true((milestone == 112) == (days >= 112 && days < 120));
    }
}

static void test_scenario_47_208_days_are_told_once_and_never_as_a_forecast(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_K);
    int at_112 = 0, at_208 = 0, others = 0;
    for (int day = 1; day < 400; day++) {
        for (int minute = 480; minute < 900; minute += 60) {
            at(&home, day, minute);
            tick(&home);
            at_112 += says(&home, TEXT_C09_112);
            at_208 += says(&home, TEXT_C09_208);
            others += says(&home, TEXT_C09_DAYS);
            if (says(&home, TEXT_C09_208))
                assert_int_equal(home.plan.day_n, 208);
        }
    }
    assert_int_equal(at_112, 1);
    assert_int_equal(at_208, 1);
    assert_int_equal(others, 12 + 1); /* 30 to 390 without 210, and 365 */
    report(&home, PLAN_REPORT_FLARE, 0);
    struct plan_sums sums;
    plan_sums(&home.plan, &home.params, &sums);
    assert_int_equal(sums.best_flare_free_days, 399);
    for (int day = 400; day < 520; day++) {
        at(&home, day, 700);
        tick(&home);
        assert_false(says(&home, TEXT_C09_112) || says(&home, TEXT_C09_DAYS));
    }
}

/* ---- C11, C18, C17, C15 ---- */

static void test_encouragement_is_once_a_day_rotates_and_knows_the_disc(void **unused)
{
    (void)unused;
    int seen[TEXT_COUNT] = {0};
    for (int disc = 0; disc < 2; disc++) {
        move_in(&home, PLAN_M1);
        home.profile.disc = disc;
        open_walk(&home);
        assert_true(says(&home, disc ? TEXT_C11_DISC : TEXT_C11_HURT));
        report(&home, PLAN_REPORT_FEAR, 8);
        assert_int_equal(home.out.says_n, 1);
        for (int day = 1; day < 13; day++) {
            at(&home, day, 700);
            report(&home, PLAN_REPORT_FEAR, 5);
            assert_int_equal(home.out.says_n, 0);
            report(&home, PLAN_REPORT_FEAR, 6);
            assert_int_equal(home.out.says_n, 1);
            seen[home.out.says[0].text]++;
            assert_true(disc || home.out.says[0].text != TEXT_C11_DISC);
        }
    }
    assert_true(seen[TEXT_C11_MUSCLES] > 1 && seen[TEXT_C11_BLOOD] > 1);
}

static void test_red_pain_is_encouraged_only_once_settled(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    home.plan.sessions_any = true;
    at(&home, 0, 700);
    struct plan_facts facts = facts_of(&home, 5);
    facts.red = true;
    facts.nrs_peak = facts.nrs_end = 7;
    close_walk(&home, &facts);
    report(&home, PLAN_REPORT_FEAR, 9);
    report(&home, PLAN_REPORT_NRS, 5);
    assert_false(says(&home, TEXT_C11_HURT));
    at(&home, 0, 800);
    report(&home, PLAN_REPORT_NRS, 3);
    assert_true(says(&home, TEXT_C11_HURT));
}

static void test_two_short_walks_without_pain_are_encouraged_and_painful_ones_are_not(void **unused)
{
    (void)unused;
    for (int hurt = 0; hurt < 2; hurt++) {
        move_in(&home, PLAN_P1);
        struct plan_facts facts = facts_of(&home, 3);
        facts.end = PLAN_END_USER;
        facts.amber = hurt;
        close_walk(&home, &facts);
        assert_false(says(&home, TEXT_C11_HURT));
        close_walk(&home, &facts);
        assert_true(says(&home, TEXT_C11_HURT) == !hurt);
    }
}

/* Who steps off a belt presses no button; who strolls through the house broke nothing off. */
static void test_two_aborted_treadmill_walks_offer_another_mode_once_a_week(void **unused)
{
    (void)unused;
    const struct {
        enum plan_end end;
        enum plan_mode mode;
        bool aborted;
    } ways[] = {{PLAN_END_USER, PLAN_TREADMILL, true},
                {PLAN_END_IDLE, PLAN_TREADMILL, true},
                {PLAN_END_IDLE, PLAN_OVERGROUND, false},
                {PLAN_END_OTHER, PLAN_TREADMILL, false}};
    for (size_t way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
        move_in(&home, PLAN_P1);
        int n = 0;
        for (int i = 0; i < 6; i++) {
            at(&home, i, 700);
            struct plan_facts facts = facts_of(&home, 3);
            facts.end = (uint8_t)ways[way].end;
            facts.mode = (uint8_t)ways[way].mode;
            close_walk(&home, &facts);
            n += says(&home, TEXT_C17_MODE);
            assert_true(n == (ways[way].aborted && i >= 1));
        }
        assert_int_equal((home.plan.day[0].marks & PLAN_MARK_ABORTED) != 0, ways[way].aborted);
    }
}

static void
test_low_mood_is_the_wearers_alone_waits_for_red_and_is_said_in_14_days_once(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    report(&home, PLAN_REPORT_MOOD_WEEK, 2);
    report(&home, PLAN_REPORT_MOOD_WEEK, 1); /* the same day is the same week */
    assert_false(says(&home, TEXT_C18_MOOD));
    at(&home, 7, 700);
    home.now.stop_open = true;
    report(&home, PLAN_REPORT_MOOD_WEEK, 2);
    assert_int_equal(home.out.says_n, 0);
    home.now.stop_open = false;
    tick(&home);
    assert_true(says(&home, TEXT_C18_MOOD));
    assert_true(home.out.says[0].wearer_only);
    at(&home, 20, 700);
    report(&home, PLAN_REPORT_LOW, 0);
    assert_false(says(&home, TEXT_C18_MOOD));
    at(&home, 21, 700);
    report(&home, PLAN_REPORT_LOW, 0);
    assert_true(says(&home, TEXT_C18_MOOD));
    move_in(&home, PLAN_P1);
    report(&home, PLAN_REPORT_MOOD_WEEK, 2);
    at(&home, 7, 700);
    report(&home, PLAN_REPORT_MOOD_WEEK, 3);
    at(&home, 14, 700);
    report(&home, PLAN_REPORT_MOOD_WEEK, 2);
    assert_false(says(&home, TEXT_C18_MOOD));
}

static void test_thirty_minutes_are_praised_once_and_never_after_red(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_G30);
    struct plan_facts facts = facts_of(&home, 31);
    facts.longest_bout_min = 30;
    facts.red = true;
    close_walk(&home, &facts);
    assert_false(says(&home, TEXT_C15_THIRTY));
    facts.red = false;
    close_walk(&home, &facts);
    assert_true(says(&home, TEXT_C15_THIRTY));
    hush(&home);
    close_walk(&home, &facts);
    assert_false(says(&home, TEXT_C15_THIRTY));
}

/* ---- C13, C14, C07, R09 ---- */

static void walks_on(enum plan_surface surface, int n, int rise)
{
    for (int i = 0; i < n; i++) {
        struct plan_facts facts = facts_of(&home, 12);
        facts.surface = (uint8_t)surface;
        facts.nrs_peak = (int16_t)(facts.nrs_start + rise);
        close_walk(&home, &facts);
    }
}

static void test_surface_needs_three_walks_each_and_a_rise_of_one(void **unused)
{
    (void)unused;
    for (int n = 2; n < 4; n++) {
        move_in(&home, PLAN_P1);
        home.plan.windowed_day = 0;
        walks_on(PLAN_CONCRETE, 3, 1);
        walks_on(PLAN_TRACK, n, 0);
        walks_on(PLAN_GRASS, 3, 1);
        hush(&home);
        tick(&home);
        assert_true(says(&home, TEXT_C13_SURFACE) == (n == 3));
        if (n == 3)
            assert_int_equal(home.out.says[0].surface, PLAN_TRACK);
        at(&home, 1, 700);
        tick(&home);
        assert_false(says(&home, TEXT_C13_SURFACE));
    }
}

static void test_daylight_needs_known_days_indoors_and_fair_weather(void **unused)
{
    (void)unused;
    for (int why = 0; why < 4; why++) { /* said, unknown, hot, been out */
        move_in(&home, PLAN_P1);
        for (int day = 0; day < 8; day++) {
            at(&home, day, 700);
            struct plan_facts facts = facts_of(&home, 12);
            facts.outdoor_min = why == 1 ? NAN : 0;
            facts.outing = why == 3 && day == 5;
            close_walk(&home, &facts);
        }
        home.now.stay_in = why == 2;
        hush(&home);
        tick(&home);
        assert_true(says(&home, TEXT_C14_DAYLIGHT) == (why == 0));
        home.now.stay_in = false;
    }
}

static void
test_window_check_is_on_days_1_3_5_then_monthly_and_the_string_spares_who_bends(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_K);
    int n = 0;
    for (int day = 0; day < 70; day++) {
        int today = said_in_day(&home, day, 500, 900, 30, TEXT_C07_WINDOW, NULL);
        assert_true(today <= 1);
        n += today;
        assert_true(n == (day >= 60   ? 5
                          : day >= 34 ? 4
                          : day >= 4  ? 3
                          : day >= 2  ? 2
                                      : 1) ||
                    day >= 30);
    }
    assert_int_equal(n, 5);
    report(&home, PLAN_REPORT_POSTURE, 0);
    hush(&home);
    home.profile.stenosis = true;
    report(&home, PLAN_REPORT_POSTURE, 1);
    assert_int_equal(home.out.says_n, 0);
    home.profile.stenosis = false;
    report(&home, PLAN_REPORT_POSTURE, 1);
    assert_true(says(&home, TEXT_R06_STRING));
}

static bool told_of_shoes(int day, struct plan_shoe shoe)
{
    struct plan_opening opening = {PLAN_OVERGROUND, -1, NAN, shoe};
    at(&home, day, 700);
    plan_session_opened(&home.plan, &home.params, &home.profile, &home.now, &opening, &home.out);
    assert_true(home.plan.walk.open); /* never blocks */
    return says(&home, TEXT_R09_AGE) || says(&home, TEXT_R09_DISTANCE);
}

static void test_scenario_52_shoes_of_212_days_then_14_days_of_silence(void **unused)
{
    (void)unused;
    struct plan_shoe shoe = {1, 212, 7, NAN, NAN}, seldom = {1, 212, 4, NAN, NAN};
    move_in(&home, PLAN_K);
    home.plan.sessions_any = true;
    home.plan.gap_back = 0;
    assert_false(told_of_shoes(0, seldom));
    assert_true(told_of_shoes(0, shoe));
    assert_int_equal(home.out.says[0].level, PLAN_COACH);
    home.plan.gap_back = 0;
    assert_false(told_of_shoes(2, shoe));
    home.plan.day[1].marks |= PLAN_MARK_WALKED;
    home.plan.gap_back = 0;
    home.plan.streak = 1;
    plan_rest(&home.plan, &home.params, &home.now, 30, &home.out);
    assert_false(told_of_shoes(13, shoe));
    assert_true(told_of_shoes(14, shoe));
    for (int i = 0; i < 3; i++)
        report(&home, PLAN_REPORT_SNOOZE, 0);
    assert_false(told_of_shoes(30, shoe));
    shoe.tag = 2; /* another pair */
    assert_true(told_of_shoes(31, shoe));
    struct plan_shoe far = {3, -1, NAN, 500, NAN};
    assert_true(told_of_shoes(31, far));
    assert_int_equal(home.out.says[0].level, PLAN_INFO);
    far = (struct plan_shoe){4, -1, NAN, NAN, 1.15f};
    assert_true(told_of_shoes(31, far));
}

static void test_usual_is_the_median_of_mornings_and_frozen_in_a_flare(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_K);
    const int mornings[] = {1, 4, 2, 3};
    for (int day = 0; day < 4; day++) {
        at(&home, day, 500);
        report(&home, PLAN_REPORT_MORNING, mornings[day]);
        assert_true(day > 2 || isnan(home.plan.usual));
    }
    at(&home, 4, 1);
    tick(&home);
    assert_true(home.plan.usual == 2.5f);
    report(&home, PLAN_REPORT_FLARE, 0);
    for (int day = 4; day < 20; day++) {
        at(&home, day, 500);
        report(&home, PLAN_REPORT_MORNING, 8);
    }
    assert_true(home.plan.usual == 2.5f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_begins_late_is_encouraged_and_not_welcomed_back),
        cmocka_unit_test(test_streak_bridges_one_day_in_seven_and_restarts_without_a_word),
        cmocka_unit_test(test_who_walks_two_days_after_the_208th_never_hears_of_it),
        cmocka_unit_test(test_scenario_47_208_days_are_told_once_and_never_as_a_forecast),
        cmocka_unit_test(test_encouragement_is_once_a_day_rotates_and_knows_the_disc),
        cmocka_unit_test(test_red_pain_is_encouraged_only_once_settled),
        cmocka_unit_test(test_two_short_walks_without_pain_are_encouraged_and_painful_ones_are_not),
        cmocka_unit_test(test_two_aborted_treadmill_walks_offer_another_mode_once_a_week),
        cmocka_unit_test(
            test_low_mood_is_the_wearers_alone_waits_for_red_and_is_said_in_14_days_once),
        cmocka_unit_test(test_thirty_minutes_are_praised_once_and_never_after_red),
        cmocka_unit_test(test_surface_needs_three_walks_each_and_a_rise_of_one),
        cmocka_unit_test(test_daylight_needs_known_days_indoors_and_fair_weather),
        cmocka_unit_test(
            test_window_check_is_on_days_1_3_5_then_monthly_and_the_string_spares_who_bends),
        cmocka_unit_test(test_scenario_52_shoes_of_212_days_then_14_days_of_silence),
        cmocka_unit_test(test_usual_is_the_median_of_mornings_and_frozen_in_a_flare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
