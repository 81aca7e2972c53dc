/* What the body does, and what befalls its devices. */
#include "devices/sim/script_private.h"

static bool plain_verb(struct parser *parser, enum script_verb verb)
{
    if (parser->words_n > 3)
        return parser_fail(parser, "'%s' takes nothing", parser->words[2]);
    return parser_append(parser, verb) != NULL;
}

bool verb_stand(struct parser *parser)
{
    return plain_verb(parser, SCRIPT_STAND);
}

bool verb_lie(struct parser *parser)
{
    return plain_verb(parser, SCRIPT_LIE);
}

bool verb_end(struct parser *parser)
{
    parser->script->end_s = parser->at_s;
    return plain_verb(parser, SCRIPT_END);
}

/* A verb with up to two numbers. */
static bool numbers_verb(struct parser *parser, enum script_verb verb,
                         const struct script_key *keys, double amount, double second)
{
    struct script_numbers numbers = {.amount = amount, .second = second};
    if (!parser_numbers(parser, 3, keys, &numbers))
        return false;
    struct script_event *event = parser_append(parser, verb);
    if (event == NULL)
        return false;
    event->amount = numbers.amount;
    event->second = numbers.second;
    return true;
}

bool verb_sit(struct parser *parser)
{
    return numbers_verb(parser, SCRIPT_SIT, script_sit_keys, 20, 0);
}

bool verb_wheels(struct parser *parser)
{
    return numbers_verb(parser, SCRIPT_WHEELS, script_wheels_keys, 50, 0);
}

bool verb_fall(struct parser *parser)
{
    return numbers_verb(parser, SCRIPT_FALL, script_fall_keys, 4.1, 0.35);
}

bool verb_turn(struct parser *parser)
{
    return numbers_verb(parser, SCRIPT_TURN, script_turn_keys, 180, 3);
}

/* ---- gait */

/* All that stays as it was unless it is said. */
static struct script_style numbers_of(const struct gait_style *style)
{
    return (struct script_style){.speed_mps = style->speed_mps,
                                 .cv_pct = style->cv_pct,
                                 .arm_deg = SCRIPT_NONE,
                                 .arm_left_deg = style->arm_deg[0],
                                 .arm_right_deg = style->arm_deg[1],
                                 .incline_pct = style->incline * 100,
                                 .rail = style->rail,
                                 .foot_deg = style->foot_deg,
                                 .ds_pct = style->ds_pct,
                                 .clearance_mm = style->clearance_mm,
                                 .scuffs = style->scuffs,
                                 .loading = style->loading,
                                 .fore = style->fore,
                                 .medial_left = style->medial[0],
                                 .medial_right = style->medial[1],
                                 .roll_sd_deg = style->roll_sd_deg,
                                 .uneven_mm = style->uneven_mm,
                                 .peak_bw = style->peak_bw};
}

/* A bent trunk moves its weight forward: 15 deg are R04's limit for the trunk as 0.10 is for the
 * forefoot's share, so one is worth the other (E). */
static const double fore_per_deg = 0.10 / 15;

static void take_style(const struct script_style *numbers, struct gait_style *style)
{
    bool arms = isfinite(numbers->arm_deg);
    *style = (struct gait_style){.kind = style->kind,
                                 .speed_mps = numbers->speed_mps,
                                 .cadence_spm = numbers->cadence_spm,
                                 .cv_pct = numbers->cv_pct,
                                 .arm_deg = {arms ? numbers->arm_deg : numbers->arm_left_deg,
                                             arms ? numbers->arm_deg : numbers->arm_right_deg},
                                 .left_is_sore = style->left_is_sore,
                                 .stance_si_pct = style->stance_si_pct,
                                 .step_si_pct = style->step_si_pct,
                                 .load_si_pct = style->load_si_pct,
                                 .incline = numbers->incline_pct / 100,
                                 .rail = numbers->rail >= 0.5,
                                 .foot_deg = numbers->foot_deg,
                                 .ds_pct = numbers->ds_pct,
                                 .clearance_mm = numbers->clearance_mm,
                                 .scuffs = numbers->scuffs,
                                 .loading = numbers->loading,
                                 .fore = numbers->fore + fore_per_deg * numbers->lean_deg,
                                 .medial = {numbers->medial_left, numbers->medial_right},
                                 .roll_sd_deg = numbers->roll_sd_deg,
                                 .uneven_mm = numbers->uneven_mm,
                                 .peak_bw = numbers->peak_bw};
}

