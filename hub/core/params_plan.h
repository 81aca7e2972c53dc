/* The rows of the walking programme, in the order of enum param from PARAM_PLAN_FIRST on. Private
 * to params.c. Pure; constant. */
#ifndef STRIDE_HUB_CORE_PARAMS_PLAN_H
#define STRIDE_HUB_CORE_PARAMS_PLAN_H

#include "hub/core/params.h"

enum { PARAM_PLAN_FIRST = PARAM_PLAN_M1_MIN, PARAM_PLAN_N = PARAM_CUE_C18 - PARAM_PLAN_FIRST + 1 };
extern const struct param_info params_plan[PARAM_PLAN_N];

#endif
