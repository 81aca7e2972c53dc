/* S02 STUMBLE (rule book 3.4). */
#include "hub/core/safety_parts.h"

#include <math.h>

/* One step that came far too early or too late. */
static bool odd(const struct safety_now *now, const struct stride *stride,
                const struct stride_summary *summary)
{
    double ratio = (double)(stride->step_s * summary->cadence_spm / 60.0F);
    return ratio > safety_value(now, PARAM_S02_LONG) ||
           (ratio > 0 && ratio < safety_value(now, PARAM_S02_SHORT));
}

/* A knock at the wrist that walking does not bring, as the arms jerk with the step or as the next
 * one catches it, or a landing that much harder than usual: of a foot's 4 g at every contact the
 * rule's 2 g would make a stumble of each step. */
static bool jerked(const struct safety_now *now, const struct stride *stride,
                   const struct stride_summary *summary, int64_t knocked_ns)
{
    int64_t apart_ns = knocked_ns == SAFETY_NEVER ? INT64_MAX : stride->end_ns - knocked_ns;
    const int64_t within_ns = safety_ns(now, PARAM_S02_JERK_S);
    bool wrist = apart_ns <= within_ns && apart_ns >= -within_ns;
    double over_g = (double)(stride->shape.impact_g - summary->impact_g[stride->foot]);
    return wrist || over_g >= safety_value(now, PARAM_S02_JERK_G);
}

static bool walks(const struct safety_now *now)
{
    return now->gait != CONTEXT_STAIRS && now->gait != CONTEXT_RUN;
}

static void count(struct safety_state *state, const struct safety_now *now, struct safety_out *out)
{
    /* R15, or variability, makes the second one count whenever it comes. */
    int64_t window_ns = safety_ns(now, PARAM_S02_WINDOW_S);
    bool again = state->stumble_ns != SAFETY_NEVER &&
                 (now->unsteady || state->odd_ns - state->stumble_ns <= window_ns);
    state->stumble_ns = state->odd_ns;
    if (state->stumbles_n < UINT16_MAX)
        state->stumbles_n++;
    out->stumbled = true;
    bool many = state->stumbles_n >= safety_value(now, PARAM_S02_CAUTION_N);
    unsigned needed = COVERAGE_WRIST;
    bool seen = (now->devices & needed) != 0 && (now->devices & SAFETY_BOTH_FEET) != 0;
    if (!seen || !(many || again))
        return;
    struct finding *finding = safety_find(out, RULE_S02,
                                          many ? STRIDE__V1__SEVERITY__SEVERITY_CAUTION
                                               : STRIDE__V1__SEVERITY__SEVERITY_COACH,
                                          many ? TEXT_S02_REST : TEXT_S02_CAREFUL, now->at_ns);
    finding->value = (float)state->stumbles_n;
    finding->threshold = many ? (float)safety_value(now, PARAM_S02_CAUTION_N) : 2.0F;
    finding->refractory_s = (float)safety_value(now, PARAM_S02_REFRACTORY_S);
    finding->prompts_max = (uint8_t)safety_value(now, PARAM_S02_MAX);
}

void safety_stride(struct safety_state *state, const struct safety_now *now,
                   const struct stride *stride, const struct stride_summary *summary,
                   int64_t knocked_ns, struct safety_out *out)
{
    if (!now->session_open || now->sport || safety_fall_open(&state->fall)) {
        state->odd_ns = SAFETY_NEVER;
        return;
    }
    int64_t since_ns = state->odd_ns == SAFETY_NEVER ? 0 : stride->end_ns - state->odd_ns;
    /* A foot caught on the first stair is seen to be one by then. */
    if (state->odd_ns != SAFETY_NEVER && since_ns >= safety_ns(now, PARAM_S02_FOLLOWED_S)) {
        /* Whoever stopped has had no step for the rule's 3 s by now. A walk is told anew only after
         * six steps: one more that is as usual is enough. */
        if (walks(now) && stride->valid && !odd(now, stride, summary) &&
            since_ns <= safety_ns(now, PARAM_S02_RESUME_S))
            count(state, now, out);
        state->odd_ns = SAFETY_NEVER;
    }
    if (state->odd_ns == SAFETY_NEVER && walks(now) && odd(now, stride, summary) &&
        jerked(now, stride, summary, knocked_ns))
        state->odd_ns = stride->end_ns;
}
