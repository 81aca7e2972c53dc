/* Whether a prompt may be said, and where it goes (rule book 5.1 to 5.5).
 *
 * What is technical is no coaching: S08 has its own budget (one message a device and session), and
 * it takes nothing from the three coaching budgets. It still keeps the 45 s between prompts and
 * stays silent while a STOP or RED is open: those protect the wearer's attention, whatever asks for
 * it. STOP and RED keep no gap (5.2: 1 s to the wearer); only a STOP waits until a RED's 5 s
 * pattern is over, and as long until another STOP was read, which says to stop as well. */
#include "hub/core/alert_parts.h"

#include <assert.h>
#include <math.h>

#define WINDOW_10MIN_NS (10 * ALERT_MINUTE_NS)
enum { DOUBLINGS_MAX = 10 };

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

/* Every device that can show anything, whether or not it is heard of at present. */
struct route route_all(const struct alert_step *step)
{
    return (struct route){reaches(step, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST, false),
                          reaches(step, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL, false)};
}

/* The wrist, else the treadmill; both when it is more than a tip (5.1) or the rule names both (R03:
 * "W/T"). A treadmill that sends is one the wearer stands at. */
struct route route_of(const struct alert_step *step, uint8_t rule, uint8_t severity)
{
    bool both = severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION ||
                (rule_info((enum rule)rule)->audience & AUDIENCE_TREADMILL) != 0;
    struct route route = {.to_wrist =
                              reaches(step, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST, true)};
    route.to_treadmill = (both || !route.to_wrist) &&
                         reaches(step, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL, true);
    /* STOP and RED never expire: they wait at the broker for a device that comes back. */
    if (!route_leads(&route) && severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP)
        return route_all(step);
    return route;
}

/* ---------------------------------------------------------------- whether it may be said */

/* What nothing holds back is said like a STOP at least. */
static uint8_t severity_said(const struct finding *finding)
{
    if (finding_unsuppressible(finding) && finding->severity < STRIDE__V1__SEVERITY__SEVERITY_STOP)
        return STRIDE__V1__SEVERITY__SEVERITY_STOP;
    return finding->severity;
}

int64_t say_ready_ns(const struct alert_step *step, const struct finding *finding)
{
    const struct alerting *state = step->state;
    uint8_t severity = severity_said(finding);
    if (severity >= STRIDE__V1__SEVERITY__SEVERITY_RED)
        return ALERT_NEVER;
    if (severity == STRIDE__V1__SEVERITY__SEVERITY_STOP)
        return say_stop_ready_ns(step, finding);
    if (finding->reply)
        return state->last_prompt_ns == ALERT_NEVER
                   ? ALERT_NEVER
                   : state->last_prompt_ns + alert_param_ns(step, PARAM_ASK_GAP_S);
    int64_t gap_ns = ALERT_NEVER;
    if (state->last_prompt_ns != ALERT_NEVER)
        gap_ns = state->last_prompt_ns + alert_param_ns(step, state->last_was_praise
                                                                  ? PARAM_PROMPT_GAP_PRAISE_S
                                                                  : PARAM_PROMPT_GAP_S);
    return gap_ns > state->asked_until_ns ? gap_ns : state->asked_until_ns;
}

