/* The walking programme's days through the core's one door: clocks, nights, outages, restarts. */
#include "tests/unit/core/home_fixture.h"

static void reminders_come_at_the_wearers_times_and_never_at_night(void **unused)
{
    (void)unused;
    struct home *home = home_build("M1");
    home_set(home, "cue.c02", 2);
    home->config.walk_times_n = 2;
    home->config.walk_min[0] = 120; /* two in the morning */
    home->config.walk_min[1] = 620;
    home_begin(home);
    home_until(home, 0, 720);
    assert_int_equal(home_said_of(home, RULE_C02), 2);
    for (int i = 0; i < home->said_n; i++) {
        const int64_t since_ns = home->said[i].at_ns - home_at_ns(home, 0, 620);
        if (home->said[i].prompt.rule == RULE_C02)
            assert_in_range(since_ns % (45 * HOME_MINUTE_NS), 0, HOME_SECOND_NS);
    }
    free(home);
}

/* 5.4: a flare at night opens, and is spoken of by nobody before the morning. */
static void nothing_is_said_at_two_in_the_morning(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P2", 120);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_FLARE);
    home_until(home, 0, 440);
    assert_true(home->state.programme.plan.flare);
    assert_int_equal(home->said_n, 0);
    assert_string_equal(home->state.profile.stage, "M1");
    free(home);
}

/* Days are the wearer's: 23 and 25 hours long when the clocks change. */
static void the_days_of_clock_changes_are_one_day_each(void **unused)
{
    (void)unused;
    for (int change = -60; change <= 60; change += 120) {
        struct home *home = home_build("M1");
        home->config.tz_offset_min = 60;
        home_begin(home);
        home_jump(home, 1, 179);
        home->config.tz_offset_min = (int16_t)(60 + change);
        home_configure(home);
        home_jump(home, 2, 30);
        assert_int_equal(home->state.programme.plan.day_n, 2);
        assert_int_equal(home->state.programme.plan.today, HOME_DAY + 2);
        free(home);
    }
}

static void days_that_the_hub_was_away_are_closed_in_order_and_silently(void **unused)
{
    (void)unused;
    struct home *home = home_build("P2");
    home_set(home, "cue.c02", 2);
    home_set(home, "cue.c12", 2);
    home->config.walk_times_n = 1;
    home->config.walk_min[0] = 660;
    home_begin(home);
    home_jump(home, 0, 600);
    home_walk(home, 15, 2, 2);
    const int said_n = home->said_n;
    home->now_ns = home_at_ns(home, 4, 600);
    const uint8_t started = HUB_STARTED;
    home_put(home, INPUT_HUB, INPUT_SLOT_NONE, &started, 1);
    assert_int_equal(home->state.programme.plan.day_n, 4);
    assert_int_equal(home_stage(home), PLAN_P1); /* three days without a walk */
    assert_int_equal(home->said_n, said_n);
    free(home);
}

/* Its bytes are its checkpoint. */
static void a_restart_in_a_walk_changes_nothing(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P3", 600);
    home_pain(home, 2);
    home_move(home, 4, false);
    struct home *other = malloc(sizeof(*other));
    assert_non_null(other);
    memcpy(other, home, sizeof(*other));
    struct home *both[] = {home, other};
    for (int i = 0; i < 2; i++) {
        home_move(both[i], 8, false);
        home_button(both[i], STRIDE__V1__BUTTON__BUTTON_STOP);
        home_until(both[i], 1, 500);
    }
    assert_true(home->state.digest == other->state.digest);
    assert_memory_equal(&home->state.programme, &other->state.programme,
                        sizeof(home->state.programme));
    free(home);
    free(other);
}

/* How late the loop wakes up changes nothing: here it never does by itself. */
static void late_wake_ups_change_no_day(void **unused)
{
    (void)unused;
    uint64_t digests[2];
    for (int late = 0; late < 2; late++) {
        struct home *home = home_build("P1");
        home_begin(home);
        home_jump(home, 0, 600);
        home_walk(home, 12, 2, 2);
        const int64_t until_ns = home_at_ns(home, 3, 700);
        while (late == 0 && pipeline_deadline_ns(&home->state) < until_ns) {
            home->now_ns = pipeline_deadline_ns(&home->state);
            home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
        }
        home->now_ns = until_ns;
        home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
        digests[late] = home->state.digest;
        free(home);
    }
    assert_true(digests[0] == digests[1]);
}

static void a_clock_that_was_never_set_begins_no_programme(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home->wall_ahead_ms = 0;
    home->now_ns = HOME_SECOND_NS;
    home_configure(home);
    assert_int_equal(home_stage(home), PLAN_STAGE_UNKNOWN);
    home->wall_ahead_ms = (int64_t)HOME_DAY * 86400000;
    home->now_ns += HOME_MINUTE_NS;
    home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
    assert_int_equal(home_stage(home), PLAN_P1);
    assert_int_equal(home->state.programme.plan.day_n, 0);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reminders_come_at_the_wearers_times_and_never_at_night),
        cmocka_unit_test(nothing_is_said_at_two_in_the_morning),
        cmocka_unit_test(the_days_of_clock_changes_are_one_day_each),
        cmocka_unit_test(days_that_the_hub_was_away_are_closed_in_order_and_silently),
        cmocka_unit_test(a_restart_in_a_walk_changes_nothing),
        cmocka_unit_test(late_wake_ups_change_no_day),
        cmocka_unit_test(a_clock_that_was_never_set_begins_no_programme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
