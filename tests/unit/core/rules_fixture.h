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
    bool seconds; /* whole seconds are told too */
    bool p05_open, stumbled, heeled, new_shoe, calibrated, planned_rest;
    uint8_t told, p05_score;
    float cpei_pct[FEET]; /* of each stride, +-4 from stride to stride */
    uint32_t strides_n;
    int8_t nrs, nrs_start;
    bool nrs_rising, pain_caution, weak_new, flare;
    uint32_t shoe_tag;
    int64_t prompted_ns;
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
    walker->prompted_ns = INT64_MIN;
    walker->weight_n = NAN;
    walker->age_years = walker->nrs = walker->nrs_start = -1;
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
        .p05_open = walker->p05_open,
        .p05_score = walker->p05_score,
        .stumbled = walker->stumbled,
        .nrs = walker->nrs,
        .nrs_start = walker->nrs_start,
        .nrs_rising = walker->nrs_rising,
        .pain_caution = walker->pain_caution,
        .weak_new = walker->weak_new,
        .flare = walker->flare,
        .heeled = walker->heeled,
        .new_shoe = walker->new_shoe,
        .calibrated = walker->calibrated,
        .planned_rest = walker->planned_rest,
        .told = walker->told,
        .shoe_tag = walker->shoe_tag,
        .prompted_ns = walker->prompted_ns,
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

/* Everything measured, as the base wearer of the rule book's scenarios shows it (section 7). */
static inline void walker_measured(struct walker *walker)
{
    struct stride_summary *summary = &walker->summary;
    walker->profile.height_m = 1.72F;
    walker->age_years = 52;
    walker->weight_n = 726;
    walker->weight_source = SOLE_WEIGHT_WALKING;
    summary->step_length_m = 0.709F;
    summary->walk_ratio = summary->step_length_m / summary->cadence_spm;
    summary->double_support_pct = 22;
    for (int foot = 0; foot < FEET; foot++) {
        summary->foot_angle_deg[foot] = 18;
        summary->clearance_mm[foot] = 18;
        summary->loading_n_s[foot] = 8 * 726;
        summary->forefoot_share[foot] = 0.5F;
        summary->medial_index[foot] = 0.05F;
        summary->scuffs_per_20[foot] = 0;
    }
    walker->signals.arm_swing_deg = walker->signals.arm_swings_deg[0] = 40;
    walker->signals.viewing_share = walker->signals.viewing_shares[0] = 0;
}

/* What is usual for that wearer at any speed. */
static inline void walker_usual(struct walker *walker)
{
    static const struct {
        enum baseline_metric metric;
        float value;
    } usual[] = {{BASELINE_SLH, 0.41F},      {BASELINE_FSA, 18},
                 {BASELINE_STRIDE_CV, 2.2F}, {BASELINE_SI_STANCE, 2},
                 {BASELINE_SI_STEP, 2},      {BASELINE_SI_LOAD, 2},
                 {BASELINE_LOADING_RATE, 8}, {BASELINE_FOREFOOT, 0.5F},
                 {BASELINE_ARM_SWING, 40},   {BASELINE_DOUBLE_SUPPORT, 22}};
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
        assert_true(baseline_set(&walker->baseline, usual[i].metric, NAN, usual[i].value, NAN));
}

/* Everything measured and usual. */
static inline void walker_known(struct walker *walker)
{
    walker_init(walker);
    walker_measured(walker);
    walker_usual(walker);
}

/* So fast, with steps so long, landing on both feet at that angle. */
static inline void walker_steps(struct walker *walker, float speed_mps, float cadence_spm,
                                float step_m, float foot_angle_deg)
{
    struct stride_summary *summary = &walker->summary;
    summary->speed_mps = speed_mps;
    summary->cadence_spm = cadence_spm;
    summary->step_length_m = step_m;
    summary->walk_ratio = step_m / cadence_spm;
    summary->foot_angle_deg[FOOT_LEFT] = summary->foot_angle_deg[FOOT_RIGHT] = foot_angle_deg;
}

static inline void walker_second(struct walker *walker)
{
    struct rules_now now = walker_now(walker);
    struct findings found = {0};
    rules_second(&walker->rules, &now, ns_of(walker->now_s), &found);
    walker_take(walker, &found);
}

/* The walk ends, and the next one begins at once. */
static inline void walker_end(struct walker *walker)
{
    struct rules_now now = walker_now(walker);
    struct findings found = {0};
    rules_end(&walker->rules, &now, &found);
    walker_take(walker, &found);
    rules_new_session(&walker->rules, ns_of(walker->now_s));
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
        stride.shape.cpei_pct =
            walker->cpei_pct[foot] + 4 * (float)sin(2.4 * (double)++walker->strides_n);
        for (unsigned slot = 0; slot < WEARER_DEVICES_MAX && !walker->frozen_health; slot++)
            walker->health[slot].last_ns = ns_of(walker->now_s);
        walker->context.gait = (uint8_t)(walker->unsteady ? CONTEXT_WALK : CONTEXT_WALK_STEADY);
        walker->context.context = walker->context.gait;
        if (walker->seconds && foot == FOOT_LEFT)
            walker_second(walker);
        if (walker->one_foot && foot == FOOT_RIGHT)
            continue;
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

/* As stage `pain` has it. */
static inline void walker_says(struct walker *walker, const struct wire_report *report)
{
    walker->weak_new |= report->symptom == STRIDE__V1__SYMPTOM__SYMPTOM_WEAK;
    walker->flare |= report->button == STRIDE__V1__BUTTON__BUTTON_FLARE;
    if (report->pain_nrs < 0)
        return;
    walker->nrs_rising = walker->nrs >= 0 && report->pain_nrs > walker->nrs;
    walker->nrs = report->pain_nrs;
    if (walker->nrs_start < 0)
        walker->nrs_start = report->pain_nrs;
}

static inline void walker_report(struct walker *walker, const struct wire_report *report)
{
    walker_says(walker, report);
    struct findings found = {0};
    rules_report(&walker->params, report, SLOT_WRIST, ns_of(walker->now_s), &found);
    walker_take(walker, &found);
}

#endif
