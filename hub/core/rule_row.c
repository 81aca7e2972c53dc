/* The table of the rules of gait and posture, and the one way all of them go. */
#include "hub/core/rule_parts.h"

#include <assert.h>
#include <math.h>

#define INFO STRIDE__V1__SEVERITY__SEVERITY_INFO
#define COACH STRIDE__V1__SEVERITY__SEVERITY_COACH
#define CAUTION STRIDE__V1__SEVERITY__SEVERITY_CAUTION
#define NONE PARAM_COUNT

/* In the order in which they are looked at: what keeps another away comes first.
 * Rule, track, family, levels, flags, severity, text, D, refractory, max, condition, choice. */
const struct rule_row rule_rows[] = {
    {RULE_R05, TRACK_R05, COVERAGE_R05_R14, 1, ROW_SECOND | ROW_FELT, COACH, TEXT_R05_EYES,
     PARAM_R05_D_S, PARAM_R05_REFRACTORY_S, PARAM_R05_MAX, r05_condition, NULL},
    {RULE_R14, TRACK_R14, COVERAGE_R05_R14, 1, ROW_SECOND, INFO, TEXT_R14_ARMS, PARAM_R14_D_S, NONE,
     NONE, r14_condition, NULL},
    {RULE_R15, TRACK_R15, COVERAGE_R15, 1, 0, INFO, TEXT_R15_UNEVEN, PARAM_R15_D_S,
     PARAM_R15_REFRACTORY_S, PARAM_R15_MAX, r15_condition, NULL},
    {RULE_R11, TRACK_R11, COVERAGE_R11, 3, ROW_KEEPS, COACH, TEXT_R11_COACH, PARAM_R11_D_S,
     PARAM_R11_REFRACTORY_S, PARAM_R11_MAX, r11_condition, r11_choice},
    {RULE_R12, TRACK_R12, COVERAGE_R12, 1, ROW_KEEPS, CAUTION, TEXT_R12_CAUTION, PARAM_R12_D_S,
     PARAM_R12_REFRACTORY_S, PARAM_R12_MAX, r12_condition, NULL},
    {RULE_R02, TRACK_R02, COVERAGE_R02, 1, 0, COACH, TEXT_R02_LIFT, PARAM_R02_D_S,
     PARAM_R02_REFRACTORY_S, PARAM_R02_MAX, r02_condition, NULL},
    {RULE_R01, TRACK_R01, COVERAGE_R01, 1, ROW_FOOTLESS, COACH, TEXT_R01_SHORTER, PARAM_R01_D_S,
     PARAM_R01_REFRACTORY_S, PARAM_R01_MAX, r01_condition, NULL},
    {RULE_R13, TRACK_R13, COVERAGE_R13, 1, 0, COACH, TEXT_R13_TIRING, PARAM_R13_D_S,
     PARAM_R13_REFRACTORY_S, PARAM_R13_MAX, r13_condition, NULL},
    {RULE_R03, TRACK_R03_PRAISE, COVERAGE_R03, 1, ROW_PRAISE | ROW_FOOTLESS | ROW_USUAL, INFO,
     TEXT_R03_PRAISE, PARAM_R03_D_S, PARAM_R03_PRAISE_S, NONE, r03_praise_condition, NULL},
    {RULE_R03, TRACK_R03, COVERAGE_R03, 1, ROW_FOOTLESS, COACH, TEXT_R03_BRISK, PARAM_R03_D_S,
     PARAM_R03_REFRACTORY_S, PARAM_R03_MAX, r03_condition, NULL},
    {RULE_R04, TRACK_R04, COVERAGE_R04_R07_R08, 1, 0, COACH, TEXT_R04_TALLER, PARAM_R04_D_S,
     PARAM_R04_REFRACTORY_S, PARAM_R04_MAX, r04_condition, NULL},
    {RULE_R08, TRACK_R08, COVERAGE_R04_R07_R08, 1, 0, COACH, TEXT_R08_FIRM, PARAM_R08_D_S,
     PARAM_R08_AGAIN_S, NONE, r08_condition, NULL},
    {RULE_R06, TRACK_R06, COVERAGE_R03, 1, ROW_FOOTLESS | ROW_USUAL, INFO, TEXT_R06_STRING,
     PARAM_R04_D_S, PARAM_R06_EVERY_S, PARAM_R06_MAX, r06_condition, NULL},
    {RULE_R07, TRACK_R07_LEFT, COVERAGE_R04_R07_R08, 1, ROW_SUMMARY | ROW_USUAL, INFO,
     TEXT_R07_ARCH, PARAM_R07_D_S, NONE, NONE, r07_left_condition, NULL},
    {RULE_R07, TRACK_R07_RIGHT, COVERAGE_R04_R07_R08, 1, ROW_SUMMARY | ROW_USUAL, INFO,
     TEXT_R07_ARCH, PARAM_R07_D_S, NONE, NONE, r07_right_condition, NULL},
};
const int rule_rows_n = sizeof(rule_rows) / sizeof(rule_rows[0]);

/* What somebody said of the walk against which a rule does not speak (3.1). */
static unsigned told_against(enum rule rule)
{
    switch ((int)rule) {
    case RULE_R02:
        return TOLD_ICY;
    case RULE_R04:
        return TOLD_BACKPACK;
    case RULE_R07:
    case RULE_R11:
        return TOLD_CAMBER;
    default:
        return 0;
    }
}

