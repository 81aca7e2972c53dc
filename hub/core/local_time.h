/* Local time by an offset: the day, its minute, its weekday, and whether it is quiet. The core
 * knows no time zones: where the offset comes from, and when it changes, is the caller's business.
 *
 * Days are counted from 1970-01-01; what lies before it is negative. Pure. */
#ifndef STRIDE_HUB_CORE_LOCAL_TIME_H
#define STRIDE_HUB_CORE_LOCAL_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "hub/core/params.h"
#include "proto/limits.h" /* DAY_MINUTES */

#define LOCAL_MINUTE_MS INT64_C(60000)
#define LOCAL_DAY_MS (DAY_MINUTES * LOCAL_MINUTE_MS)
enum { LOCAL_WEEK_DAYS = 7 };

/* What a clock of that place shows, as milliseconds since 1970; the others take it. */
int64_t local_ms_of(int64_t utc_ms, int tz_offset_min);
int64_t local_day_of(int64_t local_ms);
/* 0..1439 */
int local_minute_of(int64_t local_ms);
/* 0 = Monday .. 6 = Sunday */
int local_weekday_of(int64_t day);
/* Quiet hours may go over midnight; with the same beginning and end there are none. */
bool local_quiet(const struct params *params, int minute);

#endif
