#include "hub/app/rule_page.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hub/app/alert_json.h"
#include "hub/app/rule_page_parts.h"

enum { INDENT = 3 };

enum rule rule_page_find(const char *name)
{
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        if (strcasecmp(rule_name((enum rule)rule), name) == 0)
            return (enum rule)rule;
    }
    return RULE_NONE;
}

const struct record_rule *rule_page_name(enum rule rule)
{
    return record_rule_find(rule_name(rule));
}

/* ---------------------------------------------------------------- in words */

static void caregivers(const struct rule_info *info, char *out, size_t size)
{
    static const char *const soon[URGENCIES] = {"", "at once", "the same day", "within a day"};
    switch ((enum rule_caregiver)info->caregiver) {
    case CAREGIVER_NONE:
        break;
    case CAREGIVER_DIGEST:
        snprintf(out, size, "; caregivers read of it in the daily digest");
        break;
    case CAREGIVER_ASKED:
        snprintf(out, size, "; caregivers %s, when it lasts or nobody answers",
                 soon[info->urgency]);
        break;
    case CAREGIVER_ALWAYS:
        snprintf(out, size, "; caregivers %s", soon[info->urgency]);
        break;
    }
}

void rule_page_audience(enum rule rule, char out[RULE_PAGE_SENTENCE])
{
    const struct rule_info *info = rule_info(rule);
    char others[80] = "";
    caregivers(info, others, sizeof(others));
    snprintf(out, RULE_PAGE_SENTENCE, "the walker%s%s",
             (info->audience & AUDIENCE_TREADMILL) != 0 ? " and the treadmill's display" : "",
             others);
}

/* What a rule's highest number is of. */
static const char *max_of(enum rule rule)
{
    static const char *const between_walks[RULE_COUNT] = {
        [RULE_C02] = "a reminder", [RULE_C12] = "a day"};
    return between_walks[rule] != NULL ? between_walks[rule] : "a walk";
}

void rule_page_pace(enum rule rule, char out[RULE_PAGE_SENTENCE])
{
    const struct rule_info *info = rule_info(rule);
    char span[32];
    page_span(info->refractory_s, span, sizeof(span));
    int used = info->refractory_s == RULE_REFRACTORY_SESSION
                   ? snprintf(out, RULE_PAGE_SENTENCE, "once a walk")
               : info->refractory_s > 0 ? snprintf(out, RULE_PAGE_SENTENCE, "again after %s", span)
                                        : snprintf(out, RULE_PAGE_SENTENCE, "whenever it is true");
    const bool once = info->refractory_s == RULE_REFRACTORY_SESSION;
    const size_t room = RULE_PAGE_SENTENCE - (size_t)used;
    if (info->max == 1 && info->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP)
        used += snprintf(out + used, room, ", one at a time");
    else if (info->max > 1 && once)
        used += snprintf(out + used, room, ", %d if it gets worse", info->max);
    else if (info->max > 0 && !once)
        used += snprintf(out + used, room, ", at most %d %s", info->max, max_of(rule));
    if (info->unsuppressible_from <= info->severity)
        snprintf(out + used, RULE_PAGE_SENTENCE - (size_t)used, "; nothing holds it back%s%s",
                 info->unsuppressible_from > STRIDE__V1__SEVERITY__SEVERITY_INFO ? " from " : "",
                 info->unsuppressible_from > STRIDE__V1__SEVERITY__SEVERITY_INFO
                     ? record_severity_name(info->unsuppressible_from)
                     : "");
}

/* Rule book 5.3 to 5.5, as stage 7 goes by them (hub/core/alert_check.c). A CAUTION and a STOP are
 * still felt in quiet hours, on a walk. */
