/* R03 BRISK: invites a brisker pace in a steady slow walk, praises a brisk one. */
#include "hub/core/rule_parts.h"

#include <math.h>
#include <string.h>

/* P08 keeps a flare-up open for a day at least. */
static bool flare(const struct rules_state *state, int64_t now_ns)
{
    return state->flare_ns != RULE_NEVER && seconds_between(state->flare_ns, now_ns) < 24 * 3600;
}

static enum rule_absence absence(const struct rules_state *state, const struct rule_input *in)
{
    if (in->profile->stage[0] == '\0')
        return RULE_NO_PLAN;
    if (strcmp(in->profile->stage, "M1") == 0 || flare(state, in->now_ns))
        return RULE_CONTRAINDICATED;
    if (isnan(in->summary->cadence_spm))
        return RULE_NO_DATA;
    return RULE_EVALUATED;
}

/* NRS <= 3 and not rising, no CAUTION open, no R12 in the last 5 min. Unknown pain does not block.
 */
static bool contraindicated(const struct rules_state *state, int64_t now_ns)
{
    if (state->nrs_last >= 4 || state->nrs_last > state->nrs_previous)
        return true;
    if (state->r11_on.severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION ||
        state->r12_on.severity != 0)
        return true;
    return state->r12_raised_ns != RULE_NEVER &&
           seconds_between(state->r12_raised_ns, now_ns) < 300;
}

static void praise(struct rules_state *state, const struct rule_input *in, bool brisk,
                   struct findings *out)
{
    const double d_s = in->params->value[PARAM_R03_D_S];
    bool satisfied = rule_window_add(&state->r03_praise, in->stride->end_ns, d_s, brisk);
    if (!satisfied || !in->may_speak)
        return;
    if (state->r03_praised_ns != RULE_NEVER &&
        seconds_between(state->r03_praised_ns, in->now_ns) < d_s)
        return;
    state->r03_praised_ns = in->now_ns;
    struct finding *finding = finding_add(out, RULE_R03, STRIDE__V1__SEVERITY__SEVERITY_INFO,
                                          TEXT_R03_PRAISE, in->now_ns);
    finding->praise = true;
    finding->value = in->summary->cadence_spm;
    finding->threshold = (float)in->params->value[PARAM_R03_CADENCE_OFF];
    finding->duration_s = (float)d_s;
    finding->refractory_s = (float)in->params->value[PARAM_R03_PRAISE_S];
    finding->dropped_gates = state->dropped_gates[RULE_R03];
}

static void invite(struct rules_state *state, const struct rule_input *in, bool slow,
                   struct findings *out)
{
    const struct params *params = in->params;
    const double d_s = params->value[PARAM_R03_D_S];
    bool held = rule_window_add(&state->r03, in->stride->end_ns, d_s, slow);
    enum param steady = in->profile->disc ? PARAM_R03_STEADY_DISC_S : PARAM_R03_STEADY_S;
    if (!held || !slow || !in->may_speak ||
        seconds_between(state->steady_since_ns, in->stride->end_ns) < params->value[steady])
        return;
    if (!episode_raise(&state->r03_on, STRIDE__V1__SEVERITY__SEVERITY_COACH, in->now_ns, d_s))
        return;
    struct finding *finding = finding_add(out, RULE_R03, STRIDE__V1__SEVERITY__SEVERITY_COACH,
                                          TEXT_R03_BRISK, in->now_ns);
    finding->value = in->summary->cadence_spm;
    finding->threshold = (float)params->value[PARAM_R03_CADENCE_ON];
    finding->duration_s = (float)seconds_between(state->r03_on.since_ns, in->now_ns);
    finding->refractory_s =
        (float)
            params->value[in->profile->disc ? PARAM_R03_REFRACTORY_DISC_S : PARAM_R03_REFRACTORY_S];
    finding->prompts_max = (uint8_t)params->value[PARAM_R03_MAX];
    finding->dropped_gates = state->dropped_gates[RULE_R03];
}

void r03_stride(struct rules_state *state, const struct rule_input *in, struct findings *out)
{
    enum rule_absence why = absence(state, in);
    state->absence[RULE_R03] = (uint8_t)why;
    state->dropped_gates[RULE_R03] = (uint8_t)(state->nrs_last < 0 ? RULE_GATE_PAIN : 0);
    if (why == RULE_NO_DATA)
        return;
    if (why != RULE_EVALUATED || contraindicated(state, in->now_ns)) {
        state->absence[RULE_R03] = (uint8_t)(why != RULE_EVALUATED ? why : RULE_CONTRAINDICATED);
        rule_window_clear(&state->r03);
        rule_window_clear(&state->r03_praise);
        state->r03_on = (struct rule_episode){.off_since_ns = RULE_NEVER};
        return;
    }
    if (!in->counts)
        return;
    double cadence = (double)in->summary->cadence_spm;
    bool brisk = cadence >= in->params->value[PARAM_R03_CADENCE_OFF];
    bool slow = cadence >= in->params->value[PARAM_R03_CADENCE_MIN] &&
                cadence < in->params->value[PARAM_R03_CADENCE_ON];
    if (episode_clear(&state->r03_on, brisk, in->stride->end_ns)) {
        finding_cleared(out, RULE_R03, state->r03_on.severity, UINT8_MAX, in->now_ns);
        state->r03_on = (struct rule_episode){.off_since_ns = RULE_NEVER};
    }
    praise(state, in, brisk, out);
    invite(state, in, slow, out);
}
