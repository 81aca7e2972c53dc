/* R07 and R08: how the foot loads and lands. */
#include "rules_fixture.h"

#include "hub/core/rule_parts.h"

static void land(struct walker *walker, float ratio)
{
    walker->summary.loading_n_s[0] = walker->summary.loading_n_s[1] = 8 * 726 * ratio;
}

static void test_hard_ground_is_told_after_5_min_with_a_disc_after_3(void **unused)
{
    (void)unused;
    for (int disc = 0; disc < 2; disc++) {
        struct walker walker;
        walker_known(&walker);
        walker.profile.disc = disc == 1;
        land(&walker, 1.35F); /* scenario 51 */
        walker_walk(&walker, disc ? 179 : 299);
        assert_int_equal(walker.raised_n[TEXT_R08_FIRM], 0);
        walker_walk(&walker, disc ? 182 : 302);
        assert_int_equal(walker.raised_n[TEXT_R08_FIRM], 1);
        assert_true(walker.found.items[walker.found.n - 1].refractory_s == 600);
        assert_int_equal(walker.found.items[walker.found.n - 1].prompts_max, 1);
    }
}

static void test_a_second_time_only_if_pain_rose(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_known(&walker);
    land(&walker, 1.35F);
    struct wire_report first = pain(2), second = pain(3);
    walker_report(&walker, &first);
    walker_report(&walker, &second);
    walker_walk(&walker, 302);
    assert_int_equal(walker.found.items[walker.found.n - 1].prompts_max, 2);
}

static void
test_softer_ground_a_belt_another_scale_new_shoes_and_zeros_are_left_alone(void **unused)
{
    (void)unused;
    for (int i = 0; i < 6; i++) {
        struct walker walker;
        walker_known(&walker);
        land(&walker, i == 0 ? 1.28F : 1.5F);
        walker.weight_source = (uint8_t)(i == 1 ? SOLE_WEIGHT_PROFILE : SOLE_WEIGHT_WALKING);
        walker.new_shoe = i == 2;
        walker.calibrated = i == 4;
        if (i == 5) /* "A treadmill is kinder" is said to nobody on one */
            walker.context.flags |= CONTEXT_FLAG_TREADMILL;
        if (i == 3)
            baseline_init(&walker.baseline);
        walker_walk(&walker, 500);
        assert_int_equal(walker.raised_n[TEXT_R08_FIRM], 0);
    }
}

static void roll_inward(struct walker *walker, float left, float right)
{
    walker_known(walker);
    walker->summary.medial_index[FOOT_LEFT] = left;
    walker->summary.medial_index[FOOT_RIGHT] = right;
}

static void test_rolling_inward_is_a_matter_of_three_walks_and_the_summary(void **unused)
{
    (void)unused;
    struct walker walker;
    roll_inward(&walker, 0.05F, 0.25F);
    for (int walk = 1; walk <= 5; walk++) {
        walker_walk(&walker, walker.now_s + 250);
        assert_int_equal(walker.raised_n[TEXT_R07_ARCH], walk > 3);
        walker_end(&walker);
        assert_int_equal(walker.raised_n[TEXT_R07_ARCH], walk >= 3); /* once in 30 days */
    }
    walker.now_s += 31 * 86400.0;
    rules_new_session(&walker.rules, ns_of(walker.now_s));
    walker_walk(&walker, walker.now_s + 250);
    walker_end(&walker);
    assert_int_equal(walker.raised_n[TEXT_R07_ARCH], 2);
}

/* R08: "or M16 >= 1.30 base". */
static void test_a_hard_impact_is_told_without_a_loading_rate(void **unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        struct walker walker;
        walker_known(&walker);
        walker.summary.loading_n_s[0] = walker.summary.loading_n_s[1] = NAN;
        walker.summary.impact_g[0] = walker.summary.impact_g[1] = i == 1 ? 5.1F : 5.3F;
        if (i != 2)
            assert_true(baseline_set(&walker.baseline, BASELINE_IMPACT, NAN, 4, NAN));
        walker_walk(&walker, 302);
        assert_int_equal(walker.raised_n[TEXT_R08_FIRM], i == 0);
        assert_int_equal(rules_absence(&walker.rules, RULE_R08),
                         i == 2 ? RULE_NO_BASELINE : RULE_EVALUATED);
    }
}

/* The 10th percentile of an even spread from 10 to 20 is 11. */
static void test_a_low_percentile_is_another_than_that_of_the_strides(void **unused)
{
    (void)unused;
    struct rule_low low = {0};
    for (int i = 0; i < 5000; i++) {
        if (i == 199)
            assert_true(isnan((double)rule_low_value(&low)));
        rule_low_add(&low, 10 + (float)(i * 37 % 100) / 10, 0.1F);
        if (i >= 200)
            assert_true(fabsf(rule_low_value(&low) - 11) < 0.8F);
    }
    assert_true(fabsf(rule_low_value(&low) - 11) < 0.15F);
    for (int i = 0; i < 1000; i++) /* what the rule is about */
        rule_low_add(&low, 5, 0.1F);
    assert_true(rule_low_value(&low) > 10.8F);
    for (int i = 0; i < 20000; i++) /* it follows */
        rule_low_add(&low, 15 + (float)(i * 37 % 100) / 10, 0.1F);
    assert_true(fabsf(rule_low_value(&low) - 16) < 0.3F);
}

