/* An alert of noon in a home with a wrist and two caregivers, for the tests of what is told of it.
 * Nothing was measured, and nobody was told yet. */
#ifndef STRIDE_TESTS_ALERT_TOLD_FIXTURE_H
#define STRIDE_TESTS_ALERT_TOLD_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "hub/app/alert_json.h"

#define NOON_MS INT64_C(1779969600000) /* 2026-05-28, 12:00 UTC; 14:00 in the home */

static struct wearer_state wearer;

static inline struct alert alert_of(enum rule rule, enum alert_urgency urgency,
                                    enum alert_state state)
{
    struct alert alert = {.id = "a0123456789abcdef",
                          .rule = (uint8_t)rule,
                          .severity = STRIDE__V1__SEVERITY__SEVERITY_RED,
                          .urgency = (uint8_t)urgency,
                          .state = (uint8_t)state,
                          .raised_wall_ms = NOON_MS,
                          .value = NAN,
                          .threshold = NAN};
    alert.evidence.baseline = NAN;
    for (int i = 0; i < ALERT_STAMPS; i++)
        alert.stamps[i].after_ms = -1;
    for (int i = 0; i < WEARER_CAREGIVERS_MAX; i++)
        alert.evidence.told_after_s[i] = ALERT_TOLD_NOT;
    alert.evidence.shown_after_s = alert.evidence.alarm_after_s = ALERT_TOLD_NOT;
    return alert;
}

/* The home as new; the pointers in it hold until the next call. */
static inline struct alert_about about(void)
{
    memset(&wearer, 0, sizeof(wearer));
    memcpy(wearer.devices[0].id, "w1-wrist", 9);
    wearer.config.caregivers_n = 2;
    memcpy(wearer.config.caregivers[0].account, "anna", 5);
    memcpy(wearer.config.caregivers[1].account, "bert", 5);
    wearer.config.tz_offset_min = 120;
    return (struct alert_about){
        .wearer_id = "w1", .name = "Walker 1", .emergency_number = "112", .state = &wearer};
}

#endif
