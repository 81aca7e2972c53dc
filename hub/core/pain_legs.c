/* T1, P05 and P06: symptoms of the legs, one leg and the other. */
#include "hub/core/pain_private.h"

#include <math.h>

enum {
    LEGS = 2,
    SENSORS_MAX = 3 /* P05: sensors alone; p05.score cannot be as low */
};

/* ---------------------------------------------------------------- P05 */

uint8_t pain_p05_score(const struct pain *state, const struct pain_context *context)
{
    unsigned items = state->p05_items;
    int said = 0, seen = 0;
    said += items & P05_REPORT ? 2 : 0;
    said += items & P05_BOTH ? 2 : 0;
    said += items & P05_RELIEF ? 2 : 0;
    said += items & P05_SEATED ? 1 : 0;
    said += items & P05_STANDING_UP ? 1 : 0;
    said += items & P05_EASIER_SAID ? 1 : 0;
    seen += context->age_years >= context->params->value[PARAM_P05_AGE];
    seen += items & P05_SPEED ? 1 : 0;
    seen += items & P05_LEAN ? 1 : 0;
    seen += (items & P05_EASIER_SEEN) && !(items & P05_EASIER_SAID) ? 1 : 0;
    return (uint8_t)(said + (seen < SENSORS_MAX ? seen : SENSORS_MAX));
}

static void p05_say(const struct pain_step *step, int score)
{
    struct pain *state = step->state;
    const double *value = step->context->params->value;
    double refractory_s = value[PARAM_P05_REFRACTORY_S];
    if (state->p05_said_n >= value[PARAM_P05_MAX] ||
        pain_within(state->p05_ns, step->now_ns, refractory_s))
        return;
    state->p05_said_n++;
    state->p05_ns = step->now_ns;
    struct finding *finding =
        pain_raise(step, RULE_P05, SEVERITY_CAUTION, TEXT_P05_REST, URGENCY_NONE);
    finding->value = (float)score;
    finding->threshold = (float)value[PARAM_P05_SCORE];
    finding->refractory_s = (float)refractory_s;
    finding->prompts_max = (uint8_t)value[PARAM_P05_MAX];
}

/* The highest of this walk: R04 goes by it, before T1 is done as well. */
static uint8_t note_score(const struct pain_step *step)
{
    struct pain_record *record = &step->state->record;
    uint8_t score = pain_p05_score(step->state, step->context);
    if (step->state->session_open && score > record->p05_score)
        record->p05_score = score;
    return score;
}

void pain_p05_settle(const struct pain_step *step, bool silent)
{
    struct pain *state = step->state;
    if (!state->session_open)
        return;
    uint8_t score = note_score(step);
    /* T1 first; and a report first, whatever the sensors say. */
    if (!state->p05_path || state->circulation ||
        score < step->context->params->value[PARAM_P05_SCORE])
        return;
    if (!state->p05_flagged) {
        state->p05_flagged = state->p05_open = true;
        screen_add(&state->screen, SCREEN_FULL, step->now_ns);
    }
    if (!silent)
        p05_say(step, score);
}

/* The counter-sign: another reason for heavy legs, and another doctor. */
static void circulation(const struct pain_step *step)
{
    struct pain *state = step->state;
    if (state->circulation)
        return;
    state->circulation = true;
    pain_raise(step, RULE_P05, SEVERITY_CAUTION, TEXT_P05_CIRCULATION, URGENCY_NONE);
}

/* ---------------------------------------------------------------- T1 */

static bool leg_old(const struct pain_step *step, unsigned leg)
{
    const struct pain *state = step->state;
    if (step->context->legs_known & (1U << leg))
        return true;
    return state->leg_first_day[leg] != PAIN_DAY_NEVER &&
           pain_day(step->context, step->now_ns) - state->leg_first_day[leg] >=
               step->context->params->value[PARAM_T1_NEW_D];
}

/* Of the legs concerned one is enough. Of a leg nobody named, either may be meant. */
static bool legs_new(const struct pain_step *step)
{
    unsigned legs = step->state->triage.legs == 0 ? BOTH_LEGS : step->state->triage.legs;
    for (unsigned leg = 0; leg < LEGS; leg++) {
        if ((legs & (1U << leg)) && !leg_old(step, leg))
            return true;
    }
    return false;
}

