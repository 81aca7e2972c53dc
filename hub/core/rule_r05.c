/* R05 PHONE LEAN: walks while looking at what that hand holds. */
#include "hub/core/rule_parts.h"

#include <math.h>

/* M21 looks back so long: what it takes to reach its threshold is part of D. The scenario of the
 * rule book (8) wants the prompt 20 s after the look began. */
#define VIEWING_S 20
#define VIEWING_D_MIN_S 5

/* Without steps of feet, or of the wrist on a running belt, nobody is known to walk. */
static bool steps_known(const struct rule_input *in)
{
    return (in->devices & (COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE)) != 0 ||
           rule_flag(in, CONTEXT_FLAG_TREADMILL);
}

static enum rule_absence absence(const struct rule_input *in)
{
    if (!steps_known(in))
        return (in->registered & ~(unsigned)COVERAGE_WRIST) != 0 ? RULE_STALE : RULE_NO_DEVICE;
    bool own = rule_within(in->prompted_ns, in->now_ns, in->params->value[PARAM_R05_OWN_PROMPT_S]);
    /* Our own prompt is looked at: a look that counts goes on for longer. */
    if (rule_flag(in, CONTEXT_FLAG_CALL | CONTEXT_FLAG_HANDS_FIXED) || own)
        return RULE_CONTRAINDICATED;
    return RULE_EVALUATED;
}

void r05_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    const double *value = in->params->value;
    (void)state;
    look->why = (uint8_t)absence(in);
    /* fmax leaves out what is NAN. */
    double still_deg = fmax(value[PARAM_R05_SWING], value[PARAM_R05_SWING_SHARE] *
                                                        (double)rule_base(in, BASELINE_ARM_SWING));
    bool known = false, off = true;
    for (int arm = 0; arm < SIGNALS_ARMS; arm++) {
        double viewing = (double)in->signals->viewing_shares[arm];
        double swing = (double)in->signals->arm_swings_deg[arm];
        known = known || (!isnan(viewing) && !isnan(swing));
        off = off && !(viewing >= value[PARAM_R05_VIEWING_OFF]);
        if (viewing >= value[PARAM_R05_VIEWING_ON] && swing < still_deg) {
            look->on = 1;
            look->value = (float)viewing;
        }
    }
    if (look->why == RULE_EVALUATED && !known)
        look->why = RULE_NO_DATA;
    look->d_s = fmax(look->d_s - value[PARAM_R05_VIEWING_ON] * VIEWING_S, VIEWING_D_MIN_S);
    look->off = off;
    look->hold_s = value[PARAM_R05_OFF_S];
    look->threshold = (float)value[PARAM_R05_VIEWING_ON];
}
