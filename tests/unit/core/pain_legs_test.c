/* P05 and P06: the score of heavy legs, and what it needs before anything is said. */
#include "tests/unit/core/pain_fixture.h"

static const struct pain_features brisk = {1.0F, 1.0F, 0.0F, false, false};
static const struct pain_features slow_and_leaning = {1.0F, 0.8F, 0.06F, false, false};

static void stenosis(struct patient *p, int16_t age)
{
    patient_init(p);
    p->context.age_years = age;
    p->context.legs_known = STRIDE__V1__SIDE__SIDE_BOTH;
    p->context.posture_known = true;
    patient_open(p, 0);
    patient_says(p, 1, PAIN(2, PLACE(BACK)));
}

/* Scenario 29. */
static void test_heavy_legs_that_ease_seated_score_nine_and_are_told_to_lean(void **unused)
{
    (void)unused;
    struct patient p;
    stenosis(&p, 74);
    patient_walks(&p, 60, brisk);
    assert_int_equal(pain_p05_score(&p.pain, &p.context), 1);
    patient_walks(&p, 355, slow_and_leaning);
    patient_says(&p, 360, SAYS(BUTTON(LEG_HEAVY), LEG(BOTH)));
    assert_int_equal(told_n(&p, TEXT_T1_REST), 1);
    assert_int_equal(p.pain.record.p05_score, 7); /* R04 goes by it before T1 is done */
    patient_answers(&p, 370, QUESTION_T1_WEAK, false);
    patient_answers(&p, 380, QUESTION_T1_BLADDER, false);
    patient_sits(&p, 390);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 0); /* T1 is not done */
    assert_false(pain_effects(&p.pain).p05_open);
    patient_says(&p, 510, SAYS(RELIEF(SITTING)));
    assert_int_equal(pain_p05_score(&p.pain, &p.context), 9);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 1);
    assert_int_equal(told_last(&p, TEXT_P05_REST)->severity,
                     STRIDE__V1__SEVERITY__SEVERITY_CAUTION);
    assert_true(pain_effects(&p.pain).p05_open);
    assert_int_equal(p.pain.record.relief_posture, STRIDE__V1__RELIEF__RELIEF_SITTING);
    assert_int_equal(p.pain.question, QUESTION_F01_SADDLE); /* the full screen */
    patient_close(&p, 1500);
    assert_int_equal(told_n(&p, TEXT_P05_SUMMARY), 1);
    assert_int_equal(p.pain.record.p05_score, 9);
    assert_int_equal(reds_n(&p), 0);
}

/* Scenario 30. */
static void test_sensors_alone_never_make_the_pattern(void **unused)
{
    (void)unused;
    struct patient p;
    stenosis(&p, 74);
    patient_walks(&p, 400, (struct pain_features){1.0F, 0.5F, 0.2F, true, true});
    assert_int_equal(pain_p05_score(&p.pain, &p.context), 3);
    patient_close(&p, 1500);
    assert_int_equal(told_n(&p, TEXT_P05_REST) + told_n(&p, TEXT_P05_SUMMARY), 0);
    assert_false(pain_effects(&p.pain).p05_open);
    assert_int_equal(p.pain.record.p05_score, 3);
}

/* Scenario 30b. */
static void test_first_numbness_in_both_legs_that_does_not_ease_is_an_emergency(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    p.context.age_years = 74;
    patient_open(&p, 0);
    patient_walks(&p, 350, slow_and_leaning);
    patient_says(&p, 360, SAYS(SYMPTOM(NUMB), LEG(BOTH)));
    patient_answers(&p, 370, QUESTION_T1_WEAK, false);
    patient_answers(&p, 380, QUESTION_T1_BLADDER, false);
    patient_until(&p, 661);
    patient_answers(&p, 670, QUESTION_T1_EASING, false);
    assert_int_equal(told_last(&p, TEXT_F01_EMERGENCY)->urgency, URGENCY_EMERGENCY);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 0);
    assert_int_equal(p.pain.record.red_flags_n, 1);
    assert_int_equal(p.pain.record.red_flags[0].question, QUESTION_T1_EASING);
    assert_true(p.pain.record.red_flags[0].from_table);
    patient_until(&p, 5000);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 0);
}

