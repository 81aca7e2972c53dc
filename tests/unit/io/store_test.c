/* The store: what was committed is there, what was not is not, whatever fails in between. */
#include "hub/io/store.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[96];

static int make_folder(void **unused)
{
    (void)unused;
    snprintf(folder, sizeof(folder), "/tmp/stridehub-store-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/hub.db", folder);
    return 0;
}

static int drop_folder(void **unused)
{
    (void)unused;
    static const char *const names[] = {"",           "-wal",           "-shm",          ".reserve",
                                        ".corrupt-1", ".corrupt-1-wal", ".corrupt-1-shm"};
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

static void put_inputs(struct store *store, uint64_t from, uint64_t to, size_t size)
{
    static uint8_t bytes[INPUT_BYTES_MAX];
    for (uint64_t seq = from; seq <= to; seq++) {
        memset(bytes, (int)(seq & 0xff), sizeof(bytes));
        const struct input input = {.seq = seq,
                                    .at_mono_ns = (int64_t)seq * 1000,
                                    .at_wall_ms = (int64_t)seq,
                                    .wearer = 1,
                                    .slot = 2,
                                    .kind = INPUT_FRAME,
                                    .size = (uint32_t)size,
                                    .bytes = bytes};
        store_put_input(store, &input);
    }
}

static void commit_inputs(struct store *store, uint64_t from, uint64_t to, size_t size)
{
    store_begin(store);
    put_inputs(store, from, to, size);
    assert_int_equal(store_commit(store, to), STORE_COMMITTED);
}

struct walk {
    uint64_t next;
    uint64_t n;
};

static bool in_order(void *context, const struct input *input)
{
    struct walk *walk = context;
    if (walk->next != 0)
        assert_int_equal(input->seq, walk->next);
    assert_int_equal(input->at_mono_ns, (int64_t)input->seq * 1000);
    if (input->size > 0)
        assert_int_equal(input->bytes[input->size - 1], input->seq & 0xff);
    walk->next = input->seq + 1;
    walk->n++;
    return true;
}

static void a_committed_batch_survives_closing(void **unused)
{
    (void)unused;
    struct store *store = open_with(0, false);
    struct walk walk = {0};
    commit_inputs(store, 1, 100, 640);
    store_begin(store);
    put_inputs(store, 101, 110, 640);
    store_rollback(store);
    store_close(store);
    store = open_with(0, false);
    assert_int_equal(store_last_seq(store), 100);
    assert_int_equal(store_each_input(store, 1, in_order, &walk), STORE_OK);
    assert_int_equal(walk.n, 100);
    store_close(store);
}

/* Such a row would be replayed without end. */
static void a_row_of_a_time_that_cannot_be_is_named_and_not_handed_out(void **unused)
{
    (void)unused;
    static const int64_t times_ns[] = {INT64_MAX, JOURNAL_MONO_NS_MAX + 1, -1, INT64_MIN};
    struct store *store = open_with(0, false);
    commit_inputs(store, 1, 3, 10);
    for (size_t i = 0; i < sizeof(times_ns) / sizeof(times_ns[0]); i++) {
        const struct input input = {.seq = 4 + i,
                                    .at_mono_ns = times_ns[i],
                                    .wearer = 1,
                                    .slot = INPUT_SLOT_NONE,
                                    .kind = INPUT_TICK};
        struct walk walk = {0};
        char name[32];
        store_begin(store);
        store_put_input(store, &input);
        assert_int_equal(store_commit(store, input.seq), STORE_COMMITTED);
        assert_int_equal(store_each_input(store, 4 + i, in_order, &walk), STORE_CORRUPT);
        assert_int_equal(walk.n, 0);
        snprintf(name, sizeof(name), "input %d ", 4 + (int)i);
        assert_non_null(strstr(store_last_error(store), name));
    }
    store_close(store);
}

static void the_file_is_readable_by_its_owner_only(void **unused)
{
    (void)unused;
    struct stat status;
    store_close(open_with(0, false));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

/* Writing beyond the limit fails as a full disk does. */
static void set_file_limit(rlim_t bytes)
{
    struct rlimit limit;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes == 0 ? limit.rlim_max : bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_keeps_all_of_the_batch_before_and_nothing_of_the_one_after(void **unused)
{
    (void)unused;
    struct store *store = open_with(256 * 1024, false);
    char reserve[160];
    struct stat status;
    snprintf(reserve, sizeof(reserve), "%s.reserve", path);
    assert_int_equal(stat(reserve, &status), 0);
    const int64_t whole = status.st_size;
    assert_int_equal(whole, 256 * 1024);
    uint64_t last = 0;
    enum store_commit result = STORE_COMMITTED;
    set_file_limit(512 * 1024);
    while (result == STORE_COMMITTED && last < 5000) {
        store_begin(store);
        put_inputs(store, last + 1, last + 50, 640);
        result = store_commit(store, last + 50);
        if (result == STORE_COMMITTED)
            last += 50;
    }
    /* The limit reads as a failed write, a full disk as full: both leave nothing of the batch. */
    assert_int_not_equal(result, STORE_COMMITTED);
    assert_true(last > 0);
    const bool given = stat(reserve, &status) != 0 || status.st_size < whole;
    assert_true(result != STORE_NOT_COMMITTED_FULL || given);
    set_file_limit(0);
    assert_int_equal(store_reopen(store), STORE_OK);
    assert_int_equal(store_last_seq(store), last);
    commit_inputs(store, last + 1, last + 50, 640);
    assert_true(store_reserve_take(store));
    store_close(store);
    store = open_with(0, true);
    char said[128];
    assert_int_equal(store_check(store, said, sizeof(said)), STORE_OK);
    store_close(store);
}

static void a_batch_with_a_bad_row_is_refused_whole(void **unused)
{
    (void)unused;
    struct store *store = open_with(0, false);
    commit_inputs(store, 1, 5, 10);
    store_begin(store);
    put_inputs(store, 6, 6, 10);
    put_inputs(store, 3, 3, 10); /* the same place twice */
    assert_int_equal(store_commit(store, 6), STORE_NOT_COMMITTED);
    assert_int_equal(store_last_seq(store), 5);
    commit_inputs(store, 6, 7, 10);
    store_close(store);
}

static void a_damaged_file_is_set_aside_and_a_fresh_one_begun(void **unused)
{
    (void)unused;
    const struct store_options options = {.path = path};
    enum store_error error;
    bool quarantined;
    const int file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    char rubbish[8192];
    memset(rubbish, 'x', sizeof(rubbish));
    assert_int_equal(write(file, rubbish, sizeof(rubbish)), sizeof(rubbish));
    close(file);
    struct store *store = store_open(&options, &error, &quarantined);
    assert_non_null(store);
    assert_true(quarantined);
    char aside[160];
    snprintf(aside, sizeof(aside), "%s.corrupt-1", path);
    assert_int_equal(access(aside, F_OK), 0);
    commit_inputs(store, 1, 3, 10);
    store_close(store);
}

static void a_file_of_a_later_version_is_left_alone(void **unused)
{
    (void)unused;
    store_close(open_with(0, false));
    /* user_version is the big-endian word at byte 60 of the file's head. */
    const int file = open(path, O_RDWR | O_CLOEXEC);
    const uint8_t version[4] = {0, 0, 0, 99};
    assert_int_equal(pwrite(file, version, 4, 60), 4);
    close(file);
    const struct store_options options = {.path = path};
    enum store_error error;
    bool quarantined;
    assert_null(store_open(&options, &error, &quarantined));
    assert_int_equal(error, STORE_NEWER);
    assert_false(quarantined);
}

static void a_folder_that_is_not_there_is_an_error_not_a_crash(void **unused)
{
    (void)unused;
    const struct store_options options = {.path = "/nonexistent/stridehub.db"};
    enum store_error error;
    assert_null(store_open(&options, &error, NULL));
    assert_int_equal(error, STORE_CANNOT_OPEN);
}

static void wearers_keep_their_numbers(void **unused)
{
    (void)unused;
    char id[ID_SIZE];
    struct store *store = open_with(0, false);
    assert_int_equal(store_wearer_number(store, "w1"), 1);
    assert_int_equal(store_wearer_number(store, "w2"), 2);
    store_close(store);
    store = open_with(0, false);
    assert_int_equal(store_wearer_number(store, "w2"), 2);
    assert_int_equal(store_wearer_number(store, "w3"), 3);
    assert_true(store_wearer_id(store, 2, id));
    assert_string_equal(id, "w2");
    assert_false(store_wearer_id(store, 9, id));
    store_close(store);
}

static int messages_n;
static char message_keys[8][STORE_KEY_SIZE];
static uint64_t message_versions[8];

static bool note_message(void *context, const struct store_message *message)
{
    (void)context;
    memcpy(message_keys[messages_n], message->key, STORE_KEY_SIZE);
    message_versions[messages_n++] = message->version;
    return true;
}

static void post(struct store *store, const char *key, bool urgent, uint64_t *version)
{
    struct store_message message = {.payload = (const uint8_t *)"x", .size = 1, .urgent = urgent};
    snprintf(message.key, sizeof(message.key), "%s", key);
    snprintf(message.topic, sizeof(message.topic), "t");
    store_put_message(store, &message);
    *version = message.version;
}

static void a_message_that_was_replaced_is_not_dropped_by_its_old_receipt(void **unused)
{
    (void)unused;
    uint64_t first, second, other;
    struct store *store = open_with(0, false);
    store_begin(store);
    post(store, "session w1", false, &first);
    post(store, "alert a", true, &other);
    post(store, "session w1", false, &second);
    store_drop_message(store, "session w1", first);
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
    messages_n = 0;
    assert_int_equal(store_each_message(store, note_message, NULL), STORE_OK);
    assert_int_equal(messages_n, 2);
    assert_string_equal(message_keys[0], "alert a"); /* urgent first */
    assert_int_equal(message_versions[1], second);
    store_begin(store);
    store_drop_message(store, "session w1", second);
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
    store_close(store);
    store = open_with(0, false);
    messages_n = 0;
    assert_int_equal(store_each_message(store, note_message, NULL), STORE_OK);
    assert_int_equal(messages_n, 1);
    store_begin(store);
    post(store, "alert a", true, &second);
    assert_true(second > other); /* versions rise over restarts */
    store_rollback(store);
    store_close(store);
}

static struct store_snapshot found;
static bool note_snapshot(void *context, const struct store_snapshot *snapshot)
{
    (void)context;
    found = *snapshot;
    return true;
}

static void put_base(struct store *store, uint64_t seq)
{
    const struct store_snapshot base = {
        .wearer = 1, .seq = seq, .at_mono_ns = (int64_t)seq * 1000, .state = "state", .size = 5};
    store_begin(store);
    store_put_base(store, &base);
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
}

static uint64_t retain_all(struct store *store, uint64_t before_seq)
{
    bool more = true;
    for (int i = 0; more && i < 100; i++) {
        store_begin(store);
        more = store_retain(store, (int64_t)before_seq * 1000, 0, 10);
        assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
    }
    return store_first_seq(store);
}

static void put_replay_from(struct store *store, uint64_t seq)
{
    store_begin(store);
    store_put_replay_from(store, seq);
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
}

static void retention_never_drops_what_a_recovery_needs(void **unused)
{
    (void)unused;
    struct store *store = open_with(0, false);
    commit_inputs(store, 1, 100, 10);
    put_base(store, 90);
    assert_int_equal(retain_all(store, 60), 1); /* no checkpoint was ever written */
    put_replay_from(store, 20);
    assert_int_equal(retain_all(store, 60), 20);
    put_replay_from(store, 101);
    assert_int_equal(retain_all(store, 60), 60);
    store_close(store);
}

static void retention_never_drops_what_a_replay_needs(void **unused)
{
    (void)unused;
    struct store *store = open_with(0, false);
    commit_inputs(store, 1, 100, 10);
    put_replay_from(store, 101);
    assert_int_equal(retain_all(store, 60), 1); /* no base stands for any row */
    put_base(store, 30);
    put_base(store, 70);
    assert_int_equal(retain_all(store, 60), 60); /* young rows stay */
    assert_int_equal(store_each_base(store, note_snapshot, NULL), STORE_OK);
    assert_int_equal(found.seq, 30); /* the newest base before the first row */
    assert_int_equal(retain_all(store, 90), 71);
    assert_int_equal(store_each_base(store, note_snapshot, NULL), STORE_OK);
    assert_int_equal(found.seq, 70);
    assert_int_equal(found.size, 5);
    put_base(store, 100);
    assert_int_equal(retain_all(store, 1000), 100); /* the last row stays: numbers go on from it */
    store_close(store);
}

static void a_reader_sees_one_moment_while_the_hub_writes(void **unused)
{
    (void)unused;
    struct walk walk = {0};
    struct store *writer = open_with(0, false);
    commit_inputs(writer, 1, 10, 10);
    struct store *reader = open_with(0, true);
    store_read_begin(reader);
    assert_int_equal(store_last_seq(reader), 10);
    commit_inputs(writer, 11, 20, 10);
    assert_int_equal(store_each_input(reader, 0, in_order, &walk), STORE_OK);
    assert_int_equal(walk.n, 10);
    store_read_end(reader);
    assert_int_equal(store_last_seq(reader), 20);
    store_close(reader);
    store_close(writer);
}

static void the_clock_mark_comes_back(void **unused)
{
    (void)unused;
    const struct clock_mark mark = {{1, 2}, {3, 4}, "boot"};
    struct clock_mark back;
    double speed;
    struct store *store = open_with(0, false);
    assert_false(store_get_clock(store, &back, &speed));
    store_begin(store);
    store_put_clock(store, &mark, 20);
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
    assert_true(store_get_clock(store, &back, &speed));
    assert_int_equal(back.hub.mono_ns, 1);
    assert_int_equal(back.machine.wall_ms, 4);
    assert_string_equal(back.boot, "boot");
    assert_true(speed == 20);
    store_close(store);
}

static void put_alert(struct store *store, const char *id, uint32_t wearer, int at_ms)
{
    char record[48];
    snprintf(record, sizeof(record), "{\"t_utc_ms\":%d}", at_ms);
    struct store_alert alert = {.wearer = wearer, .closed = true, .cleared = true};
    snprintf(alert.id, sizeof(alert.id), "%s", id);
    alert.record = record;
    store_put_alert(store, &alert);
}

enum { IDS_SIZE = 64 };
static bool note_alert(void *context, const struct store_alert *alert)
{
    char *ids = context;
    const size_t used = strlen(ids);
    snprintf(ids + used, IDS_SIZE - used, "%s", alert->id);
    return true;
}

static void an_alert_is_missed_by_a_report_once_it_was_cleared(void **unused)
{
    (void)unused;
    char ids[IDS_SIZE] = "";
    struct store *store = open_with(0, false);
    store_begin(store);
    put_alert(store, "a1", 1, 999);
    put_alert(store, "a2", 1, 1000);
    put_alert(store, "a3", 2, 1500);
    put_alert(store, "a4", 1, 2000);
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
    assert_int_equal(store_each_alert_raised(store, 1, 1000, 2000, note_alert, ids), STORE_OK);
    assert_string_equal(ids, "a2");
    ids[0] = '\0';
    assert_int_equal(store_each_alert_raised(store, 0, 1000, 2001, note_alert, ids), STORE_OK);
    assert_string_equal(ids, "a2a3a4");
    store_close(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_committed_batch_survives_closing),
        TEST(a_row_of_a_time_that_cannot_be_is_named_and_not_handed_out),
        TEST(the_file_is_readable_by_its_owner_only),
        TEST(a_full_disk_keeps_all_of_the_batch_before_and_nothing_of_the_one_after),
        TEST(a_batch_with_a_bad_row_is_refused_whole),
        TEST(a_damaged_file_is_set_aside_and_a_fresh_one_begun),
        TEST(a_file_of_a_later_version_is_left_alone),
        TEST(a_folder_that_is_not_there_is_an_error_not_a_crash),
        TEST(wearers_keep_their_numbers),
        TEST(a_message_that_was_replaced_is_not_dropped_by_its_old_receipt),
        TEST(retention_never_drops_what_a_recovery_needs),
        TEST(retention_never_drops_what_a_replay_needs),
        TEST(a_reader_sees_one_moment_while_the_hub_writes),
        TEST(the_clock_mark_comes_back),
        TEST(an_alert_is_missed_by_a_report_once_it_was_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
