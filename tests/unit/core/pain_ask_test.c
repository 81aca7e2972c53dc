/* P01's schedule and the one open question: deadlines and silence. */
#include "tests/unit/core/pain_fixture.h"

static void assert_times(const struct patient *p, enum question question, const double *times,
                         int n)
{
    int k = 0;
    for (int i = 0; i < p->asked_n; i++) {
        if (p->asked[i].question != question)
            continue;
        if (k < n && p->asked[i].at_s != times[k])
            fail_msg("ask %d at %g, not %g", k, p->asked[i].at_s, times[k]);
        k++;
    }
    assert_int_equal(k, n);
}
#define ASKED_AT(p, ...)                                         \
    assert_times(p, QUESTION_NRS, (const double[]){__VA_ARGS__}, \
                 (int)(sizeof((const double[]){__VA_ARGS__}) / sizeof(double)))

/* Scenario 1. */
static void test_pain_is_asked_at_the_start_after_ten_minutes_and_at_the_end(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_hurts(&p, 20, 2);
    patient_until(&p, 620);
    patient_hurts(&p, 630, 2);
    patient_close(&p, 720);
    patient_until(&p, 1500);
    /* Within the wait of the report at 630 the end would be asked twice over: it is not. */
    ASKED_AT(&p, 0, 600);
    assert_int_equal(p.pain.record.end, 2);
    assert_int_equal(p.told_n, 0);
    patient_init(&p);
    patient_open(&p, 0);
    patient_hurts(&p, 20, 2);
    patient_hurts(&p, 605, 2);
    patient_close(&p, 726);
    patient_until(&p, 1500);
    ASKED_AT(&p, 0, 600, 726);
}

static void test_silence_is_no_answer_and_the_schedule_goes_on(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_until(&p, 1900);
    ASKED_AT(&p, 0, 600, 1200, 1800);
    assert_int_equal(p.pain.record.no_answer_n, 3);
    assert_int_equal(p.pain.record.start, -1);
    assert_int_equal(p.pain.answers[QUESTION_NRS], ANSWERED_SILENT);
    assert_int_equal(asked_n(&p, QUESTION_PLACE), 0);
    assert_true(p.asked[0].deadline_s == 120);
}

static void test_early_stages_flares_and_amber_are_asked_every_five_minutes(void **unused)
{
    (void)unused;
    for (int why = 0; why < 3; why++) {
        struct patient p;
        patient_init(&p);
        p.context.early_stage = why == 0;
        p.context.flare = why == 1;
        patient_open(&p, 0);
        patient_hurts(&p, 5, why == 2 ? 4 : 2);
        patient_until(&p, 310);
        ASKED_AT(&p, 0, 305); /* never sooner than five minutes after a report */
        patient_hurts(&p, 311, 2);
        patient_until(&p, 650);
        ASKED_AT(&p, 0, 305, 611);
    }
}

static void test_a_report_of_ones_own_puts_the_question_off(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_hurts(&p, 5, 2);
    patient_hurts(&p, 570, 2);
    patient_until(&p, 869);
    ASKED_AT(&p, 0);
    patient_until(&p, 870);
    ASKED_AT(&p, 0, 870);
}

/* Scenario 51: the hard surface's question, ten minutes after the change. */
static void test_a_new_surface_is_asked_about_after_ten_minutes(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_hurts(&p, 5, 2);
    patient_until(&p, 330);
    struct pain_out out = {0};
    pain_surface_changed(&p.pain, &p.context, ns_of(330), &out);
    patient_hurts(&p, 601, 2);
    patient_until(&p, 1199);
    ASKED_AT(&p, 0, 600, 930);
}

static void test_no_more_than_twelve_in_a_walk_and_none_while_red(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    p.context.early_stage = true;
    patient_open(&p, 0);
    patient_until(&p, 4 * HOUR_S);
    assert_int_equal(asked_n(&p, QUESTION_NRS), 12);
    patient_init(&p);
    patient_open(&p, 0);
    patient_answers(&p, 10, QUESTION_F03_FEVER, true);
    patient_until(&p, HOUR_S);
    patient_close(&p, HOUR_S);
    patient_until(&p, 2 * HOUR_S);
    assert_int_equal(asked_n(&p, QUESTION_NRS), 2 - 1);
}