void rule_page_held_back(enum rule rule, char out[RULE_PAGE_SENTENCE])
{
    const struct rule_info *info = rule_info(rule);
    const bool stop = info->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP;
    const bool partly = info->unsuppressible_from <= info->severity;
    if (info->unsuppressible_from <= STRIDE__V1__SEVERITY__SEVERITY_INFO) {
        snprintf(out, RULE_PAGE_SENTENCE, "by nothing: it is said whenever it is true");
        return;
    }
    int used = 0;
    if (partly)
        used = snprintf(out, RULE_PAGE_SENTENCE, "from %s on by nothing; below ",
                        record_severity_name(info->unsuppressible_from));
    else if (stop)
        used = snprintf(out, RULE_PAGE_SENTENCE, "as a stop by quiet hours and its pace; below ");
    /* Safety is no coaching from CAUTION on; nor, by finding.reply, what follows from a symptom
     * told. */
    const bool safety = rule_is((uint8_t)rule, RULE_SAFETY);
    const bool answers = info->severity >= STRIDE__V1__SEVERITY__SEVERITY_CAUTION &&
                         (info->flags & (RULE_TECHNICAL | RULE_BUDGETED | RULE_SAFETY)) == 0;
    snprintf(
        out + used, RULE_PAGE_SENTENCE - (size_t)used,
        "by an open stop or red flag, quiet hours, the gap after another prompt, its pace%s%s%s%s",
        rule_is((uint8_t)rule, RULE_TECHNICAL) ? "" : ", a missing consent to coaching, mutes",
        rule_is((uint8_t)rule, RULE_BUDGETED) ? " and the budgets of prompts" : "",
        rule_is((uint8_t)rule, RULE_CORRECTS)
            ? "; a tip on a walk by praise that is owed first (praise_first)"
            : "",
        safety    ? "; a caution not by consent, mutes and budgets"
        : answers ? "; an answer to a symptom not by night, consent and mutes"
                  : "");
}

const char *rule_page_confidence(const char *confidence)
{
    static const struct {
        char letter;
        const char *words;
    } all[] = {{'A', "trial or guideline"},
               {'B', "cohort, laboratory or normative data"},
               {'C', "plausible or contested"},
               {'E', "an engineering choice"}};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        if (all[i].letter == confidence[0])
            return all[i].words;
    }
    return "";
}

/* ---------------------------------------------------------------- the table */

static void threshold(const struct params *params, enum param param, enum rule rule, FILE *out)
{
    const struct param_info *info = param_info(param);
    char value[40], changed[48] = "", range[48], label[128], text[256], source[64];
    const double now = params->value[param];
    page_amount(now, info->unit, value, sizeof(value));
    if (now < info->def || now > info->def)
        snprintf(changed, sizeof(changed), "not the default %.6g: ", info->def);
    snprintf(range, sizeof(range), "%.6g to %.6g", info->min, info->max);
    snprintf(label, sizeof(label), "%*s%-21s %-13s %-12s ", INDENT, "", info->name, value, range);
    snprintf(source, sizeof(source), "rule book %s", rule == RULE_NONE ? "" : rule_name(rule));
    const bool own = rule != RULE_NONE && strcmp(source, info->source) == 0;
    snprintf(text, sizeof(text), "%s%s%s%s%s", changed, info->help, own ? "" : " (",
             own ? "" : info->source, own ? "" : ")");
    page_paragraph(out, label, INDENT + 49, text);
}

int rule_page_thresholds(const struct params *params, enum rule rule, FILE *out)
{
    int n = 0;
    for (unsigned param = 0; param < PARAM_COUNT; param++) {
        if (rule_facts_of_param((enum param)param) != rule)
            continue;
        threshold(params, (enum param)param, rule, out);
        n++;
    }
    return n;
}

