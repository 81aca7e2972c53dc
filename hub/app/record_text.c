#include "hub/app/record_text.h"

#include <math.h>
#include <time.h>

#include "hub/app/texts.h"

enum { VALUE_SIZE = 320 };

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

static void minutes(double s, char *out, size_t size)
{
    if (isfinite(s))
        snprintf(out, size, "%d:%02d", (int)(s / 60), (int)s % 60);
    else
        snprintf(out, size, "-");
}

static void line_text(FILE *out, const char *label, const char *value)
{
    if (value[0] != '\0')
        fprintf(out, "  %-26s %s\n", label, value);
}

static void line_number(struct json_reader *reader, FILE *out, const char *label, const char *path,
                        int decimals, const char *unit)
{
    const double value = json_get_number(reader, path);
    if (isfinite(value))
        fprintf(out, "  %-26s %.*f%s%s\n", label, decimals, value, unit[0] == '\0' ? "" : " ",
                unit);
}

static void line_minutes(struct json_reader *reader, FILE *out, const char *label, const char *path)
{
    char text[32];
    const double value = json_get_number(reader, path);
    minutes(value, text, sizeof(text));
    if (isfinite(value))
        fprintf(out, "  %-26s %s min:s\n", label, text);
}

struct words {
    const char *name, *said;
};

static const char *in_words(const struct words *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(list[i].name, name) == 0)
            return list[i].said;
    }
    return name;
}
#define IN_WORDS(list, name) in_words(list, sizeof(list) / sizeof((list)[0]), name)

static const struct words end_words[] = {
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
    return IN_WORDS(end_words, end_reason);
}

static const struct words held_back_words[] = {
    {"gap", "too soon after another"},
    {"budget_10min", "enough was said in ten minutes"},
    {"budget_session", "enough was said in this walk"},
    {"budget_day", "enough was said today"},
    {"refractory", "it was said a short while before"},
    {"rule_max", "it had been said often enough"},
    {"muted", "it had not helped before"},
    {"open_alert", "something more serious was open"},
    {"outranked", "something else was more important"},
    {"consent", "the walker did not agree to coaching"},
    {"no_device", "no device to say it on"},
};

static const struct words absence_words[] = {
    {"no_device", "the devices it needs are not registered"},
    {"device_silent", "a device it needs was silent"},
    {"not_enough_steady_strides", "there were not enough steady strides"},
    {"contraindicated", "profile, plan, pain or a change of pace spoke against it"},
    {"no_consent", "the walker did not agree to coaching"},
    {"no_plan_stage", "no plan stage is set"},
};

static void heading(struct json_reader *reader, FILE *out)
{
    char id[64], wearer[64], stamp[32];
    json_get_string(reader, "$.session_id", id, sizeof(id));
    json_get_string(reader, "$.wearer_id", wearer, sizeof(wearer));
    const double tz = json_get_number(reader, "$.tz_offset_min");
    fprintf(out, "WALK %s\n", id);
    line_text(out, "Walker", wearer);
    line_text(out, "Started",
              local_time(json_get_number(reader, "$.start_utc_ms"), tz, stamp, sizeof(stamp)));
    const double end = json_get_number(reader, "$.end_utc_ms");
    line_text(out, "Ended",
              isfinite(end) ? local_time(end, tz, stamp, sizeof(stamp)) : "still walking");
    char reason[32], stage[16];
    if (json_get_string(reader, "$.end_reason", reason, sizeof(reason)))
        line_text(out, "Ended because", record_end_words(reason));
    if (json_get_string(reader, "$.stage", stage, sizeof(stage)))
        line_text(out, "Plan stage", stage);
    const double speed = json_get_number(reader, "$.clock_speed");
    if (isfinite(speed) && speed != 1)
        fprintf(out, "  %-26s %.6g times real time (test or demo)\n", "Hub clock", speed);
}

static void amounts(struct json_reader *reader, FILE *out)
{
    fprintf(out, "\nAMOUNT\n");
    line_minutes(reader, out, "Duration", "$.duration_s");
    line_minutes(reader, out, "Walking", "$.walk_s");
    line_minutes(reader, out, "Resting", "$.rest_s");
    line_minutes(reader, out, "Longest bout", "$.longest_bout_s");
    line_number(reader, out, "Steps", "$.steps", 0, "");
    line_number(reader, out, "Distance", "$.distance_m", 0, "m");
    line_number(reader, out, "Mean incline", "$.incline_mean_pct", 1, "%");
    const int rests = json_get_length(reader, "$.rest_stops");
    if (rests > 0)
        fprintf(out, "  %-26s %d\n", "Rest stops", rests);
}

struct gait_row {
    const char *label, *key, *unit;
    int decimals;
    bool per_side;
};

