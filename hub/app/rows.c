#include "hub/app/rows.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void open_table(struct rows *rows)
{
    if (rows->begun)
        return;
    rows->begun = true;
    if (rows->json) {
        fputc('[', stdout);
        return;
    }
    for (int i = 0; rows->head[i] != NULL; i++)
        printf("%s%s", i > 0 ? "," : "", rows->head[i]);
    fputc('\n', stdout);
}

void rows_begin(struct rows *rows)
{
    const bool first = !rows->begun;
    open_table(rows);
    if (rows->json)
        fputs(first ? "\n{" : ",\n{", stdout);
    rows->column = 0;
    rows->filled = false;
}

/* Comma and key; false when an unknown value prints nothing. */
static bool field(struct rows *rows, bool known)
{
    const char *name = rows->head[rows->column];
    assert(name != NULL);
    if (!rows->json && rows->column > 0)
        fputc(',', stdout);
    if (rows->json && known)
        printf("%s\"%s\":", rows->filled ? "," : "", name);
    rows->filled = rows->filled || known;
    rows->column++;
    return known;
}

void rows_text(struct rows *rows, const char *text)
{
    if (!field(rows, text[0] != '\0'))
        return;
    const bool quoted = rows->json || strpbrk(text, ",\"") != NULL;
    if (quoted)
        fputc('"', stdout);
    for (; *text != '\0'; text++) {
        if (*text == '"' || (rows->json && *text == '\\'))
            fputc(rows->json ? '\\' : '"', stdout);
        fputc(*text, stdout);
    }
    if (quoted)
        fputc('"', stdout);
}

void rows_number(struct rows *rows, double value, int digits)
{
    if (field(rows, isfinite(value)))
        printf("%.*g", digits, value);
}

void rows_ns(struct rows *rows, int64_t ns)
{
    const uint64_t size = ns < 0 ? (uint64_t)-ns : (uint64_t)ns;
    if (field(rows, true))
        printf("%s%" PRIu64 ".%09" PRIu64, ns < 0 ? "-" : "", size / 1000000000, size % 1000000000);
}

void rows_end(struct rows *rows)
{
    assert(rows->head[rows->column] == NULL);
    fputs(rows->json ? "}" : "\n", stdout);
}

void rows_close(struct rows *rows, bool ok)
{
    if (ok)
        open_table(rows);
    if (rows->begun && rows->json)
        fputs("\n]\n", stdout);
}
