/* Building frames, and the control lane beside them. */
#include "tests/unit/devices/device_fixture.h"

#include <math.h>

static struct fixture fixture;
static struct wire_frame frame;
static struct wire_arena arena;

static void connect_and_say_hello(uint64_t now_ms)
{
    struct device_message message;
    device_connected(&fixture.device, now_ms);
    assert_true(device_next(&fixture.device, now_ms, &message));
    assert_int_equal(message.kind, TOPIC_HELLO);
    device_sent(&fixture.device, &message, now_ms);
}

static void report_pain(int nrs, uint64_t now_ms)
{
    struct wire_report report = {.t_us = 123, .pain_nrs = (int8_t)nrs, .mood = -1};
    assert_int_equal(device_report(&fixture.device, &report, now_ms), DEVICE_OK);
}

static void hello_comes_first_on_every_connect(void **state)
{
    (void)state;
    struct wire_descriptor told;
    struct device_message message;
    fixture_init(&fixture, sizeof(fixture.ring));
    fixture_frames(&fixture, 1, 0);
    report_pain(3, 0);
    assert_false(device_next(&fixture.device, 0, &message));
    for (int i = 0; i < 3; i++) {
        device_connected(&fixture.device, 0);
        assert_true(device_next(&fixture.device, 0, &message));
        assert_int_equal(message.kind, TOPIC_HELLO);
        assert_int_equal(wire_decode_hello(&arena, message.bytes, message.size, "d1", &told),
                         WIRE_OK);
        assert_int_equal(told.boot_id, FIXTURE_BOOT);
        assert_true(told.channels[0].scale == 0.5f);
        device_sent(&fixture.device, &message, 0);
        assert_true(device_next(&fixture.device, 0, &message));
        assert_int_equal(message.kind, TOPIC_REPORT);
    }
}

static void report_does_not_wait_behind_frames_nor_for_the_hub_after_a_reconnect(void **state)
{
    (void)state;
    struct device_message message;
    struct wire_report told;
    uint64_t seqs[32];
    fixture_init(&fixture, sizeof(fixture.ring));
    connect_and_say_hello(0);
    fixture_frames(&fixture, 10, 0);
    report_pain(7, 0);
    assert_true(device_next(&fixture.device, 0, &message));
    assert_int_equal(message.kind, TOPIC_REPORT);
    assert_int_equal(wire_decode_report(&arena, message.bytes, message.size, &told), WIRE_OK);
    assert_int_equal(told.pain_nrs, 7);
    assert_int_equal(told.place.seq, 1);
    assert_int_equal(told.place.boot_id, FIXTURE_BOOT);
    fixture_send(&fixture, 0, seqs, 32);
    device_lost(&fixture.device);
    connect_and_say_hello(100);
    assert_true(device_next(&fixture.device, 100, &message));
    assert_int_equal(message.kind, TOPIC_REPORT);
    device_sent(&fixture.device, &message, 100);
    assert_false(device_next(&fixture.device, 100, &message)); /* frames wait for `stored` */
}

static void control_lane_counts_apart_and_is_kept_until_its_own_receipt(void **state)
{
    (void)state;
    struct device_message message;
    uint64_t seqs[32];
    fixture_init(&fixture, sizeof(fixture.ring));
    connect_and_say_hello(0);
    fixture_frames(&fixture, 5, 0);
    report_pain(1, 0);
    struct wire_feedback feedback = {.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_SHOWN,
                                     .prompt = "p1"};
    assert_int_equal(device_feedback(&fixture.device, &feedback, 0), DEVICE_OK);
    fixture_send(&fixture, 0, seqs, 32);
    struct wire_stored stored = {.boot_id = FIXTURE_BOOT, .through_seq = 5};
    assert_true(device_received_stored(&fixture.device, &stored, 0));
    assert_false(device_all_stored(&fixture.device));
    /* Nobody answers: the oldest comes again, marked late. */
    uint64_t due_ms = device_deadline_ms(&fixture.device);
    assert_true(device_next(&fixture.device, due_ms, &message));
    struct wire_place place;
    assert_int_equal(message.kind, TOPIC_REPORT);
    assert_true(wire_peek(message.bytes, message.size, &place));
    assert_int_equal(place.seq, 1);
    assert_int_equal(place.oldest_kept_seq, 1);
    device_sent(&fixture.device, &message, due_ms);
    stored.control_through_seq = 2;
    assert_true(device_received_stored(&fixture.device, &stored, due_ms));
    assert_true(device_all_stored(&fixture.device));
}

