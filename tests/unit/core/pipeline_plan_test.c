/* The walking programme through the core's one door: scenarios of rule book 7, days and clocks. */
#include "tests/unit/core/home_fixture.h"

static enum plan_stage stage(const struct home *home)
{
    return (enum plan_stage)home->state.programme.plan.stage;
}

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
    assert_int_equal(stage(home), PLAN_M1);
    home_jump(home, 3, 485);
    home_pain(home, 2);
    home_until_ns(home, home->now_ns + 5 * HOME_MINUTE_NS);
    assert_int_equal(stage(home), PLAN_M2);
    const struct home_said *up = home_said(home, TEXT_C01_UP);
    assert_non_null(up);
    assert_int_equal(up->prompt.numbers.n, 3);
    assert_int_equal(up->prompt.numbers.min, 8);
    assert_int_equal(home->decisions[home->decisions_n - 1].direction, PLAN_UP);
    assert_int_equal(home->decisions[home->decisions_n - 1].to, PLAN_M2);
    assert_string_equal(home->state.profile.stage, "M2");
    good_days(home, 3, 3, 5.2);
    home_jump(home, 4, 700);
    assert_int_equal(stage(home), PLAN_M2); /* never two steps in a row */
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
    assert_int_equal(stage(home), PLAN_M2);
    assert_int_equal(home_said_n(home, TEXT_C01_UP), 0);
    home->wrist_off = false;
    home_jump(home, 3, 900);
    home_until_ns(home, home->now_ns + 40 * HOME_MINUTE_NS);
    assert_int_equal(home_said_n(home, TEXT_C01_UP), 1);
    free(home);
}

/* Scenario 1 and C10: one sentence within a minute, with what is known. */
static void a_walk_is_summed_up_within_a_minute(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home_begin(home);
    home_jump(home, 0, 600);
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

static void silence_at_the_end_does_not_hold_the_summary_up(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home_begin(home);
    home_jump(home, 0, 600);
    home_move(home, 12, false);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
    const int64_t ended_ns = home->now_ns;
    home_until_ns(home, ended_ns + 180 * HOME_SECOND_NS);
    const struct home_said *sum = home_said(home, TEXT_C10_WALKED_TIME);
    assert_non_null(sum);
    assert_true(sum->at_ns - ended_ns <= 60 * HOME_SECOND_NS);
    free(home);
}

/* Scenario 27. */
static void red_pain_takes_the_stage_down_and_nobody_praises_it(void **unused)
{
    (void)unused;
    struct home *home = home_build("P2");
    home_begin(home);
    home_jump(home, 0, 600);
    home_pain(home, 3);
    home_move(home, 6, false);
    home_pain(home, 6);
    home_until_ns(home, home->now_ns + 5 * HOME_MINUTE_NS);
    assert_false(home->state.session.open);
    assert_int_equal(stage(home), PLAN_P1);
    assert_int_equal(home->state.programme.walk.direction, PLAN_DOWN);
    assert_int_equal(home_said_n(home, TEXT_C10_STEADY_TIME), 0);
    assert_int_equal(home_said_n(home, TEXT_C01_UP), 0);
    free(home);
}

/* The STOP was open when the step was taken, and nobody wore a device until the next walk. */
static void a_step_back_that_a_stop_hushed_is_never_told(void **unused)
{
    (void)unused;
    struct home *home = home_build("P2");
    home_begin(home);
    home_jump(home, 0, 600);
    home_pain(home, 3);
    home_move(home, 6, false);
    home_pain(home, 6);
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

/* C10: behind a prompt of a moment before and an open question it would come too late. */
static void a_summary_waits_for_the_gap_between_prompts(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home_begin(home);
    home_jump(home, 0, 600);
    home_move(home, 12, false);
    home->state.alerting.last_prompt_ns = home->now_ns;
    home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
    const int64_t ended_ns = home->now_ns;
    home_until_ns(home, ended_ns + 180 * HOME_SECOND_NS);
    const struct home_said *sum = home_said(home, TEXT_C10_WALKED_TIME);
    assert_non_null(sum);
    assert_true(sum->at_ns - ended_ns <= 45 * HOME_SECOND_NS);
    free(home);
}

/* Scenario 26. */
static void amber_pain_brings_the_offer_of_pieces_and_holds_the_stage(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home_begin(home);
    home_jump(home, 0, 600);
    home_pain(home, 2);
    home_move(home, 10, false);
    home_pain(home, 4);
    home_move(home, 2, false);
    assert_int_equal(home_said_n(home, TEXT_P03_AMBER), 1);
    assert_int_equal(home_said_n(home, TEXT_C03_OFFER), 1);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
    home_until_ns(home, home->now_ns + 3 * HOME_MINUTE_NS);
    assert_int_equal(stage(home), PLAN_P1);
    assert_int_equal(home->state.programme.walk.direction, PLAN_HOLD);
    free(home);
}

/* C03: five minutes of walking, one of rest, however often. */
static void pieces_are_called_out_to_the_second_and_never_fade(void **unused)
{
    (void)unused;
    struct home *home = home_build("P3");
    home_begin(home);
    home_jump(home, 0, 600);
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
    assert_int_equal(stage(home), PLAN_P1);
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
    struct home *home = home_build("P1");
    home_begin(home);
    home_jump(home, 0, 700);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_UNWELL);
    home_until_ns(home, home->now_ns + 2 * HOME_MINUTE_NS);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_UNWELL);
    home_until_ns(home, home->now_ns + 2 * HOME_MINUTE_NS);
    assert_int_equal(home_said_n(home, TEXT_S07_UNWELL), 1);
    free(home);
}

