#include "hub/app/rule_set.h"

#include <stdio.h>
#include <string.h>

#include "hub/core/effect.h"
#include "hub/core/params.h"
#include "hub/core/rule_table.h"

static uint64_t fold_number(uint64_t digest, int64_t value)
{
    return bytes_digest(digest, &value, sizeof(value));
}

static uint64_t fold_rule(uint64_t digest, const struct rule_info *rule)
{
    const int64_t values[] = {rule->severity,
                              rule->order,
                              rule->rank,
                              rule->urgency,
                              rule->audience,
                              rule->caregiver,
                              rule->unsuppressible_from,
                              rule->cancel,
                              rule->flags,
                              rule->refractory_s,
                              rule->max};
    digest = bytes_digest(digest, rule->name, strlen(rule->name));
    for (unsigned i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        digest = fold_number(digest, values[i]);
    return digest;
}

/* In millionths: what the table says, whatever the format of a double. */
static uint64_t fold_param(uint64_t digest, const struct param_info *param)
{
    digest = bytes_digest(digest, param->name, strlen(param->name));
    digest = fold_number(digest, (int64_t)(param->min * 1e6));
    digest = fold_number(digest, (int64_t)(param->max * 1e6));
    return fold_number(digest, (int64_t)(param->def * 1e6));
}

void rule_set_version(char out[RULE_SET_VERSION_SIZE])
{
    uint64_t digest = DIGEST_SEED;
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++)
        digest = fold_rule(digest, rule_info((enum rule)rule));
    for (unsigned param = 0; param < PARAM_COUNT; param++)
        digest = fold_param(digest, param_info((enum param)param));
    snprintf(out, RULE_SET_VERSION_SIZE, "%d-%08x", RULE_SET_NUMBER,
             (unsigned)(digest ^ digest >> 32));
}
