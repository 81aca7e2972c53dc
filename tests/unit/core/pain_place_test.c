/* P02: what a pain that moves from place to place means. */
#include "tests/unit/core/pain_fixture.h"

static struct wire_report place(int loc)
{
    return SAYS(.pain_place = (Stride__V1__PainPlace)(loc + 1), SIDE(RIGHT));
}

static void test_every_move_from_place_to_place_says_what_the_rule_says(void **unused)
{
    (void)unused;
    for (int from = 0; from <= 5; from++) {
        for (int to = 0; to <= 5; to++) {
            struct patient p;
            patient_starts(&p, 2, from);
            patient_says(&p, 420, place(to));
            bool stop = to > from && to >= 3;
            bool caution = to > from && to <= 2;
            bool good = to < from && from >= 2;
            assert_int_equal(told_n(&p, TEXT_P02_STOP), stop);
            assert_int_equal(told_n(&p, TEXT_P02_CAUTION), caution);
            assert_int_equal(told_n(&p, TEXT_P02_GOOD), good);
            assert_int_equal(p.pain.record.centralising, good);
            assert_int_equal(pain_effects(&p.pain).stop_open, stop);
            assert_int_equal(p.pain.record.loc_start, from);
            assert_int_equal(p.pain.record.loc_end, to);
            assert_int_equal(p.pain.record.loc_most_distal, to > from ? to : from);
            if (stop)
                assert_int_equal(told_last(&p, TEXT_P02_STOP)->severity,
                                 STRIDE__V1__SEVERITY__SEVERITY_STOP);
        }
    }
}

/* R03: "no CAUTION open". */
static void test_a_caution_is_open_until_pain_is_below_it_again(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 1, 1);
    assert_false(pain_effects(&p.pain).caution_open);
    patient_says(&p, 420, PAIN(3)); /* two more: amber, at an NRS that R03 alone would allow */
    assert_true(pain_effects(&p.pain).caution_open);
    patient_says(&p, 800, PAIN(3));
    assert_true(pain_effects(&p.pain).caution_open);
    patient_says(&p, 1200, PAIN(2));
    patient_says(&p, 1600, PAIN(2));
    assert_false(pain_effects(&p.pain).caution_open);
    patient_starts(&p, 1, 1);
    patient_says(&p, 420, place(2)); /* P02's pause */
    assert_true(pain_effects(&p.pain).caution_open);
    patient_close(&p, 430);
    assert_false(pain_effects(&p.pain).caution_open);
}

static void test_electric_pain_one_place_down_stops_at_once(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_says(&p, 420, SAYS(PLACE(BUTTOCK), QUALITY(ELECTRIC)));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 1);
    assert_int_equal(told_n(&p, TEXT_P02_CAUTION), 0);
    /* Not where it began. */
    patient_starts(&p, 2, 2);
    patient_says(&p, 420, SAYS(PLACE(BUTTOCK), QUALITY(ELECTRIC)));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 0);
    /* The quality may come after the place. */
    patient_starts(&p, 2, 1);
    patient_says(&p, 420, place(2));
    patient_says(&p, 425, SAYS(QUALITY(ELECTRIC)));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 1);
}

static void test_after_a_minute_of_rest_the_place_is_asked_again(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_says(&p, 100, place(2));
    patient_says(&p, 120, place(2)); /* the rest is not over */
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 0);
    patient_until(&p, 161);
    assert_true(asked_last(&p, QUESTION_PLACE_AGAIN)->at_s == 160);
    patient_says(&p, 170, place(2));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 1);
    assert_int_equal(p.pain.question, QUESTION_F01_SADDLE); /* answered, and the screen began */
}

static void test_pain_that_went_back_in_the_pause_clears_the_caution(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_says(&p, 100, place(2));
    patient_says(&p, 170, place(1));
    assert_int_equal(cleared_n(&p, RULE_P02), 1);
    patient_until(&p, 500);
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 0);
    assert_int_equal(asked_n(&p, QUESTION_PLACE_AGAIN), 1);
}

static void test_silence_after_the_pause_does_not_mean_that_it_went(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_says(&p, 100, place(2));
    patient_until(&p, 219);
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 0);
    patient_until(&p, 220);
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 1);
}

/* "Pain moving down the leg" would be untrue of a back that only began to ache. */
static void test_back_pain_that_appears_is_never_called_leg_pain(void **unused)
{
    (void)unused;
    for (int silent = 0; silent <= 1; silent++) {
        struct patient p;
        patient_starts(&p, 0, 0);
        patient_says(&p, 100, place(1));
        assert_int_equal(told_n(&p, TEXT_P02_CAUTION), 1);
        if (!silent)
            patient_says(&p, 170, place(1));
        patient_until(&p, 400);
        assert_int_equal(told_n(&p, TEXT_P02_STOP), 0);
        assert_int_equal(cleared_n(&p, RULE_P02), 1);
    }
}

