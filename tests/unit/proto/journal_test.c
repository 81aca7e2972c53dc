#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

#include "proto/journal.h"

static const uint8_t payload[] = {0xde, 0xad, 0xbe, 0xef, 0x05};

static struct input sample(void)
{
    return (struct input){.seq = 0x0102030405060708,
                          .at_mono_ns = 0x1112131415161718,
                          .at_wall_ms = -2,
                          .wearer = 0x21222324,
                          .slot = 3,
                          .kind = INPUT_FRAME,
                          .size = sizeof payload,
                          .bytes = payload};
}

/* Makes the checksum right again after a test changed a row. */
static void seal(uint8_t *row, size_t size)
{
    uint32_t crc = (uint32_t)crc32(0, row + 8, (uInt)(size - 8));
    for (int i = 0; i < 4; i++) {
        row[4 + i] = (uint8_t)(crc >> (8 * i));
    }
}

static void the_layout_is_the_documented_one(void **state)
{
    static const uint8_t expected_head[16] = {'S', 'T', 'R', 'I', 'D', 'E', 'J', '1', 1};
    static const uint8_t expected_row[] = {
        0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01, 0x18, 0x17, 0x16, 0x15, 0x14,
        0x13, 0x12, 0x11, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x24, 0x23,
        0x22, 0x21, 3,    3,    0,    0,    0xde, 0xad, 0xbe, 0xef, 0x05};
    uint8_t bytes[64];
    struct input input = sample();
    (void)state;
    assert_int_equal(journal_write_head(bytes, sizeof bytes), 16);
    assert_memory_equal(bytes, expected_head, 16);
    assert_int_equal(journal_write_row(&input, bytes, sizeof bytes), 45);
    assert_int_equal(bytes[0], 5);
    assert_memory_equal(bytes + 8, expected_row, sizeof expected_row);
    uint8_t sealed[64];
    memcpy(sealed, bytes, 45);
    seal(sealed, 45);
    assert_memory_equal(sealed, bytes, 45);
}

static void a_row_comes_back_as_it_was_written(void **state)
{
    uint8_t bytes[JOURNAL_ROW_SIZE_MAX];
    struct input in = sample(), out;
    size_t used = 0;
    (void)state;
    size_t size = journal_write_row(&in, bytes, sizeof bytes);
    assert_int_equal(journal_read_row(bytes, sizeof bytes, NULL, &out, &used), JOURNAL_OK);
    assert_int_equal(used, size);
    assert_true(out.bytes == bytes + JOURNAL_ROW_HEAD_SIZE);
    assert_memory_equal(out.bytes, payload, sizeof payload);
    assert_true(out.seq == in.seq && out.at_mono_ns == in.at_mono_ns);
    assert_true(out.at_wall_ms == in.at_wall_ms && out.wearer == in.wearer);
    assert_true(out.slot == in.slot && out.kind == in.kind && out.flags == 0);
    assert_int_equal(out.size, in.size);
    in.size = 0;
    in.bytes = NULL;
    in.slot = INPUT_SLOT_NONE;
    assert_int_equal(journal_write_row(&in, bytes, sizeof bytes), JOURNAL_ROW_HEAD_SIZE);
    assert_int_equal(journal_read_row(bytes, JOURNAL_ROW_HEAD_SIZE, NULL, &out, &used), JOURNAL_OK);
    assert_int_equal(out.size, 0);
}

static void the_largest_row_fits_and_no_larger(void **state)
{
    static uint8_t big[INPUT_BYTES_MAX + 1], bytes[JOURNAL_ROW_SIZE_MAX + 1];
    struct input in = sample(), out;
    size_t used = 0;
    (void)state;
    in.bytes = big;
    in.size = INPUT_BYTES_MAX;
    assert_int_equal(journal_write_row(&in, bytes, JOURNAL_ROW_SIZE_MAX), JOURNAL_ROW_SIZE_MAX);
    assert_int_equal(journal_read_row(bytes, sizeof bytes, NULL, &out, &used), JOURNAL_OK);
    assert_int_equal(journal_write_row(&in, bytes, JOURNAL_ROW_SIZE_MAX - 1), 0);
    in.size = INPUT_BYTES_MAX + 1;
    assert_int_equal(journal_write_row(&in, bytes, sizeof bytes), 0);
    in.size = UINT32_MAX;
    assert_int_equal(journal_write_row(&in, bytes, sizeof bytes), 0);
    assert_int_equal(journal_write_head(bytes, 15), 0);
}

static void a_torn_end_is_short_at_every_byte(void **state)
{
    uint8_t bytes[64];
    struct input in = sample();
    (void)state;
    size_t size = journal_write_row(&in, bytes, sizeof bytes);
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *exact = malloc(cut + 1);
        struct input out = {.seq = 99};
        size_t used = 98;
        assert_non_null(exact);
        memcpy(exact, bytes, cut);
        assert_int_equal(journal_read_row(exact, cut, NULL, &out, &used), JOURNAL_SHORT);
        assert_int_equal(out.seq, 99);
        assert_int_equal(used, 98);
        free(exact);
    }
}

static void every_flipped_bit_is_noticed(void **state)
{
    uint8_t bytes[45];
    struct input in = sample(), out;
    size_t used = 0;
    (void)state;
    assert_int_equal(journal_write_row(&in, bytes, sizeof bytes), sizeof bytes);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_int_not_equal(journal_read_row(bytes, sizeof bytes, NULL, &out, &used), JOURNAL_OK);
        bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    assert_int_equal(journal_read_row(bytes, sizeof bytes, NULL, &out, &used), JOURNAL_OK);
}

