/* What the walking programme says of a walk, shoes and a bad day, through the core's one door. */
#include "tests/unit/core/home_fixture.h"

/* Scenario 1 and C10: one sentence within a minute, with what is known. */
static void a_walk_is_summed_up_within_a_minute(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    home_pain(home, 2);
    home_move(home, 12, false);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
    const int64_t ended_ns = home->now_ns;
    home_until_ns(home, ended_ns + 8 * HOME_SECOND_NS);
    assert_int_equal(home_said_of(home, RULE_C10), 0); /* the end's answer is waited for */
    home_pain(home, 3);
    home_until_ns(home, ended_ns + 120 * HOME_SECOND_NS);
    const struct home_said *sum = home_said(home, TEXT_C10_STEADY_TIME);
    assert_non_null(sum);
    assert_true(sum->at_ns - ended_ns <= 60 * HOME_SECOND_NS);
    assert_int_equal(sum->prompt.numbers.min, 12);
    assert_int_equal(sum->prompt.numbers.nrs, 3);
    assert_int_equal(home_said_of(home, RULE_C10), 1);
    assert_int_equal(home->state.programme.walk.done, true);
    free(home);
}

/* C10: what went well is a clinician's to say. */
static void a_rise_that_was_set_as_well_is_not_well_done(void **unused)
{
    (void)unused;
    static const struct {
        enum param param;
        double value;
        int start, end;
        enum text text;
    } all[] = {{PARAM_C10_RISE, 1, 1, 3, TEXT_C10_RISE_TIME},
               {PARAM_C10_RISE, 2, 1, 3, TEXT_C10_STEADY_TIME},
               {PARAM_C10_NRS, 2, 3, 3, TEXT_C10_RISE_TIME},
               {PARAM_C10_NRS, 5, 3, 3, TEXT_C10_STEADY_TIME}};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct home *home = home_at_minute("P1", 600);
        assert_true(params_set(&home->state.params, all[i].param, all[i].value));
        home_pain(home, all[i].start);
        home_move(home, 12, false);
        home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
        home_pain(home, all[i].end);
        home_until_ns(home, home->now_ns + 120 * HOME_SECOND_NS);
        assert_int_equal(home_said_n(home, all[i].text), 1);
        free(home);
    }
}

/* Ends the walk by the button; nobody answers what is asked then. */
static void assert_end_is_summed_up(struct home *home, int within_s)
{
    home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
    const int64_t ended_ns = home->now_ns;
    home_until_ns(home, ended_ns + 180 * HOME_SECOND_NS);
    const struct home_said *sum = home_said(home, TEXT_C10_WALKED_TIME);
    assert_non_null(sum);
    assert_true(sum->at_ns - ended_ns <= within_s * HOME_SECOND_NS);
}

static void silence_at_the_end_does_not_hold_the_summary_up(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    home_move(home, 12, false);
    assert_end_is_summed_up(home, 60);
    free(home);
}

/* C10: behind a prompt of a moment before and an open question it would come too late. */
static void a_summary_waits_for_the_gap_between_prompts(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    home_move(home, 12, false);
    home->state.alerting.last_prompt_ns = home->now_ns;
    assert_end_is_summed_up(home, 45);
    free(home);
}

/* Scenario 50. */
static void a_failing_heart_is_never_told_to_drink(void **unused)
{
    (void)unused;
    const char *const flags[] = {"fluid_restriction", "heart_disease", NULL};
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        struct home *home = home_build("P1");
        home_set(home, "cue.c05", 2);
        if (flags[i] != NULL)
            snprintf(home->config.flags[home->config.flags_n++], NAME_SIZE, "%s", flags[i]);
        home_begin(home);
        home_jump(home, 0, 600);
        home_walk(home, 6, 2, 2);
        assert_int_equal(home_said_n(home, TEXT_C05_DRINK), flags[i] != NULL ? 0 : 1);
        free(home);
    }
}

