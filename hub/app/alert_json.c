#include "hub/app/alert_json.h"

#include <assert.h>
#include <ctype.h>

#include "hub/app/page.h"
#include "hub/app/record_names.h"
#include "hub/app/record_parts.h"
#include "hub/app/rule_set.h"
#include "hub/app/texts.h"
#include "hub/io/json.h"

#define W struct json_writer *writer

const char *urgency_name(enum alert_urgency urgency)
{
    static const char *const names[URGENCIES] = {"none", "emergency", "same_day", "urgent"};
    assert(urgency < URGENCIES);
    return names[urgency];
}

bool alert_closed(const struct alert *alert)
{
    return alert->state != ALERT_NONE && !alert_is_open(alert);
}

/* ---------------------------------------------------------------- JSON */

static void utc(W, const char *key, int64_t wall_ms)
{
    if (wall_ms != 0)
        json_integer(writer, key, wall_ms);
}

/* In capitals, as rule book 5.2 writes the states of an alert. */
static void state_name(W, const char *key, enum alert_state state)
{
    char text[24];
    snprintf(text, sizeof(text), "%s", alert_state_name(state));
    for (char *c = text; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    json_string(writer, key, text);
}

static bool may_tell_rule(uint8_t rule, enum alert_audience audience)
{
    return audience == ALERT_FOR_HUB || !rule_is(rule, RULE_PRIVATE);
}

static bool may_tell(const struct alert *alert, enum alert_audience audience)
{
    return may_tell_rule(alert->rule, audience);
}

/* Red flags that share its place: how many, and the names of those that are not private. */
static void carried(W, const struct alert *alert, enum alert_audience audience)
{
    int n = 0;
    if (alert->carried == 0)
        return;
    json_array(writer, "also");
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        if (!rule_told((enum rule)rule) || (alert->carried & rule_told_bit((enum rule)rule)) == 0)
            continue;
        n++;
        if (may_tell_rule((uint8_t)rule, audience))
            json_string(writer, NULL, rule_name((enum rule)rule));
    }
    json_array_end(writer);
    json_integer(writer, "also_n", n);
}

static void body(W, const struct alert *alert, const struct alert_about *about,
                 enum alert_audience audience)
{
    json_string(writer, "alert_id", alert->id);
    json_string(writer, "wearer_id", about->wearer_id);
    if (may_tell(alert, audience))
        json_string(writer, "rule_id", rule_name((enum rule)alert->rule));
    json_string(writer, "severity", record_severity_name(alert->severity));
    if (alert->urgency != URGENCY_NONE)
        json_string(writer, "urgency", urgency_name((enum alert_urgency)alert->urgency));
    carried(writer, alert, audience);
    state_name(writer, "state", (enum alert_state)alert->state);
    json_integer(writer, "level", alert->level);
    utc(writer, "t_utc_ms", alert->raised_wall_ms);
    json_integer(writer, "tz_offset_min", about->state->config.tz_offset_min);
    utc(writer, "changed_utc_ms", alert->changed_wall_ms);
}

static const char *actor_name(struct actor actor, const struct wearer_state *state)
{
    if (actor.kind == ACTOR_HUB)
        return "hub";
    if (actor.kind == ACTOR_DEVICE && actor.index < WEARER_DEVICES_MAX)
        return state->devices[actor.index].id;
    if (actor.kind == ACTOR_ACCOUNT && actor.index < state->config.caregivers_n)
        return state->config.caregivers[actor.index].account;
    return "former";
}

static void step(W, const struct alert *alert, enum alert_state state, const char *by,
                 int64_t after_ms)
{
    json_object(writer, NULL);
    state_name(writer, "state", state);
    utc(writer, "t_utc_ms", alert->raised_wall_ms + after_ms);
    json_string_if(writer, "by", by);
    json_object_end(writer);
}

/* Every transition with its time and who made it (rule book 5.2); not who raised it where that is
 * private: what no device said is an answer that failed to come (T1), so F01. */
