/* C01: up, hold, down. Decided once a day, when the morning's pain is known or its time is over. */
#include <math.h>
#include <string.h>

#include "hub/core/plan_parts.h"

/* The days a step up rests on: the last plan days that were wholly at this stage. */
struct days {
    int done_n, planned_n, days_n;
    unsigned marks;
    int rise_max; /* -1 unknown */
    bool bad_morning, pain_known, rise_unknown, morning_unknown;
};

static bool bad_morning(const struct plan_call *call, int ago)
{
    const struct plan *plan = call->plan;
    int morning = plan->day[ago].morning, start = plan->day[ago + 1].start_nrs;
    return morning >= 0 && start >= 0 &&
           morning - start >= plan_param(call, PARAM_PLAN_MORNING_RISE);
}

static struct days look_back(const struct plan_call *call)
{
    const struct plan *plan = call->plan;
    struct days days = {.rise_max = -1};
    int window = (int)plan_param(call, PARAM_PLAN_WINDOW_DAYS);
    for (int ago = 1; ago < PLAN_RING && ago <= plan->day_n - plan->stage_from; ago++) {
        const struct plan_day *day = &plan->day[ago];
        if ((day->marks & PLAN_NEUTRAL) != 0)
            continue;
        if (days.days_n++ == window) {
            days.days_n--;
            break;
        }
        days.planned_n += day->planned_n;
        days.done_n += day->done_n < day->planned_n ? day->done_n : day->planned_n;
        days.marks |= day->marks;
        if (day->rise_max > days.rise_max)
            days.rise_max = day->rise_max;
        bool morning_known = day->start_nrs >= 0 && plan->day[ago - 1].morning >= 0;
        days.bad_morning |= bad_morning(call, ago - 1);
        days.rise_unknown |= day->rise_max < 0;
        days.morning_unknown |= !morning_known;
        days.pain_known |= day->rise_max >= 0 || morning_known;
    }
    return days;
}

static void record(const struct plan_call *call, enum plan_direction direction, enum plan_why why,
                   enum plan_stage to, unsigned dropped)
{
    struct plan_out *out = call->out;
    bool past = call->now->day > call->plan->today;
    if (past && direction == PLAN_HOLD)
        return; /* of days that nobody asked about only what changed is told */
    if (out->decisions_n == PLAN_DECISIONS_MAX) {
        out->lost_n++;
        return;
    }
    struct days days = look_back(call);
    struct plan_decision *decision = &out->decisions[out->decisions_n++];
    memset(decision, 0, sizeof(*decision));
    decision->direction = (uint8_t)direction;
    decision->why = (uint8_t)why;
    decision->from = call->plan->stage;
    decision->to = (uint8_t)to;
    decision->dropped = (uint8_t)dropped;
    decision->days_n = call->plan->days_done;
    decision->done_n = (uint8_t)days.done_n;
    decision->planned_n = (uint8_t)days.planned_n;
    decision->day = call->plan->today;
}

void plan_planned_today(struct plan *plan)
{
    bool rest = plan->rest_until >= plan->day_n;
    struct plan_day *today = &plan->day[0];
    unsigned others = today->marks & ~(unsigned)PLAN_MARK_REST;
    today->marks = (uint16_t)(others | (rest ? (unsigned)PLAN_MARK_REST : 0));
    today->planned_n = rest ? 0 : plan_stage_info((enum plan_stage)plan->stage)->walks_n;
}

/* The days at the stage count from the first one that is wholly at it. */
static void begin_stage(struct plan *plan, enum plan_stage to, bool came_down)
{
    bool walked = (plan->day[0].marks & PLAN_MARK_WALKED) != 0;
    plan->stage = (uint8_t)to;
    plan->stage_from = (int16_t)(plan->day_n + (walked ? 1 : 0));
    plan->days_done = 0;
    plan->came_down = came_down;
    plan->up_unsure = plan->unsaid_up = plan->unsaid_down = false; /* of the stage before */
    plan->hold_said = PLAN_WHY_NONE;
    plan_planned_today(plan);
}

