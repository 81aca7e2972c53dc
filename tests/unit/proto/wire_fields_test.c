#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/proto/wire_fixture.h"

static int32_t counts[FIXTURE_CHANNELS * 4];
static uint8_t bytes[FRAME_BYTES_MAX], stamped[FRAME_BYTES_MAX];
static size_t bytes_n;

static int set_up(void **state)
{
    (void)state;
    for (int i = 0; i < FIXTURE_CHANNELS * 4; i++) {
        counts[i] = i * i;
    }
    struct wire_counts in = fixture_counts(counts, 4);
    bytes_n = wire_encode_frame(&in, bytes, sizeof bytes);
    return bytes_n == 0;
}

/* The property: whatever protobuf-c unpacks as a frame, peek reads the same way. */
static void assert_peek_agrees(const uint8_t *in, size_t size)
{
    struct wire_place place = {9, 9, 9};
    bool peeked = wire_peek(in, size, &place);
    Stride__V1__Frame *message = stride__v1__frame__unpack(NULL, size, in);
    if (message == NULL) {
        return;
    }
    assert_int_equal(peeked, message->boot_id != 0 && message->seq != 0);
    if (peeked) {
        assert_int_equal(place.boot_id, message->boot_id);
        assert_int_equal(place.seq, message->seq);
        assert_int_equal(place.oldest_kept_seq, message->oldest_kept_seq);
    } else {
        assert_int_equal(place.boot_id, 9); /* nothing changed */
    }
    stride__v1__frame__free_unpacked(message, NULL);
}

static void peek_reads_what_the_encoder_wrote(void **state)
{
    struct wire_place place;
    (void)state;
    assert_true(wire_peek(bytes, bytes_n, &place));
    assert_int_equal(place.boot_id, FIXTURE_BOOT);
    assert_int_equal(place.seq, 300);
    assert_int_equal(place.oldest_kept_seq, 290);
}

static void peek_agrees_with_the_unpacker_on_odd_encodings(void **state)
{
#define ODD(text)                                 \
    {                                             \
        (const uint8_t *)(text), sizeof(text) - 1 \
    }
    static const struct {
        const uint8_t *bytes;
        size_t size;
    } odd[] = {
        ODD("\x18\x05\x10\x07"),                                         /* order turned */
        ODD("\x10\x01\x18\x02\x10\x03\x18\x04"),                         /* twice: the last wins */
        ODD("\x10\x01\x18\x02\x18\x00"),                                 /* the last is 0 */
        ODD("\x90\x00\x01\x98\x80\x80\x80\x00\x02"),                     /* overlong tags */
        ODD("\x90\x80\x80\x80\x80\x00\x01\x18\x02"),                     /* tag of six bytes */
        ODD("\x90\x80\x80\x80\x10\x01\x18\x02"),                         /* number beyond 29 bits */
        ODD("\x10\x81\x80\x80\x80\x80\x80\x80\x80\x80\x00\x18\x01"),     /* ten-byte 1 */
        ODD("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x18\x01"),     /* bits beyond 64 */
        ODD("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x18\x01"), /* eleven bytes */
        ODD("\x10\x01\x18\x01\x00\x01"),                                 /* field 0 */
        ODD("\x10\x01\x18\x01\xa2\x06\x03new"),                          /* unknown, with length */
        ODD("\x10\x01\x18\x01\xa1\x06"
            "12345678"), /* unknown, 64 bit */
        ODD("\x10\x01\x18\x01\xa5\x06"
            "1234"), /* unknown, 32 bit */
        ODD("\x10\x01\x18\x01\xa5\x06"
            "123"),                                              /* one byte short */
        ODD("\x10\x01\x18\x01\xa3\x06\xa4\x06"),                 /* groups */
        ODD("\x10\x01\x18\x01\xa2\x06\xff\xff\xff\xff\x07"),     /* length 2^31 - 1 */
        ODD("\x10\x01\x18\x01\xa2\x06\xff\xff\xff\xff\x0f"),     /* length 2^32 - 1 */
        ODD("\x10\x01\x18\x01\xa2\x06\x80\x80\x80\x80\x00"),     /* overlong length 0 */
        ODD("\x10\x01\x18\x01\xa2\x06\x80\x80\x80\x80\x80\x00"), /* length of six bytes */
        ODD("\x12\x01\x01\x18\x01"),                             /* boot with a length */
        ODD("\x10"),                                             /* a tag only */
        ODD("\x10\x80"),                                         /* a varint that does not end */
        ODD(""),
    };
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        assert_peek_agrees(odd[i].bytes, odd[i].size);
    }
    struct wire_place place;
    assert_true(wire_peek(odd[0].bytes, odd[0].size, &place));
    assert_int_equal(place.boot_id, 7);
    assert_true(wire_peek(odd[3].bytes, odd[3].size, &place));
    assert_int_equal(place.seq, 2);
    /* A length of 65,536 with nothing behind it. */
    assert_false(wire_peek((const uint8_t *)"\x10\x01\x18\x01\xa2\x06\x80\x80\x04", 9, &place));
    assert_true(wire_peek(odd[7].bytes, odd[7].size, &place));
    assert_true(place.boot_id == UINT64_MAX);
}

