#include "devices/sim/script.h"

#include <ctype.h>
#include <stdarg.h>

#include "devices/sim/script_private.h"

enum { LINE_SIZE = 256 };

/* ---- words */

bool parser_fail(struct parser *parser, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->error->text, sizeof(parser->error->text), format, arguments);
    va_end(arguments);
    return false;
}

bool parser_number(struct parser *parser, const char *key, const char *text, double min, double max,
                   double *out)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return parser_fail(parser, "%s=%.40s is not a number", key, text);
    if (value < min || value > max)
        return parser_fail(parser, "%s=%.40s is outside %g to %g", key, text, min, max);
    *out = value;
    return true;
}

char *parser_value(char *word)
{
    char *equals = strchr(word, '=');
    if (equals == NULL)
        return NULL;
    *equals = '\0';
    return equals + 1;
}

bool parser_numbers(struct parser *parser, unsigned first, const struct script_key *keys,
                    void *base)
{
    for (unsigned i = first; i < parser->words_n; i++) {
        char *value = parser_value(parser->words[i]);
        const struct script_key *key = keys;
        if (value == NULL)
            return parser_fail(parser, "'%.40s' is not key=value", parser->words[i]);
        while (key->name != NULL && strcmp(key->name, parser->words[i]) != 0)
            key++;
        if (key->name == NULL)
            return parser_fail(parser, "no key '%.40s' here", parser->words[i]);
        double *field = (double *)(void *)((char *)base + key->offset);
        if (!parser_number(parser, key->name, value, key->min, key->max, field))
            return false;
    }
    return true;
}

char *parser_take(struct parser *parser, const char *key)
{
    size_t length = strlen(key);
    for (unsigned i = 1; i < parser->words_n; i++) {
        char *word = parser->words[i];
        if (strncmp(word, key, length) != 0 || word[length] != '=')
            continue;
        for (unsigned k = i; k + 1 < parser->words_n; k++)
            parser->words[k] = parser->words[k + 1];
        parser->words_n--;
        return word + length + 1;
    }
    return NULL;
}

bool parser_take_side(struct parser *parser, bool both, Stride__V1__Side *out)
{
    const char *value = parser_take(parser, "side");
    *out = STRIDE__V1__SIDE__SIDE_UNKNOWN;
    if (value == NULL)
        return true;
    if (strcmp(value, "left") == 0)
        *out = STRIDE__V1__SIDE__SIDE_LEFT;
    else if (strcmp(value, "right") == 0)
        *out = STRIDE__V1__SIDE__SIDE_RIGHT;
    else if (!both || strcmp(value, "both") != 0)
        return parser_fail(parser, "side is left or right");
    return true;
}

struct script_event *parser_append(struct parser *parser, enum script_verb verb)
{
    struct script *script = parser->script;
    if (script->events_n == SCRIPT_EVENTS_MAX) {
        parser_fail(parser, "more than %d events", SCRIPT_EVENTS_MAX);
        return NULL;
    }
    struct script_event *event = &script->events[script->events_n++];
    memset(event, 0, sizeof(*event));
    event->at_s = parser->at_s;
    event->verb = verb;
    event->style = parser->style;
    event->report.pain_nrs = event->report.mood = -1;
    return event;
}

bool parser_gear(const char *word, enum gear_kind *out)
{
    char name[24];
    snprintf(name, sizeof(name), "%s", word);
    char *suffix = strstr(name, "_insole");
    if (suffix != NULL && suffix[7] == '\0')
        *suffix = '\0';
    for (enum gear_kind kind = 0; kind < GEAR_KINDS; kind++) {
        if (strcmp(name, gear_name(kind)) == 0) {
            *out = kind;
            return true;
        }
    }
    return false;
}

/* ---- lines */

struct named {
    const char *name;
    bool (*read)(struct parser *);
};

static const struct named verbs[] = {
    {"stand", verb_stand},
    {"sit", verb_sit},
    {"lie", verb_lie},
    {"walk", verb_walk},
    {"run", verb_run},
    {"stairs", verb_stairs},
    {"limp", verb_limp},
    {"wheels", verb_wheels},
    {"fall", verb_fall},
    {"turn", verb_turn},
    {"stumble", verb_stumble},
    {"impact", verb_impact},
    {"hands", verb_hands},
    {"shoes", verb_shoes},
    {"heart", verb_heart},
    {"belt", verb_belt},
    {"report", verb_report},
    {"answer", verb_answer},
    {"reply", verb_reply},
    {"button", verb_button},
    {"fault", verb_fault},
    {"end", verb_end},
    {NULL, NULL},
};
static const struct named lines[] = {
    {"wearer", line_wearer},
    {"profile", line_profile},
    {"baseline", line_baseline},
    {"devices", line_devices},
    {"shoe", line_shoe},
    {"wrist", line_wrist},
    {"clock", line_clock},
    {"param", line_param},
    {"times", line_times},
    {"caregivers", line_caregivers},
    {NULL, NULL},
};

static const struct named *find_named(const struct named *names, const char *word)
{
    while (names->name != NULL && strcmp(names->name, word) != 0)
        names++;
    return names;
}

