/* A frame is unpacked by hand; protobuf-c is what it is held against, on whole, mutated and made-up
 * bytes. Every input lies in a block of exactly its size, so that a sanitizer sees an overrun. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/wire_fields.h"
#include "tests/unit/proto/wire_fixture.h"
#include "tests/unit/proto/wire_reference.h"

enum { ROUNDS = 20000, COUNTS = 120 };

static struct wire_arena arena;
static uint64_t seed;

static int set_up(void **state)
{
    (void)state;
    seed = 88172645463325252ULL;
    return 0;
}

static uint64_t below(uint64_t limit)
{
    return fixture_random(&seed) % limit;
}

static void assert_agrees(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size + (size == 0));
    assert_non_null(exact);
    memcpy(exact, bytes, size);
    bool agrees = reference_agrees(&arena, exact, size);
    free(exact);
    if (!agrees) {
        print_message("%zu bytes:", size);
        for (size_t i = 0; i < size; i++) {
            print_message(" %02x", bytes[i]);
        }
        print_message("\n");
    }
    assert_true(agrees);
}

/* As many bits as a varint may carry are equally likely, so that every length comes. */
static uint64_t some_value(void)
{
    return fixture_random(&seed) >> below(64);
}

/* A varint, now and then longer than it need be, or without an end. */
static size_t put_varint(uint64_t value, uint8_t *out)
{
    size_t size = wire_varint_write(value, out);
    size_t longer = below(12) == 0 ? size + below(11 - size + 1) : size;
    for (; size < longer; size++) {
        out[size - 1] |= 0x80U;
        out[size] = below(20) == 0 ? (uint8_t)below(256) : 0;
    }
    return size;
}

static size_t put_packed(uint8_t *out)
{
    static uint8_t row[COUNTS * 12];
    uint64_t wide = below(3); /* rows of small counts, of larger ones, of any */
    size_t size = 0;
    for (uint64_t left = below(COUNTS); left > 0; left--) {
        uint64_t value = wide == 2 ? some_value() : below(wide == 1 && below(2) ? 16384 : 128);
        size += wide == 2 ? put_varint(value, row + size) : wire_varint_write(value, row + size);
    }
    size_t prefix = wire_varint_write(size, out);
    memcpy(out + prefix, row, size);
    return prefix + size;
}

/* A field that is mostly right: known numbers, the type that is theirs. */
static size_t put_field(uint8_t *out)
{
    uint64_t number = below(20) == 0 ? some_value() & 0x1fffffffU : 1 + below(13);
    uint64_t type = number == FIELD_COUNTS ? WIRE_TYPE_LENGTH : WIRE_TYPE_VARINT;
    if (below(30) == 0) {
        type = below(8);
    } else if (number == FIELD_COUNTS && below(4) == 0) {
        type = WIRE_TYPE_VARINT;
    }
    size_t size = below(30) == 0 ? put_varint(number << 3 | type, out)
                                 : wire_varint_write(number << 3 | type, out);
    if (type == WIRE_TYPE_VARINT) {
        return size + put_varint(some_value(), out + size);
    }
    if (type == WIRE_TYPE_LENGTH) {
        return size + put_packed(out + size);
    }
    for (int i = 0; i < 8; i++) {
        out[size + (size_t)i] = (uint8_t)below(256);
    }
    return size + (type == WIRE_TYPE_32BIT ? 4 : 8);
}

static void frames_of_any_fields_in_any_order_read_as_protobuf_c_reads_them(void **state)
{
    static uint8_t bytes[2 * FRAME_BYTES_MAX];
    int read_n = 0;
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        size_t size = 0;
        for (uint64_t left = below(16); left > 0 && size < FRAME_BYTES_MAX / 2; left--) {
            size += put_field(bytes + size);
        }
        if (size > 0 && below(10) == 0) {
            size -= below(size);
        }
        assert_agrees(bytes, size);
        Stride__V1__Frame frame;
        read_n += wire_unpack_frame(&arena, bytes, size, &frame) == WIRE_OK && frame.n_counts > 0;
    }
    assert_true(read_n > ROUNDS / 10); /* or nothing was compared */
}

static void a_mutated_frame_reads_as_protobuf_c_reads_it(void **state)
{
    static int32_t counts[FIXTURE_CHANNELS * 8];
    static uint8_t bytes[FRAME_BYTES_MAX], mutated[FRAME_BYTES_MAX];
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        counts[i] = (int32_t)(some_value() >> 40);
    }
    struct wire_counts in = fixture_counts(counts, 8);
    size_t size = wire_encode_frame(&in, bytes, sizeof bytes);
    assert_true(size > 0);
    assert_agrees(bytes, size);
    for (int round = 0; round < ROUNDS; round++) {
        memcpy(mutated, bytes, size);
        for (uint64_t left = 1 + below(3); left > 0; left--) {
            /* The fields ahead of the samples are few: half of what changes is there. */
            size_t at = below(below(2) ? 40 : size);
            mutated[at] =
                (uint8_t)(below(2) ? below(256) : mutated[at] ^ (UINT64_C(1) << below(8)));
        }
        assert_agrees(mutated, below(8) == 0 ? below(size) : size);
    }
}

