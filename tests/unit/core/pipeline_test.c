/* The whole core through its one door: frames, their lanes and the lives of devices. */
#include "tests/unit/core/pipeline_fixture.h"

static void nothing_is_taken_before_the_wearer_is_known(void **unused)
{
    (void)unused;
    struct world *world = calloc(1, sizeof(*world));
    assert_non_null(world);
    pipeline_init(&world->state, 1);
    assert_int_equal(hello(world, 1, LEFT, 7), STEP_UNKNOWN);
    configure(world);
    assert_int_equal(hello(world, 1, LEFT, 7), STEP_APPLIED);
    assert_int_equal(hello(world, 1, LEFT, 7), STEP_DUPLICATE);
    assert_int_equal(pipeline_slot(&world->state, "right"), RIGHT);
    assert_int_equal(pipeline_slot(&world->state, "nobody"), INPUT_SLOT_NONE);
    free(world);
}

static void a_frame_counts_once(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 40);
    struct wearer_state *before = malloc(sizeof(*before));
    assert_non_null(before);
    memcpy(before, &world->state, sizeof(*before));
    for (uint64_t seq = 1; seq <= 40; seq++)
        assert_int_equal(
            frame(world, 12 * SECOND_NS, LEFT, (struct frame_options){7, seq, 1, false}),
            STEP_DUPLICATE);
    assert_memory_equal(before, &world->state, sizeof(*before));
    free(before);
    free(world);
}

static void a_frame_that_is_ahead_waits_for_what_the_device_keeps(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 7, 1, false}),
                     STEP_AHEAD);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 7, 6, false}),
                     STEP_AHEAD);
    assert_int_equal(world->state.devices[LEFT].gaps_n, 0);
    /* The ring ran over: what is lost is lost, the wait ends and the gap is marked. */
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 6, 6, false}),
                     STEP_APPLIED);
    assert_int_equal(world->state.devices[LEFT].gaps_n, 1);
    assert_int_equal(world->state.devices[LEFT].lost_frames_n, 1);
    free(world);
}

static void a_sequence_far_ahead_is_refused(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    uint64_t far = UINT64_C(1) << 62;
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, far, far, false}),
                     STEP_REFUSED);
    assert_int_equal(world->refusal, WIRE_ABSURD);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 5, 1, false}),
                     STEP_APPLIED);
    free(world);
}

static void a_boot_nobody_described_is_refused(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(frame(world, SECOND_NS, LEFT, (struct frame_options){8, 1, 1, false}),
                     STEP_REFUSED);
    assert_int_equal(world->refusal, WIRE_BOOT);
    free(world);
}

static void frames_of_a_former_life_still_count_until_the_new_one_speaks(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    assert_int_equal(hello(world, 3 * SECOND_NS, LEFT, 9), STEP_APPLIED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 5, 1, false}),
                     STEP_APPLIED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){9, 1, 1, false}),
                     STEP_APPLIED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 5, 1, false}),
                     STEP_DUPLICATE);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 6, 1, false}),
                     STEP_REFUSED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){9, 2, 1, false}),
                     STEP_APPLIED);
    free(world);
}

/* Its hello and a frame of its former life were late, after a hub that had been away. */
static void a_life_that_was_taken_for_the_former_one_goes_on_where_it_was(void **unused)
{
    (void)unused;
    struct world *world = setup();
    const struct wearer_device *left = &world->state.devices[LEFT];
    walk(world, 1, 4);
    assert_int_equal(hello(world, 3 * SECOND_NS, LEFT, 9), STEP_APPLIED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){9, 1, 1, false}),
                     STEP_APPLIED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 5, 1, false}),
                     STEP_REFUSED);
    assert_int_equal(world->refusal, WIRE_BOOT); /* so it is asked who it is */
    assert_int_equal(hello(world, 4 * SECOND_NS, LEFT, 7), STEP_APPLIED);
    assert_int_equal(frame(world, 4 * SECOND_NS, LEFT, (struct frame_options){7, 4, 1, false}),
                     STEP_DUPLICATE);
    assert_int_equal(frame(world, 4 * SECOND_NS, LEFT, (struct frame_options){7, 6, 1, false}),
                     STEP_AHEAD);
    assert_int_equal(frame(world, 4 * SECOND_NS, LEFT, (struct frame_options){7, 5, 1, false}),
                     STEP_APPLIED);
    assert_int_equal(lane_awaits(&left->frames, 7), 6);
    assert_int_equal(left->lost_frames_n, 0);
    assert_int_equal(frame(world, 4 * SECOND_NS, LEFT, (struct frame_options){9, 1, 1, false}),
                     STEP_DUPLICATE);
    free(world);
}

