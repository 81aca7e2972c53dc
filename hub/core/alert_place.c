/* Which of an alert's few places a new one takes. A red flag that waits for a person is never
 * withdrawn: when all places wait for a person, two flags share one from then on. Whichever is the
 * less urgent is carried (alert->carried) by the other, so that an alert never becomes less urgent,
 * and what it speaks of never becomes less: both end when a person accepts, or with its alarm. */
#include "hub/core/alert_parts.h"

/* How dispensable an alert is: free, over, in somebody's hands, the wearer's own. 0 = not at all.
 */
static unsigned dispensable(const struct alert *alert)
{
    if (alert->id[0] == '\0')
        return 4;
    if (alert->state == ALERT_ACCEPTED)
        return 2;
    if (!alert_is_open(alert))
        return 3;
    return alert->urgency != URGENCY_NONE ? 0 : 1;
}

struct alert *alert_place(struct alerting *state)
{
    struct alert *best = &state->alerts[0];
    for (unsigned i = 1; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        unsigned rank = dispensable(alert), best_rank = dispensable(best);
        if (rank > best_rank || (rank == best_rank && alert->changed_ns < best->changed_ns))
            best = alert;
    }
    return dispensable(best) == 0 ? NULL : best;
}

bool alert_speaks_of(const struct alert *alert, uint8_t rule)
{
    if (alert->rule == rule)
        return true;
    return alert->carried != 0 && (alert->carried & rule_told_bit((enum rule)rule)) != 0;
}

/* Of two urgencies the smaller number is the sooner. */
static bool says_as_much(const struct alert *alert, uint8_t rule, uint8_t urgency)
{
    return alert_speaks_of(alert, rule) && alert->urgency <= urgency;
}

/* Says `a` more of a rule than `b` does: it speaks of it at all, else it is more urgent; newer. */
static bool rather(const struct alert *a, const struct alert *b, uint8_t rule, uint8_t urgency)
{
    bool a_same = says_as_much(a, rule, urgency), b_same = says_as_much(b, rule, urgency);
    if (a_same != b_same)
        return a_same;
    if (!a_same && a->urgency != b->urgency)
        return a->urgency < b->urgency;
    return a->raised_ns > b->raised_ns;
}

static struct alert *taker_in(struct alerting *state, uint8_t rule, uint8_t urgency)
{
    struct alert *best = &state->alerts[0];
    for (unsigned i = 1; i < ALERTS_MAX; i++) {
        if (rather(&state->alerts[i], best, rule, urgency))
            best = &state->alerts[i];
    }
    return best;
}

static bool said_twice(const struct alerting *state, const struct alert *of)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &state->alerts[i];
        if (alert != of && says_as_much(alert, of->rule, of->urgency))
            return true;
    }
    return false;
}

/* Twice told first, then the less urgent, then the older. */
static bool goes_before(const struct alerting *state, const struct alert *a, const struct alert *b)
{
    bool a_twice = said_twice(state, a), b_twice = said_twice(state, b);
    if (a_twice != b_twice)
        return a_twice;
    return a->urgency != b->urgency ? a->urgency > b->urgency : a->raised_ns < b->raised_ns;
}

/* One that is less urgent, or as urgent and told of twice, becomes the newcomer's. */
static struct alert *taken_over(struct alerting *state, uint8_t urgency)
{
    struct alert *best = NULL;
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        bool may =
            alert->urgency > urgency || (alert->urgency == urgency && said_twice(state, alert));
        if (may && (best == NULL || goes_before(state, alert, best)))
            best = alert;
    }
    return best;
}

struct alert *alert_shared(struct alerting *state, const struct finding *finding, bool *takes_over)
{
    const uint8_t urgency = (uint8_t)finding_urgency(finding);
    struct alert *in = taker_in(state, finding->rule, urgency);
    struct alert *over =
        says_as_much(in, finding->rule, urgency) ? NULL : taken_over(state, urgency);
    *takes_over = over != NULL;
    return over != NULL ? over : in;
}
