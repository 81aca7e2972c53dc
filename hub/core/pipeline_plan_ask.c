/* What an account asks of the programme (C01: "wearer or clinician may override"). A limit is the
 * clinician's: the wearer's own account sets none. */
#include <math.h>
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

static bool own(const struct wearer_state *state, const struct asked *asked)
{
    return strcmp(asked->account, state->config.wearer) == 0;
}

static bool is_limit(const struct asked *asked)
{
    return asked->what == PLAN_ASKS_LIMIT_GROUND || asked->what == PLAN_ASKS_LIMIT_BELT;
}

enum step_result programme_asked_check(struct step *step)
{
    const struct wearer_state *state = step->state;
    struct asked asked;
    step->refusal = WIRE_MALFORMED;
    if (!read_asked(step->input, &asked))
        return STEP_REFUSED;
    if (!pipeline_may_say(state, asked.account) || (is_limit(&asked) && own(state, &asked)) ||
        state->programme.plan.stage == PLAN_STAGE_UNKNOWN)
        return STEP_UNKNOWN;
    step->refusal = WIRE_RANGE;
    bool stage = asked.what == PLAN_ASKS_STAGE && asked.number > PLAN_STAGE_UNKNOWN &&
                 asked.number < PLAN_STAGES;
    bool rest = asked.what == PLAN_ASKS_REST && asked.number <= PLAN_REST_DAYS_MAX;
    bool limit = is_limit(&asked) && asked.number <= PLAN_LIMIT_MIN_MAX;
    if (!stage && !rest && !limit)
        return STEP_REFUSED;
    step->refusal = WIRE_OK;
    return STEP_APPLIED;
}

void programme_limit(struct wearer_state *state, bool treadmill, float minutes)
{
    struct plan *plan = &state->programme.plan;
    const bool set = plan->limits[treadmill ? 1 : 0].source == PLAN_LIMIT_CLINICIAN;
    if (minutes >= 1)
        (void)plan_limit_set(plan, &state->params, treadmill, minutes);
    else if (set)
        (void)plan_limit_set(plan, &state->params, treadmill, NAN);
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
    if (is_limit(&asked))
        programme_limit(state, asked.what == PLAN_ASKS_LIMIT_BELT, (float)asked.number);
    else if (asked.what == PLAN_ASKS_STAGE)
        (void)plan_override(plan, call.params, &call.now, (enum plan_stage)asked.number,
                            own(state, &asked) ? PLAN_BY_WEARER : PLAN_BY_CLINICIAN, &call.out);
    else
        (void)plan_rest(plan, call.params, &call.now, asked.number, &call.out);
    programme_finish(&call, false);
}
