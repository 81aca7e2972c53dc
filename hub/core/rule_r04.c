/* R04 FORWARD LEAN: more load on the forefoot than is usual for this wearer at this speed. */
#include "hub/core/rule_parts.h"

void r04_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    (void)state;
    const double *value = in->params->value;
    look->value = rule_forefoot_shift(in);
    look->threshold = (float)value[PARAM_R04_SHIFT_ON];
    look->on = look->value >= look->threshold;
    look->off = (double)look->value < value[PARAM_R04_SHIFT_OFF];
    /* Who pushes something leans on it. */
    if (rule_bends(in) || in->heeled || rule_flare(in) ||
        rule_flag(in, CONTEXT_FLAG_SLOPE | CONTEXT_FLAG_HANDS_FIXED))
        look->why = RULE_CONTRAINDICATED;
    else
        look->why = (uint8_t)rule_known(look->value, rule_mean(in->summary->forefoot_share));
}
