/* What is told of now: the live view, alerts and notices. */
#include <ctype.h>
#include <math.h>

#include "hub/app/record_parts.h"
#include "hub/app/texts.h"

#define W struct json_writer *writer

size_t record_live_json(const struct effect_live *live, const char *wearer_id, int64_t at_wall_ms,
                        char *out, size_t size)
{
    struct json_writer state, *writer = &state;
    json_begin(writer, out, size);
    json_object(writer, NULL);
    json_string(writer, "wearer_id", wearer_id);
    json_integer(writer, "t_utc_ms", at_wall_ms);
    json_bool(writer, "session_open", live->session_open);
    json_bool(writer, "walking", live->walking);
    if (live->session_open) {
        json_number(writer, "duration_s", (double)live->session_s, 1);
        json_number(writer, "walk_s", (double)live->walk_s, 1);
        json_integer(writer, "steps", live->steps_n);
        json_number(writer, "distance_m", (double)live->distance_m, 1);
        record_count(writer, "pain_nrs", live->pain_nrs);
    }
    json_number(writer, "cadence_spm", (double)live->cadence_spm, 1);
    json_number(writer, "si_stance_pct", (double)live->si_stance_pct, 1);
    json_number(writer, "stride_cv_pct", (double)live->stride_cv_pct, 1);
    json_number(writer, "v", (double)live->speed_mps, 2);
    if (live->last_text != TEXT_NONE) {
        json_string(writer, "last_text_id", text_name((enum text)live->last_text));
        json_string(writer, "last_text", texts_raw((enum text)live->last_text, LOCALE_EN));
    }
    json_integer(writer, "alerts_open", live->alerts_open);
    json_object_end(writer);
    return json_end(writer);
}

static void alert_body(W, const struct alert *alert, const char *wearer_id)
{
    json_string(writer, "alert_id", alert->id);
    json_string(writer, "wearer_id", wearer_id);
    json_string(writer, "rule_id", rule_name((enum rule)alert->rule));
    json_string(writer, "severity", record_severity_name(alert->severity));
    /* In capitals, as rule book 5.2 writes the states of an alert. */
    char state[24];
    snprintf(state, sizeof(state), "%s", alert_state_name((enum alert_state)alert->state));
    for (char *c = state; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    json_string(writer, "state", state);
    json_integer(writer, "level", alert->level);
    record_utc(writer, "t_utc_ms", alert->raised_wall_ms);
    record_utc(writer, "changed_utc_ms", alert->changed_wall_ms);
    json_number(writer, "value", (double)alert->value, 2);
    json_number(writer, "threshold", (double)alert->threshold, 2);
}

size_t record_alert_json(const struct alert *alert, const char *wearer_id, const char *accepted_by,
                         char *out, size_t size)
{
    struct json_writer state, *writer = &state;
    json_begin(writer, out, size);
    json_object(writer, NULL);
    alert_body(writer, alert, wearer_id);
    json_integer(writer, "sends_n", alert->sends_n);
    json_string_if(writer, "accepted_by", accepted_by);
    json_object_end(writer);
    return json_end(writer);
}

size_t record_notice_json(const struct alert *alert, const char *wearer_id, const char *name,
                          bool resend, bool late, char *out, size_t size)
{
    struct json_writer state, *writer = &state;
    char text[256];
    const struct text_values values = {.name = name};
    texts_notice((enum rule)alert->rule, alert->state, late, LOCALE_EN, &values, text,
                 sizeof(text));
    json_begin(writer, out, size);
    json_object(writer, NULL);
    alert_body(writer, alert, wearer_id);
    json_string_if(writer, "name", name);
    json_string(writer, "text", text);
    json_bool(writer, "resend", resend);
    json_bool(writer, "late", late);
    json_object_end(writer);
    return json_end(writer);
}
