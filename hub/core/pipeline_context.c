#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

#define STALE_NS (3 * SECOND_NS) /* 2.2 */
#define BALANCE_NS \
    (10 * SECOND_NS) /* as the summary of strides: older tells nothing of now (M01) */

/* ---------------------------------------------------------------- the seconds of a walk */

/* All of a walk's seconds pass here, each once, in order. */
static void walk_context_passed(struct wearer_state *state, uint8_t context, double seconds)
{
    state->contexts.s[context] += (float)seconds;
    session_context(&state->session, context, seconds);
}

void context_walk_open(struct wearer_state *state)
{
    struct walk_contexts *walk = &state->contexts;
    int64_t known_ns = state->context.now_ns;
    memset(walk, 0, sizeof(*walk));
    walk->until_ns = state->session.start_ns;
    walk->last = CONTEXT_WALK;
    /* A walk is known by its sixth step: those before were walking, whatever was said then. */
    if (known_ns > walk->until_ns) {
        walk_context_passed(state, CONTEXT_WALK, (double)(known_ns - walk->until_ns) * 1e-9);
        walk->until_ns = known_ns;
    }
}

static void take_pending(struct wearer_state *state)
{
    for (int context = 0; context < CONTEXT_COUNT; context++) {
        double seconds = (double)state->contexts.pending_s[context];
        if (seconds > 0)
            walk_context_passed(state, (uint8_t)context, seconds);
    }
    memset(state->contexts.pending_s, 0, sizeof(state->contexts.pending_s));
}

/* The time from `from_ns` to `to_ns` was of `context`. It is the walk's up to its last step; what
 * follows waits for another one. */
static void passed(struct wearer_state *state, int64_t from_ns, int64_t to_ns, uint8_t context)
{
    struct walk_contexts *walk = &state->contexts;
    if (!state->session.open || to_ns <= walk->until_ns)
        return;
    int64_t walked_ns = walk_last_ns(state);
    from_ns = from_ns > walk->until_ns ? from_ns : walk->until_ns;
    if (walked_ns > from_ns) {
        int64_t until_ns = to_ns < walked_ns ? to_ns : walked_ns;
        take_pending(state);
        walk_context_passed(state, context, (double)(until_ns - from_ns) * 1e-9);
        walk->until_ns = from_ns = until_ns;
        walk->last = context;
    }
    walk->pending_s[context] += (float)((double)(to_ns - from_ns) * 1e-9);
}

/* A last step that was told late ends what went before it. */
void context_walk_close(struct wearer_state *state, int64_t end_ns)
{
    struct walk_contexts *walk = &state->contexts;
    if (end_ns > walk->until_ns)
        walk_context_passed(state, walk->last, (double)(end_ns - walk->until_ns) * 1e-9);
    walk->until_ns = end_ns;
    memset(walk->pending_s, 0, sizeof(walk->pending_s));
}

/* ---------------------------------------------------------------- what is known at a moment */

static float still_s(const struct wearer_state *state, enum foot foot, int64_t at_ns)
{
    uint8_t slot = state->sources[foot].imu;
    const struct foot_imu *imu = &state->imus[foot];
    if (slot >= WEARER_DEVICES_MAX ||
        at_ns - align_session_ns(&state->devices[slot].align, imu->last_us) > STALE_NS)
        return NAN;
    return imu->still_s;
}

static void fill_feet(const struct wearer_state *state, struct context_input *input)
{
    for (int i = 0; i < FEET; i++) {
        struct context_foot *foot = &input->feet[i];
        int64_t samples_ns = state->signals.samples_ns[i];
        foot->fresh = state->strides.feet[i].expected && samples_ns != INT64_MIN &&
                      input->at_ns - samples_ns <= STALE_NS;
        foot->load_share = sole_weight_share(&state->weight, (enum foot)i, input->at_ns);
        foot->unloaded_s = sole_weight_light_s(&state->weight, (enum foot)i, input->at_ns);
        foot->still_s = still_s(state, (enum foot)i, input->at_ns);
    }
}

static void fill_body(const struct wearer_state *state, struct context_input *input)
{
    struct signals_now now;
    signals_known(state, input->at_ns, &now);
    for (int i = 0; i < CONTEXT_ARMS; i++) {
        const struct wrist_summary *summary = &state->signals.arms[i].summary;
        if (!now.arm_fresh[i])
            continue;
        input->arms[i] = (struct context_arm){.fresh = true,
                                              .hands_fixed = summary->hands_fixed,
                                              .call = summary->call,
                                              .walking = summary->walking,
                                              .swing_deg = summary->arm_swing_deg,
                                              .viewing_share = summary->viewing_share,
                                              .pitch_deg = summary->pitch_deg};
    }
    input->belt.fresh = !isnan(now.belt_mps) || now.rail != SIGNAL_UNKNOWN;
    input->belt.speed_mps = now.belt_mps;
    input->belt.incline = now.incline;
    input->belt.rail = (int8_t)(now.rail == SIGNAL_UNKNOWN ? -1 : now.rail == SIGNAL_YES);
    input->since_step_s = now.no_contact_s;
    input->wheelchair = state->profile.wheelchair;
}

