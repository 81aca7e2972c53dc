/* The rows of stage `safety`, in the order of enum param from PARAM_SAFETY_FIRST on. Private
 * to params.c. Pure; constant. */
#ifndef STRIDE_HUB_CORE_PARAMS_SAFETY_H
#define STRIDE_HUB_CORE_PARAMS_SAFETY_H

#include "hub/core/params.h"

enum {
    PARAM_SAFETY_FIRST = PARAM_S01_UNLOADED,
    PARAM_SAFETY_N = PARAM_S08_BLIND_S - PARAM_SAFETY_FIRST + 1
};
extern const struct param_info params_safety[PARAM_SAFETY_N];

#endif
