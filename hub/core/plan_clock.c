/* What comes by the clock: C02 reminders, C12 inactivity, the morning's decision. */
#include <math.h>

#include "hub/core/plan_parts.h"

enum {
    SEEN_FRESH_MS = 15 * PLAN_MINUTE_MS, /* no news for longer: not known whether still */
    POLL_MS = 30 * PLAN_MINUTE_MS,       /* so that a clock put forward is noticed */
    SLOT_FIRST = 1,
    SLOT_AGAIN = 2
};

/* ---- C02 ---- */

static void remind(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    const struct plan_day *today = &plan->day[0];
    if (!plan->sessions_any) {
        plan_speak(call, "C02", TEXT_C02_FIRST);
        return;
    }
    struct plan_say *say = plan_speak(call, "C02", TEXT_C02_REMINDER);
    if (say != NULL)
        say->min = (int16_t)lroundf(plan_target_min(plan, call->params, today->done_n + 1));
}

/* Once in [slot, slot + 45 min), again in the 45 min after; later is too late. Not for a walk that
 * is done, nor on a rest day, the first day of a flare, when unwell, or after a stop for today. */
static void reminders(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    const struct plan_day *today = &plan->day[0];
    bool rest = (today->marks & (PLAN_MARK_REST | PLAN_STOPPED)) != 0 ||
                (plan->flare && plan->flare_day == plan->day_n);
    if (rest || plan->walk.open || call->now->unwell)
        return;
    int again_min = (int)plan_param(call, PARAM_PLAN_REMIND_AGAIN), minute = call->now->minute;
    int before_min = (int)plan_param(call, PARAM_C05_BEFORE);
    for (int i = 0; i < PLAN_SLOTS; i++) {
        int since = minute - plan->slots[i];
        if (plan->slots[i] >= 0 && since < 0 && since >= -before_min && today->planned_n > i) {
            plan_drink_before(call);
            return;
        }
        if (plan->slots[i] < 0 || since < 0 || since >= 2 * again_min)
            continue;
        unsigned turn = since < again_min ? SLOT_FIRST : SLOT_AGAIN;
        unsigned bits = (SLOT_FIRST | (turn & SLOT_AGAIN)) << (2 * i);
        if ((plan->slots_said & turn << (2 * i)) != 0 || i >= today->planned_n || today->done_n > i)
            continue;
        plan->slots_said |= (uint8_t)bits;
        remind(call);
        return;
    }
}

/* ---- C12 ---- */

static bool seen_now(const struct plan *plan, const struct plan_now *now)
{
    return plan->seen_ms != INT64_MIN && now->wall_ms >= plan->seen_ms &&
           now->wall_ms - plan->seen_ms <= SEEN_FRESH_MS;
}

static bool may_nudge(const struct plan_call *call)
{
    const struct plan *plan = call->plan;
    const struct plan_now *now = call->now;
    int64_t refractory_ms = (int64_t)plan_param(call, PARAM_PLAN_STILL) * PLAN_MINUTE_MS;
    bool flare_day_1 = plan->flare && plan->flare_day == plan->day_n;
    bool rest = (plan->day[0].marks & (PLAN_MARK_REST | PLAN_STOPPED)) != 0;
    bool recent = plan->still_said_ms != INT64_MIN && now->wall_ms >= plan->still_said_ms &&
                  now->wall_ms - plan->still_said_ms < refractory_ms;
    return seen_now(plan, now) && !now->driving && !now->unwell && !call->profile->wheelchair &&
           !flare_day_1 && !rest && !plan->walk.open && !recent &&
           plan->still_said < plan_param(call, PARAM_PLAN_STILL_MAX);
}

static void nudge(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    const struct plan_now *now = call->now;
    if (!may_nudge(call))
        return;
    int64_t still_ms = (int64_t)plan_param(call, PARAM_PLAN_STILL) * PLAN_MINUTE_MS;
    bool still =
        plan->still_since_ms != INT64_MIN && now->wall_ms - plan->still_since_ms >= still_ms;
    bool none = !plan->still_by_said && now->minute >= plan_param(call, PARAM_PLAN_STILL_BY) &&
                (plan->day[0].marks & PLAN_MARK_WALKED) == 0;
    if ((!still && !none) || plan_speak(call, "C12", TEXT_C12_STROLL) == NULL)
        return;
    plan->still_said++;
    plan->still_said_ms = now->wall_ms;
    plan->still_by_said |= none;
}

