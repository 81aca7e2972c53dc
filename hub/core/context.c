/* Tests of rest, arms and belt; precedence; what the wearer does now. */
#include "hub/core/context.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/context_private.h"

/* 2.4. */
static const float off_feet_s = 10.0F, sit_step_s = 10.0F, stand_step_s = 3.0F;
static const float sit_load_min = 0.05F, sit_load_max = 0.50F, stand_load = 0.80F;
/* A sitter's foot carries its leg, about 0.15 BW, and some push: who stands on one foot has more on
 * it even where the insole shows half (2.3). (E) */
static const float sit_foot_max = 0.35F;
/* Somebody who shifts weight passes through a sitter's load (E). */
static const int64_t sit_load_ns = 3 * CONTEXT_SECOND_NS;
/* A test that was true holds over a moment's dip; landings of a staircase take some steps (E). */
static const int64_t rest_hold_ns = 2 * CONTEXT_SECOND_NS, stairs_hold_ns = 3 * CONTEXT_SECOND_NS;
/* Ten strides after three at 80 steps/min: what WALK_STEADY asks of feet, in time (E). */
static const int64_t wrist_steady_ns = 20 * CONTEXT_SECOND_NS;
static const int64_t silent_ns = 3 * CONTEXT_SECOND_NS; /* 2.2 */

enum { REST_OFF_FEET, REST_SIT, REST_STAND, RESTS };
_Static_assert(sizeof((struct context_state *)0)->rest_ns == RESTS * sizeof(int64_t), "rests");

const char *context_name(enum context context)
{
    static const char *const names[CONTEXT_COUNT] = {
        "idle_unknown", "off_feet", "sit",         "stand", "walk",  "walk_steady", "stairs",
        "slope",        "run",      "hands_fixed", "call",  "carry", "treadmill",   "wheels"};
    assert((unsigned)context < CONTEXT_COUNT);
    return names[context];
}

void context_init(struct context_state *state)
{
    memset(state, 0, sizeof *state);
    int64_t *const never[] = {&state->now_ns,    &state->stride_ns,     &state->walk_ns,
                              &state->steady_ns, &state->contact_ns,    &state->path_ns,
                              &state->stairs_ns, &state->sit_since_ns,  &state->wrist_since_ns,
                              &state->since_ns,  &state->gait_since_ns, &state->turn_known_ns};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        *never[i] = INT64_MIN;
    }
    for (int i = 0; i < RESTS; i++) {
        state->rest_ns[i] = INT64_MIN;
    }
    for (int i = 0; i < CONTEXT_FLAGS; i++) {
        state->flag_ns[i] = INT64_MIN;
    }
    for (int i = 0; i < CONTEXT_TURNS; i++) {
        state->turns[i].at_ns = INT64_MIN;
    }
}

void context_input_init(struct context_input *input, int64_t at_ns)
{
    memset(input, 0, sizeof *input);
    input->at_ns = at_ns;
    struct context_stride *stride = &input->stride;
    stride->stride_s = stride->double_support_pct = stride->flight_s = stride->peak_bw = NAN;
    stride->forefoot_first = -1;
    input->path.height_m = input->path.length_m = input->path.turn_deg = NAN;
    for (int i = 0; i < FEET; i++) {
        struct context_foot *foot = &input->feet[i];
        foot->load_share = foot->unloaded_s = foot->still_s = NAN;
    }
    for (int i = 0; i < CONTEXT_ARMS; i++) {
        struct context_arm *arm = &input->arms[i];
        arm->hands_fixed = arm->call = arm->walking = WRIST_UNKNOWN;
        arm->swing_deg = arm->viewing_share = arm->pitch_deg = NAN;
    }
    input->belt.speed_mps = input->belt.incline = NAN;
    input->belt.rail = -1;
    input->since_step_s = NAN;
    input->si_load_pct = input->si_stance_pct = input->si_step_pct = input->forefoot_shift = NAN;
}

/* ---- rest ---- */

bool context_held(int64_t *true_ns, bool known, bool yes, int64_t now_ns, int64_t hold_ns)
{
    if (!known) {
        *true_ns = INT64_MIN;
    } else if (yes) {
        *true_ns = now_ns;
    }
    return context_within(*true_ns, now_ns, hold_ns);
}

