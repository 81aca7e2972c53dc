/* Who the wearer is: the first input of every journal. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "proto/wire.h"
#include "proto/wire_private.h"

/* Wider than any person; the configuration's own table is stricter. */
static const double length_max_m = 3.0, mass_max_kg = 500.0;
enum { BIRTH_YEAR_MIN = 1850, BIRTH_YEAR_MAX = 2200, TZ_OFFSET_MAX_MIN = 14 * 60 };
enum { HR_MAX_LEAST_BPM = 60, HR_MAX_MOST_BPM = 250 };
enum { DAY_1900 = -25567, DAY_2200 = 84006 };
static const double shoe_max_km = 100000.0, week_days = 7.0;

static enum wire_refusal decode_devices(const Stride__V1__WearerConfig *in,
                                        struct wire_wearer_config *out)
{
    bool slot_taken[WEARER_DEVICES_MAX] = {false};
    if (in->n_devices > WEARER_DEVICES_MAX) {
        return WIRE_RANGE;
    }
    for (size_t i = 0; i < in->n_devices; i++) {
        const Stride__V1__WearerDevice *device = in->devices[i];
        enum wire_refusal refusal = wire_id(device->device, out->devices[i].device);
        if (refusal != WIRE_OK) {
            return refusal;
        }
        if (!device->has_slot) {
            return WIRE_MISSING;
        }
        if (device->slot >= WEARER_DEVICES_MAX || slot_taken[device->slot]) {
            return WIRE_RANGE;
        }
        slot_taken[device->slot] = true;
        out->devices[i].slot = (uint8_t)device->slot;
        out->devices[i].side = (Stride__V1__Side)wire_enum(&stride__v1__side__descriptor,
                                                           device->has_side, (int)device->side);
    }
    out->devices_n = (uint8_t)in->n_devices;
    return WIRE_OK;
}

static enum wire_refusal decode_duties(const Stride__V1__Caregiver *in, struct wire_caregiver *out)
{
    if (in->n_duty > CAREGIVER_DUTIES_MAX) {
        return WIRE_RANGE;
    }
    for (size_t i = 0; i < in->n_duty; i++) {
        const Stride__V1__Duty *duty = in->duty[i];
        if (!duty->has_days || !duty->has_from_min || !duty->has_until_min) {
            return WIRE_MISSING;
        }
        if (duty->days == 0 || duty->days > 0x7f || duty->from_min >= DAY_MINUTES ||
            duty->until_min > DAY_MINUTES) {
            return WIRE_RANGE;
        }
        out->duties[i] = (struct wire_duty){(uint8_t)duty->days, (uint16_t)duty->from_min,
                                            (uint16_t)duty->until_min};
    }
    out->duties_n = (uint8_t)in->n_duty;
    return WIRE_OK;
}

static enum wire_refusal decode_caregivers(const Stride__V1__WearerConfig *in,
                                           struct wire_wearer_config *out)
{
    if (in->n_caregivers > WEARER_CAREGIVERS_MAX) {
        return WIRE_RANGE;
    }
    for (size_t i = 0; i < in->n_caregivers; i++) {
        const Stride__V1__Caregiver *from = in->caregivers[i];
        struct wire_caregiver *to = &out->caregivers[i];
        enum wire_refusal refusal = wire_id(from->account, to->account);
        if (refusal != WIRE_OK) {
            return refusal;
        }
        to->order = from->order;
        to->emergency = from->emergency;
        to->daily_digest = from->daily_digest;
        to->live = from->live;
        to->monitoring = from->monitoring;
        refusal = decode_duties(from, to);
        if (refusal != WIRE_OK) {
            return refusal;
        }
    }
    out->caregivers_n = (uint8_t)in->n_caregivers;
    return WIRE_OK;
}

