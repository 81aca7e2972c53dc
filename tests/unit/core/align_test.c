/* The map from device time to session time, against a simulated clock and link. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hub/core/align.h"

enum { PERIOD_US = 10000, SAMPLES = 25 };
#define FRAME_US ((int64_t)PERIOD_US * SAMPLES)
#define SECOND_NS INT64_C(1000000000)

/* A device whose clock reads offset + (1 + drift) x true time, on a link with exponential jitter.
 */
struct device {
    struct align align;
    uint64_t random;
    double offset_us, drift, jitter_ms;
    int64_t frame; /* number of the next frame */
    int64_t jump_us;
    struct slice slice;
};

static void start(struct device *device, double offset_us, double drift, double jitter_ms)
{
    *device = (struct device){.random = 88172645463325252U,
                              .offset_us = offset_us,
                              .drift = drift,
                              .jitter_ms = jitter_ms};
    align_init(&device->align);
}

static double uniform(struct device *device)
{
    device->random ^= device->random << 13;
    device->random ^= device->random >> 7;
    device->random ^= device->random << 17;
    return ((double)(device->random >> 11) + 0.5) / 9007199254740992.0;
}

/* True time at which the device's clock reads `device_us`, ns. */
static double true_ns(const struct device *device, double device_us)
{
    return (device_us - device->offset_us) / (1.0 + device->drift) * 1000.0;
}

static double frame_us(const struct device *device, int64_t frame)
{
    return floor(device->offset_us) + (double)(frame * FRAME_US);
}

/* Sends the next frame `delay_ms` late on top of the link's jitter. */
static void send(struct device *device, double delay_ms, bool late, bool lost_before)
{
    double t0_us = frame_us(device, device->frame);
    double sent_ns = true_ns(device, t0_us + (double)(FRAME_US - PERIOD_US));
    double jitter_ms = -log(uniform(device)) * device->jitter_ms;
    int64_t arrival_ns = (int64_t)(sent_ns + (jitter_ms + delay_ms) * 1e6);
    align_frame(&device->align, 7, 0, (int64_t)t0_us + device->jump_us, PERIOD_US, SAMPLES, late,
                lost_before, arrival_ns, &device->slice);
    device->frame++;
}

static void run(struct device *device, int seconds)
{
    for (int i = 0; i < seconds * 4; i++) {
        send(device, 0.0, false, false);
    }
}

/* By how much the map is off at the end of the last frame, ms; jitter's own minimum included. */
static double error_ms(const struct device *device)
{
    double end_us = frame_us(device, device->frame) - PERIOD_US;
    double mapped_ns = (double)align_session_ns(&device->align, end_us);
    return (mapped_ns - true_ns(device, end_us)) * 1e-6;
}

static void two_feet_that_drift_apart_are_told_at_different_times(void **state)
{
    (void)state;
    static const double drifts[] = {-100e-6, -50e-6, 0.0, 50e-6, 100e-6};
    for (int k = 0; k < 5; k++) {
        struct device left, right;
        start(&left, 3.1e9, drifts[k], 1.0);
        start(&right, 9.7e12, -drifts[k], 1.0);
        right.random ^= 0x9e3779b97f4a7c15U;
        run(&left, 30);
        run(&right, 30);
        for (int i = 0; i < 300 * 4; i++) {
            send(&left, 0.0, false, false);
            send(&right, 0.0, false, false);
            assert_true(fabs(error_ms(&left) - error_ms(&right)) < 2.0);
        }
    }
}

static void the_worst_clock_is_not_followed(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        struct device device;
        start(&device, 0.0, sign * 500e-6, 1.0);
        run(&device, 120);
        assert_true(fabs(error_ms(&device)) < 3.0);
    }
}

static void jitter_of_an_accelerated_hub_bends_the_map(void **state)
{
    (void)state;
    struct device device;
    start(&device, 1e6, 0.0, 20.0);
    run(&device, 60);
    for (int i = 0; i < 240 * 4; i++) {
        send(&device, 0.0, false, false);
        assert_true(fabs(error_ms(&device)) < 15.0);
    }
}

