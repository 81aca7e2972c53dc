/* Words on a page for people: paragraphs broken at spaces, amounts and times as people write them.
 * Pure but for the stream. */
#ifndef STRIDE_HUB_APP_PAGE_H
#define STRIDE_HUB_APP_PAGE_H

#include <stdint.h>
#include <stdio.h>

enum { PAGE_WIDE = 100 /* columns */ };

/* `label`, then `text` from column `indent` on, its later lines under its first one. A label that
 * reaches into the text's column pushes only the first line. */
void page_paragraph(FILE *out, const char *label, int indent, const char *text);
/* "8 %", "0.8 m/s", "3": as few digits as say it. */
void page_amount(double value, const char *unit, char *out, size_t size);
/* "14:05:09" in local time; "-" for 0. */
void page_clock(int64_t utc_ms, int tz_offset_min, char *out, size_t size);
/* The same without seconds. */
void page_minute(int64_t utc_ms, int tz_offset_min, char *out, size_t size);
/* "2026-11-30 14:05:09" in local time. */
void page_date(int64_t utc_ms, int tz_offset_min, char *out, size_t size);
/* "4 s", "1 min 5 s", "2 h 3 min", "30 days". */
void page_span(double s, char *out, size_t size);

#endif