void plan_move(const struct plan_call *call, enum plan_direction direction, enum plan_why why,
               enum plan_stage to)
{
    record(call, direction, why, to, 0);
    /* "A step back for two days" is said of pain; after a gap or by choice a stage takes its time.
     */
    bool other = why == PLAN_WHY_MISSED || why == PLAN_WHY_MISSED_MORE || why == PLAN_WHY_WEARER ||
                 why == PLAN_WHY_CLINICIAN;
    if (direction != PLAN_HOLD)
        begin_stage(call->plan, to, direction == PLAN_DOWN && !other);
}

/* Minutes of a walk of the day at a stage, as far as a clinician allows. */
static int walk_min(const struct plan_call *call, enum plan_stage stage, int index)
{
    return (int)plan_allowed_min(call->plan, plan_stage_walk_min(call->params, stage, index));
}

bool plan_say_up(const struct plan_call *call)
{
    const struct plan_stage_info *info = plan_stage_info((enum plan_stage)call->plan->stage);
    enum plan_stage stage = plan_stage_now(call->plan);
    const int first_min = walk_min(call, stage, 1), next_min = walk_min(call, stage, 2);
    bool alike = info->walks_n < 2 || next_min == first_min;
    enum text text = info->walks_n == 1 ? TEXT_C01_UP_ONE : alike ? TEXT_C01_UP : TEXT_C01_UP_TWO;
    struct plan_say *say = plan_speak(call, "C01", text);
    call->plan->unsaid_up = say == NULL;
    if (say == NULL)
        return false;
    say->n = alike ? info->walks_n : 1;
    say->min = (int16_t)first_min;
    say->min_next = (int16_t)(alike ? -1 : next_min);
    return true;
}

/* "Ready for a little more?" is asked of a longer walk. From G30 to K, and at a clinician's limit,
 * walks stay as they are, and that is said; where only their number changes, reminders tell. */
static void tell_up(const struct plan_call *call, enum plan_stage from)
{
    enum plan_stage to = plan_stage_now(call->plan);
    bool alike = walk_min(call, to, 1) == walk_min(call, from, 1) &&
                 walk_min(call, to, 2) == walk_min(call, from, 2) &&
                 plan_stage_info(to)->walks_n == plan_stage_info(from)->walks_n;
    if (walk_min(call, to, 1) > walk_min(call, from, 1))
        (void)plan_say_up(call);
    else if (alike)
        (void)plan_speak(call, "C01", TEXT_C01_HOLD);
}

static void say_down(const struct plan_call *call)
{
    call->plan->unsaid_down = plan_speak(call, "C01", TEXT_C01_DOWN) == NULL;
}

bool plan_say_unsaid_down(const struct plan_call *call)
{
    bool owed = call->plan->unsaid_down;
    if (owed)
        say_down(call);
    return owed && !call->plan->unsaid_down;
}

/* Once per reason and stage: "same walks" each morning would be a nag. */
static void hold(const struct plan_call *call, enum plan_why why, bool tell)
{
    struct plan *plan = call->plan;
    record(call, PLAN_HOLD, why, (enum plan_stage)plan->stage, 0);
    if (tell && plan->hold_said != why && plan_speak(call, "C01", TEXT_C01_HOLD) != NULL)
        plan->hold_said = (uint8_t)why;
}

void plan_step_back(const struct plan_call *call, enum plan_why why)
{
    struct plan *plan = call->plan;
    enum plan_stage stage = (enum plan_stage)plan->stage;
    bool again = plan->down_day == plan->day_n;
    plan->down_day = plan->decided_day = plan->day_n;
    if (plan->resume != 0 && !again)
        plan->resume = (uint8_t)plan_stage_back((enum plan_stage)plan->resume, 1);
    if (again || plan->resume != 0 || plan->flare) {
        hold(call, why, false);
    } else if (stage == PLAN_M1) { /* no stage below: its days begin again */
        hold(call, why, true);
        begin_stage(plan, PLAN_M1, false);
        plan->hold_said = (uint8_t)why;
    } else {
        plan_move(call, PLAN_DOWN, why, plan_stage_back(stage, 1));
        say_down(call);
    }
}

