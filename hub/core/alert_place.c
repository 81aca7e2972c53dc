/* Which of an alert's few places a new one takes. A red flag that waits for a person is not lost:
 * it keeps its place, or is taken in by one that says the same and is as urgent. */
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

/* Of two urgencies the smaller number is the sooner. */
static bool says_as_much(const struct alert *alert, uint8_t rule, uint8_t urgency)
{
    return alert->rule == rule && alert->urgency <= urgency;
}

struct alert *alert_newest_of(struct alerting *state, const struct finding *finding)
{
    const uint8_t urgency = (uint8_t)finding_urgency(finding);
    struct alert *newest = &state->alerts[0];
    for (unsigned i = 1; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        bool same = says_as_much(alert, finding->rule, urgency);
        bool newest_same = says_as_much(newest, finding->rule, urgency);
        if ((same && !newest_same) || (same && alert->raised_ns > newest->raised_ns) ||
            (!newest_same && alert->urgency < newest->urgency))
            newest = alert;
    }
    return newest;
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

struct alert *alert_to_displace(struct alerting *state, const struct finding *finding)
{
    const uint8_t urgency = (uint8_t)finding_urgency(finding);
    struct alert *best = NULL;
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        if (says_as_much(alert, finding->rule, urgency))
            return NULL; /* that one takes it in */
        if (alert->urgency <= urgency && !said_twice(state, alert))
            continue;
        if (best == NULL || goes_before(state, alert, best))
            best = alert;
    }
    return best;
}
