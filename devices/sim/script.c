#include "devices/sim/script.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>

#include "devices/sim/script_words.h"

enum { LINE_SIZE = 256, WORDS_MAX = 16 };

/* One line taken apart, and all that its verb may change. */
struct parser {
    struct script *script;
    struct script_error *error;
    struct gait_style style; /* as the last walk or limp left it */
    char *words[WORDS_MAX];
    unsigned words_n;
    double at_s;
};

__attribute__((format(printf, 2, 3))) static bool fail(struct parser *parser, const char *format,
                                                       ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->error->text, sizeof(parser->error->text), format, arguments);
    va_end(arguments);
    return false;
}

static bool number(struct parser *parser, const char *key, const char *text, double min, double max,
                   double *out)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value))
        return fail(parser, "%s=%.40s is not a number", key, text);
    if (value < min || value > max)
        return fail(parser, "%s=%.40s is outside %g to %g", key, text, min, max);
    *out = value;
    return true;
}

/* Splits "key=value" in place; NULL when there is no '='. */
static char *value_of(char *word)
{
    char *equals = strchr(word, '=');
    if (equals == NULL)
        return NULL;
    *equals = '\0';
    return equals + 1;
}

/* Reads words `first` and up as numbers of `keys` into the struct at `base`. */
static bool read_numbers(struct parser *parser, unsigned first, const struct script_key *keys,
                         void *base)
{
    for (unsigned i = first; i < parser->words_n; i++) {
        char *value = value_of(parser->words[i]);
        const struct script_key *key = keys;
        if (value == NULL)
            return fail(parser, "'%.40s' is not key=value", parser->words[i]);
        while (key->name != NULL && strcmp(key->name, parser->words[i]) != 0)
            key++;
        if (key->name == NULL)
            return fail(parser, "no key '%.40s' here", parser->words[i]);
        double *field = (double *)(void *)((char *)base + key->offset);
        if (!number(parser, key->name, value, key->min, key->max, field))
            return false;
    }
    return true;
}

static struct script_event *append(struct parser *parser, enum script_verb verb)
{
    struct script *script = parser->script;
    if (script->events_n == SCRIPT_EVENTS_MAX) {
        fail(parser, "more than %d events", SCRIPT_EVENTS_MAX);
        return NULL;
    }
    struct script_event *event = &script->events[script->events_n++];
    memset(event, 0, sizeof(*event));
    event->at_s = parser->at_s;
    event->verb = verb;
    event->style = parser->style;
    return event;
}

static bool plain_verb(struct parser *parser, enum script_verb verb)
{
    if (parser->words_n > 3)
        return fail(parser, "'%s' takes nothing", parser->words[2]);
    return append(parser, verb) != NULL;
}

static bool verb_stand(struct parser *parser)
{
    return plain_verb(parser, SCRIPT_STAND);
}

static bool verb_sit(struct parser *parser)
{
    return plain_verb(parser, SCRIPT_SIT);
}

static bool verb_end(struct parser *parser)
{
    parser->script->end_s = parser->at_s;
    return plain_verb(parser, SCRIPT_END);
}

static bool verb_walk(struct parser *parser)
{
    struct script_style numbers = {.speed_mps = parser->style.speed_mps,
                                   .cadence_spm = 0,
                                   .cv_pct = parser->style.cv_pct,
                                   .arm_deg = parser->style.arm_deg,
                                   .incline_pct = parser->style.incline * 100,
                                   .rail = parser->style.rail};
    if (!read_numbers(parser, 3, script_walk_keys, &numbers))
        return false;
    parser->style = (struct gait_style){.speed_mps = numbers.speed_mps,
                                        .cadence_spm = numbers.cadence_spm,
                                        .cv_pct = numbers.cv_pct,
                                        .arm_deg = numbers.arm_deg,
                                        .incline = numbers.incline_pct / 100,
                                        .rail = numbers.rail >= 0.5};
    return append(parser, SCRIPT_WALK) != NULL;
}

static bool verb_limp(struct parser *parser)
{
    struct script_style numbers = {0};
    parser->style.left_is_sore = true;
    if (parser->words_n > 3 && strncmp(parser->words[3], "side=", 5) == 0) {
        if (strcmp(parser->words[3], "side=right") == 0)
            parser->style.left_is_sore = false;
        else if (strcmp(parser->words[3], "side=left") != 0)
            return fail(parser, "side is left or right");
    }
    bool sided = parser->words_n > 3 && strncmp(parser->words[3], "side=", 5) == 0;
    if (!read_numbers(parser, sided ? 4 : 3, script_limp_keys, &numbers))
        return false;
    parser->style.stance_si_pct = numbers.stance_pct;
    parser->style.step_si_pct = numbers.step_pct;
    parser->style.load_si_pct = numbers.load_pct;
    return append(parser, SCRIPT_WALK) != NULL;
}

