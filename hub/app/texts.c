#include "hub/app/texts.h"

#include "hub/core/effect.h"

static const char *const locale_names[LOCALES] = {"en", "de"};

enum locale locale_find(const char *name)
{
    for (unsigned i = 0; i < LOCALES; i++) {
        if (strcmp(locale_names[i], name) == 0)
            return (enum locale)i;
    }
    return LOCALES;
}

enum locale locale_or_english(const char *name)
{
    const enum locale locale = locale_find(name);
    return locale == LOCALES ? LOCALE_EN : locale;
}

const char *texts_raw(enum text text, enum locale locale)
{
    const char *words = text < TEXT_COUNT ? texts_words((int)text, locale) : NULL;
    return words == NULL ? "" : words;
}

/* ---------------------------------------------------------------- placeholders */

/* Bytes of the first `characters` characters. */
static size_t cut_length(const char *text, size_t characters)
{
    size_t bytes = 0;
    while (text[bytes] != '\0') {
        if (((unsigned char)text[bytes] & 0xc0) != 0x80 && characters-- == 0)
            break;
        bytes++;
    }
    return bytes;
}

struct placeholder {
    const char *mark;
    size_t offset; /* of its value in struct text_values */
    size_t length_max;
    int unknown; /* phrase that stands for it when it is not known; 0 = nothing does */
};

/* Longest: 365 days, 120 minutes, 10 of 10, "concrete", 23:59, 15 digits of a number. */
#define PLACE(field) offsetof(struct text_values, field)
static const struct placeholder placeholders[] = {
    {"{name}", PLACE(name), TEXTS_NAME_LENGTH_MAX, PHRASE_NOBODY_SOMEBODY},
    {"{device}", PLACE(device), TEXTS_NAME_LENGTH_MAX, PHRASE_NOBODY_DEVICE},
    {"{dist}", PLACE(distance), TEXTS_DISTANCE_LENGTH_MAX, 0},
    {"{n}", PLACE(n), 5, 0},
    {"{min}", PLACE(minutes), 3, 0},
    {"{min2}", PLACE(minutes_next), 3, 0},
    {"{nrs}", PLACE(nrs), 2, 0},
    {"{nrs0}", PLACE(nrs_start), 2, 0},
    {"{nrs1}", PLACE(nrs_end), 2, 0},
    {"{surface}", PLACE(surface), 12, 0},
    {"{time}", PLACE(time), 5, 0},
    {"{EM}", PLACE(emergency_number), 15, 0},
    {"{helpline}", PLACE(helpline), TEXTS_HELPLINE_LENGTH_MAX, 0},
};
#undef PLACE

static const struct placeholder *placeholder_at(const char *text)
{
    for (size_t i = 0; i < sizeof(placeholders) / sizeof(placeholders[0]); i++) {
        if (strncmp(text, placeholders[i].mark, strlen(placeholders[i].mark)) == 0)
            return &placeholders[i];
    }
    return NULL;
}

static const char *value_of(const struct placeholder *place, const struct text_values *values,
                            enum locale locale)
{
    const char *value = NULL;
    if (values != NULL)
        memcpy(&value, (const char *)values + place->offset, sizeof(value));
    if (value != NULL && value[0] != '\0')
        return value;
    const char *unknown = texts_words(place->unknown, locale);
    return unknown == NULL ? "" : unknown;
}

/* As snprintf: writes what fits, returns the whole length. */
static size_t fill(const char *raw, enum locale locale, const struct text_values *values, char *out,
                   size_t size)
{
    size_t length = 0;
    while (*raw != '\0') {
        const struct placeholder *place = *raw == '{' ? placeholder_at(raw) : NULL;
        const char *piece = place == NULL ? raw : value_of(place, values, locale);
        const size_t n = place == NULL ? 1 : cut_length(piece, place->length_max);
        for (size_t i = 0; i < n; i++, length++) {
            if (length + 1 < size)
                out[length] = piece[i];
        }
        raw += place == NULL ? 1 : strlen(place->mark);
    }
    if (size > 0)
        out[length < size ? length : size - 1] = '\0';
    return length;
}

size_t texts_fill(enum text text, enum locale locale, const struct text_values *values, char *out,
                  size_t size)
{
    return fill(texts_raw(text, locale), locale, values, out, size);
}

size_t texts_phrase(int phrase, enum locale locale, const struct text_values *values, char *out,
                    size_t size)
{
    const char *words = texts_words(phrase, locale);
    return fill(words == NULL ? "" : words, locale, values, out, size);
}

size_t texts_disclaimer(enum locale locale, const char *emergency_number, const char *helpline,
                        char *out, size_t size)
{
    const struct text_values values = {.emergency_number = emergency_number, .helpline = helpline};
    size_t length = texts_phrase(PHRASE_DISCLAIMER, locale, &values, out, size);
    if (helpline == NULL || helpline[0] == '\0' || length + 1 >= size)
        return length;
    out[length++] = ' ';
    return length + texts_phrase(PHRASE_HELPLINE, locale, &values, out + length, size - length);
}

const char *texts_device(uint8_t device_word, enum locale locale)
{
    static const int phrases[DEVICE_WORDS] = {
        [DEVICE_WORD_INSOLE] = PHRASE_DEVICE_INSOLE,
        [DEVICE_WORD_LEFT_INSOLE] = PHRASE_DEVICE_LEFT_INSOLE,
        [DEVICE_WORD_RIGHT_INSOLE] = PHRASE_DEVICE_RIGHT_INSOLE,
        [DEVICE_WORD_WRIST] = PHRASE_DEVICE_WRIST,
        [DEVICE_WORD_TREADMILL] = PHRASE_DEVICE_TREADMILL,
    };
    const char *words = device_word < DEVICE_WORDS ? texts_words(phrases[device_word], locale) : "";
    return words == NULL ? "" : words;
}

