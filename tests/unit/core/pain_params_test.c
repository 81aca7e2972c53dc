/* A figure of pain, legs and red flags that a clinician changed is what is then said by. Each case
 * is lived twice: with the rule book's figure and with the other. */
#include "tests/unit/core/pain_fixture.h"

static double morning_s(int day)
{
    return (double)day * DAY_S - 6 * HOUR_S; /* 08:00 */
}

/* ---- P01 ---- */

static int said_at_three_in_the_night(struct patient *p)
{
    patient_after_a_walk(p);
    patient_hurts(p, morning_s(1) - 5 * HOUR_S, 4);
    return p->pain.record.next_morning;
}

static int minutes_to_the_second_morning_question(struct patient *p)
{
    patient_after_a_walk(p);
    patient_until(p, morning_s(1) + 2 * HOUR_S + 1);
    return (int)(p->asked[1].at_s - p->asked[0].at_s) / 60;
}

static int morning_questions(struct patient *p)
{
    patient_after_a_walk(p);
    patient_until(p, morning_s(1) + 2 * HOUR_S + 1);
    return asked_n(p, QUESTION_MORNING);
}

/* ---- P02 ---- */

static int leg_pain_named(struct patient *p, int walks)
{
    for (int day = 0; day < walks; day++) {
        const double at_s = (double)day * DAY_S;
        patient_open(p, at_s);
        patient_says(p, at_s + 5, PAIN(2, PLACE(CALF), SIDE(LEFT)));
        patient_close(p, at_s + 300);
    }
    return told_n(p, TEXT_P02_SUMMARY);
}

static int leg_pain_named_of_one_walk(struct patient *p)
{
    return leg_pain_named(p, 1);
}

static int leg_pain_named_of_nine_walks(struct patient *p)
{
    return leg_pain_named(p, 9);
}

/* ---- P03 ---- */

static void sore(struct patient *p, int8_t from, int8_t to)
{
    patient_open(p, 0);
    patient_says(p, 1, PAIN(from, PLACE(BACK)));
    patient_says(p, 200, PAIN(to, PLACE(BACK)));
}

static int red_from_three_to_five(struct patient *p)
{
    sore(p, 3, 5);
    return told_n(p, TEXT_P03_RED);
}

static int red_from_four_to_five(struct patient *p)
{
    sore(p, 4, 5);
    return told_n(p, TEXT_P03_RED);
}

static int red_at_six(struct patient *p)
{
    sore(p, 6, 6);
    return told_n(p, TEXT_P03_RED) > 0;
}

static int micro_walk_at_six(struct patient *p)
{
    sore(p, 6, 6);
    return told_n(p, TEXT_P03_MICRO_WALK);
}

static int red_cleared_by_two_reports(struct patient *p)
{
    sore(p, 2, 6);
    patient_says(p, 300, PAIN(2));
    patient_says(p, 400, PAIN(2));
    return cleared_n(p, RULE_P03);
}

static int second_red_a_week_later(struct patient *p)
{
    sore(p, 2, 6);
    patient_close(p, 300);
    patient_open(p, 7.0 * DAY_S);
    patient_says(p, 7.0 * DAY_S + 1, PAIN(2));
    patient_says(p, 7.0 * DAY_S + 100, PAIN(6));
    patient_close(p, 7.0 * DAY_S + 200);
    return told_n(p, TEXT_P03_SUMMARY);
}

/* ---- P05 ---- */

