/* What people make of an alert: buttons and feedback of the wearer, words of the caregivers, and a
 * chain that changes while an alert is open. */
#include "hub/core/alert_parts.h"

#include <assert.h>
#include <string.h>

/* ---------------------------------------------------------------- the wearer */

/* What waited less counts as said now, as pipeline_people.c has it. */
#define CLOSE_NS (10 * ALERT_SECOND_NS)

/* An OK that waited in its device since before the alert was found is no answer to it. */
static bool pressed_before(const struct alert_step *step, const struct alert *alert)
{
    return step->at_ns - step->context->said_ago_ns < alert->found_ns - CLOSE_NS;
}

/* F07's window is the same for both buttons: when a call for help waited, the OK that came with it
 * takes it back only if it was pressed as soon after it, or when the call was heard at last. An OK
 * that slows a belt does not: the next one does. */
static bool pressed_in_time(const struct alert_step *step, const struct alert *alert)
{
    const int64_t pressed_ns = step->at_ns - step->context->said_ago_ns;
    bool window = rule_info((enum rule)alert->rule)->cancel == CANCEL_WINDOW;
    if (window && step->context->ok_for_belt)
        return false;
    return !window || pressed_ns >= alert->raised_ns ||
           pressed_ns - alert->found_ns <= alert_param_ns(step, PARAM_F07_CANCEL_S) + CLOSE_NS;
}

/* The first OK since somebody accepted answers "{name} is on it", or was pressed before that was
 * read: it does not say that all is over. A fall and a stillness ask for OK. */
static bool read_only_now(const struct alert_step *step, const struct alert *alert)
{
    const bool asked = rule_info((enum rule)alert->rule)->cancel == CANCEL_ALWAYS;
    const bool before = step->at_ns - step->context->said_ago_ns < alert->changed_ns;
    return alert->accepted_by[0] != '\0' && (!alert->answered || before) &&
           !(asked && alert->carried == 0);
}

/* The wearer reads which of the two their OK was, while whoever accepted may be on the way. */
static void press_ok_in_hands(const struct alert_step *step, struct alert *alert,
                              struct actor wearer)
{
    const bool lately =
        alert->accepted_by[0] != '\0' &&
        step->at_ns - alert->changed_ns < alert_param_min_ns(step, PARAM_RED_CARE_MIN);
    const bool first = read_only_now(step, alert);
    if (first)
        alert->answered = true;
    else
        (void)alert_happens(step, alert, ALERT_RESOLVE, wearer);
    if (lately)
        say_answer(step, (enum rule)alert->rule,
                   first ? TEXT_ALERT_ONCE_MORE : TEXT_ALERT_CANCELLED,
                   first ? alert->accepted_by : "");
}

/* OK takes back what may be taken back and ends what is the wearer's own. Of a red flag that others
 * know of it is only an answer; where nobody can be told, it is the person who accepts. An OK that
 * something else asked for (a belt's offer, a fall) says nothing of what caregivers may know. */
static void press_ok(const struct alert_step *step, struct alert *alert, struct actor wearer)
{
    unsigned traits = alert_traits(alert);
    bool in_hands = alert->state == ALERT_ACCEPTED;
    if (pressed_in_time(step, alert) && alert_happens(step, alert, ALERT_CANCEL, wearer))
        return;
    bool told = (traits & TRAIT_TOLD) != 0, meant = !told || !step->context->ok_taken;
    if (meant && in_hands)
        press_ok_in_hands(step, alert, wearer);
    else if (meant && !told)
        (void)alert_happens(step, alert, ALERT_RESOLVE, wearer);
    else if (meant && alert->told == 0 && ladder_nobody(step->context))
        (void)alert_happens(step, alert, ALERT_ACCEPT, wearer);
    else
        alert_answered(step, alert);
}

/* Its STOP waits for its turn: whoever presses OK has read another. */
static bool unsaid(const struct alerting *state, const struct alert *alert)
{
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        const struct prompt_pending *pending = &state->pending[i];
        if (pending->used && strcmp(pending->id + 1, alert->id + 1) == 0)
            return true;
    }
    return false;
}

void alerting_report(struct alerting *state, const struct alert_context *context,
                     const struct wire_report *report, uint8_t slot, int64_t now_ns,
                     struct effects *out)
{
    alerting_time(state, context, now_ns, out);
    struct alert_step step = {state, context, now_ns, out};
    if (report->button == STRIDE__V1__BUTTON__BUTTON_NO_COACHING)
        state->quiet_day = local_day(context, now_ns);
    if (report->button != STRIDE__V1__BUTTON__BUTTON_OK)
        return;
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        if (alert->id[0] != '\0' && !unsaid(state, alert) && !pressed_before(&step, alert))
            press_ok(&step, alert, (struct actor){ACTOR_DEVICE, slot});
    }
}

