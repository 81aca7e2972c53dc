/* R15 UNEVEN GROUND: feet that come down tilted now this way, now that, and scuff or step up and
 * down.
 */
#include "hub/core/rule_parts.h"

#include <math.h>

/* Strides that count, and those a spread must rest on (E). */
enum { SPREAD_MAX = 20, SPREAD_MIN = 10 };

static void spread_add(struct rule_spread *spread, float value)
{
    if (isnan(value))
        return;
    spread->n = (uint8_t)(spread->n + (spread->n < SPREAD_MAX));
    float share = 1.0F / (float)spread->n, away = value - spread->mean;
    spread->mean += share * away;
    spread->square += share * (away * (value - spread->mean) - spread->square);
}

static float spread_sd(const struct rule_spread *spread)
{
    return spread->n < SPREAD_MIN ? NAN : sqrtf(spread->square);
}

void rules_swing(struct rules_state *state, enum foot foot, float roll_deg, float height_m)
{
    spread_add(&state->roll_deg[foot], roll_deg);
    spread_add(&state->height_m[foot], height_m);
}

float rules_roll_sd_deg(const struct rules_state *state, enum foot foot)
{
    return spread_sd(&state->roll_deg[foot]);
}

static float height_sd_m(const struct rules_state *state)
{
    return fmaxf(spread_sd(&state->height_m[FOOT_LEFT]), spread_sd(&state->height_m[FOOT_RIGHT]));
}

void r15_condition(const struct rules_state *state, const struct rule_input *in,
                   struct rule_look *look)
{
    const double *value = in->params->value;
    const float rolls[FEET] = {rules_roll_sd_deg(state, FOOT_LEFT),
                               rules_roll_sd_deg(state, FOOT_RIGHT)};
    bool rough = (double)rule_larger(in->summary->scuffs_per_20) >= value[PARAM_R15_SCUFFS] ||
                 (double)height_sd_m(state) >= value[PARAM_R15_HEIGHT];
    look->value = rule_mean(rolls) / rule_base(in, BASELINE_ROLL);
    look->threshold = (float)value[PARAM_R15_ROLL_ON];
    look->on = look->value >= look->threshold && rough;
    look->off = (double)look->value < value[PARAM_R15_ROLL_OFF];
    look->why = (uint8_t)rule_known(look->value, rule_mean(rolls));
    /* A belt is even and has no kerbs: feet that tilt and scuff on it are R12's and S02's. */
    if (look->why == RULE_EVALUATED && rule_flag(in, CONTEXT_FLAG_TREADMILL))
        look->why = RULE_CONTRAINDICATED;
}
