/* R07 OVERPRONATION: a foot that loads its inner side, for the summary only. The norm is the rule
 * book's: a wearer's own would call what one always does normal. */
#include "hub/core/rule_parts.h"

#include <math.h>

static void condition(const struct rule_input *in, enum foot foot, struct rule_look *look)
{
    const double *value = in->params->value;
    const float *medial = in->summary->medial_index;
    float other = medial[foot == FOOT_LEFT ? FOOT_RIGHT : FOOT_LEFT];
    /* A bag, or a road that slopes to one side (E: the other foot as far out), tips both feet. */
    bool tipped = rule_flag(in, CONTEXT_FLAG_CARRY) || (double)other < -value[PARAM_R07_MEDIAL_OFF];
    look->value = medial[foot];
    look->threshold = (float)value[PARAM_R07_MEDIAL_ON];
    look->counts = in->counts && in->stride->foot == foot && !isnan(look->value);
    look->on = look->value >= look->threshold;
    look->off = (double)look->value < value[PARAM_R07_MEDIAL_OFF];
    /* One foot is enough for the rule to be evaluated; a foot that is not known is not counted. */
    if (in->profile->orthotic || tipped)
        look->why = RULE_CONTRAINDICATED;
    else if (isnan(look->value) && isnan(other))
        look->why = RULE_NO_DATA;
}

void r07_left_condition(const struct rules_state *state, const struct rule_input *in,
                        struct rule_look *look)
{
    (void)state;
    condition(in, FOOT_LEFT, look);
}

void r07_right_condition(const struct rules_state *state, const struct rule_input *in,
                         struct rule_look *look)
{
    (void)state;
    condition(in, FOOT_RIGHT, look);
}
