/* What the programme says waits for its turn: of two things to say at a walk's end one would be
 * lost, for the stage of alerts says one thing at a time and never anything late (rule book 5.3).
 * Nothing here is bound to a moment, and what had no turn for minutes is left out. */
#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

#define CUE_ROOM_NS (46 * SECOND_NS) /* longer than the gap between two prompts */

void programme_finding(struct findings *out, const struct programme_word *word, int64_t at_ns)
{
    struct finding *finding = &out->items[out->n++];
    memset(finding, 0, sizeof(*finding));
    finding->rule = word->rule;
    finding->severity = word->severity;
    finding->text = word->text;
    finding->slot = INPUT_SLOT_NONE;
    finding->praise = word->praise;
    finding->at_ns = at_ns;
    finding->value = finding->threshold = NAN;
    finding->numbers = word->numbers;
}

/* ---------------------------------------------------------------- cues of time */

/* Those that the scripts of rule book 7 keep silent unless they name them. */
static const struct {
    uint8_t rule;
    enum param param;
} cues[] = {
    {RULE_R06, PARAM_CUE_R06}, {RULE_C02, PARAM_CUE_C02}, {RULE_C04, PARAM_CUE_C04},
    {RULE_C05, PARAM_CUE_C05}, {RULE_C06, PARAM_CUE_C06}, {RULE_C07, PARAM_CUE_C07},
    {RULE_C09, PARAM_CUE_C09}, {RULE_C11, PARAM_CUE_C11}, {RULE_C12, PARAM_CUE_C12},
    {RULE_C13, PARAM_CUE_C13}, {RULE_C14, PARAM_CUE_C14}, {RULE_C18, PARAM_CUE_C18},
};

bool programme_cue_off(const struct params *params, uint8_t rule)
{
    for (size_t i = 0; i < sizeof(cues) / sizeof(cues[0]); i++) {
        if (cues[i].rule != rule)
            continue;
        double own = params->value[cues[i].param];
        return own < 1 || (own < 2 && params->value[PARAM_CUE_TIMED] < 1);
    }
    return false;
}

/* ---------------------------------------------------------------- words */

/* When the first of them may be tried: after the gap, and not so that it takes the turn of a cue
 * that is near. */
static void plan_turn(struct wearer_state *state)
{
    struct programme *programme = &state->programme;
    if (programme->words_n == 0) {
        programme->word_ns = INT64_MAX;
        return;
    }
    struct alert_context context = pipeline_context(state);
    int64_t turn_ns = alerting_ready_ns(&state->alerting, &context, state->now_ns);
    if (state->session.open && programme->plan.stage != PLAN_STAGE_UNKNOWN) {
        int64_t cue_ns = plan_walk_deadline_ns(&programme->plan, &state->params);
        bool near =
            cue_ns != INT64_MAX && cue_ns + state->session.start_ns - state->now_ns < CUE_ROOM_NS;
        if (near && turn_ns < cue_ns + state->session.start_ns + CUE_ROOM_NS)
            turn_ns = cue_ns + state->session.start_ns + CUE_ROOM_NS;
    }
    if (turn_ns > programme->words[0].until_ns)
        turn_ns = programme->words[0].until_ns;
    programme->word_ns = turn_ns > state->now_ns ? turn_ns : state->now_ns + 1;
}

void programme_word(struct step *step, const struct programme_word *word, bool first)
{
    struct programme *programme = &step->state->programme;
    if (programme_cue_off(&step->state->params, word->rule))
        return;
    if (programme->words_n == PROGRAMME_WORDS_MAX)
        programme->words_n--; /* the one that came last has to give way */
    int at = first ? 0 : programme->words_n;
    memmove(&programme->words[at + 1], &programme->words[at],
            (size_t)(programme->words_n - at) * sizeof(*word));
    programme->words[at] = *word;
    programme->words_n++;
    plan_turn(step->state);
}

void programme_words(struct step *step)
{
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    struct alert_context context = pipeline_context(state);
    int64_t ready_ns = alerting_ready_ns(&state->alerting, &context, state->now_ns);
    if (programme->words_n > 0 &&
        (ready_ns <= state->now_ns || programme->words[0].until_ns <= state->now_ns)) {
        struct findings findings = {0};
        programme_finding(&findings, &programme->words[0], state->now_ns);
        programme->words_n--;
        memmove(&programme->words[0], &programme->words[1],
                programme->words_n * sizeof(programme->words[0]));
        pipeline_decide(step, &findings);
    }
    plan_turn(state);
}
