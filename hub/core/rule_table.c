#include "hub/core/rule_table.h"

#include <assert.h>
#include <string.h>

#define INFO STRIDE__V1__SEVERITY__SEVERITY_INFO
#define COACH STRIDE__V1__SEVERITY__SEVERITY_COACH
#define CAUTION STRIDE__V1__SEVERITY__SEVERITY_CAUTION
#define STOP STRIDE__V1__SEVERITY__SEVERITY_STOP
#define RED STRIDE__V1__SEVERITY__SEVERITY_RED
#define NEVER (RED + 1)
#define TO_WEARER AUDIENCE_WEARER
#define TO_BOTH (AUDIENCE_WEARER | AUDIENCE_TREADMILL)
#define PER_SESSION RULE_REFRACTORY_SESSION

/* Severity, order, rank, urgency, audience, caregiver, unsuppressible from, cancel, flags,
 * refractory s, max. The last two are what is printed, the defaults of the rule's parameters. Once
 * a day, a walk or a milestone is what a rule is, and no parameter. */
static const struct rule_info table[RULE_COUNT] = {
    [RULE_NONE] = {"-", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                   CANCEL_NOT, 0, 0, 0},
    [RULE_R01] = {"R01", COACH, ORDER_SEVERITY, 7, URGENCY_NONE, TO_BOTH, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_CORRECTS | RULE_BUILT, 120, 4},
    [RULE_R02] = {"R02", CAUTION, ORDER_SEVERITY, 8, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_CORRECTS | RULE_BUILT, 180, 3},
    [RULE_R03] = {"R03", COACH, ORDER_SEVERITY, 5, URGENCY_NONE, TO_BOTH, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_CORRECTS | RULE_BUILT, 300, 3},
    [RULE_R04] = {"R04", COACH, ORDER_SEVERITY, 4, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_CORRECTS | RULE_BUILT, 300, 3},
    [RULE_R05] = {"R05", COACH, ORDER_SEVERITY, 9, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_CORRECTS | RULE_BUILT | RULE_EYES_UP, 180, 4},
    [RULE_R06] = {"R06", INFO, ORDER_SEVERITY, 2, URGENCY_NONE, TO_BOTH, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT, 600, 3},
    [RULE_R07] = {"R07", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT, 2592000, 1},
    [RULE_R08] = {"R08", COACH, ORDER_SEVERITY, 3, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_CORRECTS | RULE_BUILT, PER_SESSION, 2},
    [RULE_R09] = {"R09", COACH, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 1209600, 1},
    [RULE_R10] = {"R10", COACH, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 86400, 1},
    [RULE_R11] = {"R11", STOP, ORDER_SEVERITY, 12, URGENCY_NONE, TO_WEARER, CAREGIVER_DIGEST, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_CORRECTS | RULE_BUILT, 240, 3},
    [RULE_R12] = {"R12", CAUTION, ORDER_SEVERITY, 11, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE,
                  NEVER, CANCEL_NOT, RULE_BUDGETED | RULE_BUILT, 300, 2},
    [RULE_R13] = {"R13", COACH, ORDER_SEVERITY, 6, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT, 300, 2},
    [RULE_R14] = {"R14", INFO, ORDER_SEVERITY, 1, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT, PER_SESSION, 1},
    [RULE_R15] = {"R15", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT, 600, 2},
    [RULE_P01] = {"P01", INFO, ORDER_SEVERITY, 10, URGENCY_NONE, TO_BOTH, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUILT, 300, 12},
    [RULE_P02] = {"P02", STOP, ORDER_SEVERITY, 10, URGENCY_NONE, TO_BOTH, CAREGIVER_DIGEST, STOP,
                  CANCEL_NOT, RULE_BUILT, 0, 1},
    [RULE_P03] = {"P03", STOP, ORDER_SEVERITY, 10, URGENCY_NONE, TO_BOTH, CAREGIVER_NONE, STOP,
                  CANCEL_NOT, RULE_BUILT, 300, 0},
    [RULE_P04] = {"P04", INFO, ORDER_SEVERITY, 10, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT, PER_SESSION, 1},
    [RULE_P05] = {"P05", CAUTION, ORDER_SEVERITY, 10, URGENCY_NONE, TO_WEARER, CAREGIVER_DIGEST,
                  NEVER, CANCEL_NOT, RULE_BUDGETED | RULE_BUILT, 600, 3},
    [RULE_P06] = {"P06", STOP, ORDER_SEVERITY, 10, URGENCY_SAME_DAY, TO_WEARER, CAREGIVER_ALWAYS,
                  INFO, CANCEL_NOT, RULE_BUILT, 0, 1},
    [RULE_P07] = {"P07", COACH, ORDER_SEVERITY, 10, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, PER_SESSION, 1},
    [RULE_P08] = {"P08", COACH, ORDER_SEVERITY, 10, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 86400, 1},
    [RULE_T1] = {"T1", STOP, ORDER_SEVERITY, 10, URGENCY_SAME_DAY, TO_BOTH, CAREGIVER_ASKED, NEVER,
                 CANCEL_NOT, RULE_BUILT, 0, 0},
    [RULE_F01] = {"F01", RED, ORDER_SEVERITY, 0, URGENCY_EMERGENCY, TO_BOTH, CAREGIVER_ALWAYS, INFO,
                  CANCEL_NOT, RULE_PRIVATE | RULE_BUILT, 0, 0},
    [RULE_F02] = {"F02", RED, ORDER_SEVERITY, 0, URGENCY_SAME_DAY, TO_BOTH, CAREGIVER_ALWAYS, INFO,
                  CANCEL_NOT, RULE_PRIVATE | RULE_BUILT, 0, 0},
    [RULE_F03] = {"F03", RED, ORDER_SEVERITY, 0, URGENCY_SAME_DAY, TO_BOTH, CAREGIVER_ALWAYS, INFO,
                  CANCEL_NOT, RULE_PRIVATE | RULE_BUILT, 0, 0},
    [RULE_F04] = {"F04", RED, ORDER_SEVERITY, 0, URGENCY_URGENT, TO_BOTH, CAREGIVER_ALWAYS, INFO,
                  CANCEL_NOT, RULE_PRIVATE | RULE_BUILT, 0, 0},
    [RULE_F05] = {"F05", RED, ORDER_SEVERITY, 0, URGENCY_EMERGENCY, TO_BOTH, CAREGIVER_ALWAYS, INFO,
                  CANCEL_NOT, RULE_PRIVATE | RULE_BUILT, 0, 0},
    [RULE_F06] = {"F06", RED, ORDER_SEVERITY, 0, URGENCY_EMERGENCY, TO_BOTH, CAREGIVER_ALWAYS, INFO,
                  CANCEL_NOT, RULE_PRIVATE | RULE_BUILT, 0, 0},
    [RULE_F07] = {"F07", RED, ORDER_SEVERITY, 0, URGENCY_EMERGENCY, TO_BOTH, CAREGIVER_ALWAYS, INFO,
                  CANCEL_WINDOW, RULE_PROMISES | RULE_BUILT, 0, 0},
    [RULE_S01] = {"S01", RED, ORDER_SAFETY, 4, URGENCY_EMERGENCY, TO_BOTH, CAREGIVER_ALWAYS, INFO,
                  CANCEL_ALWAYS, RULE_PROMISES | RULE_BUILT, 60, 0},
    [RULE_S02] = {"S02", CAUTION, ORDER_SAFETY, 3, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_SAFETY | RULE_BUILT, 300, 3},
    [RULE_S03] = {"S03", CAUTION, ORDER_SAFETY, 2, URGENCY_URGENT, TO_WEARER, CAREGIVER_ASKED,
                  NEVER, CANCEL_ALWAYS, RULE_SAFETY | RULE_BUILT, 300, 2},
    [RULE_S04] = {"S04", STOP, ORDER_SAFETY, 1, URGENCY_URGENT, TO_BOTH, CAREGIVER_ASKED, INFO,
                  CANCEL_NOT, RULE_TECHNICAL | RULE_BUILT, 30, 0},
    [RULE_S05] = {"S05", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_BOTH, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT, PER_SESSION, 1},
    [RULE_S06] = {"S06", STOP, ORDER_SEVERITY, 0, URGENCY_URGENT, TO_BOTH, CAREGIVER_ASKED, STOP,
                  CANCEL_NOT, RULE_SAFETY | RULE_BUILT, 120, 0},
    /* S07, C18: the answer to a button or to what was told; a tip that came first silences none. */
    [RULE_S07] = {"S07", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUILT | RULE_OWN_PACE, 86400, 1},
    [RULE_S08] = {"S08", CAUTION, ORDER_SEVERITY, 1, URGENCY_NONE, TO_WEARER, CAREGIVER_DIGEST,
                  NEVER, CANCEL_NOT, RULE_PER_DEVICE | RULE_TECHNICAL | RULE_BUILT, PER_SESSION, 1},
    [RULE_S09] = {"S09", CAUTION, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_TECHNICAL | RULE_BUILT, 1800, 1},
    [RULE_C01] = {"C01", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUILT | RULE_OWN_PACE, 86400, 1},
    [RULE_C02] = {"C02", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUILT | RULE_OWN_PACE, 2700, 2},
    [RULE_C03] = {"C03", INFO, ORDER_PLAN_CUE, 0, URGENCY_NONE, TO_BOTH, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUILT | RULE_OWN_PACE, 0, 0},
    [RULE_C04] = {"C04", INFO, ORDER_PLAN_CUE, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUILT | RULE_OWN_PACE, 300, 4},
    [RULE_C05] = {"C05", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 1200, 2},
    [RULE_C06] = {"C06", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 0, 1},
    [RULE_C07] = {"C07", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 86400, 1},
    [RULE_C08] = {"C08", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 86400, 1},
    [RULE_C09] = {"C09", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 0, 1},
    [RULE_C10] = {"C10", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_DIGEST, NEVER,
                  CANCEL_NOT, RULE_BUILT | RULE_OWN_PACE, 0, 1},
    [RULE_C11] = {"C11", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 86400, 1},
    [RULE_C12] = {"C12", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 7200, 3},
    [RULE_C13] = {"C13", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 604800, 1},
    [RULE_C14] = {"C14", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 604800, 1},
    [RULE_C15] = {"C15", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 0, 1},
    [RULE_C16] = {"C16", COACH, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, PER_SESSION, 1},
    [RULE_C17] = {"C17", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_BUDGETED | RULE_BUILT | RULE_OWN_PACE, 604800, 1},
    [RULE_C18] = {"C18", INFO, ORDER_SEVERITY, 0, URGENCY_NONE, TO_WEARER, CAREGIVER_NONE, NEVER,
                  CANCEL_NOT, RULE_PRIVATE | RULE_WEARER_ONLY | RULE_BUILT | RULE_OWN_PACE, 1209600,
                  1},
};

