/* The life of an alert: every change goes through alert_happens; its timers are deadlines that it
 * keeps, so that a restart or a late wake-up changes nothing of what is done, nor of its time. */
#include "hub/core/alert_parts.h"

#include <assert.h>
#include <string.h>

static const struct actor the_hub = {ACTOR_HUB, 0};

/* A red flag ends coaching (3.3) until the wearer says that it is over: in the same walk, and while
 * whoever accepted it is still on the way. */
static bool in_hands_now(const struct alert_step *step, const struct alert *alert)
{
    if (alert->id[0] == '\0' || alert->state != ALERT_ACCEPTED)
        return false;
    return step->at_ns - alert->changed_ns < alert_param_min_ns(step, PARAM_RED_CARE_MIN) ||
           (step->context->session_open && alert->changed_ns >= step->context->session_start_ns);
}

bool alert_locks(const struct alert_step *step)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &step->state->alerts[i];
        if (alert->severity < STRIDE__V1__SEVERITY__SEVERITY_STOP)
            continue;
        if (alert_is_open(alert) || in_hands_now(step, alert))
            return true;
    }
    return false;
}

const struct alert *alert_find(const struct alerting *state, const char *id)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        if (state->alerts[i].id[0] != '\0' && strcmp(state->alerts[i].id, id) == 0)
            return &state->alerts[i];
    }
    return NULL;
}

/* The prompt an alert is told with bears the alert's number: p<number>, a<number>. */
struct alert *alert_of_prompt(struct alerting *state, const char *prompt)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        struct alert *alert = &state->alerts[i];
        if (alert->id[0] != '\0' && prompt[0] == 'p' && strcmp(alert->id + 1, prompt + 1) == 0)
            return alert;
    }
    return NULL;
}

void alert_report_change(const struct alert_step *step, const struct alert *alert)
{
    struct effect *effect = effects_add(step->out, EFFECT_ALERT, step->at_ns);
    effect->slot = alert->slot;
    effect->alert = *alert;
}

/* ---------------------------------------------------------------- notices */

struct effect *alert_notice(const struct alert_step *step, const struct alert *alert,
                            const char *account)
{
    struct effect *effect = effects_add(step->out, EFFECT_NOTICE, step->at_ns);
    effect->slot = alert->slot;
    effect->notice.alert = *alert;
    memcpy(effect->notice.account, account, ID_SIZE);
    effect->notice.late =
        step->at_ns - alert->found_ns > alert_param_min_ns(step, PARAM_RED_LATE_MIN);
    return effect;
}

static void notify(const struct alert_step *step, const struct alert *alert, uint8_t whom,
                   bool resend)
{
    for (unsigned i = 0; i < step->context->caregivers_n; i++) {
        if ((whom >> i & 1) == 0 || (resend && step->out->n >= ALERT_REPEAT_ROOM))
            continue;
        alert_notice(step, alert, step->context->caregivers[i].account)->notice.resend = resend;
    }
}

/* ---------------------------------------------------------------- transitions */

static void stamp(const struct alert_step *step, struct alert *alert, struct actor actor)
{
    static const uint8_t places[ALERT_STATES] = {
        [ALERT_SENT] = STAMP_SENT,      [ALERT_DELIVERED] = STAMP_DELIVERED,
        [ALERT_SEEN] = STAMP_SEEN,      [ALERT_ACCEPTED] = STAMP_ACCEPTED,
        [ALERT_RESOLVED] = STAMP_ENDED, [ALERT_CANCELLED] = STAMP_ENDED,
        [ALERT_EXPIRED] = STAMP_ENDED,
    };
    int64_t after_ms = (step->at_ns - alert->raised_ns) / 1000000;
    struct alert_stamp *place = &alert->stamps[places[alert->state]];
    place->after_ms = after_ms < INT32_MAX ? (int32_t)after_ms : INT32_MAX;
    place->actor = actor;
}

void alert_set_state(const struct alert_step *step, struct alert *alert, enum alert_state to)
{
    alert->state = (uint8_t)to;
    alert->changed_ns = step->at_ns;
    alert->changed_wall_ms = step->at_ns / 1000000 + step->context->wall_minus_mono_ms;
}

void alert_stop_timers(struct alert *alert)
{
    for (unsigned i = 0; i < ALERT_TIMERS; i++)
        alert->due_ns[i] = INT64_MAX;
}

/* A STOP that still waited for its turn is not said once it is over, or went away. */
static void forget_pending(const struct alert_step *step, const struct alert *alert)
{
    for (unsigned i = 0; i < PENDING_MAX; i++) {
        struct prompt_pending *pending = &step->state->pending[i];
        if (pending->used && strcmp(pending->id + 1, alert->id + 1) == 0)
            pending->used = false;
    }
}

