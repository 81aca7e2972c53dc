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
    finding->breathe = word->breathe;
    /* A STOP is said every 20 s until it is answered: after it there is no longer gap (C10). */
    finding->after_alert = word->text == TEXT_C10_REST;
    /* The wearer asked to be told: the pieces' clock waits for nobody else. Who ends a walk looks
     * at the wrist, and C10 has 60 s: a gap of 45 s or an open question would take most of them. */
    finding->reply = word->rule == RULE_C10 || word->text == TEXT_C03_PAUSE ||
                     word->text == TEXT_C03_PAUSE_SIT || word->text == TEXT_C03_GO;
    finding->at_ns = at_ns;
    finding->value = word->value;
    finding->threshold = word->threshold;
    finding->baseline = NAN;
    finding->numbers = word->numbers;
}

struct programme_word programme_info(const struct wearer_state *state, enum rule rule,
                                     enum text text)
{
    struct programme_word word;
    memset(&word, 0, sizeof(word));
    word.until_ns = state->now_ns + param_ns(&state->params, PARAM_PLAN_WORD_S);
    word.rule = (uint8_t)rule;
    word.severity = STRIDE__V1__SEVERITY__SEVERITY_INFO;
    word.text = (uint8_t)text;
    word.value = word.threshold = NAN;
    return word;
}

bool programme_cue_off(const struct wearer_state *state, uint8_t rule)
{
    const char *name = rule_name((enum rule)rule);
    return plan_cue_off(&state->params, name) || (state->profile.wheelchair && plan_afoot(name));
}

/* ---------------------------------------------------------------- words */

static int64_t first_ready_ns(struct wearer_state *state)
{
    struct alert_context context = pipeline_context(state);
    struct findings findings = {0};
    programme_finding(&findings, &state->programme.words[0], state->now_ns);
    return alerting_ready_ns(&state->alerting, &context, &findings.items[0], state->now_ns);
}

/* When the first of them may be tried: after the gap, and not so that it takes the turn of a cue
 * that is near. */
static void plan_turn(struct wearer_state *state)
{
    struct programme *programme = &state->programme;
    if (programme->words_n == 0) {
        programme->word_ns = INT64_MAX;
        return;
    }
    int64_t turn_ns = first_ready_ns(state);
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
    if (programme_cue_off(step->state, word->rule))
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

/* A STOP that is answered late holds back the sum of a walk, and must not swallow it. */
static bool locked_out(struct wearer_state *state)
{
    const struct programme_word *word = &state->programme.words[0];
    struct alert_context context = pipeline_context(state);
    return word->rule == RULE_C10 && word->text != TEXT_C10_REST &&
           word->until_ns > state->now_ns &&
           alerting_locked(&state->alerting, &context, state->now_ns);
}

/* What the wearer said since may leave a word no place: C11 begins a first walk, and the pain at
 * its start is told seconds later. */
static void take_back(struct wearer_state *state)
{
    struct programme *programme = &state->programme;
    unsigned kept = 0;
    for (unsigned i = 0; i < programme->words_n; i++) {
        if (programme->words[i].rule != RULE_C11 || !programme_red_pain(state))
            programme->words[kept++] = programme->words[i];
    }
    programme->words_n = (uint8_t)kept;
}

void programme_words(struct step *step)
{
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    take_back(state);
    if (programme->words_n > 0 && locked_out(state)) {
        programme->word_ns = state->now_ns + SECOND_NS;
        return;
    }
    if (programme->words_n > 0 &&
        (first_ready_ns(state) <= state->now_ns || programme->words[0].until_ns <= state->now_ns)) {
        struct findings findings = {0};
        programme_finding(&findings, &programme->words[0], state->now_ns);
        programme->words_n--;
        memmove(&programme->words[0], &programme->words[1],
                programme->words_n * sizeof(programme->words[0]));
        pipeline_decide(step, &findings);
    }
    plan_turn(state);
}
