/* What an account asks of the programme (C01: "wearer or clinician may override"). */
#include <string.h>

#include "hub/core/pipeline_private.h"

struct asked {
    char account[ID_SIZE];
    uint8_t what; /* enum plan_asks */
    int number;
};

static bool read_asked(const struct input *input, struct asked *out)
{
    if (input->size != PLAN_ASKS_SIZE || input->bytes[ID_SIZE - 1] != '\0')
        return false;
    const uint8_t *rest = input->bytes + ID_SIZE;
    memcpy(out->account, input->bytes, ID_SIZE);
    out->what = rest[0];
    out->number = rest[1] | rest[2] << 8;
    return true;
}

enum step_result programme_asked_check(struct step *step)
{
    const struct wearer_state *state = step->state;
    struct asked asked;
    step->refusal = WIRE_MALFORMED;
    if (!read_asked(step->input, &asked))
        return STEP_REFUSED;
    if (!pipeline_may_say(state, asked.account) ||
        state->programme.plan.stage == PLAN_STAGE_UNKNOWN)
        return STEP_UNKNOWN;
    step->refusal = WIRE_RANGE;
    bool stage = asked.what == PLAN_ASKS_STAGE && asked.number > PLAN_STAGE_UNKNOWN &&
                 asked.number < PLAN_STAGES;
    bool rest = asked.what == PLAN_ASKS_REST && asked.number <= PLAN_REST_DAYS_MAX;
    if (!stage && !rest)
        return STEP_REFUSED;
    step->refusal = WIRE_OK;
    return STEP_APPLIED;
}

void programme_asked(struct step *step)
{
    struct wearer_state *state = step->state;
    struct plan *plan = &state->programme.plan;
    struct asked asked;
    struct programme_call call;
    if (!read_asked(step->input, &asked))
        return;
    programme_moment(step);
    programme_begin(&call, step);
    bool own = strcmp(asked.account, state->config.wearer) == 0;
    if (asked.what == PLAN_ASKS_STAGE)
        (void)plan_override(plan, call.params, &call.now, (enum plan_stage)asked.number,
                            own ? PLAN_BY_WEARER : PLAN_BY_CLINICIAN, &call.out);
    else
        (void)plan_rest(plan, call.params, &call.now, asked.number, &call.out);
    programme_finish(&call, false);
}
