#include "rules_fixture.h"

/* SLH 0.28, FSA 3, double support 34 %, 2 scuffs: scenario 5. */
static void shuffle(struct walker *walker)
{
    walker_init(walker);
    walker_measured(walker);
    walker_steps(walker, 0.7F, 97, 0.28F * 1.72F, 3);
    walker->summary.double_support_pct = 34;
    walker->summary.scuffs_per_20[FOOT_RIGHT] = 2;
}

static int said_n(const struct walker *walker)
{
    return walker->raised_n[TEXT_R02_LIFT];
}

static void test_a_shuffle_is_told_once_it_lasts(void **unused)
{
    (void)unused;
    struct walker walker;
    shuffle(&walker);
    walker_walk(&walker, 59.5);
    assert_int_equal(said_n(&walker), 0);
    walker_walk(&walker, 61);
    assert_int_equal(said_n(&walker), 1);
    assert_true(walker.found.items[0].value == 4 && walker.found.items[0].refractory_s == 180);
    assert_int_equal(walker.found.items[0].prompts_max, 3);
}

static void test_two_of_four_are_needed(void **unused)
{
    (void)unused;
    for (unsigned set = 0; set < 16; set++) {
        struct walker walker;
        walker_init(&walker);
        walker_measured(&walker);
        walker.summary.cadence_spm = 97;
        walker.summary.step_length_m = (set & 1 ? 0.30F : 0.32F) * 1.72F;
        walker.summary.foot_angle_deg[0] = walker.summary.foot_angle_deg[1] = set & 2 ? 5 : 7;
        walker.summary.double_support_pct = set & 4 ? 32.5F : 31.5F;
        walker.summary.scuffs_per_20[FOOT_LEFT] = set & 8 ? 2 : 1;
        walker_walk(&walker, 100);
        unsigned n = (set & 1) + (set >> 1 & 1) + (set >> 2 & 1) + (set >> 3 & 1);
        assert_int_equal(said_n(&walker) > 0, n >= 2);
    }
}

static void test_as_many_of_four_are_needed_as_are_set(void **unused)
{
    (void)unused;
    for (int items = 2; items <= 4; items++) {
        struct walker walker;
        shuffle(&walker);
        assert_true(params_set(&walker.params, PARAM_R02_ITEMS, items));
        walker.summary.scuffs_per_20[FOOT_RIGHT] = 0; /* three are left */
        walker_walk(&walker, 100);
        assert_int_equal(said_n(&walker) > 0, items < 4);
        if (said_n(&walker) > 0)
            assert_true(walker.found.items[0].threshold == (float)items);
        walker.summary.double_support_pct = 25; /* two are left */
        walker_walk(&walker, 132);
        assert_int_equal(walker.cleared_n[RULE_R02], items == 3);
    }
}

static void test_the_wearers_own_steps_count(void **unused)
{
    (void)unused;
    struct walker walker;
    shuffle(&walker);
    walker_usual(&walker);
    walker.summary.step_length_m = 0.32F * 1.72F; /* < 0.8 x 0.41 */
    walker.summary.foot_angle_deg[0] = walker.summary.foot_angle_deg[1] = 10;
    walker.summary.double_support_pct = 29; /* > 22 + 6 */
    walker.summary.scuffs_per_20[FOOT_RIGHT] = 0;
    walker_walk(&walker, 100);
    assert_true(said_n(&walker) > 0);
}

static void test_nothing_measured_is_no_data_and_not_a_shuffle(void **unused)
{
    (void)unused;
    struct walker walker;
    shuffle(&walker);
    walker.profile.height_m = NAN;
    walker.summary.double_support_pct = walker.summary.scuffs_per_20[0] = NAN;
    walker.summary.scuffs_per_20[1] = NAN;
    walker_walk(&walker, 200);
    assert_int_equal(said_n(&walker), 0);
    assert_int_equal(rules_absence(&walker.rules, RULE_R02), RULE_NO_DATA);
}

