/* Rows of a table on stdout, one at a time: csv with a head, or an array of JSON objects whose keys
 * are the head's names. What is not known is an empty field in csv and no member in JSON. */
#ifndef STRIDE_HUB_APP_ROWS_H
#define STRIDE_HUB_APP_ROWS_H

#include <stdbool.h>
#include <stdint.h>

struct rows {
    const char *const *head; /* NULL-terminated */
    bool json;
    bool begun; /* head or bracket is printed: with the first row, so that a failure has none */
    unsigned column; /* of the next field */
    bool filled;     /* JSON: this object has a member */
};

void rows_begin(struct rows *rows);
/* One field each, in the head's order. Texts hold no control characters. */
void rows_text(struct rows *rows, const char *text);
void rows_number(struct rows *rows, double value, int digits); /* NAN: not known */
void rows_ns(struct rows *rows, int64_t ns);                   /* as seconds, exactly */
void rows_end(struct rows *rows);
/* `ok`: an empty table is a table too. */
void rows_close(struct rows *rows, bool ok);

#endif
