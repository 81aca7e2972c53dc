/* The outbox: nothing before commit, nothing twice without need, nothing lost before its receipt.
 */
#include "hub/app/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#define SECOND_NS INT64_C(1000000000)

static struct store *store;
static struct outbox *outbox;
static char folder[64], path[96];

static struct {
    int n;
    enum link_error answer;
    char topics[64][48];
    uint64_t tokens[64];
    uint32_t expiries[64];
} broker;

static enum link_error publish(void *context, bool urgent, const struct link_publish *message)
{
    (void)context;
    (void)urgent;
    if (broker.answer != LINK_OK)
        return broker.answer;
    assert_true(broker.n < 64);
    snprintf(broker.topics[broker.n], sizeof(broker.topics[0]), "%s", message->topic);
    broker.expiries[broker.n] = message->expiry_s;
    broker.tokens[broker.n++] = message->token;
    return LINK_OK;
}

static int set_up(void **unused)
{
    (void)unused;
    enum store_error error;
    memset(&broker, 0, sizeof(broker));
    snprintf(folder, sizeof(folder), "/tmp/stridehub-outbox-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/hub.db", folder);
    const struct store_options options = {.path = path};
    store = store_open(&options, &error, NULL);
    assert_non_null(store);
    outbox = outbox_open(publish, NULL);
    return outbox == NULL;
}

static int tear_down(void **unused)
{
    (void)unused;
    outbox_close(outbox);
    store_close(store);
    unlink(path);
    return rmdir(folder);
}

static void post(const char *key, const char *topic, bool urgent, int64_t expires_ns)
{
    struct store_message message = {.payload = (const uint8_t *)"payload",
                                    .size = 7,
                                    .urgent = urgent,
                                    .expires_mono_ns = expires_ns};
    snprintf(message.key, sizeof(message.key), "%s", key);
    snprintf(message.topic, sizeof(message.topic), "%s", topic);
    outbox_post(outbox, store, &message);
}

static void commit_and_send(void)
{
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
    outbox_send(outbox, 0, 1);
}

static int rows_n;
static bool count_row(void *context, const struct store_message *message)
{
    (void)context;
    (void)message;
    rows_n++;
    return true;
}

static int rows(void)
{
    rows_n = 0;
    assert_int_equal(store_each_message(store, count_row, NULL), STORE_OK);
    return rows_n;
}

static void settle(void)
{
    store_begin(store);
    (void)outbox_settle(outbox, store);
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
}

static void nothing_leaves_before_commit_and_urgent_leaves_first(void **unused)
{
    (void)unused;
    store_begin(store);
    post("a", "slow", false, 0);
    post("b", "urgent", true, 0);
    assert_int_equal(broker.n, 0);
    commit_and_send();
    assert_int_equal(broker.n, 2);
    assert_string_equal(broker.topics[0], "urgent");
}

static void a_failed_batch_says_nothing(void **unused)
{
    (void)unused;
    store_begin(store);
    post("a", "t", true, 0);
    store_rollback(store);
    outbox_discard(outbox);
    outbox_send(outbox, 0, 1);
    (void)outbox_resend(outbox, store, 0, 1);
    assert_int_equal(broker.n, 0);
}

static void a_red_flag_leaves_even_if_its_batch_cannot_be_stored(void **unused)
{
    (void)unused;
    store_begin(store);
    post("session a", "slow", false, 0);
    post("prompt a", "coaching", true, 10 * SECOND_NS);
    post("alert a", "alert", true, 0);
    assert_int_equal(outbox_cry(outbox), 1);
    assert_int_equal(broker.n, 1);
    assert_string_equal(broker.topics[0], "alert");
    broker.answer = LINK_NOT_CONNECTED;
    assert_int_equal(outbox_cry(outbox), 0);
    outbox_discard(outbox);
    broker.answer = LINK_OK;
    assert_int_equal(outbox_cry(outbox), 0);
}

static void a_row_goes_with_its_receipt_and_not_before(void **unused)
{
    (void)unused;
    store_begin(store);
    post("a", "t", true, 0);
    commit_and_send();
    assert_int_equal(rows(), 1);
    outbox_acknowledged(outbox, broker.tokens[0], 0);
    settle();
    assert_int_equal(rows(), 0);
    outbox_acknowledged(outbox, broker.tokens[0], 0); /* twice does no harm */
    outbox_acknowledged(outbox, 77777, 0);
    settle();
}

static void what_had_no_receipt_is_sent_again_after_a_reconnect(void **unused)
{
    (void)unused;
    store_begin(store);
    post("a", "t", true, 0);
    commit_and_send();
    outbox_link_changed(outbox, true, false);
    outbox_link_changed(outbox, true, true);
    assert_true(outbox_resend(outbox, store, 0, 1));
    assert_int_equal(broker.n, 2);
    outbox_acknowledged(outbox, broker.tokens[0], 0); /* of the connection that is gone */
    settle();
    assert_int_equal(rows(), 1);
    outbox_acknowledged(outbox, broker.tokens[1], 0);
    settle();
    assert_int_equal(rows(), 0);
    assert_false(outbox_resend(outbox, store, 0, 1));
}

static void a_broker_that_is_away_loses_nothing(void **unused)
{
    (void)unused;
    broker.answer = LINK_NOT_CONNECTED;
    store_begin(store);
    post("a", "t", true, 0);
    commit_and_send();
    assert_true(outbox_resend(outbox, store, 0, 1));
    broker.answer = LINK_OK;
    assert_true(outbox_resend(outbox, store, 0, 1));
    assert_int_equal(broker.n, 1);
}

static void a_late_prompt_is_never_sent_and_leaves_no_row(void **unused)
{
    (void)unused;
    broker.answer = LINK_NOT_CONNECTED;
    store_begin(store);
    post("a", "t", true, 10 * SECOND_NS);
    commit_and_send();
    broker.answer = LINK_OK;
    (void)outbox_resend(outbox, store, 11 * SECOND_NS, 1);
    assert_int_equal(broker.n, 0);
    assert_int_equal(rows(), 0);
}

static void expiry_is_told_in_the_brokers_seconds(void **unused)
{
    (void)unused;
    store_begin(store);
    post("a", "t", true, 100 * SECOND_NS);
    assert_int_equal(store_commit(store, 0), STORE_COMMITTED);
    outbox_send(outbox, 0, 20);
    assert_int_equal(broker.expiries[0], 5);
}

static void a_refused_alert_stays_and_a_refused_record_goes(void **unused)
{
    (void)unused;
    store_begin(store);
    post("alert a", "t", true, 0);
    post("session a", "t", false, 0);
    commit_and_send();
    outbox_acknowledged(outbox, broker.tokens[0], 0x87);
    outbox_acknowledged(outbox, broker.tokens[1], 0x87);
    settle();
    assert_int_equal(rows(), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_leaves_before_commit_and_urgent_leaves_first),
        TEST(a_failed_batch_says_nothing),
        TEST(a_red_flag_leaves_even_if_its_batch_cannot_be_stored),
        TEST(a_row_goes_with_its_receipt_and_not_before),
        TEST(what_had_no_receipt_is_sent_again_after_a_reconnect),
        TEST(a_broker_that_is_away_loses_nothing),
        TEST(a_late_prompt_is_never_sent_and_leaves_no_row),
        TEST(expiry_is_told_in_the_brokers_seconds),
        TEST(a_refused_alert_stays_and_a_refused_record_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
