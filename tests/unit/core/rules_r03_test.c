#include "rules_fixture.h"

static void slow(struct walker *walker)
{
    walker_init(walker);
    walker->summary.cadence_spm = 90;
}

static void test_slow_steady_walk_is_invited_at_180_s(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker_walk(&walker, 178);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 0);
    walker_walk(&walker, 183);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 1);
    const struct finding *finding = &walker.found.items[0];
    assert_int_equal(finding->severity, STRIDE__V1__SEVERITY__SEVERITY_COACH);
    assert_true(finding->value == 90 && finding->threshold == 95);
    assert_true(finding->refractory_s == 300 && finding->prompts_max == 3);
}

static void test_disc_profile_is_invited_at_120_s_with_240_s_between(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker.profile.disc = true;
    walker_walk(&walker, 118);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 0);
    walker_walk(&walker, 123);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 1);
    assert_true(walker.found.items[0].refractory_s == 240);
}

static void test_without_a_plan_stage_nothing_is_said_and_coverage_says_why(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker.profile.stage[0] = '\0';
    walker_walk(&walker, 400);
    assert_int_equal(walker.found.n, 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R03), RULE_NO_PLAN);
}

static void test_stage_m1_is_contraindicated(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    memcpy(walker.profile.stage, "M1", 3);
    walker_walk(&walker, 400);
    assert_int_equal(walker.found.n, 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R03), RULE_CONTRAINDICATED);
}

static void test_stroll_below_60_and_cadence_from_95_are_left_alone(void **unused)
{
    (void)unused;
    const float quiet[] = {59.9F, 95, 99.9F, NAN};
    for (size_t i = 0; i < sizeof(quiet) / sizeof(quiet[0]); i++) {
        struct walker walker;
        slow(&walker);
        walker.summary.cadence_spm = quiet[i];
        walker_walk(&walker, 400);
        assert_int_equal(walker.found.n, 0);
    }
}

static void test_pain_of_4_or_rising_pain_keeps_it_away(void **unused)
{
    (void)unused;
    const int reports[][2] = {{4, 4}, {2, 3}};
    for (size_t i = 0; i < 2; i++) {
        struct walker walker;
        slow(&walker);
        for (int n = 0; n < 2; n++) {
            struct wire_report report = pain(reports[i][n]);
            walker_report(&walker, &report);
        }
        walker_walk(&walker, 400);
        assert_int_equal(walker.found.n, 0);
    }
    struct walker walker;
    slow(&walker);
    struct wire_report report = pain(3);
    walker_report(&walker, &report);
    walker_walk(&walker, 200);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 1);
    assert_int_equal(walker.found.items[0].dropped_gates, 0);
}

static void test_unknown_pain_does_not_block_but_is_said(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker_walk(&walker, 200);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 1);
    assert_int_equal(walker.found.items[0].dropped_gates, RULE_GATE_PAIN);
}

static void test_a_pause_makes_the_steady_time_begin_anew(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker_walk(&walker, 150);
    walker.unsteady = true;
    walker_walk(&walker, 165);
    walker.unsteady = false;
    walker_walk(&walker, 340);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 0);
    walker_walk(&walker, 350);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 1);
}

static void test_one_odd_stride_does_not_break_the_steady_time(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker_walk(&walker, 100);
    walker.unsteady = true;
    walker_walk(&walker, 102);
    walker.unsteady = false;
    walker_walk(&walker, 183);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 1);
}

static void test_brisk_walk_is_praised_and_never_pushed(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walker.summary.cadence_spm = 128; /* scenario 3 */
    walker_walk(&walker, 200);
    assert_true(walker.praise_n >= 1);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 0);
    assert_true(walker.first_s[TEXT_R03_PRAISE] >= 60);
    assert_true(walker.first_s[TEXT_R03_PRAISE] <= 63);
    assert_true(walker.found.items[0].refractory_s == 600);
}

