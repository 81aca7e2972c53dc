/* The life of an alert: one table, one step function; its timers are deadlines that it reports. */
#include "hub/core/alert_parts.h"

#include <assert.h>
#include <string.h>

#include "hub/core/ident.h"

#define DEDUP_NS (600 * ALERT_SECOND_NS) /* rule book 3.6, F01 to F07: dedup 10 min */
#define LATE_NS (900 * ALERT_SECOND_NS)  /* rule book 5.2: older than 15 min is "earlier alarm" */

/* Notices of one step may fill half the list: a hub that slept for days has more rounds to catch up
 * with than anybody wants to read, and the step needs room for its strides. */
enum { NOTICE_ROOM = EFFECTS_MAX / 2 };

enum action { DO_NOTHING, DO_NOTIFY, DO_RESEND, DO_SAY_CANCELLED, DO_SAY_ACCEPTED };

struct transition {
    uint8_t severity, from, event, to, action;
};

/* What is not in here means nothing: OK after the notices left does not call them back, only a
 * person who accepts ends the resending. The ladder's levels (rule book 5.2) are further rows of
 * ALERT_DUE, by alert.level. */
static const struct transition transitions[] = {
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_RAISED, ALERT_DUE, ALERT_SENT, DO_NOTIFY},
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_RAISED, ALERT_OK, ALERT_CANCELLED, DO_SAY_CANCELLED},
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_RAISED, ALERT_ACCEPT, ALERT_ACCEPTED,
     DO_SAY_ACCEPTED},
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_SENT, ALERT_DUE, ALERT_SENT, DO_RESEND},
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_SENT, ALERT_ACCEPT, ALERT_ACCEPTED, DO_SAY_ACCEPTED},
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_DELIVERED, ALERT_DUE, ALERT_DELIVERED, DO_RESEND},
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_DELIVERED, ALERT_ACCEPT, ALERT_ACCEPTED,
     DO_SAY_ACCEPTED},
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_SEEN, ALERT_DUE, ALERT_SEEN, DO_RESEND},
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_SEEN, ALERT_ACCEPT, ALERT_ACCEPTED, DO_SAY_ACCEPTED},
    {STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_ACCEPTED, ALERT_OK, ALERT_RESOLVED, DO_NOTHING},
    {STRIDE__V1__SEVERITY__SEVERITY_STOP, ALERT_RAISED, ALERT_DUE, ALERT_RESOLVED, DO_NOTHING},
    {STRIDE__V1__SEVERITY__SEVERITY_STOP, ALERT_RAISED, ALERT_OK, ALERT_RESOLVED, DO_NOTHING},
    {STRIDE__V1__SEVERITY__SEVERITY_STOP, ALERT_RAISED, ALERT_CLEAR, ALERT_RESOLVED, DO_NOTHING},
};

static const struct transition *transition_of(const struct alert *alert, enum alert_event event)
{
    for (size_t i = 0; i < sizeof(transitions) / sizeof(transitions[0]); i++) {
        const struct transition *row = &transitions[i];
        if (row->severity == alert->severity && row->from == alert->state && row->event == event)
            return row;
    }
    return NULL;
}

bool alert_is_open(const struct alert *alert)
{
    return alert->id[0] != '\0' && alert->state >= ALERT_RAISED && alert->state <= ALERT_SEEN;
}

bool alert_locks(const struct alert_step *step)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &step->state->alerts[i];
        if (alert_is_open(alert))
            return true;
        /* A red flag ends the walk's coaching (3.3) until the wearer says it is over. */
        if (alert->id[0] != '\0' && alert->state == ALERT_ACCEPTED && step->context->session_open &&
            alert->changed_ns >= step->context->session_start_ns)
            return true;
    }
    return false;
}

/* ---------------------------------------------------------------- notices */

static bool entitled(const struct alert_context *context, unsigned caregiver)
{
    return context->caregiver_consent && context->caregivers[caregiver].emergency;
}

static unsigned recipients_n(const struct alert_context *context)
{
    unsigned n = 0;
    for (unsigned i = 0; i < context->caregivers_n; i++)
        n += entitled(context, i);
    return n;
}

static void notify(const struct alert_step *step, const struct alert *alert, bool resend)
{
    for (unsigned i = 0; i < step->context->caregivers_n; i++) {
        if (!entitled(step->context, i) || step->out->n >= NOTICE_ROOM)
            continue;
        struct effect *effect = effects_add(step->out, EFFECT_NOTICE, step->at_ns);
        effect->slot = alert->slot;
        effect->notice.alert = *alert;
        effect->notice.caregiver = (uint8_t)i;
        effect->notice.resend = resend;
        effect->notice.late = step->at_ns - alert->raised_ns > LATE_NS;
    }
}

/* ---------------------------------------------------------------- steps */

static void set_state(const struct alert_step *step, struct alert *alert, enum alert_state to)
{
    alert->state = (uint8_t)to;
    alert->changed_ns = step->at_ns;
    alert->changed_wall_ms = step->at_ns / 1000000 + step->context->wall_minus_mono_ms;
    if (!alert_is_open(alert))
        alert->due_ns = INT64_MAX;
}

static void report_change(const struct alert_step *step, const struct alert *alert)
{
    struct effect *effect = effects_add(step->out, EFFECT_ALERT, step->at_ns);
    effect->slot = alert->slot;
    effect->alert = *alert;
}

