/* The compiled catalogue. What the tables include says its own lines; nothing follows them. */
#include "hub/app/texts.h"

static const char *const catalogue[LOCALES][PHRASE_COUNT];

const char *texts_words(int text_or_phrase, enum locale locale)
{
    const bool known = text_or_phrase > TEXT_NONE && text_or_phrase < PHRASE_COUNT;
    return known && locale < LOCALES ? catalogue[locale][text_or_phrase] : NULL;
}

static const char *const catalogue[LOCALES][PHRASE_COUNT] = {
    [LOCALE_EN] =
        {
#include <texts_en.inc>
        },
    [LOCALE_DE] =
        {
#include <texts_de.inc>
        },
};
