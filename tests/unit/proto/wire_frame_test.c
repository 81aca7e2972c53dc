#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/proto/wire_fixture.h"

enum { SAMPLES = 25, VALUES = FIXTURE_CHANNELS * SAMPLES };

static struct wire_arena arena;
static struct wire_frame frame;
static struct wire_descriptor descriptor;
static int32_t counts[VALUES];
static uint8_t bytes[FRAME_BYTES_MAX + 1];
static size_t bytes_n;

static int set_up(void **state)
{
    (void)state;
    descriptor = fixture_descriptor();
    for (int i = 0; i < VALUES; i++) {
        counts[i] = (i * 7919) % 501 - 250;
    }
    struct wire_counts in = fixture_counts(counts, SAMPLES);
    bytes_n = wire_encode_frame(&in, bytes, sizeof bytes);
    return bytes_n == 0;
}

static enum wire_refusal decode(void)
{
    return wire_decode_frame(&arena, bytes, bytes_n, &descriptor, &frame);
}

/* The sample frame in protobuf-c's shape, for tests that bend it. */
static Stride__V1__Frame *unpacked(void)
{
    Stride__V1__Frame *message = stride__v1__frame__unpack(NULL, bytes_n, bytes);
    assert_non_null(message);
    return message;
}

static enum wire_refusal decode_bent(Stride__V1__Frame *message)
{
    static uint8_t packed[2 * FRAME_BYTES_MAX];
    size_t size = stride__v1__frame__pack(message, packed);
    return wire_decode_frame(&arena, packed, size, &descriptor, &frame);
}

static void a_frame_comes_back_in_si_units(void **state)
{
    (void)state;
    assert_int_equal(decode(), WIRE_OK);
    assert_int_equal(frame.place.boot_id, FIXTURE_BOOT);
    assert_int_equal(frame.place.seq, 300);
    assert_int_equal(frame.place.oldest_kept_seq, 290);
    assert_int_equal(frame.t0_us, 123456789);
    assert_int_equal(frame.period_us, FIXTURE_PERIOD_US);
    assert_int_equal(frame.samples_n, SAMPLES);
    assert_int_equal(frame.channels_n, FIXTURE_CHANNELS);
    assert_int_equal(frame.wear, STRIDE__V1__WEAR__WEAR_WORN);
    assert_int_equal(frame.battery_pct, 80);
    assert_false(frame.late);
    for (int i = 0; i < VALUES; i++) {
        const struct wire_channel *channel = &descriptor.channels[i / SAMPLES];
        assert_true(frame.values[i] == (float)counts[i] * channel->scale + channel->offset);
    }
}

static void plain_protobuf_reads_what_the_encoder_writes(void **state)
{
    (void)state;
    Stride__V1__Frame *message = unpacked();
    assert_int_equal(message->n_counts, VALUES);
    assert_int_equal(message->counts[0], counts[0]);
    assert_int_equal(message->counts[1], counts[1] - counts[0]);
    assert_int_equal(message->counts[SAMPLES], counts[SAMPLES]);
    assert_int_equal(message->base.n_unknown_fields, 0);
    /* And packs it to the same bytes: the encoding is the natural one. */
    assert_int_equal(stride__v1__frame__get_packed_size(message), bytes_n);
    static uint8_t again[FRAME_BYTES_MAX];
    stride__v1__frame__pack(message, again);
    assert_memory_equal(again, bytes, bytes_n);
    stride__v1__frame__free_unpacked(message, NULL);
}

