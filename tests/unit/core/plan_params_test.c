/* A figure of the programme that a clinician changed is what it then goes by. */
#include "plan_walk_fixture.h"

#include "hub/core/rule_table.h"

static void set(enum param param, double value)
{
    assert_true(params_set(&home.params, param, value));
}

/* ---- C01 ---- */

static float target(void)
{
    struct plan_next next;
    plan_next(&home.plan, &home.params, &next);
    return next.target_min;
}

static void test_each_stage_walks_the_minutes_that_are_set(void **unused)
{
    (void)unused;
    static const struct {
        enum plan_stage stage;
        enum param first, second;
    } all[] = {
        {PLAN_M1, PARAM_PLAN_M1_MIN, PARAM_COUNT},
        {PLAN_M2, PARAM_PLAN_M2_MIN, PARAM_COUNT},
        {PLAN_P1, PARAM_PLAN_P1_MIN, PARAM_COUNT},
        {PLAN_P2, PARAM_PLAN_P2_MIN, PARAM_COUNT},
        {PLAN_P3, PARAM_PLAN_P3_MIN, PARAM_PLAN_P3_SECOND_MIN},
        {PLAN_P4, PARAM_PLAN_P4_MIN, PARAM_PLAN_P4_SECOND_MIN},
        {PLAN_G30, PARAM_PLAN_G30_MIN, PARAM_COUNT},
        {PLAN_K, PARAM_PLAN_K_MIN, PARAM_COUNT},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        move_in(&home, all[i].stage);
        set(all[i].first, 9);
        if (all[i].second != PARAM_COUNT)
            set(all[i].second, 11);
        assert_true(target() == 9);
        walk_well(&home);
        assert_true(target() == (all[i].second != PARAM_COUNT ? 11 : 9));
    }
}

static void test_a_step_up_tells_the_minutes_that_are_set(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P2);
    set(PARAM_PLAN_P3_MIN, 18);
    set(PARAM_PLAN_P3_SECOND_MIN, 12);
    for (int day = 0; day < 3; day++)
        live_day(&home, day, 2, day == 0 ? -1 : 2);
    at(&home, 3, 500);
    report(&home, PLAN_REPORT_MORNING, 2);
    assert_int_equal(home.plan.stage, PLAN_P3);
    assert_true(says(&home, TEXT_C01_UP_TWO));
    assert_int_equal(home.out.says[0].min, 18);
    assert_int_equal(home.out.says[0].min_next, 12);
}

static int days_until_up(enum plan_stage stage, enum param param, double days)
{
    int day = 0;
    move_in(&home, stage);
    set(param, days);
    for (; day < 30 && home.plan.stage == (uint8_t)stage; day++)
        live_day(&home, day, plan_stage_info(stage)->walks_n, 2);
    return day - 1; /* decided in the morning after the last of them */
}

static void test_a_stage_takes_the_days_that_are_set(void **unused)
{
    (void)unused;
    assert_int_equal(days_until_up(PLAN_M1, PARAM_PLAN_M1_DAYS, 5), 5);
    assert_int_equal(days_until_up(PLAN_M2, PARAM_PLAN_M2_DAYS, 6), 6);
    assert_int_equal(days_until_up(PLAN_P1, PARAM_PLAN_P_DAYS, 8), 8);
    assert_int_equal(days_until_up(PLAN_P4, PARAM_PLAN_P_DAYS, 2), 2);
    assert_int_equal(days_until_up(PLAN_G30, PARAM_PLAN_G30_DAYS, 9), 9);
}

static void test_days_a_week_of_k_count_for_consistency_and_the_row(void **unused)
{
    (void)unused;
    for (int week = 3; week <= 7; week += 4) {
        struct plan_sums sums;
        move_in(&home, PLAN_K);
        set(PARAM_PLAN_K_WEEK, week);
        for (int day = 0; day < 7; day++)
            live_day(&home, day, day < 6 && day % 2 == 0, -1);
        plan_sums(&home.plan, &home.params, &sums);
        assert_int_equal(sums.streak_days, week == 3 ? 3 : 0);
        assert_true(fabsf(sums.consistency - (week == 3 ? 1 : 3.0F / 7)) < 1e-3F);
    }
}

static void test_a_flare_goes_back_as_far_as_is_set(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P4);
    set(PARAM_PLAN_FLARE_BACK, 1);
    report(&home, PLAN_REPORT_FLARE, 0);
    assert_int_equal(home.plan.resume, PLAN_P3);
}

