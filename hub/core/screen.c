#include "hub/core/screen.h"

#include <assert.h>
#include <string.h>

enum { SILENT_MAX = 2 /* in a row: nobody is there to ask (E); `silent` holds the first */ };

static const struct question_info table[QUESTIONS] = {
    [QUESTION_NONE] = {"", TEXT_NONE, RULE_NONE, URGENCY_NONE, TEXT_NONE, true},
    [QUESTION_NRS] = {"p01_nrs", TEXT_P01_NRS, RULE_NONE, URGENCY_NONE, TEXT_NONE, false},
    [QUESTION_PLACE] = {"p01_place", TEXT_P01_PLACE, RULE_NONE, URGENCY_NONE, TEXT_NONE, false},
    [QUESTION_MORNING] = {"p01_morning", TEXT_P01_MORNING, RULE_NONE, URGENCY_NONE, TEXT_NONE,
                          false},
    [QUESTION_PLACE_AGAIN] = {"p02_place", TEXT_P01_PLACE, RULE_NONE, URGENCY_NONE, TEXT_NONE,
                              false},
    [QUESTION_T1_LEGS] = {"t1_legs", TEXT_T1_LEGS, RULE_NONE, URGENCY_NONE, TEXT_NONE, false},
    [QUESTION_T1_WEAK] = {"t1_weak", TEXT_T1_WEAK, RULE_NONE, URGENCY_NONE, TEXT_NONE, false},
    [QUESTION_T1_BLADDER] = {"t1_bladder", TEXT_T1_BLADDER, RULE_F01, URGENCY_EMERGENCY,
                             TEXT_F01_EMERGENCY, true},
    [QUESTION_T1_EASING] = {"t1_easing", TEXT_T1_EASING, RULE_NONE, URGENCY_NONE, TEXT_NONE, false},
    [QUESTION_F01_SADDLE] = {"q_f01_saddle", TEXT_Q_F01_SADDLE, RULE_F01, URGENCY_EMERGENCY,
                             TEXT_F01_EMERGENCY, true},
    [QUESTION_F01_URINE] = {"q_f01_urine", TEXT_Q_F01_URINE, RULE_F01, URGENCY_EMERGENCY,
                            TEXT_F01_EMERGENCY, true},
    [QUESTION_F01_BOWEL] = {"q_f01_bowel", TEXT_Q_F01_BOWEL, RULE_F01, URGENCY_EMERGENCY,
                            TEXT_F01_EMERGENCY, true},
    [QUESTION_F01_SEXUAL] = {"q_f01_sexual", TEXT_Q_F01_SEXUAL, RULE_F01, URGENCY_EMERGENCY,
                             TEXT_F01_EMERGENCY, true},
    [QUESTION_F02_WORSE] = {"q_f02_worse", TEXT_Q_F02_WORSE, RULE_F02, URGENCY_SAME_DAY,
                            TEXT_F02_WEAKNESS, false},
    [QUESTION_F02_FOOT_DROP] = {"q_f02_foot_drop", TEXT_Q_F02_FOOT_DROP, RULE_F02, URGENCY_SAME_DAY,
                                TEXT_F02_WEAKNESS, false},
    [QUESTION_F06_CHEST] = {"q_f06_chest", TEXT_Q_F06_CHEST, RULE_F06, URGENCY_EMERGENCY,
                            TEXT_F06_HEART, false},
    [QUESTION_F06_FAINT] = {"q_f06_faint", TEXT_Q_F06_FAINT, RULE_F06, URGENCY_EMERGENCY,
                            TEXT_F06_HEART, false},
    /* "Hard fall or crash" is the serious accident of the table. */
    [QUESTION_F05_FALL] = {"q_f05_fall", TEXT_Q_F05_FALL, RULE_F05, URGENCY_EMERGENCY,
                           TEXT_F05_ACCIDENT, false},
    [QUESTION_F05_BONE] = {"q_f05_bone", TEXT_Q_F05_BONE, RULE_F05, URGENCY_SAME_DAY, TEXT_F05_BONE,
                           false},
    [QUESTION_F03_FEVER] = {"q_f03_fever", TEXT_Q_F03_FEVER, RULE_F03, URGENCY_SAME_DAY,
                            TEXT_F03_FEVER, false},
    [QUESTION_F04_WEIGHT] = {"q_f04_weight", TEXT_Q_F04_WEIGHT, RULE_F04, URGENCY_URGENT,
                             TEXT_F04_WEIGHT, false},
    [QUESTION_F04_CANCER] = {"q_f04_cancer", TEXT_Q_F04_CANCER, RULE_F04, URGENCY_URGENT,
                             TEXT_F04_CANCER, false},
    [QUESTION_F04_NIGHT] = {"q_f04_night", TEXT_Q_F04_NIGHT, RULE_F04, URGENCY_URGENT,
                            TEXT_F04_NIGHT, false},
};

const struct question_info *question_info(enum question question)
{
    assert(question < QUESTIONS);
    return &table[question];
}

Stride__V1__Expects question_expects(enum question question)
{
    if (question == QUESTION_NONE)
        return STRIDE__V1__EXPECTS__EXPECTS_UNKNOWN;
    if (question == QUESTION_NRS || question == QUESTION_MORNING)
        return STRIDE__V1__EXPECTS__EXPECTS_NRS;
    if (question == QUESTION_PLACE || question == QUESTION_PLACE_AGAIN)
        return STRIDE__V1__EXPECTS__EXPECTS_PLACE;
    return question == QUESTION_T1_LEGS ? STRIDE__V1__EXPECTS__EXPECTS_SIDE
                                        : STRIDE__V1__EXPECTS__EXPECTS_YES_NO;
}