static void cpei_walk(struct walker *walker, float left, float right)
{
    walker->cpei_pct[FOOT_LEFT] = left;
    walker->cpei_pct[FOOT_RIGHT] = right;
    walker_walk(walker, walker->now_s + 300);
    walker_end(walker);
    walker->baseline.day++;
}

static void test_a_pressure_line_that_swings_out_less_is_not_seen(void **unused)
{
    (void)unused;
    enum { USUAL, BOTH_LESS, ONE_LESS, IN_A_FLARE, CASES };
    for (int i = 0; i < CASES; i++) {
        struct walker walker;
        walker_known(&walker);
        walker.baseline.day = 100;
        for (int walk = 0; walk < 4; walk++)
            cpei_walk(&walker, 18, 18);
        assert_true(rule_low_value(&walker.rules.cpei[FOOT_LEFT]) > 13);
        walker.profile.flare = i == IN_A_FLARE;
        for (int walk = 0; walk < 3; walk++)
            cpei_walk(&walker, i == USUAL ? 18 : 10, i == BOTH_LESS || i == IN_A_FLARE ? 10 : 18);
        assert_int_equal(walker.raised_n[TEXT_R07_ARCH], i != USUAL);
    }
}

static void test_what_was_usual_weeks_ago_still_is(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_known(&walker);
    walker.baseline.day = 100;
    for (int walk = 0; walk < 2; walk++)
        cpei_walk(&walker, 18, 18);
    const uint16_t n = walker.rules.cpei[FOOT_LEFT].n;
    walker.baseline.day += 5;
    walker_walk(&walker, walker.now_s + 2);
    assert_true(walker.rules.cpei[FOOT_LEFT].n < n / 2 + 3 &&
                walker.rules.cpei[FOOT_LEFT].n > n / 4);
    walker.baseline.day += 14;
    walker_walk(&walker, walker.now_s + 2);
    assert_true(isnan(rule_low_value(&walker.rules.cpei[FOOT_LEFT])));
}

static void test_another_shoe_begins_anew(void **unused)
{
    (void)unused;
    struct walker walker;
    roll_inward(&walker, 0.25F, 0.25F);
    for (int walk = 1; walk <= 4; walk++) {
        walker.shoe_tag = walk < 3 ? 1 : 2;
        walker_walk(&walker, walker.now_s + 250);
        walker_end(&walker);
    }
    assert_int_equal(walker.raised_n[TEXT_R07_ARCH], 0);
}

static void test_orthotic_bag_camber_and_a_stuck_cell_are_left_alone(void **unused)
{
    (void)unused;
    for (int i = 0; i < 5; i++) {
        struct walker walker;
        roll_inward(&walker, i == 3 ? 0.19F : 0.25F, i == 2 ? -0.2F : 0);
        walker.profile.orthotic = i == 0;
        walker.context.flags = (uint8_t)(i == 1 ? CONTEXT_FLAG_CARRY : 0);
        if (i == 4) /* scenario 15: of a stuck cell's foot there is no index */
            walker.summary.medial_index[FOOT_LEFT] = NAN;
        for (int walk = 1; walk <= 4; walk++) {
            walker_walk(&walker, walker.now_s + 250);
            walker_end(&walker);
        }
        assert_int_equal(walker.raised_n[TEXT_R07_ARCH], 0);
    }
}

static void test_what_only_a_summary_says_still_is_the_wearers_normal(void **unused)
{
    (void)unused;
    struct walker walker;
    roll_inward(&walker, 0.25F, 0.25F);
    walker_walk(&walker, 250);
    assert_false(rules_gait_open(&walker.rules));
    land(&walker, 1.5F);
    walker_walk(&walker, 600);
    assert_true(rules_gait_open(&walker.rules));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hard_ground_is_told_after_5_min_with_a_disc_after_3),
        cmocka_unit_test(test_a_second_time_only_if_pain_rose),
        cmocka_unit_test(
            test_softer_ground_a_belt_another_scale_new_shoes_and_zeros_are_left_alone),
        cmocka_unit_test(test_rolling_inward_is_a_matter_of_three_walks_and_the_summary),
        cmocka_unit_test(test_a_hard_impact_is_told_without_a_loading_rate),
        cmocka_unit_test(test_a_low_percentile_is_another_than_that_of_the_strides),
        cmocka_unit_test(test_a_pressure_line_that_swings_out_less_is_not_seen),
        cmocka_unit_test(test_what_was_usual_weeks_ago_still_is),
        cmocka_unit_test(test_another_shoe_begins_anew),
        cmocka_unit_test(test_orthotic_bag_camber_and_a_stuck_cell_are_left_alone),
        cmocka_unit_test(test_what_only_a_summary_says_still_is_the_wearers_normal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
