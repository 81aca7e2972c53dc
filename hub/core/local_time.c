#include "hub/core/local_time.h"

enum { EPOCH_WEEKDAY = 3 /* 1970-01-01 was a Thursday */ };

/* Towards the past, unlike C's division: a minute before 1970 is of the day before. */
static int64_t floor_of(int64_t value, int64_t unit)
{
    const int64_t whole = value / unit;
    return value < whole * unit ? whole - 1 : whole;
}

int64_t local_ms_of(int64_t utc_ms, int tz_offset_min)
{
    return utc_ms + tz_offset_min * LOCAL_MINUTE_MS;
}

int64_t local_day_of(int64_t local_ms)
{
    return floor_of(local_ms, LOCAL_DAY_MS);
}

int local_minute_of(int64_t local_ms)
{
    return (int)((local_ms - local_day_of(local_ms) * LOCAL_DAY_MS) / LOCAL_MINUTE_MS);
}

int local_weekday_of(int64_t day)
{
    const int64_t since = day + EPOCH_WEEKDAY;
    return (int)(since - floor_of(since, LOCAL_WEEK_DAYS) * LOCAL_WEEK_DAYS);
}

bool local_quiet(const struct params *params, int minute)
{
    const int from = (int)params->value[PARAM_QUIET_FROM_MIN];
    const int until = (int)params->value[PARAM_QUIET_UNTIL_MIN];
    return from <= until ? minute >= from && minute < until : minute >= from || minute < until;
}
