/* The wearer's day turns at the wearer's midnight, before 1970 too. */
#include "hub/core/local_time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void a_day_begins_at_local_midnight_on_both_sides_of_1970(void **unused)
{
    (void)unused;
    static const struct {
        int64_t utc_ms;
        int tz_min;
        int64_t day;
        int minute;
    } all[] = {
        {0, 0, 0, 0},
        {-1, 0, -1, 1439},
        {LOCAL_DAY_MS - 1, 0, 0, 1439},
        {LOCAL_DAY_MS, 0, 1, 0},
        {-LOCAL_DAY_MS, 0, -1, 0},
        {-LOCAL_DAY_MS - 1, 0, -2, 1439},
        {0, -60, -1, 1380},
        {0, 840, 0, 840},
        {INT64_C(1772578800000), 60, 20516, 0}, /* 2026-03-03, 23:00 UTC */
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        const int64_t local_ms = local_ms_of(all[i].utc_ms, all[i].tz_min);
        assert_int_equal(local_day_of(local_ms), all[i].day);
        assert_int_equal(local_minute_of(local_ms), all[i].minute);
    }
}

static void weekdays_go_on_before_1970(void **unused)
{
    (void)unused;
    assert_int_equal(local_weekday_of(0), 3);     /* Thursday */
    assert_int_equal(local_weekday_of(20516), 2); /* Wednesday 2026-03-04 */
    assert_int_equal(local_weekday_of(-3), 0);
    assert_int_equal(local_weekday_of(-4), 6);
    assert_int_equal(local_weekday_of(-11), 6);
}

static void quiet_hours_go_over_midnight_and_can_be_none(void **unused)
{
    (void)unused;
    static const struct {
        int from, until, minute;
        bool quiet;
    } all[] = {
        {1290, 450, 1289, false}, {1290, 450, 1290, true}, {1290, 450, 0, true},
        {1290, 450, 449, true},   {1290, 450, 450, false}, {60, 120, 59, false},
        {60, 120, 60, true},      {60, 120, 120, false},   {450, 450, 450, false},
    };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        struct params params;
        params_defaults(&params);
        params.value[PARAM_QUIET_FROM_MIN] = all[i].from;
        params.value[PARAM_QUIET_UNTIL_MIN] = all[i].until;
        assert_true(local_quiet(&params, all[i].minute) == all[i].quiet);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_begins_at_local_midnight_on_both_sides_of_1970),
        cmocka_unit_test(weekdays_go_on_before_1970),
        cmocka_unit_test(quiet_hours_go_over_midnight_and_can_be_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
