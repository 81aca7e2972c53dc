/* What the files of stage 7 share. Private to alert*.c. Pure. */
#ifndef STRIDE_HUB_CORE_ALERT_PARTS_H
#define STRIDE_HUB_CORE_ALERT_PARTS_H

#include "hub/core/alert.h"

#define ALERT_NEVER INT64_MIN
#define ALERT_SECOND_NS INT64_C(1000000000)
#define ALERT_MINUTE_NS (60 * ALERT_SECOND_NS)

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

static inline int64_t alert_param_min_ns(const struct alert_step *step, enum param param)
{
    return (int64_t)(step->context->params->value[param] * 60e9);
}

/* Repeats of a step may fill a third of the list: a hub that slept for days has more of them to
 * catch up with than anybody wants to read, and the step needs room for its strides. */
enum { ALERT_REPEAT_ROOM = EFFECTS_MAX / 3 };

/* ---- alert_clock.c: the wearer's local time. The core knows no time zones: only an offset. */

int64_t local_day(const struct alert_context *context, int64_t at_ns);
/* Does `today` take from the budget of `day`? When the clock is put back at midnight the day before
 * comes again: it counts on. A day further ahead is of a clock that was wrong for a while. */
static inline bool day_counts_on(int64_t day, int64_t today)
{
    return today == day || today + 1 == day;
}
/* First moment not before `from_ns` at which the quiet hours end: morning. */
int64_t local_morning_ns(const struct alert_context *context, int64_t from_ns);
/* Midnight after `from_ns`. */
int64_t local_day_end_ns(const struct alert_context *context, int64_t from_ns);
/* Is this caregiver on duty? */
bool on_duty(const struct alert_context *context, const struct wire_caregiver *caregiver,
             int64_t at_ns);

/* ---- alert_check.c: whether a prompt may be said, and where it goes */

struct route {
    bool to_wrist, to_treadmill;
};
static inline bool route_leads(const struct route *route)
{
    return route->to_wrist || route->to_treadmill;
}
/* Where a prompt of this rule and severity goes. */
struct route route_of(const struct alert_step *step, uint8_t rule, uint8_t severity);
/* Every device that can show anything, whether or not it is heard of at present. */
struct route route_all(const struct alert_step *step);
/* As the voices of rules keep times. */
static inline uint32_t alert_centiseconds(int64_t at_ns)
{
    return (uint32_t)((uint64_t)at_ns / 10000000U);
}
/* Why this finding may not be said now; SUPPRESSED_GAP only when nothing else stands in its way. */
enum suppression say_check(const struct alert_step *step, const struct finding *finding);
/* First moment at which the gap before this prompt is over. */
int64_t say_ready_ns(const struct alert_step *step, const struct finding *finding);

/* ---- alert_say.c: prompts */

/* Says it under `id` and takes it from the budgets. */
void say_finding(const struct alert_step *step, const struct finding *finding, const char *id);
/* First moment at which a STOP may be said. */
int64_t say_stop_ready_ns(const struct alert_step *step, const struct finding *finding);
/* When what was said at `said_ns` was felt or read; ALERT_NEVER for ALERT_NEVER. */
int64_t say_read_ns(const struct alert_step *step, int64_t said_ns);
/* Says an answer to something the wearer or a caregiver did: outside all budgets. `account`: who
 * {name} is, or "". */
void say_answer(const struct alert_step *step, enum rule rule, enum text text, const char *account);
/* Says an alert's own prompt again, or its local alarm. */
void say_again(const struct alert_step *step, const struct alert *alert);
uint64_t alert_next_word(const struct alert_step *step);
/* A question: takes nothing from gaps and budgets. */
void say_question(const struct alert_step *step, const struct question_put *put,
                  const struct route *route, char id[ID_SIZE]);

/* ---- alert_praise.c */

/* Does a prompt of this rule and severity ask for another way of walking? Praise balances it. */
bool alert_corrects(uint8_t rule, uint8_t severity);

/* ---- alert_ladder.c: who is told, and when */