static bool in_refractory(const struct alert_step *step, const struct finding *finding)
{
    const struct rule_voice *voice = &step->state->voices[finding->rule];
    double wait_s = (double)finding->refractory_s;
    if (finding->praise ? !voice->praised : voice->said_n == 0)
        return false;
    if (!finding->praise) {
        /* What got worse is said: the refractory time holds the same thing back, not more of it. */
        if (finding->severity > voice->severity)
            return false;
        unsigned repeats = voice->said_n - 1U;
        wait_s *= (double)(1U << (repeats < DOUBLINGS_MAX ? repeats : DOUBLINGS_MAX));
    }
    uint32_t since_cs =
        alert_centiseconds(step->at_ns) - (finding->praise ? voice->praised_cs : voice->said_cs);
    return since_cs / 100.0 < wait_s;
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

/* "At least as many positive as corrective messages per session" (5.3): a walk's next tip waits for
 * the praise that the last one owes; the last of all is followed by the walk's summary (C10). */
static bool praise_first(const struct alert_step *step, const struct finding *finding)
{
    return step->context->session_open && !finding->praise &&
           alert_corrects(finding->rule, finding->severity) &&
           alerting_praise_owed(step->state) > 0;
}

static uint32_t day_n(const struct alert_step *step)
{
    return day_counts_on(step->state->day, local_day(step->context, step->at_ns))
               ? step->state->day_n
               : 0;
}

/* Places of the walk's and the day's budget that are kept for others. A correction keeps one for
 * the praise that it will owe. What only informs keeps one more for what coaches: a shoe check and
 * two cues must not silence "careful here" (S02) for ten minutes. */
static unsigned kept_places(const struct finding *finding)
{
    if (finding->praise || finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION)
        return 0;
    return finding->severity == STRIDE__V1__SEVERITY__SEVERITY_COACH ? 1 : 2;
}

static enum suppression check_budgets(const struct alert_step *step, const struct finding *finding)
{
    const double *value = step->context->params->value;
    unsigned kept = kept_places(finding);
    unsigned kept_10min = kept == 2;
    if (step->context->session_open &&
        step->state->session_n + kept >= value[PARAM_PROMPTS_PER_SESSION])
        return SUPPRESSED_BUDGET_SESSION;
    if (day_n(step) + kept >= value[PARAM_PROMPTS_PER_DAY])
        return SUPPRESSED_BUDGET_DAY;
    if (!finding->praise && corrective_10min_n(step) + kept_10min >= value[PARAM_PROMPTS_PER_10MIN])
        return SUPPRESSED_BUDGET_10MIN;
    return praise_first(step, finding) ? SUPPRESSED_PRAISE_FIRST : SUPPRESSED_NOT;
}

static enum suppression check_coaching(const struct alert_step *step, const struct finding *finding)
{
    const struct rule_voice *voice = &step->state->voices[finding->rule];
    if (!step->context->coaching_consent)
        return SUPPRESSED_CONSENT;
    if (finding->severity <= STRIDE__V1__SEVERITY__SEVERITY_COACH &&
        step->state->quiet_day == local_day(step->context, step->at_ns))
        return SUPPRESSED_MUTED;
    if (!finding->praise) {
        const double mute_after = step->context->params->value[PARAM_PROMPT_MUTE_AFTER];
        if (finding->prompts_max != 0 && voice->said_n >= finding->prompts_max)
            return SUPPRESSED_RULE_MAX;
        if (voice->unimproved_n >= mute_after || voice->unanswered_n >= mute_after)
            return SUPPRESSED_MUTED;
    }
    if (in_refractory(step, finding))
        return SUPPRESSED_REFRACTORY;
    return rule_is(finding->rule, RULE_BUDGETED) ? check_budgets(step, finding) : SUPPRESSED_NOT;
}

/* What follows from a symptom that the wearer just told of ("call your doctor today") is no
 * coaching: neither a missing consent to that, nor its mutes, nor the night hold it back. */
static bool answers_symptom(const struct finding *finding)
{
    return finding->reply && finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION &&
           !rule_is(finding->rule, RULE_BUDGETED);
}

/* Safety (3.4) is no coaching from CAUTION on: a heart that is too fast is told without consent to
 * that, and without "All OK?" a contact would hear of a stillness about which nobody was asked. */
static bool keeps_safe(const struct finding *finding)
{
    return rule_is(finding->rule, RULE_SAFETY) &&
           finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION;
}

/* 5.4: INFO and COACH not at all; CAUTION and STOP only felt, and only on a walk. Whoever reports
 * a symptom at night is awake, and hears what follows from it. */
static bool quiet_forbids(const struct alert_step *step, const struct finding *finding)
{
    if (finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_RED ||
        !alerting_quiet(step->context, step->at_ns))
        return false;
    return finding->severity <= STRIDE__V1__SEVERITY__SEVERITY_COACH ||
           !(step->context->session_open || answers_symptom(finding));
}

static enum suppression check_rules(const struct alert_step *step, const struct finding *finding)
{
    bool urgent = finding->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP;
    if (!urgent && !finding->after_alert && alert_locks(step))
        return SUPPRESSED_OPEN_ALERT;
    if (quiet_forbids(step, finding))
        return SUPPRESSED_QUIET_HOURS;
    assert(!rule_is(finding->rule, RULE_PER_DEVICE) || finding->slot < WEARER_DEVICES_MAX);
    if (rule_is(finding->rule, RULE_PER_DEVICE))
        return (step->state->told_devices >> finding->slot & 1) != 0 ? SUPPRESSED_RULE_MAX
                                                                     : SUPPRESSED_NOT;
    if (!urgent && !rule_is(finding->rule, RULE_TECHNICAL) && !answers_symptom(finding) &&
        !keeps_safe(finding))
        return check_coaching(step, finding);
    if (!urgent && finding->prompts_max != 0 &&
        step->state->voices[finding->rule].said_n >= finding->prompts_max)
        return SUPPRESSED_RULE_MAX;
    return in_refractory(step, finding) ? SUPPRESSED_REFRACTORY : SUPPRESSED_NOT;
}

enum suppression say_check(const struct alert_step *step, const struct finding *finding)
{
    enum suppression why =
        finding_unsuppressible(finding) ? SUPPRESSED_NOT : check_rules(step, finding);
    if (why != SUPPRESSED_NOT)
        return why;
    struct route route = route_of(step, finding->rule, severity_said(finding));
    if (!route_leads(&route))
        return SUPPRESSED_NO_DEVICE;
    return step->at_ns < say_ready_ns(step, finding) ? SUPPRESSED_GAP : SUPPRESSED_NOT;
}
