/* The promise of the device library: a frame is kept until `stored` covers it. */
#include "tests/unit/devices/device_fixture.h"

static struct fixture fixture;
static struct wire_frame frame;
static uint64_t seqs[512];

static void ring_keeps_every_byte_whatever_wraps_and_overflows(void **state)
{
    (void)state;
    enum { SIZE = 1000 };
    uint8_t memory[SIZE + 16], message[200];
    struct ring ring;
    struct ring_entry entry;
    uint64_t dropped = 0, next = 1;
    uint32_t random = 12345;
    memset(memory, 0xee, sizeof(memory));
    ring_init(&ring, memory, SIZE, 1);
    for (int step = 0; step < 20000; step++) {
        random = random * 1664525u + 1013904223u;
        uint32_t size = (random >> 8) % sizeof(message);
        memset(message, (int)(next & 0xff), size);
        assert_true(ring_append(&ring, 7, (uint32_t)next, message, size, &dropped));
        next++;
        if ((random >> 28) == 0)
            ring_release(&ring, ring.first_seq + ring.count / 2);
        assert_int_equal(ring_next_seq(&ring), next);
        for (uint64_t seq = ring.first_seq; seq < next; seq++) {
            assert_true(ring_find(&ring, seq, &entry));
            assert_int_equal(entry.made_ms, seq);
            for (uint32_t i = 0; i < entry.size; i++)
                assert_int_equal(entry.bytes[i], seq & 0xff);
        }
        assert_false(ring_find(&ring, ring.first_seq - 1, &entry));
        assert_false(ring_find(&ring, next, &entry));
    }
    assert_true(dropped > 1000);
    for (int i = 0; i < 16; i++)
        assert_int_equal(memory[SIZE + i], 0xee);
}

static void message_larger_than_the_ring_is_refused_and_drops_nothing(void **state)
{
    (void)state;
    uint8_t memory[256], message[256] = {0};
    struct ring ring;
    uint64_t dropped = 0;
    ring_init(&ring, memory, sizeof(memory), 1);
    assert_true(ring_append(&ring, 1, 0, message, 100, &dropped));
    assert_false(ring_append(&ring, 1, 0, message, sizeof(memory) - RING_OVERHEAD + 1, &dropped));
    assert_int_equal(ring.count, 1);
    assert_int_equal(dropped, 0);
    assert_true(ring_append(&ring, 1, 0, message, sizeof(memory) - RING_OVERHEAD, &dropped));
    assert_int_equal(dropped, 1);
}

static void frame_goes_out_once_and_is_forgotten_only_when_stored_covers_it(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 3, 0);
    assert_int_equal(fixture_send(&fixture, 0, seqs, 8), 3);
    assert_int_equal(seqs[0], 1);
    assert_int_equal(seqs[2], 3);
    assert_int_equal(fixture_send(&fixture, 100, seqs, 8), 0);
    assert_int_equal(fixture.device.frames.ring.count, 3);
    assert_true(fixture_stored(&fixture, 2, 100));
    assert_int_equal(fixture.device.frames.ring.count, 1);
    assert_false(device_all_stored(&fixture.device));
    assert_true(fixture_stored(&fixture, 3, 100));
    assert_true(device_all_stored(&fixture.device));
    assert_int_equal(fixture.device.frames.counts.receipted, 3);
}

static void stored_out_of_order_or_of_another_boot_or_of_the_future_frees_nothing(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 5, 0);
    fixture_send(&fixture, 0, seqs, 8);
    assert_true(fixture_stored(&fixture, 3, 10));
    assert_false(fixture_stored(&fixture, 1, 20));
    assert_false(fixture_stored(&fixture, 3, 20));
    assert_int_equal(fixture.device.frames.through, 3);
    assert_false(fixture_stored(&fixture, 6, 20));
    assert_false(fixture_stored(&fixture, UINT64_MAX, 20));
    assert_int_equal(fixture.device.frames.counts.refused, 2);
    struct wire_stored other = {.boot_id = FIXTURE_BOOT + 1, .through_seq = 5};
    assert_false(device_received_stored(&fixture.device, &other, 20));
    assert_int_equal(fixture.device.frames.ring.count, 2);
}

