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

struct wire_field {
    uint32_t number;
    unsigned type;        /* WIRE_TYPE_... */
    uint64_t value;       /* of WIRE_TYPE_VARINT, else 0 */
    const uint8_t *bytes; /* the whole field, tag included */
    size_t size;
};

/* The field at `bytes`; false when none is there that ends within `size`. */
bool wire_field_read(const uint8_t *bytes, size_t size, struct wire_field *out);

size_t wire_varint_size(uint64_t value);
/* Writes at `out`, which has room for WIRE_VARINT_BYTES_MAX; returns the bytes written. */
size_t wire_varint_write(uint64_t value, uint8_t *out);

#endif
