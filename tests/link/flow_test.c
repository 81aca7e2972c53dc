/* What a link does while all is well, against a real mosquitto. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "proto/link.h"
#include "tests/link/link_box.h"
#include "tests/tools/broker.h"

enum { SOON_MS = 8000 };

static struct broker *broker;

static int start(void **state)
{
    (void)state;
    broker = broker_new("allow_anonymous true\nacl_file @DIR@/acl\n");
    return broker && broker_write(broker, "acl", "topic readwrite t/#\ntopic read secret/#\n") &&
                   broker_start(broker)
               ? 0
               : -1;
}

static int stop(void **state)
{
    (void)state;
    broker_free(broker);
    return 0;
}

static void bad_options_are_refused_before_anything_starts(void **state)
{
    (void)state;
    const char *bad_uris[] = {NULL,           "",           "127.0.0.1:1883", "http://h:1",
                              "mqtt://",      "mqtt://:1",  "mqtt://h:0",     "mqtt://h:65536",
                              "mqtt://h:12x", "mqtt://h",   "mqtt://h:-1",    "mqtt://a/b:1",
                              "mqtt://h:",    "mqtt://h: 1"};
    struct link_callbacks none = {0};
    for (size_t i = 0; i < sizeof bad_uris / sizeof *bad_uris; i++) {
        struct link_options options = box_options(bad_uris[i], "c");
        enum link_error error = LINK_OK;
        assert_null(link_open(&options, &none, &error));
        assert_int_equal(error, LINK_BAD_OPTIONS);
    }
    struct link_options good = box_options("mqtt://127.0.0.1:1", "c");
    struct link_options bad[6] = {good, good, good, good, good, good};
    bad[0].client_id = "";
    bad[1].will_topic = "a/#";
    bad[2].keepalive_s = 0;
    bad[3].inflight_max = 0;
    bad[4].inflight_max = 65536;
    bad[5].backoff_max_ms = bad[5].backoff_min_ms - 1;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        enum link_error error = LINK_OK;
        assert_null(link_open(&bad[i], &none, &error));
        assert_int_equal(error, LINK_BAD_OPTIONS);
    }
}

static void a_message_published_is_received_and_acknowledged(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    const char *filters[] = {"t/one/#", "t/two"};
    struct link_options options = box_options(broker_uri(broker), "round");
    options.filters = filters;
    options.filters_n = 2;
    struct link *link = box_open(&box, &options);
    assert_true(link_wait_connected(link, SOON_MS));
    assert_true(box_wait(&box, &box.connected_n, 1, SOON_MS));
    assert_int_equal(box_publish(link, "t/two", "hello", 5), LINK_OK);
    assert_true(box_wait(&box, &box.received_n, 1, SOON_MS));
    assert_true(box_wait(&box, &box.published_n, 1, SOON_MS));
    assert_string_equal(box.topic, "t/two");
    assert_string_equal(box.payload, "hello");
    assert_int_equal(box.reasons[5], 0);
    assert_int_equal(box_publish(link, "t/#", "x", 6), LINK_BAD_OPTIONS);
    struct link_stats stats;
    link_stats(link, &stats);
    assert_int_equal(stats.connects, 1);
    assert_int_equal(stats.published, 1);
    assert_int_equal(stats.received, 1);
    assert_int_equal(stats.inflight, 0);
    assert_true(stats.connected);
    link_close(link, 1000);
    assert_int_equal(box.lost_n, 0);
    box_fini(&box);
}

static void response_topic_and_correlation_survive_the_way(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    const char *filters[] = {"t/request"};
    struct link_options options = box_options(broker_uri(broker), "asker");
    options.filters = filters;
    options.filters_n = 1;
    struct link *link = box_open(&box, &options);
    assert_true(link_wait_connected(link, SOON_MS));
    const struct link_publish publish = {.topic = "t/request",
                                         .qos = 1,
                                         .payload = (const uint8_t *)"?",
                                         .size = 1,
                                         .response_topic = "t/answer/7",
                                         .correlation = (const uint8_t *)"a\0b",
                                         .correlation_size = 3,
                                         .user_key = "k",
                                         .user_value = "v"};
    assert_int_equal(link_publish(link, &publish), LINK_OK);
    assert_true(box_wait(&box, &box.received_n, 1, SOON_MS));
    assert_string_equal(box.response_topic, "t/answer/7");
    assert_int_equal(box.correlation_size, 3);
    assert_memory_equal(box.correlation, "a\0b", 3);
    link_close(link, 1000);
    box_fini(&box);
}

static void an_expired_message_is_not_delivered_late(void **state)
{
    (void)state;
    struct link_box away;
    struct link_box here;
    box_init(&away);
    box_init(&here);
    const char *filters[] = {"t/expiry/#"};
    struct link_options options = box_options(broker_uri(broker), "sleeper");
    options.filters = filters;
    options.filters_n = 1;
    options.session_expiry_s = 60;
    struct link *sleeper = box_open(&away, &options);
    assert_true(link_wait_connected(sleeper, SOON_MS));
    link_close(sleeper, 100);

    struct link_options sender_options = box_options(broker_uri(broker), "sender");
    struct link *sender = box_open(&here, &sender_options);
    assert_true(link_wait_connected(sender, SOON_MS));
    struct link_publish publish = {.topic = "t/expiry/short", .qos = 1, .expiry_s = 1, .token = 1};
    assert_int_equal(link_publish(sender, &publish), LINK_OK);
    publish = (struct link_publish){.topic = "t/expiry/long", .qos = 1, .token = 2};
    assert_int_equal(link_publish(sender, &publish), LINK_OK);
    assert_true(box_wait(&here, &here.published_n, 2, SOON_MS));
    /* What is waited for is the broker's own clock: whole seconds, so two of them and a bit. */
    box_wait(&away, &away.received_n, 1, 2200);

    sleeper = box_open(&away, &options);
    assert_true(box_wait(&away, &away.received_n, 1, SOON_MS));
    assert_true(box_wait(&away, &away.connected_n, 2, SOON_MS));
    assert_string_equal(away.topic, "t/expiry/long");
    assert_true(away.session_present);
    assert_int_equal(box_read(&away, &away.received_n), 1);
    link_close(sleeper, 100);
    link_close(sender, 100);
    box_fini(&away);
    box_fini(&here);
}