enum question question_find(const char *id)
{
    for (unsigned i = QUESTION_NONE + 1; i < QUESTIONS; i++) {
        if (strncmp(table[i].id, id, QUESTION_ID_SIZE) == 0)
            return (enum question)i;
    }
    return QUESTION_NONE;
}

bool question_private(const char *id)
{
    return table[question_find(id)].hidden;
}

unsigned screen_bit(enum question question)
{
    assert(question >= QUESTION_FLAGS_FIRST && question < QUESTIONS);
    return 1U << (question - QUESTION_FLAGS_FIRST);
}

void screen_init(struct screen *screen)
{
    memset(screen, 0, sizeof(*screen));
    screen->due_ns = INT64_MAX;
    screen->day = screen->full_month = SCREEN_NEVER;
}

void screen_add(struct screen *screen, unsigned set, int64_t at_ns)
{
    if (screen->pending == 0 || at_ns < screen->due_ns)
        screen->due_ns = at_ns;
    /* Somebody is there again, or it matters again. */
    screen->silent_n = screen->pauses_n = 0;
    screen->weekly = screen->weekly || (set & SCREEN_WEEKLY) == SCREEN_WEEKLY;
    screen->full = screen->full || set == SCREEN_FULL;
    screen->pending = (uint16_t)(screen->pending | set);
    screen->routine = false;
}

void screen_add_routine(struct screen *screen, unsigned set, int64_t at_ns)
{
    bool routine = screen->routine || screen->pending == 0;
    screen_add(screen, set, at_ns);
    screen->routine = routine;
}

enum question screen_next(const struct screen *screen)
{
    for (unsigned i = QUESTION_FLAGS_FIRST; i < QUESTIONS; i++) {
        if (screen->pending & screen_bit((enum question)i))
            return (enum question)i;
    }
    return QUESTION_NONE;
}

static void clear(struct screen *screen)
{
    screen->pending = 0;
    screen->silent_n = screen->pauses_n = 0;
    screen->weekly = screen->full = screen->routine = false;
    screen->due_ns = INT64_MAX;
}

void screen_stop(struct screen *screen, int32_t day)
{
    clear(screen);
    screen->day = day;
    screen->unfinished = true;
}

void screen_asked(struct screen *screen, enum question question)
{
    screen->pending = (uint16_t)(screen->pending & ~screen_bit(question));
}

void screen_again(struct screen *screen, enum question question, int64_t at_ns)
{
    if (screen->pending == 0 || at_ns < screen->due_ns)
        screen->due_ns = at_ns;
    screen->pending = (uint16_t)(screen->pending | screen_bit(question));
}

static void gone_through(struct screen *screen, int32_t day)
{
    if (screen->full)
        screen->full_month = month_of_day(day);
    if (screen->weekly) {
        screen->day = day;
        screen->unfinished = false;
    }
    clear(screen);
}

void screen_answered(struct screen *screen, enum question question, int32_t day)
{
    bool asked = screen->due_ns != INT64_MAX;
    screen_asked(screen, question);
    screen->silent_n = screen->pauses_n = 0;
    if (asked && screen->pending == 0)
        gone_through(screen, day);
}

void screen_silent(struct screen *screen, const struct params *params, enum question question,
                   int32_t day, int64_t now_ns)
{
    screen->silent_n++;
    /* One left out between others is the wearer's choice; with two, nobody is listening. */
    if (screen->silent_n < SILENT_MAX && screen->pending != 0) {
        screen->silent = (uint8_t)question;
        return;
    }
    if (screen->silent_n == SILENT_MAX)
        screen->pending = (uint16_t)(screen->pending | screen_bit((enum question)screen->silent));
    screen->pending = (uint16_t)(screen->pending | screen_bit(question));
    screen->silent_n = 0;
    screen->pauses_n++;
    screen->due_ns = now_ns + param_ns(params, PARAM_SCREEN_AGAIN_S);
    if (screen->pauses_n < params->value[PARAM_SCREEN_TRIES])
        return;
    screen_stop(screen, day);
}

/* Civil calendar by counting 400-, 100-, 4- and 1-year spans from 0000-03-01, so that the leap day
 * is the last of its year. */
int32_t month_of_day(int32_t day)
{
    enum { EPOCH = 719468, DAYS_400 = 146097, DAYS_100 = 36524, DAYS_4 = 1461, DAYS_1 = 365 };
    int64_t since = (int64_t)day + EPOCH;
    int64_t span = since >= 0 ? since / DAYS_400 : -((-since + DAYS_400 - 1) / DAYS_400);
    int64_t rest = since - span * DAYS_400;
    int64_t hundreds = rest / DAYS_100 < 3 ? rest / DAYS_100 : 3;
    rest -= hundreds * DAYS_100;
    int64_t fours = rest / DAYS_4;
    rest -= fours * DAYS_4;
    int64_t ones = rest / DAYS_1 < 3 ? rest / DAYS_1 : 3;
    rest -= ones * DAYS_1;
    /* Five months from March on have 153 days. */
    int64_t month = (5 * rest + 2) / 153;
    int64_t year = 400 * span + 100 * hundreds + 4 * fours + ones;
    return (int32_t)(12 * year + month + 2);
}

unsigned screen_weekly(const struct screen *screen, int32_t day)
{
    return screen->full_month == month_of_day(day) ? SCREEN_WEEKLY : SCREEN_FULL;
}
