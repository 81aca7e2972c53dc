/* Prompts: what is said, and what it costs (rule book 5.1, 5.3). */
#include "hub/core/alert_parts.h"

#include <string.h>

#include "hub/core/ident.h"

uint64_t alert_next_word(const struct alert_step *step)
{
    return ident_word(step->context->id_salt, step->state->ids_n++);
}

/* ---------------------------------------------------------------- saying it */

static uint8_t pattern_of(uint8_t severity)
{
    static const uint8_t patterns[] = {
        [STRIDE__V1__SEVERITY__SEVERITY_UNKNOWN] = STRIDE__V1__PATTERN__PATTERN_NONE,
        [STRIDE__V1__SEVERITY__SEVERITY_INFO] = STRIDE__V1__PATTERN__PATTERN_NONE,
        [STRIDE__V1__SEVERITY__SEVERITY_COACH] = STRIDE__V1__PATTERN__PATTERN_SHORT,
        [STRIDE__V1__SEVERITY__SEVERITY_CAUTION] = STRIDE__V1__PATTERN__PATTERN_DOUBLE,
        [STRIDE__V1__SEVERITY__SEVERITY_STOP] = STRIDE__V1__PATTERN__PATTERN_LONG,
        [STRIDE__V1__SEVERITY__SEVERITY_RED] = STRIDE__V1__PATTERN__PATTERN_CONTINUOUS,
    };
    return patterns[severity];
}

static uint16_t expiry_s(const struct alert_step *step, uint8_t severity)
{
    const double *value = step->context->params->value;
    if (severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP)
        return 0;
    return (uint16_t)
        value[severity == STRIDE__V1__SEVERITY__SEVERITY_CAUTION ? PARAM_PROMPT_EXPIRY_CAUTION_S
                                                                 : PARAM_PROMPT_EXPIRY_COACH_S];
}