static void history(W, const struct alert *alert, const struct wearer_state *state,
                    enum alert_audience audience)
{
    const char *const device =
        alert->slot < WEARER_DEVICES_MAX ? state->devices[alert->slot].id : "hub";
    static const uint8_t states[ALERT_STAMPS] = {[STAMP_SENT] = ALERT_SENT,
                                                 [STAMP_DELIVERED] = ALERT_DELIVERED,
                                                 [STAMP_SEEN] = ALERT_SEEN,
                                                 [STAMP_ACCEPTED] = ALERT_ACCEPTED};
    const int64_t raised_after_ms = (alert->raised_ns - alert->found_ns) / 1000000;
    json_array(writer, "history");
    step(writer, alert, ALERT_RAISED, may_tell(alert, audience) ? device : "", raised_after_ms);
    for (int i = 0; i < ALERT_STAMPS; i++) {
        const struct alert_stamp *stamp = &alert->stamps[i];
        if (stamp->after_ms < 0)
            continue;
        step(writer, alert, (enum alert_state)(i == STAMP_ENDED ? alert->state : states[i]),
             actor_name(stamp->actor, state), raised_after_ms + stamp->after_ms);
    }
    json_array_end(writer);
}

static void accounts(W, const char *key, uint8_t mask, const struct wearer_state *state)
{
    json_array(writer, key);
    for (int i = 0; i < state->config.caregivers_n; i++) {
        if ((mask >> i & 1) != 0)
            json_string(writer, NULL, state->config.caregivers[i].account);
    }
    json_array_end(writer);
}

/* What every screen of the home shows while the local alarm sounds. */
static void local_alarm(W, const struct alert *alert, const struct alert_about *about)
{
    char text[TEXT_BYTES_MAX + 1];
    json_bool(writer, "local_alarm", alert->alarm);
    if (!alert->alarm)
        return;
    const struct text_values values = {.emergency_number = about->emergency_number};
    const enum text id = alerting_alarm_text(alert, alert->told == 0);
    texts_fill(id, locale_or_english(about->state->config.locale), &values, text, sizeof(text));
    json_string(writer, "text", text);
}

static const char *answer_name(enum pain_answer answer)
{
    switch (answer) {
    case ANSWERED_YES:
        return "yes";
    case ANSWERED_NO:
        return "no";
    case ANSWERED_SILENT:
        return "no_answer";
    case ANSWERED_NOT:
        break;
    }
    return "";
}

/* Why it was raised: what was measured, beside what, over how long, seen by what. */
static void evidence(W, const struct alert *alert, const struct wearer_state *state)
{
    const struct alert_evidence *evidence = &alert->evidence;
    char rules[RULE_SET_VERSION_SIZE];
    rule_set_version(rules);
    json_string(writer, "rule_set_version", rules);
    if (alert->text != TEXT_NONE)
        json_string(writer, "text_id", text_name((enum text)alert->text));
    json_number(writer, "value", (double)alert->value, 2);
    json_number(writer, "threshold", (double)alert->threshold, 2);
    json_number(writer, "baseline", (double)evidence->baseline, 2);
    if (evidence->duration_s > 0)
        json_number(writer, "d_s", (double)evidence->duration_s, 1);
    json_string_if(writer, "context", record_context_name(evidence->context));
    record_devices(writer, "devices", evidence->devices);
    json_array(writer, "stale");
    for (int i = 0; i < WEARER_DEVICES_MAX; i++) {
        if ((evidence->stale >> i & 1) != 0)
            json_string(writer, NULL, state->devices[i].id);
    }
    json_array_end(writer);
    if (evidence->dropped_gates != 0)
        json_integer(writer, "dropped_gates", evidence->dropped_gates);
    if (evidence->question == QUESTION_NONE)
        return;
    json_string(writer, "question_id", question_info((enum question)evidence->question)->id);
    json_string_if(writer, "answer", answer_name((enum pain_answer)evidence->answer));
}

