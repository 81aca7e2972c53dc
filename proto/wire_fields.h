/* Protobuf's outer grammar: a message is a row of fields, and nothing is unpacked to walk it.
 *
 * In: bytes (untrusted). Out: field numbers and where each field lies. Pure; needs no protobuf-c,
 * so that a device can peek, encode frames and restamp without it. For proto/wire*.c only.
 * Takes and refuses exactly what protobuf-c 1.4.1 does, overlong tags included. */
#ifndef STRIDE_PROTO_WIRE_FIELDS_H
#define STRIDE_PROTO_WIRE_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    WIRE_TYPE_VARINT = 0,
    WIRE_TYPE_64BIT = 1,
    WIRE_TYPE_LENGTH = 2,
    WIRE_TYPE_32BIT = 5,
    WIRE_VARINT_BYTES_MAX = 10
};

/* Numbers of Frame's fields; the place (2 to 4) and late (12) are the same in Report and Feedback.
 */
enum {
    FIELD_VERSION = 1,
    FIELD_BOOT = 2,
    FIELD_SEQ = 3,
    FIELD_OLDEST_KEPT = 4,
    FIELD_STREAM = 5,
    FIELD_T0 = 6,
    FIELD_PERIOD = 7,
    FIELD_SAMPLES = 8,
    FIELD_COUNTS = 9,
    FIELD_WEAR = 10,
    FIELD_BATTERY = 11,
    FIELD_LATE = 12
};

struct wire_field {
    uint32_t number;
    unsigned type;        /* WIRE_TYPE_... */
    uint64_t value;       /* of WIRE_TYPE_VARINT, else 0 */
    const uint8_t *bytes; /* the whole field, tag included */
    size_t size;
    uint8_t tag_n;    /* bytes of the tag */
    uint8_t prefix_n; /* bytes behind it that say how long a WIRE_TYPE_LENGTH is, else 0 */
};

/* The field at `bytes`; false when none is there that ends within `size`. */
bool wire_field_read(const uint8_t *bytes, size_t size, struct wire_field *out);

/* Reads a varint that ends within `bytes_max` and `size`; returns how many bytes it takes, 0 if it
 * does not end. */
size_t wire_varint_read(const uint8_t *bytes, size_t size, size_t bytes_max, uint64_t *out);
size_t wire_varint_size(uint64_t value);
/* Writes at `out`, which has room for WIRE_VARINT_BYTES_MAX; returns the bytes written. */
size_t wire_varint_write(uint64_t value, uint8_t *out);

#endif