static void years_of_clock_offset_lose_precision(void **state)
{
    (void)state;
    struct device device;
    start(&device, 40.0 * 365.0 * 86400e6, 20e-6, 0.5);
    run(&device, 60);
    assert_true(fabs(error_ms(&device)) < 1.0);
}

static void an_outage_moves_the_map(void **state)
{
    (void)state;
    struct device device;
    start(&device, 5e9, 40e-6, 1.0);
    run(&device, 120);
    /* Ten minutes of frames arrive at once at the end of the outage. */
    for (int i = 0; i < 600 * 4; i++) {
        send(&device, 600e3 - i * 250.0, false, false);
        assert_true(device.slice.late || i > 590 * 4);
    }
    assert_true(fabs(error_ms(&device)) < 30.0);
    run(&device, 60);
    assert_true(fabs(error_ms(&device)) < 2.0);
    assert_false(device.slice.late);
    assert_int_equal(device.align.jumps_n, 0);
}

static void late_frames_teach_the_map(void **state)
{
    (void)state;
    struct device device;
    start(&device, 5e9, 0.0, 1.0);
    send(&device, 90e3, true, false);
    assert_true(device.slice.late);
    for (int i = 1; i < 40; i++) {
        send(&device, 90e3 - i * 250.0, true, false);
        /* Never later than it arrived. */
        assert_true(device.slice.end_ns <= (int64_t)((90e3 + 250.0 + 30.0) * 1e6));
    }
    send(&device, 0.0, false, false);
    assert_false(device.slice.late);
    assert_true(fabs(error_ms(&device)) < 10.0);
}

static void a_clock_jump_tears_device_time(void **state)
{
    (void)state;
    static const int64_t jumps_us[] = {-5000000, 2000000, INT64_C(-86400000000),
                                       INT64_C(31536000000000)};
    for (int k = 0; k < 4; k++) {
        struct device device;
        start(&device, 1e14, 10e-6, 1.0);
        run(&device, 60);
        double end_us = device.slice.t0_us + (double)FRAME_US;
        device.jump_us = jumps_us[k];
        send(&device, 0.0, false, false);
        assert_true(device.slice.clock_jump);
        assert_false(device.slice.gap_before);
        assert_true(device.slice.t0_us == end_us);
        run(&device, 30);
        assert_false(device.slice.clock_jump);
        assert_false(device.slice.late);
        assert_int_equal(device.align.jumps_n, 1);
        assert_int_equal(device.align.backwards_n, jumps_us[k] < 0 ? 1 : 0);
        assert_true(fabs(error_ms(&device)) < 2.0);
    }
}

static void a_pause_of_the_sensor_counts_as_a_clock_jump(void **state)
{
    (void)state;
    struct device device;
    start(&device, 1e9, 0.0, 1.0);
    run(&device, 30);
    device.frame += 12; /* three seconds not sampled, no frame lost */
    send(&device, 0.0, false, false);
    assert_true(device.slice.gap_before);
    assert_false(device.slice.clock_jump);
    run(&device, 10);
    assert_false(device.slice.gap_before);
    assert_true(fabs(error_ms(&device)) < 2.0);
}

static void lost_frames_leave_no_gap(void **state)
{
    (void)state;
    struct device device;
    start(&device, 1e9, 0.0, 1.0);
    run(&device, 30);
    device.frame += 3;
    double t0_us = frame_us(&device, device.frame);
    send(&device, 0.0, false, true);
    assert_true(device.slice.gap_before);
    assert_true(device.slice.t0_us == t0_us);
    assert_int_equal(device.align.jumps_n, 0);
    send(&device, 0.0, false, false);
    assert_false(device.slice.gap_before);
}

/* One frame whose stamp is `off_us` from where the last one ended. */
static struct slice stamped(struct align *align, int64_t *next_us, int64_t off_us, bool lost)
{
    struct slice slice;
    int64_t t0_us = *next_us + off_us;
    align_frame(align, 7, 0, t0_us, PERIOD_US, SAMPLES, false, lost, t0_us * 1000 + SECOND_NS,
                &slice);
    *next_us = (int64_t)slice.t0_us + FRAME_US;
    return slice;
}

