#include "hub/app/record_json.h"

#include <ctype.h>
#include <math.h>

#include "hub/app/record_names.h"
#include "hub/app/texts.h"
#include "hub/io/json.h"

#define W struct json_writer *writer

static void seconds(W, const char *key, double value)
{
    json_number(writer, key, value, 2);
}

static void mean_sd(W, const char *key, const struct moments *moments, double scale, int decimals)
{
    if (moments->n == 0)
        return;
    json_object(writer, key);
    json_number(writer, "mean", scale * moments_mean(moments), decimals);
    json_number(writer, "sd", scale * moments_sd(moments), decimals);
    json_integer(writer, "n", moments->n);
    json_object_end(writer);
}

static void per_side(W, const char *key, const struct moments moments[FEET], int decimals)
{
    if (moments[FOOT_LEFT].n == 0 && moments[FOOT_RIGHT].n == 0)
        return;
    json_object(writer, key);
    mean_sd(writer, "L", &moments[FOOT_LEFT], 1, decimals);
    mean_sd(writer, "R", &moments[FOOT_RIGHT], 1, decimals);
    json_object_end(writer);
}

static void identity(W, const struct session *session, const struct record_context *context)
{
    json_string(writer, "session_id", session->id);
    json_string(writer, "wearer_id", context->wearer_id);
    json_integer(writer, "schema_version", RECORD_SCHEMA_VERSION);
    json_integer(writer, "rule_set_version", RECORD_RULE_SET_VERSION);
    json_string(writer, "hub_version", STRIDEHUB_VERSION);
    json_number(writer, "clock_speed", context->clock_speed, 2);
    json_integer(writer, "tz_offset_min", session->tz_offset_min);
    json_integer(writer, "start_utc_ms", session->start_utc_ms);
    if (session->end_utc_ms != 0)
        json_integer(writer, "end_utc_ms", session->end_utc_ms);
    json_number(writer, "clock_skew_max_ms", (double)session->clock_skew_max_ms, 1);
    if (session->end_reason != END_UNKNOWN)
        json_string(writer, "end_reason", end_reason_name((enum end_reason)session->end_reason));
    json_string_if(writer, "stage", session->stage);
    json_string(writer, "mode", session->belt_speed.n > 0 ? "treadmill" : "unknown");
}

static void amounts(W, const struct session *session)
{
    if (session->end_ns != 0) {
        const double duration_s = (double)(session->end_ns - session->start_ns) / 1e9;
        seconds(writer, "duration_s", duration_s);
        seconds(writer, "rest_s", duration_s > session->walk_s ? duration_s - session->walk_s : 0);
    }
    seconds(writer, "walk_s", session->walk_s);
    seconds(writer, "longest_bout_s", session->longest_bout_s);
    json_integer(writer, "steps", session->steps_n);
    json_integer(writer, "loading_cycles", session->loading_cycles_n);
    json_number(writer, "distance_m", session->distance_m, 1);
    if (session->incline.n > 0)
        json_number(writer, "incline_mean_pct", 100 * moments_mean(&session->incline), 2);
    json_array(writer, "rest_stops");
    for (int i = 0; i < session->rests_n; i++) {
        json_object(writer, NULL);
        seconds(writer, "t_s", (double)session->rests[i].t_s);
        seconds(writer, "dur_s", (double)session->rests[i].duration_s);
        json_object_end(writer);
    }
    json_array_end(writer);
    if (session->rests_dropped_n > 0)
        json_integer(writer, "rest_stops_dropped_n", session->rests_dropped_n);
}

static void gait(W, const struct session *session)
{
    json_number(writer, "v_mean", moments_mean(&session->speed), 3);
    json_number(writer, "belt_speed_sd", moments_sd(&session->belt_speed), 3);
    mean_sd(writer, "cadence_spm", &session->cadence, 1, 2);
    per_side(writer, "stride_time_s", session->stride_time, 4);
    per_side(writer, "step_time_s", session->step_time, 4);
    per_side(writer, "stance_pct", session->stance_pct, 2);
    per_side(writer, "swing_pct", session->swing_pct, 2);
    mean_sd(writer, "double_support_pct", &session->double_support_pct, 1, 2);
    mean_sd(writer, "stride_length_m", &session->stride_length, 1, 3);
    mean_sd(writer, "walk_ratio_m_per_spm", &session->walk_ratio, 1, 5);
    json_number(writer, "stride_cv_pct", moments_mean(&session->stride_cv), 2);
    json_number(writer, "si_stance_pct", moments_mean(&session->si_stance), 2);
    json_number(writer, "si_step_pct", moments_mean(&session->si_step), 2);
    json_number(writer, "si_load_pct", moments_mean(&session->si_load), 2);
    per_side(writer, "peak_force_n", session->peak_force, 1);
    json_object(writer, "strides_n");
    json_integer(writer, "L", session->strides_n[FOOT_LEFT]);
    json_integer(writer, "R", session->strides_n[FOOT_RIGHT]);
    json_object_end(writer);
    json_integer(writer, "steady_strides_n", session->steady_strides_n);
    json_integer(writer, "cv_outliers_n", session->cv_outliers_n);
}

static void nrs(W, const char *key, int value)
{
    if (value >= 0)
        json_integer(writer, key, value);
}

