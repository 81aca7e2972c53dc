/* A frame's fields, read by hand: the one message that comes four times a second from each device.
 * What is accepted, refused and ignored is what protobuf-c 1.4.1 does; the tests hold the two
 * against each other. */
#include <string.h>

#include "proto/wire.h"
#include "proto/wire_fields.h"
#include "proto/wire_private.h"

_Static_assert(FRAME_BYTES_MAX <= FRAME_VALUES_MAX,
               "a count takes a byte at least: the counts of a frame always fit");

/* Bytes that are looked at together. The loops over them have no branch on what a byte is, so that
 * gcc makes vectors of them; below 17 rounds it would rather write them out. */
enum { BLOCK = 32 };

/* How long a block's varints are. */
enum block_kind { BLOCK_SINGLES, BLOCK_PAIRS, BLOCK_ANY };

/* Zigzag: 0, -1, 1, -2, ... */
static inline int32_t signed_of(uint32_t zigzag)
{
    return (int32_t)(zigzag >> 1 ^ (0U - (zigzag & 1U)));
}

/* Two bytes in a row that both go on are a varint of three at least. */
static enum block_kind look_at(const uint8_t *bytes)
{
    const uint64_t goes_on = UINT64_C(0x8080808080808080); /* of eight bytes, in any order */
    uint64_t one = 0, both = 0;
    for (ptrdiff_t i = 0; i < BLOCK; i += 8) {
        uint64_t here, before;
        memcpy(&here, bytes + i, sizeof here);
        memcpy(&before, bytes + i - 1, sizeof before);
        one |= here;
        both |= here & before;
    }
    return (both & goes_on) != 0 ? BLOCK_ANY : (one & goes_on) != 0 ? BLOCK_PAIRS : BLOCK_SINGLES;
}

/* The row of counts as far as it is read. */
struct row {
    int32_t *counts; /* each is the sum of all before it and its own, modulo 2^32 */
    size_t n;
    uint32_t sum;
};

static void take_singles(const uint8_t *restrict bytes, struct row *row)
{
    int32_t *out = row->counts + row->n;
    int16_t steps[BLOCK];
    for (ptrdiff_t i = 0; i < BLOCK; i++) {
        steps[i] = (int16_t)signed_of(bytes[i]);
    }
    uint32_t sum = row->sum;
    for (ptrdiff_t i = 0; i < BLOCK; i++) {
        int32_t step = steps[i];
        sum += (uint32_t)step;
        out[i] = (int32_t)sum;
    }
    row->sum = sum;
    row->n += BLOCK;
}

/* Counts of one or two bytes: each byte is read as the end of a count, with the byte before it if
 * that goes on. A byte that ends none adds nothing, and its place is taken by the next one's. */
static void take_pairs(const uint8_t *restrict bytes, struct row *row)
{
    int32_t *out = row->counts + row->n;
    int16_t steps[BLOCK];
    uint8_t ends[BLOCK];
    for (ptrdiff_t i = 0; i < BLOCK; i++) {
        uint16_t last = bytes[i], before = bytes[i - 1];
        uint16_t two = (uint16_t)(0U - (before >> 7));
        uint16_t zigzag = (uint16_t)(((last << 7 | (before & 0x7f)) & two) | (last & ~two));
        uint16_t end = (uint16_t)((last >> 7) - 1U);
        steps[i] = (int16_t)((zigzag >> 1 ^ (0U - (zigzag & 1U))) & end);
    }
    for (ptrdiff_t i = 0; i < BLOCK; i++) {
        ends[i] = (uint8_t)(bytes[i] >> 7 ^ 1U);
    }
    uint32_t sum = row->sum;
    size_t n = 0;
    for (ptrdiff_t i = 0; i < BLOCK; i++) {
        int32_t step = steps[i];
        sum += (uint32_t)step;
        out[n] = (int32_t)sum;
        n += ends[i];
    }
    row->sum = sum;
    row->n += n;
}

/* Counts of any length up to the first that ends at `size` or behind it, which `limit` bounds;
 * returns the bytes they take, 0 if one of them does not end. */
static size_t take_any(const uint8_t *bytes, size_t size, size_t limit, struct row *row)
{
    size_t at = 0;
    while (at < size) {
        uint64_t value = 0;
        size_t taken = wire_varint_read(bytes + at, limit - at, WIRE_VARINT_BYTES_MAX, &value);
        if (taken == 0) {
            return 0;
        }
        at += taken;
        row->sum += (uint32_t)signed_of((uint32_t)value);
        row->counts[row->n++] = (int32_t)row->sum;
    }
    return at;
}

/* A row of varints that fills `size`; the byte before it ends the prefix, so it does not go on.
 * False when one of them does not end. */
