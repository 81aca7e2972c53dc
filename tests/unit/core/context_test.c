/* What feet do: contexts and scenarios of the rule book by what the sensors show then. */
#include "context_fixture.h"

static void test_nothing_known_is_idle_unknown_and_no_flag(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    context_input_init(&person.sense, 0);
    person_wait(&person, 60);
    assert_int_equal(person.now.context, CONTEXT_IDLE_UNKNOWN);
    assert_int_equal(person.now.gait, CONTEXT_IDLE_UNKNOWN);
    assert_int_equal(person.seen_flags, 0);
    assert_true(person.seconds[CONTEXT_IDLE_UNKNOWN] == 60);
}

static void test_a_normal_walk_is_steady_after_13_strides_and_stand_after_3_s(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_wait(&person, 5);
    assert_int_equal(person.now.context, CONTEXT_STAND);
    person_walk(&person, 12);
    assert_int_equal(person.now.context, CONTEXT_WALK);
    assert_int_equal(person.now.why, CONTEXT_WHY_STEPS);
    person_walk(&person, 1);
    assert_int_equal(person.now.context, CONTEXT_WALK_STEADY);
    assert_int_equal(person.now.dropped, 0);
    assert_int_equal(person.now.since_ns, person.at_ns);
    person_walk(&person, 100);
    assert_int_equal(person.now.context, CONTEXT_WALK_STEADY);
    person_forget_seen(&person);
    person_wait(&person, 2.9);
    assert_false(person.seen[CONTEXT_STAND]);
    person_wait(&person, 1.1);
    assert_int_equal(person.now.context, CONTEXT_STAND);
    assert_int_equal(person.now.why, CONTEXT_WHY_LOAD);
}

static void test_unsteady_strides_are_a_walk_and_no_steady_one(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 30);
    person.stride.steady = false;
    person_walk(&person, 1);
    assert_int_equal(person.now.gait, CONTEXT_WALK);
    person.stride.steady = true;
    person_walk(&person, 1);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    person.stride.walking = false;
    person_walk(&person, 1);
    person.stride.walking = true;
    person_walk(&person, 12);
    assert_int_equal(person.now.gait, CONTEXT_WALK);
}

static void test_a_turn_of_more_than_45_deg_in_2_s_is_not_steady(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 30);
    person.path.turn_deg = 22; /* each foot turns 44 deg in 2 s */
    person_walk(&person, 8);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    person.path.turn_deg = -24;
    person_walk(&person, 4);
    assert_int_equal(person.now.gait, CONTEXT_WALK);
    person.path.turn_deg = 0;
    person_walk(&person, 5); /* 2.75 s later */
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
}

static void test_unknown_turns_drop_the_gate_and_say_so(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.imu = false;
    person_walk(&person, 30);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    assert_int_equal(person.now.dropped, CONTEXT_GATE_TURN);
}

static void test_one_insole_walks_and_never_stands_sits_or_runs(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.sense.feet[1] = (struct context_foot){false, 0.5F, 100, 100};
    person_walk(&person, 60);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    person_forget_seen(&person);
    person_wait(&person, 60);
    person.sense.feet[0].load_share = 0.2F;
    person_wait(&person, 60);
    person.sense.feet[0] = (struct context_foot){true, 0, 60, 60};
    person_wait(&person, 60);
    assert_false(person.seen[CONTEXT_STAND] || person.seen[CONTEXT_SIT] ||
                 person.seen[CONTEXT_OFF_FEET]);
    person.stride.flight_s = NAN;
    person.stride.double_support_pct = NAN;
    person.stride.stride_s = 0.7F;
    person_walk(&person, 40);
    assert_false(person.seen[CONTEXT_RUN]);
}

/* Scenario 14. */
static void test_a_foot_that_went_silent_is_not_a_foot_that_stands_still(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 40);
    person.sense.feet[1] = (struct context_foot){false, 0, 999, 999};
    person_forget_seen(&person);
    person_walk(&person, 60);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    assert_false(person.seen[CONTEXT_OFF_FEET] || person.seen[CONTEXT_IDLE_UNKNOWN]);
}

