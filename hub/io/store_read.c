/* Reading the journal, snapshots, the clock and the wearers. */
#include "hub/io/store_private.h"

static uint64_t column_u64(sqlite3_stmt *statement, int column)
{
    return (uint64_t)sqlite3_column_int64(statement, column);
}

static uint64_t one_number(struct store *store, sqlite3_stmt *statement)
{
    uint64_t value = 0;
    if (statement == NULL)
        return 0;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        value = column_u64(statement, 0);
    store_note(store, code);
    sqlite3_reset(statement);
    return value;
}

static void column_text(sqlite3_stmt *statement, int column, char *out, size_t size)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    snprintf(out, size, "%s", text == NULL ? "" : (const char *)text);
}

uint32_t store_wearer_number(struct store *store, const char *id)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        sqlite3_stmt *statement = store_statement(store, ST_GET_WEARER);
        if (statement == NULL)
            return 0;
        sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
        const uint64_t number = one_number(store, statement);
        if (number != 0 || store->read_only || attempt == 1)
            return (uint32_t)number;
        statement = store_statement(store, ST_ADD_WEARER);
        if (statement == NULL)
            return 0;
        sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
        store_run(store, statement);
    }
    return 0;
}

bool store_wearer_id(struct store *store, uint32_t wearer, char out[ID_SIZE])
{
    out[0] = '\0';
    sqlite3_stmt *statement = store_statement(store, ST_GET_WEARER_ID);
    if (statement == NULL)
        return false;
    sqlite3_bind_int64(statement, 1, wearer);
    if (sqlite3_step(statement) == SQLITE_ROW)
        column_text(statement, 0, out, ID_SIZE);
    sqlite3_reset(statement);
    return out[0] != '\0';
}

bool store_get_clock(struct store *store, struct clock_mark *out, double *speed)
{
    sqlite3_stmt *statement = store_statement(store, ST_GET_CLOCK);
    if (statement == NULL || sqlite3_step(statement) != SQLITE_ROW) {
        sqlite3_reset(statement);
        return false;
    }
    *out = (struct clock_mark){
        .hub = {.mono_ns = sqlite3_column_int64(statement, 0),
                .wall_ms = sqlite3_column_int64(statement, 1)},
        .machine = {.mono_ns = sqlite3_column_int64(statement, 2),
                    .wall_ms = sqlite3_column_int64(statement, 3)},
    };
    column_text(statement, 4, out->boot, sizeof(out->boot));
    *speed = sqlite3_column_double(statement, 5);
    sqlite3_reset(statement);
    return true;
}

bool store_get_figure(struct store *store, const char *name, int64_t *value)
{
    sqlite3_stmt *statement = store_statement(store, ST_GET_META);
    if (statement == NULL)
        return false;
    sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
    const bool found = sqlite3_step(statement) == SQLITE_ROW;
    if (found)
        *value = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return found;
}

uint64_t store_first_seq(struct store *store)
{
    return one_number(store, store_statement(store, ST_FIRST_SEQ));
}

uint64_t store_last_seq(struct store *store)
{
    return one_number(store, store_statement(store, ST_LAST_SEQ));
}

uint64_t store_replay_from(struct store *store)
{
    sqlite3_stmt *statement = store_statement(store, ST_GET_META);
    if (statement == NULL)
        return 0;
    sqlite3_bind_text(statement, 1, "replay_from", -1, SQLITE_STATIC);
    return one_number(store, statement);
}

enum store_error store_each_input(struct store *store, uint64_t from_seq, store_input_fn *fn,
                                  void *context)
{
    sqlite3_stmt *statement = store_statement(store, ST_EACH_INPUT);
    if (statement == NULL)
        return STORE_IO;
    sqlite3_bind_int64(statement, 1, (sqlite3_int64)from_seq);
    uint64_t mistimed = 0; /* sequence number; 0 = none */
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct input input = {
            .seq = column_u64(statement, 0),
            .at_mono_ns = sqlite3_column_int64(statement, 1),
            .at_wall_ms = sqlite3_column_int64(statement, 2),
            .wearer = (uint32_t)sqlite3_column_int64(statement, 3),
            .slot = (uint8_t)sqlite3_column_int(statement, 4),
            .kind = (uint8_t)sqlite3_column_int(statement, 5),
            .flags = (uint16_t)sqlite3_column_int(statement, 6),
            .bytes = sqlite3_column_blob(statement, 7),
            .size = (uint32_t)sqlite3_column_bytes(statement, 7),
        };
        if (input.size > INPUT_BYTES_MAX) {
            code = SQLITE_CORRUPT;
            break;
        }
        mistimed = journal_time_valid(input.at_mono_ns) ? 0 : input.seq;
        if (mistimed != 0 || (fn != NULL && !fn(context, &input)))
            break;
    }
    store_note(store, code);
    sqlite3_reset(statement);
    if (mistimed == 0)
        return store_error_of(code, 0);
    /* The file is sound: it is not set aside for one row, and nothing is begun anew without it. */
    snprintf(store->last_error, sizeof(store->last_error),
             "input %llu of the journal has a time that no hub's clock can show",
             (unsigned long long)mistimed);
    return STORE_CORRUPT;
}

static enum store_error each_snapshot(struct store *store, enum statement which,
                                      store_snapshot_fn *fn, void *context)
{
    sqlite3_stmt *statement = store_statement(store, which);
    if (statement == NULL)
        return STORE_IO;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct store_snapshot snapshot = {
            .wearer = (uint32_t)sqlite3_column_int64(statement, 0),
            .seq = column_u64(statement, 1),
            .digest = column_u64(statement, 2),
            .at_mono_ns = sqlite3_column_int64(statement, 3),
            .state = sqlite3_column_blob(statement, 4),
            .size = (size_t)sqlite3_column_bytes(statement, 4),
        };
        if (!fn(context, &snapshot))
            break;
    }
    store_note(store, code);
    sqlite3_reset(statement);
    return store_error_of(code, 0);
}

enum store_error store_each_checkpoint(struct store *store, store_snapshot_fn *fn, void *context)
{
    return each_snapshot(store, ST_EACH_CHECKPOINT, fn, context);
}

enum store_error store_each_base(struct store *store, store_snapshot_fn *fn, void *context)
{
    return each_snapshot(store, ST_EACH_BASE, fn, context);
}

enum store_error store_each_digest(struct store *store, store_digest_fn *fn, void *context)
{
    sqlite3_stmt *statement = store_statement(store, ST_EACH_DIGEST);
    if (statement == NULL)
        return STORE_IO;
    int code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!fn(context, (uint32_t)sqlite3_column_int64(statement, 0), column_u64(statement, 1),
                column_u64(statement, 2)))
            break;
    }
    store_note(store, code);
    sqlite3_reset(statement);
    return store_error_of(code, 0);
}

void store_read_begin(struct store *store)
{
    if (store->db != NULL)
        store_note(store, sqlite3_exec(store->db, "BEGIN", NULL, NULL, NULL));
}

void store_read_end(struct store *store)
{
    if (store->db != NULL && !sqlite3_get_autocommit(store->db))
        store_note(store, sqlite3_exec(store->db, "COMMIT", NULL, NULL, NULL));
}
