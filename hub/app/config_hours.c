/* Hours of the day and duties as the configuration writes them:
 *   quiet_hours = 21:30-07:30        duty = mon-fri 08:00-18:00, sat 10:00-14:00 */
#include <ctype.h>

#include "hub/app/config_table.h"

enum { WEEK_DAYS = 7, ALL_DAYS = 0x7f };

/* Two digits, or -1. */
static int two_digits(const char *text)
{
    return isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1])
               ? (text[0] - '0') * 10 + (text[1] - '0')
               : -1;
}

/* "HH:MM", up to 24:00 where `end`; -1 when it is none. */
static int clock_minute(const char *text, bool end)
{
    const int hour = two_digits(text);
    if (hour < 0 || text[2] != ':')
        return -1;
    const int minute = two_digits(text + 3);
    const int of_day = hour * 60 + minute;
    if (minute < 0 || minute > 59 || of_day > (end ? DAY_MINUTES : DAY_MINUTES - 1))
        return -1;
    return of_day;
}

bool config_hours(const char *text, uint16_t *from_min, uint16_t *until_min)
{
    enum { LENGTH = sizeof("21:30-07:30") - 1 };
    if (strlen(text) != LENGTH || text[5] != '-')
        return false;
    const int from = clock_minute(text, false), until = clock_minute(text + 6, true);
    if (from < 0 || until < 0)
        return false;
    *from_min = (uint16_t)from;
    *until_min = (uint16_t)until;
    return true;
}

static int weekday(const char *text)
{
    static const char *const days[WEEK_DAYS] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
    for (int i = 0; i < WEEK_DAYS; i++) {
        if (strncmp(text, days[i], 3) == 0)
            return i;
    }
    return -1;
}

/* "daily", "sat" or "mon-fri"; 0 when it is none. */
static uint8_t day_mask(const char *text, size_t length)
{
    if (length == 5 && strncmp(text, "daily", 5) == 0)
        return ALL_DAYS;
    if (length != 3 && (length != 7 || text[3] != '-'))
        return 0;
    const int first = weekday(text), last = weekday(text + length - 3);
    if (first < 0 || last < 0)
        return 0;
    unsigned mask = 0;
    for (int day = first;; day = (day + 1) % WEEK_DAYS) {
        mask |= 1U << day;
        if (day == last)
            return (uint8_t)mask;
    }
}

bool config_duties(const char *text, struct wire_caregiver *out)
{
    const char *list = text;
    char item[64];
    out->duties_n = 0;
    while (config_next_item(&list, item, sizeof(item))) {
        const size_t days = strcspn(item, " \t");
        const char *hours = item + days + strspn(item + days, " \t");
        if (out->duties_n == CAREGIVER_DUTIES_MAX)
            return false;
        struct wire_duty *duty = &out->duties[out->duties_n++];
        duty->days = day_mask(item, days);
        if (duty->days == 0 || !config_hours(hours, &duty->from_min, &duty->until_min))
            return false;
    }
    return *list == '\0' && (text[0] == '\0' || out->duties_n > 0);
}
