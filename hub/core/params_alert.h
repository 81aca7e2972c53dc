/* The rows of an alert's times, in the order of enum param from PARAM_ALERT_FIRST on. Private to
 * params.c. Pure; constant. */
#ifndef STRIDE_HUB_CORE_PARAMS_ALERT_H
#define STRIDE_HUB_CORE_PARAMS_ALERT_H

#include "hub/core/params.h"

enum {
    PARAM_ALERT_FIRST = PARAM_LADDER_EMERGENCY_1_S,
    PARAM_ALERT_N = PARAM_STOP_REPEATS - PARAM_ALERT_FIRST + 1
};
extern const struct param_info params_alert[PARAM_ALERT_N];

#endif
