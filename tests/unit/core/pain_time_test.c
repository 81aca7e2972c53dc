/* P01 by the clock: late wake-ups, restarts, mornings. */
#include "tests/unit/core/pain_fixture.h"

enum { EIGHT_S = 18 * HOUR_S }; /* of the next day */

/* ---------------------------------------------------------------- time */

/* A long day of everything. `moves_time`: deadlines are served in time, or only when inputs come.
 */
static void a_day(struct patient *p, bool moves_time, bool restarts)
{
    const struct {
        double at_s;
        struct wire_report report;
    } says[] = {
        {3, PAIN(2, PLACE(BACK), SIDE(LEFT))},
        {300, SAYS(PLACE(BUTTOCK), SIDE(LEFT))},
        {700, PAIN(4, PLACE(BACK), QUALITY(WARM))},
        {900, SAYS(BUTTON(LEG_HEAVY))},
        {955, SAYS(.question = "t1_weak", .answer = STRIDE__V1__ANSWER__ANSWER_NO)},
        {1500, SAYS(.question = "t1_easing", .answer = STRIDE__V1__ANSWER__ANSWER_NO)},
        {2500, SAYS(.question = "q_f03_fever", .answer = STRIDE__V1__ANSWER__ANSWER_NO)},
        {6000, SAYS(SYMPTOM(NUMB), LEG(RIGHT))},
        {70000, PAIN(3, .question = "p01_morning")},
        {75000, SAYS(.question = "t1_bladder", .answer = STRIDE__V1__ANSWER__ANSWER_YES)},
        {200000, PAIN(1)},
    };
    patient_init(p);
    struct pain_out out = {0};
    pain_session_opened(&p->pain, &p->context, ns_of(-20), ns_of(0), &out);
    patient_take(p, &out);
    for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++) {
        if (says[i].at_s > 3000 && p->pain.session_open) {
            if (moves_time)
                patient_until(p, 3000);
            out = (struct pain_out){0};
            pain_session_closed(&p->pain, &p->context, ns_of(3000), &out);
            patient_take(p, &out);
        }
        if (moves_time)
            patient_until(p, says[i].at_s);
        if (restarts) {
            unsigned char bytes[sizeof(struct pain)];
            memcpy(bytes, &p->pain, sizeof(bytes));
            memset(&p->pain, 0xA5, sizeof(p->pain));
            memcpy(&p->pain, bytes, sizeof(bytes));
        }
        out = (struct pain_out){0};
        pain_report(&p->pain, &p->context, &says[i].report, ns_of(says[i].at_s), &out);
        patient_take(p, &out);
    }
}

static void test_how_late_the_loop_wakes_up_changes_nothing(void **unused)
{
    (void)unused;
    static struct patient timely, late;
    a_day(&timely, true, false);
    a_day(&late, false, true);
    assert_true(timely.told_n > 8);
    assert_int_equal(timely.told_n, late.told_n);
    for (int i = 0; i < timely.told_n; i++) {
        assert_int_equal(timely.told[i].rule, late.told[i].rule);
        assert_int_equal(timely.told[i].text, late.told[i].text);
        assert_int_equal(timely.told[i].urgency, late.told[i].urgency);
        assert_true(timely.told[i].at_s == late.told[i].at_s);
    }
    assert_memory_equal(&timely.pain, &late.pain, sizeof(timely.pain));
    assert_true(timely.asked_n > late.asked_n); /* who was asleep puts only what is still open */
}

static void test_a_restart_asks_again_and_does_not_take_the_outage_for_silence(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(HEAVY, LEG(BOTH)));
    patient_answers(&p, 5, QUESTION_T1_WEAK, false);
    patient_answers(&p, 6, QUESTION_T1_BLADDER, false);
    patient_until(&p, 310); /* is asked whether the legs ease */
    struct pain_out out = {0};
    pain_hub_started(&p.pain, &p.context, ns_of(4000), &out);
    assert_int_equal(out.found.n, 0);
    assert_int_equal(out.ask.question, QUESTION_T1_EASING);
    assert_int_equal(out.ask.repeat_n, 1);
    assert_true(s_of(out.ask.deadline_ns) == 4060);
    patient_until(&p, 4599);
    assert_int_equal(reds_n(&p), 0);
    patient_until(&p, 4600); /* ten minutes in which somebody could have answered */
    assert_int_equal(told_n(&p, TEXT_F01_EMERGENCY), 1);
}

