/* The open walk: C03 in pieces, C04 standing, C05 drinking again, P07 and C16 while it lasts.
 *
 * A moment's motion holds until the next moment; what falls due between two is said at its own
 * time, unless that is so long ago that nobody wants it any more (rule book 5.3). */
#include <assert.h>
#include <math.h>

#include "hub/core/plan_parts.h"

static const int64_t late_ns = INT64_C(10000000000);
static const int64_t gap_max_ns = INT64_C(3600000000000); /* longer tells nothing new */
enum { OFFERED_AT_START = 1, OFFERED_FOR_PAIN = 2, NS_PER_MS = 1000000 };

static struct plan_say *cue(const struct plan_call *call, const char *rule, enum text text,
                            int64_t at_ns, int64_t now_ns)
{
    if (now_ns - at_ns > late_ns)
        return NULL;
    struct plan_say *say = plan_speak(call, rule, text);
    if (say != NULL)
        say->at_wall_ms -= (now_ns - at_ns) / NS_PER_MS;
    return say;
}

/* ---- C03 ---- */

void plan_pieces(struct plan *plan, const struct params *params, bool on)
{
    struct plan_walk *walk = &plan->walk;
    if (!walk->open || on == (walk->interval != PLAN_INTERVAL_OFF))
        return;
    walk->interval = on ? PLAN_INTERVAL_WALK : PLAN_INTERVAL_OFF;
    walk->left_ns = on ? param_ns(params, PARAM_PLAN_PIECE) : 0;
    walk->skipped_ns = 0;
    walk->pieces_n += on;
}

/* Walk time only; where motion is not known, the clock. */
static bool counts(const struct plan_walk *walk)
{
    if (!walk->open || walk->paused || walk->interval == PLAN_INTERVAL_OFF)
        return false;
    bool walking = walk->motion == PLAN_WALKING;
    if (walk->interval == PLAN_INTERVAL_WALK)
        return walking || walk->motion == PLAN_MOTION_UNKNOWN;
    return !walking;
}

static void next_piece(struct plan_walk *walk, const struct params *params)
{
    walk->interval = PLAN_INTERVAL_WALK;
    walk->left_ns = param_ns(params, PARAM_PLAN_PIECE);
    walk->skipped_ns = 0;
    if (walk->pieces_n < UINT8_MAX)
        walk->pieces_n++;
}

static void begin_rest(const struct plan_call *call, const struct plan_moment *moment,
                       int64_t at_ns)
{
    struct plan_walk *walk = &call->plan->walk;
    bool bends = plan_bends(call->profile, moment->p05);
    enum text text = bends ? TEXT_C03_PAUSE_SIT : TEXT_C03_PAUSE;
    walk->interval = PLAN_INTERVAL_REST;
    walk->left_ns = param_ns(call->params, PARAM_PLAN_REST);
    walk->skipped_ns = 0;
    struct plan_say *say = cue(call, "C03", text, at_ns, moment->at_ns);
    if (say == NULL || bends || call->profile->vertigo)
        return;
    say->breathe = true; /* C04 in the rest of C03 */
    walk->breathed_ns = at_ns;
}

/* Who walks on through a rest as long as it lasts has begun the next piece. */
static void skip_rest(struct plan_walk *walk, const struct params *params, int64_t walked_ns)
{
    walk->skipped_ns += walked_ns;
    int64_t skipped_ns = walk->skipped_ns;
    if (skipped_ns < param_ns(params, PARAM_PLAN_REST))
        return;
    next_piece(walk, params);
    walk->left_ns = skipped_ns < walk->left_ns ? walk->left_ns - skipped_ns : 0;
}

static void advance_pieces(const struct plan_call *call, const struct plan_moment *moment,
                           int64_t from_ns)
{
    struct plan_walk *walk = &call->plan->walk;
    if (moment->at_ns - from_ns > gap_max_ns)
        from_ns = moment->at_ns - gap_max_ns;
    bool walks_in_rest = walk->interval == PLAN_INTERVAL_REST && walk->motion == PLAN_WALKING;
    if (walks_in_rest && walk->open && !walk->paused)
        skip_rest(walk, call->params, moment->at_ns - from_ns);
    if (walks_in_rest || !counts(walk))
        return;
    /* Motion does not change in here: at most one piece and one rest are counted of it, but where
     * it is not known the clock runs through both. */
    while (counts(walk) && moment->at_ns - from_ns >= walk->left_ns) {
        from_ns += walk->left_ns;
        if (walk->interval == PLAN_INTERVAL_WALK) {
            begin_rest(call, moment, from_ns);
        } else {
            next_piece(walk, call->params);
            cue(call, "C03", TEXT_C03_GO, from_ns, moment->at_ns);
        }
    }
    if (counts(walk))
        walk->left_ns -= moment->at_ns - from_ns;
}

