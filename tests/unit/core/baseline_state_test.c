/* A baseline that is set, restarted, filled with anything, and copied. */
#include "baseline_fixture.h"

static void test_a_set_value_is_neither_learnt_over_nor_forgotten(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 300);
    assert_true(baseline_set(&walker.state, BASELINE_CADENCE, 1.25F, 95, 2));
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 3000);
    rest(&walker);
    baseline_day(&walker.state, 200, false);
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_SET);
    assert_true(fabsf(cadence(&walker, 1.25F).value - 95) < 0.01F);
    assert_true(fabsf(cadence(&walker, 1.25F).mad - 2) < 0.01F);
    assert_true(baseline_set(&walker.state, BASELINE_CADENCE, 1.25F, 0, NAN));
    assert_true(cadence(&walker, 1.25F).value == 0 && isnan(cadence(&walker, 1.25F).mad));
    assert_true(baseline_set(&walker.state, BASELINE_CADENCE, 1.25F, NAN, NAN));
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_DEFAULT);
    struct walker before;
    memcpy(&before, &walker, sizeof before);
    assert_false(baseline_set(&walker.state, BASELINE_CADENCE, 2.5F, 95, 2));
    assert_false(baseline_set(&walker.state, BASELINE_CADENCE, 1.25F, 1e9F, 2));
    assert_false(baseline_set(&walker.state, BASELINE_CADENCE, 1.25F, 95, -2));
    assert_false(baseline_set(&walker.state, BASELINE_CADENCE, 1.25F, INFINITY, 2));
    assert_memory_equal(&walker, &before, sizeof before);
}

static void test_a_restarted_clock_drops_what_waits_and_keeps_what_is_known(void **unused)
{
    (void)unused;
    struct walker walker, before;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 2000);
    rest(&walker);
    memcpy(&before, &walker, sizeof before);
    walk(&walker, BASELINE_CADENCE, 1.25F, 70, 300);
    walker.at_ns = 5 * second_ns;
    rest(&walker);
    rest(&walker);
    assert_memory_equal(walker.state.cells, before.state.cells, sizeof before.state.cells);
}

static void test_order_of_bins_within_a_block_does_not_matter(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    for (int i = 0; i < 600; i++) {
        walk(&walker, BASELINE_CADENCE, i % 3 == 0 ? 1.15F : 1.25F, i % 3 == 0 ? 100 : 110, 1);
    }
    rest(&walker);
    assert_true(fabsf(cadence(&walker, 1.15F).value - 100) < 0.4F);
    assert_true(fabsf(cadence(&walker, 1.25F).value - 110) < 0.4F);
    assert_int_equal(walker.state.left_out_n, 0);
}

static void test_a_fourth_speed_in_a_block_is_left_out_and_counted(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    for (int i = 0; i < 400; i++) {
        walk(&walker, BASELINE_CADENCE, 0.85F + 0.1F * (float)(i % 4), 100, 1);
    }
    rest(&walker);
    assert_int_equal(walker.state.left_out_n, 100);
    assert_int_equal(walker.state.cells[8][BASELINE_CADENCE].fours, 0);
    assert_int_equal(cadence(&walker, NAN).source, BASELINE_OWN);
}

static void test_what_is_no_value_counts_for_nothing(void **unused)
{
    (void)unused;
    const float bad[] = {NAN, INFINITY, -INFINITY, 1e30F, -1e30F, 400};
    struct walker walker;
    walker_init(&walker);
    for (int i = 0; i < 3000; i++) {
        float values[BASELINE_METRICS];
        none(values);
        values[BASELINE_CADENCE] = bad[i % 6];
        baseline_learn(&walker.state, walker.at_ns, 1.25F, values, false);
        walker.at_ns += second_ns / 2;
    }
    rest(&walker);
    assert_int_equal(walker.state.cells[9][BASELINE_CADENCE].mad, 0);
    assert_int_equal(cadence(&walker, 1.25F).source, BASELINE_DEFAULT);
}

