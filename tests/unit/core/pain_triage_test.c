/* T1's table, every row with every answer and silence, and the order of its questions. */
#include "tests/unit/core/pain_fixture.h"

static const uint8_t all_answers[] = {T1_PENDING, T1_YES, T1_NO, T1_SILENT};

/* The rule book's table once more, as prose in code: what each row says, from the top. */
static enum triage_result book(uint8_t both, uint8_t weak, uint8_t bladder, uint8_t easing,
                               bool is_new)
{
    if (bladder == T1_YES)
        return TRIAGE_EMERGENCY;
    if (weak == T1_YES && both == T1_YES)
        return TRIAGE_EMERGENCY;
    if (weak == T1_YES)
        return both == T1_PENDING ? TRIAGE_OPEN : TRIAGE_ONE_LEG;
    if (easing == T1_PENDING)
        return TRIAGE_OPEN;
    if (easing == T1_YES) {
        bool all = both != T1_PENDING && weak != T1_PENDING && bladder != T1_PENDING;
        if (!all)
            return TRIAGE_OPEN;
        if (weak == T1_SILENT || bladder == T1_SILENT)
            return TRIAGE_CLINICIAN;
        return both != T1_NO && is_new ? TRIAGE_FIRST_EPISODE : TRIAGE_EASED;
    }
    if (both == T1_PENDING)
        return TRIAGE_OPEN;
    if (!is_new)
        return TRIAGE_CLINICIAN;
    return both == T1_YES ? TRIAGE_EMERGENCY : TRIAGE_ONE_LEG;
}

static void test_every_row_of_the_table_gives_its_result(void **unused)
{
    (void)unused;
    int looked_at = 0;
    for (unsigned i = 0; i < 256; i++) {
        for (int is_new = 0; is_new <= 1; is_new++, looked_at++) {
            const uint8_t answers[] = {all_answers[i & 3], all_answers[i >> 2 & 3],
                                       all_answers[i >> 4 & 3], all_answers[i >> 6 & 3]};
            enum triage_result expected =
                book(answers[0], answers[1], answers[2], answers[3], is_new);
            enum triage_result got = triage_table(answers, is_new);
            if (got != expected)
                fail_msg("both %d weak %d bladder %d easing %d new %d: %d, not %d", answers[0],
                         answers[1], answers[2], answers[3], is_new, (int)got, (int)expected);
        }
    }
    assert_int_equal(looked_at, 512);
}

static void test_silence_is_never_the_comfortable_answer(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < 512; i++) {
        uint8_t answers[] = {all_answers[i & 3], all_answers[i >> 2 & 3], all_answers[i >> 4 & 3],
                             all_answers[i >> 6 & 3]};
        enum triage_result result = triage_table(answers, i >> 8);
        if (answers[T1_WEAK] == T1_SILENT || answers[T1_BLADDER] == T1_SILENT ||
            answers[T1_EASING] == T1_SILENT)
            assert_true(result != TRIAGE_EASED && result != TRIAGE_FIRST_EPISODE);
    }
}

static void test_questions_come_in_order_and_only_where_the_answer_is_not_known(void **unused)
{
    (void)unused;
    struct params params;
    struct triage triage;
    int64_t due_ns = 0;
    params_defaults(&params);
    triage_init(&triage);
    assert_int_equal(triage_next(&triage, &params, 500, &due_ns), TRIAGE_QUESTIONS);
    triage_start(&triage, 100);
    assert_int_equal(triage_next(&triage, &params, 500, &due_ns), T1_BOTH);
    assert_true(due_ns == 100);
    (void)triage_legs(&triage, STRIDE__V1__SIDE__SIDE_LEFT);
    assert_int_equal(triage_next(&triage, &params, 500, &due_ns), T1_WEAK);
    triage_answer(&triage, T1_WEAK, false);
    assert_int_equal(triage_next(&triage, &params, 500, &due_ns), T1_BLADDER);
    triage_answer(&triage, T1_BLADDER, false);
    assert_int_equal(triage_next(&triage, &params, 500, &due_ns), T1_EASING);
    assert_true(due_ns == 500);
    triage_asked(&triage, T1_EASING, 700);
    assert_int_equal(triage_next(&triage, &params, 500, &due_ns), T1_EASING);
    assert_true(due_ns == 700 + 300 * SECOND_NS);
    triage_asked(&triage, T1_EASING, 800);
    assert_int_equal(triage_next(&triage, &params, 500, &due_ns), TRIAGE_QUESTIONS);
    assert_true(triage_end_ns(&triage, &params) == 700 + 600 * SECOND_NS);
}