static void test_leg_pain_high_pain_a_frame_and_a_crowd_keep_it_away(void **unused)
{
    (void)unused;
    for (int i = 0; i < 4; i++) {
        struct walker walker;
        shuffle(&walker);
        walker.p05_open = i == 0;
        struct wire_report report = pain(i == 1 ? 6 : 5);
        walker_report(&walker, &report);
        walker.profile.walking_aid = i == 2;
        walker.context.flags = (uint8_t)(i == 2 ? CONTEXT_FLAG_HANDS_FIXED : 0);
        walker.seconds = true;
        walker.rules.stopped_n = i == 3 ? 200 : 0;
        walker_walk(&walker, 120);
        assert_int_equal(said_n(&walker), 0);
        assert_int_equal(rules_absence(&walker.rules, RULE_R02), RULE_CONTRAINDICATED);
    }
}

static void test_first_20_s_after_a_stop_do_not_count(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walker_measured(&walker);
    walker_walk(&walker, 100);
    walker.now_s = 120;
    shuffle(&walker);
    walker.now_s = 120;
    walker_walk(&walker, 139);
    assert_int_equal(walker.rules.windows[TRACK_R02].strides_n[0], 0);
    walker_walk(&walker, 169);
    assert_int_equal(said_n(&walker), 0);
    walker_walk(&walker, 171);
    assert_int_equal(said_n(&walker), 1);
}

static void test_it_ends_when_one_of_four_is_left(void **unused)
{
    (void)unused;
    struct walker walker;
    shuffle(&walker);
    walker_walk(&walker, 70);
    walker.summary.foot_angle_deg[0] = walker.summary.foot_angle_deg[1] = 12;
    walker.summary.double_support_pct = 25;
    walker_walk(&walker, 110);
    assert_int_equal(walker.cleared_n[RULE_R02], 0); /* two are left */
    walker.summary.scuffs_per_20[FOOT_RIGHT] = 0;
    walker_walk(&walker, 132);
    assert_int_equal(walker.cleared_n[RULE_R02], 1);
}

static void test_one_insole_is_enough(void **unused)
{
    (void)unused;
    struct walker walker;
    shuffle(&walker);
    walker.one_foot = true;
    walker.devices = COVERAGE_LEFT_INSOLE;
    walker.summary.foot_angle_deg[FOOT_RIGHT] = walker.summary.scuffs_per_20[FOOT_RIGHT] = NAN;
    walker.summary.double_support_pct = NAN;
    walker_walk(&walker, 100);
    assert_true(said_n(&walker) > 0);
}

static void test_the_third_walk_in_a_row_makes_it_a_matter_for_the_summary_once(void **unused)
{
    (void)unused;
    struct walker walker;
    shuffle(&walker);
    for (int walk = 1; walk <= 6; walk++) {
        walker_walk(&walker, walker.now_s + 100);
        walker_end(&walker);
        assert_int_equal(walker.raised_n[TEXT_R02_SUMMARY], walk >= 3);
    }
    struct stride_summary shuffled = walker.summary;
    walker_measured(&walker); /* a walk without in between: not three in a row */
    shuffle(&walker);
    walker.summary = shuffled;
    for (int walk = 1; walk <= 5; walk++) {
        if (walk == 3)
            walker_measured(&walker);
        else
            walker.summary = shuffled;
        walker_walk(&walker, walker.now_s + 100);
        walker_end(&walker);
        assert_int_equal(walker.raised_n[TEXT_R02_SUMMARY], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_shuffle_is_told_once_it_lasts),
        cmocka_unit_test(test_two_of_four_are_needed),
        cmocka_unit_test(test_as_many_of_four_are_needed_as_are_set),
        cmocka_unit_test(test_the_wearers_own_steps_count),
        cmocka_unit_test(test_nothing_measured_is_no_data_and_not_a_shuffle),
        cmocka_unit_test(test_leg_pain_high_pain_a_frame_and_a_crowd_keep_it_away),
        cmocka_unit_test(test_first_20_s_after_a_stop_do_not_count),
        cmocka_unit_test(test_it_ends_when_one_of_four_is_left),
        cmocka_unit_test(test_one_insole_is_enough),
        cmocka_unit_test(test_the_third_walk_in_a_row_makes_it_a_matter_for_the_summary_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
