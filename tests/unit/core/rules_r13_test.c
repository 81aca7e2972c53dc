#include "rules_fixture.h"

static void walks(struct walker *walker)
{
    walker_init(walker);
    walker_measured(walker);
    walker->signals.heart_bpm = 100;
    walker_walk(walker, 300);
}

static void paces(struct walker *walker, float speed_mps, float cadence_spm,
                  float double_support_pct)
{
    walker->summary.speed_mps = speed_mps;
    walker->summary.cadence_spm = cadence_spm;
    walker->summary.double_support_pct = double_support_pct;
}

/* A tired walker: over three minutes, little by little. */
static void tire(struct walker *walker, double share)
{
    for (int i = 1; i <= 180; i++) {
        double at = share * i / 180;
        paces(walker, (float)(1.3 * (1 - 0.12 * at)), (float)(110 * (1 - 0.07 * at)),
              (float)(22 + 3 * at));
        walker_walk(walker, walker->now_s + 1);
    }
}

static int said_n(const struct walker *walker)
{
    return walker->raised_n[TEXT_R13_TIRING] + walker->raised_n[TEXT_R13_TIRING_SIT];
}

static void assert_not_told(struct walker *walker, double until_s, enum rule_absence why)
{
    walker_walk(walker, until_s);
    assert_int_equal(said_n(walker), 0);
    assert_int_equal(rules_absence(&walker->rules, RULE_R13), why);
}

static void test_three_signs_after_8_min_are_told(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    tire(&walker, 1); /* until 480 s */
    assert_int_equal(said_n(&walker), 0);
    walker_walk(&walker, 535);
    assert_int_equal(said_n(&walker), 0);
    walker_walk(&walker, 660);
    assert_true(said_n(&walker) >= 1);
    assert_int_equal(walker.raised_n[TEXT_R13_TIRING_SIT], 0);
}

static void test_a_walk_that_stays_the_same_is_not_tiring(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    tire(&walker, 0.5);
    assert_not_told(&walker, 1200, RULE_EVALUATED);
}

static void test_slowing_down_at_once_is_a_choice(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    walker_walk(&walker, 500);
    paces(&walker, 1.1F, 100, 25);
    assert_not_told(&walker, 900, RULE_CONTRAINDICATED);
}

static void test_a_slower_walk_after_a_rest_is_a_choice(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    walker.unsteady = true;
    walker_walk(&walker, 420);
    walker.unsteady = false;
    paces(&walker, 1.1F, 100, 25);
    assert_not_told(&walker, 900, RULE_CONTRAINDICATED);
}

static void test_a_stroll_in_the_middle_is_forgotten_when_the_early_speed_is_back(void **unused)
{
    (void)unused;
    struct walker walker;
    walks(&walker);
    paces(&walker, 1.0F, 98, 26);
    walker_walk(&walker, 600);
    paces(&walker, 1.3F, 110, 22);
    assert_not_told(&walker, 900, RULE_EVALUATED);
}

static void test_uphill_and_a_phone_are_not_compared_with_free_steps(void **unused)
{
    (void)unused;
    const uint8_t flags[] = {CONTEXT_FLAG_SLOPE, CONTEXT_FLAG_VIEWING, CONTEXT_FLAG_CALL,
                             CONTEXT_FLAG_CARRY};
    for (size_t i = 0; i < sizeof(flags); i++) {
        struct walker walker;
        walks(&walker);
        walker.context.flags = flags[i];
        tire(&walker, 1);
        walker_walk(&walker, 900);
        assert_int_equal(said_n(&walker), 0);
    }
}

static void test_heart_counts_at_the_same_speed_only(void **unused)
{
    (void)unused;
    for (int same = 0; same < 2; same++) {
        struct walker walker;
        walks(&walker);
        walker.signals.heart_bpm = 112;
        walker.summary.stride_cv_pct = 3.2F;
        walker.summary.clearance_mm[0] = walker.summary.clearance_mm[1] = same ? 14 : 18;
        walker.summary.speed_mps = same ? 1.28F : 1.38F;
        walker.summary.si_step_pct = same ? 2 : 7;
        walker_walk(&walker, 700);
        assert_int_equal(said_n(&walker) > 0, same); /* HR, CV and clearance; or CV and SI */
    }
}

static void test_whom_bending_relieves_is_told_to_sit(void **unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        struct walker walker;
        walks(&walker);
        tire(&walker, 1);
        walker.p05_open = i == 0;
        walker.p05_score = i == 1 ? 3 : 0;
        walker.profile.stenosis = i == 2;
        walker_walk(&walker, 660);
        assert_true(walker.raised_n[TEXT_R13_TIRING_SIT] > 0);
        assert_int_equal(walker.raised_n[TEXT_R13_TIRING], 0);
    }
}

static void test_what_was_not_measured_early_counts_for_nothing(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker); /* no shapes, no heart, no double support early */
    walker.summary.double_support_pct = walker.summary.speed_mps = NAN;
    walker.summary.si_stance_pct = walker.summary.si_step_pct = walker.summary.si_load_pct = NAN;
    for (int foot = 0; foot < FEET; foot++)
        walker.summary.clearance_mm[foot] = walker.summary.forefoot_share[foot] = NAN;
    walker_walk(&walker, 700);
    assert_int_equal(rules_absence(&walker.rules, RULE_R13), RULE_NO_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_signs_after_8_min_are_told),
        cmocka_unit_test(test_a_walk_that_stays_the_same_is_not_tiring),
        cmocka_unit_test(test_slowing_down_at_once_is_a_choice),
        cmocka_unit_test(test_a_slower_walk_after_a_rest_is_a_choice),
        cmocka_unit_test(test_a_stroll_in_the_middle_is_forgotten_when_the_early_speed_is_back),
        cmocka_unit_test(test_uphill_and_a_phone_are_not_compared_with_free_steps),
        cmocka_unit_test(test_heart_counts_at_the_same_speed_only),
        cmocka_unit_test(test_whom_bending_relieves_is_told_to_sit),
        cmocka_unit_test(test_what_was_not_measured_early_counts_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