static void test_the_worse_of_two_answers_stays(void **unused)
{
    (void)unused;
    struct triage triage;
    triage_init(&triage);
    triage_start(&triage, 1);
    for (unsigned i = T1_BOTH; i <= T1_BLADDER; i++) {
        triage_answer(&triage, (enum triage_question)i, false);
        triage_answer(&triage, (enum triage_question)i, true);
        triage_answer(&triage, (enum triage_question)i, false);
        assert_int_equal(triage.answers[i], T1_YES);
    }
    triage_answer(&triage, T1_EASING, false); /* not asked yet: too early to tell */
    assert_int_equal(triage.answers[T1_EASING], T1_PENDING);
    triage_answer(&triage, T1_EASING, true);
    triage_asked(&triage, T1_EASING, 2);
    triage_answer(&triage, T1_EASING, false);
    triage_answer(&triage, T1_EASING, true);
    assert_int_equal(triage.answers[T1_EASING], T1_NO);
}

static void test_one_leg_and_then_the_other_is_both(void **unused)
{
    (void)unused;
    struct triage triage;
    triage_init(&triage);
    triage_start(&triage, 1);
    assert_true(triage_legs(&triage, STRIDE__V1__SIDE__SIDE_RIGHT));
    assert_int_equal(triage.legs, STRIDE__V1__SIDE__SIDE_RIGHT);
    assert_int_equal(triage.answers[T1_BOTH], T1_NO);
    assert_false(triage_legs(&triage, STRIDE__V1__SIDE__SIDE_RIGHT));
    assert_true(triage_legs(&triage, STRIDE__V1__SIDE__SIDE_LEFT));
    assert_int_equal(triage.answers[T1_BOTH], T1_YES);
    assert_false(triage_legs(&triage, STRIDE__V1__SIDE__SIDE_UNKNOWN));
}

/* ---------------------------------------------------------------- through the stage */

static void test_silence_about_the_bladder_asks_twice_more_and_then_a_caregiver(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(HEAVY, LEG(BOTH)));
    patient_answers(&p, 10, QUESTION_T1_WEAK, false);
    patient_until(&p, 189);
    assert_int_equal(asked_n(&p, QUESTION_T1_BLADDER), 3);
    assert_int_equal(asked_last(&p, QUESTION_T1_BLADDER)->repeat_n, 2);
    assert_true(asked_last(&p, QUESTION_T1_BLADDER)->at_s == 130);
    assert_int_equal(told_n(&p, TEXT_T1_REST), 1);
    patient_until(&p, 190);
    assert_int_equal(told_n(&p, TEXT_T1_REST), 2);
    const struct told *told = told_last(&p, TEXT_T1_REST);
    assert_int_equal(told->severity, STRIDE__V1__SEVERITY__SEVERITY_CAUTION);
    assert_int_equal(told->urgency, URGENCY_SAME_DAY);
    assert_true(told->at_s == 190);
    /* A late answer still counts. */
    patient_answers(&p, 200, QUESTION_T1_BLADDER, true);
    assert_int_equal(told_last(&p, TEXT_F01_EMERGENCY)->urgency, URGENCY_EMERGENCY);
}

static void test_silence_about_the_bladder_with_one_leg_tells_no_caregiver(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(HEAVY, LEG(LEFT)));
    patient_answers(&p, 10, QUESTION_T1_WEAK, false);
    patient_until(&p, 299);
    assert_int_equal(asked_n(&p, QUESTION_T1_BLADDER), 3);
    assert_int_equal(told_n(&p, TEXT_T1_REST), 1);
    patient_answers(&p, 310, QUESTION_T1_EASING, true);
    assert_int_equal(told_n(&p, TEXT_T1_CLINICIAN), 1);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 0);
}

/* Nothing is answered at all after the button: no emergency is made up, and nobody is left alone.
 */
