/* What the walking programme is made of: stages, directions, reasons. Constant tables (rule book
 * C01), the stages' minutes and days by the parameters; no state. Pure.
 *
 * How many walks a day a stage has and in which order stages come is what the programme is, and its
 * texts say so; milestones (C08, C09) have texts of their own. Neither is a parameter. */
#ifndef STRIDE_HUB_CORE_PLAN_BOOK_H
#define STRIDE_HUB_CORE_PLAN_BOOK_H

#include <stdint.h>

#include "hub/core/params.h"

/* Numbers are stored: append only. */
enum plan_stage {
    PLAN_STAGE_UNKNOWN = 0,
    PLAN_M1,
    PLAN_M2,
    PLAN_P1,
    PLAN_P2,
    PLAN_P3,
    PLAN_P4,
    PLAN_G30,
    PLAN_K,
    PLAN_STAGES
};
enum { PLAN_WALKS_MAX = 3 };

struct plan_stage_info {
    const char *name;               /* "M1" */
    uint8_t walks_n;                /* a day, 1..PLAN_WALKS_MAX */
    enum param first_min, next_min; /* of the day's first walk, and of each other */
    enum param days; /* with a walk before the next stage; PARAM_COUNT = no next one */
};
/* Of any stage but PLAN_STAGE_UNKNOWN; so are the others. */
const struct plan_stage_info *plan_stage_info(enum plan_stage stage);
/* Minutes of a day's walk; `index` from 1 on, what is beyond the day's walks is as the last. */
float plan_stage_walk_min(const struct params *params, enum plan_stage stage, int index);
/* Minutes of all walks of a day. */
float plan_stage_minutes(const struct params *params, enum plan_stage stage);
/* Days with a walk before the next stage; 0 = there is none. */
double plan_stage_days(const struct params *params, enum plan_stage stage);
/* Days of a week that have walks: 7, fewer in K. */
int plan_stage_week(const struct params *params, enum plan_stage stage);
/* "M1" to PLAN_M1; PLAN_STAGE_UNKNOWN for any other text. */
enum plan_stage plan_stage_find(const char *name);
/* `steps` stages lower, at least M1. */
enum plan_stage plan_stage_back(enum plan_stage stage, int steps);

/* progress_decision of the record (rule book 6). */
enum plan_direction { PLAN_NONE = 0, PLAN_UP, PLAN_HOLD, PLAN_DOWN };
const char *plan_direction_name(enum plan_direction direction);

/* Why. Numbers are stored: append only. */
enum plan_why {
    PLAN_WHY_NONE = 0,
    PLAN_WHY_ALL_WELL,    /* up */
    PLAN_WHY_REENTER,     /* up: after a flare, to two stages below the one before it */
    PLAN_WHY_TOO_FEW,     /* hold: days at this stage */
    PLAN_WHY_SESSIONS,    /* hold: share of walks done */
    PLAN_WHY_AMBER,       /* hold */
    PLAN_WHY_RISE,        /* hold: pain rose by 2 or more in a walk */
    PLAN_WHY_MORNING,     /* hold, or down when the answer came after the step up */
    PLAN_WHY_NO_PAIN,     /* hold: nobody said how the pain is */
    PLAN_WHY_FLARE,       /* hold in it, down when it opens */
    PLAN_WHY_TOP,         /* hold: K has no next stage */
    PLAN_WHY_RED_OPEN,    /* hold: a STOP or red flag is open */
    PLAN_WHY_RED,         /* down from here */
    PLAN_WHY_P02_STOP,    /* pain moved down the leg */
    PLAN_WHY_MORNINGS,    /* two mornings 2 or more above the start */
    PLAN_WHY_OVERDO,      /* a long walk was followed by two quiet days or a flare */
    PLAN_WHY_MISSED,      /* three days without a walk */
    PLAN_WHY_MISSED_MORE, /* seven */
    PLAN_WHY_WEARER,      /* any direction: the wearer chose */
    PLAN_WHY_CLINICIAN,
    PLAN_WHY_LEGS, /* down: P06, or T1's "stop for today" */
    PLAN_WHYS
};
/* Stable name, "all_well". */
const char *plan_why_name(enum plan_why why);
/* A sentence for `explain`, without a stop at its end: "a walk ended in the red". */
const char *plan_why_sentence(enum plan_why why);

/* Milestones of a row of days, C08: the largest that is at most `days`; 0 = none. */
int plan_streak_milestone(int days);
/* C09: the months (30 days) and 112, 208, 365. */
int plan_flare_free_milestone(int days);

#endif
