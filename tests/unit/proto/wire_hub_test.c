#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/proto/wire_fixture.h"

static struct wire_arena arena;
static uint8_t bytes[2048];

static void a_receipt_comes_back_with_its_ranges(void **state)
{
    struct wire_stored in = {
        .boot_id = 3, .through_seq = 1000, .control_through_seq = 4, .resend_n = STORED_RANGES_MAX};
    struct wire_stored out;
    (void)state;
    for (uint64_t i = 0; i < STORED_RANGES_MAX; i++) {
        in.resend[i] = (struct wire_range){1001 + 2 * i, 1001 + 2 * i};
    }
    in.resend[7].last = UINT64_MAX;
    size_t size = wire_encode_stored(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_stored(&arena, bytes, size, &out), WIRE_OK);
    assert_int_equal(out.boot_id, 3);
    assert_int_equal(out.through_seq, 1000);
    assert_int_equal(out.control_through_seq, 4);
    assert_int_equal(out.resend_n, STORED_RANGES_MAX);
    assert_memory_equal(out.resend, in.resend, sizeof in.resend);
    for (size_t small = 0; small < size; small++) {
        assert_int_equal(wire_encode_stored(&in, bytes, small), 0);
    }
}

static void a_receipt_that_cannot_be_true_is_refused(void **state)
{
    struct wire_stored in = {.boot_id = 3, .through_seq = 1, .resend_n = 1, .resend = {{5, 4}}};
    struct wire_stored out;
    (void)state;
    size_t size = wire_encode_stored(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_stored(&arena, bytes, size, &out), WIRE_RANGE);
    in.resend[0] = (struct wire_range){0, 4};
    size = wire_encode_stored(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_stored(&arena, bytes, size, &out), WIRE_RANGE);
    in.resend[0] = (struct wire_range){4, 4};
    in.boot_id = 0;
    size = wire_encode_stored(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_stored(&arena, bytes, size, &out), WIRE_RANGE);
    assert_int_equal(wire_decode_stored(&arena, NULL, 0, &out), WIRE_MISSING);
    /* One range more than the bound. */
    in.boot_id = 3;
    in.resend_n = STORED_RANGES_MAX;
    for (int i = 0; i < STORED_RANGES_MAX; i++) {
        in.resend[i] = (struct wire_range){1, 1};
    }
    size = wire_encode_stored(&in, bytes, sizeof bytes);
    memcpy(bytes + size, "\x1a\x04\x08\x01\x10\x01", 6);
    assert_int_equal(wire_decode_stored(&arena, bytes, size + 6, &out), WIRE_RANGE);
}

static void a_prompt_comes_back_as_it_was_sent(void **state)
{
    struct wire_prompt in = {.id = "p-1",
                             .text_id = "T11",
                             .rule = "R11",
                             .text = "Kürzere Schritte",
                             .pattern = STRIDE__V1__PATTERN__PATTERN_DOUBLE,
                             .severity = STRIDE__V1__SEVERITY__SEVERITY_COACH};
    struct wire_prompt out;
    (void)state;
    size_t size = wire_encode_prompt(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_prompt(&arena, bytes, size, &out), WIRE_OK);
    assert_string_equal(out.id, in.id);
    assert_string_equal(out.text_id, in.text_id);
    assert_string_equal(out.rule, in.rule);
    assert_string_equal(out.text, in.text);
    assert_int_equal(out.pattern, in.pattern);
    assert_int_equal(out.severity, in.severity);
    assert_int_equal(wire_encode_prompt(&in, bytes, size - 1), 0);
    memset(in.text, 'a', TEXT_LENGTH_MAX + 1);
    size = wire_encode_prompt(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_prompt(&arena, bytes, size, &out), WIRE_TEXT);
    in.text[TEXT_LENGTH_MAX] = '\0';
    in.id[0] = '\0';
    size = wire_encode_prompt(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_prompt(&arena, bytes, size, &out), WIRE_MISSING);
}

/* A request as it decodes. */
static enum wire_refusal exchange(int kind, double slow_by_mps, struct wire_request *out)
{
    struct wire_request in = {
        .id = "r-1", .kind = (Stride__V1__RequestKind)kind, .slow_by_mps = slow_by_mps};
    size_t size = wire_encode_request(&in, bytes, sizeof bytes);
    assert_true(size > 0);
    return wire_decode_request(&arena, bytes, size, out);
}

static void a_belt_is_never_asked_for_more_than_it_may_lose(void **state)
{
    enum { SLOW = STRIDE__V1__REQUEST_KIND__REQUEST_SLOW };
    struct wire_request out;
    (void)state;
    assert_int_equal(exchange(SLOW, 0.5 / 3.6, &out), WIRE_OK);
    assert_true(out.slow_by_mps == 0.5 / 3.6);
    assert_int_equal(exchange(SLOW, 0.0, &out), WIRE_RANGE);
    assert_int_equal(exchange(SLOW, -0.1, &out), WIRE_RANGE);
    assert_int_equal(exchange(SLOW, 0.15, &out), WIRE_RANGE);
    assert_int_equal(exchange(SLOW, (double)NAN, &out), WIRE_RANGE);
    assert_int_equal(exchange(SLOW, (double)INFINITY, &out), WIRE_RANGE);
    assert_int_equal(exchange(STRIDE__V1__REQUEST_KIND__REQUEST_PAUSE, 9.0, &out), WIRE_OK);
    assert_true(isnan(out.slow_by_mps));
    assert_int_equal(exchange(STRIDE__V1__REQUEST_KIND__REQUEST_UNKNOWN, 0.1, &out), WIRE_MISSING);
    assert_int_equal(exchange(17, 0.1, &out), WIRE_RANGE);
    assert_int_equal(wire_decode_request(&arena, (const uint8_t *)"\x0a\x01r\x10\x03", 5, &out),
                     WIRE_MISSING);
}

static void random_bytes_never_pass_a_bound(void **state)
{
    uint64_t seed = 88172645463325252ULL;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        uint8_t noise[64];
        struct wire_stored stored;
        struct wire_request request;
        size_t size = fixture_random(&seed) % sizeof noise;
        for (size_t i = 0; i < size; i++) {
            noise[i] = (uint8_t)(fixture_random(&seed) & (i % 3 == 0 ? 0x1f : 0xff));
        }
        if (wire_decode_stored(&arena, noise, size, &stored) == WIRE_OK) {
            assert_true(stored.boot_id > 0 && stored.resend_n <= STORED_RANGES_MAX);
        }
        if (wire_decode_request(&arena, noise, size, &request) == WIRE_OK) {
            assert_true(!(request.slow_by_mps > 0.14));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_comes_back_with_its_ranges),
        cmocka_unit_test(a_receipt_that_cannot_be_true_is_refused),
        cmocka_unit_test(a_prompt_comes_back_as_it_was_sent),
        cmocka_unit_test(a_belt_is_never_asked_for_more_than_it_may_lose),
        cmocka_unit_test(random_bytes_never_pass_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