static void cell(double mean, double sd, int decimals, FILE *out)
{
    char text[40];
    if (!isfinite(mean))
        snprintf(text, sizeof(text), "-");
    else if (!isfinite(sd))
        snprintf(text, sizeof(text), "%.*f", decimals, mean);
    else
        snprintf(text, sizeof(text), "%.*f (%.*f)", decimals, mean, decimals, sd);
    fprintf(out, " %-18s", text);
}

static void gait_row(struct json_reader *reader, FILE *out, const struct gait_row *row)
{
    static const char *const sides[] = {".L", ".R"};
    char path[96];
    double values[2][2];
    bool any = false;
    for (int side = 0; side < (row->per_side ? 2 : 1); side++) {
        snprintf(path, sizeof(path), "$.%s%s.mean", row->key, row->per_side ? sides[side] : "");
        values[side][0] = json_get_number(reader, path);
        snprintf(path, sizeof(path), "$.%s%s.sd", row->key, row->per_side ? sides[side] : "");
        values[side][1] = json_get_number(reader, path);
        any = any || isfinite(values[side][0]);
    }
    if (!any)
        return;
    fprintf(out, "  %-26s", row->label);
    for (int side = 0; side < (row->per_side ? 2 : 1); side++)
        cell(values[side][0], values[side][1], row->decimals, out);
    fprintf(out, "%s %s\n", row->per_side ? "" : "                   ", row->unit);
}

static void gait(struct json_reader *reader, FILE *out)
{
    static const struct gait_row rows[] = {
        {"Cadence", "cadence_spm", "steps/min", 1, false},
        {"Stride time", "stride_time_s", "s", 3, true},
        {"Step time", "step_time_s", "s", 3, true},
        {"Stance", "stance_pct", "% of stride", 1, true},
        {"Swing", "swing_pct", "% of stride", 1, true},
        {"Double support", "double_support_pct", "% of stride", 1, false},
        {"Stride length", "stride_length_m", "m", 2, false},
        {"Peak force (relative)", "peak_force_n", "N, uncalibrated", 0, true},
    };
    fprintf(out, "\nGAIT, mean (sd)              left               right\n");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        gait_row(reader, out, &rows[i]);
    line_number(reader, out, "Speed", "$.v_mean", 2, "m/s");
    line_number(reader, out, "Stride-time variability", "$.stride_cv_pct", 1,
                "% (healthy young adults: below 3)");
    line_number(reader, out, "Asymmetry of stance", "$.si_stance_pct", 1, "%");
    line_number(reader, out, "Asymmetry of step time", "$.si_step_pct", 1, "%");
    line_number(reader, out, "Asymmetry of load", "$.si_load_pct", 1, "%");
    line_number(reader, out, "Steady strides", "$.steady_strides_n", 0, "");
}

static void report_line(struct json_reader *reader, FILE *out, int index)
{
    static const char *const keys[] = {"loc", "side", "quality", "symptom", "button"};
    char path[64], value[48], at[32];
    snprintf(path, sizeof(path), "$.reports[%d].t_s", index);
    minutes(json_get_number(reader, path), at, sizeof(at));
    snprintf(path, sizeof(path), "$.reports[%d].nrs", index);
    const double nrs = json_get_number(reader, path);
    fprintf(out, "    %-8s", at);
    if (isfinite(nrs))
        fprintf(out, " pain %.0f of 10", nrs);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        snprintf(path, sizeof(path), "$.reports[%d].%s", index, keys[i]);
        if (json_get_string(reader, path, value, sizeof(value)))
            fprintf(out, " %s", value);
    }
    fputc('\n', out);
}

static void pain(struct json_reader *reader, FILE *out)
{
    const int reports = json_get_length(reader, "$.reports");
    char place[32];
    fprintf(out, "\nPAIN AND FEELING\n");
    line_number(reader, out, "Pain at the start", "$.pain_start", 0, "of 10");
    line_number(reader, out, "Pain at the end", "$.pain_end", 0, "of 10");
    line_number(reader, out, "Highest pain", "$.pain_peak", 0, "of 10");
    if (json_get_string(reader, "$.loc_most_distal", place, sizeof(place)))
        line_text(out, "Furthest from the back", place);
    line_number(reader, out, "Mood before", "$.mood_pre", 0, "of 5");
    line_number(reader, out, "Mood after", "$.mood_post", 0, "of 5");
    if (reports == 0)
        fprintf(out, "  nothing was reported\n");
    for (int i = 0; i < reports; i++)
        report_line(reader, out, i);
}