/* The first condition of a step up that does not hold; PLAN_WHY_ALL_WELL if all do. */
static enum plan_why obstacle(const struct plan_call *call, const struct days *days)
{
    const struct plan *plan = call->plan;
    double days_min = plan_stage_days(call->params, plan_stage_now(plan));
    double back_days = plan_param(call, PARAM_PLAN_BACK_DAYS);
    double needed = plan->came_down && back_days < days_min ? back_days : days_min;
    if (plan->stage == PLAN_K)
        return PLAN_WHY_TOP;
    if (call->now->stop_open)
        return PLAN_WHY_RED_OPEN;
    if (days->days_n == 0 || plan->days_done < needed)
        return PLAN_WHY_TOO_FEW;
    if ((days->marks & (PLAN_MARK_RED | PLAN_MARK_P02)) != 0)
        return PLAN_WHY_RED;
    if ((days->marks & PLAN_MARK_LEGS) != 0)
        return PLAN_WHY_LEGS;
    if ((days->marks & PLAN_MARK_AMBER) != 0)
        return PLAN_WHY_AMBER;
    if (days->rise_max >= plan_param(call, PARAM_PLAN_RISE))
        return PLAN_WHY_RISE;
    if (days->bad_morning)
        return PLAN_WHY_MORNING;
    double share = plan_param(call, PARAM_PLAN_SESSION_SHARE);
    if (days->done_n < share * days->planned_n - PLAN_TINY)
        return PLAN_WHY_SESSIONS;
    return days->pain_known ? PLAN_WHY_ALL_WELL : PLAN_WHY_NO_PAIN;
}

static void after_flare(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (plan->flare || plan->day_n < plan->flare_day + plan_param(call, PARAM_PLAN_FLARE_DAYS)) {
        hold(call, PLAN_WHY_FLARE, false);
        return;
    }
    enum plan_stage to = (enum plan_stage)plan->resume;
    plan->resume = 0;
    enum plan_stage from = (enum plan_stage)plan->stage;
    plan_move(call, to == from ? PLAN_HOLD : PLAN_UP, PLAN_WHY_REENTER, to);
    if (to != from)
        tell_up(call, from);
}

void plan_decide(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (plan->decided_day >= plan->day_n)
        return;
    plan->decided_day = plan->day_n;
    if (plan->flare || plan->resume != 0) {
        after_flare(call);
        return;
    }
    struct days days = look_back(call);
    enum plan_why why = obstacle(call, &days);
    if (why != PLAN_WHY_ALL_WELL) {
        bool tell = why != PLAN_WHY_TOO_FEW && why != PLAN_WHY_TOP;
        hold(call, why, tell);
        return;
    }
    unsigned dropped = (days.morning_unknown ? (unsigned)PLAN_DROPPED_MORNING : 0) |
                       (days.rise_unknown ? (unsigned)PLAN_DROPPED_RISE : 0);
    enum plan_stage from = (enum plan_stage)plan->stage, to = (enum plan_stage)(from + 1);
    record(call, PLAN_UP, why, to, dropped);
    begin_stage(plan, to, false);
    plan->up_unsure = days.morning_unknown;
    tell_up(call, from);
}

/* Mornings over walks of this stage, in the last week. */
static int bad_mornings(const struct plan_call *call)
{
    const struct plan *plan = call->plan;
    int n = 0;
    for (int ago = 0; ago < PLAN_WEEK_DAYS && ago < plan->day_n - plan->stage_from; ago++)
        n += bad_morning(call, ago);
    return n;
}

void plan_morning(const struct plan_call *call, int nrs)
{
    struct plan *plan = call->plan;
    plan->day[0].morning = (int16_t)nrs;
    bool bad = bad_morning(call, 0);
    /* The answer that was missing when the step up was taken today. */
    if (bad && plan->up_unsure && plan->decided_day == plan->day_n)
        plan_step_back(call, PLAN_WHY_MORNING);
    else if (bad && bad_mornings(call) >= plan_param(call, PARAM_PLAN_MORNINGS))
        plan_step_back(call, PLAN_WHY_MORNINGS);
    plan_decide(call);
}
