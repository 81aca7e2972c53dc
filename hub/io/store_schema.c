/* Tables, migrations and every SQL text of the store. */
#include <stdio.h>
#include <sys/stat.h>

#include "hub/io/store_private.h"

/* The journal is a plain rowid table that only grows at its end: 182,000 rows/s against 18,000 when
 * keyed by (device, boot, seq), design 5. Duplicates are refused by the cursors. */
static const char schema_1[] =
    "CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE clock(one INTEGER PRIMARY KEY CHECK(one = 1), hub_mono_ns INTEGER NOT NULL,"
    " hub_wall_ms INTEGER NOT NULL, machine_mono_ns INTEGER NOT NULL,"
    " machine_wall_ms INTEGER NOT NULL, boot TEXT NOT NULL, speed REAL NOT NULL);"
    "CREATE TABLE wearers(wearer INTEGER NOT NULL, id TEXT NOT NULL UNIQUE,"
    " PRIMARY KEY(wearer)) WITHOUT ROWID;"
    "CREATE TABLE journal(seq INTEGER PRIMARY KEY, at_mono_ns INTEGER NOT NULL,"
    " at_wall_ms INTEGER NOT NULL, wearer INTEGER NOT NULL, slot INTEGER NOT NULL,"
    " kind INTEGER NOT NULL, flags INTEGER NOT NULL, bytes BLOB NOT NULL);"
    "CREATE TABLE cursors(wearer INTEGER NOT NULL, slot INTEGER NOT NULL, lane INTEGER NOT NULL,"
    " device TEXT NOT NULL, boot INTEGER NOT NULL, next_seq INTEGER NOT NULL,"
    " PRIMARY KEY(wearer, slot, lane)) WITHOUT ROWID;"
    "CREATE TABLE digests(wearer INTEGER PRIMARY KEY, seq INTEGER NOT NULL,"
    " digest INTEGER NOT NULL);"
    "CREATE TABLE checkpoints(wearer INTEGER PRIMARY KEY, seq INTEGER NOT NULL,"
    " digest INTEGER NOT NULL, at_mono_ns INTEGER NOT NULL, state BLOB NOT NULL);"
    "CREATE TABLE bases(wearer INTEGER NOT NULL, seq INTEGER NOT NULL, digest INTEGER NOT NULL,"
    " at_mono_ns INTEGER NOT NULL, state BLOB NOT NULL, UNIQUE(wearer, seq));"
    "CREATE TABLE sessions(session_id TEXT PRIMARY KEY, wearer INTEGER NOT NULL,"
    " start_utc_ms INTEGER NOT NULL, end_utc_ms INTEGER, record TEXT NOT NULL);"
    "CREATE INDEX sessions_by_start ON sessions(start_utc_ms);"
    "CREATE TABLE strides(stride INTEGER PRIMARY KEY, session_id TEXT, wearer INTEGER NOT NULL,"
    " foot INTEGER NOT NULL, flags INTEGER NOT NULL, start_ns INTEGER NOT NULL,"
    " end_ns INTEGER NOT NULL, start_device_us REAL, foot_off_device_us REAL, end_device_us REAL,"
    " stride_s REAL, stance_s REAL, swing_s REAL, stance_pct REAL, swing_pct REAL,"
    " double_support_s REAL, double_support_pct REAL, step_s REAL, peak_force_n REAL,"
    " impulse_ns REAL, belt_mps REAL, incline REAL, stride_length_m REAL);"
    "CREATE TABLE alerts(id TEXT PRIMARY KEY, wearer INTEGER NOT NULL, rule INTEGER NOT NULL,"
    " severity INTEGER NOT NULL, state INTEGER NOT NULL, closed INTEGER NOT NULL,"
    " cleared INTEGER NOT NULL, changed_mono_ns INTEGER NOT NULL, record TEXT NOT NULL);"
    "CREATE TABLE outbox(key TEXT PRIMARY KEY, version INTEGER NOT NULL, topic TEXT NOT NULL,"
    " payload BLOB NOT NULL, retain INTEGER NOT NULL, urgent INTEGER NOT NULL,"
    " expires_mono_ns INTEGER NOT NULL);";

/* What foot IMU and cells see of a stride. Rows from before know nothing of it: NULL. */
static const char schema_2[] = "ALTER TABLE strides ADD COLUMN speed_mps REAL;"
                               "ALTER TABLE strides ADD COLUMN flight_s REAL;"
                               "ALTER TABLE strides ADD COLUMN length_imu_m REAL;"
                               "ALTER TABLE strides ADD COLUMN height_m REAL;"
                               "ALTER TABLE strides ADD COLUMN turn_deg REAL;"
                               "ALTER TABLE strides ADD COLUMN foot_angle_deg REAL;"
                               "ALTER TABLE strides ADD COLUMN clearance_mm REAL;"
                               "ALTER TABLE strides ADD COLUMN swing_jerk REAL;"
                               "ALTER TABLE strides ADD COLUMN impact_g REAL;"
                               "ALTER TABLE strides ADD COLUMN scuff INTEGER;"
                               "ALTER TABLE strides ADD COLUMN forefoot_first INTEGER;"
                               "ALTER TABLE strides ADD COLUMN loading_n_s REAL;"
                               "ALTER TABLE strides ADD COLUMN forefoot_share REAL;"
                               "ALTER TABLE strides ADD COLUMN medial_index REAL;"
                               "ALTER TABLE strides ADD COLUMN cpei_pct REAL;"
                               "ALTER TABLE strides ADD COLUMN slap_s REAL;";

