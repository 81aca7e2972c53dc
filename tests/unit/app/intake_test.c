/* The intake against the real core: what is missing is asked for, what is held comes in order. */
#include "hub/app/intake.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct wearer_state state;
static struct pipeline_scratch scratch;
static struct effects effects;
static uint64_t seq;

static enum step_result apply(enum input_kind kind, const uint8_t *bytes, size_t size)
{
    enum wire_refusal refusal;
    seq++;
    const struct input input = {.seq = seq,
                                .at_mono_ns = CLOCK_EPOCH_NS + (int64_t)seq * 1000000,
                                .wearer = 1,
                                .kind = (uint8_t)kind,
                                .size = (uint32_t)size,
                                .bytes = bytes};
    return pipeline_step(&state, &input, &scratch, &effects, &refusal);
}

static size_t frame(uint64_t number, uint64_t oldest, uint8_t *out, size_t size)
{
    static const int32_t counts[4] = {0, 1, 2, 3};
    const struct wire_counts frame = {.place = {5, number, oldest},
                                      .t0_us = number * 40000,
                                      .period_us = 10000,
                                      .samples_n = 4,
                                      .channels_n = 1,
                                      .counts = counts,
                                      .battery_pct = -1};
    return wire_encode_frame(&frame, out, size);
}

static int set_up(void **unused)
{
    (void)unused;
    uint8_t bytes[4096];
    struct wire_wearer_config config = {.wearer = "w1",
                                        .version = 1,
                                        .devices_n = 1,
                                        .height_m = NAN,
                                        .leg_m = NAN,
                                        .mass_kg = NAN};
    snprintf(config.devices[0].device, ID_SIZE, "left");
    config.devices[0].side = STRIDE__V1__SIDE__SIDE_LEFT;
    struct wire_descriptor hello = {
        .device = "left",
        .kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE,
        .side = STRIDE__V1__SIDE__SIDE_LEFT,
        .boot_id = 5,
        .streams_n = 1,
        .streams = {{10000, 1, 0}},
        .channels = {
            {.quantity = STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE, .scale = 1, .range = NAN}}};
    seq = 0;
    pipeline_init(&state, 1);
    assert_int_equal(
        apply(INPUT_CONFIG, bytes, wire_encode_wearer_config(&config, bytes, sizeof(bytes))), 0);
    assert_int_equal(apply(INPUT_HELLO, bytes, wire_encode_hello(&hello, bytes, sizeof(bytes))), 0);
    return 0;
}

static bool hold(struct intake *intake, struct intake_device *device, uint64_t number)
{
    uint8_t bytes[256];
    const struct wire_place place = {5, number, 1};
    const struct machine_time at = {0};
    const size_t size = frame(number, 1, bytes, sizeof(bytes));
    intake_seen(device, &place);
    assert_int_equal(pipeline_place(&state, 0, INPUT_FRAME, &place), STEP_AHEAD);
    return intake_hold(intake, device, &place, bytes, (uint32_t)size, &at);
}

static struct intake_device *one_device(struct intake *intake)
{
    const struct intake_entry entry = {"left", 0, 0};
    intake_init(intake);
    assert_true(intake_configure(intake, &entry, 1));
    return intake_find(intake, "left");
}

static void frames_that_overtook_wait_and_then_come_in_order(void **unused)
{
    (void)unused;
    struct intake intake;
    struct held_frame held;
    uint8_t bytes[256];
    struct intake_device *device = one_device(&intake);
    assert_true(hold(&intake, device, 4));
    assert_true(hold(&intake, device, 2));
    assert_true(hold(&intake, device, 3));
    assert_false(hold(&intake, device, 3)); /* held already */
    assert_false(intake_take_held(&intake, device, &state, &held));
    assert_int_equal(apply(INPUT_FRAME, bytes, frame(1, 1, bytes, sizeof(bytes))), STEP_APPLIED);
    for (uint64_t expected = 2; expected <= 4; expected++) {
        assert_true(intake_take_held(&intake, device, &state, &held));
        assert_int_equal(held.place.seq, expected);
        assert_int_equal(apply(INPUT_FRAME, held.bytes, held.size), STEP_APPLIED);
        intake_freed(&intake, &held);
    }
    assert_int_equal(intake.held_bytes, 0);
    assert_false(intake_behind(device, &state));
    intake_free(&intake);
}

