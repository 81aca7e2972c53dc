/* Questions through the whole core: when one is put, where, and what silence, an outage, the night
 * and other prompts do to it. */
#include "tests/unit/core/pipeline_pain_fixture.h"

#define CAUTION STRIDE__V1__SEVERITY__SEVERITY_CAUTION
#define INFO STRIDE__V1__SEVERITY__SEVERITY_INFO

static void pain_is_not_asked_at_start_ten_minutes_and_end(void **unused)
{
    (void)unused; /* 1 */
    struct home *home = walking(home_new(), PAIN(2, PLACE(BACK)));
    home_walk(home, 660);
    assert_int_equal(home_asked_n(home, QUESTION_NRS), 2);
    home_say(home, PAIN(2, PLACE(BACK)));
    home_walk(home, 720);
    home_stand(home, 1322);
    assert_false(home->state.session.open);
    assert_int_equal(home_asked_n(home, QUESTION_NRS), 3);
    assert_true(home_asks(home, QUESTION_NRS));
    home_say(home, PAIN(1, PLACE(BACK)));
    assert_int_equal(home->state.pain.record.end, 1);
    assert_int_equal(home->state.session.end_reason, END_PLAN_DONE);
    for (enum rule rule = RULE_NONE; rule < RULE_COUNT; rule++)
        assert_int_equal(home_rule_n(home, rule, CAUTION), 0);
    assert_null(home_notice(home, "c1"));
    home_end(home);
}

static void silence_is_taken_as_an_answer(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home_begin(home);
    home_walk(home, 300);
    assert_true(home_asks(home, QUESTION_NONE));
    assert_int_equal(home->state.pain.record.no_answer_n, 1);
    assert_int_equal(home->state.pain.record.start, -1);
    assert_int_equal(home->state.session.pain_start, -1);
    home_end(home);
}

static void three_silences_about_the_legs_leave_a_caregiver_in_the_dark(void **unused)
{
    (void)unused; /* T1 */
    struct home *home = walking(home_new(), PAIN(1, PLACE(BACK)));
    home_walk(home, 300);
    home_say(home, SAYS(SYMPTOM(HEAVY), LEG(BOTH)));
    home_stand(home, 310);
    home_answer(home, QUESTION_T1_WEAK, false);
    home_stand(home, 480);
    assert_int_equal(home_asked_n(home, QUESTION_T1_BLADDER), 3);
    assert_null(home_notice(home, "c1"));
    home_stand(home, 500);
    const struct said *notice = home_notice(home, "c1");
    assert_non_null(notice);
    assert_int_equal(notice->rule, RULE_T1);
    assert_int_equal(notice->urgency, URGENCY_SAME_DAY);
    assert_int_equal(home_rule_n(home, RULE_F01, INFO), 0);
    home_end(home);
}

static void a_question_is_lost_when_the_hub_restarts(void **unused)
{
    (void)unused;
    struct home *home = walking(home_new(), PAIN(1, PLACE(BACK)));
    home_walk(home, 300);
    home_say(home, SAYS(SYMPTOM(HEAVY), LEG(LEFT)));
    home_stand(home, 310);
    assert_true(home_asks(home, QUESTION_T1_WEAK));
    const uint8_t started = HUB_STARTED;
    double back_s = 310 + 3 * HOUR_S;
    assert_int_equal(home_put(home, back_s, INPUT_HUB, INPUT_SLOT_NONE, &started, 1), STEP_APPLIED);
    assert_true(home_asks(home, QUESTION_T1_WEAK));
    assert_int_equal(home_asked_n(home, QUESTION_T1_WEAK), 2);
    double asked_s = 0;
    for (int i = 0; i < home->said_n; i++) {
        if (home->said[i].question == QUESTION_T1_WEAK)
            asked_s = home->said[i].at_s;
    }
    assert_true(asked_s == back_s);
    /* Nobody could answer while the hub was away: that is no silence. */
    assert_null(home_notice(home, "c1"));
    home_answer(home, QUESTION_T1_WEAK, false);
    assert_false(home_asks(home, QUESTION_T1_WEAK));
    home_end(home);
}

/* Every two seconds: what nobody answers must still come to a caregiver. */
static void a_hub_that_keeps_starting_asks_for_ever(void **unused)
{
    (void)unused;
    struct home *home = walking(home_new(), PAIN(1, PLACE(BACK)));
    home_walk(home, 300);
    home_say(home, SAYS(SYMPTOM(HEAVY), LEG(BOTH)));
    home_stand(home, 310);
    home_answer(home, QUESTION_T1_WEAK, false);
    const uint8_t started = HUB_STARTED;
    for (int at_s = 310; at_s < 910; at_s += 2)
        assert_int_equal(home_put(home, at_s, INPUT_HUB, INPUT_SLOT_NONE, &started, 1),
                         STEP_APPLIED);
    assert_non_null(home_notice(home, "c1"));
    home_end(home);
}

