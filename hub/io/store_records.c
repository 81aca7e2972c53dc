/* Reading what followed from the journal: sessions, strides, alerts, messages. */
#include "hub/io/store_private.h"

static void column_text(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    snprintf(out, size, "%s", text == NULL ? "" : (const char *)text);
}

static const char *column_record(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    return text == NULL ? "" : (const char *)text;
}

static enum store_error each_session(struct store *store, sqlite3_stmt *statement,
                                     store_session_fn *fn, void *context)
{
    if (statement == NULL)
        return STORE_IO;
    int code;
    bool found = false;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct store_session session = {
            .wearer = (uint32_t)sqlite3_column_int64(statement, 1),
            .start_utc_ms = sqlite3_column_int64(statement, 2),
            .end_utc_ms = sqlite3_column_int64(statement, 3),
            .record = column_record(statement, 4),
        };
        column_text(statement, 0, session.id, sizeof(session.id));
        found = true;
        if (!fn(context, &session))
            break;
    }
    store_note(store, code);
    sqlite3_reset(statement);
    if (code == SQLITE_DONE && !found)
        return STORE_NOT_FOUND;
    return store_error_of(code, 0);
}

enum store_error store_each_session(struct store *store, uint32_t wearer, store_session_fn *fn,
                                    void *context)
{
    sqlite3_stmt *statement = store_statement(store, ST_EACH_SESSION);
    if (statement != NULL)
        sqlite3_bind_int64(statement, 1, wearer);
    const enum store_error error = each_session(store, statement, fn, context);
    return error == STORE_NOT_FOUND ? STORE_OK : error;
}

enum store_error store_find_session(struct store *store, const char *id, store_session_fn *fn,
                                    void *context)
{
    const bool last = strcmp(id, "last") == 0;
    sqlite3_stmt *statement = store_statement(store, last ? ST_LAST_SESSION : ST_FIND_SESSION);
    if (statement != NULL && !last)
        sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
    return each_session(store, statement, fn, context);
}

static enum store_error each_alert(struct store *store, sqlite3_stmt *statement, store_alert_fn *fn,
                                   void *context, bool *any)
{
    int code;
    *any = false;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct store_alert alert = {
            .wearer = (uint32_t)sqlite3_column_int64(statement, 1),
            .rule = (uint8_t)sqlite3_column_int(statement, 2),
            .severity = (uint8_t)sqlite3_column_int(statement, 3),
            .state = (uint8_t)sqlite3_column_int(statement, 4),
            .closed = sqlite3_column_int(statement, 5) != 0,
            .cleared = sqlite3_column_int(statement, 6) != 0,
            .changed_mono_ns = sqlite3_column_int64(statement, 7),
            .record = column_record(statement, 8),
        };
        column_text(statement, 0, alert.id, sizeof(alert.id));
        *any = true;
        if (!fn(context, &alert))
            break;
    }
    store_note(store, code);
    sqlite3_reset(statement);
    return store_error_of(code, 0);
}

enum store_error store_each_alert(struct store *store, store_alert_fn *fn, void *context)
{
    bool any;
    sqlite3_stmt *statement = store_statement(store, ST_EACH_ALERT);
    return statement == NULL ? STORE_IO : each_alert(store, statement, fn, context, &any);
}

enum store_error store_each_alert_raised(struct store *store, uint32_t wearer, int64_t from_utc_ms,
                                         int64_t to_utc_ms, store_alert_fn *fn, void *context)
{
    bool any;
    sqlite3_stmt *statement = store_statement(store, ST_EACH_ALERT_RAISED);
    if (statement == NULL)
        return STORE_IO;
    sqlite3_bind_int64(statement, 1, wearer);
    sqlite3_bind_int64(statement, 2, from_utc_ms);
    sqlite3_bind_int64(statement, 3, to_utc_ms);
    return each_alert(store, statement, fn, context, &any);
}

enum store_error store_find_alert(struct store *store, const char *id, store_alert_fn *fn,
                                  void *context)
{
    bool any, last = strcmp(id, "last") == 0;
    sqlite3_stmt *statement = store_statement(store, last ? ST_LAST_ALERT : ST_FIND_ALERT);
    if (statement == NULL)
        return STORE_IO;
    if (!last)
        sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
    const enum store_error error = each_alert(store, statement, fn, context, &any);
    return error == STORE_OK && !any ? STORE_NOT_FOUND : error;
}

enum store_error store_each_message(struct store *store, store_message_fn *fn, void *context)
{
    sqlite3_stmt *statement = store_statement(store, ST_EACH_MESSAGE);
    if (statement == NULL)
        return STORE_IO;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        struct store_message message = {
            .version = (uint64_t)sqlite3_column_int64(statement, 1),
            .payload = sqlite3_column_blob(statement, 3),
            .size = (size_t)sqlite3_column_bytes(statement, 3),
            .retain = sqlite3_column_int(statement, 4) != 0,
            .urgent = sqlite3_column_int(statement, 5) != 0,
            .expires_mono_ns = sqlite3_column_int64(statement, 6),
        };
        column_text(statement, 0, message.key, sizeof(message.key));
        column_text(statement, 2, message.topic, sizeof(message.topic));
        if (message.version > store->version)
            store->version = message.version;
        if (!fn(context, &message))
            break;
    }
    store_note(store, code);
    sqlite3_reset(statement);
    return store_error_of(code, 0);
}
