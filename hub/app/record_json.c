#include "hub/app/record_json.h"

#include <math.h>

#include "hub/app/plan_json.h"
#include "hub/app/record_names.h"
#include "hub/app/record_parts.h"
#include "hub/app/record_rules.h"
#include "hub/app/rule_set.h"
#include "hub/app/texts.h"

#define W struct json_writer *writer

void record_seconds(W, const char *key, double value)
{
    json_number(writer, key, value, 2);
}

void record_count(W, const char *key, int value)
{
    if (value >= 0)
        json_integer(writer, key, value);
}

void record_utc(W, const char *key, int64_t at_utc_ms)
{
    if (at_utc_ms != 0)
        json_integer(writer, key, at_utc_ms);
}

void record_devices(W, const char *key, unsigned devices)
{
    static const char *const names[] = {"left_insole", "right_insole", "wrist", "treadmill"};
    if (devices == 0)
        return;
    json_array(writer, key);
    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if ((devices >> i & 1) != 0)
            json_string(writer, NULL, names[i]);
    }
    json_array_end(writer);
}

/* Rule book 6, enum mode: what can be told from whose speed it was, and what was said of the place.
 */
static const char *mode_of(const struct session *session, const struct wearer_state *wearer)
{
    if (session->belt_speed.n > 0)
        return session_mixed(session) ? "mixed" : "treadmill";
    if (session->amounts_source < SESSION_WRIST)
        return "unknown";
    const struct programme_ground *ground = wearer == NULL ? NULL : &wearer->programme.walk.ground;
    const bool in = ground != NULL && (ground->outdoors == STRIDE__V1__ANSWER__ANSWER_NO ||
                                       ground->surface == PLAN_FLOOR);
    return in ? "indoor" : "overground";
}

static void identity(W, const struct session *session, const struct record_context *context)
{
    char rules[RULE_SET_VERSION_SIZE];
    json_string(writer, "session_id", session->id);
    json_string(writer, "wearer_id", context->wearer_id);
    json_integer(writer, "schema_version", RECORD_SCHEMA_VERSION);
    rule_set_version(rules);
    json_string(writer, "rule_set_version", rules);
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
    json_string(writer, "mode", mode_of(session, context->wearer));
    json_string_if(writer, "contact_threshold", record_threshold_name(session->contact_threshold));
    json_number(writer, "body_weight_n", (double)session->weight_n, 0);
    json_string(writer, "body_weight_source", record_weight_name(session->weight_source));
}

/* M23: rests that are meant are no part of it. */
static void dally(W, double duration_s, double rest_s, double planned_s)
{
    const double meant_s = fmin(planned_s, rest_s);
    if (duration_s - meant_s > 0)
        json_number(writer, "dally_ratio", (rest_s - meant_s) / (duration_s - meant_s), 3);
}

static void amounts(W, const struct session *session)
{
    if (session->end_ns != 0) {
        const double duration_s = (double)(session->end_ns - session->start_ns) / 1e9;
        record_seconds(writer, "duration_s", duration_s);
        const double rest_s = fmax(0, duration_s - session->walk_s);
        record_seconds(writer, "rest_s", rest_s);
        dally(writer, duration_s, rest_s, (double)session->planned_rest_s);
    }
    record_seconds(writer, "walk_s", session->walk_s);
    record_seconds(writer, "longest_bout_s", session->longest_bout_s);
    record_seconds(writer, "longest_stand_s", (double)session->longest_stand_s);
    if (session->amounts_source >= SESSION_WRIST)
        json_integer(writer, "steps", session->steps_n);
    if (session->amounts_source == SESSION_FEET)
        json_integer(writer, "loading_cycles", session->loading_cycles_n);
    json_string_if(writer, "amounts_source", record_source_name(session->amounts_source));
    json_number(writer, "distance_m", session->distance_m, 1);
    json_string_if(writer, "distance_source", record_speed_source(session));
    json_number(writer, "ascent_m", session_ascent_m(session), 1);
    if (session->incline.n > 0)
        json_number(writer, "incline_mean_pct", 100 * moments_mean(&session->incline), 2);
    static const char *const kinds[] = {
        [REST_UNKNOWN] = "", [REST_STAND] = "stand", [REST_SIT] = "sit", [REST_LEAN] = "lean"};
    json_array(writer, "rest_stops");
    for (int i = 0; i < session->rests_n; i++) {
        json_object(writer, NULL);
        record_seconds(writer, "t_s", (double)session->rests[i].t_s);
        record_seconds(writer, "dur_s", (double)session->rests[i].duration_s);
        json_string_if(writer, "kind", kinds[session->rest_kinds[i]]);
        json_object_end(writer);
    }
    json_array_end(writer);
    if (session->rests_dropped_n > 0)
        json_integer(writer, "rest_stops_dropped_n", session->rests_dropped_n);
}

