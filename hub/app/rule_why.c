/* Everything about one rule, and what a wearer's state says of it. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hub/app/record_names.h"
#include "hub/app/rule_page_parts.h"
#include "hub/app/texts.h"

enum { INDENT = 14, METRICS_MAX = 3 };

/* What of a wearer's normal a rule rests on; the first stands with its findings. */
static const struct rule_metrics {
    enum rule rule;
    enum baseline_metric metrics[METRICS_MAX];
    int n;
} rule_metrics[] = {
    {RULE_R01, {BASELINE_FSA, BASELINE_LOADING_RATE}, 2},
    {RULE_R02, {BASELINE_SLH, BASELINE_DOUBLE_SUPPORT}, 2},
    {RULE_R03, {BASELINE_CADENCE}, 1},
    {RULE_R04, {BASELINE_FOREFOOT}, 1},
    {RULE_R07, {BASELINE_MEDIAL}, 1},
    {RULE_R08, {BASELINE_LOADING_RATE, BASELINE_IMPACT}, 2},
    {RULE_R11, {BASELINE_SI_STANCE, BASELINE_SI_STEP, BASELINE_SI_LOAD}, 3},
    {RULE_R12, {BASELINE_STRIDE_CV}, 1},
    {RULE_R13, {BASELINE_DOUBLE_SUPPORT, BASELINE_STRIDE_CV, BASELINE_CLEARANCE}, 3},
    {RULE_R14, {BASELINE_ARM_SWING}, 1},
    {RULE_R15, {BASELINE_CLEARANCE}, 1},
};

static const struct rule_metrics *metrics_of(enum rule rule)
{
    for (size_t i = 0; i < sizeof(rule_metrics) / sizeof(rule_metrics[0]); i++) {
        if (rule_metrics[i].rule == rule)
            return &rule_metrics[i];
    }
    return NULL;
}

/* ---------------------------------------------------------------- the rule */

static const char *reason_words(uint8_t reason)
{
    static const char *const words[COVERAGE_REASONS] = {
        [COVERAGE_COMPLETE] = "",
        [COVERAGE_NEEDS_INSOLE] = "needs an insole",
        [COVERAGE_NEEDS_BOTH_INSOLES] = "needs both insoles",
        [COVERAGE_NEEDS_WRIST] = "needs a wrist sensor",
        [COVERAGE_NEEDS_TREADMILL] = "needs a treadmill",
        [COVERAGE_NEEDS_DEVICE] = "needs any device",
        [COVERAGE_SPEED_BY_IMU] = "speed by the foot sensor",
        [COVERAGE_SPEED_CADENCE] = "by speed and cadence alone",
        [COVERAGE_ONE_SIDE] = "one side only",
        [COVERAGE_WRIST_STEPS] = "steps by the wrist",
        [COVERAGE_BELT_STEPS] = "steps by the belt",
        [COVERAGE_BY_TAP] = "asks on treadmill, insole or app",
        [COVERAGE_BY_DISPLAY] = "asks on the treadmill",
        [COVERAGE_REPORTS_ONLY] = "by answers alone",
        [COVERAGE_SENSORS_ONLY] = "without what the wrist adds",
        [COVERAGE_NO_IMPACT] = "asks, raises no alarm of its own",
        [COVERAGE_NO_UNLOADING] = "by free fall, impact and stillness",
        [COVERAGE_ONE_FOOT_LOADS] = "text only, no stop",
        [COVERAGE_INFO_ONLY] = "text only, no stop",
        [COVERAGE_GRIP] = "while the grips are held",
        [COVERAGE_LOG_ONLY] = "noted, not said",
    };
    return words[reason];
}

static void coverage_words(struct coverage coverage, char *out, size_t size)
{
    static const char *const levels[] = {"not evaluated", "degraded", "full"};
    const char *why = reason_words(coverage.reason);
    snprintf(out, size, "%s%s%s%s", levels[coverage.level], why[0] != '\0' ? " (" : "", why,
             why[0] != '\0' ? ")" : "");
}

