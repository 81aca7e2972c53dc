#include "rules_fixture.h"

/* 1.4 m/s at 92 steps/min, heels high: scenario 2. */
static void overstride(struct walker *walker)
{
    walker_init(walker);
    walker_measured(walker);
    walker_steps(walker, 1.4F, 92, 1.4F * 60 / 92, 29);
    memcpy(walker->profile.stage, "", 1); /* R03 is not what is looked at */
}

static int said_n(const struct walker *walker)
{
    return walker->raised_n[TEXT_R01_SHORTER];
}

static void test_long_steps_with_high_heels_are_told_after_a_minute_and_20_s(void **unused)
{
    (void)unused;
    struct walker walker;
    overstride(&walker);
    walker_walk(&walker, 59.5);
    assert_int_equal(said_n(&walker), 0);
    walker_walk(&walker, 61);
    assert_int_equal(said_n(&walker), 1);
    const struct finding *finding = &walker.found.items[0];
    assert_int_equal(finding->severity, STRIDE__V1__SEVERITY__SEVERITY_COACH);
    assert_true(finding->refractory_s == 120 && finding->prompts_max == 4);
    assert_true(finding->value > 1.4F && finding->threshold == 1.2F);
}

static void test_20_s_are_needed_once_the_walk_has_begun(void **unused)
{
    (void)unused;
    struct walker walker, normal;
    walker_init(&normal);
    walker_measured(&normal);
    overstride(&walker);
    struct stride_summary seen = walker.summary;
    walker.summary = normal.summary;
    walker_walk(&walker, 100);
    walker.summary = seen;
    walker_walk(&walker, 113);
    assert_int_equal(said_n(&walker), 0);
    walker_walk(&walker, 121);
    assert_int_equal(said_n(&walker), 1);
}

static void test_natural_fast_walk_and_slow_long_steps_are_left_alone(void **unused)
{
    (void)unused;
    /* Scenarios 3 and 4; and 1.75 m at 1.4 m/s and 111 steps/min. */
    const float walks[][3] = {{1.8F, 128, 22}, {0.95F, 84, 29}, {1.4F, 111, 29}};
    for (size_t i = 0; i < 3; i++) {
        struct walker walker;
        overstride(&walker);
        walker.summary.speed_mps = walks[i][0];
        walker.summary.cadence_spm = walks[i][1];
        walker.summary.walk_ratio = walks[i][0] * 60 / walks[i][1] / walks[i][1];
        walker.summary.foot_angle_deg[0] = walker.summary.foot_angle_deg[1] = walks[i][2];
        walker_walk(&walker, 300);
        assert_int_equal(said_n(&walker), 0);
    }
}

static void test_a_flat_soft_landing_is_no_overstride_but_a_hard_one_is(void **unused)
{
    (void)unused;
    struct walker walker;
    overstride(&walker);
    walker_usual(&walker);
    walker.summary.foot_angle_deg[0] = walker.summary.foot_angle_deg[1] = 20;
    walker_walk(&walker, 200);
    assert_int_equal(said_n(&walker), 0);
    walker.summary.loading_n_s[0] = walker.summary.loading_n_s[1] = 8 * 726 * 1.26F;
    walker_walk(&walker, 230);
    assert_int_equal(said_n(&walker), 1);
}

static void test_the_wearers_own_foot_angle_counts_where_it_is_higher(void **unused)
{
    (void)unused;
    struct walker walker;
    overstride(&walker);
    assert_true(baseline_set(&walker.baseline, BASELINE_FSA, NAN, 26, NAN));
    walker_walk(&walker, 200);
    assert_int_equal(said_n(&walker), 0);
}

static void test_without_angle_and_landing_only_the_strict_form_speaks(void **unused)
{
    (void)unused;
    for (int strict = 0; strict < 2; strict++) {
        struct walker walker;
        overstride(&walker);
        walker.summary.foot_angle_deg[0] = walker.summary.foot_angle_deg[1] = NAN;
        walker.summary.walk_ratio = 0.00387F * 1.72F * (strict ? 1.31F : 1.29F);
        walker_walk(&walker, 120);
        assert_int_equal(said_n(&walker) > 0, strict);
    }
}

/* Decision 6: an insole without an IMU has the strict form only, whatever its landing shows. */
static void test_a_hard_landing_without_an_angle_is_no_loose_form(void **unused)
{
    (void)unused;
    for (int strict = 0; strict < 2; strict++) {
        struct walker walker;
        overstride(&walker);
        walker_usual(&walker);
        walker.summary.foot_angle_deg[0] = walker.summary.foot_angle_deg[1] = NAN;
        walker.summary.loading_n_s[0] = walker.summary.loading_n_s[1] = 1.4F * 8 * 726;
        walker.summary.walk_ratio = 0.00387F * 1.72F * (strict ? 1.31F : 1.29F);
        walker_walk(&walker, 120);
        assert_int_equal(said_n(&walker) > 0, strict);
    }
}

static void test_unknown_height_is_no_data(void **unused)
{
    (void)unused;
    struct walker walker;
    overstride(&walker);
    walker.profile.height_m = NAN;
    walker_walk(&walker, 120);
    assert_int_equal(said_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R01), RULE_NO_DATA);
}

static void test_downhill_and_an_unsteady_faller_are_left_alone_uphill_is_not(void **unused)
{
    (void)unused;
    for (int i = 0; i < 4; i++) {
        struct walker walker;
        overstride(&walker);
        walker.context.flags = (uint8_t)(i < 3 ? CONTEXT_FLAG_SLOPE : 0);
        walker.signals.incline = i == 0 ? -0.06F : i == 1 ? NAN : 0.06F;
        walker.profile.fall_risk = i == 3;
        walker.summary.stride_cv_pct = i == 3 ? 5.5F : 2;
        walker_walk(&walker, 120);
        assert_int_equal(said_n(&walker) > 0, i == 2);
    }
}

