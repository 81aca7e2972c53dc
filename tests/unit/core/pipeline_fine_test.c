/* "I am fine", by an answer: late, of another time, and after the alarm went out. */
#include "tests/unit/core/pipeline_pain_fixture.h"

#define YES STRIDE__V1__ANSWER__ANSWER_YES

/* By the wrist, `ago_s` before now by its own clock, which runs with the hub's here. */
static void feed_back(struct home *home, double ago_s, const char *prompt,
                      Stride__V1__Answer answer)
{
    uint8_t bytes[CONTROL_BYTES_MAX];
    struct wire_feedback feedback = {.place = {7, ++home->words[WRIST], 1},
                                     .t_us = llround((home->now_s - ago_s) * 1e6),
                                     .kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED,
                                     .answer = answer};
    memcpy(feedback.prompt, prompt, ID_SIZE);
    size_t size = wire_encode_feedback(&feedback, bytes, sizeof(bytes));
    assert_true(size > 0);
    assert_int_equal(home_put(home, home->now_s, INPUT_FEEDBACK, WRIST, bytes, size), STEP_APPLIED);
}

static void ask_of(const struct home *home, enum question question, char id[ID_SIZE])
{
    id[0] = '\0';
    for (int i = 0; i < home->said_n; i++) {
        if (home->said[i].kind == EFFECT_PROMPT && home->said[i].question == question)
            memcpy(id, home->said[i].id, ID_SIZE);
    }
    assert_true(id[0] != '\0');
}

static void heavy_legs(struct home *home)
{
    home_say(home, SAYS(SYMPTOM(HEAVY), LEG(BOTH)));
    home_stand(home, home->now_s + 6);
    home_answer(home, QUESTION_T1_WEAK, false);
    home_stand(home, home->now_s + 6);
    home_answer(home, QUESTION_T1_BLADDER, false);
}

static void an_answer_of_another_time_eases_the_legs(void **unused)
{
    (void)unused;
    struct home *home = walking(home_new(), PAIN(1, PLACE(BACK)));
    home_walk(home, 300);
    heavy_legs(home);
    home_stand(home, 912);
    assert_true(home_asks(home, QUESTION_T1_EASING));
    char easing[ID_SIZE];
    ask_of(home, QUESTION_T1_EASING, easing);
    home_answer(home, QUESTION_T1_EASING, true);
    assert_false(triage_running(&home->state.pain.triage));
    home_wait(home, home->now_s + 3 * 3600);
    home_walk(home, home->now_s + 120);
    heavy_legs(home);
    assert_true(triage_running(&home->state.pain.triage));
    feed_back(home, 7200, easing, YES); /* pressed then, and it waited */
    assert_true(triage_running(&home->state.pain.triage));
    feed_back(home, 0, easing, YES);
    assert_false(triage_running(&home->state.pain.triage));
    home_end(home);
}

/* Who walked fell, as the wrist would have told, and was asked under this id. The journal does not
 * tell of it, so these are not played again. */
static struct home *fallen(const char *prompt)
{
    struct home *home = walking(home_new(), PAIN(1, PLACE(BACK)));
    home_walk(home, 300);
    struct safety_fall *fall = &home->state.safety.fall;
    fall->phase = S01_ASKED;
    fall->fell_ns = home->state.now_ns - 10 * INT64_C(1000000000);
    fall->asked_ns = home->state.now_ns;
    fall->due_ns = home->state.now_ns + 30 * INT64_C(1000000000);
    struct prompt_said *said = &home->state.alerting.ring[home->state.alerting.ring_next++];
    memset(said, 0, sizeof(*said));
    memcpy(said->id, prompt, strlen(prompt) + 1);
    said->rule = RULE_S01;
    return home;
}

static const char asked[ID_SIZE] = "pASKEDASKEDA";

static const struct alert *alarm_of(const struct home *home)
{
    for (int i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &home->state.alerting.alerts[i];
        if (alert->id[0] != '\0' && alert->rule == RULE_S01)
            return alert;
    }
    return NULL;
}

