/* P08: a flare opens, lasts and ends; what is usual without one. And what the wearer reports. */
#include <math.h>
#include <string.h>

#include "hub/core/plan_parts.h"

/* The scales of the answers, and what [RECUR] calls free of pain. */
enum { NRS_MAX = 10, MOOD_MAX = 5, PAINFREE_NRS_MAX = 1 };

int plan_flare_free_days(const struct plan *plan)
{
    return plan->flare ? -1 : plan->day_n - plan->calm_since;
}

void plan_flare_say(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (!plan->flare || plan->flare_said_day == plan->day_n)
        return;
    struct plan_say *say = plan_speak(call, "P08", TEXT_P08_FLARE);
    if (say == NULL)
        return;
    say->level = PLAN_COACH;
    plan->flare_said_day = plan->day_n;
}

void plan_flare_open(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (plan->flare)
        return;
    plan_overdo_flare(call);
    if (plan_flare_free_days(plan) > plan->best_calm)
        plan->best_calm = (int16_t)plan_flare_free_days(plan);
    enum plan_stage stage = (enum plan_stage)plan->stage;
    enum plan_stage resume = plan_stage_back(stage, (int)plan_param(call, PARAM_PLAN_FLARE_BACK));
    if (plan->resume == 0 && resume > PLAN_M1)
        plan->resume = (uint8_t)resume;
    plan->flare = true;
    plan->flare_day = plan->decided_day = plan->day_n;
    plan->calm_n = 0;
    plan->high_since_ms = INT64_MIN;
    plan->day[0].marks |= PLAN_MARK_FLARE;
    plan_move(call, stage == PLAN_M1 ? PLAN_HOLD : PLAN_DOWN, PLAN_WHY_FLARE, PLAN_M1);
    float target = plan_target_min(plan, call->params, plan->walk.index);
    if (plan->walk.open && plan->walk.target_min > target)
        plan->walk.target_min = target;
    plan_flare_say(call);
}

void plan_flare_close(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (!plan->flare)
        return;
    plan->flare = false;
    plan->calm_since = plan->day_n;
    plan->calm_said = 0;
}

/* "Limited activity": yesterday's walks came to half of what was planned, and allowed, or less (E).
 */
static bool limited(const struct plan_call *call)
{
    const struct plan *plan = call->plan;
    float planned = 0;
    for (int i = 1; i <= plan_stage_info(plan_stage_now(plan))->walks_n; i++)
        planned += plan_target_min(plan, call->params, i);
    bool known = plan->day_n >= 1 && plan->day[1].planned_n > 0;
    double share = plan_param(call, PARAM_PLAN_FLARE_ACTIVE);
    return known && (double)plan->day[1].walk_min <= share * (double)planned;
}

void plan_flare_nrs(const struct plan_call *call, int nrs)
{
    struct plan *plan = call->plan;
    double rise = plan_param(call, PARAM_PLAN_FLARE_RISE);
    int64_t hold_ms = (int64_t)plan_param(call, PARAM_PLAN_FLARE_H) * PLAN_HOUR_MS;
    if (nrs > plan->day[0].nrs_max)
        plan->day[0].nrs_max = (int16_t)nrs;
    bool high = !isnan(plan->usual) && nrs >= (double)plan->usual + rise;
    if (!high || plan->flare)
        plan->high_since_ms = INT64_MIN;
    else if (plan->high_since_ms == INT64_MIN || call->now->wall_ms < plan->high_since_ms)
        plan->high_since_ms = call->now->wall_ms;
    else if (call->now->wall_ms - plan->high_since_ms >= hold_ms && limited(call))
        plan_flare_open(call);
}

/* At the end of a day. Without a usual level the green range of P03 stands in for it. */
void plan_flare_day(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    int worst = plan->day[0].nrs_max;
    if (worst < 0)
        return;
    bool painfree = worst <= PAINFREE_NRS_MAX;
    plan->painfree_n = !painfree                      ? 0
                       : plan->painfree_n < UINT8_MAX ? (uint8_t)(plan->painfree_n + 1)
                                                      : UINT8_MAX;
    if (!plan->flare)
        return;
    double calm = isnan(plan->usual) ? plan_param(call, PARAM_P03_AMBER_NRS) - 1
                                     : (double)plan->usual + plan_param(call, PARAM_P08_CALM);
    plan->calm_n = worst <= calm ? (uint8_t)(plan->calm_n + 1) : 0;
    if (plan->calm_n >= plan_param(call, PARAM_PLAN_FLARE_CALM_DAYS))
        plan_flare_close(call);
}

