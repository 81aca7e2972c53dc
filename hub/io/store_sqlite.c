/* Opening, closing, reopening; statements and their errors. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub/io/store_private.h"

enum { BUSY_TIMEOUT_MS = 5000, WAL_PAGES_DEFAULT = 2000 };

enum store_error store_error_of(int code, int system_errno)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return STORE_OK;
    case SQLITE_FULL:
        return STORE_NO_SPACE;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return STORE_LOCKED;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return STORE_CORRUPT;
    case SQLITE_NOMEM:
        return STORE_MEMORY;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return system_errno == ENOSPC ? STORE_NO_SPACE : STORE_CANNOT_OPEN;
    default:
        break;
    }
    const bool full = system_errno == ENOSPC || system_errno == EFBIG || system_errno == EDQUOT;
    return full ? STORE_NO_SPACE : STORE_IO;
}

void store_note(struct store *store, int code)
{
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
        return;
    if (store->failure == SQLITE_OK) {
        store->failure = code;
        store->failure_errno = store->db == NULL ? 0 : sqlite3_system_errno(store->db);
    }
    snprintf(store->last_error, sizeof(store->last_error), "%s (%d, %s)", sqlite3_errstr(code),
             code, strerrordesc_np(store->failure_errno));
}

const char *store_last_error(const struct store *store)
{
    return store->last_error;
}

sqlite3_stmt *store_statement(struct store *store, enum statement which)
{
    if (store->db == NULL) {
        store_note(store, SQLITE_CANTOPEN);
        return NULL;
    }
    sqlite3_stmt **statement = &store->statements[which];
    if (*statement == NULL) {
        store_note(store, sqlite3_prepare_v3(store->db, store_sql(which), -1,
                                             SQLITE_PREPARE_PERSISTENT, statement, NULL));
    } else {
        sqlite3_reset(*statement);
    }
    return *statement;
}

void store_run(struct store *store, sqlite3_stmt *statement)
{
    if (statement == NULL)
        return;
    store_note(store, sqlite3_step(statement));
    sqlite3_reset(statement);
}

void store_close_file(struct store *store)
{
    for (int i = 0; i < STATEMENTS; i++) {
        sqlite3_finalize(store->statements[i]);
        store->statements[i] = NULL;
    }
    sqlite3_close(store->db);
    store->db = NULL;
    store->in_batch = false;
}

/* Made by us before SQLite sees it, so that it never exists with a wider mode (S8). */
static enum store_error make_private_file(const char *path)
{
    const int file = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return errno == ENOSPC ? STORE_NO_SPACE : STORE_CANNOT_OPEN;
    struct stat status;
    const bool ordinary = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    if (ordinary && (status.st_mode & 0077) != 0)
        (void)!fchmod(file, 0600);
    close(file);
    return ordinary ? STORE_OK : STORE_CANNOT_OPEN;
}

static int set_up(struct store *store)
{
    sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
    sqlite3_extended_result_codes(store->db, 1);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (store->read_only)
        return sqlite3_exec(store->db, "PRAGMA query_only = 1; PRAGMA wal_autocheckpoint = 0", NULL,
                            NULL, NULL);
    char pragmas[256];
    snprintf(pragmas, sizeof(pragmas),
             "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
             "PRAGMA wal_autocheckpoint = %u; PRAGMA journal_size_limit = %u;"
             "PRAGMA temp_store = MEMORY",
             store->wal_pages_max, store->wal_pages_max * 4096U);
    return sqlite3_exec(store->db, pragmas, NULL, NULL, NULL);
}

/* Enough to notice a wrong or torn file at once; a full check would take seconds per GB. */
static int read_tail(struct store *store)
{
    store->failure = SQLITE_OK;
    store_each_input(store, store_last_seq(store), NULL, NULL);
    return store->failure;
}

enum store_error store_open_file(struct store *store)
{
    store->failure = SQLITE_OK;
    if (!store->read_only) {
        const enum store_error error = make_private_file(store->path);
        if (error != STORE_OK)
            return error;
    }
    const int mode = store->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    int code = sqlite3_open_v2(store->path, &store->db, mode | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = set_up(store);
    enum store_error error = STORE_OK;
    if (code == SQLITE_OK) {
        error = store_migrate(store);
        if (error == STORE_OK)
            code = read_tail(store);
    }
    if (code != SQLITE_OK) {
        store_note(store, code);
        error = store_error_of(code, store->db == NULL ? 0 : sqlite3_system_errno(store->db));
    }
    if (error != STORE_OK)
        store_close_file(store);
    return error;
}

/* The database is ours alone to write: a second hub on the same file would step twice. */
struct store *store_open(const struct store_options *options, enum store_error *error,
                         bool *quarantined)
{
    if (quarantined != NULL)
        *quarantined = false;
    struct store *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        *error = STORE_MEMORY;
        return NULL;
    }
    store->read_only = options->read_only;
    store->reserve_bytes = options->read_only ? 0 : options->reserve_bytes;
    store->wal_pages_max = options->wal_pages_max == 0 ? WAL_PAGES_DEFAULT : options->wal_pages_max;
    const int length = snprintf(store->path, sizeof(store->path), "%s", options->path);
    *error = STORE_CANNOT_OPEN;
    if (length > 0 && (size_t)length < sizeof(store->path))
        *error = store_open_file(store);
    if (*error == STORE_CORRUPT && !store->read_only && store_quarantine(store)) {
        if (quarantined != NULL)
            *quarantined = true;
        *error = store_open_file(store);
    }
    while (*error != STORE_OK && *error != STORE_NEWER && !store->read_only &&
           store_free_bytes(store) < STORE_FREE_MIN && store_reserve_give_up(store))
        *error = store_open_file(store);
    if (*error != STORE_OK) {
        free(store);
        return NULL;
    }
    store_reserve_take(store);
    return store;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    if (store->in_batch)
        store_rollback(store);
    store_close_file(store);
    free(store);
}

enum store_error store_reopen(struct store *store)
{
    store_close_file(store);
    return store_open_file(store);
}

enum store_error store_check(struct store *store, char *out, size_t size)
{
    sqlite3_stmt *statement = NULL;
    snprintf(out, size, "ok");
    int code = sqlite3_prepare_v2(store->db, "PRAGMA integrity_check(1)", -1, &statement, NULL);
    if (code == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        const unsigned char *said = sqlite3_column_text(statement, 0);
        snprintf(out, size, "%s", said == NULL ? "no answer" : (const char *)said);
    } else if (code == SQLITE_OK) {
        code = sqlite3_errcode(store->db);
    }
    sqlite3_finalize(statement);
    if (code != SQLITE_OK) {
        snprintf(out, size, "%s", sqlite3_errstr(code));
        return store_error_of(code, sqlite3_system_errno(store->db));
    }
    return strcmp(out, "ok") == 0 ? STORE_OK : STORE_CORRUPT;
}
