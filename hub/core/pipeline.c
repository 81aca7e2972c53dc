#include "hub/core/pipeline_private.h"

#include <assert.h>
#include <string.h>

#define LIVE_EVERY_NS SECOND_NS /* design 4 */

enum { DIGEST_SEED_SHIFT = 32 };

/* ---------------------------------------------------------------- life cycle */

void pipeline_init(struct wearer_state *state, uint32_t wearer)
{
    memset(state, 0, sizeof(*state));
    state->version = PIPELINE_STATE_VERSION;
    state->size = (uint32_t)sizeof(*state);
    state->wearer = wearer;
    state->digest = DIGEST_SEED ^ (uint64_t)wearer << DIGEST_SEED_SHIFT;
    state->now_ns = INT64_MIN;
    state->back_ns = state->flare_ns = state->stopped_ns = state->paused_ns = INT64_MIN;
    state->walk_told_ns = INT64_MIN;
    params_defaults(&state->params);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        state->health[slot].battery_pct = -1;
        state->devices[slot].jumped_ns = INT64_MIN;
        align_init(&state->devices[slot].align);
    }
    gait_foot_init(&state->feet[FOOT_LEFT], FOOT_LEFT);
    gait_foot_init(&state->feet[FOOT_RIGHT], FOOT_RIGHT);
    for (int foot = 0; foot < FEET; foot++) {
        foot_imu_init(&state->imus[foot], (enum foot)foot);
        sole_init(&state->soles[foot], (enum foot)foot);
        state->sources[foot] = (struct foot_source){INPUT_SLOT_NONE, INPUT_SLOT_NONE};
    }
    state->next_descriptor.slot = INPUT_SLOT_NONE;
    sole_weight_init(&state->weight);
    signals_init(&state->signals);
    state->unfooted.last_ns = state->unfooted.step_ns = INT64_MIN;
    state->unfooted.arm = SIGNALS_ARMS;
    for (int arm = 0; arm < SIGNALS_ARMS; arm++) {
        wrist_init(&state->wrists[arm]);
        state->unfooted.bout_ns[arm] = INT64_MIN;
    }
    stride_init(&state->strides);
    context_init(&state->context);
    state->second_ns = INT64_MAX;
    state->balance.at_ns = INT64_MIN;
    baseline_init(&state->baseline);
    rules_init(&state->rules);
    pain_begin(state);
    ramp_begin(&state->ramp);
    safety_init(&state->safety);
    alerting_init(&state->alerting);
    session_init(&state->session);
    programme_init(&state->programme);
}

bool pipeline_valid(const struct wearer_state *state, size_t size)
{
    return size == sizeof(*state) && state->version == PIPELINE_STATE_VERSION &&
           state->size == sizeof(*state);
}

uint8_t pipeline_slot(const struct wearer_state *state, const char *device)
{
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        if (state->devices[slot].id[0] != '\0' && strcmp(state->devices[slot].id, device) == 0)
            return (uint8_t)slot;
    }
    return INPUT_SLOT_NONE;
}

/* ---------------------------------------------------------------- time */

int64_t pipeline_deadline_ns(const struct wearer_state *state)
{
    if (!state->configured)
        return INT64_MAX;
    int64_t due[] = {
        stride_deadline_ns(&state->strides),
        rules_deadline_ns(&state->rules, &state->params, state->health, state->session.open),
        alerting_deadline_ns(&state->alerting),
        walk_close_deadline_ns(state),
        device_gone_deadline_ns(state),
        context_deadline_ns(state),
        pain_due_ns(state),
        ramp_due_ns(state),
        programme_deadline_ns(state),
        safety_deadline_ns(&state->safety),
    };
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++) {
        if (due[i] < first)
            first = due[i];
    }
    return first;
}

/* Beyond the last level a step repeats itself (5.2: every 4 h, every 24 h). */
static bool repeats(const struct alert *alert)
{
    enum { LEVEL_REPEATS = 3 };
    return alert->level >= LEVEL_REPEATS;
}

/* Does `later` tell the same person, or the home, the same alert once more, or what the programme
 * has become since? */