static void test_a_first_episode_is_sent_to_a_doctor_and_not_told_to_go_on(void **unused)
{
    (void)unused;
    struct patient p;
    stenosis(&p, 74);
    p.context.legs_known = 0;
    patient_walks(&p, 355, slow_and_leaning);
    patient_says(&p, 360, SAYS(HEAVY, LEG(BOTH)));
    patient_answers(&p, 370, QUESTION_T1_WEAK, false);
    patient_answers(&p, 380, QUESTION_T1_BLADDER, false);
    patient_says(&p, 400, SAYS(RELIEF(BENDING)));
    assert_int_equal(told_n(&p, TEXT_T1_FIRST_EPISODE), 1);
    assert_true(pain_effects(&p.pain).p05_open);
    patient_walks(&p, 500, (struct pain_features){1.0F, 0.5F, 0.2F, true, true});
    patient_until(&p, 3000);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 0);
}

static void test_each_item_of_the_score_counts_what_the_rule_book_gives_it(void **unused)
{
    (void)unused;
    static const struct {
        uint16_t items;
        int16_t age;
        uint8_t score;
    } cases[] = {{0, -1, 0},
                 {0, 64, 0},
                 {0, 65, 1},
                 {P05_REPORT, -1, 2},
                 {P05_BOTH, -1, 2},
                 {P05_RELIEF, -1, 2},
                 {P05_SEATED, -1, 1},
                 {P05_SPEED, -1, 1},
                 {P05_LEAN, -1, 1},
                 {P05_EASIER_SEEN, -1, 1},
                 {P05_EASIER_SAID, -1, 1},
                 {P05_EASIER_SAID | P05_EASIER_SEEN, -1, 1},
                 {P05_STANDING_UP, -1, 1},
                 {P05_SPEED | P05_LEAN | P05_EASIER_SEEN, 80, 3},
                 {0x1FF, 80, 12}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct patient p;
        patient_init(&p);
        p.context.age_years = cases[i].age;
        p.pain.p05_items = cases[i].items;
        assert_int_equal(pain_p05_score(&p.pain, &p.context), cases[i].score);
    }
}

static void test_items_are_set_by_what_was_said_and_by_nothing_unknown(void **unused)
{
    (void)unused;
    struct patient p;
    stenosis(&p, 40);
    const float nan = NAN;
    patient_walks(&p, 100, (struct pain_features){nan, nan, nan, false, false});
    patient_walks(&p, 101, (struct pain_features){1.0F, nan, nan, false, false});
    patient_walks(&p, 102, (struct pain_features){nan, 0.1F, nan, false, false});
    patient_walks(&p, 103, (struct pain_features){1.0F, 0.86F, 0.049F, false, false});
    assert_int_equal(p.pain.p05_items, 0);
    patient_says(&p, 110, SAYS(.aggravator = STRIDE__V1__AGGRAVATOR__AGGRAVATOR_SITTING));
    assert_int_equal(p.pain.p05_items, 0);
    patient_says(&p, 111, SAYS(.aggravator = STRIDE__V1__AGGRAVATOR__AGGRAVATOR_STANDING_UP));
    assert_int_equal(p.pain.p05_items, P05_STANDING_UP);
    assert_int_equal(p.pain.record.aggravators,
                     1 << STRIDE__V1__AGGRAVATOR__AGGRAVATOR_SITTING |
                         1 << STRIDE__V1__AGGRAVATOR__AGGRAVATOR_STANDING_UP);
    patient_says(&p, 112, SAYS(RELIEF(TROLLEY)));
    assert_int_equal(p.pain.p05_items, P05_STANDING_UP | P05_EASIER_SAID);
    patient_says(&p, 113, PAIN(0)); /* not seated */
    assert_false(p.pain.p05_items & P05_SEATED);
    patient_sits(&p, 114);
    patient_says(&p, 115, PAIN(0));
    assert_true(p.pain.p05_items & P05_SEATED);
}

static void test_only_heavy_legs_two_to_twenty_minutes_in_count(void **unused)
{
    (void)unused;
    static const struct {
        double at_s;
        bool counts;
    } cases[] = {{119, false}, {120, true}, {1200, true}, {1201, false}};
    for (size_t i = 0; i < 4; i++) {
        struct patient p;
        stenosis(&p, 40);
        patient_says(&p, cases[i].at_s, SAYS(HEAVY, LEG(LEFT)));
        assert_int_equal(p.pain.p05_items & P05_REPORT ? 1 : 0, cases[i].counts);
        assert_false(p.pain.p05_items & P05_BOTH);
    }
}

