/* The page's part about walking: speed, gait left and right, heart. */
#include <math.h>

#include "hub/app/record_text_parts.h"

enum { LABEL = 26, CELL = 14, UNIT = 12 };

/* Rule book 4. `own`: an insole's figure that compares with the walker's own earlier ones only. */
struct row {
    const char *label, *key, *unit;
    int decimals;
    bool per_side, own;
    const char *typical; /* "" = none is known */
    bool milli;          /* shown in thousandths */
};

static const struct row timing_rows[] = {
    {"Cadence", "cadence_spm", "steps/min", 0, false, false, "100-120", false},
    {"Stride time", "stride_time_s", "s", 3, true, false, "0.95-1.15", false},
    {"Step time", "step_time_s", "s", 3, true, false, "", false},
    {"Stance", "stance_pct", "% of stride", 1, true, false, "59-64", false},
    {"Swing", "swing_pct", "% of stride", 1, true, false, "37-41", false},
    {"Double support", "double_support_pct", "% of stride", 1, false, false, "20-25", false},
};
static const struct row length_rows[] = {
    {"Stride length", "stride_length_m", "m", 2, false, false, "", false},
    {"Step length", "step_length_m", "m", 2, true, false, "", false},
    {"Step length / height", "slh", "", 2, false, false, "0.41-0.45", false},
    {"Walk ratio, mm/(step/min)", "walk_ratio_m_per_spm", "", 1, false, false, "6.0-6.5", true},
};
static const struct row foot_rows[] = {
    {"Foot angle at contact", "fsa_deg", "deg", 1, true, false, "15-25", false},
    {"Toe clearance", "toe_clear_min_mm", "mm", 0, true, true, "10-25", false},
    {"Impact", "impact_g", "g", 1, true, true, "", false},
    {"Loading rate", "loading_rate_bwps", "BW/s", 1, true, true, "", false},
    {"Peak force", "peak_force_bw", "BW", 2, true, true, "about 1.2", false},
    {"Peak force, raw", "peak_force_n", "N", 0, true, true, "", false},
    {"Load on the forefoot", "ff_share", "of 1", 2, true, true, "", false},
    {"Load inside - outside", "ml_index", "-1 to 1", 2, true, true, "", false},
    {"Path of pressure (CPEI)", "cpei_pct", "% of width", 0, true, true, "15-22", false},
};
static const struct row arm_rows[] = {
    {"Arm swing", "arm_swing_deg", "deg", 0, true, false, "30-60", false},
};

static void cell(double mean, double sd, int decimals, FILE *out)
{
    char text[40] = "-";
    if (isfinite(mean) && isfinite(sd))
        snprintf(text, sizeof(text), "%.*f (%.*f)", decimals, mean, decimals, sd);
    else if (isfinite(mean))
        snprintf(text, sizeof(text), "%.*f", decimals, mean);
    fprintf(out, "%-*s ", CELL - 1, text);
}

/* The line's end, without blanks at its own. */
static void unit_typical(FILE *out, const char *unit, const char *typical)
{
    fprintf(out, "%-*s%s\n", typical[0] == '\0' ? 0 : UNIT, unit, typical);
}

/* Mean and sd of a side; false when there is none. */
static bool read_cell(struct json_reader *reader, const struct row *row, const char *side,
                      double out[2])
{
    static const char *const parts[] = {"mean", "sd"};
    char path[96];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof(path), "$.%s%s.%s", row->key, side, parts[i]);
        out[i] = json_get_number(reader, path) * (row->milli ? 1000 : 1);
    }
    return isfinite(out[0]);
}

static bool print_row(struct json_reader *reader, FILE *out, const struct row *row)
{
    double left[2], right[2] = {(double)NAN, (double)NAN};
    bool any = read_cell(reader, row, row->per_side ? ".L" : "", left);
    if (row->per_side && read_cell(reader, row, ".R", right))
        any = true;
    if (!any)
        return false;
    char label[48];
    snprintf(label, sizeof(label), "%s%s", row->label, row->own ? " *" : "");
    fprintf(out, "  %-*s ", LABEL, label);
    cell(left[0], left[1], row->decimals, out);
    if (row->per_side)
        cell(right[0], right[1], row->decimals, out);
    else
        fprintf(out, "%-*s", CELL, "");
    unit_typical(out, row->unit, row->typical);
    return true;
}

#define PRINT_ROWS(reader, out, rows) \
    print_rows(reader, out, rows, sizeof(rows) / sizeof((rows)[0]))
/* How many compare with the walker's own only. */
static int print_rows(struct json_reader *reader, FILE *out, const struct row *rows, size_t n)
{
    int own = 0;
    for (size_t i = 0; i < n; i++)
        own += print_row(reader, out, &rows[i]) && rows[i].own;
    return own;
}

/* One number with what is typical. */
static void line_typical(struct json_reader *reader, FILE *out, const char *label, const char *path,
                         int decimals, const char *unit, const char *typical)
{
    char text[32];
    const double value = json_get_number(reader, path);
    if (!isfinite(value))
        return;
    snprintf(text, sizeof(text), "%.*f", decimals, value);
    bool last = unit[0] == '\0' && typical[0] == '\0';
    fprintf(out, "  %-*s %-*s", LABEL, label, last ? 0 : 2 * CELL, text);
    unit_typical(out, unit, typical);
}

