#include "hub/core/pipeline_private.h"

#include <math.h>

#include "hub/core/local_time.h"

/* Mean year of the Gregorian calendar. */
static const double year_days = 365.2425;
enum { EPOCH_YEAR = 1970 };

/* The programme closes a flare (P08); without one it lasts for the day that R03 rests (3.1). */
static bool flare_told(const struct wearer_state *state)
{
    const int64_t lasts_ns = (int64_t)(state->params.value[PARAM_P08_TOLD_H] * 3600e9);
    return state->flare_ns != INT64_MIN && state->now_ns - state->flare_ns < lasts_ns;
}

bool flare_open(const struct wearer_state *state)
{
    if (state->programme.plan.stage != PLAN_STAGE_UNKNOWN)
        return state->programme.plan.flare;
    return flare_told(state);
}

void signals_known(const struct wearer_state *state, int64_t at_ns, struct signals_now *out)
{
    const bool expected[FEET] = {state->strides.feet[FOOT_LEFT].expected,
                                 state->strides.feet[FOOT_RIGHT].expected};
    signals_at(&state->signals, at_ns, expected, out);
}

/* ---------------------------------------------------------------- the wearer's own normal */

static int32_t local_day(const struct wearer_state *state, int64_t wall_ms)
{
    return (int32_t)local_day_of(local_ms_of(wall_ms, state->config.tz_offset_min));
}

void baseline_today(struct wearer_state *state, int64_t wall_ms)
{
    int32_t day = local_day(state, wall_ms);
    if (day != state->baseline.day)
        baseline_day(&state->baseline, day, flare_open(state));
}

/* Rule book 2.3. Force is a share of what this insole shows of the body's weight: newtons by the
 * profile's mass are another scale. */
static void measured(const struct wearer_state *state, const struct rules_now *now,
                     const struct stride *stride, const struct stride_summary *summary,
                     float values[BASELINE_METRICS])
{
    float weight_n = now->weight_source == SOLE_WEIGHT_PROFILE ? NAN : now->weight_n;
    values[BASELINE_CADENCE] = summary->cadence_spm;
    values[BASELINE_SLH] = summary->step_length_m / state->config.height_m;
    values[BASELINE_FSA] = stride->shape.foot_angle_deg;
    values[BASELINE_DOUBLE_SUPPORT] = stride->double_support_pct;
    values[BASELINE_STRIDE_CV] = summary->stride_cv_pct;
    values[BASELINE_SI_STANCE] = summary->si_stance_pct;
    values[BASELINE_SI_STEP] = summary->si_step_pct;
    values[BASELINE_SI_LOAD] = summary->si_load_pct;
    values[BASELINE_LOADING_RATE] = stride->shape.loading_n_s / weight_n;
    values[BASELINE_FOREFOOT] = stride->shape.forefoot_share;
    values[BASELINE_MEDIAL] = stride->shape.medial_index;
    values[BASELINE_ARM_SWING] = now->signals->arm_swing_deg;
    values[BASELINE_CLEARANCE] = stride->shape.clearance_mm;
    values[BASELINE_ROLL] = rules_roll_sd_deg(&state->rules, (enum foot)stride->foot);
    values[BASELINE_PEAK_FORCE] = stride->peak_force_n / weight_n;
    values[BASELINE_IMPACT] = stride->shape.impact_g;
}

/* What was walked while a rule was true is not normal, from the episode's beginning on. */
static void unlearn(struct wearer_state *state, const struct findings *findings)
{
    for (int i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        if (!finding->praise && !finding->cleared &&
            finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_COACH)
            baseline_raised(&state->baseline,
                            finding->at_ns - (int64_t)((double)finding->duration_s * 1e9));
    }
}

static void learn(struct wearer_state *state, const struct rules_now *now,
                  const struct stride *stride, const struct stride_summary *summary)
{
    if (!state->session.open || !stride->valid || now->context->gait != CONTEXT_WALK_STEADY ||
        rules_gait_open(&state->rules))
        return;
    float values[BASELINE_METRICS];
    measured(state, now, stride, summary, values);
    if ((now->context->flags & CONTEXT_FLAG_SLOPE) == 0)
        shoe_stride(state, stride, values[BASELINE_LOADING_RATE]);
    baseline_learn(&state->baseline, stride->end_ns, summary->speed_mps, values, flare_open(state));
}