static void test_moved_down_by_button_is_believed_without_a_place(void **unused)
{
    (void)unused;
    static const struct {
        int loc;
        bool stop;
    } cases[] = {{1, false}, {2, true}, {4, true}};
    for (size_t i = 0; i < 3; i++) {
        struct patient p;
        patient_starts(&p, 2, cases[i].loc);
        patient_says(&p, 100, SAYS(BUTTON(PAIN_MOVED_DOWN)));
        assert_int_equal(told_n(&p, TEXT_P02_STOP), cases[i].stop);
        assert_int_equal(told_n(&p, TEXT_P02_CAUTION), !cases[i].stop);
        assert_true(p.pain.record.rise_at_s == 100);
        patient_until(&p, 400);
        assert_int_equal(told_n(&p, TEXT_P02_STOP), 1); /* silence took nothing back */
    }
}

static void test_moved_down_without_any_place_before_is_not_taken_as_the_start(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_says(&p, 60, PAIN(2));
    patient_says(&p, 400, SAYS(BUTTON(PAIN_MOVED_DOWN)));
    assert_int_equal(told_n(&p, TEXT_P02_CAUTION), 1);
    patient_says(&p, 465, SAYS(PLACE(CALF), SIDE(LEFT)));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 1);
    assert_int_equal(p.pain.record.loc_start, -1);
    patient_says(&p, 480, SAYS(PLACE(CALF), SIDE(LEFT)));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 1);
    assert_true(pain_effects(&p.pain).stop_open);
}

static void test_praise_of_a_place_comes_once_and_not_while_pain_rises(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 3, 4);
    patient_says(&p, 400, PAIN(4, PLACE(BACK))); /* calf to back, 3 to 4: scenario 25 */
    assert_int_equal(told_n(&p, TEXT_P02_GOOD), 1);
    assert_true(told_last(&p, TEXT_P02_GOOD)->praise);
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 0);
    assert_int_equal(told_n(&p, TEXT_P03_RED), 0);
    patient_says(&p, 800, PAIN(4, PLACE(BACK)));
    assert_int_equal(told_n(&p, TEXT_P02_GOOD), 1);
    patient_starts(&p, 3, 4);
    patient_says(&p, 400, PAIN(5, PLACE(BACK)));
    assert_int_equal(told_n(&p, TEXT_P02_GOOD), 0);
    assert_true(p.pain.record.centralising);
}

/* Said without a place, at the end of the walk say, it is where it was said to be last. */
static void
test_pain_that_came_back_to_the_spine_is_told_to_ease_when_it_is_one_stronger(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 3, 4);
    patient_says(&p, 300, PAIN(4, PLACE(BACK)));
    patient_says(&p, 485, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 0);
    assert_false(pain_effects(&p.pain).amber);
    patient_says(&p, 600, PAIN(5));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 1);
    /* Moved down again, it is not excused any more. */
    patient_starts(&p, 3, 4);
    patient_says(&p, 300, PAIN(4, PLACE(BACK)));
    patient_says(&p, 485, PAIN(4, BUTTON(PAIN_MOVED_DOWN)));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 1);
}

static void test_a_walk_that_is_over_is_told_to_ease_its_pace(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 2, 1);
    patient_close(&p, 600);
    patient_says(&p, 605, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 0);
    assert_true(p.pain.amber_seen);
}

/* Scenario 24. */
static void test_back_to_thigh_stops_once_and_begins_a_full_screen(void **unused)
{
    (void)unused;
    struct patient p;
    patient_starts(&p, 3, 1);
    patient_says(&p, 420, PAIN(3, PLACE(THIGH), SIDE(LEFT)));
    patient_says(&p, 425, PAIN(3, PLACE(CALF), SIDE(LEFT)));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 1);
    assert_true(told_last(&p, TEXT_P02_STOP)->at_s == 420);
    assert_int_equal(p.pain.screen.pending | screen_bit(QUESTION_F01_SADDLE), SCREEN_FULL);
    assert_int_equal(p.pain.record.side, STRIDE__V1__SIDE__SIDE_LEFT);
    assert_int_equal(reds_n(&p), 0);
}

