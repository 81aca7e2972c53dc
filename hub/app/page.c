#include "hub/app/page.h"

#include <math.h>
#include <string.h>
#include <time.h>

/* Bytes of the first `columns` characters or fewer, cut at a space where there is one. */
static size_t line_bytes(const char *text, int columns)
{
    size_t bytes = 0, cut = 0;
    int used = 0;
    while (text[bytes] != '\0' && used < columns) {
        if (text[bytes] == ' ')
            cut = bytes;
        bytes++;
        while (((unsigned char)text[bytes] & 0xc0) == 0x80)
            bytes++;
        used++;
    }
    if (text[bytes] == '\0' || text[bytes] == ' ' || cut == 0)
        return bytes;
    return cut;
}

void page_paragraph(FILE *out, const char *label, int indent, const char *text)
{
    int at = fprintf(out, "%-*s", indent, label);
    do {
        const size_t bytes = line_bytes(text, PAGE_WIDE - (at > indent ? at : indent));
        size_t shown = bytes;
        while (shown > 0 && text[shown - 1] == ' ')
            shown--;
        fprintf(out, "%.*s\n", (int)shown, text);
        text += bytes;
        text += strspn(text, " ");
        at = indent;
        if (*text != '\0')
            fprintf(out, "%*s", indent, "");
    } while (*text != '\0');
}

void page_amount(double value, const char *unit, char *out, size_t size)
{
    snprintf(out, size, "%.6g%s%s", value, unit[0] != '\0' ? " " : "", unit);
}

static struct tm local(int64_t utc_ms, int tz_offset_min)
{
    const time_t seconds = (time_t)(utc_ms / 1000 + tz_offset_min * INT64_C(60));
    struct tm tm;
    memset(&tm, 0, sizeof(tm));
    (void)gmtime_r(&seconds, &tm);
    return tm;
}

void page_clock(int64_t utc_ms, int tz_offset_min, char *out, size_t size)
{
    const struct tm tm = local(utc_ms, tz_offset_min);
    if (utc_ms == 0 || strftime(out, size, "%H:%M:%S", &tm) == 0)
        snprintf(out, size, "-");
}

void page_minute(int64_t utc_ms, int tz_offset_min, char *out, size_t size)
{
    const struct tm tm = local(utc_ms, tz_offset_min);
    if (utc_ms == 0 || strftime(out, size, "%H:%M", &tm) == 0)
        snprintf(out, size, "-");
}

void page_date(int64_t utc_ms, int tz_offset_min, char *out, size_t size)
{
    const struct tm tm = local(utc_ms, tz_offset_min);
    if (utc_ms == 0 || strftime(out, size, "%Y-%m-%d %H:%M:%S", &tm) == 0)
        snprintf(out, size, "-");
}

void page_span(double s, char *out, size_t size)
{
    const long whole = lround(s);
    if (s < 10 && s != floor(s))
        snprintf(out, size, "%.1f s", s);
    else if (whole < 60)
        snprintf(out, size, "%ld s", whole);
    else if (whole < 3600 && whole % 60 == 0)
        snprintf(out, size, "%ld min", whole / 60);
    else if (whole < 3600)
        snprintf(out, size, "%ld min %ld s", whole / 60, whole % 60);
    else if (whole >= 2 * 86400 && whole % 86400 < 3600)
        snprintf(out, size, "%ld days", whole / 86400);
    else if (whole % 3600 < 60)
        snprintf(out, size, "%ld h", whole / 3600);
    else
        snprintf(out, size, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
}
