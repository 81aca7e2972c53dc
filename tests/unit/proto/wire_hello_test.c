#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/proto/wire_fixture.h"

static struct wire_arena arena;
static struct wire_descriptor original, back;
static uint8_t bytes[HELLO_BYTES_MAX + 1];
static size_t bytes_n;

static int set_up(void **state)
{
    (void)state;
    original = fixture_descriptor();
    bytes_n = wire_encode_hello(&original, bytes, sizeof bytes);
    return bytes_n == 0;
}

static enum wire_refusal decode(void)
{
    return wire_decode_hello(&arena, bytes, bytes_n, "insole-1", &back);
}

/* A hello bent in protobuf-c's shape, and the reason it must be refused for. */
#define REFUSED(expected, bend)                                                                 \
    do {                                                                                        \
        static uint8_t packed[4 * HELLO_BYTES_MAX];                                             \
        Stride__V1__Descriptor *m = stride__v1__descriptor__unpack(NULL, bytes_n, bytes);       \
        assert_non_null(m);                                                                     \
        Stride__V1__Channel *c = m->streams[0]->channels[0];                                    \
        (void)c;                                                                                \
        bend;                                                                                   \
        size_t size = stride__v1__descriptor__pack(m, packed);                                  \
        assert_int_equal(wire_decode_hello(&arena, packed, size, "insole-1", &back), expected); \
        stride__v1__descriptor__free_unpacked(m, NULL);                                         \
    } while (0)

static void replace(char **text, const char *with)
{
    free(*text);
    *text = strdup(with);
}

static void a_descriptor_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_int_equal(decode(), WIRE_OK);
    assert_string_equal(back.device, original.device);
    assert_string_equal(back.model, original.model);
    assert_string_equal(back.firmware, original.firmware);
    assert_int_equal(back.kind, original.kind);
    assert_int_equal(back.side, original.side);
    assert_int_equal(back.boot_id, original.boot_id);
    assert_int_equal(back.ring_frames, original.ring_frames);
    assert_true(back.calibrated_utc_ms == original.calibrated_utc_ms);
    assert_int_equal(back.streams_n, 2);
    assert_memory_equal(back.streams, original.streams, 2 * sizeof back.streams[0]);
    for (int i = 0; i <= FIXTURE_CHANNELS; i++) {
        const struct wire_channel *a = &original.channels[i], *b = &back.channels[i];
        assert_int_equal(a->quantity, b->quantity);
        assert_int_equal(a->axis, b->axis);
        assert_true(a->scale == b->scale && a->offset == b->offset);
        assert_true(a->range == b->range || (isnan(a->range) && isnan(b->range)));
        assert_int_equal(a->has_place, b->has_place);
        assert_int_equal(a->forward_mm, b->forward_mm);
        assert_int_equal(a->lateral_mm, b->lateral_mm);
    }
}

static void the_topic_decides_who_speaks(void **state)
{
    (void)state;
    assert_int_equal(wire_decode_hello(&arena, bytes, bytes_n, "insole-2", &back),
                     WIRE_WRONG_DEVICE);
    REFUSED(WIRE_TEXT, replace(&m->device, "Insole"));
    REFUSED(WIRE_TEXT, replace(&m->device, "a/b"));
    REFUSED(WIRE_TEXT, replace(&m->device, "+"));
    REFUSED(WIRE_TEXT, replace(&m->device, ""));
    REFUSED(WIRE_TEXT, replace(&m->device, "123456789012345678901234567890123"));
    REFUSED(WIRE_MISSING, free(m->device); m->device = NULL);
}

static void what_identifies_a_device_is_checked(void **state)
{
    (void)state;
    REFUSED(WIRE_OK, (void)m);
    REFUSED(WIRE_VERSION, m->has_version = 0);
    REFUSED(WIRE_VERSION, m->version = 2);
    REFUSED(WIRE_MISSING, m->has_kind = 0);
    REFUSED(WIRE_MISSING, m->kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_UNKNOWN);
    REFUSED(WIRE_RANGE, m->kind = (Stride__V1__DeviceKind)200);
    REFUSED(WIRE_MISSING, m->has_boot_id = 0);
    REFUSED(WIRE_RANGE, m->boot_id = 0);
    REFUSED(WIRE_OK, m->side = (Stride__V1__Side)77);
    assert_int_equal(back.side, STRIDE__V1__SIDE__SIDE_UNKNOWN);
}

