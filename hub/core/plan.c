#include "hub/core/plan.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/plan_parts.h"

enum { NRS_MAX = 10 };

struct plan_say *plan_speak(const struct plan_call *call, const char *rule, enum text text)
{
    bool past = call->now->day > call->plan->today; /* closing days that are over */
    if (call->now->stop_open || call->now->unheard || past || plan_cue_off(call->params, rule) ||
        (call->profile->wheelchair && plan_afoot(rule)))
        return NULL;
    if (call->out->says_n == PLAN_SAYS_MAX) {
        call->out->lost_n++;
        return NULL;
    }
    struct plan_say *say = &call->out->says[call->out->says_n++];
    memset(say, 0, sizeof(*say));
    memcpy(say->rule, rule, sizeof(say->rule));
    say->text = (uint8_t)text;
    say->n = say->min = say->min_next = -1;
    say->value = say->threshold = NAN;
    say->at_wall_ms = call->now->wall_ms;
    return say;
}

void plan_init(struct plan *plan, enum plan_stage stage, const struct plan_now *now)
{
    assert(stage > PLAN_STAGE_UNKNOWN && stage < PLAN_STAGES);
    memset(plan, 0, sizeof(*plan));
    plan->today = now->day;
    plan->stage = (uint8_t)stage;
    plan->decided_day = 0; /* there is nothing to decide on the first day */
    plan->down_day = plan->rest_until = plan->overdo_day = plan->overdone_day = -1;
    plan->encouraged_day = plan->drank_day = plan->windowed_day = plan->posture_day = -1;
    plan->surface_day = plan->daylight_day = plan->mode_day = plan->mood_day = -1;
    plan->mood_said_day = plan->shoe_day = plan->flare_day = -1;
    plan->flare_said_day = -1;
    plan->usual = plan->overdo_usual_steps = NAN;
    plan->high_since_ms = plan->still_since_ms = plan->seen_ms = plan->still_said_ms = INT64_MIN;
    for (int i = 0; i < PLAN_SLOTS; i++)
        plan->slots[i] = -1;
    for (int i = 0; i < 2; i++)
        plan_limit_init(&plan->limits[i]);
    for (int i = 0; i < PLAN_RING; i++) {
        struct plan_day *day = &plan->day[i];
        day->outdoor_min = day->longest_still_min = PLAN_UNKNOWN_MIN;
        day->start_nrs = day->rise_max = day->morning = day->nrs_max = -1;
    }
    plan_planned_today(plan);
}

bool plan_schedule(struct plan *plan, const int16_t slots[PLAN_SLOTS])
{
    for (int i = 0; i < PLAN_SLOTS; i++) {
        if (slots[i] < -1 || slots[i] >= DAY_MINUTES) {
            plan->dropped_n++;
            return false;
        }
    }
    memcpy(plan->slots, slots, sizeof(plan->slots));
    return true;
}

bool plan_bends(const struct plan_profile *profile, bool p05)
{
    return p05 || profile->p05 || profile->stenosis;
}

/* ---- what is next ---- */

enum plan_stage plan_stage_now(const struct plan *plan)
{
    return (enum plan_stage)plan->stage; /* M1 in a flare and until it is resumed */
}

uint8_t plan_index(const struct plan *plan)
{
    const struct plan_day *today = &plan->day[0];
    return today->done_n < today->planned_n ? (uint8_t)(today->done_n + 1) : 0;
}

float plan_target_min(const struct plan *plan, const struct params *params, int index)
{
    bool tiny = plan->flare || (plan->day[0].marks & PLAN_MARK_M1_ONLY) != 0;
    float target = plan_stage_walk_min(params, plan_stage_now(plan), index);
    float cap = (float)params->value[PARAM_PLAN_FLARE_CAP];
    return plan_allowed_min(plan, tiny && target > cap ? cap : target);
}

void plan_next(const struct plan *plan, const struct params *params, struct plan_next *next)
{
    memset(next, 0, sizeof(*next));
    next->stage = (uint8_t)plan_stage_now(plan);
    next->walks_n = plan->day[0].planned_n;
    next->index = plan_index(plan);
    next->target_min = plan_target_min(plan, params, next->index);
    next->flare = plan->flare;
}

