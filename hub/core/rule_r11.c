/* R11 LIMP / ASYMMETRY: COACH, CAUTION or STOP, from both insoles or not at all. */
#include "hub/core/rule_parts.h"

#include <math.h>

/* Strides a foot over which M10 to M12 are medians. */
enum { SYMMETRY_STRIDES = 40 };

static const struct device_health *insole(const struct rule_input *in, uint8_t side)
{
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &in->health[slot];
        if (health->registered && health->side == side &&
            health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
            return health;
    }
    return NULL;
}

static enum rule_absence absence(const struct rule_input *in)
{
    const struct rules_profile *profile = in->profile;
    const struct device_health *feet[FEET] = {insole(in, STRIDE__V1__SIDE__SIDE_LEFT),
                                              insole(in, STRIDE__V1__SIDE__SIDE_RIGHT)};
    /* "Baseline only", and there is no baseline yet. */
    if (profile->prosthesis || profile->leg_difference || profile->hemiparesis)
        return RULE_CONTRAINDICATED;
    for (unsigned foot = 0; foot < FEET; foot++) {
        if (feet[foot] == NULL)
            return RULE_NO_DEVICE;
        if (device_stale(in->params, feet[foot], in->now_ns) || feet[foot]->clock_jumped)
            return RULE_STALE;
    }
    if (in->summary->strides_n[FOOT_LEFT] < SYMMETRY_STRIDES ||
        in->summary->strides_n[FOOT_RIGHT] < SYMMETRY_STRIDES)
        return RULE_NO_DATA;
    if (isnan(in->summary->si_stance_pct) && isnan(in->summary->si_step_pct))
        return RULE_NO_DATA;
    return RULE_EVALUATED;
}

/* Comparisons with NAN are false: an index that is not known counts for nothing. */
static double timing(const struct stride_summary *summary)
{
    return fmax((double)summary->si_stance_pct, (double)summary->si_step_pct);
}

/* 2 of 3 at `ratio` of the thresholds. Two of three holds a timing index: load alone never does. */
static bool uneven(const struct rule_input *in, double ratio)
{
    const double *value = in->params->value;
    int n = 0;
    n += (double)in->summary->si_stance_pct >= ratio * value[PARAM_R11_SI_STANCE_COACH];
    n += (double)in->summary->si_step_pct >= ratio * value[PARAM_R11_SI_STEP_COACH];
    n += (double)in->summary->si_load_pct >= ratio * value[PARAM_R11_SI_LOAD_COACH];
    return n >= 2;
}

/* The level that holds after this stride; 0 = none. Pain decides at once, gait after D. */
static uint8_t level(struct rules_state *state, const struct rule_input *in)
{
    const double *value = in->params->value;
    const double d_s = value[PARAM_R11_D_S];
    int64_t end_ns = in->stride->end_ns;
    bool coach = rule_window_add(&state->r11_coach, end_ns, d_s, uneven(in, 1));
    bool caution = rule_window_add(&state->r11_caution, end_ns, d_s,
                                   timing(in->summary) >= value[PARAM_R11_SI_CAUTION]);
    bool stop = rule_window_add(&state->r11_stop, end_ns, d_s,
                                timing(in->summary) >= value[PARAM_R11_SI_STOP]);
    int rise = rules_nrs_rise(state);
    if (stop && (rise >= 2 || state->weak_ns != RULE_NEVER))
        return STRIDE__V1__SEVERITY__SEVERITY_STOP;
    if (caution || (coach && rise >= 1))
        return STRIDE__V1__SEVERITY__SEVERITY_CAUTION;
    return coach ? STRIDE__V1__SEVERITY__SEVERITY_COACH : 0;
}

/* What the record names as the reason: for COACH the index that is most over its threshold. */
static void set_evidence(const struct rule_input *in, struct finding *finding)
{
    const double *value = in->params->value;
    const struct stride_summary *summary = in->summary;
    if (finding->severity != STRIDE__V1__SEVERITY__SEVERITY_COACH) {
        bool stop = finding->severity == STRIDE__V1__SEVERITY__SEVERITY_STOP;
        finding->value = (float)timing(summary);
        finding->threshold = (float)value[stop ? PARAM_R11_SI_STOP : PARAM_R11_SI_CAUTION];
        return;
    }
    const float values[] = {summary->si_stance_pct, summary->si_step_pct, summary->si_load_pct};
    const double thresholds[] = {value[PARAM_R11_SI_STANCE_COACH], value[PARAM_R11_SI_STEP_COACH],
                                 value[PARAM_R11_SI_LOAD_COACH]};
    double most = -1;
    for (unsigned i = 0; i < 3; i++) {
        if ((double)values[i] / thresholds[i] > most) {
            most = (double)values[i] / thresholds[i];
            finding->value = values[i];
            finding->threshold = (float)thresholds[i];
        }
    }
}

static void raise_finding(struct rules_state *state, const struct rule_input *in, uint8_t severity,
                          struct findings *out)
{
    enum text text = severity == STRIDE__V1__SEVERITY__SEVERITY_STOP      ? TEXT_R11_STOP
                     : severity == STRIDE__V1__SEVERITY__SEVERITY_CAUTION ? TEXT_R11_CAUTION
                                                                          : TEXT_R11_COACH;
    struct finding *finding = finding_add(out, RULE_R11, severity, text, in->now_ns);
    set_evidence(in, finding);
    finding->duration_s = (float)seconds_between(state->r11_on.since_ns, in->now_ns);
    finding->refractory_s = (float)in->params->value[PARAM_R11_REFRACTORY_S];
    finding->prompts_max = (uint8_t)in->params->value[PARAM_R11_MAX];
    finding->dropped_gates = state->dropped_gates[RULE_R11];
}

static void clear_windows(struct rules_state *state)
{
    rule_window_clear(&state->r11_coach);
    rule_window_clear(&state->r11_caution);
    rule_window_clear(&state->r11_stop);
}

void r11_stride(struct rules_state *state, const struct rule_input *in, struct findings *out)
{
    enum rule_absence why = absence(in);
    state->absence[RULE_R11] = (uint8_t)why;
    state->dropped_gates[RULE_R11] = (uint8_t)(state->nrs_last < 0 ? RULE_GATE_PAIN : 0);
    if (why != RULE_EVALUATED) {
        /* Paused; what was found stays found until both feet show that it is gone. */
        clear_windows(state);
        state->r11_on.off_since_ns = RULE_NEVER;
        return;
    }
    if (!in->counts)
        return;
    const double ratio = in->params->value[PARAM_R11_OFF_RATIO];
    bool beyond_off =
        !uneven(in, ratio) && timing(in->summary) < ratio * in->params->value[PARAM_R11_SI_CAUTION];
    if (episode_clear(&state->r11_on, beyond_off, in->stride->end_ns)) {
        finding_cleared(out, RULE_R11, state->r11_on.severity, UINT8_MAX, in->now_ns);
        state->r11_on = (struct rule_episode){.off_since_ns = RULE_NEVER};
        clear_windows(state);
    }
    uint8_t severity = level(state, in);
    if (severity != 0 && in->may_speak &&
        episode_raise(&state->r11_on, severity, in->now_ns, in->params->value[PARAM_R11_D_S]))
        raise_finding(state, in, severity, out);
}
