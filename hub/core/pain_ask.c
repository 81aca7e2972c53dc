/* One question at a time: which, when, and what silence means. */
#include "hub/core/pain_private.h"

#include <string.h>

enum { AGAIN_MAX = 5 /* times a question is put, also by a hub that starts again and again (E) */ };

enum event_kind {
    EVENT_NONE = 0,
    EVENT_SILENCE,
    EVENT_TRIAGE_END,
    EVENT_ASK,
    EVENT_WEEKLY,
    EVENT_MORNING_OVER
};
struct event {
    int64_t at_ns;
    uint8_t kind;
    uint8_t question;
};

/* Higher goes first and may interrupt: legs, then the place after a pause, red flags, pain. */
static int priority(enum question question)
{
    if (question >= QUESTION_T1_LEGS && question <= QUESTION_T1_EASING)
        return 4;
    if (question == QUESTION_PLACE_AGAIN)
        return 3;
    return question >= QUESTION_FLAGS_FIRST ? 2 : 1;
}

static void consider(const struct pain *state, struct event *best, int64_t due_ns, int kind,
                     enum question question)
{
    if (due_ns == PAIN_NEVER)
        return;
    int64_t at_ns = due_ns > state->now_ns ? due_ns : state->now_ns;
    if (best->kind == EVENT_NONE || at_ns < best->at_ns)
        *best = (struct event){at_ns, (uint8_t)kind, (uint8_t)question};
}

static int64_t later(int64_t a_ns, int64_t b_ns)
{
    return a_ns > b_ns ? a_ns : b_ns;
}

/* A question of the ordinary course that cannot be put while its walk still counts is left out. */
static void consider_ask(const struct pain *state, const struct pain_context *context,
                         struct event *best, int64_t due_ns, enum question question)
{
    bool ordinary = priority(question) == 1;
    if (state->question != QUESTION_NONE &&
        priority(question) <= priority((enum question)state->question))
        return;
    int64_t at_ns = later(due_ns, ordinary ? context->ask_ns : context->ask_urgent_ns);
    if (ordinary && question != QUESTION_MORNING && !state->session_open &&
        at_ns > state->end_until_ns)
        return;
    consider(state, best, at_ns, EVENT_ASK, question);
}

/* ---------------------------------------------------------------- when what is due */

static int64_t nrs_due_ns(const struct pain *state, const struct pain_context *context)
{
    const struct params *params = context->params;
    if (context->red_open || (state->stops & STOP_RED))
        return PAIN_NEVER;
    if (state->extra_ns != PAIN_NEVER && state->extra_exempt)
        return state->extra_ns;
    if (!state->session_open || state->record.asked_n >= params->value[PARAM_P01_MAX])
        return PAIN_NEVER;
    bool often = context->early_stage || context->flare || state->amber_seen;
    int64_t due_ns =
        state->check_ns + param_ns(params, often ? PARAM_P01_SHORT_S : PARAM_P01_EVERY_S);
    if (state->extra_ns < due_ns)
        due_ns = state->extra_ns;
    int64_t gap_ns = param_ns(params, PARAM_P01_GAP_S);
    due_ns = later(due_ns, state->check_ns + gap_ns);
    return state->nrs_ns == RULE_NEVER ? due_ns : later(due_ns, state->nrs_ns + gap_ns);
}

static int64_t place_due_ns(const struct pain *state, const struct pain_context *context)
{
    return context->red_open || (state->stops & STOP_RED) ? PAIN_NEVER : state->place_due_ns;
}

/* End of the window on the morning's day. */
static int64_t morning_over_ns(const struct pain *state, const struct pain_context *context)
{
    return pain_local_ns(context, state->morning_day,
                         (int)context->params->value[PARAM_P01_MORNING_TO_MIN]);
}

static int64_t morning_due_ns(const struct pain *state, const struct pain_context *context)
{
    if (state->morning_day == PAIN_DAY_NEVER || state->session_open || context->red_open ||
        state->morning_asked_n >= context->params->value[PARAM_P01_MORNING_MAX])
        return PAIN_NEVER;
    int minute = (int)context->params->value[PARAM_P01_MORNING_FROM_MIN] +
                 state->morning_asked_n * (int)context->params->value[PARAM_P01_MORNING_AGAIN_MIN];
    int64_t due_ns = pain_local_ns(context, state->morning_day, minute);
    return later(due_ns, state->now_ns) < morning_over_ns(state, context) ? due_ns : PAIN_NEVER;
}

/* The weekly screen: in the window of a morning, outside walks. Missed on its day (no device was
 * on), it comes with the next one until the evening. */
