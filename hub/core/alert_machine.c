/* The states of an alert and what leads from one to the next: rule book 5.2 as one table. */
#include "hub/core/alert_parts.h"

enum {
    IN_RAISED = 1 << ALERT_RAISED,
    IN_SENT = 1 << ALERT_SENT,
    IN_DELIVERED = 1 << ALERT_DELIVERED,
    IN_SEEN = 1 << ALERT_SEEN,
    IN_OPEN = IN_RAISED | IN_SENT | IN_DELIVERED | IN_SEEN,
    IN_HANDS = IN_OPEN | 1 << ALERT_ACCEPTED
};

/* What is not in here means nothing: what a client or a reader says leads nowhere but to DELIVERED
 * and SEEN, and there is no way from a red flag to EXPIRED. */
static const struct transition {
    uint8_t input, from, to;
    uint8_t needs, forbids; /* enum alert_trait, or'ed */
} transitions[] = {
    {ALERT_TELL, IN_RAISED, ALERT_SENT, TRAIT_TOLD, 0},
    {ALERT_DELIVER, IN_SENT, ALERT_DELIVERED, TRAIT_TOLD, 0},
    {ALERT_SEE, IN_SENT | IN_DELIVERED, ALERT_SEEN, TRAIT_TOLD, 0},
    {ALERT_ACCEPT, IN_OPEN, ALERT_ACCEPTED, TRAIT_TOLD, 0},
    {ALERT_RESOLVE, IN_HANDS, ALERT_RESOLVED, 0, 0},
    {ALERT_CANCEL, IN_OPEN, ALERT_CANCELLED, TRAIT_CANCELLABLE, 0},
    {ALERT_CLEAR, IN_HANDS, ALERT_RESOLVED, TRAIT_CLEARS, TRAIT_RED},
    {ALERT_EXPIRE, IN_RAISED, ALERT_EXPIRED, 0, TRAIT_RED | TRAIT_TOLD},
};
enum { TRANSITIONS = sizeof(transitions) / sizeof(transitions[0]) };

static bool applies(const struct transition *row, enum alert_state from, unsigned traits)
{
    return (row->from >> from & 1) != 0 && (traits & row->needs) == row->needs &&
           (traits & row->forbids) == 0;
}

enum alert_state alert_next(enum alert_state from, enum alert_input input, unsigned traits)
{
    for (unsigned i = 0; i < TRANSITIONS; i++) {
        if (transitions[i].input == input && applies(&transitions[i], from, traits))
            return (enum alert_state)transitions[i].to;
    }
    return ALERT_NONE;
}

bool alert_may(enum alert_state from, enum alert_state to, unsigned traits)
{
    for (unsigned i = 0; i < TRANSITIONS; i++) {
        if (transitions[i].to == to && applies(&transitions[i], from, traits))
            return true;
    }
    return false;
}

unsigned alert_traits(const struct alert *alert)
{
    const struct rule_info *info = rule_info((enum rule)alert->rule);
    bool red = alert->severity == STRIDE__V1__SEVERITY__SEVERITY_RED;
    bool told = alert->urgency != URGENCY_NONE;
    /* Whoever takes back a fall says nothing of the fever that is carried with it. */
    bool alone = alert->carried == 0;
    bool cancellable = alone && (info->cancel == CANCEL_ALWAYS ||
                                 (info->cancel == CANCEL_WINDOW && alert->state == ALERT_RAISED));
    /* 5.2: of what caregivers were told, only technical alerts resolve by themselves. */
    bool clears = alone && !red && (!told || (info->flags & RULE_TECHNICAL) != 0);
    return (red ? TRAIT_RED : 0U) | (told ? TRAIT_TOLD : 0U) |
           (cancellable ? TRAIT_CANCELLABLE : 0U) | (clears ? TRAIT_CLEARS : 0U);
}

bool alert_is_open(const struct alert *alert)
{
    return alert->id[0] != '\0' && (IN_OPEN >> alert->state & 1) != 0;
}