static void reminders_come_at_the_wearers_times_and_never_at_night(void **unused)
{
    (void)unused;
    struct home *home = home_build("M1");
    home_set(home, "cue.c02", 2);
    home->config.walk_times_n = 2;
    home->config.walk_min[0] = 120; /* two in the morning */
    home->config.walk_min[1] = 620;
    home_begin(home);
    home_until(home, 0, 720);
    assert_int_equal(home_said_of(home, RULE_C02), 2);
    for (int i = 0; i < home->said_n; i++) {
        const int64_t since_ns = home->said[i].at_ns - home_at_ns(home, 0, 620);
        if (home->said[i].prompt.rule == RULE_C02)
            assert_in_range(since_ns % (45 * HOME_MINUTE_NS), 0, HOME_SECOND_NS);
    }
    free(home);
}

/* 5.4: a flare at night opens, and is spoken of by nobody before the morning. */
static void nothing_is_said_at_two_in_the_morning(void **unused)
{
    (void)unused;
    struct home *home = home_build("P2");
    home_begin(home);
    home_jump(home, 0, 120);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_FLARE);
    home_until(home, 0, 440);
    assert_true(home->state.programme.plan.flare);
    assert_int_equal(home->said_n, 0);
    assert_string_equal(home->state.profile.stage, "M1");
    free(home);
}

/* Days are the wearer's: 23 and 25 hours long when the clocks change. */
static void the_days_of_clock_changes_are_one_day_each(void **unused)
{
    (void)unused;
    for (int change = -60; change <= 60; change += 120) {
        struct home *home = home_build("M1");
        home->config.tz_offset_min = 60;
        home_begin(home);
        home_jump(home, 1, 179);
        home->config.tz_offset_min = (int16_t)(60 + change);
        home_configure(home);
        home_jump(home, 2, 30);
        assert_int_equal(home->state.programme.plan.day_n, 2);
        assert_int_equal(home->state.programme.plan.today, HOME_DAY + 2);
        free(home);
    }
}

static void days_that_the_hub_was_away_are_closed_in_order_and_silently(void **unused)
{
    (void)unused;
    struct home *home = home_build("P2");
    home_set(home, "cue.c02", 2);
    home_set(home, "cue.c12", 2);
    home->config.walk_times_n = 1;
    home->config.walk_min[0] = 660;
    home_begin(home);
    home_jump(home, 0, 600);
    home_walk(home, 15, 2, 2);
    const int said_n = home->said_n;
    home->now_ns = home_at_ns(home, 4, 600);
    const uint8_t started = HUB_STARTED;
    home_put(home, INPUT_HUB, INPUT_SLOT_NONE, &started, 1);
    assert_int_equal(home->state.programme.plan.day_n, 4);
    assert_int_equal(stage(home), PLAN_P1); /* three days without a walk */
    assert_int_equal(home->said_n, said_n);
    free(home);
}