/* Entry i brings a file from version i to version i + 1. Version 0 is an empty file. */
static const char *const migrations[STORE_SCHEMA_VERSION] = {schema_1, schema_2};

#define ALERT_COLUMNS "id, wearer, rule, severity, state, closed, cleared, changed_mono_ns, record"
#define SESSION_COLUMNS "session_id, wearer, start_utc_ms, coalesce(end_utc_ms, 0), record"

static const char *const sql[STATEMENTS] = {
    [ST_BEGIN] = "BEGIN IMMEDIATE",
    [ST_COMMIT] = "COMMIT",
    [ST_ROLLBACK] = "ROLLBACK",
    [ST_PUT_INPUT] = "INSERT INTO journal VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [ST_PUT_CURSOR] =
        "INSERT INTO cursors VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET"
        " device = excluded.device, boot = excluded.boot, next_seq = excluded.next_seq",
    [ST_PUT_DIGEST] = "INSERT INTO digests VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET"
                      " seq = excluded.seq, digest = excluded.digest",
    [ST_PUT_CHECKPOINT] = "INSERT OR REPLACE INTO checkpoints VALUES(?1, ?2, ?3, ?4, ?5)",
    [ST_PUT_BASE] = "INSERT OR REPLACE INTO bases VALUES(?1, ?2, ?3, ?4, ?5)",
    [ST_PUT_META] = "INSERT OR REPLACE INTO meta VALUES(?1, ?2)",
    [ST_PUT_SESSION] = "INSERT OR REPLACE INTO sessions VALUES(?1, ?2, ?3, nullif(?4, 0), ?5)",
    [ST_PUT_STRIDE] = "INSERT INTO strides VALUES(NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
                      " ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,"
                      " ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38)",
    [ST_PUT_ALERT] = "INSERT OR REPLACE INTO alerts VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [ST_PUT_MESSAGE] = "INSERT OR REPLACE INTO outbox VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [ST_DROP_MESSAGE] = "DELETE FROM outbox WHERE key = ?1 AND version = ?2",
    [ST_PUT_CLOCK] = "INSERT OR REPLACE INTO clock VALUES(1, ?1, ?2, ?3, ?4, ?5, ?6)",
    [ST_GET_META] = "SELECT value FROM meta WHERE name = ?1",
    [ST_GET_CLOCK] =
        "SELECT hub_mono_ns, hub_wall_ms, machine_mono_ns, machine_wall_ms, boot, speed"
        " FROM clock",
    [ST_GET_WEARER] = "SELECT wearer FROM wearers WHERE id = ?1",
    [ST_ADD_WEARER] = "INSERT INTO wearers SELECT coalesce(max(wearer), 0) + 1, ?1 FROM wearers",
    [ST_GET_WEARER_ID] = "SELECT id FROM wearers WHERE wearer = ?1",
    [ST_FIRST_SEQ] = "SELECT min(seq) FROM journal",
    [ST_LAST_SEQ] = "SELECT max(seq) FROM journal",
    [ST_EACH_INPUT] = "SELECT seq, at_mono_ns, at_wall_ms, wearer, slot, kind, flags, bytes"
                      " FROM journal WHERE seq >= ?1 ORDER BY seq",
    [ST_EACH_CHECKPOINT] = "SELECT wearer, seq, digest, at_mono_ns, state FROM checkpoints",
    [ST_EACH_BASE] = "SELECT wearer, min(seq), digest, at_mono_ns, state FROM bases"
                     " GROUP BY wearer",
    [ST_EACH_DIGEST] = "SELECT wearer, seq, digest FROM digests ORDER BY wearer",
    [ST_EACH_SESSION] = "SELECT " SESSION_COLUMNS " FROM sessions"
                        " WHERE ?1 = 0 OR wearer = ?1 ORDER BY start_utc_ms DESC, session_id",
    [ST_FIND_SESSION] = "SELECT " SESSION_COLUMNS " FROM sessions WHERE session_id = ?1",
    [ST_LAST_SESSION] = "SELECT " SESSION_COLUMNS " FROM sessions"
                        " ORDER BY start_utc_ms DESC, session_id LIMIT 1",
    [ST_EACH_ALERT] = "SELECT " ALERT_COLUMNS " FROM alerts WHERE cleared = 0"
                      " ORDER BY changed_mono_ns",
    [ST_EACH_ALERT_RAISED] = "SELECT " ALERT_COLUMNS " FROM alerts WHERE (?1 = 0 OR wearer = ?1)"
                             " AND json_extract(record, '$.t_utc_ms') >= ?2"
                             " AND json_extract(record, '$.t_utc_ms') < ?3 ORDER BY rule, id",
    [ST_FIND_ALERT] = "SELECT " ALERT_COLUMNS " FROM alerts WHERE id = ?1",
    [ST_LAST_ALERT] = "SELECT " ALERT_COLUMNS " FROM alerts"
                      " ORDER BY json_extract(record, '$.t_utc_ms') DESC, rowid DESC LIMIT 1",
    [ST_EACH_MESSAGE] = "SELECT key, version, topic, payload, retain, urgent, expires_mono_ns"
                        " FROM outbox ORDER BY urgent DESC, version",
    /* The first journal row that no base stands for, or that is young enough to stay. */
    [ST_RETAIN_LIMIT] =
        "SELECT min(j.seq) FROM (SELECT seq, wearer, at_mono_ns FROM journal ORDER BY seq LIMIT ?2)"
        " AS j WHERE j.at_mono_ns >= ?1"
        " OR j.seq > coalesce((SELECT max(b.seq) FROM bases b WHERE b.wearer = j.wearer), 0)",
    [ST_RETAIN_JOURNAL] = "DELETE FROM journal WHERE seq < ?1 AND seq IN"
                          " (SELECT seq FROM journal ORDER BY seq LIMIT ?2)",
    /* A base goes when a newer one of its wearer still stands before the first row. */
    [ST_RETAIN_BASES] =
        "DELETE FROM bases WHERE EXISTS (SELECT 1 FROM bases n WHERE n.wearer = bases.wearer AND"
        " n.seq > bases.seq AND n.seq < (SELECT min(seq) FROM journal))",
    [ST_RETAIN_STRIDES] = "DELETE FROM strides WHERE stride IN"
                          " (SELECT stride FROM strides ORDER BY stride LIMIT ?2) AND end_ns < ?1",
    [ST_NEWEST_BASE] = "SELECT max(at_mono_ns) FROM bases WHERE wearer = ?1",
};