static void a_yes_to_an_earlier_fall_takes_this_one_back(void **unused)
{
    (void)unused;
    struct home *home = fallen(asked);
    feed_back(home, 60, asked, YES);
    assert_int_equal(home->state.safety.fall.phase, S01_ASKED);
    feed_back(home, 0, asked, YES);
    assert_int_equal(home->state.safety.fall.phase, S01_QUIET);
    free(home);
}

/* The answer came after the time was over, or waited in the device: whoever was told reads that
 * the wearer is fine, as after OK. A yes to "calling your contact" takes nothing back. */
static void a_yes_after_the_alarm_leaves_everybody_alarmed(void **unused)
{
    (void)unused;
    for (int by_report = 0; by_report < 2; by_report++) {
        struct home *home = fallen(asked);
        home_wait(home, home->now_s + 31);
        const struct alert *alarm = alarm_of(home);
        assert_non_null(alarm);
        assert_int_equal(alarm->state, ALERT_SENT);
        char prompt[ID_SIZE];
        memcpy(prompt, alarm->id, ID_SIZE);
        prompt[0] = 'p';
        feed_back(home, 0, prompt, YES);
        assert_int_equal(alarm->state, ALERT_SENT);
        struct wire_report report = SAYS(.answer = YES);
        memcpy(report.question, "s01_ask", 8);
        if (by_report)
            home_say(home, report);
        else
            feed_back(home, 12, asked, YES);
        assert_int_equal(alarm->state, ALERT_CANCELLED);
        assert_int_equal(home->state.safety.fall.phase, S01_QUIET);
        free(home);
    }
}

/* Asked "All OK?", and a contact was told that nothing moves. "Press OK": however late, it is the
 * answer, and nobody else is sent for a wearer who gave it. */
static void an_ok_after_a_contact_was_told_sends_the_next_one(void **unused)
{
    (void)unused;
    for (int by_answer = 0; by_answer < 2; by_answer++) {
        struct home *home = home_new();
        memcpy(home->config.flags[home->config.flags_n++], "lone_walker", 12);
        walking(home, PAIN(1, PLACE(BACK)));
        home_walk(home, 100);
        home->state.safety.still_due_ns = home->state.now_ns + 1;
        home_wait(home, home->now_s + 1);
        const struct said *told = home_notice(home, "c1");
        assert_non_null(told);
        assert_int_equal(told->rule, RULE_S03);
        home_wait(home, home->now_s + 50);
        struct wire_report report = SAYS(.answer = YES);
        memcpy(report.question, "s03_ok", 7);
        home_say(home, by_answer ? report : SAYS(BUTTON(OK)));
        assert_int_equal(home->state.alerting.alerts[0].state, ALERT_CANCELLED);
        home_wait(home, home->now_s + 2 * 3600);
        assert_null(home_notice(home, "c2"));
        free(home);
    }
}

/* The OK to "All OK?" waited in the wrist while the contact was told: it was given all the same. */
static void an_ok_that_waited_leaves_a_contact_alarmed(void **unused)
{
    (void)unused;
    static const double ago_s[] = {30, 90}; /* after it was asked, and before */
    for (int i = 0; i < 4; i++) {
        struct home *home = home_new();
        memcpy(home->config.flags[home->config.flags_n++], "lone_walker", 12);
        walking(home, PAIN(1, PLACE(BACK)));
        home_walk(home, 100);
        home_wait(home, home->now_s + 60);
        home->state.safety.still_due_ns = home->state.now_ns + 1;
        home_wait(home, home->now_s + 1);
        assert_non_null(home_notice(home, "c1"));
        if (i < 2) {
            home_say_late(home, ago_s[i], SAYS(BUTTON(OK)));
        } else {
            struct wire_report report = SAYS(.answer = YES);
            memcpy(report.question, "s03_ok", 7);
            home_say_late(home, ago_s[i - 2], report);
        }
        assert_int_equal(home->state.alerting.alerts[0].state,
                         i % 2 == 0 ? ALERT_CANCELLED : ALERT_SENT);
        free(home);
    }
}

/* Did a contact read of a call for help? */
static bool call_told(const struct home *home)
{
    bool told = false;
    for (int i = 0; i < home->said_n; i++)
        told |= home->said[i].kind == EFFECT_NOTICE && home->said[i].rule == RULE_F07;
    return told;
}

