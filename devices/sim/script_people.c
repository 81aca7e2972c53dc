/* Who the wearer is, and what people say. */
#include <ctype.h>

#include "devices/sim/script_private.h"

/* ---- before the first event */

bool line_wearer(struct parser *parser)
{
    struct script *script = parser->script;
    struct script_person person = {.height_m = script->height_m,
                                   .mass_kg = script->mass_kg,
                                   .birth_year = script->birth_year,
                                   .leg_m = script->leg_m,
                                   .hr_max_bpm = script->hr_max_bpm};
    const char *stage = parser_take(parser, "stage"), *name = parser_take(parser, "name");
    const char *locale = parser_take(parser, "locale");
    if (locale != NULL)
        snprintf(script->locale, sizeof(script->locale), "%s", locale);
    if (stage != NULL)
        snprintf(script->stage, sizeof(script->stage), "%s", stage);
    if (name != NULL)
        snprintf(script->name, sizeof(script->name), "%s", name);
    if (!script_stage_known(script->stage))
        return parser_fail(parser, "stage is M1, M2, P1, P2, P3, P4, G30 or K");
    if (!parser_numbers(parser, 1, script_person_keys, &person))
        return false;
    script->height_m = person.height_m;
    script->mass_kg = person.mass_kg;
    script->birth_year = (int)person.birth_year;
    script->leg_m = person.leg_m;
    script->hr_max_bpm = person.hr_max_bpm;
    return true;
}

bool line_devices(struct parser *parser)
{
    if (parser->words_n < 2)
        return parser_fail(parser,
                           "devices is followed by some of left right wrist wrist2 treadmill");
    memset(parser->script->worn, 0, sizeof(parser->script->worn));
    for (unsigned i = 1; i < parser->words_n; i++) {
        enum gear_kind gear;
        if (!parser_gear(parser->words[i], &gear))
            return parser_fail(parser, "'%.40s' is none of left, right, wrist, wrist2, treadmill",
                               parser->words[i]);
        parser->script->worn[gear] = true;
    }
    return true;
}

bool line_profile(struct parser *parser)
{
    struct script *script = parser->script;
    if (parser->words_n < 2)
        return parser_fail(parser, "profile is followed by flags, e.g. profile disc lone_walker");
    for (unsigned i = 1; i < parser->words_n; i++) {
        char *list = script->flags;
        size_t size = sizeof(script->flags), length = strlen(list);
        if (!script_flag_known(parser->words[i]))
            return parser_fail(parser, "no flag '%.40s'", parser->words[i]);
        int more = snprintf(list + length, size - length, "%s%s", length > 0 ? ", " : "",
                            parser->words[i]);
        if (more < 0 || (size_t)more >= size - length)
            return parser_fail(parser, "too many flags");
    }
    return true;
}

bool line_baseline(struct parser *parser)
{
    return parser_numbers(parser, 1, script_baseline_keys, &parser->script->baseline);
}

/* "key=yes" or "key=no" where the line has it. */
static bool take_yes(struct parser *parser, const char *key, Stride__V1__Answer *out)
{
    const char *value = parser_take(parser, key);
    int choice = 0;
    if (value == NULL)
        return true;
    if (script_choice("answer", value, &choice) != CHOICE_ANSWER)
        return parser_fail(parser, "%s is yes or no", key);
    *out = (Stride__V1__Answer)choice;
    return true;
}

bool line_shoe(struct parser *parser)
{
    struct script_shoe *shoe = &parser->script->shoe;
    const char *type = parser_take(parser, "type"), *id = parser_take(parser, "id");
    int choice = 0;
    if (type != NULL && script_choice("shoe", type, &choice) != CHOICE_SHOE)
        return parser_fail(parser, "no shoe '%.40s'", type);
    if (type != NULL)
        shoe->type = (Stride__V1__ShoeType)choice;
    if (id != NULL)
        snprintf(shoe->id, sizeof(shoe->id), "%s", id);
    parser->script->has_shoe = true;
    return take_yes(parser, "cushioning", &shoe->cushioning) &&
           take_yes(parser, "support", &shoe->support) &&
           take_yes(parser, "arch_support", &shoe->arch_support) &&
           parser_numbers(parser, 1, script_shoe_keys, shoe);
}

