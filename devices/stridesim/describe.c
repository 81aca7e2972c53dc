/* A script's wearer as the wire has it. */
#include <math.h>

#include "devices/stridesim/world.h"

static void add_flags(const char *flags, struct wire_wearer_config *out)
{
    char text[sizeof(((struct script *)0)->flags)], *rest = NULL;
    snprintf(text, sizeof(text), "%s", flags);
    for (char *flag = strtok_r(text, ", ", &rest); flag != NULL && out->flags_n < WEARER_FLAGS_MAX;
         flag = strtok_r(NULL, ", ", &rest))
        snprintf(out->flags[out->flags_n++], NAME_SIZE, "%s", flag);
}

/* Names as in hub/core/baseline.h; one `si` stands for all three. */
static void add_baselines(const struct script_baseline *from, struct wire_wearer_config *out)
{
    const struct {
        const char *name;
        double value;
    } values[] = {
        {"cadence", from->cadence_spm},
        {"slh", from->slh},
        {"fsa", from->foot_deg},
        {"double_support", from->ds_pct},
        {"stride_cv", from->cv_pct},
        {"si_stance", from->si_pct},
        {"si_step", from->si_pct},
        {"si_load", from->si_pct},
        {"clearance", from->clearance_mm},
        {"arm_swing", from->arm_deg},
        {"loading_rate", from->loading_bw_s},
        {"forefoot", from->fore},
    };
    _Static_assert(sizeof(values) / sizeof(values[0]) <= WEARER_BASELINES_MAX, "all fit");
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        if (isnan(values[i].value))
            continue;
        struct wire_baseline *to = &out->baselines[out->baselines_n++];
        snprintf(to->name, sizeof(to->name), "%s", values[i].name);
        to->value = (float)values[i].value;
        to->mad = NAN;
        to->speed_mps = (float)from->speed_mps;
    }
}

static void add_shoe(const struct script_shoe *from, double now_s, struct wire_shoe *to)
{
    const double day_s = 86400;
    memcpy(to->id, from->id, sizeof(to->id));
    to->type = from->type;
    to->has_bought_day = !isnan(from->age_days);
    if (to->has_bought_day)
        to->bought_day = (int32_t)(floor(now_s / day_s) - from->age_days);
    to->distance_km = (float)from->km;
    to->days_per_week = (float)from->days_per_week;
    to->cushioning = from->cushioning;
    to->support = from->support;
    to->arch_support = from->arch_support;
}

void world_describe(const struct script *script, double now_s, struct wire_wearer_config *out)
{
    out->height_m = (float)script->height_m;
    out->mass_kg = (float)script->mass_kg;
    out->leg_m = (float)script->leg_m;
    out->birth_year = (int16_t)script->birth_year;
    out->hr_max_bpm = isnan(script->hr_max_bpm) ? 0 : (uint16_t)script->hr_max_bpm;
    add_flags(script->flags, out);
    add_baselines(&script->baseline, out);
    out->has_shoe = script->has_shoe;
    if (script->has_shoe)
        add_shoe(&script->shoe, now_s, &out->shoe);
    out->walk_times_n = (uint8_t)script->walk_times_n;
    memcpy(out->walk_min, script->walk_min, sizeof(out->walk_min));
    for (unsigned i = 0; i < script->params_n; i++) {
        memcpy(out->params[i].name, script->params[i].name, NAME_SIZE);
        out->params[i].value = script->params[i].value;
    }
    out->params_n = (uint8_t)script->params_n;
    memcpy(out->stage, script->stage, sizeof(out->stage));
    memcpy(out->locale, script->locale, sizeof(out->locale));
}