/* Its bytes are its checkpoint. */
static void a_restart_in_a_walk_changes_nothing(void **unused)
{
    (void)unused;
    struct home *home = home_build("P3");
    home_begin(home);
    home_jump(home, 0, 600);
    home_pain(home, 2);
    home_move(home, 4, false);
    struct home *other = malloc(sizeof(*other));
    assert_non_null(other);
    memcpy(other, home, sizeof(*other));
    struct home *both[] = {home, other};
    for (int i = 0; i < 2; i++) {
        home_move(both[i], 8, false);
        home_button(both[i], STRIDE__V1__BUTTON__BUTTON_STOP);
        home_until(both[i], 1, 500);
    }
    assert_true(home->state.digest == other->state.digest);
    assert_memory_equal(&home->state.programme, &other->state.programme,
                        sizeof(home->state.programme));
    free(home);
    free(other);
}

/* How late the loop wakes up changes nothing: here it never does by itself. */
static void late_wake_ups_change_no_day(void **unused)
{
    (void)unused;
    uint64_t digests[2];
    for (int late = 0; late < 2; late++) {
        struct home *home = home_build("P1");
        home_begin(home);
        home_jump(home, 0, 600);
        home_walk(home, 12, 2, 2);
        const int64_t until_ns = home_at_ns(home, 3, 700);
        while (late == 0 && pipeline_deadline_ns(&home->state) < until_ns) {
            home->now_ns = pipeline_deadline_ns(&home->state);
            home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
        }
        home->now_ns = until_ns;
        home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
        digests[late] = home->state.digest;
        free(home);
    }
    assert_true(digests[0] == digests[1]);
}

static void a_clock_that_was_never_set_begins_no_programme(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home->wall_ahead_ms = 0;
    home->now_ns = HOME_SECOND_NS;
    home_configure(home);
    assert_int_equal(stage(home), PLAN_STAGE_UNKNOWN);
    home->wall_ahead_ms = (int64_t)HOME_DAY * 86400000;
    home->now_ns += HOME_MINUTE_NS;
    home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
    assert_int_equal(stage(home), PLAN_P1);
    assert_int_equal(home->state.programme.plan.day_n, 0);
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
    assert_int_equal(stage(home), PLAN_P3);
    assert_int_equal(home->decisions[home->decisions_n - 1].why, PLAN_WHY_CLINICIAN);
    const struct plan_limit *limit = &home->state.programme.plan.limits[0];
    assert_int_equal(limit->source, PLAN_LIMIT_CLINICIAN);
    assert_true(limit->time.working == 18);
    home_configure(home); /* the same words again are no decision */
    assert_int_equal(home->decisions_n, 1);
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
        cmocka_unit_test(three_good_days_lead_to_no_more_or_less_than_eight_minutes),
        cmocka_unit_test(a_step_up_that_nobody_heard_of_is_told_later),
        cmocka_unit_test(a_walk_is_summed_up_within_a_minute),
        cmocka_unit_test(silence_at_the_end_does_not_hold_the_summary_up),
        cmocka_unit_test(red_pain_takes_the_stage_down_and_nobody_praises_it),
        cmocka_unit_test(amber_pain_brings_the_offer_of_pieces_and_holds_the_stage),
        cmocka_unit_test(pieces_are_called_out_to_the_second_and_never_fade),
        cmocka_unit_test(who_returns_after_four_days_is_welcome_one_stage_back),
        cmocka_unit_test(a_milestone_without_a_flare_is_told_once),
        cmocka_unit_test(a_failing_heart_is_never_told_to_drink),
        cmocka_unit_test(worn_shoes_are_spoken_of_once_in_a_fortnight),
        cmocka_unit_test(unsuitable_shoes_are_spoken_of_once_a_day),
        cmocka_unit_test(what_of_shoes_nobody_could_hear_is_said_in_the_next_walk),
        cmocka_unit_test(a_bad_day_is_answered_once),
        cmocka_unit_test(reminders_come_at_the_wearers_times_and_never_at_night),
        cmocka_unit_test(nothing_is_said_at_two_in_the_morning),
        cmocka_unit_test(the_days_of_clock_changes_are_one_day_each),
        cmocka_unit_test(days_that_the_hub_was_away_are_closed_in_order_and_silently),
        cmocka_unit_test(a_restart_in_a_walk_changes_nothing),
        cmocka_unit_test(late_wake_ups_change_no_day),
        cmocka_unit_test(a_clock_that_was_never_set_begins_no_programme),
        cmocka_unit_test(a_clinicians_stage_and_limit_win),
        cmocka_unit_test(who_stands_for_two_minutes_is_told_to_breathe),
        cmocka_unit_test(a_step_back_that_a_stop_hushed_is_never_told),
        cmocka_unit_test(a_summary_waits_for_the_gap_between_prompts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
