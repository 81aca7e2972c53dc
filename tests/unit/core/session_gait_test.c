/* The record's body: shape of strides, speeds, turns, stairs, and wearers without feet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "session_fixture.h"

static void test_moments_agree_with_the_plain_formulas(void **unused)
{
    (void)unused;
    const double values[] = {1004, 1007, 1013, 1016};
    struct moments moments = {0};
    assert_true(isnan(moments_mean(&moments)) && isnan(moments_sd(&moments)));
    for (size_t i = 0; i < 4; i++) {
        moments_add(&moments, values[i]);
        moments_add(&moments, (double)NAN);
        moments_add(&moments, (double)INFINITY);
        if (i == 0)
            assert_true(isnan(moments_sd(&moments)));
    }
    assert_int_equal(moments.n, 4);
    assert_true(close_to(moments_mean(&moments), 1010));
    assert_true(fabs(moments_sd(&moments) - sqrt(30)) < 1e-5);
}

/* Three hours of strides, as unkind as a body gets: a slow drift, and a value far from zero. */
static void test_moments_in_twelve_bytes_keep_up_with_doubles_over_20000_strides(void **unused)
{
    (void)unused;
    const struct {
        double mean, sd, drift;
    } bodies[] = {{1.1, 0.02, 0}, {790, 2, 0}, {790, 15, -40}, {0.006, 0.0003, 0}, {62, 1.3, 3}};
    assert_int_equal(sizeof(struct moments), 12);
    for (size_t b = 0; b < sizeof(bodies) / sizeof(bodies[0]); b++) {
        struct moments moments = {0};
        double sum = 0, squares = 0;
        uint32_t random = 1;
        for (int i = 0; i < 20000; i++) {
            double noise = 0;
            for (int k = 0; k < 12; k++) {
                random = random * 1664525 + 1013904223;
                noise += (random >> 8) / 16777216.0 - 0.5;
            }
            double off = bodies[b].sd * noise + bodies[b].drift * i / 20000;
            sum += off;
            squares += off * off;
            moments_add(&moments, bodies[b].mean + off);
        }
        double mean = bodies[b].mean + sum / 20000;
        double sd = sqrt((squares - sum * sum / 20000) / 19999);
        if (fabs(moments_mean(&moments) / mean - 1) > 2e-5 ||
            fabs(moments_sd(&moments) / sd - 1) > 2e-4)
            fail_msg("body %zu: mean %.9g for %.9g, sd %.9g for %.9g", b, moments_mean(&moments),
                     mean, moments_sd(&moments), sd);
    }
}

/* Strides of one foot, 1 s each, from `from_s` on; `edit` says what is special. */
static void strides(struct session *session, uint8_t foot, double from_s, int n,
                    void (*edit)(struct stride *stride, int i))
{
    for (int i = 0; i < n; i++) {
        struct stride stride = stride_of(foot, from_s + i, from_s + i + 1);
        edit(&stride, i);
        session_stride(session, &stride, &no_summary);
    }
}

static void shaped(struct stride *stride, int i)
{
    stride->shape.foot_angle_deg = 18 + (float)(i % 3);
    stride->shape.clearance_mm = 15;
    stride->shape.impact_g = 2.5F;
    stride->shape.loading_n_s = 6000;
    stride->shape.forefoot_share = 0.4F;
    stride->shape.medial_index = -0.1F;
    stride->shape.cpei_pct = 18;
    stride->shape.scuff = (uint8_t)(i == 4 ? STRIDE_YES : i == 5 ? STRIDE_UNKNOWN : STRIDE_NO);
    stride->speed_mps = 1.2F;
}

static void a_foot_that_was_not_measured_has_no_shape(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    strides(&session, FOOT_LEFT, 0, 9, shaped);
    walk(&session, 9, 20, NAN);
    assert_int_equal(session.foot_angle[FOOT_LEFT].n, 9);
    assert_int_equal(session.foot_angle[FOOT_RIGHT].n, 0);
    assert_true(isnan(moments_mean(&session.clearance[FOOT_RIGHT])));
    assert_true(close_to(moments_mean(&session.foot_angle[FOOT_LEFT]), 19));
    assert_true(close_to(moments_mean(&session.loading[FOOT_LEFT]), 6000));
    assert_true(close_to(moments_mean(&session.medial[FOOT_LEFT]), (double)-0.1F));
    assert_int_equal(session.scuffs_n, 1);
    assert_int_equal(session.scuff_known_n, 8); /* unknown is no "no" */
    assert_int_equal(session_turns(&session), -1);
    assert_true(isnan(session_ascent_m(&session)));
    assert_true(close_to(moments_mean(&session.step_length[FOOT_LEFT]), 0.6));
    assert_int_equal(session.imu_strides_n, 9);
}