static void values_become_the_nearest_count_and_survive_the_wire(void **state)
{
    (void)state;
    const float values[FIXTURE_SAMPLES] = {0.24f, 0.26f, -100.3f, 3000};
    const float expected[FIXTURE_SAMPLES] = {0, 0.5f, -100.5f, 3000};
    fixture_init(&fixture, sizeof(fixture.ring));
    connect_and_say_hello(0);
    for (unsigned i = 0; i < FIXTURE_SAMPLES; i++)
        assert_int_equal(
            device_add_values(&fixture.device, 0, 5000 + i * FIXTURE_PERIOD_US, &values[i], 0),
            DEVICE_OK);
    fixture_next_frame(&fixture, 0, &frame);
    assert_int_equal(frame.t0_us, 5000);
    assert_int_equal(frame.samples_n, FIXTURE_SAMPLES);
    for (unsigned i = 0; i < FIXTURE_SAMPLES; i++)
        assert_true(frame.values[i] == expected[i]);
}

static void nan_is_refused_and_leaves_the_frame_as_it_was(void **state)
{
    (void)state;
    const float bad = NAN;
    fixture_init(&fixture, sizeof(fixture.ring));
    assert_int_equal(device_add_values(&fixture.device, 0, 0, &bad, 0), DEVICE_BAD_VALUE);
    assert_int_equal(fixture.device.streams[0].samples_n, 0);
    assert_int_equal(device_add_values(&fixture.device, 1, 0, &bad, 0), DEVICE_BAD_STREAM);
}

static void infinite_and_huge_values_are_cut_off_and_still_encode(void **state)
{
    (void)state;
    const float values[FIXTURE_SAMPLES] = {INFINITY, -INFINITY, 1e38f, -1e38f};
    fixture_init(&fixture, sizeof(fixture.ring));
    for (unsigned i = 0; i < FIXTURE_SAMPLES; i++)
        assert_int_equal(
            device_add_values(&fixture.device, 0, i * FIXTURE_PERIOD_US, &values[i], 0), DEVICE_OK);
    assert_int_equal(fixture.device.frames.ring.count, 1);
}

static void clock_jump_closes_the_frame_so_that_no_sample_gets_a_wrong_time(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    connect_and_say_hello(0);
    const uint64_t times_us[] = {0, 10000, 2010000, 2020000, 1000000, 1010000};
    for (int32_t i = 0; i < 6; i++)
        assert_int_equal(device_add_counts(&fixture.device, 0, times_us[i], &i, 0), DEVICE_OK);
    assert_int_equal(device_flush(&fixture.device, 0, 0), DEVICE_OK);
    const int64_t starts_us[] = {0, 2010000, 1000000};
    for (unsigned i = 0; i < 3; i++) {
        fixture_next_frame(&fixture, 0, &frame);
        assert_int_equal(frame.t0_us, starts_us[i]);
        assert_int_equal(frame.samples_n, 2);
        assert_true(frame.values[1] == (float)(2 * i + 1) * 0.5f);
    }
}

/* Two channels in a frame that ends early: the second channel must not take the first one's place.
 */
static void short_frame_of_many_channels_keeps_them_apart(void **state)
{
    (void)state;
    int32_t memory[2 * FIXTURE_SAMPLES];
    fixture_init(&fixture, sizeof(fixture.ring));
    fixture.descriptor.streams[0].channels_n = 2;
    fixture.descriptor.channels[1] = fixture.descriptor.channels[0];
    fixture.options.streams[0].counts = memory;
    assert_int_equal(device_init(&fixture.device, &fixture.options), DEVICE_OK);
    connect_and_say_hello(0);
    for (int32_t i = 0; i < 3; i++) {
        const int32_t counts[2] = {i, 100 + i};
        assert_int_equal(
            device_add_counts(&fixture.device, 0, (uint64_t)i * FIXTURE_PERIOD_US, counts, 0),
            DEVICE_OK);
    }
    assert_int_equal(device_flush(&fixture.device, 0, 0), DEVICE_OK);
    fixture_next_frame(&fixture, 0, &frame);
    assert_int_equal(frame.samples_n, 3);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(frame.values[i] == (float)i * 0.5f);
        assert_true(frame.values[3 + i] == (float)(100 + i) * 0.5f);
    }
}