enum baseline_metric rule_baseline_metric(enum rule rule)
{
    /* One more than the metric; 0 = none. */
    static const uint8_t metrics[RULE_COUNT] = {
        [RULE_R01] = BASELINE_FSA + 1,       [RULE_R02] = BASELINE_SLH + 1,
        [RULE_R03] = BASELINE_CADENCE + 1,   [RULE_R04] = BASELINE_FOREFOOT + 1,
        [RULE_R07] = BASELINE_MEDIAL + 1,    [RULE_R08] = BASELINE_LOADING_RATE + 1,
        [RULE_R11] = BASELINE_SI_STANCE + 1, [RULE_R12] = BASELINE_STRIDE_CV + 1,
        [RULE_R14] = BASELINE_ARM_SWING + 1, [RULE_R15] = BASELINE_ROLL + 1,
    };
    assert(rule < RULE_COUNT);
    return metrics[rule] == 0 ? BASELINE_METRICS : (enum baseline_metric)(metrics[rule] - 1);
}

const struct rule_info *rule_info(enum rule rule)
{
    assert(rule < RULE_COUNT);
    return &table[rule];
}

const char *rule_name(enum rule rule)
{
    return rule == RULE_NONE ? "none" : rule_info(rule)->name;
}

enum rule rule_find(const char *name)
{
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        if (strcmp(table[rule].name, name) == 0)
            return (enum rule)rule;
    }
    return RULE_NONE;
}

