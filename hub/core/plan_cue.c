/* Cues that time alone brings can be turned off, one by one or all: the scripts of rule book 7 keep
 * silent those that they do not name, and some wearers want fewer. */
#include <string.h>

#include "hub/core/plan.h"

static const struct {
    char rule[4];
    enum param param;
} cues[] = {
    {"R06", PARAM_CUE_R06}, {"C02", PARAM_CUE_C02}, {"C04", PARAM_CUE_C04}, {"C05", PARAM_CUE_C05},
    {"C06", PARAM_CUE_C06}, {"C07", PARAM_CUE_C07}, {"C09", PARAM_CUE_C09}, {"C11", PARAM_CUE_C11},
    {"C12", PARAM_CUE_C12}, {"C13", PARAM_CUE_C13}, {"C14", PARAM_CUE_C14}, {"C18", PARAM_CUE_C18},
};

bool plan_afoot(const char *rule)
{
    static const char afoot[][4] = {"R09", "R10", "P08", "C01", "C02", "C03", "C06",
                                    "C10", "C11", "C12", "C13", "C15", "C17"};
    for (size_t i = 0; i < sizeof(afoot) / sizeof(afoot[0]); i++) {
        if (strcmp(afoot[i], rule) == 0)
            return true;
    }
    return false;
}

bool plan_cue_off(const struct params *params, const char *rule)
{
    for (size_t i = 0; i < sizeof(cues) / sizeof(cues[0]); i++) {
        if (strcmp(cues[i].rule, rule) != 0)
            continue;
        double own = params->value[cues[i].param];
        return own < 1 || (own < 2 && params->value[PARAM_CUE_TIMED] < 1);
    }
    return false;
}