static enum device_word device_word(const struct alert_step *step, uint8_t slot)
{
    if (slot >= WEARER_DEVICES_MAX)
        return DEVICE_WORD_NONE;
    const struct device_health *health = &step->context->health[slot];
    if (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST)
        return DEVICE_WORD_WRIST;
    if (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL)
        return DEVICE_WORD_TREADMILL;
    if (health->kind != STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
        return DEVICE_WORD_NONE;
    if (health->side == STRIDE__V1__SIDE__SIDE_RIGHT)
        return DEVICE_WORD_RIGHT_INSOLE;
    return health->side == STRIDE__V1__SIDE__SIDE_LEFT ? DEVICE_WORD_LEFT_INSOLE
                                                       : DEVICE_WORD_INSOLE;
}

static void remember(struct alerting *state, const char *id, uint8_t rule)
{
    for (unsigned i = 0; i < PROMPT_RING; i++) {
        if (strcmp(state->ring[i].id, id) == 0)
            return;
    }
    struct prompt_said *said = &state->ring[state->ring_next];
    memset(said, 0, sizeof(*said));
    memcpy(said->id, id, ID_SIZE);
    said->rule = rule;
    state->ring_next = (uint8_t)((state->ring_next + 1) % PROMPT_RING);
}

/* Quiet hours (5.4): felt, without sound or light; a treadmill is not felt. */
static bool felt_only(const struct alert_step *step, const struct finding *finding,
                      struct route *route)
{
    if (finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_RED ||
        finding_unsuppressible(finding) || !alerting_quiet(step->context, step->at_ns))
        return false;
    if (route->to_wrist)
        route->to_treadmill = false;
    return true;
}

/* The prompt itself; nothing when no device could show it. */
static struct effect_prompt *emit(const struct alert_step *step, const struct route *route,
                                  const char *id, uint8_t rule, uint8_t severity, uint8_t text)
{
    if (!route_leads(route))
        return NULL;
    struct effect_prompt *prompt = &effects_add(step->out, EFFECT_PROMPT, step->at_ns)->prompt;
    memcpy(prompt->id, id, ID_SIZE);
    prompt->rule = rule;
    prompt->severity = severity;
    prompt->text = text;
    prompt->pattern = pattern_of(severity);
    prompt->to_wrist = route->to_wrist;
    prompt->to_treadmill = route->to_treadmill;
    prompt->expiry_s = expiry_s(step, severity);
    step->state->last_prompt_ns = step->at_ns;
    step->state->last_was_praise = false;
    if (severity == STRIDE__V1__SEVERITY__SEVERITY_RED)
        step->state->last_red_ns = step->at_ns;
    remember(step->state, id, rule);
    return prompt;
}

void say_question(const struct alert_step *step, const struct question_put *put,
                  const struct route *route, char id[ID_SIZE])
{
    struct alerting *state = step->state;
    const int64_t last_ns = state->last_prompt_ns;
    const bool praised = state->last_was_praise;
    memset(id, 0, ID_SIZE);
    if (!route_leads(route))
        return;
    ident_short(id, 'p', alert_next_word(step));
    struct effect_prompt *prompt = emit(step, route, id, put->rule, put->severity, put->text);
    prompt->pattern = put->pattern;
    prompt->expiry_s = put->expiry_s;
    prompt->question = put->question;
    state->last_prompt_ns = last_ns;
    state->last_was_praise = praised;
}

static void charge_coaching(const struct alert_step *step, const struct finding *finding)
{
    struct alerting *state = step->state;
    int64_t today = local_day(step->context, step->at_ns);
    if (!day_counts_on(state->day, today)) {
        state->day = today;
        state->day_n = 0;
    }
    state->day_n++;
    state->session_n += step->context->session_open; /* between walks the day's budget holds */
    if (finding->praise)
        return;
    unsigned oldest = 0;
    for (unsigned i = 1; i < BUDGET_10MIN_MAX; i++) {
        if (state->corrective_ns[i] < state->corrective_ns[oldest])
            oldest = i;
    }
    state->corrective_ns[oldest] = step->at_ns;
}

static void charge_rule(const struct alert_step *step, const struct finding *finding)
{
    struct rule_voice *voice = &step->state->voices[finding->rule];
    if (finding->praise) {
        /* What balances a correction is no praise of the rule's own, which has its own time. */
        if (finding->refractory_s > 0) {
            voice->praised = true;
            voice->praised_cs = alert_centiseconds(step->at_ns);
        }
        step->state->praise_n++;
        return;
    }
    voice->said_cs = alert_centiseconds(step->at_ns);
    voice->severity = finding->severity;
    voice->said_n = (uint8_t)(voice->said_n + (voice->said_n < UINT8_MAX));
    if (!rule_is(finding->rule, RULE_OWN_PACE)) {
        voice->unimproved_n = (uint8_t)(voice->unimproved_n + (voice->unimproved_n < UINT8_MAX));
        voice->unanswered_n = (uint8_t)(voice->unanswered_n + (voice->unanswered_n < UINT8_MAX));
    }
    step->state->corrective_n += alert_corrects(finding->rule, finding->severity);
}

static void charge(const struct alert_step *step, const struct finding *finding)
{
    if (finding->severity == STRIDE__V1__SEVERITY__SEVERITY_RED)
        return;
    if (rule_is(finding->rule, RULE_PER_DEVICE)) {
        step->state->told_devices = (uint8_t)(step->state->told_devices | 1U << finding->slot);
        return;
    }
    charge_rule(step, finding);
    if (finding->severity < STRIDE__V1__SEVERITY__SEVERITY_STOP &&
        rule_is(finding->rule, RULE_BUDGETED))
        charge_coaching(step, finding);
}

/* Praise has to be read to be one, and is never felt (5.1, INFO). After R05 it is shown where the
 * head is up, on a treadmill; where there is none, it waits on the wrist until somebody looks. */
static struct route route_eyes_up(const struct alert_step *step, const struct finding *finding,
                                  const struct route *route)
{
    const struct route both = route_of(step, finding->rule, STRIDE__V1__SEVERITY__SEVERITY_CAUTION);
    if (!finding->praise || !rule_is(finding->rule, RULE_EYES_UP) || !both.to_treadmill)
        return *route;
    return (struct route){.to_treadmill = true};
}

void say_finding(const struct alert_step *step, const struct finding *finding, const char *id)
{
    struct alert *alert = alert_of_prompt(step->state, id);
    bool alarm = alert != NULL && alert->alarm;
    uint8_t reach = finding->severity;
    if (finding_unsuppressible(finding) && reach < STRIDE__V1__SEVERITY__SEVERITY_STOP)
        reach = STRIDE__V1__SEVERITY__SEVERITY_STOP;
    struct route route = alarm ? route_all(step) : route_of(step, finding->rule, reach);
    route = route_eyes_up(step, finding, &route);
    bool silent = felt_only(step, finding, &route) || finding->felt_only;
    struct effect_prompt *prompt =
        emit(step, &route, id, finding->rule, finding->severity, finding->text);
    if (prompt == NULL)
        return;
    if (rule_is(finding->rule, RULE_PER_DEVICE))
        prompt->device = (uint8_t)device_word(step, finding->slot);
    prompt->numbers = finding->numbers;
    prompt->praise = finding->praise;
    if (finding->breathe)
        prompt->pattern = STRIDE__V1__PATTERN__PATTERN_BREATH;
    prompt->alarm = alarm;
    prompt->silent = silent;
    step->state->last_was_praise = finding->praise;
    if (alert != NULL && finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP)
        alert->due_ns[TIMER_SAY] = step->at_ns + alert_param_ns(step, PARAM_RED_REPEAT_S);
    if (finding->severity == STRIDE__V1__SEVERITY__SEVERITY_STOP)
        step->state->last_stop_ns = step->at_ns;
    charge(step, finding);
}

enum text alerting_alarm_text(const struct alert *alert, bool nobody)
{
    if (alert->urgency != URGENCY_EMERGENCY)
        return nobody ? TEXT_ALARM_NOBODY_TODAY : TEXT_ALARM_SAME_DAY;
    return nobody ? TEXT_ALARM_NOBODY : TEXT_ALARM_UNANSWERED;
}

static uint8_t alarm_text(const struct alert_step *step, const struct alert *alert)
{
    return (uint8_t)alerting_alarm_text(alert, ladder_nobody(step->context));
}

void say_again(const struct alert_step *step, const struct alert *alert)
{
    char id[ID_SIZE];
    memcpy(id, alert->id, ID_SIZE);
    id[0] = 'p';
    struct route route =
        alert->alarm ? route_all(step) : route_of(step, alert->rule, alert->severity);
    const struct finding same = {.rule = alert->rule, .severity = alert->severity};
    bool silent = !alert->alarm && felt_only(step, &same, &route);
    struct effect_prompt *prompt = emit(step, &route, id, alert->rule, alert->severity,
                                        alert->alarm ? alarm_text(step, alert) : alert->text);
    if (prompt == NULL)
        return;
    prompt->alarm = alert->alarm;
    prompt->repeat = true;
    if (alert->alarm) { /* the same pattern, whatever it was raised as */
        prompt->pattern = STRIDE__V1__PATTERN__PATTERN_CONTINUOUS;
        step->state->last_red_ns = step->at_ns;
    }
    prompt->silent = silent;
    prompt->expiry_s = (uint16_t)step->context->params->value[PARAM_RED_REPEAT_S];
    /* Left out, but as if it had been said: how much there is to catch up with changes nothing. */
    if (step->out->n > ALERT_REPEAT_ROOM)
        step->out->n--;
}

void say_answer(const struct alert_step *step, enum rule rule, enum text text, const char *account)
{
    char id[ID_SIZE];
    ident_short(id, 'p', alert_next_word(step));
    struct route route = route_of(step, (uint8_t)rule, STRIDE__V1__SEVERITY__SEVERITY_STOP);
    struct effect_prompt *prompt =
        emit(step, &route, id, (uint8_t)rule, STRIDE__V1__SEVERITY__SEVERITY_INFO, (uint8_t)text);
    if (prompt == NULL)
        return;
    /* Felt, not only read; and help that is on its way stays true however late it is shown. */
    prompt->pattern = STRIDE__V1__PATTERN__PATTERN_SHORT;
    _Static_assert(ID_SIZE <= NAME_SIZE, "an account is a name");
    memcpy(prompt->name, account, strlen(account));
    if (text == TEXT_F07_ACCEPTED || text == TEXT_ALERT_ACCEPTED)
        prompt->expiry_s = 0;
}

/* ---------------------------------------------------------------- one STOP at a time */

int64_t say_read_ns(const struct alert_step *step, int64_t said_ns)
{
    return said_ns == ALERT_NEVER ? ALERT_NEVER
                                  : said_ns + alert_param_ns(step, PARAM_RED_PATTERN_S);
}

/* Two of one moment (5.3: one prompt at a time) would leave the wearer the last one only, and both
 * say to stop; it is the alert that waits for nobody. What a belt does, and whether somebody fell,
 * asks for something else at once. */
int64_t say_stop_ready_ns(const struct alert_step *step, const struct finding *finding)
{
    const int64_t red_ns = say_read_ns(step, step->state->last_red_ns);
    const int64_t stop_ns = say_read_ns(step, step->state->last_stop_ns);
    const bool body = finding->severity == STRIDE__V1__SEVERITY__SEVERITY_STOP &&
                      !rule_is(finding->rule, RULE_TECHNICAL);
    return body && stop_ns > red_ns ? stop_ns : red_ns;
}

/* ---------------------------------------------------------------- for who has something to say */

enum suppression alerting_would(struct alerting *state, const struct alert_context *context,
                                const struct finding *finding, int64_t now_ns)
{
    const struct alert_step step = {state, context, now_ns, NULL};
    return say_check(&step, finding);
}

int64_t alerting_ready_ns(struct alerting *state, const struct alert_context *context,
                          const struct finding *finding, int64_t now_ns)
{
    const struct alert_step step = {state, context, now_ns, NULL};
    return say_ready_ns(&step, finding);
}

bool alerting_locked(struct alerting *state, const struct alert_context *context, int64_t now_ns)
{
    const struct alert_step step = {state, context, now_ns, NULL};
    return alert_locks(&step);
}

static const struct alert *has_prompt(const struct alerting *state, const char *prompt)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &state->alerts[i];
        if (alert->id[0] != '\0' && prompt[0] == 'p' && strcmp(alert->id + 1, prompt + 1) == 0)
            return alert;
    }
    return NULL;
}

bool alerting_has_prompt(const struct alerting *state, const char *prompt)
{
    return has_prompt(state, prompt) != NULL;
}

enum rule alerting_rule_of(const struct alerting *state, const char *prompt)
{
    for (unsigned i = 0; i < PROMPT_RING; i++) {
        if (state->ring[i].id[0] != '\0' && strcmp(state->ring[i].id, prompt) == 0)
            return (enum rule)state->ring[i].rule;
    }
    const struct alert *alert = has_prompt(state, prompt);
    return alert == NULL ? RULE_NONE : (enum rule)alert->rule;
}
