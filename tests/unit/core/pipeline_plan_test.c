/* The walking programme through the core's one door: stages, and what moves them. */
#include "tests/unit/core/home_fixture.h"

/* Three walks of `minutes` a day, and quiet mornings. */
static void good_days(struct home *home, int first, int last, double minutes)
{
    static const int starts[] = {600, 840, 1020};
    for (int day = first; day <= last; day++) {
        home_jump(home, day, 485);
        home_pain(home, 2);
        for (int i = 0; i < 3; i++) {
            home_jump(home, day, starts[i]);
            home_walk(home, minutes, 2, 2);
        }
    }
}

/* Scenario 45. */
static void three_good_days_lead_to_no_more_or_less_than_eight_minutes(void **unused)
{
    (void)unused;
    struct home *home = home_build("M1");
    home_begin(home);
    good_days(home, 0, 2, 5.2);
    assert_int_equal(home->sessions_n, 9);
    assert_int_equal(home_stage(home), PLAN_M1);
    home_jump(home, 3, 485);
    home_pain(home, 2);
    home_until_ns(home, home->now_ns + 5 * HOME_MINUTE_NS);
    assert_int_equal(home_stage(home), PLAN_M2);
    const struct home_said *up = home_said(home, TEXT_C01_UP);
    assert_non_null(up);
    assert_int_equal(up->prompt.numbers.n, 3);
    assert_int_equal(up->prompt.numbers.min, 8);
    assert_int_equal(home->decisions[home->decisions_n - 1].direction, PLAN_UP);
    assert_int_equal(home->decisions[home->decisions_n - 1].to, PLAN_M2);
    assert_string_equal(home->state.profile.stage, "M2");
    good_days(home, 3, 3, 5.2);
    home_jump(home, 4, 700);
    assert_int_equal(home_stage(home), PLAN_M2); /* never two steps in a row */
    free(home);
}

/* The step is taken by the clock while the wrist device lies in a drawer. */
static void a_step_up_that_nobody_heard_of_is_told_later(void **unused)
{
    (void)unused;
    struct home *home = home_build("M1");
    home_begin(home);
    good_days(home, 0, 2, 5.2);
    home->wrist_off = true;
    home_jump(home, 3, 800);
    assert_int_equal(home_stage(home), PLAN_M2);
    assert_int_equal(home_said_n(home, TEXT_C01_UP), 0);
    home->wrist_off = false;
    home_jump(home, 3, 900);
    home_until_ns(home, home->now_ns + 40 * HOME_MINUTE_NS);
    assert_int_equal(home_said_n(home, TEXT_C01_UP), 1);
    free(home);
}

/* Scenario 27. */
static void red_pain_takes_the_stage_down_and_nobody_praises_it(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P2", 600);
    home_walk_into_red(home);
    home_until_ns(home, home->now_ns + 5 * HOME_MINUTE_NS);
    assert_false(home->state.session.open);
    assert_int_equal(home_stage(home), PLAN_P1);
    assert_int_equal(home->state.programme.walk.direction, PLAN_DOWN);
    assert_int_equal(home_said_n(home, TEXT_C10_STEADY_TIME), 0);
    assert_int_equal(home_said_n(home, TEXT_C01_UP), 0);
    free(home);
}

/* The STOP was open when the step was taken, and nobody wore a device until the next walk. */
static void a_step_back_that_a_stop_hushed_is_never_told(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P2", 600);
    home_walk_into_red(home);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_OK);
    home->wrist_off = true;
    home_until_ns(home, home->now_ns + 30 * HOME_MINUTE_NS);
    assert_int_equal(home_said_n(home, TEXT_C01_DOWN), 0);
    home->wrist_off = false;
    home_jump(home, 1, 600);
    home_walk(home, 5, 2, 2);
    assert_int_equal(home_said_n(home, TEXT_C01_DOWN), 1);
    home_jump(home, 1, 700);
    home_walk(home, 5, 2, 2);
    assert_int_equal(home_said_n(home, TEXT_C01_DOWN), 1);
    free(home);
}

/* Scenario 26. */
static void amber_pain_brings_the_offer_of_pieces_and_holds_the_stage(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    home_pain(home, 2);
    home_move(home, 10, false);
    home_pain(home, 4);
    home_move(home, 2, false);
    assert_int_equal(home_said_n(home, TEXT_P03_AMBER), 1);
    assert_int_equal(home_said_n(home, TEXT_C03_OFFER), 1);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
    home_until_ns(home, home->now_ns + 3 * HOME_MINUTE_NS);
    assert_int_equal(home_stage(home), PLAN_P1);
    assert_int_equal(home->state.programme.walk.direction, PLAN_HOLD);
    free(home);
}

