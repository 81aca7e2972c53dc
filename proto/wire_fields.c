#include "proto/wire_fields.h"

#include <string.h>

#include "proto/wire.h"

size_t wire_varint_read(const uint8_t *bytes, size_t size, size_t bytes_max, uint64_t *out)
{
    uint64_t value = 0;
    size_t end = size < bytes_max ? size : bytes_max;
    for (size_t i = 0; i < end; i++) {
        value |= (uint64_t)(bytes[i] & 0x7fU) << (7 * i);
        if (bytes[i] < 0x80) {
            *out = value;
            return i + 1;
        }
    }
    return 0;
}

/* Bytes of the value behind a tag of `type`; 0 if it does not end within `size`. */
static size_t value_read(unsigned type, const uint8_t *bytes, size_t size, uint64_t *value,
                         size_t *prefix)
{
    enum { LENGTH_BYTES_MAX = 5 };
    uint64_t length = 0;
    switch (type) {
    case WIRE_TYPE_VARINT:
        return wire_varint_read(bytes, size, WIRE_VARINT_BYTES_MAX, value);
    case WIRE_TYPE_64BIT:
        return size >= 8 ? 8 : 0;
    case WIRE_TYPE_32BIT:
        return size >= 4 ? 4 : 0;
    case WIRE_TYPE_LENGTH:
        *prefix = wire_varint_read(bytes, size, LENGTH_BYTES_MAX, &length);
        /* protobuf-c keeps 32 bits of a length. */
        length = (uint32_t)length;
        return *prefix > 0 && length <= size - *prefix ? *prefix + (size_t)length : 0;
    default: /* groups, and what was never defined */
        return 0;
    }
}

bool wire_field_read(const uint8_t *bytes, size_t size, struct wire_field *out)
{
    enum { TAG_BYTES_MAX = 5 };
    uint64_t tag = 0;
    uint64_t value = 0;
    size_t prefix = 0;
    size_t tag_n = wire_varint_read(bytes, size, TAG_BYTES_MAX, &tag);
    /* protobuf-c refuses field number 0, but only where the tag is one byte. */
    if (tag_n == 0 || (bytes[0] & 0xf8U) == 0) {
        return false;
    }
    unsigned type = (unsigned)(tag & 7U);
    size_t value_n = value_read(type, bytes + tag_n, size - tag_n, &value, &prefix);
    if (value_n == 0) {
        return false;
    }
    *out = (struct wire_field){.number = (uint32_t)(tag >> 3),
                               .type = type,
                               .value = value,
                               .bytes = bytes,
                               .size = tag_n + value_n,
                               .tag_n = (uint8_t)tag_n,
                               .prefix_n = (uint8_t)prefix};
    return true;
}

size_t wire_varint_size(uint64_t value)
{
    /* Seven bits a byte; 0 takes one as well. */
    unsigned bits = 64U - (unsigned)__builtin_clzll(value | 1U);
    return (bits + 6U) / 7U;
}

size_t wire_varint_write(uint64_t value, uint8_t *out)
{
    size_t size = 0;
    while (value >= 0x80) {
        out[size++] = (uint8_t)(value | 0x80U);
        value >>= 7;
    }
    out[size++] = (uint8_t)value;
    return size;
}

/* ---- place and stamp: the fields that frames, reports and feedback share */

bool wire_peek(const uint8_t *bytes, size_t size, struct wire_place *out)
{
    struct wire_place place = {0};
    struct wire_field field;
    for (size_t at = 0; at < size; at += field.size) {
        if (!wire_field_read(bytes + at, size - at, &field)) {
            return false;
        }
        if (field.number < FIELD_BOOT || field.number > FIELD_OLDEST_KEPT) {
            continue;
        }
        if (field.type != WIRE_TYPE_VARINT) {
            return false;
        }
        if (field.number == FIELD_BOOT) {
            place.boot_id = field.value;
        } else if (field.number == FIELD_SEQ) {
            place.seq = field.value;
        } else {
            place.oldest_kept_seq = field.value;
        }
    }
    if (place.boot_id == 0 || place.seq == 0) {
        return false;
    }
    *out = place;
    return true;
}

/* Appends a varint field unless its value is 0; false when it does not fit. */
static bool stamp(uint32_t number, uint64_t value, uint8_t *out, size_t size, size_t *at)
{
    if (value == 0) {
        return true;
    }
    if (1 + wire_varint_size(value) > size - *at) {
        return false;
    }
    out[(*at)++] = (uint8_t)(number << 3 | WIRE_TYPE_VARINT);
    *at += wire_varint_write(value, out + *at);
    return true;
}

size_t wire_restamp(const uint8_t *in, size_t in_size, uint64_t oldest_kept_seq, bool late,
                    uint8_t *out, size_t size)
{
    /* Still to be written, each ahead of the first field with a higher number. */
    uint64_t oldest_left = oldest_kept_seq;
    uint64_t late_left = late ? 1 : 0;
    struct wire_field field;
    size_t at = 0;
    for (size_t from = 0; from < in_size; from += field.size) {
        if (!wire_field_read(in + from, in_size - from, &field)) {
            return 0;
        }
        if (field.number > FIELD_OLDEST_KEPT) {
            if (!stamp(FIELD_OLDEST_KEPT, oldest_left, out, size, &at)) {
                return 0;
            }
            oldest_left = 0;
        }
        if (field.number > FIELD_LATE) {
            if (!stamp(FIELD_LATE, late_left, out, size, &at)) {
                return 0;
            }
            late_left = 0;
        }
        if (field.number == FIELD_OLDEST_KEPT || field.number == FIELD_LATE) {
            continue;
        }
        if (field.size > size - at) {
            return 0;
        }
        memcpy(out + at, field.bytes, field.size);
        at += field.size;
    }
    bool fits = stamp(FIELD_OLDEST_KEPT, oldest_left, out, size, &at) &&
                stamp(FIELD_LATE, late_left, out, size, &at);
    return fits ? at : 0;
}
