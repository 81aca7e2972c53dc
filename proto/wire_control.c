/* What a person or a link says: report, feedback, link. */
#include <string.h>

#include "proto/wire.h"
#include "proto/wire_private.h"

/* Absent becomes -1. */
static enum wire_refusal decode_time(bool present, uint64_t t_us, int64_t *out)
{
    *out = present ? (int64_t)t_us : -1;
    return present && t_us > (uint64_t)WIRE_CLOCK_US_MAX ? WIRE_RANGE : WIRE_OK;
}

/* A small answer; absent becomes -1. */
static enum wire_refusal decode_scale(bool present, uint32_t value, uint32_t least, uint32_t most,
                                      int8_t *out)
{
    if (present && (value < least || value > most)) {
        return WIRE_RANGE;
    }
    *out = (int8_t)(present ? (int)value : -1);
    return WIRE_OK;
}

/* The first refusal of a row of checks. */
static enum wire_refusal first_of(const enum wire_refusal *refusals, size_t refusals_n)
{
    for (size_t i = 0; i < refusals_n; i++) {
        if (refusals[i] != WIRE_OK) {
            return refusals[i];
        }
    }
    return WIRE_OK;
}

static Stride__V1__Answer answer_of(bool present, Stride__V1__Answer answer)
{
    return (Stride__V1__Answer)wire_enum(&stride__v1__answer__descriptor, present, (int)answer);
}

static void decode_choices(const Stride__V1__Report *in, struct wire_report *out)
{
    out->button = (Stride__V1__Button)wire_enum(&stride__v1__button__descriptor, in->has_button,
                                                (int)in->button);
    out->press_ms = in->press_ms;
    out->pain_place = (Stride__V1__PainPlace)wire_enum(&stride__v1__pain_place__descriptor,
                                                       in->has_pain_place, (int)in->pain_place);
    out->pain_side = (Stride__V1__Side)wire_enum(&stride__v1__side__descriptor, in->has_pain_side,
                                                 (int)in->pain_side);
    out->pain_quality = (Stride__V1__PainQuality)wire_enum(
        &stride__v1__pain_quality__descriptor, in->has_pain_quality, (int)in->pain_quality);
    out->symptom = (Stride__V1__Symptom)wire_enum(&stride__v1__symptom__descriptor, in->has_symptom,
                                                  (int)in->symptom);
    out->symptom_side = (Stride__V1__Side)wire_enum(&stride__v1__side__descriptor,
                                                    in->has_symptom_side, (int)in->symptom_side);
    out->answer = answer_of(in->has_answer, in->answer);
    out->relief = (Stride__V1__Relief)wire_enum(&stride__v1__relief__descriptor, in->has_relief,
                                                (int)in->relief);
    out->aggravator = (Stride__V1__Aggravator)wire_enum(&stride__v1__aggravator__descriptor,
                                                        in->has_aggravator, (int)in->aggravator);
    out->surface = (Stride__V1__Surface)wire_enum(&stride__v1__surface__descriptor, in->has_surface,
                                                  (int)in->surface);
    out->outdoors = answer_of(in->has_outdoors, in->outdoors);
}

static void decode_conditions(const Stride__V1__Report *in, struct wire_report *out)
{
    out->long_ok = answer_of(in->has_long_ok, in->long_ok);
    out->backpack = answer_of(in->has_backpack, in->backpack);
    out->icy = answer_of(in->has_icy, in->icy);
    out->camber = answer_of(in->has_camber, in->camber);
    out->sport = answer_of(in->has_sport, in->sport);
    out->hydrated = answer_of(in->has_hydrated, in->hydrated);
    out->driving = answer_of(in->has_driving, in->driving);
    out->belt_status = (Stride__V1__BeltStatus)wire_enum(&stride__v1__belt_status__descriptor,
                                                         in->has_belt_status, (int)in->belt_status);
}

/* A number from 0 to 10 that may be left out. */
static enum wire_refusal decode_tenths(bool present, uint32_t value, bool *has, uint8_t *out)
{
    *has = present;
    *out = (uint8_t)(present ? value : 0);
    return present && value > 10 ? WIRE_RANGE : WIRE_OK;
}

