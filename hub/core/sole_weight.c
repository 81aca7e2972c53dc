#include "hub/core/sole_weight.h"

#include <math.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
/* Rule book 2.2. */
#define STALE_NS (3 * SECOND_NS)
/* The second of one foot and the second of the other are of one time. */
#define PAIR_NS (SECOND_NS / 2 + SECOND_NS / 10)
/* A second may be a sample or two off; a longer wait is a hole in the ten. */
#define NEXT_NS (3 * SECOND_NS / 2)
/* An insole that said nothing for a minute is missing, as the pipeline has it. */
#define GONE_NS (60 * SECOND_NS)

static const float gravity = 9.80665F;
/* Fewer strides are a turn or a start. */
enum { STRIDES_MIN = 5 };
/* The sum of both feet in quiet standing: platforms show 1 %, insoles creep and wander. */
static const float steady_share = 0.05F;
/* Standing and walking are one body's: insoles repeat to some 10 % (impulse errors between sensor
 * kinds of 30 to 50 % are gain, which is in both). Sitting is half of it at most (rule book 2.4).
 */
static const float agree_share = 0.20F;
/* OFF_FEET, rule book 2.4. */
static const float light_share = 0.03F;

static void forget_quiet(struct sole_weight *state)
{
    memset(state->quiet_n, 0, sizeof state->quiet_n);
    state->quiets_n = state->quiet_at = 0;
    state->quiet_ns = INT64_MIN;
}

void sole_weight_forget(struct sole_weight *state)
{
    float profile_n = state->profile_n;
    memset(state, 0, sizeof *state);
    for (int foot = 0; foot < FEET; foot++) {
        state->light_since_ns[foot] = INT64_MIN;
        state->foot_n[foot] = NAN;
    }
    state->profile_n = profile_n;
    state->stood_raw_n = state->standing_n = NAN;
    forget_quiet(state);
}

void sole_weight_init(struct sole_weight *state)
{
    state->profile_n = NAN;
    sole_weight_forget(state);
}

void sole_weight_profile(struct sole_weight *state, float mass_kg)
{
    state->profile_n = mass_kg > 0.0F ? mass_kg * gravity : NAN;
}

/* ---- walking */

static float median_stride(const struct sole_weight *state, int foot)
{
    float sorted[SOLE_STRIDES];
    int n = state->strides_n[foot];
    if (n < STRIDES_MIN) {
        return NAN;
    }
    for (int i = 0; i < n; i++) {
        int k = i;
        for (; k > 0 && sorted[k - 1] > state->stride_n[foot][i]; k--) {
            sorted[k] = sorted[k - 1];
        }
        sorted[k] = state->stride_n[foot][i];
    }
    return n % 2 != 0 ? sorted[n / 2] : 0.5F * (sorted[n / 2 - 1] + sorted[n / 2]);
}

static float walking_n(const struct sole_weight *state)
{
    return state->foot_n[FOOT_LEFT] + state->foot_n[FOOT_RIGHT];
}

/* Never heard of, or not any more. */
static bool gone(const struct sole_weight *state, int foot)
{
    int other = FEET - 1 - foot;
    return !state->load_seen[foot] ||
           (state->load_seen[other] &&
            state->load[other].end_ns - state->load[foot].end_ns > GONE_NS);
}

static float one_foot_n(const struct sole_weight *state)
{
    for (int foot = 0; foot < FEET; foot++) {
        if (gone(state, FEET - 1 - foot)) {
            return 2.0F * state->foot_n[foot];
        }
    }
    return NAN;
}

static void add_stride(struct sole_weight *state, const struct sole_stance *stance)
{
    int foot = stance->foot;
    forget_quiet(state); /* whoever steps does not stand */
    if (!isfinite(stance->stride_mean_n) || stance->stride_mean_n <= 0.0F) {
        return;
    }
    state->stride_n[foot][state->stride_at[foot]] = stance->stride_mean_n;
    state->stride_at[foot] = (uint8_t)((state->stride_at[foot] + 1) % SOLE_STRIDES);
    if (state->strides_n[foot] < SOLE_STRIDES) {
        state->strides_n[foot]++;
    }
    state->foot_n[foot] = median_stride(state, foot);
}

/* ---- standing */

static bool agrees(float standing_n, float walking_n)
{
    return fabsf(standing_n - walking_n) <= agree_share * walking_n;
}

/* Ten seconds that were steady count once walking and floors are known and agree with them; ten
 * that counted are dropped when walking no longer does. */
static void settle(struct sole_weight *state)
{
    float walked_n = walking_n(state);
    if (isnan(walked_n)) {
        return;
    }
    float stood_n =
        state->stood_raw_n - state->load[FOOT_LEFT].floor_n - state->load[FOOT_RIGHT].floor_n;
    if (isfinite(stood_n)) {
        if (agrees(stood_n, walked_n)) {
            state->standing_n = stood_n;
        }
        state->stood_raw_n = NAN;
    }
    if (!agrees(state->standing_n, walked_n)) {
        state->standing_n = NAN;
    }
}

