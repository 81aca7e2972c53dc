/* What must hold whatever the device's clock, gain, rate, side and frames: through the whole core.
 */
#include "tests/unit/core/walk_fixture.h"

static void check_near(double value, double wanted, double most)
{
    if (!(fabs(value - wanted) <= most))
        print_error("%.6f is not within %.6f of %.6f\n", value, most, wanted);
    assert_true(fabs(value - wanted) <= most);
}

/* Of one foot, in its own order. */
struct foot_told {
    int events_n, strides_n, valid_n, shaped_n;
    struct gait_event events[WALK_EVENTS_MAX];
    struct stride strides[WALK_STRIDES_MAX];
};

static void of_foot(const struct walk *walk, int side, struct foot_told *out)
{
    memset(out, 0, sizeof *out);
    for (int i = 0; i < walk->events_n; i++) {
        if (walk->events[i].foot == side)
            out->events[out->events_n++] = walk->events[i];
    }
    for (int i = 0; i < walk->strides_n; i++) {
        const struct stride *stride = &walk->strides[i];
        if (stride->foot != side)
            continue;
        out->strides[out->strides_n++] = *stride;
        out->valid_n += stride->valid;
        out->shaped_n += stride->valid && !isnan(stride->shape.length_m);
    }
}

/* The walk as it should be seen: the plain plan's strides of 1.1 s and 1.3 m. */
static void check_walk(const struct walk *walk, double time_most_s, double length_most_m)
{
    static struct foot_told told;
    for (int side = 0; side < FEET; side++) {
        of_foot(walk, side, &told);
        assert_in_range(told.valid_n, 26, 30);
        assert_in_range(told.shaped_n, told.valid_n - 2, told.valid_n);
        for (int i = 1; i + 1 < told.strides_n; i++) {
            const struct stride *stride = &told.strides[i];
            assert_true(stride->valid);
            check_near((double)stride->stride_s, STRIDE_S, time_most_s);
            if (!isnan(stride->shape.length_m))
                check_near((double)stride->stride_length_m, 1.3, length_most_m);
        }
    }
}

static void plain_walk_is_seen_as_it_is(void **state)
{
    (void)state;
    struct walk *walk = walk_run(&walk_plain);
    check_walk(walk, 0.004, 0.03);
    int steady_n = 0;
    for (int i = 4; i + 4 < walk->strides_n; i++) {
        const struct stride *stride = &walk->strides[i];
        assert_true(stride->walking && stride->other_known);
        check_near((double)stride->speed_mps, 1.3 / 1.1, 0.03);
        check_near((double)stride->shape.foot_angle_deg, 20, 4);
        check_near((double)stride->shape.turn_deg, 0, 1);
        check_near((double)stride->flight_s, 0, 1e-6);
        steady_n += stride->steady;
    }
    assert_true(steady_n > 35);
    free(walk);
}

/* ---- the same bits ---- */

#define SAME(a, b) assert_memory_equal(&(a), &(b), sizeof(a))

static void check_same_in_device_time(const struct walk *a, const struct walk *b, int side_a,
                                      int side_b)
{
    static struct foot_told x, y;
    of_foot(a, side_a, &x);
    of_foot(b, side_b, &y);
    assert_int_equal(x.events_n, y.events_n);
    assert_int_equal(x.strides_n, y.strides_n);
    for (int i = 0; i < x.events_n; i++) {
        assert_int_equal(x.events[i].kind, y.events[i].kind);
        assert_int_equal(x.events[i].after_gap, y.events[i].after_gap);
        SAME(x.events[i].at_device_us, y.events[i].at_device_us);
        SAME(x.events[i].peak_force_n, y.events[i].peak_force_n);
        SAME(x.events[i].impulse_ns, y.events[i].impulse_ns);
    }
    for (int i = 0; i < x.strides_n; i++) {
        assert_int_equal(x.strides[i].valid, y.strides[i].valid);
        SAME(x.strides[i].start_device_us, y.strides[i].start_device_us);
        SAME(x.strides[i].foot_off_device_us, y.strides[i].foot_off_device_us);
        SAME(x.strides[i].end_device_us, y.strides[i].end_device_us);
        SAME(x.strides[i].stride_s, y.strides[i].stride_s);
        SAME(x.strides[i].stance_s, y.strides[i].stance_s);
        SAME(x.strides[i].peak_force_n, y.strides[i].peak_force_n);
        SAME(x.strides[i].impulse_ns, y.strides[i].impulse_ns);
        SAME(x.strides[i].stride_length_m, y.strides[i].stride_length_m);
        SAME(x.strides[i].shape, y.strides[i].shape);
    }
    assert_true(x.strides_n > 20);
}