static void what_is_odd_in_protobuf_c_is_odd_here(void **state)
{
#define ODD(text)                                 \
    {                                             \
        (const uint8_t *)(text), sizeof(text) - 1 \
    }
    static const struct {
        const uint8_t *bytes;
        size_t size;
    } odd[] = {
        ODD("\x00\x01"),                                     /* field 0 */
        ODD("\x80\x00\x01"),                                 /* field 0 in two bytes */
        ODD("\x62\x02\x00\x00"),                             /* late as bytes: its length is true */
        ODD("\x62\x00"),                                     /* late as no bytes */
        ODD("\x65\x00\x00\x00\x01"),                         /* late as 32 bits */
        ODD("\x60\x80\x80\x80\x80\x80\x80\x80\x80\x80\x02"), /* beyond 64 bits, yet true */
        ODD("\x08\x81\x80\x80\x80\x10"),                     /* version 1 + 2^32 */
        ODD("\x4a\x00"),                                     /* no counts, packed */
        ODD("\x4a\x01\x80"),                                 /* a count without an end */
        ODD("\x4a\x0b\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"), /* 11 bytes */
        ODD("\x4a\x0a\x82\x80\x80\x80\x80\x80\x80\x80\x80\x7f"),     /* 10 bytes */
        ODD("\x4a\x02\x01\x02\x48\x03\x4a\x01\x04"),         /* split, with a loose one between */
        ODD("\x4d\x00\x00\x00\x00"),                         /* counts as 32 bits */
        ODD("\x50\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), /* wear -1 */
        ODD("\x0a\x01\x01"),                                 /* version as bytes */
        ODD("\x0b"),                                         /* a group */
        ODD("\x10\x01\x10\x02\x18\x03\x18\x00"),             /* the last one wins, a 0 too */
    };
#undef ODD
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        assert_agrees(odd[i].bytes, odd[i].size);
    }
}

/* Every mix of bytes that go on and that end, over where a block of the unpacker ends. */
static void every_mix_of_short_counts_is_read(void **state)
{
    enum { MIXED = 10, LEAD_MAX = 40, TAIL = 40 };
    (void)state;
    for (unsigned lead = 0; lead <= LEAD_MAX; lead += 4) {
        for (unsigned mix = 0; mix < 1U << MIXED; mix++) {
            uint8_t bytes[2 + LEAD_MAX + MIXED + TAIL] = {FIELD_COUNTS << 3 | WIRE_TYPE_LENGTH};
            unsigned size = lead + MIXED + TAIL;
            bytes[1] = (uint8_t)size;
            for (unsigned i = 0; i < size; i++) {
                bytes[2 + i] = (uint8_t)((i * 37 + 5) % 128);
            }
            for (unsigned i = 0; i < MIXED; i++) {
                bytes[2 + lead + i] |= (uint8_t)((mix >> i & 1U) << 7);
            }
            assert_agrees(bytes, 2 + size);
        }
    }
}

static void unknown_fields_cost_a_frame_no_memory(void **state)
{
    static uint8_t bytes[FRAME_BYTES_MAX];
    struct wire_frame frame;
    struct wire_descriptor descriptor = fixture_descriptor();
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i += 2) {
        bytes[i] = 0x7a; /* field 15, with length */
        bytes[i + 1] = 0;
    }
    assert_agrees(bytes, sizeof bytes);
    assert_int_equal(wire_decode_frame(&arena, bytes, sizeof bytes, &descriptor, &frame),
                     WIRE_VERSION);
}

static void as_many_counts_as_bytes_fit_the_arena(void **state)
{
    static uint8_t bytes[FRAME_BYTES_MAX] = {FIELD_COUNTS << 3 | WIRE_TYPE_LENGTH};
    Stride__V1__Frame frame;
    (void)state;
    wire_varint_write(sizeof bytes - 3, bytes + 1);
    assert_agrees(bytes, sizeof bytes);
    assert_int_equal(wire_unpack_frame(&arena, bytes, sizeof bytes, &frame), WIRE_OK);
    assert_int_equal(frame.n_counts, sizeof bytes - 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(frames_of_any_fields_in_any_order_read_as_protobuf_c_reads_them,
                               set_up),
        cmocka_unit_test_setup(a_mutated_frame_reads_as_protobuf_c_reads_it, set_up),
        cmocka_unit_test_setup(what_is_odd_in_protobuf_c_is_odd_here, set_up),
        cmocka_unit_test_setup(every_mix_of_short_counts_is_read, set_up),
        cmocka_unit_test_setup(unknown_fields_cost_a_frame_no_memory, set_up),
        cmocka_unit_test_setup(as_many_counts_as_bytes_fit_the_arena, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
