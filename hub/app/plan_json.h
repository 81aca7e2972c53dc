/* The walking programme as JSON: the wearer's retained state, and its part of a walk's record.
 *
 * In: the programme of a wearer's state. Out: text, or fields of an object that is open. What is
 * not known is absent. How a wearer feels (C18) is nobody else's business: it is only in the home's
 * own record. Pure. */
#ifndef STRIDE_HUB_APP_PLAN_JSON_H
#define STRIDE_HUB_APP_PLAN_JSON_H

#include "hub/core/pipeline.h"
#include "hub/io/json.h"

enum { PLAN_SENTENCE_SIZE = 256 };

/* A decision as a sentence with its numbers, cut to `size`; what snprintf returns. */
int plan_sentence(const struct plan_decision *decision, char *out, size_t size);

/* Rule book 6, Plan: of the open walk, or the last one. */
void plan_json_walk(struct json_writer *writer, const struct programme *programme);
/* Rule book 6, Environment and `outdoor_min`: what somebody said of the walk, where no device told.
 */
void plan_json_ground(struct json_writer *writer, const struct programme *programme,
                      const struct session *session);
/* Rule book 6, Environment: the shoe of the walk. */
void plan_json_shoe(struct json_writer *writer, const struct wearer_state *wearer,
                    const struct session *session);
/* Rule book 6, daily and weekly aggregates; `published`: for others than the home. */
void plan_json_sums(struct json_writer *writer, const struct programme *programme,
                    const struct params *params, bool published);
/* All of it with today's next walk and the last decision. Returns the length, or 0 when `size` is
 * too small. */
size_t plan_json_state(const struct wearer_state *state, const char *wearer_id, int64_t at_wall_ms,
                       char *out, size_t size);

#endif
