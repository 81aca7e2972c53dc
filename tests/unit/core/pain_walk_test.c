/* P03 and P04: what a walk's reports mean against its first one, and the record of them. */
#include "tests/unit/core/pain_fixture.h"

/* ---------------------------------------------------------------- P03 */

static void test_bands_are_the_rule_books_for_every_start(void **unused)
{
    (void)unused;
    /* One row per start, one letter per NRS 0 to 10: green, amber, red. */
    static const char *const book[] = {
        "ggarrrrrrrr", /* 0 */
        "gggarrrrrrr", /* 1 */
        "ggggarrrrrr", /* 2 */
        "ggggaarrrrr", /* 3 */
        "ggggaarrrrr", /* 4: rise >= 2 */
        "ggggaarrrrr", /* 5: 6 is red from any start below it */
        "ggggaaarrrr", /* 6 */
        "ggggaaaarrr", /* 7 */
        "ggggaaaaarr", /* 8 */
        "ggggaaaaaar", /* 9 */
        "ggggaaaaaaa", /* 10 */
    };
    struct params params;
    params_defaults(&params);
    for (int from = 0; from <= 10; from++) {
        for (int nrs = 0; nrs <= 10; nrs++) {
            enum pain_band band = pain_band(&params, from, nrs);
            char letter = band == BAND_GREEN ? 'g' : band == BAND_AMBER ? 'a' : 'r';
            if (letter != book[from][nrs])
                fail_msg("%d to %d is %c", from, nrs, letter);
        }
    }
}

/* Scenarios 26 and 27. */
static void test_two_more_is_amber_and_three_more_stops(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_says(&p, 600, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 1);
    assert_int_equal(told_last(&p, TEXT_P03_AMBER)->severity,
                     STRIDE__V1__SEVERITY__SEVERITY_CAUTION);
    assert_int_equal(told_n(&p, TEXT_P03_RED), 0);
    assert_true(pain_effects(&p.pain).amber && !pain_effects(&p.pain).stop_open);
    assert_true(p.pain.record.rise_at_s == 600 && isnan(p.pain.record.rise_at_m));
    patient_starts(&p, 3, 1);
    patient_says(&p, 600, PAIN(6));
    assert_int_equal(told_last(&p, TEXT_P03_RED)->severity, STRIDE__V1__SEVERITY__SEVERITY_STOP);
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 0);
    assert_true(pain_effects(&p.pain).red && pain_effects(&p.pain).stop_open);
    assert_int_equal(p.pain.record.peak, 6);
}

static void test_a_walk_may_begin_sore_but_not_get_worse(void **unused)
{
    (void)unused;
    static const struct {
        int8_t from, to;
        enum text begins, then;
    } cases[] = {
        {4, 5, TEXT_P03_AMBER, TEXT_NONE},        {4, 6, TEXT_P03_AMBER, TEXT_P03_RED},
        {5, 6, TEXT_P03_AMBER, TEXT_P03_RED},     {5, 7, TEXT_P03_AMBER, TEXT_P03_RED},
        {6, 6, TEXT_P03_AMBER, TEXT_NONE},        {6, 7, TEXT_P03_AMBER, TEXT_P03_RED},
        {7, 7, TEXT_P03_MICRO_WALK, TEXT_NONE},   {7, 8, TEXT_P03_MICRO_WALK, TEXT_P03_RED},
        {10, 10, TEXT_P03_MICRO_WALK, TEXT_NONE},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct patient p;
        patient_init(&p);
        patient_open(&p, 0);
        patient_says(&p, 1, PAIN(cases[i].from, PLACE(BACK)));
        assert_int_equal(told_n(&p, cases[i].begins), 1);
        assert_int_equal(p.told_n, 1);
        patient_says(&p, 200, PAIN(cases[i].to, PLACE(BACK)));
        assert_int_equal(p.told_n, cases[i].then == TEXT_NONE ? 1 : 2);
        if (cases[i].then != TEXT_NONE)
            assert_int_equal(told_n(&p, cases[i].then), 1);
    }
}

