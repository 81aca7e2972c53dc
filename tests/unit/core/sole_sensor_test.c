/* What sensors do must not change what is said about stances. */
#include "sole_walker.h"

static struct run run_a, run_b;

/* ---- the sensor's own ways */

static void a_cut_changes_a_bit(double rate_hz)
{
    static const int cuts[] = {1, 2, 3, 7, 24, 100, 240};
    struct walker walker = plain;
    walker.floor_drift = 0.3;
    walker.noise_n = 8.0;
    walker.scuff_n = 30.0;
    walker.scuff_s = 0.05;
    int n = make(&walker, rate_hz, 60);
    run_start(&run_a, FOOT_LEFT, rate_hz);
    feed(&run_a, n, 25);
    assert_true(run_a.stances_n > 45);
    for (size_t c = 0; c < sizeof cuts / sizeof cuts[0]; c++) {
        run_start(&run_b, FOOT_LEFT, rate_hz);
        feed(&run_b, n, cuts[c]);
        assert_int_equal(run_a.stances_n, run_b.stances_n);
        assert_memory_equal(run_a.stances, run_b.stances, sizeof run_a.stances);
        assert_memory_equal(run_a.loads, run_b.loads, sizeof run_a.loads);
        assert_memory_equal(&run_a.sole, &run_b.sole, sizeof run_a.sole);
    }
}

/* Bins of 100 Hz that lie in a frame as a whole are summed at once; of frames of 1 to 3 samples
 * none is. A period that is a bit off (of whole microseconds, so that a
 * frame's start is exact) puts two samples, or none, into a point now and then. */
static void how_samples_are_cut_changes_a_bit(void **state)
{
    (void)state;
    a_cut_changes_a_bit(125);
    a_cut_changes_a_bit(100);
    a_cut_changes_a_bit(1e6 / 9970);
    a_cut_changes_a_bit(1e6 / 10150);
}

static void a_gain_changes_more_than_newtons(void **state)
{
    (void)state;
    static const double gains[] = {0.5, 2.0};
    walk(&run_a, &plain, 100, 40);
    for (int g = 0; g < 2; g++) {
        struct walker walker = plain;
        walker.gain = gains[g];
        walk(&run_b, &walker, 100, 40);
        assert_int_equal(run_a.stances_n, run_b.stances_n);
        float gain = (float)gains[g];
        for (int i = 0; i < run_a.stances_n; i++) {
            struct sole_stance scaled = run_b.stances[i];
            scaled.stride_mean_n /= gain;
            scaled.peak_n /= gain;
            scaled.first_peak_n /= gain;
            scaled.loading_n_s /= gain;
            assert_memory_equal(&scaled, &run_a.stances[i], sizeof scaled);
        }
    }
}

static void the_left_foot_is_measured_otherwise_than_the_right(void **state)
{
    (void)state;
    walk(&run_a, &plain, 100, 40);
    run_start(&run_b, FOOT_LEFT, 100);
    feed(&run_b, make(&plain, 100, 40), 25);
    assert_int_equal(run_a.stances_n, run_b.stances_n);
    for (int i = 0; i < run_a.stances_n; i++) {
        struct sole_stance swapped = run_b.stances[i];
        assert_int_equal(swapped.foot, FOOT_LEFT);
        swapped.foot = FOOT_RIGHT;
        assert_memory_equal(&swapped, &run_a.stances[i], sizeof swapped);
    }
}

static void floors_of_cells_and_their_drift_shift_a_measure(void **state)
{
    (void)state;
    walk(&run_a, &plain, 100, 100);
    struct walker walker = plain;
    walker.floor_n = 12.0;
    walker.floor_drift = 0.2; /* 20 N a cell in the end */
    walk(&run_b, &walker, 100, 100);
    const struct sole_stance *a = last(&run_a), *b = last(&run_b);
    assert_true(fabsf(a->forefoot_share - b->forefoot_share) < 0.01F);
    assert_true(fabsf(a->medial_index - b->medial_index) < 0.02F);
    assert_true(fabsf(a->cpei_pct - b->cpei_pct) < 1.0F);
    assert_true(fabsf(a->first_peak_n / b->first_peak_n - 1.0F) < 0.02F);
}

/* ---- cells that died */

static void a_stuck_cell_is_not_found_or_still_measured_with(void **state)
{
    (void)state;
    static const double shows[] = {0.0, 4.0, 55.0};
    for (int s = 0; s < 3; s++) {
        struct walker walker = plain;
        walker.stuck = 6;
        walker.stuck_s = 30.0;
        walker.stuck_n = shows[s];
        walk(&run_a, &walker, 100, 120);
        assert_int_equal(sole_stuck_cells(&run_a.sole), 1U << 6);
        for (int i = 2; i < run_a.stances_n; i++) {
            const struct sole_stance *stance = &run_a.stances[i];
            double since_s = stance->contact_us * 1e-6 - 3.0 - 30.0;
            bool before = since_s<59 * STRIDE_S, after = since_s> 75 * STRIDE_S;
            assert_true(before || isnan(stance->forefoot_share) || !after);
            assert_true(!before || isfinite(stance->forefoot_share));
            assert_true(!after || (isnan(stance->medial_index) && isnan(stance->cpei_pct) &&
                                   isnan(stance->forefoot_delay_s)));
            assert_true(isfinite(stance->peak_n) && isfinite(stance->loading_n_s));
        }
    }
}