static int pattern_after_two_walks_without(struct patient *p)
{
    p->context.age_years = 74; /* the score of such a walk is 1 */
    p->context.posture_known = true;
    p->context.legs_known = STRIDE__V1__SIDE__SIDE_BOTH;
    patient_open(p, 0);
    patient_says(p, 1, PAIN(2, PLACE(BACK)));
    patient_says(p, 300, SAYS(HEAVY, LEG(BOTH)));
    patient_sits(p, 310);
    patient_answers(p, 312, QUESTION_T1_WEAK, false);
    patient_answers(p, 314, QUESTION_T1_BLADDER, false);
    patient_says(p, 400, SAYS(RELIEF(SITTING)));
    patient_close(p, 1000);
    assert_true(pain_effects(&p->pain).p05_open);
    for (int i = 1; i <= 2; i++) {
        patient_open(p, 10000 * i);
        patient_close(p, 10000 * i + 600);
    }
    return pain_effects(&p->pain).p05_open;
}

/* ---- T1, F02 ---- */

static void numb_and_eased(struct patient *p)
{
    patient_says(p, 0, SAYS(SYMPTOM(NUMB), LEG(LEFT)));
    patient_answers(p, 1, QUESTION_T1_WEAK, false);
    patient_answers(p, 2, QUESTION_T1_BLADDER, false);
    patient_answers(p, 3, QUESTION_T1_EASING, true);
}

static int triages_of_a_symptom_told_twice(struct patient *p)
{
    numb_and_eased(p);
    patient_says(p, 400, SAYS(SYMPTOM(NUMB), LEG(LEFT)));
    return told_n(p, TEXT_T1_REST);
}

static int emergency_of_one_leg_and_then_the_other(struct patient *p)
{
    numb_and_eased(p);
    patient_says(p, 5000, SAYS(SYMPTOM(NUMB), LEG(RIGHT)));
    patient_answers(p, 5001, QUESTION_T1_WEAK, true);
    return told_n(p, TEXT_F01_EMERGENCY);
}

static int new_again_after_twenty_days(struct patient *p)
{
    const double at_s = 20.0 * DAY_S;
    numb_and_eased(p);
    patient_says(p, at_s, SAYS(SYMPTOM(NUMB), LEG(LEFT)));
    patient_answers(p, at_s + 1, QUESTION_T1_WEAK, false);
    patient_answers(p, at_s + 2, QUESTION_T1_BLADDER, false);
    patient_until(p, at_s + 300);
    patient_answers(p, at_s + 310, QUESTION_T1_EASING, false);
    return told_n(p, TEXT_P06_CHECK);
}

static int urgency_of_weakness_that_grew_for_a_day(struct patient *p)
{
    patient_says(p, 0, SAYS(SYMPTOM(WEAK), LEG(LEFT)));
    patient_answers(p, DAY_S, QUESTION_F02_WORSE, true);
    return told_last(p, TEXT_F02_WEAKNESS)->urgency;
}

/* ---- the screen ---- */

static int questions_to_an_empty_room(struct patient *p)
{
    patient_until(p, morning_s(2) - 1);
    return p->asked_n;
}

static int seconds_until_tried_again(struct patient *p)
{
    patient_until(p, morning_s(2) - 1);
    return (int)(p->asked[2].at_s - p->asked[1].at_s) - 60;
}

static int asked_in_the_evening(struct patient *p)
{
    p->context.ask_ns = INT64_MAX; /* no device is on */
    patient_until(p, morning_s(2) + 12.5 * HOUR_S);
    p->context.ask_ns = 0;
    patient_until(p, morning_s(2) + 12.6 * HOUR_S);
    return p->asked_n > 0;
}

