/* R12 GAIT VARIABILITY: stride times that vary more than a steady walk's. */
#include "hub/core/rule_parts.h"

#include <math.h>

/* M09 looks back 50 strides, at most this long in a walk of 0.9 strides/s a foot: a speed change
 * is out of its window after that time. */
#define SPEED_SETTLED_S 60

static enum rule_absence absence(const struct rules_state *state, const struct rule_input *in)
{
    if (isnan(in->summary->stride_cv_pct))
        return RULE_NO_DATA;
    if (rule_open(state, TRACK_R05) || rule_open(state, TRACK_R15) || rule_crowd(state, in))
        return RULE_CONTRAINDICATED;
    if (isnan(in->summary->speed_mps))
        return RULE_EVALUATED; /* the gate is dropped, and dropped_gates says so */
    if ((double)in->summary->speed_mps < in->params->value[PARAM_R12_SPEED_MIN])
        return RULE_CONTRAINDICATED;
    if (state->speed_changed_ns != RULE_NEVER &&
        seconds_between(state->speed_changed_ns, in->end_ns) < SPEED_SETTLED_S)
        return RULE_CONTRAINDICATED;
    return RULE_EVALUATED;
}

void r12_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    const double *value = in->params->value;
    double cv = (double)in->summary->stride_cv_pct;
    double own = value[PARAM_R12_CV_BASE] * (double)rule_base(in, BASELINE_STRIDE_CV);
    /* fmin leaves out what is NAN. */
    double least = fmin(value[PARAM_R12_CV_ON], fmax(value[PARAM_R12_CV_FLOOR], own));
    if (isnan(own))
        least = value[PARAM_R12_CV_ON];
    look->why = (uint8_t)absence(state, in);
    look->dropped = (uint8_t)(isnan(in->summary->speed_mps) ? RULE_GATE_SPEED : 0);
    look->on = cv >= least;
    look->off = cv < value[PARAM_R12_CV_OFF] / value[PARAM_R12_CV_ON] * least;
    look->value = in->summary->stride_cv_pct;
    look->threshold =
        (float)(cv >= value[PARAM_R12_CV_STRONG] ? value[PARAM_R12_CV_STRONG] : least);
}
