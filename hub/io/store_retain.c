/* Retention: old rows go a few at a time, and the journal stays replayable: a row goes only when a
 * base of its wearer stands for it. */
#include "hub/io/store_private.h"

static int run_counting(struct store *store, sqlite3_stmt *statement)
{
    if (statement == NULL)
        return 0;
    store_run(store, statement);
    return store->failure == SQLITE_OK ? sqlite3_changes(store->db) : 0;
}

/* First seq that must stay; all that were looked at may go when none must. */
static sqlite3_int64 first_to_keep(struct store *store, int64_t before_mono_ns, int rows_max)
{
    sqlite3_stmt *statement = store_statement(store, ST_RETAIN_LIMIT);
    if (statement == NULL)
        return 0;
    sqlite3_bind_int64(statement, 1, before_mono_ns);
    sqlite3_bind_int(statement, 2, rows_max);
    sqlite3_int64 keep = 0;
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        keep = sqlite3_column_type(statement, 0) == SQLITE_NULL
                   ? INT64_MAX
                   : sqlite3_column_int64(statement, 0);
    store_note(store, code);
    sqlite3_reset(statement);
    return keep;
}

bool store_retain(struct store *store, int64_t journal_before_mono_ns,
                  int64_t strides_before_mono_ns, int rows_max)
{
    int journal_n = 0, strides_n = 0;
    const sqlite3_int64 keep = first_to_keep(store, journal_before_mono_ns, rows_max);
    sqlite3_stmt *statement = store_statement(store, ST_RETAIN_JOURNAL);
    if (statement != NULL) {
        /* The newest row stays, so that sequence numbers go on from it; and all that a recovery
         * would read stays, whatever its age. */
        const sqlite3_int64 last = (sqlite3_int64)store_last_seq(store);
        const sqlite3_int64 from = (sqlite3_int64)store_replay_from(store);
        const sqlite3_int64 needed = from < last ? from : last;
        sqlite3_bind_int64(statement, 1, keep < needed ? keep : needed);
        sqlite3_bind_int(statement, 2, rows_max);
        journal_n = run_counting(store, statement);
    }
    if (journal_n > 0)
        store_run(store, store_statement(store, ST_RETAIN_BASES));
    statement = store_statement(store, ST_RETAIN_STRIDES);
    if (statement != NULL) {
        sqlite3_bind_int64(statement, 1, strides_before_mono_ns);
        sqlite3_bind_int(statement, 2, rows_max);
        strides_n = run_counting(store, statement);
    }
    return journal_n == rows_max || strides_n == rows_max;
}

int64_t store_newest_base_ns(struct store *store, uint32_t wearer)
{
    int64_t newest = INT64_MIN;
    sqlite3_stmt *statement = store_statement(store, ST_NEWEST_BASE);
    if (statement == NULL)
        return newest;
    sqlite3_bind_int64(statement, 1, wearer);
    if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL)
        newest = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return newest;
}
