/* F01 to F06: answers stored, red flags raised once, with their urgency by policy. */
#include "hub/core/pain_private.h"

#include <assert.h>

void pain_answer_stored(const struct pain_step *step, enum question question,
                        enum pain_answer answer)
{
    step->state->answers[question] = (uint8_t)answer;
    step->state->answered_utc_ms[question] = pain_utc_ms(step->context, pain_said_ns(step));
}

static void note_flag(const struct pain_step *step, int rule, enum question question, int urgency,
                      bool said)
{
    struct pain_record *record = &step->state->record;
    if (record->red_flags_n == RED_FLAGS_MAX) {
        pain_count(&record->red_flags_dropped_n);
        return;
    }
    struct red_flag *flag = &record->red_flags[record->red_flags_n++];
    flag->t_utc_ms = pain_utc_ms(step->context, pain_said_ns(step));
    flag->rule = (uint8_t)rule;
    flag->question = (uint8_t)question;
    flag->urgency = (uint8_t)urgency;
    flag->from_table = !said;
}

void pain_flag_raise(const struct pain_step *step, enum question question, bool said)
{
    struct pain *state = step->state;
    const double *value = step->context->params->value;
    const struct question_info *info = question_info(question);
    const double rapid_s = value[PARAM_F02_RAPID_H] * 3600;
    int rule = info->rule, urgency = info->urgency, text = info->hit;
    bool both = pain_within(state->leg_ns[0], step->now_ns, rapid_s) &&
                pain_within(state->leg_ns[1], step->now_ns, rapid_s);
    if (!said || (rule == RULE_F02 && both)) {
        /* T1's table, or growing weakness in both legs, which is F01. */
        rule = RULE_F01;
        urgency = URGENCY_EMERGENCY;
        text = TEXT_F01_EMERGENCY;
    }
    bool rapid =
        question == QUESTION_F02_WORSE && pain_within(state->weak_ns, step->now_ns, rapid_s);
    if (rapid || value[PARAM_REDFLAG_POLICY] >= 0.5)
        urgency = URGENCY_EMERGENCY;
    assert(rule >= RULE_F01 && rule <= RULE_F06);
    state->stops |= STOP_RED;
    unsigned slot = (unsigned)(rule - RULE_F01);
    /* Of two urgencies the smaller number is the sooner. */
    if (pain_within(state->flag_ns[slot], step->now_ns, value[PARAM_REDFLAG_DEDUP_S]) &&
        urgency >= state->flag_urgency[slot])
        return;
    state->flag_ns[slot] = step->now_ns;
    state->flag_urgency[slot] = (uint8_t)urgency;
    note_flag(step, rule, question, urgency, said);
    struct finding *finding =
        pain_raise(step, rule, SEVERITY_RED, (enum text)text, (enum alert_urgency)urgency);
    finding->question = (uint8_t)question;
    finding->answer = state->answers[question];
    if (urgency != URGENCY_EMERGENCY)
        return;
    screen_stop(&state->screen, pain_day(step->context, step->now_ns));
    if (state->question >= QUESTION_FLAGS_FIRST)
        pain_ask_close(step);
}

void pain_flag_answer(const struct pain_step *step, enum question question, bool yes)
{
    pain_answer_stored(step, question, yes ? ANSWERED_YES : ANSWERED_NO);
    screen_answered(&step->state->screen, question, pain_day(step->context, step->now_ns));
    if (yes)
        pain_flag_raise(step, question, true);
}
