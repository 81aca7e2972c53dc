/* R13 FATIGUE DRIFT: three of eight signs that the walk is not what it was in minutes 2 to 4. */
#include "hub/core/rule_parts.h"

void r13_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    const double *value = in->params->value;
    int drifted_n = rule_drifted_n(&state->drift, in);
    double walked_s = seconds_between(state->session_start_ns, in->end_ns);
    look->on = drifted_n >= value[PARAM_R13_ITEMS];
    look->off = drifted_n <= 1;
    look->value = (float)drifted_n;
    look->threshold = (float)value[PARAM_R13_ITEMS];
    if (rule_bends(in))
        look->text = TEXT_R13_TIRING_SIT;
    if (state->drift.slowed || rule_drift_apart(in))
        look->why = RULE_CONTRAINDICATED;
    else if (walked_s < value[PARAM_R13_SESSION_S] || drifted_n < 0)
        look->why = RULE_NO_DATA;
}