bool alert_happens(const struct alert_step *step, struct alert *alert, enum alert_event event)
{
    const struct transition *row = transition_of(alert, event);
    if (row == NULL)
        return false;
    bool sends = row->action == DO_NOTIFY || row->action == DO_RESEND;
    if (sends) {
        alert->due_ns = step->at_ns + alert_param_ns(step, PARAM_RED_RESEND_S);
        /* Nobody to tell: it stays where it is, on the wearer's own devices, and asks again. */
        if (recipients_n(step->context) == 0)
            return true;
        alert->sends_n++;
    }
    if (row->to != row->from) {
        set_state(step, alert, (enum alert_state)row->to);
        report_change(step, alert);
    }
    if (sends)
        notify(step, alert, row->action == DO_RESEND);
    if (row->action == DO_SAY_CANCELLED)
        say_answer(step, (enum rule)alert->rule, TEXT_F07_CANCELLED);
    if (row->action == DO_SAY_ACCEPTED)
        say_answer(step, (enum rule)alert->rule, TEXT_F07_ACCEPTED);
    return true;
}

/* ---------------------------------------------------------------- opening */

struct alert *alert_duplicate(const struct alert_step *step, const struct finding *finding)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &step->state->alerts[i];
        if (!alert_is_open(alert) || alert->rule != finding->rule ||
            alert->severity != finding->severity)
            continue;
        if (alert->severity == STRIDE__V1__SEVERITY__SEVERITY_STOP ||
            step->at_ns - alert->raised_ns < DEDUP_NS)
            return alert;
    }
    return NULL;
}

/* How dispensable an alert is: free, over, in somebody's hands, only a STOP. 0 = not at all. */
static unsigned dispensable(const struct alert *alert)
{
    if (alert->id[0] == '\0')
        return 4;
    if (alert->state == ALERT_RESOLVED || alert->state == ALERT_CANCELLED)
        return 3;
    if (alert->state == ALERT_ACCEPTED)
        return 2;
    return alert->severity == STRIDE__V1__SEVERITY__SEVERITY_RED ? 0 : 1;
}

static struct alert *place_for(struct alerting *state)
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

static struct alert *newest_of(struct alerting *state, uint8_t rule)
{
    struct alert *newest = NULL;
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        if (newest == NULL ||
            (alert->rule == rule && (newest->rule != rule || alert->raised_ns > newest->raised_ns)))
            newest = alert;
    }
    return newest;
}

struct alert *alert_open(const struct alert_step *step, const struct finding *finding,
                         uint64_t word, bool *merged)
{
    struct alert *alert = place_for(step->state);
    *merged = alert == NULL;
    if (alert == NULL) {
        /* All are open red flags: the newest of the rule takes this one in and is sent at once. */
        alert = newest_of(step->state, finding->rule);
        step->state->merged_n++;
        if (alert->due_ns > step->at_ns)
            alert->due_ns = step->at_ns;
        report_change(step, alert);
        return alert;
    }
    bool red = finding->severity == STRIDE__V1__SEVERITY__SEVERITY_RED;
    memset(alert, 0, sizeof(*alert));
    ident_short(alert->id, 'a', word);
    alert->rule = finding->rule;
    alert->severity = finding->severity;
    alert->slot = finding->slot;
    alert->value = finding->value;
    alert->threshold = finding->threshold;
    set_state(step, alert, ALERT_RAISED);
    alert->raised_ns = alert->changed_ns;
    alert->raised_wall_ms = alert->changed_wall_ms;
    alert->due_ns =
        step->at_ns + alert_param_ns(step, red ? PARAM_F07_CANCEL_S : PARAM_STOP_HOLD_S);
    report_change(step, alert);
    return alert;
}

/* ---------------------------------------------------------------- acknowledgement */

const char *ack_result_name(enum ack_result result)
{
    static const char *const names[] = {"accepted", "unknown_alert", "not_entitled", "already",
                                        "over"};
    assert(result <= ACK_OVER);
    return names[result];
}

static const struct alert *find_alert(const struct alerting *state, const char *id)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        if (state->alerts[i].id[0] != '\0' && strcmp(state->alerts[i].id, id) == 0)
            return &state->alerts[i];
    }
    return NULL;
}

static int find_caregiver(const struct alert_context *context, const char *account)
{
    for (int i = 0; i < context->caregivers_n; i++) {
        if (strcmp(context->caregivers[i].account, account) == 0)
            return entitled(context, (unsigned)i) ? i : -1;
    }
    return -1;
}

enum ack_result alerting_ack_check(const struct alerting *state,
                                   const struct alert_context *context, const char *alert_id,
                                   const char *account)
{
    const struct alert *alert = find_alert(state, alert_id);
    /* A STOP is the wearer's own: caregivers read of it in the digest. */
    if (alert == NULL || alert->severity != STRIDE__V1__SEVERITY__SEVERITY_RED)
        return ACK_UNKNOWN_ALERT;
    if (find_caregiver(context, account) < 0)
        return ACK_NOT_ENTITLED;
    if (alert->state == ALERT_ACCEPTED)
        return ACK_ALREADY;
    return alert_is_open(alert) ? ACK_ACCEPTED : ACK_OVER;
}

enum ack_result alerting_ack(struct alerting *state, const struct alert_context *context,
                             const char *alert_id, const char *account, int64_t now_ns,
                             struct effects *out)
{
    alerting_time(state, context, now_ns, out);
    enum ack_result result = alerting_ack_check(state, context, alert_id, account);
    if (result != ACK_ACCEPTED)
        return result;
    struct alert_step step = {state, context, now_ns, out};
    struct alert *alert = &state->alerts[find_alert(state, alert_id) - state->alerts];
    alert->accepted_by = (uint8_t)(find_caregiver(context, account) + 1);
    bool happened = alert_happens(&step, alert, ALERT_ACCEPT);
    assert(happened);
    (void)happened;
    return ACK_ACCEPTED;
}

int alerting_open_n(const struct alerting *state)
{
    int n = 0;
    for (unsigned i = 0; i < ALERTS_MAX; i++)
        n += alert_is_open(&state->alerts[i]);
    return n;
}
