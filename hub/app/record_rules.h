/* The rules of rule book 3 as people call them, and what each needs (3.6, "needs"). Pure. */
#ifndef STRIDE_HUB_APP_RECORD_RULES_H
#define STRIDE_HUB_APP_RECORD_RULES_H

struct record_rule {
    const char *id, *name; /* "R11", "Limp" */
    const char *needs;     /* "needs both insoles"; "" = nothing that can be missing */
};
/* In the rule book's order; the one with id NULL ends it. */
extern const struct record_rule record_rules[];
/* The end when there is none of that id. */
const struct record_rule *record_rule_find(const char *id);
/* "Limp"; "" when there is none of that id. */
const char *record_rule_title(const char *id);
/* In words; something that is true of any rule when this program does not know the id. */
const char *record_rule_needs(const char *id);

#endif