static void test_the_place_is_asked_once_and_not_of_no_pain(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_says(&p, 5, PAIN(2));
    assert_true(asked_last(&p, QUESTION_PLACE)->at_s == 5);
    patient_says(&p, 20, SAYS(PLACE(BUTTOCK), SIDE(LEFT)));
    assert_int_equal(p.pain.question, QUESTION_NONE);
    patient_says(&p, 60, PAIN(2));
    patient_says(&p, 400, PAIN(0));
    assert_int_equal(asked_n(&p, QUESTION_PLACE), 1);
}

/* ---------------------------------------------------------------- one at a time */

static void test_legs_come_before_pain_and_what_was_interrupted_is_asked_after(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    assert_int_equal(p.pain.question, QUESTION_NRS);
    patient_says(&p, 30, SAYS(HEAVY, LEG(LEFT)));
    assert_int_equal(p.pain.question, QUESTION_T1_WEAK);
    patient_answers(&p, 35, QUESTION_T1_WEAK, false);
    assert_int_equal(p.pain.question, QUESTION_T1_BLADDER);
    patient_answers(&p, 40, QUESTION_T1_BLADDER, false);
    assert_int_equal(p.pain.question, QUESTION_NRS);
    assert_int_equal(p.pain.record.asked_n, 1);
    assert_int_equal(p.pain.record.no_answer_n, 0);
}

static const char ask_prompt[] = "p00000000000000a7";

static void test_feedback_answers_the_question_of_its_prompt_and_no_other(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(BUTTON(LEG_HEAVY)));
    pain_prompted(&p.pain, QUESTION_T1_LEGS, ask_prompt);
    struct wire_feedback feedback = {.prompt = "p00000000000000b8",
                                     .kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED,
                                     .answer = STRIDE__V1__ANSWER__ANSWER_YES};
    struct pain_out out = {0};
    pain_feedback(&p.pain, &p.context, &feedback, true, ns_of(5), &out);
    assert_int_equal(p.pain.question, QUESTION_T1_LEGS);
    memcpy(feedback.prompt, ask_prompt, sizeof(ask_prompt));
    feedback.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED; /* no answer, and no "no" */
    pain_feedback(&p.pain, &p.context, &feedback, true, ns_of(6), &out);
    assert_int_equal(p.pain.question, QUESTION_T1_LEGS);
    feedback.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED;
    feedback.answer = STRIDE__V1__ANSWER__ANSWER_UNKNOWN;
    pain_feedback(&p.pain, &p.context, &feedback, true, ns_of(7), &out);
    assert_int_equal(p.pain.question, QUESTION_T1_LEGS);
    feedback.answer = STRIDE__V1__ANSWER__ANSWER_YES;
    pain_feedback(&p.pain, &p.context, &feedback, true, ns_of(8), &out);
    assert_int_equal(p.pain.question, QUESTION_T1_WEAK);
    assert_int_equal(p.pain.triage.legs, STRIDE__V1__SIDE__SIDE_BOTH);
    feedback.prompt[0] = '\0'; /* a free place in the ring is nobody's */
    pain_feedback(&p.pain, &p.context, &feedback, true, ns_of(9), &out);
    assert_int_equal(p.pain.question, QUESTION_T1_WEAK);
}

static void test_a_side_answers_which_leg(void **unused)
{
    (void)unused;
    for (unsigned side = 1; side <= 3; side++) {
        struct patient p;
        patient_init(&p);
        patient_says(&p, 0, SAYS(BUTTON(LEG_HEAVY)));
        patient_says(&p, 5, SAYS(.question = "t1_legs", .symptom_side = (Stride__V1__Side)side));
        assert_int_equal(p.pain.triage.legs, side);
        assert_int_equal(p.pain.triage.answers[T1_BOTH], side == 3 ? T1_YES : T1_NO);
        assert_int_equal(p.pain.question, QUESTION_T1_WEAK);
    }
}

static void test_answers_to_no_question_are_counted_and_change_nothing_else(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_until(&p, 50);
    struct pain before = p.pain;
    patient_says(&p, 50, SAYS(.question = "q_f01_saddl", .answer = STRIDE__V1__ANSWER__ANSWER_NO));
    patient_says(&p, 50, SAYS(.question = "Q3"));
    assert_int_equal(p.pain.unknown_n, 2);
    /* Those of other stages are none of them. */
    patient_says(&p, 50, SAYS(.question = "s01_ask", .answer = STRIDE__V1__ANSWER__ANSWER_YES));
    before.unknown_n = 2;
    assert_memory_equal(&before, &p.pain, sizeof(before));
    /* Yes and no mean nothing to "how much" and "where". */
    patient_answers(&p, 50, QUESTION_NRS, true);
    patient_answers(&p, 50, QUESTION_PLACE, false);
    assert_memory_equal(&before, &p.pain, sizeof(before));
}