static void the_second_stream_uses_its_own_channels(void **state)
{
    static const int32_t force[] = {5, 405};
    struct wire_counts in = fixture_counts(force, 2);
    (void)state;
    in.stream = 1;
    in.channels_n = 1;
    in.period_us = 1000000;
    bytes_n = wire_encode_frame(&in, bytes, sizeof bytes);
    assert_int_equal(decode(), WIRE_OK);
    assert_true(frame.values[0] == 0.0F);
    assert_true(frame.values[1] == 800.0F);
    in.channels_n = FIXTURE_CHANNELS;
    in.counts = counts;
    bytes_n = wire_encode_frame(&in, bytes, sizeof bytes);
    assert_int_equal(decode(), WIRE_CHANNELS);
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < bytes_n; cut++) {
        uint8_t *exact = malloc(cut + 1);
        assert_non_null(exact);
        memcpy(exact, bytes, cut);
        enum wire_refusal refusal = wire_decode_frame(&arena, exact, cut, &descriptor, &frame);
        /* Only what comes after the samples may be missing. */
        assert_true(refusal != WIRE_OK || cut >= bytes_n - 4);
        free(exact);
    }
    assert_int_equal(wire_decode_frame(&arena, NULL, 0, &descriptor, &frame), WIRE_VERSION);
}

static void a_small_buffer_is_never_overrun(void **state)
{
    struct wire_counts in = fixture_counts(counts, SAMPLES);
    (void)state;
    in.late = true;
    size_t whole = wire_encode_frame(&in, bytes, sizeof bytes);
    for (size_t size = 0; size <= whole; size++) {
        uint8_t *exact = malloc(size + 1);
        assert_non_null(exact);
        exact[size] = 0xa5;
        assert_int_equal(wire_encode_frame(&in, exact, size), size < whole ? 0 : whole);
        assert_int_equal(exact[size], 0xa5);
        free(exact);
    }
}

static void random_bytes_are_refused_and_the_next_frame_still_works(void **state)
{
    uint64_t seed = 88172645463325252ULL;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        uint8_t noise[300];
        size_t size = fixture_random(&seed) % sizeof noise;
        for (size_t i = 0; i < size; i++) {
            noise[i] = (uint8_t)fixture_random(&seed);
        }
        assert_int_not_equal(wire_decode_frame(&arena, noise, size, &descriptor, &frame), WIRE_OK);
    }
    assert_int_equal(decode(), WIRE_OK);
}

static void a_changed_byte_never_yields_a_value_out_of_bounds(void **state)
{
    uint64_t seed = 88172645463325252ULL;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        size_t at = fixture_random(&seed) % bytes_n;
        uint8_t kept = bytes[at];
        bytes[at] = (uint8_t)fixture_random(&seed);
        if (decode() == WIRE_OK) {
            assert_int_equal(frame.channels_n * frame.samples_n, VALUES);
            for (int i = 0; i < FIXTURE_CELLS * SAMPLES; i++) {
                assert_true(fabsf(frame.values[i]) <= 20000.0F);
            }
        }
        bytes[at] = kept;
    }
}

static void a_frame_too_large_is_not_even_unpacked(void **state)
{
    (void)state;
    bytes_n = FRAME_BYTES_MAX + 1;
    arena.used = 12345;
    assert_int_equal(decode(), WIRE_TOO_LARGE);
    assert_int_equal(arena.used, 12345);
}

/* One bent field and the reason it must be refused for. */
#define REFUSED(expected, bend)                     \
    do {                                            \
        Stride__V1__Frame *m = unpacked();          \
        bend;                                       \
        assert_int_equal(decode_bent(m), expected); \
        stride__v1__frame__free_unpacked(m, NULL);  \
    } while (0)

static void what_places_a_frame_is_checked(void **state)
{
    (void)state;
    REFUSED(WIRE_OK, (void)m);
    REFUSED(WIRE_VERSION, m->has_version = 0);
    REFUSED(WIRE_VERSION, m->version = 2);
    REFUSED(WIRE_MISSING, m->has_boot_id = 0; m->boot_id = 0);
    REFUSED(WIRE_MISSING, m->boot_id = 0);
    REFUSED(WIRE_BOOT, m->boot_id = FIXTURE_BOOT + 1);
    REFUSED(WIRE_MISSING, m->has_seq = 0);
    REFUSED(WIRE_MISSING, m->seq = 0);
    REFUSED(WIRE_OK, m->seq = UINT64_MAX);
    REFUSED(WIRE_RANGE, m->oldest_kept_seq = m->seq + 1);
    REFUSED(WIRE_OK, m->oldest_kept_seq = m->seq);
    REFUSED(WIRE_OK, m->has_oldest_kept_seq = 0);
    assert_int_equal(frame.place.oldest_kept_seq, 0);
}