bool line_param(struct parser *parser)
{
    struct script *script = parser->script;
    if (parser->words_n < 2)
        return parser_fail(parser, "param is followed by name=value, e.g. param r11.max=0");
    for (unsigned i = 1; i < parser->words_n; i++) {
        char *value = parser_value(parser->words[i]);
        if (value == NULL || script->params_n == SCRIPT_PARAMS_MAX ||
            strlen(parser->words[i]) >= NAME_SIZE)
            return parser_fail(parser, "'%.40s' is not name=value, or there are more than %d",
                               parser->words[i], SCRIPT_PARAMS_MAX);
        struct script_param *param = &script->params[script->params_n++];
        snprintf(param->name, sizeof(param->name), "%s", parser->words[i]);
        if (!parser_number(parser, param->name, value, -1e9, 1e9, &param->value))
            return false;
    }
    return true;
}

bool line_caregivers(struct parser *parser)
{
    struct script_chain chain = {.n = parser->script->caregivers_n};
    if (!parser_numbers(parser, 1, script_chain_keys, &chain))
        return false;
    parser->script->caregivers_n = (unsigned)chain.n;
    parser->script->monitoring = chain.monitoring > 0;
    return true;
}

bool line_wrist(struct parser *parser)
{
    Stride__V1__Side side;
    if (!parser_take_side(parser, false, &side))
        return false;
    if (side == STRIDE__V1__SIDE__SIDE_UNKNOWN || parser->words_n != 1)
        return parser_fail(parser, "wrist side=left or side=right");
    parser->script->wrist_side = side;
    return true;
}

/* "H:MM"; false when it is no time of day. */
static bool time_of_day(const char *text, unsigned *minute)
{
    unsigned hours = 0, minutes = 0;
    char rest;
    if (!isdigit((unsigned char)text[0]) || strlen(text) > 5 ||
        sscanf(text, "%u:%2u%c", &hours, &minutes, &rest) != 2 || hours > 23 || minutes > 59)
        return false;
    *minute = hours * 60 + minutes;
    return true;
}

bool line_clock(struct parser *parser)
{
    unsigned minute;
    if (parser->words_n != 2 || !time_of_day(parser->words[1], &minute))
        return parser_fail(parser, "clock H:MM, local time at the start, e.g. clock 02:00");
    parser->script->clock_s = minute * 60.0;
    return true;
}

bool line_times(struct parser *parser)
{
    struct script *script = parser->script;
    for (unsigned i = 1; i < parser->words_n; i++) {
        unsigned minute, n = script->walk_times_n;
        if (n == WEARER_WALK_TIMES_MAX || !time_of_day(parser->words[i], &minute) ||
            (n > 0 && minute <= script->walk_min[n - 1]))
            return parser_fail(parser, "times is followed by up to %d times H:MM, rising",
                               WEARER_WALK_TIMES_MAX);
        script->walk_min[script->walk_times_n++] = (uint16_t)minute;
    }
    return true;
}

/* ---- reports */

static bool set_choice(struct parser *parser, const char *word, const char *value,
                       struct wire_report *report)
{
    int choice = 0;
    switch ((int)script_choice(word, value, &choice)) {
    case CHOICE_PLACE:
        report->pain_place = (Stride__V1__PainPlace)choice;
        return true;
    case CHOICE_SIDE:
        report->pain_side = (Stride__V1__Side)choice;
        return true;
    case CHOICE_QUALITY:
        report->pain_quality = (Stride__V1__PainQuality)choice;
        return true;
    case CHOICE_SYMPTOM:
        report->symptom = (Stride__V1__Symptom)choice;
        return true;
    case CHOICE_SYMPTOM_SIDE:
        report->symptom_side = (Stride__V1__Side)choice;
        return true;
    case CHOICE_ANSWER:
        report->answer = (Stride__V1__Answer)choice;
        return true;
    case CHOICE_AGGRAVATOR:
        report->aggravator = (Stride__V1__Aggravator)choice;
        return true;
    case CHOICE_RELIEF:
        report->relief = (Stride__V1__Relief)choice;
        return true;
    case CHOICE_SURFACE:
        report->surface = (Stride__V1__Surface)choice;
        return true;
    case CHOICE_NO_KEY:
        return parser_fail(parser, "no key '%.40s' in a report", word);
    default:
        return parser_fail(parser, "%s=%.40s is not one of its values", word, value);
    }
}

/* What is so of the walk, or not: script_report_keys' rows from `outdoors` on. */
static void set_condition(struct wire_report *report, unsigned at, bool is)
{
    Stride__V1__Answer *const to[] = {&report->outdoors, &report->long_ok, &report->backpack,
                                      &report->icy,      &report->camber,  &report->sport,
                                      &report->hydrated, &report->driving};
    *to[at] = is ? STRIDE__V1__ANSWER__ANSWER_YES : STRIDE__V1__ANSWER__ANSWER_NO;
}