/* Sleep is not stillness, nor is a time nobody looked. */
static void follow_stillness(struct plan *plan, const struct plan_now *now)
{
    bool unknown = plan->still_since_ms == INT64_MIN || now->wall_ms < plan->still_since_ms;
    if (now->quiet || unknown || plan->walk.open || !seen_now(plan, now)) {
        plan->still_since_ms = now->wall_ms;
        return;
    }
    int64_t still_min = (now->wall_ms - plan->still_since_ms) / PLAN_MINUTE_MS;
    uint16_t *longest = &plan->day[0].longest_still_min;
    if (still_min > DAY_MINUTES)
        still_min = DAY_MINUTES;
    if (*longest == PLAN_UNKNOWN_MIN || still_min > *longest)
        *longest = (uint16_t)still_min;
}

void plan_seen(struct plan *plan, const struct params *params, const struct plan_profile *profile,
               const struct plan_now *now, uint32_t steps, uint32_t walk_s, struct plan_out *out)
{
    struct plan_call call = {plan, params, profile, now, out};
    plan_catch_up(&call);
    follow_stillness(plan, now);
    struct plan_day *day = &plan->day[0];
    day->marks |= PLAN_MARK_SEEN;
    day->steps += steps;
    if (walk_s >= plan_param(&call, PARAM_C12_WALK)) {
        day->marks |= PLAN_MARK_WALKED;
        plan->gap_back = 0;
        plan->still_since_ms = now->wall_ms;
    }
    plan->seen_ms = now->wall_ms;
}

/* ---- time ---- */

void plan_time(struct plan *plan, const struct params *params, const struct plan_profile *profile,
               const struct plan_now *now, struct plan_out *out)
{
    struct plan_call call = {plan, params, profile, now, out};
    plan_catch_up(&call);
    follow_stillness(plan, now);
    if (now->minute >= plan_param(&call, PARAM_PLAN_MORNING_UNTIL))
        plan_decide(&call);
    if (now->quiet || now->stop_open || now->unheard)
        return;
    uint8_t said_n = out->says_n;
    reminders(&call);
    if (out->says_n == said_n)
        nudge(&call);
    if (out->says_n == said_n && !plan->walk.open)
        plan_one_of_the_day(&call);
}

int64_t plan_deadline_ms(const struct plan *plan, const struct params *params,
                         const struct plan_now *now)
{
    int again_min = (int)params->value[PARAM_PLAN_REMIND_AGAIN];
    int due[3 * PLAN_SLOTS + 3], n = 0, ahead = POLL_MS / PLAN_MINUTE_MS;
    for (int i = 0; i < PLAN_SLOTS; i++) {
        if (plan->slots[i] < 0)
            continue;
        due[n++] = plan->slots[i] - (int)params->value[PARAM_C05_BEFORE];
        due[n++] = plan->slots[i];
        due[n++] = plan->slots[i] + again_min;
    }
    due[n++] = (int)params->value[PARAM_PLAN_MORNING_UNTIL];
    due[n++] = (int)params->value[PARAM_PLAN_STILL_BY];
    due[n++] = DAY_MINUTES;
    for (int i = 0; i < n; i++) {
        int wait = due[i] - now->minute;
        if (wait > 0 && wait < ahead)
            ahead = wait;
    }
    /* Minutes begin on the minute, wherever in one the caller is. */
    int64_t past_ms = now->wall_ms % PLAN_MINUTE_MS;
    if (past_ms < 0)
        past_ms += PLAN_MINUTE_MS;
    int64_t at_ms = now->wall_ms - past_ms + (int64_t)ahead * PLAN_MINUTE_MS;
    int64_t still_ms = (int64_t)params->value[PARAM_PLAN_STILL] * PLAN_MINUTE_MS;
    int64_t still_at_ms =
        plan->still_since_ms == INT64_MIN ? INT64_MAX : plan->still_since_ms + still_ms;
    return still_at_ms > now->wall_ms && still_at_ms < at_ms ? still_at_ms : at_ms;
}