static enum wire_refusal decode_params(const Stride__V1__WearerConfig *in,
                                       struct wire_wearer_config *out)
{
    if (in->n_params > WEARER_PARAMS_MAX) {
        return WIRE_RANGE;
    }
    for (size_t i = 0; i < in->n_params; i++) {
        const Stride__V1__Param *param = in->params[i];
        if (param->name == NULL || param->name[0] == '\0' || !param->has_value) {
            return WIRE_MISSING;
        }
        if (!wire_name(param->name, out->params[i].name)) {
            return WIRE_TEXT;
        }
        if (!isfinite(param->value)) {
            return WIRE_RANGE;
        }
        out->params[i].value = param->value;
    }
    out->params_n = (uint8_t)in->n_params;
    return WIRE_OK;
}

static enum wire_refusal decode_flags(const Stride__V1__WearerConfig *in,
                                      struct wire_wearer_config *out)
{
    if (in->n_flags > WEARER_FLAGS_MAX) {
        return WIRE_RANGE;
    }
    for (size_t i = 0; i < in->n_flags; i++) {
        if (!wire_name(in->flags[i], out->flags[i])) {
            return WIRE_TEXT;
        }
    }
    out->flags_n = (uint8_t)in->n_flags;
    return WIRE_OK;
}

/* Absent becomes NAN; false unless within [0, most]. */
static bool decode_amount(bool present, double value, double most, float *out)
{
    *out = present ? (float)value : NAN;
    return !present || (value >= 0.0 && value <= most);
}

static enum wire_refusal decode_baselines(const Stride__V1__WearerConfig *in,
                                          struct wire_wearer_config *out)
{
    if (in->n_baseline > WEARER_BASELINES_MAX) {
        return WIRE_RANGE;
    }
    for (size_t i = 0; i < in->n_baseline; i++) {
        const Stride__V1__Baseline *from = in->baseline[i];
        struct wire_baseline *to = &out->baselines[i];
        if (from->name == NULL || from->name[0] == '\0' || !from->has_value) {
            return WIRE_MISSING;
        }
        if (!wire_name(from->name, to->name)) {
            return WIRE_TEXT;
        }
        to->value = (float)from->value;
        /* A speed below a float's reach is none: what counts is what is kept of it. */
        if (!isfinite(to->value) ||
            !decode_amount(from->has_mad, from->mad, (double)FLT_MAX, &to->mad) ||
            !decode_amount(from->has_speed_mps, from->speed_mps, (double)FLT_MAX, &to->speed_mps) ||
            to->speed_mps == 0.0F) {
            return WIRE_RANGE;
        }
    }
    out->baselines_n = (uint8_t)in->n_baseline;
    return WIRE_OK;
}

static Stride__V1__Answer decode_answer(bool present, Stride__V1__Answer answer)
{
    return (Stride__V1__Answer)wire_enum(&stride__v1__answer__descriptor, present, (int)answer);
}

static enum wire_refusal decode_shoe(const Stride__V1__WearerConfig *in,
                                     struct wire_wearer_config *out)
{
    const Stride__V1__Shoe *from = in->shoe;
    struct wire_shoe *to = &out->shoe;
    if (from == NULL) {
        return WIRE_OK;
    }
    enum wire_refusal refusal = from->id == NULL ? WIRE_OK : wire_id(from->id, to->id);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    out->has_shoe = true;
    to->type = (Stride__V1__ShoeType)wire_enum(&stride__v1__shoe_type__descriptor, from->has_type,
                                               (int)from->type);
    to->has_bought_day = from->has_bought_day;
    to->bought_day = from->has_bought_day ? from->bought_day : 0;
    to->cushioning = decode_answer(from->has_cushioning, from->cushioning);
    to->support = decode_answer(from->has_support, from->support);
    to->arch_support = decode_answer(from->has_arch_support, from->arch_support);
    bool amounts =
        decode_amount(from->has_distance_km, from->distance_km, shoe_max_km, &to->distance_km) &&
        decode_amount(from->has_days_per_week, from->days_per_week, week_days, &to->days_per_week);
    return amounts && to->bought_day >= DAY_1900 && to->bought_day <= DAY_2200 ? WIRE_OK
                                                                               : WIRE_RANGE;
}

