/* How often each rule's alerts were accepted and how often the wearer took them back: the monthly
 * report of rule book 5.3. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "hub/app/cmd.h"
#include "hub/app/record_rules.h"
#include "hub/core/effect.h"
#include "hub/core/rule_table.h"
#include "hub/io/json.h"
#include "hub/io/store.h"

static const char usage[] =
    "usage: stridehub alerts [--config FILE | --database FILE] [--wearer ID] [--month YYYY-MM]\n"
    "                        [--format table|csv|json]\n"
    "\n"
    "Counts alerts per rule: raised, accepted by a person, taken back by the walker, still open "
    "or\n"
    "ended without either. Right share = accepted / (accepted + taken back); rule book 5.3 wants "
    "at\n"
    "least 50 % for S01. Months are UTC; without --month: all.\n";

enum { SHARE_WANTED_PCT = 50 /* rule book 5.3 */, MONTH_SIZE = 8 };

struct counts {
    int raised, accepted, cancelled;
};
struct report {
    struct json_reader *reader;
    struct counts rules[RULE_COUNT];
};

/* ---------------------------------------------------------------- counting */

static bool was_accepted(struct json_reader *reader, const struct store_alert *alert)
{
    char path[40], state[24];
    if (!json_load(reader, alert->record, strlen(alert->record)))
        return alert->state == ALERT_ACCEPTED;
    const int n = json_get_length(reader, "$.history");
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof(path), "$.history[%d].state", i);
        if (json_get_string(reader, path, state, sizeof(state)) && strcmp(state, "ACCEPTED") == 0)
            return true;
    }
    return false;
}

static bool count(void *context, const struct store_alert *alert)
{
    struct report *report = context;
    if (alert->rule == RULE_NONE || alert->rule >= RULE_COUNT)
        return true; /* of a later version */
    struct counts *counts = &report->rules[alert->rule];
    counts->raised++;
    if (alert->state == ALERT_CANCELLED)
        counts->cancelled++;
    else if (was_accepted(report->reader, alert))
        counts->accepted++;
    return true;
}

static double share_pct(const struct counts *counts)
{
    const int judged = counts->accepted + counts->cancelled;
    return judged > 0 ? 100.0 * counts->accepted / judged : (double)NAN;
}

/* ---------------------------------------------------------------- printing */

static void print_line(enum rule rule, const struct counts *counts, enum cmd_format format,
                       bool first)
{
    const double share = share_pct(counts);
    const int neither = counts->raised - counts->accepted - counts->cancelled;
    char words[16] = "";
    if (isfinite(share))
        snprintf(words, sizeof(words), "%.0f", share);
    if (format == FORMAT_JSON)
        printf("%s{\"rule_id\":\"%s\",\"raised\":%d,\"accepted\":%d,\"cancelled\":%d,"
               "\"neither\":%d%s%s}",
               first ? "" : ",\n", rule_name(rule), counts->raised, counts->accepted,
               counts->cancelled, neither, isfinite(share) ? ",\"right_pct\":" : "", words);
    else if (format == FORMAT_CSV)
        printf("%s,%d,%d,%d,%d,%s\n", rule_name(rule), counts->raised, counts->accepted,
               counts->cancelled, neither, words);
    else
        printf("%-4s  %-24.24s  %6d  %8d  %10d  %7d  %5s%s\n", rule_name(rule),
               record_rule_title(rule_name(rule)), counts->raised, counts->accepted,
               counts->cancelled, neither, isfinite(share) ? words : "-",
               rule == RULE_S01 && share < SHARE_WANTED_PCT ? "  below 50: raise its thresholds"
                                                            : "");
}

static void print_all(const struct report *report, enum cmd_format format)
{
    bool first = true;
    if (format == FORMAT_JSON)
        printf("[");
    else if (format == FORMAT_CSV)
        printf("rule_id,raised,accepted,cancelled,neither,right_pct\n");
    else
        printf("%-4s  %-24s  %6s  %8s  %10s  %7s  %5s\n", "rule", "", "raised", "accepted",
               "taken back", "neither", "right");
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        if (report->rules[rule].raised == 0)
            continue;
        print_line((enum rule)rule, &report->rules[rule], format, first);
        first = false;
    }
    if (format == FORMAT_JSON)
        printf("]\n");
    else if (format == FORMAT_TABLE && first)
        printf("no alert yet\n");
}

/* ---------------------------------------------------------------- command */

/* [from, to) of a UTC month. */
static bool month_of(const char *text, int64_t *from_ms, int64_t *to_ms)
{
    int year = 0, month = 0, used = 0;
    if (strlen(text) != MONTH_SIZE - 1 || sscanf(text, "%4d-%2d%n", &year, &month, &used) != 2 ||
        used != MONTH_SIZE - 1 || year < 1970 || month < 1 || month > 12)
        return false;
    struct tm from = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = 1};
    struct tm to = {.tm_year = year - 1900, .tm_mon = month, .tm_mday = 1};
    *from_ms = (int64_t)timegm(&from) * 1000;
    *to_ms = (int64_t)timegm(&to) * 1000;
    return true;
}

static int report_on(struct store *store, const char *wearer, int64_t from_ms, int64_t to_ms,
                     enum cmd_format format)
{
    static struct report report;
    const uint32_t number = wearer == NULL ? 0 : store_wearer_number(store, wearer);
    if (wearer != NULL && number == 0) {
        fprintf(stderr, "stridehub: the database knows no wearer %s\n", wearer);
        return CMD_FAILED;
    }
    report.reader = json_reader_open();
    if (report.reader == NULL)
        return CMD_FAILED;
    const enum store_error error =
        store_each_alert_raised(store, number, from_ms, to_ms, count, &report);
    json_reader_close(report.reader);
    if (error != STORE_OK) {
        fprintf(stderr, "stridehub: %s\n", store_error_text(error));
        return CMD_FAILED;
    }
    print_all(&report, format);
    return CMD_OK;
}

int cmd_alerts(int argc, char **argv)
{
    struct cmd_source source = {0};
    const char *wearer = NULL;
    int64_t from_ms = INT64_MIN, to_ms = INT64_MAX;
    for (int i = 1; i < argc; i++) {
        const char *value;
        if (strcmp(argv[i], "--help") == 0)
            return cmd_usage(usage, true);
        if (cmd_source(argc, argv, &i, &source))
            continue;
        if ((value = cmd_value(argc, argv, &i, "--wearer")) != NULL)
            wearer = value;
        else if ((value = cmd_value(argc, argv, &i, "--month")) != NULL) {
            if (!month_of(value, &from_ms, &to_ms))
                return cmd_bad_value("--month", value, "a month such as 2026-03");
        } else
            return cmd_bad_option(argv[i], usage);
    }
    struct store *store = cmd_open_database(&source);
    if (store == NULL)
        return CMD_FAILED;
    const int status = report_on(store, wearer, from_ms, to_ms, source.format);
    store_close(store);
    return status;
}