static void test_amber_is_said_again_after_five_minutes_and_never_after_red(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_says(&p, 100, PAIN(4));
    patient_says(&p, 399, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 1);
    patient_says(&p, 400, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 2);
    patient_says(&p, 500, PAIN(6));
    patient_says(&p, 1500, PAIN(4));
    patient_says(&p, 1600, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 2);
    patient_says(&p, 1700, PAIN(7));
    assert_int_equal(told_n(&p, TEXT_P03_RED), 2);
}

static void test_a_band_is_left_after_two_lower_reports(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_says(&p, 100, PAIN(6));
    patient_says(&p, 200, PAIN(2));
    assert_int_equal(cleared_n(&p, RULE_P03), 0);
    assert_true(pain_effects(&p.pain).stop_open);
    patient_says(&p, 300, PAIN(6));
    patient_says(&p, 400, PAIN(2));
    assert_int_equal(cleared_n(&p, RULE_P03), 0);
    patient_says(&p, 500, PAIN(3));
    assert_int_equal(cleared_n(&p, RULE_P03), 1);
    assert_false(pain_effects(&p.pain).stop_open);
    assert_true(pain_effects(&p.pain).red); /* it was a red walk */
}

static void test_the_second_red_walk_in_seven_days_is_named(void **unused)
{
    (void)unused;
    static const struct {
        int days;
        bool named;
    } cases[] = {{1, true}, {6, true}, {7, false}};
    for (size_t i = 0; i < 3; i++) {
        struct patient p;
        patient_starts(&p, 2, 1);
        patient_says(&p, 100, PAIN(6));
        patient_says(&p, 110, PAIN(7)); /* the same walk */
        patient_close(&p, 200);
        assert_int_equal(told_n(&p, TEXT_P03_SUMMARY), 0);
        double at_s = (double)cases[i].days * DAY_S;
        patient_open(&p, at_s);
        patient_says(&p, at_s + 1, PAIN(2));
        patient_says(&p, at_s + 100, PAIN(6));
        patient_close(&p, at_s + 200);
        assert_int_equal(told_n(&p, TEXT_P03_SUMMARY), cases[i].named);
    }
}

/* ---------------------------------------------------------------- P04 */

/* Scenario 28. */
static void test_a_warm_ache_in_the_back_is_good_once(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_says(&p, 400, PAIN(3, PLACE(BACK), QUALITY(WARM)));
    patient_says(&p, 800, PAIN(3, PLACE(BACK), QUALITY(TIRED)));
    assert_int_equal(told_n(&p, TEXT_P04_ACHE), 1);
    assert_true(told_last(&p, TEXT_P04_ACHE)->praise);
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 0);
}

static void test_what_is_not_quite_good_pain_is_not_praised(void **unused)
{
    (void)unused;
    const struct wire_report reports[] = {
        PAIN(3, PLACE(BACK), QUALITY(SHARP)), PAIN(4, PLACE(BACK), QUALITY(WARM)),
        PAIN(3, PLACE(BUTTOCK), QUALITY(ACHE)), PAIN(3, QUALITY(ELECTRIC))};
    for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
        struct patient p;
        patient_starts(&p, 2, 1);
        patient_says(&p, 400, reports[i]);
        assert_int_equal(told_n(&p, TEXT_P04_ACHE), 0);
    }
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_says(&p, 100, PAIN(4)); /* any amber */
    patient_says(&p, 500, PAIN(2));
    patient_says(&p, 600, PAIN(2, PLACE(BACK), QUALITY(WARM)));
    assert_int_equal(told_n(&p, TEXT_P04_ACHE), 0);
}

/* ---------------------------------------------------------------- the record */

