/* What the wearer says that the programme goes by: answers, buttons, what a prompt was answered
 * with. */
#include "hub/core/pipeline_private.h"

#include <string.h>

/* The local day on which what is applied now was said; INT32_MIN while the clock was never set. */
static int32_t said_day(const struct step *step)
{
    const int64_t said_ms = step_said_ns(step) / 1000000 + step->state->wall_minus_mono_ms;
    return programme_day(step->state, said_ms);
}

/* It waited in a device, and was said on another day: nothing is told of it as of today. */
static bool of_another_day(const struct programme_call *call)
{
    return call->step->said_ago_ns > 0 && said_day(call->step) != call->now.day;
}

/* The first answer of the morning; what is said in or after a walk is none. */
static bool is_morning(const struct wearer_state *state, const struct programme_call *call,
                       const struct wire_report *report)
{
    if (of_another_day(call))
        return false;
    if (strcmp(report->question, question_info(QUESTION_MORNING)->id) == 0)
        return true;
    const double *value = call->params->value;
    const struct plan_day *today = &call->programme->plan.day[0];
    return !state->session.open && report->question[0] == '\0' && today->morning < 0 &&
           today->walk_min <= 0 && call->now.minute >= value[PARAM_P01_MORNING_FROM_MIN] &&
           call->now.minute < value[PARAM_P01_MORNING_TO_MIN];
}

static void plan_hears(struct programme_call *call, enum plan_report kind, int value)
{
    (void)plan_report(&call->programme->plan, call->params, &call->profile, &call->now, kind, value,
                      &call->out);
}

/* Ice and driving outlast what they were said in: until midnight, or until they are taken back. */
static void note_day(Stride__V1__Answer said, int32_t today, int32_t *day)
{
    if (said == STRIDE__V1__ANSWER__ANSWER_YES)
        *day = today;
    else if (said == STRIDE__V1__ANSWER__ANSWER_NO)
        *day = INT32_MIN;
}

static void answered(struct programme_call *call, const char *question, uint8_t answer)
{
    bool yes = answer == STRIDE__V1__ANSWER__ANSWER_YES;
    if (answer == STRIDE__V1__ANSWER__ANSWER_UNKNOWN)
        return;
    if (strcmp(question, text_name(TEXT_C03_OFFER)) == 0)
        plan_pieces(&call->programme->plan, call->params, yes);
    else if (strcmp(question, text_name(TEXT_C07_HEAD)) == 0 ||
             strcmp(question, text_name(TEXT_C07_SHOULDERS)) == 0)
        plan_hears(call, PLAN_REPORT_POSTURE, yes ? 1 : 0);
}

/* S07: each once a day, and nobody has to explain. */
static void go_easy(struct programme_call *call, enum text text, int32_t *day)
{
    if (*day == call->now.day || of_another_day(call))
        return;
    *day = call->now.day;
    struct programme_word word = programme_info(call->step->state, RULE_S07, text);
    word.numbers.n = word.numbers.min = word.numbers.min_next = -1; /* as the plan's own words */
    programme_word(call->step, &word, true);
}

void programme_report(struct step *step, const struct wire_report *report)
{
    struct wearer_state *state = step->state;
    struct programme_call call;
    programme_moment(step);
    programme_begin(&call, step);
    if (report->button == STRIDE__V1__BUTTON__BUTTON_UNWELL)
        go_easy(&call, TEXT_S07_UNWELL, &state->programme.unwell_day);
    programme_hears_ground(step, report);
    note_day(report->icy, said_day(step), &state->programme.icy_day);
    note_day(report->driving, said_day(step), &state->programme.driving_day);
    if (report->has_ambient && report->ambient_c >= call.params->value[PARAM_S07_HOT])
        go_easy(&call, TEXT_S07_HOT, &state->programme.hot_day);
    if (report->pain_nrs >= 0)
        programme_sum_up_late(step); /* the answer at the end is what it waited for */
    if (!programme_running(state))
        return;
    if (report->button == STRIDE__V1__BUTTON__BUTTON_FLARE)
        plan_hears(&call, PLAN_REPORT_FLARE, 0);
    if (report->button == STRIDE__V1__BUTTON__BUTTON_FLARE_OVER)
        plan_hears(&call, PLAN_REPORT_FLARE_OVER, 0);
    if (report->button == STRIDE__V1__BUTTON__BUTTON_LOW)
        plan_hears(&call, PLAN_REPORT_LOW, 0);
    if (report->pain_nrs >= 0)
        plan_hears(&call, is_morning(state, &call, report) ? PLAN_REPORT_MORNING : PLAN_REPORT_NRS,
                   report->pain_nrs);
    if (report->has_fear)
        plan_hears(&call, PLAN_REPORT_FEAR, report->fear);
    if (report->mood_week > 0)
        plan_hears(&call, PLAN_REPORT_MOOD_WEEK, report->mood_week);
    else if (report->mood >= 1 && !state->session.open)
        plan_hears(&call, PLAN_REPORT_MOOD_WEEK, report->mood);
    answered(&call, report->question, (uint8_t)report->answer);
    programme_finish(&call, false);
}

void programme_feedback(struct step *step, const struct wire_feedback *feedback)
{
    struct wearer_state *state = step->state;
    enum rule rule = alerting_rule_of(&state->alerting, feedback->prompt);
    if (!programme_running(state) || rule == RULE_NONE)
        return;
    struct programme_call call;
    programme_moment(step);
    programme_begin(&call, step);
    if (rule == RULE_R09 && feedback->kind == STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED)
        plan_hears(&call, PLAN_REPORT_SNOOZE, 0);
    if (rule == RULE_C03)
        answered(&call, text_name(TEXT_C03_OFFER), (uint8_t)feedback->answer);
    if (rule == RULE_C07) {
        answered(&call, text_name(TEXT_C07_HEAD), (uint8_t)feedback->answer);
        if (session_posture_answer(&state->session, TEXT_C07_HEAD, feedback->answer, state->now_ns))
            walk_effect(step, SESSION_UPDATED);
    }
    if (rule == RULE_C05)
        programme_hears_told(state, TOLD_HYDRATED, feedback->answer);
    programme_finish(&call, false);
}
