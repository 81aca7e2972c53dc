/* R05, R06 and R14: what is looked at each second. */
#include "rules_fixture.h"

static void walks(struct walker *walker)
{
    walker_known(walker);
    walker->seconds = true;
    walker->params.value[PARAM_R06_TIMED] = 0;
}

static void arm(struct walker *walker, float viewing, float swing)
{
    walker->signals.viewing_share = walker->signals.viewing_shares[0] = viewing;
    walker->signals.arm_swing_deg = walker->signals.arm_swings_deg[0] = swing;
    walker->context.flags = (uint8_t)(viewing >= 0.7F ? CONTEXT_FLAG_VIEWING : 0);
}

static int eyes_n(const struct walker *walker)
{
    return walker->raised_n[TEXT_R05_EYES];
}

/* ---- R05 */

static void test_phone_in_view_is_felt_after_20_s_and_never_shown(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    walker_walk(&walker, 100);
    for (int t = 1; t <= 22; t++) { /* scenario 8: M21 is a share of the last 20 s */
        arm(&walker, t < 20 ? (float)t / 20 : 1, 4);
        walker_walk(&walker, 100 + t);
        if (t <= 18 || t >= 21)
            assert_int_equal(eyes_n(&walker), t >= 21);
    }
    assert_int_equal(walker.raised_n[TEXT_R14_ARMS], 0);
    for (int i = 0; i < walker.found.n; i++) {
        const struct finding *finding = &walker.found.items[i];
        if (finding->text == TEXT_R05_EYES) {
            assert_true(finding->felt_only && finding->refractory_s == 180);
            assert_int_equal(finding->prompts_max, 4);
        }
    }
}

static void test_a_swinging_arm_or_a_glance_is_no_phone(void **unused)
{
    (void)unused;
    const float other[][2] = {{0.9F, 13}, {0.69F, 4}, {NAN, 4}, {0.9F, NAN}};
    for (size_t i = 0; i < 4; i++) {
        struct walker walker;
        walks(&walker);
        arm(&walker, other[i][0], other[i][1]);
        walker_walk(&walker, 200);
        assert_int_equal(eyes_n(&walker), 0);
    }
}

static void test_the_looking_arms_own_swing_counts(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    arm(&walker, 0.9F, 4);
    walker.signals.arm_swings_deg[1] = walker.signals.arm_swing_deg = 45; /* the other one swings */
    walker.signals.viewing_shares[1] = 0;
    walker_walk(&walker, 100);
    assert_true(eyes_n(&walker) > 0);
}

static void test_call_rail_own_prompt_and_standing_keep_it_away(void **unused)
{
    (void)unused;
    for (int i = 0; i < 4; i++) {
        struct walker walker;
        walks(&walker);
        arm(&walker, 0.9F, 4);
        walker.context.flags = (uint8_t)(walker.context.flags | (i == 0   ? CONTEXT_FLAG_CALL
                                                                 : i == 1 ? CONTEXT_FLAG_HANDS_FIXED
                                                                          : 0));
        walker.unsteady = i == 3;
        for (int t = 1; t <= 200; t++) {
            walker.prompted_ns = i == 2 ? ns_of(t - 10) : INT64_MIN;
            walker_walk(&walker, t);
        }
        assert_int_equal(eyes_n(&walker), 0);
    }
}

static void test_without_steps_of_feet_or_belt_it_is_not_evaluated(void **unused)
{
    (void)unused;
    for (int belt = 0; belt < 2; belt++) {
        struct walker walker;
        walks(&walker);
        arm(&walker, 0.9F, 4);
        walker.health[SLOT_LEFT].registered = walker.health[SLOT_RIGHT].registered = false;
        walker.devices = COVERAGE_WRIST | (belt ? COVERAGE_TREADMILL : 0U);
        walker.context.gait = CONTEXT_WALK_STEADY;
        if (belt)
            walker.context.flags |= CONTEXT_FLAG_TREADMILL;
        for (int t = 1; t <= 100; t++) {
            walker.now_s = t;
            walker_second(&walker);
        }
        assert_int_equal(eyes_n(&walker) > 0, belt);
        assert_int_equal(rules_absence(&walker.rules, RULE_R05),
                         belt ? RULE_EVALUATED : RULE_NO_DEVICE);
    }
}