static void test_seven_of_ten_strides_are_enough_and_six_are_not(void **unused)
{
    (void)unused;
    for (int slow_of_10 = 6; slow_of_10 <= 8; slow_of_10 += 2) {
        struct walker walker;
        slow(&walker);
        for (int stride = 0; stride < 800; stride++) {
            walker.summary.cadence_spm = stride % 10 < slow_of_10 ? 90 : 97;
            walker_walk(&walker, walker.now_s + 0.5);
        }
        assert_int_equal(walker.raised_n[TEXT_R03_BRISK] > 0, slow_of_10 == 8);
    }
}

static void test_speeding_up_for_20_s_clears_it(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker_walk(&walker, 200);
    walker.summary.cadence_spm = 101;
    walker_walk(&walker, 218);
    assert_int_equal(walker.cleared_n[RULE_R03], 0);
    walker_walk(&walker, 222);
    assert_int_equal(walker.cleared_n[RULE_R03], 1);
}

static void test_one_foot_is_enough(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker.one_foot = true;
    walker_walk(&walker, 190);
    assert_int_equal(walker.raised_n[TEXT_R03_BRISK], 1);
}

static void test_no_consent_or_no_session_means_no_coaching(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker.profile.coaching_consent = false;
    walker_walk(&walker, 400);
    assert_int_equal(walker.found.n, 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R03), RULE_NO_CONSENT);
    slow(&walker);
    walker.open = false;
    walker_walk(&walker, 400);
    assert_int_equal(walker.found.n, 0);
}

static void test_a_flare_up_keeps_it_away_for_a_day(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    struct wire_report report = {.pain_nrs = -1, .mood = -1};
    report.button = STRIDE__V1__BUTTON__BUTTON_FLARE;
    walker_report(&walker, &report);
    walker_walk(&walker, 10);
    rules_new_session(&walker.rules, ns_of(10));
    walker_walk(&walker, 400);
    assert_int_equal(walker.found.n, 0);
}

static void test_heart_leg_pain_and_a_stumble_keep_it_away(void **unused)
{
    (void)unused;
    for (int i = 0; i < 6; i++) {
        struct walker walker;
        slow(&walker);
        walker.p05_open = i == 0;
        walker.stumbled = i == 1;
        walker.profile.heart_disease = i == 2 || i == 5;
        walker.profile.hr_max_bpm = i == 5 ? 150 : 0;
        walker.age_years = 52; /* 171.6 */
        walker.signals.heart_bpm = i == 3 || i == 4 ? 131 : 100;
        walker.signals.heart_suspect = i == 4;
        walker_walk(&walker, 400);
        assert_int_equal(walker.raised_n[TEXT_R03_BRISK] > 0, i >= 4);
    }
}

static void test_pain_from_the_figure_that_is_set_keeps_it_away(void **unused)
{
    (void)unused;
    for (int from = 3; from <= 4; from++) {
        struct walker walker;
        slow(&walker);
        assert_true(params_set(&walker.params, PARAM_R03_NRS, from));
        walker.nrs_start = walker.nrs = 3;
        walker_walk(&walker, 300);
        assert_int_equal(walker.raised_n[TEXT_R03_BRISK] > 0, from == 4);
    }
}

/* R03: the goal is the wearer's own cadence and 5 more, 100 at the most. */
static void test_who_reached_the_own_goal_is_not_pushed_on(void **unused)
{
    (void)unused;
    const struct {
        float own_spm, cadence_spm;
        bool invited;
    } walks[] = {{80, 84, true}, {80, 86, false}, {105, 94, true}};
    for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
        struct walker walker;
        slow(&walker);
        assert_true(baseline_set(&walker.baseline, BASELINE_CADENCE, NAN, walks[i].own_spm, NAN));
        walker.summary.cadence_spm = walks[i].cadence_spm;
        walker_walk(&walker, 300);
        assert_int_equal(walker.raised_n[TEXT_R03_BRISK] > 0, walks[i].invited);
    }
}

