/* R12 GAIT VARIABILITY: stride times that vary more than a steady walk's. */
#include "hub/core/rule_parts.h"

#include <math.h>

/* M09 looks back 50 strides, at most this long in a walk of 0.9 strides/s a foot: a speed change
 * is out of its window after that time. */
#define SPEED_SETTLED_S 60

static void note_speed(struct rules_state *state, const struct rule_input *in)
{
    float speed = in->summary->speed_mps;
    if (isnan(speed))
        return;
    float reference = state->speed_reference_mps;
    if (isnan(reference)) {
        state->speed_reference_mps = speed;
    } else if (fabsf(speed - reference) > 0.1F * reference) {
        state->speed_reference_mps = speed;
        state->speed_changed_ns = in->stride->end_ns;
    }
}

static enum rule_absence absence(const struct rules_state *state, const struct rule_input *in)
{
    if (isnan(in->summary->stride_cv_pct))
        return RULE_NO_DATA;
    if (isnan(in->summary->speed_mps))
        return RULE_EVALUATED; /* the gate is dropped, and dropped_gates says so */
    if ((double)in->summary->speed_mps < in->params->value[PARAM_R12_SPEED_MIN])
        return RULE_CONTRAINDICATED;
    if (state->speed_changed_ns != RULE_NEVER &&
        seconds_between(state->speed_changed_ns, in->stride->end_ns) < SPEED_SETTLED_S)
        return RULE_CONTRAINDICATED;
    return RULE_EVALUATED;
}

void r12_stride(struct rules_state *state, const struct rule_input *in, struct findings *out)
{
    const double *value = in->params->value;
    const double d_s = value[PARAM_R12_D_S];
    if (in->counts)
        note_speed(state, in);
    enum rule_absence why = absence(state, in);
    state->absence[RULE_R12] = (uint8_t)why;
    state->dropped_gates[RULE_R12] = (uint8_t)(isnan(in->summary->speed_mps) ? RULE_GATE_SPEED : 0);
    if (why != RULE_EVALUATED) {
        rule_window_clear(&state->r12);
        state->r12_on.off_since_ns = RULE_NEVER;
        return;
    }
    if (!in->counts)
        return;
    double cv = (double)in->summary->stride_cv_pct;
    if (episode_clear(&state->r12_on, cv < value[PARAM_R12_CV_OFF], in->stride->end_ns)) {
        finding_cleared(out, RULE_R12, state->r12_on.severity, UINT8_MAX, in->now_ns);
        state->r12_on = (struct rule_episode){.off_since_ns = RULE_NEVER};
        rule_window_clear(&state->r12);
    }
    bool held = rule_window_add(&state->r12, in->stride->end_ns, d_s, cv >= value[PARAM_R12_CV_ON]);
    if (!held || !in->may_speak ||
        !episode_raise(&state->r12_on, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, in->now_ns, d_s))
        return;
    state->r12_raised_ns = in->now_ns;
    struct finding *finding = finding_add(out, RULE_R12, STRIDE__V1__SEVERITY__SEVERITY_CAUTION,
                                          TEXT_R12_CAUTION, in->now_ns);
    bool strong = cv >= value[PARAM_R12_CV_STRONG];
    finding->value = in->summary->stride_cv_pct;
    finding->threshold = (float)value[strong ? PARAM_R12_CV_STRONG : PARAM_R12_CV_ON];
    finding->duration_s = (float)seconds_between(state->r12_on.since_ns, in->now_ns);
    finding->refractory_s = (float)value[PARAM_R12_REFRACTORY_S];
    finding->prompts_max = (uint8_t)value[PARAM_R12_MAX];
    finding->dropped_gates = state->dropped_gates[RULE_R12];
}