/* Its first raise: later it may have become a more urgent finding's. */
static int64_t first_raise_ms(const struct alert *alert)
{
    return alert->raised_wall_ms + (alert->raised_ns - alert->found_ns) / 1000000 -
           alert->evidence.first_before_s * INT64_C(1000);
}

static int64_t after_raise_ms(const struct alert *alert, uint16_t after_s)
{
    return first_raise_ms(alert) + after_s * INT64_C(1000);
}

/* When each account was told first. */
static void told_at(W, const struct alert *alert, const struct wearer_state *state)
{
    json_array(writer, "told_at");
    for (int i = 0; i < state->config.caregivers_n; i++) {
        const uint16_t after_s = alert->evidence.told_after_s[i];
        if ((alert->told >> i & 1) == 0 || after_s == ALERT_TOLD_NOT)
            continue;
        json_object(writer, NULL);
        json_string(writer, "account", state->config.caregivers[i].account);
        if (after_s != ALERT_TOLD_LAST)
            utc(writer, "t_utc_ms", after_raise_ms(alert, after_s));
        json_object_end(writer);
    }
    json_array_end(writer);
}

static void times(W, const struct alert *alert)
{
    const struct alert_evidence *evidence = &alert->evidence;
    if (evidence->alarm_after_s < ALERT_TOLD_LAST)
        utc(writer, "local_alarm_utc_ms", after_raise_ms(alert, evidence->alarm_after_s));
    if (evidence->first_before_s != 0)
        utc(writer, "first_raised_utc_ms", first_raise_ms(alert));
}

/* What the wearer's own device did with it. */
static void shown(W, const struct alert *alert)
{
    const struct alert_evidence *evidence = &alert->evidence;
    json_string_if(writer, "shown", record_feedback_name(evidence->shown));
    if (evidence->shown_after_s < ALERT_TOLD_LAST)
        utc(writer, "shown_utc_ms", after_raise_ms(alert, evidence->shown_after_s));
    json_integer(writer, "said_again_n", alert->said_n);
    json_bool(writer, "answered", alert->answered);
}

size_t alert_json(const struct alert *alert, const struct alert_about *about,
                  enum alert_audience audience, char *out, size_t size)
{
    struct json_writer state, *writer = &state;
    json_begin(writer, out, size);
    json_object(writer, NULL);
    body(writer, alert, about, audience);
    if (may_tell(alert, audience))
        evidence(writer, alert, about->state);
    shown(writer, alert);
    json_integer(writer, "sends_n", alert->sends_n);
    json_string_if(writer, "accepted_by", alert->accepted_by);
    local_alarm(writer, alert, about);
    times(writer, alert);
    accounts(writer, "told", alert->told, about->state);
    told_at(writer, alert, about->state);
    accounts(writer, "delivered_to", alert->delivered, about->state);
    accounts(writer, "seen_by", alert->seen, about->state);
    history(writer, alert, about->state, audience);
    json_object_end(writer);
    return json_end(writer);
}

void notice_text(const struct alert *alert, const struct wearer_state *state, bool late, char *out,
                 size_t size)
{
    char time[8];
    page_minute(alert->raised_wall_ms, state->config.tz_offset_min, time, sizeof(time));
    const struct text_values values = {.name = state->config.display_name, .time = time};
    texts_notice(alert, late, locale_or_english(state->config.locale), &values, out, size);
}

size_t notice_json(const struct alert *alert, const struct alert_about *about, bool resend,
                   bool late, char *out, size_t size)
{
    struct json_writer state, *writer = &state;
    char text[TEXT_BYTES_MAX + 1];
    notice_text(alert, about->state, late, text, sizeof(text));
    json_begin(writer, out, size);
    json_object(writer, NULL);
    body(writer, alert, about, ALERT_FOR_OTHERS);
    json_string_if(writer, "name", about->name);
    json_string(writer, "text", text);
    json_bool(writer, "resend", resend);
    json_bool(writer, "late", late);
    json_object_end(writer);
    return json_end(writer);
}