static void wear_and_battery_ride_along_and_unknown_is_absent(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    connect_and_say_hello(0);
    fixture_frames(&fixture, 1, 0);
    device_set_wear(&fixture.device, STRIDE__V1__WEAR__WEAR_NOT_WORN);
    device_set_battery(&fixture.device, 9);
    fixture_frames(&fixture, 1, 0);
    device_set_battery(&fixture.device, 101);
    fixture_frames(&fixture, 1, 0);
    fixture_next_frame(&fixture, 0, &frame);
    assert_int_equal(frame.battery_pct, -1);
    assert_int_equal(frame.wear, STRIDE__V1__WEAR__WEAR_UNKNOWN);
    fixture_next_frame(&fixture, 0, &frame);
    assert_int_equal(frame.battery_pct, 9);
    assert_int_equal(frame.wear, STRIDE__V1__WEAR__WEAR_NOT_WORN);
    fixture_next_frame(&fixture, 0, &frame);
    assert_int_equal(frame.battery_pct, -1);
}

static void options_that_cannot_work_are_refused_before_the_first_sample(void **state)
{
    (void)state;
    struct device device;
    fixture_init(&fixture, sizeof(fixture.ring));
    struct device_options options = fixture.options;
    options.scratch_size = 16;
    assert_int_equal(device_init(&device, &options), DEVICE_TOO_SMALL);
    options = fixture.options;
    options.streams[0].frame_samples = FRAME_SAMPLES_MAX + 1;
    assert_int_equal(device_init(&device, &options), DEVICE_BAD_OPTIONS);
    options = fixture.options;
    options.frame_ring = NULL;
    assert_int_equal(device_init(&device, &options), DEVICE_BAD_OPTIONS);
    options = fixture.options;
    options.window_frames = 0;
    assert_int_equal(device_init(&device, &options), DEVICE_BAD_OPTIONS);
    fixture.descriptor.boot_id = 0;
    assert_int_equal(device_init(&device, &fixture.options), DEVICE_BAD_OPTIONS);
}

static void long_note_fits_and_a_flood_of_reports_drops_the_oldest_only(void **state)
{
    (void)state;
    struct wire_report report = {.t_us = 1, .pain_nrs = -1, .mood = 3};
    fixture_init(&fixture, sizeof(fixture.ring));
    memset(report.note, 'x', NOTE_LENGTH_MAX);
    for (int i = 0; i < 20; i++)
        assert_int_equal(device_report(&fixture.device, &report, 0), DEVICE_OK);
    assert_int_equal(fixture.device.control.counts.made, 20);
    assert_true(fixture.device.control.counts.overflowed >= 16);
    assert_true(fixture.device.control.ring.count >= 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hello_comes_first_on_every_connect),
        cmocka_unit_test(report_does_not_wait_behind_frames_nor_for_the_hub_after_a_reconnect),
        cmocka_unit_test(control_lane_counts_apart_and_is_kept_until_its_own_receipt),
        cmocka_unit_test(values_become_the_nearest_count_and_survive_the_wire),
        cmocka_unit_test(nan_is_refused_and_leaves_the_frame_as_it_was),
        cmocka_unit_test(infinite_and_huge_values_are_cut_off_and_still_encode),
        cmocka_unit_test(clock_jump_closes_the_frame_so_that_no_sample_gets_a_wrong_time),
        cmocka_unit_test(short_frame_of_many_channels_keeps_them_apart),
        cmocka_unit_test(wear_and_battery_ride_along_and_unknown_is_absent),
        cmocka_unit_test(options_that_cannot_work_are_refused_before_the_first_sample),
        cmocka_unit_test(long_note_fits_and_a_flood_of_reports_drops_the_oldest_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
