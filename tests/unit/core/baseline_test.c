/* What a baseline knows, by which strides, and for how long. */
#include "baseline_fixture.h"

static void test_a_walk_is_known_in_its_bin_and_at_any_speed_only(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 3000);
    rest(&walker);
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_OWN);
    assert_true(fabsf(cadence(&walker, 1.25F).value - 108) < 0.2F);
    assert_true(fabsf(cadence(&walker, 1.25F).mad - 1) < 0.1F);
    assert_int_equal(cadence(&walker, NAN).source, BASELINE_OWN);
    assert_int_equal(cadence(&walker, 1.15F).source, BASELINE_NEIGHBOUR);
    assert_int_equal(cadence(&walker, 1.35F).source, BASELINE_NEIGHBOUR);
    assert_int_equal(cadence(&walker, 1.05F).source, BASELINE_DEFAULT);
    assert_int_equal(cadence(&walker, 1.45F).source, BASELINE_DEFAULT);
    assert_int_equal(baseline_get(&walker.state, BASELINE_MEDIAL, 1.25F).source, BASELINE_NONE);
}

static void test_199_strides_are_not_200(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 196);
    rest(&walker);
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_DEFAULT);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 8);
    rest(&walker);
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_OWN);
}

static void test_speed_bins_begin_at_each_tenth(void **unused)
{
    (void)unused;
    const struct {
        float speed, same, other;
    } edges[] = {{0.3F, 0.399F, 0.4F},
                 {0.7F, 0.799F, 0.699F},
                 {1.4F, 1.45F, 1.3999F - 0.1F},
                 {2.1F, 2.199F, 2.099F}};
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        struct walker walker;
        walker_init(&walker);
        walk(&walker, BASELINE_CADENCE, edges[i].speed, 100, 400);
        rest(&walker);
        assert_int_equal(cadence(&walker, edges[i].same).source, BASELINE_OWN);
        assert_int_not_equal(cadence(&walker, edges[i].other).source, BASELINE_OWN);
    }
}

static void test_speed_outside_of_the_range_is_neither_learnt_nor_told(void **unused)
{
    (void)unused;
    const float speeds[] = {0.299F, 0, -1, 2.2F, 5, 1e30F, INFINITY, -INFINITY};
    struct walker walker;
    walker_init(&walker);
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
        walk(&walker, BASELINE_CADENCE, speeds[i], 160, 400);
        rest(&walker);
        assert_int_equal(cadence(&walker, speeds[i]).source, BASELINE_NONE);
        assert_true(isnan(cadence(&walker, speeds[i]).value));
    }
    assert_int_equal(cadence(&walker, NAN).source, BASELINE_DEFAULT);
}

static void test_unknown_speed_goes_to_any_speed_and_never_to_a_bin(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, NAN, 90, 400);
    rest(&walker);
    assert_int_equal(cadence(&walker, NAN).source, BASELINE_OWN);
    for (int bin = 0; bin < BASELINE_SPEEDS; bin++) {
        float speed = 0.35F + 0.1F * (float)bin;
        assert_int_equal(cadence(&walker, speed).source, BASELINE_DEFAULT);
    }
}

static void test_defaults_are_the_rule_books_and_only_where_it_has_one(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    const struct {
        enum baseline_metric metric;
        float speed, value;
    } cases[] = {{BASELINE_CADENCE, NAN, 110},      {BASELINE_CADENCE, 1.2F, 105.25F},
                 {BASELINE_SLH, 1.2F, 0.43F},       {BASELINE_SLH, 0.6F, NAN},
                 {BASELINE_FSA, NAN, 20},           {BASELINE_DOUBLE_SUPPORT, 1.2F, 22.5F},
                 {BASELINE_STRIDE_CV, 1.2F, 2.5F},  {BASELINE_SI_STEP, 1.2F, NAN},
                 {BASELINE_SI_LOAD, NAN, NAN},      {BASELINE_LOADING_RATE, 1.5F, NAN},
                 {BASELINE_FOREFOOT, 1.2F, NAN},    {BASELINE_MEDIAL, NAN, NAN},
                 {BASELINE_ARM_SWING, 1.2F, 45},    {BASELINE_CLEARANCE, 1.2F, 17.5F},
                 {BASELINE_PEAK_FORCE, 1.5F, 1.2F}, {BASELINE_PEAK_FORCE, NAN, NAN},
                 {BASELINE_PEAK_FORCE, 1.0F, NAN}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct baseline_value told = baseline_get(&walker.state, cases[i].metric, cases[i].speed);
        if (isnan(cases[i].value)) {
            assert_true(isnan(told.value) && told.source == BASELINE_NONE);
        } else {
            assert_true(fabsf(told.value - cases[i].value) < 0.1F);
            assert_int_equal(told.source, BASELINE_DEFAULT);
        }
        assert_true(isnan(told.mad));
    }
}