static void one_rule(const struct params *params, enum rule rule, FILE *out)
{
    const struct rule_info *info = rule_info(rule);
    const struct record_rule *entry = rule_page_name(rule);
    const struct rule_facts *facts = rule_facts_find(rule_name(rule));
    char said[RULE_PAGE_SENTENCE], line[2 * RULE_PAGE_SENTENCE + 64];
    fprintf(out, "\n%-3s %-32s %-8s confidence %s%s\n", rule_name(rule),
            entry->id != NULL ? entry->name : "", record_severity_name(info->severity),
            facts != NULL ? facts->confidence : "-",
            rule_is((uint8_t)rule, RULE_BUILT) ? "" : "    not evaluated yet");
    rule_page_audience(rule, said);
    snprintf(line, sizeof(line), "to %s", said);
    page_paragraph(out, "", INDENT, line);
    rule_page_pace(rule, said);
    snprintf(line, sizeof(line), "%s%s%s", said,
             entry->id != NULL && entry->needs[0] != '\0' ? "; " : "",
             entry->id != NULL ? entry->needs : "");
    page_paragraph(out, "", INDENT, line);
    (void)rule_page_thresholds(params, rule, out);
}

/* In the rule book's order. */
static bool next_rule(const struct record_rule **entry, enum rule *rule)
{
    while ((*entry)->id != NULL) {
        *rule = rule_page_find((*entry)->id);
        (*entry)++;
        if (*rule != RULE_NONE)
            return true;
    }
    return false;
}

static unsigned built_n(void)
{
    unsigned n = 0;
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++)
        n += rule_is((uint8_t)rule, RULE_BUILT);
    return n;
}

void rule_page_table(const struct params *params, FILE *out)
{
    const struct record_rule *entry = record_rules;
    char version[RULE_SET_VERSION_SIZE];
    enum rule rule;
    rule_set_version(version);
    fprintf(out,
            "RULE SET %s: %d rules, %u of them evaluated by this version\n"
            "Severity is the highest a rule has. A threshold: name, value, range, meaning; its "
            "source is the\nrule's own place in the rule book unless another is named. "
            "`stridehub rules --why R11` says more.\n",
            version, RULE_COUNT - 1, built_n());
    while (next_rule(&entry, &rule))
        one_rule(params, rule, out);
    fprintf(out, "\nOF SEVERAL RULES\n");
    (void)rule_page_thresholds(params, RULE_NONE, out);
}

/* ---------------------------------------------------------------- csv */

static void csv_text(FILE *out, const char *text)
{
    fputs(",\"", out);
    for (; *text != '\0'; text++) {
        if (*text == '"')
            fputc('"', out);
        fputc(*text, out);
    }
    fputc('"', out);
}

static void csv_rule(FILE *out, enum rule rule)
{
    const struct rule_info *info = rule_info(rule);
    const struct record_rule *entry = rule_page_name(rule);
    const struct rule_facts *facts = rule_facts_find(rule_name(rule));
    fprintf(out, "%s", rule == RULE_NONE ? "" : rule_name(rule));
    csv_text(out, entry->id != NULL ? entry->name : "of several rules");
    if (rule == RULE_NONE) {
        fputs(",,,,,,,", out);
        return;
    }
    fprintf(out, ",%s,%s,%d", record_severity_name(info->severity),
            urgency_name((enum alert_urgency)info->urgency), rule_is((uint8_t)rule, RULE_BUILT));
    csv_text(out, entry->id != NULL ? entry->needs : "");
    if (info->refractory_s == RULE_REFRACTORY_SESSION)
        fputs(",session", out);
    else
        fprintf(out, ",%d", info->refractory_s);
    fprintf(out, ",%d,%s", info->max, facts != NULL ? facts->confidence : "");
}

static void csv_param(FILE *out, const struct params *params, enum param param)
{
    const struct param_info *info = param_info(param);
    fprintf(out, ",%s,%s,%.9g,%.9g,%.9g,%.9g", info->name, info->unit, info->min, info->max,
            info->def, params->value[param]);
    csv_text(out, info->source);
    csv_text(out, info->help);
    fputc('\n', out);
}

static void csv_rows(FILE *out, const struct params *params, enum rule rule)
{
    bool any = false;
    for (unsigned param = 0; param < PARAM_COUNT; param++) {
        if (rule_facts_of_param((enum param)param) != rule)
            continue;
        csv_rule(out, rule);
        csv_param(out, params, (enum param)param);
        any = true;
    }
    if (!any) {
        csv_rule(out, rule);
        fputs(",,,,,,,,\n", out);
    }
}

