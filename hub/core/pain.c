#include "hub/core/pain_private.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/ident.h"
#include "hub/core/local_time.h"

/* ---------------------------------------------------------------- shared parts */

void pain_count(uint8_t *n)
{
    *n = (uint8_t)(*n + (*n < UINT8_MAX));
}

int64_t pain_utc_ms(const struct pain_context *context, int64_t at_ns)
{
    return at_ns / 1000000 + context->wall_minus_mono_ms;
}

static int64_t local_ms(const struct pain_context *context, int64_t at_ns)
{
    return local_ms_of(pain_utc_ms(context, at_ns), context->tz_offset_min);
}

int32_t pain_day(const struct pain_context *context, int64_t at_ns)
{
    return (int32_t)local_day_of(local_ms(context, at_ns));
}

int pain_minute(const struct pain_context *context, int64_t at_ns)
{
    return local_minute_of(local_ms(context, at_ns));
}

int64_t pain_local_ns(const struct pain_context *context, int32_t day, int minute)
{
    int64_t ms = day * LOCAL_DAY_MS + (minute - context->tz_offset_min) * LOCAL_MINUTE_MS -
                 context->wall_minus_mono_ms;
    return ms * 1000000;
}

int64_t pain_after(const struct pain_step *step, int64_t from_ns, enum param param)
{
    return from_ns == RULE_NEVER ? RULE_NEVER : from_ns + param_ns(step->context->params, param);
}

struct finding *pain_raise(const struct pain_step *step, int rule, int severity, enum text text,
                           enum alert_urgency urgency)
{
    struct finding *finding = finding_add(&step->out->found, (enum rule)rule, (uint8_t)severity,
                                          text, pain_said_ns(step));
    finding->urgency = (uint8_t)urgency;
    return finding;
}

void pain_cleared(const struct pain_step *step, int rule, int severity)
{
    finding_cleared(&step->out->found, (enum rule)rule, (uint8_t)severity, UINT8_MAX, step->now_ns);
}

/* ---------------------------------------------------------------- life cycle */

static void new_record(struct pain_record *record)
{
    memset(record, 0, sizeof(*record));
    record->start = record->end = record->peak = -1;
    record->loc_start = record->loc_end = record->loc_most_distal = -1;
    record->fear = record->effort = record->next_morning = -1;
    record->rise_at_s = record->rise_at_m = NAN;
}

static void new_session(struct pain *state)
{
    new_record(&state->record);
    state->extra_ns = state->place_due_ns = state->p02_due_ns = PAIN_NEVER;
    state->extra_exempt = false;
    state->check_ns = state->place_ns = state->amber_ns = RULE_NEVER;
    state->p02_rest_ns = state->end_until_ns = RULE_NEVER;
    state->nrs = state->nrs_before = state->loc = state->loc_praised = -1;
    state->p02 = P02_QUIET;
    state->band = BAND_NONE;
    state->lower_n = 0;
    state->moved_down = state->amber_seen = state->p04_said = false;
    state->red_seen = state->red_again = false;
    state->stops = 0;
    state->p05_items = 0;
    state->p05_said_n = 0;
    state->p05_ns = RULE_NEVER;
    state->p05_path = state->p05_flagged = state->circulation = state->p05_quiet = false;
}

void pain_init(struct pain *state)
{
    memset(state, 0, sizeof(*state));
    state->now_ns = state->start_ns = state->asked_ns = state->nrs_ns = RULE_NEVER;
    state->until_ns = PAIN_NEVER;
    state->closed_day = state->morning_day = PAIN_DAY_NEVER;
    state->red_day = state->p02_summary_day = PAIN_DAY_NEVER;
    state->distal_since_ms = RULE_NEVER;
    for (unsigned leg = 0; leg < 2; leg++) {
        state->leg_ns[leg] = RULE_NEVER;
        state->leg_first_day[leg] = state->leg_last_day[leg] = PAIN_DAY_NEVER;
    }
    state->weak_ns = state->weak_last_ns = state->p06_ns = RULE_NEVER;
    for (unsigned i = 0; i < sizeof(state->flag_ns) / sizeof(state->flag_ns[0]); i++)
        state->flag_ns[i] = RULE_NEVER;
    triage_init(&state->triage);
    screen_init(&state->screen);
    new_session(state);
}