static void test_a_sitter_is_told_after_10_s_and_who_stands_on_one_foot_is_not(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 20);
    person.sense.feet[0].load_share = 0.18F;
    person.sense.feet[1].load_share = 0.14F;
    person_wait(&person, 9);
    assert_false(person.seen[CONTEXT_SIT]);
    person_wait(&person, 3);
    assert_int_equal(person.now.context, CONTEXT_SIT);
    /* On one foot; the insole shows half of what it carries (rule book 2.3). */
    const float shares[] = {1.0F, 0.9F, 0.7F, 0.45F, 0.4F};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        person_init(&person);
        person_walk(&person, 20);
        person.sense.feet[0].load_share = shares[i];
        person.sense.feet[1].load_share = 0;
        person_wait(&person, 60);
        assert_false(person.seen[CONTEXT_SIT]);
    }
}

static void test_a_shift_of_weight_is_no_sitting_down(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_wait(&person, 30);
    for (int i = 0; i < 10; i++) {
        person.sense.feet[0].load_share = person.sense.feet[1].load_share = 0.2F;
        person_wait(&person, 2);
        person.sense.feet[0].load_share = person.sense.feet[1].load_share = 0.5F;
        person_wait(&person, 3);
    }
    assert_false(person.seen[CONTEXT_SIT]);
}

/* Scenario 16. */
static void test_shoes_without_feet_are_off_whatever_the_wrist_does(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.sense.arms[0].call = WRIST_YES;
    person.sense.arms[0].walking = WRIST_YES;
    for (int foot = 0; foot < FEET; foot++) {
        person.sense.feet[foot] = (struct context_foot){true, 0.01F, 10, 11};
    }
    person_wait(&person, 5);
    assert_false(person.seen[CONTEXT_OFF_FEET]); /* 10 s and not more */
    person.sense.feet[0].unloaded_s = person.sense.feet[1].unloaded_s = 10.5F;
    person_wait(&person, 2);
    assert_int_equal(person.now.context, CONTEXT_OFF_FEET);
    assert_int_equal(person.now.flags, CONTEXT_FLAG_CALL);
    person.sense.feet[1].still_s = 0; /* somebody picks one up */
    person_wait(&person, 4);
    assert_int_equal(person.now.gait, CONTEXT_IDLE_UNKNOWN);
    person.sense.feet[1].still_s = NAN; /* no IMU: cannot be told */
    person_wait(&person, 60);
    assert_int_equal(person.now.gait, CONTEXT_IDLE_UNKNOWN);
}

/* Scenario 17. */
static void test_3_min_at_a_bus_stop_are_3_min_of_stand(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 100);
    double before = person.seconds[CONTEXT_STAND];
    person.sense.feet[0].load_share = 0.35F;
    person.sense.feet[1].load_share = 0.64F;
    person_wait(&person, 180);
    assert_int_equal(person.now.context, CONTEXT_STAND);
    assert_true(person.seconds[CONTEXT_STAND] - before >= 175);
}

/* Scenario 18. */
static void test_stairs_are_told_by_forefoot_or_height(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 40);
    person.stride.forefoot_first = 1;
    person_walk(&person, 4);
    assert_int_equal(person.now.context, CONTEXT_STAIRS);
    assert_int_equal(person.now.why, CONTEXT_WHY_FOREFOOT);
    person_init(&person);
    person_walk(&person, 40);
    person.path.height_m = -0.34F; /* down */
    person.path.length_m = 0.56F;
    person_walk(&person, 2);
    assert_int_equal(person.now.context, CONTEXT_WALK_STEADY);
    person_walk(&person, 1);
    assert_int_equal(person.now.context, CONTEXT_STAIRS);
    assert_int_equal(person.now.why, CONTEXT_WHY_HEIGHT);
    person.path.height_m = 0; /* a landing of two steps */
    person_walk(&person, 2);
    assert_int_equal(person.now.context, CONTEXT_STAIRS);
    person_walk(&person, 12);
    assert_int_equal(person.now.context, CONTEXT_WALK_STEADY);
}

static void test_a_curb_up_and_down_is_no_staircase(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 40);
    person.path.length_m = NAN; /* what tells stairs from ramps is not known */
    for (int i = 0; i < 6; i++) {
        person.path.height_m = i % 2 == 0 ? 0.16F : -0.16F;
        person.stride.forefoot_first = 1;
        person_walk(&person, 2); /* one for each foot */
        person.path.height_m = 0;
        person.stride.forefoot_first = 0;
        person_walk(&person, 4);
    }
    /* Up, and down on the other side at once. */
    person.path.height_m = 0.16F;
    person_walk(&person, 2);
    person.path.height_m = -0.16F;
    person_walk(&person, 2);
    assert_false(person.seen[CONTEXT_STAIRS]);
}