static void pain(W, const struct session *session)
{
    nrs(writer, "pain_start", session->pain_start);
    nrs(writer, "pain_end", session->pain_end);
    nrs(writer, "pain_peak", session->pain_peak);
    if (session->pain_start >= 0 && session->pain_end >= 0)
        json_integer(writer, "pain_delta", session->pain_end - session->pain_start);
    json_string_if(writer, "loc_start", record_place_name(session->place_start));
    json_string_if(writer, "loc_end", record_place_name(session->place_end));
    json_string_if(writer, "loc_most_distal", record_place_name(session->place_most_distal));
    json_array(writer, "reports");
    for (int i = 0; i < session->reports_n; i++) {
        const struct session_report *report = &session->reports[i];
        json_object(writer, NULL);
        seconds(writer, "t_s", (double)report->t_s);
        json_number(writer, "dist_m", (double)report->dist_m, 1);
        nrs(writer, "nrs", report->nrs);
        json_string_if(writer, "loc", record_place_name(report->place));
        json_string_if(writer, "side", record_side_name(report->side));
        json_string_if(writer, "quality", record_quality_name(report->quality));
        json_string_if(writer, "button", record_button_name(report->button));
        json_string_if(writer, "symptom", record_symptom_name(report->symptom));
        if (report->slot < WEARER_DEVICES_MAX)
            json_string_if(writer, "source", session->devices[report->slot].id);
        json_object_end(writer);
    }
    json_array_end(writer);
    if (session->reports_dropped_n > 0)
        json_integer(writer, "reports_dropped_n", session->reports_dropped_n);
    if (session->mood_pre > 0)
        json_integer(writer, "mood_pre", session->mood_pre);
    if (session->mood_post > 0)
        json_integer(writer, "mood_post", session->mood_post);
}

static void utc(W, const char *key, int64_t at_utc_ms)
{
    if (at_utc_ms != 0)
        json_integer(writer, key, at_utc_ms);
}

static void one_alert(W, const struct session_alert *alert)
{
    json_object(writer, NULL);
    json_string_if(writer, "alert_id", alert->id);
    json_string(writer, "rule_id", rule_name((enum rule)alert->rule));
    json_string(writer, "severity", record_severity_name(alert->severity));
    utc(writer, "t_utc_ms", alert->at_utc_ms);
    json_number(writer, "value", (double)alert->value, 2);
    json_number(writer, "threshold", (double)alert->threshold, 2);
    json_number(writer, "d_s", (double)alert->duration_s, 1);
    json_string(writer, "text_id", text_name((enum text)alert->text));
    if (alert->ack != ALERT_NONE)
        json_string(writer, "ack", alert_state_name((enum alert_state)alert->ack));
    utc(writer, "ack_utc_ms", alert->ack_utc_ms);
    json_string_if(writer, "shown", record_feedback_name(alert->shown));
    utc(writer, "shown_utc_ms", alert->shown_utc_ms);
    if (alert->suppression != SUPPRESSED_NOT)
        json_string(writer, "suppressed_reason",
                    suppression_name((enum suppression)alert->suppression));
    json_object_end(writer);
}

static void alerts(W, const struct session *session)
{
    json_array(writer, "alerts");
    for (int i = 0; i < session->alerts_n; i++)
        one_alert(writer, &session->alerts[i]);
    json_array_end(writer);
    if (session->alerts_dropped_n > 0)
        json_integer(writer, "alerts_dropped_n", session->alerts_dropped_n);
    json_integer(writer, "prompts_sent", session->prompts_sent);
    json_integer(writer, "prompts_suppressed", session->prompts_suppressed);
    json_integer(writer, "praise_n", session->praise_n);
}

static void one_device(W, const struct session_device *device)
{
    json_object(writer, NULL);
    json_string(writer, "id", device->id);
    json_string_if(writer, "kind", record_kind_name(device->kind));
    json_string_if(writer, "side", record_side_name(device->side));
    json_string_if(writer, "fw", device->firmware);
    nrs(writer, "battery_start_pct", device->battery_start_pct);
    nrs(writer, "battery_end_pct", device->battery_end_pct);
    json_number(writer, "fresh_pct", (double)device->fresh_pct, 1);
    seconds(writer, "fresh_s", device->fresh_s);
    json_integer(writer, "gaps_n", device->gaps_n);
    json_integer(writer, "lost_frames_n", device->lost_frames_n);
    json_object_end(writer);
}

static void coverage(W, const struct session *session)
{
    json_array(writer, "device");
    for (int i = 0; i < WEARER_DEVICES_MAX; i++) {
        if (session->devices[i].id[0] != '\0')
            one_device(writer, &session->devices[i]);
    }
    json_array_end(writer);
    json_object(writer, "coverage");
    for (int rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        const double evaluated_s = (double)session->rule_evaluated_s[rule];
        json_object(writer, rule_name((enum rule)rule));
        json_number(writer, "evaluated_s", evaluated_s, 1);
        if (session->walk_s > 0)
            json_number(writer, "coverage_pct", fmin(100, 100 * evaluated_s / session->walk_s), 1);
        if (session->rule_absence[rule] != RULE_EVALUATED)
            json_string(writer, "not_evaluated_because",
                        record_absence_name(session->rule_absence[rule]));
        json_object_end(writer);
    }
    json_object_end(writer);
}

size_t record_json(const struct session *session, const struct record_context *context, char *out,
                   size_t size)
{
    struct json_writer state, *writer = &state;
    char disclaimer[256];
    json_begin(writer, out, size);
    json_object(writer, NULL);
    identity(writer, session, context);
    amounts(writer, session);
    gait(writer, session);
    pain(writer, session);
    alerts(writer, session);
    coverage(writer, session);
    texts_disclaimer(LOCALE_EN, context->emergency_number, disclaimer, sizeof(disclaimer));
    json_string(writer, "disclaimer", disclaimer);
    json_object_end(writer);
    return json_end(writer);
}

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
        nrs(writer, "pain_nrs", live->pain_nrs);
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
    utc(writer, "t_utc_ms", alert->raised_wall_ms);
    utc(writer, "changed_utc_ms", alert->changed_wall_ms);
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