/* ---- habits ---- */

static void test_reminders_to_drink_follow_their_figures(void **unused)
{
    (void)unused;
    for (int changed = 0; changed < 2; changed++) {
        int n = 0;
        begin(PLAN_P1); /* 12 minutes are no long walk */
        if (changed) {
            set(PARAM_C05_LONG, 12);
            set(PARAM_C05_MAX, 1);
        }
        for (int s = 0; s < 3600; s += 60) {
            go(s);
            n += says(&home, TEXT_C05_AGAIN);
        }
        assert_int_equal(n, changed);
    }
    move_in(&home, PLAN_P1);
    home.plan.sessions_any = true;
    set(PARAM_C05_BEFORE, 25);
    assert_true(plan_schedule(&home.plan, (int16_t[]){600, -1, -1}));
    int first = 0;
    assert_int_equal(said_in_day(&home, 0, 500, 599, 1, TEXT_C05_DRINK, &first), 1);
    assert_int_equal(first, 575);
    at(&home, 0, 574);
    assert_true(plan_deadline_ms(&home.plan, &home.params, &home.now) <= home.now.wall_ms + MINUTE);
}

static void test_the_window_check_follows_its_days(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_K);
    set(PARAM_C07_FIRST, 1);
    set(PARAM_C07_EVERY, 10);
    for (int day = 0; day < 35; day++) {
        const int n = said_in_day(&home, day, 500, 900, 60, TEXT_C07_WINDOW, NULL);
        assert_int_equal(n, day % 10 == 0);
    }
}

static void test_as_many_days_of_grace_as_are_set(void **unused)
{
    (void)unused;
    for (int grace = 0; grace < 3; grace++) {
        move_in(&home, PLAN_M1);
        set(PARAM_C08_GRACE, grace);
        live_day(&home, 0, 3, -1);
        at(&home, 3, 500); /* two days without a walk were closed */
        tick(&home);
        assert_int_equal(home.plan.streak, grace == 2 ? 1 : 0);
    }
}

static void test_walks_broken_off_follow_their_figures(void **unused)
{
    (void)unused;
    for (int changed = 0; changed < 3; changed++) {
        move_in(&home, PLAN_P1);
        home.plan.sessions_any = true;
        if (changed > 0)
            set(PARAM_C11_SHARE, 0.8);
        if (changed > 1)
            set(PARAM_C11_WALKS, 3);
        for (int i = 0; i < 2; i++) {
            struct plan_facts facts = facts_of(&home, 7); /* of 12 */
            facts.end = PLAN_END_USER;
            close_walk(&home, &facts);
        }
        assert_true(says(&home, TEXT_C11_HURT) == (changed == 1));
    }
    for (int changed = 0; changed < 2; changed++) {
        move_in(&home, PLAN_P1);
        if (changed)
            set(PARAM_C17_WALKS, 1);
        struct plan_facts facts = facts_of(&home, 2);
        facts.end = PLAN_END_USER;
        facts.mode = PLAN_TREADMILL;
        close_walk(&home, &facts);
        assert_true(says(&home, TEXT_C17_MODE) == (changed != 0));
    }
}

static void test_a_stillness_ends_with_the_walking_that_is_set(void **unused)
{
    (void)unused;
    for (int changed = 0; changed < 2; changed++) {
        move_in(&home, PLAN_P1);
        if (changed)
            set(PARAM_C12_WALK, 30);
        plan_seen(&home.plan, &home.params, &home.profile, &home.now, 60, 40, &home.out);
        assert_true(((home.plan.day[0].marks & PLAN_MARK_WALKED) != 0) == (changed != 0));
    }
}

static void walks_on(enum plan_surface surface, int n, int rise)
{
    for (int i = 0; i < n; i++) {
        struct plan_facts facts = facts_of(&home, 12);
        facts.surface = (uint8_t)surface;
        facts.outdoor_min = 0;
        facts.nrs_peak = (int16_t)(facts.nrs_start + rise);
        close_walk(&home, &facts);
    }
    hush(&home);
}

static void test_surfaces_are_compared_after_the_walks_that_are_set_and_as_often(void **unused)
{
    (void)unused;
    move_in(&home, PLAN_P1);
    home.plan.windowed_day = 0;
    set(PARAM_C13_WALKS, 2);
    set(PARAM_C13_EVERY, 1);
    walks_on(PLAN_CONCRETE, 2, 1);
    walks_on(PLAN_TRACK, 2, 0);
    tick(&home);
    assert_true(says(&home, TEXT_C13_SURFACE));
    at(&home, 1, 700);
    tick(&home);
    assert_true(says(&home, TEXT_C13_SURFACE));
}

