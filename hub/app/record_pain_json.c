/* Pain as part of the record (rule book 6). What is published to people with scope `daily_digest`
 * names no red flag and no question of one, since one of bowel, bladder or sex must not be told
 * from the others (5.8), and nothing of mood (C18); the home's own record does. */
#include <math.h>

#include "hub/app/record_names.h"
#include "hub/app/record_parts.h"

#define W struct json_writer *writer

static const char *red_flag_urgency(uint8_t urgency)
{
    static const char *const names[URGENCIES] = {"", "emergency", "same_day", "urgent"};
    return urgency < URGENCIES ? names[urgency] : "";
}

/* Of the newest alert of its rule in this walk; "" = none. */
static const char *ack_state(const struct session *session, uint8_t rule)
{
    for (unsigned i = session->alerts_n; i > 0; i--) {
        const struct session_alert *alert = &session->alerts[i - 1];
        if (alert->rule == rule && alert->ack != ALERT_NONE)
            return alert_state_name((enum alert_state)alert->ack);
    }
    return "";
}

static void red_flags(W, const struct session *session, const struct record_context *context)
{
    const struct pain_record *pain = context->pain;
    json_array(writer, "red_flags");
    for (unsigned i = 0; i < pain->red_flags_n; i++) {
        const struct red_flag *flag = &pain->red_flags[i];
        json_object(writer, NULL);
        if (!context->published) {
            json_string(writer, "id", rule_name((enum rule)flag->rule));
            json_string(writer, "question_id", question_info((enum question)flag->question)->id);
        }
        record_utc(writer, "t_utc_ms", flag->t_utc_ms);
        json_string_if(writer, "urgency", red_flag_urgency(flag->urgency));
        json_string_if(writer, "ack_state", ack_state(session, flag->rule));
        json_object_end(writer);
    }
    json_array_end(writer);
    if (pain->red_flags_dropped_n > 0)
        json_integer(writer, "red_flags_dropped_n", pain->red_flags_dropped_n);
}

typedef const char *name_fn(int value);

static void names_of(W, const char *key, unsigned bits, name_fn *name)
{
    if (bits == 0)
        return;
    json_array(writer, key);
    for (int i = 0; i < 8; i++) {
        if ((bits >> i & 1) != 0)
            json_string(writer, NULL, name(i));
    }
    json_array_end(writer);
}

/* P02's scale, 0 none to 5 foot, by its names. */
static void place(W, const char *key, int loc)
{
    if (loc >= 0)
        json_string_if(writer, key,
                       record_place_name(loc + STRIDE__V1__PAIN_PLACE__PAIN_PLACE_NONE));
}

/* Whether pain rose at all, of a walk in which it was told. */
static void rise(W, const struct session *session, const struct pain_record *pain)
{
    if (pain->start < 0 && pain->loc_start < 0)
        return;
    json_number(writer, "rise_at_s", (double)pain->rise_at_s, 1);
    json_number(writer, "rise_at_m", (double)pain->rise_at_m, 1);
    if (!session->open)
        json_bool(writer, "censored", isnan(pain->rise_at_s));
}

/* C18: that somebody feels low is never sent to others. */
static bool of_mood(const struct session_report *report)
{
    return report->button == STRIDE__V1__BUTTON__BUTTON_LOW;
}

static void reported(W, const struct session *session, bool published)
{
    json_array(writer, "reports");
    for (int i = 0; i < session->reports_n; i++) {
        const struct session_report *report = &session->reports[i];
        if (published && of_mood(report))
            continue;
        json_object(writer, NULL);
        record_seconds(writer, "t_s", (double)report->t_s);
        json_number(writer, "dist_m", (double)report->dist_m, 1);
        record_count(writer, "nrs", report->nrs);
        json_string_if(writer, "loc", record_place_name(report->place));
        json_string_if(writer, "side", record_side_name(report->side));
        json_string_if(writer, "quality", record_quality_name(report->quality));
        json_string_if(writer, "button", record_button_name(report->button));
        json_string_if(writer, "symptom", record_symptom_name(report->symptom));
        json_string_if(writer, "source",
                       report->slot < WEARER_DEVICES_MAX ? session->devices[report->slot].id
                                                         : "account");
        json_object_end(writer);
    }
    json_array_end(writer);
    if (session->reports_dropped_n > 0)
        json_integer(writer, "reports_dropped_n", session->reports_dropped_n);
}

