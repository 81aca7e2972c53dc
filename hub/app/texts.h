/* What the hub says, in the wearer's or the caregiver's language.
 *
 * In: a text id and what stands for its placeholders. Out: words of hub/app/texts/<language>.txt,
 * at most TEXT_LENGTH_MAX characters where somebody reads them on a device. The files are compiled
 * in: an unknown or doubled id is an error of the build that names the line. Pure. */
#ifndef STRIDE_HUB_APP_TEXTS_H
#define STRIDE_HUB_APP_TEXTS_H

#include "hub/core/effect.h"

/* Characters of a name and of a distance, rule book 5.6. */
enum { TEXTS_NAME_LENGTH_MAX = 12, TEXTS_DISTANCE_LENGTH_MAX = 7, TEXTS_HELPLINE_LENGTH_MAX = 31 };

enum locale { LOCALE_EN = 0, LOCALE_DE, LOCALES };
/* The language of that name ("en", "de"), or LOCALES. */
enum locale locale_find(const char *name);
/* The same, but English where it is none: what a wearer of that locale reads. */
enum locale locale_or_english(const char *name);

/* What stands for placeholders; NULL or "" = not known: a name then reads "Somebody", any other
 * placeholder is left out. Values longer than their place are cut between characters. */
struct text_values {
    const char *name, *device, *distance, *n, *minutes, *minutes_next, *nrs, *nrs_start, *nrs_end,
        *surface, *time, *emergency_number, *helpline;
};

/* Numbers as words of a language: what `values` points to while a text is filled. */
struct text_words {
    char distance[32], n[12], minutes[12], minutes_next[12], nrs[12], nrs_start[12], nrs_end[12];
};
/* Sets the values that `numbers` knows: "850 m" below a kilometre, else "1.2 km". `words` has to
 * live as long as `values` is used. */
void texts_numbers(const struct text_numbers *numbers, enum locale locale, struct text_words *words,
                   struct text_values *values);

/* With its placeholders; "" for TEXT_NONE. */
const char *texts_raw(enum text text, enum locale locale);
/* Returns the length in bytes, as snprintf does. */
size_t texts_fill(enum text text, enum locale locale, const struct text_values *values, char *out,
                  size_t size);
/* {device}; "" for DEVICE_WORD_NONE. */
const char *texts_device(uint8_t device_word, enum locale locale);
/* As it is read on a device. `name`: who {name} is, where the prompt names an account. */
size_t texts_prompt(const struct effect_prompt *prompt, enum locale locale, const char *name,
                    const char *emergency_number, char *out, size_t size);
/* What a digest calls a rule; RULE_NONE = a red flag whose rule stays home. "" where caregivers
 * read nothing of it. */
const char *texts_title(enum rule rule, enum locale locale);
/* What a caregiver is told of an alert: by its rule where what happened may leave the home (5.8),
 * else by its urgency alone. `late`: it happened more than a quarter of an hour ago. */
size_t texts_notice(const struct alert *alert, bool late, enum locale locale,
                    const struct text_values *values, char *out, size_t size);
/* Rule book 5.7, under every record, and C18's helpline, if one is known (NULL or "" = none). */
enum { TEXTS_DISCLAIMER_SIZE = 512 };
size_t texts_disclaimer(enum locale locale, const char *emergency_number, const char *helpline,
                        char *out, size_t size);

/* What is in the files beside the texts of the core. */
/* clang-format off */
#define PHRASE_LIST(X) \
    X(PHRASE_NOTICE_EMERGENCY) \
    X(PHRASE_NOTICE_EMERGENCY_LATE) \
    X(PHRASE_NOTICE_SAME_DAY) \
    X(PHRASE_NOTICE_SAME_DAY_LATE) \
    X(PHRASE_NOTICE_URGENT) \
    X(PHRASE_NOTICE_URGENT_LATE) \
    X(PHRASE_NOTICE_HELP) \
    X(PHRASE_NOTICE_HELP_LATE) \
    X(PHRASE_NOTICE_HELP_CANCELLED) \
    X(PHRASE_NOTICE_FALL) \
    X(PHRASE_NOTICE_FALL_LATE) \
    X(PHRASE_NOTICE_FALL_CANCELLED) \
    X(PHRASE_NOTICE_FALL_HELP) \
    X(PHRASE_NOTICE_FALL_HELP_LATE) \
    X(PHRASE_NOTICE_STILL) \
    X(PHRASE_NOTICE_STILL_LATE) \
    X(PHRASE_NOTICE_BELT) \
    X(PHRASE_NOTICE_BELT_LATE) \
    X(PHRASE_NOTICE_HEART) \
    X(PHRASE_NOTICE_HEART_LATE) \
    X(PHRASE_NOTICE_NO_ANSWER) \
    X(PHRASE_NOTICE_NO_ANSWER_LATE) \
    X(PHRASE_NOTICE_ACCEPTED) \
    X(PHRASE_NOTICE_RESOLVED) \
    X(PHRASE_NOTICE_CANCELLED) \
    X(PHRASE_NOTICE_OTHER) \
    X(PHRASE_DIGEST_DAY) \
    X(PHRASE_DIGEST_WEEK) \
    X(PHRASE_DIGEST_WEEK_PAIN) \
    X(PHRASE_NOBODY_SOMEBODY) \
    X(PHRASE_NOBODY_DEVICE) \
    X(PHRASE_NOBODY_WALKER) \
    X(PHRASE_DEVICE_INSOLE) \
    X(PHRASE_DEVICE_LEFT_INSOLE) \
    X(PHRASE_DEVICE_RIGHT_INSOLE) \
    X(PHRASE_DEVICE_WRIST) \
    X(PHRASE_DEVICE_TREADMILL) \
    X(PHRASE_TITLE_RED_FLAG) \
    X(PHRASE_TITLE_R11) \
    X(PHRASE_TITLE_P02) \
    X(PHRASE_TITLE_P03) \
    X(PHRASE_TITLE_P05) \
    X(PHRASE_TITLE_P06) \
    X(PHRASE_TITLE_T1) \
    X(PHRASE_TITLE_F07) \
    X(PHRASE_TITLE_S01) \
    X(PHRASE_TITLE_S03) \
    X(PHRASE_TITLE_S04) \
    X(PHRASE_TITLE_S06) \
    X(PHRASE_TITLE_S08) \
    X(PHRASE_TITLE_C10) \
    X(PHRASE_SURFACE_TRACK) \
    X(PHRASE_SURFACE_TRAIL) \
    X(PHRASE_SURFACE_BELT) \
    X(PHRASE_SURFACE_CONCRETE) \
    X(PHRASE_SURFACE_GRASS) \
    X(PHRASE_SURFACE_FLOOR) \
    X(PHRASE_DISCLAIMER) \
    X(PHRASE_HELPLINE)
/* clang-format on */
enum phrase {
    PHRASE_BEFORE_FIRST = TEXT_COUNT - 1,
#define PHRASE_ENUM(phrase) phrase,
    PHRASE_LIST(PHRASE_ENUM)
#undef PHRASE_ENUM
        PHRASE_COUNT
};
/* As texts_fill, of an enum phrase. */
size_t texts_phrase(int phrase, enum locale locale, const struct text_values *values, char *out,
                    size_t size);
/* Words of a text or phrase; NULL if the file lacks it (a test sees to it that none does). */
const char *texts_words(int text_or_phrase, enum locale locale);

#endif