static bool take_packed(const uint8_t *bytes, size_t size, struct row *row)
{
    size_t at = 0;
    while (at < size) {
        size_t block = size - at < BLOCK ? size - at : BLOCK;
        enum block_kind kind = block < BLOCK ? BLOCK_ANY : look_at(bytes + at);
        size_t taken = BLOCK;
        if (kind == BLOCK_SINGLES) {
            take_singles(bytes + at, row);
        } else if (kind == BLOCK_PAIRS) {
            take_pairs(bytes + at, row);
            taken -= bytes[at + BLOCK - 1] >> 7; /* what goes on is the next block's */
        } else {
            taken = take_any(bytes + at, block, size - at, row);
        }
        if (taken == 0) {
            return false;
        }
        at += taken;
    }
    return true;
}

static bool take_counts(const struct wire_field *field, struct row *row)
{
    if (field->type == WIRE_TYPE_VARINT) {
        row->sum += (uint32_t)signed_of((uint32_t)field->value);
        row->counts[row->n++] = (int32_t)row->sum;
        return true;
    }
    size_t head = (size_t)field->tag_n + field->prefix_n;
    return field->type == WIRE_TYPE_LENGTH &&
           take_packed(field->bytes + head, field->size - head, row);
}

/* What protobuf-c takes for true: any payload bit, whatever the type, a length's own bytes too. */
static uint64_t truth(const struct wire_field *field)
{
    unsigned any = 0;
    for (size_t i = field->tag_n; i < field->size; i++) {
        any |= field->bytes[i] & 0x7fU;
    }
    return any != 0;
}

/* The last value of each field, by its number; a field that came more than once counts as its last.
 */
struct scalars {
    bool has[FIELD_LATE + 1];
    uint64_t value[FIELD_LATE + 1];
};

static bool take_field(const struct wire_field *field, struct scalars *scalars, struct row *row)
{
    if (field->number == FIELD_COUNTS) {
        return take_counts(field, row);
    }
    if (field->number == 0 || field->number > FIELD_LATE) {
        return true; /* a later version's */
    }
    if (field->number != FIELD_LATE && field->type != WIRE_TYPE_VARINT) {
        return false;
    }
    scalars->has[field->number] = true;
    scalars->value[field->number] = field->number == FIELD_LATE ? truth(field) : field->value;
    return true;
}

static void fill(const struct scalars *scalars, Stride__V1__Frame *out)
{
    const bool *has = scalars->has;
    const uint64_t *value = scalars->value;
    out->has_version = has[FIELD_VERSION];
    out->version = (uint32_t)value[FIELD_VERSION];
    out->has_boot_id = has[FIELD_BOOT];
    out->boot_id = value[FIELD_BOOT];
    out->has_seq = has[FIELD_SEQ];
    out->seq = value[FIELD_SEQ];
    out->has_oldest_kept_seq = has[FIELD_OLDEST_KEPT];
    out->oldest_kept_seq = value[FIELD_OLDEST_KEPT];
    out->has_stream = has[FIELD_STREAM];
    out->stream = (uint32_t)value[FIELD_STREAM];
    out->has_t0_us = has[FIELD_T0];
    out->t0_us = value[FIELD_T0];
    out->has_period_us = has[FIELD_PERIOD];
    out->period_us = (uint32_t)value[FIELD_PERIOD];
    out->has_samples_n = has[FIELD_SAMPLES];
    out->samples_n = (uint32_t)value[FIELD_SAMPLES];
    out->has_wear = has[FIELD_WEAR];
    out->wear = (Stride__V1__Wear)(int32_t)value[FIELD_WEAR];
    out->has_battery_pct = has[FIELD_BATTERY];
    out->battery_pct = (uint32_t)value[FIELD_BATTERY];
    out->has_late = has[FIELD_LATE];
    out->late = (protobuf_c_boolean)value[FIELD_LATE];
}

enum wire_refusal wire_unpack_frame(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                    Stride__V1__Frame *out)
{
    if (size > FRAME_BYTES_MAX) {
        return WIRE_TOO_LARGE;
    }
    struct scalars scalars = {0};
    struct wire_field field;
    *out = (Stride__V1__Frame)STRIDE__V1__FRAME__INIT;
    struct row row = {.counts = arena->counts};
    for (size_t at = 0; at < size; at += field.size) {
        if (!wire_field_read(bytes + at, size - at, &field) ||
            !take_field(&field, &scalars, &row)) {
            return WIRE_MALFORMED;
        }
    }
    out->counts = row.counts;
    out->n_counts = row.n;
    fill(&scalars, out);
    return WIRE_OK;
}