/* Of a walk whose stage `pain` is not at hand: what the reports alone tell. */
static void told(W, const struct session *session)
{
    record_count(writer, "pain_start", session->pain_start);
    record_count(writer, "pain_end", session->pain_end);
    record_count(writer, "pain_peak", session->pain_peak);
    if (session->pain_start >= 0 && session->pain_end >= 0)
        json_integer(writer, "pain_delta", session->pain_end - session->pain_start);
    json_string_if(writer, "loc_start", record_place_name(session->place_start));
    json_string_if(writer, "loc_end", record_place_name(session->place_end));
    json_string_if(writer, "loc_most_distal", record_place_name(session->place_most_distal));
}

static void known(W, const struct session *session, const struct pain_record *pain)
{
    record_count(writer, "pain_start", pain->start);
    record_count(writer, "pain_end", pain->end);
    record_count(writer, "pain_peak", pain->peak);
    if (pain->start >= 0 && pain->end >= 0)
        json_integer(writer, "pain_delta", pain->end - pain->start);
    place(writer, "loc_start", pain->loc_start);
    place(writer, "loc_end", pain->loc_end);
    place(writer, "loc_most_distal", pain->loc_most_distal);
    if (pain->loc_most_distal == 0)
        json_string(writer, "side", "none");
    else if (pain->loc_most_distal > 0)
        json_string_if(writer, "side", record_side_name(pain->side));
    if (pain->loc_start >= 0 && pain->loc_end >= 0)
        json_bool(writer, "centralising", pain->centralising);
    names_of(writer, "quality", pain->qualities, record_quality_name);
    names_of(writer, "aggravator", pain->aggravators, record_aggravator_name);
    rise(writer, session, pain);
    json_string_if(writer, "relief_posture", record_relief_name(pain->relief_posture));
    if (pain->p05_score > 0)
        json_integer(writer, "p05_score", pain->p05_score);
    record_count(writer, "fear_0_10", pain->fear);
    record_count(writer, "effort_rpe", pain->effort);
    record_count(writer, "next_morning_nrs", pain->next_morning);
    json_integer(writer, "pain_asked_n", pain->asked_n);
    json_integer(writer, "pain_no_answer_n", pain->no_answer_n);
}

static void answer(W, const char *key, uint8_t said)
{
    if (said != STRIDE__V1__ANSWER__ANSWER_UNKNOWN)
        json_bool(writer, key, said == STRIDE__V1__ANSWER__ANSWER_YES);
}

/* What somebody wrote is the home's own: it may speak of anything (5.8). */
static void feeling(W, const struct session *session, bool published)
{
    if (!published && session->mood_pre > 0)
        json_integer(writer, "mood_pre", session->mood_pre);
    if (!published && session->mood_post > 0)
        json_integer(writer, "mood_post", session->mood_post);
    if (!published)
        json_string_if(writer, "note_text", session->note);
    if (session->head_forward == 0 && session->shoulders_hunched == 0)
        return;
    json_object(writer, "posture_selfcheck");
    answer(writer, "head_forward", session->head_forward);
    answer(writer, "shoulders_hunched", session->shoulders_hunched);
    json_object_end(writer);
}

void record_pain(W, const struct session *session, const struct record_context *context)
{
    if (context->pain == NULL)
        told(writer, session);
    else
        known(writer, session, context->pain);
    reported(writer, session, context->published);
    if (context->pain != NULL)
        red_flags(writer, session, context);
    feeling(writer, session, context->published);
}