static void test_button_and_then_silence_ends_with_a_caregiver(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(BUTTON(LEG_HEAVY)));
    patient_until(&p, 2000);
    assert_int_equal(asked_n(&p, QUESTION_T1_LEGS), 1);
    assert_int_equal(asked_n(&p, QUESTION_T1_WEAK), 1);
    assert_int_equal(asked_n(&p, QUESTION_T1_BLADDER), 3);
    assert_int_equal(asked_n(&p, QUESTION_T1_EASING), 2);
    assert_int_equal(told_last(&p, TEXT_T1_REST)->urgency, URGENCY_SAME_DAY);
    assert_int_equal(told_last(&p, TEXT_P06_CHECK)->urgency, URGENCY_SAME_DAY);
    assert_int_equal(reds_n(&p), 0);
}

struct row {
    const char *legs;          /* L, R, B; "" = not said */
    bool known;                /* for longer than 14 days */
    int weak, bladder, easing; /* 1 yes, 0 no, -1 silence */
    enum text text;
};

static void run_row(const struct row *row, struct patient *p)
{
    patient_init(p);
    if (row->known)
        p->context.legs_known = STRIDE__V1__SIDE__SIDE_BOTH;
    patient_open(p, 0);
    patient_says(p, 1, PAIN(2, PLACE(BACK)));
    patient_says(p, 300,
                 SAYS(HEAVY, .symptom_side = row->legs[0] == 'B'   ? STRIDE__V1__SIDE__SIDE_BOTH
                                             : row->legs[0] == 'L' ? STRIDE__V1__SIDE__SIDE_LEFT
                                                                   : STRIDE__V1__SIDE__SIDE_RIGHT));
    patient_sits(p, 305);
    if (row->weak >= 0)
        patient_answers(p, 310, QUESTION_T1_WEAK, row->weak);
    if (row->bladder >= 0)
        patient_answers(p, 380, QUESTION_T1_BLADDER, row->bladder);
    patient_until(p, 606);
    if (row->easing >= 0 && asked_n(p, QUESTION_T1_EASING) > 0)
        patient_answers(p, 610, QUESTION_T1_EASING, row->easing);
    patient_until(p, 1400);
}

static void test_each_row_says_its_text_and_no_other(void **unused)
{
    (void)unused;
    static const struct row rows[] = {
        {"L", false, 0, 1, 1, TEXT_F01_EMERGENCY},    {"B", true, 1, 1, -1, TEXT_F01_EMERGENCY},
        {"B", false, 1, 0, -1, TEXT_F01_EMERGENCY},   {"B", true, 1, 0, 1, TEXT_F01_EMERGENCY},
        {"L", false, 1, 0, -1, TEXT_P06_CHECK},       {"R", true, 1, 0, 1, TEXT_P06_CHECK},
        {"B", false, 0, 0, 0, TEXT_F01_EMERGENCY},    {"B", false, 0, 0, -1, TEXT_F01_EMERGENCY},
        {"B", false, 0, 0, 1, TEXT_T1_FIRST_EPISODE}, {"B", true, 0, 0, 1, TEXT_P05_REST},
        {"R", false, 0, 0, 0, TEXT_P06_CHECK},        {"L", false, 0, 0, -1, TEXT_P06_CHECK},
        {"B", true, 0, 0, 0, TEXT_T1_CLINICIAN},      {"L", true, 0, 0, 0, TEXT_T1_CLINICIAN},
        {"L", true, 0, 0, -1, TEXT_T1_CLINICIAN},     {"B", true, 0, -1, 1, TEXT_T1_CLINICIAN},
        {"B", true, -1, 0, 1, TEXT_T1_CLINICIAN},     {"B", false, -1, -1, -1, TEXT_F01_EMERGENCY},
    };
    static const enum text results[] = {TEXT_F01_EMERGENCY, TEXT_P06_CHECK, TEXT_T1_FIRST_EPISODE,
                                        TEXT_T1_CLINICIAN, TEXT_P05_REST};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct patient p;
        run_row(&rows[i], &p);
        for (size_t k = 0; k < sizeof(results) / sizeof(results[0]); k++) {
            int expected = results[k] == rows[i].text;
            if (told_n(&p, results[k]) != expected)
                fail_msg("row %zu: %s was told %d times", i, text_name(results[k]),
                         told_n(&p, results[k]));
        }
    }
}

/* One leg that eases is the P05 path, but a score below 5: nobody is told to go on. */
static void test_one_leg_that_eases_is_no_pattern(void **unused)
{
    (void)unused;
    const struct row row = {"L", true, 0, 0, 1, TEXT_NONE};
    struct patient p;
    run_row(&row, &p);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 0);
    assert_int_equal(cleared_n(&p, RULE_T1), 1);
    assert_false(pain_effects(&p.pain).stop_open);
}

