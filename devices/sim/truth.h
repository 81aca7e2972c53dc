/* What a walk really was, for scoring: a row per stride and a row per segment.
 *
 * In: a body, the wearables it wears (for their clocks and cells; NULL = not worn). Out: CSV with a
 * head line; what there is not is empty. Times are true seconds from the start of the walk and
 * microseconds of the device's first clock. Contact and foot-off are where force begins and ends,
 * some 5 ms outside of where a threshold of 20 N finds them. */
#ifndef STRIDE_DEVICES_SIM_TRUTH_H
#define STRIDE_DEVICES_SIM_TRUTH_H

#include <stdio.h>

#include "devices/sim/wearable.h"

void truth_write_head(FILE *strides, FILE *segments);
/* `wearer`: its id, the first column. False when a file cannot be written. */
bool truth_write(FILE *strides, FILE *segments, const char *wearer, const struct body *body,
                 const struct wearable *const feet[BODY_FEET]);

#endif
