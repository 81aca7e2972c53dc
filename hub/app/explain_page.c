/* The story on a page. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hub/app/explain.h"
#include "hub/app/explain_value.h"
#include "hub/app/page.h"
#include "hub/app/record_names.h"
#include "hub/app/record_rules.h"
#include "hub/app/rule_facts.h"
#include "hub/app/rule_page.h"
#include "hub/app/texts.h"
#include "hub/core/screen.h"

enum { INDENT = 14, TIMES = 11, WORDS = 512 };

static bool empty(const char *text)
{
    return text[0] == '\0';
}

static const char *rule_words(const struct explain *explain)
{
    const struct rule_facts *facts = rule_facts_find(explain->rule);
    return facts != NULL ? facts->looks_at : "";
}

/* ---------------------------------------------------------------- the head */

static void head(const struct explain *explain, FILE *out)
{
    char when[32], said[TEXT_BYTES_MAX + 1], words[WORDS];
    const struct text_values values = {.emergency_number = explain->emergency_number};
    const enum text text = text_find(explain->text_id);
    page_date(explain->at_utc_ms, explain->tz_offset_min, when, sizeof(when));
    fprintf(out, "%s %s\n\n", explain->alert ? "ALERT" : "PROMPT", explain->id);
    snprintf(words, sizeof(words), "%s %s: %s%s%s", explain->rule, record_rule_title(explain->rule),
             explain->severity, empty(explain->urgency) ? "" : ", ", explain->urgency);
    for (char *c = words; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    page_paragraph(out, "Rule", INDENT, words);
    page_paragraph(out, "Walker", INDENT, explain->wearer);
    snprintf(words, sizeof(words), "%s local time", when);
    page_paragraph(out, "When", INDENT, words);
    if (text != TEXT_COUNT && text != TEXT_NONE) {
        texts_fill(text, LOCALE_EN, &values, said, sizeof(said));
        snprintf(words, sizeof(words), "\"%s\"", said);
        page_paragraph(out, "Words", INDENT, words);
    }
    if (!empty(explain->held_back)) {
        snprintf(words, sizeof(words), "no: %s", record_held_back_words(explain->held_back));
        page_paragraph(out, "Said", INDENT, words);
    }
    if (!empty(explain->state))
        page_paragraph(out, "Now", INDENT, explain->state);
    if (explain->also_n == 0)
        return;
    snprintf(words, sizeof(words), "%s%s(%d): told, escalated and accepted with it", explain->also,
             empty(explain->also) ? "" : " ", explain->also_n);
    page_paragraph(out, "Also carries", INDENT, words);
}

/* ---------------------------------------------------------------- why */

/* Parameters without a unit are counts and shares: none is a time or an acceleration. */
static bool may_name(const struct param_info *param, const char *unit)
{
    const bool physical =
        strcmp(unit, "g") == 0 || strcmp(unit, "ms") == 0 || strcmp(unit, "s") == 0;
    return !physical || strcmp(param->unit, unit) == 0;
}

/* The rule's parameter that has the threshold's value: its name and unit. */
static const struct param_info *threshold_of(const struct explain *explain)
{
    const enum rule rule = rule_page_find(explain->rule);
    const char *unit = explain_unit(explain->rule, explain->text_id);
    for (unsigned param = 0; rule != RULE_NONE && param < PARAM_COUNT; param++) {
        if (rule_facts_of_param((enum param)param) == rule &&
            may_name(param_info((enum param)param), unit) &&
            fabs(explain->params->value[param] - explain->threshold) < 0.005)
            return param_info((enum param)param);
    }
    return NULL;
}

/* What was asked and answered, with what, and when: a red flag of an answer has no other measure
 * (rule book 3.3). */
static void answered(const struct explain *explain, FILE *out)
{
    const enum question question = question_find(explain->question);
    const bool silent = strcmp(explain->answer, "no_answer") == 0;
    const bool hub = strcmp(explain->raised_by, "hub") == 0;
    char said[TEXT_BYTES_MAX + 1], at[16], words[WORDS];
    if (question == QUESTION_NONE)
        return;
    const struct text_values values = {.emergency_number = explain->emergency_number};
    texts_fill((enum text)question_info(question)->text, LOCALE_EN, &values, said, sizeof(said));
    snprintf(words, sizeof(words), "\"%s\" (%s)", said, explain->question);
    page_paragraph(out, "Asked", INDENT, words);
    page_clock(explain->raised_utc_ms, explain->tz_offset_min, at, sizeof(at));
    if (silent)
        snprintf(words, sizeof(words), "no answer came until %s", at);
    else
        snprintf(words, sizeof(words), "%s, %s%s at %s", explain->answer, hub ? "" : "on ",
                 hub ? "through an account" : explain->raised_by, at);
    page_paragraph(out, "Answered", INDENT, words);
}

static void measured(const struct explain *explain, FILE *out)
{
    const struct param_info *param = threshold_of(explain);
    char value[96], threshold[96], words[WORDS];
    explain_value(explain->rule, explain->text_id, explain->value, value, sizeof(value));
    explain_value(explain->rule, explain->text_id, explain->threshold, threshold,
                  sizeof(threshold));
    page_paragraph(out, "Looks at", INDENT, rule_words(explain));
    if (!isfinite(explain->value))
        snprintf(words, sizeof(words), "no figure stands for it");
    else if (isfinite(explain->threshold))
        snprintf(words, sizeof(words), "%s; the threshold is %s%s%s%s", value, threshold,
                 param != NULL ? " (" : "", param != NULL ? param->name : "",
                 param != NULL ? ")" : "");
    else
        snprintf(words, sizeof(words), "%s", value);
    answered(explain, out);
    if (isfinite(explain->value) || empty(explain->question))
        page_paragraph(out, "Measured", INDENT, words);
    if (isfinite(explain->baseline)) {
        explain_usual(explain->rule, explain->baseline, value, sizeof(value));
        snprintf(words, sizeof(words), "%s for this walker at this speed", value);
        page_paragraph(out, "Usual", INDENT, words);
    }
    if (explain->duration_s > 0) {
        page_span(explain->duration_s, value, sizeof(value));
        page_paragraph(out, "True for", INDENT, value);
    }
}

static const char *context_words(const char *context)
{
    static const struct {
        const char *name, *words;
    } all[] = {{"off_feet", "off the feet"},
               {"sit", "sitting"},
               {"stand", "standing"},
               {"walk", "walking"},
               {"walk_steady", "walking steadily"},
               {"stairs", "on stairs"},
               {"slope", "on a slope"},
               {"run", "running"},
               {"hands_fixed", "walking with the hands fixed"},
               {"call", "walking on a call"},
               {"carry", "carrying something"},
               {"treadmill", "walking on the treadmill"},
               {"wheels", "on wheels"},
               {"idle_unknown", "not seen to do anything known"}};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (strcmp(all[i].name, context) == 0)
            return all[i].words;
    }
    return context;
}