/* ---- a walk ---- */

void plan_session_opened(struct plan *plan, const struct params *params,
                         const struct plan_profile *profile, const struct plan_now *now,
                         const struct plan_opening *opening, struct plan_out *out)
{
    struct plan_call call = {plan, params, profile, now, out};
    plan_catch_up(&call);
    if (opening->nrs >= params->value[PARAM_PLAN_M1_ONLY_NRS])
        plan->day[0].marks |= PLAN_MARK_M1_ONLY;
    struct plan_walk *walk = &plan->walk;
    memset(walk, 0, sizeof(*walk));
    walk->open = true;
    walk->mode = opening->mode;
    walk->index = plan_index(plan);
    walk->target_min = plan_target_min(plan, params, walk->index);
    walk->standing_ns = walk->breathed_ns = walk->drank_ns = INT64_MIN;
    bool first = !plan->sessions_any, away = !first && plan->streak == 0 && plan->gap_back > 0;
    plan->sessions_any = true;
    /* One of them: what is not said stays due, but for the welcome and the first words. */
    uint8_t said_n = out->says_n;
    if (away)
        plan_speak(&call, "C08", TEXT_C08_WELCOME);
    else if (plan_say_unsaid_down(&call))
        return;
    else if (first)
        plan_encourage(&call);
    if (out->says_n == said_n)
        plan_flare_say(&call);
    if (out->says_n == said_n)
        plan_shoes(&call, &opening->shoe);
    if (out->says_n == said_n)
        plan_drink_before(&call);
    /* Who wears devices for walks only is met nowhere else. */
    if (out->says_n == said_n && !first)
        plan_one_of_the_day(&call);
}

static bool answer_fits(int nrs)
{
    return nrs >= -1 && nrs <= NRS_MAX;
}

static bool figure_fits(float value, float max)
{
    return isnan(value) || (value >= 0 && value <= max);
}

static bool facts_fit(const struct plan_facts *facts)
{
    const float metres_max = 200000;
    return facts->walk_min >= 0 && facts->walk_min <= DAY_MINUTES &&
           figure_fits(facts->longest_bout_min, DAY_MINUTES) &&
           figure_fits(facts->outdoor_min, DAY_MINUTES) &&
           figure_fits(facts->rise_min, facts->walk_min) &&
           figure_fits(facts->metres, metres_max) && figure_fits(facts->rise_m, metres_max) &&
           facts->mode <= PLAN_MIXED && facts->surface < PLAN_SURFACES &&
           facts->end <= PLAN_END_IDLE && answer_fits(facts->nrs_start) &&
           answer_fits(facts->nrs_end) && answer_fits(facts->nrs_peak) &&
           facts->nrs_peak >= facts->nrs_end && facts->nrs_peak >= facts->nrs_start;
}

static void add_pain(struct plan_day *day, const struct plan_facts *facts)
{
    int rise = facts->nrs_peak - facts->nrs_start;
    if (facts->nrs_start >= 0 && (day->start_nrs < 0 || facts->nrs_start < day->start_nrs))
        day->start_nrs = facts->nrs_start;
    if (facts->nrs_peak > day->nrs_max)
        day->nrs_max = facts->nrs_peak;
    if (facts->nrs_start >= 0 && rise > day->rise_max)
        day->rise_max = (int16_t)rise;
    unsigned marks = (facts->amber ? (unsigned)PLAN_MARK_AMBER : 0) |
                     (facts->red ? (unsigned)PLAN_MARK_RED : 0) |
                     (facts->p02_stop ? (unsigned)PLAN_MARK_P02 : 0) |
                     (facts->leg_stop ? (unsigned)PLAN_MARK_LEGS : 0);
    day->marks |= (uint16_t)marks;
}

