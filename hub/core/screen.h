/* The questions that the hub asks, and the queue of a screen for red flags (rule book 3.3).
 *
 * In: what is to be asked, answers, silence, local days. Out: the next question. A question's id is
 * stable: it travels in Report.question and is stored with every red flag. Pure; the table is
 * constant. */
#ifndef STRIDE_HUB_CORE_SCREEN_H
#define STRIDE_HUB_CORE_SCREEN_H

#include "hub/core/rules.h"

/* Order is storage order, and that of the red flags also the order of a screen: append only. */
enum question {
    QUESTION_NONE = 0,
    QUESTION_NRS,         /* P01 */
    QUESTION_PLACE,       /* P01 */
    QUESTION_MORNING,     /* P01 */
    QUESTION_PLACE_AGAIN, /* P02, after its pause */
    QUESTION_T1_LEGS,     /* yes = both, no = one; or a side */
    QUESTION_T1_WEAK,     /* yes = weak, no = only heavy or numb */
    QUESTION_T1_BLADDER,
    QUESTION_T1_EASING,
    QUESTION_F01_SADDLE,
    QUESTION_F01_URINE,
    QUESTION_F01_BOWEL,
    QUESTION_F01_SEXUAL,
    QUESTION_F02_WORSE,
    QUESTION_F02_FOOT_DROP,
    QUESTION_F06_CHEST,
    QUESTION_F06_FAINT,
    QUESTION_F05_FALL,
    QUESTION_F05_BONE,
    QUESTION_F03_FEVER,
    QUESTION_F04_WEIGHT,
    QUESTION_F04_CANCER,
    QUESTION_F04_NIGHT,
    QUESTIONS,
    QUESTION_FLAGS_FIRST = QUESTION_F01_SADDLE
};
enum { QUESTION_ID_SIZE = 20 };

struct question_info {
    char id[QUESTION_ID_SIZE];
    uint8_t text;    /* enum text of the question */
    uint8_t rule;    /* red flag of a "yes"; RULE_NONE */
    uint8_t urgency; /* enum alert_urgency under redflag.policy = graded */
    uint8_t hit;     /* enum text of the red flag */
    bool hidden;     /* bowel, bladder, saddle, sex: no caregiver ever learns of it (5.8) */
};
const struct question_info *question_info(enum question question);
/* What its answer is. */
Stride__V1__Expects question_expects(enum question question);
/* QUESTION_NONE when there is none of this id. */
enum question question_find(const char *id);
/* Must nothing of this question reach a caregiver's payload? True for an id that is not known. */
bool question_private(const char *id);

/* Sets of red flag questions, bit per question from QUESTION_FLAGS_FIRST on. */
enum {
    SCREEN_F01 = 0x000F,
    SCREEN_FULL = 0x3FFF,  /* first of a month; after P02 STOP, a P05 flag, P06 */
    SCREEN_WEEKLY = 0x0D57 /* eight that a minute holds (E): the heaviest of each flag */
};
_Static_assert(SCREEN_FULL == (1 << (QUESTIONS - QUESTION_FLAGS_FIRST)) - 1, "all of them");
unsigned screen_bit(enum question question);

enum { SCREEN_NEVER = INT32_MIN };

/* Flat. */
struct screen {
    int64_t due_ns;     /* not asked before; INT64_MAX = empty */
    int32_t day;        /* local day on which the last screen ended; SCREEN_NEVER */
    int32_t full_month; /* month of the last full one, 12 * year + month; SCREEN_NEVER */
    uint16_t pending;   /* still to be asked */
    uint8_t silent_n;   /* not answered in a row */
    uint8_t silent;     /* the last of them */
    uint8_t pauses_n;   /* times it was put off since nobody answered */
    bool unfinished;    /* that one was given up: tomorrow again, not in a week */
    bool weekly, full;  /* what is pending holds at least such a set */
    bool routine;       /* nothing happened: it waits for a quiet moment outside walks */
};

void screen_init(struct screen *screen);
/* Adds questions since something happened, to be asked from `at_ns`; what is pending already stays
 * so. */
void screen_add(struct screen *screen, unsigned set, int64_t at_ns);
/* The weekly ones: nothing happened. */
void screen_add_routine(struct screen *screen, unsigned set, int64_t at_ns);
/* The next question, or QUESTION_NONE. */
enum question screen_next(const struct screen *screen);
/* It was put to the wearer; screen_again takes that back when a more urgent one came between. */
void screen_asked(struct screen *screen, enum question question);
void screen_again(struct screen *screen, enum question question, int64_t at_ns);
void screen_answered(struct screen *screen, enum question question, int32_t day);
/* Nobody answered: two in a row put the rest off for screen.again, and after screen.tries until
 * tomorrow. */
void screen_silent(struct screen *screen, const struct params *params, enum question question,
                   int32_t day, int64_t now_ns);
/* Nothing more is asked today: an emergency was found, or nobody answers. */
void screen_stop(struct screen *screen, int32_t day);
/* Set of a weekly screen on that day: the first of a month is full. */
unsigned screen_weekly(const struct screen *screen, int32_t day);
/* 12 * year + month - 1 of a day counted from 1970-01-01. */
int32_t month_of_day(int32_t day);

#endif