void rule_page_csv(const struct params *params, FILE *out)
{
    const struct record_rule *entry = record_rules;
    enum rule rule;
    fputs("rule,name,severity,urgency,evaluated,needs,refractory_s,max,confidence,"
          "param,unit,min,max_value,default,value,source,help\n",
          out);
    while (next_rule(&entry, &rule))
        csv_rows(out, params, rule);
    csv_rows(out, params, RULE_NONE);
}

/* ---------------------------------------------------------------- JSON */

void rule_page_params_json(struct json_writer *writer, const struct params *params, enum rule rule)
{
    json_array(writer, "params");
    for (unsigned param = 0; param < PARAM_COUNT; param++) {
        const struct param_info *info = param_info((enum param)param);
        if (rule_facts_of_param((enum param)param) != rule)
            continue;
        json_object(writer, NULL);
        json_string(writer, "name", info->name);
        json_string_if(writer, "unit", info->unit);
        json_number(writer, "min", info->min, 4);
        json_number(writer, "max", info->max, 4);
        json_number(writer, "default", info->def, 4);
        json_number(writer, "value", params->value[param], 4);
        json_string(writer, "source", info->source);
        json_string(writer, "help", info->help);
        json_object_end(writer);
    }
    json_array_end(writer);
}

void rule_page_rule_json(struct json_writer *writer, const struct params *params, enum rule rule)
{
    const struct rule_info *info = rule_info(rule);
    const struct record_rule *entry = rule_page_name(rule);
    const struct rule_facts *facts = rule_facts_find(rule_name(rule));
    char held_back[RULE_PAGE_SENTENCE];
    json_string(writer, "rule_id", rule_name(rule));
    json_string_if(writer, "name", entry->name);
    json_string(writer, "severity", record_severity_name(info->severity));
    json_string(writer, "urgency", urgency_name((enum alert_urgency)info->urgency));
    json_bool(writer, "evaluated", rule_is((uint8_t)rule, RULE_BUILT));
    json_string_if(writer, "needs", entry->needs);
    json_bool(writer, "to_treadmill", (info->audience & AUDIENCE_TREADMILL) != 0);
    if (info->refractory_s != RULE_REFRACTORY_SESSION)
        json_integer(writer, "refractory_s", info->refractory_s);
    json_bool(writer, "once_a_walk", info->refractory_s == RULE_REFRACTORY_SESSION);
    if (info->max > 0)
        json_integer(writer, "max_per_walk", info->max);
    if (facts != NULL) {
        json_string(writer, "confidence", facts->confidence);
        json_string(writer, "looks_at", facts->looks_at);
        json_string(writer, "evidence", facts->evidence);
        json_string_if(writer, "silent", facts->silent);
    }
    rule_page_held_back(rule, held_back);
    json_string(writer, "held_back", held_back);
    json_bool(writer, "needs_sign_off", rule_facts_unsigned(rule_name(rule)));
    rule_page_params_json(writer, params, rule);
}

bool rule_page_json(const struct params *params, FILE *out)
{
    enum { SIZE = 512 * 1024 };
    char *text = malloc(SIZE), version[RULE_SET_VERSION_SIZE];
    if (text == NULL)
        return false;
    struct json_writer state, *writer = &state;
    const struct record_rule *entry = record_rules;
    enum rule rule;
    rule_set_version(version);
    json_begin(writer, text, SIZE);
    json_object(writer, NULL);
    json_string(writer, "rule_set_version", version);
    json_array(writer, "rules");
    while (next_rule(&entry, &rule)) {
        json_object(writer, NULL);
        rule_page_rule_json(writer, params, rule);
        json_object_end(writer);
    }
    json_array_end(writer);
    json_object(writer, "of_several");
    rule_page_params_json(writer, params, RULE_NONE);
    json_object_end(writer);
    json_object_end(writer);
    const bool ok = json_end(writer) > 0 && fprintf(out, "%s\n", text) > 0;
    free(text);
    return ok;
}
