/* What the conditions of several rules ask of the same input. */
#include "hub/core/rule_parts.h"

#include <math.h>

int rule_nrs_rise(const struct rule_input *in)
{
    return in->nrs_start < 0 ? 0 : in->nrs - in->nrs_start;
}

bool rule_open(const struct rules_state *state, enum rule_track track)
{
    return state->episodes[track].severity != 0;
}

bool rule_flag(const struct rule_input *in, unsigned flags)
{
    return (in->context->flags & flags) != 0;
}

bool rule_flare(const struct rule_input *in)
{
    return in->profile->flare || in->flare;
}

bool rule_bends(const struct rule_input *in)
{
    return in->profile->stenosis || in->p05_open ||
           in->p05_score >= in->params->value[PARAM_R04_P05_SCORE];
}

double rule_steady_s(const struct rules_state *state, int64_t end_ns)
{
    return state->steady_since_ns == RULE_NEVER ? 0
                                                : seconds_between(state->steady_since_ns, end_ns);
}

bool rule_within(int64_t at_ns, int64_t now_ns, double s)
{
    return at_ns != RULE_NEVER && seconds_between(at_ns, now_ns) <= s;
}

/* Was the metric given at any one speed? Then what was given for any is of that speed. */
static bool given_by_speed(const struct baseline_state *baseline, enum baseline_metric metric)
{
    for (int bin = 0; bin < BASELINE_SPEEDS; bin++) {
        if ((baseline->set[bin] >> metric & 1) != 0)
            return true;
    }
    return false;
}

float rule_base(const struct rule_input *in, enum baseline_metric metric)
{
    struct baseline_value own = baseline_get(in->baseline, metric, in->summary->speed_mps);
    if (own.source >= BASELINE_NEIGHBOUR)
        return own.value;
    struct baseline_value given = baseline_get(in->baseline, metric, NAN);
    return given.source == BASELINE_SET && !given_by_speed(in->baseline, metric) ? given.value
                                                                                 : NAN;
}

float rule_usual(const struct rule_input *in, enum baseline_metric metric)
{
    struct baseline_value any = baseline_get(in->baseline, metric, NAN);
    return any.source >= BASELINE_NEIGHBOUR ? any.value : NAN;
}

float rule_mean(const float feet[FEET])
{
    if (isnan(feet[FOOT_LEFT]))
        return feet[FOOT_RIGHT];
    return isnan(feet[FOOT_RIGHT]) ? feet[FOOT_LEFT] : 0.5F * (feet[FOOT_LEFT] + feet[FOOT_RIGHT]);
}

float rule_larger(const float feet[FEET])
{
    return fmaxf(feet[FOOT_LEFT], feet[FOOT_RIGHT]);
}

/* The profile's mass is another scale than an insole's newtons; at an unknown speed nothing is
 * compared, as the rate grows with speed, unless the figure was given for any. */
float rule_loading_ratio(const struct rule_input *in)
{
    if (in->weight_source == SOLE_WEIGHT_PROFILE)
        return NAN;
    struct baseline_value any = baseline_get(in->baseline, BASELINE_LOADING_RATE, NAN);
    if (isnan(in->summary->speed_mps) && any.source != BASELINE_SET)
        return NAN;
    float rate = rule_mean(in->summary->loading_n_s) / in->weight_n;
    return rate / rule_base(in, BASELINE_LOADING_RATE);
}

float rule_forefoot_shift(const struct rule_input *in)
{
    return rule_mean(in->summary->forefoot_share) - rule_base(in, BASELINE_FOREFOOT);
}

float rule_heart_pct(const struct rule_input *in)
{
    if (in->signals->heart_suspect)
        return NAN;
    float highest = in->profile->beta_blocker ? 164.0F : 208.0F;
    highest = in->age_years < 0 ? NAN : highest - 0.7F * (float)in->age_years;
    if (in->profile->hr_max_bpm != 0)
        highest = (float)in->profile->hr_max_bpm;
    return 100.0F * in->signals->heart_bpm / highest;
}

enum rule_absence rule_known(float value, float measured)
{
    if (!isnan(value))
        return RULE_EVALUATED;
    return isnan(measured) ? RULE_NO_DATA : RULE_NO_BASELINE;
}

bool rule_crowd(const struct rules_state *state, const struct rule_input *in)
{
    return (double)state->stopped_n > in->params->value[PARAM_DALLY_MAX] * state->seconds_n;
}
