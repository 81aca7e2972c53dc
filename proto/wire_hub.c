/* What the hub says to a device: stored, prompt, request. */
#include <math.h>
#include <string.h>

#include "proto/wire.h"
#include "proto/wire_private.h"

/* A belt loses at most 0.5 km/h (0.139 m/s) a request, S04. */
static const double slow_by_max_mps = 0.14;

enum wire_refusal wire_decode_stored(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                     struct wire_stored *out)
{
    enum wire_refusal refusal = WIRE_OK;
    const Stride__V1__Stored *in = wire_unpack(arena, &stride__v1__stored__descriptor, bytes, size,
                                               CONTROL_BYTES_MAX, &refusal);
    if (in == NULL) {
        return refusal;
    }
    memset(out, 0, sizeof *out);
    if (in->n_resend > STORED_RANGES_MAX) {
        return WIRE_RANGE;
    }
    out->boot_id = in->boot_id;
    out->through_seq = in->through_seq;
    out->control_through_seq = in->control_through_seq;
    out->resend_n = (uint8_t)in->n_resend;
    for (size_t i = 0; i < in->n_resend; i++) {
        out->resend[i] = (struct wire_range){in->resend[i]->first, in->resend[i]->last};
        if (out->resend[i].first == 0 || out->resend[i].first > out->resend[i].last) {
            return WIRE_RANGE;
        }
    }
    return wire_boot(in->has_boot_id, in->boot_id);
}

static bool absent(const char *text)
{
    return text == NULL || text[0] == '\0';
}

enum wire_refusal wire_decode_prompt(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                     struct wire_prompt *out)
{
    enum wire_refusal refusal = WIRE_OK;
    const Stride__V1__Prompt *in = wire_unpack(arena, &stride__v1__prompt__descriptor, bytes, size,
                                               CONTROL_BYTES_MAX, &refusal);
    if (in == NULL) {
        return refusal;
    }
    memset(out, 0, sizeof *out);
    if (absent(in->id)) {
        return WIRE_MISSING;
    }
    if (!wire_name(in->id, out->id) || !wire_name(in->text_id, out->text_id) ||
        !wire_name(in->rule, out->rule) || !wire_name(in->question, out->question) ||
        !wire_text(in->text, TEXT_LENGTH_MAX, out->text, sizeof out->text)) {
        return WIRE_TEXT;
    }
    out->pattern = (Stride__V1__Pattern)wire_enum(&stride__v1__pattern__descriptor, in->has_pattern,
                                                  (int)in->pattern);
    out->severity = (Stride__V1__Severity)wire_enum(&stride__v1__severity__descriptor,
                                                    in->has_severity, (int)in->severity);
    out->silent = in->silent;
    out->expects = (Stride__V1__Expects)wire_enum(&stride__v1__expects__descriptor, in->has_expects,
                                                  (int)in->expects);
    return WIRE_OK;
}

static enum wire_refusal decode_slow_by(const Stride__V1__Request *in, double *out)
{
    *out = (double)NAN;
    if (in->kind != STRIDE__V1__REQUEST_KIND__REQUEST_SLOW) {
        return WIRE_OK;
    }
    if (!in->has_slow_by_mps) {
        return WIRE_MISSING;
    }
    if (!(in->slow_by_mps > 0.0 && in->slow_by_mps <= slow_by_max_mps)) {
        return WIRE_RANGE;
    }
    *out = in->slow_by_mps;
    return WIRE_OK;
}

enum wire_refusal wire_decode_request(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                      struct wire_request *out)
{
    enum wire_refusal refusal = WIRE_OK;
    const Stride__V1__Request *in = wire_unpack(arena, &stride__v1__request__descriptor, bytes,
                                                size, CONTROL_BYTES_MAX, &refusal);
    if (in == NULL) {
        return refusal;
    }
    memset(out, 0, sizeof *out);
    if (absent(in->id)) {
        return WIRE_MISSING;
    }
    if (!wire_name(in->id, out->id) ||
        !wire_text(in->text, TEXT_LENGTH_MAX, out->text, sizeof out->text)) {
        return WIRE_TEXT;
    }
    /* A machine under a person must not guess what was asked of it. */
    refusal =
        wire_enum_required(&stride__v1__request_kind__descriptor, in->has_kind, (int)in->kind);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    out->kind = in->kind;
    return decode_slow_by(in, &out->slow_by_mps);
}