static void p06_raise(const struct pain_step *step)
{
    struct pain *state = step->state;
    state->stops |= STOP_P06;
    if (pain_within(state->p06_ns, step->now_ns, step->context->params->value[PARAM_T1_SAME_S]))
        return;
    state->p06_ns = step->now_ns;
    pain_raise(step, RULE_P06, SEVERITY_STOP, TEXT_P06_CHECK, URGENCY_SAME_DAY);
    screen_add(&state->screen, SCREEN_FULL, step->now_ns);
}

static void emergency(const struct pain_step *step)
{
    const uint8_t *answers = step->state->triage.answers;
    if (answers[T1_BLADDER] == T1_YES)
        pain_flag_raise(step, QUESTION_T1_BLADDER, true);
    else
        pain_flag_raise(step, answers[T1_WEAK] == T1_YES ? QUESTION_T1_WEAK : QUESTION_T1_EASING,
                        false);
}

static void act(const struct pain_step *step, enum triage_result result)
{
    struct pain *state = step->state;
    switch (result) {
    case TRIAGE_EASED:
        pain_cleared(step, RULE_T1, SEVERITY_CAUTION);
        state->p05_path = true;
        pain_p05_settle(step, state->p05_quiet);
        break;
    case TRIAGE_FIRST_EPISODE:
        state->p05_path = state->p05_quiet = true;
        pain_raise(step, RULE_T1, SEVERITY_CAUTION, TEXT_T1_FIRST_EPISODE, URGENCY_NONE);
        pain_p05_settle(step, true);
        break;
    case TRIAGE_CLINICIAN:
        state->stops |= STOP_T1;
        pain_raise(step, RULE_T1, SEVERITY_STOP, TEXT_T1_CLINICIAN, URGENCY_NONE);
        break;
    case TRIAGE_ONE_LEG:
        p06_raise(step);
        break;
    case TRIAGE_EMERGENCY:
        emergency(step);
        break;
    case TRIAGE_OPEN:
    case TRIAGE_RESULTS:
    default:
        break;
    }
}

void pain_legs_settle(const struct pain_step *step)
{
    struct triage *triage = &step->state->triage;
    (void)note_score(step);
    if (triage->since_ns == RULE_NEVER)
        return;
    enum triage_result result = triage_table(triage->answers, legs_new(step));
    if ((uint8_t)result <= triage->result)
        return;
    triage->result = (uint8_t)result;
    triage->result_ns = step->now_ns;
    act(step, result);
}

static void latest(int64_t *of_ns, int64_t at_ns)
{
    *of_ns = *of_ns > at_ns ? *of_ns : at_ns;
}

/* A symptom in these legs, when it was told. */
static void note_legs(const struct pain_step *step, uint8_t side)
{
    struct pain *state = step->state;
    const int64_t said_ns = pain_said_ns(step);
    int32_t day = pain_day(step->context, said_ns);
    const double *value = step->context->params->value;
    uint8_t joined = side;
    for (unsigned leg = 0; leg < LEGS && side != 0; leg++) {
        if (!(side & (1U << leg))) {
            if (pain_within(state->leg_ns[leg], said_ns, value[PARAM_T1_BOTH_S]))
                joined = (uint8_t)(joined | (1U << leg));
            continue;
        }
        bool again = state->leg_last_day[leg] != PAIN_DAY_NEVER &&
                     day - state->leg_last_day[leg] <= value[PARAM_T1_EPISODE_D];
        if (!again)
            state->leg_first_day[leg] = day;
        state->leg_last_day[leg] = state->leg_last_day[leg] > day ? state->leg_last_day[leg] : day;
        latest(&state->leg_ns[leg], said_ns);
    }
    (void)triage_legs(&state->triage, joined);
    if (state->triage.legs == BOTH_LEGS && state->session_open)
        state->p05_items |= P05_BOTH;
}

