/* R08 HARD LANDING: the loading rate of this ground or these shoes against the wearer's own. */
#include "hub/core/rule_parts.h"

void r08_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    (void)state;
    const double *value = in->params->value;
    look->value = rule_loading_ratio(in);
    look->threshold = (float)value[PARAM_R08_LOADING_ON];
    look->on = look->value >= look->threshold;
    look->off = (double)look->value < value[PARAM_R08_LOADING_OFF];
    if (in->profile->disc)
        look->d_s = value[PARAM_R08_D_DISC_S];
    /* Once; a second time when pain rose with it. */
    look->prompts_max = rule_nrs_rise(in) >= 1 ? 2 : 1;
    look->why = (uint8_t)rule_known(look->value, rule_mean(in->summary->loading_n_s));
    /* A new shoe, or new zeros of the cells, show another landing than those the normal is of. */
    if (in->new_shoe || in->calibrated)
        look->why = RULE_CONTRAINDICATED;
}
