/* What the wire's decoders share: unpacking in an arena, texts, enums. For proto/wire*.c only.
 *
 * In: bytes (untrusted) and fields of a message just unpacked. Out: checked values. Pure. */
#ifndef STRIDE_PROTO_WIRE_PRIVATE_H
#define STRIDE_PROTO_WIRE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/wire.h"

enum { WIRE_VERSION_KNOWN = 1 };

/* Device clocks count microseconds within what a double can hold exactly: 285 years. */
#define WIRE_CLOCK_US_MAX (INT64_C(1) << 53)

/* Unpacks after checking `size` against `size_max`. The message lives in the arena until its next
 * use. Returns NULL and sets `*refusal` when refused. */
void *wire_unpack(struct wire_arena *arena, const ProtobufCMessageDescriptor *descriptor,
                  const uint8_t *bytes, size_t size, size_t size_max, enum wire_refusal *refusal);

/* Frames by hand, since nothing else is decoded as often: fills `*out` with what protobuf-c 1.4.1
 * would unpack, its quirks included, and refuses what it would refuse. Unknown fields are passed
 * over and cost no memory, so a flood of them is no WIRE_ARENA here. `out->counts` lies in the
 * arena until its next use and holds running sums of the message's counts, modulo 2^32: summing
 * costs nothing while they are read. `size` is at most FRAME_BYTES_MAX, WIRE_TOO_LARGE otherwise.
 */
enum wire_refusal wire_unpack_frame(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                    Stride__V1__Frame *out);

/* Copies a text of at most `characters_max` characters and `size` - 1 bytes; NULL becomes "".
 * False unless it is UTF-8 without control characters and fits. */
bool wire_text(const char *text, size_t characters_max, char *out, size_t size);
/* The same for names, bounded in bytes only, `out` being an array. */
#define wire_name(text, out) wire_text(text, sizeof(out) - 1, out, sizeof(out))

/* WIRE_MISSING when absent, WIRE_TEXT when not an id of design 4. */
enum wire_refusal wire_id(const char *text, char out[ID_SIZE]);

/* The value, or 0 (UNKNOWN) when absent or when this version does not know it. */
int wire_enum(const ProtobufCEnumDescriptor *descriptor, bool present, int value);
/* For enums that must be known: WIRE_MISSING when absent or 0, WIRE_RANGE when not known. */
enum wire_refusal wire_enum_required(const ProtobufCEnumDescriptor *descriptor, bool present,
                                     int value);

/* WIRE_VERSION unless present and known. */
enum wire_refusal wire_version(bool present, uint32_t version);
/* WIRE_MISSING when absent, WIRE_RANGE when 0. */
enum wire_refusal wire_boot(bool present, uint64_t boot_id);
/* Boot and seq there, oldest_kept at most seq. 0 stands for absent. */
enum wire_refusal wire_place_check(const struct wire_place *place);

#endif