static void garbage(struct stride *stride, int i)
{
    static const float values[] = {NAN, INFINITY, -INFINITY, 1e30F};
    float value = values[i % 4];
    stride->shape.foot_angle_deg = stride->shape.clearance_mm = stride->shape.impact_g = value;
    stride->shape.turn_deg = stride->shape.height_m = i % 4 == 3 ? NAN : value;
    stride->shape.loading_n_s = stride->shape.forefoot_share = value;
    stride->speed_mps = i % 4 == 3 ? -1 : value;
}

static void garbage_moves_no_mean_and_no_metre(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    strides(&session, FOOT_LEFT, 0, 3, garbage);
    assert_int_equal(session.foot_angle[FOOT_LEFT].n, 0);
    assert_true(isnan(session.distance_m));
    assert_true(isnan(session_speed_percentile(&session, 0.5)));
    assert_int_equal(session.speed.n, 0);
}

/* ---- turns */

static const float *turn_script;
static void turned(struct stride *stride, int i)
{
    stride->shape.turn_deg = turn_script[i];
}

static int turns_of(const float *degrees, int n)
{
    struct session session;
    open_walk(&session);
    turn_script = degrees;
    strides(&session, FOOT_LEFT, 0, n, turned);
    strides(&session, FOOT_RIGHT, 0.5, n, turned); /* both feet see the same turns */
    return session_turns(&session);
}
#define TURNS(...) turns_of((const float[]){__VA_ARGS__}, sizeof((float[]){__VA_ARGS__}) / 4)

static void a_turn_counts_once_however_many_strides_it_takes(void **unused)
{
    (void)unused;
    assert_int_equal(TURNS(0, 2, -3, 1, 4, -2), 0);
    assert_int_equal(TURNS(0, 20, 20, 0), 0); /* 40 in two strides */
    assert_int_equal(TURNS(0, 23, 23, 0, 0), 1);
    assert_int_equal(TURNS(0, 60, 60, 60, 5, 0), 1);
    assert_int_equal(TURNS(0, 90, 3, 90, 0), 2);
    assert_int_equal(TURNS(0, 90, -90, 0), 2); /* to the other side is another one */
    assert_int_equal(TURNS(30, NAN, 30, 0), 0);
    assert_int_equal(TURNS(NAN, NAN), -1);
    assert_int_equal(TURNS(15, 15, 15, 15, 15, 15), 0); /* a wide bend is no turn in 2 s */
}

/* ---- stairs */

static const float *height_script;
static void climbed(struct stride *stride, int i)
{
    stride->shape.height_m = height_script[i];
}

static double ascent_of(const float *heights, int n, bool both)
{
    struct session session;
    open_walk(&session);
    height_script = heights;
    strides(&session, FOOT_LEFT, 0, n, climbed);
    if (both)
        strides(&session, FOOT_RIGHT, 0.5, n, climbed);
    return session_ascent_m(&session);
}
#define ASCENT(both, ...) \
    ascent_of((const float[]){__VA_ARGS__}, sizeof((float[]){__VA_ARGS__}) / 4, both)

static void only_stairs_are_ascent_and_both_feet_climb_the_same(void **unused)
{
    (void)unused;
    assert_true(close_to(ASCENT(false, 0, 0.34F, 0.34F, 0.34F, 0), 1.02));
    assert_true(close_to(ASCENT(true, 0, 0.34F, 0.34F, 0.34F, 0), 1.02));
    assert_true(ASCENT(true, 0.02F, 0.05F, 0.03F, 0.09F, 0.05F, 0.04F) == 0); /* drift */
    assert_true(ASCENT(true, 0, 0.17F, 0, 0, 0.17F, 0) == 0);                 /* kerbs */
    assert_true(ASCENT(true, -0.34F, -0.34F, -0.34F) == 0);
    assert_true(ASCENT(true, 0.34F, NAN, 0.34F, NAN) == 0);
    assert_true(isnan(ASCENT(true, NAN, NAN)));
}

static void strides_apart_are_no_flight_of_stairs(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    height_script = (const float[]){0.34F};
    for (int i = 0; i < 6; i++)
        strides(&session, FOOT_LEFT, 10.0 * i, 1, climbed);
    assert_true(session_ascent_m(&session) == 0);
}