/* The columns of rule book 2.2. */
static const struct {
    const char *name;
    unsigned devices;
} sets[] = {
    {"both insoles and wrist", COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE | COVERAGE_WRIST},
    {"both insoles", COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE},
    {"one insole and wrist", COVERAGE_LEFT_INSOLE | COVERAGE_WRIST},
    {"wrist", COVERAGE_WRIST},
    {"wrist and treadmill", COVERAGE_WRIST | COVERAGE_TREADMILL},
    {"treadmill", COVERAGE_TREADMILL},
};
enum { SETS = sizeof(sets) / sizeof(sets[0]) };

static void devices(enum rule rule, FILE *out)
{
    const enum coverage_family family = rule_facts_family(rule);
    const struct record_rule *entry = rule_page_name(rule);
    if (entry->id != NULL && entry->needs[0] != '\0')
        page_paragraph(out, "Devices", INDENT, entry->needs);
    else
        page_paragraph(out, "Devices", INDENT, "needs no sensor");
    for (int i = 0; family != COVERAGE_FAMILIES && i < SETS; i++) {
        char words[96];
        coverage_words(coverage_of(family, sets[i].devices), words, sizeof(words));
        fprintf(out, "%*s%-24s %s\n", INDENT, "", sets[i].name, words);
    }
}

/* The same for programs: names that stay. */
static void devices_json(struct json_writer *writer, enum rule rule)
{
    static const char *const levels[] = {"not_evaluated", "degraded", "full"};
    const enum coverage_family family = rule_facts_family(rule);
    json_array(writer, "devices");
    for (int i = 0; family != COVERAGE_FAMILIES && i < SETS; i++) {
        const struct coverage coverage = coverage_of(family, sets[i].devices);
        json_object(writer, NULL);
        json_string(writer, "set", sets[i].name);
        json_string(writer, "level", levels[coverage.level]);
        if (coverage.level != COVERAGE_FULL)
            json_string(writer, "reason",
                        coverage_reason_name((enum coverage_reason)coverage.reason));
        json_object_end(writer);
    }
    json_array_end(writer);
}

/* Texts whose name begins with the rule's, and its questions. */
static bool is_text_of(enum text text, enum rule rule)
{
    const char *at = text_name(text), *name = rule_name(rule);
    if (strncmp(at, "q_", 2) == 0)
        at += 2;
    for (; *name != '\0'; name++, at++) {
        if (tolower((unsigned char)*name) != *at)
            return false;
    }
    return *at == '_';
}

static void texts(enum rule rule, FILE *out)
{
    const char *label = "Says";
    for (int text = TEXT_NONE + 1; text < TEXT_COUNT; text++) {
        if (!is_text_of((enum text)text, rule))
            continue;
        page_paragraph(out, label, INDENT, texts_raw((enum text)text, LOCALE_EN));
        label = "";
    }
}

static void facts_of(enum rule rule, FILE *out)
{
    const struct rule_facts *facts = rule_facts_find(rule_name(rule));
    char words[96];
    if (facts == NULL)
        return;
    page_paragraph(out, "Looks at", INDENT, facts->looks_at);
    snprintf(words, sizeof(words), "%s: %s", facts->confidence,
             rule_page_confidence(facts->confidence));
    page_paragraph(out, "Confidence", INDENT, words);
    page_paragraph(out, "Evidence", INDENT, facts->evidence);
    if (facts->silent[0] != '\0')
        page_paragraph(out, "Silent", INDENT, facts->silent);
    if (rule_facts_unsigned(rule_name(rule)))
        page_paragraph(out, "Experimental", INDENT,
                       "no clinician has signed this rule off: do not rely on it alone");
}