static bool off_feet(struct context_state *state, const struct context_input *input)
{
    bool known = true, yes = true;
    for (int i = 0; i < FEET; i++) {
        const struct context_foot *foot = &input->feet[i];
        known = known && foot->fresh && !isnan(foot->unloaded_s) && !isnan(foot->still_s);
        yes = yes && foot->unloaded_s > off_feet_s && foot->still_s > off_feet_s;
    }
    return context_held(&state->rest_ns[REST_OFF_FEET], known, yes, input->at_ns, rest_hold_ns);
}

/* Both are asked each time: their holds go on. */
static enum context rest(struct context_state *state, const struct context_input *input)
{
    const struct context_foot *left = &input->feet[FOOT_LEFT], *right = &input->feet[FOOT_RIGHT];
    float total = left->load_share + right->load_share;
    bool known = left->fresh && right->fresh && !isnan(total) && !isnan(input->since_step_s);
    bool low = known && total >= sit_load_min && total <= sit_load_max &&
               left->load_share <= sit_foot_max && right->load_share <= sit_foot_max;
    if (!low) {
        state->sit_since_ns = INT64_MIN;
    } else if (state->sit_since_ns == INT64_MIN) {
        state->sit_since_ns = input->at_ns;
    }
    bool sits = low && input->since_step_s >= sit_step_s &&
                input->at_ns - state->sit_since_ns >= sit_load_ns;
    bool stands = known && input->since_step_s >= stand_step_s && total >= stand_load;
    sits = context_held(&state->rest_ns[REST_SIT], known, sits, input->at_ns, rest_hold_ns);
    stands = context_held(&state->rest_ns[REST_STAND], known, stands, input->at_ns, rest_hold_ns);
    if (!sits || !stands) {
        return stands ? CONTEXT_STAND : sits ? CONTEXT_SIT : CONTEXT_IDLE_UNKNOWN;
    }
    bool sat_last = state->rest_ns[REST_SIT] > state->rest_ns[REST_STAND];
    return sat_last ? CONTEXT_SIT : CONTEXT_STAND;
}

/* ---- feet ---- */

static enum context steady_or_walk(struct context_state *state, const struct context_input *input,
                                   int64_t hold_ns, uint8_t *dropped)
{
    int64_t now_ns = input->at_ns;
    if (!context_within(state->steady_ns, now_ns, hold_ns) || context_turned(state, now_ns)) {
        return CONTEXT_WALK;
    }
    if (!context_within(state->turn_known_ns, now_ns, CONTEXT_ONE_FOOT_NS)) {
        *dropped |= CONTEXT_GATE_TURN;
    }
    return CONTEXT_WALK_STEADY;
}

/* Without feet the wrist's bout is a walk; its steadiness is not known. */
static enum context by_wrist(struct context_state *state, const struct context_input *input,
                             uint8_t *why, uint8_t *dropped)
{
    bool walking = false;
    for (int i = 0; i < CONTEXT_ARMS; i++) {
        walking = walking || (input->arms[i].fresh && input->arms[i].walking == WRIST_YES);
    }
    if (!walking) {
        state->wrist_since_ns = INT64_MIN;
        return CONTEXT_IDLE_UNKNOWN;
    }
    if (state->wrist_since_ns == INT64_MIN ||
        !context_within(state->now_ns, input->at_ns, silent_ns)) {
        state->wrist_since_ns = input->at_ns;
    }
    *why = CONTEXT_WHY_WRIST_STEPS;
    if (input->at_ns - state->wrist_since_ns < wrist_steady_ns) {
        return CONTEXT_WALK;
    }
    *dropped |= CONTEXT_GATE_TURN | CONTEXT_GATE_STRIDES;
    return CONTEXT_WALK_STEADY;
}

static enum context by_feet(struct context_state *state, const struct context_input *input,
                            uint8_t *why, uint8_t *dropped)
{
    int64_t now_ns = input->at_ns;
    bool both = input->feet[FOOT_LEFT].fresh && input->feet[FOOT_RIGHT].fresh;
    int64_t hold_ns = both ? CONTEXT_STEP_NS : CONTEXT_ONE_FOOT_NS;
    enum context still = rest(state, input);
    state->wrist_since_ns = INT64_MIN;
    enum context_why stairs = context_stairs(state, now_ns);
    state->stairs_why = stairs != CONTEXT_WHY_NOTHING ? (uint8_t)stairs : state->stairs_why;
    bool climbs = context_held(&state->stairs_ns, true, stairs != CONTEXT_WHY_NOTHING, now_ns,
                               stairs_hold_ns);
    if ((*why = (uint8_t)context_run(state, now_ns)) != CONTEXT_WHY_NOTHING) {
        return CONTEXT_RUN;
    }
    if (climbs && still == CONTEXT_IDLE_UNKNOWN) {
        *why = state->stairs_why;
        return CONTEXT_STAIRS;
    }
    if (context_within(state->walk_ns, now_ns, hold_ns)) {
        enum context walk = steady_or_walk(state, input, hold_ns, dropped);
        *why = walk == CONTEXT_WALK_STEADY ? CONTEXT_WHY_STEADY : CONTEXT_WHY_STEPS;
        return walk;
    }
    *why = still == CONTEXT_IDLE_UNKNOWN ? CONTEXT_WHY_NOTHING : CONTEXT_WHY_LOAD;
    return still;
}

