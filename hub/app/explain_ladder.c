#include "hub/app/explain_ladder.h"

#include <string.h>

#include "hub/app/alert_json.h"

#define MS INT64_C(1000000)
/* What a row tells is cut to whole seconds twice; steps are 15 s apart at least. */
#define CUT_MS INT64_C(2000)

static enum alert_urgency urgency_of(const char *name)
{
    for (int i = 0; i < URGENCIES; i++) {
        if (strcmp(urgency_name((enum alert_urgency)i), name) == 0)
            return (enum alert_urgency)i;
    }
    return URGENCY_NONE;
}

/* The ladder of stage `alert`, with the wall's time for the hub's. */
int64_t explain_level_ms(const struct params *params, const char *urgency, int64_t raised_ms,
                         int tz_offset_min, int level)
{
    const struct alert_context context = {.params = params,
                                          .tz_offset_min = (int16_t)tz_offset_min};
    const struct alert alert = {.urgency = (uint8_t)urgency_of(urgency),
                                .level = (uint16_t)(level - 1),
                                .raised_ns = raised_ms * MS};
    const int64_t due_ns = alerting_level_due_ns(&context, &alert);
    return due_ns == INT64_MAX ? INT64_MAX : due_ns / MS;
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
