/* The shoe that is worn: how far it was walked in, and whether it lands harder than when it was
 * new. */
#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

/* A figure rests on so many strides (2.3); lately are the last 500 of them or so (E). */
enum { STRIDES_MIN = 200, LATELY = 500 };

/* Another name is another shoe; of one without a name, another day of buying is. */
static uint32_t tag_of(const struct wire_shoe *shoe)
{
    uint64_t tag = shoe->id[0] != '\0'
                       ? bytes_digest(DIGEST_SEED, shoe->id, strlen(shoe->id))
                       : bytes_digest(DIGEST_SEED, &shoe->bought_day, sizeof(shoe->bought_day));
    return (uint32_t)(tag >> 32 | 1);
}

void shoe_configured(struct wearer_state *state)
{
    struct shoe_wear *wear = &state->programme.shoe;
    const struct wire_shoe *shoe = &state->config.shoe;
    const uint32_t tag = state->config.has_shoe ? tag_of(shoe) : 0;
    const float told_km = state->config.has_shoe ? shoe->distance_km : NAN;
    if (tag != wear->tag)
        memset(wear, 0, sizeof(*wear));
    else if (told_km == wear->told_km || (isnan(told_km) && isnan(wear->told_km)))
        return;
    wear->tag = tag;
    wear->told_km = told_km;
    wear->walked_m = 0;
}

void shoe_walked(struct wearer_state *state)
{
    const double metres = state->session.distance_m;
    if (metres > 0 && isfinite(metres))
        state->programme.shoe.walked_m += (float)metres;
}

float pipeline_shoe_km(const struct wearer_state *state)
{
    const struct shoe_wear *wear = &state->programme.shoe;
    return wear->tag == 0 ? NAN : wear->told_km + wear->walked_m / 1000.0F;
}

static int speed_bin(float belt_mps)
{
    const float from_mps = 0.6F, step_mps = 0.1F;
    const float at = (belt_mps - from_mps) / step_mps;
    return at >= 0 && at < (float)SHOE_SPEEDS ? (int)at : -1;
}

void shoe_stride(struct wearer_state *state, const struct stride *stride, float loading_bw_s)
{
    struct shoe_wear *wear = &state->programme.shoe;
    const float km = pipeline_shoe_km(state);
    const int bin = isnan(stride->belt_mps) ? -1 : speed_bin(stride->belt_mps);
    if (bin < 0 || isnan(loading_bw_s) || isnan(km))
        return;
    if ((double)km < state->params.value[PARAM_PLAN_SHOE_FIRST_KM]) {
        if (wear->first_n[bin] < UINT8_MAX)
            wear->first_n[bin]++;
        wear->first_bw_s[bin] += (loading_bw_s - wear->first_bw_s[bin]) / (float)wear->first_n[bin];
    } else if (wear->first_n[bin] >= STRIDES_MIN) {
        if (wear->ratio_n < LATELY)
            wear->ratio_n++;
        wear->ratio += (loading_bw_s / wear->first_bw_s[bin] - wear->ratio) / (float)wear->ratio_n;
    }
}

struct plan_shoe shoe_known(const struct wearer_state *state, int32_t day)
{
    const struct wire_shoe *shoe = &state->config.shoe;
    const struct shoe_wear *wear = &state->programme.shoe;
    struct plan_shoe known = {
        .age_d = -1, .worn_days_per_week = NAN, .distance_km = NAN, .loading_ratio = NAN};
    if (!state->config.has_shoe)
        return known;
    known.tag = wear->tag;
    int32_t age_d = shoe->has_bought_day ? day - shoe->bought_day : -1;
    known.age_d = (int16_t)(age_d < 0 ? -1 : age_d > INT16_MAX ? INT16_MAX : age_d);
    known.worn_days_per_week = shoe->days_per_week;
    known.distance_km = pipeline_shoe_km(state);
    if (wear->ratio_n >= STRIDES_MIN)
        known.loading_ratio = wear->ratio;
    return known;
}
