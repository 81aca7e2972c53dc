/* Where the programme meets what is said late, and what a walk left behind. */
#include "tests/unit/core/home_fixture.h"

static struct home *home_with_c11(void)
{
    struct home *home = home_build("P2");
    home_set(home, "cue.c11", 2);
    home_begin(home);
    home_jump(home, 0, 600);
    return home;
}

static void say_pain_at(struct home *home, int nrs, Stride__V1__PainPlace place)
{
    struct wire_report report = home_report();
    report.pain_nrs = (int8_t)nrs;
    report.pain_place = place;
    home_say(home, report);
}

static void accept_stop(struct home *home, enum text text)
{
    assert_int_equal(home_said_n(home, text), 1);
    home_until_ns(home, home->now_ns + 5 * HOME_SECOND_NS);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_OK);
    home_until_ns(home, home->now_ns + HOME_MINUTE_NS);
}

/* C11 never during P02 red: "Hurting does not mean harming" is no word for pain that is down the
 * leg, however weak it is; and what one weak answer follows is not settled by it (3.6). */
static void pain_that_stopped_a_walk_is_not_talked_away(void **unused)
{
    (void)unused;
    struct home *home = home_with_c11();
    say_pain_at(home, 2, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_BACK);
    home_move(home, 6, false);
    home->state.programme.plan.encouraged_day = -1;
    home->said_n = 0;
    say_pain_at(home, 2, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF);
    accept_stop(home, TEXT_P02_STOP);
    say_pain_at(home, 2, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF);
    home_until_ns(home, home->now_ns + 10 * HOME_MINUTE_NS);
    home_pain(home, 2);
    home_until_ns(home, home->now_ns + 10 * HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_C11), 0);
    say_pain_at(home, 2, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_BACK);
    home_until_ns(home, home->now_ns + HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_C11), 1); /* settled */
    free(home);
    home = home_with_c11();
    home_walk_into_red(home);
    home->state.programme.plan.encouraged_day = -1;
    accept_stop(home, TEXT_P03_RED);
    const int said_n = home_said_of(home, RULE_C11);
    home_pain(home, 3);
    home_until_ns(home, home->now_ns + 10 * HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_C11), said_n);
    home_pain(home, 3);
    home_until_ns(home, home->now_ns + HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_C11), said_n + 1);
    free(home);
}

/* Said so long ago; the device could not send it. */
static void say_late(struct home *home, struct wire_report report, int64_t ago_ns)
{
    report.t_us = (home->now_ns - ago_ns) / 1000 + 5000000;
    home_say(home, report);
}

/* "Not well today?", "Hot day.", and how a morning is, are of the day on which they were said. */
static void what_was_said_yesterday_is_not_of_today(void **unused)
{
    (void)unused;
    const int64_t ago_ns = 20 * 60 * HOME_MINUTE_NS;
    struct home *home = home_at_minute("P2", 600);
    home_walk(home, 13, 2, 2);
    home_until(home, 1, 300);
    home_until(home, 1, 460);
    struct wire_report unwell = home_report(), hot = home_report(), morning = home_report();
    unwell.button = STRIDE__V1__BUTTON__BUTTON_UNWELL;
    hot.has_ambient = true;
    hot.ambient_c = 34;
    morning.pain_nrs = 7;
    snprintf(morning.question, sizeof(morning.question), "%s", question_info(QUESTION_MORNING)->id);
    say_late(home, unwell, ago_ns);
    hot.surface = STRIDE__V1__SURFACE__SURFACE_CONCRETE;
    say_late(home, hot, ago_ns);
    say_late(home, morning, ago_ns);
    home_until_ns(home, home->now_ns + 10 * HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_S07), 0);
    assert_int_equal(home->state.programme.plan.day[0].morning, -1);
    assert_int_equal(home->state.programme.ground.surface, 0);
    home_say(home, morning);
    home_say(home, unwell);
    home_until_ns(home, home->now_ns + 2 * HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_S07), 1);
    assert_int_equal(home->state.programme.plan.day[0].morning, 7);
    free(home);
}