static void scuffs(struct json_reader *reader, FILE *out)
{
    const double scuffs_n = json_get_number(reader, "$.scuffs_n");
    const double strides_n = json_get_number(reader, "$.scuff_strides_n");
    if (isfinite(scuffs_n) && isfinite(strides_n))
        fprintf(out, "  %-*s %.0f in %.0f strides\n", LABEL, "Scuffs", scuffs_n, strides_n);
}

void record_text_speed(struct json_reader *reader, FILE *out)
{
    char source[32];
    if (!isfinite(json_get_number(reader, "$.v_mean")))
        return;
    fprintf(out, "\n%-*s%s\n", LABEL + 3 + 2 * CELL + UNIT, "SPEED", "typical");
    line_typical(reader, out, "Mean", "$.v_mean", 2, "m/s", "0.9-1.4");
    line_typical(reader, out, "Slowest tenth below", "$.v_p10", 2, "m/s", "");
    line_typical(reader, out, "Fastest tenth above", "$.v_p90", 2, "m/s", "");
    line_typical(reader, out, "First 3 minutes", "$.v_first3min", 2, "m/s", "");
    line_typical(reader, out, "Last 3 minutes", "$.v_last3min", 2, "m/s", "");
    if (json_get_string(reader, "$.distance_source", source, sizeof(source))) {
        static const struct record_words sources[] = {
            {"belt", "the treadmill"},
            {"foot_imu", "the feet's motion sensors"},
            {"mixed", "the treadmill, and the feet's motion sensors"},
        };
        record_line_text(out, "Measured by", RECORD_IN_WORDS(sources, source));
    }
}

static void contexts(struct json_reader *reader, FILE *out)
{
    static const struct record_words list[] = {{"off_feet", "Insoles not worn"},
                                               {"sit", "Sitting"},
                                               {"stand", "Standing"},
                                               {"walk", "Walking, not yet steady"},
                                               {"walk_steady", "Walking steadily"},
                                               {"stairs", "Stairs"},
                                               {"slope", "Slope"},
                                               {"run", "Running"},
                                               {"hands_fixed", "Hands held still"},
                                               {"call", "On the phone"},
                                               {"carry", "Carrying"},
                                               {"treadmill", "On a treadmill"},
                                               {"wheels", "On wheels"},
                                               {"unknown", "Not told apart"}};
    char path[64];
    bool any = false;
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        snprintf(path, sizeof(path), "$.context_s.%s", list[i].name);
        if (!any && isfinite(json_get_number(reader, path)))
            fprintf(out, "\nTIME SPENT\n");
        any = any || isfinite(json_get_number(reader, path));
        record_line_minutes(reader, out, list[i].said, path);
    }
}

void record_text_gait(struct json_reader *reader, FILE *out)
{
    fprintf(out, "\n%-*s%-*s%-*s%s\n", LABEL + 3, "GAIT, mean (sd)", CELL, "left", CELL + UNIT,
            "right", "typical");
    PRINT_ROWS(reader, out, timing_rows);
    PRINT_ROWS(reader, out, length_rows);
    line_typical(reader, out, "Stride-time variability", "$.stride_cv_pct", 1, "%", "2-3");
    line_typical(reader, out, "Asymmetry of stance", "$.si_stance_pct", 1, "%", "below 4");
    line_typical(reader, out, "Asymmetry of step time", "$.si_step_pct", 1, "%", "below 4");
    line_typical(reader, out, "Asymmetry of load *", "$.si_load_pct", 1, "%", "");
    int own = PRINT_ROWS(reader, out, foot_rows);
    own += isfinite(json_get_number(reader, "$.si_load_pct"));
    PRINT_ROWS(reader, out, arm_rows);
    scuffs(reader, out);
    line_typical(reader, out, "Turns", "$.turns_n", 0, "", "");
    line_typical(reader, out, "Steady strides", "$.steady_strides_n", 0, "", "");
    record_line_minutes(reader, out, "Phone in view", "$.phone_s");
    record_line_minutes(reader, out, "Hand on the rail", "$.handrail_s");
    record_paragraph(out, "  ",
                     "Typical is what healthy adults show at a comfortable pace. Being "
                     "outside is no finding by itself.");
    if (own > 0)
        record_paragraph(out, "  ",
                         "* Compare with the walker's own walks only: an insole's figure "
                         "is not that of a laboratory.");
    contexts(reader, out);
}

void record_text_heart(struct json_reader *reader, FILE *out)
{
    if (!isfinite(json_get_number(reader, "$.hr_mean_bpm")) &&
        !isfinite(json_get_number(reader, "$.hr_suspect_s")))
        return;
    fprintf(out, "\nHEART\n");
    record_line_number(reader, out, "At rest, before", "$.hr_rest_bpm", 0, "beats/min");
    record_line_number(reader, out, "Mean", "$.hr_mean_bpm", 0, "beats/min");
    record_line_number(reader, out, "Highest", "$.hr_max_bpm", 0, "beats/min");
    record_line_number(reader, out, "Highest, of the maximum", "$.hr_pct_max_peak", 0, "%");
    record_line_number(reader, out, "Fall in the first minute", "$.hr_recovery_60s_bpm", 0,
                       "beats/min");
    record_line_number(reader, out, "Moderate effort", "$.min_moderate", 1,
                       "min (64 to 76 % of the maximum)");
    record_line_number(reader, out, "Vigorous effort", "$.min_vigorous", 1, "min (77 % and more)");
    record_line_number(reader, out, "Not trusted", "$.hr_suspect_s", 0,
                       "s (the rhythm of the steps)");
}
