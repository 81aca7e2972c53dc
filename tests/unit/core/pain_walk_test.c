/* P02, P03 and P04: what a walk's reports mean against its first one. */
#include "tests/unit/core/pain_fixture.h"

static void start(struct patient *p, int8_t nrs, int loc)
{
    patient_init(p);
    patient_open(p, 0);
    patient_says(p, 1, PAIN(nrs, .pain_place = (Stride__V1__PainPlace)(loc + 1), SIDE(RIGHT)));
    p->told_n = 0;
}

static struct wire_report place(int loc)
{
    return SAYS(.pain_place = (Stride__V1__PainPlace)(loc + 1), SIDE(RIGHT));
}

/* ---------------------------------------------------------------- P02 */

static void test_every_move_from_place_to_place_says_what_the_rule_says(void **unused)
{
    (void)unused;
    for (int from = 0; from <= 5; from++) {
        for (int to = 0; to <= 5; to++) {
            struct patient p;
            start(&p, 2, from);
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
    start(&p, 1, 1);
    assert_false(pain_effects(&p.pain).caution_open);
    patient_says(&p, 420, PAIN(3)); /* two more: amber, at an NRS that R03 alone would allow */
    assert_true(pain_effects(&p.pain).caution_open);
    patient_says(&p, 800, PAIN(3));
    assert_true(pain_effects(&p.pain).caution_open);
    patient_says(&p, 1200, PAIN(2));
    patient_says(&p, 1600, PAIN(2));
    assert_false(pain_effects(&p.pain).caution_open);
    start(&p, 1, 1);
    patient_says(&p, 420, place(2)); /* P02's pause */
    assert_true(pain_effects(&p.pain).caution_open);
    patient_close(&p, 430);
    assert_false(pain_effects(&p.pain).caution_open);
}

static void test_electric_pain_one_place_down_stops_at_once(void **unused)
{
    (void)unused;
    struct patient p;
    start(&p, 2, 1);
    patient_says(&p, 420, SAYS(PLACE(BUTTOCK), QUALITY(ELECTRIC)));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 1);
    assert_int_equal(told_n(&p, TEXT_P02_CAUTION), 0);
    /* Not where it began. */
    start(&p, 2, 2);
    patient_says(&p, 420, SAYS(PLACE(BUTTOCK), QUALITY(ELECTRIC)));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 0);
    /* The quality may come after the place. */
    start(&p, 2, 1);
    patient_says(&p, 420, place(2));
    patient_says(&p, 425, SAYS(QUALITY(ELECTRIC)));
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 1);
}

static void test_after_a_minute_of_rest_the_place_is_asked_again(void **unused)
{
    (void)unused;
    struct patient p;
    start(&p, 2, 1);
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
    start(&p, 2, 1);
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
    start(&p, 2, 1);
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
        start(&p, 0, 0);
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
        start(&p, 2, cases[i].loc);
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
    start(&p, 3, 4);
    patient_says(&p, 400, PAIN(4, PLACE(BACK))); /* calf to back, 3 to 4: scenario 25 */
    assert_int_equal(told_n(&p, TEXT_P02_GOOD), 1);
    assert_true(told_last(&p, TEXT_P02_GOOD)->praise);
    assert_int_equal(told_n(&p, TEXT_P02_STOP), 0);
    assert_int_equal(told_n(&p, TEXT_P03_RED), 0);
    patient_says(&p, 800, PAIN(4, PLACE(BACK)));
    assert_int_equal(told_n(&p, TEXT_P02_GOOD), 1);
    start(&p, 3, 4);
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
    start(&p, 3, 4);
    patient_says(&p, 300, PAIN(4, PLACE(BACK)));
    patient_says(&p, 485, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 0);
    assert_false(pain_effects(&p.pain).amber);
    patient_says(&p, 600, PAIN(5));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 1);
    /* Moved down again, it is not excused any more. */
    start(&p, 3, 4);
    patient_says(&p, 300, PAIN(4, PLACE(BACK)));
    patient_says(&p, 485, PAIN(4, BUTTON(PAIN_MOVED_DOWN)));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 1);
}