static void test_a_restart_at_night_asks_about_pain_no_more(void **unused)
{
    (void)unused;
    struct patient p;
    struct pain_out out = {0};
    patient_init(&p);
    patient_until(&p, 100);
    p.pain.question = QUESTION_NRS;
    p.pain.asked_ns = ns_of(100);
    p.pain.until_ns = ns_of(220);
    p.context.ask_ns = ns_of(30000); /* the morning */
    pain_hub_started(&p.pain, &p.context, ns_of(4000), &out);
    assert_int_equal(out.ask.question, QUESTION_NONE);
    patient_until(&p, 4001);
    assert_int_equal(p.pain.question, QUESTION_NONE);
}

static void test_deadlines_never_lie_in_the_past_and_serving_one_moves_it(void **unused)
{
    (void)unused;
    static struct patient p;
    a_day(&p, true, false);
    for (int i = 0; i < 200; i++) {
        int64_t due_ns = pain_deadline_ns(&p.pain, &p.context);
        assert_true(due_ns >= p.pain.now_ns && due_ns < INT64_MAX);
        struct pain_out out = {0};
        pain_time(&p.pain, &p.context, due_ns, &out);
    }
    assert_true(s_of(p.pain.now_ns) > 200000 + DAY_S);
}

/* ---------------------------------------------------------------- mornings */

static void after_a_walk(struct patient *p)
{
    patient_init(p);
    patient_after_a_walk(p);
}

static void test_the_morning_after_is_asked_at_eight_and_nine(void **unused)
{
    (void)unused;
    struct patient p;
    after_a_walk(&p);
    patient_until(&p, EIGHT_S - 1);
    assert_int_equal(p.asked_n, 0);
    patient_until(&p, EIGHT_S + 2 * HOUR_S + 1);
    assert_int_equal(p.asked_n, 2);
    assert_true(p.asked[0].at_s == EIGHT_S && p.asked[1].at_s == EIGHT_S + HOUR_S);
    assert_int_equal(p.pain.record.next_morning, -1);
    assert_int_equal(p.pain.answers[QUESTION_MORNING], ANSWERED_SILENT);
    patient_until(&p, EIGHT_S + DAY_S + HOUR_S);
    assert_int_equal(p.asked_n, 2); /* the next morning only */
}

static void test_the_morning_answer_is_kept_and_not_asked_again(void **unused)
{
    (void)unused;
    struct patient p;
    after_a_walk(&p);
    patient_hurts(&p, EIGHT_S + 60, 4);
    assert_int_equal(p.pain.record.next_morning, 4);
    assert_int_equal(p.pain.record.end, 3);
    patient_hurts(&p, EIGHT_S + 90, 7);
    assert_int_equal(p.pain.record.next_morning, 4);
    patient_until(&p, EIGHT_S + 3 * HOUR_S);
    assert_int_equal(p.asked_n, 1);
    /* At night, or two days later, it is no morning's. */
    after_a_walk(&p);
    patient_hurts(&p, EIGHT_S - 5 * HOUR_S, 4);
    assert_int_equal(p.pain.record.next_morning, -1);
    patient_hurts(&p, EIGHT_S + 24 * HOUR_S + 60, 4);
    assert_int_equal(p.pain.record.next_morning, -1);
    /* By name it counts after the window too. */
    after_a_walk(&p);
    patient_says(&p, EIGHT_S + 4 * HOUR_S, PAIN(5, .question = "p01_morning"));
    assert_int_equal(p.pain.record.next_morning, 5);
}