static double value_of(const struct rule_input *in, enum param param)
{
    return param == NONE ? 0 : in->params->value[param];
}

static struct rule_look row_look(const struct rule_row *row, const struct rule_input *in)
{
    return (struct rule_look){
        .why = RULE_EVALUATED,
        .counts = in->counts,
        .ready = true,
        .severity = row->severity,
        .text = row->text,
        .d_s = value_of(in, row->d),
        .refractory_s = value_of(in, row->refractory),
        .prompts_max = (uint8_t)value_of(in, row->max),
        .value = NAN,
        .threshold = NAN,
    };
}

enum rule_absence rule_row_absence(const struct rule_row *row, const struct rule_input *in)
{
    enum coverage_family family = (enum coverage_family)row->family;
    if (coverage_of(family, in->devices).level != COVERAGE_NOT_EVALUATED)
        return RULE_EVALUATED;
    return coverage_of(family, in->registered).level != COVERAGE_NOT_EVALUATED ? RULE_STALE
                                                                               : RULE_NO_DEVICE;
}

/* R11's windows are the last ones. */
static struct rule_window *windows_of(struct rules_state *state, const struct rule_row *row)
{
    if (row->track == TRACK_R11)
        return &state->windows[RULE_WINDOWS - RULE_LEVELS_MAX];
    return &state->windows[row->track > TRACK_R11 ? row->track - 1 : row->track];
}

static void clear_windows(struct rules_state *state, const struct rule_row *row)
{
    for (unsigned level = 0; level < row->levels; level++)
        rule_window_clear(&windows_of(state, row)[level]);
}

static void row_pause(struct rules_state *state, const struct rule_row *row)
{
    struct rule_episode *episode = &state->episodes[row->track];
    clear_windows(state, row);
    if ((row->flags & ROW_KEEPS) != 0)
        episode->off_since_ns = RULE_NEVER;
    else
        episode_end(episode);
}

static void row_raise(struct rules_state *state, const struct rule_row *row,
                      const struct rule_input *in, const struct rule_look *look,
                      struct findings *out)
{
    state->raised = (uint16_t)(state->raised | 1U << row->track);
    if ((row->flags & ROW_SUMMARY) != 0)
        return;
    struct finding *finding =
        finding_add(out, (enum rule)row->rule, look->severity, (enum text)look->text, in->now_ns);
    const struct rule_episode *episode = &state->episodes[row->track];
    finding->praise = (row->flags & ROW_PRAISE) != 0;
    finding->felt_only = (row->flags & ROW_FELT) != 0;
    finding->value = look->value;
    finding->threshold = look->threshold;
    finding->duration_s =
        finding->praise ? (float)look->d_s : (float)seconds_between(episode->since_ns, in->now_ns);
    finding->refractory_s = (float)look->refractory_s;
    finding->prompts_max = look->prompts_max;
    finding->dropped_gates = look->dropped;
}

static unsigned row_held(struct rules_state *state, const struct rule_row *row,
                         const struct rule_input *in, const struct rule_look *look)
{
    unsigned held = 0;
    for (unsigned level = 0; level < row->levels; level++) {
        bool on = (look->on >> level & 1) != 0;
        if (rule_window_add(&windows_of(state, row)[level], in->end_ns, look->d_s, on))
            held |= 1U << level;
    }
    return held;
}

/* 2.5: what is more than coaching stays open for longer. */
static double hold_s_of(const struct rule_episode *episode, const struct rule_input *in,
                        const struct rule_look *look)
{
    const bool caution = episode->severity > STRIDE__V1__SEVERITY__SEVERITY_COACH;
    if (look->hold_s > 0)
        return look->hold_s;
    return in->params->value[caution ? PARAM_HOLD_CAUTION_S : PARAM_HOLD_COACH_S];
}

void rule_row_look(struct rules_state *state, const struct rule_row *row,
                   const struct rule_input *in, struct findings *out)
{
    struct rule_episode *episode = &state->episodes[row->track];
    struct rule_look look = row_look(row, in);
    look.why = (uint8_t)rule_row_absence(row, in);
    if (look.why == RULE_EVALUATED)
        row->condition(state, in, &look);
    if (look.why == RULE_EVALUATED && (in->told & told_against((enum rule)row->rule)) != 0)
        look.why = RULE_CONTRAINDICATED;
    state->absence[row->rule] = look.why;
    if (look.why != RULE_EVALUATED) {
        row_pause(state, row);
        return;
    }
    if (!look.counts)
        return;
    if (in->may_speak)
        state->judged = (uint16_t)(state->judged | 1U << row->track);
    if (episode_clear(episode, look.off, in->end_ns, hold_s_of(episode, in, &look))) {
        if ((row->flags & ROW_SUMMARY) == 0)
            finding_cleared(out, (enum rule)row->rule, episode->severity, UINT8_MAX, in->now_ns);
        episode_end(episode);
        clear_windows(state, row);
    }
    unsigned held = row_held(state, row, in, &look);
    if (row->choice != NULL)
        row->choice(state, in, held, &look);
    else if ((held & look.on & 1) == 0)
        look.severity = 0;
    if (look.severity != 0 && look.ready && in->may_speak &&
        episode_raise(episode, look.severity, in->now_ns, look.d_s))
        row_raise(state, row, in, &look, out);
}
