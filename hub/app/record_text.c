#include <ctype.h>
#include <math.h>
#include <time.h>

#include "hub/app/record_rules.h"
#include "hub/app/record_text_parts.h"

enum { VALUE_SIZE = 320 };
/* A rule that was evaluated nearly always is not among those that were not: its first strides. */
#define WHOLE_PCT 80.0

static const char *local_time(double utc_ms, double tz_offset_min, char *out, size_t size)
{
    struct tm parts;
    out[0] = '\0';
    if (!isfinite(utc_ms))
        return "-";
    const double offset_s = isfinite(tz_offset_min) ? tz_offset_min * 60 : 0;
    const time_t at = (time_t)(utc_ms / 1000 + offset_s);
    if (gmtime_r(&at, &parts) == NULL || strftime(out, size, "%Y-%m-%d %H:%M:%S", &parts) == 0)
        return "-";
    return out;
}

void record_minutes(double s, char *out, size_t size)
{
    if (isfinite(s))
        snprintf(out, size, "%d:%02d", (int)(s / 60), (int)s % 60);
    else
        snprintf(out, size, "-");
}

void record_line_text(FILE *out, const char *label, const char *value)
{
    if (value[0] != '\0')
        fprintf(out, "  %-26s %s\n", label, value);
}

void record_line_number(struct json_reader *reader, FILE *out, const char *label, const char *path,
                        int decimals, const char *unit)
{
    const double value = json_get_number(reader, path);
    if (isfinite(value))
        fprintf(out, "  %-26s %.*f%s%s\n", label, decimals, value, unit[0] == '\0' ? "" : " ",
                unit);
}

void record_line_minutes(struct json_reader *reader, FILE *out, const char *label, const char *path)
{
    char text[32];
    const double value = json_get_number(reader, path);
    record_minutes(value, text, sizeof(text));
    if (isfinite(value))
        fprintf(out, "  %-26s %s min:s\n", label, text);
}

const char *record_in_words(const struct record_words *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].name, name) == 0)
            return list[i].said;
    }
    return name;
}

static const struct record_words end_words[] = {
    {"user", "the walker ended it"},
    {"plan_done", "the plan was done"},
    {"pain_stop", "pain said stop"},
    {"red_flag", "a red flag"},
    {"fall", "a fall"},
    {"idle_timeout", "no more walking"},
    {"device_loss", "the insoles fell silent while walking"},
    {"battery", "a battery was empty"},
};

const char *record_end_words(const char *end_reason)
{
    return RECORD_IN_WORDS(end_words, end_reason);
}

/* Of records of schema 1, which gave names. */
static const struct record_words absence_words[] = {
    {"no_device", "the devices it needs are not registered"},
    {"device_silent", "a device it needs was silent"},
    {"not_enough_steady_strides", "there were not enough steady strides"},
    {"contraindicated", "profile, plan, pain or a change of pace spoke against it"},
    {"no_consent", "the walker did not agree to coaching"},
    {"no_plan_stage", "no plan stage is set"},
};

static const struct record_words threshold_words[] = {
    {"5pct", "5 % of the load of each stance"},
    {"20N", "20 N over the floor"},
};

static void heading(struct json_reader *reader, FILE *out)
{
    char id[64], wearer[64], stamp[32];
    json_get_string(reader, "$.session_id", id, sizeof(id));
    json_get_string(reader, "$.wearer_id", wearer, sizeof(wearer));
    const double tz = json_get_number(reader, "$.tz_offset_min");
    fprintf(out, "WALK %s\n", id);
    record_line_text(out, "Walker", wearer);
    record_line_text(
        out, "Started",
        local_time(json_get_number(reader, "$.start_utc_ms"), tz, stamp, sizeof(stamp)));
    const double end = json_get_number(reader, "$.end_utc_ms");
    record_line_text(out, "Ended",
                     isfinite(end) ? local_time(end, tz, stamp, sizeof(stamp)) : "still walking");
    char reason[32], stage[16];
    if (json_get_string(reader, "$.end_reason", reason, sizeof(reason)))
        record_line_text(out, "Ended because", record_end_words(reason));
    if (json_get_string(reader, "$.stage", stage, sizeof(stage)))
        record_line_text(out, "Plan stage", stage);
    const double speed = json_get_number(reader, "$.clock_speed");
    if (isfinite(speed) && speed != 1)
        fprintf(out, "  %-26s %.6g times real time (test or demo)\n", "Hub clock", speed);
}

