/* R14 ARM SWING: arms that swing half as far as is usual, though nothing holds them. An arm that
 * hardly moves at all is held: by a pocket, a bag, a rail. Whoever walks with an aid (the rule
 * book's frame, and a stick as well) is never told to let go of it. */
#include "hub/core/rule_parts.h"

void r14_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    const double *value = in->params->value;
    (void)state;
    /* Of two arms the one that swings farther: both are below then. */
    look->value = in->signals->arm_swing_deg / rule_base(in, BASELINE_ARM_SWING);
    look->threshold = (float)value[PARAM_R14_SWING_ON];
    look->on = look->value < look->threshold;
    look->off = (double)look->value >= value[PARAM_R14_SWING_OFF];
    look->prompts_max = 1;
    bool held = (double)in->signals->arm_swing_deg < value[PARAM_R14_HELD];
    if (in->profile->arm_injury || in->profile->walking_aid || held ||
        rule_flag(in, CONTEXT_FLAG_HANDS_FIXED | CONTEXT_FLAG_CALL | CONTEXT_FLAG_CARRY |
                          CONTEXT_FLAG_VIEWING | CONTEXT_FLAG_RAIL))
        look->why = RULE_CONTRAINDICATED;
    else
        look->why = (uint8_t)rule_known(look->value, in->signals->arm_swing_deg);
}
