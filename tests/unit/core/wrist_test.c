/* Steps, cadence and bouts of a simulated arm, whose true ones are known. */
#include "wrist_arm.h"

static struct arm_data data;
static struct arm_run run_a, run_b;

/* Steps told against steps made; the first and last may be lost in starting and stopping. */
static void check_steps(const struct arm *arm, const struct arm_run *run, double within)
{
    double made = (arm->walk_to_s - arm->walk_from_s) * arm->cadence_spm / 60;
    assert_true(fabs(arm_count(run, WRIST_STEP) - made) <= within * made + 1.5);
    assert_int_equal(arm_count(run, WRIST_BOUT_ON), 1);
    assert_int_equal(arm_count(run, WRIST_BOUT_OFF), 1);
}

static void steps_are_miscounted_at_some_sample_rate(void **state)
{
    static const double rates[] = {20, 25, 31.25, 50, 62.5, 100, 200, 400};
    (void)state;
    for (int i = 0; i < 8; i++) {
        arm_walk(&arm_walker, rates[i], 72, &data, &run_a);
        check_steps(&arm_walker, &run_a, 0.01);
    }
}

static void steps_are_miscounted_at_some_cadence_or_swing(void **state)
{
    static const double cadences[] = {70, 90, 108, 125, 140, 170};
    static const double swings[] = {0, 10, 45};
    (void)state;
    for (int i = 0; i < 18; i++) {
        struct arm arm = arm_walker;
        arm.cadence_spm = cadences[i / 3];
        arm.swing_deg = swings[i % 3];
        arm_walk(&arm, 100, 72, &data, &run_a);
        check_steps(&arm, &run_a, 0.015);
    }
}

static void step_times_are_moved_by_the_filter(void **state)
{
    (void)state;
    struct arm arm = arm_walker;
    arm.swing_deg = 0;
    arm_walk(&arm, 100, 72, &data, &run_a);
    for (int i = 0; i < run_a.n; i++) {
        double at_s = run_a.events[i].at_device_us * 1e-6 - arm.walk_from_s;
        double steps = at_s * arm.cadence_spm / 60;
        if (run_a.events[i].kind == WRIST_STEP && at_s > 2 && at_s < 58)
            assert_true(fabs(steps - round(steps)) * 60 / arm.cadence_spm < 0.012);
    }
}

static void cadence_is_off(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) {
        struct arm arm = arm_walker;
        arm.cadence_spm = 75 + 12.3 * i;
        arm_walk(&arm, 100, 60, &data, &run_a);
        float cadence = arm_summary(&run_a).cadence_spm;
        assert_true(fabs((double)cadence / arm.cadence_spm - 1) < 0.01);
        assert_int_equal(arm_summary(&run_a).walking, WRIST_YES);
    }
}

static void onset_is_late_or_early(void **state)
{
    (void)state;
    arm_walk(&arm_walker, 100, 72, &data, &run_a);
    assert_true(fabs(arm_first_s(&run_a, WRIST_BOUT_ON) - arm_walker.walk_from_s) < 1.0);
    assert_true(fabs(arm_first_s(&run_a, WRIST_BOUT_OFF) - arm_walker.walk_to_s) < 1.0);
}

static void bout_stays_open_after_the_walk(void **state)
{
    (void)state;
    arm_walk(&arm_walker, 100, 70, &data, &run_a);
    assert_int_equal(arm_summary(&run_a).walking, WRIST_NO);
    assert_true(isnan(arm_summary(&run_a).cadence_spm));
}

static void splitting_into_frames_changes_a_bit(void **state)
{
    static const int frames[] = {1, 7, 100, 512};
    (void)state;
    arm_walk(&arm_walker, 62.5, 72, &data, &run_a);
    for (int i = 0; i < 4; i++) {
        arm_start(&run_b);
        arm_feed(&run_b, &data, frames[i]);
        assert_int_equal(run_a.n, run_b.n);
        assert_memory_equal(run_a.events, run_b.events, sizeof(run_a.events[0]) * (size_t)run_a.n);
        assert_memory_equal(&run_a.wrist, &run_b.wrist, sizeof(run_a.wrist));
    }
}

