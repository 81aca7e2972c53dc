/* T1: leg symptoms are asked about, never guessed (rule book 3.2). Both stenosis and cauda equina
 * can be felt in both legs, so four answers decide, by one table.
 *
 * In: answers and silence. Out: the next question and the table's result. Silence is an answer of
 * its own, and never the comfortable one. Pure. */
#ifndef STRIDE_HUB_CORE_TRIAGE_H
#define STRIDE_HUB_CORE_TRIAGE_H

#include "hub/core/screen.h"

/* One bit each, so that a row of the table is a set of them. */
enum triage_answer { T1_PENDING = 1, T1_YES = 2, T1_NO = 4, T1_SILENT = 8 };

/* Least to most urgent: a later answer can raise a result and never lowers it. */
enum triage_result {
    TRIAGE_OPEN = 0,
    TRIAGE_EASED,         /* P05 path */
    TRIAGE_FIRST_EPISODE, /* P05 path, and a call to a doctor today */
    TRIAGE_CLINICIAN,     /* STOP for today, clinician this week */
    TRIAGE_ONE_LEG,       /* P06 */
    TRIAGE_EMERGENCY,     /* F01 */
    TRIAGE_RESULTS
};

enum triage_question { T1_BOTH = 0, T1_WEAK, T1_BLADDER, T1_EASING, TRIAGE_QUESTIONS };

/* The table. `is_new`: a leg concerned has had this for less than 14 days. */
enum triage_result triage_table(const uint8_t answers[TRIAGE_QUESTIONS], bool is_new);

/* Flat. */
struct triage {
    int64_t since_ns;                  /* rest cue; INT64_MIN = never */
    int64_t easing_ns;                 /* Q4 was first asked; INT64_MIN = not yet */
    int64_t result_ns;                 /* INT64_MIN = none yet */
    uint8_t answers[TRIAGE_QUESTIONS]; /* enum triage_answer */
    uint8_t asked_n[TRIAGE_QUESTIONS];
    uint8_t legs;    /* Stride__V1__Side, or'ed, as far as it was said */
    uint8_t result;  /* enum triage_result */
    bool checked_in; /* a caregiver was asked to check in */
    bool unanswered; /* the wearer said nothing since a question of it met silence */
};

void triage_init(struct triage *triage);
void triage_start(struct triage *triage, int64_t now_ns);
/* It runs: the wearer was told to rest and there is no result yet, or Q3 is still to be asked. */
bool triage_running(const struct triage *triage);
/* A symptom in these legs (Stride__V1__Side). True when a leg joined. */
bool triage_legs(struct triage *triage, uint8_t side);
/* The worse of two answers to one question stays. "Not easing" before it was asked is no answer. */
void triage_answer(struct triage *triage, enum triage_question question, bool yes);
/* True when this was the third silence about bladder and saddle with both legs, or nobody knows
 * which: a caregiver is asked to check in. */
bool triage_silent(struct triage *triage, enum triage_question question);
/* The next question and when, or TRIAGE_QUESTIONS. `rest_due_ns`: when Q4 may be asked. */
enum triage_question triage_next(const struct triage *triage, const struct params *params,
                                 int64_t rest_due_ns, int64_t *due_ns);
void triage_asked(struct triage *triage, enum triage_question question, int64_t now_ns);
/* When silence to Q4 counts as "not easing"; INT64_MAX = not waiting. */
int64_t triage_end_ns(const struct triage *triage, const struct params *params);
void triage_end(struct triage *triage);

#endif