static bool read_report_word(struct parser *parser, char *word, struct wire_report *report)
{
    char *value = value_of(word);
    double n = 0;
    int choice = 0;
    if (value == NULL)
        return fail(parser, "'%.40s' is not key=value", word);
    if (strcmp(word, "pain") == 0) {
        if (!number(parser, "pain", value, 0, 10, &n))
            return false;
        report->pain_nrs = (int8_t)n;
        return true;
    }
    if (strcmp(word, "mood") == 0) {
        if (!number(parser, "mood", value, 1, 5, &n))
            return false;
        report->mood = (int8_t)n;
        return true;
    }
    switch (script_choice(word, value, &choice)) {
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
    case CHOICE_BUTTON:
    case CHOICE_NO_VALUE:
        return fail(parser, "%s=%.40s is not one of its values", word, value);
    case CHOICE_NO_KEY:
        break;
    }
    return fail(parser, "no key '%.40s' in a report", word);
}

static bool verb_report(struct parser *parser)
{
    if (parser->words_n < 4)
        return fail(parser, "report what? e.g. report pain=3 place=back");
    struct script_event *event = append(parser, SCRIPT_REPORT);
    if (event == NULL)
        return false;
    event->report.pain_nrs = event->report.mood = -1;
    for (unsigned i = 3; i < parser->words_n; i++)
        if (!read_report_word(parser, parser->words[i], &event->report))
            return false;
    return true;
}

static bool verb_button(struct parser *parser)
{
    int button = 0;
    double press_ms = 100; /* a tap */
    if (parser->words_n < 4 || script_choice("button", parser->words[3], &button) != CHOICE_BUTTON)
        return fail(parser, "which button? ok, help, stop, moved_down, leg_heavy, unwell, flare or "
                            "no_coaching");
    struct script_event *event = append(parser, SCRIPT_REPORT);
    if (event == NULL)
        return false;
    if (parser->words_n > 4) {
        char *value = value_of(parser->words[4]);
        if (value == NULL || strcmp(parser->words[4], "ms") != 0 || parser->words_n > 5)
            return fail(parser, "after the button only ms=<how long it is held>");
        if (!number(parser, "ms", value, 1, 60000, &press_ms))
            return false;
    }
    event->report.pain_nrs = event->report.mood = -1;
    event->report.button = (Stride__V1__Button)button;
    event->report.press_ms = (uint32_t)press_ms;
    /* A report leaves when the button is let go. */
    event->at_s += press_ms / 1000;
    return true;
}

static bool find_gear(const char *word, enum gear_kind *out)
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

static bool verb_fault(struct parser *parser)
{
    enum gear_kind gear;
    if (parser->words_n < 5 || !find_gear(parser->words[3], &gear))
        return fail(parser, "fault of which device? left_insole, right_insole, wrist or treadmill, "
                            "then what");
    const struct script_fault *fault = script_fault_find(parser->words[4]);
    if (fault == NULL)
        return fail(parser, "no fault '%.40s'", parser->words[4]);
    struct script_event *event = append(parser, SCRIPT_FAULT);
    if (event == NULL)
        return false;
    event->gear = gear;
    event->fault = fault->kind;
    if (fault->key == NULL)
        return parser->words_n == 5 || fail(parser, "fault %s takes no value", fault->name);
    char *value = parser->words_n == 6 ? value_of(parser->words[5]) : NULL;
    if (value == NULL || strcmp(parser->words[5], fault->key) != 0)
        return fail(parser, "fault %s takes %s=<%g to %g>", fault->name, fault->key, fault->min,
                    fault->max);
    return number(parser, fault->key, value, fault->min, fault->max, &event->amount);
}

static bool parse_at(struct parser *parser)
{
    static const struct {
        const char *name;
        bool (*read)(struct parser *);
    } verbs[] = {{"stand", verb_stand}, {"sit", verb_sit},       {"walk", verb_walk},
                 {"limp", verb_limp},   {"report", verb_report}, {"button", verb_button},
                 {"fault", verb_fault}, {"end", verb_end}};
    if (parser->words_n < 3)
        return fail(parser, "an event is: at M:SS what ...");
    char *end;
    const char *text = parser->words[1];
    unsigned long minutes = strtoul(text, &end, 10);
    char *seconds_end = end;
    double seconds =
        *end == ':' && isdigit((unsigned char)end[1]) ? strtod(end + 1, &seconds_end) : -1;
    if (!isdigit((unsigned char)text[0]) || *end != ':' || *seconds_end != '\0' ||
        !(seconds >= 0 && seconds < 60) || minutes > SCRIPT_DURATION_MAX_S / 60)
        return fail(parser, "'%.40s' is not a time M:SS", text);
    double at_s = (double)minutes * 60 + seconds;
    if (at_s < parser->at_s)
        return fail(parser, "%.40s is before the line above", text);
    parser->at_s = at_s;
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
        if (strcmp(parser->words[2], verbs[i].name) == 0)
            return verbs[i].read(parser);
    return fail(parser, "'%.40s' is none of stand, sit, walk, limp, report, button, fault, end",
                parser->words[2]);
}