static void a_foot_that_stands_still_counts_as_dead(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.noise_n = 0.0;
    walker.stand_to_s = 200.0;
    run_start(&run_a, FOOT_LEFT, 100);
    feed(&run_a, make(&walker, 100, 220), 25);
    assert_true(run_a.stances_n > 10);
    assert_int_equal(sole_stuck_cells(&run_a.sole), 0);
}

static void a_cell_that_moves_again_stays_stuck(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.stuck = 3;
    run_start(&run_a, FOOT_LEFT, 100);
    int n = make(&walker, 100, 90);
    feed(&run_a, n, 25);
    assert_int_equal(sole_stuck_cells(&run_a.sole), 1U << 3);
    assert_int_equal(make(&plain, 100, 110), 11000);
    for (int i = n; i < 11000; i += 25)
        push(&run_a, i, i + 25, false);
    assert_int_equal(sole_stuck_cells(&run_a.sole), 0);
    assert_true(isfinite(last(&run_a)->medial_index));
}

/* ---- feet with other sensors */

static void a_foot_without_cells_has_measures_of_cells(void **state)
{
    (void)state;
    for (int with_place = 0; with_place < 2; with_place++) {
        run_start(&run_a, FOOT_LEFT, 100);
        int n = make(&plain, 100, 30);
        if (with_place == 0) {
            run_a.descriptor.streams[0].channels_n = 1;
            run_a.descriptor.channels[0].quantity = STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE;
            run_a.descriptor.channels[0].has_place = false;
        } else {
            run_a.descriptor.channels[7].has_place = false;
        }
        feed(&run_a, n, 25);
        assert_true(run_a.stances_n > 20);
        const struct sole_stance *stance = last(&run_a);
        assert_true(isnan(stance->forefoot_share) && isnan(stance->medial_index) &&
                    isnan(stance->cpei_pct) && isnan(stance->cop_range_mm) &&
                    isnan(stance->cop_path_mm) && isnan(stance->forefoot_delay_s));
        assert_int_equal(stance->forefoot_first, SOLE_UNKNOWN);
        assert_int_equal(stance->scuff_before, SOLE_NO);
        assert_int_equal(stance->partial, SOLE_NO);
        struct truth truth = find_truth(&plain);
        assert_true(fabs((double)stance->loading_n_s / truth.loading_n_s - 1) < 0.06);
        assert_true(fabs((double)stance->stride_mean_n / truth.stride_mean_n - 1) < 0.04);
    }
}

static void cells_of_another_insole_use_the_old_ones_floors(void **state)
{
    (void)state;
    walk(&run_a, &plain, 100, 30);
    run_a.descriptor.streams[0].channels_n--; /* one cell less */
    int stances_n = run_a.stances_n;
    push(&run_a, 0, 25, true);
    assert_false(run_a.sole.floors_known);
    feed(&run_a, 2900, 25);
    assert_true(run_a.stances_n > stances_n + 10);
}

/* ---- gaps and garbage */

static void a_stance_is_told_across_a_gap(void **state)
{
    (void)state;
    int n = make(&plain, 100, 60);
    run_start(&run_a, FOOT_LEFT, 100);
    for (int i = 0; i < n; i += 25) {
        bool lost = i >= 2000 && i < 2025; /* a quarter of a second */
        if (!lost)
            push(&run_a, i, i + 25, i == 2025);
    }
    for (int i = 0; i < run_a.stances_n; i++) {
        double from_us = run_a.stances[i].contact_us - 3e6,
               to_us = run_a.stances[i].foot_off_us - 3e6;
        assert_true(to_us <= 20e6 || from_us >= 20.24e6);
        assert_true(from_us < to_us);
    }
    assert_true(isfinite(last(&run_a)->forefoot_share));
}

static void a_stance_is_told_across_a_clock_that_jumped(void **state)
{
    (void)state;
    static const double jumps_us[] = {100e6, 1e12, -2e6, 60e3};
    int n = make(&plain, 100, 40);
    for (int j = 0; j < 4; j++) {
        run_start(&run_a, FOOT_LEFT, 100);
        for (int i = 0; i < n; i += 25) {
            jump_us = i < 2025 ? 0.0 : jumps_us[j]; /* in a stance */
            push(&run_a, i, i + 25, false);
        }
        jump_us = 0.0;
        double jumped_us = 3e6 + 20.25e6;
        int after_n = 0;
        for (int i = 0; i < run_a.stances_n; i++) {
            const struct sole_stance *stance = &run_a.stances[i];
            assert_true(stance->foot_off_us - stance->contact_us < 1e6);
            assert_true(stance->foot_off_us > stance->contact_us);
            after_n += stance->contact_us > jumped_us;
        }
        assert_true(after_n > 10);
    }
}

