/* Arms, belts, wheels and single devices: scenarios of the rule book by what the sensors show. */
#include "context_fixture.h"

/* Scenario 8. */
static void test_a_phone_in_view_is_viewing_and_not_hands_fixed(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 40);
    for (int share = 0; share <= 10; share++) {
        person.sense.arms[0] = (struct context_arm){
            true, share >= 7 ? WRIST_YES : WRIST_NO, WRIST_NO, WRIST_NO, 4, 0.09F * (float)share,
            25};
        person_walk(&person, 4);
    }
    assert_int_equal(person.now.flags, CONTEXT_FLAG_VIEWING);
    assert_int_equal(person.seen_flags, CONTEXT_FLAG_VIEWING);
    assert_int_equal(person.now.context, CONTEXT_WALK_STEADY);
    person.sense.arms[0].viewing_share = 0.35F; /* R05 lets go below 0.3 */
    person_walk(&person, 20);
    assert_int_equal(person.now.flags, CONTEXT_FLAG_VIEWING);
    person.sense.arms[0].viewing_share = 0.29F;
    person.sense.arms[0].hands_fixed = WRIST_NO;
    person_walk(&person, 10);
    assert_int_equal(person.now.flags, 0);
}

/* Scenario 9. */
static void test_a_call_is_a_call_while_walking_and_a_flag_while_standing(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 40);
    person.sense.arms[0] = (struct context_arm){true, WRIST_YES, WRIST_YES, WRIST_NO, 3, 0, 70};
    person.sense.arms[1] = (struct context_arm){true, WRIST_NO, WRIST_NO, WRIST_YES, 40, 0, -60};
    person_walk(&person, 300);
    assert_int_equal(person.now.context, CONTEXT_CALL);
    assert_int_equal(person.now.why, CONTEXT_WHY_ARM_AT_HEAD);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    person_wait(&person, 10);
    assert_int_equal(person.now.context, CONTEXT_STAND);
    assert_true((person.now.flags & CONTEXT_FLAG_CALL) != 0);
}

/* Scenario 10. */
static void test_15_min_with_a_pram_are_hands_fixed_with_steps_of_feet(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 40);
    person.stride.stride_s = 1.2F;
    /* The face of the watch looks up on the handle: near the viewing posture by share. */
    person.sense.arms[0] = (struct context_arm){true, WRIST_YES, WRIST_NO, WRIST_NO, 3, 0.9F, -10};
    person_walk(&person, 1500);
    assert_int_equal(person.now.context, CONTEXT_HANDS_FIXED);
    assert_int_equal(person.now.why, CONTEXT_WHY_STILL_ARM);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    assert_true(person.seconds[CONTEXT_HANDS_FIXED] > 890);
    assert_true(person.now.gait_since_ns < 20 * fixture_second_ns);
}

static void test_a_still_arm_without_steps_of_feet_is_not_hands_fixed(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.sense.arms[0] = (struct context_arm){true, WRIST_YES, WRIST_NO, WRIST_NO, 1, 0, -20};
    person_wait(&person, 120); /* stands at a counter */
    assert_int_equal(person.seen_flags, 0);
    person.sense.feet[0].fresh = person.sense.feet[1].fresh = false;
    person.sense.arms[0].walking = WRIST_YES;
    person_wait(&person, 60); /* no foot known */
    assert_int_equal(person.seen_flags, 0);
}

/* Scenario 11. */
static void test_a_bag_is_seen_by_the_arm_that_carries_it_and_by_no_other(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.sense.si_load_pct = 17;
    person.sense.si_stance_pct = 3;
    person.sense.si_step_pct = 3;
    person_walk(&person, 60); /* the other arm swings */
    assert_int_equal(person.seen_flags, 0);
    person.sense.arms[1] = (struct context_arm){true, WRIST_YES, WRIST_NO, WRIST_NO, 4, 0, -80};
    person_walk(&person, 20);
    assert_int_equal(person.now.context, CONTEXT_CARRY);
    assert_int_equal(person.now.why, CONTEXT_WHY_LOADED_ARM);
    const float limps[][3] = {{17, 12, 3},  {17, 3, 14}, {17, NAN, 3},
                              {17, 3, NAN}, {NAN, 3, 3}, {14, 3, 3}};
    for (size_t i = 0; i < sizeof limps / sizeof limps[0]; i++) {
        person.sense.si_load_pct = limps[i][0];
        person.sense.si_stance_pct = limps[i][1];
        person.sense.si_step_pct = limps[i][2];
        person_walk(&person, 10);
        assert_int_equal(person.now.flags & CONTEXT_FLAG_CARRY, 0);
    }
}

