/* Which rules a record or an alert was made by: a number that people raise when a rule changes its
 * meaning, and a digest of what is in the tables.
 *
 * In: rule_table.c and params.c, as built. Out: "3-1c9f04ab". A value that the configuration
 * changes is not in it: those are with the wearer's configuration. Pure. */
#ifndef STRIDE_HUB_APP_RULE_SET_H
#define STRIDE_HUB_APP_RULE_SET_H

enum { RULE_SET_NUMBER = 5, RULE_SET_VERSION_SIZE = 24 };

void rule_set_version(char out[RULE_SET_VERSION_SIZE]);

#endif