void alerting_by_wearer(struct alerting *state, const struct alert_context *context, enum rule rule,
                        int64_t now_ns, struct effects *out)
{
    const struct alert_step step = {state, context, now_ns, out};
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        if (!alert_is_open(alert) || alert->rule != rule || alert->evidence.by_wearer)
            continue;
        alert->evidence.by_wearer = true;
        alert_report_change(&step, alert);
    }
}

/* Accepted, it is taken back as well, unless it carries what the answer says nothing of. */
static void take_back(const struct alert_step *step, struct alert *alert, struct actor wearer)
{
    if (!alert_happens(step, alert, ALERT_CANCEL, wearer) && alert->state == ALERT_ACCEPTED &&
        alert->carried == 0)
        press_ok_in_hands(step, alert, wearer);
}

void alerting_fine(struct alerting *state, const struct alert_context *context, enum rule rule,
                   uint8_t slot, int64_t now_ns, struct effects *out)
{
    const struct alert_step step = {state, context, now_ns, out};
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        if (alert->rule == rule && !pressed_before(&step, alert))
            take_back(&step, alert, (struct actor){ACTOR_DEVICE, slot});
    }
}

void alerting_feedback(struct alerting *state, const struct alert_context *context,
                       const struct wire_feedback *feedback, int64_t now_ns, struct effects *out)
{
    alerting_time(state, context, now_ns, out);
    struct alert_step step = {state, context, now_ns, out};
    struct alert *alert = alert_of_prompt(state, feedback->prompt);
    if (alert != NULL)
        alert_shown(&step, alert, (uint8_t)feedback->kind);
    if (feedback->kind != STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED &&
        feedback->kind != STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED)
        return;
    if (alert != NULL)
        alert_answered(&step, alert);
    for (unsigned i = 0; i < PROMPT_RING; i++) {
        struct prompt_said *said = &state->ring[i];
        if (said->id[0] == '\0' || said->answered || strcmp(said->id, feedback->prompt) != 0)
            continue;
        said->answered = true;
        state->voices[said->rule].unanswered_n = 0;
    }
}

/* ---------------------------------------------------------------- the caregivers */

static const char *const verbs[VERBS] = {
    [VERB_ACCEPT] = "ack",
    [VERB_SEEN] = "seen",
    [VERB_DELIVERED] = "delivered",
    [VERB_RESOLVE] = "resolve",
};

const char *ack_verb_name(enum ack_verb verb)
{
    assert(verb < VERBS);
    return verbs[verb];
}

enum ack_verb ack_verb_find(const char *name)
{
    unsigned verb = 0;
    while (verb < VERBS && strcmp(verbs[verb], name) != 0)
        verb++;
    return (enum ack_verb)verb;
}

const char *ack_result_name(enum ack_result result)
{
    static const char *const names[] = {"accepted", "unknown_alert", "not_entitled", "already",
                                        "over"};
    assert(result <= ACK_OVER);
    return names[result];
}

enum ack_result alerting_ack_check(const struct alerting *state,
                                   const struct alert_context *context, const char *alert_id,
                                   const char *account, enum ack_verb verb)
{
    const struct alert *alert = alert_find(state, alert_id);
    /* The wearer's own matter: caregivers read of it in the digest. */
    if (alert == NULL || alert->urgency == URGENCY_NONE)
        return ACK_UNKNOWN_ALERT;
    int who = ladder_find(context, account);
    if (who < 0)
        return ACK_NOT_ENTITLED;
    bool accepted = alert->state == ALERT_ACCEPTED;
    if (!alert_is_open(alert) && !accepted)
        return ACK_OVER;
    switch (verb) {
    case VERB_ACCEPT:
        return accepted ? ACK_ALREADY : ACK_ACCEPTED;
    case VERB_SEEN:
        return (alert->seen >> who & 1) != 0 ? ACK_ALREADY : ACK_ACCEPTED;
    case VERB_DELIVERED:
        return (alert->delivered >> who & 1) != 0 ? ACK_ALREADY : ACK_ACCEPTED;
    case VERB_RESOLVE:
    case VERBS:
        break;
    }
    return ACK_ACCEPTED;
}

/* What a client or a reader says is kept, and moves no deadline. */
static void note(const struct alert_step *step, struct alert *alert, enum ack_verb verb, int who)
{
    struct actor actor = {ACTOR_ACCOUNT, (uint8_t)who};
    uint8_t *mask = verb == VERB_SEEN ? &alert->seen : &alert->delivered;
    *mask = (uint8_t)(*mask | 1U << who);
    if (!alert_happens(step, alert, verb == VERB_SEEN ? ALERT_SEE : ALERT_DELIVER, actor))
        alert_report_change(step, alert);
}