/* Days between the first two times that a life without anything else has `text` said. */
static int days_between(enum text text, enum param param, double days)
{
    int first = -1;
    move_in(&home, PLAN_P1);
    home.plan.windowed_day = 0;
    set(param, days);
    for (int day = 0; day < 60; day++) {
        at(&home, day, 700);
        walks_on(PLAN_FLOOR, 1, 0);
        if (text == TEXT_C18_MOOD)
            report(&home, PLAN_REPORT_LOW, 0);
        if (text == TEXT_C17_MODE) {
            struct plan_facts facts = facts_of(&home, 2);
            facts.end = PLAN_END_USER;
            facts.mode = PLAN_TREADMILL;
            close_walk(&home, &facts);
        }
        tick(&home);
        if (!says(&home, text))
            continue;
        if (first >= 0)
            return day - first;
        first = day;
    }
    return -1;
}

static void test_what_is_said_again_waits_the_days_that_are_set(void **unused)
{
    (void)unused;
    assert_int_equal(days_between(TEXT_C14_DAYLIGHT, PARAM_C14_EVERY, 9), 9);
    assert_int_equal(days_between(TEXT_C17_MODE, PARAM_C17_EVERY, 11), 11);
    assert_int_equal(days_between(TEXT_C18_MOOD, PARAM_C18_EVERY, 5), 5);
}

static void test_enough_follows_its_figures(void **unused)
{
    (void)unused;
    static const struct {
        enum param param;
        int value, nrs, nrs_start;
        bool meant, said;
    } all[] = {
        {PARAM_C16_NRS, 3, 3, 3, false, true},  {PARAM_C16_NRS, 5, 3, 3, false, false},
        {PARAM_C16_RISE, 1, 2, 1, false, true}, {PARAM_C16_RISE, 2, 2, 1, false, false},
        {PARAM_C16_FINE, 2, 3, 3, true, true},  {PARAM_C16_FINE, 3, 3, 3, true, false},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        begin(PLAN_P1);
        set(all[i].param, all[i].value);
        moment.walk_min = 19;
        moment.nrs = (int8_t)all[i].nrs;
        moment.nrs_start = (int8_t)all[i].nrs_start;
        moment.long_ok = all[i].meant;
        go(1);
        assert_true(says(&home, TEXT_C16_ENOUGH) == all[i].said);
    }
}

static void test_a_flare_is_of_a_long_walk_for_the_hours_that_are_set(void **unused)
{
    (void)unused;
    for (int hours = 48; hours <= 96; hours += 48) {
        struct plan_sums sums;
        move_in(&home, PLAN_P1);
        set(PARAM_C16_WITHIN, hours);
        at(&home, 0, 700);
        struct plan_facts facts = facts_of(&home, 40);
        close_walk(&home, &facts);
        home.now.wall_ms += (int64_t)72 * 3600000; /* days are closed by their own count */
        report(&home, PLAN_REPORT_FLARE, 0);
        plan_sums(&home.plan, &home.params, &sums);
        assert_true(sums.overdo == (hours == 96));
    }
}

static void test_the_limit_rises_after_the_walks_that_are_set(void **unused)
{
    (void)unused;
    for (int free_n = 3; free_n <= 5; free_n += 2) {
        move_in(&home, PLAN_P1);
        set(PARAM_P07_FREE, free_n);
        for (int i = 0; i < 4; i++) {
            at(&home, i, 700);
            struct plan_facts facts = facts_of(&home, (float)(10 + 5 * i));
            close_walk(&home, &facts);
        }
        assert_true((home.plan.limits[0].time.working > 8.5F) == (free_n == 3));
    }
}

static void test_a_flare_is_over_and_somebody_recovered_by_their_figures(void **unused)
{
    (void)unused;
    for (int calm = 0; calm < 2; calm++) {
        move_in(&home, PLAN_P1);
        set(PARAM_P08_CALM, calm);
        home.plan.usual = 2;
        report(&home, PLAN_REPORT_FLARE, 0);
        for (int day = 1; day < 5; day++)
            live_day(&home, day, 0, 3);
        assert_true(home.plan.flare == (calm == 0));
    }
    struct plan_sums sums;
    move_in(&home, PLAN_K);
    set(PARAM_P08_RECOVERED, 10);
    for (int day = 0; day < 11; day++)
        live_day(&home, day, 1, 0);
    plan_sums(&home.plan, &home.params, &sums);
    assert_false(sums.recovered); /* the walks of the fixture have pain 2 */
    move_in(&home, PLAN_K);
    set(PARAM_P08_RECOVERED, 10);
    for (int day = 0; day < 11; day++)
        live_day(&home, day, 0, 0);
    plan_sums(&home.plan, &home.params, &sums);
    assert_true(sums.recovered);
}

