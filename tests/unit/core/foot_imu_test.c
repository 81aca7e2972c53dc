/* A foot whose way is written down as a formula, worn by a sensor with the faults of real ones. */
#include "tests/unit/core/foot_imu_fixture.h"

/* ---- what is measured ---- */

static void contacts_and_foot_offs_are_where_the_foot_says(void **state)
{
    (void)state;
    walk_all(&plain);
    assert_int_equal(events_of(&run, GAIT_FOOT_OFF), 20);
    assert_int_equal(events_of(&run, GAIT_INITIAL_CONTACT), 20);
    for (int i = 0; i < run.events_n; i++) {
        const struct gait_event *event = &run.events[i];
        bool contact = event->kind == GAIT_INITIAL_CONTACT;
        int stride = i / 2;
        double at_s = plain.stand_s + stride * STRIDE_S;
        /* The detector's own offsets, as its source states them. */
        at_s += contact ? CONTACT_S - 0.025 : TURN_S - 0.020;
        assert_int_equal(event->kind, i % 2 == 0 ? GAIT_FOOT_OFF : GAIT_INITIAL_CONTACT);
        assert_int_equal(event->foot, FOOT_RIGHT);
        assert_true(isnan(event->peak_force_n) && isnan(event->impulse_ns));
        check_near(event->at_device_us * 1e-6, at_s, 0.006);
    }
}

static void check_strides(const struct walker *walker, double length_most, double height_most)
{
    assert_true(run.strides_n >= 19);
    for (int i = 0; i < run.strides_n; i++) {
        const struct foot_imu_stride *stride = &run.strides[i];
        assert_int_equal(stride->lack, FOOT_IMU_WHOLE);
        check_near((double)stride->length_m, walker->length_m, length_most);
        check_near((double)stride->height_m, walker->rise_m, height_most);
        check_near((double)stride->turn_deg, walker->turn_deg, 2.0);
        assert_true(stride->start_us < stride->foot_off_us);
        assert_true(stride->foot_off_us < stride->contact_us);
        assert_true(stride->contact_us < stride->end_us);
        if (i > 0) {
            check_near((double)stride->speed_mps, walker->length_m / STRIDE_S,
                       length_most / STRIDE_S + 0.01);
        }
    }
}

static void length_and_speed_are_the_ways(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        struct walker walker = plain;
        walker.length_m = 0.3 + 0.4 * i;
        walk_all(&walker);
        check_strides(&walker, 0.02, 0.01);
    }
}

static void turns_are_seen_with_their_side(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.length_m = 0.8;
    for (walker.turn_deg = -60.0; walker.turn_deg < 61.0; walker.turn_deg += 30.0) {
        walk_all(&walker);
        check_strides(&walker, 0.02, 0.01);
    }
}

static void stairs_are_seen_up_and_down(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.length_m = 0.6;
    walker.lift_m = 0.12;
    for (walker.rise_m = -0.34; walker.rise_m < 0.35; walker.rise_m += 0.17) {
        walk_all(&walker);
        check_strides(&walker, 0.02, 0.02);
    }
}

static void foot_angle_is_pitch_at_contact_over_mid_stance(void **state)
{
    (void)state;
    struct walker walker = plain;
    for (walker.angle_deg = 5.0; walker.angle_deg < 31.0; walker.angle_deg += 12.5) {
        walk_all(&walker);
        for (int i = 0; i < run.strides_n; i++) {
            struct place at = place_at(&walker, run.strides[i].contact_us * 1e-6);
            check_near((double)run.strides[i].foot_angle_deg, at.pitch * 180.0 / PI, 1.5);
        }
    }
}

static double toe_clearance_mm(const struct walker *walker, const struct foot_imu_stride *stride)
{
    double from_s = stride->foot_off_us * 1e-6, span_s = stride->contact_us * 1e-6 - from_s;
    double least = 1e9;
    for (int percent = 25; percent <= 75; percent++) {
        struct place at = place_at(walker, from_s + 0.01 * percent * span_s);
        double toe = at.z + (double)foot_imu_insole.toe_forward_m * sin(at.pitch) +
                     (double)foot_imu_insole.toe_down_m * (1.0 - cos(at.pitch));
        least = fmin(least, toe);
    }
    return 1000.0 * least;
}

static void clearance_is_the_toe_tips_by_the_stated_geometry(void **state)
{
    (void)state;
    struct walker walker = plain;
    double former = -1e9;
    for (walker.lift_m = 0.06; walker.lift_m < 0.16; walker.lift_m += 0.04) {
        walk_all(&walker);
        double mean = 0.0;
        for (int i = 0; i < run.strides_n; i++) {
            check_near((double)run.strides[i].clearance_mm,
                       toe_clearance_mm(&walker, &run.strides[i]), 10.0);
            mean += (double)run.strides[i].clearance_mm / run.strides_n;
        }
        assert_true(mean > former + 10.0);
        former = mean;
    }
}

