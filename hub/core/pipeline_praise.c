/* Whether a walk that owes praise (5.3) may hear it now: while the wearer walks, and nothing hurts
 * so that going on is in question. After a STOP nothing is praised (C10: "short safe text only").
 */
#include "hub/core/pipeline_private.h"

static bool walks(const struct wearer_state *state)
{
    const int64_t standing_ns = 3 * SECOND_NS; /* 2.4: STAND is 3 s without a step */
    return state->session.open && state->now_ns - walk_last_ns(state) < standing_ns &&
           !walk_paused(state);
}

static bool well(const struct wearer_state *state)
{
    const unsigned hurt = HEARD_STOP | HEARD_RED | HEARD_LEGS | HEARD_TIRING;
    const struct pain_effects pain = pain_effects(&state->pain);
    return (state->programme.walk.heard & hurt) == 0 && !walk_red_flag(state) &&
           !pain.caution_open && !pain.amber &&
           state->pain.record.end <= state->params.value[PARAM_C10_NRS];
}

void praise_add(struct step *step, struct findings *findings)
{
    struct wearer_state *state = step->state;
    struct finding praise;
    if (alerting_praise_owed(&state->alerting) <= 0 || findings->n == FINDINGS_MAX ||
        !walks(state) || !well(state) ||
        !alerting_praise(&state->alerting, &state->params, state->now_ns, state->session.walk_s,
                         &praise))
        return;
    const struct alert_context context = pipeline_context(state);
    if (alerting_would(&state->alerting, &context, &praise, state->now_ns) == SUPPRESSED_NOT)
        findings->items[findings->n++] = praise;
}