static void test_it_is_over_10_s_after_the_phone_left_the_view(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    arm(&walker, 0.9F, 4);
    walker_walk(&walker, 100);
    arm(&walker, 0.4F, 40);
    walker_walk(&walker, 130);
    assert_int_equal(walker.cleared_n[RULE_R05], 0);
    arm(&walker, 0.2F, 40);
    walker_walk(&walker, 139);
    assert_int_equal(walker.cleared_n[RULE_R05], 0);
    walker_walk(&walker, 142);
    assert_int_equal(walker.cleared_n[RULE_R05], 1);
}

static void test_an_open_phone_mutes_long_steps_and_variability(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    arm(&walker, 0.9F, 4);
    walker.summary.stride_cv_pct = 7;
    walker.summary.walk_ratio = 0.0099F;
    walker.summary.foot_angle_deg[0] = walker.summary.foot_angle_deg[1] = 30;
    walker.rules.session_start_ns = ns_of(-60); /* R05 speaks before the others have their D */
    walker_walk(&walker, 200);
    assert_true(eyes_n(&walker) > 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R01), RULE_CONTRAINDICATED);
    assert_int_equal(rules_absence(&walker.rules, RULE_R12), RULE_CONTRAINDICATED);
    assert_int_equal(walker.raised_n[TEXT_R12_CAUTION], 0);
}

/* ---- R14 */

static void test_small_arm_swing_is_told_after_3_min_once(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    arm(&walker, 0, 19);
    walker_walk(&walker, 179);
    assert_int_equal(walker.raised_n[TEXT_R14_ARMS], 0);
    walker_walk(&walker, 183);
    assert_int_equal(walker.raised_n[TEXT_R14_ARMS], 1);
    walks(&walker);
    arm(&walker, 0, 20.5F);
    walker_walk(&walker, 400);
    assert_int_equal(walker.raised_n[TEXT_R14_ARMS], 0);
}

static void test_hands_that_hold_something_and_an_injured_arm_are_left_alone(void **unused)
{
    (void)unused;
    const uint8_t flags[] = {CONTEXT_FLAG_HANDS_FIXED, CONTEXT_FLAG_CALL, CONTEXT_FLAG_CARRY,
                             CONTEXT_FLAG_VIEWING,     CONTEXT_FLAG_RAIL, 0};
    for (size_t i = 0; i < sizeof(flags); i++) {
        struct walker walker;
        walks(&walker);
        arm(&walker, 0, 5);
        walker.context.flags = flags[i];
        walker.profile.arm_injury = flags[i] == 0;
        walker_walk(&walker, 400);
        assert_int_equal(walker.raised_n[TEXT_R14_ARMS], 0);
        assert_int_equal(rules_absence(&walker.rules, RULE_R14), RULE_CONTRAINDICATED);
    }
}

/* Whoever leans on a frame or a stick is not told to let go of it. */
static void test_a_walking_aid_keeps_arm_swing_away(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    arm(&walker, 0, 15);
    walker.profile.walking_aid = true;
    walker_walk(&walker, 400);
    assert_int_equal(walker.raised_n[TEXT_R14_ARMS], 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R14), RULE_CONTRAINDICATED);
}

static void test_an_arm_that_hardly_moves_is_in_a_pocket(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    arm(&walker, 0, 7);
    walker_walk(&walker, 400);
    assert_int_equal(walker.raised_n[TEXT_R14_ARMS] + walker.raised_n[TEXT_R06_STRING], 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R14), RULE_CONTRAINDICATED);
}

static void test_a_whole_lean_is_left_to_its_own_rule(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    walker.summary.forefoot_share[0] = walker.summary.forefoot_share[1] = 0.62F;
    walker_walk(&walker, 200);
    assert_int_equal(walker.raised_n[TEXT_R06_STRING], 0);
    assert_true(walker.raised_n[TEXT_R04_TALLER] > 0);
}

static void test_without_ones_own_swing_there_is_nothing_to_compare_with(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    baseline_init(&walker.baseline);
    arm(&walker, 0, 9);
    walker_walk(&walker, 400);
    assert_int_equal(walker.raised_n[TEXT_R14_ARMS], 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R14), RULE_NO_BASELINE);
}

/* ---- R06 */

