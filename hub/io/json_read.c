#include "hub/io/json.h"

#include <math.h>
#include <sqlite3.h>

enum query { QUERY_VALID, QUERY_GET, QUERY_LENGTH, QUERY_LEAVES, QUERIES };

static const char *const query_sql[QUERIES] = {
    [QUERY_VALID] = "SELECT json_valid(?1)",
    [QUERY_GET] = "SELECT json_extract(?1, ?2)",
    [QUERY_LENGTH] = "SELECT json_array_length(?1, ?2)",
    [QUERY_LEAVES] = "SELECT fullkey, atom FROM json_tree(?1) WHERE atom IS NOT NULL",
};

struct json_reader {
    sqlite3 *db;
    sqlite3_stmt *queries[QUERIES];
    const char *text;
    size_t size;
};

struct json_reader *json_reader_open(void)
{
    struct json_reader *reader = calloc(1, sizeof(*reader));
    if (reader == NULL)
        return NULL;
    bool ok = sqlite3_open_v2(":memory:", &reader->db,
                              SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                              NULL) == SQLITE_OK;
    for (int i = 0; ok && i < QUERIES; i++)
        ok = sqlite3_prepare_v2(reader->db, query_sql[i], -1, &reader->queries[i], NULL) ==
             SQLITE_OK;
    if (ok)
        return reader;
    json_reader_close(reader);
    return NULL;
}

void json_reader_close(struct json_reader *reader)
{
    if (reader == NULL)
        return;
    for (int i = 0; i < QUERIES; i++)
        sqlite3_finalize(reader->queries[i]);
    sqlite3_close(reader->db);
    free(reader);
}

/* The query with text and path bound, ready to step. */
static sqlite3_stmt *ask(struct json_reader *reader, enum query query, const char *path)
{
    sqlite3_stmt *statement = reader->queries[query];
    sqlite3_reset(statement);
    sqlite3_bind_text64(statement, 1, reader->text == NULL ? "" : reader->text, reader->size,
                        SQLITE_STATIC, SQLITE_UTF8);
    if (path != NULL)
        sqlite3_bind_text(statement, 2, path, -1, SQLITE_STATIC);
    return statement;
}

static void done(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

bool json_load(struct json_reader *reader, const char *text, size_t size)
{
    reader->text = text;
    reader->size = size;
    static const char escaped_nul[] = "\\u0000";
    /* SQLite would read a text with a NUL, written out or escaped, only up to it. */
    bool valid = size > 0 && memchr(text, '\0', size) == NULL &&
                 memmem(text, size, escaped_nul, sizeof(escaped_nul) - 1) == NULL;
    if (valid) {
        sqlite3_stmt *statement = ask(reader, QUERY_VALID, NULL);
        valid = sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_int(statement, 0) == 1;
        done(statement);
    }
    if (!valid) {
        reader->text = NULL;
        reader->size = 0;
    }
    return valid;
}

bool json_get_string(struct json_reader *reader, const char *path, char *out, size_t size)
{
    out[0] = '\0';
    if (reader->text == NULL)
        return false;
    sqlite3_stmt *statement = ask(reader, QUERY_GET, path);
    bool ok =
        sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) == SQLITE_TEXT;
    if (ok) {
        const char *value = (const char *)sqlite3_column_text(statement, 0);
        const size_t length = (size_t)sqlite3_column_bytes(statement, 0);
        ok = value != NULL && length < size && memchr(value, '\0', length) == NULL;
        if (ok) {
            memcpy(out, value, length);
            out[length] = '\0';
        }
    }
    done(statement);
    return ok;
}

double json_get_number(struct json_reader *reader, const char *path)
{
    if (reader->text == NULL)
        return (double)NAN;
    sqlite3_stmt *statement = ask(reader, QUERY_GET, path);
    double value = (double)NAN;
    if (sqlite3_step(statement) == SQLITE_ROW) {
        const int type = sqlite3_column_type(statement, 0);
        if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
            value = sqlite3_column_double(statement, 0);
    }
    done(statement);
    return value;
}

int json_get_length(struct json_reader *reader, const char *path)
{
    if (reader->text == NULL)
        return 0;
    sqlite3_stmt *statement = ask(reader, QUERY_LENGTH, path);
    const int length = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
    done(statement);
    return length;
}

void json_each_leaf(struct json_reader *reader,
                    void (*leaf)(void *context, const char *path, const char *value), void *context)
{
    if (reader->text == NULL)
        return;
    sqlite3_stmt *statement = ask(reader, QUERY_LEAVES, NULL);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const char *path = (const char *)sqlite3_column_text(statement, 0);
        const char *value = (const char *)sqlite3_column_text(statement, 1);
        if (path != NULL && value != NULL)
            leaf(context, path, value);
    }
    done(statement);
}
