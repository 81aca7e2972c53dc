/* The walking programme in the pipeline: when it is asked, and what it is told of people and time.
 *
 * The plan knows neither clock nor devices. It is asked at its own deadlines, at the walk's begin,
 * end and every second in between, and with every report. */
#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

#include "hub/core/local_time.h"

/* 2020: a clock that shows less was never set, and its days are nobody's. */
#define CLOCK_SET_MS INT64_C(1577836800000)
#define CLOCK_PUT_MS 1000 /* what is adjusted by less is no jump */

void programme_init(struct programme *programme)
{
    memset(programme, 0, sizeof(*programme));
    programme->due_ns = programme->moment_ns = programme->closing_ns = programme->word_ns =
        INT64_MAX;
    programme->shoes_day = programme->unwell_day = programme->hot_day = INT32_MIN;
    programme->icy_day = programme->driving_day = INT32_MIN;
    programme->ground.ambient_c = programme->walk.ground.ambient_c = AMBIENT_UNTOLD;
}

/* ---------------------------------------------------------------- the plan's time */

static int64_t wall_ms(const struct wearer_state *state)
{
    return state->now_ns / 1000000 + state->wall_minus_mono_ms;
}

int32_t programme_day(const struct wearer_state *state, int64_t at_wall_ms)
{
    const int64_t local_ms = local_ms_of(at_wall_ms, state->config.tz_offset_min);
    return at_wall_ms < CLOCK_SET_MS ? INT32_MIN : (int32_t)local_day_of(local_ms);
}

/* Would a word of the programme be heard at all? */
static bool unheard(struct wearer_state *state, const struct alert_context *context)
{
    const struct finding any = {
        .rule = RULE_C01, .severity = STRIDE__V1__SEVERITY__SEVERITY_INFO, .slot = INPUT_SLOT_NONE};
    enum suppression why = alerting_would(&state->alerting, context, &any, state->now_ns);
    bool away = state->back_ns != INT64_MIN && state->now_ns < state->back_ns;
    return away || walk_comes_late(state) || (why != SUPPRESSED_NOT && why != SUPPRESSED_GAP);
}

bool programme_told_to_rest(const struct wearer_state *state, int32_t day)
{
    const struct triage *triage = &state->pain.triage;
    if (triage->since_ns == INT64_MIN || triage->result == TRIAGE_EASED)
        return false;
    const int64_t at_ns =
        triage->result_ns > triage->since_ns ? triage->result_ns : triage->since_ns;
    return programme_day(state, at_ns / 1000000 + state->wall_minus_mono_ms) == day;
}

bool programme_red_pain(const struct wearer_state *state)
{
    return state->session.open && state->pain.nrs >= state->params.value[PARAM_P03_RED_NRS];
}

static struct plan_now now_of(struct wearer_state *state)
{
    struct alert_context context = pipeline_context(state);
    int64_t local_ms = local_ms_of(wall_ms(state), state->config.tz_offset_min);
    int64_t day = local_day_of(local_ms);
    return (struct plan_now){
        .wall_ms = wall_ms(state),
        .day = (int32_t)day,
        .minute = (int16_t)local_minute_of(local_ms),
        .quiet = alerting_quiet(&context, state->now_ns),
        .stop_open = alerting_locked(&state->alerting, &context, state->now_ns),
        .hurts = pain_effects(&state->pain).unsettled || programme_red_pain(state),
        .unheard = unheard(state, &context),
        .driving = state->programme.driving_day == (int32_t)day,
        .unwell = state->programme.unwell_day == (int32_t)day ||
                  programme_told_to_rest(state, (int32_t)day),
        .stay_in =
            state->programme.hot_day == (int32_t)day || state->programme.icy_day == (int32_t)day};
}

void programme_begin(struct programme_call *call, struct step *step)
{
    struct wearer_state *state = step->state;
    const struct rules_profile *profile = &state->profile;
    memset(call, 0, sizeof(*call));
    call->step = step;
    call->programme = &state->programme;
    call->params = &state->params;
    call->now = now_of(state);
    /* C05: "fluid restriction (heart failure, kidney disease)". Which disease of the heart it is no
     * flag says; the safer reading is that it fails. */
    call->profile = (struct plan_profile){.disc = profile->disc,
                                          .stenosis = profile->stenosis,
                                          .vertigo = profile->vertigo,
                                          .p05 = pain_effects(&state->pain).p05_open,
                                          .fluid_restriction =
                                              profile->fluid_restriction || profile->heart_disease,
                                          .wheelchair = profile->wheelchair};
}

/* ---------------------------------------------------------------- deadlines */

