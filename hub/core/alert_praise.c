/* At least as many positive as corrective messages in a walk (rule book 5.3).
 *
 * Praise is owed for every tip (COACH) about how somebody walks. CAUTION protects, and is followed
 * by no praise for a while: "every step counts" would contradict "take a rest". Praise tells what
 * was measured, never more: that what was asked for came, or for how long the wearer has walked. A
 * rule's own praise (R03, P02, the programme) counts too, and keeps its own time. */
#include "hub/core/alert_parts.h"

#include <math.h>

bool alert_corrects(uint8_t rule, uint8_t severity)
{
    return rule_is(rule, RULE_CORRECTS) && severity == STRIDE__V1__SEVERITY__SEVERITY_COACH;
}

int alerting_praise_owed(const struct alerting *state)
{
    return (int)state->corrective_n - (int)state->praise_n;
}

/* What was corrected last in this walk, or RULE_NONE. */
static enum rule last_corrected(const struct alerting *state, int64_t now_ns)
{
    const uint32_t now_cs = alert_centiseconds(now_ns);
    enum rule last = RULE_NONE;
    uint32_t least_cs = UINT32_MAX;
    for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
        const struct rule_voice *voice = &state->voices[rule];
        uint32_t since_cs = now_cs - voice->said_cs;
        if (voice->said_n == 0 || !alert_corrects((uint8_t)rule, voice->severity) ||
            since_cs > least_cs)
            continue;
        least_cs = since_cs;
        last = (enum rule)rule;
    }
    return last;
}

/* Was something protective said lately? */
static bool cautioned(const struct alerting *state, const struct params *params, int64_t now_ns)
{
    const double quiet_s = params->value[PARAM_PRAISE_CAUTION_S];
    for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
        const struct rule_voice *voice = &state->voices[rule];
        if (voice->said_n > 0 && voice->severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION &&
            (alert_centiseconds(now_ns) - voice->said_cs) / 100.0 < quiet_s)
            return true;
    }
    return false;
}

bool alerting_praise(const struct alerting *state, const struct params *params, int64_t now_ns,
                     double walked_s, struct finding *praise)
{
    const double two_min_s = 120; /* "minutes": more than one */
    if (alerting_praise_owed(state) <= 0)
        return false;
    const double seconds = (double)(now_ns - state->last_prompt_ns) / 1e9;
    enum rule rule = last_corrected(state, now_ns);
    if (rule == RULE_NONE || cautioned(state, params, now_ns))
        return false;
    /* R03 praises by itself what it asked for, once it has lasted. */
    bool eased =
        rule != RULE_R03 && state->voices[rule].unimproved_n == 0 && !state->last_was_praise;
    if (!eased && (seconds < params->value[PARAM_PRAISE_OWED_S] || walked_s < two_min_s))
        return false;
    *praise = (struct finding){
        .rule = (uint8_t)rule,
        .severity = STRIDE__V1__SEVERITY__SEVERITY_INFO,
        .text = eased ? TEXT_PRAISE_EASED : TEXT_PRAISE_MINUTES,
        .slot = UINT8_MAX,
        .praise = true,
        .at_ns = now_ns,
        .value = NAN,
        .threshold = NAN,
        .baseline = NAN,
    };
    if (!eased) {
        praise->value = (float)(walked_s / 60);
        praise->numbers.min = (int16_t)fmin(floor(walked_s / 60), INT16_MAX);
        praise->numbers.known = NUMBER_MIN;
    }
    return true;
}