static void test_turns_stairs_and_runs_do_not_count(void **unused)
{
    (void)unused;
    struct walker walker;
    overstride(&walker);
    walker.unsteady = true;
    walker_walk(&walker, 300);
    assert_int_equal(walker.found.n, 0);
}

static void test_it_clears_below_112_pct_for_20_s(void **unused)
{
    (void)unused;
    struct walker walker;
    overstride(&walker);
    walker_walk(&walker, 70);
    walker.summary.walk_ratio = 0.00387F * 1.72F * 1.15F;
    walker_walk(&walker, 150);
    assert_int_equal(walker.cleared_n[RULE_R01], 0);
    walker.summary.walk_ratio = 0.00387F * 1.72F * 1.11F;
    walker_walk(&walker, 168);
    assert_int_equal(walker.cleared_n[RULE_R01], 0);
    walker_walk(&walker, 172);
    assert_int_equal(walker.cleared_n[RULE_R01], 1);
}

static void test_it_clears_after_the_time_that_is_set(void **unused)
{
    (void)unused;
    struct walker walker;
    overstride(&walker);
    assert_true(params_set(&walker.params, PARAM_HOLD_COACH_S, 5));
    walker_walk(&walker, 70);
    walker.summary.walk_ratio = 0.00387F * 1.72F * 1.11F;
    walker_walk(&walker, 73);
    assert_int_equal(walker.cleared_n[RULE_R01], 0);
    walker_walk(&walker, 77);
    assert_int_equal(walker.cleared_n[RULE_R01], 1);
}

static void test_wrist_and_belt_have_the_strict_form_and_a_wrist_alone_none(void **unused)
{
    (void)unused;
    for (int belt = 0; belt < 2; belt++) {
        struct walker walker;
        overstride(&walker);
        walker.devices = COVERAGE_WRIST | (belt ? COVERAGE_TREADMILL : 0U);
        walker.health[SLOT_LEFT].registered = walker.health[SLOT_RIGHT].registered = false;
        walker.signals.belt_mps = belt ? 1.4F : NAN;
        walker.signals.cadence_spm = 92;
        walker.context.gait = CONTEXT_WALK_STEADY;
        for (int t = 1; t <= 100; t++) {
            walker.now_s = t;
            walker_second(&walker);
        }
        assert_int_equal(said_n(&walker) > 0, belt);
        assert_int_equal(rules_absence(&walker.rules, RULE_R01),
                         belt ? RULE_EVALUATED : RULE_NO_DEVICE);
    }
}

/* An arm that holds the rail counts too few steps, and few steps read as long ones. */
static void test_steps_of_a_wrist_on_the_rail_are_not_long(void **unused)
{
    (void)unused;
    struct walker walker;
    overstride(&walker);
    walker.devices = COVERAGE_WRIST | COVERAGE_TREADMILL;
    walker.signals.belt_mps = 1.4F;
    walker.signals.cadence_spm = 70;
    walker.context.gait = CONTEXT_WALK_STEADY;
    walker.context.flags = CONTEXT_FLAG_TREADMILL | CONTEXT_FLAG_RAIL | CONTEXT_FLAG_HANDS_FIXED;
    for (int t = 1; t <= 100; t++) {
        walker.now_s = t;
        walker_second(&walker);
    }
    assert_int_equal(said_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R01), RULE_NO_DATA);
}

static void test_a_flare_up_keeps_it_away(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct walker walker;
        overstride(&walker);
        walker.profile.flare = i == 0; /* P08 is open */
        walker.flare = i == 1;         /* told today, without a plan */
        walker_walk(&walker, 200);
        assert_int_equal(said_n(&walker), 0);
        assert_int_equal(rules_absence(&walker.rules, RULE_R01), RULE_CONTRAINDICATED);
    }
}

static void test_who_oversteps_is_not_told_to_speed_up(void **unused)
{
    (void)unused;
    struct walker walker;
    overstride(&walker);
    memcpy(walker.profile.stage, "P1", 3);
    walker_walk(&walker, 600); /* scenario 2: 92 steps/min */
    assert_true(said_n(&walker) > 0);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_long_steps_with_high_heels_are_told_after_a_minute_and_20_s),
        cmocka_unit_test(test_20_s_are_needed_once_the_walk_has_begun),
        cmocka_unit_test(test_natural_fast_walk_and_slow_long_steps_are_left_alone),
        cmocka_unit_test(test_a_flat_soft_landing_is_no_overstride_but_a_hard_one_is),
        cmocka_unit_test(test_the_wearers_own_foot_angle_counts_where_it_is_higher),
        cmocka_unit_test(test_without_angle_and_landing_only_the_strict_form_speaks),
        cmocka_unit_test(test_a_hard_landing_without_an_angle_is_no_loose_form),
        cmocka_unit_test(test_unknown_height_is_no_data),
        cmocka_unit_test(test_downhill_and_an_unsteady_faller_are_left_alone_uphill_is_not),
        cmocka_unit_test(test_turns_stairs_and_runs_do_not_count),
        cmocka_unit_test(test_it_clears_below_112_pct_for_20_s),
        cmocka_unit_test(test_it_clears_after_the_time_that_is_set),
        cmocka_unit_test(test_steps_of_a_wrist_on_the_rail_are_not_long),
        cmocka_unit_test(test_a_flare_up_keeps_it_away),
        cmocka_unit_test(test_who_oversteps_is_not_told_to_speed_up),
        cmocka_unit_test(test_wrist_and_belt_have_the_strict_form_and_a_wrist_alone_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
