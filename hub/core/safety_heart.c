/* S06 HEART RATE HIGH (rule book 3.4). */
#include "hub/core/safety_parts.h"

#include <math.h>
#include <string.h>

/* No step for so long before it counts as rest: STAND is 3 s without one (2.4). */
static const float at_rest_s = 3.0F;

static const struct level {
    uint8_t severity, text;
    enum param on_pct, d_s;
} levels[SAFETY_HEART_LEVELS] = {
    {STRIDE__V1__SEVERITY__SEVERITY_COACH, TEXT_S06_COACH, PARAM_S06_COACH_PCT,
     PARAM_S06_COACH_D_S},
    {STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_S06_CAUTION, PARAM_S06_CAUTION_PCT,
     PARAM_S06_CAUTION_D_S},
    {STRIDE__V1__SEVERITY__SEVERITY_STOP, TEXT_S06_STOP, PARAM_S06_STOP_PCT, PARAM_S06_STOP_D_S},
};

float safety_heart_max(const struct rules_profile *profile, int16_t age_years, float hr_max_bpm,
                       enum rule_absence *why)
{
    *why = RULE_CONTRAINDICATED;
    if (profile->pacemaker || profile->af)
        return NAN;
    *why = RULE_EVALUATED;
    if (hr_max_bpm > 0)
        return hr_max_bpm;
    *why = RULE_CONTRAINDICATED; /* a clinician's word is needed first (rule book M22) */
    if (profile->heart_disease)
        return NAN;
    *why = RULE_NO_DATA;
    if (age_years < 0)
        return NAN;
    *why = RULE_EVALUATED;
    return (profile->beta_blocker ? 164.0F : 208.0F) - 0.7F * (float)age_years; /* M22 */
}

/* ---------------------------------------------------------------- while walking */

/* One second more; true when it held in 70 % of the last D and longer (2.5). */
static bool hold(struct safety_hold *hold, int64_t at_ns, bool condition, double d_s)
{
    if (hold->since_ns == SAFETY_NEVER) {
        if (!condition)
            return false;
        hold->since_ns = at_ns;
        hold->seconds_n = hold->true_n = 0;
    }
    if (hold->seconds_n < UINT16_MAX) {
        hold->seconds_n++;
        hold->true_n = (uint16_t)(hold->true_n + (condition ? 1 : 0));
    }
    if (hold->true_n * 10 < hold->seconds_n * 7) {
        hold->since_ns = SAFETY_NEVER;
        return false;
    }
    return condition && (double)(at_ns - hold->since_ns) >= d_s * 1e9;
}

static void raise(struct safety_heart *heart, const struct safety_now *now, int level,
                  float most_bpm, struct safety_out *out)
{
    bool higher = level >= heart->raised;
    /* Again after another D while it stays true: what was said is held back by the refractory time.
     */
    if (!higher && now->at_ns - heart->raised_ns < safety_ns(now, levels[level].d_s))
        return;
    heart->raised = (uint8_t)(higher ? level + 1 : heart->raised);
    heart->raised_ns = now->at_ns;
    struct finding *finding =
        safety_find(out, RULE_S06, levels[level].severity, levels[level].text, now->at_ns);
    finding->value = 100.0F * now->signals->heart_bpm / most_bpm;
    finding->threshold = (float)safety_value(now, levels[level].on_pct);
    finding->duration_s = (float)((double)(now->at_ns - heart->levels[level].since_ns) * 1e-9);
    finding->refractory_s = (float)safety_value(now, PARAM_S06_REFRACTORY_S);
}

/* In double: 180 of 200 is 90 %, and not a little less. */
static double share_pct(const struct safety_now *now, float most_bpm)
{
    return 100.0 * (double)now->signals->heart_bpm / (double)most_bpm;
}

/* The highest level that has held; -1 = none. */
static int look_at_levels(struct safety_heart *heart, const struct safety_now *now, float most_bpm)
{
    int highest = -1;
    double pct = share_pct(now, most_bpm);
    for (int i = 0; i < SAFETY_HEART_LEVELS; i++) {
        /* A clinician's limit is reached at 100 % of it; 95 % comes first. */
        bool over = pct >= safety_value(now, levels[i].on_pct);
        if (hold(&heart->levels[i], now->at_ns, over, safety_value(now, levels[i].d_s)))
            highest = i;
    }
    return highest;
}

