/* What may hold at once: arms, belt, slope. */
#include <math.h>

#include "hub/core/context_private.h"

static const float belt_moving_mps = 0.3F / 3.6F, slope_incline = 0.05F; /* 2.4 */
static const float viewing_on = 0.7F, viewing_off = 0.3F;                /* R05 */
/* Who looks at a device holds the hand above the elbow (viewing posture: 20 deg, wrist.h); on a
 * handle or rail it is level or below. In between, in the middle (E). */
static const float viewing_pitch_deg = 5.0F;
/* An arm that hangs; R05's and R11's levels. */
static const float carry_pitch_deg = -60.0F, carry_swing_deg = 10.0F;
static const float carry_si_load = 15.0F, normal_si_stance = 8.0F, normal_si_step = 10.0F;
/* A test that was true holds over a moment's dip (E). */
static const int64_t flag_hold_ns = 3 * CONTEXT_SECOND_NS;

static bool on_foot(enum context gait)
{
    return gait == CONTEXT_WALK || gait == CONTEXT_WALK_STEADY || gait == CONTEXT_STAIRS ||
           gait == CONTEXT_RUN;
}

/* Bits of enum context_flag. */
enum { FLAG_SLOPE = 1, FLAG_HANDS_FIXED = 2 };
_Static_assert(1 << FLAG_SLOPE == CONTEXT_FLAG_SLOPE, "bit of the flag");
_Static_assert(1 << FLAG_HANDS_FIXED == CONTEXT_FLAG_HANDS_FIXED, "bit of the flag");

/* What a flag's test says now. */
struct answer {
    bool known, yes;
    uint8_t why;
};

/* `held_by`: what made it true last. It holds while that is known, not while something else is. */
static struct answer hands_fixed(const struct context_input *input, uint8_t held_by, bool steps,
                                 bool belt_moves)
{
    bool feet = input->feet[FOOT_LEFT].fresh || input->feet[FOOT_RIGHT].fresh;
    bool rail_known = input->belt.fresh && input->belt.rail >= 0, arm_known = false, fixed = false;
    if (rail_known && input->belt.rail > 0 && (steps || belt_moves)) {
        return (struct answer){true, true, CONTEXT_WHY_RAIL};
    }
    for (int i = 0; i < CONTEXT_ARMS; i++) {
        const struct context_arm *arm = &input->arms[i];
        /* NAN: the posture is no condition then. */
        bool views = arm->viewing_share >= viewing_off && arm->pitch_deg > viewing_pitch_deg;
        arm_known = arm_known || (arm->fresh && arm->hands_fixed != WRIST_UNKNOWN);
        fixed = fixed || (arm->fresh && arm->hands_fixed == WRIST_YES && steps && !views);
    }
    bool known = fixed || (held_by == CONTEXT_WHY_RAIL ? rail_known : arm_known && feet);
    return (struct answer){known, fixed, CONTEXT_WHY_STILL_ARM};
}

static struct answer call(const struct context_input *input)
{
    struct answer answer = {false, false, CONTEXT_WHY_ARM_AT_HEAD};
    for (int i = 0; i < CONTEXT_ARMS; i++) {
        const struct context_arm *arm = &input->arms[i];
        answer.known = answer.known || (arm->fresh && arm->call != WRIST_UNKNOWN);
        answer.yes = answer.yes || (arm->fresh && arm->call == WRIST_YES);
    }
    return answer;
}

static struct answer carry(const struct context_input *input, bool steps)
{
    bool uneven = input->si_load_pct >= carry_si_load && input->si_stance_pct < normal_si_stance &&
                  input->si_step_pct < normal_si_step;
    struct answer answer = {false, false, CONTEXT_WHY_LOADED_ARM};
    bool feet = input->feet[FOOT_LEFT].fresh && input->feet[FOOT_RIGHT].fresh;
    for (int i = 0; i < CONTEXT_ARMS; i++) {
        const struct context_arm *arm = &input->arms[i];
        bool known = arm->fresh && !isnan(arm->pitch_deg) && !isnan(arm->swing_deg);
        bool down = arm->pitch_deg <= carry_pitch_deg && arm->swing_deg < carry_swing_deg;
        answer.known = answer.known || (known && feet && !isnan(input->si_load_pct));
        answer.yes = answer.yes || (known && down && feet && uneven && steps);
    }
    return answer;
}

static struct answer viewing(const struct context_input *input, bool was)
{
    struct answer answer = {false, false, CONTEXT_WHY_STILL_ARM};
    float level = was ? viewing_off : viewing_on;
    for (int i = 0; i < CONTEXT_ARMS; i++) {
        const struct context_arm *arm = &input->arms[i];
        answer.known = answer.known || (arm->fresh && !isnan(arm->viewing_share));
        answer.yes = answer.yes || (arm->fresh && arm->viewing_share >= level);
    }
    return answer;
}

static struct answer slope(const struct context_state *state, const struct context_input *input,
                           bool belt_moves)
{
    if (belt_moves && !isnan(input->belt.incline)) {
        bool yes = fabsf(input->belt.incline) >= slope_incline;
        return (struct answer){true, yes, CONTEXT_WHY_INCLINE};
    }
    bool feet = input->feet[FOOT_LEFT].fresh || input->feet[FOOT_RIGHT].fresh;
    bool yes = feet && context_trend(state, input->at_ns, input->forefoot_shift);
    bool known = yes || (feet && state->flag_why[FLAG_SLOPE] != CONTEXT_WHY_INCLINE);
    return (struct answer){known, yes, CONTEXT_WHY_HEIGHT_TREND};
}

uint8_t context_flags(struct context_state *state, const struct context_input *input,
                      enum context gait)
{
    const struct context_belt *belt = &input->belt;
    bool belt_moves = belt->fresh && belt->speed_mps > belt_moving_mps;
    bool steps = on_foot(gait);
    bool by_feet = steps && (input->feet[FOOT_LEFT].fresh || input->feet[FOOT_RIGHT].fresh);
    bool rail = belt->fresh && belt->rail > 0;
    /* By bit of enum context_flag. */
    const struct answer answers[CONTEXT_FLAGS] = {
        {belt->fresh && !isnan(belt->speed_mps), belt_moves, CONTEXT_WHY_BELT},
        slope(state, input, belt_moves),
        hands_fixed(input, state->flag_why[FLAG_HANDS_FIXED], by_feet, belt_moves),
        call(input),
        carry(input, by_feet),
        viewing(input, (state->flags & CONTEXT_FLAG_VIEWING) != 0),
        {belt->fresh && belt->rail >= 0, rail, CONTEXT_WHY_RAIL}};
    uint8_t flags = 0;
    for (int i = 0; i < CONTEXT_FLAGS; i++) {
        if (answers[i].yes) {
            state->flag_why[i] = answers[i].why;
        }
        if (context_held(&state->flag_ns[i], answers[i].known, answers[i].yes, input->at_ns,
                         flag_hold_ns)) {
            flags = (uint8_t)(flags | 1U << i);
        }
    }
    return flags;
}
