/* F01 to F06: every question under both policies, once in ten minutes, private where it must be;
 * and the screens that ask. */
#include "tests/unit/core/pain_fixture.h"

struct flag {
    enum question question;
    int rule;
    enum alert_urgency graded;
    enum text text;
    bool hidden;
};
static const struct flag flags[] = {
    {QUESTION_T1_BLADDER, RULE_F01, URGENCY_EMERGENCY, TEXT_F01_EMERGENCY, true},
    {QUESTION_F01_SADDLE, RULE_F01, URGENCY_EMERGENCY, TEXT_F01_EMERGENCY, true},
    {QUESTION_F01_URINE, RULE_F01, URGENCY_EMERGENCY, TEXT_F01_EMERGENCY, true},
    {QUESTION_F01_BOWEL, RULE_F01, URGENCY_EMERGENCY, TEXT_F01_EMERGENCY, true},
    {QUESTION_F01_SEXUAL, RULE_F01, URGENCY_EMERGENCY, TEXT_F01_EMERGENCY, true},
    {QUESTION_F02_WORSE, RULE_F02, URGENCY_SAME_DAY, TEXT_F02_WEAKNESS, false},
    {QUESTION_F02_FOOT_DROP, RULE_F02, URGENCY_SAME_DAY, TEXT_F02_WEAKNESS, false},
    {QUESTION_F03_FEVER, RULE_F03, URGENCY_SAME_DAY, TEXT_F03_FEVER, false},
    {QUESTION_F04_WEIGHT, RULE_F04, URGENCY_URGENT, TEXT_F04_WEIGHT, false},
    {QUESTION_F04_CANCER, RULE_F04, URGENCY_URGENT, TEXT_F04_CANCER, false},
    {QUESTION_F04_NIGHT, RULE_F04, URGENCY_URGENT, TEXT_F04_NIGHT, false},
    {QUESTION_F05_FALL, RULE_F05, URGENCY_EMERGENCY, TEXT_F05_ACCIDENT, false},
    {QUESTION_F05_BONE, RULE_F05, URGENCY_SAME_DAY, TEXT_F05_BONE, false},
    {QUESTION_F06_CHEST, RULE_F06, URGENCY_EMERGENCY, TEXT_F06_HEART, false},
    {QUESTION_F06_FAINT, RULE_F06, URGENCY_EMERGENCY, TEXT_F06_HEART, false},
};
enum { FLAGS = sizeof(flags) / sizeof(flags[0]) };

/* Scenarios 31, 33 and 34; asked or not, in a walk or not. */
static void test_every_yes_is_its_red_flag_under_both_policies(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < FLAGS; i++) {
        for (int article = 0; article <= 1; article++) {
            struct patient p;
            patient_init(&p);
            assert_true(params_set(&p.params, PARAM_REDFLAG_POLICY, article));
            patient_answers(&p, 60, flags[i].question, true);
            assert_int_equal(p.told_n, 1);
            assert_int_equal(p.told[0].rule, flags[i].rule);
            assert_int_equal(p.told[0].text, flags[i].text);
            assert_int_equal(p.told[0].severity, STRIDE__V1__SEVERITY__SEVERITY_RED);
            assert_int_equal(p.told[0].urgency, article ? URGENCY_EMERGENCY : flags[i].graded);
            assert_int_equal(p.told[0].question, flags[i].question);
            assert_int_equal(p.told[0].answer, ANSWERED_YES);
            const struct red_flag *flag = &p.pain.record.red_flags[0];
            assert_int_equal(p.pain.record.red_flags_n, 1);
            assert_int_equal(flag->rule, flags[i].rule);
            assert_int_equal(flag->question, flags[i].question);
            assert_int_equal(flag->urgency, p.told[0].urgency);
            assert_true(flag->t_utc_ms == ((int64_t)DAY_0 * DAY_S + 14 * HOUR_S + 60) * 1000);
            assert_int_equal(p.pain.answers[flags[i].question], ANSWERED_YES);
            assert_true(p.pain.answered_utc_ms[flags[i].question] == flag->t_utc_ms);
            assert_true(pain_effects(&p.pain).stop_open);
        }
    }
}