/* Does this report need no triage of its own? One runs, or it says what was just settled. */
static bool settled(const struct pain_step *step, uint8_t side, bool weak)
{
    const struct triage *triage = &step->state->triage;
    if (triage_running(triage) && triage->result == TRIAGE_OPEN)
        return true;
    if (!pain_within(triage->result_ns, step->now_ns,
                     step->context->params->value[PARAM_T1_SAME_S]))
        return false;
    bool joins = (side & BOTH_LEGS & ~triage->legs) != 0;
    return !joins && (!weak || triage->answers[T1_WEAK] == T1_YES);
}

static void symptom(const struct pain_step *step, const struct wire_report *report)
{
    struct pain *state = step->state;
    const int64_t said_ns = pain_said_ns(step);
    bool weak = report->symptom == STRIDE__V1__SYMPTOM__SYMPTOM_WEAK;
    uint8_t side = (uint8_t)(report->symptom_side & BOTH_LEGS);
    if (!settled(step, side, weak)) {
        triage_start(&state->triage, step->now_ns);
        pain_raise(step, RULE_T1, SEVERITY_CAUTION, TEXT_T1_REST, URGENCY_NONE);
    }
    note_legs(step, side);
    if (weak) {
        double run_s = step->context->params->value[PARAM_T1_NEW_D] * 86400;
        if (!pain_within(state->weak_last_ns, said_ns, run_s))
            state->weak_ns = said_ns;
        latest(&state->weak_last_ns, said_ns);
        triage_answer(&state->triage, T1_WEAK, true);
        return;
    }
    if (!state->session_open)
        return;
    const double *value = step->context->params->value;
    double at_s = seconds_between(state->start_ns, said_ns);
    if (at_s >= value[PARAM_P05_ONSET_MIN_S] && at_s <= value[PARAM_P05_ONSET_MAX_S])
        state->p05_items |= P05_REPORT;
}

/* What waited in a device since before the triage began may be of another time. */
static bool of_before(const struct pain_step *step)
{
    return step->ago_ns > 0 && pain_said_ns(step) < step->state->triage.since_ns;
}

static void eased(const struct pain_step *step)
{
    struct pain *state = step->state;
    if (state->triage.since_ns == RULE_NEVER || of_before(step))
        return; /* it is asked about */
    int64_t rest_ns = state->triage.since_ns;
    if (step->context->seated_since_ns > rest_ns)
        rest_ns = step->context->seated_since_ns;
    if (state->session_open &&
        seconds_between(rest_ns, step->now_ns) <= step->context->params->value[PARAM_P05_RELIEF_S])
        state->p05_items |= P05_RELIEF;
    triage_answer(&state->triage, T1_EASING, true);
}

static void relief(const struct pain_step *step, Stride__V1__Relief how)
{
    struct pain *state = step->state;
    if (how != STRIDE__V1__RELIEF__RELIEF_UNKNOWN && state->record.relief_posture == 0)
        state->record.relief_posture = (uint8_t)how;
    if (how == STRIDE__V1__RELIEF__RELIEF_SITTING || how == STRIDE__V1__RELIEF__RELIEF_BENDING)
        eased(step);
    else if (how == STRIDE__V1__RELIEF__RELIEF_STANDING && state->loc == LOC_CALF)
        circulation(step);
    else if (how == STRIDE__V1__RELIEF__RELIEF_UPHILL || how == STRIDE__V1__RELIEF__RELIEF_TROLLEY)
        state->p05_items |= P05_EASIER_SAID;
}

/* Q1, answered with a side. */
static void said_which(const struct pain_step *step, uint8_t side)
{
    note_legs(step, side);
    pain_answer_stored(step, QUESTION_T1_LEGS, side == BOTH_LEGS ? ANSWERED_YES : ANSWERED_NO);
}

/* The wearer's own word; what a treadmill tells of itself is none, and a caregiver's says nothing
 * of how the wearer is. */
