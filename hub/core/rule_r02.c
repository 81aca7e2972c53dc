/* R02 SHUFFLE: short, flat steps with long double support, or scuffing. */
#include "hub/core/rule_parts.h"

#include <math.h>

enum { ITEMS = 4 };

static enum rule_absence absence(const struct rules_state *state, const struct rule_input *in)
{
    bool frame = in->profile->walking_aid && rule_flag(in, CONTEXT_FLAG_HANDS_FIXED);
    if (in->p05_open || in->nrs >= in->params->value[PARAM_R02_NRS] || frame ||
        rule_crowd(state, in))
        return RULE_CONTRAINDICATED;
    return RULE_EVALUATED;
}

/* How far each item is over its threshold; NAN = not known. */
static void items(const struct rule_input *in, double over[ITEMS])
{
    const double *value = in->params->value;
    const struct stride_summary *summary = in->summary;
    /* fmax and fmin leave out what is NAN. */
    double least_slh = fmax(value[PARAM_R02_SLH],
                            value[PARAM_R02_SLH_SHARE] * (double)rule_base(in, BASELINE_SLH));
    double support = fmin(value[PARAM_R02_SUPPORT], (double)rule_base(in, BASELINE_DOUBLE_SUPPORT) +
                                                        value[PARAM_R02_SUPPORT_RISE]);
    over[0] = least_slh - (double)(summary->step_length_m / in->height_m);
    over[1] = value[PARAM_R02_ANGLE] - (double)rule_mean(summary->foot_angle_deg);
    over[2] = (double)summary->double_support_pct - support;
    over[3] = (double)rule_larger(summary->scuffs_per_20) - value[PARAM_R02_SCUFFS];
}

void r02_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    const double *value = in->params->value;
    double over[ITEMS], speed = (double)in->summary->speed_mps;
    look->why = (uint8_t)absence(state, in);
    items(in, over);
    int known_n = 0, true_n = 0;
    for (int i = 0; i < ITEMS; i++) {
        known_n += !isnan(over[i]);
        true_n += i == ITEMS - 1 ? over[i] >= 0 : over[i] > 0;
    }
    if (look->why == RULE_EVALUATED && known_n < value[PARAM_R02_ITEMS])
        look->why = RULE_NO_DATA;
    if (isnan(speed))
        look->dropped = RULE_GATE_SPEED;
    /* The first steps after a stop are short. */
    look->counts = in->counts && !(speed < value[PARAM_R02_SPEED_MIN]) &&
                   rule_steady_s(state, in->end_ns) >= value[PARAM_R02_START_S];
    look->on = true_n >= value[PARAM_R02_ITEMS];
    look->off = true_n < value[PARAM_R02_ITEMS];
    look->value = (float)true_n;
    look->threshold = (float)value[PARAM_R02_ITEMS];
}
