/* The wearer's local time, from an offset that the app gives: quiet hours, duty, morning. */
#include "hub/core/alert_parts.h"

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
enum { WEEK_DAYS = 7, EPOCH_WEEKDAY = 3 /* 1970-01-01 was a Thursday */ };

static int64_t local_ms(const struct alert_context *context, int64_t at_ns)
{
    return at_ns / 1000000 + context->wall_minus_mono_ms + context->tz_offset_min * MINUTE_MS;
}

static int64_t floor_day(int64_t ms)
{
    return ms >= 0 ? ms / DAY_MS : (ms - DAY_MS + 1) / DAY_MS;
}

int64_t local_day(const struct alert_context *context, int64_t at_ns)
{
    return floor_day(local_ms(context, at_ns));
}

static unsigned local_minute(const struct alert_context *context, int64_t at_ns)
{
    int64_t ms = local_ms(context, at_ns);
    return (unsigned)((ms - floor_day(ms) * DAY_MS) / MINUTE_MS);
}

bool alerting_quiet(const struct alert_context *context, int64_t at_ns)
{
    unsigned from = (unsigned)context->params->value[PARAM_QUIET_FROM_MIN];
    unsigned until = (unsigned)context->params->value[PARAM_QUIET_UNTIL_MIN];
    unsigned now = local_minute(context, at_ns);
    return from <= until ? now >= from && now < until : now >= from || now < until;
}

/* `wait_ms` after the millisecond in which `from_ns` lies: when it comes does not depend on where
 * in that millisecond somebody asked. */
static int64_t later_ns(int64_t from_ns, int64_t wait_ms)
{
    return wait_ms == 0 ? from_ns : (from_ns / 1000000 + wait_ms) * 1000000;
}

int64_t local_morning_ns(const struct alert_context *context, int64_t from_ns)
{
    int64_t morning_ms = (int64_t)context->params->value[PARAM_QUIET_UNTIL_MIN] * MINUTE_MS;
    int64_t ms = local_ms(context, from_ns);
    int64_t wait_ms = floor_day(ms) * DAY_MS + morning_ms - ms;
    if (wait_ms < 0)
        wait_ms += DAY_MS;
    return later_ns(from_ns, wait_ms);
}

int64_t local_day_end_ns(const struct alert_context *context, int64_t from_ns)
{
    int64_t ms = local_ms(context, from_ns);
    return later_ns(from_ns, (floor_day(ms) + 1) * DAY_MS - ms);
}

static bool duty_covers(const struct wire_duty *duty, unsigned weekday, unsigned minute)
{
    unsigned before = (weekday + WEEK_DAYS - 1) % WEEK_DAYS;
    bool today = (duty->days >> weekday & 1) != 0, yesterday = (duty->days >> before & 1) != 0;
    if (duty->from_min < duty->until_min)
        return today && minute >= duty->from_min && minute < duty->until_min;
    return (today && minute >= duty->from_min) || (yesterday && minute < duty->until_min);
}

bool on_duty(const struct alert_context *context, const struct wire_caregiver *caregiver,
             int64_t at_ns)
{
    int64_t weekday = (local_day(context, at_ns) + EPOCH_WEEKDAY) % WEEK_DAYS;
    if (weekday < 0)
        weekday += WEEK_DAYS;
    unsigned minute = local_minute(context, at_ns);
    for (unsigned i = 0; i < caregiver->duties_n; i++) {
        if (duty_covers(&caregiver->duties[i], (unsigned)weekday, minute))
            return true;
    }
    return caregiver->duties_n == 0;
}