static void a_feedback_that_answers_is_not_heard(void **unused)
{
    (void)unused;
    struct home *home = walking(home_new(), PAIN(1, PLACE(BACK)));
    home_walk(home, 300);
    home_say(home, SAYS(SYMPTOM(HEAVY), LEG(BOTH)));
    home_stand(home, 310);
    struct wire_feedback feedback = {.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED,
                                     .answer = STRIDE__V1__ANSWER__ANSWER_YES};
    feedback.place = (struct wire_place){7, ++home->words[WRIST], 1};
    for (int i = 0; i < home->said_n; i++) {
        if (home->said[i].question == QUESTION_T1_WEAK)
            memcpy(feedback.prompt, home->said[i].id, ID_SIZE);
    }
    uint8_t bytes[CONTROL_BYTES_MAX];
    size_t size = wire_encode_feedback(&feedback, bytes, sizeof(bytes));
    assert_int_equal(home_put(home, 310, INPUT_FEEDBACK, WRIST, bytes, size), STEP_APPLIED);
    /* Both legs, weak: T1's second row. */
    assert_non_null(home_prompt(home, TEXT_F01_EMERGENCY));
    home_end(home);
}

static void a_walk_in_the_night_is_asked_about_pain(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home_begin(home);
    double night_s = 9 * HOUR_S; /* 23:00 */
    home_wait(home, night_s);
    home_walk(home, night_s + 300);
    assert_true(home->state.session.open);
    assert_int_equal(home_asked_n(home, QUESTION_NRS), 0);
    home_say(home, SAYS(SYMPTOM(HEAVY), LEG(LEFT))); /* who speaks is awake */
    home_stand(home, night_s + 310);
    assert_int_equal(home_asked_n(home, QUESTION_T1_WEAK), 1);
    home_answer(home, QUESTION_T1_WEAK, false);
    home_stand(home, night_s + 320);
    home_answer(home, QUESTION_T1_BLADDER, false);
    home_say(home, SAYS(RELIEF(SITTING)));
    home_stand(home, night_s + 1200);
    home_wait(home, 17.9 * HOUR_S);                        /* 7:54 */
    assert_int_equal(home_asked_n(home, QUESTION_NRS), 0); /* that walk is over */
    home_wait(home, 18.1 * HOUR_S);
    assert_int_equal(home_asked_n(home, QUESTION_MORNING), 0); /* on no device */
    home_stand(home, home->now_s + 2);
    assert_int_equal(home_asked_n(home, QUESTION_MORNING), 1);
    home_say(home, PAIN(2));
    assert_int_equal(home->state.pain.record.next_morning, 2);
    home_end(home);
}

static void the_weekly_screen_comes_at_any_time_or_cannot_be_switched_off(void **unused)
{
    (void)unused;
    for (int on = 0; on < 2; on++) {
        struct home *home = home_new();
        home->config.params[0].value = on;
        home_begin(home);
        home_wait(home, 17.9 * HOUR_S);
        assert_int_equal(home_asked_n(home, QUESTION_F01_SADDLE), 0);
        home_stand(home, home->now_s + 2); /* the wrist is there */
        home_wait(home, 18 * HOUR_S - 2);
        home_stand(home, 18 * HOUR_S + 5);
        assert_int_equal(home_asked_n(home, QUESTION_F01_SADDLE), on);
        home_end(home);
    }
}

static void coaching_talks_into_a_question(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home->stride_s = 1.45; /* 83 steps a minute: R03 invites */
    home_param(home, "r03.steady", 100);
    home_param(home, "p01.every", 300);
    home_begin(home);
    home_walk(home, 700);
    for (int i = 0; i < home->said_n; i++) {
        const struct said *question = &home->said[i];
        for (int j = i + 1; j < home->said_n; j++) {
            if (question->question != QUESTION_NONE && home->said[j].kind == EFFECT_PROMPT)
                assert_true(home->said[j].at_s - question->at_s >= 45);
        }
    }
    assert_true(home_rule_n(home, RULE_R03, INFO) > 0);
    home_end(home);
}

static void nobody_may_be_asked_without_consent(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home->config.coaching_consent = false;
    home_begin(home);
    home_walk(home, 300);
    assert_int_equal(home_asked_n(home, QUESTION_NRS), 0);
    home_answer(home, QUESTION_F03_FEVER, true);
    assert_non_null(home_prompt(home, TEXT_F03_FEVER)); /* the wearer always gets them */
    home_end(home);
}

