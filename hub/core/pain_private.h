/* What the files of stage `pain` share. Private to pain*.c. Pure. */
#ifndef STRIDE_HUB_CORE_PAIN_PRIVATE_H
#define STRIDE_HUB_CORE_PAIN_PRIVATE_H

#include "hub/core/pain.h"
#include "hub/core/rule_parts.h"

#define PAIN_NEVER INT64_MAX /* of what is due; of what happened it is RULE_NEVER */

enum {
    LOC_BACK = 1,
    LOC_BUTTOCK = 2,
    LOC_THIGH = 3,
    LOC_CALF = 4,
    SEVERITY_INFO = STRIDE__V1__SEVERITY__SEVERITY_INFO,
    SEVERITY_COACH = STRIDE__V1__SEVERITY__SEVERITY_COACH,
    SEVERITY_CAUTION = STRIDE__V1__SEVERITY__SEVERITY_CAUTION,
    SEVERITY_STOP = STRIDE__V1__SEVERITY__SEVERITY_STOP,
    SEVERITY_RED = STRIDE__V1__SEVERITY__SEVERITY_RED,
    BOTH_LEGS = STRIDE__V1__SIDE__SIDE_BOTH
};

/* One call, with all that its parts need. */
struct pain_step {
    struct pain *state;
    const struct pain_context *context;
    struct pain_out *out;
    int64_t now_ns; /* of what is being served */
    int64_t ago_ns; /* of a report: said so long before; 0 for all else */
};
static inline int64_t pain_said_ns(const struct pain_step *step)
{
    return step->now_ns - step->ago_ns;
}

/* Did it happen, and less than `span_s` ago? */
static inline bool pain_within(int64_t since_ns, int64_t now_ns, double span_s)
{
    return since_ns != RULE_NEVER && seconds_between(since_ns, now_ns) < span_s;
}

/* Stops at 255. */
void pain_count(uint8_t *n);
int64_t pain_utc_ms(const struct pain_context *context, int64_t at_ns);
int32_t pain_day(const struct pain_context *context, int64_t at_ns);
int pain_minute(const struct pain_context *context, int64_t at_ns);
/* Hub time of a local minute of a local day, by the context's time zone. */
int64_t pain_local_ns(const struct pain_context *context, int32_t day, int minute);
/* `from` + a parameter in seconds; from = RULE_NEVER gives RULE_NEVER. */
int64_t pain_after(const struct pain_step *step, int64_t from_ns, enum param param);

struct finding *pain_raise(const struct pain_step *step, int rule, int severity, enum text text,
                           enum alert_urgency urgency);
void pain_cleared(const struct pain_step *step, int rule, int severity);

/* pain_flag.c: a red flag, deduplicated; `said` = answered with yes. */
void pain_flag_raise(const struct pain_step *step, enum question question, bool said);
/* One yes/no answer to a red flag's question. */
void pain_flag_answer(const struct pain_step *step, enum question question, bool yes);
void pain_answer_stored(const struct pain_step *step, enum question question,
                        enum pain_answer answer);

/* pain_walk.c: P02, P03, P04. */
void pain_walk_report(const struct pain_step *step, const struct wire_report *report);
/* What was said in the minutes before the walk is its start; -1 = nothing. */
void pain_walk_started(const struct pain_step *step, int nrs, int loc);
void pain_p02_silent(const struct pain_step *step);
void pain_walk_summary(const struct pain_step *step);

/* `nearer`: the pain has moved back toward the spine; then the back may hurt more by one (P02). */
void pain_p03_report(const struct pain_step *step, int nrs, bool nearer);
void pain_place(const struct pain_step *step, int loc, uint8_t side);
/* The first rise of the walk, for P07. */
void pain_rise(const struct pain_step *step);

/* pain_late.c: NRS and place (-1 = not said) that belong to another time than the present. */
/* No walk is open, nor has one just closed. */
void pain_late_between(const struct pain_step *step, int nrs, int loc, uint8_t side);
/* Said before the walk that is open, and told in it. */
void pain_late_start(const struct pain_step *step, int nrs, int loc, uint8_t side);

/* pain_legs.c: T1, P05, P06. */
void pain_legs_report(const struct pain_step *step, const struct wire_report *report);
void pain_legs_answer(const struct pain_step *step, enum question question, bool yes);
void pain_legs_silent(const struct pain_step *step, enum question question);
void pain_legs_settle(const struct pain_step *step);
void pain_p05_settle(const struct pain_step *step, bool silent);
int64_t pain_legs_rest_due_ns(const struct pain *state, const struct pain_context *context);

/* pain_ask.c: the one open question, and what comes next. */
void pain_ask_close(const struct pain_step *step);
void pain_ask_serve(struct pain_step *step, int64_t now_ns);
void pain_ask_again(struct pain_step *step, int64_t now_ns);

#endif