/* P03's "ease the pace" after a rise from 1 to 3 is a CAUTION, and so is P02's pause. */
static void test_an_open_caution_of_pain_keeps_it_away(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct walker walker;
        slow(&walker);
        walker.nrs_start = 1;
        walker.nrs = 3;
        walker.pain_caution = i == 0;
        walker_walk(&walker, 300);
        assert_int_equal(walker.raised_n[TEXT_R03_BRISK] > 0, i == 1);
    }
}

/* An arm that does not swing freely counts too few steps: what comes of them is not slow. */
static void test_steps_of_a_wrist_need_a_free_arm(void **unused)
{
    (void)unused;
    const uint8_t held[] = {CONTEXT_FLAG_RAIL | CONTEXT_FLAG_HANDS_FIXED, CONTEXT_FLAG_CALL,
                            CONTEXT_FLAG_CARRY, CONTEXT_FLAG_VIEWING, 0};
    for (size_t i = 0; i < sizeof(held); i++) {
        struct walker walker;
        slow(&walker);
        walker.devices = COVERAGE_WRIST;
        walker.signals.cadence_spm = 85;
        walker.context.gait = CONTEXT_WALK_STEADY;
        walker.context.flags = held[i];
        for (int t = 1; t <= 300; t++) {
            walker.now_s = t;
            walker_second(&walker);
        }
        assert_int_equal(walker.raised_n[TEXT_R03_BRISK] > 0, held[i] == 0);
    }
}

static void test_wrist_and_belt_are_enough(void **unused)
{
    (void)unused;
    struct walker walker;
    slow(&walker);
    walker.devices = COVERAGE_WRIST | COVERAGE_TREADMILL;
    walker.signals.cadence_spm = 88;
    walker.context.gait = CONTEXT_WALK_STEADY;
    for (int t = 1; t <= 200; t++) {
        walker.now_s = t;
        walker_second(&walker);
        assert_int_equal(walker.raised_n[TEXT_R03_BRISK], t >= 180);
    }
    walker.health[SLOT_LEFT].registered = walker.health[SLOT_RIGHT].registered = false;
    walker_time(&walker, true); /* device health: no insole, and none is needed */
    assert_int_equal(rules_absence(&walker.rules, RULE_R03), RULE_EVALUATED);
    assert_int_equal(rules_absence(&walker.rules, RULE_R12), RULE_NO_DEVICE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slow_steady_walk_is_invited_at_180_s),
        cmocka_unit_test(test_disc_profile_is_invited_at_120_s_with_240_s_between),
        cmocka_unit_test(test_without_a_plan_stage_nothing_is_said_and_coverage_says_why),
        cmocka_unit_test(test_stage_m1_is_contraindicated),
        cmocka_unit_test(test_stroll_below_60_and_cadence_from_95_are_left_alone),
        cmocka_unit_test(test_pain_of_4_or_rising_pain_keeps_it_away),
        cmocka_unit_test(test_unknown_pain_does_not_block_but_is_said),
        cmocka_unit_test(test_a_pause_makes_the_steady_time_begin_anew),
        cmocka_unit_test(test_one_odd_stride_does_not_break_the_steady_time),
        cmocka_unit_test(test_brisk_walk_is_praised_and_never_pushed),
        cmocka_unit_test(test_seven_of_ten_strides_are_enough_and_six_are_not),
        cmocka_unit_test(test_speeding_up_for_20_s_clears_it),
        cmocka_unit_test(test_one_foot_is_enough),
        cmocka_unit_test(test_no_consent_or_no_session_means_no_coaching),
        cmocka_unit_test(test_heart_leg_pain_and_a_stumble_keep_it_away),
        cmocka_unit_test(test_pain_from_the_figure_that_is_set_keeps_it_away),
        cmocka_unit_test(test_who_reached_the_own_goal_is_not_pushed_on),
        cmocka_unit_test(test_an_open_caution_of_pain_keeps_it_away),
        cmocka_unit_test(test_steps_of_a_wrist_need_a_free_arm),
        cmocka_unit_test(test_wrist_and_belt_are_enough),
        cmocka_unit_test(test_a_flare_up_keeps_it_away_for_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
