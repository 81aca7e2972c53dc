/* Prompts: whether one may be said, where it goes, and what it costs (rule book 5.1, 5.3).
 *
 * S08 is no coaching: it has its own budget (one message a device and session) and takes nothing
 * from the three coaching budgets. It still keeps the 45 s between prompts and stays silent while a
 * STOP or RED is open: those protect the wearer's attention, whatever asks for it.
 * STOP and RED keep no gap (5.2: 1 s to the wearer); only a STOP waits until a RED's 5 s pattern is
 * over. */
#include "hub/core/alert_parts.h"

#include <assert.h>
#include <string.h>

#include "hub/core/ident.h"

#define RED_PATTERN_NS (5 * ALERT_SECOND_NS) /* rule book 5.1 */
#define WINDOW_10MIN_NS (600 * ALERT_SECOND_NS)
#define DAY_MS INT64_C(86400000)
enum { MUTE_AFTER = 3 /* rule book 2.5 and 5.3 */, DOUBLINGS_MAX = 10 };

static bool technical(const struct finding *finding)
{
    return finding->rule == RULE_S08;
}

uint64_t alert_next_word(const struct alert_step *step)
{
    return ident_word(step->context->id_salt, step->state->ids_n++);
}

int64_t alert_local_day(const struct alert_step *step)
{
    int64_t local_ms = step->at_ns / 1000000 + step->context->wall_minus_mono_ms +
                       (int64_t)step->context->tz_offset_min * 60000;
    return local_ms >= 0 ? local_ms / DAY_MS : (local_ms - DAY_MS + 1) / DAY_MS;
}

/* ---------------------------------------------------------------- where it goes */

static bool reaches(const struct alert_step *step, uint8_t kind, bool healthy)
{
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &step->context->health[slot];
        if (health->registered && health->kind == kind &&
            (!healthy || !device_stale(step->context->params, health, step->at_ns)))
            return true;
    }
    return false;
}

/* The wrist, else the treadmill; both when it is more than a tip (5.1) or the rule names both (R03:
 * "W/T"). A treadmill that sends is one the wearer stands at. False when nothing is there. */
static bool route(const struct alert_step *step, uint8_t rule, uint8_t severity, bool *to_wrist,
                  bool *to_treadmill)
{
    const uint8_t wrist = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST;
    const uint8_t treadmill = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL;
    bool both = severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION || rule == RULE_R03;
    *to_wrist = reaches(step, wrist, true);
    *to_treadmill = (both || !*to_wrist) && reaches(step, treadmill, true);
    if (*to_wrist || *to_treadmill || severity < STRIDE__V1__SEVERITY__SEVERITY_STOP)
        return *to_wrist || *to_treadmill;
    /* STOP and RED never expire: they wait at the broker for a device that comes back. */
    *to_wrist = reaches(step, wrist, false);
    *to_treadmill = reaches(step, treadmill, false);
    return *to_wrist || *to_treadmill;
}

/* ---------------------------------------------------------------- whether it may be said */

int64_t say_ready_ns(const struct alert_step *step, uint8_t severity)
{
    const struct alerting *state = step->state;
    if (severity >= STRIDE__V1__SEVERITY__SEVERITY_RED)
        return ALERT_NEVER;
    if (severity == STRIDE__V1__SEVERITY__SEVERITY_STOP)
        return state->last_red_ns == ALERT_NEVER ? ALERT_NEVER
                                                 : state->last_red_ns + RED_PATTERN_NS;
    if (state->last_prompt_ns == ALERT_NEVER)
        return ALERT_NEVER;
    return state->last_prompt_ns + alert_param_ns(step, state->last_was_praise
                                                            ? PARAM_PROMPT_GAP_PRAISE_S
                                                            : PARAM_PROMPT_GAP_S);
}

