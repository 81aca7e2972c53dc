/* Numbers of a text as words of a language. */
#include <math.h>

#include "hub/app/texts.h"
#include "hub/core/plan.h"

static const char *whole(int value, char *out, size_t size)
{
    snprintf(out, size, "%d", value);
    return out;
}

/* To ten metres below a kilometre: nobody measures a walk to the metre. */
static const char *distance(float metres, enum locale locale, char *out, size_t size)
{
    const int tens = (int)lroundf(metres / 10), hundreds = (int)lroundf(metres / 100);
    if (tens < 100)
        snprintf(out, size, "%d m", tens * 10);
    else
        snprintf(out, size, "%d%c%d km", hundreds / 10, locale == LOCALE_DE ? ',' : '.',
                 hundreds % 10);
    return out;
}

static const char *surface(uint8_t number, enum locale locale)
{
    static const int phrases[PLAN_SURFACES] = {
        [PLAN_TRACK] = PHRASE_SURFACE_TRACK, [PLAN_TRAIL] = PHRASE_SURFACE_TRAIL,
        [PLAN_BELT] = PHRASE_SURFACE_BELT,   [PLAN_CONCRETE] = PHRASE_SURFACE_CONCRETE,
        [PLAN_GRASS] = PHRASE_SURFACE_GRASS, [PLAN_FLOOR] = PHRASE_SURFACE_FLOOR,
    };
    return number < PLAN_SURFACES ? texts_words(phrases[number], locale) : NULL;
}

void texts_numbers(const struct text_numbers *numbers, enum locale locale, struct text_words *words,
                   struct text_values *values)
{
    const unsigned known = numbers->known;
    if ((known & NUMBER_METRES) != 0)
        values->distance =
            distance(numbers->metres, locale, words->distance, sizeof(words->distance));
    if ((known & NUMBER_N) != 0)
        values->n = whole(numbers->n, words->n, sizeof(words->n));
    if ((known & NUMBER_MIN) != 0)
        values->minutes = whole(numbers->min, words->minutes, sizeof(words->minutes));
    if ((known & NUMBER_MIN_NEXT) != 0)
        values->minutes_next =
            whole(numbers->min_next, words->minutes_next, sizeof(words->minutes_next));
    if ((known & NUMBER_NRS) != 0)
        values->nrs = whole(numbers->nrs, words->nrs, sizeof(words->nrs));
    if ((known & NUMBER_NRS_START) != 0)
        values->nrs_start = whole(numbers->nrs_start, words->nrs_start, sizeof(words->nrs_start));
    if ((known & NUMBER_NRS_END) != 0)
        values->nrs_end = whole(numbers->nrs_end, words->nrs_end, sizeof(words->nrs_end));
    if ((known & NUMBER_SURFACE) != 0)
        values->surface = surface(numbers->surface, locale);
}
