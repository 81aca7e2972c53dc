/* A database of an earlier version: all its rows stay, and what is new is absent in them. */
#include "hub/io/store.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

static char folder[64], path[96];

static int make_folder(void **unused)
{
    (void)unused;
    snprintf(folder, sizeof(folder), "/tmp/stridehub-migrate-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/hub.db", folder);
    return 0;
}

static int drop_folder(void **unused)
{
    (void)unused;
    static const char *const names[] = {"",         "-wal",       "-shm",
                                        ".reserve", ".corrupt-1", ".before-version-2"};
    char name[160];
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(name, sizeof(name), "%s%s", path, names[i]);
        unlink(name);
    }
    return rmdir(folder);
}

static struct store *open_with(uint64_t reserve, bool read_only)
{
    const struct store_options options = {
        .path = path, .read_only = read_only, .reserve_bytes = reserve};
    enum store_error error;
    struct store *store = store_open(&options, &error, NULL);
    if (store == NULL)
        fail_msg("%s", store_error_text(error));
    return store;
}

/* ---- a file of version 1, as that version made it (its strides table and rows) */

static const char version_1[] =
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
    " expires_mono_ns INTEGER NOT NULL);"
    "INSERT INTO wearers VALUES(1, 'w1');"
    "INSERT INTO journal VALUES(7, 7000, 7, 1, 2, 1, 0, x'0102');"
    "INSERT INTO strides VALUES(1, 's', 1, 0, 15, 10, 20, 1, 2, 3, 1.1, 0.7, 0.4, 63, 37, 0.2, 20,"
    " 0.5, 700, 400, 1.2, 0, 1.3);"
    "INSERT INTO sessions VALUES('s', 1, 5, 9, '{\"schema_version\":1}');"
    "PRAGMA user_version = 1;";

/* One number out of the file, past the store; -999 = NULL. */
static double ask(const char *query)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, query, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const bool null = sqlite3_column_type(statement, 0) == SQLITE_NULL;
    const double value = null ? -999 : sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static void make_version_1(const char *tail)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, version_1, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, tail, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static struct stride measured_stride(void)
{
    struct stride stride;
    memset(&stride, 0, sizeof(stride));
    stride.foot = FOOT_RIGHT;
    stride.valid = true;
    stride.stride_s = 1.125F;
    stride.speed_mps = 1.25F;
    stride.flight_s = NAN;
    stride.shape.length_m = 1.5F;
    stride.shape.height_m = NAN;
    stride.shape.scuff = STRIDE_NO;
    stride.shape.forefoot_first = STRIDE_UNKNOWN;
    stride.shape.slap_s = 0.0625F;
    return stride;
}

static void a_file_of_version_1_keeps_its_rows_and_takes_the_new_columns(void **unused)
{
    (void)unused;
    make_version_1("");
    struct store *store = open_with(0, false);
    assert_int_equal(store_schema_version(store), 2);
    const struct stride stride = measured_stride();
    store_begin(store);
    store_put_stride(store, 1, "s", &stride);
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
    assert_int_equal(store_last_seq(store), 7);
    assert_int_equal(store_wearer_number(store, "w1"), 1);
    store_close(store);
    assert_true(ask("SELECT count(*) FROM strides WHERE wearer = 1") == 2);
    assert_true(ask("SELECT stride_length_m FROM strides WHERE stride = 1") == 1.3);
    assert_true(ask("SELECT coalesce(speed_mps, flight_s, length_imu_m, height_m, turn_deg,"
                    " foot_angle_deg, clearance_mm, swing_jerk, impact_g, scuff, forefoot_first,"
                    " loading_n_s, forefoot_share, medial_index, cpei_pct, slap_s)"
                    " FROM strides WHERE stride = 1") == -999);
    assert_true(ask("SELECT speed_mps FROM strides WHERE stride = 2") == 1.25);
    assert_true(ask("SELECT flight_s FROM strides WHERE stride = 2") == -999);
    assert_true(ask("SELECT length_imu_m FROM strides WHERE stride = 2") == 1.5);
    assert_true(ask("SELECT height_m FROM strides WHERE stride = 2") == -999);
    assert_true(ask("SELECT scuff FROM strides WHERE stride = 2") == 0);
    assert_true(ask("SELECT forefoot_first FROM strides WHERE stride = 2") == -999);
    assert_true(ask("SELECT slap_s FROM strides WHERE stride = 2") == 0.0625);
    assert_true(ask("PRAGMA user_version") == 2);
    store_close(open_with(0, true)); /* a reader takes it now */
}

