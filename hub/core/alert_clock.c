/* The wearer's local time, from an offset that the app gives: quiet hours, duty, morning. */
#include "hub/core/alert_parts.h"
#include "hub/core/local_time.h"

static int64_t local_ms(const struct alert_context *context, int64_t at_ns)
{
    return local_ms_of(at_ns / 1000000 + context->wall_minus_mono_ms, context->tz_offset_min);
}

int64_t local_day(const struct alert_context *context, int64_t at_ns)
{
    return local_day_of(local_ms(context, at_ns));
}

bool alerting_quiet(const struct alert_context *context, int64_t at_ns)
{
    return local_quiet(context->params, local_minute_of(local_ms(context, at_ns)));
}

/* `wait_ms` after the millisecond in which `from_ns` lies: when it comes does not depend on where
 * in that millisecond somebody asked. */
static int64_t later_ns(int64_t from_ns, int64_t wait_ms)
{
    return wait_ms == 0 ? from_ns : (from_ns / 1000000 + wait_ms) * 1000000;
}

int64_t local_morning_ns(const struct alert_context *context, int64_t from_ns)
{
    int64_t morning_ms = (int64_t)context->params->value[PARAM_QUIET_UNTIL_MIN] * LOCAL_MINUTE_MS;
    int64_t ms = local_ms(context, from_ns);
    int64_t wait_ms = local_day_of(ms) * LOCAL_DAY_MS + morning_ms - ms;
    if (wait_ms < 0)
        wait_ms += LOCAL_DAY_MS;
    return later_ns(from_ns, wait_ms);
}

int64_t local_day_end_ns(const struct alert_context *context, int64_t from_ns)
{
    int64_t ms = local_ms(context, from_ns);
    return later_ns(from_ns, (local_day_of(ms) + 1) * LOCAL_DAY_MS - ms);
}

static bool duty_covers(const struct wire_duty *duty, unsigned weekday, unsigned minute)
{
    unsigned before = (weekday + LOCAL_WEEK_DAYS - 1) % LOCAL_WEEK_DAYS;
    bool today = (duty->days >> weekday & 1) != 0, yesterday = (duty->days >> before & 1) != 0;
    if (duty->from_min < duty->until_min)
        return today && minute >= duty->from_min && minute < duty->until_min;
    return (today && minute >= duty->from_min) || (yesterday && minute < duty->until_min);
}

bool on_duty(const struct alert_context *context, const struct wire_caregiver *caregiver,
             int64_t at_ns)
{
    unsigned weekday = (unsigned)local_weekday_of(local_day(context, at_ns));
    unsigned minute = (unsigned)local_minute_of(local_ms(context, at_ns));
    for (unsigned i = 0; i < caregiver->duties_n; i++) {
        if (duty_covers(&caregiver->duties[i], weekday, minute))
            return true;
    }
    return caregiver->duties_n == 0;
}