enum ack_result alerting_ack(struct alerting *state, const struct alert_context *context,
                             const char *alert_id, const char *account, enum ack_verb verb,
                             int64_t now_ns, struct effects *out)
{
    alerting_time(state, context, now_ns, out);
    enum ack_result result = alerting_ack_check(state, context, alert_id, account, verb);
    if (result != ACK_ACCEPTED)
        return result;
    struct alert_step step = {state, context, now_ns, out};
    struct alert *alert = &state->alerts[alert_find(state, alert_id) - state->alerts];
    int who = ladder_find(context, account);
    struct actor actor = {ACTOR_ACCOUNT, (uint8_t)who};
    if (verb == VERB_SEEN || verb == VERB_DELIVERED) {
        note(&step, alert, verb, who);
        return ACK_ACCEPTED;
    }
    if (verb == VERB_ACCEPT)
        memcpy(alert->accepted_by, context->caregivers[who].account, ID_SIZE);
    bool happened =
        alert_happens(&step, alert, verb == VERB_ACCEPT ? ALERT_ACCEPT : ALERT_RESOLVE, actor);
    assert(happened);
    (void)happened;
    return ACK_ACCEPTED;
}

void alerting_clients(struct alerting *state, uint8_t clients, int64_t now_ns)
{
    state->clients = (uint8_t)(clients | CLIENTS_KNOWN);
    state->clients_ns = now_ns;
}

/* ---------------------------------------------------------------- another chain */

static int index_now(const struct alert_context *context, const char *account)
{
    for (unsigned i = 0; i < context->caregivers_n; i++) {
        if (strcmp(context->caregivers[i].account, account) == 0)
            return (int)i;
    }
    return -1;
}

static uint8_t moved(uint8_t mask, const int to[WEARER_CAREGIVERS_MAX], unsigned n)
{
    uint8_t out = 0;
    for (unsigned i = 0; i < n; i++) {
        if ((mask >> i & 1) != 0 && to[i] >= 0)
            out = (uint8_t)(out | 1U << to[i]);
    }
    return out;
}

static void move_times(struct alert *alert, const int to[WEARER_CAREGIVERS_MAX], unsigned n)
{
    uint16_t moved_s[WEARER_CAREGIVERS_MAX];
    for (unsigned i = 0; i < WEARER_CAREGIVERS_MAX; i++)
        moved_s[i] = ALERT_TOLD_NOT;
    for (unsigned i = 0; i < n; i++) {
        if (to[i] >= 0)
            moved_s[to[i]] = alert->evidence.told_after_s[i];
    }
    memcpy(alert->evidence.told_after_s, moved_s, sizeof(moved_s));
}

/* Bits, times and stamps follow the accounts to their new places. */
static void renumber(const struct alert_step *step, struct alert *alert,
                     const struct caregivers_before *before)
{
    int to[WEARER_CAREGIVERS_MAX];
    for (unsigned i = 0; i < before->n; i++)
        to[i] = index_now(step->context, before->caregivers[i].account);
    uint8_t told = moved(alert->told, to, before->n);
    move_times(alert, to, before->n);
    for (unsigned i = 0; i < before->n; i++) {
        bool still = to[i] >= 0 && ladder_entitled(step->context, (unsigned)to[i]);
        if ((alert->told >> i & 1) == 0 || still)
            continue;
        if (to[i] >= 0)
            told = (uint8_t)(told & ~(1U << to[i]));
        alert_notice(step, alert, before->caregivers[i].account)->notice.clear = true;
    }
    alert->told = told;
    alert->seen = moved(alert->seen, to, before->n);
    alert->delivered = moved(alert->delivered, to, before->n);
    for (unsigned i = 0; i < ALERT_STAMPS; i++) {
        struct actor *actor = &alert->stamps[i].actor;
        if (actor->kind != ACTOR_ACCOUNT)
            continue;
        int place = actor->index < before->n ? to[actor->index] : -1;
        *actor = place < 0 ? (struct actor){ACTOR_FORMER, 0}
                           : (struct actor){ACTOR_ACCOUNT, (uint8_t)place};
    }
}

void alerting_configured(struct alerting *state, const struct alert_context *context,
                         const struct caregivers_before *before, int64_t now_ns,
                         struct effects *out)
{
    struct alert_step step = {state, context, now_ns, out};
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        if (alert->id[0] == '\0')
            continue;
        renumber(&step, alert, before);
        alert_look_again(&step, alert);
    }
}
