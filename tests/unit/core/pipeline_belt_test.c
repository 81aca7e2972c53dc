/* What a treadmill says of its belt beside its speed, through the whole core. */
#include "tests/unit/core/pipeline_pain_fixture.h"

static struct home *on_the_belt(void)
{
    struct home *home = home_new();
    home->belt = true;
    home->belt_cm = 110;
    home_begin(home);
    home_walk(home, 120);
    return home;
}

/* On the slot's own clock, `ago_s` before it arrives. */
static void status(struct home *home, uint8_t slot, Stride__V1__BeltStatus said, double ago_s)
{
    uint8_t bytes[CONTROL_BYTES_MAX];
    struct wire_report report = SAYS(.belt_status = said);
    report.place = (struct wire_place){7, ++home->words[slot], 1};
    report.t_us = llround((home->now_s - ago_s) * 1e6);
    size_t size = wire_encode_report(&report, bytes, sizeof(bytes));
    assert_int_equal(home_put(home, home->now_s, INPUT_REPORT, slot, bytes, size), STEP_APPLIED);
}

static uint8_t ends(uint8_t slot, Stride__V1__BeltStatus said, double walks_on_until_s)
{
    struct home *home = on_the_belt();
    status(home, slot, said, 0);
    home_walk(home, walks_on_until_s);
    home->belt_cm = 0;
    home_stand(home, 1000);
    assert_false(home->state.session.open);
    uint8_t reason = home->state.session.end_reason;
    home_end(home);
    return reason;
}

static void who_stops_the_belt_just_stops_walking(void **unused)
{
    (void)unused;
    assert_int_equal(ends(BELT, STRIDE__V1__BELT_STATUS__BELT_STATUS_SAFETY_KEY, 123), END_USER);
    assert_int_equal(ends(BELT, STRIDE__V1__BELT_STATUS__BELT_STATUS_PAUSED, 123), END_USER);
    assert_int_equal(ends(BELT, STRIDE__V1__BELT_STATUS__BELT_STATUS_STARTED, 123),
                     END_IDLE_TIMEOUT);
    assert_int_equal(ends(BELT, STRIDE__V1__BELT_STATUS__BELT_STATUS_UNKNOWN, 123),
                     END_IDLE_TIMEOUT);
    /* Walked on without it; and no wrist speaks for a belt. */
    assert_int_equal(ends(BELT, STRIDE__V1__BELT_STATUS__BELT_STATUS_STOPPED, 180),
                     END_IDLE_TIMEOUT);
    assert_int_equal(ends(WRIST, STRIDE__V1__BELT_STATUS__BELT_STATUS_SAFETY_KEY, 123),
                     END_IDLE_TIMEOUT);
}

static void a_status_that_waited_is_of_the_time_it_came(void **unused)
{
    (void)unused;
    struct home *home = on_the_belt();
    const struct signals *signals = &home->state.signals;
    status(home, BELT, STRIDE__V1__BELT_STATUS__BELT_STATUS_SAFETY_KEY, 60);
    assert_true(signals->key_pulled);
    assert_true(fabs((double)(home->state.now_ns - signals->belt_ended_ns) / 1e9 - 60) < 0.5);
    status(home, BELT, STRIDE__V1__BELT_STATUS__BELT_STATUS_SAFETY_KEY, -5); /* nor of the future */
    assert_true(signals->belt_ended_ns == home->state.now_ns);
    home_end(home);
}

/* Nobody's insoles tell of it, and the belt's link was away for most of the walk. */
static void a_belt_that_comes_late_is_one_walk(void **unused)
{
    (void)unused;
    struct home *home = home_new();
    home->belt = true;
    home_begin(home);
    home->belt_cm = 110;
    for (int i = 8; i < 60 * 4; i++)
        home_frame(home, i / 4.0, BELT, true);
    home_wait(home, 1500);
    for (int i = 60 * 4; i < 1400 * 4; i++) {
        const double at_s = i / 4.0;
        home->late_s = home->now_s + 0.001 - at_s - 0.25;
        home_frame(home, at_s, BELT, true);
    }
    home->late_s = 0;
    home_wait(home, 3000);
    int opened_n = 0;
    for (int i = 0; i < home->said_n; i++)
        opened_n += home->said[i].kind == EFFECT_SESSION && home->said[i].change == SESSION_OPENED;
    assert_in_range(opened_n, 1, 2);
    assert_false(home->state.session.open);
    assert_true(home->state.session.walk_s > 1200);
    home_end(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_stops_the_belt_just_stops_walking),
        cmocka_unit_test(a_status_that_waited_is_of_the_time_it_came),
        cmocka_unit_test(a_belt_that_comes_late_is_one_walk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
