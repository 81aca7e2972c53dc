#include "hub/core/safety_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* While something goes on it is looked at that often; frames come at up to 25 a second. */
#define LOOK_NS (SAFETY_SECOND_NS / 4)
/* What was pressed while the hub was away comes within this time (E). */
#define BACK_NS (5 * SAFETY_SECOND_NS)

/* ---------------------------------------------------------------- shared parts */

struct finding *safety_find(struct safety_out *out, enum rule rule, uint8_t severity,
                            enum text text, int64_t at_ns)
{
    return finding_add(&out->found, rule, severity, text, at_ns);
}

void safety_cleared(struct safety_out *out, enum rule rule, uint8_t severity, int64_t at_ns)
{
    safety_find(out, rule, severity, TEXT_NONE, at_ns)->cleared = true;
}

void safety_ask_belt(struct safety_out *out, Stride__V1__RequestKind kind, float slow_by_mps,
                     enum text text)
{
    assert(out->belts_n < SAFETY_BELTS_MAX);
    out->belts[out->belts_n++] = (struct safety_belt){
        .kind = (uint8_t)kind, .text = (uint8_t)text, .slow_by_mps = slow_by_mps};
}

/* ---------------------------------------------------------------- life cycle */

void safety_init(struct safety_state *state)
{
    memset(state, 0, sizeof(*state));
    state->look_ns = state->put_off_ns = SAFETY_NEVER;
    safety_fall_init(&state->fall);
    safety_new_session(state);
}

void safety_new_session(struct safety_state *state)
{
    struct safety_heart *heart = &state->heart;
    memset(heart, 0, sizeof(*heart));
    for (int i = 0; i < SAFETY_HEART_LEVELS; i++)
        heart->levels[i].since_ns = SAFETY_NEVER;
    heart->raised_ns = heart->off_since_ns = heart->start_since_ns = SAFETY_NEVER;
    state->odd_ns = state->stumble_ns = SAFETY_NEVER;
    state->stumbles_n = state->still_asked_n = 0;
    state->still_due_ns = state->blind_due_ns = INT64_MAX;
    state->still_over = state->away_said = false;
    state->blind_slot = INPUT_SLOT_NONE;
    state->belt_steps_n = 0;
    state->belt_text_sent = false;
    state->belt_away_since_ns = SAFETY_NEVER;
    state->rail_mps = 0;
    state->rail_changed_ns = state->rail_raised_ns = SAFETY_NEVER;
}

/* ---------------------------------------------------------------- time */

void safety_second(struct safety_state *state, const struct safety_now *now, struct safety_out *out)
{
    safety_fall_second(&state->fall, now, out);
    safety_heart_second(&state->heart, now, out);
    safety_belt_second(state, now, out);
    safety_rail_second(state, now, out);
    safety_still_second(state, now, out);
    safety_watch_second(state, now, out);
}

bool safety_watches(const struct safety_state *state, const struct signals *signals, int64_t now_ns)
{
    bool belt = signals->belt_running_ns != INT64_MIN || state->belt_steps_n != 0;
    return (belt || state->fall.belt_stopped) &&
           (state->look_ns == SAFETY_NEVER || now_ns >= state->look_ns);
}

void safety_look(struct safety_state *state, const struct safety_now *now, struct safety_out *out)
{
    state->look_ns = now->at_ns + LOOK_NS;
    safety_fall_look(&state->fall, now, out);
    safety_belt_look(state, now, out);
    safety_still_look(state, now, out);
    safety_watch_look(state, now, out);
}

int64_t safety_deadline_ns(const struct safety_state *state)
{
    int64_t first_ns = safety_fall_deadline_ns(&state->fall);
    first_ns = state->still_due_ns < first_ns ? state->still_due_ns : first_ns;
    return state->blind_due_ns < first_ns ? state->blind_due_ns : first_ns;
}

void safety_hub_started(struct safety_state *state, int64_t back_ns)
{
    int64_t *due_ns[] = {&state->fall.due_ns, &state->still_due_ns, &state->blind_due_ns};
    const int64_t before_ns = state->put_off_ns;
    for (size_t i = 0; i < sizeof(due_ns) / sizeof(due_ns[0]); i++) {
        if (*due_ns[i] >= back_ns + BACK_NS || *due_ns[i] == before_ns)
            continue;
        *due_ns[i] = state->put_off_ns = back_ns + BACK_NS;
    }
    state->fall.ramp_ns = INT64_MAX;
}

