/* What the cells of scripted feet say about their stances. */
#include "sole_walker.h"

static struct run run_a, run_b;

static void a_measure_is_off_at_some_sample_rate(void **state)
{
    (void)state;
    static const double rates[] = {50.0, 100.0, 125.0, 200.0, 300.0};
    struct truth truth = find_truth(&plain);
    for (int r = 0; r < 5; r++) {
        walk(&run_a, &plain, rates[r], 60.0);
        for (int i = 2; i < run_a.stances_n; i++) {
            const struct sole_stance *stance = &run_a.stances[i];
            assert_int_equal(stance->foot, FOOT_RIGHT);
            assert_true(fabs(stance->foot_off_us - stance->contact_us - STANCE_S * 1e6) < 30e3);
            assert_true(fabs((double)stance->forefoot_share - truth.forefoot_share) < 0.02);
            assert_true(fabs((double)stance->first_peak_n / truth.first_peak_n - 1) < 0.03);
            assert_true(fabs((double)stance->loading_n_s / truth.loading_n_s - 1) <
                        (r == 0 ? 0.06 : 0.02));
            assert_true(fabs((double)stance->stride_mean_n / truth.stride_mean_n - 1) < 0.04);
            assert_true(fabs((double)stance->cop_range_mm - 170) < 25);
            assert_true(stance->cop_path_mm >= stance->cop_range_mm - 0.1F);
            assert_int_equal(stance->forefoot_first, SOLE_NO);
            assert_int_equal(stance->scuff_before, SOLE_NO);
            assert_int_equal(stance->partial, SOLE_NO);
        }
    }
}

static void load_on_the_inner_side_is_not_told_from_the_outer(void **state)
{
    (void)state;
    struct walker walker = plain;
    float before = 2.0F;
    for (int mm = -16; mm <= 16; mm += 8) {
        walker.lateral_mm = mm;
        walk(&run_a, &walker, 100, 20);
        float index = last(&run_a)->medial_index;
        assert_true(index < before - 0.1F && fabsf(index) < 1.0F);
        assert_true((mm < 0) == (index > 0.05F) && (mm > 0) == (index < -0.05F));
        /* A path shifted to one side is no bent one. */
        assert_true(fabsf(last(&run_a)->cpei_pct) < 5.0F);
        before = index;
    }
}

static void a_path_that_bends_outward_has_no_larger_excursion(void **state)
{
    (void)state;
    struct walker walker = plain;
    float before = -100.0F;
    for (int mm = -15; mm <= 15; mm += 5) {
        walker.bulge_mm = mm;
        walk(&run_a, &walker, 100, 20);
        float cpei = last(&run_a)->cpei_pct;
        assert_true(cpei > before + 1.0F && cpei < 30.0F);
        /* The script's own toe cells lie some mm to the inner side. */
        assert_true((mm < 10 || cpei > 1.0F) && (mm > -10 || cpei < -1.0F));
        before = cpei;
    }
}

static void a_foot_that_slaps_down_is_not_seen(void **state)
{
    (void)state;
    struct walker walker = plain;
    walk(&run_a, &walker, 100, 20);
    float sound_s = last(&run_a)->forefoot_delay_s;
    walker.roll_from_s = 0.03;
    walker.roll_s = 0.05;
    walk(&run_b, &walker, 100, 20);
    float slap_s = last(&run_b)->forefoot_delay_s;
    assert_true(sound_s > 0.1F && sound_s < 0.4F);
    assert_true(slap_s >= 0.0F && slap_s < 0.4F * sound_s);
    assert_int_equal(last(&run_b)->forefoot_first, SOLE_NO);
}

static void toes_first_is_taken_for_a_heel(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.tiptoe = true;
    walk(&run_a, &walker, 100, 20);
    assert_int_equal(last(&run_a)->forefoot_first, SOLE_YES);
    assert_int_equal(last(&run_a)->partial, SOLE_YES);
    assert_true(isnan(last(&run_a)->forefoot_delay_s));
    assert_true(last(&run_a)->forefoot_share > 0.9F);
}

static void the_middle_of_the_foot_is_taken_for_a_heel(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.from_mm = 125.0;
    walk(&run_a, &walker, 100, 20);
    assert_int_equal(last(&run_a)->forefoot_first, SOLE_YES);
    assert_true(isnan(last(&run_a)->forefoot_delay_s));
}