bool rule_is(uint8_t rule, enum rule_flag flag)
{
    return (rule_info((enum rule)rule)->flags & flag) != 0;
}

bool finding_unsuppressible(const struct finding *finding)
{
    return finding->severity >= rule_info((enum rule)finding->rule)->unsuppressible_from;
}

enum alert_urgency finding_urgency(const struct finding *finding)
{
    const struct rule_info *info = rule_info((enum rule)finding->rule);
    if (finding->urgency != URGENCY_NONE)
        return (enum alert_urgency)finding->urgency;
    return info->caregiver == CAREGIVER_ALWAYS && finding->severity >= info->severity
               ? (enum alert_urgency)info->urgency
               : URGENCY_NONE;
}

enum { BIT_F07 = 31 }; /* its number is of the first, the others' follow each other */
_Static_assert(RULE_S09 - RULE_P01 < BIT_F07, "all of them have a bit of a word");

bool rule_told(enum rule rule)
{
    return rule == RULE_F07 || (rule >= RULE_P01 && rule <= RULE_S09);
}

uint32_t rule_told_bit(enum rule rule)
{
    assert(rule_told(rule));
    return UINT32_C(1) << (rule == RULE_F07 ? BIT_F07 : rule - RULE_P01);
}

/* Classes of 5.3: RED, STOP, S01 to S04, CAUTION, plan cue, COACH, INFO. Of two red flags the more
 * urgent; praise before other INFO, since what is not said of a device is raised again. */
unsigned finding_rank(const struct finding *finding)
{
    enum { CLASS = 32, CLASS_INFO = 1, CLASS_COACH, CLASS_CUE, CLASS_CAUTION, CLASS_SAFETY };
    static const uint8_t classes[] = {
        [STRIDE__V1__SEVERITY__SEVERITY_UNKNOWN] = CLASS_INFO,
        [INFO] = CLASS_INFO,
        [COACH] = CLASS_COACH,
        [CAUTION] = CLASS_CAUTION,
        [STOP] = CLASS_SAFETY + 1,
        [RED] = CLASS_SAFETY + 2,
    };
    const struct rule_info *info = rule_info((enum rule)finding->rule);
    unsigned class = classes[finding->severity], within = info->rank;
    if (info->order == ORDER_SAFETY && class < CLASS_SAFETY)
        class = CLASS_SAFETY;
    if (info->order == ORDER_PLAN_CUE && class < CLASS_CUE)
        class = CLASS_CUE;
    if (finding->severity == RED)
        within = URGENCIES - (unsigned)finding_urgency(finding);
    if (finding->praise)
        within = CLASS - 1;
    return class * CLASS + within;
}