/* A walk of one piece has no pieces: to repeat it would be more than P03 or P08 allow. */
static void offer(const struct plan_call *call, const struct plan_moment *moment)
{
    struct plan_walk *walk = &call->plan->walk;
    unsigned reason = moment->amber || moment->tiring ? OFFERED_FOR_PAIN : OFFERED_AT_START;
    bool wanted = reason == OFFERED_FOR_PAIN ||
                  walk->target_min >= (float)plan_param(call, PARAM_PLAN_PIECES_FROM);
    bool pieces = walk->target_min > (float)plan_param(call, PARAM_PLAN_PIECE) / 60;
    if (!wanted || !pieces || walk->interval != PLAN_INTERVAL_OFF || (walk->offered & reason) != 0)
        return;
    if (plan_speak(call, "C03", TEXT_C03_OFFER) != NULL)
        walk->offered |= (uint8_t)(reason | OFFERED_AT_START);
}

/* ---- C04 ---- */

static bool may_breathe(const struct plan_walk *walk, const struct params *params, int64_t at_ns)
{
    int64_t refractory_ns = param_ns(params, PARAM_PLAN_STAND_REFRACTORY);
    return walk->breathed_n < params->value[PARAM_PLAN_STAND_MAX] &&
           (walk->breathed_ns == INT64_MIN || at_ns - walk->breathed_ns >= refractory_ns);
}

static int64_t breathe_due_ns(const struct plan_walk *walk, const struct params *params)
{
    if (!walk->open || walk->paused || walk->standing_ns == INT64_MIN ||
        walk->breathed_n >= params->value[PARAM_PLAN_STAND_MAX])
        return INT64_MAX;
    int64_t due_ns = walk->standing_ns + param_ns(params, PARAM_PLAN_STAND);
    int64_t free_ns = walk->breathed_ns == INT64_MIN
                          ? due_ns
                          : walk->breathed_ns + param_ns(params, PARAM_PLAN_STAND_REFRACTORY);
    return due_ns > free_ns ? due_ns : free_ns;
}

static void breathe(const struct plan_call *call, const struct plan_moment *moment)
{
    struct plan_walk *walk = &call->plan->walk;
    int64_t due_ns = breathe_due_ns(walk, call->params);
    if (due_ns > moment->at_ns || !may_breathe(walk, call->params, due_ns))
        return;
    walk->breathed_ns = due_ns; /* said or not: the next look is a refractory time later */
    if (plan_bends(call->profile, moment->p05) || call->profile->vertigo)
        return;
    struct plan_say *say = cue(call, "C04", TEXT_C04_BREATHE, due_ns, moment->at_ns);
    if (say == NULL)
        return;
    say->breathe = true;
    walk->breathed_n++;
}

/* ---- C05, P07, C16 ---- */

static void drink(const struct plan_call *call, const struct plan_moment *moment)
{
    struct plan_walk *walk = &call->plan->walk;
    const float long_min = (float)plan_param(call, PARAM_C05_LONG);
    int64_t every_ns = param_ns(call->params, PARAM_PLAN_DRINK);
    bool hot = moment->ambient >= (float)plan_param(call, PARAM_PLAN_DRINK_AMBIENT);
    bool wanted = hot || walk->target_min >= long_min || moment->walk_min >= long_min;
    int64_t last_ns = walk->drank_ns == INT64_MIN ? 0 : walk->drank_ns;
    if (call->profile->fluid_restriction || !wanted ||
        walk->drank_n >= plan_param(call, PARAM_C05_MAX) || moment->at_ns - last_ns < every_ns)
        return;
    if (plan_speak(call, "C05", TEXT_C05_AGAIN) == NULL)
        return;
    walk->drank_ns = moment->at_ns;
    walk->drank_n++;
}