static void context(const struct explain *explain, FILE *out)
{
    char words[WORDS];
    if (!empty(explain->context))
        page_paragraph(out, "Walker was", INDENT, context_words(explain->context));
    page_paragraph(out, "Fresh", INDENT, empty(explain->devices) ? "no device" : explain->devices);
    if (explain->alert)
        page_paragraph(out, "Silent", INDENT, empty(explain->stale) ? "none" : explain->stale);
    if (explain->dropped_gates != 0) {
        snprintf(words, sizeof(words), "%s%s%s",
                 (explain->dropped_gates & RULE_GATE_SPEED) != 0 ? "speed " : "",
                 (explain->dropped_gates & RULE_GATE_PAIN) != 0 ? "pain " : "",
                 (explain->dropped_gates & RULE_GATE_PRESS) != 0 ? "how long the button was held"
                                                                 : "");
        page_paragraph(out, "Not known", INDENT, words);
    }
}

static void why(const struct explain *explain, FILE *out)
{
    const struct rule_facts *facts = rule_facts_find(explain->rule);
    char words[WORDS];
    fprintf(out, "\nWHY\n");
    measured(explain, out);
    context(explain, out);
    if (facts != NULL) {
        snprintf(words, sizeof(words), "%s: %s", facts->confidence, facts->evidence);
        page_paragraph(out, "Confidence", INDENT, words);
    }
    if (rule_facts_unsigned(explain->rule))
        page_paragraph(out, "Experimental", INDENT, "no clinician has signed this rule off");
    page_paragraph(out, "Rule set", INDENT, explain->rules);
}

/* ---------------------------------------------------------------- what happened */