static void test_old_shoes_are_put_off_as_often_as_is_set(void **unused)
{
    (void)unused;
    for (int most = 1; most <= 3; most += 2) {
        const struct plan_opening opening = {
            PLAN_OVERGROUND,
            -1,
            NAN,
            {.tag = 7, .age_d = 200, .worn_days_per_week = 6, .distance_km = 900}};
        move_in(&home, PLAN_P1);
        home.plan.sessions_any = true;
        home.plan.shoe_tag = 7;
        set(PARAM_R09_SNOOZES, most);
        report(&home, PLAN_REPORT_SNOOZE, 0);
        plan_session_opened(&home.plan, &home.params, &home.profile, &home.now, &opening,
                            &home.out);
        assert_true(says(&home, TEXT_R09_AGE) == (most == 3));
    }
}

/* ---- what is printed ---- */

/* The table of rules says how often a rule of the programme speaks; the parameters decide it. */
static void test_the_table_of_rules_has_the_pace_of_the_programme(void **unused)
{
    (void)unused;
    static const struct {
        enum rule rule;
        enum param every;
        double unit_s;
        enum param max;
    } all[] = {
        {RULE_R09, PARAM_PLAN_SHOE_DAYS, 86400, PARAM_COUNT},
        {RULE_C02, PARAM_PLAN_REMIND_AGAIN, 60, PARAM_COUNT},
        {RULE_C04, PARAM_PLAN_STAND_REFRACTORY, 1, PARAM_PLAN_STAND_MAX},
        {RULE_C05, PARAM_PLAN_DRINK, 1, PARAM_C05_MAX},
        {RULE_C12, PARAM_PLAN_STILL, 60, PARAM_PLAN_STILL_MAX},
        {RULE_C13, PARAM_C13_EVERY, 86400, PARAM_COUNT},
        {RULE_C14, PARAM_C14_EVERY, 86400, PARAM_COUNT},
        {RULE_C17, PARAM_C17_EVERY, 86400, PARAM_COUNT},
        {RULE_C18, PARAM_C18_EVERY, 86400, PARAM_COUNT},
    };
    params_defaults(&home.params);
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const struct rule_info *info = rule_info(all[i].rule);
        assert_true(info->refractory_s == home.params.value[all[i].every] * all[i].unit_s);
        if (all[i].max != PARAM_COUNT)
            assert_true(info->max == home.params.value[all[i].max]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_stage_walks_the_minutes_that_are_set),
        cmocka_unit_test(test_a_step_up_tells_the_minutes_that_are_set),
        cmocka_unit_test(test_a_stage_takes_the_days_that_are_set),
        cmocka_unit_test(test_days_a_week_of_k_count_for_consistency_and_the_row),
        cmocka_unit_test(test_a_flare_goes_back_as_far_as_is_set),
        cmocka_unit_test(test_reminders_to_drink_follow_their_figures),
        cmocka_unit_test(test_the_window_check_follows_its_days),
        cmocka_unit_test(test_as_many_days_of_grace_as_are_set),
        cmocka_unit_test(test_walks_broken_off_follow_their_figures),
        cmocka_unit_test(test_a_stillness_ends_with_the_walking_that_is_set),
        cmocka_unit_test(test_surfaces_are_compared_after_the_walks_that_are_set_and_as_often),
        cmocka_unit_test(test_what_is_said_again_waits_the_days_that_are_set),
        cmocka_unit_test(test_enough_follows_its_figures),
        cmocka_unit_test(test_a_flare_is_of_a_long_walk_for_the_hours_that_are_set),
        cmocka_unit_test(test_the_limit_rises_after_the_walks_that_are_set),
        cmocka_unit_test(test_a_flare_is_over_and_somebody_recovered_by_their_figures),
        cmocka_unit_test(test_old_shoes_are_put_off_as_often_as_is_set),
        cmocka_unit_test(test_the_table_of_rules_has_the_pace_of_the_programme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
