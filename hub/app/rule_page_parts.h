/* What the files that print rules share; nobody else includes this. */
#ifndef STRIDE_HUB_APP_RULE_PAGE_PARTS_H
#define STRIDE_HUB_APP_RULE_PAGE_PARTS_H

#include "hub/app/page.h"
#include "hub/app/record_json.h"
#include "hub/app/record_rules.h"
#include "hub/app/rule_facts.h"
#include "hub/app/rule_page.h"
#include "hub/app/rule_set.h"
#include "hub/core/rule_table.h"
#include "hub/io/json.h"

enum { RULE_PAGE_SENTENCE = 320 };
/* "the walker and the treadmill's display; caregivers read of it in the daily digest" */
void rule_page_audience(enum rule rule, char out[RULE_PAGE_SENTENCE]);
/* "again after 240 s, at most 3 times a walk" */
void rule_page_pace(enum rule rule, char out[RULE_PAGE_SENTENCE]);
/* "from stop on by nothing; below by quiet hours, ..." */
void rule_page_held_back(enum rule rule, char out[RULE_PAGE_SENTENCE]);
const struct record_rule *rule_page_name(enum rule rule);
/* "A" to words. */
const char *rule_page_confidence(const char *confidence);
/* The thresholds of one rule, or those of several with RULE_NONE: how many. */
int rule_page_thresholds(const struct params *params, enum rule rule, FILE *out);
void rule_page_params_json(struct json_writer *writer, const struct params *params, enum rule rule);
void rule_page_rule_json(struct json_writer *writer, const struct params *params, enum rule rule);

#endif
