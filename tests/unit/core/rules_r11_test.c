#include "rules_fixture.h"

static void limp(struct walker *walker, float stance, float step, float load)
{
    walker_init(walker);
    walker->summary.si_stance_pct = stance;
    walker->summary.si_step_pct = step;
    walker->summary.si_load_pct = load;
}

static int r11_n(const struct walker *walker)
{
    return walker->raised_n[TEXT_R11_COACH] + walker->raised_n[TEXT_R11_CAUTION] +
           walker->raised_n[TEXT_R11_STOP];
}

static void test_limp_is_coached_after_60_s(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 12, 14, 3); /* scenario 12 */
    walker_walk(&walker, 59.5);
    assert_int_equal(r11_n(&walker), 0);
    walker_walk(&walker, 61);
    assert_int_equal(walker.raised_n[TEXT_R11_COACH], 1);
    walker_walk(&walker, 900);
    assert_int_equal(walker.raised_n[TEXT_R11_CAUTION], 0);
    assert_int_equal(walker.raised_n[TEXT_R11_STOP], 0);
}

static void test_load_alone_never_speaks_however_large(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 3, 3, 17); /* scenario 11: a bag in one hand */
    walker_walk(&walker, 600);
    assert_int_equal(r11_n(&walker), 0);
    limp(&walker, NAN, 3, 200);
    walker_walk(&walker, 600);
    assert_int_equal(r11_n(&walker), 0);
}

static void test_two_of_three_are_needed(void **unused)
{
    (void)unused;
    const float single[][3] = {{8, 9.9F, 14.9F}, {7.9F, 10, 14.9F}, {7.9F, 9.9F, 15}};
    const float twice[][3] = {{8, 10, 0}, {8, 0, 15}, {0, 10, 15}};
    for (size_t i = 0; i < 3; i++) {
        struct walker walker;
        limp(&walker, single[i][0], single[i][1], single[i][2]);
        walker_walk(&walker, 200);
        assert_int_equal(r11_n(&walker), 0);
        limp(&walker, twice[i][0], twice[i][1], twice[i][2]);
        walker_walk(&walker, 100);
        assert_int_equal(walker.raised_n[TEXT_R11_COACH], 1);
    }
}

static void test_one_insole_missing_or_stale_means_never(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 30, 30, 30);
    walker.health[SLOT_RIGHT].registered = false;
    walker_walk(&walker, 300);
    assert_int_equal(r11_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R11), RULE_NO_DEVICE);

    limp(&walker, 30, 30, 30); /* scenario 14: R is dead */
    walker.frozen_health = true;
    for (int t = 1; t <= 300; t++) {
        walker.health[SLOT_LEFT].last_ns = ns_of(t);
        walker_walk(&walker, t);
    }
    assert_int_equal(r11_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R11), RULE_STALE);
}

static void test_a_clock_that_jumped_pauses_it(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 12, 14, 3); /* scenario 55 */
    walker_walk(&walker, 50);
    walker.health[SLOT_RIGHT].clock_jumped = true;
    walker_walk(&walker, 55);
    walker.health[SLOT_RIGHT].clock_jumped = false;
    walker_walk(&walker, 110);
    assert_int_equal(r11_n(&walker), 0);
    walker_walk(&walker, 120);
    assert_int_equal(r11_n(&walker), 1);
}

static void test_prosthesis_leg_difference_and_hemiparesis_are_contraindicated(void **unused)
{
    (void)unused;
    for (int flag = 0; flag < 3; flag++) {
        struct walker walker;
        limp(&walker, 25, 25, 25);
        walker.profile.prosthesis = flag == 0;
        walker.profile.leg_difference = flag == 1;
        walker.profile.hemiparesis = flag == 2;
        walker_walk(&walker, 300);
        assert_int_equal(r11_n(&walker), 0);
        assert_int_equal(rules_absence(&walker.rules, RULE_R11), RULE_CONTRAINDICATED);
    }
}

/* "Prosthesis or known leg-length difference (baseline only), hemiparesis profile". */
static void test_hemiparesis_is_contraindicated_whatever_is_usual(void **unused)
{
    (void)unused;
    for (int flag = 0; flag < 2; flag++) {
        struct walker walker;
        limp(&walker, 25, 25, 25);
        assert_true(baseline_set(&walker.baseline, BASELINE_SI_STANCE, NAN, 5, NAN));
        assert_true(baseline_set(&walker.baseline, BASELINE_SI_STEP, NAN, 5, NAN));
        walker.profile.prosthesis = flag == 0;
        walker.profile.hemiparesis = flag == 1;
        walker_walk(&walker, 300);
        assert_int_equal(r11_n(&walker) > 0, flag == 0);
    }
}

