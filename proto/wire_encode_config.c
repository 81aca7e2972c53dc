/* The wearer's configuration, packed by protobuf-c from messages on the stack. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "proto/wire.h"
#include "proto/wire_private.h"

/* A configuration in protobuf-c's shape, about 8 KiB of stack. */
struct config_parts {
    Stride__V1__WearerDevice devices[WEARER_DEVICES_MAX];
    Stride__V1__WearerDevice *device_pointers[WEARER_DEVICES_MAX];
    Stride__V1__Caregiver caregivers[WEARER_CAREGIVERS_MAX];
    Stride__V1__Caregiver *caregiver_pointers[WEARER_CAREGIVERS_MAX];
    Stride__V1__Duty duties[WEARER_CAREGIVERS_MAX][CAREGIVER_DUTIES_MAX];
    Stride__V1__Duty *duty_pointers[WEARER_CAREGIVERS_MAX][CAREGIVER_DUTIES_MAX];
    Stride__V1__Param params[WEARER_PARAMS_MAX];
    Stride__V1__Param *param_pointers[WEARER_PARAMS_MAX];
    char *flags[WEARER_FLAGS_MAX];
    Stride__V1__Baseline baselines[WEARER_BASELINES_MAX];
    Stride__V1__Baseline *baseline_pointers[WEARER_BASELINES_MAX];
    Stride__V1__Shoe shoe;
    uint32_t walk_min[WEARER_WALK_TIMES_MAX];
};

/* protobuf-c's structs are not const, but packing only reads. */
static char *borrow(const char *text)
{
    return (char *)(uintptr_t)text;
}

static char *borrow_unless_empty(const char *text)
{
    return text[0] == '\0' ? NULL : borrow(text);
}

static void encode_devices(const struct wire_wearer_config *in, struct config_parts *parts)
{
    for (size_t i = 0; i < in->devices_n; i++) {
        Stride__V1__WearerDevice *device = &parts->devices[i];
        stride__v1__wearer_device__init(device);
        device->device = borrow(in->devices[i].device);
        device->has_slot = true;
        device->slot = in->devices[i].slot;
        device->has_side = in->devices[i].side != 0;
        device->side = in->devices[i].side;
        parts->device_pointers[i] = device;
    }
}

static void encode_duties(const struct wire_caregiver *in, size_t number,
                          struct config_parts *parts)
{
    for (size_t i = 0; i < in->duties_n; i++) {
        Stride__V1__Duty *duty = &parts->duties[number][i];
        stride__v1__duty__init(duty);
        duty->has_days = duty->has_from_min = duty->has_until_min = true;
        duty->days = in->duties[i].days;
        duty->from_min = in->duties[i].from_min;
        duty->until_min = in->duties[i].until_min;
        parts->duty_pointers[number][i] = duty;
    }
    parts->caregivers[number].n_duty = in->duties_n;
    parts->caregivers[number].duty = parts->duty_pointers[number];
}

static void encode_caregivers(const struct wire_wearer_config *in, struct config_parts *parts)
{
    for (size_t i = 0; i < in->caregivers_n; i++) {
        const struct wire_caregiver *from = &in->caregivers[i];
        Stride__V1__Caregiver *to = &parts->caregivers[i];
        stride__v1__caregiver__init(to);
        to->account = borrow(from->account);
        to->has_order = true;
        to->order = from->order;
        to->has_emergency = to->emergency = from->emergency;
        to->has_daily_digest = to->daily_digest = from->daily_digest;
        to->has_live = to->live = from->live;
        to->has_monitoring = to->monitoring = from->monitoring;
        encode_duties(from, i, parts);
        parts->caregiver_pointers[i] = to;
    }
}

static void encode_params(const struct wire_wearer_config *in, struct config_parts *parts)
{
    for (size_t i = 0; i < in->params_n; i++) {
        Stride__V1__Param *param = &parts->params[i];
        stride__v1__param__init(param);
        param->name = borrow(in->params[i].name);
        param->has_value = true;
        param->value = in->params[i].value;
        parts->param_pointers[i] = param;
    }
    for (size_t i = 0; i < in->flags_n; i++) {
        parts->flags[i] = borrow(in->flags[i]);
    }
}

