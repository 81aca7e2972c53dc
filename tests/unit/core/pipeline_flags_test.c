/* Red flags through the whole core, and the hub that was away or has a wrong clock meanwhile. */
#include "tests/unit/core/pipeline_pain_fixture.h"

#define RED STRIDE__V1__SEVERITY__SEVERITY_RED
#define INFO STRIDE__V1__SEVERITY__SEVERITY_INFO

static void new_numbness_that_does_not_ease_is_no_emergency(void **unused)
{
    (void)unused; /* 30b */
    struct home *home = walking(home_new(), PAIN(1, PLACE(BACK)));
    home_walk(home, 360);
    home_say(home, SAYS(SYMPTOM(NUMB), LEG(BOTH)));
    home_stand(home, 366);
    home_answer(home, QUESTION_T1_WEAK, false);
    home_stand(home, 372);
    home_answer(home, QUESTION_T1_BLADDER, false);
    home_stand(home, 960);
    assert_true(home_asks(home, QUESTION_T1_EASING));
    home_answer(home, QUESTION_T1_EASING, false);
    const struct said *red = home_prompt(home, TEXT_F01_EMERGENCY);
    assert_non_null(red);
    assert_true(red->at_s == 960 && red->severity == RED);
    const struct said *notice = home_notice(home, "c1");
    assert_non_null(notice);
    assert_true(notice->at_s == 960 && notice->urgency == URGENCY_EMERGENCY);
    assert_int_equal(home_rule_n(home, RULE_P05, INFO), 0);
    home_end(home);
}

/* 31 and 32, `begin_s` after 14:00. */
static void saddle_numbness(double begin_s)
{
    struct home *home = home_new();
    home_begin(home);
    home_wait(home, begin_s);
    home_walk(home, begin_s + 60);
    assert_true(home->state.session.open);
    double at_s = home->now_s;
    home_answer(home, QUESTION_F01_SADDLE, true);
    const struct said *red = home_prompt(home, TEXT_F01_EMERGENCY);
    assert_non_null(red);
    assert_true(red->at_s == at_s && red->to_wrist);
    const struct said *first = home_notice(home, "c1");
    assert_non_null(first);
    assert_true(first->at_s == at_s && first->urgency == URGENCY_EMERGENCY);
    assert_false(home->state.session.open);
    assert_int_equal(home->state.session.end_reason, END_RED_FLAG);
    assert_int_equal(home->state.pain.record.red_flags_n, 1);
    home_answer(home, QUESTION_F01_URINE, true); /* the same red flag */
    home_walk(home, at_s + 61);
    const struct said *second = home_notice(home, "c2");
    assert_non_null(second);
    assert_true(second->at_s - at_s == 60);
    home_wait(home, at_s + 301);
    assert_int_equal(home_texts_n(home, TEXT_F01_EMERGENCY), 1);
    for (enum rule rule = RULE_R03; rule <= RULE_R12; rule++)
        assert_int_equal(home_rule_n(home, rule, INFO), 0);
    /* No live view, which a caregiver may have, names it. */
    assert_true(home->state.live.last_text != TEXT_F01_EMERGENCY);
    assert_int_equal(home_asked_n(home, QUESTION_NRS) > 1, 0); /* nobody is asked about pain now */
    home_end(home);
}

static void a_red_flag_by_day_is_not_an_emergency(void **unused)
{
    (void)unused;
    saddle_numbness(10);
}

static void a_red_flag_waits_for_the_morning(void **unused)
{
    (void)unused;
    saddle_numbness(12 * HOUR_S);
}

static void fever(double policy, enum alert_urgency urgency)
{
    struct home *home = home_new();
    home_param(home, "redflag.policy", policy);
    walking(home, PAIN(2, PLACE(BACK)));
    home_walk(home, 60);
    home_answer(home, QUESTION_F03_FEVER, true);
    assert_non_null(home_prompt(home, TEXT_F03_FEVER));
    const struct said *notice = home_notice(home, "c1");
    assert_non_null(notice);
    assert_int_equal(notice->urgency, urgency);
    home_end(home);
}

/* Every red flag of the list, seven to tell, nobody answers, and the hub is off for a year. */
static void a_hub_that_was_off_for_long_dies_of_what_it_missed(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home->config.caregivers_n = 7;
    for (uint8_t i = 0; i < 7; i++) {
        home->config.caregivers[i] = (struct wire_caregiver){.order = i + 1U, .emergency = true};
        memcpy(home->config.caregivers[i].account, "c1", 3);
        home->config.caregivers[i].account[1] = (char)('1' + i);
    }
    walking(home, PAIN(2, PLACE(BACK)));
    home_walk(home, 60);
    for (int again = 0; again < 2; again++) {
        home_answer(home, QUESTION_F03_FEVER, true);
        home_answer(home, QUESTION_F02_WORSE, true);
        home_answer(home, QUESTION_F04_NIGHT, true);
        home_answer(home, QUESTION_F05_BONE, true);
        home_wait(home, home->now_s + 601);
    }
    assert_int_equal(alerting_open_n(&home->state.alerting), ALERTS_MAX);
    const uint8_t started = HUB_STARTED;
    const double back_s = home->now_s + 365.0 * DAY_S;
    home_put(home, back_s, INPUT_HUB, INPUT_SLOT_NONE, &started, 1);
    for (int alert = 0; alert < ALERTS_MAX; alert++) {
        bool told = false; /* the newest repeat is still said */
        for (int i = 0; i < home->effects.n; i++) {
            const struct effect *effect = &home->effects.items[i];
            told |= effect->kind == EFFECT_NOTICE &&
                    (double)effect->at_ns > (back_s - 2 * DAY_S) * 1e9 &&
                    strcmp(effect->notice.account, "c7") == 0 &&
                    strcmp(effect->notice.alert.id, home->state.alerting.alerts[alert].id) == 0;
        }
        assert_true(told);
    }
    free(home);
}

