/* The inbox: two lanes, bounded, and nothing is forgotten before it was released. */
#include "hub/app/inbox.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static bool put(struct inbox *inbox, enum inbox_lane lane, uint32_t number, uint32_t size,
                uint32_t wait_ms)
{
    uint8_t payload[4096];
    memset(payload, (int)(number & 0xff), sizeof(payload));
    memcpy(payload, &number, sizeof(number));
    struct inbox_message message = {.payload = payload, .payload_size = size};
    return inbox_put(inbox, lane, &message, wait_ms);
}

static uint32_t number_of(const struct inbox_message *message)
{
    uint32_t number;
    memcpy(&number, message->payload, sizeof(number));
    return number;
}

static void control_overtakes_data(void **unused)
{
    (void)unused;
    struct inbox *inbox = inbox_open(65536, 65536);
    struct inbox_message message;
    assert_true(put(inbox, INBOX_DATA, 1, 100, 0));
    assert_true(put(inbox, INBOX_CONTROL, 2, 100, 0));
    assert_true(inbox_next(inbox, &message));
    assert_int_equal(number_of(&message), 2);
    assert_true(inbox_next(inbox, &message));
    assert_int_equal(number_of(&message), 1);
    assert_false(inbox_next(inbox, &message));
    inbox_close(inbox);
}

static void a_flood_of_data_leaves_room_for_control_and_is_counted(void **unused)
{
    (void)unused;
    struct inbox *inbox = inbox_open(65536, 65536);
    struct inbox_stats stats;
    uint32_t n = 0;
    while (put(inbox, INBOX_DATA, n, 600, 0))
        n++;
    assert_true(n > 50);
    assert_true(put(inbox, INBOX_CONTROL, 7, 600, 0));
    inbox_stats(inbox, &stats);
    assert_int_equal(stats.dropped[INBOX_DATA], 1);
    assert_int_equal(stats.dropped[INBOX_CONTROL], 0);
    inbox_close(inbox);
}

static void messages_come_out_whole_and_in_order_over_many_wraps(void **unused)
{
    (void)unused;
    struct inbox *inbox = inbox_open(65536, 16384);
    struct inbox_message message;
    uint32_t in = 0, out = 0;
    for (uint32_t round = 0; round < 20000; round++) {
        const uint32_t size = 4 + (round * 7919) % 900;
        if (put(inbox, INBOX_DATA, in, size, 0))
            in++;
        if (round % 3 != 0 && inbox_next(inbox, &message)) {
            assert_int_equal(number_of(&message), out);
            if (message.payload_size > 5)
                assert_int_equal(message.payload[message.payload_size - 1], out & 0xff);
            out++;
        }
        if (round % 5 == 0)
            inbox_release(inbox);
    }
    assert_true(out > 9000);
    inbox_close(inbox);
}

static void what_was_read_comes_again_until_it_was_released(void **unused)
{
    (void)unused;
    struct inbox *inbox = inbox_open(65536, 65536);
    struct inbox_message message;
    put(inbox, INBOX_CONTROL, 1, 10, 0);
    put(inbox, INBOX_DATA, 2, 10, 0);
    assert_true(inbox_next(inbox, &message) && inbox_next(inbox, &message));
    inbox_rewind(inbox, false);
    put(inbox, INBOX_DATA, 3, 10, 0);
    assert_true(inbox_next(inbox, &message));
    assert_int_equal(number_of(&message), 1);
    assert_true(inbox_next(inbox, &message));
    assert_int_equal(number_of(&message), 3); /* data that was given up stays given up */
    inbox_rewind(inbox, true);
    assert_true(inbox_next(inbox, &message));
    assert_true(inbox_next(inbox, &message));
    assert_int_equal(number_of(&message), 3);
    inbox_release(inbox);
    inbox_rewind(inbox, true);
    assert_false(inbox_next(inbox, &message));
    inbox_close(inbox);
}

static void a_message_larger_than_a_lane_is_dropped_at_once(void **unused)
{
    (void)unused;
    struct inbox *inbox = inbox_open(1024, 1024);
    assert_false(put(inbox, INBOX_DATA, 1, 4000, 60000));
    inbox_close(inbox);
}

enum { WRITTEN = 5000 };

static void *writer(void *context)
{
    struct inbox *inbox = context;
    for (uint32_t i = 0; i < WRITTEN; i++) {
        if (!put(inbox, INBOX_DATA, i, 500, 60000))
            return NULL;
    }
    return inbox;
}

static void a_slow_reader_makes_writers_wait_instead_of_losing(void **unused)
{
    (void)unused;
    struct inbox *inbox = inbox_open(65536, 8192);
    struct inbox_message message;
    struct inbox_stats stats;
    pthread_t thread;
    void *result;
    assert_int_equal(pthread_create(&thread, NULL, writer, inbox), 0);
    for (uint32_t i = 0; i < WRITTEN;) {
        inbox_wait(inbox, 1000000000);
        for (; inbox_next(inbox, &message); i++)
            assert_int_equal(number_of(&message), i);
        inbox_release(inbox);
    }
    pthread_join(thread, &result);
    assert_non_null(result);
    inbox_stats(inbox, &stats);
    assert_int_equal(stats.dropped[INBOX_DATA], 0);
    assert_true(stats.waits[INBOX_DATA] > 0);
    inbox_close(inbox);
}

static void *shutter(void *context)
{
    inbox_shut(context);
    return NULL;
}

static void shutting_ends_the_wait_for_room(void **unused)
{
    (void)unused;
    struct inbox *inbox = inbox_open(1024, 1024);
    pthread_t thread;
    while (put(inbox, INBOX_DATA, 1, 100, 0)) {
    }
    pthread_create(&thread, NULL, shutter, inbox);
    assert_false(put(inbox, INBOX_DATA, 1, 100, 60000));
    pthread_join(thread, NULL);
    inbox_close(inbox);
}

/* A commit failed: frames come again from their devices, a hello from nobody. */
static void what_is_said_once_is_forgotten_with_the_frames(void **unused)
{
    (void)unused;
    static const enum topic_kind said[] = {TOPIC_FRAME,  TOPIC_HELLO,    TOPIC_LINK,
                                           TOPIC_REPORT, TOPIC_FEEDBACK, TOPIC_ACCOUNT_REQUEST};
    static const enum topic_kind kept[] = {TOPIC_HELLO, TOPIC_REPORT, TOPIC_FEEDBACK,
                                           TOPIC_ACCOUNT_REQUEST};
    struct inbox *inbox = inbox_open(65536, 65536);
    struct inbox_message message;
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        const struct inbox_message in = {.topic.kind = said[i]};
        assert_true(inbox_put(inbox, inbox_lane_of(said[i]), &in, 0));
    }
    while (inbox_next(inbox, &message))
        continue;
    inbox_rewind(inbox, false);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        assert_true(inbox_next(inbox, &message));
        assert_int_equal(message.topic.kind, kept[i]);
    }
    assert_false(inbox_next(inbox, &message));
    inbox_close(inbox);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_overtakes_data),
        cmocka_unit_test(a_flood_of_data_leaves_room_for_control_and_is_counted),
        cmocka_unit_test(messages_come_out_whole_and_in_order_over_many_wraps),
        cmocka_unit_test(what_was_read_comes_again_until_it_was_released),
        cmocka_unit_test(a_message_larger_than_a_lane_is_dropped_at_once),
        cmocka_unit_test(a_slow_reader_makes_writers_wait_instead_of_losing),
        cmocka_unit_test(shutting_ends_the_wait_for_room),
        cmocka_unit_test(what_is_said_once_is_forgotten_with_the_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