/* Is a device on the body that would show a step? */
static bool worn(const struct wearer_state *state)
{
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &state->health[slot];
        bool body = health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST ||
                    health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
        /* While the hub is away, devices count as heard at its return: nothing is seen till then.
         */
        bool heard = health->seen && health->last_ns <= state->now_ns;
        if (body && heard && health->wear == STRIDE__V1__WEAR__WEAR_WORN &&
            !device_stale(&state->params, health, state->now_ns))
            return true;
    }
    return false;
}

static void schedule(struct wearer_state *state)
{
    struct programme *programme = &state->programme;
    programme->clock_ms = state->wall_minus_mono_ms;
    if (!programme_running(state)) {
        programme->due_ns = INT64_MAX;
        return;
    }
    struct plan_now now = now_of(state);
    int64_t due_ms = plan_deadline_ms(&programme->plan, &state->params, &now);
    int64_t due_ns = (due_ms - state->wall_minus_mono_ms) * 1000000;
    int64_t seen_ns = state->now_ns + param_ns(&state->params, PARAM_PLAN_SEEN_S);
    if (worn(state) && !now.quiet && seen_ns < due_ns)
        due_ns = seen_ns;
    programme->due_ns = due_ns > state->now_ns ? due_ns : state->now_ns + 1;
}

/* Session time of the next cue of C03 or C04, as hub time. */
static int64_t cue_ns(const struct wearer_state *state)
{
    if (!state->session.open || !programme_running(state))
        return INT64_MAX;
    int64_t due_ns = plan_walk_deadline_ns(&state->programme.plan, &state->params);
    if (due_ns == INT64_MAX)
        return INT64_MAX;
    due_ns += state->session.start_ns;
    return due_ns > state->now_ns ? due_ns : INT64_MAX; /* the second's look serves it */
}

int64_t programme_deadline_ns(const struct wearer_state *state)
{
    const struct programme *programme = &state->programme;
    const int64_t due_ns[] = {programme->due_ns, programme->moment_ns, programme->closing_ns,
                              programme->word_ns, cue_ns(state)};
    int64_t first_ns = INT64_MAX;
    for (size_t i = 0; i < sizeof(due_ns) / sizeof(due_ns[0]); i++) {
        if (due_ns[i] < first_ns)
            first_ns = due_ns[i];
    }
    return first_ns;
}

void programme_clock(struct step *step)
{
    struct wearer_state *state = step->state;
    int64_t moved_ms = state->wall_minus_mono_ms - state->programme.clock_ms;
    if (moved_ms > CLOCK_PUT_MS || moved_ms < -CLOCK_PUT_MS) {
        const struct programme_before before = programme_before(state);
        programme_configured(step, &before); /* it may have been set only now */
        schedule(state);
    }
}

/* ---------------------------------------------------------------- what came of a call */

/* Rules go by the stage that is in force. */
static void follow(struct wearer_state *state)
{
    struct plan_next next;
    plan_next(&state->programme.plan, &state->params, &next);
    const char *name = plan_stage_info((enum plan_stage)next.stage)->name;
    memset(state->profile.stage, 0, sizeof(state->profile.stage));
    memcpy(state->profile.stage, name, strlen(name));
    state->profile.flare = next.flare;
}

/* Holds of a time that is long over are not told: only what changed is. */
static bool worth_telling(const struct programme_call *call, const struct plan_decision *decision)
{
    enum { HELD_DAYS = 1 };
    const struct wearer_state *state = call->step->state;
    bool away = state->back_ns != INT64_MIN && state->now_ns < state->back_ns;
    bool late = call->now.day - decision->day > HELD_DAYS;
    return (enum plan_direction)decision->direction != PLAN_HOLD || (!away && !late);
}

static void tell(const struct programme_call *call)
{
    struct programme *programme = call->programme;
    struct step *step = call->step;
    for (int i = 0; i < call->out.decisions_n; i++) {
        programme->decision = call->out.decisions[i];
        if (!worth_telling(call, &programme->decision) || step->effects->n >= EFFECTS_MAX / 2)
            continue;
        struct effect *effect = effects_add(step->effects, EFFECT_PLAN, step->state->now_ns);
        effect->plan.decided = true;
        effect->plan.decision = programme->decision;
    }
    struct plan_sums sums;
    struct plan_next next;
    plan_sums(&programme->plan, call->params, &sums);
    plan_next(&programme->plan, call->params, &next);
    uint64_t told =
        bytes_digest(bytes_digest(DIGEST_SEED, &sums, sizeof(sums)), &next, sizeof(next));
    bool away = step->state->back_ns != INT64_MIN && step->state->now_ns < step->state->back_ns;
    if (told == programme->told || away || step->effects->n >= EFFECTS_MAX / 2)
        return;
    programme->told = told;
    effects_add(step->effects, EFFECT_PLAN, step->state->now_ns);
}

