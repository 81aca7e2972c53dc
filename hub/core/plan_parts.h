/* What the files of the plan share. Private to plan*.c. */
#ifndef STRIDE_HUB_CORE_PLAN_PARTS_H
#define STRIDE_HUB_CORE_PLAN_PARTS_H

#include "hub/core/local_time.h"
#include "hub/core/plan.h"

/* One call into the plan. `profile` is NULL where none is needed. */
struct plan_call {
    struct plan *plan;
    const struct params *params;
    const struct plan_profile *profile;
    const struct plan_now *now;
    struct plan_out *out;
};
static inline double plan_param(const struct plan_call *call, enum param param)
{
    return call->params->value[param];
}
/* Half a unit of a float: 0.8 x 5 is not to be missed by its last bit. */
#define PLAN_TINY 1e-4
enum { PLAN_MINUTE_MS = 60000, PLAN_HOUR_MS = 3600000, PLAN_WEEK_DAYS = LOCAL_WEEK_DAYS };
enum { PLAN_NEUTRAL = PLAN_MARK_FLARE | PLAN_MARK_REST };
/* "Enough for today" was said: nobody is sent out again on that day (C02, C12). */
enum { PLAN_STOPPED = PLAN_MARK_RED | PLAN_MARK_P02 | PLAN_MARK_LEGS };
enum { PLAN_LIMIT_GROUND = 0, PLAN_LIMIT_BELT = 1 };

/* plan.c. A say with nothing filled in, or NULL: a STOP is open, or the list is full. */
struct plan_say *plan_speak(const struct plan_call *call, const char *rule, enum text text);
float plan_target_min(const struct plan *plan, const struct params *params, int index);
/* As much of `minutes` as a clinician allows: of two limits the smaller, since nobody knows yet
 * where the next walk will be. (plan_limit.c) */
float plan_allowed_min(const struct plan *plan, float minutes);
uint8_t plan_index(const struct plan *plan);
enum plan_stage plan_stage_now(const struct plan *plan);
/* "Stand tall" is not for whom bending forward helps (P05). */
bool plan_bends(const struct plan_profile *profile, bool p05);

/* plan_step.c */
void plan_move(const struct plan_call *call, enum plan_direction direction, enum plan_why why,
               enum plan_stage to);
/* One stage back, once a day; in a flare the stage after it. */
void plan_step_back(const struct plan_call *call, enum plan_why why);
/* C01: the step down that could not be told when it was taken; false = told, or nobody would hear.
 */
bool plan_say_unsaid_down(const struct plan_call *call);
void plan_decide(const struct plan_call *call);
/* Tells of the next walks after a step up; false, and still to be said, when nobody would hear. */
bool plan_say_up(const struct plan_call *call);
void plan_morning(const struct plan_call *call, int nrs);
void plan_planned_today(struct plan *plan);

/* plan_day.c */
void plan_catch_up(const struct plan_call *call);
/* The day `ago` days back ended in an open walk, which is over now, and counted if it can be: that
 * day and those since then are judged. */
void plan_close_evening(const struct plan_call *call, int ago);

/* plan_flare.c */
void plan_flare_open(const struct plan_call *call);
/* P08's words, once on each day of a flare. */
void plan_flare_say(const struct plan_call *call);
void plan_flare_close(const struct plan_call *call);
void plan_flare_nrs(const struct plan_call *call, int nrs);
void plan_flare_day(const struct plan_call *call);
void plan_usual(struct plan *plan);
int plan_flare_free_days(const struct plan *plan);

/* plan_limit.c */
struct plan_limit *plan_limit_of(struct plan *plan, uint8_t mode);
void plan_limit_init(struct plan_limit *limit);
void plan_limit_learn(const struct plan_call *call, const struct plan_facts *facts);
/* Minutes that a walk of `walk_min`, not yet in the ring, is over: 1.5 times the plan's, 1.25 times
 * the learnt limit, or what 30 % more than the week before leave for it; NAN = it is no long one.
 */
float plan_over_min(const struct plan_call *call, uint8_t mode, float walk_min, float target_min);
void plan_overdo_watch(const struct plan_call *call, const struct plan_facts *facts, int ago,
                       float target_min);
void plan_overdo_flare(const struct plan_call *call);
void plan_overdo_day(const struct plan_call *call);

/* plan_habit.c */
void plan_encourage(const struct plan_call *call);
void plan_low(const struct plan_call *call);
void plan_mood(const struct plan_call *call, int mood);
void plan_shoes(const struct plan_call *call, const struct plan_shoe *shoe);
void plan_drink_before(const struct plan_call *call);
void plan_surface_learn(struct plan *plan, const struct plan_facts *facts);
/* At the end of a walk that ended well. */
void plan_praise(const struct plan_call *call, const struct plan_facts *facts);
void plan_treadmill(const struct plan_call *call);
/* At most one of those that can wait: C01, C18, C09, C07, C13, C14. */
void plan_one_of_the_day(const struct plan_call *call);

#endif
