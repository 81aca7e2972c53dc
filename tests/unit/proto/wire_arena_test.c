#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/proto/wire_fixture.h"

static struct wire_arena arena;
static uint8_t bytes[FRAME_BYTES_MAX];

static void a_flood_of_unknown_fields_ends_at_the_arena(void **state)
{
    struct wire_descriptor out;
    struct wire_place place;
    (void)state;
    /* A one-byte tag and no value: 2 bytes each, 2,048 of them in a hello. */
    for (size_t i = 0; i < sizeof bytes; i += 2) {
        bytes[i] = 0x7a; /* field 15, with length */
        bytes[i + 1] = 0;
    }
    enum wire_refusal refusal = wire_decode_hello(&arena, bytes, sizeof bytes, "a", &out);
    assert_int_equal(refusal, WIRE_ARENA);
    assert_true(arena.used <= WIRE_ARENA_BYTES);
    /* Small floods are a newer minor version. */
    assert_int_not_equal(wire_decode_hello(&arena, bytes, 200, "a", &out), WIRE_ARENA);
    /* Peek needs no memory. */
    memcpy(bytes, "\x10\x4d\x18\x01", 4);
    assert_true(wire_peek(bytes, sizeof bytes, &place));
}

static void a_flood_of_empty_parts_ends_at_the_arena(void **state)
{
    struct wire_descriptor out;
    (void)state;
    for (size_t i = 0; i < sizeof bytes; i += 2) {
        bytes[i] = 0x42; /* Descriptor.streams */
        bytes[i + 1] = 0;
    }
    assert_int_equal(wire_decode_hello(&arena, bytes, sizeof bytes, "a", &out), WIRE_ARENA);
}

/* An allocator that says no once. */
struct refuser {
    int left;
};

static void *refusing_alloc(void *context, size_t size)
{
    struct refuser *refuser = context;
    return refuser->left-- == 0 ? NULL : malloc(size);
}

static void refusing_free(void *context, void *pointer)
{
    (void)context;
    free(pointer);
}

/* The arena relies on protobuf-c taking NULL at every single allocation. */
static void protobuf_c_survives_every_refused_allocation(void **state)
{
    struct wire_descriptor descriptor = fixture_descriptor();
    size_t size = wire_encode_hello(&descriptor, bytes, sizeof bytes);
    (void)state;
    memcpy(bytes + size, "\xa2\x06\x03new\xa8\x06\x01", 9); /* unknown fields too */
    size += 9;
    int refused_n = 0;
    for (;; refused_n++) {
        struct refuser refuser = {.left = refused_n};
        ProtobufCAllocator allocator = {refusing_alloc, refusing_free, &refuser};
        Stride__V1__Descriptor *message = stride__v1__descriptor__unpack(&allocator, size, bytes);
        if (message != NULL) {
            stride__v1__descriptor__free_unpacked(message, &allocator);
            break;
        }
    }
    assert_in_range(refused_n, 30, 200);
}

static void every_refusal_has_its_own_name(void **state)
{
    (void)state;
    for (int i = 0; i < WIRE_REFUSALS; i++) {
        const char *name = wire_refusal_name((enum wire_refusal)i);
        assert_non_null(name);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(name, wire_refusal_name((enum wire_refusal)j));
        }
    }
    assert_string_equal(wire_refusal_name(WIRE_REFUSALS), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flood_of_unknown_fields_ends_at_the_arena),
        cmocka_unit_test(a_flood_of_empty_parts_ends_at_the_arena),
        cmocka_unit_test(protobuf_c_survives_every_refused_allocation),
        cmocka_unit_test(every_refusal_has_its_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