static void what_answers_the_wearer_waits_for_the_gap(void **unused)
{
    (void)unused;
    struct home *home = walking(home_new(), PAIN(2, PLACE(BACK)));
    while (home_rule_n(home, RULE_R03, INFO) == 0) /* praise: 20 s of silence follow */
        home_walk(home, home->now_s + 1);
    double praised_s = home->said[home->said_n - 1].at_s;
    home_walk(home, praised_s + 10);
    home_say(home, PAIN(4, PLACE(BACK)));
    const struct said *amber = home_prompt(home, TEXT_P03_AMBER);
    assert_non_null(amber);
    assert_true(amber->at_s == home->now_s);
    home_end(home);
}

static void pain_said_before_a_walk_is_forgotten_in_it(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home->stride_s = 1.45; /* 83 steps a minute: R03 would invite */
    home_begin(home);
    home_stand(home, 100);
    home_say(home, PAIN(5, PLACE(BACK)));
    home_walk(home, 500);
    assert_int_equal(home->state.pain.record.start, 5);
    assert_true(home->state.session.open);
    assert_int_equal(home_rule_n(home, RULE_R03, INFO), 0);
    home_end(home);
}

static enum step_result say_as(struct home *home, const char *account, struct wire_report report)
{
    uint8_t bytes[ID_SIZE + CONTROL_BYTES_MAX] = {0};
    memcpy(bytes, account, strlen(account));
    report.place = (struct wire_place){1, 1, 0};
    report.t_us = -1;
    size_t size = wire_encode_report(&report, bytes + ID_SIZE, CONTROL_BYTES_MAX);
    assert_true(size > 0);
    return home_put(home, home->now_s, INPUT_SAID, INPUT_SLOT_NONE, bytes, ID_SIZE + size);
}

static void an_account_is_not_heard_or_anybody_is(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home_begin(home);
    home_walk(home, 60);
    struct wire_report yes = SAYS(.answer = STRIDE__V1__ANSWER__ANSWER_YES);
    memcpy(yes.question, "q_f01_urine", 12);
    uint64_t before = home->state.digest;
    assert_int_equal(say_as(home, "c9", yes), STEP_UNKNOWN);
    assert_int_equal(say_as(home, "c1", SAYS(BUTTON(HELP))), STEP_REFUSED);
    assert_int_equal(say_as(home, "c1", SAYS(BUTTON(OK))), STEP_REFUSED);
    struct wire_report fine = yes;
    memcpy(fine.question, "s01_ask", 8);
    assert_int_equal(say_as(home, "c1", fine), STEP_REFUSED);
    assert_int_equal(home_put(home, home->now_s, INPUT_SAID, INPUT_SLOT_NONE, NULL, 0),
                     STEP_REFUSED);
    assert_true(home->state.digest == before);
    assert_int_equal(say_as(home, "w1", PAIN(2, PLACE(BACK))), STEP_APPLIED);
    assert_int_equal(home->state.pain.record.start, 2);
    assert_int_equal(say_as(home, "c1", yes), STEP_APPLIED);
    assert_non_null(home_prompt(home, TEXT_F01_EMERGENCY));
    assert_int_equal(home->state.session.end_reason, END_RED_FLAG);
    home_end(home);
}

static void a_caregiver_speaks_without_the_wearers_consent(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home->config.caregiver_consent = false;
    home->config.caregivers[1].emergency = false;
    home_begin(home);
    assert_int_equal(say_as(home, "c1", PAIN(2)), STEP_UNKNOWN);
    home->config.caregiver_consent = true;
    home_configure(home);
    assert_int_equal(say_as(home, "c2", PAIN(2)), STEP_UNKNOWN);
    assert_int_equal(say_as(home, "c1", PAIN(2)), STEP_APPLIED);
    home_end(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pain_is_not_asked_at_start_ten_minutes_and_end),
        cmocka_unit_test(silence_is_taken_as_an_answer),
        cmocka_unit_test(three_silences_about_the_legs_leave_a_caregiver_in_the_dark),
        cmocka_unit_test(a_question_is_lost_when_the_hub_restarts),
        cmocka_unit_test(a_hub_that_keeps_starting_asks_for_ever),
        cmocka_unit_test(a_feedback_that_answers_is_not_heard),
        cmocka_unit_test(a_walk_in_the_night_is_asked_about_pain),
        cmocka_unit_test(the_weekly_screen_comes_at_any_time_or_cannot_be_switched_off),
        cmocka_unit_test(coaching_talks_into_a_question),
        cmocka_unit_test(nobody_may_be_asked_without_consent),
        cmocka_unit_test(what_answers_the_wearer_waits_for_the_gap),
        cmocka_unit_test(pain_said_before_a_walk_is_forgotten_in_it),
        cmocka_unit_test(an_account_is_not_heard_or_anybody_is),
        cmocka_unit_test(a_caregiver_speaks_without_the_wearers_consent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
