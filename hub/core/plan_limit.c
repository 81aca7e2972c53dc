/* P07: how long and how far goes well, learnt from walks; C16: when a walk was more than that. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/plan_parts.h"
#include "hub/core/window.h"

void plan_limit_init(struct plan_limit *limit)
{
    memset(limit, 0, sizeof(*limit));
    for (int i = 0; i < PLAN_LIMIT_SESSIONS; i++)
        limit->minutes[i] = limit->metres[i] = NAN;
    limit->time = limit->distance = (struct plan_bound){NAN, NAN, NAN, 0};
}

struct plan_limit *plan_limit_of(struct plan *plan, uint8_t mode)
{
    switch (mode) {
    case PLAN_OVERGROUND:
    case PLAN_INDOOR:
        return &plan->limits[PLAN_LIMIT_GROUND];
    case PLAN_TREADMILL:
        return &plan->limits[PLAN_LIMIT_BELT];
    default:
        return NULL; /* mixed or unknown teaches neither */
    }
}

/* The 25th percentile of events by nearest rank (a time that was met; the lower one in doubt), or
 * the longest walk without an event. NAN: nothing known. */
static float limit_of(const struct plan_limit *limit, const float *values, int events_min,
                      bool *by_events)
{
    float events[PLAN_LIMIT_SESSIONS], sorted[PLAN_LIMIT_SESSIONS], stable = NAN;
    int n = 0;
    for (int i = 0; i < limit->n; i++) {
        if (isnan(values[i]))
            continue;
        if ((limit->events >> i & 1) != 0)
            events[n++] = values[i];
        else
            stable = fmaxf(stable, values[i]);
    }
    *by_events = n >= events_min;
    if (!*by_events)
        return stable;
    window_sort(events, n, sorted);
    return sorted[(n + 3) / 4 - 1];
}

static float longest_stable(const struct plan_limit *limit, const float *values)
{
    float longest = NAN;
    for (int i = 0; i < limit->n; i++) {
        if ((limit->events >> i & 1) == 0)
            longest = fmaxf(longest, values[i]);
    }
    return longest;
}

/* An event lowers at once; walks without one raise by a tenth a week, and no further than a tenth
 * past what was walked without pain. */
static void follow(const struct plan_call *call, const struct plan_limit *limit,
                   const float *values, struct plan_bound *bound, bool by_events)
{
    float share = (float)plan_param(call, PARAM_PLAN_LIMIT_SHARE), target = share * bound->limit;
    float growth = 1 + (float)plan_param(call, PARAM_PLAN_LIMIT_RAISE) / 100;
    if (isnan(bound->limit))
        return;
    if (isnan(bound->working)) {
        bound->working = bound->week_base = target;
        bound->week_day = call->plan->day_n;
        return;
    }
    if (call->plan->day_n - bound->week_day >= PLAN_WEEK_DAYS) {
        bound->week_base = bound->working;
        bound->week_day = call->plan->day_n;
    }
    bool event = (limit->events & 1) != 0;
    if (event && by_events && target < bound->working) {
        bound->working = target;
        bound->week_base = fminf(bound->week_base, target);
    }
    const int free_n = (int)plan_param(call, PARAM_P07_FREE);
    const unsigned run = (1U << free_n) - 1;
    if (limit->n < free_n || (limit->events & run) != 0)
        return;
    float reach = fmaxf(target, growth * longest_stable(limit, values));
    float raised = fminf(reach, growth * bound->week_base);
    bound->working = fmaxf(bound->working, raised);
}