static void test_a_belt_that_never_varies_has_a_small_mad_and_the_right_median(void **unused)
{
    (void)unused;
    struct walker walker;
    walker_init(&walker);
    for (int i = 0; i < 4000; i++) {
        float values[BASELINE_METRICS];
        none(values);
        values[BASELINE_SLH] = 0.4F;
        baseline_learn(&walker.state, walker.at_ns, 1.25F, values, false);
        walker.at_ns += second_ns / 2;
    }
    rest(&walker);
    struct baseline_value told = baseline_get(&walker.state, BASELINE_SLH, 1.25F);
    assert_true(fabsf(told.value - 0.4F) < 0.0005F && told.mad < 0.001F && told.mad > 0);
}

/* Any calls in any order: bounded, same bytes twice, sources consistent. */
static void any_calls(struct baseline_state *state, uint64_t random)
{
    baseline_init(state);
    struct walker dice = {.random = random};
    int64_t at_ns = 0;
    for (int i = 0; i < 20000; i++) {
        float values[BASELINE_METRICS];
        for (int metric = 0; metric < BASELINE_METRICS; metric++) {
            float pick = noise(&dice);
            values[metric] = pick < -0.6F ? NAN : noise(&dice) * (pick > 0.9F ? 1e6F : 200);
        }
        float what = noise(&dice), speed = noise(&dice) * 2.5F;
        at_ns += (int64_t)(noise(&dice) * 60e9F) + 55 * second_ns;
        baseline_learn(state, at_ns, speed < -1 ? NAN : speed, values, what > 0.99F);
        if (what < -0.99F) {
            baseline_raised(state, at_ns + (int64_t)(noise(&dice) * 1e12F));
        } else if (what < -0.97F) {
            baseline_day(state, i / 300, what < -0.98F);
        } else if (what < -0.965F) {
            baseline_set(state, (enum baseline_metric)(i % BASELINE_METRICS), speed, values[0],
                         values[1]);
        }
    }
}

static void test_any_calls_give_the_same_bytes_and_sound_answers(void **unused)
{
    (void)unused;
    static struct baseline_state one, other;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        memset(&one, 0xff, sizeof one);
        any_calls(&one, seed);
        any_calls(&other, seed);
        assert_memory_equal(&one, &other, sizeof one);
        for (int at = 0; at < BASELINE_METRICS * 30; at++) {
            float speed = at % 30 == 0 ? NAN : 0.1F * (float)(at % 30) - 0.25F;
            struct baseline_value told = baseline_get(&one, (enum baseline_metric)(at / 30), speed);
            assert_int_equal(told.source == BASELINE_NONE, isnan(told.value));
            assert_true(isnan(told.mad) || told.mad >= 0);
        }
    }
}

static void test_a_checkpoint_in_the_middle_goes_on_as_if_nothing_happened(void **unused)
{
    (void)unused;
    struct walker walker, copy;
    walker_init(&walker);
    walk(&walker, BASELINE_CADENCE, 1.25F, 108, 450);
    memcpy(&copy, &walker, sizeof copy);
    walk(&walker, BASELINE_CADENCE, 1.25F, 104, 3000);
    walk(&copy, BASELINE_CADENCE, 1.25F, 104, 3000);
    assert_memory_equal(&walker, &copy, sizeof copy);
}

static void test_every_metric_has_a_name_of_its_own(void **unused)
{
    (void)unused;
    for (int i = 0; i < BASELINE_METRICS; i++) {
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(baseline_metric_name((enum baseline_metric)i),
                                    baseline_metric_name((enum baseline_metric)j));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_set_value_is_neither_learnt_over_nor_forgotten),
        cmocka_unit_test(test_a_restarted_clock_drops_what_waits_and_keeps_what_is_known),
        cmocka_unit_test(test_order_of_bins_within_a_block_does_not_matter),
        cmocka_unit_test(test_a_fourth_speed_in_a_block_is_left_out_and_counted),
        cmocka_unit_test(test_what_is_no_value_counts_for_nothing),
        cmocka_unit_test(test_a_belt_that_never_varies_has_a_small_mad_and_the_right_median),
        cmocka_unit_test(test_any_calls_give_the_same_bytes_and_sound_answers),
        cmocka_unit_test(test_a_checkpoint_in_the_middle_goes_on_as_if_nothing_happened),
        cmocka_unit_test(test_every_metric_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