static void time_and_counts_are_checked(void **state)
{
    (void)state;
    REFUSED(WIRE_MISSING, m->has_t0_us = 0);
    REFUSED(WIRE_OK, m->t0_us = UINT64_C(1) << 53);
    REFUSED(WIRE_RANGE, m->t0_us = (UINT64_C(1) << 53) + 1);
    REFUSED(WIRE_RANGE, m->t0_us = UINT64_MAX);
    REFUSED(WIRE_MISSING, m->has_period_us = 0);
    REFUSED(WIRE_OK, m->period_us = FIXTURE_PERIOD_US / 2);
    REFUSED(WIRE_RANGE, m->period_us = FIXTURE_PERIOD_US / 2 - 1);
    REFUSED(WIRE_OK, m->period_us = FIXTURE_PERIOD_US * 2);
    REFUSED(WIRE_RANGE, m->period_us = FIXTURE_PERIOD_US * 2 + 1);
    REFUSED(WIRE_RANGE, m->period_us = UINT32_MAX);
    REFUSED(WIRE_MISSING, m->has_samples_n = 0);
    REFUSED(WIRE_RANGE, m->samples_n = 0);
    REFUSED(WIRE_RANGE, m->samples_n = FRAME_SAMPLES_MAX + 1);
    REFUSED(WIRE_CHANNELS, m->samples_n = SAMPLES - 1);
    REFUSED(WIRE_CHANNELS, m->n_counts--);
    REFUSED(WIRE_CHANNELS, m->has_stream = 1; m->stream = 2);
    REFUSED(WIRE_CHANNELS, m->has_stream = 1; m->stream = UINT32_MAX);
    REFUSED(WIRE_RANGE, m->battery_pct = 101);
    REFUSED(WIRE_RANGE, m->battery_pct = UINT32_MAX);
}

static void what_rides_along_may_be_absent_or_newer(void **state)
{
    (void)state;
    REFUSED(WIRE_OK, m->has_wear = 0; m->has_battery_pct = 0);
    assert_int_equal(frame.wear, STRIDE__V1__WEAR__WEAR_UNKNOWN);
    assert_int_equal(frame.battery_pct, -1);
    REFUSED(WIRE_OK, m->wear = (Stride__V1__Wear)99);
    assert_int_equal(frame.wear, STRIDE__V1__WEAR__WEAR_UNKNOWN);
    /* A field of a later minor version. */
    assert_int_equal(set_up(state), 0);
    memcpy(bytes + bytes_n, "\xa2\x06\x03new", 6);
    bytes_n += 6;
    assert_int_equal(decode(), WIRE_OK);
}

static void absurd_values_are_refused(void **state)
{
    (void)state;
    counts[3] = 80000; /* x 0.25 N: the bound itself */
    struct wire_counts in = fixture_counts(counts, SAMPLES);
    bytes_n = wire_encode_frame(&in, bytes, sizeof bytes);
    assert_int_equal(decode(), WIRE_OK);
    /* In the vectors' part, at the tail, and below; each channel in turn. */
    static const int32_t wrong[] = {80001, -80001, INT32_MAX, INT32_MIN};
    for (int i = 0; i < FIXTURE_CELLS * SAMPLES; i++) {
        int32_t kept = counts[i];
        counts[i] = wrong[i % 4];
        bytes_n = wire_encode_frame(&in, bytes, sizeof bytes);
        assert_int_equal(decode(), WIRE_ABSURD);
        counts[i] = kept;
    }
}