static void test_three_curbs_with_swings_unseen_between_are_no_staircase(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 40);
    person.path.length_m = 0.4F;
    for (int i = 0; i < 6; i++) {
        person.path.height_m = 0.16F;
        person_walk(&person, 1);
        person.path.height_m = NAN;
        person_walk(&person, 1);
    }
    assert_false(person.seen[CONTEXT_STAIRS]);
}

static void test_a_steep_path_is_a_slope_with_its_forefoot_share_and_no_staircase(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.path.height_m = 0.13F; /* 10 % */
    person_walk(&person, 40);
    assert_int_equal(person.now.context, CONTEXT_WALK_STEADY); /* forefoot share not known */
    person.sense.forefoot_shift = 0.08F;
    person_walk(&person, 1);
    assert_int_equal(person.now.context, CONTEXT_SLOPE);
    assert_int_equal(person.now.why, CONTEXT_WHY_HEIGHT_TREND);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    assert_false(person.seen[CONTEXT_STAIRS]);
    person.sense.forefoot_shift = 0.02F;
    person_walk(&person, 10);
    assert_int_equal(person.now.flags, 0);
}

static void test_half_of_the_contacts_on_the_forefoot_are_no_staircase(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    for (int i = 0; i < 64; i++) {
        person.stride.forefoot_first = (int8_t)(i % 2);
        person_walk(&person, 1);
    }
    assert_false(person.seen_gait[CONTEXT_STAIRS]);
}

static void test_who_stops_on_a_staircase_stands(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.stride.forefoot_first = 1;
    person_walk(&person, 20);
    assert_int_equal(person.now.gait, CONTEXT_STAIRS);
    person_wait(&person, 4);
    assert_int_equal(person.now.gait, CONTEXT_STAND);
}

static void test_strides_and_swings_of_a_stale_insole_count_for_nothing(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.sense.feet[0].fresh = true;
    person.sense.feet[1].fresh = false;
    for (int i = 0; i < 40; i++) {
        struct context_input input = person.sense;
        input.at_ns = person.at_ns += fixture_second_ns / 2;
        input.stride = person.stride;
        input.path = person.path;
        input.stride.present = input.path.present = true;
        input.stride.foot = input.path.foot = 1;
        input.path.height_m = 0.3F;
        input.path.length_m = 0.5F;
        person_tell(&person, &input);
    }
    assert_true(person.seen_gait[CONTEXT_IDLE_UNKNOWN]);
    assert_false(person.seen_gait[CONTEXT_WALK] || person.seen_gait[CONTEXT_STAIRS]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_known_is_idle_unknown_and_no_flag),
        cmocka_unit_test(test_a_normal_walk_is_steady_after_13_strides_and_stand_after_3_s),
        cmocka_unit_test(test_unsteady_strides_are_a_walk_and_no_steady_one),
        cmocka_unit_test(test_a_turn_of_more_than_45_deg_in_2_s_is_not_steady),
        cmocka_unit_test(test_unknown_turns_drop_the_gate_and_say_so),
        cmocka_unit_test(test_one_insole_walks_and_never_stands_sits_or_runs),
        cmocka_unit_test(test_a_foot_that_went_silent_is_not_a_foot_that_stands_still),
        cmocka_unit_test(test_a_sitter_is_told_after_10_s_and_who_stands_on_one_foot_is_not),
        cmocka_unit_test(test_a_shift_of_weight_is_no_sitting_down),
        cmocka_unit_test(test_shoes_without_feet_are_off_whatever_the_wrist_does),
        cmocka_unit_test(test_3_min_at_a_bus_stop_are_3_min_of_stand),
        cmocka_unit_test(test_stairs_are_told_by_forefoot_or_height),
        cmocka_unit_test(test_a_curb_up_and_down_is_no_staircase),
        cmocka_unit_test(test_three_curbs_with_swings_unseen_between_are_no_staircase),
        cmocka_unit_test(test_a_steep_path_is_a_slope_with_its_forefoot_share_and_no_staircase),
        cmocka_unit_test(test_half_of_the_contacts_on_the_forefoot_are_no_staircase),
        cmocka_unit_test(test_who_stops_on_a_staircase_stands),
        cmocka_unit_test(test_strides_and_swings_of_a_stale_insole_count_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