static void any_cut_into_frames_gives_the_same_bits(void **state)
{
    (void)state;
    struct walk *whole = walk_run(&walk_plain);
    static const int lengths[] = {1, 7, 40, 300, 0};
    for (int sensors = WALK_BOTH; sensors <= WALK_TWO_STREAMS; sensors++) {
        struct walk_plan plan = walk_plain;
        plan.sensors = (enum walk_sensors)sensors;
        struct walk *one = walk_run(&plan);
        for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
            plan.frame_n = lengths[i];
            plan.imu_every = 1 + (int)i;
            if (plan.frame_n == 300)
                plan.imu_every = 1;
            struct walk *cut = walk_run(&plan);
            for (int side = 0; side < FEET; side++)
                check_same_in_device_time(one, cut, side, side);
            free(cut);
        }
        /* Force and movement in one stream or in two is the same walk. */
        if (sensors == WALK_TWO_STREAMS)
            check_same_in_device_time(whole, one, FOOT_LEFT, FOOT_LEFT);
        free(one);
    }
    free(whole);
}

static void travel_shows_in_nothing_that_is_in_device_time(void **state)
{
    (void)state;
    struct walk_plan plan = walk_plain;
    struct walk *quick = walk_run(&plan);
    for (int side = 0; side < FEET; side++) {
        plan.feet[side].delay_ms = 20;
        plan.feet[side].delay_most_ms = 400;
    }
    plan.echo = true;
    struct walk *slow = walk_run(&plan);
    for (int side = 0; side < FEET; side++)
        check_same_in_device_time(quick, slow, side, side);
    free(quick);
    free(slow);
}

static void left_and_right_are_told_alike(void **state)
{
    (void)state;
    struct walk_plan plan = walk_plain;
    plan.feet[FOOT_LEFT].walker.length_m = 1.2;
    plan.feet[FOOT_LEFT].gain = 0.8;
    plan.feet[FOOT_LEFT].walker.turn_deg = 3;
    struct walk *one = walk_run(&plan);
    struct walk_foot left = plan.feet[FOOT_LEFT];
    plan.feet[FOOT_LEFT] = plan.feet[FOOT_RIGHT];
    plan.feet[FOOT_RIGHT] = left;
    struct walk *other = walk_run(&plan);
    struct stride_summary x, y;
    int64_t at_ns = 36 * WALK_SECOND_NS;
    for (int side = 0; side < FEET; side++)
        check_same_in_device_time(one, other, side, FEET - 1 - side);
    stride_summary(&one->state.strides, at_ns, &x);
    stride_summary(&other->state.strides, at_ns, &y);
    free(one);
    free(other);
    /* The session is over and its windows are empty by now: nothing is known rather than 0. */
    assert_true(isnan(x.si_load_pct) && isnan(y.si_load_pct));
}

/* ---- the same but for rounding ---- */

static void a_clock_that_shows_another_day_changes_nothing(void **state)
{
    (void)state;
    struct walk_plan plan = walk_plain;
    struct walk *near = walk_run(&plan);
    static const int64_t shifts_us[] = {1, 86400000000, 31536000000000};
    for (size_t k = 0; k < 3; k++) {
        for (int side = 0; side < FEET; side++)
            plan.feet[side].clock_us = 5000000 + shifts_us[k];
        struct walk *far = walk_run(&plan);
        assert_int_equal(near->events_n, far->events_n);
        assert_int_equal(near->strides_n, far->strides_n);
        for (int i = 0; i < near->events_n; i++)
            check_near(far->events[i].at_device_us - (double)shifts_us[k],
                       near->events[i].at_device_us, 0.1);
        for (int i = 0; i < near->strides_n; i++) {
            const struct stride *a = &near->strides[i], *b = &far->strides[i];
            check_near((double)b->stance_pct, (double)a->stance_pct, 1e-3);
            if (a->valid && !isnan(a->shape.length_m))
                check_near((double)b->shape.length_m, (double)a->shape.length_m, 0.002);
        }
        free(far);
    }
    free(near);
}

