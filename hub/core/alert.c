#include "hub/core/alert_parts.h"

#include <assert.h>
#include <string.h>

#include "hub/core/ident.h"

const char *suppression_name(enum suppression why)
{
    static const char *const names[SUPPRESSIONS] = {
        [SUPPRESSED_NOT] = "none",
        [SUPPRESSED_GAP] = "gap",
        [SUPPRESSED_BUDGET_10MIN] = "budget_10min",
        [SUPPRESSED_BUDGET_SESSION] = "budget_session",
        [SUPPRESSED_BUDGET_DAY] = "budget_day",
        [SUPPRESSED_REFRACTORY] = "refractory",
        [SUPPRESSED_RULE_MAX] = "rule_max",
        [SUPPRESSED_MUTED] = "muted",
        [SUPPRESSED_OPEN_ALERT] = "open_alert",
        [SUPPRESSED_OUTRANKED] = "outranked",
        [SUPPRESSED_CONSENT] = "consent",
        [SUPPRESSED_NO_DEVICE] = "no_device",
        [SUPPRESSED_QUIET_HOURS] = "quiet_hours",
        [SUPPRESSED_PRAISE_FIRST] = "praise_first",
    };
    assert(why < SUPPRESSIONS);
    return names[why];
}

static bool is_stop(const struct finding *finding)
{
    return finding->severity == STRIDE__V1__SEVERITY__SEVERITY_STOP;
}

/* ---------------------------------------------------------------- life cycle */

void alerting_init(struct alerting *state)
{
    memset(state, 0, sizeof(*state));
    state->last_prompt_ns = state->last_red_ns = state->last_stop_ns = ALERT_NEVER;
    state->asked_until_ns = ALERT_NEVER;
    state->day = state->quiet_day = ALERT_NEVER;
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        for (unsigned timer = 0; timer < ALERT_TIMERS; timer++)
            state->alerts[i].due_ns[timer] = INT64_MAX;
    }
    for (unsigned i = 0; i < BUDGET_10MIN_MAX; i++)
        state->corrective_ns[i] = ALERT_NEVER;
    alerting_new_session(state);
}

void alerting_new_session(struct alerting *state)
{
    memset(state->voices, 0, sizeof(state->voices));
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        if (!is_stop(&state->pending[i].finding)) /* its alert is open in the next walk as well */
            state->pending[i].used = false;
    }
    state->session_n = state->praise_n = state->corrective_n = 0;
    state->told_devices = 0;
}

/* ---------------------------------------------------------------- waiting for a turn */

static void pending_wait(const struct alert_step *step, struct prompt_pending *pending)
{
    int64_t ready_ns = say_ready_ns(step, &pending->finding);
    pending->due_ns = ready_ns < pending->until_ns ? ready_ns : pending->until_ns;
    if (pending->due_ns <= step->at_ns)
        pending->due_ns = step->at_ns + 1;
}

/* Its rule's own, else a free one, else for a STOP that of a CAUTION; NULL = there is none. */
static struct prompt_pending *pending_place(const struct alert_step *step,
                                            const struct finding *finding)
{
    struct prompt_pending *unused = NULL, *lesser = NULL;
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        struct prompt_pending *pending = &step->state->pending[i];
        if (!pending->used)
            unused = unused == NULL ? pending : unused;
        else if (pending->finding.rule == finding->rule)
            return pending;
        else if (is_stop(finding) && !is_stop(&pending->finding))
            lesser = pending;
    }
    return unused != NULL ? unused : lesser;
}

/* A CAUTION waits as long as it may be late (5.3), a STOP until it is said. */
static void pending_add(const struct alert_step *step, struct prompt_pending *place,
                        const struct finding *finding, const char *id)
{
    memset(place, 0, sizeof(*place));
    place->used = true;
    memcpy(place->id, id, ID_SIZE);
    place->finding = *finding;
    place->until_ns = is_stop(finding)
                          ? INT64_MAX
                          : step->at_ns + alert_param_ns(step, PARAM_PROMPT_EXPIRY_CAUTION_S);
    pending_wait(step, place);
}

static void pending_step(const struct alert_step *step, struct prompt_pending *pending)
{
    enum suppression why = say_check(step, &pending->finding);
    if (why == SUPPRESSED_GAP && step->at_ns < pending->until_ns) {
        pending_wait(step, pending);
        return;
    }
    struct prompt_pending done = *pending;
    pending->used = false;
    if (why == SUPPRESSED_NOT)
        say_finding(step, &done.finding, done.id);
}