static void test_a_walk_that_is_over_is_told_to_ease_its_pace(void **unused)
{
    (void)unused;
    struct patient p;
    start(&p, 2, 1);
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
    start(&p, 3, 1);
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
        start(&p, 2, 1);
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

/* ---------------------------------------------------------------- P03 */

static void test_bands_are_the_rule_books_for_every_start(void **unused)
{
    (void)unused;
    /* One row per start, one letter per NRS 0 to 10: green, amber, red. */
    static const char *const book[] = {
        "ggarrrrrrrr", /* 0 */
        "gggarrrrrrr", /* 1 */
        "ggggarrrrrr", /* 2 */
        "ggggaarrrrr", /* 3 */
        "ggggaarrrrr", /* 4: rise >= 2 */
        "ggggaarrrrr", /* 5: 6 is red from any start below it */
        "ggggaaarrrr", /* 6 */
        "ggggaaaarrr", /* 7 */
        "ggggaaaaarr", /* 8 */
        "ggggaaaaaar", /* 9 */
        "ggggaaaaaaa", /* 10 */
    };
    struct params params;
    params_defaults(&params);
    for (int from = 0; from <= 10; from++) {
        for (int nrs = 0; nrs <= 10; nrs++) {
            enum pain_band band = pain_band(&params, from, nrs);
            char letter = band == BAND_GREEN ? 'g' : band == BAND_AMBER ? 'a' : 'r';
            if (letter != book[from][nrs])
                fail_msg("%d to %d is %c", from, nrs, letter);
        }
    }
}

/* Scenarios 26 and 27. */
static void test_two_more_is_amber_and_three_more_stops(void **unused)
{
    (void)unused;
    struct patient p;
    start(&p, 2, 1);
    patient_says(&p, 600, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 1);
    assert_int_equal(told_last(&p, TEXT_P03_AMBER)->severity,
                     STRIDE__V1__SEVERITY__SEVERITY_CAUTION);
    assert_int_equal(told_n(&p, TEXT_P03_RED), 0);
    assert_true(pain_effects(&p.pain).amber && !pain_effects(&p.pain).stop_open);
    assert_true(p.pain.record.rise_at_s == 600 && isnan(p.pain.record.rise_at_m));
    start(&p, 3, 1);
    patient_says(&p, 600, PAIN(6));
    assert_int_equal(told_last(&p, TEXT_P03_RED)->severity, STRIDE__V1__SEVERITY__SEVERITY_STOP);
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 0);
    assert_true(pain_effects(&p.pain).red && pain_effects(&p.pain).stop_open);
    assert_int_equal(p.pain.record.peak, 6);
}

static void test_a_walk_may_begin_sore_but_not_get_worse(void **unused)
{
    (void)unused;
    static const struct {
        int8_t from, to;
        enum text begins, then;
        bool micro, m1;
    } cases[] = {
        {4, 5, TEXT_P03_AMBER, TEXT_NONE, false, false},
        {4, 6, TEXT_P03_AMBER, TEXT_P03_RED, false, false},
        {5, 6, TEXT_P03_AMBER, TEXT_P03_RED, false, false},
        {5, 7, TEXT_P03_AMBER, TEXT_P03_RED, false, false},
        {6, 6, TEXT_P03_AMBER, TEXT_NONE, false, true},
        {6, 7, TEXT_P03_AMBER, TEXT_P03_RED, false, true},
        {7, 7, TEXT_P03_MICRO_WALK, TEXT_NONE, true, false},
        {7, 8, TEXT_P03_MICRO_WALK, TEXT_P03_RED, true, false},
        {10, 10, TEXT_P03_MICRO_WALK, TEXT_NONE, true, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct patient p;
        patient_init(&p);
        patient_open(&p, 0);
        patient_says(&p, 1, PAIN(cases[i].from, PLACE(BACK)));
        assert_int_equal(told_n(&p, cases[i].begins), 1);
        assert_int_equal(p.told_n, 1);
        assert_int_equal(pain_effects(&p.pain).micro_walk, cases[i].micro);
        assert_int_equal(pain_effects(&p.pain).stage_m1_today, cases[i].m1);
        patient_says(&p, 200, PAIN(cases[i].to, PLACE(BACK)));
        assert_int_equal(p.told_n, cases[i].then == TEXT_NONE ? 1 : 2);
        if (cases[i].then != TEXT_NONE)
            assert_int_equal(told_n(&p, cases[i].then), 1);
    }
}

static void test_amber_is_said_again_after_five_minutes_and_never_after_red(void **unused)
{
    (void)unused;
    struct patient p;
    start(&p, 2, 1);
    patient_says(&p, 100, PAIN(4));
    patient_says(&p, 399, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 1);
    patient_says(&p, 400, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 2);
    patient_says(&p, 500, PAIN(6));
    patient_says(&p, 1500, PAIN(4));
    patient_says(&p, 1600, PAIN(4));
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 2);
    patient_says(&p, 1700, PAIN(7));
    assert_int_equal(told_n(&p, TEXT_P03_RED), 2);
}

