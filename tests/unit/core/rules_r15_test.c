#include "rules_fixture.h"

/* Rolls alternate by `sd` around -3 deg: that is their SD. */
static void tread(struct walker *walker, float sd, float height, double until_s)
{
    for (int i = 0; walker->now_s + 0.5 <= until_s; i++) {
        float away = i % 4 < 2 ? 1 : -1;
        rules_swing(&walker->rules, i % 2 == 0 ? FOOT_LEFT : FOOT_RIGHT, -3 + away * sd,
                    away * height);
        walker_walk(walker, walker->now_s + 0.5);
    }
}

static void walks(struct walker *walker)
{
    walker_init(walker);
    walker_measured(walker);
    assert_true(baseline_set(&walker->baseline, BASELINE_ROLL, NAN, 1.5F, NAN));
    tread(walker, 1.5F, 0, 60);
}

static int said_n(const struct walker *walker)
{
    return walker->raised_n[TEXT_R15_UNEVEN];
}

static void test_tilting_feet_that_scuff_are_told_after_a_minute(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    walker.summary.scuffs_per_20[FOOT_LEFT] = 1;
    tread(&walker, 3.3F, 0, 100);
    assert_int_equal(said_n(&walker), 0);
    tread(&walker, 3.3F, 0, 150);
    assert_int_equal(said_n(&walker), 1);
    assert_true(rules_uneven_ground(&walker.rules));
    const struct finding *finding = &walker.found.items[walker.found.n - 1];
    assert_true(finding->refractory_s == 600 && finding->prompts_max == 2);
}

static void test_steps_up_and_down_count_like_scuffs_and_roll_alone_does_not(void **unused)
{
    (void)unused;
    for (int uneven = 0; uneven < 2; uneven++) {
        struct walker walker;
        walks(&walker);
        tread(&walker, 3.3F, uneven ? 0.025F : 0.005F, 200);
        assert_int_equal(said_n(&walker) > 0, uneven);
    }
}

/* "Watch for kerbs" is no word for a belt, and there it must not mute R12. */
static void test_a_belt_is_no_uneven_ground(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    walker.context.flags |= CONTEXT_FLAG_TREADMILL;
    tread(&walker, 3.3F, 0.025F, 200);
    assert_int_equal(said_n(&walker), 0);
    assert_false(rules_uneven_ground(&walker.rules));
}

static void test_without_ones_own_roll_or_a_second_insole_it_is_silent(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    baseline_init(&walker.baseline);
    tread(&walker, 5, 0.03F, 200);
    assert_int_equal(said_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R15), RULE_NO_BASELINE);
    walks(&walker);
    walker.devices = COVERAGE_LEFT_INSOLE;
    tread(&walker, 5, 0.03F, 200);
    assert_int_equal(said_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R15), RULE_STALE);
}

static void test_it_mutes_variability_until_the_ground_is_even(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    tread(&walker, 3.3F, 0.03F, 150);
    walker.summary.stride_cv_pct = 7;
    tread(&walker, 3.3F, 0.03F, 300);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R12), RULE_CONTRAINDICATED);
    tread(&walker, 1.5F, 0, 360);
    assert_int_equal(walker.cleared_n[RULE_R15], 1);
    assert_false(rules_uneven_ground(&walker.rules));
    tread(&walker, 1.5F, 0, 450);
    assert_true(walker.raised_n[TEXT_R12_CAUTION] > 0);
}

static void test_a_new_walk_begins_without_the_old_ones_ground(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    walker_end(&walker);
    assert_true(isnan(rules_roll_sd_deg(&walker.rules, FOOT_LEFT)));
    rules_swing(&walker.rules, FOOT_LEFT, NAN, NAN);
    assert_int_equal(walker.rules.roll_deg[FOOT_LEFT].n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tilting_feet_that_scuff_are_told_after_a_minute),
        cmocka_unit_test(test_steps_up_and_down_count_like_scuffs_and_roll_alone_does_not),
        cmocka_unit_test(test_a_belt_is_no_uneven_ground),
        cmocka_unit_test(test_without_ones_own_roll_or_a_second_insole_it_is_silent),
        cmocka_unit_test(test_it_mutes_variability_until_the_ground_is_even),
        cmocka_unit_test(test_a_new_walk_begins_without_the_old_ones_ground),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
