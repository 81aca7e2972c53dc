/* S04 BELT UNATTENDED and S05 HANDRAIL HOLD (rule book 3.4). */
#include "hub/core/safety_parts.h"

#include <math.h>

/* A rail is held over 180 s (S05), as many as stage `signals` remembers. */
#define RAIL_NS (180 * SAFETY_SECOND_NS)

/* ---------------------------------------------------------------- S04 */

static bool runs(const struct safety_now *now)
{
    const struct signals_now *signals = now->signals;
    return (double)signals->belt_mps > safety_value(now, PARAM_S04_BELT_MPS) &&
           (double)signals->belt_running_s >= safety_value(now, PARAM_S04_START_S) &&
           signals->rail != SIGNAL_YES;
}

/* Both feet can tell, and neither came down. */
static bool unattended(const struct safety_now *now)
{
    return runs(now) && safety_both_feet(now) &&
           (double)now->signals->no_contact_s >= safety_value(now, PARAM_S04_D_S);
}

static void say(const struct safety_now *now, enum alert_urgency urgency, struct safety_out *out)
{
    struct finding *finding =
        safety_find(out, RULE_S04, STRIDE__V1__SEVERITY__SEVERITY_STOP, TEXT_S04_BELT, now->at_ns);
    finding->value = now->signals->no_contact_s;
    finding->threshold = (float)safety_value(now, PARAM_S04_D_S);
    finding->urgency = (uint8_t)urgency;
    finding->duration_s = now->signals->no_contact_s;
}

static void attended(struct safety_state *state, const struct safety_now *now,
                     struct safety_out *out)
{
    if (state->belt_steps_n == 0)
        return;
    safety_cleared(out, RULE_S04, STRIDE__V1__SEVERITY__SEVERITY_STOP, now->at_ns);
    state->belt_steps_n = 0;
}

void safety_belt_look(struct safety_state *state, const struct safety_now *now,
                      struct safety_out *out)
{
    if (safety_fall_open(&state->fall))
        return;
    if (!unattended(now)) {
        attended(state, now, out);
        return;
    }
    double away_s = (double)now->signals->no_contact_s;
    if (state->belt_steps_n < 1) {
        state->belt_steps_n = 1;
        say(now, URGENCY_NONE, out);
    }
    if (state->belt_steps_n < 2 && away_s >= safety_value(now, PARAM_S04_STOP_S)) {
        state->belt_steps_n = 2;
        safety_ask_belt(out, STRIDE__V1__REQUEST_KIND__REQUEST_STOP, 0, TEXT_S04_BELT);
    }
    if (state->belt_steps_n < 3 && away_s >= safety_value(now, PARAM_S04_CAREGIVER_S)) {
        state->belt_steps_n = 3;
        /* One alert takes the other's place: the same is not said twice. */
        safety_cleared(out, RULE_S04, STRIDE__V1__SEVERITY__SEVERITY_STOP, now->at_ns);
        say(now, URGENCY_URGENT, out);
    }
}

/* Insoles that cannot tell: the wrist alone is enough for a text on the treadmill. */
void safety_belt_second(struct safety_state *state, const struct safety_now *now,
                        struct safety_out *out)
{
    if (!runs(now) || safety_both_feet(now) || now->wrist_away != WRIST_YES)
        state->belt_away_since_ns = SAFETY_NEVER;
    else if (state->belt_away_since_ns == SAFETY_NEVER)
        state->belt_away_since_ns = now->at_ns;
    bool away = state->belt_away_since_ns != SAFETY_NEVER &&
                now->at_ns - state->belt_away_since_ns >= safety_ns(now, PARAM_S04_AWAY_S);
    if (away && !state->belt_text_sent)
        safety_ask_belt(out, STRIDE__V1__REQUEST_KIND__REQUEST_TEXT, 0, TEXT_S04_BELT);
    state->belt_text_sent = away;
}

/* ---------------------------------------------------------------- S05 */

static void note_speed(struct safety_state *state, const struct safety_now *now)
{
    float mps = now->signals->belt_mps;
    const float share = (float)safety_value(now, PARAM_S05_SPEED_CHANGE);
    if (fabsf(mps - state->rail_mps) <= share * state->rail_mps)
        return;
    state->rail_mps = mps;
    state->rail_changed_ns = now->at_ns;
}

static bool rail_held(const struct safety_now *now)
{
    return !now->profile->fall_risk && !now->unsteady &&
           (double)now->signals->belt_mps > safety_value(now, PARAM_S05_SPEED_MPS) &&
           (double)now->signals->rail_share >= safety_value(now, PARAM_S05_SHARE);
}

void safety_rail_second(struct safety_state *state, const struct safety_now *now,
                        struct safety_out *out)
{
    if (isnan(now->signals->belt_mps))
        return;
    note_speed(state, now);
    if (!now->session_open || !rail_held(now) ||
        now->at_ns - now->session_start_ns < safety_ns(now, PARAM_S05_FIRST_S) ||
        now->at_ns - now->session_start_ns < RAIL_NS ||
        now->at_ns - state->rail_changed_ns < safety_ns(now, PARAM_S05_STEADY_S))
        return;
    if (state->rail_raised_ns != SAFETY_NEVER &&
        now->at_ns - state->rail_raised_ns < safety_ns(now, PARAM_S05_AGAIN_S))
        return;
    state->rail_raised_ns = now->at_ns;
    struct finding *finding =
        safety_find(out, RULE_S05, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_S05_RAIL, now->at_ns);
    finding->value = 100.0F * now->signals->rail_share;
    finding->threshold = 100.0F * (float)safety_value(now, PARAM_S05_SHARE);
    finding->prompts_max = 1;
}