static void amounts(struct json_reader *reader, FILE *out)
{
    static const struct record_words source_words[] = {
        {"wrist", "the wrist: steps of hands that hold on to something are missing"},
        {"belt", "the treadmill: whether somebody was on it is not known"},
    };
    char source[16];
    fprintf(out, "\nAMOUNTS\n");
    record_line_minutes(reader, out, "Duration", "$.duration_s");
    record_line_minutes(reader, out, "Walking", "$.walk_s");
    record_line_minutes(reader, out, "Resting", "$.rest_s");
    record_line_minutes(reader, out, "Longest bout", "$.longest_bout_s");
    record_line_number(reader, out, "Steps", "$.steps", 0, "");
    record_line_number(reader, out, "Distance", "$.distance_m", 0, "m");
    record_line_number(reader, out, "Mean incline", "$.incline_mean_pct", 1, "%");
    record_line_number(reader, out, "Ascent", "$.ascent_m", 1, "m");
    record_line_minutes(reader, out, "Longest time standing", "$.longest_stand_s");
    if (json_get_string(reader, "$.amounts_source", source, sizeof(source)) &&
        strcmp(source, "feet") != 0)
        record_line_text(out, "Counted by", RECORD_IN_WORDS(source_words, source));
    const int rests = json_get_length(reader, "$.rest_stops");
    if (rests > 0)
        fprintf(out, "  %-26s %d\n", "Rest stops", rests);
}

static void device_line(struct json_reader *reader, FILE *out, int index)
{
    static const char *const keys[] = {"id", "kind", "side", "fw"};
    char path[64], values[4][48];
    double numbers[4];
    static const char *const measures[] = {"fresh_pct", "gaps_n", "battery_start_pct",
                                           "battery_end_pct"};
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "$.device[%d].%s", index, keys[i]);
        json_get_string(reader, path, values[i], sizeof(values[i]));
        snprintf(path, sizeof(path), "$.device[%d].%s", index, measures[i]);
        numbers[i] = json_get_number(reader, path);
    }
    char kind[24], fresh[24] = "", battery[32] = "", gaps[24] = "";
    snprintf(kind, sizeof(kind), "%.12s %.4s", values[1], values[2]);
    if (isfinite(numbers[0]))
        snprintf(fresh, sizeof(fresh), "%.1f %%", numbers[0]);
    if (isfinite(numbers[1]))
        snprintf(gaps, sizeof(gaps), "%.0f", numbers[1]);
    if (isfinite(numbers[2]) && isfinite(numbers[3]))
        snprintf(battery, sizeof(battery), "%.0f-%.0f %%", numbers[2], numbers[3]);
    fprintf(out, "  %-26s %-11s%8s%11s%6s%s%s", values[0], kind, fresh, battery, gaps,
            values[3][0] != '\0' ? "   " : "", values[3]);
    fputc('\n', out);
}

/* Silent gaps, lost by what the walk's amounts rest on. */
static void devices(struct json_reader *reader, FILE *out)
{
    const int n = json_get_length(reader, "$.device");
    fprintf(out, "\n%-40s%8s%11s%6s   %s\n", "DEVICES", "seen", "battery", "gaps", "version");
    for (int i = 0; i < n; i++)
        device_line(reader, out, i);
    record_line_number(reader, out, "Insole clocks differed by", "$.clock_skew_max_ms", 0,
                       "ms at most");
    const double weight_n = json_get_number(reader, "$.body_weight_n");
    char source[32];
    if (isfinite(weight_n) &&
        json_get_string(reader, "$.body_weight_source", source, sizeof(source)))
        fprintf(out, "  %-26s %.0f N, as the insoles weigh it while %s\n", "Body weight (BW)",
                weight_n, source);
    if (json_get_string(reader, "$.contact_threshold", source, sizeof(source)))
        record_line_text(out, "Contact found at", RECORD_IN_WORDS(threshold_words, source));
}

/* ---- what was watched, and what could not be */

static void watched(struct json_reader *reader, FILE *out)
{
    char path[64], label[64];
    bool any = false;
    for (const struct record_rule *rule = record_rules; rule->id != NULL; rule++) {
        snprintf(path, sizeof(path), "$.coverage.%s.coverage_pct", rule->id);
        const double pct = json_get_number(reader, path);
        if (!(pct > 0))
            continue;
        if (!any)
            fprintf(out, "\nWATCHED FOR\n");
        any = true;
        snprintf(label, sizeof(label), "%s (%s)", rule->name, rule->id);
        fprintf(out, "  %-34s %3.0f %% of the walking\n", label, pct);
    }
}