/* True when it is a done walk of the plan. */
static bool add_walk(const struct plan_call *call, struct plan_day *day,
                     const struct plan_facts *facts, float target_min)
{
    const float walked_min = 1; /* (E) shorter is no day with a walk */
    day->walk_min += facts->walk_min;
    day->steps += facts->steps;
    if (facts->walk_min >= walked_min) {
        day->marks |= PLAN_MARK_WALKED;
        call->plan->gap_back = 0;
    }
    if (!isnan(facts->outdoor_min)) {
        float before = day->outdoor_min == PLAN_UNKNOWN_MIN ? 0 : day->outdoor_min;
        day->outdoor_min = (uint16_t)fminf(before + ceilf(facts->outdoor_min), DAY_MINUTES);
    }
    if (facts->outing && day->outings_n < UINT8_MAX)
        day->outings_n++;
    double share = plan_param(call, PARAM_PLAN_DONE_SHARE);
    bool done = facts->walk_min >= walked_min &&
                (double)facts->walk_min >= share * (double)target_min - PLAN_TINY;
    if (done && day->done_n < UINT8_MAX)
        day->done_n++;
    return done;
}

static void count_aborted(const struct plan_call *call, struct plan_day *day,
                          const struct plan_facts *facts, float target_min)
{
    const float share = (float)plan_param(call, PARAM_C11_SHARE);
    bool hurt = facts->red || facts->p02_stop || facts->amber || facts->end == PLAN_END_PAIN;
    /* Who steps off a belt presses no button; a stroll through the house breaks nothing off. */
    bool ended = facts->end == PLAN_END_USER ||
                 (facts->end == PLAN_END_IDLE && facts->mode == PLAN_TREADMILL);
    if (!ended || facts->walk_min >= share * target_min)
        return;
    struct plan *plan = call->plan;
    day->marks |= PLAN_MARK_ABORTED;
    if (facts->mode == PLAN_TREADMILL && plan->treadmill_aborts < UINT8_MAX)
        plan->treadmill_aborts++;
    if (hurt)
        return;
    day->aborted_n++;
    int aborted = 0;
    for (int i = 0; i < PLAN_WEEK_DAYS; i++)
        aborted += plan->day[i].aborted_n;
    if (aborted >= plan_param(call, PARAM_C11_WALKS))
        plan_encourage(call);
}

static void decide_after_walk(const struct plan_call *call, const struct plan_facts *facts)
{
    if (facts->p02_stop)
        plan_step_back(call, PLAN_WHY_P02_STOP);
    else if (facts->leg_stop)
        plan_step_back(call, PLAN_WHY_LEGS);
    else if (facts->red)
        plan_step_back(call, PLAN_WHY_RED);
    else if (facts->amber)
        plan_move(call, PLAN_HOLD, PLAN_WHY_AMBER, plan_stage_now(call->plan));
}

bool plan_session_closed(struct plan *plan, const struct params *params,
                         const struct plan_profile *profile, const struct plan_now *now,
                         const struct plan_facts *facts, struct plan_out *out)
{
    struct plan_call call = {plan, params, profile, now, out};
    plan_catch_up(&call);
    int64_t ago = (int64_t)plan->today - facts->day;
    if (ago < 0)
        ago = 0;                                     /* the clock went back since it began */
    const bool evening = plan->walk.open && ago > 0; /* midnight came while it was open */
    if (!facts_fit(facts) || ago >= PLAN_RING) {
        plan->walk.open = false;
        plan->dropped_n++;
        if (evening)
            plan_close_evening(&call, ago < PLAN_RING ? (int)ago : PLAN_RING - 1);
        return false;
    }
    struct plan_day *day = &plan->day[ago];
    float target =
        plan->walk.open ? plan->walk.target_min : plan_target_min(plan, params, day->done_n + 1);
    bool first = day->done_n == 0, hurt = facts->red || facts->p02_stop;
    bool well = !hurt && !facts->leg_stop && !facts->stopped && !facts->red_flag;
    plan->walk.open = false;
    plan_overdo_watch(&call, facts, (int)ago, target);
    add_pain(day, facts);
    bool done = add_walk(&call, day, facts, target);
    if (done && first && (ago == 0 || evening))
        plan->streak++;
    if (done && first && ago > 0 && (int)plan->day_n - ago >= plan->stage_from)
        plan->days_done++;
    if (evening)
        plan_close_evening(&call, (int)ago);
    if (facts->walk_min > 0)
        plan->still_since_ms = now->wall_ms;
    plan_limit_learn(&call, facts);
    plan_surface_learn(plan, facts);
    plan->red_unsettled |= hurt;
    decide_after_walk(&call, facts);
    if (well)
        plan_praise(&call, facts);
    if (well && facts->end != PLAN_END_RED)
        count_aborted(&call, day, facts, target);
    if (facts->mode == PLAN_TREADMILL)
        plan_treadmill(&call);
    return true;
}