static void an_unknown_quantity_is_kept_whatever_it_shows(void **state)
{
    (void)state;
    descriptor.channels[0].quantity = STRIDE__V1__QUANTITY__QUANTITY_UNKNOWN;
    descriptor.channels[0].scale = 1e6F;
    counts[0] = INT32_MIN;
    counts[1] = INT32_MAX; /* a difference that needs 33 bits */
    struct wire_counts in = fixture_counts(counts, SAMPLES);
    bytes_n = wire_encode_frame(&in, bytes, sizeof bytes);
    assert_int_equal(decode(), WIRE_OK);
    assert_true(frame.values[0] == (float)INT32_MIN * 1e6F);
    assert_true(frame.values[1] == (float)INT32_MAX * 1e6F);
}

static void differences_that_overflow_end_as_absurd(void **state)
{
    (void)state;
    REFUSED(WIRE_ABSURD, for (size_t i = 0; i < m->n_counts; i++) m->counts[i] = INT32_MAX);
    REFUSED(WIRE_ABSURD, for (size_t i = 0; i < m->n_counts; i++) m->counts[i] = INT32_MIN);
}

static void more_values_than_a_frame_may_hold_are_refused(void **state)
{
    static int32_t many[FRAME_VALUES_MAX + FIXTURE_CHANNELS];
    struct wire_counts in = fixture_counts(many, FRAME_VALUES_MAX / FIXTURE_CHANNELS + 1);
    (void)state;
    assert_int_equal(wire_encode_frame(&in, bytes, sizeof bytes), 0);
    in.samples_n = FRAME_SAMPLES_MAX + 1;
    in.channels_n = 1;
    assert_int_equal(wire_encode_frame(&in, bytes, sizeof bytes), 0);
    in.samples_n = FRAME_VALUES_MAX / FIXTURE_CHANNELS;
    in.channels_n = FIXTURE_CHANNELS;
    static uint8_t large[2 * FRAME_BYTES_MAX];
    size_t large_n = wire_encode_frame(&in, large, sizeof large);
    assert_true(large_n > FRAME_BYTES_MAX);
    assert_int_equal(wire_decode_frame(&arena, large, large_n, &descriptor, &frame),
                     WIRE_TOO_LARGE);
}

static void unpacked_counts_are_read_as_well(void **state)
{
    /* Field 9 value by value, as an encoder without `packed` writes it. */
    static const uint8_t loose[] = {8,  1,    16,   FIXTURE_BOOT, 24, 1, 40, 1,  48, 0,
                                    56, 0xc0, 0x84, 0x3d,         64, 2, 72, 20, 72, 1};
    (void)state;
    assert_int_equal(wire_decode_frame(&arena, loose, sizeof loose, &descriptor, &frame), WIRE_OK);
    assert_true(frame.values[0] == 10.0F);
    assert_true(frame.values[1] == 8.0F);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_frame_comes_back_in_si_units, set_up),
        cmocka_unit_test_setup(plain_protobuf_reads_what_the_encoder_writes, set_up),
        cmocka_unit_test_setup(the_second_stream_uses_its_own_channels, set_up),
        cmocka_unit_test_setup(every_truncation_is_refused, set_up),
        cmocka_unit_test_setup(a_small_buffer_is_never_overrun, set_up),
        cmocka_unit_test_setup(random_bytes_are_refused_and_the_next_frame_still_works, set_up),
        cmocka_unit_test_setup(a_changed_byte_never_yields_a_value_out_of_bounds, set_up),
        cmocka_unit_test_setup(a_frame_too_large_is_not_even_unpacked, set_up),
        cmocka_unit_test_setup(what_places_a_frame_is_checked, set_up),
        cmocka_unit_test_setup(time_and_counts_are_checked, set_up),
        cmocka_unit_test_setup(what_rides_along_may_be_absent_or_newer, set_up),
        cmocka_unit_test_setup(absurd_values_are_refused, set_up),
        cmocka_unit_test_setup(an_unknown_quantity_is_kept_whatever_it_shows, set_up),
        cmocka_unit_test_setup(differences_that_overflow_end_as_absurd, set_up),
        cmocka_unit_test_setup(more_values_than_a_frame_may_hold_are_refused, set_up),
        cmocka_unit_test_setup(unpacked_counts_are_read_as_well, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