static void wear_shoes(struct home *home, int age_d, Stride__V1__ShoeType type)
{
    home->config.has_shoe = true;
    home->config.shoe = (struct wire_shoe){.type = type,
                                           .has_bought_day = true,
                                           .bought_day = HOME_DAY - age_d,
                                           .distance_km = NAN,
                                           .days_per_week = 7};
}

/* Scenario 52. */
static void worn_shoes_are_spoken_of_once_in_a_fortnight(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    wear_shoes(home, 212, STRIDE__V1__SHOE_TYPE__SHOE_TYPE_WALKING);
    home_begin(home);
    for (int day = 0; day < 15; day++) {
        home_jump(home, day, 600);
        home_walk(home, 4, 2, 2);
        assert_int_equal(home_said_of(home, RULE_R09), day < 14 ? 1 : 2);
    }
    assert_int_equal(home_said_of(home, RULE_R10), 0);
    free(home);
}

static void unsuitable_shoes_are_spoken_of_once_a_day(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    wear_shoes(home, 10, STRIDE__V1__SHOE_TYPE__SHOE_TYPE_FLIPFLOP);
    home_begin(home);
    for (int i = 0; i < 3; i++) {
        home_jump(home, i / 2, 600 + i % 2 * 60);
        home_walk(home, 3, 2, 2);
    }
    assert_int_equal(home_said_of(home, RULE_R10), 2);
    free(home);
}

/* Nothing is taken as said while nobody would hear it: not R10's word of the day, not C06's one. */
static void what_of_shoes_nobody_could_hear_is_said_in_the_next_walk(void **unused)
{
    (void)unused;
    for (int known = 0; known < 2; known++) {
        struct home *home = home_build("P1");
        if (known != 0)
            wear_shoes(home, 10, STRIDE__V1__SHOE_TYPE__SHOE_TYPE_FLIPFLOP);
        home_set(home, "cue.c06", 2);
        home->config.coaching_consent = false;
        home_begin(home);
        home_jump(home, 0, 600);
        home_walk(home, 3, 2, 2);
        home->config.coaching_consent = true;
        home_configure(home);
        home_jump(home, 0, 700);
        home_walk(home, 3, 2, 2);
        assert_int_equal(home_said_of(home, known != 0 ? RULE_R10 : RULE_C06), 1);
        free(home);
    }
}

static void a_bad_day_is_answered_once(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 700);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_UNWELL);
    home_until_ns(home, home->now_ns + 2 * HOME_MINUTE_NS);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_UNWELL);
    home_until_ns(home, home->now_ns + 2 * HOME_MINUTE_NS);
    assert_int_equal(home_said_n(home, TEXT_S07_UNWELL), 1);
    free(home);
}

/* Scenario 17. */
static void who_stands_for_two_minutes_is_told_to_breathe(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home_set(home, "cue.c04", 2);
    home_begin(home);
    home_jump(home, 0, 600);
    home_pain(home, 2);
    home_move(home, 3, false);
    const int64_t stood_ns = home->now_ns;
    home_move(home, 3, true);
    const struct home_said *breathe = home_said(home, TEXT_C04_BREATHE);
    assert_non_null(breathe);
    assert_in_range((breathe->at_ns - stood_ns) / HOME_SECOND_NS, 118, 130);
    assert_int_equal(breathe->prompt.pattern, STRIDE__V1__PATTERN__PATTERN_BREATH);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_is_summed_up_within_a_minute),
        cmocka_unit_test(a_rise_that_was_set_as_well_is_not_well_done),
        cmocka_unit_test(silence_at_the_end_does_not_hold_the_summary_up),
        cmocka_unit_test(a_summary_waits_for_the_gap_between_prompts),
        cmocka_unit_test(a_failing_heart_is_never_told_to_drink),
        cmocka_unit_test(worn_shoes_are_spoken_of_once_in_a_fortnight),
        cmocka_unit_test(unsuitable_shoes_are_spoken_of_once_a_day),
        cmocka_unit_test(what_of_shoes_nobody_could_hear_is_said_in_the_next_walk),
        cmocka_unit_test(a_bad_day_is_answered_once),
        cmocka_unit_test(who_stands_for_two_minutes_is_told_to_breathe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
