#include "rules_fixture.h"

static void lean(struct walker *walker, float shift)
{
    walker_known(walker);
    walker->summary.forefoot_share[0] = walker->summary.forefoot_share[1] = 0.5F + shift;
}

static int said_n(const struct walker *walker)
{
    return walker->raised_n[TEXT_R04_TALLER];
}

static void test_a_lean_is_told_after_45_s_and_a_smaller_one_is_not(void **unused)
{
    (void)unused;
    struct walker walker;
    lean(&walker, 0);
    walker_walk(&walker, 100);
    walker.summary.forefoot_share[0] = walker.summary.forefoot_share[1] = 0.605F;
    walker_walk(&walker, 130);
    assert_int_equal(said_n(&walker), 0);
    walker_walk(&walker, 146);
    assert_int_equal(said_n(&walker), 1);
    lean(&walker, 0.09F);
    walker_walk(&walker, 300);
    assert_int_equal(said_n(&walker), 0);
}

static void test_without_a_baseline_nothing_is_said_and_coverage_says_why(void **unused)
{
    (void)unused;
    struct walker walker;
    lean(&walker, 0.2F);
    baseline_init(&walker.baseline);
    walker_walk(&walker, 200);
    assert_int_equal(said_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R04), RULE_NO_BASELINE);
}

static void test_relief_slope_pram_and_heels_keep_it_away(void **unused)
{
    (void)unused;
    for (int i = 0; i < 6; i++) {
        struct walker walker;
        lean(&walker, 0.12F); /* scenario 43: uphill on a belt */
        walker.profile.stenosis = i == 0;
        walker.p05_open = i == 1;
        walker.context.flags = (uint8_t)(i == 2   ? CONTEXT_FLAG_SLOPE
                                         : i == 3 ? CONTEXT_FLAG_HANDS_FIXED
                                                  : 0);
        walker.heeled = i == 4;
        walker.p05_score = i == 5 ? 3 : 2; /* scenario 30: the sensors alone */
        walker_walk(&walker, 200);
        assert_int_equal(said_n(&walker), 0);
        assert_int_equal(rules_absence(&walker.rules, RULE_R04), RULE_CONTRAINDICATED);
    }
}

static void test_a_flare_up_keeps_it_away(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct walker walker;
        lean(&walker, 0.12F);
        walker.profile.flare = i == 0; /* P08 is open */
        walker.flare = i == 1;         /* told today, without a plan */
        walker_walk(&walker, 200);
        assert_int_equal(said_n(&walker), 0);
        assert_int_equal(rules_absence(&walker.rules, RULE_R04), RULE_CONTRAINDICATED);
    }
}

static void test_it_clears_below_half_the_shift(void **unused)
{
    (void)unused;
    struct walker walker;
    lean(&walker, 0.12F);
    walker_walk(&walker, 70);
    walker.summary.forefoot_share[0] = walker.summary.forefoot_share[1] = 0.56F;
    walker_walk(&walker, 120);
    assert_int_equal(walker.cleared_n[RULE_R04], 0);
    walker.summary.forefoot_share[0] = walker.summary.forefoot_share[1] = 0.54F;
    walker_walk(&walker, 142);
    assert_int_equal(walker.cleared_n[RULE_R04], 1);
}

static void test_one_insole_speaks_for_itself_and_none_is_no_device(void **unused)
{
    (void)unused;
    struct walker walker;
    lean(&walker, 0.12F);
    walker.devices = COVERAGE_LEFT_INSOLE;
    walker.summary.forefoot_share[FOOT_RIGHT] = NAN;
    walker_walk(&walker, 100);
    assert_true(said_n(&walker) > 0);
    lean(&walker, 0.12F);
    walker.devices = COVERAGE_WRIST;
    walker_walk(&walker, 10);
    assert_int_equal(rules_absence(&walker.rules, RULE_R04), RULE_STALE);
    walker.health[SLOT_LEFT].registered = walker.health[SLOT_RIGHT].registered = false;
    walker_walk(&walker, 100);
    assert_int_equal(said_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R04), RULE_NO_DEVICE);
}

static void test_a_baseline_of_another_speed_is_not_compared_with(void **unused)
{
    (void)unused;
    struct walker walker;
    lean(&walker, 0.2F);
    baseline_init(&walker.baseline);
    assert_true(baseline_set(&walker.baseline, BASELINE_FOREFOOT, NAN, 0.5F, NAN));
    assert_true(baseline_set(&walker.baseline, BASELINE_FOREFOOT, 0.8F, 0.5F, NAN));
    walker_walk(&walker, 200);
    assert_int_equal(said_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R04), RULE_NO_BASELINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_lean_is_told_after_45_s_and_a_smaller_one_is_not),
        cmocka_unit_test(test_without_a_baseline_nothing_is_said_and_coverage_says_why),
        cmocka_unit_test(test_relief_slope_pram_and_heels_keep_it_away),
        cmocka_unit_test(test_a_flare_up_keeps_it_away),
        cmocka_unit_test(test_it_clears_below_half_the_shift),
        cmocka_unit_test(test_one_insole_speaks_for_itself_and_none_is_no_device),
        cmocka_unit_test(test_a_baseline_of_another_speed_is_not_compared_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
