/* What a link does when the broker misbehaves, dies or falls asleep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "proto/link.h"
#include "tests/link/link_box.h"
#include "tests/tools/broker.h"
#include "tests/tools/fake_broker.h"

enum { SOON_MS = 8000, NOT_DELIVERED = 0xFF, HALF_OPEN_MS = 12500 };

static const char *const any[] = {"t/#"};

static void after_a_crash_of_the_broker_messages_flow_again(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    struct broker *broker = broker_new(NULL);
    assert_non_null(broker);
    assert_true(broker_start(broker));
    struct link_options options = box_options(broker_uri(broker), "phoenix");
    options.filters = any;
    options.filters_n = 1;
    options.session_expiry_s = 3600;
    struct link *link = box_open(&box, &options);
    assert_true(link_wait_connected(link, SOON_MS));
    for (unsigned crash = 1; crash <= 3; crash++) {
        broker_kill(broker);
        assert_true(box_wait(&box, &box.lost_n, crash, SOON_MS));
        assert_int_equal(box_publish(link, "t/x", "lost", 1), LINK_NOT_CONNECTED);
        assert_true(broker_start(broker));
        assert_true(box_wait(&box, &box.connected_n, crash + 1, SOON_MS));
        assert_false(box.session_present);
        assert_int_equal(box_publish(link, "t/x", "back", 2), LINK_OK);
        assert_true(box_wait(&box, &box.received_n, crash, SOON_MS));
    }
    struct link_stats stats;
    link_stats(link, &stats);
    assert_int_equal(stats.connects, 4);
    assert_int_equal(stats.losses, 3);
    link_close(link, 1000);
    broker_free(broker);
    box_fini(&box);
}

static void a_half_open_broker_is_noticed(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    struct broker *broker = broker_new(NULL);
    assert_non_null(broker);
    assert_true(broker_start(broker));
    struct link_options options = box_options(broker_uri(broker), "halfopen");
    struct link *link = box_open(&box, &options);
    assert_true(link_wait_connected(link, SOON_MS));
    uint64_t from_ms = box_now_ms();
    broker_freeze(broker);
    assert_true(box_wait(&box, &box.lost_n, 1, HALF_OPEN_MS));
    printf("half-open noticed after %llu ms\n", (unsigned long long)(box_now_ms() - from_ms));
    broker_thaw(broker);
    assert_true(box_wait(&box, &box.connected_n, 2, 2 * SOON_MS));
    link_close(link, 1000);
    broker_free(broker);
    box_fini(&box);
}

static void a_refused_filter_is_a_failure_that_is_named_and_retried(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    struct fake_broker *fake = fake_broker_start(FAKE_REFUSES_SUBSCRIBE);
    assert_non_null(fake);
    struct link_options options = box_options(fake_broker_uri(fake), "refused");
    options.filters = any;
    options.filters_n = 1;
    struct link *link = box_open(&box, &options);
    assert_false(link_wait_connected(link, 3000));
    struct link_stats stats;
    link_stats(link, &stats);
    assert_non_null(strstr(stats.last_error, "0x87"));
    assert_non_null(strstr(stats.last_error, "t/#"));
    assert_false(stats.connected);
    uint64_t times[4];
    assert_true(fake_broker_accepts(fake, times, 4) >= 2);
    link_close(link, 100);
    assert_int_equal(box.connected_n, 0);
    assert_int_equal(box.lost_n, 0);
    fake_broker_stop(fake);
    box_fini(&box);
}

static void a_refused_connect_is_named(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    struct fake_broker *fake = fake_broker_start(FAKE_REFUSES_CONNECT);
    assert_non_null(fake);
    struct link_options options = box_options(fake_broker_uri(fake), "nobody");
    struct link *link = box_open(&box, &options);
    assert_false(link_wait_connected(link, 2500));
    struct link_stats stats;
    link_stats(link, &stats);
    assert_non_null(strstr(stats.last_error, "0x87"));
    link_close(link, 100);
    fake_broker_stop(fake);
    box_fini(&box);
}

static void publishing_while_disconnected_is_refused(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    char uri[64];
    snprintf(uri, sizeof uri, "tcp://127.0.0.1:%u", broker_free_port());
    struct link_options options = box_options(uri, "early");
    struct link *link = box_open(&box, &options);
    assert_int_equal(box_publish(link, "t/x", "x", 1), LINK_NOT_CONNECTED);
    assert_false(link_wait_connected(link, 500));
    assert_int_equal(box_publish(link, "t/x", "x", 1), LINK_NOT_CONNECTED);
    link_close(link, 100);
    assert_int_equal(box.published_n, 0);
    box_fini(&box);
}

static void the_bound_in_flight_holds_and_unacked_ones_answer_once(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    struct fake_broker *fake = fake_broker_start(FAKE_NEVER_ACKS);
    assert_non_null(fake);
    struct link_options options = box_options(fake_broker_uri(fake), "stuck");
    options.inflight_max = 8;
    options.session_expiry_s = 60;
    struct link *link = box_open(&box, &options);
    for (unsigned round = 1; round <= 3; round++) {
        assert_true(box_wait(&box, &box.connected_n, round, SOON_MS));
        for (uint64_t token = 1; token <= 8; token++) {
            assert_int_equal(box_publish(link, "t/x", "x", token), LINK_OK);
        }
        assert_int_equal(box_publish(link, "t/x", "x", 9), LINK_QUEUE_FULL);
        const struct link_publish light = {.topic = "t/x", .qos = 0, .token = 10};
        assert_int_equal(link_publish(link, &light), LINK_OK);
        fake_broker_hang_up(fake);
        assert_true(box_wait(&box, &box.lost_n, round, SOON_MS));
        assert_int_equal(box_read(&box, &box.published_n), 8 * round);
        for (unsigned token = 1; token <= 8; token++) {
            assert_int_equal(box.answers_n[token], round);
            assert_int_equal(box.reasons[token], NOT_DELIVERED);
        }
    }
    assert_true(box_wait(&box, &box.connected_n, 4, SOON_MS));
    assert_int_equal(box_publish(link, "t/x", "x", 11), LINK_OK);
    link_close(link, 50); /* what is still out answers before close returns */
    assert_int_equal(box.answers_n[11], 1);
    assert_int_equal(box.reasons[11], NOT_DELIVERED);
    assert_int_equal(box.answers_n[9] + box.answers_n[10], 0);
    fake_broker_stop(fake);
    box_fini(&box);
}