static void gain_of_the_force_changes_no_timing(void **state)
{
    (void)state;
    struct walk_plan plan = walk_plain;
    struct walk *one = walk_run(&plan);
    static const double gains[] = {0.5, 0.8, 1.6, 2.0};
    for (size_t k = 0; k < sizeof gains / sizeof gains[0]; k++) {
        plan.feet[FOOT_LEFT].gain = plan.feet[FOOT_RIGHT].gain = gains[k];
        struct walk *other = walk_run(&plan);
        assert_int_equal(one->events_n, other->events_n);
        assert_int_equal(one->strides_n, other->strides_n);
        for (int i = 0; i < one->events_n; i++)
            check_near(other->events[i].at_device_us, one->events[i].at_device_us, 500);
        for (int i = 0; i < one->strides_n; i++) {
            const struct stride *a = &one->strides[i], *b = &other->strides[i];
            if (a->valid)
                check_near((double)b->peak_force_n, gains[k] * (double)a->peak_force_n, 2);
        }
        free(other);
    }
    free(one);
}

static void rate_of_sampling_changes_little(void **state)
{
    (void)state;
    static const double rates[] = {50, 200};
    for (size_t k = 0; k < 2; k++) {
        struct walk_plan plan = walk_plain;
        for (int side = 0; side < FEET; side++)
            plan.feet[side].walker.rate_hz = rates[k];
        struct walk *walk = walk_run(&plan);
        check_walk(walk, rates[k] < 100 ? 0.008 : 0.004, 0.08);
        free(walk);
    }
}

/* ---- what is missing ---- */

/* No stride is longer or shorter than the walker's, whatever was lost: a gap makes none. */
static void check_no_false_stride(const struct walk *walk, int least_n)
{
    int valid_n = 0;
    for (int i = 0; i < walk->strides_n; i++) {
        const struct stride *stride = &walk->strides[i];
        if (!stride->valid)
            continue;
        valid_n++;
        check_near((double)stride->stride_s, STRIDE_S, 0.02);
        check_near((double)stride->stance_s, STRIDE_S - CONTACT_S + TURN_S, 0.06);
        if (!isnan(stride->shape.length_m))
            check_near((double)stride->shape.length_m, 1.3, 0.06);
    }
    if (valid_n < least_n)
        print_error("%d strides\n", valid_n);
    assert_true(valid_n >= least_n);
}

static void lost_frames_make_no_false_stride(void **state)
{
    (void)state;
    for (int sensors = WALK_BOTH; sensors <= WALK_IMU_ONLY; sensors++) {
        for (int every = 5; every <= 29; every += 8) {
            struct walk_plan plan = walk_plain;
            plan.sensors = (enum walk_sensors)sensors;
            plan.lose_every = every;
            struct walk *walk = walk_run(&plan);
            check_no_false_stride(walk, every > 12 ? 15 : 0);
            free(walk);
        }
    }
}

static void two_samples_lost_between_frames_lose_no_stride(void **state)
{
    (void)state;
    for (int sensors = WALK_BOTH; sensors <= WALK_IMU_ONLY; sensors++) {
        struct walk_plan plan = walk_plain;
        plan.sensors = (enum walk_sensors)sensors;
        plan.lose_samples_every = 3;
        struct walk *walk = walk_run(&plan);
        check_no_false_stride(walk, 50);
        for (int side = 0; side < FEET; side++)
            assert_int_equal(walk->state.devices[side].align.jumps_n, 0);
        free(walk);
    }
}

static void two_insoles_of_one_foot_make_strides_of_both(void **state)
{
    (void)state;
    for (int sensors = WALK_BOTH; sensors <= WALK_IMU_ONLY; sensors++) {
        struct walk_plan plan = walk_plain;
        plan.sensors = (enum walk_sensors)sensors;
        plan.one_side = true;
        struct walk *walk = walk_run(&plan);
        for (int i = 0; i < walk->strides_n; i++)
            assert_false(walk->strides[i].valid);
        free(walk);
    }
}

static void a_stride_reaches_from_one_insole_of_a_foot_to_the_next(void **state)
{
    (void)state;
    for (int sensors = WALK_BOTH; sensors <= WALK_IMU_ONLY; sensors++) {
        struct walk_plan plan = walk_plain;
        plan.sensors = (enum walk_sensors)sensors;
        plan.one_side = true;
        plan.feet[FOOT_LEFT].end_s = 19;
        plan.feet[FOOT_RIGHT].begin_s = 19;
        /* As bad as it may be: its clock goes on where the other's ended. */
        plan.feet[FOOT_RIGHT].clock_us += 19000000;
        struct walk *walk = walk_run(&plan);
        check_no_false_stride(walk, 20);
        free(walk);
    }
}