static void test_a_band_is_left_after_two_lower_reports(void **unused)
{
    (void)unused;
    struct patient p;
    start(&p, 2, 1);
    patient_says(&p, 100, PAIN(6));
    patient_says(&p, 200, PAIN(2));
    assert_int_equal(cleared_n(&p, RULE_P03), 0);
    assert_true(pain_effects(&p.pain).stop_open);
    patient_says(&p, 300, PAIN(6));
    patient_says(&p, 400, PAIN(2));
    assert_int_equal(cleared_n(&p, RULE_P03), 0);
    patient_says(&p, 500, PAIN(3));
    assert_int_equal(cleared_n(&p, RULE_P03), 1);
    assert_false(pain_effects(&p.pain).stop_open);
    assert_true(pain_effects(&p.pain).red); /* it was a red walk */
}

static void test_the_second_red_walk_in_seven_days_is_named(void **unused)
{
    (void)unused;
    static const struct {
        int days;
        bool named;
    } cases[] = {{1, true}, {6, true}, {7, false}};
    for (size_t i = 0; i < 3; i++) {
        struct patient p;
        start(&p, 2, 1);
        patient_says(&p, 100, PAIN(6));
        patient_says(&p, 110, PAIN(7)); /* the same walk */
        patient_close(&p, 200);
        assert_int_equal(told_n(&p, TEXT_P03_SUMMARY), 0);
        double at_s = (double)cases[i].days * DAY_S;
        patient_open(&p, at_s);
        patient_says(&p, at_s + 1, PAIN(2));
        patient_says(&p, at_s + 100, PAIN(6));
        patient_close(&p, at_s + 200);
        assert_int_equal(told_n(&p, TEXT_P03_SUMMARY), cases[i].named);
    }
}

/* ---------------------------------------------------------------- P04 */

/* Scenario 28. */
static void test_a_warm_ache_in_the_back_is_good_once(void **unused)
{
    (void)unused;
    struct patient p;
    start(&p, 2, 1);
    patient_says(&p, 400, PAIN(3, PLACE(BACK), QUALITY(WARM)));
    patient_says(&p, 800, PAIN(3, PLACE(BACK), QUALITY(TIRED)));
    assert_int_equal(told_n(&p, TEXT_P04_ACHE), 1);
    assert_true(told_last(&p, TEXT_P04_ACHE)->praise);
    assert_int_equal(told_n(&p, TEXT_P03_AMBER), 0);
}

static void test_what_is_not_quite_good_pain_is_not_praised(void **unused)
{
    (void)unused;
    const struct wire_report reports[] = {
        PAIN(3, PLACE(BACK), QUALITY(SHARP)), PAIN(4, PLACE(BACK), QUALITY(WARM)),
        PAIN(3, PLACE(BUTTOCK), QUALITY(ACHE)), PAIN(3, QUALITY(ELECTRIC))};
    for (size_t i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
        struct patient p;
        start(&p, 2, 1);
        patient_says(&p, 400, reports[i]);
        assert_int_equal(told_n(&p, TEXT_P04_ACHE), 0);
    }
    struct patient p;
    start(&p, 2, 1);
    patient_says(&p, 100, PAIN(4)); /* any amber */
    patient_says(&p, 500, PAIN(2));
    patient_says(&p, 600, PAIN(2, PLACE(BACK), QUALITY(WARM)));
    assert_int_equal(told_n(&p, TEXT_P04_ACHE), 0);
}

/* ---------------------------------------------------------------- the record */

static void test_what_nobody_said_is_absent_and_not_zero(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_close(&p, 1400);
    patient_until(&p, 2000);
    const struct pain_record *record = &p.pain.record;
    assert_int_equal(record->start, -1);
    assert_int_equal(record->end, -1);
    assert_int_equal(record->peak, -1);
    assert_int_equal(record->loc_start, -1);
    assert_int_equal(record->loc_most_distal, -1);
    assert_int_equal(record->fear, -1);
    assert_int_equal(record->next_morning, -1);
    assert_true(isnan(record->rise_at_s));
    assert_int_equal(record->asked_n, 4);
    assert_int_equal(record->no_answer_n, 4);
    assert_int_equal(p.told_n, 0);
}