void plan_limit_learn(const struct plan_call *call, const struct plan_facts *facts)
{
    struct plan_limit *limit = plan_limit_of(call->plan, facts->mode);
    bool event = !isnan(facts->rise_min);
    bool known = event || (facts->nrs_start >= 0 && facts->nrs_end >= 0);
    if (limit == NULL || !known || !(facts->walk_min > 0))
        return; /* a walk nobody said a word of is not a walk without pain */
    size_t kept = (PLAN_LIMIT_SESSIONS - 1) * sizeof(float);
    memmove(&limit->minutes[1], &limit->minutes[0], kept);
    memmove(&limit->metres[1], &limit->metres[0], kept);
    limit->minutes[0] = event ? facts->rise_min : facts->walk_min;
    limit->metres[0] = event ? facts->rise_m : facts->metres;
    unsigned all = (1u << PLAN_LIMIT_SESSIONS) - 1;
    limit->events = (uint16_t)(((unsigned)limit->events << 1 | (event ? 1u : 0u)) & all);
    if (limit->n < PLAN_LIMIT_SESSIONS)
        limit->n++;
    int events_min = (int)plan_param(call, PARAM_PLAN_LIMIT_EVENTS);
    bool by_events, far_by_events;
    float minutes = limit_of(limit, limit->minutes, events_min, &by_events);
    limit->distance.limit = limit_of(limit, limit->metres, events_min, &far_by_events);
    follow(call, limit, limit->metres, &limit->distance, far_by_events);
    if (limit->source == PLAN_LIMIT_CLINICIAN)
        return;
    limit->time.limit = minutes;
    follow(call, limit, limit->minutes, &limit->time, by_events);
    limit->source = isnan(minutes) ? PLAN_LIMIT_UNKNOWN
                    : by_events    ? PLAN_LIMIT_EVENTS
                                   : PLAN_LIMIT_STABLE;
}

bool plan_limit_set(struct plan *plan, const struct params *params, bool treadmill, float minutes)
{
    (void)params;
    struct plan_limit *limit = &plan->limits[treadmill ? PLAN_LIMIT_BELT : PLAN_LIMIT_GROUND];
    if (isnan(minutes)) {
        limit->source = PLAN_LIMIT_UNKNOWN;
        limit->time = (struct plan_bound){NAN, NAN, NAN, 0}; /* until the next walk */
        return true;
    }
    if (!(minutes >= 1) || minutes > PLAN_LIMIT_MIN_MAX) {
        plan->dropped_n++;
        return false;
    }
    limit->source = PLAN_LIMIT_CLINICIAN;
    limit->time = (struct plan_bound){minutes, minutes, minutes, plan->day_n};
    return true;
}

float plan_allowed_min(const struct plan *plan, float minutes)
{
    for (int i = PLAN_LIMIT_GROUND; i <= PLAN_LIMIT_BELT; i++) {
        if (plan->limits[i].source == PLAN_LIMIT_CLINICIAN)
            minutes = fminf(minutes, plan->limits[i].time.limit);
    }
    return minutes;
}

/* ---- C16 ---- */

static float minutes_between(const struct plan *plan, int newest, int oldest)
{
    float sum = 0;
    for (int ago = newest; ago <= oldest; ago++)
        sum += plan->day[ago].walk_min;
    return sum;
}

/* What 30 % over the week before, and what the plan itself asked for today, leave for this walk:
 * C01's own steps are larger than 30 %. NAN = the week before is not known. */
static float week_leaves_min(const struct plan_call *call)
{
    const struct plan *plan = call->plan;
    assert(plan != NULL);
    float planned = plan_stage_minutes(call->params, plan_stage_now(plan));
    float before = minutes_between(plan, PLAN_WEEK_DAYS, PLAN_RING - 1);
    float now = minutes_between(plan, 0, PLAN_WEEK_DAYS - 1);
    float growth = 1 + (float)plan_param(call, PARAM_PLAN_OVERDO_WEEK) / 100;
    if (plan->day_n < PLAN_RING - 1 || !(before > 0))
        return NAN;
    return fmaxf(fmaxf(growth * before - now, planned - plan->day[0].walk_min), 0);
}

