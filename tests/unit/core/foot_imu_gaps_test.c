/* What a foot's sensor must not be taken for: gaps, garbage, standing, a foot without rest. */
#include "tests/unit/core/foot_imu_fixture.h"

/* ---- what must not happen ---- */

static void standing_and_shifting_weight_is_no_step(void **state)
{
    (void)state;
    samples_n = 6000;
    for (int i = 0; i < samples_n; i++) {
        double t_s = i * 0.01, rock = 0.06 * sin(2.0 * t_s); /* and a pivot on the heel */
        double rates[3] = {0.02 * cos(3.0 * t_s), -0.06 * 2.0 * cos(2.0 * t_s),
                           0.8 * 1.5 * cos(1.5 * t_s)};
        samples[0][i] = (float)(9.81 * sin(rock));
        samples[1][i] = 0.0F;
        samples[2][i] = (float)(9.81 * cos(rock));
        for (int k = 0; k < 3; k++) {
            samples[3 + k][i] = (float)rates[k];
        }
    }
    walk(&run, &plain, 25, -1, -1);
    assert_int_equal(run.events_n, 0);
    assert_int_equal(run.strides_n, 0);
}

static void first_step_after_a_minute_of_standing_has_its_length(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.stand_s = 60.0;
    walker.walk_s = 5.5;
    walker.gyro_bias = 0.02;
    walker.noise_gyro = 0.005;
    walker.noise_accel = 0.05;
    walk_all(&walker);
    assert_int_equal(run.strides_n, 5);
    check_near((double)run.strides[0].length_m, 1.3, 0.04);
    check_near((double)run.strides[0].turn_deg, 0.0, 2.0);
}

static int marked_events(void)
{
    int n = 0;
    for (int i = 0; i < run.events_n; i++) {
        n += run.events[i].after_gap ? 1 : 0;
    }
    return n;
}

static void no_stride_spans_a_long_gap(void **state)
{
    (void)state;
    make(&plain, 25.0);
    for (int from = 700; from < 820; from += 9) {
        walk(&run, &plain, 25, from, from + 75);
        double gap_us = from * 1e4;
        for (int i = 0; i < run.strides_n; i++) {
            const struct foot_imu_stride *stride = &run.strides[i];
            assert_false(stride->foot_off_us < gap_us && stride->contact_us > gap_us);
            if (stride->lack == FOOT_IMU_WHOLE) {
                check_near((double)stride->length_m, 1.3, 0.05);
                assert_true(stride->end_us < gap_us || stride->start_us > gap_us + 0.74e6);
            }
        }
        assert_int_equal(marked_events(), 1);
        assert_true(run.strides_n >= 17 && run.strides_n <= 20);
    }
}

static void short_gap_keeps_events_and_takes_the_path(void **state)
{
    (void)state;
    make(&plain, 25.0);
    for (int from = 700; from < 820; from += 7) {
        walk(&run, &plain, 25, from, from + 6);
        assert_int_equal(events_of(&run, GAIT_INITIAL_CONTACT), 20);
        assert_int_equal(events_of(&run, GAIT_FOOT_OFF), 20);
        assert_int_equal(marked_events(), 1);
        int lacking = 0;
        for (int i = 0; i < run.strides_n; i++) {
            bool whole = run.strides[i].lack == FOOT_IMU_WHOLE;
            bool inside =
                run.strides[i].start_us < from * 1e4 && run.strides[i].end_us >= (from + 6) * 1e4;
            assert_false(whole && inside);
            assert_true(whole == !isnan(run.strides[i].length_m));
            lacking += whole ? 0 : 1;
        }
        assert_true(lacking <= 1);
    }
}

static void frame_sizes_change_no_bit(void **state)
{
    (void)state;
    static struct run whole;
    struct walker walker = plain;
    walker.noise_gyro = 0.02;
    walker.noise_accel = 0.2;
    make(&walker, 22.0);
    walk(&whole, &walker, 512, 900, 905);
    const int sizes[] = {1, 3, 25, 100};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        walk(&run, &walker, sizes[i], 900, 905);
        assert_int_equal(run.events_n, whole.events_n);
        assert_int_equal(run.strides_n, whole.strides_n);
        assert_memory_equal(run.events, whole.events, sizeof run.events);
        assert_memory_equal(run.strides, whole.strides, sizeof run.strides);
        assert_memory_equal(&run.foot, &whole.foot, sizeof run.foot);
    }
}

