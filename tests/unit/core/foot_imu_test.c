/* A foot whose way is written down as a formula, worn by a sensor with the faults of real ones. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/foot_imu.h"
#include "tests/unit/core/foot_walker.h"

enum { SAMPLES_MAX = 12000, EVENTS_MAX = 400, STRIDES_MAX = 200 };

static float samples[6][SAMPLES_MAX];
static int samples_n;

static void make(const struct walker *walker, double seconds)
{
    uint64_t random = 7;
    samples_n = (int)(seconds * walker->rate_hz);
    assert_true(samples_n <= SAMPLES_MAX);
    for (int i = 0; i < samples_n; i++) {
        double accel[3], gyro[3], most = walker->range_m_s2 > 0.0 ? walker->range_m_s2 : 1e3;
        measure(walker, i / walker->rate_hz, accel, gyro);
        for (int k = 0; k < 3; k++) {
            double a = accel[k] + walker->accel_bias + walker->noise_accel * noise(&random);
            samples[k][i] = (float)fmax(-most, fmin(most, a));
            samples[3 + k][i] =
                (float)(gyro[k] + walker->gyro_bias + walker->noise_gyro * noise(&random));
        }
    }
}

struct run {
    struct foot_imu foot;
    struct align align;
    int events_n, strides_n;
    struct gait_event events[EVENTS_MAX];
    struct foot_imu_stride strides[STRIDES_MAX];
};

static void feed(struct run *run, const struct walker *walker, int from, int n, bool gap)
{
    static struct foot_imu_output out;
    double period_us = 1e6 / walker->rate_hz;
    struct slice slice = {.gap_before = gap,
                          .t0_us = walker->shift_us + from * period_us,
                          .period_us = period_us,
                          .samples_n = (uint16_t)n};
    struct foot_imu_input input = {.place = foot_imu_insole,
                                   .accel_range =
                                       walker->range_m_s2 > 0.0 ? (float)walker->range_m_s2 : NAN,
                                   .gyro_range = NAN};
    for (int k = 0; k < 3; k++) {
        input.accel[k] = samples[k] + from;
        input.gyro[k] = samples[3 + k] + from;
    }
    foot_imu_push(&run->foot, &slice, &run->align, &input, &out);
    double end_us = slice.t0_us + (n - 1) * period_us;
    for (int i = 0; i < out.events_n; i++) {
        /* Told in time, and never in the future. */
        assert_true(out.events[i].at_device_us <= end_us);
        assert_true(out.events[i].at_device_us > slice.t0_us - 0.7e6);
        run->events[run->events_n++] = out.events[i];
    }
    memcpy(run->strides + run->strides_n, out.strides, (size_t)out.strides_n * sizeof *out.strides);
    run->strides_n += out.strides_n;
    assert_true(run->events_n <= EVENTS_MAX - 100 && run->strides_n <= STRIDES_MAX - 60);
}

static void start(struct run *run)
{
    memset(run, 0, sizeof *run);
    foot_imu_init(&run->foot, FOOT_RIGHT);
    align_init(&run->align);
}

/* `lost_from` to `lost_to` are samples that never came. */
static void walk(struct run *run, const struct walker *walker, int frame, int lost_from,
                 int lost_to)
{
    bool gap = false;
    start(run);
    for (int i = 0; i < samples_n;) {
        if (i == lost_from) {
            i = lost_to;
            gap = true;
            continue;
        }
        int n = samples_n - i < frame ? samples_n - i : frame;
        n = i < lost_from && i + n > lost_from ? lost_from - i : n;
        feed(run, walker, i, n, gap);
        gap = false;
        i += n;
    }
}

static struct run run;

static void walk_all(const struct walker *walker)
{
    make(walker, walker->stand_s + walker->walk_s + 1.5);
    walk(&run, walker, 25, -1, -1);
}

static int events_of(const struct run *of, enum gait_event_kind kind)
{
    int n = 0;
    for (int i = 0; i < of->events_n; i++) {
        n += of->events[i].kind == kind ? 1 : 0;
    }
    return n;
}

static void check_near(double value, double wanted, double most)
{
    if (!(fabs(value - wanted) <= most)) {
        print_error("%.5f is not within %.5f of %.5f\n", value, most, wanted);
    }
    assert_true(fabs(value - wanted) <= most);
}

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
