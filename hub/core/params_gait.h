/* The rows of the gait and posture rules, in the order of enum param from PARAM_GAIT_FIRST on.
 * Private to params.c. Pure; constant. */
#ifndef STRIDE_HUB_CORE_PARAMS_GAIT_H
#define STRIDE_HUB_CORE_PARAMS_GAIT_H

#include "hub/core/params.h"

enum {
    PARAM_GAIT_FIRST = PARAM_R01_RATIO_PER_M,
    PARAM_GAIT_N = PARAM_R15_MAX - PARAM_GAIT_FIRST + 1
};
extern const struct param_info params_gait[PARAM_GAIT_N];

#endif