static struct link *open_with_will(struct link_box *box, const char *id)
{
    struct link_options options = box_options(broker_uri(broker), id);
    options.will_topic = "t/will";
    options.will_payload = (const uint8_t *)"gone";
    options.will_size = 4;
    struct link *link = box_open(box, &options);
    assert_true(link_wait_connected(link, SOON_MS));
    return link;
}

static void the_will_is_sent_on_abort_and_not_on_close(void **state)
{
    (void)state;
    struct link_box watch;
    struct link_box box;
    box_init(&watch);
    box_init(&box);
    const char *filters[] = {"t/will"};
    struct link_options options = box_options(broker_uri(broker), "watch");
    options.filters = filters;
    options.filters_n = 1;
    struct link *watcher = box_open(&watch, &options);
    assert_true(link_wait_connected(watcher, SOON_MS));

    struct link *link = open_with_will(&box, "mortal");
    link_close(link, 100);
    assert_int_equal(box_publish(watcher, "t/will", "marker", 1), LINK_OK);
    assert_true(box_wait(&watch, &watch.received_n, 1, SOON_MS));
    assert_string_equal(watch.payload, "marker");

    link = open_with_will(&box, "mortal");
    link_abort(link);
    assert_true(box_wait(&watch, &watch.received_n, 2, SOON_MS));
    assert_string_equal(watch.payload, "gone");
    assert_true(box_wait(&box, &box.lost_n, 1, SOON_MS));
    assert_true(box_wait(&box, &box.connected_n, 3, SOON_MS)); /* it heals */
    link_close(link, 100);
    link_close(watcher, 100);
    box_fini(&watch);
    box_fini(&box);
}

static void a_publish_without_the_right_is_told_so(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    struct link_options options = box_options(broker_uri(broker), "spoof");
    struct link *link = box_open(&box, &options);
    assert_true(link_wait_connected(link, SOON_MS));
    assert_int_equal(box_publish(link, "secret/x", "x", 9), LINK_OK);
    assert_true(box_wait(&box, &box.published_n, 1, SOON_MS));
    assert_int_equal(box.reasons[9], 0x87);
    struct link_stats stats;
    link_stats(link, &stats);
    assert_int_equal(stats.refused, 1);
    assert_int_equal(stats.published, 0);
    link_close(link, 100);
    box_fini(&box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_options_are_refused_before_anything_starts),
        cmocka_unit_test(a_message_published_is_received_and_acknowledged),
        cmocka_unit_test(response_topic_and_correlation_survive_the_way),
        cmocka_unit_test(an_expired_message_is_not_delivered_late),
        cmocka_unit_test(the_will_is_sent_on_abort_and_not_on_close),
        cmocka_unit_test(a_publish_without_the_right_is_told_so),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