/* ---- speeds */

static void percentiles_stay_within_a_bin_of_the_truth(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    for (int i = 0; i < 1000; i++) { /* 0.5 to 1.5 m/s, in a shuffled order */
        struct stride stride = stride_of(FOOT_LEFT, i, i + 1);
        stride.speed_mps = 0.5F + 0.001F * (float)(i * 613 % 1000);
        session_stride(&session, &stride, &no_summary);
    }
    assert_true(fabs(session_speed_percentile(&session, 0.1) - 0.6) < 1.0 / SPEED_BINS_PER_MPS);
    assert_true(fabs(session_speed_percentile(&session, 0.9) - 1.4) < 1.0 / SPEED_BINS_PER_MPS);
    assert_true(fabs(session_speed_percentile(&session, 0.5) - 1.0) < 1.0 / SPEED_BINS_PER_MPS);
}

static void a_full_bin_halves_all_and_keeps_the_percentiles(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    for (int i = 0; i < 126000; i++) { /* the one after the other: 60,000 and 66,000 */
        struct stride stride = stride_of(FOOT_LEFT, i, i + 1);
        stride.speed_mps = i < 60000 ? 0.6F : 1.2F;
        session_stride(&session, &stride, &no_summary);
    }
    assert_true(fabs(session_speed_percentile(&session, 0.45) - 0.6) < 0.04);
    assert_true(fabs(session_speed_percentile(&session, 0.50) - 1.2) < 0.04);
}

static void a_speed_beyond_the_bins_has_no_percentile_but_a_mean(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    walk(&session, 0, 30, 9);
    assert_true(isnan(session_speed_percentile(&session, 0.9)));
    assert_true(close_to(moments_mean(&session.speed), 9));
}

static void first_and_last_three_minutes_are_of_walking_time(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    walk(&session, 0, 179, 1.0F);
    assert_true(isnan(session_speed_first(&session)) && isnan(session_speed_last(&session)));
    walk(&session, 179, 181, 1.0F);
    assert_true(close_to(session_speed_first(&session), 1.0));
    assert_true(close_to(session_speed_last(&session), 1.0));
    walk(&session, 1000, 1200, 1.4F); /* after a long rest */
    assert_true(close_to(session_speed_first(&session), 1.0));
    assert_true(close_to(session_speed_last(&session), (double)1.4F));
    walk(&session, 1200, 1290, 0.8F);
    assert_true(fabs(session_speed_last(&session) - 1.1) < 0.04); /* half and half */
}

static void an_inclined_belt_climbs_and_a_falling_one_does_not(void **unused)
{
    (void)unused;
    struct session session;
    for (int up = 0; up < 2; up++) {
        open_walk(&session);
        for (int i = 0; i < 100; i++) {
            struct stride stride = stride_of(FOOT_LEFT, i, i + 1);
            stride.belt_mps = 1;
            stride.incline = up != 0 ? 0.05F : -0.05F;
            session_stride(&session, &stride, &no_summary);
        }
        assert_true(close_to(session_ascent_m(&session), up != 0 ? 5 : 0));
    }
}

/* ---- without feet */

static void a_wrist_alone_counts_steps_bouts_and_rests(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    for (int i = 0; i < 100; i++)
        session_wrist_step(&session, ns_of(0.5 * i), i < 4 ? NAN : 120);
    for (int i = 0; i < 100; i++)
        session_wrist_step(&session, ns_of(150 + 0.5 * i), 110);
    session_wrist_step(&session, ns_of(10), 120); /* out of order: not counted */
    assert_int_equal(session.steps_n, 200);
    assert_int_equal(session.amounts_source, SESSION_WRIST);
    assert_true(close_to(session.walk_s, 99));
    assert_int_equal(session.rests_n, 1);
    assert_int_equal(session.wrist_cadence.n, 196);
    assert_int_equal(session.cadence.n, 0);
    assert_true(isnan(session.distance_m));
}

static void feet_that_come_later_are_never_added_to_the_wrist(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    for (int i = 0; i < 100; i++) {
        session_wrist_step(&session, ns_of(0.5 * i), 120);
        session_belt(&session, ns_of(0.5 * i), ns_of(0.5 * i + 0.5), 1, NAN);
    }
    walk(&session, 0, 50, 1.2F);
    for (int i = 0; i < 100; i++) {
        session_wrist_step(&session, ns_of(50 + 0.5 * i), 120);
        session_belt(&session, ns_of(50 + 0.5 * i), ns_of(50.5 + 0.5 * i), 1, NAN);
    }
    assert_int_equal(session.amounts_source, SESSION_FEET);
    assert_int_equal(session.steps_n, 101);
    assert_true(close_to(session.walk_s, 50));
    assert_true(close_to(session.distance_m, 60));
    assert_true(close_to(moments_mean(&session.speed), (double)1.2F));
}