/* ---------------------------------------------------------------- what rules know */

/* By the year alone: a birthday is not told. */
int16_t wearer_age_years(const struct wearer_state *state)
{
    if (state->config.birth_year == 0)
        return -1;
    int64_t wall_ms = state->now_ns / 1000000 + state->wall_minus_mono_ms;
    int year = EPOCH_YEAR + (int)floor((double)local_day(state, wall_ms) / year_days);
    int age = year - state->config.birth_year;
    return (int16_t)(age >= 0 && age <= INT16_MAX ? age : -1);
}

/* A device that does not say whether it is worn counts as worn. */
unsigned pipeline_devices(const struct wearer_state *state)
{
    unsigned devices = 0;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &state->health[slot];
        if (health->wear == STRIDE__V1__WEAR__WEAR_NOT_WORN ||
            device_stale(&state->params, health, state->now_ns))
            continue;
        if (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST)
            devices |= COVERAGE_WRIST;
        else if (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL)
            devices |= COVERAGE_TREADMILL;
        else if (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
            devices |= health->side == STRIDE__V1__SIDE__SIDE_LEFT    ? COVERAGE_LEFT_INSOLE
                       : health->side == STRIDE__V1__SIDE__SIDE_RIGHT ? COVERAGE_RIGHT_INSOLE
                                                                      : 0U;
    }
    return devices;
}

static uint8_t stuck_feet(const struct wearer_state *state)
{
    unsigned feet = 0;
    for (unsigned foot = 0; foot < FEET; foot++) {
        if (sole_stuck_cells(&state->soles[foot]) != 0)
            feet |= 1U << foot;
    }
    return (uint8_t)feet;
}

/* Since the walk began; it is back-dated, and its first steps' reports belong to it. */
static bool weak_told(const struct wearer_state *state)
{
    int64_t at_ns = state->pain.weak_last_ns;
    return at_ns != INT64_MIN && at_ns >= state->rules.session_start_ns;
}

/* R03 rests after S02 as it does after R12. */
static bool stumbled(const struct wearer_state *state)
{
    int64_t at_ns = state->safety.stumble_ns;
    return at_ns != INT64_MIN &&
           state->now_ns - at_ns < param_ns(&state->params, PARAM_R03_UNSTEADY_S);
}

/* R08: cells that were calibrated a short while ago show another force than those the wearer's
 * normal is of. */
static bool calibrated_lately(const struct wearer_state *state)
{
    const int64_t hour_ms = 3600000;
    const int64_t now_ms = state->now_ns / 1000000 + state->wall_minus_mono_ms;
    const double within_h = state->params.value[PARAM_R08_CALIBRATED_H];
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct wearer_device *device = &state->devices[slot];
        const int64_t ago_ms = now_ms - device->descriptor.calibrated_utc_ms;
        if (state->health[slot].kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE &&
            device->described && device->descriptor.calibrated_utc_ms > 0 && ago_ms >= 0 &&
            (double)ago_ms < within_h * (double)hour_ms)
            return true;
    }
    return false;
}

static struct rules_now rules_known(const struct wearer_state *state,
                                    const struct signals_now *signals)
{
    static const struct wire_shoe unknown_shoe = {0};
    const struct wire_shoe *shoe = state->config.has_shoe ? &state->config.shoe : &unknown_shoe;
    const struct pain_effects pain = pain_effects(&state->pain);
    enum sole_weight_source source;
    float weight_n = sole_weight_n(&state->weight, &source);
    return (struct rules_now){
        .params = &state->params,
        .profile = &state->profile,
        .health = state->health,
        .signals = signals,
        .context = &state->context_now,
        .baseline = &state->baseline,
        .weight_n = weight_n,
        .weight_source = (uint8_t)source,
        .stuck_cells_feet = stuck_feet(state),
        .devices = pipeline_devices(state),
        .age_years = wearer_age_years(state),
        .session_open = state->session.open,
        .p05_open = pain.p05_open,
        .p05_score = state->pain.record.p05_score,
        .stumbled = stumbled(state),
        .nrs = state->pain.record.end,
        .nrs_start = state->pain.record.start,
        .nrs_rising = state->pain.record.end > state->pain.nrs_before,
        .pain_caution = pain.caution_open,
        .weak_new = weak_told(state),
        .flare = flare_told(state),
        .heeled = shoe->type == STRIDE__V1__SHOE_TYPE__SHOE_TYPE_HEEL,
        .new_shoe = (double)pipeline_shoe_km(state) < state->params.value[PARAM_R08_NEW_KM],
        .calibrated = calibrated_lately(state),
        .planned_rest = rest_planned(state),
        .told = state->session.open ? state->programme.walk.ground.is : 0,
        .shoe_tag = state->programme.shoe.tag,
        .prompted_ns = state->alerting.last_prompt_ns,
        .now_ns = state->now_ns,
    };
}