static void test_what_is_said_right_after_the_walk_is_its_end(void **unused)
{
    (void)unused;
    struct patient p;
    start(&p, 2, 1);
    patient_close(&p, 720);
    assert_true(asked_last(&p, QUESTION_NRS)->at_s == 720);
    patient_says(&p, 760, PAIN(6, PLACE(BACK), .has_fear = true, .has_effort = true, .effort = 4));
    assert_int_equal(p.pain.record.end, 6);
    assert_int_equal(p.pain.record.fear, 0);
    assert_int_equal(p.pain.record.effort, 4);
    assert_int_equal(told_n(&p, TEXT_P03_RED), 1);
    patient_says(&p, 720 + 241, PAIN(9)); /* later: no walk's */
    assert_int_equal(p.pain.record.peak, 6);
}

static void test_what_was_said_before_the_walk_is_its_start(void **unused)
{
    (void)unused;
    static const struct {
        double before_s;
        bool counts;
    } cases[] = {{299, true}, {301, false}};
    for (size_t i = 0; i < 2; i++) {
        struct patient p;
        patient_init(&p);
        patient_says(&p, 0, PAIN(3, PLACE(BUTTOCK), SIDE(LEFT)));
        patient_open(&p, cases[i].before_s);
        assert_int_equal(p.pain.record.start, cases[i].counts ? 3 : -1);
        assert_int_equal(p.pain.record.loc_start, cases[i].counts ? 2 : -1);
        assert_int_equal(asked_n(&p, QUESTION_NRS), !cases[i].counts);
    }
}

static void test_the_same_place_in_the_other_leg_is_recorded_as_both(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_says(&p, 1, PAIN(2, PLACE(CALF), SIDE(LEFT)));
    patient_says(&p, 100, PAIN(2, PLACE(CALF), SIDE(RIGHT)));
    assert_int_equal(p.pain.record.side, STRIDE__V1__SIDE__SIDE_BOTH);
}

static void test_the_end_of_one_walk_is_not_the_start_of_the_next(void **unused)
{
    (void)unused;
    struct patient p;
    start(&p, 2, 1);
    patient_close(&p, 1000);
    patient_says(&p, 1005, PAIN(5, PLACE(BUTTOCK), SIDE(LEFT)));
    patient_open(&p, 1100);
    assert_int_equal(p.pain.record.start, -1);
    assert_int_equal(p.pain.record.loc_start, -1);
    assert_int_equal(p.pain.question, QUESTION_NRS);
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
        cmocka_unit_test(test_back_to_thigh_stops_once_and_begins_a_full_screen),
        cmocka_unit_test(test_a_side_is_kept_as_it_was_said),
        cmocka_unit_test(test_the_second_leg_asks_about_cauda_equina_and_the_same_leg_does_not),
        cmocka_unit_test(test_leg_pain_over_a_day_or_two_walks_is_named_once_a_week),
        cmocka_unit_test(test_bands_are_the_rule_books_for_every_start),
        cmocka_unit_test(test_two_more_is_amber_and_three_more_stops),
        cmocka_unit_test(test_a_walk_may_begin_sore_but_not_get_worse),
        cmocka_unit_test(test_amber_is_said_again_after_five_minutes_and_never_after_red),
        cmocka_unit_test(test_a_band_is_left_after_two_lower_reports),
        cmocka_unit_test(test_the_second_red_walk_in_seven_days_is_named),
        cmocka_unit_test(test_a_warm_ache_in_the_back_is_good_once),
        cmocka_unit_test(test_what_is_not_quite_good_pain_is_not_praised),
        cmocka_unit_test(test_what_nobody_said_is_absent_and_not_zero),
        cmocka_unit_test(test_what_is_said_right_after_the_walk_is_its_end),
        cmocka_unit_test(test_what_was_said_before_the_walk_is_its_start),
        cmocka_unit_test(test_the_same_place_in_the_other_leg_is_recorded_as_both),
        cmocka_unit_test(test_the_end_of_one_walk_is_not_the_start_of_the_next),
        cmocka_unit_test(
            test_pain_that_came_back_to_the_spine_is_told_to_ease_when_it_is_one_stronger),
        cmocka_unit_test(test_a_walk_that_is_over_is_told_to_ease_its_pace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