static void a_foot_off_told_just_before_a_gap_is_lost(void **state)
{
    (void)state;
    int n = make(&plain, 100, 60);
    run_start(&run_a, FOOT_LEFT, 100);
    feed(&run_a, n, 25);
    double foot_off_us = run_a.stances[15].foot_off_us;
    /* It was told 0.35 s later, and waits till 0.4 s. */
    int gap = (int)((foot_off_us - 3e6) / 1e4) + 37;
    run_start(&run_b, FOOT_LEFT, 100);
    for (int i = 0; i < gap; i++)
        push(&run_b, i, i + 1, false);
    push(&run_b, gap + 50, gap + 75, true);
    assert_int_equal(run_b.stances_n, 16);
    assert_memory_equal(&run_b.stances[15], &run_a.stances[15], sizeof run_a.stances[15]);
}

static void garbage_breaks_the_state(void **state)
{
    (void)state;
    uint64_t random = 7;
    run_start(&run_a, FOOT_LEFT, 100);
    struct slice slice = {.period_us = 10000};
    for (int round = 0; round < 4000; round++) {
        int n = 1 + (int)(noise(&random) * 59 + 60), events_n = 0;
        struct gait_event events[4];
        memset(events, 0, sizeof events);
        double jump_s = round % 5 == 0 ? 1e6 * noise(&random) : 0.0;
        slice.t0_us = fabs(slice.t0_us + slice.samples_n * slice.period_us + jump_s * 1e6);
        slice.samples_n = frame.samples_n = (uint16_t)n;
        slice.gap_before = round % 11 == 0;
        slice.period_us = round % 3 == 0 ? 1000.0 : 25000.0;
        for (int i = 0; i < (CELLS + 1) * n; i++)
            frame.values[i] = (float)(20000.0 * noise(&random));
        for (int i = 0; i < n; i++)
            total[i] = (float)(320000.0 * noise(&random));
        for (; events_n < 4; events_n++) {
            struct gait_event *event = &events[events_n];
            event->kind = noise(&random) > 0 ? GAIT_FOOT_OFF : GAIT_INITIAL_CONTACT;
            event->after_gap = noise(&random) > 0.5;
            event->at_device_us = slice.t0_us + 3e6 * noise(&random);
            event->peak_force_n = noise(&random) > 0.5 ? NAN : 100.0F;
        }
        sole_push(&run_a.sole, &slice, &run_a.align, &run_a.descriptor, &frame, total, events,
                  events_n, &output);
        for (int i = 0; i < output.stances_n; i++) {
            const struct sole_stance *stance = &output.stances[i];
            assert_false(stance->forefoot_share < 0.0F || stance->forefoot_share > 1.01F);
            assert_false(fabsf(stance->medial_index) > 1.01F);
            assert_false(isinf(stance->cpei_pct) || isinf(stance->loading_n_s));
            assert_false(stance->forefoot_delay_s < 0.0F);
        }
    }
}

static void cells_that_lie_on_each_other_break_a_measure(void **state)
{
    (void)state;
    run_start(&run_a, FOOT_LEFT, 100);
    for (int i = 0; i <= CELLS; i++) {
        run_a.descriptor.channels[i].forward_mm = 0;
        run_a.descriptor.channels[i].lateral_mm = 0;
    }
    feed(&run_a, make(&plain, 100, 20), 25);
    assert_true(run_a.stances_n > 10);
    assert_true(isnan(last(&run_a)->forefoot_share) && isnan(last(&run_a)->cpei_pct));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(how_samples_are_cut_changes_a_bit),
        cmocka_unit_test(a_gain_changes_more_than_newtons),
        cmocka_unit_test(the_left_foot_is_measured_otherwise_than_the_right),
        cmocka_unit_test(floors_of_cells_and_their_drift_shift_a_measure),
        cmocka_unit_test(a_stuck_cell_is_not_found_or_still_measured_with),
        cmocka_unit_test(a_foot_that_stands_still_counts_as_dead),
        cmocka_unit_test(a_cell_that_moves_again_stays_stuck),
        cmocka_unit_test(a_foot_without_cells_has_measures_of_cells),
        cmocka_unit_test(cells_of_another_insole_use_the_old_ones_floors),
        cmocka_unit_test(a_stance_is_told_across_a_gap),
        cmocka_unit_test(a_stance_is_told_across_a_clock_that_jumped),
        cmocka_unit_test(a_foot_off_told_just_before_a_gap_is_lost),
        cmocka_unit_test(garbage_breaks_the_state),
        cmocka_unit_test(cells_that_lie_on_each_other_break_a_measure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
