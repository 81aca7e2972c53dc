/* The whole rule set, printed from its tables: for people, as csv (a row for each threshold), as
 * JSON; and everything about one rule. The tables are hub/core/rule_table.c, params.c, coverage.c,
 * and rule_facts.c. Pure but for the stream. */
#ifndef STRIDE_HUB_APP_RULE_PAGE_H
#define STRIDE_HUB_APP_RULE_PAGE_H

#include <stdio.h>

#include "hub/core/pipeline.h"

/* `params`: as configured. */
void rule_page_table(const struct params *params, FILE *out);
void rule_page_csv(const struct params *params, FILE *out);
/* False: no memory, or it could not be written. */
bool rule_page_json(const struct params *params, FILE *out);

void rule_page_why(const struct params *params, enum rule rule, FILE *out);
bool rule_page_why_json(const struct params *params, enum rule rule,
                        const struct wearer_state *wearer, FILE *out);
/* What a wearer's state says of it: devices, what is usual, whether it could be judged now. */
void rule_page_wearer(const struct wearer_state *wearer, enum rule rule, FILE *out);

/* RULE_NONE when there is none of that name; case does not matter. */
enum rule rule_page_find(const char *name);

#endif