/* The first weekly screen comes on the day after. */
static void first_day(struct pain_step *step)
{
    int32_t every = (int32_t)step->context->params->value[PARAM_SCREEN_EVERY_D];
    step->state->now_ns = step->now_ns;
    step->state->screen.day = pain_day(step->context, step->now_ns) + 1 - every;
}

static struct pain_step begin(struct pain *state, const struct pain_context *context,
                              int64_t now_ns, struct pain_out *out)
{
    struct pain_step step = {state, context, out, now_ns, 0};
    if (state->now_ns == RULE_NEVER)
        first_day(&step);
    pain_ask_serve(&step, now_ns);
    return step;
}

/* Whatever the open question wanted to know may be known by now. */
static void finish(struct pain_step *step)
{
    struct pain *state = step->state;
    unsigned leg = state->question - (unsigned)QUESTION_T1_LEGS;
    step->ago_ns = 0;
    if (leg < TRIAGE_QUESTIONS &&
        (!triage_running(&state->triage) || state->triage.answers[leg] != T1_PENDING))
        pain_ask_close(step);
    pain_ask_serve(step, step->now_ns);
}

void pain_time(struct pain *state, const struct pain_context *context, int64_t now_ns,
               struct pain_out *out)
{
    (void)begin(state, context, now_ns, out);
}

void pain_hub_started(struct pain *state, const struct pain_context *context, int64_t now_ns,
                      struct pain_out *out)
{
    struct pain_step step = {state, context, out, now_ns, 0};
    if (state->now_ns == RULE_NEVER)
        first_day(&step);
    pain_ask_again(&step, now_ns);
    finish(&step);
}

void pain_session_opened(struct pain *state, const struct pain_context *context, int64_t start_ns,
                         int64_t now_ns, struct pain_out *out)
{
    struct pain_step step = begin(state, context, now_ns, out);
    int64_t from_ns = start_ns - param_ns(context->params, PARAM_P01_GAP_S);
    /* A report after the last walk is that walk's, not this one's. */
    bool nrs_fresh = state->nrs_ns >= from_ns && state->nrs_ns > state->end_until_ns;
    bool place_fresh = state->place_ns >= from_ns && state->place_ns > state->end_until_ns;
    int nrs = nrs_fresh ? state->nrs : -1, loc = place_fresh ? state->loc : -1;
    if (context->goes_on) {
        nrs = state->record.start >= 0 ? state->record.start : nrs;
        loc = state->record.loc_start >= 0 ? state->record.loc_start : loc;
    }
    if (state->question >= QUESTION_NRS && state->question <= QUESTION_PLACE_AGAIN)
        pain_ask_close(&step);
    new_session(state);
    state->session_open = true;
    state->start_ns = state->check_ns = start_ns;
    state->morning_day = PAIN_DAY_NEVER;
    pain_walk_started(&step, nrs, loc);
    if (now_ns > pain_after(&step, start_ns, PARAM_P01_GAP_S)) {
        /* Its steps came late: nobody can say now how it began. If it goes on, P01 asks in time. */
        state->extra_ns = state->check_ns = now_ns;
    } else if (nrs < 0 || context->goes_on) {
        state->extra_ns = now_ns;
        state->extra_exempt = true;
    }
    finish(&step);
}

static void p05_session_closed(const struct pain_step *step)
{
    struct pain *state = step->state;
    const double *value = step->context->params->value;
    const double enough_n = value[PARAM_P05_OFF_SESSIONS];
    pain_p05_settle(step, true);
    if (state->p05_flagged)
        pain_raise(step, RULE_P05, SEVERITY_INFO, TEXT_P05_SUMMARY, URGENCY_NONE);
    if (state->record.p05_score >= value[PARAM_P05_OFF_SCORE])
        state->p05_low_n = 0;
    else if (++state->p05_low_n >= enough_n)
        state->p05_open = false;
    if (state->p05_low_n > enough_n)
        state->p05_low_n = (uint8_t)enough_n;
}

/* A walk whose end nobody told is over after walk.close. One that came late and ended long before
 * that is none of which pain now would be the end. */
static int64_t asked_after_ns(const struct params *params)
{
    return param_ns(params, PARAM_WALK_CLOSE_S) + param_ns(params, PARAM_P01_GAP_S);
}