static void test_relief_counts_within_five_minutes_of_sitting(void **unused)
{
    (void)unused;
    static const struct {
        double sits_s, eased_s;
        bool counts;
    } cases[] = {{400, 700, true}, {400, 701, false}, {300, 660, true}, {300, 661, false}};
    for (size_t i = 0; i < 4; i++) {
        struct patient p;
        stenosis(&p, 40);
        if (cases[i].sits_s < 360)
            patient_sits(&p, cases[i].sits_s);
        patient_says(&p, 360, SAYS(HEAVY, LEG(BOTH))); /* rests from here or from sitting down */
        if (cases[i].sits_s > 360)
            patient_sits(&p, cases[i].sits_s);
        patient_says(&p, cases[i].eased_s, SAYS(RELIEF(SITTING)));
        assert_int_equal(p.pain.p05_items & P05_RELIEF ? 1 : 0, cases[i].counts);
    }
}

static void test_calf_pain_that_eases_standing_is_another_doctors(void **unused)
{
    (void)unused;
    struct patient p;
    stenosis(&p, 74);
    patient_says(&p, 300, PAIN(3, PLACE(BACK)));
    patient_says(&p, 360, SAYS(HEAVY, LEG(BOTH)));
    patient_says(&p, 361, SAYS(PLACE(CALF), RELIEF(STANDING)));
    assert_int_equal(told_n(&p, TEXT_P05_CIRCULATION), 1);
    patient_answers(&p, 370, QUESTION_T1_WEAK, false);
    patient_answers(&p, 380, QUESTION_T1_BLADDER, false);
    patient_says(&p, 500, SAYS(RELIEF(SITTING)));
    patient_says(&p, 510, SAYS(SYMPTOM(COLD)));
    assert_int_equal(told_n(&p, TEXT_P05_REST), 0);
    assert_int_equal(told_n(&p, TEXT_P05_CIRCULATION), 1);
    /* Standing eased a thigh: nothing. */
    stenosis(&p, 74);
    patient_says(&p, 361, SAYS(PLACE(THIGH), RELIEF(STANDING)));
    assert_int_equal(told_n(&p, TEXT_P05_CIRCULATION), 0);
    patient_says(&p, 362, SAYS(SYMPTOM(COLD), LEG(LEFT)));
    assert_int_equal(told_n(&p, TEXT_P05_CIRCULATION), 1);
    assert_false(triage_running(&p.pain.triage));
}

static void heavy_and_eased(struct patient *p, double at_s)
{
    patient_says(p, at_s, SAYS(HEAVY, LEG(BOTH)));
    patient_answers(p, at_s + 1, QUESTION_T1_WEAK, false);
    patient_answers(p, at_s + 2, QUESTION_T1_BLADDER, false);
    patient_says(p, at_s + 60, SAYS(RELIEF(SITTING)));
}

static void test_the_rest_is_said_every_ten_minutes_and_three_times_at_most(void **unused)
{
    (void)unused;
    struct patient p;
    stenosis(&p, 74);
    heavy_and_eased(&p, 300);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 1);
    heavy_and_eased(&p, 700); /* within ten minutes */
    assert_int_equal(told_n(&p, TEXT_P05_REST), 1);
    for (int i = 0; i < 5; i++)
        heavy_and_eased(&p, 1000 + 700 * i);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 3);
}

static void test_the_pattern_is_over_after_two_sessions_without_it(void **unused)
{
    (void)unused;
    struct patient p;
    stenosis(&p, 74);
    heavy_and_eased(&p, 300);
    patient_close(&p, 1000);
    assert_true(pain_effects(&p.pain).p05_open);
    for (int i = 1; i <= 2; i++) {
        patient_open(&p, 10000 * i);
        assert_true(pain_effects(&p.pain).p05_open);
        patient_close(&p, 10000 * i + 600);
    }
    assert_false(pain_effects(&p.pain).p05_open);
    assert_int_equal(told_n(&p, TEXT_P05_SUMMARY), 1);
}

/* ---------------------------------------------------------------- P06 */

