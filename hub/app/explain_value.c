#include "hub/app/explain_value.h"

#include <math.h>
#include <string.h>

#include "hub/app/page.h"
#include "hub/app/record_names.h"
#include "hub/app/rule_page.h"
#include "hub/core/rule_table.h"

/* The first row that fits: of one rule, those with a text come before the one without. */
static const struct {
    const char *rule, *text; /* text NULL = any */
    const char *unit;
} units[] = {
    {"R01", NULL, "times the usual walk ratio"},
    {"R02", "r02_summary", "walks in a row"},
    {"R02", NULL, "of 4 signs"},
    {"R03", NULL, "steps/min"},
    {"R04", NULL, "more of the load on the forefoot"},
    {"R05", NULL, "of the time looking at the wrist"},
    {"R06", NULL, "of the arm swing, or of the load more on the forefoot"},
    {"R07", "r07_arch", "walks in a row"},
    {"R07", NULL, "of the load, inside against outside"},
    {"R08", NULL, "times the usual loading rate"},
    {"R11", "r11_summary", "walks in a row"},
    {"R11", NULL, "% between the sides"},
    {"R12", NULL, "% of the stride time"},
    {"R13", NULL, "signs"},
    {"R14", NULL, "of the usual arm swing"},
    {"R15", NULL, "times the usual roll of the foot"},
    {"P02", NULL, "place"},
    {"P03", NULL, "of 10"},
    {"P05", NULL, "points"},
    {"P07", NULL, "min of walking"},
    {"C16", NULL, "min of walking"},
    {"F07", NULL, "ms"},
    {"S01", NULL, "g"},
    {"S02", NULL, "stumbles"},
    {"S03", NULL, "s"},
    {"S04", NULL, "s"},
    {"S05", NULL, "% of the time"},
    {"S06", "s06_wait", "beats/min"},
    {"S06", NULL, "% of the highest heart rate"},
    {"S08", "s08_cell", "cells"},
    {"S08", "s08_battery", "% of the battery"},
    {"S08", "s08_skew", "ms"},
    {"S08", NULL, "s"},
};

const char *explain_unit(const char *rule, const char *text_id)
{
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(units[i].rule, rule) == 0 &&
            (units[i].text == NULL || strcmp(units[i].text, text_id) == 0))
            return units[i].unit;
    }
    return "";
}

/* P02's scale begins with "none" at 0; the protocol's places with "not told". */
static const char *place(double value)
{
    return record_place_name((int)lround(value) + 1);
}

void explain_value(const char *rule, const char *text_id, double value, char *out, size_t size)
{
    const char *words = strcmp(rule, "P02") == 0 ? place(value) : "";
    if (words[0] != '\0')
        snprintf(out, size, "%s", words);
    else
        page_amount(value, explain_unit(rule, text_id), out, size);
}

void explain_usual(const char *rule, double value, char *out, size_t size)
{
    static const char *const metric_units[BASELINE_METRICS] = {
        [BASELINE_CADENCE] = "steps/min",
        [BASELINE_SLH] = "of the height",
        [BASELINE_FSA] = "deg",
        [BASELINE_DOUBLE_SUPPORT] = "%",
        [BASELINE_STRIDE_CV] = "%",
        [BASELINE_SI_STANCE] = "%",
        [BASELINE_SI_STEP] = "%",
        [BASELINE_SI_LOAD] = "%",
        [BASELINE_LOADING_RATE] = "BW/s",
        [BASELINE_FOREFOOT] = "of the load",
        [BASELINE_MEDIAL] = "of the load",
        [BASELINE_ARM_SWING] = "deg",
        [BASELINE_CLEARANCE] = "mm",
        [BASELINE_PEAK_FORCE] = "of body weight",
        [BASELINE_ROLL] = "deg",
        [BASELINE_IMPACT] = "g",
    };
    const enum baseline_metric metric = rule_baseline_metric(rule_page_find(rule));
    char amount[64], name[32];
    if (metric == BASELINE_METRICS) {
        page_amount(value, explain_unit(rule, ""), out, size);
        return;
    }
    page_amount(value, metric_units[metric], amount, sizeof(amount));
    snprintf(name, sizeof(name), "%s", baseline_metric_name(metric));
    for (char *c = name; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
    snprintf(out, size, "%s %s", name, amount);
}
