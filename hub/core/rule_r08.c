/* R08 HARD LANDING: the loading rate of this ground or these shoes, or the foot's impact on it,
 * against the wearer's own. */
#include "hub/core/rule_parts.h"

#include <math.h>

/* M16 over the wearer's own at this speed; NAN unknown. Faster steps land harder: at an unknown
 * speed nothing is compared, unless the figure was given for any. */
static float impact_ratio(const struct rule_input *in)
{
    struct baseline_value any = baseline_get(in->baseline, BASELINE_IMPACT, NAN);
    if (isnan(in->summary->speed_mps) && any.source != BASELINE_SET)
        return NAN;
    return rule_mean(in->summary->impact_g) / rule_base(in, BASELINE_IMPACT);
}

void r08_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    (void)state;
    const double *value = in->params->value;
    /* fmaxf leaves out what is NAN: one of the two is enough, and both have to be under T_off. */
    look->value = fmaxf(rule_loading_ratio(in), impact_ratio(in));
    look->threshold = (float)value[PARAM_R08_LOADING_ON];
    look->on = look->value >= look->threshold;
    look->off = (double)look->value < value[PARAM_R08_LOADING_OFF];
    if (in->profile->disc)
        look->d_s = value[PARAM_R08_D_DISC_S];
    /* Once; a second time when pain rose with it. */
    look->prompts_max = rule_nrs_rise(in) >= 1 ? 2 : 1;
    look->why = (uint8_t)rule_known(
        look->value, fmaxf(rule_mean(in->summary->loading_n_s), rule_mean(in->summary->impact_g)));
    /* A new shoe, or new zeros of the cells, show another landing than those the normal is of. */
    const bool belt = rule_flag(in, CONTEXT_FLAG_TREADMILL); /* the ground that is advised */
    if (in->new_shoe || in->calibrated || (belt && look->why == RULE_EVALUATED))
        look->why = RULE_CONTRAINDICATED;
}
