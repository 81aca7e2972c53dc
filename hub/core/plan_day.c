/* The end of a local day: streak, missed days, and room for the next. */
#include <math.h>
#include <string.h>

#include "hub/core/plan_parts.h"

enum {
    CLOCK_WAS_WRONG_DAYS = 7, /* no journey takes more than a day back: the clock was corrected */
    CATCH_UP_DAYS = 400,      /* more tells nothing new: the ring holds 14 */
    DAY_N_MAX = INT16_MAX - 100
};

/* C08: one grace day in seven; in K two more, which the plan itself leaves free. */
static void close_streak(const struct plan_call *call, int ago)
{
    struct plan *plan = call->plan;
    struct plan_day *day = &plan->day[ago];
    if (day->done_n > 0 || (day->marks & PLAN_NEUTRAL) != 0 || plan->streak == 0)
        return;
    int free_days = (int)plan_param(call, PARAM_C08_GRACE) + PLAN_WEEK_DAYS -
                    plan_stage_week(call->params, plan_stage_now(plan));
    int used = 0;
    for (int before = ago + 1; before < ago + PLAN_WEEK_DAYS && before < PLAN_RING; before++)
        used += (plan->day[before].marks & PLAN_MARK_GRACE) != 0;
    if (used < free_days) {
        day->marks |= PLAN_MARK_GRACE;
        return;
    }
    plan->streak = plan->streak_said = 0;
}

static int missed_days(const struct plan *plan)
{
    int n = 0;
    for (int ago = 1; ago < PLAN_RING && ago <= plan->day_n; ago++) {
        if ((plan->day[ago].marks & PLAN_MARK_WALKED) != 0)
            break;
        n += (plan->day[ago].marks & PLAN_NEUTRAL) == 0;
    }
    return n;
}

static void back_for_gap(const struct plan_call *call, enum plan_why why)
{
    struct plan *plan = call->plan;
    plan->gap_back++;
    if (plan->resume != 0) {
        plan->resume = (uint8_t)plan_stage_back((enum plan_stage)plan->resume, 1);
        return;
    }
    if (plan->stage == PLAN_M1)
        return;
    plan->decided_day = plan->day_n;
    plan_move(call, PLAN_DOWN, why, plan_stage_back((enum plan_stage)plan->stage, 1));
}

static void close_gap(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    int missed = missed_days(plan);
    if (missed >= plan_param(call, PARAM_PLAN_MISSED) && plan->gap_back < 1)
        back_for_gap(call, PLAN_WHY_MISSED);
    if (missed >= plan_param(call, PARAM_PLAN_MISSED_MORE) && plan->gap_back < 2)
        back_for_gap(call, PLAN_WHY_MISSED_MORE);
}

void plan_close_evening(const struct plan_call *call, int ago)
{
    for (; ago > 0; ago--)
        close_streak(call, ago);
    close_gap(call);
}

static void open_day(struct plan *plan)
{
    memmove(&plan->day[1], &plan->day[0], (PLAN_RING - 1) * sizeof(plan->day[0]));
    struct plan_day *day = &plan->day[0];
    memset(day, 0, sizeof(*day));
    day->outdoor_min = day->longest_still_min = PLAN_UNKNOWN_MIN;
    day->start_nrs = day->rise_max = day->morning = day->nrs_max = -1;
    plan->today++;
    if (plan->day_n < DAY_N_MAX)
        plan->day_n++;
    if (plan->flare)
        day->marks = PLAN_MARK_FLARE;
    plan->slots_said = plan->still_said = 0;
    plan->still_by_said = false;
    plan_planned_today(plan);
}

static void close_day(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    plan_decide(call);
    const bool walks = plan->walk.open; /* what this day was is known when the walk is over */
    if (!walks)
        close_streak(call, 0);
    bool neutral = (plan->day[0].marks & PLAN_NEUTRAL) != 0;
    if (plan->day[0].done_n > 0 && !neutral && plan->day_n >= plan->stage_from &&
        plan->days_done < UINT8_MAX)
        plan->days_done++;
    plan_overdo_day(call);
    plan_flare_day(call);
    plan_usual(plan);
    open_day(plan);
    if (!walks)
        close_gap(call);
}

void plan_catch_up(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    int64_t ahead = (int64_t)call->now->day - plan->today;
    if (ahead < -CLOCK_WAS_WRONG_DAYS)
        plan->today = call->now->day;
    if (ahead > CATCH_UP_DAYS)
        plan->today = call->now->day - CATCH_UP_DAYS;
    while (plan->today < call->now->day)
        close_day(call);
}