const char *store_sql(enum statement statement)
{
    return sql[statement];
}

static int read_version(sqlite3 *db, int *version)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL);
    if (code == SQLITE_OK) {
        code = sqlite3_step(statement);
        if (code == SQLITE_ROW) {
            *version = sqlite3_column_int(statement, 0);
            code = SQLITE_OK;
        }
    }
    sqlite3_finalize(statement);
    return code;
}

int store_schema_version(struct store *store)
{
    int version = -1;
    return read_version(store->db, &version) == SQLITE_OK ? version : -1;
}

/* A copy of what is there, made through the one writing connection (reliability 0.8). */
static int backup_before(struct store *store, int version)
{
    char path[1100];
    sqlite3 *copy = NULL;
    snprintf(path, sizeof(path), "%s.before-version-%d", store->path, version + 1);
    const mode_t old_mask = umask(0077);
    int code = sqlite3_open(path, &copy);
    umask(old_mask);
    if (code == SQLITE_OK) {
        sqlite3_backup *backup = sqlite3_backup_init(copy, "main", store->db, "main");
        if (backup == NULL) {
            code = sqlite3_errcode(copy);
        } else {
            sqlite3_backup_step(backup, -1);
            code = sqlite3_backup_finish(backup);
        }
    }
    sqlite3_close(copy);
    return code;
}

static int apply_migrations(sqlite3 *db, int version)
{
    int code = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    for (int i = version; code == SQLITE_OK && i < STORE_SCHEMA_VERSION; i++)
        code = sqlite3_exec(db, migrations[i], NULL, NULL, NULL);
    if (code == SQLITE_OK) {
        char pragma[48];
        snprintf(pragma, sizeof(pragma), "PRAGMA user_version = %d", STORE_SCHEMA_VERSION);
        code = sqlite3_exec(db, pragma, NULL, NULL, NULL);
    }
    if (code == SQLITE_OK)
        code = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    if (code != SQLITE_OK && !sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

enum store_error store_migrate(struct store *store)
{
    int version = 0;
    int code = read_version(store->db, &version);
    if (code != SQLITE_OK)
        return store_error_of(code, sqlite3_system_errno(store->db));
    if (version > STORE_SCHEMA_VERSION)
        return STORE_NEWER;
    if (version < 0)
        return STORE_CORRUPT;
    if (version == STORE_SCHEMA_VERSION)
        return STORE_OK;
    if (store->read_only)
        return STORE_CANNOT_OPEN;
    if (version > 0)
        code = backup_before(store, version);
    if (code == SQLITE_OK)
        code = apply_migrations(store->db, version);
    store_note(store, code);
    return store_error_of(code, sqlite3_system_errno(store->db));
}