static bool overtakes(const struct effect *later, const struct effect *effect)
{
    if (later->kind != effect->kind)
        return false;
    if (effect->kind == EFFECT_ALERT)
        return repeats(&effect->alert) && strcmp(later->alert.id, effect->alert.id) == 0;
    if (effect->kind == EFFECT_PLAN)
        return !effect->plan.decided || effect->plan.decision.direction == PLAN_HOLD;
    return effect->kind == EFFECT_NOTICE && repeats(&effect->notice.alert) &&
           strcmp(later->notice.alert.id, effect->notice.alert.id) == 0 &&
           strcmp(later->notice.account, effect->notice.account) == 0;
}

/* A hub that was away for weeks has more repeats to catch up with than one step may say: of each
 * the newest stays. Every step up to the last level is kept. */
static void drop_overtaken(struct effects *effects)
{
    enum { MANY = EFFECTS_MAX / 2 };
    int kept = 0, n = effects->n;
    if (n < MANY)
        return;
    for (int i = 0; i < n; i++) {
        int j = i + 1;
        while (j < n && !overtakes(&effects->items[j], &effects->items[i]))
            j++;
        if (j < n)
            continue;
        if (kept != i)
            effects->items[kept] = effects->items[i];
        kept++;
    }
    effects->n = kept;
}

static void look_at_devices(struct step *step)
{
    struct wearer_state *state = step->state;
    struct findings findings;
    findings_none(&findings);
    rules_time(&state->rules, &state->params, state->health, state->session.open,
               pipeline_storing(state), state->now_ns, &findings);
    pipeline_decide(step, &findings);
}

static void due_now(struct step *step, int64_t until_ns)
{
    struct wearer_state *state = step->state;
    drop_overtaken(step->effects);
    device_expect_feet(state);
    pipeline_drain(step);
    context_seconds_due(step);
    guard_due(step);
    look_at_devices(step);
    struct alert_context context = pipeline_context(state);
    context.until_ns = until_ns;
    int from = step->effects->n;
    alerting_time(&state->alerting, &context, state->now_ns, step->effects);
    pipeline_record(step, from);
    programme_time(step);
    if (state->now_ns >= walk_close_deadline_ns(state))
        walk_close(step, walk_end_reason(state));
    ramp_time(step);
    pain_settle(step); /* last: what is asked depends on what was said */
}

/* Everything due by `until_ns`, in deadline order, each at its own time. */
static void move_time(struct step *step, int64_t until_ns)
{
    struct wearer_state *state = step->state;
    int64_t due_ns = pipeline_deadline_ns(state);
    while (due_ns <= until_ns) {
        if (due_ns > state->now_ns)
            state->now_ns = due_ns;
        due_now(step, until_ns);
        int64_t next_ns = pipeline_deadline_ns(state);
        /* A deadline that stays where it was after it was served would stop time for good. */
        assert(next_ns > due_ns);
        due_ns = next_ns;
    }
    if (until_ns > state->now_ns)
        state->now_ns = until_ns;
}

/* ---------------------------------------------------------------- step */

/* What would become of the input; touches scratch only. */
static enum step_result check(struct step *step)
{
    const struct input *input = step->input;
    if (input->size > INPUT_BYTES_MAX) {
        step->refusal = WIRE_TOO_LARGE;
        return STEP_REFUSED;
    }
    if (!step->state->configured && input->kind != INPUT_CONFIG)
        return STEP_UNKNOWN;
    switch ((enum input_kind)input->kind) {
    case INPUT_CONFIG:
        memset(&step->scratch->config, 0, sizeof(step->scratch->config));
        step->refusal = wire_decode_wearer_config(&step->scratch->arena, input->bytes, input->size,
                                                  &step->scratch->config);
        return step->refusal == WIRE_OK ? STEP_APPLIED : STEP_REFUSED;
    case INPUT_HUB:
    case INPUT_CLIENTS:
        step->refusal = input->size == 1 ? WIRE_OK : WIRE_MALFORMED;
        return input->size == 1 ? STEP_APPLIED : STEP_REFUSED;
    case INPUT_TICK:
    case INPUT_ACK:
        return STEP_APPLIED;
    case INPUT_SAID:
        return said_check(step);
    case INPUT_PLAN:
        return programme_asked_check(step);
    case INPUT_HELLO:
    case INPUT_FRAME:
    case INPUT_REPORT:
    case INPUT_FEEDBACK:
    case INPUT_LINK:
    case INPUT_SKIP:
        return device_check(step);
    case INPUT_UNKNOWN:
    case INPUT_KINDS:
        break;
    }
    step->refusal = WIRE_MALFORMED;
    return STEP_REFUSED;
}

