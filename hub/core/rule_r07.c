/* R07 OVERPRONATION: a foot that loads its inner side, for the summary only. Two signs, either is
 * enough: the medial index over the rule book's norm (a wearer's own would call what one always
 * does normal), or a centre of pressure that swings out less than it does on nine of ten of this
 * foot's strides. */
#include "hub/core/rule_parts.h"

#include <math.h>
#include <string.h>

/* As in baseline.h: strides a figure has to rest on, their fading by day, and what is forgotten. */
enum { STRIDES_MIN = 200, STRIDES_MAX = 5000, FADE_TO = 13, FADE_OF = 15, FORGOTTEN_DAYS = 14 };

/* ---------------------------------------------------------------- what is usual: a percentile */

float rule_low_value(const struct rule_low *low)
{
    return low->n >= STRIDES_MIN ? low->value : NAN;
}

/* Known from a normal distribution at first, then moved by a gain of one over 2,000 strides at
 * most. Where most of the last strides (16 or so) lay below it, they are what the rule is about:
 * nothing is learnt of them until the figure has faded. */
void rule_low_add(struct rule_low *low, float value, float share)
{
    enum { MOVED_BY = 2000, LATELY = 16, MOST = 128, ALL = 255 };
    /* Of a normal distribution: its 10th percentile, and its density there times its SD (E
     * elsewhere: the size of the first guess and of a move). */
    const float sds_below = 1.28F, density = 0.18F;
    const bool known = low->n >= STRIDES_MIN, below = value < low->value;
    low->lately = (uint8_t)(low->lately + ((known && below ? ALL : 0) - low->lately) / LATELY);
    if (known && low->lately >= MOST)
        return;
    if (low->n < STRIDES_MAX)
        low->n++;
    const float before = value - low->mean;
    low->mean += before / (float)low->n;
    low->variance += (before * (value - low->mean) - low->variance) / (float)low->n;
    const float sd = sqrtf(low->variance);
    const float n = low->n > MOVED_BY ? (float)low->n : (float)MOVED_BY;
    if (known)
        low->value += (share - (below ? 1.0F : 0.0F)) * sd / (density * n);
    else
        low->value = low->mean - sds_below * sd;
}

/* Days of a flare do not count; a day less is travel. */
static void fade(struct rules_state *state, int32_t day, bool frozen)
{
    const int64_t passed = (int64_t)day - state->cpei_day;
    if (day == INT32_MIN || passed == 0 || (passed == -1 && state->cpei_day != INT32_MIN))
        return;
    if (!frozen && passed >= FORGOTTEN_DAYS)
        r07_forget(state);
    for (int64_t i = 0; i < passed && i < FORGOTTEN_DAYS && !frozen; i++) {
        for (int foot = 0; foot < FEET; foot++)
            state->cpei[foot].n = (uint16_t)(state->cpei[foot].n * FADE_TO / FADE_OF);
    }
    state->cpei_day = day;
}

void r07_forget(struct rules_state *state)
{
    memset(state->cpei, 0, sizeof(state->cpei));
    state->cpei_day = INT32_MIN;
}

static bool tipped(const struct rule_input *in)
{
    return rule_flag(in, CONTEXT_FLAG_CARRY) || (in->told & TOLD_CAMBER) != 0;
}

/* 2.3: frozen while a flare is open, and nothing of strides that raise a rule. */
void r07_learn(struct rules_state *state, const struct rule_input *in)
{
    const enum foot foot = (enum foot)in->stride->foot;
    const enum rule_track track = foot == FOOT_LEFT ? TRACK_R07_LEFT : TRACK_R07_RIGHT;
    const float cpei = in->stride->shape.cpei_pct;
    const bool flare = in->flare || in->profile->flare;
    fade(state, in->baseline->day, flare);
    if (isnan(cpei) || flare || tipped(in) || rules_gait_open(state) || rule_open(state, track))
        return;
    rule_low_add(&state->cpei[foot], cpei,
                 (float)in->params->value[PARAM_R07_CPEI_PERCENTILE] / 100.0F);
}

/* ---------------------------------------------------------------- the condition */

static void condition(const struct rules_state *state, const struct rule_input *in, enum foot foot,
                      struct rule_look *look)
{
    const double *value = in->params->value;
    const float *medial = in->summary->medial_index;
    const float other = medial[foot == FOOT_LEFT ? FOOT_RIGHT : FOOT_LEFT];
    const float usual = rule_low_value(&state->cpei[foot]);
    const float cpei = in->stride->foot == foot ? in->stride->shape.cpei_pct : NAN;
    const bool swings_less = cpei < usual; /* false where either is not known */
    look->value = medial[foot];
    look->threshold = (float)value[PARAM_R07_MEDIAL_ON];
    look->counts = in->counts && in->stride->foot == foot &&
                   (!isnan(look->value) || (!isnan(cpei) && !isnan(usual)));
    look->on = look->value >= look->threshold || swings_less;
    look->off = !((double)look->value >= value[PARAM_R07_MEDIAL_OFF]) && !swings_less;
    /* A bag, or a road that slopes to one side (E: the other foot as far out), tips both feet. One
     * foot is enough for the rule to be evaluated; a foot that is not known is not counted. */
    if (in->profile->orthotic || tipped(in) || (double)other < -value[PARAM_R07_MEDIAL_OFF])
        look->why = RULE_CONTRAINDICATED;
    else if (isnan(look->value) && isnan(other) &&
             (isnan(in->stride->shape.cpei_pct) ||
              isnan(rule_low_value(&state->cpei[in->stride->foot]))))
        look->why = RULE_NO_DATA;
}

void r07_left_condition(const struct rules_state *state, const struct rule_input *in,
                        struct rule_look *look)
{
    condition(state, in, FOOT_LEFT, look);
}

void r07_right_condition(const struct rules_state *state, const struct rule_input *in,
                         struct rule_look *look)
{
    condition(state, in, FOOT_RIGHT, look);
}