static int64_t weekly_due_ns(const struct pain *state, const struct pain_context *context)
{
    const double *value = context->params->value;
    const int until = (int)value[PARAM_SCREEN_UNTIL_MIN];
    int from = (int)value[PARAM_P01_MORNING_FROM_MIN], to = (int)value[PARAM_P01_MORNING_TO_MIN];
    if (value[PARAM_SCREEN_WEEKLY] < 0.5 || state->screen.pending != 0 || state->session_open ||
        context->red_open || from >= to || context->ask_ns == PAIN_NEVER)
        return PAIN_NEVER;
    int32_t day = pain_day(context, state->now_ns), due_day = day;
    /* A day that is still to come: the clock was put back, and the next chance is taken. */
    if (state->screen.day != SCREEN_NEVER && state->screen.day <= day)
        due_day = state->screen.day +
                  (state->screen.unfinished ? 1 : (int32_t)value[PARAM_SCREEN_EVERY_D]);
    if (day > due_day && to < until)
        to = until;
    if (pain_minute(context, state->now_ns) >= to)
        day++;
    if (day < due_day)
        day = due_day;
    /* A wearer who may only be asked later is asked then, or on the next day. */
    int64_t due_ns = later(pain_local_ns(context, day, from), context->ask_ns);
    return due_ns < pain_local_ns(context, day, to) ? due_ns
                                                    : pain_local_ns(context, day + 1, from);
}

/* Questions of a screen: those of the weekly one wait like ordinary ones, and outside walks. */
static void consider_screen(const struct pain *state, const struct pain_context *context,
                            struct event *best)
{
    const struct screen *screen = &state->screen;
    if (screen->pending == 0 || (screen->routine && state->session_open))
        return;
    int64_t due_ns = screen->routine ? later(screen->due_ns, context->ask_ns) : screen->due_ns;
    consider_ask(state, context, best, due_ns, screen_next(screen));
}

static struct event next_event(const struct pain *state, const struct pain_context *context)
{
    struct event best = {0, EVENT_NONE, QUESTION_NONE};
    int64_t due_ns = PAIN_NEVER;
    if (state->now_ns == RULE_NEVER)
        return best; /* knows no time yet: nothing was said, and no day has begun */
    if (state->question != QUESTION_NONE)
        consider(state, &best, state->until_ns, EVENT_SILENCE, QUESTION_NONE);
    consider(state, &best, triage_end_ns(&state->triage, context->params), EVENT_TRIAGE_END,
             QUESTION_NONE);
    if (state->morning_day != PAIN_DAY_NEVER)
        consider(state, &best, morning_over_ns(state, context), EVENT_MORNING_OVER, QUESTION_NONE);
    enum triage_question leg = triage_next(&state->triage, context->params,
                                           pain_legs_rest_due_ns(state, context), &due_ns);
    if (leg != TRIAGE_QUESTIONS)
        consider_ask(state, context, &best, due_ns, (enum question)(QUESTION_T1_LEGS + leg));
    consider_ask(state, context, &best, state->p02_due_ns, QUESTION_PLACE_AGAIN);
    consider_screen(state, context, &best);
    if (state->question == QUESTION_NONE)
        consider(state, &best, weekly_due_ns(state, context), EVENT_WEEKLY, QUESTION_NONE);
    consider_ask(state, context, &best, place_due_ns(state, context), QUESTION_PLACE);
    consider_ask(state, context, &best, nrs_due_ns(state, context), QUESTION_NRS);
    consider_ask(state, context, &best, morning_due_ns(state, context), QUESTION_MORNING);
    return best;
}

int64_t pain_deadline_ns(const struct pain *state, const struct pain_context *context)
{
    struct event next = next_event(state, context);
    return next.kind == EVENT_NONE ? PAIN_NEVER : next.at_ns;
}

/* ---------------------------------------------------------------- asking */

void pain_ask_close(const struct pain_step *step)
{
    struct pain *state = step->state;
    if (step->out->ask.question == state->question)
        memset(&step->out->ask, 0, sizeof(step->out->ask));
    state->question = QUESTION_NONE;
    state->repeat_n = 0;
    state->asked_ns = RULE_NEVER;
    state->until_ns = PAIN_NEVER;
}

/* A more urgent question comes between: what was open is asked again after it. */
static void interrupt(const struct pain_step *step)
{
    struct pain *state = step->state;
    enum question question = (enum question)state->question;
    if (question >= QUESTION_FLAGS_FIRST) {
        screen_again(&state->screen, question, step->now_ns);
    } else if (question == QUESTION_PLACE_AGAIN) {
        state->p02_due_ns = step->now_ns;
    } else if (question == QUESTION_PLACE) {
        state->place_due_ns = step->now_ns;
    } else if (question == QUESTION_NRS) {
        state->extra_ns = step->now_ns;
        state->extra_exempt = true;
        state->record.asked_n--;
    } else if (question == QUESTION_MORNING) {
        state->morning_asked_n--;
    }
    if (question != QUESTION_NONE)
        pain_ask_close(step);
}

static int64_t wait_ns(const struct pain_context *context, enum question question)
{
    if (priority(question) == 1)
        return param_ns(context->params, PARAM_P01_WAIT_S);
    bool screen = question >= QUESTION_FLAGS_FIRST;
    return param_ns(context->params, screen ? PARAM_SCREEN_WAIT_S : PARAM_T1_WAIT_S);
}

