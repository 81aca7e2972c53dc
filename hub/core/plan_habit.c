/* Habits: encouragement, mood, shoes, water, surfaces, milestones. All may be left unsaid. */
#include <math.h>
#include <string.h>

#include "hub/core/plan_parts.h"

/* Said at most once in `days`, by plan day. */
static bool free_since(const struct plan *plan, int16_t said_day, int days)
{
    return said_day < 0 || plan->day_n - said_day >= days;
}

/* ---- C11 ---- */

void plan_encourage(const struct plan_call *call)
{
    static const uint8_t library[] = {TEXT_C11_HURT, TEXT_C11_NOT_BROKEN, TEXT_C11_REST,
                                      TEXT_C11_DISC, TEXT_C11_MUSCLES,    TEXT_C11_BLOOD};
    struct plan *plan = call->plan;
    if (!free_since(plan, plan->encouraged_day, 1) || plan->red_unsettled || call->now->hurts)
        return; /* never during red pain */
    bool disc = call->profile->disc;
    uint8_t at = (uint8_t)(plan->encourage_next % sizeof(library));
    if (plan->encouraged_day < 0 && disc)
        at = 3; /* the first words to somebody who may be terrified (row 19) */
    else if (library[at] == TEXT_C11_DISC && !disc)
        at = (uint8_t)(at + 1);
    if (plan_speak(call, "C11", (enum text)library[at]) == NULL)
        return;
    plan->encourage_next = (uint8_t)((at + 1) % (int)sizeof(library));
    plan->encouraged_day = plan->day_n;
}

/* ---- C18 ---- */

static bool say_mood(const struct plan_call *call)
{
    struct plan_say *say = plan_speak(call, "C18", TEXT_C18_MOOD);
    if (say == NULL)
        return false;
    say->wearer_only = true;
    call->plan->mood_said_day = call->plan->day_n;
    call->plan->unsaid_low = false;
    return true;
}

void plan_low(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (!free_since(plan, plan->mood_said_day, (int)plan_param(call, PARAM_C18_EVERY)))
        return;
    plan->unsaid_low = true;
    say_mood(call);
}

/* Two weekly answers in a row: 4 to 10 days apart (E), so that two of one day are one. */
void plan_mood(const struct plan_call *call, int mood)
{
    enum { APART_MIN = 4, APART_MAX = 10, OFF = 3 };
    struct plan *plan = call->plan;
    bool low = mood <= plan_param(call, PARAM_PLAN_MOOD) && mood < OFF;
    int apart = plan->mood_day < 0 ? APART_MAX + 1 : plan->day_n - plan->mood_day;
    bool again = low && plan->mood_low && apart >= APART_MIN && apart <= APART_MAX;
    bool same_week = plan->mood_day >= 0 && apart < APART_MIN;
    plan->mood_week = (uint8_t)mood;
    if (!(same_week && low && plan->mood_low))
        plan->mood_day = plan->day_n;
    plan->mood_low = low;
    if (!low)
        plan->unsaid_low = false;
    if (again)
        plan_low(call);
}

/* ---- R09 ---- */

static enum text worn_out(const struct plan_call *call, const struct plan_shoe *shoe,
                          enum plan_level *level)
{
    *level = PLAN_COACH;
    if (shoe->age_d >= plan_param(call, PARAM_PLAN_SHOE_AGE) &&
        (double)shoe->worn_days_per_week >= plan_param(call, PARAM_PLAN_SHOE_WEAR))
        return TEXT_R09_AGE;
    if ((double)shoe->distance_km >= plan_param(call, PARAM_PLAN_SHOE_KM) ||
        (double)shoe->loading_ratio >= plan_param(call, PARAM_PLAN_SHOE_LOADING) - PLAN_TINY)
        return TEXT_R09_DISTANCE;
    *level = PLAN_INFO;
    if ((double)shoe->distance_km >= plan_param(call, PARAM_PLAN_SHOE_KM_INFO))
        return TEXT_R09_DISTANCE;
    return TEXT_NONE;
}

void plan_shoes(const struct plan_call *call, const struct plan_shoe *shoe)
{
    struct plan *plan = call->plan;
    enum plan_level level;
    if (shoe->tag != 0 && shoe->tag != plan->shoe_tag) {
        plan->shoe_tag = shoe->tag;
        plan->shoe_day = -1;
        plan->shoe_snoozes = 0;
    }
    enum text text = worn_out(call, shoe, &level);
    if (text == TEXT_NONE || plan->shoe_snoozes >= plan_param(call, PARAM_R09_SNOOZES) ||
        !free_since(plan, plan->shoe_day, (int)plan_param(call, PARAM_PLAN_SHOE_DAYS)))
        return;
    struct plan_say *say = plan_speak(call, "R09", text);
    if (say == NULL)
        return;
    say->level = (uint8_t)level;
    plan->shoe_day = plan->day_n;
}

/* ---- C05 ---- */

void plan_drink_before(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    bool walked = plan->day[0].walk_min > 0;
    if (call->profile->fluid_restriction || walked || plan->drank_day == plan->day_n)
        return;
    if (plan_speak(call, "C05", TEXT_C05_DRINK) != NULL)
        plan->drank_day = plan->day_n;
}

/* ---- C13 ---- */

void plan_surface_learn(struct plan *plan, const struct plan_facts *facts)
{
    enum { KEPT = 20 }; /* (E) older walks count half from then on */
    if (facts->surface == PLAN_SURFACE_UNKNOWN || facts->nrs_start < 0 || facts->nrs_peak < 0)
        return;
    uint8_t *n = &plan->surface_n[facts->surface];
    float *sum = &plan->surface_rise[facts->surface];
    if (*n >= KEPT) {
        *n /= 2;
        *sum /= 2;
    }
    *n += 1;
    *sum += (float)(facts->nrs_peak - facts->nrs_start);
}