static void reconnect_waits_for_stored_and_goes_on_from_there_in_order(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 6, 0);
    assert_int_equal(fixture_send(&fixture, 0, seqs, 8), 6);
    device_lost(&fixture.device);
    assert_int_equal(fixture_send(&fixture, 10, seqs, 8), 0);
    fixture_frames(&fixture, 2, 500);
    device_connected(&fixture.device, 1000);
    assert_int_equal(fixture_send(&fixture, 1000, seqs, 8), 0);
    assert_true(fixture_stored(&fixture, 4, 1100));
    assert_int_equal(fixture_send(&fixture, 1100, seqs, 8), 4);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(seqs[i], 5 + i);
}

static void reconnect_without_an_answer_probes_with_the_oldest_after_two_seconds(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 6, 0);
    fixture_send(&fixture, 0, seqs, 8);
    device_lost(&fixture.device);
    device_connected(&fixture.device, 1000);
    assert_int_equal(fixture_send(&fixture, 2999, seqs, 8), 0);
    assert_int_equal(device_deadline_ms(&fixture.device), 3000);
    assert_int_equal(fixture_send(&fixture, 3000, seqs, 8), 1);
    assert_int_equal(seqs[0], 1);
    /* The hub answers, be it with the same figure as before: all the rest follows. */
    fixture_stored(&fixture, 1, 3100);
    assert_int_equal(fixture_send(&fixture, 3100, seqs, 8), 5);
    assert_int_equal(seqs[0], 2);
}

static void frames_made_while_offline_are_sent_late_marked_and_not_lost(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    fixture_frames(&fixture, 2, 0);
    device_connected(&fixture.device, 5000);
    fixture_frames(&fixture, 1, 5000);
    struct device_message message;
    assert_true(device_next(&fixture.device, 5000, &message));
    assert_int_equal(message.kind, TOPIC_HELLO);
    device_sent(&fixture.device, &message, 5000);
    fixture_next_frame(&fixture, 5000, &frame);
    assert_true(frame.late);
    fixture_next_frame(&fixture, 5000, &frame);
    fixture_next_frame(&fixture, 5000, &frame);
    assert_false(frame.late);
    assert_int_equal(frame.place.seq, 3);
}

static void resend_goes_back_to_the_hole_once_and_marks_late(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 8, 0);
    fixture_send(&fixture, 0, seqs, 8);
    struct wire_stored stored = {
        .boot_id = FIXTURE_BOOT, .through_seq = 2, .resend_n = 2, .resend = {{6, 7}, {3, 4}}};
    device_received_stored(&fixture.device, &stored, 100);
    fixture_next_frame(&fixture, 100, &frame);
    assert_int_equal(frame.place.seq, 3);
    assert_true(frame.late);
    assert_int_equal(frame.place.oldest_kept_seq, 3);
    assert_int_equal(frame.values[0], 0.5f * 8);
    assert_int_equal(fixture_send(&fixture, 100, seqs, 8), 5);
    assert_int_equal(fixture.device.frames.counts.resent, 6);
    /* The same request again, from frames that crossed on the way, must not start a storm. */
    device_received_stored(&fixture.device, &stored, 150);
    device_received_stored(&fixture.device, &stored, 150);
    assert_int_equal(fixture_send(&fixture, 150, seqs, 8), 0);
    /* Nor may it be forgotten: nothing new may ever come to make the hub ask again. */
    assert_int_equal(device_deadline_ms(&fixture.device), 300);
    assert_int_equal(fixture_send(&fixture, 300, seqs, 8), 6);
    assert_int_equal(fixture_send(&fixture, 600, seqs, 8), 0);
}