/* A STOP on the belt: "Press OK and the belt slows down". */
static struct home *offered_to_slow(void)
{
    struct home *home = home_new();
    home->belt = true;
    home->belt_cm = 110;
    walking(home, PAIN(1, PLACE(BACK)));
    home_walk(home, 120);
    home_say(home, PAIN(3, PLACE(THIGH)));
    assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_TEXT), 1);
    return home;
}

/* Whoever then calls for help and presses that OK has not taken the call back; another one does, in
 * its time. */
static void an_ok_to_the_belt_takes_a_call_for_help_back(void **unused)
{
    (void)unused;
    for (int twice = 0; twice < 2; twice++) {
        struct home *home = offered_to_slow();
        home_walk(home, home->now_s + 3);
        home_say(home, SAYS(BUTTON(HELP)));
        home_walk(home, home->now_s + 1);
        home_say(home, SAYS(BUTTON(OK)));
        assert_int_equal(home_belts_n(home, STRIDE__V1__REQUEST_KIND__REQUEST_SLOW), 1);
        if (twice)
            home_say(home, SAYS(BUTTON(OK)));
        home_walk(home, home->now_s + 6);
        assert_int_equal(call_told(home), !twice);
        home_end(home);
    }
}

/* Whoever stopped the belt by its own button slows nothing with OK: it is said to the call. */
static void a_belt_that_stands_keeps_a_call_for_help_open(void **unused)
{
    (void)unused;
    struct home *home = offered_to_slow();
    home->belt_cm = 0;
    home_stand(home, home->now_s + 5);
    home_say(home, SAYS(BUTTON(HELP)));
    home_say(home, SAYS(BUTTON(OK)));
    home_stand(home, home->now_s + 6);
    assert_false(call_told(home));
    home_end(home);
}

/* Somebody accepted it: a yes ends it as OK does. */
static void a_yes_after_somebody_accepted_leaves_them_on_the_way(void **unused)
{
    (void)unused;
    struct home *home = fallen(asked);
    home_wait(home, home->now_s + 31);
    struct alert *alarm =
        &home->state.alerting.alerts[alarm_of(home) - home->state.alerting.alerts];
    alarm->state = ALERT_ACCEPTED;
    memcpy(alarm->accepted_by, "c1", 3);
    alarm->changed_ns = home->state.now_ns;
    feed_back(home, 12, asked, YES);
    assert_int_equal(alarm->state, ALERT_RESOLVED);
    free(home);
}

/* "It looks like you fell", and the help button: one press is one call. Two would leave the wearer
 * with "no answer yet" of the one when the other was accepted long ago. A later press is another.
 */
static void help_pressed_while_a_fall_is_asked_calls_twice(void **unused)
{
    (void)unused;
    struct home *home = fallen(asked);
    home_say(home, SAYS(BUTTON(HELP)));
    home_wait(home, home->now_s + 10);
    const struct alert *alarm = alarm_of(home);
    assert_non_null(alarm);
    assert_int_equal(alarm->state, ALERT_SENT);
    for (int i = 0; i < home->said_n; i++)
        assert_int_not_equal(home->said[i].rule, RULE_F07);
    home_say(home, SAYS(BUTTON(HELP)));
    home_wait(home, home->now_s + 10);
    assert_true(call_told(home));
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_of_another_time_eases_the_legs),
        cmocka_unit_test(help_pressed_while_a_fall_is_asked_calls_twice),
        cmocka_unit_test(a_yes_to_an_earlier_fall_takes_this_one_back),
        cmocka_unit_test(a_yes_after_the_alarm_leaves_everybody_alarmed),
        cmocka_unit_test(an_ok_that_waited_leaves_a_contact_alarmed),
        cmocka_unit_test(an_ok_to_the_belt_takes_a_call_for_help_back),
        cmocka_unit_test(a_belt_that_stands_keeps_a_call_for_help_open),
        cmocka_unit_test(a_yes_after_somebody_accepted_leaves_them_on_the_way),
        cmocka_unit_test(an_ok_after_a_contact_was_told_sends_the_next_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