static void story(const struct explain *explain, FILE *out)
{
    char at[16], label[24], words[WORDS];
    if (explain->events_n > 0)
        fprintf(out, "\nWHAT HAPPENED\n");
    for (int i = 0; i < explain->events_n; i++) {
        page_clock(explain->events[i].utc_ms, explain->tz_offset_min, at, sizeof(at));
        snprintf(label, sizeof(label), "  %s", at);
        page_paragraph(out, label, TIMES, explain->events[i].text);
    }
    if (!explain->alert)
        return;
    if (explain->sends_n == 0)
        snprintf(words, sizeof(words), "No caregiver was told.");
    else
        snprintf(words, sizeof(words),
                 "Messages went to caregivers in %d round%s; a repeated one is no step of the "
                 "ladder, which got to level %d.",
                 explain->sends_n, explain->sends_n == 1 ? "" : "s", explain->level);
    page_paragraph(out, "", TIMES, words);
    if (explain->said_again_n == 0)
        return;
    snprintf(words, sizeof(words), "The walker's devices said it %d time%s more.",
             explain->said_again_n, explain->said_again_n == 1 ? "" : "s");
    page_paragraph(out, "", TIMES, words);
}

static void around(const struct explain *explain, FILE *out)
{
    char at[16], label[24];
    fprintf(out, "\nOTHER PROMPTS, 10 MIN AROUND IT\n");
    if (explain->around_n == 0)
        fprintf(out, "%*snone is in the record of a walk\n", TIMES, "");
    for (int i = 0; i < explain->around_n; i++) {
        page_clock(explain->around[i].utc_ms, explain->tz_offset_min, at, sizeof(at));
        snprintf(label, sizeof(label), "  %s", at);
        page_paragraph(out, label, TIMES, explain->around[i].text);
    }
}

void explain_print(const struct explain *explain, FILE *out)
{
    head(explain, out);
    why(explain, out);
    story(explain, out);
    around(explain, out);
}

/* ---------------------------------------------------------------- JSON */

static void events_json(struct json_writer *writer, const char *key,
                        const struct explain_event *events, int n)
{
    json_array(writer, key);
    for (int i = 0; i < n; i++) {
        json_object(writer, NULL);
        json_integer(writer, "t_utc_ms", events[i].utc_ms);
        json_string(writer, "text", events[i].text);
        json_object_end(writer);
    }
    json_array_end(writer);
}

static void why_json(struct json_writer *writer, const struct explain *explain)
{
    const struct param_info *param = threshold_of(explain);
    const struct rule_facts *facts = rule_facts_find(explain->rule);
    json_string_if(writer, "rule_id", explain->rule);
    json_string_if(writer, "severity", explain->severity);
    json_string_if(writer, "text_id", explain->text_id);
    json_number(writer, "value", explain->value, 2);
    json_number(writer, "threshold", explain->threshold, 2);
    json_string_if(writer, "threshold_name", param != NULL ? param->name : "");
    json_string_if(writer, "unit", explain_unit(explain->rule, explain->text_id));
    json_string_if(writer, "question_id", explain->question);
    json_string_if(writer, "answer", explain->answer);
    json_number(writer, "baseline", explain->baseline, 2);
    json_number(writer, "d_s", explain->duration_s, 1);
    json_string_if(writer, "context", explain->context);
    json_string_if(writer, "suppressed_reason", explain->held_back);
    json_string_if(writer, "rule_set_version", explain->rules);
    if (facts != NULL) {
        json_string(writer, "confidence", facts->confidence);
        json_string(writer, "looks_at", facts->looks_at);
        json_string(writer, "evidence", facts->evidence);
    }
}

bool explain_print_json(const struct explain *explain, const char *row, FILE *out)
{
    enum { SIZE = 128 * 1024 };
    char *text = malloc(SIZE);
    if (text == NULL)
        return false;
    struct json_writer state, *writer = &state;
    json_begin(writer, text, SIZE);
    json_object(writer, NULL);
    json_string(writer, "alert_id", explain->id);
    json_string(writer, "wearer_id", explain->wearer);
    json_integer(writer, "t_utc_ms", explain->at_utc_ms);
    why_json(writer, explain);
    events_json(writer, "happened", explain->events, explain->events_n);
    events_json(writer, "around", explain->around, explain->around_n);
    json_object_end(writer);
    size_t size = json_end(writer);
    bool ok = size > 0;
    /* The row as it is stored, as a last member. */
    if (ok && row != NULL)
        ok = fprintf(out, "%.*s,\"row\":%s}\n", (int)(size - 1), text, row) > 0;
    else if (ok)
        ok = fprintf(out, "%s\n", text) > 0;
    free(text);
    return ok;
}