static void test_one_weak_leg_stops_and_is_a_same_day_matter(void **unused)
{
    (void)unused;
    for (int left = 0; left <= 1; left++) {
        struct patient p;
        stenosis(&p, 40);
        patient_says(&p, 300,
                     SAYS(SYMPTOM(WEAK), .symptom_side = left ? STRIDE__V1__SIDE__SIDE_LEFT
                                                              : STRIDE__V1__SIDE__SIDE_RIGHT));
        const struct told *told = told_last(&p, TEXT_P06_CHECK);
        assert_int_equal(told->severity, STRIDE__V1__SEVERITY__SEVERITY_STOP);
        assert_int_equal(told->urgency, URGENCY_SAME_DAY);
        assert_int_equal(p.pain.triage.legs,
                         left ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT);
        assert_true(p.pain.leg_ns[left] == NOBODY && p.pain.leg_ns[!left] == ns_of(300));
        assert_int_equal(p.pain.screen.pending, SCREEN_FULL);
        patient_says(&p, 310,
                     SAYS(SYMPTOM(WEAK), .symptom_side = left ? STRIDE__V1__SIDE__SIDE_LEFT
                                                              : STRIDE__V1__SIDE__SIDE_RIGHT));
        assert_int_equal(told_n(&p, TEXT_P06_CHECK), 1);
        assert_int_equal(reds_n(&p), 0);
        assert_true(pain_effects(&p.pain).stop_open);
    }
}

static void test_a_slapping_foot_adds_a_question_and_no_finding(void **unused)
{
    (void)unused;
    struct patient p;
    stenosis(&p, 40);
    struct pain_out out = {0};
    pain_foot_slap(&p.pain, &p.context, ns_of(60), &out);
    assert_int_equal(out.found.n, 0);
    assert_int_equal(out.ask.question, QUESTION_F02_FOOT_DROP);
    patient_answers(&p, 70, QUESTION_F02_FOOT_DROP, false);
    assert_int_equal(p.told_n, 0);
    assert_int_equal(p.pain.screen.day, DAY_0 - 6); /* one question is no screen */
}

static void test_nothing_later_in_a_first_episode_says_go_on(void **unused)
{
    (void)unused;
    struct patient p;
    stenosis(&p, 40);
    p.context.legs_known = 0;
    patient_says(&p, 100, SAYS(HEAVY, LEG(BOTH))); /* too early to score */
    patient_answers(&p, 101, QUESTION_T1_WEAK, false);
    patient_answers(&p, 102, QUESTION_T1_BLADDER, false);
    patient_says(&p, 200, SAYS(RELIEF(SITTING)));
    assert_int_equal(told_n(&p, TEXT_T1_FIRST_EPISODE), 1);
    assert_false(pain_effects(&p.pain).p05_open); /* 4 */
    patient_walks(&p, 400, slow_and_leaning);
    assert_true(pain_effects(&p.pain).p05_open);
    assert_int_equal(told_n(&p, TEXT_P05_REST), 0);
}

static void test_a_result_is_never_followed_by_a_milder_one(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(SYMPTOM(NUMB), LEG(LEFT)));
    patient_answers(&p, 1, QUESTION_T1_WEAK, false);
    patient_answers(&p, 2, QUESTION_T1_BLADDER, false);
    patient_until(&p, 300);
    patient_answers(&p, 310, QUESTION_T1_EASING, false);
    assert_int_equal(told_n(&p, TEXT_P06_CHECK), 1);
    /* The same answer once more, when the leg is no longer new. */
    patient_answers(&p, 15.0 * DAY_S, QUESTION_T1_EASING, false);
    assert_int_equal(told_n(&p, TEXT_T1_CLINICIAN), 0);
    assert_int_equal(p.pain.triage.result, TRIAGE_ONE_LEG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heavy_legs_that_ease_seated_score_nine_and_are_told_to_lean),
        cmocka_unit_test(test_sensors_alone_never_make_the_pattern),
        cmocka_unit_test(test_first_numbness_in_both_legs_that_does_not_ease_is_an_emergency),
        cmocka_unit_test(test_a_first_episode_is_sent_to_a_doctor_and_not_told_to_go_on),
        cmocka_unit_test(test_each_item_of_the_score_counts_what_the_rule_book_gives_it),
        cmocka_unit_test(test_items_are_set_by_what_was_said_and_by_nothing_unknown),
        cmocka_unit_test(test_only_heavy_legs_two_to_twenty_minutes_in_count),
        cmocka_unit_test(test_relief_counts_within_five_minutes_of_sitting),
        cmocka_unit_test(test_calf_pain_that_eases_standing_is_another_doctors),
        cmocka_unit_test(test_the_rest_is_said_every_ten_minutes_and_three_times_at_most),
        cmocka_unit_test(test_the_pattern_is_over_after_two_sessions_without_it),
        cmocka_unit_test(test_one_weak_leg_stops_and_is_a_same_day_matter),
        cmocka_unit_test(test_a_slapping_foot_adds_a_question_and_no_finding),
        cmocka_unit_test(test_nothing_later_in_a_first_episode_says_go_on),
        cmocka_unit_test(test_a_result_is_never_followed_by_a_milder_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