/* Scenario 19. */
static void test_a_wheelchair_user_is_on_wheels_whatever_else_is_seen(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.sense.wheelchair = true;
    person.sense.arms[0].walking = WRIST_YES;
    person_wait(&person, 60);
    person_walk(&person, 60);
    for (int foot = 0; foot < FEET; foot++) {
        person.sense.feet[foot] = (struct context_foot){true, 0, 60, 60};
    }
    person_wait(&person, 60);
    for (int context = 0; context < CONTEXT_COUNT; context++) {
        assert_int_equal(person.seen[context], context == CONTEXT_WHEELS);
        assert_int_equal(person.seen_gait[context], context == CONTEXT_WHEELS);
    }
    assert_int_equal(person.now.why, CONTEXT_WHY_PROFILE);
}

static void belt(struct person *person, float kmh, float incline, int8_t rail)
{
    person->sense.belt = (struct context_belt){true, kmh / 3.6F, incline, rail};
}

static void test_a_walk_on_a_belt_is_treadmill_and_still_steady(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    belt(&person, 4, 0, 0);
    person_walk(&person, 40);
    assert_int_equal(person.now.context, CONTEXT_TREADMILL);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    assert_int_equal(person.now.flags, CONTEXT_FLAG_TREADMILL);
    belt(&person, 0.3F, 0, 0);
    person_walk(&person, 20);
    assert_int_equal(person.now.context, CONTEXT_WALK_STEADY);
    person.sense.belt.speed_mps = NAN;
    person_walk(&person, 20);
    assert_int_equal(person.now.context, CONTEXT_WALK_STEADY);
}

/* Scenario 43; 42 has no context of its own. */
static void test_uphill_6_pct_on_a_belt_is_a_slope(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    belt(&person, 4, 0.06F, 0);
    person.sense.forefoot_shift = 0.12F;
    person_walk(&person, 40);
    assert_int_equal(person.now.context, CONTEXT_SLOPE);
    assert_int_equal(person.now.why, CONTEXT_WHY_INCLINE);
    assert_int_equal(person.now.flags, CONTEXT_FLAG_TREADMILL | CONTEXT_FLAG_SLOPE);
    belt(&person, 6, -0.05F, 0);
    person_walk(&person, 10);
    assert_int_equal(person.now.context, CONTEXT_SLOPE);
    belt(&person, 6, 0.049F, 0);
    person_walk(&person, 10);
    assert_int_equal(person.now.context, CONTEXT_TREADMILL);
}

/* Scenarios 40 and 41. */
static void test_a_held_rail_fixes_the_hands_even_without_a_wrist(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    context_input_init(&person.sense, 0);
    person.sense.feet[0] = person.sense.feet[1] = (struct context_foot){true, 0.5F, 0, 0};
    belt(&person, 4, 0, 1);
    person_walk(&person, 40);
    assert_int_equal(person.now.context, CONTEXT_HANDS_FIXED);
    assert_int_equal(person.now.why, CONTEXT_WHY_RAIL);
    assert_true((person.now.flags & CONTEXT_FLAG_RAIL) != 0);
    /* A wrist in the viewing posture on the rail: still fixed. */
    person.sense.arms[0] = (struct context_arm){true, WRIST_YES, WRIST_NO, WRIST_NO, 2, 0.9F, 20};
    person_walk(&person, 20);
    assert_int_equal(person.now.context, CONTEXT_HANDS_FIXED);
}

/* Scenario 37b: the feet keep loading. */
static void test_a_slap_on_the_rail_changes_nothing_for_the_feet(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    belt(&person, 4, 0, 0);
    person_walk(&person, 40);
    person_forget_seen(&person);
    person.sense.arms[0].pitch_deg = 10;
    belt(&person, 4, 0, 1);
    person_walk(&person, 1);
    belt(&person, 4, 0, 0);
    person_walk(&person, 20);
    for (int gait = 0; gait < CONTEXT_COUNT; gait++) {
        assert_int_equal(person.seen_gait[gait], gait == CONTEXT_WALK_STEADY);
    }
}