void rule_page_why(const struct params *params, enum rule rule, FILE *out)
{
    const struct rule_info *info = rule_info(rule);
    char words[RULE_PAGE_SENTENCE], version[RULE_SET_VERSION_SIZE];
    fprintf(out, "%s  %s\n\n", rule_name(rule), rule_page_name(rule)->name);
    facts_of(rule, out);
    fprintf(out, "%-*s%s at most\n", INDENT, "Severity", record_severity_name(info->severity));
    rule_page_audience(rule, words);
    page_paragraph(out, "To", INDENT, words);
    rule_page_pace(rule, words);
    page_paragraph(out, "Pace", INDENT, words);
    rule_page_held_back(rule, words);
    page_paragraph(out, "Held back", INDENT, words);
    devices(rule, out);
    texts(rule, out);
    rule_set_version(version);
    snprintf(words, sizeof(words), "rule book %s; rule set %s%s", rule_name(rule), version,
             rule_is((uint8_t)rule, RULE_BUILT) ? "" : ", which does not evaluate it yet");
    page_paragraph(out, "Source", INDENT, words);
    fprintf(out, "\nThresholds: name, value, range, meaning\n");
    if (rule_page_thresholds(params, rule, out) == 0)
        fprintf(out, "   none of its own\n");
}

/* ---------------------------------------------------------------- a wearer */

static void usual(const struct wearer_state *wearer, enum baseline_metric metric, FILE *out)
{
    char words[512], label[32];
    int used = 0;
    for (int bin = 0; bin <= BASELINE_ANY_SPEED; bin++) {
        const bool any = bin == BASELINE_ANY_SPEED;
        /* Bins of 0.1 m/s from 0.3 m/s; their middle. */
        const float speed_mps = any ? NAN : 0.35F + 0.1F * (float)bin;
        const struct baseline_value value = baseline_get(&wearer->baseline, metric, speed_mps);
        if (value.source < BASELINE_OWN || used >= (int)sizeof(words) - 64)
            continue;
        used += snprintf(words + used, sizeof(words) - (size_t)used, "%s%.3g", used > 0 ? ", " : "",
                         (double)value.value);
        used += any ? snprintf(words + used, sizeof(words) - (size_t)used, " at any speed")
                    : snprintf(words + used, sizeof(words) - (size_t)used, " at %.1f m/s",
                               (double)speed_mps - 0.05);
    }
    snprintf(label, sizeof(label), "  %s", baseline_metric_name(metric));
    page_paragraph(out, label, INDENT + 7,
                   used > 0 ? words : "not learnt yet: it takes 200 steady strides");
}

static void device_line(const struct wearer_state *wearer, FILE *out)
{
    char words[512] = "";
    int used = 0;
    for (int i = 0; i < WEARER_DEVICES_MAX; i++) {
        const struct device_health *health = &wearer->health[i];
        if (!health->registered)
            continue;
        const bool stale = device_stale(&wearer->params, health, wearer->now_ns);
        used += snprintf(words + used, sizeof(words) - (size_t)used, "%s%s %s",
                         used > 0 ? ", " : "", wearer->devices[i].id, stale ? "silent" : "fresh");
    }
    page_paragraph(out, "Devices", INDENT, used > 0 ? words : "none is registered");
}

/* What speaks against the rule at this moment; "" = nothing. */
static void obstacle(const struct wearer_state *wearer, enum rule rule, char *out, size_t size)
{
    const enum coverage_family family = rule_facts_family(rule);
    out[0] = '\0';
    if (!rule_is((uint8_t)rule, RULE_BUILT)) {
        snprintf(out, size, "this version does not evaluate it");
        return;
    }
    if (family != COVERAGE_FAMILIES) {
        const struct coverage coverage = coverage_of(family, pipeline_devices(wearer));
        if (coverage.level == COVERAGE_NOT_EVALUATED) {
            snprintf(out, size, "%s", reason_words(coverage.reason));
            return;
        }
    }
    const enum rule_absence why = rules_absence(&wearer->rules, rule);
    if (why != RULE_EVALUATED)
        snprintf(out, size, "%s", record_absence_words((int)why));
}

