/* R06 HEAD: no sensor sees a head. A cue by time, or when lean or arms ask for one. */
#include "hub/core/rule_parts.h"

#include <math.h>

static bool contraindicated(const struct rule_input *in)
{
    return rule_bends(in) || in->profile->vertigo;
}

/* Signals that ask for it: R04's at half its threshold, or arms that swing little. Hands that hold
 * something say nothing. */
void r06_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    const double *value = in->params->value;
    (void)state;
    if (contraindicated(in))
        look->why = RULE_CONTRAINDICATED;
    bool hands = rule_flag(in, CONTEXT_FLAG_HANDS_FIXED | CONTEXT_FLAG_CALL | CONTEXT_FLAG_CARRY |
                                   CONTEXT_FLAG_VIEWING);
    double shift = rule_flag(in, CONTEXT_FLAG_SLOPE | CONTEXT_FLAG_HANDS_FIXED)
                       ? (double)NAN
                       : (double)rule_forefoot_shift(in);
    double swing = hands ? (double)NAN
                         : (double)(in->signals->arm_swing_deg / rule_base(in, BASELINE_ARM_SWING));
    /* From R04's own threshold on that is the one to speak. */
    bool lean = shift >= value[PARAM_R06_SHIFT] && shift < value[PARAM_R04_SHIFT_ON];
    bool held = (double)in->signals->arm_swing_deg < value[PARAM_R14_HELD];
    look->on = lean || (swing < value[PARAM_R06_SWING_SHARE] && !held);
    look->off = !look->on;
    look->value = (float)(lean ? shift : swing);
    look->threshold = (float)value[lean ? PARAM_R06_SHIFT : PARAM_R06_SWING_SHARE];
}

void r06_second(struct rules_state *state, const struct rule_input *in, struct findings *out)
{
    const double *value = in->params->value;
    if (value[PARAM_R06_TIMED] < 0.5 || !in->counts || !in->may_speak || contraindicated(in) ||
        seconds_between(state->session_start_ns, in->end_ns) < value[PARAM_R06_FIRST_S] ||
        (state->r06_due_ns != RULE_NEVER && in->end_ns < state->r06_due_ns) ||
        rule_within(in->prompted_ns, in->now_ns, value[PARAM_PROMPT_GAP_S]))
        return; /* it can wait for its turn */
    state->r06_due_ns = in->end_ns + param_ns(in->params, PARAM_R06_EVERY_S);
    struct finding *finding = finding_add(out, RULE_R06, STRIDE__V1__SEVERITY__SEVERITY_INFO,
                                          TEXT_R06_STRING, in->now_ns);
    finding->refractory_s = (float)value[PARAM_R06_EVERY_S];
    finding->prompts_max =
        (uint8_t)value[rule_open(state, TRACK_R06) ? PARAM_R06_MAX : PARAM_R06_MAX_FINE];
}