/* Acceleration turned by a rotation that has no axis in common with the device. */
static void rotate(struct arm_data *turned)
{
    static const float m[3][3] = {{0.36f, 0.48f, -0.8f}, {-0.8f, 0.6f, 0}, {0.48f, 0.64f, 0.6f}};
    for (int i = 0; i < turned->n; i++) {
        float v[3] = {turned->values[0][i], turned->values[1][i], turned->values[2][i]};
        for (int k = 0; k < 3; k++)
            turned->values[k][i] = m[k][0] * v[0] + m[k][1] * v[1] + m[k][2] * v[2];
    }
}

static void orientation_of_the_device_changes_steps(void **state)
{
    (void)state;
    arm_walk(&arm_walker, 100, 72, &data, &run_a);
    rotate(&data);
    arm_start(&run_b);
    run_b.no_rate = true;
    arm_feed(&run_b, &data, 25);
    assert_int_equal(arm_count(&run_a, WRIST_STEP), arm_count(&run_b, WRIST_STEP));
}

static void noise_at_rest_is_walking(void **state)
{
    (void)state;
    struct arm arm = arm_walker;
    arm.walk_to_s = 0;
    for (int i = 0; i < 3; i++) {
        arm.noise_m_s2 = 0.1 * pow(4, i);
        arm_walk(&arm, 100, 120, &data, &run_a);
        assert_int_equal(arm_count(&run_a, WRIST_BOUT_ON), 0);
    }
}

/* Steps taken while turning on the spot, 180 deg in 1.5 s and on. */
static void turning_alone_opens_a_bout(void **state)
{
    (void)state;
    struct arm arm = arm_walker;
    arm.turn_rad_s = 2.1;
    arm_walk(&arm, 100, 40, &data, &run_a);
    assert_int_equal(arm_count(&run_a, WRIST_BOUT_ON), 0);
    arm.turn_rad_s = 0.2;
    arm_walk(&arm, 100, 40, &data, &run_a);
    assert_int_equal(arm_count(&run_a, WRIST_BOUT_ON), 1);
}

/* Frames lost between 20 and 22 s, the walker stands in them or not. */
static void lost_frames_make_steps(void **state)
{
    (void)state;
    arm_make(&arm_walker, 100, 72, &data);
    arm_start(&run_a);
    for (int i = 0; i < data.n; i += 25)
        if (i < 2000 || i >= 2200)
            arm_push(&run_a, &data, i, 25, i * 1e4, i == 2200);
    int in_gap_n = 0, after_n = 0;
    for (int i = 0; i < run_a.n; i++) {
        double at_s = run_a.events[i].at_device_us * 1e-6;
        in_gap_n += run_a.events[i].kind == WRIST_STEP && at_s > 20.0 && at_s < 22.0;
        after_n += run_a.events[i].after_gap;
    }
    assert_int_equal(in_gap_n, 0);
    assert_int_equal(after_n, 1);
    double made = (60.0 - 2.0) * 108 / 60;
    assert_true(fabs(arm_count(&run_a, WRIST_STEP) - made) <= 4);
    assert_true(fabs((double)arm_summary(&run_a).steps_n - made) <= 4);
}

static void a_hole_between_samples_is_bridged(void **state)
{
    (void)state;
    arm_make(&arm_walker, 100, 40, &data);
    arm_start(&run_a);
    arm_push(&run_a, &data, 0, 500, 0, false);
    arm_push(&run_a, &data, 1000, 500, 10e6, false);
    assert_true(run_a.wrist.grid.last_us > 14.9e6);
    for (int i = 0; i < run_a.n; i++)
        assert_false(run_a.events[i].at_device_us > 5e6 && run_a.events[i].at_device_us < 10e6);
}