static void test_the_cue_comes_by_time_and_then_every_10_min(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    walker.params.value[PARAM_R06_TIMED] = 1;
    walker_walk(&walker, 209);
    assert_int_equal(walker.raised_n[TEXT_R06_STRING], 0);
    walker_walk(&walker, 212);
    assert_int_equal(walker.raised_n[TEXT_R06_STRING], 1);
    walker_walk(&walker, 800);
    assert_int_equal(walker.raised_n[TEXT_R06_STRING], 1);
    walker_walk(&walker, 815);
    assert_int_equal(walker.raised_n[TEXT_R06_STRING], 2);
    for (int i = 0; i < walker.found.n; i++) {
        if (walker.found.items[i].text == TEXT_R06_STRING)
            assert_int_equal(walker.found.items[i].prompts_max, 1); /* signals are fine */
    }
}

static void test_it_waits_for_its_turn_after_another_prompt(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    walker.params.value[PARAM_R06_TIMED] = 1;
    walker.prompted_ns = ns_of(200);
    walker_walk(&walker, 244);
    assert_int_equal(walker.raised_n[TEXT_R06_STRING], 0);
    walker_walk(&walker, 248);
    assert_int_equal(walker.raised_n[TEXT_R06_STRING], 1);
}

static void test_half_a_lean_or_little_swing_asks_for_it_earlier_and_up_to_3_times(void **unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        struct walker walker;
        walks(&walker);
        if (i == 0)
            walker.summary.forefoot_share[0] = walker.summary.forefoot_share[1] = 0.56F;
        arm(&walker, 0, i == 1 ? 23 : 25);
        walker_walk(&walker, 100);
        assert_int_equal(walker.raised_n[TEXT_R06_STRING] > 0, i < 2);
        if (i < 2)
            assert_int_equal(walker.found.items[0].prompts_max, 3);
    }
}

static void test_stenosis_vertigo_and_leg_pain_keep_the_cue_away(void **unused)
{
    (void)unused;
    for (int i = 0; i < 4; i++) {
        struct walker walker;
        walks(&walker);
        walker.params.value[PARAM_R06_TIMED] = 1;
        walker.profile.stenosis = i == 0;
        walker.profile.vertigo = i == 1;
        walker.p05_open = i == 2;
        walker.p05_score = i == 3 ? 3 : 0; /* as R04 */
        arm(&walker, 0, 10);
        walker_walk(&walker, 900);
        assert_int_equal(walker.raised_n[TEXT_R06_STRING], 0);
    }
}

static void test_no_session_or_no_consent_means_nothing_by_time(void **unused)
{
    (void)unused;
    for (int i = 0; i < 2; i++) {
        struct walker walker;
        walks(&walker);
        walker.params.value[PARAM_R06_TIMED] = 1;
        walker.open = i != 0;
        walker.profile.coaching_consent = i != 1;
        arm(&walker, 0.9F, 4);
        walker_walk(&walker, 400);
        assert_int_equal(walker.found.n, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phone_in_view_is_felt_after_20_s_and_never_shown),
        cmocka_unit_test(test_a_swinging_arm_or_a_glance_is_no_phone),
        cmocka_unit_test(test_the_looking_arms_own_swing_counts),
        cmocka_unit_test(test_call_rail_own_prompt_and_standing_keep_it_away),
        cmocka_unit_test(test_without_steps_of_feet_or_belt_it_is_not_evaluated),
        cmocka_unit_test(test_it_is_over_10_s_after_the_phone_left_the_view),
        cmocka_unit_test(test_an_open_phone_mutes_long_steps_and_variability),
        cmocka_unit_test(test_small_arm_swing_is_told_after_3_min_once),
        cmocka_unit_test(test_hands_that_hold_something_and_an_injured_arm_are_left_alone),
        cmocka_unit_test(test_a_walking_aid_keeps_arm_swing_away),
        cmocka_unit_test(test_an_arm_that_hardly_moves_is_in_a_pocket),
        cmocka_unit_test(test_a_whole_lean_is_left_to_its_own_rule),
        cmocka_unit_test(test_without_ones_own_swing_there_is_nothing_to_compare_with),
        cmocka_unit_test(test_the_cue_comes_by_time_and_then_every_10_min),
        cmocka_unit_test(test_it_waits_for_its_turn_after_another_prompt),
        cmocka_unit_test(test_half_a_lean_or_little_swing_asks_for_it_earlier_and_up_to_3_times),
        cmocka_unit_test(test_stenosis_vertigo_and_leg_pain_keep_the_cue_away),
        cmocka_unit_test(test_no_session_or_no_consent_means_nothing_by_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