static void late_frames_complete_the_record(void **state)
{
    (void)state;
    struct walk_plan plan = walk_plain;
    plan.late_from = 60;
    plan.late_to = 90;
    struct walk *walk = walk_run(&plan);
    check_walk(walk, 0.004, 0.03);
    free(walk);
}

static void a_dead_movement_sensor_holds_up_nothing(void **state)
{
    (void)state;
    struct walk_plan plan = walk_plain;
    plan.sensors = WALK_TWO_STREAMS;
    plan.imu_dies_s = 15;
    struct walk *walk = walk_run(&plan);
    static struct foot_told told;
    for (int side = 0; side < FEET; side++) {
        of_foot(walk, side, &told);
        assert_in_range(told.valid_n, 26, 30);
        assert_in_range(told.shaped_n, 8, 12);
    }
    for (int i = 0; i + 4 < walk->strides_n; i++) /* the last steps wait for walk or no walk */
        assert_true(walk->told_at_ns[i] - walk->strides[i].end_ns < 5 * WALK_SECOND_NS);
    free(walk);
}

static void a_sensor_of_movement_alone_is_an_insole(void **state)
{
    (void)state;
    struct walk_plan plan = walk_plain;
    plan.sensors = WALK_IMU_ONLY;
    struct walk *walk = walk_run(&plan);
    check_walk(walk, 0.012, 0.03);
    for (int i = 4; i + 4 < walk->strides_n; i++) {
        assert_true(walk->strides[i].walking && isnan(walk->strides[i].peak_force_n));
        check_near((double)walk->strides[i].speed_mps, 1.3 / 1.1, 0.03);
    }
    free(walk);
}

/* ---- two clocks ---- */

static void feet_whose_clocks_drift_apart_agree_within_5_ms(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 4; seed++) {
        struct walk_plan plan = walk_plain;
        double sign = seed % 2 == 0 ? 1 : -1;
        for (int side = 0; side < FEET; side++) {
            struct walk_foot *foot = &plan.feet[side];
            foot->ppm = side == FOOT_LEFT ? 100 * sign : -100 * sign;
            foot->begin_s = side == FOOT_LEFT ? 0 : 3.7 + (double)seed;
            foot->clock_us = side == FOOT_LEFT ? 700000000 : 12345;
            foot->delay_ms = 3;
            foot->delay_most_ms = 43;
            foot->walker.stand_s += 6;
            foot->walker.walk_s = 66;
        }
        plan.seconds = 76;
        plan.frame_n = 25 - 3 * (int)seed;
        struct walk *walk = walk_run(&plan);
        double last_off_ms[FEET] = {(double)NAN, (double)NAN};
        for (int i = 0; i < walk->events_n; i++) {
            const struct gait_event *event = &walk->events[i];
            double true_s = walk_true_s(&plan.feet[event->foot], event->at_device_us);
            double off_ms = (double)(event->at_session_ns - WALK_SECOND_NS) * 1e-6 - true_s * 1e3;
            if (true_s < 34)
                continue;
            double other_ms = last_off_ms[FEET - 1 - event->foot];
            if (!isnan(other_ms))
                check_near(off_ms, other_ms, 5);
            last_off_ms[event->foot] = off_ms;
        }
        assert_false(isnan(last_off_ms[FOOT_LEFT]) || isnan(last_off_ms[FOOT_RIGHT]));
        free(walk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_walk_is_seen_as_it_is),
        cmocka_unit_test(any_cut_into_frames_gives_the_same_bits),
        cmocka_unit_test(travel_shows_in_nothing_that_is_in_device_time),
        cmocka_unit_test(left_and_right_are_told_alike),
        cmocka_unit_test(a_clock_that_shows_another_day_changes_nothing),
        cmocka_unit_test(gain_of_the_force_changes_no_timing),
        cmocka_unit_test(rate_of_sampling_changes_little),
        cmocka_unit_test(lost_frames_make_no_false_stride),
        cmocka_unit_test(two_samples_lost_between_frames_lose_no_stride),
        cmocka_unit_test(two_insoles_of_one_foot_make_strides_of_both),
        cmocka_unit_test(a_stride_reaches_from_one_insole_of_a_foot_to_the_next),
        cmocka_unit_test(late_frames_complete_the_record),
        cmocka_unit_test(a_dead_movement_sensor_holds_up_nothing),
        cmocka_unit_test(a_sensor_of_movement_alone_is_an_insole),
        cmocka_unit_test(feet_whose_clocks_drift_apart_agree_within_5_ms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