/* The number of script_report_keys' row `at`. */
static void set_number(struct wire_report *report, unsigned at, int n)
{
    switch (at) {
    case 0:
        report->pain_nrs = (int8_t)n;
        break;
    case 1:
        report->mood = (int8_t)n;
        break;
    case 2:
        report->has_effort = true;
        report->effort = (uint8_t)n;
        break;
    case 3:
        report->has_fear = true;
        report->fear = (uint8_t)n;
        break;
    case 4:
        report->has_ambient = true;
        report->ambient_c = (int16_t)n;
        break;
    default:
        set_condition(report, at - 5, n == 1);
        break;
    }
}

/* Words `first` and up into the report. */
static bool read_report(struct parser *parser, unsigned first, struct wire_report *report)
{
    const char *question = parser_take(parser, "question");
    if (question != NULL)
        snprintf(report->question, sizeof(report->question), "%s", question);
    for (unsigned i = first; i < parser->words_n; i++) {
        char *word = parser->words[i], *value = parser_value(word);
        const struct script_key *key = script_report_keys;
        double n = 0;
        if (value == NULL)
            return parser_fail(parser, "'%.40s' is not key=value", word);
        while (key->name != NULL && strcmp(key->name, word) != 0)
            key++;
        if (key->name == NULL) {
            if (!set_choice(parser, word, value, report))
                return false;
            continue;
        }
        if (!parser_number(parser, word, value, key->min, key->max, &n))
            return false;
        set_number(report, (unsigned)(key - script_report_keys), (int)n);
    }
    return true;
}

bool verb_report(struct parser *parser)
{
    if (parser->words_n < 4)
        return parser_fail(parser, "report what? e.g. report pain=3 place=back");
    struct script_event *event = parser_append(parser, SCRIPT_REPORT);
    return event != NULL && read_report(parser, 3, &event->report);
}

/* "yes" or "no" where it stands alone. */
static void take_yes_no(struct parser *parser, struct wire_report *report)
{
    for (unsigned i = 3; i < parser->words_n; i++) {
        int choice = 0;
        if (script_choice("answer", parser->words[i], &choice) != CHOICE_ANSWER)
            continue;
        report->answer = (Stride__V1__Answer)choice;
        for (unsigned k = i; k + 1 < parser->words_n; k++)
            parser->words[k] = parser->words[k + 1];
        parser->words_n--;
        return;
    }
}

bool verb_answer(struct parser *parser)
{
    struct script_event *event = parser_append(parser, SCRIPT_REPORT);
    if (event == NULL)
        return false;
    take_yes_no(parser, &event->report);
    if (!read_report(parser, 3, &event->report))
        return false;
    if (event->report.question[0] == '\0')
        return parser_fail(parser, "answer which question? e.g. answer question=q_f01_urine yes");
    return true;
}

bool verb_reply(struct parser *parser)
{
    static const struct script_event none = {.report = {.pain_nrs = -1, .mood = -1}};
    struct script_event event = none;
    struct script *script = parser->script;
    double delay_s = 3;
    const char *delay = parser_take(parser, "delay");
    if (delay != NULL && !parser_number(parser, "delay", delay, 0, 600, &delay_s))
        return false;
    take_yes_no(parser, &event.report);
    if (!read_report(parser, 3, &event.report))
        return false;
    if (event.report.question[0] == '\0')
        return parser_fail(parser, "reply to which question? e.g. reply question=q_f01_urine yes "
                                   "delay=4");
    if (script->replies_n == SCRIPT_REPLIES_MAX)
        return parser_fail(parser, "more than %d replies", SCRIPT_REPLIES_MAX);
    script->replies[script->replies_n++] =
        (struct script_reply){.from_s = parser->at_s, .delay_s = delay_s, .report = event.report};
    return true;
}

bool verb_button(struct parser *parser)
{
    int button = 0;
    double press_ms = 100; /* a tap */
    if (parser->words_n < 4 || script_choice("button", parser->words[3], &button) != CHOICE_BUTTON)
        return parser_fail(parser, "which button? ok, help, stop, moved_down, leg_heavy, unwell, "
                                   "flare, no_coaching, flare_over, low or pause");
    struct script_event *event = parser_append(parser, SCRIPT_REPORT);
    if (event == NULL)
        return false;
    if (parser->words_n > 4) {
        char *value = parser_value(parser->words[4]);
        if (value == NULL || strcmp(parser->words[4], "ms") != 0 || parser->words_n > 5)
            return parser_fail(parser, "after the button only ms=<how long it is held>");
        if (!parser_number(parser, "ms", value, 1, 60000, &press_ms))
            return false;
    }
    event->report.button = (Stride__V1__Button)button;
    event->report.press_ms = (uint32_t)press_ms;
    /* A report leaves when the button is let go. */
    event->at_s += press_ms / 1000;
    return true;
}
