/* When the levels of an alert's ladder begin (rule book 5.2), by the configured times, for an alert
 * whose row has no more than its raise. Pure. */
#ifndef STRIDE_HUB_APP_EXPLAIN_LADDER_H
#define STRIDE_HUB_APP_EXPLAIN_LADDER_H

#include <stdint.h>

#include "hub/core/params.h"

/* Wall time at which `level` (1 and up) of an alert of this urgency begins; INT64_MAX = never. */
int64_t explain_level_ms(const struct params *params, const char *urgency, int64_t raised_ms,
                         int tz_offset_min, int level);
/* The level that holds at `at_ms`, which is of a row: whole seconds, cut. */
int explain_level_at(const struct params *params, const char *urgency, int64_t raised_ms,
                     int tz_offset_min, int64_t at_ms);

#endif
