/* A walk as the programme sees it: how it begins, each of its seconds, what it came to (C10). */
#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- heard */

void programme_hear(struct wearer_state *state, const struct findings *findings)
{
    unsigned heard = state->programme.walk.heard;
    for (int i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        bool stop = finding->severity == STRIDE__V1__SEVERITY__SEVERITY_STOP;
        if (finding->rule == RULE_R13)
            heard = finding->cleared ? heard & ~(unsigned)HEARD_TIRING : heard | HEARD_TIRING;
        if (finding->cleared || finding->praise)
            continue;
        if (finding->rule == RULE_P02 && stop)
            heard |= HEARD_P02_STOP;
        if ((finding->rule == RULE_P06 || finding->rule == RULE_T1) && stop)
            heard |= HEARD_LEGS;
        if (stop && finding->rule != RULE_S04) /* that is the belt's */
            heard |= HEARD_STOP;
        if (finding->rule == RULE_P03)
            heard |= stop ? HEARD_RED : HEARD_AMBER;
        if (finding->rule == RULE_P05)
            heard |= HEARD_P05;
    }
    state->programme.walk.heard = (uint8_t)heard;
}

/* ---------------------------------------------------------------- the walk */

/* On a belt, or not on one: whether there is a roof over it nobody measures. */
static enum plan_mode mode_of(const struct session *session)
{
    if (session->belt_speed.n > 0)
        return session_mixed(session) ? PLAN_MIXED : PLAN_TREADMILL;
    return session->amounts_source >= SESSION_WRIST ? PLAN_OVERGROUND : PLAN_MODE_UNKNOWN;
}

/* ---------------------------------------------------------------- shoes */

/* R10: the paired shoe's insoles are not there, and not because they are empty: other shoes. */
static bool insoles_left_behind(const struct wearer_state *state)
{
    const double low_pct = state->params.value[PARAM_S08_BATTERY_PCT];
    bool known = false;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &state->health[slot];
        if (!health->registered || health->kind != STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
            continue;
        bool flat = health->battery_pct >= 0 && health->battery_pct < low_pct;
        if (!health->seen || flat || !device_stale(&state->params, health, state->now_ns))
            return false;
        known = true;
    }
    return known;
}

/* R10's word before the walk; nothing is kept back where nobody would hear it. Bare feet, and what
 * is worn instead of the insoles' shoes, may be a choice: that is information. */
static void look_at_shoes(struct step *step)
{
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    const Stride__V1__ShoeType type =
        state->config.has_shoe ? state->config.shoe.type : STRIDE__V1__SHOE_TYPE__SHOE_TYPE_UNKNOWN;
    bool loose = type == STRIDE__V1__SHOE_TYPE__SHOE_TYPE_FLIPFLOP ||
                 type == STRIDE__V1__SHOE_TYPE__SHOE_TYPE_FLAT_FASHION;
    bool choice = type == STRIDE__V1__SHOE_TYPE__SHOE_TYPE_BAREFOOT || insoles_left_behind(state);
    struct programme_call call;
    programme_begin(&call, step);
    if (call.now.unheard || call.now.stop_open)
        return;
    struct programme_word word = programme_info(state, RULE_R10, TEXT_R10_SHOES);
    if ((loose || choice) && programme->shoes_day != call.now.day) {
        programme->shoes_day = call.now.day;
        if (loose)
            word.severity = STRIDE__V1__SEVERITY__SEVERITY_COACH;
        programme_word(step, &word, true);
    } else if (!state->config.has_shoe && !programme->shoes_asked &&
               !programme_cue_off(state, RULE_C06)) {
        programme->shoes_asked = true; /* C06 asks for what is not known */
        word = programme_info(state, RULE_C06, TEXT_C06_SHOES);
        programme_word(step, &word, false);
    }
}