static float forefoot_shift(const struct wearer_state *state, const struct stride_summary *summary)
{
    struct baseline_value base =
        baseline_get(&state->baseline, BASELINE_FOREFOOT, summary->speed_mps);
    float left = summary->forefoot_share[FOOT_LEFT], right = summary->forefoot_share[FOOT_RIGHT];
    float share = isnan(left) ? right : isnan(right) ? left : 0.5F * (left + right);
    return share - base.value;
}

static void note_balance(struct wearer_state *state, const struct stride *stride,
                         const struct stride_summary *summary)
{
    struct walk_balance *balance = &state->balance;
    balance->at_ns = stride->end_ns;
    balance->si_load_pct = summary->si_load_pct;
    balance->si_stance_pct = summary->si_stance_pct;
    balance->si_step_pct = summary->si_step_pct;
    balance->forefoot_shift = forefoot_shift(state, summary);
}

static void fill(const struct wearer_state *state, int64_t at_ns, struct context_input *input)
{
    const struct walk_balance *balance = &state->balance;
    context_input_init(input, at_ns);
    fill_feet(state, input);
    fill_body(state, input);
    if (balance->at_ns == INT64_MIN || at_ns - balance->at_ns > BALANCE_NS)
        return;
    input->si_load_pct = balance->si_load_pct;
    input->si_stance_pct = balance->si_stance_pct;
    input->si_step_pct = balance->si_step_pct;
    input->forefoot_shift = balance->forefoot_shift;
}

static void fill_stride(const struct wearer_state *state, const struct stride *stride,
                        struct context_input *input)
{
    struct stride_end end;
    enum sole_weight_source source;
    stride_live_end(&state->strides, (enum foot)stride->foot, &end);
    input->stride = (struct context_stride){
        .present = true,
        .foot = stride->foot,
        .walking = stride->walking,
        .steady = stride->steady,
        .after_gap = end.gap,
        .stride_s = stride->stride_s,
        .double_support_pct = stride->double_support_pct,
        .flight_s = end.flight_s,
        .peak_bw = stride->peak_force_n / sole_weight_n(&state->weight, &source),
        .forefoot_first = (int8_t)(end.forefoot_first == STRIDE_UNKNOWN ? -1
                                   : end.forefoot_first == STRIDE_YES   ? 1
                                                                        : 0)};
    const struct stride_shape *shape = &stride->shape;
    /* A swing without a path was told as well, if its landing was measured. */
    input->path.present =
        !isnan(shape->length_m) || !isnan(shape->turn_deg) || !isnan(shape->impact_g);
    input->path.foot = stride->foot;
    input->path.height_m = shape->height_m;
    input->path.length_m = shape->length_m;
    input->path.turn_deg = shape->turn_deg;
}

/* ---------------------------------------------------------------- in the order of session time */

static void update(struct wearer_state *state, const struct context_input *input)
{
    int64_t before_ns = state->context.now_ns;
    struct context_now now;
    if (!context_update(&state->context, input, &now))
        return;
    state->context_now = now;
    passed(state, before_ns, input->at_ns, now.passed_context);
}

/* Would any device be fresh at that second? One more is told when the last has fallen silent. */
static bool awake(const struct wearer_state *state, int64_t second_ns)
{
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        if (!device_stale(&state->params, &state->health[slot], second_ns - SECOND_NS))
            return true;
    }
    return false;
}

static void tell_second(struct step *step)
{
    struct wearer_state *state = step->state;
    struct context_input input;
    fill(state, state->second_ns, &input);
    update(state, &input);
    judge_second(step, state->second_ns);
    guard_second(step, state->second_ns);
    state->second_ns += SECOND_NS;
    if (!awake(state, state->second_ns))
        state->second_ns = INT64_MAX;
}

/* A second is told when no live stride that ended by then can come any more. */
int64_t context_deadline_ns(const struct wearer_state *state)
{
    if (state->second_ns == INT64_MAX)
        return INT64_MAX;
    return state->second_ns + (int64_t)(state->params.value[PARAM_LIVE_WAIT_S] * 1e9);
}

void context_seconds_due(struct step *step)
{
    while (context_deadline_ns(step->state) <= step->state->now_ns)
        tell_second(step);
}

void context_skip(struct wearer_state *state, int64_t back_ns)
{
    if (state->second_ns <= back_ns)
        state->second_ns = (back_ns / SECOND_NS + 1) * SECOND_NS;
}

void context_wake(struct wearer_state *state)
{
    int64_t next_ns = (state->now_ns / SECOND_NS + 1) * SECOND_NS;
    if (state->second_ns == INT64_MAX && awake(state, next_ns))
        state->second_ns = next_ns;
}

void context_take_live(struct step *step, const struct stride *stride,
                       const struct stride_summary *summary)
{
    struct wearer_state *state = step->state;
    struct context_input input;
    while (state->second_ns < stride->end_ns)
        tell_second(step);
    note_balance(state, stride, summary);
    fill(state, stride->end_ns, &input);
    fill_stride(state, stride, &input);
    update(state, &input);
}
