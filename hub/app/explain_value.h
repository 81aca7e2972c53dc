/* What a rule's figure means: "110 steps/min", "thigh", "12 % of stance, one side against the
 * other". Every rule that gives a figure has its unit here, of the figure as stage 6 gives it.
 * Pure. */
#ifndef STRIDE_HUB_APP_EXPLAIN_VALUE_H
#define STRIDE_HUB_APP_EXPLAIN_VALUE_H

#include <stddef.h>

/* In rules' own words, or as a figure with its unit; "" when the rule gives none. `text_id` tells
 * findings of one rule apart (S08: seconds, cells, per cent). */
const char *explain_unit(const char *rule, const char *text_id);
/* `value` in words, cut to `size`. */
void explain_value(const char *rule, const char *text_id, double value, char *out, size_t size);
/* What is usual of the metric that stands with the rule: "cadence 110 steps/min". */
void explain_usual(const char *rule, double value, char *out, size_t size);

#endif
