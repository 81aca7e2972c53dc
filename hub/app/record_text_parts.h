/* What the files that print the page share; nobody else includes this. A line whose value is absent
 * is not printed. */
#ifndef STRIDE_HUB_APP_RECORD_TEXT_PARTS_H
#define STRIDE_HUB_APP_RECORD_TEXT_PARTS_H

#include "hub/app/record_text.h"

enum { PAGE_COLUMNS = 80 };

struct record_words {
    const char *name, *said;
};
/* `name` itself when the list does not know it. */
const char *record_in_words(const struct record_words *list, size_t n, const char *name);
#define RECORD_IN_WORDS(list, name) record_in_words(list, sizeof(list) / sizeof((list)[0]), name)

/* "12:05"; "-" when not known. */
void record_minutes(double s, char *out, size_t size);
void record_line_text(FILE *out, const char *label, const char *value);
void record_line_number(struct json_reader *reader, FILE *out, const char *label, const char *path,
                        int decimals, const char *unit);
void record_line_minutes(struct json_reader *reader, FILE *out, const char *label,
                         const char *path);
/* `label` and `text`, broken at spaces, the text's later lines under its first one. */
void record_paragraph(FILE *out, const char *label, const char *text);

/* ---- record_text_gait.c */
void record_text_speed(struct json_reader *reader, FILE *out);
void record_text_gait(struct json_reader *reader, FILE *out);
void record_text_heart(struct json_reader *reader, FILE *out);

/* ---- record_text_people.c */
void record_text_pain(struct json_reader *reader, FILE *out);
void record_text_alerts(struct json_reader *reader, FILE *out);

#endif