static void test_what_nobody_said_is_absent_and_not_zero(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_close(&p, 1400);
    patient_until(&p, 2000);
    const struct pain_record *record = &p.pain.record;
    assert_int_equal(record->start, -1);
    assert_int_equal(record->end, -1);
    assert_int_equal(record->peak, -1);
    assert_int_equal(record->loc_start, -1);
    assert_int_equal(record->loc_most_distal, -1);
    assert_int_equal(record->fear, -1);
    assert_int_equal(record->next_morning, -1);
    assert_true(isnan(record->rise_at_s));
    assert_int_equal(record->asked_n, 4);
    assert_int_equal(record->no_answer_n, 4);
    assert_int_equal(p.told_n, 0);
}

static void test_what_is_said_right_after_the_walk_is_its_end(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_close(&p, 720);
    assert_true(asked_last(&p, QUESTION_NRS)->at_s == 720);
    patient_says(&p, 760, PAIN(6, PLACE(BACK), .has_fear = true, .has_effort = true, .effort = 4));
    assert_int_equal(p.pain.record.end, 6);
    assert_int_equal(p.pain.record.fear, 0);
    assert_int_equal(p.pain.record.effort, 4);
    assert_int_equal(told_n(&p, TEXT_P03_RED), 1);
    patient_says(&p, 720 + 241, PAIN(9)); /* later: no walk's */
    assert_int_equal(p.pain.record.peak, 6);
}

static void test_what_was_said_before_the_walk_is_its_start(void **unused)
{
    (void)unused;
    static const struct {
        double before_s;
        bool counts;
    } cases[] = {{299, true}, {301, false}};
    for (size_t i = 0; i < 2; i++) {
        struct patient p;
        patient_init(&p);
        patient_says(&p, 0, PAIN(3, PLACE(BUTTOCK), SIDE(LEFT)));
        patient_open(&p, cases[i].before_s);
        assert_int_equal(p.pain.record.start, cases[i].counts ? 3 : -1);
        assert_int_equal(p.pain.record.loc_start, cases[i].counts ? 2 : -1);
        assert_int_equal(asked_n(&p, QUESTION_NRS), !cases[i].counts);
    }
}

static void test_the_same_place_in_the_other_leg_is_recorded_as_both(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_says(&p, 1, PAIN(2, PLACE(CALF), SIDE(LEFT)));
    patient_says(&p, 100, PAIN(2, PLACE(CALF), SIDE(RIGHT)));
    assert_int_equal(p.pain.record.side, STRIDE__V1__SIDE__SIDE_BOTH);
}

static void test_the_end_of_one_walk_is_not_the_start_of_the_next(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_close(&p, 1000);
    patient_says(&p, 1005, PAIN(5, PLACE(BUTTOCK), SIDE(LEFT)));
    patient_open(&p, 1100);
    assert_int_equal(p.pain.record.start, -1);
    assert_int_equal(p.pain.record.loc_start, -1);
    assert_int_equal(p.pain.question, QUESTION_NRS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bands_are_the_rule_books_for_every_start),
        cmocka_unit_test(test_two_more_is_amber_and_three_more_stops),
        cmocka_unit_test(test_a_walk_may_begin_sore_but_not_get_worse),
        cmocka_unit_test(test_amber_is_said_again_after_five_minutes_and_never_after_red),
        cmocka_unit_test(test_a_band_is_left_after_two_lower_reports),
        cmocka_unit_test(test_the_second_red_walk_in_seven_days_is_named),
        cmocka_unit_test(test_a_warm_ache_in_the_back_is_good_once),
        cmocka_unit_test(test_what_is_not_quite_good_pain_is_not_praised),
        cmocka_unit_test(test_what_nobody_said_is_absent_and_not_zero),
        cmocka_unit_test(test_what_is_said_right_after_the_walk_is_its_end),
        cmocka_unit_test(test_what_was_said_before_the_walk_is_its_start),
        cmocka_unit_test(test_the_same_place_in_the_other_leg_is_recorded_as_both),
        cmocka_unit_test(test_the_end_of_one_walk_is_not_the_start_of_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
