/* Every number that a rule or the engine compares with, as one typed table: name, unit, range,
 * default, source, help. The configuration file sets them by name; the journal carries those that
 * differ from the defaults, so that a replay decides with what the hub decided with.
 *
 * Pure; the table is constant. */
#ifndef STRIDE_HUB_CORE_PARAMS_H
#define STRIDE_HUB_CORE_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/core/params_index.h"

struct param_info {
    const char *name; /* "r11.si_stance_coach" */
    const char *unit; /* "%", "s", "steps/min", "" */
    double min, max, def;
    const char *source; /* "rule book R11", "design 1", ... */
    const char *help;
};

const struct param_info *param_info(enum param param);
/* Index of `name`, or PARAM_COUNT. */
enum param param_find(const char *name);

struct params {
    double value[PARAM_COUNT];
};
void params_defaults(struct params *params);
/* False, and nothing changed, when out of range or not finite. */
bool params_set(struct params *params, enum param param, double value);
/* What values contradict each other, in words fit to print; NULL = none do. */
const char *params_conflict(const struct params *params);
/* A time in seconds, as nanoseconds. */
static inline int64_t param_ns(const struct params *params, enum param param)
{
    return (int64_t)(params->value[param] * 1e9);
}

#endif
