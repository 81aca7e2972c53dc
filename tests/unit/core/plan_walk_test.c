/* C03, C04, C05: what is said in a walk. */
#include "plan_walk_fixture.h"

static void begin_in_pieces(void)
{
    begin(PLAN_P1);
    go(0);
    plan_pieces(&home.plan, &home.params, true);
}

static void test_scenario_26_pieces_are_offered_for_amber_once_and_for_long_targets(void **unused)
{
    (void)unused;
    begin(PLAN_P1); /* 12 min */
    go(0);
    assert_false(says(&home, TEXT_C03_OFFER));
    moment.nrs = 4;
    moment.amber = true;
    go(600);
    assert_true(says(&home, TEXT_C03_OFFER));
    assert_int_equal(home.out.says[0].level, PLAN_INFO);
    go(610);
    assert_false(says(&home, TEXT_C03_OFFER));
    begin(PLAN_P3); /* 20 min */
    go(0);
    assert_true(says(&home, TEXT_C03_OFFER));
    go(10);
    assert_false(says(&home, TEXT_C03_OFFER));
    moment.tiring = true;
    go(600);
    assert_true(says(&home, TEXT_C03_OFFER));
    begin(PLAN_P3);
    home.now.stop_open = true;
    go(0);
    assert_int_equal(home.out.says_n, 0);
}

/* "Walk 5 minutes, rest 1, repeat" is more than a tiny walk: P03 said five minutes at most. */
static void test_nobody_is_offered_pieces_of_a_walk_of_five_minutes(void **unused)
{
    (void)unused;
    for (int why = 0; why < 3; why++) {
        begin(PLAN_P1);
        moment.nrs = moment.nrs_start = (int8_t)(why == 1 ? 7 : 3);
        if (why == 2)
            report(&home, PLAN_REPORT_FLARE, 0);
        go(0);
        moment.amber = true;
        go(120);
        assert_true(says(&home, TEXT_C03_OFFER) == (why == 0));
    }
}

static void test_only_walking_time_counts_to_a_rest(void **unused)
{
    (void)unused;
    begin_in_pieces();
    go(100);
    moment.motion = PLAN_SITTING;
    go(150);
    moment.motion = PLAN_WALKING;
    go(350);
    assert_true(plan_walk_deadline_ns(&home.plan, &home.params) == 500 * SECOND_NS);
    moment.paused = true;
    go(400);
    moment.paused = false;
    go(450);
    assert_true(plan_walk_deadline_ns(&home.plan, &home.params) == 550 * SECOND_NS);
    go_to(550 * SECOND_NS - 1);
    assert_false(says(&home, TEXT_C03_PAUSE));
    go(552);
    assert_true(says(&home, TEXT_C03_PAUSE));
    assert_true(home.out.says[0].breathe);
    assert_true(home.out.says[0].at_wall_ms == start_ms + 550000); /* at its own time */
}

static void test_rest_counts_standing_and_sitting_and_then_walks_on(void **unused)
{
    (void)unused;
    begin_in_pieces();
    go(300);
    assert_true(says(&home, TEXT_C03_PAUSE));
    moment.motion = PLAN_STANDING;
    go(305);
    moment.motion = PLAN_SITTING;
    go(330);
    assert_true(plan_walk_deadline_ns(&home.plan, &home.params) == 365 * SECOND_NS);
    go(365);
    assert_true(says(&home, TEXT_C03_GO));
    assert_int_equal(home.plan.walk.pieces_n, 2);
}

static void test_who_walks_through_the_rest_is_in_the_next_piece(void **unused)
{
    (void)unused;
    begin_in_pieces();
    go(300);
    go(360);
    assert_int_equal(home.plan.walk.interval, PLAN_INTERVAL_WALK);
    assert_true(plan_walk_deadline_ns(&home.plan, &home.params) == 600 * SECOND_NS);
}

static void test_unknown_motion_falls_back_to_the_clock(void **unused)
{
    (void)unused;
    begin_in_pieces();
    moment.motion = PLAN_MOTION_UNKNOWN;
    go(0);
    go(300);
    assert_true(says(&home, TEXT_C03_PAUSE));
    go(360);
    assert_true(says(&home, TEXT_C03_GO));
}

static void test_cues_older_than_ten_seconds_are_not_said_late(void **unused)
{
    (void)unused;
    begin_in_pieces();
    moment.motion = PLAN_MOTION_UNKNOWN;
    go(0);
    go(330);
    assert_int_equal(home.out.says_n, 0);
    assert_int_equal(home.plan.walk.interval, PLAN_INTERVAL_REST);
}