static void test_a_no_is_stored_and_raises_nothing(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    for (size_t i = 0; i < FLAGS; i++) {
        patient_answers(&p, 60 + (double)i, flags[i].question, false);
        assert_int_equal(p.pain.answers[flags[i].question], ANSWERED_NO);
    }
    assert_int_equal(p.told_n, 0);
    assert_int_equal(p.pain.record.red_flags_n, 0);
    assert_int_equal(p.pain.screen.day, DAY_0 - 6); /* nobody asked */
}

static void test_the_same_flag_within_ten_minutes_is_one_but_a_sooner_one_is_raised(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_answers(&p, 0, QUESTION_F03_FEVER, true);
    patient_answers(&p, 599, QUESTION_F03_FEVER, true);
    assert_int_equal(told_n(&p, TEXT_F03_FEVER), 1);
    patient_answers(&p, 600, QUESTION_F03_FEVER, true);
    assert_int_equal(told_n(&p, TEXT_F03_FEVER), 2);
    patient_answers(&p, 610, QUESTION_F05_BONE, true);
    patient_answers(&p, 620, QUESTION_F05_FALL, true); /* same day, and now an emergency */
    assert_int_equal(told_n(&p, TEXT_F05_BONE), 1);
    assert_int_equal(told_n(&p, TEXT_F05_ACCIDENT), 1);
    assert_int_equal(told_last(&p, TEXT_F05_ACCIDENT)->urgency, URGENCY_EMERGENCY);
    patient_answers(&p, 630, QUESTION_F05_BONE, true);
    assert_int_equal(told_n(&p, TEXT_F05_BONE), 1);
}

static void weak(struct patient *p, double at_s, Stride__V1__Side side)
{
    patient_says(p, at_s, SAYS(SYMPTOM(WEAK), .symptom_side = side));
}

static void test_growing_weakness_in_both_legs_is_cauda_equina(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_says(&p, 0, SAYS(SYMPTOM(NUMB), LEG(BOTH)));
    patient_answers(&p, 5, QUESTION_F02_WORSE, true);
    assert_int_equal(told_n(&p, TEXT_F01_EMERGENCY), 1);
    assert_int_equal(told_n(&p, TEXT_F02_WEAKNESS), 0);
}

static void test_growing_weakness_in_one_leg_is_same_day_unless_it_is_rapid(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    weak(&p, 0, STRIDE__V1__SIDE__SIDE_LEFT);
    patient_answers(&p, DAY_S - 1, QUESTION_F02_WORSE, true);
    assert_int_equal(told_last(&p, TEXT_F02_WEAKNESS)->urgency, URGENCY_EMERGENCY);
    assert_int_equal(told_n(&p, TEXT_F01_EMERGENCY), 0);
    patient_init(&p);
    weak(&p, 0, STRIDE__V1__SIDE__SIDE_LEFT);
    patient_answers(&p, DAY_S, QUESTION_F02_WORSE, true);
    assert_int_equal(told_last(&p, TEXT_F02_WEAKNESS)->urgency, URGENCY_SAME_DAY);
}

static void test_more_flags_than_fit_are_counted(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    for (int i = 0; i < RED_FLAGS_MAX + 3; i++)
        patient_answers(&p, 601.0 * i, QUESTION_F03_FEVER, true);
    assert_int_equal(p.pain.record.red_flags_n, RED_FLAGS_MAX);
    assert_int_equal(p.pain.record.red_flags_dropped_n, 3);
    assert_int_equal(told_n(&p, TEXT_F03_FEVER), RED_FLAGS_MAX + 3);
}

static void test_bowel_bladder_and_sex_are_private_and_so_is_what_nobody_knows(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < FLAGS; i++)
        assert_int_equal(question_private(question_info(flags[i].question)->id), flags[i].hidden);
    assert_false(question_private("p01_nrs"));
    assert_false(question_private("t1_weak"));
    assert_true(question_private(""));
    assert_true(question_private("q_f01_saddle "));
    assert_true(question_private("q_f02_worse_____________________________"));
}