static void test_timing_of_15_is_a_caution_also_without_a_second_index(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 15, 2, 3);
    walker_walk(&walker, 62);
    assert_int_equal(walker.raised_n[TEXT_R11_CAUTION], 1);
    assert_true(walker.found.items[0].value == 15 && walker.found.items[0].threshold == 15);
    limp(&walker, NAN, 15, NAN);
    walker_walk(&walker, 62);
    assert_int_equal(walker.raised_n[TEXT_R11_CAUTION], 1);
}

static void test_limp_with_pain_rising_by_1_is_a_caution(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 12, 14, 3);
    struct wire_report first = pain(2), second = pain(3);
    walker_report(&walker, &first);
    walker_walk(&walker, 62);
    assert_int_equal(walker.raised_n[TEXT_R11_COACH], 1);
    walker_report(&walker, &second);
    walker_walk(&walker, 64);
    assert_int_equal(walker.raised_n[TEXT_R11_CAUTION], 1);
}

static void test_limp_of_22_with_pain_2_to_4_is_a_stop_at_once(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 22, 5, 3); /* scenario 13 */
    struct wire_report first = pain(2), second = pain(4);
    walker_report(&walker, &first);
    walker_walk(&walker, 100);
    assert_int_equal(walker.raised_n[TEXT_R11_STOP], 0);
    walker_report(&walker, &second);
    walker_walk(&walker, 101);
    assert_int_equal(walker.raised_n[TEXT_R11_STOP], 1);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 0);
}

static void test_limp_of_22_without_pain_or_weakness_never_stops(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 22, 25, 30);
    struct wire_report same = pain(7);
    walker_report(&walker, &same);
    walker_report(&walker, &same);
    walker_walk(&walker, 600);
    assert_int_equal(walker.raised_n[TEXT_R11_STOP], 0);
    assert_true(walker.raised_n[TEXT_R11_CAUTION] > 0);
}

static void test_limp_of_22_with_pain_rising_by_1_is_no_stop(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 22, 25, 3);
    struct wire_report first = pain(2), second = pain(3);
    walker_report(&walker, &first);
    walker_report(&walker, &second);
    walker_walk(&walker, 300);
    assert_int_equal(walker.raised_n[TEXT_R11_STOP], 0);
    assert_true(walker.raised_n[TEXT_R11_CAUTION] > 0);
}

static void test_weak_leg_with_a_limp_of_20_is_a_stop(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 20, 5, 3);
    struct wire_report weak = pain(-1);
    weak.symptom = STRIDE__V1__SYMPTOM__SYMPTOM_WEAK;
    walker_report(&walker, &weak);
    walker_walk(&walker, 62);
    assert_int_equal(walker.raised_n[TEXT_R11_STOP], 1);
}

static void test_fewer_than_40_strides_of_a_foot_are_no_data(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 22, 25, 30);
    walker.summary.strides_n[FOOT_RIGHT] = 39;
    walker_walk(&walker, 300);
    assert_int_equal(r11_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R11), RULE_NO_DATA);
}

static void test_it_clears_below_four_fifths_and_not_before(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 12, 14, 3);
    walker_walk(&walker, 70);
    walker.summary.si_stance_pct = 6.5F; /* 0.8 x 8 = 6.4, 0.8 x 10 = 8 */
    walker.summary.si_step_pct = 8.1F;
    walker_walk(&walker, 150);
    assert_int_equal(walker.cleared_n[RULE_R11], 0);
    walker.summary.si_step_pct = 7.9F;
    walker_walk(&walker, 168);
    assert_int_equal(walker.cleared_n[RULE_R11], 0);
    walker_walk(&walker, 172);
    assert_int_equal(walker.cleared_n[RULE_R11], 1);
}

/* An even walk after a minute of limping: over when that has lasted for `hold_s`. */
static void assert_clears_after(struct walker *walker, int hold_s)
{
    walker_walk(walker, 70);
    walker->summary.si_stance_pct = walker->summary.si_step_pct = 2;
    walker_walk(walker, 68 + hold_s);
    assert_int_equal(walker->cleared_n[RULE_R11], 0);
    walker_walk(walker, 72 + hold_s);
    assert_int_equal(walker->cleared_n[RULE_R11], 1);
}