static void test_two_neighbours_are_averaged(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.15F, 100, 800);
    walk(&walker, BASELINE_CADENCE, 1.35F, 110, 800);
    rest(&walker);
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_NEIGHBOUR);
    assert_true(fabsf(cadence(&walker, 1.25F).value - 105) < 0.5F);
}

static void test_nothing_is_learnt_before_the_longest_rule_could_speak(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 1199); /* to 599.5 s */
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_DEFAULT);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 2);
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_OWN);
}

static void test_strides_of_an_episode_are_not_learnt_from_its_start_on(void **unused)
{
    (void)unused;
    struct walker walker, calm;
    walker_init(&walker);
    walk(&walker, BASELINE_LOADING_RATE, 1.25F, 8, 600); /* 0 to 300 s */
    rest(&walker);
    memcpy(&calm, &walker, sizeof calm);
    walk(&walker, BASELINE_LOADING_RATE, 1.25F, 20, 600); /* R08: D = 300 s */
    baseline_raised(&walker.state, walker.at_ns - 300 * second_ns);
    rest(&walker);
    rest(&calm);
    assert_memory_equal(walker.state.cells, calm.state.cells, sizeof calm.state.cells);
}

static void test_an_episode_leaves_alone_what_was_walked_before_it(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 600); /* one block */
    walk(&walker, BASELINE_CADENCE, 1.25F, 60, 200);
    baseline_raised(&walker.state, 310 * second_ns);
    rest(&walker);
    /* What came with it were the first strides ever: the cell that they moved is not kept. */
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_DEFAULT);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 600);
    rest(&walker);
    uint32_t fours = walker.state.cells[9][BASELINE_CADENCE].fours;
    walker.at_ns = (walker.at_ns / (300 * second_ns) + 1) * 300 * second_ns;
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 600);
    int64_t start_ns = walker.at_ns;
    walk(&walker, BASELINE_CADENCE, 1.25F, 60, 200);
    baseline_raised(&walker.state, start_ns);
    rest(&walker);
    assert_true(walker.state.cells[9][BASELINE_CADENCE].fours >= fours + 149);
    assert_true(fabsf(cadence(&walker, 1.25F).value - 108) < 0.3F);
}

static void test_a_seed_that_an_episode_moved_is_not_kept(void **unused)
{
    (void)unused;
    struct walker walker, fresh;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 60, 100);
    baseline_raised(&walker.state, 0);
    walker_init(&fresh);
    assert_memory_equal(walker.state.cells, fresh.state.cells, sizeof fresh.state.cells);
    assert_memory_equal(walker.state.pending, fresh.state.pending, sizeof fresh.state.pending);
}

static void test_an_old_episode_raised_late_drops_both_blocks(void **unused)
{
    (void)unused;
    struct walker walker, before;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 1000);
    rest(&walker);
    memcpy(&before, &walker, sizeof before);
    int64_t start_ns = walker.at_ns;
    walk(&walker, BASELINE_CADENCE, 1.25F, 80, 600); /* 300 s: the second block is being filled */
    assert_int_equal(start_ns / second_ns / BASELINE_BLOCK_S + 1, walker.state.block);
    baseline_raised(&walker.state, start_ns);
    rest(&walker);
    assert_memory_equal(walker.state.cells, before.state.cells, sizeof before.state.cells);
}

static void test_a_speed_not_walked_for_14_days_is_forgotten(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 5000);
    rest(&walker);
    for (int day = 101; day <= 114; day++) {
        assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_OWN);
        baseline_day(&walker.state, day, false);
        walk(&walker, BASELINE_CADENCE, 1.85F, 125, 600);
        rest(&walker);
    }
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_DEFAULT);
    assert_int_equal(cadence(&walker, 1.85F).source, BASELINE_OWN);
}