static void test_ids_are_unique_short_and_found_again(void **unused)
{
    (void)unused;
    for (unsigned i = QUESTION_NONE + 1; i < QUESTIONS; i++) {
        const struct question_info *info = question_info((enum question)i);
        assert_true(strlen(info->id) > 0 && strlen(info->id) < QUESTION_ID_SIZE);
        assert_int_equal(question_find(info->id), i);
        assert_true(info->text != TEXT_NONE);
        if (i >= QUESTION_FLAGS_FIRST)
            assert_string_equal(info->id, text_name((enum text)info->text));
    }
    assert_int_equal(question_find(""), QUESTION_NONE);
}

/* ---------------------------------------------------------------- screens */

/* Answers "no" to whatever red flag question is open, one every five seconds. */
static int answer_all(struct patient *p, double from_s)
{
    int n = 0;
    patient_until(p, from_s);
    while (p->pain.question >= QUESTION_FLAGS_FIRST) {
        n++;
        patient_answers(p, p->now_s + 5, (enum question)p->pain.question, false);
    }
    return n;
}

static double morning_s(int day)
{
    return (double)day * DAY_S - 6 * HOUR_S;
}

static void test_a_screen_comes_weekly_and_the_first_of_a_month_is_full(void **unused)
{
    (void)unused;
    /* From 2026-03-03 on: days, and how many questions. */
    static const struct {
        int day, questions_n;
    } book[] = {{1, 14}, {8, 8}, {15, 8}, {22, 8}, {29, 8}, {36, 14}, {43, 8}};
    struct patient p;
    patient_init(&p);
    patient_until(&p, 0);
    for (size_t i = 0; i < sizeof(book) / sizeof(book[0]); i++) {
        patient_until(&p, morning_s(book[i].day) - 1);
        assert_int_equal(p.pain.question, QUESTION_NONE);
        assert_int_equal(answer_all(&p, morning_s(book[i].day)), book[i].questions_n);
    }
    assert_int_equal(p.told_n, 0);
}

static void test_an_unanswered_screen_rests_and_comes_back_tomorrow(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_until(&p, morning_s(2) - 1);
    /* Two questions, three times, ten minutes apart: not fourteen prompts to an empty room. */
    assert_int_equal(p.asked_n, 6);
    assert_true(p.asked[2].at_s - p.asked[0].at_s == 120 + 600);
    assert_int_equal(p.asked[0].question, QUESTION_F01_SADDLE);
    assert_int_equal(p.asked[2].question, QUESTION_F01_SADDLE);
    assert_int_equal(p.asked[2].repeat_n, 1);
    assert_int_equal(answer_all(&p, morning_s(2)), 14);
    patient_until(&p, morning_s(9) - 1);
    assert_int_equal(p.pain.question, QUESTION_NONE);
}

static void test_a_clock_put_back_by_years_ends_all_screens(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    p.pain.screen.day = DAY_0 + 4000;
    patient_until(&p, morning_s(1));
    assert_int_equal(p.pain.question, QUESTION_F01_SADDLE);
}

static void test_a_screen_missed_in_the_morning_waits_a_day(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    p.context.ask_ns = INT64_MAX; /* no device is on */
    patient_until(&p, morning_s(2) + 7 * HOUR_S);
    assert_int_equal(p.asked_n, 0);
    p.context.ask_ns = 0;
    patient_until(&p, morning_s(2) + 7 * HOUR_S + 1); /* 15:00 */
    assert_int_equal(p.pain.question, QUESTION_F01_SADDLE);
    patient_init(&p);
    p.context.ask_ns = INT64_MAX;
    patient_until(&p, morning_s(2) + 13 * HOUR_S);
    p.context.ask_ns = 0;
    patient_until(&p, morning_s(3) - 1); /* an evening is no time for it */
    assert_int_equal(p.asked_n, 0);
    patient_until(&p, morning_s(3));
    assert_int_equal(p.pain.question, QUESTION_F01_SADDLE);
}

static void test_one_question_left_out_does_not_stop_the_screen(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_until(&p, morning_s(1));
    patient_answers(&p, morning_s(1) + 5, QUESTION_F01_SADDLE, false);
    patient_until(&p, morning_s(1) + 70); /* about urine: no answer */
    assert_int_equal(p.pain.answers[QUESTION_F01_URINE], ANSWERED_SILENT);
    assert_int_equal(p.pain.question, QUESTION_F01_BOWEL);
    assert_int_equal(answer_all(&p, morning_s(1) + 71), 12);
}

