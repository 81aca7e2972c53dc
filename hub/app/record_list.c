/* Records as lists and comma-separated values. */
#include <math.h>
#include <time.h>

#include "hub/app/record_text.h"

struct column {
    const char *name, *path;
    int decimals, width;
};

static const struct column columns[] = {
    {"start_utc_ms", "$.start_utc_ms", 0, 0},
    {"end_utc_ms", "$.end_utc_ms", 0, 0},
    {"duration_s", "$.duration_s", 1, 10},
    {"walk_s", "$.walk_s", 1, 8},
    {"steps", "$.steps", 0, 7},
    {"distance_m", "$.distance_m", 1, 10},
    {"cadence_spm", "$.cadence_spm.mean", 1, 11},
    {"stride_cv_pct", "$.stride_cv_pct", 2, 13},
    {"si_stance_pct", "$.si_stance_pct", 2, 13},
    {"pain_start", "$.pain_start", 0, 10},
    {"pain_end", "$.pain_end", 0, 8},
    {"prompts_sent", "$.prompts_sent", 0, 12},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static void csv_text(const char *text, FILE *out)
{
    if (strpbrk(text, ",\"\n\r") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"')
            fputc('"', out);
        fputc(*c, out);
    }
    fputc('"', out);
}

/* SQLite quotes every key that is not letters and digits alone; ours hold none that need it. */
static void csv_leaf(void *context, const char *path, const char *value)
{
    FILE *out = context;
    for (const char *c = path[0] == '$' && path[1] == '.' ? path + 2 : path; *c != '\0'; c++) {
        if (*c != '"')
            fputc(*c, out);
    }
    fputc(',', out);
    csv_text(value, out);
    fputc('\n', out);
}

bool record_print_csv(struct json_reader *reader, const char *record, FILE *out)
{
    if (!json_load(reader, record, strlen(record)))
        return false;
    fputs("field,value\n", out);
    json_each_leaf(reader, csv_leaf, out);
    return true;
}

bool record_print_csv_line(struct json_reader *reader, const char *record, FILE *out)
{
    char id[64], wearer[64], reason[32];
    if (record == NULL) {
        fputs("session_id,wearer_id", out);
        for (int i = 0; i < COLUMNS; i++)
            fprintf(out, ",%s", columns[i].name);
        fputs(",end_reason\n", out);
        return true;
    }
    if (!json_load(reader, record, strlen(record)))
        return false;
    json_get_string(reader, "$.session_id", id, sizeof(id));
    json_get_string(reader, "$.wearer_id", wearer, sizeof(wearer));
    fprintf(out, "%s,%s", id, wearer);
    for (int i = 0; i < COLUMNS; i++) {
        const double value = json_get_number(reader, columns[i].path);
        fputc(',', out);
        if (isfinite(value))
            fprintf(out, "%.*f", columns[i].decimals, value);
    }
    json_get_string(reader, "$.end_reason", reason, sizeof(reason));
    fprintf(out, ",%s\n", reason);
    return true;
}

static void start_text(struct json_reader *reader, char *out, size_t size)
{
    struct tm parts;
    const double start_ms = json_get_number(reader, "$.start_utc_ms");
    const double tz = json_get_number(reader, "$.tz_offset_min");
    const time_t at = (time_t)(start_ms / 1000 + (isfinite(tz) ? tz * 60 : 0));
    snprintf(out, size, "-");
    if (isfinite(start_ms) && gmtime_r(&at, &parts) != NULL)
        strftime(out, size, "%Y-%m-%d %H:%M", &parts);
}

bool record_print_line(struct json_reader *reader, const char *record, FILE *out)
{
    char id[64], wearer[64], start[32], reason[32];
    if (record == NULL) {
        fprintf(out, "%-36s  %-12s  %-16s", "session", "walker", "started");
        for (int i = 0; i < COLUMNS; i++) {
            if (columns[i].width > 0)
                fprintf(out, "  %*s", columns[i].width, columns[i].name);
        }
        fputs("  ended because\n", out);
        return true;
    }
    if (!json_load(reader, record, strlen(record)))
        return false;
    json_get_string(reader, "$.session_id", id, sizeof(id));
    json_get_string(reader, "$.wearer_id", wearer, sizeof(wearer));
    start_text(reader, start, sizeof(start));
    fprintf(out, "%-36s  %-12s  %-16s", id, wearer, start);
    for (int i = 0; i < COLUMNS; i++) {
        const double value = json_get_number(reader, columns[i].path);
        if (columns[i].width == 0)
            continue;
        if (isfinite(value))
            fprintf(out, "  %*.*f", columns[i].width, columns[i].decimals, value);
        else
            fprintf(out, "  %*s", columns[i].width, "-");
    }
    json_get_string(reader, "$.end_reason", reason, sizeof(reason));
    fprintf(out, "  %s\n", reason[0] == '\0' ? "still walking" : record_end_words(reason));
    return true;
}