static void encode_baselines(const struct wire_wearer_config *in, struct config_parts *parts)
{
    for (size_t i = 0; i < in->baselines_n; i++) {
        const struct wire_baseline *from = &in->baselines[i];
        Stride__V1__Baseline *to = &parts->baselines[i];
        stride__v1__baseline__init(to);
        to->name = borrow(from->name);
        to->has_value = true;
        to->value = (double)from->value;
        to->has_mad = !isnan(from->mad);
        to->mad = (double)from->mad;
        to->has_speed_mps = !isnan(from->speed_mps);
        to->speed_mps = (double)from->speed_mps;
        parts->baseline_pointers[i] = to;
    }
}

static void encode_shoe(const struct wire_shoe *from, Stride__V1__Shoe *to)
{
    stride__v1__shoe__init(to);
    to->id = borrow_unless_empty(from->id);
    to->has_type = from->type != 0;
    to->type = from->type;
    to->has_bought_day = from->has_bought_day;
    to->bought_day = from->bought_day;
    to->has_distance_km = !isnan(from->distance_km);
    to->distance_km = (double)from->distance_km;
    to->has_days_per_week = !isnan(from->days_per_week);
    to->days_per_week = (double)from->days_per_week;
    to->has_cushioning = from->cushioning != 0;
    to->cushioning = from->cushioning;
    to->has_support = from->support != 0;
    to->support = from->support;
    to->has_arch_support = from->arch_support != 0;
    to->arch_support = from->arch_support;
}

static void encode_person(const struct wire_wearer_config *in, Stride__V1__WearerConfig *out)
{
    out->has_height_m = !isnan(in->height_m);
    out->height_m = (double)in->height_m;
    out->has_leg_m = !isnan(in->leg_m);
    out->leg_m = (double)in->leg_m;
    out->has_mass_kg = !isnan(in->mass_kg);
    out->mass_kg = (double)in->mass_kg;
    out->has_birth_year = in->birth_year != 0;
    out->birth_year = (uint32_t)in->birth_year;
    out->has_hr_max_bpm = in->hr_max_bpm != 0;
    out->hr_max_bpm = in->hr_max_bpm;
    out->locale = borrow_unless_empty(in->locale);
    out->stage = borrow_unless_empty(in->stage);
    out->has_coaching_consent = out->coaching_consent = in->coaching_consent;
    out->has_caregiver_consent = out->caregiver_consent = in->caregiver_consent;
    out->display_name = borrow_unless_empty(in->display_name);
    out->has_tz_offset_min = in->tz_offset_min != 0;
    out->tz_offset_min = in->tz_offset_min;
}

size_t wire_encode_wearer_config(const struct wire_wearer_config *in, uint8_t *out, size_t size)
{
    assert(in->devices_n <= WEARER_DEVICES_MAX && in->caregivers_n <= WEARER_CAREGIVERS_MAX);
    assert(in->baselines_n <= WEARER_BASELINES_MAX && in->walk_times_n <= WEARER_WALK_TIMES_MAX);
    assert(in->params_n <= WEARER_PARAMS_MAX && in->flags_n <= WEARER_FLAGS_MAX);
    struct config_parts parts;
    Stride__V1__WearerConfig message = STRIDE__V1__WEARER_CONFIG__INIT;
    encode_devices(in, &parts);
    encode_caregivers(in, &parts);
    encode_params(in, &parts);
    encode_baselines(in, &parts);
    encode_shoe(&in->shoe, &parts.shoe);
    encode_person(in, &message);
    for (size_t i = 0; i < in->walk_times_n; i++) {
        parts.walk_min[i] = in->walk_min[i];
    }
    message.wearer = borrow(in->wearer);
    message.has_version = true;
    message.version = in->version;
    message.n_devices = in->devices_n;
    message.devices = parts.device_pointers;
    message.n_caregivers = in->caregivers_n;
    message.caregivers = parts.caregiver_pointers;
    message.n_params = in->params_n;
    message.params = parts.param_pointers;
    message.n_flags = in->flags_n;
    message.flags = parts.flags;
    message.n_baseline = in->baselines_n;
    message.baseline = parts.baseline_pointers;
    message.shoe = in->has_shoe ? &parts.shoe : NULL;
    message.n_walk_min = in->walk_times_n;
    message.walk_min = parts.walk_min;
    if (protobuf_c_message_get_packed_size(&message.base) > size) {
        return 0;
    }
    return protobuf_c_message_pack(&message.base, out);
}