static void texts_with_controls_or_broken_utf8_are_refused(void **state)
{
    static const char *const bad[] = {"\x1b[2J",
                                      "a\nb",
                                      "\x7f",
                                      "\xc2\x85",
                                      "\xc0\xaf",
                                      "\xe0\x80\xaf",
                                      "\xed\xa0\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xff",
                                      "\xc3",
                                      "\xf0\x9f\x91",
                                      "\x80",
                                      "\xf5\x80\x80\x80",
                                      "12345678901234567890123456789012345678901"};
    static const char *const good[] = {"Søle Ü", "\xf0\x9f\x91\x9f", "\xef\xbf\xbd", "",
                                       "1234567890123456789012345678901234567890"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        REFUSED(WIRE_TEXT, replace(&m->model, bad[i]));
        REFUSED(WIRE_TEXT, replace(&m->firmware, bad[i]));
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        REFUSED(WIRE_OK, replace(&m->model, good[i]));
        assert_string_equal(back.model, good[i]);
    }
}

static void absurd_scales_and_offsets_are_refused(void **state)
{
    static const double bad_scales[] = {
        0.0,   -1.0,  1e38, 1.1e6, (double)NAN, (double)INFINITY, -0.0, (double)-INFINITY,
        1e-60, 1e-40, 1e300};
    static const double bad_offsets[] = {(double)NAN, (double)INFINITY, 1e38, -1e38, 1.1e9};
    (void)state;
    for (size_t i = 0; i < sizeof bad_scales / sizeof bad_scales[0]; i++) {
        REFUSED(WIRE_RANGE, c->scale = bad_scales[i]);
    }
    for (size_t i = 0; i < sizeof bad_offsets / sizeof bad_offsets[0]; i++) {
        REFUSED(WIRE_RANGE, c->has_offset = 1; c->offset = bad_offsets[i]);
        REFUSED(WIRE_RANGE, c->has_range_min = 1; c->range_min = bad_offsets[i]);
        REFUSED(WIRE_RANGE, c->range_max = bad_offsets[i]);
    }
    REFUSED(WIRE_MISSING, c->has_scale = 0);
    REFUSED(WIRE_RANGE, c->has_sign = 1; c->sign = 0);
    REFUSED(WIRE_RANGE, c->has_sign = 1; c->sign = 2);
    REFUSED(WIRE_OK, c->has_sign = 1; c->sign = -1);
    assert_true(back.channels[0].scale == -0.25F);
    REFUSED(WIRE_OK, c->scale = 1e6);
    REFUSED(WIRE_RANGE, c->has_range_min = 1; c->range_min = 1.0; c->range_max = 0.0);
}

/* A hello whose first channel is an accelerometer's, from `low` to `high`; NAN leaves one out. */
#define IMU_REFUSED(expected, low, high)                                                           \
    REFUSED(expected, c->quantity = STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION;                   \
            c->has_range_min = !isnan(low); c->range_min = (low); c->has_range_max = !isnan(high); \
            c->range_max = (high))

/* The range of acceleration and angular rate is a magnitude: below zero or at zero every sample
 * would count as clipped, and what is encoded again would be refused. */
static void a_two_way_range_without_zero_inside_is_refused(void **state)
{
    const double none = (double)NAN;
    (void)state;
    IMU_REFUSED(WIRE_RANGE, none, -3.0);
    IMU_REFUSED(WIRE_RANGE, none, 0.0);
    IMU_REFUSED(WIRE_RANGE, -8.0, -3.0);
    IMU_REFUSED(WIRE_RANGE, 3.0, 8.0);
    IMU_REFUSED(WIRE_RANGE, 0.0, 8.0);
    IMU_REFUSED(WIRE_RANGE, 3.0, none);
    IMU_REFUSED(WIRE_OK, none, 3.0);
    assert_true(back.channels[0].range == 3.0F);
    IMU_REFUSED(WIRE_OK, -3.0, none);
    assert_true(back.channels[0].range == 3.0F);
    IMU_REFUSED(WIRE_OK, -3.0, 8.0);
    assert_true(back.channels[0].range == 3.0F);
    IMU_REFUSED(WIRE_OK, none, none);
    assert_true(isnan(back.channels[0].range));
    REFUSED(WIRE_OK, c->range_max = -3.0); /* a cell has one way only */
    assert_true(back.channels[0].range == -3.0F);
}