/* ---------------------------------------------------------------- people */

bool safety_asks(const struct safety_state *state)
{
    return safety_fall_open(&state->fall) || state->still_due_ns != INT64_MAX;
}

/* That all is well is said of what came before: what waited in a device since before the impact, or
 * since before the last step, says nothing of the fall, or of the stillness after it. */
static bool after_fall(const struct safety_state *state, const struct safety_now *now)
{
    return now->said_ago_ns == 0 || now->at_ns - now->said_ago_ns >= state->fall.fell_ns;
}

static bool after_steps(const struct safety_now *now)
{
    return now->said_ago_ns == 0 || (double)now->said_ago_ns * 1e-9 <= (double)now->since_step_s;
}

void safety_answer(struct safety_state *state, const struct safety_now *now, enum rule rule,
                   Stride__V1__Answer answer, struct safety_out *out)
{
    const bool fine = answer == STRIDE__V1__ANSWER__ANSWER_YES;
    const bool after = rule == RULE_S01 ? after_fall(state, now) : after_steps(now);
    if (fine)
        out->fine = (uint8_t)rule;
    if (answer == STRIDE__V1__ANSWER__ANSWER_UNKNOWN || (fine && !after))
        return;
    if (rule == RULE_S01)
        safety_fall_happens(&state->fall, now, fine ? S01_INPUT_FINE : S01_INPUT_HELP, out);
    else if (rule == RULE_S03)
        safety_still_answered(state, now, fine, out);
}

static void answered(struct safety_state *state, const struct safety_now *now,
                     const struct wire_report *report, struct safety_out *out)
{
    if (strcmp(report->question, text_name(TEXT_S01_ASK)) == 0)
        safety_answer(state, now, RULE_S01, report->answer, out);
    if (strcmp(report->question, text_name(TEXT_S03_OK)) == 0)
        safety_answer(state, now, RULE_S03, report->answer, out);
}

void safety_report(struct safety_state *state, const struct safety_now *now,
                   const struct wire_report *report, struct safety_out *out)
{
    const bool help = report->button == STRIDE__V1__BUTTON__BUTTON_HELP;
    answered(state, now, report, out);
    if (help && safety_fall_open(&state->fall))
        safety_fall_happens(&state->fall, now, S01_INPUT_HELP, out);
    if (report->button == STRIDE__V1__BUTTON__BUTTON_OK && after_fall(state, now))
        safety_fall_happens(&state->fall, now, S01_INPUT_FINE, out);
    /* Whatever the wearer presses: somebody is there. */
    bool pressed = report->button != STRIDE__V1__BUTTON__BUTTON_UNKNOWN && !now->by_other;
    if (pressed && (help || after_steps(now)))
        safety_still_answered(state, now, !help, out);
}

/* ---------------------------------------------------------------- coverage */

enum rule_absence safety_absence(const struct safety_now *now, enum rule rule)
{
    enum rule_absence why = RULE_EVALUATED;
    enum coverage_family family = COVERAGE_FAMILIES;
    switch ((int)rule) {
    case RULE_S01:
        family = COVERAGE_S01;
        break;
    case RULE_S02:
        family = COVERAGE_S02;
        break;
    case RULE_S03:
        family = COVERAGE_S03;
        break;
    case RULE_S04:
        family = COVERAGE_S04;
        break;
    case RULE_S05:
        if (now->profile->fall_risk)
            return RULE_CONTRAINDICATED;
        family = COVERAGE_S05;
        break;
    case RULE_S06:
        (void)safety_heart_max(now->profile, now->age_years, now->hr_max_bpm, &why);
        if (why == RULE_EVALUATED && now->signals->heart_suspect)
            why = RULE_CONTRAINDICATED;
        if (why == RULE_EVALUATED && isnan(now->signals->heart_bpm))
            why = RULE_NO_DATA;
        family = COVERAGE_S06;
        break;
    case RULE_S09:
        return now->profile->lone_walker ? RULE_EVALUATED : RULE_CONTRAINDICATED;
    default:
        return RULE_NO_DATA;
    }
    if (coverage_of(family, now->devices).level != COVERAGE_NOT_EVALUATED)
        return why;
    return coverage_of(family, now->devices | now->silent).level != COVERAGE_NOT_EVALUATED
               ? RULE_STALE
               : RULE_NO_DEVICE;
}
