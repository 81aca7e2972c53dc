/* What the stages after a rule have to know of it, one row per rule: the only place outside stage 6
 * where rules differ by name. Source: rule book 3.6, with 5.2 (urgency), 5.3 (order), 5.5 (never
 * suppress), 5.8 (private).
 *
 * In: a rule, or a finding. Out: constants. Pure; the table is constant. */
#ifndef STRIDE_HUB_CORE_RULE_TABLE_H
#define STRIDE_HUB_CORE_RULE_TABLE_H

#include "hub/core/rules.h"

/* Where its findings stand in the order of 5.3, apart from their severity. */
enum rule_order {
    ORDER_SEVERITY = 0,
    ORDER_SAFETY,  /* S01 to S04: after STOP, before any CAUTION */
    ORDER_PLAN_CUE /* C03, C04: after CAUTION, before any COACH */
};

enum rule_audience { AUDIENCE_WEARER = 1, AUDIENCE_TREADMILL = 2 };

/* What a caregiver hears of it. */
enum rule_caregiver {
    CAREGIVER_NONE = 0,
    CAREGIVER_DIGEST, /* in the daily digest */
    CAREGIVER_ASKED,  /* at its urgency, when the finding says so (S04: 20 s and still running; T1:
                         no answer) */
    CAREGIVER_ALWAYS  /* at its urgency, whenever it reaches its severity */
};

/* Whether the wearer's OK takes an alert back. */
enum rule_cancel {
    CANCEL_NOT = 0,
    CANCEL_WINDOW, /* before anybody is told; there is a time to do so (F07) */
    CANCEL_ALWAYS  /* until somebody accepted it (S01, S03: both asked for it) */
};

enum rule_flag {
    RULE_BUDGETED = 1,   /* takes from the coaching budgets of 5.3 */
    RULE_TECHNICAL = 2,  /* about devices: not coaching, resolves by itself (5.2) */
    RULE_PER_DEVICE = 4, /* one message per device and session */
    RULE_PRIVATE =
        8, /* its name and evidence stay home. F01, whose name tells of bowel, bladder or
               sex, and all that are raised like it, or the missing name would tell F01 */
    RULE_PROMISES = 16, /* its text says that a contact is being told */
    RULE_BUILT = 32,    /* this version evaluates it */
    RULE_OWN_PACE = 64, /* the programme counts how often: it neither fades nor is muted (2.5) */
    RULE_SAFETY = 128,  /* from CAUTION on no coaching: no consent, no mute (3.4) */
    RULE_WEARER_ONLY = 256, /* nobody else learns even that it spoke: C18, of mood */
    RULE_CORRECTS = 512,    /* its tips (COACH) ask for another way of walking: each owes praise */
    RULE_EYES_UP = 1024     /* R05: nothing of it makes a walker look at the wrist */
};

enum { RULE_REFRACTORY_SESSION = INT32_MAX };

struct rule_info {
    char name[4];
    uint8_t severity; /* Stride__V1__Severity: the highest it has */
    uint8_t order;    /* enum rule_order */
    uint8_t rank;     /* among equals of 5.3; higher = earlier */
    uint8_t urgency;  /* enum alert_urgency of its alerts, if a caregiver is to hear of them */
    uint8_t audience; /* enum rule_audience, or'ed */
    uint8_t caregiver;
    uint8_t unsuppressible_from; /* 5.5: from this severity nothing holds it back */
    uint8_t cancel;
    uint16_t flags;       /* enum rule_flag, or'ed */
    int32_t refractory_s; /* default; 0 = none, RULE_REFRACTORY_SESSION = once a session */
    uint8_t max;          /* default, in a session; 0 = no limit */
};

const struct rule_info *rule_info(enum rule rule);
bool rule_is(uint8_t rule, enum rule_flag flag);
/* The metric whose usual value for this wearer stands beside the rule's own; BASELINE_METRICS =
 * none.
 */
enum baseline_metric rule_baseline_metric(enum rule rule);
/* 5.5: bypasses budgets, fading, quiet hours, paused sessions and "coaching off". */
bool finding_unsuppressible(const struct finding *finding);
/* How soon a caregiver has to hear of it; URGENCY_NONE = it is the wearer's own matter. */
enum alert_urgency finding_urgency(const struct finding *finding);
/* Caregivers may hear of it at once: some of P, T, F and S (3.2 to 3.4). */
bool rule_told(enum rule rule);
/* Its bit among these. */
uint32_t rule_told_bit(enum rule rule);
/* Place in the order of 5.3; higher = earlier. */
unsigned finding_rank(const struct finding *finding);

#endif
