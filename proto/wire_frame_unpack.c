/* A frame's fields, read by hand: the one message that comes four times a second from each device.
 * What is accepted, refused and ignored is what protobuf-c 1.4.1 does; the tests hold the two
 * against each other. */
#include <string.h>

#include "proto/wire.h"
#include "proto/wire_fields.h"
#include "proto/wire_private.h"

_Static_assert(FRAME_BYTES_MAX <= FRAME_VALUES_MAX,
               "a count takes a byte at least: the counts of a frame always fit");

/* Bytes of a word, and counts that two bytes each surely leave in it. */
enum { WORD_BYTES = 8, WORD_PAIRS = 4 };

/* Top bits of a word's bytes: set where a varint goes on. */
static const uint64_t more_bits = UINT64_C(0x8080808080808080);

/* Zigzag: 0, -1, 1, -2, ... */
static inline int32_t signed_of(uint32_t zigzag)
{
    return (int32_t)(zigzag >> 1 ^ (0U - (zigzag & 1U)));
}

/* Eight counts of one byte each. */
static void take_singles(const uint8_t *bytes, int32_t *out)
{
    for (size_t i = 0; i < WORD_BYTES; i++) {
        out[i] = signed_of(bytes[i]);
    }
}

/* Four counts of one or two bytes each, without a branch on which; returns the bytes they take. */
static size_t take_pairs(uint64_t word, int32_t *out)
{
    size_t taken = 0;
    for (size_t i = 0; i < WORD_PAIRS; i++) {
        uint64_t two = word >> 7 & 1U;
        uint64_t high = word >> 1 & 0x3f80U & (0U - two);
        out[i] = signed_of((uint32_t)((word & 0x7fU) | high));
        word >>= 8 + 8 * two;
        taken += 1 + two;
    }
    return taken;
}

/* The bytes at `bytes` as a word, the first one lowest; where fewer are left, a word that says to
 * read one by one. */
static uint64_t word_at(const uint8_t *bytes, size_t size)
{
    uint64_t word = more_bits;
    if (size >= WORD_BYTES) {
        memcpy(&word, bytes, sizeof word);
        if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__) {
            word = __builtin_bswap64(word);
        }
    }
    return word;
}

/* A row of varints that fills `size`; false when one of them does not end. `*counts_n` counts on.
 */
static bool take_packed(const uint8_t *bytes, size_t size, int32_t *counts, size_t *counts_n)
{
    size_t at = 0, n = *counts_n;
    while (at < size) {
        uint64_t word = word_at(bytes + at, size - at);
        uint64_t more = word & more_bits;
        if (more == 0) {
            take_singles(bytes + at, counts + n);
            at += WORD_BYTES;
            n += WORD_BYTES;
        } else if ((more & more >> 8) == 0) {
            at += take_pairs(word, counts + n);
            n += WORD_PAIRS;
        } else {
            uint64_t value = 0;
            size_t taken = wire_varint_read(bytes + at, size - at, WIRE_VARINT_BYTES_MAX, &value);
            if (taken == 0) {
                return false;
            }
            at += taken;
            counts[n++] = signed_of((uint32_t)value);
        }
    }
    *counts_n = n;
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
