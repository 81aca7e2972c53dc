#include "hub/core/coverage.h"

#include <assert.h>

/* What a row needs; all of it. */
enum need { ANY_DEVICE = 1, ONE_FOOT = 2, BOTH_FEET = 4, WRIST = 8, TREADMILL = 16 };

/* Rows of a family, best first; the first whose needs are there counts. None: not evaluated, for
 * the reason of its row with level COVERAGE_NOT_EVALUATED, which ends the family. */
enum { ROWS_MAX = 5 };
static const struct row {
    uint8_t needs, level, reason;
} rows[COVERAGE_FAMILIES][ROWS_MAX] = {
    [COVERAGE_R01] = {{BOTH_FEET, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {ONE_FOOT, COVERAGE_DEGRADED, COVERAGE_SPEED_BY_IMU},
                      {WRIST | TREADMILL, COVERAGE_DEGRADED, COVERAGE_SPEED_CADENCE},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_INSOLE}},
    [COVERAGE_R02] = {{BOTH_FEET, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {ONE_FOOT, COVERAGE_DEGRADED, COVERAGE_ONE_SIDE},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_INSOLE}},
    [COVERAGE_R03] = {{ONE_FOOT, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {WRIST | TREADMILL, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {WRIST, COVERAGE_DEGRADED, COVERAGE_WRIST_STEPS},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_WRIST}},
    [COVERAGE_R04_R07_R08] = {{BOTH_FEET, COVERAGE_FULL, COVERAGE_COMPLETE},
                              {ONE_FOOT, COVERAGE_DEGRADED, COVERAGE_ONE_SIDE},
                              {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_INSOLE}},
    [COVERAGE_R05_R14] = {{ONE_FOOT | WRIST, COVERAGE_FULL, COVERAGE_COMPLETE},
                          {WRIST | TREADMILL, COVERAGE_DEGRADED, COVERAGE_BELT_STEPS},
                          {WRIST, COVERAGE_DEGRADED, COVERAGE_WRIST_STEPS},
                          {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_WRIST}},
    [COVERAGE_R11] = {{BOTH_FEET, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_BOTH_INSOLES}},
    [COVERAGE_R12] = {{ONE_FOOT, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_INSOLE}},
    [COVERAGE_REPORTS] = {{WRIST, COVERAGE_FULL, COVERAGE_COMPLETE},
                          {ONE_FOOT, COVERAGE_DEGRADED, COVERAGE_BY_TAP},
                          {TREADMILL, COVERAGE_DEGRADED, COVERAGE_BY_DISPLAY},
                          {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_DEVICE}},
    [COVERAGE_P05] = {{BOTH_FEET | WRIST, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {ONE_FOOT, COVERAGE_DEGRADED, COVERAGE_SENSORS_ONLY},
                      {WRIST, COVERAGE_DEGRADED, COVERAGE_REPORTS_ONLY},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_WRIST}},
    [COVERAGE_S01] = {{ONE_FOOT | WRIST, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {WRIST | TREADMILL, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {WRIST, COVERAGE_DEGRADED, COVERAGE_NO_UNLOADING},
                      {BOTH_FEET, COVERAGE_DEGRADED, COVERAGE_NO_IMPACT},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_WRIST}},
    /* 2.2 tells of a walk on a belt; 3.6: "T + I2". Without a treadmill there is no belt. */
    [COVERAGE_S04] = {{BOTH_FEET | TREADMILL, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {ONE_FOOT | TREADMILL, COVERAGE_DEGRADED, COVERAGE_ONE_FOOT_LOADS},
                      {WRIST | TREADMILL, COVERAGE_DEGRADED, COVERAGE_INFO_ONLY},
                      {TREADMILL, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_INSOLE},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_TREADMILL}},
    [COVERAGE_S06] = {{WRIST, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {TREADMILL, COVERAGE_DEGRADED, COVERAGE_GRIP},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_WRIST}},
    [COVERAGE_R13] = {{ONE_FOOT | WRIST, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {ONE_FOOT, COVERAGE_DEGRADED, COVERAGE_SENSORS_ONLY},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_INSOLE}},
    [COVERAGE_R15] = {{BOTH_FEET, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_BOTH_INSOLES}},
    [COVERAGE_S02] = {{ONE_FOOT | WRIST, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {ONE_FOOT, COVERAGE_DEGRADED, COVERAGE_LOG_ONLY},
                      {WRIST, COVERAGE_DEGRADED, COVERAGE_LOG_ONLY},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_INSOLE}},
    [COVERAGE_S03] = {{ANY_DEVICE, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_DEVICE}},
    [COVERAGE_S05] = {{TREADMILL, COVERAGE_FULL, COVERAGE_COMPLETE},
                      {0, COVERAGE_NOT_EVALUATED, COVERAGE_NEEDS_TREADMILL}},
};

static unsigned needs_met(unsigned devices)
{
    const unsigned both = COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE;
    unsigned met = devices != 0 ? ANY_DEVICE : 0;
    met |= (devices & both) != 0 ? ONE_FOOT : 0U;
    met |= (devices & both) == both ? BOTH_FEET : 0U;
    met |= (devices & COVERAGE_WRIST) != 0 ? WRIST : 0U;
    return met | ((devices & COVERAGE_TREADMILL) != 0 ? TREADMILL : 0U);
}

struct coverage coverage_of(enum coverage_family family, unsigned devices)
{
    assert((unsigned)family < COVERAGE_FAMILIES && devices < COVERAGE_DEVICES);
    unsigned met = needs_met(devices);
    const struct row *row = rows[family];
    while ((row->needs & ~met) != 0) {
        row++;
    }
    return (struct coverage){row->level, row->reason};
}

const char *coverage_family_name(enum coverage_family family)
{
    static const char *const names[COVERAGE_FAMILIES] = {
        "R01", "R02", "R03", "R04_R07_R08", "R05_R14", "R11", "R12", "reports", "P05",
        "S01", "S04", "S06", "R13",         "R15",     "S02", "S03", "S05"};
    assert((unsigned)family < COVERAGE_FAMILIES);
    return names[family];
}

const char *coverage_reason_name(enum coverage_reason reason)
{
    static const char *const names[COVERAGE_REASONS] = {
        "complete",     "needs_insole", "needs_both_insoles", "needs_wrist",  "needs_treadmill",
        "needs_device", "speed_by_imu", "speed_cadence",      "one_side",     "wrist_steps",
        "belt_steps",   "by_tap",       "by_display",         "reports_only", "sensors_only",
        "no_impact",    "no_unloading", "one_foot_loads",     "info_only",    "grip",
        "log_only"};
    assert((unsigned)reason < COVERAGE_REASONS);
    return names[reason];
}
