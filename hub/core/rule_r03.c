/* R03 BRISK: invites a brisker pace in a steady slow walk, praises a brisk one. */
#include "hub/core/rule_parts.h"

#include <math.h>
#include <string.h>

/* Steps that are too long or too flat are put right first (scenarios 2 and 5). */
static bool steps_first(const struct rules_state *state)
{
    return rule_open(state, TRACK_R01) || rule_open(state, TRACK_R02);
}

/* NRS <= 3 and not rising, no CAUTION open (of pain, R11, R12), no R12 or S02 in the last 5 min, a
 * quiet heart. What is not known does not block: pain, heart rate. */
static bool contraindicated(const struct rules_state *state, const struct rule_input *in)
{
    if (in->nrs >= in->params->value[PARAM_R03_NRS] || in->nrs_rising || in->pain_caution ||
        in->p05_open)
        return true;
    /* A diseased heart needs its clinician's limit (M22). */
    if ((in->profile->heart_disease && in->profile->hr_max_bpm == 0) ||
        (double)rule_heart_pct(in) >= in->params->value[PARAM_R03_HEART_PCT])
        return true;
    const struct rule_episode *r12 = &state->episodes[TRACK_R12];
    return state->episodes[TRACK_R11].severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION ||
           r12->severity != 0 || in->stumbled || steps_first(state) ||
           (r12->raised_ns != RULE_NEVER &&
            seconds_between(r12->raised_ns, in->now_ns) < in->params->value[PARAM_R03_UNSTEADY_S]);
}

static enum rule_absence absence(const struct rules_state *state, const struct rule_input *in)
{
    if (in->profile->stage[0] == '\0')
        return RULE_NO_PLAN;
    if (strcmp(in->profile->stage, "M1") == 0 || rule_flare(in))
        return RULE_CONTRAINDICATED;
    if (isnan(in->summary->cadence_spm))
        return RULE_NO_DATA;
    return contraindicated(state, in) ? RULE_CONTRAINDICATED : RULE_EVALUATED;
}

/* The wearer's own cadence and a little more; 100 at the most. fmin leaves out what is NAN. */
static double goal_spm(const struct rule_input *in)
{
    const double *value = in->params->value;
    double own_spm = (double)rule_usual(in, BASELINE_CADENCE);
    return fmin(value[PARAM_R03_CADENCE_OFF], own_spm + value[PARAM_R03_GOAL_RISE]);
}

void r03_praise_condition(const struct rules_state *state, const struct rule_input *in,
                          struct rule_look *look)
{
    look->why = (uint8_t)absence(state, in);
    look->dropped = (uint8_t)(in->nrs < 0 ? RULE_GATE_PAIN : 0);
    look->value = in->summary->cadence_spm;
    look->threshold = (float)in->params->value[PARAM_R03_CADENCE_OFF];
    look->on = look->value >= look->threshold;
}

void r03_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    const double *value = in->params->value;
    const bool disc = in->profile->disc;
    double cadence = (double)in->summary->cadence_spm;
    look->why = (uint8_t)absence(state, in);
    look->dropped = (uint8_t)(in->nrs < 0 ? RULE_GATE_PAIN : 0);
    double goal = goal_spm(in), below = fmin(value[PARAM_R03_CADENCE_ON], goal);
    look->on = cadence >= value[PARAM_R03_CADENCE_MIN] && cadence < below;
    look->off = cadence >= goal;
    look->ready = rule_steady_s(state, in->end_ns) >=
                  value[disc ? PARAM_R03_STEADY_DISC_S : PARAM_R03_STEADY_S];
    if (disc)
        look->refractory_s = value[PARAM_R03_REFRACTORY_DISC_S];
    look->value = in->summary->cadence_spm;
    look->threshold = (float)below;
}