static void peek_agrees_with_the_unpacker_on_changed_frames(void **state)
{
    uint64_t seed = 88172645463325252ULL;
    (void)state;
    for (int round = 0; round < 5000; round++) {
        uint8_t changed[64];
        memcpy(changed, bytes, sizeof changed);
        for (uint64_t n = 1 + fixture_random(&seed) % 3; n > 0; n--) {
            changed[fixture_random(&seed) % 24] = (uint8_t)fixture_random(&seed);
        }
        assert_peek_agrees(changed, 3 + fixture_random(&seed) % (sizeof changed - 3));
    }
}

static void peek_never_reads_past_the_end(void **state)
{
    (void)state;
    for (size_t cut = 0; cut < bytes_n; cut++) {
        uint8_t *exact = malloc(cut + 1);
        assert_non_null(exact);
        memcpy(exact, bytes, cut);
        struct wire_place place;
        bool peeked = wire_peek(exact, cut, &place);
        assert_true(!peeked || place.boot_id == FIXTURE_BOOT);
        free(exact);
    }
}

static void a_restamped_frame_differs_in_its_stamp_only(void **state)
{
    (void)state;
    struct wire_counts in = fixture_counts(counts, 4);
    in.place.oldest_kept_seq = 299;
    in.late = true;
    uint8_t expected[FRAME_BYTES_MAX];
    size_t expected_n = wire_encode_frame(&in, expected, sizeof expected);
    assert_int_equal(wire_restamp(bytes, bytes_n, 299, true, stamped, sizeof stamped), expected_n);
    assert_memory_equal(stamped, expected, expected_n);
    /* And back again, and to a stamp of nothing. */
    uint8_t again[FRAME_BYTES_MAX];
    assert_int_equal(wire_restamp(stamped, expected_n, 290, false, again, sizeof again), bytes_n);
    assert_memory_equal(again, bytes, bytes_n);
    in.place.oldest_kept_seq = 0;
    in.late = false;
    expected_n = wire_encode_frame(&in, expected, sizeof expected);
    assert_int_equal(wire_restamp(bytes, bytes_n, 0, false, stamped, sizeof stamped), expected_n);
    assert_memory_equal(stamped, expected, expected_n);
}

static void a_restamped_report_keeps_what_was_said(void **state)
{
    struct wire_report report = {.place = {5, 6, 1},
                                 .t_us = 1,
                                 .pain_nrs = 7,
                                 .mood = -1,
                                 .symptom = STRIDE__V1__SYMPTOM__SYMPTOM_TINGLING,
                                 .symptom_side = STRIDE__V1__SIDE__SIDE_BOTH,
                                 .note = "both feet"};
    static struct wire_report back;
    static struct wire_arena arena;
    (void)state;
    size_t size = wire_encode_report(&report, bytes, sizeof bytes);
    size = wire_restamp(bytes, size, 4, true, stamped, sizeof stamped);
    assert_int_equal(wire_decode_report(&arena, stamped, size, &back), WIRE_OK);
    assert_int_equal(back.place.oldest_kept_seq, 4);
    assert_int_equal(back.symptom, STRIDE__V1__SYMPTOM__SYMPTOM_TINGLING);
    assert_int_equal(back.pain_nrs, 7);
    /* Fields stay in ascending order: protobuf-c packs them to the same bytes. */
    Stride__V1__Report *message = stride__v1__report__unpack(NULL, size, stamped);
    assert_non_null(message);
    assert_true(message->late);
    assert_int_equal(stride__v1__report__pack(message, bytes), size);
    assert_memory_equal(bytes, stamped, size);
    stride__v1__report__free_unpacked(message, NULL);
    assert_string_equal(back.note, "both feet");
    report.symptom = STRIDE__V1__SYMPTOM__SYMPTOM_UNKNOWN;
    size = wire_encode_report(&report, bytes, sizeof bytes);
    size = wire_restamp(bytes, size, 4, true, stamped, sizeof stamped);
    assert_int_equal(wire_decode_report(&arena, stamped, size, &back), WIRE_OK);
    assert_int_equal(back.symptom, STRIDE__V1__SYMPTOM__SYMPTOM_UNKNOWN);
}

static void restamp_refuses_what_does_not_fit_or_parse(void **state)
{
    (void)state;
    size_t whole = wire_restamp(bytes, bytes_n, 299, true, stamped, sizeof stamped);
    for (size_t size = 0; size <= whole; size++) {
        uint8_t *exact = malloc(size + 1);
        assert_non_null(exact);
        assert_int_equal(wire_restamp(bytes, bytes_n, 299, true, exact, size),
                         size < whole ? 0 : whole);
        free(exact);
    }
    assert_int_equal(wire_restamp(bytes, bytes_n - 1, 1, true, stamped, sizeof stamped), 0);
    assert_int_equal(wire_restamp((const uint8_t *)"\x10", 1, 1, true, stamped, 100), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(peek_reads_what_the_encoder_wrote, set_up),
        cmocka_unit_test_setup(peek_agrees_with_the_unpacker_on_odd_encodings, set_up),
        cmocka_unit_test_setup(peek_agrees_with_the_unpacker_on_changed_frames, set_up),
        cmocka_unit_test_setup(peek_never_reads_past_the_end, set_up),
        cmocka_unit_test_setup(a_restamped_frame_differs_in_its_stamp_only, set_up),
        cmocka_unit_test_setup(a_restamped_report_keeps_what_was_said, set_up),
        cmocka_unit_test_setup(restamp_refuses_what_does_not_fit_or_parse, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