static void test_what_is_said_follows_each_figure(void **unused)
{
    (void)unused;
    static const struct {
        enum param param;
        double value;
        int (*live)(struct patient *);
        int book, changed;
    } cases[] = {
        {PARAM_P01_MORNING_EARLIEST_MIN, 120, said_at_three_in_the_night, -1, 4},
        {PARAM_P01_MORNING_AGAIN_MIN, 30, minutes_to_the_second_morning_question, 60, 30},
        {PARAM_P01_MORNING_MAX, 1, morning_questions, 2, 1},
        {PARAM_P02_DISTAL_SESSIONS, 1, leg_pain_named_of_one_walk, 0, 1},
        {PARAM_P02_SUMMARY_D, 3, leg_pain_named_of_nine_walks, 2, 3},
        {PARAM_P03_MODERATE_NRS, 3, red_from_three_to_five, 0, 1},
        {PARAM_P03_SEVERE_NRS, 4, red_from_four_to_five, 0, 1},
        {PARAM_P03_SEVERE_NRS, 7, red_at_six, 0, 1},
        {PARAM_P03_MICRO_NRS, 6, micro_walk_at_six, 0, 1},
        {PARAM_P03_LOWER_N, 3, red_cleared_by_two_reports, 1, 0},
        {PARAM_P03_RED_AGAIN_D, 8, second_red_a_week_later, 0, 1},
        {PARAM_P05_OFF_SCORE, 1, pattern_after_two_walks_without, 0, 1},
        {PARAM_P05_OFF_SESSIONS, 3, pattern_after_two_walks_without, 0, 1},
        {PARAM_T1_SAME_S, 300, triages_of_a_symptom_told_twice, 1, 2},
        {PARAM_T1_BOTH_S, 7200, emergency_of_one_leg_and_then_the_other, 0, 1},
        {PARAM_T1_EPISODE_D, 14, new_again_after_twenty_days, 0, 1},
        {PARAM_F02_RAPID_H, 48, urgency_of_weakness_that_grew_for_a_day, URGENCY_SAME_DAY,
         URGENCY_EMERGENCY},
        {PARAM_SCREEN_TRIES, 4, questions_to_an_empty_room, 6, 8},
        {PARAM_SCREEN_AGAIN_S, 1200, seconds_until_tried_again, 600, 1200},
        {PARAM_SCREEN_UNTIL_MIN, 1260, asked_in_the_evening, 0, 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int changed = 0; changed <= 1; changed++) {
            struct patient p;
            patient_init(&p);
            if (changed)
                assert_true(params_set(&p.params, cases[i].param, cases[i].value));
            const int got = cases[i].live(&p);
            if (got != (changed ? cases[i].changed : cases[i].book))
                fail_msg("%s, %s: %d", param_info(cases[i].param)->name,
                         changed ? "changed" : "as in the book", got);
        }
    }
}

/* Red can come sooner than in the book, and be left later; the worst start that may still go on
 * without a stop is 6, or 5. */
static void test_no_figure_configures_a_stop_away(void **unused)
{
    (void)unused;
    static const struct {
        enum param param;
        bool least; /* the book's is the least, else the most */
    } firm[] = {{PARAM_P03_LOWER_N, true},   {PARAM_P03_RED_AGAIN_D, true},
                {PARAM_T1_BOTH_S, true},     {PARAM_T1_SAME_S, false},
                {PARAM_T1_EPISODE_D, false}, {PARAM_F02_RAPID_H, true}};
    for (size_t i = 0; i < sizeof(firm) / sizeof(firm[0]); i++) {
        const struct param_info *info = param_info(firm[i].param);
        assert_true(info->def == (firm[i].least ? info->min : info->max));
    }
    assert_true(param_info(PARAM_P03_SEVERE_NRS)->max <= 7);
    assert_true(param_info(PARAM_P03_MODERATE_NRS)->max <= 5);
    for (int severe = 4; severe <= 7; severe++) {
        for (int start = severe; start < 10; start++) {
            struct params params;
            params_defaults(&params);
            assert_true(params_set(&params, PARAM_P03_SEVERE_NRS, severe));
            assert_int_equal(pain_band(&params, start, start + 1), BAND_RED);
        }
        struct params params;
        params_defaults(&params);
        assert_true(params_set(&params, PARAM_P03_SEVERE_NRS, severe));
        for (int start = 0; start < severe; start++)
            assert_int_equal(pain_band(&params, start, 6), BAND_RED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_said_follows_each_figure),
        cmocka_unit_test(test_no_figure_configures_a_stop_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