/* ---- people decide ---- */

bool plan_override(struct plan *plan, const struct params *params, const struct plan_now *now,
                   enum plan_stage stage, enum plan_actor actor, struct plan_out *out)
{
    struct plan_call call = {plan, params, NULL, now, out};
    plan_catch_up(&call);
    if (stage <= PLAN_STAGE_UNKNOWN || stage >= PLAN_STAGES) {
        plan->dropped_n++;
        return false;
    }
    enum plan_stage from = plan_stage_now(plan);
    enum plan_why why = actor == PLAN_BY_CLINICIAN ? PLAN_WHY_CLINICIAN : PLAN_WHY_WEARER;
    if (plan->flare) {
        plan->resume = (uint8_t)stage;
        plan_move(&call, PLAN_HOLD, why, from);
        return true;
    }
    plan->resume = 0;
    plan_move(&call, stage > from ? PLAN_UP : stage < from ? PLAN_DOWN : PLAN_HOLD, why, stage);
    return true;
}

bool plan_rest(struct plan *plan, const struct params *params, const struct plan_now *now,
               int days_n, struct plan_out *out)
{
    struct plan_call call = {plan, params, NULL, now, out};
    plan_catch_up(&call);
    if (days_n < 0 || days_n > PLAN_REST_DAYS_MAX) {
        plan->dropped_n++;
        return false;
    }
    plan->rest_until = (int16_t)(plan->day_n + days_n - 1);
    plan_planned_today(plan);
    return true;
}

/* ---- the sums ---- */

static float consistency(const struct plan *plan, const struct params *params)
{
    float planned = 0, done = 0;
    for (int i = 0; i < PLAN_WEEK_DAYS; i++) {
        const struct plan_day *day = &plan->day[i];
        planned += day->planned_n;
        done += day->done_n < day->planned_n ? day->done_n : day->planned_n;
    }
    planned *= (float)plan_stage_week(params, plan_stage_now(plan)) / PLAN_WEEK_DAYS;
    return planned > 0 ? fminf(done / planned, 1) : NAN;
}

void plan_sums(const struct plan *plan, const struct params *params, struct plan_sums *sums)
{
    const struct plan_day *today = &plan->day[0];
    memset(sums, 0, sizeof(*sums));
    sums->planned_n = today->planned_n;
    sums->done_n = today->done_n;
    sums->streak_days = (uint8_t)(plan->streak > UINT8_MAX ? UINT8_MAX : plan->streak);
    for (int i = 0; i < PLAN_WEEK_DAYS; i++)
        sums->outings_week_n = (uint8_t)(sums->outings_week_n + plan->day[i].outings_n);
    sums->mood_week = plan->mood_week;
    sums->flare = plan->flare;
    sums->overdo = plan->overdone_day >= 0 && plan->day_n - plan->overdone_day < PLAN_WEEK_DAYS;
    sums->recovered = plan->painfree_n >= params->value[PARAM_P08_RECOVERED];
    sums->steps = today->steps;
    sums->walk_min = today->walk_min;
    sums->longest_still_min =
        today->longest_still_min == PLAN_UNKNOWN_MIN ? NAN : (float)today->longest_still_min;
    sums->consistency = consistency(plan, params);
    sums->usual_nrs = plan->usual;
    sums->days_since_flare = (int16_t)plan_flare_free_days(plan);
    sums->best_flare_free_days =
        sums->days_since_flare > plan->best_calm ? sums->days_since_flare : plan->best_calm;
    for (int i = 0; i < 2; i++) {
        sums->limits[i].working_min = plan->limits[i].time.working;
        sums->limits[i].working_m = plan->limits[i].distance.working;
        sums->limits[i].source = plan->limits[i].source;
    }
}