/* Median of the mornings of 14 days; baselines are frozen in a flare (2.3). */
void plan_usual(struct plan *plan)
{
    enum { MORNINGS_MIN = 3 }; /* (E) fewer say nothing about what is usual */
    int counts[NRS_MAX + 1] = {0}, n = 0;
    if (plan->flare)
        return;
    for (int i = 0; i < PLAN_RING; i++) {
        const struct plan_day *day = &plan->day[i];
        if (day->morning < 0 || (day->marks & PLAN_MARK_FLARE) != 0)
            continue;
        counts[day->morning]++;
        n++;
    }
    if (n < MORNINGS_MIN)
        return;
    int low = -1, high = -1;
    for (int nrs = 0, seen = 0; nrs <= NRS_MAX; nrs++) {
        seen += counts[nrs];
        if (low < 0 && seen > (n - 1) / 2)
            low = nrs;
        if (high < 0 && seen > n / 2)
            high = nrs;
    }
    plan->usual = (float)(low + high) / 2;
}

/* ---- reports ---- */

static bool value_fits(enum plan_report kind, int value)
{
    switch (kind) {
    case PLAN_REPORT_MORNING:
    case PLAN_REPORT_NRS:
    case PLAN_REPORT_FEAR:
        return value >= 0 && value <= NRS_MAX;
    case PLAN_REPORT_MOOD_WEEK:
        return value >= 1 && value <= MOOD_MAX;
    case PLAN_REPORT_POSTURE:
        return value == 0 || value == 1;
    case PLAN_REPORT_FLARE:
    case PLAN_REPORT_FLARE_OVER:
    case PLAN_REPORT_LOW:
    case PLAN_REPORT_SNOOZE:
        return true;
    case PLAN_REPORT_NONE:
    case PLAN_REPORTS:
    default:
        return false;
    }
}

static void take_pain(const struct plan_call *call, int nrs, bool morning)
{
    struct plan *plan = call->plan;
    plan_flare_nrs(call, nrs);
    if (morning)
        plan_morning(call, nrs);
    if (!plan->red_unsettled || nrs >= plan_param(call, PARAM_P03_AMBER_NRS) ||
        call->now->stop_open || call->now->hurts)
        return;
    plan->red_unsettled = false; /* C11: after red pain, once settled */
    plan_encourage(call);
}

/* C07: the cue follows an answer; not for whom bending forward helps, nor with vertigo (R06). */
static void take_posture(const struct plan_call *call, int value)
{
    struct plan *plan = call->plan;
    bool tall = !plan_bends(call->profile, false) && !call->profile->vertigo;
    if (value == 0 || !tall || plan->posture_day == plan->day_n)
        return;
    if (plan_speak(call, "C07", TEXT_R06_STRING) != NULL)
        plan->posture_day = plan->day_n;
}

bool plan_report(struct plan *plan, const struct params *params, const struct plan_profile *profile,
                 const struct plan_now *now, enum plan_report kind, int value, struct plan_out *out)
{
    struct plan_call call = {plan, params, profile, now, out};
    plan_catch_up(&call);
    if (!value_fits(kind, value)) {
        plan->dropped_n++;
        return false;
    }
    switch (kind) {
    case PLAN_REPORT_MORNING:
        take_pain(&call, value, true);
        break;
    case PLAN_REPORT_NRS:
        take_pain(&call, value, false);
        break;
    case PLAN_REPORT_FLARE:
        plan_flare_open(&call);
        break;
    case PLAN_REPORT_FLARE_OVER:
        plan_flare_close(&call);
        break;
    case PLAN_REPORT_LOW:
        plan_low(&call);
        break;
    case PLAN_REPORT_FEAR:
        if (value >= plan_param(&call, PARAM_PLAN_FEAR))
            plan_encourage(&call);
        break;
    case PLAN_REPORT_MOOD_WEEK:
        plan_mood(&call, value);
        break;
    case PLAN_REPORT_POSTURE:
        take_posture(&call, value);
        break;
    case PLAN_REPORT_SNOOZE:
        if (plan->shoe_snoozes < UINT8_MAX)
            plan->shoe_snoozes++;
        break;
    case PLAN_REPORT_NONE:
    case PLAN_REPORTS:
    default:
        break;
    }
    return true;
}