static void a_belt_gives_the_way_and_a_wrist_the_steps(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    for (int i = 0; i < 240; i++) {
        session_belt(&session, ns_of(0.25 * i), ns_of(0.25 * i + 0.25), 1.5F, 0.02F);
        if (i > 20 && i % 2 == 0)
            session_wrist_step(&session, ns_of(0.25 * i), 120);
    }
    assert_int_equal(session.amounts_source, SESSION_WRIST);
    assert_int_equal(session.steps_n, 109);
    assert_true(close_to(session.distance_m, 90)); /* the belt's first seconds too */
    assert_true(fabs(session_ascent_m(&session) - 1.8) < 1e-4);
    assert_in_range(session.speed.n, 59, 60); /* once a second, not once a sample */
}

/* Treadmill and ground in one walk: the few steps to a belt make no mixed walk of it, and what was
 * measured on the belt alone is not the way of a walk that went on beside it. */
static void a_walk_is_mixed_and_its_way_whole_by_what_most_of_it_was(void **unused)
{
    (void)unused;
    static const struct {
        double belt_s, ground_s;
        float ground_mps; /* NAN: feet without a motion sensor */
        bool mixed, whole;
    } walks[] = {{300, 0, NAN, false, true},   {300, 10, 1, false, true},
                 {300, 10, NAN, false, true},  {300, 100, 1, true, true},
                 {300, 100, NAN, true, false}, {0, 100, 1, false, true},
                 {0, 100, NAN, false, false}};
    for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
        struct session session;
        session_init(&session);
        session_open(&session, 1, 1, 0, 0);
        walk(&session, 0, walks[i].belt_s, 1);
        for (double t = 0; t + 1 <= walks[i].ground_s; t++) {
            struct stride stride = stride_of(t < 50 ? FOOT_LEFT : FOOT_RIGHT, walks[i].belt_s + t,
                                             walks[i].belt_s + t + 1);
            stride.speed_mps = walks[i].ground_mps;
            session_stride(&session, &stride, &no_summary);
        }
        assert_int_equal(session_mixed(&session), walks[i].mixed);
        assert_int_equal(session_way_whole(&session), walks[i].whole);
    }
}

/* Two minutes on a belt and three beside it, and no insole: the belt's metres are not the walk's.
 */
static void a_belt_gives_a_wrist_the_way_of_the_ground_beside_it(void **unused)
{
    (void)unused;
    static const struct {
        int belt_s, ground_s;
        bool mixed, whole;
    } walks[] = {{120, 180, true, false}, {300, 0, false, true}, {300, 20, false, true}};
    for (size_t i = 0; i < sizeof(walks) / sizeof(walks[0]); i++) {
        struct session session;
        open_walk(&session);
        for (int half = 0; half < 2 * (walks[i].belt_s + walks[i].ground_s); half++) {
            session_wrist_step(&session, ns_of(0.5 * half), 120);
            if (half < 2 * walks[i].belt_s)
                session_belt(&session, ns_of(0.5 * half), ns_of(0.5 * half + 0.5), 1.2F, NAN);
        }
        assert_int_equal(session.amounts_source, SESSION_WRIST);
        assert_int_equal(session_mixed(&session), walks[i].mixed);
        assert_int_equal(session_way_whole(&session), walks[i].whole);
    }
}

static void a_belt_that_stands_or_lies_is_no_walk(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    session_belt(&session, ns_of(0), ns_of(1), 0, NAN);
    session_belt(&session, ns_of(1), ns_of(2), 0.05F, NAN); /* below 0.3 km/h */
    session_belt(&session, ns_of(2), ns_of(3), NAN, NAN);
    session_belt(&session, ns_of(3), ns_of(4), INFINITY, NAN);
    session_belt(&session, ns_of(4), ns_of(3), 1, NAN);
    session_belt(&session, ns_of(4), ns_of(400), 1, NAN); /* silent for that long */
    assert_true(isnan(session.distance_m) && session.walk_s == 0);
    assert_int_equal(session.amounts_source, SESSION_NO_SOURCE);
    session_close(&session, ns_of(9), END_USER, WALL_MS);
    session_belt(&session, ns_of(9), ns_of(10), 1, NAN);
    session_wrist_step(&session, ns_of(10), 100);
    assert_true(isnan(session.distance_m) && session.steps_n == 0);
}