static void resend_of_what_is_gone_or_never_was_sends_nothing_wrong(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 3, 0);
    fixture_send(&fixture, 0, seqs, 8);
    struct wire_stored stored = {
        .boot_id = FIXTURE_BOOT, .through_seq = 3, .resend_n = 1, .resend = {{1, 2}}};
    device_received_stored(&fixture.device, &stored, 10);
    assert_int_equal(fixture_send(&fixture, 10, seqs, 8), 0);
    stored.resend[0] = (struct wire_range){900, 1000};
    device_received_stored(&fixture.device, &stored, 10);
    assert_int_equal(fixture_send(&fixture, 10, seqs, 8), 0);
}

static void silence_makes_it_probe_with_backoff_and_a_receipt_ends_it(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 4, 0);
    fixture_send(&fixture, 0, seqs, 8);
    uint64_t last_ms = 0, waits[6];
    for (unsigned i = 0; i < 6; i++) {
        uint64_t due_ms = device_deadline_ms(&fixture.device);
        assert_int_equal(fixture_send(&fixture, due_ms - 1, seqs, 8), 0);
        assert_int_equal(fixture_send(&fixture, due_ms, seqs, 8), 1);
        assert_int_equal(seqs[0], 1);
        waits[i] = due_ms - last_ms;
        last_ms = due_ms;
    }
    assert_in_range(waits[0], 4000, 6000);
    assert_in_range(waits[1], 8000, 12000);
    assert_in_range(waits[5], 24000, 36000);
    fixture_stored(&fixture, 1, last_ms + 1);
    assert_int_equal(fixture_send(&fixture, last_ms + 1, seqs, 8), 3);
    assert_in_range(device_deadline_ms(&fixture.device) - last_ms, 4000, 6001);
}

static void window_bounds_what_is_on_the_way_while_the_hub_is_away(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    fixture.options.window_frames = 5;
    assert_int_equal(device_init(&fixture.device, &fixture.options), DEVICE_OK);
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 9, 0);
    assert_int_equal(fixture_send(&fixture, 0, seqs, 16), 5);
    fixture_stored(&fixture, 2, 10);
    assert_int_equal(fixture_send(&fixture, 10, seqs, 16), 2);
    assert_int_equal(seqs[0], 6);
}

static void overflow_drops_the_oldest_and_every_later_frame_says_so(void **state)
{
    (void)state;
    fixture_init(&fixture, 512);
    fixture_frames(&fixture, 100, 0);
    uint64_t kept = fixture.device.frames.ring.count;
    assert_in_range(kept, 5, 30);
    assert_int_equal(fixture.device.frames.counts.overflowed, 100 - kept);
    device_connected(&fixture.device, 0);
    struct device_message hello;
    assert_true(device_next(&fixture.device, 0, &hello));
    device_sent(&fixture.device, &hello, 0);
    for (uint64_t seq = 101 - kept; seq <= 100; seq++) {
        fixture_next_frame(&fixture, 0, &frame);
        assert_int_equal(frame.place.seq, seq);
        assert_int_equal(frame.place.oldest_kept_seq, 101 - kept);
    }
    /* While nothing is receipted the frames sent are pushed out too, and the next one says so. */
    fixture_frames(&fixture, 1, 0);
    fixture_next_frame(&fixture, 0, &frame);
    assert_int_equal(frame.place.seq, 101);
    assert_true(frame.place.oldest_kept_seq > 101 - kept);
}

static void receipt_past_an_overflow_goes_on_behind_it(void **state)
{
    (void)state;
    fixture_init(&fixture, 512);
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 4, 0);
    fixture_send(&fixture, 0, seqs, 8);
    device_lost(&fixture.device);
    fixture_frames(&fixture, 60, 0);
    uint64_t first = fixture.device.frames.ring.first_seq;
    device_connected(&fixture.device, 100);
    fixture_stored(&fixture, 3, 100);
    unsigned n = fixture_send(&fixture, 100, seqs, 512);
    assert_int_equal(n, 64 - first + 1);
    assert_int_equal(seqs[0], first);
    assert_true(fixture_stored(&fixture, 64, 200));
    assert_true(device_all_stored(&fixture.device));
}