static void a_clock_that_goes_back_leaves_old_times(void **state)
{
    (void)state;
    arm_make(&arm_walker, 100, 72, &data);
    arm_start(&run_a);
    for (int i = 0; i < 4000; i += 100) /* in the middle of the walk */
        arm_push(&run_a, &data, i, 100, 1e12 + i * 1e4, false);
    uint32_t before = arm_summary(&run_a).steps_n;
    assert_int_equal(arm_summary(&run_a).walking, WRIST_YES);
    run_a.n = 0;
    for (int i = 0; i < data.n; i += 100)
        arm_push(&run_a, &data, i, 100, -5e9 + i * 1e4, false);
    check_steps(&arm_walker, &run_a, 0.01);
    assert_int_equal(arm_summary(&run_a).steps_n, before + (uint32_t)arm_count(&run_a, WRIST_STEP));
    for (int i = 0; i < run_a.n; i++)
        assert_true(run_a.events[i].at_device_us < 0);
}

static void a_late_frame_is_not_marked(void **state)
{
    static struct wrist_event events[WRIST_EVENTS_MAX];
    (void)state;
    arm_make(&arm_walker, 100, 72, &data);
    arm_start(&run_a);
    for (int i = 0; i < data.n; i += 25) {
        struct slice slice = {
            .t0_us = i * 1e4, .period_us = 1e4, .samples_n = 25, .late = i >= 3000 && i < 4000};
        struct wrist_channels channels = {
            .acceleration = {data.values[0] + i, data.values[1] + i, data.values[2] + i}};
        int n = wrist_push(&run_a.wrist, &slice, &run_a.align, &channels, events);
        for (int k = 0; k < n; k++)
            assert_int_equal(events[k].late, slice.late);
    }
    assert_true(arm_summary(&run_a).steps_n > 100);
}

/* A stream that begins within a cell: what was seen of that cell is not its mean. */
static void the_first_part_of_a_cell_is_taken_for_the_whole(void **state)
{
    (void)state;
    struct arm arm = arm_walker;
    arm.noise_m_s2 = 0;
    arm_make(&arm, 100, 1, &data);
    arm_start(&run_a);
    arm_push(&run_a, &data, 0, 45, 15000, false);
    const struct wrist_posture *posture = &run_a.wrist.posture;
    assert_true(posture->cells_n > 15);
    assert_true(fabs((double)posture->length_sum / posture->cells_n - ARM_GRAVITY) < 1e-4);
}

static void garbage_is_taken_in(void **state)
{
    (void)state;
    arm_make(&arm_walker, 100, 72, &data);
    for (int i = 0; i < data.n; i += 97)
        data.values[i % 6][i] = i % 2 == 0 ? NAN : (i % 3 == 0 ? INFINITY : -1e30f);
    arm_start(&run_a);
    arm_feed(&run_a, &data, 25);
    check_steps(&arm_walker, &run_a, 0.02);
    for (int i = 0; i < data.n; i++)
        for (int k = 0; k < 6; k++)
            data.values[k][i] = i % 2 == 0 ? 9999 : -9999;
    arm_start(&run_a);
    arm_feed(&run_a, &data, 512);
    assert_false(isnan(arm_summary(&run_a).pitch_deg) && run_a.n > 0);
}

static void rates_too_low_are_evaluated(void **state)
{
    (void)state;
    arm_walk(&arm_walker, 10, 72, &data, &run_a);
    assert_int_equal(run_a.n, 0);
    assert_int_equal(arm_summary(&run_a).walking, WRIST_UNKNOWN);
}

static void time_shift_changes_steps(void **state)
{
    (void)state;
    arm_walk(&arm_walker, 100, 72, &data, &run_a);
    arm_start(&run_b);
    for (int i = 0; i < data.n; i += 25)
        arm_push(&run_b, &data, i, 25, 123456 * 20000.0 + i * 1e4, false);
    assert_int_equal(run_a.n, run_b.n);
    for (int i = 0; i < run_a.n; i++)
        assert_true(fabs(run_b.events[i].at_device_us - run_a.events[i].at_device_us -
                         123456 * 20000.0) < 0.01);
}

