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
    uint8_t one = 0, both = 0;
    for (ptrdiff_t i = 0; i < BLOCK; i++) {
        one |= bytes[i];
        both |= bytes[i] & bytes[i - 1];
    }
    return both >= 0x80 ? BLOCK_ANY : one >= 0x80 ? BLOCK_PAIRS : BLOCK_SINGLES;
}

static void take_singles(const uint8_t *restrict bytes, int32_t *restrict out)
{
    for (ptrdiff_t i = 0; i < BLOCK; i++) {
        uint16_t zigzag = bytes[i];
        out[i] = signed_of(zigzag);
    }
}

/* Counts of one or two bytes: each byte is read as the end of a count, with the byte before it if
 * that goes on; then only the ends are kept. Returns how many. */
static size_t take_pairs(const uint8_t *restrict bytes, int32_t *restrict out)
{
    size_t n = 0;
    for (ptrdiff_t i = 0; i < BLOCK; i++) {
        uint16_t last = bytes[i], before = bytes[i - 1];
        uint16_t two = (uint16_t)(0U - (before >> 7));
        uint16_t zigzag = (uint16_t)(((last << 7 | (before & 0x7f)) & two) | (last & ~two));
        out[i] = signed_of(zigzag);
    }
    for (ptrdiff_t i = 0; i < BLOCK; i++) {
        out[n] = out[i];
        n += bytes[i] < 0x80;
    }
    return n;
}

/* Counts of any length up to the first that ends at `size` or behind it, which `limit` bounds;
 * returns the bytes they take, 0 if one of them does not end. */
static size_t take_any(const uint8_t *bytes, size_t size, size_t limit, int32_t *out, size_t *n)
{
    size_t at = 0;
    while (at < size) {
        uint64_t value = 0;
        size_t taken = wire_varint_read(bytes + at, limit - at, WIRE_VARINT_BYTES_MAX, &value);
        if (taken == 0) {
            return 0;
        }
        at += taken;
        out[(*n)++] = signed_of((uint32_t)value);
    }
    return at;
}

/* A row of varints that fills `size`; the byte before it ends the prefix, so it does not go on.
 * False when one of them does not end. `*counts_n` counts on. */
static bool take_packed(const uint8_t *bytes, size_t size, int32_t *counts, size_t *counts_n)
{
    size_t at = 0;
    while (at < size) {
        size_t block = size - at < BLOCK ? size - at : BLOCK;
        enum block_kind kind = block < BLOCK ? BLOCK_ANY : look_at(bytes + at);
        size_t taken = BLOCK;
        if (kind == BLOCK_SINGLES) {
            take_singles(bytes + at, counts + *counts_n);
            *counts_n += BLOCK;
        } else if (kind == BLOCK_PAIRS) {
            *counts_n += take_pairs(bytes + at, counts + *counts_n);
            taken -= bytes[at + BLOCK - 1] >> 7; /* what goes on is the next block's */
        } else {
            taken = take_any(bytes + at, block, size - at, counts, counts_n);
        }
        if (taken == 0) {
            return false;
        }
        at += taken;
    }
    return true;
}

static bool take_counts(const struct wire_field *field, int32_t *counts, size_t *counts_n)
{
    if (field->type == WIRE_TYPE_VARINT) {
        counts[(*counts_n)++] = signed_of((uint32_t)field->value);
        return true;
    }
    size_t head = (size_t)field->tag_n + field->prefix_n;
    return field->type == WIRE_TYPE_LENGTH &&
           take_packed(field->bytes + head, field->size - head, counts, counts_n);
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

static bool take_field(const struct wire_field *field, struct scalars *scalars,
                       Stride__V1__Frame *out)
{
    if (field->number == FIELD_COUNTS) {
        return take_counts(field, out->counts, &out->n_counts);
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
    out->counts = arena->counts;
    for (size_t at = 0; at < size; at += field.size) {
        if (!wire_field_read(bytes + at, size - at, &field) || !take_field(&field, &scalars, out)) {
            return WIRE_MALFORMED;
        }
    }
    fill(&scalars, out);
    return WIRE_OK;
}