static enum context gait_of(struct context_state *state, const struct context_input *input,
                            uint8_t *why, uint8_t *dropped)
{
    *dropped = 0;
    bool off = off_feet(state, input);
    enum context gait = CONTEXT_IDLE_UNKNOWN;
    if (input->feet[FOOT_LEFT].fresh || input->feet[FOOT_RIGHT].fresh) {
        gait = by_feet(state, input, why, dropped);
    } else {
        rest(state, input);
        state->stairs_ns = INT64_MIN;
        state->run = false;
        gait = by_wrist(state, input, why, dropped);
    }
    if (!input->wheelchair && !off) {
        return gait;
    }
    *dropped = 0;
    *why = input->wheelchair ? CONTEXT_WHY_PROFILE : CONTEXT_WHY_UNLOADED;
    return input->wheelchair ? CONTEXT_WHEELS : CONTEXT_OFF_FEET;
}

/* ---- precedence ---- */

/* The one, and in `why` the test that made it so; `gait_why` if it is the gait itself. */
static enum context one_of(const struct context_state *state, enum context gait, uint8_t gait_why,
                           uint8_t flags, uint8_t *why)
{
    static const struct {
        uint8_t bit, context;
    } order[] = {{3, CONTEXT_CALL},
                 {4, CONTEXT_CARRY},
                 {2, CONTEXT_HANDS_FIXED},
                 {1, CONTEXT_SLOPE},
                 {0, CONTEXT_TREADMILL}};
    _Static_assert(CONTEXT_FLAG_TREADMILL == 1 && CONTEXT_FLAG_SLOPE == 1 << 1 &&
                       CONTEXT_FLAG_HANDS_FIXED == 1 << 2 && CONTEXT_FLAG_CALL == 1 << 3 &&
                       CONTEXT_FLAG_CARRY == 1 << 4,
                   "bits of the flags");
    *why = gait_why;
    if (gait != CONTEXT_WALK && gait != CONTEXT_WALK_STEADY && gait != CONTEXT_IDLE_UNKNOWN) {
        return gait;
    }
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (((unsigned)flags >> order[i].bit & 1U) != 0) {
            *why = state->flag_why[order[i].bit];
            return (enum context)order[i].context;
        }
    }
    return gait;
}

bool context_update(struct context_state *state, const struct context_input *input,
                    struct context_now *now)
{
    bool first = state->now_ns == INT64_MIN;
    if (input->at_ns < state->now_ns) {
        return false;
    }
    memset(now, 0, sizeof *now);
    int64_t passed_ns = first ? 0 : input->at_ns - state->now_ns;
    now->passed_s = (float)((double)passed_ns / (double)CONTEXT_SECOND_NS);
    now->passed_context = passed_ns > silent_ns ? CONTEXT_IDLE_UNKNOWN : state->context;
    if (input->path.present && input->feet[input->path.foot].fresh) {
        context_take_path(state, input->at_ns, &input->path);
    }
    if (input->stride.present && input->feet[input->stride.foot].fresh) {
        context_take_stride(state, input->at_ns, &input->stride);
    }
    enum context gait = gait_of(state, input, &now->gait_why, &now->dropped);
    now->flags = context_flags(state, input, gait);
    enum context context = one_of(state, gait, now->gait_why, now->flags, &now->why);
    if (first || gait != (enum context)state->gait) {
        state->gait_since_ns = input->at_ns;
    }
    if (first || context != (enum context)state->context) {
        state->since_ns = input->at_ns;
    }
    now->context = state->context = (uint8_t)context;
    now->gait = state->gait = (uint8_t)gait;
    state->why = now->why;
    state->gait_why = now->gait_why;
    now->since_ns = state->since_ns;
    now->gait_since_ns = state->gait_since_ns;
    state->flags = now->flags;
    state->now_ns = input->at_ns;
    return true;
}