float plan_over_min(const struct plan_call *call, uint8_t mode, float walk_min, float target_min)
{
    const struct plan_limit *limit = plan_limit_of(call->plan, mode);
    float most_min = (float)plan_param(call, PARAM_PLAN_OVERDO_TARGET) * target_min;
    if (walk_min > most_min)
        return most_min;
    if (limit != NULL && limit->source != PLAN_LIMIT_UNKNOWN) {
        /* Learnt without any pain, a limit says nothing against the walk the plan asks for. */
        float base = limit->time.working;
        if (limit->source == PLAN_LIMIT_STABLE)
            base = fmaxf(base, target_min);
        most_min = (float)plan_param(call, PARAM_PLAN_OVERDO_LIMIT) * base;
        if (walk_min > most_min)
            return most_min;
    }
    most_min = week_leaves_min(call);
    return walk_min > most_min ? most_min : NAN;
}

static float usual_steps(const struct plan *plan)
{
    enum { DAYS_MIN = 3 }; /* (E) */
    float steps[PLAN_RING], sorted[PLAN_RING];
    int n = 0;
    for (int ago = 1; ago < PLAN_RING; ago++) {
        const struct plan_day *day = &plan->day[ago];
        if ((day->marks & PLAN_MARK_SEEN) != 0 && (day->marks & PLAN_NEUTRAL) == 0)
            steps[n++] = (float)day->steps;
    }
    if (n < DAYS_MIN)
        return NAN;
    window_sort(steps, n, sorted);
    return window_median(sorted, n);
}

void plan_overdo_watch(const struct plan_call *call, const struct plan_facts *facts, int ago,
                       float target_min)
{
    struct plan *plan = call->plan;
    if (ago != 0 || isnan(plan_over_min(call, facts->mode, facts->walk_min, target_min)))
        return;
    plan->overdo_day = plan->day_n;
    plan->overdo_mode = facts->mode;
    plan->overdo_ms = call->now->wall_ms;
    plan->overdo_usual_steps = usual_steps(plan);
}

static void overdone(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    float left = 1 - (float)plan_param(call, PARAM_PLAN_OVERDO_LOWER) / 100;
    struct plan_limit *limit = plan_limit_of(plan, plan->overdo_mode);
    int ago = plan->day_n - plan->overdo_day;
    plan->overdone_day = plan->day_n;
    plan->overdo_day = -1;
    if (ago < PLAN_RING)
        plan->day[ago].marks |= PLAN_MARK_OVERDO;
    if (limit == NULL)
        return;
    struct plan_bound *bounds[] = {&limit->time, &limit->distance};
    for (int i = 0; i < 2; i++) {
        if (i == 0 && limit->source == PLAN_LIMIT_CLINICIAN)
            continue;
        bounds[i]->working *= left;
        bounds[i]->week_base = fminf(bounds[i]->week_base, bounds[i]->working);
    }
}

/* A flare within 48 h (C16): the flare itself takes the stage down. */
void plan_overdo_flare(const struct plan_call *call)
{
    const int64_t within_ms = (int64_t)plan_param(call, PARAM_C16_WITHIN) * PLAN_HOUR_MS;
    struct plan *plan = call->plan;
    if (plan->overdo_day >= 0 && call->now->wall_ms - plan->overdo_ms <= within_ms)
        overdone(call);
}

/* At the end of the second day after it. Only where both days were seen: no device is no rest. */
void plan_overdo_day(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (plan->overdo_day < 0 || plan->day_n < plan->overdo_day + 2)
        return;
    const struct plan_day *second = &plan->day[0], *first = &plan->day[1];
    bool seen =
        plan->day_n == plan->overdo_day + 2 && (first->marks & second->marks & PLAN_MARK_SEEN) != 0;
    float left = 1 - (float)plan_param(call, PARAM_PLAN_OVERDO_DROP) / 100;
    float steps = ((float)first->steps + (float)second->steps) / 2;
    if (seen && !isnan(plan->overdo_usual_steps) && steps < left * plan->overdo_usual_steps) {
        overdone(call);
        plan_step_back(call, PLAN_WHY_OVERDO);
    }
    plan->overdo_day = -1;
}