bool verb_walk(struct parser *parser)
{
    struct script_style numbers = numbers_of(&parser->style);
    if (!parser_numbers(parser, 3, script_walk_keys, &numbers))
        return false;
    take_style(&numbers, &parser->style);
    parser->style.stance_si_pct = parser->style.step_si_pct = parser->style.load_si_pct = 0;
    return parser_append(parser, SCRIPT_WALK) != NULL;
}

/* Runs and stairs leave the walk as it was. */
static bool append_gait(struct parser *parser, const struct gait_style *style)
{
    struct script_event *event = parser_append(parser, SCRIPT_WALK);
    if (event != NULL)
        event->style = *style;
    return event != NULL;
}

bool verb_run(struct parser *parser)
{
    struct gait_style style = parser->style;
    style.kind = GAIT_RUN;
    style.stance_si_pct = style.step_si_pct = style.load_si_pct = 0;
    style.foot_deg = style.clearance_mm = SCRIPT_NONE;
    struct script_style numbers = numbers_of(&style);
    numbers.speed_mps = 3;
    numbers.cadence_spm = 165;
    if (!parser_numbers(parser, 3, script_run_keys, &numbers))
        return false;
    take_style(&numbers, &style);
    return append_gait(parser, &style);
}

bool verb_stairs(struct parser *parser)
{
    struct gait_style style = parser->style;
    style.kind = GAIT_STAIRS;
    style.stance_si_pct = style.step_si_pct = style.load_si_pct = 0;
    style.foot_deg = style.clearance_mm = style.ds_pct = SCRIPT_NONE;
    const char *way = parser_take(parser, "dir");
    if (way == NULL || (strcmp(way, "up") != 0 && strcmp(way, "down") != 0))
        return parser_fail(parser, "stairs dir=up or dir=down");
    struct script_style numbers = numbers_of(&style);
    numbers.incline_pct = 0;
    numbers.cadence_spm = 90;
    numbers.step_up_m = 0.17;
    numbers.going_m = 0.28;
    if (!parser_numbers(parser, 3, script_stairs_keys, &numbers))
        return false;
    numbers.speed_mps = numbers.going_m * numbers.cadence_spm / 60;
    take_style(&numbers, &style);
    style.step_up_m = way[0] == 'u' ? numbers.step_up_m : -numbers.step_up_m;
    return append_gait(parser, &style);
}

bool verb_limp(struct parser *parser)
{
    struct script_style numbers = {0};
    Stride__V1__Side side;
    if (!parser_take_side(parser, false, &side) ||
        !parser_numbers(parser, 3, script_limp_keys, &numbers))
        return false;
    parser->style.left_is_sore = side != STRIDE__V1__SIDE__SIDE_RIGHT;
    parser->style.stance_si_pct = numbers.stance_pct;
    parser->style.step_si_pct = numbers.step_pct;
    parser->style.load_si_pct = numbers.load_pct;
    return parser_append(parser, SCRIPT_WALK) != NULL;
}

bool verb_stumble(struct parser *parser)
{
    Stride__V1__Side side;
    if (!parser_take_side(parser, false, &side) || !plain_verb(parser, SCRIPT_STUMBLE))
        return false;
    parser->script->events[parser->script->events_n - 1].side = side;
    return true;
}

/* ---- hands, shoes, knocks, heart, belt */

bool verb_hands(struct parser *parser)
{
    Stride__V1__Side side;
    int kind = 0;
    if (!parser_take_side(parser, false, &side))
        return false;
    if (parser->words_n != 4 || script_choice("hands", parser->words[3], &kind) != CHOICE_HANDS)
        return parser_fail(parser, "hands free, phone, call, fixed, bag, pockets or busy");
    struct script_event *event = parser_append(parser, SCRIPT_HANDS);
    if (event == NULL)
        return false;
    event->hands = (enum hands_kind)(kind - 1);
    event->side = side;
    return true;
}