static void test_who_is_helped_by_bending_is_never_told_to_stand_tall(void **unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        begin_in_pieces();
        home.profile.p05 = i == 0;
        home.profile.stenosis = i == 1;
        moment.p05 = i == 2;
        go(300);
        assert_true(says(&home, TEXT_C03_PAUSE_SIT));
        assert_false(says(&home, TEXT_C03_PAUSE));
        assert_false(home.out.says[0].breathe);
        plan_pieces(&home.plan, &home.params, false);
        moment.motion = PLAN_STANDING;
        go(310);
        go(900);
        assert_false(says(&home, TEXT_C04_BREATHE));
    }
}

static void test_scenario_17_standing_two_minutes_is_a_breath_and_at_most_four(void **unused)
{
    (void)unused;
    begin(PLAN_P1);
    moment.motion = PLAN_STANDING;
    go(10);
    assert_true(plan_walk_deadline_ns(&home.plan, &home.params) == 130 * SECOND_NS);
    go(129);
    assert_false(says(&home, TEXT_C04_BREATHE));
    go(130);
    assert_true(says(&home, TEXT_C04_BREATHE));
    go(180); /* three minutes at the bus stop are one cue */
    assert_false(says(&home, TEXT_C04_BREATHE));
    int n = 1;
    for (int s = 190; s < 4000; s += 10) {
        go(s);
        n += says(&home, TEXT_C04_BREATHE);
    }
    assert_int_equal(n, 4);
    assert_true(plan_walk_deadline_ns(&home.plan, &home.params) == INT64_MAX);
    begin(PLAN_P1);
    home.profile.vertigo = true;
    moment.motion = PLAN_STANDING;
    go(0);
    go(125);
    assert_false(says(&home, TEXT_C04_BREATHE));
}

static void test_moments_that_cannot_be_are_counted_and_dropped(void **unused)
{
    (void)unused;
    begin_in_pieces();
    go(100);
    struct plan before = home.plan;
    go(99);
    moment.walk_min = NAN;
    go(110);
    moment.walk_min = 2;
    moment.nrs = 11;
    go(110);
    before.dropped_n += 3;
    assert_memory_equal(&before, &home.plan, sizeof(before));
    moment.nrs = -1;
    go_to(INT64_MAX); /* ends, and soon */
}

/* ---- C05 ---- */

static void test_scenario_50_fluid_restriction_is_never_told_to_drink(void **unused)
{
    (void)unused;
    for (int restricted = 0; restricted < 2; restricted++) {
        move_in(&home, PLAN_G30);
        home.plan.sessions_any = true;
        home.profile.fluid_restriction = restricted;
        int16_t slots[PLAN_SLOTS] = {540, -1, -1};
        assert_true(plan_schedule(&home.plan, slots));
        int drinks = 0;
        for (int minute = 480; minute < 560; minute++) {
            at(&home, 0, minute);
            tick(&home);
            drinks += says(&home, TEXT_C05_DRINK);
        }
        open_walk(&home);
        drinks += says(&home, TEXT_C05_DRINK);
        assert_int_equal(drinks, !restricted);
        start_ms = home.now.wall_ms;
        moment = (struct plan_moment){
            .motion = PLAN_WALKING, .nrs = 2, .nrs_start = 2, .metres = NAN, .ambient = 30};
        for (int s = 0; s < 7200; s += 60) {
            go(s);
            assert_false(says(&home, TEXT_C05_DRINK)); /* nobody heads out by now */
            drinks += says(&home, TEXT_C05_AGAIN);
        }
        assert_int_equal(drinks, restricted ? 0 : 3);
    }
}

/* ---- P07 ---- */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scenario_26_pieces_are_offered_for_amber_once_and_for_long_targets),
        cmocka_unit_test(test_nobody_is_offered_pieces_of_a_walk_of_five_minutes),
        cmocka_unit_test(test_only_walking_time_counts_to_a_rest),
        cmocka_unit_test(test_rest_counts_standing_and_sitting_and_then_walks_on),
        cmocka_unit_test(test_who_walks_through_the_rest_is_in_the_next_piece),
        cmocka_unit_test(test_unknown_motion_falls_back_to_the_clock),
        cmocka_unit_test(test_cues_older_than_ten_seconds_are_not_said_late),
        cmocka_unit_test(test_who_is_helped_by_bending_is_never_told_to_stand_tall),
        cmocka_unit_test(test_scenario_17_standing_two_minutes_is_a_breath_and_at_most_four),
        cmocka_unit_test(test_moments_that_cannot_be_are_counted_and_dropped),
        cmocka_unit_test(test_scenario_50_fluid_restriction_is_never_told_to_drink),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