/* It is in somebody's hands, or over: silence here, and word to everyone who was told. */
static void close_alert(const struct alert_step *step, struct alert *alert, struct actor actor)
{
    bool sounded = alert->alarm;
    alert_stop_timers(alert);
    alert->alarm = false;
    alert->answered = alert->answered && alert->state != ALERT_ACCEPTED;
    forget_pending(step, alert);
    alert_report_change(step, alert);
    notify(step, alert, alert->told, false);
    enum rule rule = (enum rule)alert->rule;
    if (alert->state == ALERT_ACCEPTED && actor.kind == ACTOR_ACCOUNT)
        say_answer(step, rule,
                   alert->urgency == URGENCY_EMERGENCY ? TEXT_F07_ACCEPTED : TEXT_ALERT_ACCEPTED,
                   alert->accepted_by);
    else if (alert->state == ALERT_CANCELLED && rule_info(rule)->cancel == CANCEL_WINDOW)
        say_answer(step, rule, TEXT_F07_CANCELLED, "");
    else if (alert->state == ALERT_CANCELLED || sounded)
        say_answer(step, rule, TEXT_ALERT_CANCELLED, "");
}

bool alert_happens(const struct alert_step *step, struct alert *alert, enum alert_input input,
                   struct actor actor)
{
    enum alert_state to = alert_next((enum alert_state)alert->state, input, alert_traits(alert));
    if (alert->id[0] == '\0' || to == ALERT_NONE)
        return false;
    assert(alert_may((enum alert_state)alert->state, to, alert_traits(alert)));
    alert_set_state(step, alert, to);
    stamp(step, alert, actor);
    if (alert_is_open(alert))
        alert_report_change(step, alert);
    else
        close_alert(step, alert, actor);
    return true;
}

/* Its prompt, if that still waits, is said all the same. */
void alert_gives_way(const struct alert_step *step, struct alert *alert)
{
    if (!alert_is_open(alert) || alert->urgency != URGENCY_NONE)
        return;
    alert_set_state(step, alert, ALERT_EXPIRED);
    stamp(step, alert, the_hub);
    alert_stop_timers(alert);
    alert_report_change(step, alert);
}

/* ---------------------------------------------------------------- what time brings */

static uint16_t seconds_after(const struct alert *alert, int64_t at_ns)
{
    int64_t after_s = (at_ns - alert->raised_ns) / ALERT_SECOND_NS + alert->evidence.first_before_s;
    return after_s < ALERT_TOLD_LAST ? (uint16_t)(after_s < 0 ? 0 : after_s) : ALERT_TOLD_LAST;
}

/* True when the local alarm began or ended. */
static bool sound(const struct alert_step *step, struct alert *alert)
{
    bool before = alert->alarm;
    alert->alarm = ladder_alarm(step->context, alert);
    if (alert->alarm && !before)
        alert->due_ns[TIMER_SAY] = step->at_ns;
    if (alert->alarm && alert->evidence.alarm_after_s == ALERT_TOLD_NOT)
        alert->evidence.alarm_after_s = seconds_after(alert, step->at_ns);
    return alert->alarm != before;
}

void alert_told_now(const struct alert_step *step, struct alert *alert, uint8_t fresh)
{
    for (unsigned i = 0; i < WEARER_CAREGIVERS_MAX; i++) {
        if ((fresh >> i & 1) != 0)
            alert->evidence.told_after_s[i] = seconds_after(alert, step->at_ns);
    }
}

void alert_shown(const struct alert_step *step, struct alert *alert, uint8_t kind)
{
    struct alert_evidence *evidence = &alert->evidence;
    if (kind <= evidence->shown)
        return;
    evidence->shown = kind;
    if (evidence->shown_after_s == ALERT_TOLD_NOT)
        evidence->shown_after_s = seconds_after(alert, step->at_ns);
    alert_report_change(step, alert);
}

void alert_tell(const struct alert_step *step, struct alert *alert, enum tell_again again)
{
    uint8_t before = alert->told;
    uint8_t fresh = ladder_next(step->context, alert, step->at_ns);
    alert->told = (uint8_t)(before | fresh);
    alert_told_now(step, alert, fresh);
    bool changed = sound(step, alert) || fresh != 0 || again == TELL_STEP;
    alert->sends_n += fresh != 0 || (before != 0 && again != TELL_NEW);
    bool sent = alert->told != 0 && alert_happens(step, alert, ALERT_TELL, the_hub);
    if (changed && !sent)
        alert_report_change(step, alert);
    notify(step, alert, fresh, false);
    if (again != TELL_NEW)
        notify(step, alert, before, again == TELL_RESEND);
}

