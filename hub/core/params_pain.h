/* The rows of pain, legs and red flags, in the order of enum param from PARAM_PAIN_FIRST on.
 * Private to params.c. Pure; constant. */
#ifndef STRIDE_HUB_CORE_PARAMS_PAIN_H
#define STRIDE_HUB_CORE_PARAMS_PAIN_H

#include "hub/core/params.h"

enum {
    PARAM_PAIN_FIRST = PARAM_P01_EVERY_S,
    PARAM_PAIN_N = PARAM_ASK_GAP_S - PARAM_PAIN_FIRST + 1
};
extern const struct param_info params_pain[PARAM_PAIN_N];

#endif