static void say(const struct pain_step *step)
{
    const struct pain *state = step->state;
    const struct question_info *info = question_info((enum question)state->question);
    step->out->ask = (struct ask){.question = state->question,
                                  .text = info->text,
                                  .repeat_n = state->repeat_n,
                                  .id = info->id,
                                  .at_ns = state->asked_ns,
                                  .deadline_ns = state->until_ns};
}

static void note_asked(const struct pain_step *step, enum question question)
{
    struct pain *state = step->state;
    if (priority(question) == 4) {
        unsigned which = question - QUESTION_T1_LEGS;
        state->repeat_n = state->triage.asked_n[which];
        triage_asked(&state->triage, (enum triage_question)which, step->now_ns);
    } else if (question >= QUESTION_FLAGS_FIRST) {
        state->repeat_n = state->screen.pauses_n;
        screen_asked(&state->screen, question);
    } else if (question == QUESTION_PLACE_AGAIN) {
        state->p02_due_ns = PAIN_NEVER;
    } else if (question == QUESTION_PLACE) {
        state->place_due_ns = PAIN_NEVER;
        state->place_ns = step->now_ns;
    } else if (question == QUESTION_NRS) {
        state->check_ns = step->now_ns;
        if (state->extra_ns <= step->now_ns) {
            state->extra_ns = PAIN_NEVER;
            state->extra_exempt = false;
        }
        pain_count(&state->record.asked_n);
    } else {
        state->repeat_n = state->morning_asked_n++;
    }
}

static void ask(const struct pain_step *step, enum question question)
{
    struct pain *state = step->state;
    interrupt(step);
    note_asked(step, question);
    state->question = (uint8_t)question;
    state->asked_ns = step->now_ns;
    state->until_ns = step->now_ns + wait_ns(step->context, question);
    say(step);
}

/* ---------------------------------------------------------------- silence */

static void silence(const struct pain_step *step)
{
    struct pain *state = step->state;
    enum question question = (enum question)state->question;
    pain_ask_close(step);
    if (priority(question) == 4) {
        pain_legs_silent(step, question);
        return;
    }
    pain_answer_stored(step, question, ANSWERED_SILENT);
    if (question >= QUESTION_FLAGS_FIRST) {
        screen_silent(&state->screen, step->context->params, question,
                      pain_day(step->context, step->now_ns), step->now_ns);
    } else if (question == QUESTION_PLACE_AGAIN) {
        pain_p02_silent(step);
    } else if (question == QUESTION_NRS) {
        pain_count(&state->record.no_answer_n);
    }
}

static void weekly(const struct pain_step *step)
{
    struct screen *screen = &step->state->screen;
    screen_add_routine(screen, screen_weekly(screen, pain_day(step->context, step->now_ns)),
                       step->now_ns);
}

void pain_ask_serve(struct pain_step *step, int64_t now_ns)
{
    struct pain *state = step->state;
    for (;;) {
        struct event event = next_event(state, step->context);
        if (event.kind == EVENT_NONE || event.at_ns > now_ns)
            break;
        step->now_ns = state->now_ns = event.at_ns;
        if (event.kind == EVENT_SILENCE) {
            silence(step);
        } else if (event.kind == EVENT_TRIAGE_END) {
            triage_end(&state->triage);
            pain_legs_settle(step);
        } else if (event.kind == EVENT_ASK) {
            ask(step, (enum question)event.question);
        } else if (event.kind == EVENT_WEEKLY) {
            weekly(step);
        } else {
            state->morning_day = PAIN_DAY_NEVER;
            pain_answer_stored(step, QUESTION_MORNING, ANSWERED_SILENT);
        }
    }
    if (now_ns > state->now_ns)
        state->now_ns = now_ns;
    step->now_ns = now_ns;
}

/* What was open is put again: nobody could answer while the hub was away. */
void pain_ask_again(struct pain_step *step, int64_t now_ns)
{
    struct pain *state = step->state;
    struct triage *triage = &state->triage;
    if (now_ns > state->now_ns)
        state->now_ns = now_ns;
    step->now_ns = now_ns;
    if (triage_end_ns(triage, step->context->params) != PAIN_NEVER)
        triage->easing_ns = now_ns;
    if (state->question == QUESTION_NONE)
        return;
    enum question question = (enum question)state->question;
    int64_t until_ns = now_ns + wait_ns(step->context, question);
    /* One of the ordinary course keeps the quiet hours (5.4) and ends unanswered; any does after a
     * hub that keeps starting has put it again so often. */
    if ((priority(question) == 1 && step->context->ask_ns > until_ns) ||
        state->repeat_n >= AGAIN_MAX)
        return;
    state->asked_ns = now_ns;
    state->until_ns = until_ns;
    pain_count(&state->repeat_n);
    say(step);
}
