#include "rules_fixture.h"

static void vary(struct walker *walker, float cv, float speed)
{
    walker_init(walker);
    walker->summary.stride_cv_pct = cv;
    walker->summary.speed_mps = speed;
}

static void test_cv_of_5_is_a_caution_after_60_s_and_less_is_not(void **unused)
{
    (void)unused;
    struct walker walker;
    vary(&walker, 5, 1.2F);
    walker_walk(&walker, 59.5);
    assert_int_equal(walker.found.n, 0);
    walker_walk(&walker, 62);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 1);
    assert_int_equal(walker.found.items[0].severity, STRIDE__V1__SEVERITY__SEVERITY_CAUTION);
    assert_true(walker.found.items[0].threshold == 5);
    vary(&walker, 4.9F, 1.2F);
    walker_walk(&walker, 300);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 0);
}

static void test_slow_walking_is_left_alone(void **unused)
{
    (void)unused;
    struct walker walker;
    vary(&walker, 9, 0.79F);
    walker_walk(&walker, 300);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R12), RULE_CONTRAINDICATED);
}

static void test_unknown_speed_drops_the_gate_and_says_so(void **unused)
{
    (void)unused;
    struct walker walker;
    vary(&walker, 6, NAN);
    walker_walk(&walker, 62);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 1);
    assert_int_equal(walker.found.items[0].dropped_gates, RULE_GATE_SPEED);
    assert_int_equal(rules_absence(&walker.rules, RULE_R12), RULE_EVALUATED);
}

static void test_a_speed_change_of_50_pct_does_not_look_like_unsteadiness(void **unused)
{
    (void)unused;
    struct walker walker;
    vary(&walker, 2, 1.11F); /* scenario 42: belt 4 -> 6 km/h */
    walker_walk(&walker, 100);
    walker.summary.speed_mps = 1.67F;
    walker.summary.stride_cv_pct = 12;
    walker_walk(&walker, 155);
    walker.summary.stride_cv_pct = 2;
    walker_walk(&walker, 400);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 0);
}

static void test_missing_cv_is_no_data_and_not_zero(void **unused)
{
    (void)unused;
    struct walker walker;
    vary(&walker, NAN, 1.2F);
    walker_walk(&walker, 300);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R12), RULE_NO_DATA);
}

static void test_strong_variability_is_recorded_as_such(void **unused)
{
    (void)unused;
    struct walker walker;
    vary(&walker, 8, 1.2F);
    walker_walk(&walker, 62);
    assert_true(walker.found.items[0].threshold == 8);
    assert_int_equal(walker.found.items[0].severity, STRIDE__V1__SEVERITY__SEVERITY_CAUTION);
}

static void test_it_clears_after_60_s_below_4(void **unused)
{
    (void)unused;
    struct walker walker;
    vary(&walker, 6, 1.2F);
    walker_walk(&walker, 70);
    walker.summary.stride_cv_pct = 4.5F;
    walker_walk(&walker, 200);
    assert_int_equal(walker.cleared_n[RULE_R12], 0);
    walker.summary.stride_cv_pct = 3.9F;
    walker_walk(&walker, 258);
    assert_int_equal(walker.cleared_n[RULE_R12], 0);
    walker_walk(&walker, 262);
    assert_int_equal(walker.cleared_n[RULE_R12], 1);
}

static void test_unsteadiness_keeps_the_brisk_invitation_away_for_5_min(void **unused)
{
    (void)unused;
    struct walker walker;
    vary(&walker, 6, 1.2F);
    walker.summary.cadence_spm = 90;
    walker_walk(&walker, 62);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 1);
    walker.summary.stride_cv_pct = 2;
    walker_walk(&walker, 360);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 0);
    walker_walk(&walker, 430);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 1);
}

static void test_twice_ones_own_counts_from_3_5_on(void **unused)
{
    (void)unused;
    const float own[] = {1.5F, 2.2F, NAN};
    for (size_t i = 0; i < 3; i++) {
        struct walker walker;
        vary(&walker, 3.6F, 1.2F);
        if (!isnan(own[i]))
            assert_true(baseline_set(&walker.baseline, BASELINE_STRIDE_CV, NAN, own[i], NAN));
        walker_walk(&walker, 300);
        assert_int_equal(walker.raised_n[TEXT_R12_CAUTION] > 0, i == 0);
    }
}

static void test_a_crowd_is_no_unsteadiness(void **unused)
{
    (void)unused;
    struct walker walker;
    vary(&walker, 6, 1.2F);
    walker.rules.seconds_n = 100;
    walker.rules.stopped_n = 45;
    walker_walk(&walker, 300);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cv_of_5_is_a_caution_after_60_s_and_less_is_not),
        cmocka_unit_test(test_slow_walking_is_left_alone),
        cmocka_unit_test(test_unknown_speed_drops_the_gate_and_says_so),
        cmocka_unit_test(test_a_speed_change_of_50_pct_does_not_look_like_unsteadiness),
        cmocka_unit_test(test_missing_cv_is_no_data_and_not_zero),
        cmocka_unit_test(test_strong_variability_is_recorded_as_such),
        cmocka_unit_test(test_it_clears_after_60_s_below_4),
        cmocka_unit_test(test_twice_ones_own_counts_from_3_5_on),
        cmocka_unit_test(test_a_crowd_is_no_unsteadiness),
        cmocka_unit_test(test_unsteadiness_keeps_the_brisk_invitation_away_for_5_min),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
