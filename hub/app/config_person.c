/* What the configuration writes of a person in one line:
 *   baseline = cadence=110, slh=0.41/0.01, speed=1.3     (value/MAD; speed is where they hold)
 *   rules = r11.max=0, r03.d=90      walk_times = 08:30, 13:00      shoe_bought = 2026-05-01 */
#include "hub/app/config_table.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>

/* Splits "name=rest" of a list at its "="; false when it has none, or no name. */
static bool split(char *item, char **rest)
{
    char *equals = strchr(item, '=');
    if (equals == NULL || equals == item)
        return false;
    *equals = '\0';
    *rest = equals + 1;
    for (size_t end = strlen(item); end > 0 && isspace((unsigned char)item[end - 1]);)
        item[--end] = '\0';
    return true;
}

/* A number up to the end or a "/", and where it ended. */
static bool number(const char *text, double *out, const char **end)
{
    char *stop;
    errno = 0;
    *out = strtod(text, &stop);
    *end = stop;
    return stop != text && errno == 0 && isfinite(*out) && (*stop == '\0' || *stop == '/');
}

/* A value that the core has room for, with nothing behind it. */
static bool baseline(const char *name, double value, double mad, struct wire_wearer_config *out)
{
    struct baseline_state probe;
    const enum baseline_metric metric = baseline_metric_find(name);
    if (metric == BASELINE_METRICS || out->baselines_n == WEARER_BASELINES_MAX)
        return false;
    for (int i = 0; i < out->baselines_n; i++) {
        if (strcmp(out->baselines[i].name, name) == 0)
            return false;
    }
    baseline_init(&probe);
    struct wire_baseline *to = &out->baselines[out->baselines_n++];
    snprintf(to->name, sizeof(to->name), "%s", baseline_metric_name(metric));
    to->value = (float)value;
    to->mad = (float)mad;
    to->speed_mps = NAN;
    return baseline_set(&probe, metric, NAN, to->value, to->mad);
}

bool config_baselines(const char *text, struct wire_wearer_config *out)
{
    struct baseline_state probe;
    const char *list = text, *end;
    char item[64], *rest;
    double value, speed_mps = (double)NAN;
    out->baselines_n = 0;
    while (config_next_item(&list, item, sizeof(item))) {
        double mad = (double)NAN;
        if (!split(item, &rest) || !number(rest, &value, &end))
            return false;
        if (strcmp(item, "speed") == 0 && *end == '\0' && isnan(speed_mps)) {
            speed_mps = value;
            continue;
        }
        if (*end == '/' && (!number(end + 1, &mad, &end) || *end != '\0'))
            return false;
        if (!baseline(item, value, mad, out))
            return false;
    }
    baseline_init(&probe);
    if (!isnan(speed_mps) && !baseline_set(&probe, BASELINE_SLH, (float)speed_mps, 0.4F, NAN))
        return false;
    for (int i = 0; i < out->baselines_n; i++)
        out->baselines[i].speed_mps = (float)speed_mps;
    return *list == '\0' && (text[0] == '\0' || out->baselines_n > 0);
}

bool config_own_rules(const char *text, struct params *params)
{
    const char *list = text, *end;
    char item[96], *rest;
    double value;
    while (config_next_item(&list, item, sizeof(item))) {
        if (!split(item, &rest) || !number(rest, &value, &end) || *end != '\0')
            return false;
        const enum param param = param_find(item);
        if (param == PARAM_COUNT || !params_set(params, param, value))
            return false;
    }
    return *list == '\0';
}

bool config_walk_times(const char *text, struct wire_wearer_config *out)
{
    const char *list = text;
    char item[8];
    out->walk_times_n = 0;
    while (config_next_item(&list, item, sizeof(item))) {
        char hours[sizeof("08:30-24:00")];
        uint16_t minute, end;
        const int n = out->walk_times_n;
        snprintf(hours, sizeof(hours), "%.5s-24:00", item);
        if (n == WEARER_WALK_TIMES_MAX || strlen(item) != 5 || !config_hours(hours, &minute, &end))
            return false;
        if (n > 0 && minute <= out->walk_min[n - 1])
            return false;
        out->walk_min[out->walk_times_n++] = minute;
    }
    return *list == '\0' && (text[0] == '\0' || out->walk_times_n > 0);
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool config_date(const char *text, int32_t *day)
{
    enum { LENGTH = sizeof("2026-05-01") - 1 };
    int year = 0, month = 0, of_month = 0;
    for (size_t i = 0; i < LENGTH; i++) {
        if (i == 4 || i == 7 ? text[i] != '-' : !isdigit((unsigned char)text[i]))
            return false;
        int *const part = i < 4 ? &year : i < 7 ? &month : &of_month;
        *part = i == 4 || i == 7 ? *part : *part * 10 + (text[i] - '0');
    }
    if (text[LENGTH] != '\0' || year < 1970 || year > 2199 || month < 1 || month > 12 ||
        of_month < 1 || of_month > month_days(year, month))
        return false;
    int32_t days = of_month - 1;
    for (int m = 1; m < month; m++)
        days += month_days(year, m);
    for (int y = 1970; y < year; y++)
        days += 337 + month_days(y, 2);
    *day = days;
    return true;
}