static void plan_opens(struct step *step)
{
    struct wearer_state *state = step->state;
    struct programme_call call;
    programme_begin(&call, step);
    const struct plan_opening opening = {.mode = (uint8_t)mode_of(&state->session),
                                         .nrs = state->pain.record.start,
                                         .ambient = programme_ambient_c(&state->programme),
                                         .shoe = shoe_known(state, call.now.day)};
    plan_session_opened(&state->programme.plan, call.params, &call.profile, &call.now, &opening,
                        &call.out);
    struct programme_walk *walk = &state->programme.walk;
    walk->stage = state->programme.plan.stage;
    walk->index = state->programme.plan.walk.index;
    walk->target_min = state->programme.plan.walk.target_min;
    programme_finish(&call, false);
    memcpy(state->session.stage, state->profile.stage, sizeof(state->session.stage));
}

/* What the programme's rules are worth in this walk, for its coverage. */
static void cover(struct wearer_state *state)
{
    enum rule_absence why = !state->config.coaching_consent ? RULE_NO_CONSENT
                            : programme_running(state)      ? RULE_EVALUATED
                                                            : RULE_NO_PLAN;
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        if (rule_is((uint8_t)rule, RULE_OWN_PACE))
            state->rules.absence[rule] = (uint8_t)why;
    }
    if (state->config.coaching_consent)
        state->rules.absence[RULE_C10] = state->rules.absence[RULE_S07] = RULE_EVALUATED;
}

/* One look a second, and none at the time in which the hub was away: nothing is known of it. */
static int64_t next_moment_ns(const struct wearer_state *state)
{
    int64_t from_ns = state->now_ns < state->back_ns ? state->back_ns : state->now_ns;
    return from_ns + SECOND_NS;
}

void programme_walk_opened(struct step *step)
{
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    memset(&programme->walk, 0, sizeof(programme->walk));
    programme->walk.target_min = NAN;
    programme_ground_opened(state);
    programme->driving_day = INT32_MIN; /* who walks does not drive */
    cover(state);
    look_at_shoes(step);
    if (!programme_running(state))
        return;
    programme->moment_ns = next_moment_ns(state);
    plan_opens(step);
}

/* ---------------------------------------------------------------- each second */

static enum plan_motion motion_of(const struct wearer_state *state)
{
    const int64_t walking_ns = 3 * SECOND_NS; /* 2.4: STAND is 3 s without a step */
    if (state->now_ns - walk_last_ns(state) < walking_ns)
        return PLAN_WALKING;
    uint8_t gait = state->context_now.gait;
    if (gait == CONTEXT_STAND)
        return PLAN_STANDING;
    return gait == CONTEXT_SIT || gait == CONTEXT_OFF_FEET ? PLAN_SITTING : PLAN_MOTION_UNKNOWN;
}

void programme_moment(struct step *step)
{
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    if (!state->session.open || !programme_running(state)) {
        programme->moment_ns = INT64_MAX;
        return;
    }
    const struct session *session = &state->session;
    const unsigned heard = programme->walk.heard;
    const struct pain_effects effects = pain_effects(&state->pain);
    struct programme_call call;
    programme_begin(&call, step);
    const struct plan_moment moment = {.at_ns = state->now_ns - session->start_ns,
                                       .motion = (uint8_t)motion_of(state),
                                       .mode = (uint8_t)mode_of(session),
                                       .paused = walk_paused(state),
                                       .amber = effects.amber,
                                       .tiring = (heard & HEARD_TIRING) != 0,
                                       .p05 = (heard & HEARD_P05) != 0 || effects.p05_open ||
                                              effects.triage_running,
                                       .long_ok = programme_is(state, TOLD_LONG_OK),
                                       .nrs = state->pain.record.end,
                                       .nrs_start = state->pain.record.start,
                                       .walk_min = (float)(session->walk_s / 60),
                                       .metres = (float)session->distance_m,
                                       .ambient = programme_ambient_c(&state->programme)};
    plan_moment(&programme->plan, call.params, &call.profile, &call.now, &moment, &call.out);
    programme->walk.interval_on = programme->plan.walk.pieces_n > 0;
    programme->walk.intervals_n = programme->plan.walk.pieces_n;
    programme->walk.target_min = programme->plan.walk.target_min;
    programme->moment_ns = next_moment_ns(state);
    programme_finish(&call, true);
}

/* ---------------------------------------------------------------- what it came to */

