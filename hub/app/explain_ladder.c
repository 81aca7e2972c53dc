#include "hub/app/explain_ladder.h"

#include <string.h>

#include "hub/core/local_time.h"

#define SECOND_MS INT64_C(1000)
#define HOUR_MS (60 * LOCAL_MINUTE_MS)
/* What a row tells is cut to whole seconds twice; steps are 15 s apart at least. */
#define CUT_MS (2 * SECOND_MS)
enum { LEVEL_SECOND = 1, LEVEL_ALL, LEVEL_LAST };
_Static_assert(PARAM_LADDER_EMERGENCY_3_S == PARAM_LADDER_EMERGENCY_1_S + 2 &&
                   PARAM_LADDER_SAME_DAY_2_MIN == PARAM_LADDER_SAME_DAY_1_MIN + 1,
               "steps are counted on from the first");

static int64_t span_ms(const struct params *params, enum param param, int64_t unit_ms)
{
    return (int64_t)(params->value[param] * (double)unit_ms);
}

static int64_t emergency_ms(const struct params *params, int level)
{
    if (level > LEVEL_LAST)
        return INT64_MAX;
    return span_ms(params, (enum param)(PARAM_LADDER_EMERGENCY_1_S + level - LEVEL_SECOND),
                   SECOND_MS);
}

static int64_t same_day_ms(const struct params *params, int level)
{
    if (level <= LEVEL_ALL)
        return span_ms(params, (enum param)(PARAM_LADDER_SAME_DAY_1_MIN + level - LEVEL_SECOND),
                       LOCAL_MINUTE_MS);
    return (level - LEVEL_ALL) * span_ms(params, PARAM_LADDER_SAME_DAY_3_MIN, LOCAL_MINUTE_MS);
}

/* All are told in the morning after the second, then every day, never together with the morning. */
static int64_t urgent_ms(const struct params *params, int64_t raised_ms, int tz_offset_min,
                         int level)
{
    const int64_t second_ms = span_ms(params, PARAM_LADDER_URGENT_1_MIN, LOCAL_MINUTE_MS);
    if (level == LEVEL_SECOND)
        return second_ms;
    const int64_t local_ms = local_ms_of(raised_ms + second_ms, tz_offset_min);
    int64_t wait_ms = local_day_of(local_ms) * LOCAL_DAY_MS - local_ms +
                      span_ms(params, PARAM_QUIET_UNTIL_MIN, LOCAL_MINUTE_MS);
    if (wait_ms < 0)
        wait_ms += LOCAL_DAY_MS;
    const int64_t morning_ms = second_ms + wait_ms;
    const int64_t repeat_ms = span_ms(params, PARAM_LADDER_URGENT_3_H, HOUR_MS);
    return level == LEVEL_ALL ? morning_ms
                              : (morning_ms / repeat_ms + 1 + level - LEVEL_LAST) * repeat_ms;
}

int64_t explain_level_ms(const struct params *params, const char *urgency, int64_t raised_ms,
                         int tz_offset_min, int level)
{
    int64_t after_ms = INT64_MAX;
    if (strcmp(urgency, "emergency") == 0)
        after_ms = emergency_ms(params, level);
    else if (strcmp(urgency, "same_day") == 0)
        after_ms = same_day_ms(params, level);
    else if (strcmp(urgency, "urgent") == 0)
        after_ms = urgent_ms(params, raised_ms, tz_offset_min, level);
    return after_ms == INT64_MAX ? INT64_MAX : raised_ms + after_ms;
}

int explain_level_at(const struct params *params, const char *urgency, int64_t raised_ms,
                     int tz_offset_min, int64_t at_ms)
{
    int level = 0;
    while (level < UINT16_MAX &&
           at_ms + CUT_MS >= explain_level_ms(params, urgency, raised_ms, tz_offset_min, level + 1))
        level++;
    return level;
}