static void shift_of_time_shifts_events_and_nothing_else(void **state)
{
    (void)state;
    static struct run still;
    struct walker walker = plain;
    make(&walker, 22.0);
    walk(&still, &walker, 25, -1, -1);
    walker.shift_us = 1048576.0 * 4096.0;
    walk(&run, &walker, 25, -1, -1);
    assert_int_equal(run.events_n, still.events_n);
    for (int i = 0; i < run.events_n; i++) {
        check_near(run.events[i].at_device_us - still.events[i].at_device_us, walker.shift_us,
                   0.01);
    }
    for (int i = 0; i < run.strides_n; i++) {
        assert_memory_equal(&run.strides[i].length_m, &still.strides[i].length_m,
                            4 * sizeof(float));
    }
}

static void garbage_neither_stops_the_hub_nor_stays(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int round = 0; round < 20; round++) {
        struct walker walker = plain;
        walker.rate_hz = round % 2 == 0 ? 40.0 : 1000.0;
        samples_n = 512;
        for (int i = 0; i < 6 * samples_n; i++) {
            double scale = round % 3 == 0 ? 1e6 : round % 3 == 1 ? 30.0 : 3.0;
            samples[i / samples_n][i % samples_n] = (float)(scale * noise(&random));
        }
        start(&run);
        feed(&run, &walker, 0, 512, false);
    }
    struct foot_imu spoilt = run.foot;
    make(&plain, 25.0);
    start(&run);
    run.foot = spoilt;
    for (int i = 0; i + 25 <= samples_n; i += 25) {
        feed(&run, &plain, i, 25, i == 0);
    }
    assert_int_equal(events_of(&run, GAIT_INITIAL_CONTACT), 20);
    check_near((double)run.strides[run.strides_n - 1].length_m, 1.3, 0.03);
}

static void swing_that_never_rests_has_events_and_no_length(void **state)
{
    (void)state;
    make(&plain, 25.0);
    uint64_t random = 5;
    for (int i = 0; i < samples_n; i++) {
        samples[4][i] += (float)(1.3 * noise(&random));
        samples[2][i] += (float)(6.0 * noise(&random));
    }
    walk(&run, &plain, 25, -1, -1);
    for (int i = 0; i < run.strides_n; i++) {
        assert_int_equal(run.strides[i].lack, FOOT_IMU_NO_REST);
        assert_true(isnan(run.strides[i].length_m) && isnan(run.strides[i].speed_mps));
        assert_true(isnan(run.strides[i].clearance_mm) && isnan(run.strides[i].foot_angle_deg));
    }
    assert_true(run.strides_n > 5);
}

/* Noise on all channels between two times. */
static void shake(double from_s, double to_s)
{
    uint64_t random = 11;
    for (int i = (int)(from_s * 100.0); i < (int)(to_s * 100.0); i++) {
        for (int k = 0; k < 6; k++) {
            samples[k][i] += (float)((k < 3 ? 3.0 : 1.0) * noise(&random));
        }
    }
}

static void stance_without_rest_takes_the_path_of_both_its_strides(void **state)
{
    (void)state;
    make(&plain, 25.0);
    double contact_s = plain.stand_s + 5.0 * STRIDE_S + CONTACT_S;
    shake(contact_s + 0.05, contact_s + 0.50);
    walk(&run, &plain, 25, -1, -1);
    assert_int_equal(run.strides_n, 20);
    int lacking = 0;
    for (int i = 0; i < run.strides_n; i++) {
        const struct foot_imu_stride *stride = &run.strides[i];
        lacking += stride->lack == FOOT_IMU_WHOLE ? 0 : 1;
        if (stride->lack == FOOT_IMU_WHOLE) {
            check_near((double)stride->length_m, 1.3, 0.03);
        } else {
            assert_in_range(i, 5, 6);
        }
    }
    assert_int_equal(lacking, 2);
}

