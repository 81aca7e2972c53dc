#include "hub/core/plan_book.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

/* Rule book C01. K has no time after which it ends. */
static const struct plan_stage_info stages[PLAN_STAGES] = {
    [PLAN_STAGE_UNKNOWN] = {"", 0, PARAM_COUNT, PARAM_COUNT, PARAM_COUNT},
    [PLAN_M1] = {"M1", 3, PARAM_PLAN_M1_MIN, PARAM_PLAN_M1_MIN, PARAM_PLAN_M1_DAYS},
    [PLAN_M2] = {"M2", 3, PARAM_PLAN_M2_MIN, PARAM_PLAN_M2_MIN, PARAM_PLAN_M2_DAYS},
    [PLAN_P1] = {"P1", 2, PARAM_PLAN_P1_MIN, PARAM_PLAN_P1_MIN, PARAM_PLAN_P_DAYS},
    [PLAN_P2] = {"P2", 2, PARAM_PLAN_P2_MIN, PARAM_PLAN_P2_MIN, PARAM_PLAN_P_DAYS},
    [PLAN_P3] = {"P3", 2, PARAM_PLAN_P3_MIN, PARAM_PLAN_P3_SECOND_MIN, PARAM_PLAN_P_DAYS},
    [PLAN_P4] = {"P4", 2, PARAM_PLAN_P4_MIN, PARAM_PLAN_P4_SECOND_MIN, PARAM_PLAN_P_DAYS},
    [PLAN_G30] = {"G30", 1, PARAM_PLAN_G30_MIN, PARAM_PLAN_G30_MIN, PARAM_PLAN_G30_DAYS},
    [PLAN_K] = {"K", 1, PARAM_PLAN_K_MIN, PARAM_PLAN_K_MIN, PARAM_COUNT},
};

const struct plan_stage_info *plan_stage_info(enum plan_stage stage)
{
    assert(stage > PLAN_STAGE_UNKNOWN && stage < PLAN_STAGES);
    return &stages[stage];
}

float plan_stage_walk_min(const struct params *params, enum plan_stage stage, int index)
{
    const struct plan_stage_info *info = plan_stage_info(stage);
    return (float)
        params->value[index <= 1 || info->walks_n == 1 ? info->first_min : info->next_min];
}

float plan_stage_minutes(const struct params *params, enum plan_stage stage)
{
    float sum = 0;
    for (int i = 1; i <= plan_stage_info(stage)->walks_n; i++)
        sum += plan_stage_walk_min(params, stage, i);
    return sum;
}

double plan_stage_days(const struct params *params, enum plan_stage stage)
{
    const enum param days = plan_stage_info(stage)->days;
    return days == PARAM_COUNT ? 0 : params->value[days];
}

int plan_stage_week(const struct params *params, enum plan_stage stage)
{
    enum { WEEK_DAYS = 7 };
    return stage == PLAN_K ? (int)params->value[PARAM_PLAN_K_WEEK] : WEEK_DAYS;
}

enum plan_stage plan_stage_find(const char *name)
{
    for (unsigned i = PLAN_M1; i < PLAN_STAGES; i++) {
        if (strcmp(stages[i].name, name) == 0)
            return (enum plan_stage)i;
    }
    return PLAN_STAGE_UNKNOWN;
}

enum plan_stage plan_stage_back(enum plan_stage stage, int steps)
{
    assert(stage > PLAN_STAGE_UNKNOWN && stage < PLAN_STAGES && steps >= 0);
    int to = (int)stage - steps;
    return to < PLAN_M1 ? PLAN_M1 : (enum plan_stage)to;
}

const char *plan_direction_name(enum plan_direction direction)
{
    static const char *const names[] = {
        [PLAN_NONE] = "none", [PLAN_UP] = "up", [PLAN_HOLD] = "hold", [PLAN_DOWN] = "down"};
    assert((size_t)direction < sizeof(names) / sizeof(names[0]));
    return names[direction];
}

struct why_words {
    const char *name, *sentence;
};

static const struct why_words whys[PLAN_WHYS] = {
    [PLAN_WHY_NONE] = {"none", "nothing was decided"},
    [PLAN_WHY_ALL_WELL] = {"all_well", "the walks were done and the pain stayed settled"},
    [PLAN_WHY_REENTER] = {"reenter", "the flare-up is over, so walking starts again further down"},
    [PLAN_WHY_TOO_FEW] = {"too_few_days", "this stage needs a few more days of walking"},
    [PLAN_WHY_SESSIONS] = {"sessions", "fewer than four in five planned walks were done"},
    [PLAN_WHY_AMBER] = {"amber", "a walk of the last days reached the amber range of pain"},
    [PLAN_WHY_RISE] = {"rise", "pain rose by two or more in a walk of the last days"},
    [PLAN_WHY_MORNING] = {"morning", "a morning after a walk was two or more above its start"},
    [PLAN_WHY_NO_PAIN] = {"no_pain_answer", "no pain answer of the last days is known"},
    [PLAN_WHY_FLARE] = {"flare", "there is a flare-up, so walks are tiny"},
    [PLAN_WHY_TOP] = {"top", "the programme is complete, this is the stage that stays"},
    [PLAN_WHY_RED_OPEN] = {"red_open", "a stop or a red flag is open"},
    [PLAN_WHY_RED] = {"red", "a walk reached the red range of pain"},
    [PLAN_WHY_P02_STOP] = {"p02_stop", "pain moved down the leg in a walk"},
    [PLAN_WHY_MORNINGS] = {"mornings", "two mornings were two or more above the start of a walk"},
    [PLAN_WHY_OVERDO] = {"overdo", "a long walk was followed by very quiet days or a flare-up"},
    [PLAN_WHY_MISSED] = {"missed", "there were three days or more without a walk"},
    [PLAN_WHY_MISSED_MORE] = {"missed_more", "there were seven days or more without a walk"},
    [PLAN_WHY_WEARER] = {"wearer", "the wearer chose it"},
    [PLAN_WHY_CLINICIAN] = {"clinician", "a clinician chose it"},
    [PLAN_WHY_LEGS] = {"legs", "weak, numb or heavy legs stopped a walk"},
};

const char *plan_why_name(enum plan_why why)
{
    assert(why < PLAN_WHYS);
    return whys[why].name;
}

const char *plan_why_sentence(enum plan_why why)
{
    assert(why < PLAN_WHYS);
    return whys[why].sentence;
}

int plan_streak_milestone(int days)
{
    static const int milestones[] = {30, 14, 7, 3};
    for (size_t i = 0; i < sizeof(milestones) / sizeof(milestones[0]); i++) {
        if (days >= milestones[i])
            return milestones[i];
    }
    return 0;
}

int plan_flare_free_milestone(int days)
{
    /* A month that is full within a week of a named one (210) is no news (E): who did not walk on
     * the 208th or 209th day would never hear of it. */
    enum { MONTH_DAYS = 30, WEEK_DAYS = 7 };
    static const int milestones[] = {365, 208, 112};
    int best = days < 0 ? 0 : days / MONTH_DAYS * MONTH_DAYS;
    for (size_t i = 0; i < sizeof(milestones) / sizeof(milestones[0]); i++) {
        if (days >= milestones[i] && milestones[i] > best - WEEK_DAYS)
            return milestones[i];
    }
    return best;
}