static void a_stumble_in_swing_stands_out_in_its_jerk(void **state)
{
    (void)state;
    make(&plain, 15.0);
    int at = (int)((plain.stand_s + 5 * STRIDE_S + 0.74) * plain.rate_hz);
    samples[0][at] -= 60.0F;
    samples[0][at + 1] += 60.0F;
    walk(&run, &plain, 25, -1, -1);
    for (int i = 0; i < run.strides_n; i++) {
        assert_true(i == 5 ? run.strides[i].swing_jerk > 6000.0F
                           : run.strides[i].swing_jerk < 4000.0F);
    }
}

static void impact_is_the_largest_of_50_ms_after_contact(void **state)
{
    (void)state;
    make(&plain, 15.0);
    for (int i = 0; i < 11; i++) {
        int at = (int)((plain.stand_s + i * STRIDE_S + CONTACT_S + 0.015) * plain.rate_hz);
        samples[2][at] = 50.0F;
        samples[2][at + 6] = 90.0F; /* later than 50 ms */
    }
    walk(&run, &plain, 25, -1, -1);
    assert_true(run.strides_n >= 10);
    for (int i = 0; i < run.strides_n; i++) {
        check_near((double)run.strides[i].impact_g, 5.1, 0.4);
    }
}

/* ---- what a sensor does to it ---- */

static void tilted_sensor_measures_the_same_foot(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.tilt_deg = 35.0;
    walker.roll_deg = -12.0;
    walk_all(&walker);
    check_strides(&walker, 0.02, 0.02);
    for (int i = 1; i < run.strides_n; i++) {
        struct place at = place_at(&walker, run.strides[i].contact_us * 1e-6);
        check_near((double)run.strides[i].foot_angle_deg, at.pitch * 180.0 / PI, 3.0);
    }
}

static void bias_and_noise_of_a_cheap_sensor_leave_the_length(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.stand_s = 4.0;
    walker.gyro_bias = 0.03;  /* 1.7 deg/s */
    walker.accel_bias = 0.25; /* 25 mg */
    walker.noise_gyro = 0.01;
    walker.noise_accel = 0.1;
    walk_all(&walker);
    assert_int_equal(events_of(&run, GAIT_INITIAL_CONTACT), 20);
    check_strides(&walker, 0.05, 0.04);
    double mean = 0.0;
    for (int i = 0; i < run.strides_n; i++) {
        mean += (double)run.strides[i].length_m / run.strides_n;
    }
    check_near(mean, walker.length_m, 0.015);
}

static void rates_from_50_to_210_hz_agree(void **state)
{
    (void)state;
    const double rates_hz[] = {50.0, 100.0, 125.0, 200.0, 210.0};
    for (size_t i = 0; i < sizeof rates_hz / sizeof rates_hz[0]; i++) {
        struct walker walker = plain;
        walker.rate_hz = rates_hz[i];
        walk_all(&walker);
        assert_int_equal(events_of(&run, GAIT_INITIAL_CONTACT), 20);
        assert_int_equal(events_of(&run, GAIT_FOOT_OFF), 20);
        check_strides(&walker, 0.03, 0.02);
        for (int k = 0; k < run.events_n; k++) {
            bool contact = run.events[k].kind == GAIT_INITIAL_CONTACT;
            int stride = k / 2;
            double at_s = walker.stand_s + stride * STRIDE_S;
            at_s += contact ? CONTACT_S - 0.025 : TURN_S - 0.020;
            check_near(run.events[k].at_device_us * 1e-6, at_s, 0.010);
        }
    }
}

static void below_40_hz_nothing_is_claimed(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.rate_hz = 25.0;
    walk_all(&walker);
    assert_int_equal(run.events_n + run.strides_n, 0);
}

static void end_of_range_is_marked(void **state)
{
    (void)state;
    struct walker walker = plain;
    walk_all(&walker);
    assert_false(run.strides[5].clipped);
    walker.range_m_s2 = 20.0;
    walk_all(&walker);
    assert_true(run.strides_n >= 19);
    assert_true(run.strides[5].clipped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contacts_and_foot_offs_are_where_the_foot_says),
        cmocka_unit_test(length_and_speed_are_the_ways),
        cmocka_unit_test(turns_are_seen_with_their_side),
        cmocka_unit_test(stairs_are_seen_up_and_down),
        cmocka_unit_test(foot_angle_is_pitch_at_contact_over_mid_stance),
        cmocka_unit_test(clearance_is_the_toe_tips_by_the_stated_geometry),
        cmocka_unit_test(a_stumble_in_swing_stands_out_in_its_jerk),
        cmocka_unit_test(impact_is_the_largest_of_50_ms_after_contact),
        cmocka_unit_test(tilted_sensor_measures_the_same_foot),
        cmocka_unit_test(bias_and_noise_of_a_cheap_sensor_leave_the_length),
        cmocka_unit_test(rates_from_50_to_210_hz_agree),
        cmocka_unit_test(below_40_hz_nothing_is_claimed),
        cmocka_unit_test(end_of_range_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
