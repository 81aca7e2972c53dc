#include "proto/wire.h"

#include <string.h>

#include "proto/topic.h"
#include "proto/wire_private.h"

const char *wire_refusal_name(enum wire_refusal refusal)
{
    static const char *const names[WIRE_REFUSALS] = {
        [WIRE_OK] = "ok",
        [WIRE_TOO_LARGE] = "too_large",
        [WIRE_MALFORMED] = "malformed",
        [WIRE_ARENA] = "arena",
        [WIRE_VERSION] = "version",
        [WIRE_MISSING] = "missing",
        [WIRE_RANGE] = "range",
        [WIRE_TEXT] = "text",
        [WIRE_CHANNELS] = "channels",
        [WIRE_WRONG_DEVICE] = "wrong_device",
        [WIRE_BOOT] = "boot",
        [WIRE_ABSURD] = "absurd",
    };
    unsigned index = (unsigned)refusal;
    return index < WIRE_REFUSALS ? names[index] : "unknown";
}

/* ---- the arena. protobuf-c 1.4.1 takes NULL from its allocator as a failed unpack and frees what
 * it has so far, which is nothing here. */

static void *arena_alloc(void *context, size_t size)
{
    struct wire_arena *arena = context;
    if (size > WIRE_ARENA_BYTES) {
        arena->exhausted = true;
        return NULL;
    }
    size_t rounded = (size + 15U) & ~(size_t)15U;
    if (rounded > WIRE_ARENA_BYTES - arena->used) {
        arena->exhausted = true;
        return NULL;
    }
    void *taken = arena->bytes + arena->used;
    arena->used += rounded;
    return taken;
}

static void arena_free(void *context, void *pointer)
{
    (void)context;
    (void)pointer;
}

void *wire_unpack(struct wire_arena *arena, const ProtobufCMessageDescriptor *descriptor,
                  const uint8_t *bytes, size_t size, size_t size_max, enum wire_refusal *refusal)
{
    if (size > size_max) {
        *refusal = WIRE_TOO_LARGE;
        return NULL;
    }
    arena->used = 0;
    arena->exhausted = false;
    ProtobufCAllocator allocator = {
        .alloc = arena_alloc, .free = arena_free, .allocator_data = arena};
    void *message = protobuf_c_message_unpack(descriptor, &allocator, size, bytes);
    if (message == NULL) {
        *refusal = arena->exhausted ? WIRE_ARENA : WIRE_MALFORMED;
    }
    return message;
}

/* ---- texts */

/* Bytes of the character that starts with `lead`, and what its first byte carries; 0 if none does.
 */
static size_t lead_byte(unsigned char lead, uint32_t *bits)
{
    if (lead < 0x80) {
        *bits = lead;
        return 1;
    }
    if (lead >= 0xc2 && lead <= 0xdf) {
        *bits = lead & 0x1fU;
        return 2;
    }
    if ((lead & 0xf0) == 0xe0) {
        *bits = lead & 0x0fU;
        return 3;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        *bits = lead & 0x07U;
        return 4;
    }
    return 0;
}

/* Neither overlong, nor a surrogate, nor beyond Unicode, nor a C0, DEL or C1 control. */
static bool printable(uint32_t code, size_t bytes_n)
{
    static const uint32_t smallest[5] = {0, 0, 0x80, 0x800, 0x10000};
    bool surrogate = code >= 0xd800 && code <= 0xdfff;
    bool control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
    return code >= smallest[bytes_n] && code <= 0x10ffff && !surrogate && !control;
}

/* Bytes of the character at `text`, which a NUL ends; 0 if it may not stand in a text. */
static size_t character(const char *text)
{
    uint32_t code = 0;
    size_t bytes_n = lead_byte((unsigned char)text[0], &code);
    for (size_t i = 1; i < bytes_n; i++) {
        unsigned char next = (unsigned char)text[i];
        if ((next & 0xc0) != 0x80) {
            return 0; /* the NUL ends up here as well */
        }
        code = code << 6 | (next & 0x3fU);
    }
    return bytes_n > 0 && printable(code, bytes_n) ? bytes_n : 0;
}

bool wire_text(const char *text, size_t characters_max, char *out, size_t size)
{
    out[0] = '\0';
    if (text == NULL) {
        return true;
    }
    size_t length = strnlen(text, size);
    if (length >= size) {
        return false;
    }
    size_t characters_n = 0;
    for (size_t at = 0; at < length; characters_n++) {
        size_t bytes_n = character(text + at);
        if (bytes_n == 0 || characters_n == characters_max) {
            return false;
        }
        at += bytes_n;
    }
    memcpy(out, text, length + 1);
    return true;
}

enum wire_refusal wire_id(const char *text, char out[ID_SIZE])
{
    if (text == NULL) {
        return WIRE_MISSING;
    }
    if (!topic_id_valid(text)) {
        return WIRE_TEXT;
    }
    memcpy(out, text, strlen(text) + 1);
    return WIRE_OK;
}

/* ---- numbers */

int wire_enum(const ProtobufCEnumDescriptor *descriptor, bool present, int value)
{
    bool known = present && protobuf_c_enum_descriptor_get_value(descriptor, value) != NULL;
    return known ? value : 0;
}

enum wire_refusal wire_enum_required(const ProtobufCEnumDescriptor *descriptor, bool present,
                                     int value)
{
    if (!present || value == 0) {
        return WIRE_MISSING;
    }
    return wire_enum(descriptor, present, value) == 0 ? WIRE_RANGE : WIRE_OK;
}

enum wire_refusal wire_version(bool present, uint32_t version)
{
    return present && version == WIRE_VERSION_KNOWN ? WIRE_OK : WIRE_VERSION;
}

enum wire_refusal wire_boot(bool present, uint64_t boot_id)
{
    if (!present) {
        return WIRE_MISSING;
    }
    return boot_id == 0 ? WIRE_RANGE : WIRE_OK;
}

enum wire_refusal wire_place_check(const struct wire_place *place)
{
    if (place->boot_id == 0 || place->seq == 0) {
        return WIRE_MISSING;
    }
    return place->oldest_kept_seq > place->seq ? WIRE_RANGE : WIRE_OK;
}