static void apply(struct step *step)
{
    switch ((enum input_kind)step->input->kind) {
    case INPUT_CONFIG:
        apply_config(step);
        break;
    case INPUT_HELLO:
        device_hello(step);
        break;
    case INPUT_FRAME:
        device_frame(step);
        break;
    case INPUT_REPORT:
        apply_report(step);
        break;
    case INPUT_FEEDBACK:
        apply_feedback(step);
        break;
    case INPUT_LINK:
        device_link(step);
        break;
    case INPUT_ACK:
        apply_ack(step);
        break;
    case INPUT_SAID:
        apply_said(step);
        break;
    case INPUT_PLAN:
        programme_asked(step);
        break;
    case INPUT_HUB:
        apply_hub(step);
        break;
    case INPUT_CLIENTS:
        alerting_clients(&step->state->alerting, step->input->bytes[0], step->state->now_ns);
        break;
    case INPUT_SKIP:
        device_skip(step);
        break;
    case INPUT_TICK:
    case INPUT_UNKNOWN:
    case INPUT_KINDS:
        break;
    }
}

/* What is looked at whenever data comes: device health, the live view, the open record. */
static void after_frame(struct step *step)
{
    struct wearer_state *state = step->state;
    look_at_devices(step);
    guard_frame(step);
    if (!state->session.open)
        return;
    if (state->now_ns >= state->live_due_ns) {
        walk_live(step);
        state->live_due_ns = state->now_ns + LIVE_EVERY_NS;
    }
    if (state->now_ns >= state->record_due_ns) {
        walk_effect(step, SESSION_UPDATED);
        state->record_due_ns = state->now_ns + RECORD_EVERY_NS;
    }
}

/* UTC of an input, within what the calendar of the core can reckon with: 1970 to 2200. A clock
 * further off is of a machine that has none. */
int64_t pipeline_wall_ms(const struct input *input)
{
    const int64_t last_ms = INT64_C(7258118400000);
    if (input->at_wall_ms < 0)
        return 0;
    return input->at_wall_ms < last_ms ? input->at_wall_ms : last_ms;
}

enum step_result pipeline_step(struct wearer_state *state, const struct input *input,
                               struct pipeline_scratch *scratch, struct effects *effects,
                               enum wire_refusal *refusal)
{
    struct step step = {state, input, scratch, effects, WIRE_OK, false, 0, false};
    struct pain_out away;
    pain_out_none(&away);
    effects->n = 0;
    enum step_result result = check(&step);
    *refusal = step.refusal;
    if (result != STEP_APPLIED)
        return result;
    if (input->kind == INPUT_HUB && input->bytes[0] != HUB_NOT_STORING)
        apply_hub_back(&step);
    if (input->kind == INPUT_HUB && input->bytes[0] == HUB_STARTED)
        pain_was_away(&step, &away);
    if (state->configured)
        move_time(&step, input->at_mono_ns);
    else
        state->now_ns = input->at_mono_ns;
    state->wall_minus_mono_ms = pipeline_wall_ms(input) - input->at_mono_ns / 1000000;
    baseline_today(state, pipeline_wall_ms(input));
    programme_clock(&step);
    pain_handed(&step, &away);
    apply(&step);
    context_wake(state);
    pipeline_drain(&step);
    if (input->kind == INPUT_FRAME)
        after_frame(&step);
    if (input->kind != INPUT_FRAME || step.pain_told)
        pain_settle(&step);
    state->last_input_seq = input->seq;
    for (int i = 0; i < effects->n; i++)
        state->digest = effect_digest(state->digest, &effects->items[i]);
    return STEP_APPLIED;
}
