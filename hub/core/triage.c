#include "hub/core/triage.h"

#include <string.h>

#include "hub/core/rule_parts.h"

enum {
    ANY = T1_PENDING | T1_YES | T1_NO | T1_SILENT,
    SAID_OR_SILENT = T1_YES | T1_NO | T1_SILENT,
    NOT_YES = T1_PENDING | T1_NO | T1_SILENT,
    NOT_EASING = T1_NO | T1_SILENT,
    ONE_OR_SILENT = T1_NO | T1_SILENT,
    NEW = 1,
    OLD = 2,
    NEW_OR_OLD = NEW | OLD
};

/* How often each is asked. Q3 is repeated twice (T1); Q4 once, five minutes later (E). */
static const uint8_t asks_max[TRIAGE_QUESTIONS] = {1, 1, 3, 2};

/* First match wins. Columns: both legs, weak, bladder, easing, new. What the rule book leaves open
 * is silence: without an answer to Q1 the legs count as one, but a caregiver is asked to check in;
 * without one to Q2 or Q3 nobody is told to go on. */
static const struct {
    uint8_t both, weak, bladder, easing, age, result;
} rows[] = {
    {ANY, ANY, T1_YES, ANY, NEW_OR_OLD, TRIAGE_EMERGENCY},
    {T1_YES, T1_YES, ANY, ANY, NEW_OR_OLD, TRIAGE_EMERGENCY},
    {ONE_OR_SILENT, T1_YES, ANY, ANY, NEW_OR_OLD, TRIAGE_ONE_LEG},
    {T1_YES, NOT_YES, ANY, NOT_EASING, NEW, TRIAGE_EMERGENCY},
    {T1_YES | T1_SILENT, T1_NO, T1_NO, T1_YES, NEW, TRIAGE_FIRST_EPISODE},
    {SAID_OR_SILENT, T1_NO, T1_NO, T1_YES, NEW_OR_OLD, TRIAGE_EASED},
    {SAID_OR_SILENT, T1_NO | T1_SILENT, T1_SILENT, T1_YES, NEW_OR_OLD, TRIAGE_CLINICIAN},
    {SAID_OR_SILENT, T1_SILENT, T1_NO, T1_YES, NEW_OR_OLD, TRIAGE_CLINICIAN},
    {ONE_OR_SILENT, NOT_YES, ANY, NOT_EASING, NEW, TRIAGE_ONE_LEG},
    {SAID_OR_SILENT, NOT_YES, ANY, NOT_EASING, OLD, TRIAGE_CLINICIAN},
};

enum triage_result triage_table(const uint8_t answers[TRIAGE_QUESTIONS], bool is_new)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if ((rows[i].both & answers[T1_BOTH]) && (rows[i].weak & answers[T1_WEAK]) &&
            (rows[i].bladder & answers[T1_BLADDER]) && (rows[i].easing & answers[T1_EASING]) &&
            (rows[i].age & (is_new ? NEW : OLD)))
            return (enum triage_result)rows[i].result;
    }
    return TRIAGE_OPEN;
}

void triage_init(struct triage *triage)
{
    memset(triage, 0, sizeof(*triage));
    triage->since_ns = triage->easing_ns = triage->result_ns = RULE_NEVER;
    memset(triage->answers, T1_PENDING, sizeof(triage->answers));
}

void triage_start(struct triage *triage, int64_t now_ns)
{
    triage_init(triage);
    triage->since_ns = now_ns;
}

bool triage_running(const struct triage *triage)
{
    if (triage->since_ns == RULE_NEVER || triage->result == TRIAGE_EMERGENCY)
        return false;
    return triage->result == TRIAGE_OPEN || triage->answers[T1_BLADDER] == T1_PENDING;
}

bool triage_legs(struct triage *triage, uint8_t side)
{
    uint8_t before = triage->legs;
    triage->legs = (uint8_t)(triage->legs | (side & STRIDE__V1__SIDE__SIDE_BOTH));
    if (triage->legs == STRIDE__V1__SIDE__SIDE_BOTH)
        triage->answers[T1_BOTH] = T1_YES;
    else if (triage->legs != 0 && triage->answers[T1_BOTH] != T1_YES)
        triage->answers[T1_BOTH] = T1_NO;
    return triage->legs != before;
}

void triage_answer(struct triage *triage, enum triage_question question, bool yes)
{
    bool worse = yes != (question == T1_EASING);
    bool known = triage->answers[question] == T1_YES || triage->answers[question] == T1_NO;
    if (question == T1_EASING && !yes && triage->easing_ns == RULE_NEVER)
        return;
    if (!known || worse)
        triage->answers[question] = yes ? T1_YES : T1_NO;
}

bool triage_silent(struct triage *triage, enum triage_question question)
{
    if (question == T1_EASING || triage->answers[question] != T1_PENDING ||
        triage->asked_n[question] < asks_max[question])
        return false;
    triage->answers[question] = T1_SILENT;
    if (question != T1_BLADDER || triage->answers[T1_BOTH] == T1_NO || triage->checked_in)
        return false;
    triage->checked_in = true;
    return true;
}

enum triage_question triage_next(const struct triage *triage, const struct params *params,
                                 int64_t rest_due_ns, int64_t *due_ns)
{
    *due_ns = INT64_MAX;
    if (!triage_running(triage))
        return TRIAGE_QUESTIONS;
    bool concluded = triage->result != TRIAGE_OPEN;
    for (unsigned i = concluded ? T1_BLADDER : T1_BOTH; i <= T1_BLADDER; i++) {
        if (triage->answers[i] != T1_PENDING)
            continue;
        *due_ns = triage->since_ns;
        return (enum triage_question)i;
    }
    if (triage->answers[T1_EASING] != T1_PENDING ||
        triage->asked_n[T1_EASING] >= asks_max[T1_EASING])
        return TRIAGE_QUESTIONS;
    *due_ns = triage->easing_ns == RULE_NEVER
                  ? rest_due_ns
                  : triage->easing_ns + param_ns(params, PARAM_T1_SILENT_S) / 2;
    return T1_EASING;
}

void triage_asked(struct triage *triage, enum triage_question question, int64_t now_ns)
{
    if (triage->asked_n[question] < UINT8_MAX)
        triage->asked_n[question]++;
    if (question == T1_EASING && triage->easing_ns == RULE_NEVER)
        triage->easing_ns = now_ns;
}

int64_t triage_end_ns(const struct triage *triage, const struct params *params)
{
    if (!triage_running(triage) || triage->easing_ns == RULE_NEVER ||
        triage->answers[T1_EASING] != T1_PENDING)
        return INT64_MAX;
    return triage->easing_ns + param_ns(params, PARAM_T1_SILENT_S);
}

void triage_end(struct triage *triage)
{
    if (triage->answers[T1_EASING] == T1_PENDING)
        triage->answers[T1_EASING] = T1_SILENT;
}