static void one_device(W, const struct session_device *device)
{
    json_object(writer, NULL);
    json_string(writer, "id", device->id);
    json_string_if(writer, "kind", record_kind_name(device->kind));
    json_string_if(writer, "side", record_side_name(device->side));
    json_string_if(writer, "fw", device->firmware);
    record_count(writer, "battery_start_pct", device->battery_start_pct);
    record_count(writer, "battery_end_pct", device->battery_end_pct);
    json_number(writer, "fresh_pct", (double)device->fresh_pct, 1);
    record_seconds(writer, "fresh_s", device->fresh_s);
    json_integer(writer, "gaps_n", device->gaps_n);
    json_integer(writer, "lost_frames_n", device->lost_frames_n);
    record_utc(writer, "calib_utc_ms", (int64_t)device->calibrated_utc_s * 1000);
    if (device->dead_cells != 0) {
        json_array(writer, "dead_cells");
        for (int cell = 0; cell < 32; cell++) {
            if ((device->dead_cells >> cell & 1) != 0)
                json_integer(writer, NULL, cell);
        }
        json_array_end(writer);
    }
    json_object_end(writer);
}

/* How much of the walk was seen by what its amounts rest on: the mean of these devices. */
static double quality(const struct session *session)
{
    static const uint8_t kinds[] = {
        [SESSION_BELT] = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL,
        [SESSION_WRIST] = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST,
        [SESSION_FEET] = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE,
    };
    struct moments fresh = {0};
    for (int i = 0; i < WEARER_DEVICES_MAX; i++) {
        const struct session_device *device = &session->devices[i];
        if (device->id[0] != '\0' && device->kind == kinds[session->amounts_source] &&
            session->amounts_source != SESSION_NO_SOURCE)
            moments_add(&fresh, (double)device->fresh_pct / 100);
    }
    return moments_mean(&fresh);
}

static void one_rule(W, const struct session *session, enum rule rule)
{
    const enum rule_absence why = session_rule_absence(session, rule);
    const double evaluated_s = session_rule_evaluated_s(session, rule);
    json_object(writer, rule_name(rule));
    json_number(writer, "evaluated_s", evaluated_s, 0);
    if (session->walk_s > 0)
        json_number(writer, "coverage_pct", fmin(100, 100 * evaluated_s / session->walk_s), 1);
    if (why == RULE_NO_DEVICE)
        json_string(writer, "not_evaluated_because", record_rule_needs(rule_name(rule)));
    else if (why != RULE_EVALUATED)
        json_string(writer, "not_evaluated_because", record_absence_words((int)why));
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
    json_number(writer, "quality_0_1", quality(session), 3);
    json_object(writer, "coverage");
    for (int rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        /* What goes by the programme has no share of the walking time. */
        if (rule_is((uint8_t)rule, RULE_BUILT) && !rule_is((uint8_t)rule, RULE_OWN_PACE))
            one_rule(writer, session, (enum rule)rule);
    }
    json_object_end(writer);
    record_metrics(writer, session);
}

size_t record_json(const struct session *session, const struct record_context *context, char *out,
                   size_t size)
{
    struct json_writer state, *writer = &state;
    char disclaimer[TEXTS_DISCLAIMER_SIZE];
    json_begin(writer, out, size);
    json_object(writer, NULL);
    identity(writer, session, context);
    amounts(writer, session);
    record_speed(writer, session);
    record_gait(writer, session);
    record_heart(writer, session);
    record_pain(writer, session, context);
    if (context->wearer != NULL) {
        plan_json_walk(writer, &context->wearer->programme);
        plan_json_ground(writer, &context->wearer->programme, session);
        plan_json_shoe(writer, context->wearer, session);
        plan_json_sums(writer, &context->wearer->programme, &context->wearer->params,
                       context->published);
    }
    record_alerts(writer, session, context);
    coverage(writer, session);
    texts_disclaimer(context->locale, context->emergency_number, context->helpline, disclaimer,
                     sizeof(disclaimer));
    json_string(writer, "disclaimer", disclaimer);
    json_object_end(writer);
    return json_end(writer);
}