static const struct record_words metrics[] = {
    {"cadence", "Cadence"},
    {"timing", "Stride timing"},
    {"double_support", "Double support"},
    {"speed", "Speed and distance"},
    {"step_length", "Step length"},
    {"slh", "Step length over height"},
    {"variability", "Variability"},
    {"symmetry", "Symmetry"},
    {"foot_angle", "Foot angle"},
    {"toe_clearance", "Toe clearance"},
    {"scuffs", "Scuffs"},
    {"impact", "Impact"},
    {"turns", "Turns"},
    {"ascent", "Ascent"},
    {"loading_rate", "Loading rate"},
    {"peak_force", "Peak force over body weight"},
    {"forefoot", "Forefoot load"},
    {"medial", "Load inside and outside"},
    {"cpei", "Path of pressure"},
    {"arm_swing", "Arm swing"},
    {"phone", "Phone in view"},
    {"handrail", "Hand on the rail"},
    {"context", "Kind of activity"},
    {"heart_rate", "Heart rate"},
    {"heart_zones", "Effort by heart rate"},
    {"heart_rest", "Heart rate at rest"},
    {"heart_recovery", "Heart rate after the walk"},
};
enum { METRICS = sizeof(metrics) / sizeof(metrics[0]), RULES_MAX = 80, WHY_SIZE = 96 };
enum { LEFT_OUT_LABEL = 62 }; /* two less than its room in the line: a comma and a blank */

/* Things left out, and why: those with the same reason are one line. */
struct left_out {
    int n;
    struct {
        char label[LEFT_OUT_LABEL], why[WHY_SIZE];
        bool said;
    } items[METRICS + RULES_MAX];
};

static void leave_out(struct left_out *list, const char *label, const char *why)
{
    if (list->n == METRICS + RULES_MAX)
        return;
    snprintf(list->items[list->n].label, sizeof(list->items[0].label), "%s", label);
    snprintf(list->items[list->n].why, WHY_SIZE, "%s", why);
    list->items[list->n++].said = false;
}

static void collect(struct json_reader *reader, struct left_out *list)
{
    char path[96], why[WHY_SIZE], label[LEFT_OUT_LABEL];
    for (int i = 0; i < METRICS; i++) {
        snprintf(path, sizeof(path), "$.coverage_metrics.%s.not_evaluated_because",
                 metrics[i].name);
        if (json_get_string(reader, path, why, sizeof(why)))
            leave_out(list, metrics[i].said, why);
    }
    for (const struct record_rule *rule = record_rules; rule->id != NULL; rule++) {
        snprintf(path, sizeof(path), "$.coverage.%s.coverage_pct", rule->id);
        const double pct = json_get_number(reader, path);
        snprintf(path, sizeof(path), "$.coverage.%s.not_evaluated_because", rule->id);
        if (!json_get_string(reader, path, why, sizeof(why)) || pct >= WHOLE_PCT)
            continue;
        snprintf(label, sizeof(label), "%s (%s%s)", rule->name, rule->id,
                 pct > 0 ? ", in part" : "");
        leave_out(list, label, RECORD_IN_WORDS(absence_words, why));
    }
}

static void not_measured(struct json_reader *reader, FILE *out)
{
    static const char heading_text[] = "\nNOT MEASURED, and why\n";
    struct left_out list = {0};
    collect(reader, &list);
    for (int i = 0; i < list.n; i++) {
        char line[(METRICS + RULES_MAX) * (LEFT_OUT_LABEL + 2) + WHY_SIZE];
        if (list.items[i].said)
            continue;
        if (i == 0)
            fputs(heading_text, out);
        size_t used = (size_t)snprintf(line, sizeof(line), "%s", list.items[i].label);
        for (int other = i + 1; other < list.n; other++) {
            if (strcmp(list.items[i].why, list.items[other].why) != 0)
                continue;
            list.items[other].said = true;
            list.items[other].label[0] = (char)tolower((unsigned char)list.items[other].label[0]);
            used +=
                (size_t)snprintf(line + used, sizeof(line) - used, ", %s", list.items[other].label);
        }
        snprintf(line + used, sizeof(line) - used, ": %s", list.items[i].why);
        record_paragraph(out, "  ", line);
    }
}

void record_paragraph(FILE *out, const char *label, const char *text)
{
    const size_t indent = strlen(label);
    const size_t room = indent < PAGE_COLUMNS ? PAGE_COLUMNS - indent : PAGE_COLUMNS;
    fputs(label, out);
    while (strlen(text) > room) {
        size_t cut = room;
        while (cut > 0 && text[cut] != ' ')
            cut--;
        if (cut == 0)
            break;
        fprintf(out, "%.*s\n%*s", (int)cut, text, (int)indent, "");
        text += cut + 1;
    }
    fprintf(out, "%s\n", text);
}

bool record_print_table(struct json_reader *reader, const char *record, FILE *out)
{
    char disclaimer[VALUE_SIZE];
    if (!json_load(reader, record, strlen(record)))
        return false;
    heading(reader, out);
    amounts(reader, out);
    record_text_speed(reader, out);
    record_text_gait(reader, out);
    record_text_heart(reader, out);
    record_text_pain(reader, out);
    record_text_alerts(reader, out);
    devices(reader, out);
    watched(reader, out);
    not_measured(reader, out);
    if (json_get_string(reader, "$.disclaimer", disclaimer, sizeof(disclaimer))) {
        fputc('\n', out);
        record_paragraph(out, "", disclaimer);
    }
    return true;
}