static bool in_refractory(const struct alert_step *step, const struct finding *finding)
{
    const struct rule_voice *voice = &step->state->voices[finding->rule];
    int64_t said_ns = finding->praise ? voice->praised_ns : voice->said_ns;
    double wait_s = (double)finding->refractory_s;
    if (said_ns == ALERT_NEVER)
        return false;
    if (!finding->praise) {
        /* What got worse is said: the refractory time holds the same thing back, not more of it. */
        if (finding->severity > voice->severity)
            return false;
        unsigned repeats = voice->said_n > 0 ? voice->said_n - 1U : 0;
        wait_s *= (double)(1U << (repeats < DOUBLINGS_MAX ? repeats : DOUBLINGS_MAX));
    }
    return (double)(step->at_ns - said_ns) / 1e9 < wait_s;
}

static unsigned corrective_10min_n(const struct alert_step *step)
{
    unsigned n = 0;
    for (unsigned i = 0; i < BUDGET_10MIN_MAX; i++) {
        int64_t said_ns = step->state->corrective_ns[i];
        n += said_ns != ALERT_NEVER && step->at_ns - said_ns < WINDOW_10MIN_NS;
    }
    return n;
}

static uint32_t day_n(const struct alert_step *step)
{
    return step->state->day == alert_local_day(step) ? step->state->day_n : 0;
}

static enum suppression check_budgets(const struct alert_step *step, const struct finding *finding)
{
    const double *value = step->context->params->value;
    if (step->state->session_n >= value[PARAM_PROMPTS_PER_SESSION])
        return SUPPRESSED_BUDGET_SESSION;
    if (day_n(step) >= value[PARAM_PROMPTS_PER_DAY])
        return SUPPRESSED_BUDGET_DAY;
    if (!finding->praise && corrective_10min_n(step) >= value[PARAM_PROMPTS_PER_10MIN])
        return SUPPRESSED_BUDGET_10MIN;
    return SUPPRESSED_NOT;
}

static enum suppression check_coaching(const struct alert_step *step, const struct finding *finding)
{
    const struct rule_voice *voice = &step->state->voices[finding->rule];
    if (!step->context->coaching_consent)
        return SUPPRESSED_CONSENT;
    if (finding->severity <= STRIDE__V1__SEVERITY__SEVERITY_COACH &&
        step->state->quiet_day == alert_local_day(step))
        return SUPPRESSED_MUTED;
    if (!finding->praise) {
        if (finding->prompts_max != 0 && voice->said_n >= finding->prompts_max)
            return SUPPRESSED_RULE_MAX;
        if (voice->unimproved_n >= MUTE_AFTER || voice->unanswered_n >= MUTE_AFTER)
            return SUPPRESSED_MUTED;
    }
    if (in_refractory(step, finding))
        return SUPPRESSED_REFRACTORY;
    return check_budgets(step, finding);
}