/* Strides of two feet overlap, those of one do not: every second of walking counts once. */
static void count_rule_time(struct wearer_state *state, const struct stride *stride)
{
    int64_t from_ns = stride->start_ns;
    if (from_ns < state->ruled_until_ns)
        from_ns = state->ruled_until_ns;
    if (stride->end_ns <= from_ns)
        return;
    state->ruled_until_ns = stride->end_ns;
    session_rule_time(&state->session, &state->rules, (double)(stride->end_ns - from_ns) / 1e9);
}

/* A walk that no foot tells of has its coverage by the second. */
static void count_footless(struct wearer_state *state, const struct rules_now *now,
                           int64_t second_ns)
{
    const int64_t walking_ns = 3 * SECOND_NS; /* 2.4: STAND is 3 s without a step */
    bool feet = (now->devices & (COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE)) != 0;
    if (feet || state->unfooted.last_ns == INT64_MIN ||
        second_ns - state->unfooted.last_ns >= walking_ns)
        return;
    guard_absence(state);
    session_rule_time(&state->session, &state->rules, 1);
}

/* What is usual for this wearer at this speed, beside what was measured; a population's figure is
 * not the wearer's. */
static void add_baselines(const struct wearer_state *state, float speed_mps,
                          struct findings *findings)
{
    for (int i = 0; i < findings->n; i++) {
        struct finding *finding = &findings->items[i];
        enum baseline_metric metric = rule_baseline_metric((enum rule)finding->rule);
        if (!isnan(finding->baseline) || metric == BASELINE_METRICS)
            continue;
        struct baseline_value usual = baseline_get(&state->baseline, metric, speed_mps);
        if (usual.source >= BASELINE_NEIGHBOUR)
            finding->baseline = usual.value;
    }
}

void judge_stride(struct step *step, const struct stride *stride)
{
    struct wearer_state *state = step->state;
    walk_open_by(step, stride, STRIDE_LIVE);
    struct stride_summary summary;
    stride_summary(&state->strides, state->now_ns, &summary);
    signals_stride(&state->signals, stride, summary.cadence_spm);
    context_take_live(step, stride, &summary);
    struct signals_now signals;
    signals_known(state, state->now_ns, &signals);
    struct rules_now now = rules_known(state, &signals);
    struct findings findings;
    findings_none(&findings);
    rules_stride(&state->rules, &now, stride, &summary, &findings);
    add_baselines(state, summary.speed_mps, &findings);
    unlearn(state, &findings);
    learn(state, &now, stride, &summary);
    if (state->session.open && stride->walking) {
        guard_absence(state);
        count_rule_time(state, stride);
    }
    praise_add(step, &findings);
    pipeline_decide(step, &findings);
    pain_stride(step, stride, &summary);
    guard_stride(step, stride, &summary);
}

void judge_second(struct step *step, int64_t second_ns)
{
    struct wearer_state *state = step->state;
    if (!state->session.open)
        return;
    struct signals_now signals;
    signals_known(state, second_ns, &signals);
    struct rules_now now = rules_known(state, &signals);
    struct findings findings;
    findings_none(&findings);
    rules_second(&state->rules, &now, second_ns, &findings);
    count_footless(state, &now, second_ns);
    add_baselines(state, state->rules.speed_reference_mps, &findings);
    unlearn(state, &findings);
    praise_add(step, &findings);
    pipeline_decide(step, &findings);
}

void judge_end(struct step *step)
{
    struct wearer_state *state = step->state;
    struct signals_now signals;
    signals_known(state, state->now_ns, &signals);
    struct rules_now now = rules_known(state, &signals);
    struct findings findings;
    findings_none(&findings);
    rules_end(&state->rules, &now, &findings);
    pipeline_decide(step, &findings);
}
