/* A finding becomes an alert: one that is open already, one of its own, or, when all places wait
 * for a person, a share in another's. */
#include "hub/core/alert_parts.h"

#include <string.h>

#include "hub/core/ident.h"

static bool is_of(const struct alert *alert, const struct finding *finding)
{
    if (alert->carried != 0 && finding_urgency(finding) != URGENCY_NONE)
        return alert_speaks_of(alert, finding->rule);
    return alert->rule == finding->rule && alert->severity == finding->severity;
}

struct alert *alert_duplicate(const struct alert_step *step, const struct finding *finding)
{
    uint8_t urgency = (uint8_t)finding_urgency(finding);
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &step->state->alerts[i];
        if (!alert_is_open(alert) || !is_of(alert, finding))
            continue;
        /* What has become more urgent is an alert of its own. */
        if (urgency != URGENCY_NONE && (alert->urgency == URGENCY_NONE || alert->urgency > urgency))
            continue;
        /* What others are told is told again after the dedup time: it happened again. Of a rule
         * with one place ("1 open", 3.6) the first stays until somebody ends it. */
        if (urgency == URGENCY_NONE || rule_info((enum rule)finding->rule)->max == 1 ||
            step->at_ns - alert->raised_ns < alert_param_ns(step, PARAM_REDFLAG_DEDUP_S))
            return alert;
    }
    return NULL;
}

static void start_timers(const struct alert_step *step, struct alert *alert)
{
    alert_stop_timers(alert);
    if (alert->urgency == URGENCY_NONE) {
        alert->due_ns[TIMER_WINDOW] = step->at_ns + alert_param_ns(step, PARAM_STOP_HOLD_S);
        return;
    }
    bool window = rule_info((enum rule)alert->rule)->cancel == CANCEL_WINDOW;
    alert->due_ns[TIMER_WINDOW] =
        step->at_ns + (window ? alert_param_ns(step, PARAM_F07_CANCEL_S) : 0);
    alert->due_ns[TIMER_LADDER] = alerting_level_due_ns(step->context, alert);
    alert->alarm = ladder_alarm(step->context, alert);
    if (alert->alarm)
        alert->evidence.alarm_after_s = 0;
}

static uint8_t stale_slots(const struct alert_step *step)
{
    unsigned stale = 0;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &step->context->health[slot];
        if (health->registered && device_stale(step->context->params, health, step->at_ns))
            stale |= 1U << slot;
    }
    return (uint8_t)stale;
}

static void keep_evidence(const struct alert_step *step, struct alert *alert,
                          const struct finding *finding)
{
    struct alert_evidence *evidence = &alert->evidence;
    alert->value = finding->value;
    alert->threshold = finding->threshold;
    evidence->baseline = finding->baseline;
    evidence->duration_s = finding->duration_s;
    evidence->shown = 0;
    evidence->shown_after_s = ALERT_TOLD_NOT;
    evidence->question = finding->question;
    evidence->answer = finding->answer;
    evidence->context = step->context->body_context;
    evidence->devices = step->context->devices;
    evidence->stale = stale_slots(step);
    evidence->dropped_gates = finding->dropped_gates;
    evidence->by_wearer = finding->reply;
}

static void nobody_knows(struct alert_evidence *evidence)
{
    for (unsigned i = 0; i < WEARER_CAREGIVERS_MAX; i++)
        evidence->told_after_s[i] = ALERT_TOLD_NOT;
    evidence->alarm_after_s = ALERT_TOLD_NOT;
}

/* Everything of the alert that its finding decides; RAISED from now on. */
static void set_raised(const struct alert_step *step, struct alert *alert,
                       const struct finding *finding)
{
    alert->rule = finding->rule;
    alert->urgency = (uint8_t)finding_urgency(finding);
    alert->slot = finding->slot;
    alert->text = finding->text;
    keep_evidence(step, alert, finding);
    for (unsigned i = 0; i < ALERT_STAMPS; i++)
        alert->stamps[i] = (struct alert_stamp){.after_ms = -1};
    alert_set_state(step, alert, ALERT_RAISED);
    alert->raised_ns = step->at_ns;
    alert->found_ns = finding->at_ns < step->at_ns ? finding->at_ns : step->at_ns;
    alert->raised_wall_ms = alert->found_ns / 1000000 + step->context->wall_minus_mono_ms;
}

/* The alert becomes the more urgent finding's: its ladder begins again, sooner than before. Who was
 * told stays told, as of when that was, and hears of it at once; an alarm that sounds goes on. */
static void take_over(const struct alert_step *step, struct alert *alert,
                      const struct finding *finding)
{
    const bool sounds = alert->alarm;
    alert->carried |= rule_told_bit((enum rule)alert->rule);
    alert->carried &= ~rule_told_bit((enum rule)finding->rule);
    alert->evidence.first_before_s +=
        (uint32_t)((step->at_ns - alert->raised_ns) / ALERT_SECOND_NS);
    set_raised(step, alert, finding);
    if (finding->severity > alert->severity)
        alert->severity = finding->severity;
    alert->delivered = alert->seen = 0;
    alert->said_n = 0;
    alert->answered = false;
    alert->level = sounds ? LEVEL_ALL : 0;
    alert_stop_timers(alert);
    alert->due_ns[TIMER_LADDER] = alerting_level_due_ns(step->context, alert);
    alert->due_ns[TIMER_SAY] = step->at_ns + alert_param_ns(step, PARAM_RED_REPEAT_S);
    if (alert->urgency == URGENCY_EMERGENCY)
        alert->due_ns[TIMER_RESEND] = step->at_ns + alert_param_ns(step, PARAM_RED_RESEND_S);
    alert_report_change(step, alert);
    alert_tell(step, alert, TELL_STEP);
}

/* The alert is as urgent, and goes on as it is; who was told hears what it carries now. */
static void take_in(const struct alert_step *step, struct alert *alert,
                    const struct finding *finding)
{
    if (finding->rule != alert->rule)
        alert->carried |= rule_told_bit((enum rule)finding->rule);
    if (finding->severity > alert->severity)
        alert->severity = finding->severity;
    if (alert->due_ns[TIMER_WINDOW] == INT64_MAX)
        alert->due_ns[TIMER_RESEND] = step->at_ns;
    alert_report_change(step, alert);
}

/* All wait for a person. */
static struct alert *share(const struct alert_step *step, const struct finding *finding)
{
    bool takes_over;
    struct alert *alert = alert_shared(step->state, finding, &takes_over);
    step->state->merged_n++;
    if (takes_over)
        take_over(step, alert, finding);
    else
        take_in(step, alert, finding);
    return alert;
}

struct alert *alert_open(const struct alert_step *step, const struct finding *finding,
                         uint64_t word)
{
    struct alert *alert = alert_place(step->state);
    if (alert == NULL)
        return finding_urgency(finding) == URGENCY_NONE ? NULL : share(step, finding);
    alert_gives_way(step, alert);
    memset(alert, 0, sizeof(*alert));
    ident_short(alert->id, 'a', word);
    alert->severity = finding->severity;
    nobody_knows(&alert->evidence);
    set_raised(step, alert, finding);
    start_timers(step, alert);
    alert_report_change(step, alert);
    return alert;
}

int alerting_open_n(const struct alerting *state)
{
    int n = 0;
    for (unsigned i = 0; i < ALERTS_MAX; i++)
        n += alert_is_open(&state->alerts[i]);
    return n;
}