static enum wire_refusal decode_habits(const Stride__V1__WearerConfig *in,
                                       struct wire_wearer_config *out)
{
    if (in->n_walk_min > WEARER_WALK_TIMES_MAX) {
        return WIRE_RANGE;
    }
    for (size_t i = 0; i < in->n_walk_min; i++) {
        if (in->walk_min[i] >= DAY_MINUTES || (i > 0 && in->walk_min[i] <= in->walk_min[i - 1])) {
            return WIRE_RANGE;
        }
        out->walk_min[i] = (uint16_t)in->walk_min[i];
    }
    out->walk_times_n = (uint8_t)in->n_walk_min;
    return wire_name(in->locale, out->locale) ? WIRE_OK : WIRE_TEXT;
}

/* Absent becomes NAN; false unless within (0, most]. */
static bool decode_measure(bool present, double value, double most, float *out)
{
    if (!present) {
        *out = NAN;
        return true;
    }
    if (!(value > 0.0 && value <= most)) {
        return false;
    }
    *out = (float)value;
    return *out > 0.0F; /* too small for a float is no measure either */
}

static enum wire_refusal decode_person(const Stride__V1__WearerConfig *in,
                                       struct wire_wearer_config *out)
{
    bool measures = decode_measure(in->has_height_m, in->height_m, length_max_m, &out->height_m) &&
                    decode_measure(in->has_leg_m, in->leg_m, length_max_m, &out->leg_m) &&
                    decode_measure(in->has_mass_kg, in->mass_kg, mass_max_kg, &out->mass_kg);
    bool year = !in->has_birth_year ||
                (in->birth_year >= BIRTH_YEAR_MIN && in->birth_year <= BIRTH_YEAR_MAX);
    bool heart = !in->has_hr_max_bpm ||
                 (in->hr_max_bpm >= HR_MAX_LEAST_BPM && in->hr_max_bpm <= HR_MAX_MOST_BPM);
    if (!measures || !year || !heart || in->tz_offset_min < -TZ_OFFSET_MAX_MIN ||
        in->tz_offset_min > TZ_OFFSET_MAX_MIN) {
        return WIRE_RANGE;
    }
    out->birth_year = (int16_t)in->birth_year;
    out->hr_max_bpm = (uint16_t)in->hr_max_bpm;
    out->tz_offset_min = (int16_t)in->tz_offset_min;
    out->coaching_consent = in->coaching_consent;
    out->caregiver_consent = in->caregiver_consent;
    return wire_name(in->stage, out->stage) && wire_name(in->display_name, out->display_name)
               ? WIRE_OK
               : WIRE_TEXT;
}

enum wire_refusal wire_decode_wearer_config(struct wire_arena *arena, const uint8_t *bytes,
                                            size_t size, struct wire_wearer_config *out)
{
    enum wire_refusal (*const steps[])(const Stride__V1__WearerConfig *,
                                       struct wire_wearer_config *) = {
        decode_devices,   decode_caregivers, decode_params, decode_flags,
        decode_baselines, decode_shoe,       decode_habits, decode_person};
    enum wire_refusal refusal = WIRE_OK;
    const Stride__V1__WearerConfig *in =
        wire_unpack(arena, &stride__v1__wearer_config__descriptor, bytes, size,
                    WEARER_CONFIG_BYTES_MAX, &refusal);
    if (in == NULL) {
        return refusal;
    }
    memset(out, 0, sizeof *out);
    refusal = wire_id(in->wearer, out->wearer);
    out->version = in->version;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0] && refusal == WIRE_OK; i++) {
        refusal = steps[i](in, out);
    }
    return refusal;
}
