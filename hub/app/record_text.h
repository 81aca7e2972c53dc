/* A record as a page that a physiotherapist can read, or as field,value lines.
 *
 * In: the record's JSON, so that a record kept for years prints whatever program wrote it. Out:
 * text. What is absent is not printed; what was not evaluated says why. */
#ifndef STRIDE_HUB_APP_RECORD_TEXT_H
#define STRIDE_HUB_APP_RECORD_TEXT_H

#include <stdio.h>

#include "hub/io/json.h"

/* False when the text is no JSON. */
bool record_print_table(struct json_reader *reader, const char *record, FILE *out);
bool record_print_csv(struct json_reader *reader, const char *record, FILE *out);
/* The end reason as people say it; itself when it is not known here. */
const char *record_end_words(const char *end_reason);
/* One line of the list of sessions; the head when `record` is NULL. */
bool record_print_line(struct json_reader *reader, const char *record, FILE *out);
bool record_print_csv_line(struct json_reader *reader, const char *record, FILE *out);

#endif