size_t texts_prompt(const struct effect_prompt *prompt, enum locale locale, const char *name,
                    const char *emergency_number, char *out, size_t size)
{
    struct text_values values = {.name = name,
                                 .device = texts_device(prompt->device, locale),
                                 .emergency_number = emergency_number};
    struct text_words words;
    texts_numbers(&prompt->numbers, locale, &words, &values);
    return texts_fill((enum text)prompt->text, locale, &values, out, size);
}

/* ---------------------------------------------------------------- caregivers */

const char *texts_title(enum rule rule, enum locale locale)
{
    static const int phrases[RULE_COUNT] = {
        [RULE_NONE] = PHRASE_TITLE_RED_FLAG, [RULE_R11] = PHRASE_TITLE_R11,
        [RULE_P02] = PHRASE_TITLE_P02,       [RULE_P03] = PHRASE_TITLE_P03,
        [RULE_P05] = PHRASE_TITLE_P05,       [RULE_P06] = PHRASE_TITLE_P06,
        [RULE_T1] = PHRASE_TITLE_T1,         [RULE_F07] = PHRASE_TITLE_F07,
        [RULE_S01] = PHRASE_TITLE_S01,       [RULE_S03] = PHRASE_TITLE_S03,
        [RULE_S04] = PHRASE_TITLE_S04,       [RULE_S06] = PHRASE_TITLE_S06,
        [RULE_S08] = PHRASE_TITLE_S08,       [RULE_C10] = PHRASE_TITLE_C10,
    };
    const char *words = rule < RULE_COUNT ? texts_words(phrases[rule], locale) : NULL;
    return words == NULL ? "" : words;
}

struct notice {
    int raised, late, cancelled;
};

static const struct notice by_urgency[URGENCIES] = {
    [URGENCY_NONE] = {PHRASE_NOTICE_OTHER, PHRASE_NOTICE_OTHER, PHRASE_NOTICE_CANCELLED},
    [URGENCY_EMERGENCY] = {PHRASE_NOTICE_EMERGENCY, PHRASE_NOTICE_EMERGENCY_LATE,
                           PHRASE_NOTICE_CANCELLED},
    [URGENCY_SAME_DAY] = {PHRASE_NOTICE_SAME_DAY, PHRASE_NOTICE_SAME_DAY_LATE,
                          PHRASE_NOTICE_CANCELLED},
    [URGENCY_URGENT] = {PHRASE_NOTICE_URGENT, PHRASE_NOTICE_URGENT_LATE, PHRASE_NOTICE_CANCELLED},
};

/* Rule book 5.2 and 5.8: what happened is told; what was answered stays in the home. */
static const struct {
    enum rule rule;
    struct notice notice;
} by_rule[] = {
    {RULE_F07, {PHRASE_NOTICE_HELP, PHRASE_NOTICE_HELP_LATE, PHRASE_NOTICE_HELP_CANCELLED}},
    {RULE_S01, {PHRASE_NOTICE_FALL, PHRASE_NOTICE_FALL_LATE, PHRASE_NOTICE_FALL_CANCELLED}},
    {RULE_S03, {PHRASE_NOTICE_STILL, PHRASE_NOTICE_STILL_LATE, PHRASE_NOTICE_CANCELLED}},
    {RULE_S04, {PHRASE_NOTICE_BELT, PHRASE_NOTICE_BELT_LATE, PHRASE_NOTICE_CANCELLED}},
    {RULE_S06, {PHRASE_NOTICE_HEART, PHRASE_NOTICE_HEART_LATE, PHRASE_NOTICE_CANCELLED}},
    {RULE_T1, {PHRASE_NOTICE_NO_ANSWER, PHRASE_NOTICE_NO_ANSWER_LATE, PHRASE_NOTICE_CANCELLED}},
};

/* Who was asked about a fall and wants help has answered. */
static const struct notice fall_help = {PHRASE_NOTICE_FALL_HELP, PHRASE_NOTICE_FALL_HELP_LATE,
                                        PHRASE_NOTICE_FALL_CANCELLED};

static struct notice notice_of(const struct alert *alert)
{
    if (alert->rule == RULE_S01 && alert->evidence.by_wearer)
        return fall_help;
    for (size_t i = 0; i < sizeof(by_rule) / sizeof(by_rule[0]); i++) {
        if (by_rule[i].rule == (enum rule)alert->rule)
            return by_rule[i].notice;
    }
    return by_urgency[alert->urgency];
}

static int notice_phrase(const struct alert *alert, bool late)
{
    const struct notice notice = notice_of(alert);
    switch (alert->state) {
    case ALERT_ACCEPTED:
        return PHRASE_NOTICE_ACCEPTED;
    case ALERT_RESOLVED:
    case ALERT_EXPIRED:
        return PHRASE_NOTICE_RESOLVED;
    case ALERT_CANCELLED:
        return notice.cancelled;
    default:
        return late ? notice.late : notice.raised;
    }
}

size_t texts_notice(const struct alert *alert, bool late, enum locale locale,
                    const struct text_values *values, char *out, size_t size)
{
    struct text_values known = values == NULL ? (struct text_values){0} : *values;
    if (known.name == NULL || known.name[0] == '\0')
        known.name = texts_words(PHRASE_NOBODY_WALKER, locale);
    return fill(texts_words(notice_phrase(alert, late), locale), locale, &known, out, size);
}