static enum wire_refusal decode_ambient(const Stride__V1__Report *in, struct wire_report *out)
{
    bool fits = in->ambient_c >= AMBIENT_C_MIN && in->ambient_c <= AMBIENT_C_MAX;
    out->has_ambient = in->has_ambient_c;
    out->ambient_c = (int16_t)(in->has_ambient_c && fits ? in->ambient_c : 0);
    return in->has_ambient_c && !fits ? WIRE_RANGE : WIRE_OK;
}

enum wire_refusal wire_decode_report(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                     struct wire_report *out)
{
    enum wire_refusal refusal = WIRE_OK;
    const Stride__V1__Report *in = wire_unpack(arena, &stride__v1__report__descriptor, bytes, size,
                                               CONTROL_BYTES_MAX, &refusal);
    if (in == NULL) {
        return refusal;
    }
    memset(out, 0, sizeof *out);
    out->place = (struct wire_place){in->boot_id, in->seq, in->oldest_kept_seq};
    decode_choices(in, out);
    decode_conditions(in, out);
    int8_t mood_week = -1;
    bool texts = wire_name(in->question, out->question) &&
                 wire_text(in->note, NOTE_LENGTH_MAX, out->note, sizeof out->note);
    const enum wire_refusal checks[] = {
        wire_version(in->has_version, in->version),
        wire_place_check(&out->place),
        decode_time(in->has_t_us, in->t_us, &out->t_us),
        decode_scale(in->has_pain_nrs, in->pain_nrs, 0, 10, &out->pain_nrs),
        decode_scale(in->has_mood, in->mood, 1, 5, &out->mood),
        decode_scale(in->has_mood_week, in->mood_week, 1, 5, &mood_week),
        decode_tenths(in->has_fear, in->fear, &out->has_fear, &out->fear),
        decode_tenths(in->has_effort, in->effort, &out->has_effort, &out->effort),
        decode_ambient(in, out),
        texts ? WIRE_OK : WIRE_TEXT,
    };
    out->mood_week = (uint8_t)(mood_week > 0 ? mood_week : 0);
    return first_of(checks, sizeof checks / sizeof checks[0]);
}

enum wire_refusal wire_decode_feedback(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                       struct wire_feedback *out)
{
    enum wire_refusal refusal = WIRE_OK;
    const Stride__V1__Feedback *in = wire_unpack(arena, &stride__v1__feedback__descriptor, bytes,
                                                 size, CONTROL_BYTES_MAX, &refusal);
    if (in == NULL) {
        return refusal;
    }
    memset(out, 0, sizeof *out);
    out->place = (struct wire_place){in->boot_id, in->seq, in->oldest_kept_seq};
    out->kind = in->kind;
    out->answer = answer_of(in->has_answer, in->answer);
    bool text = wire_name(in->prompt, out->prompt);
    const enum wire_refusal checks[] = {
        wire_version(in->has_version, in->version),
        wire_place_check(&out->place),
        decode_time(in->has_t_us, in->t_us, &out->t_us),
        in->prompt == NULL || in->prompt[0] == '\0' ? WIRE_MISSING : WIRE_OK,
        text ? WIRE_OK : WIRE_TEXT,
        wire_enum_required(&stride__v1__feedback_kind__descriptor, in->has_kind, (int)in->kind),
    };
    return first_of(checks, sizeof checks / sizeof checks[0]);
}

enum wire_refusal wire_decode_link(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                   struct wire_link *out)
{
    enum wire_refusal refusal = WIRE_OK;
    const Stride__V1__Link *in =
        wire_unpack(arena, &stride__v1__link__descriptor, bytes, size, CONTROL_BYTES_MAX, &refusal);
    if (in == NULL) {
        return refusal;
    }
    memset(out, 0, sizeof *out);
    out->boot_id = in->boot_id;
    out->state = (Stride__V1__LinkState)wire_enum(&stride__v1__link_state__descriptor,
                                                  in->has_state, (int)in->state);
    return wire_boot(in->has_boot_id, in->boot_id);
}
