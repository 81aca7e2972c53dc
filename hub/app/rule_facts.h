/* What a person may ask of a rule beside its numbers: what it measures, on what evidence, when it
 * keeps silent. One row per rule, in the rule book's order; the numbers are in hub/core/params.c.
 *
 * Source: rule book 3 (intent, evidence, contra), 3.6 (confidence), 9 (sign-off). Pure. */
#ifndef STRIDE_HUB_APP_RULE_FACTS_H
#define STRIDE_HUB_APP_RULE_FACTS_H

#include <stdbool.h>

#include "hub/core/params.h"
#include "hub/core/rules.h"

struct rule_facts {
    const char *id; /* "R11" */
    const char
        *confidence; /* A trial or guideline, B cohort or normative data, C plausible; E ours */
    const char *looks_at; /* what is compared with what */
    const char *evidence; /* in words; sources by their keys in rule book 10 */
    const char *silent;   /* when it says nothing, beside what holds prompts back (2.5, 5.3, 5.4) */
};

/* NULL when this program does not know the id. */
const struct rule_facts *rule_facts_find(const char *id);
/* Decision 0 of rule book 9, and S01, which no old person ever fell for: nobody relies on it before
 * a clinician has signed it off. */
bool rule_facts_unsigned(const char *id);
/* Row of rule book 2.2 that says which devices do for it, or COVERAGE_FAMILIES: none. */
enum coverage_family rule_facts_family(enum rule rule);
/* The rule that a parameter belongs to, by its name or its source; RULE_NONE = to several. */
enum rule rule_facts_of_param(enum param param);

#endif