static void rest_too_long_ago_is_no_start(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.stand_s = 8.0;
    make(&walker, 20.0);
    shake(3.0, walker.stand_s + 0.35);
    walk(&run, &walker, 25, -1, -1);
    assert_true(run.strides_n >= 5);
    assert_int_equal(run.strides[0].lack, FOOT_IMU_TOO_LONG);
    assert_true(isnan(run.strides[0].length_m));
    assert_int_equal(run.strides[2].lack, FOOT_IMU_WHOLE);
}

static void settled_time_is_never_overtaken_by_an_event(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.noise_gyro = 0.05;
    make(&walker, 22.0);
    start(&run);
    double settled_us = -1e300;
    for (int i = 0; i < samples_n; i++) {
        int before = run.events_n;
        feed(&run, &walker, i, 1, false);
        for (int k = before; k < run.events_n; k++) {
            assert_true(run.events[k].at_device_us >= settled_us);
        }
        assert_true(foot_imu_settled_us(&run.foot) >= settled_us);
        settled_us = foot_imu_settled_us(&run.foot);
        assert_true(i < 10 || settled_us > i * 1e4 - 0.6e6);
    }
}

/* ---- the frame's channels ---- */

static void describe(struct wire_descriptor *descriptor)
{
    memset(descriptor, 0, sizeof *descriptor);
    descriptor->streams_n = 1;
    descriptor->streams[0].channels_n = 7;
    for (int i = 0; i < 7; i++) {
        struct wire_channel *channel = &descriptor->channels[i];
        channel->quantity = (i == 3  ? STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE
                             : i < 3 ? STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE
                                     : STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION) &
                            31U;
        channel->range = i < 3 ? 35.0F : 157.0F;
        /* rates: up, forward, left; accelerations: forward, left, up */
        unsigned axis = (unsigned)(i < 3 ? (i + 2) % 3 + 1 : i - 3);
        channel->axis = axis & 3U;
    }
}

static void channels_are_found_by_axis_not_by_order(void **state)
{
    (void)state;
    static struct wire_descriptor descriptor;
    static struct wire_frame frame;
    struct foot_imu_input input;
    describe(&descriptor);
    frame.samples_n = 10;
    assert_true(foot_imu_find(&descriptor, &frame, &input));
    assert_ptr_equal(input.gyro[2], frame.values);
    assert_ptr_equal(input.gyro[0], frame.values + 10);
    assert_ptr_equal(input.accel[0], frame.values + 40);
    assert_ptr_equal(input.accel[2], frame.values + 60);
    assert_true(input.accel_range == 157.0F && input.gyro_range == 35.0F);
    descriptor.channels[5].axis = STRIDE__V1__AXIS__AXIS_UNKNOWN;
    assert_false(foot_imu_find(&descriptor, &frame, &input));
}

static void swing_timed_by_force_finds_its_stride(void **state)
{
    (void)state;
    struct foot_imu_stride stride = {.foot_off_us = 5e6, .contact_us = 5.4e6};
    assert_true(foot_imu_stride_of(&stride, 4.95e6, 5.45e6));
    assert_true(foot_imu_stride_of(&stride, 5.10e6, 5.30e6));
    assert_false(foot_imu_stride_of(&stride, 6.1e6, 6.5e6));
    assert_false(foot_imu_stride_of(&stride, 3.9e6, 4.3e6));
    assert_false(foot_imu_stride_of(&stride, (double)NAN, 5.3e6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(standing_and_shifting_weight_is_no_step),
        cmocka_unit_test(first_step_after_a_minute_of_standing_has_its_length),
        cmocka_unit_test(no_stride_spans_a_long_gap),
        cmocka_unit_test(short_gap_keeps_events_and_takes_the_path),
        cmocka_unit_test(frame_sizes_change_no_bit),
        cmocka_unit_test(shift_of_time_shifts_events_and_nothing_else),
        cmocka_unit_test(garbage_neither_stops_the_hub_nor_stays),
        cmocka_unit_test(swing_that_never_rests_has_events_and_no_length),
        cmocka_unit_test(stance_without_rest_takes_the_path_of_both_its_strides),
        cmocka_unit_test(rest_too_long_ago_is_no_start),
        cmocka_unit_test(settled_time_is_never_overtaken_by_an_event),
        cmocka_unit_test(channels_are_found_by_axis_not_by_order),
        cmocka_unit_test(swing_timed_by_force_finds_its_stride),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
