/* What the files of stage 7 share. Private to alert*.c. Pure. */
#ifndef STRIDE_HUB_CORE_ALERT_PARTS_H
#define STRIDE_HUB_CORE_ALERT_PARTS_H

#include "hub/core/alert.h"

#define ALERT_NEVER INT64_MIN
#define ALERT_SECOND_NS INT64_C(1000000000)

/* One step of this stage: who, when, and where what is decided goes. */
struct alert_step {
    struct alerting *state;
    const struct alert_context *context;
    int64_t at_ns;
    struct effects *out;
};

static inline int64_t alert_param_ns(const struct alert_step *step, enum param param)
{
    return (int64_t)(step->context->params->value[param] * 1e9);
}

/* ---- alert_say.c: prompts */

/* Why this finding may not be said now; SUPPRESSED_GAP only when nothing else stands in its way. */
enum suppression say_check(const struct alert_step *step, const struct finding *finding);
/* Says it under `id` and takes it from the budgets. */
void say_finding(const struct alert_step *step, const struct finding *finding, const char *id);
/* Says an answer to something the wearer did: outside all budgets. */
void say_answer(const struct alert_step *step, enum rule rule, enum text text);
/* First moment at which the gap before a prompt of this severity is over. */
int64_t say_ready_ns(const struct alert_step *step, uint8_t severity);
uint64_t alert_next_word(const struct alert_step *step);
int64_t alert_local_day(const struct alert_step *step);

/* ---- alert_life.c: alerts */

/* What may happen to an alert. */
enum alert_event { ALERT_DUE, ALERT_OK, ALERT_ACCEPT, ALERT_CLEAR };

/* An alert that waits for a person: RAISED to SEEN. */
bool alert_is_open(const struct alert *alert);
/* Is a STOP or RED open, so that nothing coaching is said? An accepted one locks its walk too. */
bool alert_locks(const struct alert_step *step);
/* The alert a new red flag or STOP of this rule belongs to instead of opening its own, or NULL. */
struct alert *alert_duplicate(const struct alert_step *step, const struct finding *finding);
/* Opens one; `*merged` when all are open and an older one of the rule had to take it in. */
struct alert *alert_open(const struct alert_step *step, const struct finding *finding,
                         uint64_t word, bool *merged);
/* True when the event means something in the alert's state. */
bool alert_happens(const struct alert_step *step, struct alert *alert, enum alert_event event);

#endif