static void samples_lost_between_frames_pass_as_jitter(void **state)
{
    (void)state;
    struct align align;
    int64_t next_us = 5000000;
    align_init(&align);
    (void)stamped(&align, &next_us, 0, false);
    static const struct {
        int64_t off_us;
        bool lost, gap, short_gap;
    } cases[] = {
        {10000, false, true, true},  {20000, false, true, true},    {10900, false, true, true},
        {19200, false, true, true},  {30000, false, true, true},    {30000, true, true, true},
        {0, true, true, true},       {12345, true, true, true},     {40000, false, true, false},
        {250000, true, true, false}, {60000000, false, true, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t was_us = next_us;
        struct slice slice = stamped(&align, &next_us, cases[i].off_us, cases[i].lost);
        assert_int_equal(slice.gap_before, cases[i].gap);
        assert_int_equal(slice.short_gap, cases[i].short_gap);
        assert_true(slice.t0_us == (double)(was_us + cases[i].off_us));
        assert_false(slice.clock_jump);
        (void)stamped(&align, &next_us, 0, false);
    }
    assert_int_equal(align.jumps_n, 0);
}

static void jitter_of_stamps_passes_as_lost_samples(void **state)
{
    (void)state;
    struct align align;
    int64_t next_us = 5000000;
    align_init(&align);
    static const int64_t offs_us[] = {0,    5000, -5000, 8500,   -8500,  13000,
                                      -900, 900,  -9900, -10000, -20000, 17500};
    for (size_t i = 0; i < sizeof offs_us / sizeof offs_us[0]; i++) {
        struct slice slice = stamped(&align, &next_us, offs_us[i], false);
        assert_false(slice.gap_before || slice.short_gap || slice.clock_jump);
    }
}

static void the_second_stream_of_a_new_life_follows_the_old_one(void **state)
{
    (void)state;
    struct align align;
    struct slice slice;
    align_init(&align);
    for (uint64_t boot = 1; boot <= 2; boot++) {
        for (uint8_t stream = 0; stream < 2; stream++) {
            align_frame(&align, boot, stream, 1000000, PERIOD_US, SAMPLES, false, false,
                        (int64_t)boot * SECOND_NS * 10, &slice);
            assert_int_equal(slice.gap_before, boot == 2);
            assert_false(slice.short_gap);
            align_frame(&align, boot, stream, 1000000 + FRAME_US, PERIOD_US, SAMPLES, false, false,
                        (int64_t)boot * SECOND_NS * 10 + SECOND_NS / 4, &slice);
            assert_false(slice.gap_before);
        }
    }
}

static void a_jump_behind_lost_frames_goes_back_in_time(void **state)
{
    (void)state;
    struct device device;
    start(&device, 1e9, 0.0, 1.0);
    run(&device, 60);
    double end_us = device.slice.t0_us + (double)FRAME_US;
    device.frame += 20; /* 5 s lost */
    device.jump_us = -60000000;
    send(&device, 0.0, false, true);
    assert_true(device.slice.gap_before);
    assert_true(device.slice.clock_jump);
    assert_true(fabs(device.slice.t0_us - end_us - 5e6) < 20e3);
    run(&device, 10);
    assert_false(device.slice.late);
}

static void a_device_without_a_clock_is_not_aligned(void **state)
{
    (void)state;
    struct align align;
    struct slice slice;
    align_init(&align);
    for (int i = 0; i < 400; i++) {
        int64_t arrival_ns = (i + 1) * INT64_C(250000000) + (i % 7) * 1000000;
        align_frame(&align, 3, 0, 1234, PERIOD_US, SAMPLES, false, false, arrival_ns, &slice);
        assert_true(slice.t0_us == 1234.0 + (double)(i * FRAME_US));
        assert_false(slice.gap_before);
        assert_false(slice.late);
        assert_true(slice.end_ns <= arrival_ns);
        assert_true(i < 40 || arrival_ns - slice.end_ns < 8000000);
    }
    assert_true(align.counting);
    assert_true(align.jumps_n <= 3);
}

static void streams_of_one_clock_disturb_each_other(void **state)
{
    (void)state;
    struct align align;
    struct slice slice;
    align_init(&align);
    int64_t jump_us = 0;
    for (int i = 0; i < 100; i++) {
        jump_us = i >= 50 ? -7000000 : 0;
        int64_t t0_us = i * INT64_C(1000000) + 20000000 + jump_us;
        align_frame(&align, 3, 0, t0_us, 10000, 100, false, false, (i + 1) * SECOND_NS, &slice);
        assert_int_equal(slice.clock_jump, i == 50);
        align_frame(&align, 3, 1, t0_us, 1000000, 1, false, false, (i + 1) * SECOND_NS, &slice);
        assert_false(slice.clock_jump);
        assert_false(slice.gap_before);
        assert_true(slice.t0_us == i * 1e6 + 20e6);
    }
    assert_int_equal(align.jumps_n, 1);
}

static void a_new_life_continues_the_old_one(void **state)
{
    (void)state;
    struct device device;
    start(&device, 1e12, 0.0, 1.0);
    run(&device, 30);
    struct slice slice;
    align_frame(&device.align, 8, 0, 500, PERIOD_US, SAMPLES, false, false, 40 * SECOND_NS, &slice);
    assert_true(slice.gap_before);
    assert_false(slice.clock_jump);
    assert_true(slice.t0_us == 500.0);
    assert_int_equal(slice.end_ns, 40 * SECOND_NS);
}

static void a_map_that_is_wrong_stays_so_for_ever(void **state)
{
    (void)state;
    struct device device;
    start(&device, 1e12, 0.0, 1.0);
    run(&device, 30);
    int still_late = 0;
    for (int i = 0; i < 60 * 4; i++) {
        send(&device, 10e3, false, false); /* the device slept 10 s without saying so */
        still_late += device.slice.late ? 1 : 0;
    }
    assert_false(device.slice.late);
    assert_true(still_late < 35 * 4);
}

static void absurd_stamps_break_it(void **state)
{
    (void)state;
    static const int64_t stamps[] = {INT64_MAX, INT64_MIN, 0, -1, INT64_MAX / 2, 42};
    struct align align;
    struct slice slice;
    align_init(&align);
    for (int i = 0; i < 600; i++) {
        align_frame(&align, 3, (uint8_t)(i % 4), stamps[i % 6], i % 5 == 0 ? 60000000 : 1000,
                    (uint16_t)(i % 3 == 0 ? 0 : 512), i % 7 == 0, i % 11 == 0, i * SECOND_NS,
                    &slice);
        assert_true(isfinite(slice.t0_us));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_feet_that_drift_apart_are_told_at_different_times),
        cmocka_unit_test(the_worst_clock_is_not_followed),
        cmocka_unit_test(jitter_of_an_accelerated_hub_bends_the_map),
        cmocka_unit_test(years_of_clock_offset_lose_precision),
        cmocka_unit_test(an_outage_moves_the_map),
        cmocka_unit_test(late_frames_teach_the_map),
        cmocka_unit_test(a_clock_jump_tears_device_time),
        cmocka_unit_test(a_pause_of_the_sensor_counts_as_a_clock_jump),
        cmocka_unit_test(lost_frames_leave_no_gap),
        cmocka_unit_test(a_jump_behind_lost_frames_goes_back_in_time),
        cmocka_unit_test(a_device_without_a_clock_is_not_aligned),
        cmocka_unit_test(streams_of_one_clock_disturb_each_other),
        cmocka_unit_test(samples_lost_between_frames_pass_as_jitter),
        cmocka_unit_test(jitter_of_stamps_passes_as_lost_samples),
        cmocka_unit_test(the_second_stream_of_a_new_life_follows_the_old_one),
        cmocka_unit_test(a_new_life_continues_the_old_one),
        cmocka_unit_test(a_map_that_is_wrong_stays_so_for_ever),
        cmocka_unit_test(absurd_stamps_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