static void channels_and_streams_are_bounded(void **state)
{
    (void)state;
    REFUSED(WIRE_RANGE, c->forward_mm = -1);
    REFUSED(WIRE_RANGE, c->forward_mm = 351);
    REFUSED(WIRE_RANGE, c->lateral_mm = INT32_MIN);
    REFUSED(WIRE_OK, c->has_lateral_mm = 0);
    assert_false(back.channels[0].has_place);
    REFUSED(WIRE_OK, c->quantity = (Stride__V1__Quantity)250);
    assert_int_equal(back.channels[0].quantity, STRIDE__V1__QUANTITY__QUANTITY_UNKNOWN);
    REFUSED(WIRE_OK, c->has_axis = 1; c->axis = (Stride__V1__Axis)-1);
    assert_int_equal(back.channels[0].axis, STRIDE__V1__AXIS__AXIS_UNKNOWN);
    REFUSED(WIRE_MISSING, m->streams[0]->has_period_us = 0);
    REFUSED(WIRE_RANGE, m->streams[0]->period_us = PERIOD_US_MIN - 1);
    REFUSED(WIRE_RANGE, m->streams[0]->period_us = PERIOD_US_MAX + 1);
    REFUSED(WIRE_RANGE, m->calibrated_utc_ms = (uint64_t)WALL_MS_MAX + 1);
    REFUSED(WIRE_OK, m->has_calibrated_utc_ms = 0; m->calibrated_utc_ms = 0);
    assert_true(back.calibrated_utc_ms == 0);
}

/* A hello of `streams_n` streams of `channels_n` bare channels each. */
static enum wire_refusal decode_grid(size_t streams_n, size_t channels_n)
{
    static uint8_t packed[4 * HELLO_BYTES_MAX];
    Stride__V1__Channel channel = STRIDE__V1__CHANNEL__INIT;
    Stride__V1__Channel *channels[64];
    Stride__V1__Stream stream = STRIDE__V1__STREAM__INIT;
    Stride__V1__Stream *streams[64];
    Stride__V1__Descriptor message = STRIDE__V1__DESCRIPTOR__INIT;
    char device[] = "insole-1";
    channel.has_scale = 1;
    channel.scale = 1.0;
    stream.has_period_us = 1;
    stream.period_us = FIXTURE_PERIOD_US;
    stream.n_channels = channels_n;
    stream.channels = channels;
    for (int i = 0; i < 64; i++) {
        channels[i] = &channel;
        streams[i] = &stream;
    }
    message.has_version = message.has_kind = message.has_boot_id = 1;
    message.version = 1;
    message.kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST;
    message.boot_id = 1;
    message.device = device;
    message.n_streams = streams_n;
    message.streams = streams;
    size_t size = stride__v1__descriptor__pack(&message, packed);
    return wire_decode_hello(&arena, packed, size, device, &back);
}

static void more_channels_than_there_is_room_for_are_refused(void **state)
{
    (void)state;
    assert_int_equal(decode_grid(1, CHANNELS_MAX), WIRE_OK);
    assert_int_equal(decode_grid(1, CHANNELS_MAX + 1), WIRE_RANGE);
    assert_int_equal(decode_grid(STREAMS_MAX, DEVICE_CHANNELS_MAX / STREAMS_MAX), WIRE_OK);
    assert_int_equal(back.streams[3].first_channel, 36);
    assert_int_equal(decode_grid(STREAMS_MAX, DEVICE_CHANNELS_MAX / STREAMS_MAX + 1), WIRE_RANGE);
    assert_int_equal(decode_grid(STREAMS_MAX + 1, 1), WIRE_RANGE);
    assert_int_equal(decode_grid(0, 1), WIRE_MISSING);
    assert_int_equal(decode_grid(1, 0), WIRE_MISSING);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < bytes_n; cut++) {
        uint8_t *exact = malloc(cut + 1);
        assert_non_null(exact);
        memcpy(exact, bytes, cut);
        enum wire_refusal refusal = wire_decode_hello(&arena, exact, cut, "insole-1", &back);
        /* Whole streams, the ring's size and the calibration may be missing, nothing else. */
        assert_true(refusal != WIRE_OK || back.streams_n < 2 || back.ring_frames == 0 ||
                    back.calibrated_utc_ms == 0);
        free(exact);
    }
    for (size_t size = 0; size < bytes_n; size++) {
        assert_int_equal(wire_encode_hello(&original, bytes, size), 0);
    }
}

static void a_hello_too_large_is_refused(void **state)
{
    (void)state;
    bytes_n = HELLO_BYTES_MAX + 1;
    assert_int_equal(decode(), WIRE_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_descriptor_comes_back_as_it_was, set_up),
        cmocka_unit_test_setup(the_topic_decides_who_speaks, set_up),
        cmocka_unit_test_setup(what_identifies_a_device_is_checked, set_up),
        cmocka_unit_test_setup(texts_with_controls_or_broken_utf8_are_refused, set_up),
        cmocka_unit_test_setup(absurd_scales_and_offsets_are_refused, set_up),
        cmocka_unit_test_setup(a_two_way_range_without_zero_inside_is_refused, set_up),
        cmocka_unit_test_setup(channels_and_streams_are_bounded, set_up),
        cmocka_unit_test_setup(more_channels_than_there_is_room_for_are_refused, set_up),
        cmocka_unit_test_setup(every_truncation_is_refused, set_up),
        cmocka_unit_test_setup(a_hello_too_large_is_refused, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