enum { LEVEL_SECOND = 1, LEVEL_ALL /* and the local alarm */, LEVEL_LAST };

/* Caregiver `index` may hear of emergencies. */
bool ladder_entitled(const struct alert_context *context, unsigned index);
/* Index of an entitled account, or -1. */
int ladder_find(const struct alert_context *context, const char *account);
bool ladder_nobody(const struct alert_context *context);
/* Who has to have been told by the alert's level: bits to add to alert->told. */
uint8_t ladder_next(const struct alert_context *context, const struct alert *alert, int64_t at_ns);
/* Does its local alarm sound at this level? */
bool ladder_alarm(const struct alert_context *context, const struct alert *alert);
/* Of the repeats that a hub which was away missed, those before the last minute of `until_ns` are
 * left out; the others keep their rhythm. */
void ladder_overslept(const struct alert_step *step, struct alert *alert);

/* ---- alert_life.c: alerts */

/* Is a STOP or RED open, so that nothing coaching is said? An accepted one locks its walk too. */
bool alert_locks(const struct alert_step *step);
/* The alert whose prompt has this id, or NULL. */
struct alert *alert_of_prompt(struct alerting *state, const char *prompt);
/* True when the input means something in the alert's state. */
bool alert_happens(const struct alert_step *step, struct alert *alert, enum alert_input input,
                   struct actor actor);
/* Its first timer is due. */
void alert_serve(const struct alert_step *step, struct alert *alert);
/* Who is to be told is told, the alarm sounds or not, as it now is. */
void alert_look_again(const struct alert_step *step, struct alert *alert);
/* The alert changed in a way that others follow. */
void alert_report_change(const struct alert_step *step, const struct alert *alert);
/* Takes back or sends anew what one account is told. */
struct effect *alert_notice(const struct alert_step *step, const struct alert *alert,
                            const char *account);
/* The wearer answered: its side is silent for a while; the ladder goes on. */
void alert_answered(const struct alert_step *step, struct alert *alert);
/* It was found again while it is open: the wearer, who had answered, hears that it was heard. */
void alert_found_again(const struct alert_step *step, struct alert *alert);
/* The wearer's device showed its prompt, or was answered. */
void alert_shown(const struct alert_step *step, struct alert *alert, uint8_t kind);
const struct alert *alert_find(const struct alerting *state, const char *id);

/* The wearer's own matter, if it is that, ends: another takes its place. */
void alert_gives_way(const struct alert_step *step, struct alert *alert);

/* Into a state, now; what led there has to be allowed. */
void alert_set_state(const struct alert_step *step, struct alert *alert, enum alert_state to);
void alert_stop_timers(struct alert *alert);
enum tell_again { TELL_NEW, TELL_STEP, TELL_RESEND };
/* Whoever has to know by now is told; others hear it again with a step and a resend. */
void alert_tell(const struct alert_step *step, struct alert *alert, enum tell_again again);
/* These accounts were told of it first at this time. */
void alert_told_now(const struct alert_step *step, struct alert *alert, uint8_t accounts);

/* ---- alert_open.c: a finding becomes an alert */

/* The alert a new red flag or STOP of this rule belongs to instead of opening its own, or NULL. */
struct alert *alert_duplicate(const struct alert_step *step, const struct finding *finding);
/* Opens one; when all places wait for a person, the alert that shares its place with it. NULL: it
 * is the wearer's own matter, and has no place beside theirs. */
struct alert *alert_open(const struct alert_step *step, const struct finding *finding,
                         uint64_t word);
/* ---- alert_place.c: all of them can be open at once */

/* A place that may be taken; NULL = all wait for a person. */
struct alert *alert_place(struct alerting *state);
/* Then: which shares its place with the finding. `*takes_over`: the alert becomes the finding's,
 * and carries its own rule on; else it takes the finding in, and is as urgent. */
struct alert *alert_shared(struct alerting *state, const struct finding *finding, bool *takes_over);
/* Its own rule, or one that it carries. */
bool alert_speaks_of(const struct alert *alert, uint8_t rule);

#endif
