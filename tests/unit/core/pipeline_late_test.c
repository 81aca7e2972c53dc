/* The whole core behind time: late wake-ups, outages, frames that come late, a checkpoint. */
#include "tests/unit/core/pipeline_fixture.h"

static void late_wake_ups_change_nothing(void **unused)
{
    (void)unused;
    struct world *punctual = setup(), *late = setup();
    assert_int_equal(help(punctual, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    assert_int_equal(help(late, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP), STEP_APPLIED);
    for (int64_t ms = 1000; ms <= 50000; ms += 100)
        assert_int_equal(put_at(punctual, ms * 1000000, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                         STEP_APPLIED);
    assert_int_equal(put_at(late, 50 * SECOND_NS, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                     STEP_APPLIED);
    assert_int_equal(punctual->notices_n, late->notices_n);
    assert_true(punctual->notices_n >= 3);
    assert_true(punctual->state.digest == late->state.digest);
    free(punctual);
    free(late);
}

static void a_long_sleep_does_not_overflow_the_effects(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(help(world, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    assert_int_equal(put_at(world, 30 * 86400 * SECOND_NS, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                     STEP_APPLIED);
    assert_in_range(world->notices_n, 1, 10);
    assert_int_equal(world->last_alert.state, ALERT_SENT);
    free(world);
}

/* The hub was down for 15 minutes of a walk; the devices kept every frame and send them now. */
static void an_outage_longer_than_the_pause_does_not_split_a_walk(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 80);
    uint32_t steps_n = world->state.session.steps_n;
    static const uint8_t started = HUB_STARTED;
    int64_t back_ns = 900 * SECOND_NS;
    assert_int_equal(put_at(world, back_ns, INPUT_HUB, INPUT_SLOT_NONE, &started, 1), STEP_APPLIED);
    for (uint64_t seq = 81; seq <= 240; seq++) {
        int64_t at_ns = back_ns + (int64_t)seq * 1000000;
        assert_int_equal(frame(world, at_ns, LEFT, (struct frame_options){7, seq, 1, false}),
                         STEP_APPLIED);
        assert_int_equal(frame(world, at_ns + 1, RIGHT, (struct frame_options){7, seq, 1, false}),
                         STEP_APPLIED);
    }
    assert_int_equal(put_at(world, back_ns + 590 * SECOND_NS, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                     STEP_APPLIED);
    assert_int_equal(world->opened_n, 1);
    assert_int_equal(world->closed_n, 1);
    assert_true(world->state.session.steps_n > steps_n + 60);
    assert_int_equal(world->prompts_n, 0);
    free(world);
}

/* One insole was out of reach for 25 s and then sends all of it: every stride gets its other foot.
 */
static void a_foot_that_comes_late_still_completes_the_strides(void **unused)
{
    (void)unused;
    struct world *punctual = setup(), *late = setup();
    walk(punctual, 1, 200);
    walk(late, 1, 60);
    for (uint64_t seq = 61; seq <= 160; seq++)
        assert_int_equal(
            frame(late, SECOND_NS + (int64_t)seq * SECOND_NS / 4, LEFT,
                  (struct frame_options){.boot_id = 7, .seq = seq, .oldest_kept_seq = 1}),
            STEP_APPLIED);
    for (uint64_t seq = 61; seq <= 160; seq++)
        assert_int_equal(
            frame(late, SECOND_NS + 160 * SECOND_NS / 4 + (int64_t)seq, RIGHT,
                  (struct frame_options){.boot_id = 7, .seq = seq, .oldest_kept_seq = 1}),
            STEP_APPLIED);
    walk(late, 161, 200);
    assert_int_equal(late->strides_n, punctual->strides_n);
    assert_int_equal(late->lonely_n, punctual->lonely_n);
    free(punctual);
    free(late);
}

static void a_checkpoint_goes_on_as_if_nothing_had_happened(void **unused)
{
    (void)unused;
    struct world *whole = setup(), *parted = setup();
    walk(whole, 1, 100);
    walk(parted, 1, 53);
    void *bytes = malloc(sizeof(parted->state));
    assert_non_null(bytes);
    memcpy(bytes, &parted->state, sizeof(parted->state));
    memset(&parted->state, 0xa5, sizeof(parted->state));
    memset(&parted->scratch, 0xa5, sizeof(parted->scratch));
    memcpy(&parted->state, bytes, sizeof(parted->state));
    assert_true(pipeline_valid(&parted->state, sizeof(parted->state)));
    walk(parted, 54, 100);
    assert_true(whole->state.digest == parted->state.digest);
    assert_memory_equal(&whole->state, &parted->state, sizeof(whole->state));
    free(bytes);
    free(whole);
    free(parted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_wake_ups_change_nothing),
        cmocka_unit_test(a_long_sleep_does_not_overflow_the_effects),
        cmocka_unit_test(an_outage_longer_than_the_pause_does_not_split_a_walk),
        cmocka_unit_test(a_foot_that_comes_late_still_completes_the_strides),
        cmocka_unit_test(a_checkpoint_goes_on_as_if_nothing_had_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