static bool speaks(const struct pain_step *step, const struct wire_report *report)
{
    bool symptom = report->symptom != STRIDE__V1__SYMPTOM__SYMPTOM_UNKNOWN ||
                   report->relief != STRIDE__V1__RELIEF__RELIEF_UNKNOWN || report->pain_nrs >= 0 ||
                   report->pain_place != STRIDE__V1__PAIN_PLACE__PAIN_PLACE_UNKNOWN;
    return !step->context->by_other && !of_before(step) &&
           (symptom || report->button != STRIDE__V1__BUTTON__BUTTON_UNKNOWN ||
            report->answer != STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
}

void pain_legs_report(const struct pain_step *step, const struct wire_report *report)
{
    struct pain *state = step->state;
    if (speaks(step, report))
        state->triage.unanswered = false;
    bool named = report->symptom == STRIDE__V1__SYMPTOM__SYMPTOM_NUMB ||
                 report->symptom == STRIDE__V1__SYMPTOM__SYMPTOM_WEAK ||
                 report->symptom == STRIDE__V1__SYMPTOM__SYMPTOM_HEAVY ||
                 report->symptom == STRIDE__V1__SYMPTOM__SYMPTOM_TINGLING;
    if (named || report->button == STRIDE__V1__BUTTON__BUTTON_LEG_HEAVY)
        symptom(step, report);
    else if (report->symptom_side != 0 && question_find(report->question) == QUESTION_T1_LEGS &&
             state->triage.since_ns != RULE_NEVER)
        said_which(step, (uint8_t)(report->symptom_side & BOTH_LEGS));
    if (report->symptom == STRIDE__V1__SYMPTOM__SYMPTOM_COLD)
        circulation(step);
    if (report->aggravator == STRIDE__V1__AGGRAVATOR__AGGRAVATOR_STANDING_UP)
        state->p05_items |= P05_STANDING_UP;
    bool well =
        report->pain_nrs == 0 || report->pain_place == STRIDE__V1__PAIN_PLACE__PAIN_PLACE_NONE;
    if (well && step->ago_ns == 0 && step->context->posture_known &&
        step->context->seated_since_ns != RULE_NEVER)
        state->p05_items |= P05_SEATED;
    relief(step, report->relief);
    pain_legs_settle(step);
}

void pain_legs_answer(const struct pain_step *step, enum question question, bool yes)
{
    struct pain *state = step->state;
    pain_answer_stored(step, question, yes ? ANSWERED_YES : ANSWERED_NO);
    if (question == QUESTION_T1_BLADDER && yes)
        pain_flag_raise(step, question, true);
    enum triage_question which = (enum triage_question)(question - QUESTION_T1_LEGS);
    bool reassures = which == T1_EASING ? yes : !yes;
    if (state->triage.since_ns == RULE_NEVER || (reassures && of_before(step)))
        return;
    if (!step->context->by_other)
        state->triage.unanswered = false;
    if (which == T1_BOTH && yes)
        note_legs(step, BOTH_LEGS);
    if (which == T1_EASING && yes && state->session_open)
        state->p05_items |= P05_RELIEF; /* asked when five minutes are over */
    triage_answer(&state->triage, which, yes);
    pain_legs_settle(step);
}

void pain_legs_silent(const struct pain_step *step, enum question question)
{
    struct pain *state = step->state;
    pain_answer_stored(step, question, ANSWERED_SILENT);
    state->triage.unanswered = true;
    if (triage_silent(&state->triage, (enum triage_question)(question - QUESTION_T1_LEGS)))
        pain_raise(step, RULE_T1, SEVERITY_CAUTION, TEXT_T1_REST, URGENCY_SAME_DAY);
    pain_legs_settle(step);
}

int64_t pain_legs_rest_due_ns(const struct pain *state, const struct pain_context *context)
{
    int64_t since_ns = state->triage.since_ns;
    int64_t rest_ns = param_ns(context->params, PARAM_T1_REST_S);
    if (since_ns == RULE_NEVER)
        return PAIN_NEVER;
    if (!context->posture_known)
        return since_ns + rest_ns;
    /* Whoever goes on walking is asked all the same, at twice the time (E). */
    int64_t latest_ns = since_ns + 2 * rest_ns;
    if (context->seated_since_ns == RULE_NEVER)
        return latest_ns;
    int64_t due_ns = context->seated_since_ns + rest_ns;
    due_ns = due_ns > since_ns + rest_ns ? due_ns : since_ns + rest_ns;
    return due_ns < latest_ns ? due_ns : latest_ns;
}