static void add_quiet(struct sole_weight *state, float sum_n, int64_t at_ns)
{
    if (state->quiets_n > 0 && at_ns - state->quiet_ns > NEXT_NS) {
        forget_quiet(state);
    }
    state->quiet_ns = at_ns;
    state->quiet_n[state->quiet_at] = sum_n;
    state->quiet_at = (uint8_t)((state->quiet_at + 1) % SOLE_QUIET_S);
    state->quiets_n =
        (uint8_t)(state->quiets_n < SOLE_QUIET_S ? state->quiets_n + 1 : SOLE_QUIET_S);
    float least = sum_n, most = sum_n, sum = 0.0F;
    for (int i = 0; i < state->quiets_n; i++) {
        least = fminf(least, state->quiet_n[i]);
        most = fmaxf(most, state->quiet_n[i]);
        sum += state->quiet_n[i];
    }
    if (state->quiets_n == SOLE_QUIET_S && most - least <= steady_share * most) {
        state->stood_raw_n = sum / (float)SOLE_QUIET_S;
        settle(state);
    }
}

static void pair_seconds(struct sole_weight *state)
{
    const struct sole_load *left = &state->load[FOOT_LEFT], *right = &state->load[FOOT_RIGHT];
    if (!state->load_seen[FOOT_LEFT] || !state->load_seen[FOOT_RIGHT] ||
        state->load_used[FOOT_LEFT] || state->load_used[FOOT_RIGHT]) {
        return;
    }
    int64_t apart_ns = left->end_ns - right->end_ns;
    if (apart_ns > PAIR_NS || apart_ns < -PAIR_NS) {
        return;
    }
    state->load_used[FOOT_LEFT] = state->load_used[FOOT_RIGHT] = true;
    add_quiet(state, left->raw_n + right->raw_n, apart_ns > 0 ? left->end_ns : right->end_ns);
}

/* ---- load */

static float load_share(const struct sole_weight *state, int foot)
{
    enum sole_weight_source source;
    return (state->load[foot].raw_n - state->load[foot].floor_n) / sole_weight_n(state, &source);
}

static void add_load(struct sole_weight *state, const struct sole_load *load)
{
    int foot = load->foot;
    bool follows = state->load_seen[foot] && load->end_ns - state->load[foot].end_ns <= STALE_NS;
    state->load[foot] = *load;
    state->load_seen[foot] = true;
    state->load_used[foot] = false;
    float share = load_share(state, foot);
    if (!(share < light_share)) {
        state->light_since_ns[foot] = INT64_MIN;
    } else if (!follows || state->light_since_ns[foot] == INT64_MIN) {
        state->light_since_ns[foot] = load->end_ns - SECOND_NS;
    }
    pair_seconds(state);
}

void sole_weight_push(struct sole_weight *state, const struct sole_output *output)
{
    for (int i = 0; i < output->stances_n; i++) {
        add_stride(state, &output->stances[i]);
    }
    for (int i = 0; i < output->loads_n; i++) {
        add_load(state, &output->loads[i]);
    }
    if (output->stances_n > 0) {
        settle(state);
    }
}

float sole_weight_n(const struct sole_weight *state, enum sole_weight_source *source)
{
    float walked_n = walking_n(state), one_n = one_foot_n(state);
    *source = isfinite(state->standing_n)  ? SOLE_WEIGHT_STANDING
              : isfinite(walked_n)         ? SOLE_WEIGHT_WALKING
              : isfinite(one_n)            ? SOLE_WEIGHT_ONE_FOOT
              : isfinite(state->profile_n) ? SOLE_WEIGHT_PROFILE
                                           : SOLE_WEIGHT_NONE;
    switch (*source) {
    case SOLE_WEIGHT_STANDING:
        return state->standing_n;
    case SOLE_WEIGHT_WALKING:
        return walked_n;
    case SOLE_WEIGHT_ONE_FOOT:
        return one_n;
    case SOLE_WEIGHT_PROFILE:
        return state->profile_n;
    case SOLE_WEIGHT_NONE:
        break;
    }
    return NAN;
}

float sole_weight_share(const struct sole_weight *state, enum foot foot, int64_t now_ns)
{
    if (!state->load_seen[foot] || now_ns - state->load[foot].end_ns > STALE_NS) {
        return NAN;
    }
    return load_share(state, (int)foot);
}

float sole_weight_light_s(const struct sole_weight *state, enum foot foot, int64_t now_ns)
{
    if (isnan(sole_weight_share(state, foot, now_ns))) {
        return NAN;
    }
    if (state->light_since_ns[foot] == INT64_MIN) {
        return 0.0F;
    }
    int64_t light_ns = now_ns - state->light_since_ns[foot];
    return light_ns > 0 ? (float)light_ns / 1e9F : 0.0F;
}