static int64_t now_utc_ms(const struct wearer_state *wearer)
{
    return wearer->now_ns / 1000000 + wearer->wall_minus_mono_ms;
}

void rule_page_wearer(const struct wearer_state *wearer, enum rule rule, FILE *out)
{
    char when[32], why[96], words[192];
    page_date(now_utc_ms(wearer), wearer->config.tz_offset_min, when, sizeof(when));
    fprintf(out, "\nWalker %s, as of the last word of a device, %s local time\n",
            wearer->config.wearer, when);
    device_line(wearer, out);
    obstacle(wearer, rule, why, sizeof(why));
    snprintf(words, sizeof(words), "%s%s%s", why[0] == '\0' ? "yes" : "no: ", why,
             wearer->session.open ? "" : " (no walk is open)");
    page_paragraph(out, "Judged now", INDENT, words);
    const struct rule_voice *voice = &wearer->alerting.voices[rule];
    snprintf(words, sizeof(words), "%d time%s in this or the last walk", voice->said_n,
             voice->said_n == 1 ? "" : "s");
    page_paragraph(out, "Said", INDENT, words);
    const struct rule_metrics *metrics = metrics_of(rule);
    fprintf(out, "%-*s%s\n", INDENT, "Usual",
            metrics != NULL ? "for this walker, by speed"
                            : "this rule compares with nothing learnt");
    for (int i = 0; metrics != NULL && i < metrics->n; i++)
        usual(wearer, metrics->metrics[i], out);
}

static void wearer_json(struct json_writer *writer, const struct wearer_state *wearer,
                        enum rule rule)
{
    const struct rule_metrics *metrics = metrics_of(rule);
    char why[96];
    obstacle(wearer, rule, why, sizeof(why));
    json_object(writer, "wearer");
    json_string(writer, "wearer_id", wearer->config.wearer);
    json_integer(writer, "t_utc_ms", now_utc_ms(wearer));
    json_bool(writer, "could_be_judged", why[0] == '\0');
    json_string_if(writer, "why_not", why);
    json_array(writer, "baselines");
    for (int i = 0; metrics != NULL && i < metrics->n; i++) {
        for (int bin = 0; bin <= BASELINE_ANY_SPEED; bin++) {
            const float mps = bin == BASELINE_ANY_SPEED ? NAN : 0.35F + 0.1F * (float)bin;
            const struct baseline_value value =
                baseline_get(&wearer->baseline, metrics->metrics[i], mps);
            if (value.source < BASELINE_OWN)
                continue;
            json_object(writer, NULL);
            json_string(writer, "metric", baseline_metric_name(metrics->metrics[i]));
            json_number(writer, "speed_mps", (double)mps - 0.05, 1);
            json_number(writer, "value", (double)value.value, 4);
            json_number(writer, "mad", (double)value.mad, 4);
            json_object_end(writer);
        }
    }
    json_array_end(writer);
    json_object_end(writer);
}

bool rule_page_why_json(const struct params *params, enum rule rule,
                        const struct wearer_state *wearer, FILE *out)
{
    enum { SIZE = 64 * 1024 };
    char *text = malloc(SIZE), version[RULE_SET_VERSION_SIZE];
    if (text == NULL)
        return false;
    struct json_writer state, *writer = &state;
    rule_set_version(version);
    json_begin(writer, text, SIZE);
    json_object(writer, NULL);
    json_string(writer, "rule_set_version", version);
    rule_page_rule_json(writer, params, rule);
    devices_json(writer, rule);
    if (wearer != NULL)
        wearer_json(writer, wearer, rule);
    json_object_end(writer);
    const bool ok = json_end(writer) > 0 && fprintf(out, "%s\n", text) > 0;
    free(text);
    return ok;
}