/* Taken before the one before it came; then the device started anew, and it comes once more. */
static void a_report_of_a_former_life_counts_once(void **unused)
{
    (void)unused;
    const Stride__V1__Button ok = STRIDE__V1__BUTTON__BUTTON_OK;
    struct world *world = setup();
    assert_int_equal(help(world, SECOND_NS, 7, 2, 1, ok), STEP_APPLIED);
    assert_int_equal(help(world, SECOND_NS + 1, 8, 1, 1, ok), STEP_APPLIED);
    assert_int_equal(help(world, SECOND_NS + 2, 8, 3, 1, ok), STEP_APPLIED);
    assert_int_equal(help(world, SECOND_NS + 3, 7, 2, 1, ok), STEP_DUPLICATE);
    assert_int_equal(help(world, SECOND_NS + 4, 7, 1, 1, ok), STEP_APPLIED);
    assert_int_equal(help(world, SECOND_NS + 5, 7, 2, 1, ok), STEP_DUPLICATE);
    assert_int_equal(help(world, SECOND_NS + 6, 7, 3, 1, ok), STEP_APPLIED);
    assert_int_equal(help(world, SECOND_NS + 7, 8, 3, 1, ok), STEP_DUPLICATE);
    assert_int_equal(help(world, SECOND_NS + 8, 8, 2, 1, ok), STEP_APPLIED);
    assert_int_equal(help(world, SECOND_NS + 9, 8, 3, 1, ok), STEP_DUPLICATE);
    free(world);
}

static void a_boot_that_is_set_aside_leaves_a_marked_gap(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    uint8_t skip[24] = {7};
    skip[8] = 5;
    skip[16] = 6;
    assert_int_equal(put_at(world, 3 * SECOND_NS, INPUT_SKIP, LEFT, skip, sizeof(skip)),
                     STEP_APPLIED);
    assert_int_equal(put_at(world, 3 * SECOND_NS, INPUT_SKIP, LEFT, skip, sizeof(skip)),
                     STEP_DUPLICATE);
    assert_int_equal(world->state.devices[LEFT].lost_frames_n, 2);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 7, 1, false}),
                     STEP_APPLIED);
    free(world);
}

static void a_device_that_was_on_for_weeks_is_heard(void **unused)
{
    (void)unused;
    struct world *world = setup();
    uint64_t weeks = 5000000;
    assert_int_equal(frame(world, SECOND_NS, LEFT, (struct frame_options){7, weeks, 1, false}),
                     STEP_REFUSED);
    assert_int_equal(frame(world, SECOND_NS, LEFT, (struct frame_options){7, weeks, weeks, false}),
                     STEP_APPLIED);
    assert_int_equal(
        frame(world, SECOND_NS, LEFT, (struct frame_options){7, weeks + 1, weeks, false}),
        STEP_APPLIED);
    assert_true(world->state.devices[LEFT].lost_frames_n == 0);
    assert_int_equal(frame(world, SECOND_NS, RIGHT, (struct frame_options){7, weeks, 0, false}),
                     STEP_APPLIED);
    assert_int_equal(
        frame(world, SECOND_NS, RIGHT, (struct frame_options){7, UINT64_MAX, 0, false}),
        STEP_REFUSED);
    free(world);
}