static void test_a_changed_clock_asks_neither_twice_nor_at_night(void **unused)
{
    (void)unused;
    struct patient p;
    after_a_walk(&p);
    /* Summer time begins in the night: eight o'clock is an hour earlier. */
    patient_until(&p, EIGHT_S - 6 * HOUR_S);
    p.context.tz_offset_min = 60;
    patient_until(&p, EIGHT_S - HOUR_S - 1);
    assert_int_equal(p.asked_n, 0);
    patient_until(&p, EIGHT_S - HOUR_S);
    assert_int_equal(p.asked_n, 1);
    /* And back again after the question: eight o'clock comes twice. */
    patient_until(&p, EIGHT_S - 1800);
    p.context.tz_offset_min = 0;
    patient_until(&p, EIGHT_S + HOUR_S - 1);
    assert_int_equal(p.asked_n, 1);
    patient_until(&p, EIGHT_S + HOUR_S + 3000);
    assert_int_equal(p.asked_n, 2);
}

static void test_a_walk_before_eight_asks_by_itself(void **unused)
{
    (void)unused;
    struct patient p;
    after_a_walk(&p);
    patient_open(&p, EIGHT_S - 600);
    patient_until(&p, EIGHT_S + HOUR_S);
    assert_int_equal(asked_n(&p, QUESTION_MORNING), 0);
}

static void test_a_window_without_width_asks_nothing(void **unused)
{
    (void)unused;
    struct patient p;
    after_a_walk(&p);
    assert_true(params_set(&p.params, PARAM_P01_MORNING_FROM_MIN, 600));
    p.pain.screen.day = SCREEN_NEVER;
    patient_until(&p, 10.0 * DAY_S);
    assert_int_equal(p.asked_n, 0);
}

static void test_no_question_is_lost_when_legs_come_between(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_open(&p, 0);
    patient_hurts(&p, 5, 2);
    patient_says(&p, 100, SAYS(PLACE(BUTTOCK)));
    patient_until(&p, 165);
    assert_int_equal(p.pain.question, QUESTION_PLACE_AGAIN);
    patient_says(&p, 170, SAYS(HEAVY, LEG(LEFT)));
    assert_int_equal(p.pain.question, QUESTION_T1_WEAK);
    patient_answers(&p, 171, QUESTION_T1_WEAK, false);
    patient_answers(&p, 172, QUESTION_T1_BLADDER, false);
    assert_int_equal(p.pain.question, QUESTION_PLACE_AGAIN);
    assert_true(p.pain.until_ns == ns_of(232));
    patient_init(&p);
    patient_until(&p, EIGHT_S);
    patient_answers(&p, EIGHT_S + 5, QUESTION_F01_SADDLE, false);
    assert_int_equal(p.pain.question, QUESTION_F01_URINE);
    patient_says(&p, EIGHT_S + 10, SAYS(HEAVY, LEG(LEFT)));
    patient_answers(&p, EIGHT_S + 11, QUESTION_T1_WEAK, false);
    patient_answers(&p, EIGHT_S + 12, QUESTION_T1_BLADDER, false);
    assert_int_equal(p.pain.question, QUESTION_F01_URINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_how_late_the_loop_wakes_up_changes_nothing),
        cmocka_unit_test(test_a_restart_asks_again_and_does_not_take_the_outage_for_silence),
        cmocka_unit_test(test_a_restart_at_night_asks_about_pain_no_more),
        cmocka_unit_test(test_deadlines_never_lie_in_the_past_and_serving_one_moves_it),
        cmocka_unit_test(test_the_morning_after_is_asked_at_eight_and_nine),
        cmocka_unit_test(test_the_morning_answer_is_kept_and_not_asked_again),
        cmocka_unit_test(test_a_changed_clock_asks_neither_twice_nor_at_night),
        cmocka_unit_test(test_a_walk_before_eight_asks_by_itself),
        cmocka_unit_test(test_a_window_without_width_asks_nothing),
        cmocka_unit_test(test_no_question_is_lost_when_legs_come_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