static void near_limit(const struct plan_call *call, const struct plan_moment *moment)
{
    struct plan_walk *walk = &call->plan->walk;
    const struct plan_limit *limit = plan_limit_of(call->plan, moment->mode);
    if (walk->limit_said || limit == NULL || limit->source == PLAN_LIMIT_UNKNOWN)
        return;
    bool stable = limit->source == PLAN_LIMIT_STABLE;
    bool near =
        moment->walk_min >= limit->time.working || moment->metres >= limit->distance.working;
    /* Learnt without any pain, it does not cut the walk the plan asks for. */
    if (!near || (stable && moment->walk_min < walk->target_min))
        return;
    struct plan_say *say = plan_speak(call, "P07", TEXT_P07_LIMIT);
    if (say == NULL)
        return;
    say->level = stable ? PLAN_INFO : PLAN_COACH;
    if (moment->walk_min >= limit->time.working) { /* else it is the distance */
        say->value = moment->walk_min;
        say->threshold = limit->time.working;
    }
    walk->limit_said = true;
}

static void enough(const struct plan_call *call, const struct plan_moment *moment)
{
    struct plan_walk *walk = &call->plan->walk;
    int rise = moment->nrs >= 0 && moment->nrs_start >= 0 ? moment->nrs - moment->nrs_start : 0;
    /* Nobody said how the pain is: minutes only (3.6). */
    bool hurts = moment->nrs < 0 || moment->nrs >= plan_param(call, PARAM_C16_NRS) ||
                 rise >= plan_param(call, PARAM_C16_RISE);
    bool meant =
        moment->long_ok && moment->nrs >= 0 && moment->nrs <= plan_param(call, PARAM_C16_FINE);
    float most_min = plan_over_min(call, moment->mode, moment->walk_min, walk->target_min);
    if (walk->enough_said || !hurts || meant || isnan(most_min))
        return;
    struct plan_say *say = plan_speak(call, "C16", TEXT_C16_ENOUGH);
    if (say == NULL)
        return;
    say->value = moment->walk_min;
    say->threshold = most_min;
    say->level = PLAN_COACH;
    walk->enough_said = true;
}

static bool moment_fits(const struct plan_walk *walk, const struct plan_moment *moment)
{
    const int answer_max = 10;
    return moment->motion <= PLAN_SITTING && moment->mode <= PLAN_MIXED && moment->at_ns >= 0 &&
           (!walk->began || moment->at_ns >= walk->at_ns) && moment->walk_min >= 0 &&
           moment->nrs >= -1 && moment->nrs <= answer_max && moment->nrs_start >= -1 &&
           moment->nrs_start <= answer_max;
}

void plan_moment(struct plan *plan, const struct params *params, const struct plan_profile *profile,
                 const struct plan_now *now, const struct plan_moment *moment, struct plan_out *out)
{
    struct plan_call call = {plan, params, profile, now, out};
    struct plan_walk *walk = &plan->walk;
    plan_catch_up(&call);
    if (!walk->open || !moment_fits(walk, moment)) {
        plan->dropped_n++;
        return;
    }
    if (walk->began) {
        advance_pieces(&call, moment, walk->at_ns);
        breathe(&call, moment);
    }
    walk->began = true;
    walk->at_ns = moment->at_ns;
    bool stands = moment->motion == PLAN_STANDING;
    if (!stands || moment->paused)
        walk->standing_ns = INT64_MIN;
    else if (walk->standing_ns == INT64_MIN)
        walk->standing_ns = moment->at_ns;
    walk->motion = moment->motion;
    walk->mode = moment->mode;
    walk->paused = moment->paused;
    if (moment->nrs_start >= plan_param(&call, PARAM_PLAN_M1_ONLY_NRS)) {
        plan->day[0].marks |= PLAN_MARK_M1_ONLY;
        walk->target_min = fminf(walk->target_min, plan_target_min(plan, params, walk->index));
    }
    if (moment->paused)
        return;
    near_limit(&call, moment);
    enough(&call, moment);
    offer(&call, moment);
    drink(&call, moment);
}

int64_t plan_walk_deadline_ns(const struct plan *plan, const struct params *params)
{
    const struct plan_walk *walk = &plan->walk;
    if (!walk->open || !walk->began)
        return INT64_MAX;
    int64_t due_ns = breathe_due_ns(walk, params);
    if (counts(walk) && walk->at_ns + walk->left_ns < due_ns)
        due_ns = walk->at_ns + walk->left_ns;
    return due_ns;
}