static enum plan_end end_of(uint8_t reason)
{
    switch ((enum end_reason)reason) {
    case END_USER:
        return PLAN_END_USER;
    case END_PLAN_DONE:
        return PLAN_END_DONE;
    case END_PAIN_STOP:
        return PLAN_END_PAIN;
    case END_RED_FLAG:
    case END_FALL:
        return PLAN_END_RED;
    case END_IDLE_TIMEOUT:
        return PLAN_END_IDLE;
    case END_UNKNOWN:
    case END_DEVICE_LOSS:
    case END_BATTERY:
        break;
    }
    return PLAN_END_OTHER;
}

bool walk_red_flag(const struct wearer_state *state)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &state->alerting.alerts[i];
        if (alert->id[0] != '\0' && alert->severity == STRIDE__V1__SEVERITY__SEVERITY_RED &&
            alert->state != ALERT_CANCELLED && alert->raised_ns >= state->session.start_ns)
            return true;
    }
    return false;
}

static struct plan_facts facts_of(const struct wearer_state *state)
{
    const struct session *session = &state->session;
    const struct pain_record *pain = &state->pain.record;
    const unsigned heard = state->programme.walk.heard;
    const struct pain_effects effects = pain_effects(&state->pain);
    const bool whole = session_way_whole(session); /* half a way is no limit of anybody (P07) */
    struct plan_facts facts = {.day = programme_day(state, session->start_utc_ms),
                               .mode = (uint8_t)mode_of(session),
                               .end = (uint8_t)end_of(session->end_reason),
                               .nrs_start = pain->start,
                               .nrs_end = pain->end,
                               .nrs_peak = pain->peak,
                               .walk_min = (float)(session->walk_s / 60),
                               .longest_bout_min = (float)(session->longest_bout_s / 60),
                               .metres = whole ? (float)session->distance_m : NAN,
                               .outdoor_min = NAN,
                               .rise_m = whole ? pain->rise_at_m : NAN,
                               .steps = session->steps_n};
    programme_ground_facts(&state->programme.walk.ground, &facts);
    /* Told while resting, a rise is of the walking so far: it cannot be later than all of it. */
    facts.rise_min = isnan(pain->rise_at_s) ? NAN : fminf(pain->rise_at_s / 60, facts.walk_min);
    /* Amber that was only said at the end is amber, although nobody was told to slow down. */
    facts.amber = (heard & HEARD_AMBER) != 0 || effects.amber || state->pain.amber_seen;
    facts.red = (heard & HEARD_RED) != 0 || effects.red;
    facts.red_flag = walk_red_flag(state);
    facts.p02_stop = (heard & HEARD_P02_STOP) != 0;
    facts.leg_stop = (heard & HEARD_LEGS) != 0;
    facts.stopped = (heard & HEARD_STOP) != 0;
    return facts;
}

/* C10: distance or time, pain at the start and now; of one that ended red, or that a STOP ended,
 * only the end: "well done" after "call your doctor" would take it back. Nor is a walk of half an
 * hour one of five minutes because the insoles fell silent then. */
static enum text summary_text(const struct wearer_state *state, const struct plan_facts *facts,
                              bool far)
{
    const struct params *params = &state->params;
    if (facts->red || facts->red_flag || facts->stopped || facts->end == PLAN_END_RED ||
        facts->end == PLAN_END_OTHER || programme_told_to_rest(state, facts->day))
        return TEXT_C10_REST;
    if (facts->nrs_start < 0 || facts->nrs_end < 0)
        return far ? TEXT_C10_WALKED : TEXT_C10_WALKED_TIME;
    const double rise = facts->nrs_end - facts->nrs_start;
    if (rise <= params->value[PARAM_C10_RISE] && facts->nrs_end <= params->value[PARAM_C10_NRS]) {
        if (-rise > params->value[PARAM_C10_RISE]) /* it did not stay as it was */
            return far ? TEXT_C10_EASED : TEXT_C10_EASED_TIME;
        return far ? TEXT_C10_STEADY : TEXT_C10_STEADY_TIME;
    }
    return far ? TEXT_C10_RISE : TEXT_C10_RISE_TIME;
}