enum suppression say_check(const struct alert_step *step, const struct finding *finding)
{
    bool urgent = finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP;
    enum suppression why = SUPPRESSED_NOT;
    if (!urgent && alert_locks(step))
        return SUPPRESSED_OPEN_ALERT;
    assert(!technical(finding) || finding->slot < WEARER_DEVICES_MAX);
    if (technical(finding))
        why = step->state->told_devices >> finding->slot & 1 ? SUPPRESSED_RULE_MAX : SUPPRESSED_NOT;
    else if (!urgent)
        why = check_coaching(step, finding);
    else if (in_refractory(step, finding))
        why = SUPPRESSED_REFRACTORY;
    if (why != SUPPRESSED_NOT)
        return why;
    bool to_wrist, to_treadmill;
    if (!route(step, finding->rule, finding->severity, &to_wrist, &to_treadmill))
        return SUPPRESSED_NO_DEVICE;
    return step->at_ns < say_ready_ns(step, finding->severity) ? SUPPRESSED_GAP : SUPPRESSED_NOT;
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

/* Begins a sentence, and fits the 12 characters of {name} (rule book 5.6). */
static const char *device_text(const struct alert_step *step, uint8_t slot)
{
    if (slot >= WEARER_DEVICES_MAX)
        return "";
    const struct device_health *health = &step->context->health[slot];
    if (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST)
        return "Wrist device";
    if (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL)
        return "Treadmill";
    if (health->kind != STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
        return "";
    if (health->side == STRIDE__V1__SIDE__SIDE_RIGHT)
        return "Right insole";
    return health->side == STRIDE__V1__SIDE__SIDE_LEFT ? "Left insole" : "An insole";
}

static void remember(struct alerting *state, const char *id, uint8_t rule)
{
    struct prompt_said *said = &state->ring[state->ring_next];
    memset(said, 0, sizeof(*said));
    memcpy(said->id, id, ID_SIZE);
    said->rule = rule;
    state->ring_next = (uint8_t)((state->ring_next + 1) % PROMPT_RING);
}

/* The prompt itself, routed as `reach` would be; nothing when no device could show it. */
static struct effect_prompt *emit(const struct alert_step *step, const char *id, uint8_t rule,
                                  uint8_t severity, uint8_t reach, uint8_t text)
{
    bool to_wrist, to_treadmill;
    if (!route(step, rule, reach, &to_wrist, &to_treadmill))
        return NULL;
    struct effect_prompt *prompt = &effects_add(step->out, EFFECT_PROMPT, step->at_ns)->prompt;
    memcpy(prompt->id, id, ID_SIZE);
    prompt->rule = rule;
    prompt->severity = severity;
    prompt->text = text;
    prompt->pattern = pattern_of(severity);
    prompt->to_wrist = to_wrist;
    prompt->to_treadmill = to_treadmill;
    prompt->expiry_s = expiry_s(step, severity);
    step->state->last_prompt_ns = step->at_ns;
    step->state->last_was_praise = false;
    remember(step->state, id, rule);
    return prompt;
}

static void charge_coaching(const struct alert_step *step, const struct finding *finding)
{
    struct alerting *state = step->state;
    int64_t today = alert_local_day(step);
    if (state->day != today)
        state->day_n = 0;
    state->day = today;
    state->day_n++;
    state->session_n++;
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
        voice->praised_ns = step->at_ns;
        return;
    }
    voice->said_ns = step->at_ns;
    voice->severity = finding->severity;
    voice->said_n = (uint8_t)(voice->said_n + (voice->said_n < UINT8_MAX));
    voice->unimproved_n = (uint8_t)(voice->unimproved_n + (voice->unimproved_n < UINT8_MAX));
    voice->unanswered_n = (uint8_t)(voice->unanswered_n + (voice->unanswered_n < UINT8_MAX));
}

void say_finding(const struct alert_step *step, const struct finding *finding, const char *id)
{
    struct effect_prompt *prompt =
        emit(step, id, finding->rule, finding->severity, finding->severity, finding->text);
    if (prompt == NULL)
        return;
    const char *device = technical(finding) ? device_text(step, finding->slot) : "";
    memcpy(prompt->name, device, strlen(device));
    prompt->praise = finding->praise;
    step->state->last_was_praise = finding->praise;
    if (finding->severity == STRIDE__V1__SEVERITY__SEVERITY_RED) {
        step->state->last_red_ns = step->at_ns;
        return;
    }
    if (technical(finding)) {
        step->state->told_devices = (uint8_t)(step->state->told_devices | 1U << finding->slot);
        return;
    }
    charge_rule(step, finding);
    if (finding->severity < STRIDE__V1__SEVERITY__SEVERITY_STOP)
        charge_coaching(step, finding);
}

void say_answer(const struct alert_step *step, enum rule rule, enum text text)
{
    char id[ID_SIZE];
    ident_short(id, 'p', alert_next_word(step));
    struct effect_prompt *prompt =
        emit(step, id, (uint8_t)rule, STRIDE__V1__SEVERITY__SEVERITY_INFO,
             STRIDE__V1__SEVERITY__SEVERITY_STOP, (uint8_t)text);
    if (prompt == NULL)
        return;
    /* Felt, not only read; and help that is on its way stays true however late it is shown. */
    prompt->pattern = STRIDE__V1__PATTERN__PATTERN_SHORT;
    if (text == TEXT_F07_ACCEPTED)
        prompt->expiry_s = 0;
}