static void test_a_flare_freezes_learning_fading_and_what_waits(void **unused)
{
    (void)unused;
    struct walker walker, before;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 2000);
    rest(&walker);
    memcpy(&before, &walker, sizeof before);
    walk(&walker, BASELINE_CADENCE, 1.25F, 80, 500);
    walker.frozen = true;
    for (int day = 101; day < 140; day++) {
        baseline_day(&walker.state, day, true);
        walk(&walker, BASELINE_CADENCE, 1.25F, 80, 1500);
        rest(&walker);
    }
    assert_memory_equal(walker.state.cells, before.state.cells, sizeof before.state.cells);
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_OWN);
    walker.frozen = false;
    baseline_day(&walker.state, 140, false);
    assert_true(walker.state.cells[9][BASELINE_CADENCE].fours <
                before.state.cells[9][BASELINE_CADENCE].fours);
}

static void test_a_walk_is_forgotten_after_14_days_and_not_before(void **unused)
{
    (void)unused;
    const int strides[] = {200, 5000};
    for (size_t i = 0; i < sizeof strides / sizeof strides[0]; i++) {
        struct walker walker;
        walker_init(&walker);
        walk(&walker, BASELINE_CADENCE, 1.25F, 108, strides[i]);
        rest(&walker);
        for (int day = 101; day <= 113; day++) {
            baseline_day(&walker.state, day, false);
            assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_OWN);
        }
        baseline_day(&walker.state, 114, false);
        assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_DEFAULT);
        assert_int_equal(cadence(&walker, NAN).source, BASELINE_DEFAULT);
    }
}

static void test_a_metric_is_forgotten_when_its_device_is_gone(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walk(&walker, BASELINE_ARM_SWING, 1.25F, 40, 5000);
    rest(&walker);
    for (int day = 101; day <= 114; day++) {
        baseline_day(&walker.state, day, false);
        walk(&walker, BASELINE_CADENCE, 1.25F, 108, 600);
        rest(&walker);
    }
    assert_int_equal(baseline_get(&walker.state, BASELINE_ARM_SWING, 1.25F).source,
                     BASELINE_DEFAULT);
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_OWN);
}

static void test_days_in_one_jump_fade_as_days_one_by_one(void **unused)
{
    (void)unused;
    struct walker one, jump;
    walker_init(&one);
    walk(&one, BASELINE_CADENCE, 1.25F, 108, 3000);
    rest(&one);
    memcpy(&jump, &one, sizeof jump);
    for (int day = 101; day <= 109; day++) {
        baseline_day(&one.state, day, false);
    }
    baseline_day(&jump.state, 109, false);
    assert_memory_equal(&one.state, &jump.state, sizeof one.state);
    baseline_day(&jump.state, INT32_MAX, false);
    baseline_day(&jump.state, INT32_MIN, false);
    baseline_day(&jump.state, INT32_MAX, false);
    assert_int_equal(cadence(&jump, 1.25F).source, BASELINE_DEFAULT);
}

static void test_travel_west_and_back_does_not_age(void **unused)
{
    (void)unused;
    struct walker walker, before;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 3000);
    rest(&walker);
    memcpy(&before, &walker, sizeof before);
    baseline_day(&walker.state, 99, false);
    baseline_day(&walker.state, 100, false);
    assert_memory_equal(&walker.state, &before.state, sizeof before.state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_walk_is_known_in_its_bin_and_at_any_speed_only),
        cmocka_unit_test(test_199_strides_are_not_200),
        cmocka_unit_test(test_speed_bins_begin_at_each_tenth),
        cmocka_unit_test(test_speed_outside_of_the_range_is_neither_learnt_nor_told),
        cmocka_unit_test(test_unknown_speed_goes_to_any_speed_and_never_to_a_bin),
        cmocka_unit_test(test_defaults_are_the_rule_books_and_only_where_it_has_one),
        cmocka_unit_test(test_two_neighbours_are_averaged),
        cmocka_unit_test(test_nothing_is_learnt_before_the_longest_rule_could_speak),
        cmocka_unit_test(test_strides_of_an_episode_are_not_learnt_from_its_start_on),
        cmocka_unit_test(test_an_episode_leaves_alone_what_was_walked_before_it),
        cmocka_unit_test(test_a_seed_that_an_episode_moved_is_not_kept),
        cmocka_unit_test(test_an_old_episode_raised_late_drops_both_blocks),
        cmocka_unit_test(test_a_speed_not_walked_for_14_days_is_forgotten),
        cmocka_unit_test(test_a_flare_freezes_learning_fading_and_what_waits),
        cmocka_unit_test(test_a_walk_is_forgotten_after_14_days_and_not_before),
        cmocka_unit_test(test_a_metric_is_forgotten_when_its_device_is_gone),
        cmocka_unit_test(test_days_in_one_jump_fade_as_days_one_by_one),
        cmocka_unit_test(test_travel_west_and_back_does_not_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