static void clear(struct safety_heart *heart, const struct safety_now *now, float most_bpm,
                  struct safety_out *out)
{
    if (heart->raised == 0)
        return;
    const struct level *level = &levels[heart->raised - 1];
    double off_pct = safety_value(now, level->on_pct) - safety_value(now, PARAM_S06_OFF_POINTS);
    if (share_pct(now, most_bpm) >= off_pct) {
        heart->off_since_ns = SAFETY_NEVER;
        return;
    }
    if (heart->off_since_ns == SAFETY_NEVER)
        heart->off_since_ns = now->at_ns;
    const enum param hold_s =
        heart->raised > 1 ? PARAM_HOLD_CAUTION_S : PARAM_HOLD_COACH_S; /* 2.5 */
    if (now->at_ns - heart->off_since_ns < safety_ns(now, hold_s))
        return;
    safety_cleared(out, RULE_S06, level->severity, now->at_ns);
    heart->raised = 0;
    heart->off_since_ns = SAFETY_NEVER;
}

/* Still high after two minutes of rest: somebody should look in. */
static void look_at_rest(struct safety_heart *heart, const struct safety_now *now, float most_bpm,
                         struct safety_out *out)
{
    double pct = share_pct(now, most_bpm);
    const double least = safety_value(now, PARAM_S06_CAUTION_PCT);
    if (heart->told_rest || pct < least ||
        !((double)now->since_step_s >= safety_value(now, PARAM_S06_REST_S)))
        return;
    heart->told_rest = true;
    struct finding *finding =
        safety_find(out, RULE_S06, STRIDE__V1__SEVERITY__SEVERITY_STOP, TEXT_S06_STOP, now->at_ns);
    finding->value = (float)pct;
    finding->threshold = (float)least;
    finding->urgency = URGENCY_URGENT;
    finding->duration_s = now->since_step_s;
}

/* ---------------------------------------------------------------- before a walk */

/* Shoes on, no step, and a heart that is busy for two minutes: an offer to wait. */
static void look_at_start(struct safety_heart *heart, const struct safety_now *now,
                          struct safety_out *out)
{
    bool ready = (now->devices & SAFETY_BOTH_FEET) != 0 && now->since_step_s >= at_rest_s &&
                 now->gait != CONTEXT_OFF_FEET;
    double least_bpm = safety_value(now, PARAM_S06_START_BPM);
    if (!ready || !((double)now->signals->heart_bpm > least_bpm)) {
        heart->start_since_ns = SAFETY_NEVER;
        return;
    }
    if (heart->start_since_ns == SAFETY_NEVER)
        heart->start_since_ns = now->at_ns;
    if (heart->told_start || now->at_ns - heart->start_since_ns < safety_ns(now, PARAM_S06_START_S))
        return;
    heart->told_start = true;
    struct finding *finding =
        safety_find(out, RULE_S06, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_S06_WAIT, now->at_ns);
    finding->value = now->signals->heart_bpm;
    finding->threshold = (float)least_bpm;
}

void safety_heart_second(struct safety_heart *heart, const struct safety_now *now,
                         struct safety_out *out)
{
    enum rule_absence why;
    float most_bpm = safety_heart_max(now->profile, now->age_years, now->hr_max_bpm, &why);
    bool known = !isnan(now->signals->heart_bpm) && !now->signals->heart_suspect;
    if (isnan(most_bpm) || !known) {
        for (int i = 0; i < SAFETY_HEART_LEVELS; i++)
            heart->levels[i].since_ns = SAFETY_NEVER;
        heart->start_since_ns = heart->off_since_ns = SAFETY_NEVER;
        return;
    }
    if (!now->session_open) {
        look_at_start(heart, now, out);
        return;
    }
    int level = look_at_levels(heart, now, most_bpm);
    if (level >= 0)
        raise(heart, now, level, most_bpm, out);
    clear(heart, now, most_bpm, out);
    look_at_rest(heart, now, most_bpm, out);
}