void pain_session_closed(struct pain *state, const struct pain_context *context, int64_t now_ns,
                         struct pain_out *out)
{
    struct pain_step step = begin(state, context, now_ns, out);
    if (!state->session_open)
        return;
    p05_session_closed(&step);
    pain_walk_summary(&step);
    if (state->record.loc_end >= 0)
        state->legs_before = state->record.legs;
    state->session_open = false;
    state->closed_day = pain_day(context, now_ns - context->ended_ago_ns);
    state->morning_day = state->closed_day + 1;
    state->morning_asked_n = 0;
    state->end_until_ns = now_ns + 2 * param_ns(context->params, PARAM_P01_WAIT_S);
    /* Said within the last question's wait, it is the end already. */
    bool said = state->nrs_ns != RULE_NEVER && state->nrs_ns >= state->start_ns &&
                now_ns < pain_after(&step, state->nrs_ns, PARAM_P01_WAIT_S);
    if (state->question != QUESTION_NRS && !(said && state->record.start >= 0) &&
        context->ended_ago_ns <= asked_after_ns(context->params)) {
        state->extra_ns = now_ns;
        state->extra_exempt = true;
    }
    finish(&step);
}

/* ---------------------------------------------------------------- what is said */

static void answer(const struct pain_step *step, enum question question, Stride__V1__Answer said)
{
    if (said != STRIDE__V1__ANSWER__ANSWER_YES && said != STRIDE__V1__ANSWER__ANSWER_NO)
        return;
    bool yes = said == STRIDE__V1__ANSWER__ANSWER_YES;
    if (question >= QUESTION_FLAGS_FIRST) {
        bool open = step->state->question == question;
        pain_flag_answer(step, question, yes);
        if (open && step->state->question == question)
            pain_ask_close(step);
    } else if (question >= QUESTION_T1_LEGS) {
        pain_legs_answer(step, question, yes);
    }
}

/* Pain and place answer what is open by what they say, whatever id they carry; not if they were
 * said so long before it was asked that it was due all the same. */
static void close_said(const struct pain_step *step, const struct wire_report *report)
{
    struct pain *state = step->state;
    if (step->ago_ns > 0 && pain_after(step, pain_said_ns(step), PARAM_P01_GAP_S) < state->asked_ns)
        return;
    bool placed = report->pain_place != STRIDE__V1__PAIN_PLACE__PAIN_PLACE_UNKNOWN;
    bool nrs = state->question == QUESTION_NRS || state->question == QUESTION_MORNING;
    bool place = state->question == QUESTION_PLACE || state->question == QUESTION_PLACE_AGAIN;
    if (!(nrs && report->pain_nrs >= 0) && !(place && placed))
        return;
    pain_answer_stored(step, (enum question)state->question, ANSWERED_YES);
    pain_ask_close(step);
}

static void note_morning(const struct pain_step *step, const struct wire_report *report,
                         enum question question)
{
    struct pain *state = step->state;
    if (report->pain_nrs < 0 || state->session_open || state->record.next_morning >= 0 ||
        state->closed_day == PAIN_DAY_NEVER ||
        pain_day(step->context, pain_said_ns(step)) != state->closed_day + 1)
        return;
    const double *value = step->context->params->value;
    int minute = pain_minute(step->context, pain_said_ns(step));
    bool window =
        minute >= value[PARAM_P01_MORNING_EARLIEST_MIN] && minute < value[PARAM_P01_MORNING_TO_MIN];
    if (!window && question != QUESTION_MORNING)
        return;
    state->record.next_morning = report->pain_nrs;
    state->morning_day = PAIN_DAY_NEVER;
    pain_answer_stored(step, QUESTION_MORNING, ANSWERED_YES);
}

/* What was answered is not known any more, or not yet. It may have been a red flag: all of them are
 * asked again, now. */
static void lost(const struct pain_step *step, Stride__V1__Answer said)
{
    step->state->unknown_n++;
    if (said == STRIDE__V1__ANSWER__ANSWER_YES)
        screen_add(&step->state->screen, SCREEN_FULL, step->now_ns);
}

void pain_report(struct pain *state, const struct pain_context *context,
                 const struct wire_report *report, int64_t now_ns, struct pain_out *out)
{
    struct pain_step step = begin(state, context, now_ns, out);
    enum question question = question_find(report->question);
    step.ago_ns = context->said_ago_ns;
    /* A belt's offer, a fall: questions of other stages go by their text's name. */
    if (question == QUESTION_NONE && report->question[0] != '\0' &&
        text_find(report->question) == TEXT_COUNT)
        lost(&step, report->answer);
    answer(&step, question, report->answer);
    note_morning(&step, report, question);
    pain_walk_report(&step, report);
    pain_legs_report(&step, report);
    close_said(&step, report);
    finish(&step);
}