static bool parse_at(struct parser *parser)
{
    if (parser->words_n < 3)
        return parser_fail(parser, "an event is: at M:SS what ...");
    char *end;
    const char *text = parser->words[1];
    unsigned long minutes = strtoul(text, &end, 10);
    char *seconds_end = end;
    double seconds =
        *end == ':' && isdigit((unsigned char)end[1]) ? strtod(end + 1, &seconds_end) : -1;
    if (!isdigit((unsigned char)text[0]) || *end != ':' || *seconds_end != '\0' ||
        !(seconds >= 0 && seconds < 60) || minutes > SCRIPT_DURATION_MAX_S / 60)
        return parser_fail(parser, "'%.40s' is not a time M:SS", text);
    double at_s = (double)minutes * 60 + seconds;
    if (at_s < parser->at_s)
        return parser_fail(parser, "%.40s is before the line above", text);
    parser->at_s = at_s;
    const struct named *verb = find_named(verbs, parser->words[2]);
    if (verb->name != NULL)
        return verb->read(parser);
    return parser_fail(parser,
                       "'%.40s' is no verb: walk, run, stairs, limp, stand, sit, lie, fall, "
                       "... (devices/sim/README.md)",
                       parser->words[2]);
}

static bool parse_line(struct parser *parser, char *line)
{
    char *rest = NULL;
    char *comment = strchr(line, '#');
    if (comment != NULL)
        *comment = '\0';
    parser->words_n = 0;
    for (char *word = strtok_r(line, " \t\r", &rest); word != NULL;
         word = strtok_r(NULL, " \t\r", &rest)) {
        if (parser->words_n == SCRIPT_WORDS_MAX)
            return parser_fail(parser, "more than %d words", SCRIPT_WORDS_MAX);
        parser->words[parser->words_n++] = word;
    }
    if (parser->words_n == 0)
        return true;
    if (parser->script->end_s > 0)
        return parser_fail(parser, "nothing may follow the end");
    if (strcmp(parser->words[0], "at") == 0)
        return parse_at(parser);
    if (parser->script->events_n > 0)
        return parser_fail(parser, "'%.40s' must come before the first event", parser->words[0]);
    const struct named *kind = find_named(lines, parser->words[0]);
    if (kind->name != NULL)
        return kind->read(parser);
    return parser_fail(parser,
                       "a line starts with wearer, profile, baseline, shoe, wrist, clock, times, "
                       "param, caregivers, devices or at, not '%.40s'",
                       parser->words[0]);
}

/* Reports wait for their button's release, so they may have moved past later lines. */
static void sort_events(struct script *script)
{
    static const struct script_event none;
    struct script_event event = none;
    for (unsigned i = 1; i < script->events_n; i++) {
        event = script->events[i];
        unsigned j = i;
        for (; j > 0 && script->events[j - 1].at_s > event.at_s; j--)
            script->events[j] = script->events[j - 1];
        script->events[j] = event;
    }
}

static void set_defaults(struct script *out)
{
    memset(out, 0, sizeof(*out));
    out->height_m = 1.72;
    out->mass_kg = 74;
    out->birth_year = 1974;
    out->leg_m = out->hr_max_bpm = out->clock_s = SCRIPT_NONE;
    snprintf(out->stage, sizeof(out->stage), "P1");
    for (enum gear_kind kind = 0; kind <= GEAR_TREADMILL; kind++)
        out->worn[kind] = true;
    out->wrist_side = STRIDE__V1__SIDE__SIDE_LEFT;
    out->baseline = (struct script_baseline){SCRIPT_NONE, SCRIPT_NONE, SCRIPT_NONE, SCRIPT_NONE,
                                             SCRIPT_NONE, SCRIPT_NONE, SCRIPT_NONE, SCRIPT_NONE,
                                             SCRIPT_NONE, SCRIPT_NONE, SCRIPT_NONE};
    out->shoe.age_days = out->shoe.km = out->shoe.days_per_week = SCRIPT_NONE;
    out->caregivers_n = 1;
}

bool script_parse(const char *text, size_t size, struct script *out, struct script_error *error)
{
    struct parser parser = {.script = out,
                            .error = error,
                            .style = {.speed_mps = 1.3,
                                      .cv_pct = 2,
                                      .arm_deg = {40, 40},
                                      .left_is_sore = true,
                                      .foot_deg = SCRIPT_NONE,
                                      .ds_pct = SCRIPT_NONE,
                                      .clearance_mm = SCRIPT_NONE,
                                      .loading = 1,
                                      .roll_sd_deg = 1.5,
                                      .peak_bw = 2.2}};
    set_defaults(out);
    *error = (struct script_error){0};
    for (size_t at = 0; at < size;) {
        char line[LINE_SIZE];
        const char *newline = memchr(text + at, '\n', size - at);
        size_t length = newline != NULL ? (size_t)(newline - text) - at : size - at;
        error->line++;
        if (length >= LINE_SIZE || memchr(text + at, '\0', length) != NULL)
            return parser_fail(&parser, "not a line of text of at most %d characters",
                               LINE_SIZE - 1);
        memcpy(line, text + at, length);
        line[length] = '\0';
        if (!parse_line(&parser, line))
            return false;
        at += length + 1;
    }
    error->line = 0;
    if (out->end_s <= 0)
        return parser_fail(&parser, "there is no 'at M:SS end' with a time after 0:00");
    if (out->end_s > SCRIPT_DURATION_MAX_S)
        return parser_fail(&parser, "longer than a day");
    sort_events(out);
    return true;
}

bool script_is_activity(enum script_verb verb)
{
    return verb == SCRIPT_STAND || verb == SCRIPT_SIT || verb == SCRIPT_LIE ||
           verb == SCRIPT_WHEELS || verb == SCRIPT_FALL || verb == SCRIPT_WALK;
}

double script_expected_cadence(double speed_mps, double height_m)
{
    return sqrt(60 * speed_mps / (0.00387 * height_m));
}