static void a_file_of_version_1_and_one_begun_anew_have_the_same_columns(void **unused)
{
    (void)unused;
    static const char columns[] = "SELECT sum((cid + 1) * length(name) * length(type))"
                                  " FROM pragma_table_info('strides')";
    store_close(open_with(0, false));
    const double fresh = ask(columns);
    unlink(path);
    make_version_1("");
    store_close(open_with(0, false));
    assert_true(ask(columns) == fresh);
}

static void a_migration_that_fails_leaves_the_file_as_it_was(void **unused)
{
    (void)unused;
    enum store_error error;
    const struct store_options options = {.path = path};
    make_version_1("ALTER TABLE strides ADD COLUMN cpei_pct REAL;"); /* the last but one is there */
    assert_null(store_open(&options, &error, NULL));
    assert_true(ask("PRAGMA user_version") == 1);
    assert_true(ask("SELECT count(*) FROM pragma_table_info('strides') WHERE name = 'speed_mps'") ==
                0);
    assert_true(ask("SELECT count(*) FROM strides") == 1);
}

static void a_reader_never_changes_a_file_of_version_1(void **unused)
{
    (void)unused;
    enum store_error error = STORE_OK;
    const struct store_options options = {.path = path, .read_only = true};
    make_version_1("");
    assert_null(store_open(&options, &error, NULL));
    assert_int_equal(error, STORE_CANNOT_OPEN);
    assert_true(ask("PRAGMA user_version") == 1);
}

/* Reported in hub/README.md: what a stride takes on disk. */
static void a_stride_takes_less_than_400_bytes(void **unused)
{
    (void)unused;
    enum { STRIDES_N = 2000 };
    struct store *store = open_with(0, false);
    struct stride stride = measured_stride();
    /* Numbers that fill their eight bytes, in every column. */
    memset(&stride.stride_s, 0x3f, sizeof(stride) - offsetof(struct stride, stride_s));
    stride.shape.scuff = stride.shape.forefoot_first = STRIDE_YES;
    stride.foot_off_device_us = stride.end_device_us = 1e9 / 3;
    const double empty = ask("SELECT page_count FROM pragma_page_count");
    store_begin(store);
    for (int i = 0; i < STRIDES_N; i++) {
        stride.start_ns = INT64_C(1000000000000) * (i + 1);
        stride.end_ns = stride.start_ns + 1100000000;
        stride.start_device_us = 1e9 / 7 * i;
        store_put_stride(store, 1, "95ef7866-686a-882f-a334-ef1e7b26998c", &stride);
    }
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
    store_close(store);
    const double bytes = (ask("SELECT page_count FROM pragma_page_count") - empty) *
                         ask("SELECT page_size FROM pragma_page_size") / STRIDES_N;
    print_message("a stride takes %.0f bytes\n", bytes);
    assert_true(bytes < 400);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_of_version_1_keeps_its_rows_and_takes_the_new_columns),
        TEST(a_file_of_version_1_and_one_begun_anew_have_the_same_columns),
        TEST(a_migration_that_fails_leaves_the_file_as_it_was),
        TEST(a_reader_never_changes_a_file_of_version_1),
        TEST(a_stride_takes_less_than_400_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
