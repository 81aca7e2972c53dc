/* R01 OVERSTRIDE: steps that are long for their rhythm, with a high foot or a hard landing. Without
 * a foot angle there is the strict form only (decision 6: an insole without an IMU), whatever the
 * landing shows. */
#include "hub/core/rule_parts.h"

#include <math.h>

static bool downhill(const struct rule_input *in)
{
    return rule_flag(in, CONTEXT_FLAG_SLOPE) && !(in->signals->incline > 0);
}

static enum rule_absence absence(const struct rules_state *state, const struct rule_input *in)
{
    const double *value = in->params->value;
    bool unsteady = (double)in->summary->stride_cv_pct >= value[PARAM_R12_CV_ON];
    if (rule_open(state, TRACK_R05) || downhill(in) || rule_flare(in) ||
        (in->profile->fall_risk && unsteady))
        return RULE_CONTRAINDICATED;
    if (isnan(in->height_m) || isnan(in->summary->walk_ratio))
        return RULE_NO_DATA;
    return RULE_EVALUATED;
}

void r01_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    const double *value = in->params->value;
    look->why = (uint8_t)absence(state, in);
    double ratio =
        (double)in->summary->walk_ratio / (value[PARAM_R01_RATIO_PER_M] * (double)in->height_m);
    double angle = (double)rule_mean(in->summary->foot_angle_deg);
    double own_angle = (double)rule_usual(in, BASELINE_FSA);
    double loading = (double)rule_loading_ratio(in);
    bool strict = isnan(angle);
    /* fmax leaves out what is NAN: without an own angle the fixed one holds. */
    bool heavy = angle >= fmax(value[PARAM_R01_ANGLE], own_angle + value[PARAM_R01_ANGLE_RISE]) ||
                 loading >= value[PARAM_R01_LOADING];
    look->value = (float)ratio;
    look->threshold = (float)value[strict ? PARAM_R01_RATIO_STRICT : PARAM_R01_RATIO_ON];
    look->on = (double)in->summary->speed_mps >= value[PARAM_R01_SPEED_MIN] &&
               ratio >= (double)look->threshold && (strict || heavy);
    look->off = ratio < value[PARAM_R01_RATIO_OFF];
}