/* ---- what else is seen */

static void what_no_device_can_see_is_absent_and_what_it_sees_not_is_zero(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    assert_true(isnan(session.phone_s) && isnan(session.rail_s));
    session_posture(&session, 0, (double)NAN);
    assert_true(session.phone_s == 0 && isnan(session.rail_s));
    session_posture(&session, 2.5, 1);
    session_posture(&session, -3, (double)INFINITY);
    assert_true(session.phone_s == 2.5F && session.rail_s == 1);
    session_arm(&session, 0, 42);
    session_arm(&session, 2, 42);
    session_arm(&session, -1, 42);
    session_arm(&session, 1, NAN);
    assert_true(session.arm_swing[0].n == 1 && session.arm_swing[1].n == 0);
}

static void the_longest_standing_is_one_piece(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    assert_true(isnan(session.longest_stand_s));
    session_context(&session, CONTEXT_STAND, 30);
    session_context(&session, CONTEXT_STAND, 40);
    session_context(&session, CONTEXT_WALK, 5);
    session_context(&session, CONTEXT_STAND, 60);
    session_context(&session, SESSION_CONTEXTS, 1000);
    session_context(&session, CONTEXT_STAND, (double)NAN);
    assert_true(session.longest_stand_s == 70 && session.context_s[CONTEXT_STAND] == 130);
}

static void weight_and_height_outlive_the_walk(void **unused)
{
    (void)unused;
    struct session session;
    session_init(&session);
    assert_true(isnan(session.weight_n) && isnan(session.height_m));
    session_weight(&session, 700, SESSION_WEIGHT_STANDING);
    session_setup(&session, 1.7F, true);
    session_open(&session, 5, 2, ns_of(0), WALL_MS);
    assert_true(session.weight_n == 700 && session.weight_source == SESSION_WEIGHT_STANDING);
    assert_true(session.height_m == 1.7F && session.contact_threshold == SESSION_20N);
    session_weight(&session, -1, SESSION_WEIGHT_WALKING);
    assert_true(isnan(session.weight_n) && session.weight_source == SESSION_WEIGHT_NONE);
    session_weight(&session, 700, SESSION_WEIGHT_NONE);
    assert_true(isnan(session.weight_n));
    session_setup(&session, NAN, false);
    assert_true(isnan(session.height_m) && session.contact_threshold == SESSION_5PCT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments_agree_with_the_plain_formulas),
        cmocka_unit_test(test_moments_in_twelve_bytes_keep_up_with_doubles_over_20000_strides),
        cmocka_unit_test(a_foot_that_was_not_measured_has_no_shape),
        cmocka_unit_test(garbage_moves_no_mean_and_no_metre),
        cmocka_unit_test(a_turn_counts_once_however_many_strides_it_takes),
        cmocka_unit_test(only_stairs_are_ascent_and_both_feet_climb_the_same),
        cmocka_unit_test(strides_apart_are_no_flight_of_stairs),
        cmocka_unit_test(percentiles_stay_within_a_bin_of_the_truth),
        cmocka_unit_test(a_full_bin_halves_all_and_keeps_the_percentiles),
        cmocka_unit_test(a_speed_beyond_the_bins_has_no_percentile_but_a_mean),
        cmocka_unit_test(first_and_last_three_minutes_are_of_walking_time),
        cmocka_unit_test(an_inclined_belt_climbs_and_a_falling_one_does_not),
        cmocka_unit_test(a_wrist_alone_counts_steps_bouts_and_rests),
        cmocka_unit_test(feet_that_come_later_are_never_added_to_the_wrist),
        cmocka_unit_test(a_belt_gives_the_way_and_a_wrist_the_steps),
        cmocka_unit_test(a_walk_is_mixed_and_its_way_whole_by_what_most_of_it_was),
        cmocka_unit_test(a_belt_gives_a_wrist_the_way_of_the_ground_beside_it),
        cmocka_unit_test(a_belt_that_stands_or_lies_is_no_walk),
        cmocka_unit_test(what_no_device_can_see_is_absent_and_what_it_sees_not_is_zero),
        cmocka_unit_test(the_longest_standing_is_one_piece),
        cmocka_unit_test(weight_and_height_outlive_the_walk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