/* C03: five minutes of walking, one of rest, however often. */
static void pieces_are_called_out_to_the_second_and_never_fade(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P3", 600);
    home_pain(home, 2);
    home_move(home, 3, false);
    assert_int_equal(home_said_n(home, TEXT_C03_OFFER), 1);
    struct wire_report yes = home_report();
    memcpy(yes.question, "c03_offer", sizeof("c03_offer"));
    yes.answer = STRIDE__V1__ANSWER__ANSWER_YES;
    home_say(home, yes);
    const int64_t from_ns = home->now_ns;
    for (int i = 0; i < 3; i++) {
        home_move(home, 5.1, false);
        home_move(home, 1.2, true);
    }
    assert_int_equal(home_said_n(home, TEXT_C03_PAUSE), 3);
    assert_true(home_said_n(home, TEXT_C03_GO) >= 2);
    for (int i = 0; i < home->said_n; i++) {
        if (home->said[i].prompt.text != TEXT_C03_PAUSE)
            continue;
        const int64_t off_ns = home->said[i].at_ns - from_ns - 5 * HOME_MINUTE_NS;
        assert_true(off_ns >= 0 && off_ns < 2 * HOME_SECOND_NS);
        break;
    }
    assert_true(home->state.programme.walk.interval_on);
    free(home);
}

/* Scenario 46. */
static void who_returns_after_four_days_is_welcome_one_stage_back(void **unused)
{
    (void)unused;
    struct home *home = home_build("P2");
    home_begin(home);
    good_days(home, 0, 0, 15.2);
    for (int day = 1; day <= 4; day++)
        home_jump(home, day, 720);
    home_jump(home, 5, 600);
    home_walk(home, 13, 2, 2);
    assert_int_equal(home_stage(home), PLAN_P1);
    assert_int_equal(home_said_n(home, TEXT_C08_WELCOME), 1);
    free(home);
}

/* Scenario 47. */
static void a_milestone_without_a_flare_is_told_once(void **unused)
{
    (void)unused;
    struct home *home = home_build("K");
    home_set(home, "cue.c09", 2);
    home_begin(home);
    home->state.programme.plan.day_n = 206;
    home->state.programme.plan.calm_said = 180;
    for (int day = 1; day <= 3; day++) { /* 210 days are seven months */
        home_jump(home, day, 600);
        home_until_ns(home, home->now_ns + 90 * HOME_MINUTE_NS);
    }
    assert_int_equal(home_said_of(home, RULE_C09), 1);
    assert_int_equal(home_said_n(home, TEXT_C09_208), 1);
    free(home);
}

static void a_clinicians_stage_and_limit_win(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home_set(home, "plan.limit_ground", 18);
    home_begin(home);
    home_jump(home, 0, 600);
    memcpy(home->config.stage, "P3", 3);
    home_configure(home);
    assert_int_equal(home_stage(home), PLAN_P3);
    assert_int_equal(home->decisions[home->decisions_n - 1].why, PLAN_WHY_CLINICIAN);
    const struct plan_limit *limit = &home->state.programme.plan.limits[0];
    assert_int_equal(limit->source, PLAN_LIMIT_CLINICIAN);
    assert_true(limit->time.working == 18);
    home_configure(home); /* the same words again are no decision */
    assert_int_equal(home->decisions_n, 1);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_good_days_lead_to_no_more_or_less_than_eight_minutes),
        cmocka_unit_test(a_step_up_that_nobody_heard_of_is_told_later),
        cmocka_unit_test(red_pain_takes_the_stage_down_and_nobody_praises_it),
        cmocka_unit_test(a_step_back_that_a_stop_hushed_is_never_told),
        cmocka_unit_test(amber_pain_brings_the_offer_of_pieces_and_holds_the_stage),
        cmocka_unit_test(pieces_are_called_out_to_the_second_and_never_fade),
        cmocka_unit_test(who_returns_after_four_days_is_welcome_one_stage_back),
        cmocka_unit_test(a_milestone_without_a_flare_is_told_once),
        cmocka_unit_test(a_clinicians_stage_and_limit_win),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