static void refused_bytes_change_nothing(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    struct wearer_state *before = malloc(sizeof(*before));
    assert_non_null(before);
    memcpy(before, &world->state, sizeof(*before));
    uint8_t garbage[64];
    uint64_t random = 99;
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i < sizeof(garbage); i++) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            garbage[i] = (uint8_t)(random >> 56);
        }
        enum input_kind kind = (enum input_kind)(INPUT_HELLO + round % 5);
        assert_int_not_equal(put_at(world, 4 * SECOND_NS, kind, LEFT, garbage,
                                    (size_t)(round % (int)sizeof(garbage))),
                             STEP_APPLIED);
    }
    assert_memory_equal(before, &world->state, sizeof(*before));
    free(before);
    free(world);
}

/* One push of 512 samples that jump up and down, `up` samples each. */
static void jump(struct world *world, uint64_t seq, uint32_t period_us, int up, int down)
{
    int32_t counts[FRAME_SAMPLES_MAX];
    for (int i = 0; i < FRAME_SAMPLES_MAX; i++)
        counts[i] = i % (up + down) < up ? 800 : 0;
    uint64_t span_us = (uint64_t)FRAME_SAMPLES_MAX * period_us;
    struct wire_counts in = {.place = {7, seq, 1},
                             .t0_us = 5000000 + (seq - 1) * span_us,
                             .period_us = period_us,
                             .samples_n = FRAME_SAMPLES_MAX,
                             .channels_n = 1,
                             .counts = counts,
                             .wear = STRIDE__V1__WEAR__WEAR_WORN,
                             .battery_pct = 90};
    static uint8_t bytes[FRAME_BYTES_MAX];
    size_t size = wire_encode_frame(&in, bytes, sizeof(bytes));
    assert_true(size > 0);
    int64_t at_ns = SECOND_NS * 10 + (int64_t)(seq * span_us * 1000);
    assert_int_equal(put_at(world, at_ns, INPUT_FRAME, LEFT, bytes, size), STEP_APPLIED);
}

static void no_frame_holds_more_events_than_there_is_room_for(void **unused)
{
    (void)unused;
    static const uint32_t periods[] = {1000, 5000, 10000, 20000, 25000, 40000, 1000000, 60000000};
    static const int parts[][2] = {{1, 1}, {8, 4}, {9, 5}, {12, 6}, {15, 10}, {100, 60}, {9, 16}};
    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        struct world *world = malloc(sizeof(*world));
        assert_non_null(world);
        pipeline_init(&world->state, 1);
        world->seq = 0;
        world->events_n = 0;
        configure(world);
        assert_int_equal(hello_at_period(world, 1, LEFT, 7, periods[i]), STEP_APPLIED);
        for (uint64_t seq = 1; seq <= 42; seq++) {
            const int *part = parts[seq % (sizeof(parts) / sizeof(parts[0]))];
            jump(world, seq, periods[i], part[0], part[1]);
        }
        /* Steps are read from what is fast enough, and from nothing else. */
        assert_int_equal(world->events_n > 0, periods[i] >= 5000 && periods[i] <= 25000);
        free(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_taken_before_the_wearer_is_known),
        cmocka_unit_test(a_frame_counts_once),
        cmocka_unit_test(a_frame_that_is_ahead_waits_for_what_the_device_keeps),
        cmocka_unit_test(a_sequence_far_ahead_is_refused),
        cmocka_unit_test(a_boot_nobody_described_is_refused),
        cmocka_unit_test(frames_of_a_former_life_still_count_until_the_new_one_speaks),
        cmocka_unit_test(a_life_that_was_taken_for_the_former_one_goes_on_where_it_was),
        cmocka_unit_test(a_report_of_a_former_life_counts_once),
        cmocka_unit_test(a_boot_that_is_set_aside_leaves_a_marked_gap),
        cmocka_unit_test(a_device_that_was_on_for_weeks_is_heard),
        cmocka_unit_test(refused_bytes_change_nothing),
        cmocka_unit_test(no_frame_holds_more_events_than_there_is_room_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