static void a_hard_heel_s_transient_is_taken_for_the_first_peak(void **state)
{
    (void)state;
    run_start(&run_a, FOOT_LEFT, 100);
    int n = make(&plain, 100, 30);
    for (int k = 0; k < n; k++) {
        double in_s = fmod(k / 100.0, STRIDE_S);
        float spike = in_s > 0.015 && in_s < 0.045 ? 400.0F : 0.0F;
        values[0][k] += spike;
        total[k] += spike;
    }
    feed(&run_a, n, 25);
    assert_true(fabs((double)last(&run_a)->first_peak_n / find_truth(&plain).first_peak_n - 1) <
                0.03);
}

static void one_small_step_is_not_called_partial(void **state)
{
    (void)state;
    struct walker small = plain;
    small.load = 0.4;
    int n = make(&small, 100, 22), from = (int)(10 * 100 * STRIDE_S) - 20, to = from + 110;
    static float kept[CELLS][110], kept_total[110];
    for (int i = 0; i < CELLS; i++)
        memcpy(kept[i], &values[i][from], sizeof kept[i]);
    memcpy(kept_total, &total[from], sizeof kept_total);
    assert_int_equal(make(&plain, 100, 22), n);
    for (int i = 0; i < CELLS; i++)
        memcpy(&values[i][from], kept[i], sizeof kept[i]);
    memcpy(&total[from], kept_total, sizeof kept_total);
    run_start(&run_a, FOOT_LEFT, 100);
    feed(&run_a, n, 25);
    int partial_n = 0;
    for (int i = 0; i < run_a.stances_n; i++) {
        bool is_small = fabs(run_a.stances[i].contact_us - (3e6 + 10 * STRIDE_S * 1e6)) < 50e3;
        partial_n += run_a.stances[i].partial == SOLE_YES;
        assert_true(!is_small || run_a.stances[i].partial == SOLE_YES);
    }
    assert_int_equal(partial_n, 1);
    assert_true(to < n);
}

/* ---- swings */

static int scuffs(const struct run *run, int which)
{
    int n = 0;
    for (int i = 2; i < run->stances_n; i++)
        n += run->stances[i].scuff_before == which;
    return n;
}

static void a_toe_that_scuffs_is_missed_or_made_up(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.scuff_n = 0.05 * WEIGHT_N;
    walker.scuff_s = 0.06;
    walk(&run_a, &walker, 100, 30);
    assert_int_equal(scuffs(&run_a, SOLE_YES), run_a.stances_n - 2);
    walker.scuff_s = 0.015; /* under 30 ms */
    walk(&run_a, &walker, 100, 30);
    assert_int_equal(scuffs(&run_a, SOLE_YES), 0);
    walker.scuff_s = 0.06;
    walker.scuff_n = 0.02 * WEIGHT_N; /* under 3 % */
    walk(&run_a, &walker, 100, 30);
    assert_int_equal(scuffs(&run_a, SOLE_YES), 0);
    assert_int_equal(scuffs(&run_a, SOLE_NO), run_a.stances_n - 2);
}

static void a_scuff_is_denied_before_the_load_of_a_stride_is_known(void **state)
{
    (void)state;
    walk(&run_a, &plain, 100, 20);
    assert_int_equal(run_a.stances[0].scuff_before, SOLE_UNKNOWN);
    assert_int_equal(run_a.stances[run_a.stances_n - 1].scuff_before, SOLE_NO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_measure_is_off_at_some_sample_rate),
        cmocka_unit_test(load_on_the_inner_side_is_not_told_from_the_outer),
        cmocka_unit_test(a_path_that_bends_outward_has_no_larger_excursion),
        cmocka_unit_test(a_foot_that_slaps_down_is_not_seen),
        cmocka_unit_test(toes_first_is_taken_for_a_heel),
        cmocka_unit_test(the_middle_of_the_foot_is_taken_for_a_heel),
        cmocka_unit_test(a_hard_heel_s_transient_is_taken_for_the_first_peak),
        cmocka_unit_test(one_small_step_is_not_called_partial),
        cmocka_unit_test(a_toe_that_scuffs_is_missed_or_made_up),
        cmocka_unit_test(a_scuff_is_denied_before_the_load_of_a_stride_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
