/* The story of an alert tells when the levels of its ladder begin from no more than its raise: the
 * same moments at which stage `alert` climbs them. */
#include "hub/app/explain_ladder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hub/app/alert_json.h"
#include "hub/core/alert_parts.h"

#define AHEAD_MS INT64_C(1779926400000) /* 2026-05-28, 00:00 UTC, minus hub time */
enum { LEVELS = 6, MINUTES = 1440, TZ_MIN = 120 };

static int64_t climbs_ms(const struct params *params, enum alert_urgency urgency, int64_t raised_ms,
                         int level)
{
    const struct alert_context context = {
        .params = params, .wall_minus_mono_ms = AHEAD_MS, .tz_offset_min = TZ_MIN};
    const struct alert alert = {.urgency = (uint8_t)urgency,
                                .level = (uint16_t)(level - 1),
                                .raised_ns = (raised_ms - AHEAD_MS) * 1000000};
    const int64_t due_ns = ladder_due_ns(&context, &alert);
    return due_ns == INT64_MAX ? INT64_MAX : due_ns / 1000000 + AHEAD_MS;
}

static void check(const struct params *params)
{
    static const enum alert_urgency urgencies[] = {URGENCY_EMERGENCY, URGENCY_SAME_DAY,
                                                   URGENCY_URGENT};
    for (size_t i = 0; i < sizeof(urgencies) / sizeof(urgencies[0]); i++) {
        for (int minute = 0; minute < MINUTES; minute += 5) {
            const int64_t raised_ms = AHEAD_MS + minute * INT64_C(60000) + minute % 2 * 1234;
            for (int level = 1; level <= LEVELS; level++) {
                const int64_t told_ms =
                    explain_level_ms(params, urgency_name(urgencies[i]), raised_ms, TZ_MIN, level);
                if (told_ms != climbs_ms(params, urgencies[i], raised_ms, level))
                    fail_msg("%s, minute %d, level %d", urgency_name(urgencies[i]), minute, level);
            }
        }
    }
}

static void the_story_has_another_ladder_than_the_alert(void **unused)
{
    (void)unused;
    static const enum param sooner[] = {PARAM_LADDER_EMERGENCY_1_S,  PARAM_LADDER_EMERGENCY_2_S,
                                        PARAM_LADDER_EMERGENCY_3_S,  PARAM_LADDER_SAME_DAY_1_MIN,
                                        PARAM_LADDER_SAME_DAY_2_MIN, PARAM_LADDER_SAME_DAY_3_MIN,
                                        PARAM_LADDER_URGENT_1_MIN,   PARAM_LADDER_URGENT_3_H};
    struct params params;
    params_defaults(&params);
    check(&params);
    for (size_t i = 0; i < sizeof(sooner) / sizeof(sooner[0]); i++)
        assert_true(params_set(&params, sooner[i], param_info(sooner[i])->min));
    assert_true(params_set(&params, PARAM_QUIET_UNTIL_MIN, 545));
    check(&params);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_story_has_another_ladder_than_the_alert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