static struct programme_word word_of(const struct programme_call *call, const struct plan_say *say)
{
    struct programme_word word =
        programme_info(call->step->state, rule_find(say->rule), (enum text)say->text);
    if (say->level == PLAN_COACH)
        word.severity = STRIDE__V1__SEVERITY__SEVERITY_COACH;
    word.praise = say->praise;
    word.breathe = say->breathe;
    word.value = say->value;
    word.threshold = say->threshold;
    unsigned known = (say->n >= 0 ? (unsigned)NUMBER_N : 0) |
                     (say->min >= 0 ? (unsigned)NUMBER_MIN : 0) |
                     (say->min_next >= 0 ? (unsigned)NUMBER_MIN_NEXT : 0) |
                     (say->surface != 0 ? (unsigned)NUMBER_SURFACE : 0);
    word.numbers = (struct text_numbers){.n = say->n,
                                         .min = say->min,
                                         .min_next = say->min_next,
                                         .surface = say->surface,
                                         .known = (uint8_t)known};
    return word;
}

/* "Pause", "go" and "breathe" are of this very moment; an offer is not. */
static bool of_the_moment(const struct programme_word *word)
{
    return rule_info((enum rule)word->rule)->order == ORDER_PLAN_CUE &&
           word->text != TEXT_C03_OFFER;
}

void programme_finish(struct programme_call *call, bool at_once)
{
    struct step *step = call->step;
    struct findings findings = {0};
    for (int i = 0; i < call->out.says_n; i++) {
        const struct programme_word word = word_of(call, &call->out.says[i]);
        if (at_once && of_the_moment(&word))
            programme_finding(&findings, &word, step->state->now_ns);
        else
            programme_word(step, &word, false);
    }
    pipeline_decide(step, &findings);
    tell(call);
    follow(step->state);
    schedule(step->state);
}

/* ---------------------------------------------------------------- configuration */

static void set_times(struct wearer_state *state)
{
    int16_t slots[PLAN_SLOTS];
    for (int i = 0; i < PLAN_SLOTS; i++)
        slots[i] = i < state->config.walk_times_n ? (int16_t)state->config.walk_min[i] : -1;
    (void)plan_schedule(&state->programme.plan, slots);
}

struct programme_before programme_before(const struct wearer_state *state)
{
    struct programme_before before = {.limit_ground_min =
                                          state->params.value[PARAM_PLAN_LIMIT_GROUND],
                                      .limit_belt_min = state->params.value[PARAM_PLAN_LIMIT_BELT]};
    memcpy(before.stage, state->config.stage, sizeof(before.stage));
    return before;
}

void programme_configured(struct step *step, const struct programme_before *before)
{
    struct wearer_state *state = step->state;
    enum plan_stage stage = plan_stage_find(state->config.stage);
    bool begins = !programme_running(state) && stage != PLAN_STAGE_UNKNOWN;
    if ((begins && wall_ms(state) < CLOCK_SET_MS) || (!begins && !programme_running(state)))
        return;
    struct programme_call call;
    programme_begin(&call, step);
    if (begins)
        plan_init(&state->programme.plan, stage, &call.now);
    else if (stage != PLAN_STAGE_UNKNOWN && strcmp(state->config.stage, before->stage) != 0)
        (void)plan_override(&state->programme.plan, &state->params, &call.now, stage,
                            PLAN_BY_CLINICIAN, &call.out);
    set_times(state);
    const double ground_min = state->params.value[PARAM_PLAN_LIMIT_GROUND];
    const double belt_min = state->params.value[PARAM_PLAN_LIMIT_BELT];
    if (begins || ground_min != before->limit_ground_min)
        programme_limit(state, false, (float)ground_min);
    if (begins || belt_min != before->limit_belt_min)
        programme_limit(state, true, (float)belt_min);
    programme_finish(&call, false);
}

/* ---------------------------------------------------------------- time */

static void by_the_clock(struct step *step)
{
    struct programme_call call;
    programme_begin(&call, step);
    /* A clock that was put back before any day it could know says nothing of days. */
    if (call.now.wall_ms < CLOCK_SET_MS) {
        schedule(step->state);
        return;
    }
    struct plan *plan = &step->state->programme.plan;
    if (worn(step->state) && !step->state->session.open)
        plan_seen(plan, call.params, &call.profile, &call.now, 0, 0, &call.out);
    plan_time(plan, call.params, &call.profile, &call.now, &call.out);
    programme_finish(&call, false);
}

void programme_time(struct step *step)
{
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    if (state->now_ns >= programme->closing_ns)
        programme_sum_up_late(step);
    bool cue = state->session.open && programme_running(state) &&
               plan_walk_deadline_ns(&programme->plan, &state->params) <=
                   state->now_ns - state->session.start_ns;
    if (state->now_ns >= programme->moment_ns || cue)
        programme_moment(step);
    if (state->now_ns >= programme->due_ns)
        by_the_clock(step);
    if (state->now_ns >= programme->word_ns)
        programme_words(step);
}
