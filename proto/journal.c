#include "proto/journal.h"
#include "proto/wire.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>

static const uint8_t magic[8] = {'S', 'T', 'R', 'I', 'D', 'E', 'J', '1'};
enum { FORMAT_VERSION = 1 };

/* Offsets within a row's head. The checksum covers everything from AT_SEQ on. */
enum {
    AT_SIZE = 0,
    AT_CRC = 4,
    AT_SEQ = 8,
    AT_MONO = 16,
    AT_WALL = 24,
    AT_WEARER = 32,
    AT_SLOT = 36,
    AT_KIND = 37,
    AT_FLAGS = 38
};
_Static_assert(AT_FLAGS + 2 == JOURNAL_ROW_HEAD_SIZE, "the row head is as the header says");

const char *journal_error_text(enum journal_error error)
{
    switch (error) {
    case JOURNAL_OK:
        return "no error";
    case JOURNAL_SHORT:
        return "the journal ends within a row";
    case JOURNAL_NOT_OURS:
        return "this is not a journal";
    case JOURNAL_VERSION:
        return "the journal was written by a later version";
    case JOURNAL_CORRUPT:
        return "a row is damaged";
    case JOURNAL_ORDER:
        return "rows are out of order";
    case JOURNAL_TIME:
        return "the time of the next row is none that a hub's clock can show";
    }
    return "unknown journal error";
}

/* The low `size` bytes of `value`, least significant first. */
static void put(uint8_t *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t get(const uint8_t *in, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value |= (uint64_t)in[i] << (8 * i);
    }
    return value;
}

static uint32_t row_crc(const uint8_t *row, size_t bytes_n)
{
    return (uint32_t)crc32(0, row + AT_SEQ, (uInt)(JOURNAL_ROW_HEAD_SIZE - AT_SEQ + bytes_n));
}

static bool slot_valid(uint8_t slot)
{
    return slot < WEARER_DEVICES_MAX || slot == INPUT_SLOT_NONE;
}

bool journal_time_valid(int64_t at_mono_ns)
{
    return at_mono_ns >= 0 && at_mono_ns <= JOURNAL_MONO_NS_MAX;
}

/* Only a row that sets frames aside says why. */
static bool flags_valid(uint8_t kind, uint16_t flags)
{
    return flags == 0 || (kind == INPUT_SKIP && flags < WIRE_REFUSALS);
}

size_t journal_write_head(uint8_t *out, size_t size)
{
    if (size < JOURNAL_HEAD_SIZE) {
        return 0;
    }
    memcpy(out, magic, sizeof magic);
    put(out + 8, FORMAT_VERSION, 4);
    put(out + 12, 0, 4);
    return JOURNAL_HEAD_SIZE;
}

enum journal_error journal_read_head(const uint8_t *bytes, size_t size)
{
    size_t known = size < sizeof magic ? size : sizeof magic;
    if (known > 0 && memcmp(bytes, magic, known) != 0) {
        return JOURNAL_NOT_OURS;
    }
    if (size < JOURNAL_HEAD_SIZE) {
        return JOURNAL_SHORT;
    }
    if (get(bytes + 8, 4) != FORMAT_VERSION || get(bytes + 12, 4) != 0) {
        return JOURNAL_VERSION;
    }
    return JOURNAL_OK;
}

size_t journal_write_row(const struct input *input, uint8_t *out, size_t size)
{
    size_t need = JOURNAL_ROW_HEAD_SIZE + (size_t)input->size;
    if (input->size > INPUT_BYTES_MAX || need > size) {
        return 0;
    }
    /* What is written here must be readable by journal_read_row. */
    assert(input->seq > 0 && flags_valid(input->kind, input->flags) && slot_valid(input->slot));
    assert(input->kind > INPUT_UNKNOWN && input->kind < INPUT_KINDS);
    assert(journal_time_valid(input->at_mono_ns));
    put(out + AT_SIZE, input->size, 4);
    put(out + AT_SEQ, input->seq, 8);
    put(out + AT_MONO, (uint64_t)input->at_mono_ns, 8);
    put(out + AT_WALL, (uint64_t)input->at_wall_ms, 8);
    put(out + AT_WEARER, input->wearer, 4);
    out[AT_SLOT] = input->slot;
    out[AT_KIND] = input->kind;
    put(out + AT_FLAGS, input->flags, 2);
    if (input->size > 0) {
        memcpy(out + JOURNAL_ROW_HEAD_SIZE, input->bytes, input->size);
    }
    put(out + AT_CRC, row_crc(out, input->size), 4);
    return need;
}

static enum journal_error check_bounds(const struct input *row)
{
    if (row->seq == 0 || row->kind == INPUT_UNKNOWN || !slot_valid(row->slot)) {
        return JOURNAL_CORRUPT;
    }
    if (!journal_time_valid(row->at_mono_ns)) {
        return JOURNAL_TIME;
    }
    /* The checksum is right, so somebody meant it. */
    return row->kind < INPUT_KINDS && flags_valid(row->kind, row->flags) ? JOURNAL_OK
                                                                         : JOURNAL_VERSION;
}

enum journal_error journal_read_row(const uint8_t *bytes, size_t size, const struct input *previous,
                                    struct input *out, size_t *used)
{
    if (size < JOURNAL_ROW_HEAD_SIZE) {
        return JOURNAL_SHORT;
    }
    uint32_t bytes_n = (uint32_t)get(bytes + AT_SIZE, 4);
    if (bytes_n > INPUT_BYTES_MAX) {
        return JOURNAL_CORRUPT;
    }
    if (size - JOURNAL_ROW_HEAD_SIZE < bytes_n) {
        return JOURNAL_SHORT;
    }
    if (get(bytes + AT_CRC, 4) != row_crc(bytes, bytes_n)) {
        return JOURNAL_CORRUPT;
    }
    struct input row = {.seq = get(bytes + AT_SEQ, 8),
                        .at_mono_ns = (int64_t)get(bytes + AT_MONO, 8),
                        .at_wall_ms = (int64_t)get(bytes + AT_WALL, 8),
                        .wearer = (uint32_t)get(bytes + AT_WEARER, 4),
                        .slot = bytes[AT_SLOT],
                        .kind = bytes[AT_KIND],
                        .flags = (uint16_t)get(bytes + AT_FLAGS, 2),
                        .size = bytes_n,
                        .bytes = bytes + JOURNAL_ROW_HEAD_SIZE};
    enum journal_error error = check_bounds(&row);
    if (error != JOURNAL_OK) {
        return error;
    }
    if (previous != NULL &&
        (row.seq != previous->seq + 1 || row.at_mono_ns < previous->at_mono_ns)) {
        return JOURNAL_ORDER;
    }
    *out = row;
    *used = JOURNAL_ROW_HEAD_SIZE + bytes_n;
    return JOURNAL_OK;
}