static void test_a_side_is_kept_as_it_was_said(void **unused)
{
    (void)unused;
    for (unsigned side = 1; side <= 2; side++) {
        struct patient p;
        patient_starts(&p, 2, 1);
        patient_says(&p, 100, SAYS(PLACE(CALF), .pain_side = (Stride__V1__Side)side));
        assert_int_equal(p.pain.record.side, side);
        assert_int_equal(p.pain.record.legs, side);
        assert_int_equal(p.pain.screen.pending & SCREEN_F01 ? 1 : 0, 1); /* of the STOP */
        patient_says(&p, 101, SAYS(PLACE(BACK), .pain_side = (Stride__V1__Side)(3 - side)));
        assert_int_equal(p.pain.record.side, side); /* the back has no leg */
        assert_int_equal(p.pain.record.legs, side);
    }
}

static void test_the_second_leg_asks_about_cauda_equina_and_the_same_leg_does_not(void **unused)
{
    (void)unused;
    static const struct {
        Stride__V1__Side first, second;
        bool asks;
    } cases[] = {
        {STRIDE__V1__SIDE__SIDE_LEFT, STRIDE__V1__SIDE__SIDE_LEFT, false},
        {STRIDE__V1__SIDE__SIDE_LEFT, STRIDE__V1__SIDE__SIDE_RIGHT, true},
        {STRIDE__V1__SIDE__SIDE_RIGHT, STRIDE__V1__SIDE__SIDE_LEFT, true},
        {STRIDE__V1__SIDE__SIDE_RIGHT, STRIDE__V1__SIDE__SIDE_RIGHT, false},
        {STRIDE__V1__SIDE__SIDE_LEFT, STRIDE__V1__SIDE__SIDE_BOTH, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct patient p;
        patient_init(&p);
        patient_open(&p, 0);
        patient_says(&p, 1, PAIN(2, PLACE(CALF), .pain_side = cases[i].first));
        patient_says(&p, 100, PAIN(2, PLACE(CALF), .pain_side = cases[i].second));
        assert_int_equal(asked_n(&p, QUESTION_F01_SADDLE), cases[i].asks);
        assert_int_equal(reds_n(&p), 0);
        assert_int_equal(told_n(&p, TEXT_P02_STOP), 0);
    }
    /* Both buttocks are no legs. */
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_says(&p, 1, PAIN(2, PLACE(BUTTOCK), SIDE(BOTH)));
    assert_int_equal(asked_n(&p, QUESTION_F01_SADDLE), 0);
}

static void test_leg_pain_over_a_day_or_two_walks_is_named_once_a_week(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    for (int day = 0; day < 9; day++) {
        double at_s = (double)day * DAY_S;
        patient_open(&p, at_s);
        patient_says(&p, at_s + 5, PAIN(2, PLACE(CALF), SIDE(LEFT)));
        patient_close(&p, at_s + 300);
        assert_int_equal(told_n(&p, TEXT_P02_SUMMARY), day == 0 ? 0 : day < 8 ? 1 : 2);
    }
    patient_open(&p, 10.0 * DAY_S);
    patient_says(&p, 10.0 * DAY_S + 5, PAIN(2, PLACE(BACK)));
    patient_close(&p, 10.0 * DAY_S + 300);
    assert_int_equal(p.pain.distal_sessions_n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_move_from_place_to_place_says_what_the_rule_says),
        cmocka_unit_test(test_a_caution_is_open_until_pain_is_below_it_again),
        cmocka_unit_test(test_electric_pain_one_place_down_stops_at_once),
        cmocka_unit_test(test_after_a_minute_of_rest_the_place_is_asked_again),
        cmocka_unit_test(test_pain_that_went_back_in_the_pause_clears_the_caution),
        cmocka_unit_test(test_silence_after_the_pause_does_not_mean_that_it_went),
        cmocka_unit_test(test_back_pain_that_appears_is_never_called_leg_pain),
        cmocka_unit_test(test_moved_down_by_button_is_believed_without_a_place),
        cmocka_unit_test(test_moved_down_without_any_place_before_is_not_taken_as_the_start),
        cmocka_unit_test(test_praise_of_a_place_comes_once_and_not_while_pain_rises),
        cmocka_unit_test(
            test_pain_that_came_back_to_the_spine_is_told_to_ease_when_it_is_one_stronger),
        cmocka_unit_test(test_a_walk_that_is_over_is_told_to_ease_its_pace),
        cmocka_unit_test(test_back_to_thigh_stops_once_and_begins_a_full_screen),
        cmocka_unit_test(test_a_side_is_kept_as_it_was_said),
        cmocka_unit_test(test_the_second_leg_asks_about_cauda_equina_and_the_same_leg_does_not),
        cmocka_unit_test(test_leg_pain_over_a_day_or_two_walks_is_named_once_a_week),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