/* Scenario 39. */
static void test_who_stepped_off_a_running_belt_does_not_walk_on_it(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    belt(&person, 3, 0, 0);
    person_walk(&person, 40);
    person_wait(&person, 2);
    assert_int_equal(person.now.gait, CONTEXT_IDLE_UNKNOWN);
    person_wait(&person, 3);
    assert_int_equal(person.now.gait, CONTEXT_STAND); /* beside it */
    assert_int_equal(person.now.context, CONTEXT_STAND);
    assert_int_equal(person.now.flags, CONTEXT_FLAG_TREADMILL);
}

static void test_a_wrist_alone_walks_and_is_steady_after_20_s_with_gates_dropped(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    context_input_init(&person.sense, 0);
    person.sense.arms[1] = (struct context_arm){true, WRIST_NO, WRIST_NO, WRIST_YES, 40, 0, -60};
    person_wait(&person, 19);
    assert_int_equal(person.now.context, CONTEXT_WALK);
    assert_int_equal(person.now.why, CONTEXT_WHY_WRIST_STEPS);
    person_wait(&person, 2);
    assert_int_equal(person.now.context, CONTEXT_WALK_STEADY);
    assert_int_equal(person.now.dropped, CONTEXT_GATE_TURN | CONTEXT_GATE_STRIDES);
    person.sense.arms[1].walking = WRIST_NO;
    person_wait(&person, 1);
    assert_int_equal(person.now.context, CONTEXT_IDLE_UNKNOWN);
}

static void test_a_wrist_that_counts_steps_does_not_walk_for_feet_that_stand(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.sense.arms[0].walking = WRIST_YES; /* brushes teeth */
    person_wait(&person, 60);
    assert_int_equal(person.now.context, CONTEXT_STAND);
    assert_false(person.seen[CONTEXT_WALK]);
}

static void test_a_stale_device_ends_what_it_held_at_once(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    belt(&person, 4, 0.06F, 1);
    person.sense.arms[0].call = WRIST_YES;
    person_walk(&person, 40);
    assert_int_equal(person.now.flags, CONTEXT_FLAG_TREADMILL | CONTEXT_FLAG_SLOPE |
                                           CONTEXT_FLAG_HANDS_FIXED | CONTEXT_FLAG_CALL |
                                           CONTEXT_FLAG_RAIL);
    person.sense.belt.fresh = false; /* the arm is still seen, and not fixed */
    person_walk(&person, 1);
    assert_int_equal(person.now.flags, CONTEXT_FLAG_CALL);
    person.sense.arms[0].fresh = false;
    person_walk(&person, 1);
    assert_int_equal(person.now.flags, 0);
    person_wait(&person, 10);
    assert_int_equal(person.now.context, CONTEXT_STAND);
    person.sense.feet[0].fresh = false;
    person_wait(&person, 1);
    assert_int_equal(person.now.context, CONTEXT_IDLE_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_phone_in_view_is_viewing_and_not_hands_fixed),
        cmocka_unit_test(test_a_call_is_a_call_while_walking_and_a_flag_while_standing),
        cmocka_unit_test(test_15_min_with_a_pram_are_hands_fixed_with_steps_of_feet),
        cmocka_unit_test(test_a_still_arm_without_steps_of_feet_is_not_hands_fixed),
        cmocka_unit_test(test_a_bag_is_seen_by_the_arm_that_carries_it_and_by_no_other),
        cmocka_unit_test(test_a_wheelchair_user_is_on_wheels_whatever_else_is_seen),
        cmocka_unit_test(test_a_walk_on_a_belt_is_treadmill_and_still_steady),
        cmocka_unit_test(test_uphill_6_pct_on_a_belt_is_a_slope),
        cmocka_unit_test(test_a_held_rail_fixes_the_hands_even_without_a_wrist),
        cmocka_unit_test(test_a_slap_on_the_rail_changes_nothing_for_the_feet),
        cmocka_unit_test(test_who_stepped_off_a_running_belt_does_not_walk_on_it),
        cmocka_unit_test(test_a_wrist_alone_walks_and_is_steady_after_20_s_with_gates_dropped),
        cmocka_unit_test(test_a_wrist_that_counts_steps_does_not_walk_for_feet_that_stand),
        cmocka_unit_test(test_a_stale_device_ends_what_it_held_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