static void reboot_numbers_from_one_and_ignores_receipts_of_its_former_life(void **state)
{
    (void)state;
    fixture_init(&fixture, sizeof(fixture.ring));
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 5, 0);
    fixture_send(&fixture, 0, seqs, 8);
    fixture.descriptor.boot_id = FIXTURE_BOOT + 1;
    assert_int_equal(device_init(&fixture.device, &fixture.options), DEVICE_OK);
    device_connected(&fixture.device, 0);
    fixture_frames(&fixture, 2, 0);
    assert_false(fixture_stored(&fixture, 2, 0)); /* of the old boot */
    assert_int_equal(fixture_send(&fixture, 0, seqs, 8), 2);
    assert_int_equal(seqs[0], 1);
    assert_int_equal(fixture.device.frames.ring.count, 2);
}

/* A hub that applies in order, on a link that loses, with receipts that get lost too and
 * connections that break: in the end everything arrives once. */
static void lossy_link_delivers_every_frame_in_order_exactly_once(void **state)
{
    (void)state;
    uint32_t random = 99;
    uint64_t applied = 0, now_ms = 0;
    fixture_init(&fixture, sizeof(fixture.ring));
    device_connected(&fixture.device, 0);
    for (int step = 0; step < 6000; step++) {
        struct device_message message;
        now_ms += 40;
        if (step < 3000 && step % 3 == 0)
            fixture_frames(&fixture, 1, now_ms);
        while (device_next(&fixture.device, now_ms, &message)) {
            device_sent(&fixture.device, &message, now_ms);
            random = random * 1664525u + 1013904223u;
            if (message.kind != TOPIC_FRAME || (random >> 24) < 60)
                continue; /* lost */
            struct wire_stored stored = {.boot_id = FIXTURE_BOOT};
            if (message.seq == applied + 1)
                applied++;
            else if (message.seq > applied + 1)
                stored.resend[stored.resend_n++] =
                    (struct wire_range){applied + 1, message.seq - 1};
            stored.through_seq = applied;
            if ((random >> 16 & 0xff) >= 60)
                device_received_stored(&fixture.device, &stored, now_ms);
        }
        if (step % 500 == 499) {
            device_lost(&fixture.device);
            device_connected(&fixture.device, now_ms);
        }
    }
    assert_int_equal(applied, 1000);
    assert_int_equal(fixture.device.frames.counts.overflowed, 0);
    struct wire_stored stored = {.boot_id = FIXTURE_BOOT, .through_seq = applied};
    device_received_stored(&fixture.device, &stored, now_ms);
    assert_true(device_all_stored(&fixture.device));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ring_keeps_every_byte_whatever_wraps_and_overflows),
        cmocka_unit_test(message_larger_than_the_ring_is_refused_and_drops_nothing),
        cmocka_unit_test(frame_goes_out_once_and_is_forgotten_only_when_stored_covers_it),
        cmocka_unit_test(stored_out_of_order_or_of_another_boot_or_of_the_future_frees_nothing),
        cmocka_unit_test(reconnect_waits_for_stored_and_goes_on_from_there_in_order),
        cmocka_unit_test(reconnect_without_an_answer_probes_with_the_oldest_after_two_seconds),
        cmocka_unit_test(frames_made_while_offline_are_sent_late_marked_and_not_lost),
        cmocka_unit_test(resend_goes_back_to_the_hole_once_and_marks_late),
        cmocka_unit_test(resend_of_what_is_gone_or_never_was_sends_nothing_wrong),
        cmocka_unit_test(silence_makes_it_probe_with_backoff_and_a_receipt_ends_it),
        cmocka_unit_test(window_bounds_what_is_on_the_way_while_the_hub_is_away),
        cmocka_unit_test(overflow_drops_the_oldest_and_every_later_frame_says_so),
        cmocka_unit_test(receipt_past_an_overflow_goes_on_behind_it),
        cmocka_unit_test(reboot_numbers_from_one_and_ignores_receipts_of_its_former_life),
        cmocka_unit_test(lossy_link_delivers_every_frame_in_order_exactly_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