static bool parse_wearer(struct parser *parser)
{
    struct script *script = parser->script;
    struct script_person person = {
        .height_m = script->height_m, .mass_kg = script->mass_kg, .birth_year = script->birth_year};
    unsigned kept = 1;
    for (unsigned i = 1; i < parser->words_n; i++) {
        if (strncmp(parser->words[i], "stage=", 6) == 0)
            snprintf(script->stage, sizeof(script->stage), "%s", parser->words[i] + 6);
        else if (strncmp(parser->words[i], "name=", 5) == 0)
            snprintf(script->name, sizeof(script->name), "%s", parser->words[i] + 5);
        else
            parser->words[kept++] = parser->words[i];
    }
    parser->words_n = kept;
    if (!script_stage_known(script->stage))
        return fail(parser, "stage is M1, M2, P1, P2, P3, P4, G30 or K");
    if (!read_numbers(parser, 1, script_person_keys, &person))
        return false;
    script->height_m = person.height_m;
    script->mass_kg = person.mass_kg;
    script->birth_year = (int)person.birth_year;
    return true;
}

static bool parse_devices(struct parser *parser)
{
    if (parser->words_n < 2)
        return fail(parser, "devices is followed by some of left right wrist treadmill");
    memset(parser->script->worn, 0, sizeof(parser->script->worn));
    for (unsigned i = 1; i < parser->words_n; i++) {
        enum gear_kind gear;
        if (!find_gear(parser->words[i], &gear))
            return fail(parser, "'%.40s' is none of left, right, wrist, treadmill",
                        parser->words[i]);
        parser->script->worn[gear] = true;
    }
    return true;
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
        if (parser->words_n == WORDS_MAX)
            return fail(parser, "more than %d words", WORDS_MAX);
        parser->words[parser->words_n++] = word;
    }
    if (parser->words_n == 0)
        return true;
    if (parser->script->end_s > 0)
        return fail(parser, "nothing may follow the end");
    if (strcmp(parser->words[0], "at") == 0)
        return parse_at(parser);
    if (parser->script->events_n > 0)
        return fail(parser, "'%.40s' must come before the first event", parser->words[0]);
    if (strcmp(parser->words[0], "wearer") == 0)
        return parse_wearer(parser);
    if (strcmp(parser->words[0], "devices") == 0)
        return parse_devices(parser);
    return fail(parser, "a line starts with wearer, devices or at, not '%.40s'", parser->words[0]);
}

/* Reports wait for their button's release, so they may have moved past later lines. */
static void sort_events(struct script *script)
{
    for (unsigned i = 1; i < script->events_n; i++) {
        struct script_event event = script->events[i];
        unsigned j = i;
        for (; j > 0 && script->events[j - 1].at_s > event.at_s; j--)
            script->events[j] = script->events[j - 1];
        script->events[j] = event;
    }
}

bool script_parse(const char *text, size_t size, struct script *out, struct script_error *error)
{
    struct parser parser = {
        .script = out,
        .error = error,
        .style = {.speed_mps = 1.3, .cv_pct = 2, .arm_deg = 40, .left_is_sore = true}};
    memset(out, 0, sizeof(*out));
    *out = (struct script){.height_m = 1.72,
                           .mass_kg = 74,
                           .birth_year = 1974,
                           .stage = "P1",
                           .worn = {true, true, true, true}};
    *error = (struct script_error){0};
    for (size_t at = 0; at < size;) {
        char line[LINE_SIZE];
        const char *newline = memchr(text + at, '\n', size - at);
        size_t length = newline != NULL ? (size_t)(newline - text) - at : size - at;
        error->line++;
        if (length >= LINE_SIZE || memchr(text + at, '\0', length) != NULL)
            return fail(&parser, "not a line of text of at most %d characters", LINE_SIZE - 1);
        memcpy(line, text + at, length);
        line[length] = '\0';
        if (!parse_line(&parser, line))
            return false;
        at += length + 1;
    }
    error->line = 0;
    if (out->end_s <= 0)
        return fail(&parser, "there is no 'at M:SS end' with a time after 0:00");
    if (out->end_s > SCRIPT_DURATION_MAX_S)
        return fail(&parser, "longer than a day");
    sort_events(out);
    return true;
}

double script_expected_cadence(double speed_mps, double height_m)
{
    return sqrt(60 * speed_mps / (0.00387 * height_m));
}