/* Of a prompt's id; 0 when it is none of ours. */
static uint64_t word_of(const char *prompt)
{
    uint64_t word;
    return ident_short_word(prompt, &word) ? word : 0;
}

void pain_prompted(struct pain *state, enum question question, const char *prompt)
{
    assert(question < QUESTIONS);
    state->prompts[state->prompts_next] = word_of(prompt);
    state->prompted[state->prompts_next] = (uint8_t)question;
    state->prompts_next = (uint8_t)((state->prompts_next + 1) % PAIN_PROMPTS);
}

/* A question that was put again has several prompts; QUESTION_NONE = none that is known. */
static enum question question_of(const struct pain *state, const char *prompt)
{
    const uint64_t word = word_of(prompt);
    for (unsigned i = 0; i < PAIN_PROMPTS && word != 0; i++) {
        if (state->prompts[i] == word)
            return (enum question)state->prompted[i];
    }
    return QUESTION_NONE;
}

void pain_feedback(struct pain *state, const struct pain_context *context,
                   const struct wire_feedback *feedback, bool known, int64_t now_ns,
                   struct pain_out *out)
{
    struct pain_step step = begin(state, context, now_ns, out);
    enum question question = question_of(state, feedback->prompt);
    step.ago_ns = context->said_ago_ns;
    if (feedback->kind == STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED) {
        if (question != QUESTION_NONE)
            answer(&step, question, feedback->answer);
        else if (!known)
            lost(&step, feedback->answer);
    }
    finish(&step);
}

/* ---------------------------------------------------------------- what the walk shows */

void pain_features(struct pain *state, const struct pain_context *context,
                   const struct pain_features *features, int64_t now_ns, struct pain_out *out)
{
    struct pain_step step = begin(state, context, now_ns, out);
    const double *value = context->params->value;
    unsigned before = state->p05_items;
    if (!state->session_open)
        return;
    /* Comparisons with NAN are false: what is not known scores nothing. */
    if ((double)features->speed_mps <=
        (double)features->speed_first_mps * (1 - value[PARAM_P05_SPEED_DROP_PCT] / 100))
        state->p05_items |= P05_SPEED;
    if ((double)features->ff_rise >= value[PARAM_P05_FF_RISE] || features->hands_fixed_leaning)
        state->p05_items |= P05_LEAN;
    if (features->easier)
        state->p05_items |= P05_EASIER_SEEN;
    if (state->p05_items != before)
        pain_p05_settle(&step, state->p05_flagged || state->p05_quiet);
    finish(&step);
}

void pain_surface_changed(struct pain *state, const struct pain_context *context, int64_t now_ns,
                          struct pain_out *out)
{
    struct pain_step step = begin(state, context, now_ns, out);
    if (state->session_open && !state->extra_exempt)
        state->extra_ns = pain_after(&step, now_ns, PARAM_P01_SURFACE_S);
    finish(&step);
}

void pain_foot_slap(struct pain *state, const struct pain_context *context, int64_t now_ns,
                    struct pain_out *out)
{
    struct pain_step step = begin(state, context, now_ns, out);
    screen_add(&state->screen, screen_bit(QUESTION_F02_FOOT_DROP), now_ns);
    finish(&step);
}

void pain_fell(struct pain *state, const struct pain_context *context, int64_t now_ns,
               struct pain_out *out)
{
    struct pain_step step = begin(state, context, now_ns, out);
    screen_add(&state->screen, screen_bit(QUESTION_F05_FALL), now_ns);
    finish(&step);
}

struct pain_effects pain_effects(const struct pain *state)
{
    bool open = state->session_open, triage = triage_running(&state->triage);
    bool paused = open && (state->p02 != P02_QUIET || state->band >= BAND_AMBER);
    bool ends = open || state->now_ns <= state->end_until_ns;
    bool down = (state->stops & STOP_P02) != 0 && state->loc >= LOC_THIGH;
    return (struct pain_effects){
        .p05_open = state->p05_open,
        .amber = open && state->band == BAND_AMBER,
        .red = open && state->red_seen,
        .stop_open = state->stops != 0,
        .unsettled = (ends && state->stops != 0) || down,
        .triage_running = triage,
        .triage_unanswered = triage && state->triage.unanswered,
        .caution_open = triage || paused,
    };
}