static void test_what_is_known_of_the_left_leg_is_new_in_the_right(void **unused)
{
    (void)unused;
    for (int right = 0; right <= 1; right++) {
        struct patient p;
        patient_init(&p);
        p.context.legs_known = STRIDE__V1__SIDE__SIDE_LEFT;
        patient_says(&p, 0,
                     SAYS(HEAVY, .symptom_side = right ? STRIDE__V1__SIDE__SIDE_RIGHT
                                                       : STRIDE__V1__SIDE__SIDE_LEFT));
        patient_answers(&p, 1, QUESTION_T1_WEAK, false);
        patient_answers(&p, 2, QUESTION_T1_BLADDER, false);
        patient_until(&p, 300);
        patient_answers(&p, 310, QUESTION_T1_EASING, false);
        assert_int_equal(told_n(&p, TEXT_P06_CHECK), right);
        assert_int_equal(told_n(&p, TEXT_T1_CLINICIAN), !right);
    }
}

static void test_a_symptom_is_old_after_fourteen_days_and_only_on_its_side(void **unused)
{
    (void)unused;
    static const struct {
        int day;
        const char *side;
        bool is_new;
    } cases[] = {{13, "L", true}, {14, "L", false}, {14, "R", true}, {14, "B", true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct patient p;
        patient_init(&p);
        patient_says(&p, 0, SAYS(SYMPTOM(NUMB), LEG(LEFT)));
        patient_answers(&p, 1, QUESTION_T1_WEAK, false);
        patient_answers(&p, 2, QUESTION_T1_BLADDER, false);
        patient_answers(&p, 3, QUESTION_T1_EASING, true);
        double at_s = (double)cases[i].day * DAY_S;
        patient_until(&p, at_s);
        p.told_n = 0;
        patient_says(&p, at_s,
                     SAYS(SYMPTOM(NUMB),
                          .symptom_side = cases[i].side[0] == 'L'   ? STRIDE__V1__SIDE__SIDE_LEFT
                                          : cases[i].side[0] == 'R' ? STRIDE__V1__SIDE__SIDE_RIGHT
                                                                    : STRIDE__V1__SIDE__SIDE_BOTH));
        patient_answers(&p, at_s + 1, QUESTION_T1_WEAK, false);
        patient_answers(&p, at_s + 2, QUESTION_T1_BLADDER, false);
        patient_until(&p, at_s + 300);
        patient_answers(&p, at_s + 310, QUESTION_T1_EASING, false);
        assert_int_equal(told_n(&p, TEXT_T1_CLINICIAN), !cases[i].is_new);
        bool both = cases[i].side[0] == 'B';
        assert_int_equal(told_n(&p, TEXT_P06_CHECK), cases[i].is_new && !both);
        assert_int_equal(told_n(&p, TEXT_F01_EMERGENCY), cases[i].is_new && both);
    }
}

static void test_the_other_leg_minutes_later_makes_it_both(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(SYMPTOM(NUMB), LEG(LEFT)));
    patient_answers(&p, 1, QUESTION_T1_WEAK, false);
    patient_answers(&p, 2, QUESTION_T1_BLADDER, false);
    patient_answers(&p, 3, QUESTION_T1_EASING, true);
    patient_says(&p, 120, SAYS(SYMPTOM(NUMB), LEG(RIGHT)));
    assert_int_equal(p.pain.triage.legs, STRIDE__V1__SIDE__SIDE_BOTH);
    assert_true(triage_running(&p.pain.triage));
    patient_answers(&p, 121, QUESTION_T1_WEAK, true);
    assert_int_equal(told_n(&p, TEXT_F01_EMERGENCY), 1);
    assert_int_equal(told_n(&p, TEXT_P06_CHECK), 0);
}

static void test_the_same_leg_again_is_still_one(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(SYMPTOM(NUMB), LEG(LEFT)));
    patient_says(&p, 30, SAYS(SYMPTOM(WEAK), LEG(LEFT)));
    assert_int_equal(told_n(&p, TEXT_P06_CHECK), 1);
    assert_int_equal(reds_n(&p), 0);
    assert_int_equal(told_n(&p, TEXT_T1_REST), 1);
    /* And now the other one is weak too. */
    patient_says(&p, 60, SAYS(SYMPTOM(WEAK), LEG(RIGHT)));
    assert_int_equal(told_n(&p, TEXT_F01_EMERGENCY), 1);
}