/* ---------------------------------------------------------------- time */

/* The first thing due: an alert (at equal times first) or a prompt that waits. */
static int64_t first_due(const struct alert_step *step, struct alert **alert,
                         struct prompt_pending **pending)
{
    int64_t first_ns = INT64_MAX;
    *alert = NULL;
    *pending = NULL;
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *candidate = &step->state->alerts[i];
        if (alert_is_open(candidate) && alert_due_ns(candidate) < first_ns) {
            first_ns = alert_due_ns(candidate);
            *alert = candidate;
        }
    }
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        struct prompt_pending *candidate = &step->state->pending[i];
        if (candidate->used && candidate->due_ns < first_ns) {
            first_ns = candidate->due_ns;
            *alert = NULL;
            *pending = candidate;
        }
    }
    return first_ns;
}

void alerting_time(struct alerting *state, const struct alert_context *context, int64_t now_ns,
                   struct effects *out)
{
    struct alert_step step = {state, context, now_ns, out};
    struct alert *alert;
    struct prompt_pending *pending;
    for (;;) {
        for (unsigned i = 0; i < ALERTS_MAX; i++)
            ladder_overslept(&step, &state->alerts[i]);
        int64_t due_ns = first_due(&step, &alert, &pending);
        if (due_ns > now_ns || due_ns == INT64_MAX)
            break;
        step.at_ns = due_ns;
        if (alert != NULL)
            alert_serve(&step, alert);
        else
            pending_step(&step, pending);
    }
}

int64_t alerting_deadline_ns(const struct alerting *state)
{
    int64_t first_ns = INT64_MAX;
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        int64_t due_ns = alert_due_ns(&state->alerts[i]);
        if (alert_is_open(&state->alerts[i]) && due_ns < first_ns)
            first_ns = due_ns;
    }
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        if (state->pending[i].used && state->pending[i].due_ns < first_ns)
            first_ns = state->pending[i].due_ns;
    }
    return first_ns;
}

/* ---------------------------------------------------------------- findings */

/* Indices of the findings, most important first; equals in the order found. */
static void sort_by_rank(const struct findings *findings, uint8_t order[FINDINGS_MAX])
{
    for (int i = 0; i < findings->n; i++) {
        int at = i;
        while (at > 0 &&
               finding_rank(&findings->items[order[at - 1]]) < finding_rank(&findings->items[i])) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = (uint8_t)i;
    }
}

static void decide_cleared(const struct alert_step *step, const struct finding *finding)
{
    step->state->voices[finding->rule].unimproved_n = 0;
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        struct prompt_pending *pending = &step->state->pending[i];
        if (pending->used && pending->finding.rule == finding->rule)
            pending->used = false;
    }
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &step->state->alerts[i];
        if (alert_is_open(alert) && alert->rule == finding->rule)
            (void)alert_happens(step, alert, ALERT_CLEAR, (struct actor){ACTOR_HUB, 0});
    }
}

/* What nothing holds back may have to wait for its turn, but nothing is more important. */
static bool outranked(const struct finding *finding, enum suppression why)
{
    if (is_stop(finding) || finding_unsuppressible(finding))
        return false;
    return why == SUPPRESSED_NOT || why == SUPPRESSED_GAP || why == SUPPRESSED_PRAISE_FIRST;
}

/* Below RED: said, held back, or (CAUTION and STOP) left waiting. A STOP for which there is no
 * place to wait is said at once rather than never. */
static void decide_prompt(const struct alert_step *step, struct decision *decision, bool *spoken,
                          const char *id)
{
    const struct finding *finding = &decision->finding;
    enum suppression why = say_check(step, finding);
    if (*spoken && outranked(finding, why))
        why = SUPPRESSED_OUTRANKED;
    bool waits = finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION &&
                 (why == SUPPRESSED_GAP || why == SUPPRESSED_OUTRANKED);
    struct prompt_pending *place = waits ? pending_place(step, finding) : NULL;
    if (waits && place == NULL && is_stop(finding))
        why = SUPPRESSED_NOT;
    decision->suppression = (uint8_t)why;
    if (why != SUPPRESSED_NOT && place == NULL)
        return;
    memcpy(decision->prompt, id, ID_SIZE);
    if (why != SUPPRESSED_NOT) {
        pending_add(step, place, finding, decision->prompt);
        return;
    }
    say_finding(step, finding, decision->prompt);
    *spoken = true;
}

