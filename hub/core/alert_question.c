/* Questions: when one may be put, and where it goes (rule book 5.4, P01, T1, 3.3). */
#include "hub/core/alert_parts.h"

static int64_t gap_over_ns(const struct alerting *state, const struct params *params, bool urgent)
{
    int64_t red_ns = ALERT_NEVER;
    if (state->last_red_ns != ALERT_NEVER)
        red_ns = state->last_red_ns + (int64_t)(params->value[PARAM_RED_PATTERN_S] * 1e9);
    if (state->last_prompt_ns == ALERT_NEVER)
        return red_ns;
    enum param gap = urgent                   ? PARAM_ASK_GAP_S
                     : state->last_was_praise ? PARAM_PROMPT_GAP_PRAISE_S
                                              : PARAM_PROMPT_GAP_S;
    int64_t gap_ns = state->last_prompt_ns + (int64_t)(params->value[gap] * 1e9);
    return gap_ns > red_ns ? gap_ns : red_ns;
}

static struct route ways_now(const struct alert_context *context, uint8_t rule, uint8_t severity,
                             int64_t now_ns)
{
    const struct alert_step step = {.context = context, .at_ns = now_ns};
    return route_of(&step, rule, severity);
}

int64_t alerting_ask_ns(const struct alerting *state, const struct alert_context *context,
                        bool urgent, int64_t now_ns)
{
    struct route ways = ways_now(context, RULE_P01, STRIDE__V1__SEVERITY__SEVERITY_INFO, now_ns);
    if (!urgent && (!context->coaching_consent || !route_leads(&ways)))
        return INT64_MAX;
    int64_t at_ns = gap_over_ns(state, context->params, urgent);
    if (at_ns < now_ns)
        at_ns = now_ns;
    if (urgent)
        return at_ns;
    if (state->quiet_day == local_day(context, at_ns))
        at_ns = local_day_end_ns(context, at_ns);
    return alerting_quiet(context, at_ns) ? local_morning_ns(context, at_ns) : at_ns;
}

void alerting_ask(struct alerting *state, const struct alert_context *context,
                  const struct question_put *put, int64_t now_ns, char id[ID_SIZE],
                  struct effects *out)
{
    const struct alert_step step = {state, context, now_ns, out};
    struct route route = ways_now(context, put->rule, put->severity, now_ns);
    /* What happened has to be asked: it waits at the broker for a device that comes back. */
    if (!route_leads(&route))
        route = route_all(&step);
    say_question(&step, put, &route, id);
}

void alerting_asked_until(struct alerting *state, int64_t until_ns)
{
    state->asked_until_ns = until_ns;
}