static void test_bladder_is_asked_even_when_the_leg_was_settled_first(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(SYMPTOM(WEAK), LEG(LEFT)));
    assert_int_equal(told_n(&p, TEXT_P06_CHECK), 1);
    assert_int_equal(asked_last(&p, QUESTION_T1_BLADDER)->at_s, 0);
    patient_answers(&p, 20, QUESTION_T1_BLADDER, true);
    assert_int_equal(told_n(&p, TEXT_F01_EMERGENCY), 1);
}

static void test_answers_out_of_order_come_to_the_same_result(void **unused)
{
    (void)unused;
    static const enum question orders[][3] = {
        {QUESTION_T1_LEGS, QUESTION_T1_WEAK, QUESTION_T1_BLADDER},
        {QUESTION_T1_BLADDER, QUESTION_T1_WEAK, QUESTION_T1_LEGS},
        {QUESTION_T1_WEAK, QUESTION_T1_BLADDER, QUESTION_T1_LEGS},
        {QUESTION_T1_BLADDER, QUESTION_T1_LEGS, QUESTION_T1_WEAK},
    };
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        struct patient p;
        patient_init(&p);
        patient_says(&p, 0, SAYS(BUTTON(LEG_HEAVY)));
        for (unsigned k = 0; k < 3; k++)
            patient_answers(&p, 5 + k, orders[i][k], orders[i][k] == QUESTION_T1_LEGS);
        patient_until(&p, 301);
        patient_answers(&p, 302, QUESTION_T1_EASING, false);
        assert_int_equal(told_n(&p, TEXT_F01_EMERGENCY), 1);
        assert_true(told_last(&p, TEXT_F01_EMERGENCY)->at_s == 302);
    }
}

static void test_legs_are_asked_about_after_five_minutes_of_sitting(void **unused)
{
    (void)unused;
    static const struct {
        double sits_s; /* -1 = nobody can tell, -2 = walks on */
        double asked_s;
    } cases[] = {{-1, 300}, {100, 400}, {290, 590}, {550, 600}, {-2, 600}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct patient p;
        patient_init(&p);
        p.context.posture_known = cases[i].sits_s != -1;
        patient_says(&p, 0, SAYS(HEAVY, LEG(LEFT)));
        patient_answers(&p, 1, QUESTION_T1_WEAK, false);
        patient_answers(&p, 2, QUESTION_T1_BLADDER, false);
        if (cases[i].sits_s >= 0)
            patient_sits(&p, cases[i].sits_s);
        patient_until(&p, cases[i].asked_s + 200);
        assert_int_equal(asked_n(&p, QUESTION_T1_EASING), 1);
        assert_true(asked_last(&p, QUESTION_T1_EASING)->at_s == cases[i].asked_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_of_the_table_gives_its_result),
        cmocka_unit_test(test_silence_is_never_the_comfortable_answer),
        cmocka_unit_test(test_questions_come_in_order_and_only_where_the_answer_is_not_known),
        cmocka_unit_test(test_the_worse_of_two_answers_stays),
        cmocka_unit_test(test_one_leg_and_then_the_other_is_both),
        cmocka_unit_test(test_silence_about_the_bladder_asks_twice_more_and_then_a_caregiver),
        cmocka_unit_test(test_silence_about_the_bladder_with_one_leg_tells_no_caregiver),
        cmocka_unit_test(test_button_and_then_silence_ends_with_a_caregiver),
        cmocka_unit_test(test_each_row_says_its_text_and_no_other),
        cmocka_unit_test(test_one_leg_that_eases_is_no_pattern),
        cmocka_unit_test(test_what_is_known_of_the_left_leg_is_new_in_the_right),
        cmocka_unit_test(test_a_symptom_is_old_after_fourteen_days_and_only_on_its_side),
        cmocka_unit_test(test_the_other_leg_minutes_later_makes_it_both),
        cmocka_unit_test(test_the_same_leg_again_is_still_one),
        cmocka_unit_test(test_bladder_is_asked_even_when_the_leg_was_settled_first),
        cmocka_unit_test(test_answers_out_of_order_come_to_the_same_result),
        cmocka_unit_test(test_legs_are_asked_about_after_five_minutes_of_sitting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
