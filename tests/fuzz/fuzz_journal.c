/* Any bytes as a journal. With an odd first byte the checksums are made right first, so that the
 * fuzzer gets past them. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include "proto/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void seal(uint8_t *row, size_t size)
{
    uint32_t bytes_n = row[0] | (uint32_t)row[1] << 8;
    if (size < JOURNAL_ROW_HEAD_SIZE || bytes_n > size - JOURNAL_ROW_HEAD_SIZE) {
        return;
    }
    uint32_t crc = (uint32_t)crc32(0, row + 8, (uInt)(JOURNAL_ROW_HEAD_SIZE - 8 + bytes_n));
    for (int i = 0; i < 4; i++) {
        row[4 + i] = (uint8_t)(crc >> (8 * i));
    }
}

static void read_rows(const uint8_t *bytes, size_t size)
{
    struct input row, previous;
    size_t used = 0, at = 0;
    for (const struct input *before = NULL;
         journal_read_row(bytes + at, size - at, before, &row, &used) == JOURNAL_OK; at += used) {
        uint8_t again[JOURNAL_ROW_SIZE_MAX];
        assert(row.size <= INPUT_BYTES_MAX && row.kind < INPUT_KINDS && row.seq > 0);
        assert(used == JOURNAL_ROW_HEAD_SIZE + row.size && used <= size - at);
        assert(journal_write_row(&row, again, sizeof again) == used);
        assert(memcmp(again, bytes + at, used) == 0);
        previous = row;
        before = &previous;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t bytes[1 << 16];
    (void)journal_read_head(data, size);
    if (size < 1 || size - 1 > sizeof bytes) {
        return 0;
    }
    size_t bytes_n = size - 1;
    memcpy(bytes, data + 1, bytes_n);
    for (size_t at = 0; data[0] % 2 == 1 && at + JOURNAL_ROW_HEAD_SIZE <= bytes_n;) {
        seal(bytes + at, bytes_n - at);
        at += JOURNAL_ROW_HEAD_SIZE + (bytes[at] | (size_t)bytes[at + 1] << 8);
    }
    read_rows(bytes, bytes_n);
    return 0;
}
