/* What was said and what became of it, as part of the record. */
#include "hub/app/record_names.h"
#include "hub/app/record_parts.h"
#include "hub/core/ident.h"
#include "hub/core/rule_table.h"

#define W struct json_writer *writer

/* What a person did with it, in the words of rule book 6. */
static const char *ack_name(enum alert_state state)
{
    static const char *const names[ALERT_STATES] = {
        [ALERT_NONE] = "none",         [ALERT_RAISED] = "none",
        [ALERT_SENT] = "none",         [ALERT_DELIVERED] = "none",
        [ALERT_SEEN] = "seen",         [ALERT_ACCEPTED] = "accepted",
        [ALERT_RESOLVED] = "accepted", [ALERT_CANCELLED] = "cancelled",
        [ALERT_EXPIRED] = "none"};
    return names[state];
}

static void channels(W, unsigned channels)
{
    static const char *const names[] = {"wrist", "treadmill", "caregiver"};
    if (channels == 0)
        return;
    json_array(writer, "channels");
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((channels >> i & 1) != 0)
            json_string(writer, NULL, names[i]);
    }
    json_array_end(writer);
}

/* Why it was said. */
static void evidence(W, const struct session_alert *alert)
{
    json_number(writer, "value", (double)alert->value, 2);
    json_number(writer, "threshold", (double)alert->threshold, 2);
    json_number(writer, "baseline", (double)alert->baseline, 2);
    json_number(writer, "d_s", (double)alert->duration_s, 1);
    json_string_if(writer, "context", record_context_name(alert->context));
    record_devices(writer, "devices", alert->devices);
}

/* Nothing at all of it leaves the home. */
static bool kept_home(const struct session_alert *alert, bool published)
{
    return published && rule_is(alert->rule, RULE_WEARER_ONLY);
}

/* Of a private rule that leaves the home: that there was something, how serious, and what was done.
 */
static void one_alert(W, const struct session_alert *alert, bool published)
{
    const bool hidden = published && rule_is(alert->rule, RULE_PRIVATE);
    json_object(writer, NULL);
    if (alert->id_kind != '\0') {
        char id[ID_SIZE];
        ident_short(id, alert->id_kind, alert->id);
        json_string(writer, "alert_id", id);
    }
    if (!hidden)
        json_string(writer, "rule_id", rule_name((enum rule)alert->rule));
    json_string(writer, "severity", record_severity_name(alert->severity));
    record_utc(writer, "t_utc_ms", alert->at_utc_ms);
    if (!hidden) {
        evidence(writer, alert);
        json_string(writer, "text_id", text_name((enum text)alert->text));
    }
    channels(writer, alert->channels);
    record_count(writer, "delivered_ms", alert->shown_after_ms);
    json_string_if(writer, "shown", record_feedback_name(alert->shown));
    if (alert->ack != ALERT_NONE) {
        json_string(writer, "state", alert_state_name((enum alert_state)alert->ack));
        json_string(writer, "ack", ack_name((enum alert_state)alert->ack));
    }
    record_count(writer, "ack_ms", alert->ack_after_ms);
    if (alert->suppression != SUPPRESSED_NOT)
        json_string(writer, "suppressed_reason",
                    suppression_name((enum suppression)alert->suppression));
    json_object_end(writer);
}

/* Of each rule that corrected: did its condition go away in this walk, after it had spoken? */
static void improved(W, const struct session *session, bool published)
{
    if (session->prompted == 0)
        return;
    json_object(writer, "improved_after_prompt");
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        if ((session->prompted >> rule & 1) != 0 &&
            !(published && rule_is((uint8_t)rule, RULE_PRIVATE)))
            json_bool(writer, rule_name((enum rule)rule), (session->improved >> rule & 1) != 0);
    }
    json_object_end(writer);
}

void record_alerts(W, const struct session *session, const struct record_context *context)
{
    json_array(writer, "alerts");
    uint32_t sent_n = session->prompts_sent, suppressed_n = session->prompts_suppressed;
    for (int i = 0; i < session->alerts_n; i++) {
        const struct session_alert *alert = &session->alerts[i];
        if (!kept_home(alert, context->published))
            one_alert(writer, alert, context->published);
        else if (alert->suppression == SUPPRESSED_NOT)
            sent_n--;
        else
            suppressed_n--;
    }
    json_array_end(writer);
    if (session->alerts_dropped_n > 0)
        json_integer(writer, "alerts_dropped_n", session->alerts_dropped_n);
    json_integer(writer, "prompts_sent", sent_n);
    json_integer(writer, "prompts_suppressed", suppressed_n);
    json_integer(writer, "praise_n", session->praise_n);
    improved(writer, session, context->published);
}