static void test_no_screen_begins_in_a_walk_or_while_a_red_flag_waits(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    p.context.red_open = true;
    patient_until(&p, morning_s(1) + HOUR_S);
    assert_int_equal(p.asked_n, 0);
    patient_init(&p);
    patient_open(&p, morning_s(1) - 10);
    patient_says(&p, morning_s(1) - 9, PAIN(0, PLACE(NONE)));
    patient_until(&p, morning_s(1) + 500);
    assert_int_equal(p.asked_n, 1);
    patient_close(&p, morning_s(1) + 550);
    patient_says(&p, morning_s(1) + 560, PAIN(0, PLACE(NONE)));
    assert_int_equal(p.pain.question, QUESTION_F01_SADDLE);
}

static void test_an_emergency_ends_the_questions(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_until(&p, morning_s(1));
    patient_answers(&p, morning_s(1) + 5, QUESTION_F01_SADDLE, true);
    assert_int_equal(p.pain.question, QUESTION_NONE);
    int asked = p.asked_n;
    patient_until(&p, morning_s(1) + 6 * HOUR_S);
    assert_int_equal(p.asked_n, asked);
    /* A matter of today does not: the next answer may be worse. */
    patient_init(&p);
    patient_until(&p, morning_s(1));
    patient_answers(&p, morning_s(1) + 5, QUESTION_F03_FEVER, true);
    assert_int_equal(p.pain.question, QUESTION_F01_SADDLE);
}

static void test_a_fall_is_asked_about_later(void **unused)
{
    (void)unused;
    struct patient p;
    patient_init(&p);
    patient_until(&p, 0);
    struct pain_out out = {0};
    pain_fell(&p.pain, &p.context, ns_of(10), &out);
    assert_int_equal(out.ask.question, QUESTION_F05_FALL);
    assert_string_equal(out.ask.id, "q_f05_fall");
    patient_answers(&p, 20, QUESTION_F05_FALL, true);
    assert_int_equal(told_n(&p, TEXT_F05_ACCIDENT), 1);
}

static void test_months_are_those_of_the_calendar(void **unused)
{
    (void)unused;
    static const struct {
        int32_t day, month;
    } cases[] = {{0, 1970 * 12},         {30, 1970 * 12},        {31, 1970 * 12 + 1},
                 {-1, 1969 * 12 + 11},   {11016, 2000 * 12 + 1}, {11017, 2000 * 12 + 2},
                 {20512, 2026 * 12 + 1}, {20513, 2026 * 12 + 2}, {21243, 2028 * 12 + 1},
                 {21244, 2028 * 12 + 2}, {47540, 2100 * 12 + 1}, {47541, 2100 * 12 + 2}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(month_of_day(cases[i].day), cases[i].month);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_yes_is_its_red_flag_under_both_policies),
        cmocka_unit_test(test_a_no_is_stored_and_raises_nothing),
        cmocka_unit_test(test_the_same_flag_within_ten_minutes_is_one_but_a_sooner_one_is_raised),
        cmocka_unit_test(test_growing_weakness_in_both_legs_is_cauda_equina),
        cmocka_unit_test(test_growing_weakness_in_one_leg_is_same_day_unless_it_is_rapid),
        cmocka_unit_test(test_more_flags_than_fit_are_counted),
        cmocka_unit_test(test_bowel_bladder_and_sex_are_private_and_so_is_what_nobody_knows),
        cmocka_unit_test(test_ids_are_unique_short_and_found_again),
        cmocka_unit_test(test_a_screen_comes_weekly_and_the_first_of_a_month_is_full),
        cmocka_unit_test(test_a_clock_put_back_by_years_ends_all_screens),
        cmocka_unit_test(test_a_screen_missed_in_the_morning_waits_a_day),
        cmocka_unit_test(test_an_unanswered_screen_rests_and_comes_back_tomorrow),
        cmocka_unit_test(test_one_question_left_out_does_not_stop_the_screen),
        cmocka_unit_test(test_no_screen_begins_in_a_walk_or_while_a_red_flag_waits),
        cmocka_unit_test(test_an_emergency_ends_the_questions),
        cmocka_unit_test(test_a_fall_is_asked_about_later),
        cmocka_unit_test(test_months_are_those_of_the_calendar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