static void the_arm_passes_for_the_heart(void **state)
{
    struct heart_lock lock;
    int64_t at_ns = 1000;
    (void)state;
    heart_lock_init(&lock);
    for (int i = 0; i < 20; i++, at_ns += 1000000000)
        assert_false(heart_lock_push(&lock, at_ns, 110, 112));
    assert_true(heart_lock_push(&lock, at_ns, 110, 112));
    for (int i = 0; i < 10; i++)
        assert_true(heart_lock_push(&lock, at_ns += 1000000000, 120, 112));
    assert_false(heart_lock_push(&lock, at_ns + 1000000000, 120, 112));
}

static void a_reading_gone_astray_lets_a_heart_limit_speak_of_the_arm(void **state)
{
    struct heart_lock lock;
    int64_t at_ns = 0;
    (void)state;
    heart_lock_init(&lock);
    for (int i = 0; i < 12; i++, at_ns += 1000000000)
        assert_false(heart_lock_push(&lock, at_ns, 110, 112));
    assert_false(heart_lock_push(&lock, at_ns, 116, 112));
    for (int i = 0; i < 10; i++)
        assert_false(heart_lock_push(&lock, at_ns += 1000000000, 110, 112));
    assert_true(heart_lock_push(&lock, at_ns + 1000000000, 110, 112)); /* 23 s, not 33 */
    heart_lock_init(&lock);
    for (int i = 0; i < 200; i++)
        assert_false(heart_lock_push(&lock, i * INT64_C(1000000000), i % 3 == 0 ? 116 : 110, 112));
}

static void silence_or_no_cadence_counts_as_lock(void **state)
{
    struct heart_lock lock;
    (void)state;
    heart_lock_init(&lock);
    for (int i = 0; i < 100; i++)
        assert_false(heart_lock_push(&lock, i * INT64_C(1000000000), 110, NAN));
    for (int i = 0; i < 100; i++)
        assert_false(heart_lock_push(&lock, i * INT64_C(19000000000), 110, 110));
    for (int i = 0; i < 100; i++)
        assert_false(heart_lock_push(&lock, i * INT64_C(1000000000), i % 2 == 0 ? 110 : 114, 110));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_miscounted_at_some_sample_rate),
        cmocka_unit_test(steps_are_miscounted_at_some_cadence_or_swing),
        cmocka_unit_test(step_times_are_moved_by_the_filter),
        cmocka_unit_test(cadence_is_off),
        cmocka_unit_test(onset_is_late_or_early),
        cmocka_unit_test(bout_stays_open_after_the_walk),
        cmocka_unit_test(splitting_into_frames_changes_a_bit),
        cmocka_unit_test(orientation_of_the_device_changes_steps),
        cmocka_unit_test(noise_at_rest_is_walking),
        cmocka_unit_test(turning_alone_opens_a_bout),
        cmocka_unit_test(lost_frames_make_steps),
        cmocka_unit_test(a_hole_between_samples_is_bridged),
        cmocka_unit_test(a_clock_that_goes_back_leaves_old_times),
        cmocka_unit_test(a_late_frame_is_not_marked),
        cmocka_unit_test(the_first_part_of_a_cell_is_taken_for_the_whole),
        cmocka_unit_test(garbage_is_taken_in),
        cmocka_unit_test(rates_too_low_are_evaluated),
        cmocka_unit_test(time_shift_changes_steps),
        cmocka_unit_test(the_arm_passes_for_the_heart),
        cmocka_unit_test(a_reading_gone_astray_lets_a_heart_limit_speak_of_the_arm),
        cmocka_unit_test(silence_or_no_cadence_counts_as_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