static void exactly_the_missing_ranges_are_asked_for(void **unused)
{
    (void)unused;
    struct intake intake;
    struct intake_device *device = one_device(&intake);
    struct wire_stored stored = {.boot_id = 5};
    hold(&intake, device, 3);
    hold(&intake, device, 4);
    hold(&intake, device, 8);
    assert_true(intake_behind(device, &state));
    intake_resend(device, &state.devices[0].frames, &stored);
    assert_int_equal(stored.resend_n, 2);
    assert_int_equal(stored.resend[0].first, 1);
    assert_int_equal(stored.resend[0].last, 2);
    assert_int_equal(stored.resend[1].first, 5);
    assert_int_equal(stored.resend[1].last, 7);
    intake_free(&intake);
}

static void the_hold_is_bounded_and_what_it_turned_away_is_asked_for(void **unused)
{
    (void)unused;
    struct intake intake;
    struct intake_device *device = one_device(&intake);
    struct wire_stored stored = {.boot_id = 5};
    for (uint64_t i = 0; i < INTAKE_HELD_MAX; i++)
        assert_true(hold(&intake, device, 2 + i));
    assert_false(hold(&intake, device, 2 + INTAKE_HELD_MAX));
    intake_resend(device, &state.devices[0].frames, &stored);
    assert_int_equal(stored.resend_n, 2);
    assert_int_equal(stored.resend[1].first, 2 + INTAKE_HELD_MAX);
    intake_free(&intake);
}

static void ranges_never_exceed_what_a_stored_message_holds(void **unused)
{
    (void)unused;
    struct intake intake;
    struct intake_device *device = one_device(&intake);
    struct wire_stored stored = {.boot_id = 5};
    for (uint64_t i = 1; i <= 40; i++)
        hold(&intake, device, 2 * i);
    intake_resend(device, &state.devices[0].frames, &stored);
    assert_int_equal(stored.resend_n, STORED_RANGES_MAX);
    intake_free(&intake);
}

static void a_frame_is_set_aside_only_after_repeated_refusals_of_the_same_place(void **unused)
{
    (void)unused;
    struct intake intake;
    struct intake_device *device = one_device(&intake);
    const struct wire_place one = {5, 1, 1}, other = {5, 2, 1};
    assert_false(intake_refused(device, &one));
    assert_false(intake_refused(device, &one));
    assert_false(intake_refused(device, &other));
    assert_false(intake_refused(device, &one));
    assert_false(intake_refused(device, &one));
    assert_true(intake_refused(device, &one));
    intake_free(&intake);
}

static void a_device_that_floods_is_held_back_and_recovers(void **unused)
{
    (void)unused;
    struct intake intake;
    struct intake_device *device = one_device(&intake);
    int admitted = 0;
    const int64_t second_ns = 1000000000;
    for (int i = 0; i < 1000; i++)
        admitted += intake_admit(device, 100 * second_ns, 50);
    assert_int_equal(admitted, 50);
    assert_true(intake_admit(device, 101 * second_ns, 50));
    assert_true(intake_admit(device, 100 * second_ns, 50)); /* time that goes back takes nothing */
    intake_free(&intake);
}

static void registering_anew_keeps_what_is_known_of_a_device(void **unused)
{
    (void)unused;
    struct intake intake;
    struct intake_device *device = one_device(&intake);
    hold(&intake, device, 2);
    const struct intake_entry entries[] = {{"wrist", 0, 2}, {"left", 0, 0}};
    assert_true(intake_configure(&intake, entries, 2));
    assert_ptr_equal(intake_find(&intake, "left"), device);
    assert_int_equal(device->held_n, 1);
    assert_true(intake_configure(&intake, entries, 1));
    assert_null(intake_find(&intake, "left"));
    assert_int_equal(intake.held_bytes, 0);
    intake_free(&intake);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(frames_that_overtook_wait_and_then_come_in_order, set_up),
        cmocka_unit_test_setup(exactly_the_missing_ranges_are_asked_for, set_up),
        cmocka_unit_test_setup(the_hold_is_bounded_and_what_it_turned_away_is_asked_for, set_up),
        cmocka_unit_test_setup(ranges_never_exceed_what_a_stored_message_holds, set_up),
        cmocka_unit_test_setup(a_frame_is_set_aside_only_after_repeated_refusals_of_the_same_place,
                               set_up),
        cmocka_unit_test_setup(a_device_that_floods_is_held_back_and_recovers, set_up),
        cmocka_unit_test_setup(registering_anew_keeps_what_is_known_of_a_device, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