static void a_sealed_row_out_of_bounds_is_refused(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        enum journal_error error;
    } changes[] = {
        {36, WEARER_DEVICES_MAX, JOURNAL_CORRUPT},
        {36, 254, JOURNAL_CORRUPT},
        {37, INPUT_UNKNOWN, JOURNAL_CORRUPT},
        {37, INPUT_KINDS, JOURNAL_VERSION},
        {37, 255, JOURNAL_VERSION},
        {38, 1, JOURNAL_VERSION},
        {39, 128, JOURNAL_VERSION},
        /* The time's highest byte: 290 years, and before the hub began. */
        {23, 0x7f, JOURNAL_TIME},
        {23, 0xff, JOURNAL_TIME},
    };
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        uint8_t bytes[45];
        struct input in = sample(), out;
        size_t used = 0;
        assert_int_equal(journal_write_row(&in, bytes, sizeof bytes), sizeof bytes);
        bytes[changes[i].at] = changes[i].value;
        seal(bytes, sizeof bytes);
        assert_int_equal(journal_read_row(bytes, sizeof bytes, NULL, &out, &used),
                         changes[i].error);
    }
    uint8_t bytes[45];
    struct input in = sample(), out;
    size_t used = 0;
    assert_int_equal(journal_write_row(&in, bytes, sizeof bytes), sizeof bytes);
    memset(bytes + 8, 0, 8);
    seal(bytes, sizeof bytes);
    assert_int_equal(journal_read_row(bytes, sizeof bytes, NULL, &out, &used), JOURNAL_CORRUPT);
}

static void a_huge_size_is_corrupt_not_short(void **state)
{
    uint8_t bytes[45];
    struct input in = sample(), out;
    size_t used = 0;
    (void)state;
    assert_int_equal(journal_write_row(&in, bytes, sizeof bytes), sizeof bytes);
    memset(bytes, 0xff, 4);
    assert_int_equal(journal_read_row(bytes, sizeof bytes, NULL, &out, &used), JOURNAL_CORRUPT);
}

static void a_gap_or_a_step_back_in_time_is_out_of_order(void **state)
{
    uint8_t bytes[64];
    struct input in = sample(), out, previous = sample();
    size_t used = 0;
    (void)state;
    assert_int_equal(journal_write_row(&in, bytes, sizeof bytes), 45);
    previous.seq = in.seq - 1;
    assert_int_equal(journal_read_row(bytes, 45, &previous, &out, &used), JOURNAL_OK);
    previous.at_mono_ns++;
    assert_int_equal(journal_read_row(bytes, 45, &previous, &out, &used), JOURNAL_ORDER);
    previous.at_mono_ns--;
    previous.seq = in.seq;
    assert_int_equal(journal_read_row(bytes, 45, &previous, &out, &used), JOURNAL_ORDER);
    previous.seq = in.seq - 2;
    assert_int_equal(journal_read_row(bytes, 45, &previous, &out, &used), JOURNAL_ORDER);
    /* The wall clock may jump as it likes. */
    previous.seq = in.seq - 1;
    previous.at_wall_ms = INT64_MAX;
    assert_int_equal(journal_read_row(bytes, 45, &previous, &out, &used), JOURNAL_OK);
}

static void a_foreign_or_later_file_is_not_read(void **state)
{
    uint8_t head[JOURNAL_HEAD_SIZE];
    (void)state;
    assert_int_equal(journal_write_head(head, sizeof head), sizeof head);
    assert_int_equal(journal_read_head(head, sizeof head), JOURNAL_OK);
    for (size_t size = 0; size < sizeof head; size++) {
        assert_int_equal(journal_read_head(head, size), JOURNAL_SHORT);
    }
    head[8] = 2;
    assert_int_equal(journal_read_head(head, sizeof head), JOURNAL_VERSION);
    head[8] = 1;
    head[12] = 1;
    assert_int_equal(journal_read_head(head, sizeof head), JOURNAL_VERSION);
    assert_int_equal(journal_read_head((const uint8_t *)"SQLite format 3", 16), JOURNAL_NOT_OURS);
    assert_int_equal(journal_read_head((const uint8_t *)"S!", 2), JOURNAL_NOT_OURS);
}

static void every_error_has_a_text(void **state)
{
    (void)state;
    for (int error = JOURNAL_OK; error <= JOURNAL_TIME; error++) {
        const char *text = journal_error_text((enum journal_error)error);
        assert_true(strlen(text) > 0);
        assert_string_not_equal(text, "unknown journal error");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_layout_is_the_documented_one),
        cmocka_unit_test(a_row_comes_back_as_it_was_written),
        cmocka_unit_test(the_largest_row_fits_and_no_larger),
        cmocka_unit_test(a_torn_end_is_short_at_every_byte),
        cmocka_unit_test(every_flipped_bit_is_noticed),
        cmocka_unit_test(a_sealed_row_out_of_bounds_is_refused),
        cmocka_unit_test(a_huge_size_is_corrupt_not_short),
        cmocka_unit_test(a_gap_or_a_step_back_in_time_is_out_of_order),
        cmocka_unit_test(a_foreign_or_later_file_is_not_read),
        cmocka_unit_test(every_error_has_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