/* It may have been a red flag's: of another version of the program, or of long ago. */
static void test_a_yes_that_nobody_can_place_vanishes(void **unused)
{
    (void)unused;
    for (int by_report = 0; by_report < 2; by_report++) {
        struct patient p;
        patient_init(&p);
        patient_until(&p, 50);
        p.context.ask_ns = ns_of(50);
        const struct wire_feedback feedback = {.prompt = "p00000000000000b8",
                                               .kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED,
                                               .answer = STRIDE__V1__ANSWER__ANSWER_YES};
        struct pain_out out = {0};
        pain_feedback(&p.pain, &p.context, &feedback, true, ns_of(50), &out);
        assert_int_equal(p.pain.unknown_n, 0); /* of a prompt that asked for something else */
        if (by_report != 0)
            patient_says(&p, 50,
                         SAYS(.question = "q_f01_new", .answer = STRIDE__V1__ANSWER__ANSWER_YES));
        else
            pain_feedback(&p.pain, &p.context, &feedback, false, ns_of(50), &out);
        assert_int_equal(p.pain.unknown_n, 1);
        assert_true(p.pain.screen.full);
        assert_int_equal(p.pain.screen.pending | screen_bit(QUESTION_F01_SADDLE), SCREEN_FULL);
        patient_until(&p, 55);
        assert_int_equal(p.pain.question, QUESTION_F01_SADDLE); /* the first, at once */
    }
}

/* A device that was offline tells it when the screen is long over. */
static void test_a_yes_to_the_first_of_a_whole_screen_is_forgotten(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_until(&p, 50);
    struct wire_feedback feedback = {.prompt = "p0000000000000100",
                                     .kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED,
                                     .answer = STRIDE__V1__ANSWER__ANSWER_YES};
    char id[ID_SIZE] = "p0000000000000100";
    for (unsigned i = QUESTION_FLAGS_FIRST; i < QUESTIONS; i++) {
        id[16] = "0123456789abcdef"[i - QUESTION_FLAGS_FIRST];
        pain_prompted(&p.pain, (enum question)i, id);
    }
    struct pain_out out = {0};
    pain_feedback(&p.pain, &p.context, &feedback, true, ns_of(50), &out);
    assert_int_equal(out.found.n, 1);
    assert_int_equal(out.found.items[0].rule, RULE_F01);
}

static void test_a_repeated_answer_changes_nothing(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(HEAVY, LEG(BOTH)));
    patient_answers(&p, 5, QUESTION_T1_WEAK, true);
    assert_int_equal(reds_n(&p), 1);
    patient_answers(&p, 5, QUESTION_T1_WEAK, true);
    patient_answers(&p, 6, QUESTION_T1_WEAK, true);
    patient_answers(&p, 7, QUESTION_T1_WEAK, false);
    assert_int_equal(reds_n(&p), 1);
    assert_int_equal(p.pain.triage.result, TRIAGE_EMERGENCY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pain_is_asked_at_the_start_after_ten_minutes_and_at_the_end),
        cmocka_unit_test(test_silence_is_no_answer_and_the_schedule_goes_on),
        cmocka_unit_test(test_early_stages_flares_and_amber_are_asked_every_five_minutes),
        cmocka_unit_test(test_a_report_of_ones_own_puts_the_question_off),
        cmocka_unit_test(test_a_new_surface_is_asked_about_after_ten_minutes),
        cmocka_unit_test(test_no_more_than_twelve_in_a_walk_and_none_while_red),
        cmocka_unit_test(test_the_place_is_asked_once_and_not_of_no_pain),
        cmocka_unit_test(test_legs_come_before_pain_and_what_was_interrupted_is_asked_after),
        cmocka_unit_test(test_feedback_answers_the_question_of_its_prompt_and_no_other),
        cmocka_unit_test(test_a_side_answers_which_leg),
        cmocka_unit_test(test_answers_to_no_question_are_counted_and_change_nothing_else),
        cmocka_unit_test(test_a_yes_that_nobody_can_place_vanishes),
        cmocka_unit_test(test_a_yes_to_the_first_of_a_whole_screen_is_forgotten),
        cmocka_unit_test(test_a_repeated_answer_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
