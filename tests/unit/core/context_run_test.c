/* Running, and what only looks like it: the context RUN by what the feet show. */
#include "context_fixture.h"

/* Scenario 20. */
static void run_for_a_bus(struct person *person)
{
    person->stride.stride_s = 0.73F; /* 165 steps/min */
    person->stride.double_support_pct = 0;
    person->stride.flight_s = 0.09F;
    person->stride.peak_bw = 2.2F;
    person->stride.forefoot_first = 1;
}

static void test_a_run_for_a_bus_is_run_and_then_walk(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person_walk(&person, 40);
    struct context_stride walk = person.stride;
    run_for_a_bus(&person);
    person_walk(&person, 4);
    assert_false(person.seen[CONTEXT_RUN]);
    person_walk(&person, 80);
    assert_int_equal(person.now.context, CONTEXT_RUN);
    assert_int_equal(person.now.why, CONTEXT_WHY_FLIGHT);
    person.stride = walk;
    person_walk(&person, 10);
    assert_int_equal(person.now.gait, CONTEXT_WALK_STEADY);
    person_wait(&person, 5);
    assert_int_equal(person.now.context, CONTEXT_STAND);
}

static void test_fast_walk_is_no_run(void **unused)
{
    (void)unused;
    const float stride_s[] = {0.95F, 0.86F, 0.82F}, both_pct[] = {16, 8, 5};
    struct person person;
    for (int i = 0; i < 3; i++) {
        person_init(&person);
        person.stride.stride_s = stride_s[i];
        person.stride.double_support_pct = both_pct[i];
        person.stride.flight_s = 0.02F; /* sampling at 50 Hz */
        person_walk(&person, 200);
        assert_false(person.seen[CONTEXT_RUN]);
        assert_int_equal(person.now.context, CONTEXT_WALK_STEADY);
    }
    person.stride.double_support_pct = 4; /* and faster than people walk */
    person_walk(&person, 8);
    assert_int_equal(person.now.context, CONTEXT_RUN);
    assert_int_equal(person.now.why, CONTEXT_WHY_CADENCE);
}

static void test_stamping_and_hops_are_no_run(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.stride.walking = person.stride.steady = false;
    /* Stamps on the spot: one foot is always down. */
    person.stride.peak_bw = 2.5F;
    person_walk(&person, 60);
    /* Sitting, feet drum: both in the air, without a body's weight; and long in the air. */
    person.stride.double_support_pct = 10;
    person.stride.flight_s = 0.1F;
    person.stride.peak_bw = 0.5F;
    person_walk(&person, 60);
    person.stride.flight_s = 0.6F;
    person.stride.peak_bw = 1.5F;
    person_walk(&person, 60);
    /* Half of the steps: hopscotch. */
    for (int i = 0; i < 60; i++) {
        person.stride.flight_s = i % 2 == 0 ? 0.15F : 0;
        person_walk(&person, 1);
    }
    assert_false(person.seen_gait[CONTEXT_RUN]);
}

static void test_6_flights_of_8_steps_are_a_run_and_5_are_not(void **unused)
{
    (void)unused;
    for (int flights_n = 5; flights_n <= 6; flights_n++) {
        struct person person;
        person_init(&person);
        for (int i = 0; i < 64; i++) {
            person.stride.flight_s = i % 8 < flights_n ? 0.03F : 0.029F;
            person_walk(&person, 1);
        }
        assert_int_equal(person.seen_gait[CONTEXT_RUN], flights_n == 6);
    }
}

static void test_double_support_known_in_part_is_no_run(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    person.stride.stride_s = 0.8F;
    for (int i = 0; i < 64; i++) {
        person.stride.double_support_pct = i % 3 == 0 ? NAN : 1;
        person_walk(&person, 1);
    }
    assert_false(person.seen_gait[CONTEXT_RUN]);
}

static void test_flights_before_a_pause_do_not_count_after_it(void **unused)
{
    (void)unused;
    struct person person;
    person_init(&person);
    for (int i = 0; i < 20; i++) {
        run_for_a_bus(&person);
        person_walk(&person, 4);
        person_wait(&person, 4);
    }
    assert_false(person.seen_gait[CONTEXT_RUN] || person.seen_gait[CONTEXT_STAIRS]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_run_for_a_bus_is_run_and_then_walk),
        cmocka_unit_test(test_fast_walk_is_no_run),
        cmocka_unit_test(test_stamping_and_hops_are_no_run),
        cmocka_unit_test(test_6_flights_of_8_steps_are_a_run_and_5_are_not),
        cmocka_unit_test(test_double_support_known_in_part_is_no_run),
        cmocka_unit_test(test_flights_before_a_pause_do_not_count_after_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
