/* The record's heart: time in zones, recovery, rest, and what no heart says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "session_fixture.h"

static void beat(struct session *session, double from_s, double to_s, float bpm, bool suspect)
{
    for (int i = 0; from_s + i < to_s; i++)
        session_heart(session, ns_of(from_s + i), bpm, suspect, 170);
}

static void heart_zones_count_time_and_not_readings(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    for (int t = 0; t < 240; t++) {
        walk(&session, t, t + 1, NAN);
        float bpm = t < 60 ? 100 : t < 120 ? 115 : t < 180 ? 135 : 120;
        session_heart(&session, ns_of(t), bpm, t >= 180, 170);
    }
    assert_true(close_to((double)session.pulse.moderate_s, 60)); /* 115 of 170: 68 % */
    assert_true(close_to((double)session.pulse.vigorous_s, 60)); /* 135: 79 % */
    assert_true(close_to((double)session.pulse.suspect_s, 60));
    assert_true(session.pulse.most_bpm == 135);
    assert_int_equal(session.pulse.bpm.n, 180);
    walk(&session, 240, 300, NAN);
    session_heart(&session, ns_of(300), 115, false, 170); /* after a hole: no minute of it */
    assert_true(close_to((double)session.pulse.moderate_s, 60));
}

static void a_heart_without_a_maximum_has_no_zones(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    for (int i = 0; i < 20; i++)
        session_heart(&session, ns_of(i), 100, false, NAN);
    assert_true(isnan(session.pulse.moderate_s) && isnan(session.pulse.most_pct));
    assert_true(close_to(moments_mean(&session.pulse.bpm), 100));
    assert_true(session.pulse.suspect_s == 0);
}

static void readings_that_no_heart_gives_are_no_readings(void **unused)
{
    (void)unused;
    static const float bad[] = {NAN, 0, -60, 10, 400, INFINITY};
    struct session session;
    open_walk(&session);
    for (int i = 0; i < 6; i++)
        session_heart(&session, ns_of(i), bad[i], false, 170);
    session_heart(&session, ns_of(10), 90, false, 170);
    session_heart(&session, ns_of(10), 180, false, 170); /* the same again */
    session_heart(&session, ns_of(3), 180, false, 170);  /* back in time */
    session_heart(&session, -5, 180, false, 170);
    assert_int_equal(session.pulse.bpm.n, 1);
    assert_true(session.pulse.most_bpm == 90);
}

static void recovery_is_a_minute_after_the_last_step(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    walk(&session, 0, 100, NAN);
    beat(&session, 0, 100, 130, false);
    beat(&session, 100, 130, 120, false);
    beat(&session, 130, 155, 110, false);
    beat(&session, 155, 161, 98, false);
    beat(&session, 161, 180, 90, false); /* later than a minute */
    assert_true(close_to((double)session.pulse.recovery_bpm, 32));
    assert_true(session.pulse.bpm.n < 140); /* the pause is not the walk */
    walk(&session, 200, 220, NAN);
    beat(&session, 200, 220, 125, false);
    assert_true(close_to((double)session.pulse.recovery_bpm, 32));
    beat(&session, 278, 300, 105, false); /* walked on: the last stop counts */
    assert_true(close_to((double)session.pulse.recovery_bpm, 20));
}

static void no_reading_at_the_stop_no_recovery(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    walk(&session, 0, 100, NAN);
    beat(&session, 0, 80, 130, false);
    beat(&session, 80, 101, 130, true); /* suspect at the stop */
    beat(&session, 155, 180, 98, false);
    assert_true(isnan(session.pulse.recovery_bpm));
}

static void rest_is_the_calm_before_the_walk_and_not_the_walk_before(void **unused)
{
    (void)unused;
    struct session session;
    session_init(&session);
    beat(&session, -400, -300, 85, false);
    beat(&session, -300, -200, 62, false);
    beat(&session, -200, -150, 40, true);
    beat(&session, -150, 0, 80, false);
    session_open(&session, 5, 2, ns_of(0), WALL_MS);
    assert_true(fabsf(session.pulse.rest_bpm - 63) < 2);
    session_close(&session, ns_of(50), END_USER, WALL_MS);
    beat(&session, 60, 200, 50, false);
    assert_true(fabsf(session.pulse.rest_bpm - 63) < 2); /* a closed record stays */
    session_open(&session, 5, 2, ns_of(5000), WALL_MS);
    assert_true(isnan(session.pulse.rest_bpm)); /* too long ago */
}

/* The readings go on from the walk into the calm: no hole says where the calm begins. */
static void rest_is_known_after_a_walk_whose_readings_go_on(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    walk(&session, 0, 100, NAN);
    beat(&session, 0, 100, 130, false);
    session_close(&session, ns_of(100), END_USER, WALL_MS);
    beat(&session, 100, 400, 62, false);
    session_open(&session, 5, 2, ns_of(400), WALL_MS);
    assert_true(fabsf(session.pulse.rest_bpm - 62) < 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(heart_zones_count_time_and_not_readings),
        cmocka_unit_test(a_heart_without_a_maximum_has_no_zones),
        cmocka_unit_test(readings_that_no_heart_gives_are_no_readings),
        cmocka_unit_test(recovery_is_a_minute_after_the_last_step),
        cmocka_unit_test(no_reading_at_the_stop_no_recovery),
        cmocka_unit_test(rest_is_the_calm_before_the_walk_and_not_the_walk_before),
        cmocka_unit_test(rest_is_known_after_a_walk_whose_readings_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