static void test_a_caution_clears_after_the_time_that_is_set(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 16, 16, 3);
    assert_true(params_set(&walker.params, PARAM_HOLD_CAUTION_S, 30));
    assert_clears_after(&walker, 30);
}

static void test_a_caution_takes_60_s_to_clear(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 16, 16, 3);
    assert_clears_after(&walker, 60);
}

static void test_strides_of_turns_do_not_count(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 12, 14, 3);
    walker.unsteady = true;
    walker_walk(&walker, 300);
    assert_int_equal(r11_n(&walker), 0);
}

static void own(struct walker *walker, float stance, float step)
{
    assert_true(baseline_set(&walker->baseline, BASELINE_SI_STANCE, NAN, stance, NAN));
    assert_true(baseline_set(&walker->baseline, BASELINE_SI_STEP, NAN, step, NAN));
}

static void test_who_is_uneven_by_nature_is_compared_with_himself_alone(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 17, 16, 3);
    walker.profile.prosthesis = true;
    own(&walker, 12, 12);
    walker_walk(&walker, 300);
    assert_int_equal(r11_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R11), RULE_EVALUATED);
    walker.summary.si_stance_pct = walker.summary.si_step_pct = 18.5F;
    walker_walk(&walker, 400);
    assert_true(walker.raised_n[TEXT_R11_COACH] > 0);
    assert_int_equal(walker.raised_n[TEXT_R11_CAUTION], 0);
    walker.summary.si_step_pct = 26;
    walker_walk(&walker, 500);
    assert_true(walker.raised_n[TEXT_R11_CAUTION] > 0);
}

static void test_six_points_over_ones_own_count_before_the_fixed_thresholds(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 7.1F, 7.1F, 3);
    walker_walk(&walker, 200);
    assert_int_equal(r11_n(&walker), 0);
    own(&walker, 1, 1);
    walker_walk(&walker, 300);
    assert_true(walker.raised_n[TEXT_R11_COACH] > 0);
}

static void test_a_limp_that_is_new_in_three_walks_is_for_the_physio_once(void **unused)
{
    (void)unused;
    struct walker walker;
    limp(&walker, 12, 14, 3);
    for (int walk = 1; walk <= 5; walk++) {
        walker_walk(&walker, walker.now_s + 100);
        walker_end(&walker);
        assert_int_equal(walker.raised_n[TEXT_R11_SUMMARY], walk >= 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limp_is_coached_after_60_s),
        cmocka_unit_test(test_load_alone_never_speaks_however_large),
        cmocka_unit_test(test_two_of_three_are_needed),
        cmocka_unit_test(test_one_insole_missing_or_stale_means_never),
        cmocka_unit_test(test_a_clock_that_jumped_pauses_it),
        cmocka_unit_test(test_prosthesis_leg_difference_and_hemiparesis_are_contraindicated),
        cmocka_unit_test(test_hemiparesis_is_contraindicated_whatever_is_usual),
        cmocka_unit_test(test_timing_of_15_is_a_caution_also_without_a_second_index),
        cmocka_unit_test(test_limp_with_pain_rising_by_1_is_a_caution),
        cmocka_unit_test(test_limp_of_22_with_pain_2_to_4_is_a_stop_at_once),
        cmocka_unit_test(test_limp_of_22_without_pain_or_weakness_never_stops),
        cmocka_unit_test(test_limp_of_22_with_pain_rising_by_1_is_no_stop),
        cmocka_unit_test(test_weak_leg_with_a_limp_of_20_is_a_stop),
        cmocka_unit_test(test_fewer_than_40_strides_of_a_foot_are_no_data),
        cmocka_unit_test(test_it_clears_below_four_fifths_and_not_before),
        cmocka_unit_test(test_a_caution_takes_60_s_to_clear),
        cmocka_unit_test(test_a_caution_clears_after_the_time_that_is_set),
        cmocka_unit_test(test_strides_of_turns_do_not_count),
        cmocka_unit_test(test_who_is_uneven_by_nature_is_compared_with_himself_alone),
        cmocka_unit_test(test_six_points_over_ones_own_count_before_the_fixed_thresholds),
        cmocka_unit_test(test_a_limp_that_is_new_in_three_walks_is_for_the_physio_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