static void decide_new_prompt(const struct alert_step *step, struct decision *decision,
                              bool *spoken)
{
    char id[ID_SIZE];
    ident_short(id, 'p', alert_next_word(step));
    decide_prompt(step, decision, spoken, id);
}

/* What is said at once with an alert, or waits for its turn. */
static void decide_alert_prompt(const struct alert_step *step, struct decision *decision,
                                bool *spoken, const char *id)
{
    const struct finding *finding = &decision->finding;
    if (finding->severity < STRIDE__V1__SEVERITY__SEVERITY_RED) {
        decide_prompt(step, decision, spoken, id);
        return;
    }
    enum suppression why = say_check(step, finding);
    if (why != SUPPRESSED_NOT) {
        decision->suppression = (uint8_t)why;
        return;
    }
    memcpy(decision->prompt, id, ID_SIZE);
    say_finding(step, finding, id);
    *spoken = true;
}

/* An alert that the finding raised or took over is told under its own number, so that what the
 * wearer's device does with the prompt is known of the alert. */
static void alert_prompt_id(const struct alert_step *step, const struct alert *alert,
                            const struct finding *finding, uint64_t word, char id[ID_SIZE])
{
    ident_short(id, 'p', word);
    if (alert != NULL && alert->rule == finding->rule && alert->raised_ns == step->at_ns)
        memcpy(id + 1, alert->id + 1, ID_SIZE - 1);
}

/* What locks coaching or concerns a caregiver: an alert first, then the prompt. */
static void decide_alert(const struct alert_step *step, struct decision *decision, bool *spoken)
{
    struct finding *finding = &decision->finding;
    /* Whoever cannot be helped by a contact is not told that one is being called. */
    if (ladder_nobody(step->context) && rule_is(finding->rule, RULE_PROMISES))
        finding->text = TEXT_ALARM_NOBODY;
    struct alert *alert = alert_duplicate(step, finding);
    if (alert != NULL) {
        memcpy(decision->alert, alert->id, ID_SIZE);
        decision->suppression = SUPPRESSED_OPEN_ALERT;
        alert_found_again(step, alert);
        return;
    }
    enum suppression why = say_check(step, finding);
    if (finding_urgency(finding) == URGENCY_NONE && why == SUPPRESSED_REFRACTORY) {
        decision->suppression = SUPPRESSED_REFRACTORY;
        return;
    }
    uint64_t word = alert_next_word(step);
    alert = alert_open(step, finding, word);
    if (alert != NULL)
        memcpy(decision->alert, alert->id, ID_SIZE);
    char id[ID_SIZE];
    alert_prompt_id(step, alert, finding, word, id);
    decide_alert_prompt(step, decision, spoken, id);
}

static bool opens_alert(const struct finding *finding)
{
    return finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP ||
           finding_urgency(finding) != URGENCY_NONE;
}

static void decide(const struct alert_step *step, struct decision *decision, bool *spoken)
{
    const struct finding *finding = &decision->finding;
    assert(finding->rule < RULE_COUNT);
    if (finding->cleared)
        decide_cleared(step, finding);
    else if (opens_alert(finding))
        decide_alert(step, decision, spoken);
    else
        decide_new_prompt(step, decision, spoken);
}

void alerting_findings(struct alerting *state, const struct alert_context *context,
                       const struct findings *findings, int64_t now_ns, struct decisions *decided,
                       struct effects *out)
{
    alerting_time(state, context, now_ns, out);
    struct alert_step step = {state, context, now_ns, out};
    uint8_t order[FINDINGS_MAX];
    bool spoken = false;
    sort_by_rank(findings, order);
    /* What went away first: a STOP that is over does not hold back what was found with it. */
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < findings->n; i++) {
            const struct finding *finding = &findings->items[order[i]];
            if (finding->cleared != (pass == 0))
                continue;
            assert(decided->n < DECISIONS_MAX);
            struct decision *decision = &decided->items[decided->n++];
            memset(decision, 0, sizeof(*decision));
            decision->finding = *finding;
            decision->context = context->body_context;
            decision->devices = context->devices;
            decide(&step, decision, &spoken);
        }
    }
    alerting_time(state, context, now_ns, out); /* who has to be told now */
}
