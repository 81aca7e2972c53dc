/* S03 UNEXPECTED STILLNESS, S08 where no fall could be seen, S09 CAREGIVER LINK DOWN (rule
 * book 3.4).
 */
#include "hub/core/safety_parts.h"

#include <math.h>

/* ---------------------------------------------------------------- S03 */

/* One that could tell of motion was heard in this walk, and is not now. */
static bool one_is_silent(const struct safety_now *now)
{
    return (now->silent & (COVERAGE_WRIST | SAFETY_BOTH_FEET)) != 0;
}

/* Of those that are heard; of one that is unknown, the other; NAN = of none. */
static double known_still_s(const struct safety_state *state, const struct safety_now *now)
{
    return (double)fminf(now->wrist_still_s, safety_feet_still_s(&state->fall, now->at_ns));
}

/* All that measure motion say that nothing moves, and nothing that could say otherwise is silent.
 * A device that fell silent is not still. */
static double still_s(const struct safety_state *state, const struct safety_now *now)
{
    const double known_s = known_still_s(state, now);
    return one_is_silent(now) || isnan(known_s) ? 0 : known_s;
}

/* OFF_FEET (2.4), as `context` has it: both feet bear nothing, and neither turns, for 10 s. */
static bool off_feet(const struct safety_state *state, const struct safety_now *now)
{
    const float least_s = 10.0F;
    return now->gait == CONTEXT_OFF_FEET ||
           (now->feet[FOOT_LEFT].light_s > least_s && now->feet[FOOT_RIGHT].light_s > least_s &&
            safety_feet_still_s(&state->fall, now->at_ns) > least_s);
}

/* Shoes that lie about tell nothing of their wearer. A wrist does: who lies still in shoes and a
 * wrist is asked (rule book 7, scenario 16: off feet, and the wrist moves). */
static bool shoes_alone(const struct safety_state *state, const struct safety_now *now)
{
    bool lies = (double)now->worn_still_s >= safety_value(now, PARAM_S03_D_S); /* not of NAN */
    return !lies && off_feet(state, now);
}

/* Who stands bears weight, and needs nobody to ask. */
static bool needs_no_question(const struct safety_state *state, const struct safety_now *now)
{
    return !now->session_open || now->planned_rest || now->gait == CONTEXT_STAND ||
           shoes_alone(state, now) || (double)now->since_step_s < safety_value(now, PARAM_S03_D_S);
}

static bool still(const struct safety_state *state, const struct safety_now *now)
{
    return !needs_no_question(state, now) &&
           still_s(state, now) >= safety_value(now, PARAM_S03_D_S);
}

/* Asked, and one that could tell of motion fell silent: neither motion nor an answer. */
static bool cannot_tell(const struct safety_state *state, const struct safety_now *now)
{
    return state->still_due_ns != INT64_MAX && one_is_silent(now) &&
           !needs_no_question(state, now) &&
           !(known_still_s(state, now) < safety_value(now, PARAM_S03_D_S));
}

static void moved(struct safety_state *state, const struct safety_now *now, struct safety_out *out)
{
    state->still_over = false;
    if (state->still_due_ns == INT64_MAX)
        return;
    state->still_due_ns = INT64_MAX;
    safety_cleared(out, RULE_S03, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, now->at_ns);
}

/* Found when it was asked about: who answers from then on answers it, however late that arrives. */
static void say(const struct safety_state *state, const struct safety_now *now, int64_t asked_ns,
                enum alert_urgency urgency, struct safety_out *out)
{
    struct finding *finding =
        safety_find(out, RULE_S03, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_S03_OK, asked_ns);
    finding->value = (float)still_s(state, now);
    finding->threshold = (float)safety_value(now, PARAM_S03_D_S);
    finding->duration_s = finding->value;
    finding->urgency = (uint8_t)urgency;
    finding->refractory_s = (float)safety_value(now, PARAM_S03_REFRACTORY_S);
    finding->prompts_max = (uint8_t)safety_value(now, PARAM_S03_MAX);
}

void safety_still_second(struct safety_state *state, const struct safety_now *now,
                         struct safety_out *out)
{
    if (safety_fall_open(&state->fall) || cannot_tell(state, now))
        return;
    if (!still(state, now)) {
        moved(state, now, out);
        return;
    }
    if (state->still_over || state->still_due_ns != INT64_MAX ||
        state->still_asked_n >= safety_value(now, PARAM_S03_MAX))
        return;
    state->still_asked_n++;
    state->still_due_ns = now->at_ns + safety_ns(now, PARAM_S03_WAIT_S);
    say(state, now, now->at_ns, URGENCY_NONE, out);
}

/* Nobody answered. Whoever walks alone has somebody look in; else the walk pauses by itself: time
 * without a step is rest in the record, and the walk closes after walk.close. */
void safety_still_look(struct safety_state *state, const struct safety_now *now,
                       struct safety_out *out)
{
    if (state->still_due_ns > now->at_ns)
        return;
    const int64_t asked_ns = state->still_due_ns - safety_ns(now, PARAM_S03_WAIT_S);
    state->still_due_ns = INT64_MAX;
    state->still_over = true;
    if (now->profile->lone_walker && now->session_open && !safety_fall_open(&state->fall))
        say(state, now, asked_ns, URGENCY_URGENT, out);
}

/* An answer holds until something moves; not all being well is told whoever walks with whom. */
void safety_still_answered(struct safety_state *state, const struct safety_now *now, bool fine,
                           struct safety_out *out)
{
    if (state->still_due_ns == INT64_MAX)
        return;
    state->still_due_ns = INT64_MAX;
    state->still_over = true;
    if (fine)
        safety_cleared(out, RULE_S03, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, now->at_ns);
    else
        say(state, now, now->at_ns, URGENCY_URGENT, out);
}

/* ---------------------------------------------------------------- S08, S09 */

static bool blind(const struct safety_now *now)
{
    return now->session_open && now->profile->lone_walker &&
           coverage_of(COVERAGE_S01, now->devices).level == COVERAGE_NOT_EVALUATED;
}

static void see_blindness(struct safety_state *state, const struct safety_now *now)
{
    if (!blind(now))
        state->blind_due_ns = INT64_MAX;
    else if (state->blind_due_ns == INT64_MAX)
        state->blind_due_ns = now->at_ns + safety_ns(now, PARAM_S08_BLIND_S);
}

static void see_caregivers(struct safety_state *state, const struct safety_now *now,
                           struct safety_out *out)
{
    bool away = now->session_open && now->profile->lone_walker && now->caregivers_away;
    if (away && !state->away_said)
        safety_find(out, RULE_S09, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_S09_UNREACHABLE,
                    now->at_ns)
            ->prompts_max = 1;
    if (!away && state->away_said)
        safety_cleared(out, RULE_S09, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, now->at_ns);
    state->away_said = away;
}

void safety_watch_second(struct safety_state *state, const struct safety_now *now,
                         struct safety_out *out)
{
    see_blindness(state, now);
    see_caregivers(state, now, out);
}

void safety_watch_look(struct safety_state *state, const struct safety_now *now,
                       struct safety_out *out)
{
    if (state->blind_due_ns > now->at_ns)
        return;
    state->blind_due_ns = INT64_MAX;
    if (!blind(now))
        return;
    /* Again while it lasts, as S08 does: what lost against another prompt is still true. The next
     * stage lets one through per slot and session. */
    state->blind_due_ns = now->at_ns + safety_ns(now, PARAM_S08_BLIND_S);
    safety_find(out, RULE_S08, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_S08_BLIND, now->at_ns)
        ->slot = state->blind_slot;
}
