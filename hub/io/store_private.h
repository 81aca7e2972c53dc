/* Shared by the parts of the SQLite store; nobody else includes it. */
#ifndef STRIDE_HUB_IO_STORE_PRIVATE_H
#define STRIDE_HUB_IO_STORE_PRIVATE_H

#include <sqlite3.h>

#include "hub/io/store.h"

enum statement {
    ST_BEGIN,
    ST_COMMIT,
    ST_ROLLBACK,
    ST_PUT_INPUT,
    ST_PUT_CURSOR,
    ST_PUT_DIGEST,
    ST_PUT_CHECKPOINT,
    ST_PUT_BASE,
    ST_PUT_META,
    ST_PUT_SESSION,
    ST_PUT_STRIDE,
    ST_PUT_ALERT,
    ST_PUT_MESSAGE,
    ST_DROP_MESSAGE,
    ST_PUT_CLOCK,
    ST_GET_META,
    ST_GET_CLOCK,
    ST_GET_WEARER,
    ST_ADD_WEARER,
    ST_GET_WEARER_ID,
    ST_FIRST_SEQ,
    ST_LAST_SEQ,
    ST_EACH_INPUT,
    ST_EACH_CHECKPOINT,
    ST_EACH_BASE,
    ST_EACH_DIGEST,
    ST_EACH_SESSION,
    ST_FIND_SESSION,
    ST_LAST_SESSION,
    ST_EACH_ALERT,
    ST_EACH_ALERT_RAISED,
    ST_FIND_ALERT,
    ST_LAST_ALERT,
    ST_EACH_MESSAGE,
    ST_RETAIN_LIMIT,
    ST_RETAIN_JOURNAL,
    ST_RETAIN_BASES,
    ST_RETAIN_STRIDES,
    ST_NEWEST_BASE,
    STATEMENTS
};

struct store {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    char path[1024];
    bool read_only;
    uint64_t reserve_bytes;
    uint32_t wal_pages_max;
    bool in_batch;
    int failure;       /* SQLite's code of the batch's first failure, or SQLITE_OK */
    int failure_errno; /* what the system said with it */
    uint64_t version;  /* last message version given out */
    char last_error[128];
};

/* ---- store_schema.c */
enum { STORE_SCHEMA_VERSION = 2 };
/* Brings an opened file to STORE_SCHEMA_VERSION, in one transaction, after a backup if it has data.
 */
enum store_error store_migrate(struct store *store);
const char *store_sql(enum statement statement);

/* ---- store_sqlite.c */
/* Prepared on first use, reset and unbound. NULL when the file cannot take it. */
sqlite3_stmt *store_statement(struct store *store, enum statement which);
/* Steps a statement that returns no rows, and remembers the batch's first failure. */
void store_run(struct store *store, sqlite3_stmt *statement);
void store_note(struct store *store, int code);
enum store_error store_open_file(struct store *store);
void store_close_file(struct store *store);
enum store_error store_error_of(int code, int system_errno);

/* ---- store_space.c */
enum {
    STORE_RESERVE_STEP = 512 * 1024,
    STORE_FREE_MIN = 1024 * 1024 /* below this the disk counts as full, whatever the error's name */
};
void store_reserve_path(const struct store *store, char *out, size_t size);
/* False when there is nothing left to give. */
bool store_reserve_give_up(struct store *store);
/* Renames the file and its companions out of the way. */
bool store_quarantine(struct store *store);

#endif