bool verb_shoes(struct parser *parser)
{
    Stride__V1__Side side;
    if (!parser_take_side(parser, true, &side))
        return false;
    bool off = parser->words_n == 4 && strcmp(parser->words[3], "off") == 0;
    if (!off && (parser->words_n != 4 || strcmp(parser->words[3], "on") != 0))
        return parser_fail(parser, "shoes off or shoes on, of side=left, right or both");
    struct script_event *event = parser_append(parser, SCRIPT_SHOES);
    if (event == NULL)
        return false;
    event->amount = off ? 1 : 0;
    event->side = side;
    return true;
}

bool verb_impact(struct parser *parser)
{
    enum gear_kind gear;
    struct script_numbers numbers = {.amount = 3};
    if (parser->words_n < 4 || !parser_gear(parser->words[3], &gear) || gear == GEAR_TREADMILL)
        return parser_fail(parser, "impact on what? left_insole, right_insole, wrist or wrist2");
    if (!parser_numbers(parser, 4, script_impact_keys, &numbers))
        return false;
    struct script_event *event = parser_append(parser, SCRIPT_IMPACT);
    if (event == NULL)
        return false;
    event->gear = gear;
    event->amount = numbers.amount;
    event->second = numbers.second;
    return true;
}

bool verb_heart(struct parser *parser)
{
    struct script_numbers numbers = {.amount = SCRIPT_NONE, .third = 72};
    if (!parser_numbers(parser, 3, script_heart_keys, &numbers))
        return false;
    struct script_event *event = parser_append(parser, SCRIPT_HEART);
    if (event == NULL)
        return false;
    event->amount = numbers.amount;
    event->second = numbers.second;
    event->rest_bpm = numbers.third;
    event->locked = numbers.fourth >= 0.5;
    return true;
}

bool verb_belt(struct parser *parser)
{
    bool follows = parser->words_n > 3 && strcmp(parser->words[3], "follow") == 0;
    struct script_numbers numbers = {.amount = SCRIPT_NONE, .second = 1};
    const char *status = parser_take(parser, "status");
    int choice = 0;
    if (status != NULL && script_choice("status", status, &choice) != CHOICE_STATUS)
        return parser_fail(parser, "a belt's status is stopped, paused, key or started");
    if (!parser_numbers(parser, follows ? 4 : 3, script_belt_keys, &numbers))
        return false;
    if (follows == isfinite(numbers.amount))
        return parser_fail(parser, "belt speed=<m/s> or belt follow, each with obey=0 or 1");
    struct script_event *event = parser_append(parser, SCRIPT_BELT);
    if (event == NULL)
        return false;
    event->report.belt_status = (Stride__V1__BeltStatus)choice;
    event->amount = numbers.amount;
    event->second = numbers.second;
    return true;
}

/* ---- faults */

static bool append_fault(struct parser *parser, const struct script_fault *fault,
                         enum gear_kind gear, double amount)
{
    struct script_event *event = parser_append(parser, SCRIPT_FAULT);
    if (event == NULL)
        return false;
    event->gear = gear;
    event->fault = fault->kind;
    event->amount = amount;
    return true;
}

bool verb_fault(struct parser *parser)
{
    enum gear_kind gear = GEAR_LEFT;
    double amount = 0;
    bool all = parser->words_n >= 4 && strcmp(parser->words[3], "all") == 0;
    if (parser->words_n < 5 || (!all && !parser_gear(parser->words[3], &gear)))
        return parser_fail(parser, "fault of which device? left_insole, right_insole, wrist, "
                                   "wrist2, treadmill or all, then what");
    const struct script_fault *fault = script_fault_find(parser->words[4]);
    if (fault == NULL)
        return parser_fail(parser, "no fault '%.40s'", parser->words[4]);
    if (fault->key == NULL) {
        if (parser->words_n != 5)
            return parser_fail(parser, "fault %s takes no value", fault->name);
    } else {
        char *value = parser->words_n == 6 ? parser_value(parser->words[5]) : NULL;
        if (value == NULL || strcmp(parser->words[5], fault->key) != 0)
            return parser_fail(parser, "fault %s takes %s=<%g to %g>", fault->name, fault->key,
                               fault->min, fault->max);
        if (!parser_number(parser, fault->key, value, fault->min, fault->max, &amount))
            return false;
    }
    if (!all)
        return append_fault(parser, fault, gear, amount);
    for (gear = 0; gear < GEAR_KINDS; gear++)
        if (parser->script->worn[gear] && !append_fault(parser, fault, gear, amount))
            return false;
    return true;
}