/* Who walked on when the insoles were empty has walked more than they saw (C10: "partial text"). */
static void a_walk_that_insoles_left_is_not_called_as_short_as_they_saw_it(void **unused)
{
    (void)unused;
    for (int lost = 0; lost < 2; lost++) {
        struct home *home = home_at_minute("M1", 600);
        home_move(home, 3, false);
        home_move(home, lost ? 0 : 0.5, true);
        home_until_ns(home, home->now_ns + 20 * HOME_MINUTE_NS);
        assert_false(home->state.session.open);
        assert_int_equal(home_said_n(home, TEXT_C10_REST), lost);
        assert_int_equal(home_said_n(home, TEXT_C10_WALKED_TIME), !lost);
        free(home);
    }
}

static void answer(struct home *home, enum question question, Stride__V1__Answer said)
{
    struct wire_report report = home_report();
    snprintf(report.question, sizeof(report.question), "%s", question_info(question)->id);
    report.answer = said;
    home_say(home, report);
    home_until_ns(home, home->now_ns + 15 * HOME_SECOND_NS);
}

/* Heavy legs, both, for the first time, and they ease: "Rest until then." */
static void have_heavy_legs(struct home *home)
{
    struct wire_report heavy = home_report(), eased = home_report();
    heavy.symptom = STRIDE__V1__SYMPTOM__SYMPTOM_HEAVY;
    heavy.symptom_side = STRIDE__V1__SIDE__SIDE_BOTH;
    eased.relief = STRIDE__V1__RELIEF__RELIEF_SITTING;
    home_say(home, heavy);
    answer(home, QUESTION_T1_WEAK, STRIDE__V1__ANSWER__ANSWER_NO);
    answer(home, QUESTION_T1_BLADDER, STRIDE__V1__ANSWER__ANSWER_NO);
    home_say(home, eased);
    home_until_ns(home, home->now_ns + HOME_MINUTE_NS);
    assert_int_equal(home_said_n(home, TEXT_T1_FIRST_EPISODE), 1);
}

/* S07 offers rest, and T1 says "rest until then": C02 asks for no walk after it on that day. */
static void nobody_who_is_told_to_rest_is_reminded_of_a_walk(void **unused)
{
    (void)unused;
    for (int why = 0; why < 3; why++) {
        struct home *home = home_build("M1");
        home_set(home, "cue.c02", 2);
        home->config.walk_times_n = 1;
        home->config.walk_min[0] = 620;
        home_begin(home);
        home_jump(home, 0, 610);
        if (why == 1)
            home_button(home, STRIDE__V1__BUTTON__BUTTON_UNWELL);
        else if (why == 2)
            have_heavy_legs(home);
        home_until(home, 0, 700);
        assert_int_equal(home_said_of(home, RULE_C02), why == 0 ? 2 : 0);
        home_jump(home, 1, 600);
        home_until(home, 1, 630);
        assert_int_equal(home_said_of(home, RULE_C02), why == 0 ? 3 : 1);
        free(home);
    }
}

/* C12 is for days without a walk: a walk's budget (5.3) is not used up between walks, where the
 * day's alone counts. */
static void days_without_a_walk_are_not_one_long_walk(void **unused)
{
    (void)unused;
    struct home *home = home_build("M1");
    home_set(home, "cue.c12", 2);
    home_begin(home);
    home_jump(home, 0, 600);
    home_walk(home, 5, 2, 2);
    for (int day = 1; day < 6; day++) {
        home_jump(home, day, 480);
        home->said_n = 0;
        home_until(home, day, 1200);
        assert_int_equal(home_said_of(home, RULE_C12), 3);
    }
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pain_that_stopped_a_walk_is_not_talked_away),
        cmocka_unit_test(what_was_said_yesterday_is_not_of_today),
        cmocka_unit_test(a_walk_that_insoles_left_is_not_called_as_short_as_they_saw_it),
        cmocka_unit_test(nobody_who_is_told_to_rest_is_reminded_of_a_walk),
        cmocka_unit_test(days_without_a_walk_are_not_one_long_walk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