static void a_clock_that_is_far_off_leaves_the_calendar(void **unused)
{
    (void)unused;
    static const int64_t walls_ms[] = {INT64_MIN, -1, 0, INT64_C(253402300800000), INT64_MAX};
    for (unsigned i = 0; i < sizeof(walls_ms) / sizeof(walls_ms[0]); i++) {
        struct home *home = walking(home_new(), PAIN(2, PLACE(BACK)));
        home_answer(home, QUESTION_F03_FEVER, true);
        const struct input tick = {.seq = home->seq + 1,
                                   .at_mono_ns = (int64_t)((home->now_s + 1) * 1e9),
                                   .at_wall_ms = walls_ms[i],
                                   .wearer = 1,
                                   .slot = INPUT_SLOT_NONE,
                                   .kind = INPUT_TICK};
        enum wire_refusal refusal;
        assert_int_equal(
            pipeline_step(&home->state, &tick, &home->scratch, &home->effects, &refusal),
            STEP_APPLIED);
        int64_t wall_ms = home->state.wall_minus_mono_ms + tick.at_mono_ns / 1000000;
        assert_true(wall_ms >= 0 && wall_ms <= INT64_C(7258118400000)); /* 1970 to 2200 */
        free(home);
    }
}

static void fever_is_graded_by_the_wrong_policy(void **unused)
{
    (void)unused; /* 33 */
    fever(0, URGENCY_SAME_DAY);
    fever(1, URGENCY_EMERGENCY);
}

static void nobody_asks_when_the_wrist_is_away(void **unused)
{
    (void)unused; /* 34 */
    struct home *home = home_new();
    home->belt = true;
    home->belt_cm = 110;
    home->mute_wrist = true;
    home->config.params[0].value = 1; /* screen.weekly */
    home_begin(home);
    home_walk(home, 60);
    assert_int_equal(home_asked_n(home, QUESTION_NRS), 1);
    home_say_by(home, BELT, PAIN(3, PLACE(BACK)));
    home_walk(home, 300);
    home_say_by(home, BELT, PAIN(3, PLACE(THIGH), SIDE(LEFT))); /* asks for the whole screen */
    home->belt_cm = 0;
    for (int i = 0; i < 60 && !home_asks(home, QUESTION_F04_WEIGHT); i++) {
        home_stand(home, home->now_s + 6);
        enum question open = (enum question)home->state.pain.question;
        if (open == QUESTION_NRS) {
            home_say_by(home, BELT, PAIN(3));
        } else if (open >= QUESTION_FLAGS_FIRST && open != QUESTION_F04_WEIGHT) {
            struct wire_report no = SAYS(.answer = STRIDE__V1__ANSWER__ANSWER_NO);
            memcpy(no.question, question_info(open)->id, QUESTION_ID_SIZE);
            home_say_by(home, BELT, no);
        }
    }
    assert_true(home_asks(home, QUESTION_F04_WEIGHT));
    const struct said *asked = home_prompt(home, TEXT_Q_F04_WEIGHT);
    assert_non_null(asked);
    assert_true(asked->to_treadmill && !asked->to_wrist);
    struct wire_report yes = SAYS(.answer = STRIDE__V1__ANSWER__ANSWER_YES);
    memcpy(yes.question, "q_f04_weight", 13);
    home_say_by(home, BELT, yes);
    assert_non_null(home_prompt(home, TEXT_F04_WEIGHT));
    assert_int_equal(home_notice(home, "c1")->urgency, URGENCY_URGENT);
    /* Signed: what was asked, what was said, and where. */
    const struct alert *alert = home->state.alerting.alerts;
    while (alert->rule != RULE_F04 && alert < &home->state.alerting.alerts[ALERTS_MAX - 1])
        alert++;
    assert_int_equal(alert->rule, RULE_F04);
    assert_int_equal(alert->evidence.question, QUESTION_F04_WEIGHT);
    assert_int_equal(alert->evidence.answer, ANSWERED_YES);
    assert_int_equal(alert->slot, BELT);
    home_end(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_numbness_that_does_not_ease_is_no_emergency),
        cmocka_unit_test(a_red_flag_by_day_is_not_an_emergency),
        cmocka_unit_test(a_red_flag_waits_for_the_morning),
        cmocka_unit_test(a_hub_that_was_off_for_long_dies_of_what_it_missed),
        cmocka_unit_test(a_clock_that_is_far_off_leaves_the_calendar),
        cmocka_unit_test(fever_is_graded_by_the_wrong_policy),
        cmocka_unit_test(nobody_asks_when_the_wrist_is_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