static void serve_window(const struct alert_step *step, struct alert *alert)
{
    alert->due_ns[TIMER_WINDOW] = INT64_MAX;
    if (alert->urgency == URGENCY_NONE) {
        (void)alert_happens(step, alert, ALERT_EXPIRE, the_hub);
        return;
    }
    if (alert->urgency == URGENCY_EMERGENCY)
        alert->due_ns[TIMER_RESEND] = step->at_ns + alert_param_ns(step, PARAM_RED_RESEND_S);
    alert_tell(step, alert, TELL_NEW);
}

/* A step counts whether or not anybody could be told: the clock goes on, and who comes later finds
 * the alert as far as it is. */
static void serve_ladder(const struct alert_step *step, struct alert *alert)
{
    if (alert->level < UINT16_MAX)
        alert->level++;
    alert->due_ns[TIMER_LADDER] = alerting_level_due_ns(step->context, alert);
    if (alert->due_ns[TIMER_LADDER] <= step->at_ns)
        alert->due_ns[TIMER_LADDER] = step->at_ns + 1; /* the wearer's clock was put back */
    alert_tell(step, alert, TELL_STEP);
}

static void serve_resend(const struct alert_step *step, struct alert *alert)
{
    alert->due_ns[TIMER_RESEND] = alert->urgency == URGENCY_EMERGENCY
                                      ? step->at_ns + alert_param_ns(step, PARAM_RED_RESEND_S)
                                      : INT64_MAX;
    alert_tell(step, alert, TELL_RESEND);
}

/* 5.1: RED until answered, the local alarm until accepted, STOP some times. */
static void serve_say(const struct alert_step *step, struct alert *alert)
{
    bool red = alert->severity == STRIDE__V1__SEVERITY__SEVERITY_RED;
    int64_t read_ns = say_read_ns(step, step->state->last_red_ns);
    int64_t stop_read_ns = say_read_ns(step, step->state->last_stop_ns);
    if (!red && !alert->alarm && stop_read_ns > read_ns)
        read_ns = stop_read_ns;
    if (read_ns > step->at_ns) {
        alert->due_ns[TIMER_SAY] = read_ns; /* one at a time */
        return;
    }
    alert->due_ns[TIMER_SAY] = step->at_ns + alert_param_ns(step, PARAM_RED_REPEAT_S);
    if (alert->said_n < UINT8_MAX)
        alert->said_n++;
    if (!alert->alarm && !red && alert->said_n >= step->context->params->value[PARAM_STOP_REPEATS])
        alert->due_ns[TIMER_SAY] = INT64_MAX;
    say_again(step, alert);
}

void alert_serve(const struct alert_step *step, struct alert *alert)
{
    static void (*const serve[ALERT_TIMERS])(const struct alert_step *, struct alert *) = {
        [TIMER_WINDOW] = serve_window,
        [TIMER_LADDER] = serve_ladder,
        [TIMER_RESEND] = serve_resend,
        [TIMER_SAY] = serve_say,
    };
    unsigned first = 0;
    for (unsigned i = 1; i < ALERT_TIMERS; i++) {
        if (alert->due_ns[i] < alert->due_ns[first])
            first = i;
    }
    serve[first](step, alert);
}

void alert_look_again(const struct alert_step *step, struct alert *alert)
{
    if (!alert_is_open(alert) || alert->urgency == URGENCY_NONE)
        return;
    int64_t due_ns = alerting_level_due_ns(step->context, alert);
    alert->due_ns[TIMER_LADDER] = due_ns > step->at_ns ? due_ns : step->at_ns;
    if (alert->due_ns[TIMER_WINDOW] == INT64_MAX)
        alert_tell(step, alert, TELL_NEW);
}

void alert_found_again(const struct alert_step *step, struct alert *alert)
{
    if (!alert->answered || alert->severity < STRIDE__V1__SEVERITY__SEVERITY_RED)
        return;
    alert->answered = false;
    alert->due_ns[TIMER_SAY] = step->at_ns;
}

void alert_answered(const struct alert_step *step, struct alert *alert)
{
    if (!alert_is_open(alert))
        return;
    alert->answered = true;
    alert->due_ns[TIMER_SAY] =
        alert->alarm ? step->at_ns + alert_param_ns(step, PARAM_RED_SNOOZE_S) : INT64_MAX;
}