static enum plan_surface best_surface(const struct plan_call *call)
{
    const struct plan *plan = call->plan;
    const double walks_min = plan_param(call, PARAM_C13_WALKS);
    enum plan_surface best = PLAN_SURFACE_UNKNOWN;
    float best_rise = NAN;
    if (plan->surface_n[PLAN_CONCRETE] < walks_min)
        return best;
    for (unsigned i = PLAN_TRACK; i < PLAN_SURFACES; i++) {
        float rise = plan->surface_rise[i] / plan->surface_n[i];
        if (i == PLAN_CONCRETE || plan->surface_n[i] < walks_min || rise >= best_rise)
            continue;
        best = (enum plan_surface)i;
        best_rise = rise;
    }
    float concrete = plan->surface_rise[PLAN_CONCRETE] / plan->surface_n[PLAN_CONCRETE];
    bool kinder =
        (double)(concrete - best_rise) >= plan_param(call, PARAM_PLAN_SURFACE) - PLAN_TINY;
    return kinder ? best : PLAN_SURFACE_UNKNOWN;
}

static bool say_surface(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (!free_since(plan, plan->surface_day, (int)plan_param(call, PARAM_C13_EVERY)))
        return false;
    enum plan_surface best = best_surface(call);
    struct plan_say *say =
        best == PLAN_SURFACE_UNKNOWN ? NULL : plan_speak(call, "C13", TEXT_C13_SURFACE);
    if (say == NULL)
        return false;
    say->surface = (uint8_t)best;
    plan->surface_day = plan->day_n;
    return true;
}

/* ---- C14 ---- */

/* Seven days of which at least one is known, and none known to have been outside. */
static bool say_daylight(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (call->now->stay_in || plan->day_n < PLAN_WEEK_DAYS ||
        !free_since(plan, plan->daylight_day, (int)plan_param(call, PARAM_C14_EVERY)))
        return false;
    bool known = false;
    for (int ago = 0; ago < PLAN_WEEK_DAYS; ago++) {
        const struct plan_day *day = &plan->day[ago];
        if (day->outings_n > 0 || (day->outdoor_min != PLAN_UNKNOWN_MIN && day->outdoor_min > 0))
            return false;
        known |= day->outdoor_min != PLAN_UNKNOWN_MIN;
    }
    if (!known || plan_speak(call, "C14", TEXT_C14_DAYLIGHT) == NULL)
        return false;
    plan->daylight_day = plan->day_n;
    return true;
}

/* ---- C07 ---- */

static bool say_window(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    const int every_days = (int)plan_param(call, PARAM_C07_EVERY);
    /* Days 1, 3, 5 are plan days 0, 2, 4. */
    bool first = plan->day_n < plan_param(call, PARAM_C07_FIRST) && plan->day_n % 2 == 0;
    bool monthly = plan->day_n >= every_days && free_since(plan, plan->windowed_day, every_days);
    if (plan->windowed_day == plan->day_n || !(first || monthly) ||
        plan_speak(call, "C07", TEXT_C07_WINDOW) == NULL)
        return false;
    plan->windowed_day = plan->day_n;
    return true;
}

/* ---- C09 ---- */

/* What was, never what will be: the texts say "flare-free", not "until". */
static bool say_flare_free(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    int days = plan_flare_free_days(plan), milestone = plan_flare_free_milestone(days);
    if (plan->flare || milestone <= plan->calm_said)
        return false;
    enum text text = milestone == 112   ? TEXT_C09_112
                     : milestone == 208 ? TEXT_C09_208
                                        : TEXT_C09_DAYS;
    struct plan_say *say = plan_speak(call, "C09", text);
    if (say == NULL)
        return false;
    say->n = (int16_t)(text == TEXT_C09_DAYS ? days : milestone);
    plan->calm_said = (int16_t)milestone;
    return true;
}

void plan_one_of_the_day(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (plan_say_unsaid_down(call))
        return;
    if (plan->unsaid_up && plan_say_up(call))
        return;
    if (plan->unsaid_low && say_mood(call))
        return;
    if (say_flare_free(call) || say_window(call) || say_surface(call))
        return;
    say_daylight(call);
}

/* ---- after a walk ---- */

/* C15 once; C08 once a day at the most, and neutral in a flare. */
void plan_praise(const struct plan_call *call, const struct plan_facts *facts)
{
    const float thirty_min = 30; /* the text says thirty: no parameter */
    struct plan *plan = call->plan;
    if (!plan->thirty_said && facts->longest_bout_min >= thirty_min) {
        struct plan_say *say = plan_speak(call, "C15", TEXT_C15_THIRTY);
        if (say != NULL) {
            say->praise = true;
            plan->thirty_said = true;
        }
    }
    int milestone = plan_streak_milestone(plan->streak);
    if (plan->flare || milestone <= plan->streak_said)
        return;
    struct plan_say *say = plan_speak(call, "C08", TEXT_C08_STREAK);
    if (say == NULL)
        return;
    say->praise = true;
    say->n = plan->streak;
    plan->streak_said = (int16_t)milestone;
}

/* C17 */
void plan_treadmill(const struct plan_call *call)
{
    struct plan *plan = call->plan;
    if (plan->treadmill_aborts < plan_param(call, PARAM_C17_WALKS) ||
        !free_since(plan, plan->mode_day, (int)plan_param(call, PARAM_C17_EVERY)) ||
        plan_speak(call, "C17", TEXT_C17_MODE) == NULL)
        return;
    plan->treadmill_aborts = 0;
    plan->mode_day = plan->day_n;
}