/* The catalogue's sentence of a text id; the id itself if this program does not know it. */
static void sentence(const char *id, char *out, size_t size)
{
    const enum text text = text_find(id);
    if (text == TEXT_COUNT)
        snprintf(out, size, "%s", id);
    else
        texts_fill(text, LOCALE_EN, NULL, out, size);
}

static void alert_line(struct json_reader *reader, FILE *out, int index, double start_ms)
{
    static const char *const keys[] = {"rule_id",           "severity", "text_id",
                                       "suppressed_reason", "ack",      "shown"};
    char path[64], values[6][48], at[32], text[TEXT_BYTES_MAX + 1];
    snprintf(path, sizeof(path), "$.alerts[%d].t_utc_ms", index);
    minutes((json_get_number(reader, path) - start_ms) / 1000, at, sizeof(at));
    for (int i = 0; i < 6; i++) {
        snprintf(path, sizeof(path), "$.alerts[%d].%s", index, keys[i]);
        json_get_string(reader, path, values[i], sizeof(values[i]));
    }
    sentence(values[2], text, sizeof(text));
    fprintf(out, "    %-6s %s %-8s %s\n", at, values[0], values[1], text);
    if (values[3][0] != '\0')
        fprintf(out, "                        not said: %s\n",
                IN_WORDS(held_back_words, values[3]));
    for (int i = 4; i < 6; i++) {
        if (values[i][0] != '\0')
            fprintf(out, "                        %s\n", values[i]);
    }
}

static void alerts(struct json_reader *reader, FILE *out)
{
    const int n = json_get_length(reader, "$.alerts");
    fprintf(out, "\nPROMPTS AND ALERTS\n");
    line_number(reader, out, "Prompts said", "$.prompts_sent", 0, "");
    line_number(reader, out, "Prompts held back", "$.prompts_suppressed", 0, "");
    line_number(reader, out, "Praise", "$.praise_n", 0, "");
    const double start_ms = json_get_number(reader, "$.start_utc_ms");
    for (int i = 0; i < n; i++)
        alert_line(reader, out, i, start_ms);
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
    fprintf(out, "    %-20s %s%s%s", values[0], values[1], values[2][0] != '\0' ? " " : "",
            values[2]);
    if (isfinite(numbers[0]))
        fprintf(out, ", data for %.1f %% of the walk", numbers[0]);
    if (isfinite(numbers[1]) && numbers[1] > 0)
        fprintf(out, ", %.0f gaps", numbers[1]);
    if (isfinite(numbers[2]) && isfinite(numbers[3]))
        fprintf(out, ", battery %.0f to %.0f %%", numbers[2], numbers[3]);
    if (values[3][0] != '\0')
        fprintf(out, ", firmware %s", values[3]);
    fputc('\n', out);
}

static void coverage(struct json_reader *reader, FILE *out)
{
    static const char *const rules[][2] = {{"R03", "R03 brisk pace"},
                                           {"R11", "R11 even steps"},
                                           {"R12", "R12 steady rhythm"},
                                           {"F07", "F07 help button"},
                                           {"S08", "S08 device health"}};
    char path[64], why[64];
    fprintf(out, "\nWHAT WAS MEASURED\n");
    const int devices = json_get_length(reader, "$.device");
    for (int i = 0; i < devices; i++)
        device_line(reader, out, i);
    line_number(reader, out, "Insole clocks differed by", "$.clock_skew_max_ms", 0, "ms at most");
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        snprintf(path, sizeof(path), "$.coverage.%s.coverage_pct", rules[i][0]);
        const double pct = json_get_number(reader, path);
        snprintf(path, sizeof(path), "$.coverage.%s.not_evaluated_because", rules[i][0]);
        const bool absent = json_get_string(reader, path, why, sizeof(why));
        fprintf(out, "    %-20s", rules[i][1]);
        if (isfinite(pct))
            fprintf(out, " evaluated for %.0f %% of the walking", pct);
        fprintf(out, "%s%s\n", absent ? ";\n                         otherwise not: " : "",
                absent ? IN_WORDS(absence_words, why) : "");
    }
}

/* Breaks at spaces, so that a terminal does not break words. */
static void paragraph(const char *text, FILE *out)
{
    enum { COLUMNS = 80 };
    while (strlen(text) > COLUMNS) {
        size_t cut = COLUMNS;
        while (cut > 0 && text[cut] != ' ')
            cut--;
        if (cut == 0)
            break;
        fprintf(out, "%.*s\n", (int)cut, text);
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
    gait(reader, out);
    pain(reader, out);
    alerts(reader, out);
    coverage(reader, out);
    if (json_get_string(reader, "$.disclaimer", disclaimer, sizeof(disclaimer))) {
        fputc('\n', out);
        paragraph(disclaimer, out);
    }
    return true;
}
