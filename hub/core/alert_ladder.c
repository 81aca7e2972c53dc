/* The ladder of rule book 5.2: who is told at which level, and when the next level is due. */
#include "hub/core/alert_parts.h"

#include <string.h>

#define HOUR_NS (60 * ALERT_MINUTE_NS)
#define MISSED_NS ALERT_MINUTE_NS /* a repeat older than this is not made up for (E) */
enum { CONTACTS_AT_SECOND = 2 };

/* ---------------------------------------------------------------- who */

bool ladder_entitled(const struct alert_context *context, unsigned index)
{
    return context->caregiver_consent && context->caregivers[index].emergency;
}

int ladder_find(const struct alert_context *context, const char *account)
{
    for (unsigned i = 0; i < context->caregivers_n; i++) {
        if (strcmp(context->caregivers[i].account, account) == 0)
            return ladder_entitled(context, i) ? (int)i : -1;
    }
    return -1;
}

bool ladder_nobody(const struct alert_context *context)
{
    for (unsigned i = 0; i < context->caregivers_n; i++) {
        if (ladder_entitled(context, i))
            return false;
    }
    return true;
}

/* The next of the chain who was not told: whoever is on duty before all others, then by order. A
 * schedule decides who comes first, never whether anybody does. */
static int next_contact(const struct alert_context *context, uint8_t told, int64_t at_ns)
{
    int best = -1;
    bool best_duty = false;
    for (unsigned i = 0; i < context->caregivers_n; i++) {
        const struct wire_caregiver *candidate = &context->caregivers[i];
        if (!ladder_entitled(context, i) || candidate->monitoring || (told >> i & 1) != 0)
            continue;
        bool duty = on_duty(context, candidate, at_ns);
        if (best < 0 || (duty && !best_duty) ||
            (duty == best_duty && candidate->order < context->caregivers[best].order)) {
            best = (int)i;
            best_duty = duty;
        }
    }
    return best;
}

static unsigned contacts_told(const struct alert_context *context, uint8_t told)
{
    unsigned n = 0;
    for (unsigned i = 0; i < context->caregivers_n; i++)
        n += (told >> i & 1) != 0 && ladder_entitled(context, i) &&
             !context->caregivers[i].monitoring;
    return n;
}

uint8_t ladder_next(const struct alert_context *context, const struct alert *alert, int64_t at_ns)
{
    unsigned wanted = alert->level >= LEVEL_ALL      ? WEARER_CAREGIVERS_MAX
                      : alert->level == LEVEL_SECOND ? CONTACTS_AT_SECOND
                                                     : 1;
    uint8_t told = alert->told;
    int next = 0;
    while (contacts_told(context, told) < wanted && next >= 0) {
        next = next_contact(context, told, at_ns);
        if (next >= 0)
            told = (uint8_t)(told | 1U << next);
    }
    /* A monitoring service comes last, unless there is nobody else. */
    bool monitoring = contacts_told(context, told) == 0 ||
                      (alert->urgency == URGENCY_EMERGENCY && alert->level >= LEVEL_LAST);
    for (unsigned i = 0; monitoring && i < context->caregivers_n; i++) {
        if (ladder_entitled(context, i) && context->caregivers[i].monitoring)
            told = (uint8_t)(told | 1U << i);
    }
    return (uint8_t)(told & ~alert->told);
}

/* ---------------------------------------------------------------- when */

static int64_t time_ns(const struct alert_context *context, enum param param, int64_t unit_ns)
{
    return (int64_t)(context->params->value[param] * (double)unit_ns);
}

static int64_t emergency_due_ns(const struct alert_context *context, const struct alert *alert,
                                unsigned next)
{
    if (next > LEVEL_LAST)
        return INT64_MAX;
    enum param step = (enum param)(PARAM_LADDER_EMERGENCY_1_S + next - LEVEL_SECOND);
    return alert->raised_ns + time_ns(context, step, ALERT_SECOND_NS);
}

static int64_t same_day_due_ns(const struct alert_context *context, const struct alert *alert,
                               unsigned next)
{
    if (next <= LEVEL_ALL) {
        enum param step = (enum param)(PARAM_LADDER_SAME_DAY_1_MIN + next - LEVEL_SECOND);
        return alert->raised_ns + time_ns(context, step, ALERT_MINUTE_NS);
    }
    int64_t repeat_ns = time_ns(context, PARAM_LADDER_SAME_DAY_3_MIN, ALERT_MINUTE_NS);
    return alert->raised_ns + (int64_t)(next - LEVEL_ALL) * repeat_ns;
}

static int64_t urgent_due_ns(const struct alert_context *context, const struct alert *alert,
                             unsigned next)
{
    int64_t second_ns =
        alert->raised_ns + time_ns(context, PARAM_LADDER_URGENT_1_MIN, ALERT_MINUTE_NS);
    if (next == LEVEL_SECOND)
        return second_ns;
    int64_t morning_ns = local_morning_ns(context, second_ns);
    if (next == LEVEL_ALL)
        return morning_ns;
    /* Every 24 h from the raise, but never together with the morning. */
    int64_t repeat_ns = time_ns(context, PARAM_LADDER_URGENT_3_H, HOUR_NS);
    int64_t passed = (morning_ns - alert->raised_ns) / repeat_ns + 1;
    return alert->raised_ns + (passed + (int64_t)(next - LEVEL_LAST)) * repeat_ns;
}

int64_t alerting_level_due_ns(const struct alert_context *context, const struct alert *alert)
{
    unsigned next = alert->level + 1U;
    switch ((enum alert_urgency)alert->urgency) {
    case URGENCY_EMERGENCY:
        return emergency_due_ns(context, alert, next);
    case URGENCY_SAME_DAY:
        return same_day_due_ns(context, alert, next);
    case URGENCY_URGENT:
        return urgent_due_ns(context, alert, next);
    case URGENCY_NONE:
    case URGENCIES:
        break;
    }
    return INT64_MAX;
}

bool ladder_alarm(const struct alert_context *context, const struct alert *alert)
{
    if (alert->urgency == URGENCY_EMERGENCY)
        return alert->level >= LEVEL_ALL || ladder_nobody(context);
    return alert->urgency == URGENCY_SAME_DAY && alert->level >= LEVEL_ALL;
}

static void skip_missed(int64_t *due_ns, int64_t from_ns, int64_t every_ns)
{
    if (*due_ns < from_ns)
        *due_ns += (from_ns - *due_ns + every_ns - 1) / every_ns * every_ns;
}

void ladder_overslept(const struct alert_step *step, struct alert *alert)
{
    int64_t from_ns = step->context->until_ns - MISSED_NS;
    /* As of its next step everything is as if each repeat had come. */
    if (alert->due_ns[TIMER_LADDER] < from_ns)
        from_ns = alert->due_ns[TIMER_LADDER];
    if (alert->due_ns[TIMER_WINDOW] < from_ns)
        from_ns = alert->due_ns[TIMER_WINDOW];
    skip_missed(&alert->due_ns[TIMER_RESEND], from_ns, alert_param_ns(step, PARAM_RED_RESEND_S));
    skip_missed(&alert->due_ns[TIMER_SAY], from_ns, alert_param_ns(step, PARAM_RED_REPEAT_S));
}