/* Attempts of a link with back-off 100..1600 ms against `manner`: gap k is at least half of
 * 100 x 2^k, which a reset would break. */
static void assert_backoff_grows(enum fake_manner manner, uint32_t stable_ms, bool grows)
{
    struct link_box box;
    box_init(&box);
    struct fake_broker *fake = fake_broker_start(manner);
    assert_non_null(fake);
    struct link_options options = box_options(fake_broker_uri(fake), "patient");
    options.filters = any;
    options.filters_n = 1;
    options.backoff_min_ms = 200;
    options.backoff_max_ms = 3200;
    options.stable_ms = stable_ms;
    struct link *link = box_open(&box, &options);
    uint64_t at_ns[5] = {0};
    uint64_t until_ms = box_now_ms() + 20000;
    while (fake_broker_accepts(fake, at_ns, 5) < 5 && box_now_ms() < until_ms) {
        box_wait(&box, &box.received_n, 1, 50); /* never comes: a pause that is no sleep */
    }
    assert_true(fake_broker_accepts(fake, at_ns, 5) >= 5);
    uint64_t last_gap_ms = (at_ns[4] - at_ns[3]) / 1000000;
    for (unsigned k = 0; grows && k < 4; k++) {
        assert_true((at_ns[k + 1] - at_ns[k]) / 1000000 >= (100u << k));
    }
    if (!grows) {
        assert_true(last_gap_ms < 700); /* 800 at least, had it grown */
    }
    link_close(link, 100);
    fake_broker_stop(fake);
    box_fini(&box);
}

static void backoff_grows_when_connections_are_closed_at_once(void **state)
{
    (void)state;
    assert_backoff_grows(FAKE_HANGS_UP, 10000, true);
}

static void a_short_lived_success_does_not_reset_the_backoff(void **state)
{
    (void)state;
    assert_backoff_grows(FAKE_DROPS_AFTER_SUBACK, 10000, true);
}

static void a_link_that_held_resets_the_backoff(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    struct fake_broker *fake = fake_broker_start(FAKE_NEVER_ACKS);
    assert_non_null(fake);
    struct link_options options = box_options(fake_broker_uri(fake), "steady");
    options.backoff_min_ms = 50;
    options.backoff_max_ms = 60000;
    options.stable_ms = 1;
    struct link *link = box_open(&box, &options);
    for (unsigned round = 1; round <= 9; round++) { /* 50 x 2^9 ms would be 25 s */
        assert_true(box_wait(&box, &box.connected_n, round, SOON_MS));
        box_wait(&box, &box.received_n, 1, 5); /* held for 5 ms: stable by these options */
        fake_broker_hang_up(fake);
    }
    link_close(link, 100);
    fake_broker_stop(fake);
    box_fini(&box);
}

static void closing_in_any_state_ends(void **state)
{
    (void)state;
    struct link_box box;
    box_init(&box);
    struct broker *broker = broker_new(NULL);
    assert_non_null(broker);
    assert_true(broker_start(broker));
    struct link_options options = box_options(broker_uri(broker), "hasty");
    options.filters = any;
    options.filters_n = 1;
    for (unsigned wait_ms = 0; wait_ms < 40; wait_ms += 4) {
        struct link *link = box_open(&box, &options);
        link_wait_connected(link, wait_ms);
        link_close(link, 0);
    }
    broker_freeze(broker);
    struct link *link = box_open(&box, &options);
    link_wait_connected(link, 200);
    link_close(link, 0);
    broker_free(broker);
    box_fini(&box);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_a_crash_of_the_broker_messages_flow_again),
        cmocka_unit_test(a_half_open_broker_is_noticed),
        cmocka_unit_test(a_refused_filter_is_a_failure_that_is_named_and_retried),
        cmocka_unit_test(a_refused_connect_is_named),
        cmocka_unit_test(publishing_while_disconnected_is_refused),
        cmocka_unit_test(the_bound_in_flight_holds_and_unacked_ones_answer_once),
        cmocka_unit_test(backoff_grows_when_connections_are_closed_at_once),
        cmocka_unit_test(a_short_lived_success_does_not_reset_the_backoff),
        cmocka_unit_test(a_link_that_held_resets_the_backoff),
        cmocka_unit_test(closing_in_any_state_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