static void summarise(struct step *step, const struct plan_facts *facts, int64_t closed_ns)
{
    const float least_min = 1; /* shorter was no walk */
    /* Who lies on the ground hears of help and of nothing else (scenario 35). */
    if (facts->walk_min < least_min || step->state->session.end_reason == END_FALL ||
        guard_lies_still(step->state))
        return;
    const struct wearer_state *state = step->state;
    const bool far = facts->metres > 0;
    struct programme_word word = programme_info(state, RULE_C10, summary_text(state, facts, far));
    word.praise =
        word.text != TEXT_C10_REST && word.text != TEXT_C10_RISE && word.text != TEXT_C10_RISE_TIME;
    word.until_ns = closed_ns + param_ns(&state->params, PARAM_PLAN_SUMMARY_S);
    unsigned known = NUMBER_MIN | (far ? (unsigned)NUMBER_METRES : 0);
    if (facts->nrs_start >= 0 && facts->nrs_end >= 0)
        known |= (unsigned)NUMBER_NRS | NUMBER_NRS_START | NUMBER_NRS_END;
    word.numbers = (struct text_numbers){.metres = far ? facts->metres : 0,
                                         .min = (int16_t)lroundf(facts->walk_min),
                                         .nrs = (uint8_t)(facts->nrs_end & 15),
                                         .nrs_start = (uint8_t)(facts->nrs_start & 15),
                                         .nrs_end = (uint8_t)(facts->nrs_end & 15),
                                         .known = (uint8_t)known};
    programme_word(step, &word, true);
}

static void plan_closes(struct step *step, const struct plan_facts *facts)
{
    struct wearer_state *state = step->state;
    struct programme_call call;
    programme_begin(&call, step);
    double share = call.params->value[PARAM_PLAN_DONE_SHARE];
    struct programme_walk *walk = &state->programme.walk;
    walk->done =
        facts->walk_min >= 1 && (double)facts->walk_min >= share * (double)walk->target_min - 1e-4;
    (void)plan_session_closed(&state->programme.plan, call.params, &call.profile, &call.now, facts,
                              &call.out);
    for (int i = 0; i < call.out.decisions_n; i++)
        walk->direction = call.out.decisions[i].direction;
    programme_finish(&call, false);
}

void programme_sum_up(struct step *step)
{
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    if (programme->closing_ns == INT64_MAX)
        return;
    programme->closing_ns = INT64_MAX;
    const struct plan_facts facts = facts_of(state);
    if (programme_running(state))
        plan_closes(step, &facts);
    summarise(step, &facts, programme->closed_ns);
}

void programme_sum_up_late(struct step *step)
{
    if (step->state->programme.closing_ns == INT64_MAX)
        return;
    programme_sum_up(step);
    programme_words(step); /* before anything else is asked */
    walk_effect(step, SESSION_UPDATED);
}

/* Is the question about pain at the end still to come, or open? */
static bool asks(struct wearer_state *state)
{
    const struct pain *pain = &state->pain;
    struct alert_context context = pipeline_context(state);
    const struct finding any = {
        .rule = RULE_P01, .severity = STRIDE__V1__SEVERITY__SEVERITY_INFO, .slot = INPUT_SLOT_NONE};
    bool heard =
        alerting_would(&state->alerting, &context, &any, state->now_ns) != SUPPRESSED_NO_DEVICE;
    return heard && (pain->extra_ns != INT64_MAX || pain->question != QUESTION_NONE);
}

/* Its answer is waited for: as long as there is time left to say the sum in (C10), behind another
 * prompt, or a STOP that is answered late. */
void programme_walk_closed(struct step *step)
{
    const double room_s = 20;
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    double wait_s = state->params.value[PARAM_PLAN_SUMMARY_S] - room_s;
    programme->moment_ns = INT64_MAX;
    programme->walk.mode = (uint8_t)mode_of(&state->session);
    programme->closed_ns = programme->closing_ns = state->now_ns;
    if (wait_s > 0 && asks(state))
        programme->closing_ns += (int64_t)(wait_s * (double)SECOND_NS);
    else
        programme_sum_up(step);
}
