/* A walker for the tests of stage 6: healthy insoles, wrist and treadmill, and strides of both feet
 * at one second each, fed one after the other. */
#ifndef STRIDE_TESTS_RULES_FIXTURE_H
#define STRIDE_TESTS_RULES_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "hub/core/rules.h"

#define SECOND_NS INT64_C(1000000000)
enum { SLOT_LEFT, SLOT_RIGHT, SLOT_WRIST, SLOT_TREADMILL };

struct walker {
    struct params params;
    struct rules_profile profile;
    struct device_health health[WEARER_DEVICES_MAX];
    struct signals_now signals;
    struct context_now context; /* `gait` follows `unsteady` while the fixture walks */
    struct baseline_state baseline;
    float weight_n;
    uint8_t weight_source, stuck_cells_feet;
    unsigned devices;
    int16_t age_years;
    struct rules_state rules;
    struct stride_summary summary;
    struct findings found; /* all of a walk, as far as they fit */
    int raised_n[TEXT_COUNT], cleared_n[RULE_COUNT], praise_n;
    double first_s[TEXT_COUNT]; /* session time of the first; NAN = none */
    double now_s;               /* session time */
    bool open, unsteady, one_foot, frozen_health;
};

static inline int64_t ns_of(double s)
{
    return 1000 * SECOND_NS + (int64_t)llround(s * 1e9);
}

static inline struct device_health healthy(uint8_t kind, uint8_t side)
{
    return (struct device_health){.registered = true,
                                  .kind = kind,
                                  .side = side,
                                  .seen = true,
                                  .last_ns = ns_of(0),
                                  .nominal_ns = SECOND_NS / 4,
                                  .battery_pct = 80};
}

/* Nothing known but what a test sets. */
static inline void walker_unknown(struct walker *walker)
{
    static const bool feet[FEET] = {true, true};
    struct signals signals;
    signals_init(&signals);
    signals_at(&signals, ns_of(0), feet, &walker->signals);
    baseline_init(&walker->baseline);
    walker->profile.height_m = NAN;
    walker->weight_n = NAN;
    walker->age_years = -1;
    walker->devices = COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE | COVERAGE_WRIST;
}

static inline struct rules_now walker_now(const struct walker *walker)
{
    return (struct rules_now){
        .params = &walker->params,
        .profile = &walker->profile,
        .health = walker->health,
        .signals = &walker->signals,
        .context = &walker->context,
        .baseline = &walker->baseline,
        .weight_n = walker->weight_n,
        .weight_source = walker->weight_source,
        .stuck_cells_feet = walker->stuck_cells_feet,
        .devices = walker->devices,
        .age_years = walker->age_years,
        .session_open = walker->open,
        .now_ns = ns_of(walker->now_s),
    };
}

static inline void walker_init(struct walker *walker)
{
    memset(walker, 0, sizeof(*walker));
    params_defaults(&walker->params);
    walker_unknown(walker);
    memcpy(walker->profile.stage, "P1", 3);
    walker->profile.coaching_consent = true;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++)
        walker->health[slot].battery_pct = -1;
    walker->health[SLOT_LEFT] =
        healthy(STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE, STRIDE__V1__SIDE__SIDE_LEFT);
    walker->health[SLOT_RIGHT] =
        healthy(STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE, STRIDE__V1__SIDE__SIDE_RIGHT);
    walker->health[SLOT_WRIST] =
        healthy(STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST, STRIDE__V1__SIDE__SIDE_LEFT);
    walker->summary = (struct stride_summary){.cadence_spm = 110,
                                              .stride_time_s = 1.09F,
                                              .stride_cv_pct = 2,
                                              .si_stance_pct = 2,
                                              .si_step_pct = 2,
                                              .si_load_pct = 3,
                                              .speed_mps = 1.3F,
                                              .strides_n = {40, 40}};
    for (unsigned text = 0; text < TEXT_COUNT; text++)
        walker->first_s[text] = (double)NAN;
    rules_init(&walker->rules);
    rules_new_session(&walker->rules, ns_of(0));
    walker->open = true;
}

static inline void walker_take(struct walker *walker, const struct findings *found)
{
    for (int i = 0; i < found->n; i++) {
        const struct finding *finding = &found->items[i];
        if (walker->found.n < FINDINGS_MAX)
            walker->found.items[walker->found.n++] = *finding;
        if (finding->cleared) {
            walker->cleared_n[finding->rule]++;
            continue;
        }
        walker->praise_n += finding->praise;
        walker->raised_n[finding->text]++;
        if (isnan(walker->first_s[finding->text]))
            walker->first_s[finding->text] = walker->now_s;
    }
}

static inline void walker_time(struct walker *walker, bool hub_storing)
{
    struct findings found = {0};
    rules_time(&walker->rules, &walker->params, walker->health, walker->open, hub_storing,
               ns_of(walker->now_s), &found);
    walker_take(walker, &found);
}

/* Walks until session time `until_s`, half a second a stride, feet in turn. */
static inline void walker_walk(struct walker *walker, double until_s)
{
    while (walker->now_s + 0.5 <= until_s) {
        walker->now_s += 0.5;
        uint8_t foot = fmod(walker->now_s, 1) < 0.25 ? FOOT_LEFT : FOOT_RIGHT;
        struct stride stride = {.foot = foot,
                                .valid = true,
                                .walking = true,
                                .steady = !walker->unsteady,
                                .start_ns = ns_of(walker->now_s - 1),
                                .end_ns = ns_of(walker->now_s),
                                .stride_s = 1};
        for (unsigned slot = 0; slot < WEARER_DEVICES_MAX && !walker->frozen_health; slot++)
            walker->health[slot].last_ns = ns_of(walker->now_s);
        if (walker->one_foot && foot == FOOT_RIGHT)
            continue;
        walker->context.gait = (uint8_t)(walker->unsteady ? CONTEXT_WALK : CONTEXT_WALK_STEADY);
        walker->context.context = walker->context.gait;
        struct rules_now now = walker_now(walker);
        struct findings found = {0};
        rules_stride(&walker->rules, &now, &stride, &walker->summary, &found);
        walker_take(walker, &found);
    }
}

static inline struct wire_report pain(int nrs)
{
    return (struct wire_report){.pain_nrs = (int8_t)nrs, .mood = -1};
}

static inline void walker_report(struct walker *walker, const struct wire_report *report)
{
    struct findings found = {0};
    rules_report(&walker->rules, &walker->params, report, SLOT_WRIST, ns_of(walker->now_s), &found);
    walker_take(walker, &found);
}

#endif
