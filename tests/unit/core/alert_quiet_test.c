/* Quiet hours, the local alarm, and what the wearer's answer silences. */
#include "alert_fixture.h"

enum { NOON = 12 };

/* Local time `hour` (may be a fraction) is at test time 0. */
static void begin_at(double hour)
{
    set_up();
    home.context.wall_minus_mono_ms += (int64_t)((hour - NOON) * 3600000);
}

static struct finding of(enum rule rule, int severity)
{
    return finding_of(rule, severity, TEXT_R11_COACH);
}

static void test_quiet_hours_table(void **unused)
{
    (void)unused;
    static const int info = STRIDE__V1__SEVERITY__SEVERITY_INFO,
                     tip = STRIDE__V1__SEVERITY__SEVERITY_COACH,
                     warn = STRIDE__V1__SEVERITY__SEVERITY_CAUTION,
                     halt = STRIDE__V1__SEVERITY__SEVERITY_STOP,
                     red = STRIDE__V1__SEVERITY__SEVERITY_RED;
    enum { NO, FELT, YES };
    const struct {
        enum rule rule;
        int severity;
        int walking, at_home; /* what becomes of it in quiet hours */
    } cases[] = {
        {RULE_R01, tip, NO, NO},    {RULE_C02, info, NO, NO},   {RULE_C03, info, NO, NO},
        {RULE_S05, info, NO, NO},   {RULE_S02, tip, NO, NO},    {RULE_R12, warn, FELT, NO},
        {RULE_S03, warn, FELT, NO}, {RULE_R11, halt, FELT, NO}, {RULE_S06, halt, YES, YES},
        {RULE_P02, halt, YES, YES}, {RULE_P03, halt, YES, YES}, {RULE_P03, warn, FELT, NO},
        {RULE_P06, halt, YES, YES}, {RULE_S04, halt, YES, YES}, {RULE_S01, warn, YES, YES},
        {RULE_S01, red, YES, YES},  {RULE_F07, red, YES, YES},  {RULE_F04, red, YES, YES},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int open = 0; open < 2; open++) {
            begin_at(23);
            home.context.session_open = open != 0;
            enum suppression why = find_one(0, of(cases[i].rule, cases[i].severity));
            int wanted = open ? cases[i].walking : cases[i].at_home;
            assert_int_equal(why, wanted == NO ? SUPPRESSED_QUIET_HOURS : SUPPRESSED_NOT);
            assert_int_equal(count(EFFECT_PROMPT), wanted != NO);
            if (wanted != NO)
                assert_int_equal(first(EFFECT_PROMPT)->prompt.silent, wanted == FELT);
        }
    }
}

static void test_who_reports_a_symptom_at_night_is_not_told_what_follows(void **unused)
{
    (void)unused;
    for (int reply = 0; reply < 2; reply++) {
        begin_at(23);
        home.context.session_open = false;
        struct finding call =
            finding_of(RULE_T1, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_T1_FIRST_EPISODE);
        call.reply = reply != 0;
        assert_int_equal(find_one(0, call), reply ? SUPPRESSED_NOT : SUPPRESSED_QUIET_HOURS);
        if (reply)
            assert_true(first(EFFECT_PROMPT)->prompt.silent);
    }
}

static void test_quiet_hours_begin_at_2130_and_end_at_0730(void **unused)
{
    (void)unused;
    static const struct {
        double hour;
        bool quiet;
    } times[] = {{21.4999, false}, {21.5, true}, {23.9999, true}, {0, true},
                 {7.4999, true},   {7.5, false}, {12, false}};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        begin_at(times[i].hour);
        assert_int_equal(alerting_quiet(&home.context, ns_of(0)), times[i].quiet);
    }
    begin_at(3);
    home.params.value[PARAM_QUIET_FROM_MIN] = home.params.value[PARAM_QUIET_UNTIL_MIN];
    assert_false(alerting_quiet(&home.context, ns_of(0)));
    begin_at(13);
    home.params.value[PARAM_QUIET_FROM_MIN] = 12 * 60;
    home.params.value[PARAM_QUIET_UNTIL_MIN] = 14 * 60;
    assert_true(alerting_quiet(&home.context, ns_of(0)));
    assert_false(alerting_quiet(&home.context, ns_of(3600)));
}

/* When a question may be put does not depend on who asked that at what part of a millisecond. */
static void test_the_morning_comes_at_one_time(void **unused)
{
    (void)unused;
    begin_at(3);
    int64_t due_ns = alerting_ask_ns(&home.state, &home.context, false, ns_of(0));
    assert_true(due_ns == ns_of(4.5 * 3600));
    for (int64_t later_ns = 1; later_ns < 3000000; later_ns += 99991)
        assert_true(alerting_ask_ns(&home.state, &home.context, false, ns_of(0) + later_ns) ==
                    due_ns);
    assert_true(alerting_ask_ns(&home.state, &home.context, false, due_ns) == due_ns);
    assert_true(alerting_ask_ns(&home.state, &home.context, false, due_ns + 1) == due_ns + 1);
}

/* The app says the new offset when the clocks change; the core knows no zones. */
static void test_on_the_days_the_clocks_change_the_local_hour_is_followed(void **unused)
{
    (void)unused;
    begin_at(20); /* UTC 20:00, local 21:00 in winter time */
    home.context.tz_offset_min = 60;
    assert_false(alerting_quiet(&home.context, ns_of(29 * 60)));
    assert_true(alerting_quiet(&home.context, ns_of(30 * 60)));
    /* 23-hour night: 21:30 winter to 07:30 summer time is 9 h. */
    home.context.tz_offset_min = 120;
    assert_true(alerting_quiet(&home.context, ns_of(9.49 * 3600)));
    assert_false(alerting_quiet(&home.context, ns_of(9.5 * 3600)));
    /* 25-hour night: 21:30 summer to 07:30 winter time is 11 h. */
    begin_at(19);
    home.context.tz_offset_min = 120;
    assert_false(alerting_quiet(&home.context, ns_of(0)));
    assert_true(alerting_quiet(&home.context, ns_of(30 * 60)));
    home.context.tz_offset_min = 60;
    assert_true(alerting_quiet(&home.context, ns_of(11.49 * 3600)));
    assert_false(alerting_quiet(&home.context, ns_of(11.5 * 3600)));
}

static void test_the_next_morning_of_an_urgent_alert_follows_the_clock_change(void **unused)
{
    (void)unused;
    begin_at(20);
    home.context.tz_offset_min = 60;
    find_one(0, of(RULE_F04, STRIDE__V1__SEVERITY__SEVERITY_RED));
    time_to(3600);
    assert_true(home.state.alerts[0].due_ns[TIMER_LADDER] == ns_of(10.5 * 3600));
    struct caregivers_before same = {.n = 3};
    memcpy(same.caregivers, home.caregivers, sizeof(home.caregivers));
    home.context.tz_offset_min = 120;
    alerting_configured(&home.state, &home.context, &same, ns_of(5 * 3600), &home.out);
    assert_true(home.state.alerts[0].due_ns[TIMER_LADDER] == ns_of(9.5 * 3600));
}

static void test_a_day_that_comes_twice_has_one_budget(void **unused)
{
    (void)unused;
    begin_at(12);
    home.params.value[PARAM_PROMPTS_PER_DAY] = 3; /* the last place is for praise or CAUTION */
    home.params.value[PARAM_QUIET_FROM_MIN] = home.params.value[PARAM_QUIET_UNTIL_MIN];
    assert_int_equal(find_one(0, coach()), SUPPRESSED_NOT);
    home.context.tz_offset_min = -13 * 60; /* yesterday again */
    assert_int_equal(find_one(1000, brisk()), SUPPRESSED_NOT);
    assert_int_equal(find_one(1500, coach()), SUPPRESSED_BUDGET_DAY);
    assert_int_equal(find_one(1600, caution()), SUPPRESSED_NOT);
    home.context.tz_offset_min = 0;
    assert_int_equal(find_one(2000, caution()), SUPPRESSED_BUDGET_DAY);
}

static void test_a_clock_that_was_in_2038_for_an_hour_does_not_end_coaching(void **unused)
{
    (void)unused;
    begin_at(12);
    home.params.value[PARAM_PROMPTS_PER_DAY] = 2;
    home.params.value[PARAM_QUIET_FROM_MIN] = home.params.value[PARAM_QUIET_UNTIL_MIN];
    const int64_t right_ms = home.context.wall_minus_mono_ms;
    home.context.wall_minus_mono_ms += 12 * 365 * INT64_C(86400000);
    assert_int_equal(find_one(0, coach()), SUPPRESSED_NOT);
    home.context.wall_minus_mono_ms = right_ms;
    assert_int_equal(find_one(3600, brisk()), SUPPRESSED_NOT);
    assert_int_equal(find_one(5000, caution()), SUPPRESSED_NOT);
    assert_int_equal(find_one(7200, caution()), SUPPRESSED_BUDGET_DAY);
    assert_int_equal(find_one(86400 + 7200, caution()), SUPPRESSED_NOT);
}

static void test_a_red_flag_at_0200_is_as_by_day(void **unused)
{
    (void)unused; /* scenario 32 */
    static struct effects by_day;
    static const double hours[] = {12, 2};
    for (int i = 0; i < 2; i++) {
        begin_at(hours[i]);
        find_one(0, of(RULE_F01, STRIDE__V1__SEVERITY__SEVERITY_RED));
        static struct effects raised;
        raised = home.out;
        time_to(400);
        for (int j = 0; j < home.out.n; j++)
            raised.items[raised.n++] = home.out.items[j];
        if (i == 0)
            by_day = raised;
        assert_int_equal(raised.n, by_day.n);
        for (int j = 0; j < raised.n; j++) {
            assert_int_equal(raised.items[j].kind, by_day.items[j].kind);
            assert_true(raised.items[j].at_ns == by_day.items[j].at_ns);
            if (raised.items[j].kind == EFFECT_PROMPT)
                assert_false(raised.items[j].prompt.silent);
        }
    }
}

/* ---------------------------------------------------------------- the alarm at home */

static int prompts_until(double at_s)
{
    time_to(at_s);
    return count(EFFECT_PROMPT);
}

static void test_a_red_prompt_is_said_every_20_s_until_answered(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, of(RULE_F01, STRIDE__V1__SEVERITY__SEVERITY_RED));
    char prompt[ID_SIZE];
    memcpy(prompt, first(EFFECT_PROMPT)->prompt.id, ID_SIZE);
    assert_int_equal(prompts_until(19.9), 0);
    assert_int_equal(prompts_until(59.9), 2);
    assert_string_equal(first(EFFECT_PROMPT)->prompt.id, prompt);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.expiry_s, 20);
    struct wire_feedback feedback = {.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED};
    memcpy(feedback.prompt, prompt, ID_SIZE);
    alerting_feedback(&home.state, &home.context, &feedback, ns_of(61), &home.out);
    assert_int_equal(prompts_until(119.9), 0);
    assert_int_equal(home.state.alerts[0].state, ALERT_SENT); /* an answer is no acceptance */
    assert_int_equal(home.state.alerts[0].level, 1);
}

static void test_the_local_alarm_sounds_on_every_device_until_a_person_accepts(void **unused)
{
    (void)unused;
    set_up();
    home.health[SLOT_TREADMILL] = home.health[SLOT_WRIST];
    home.health[SLOT_TREADMILL].kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL;
    home.health[SLOT_TREADMILL].lost = true; /* its screen may still be looked at */
    find_one(0, of(RULE_F06, STRIDE__V1__SEVERITY__SEVERITY_RED));
    char id[ID_SIZE];
    memcpy(id, home.decided.items[0].alert, ID_SIZE);
    time_to(119.9);
    assert_int_equal(prompts_until(120), 1);
    const struct effect_prompt *alarm = &first(EFFECT_PROMPT)->prompt;
    assert_true(alarm->alarm && alarm->to_wrist && alarm->to_treadmill);
    assert_int_equal(alarm->text, TEXT_ALARM_UNANSWERED);
    assert_int_equal(alarm->pattern, STRIDE__V1__PATTERN__PATTERN_CONTINUOUS);
    assert_int_equal(prompts_until(180), 3);
    press(181, STRIDE__V1__BUTTON__BUTTON_OK); /* silences this side for 5 min, nothing else */
    assert_int_equal(home.state.alerts[0].state, ALERT_SENT);
    assert_int_equal(prompts_until(480.9), 0);
    assert_int_equal(home.state.alerts[0].level, 3);
    assert_int_equal(prompts_until(481), 1);
    ack(482, id, "cleo");
    assert_int_equal(count(EFFECT_PROMPT), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_F07_ACCEPTED);
    assert_false(first(EFFECT_ALERT)->alert.alarm);
    assert_int_equal(prompts_until(9000), 0);
}

static void
test_the_alarm_of_a_same_day_alert_begins_at_60_min_and_of_an_urgent_one_never(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, of(RULE_F02, STRIDE__V1__SEVERITY__SEVERITY_RED));
    press(1, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(prompts_until(3599), 0);
    assert_int_equal(prompts_until(3600), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_ALARM_SAME_DAY);
    set_up();
    find_one(0, of(RULE_F04, STRIDE__V1__SEVERITY__SEVERITY_RED));
    press(1, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(prompts_until(3.0 * 86400), 0);
    assert_int_equal(home.state.alerts[0].level, 5);
}

static void test_a_stop_that_nobody_answers_the_same_day_sounds_like_any_alarm(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, of(RULE_P06, STRIDE__V1__SEVERITY__SEVERITY_STOP));
    assert_int_equal(count(EFFECT_NOTICE), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.pattern, STRIDE__V1__PATTERN__PATTERN_LONG);
    assert_int_equal(prompts_until(3599), 3);
    assert_int_equal(prompts_until(3600), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.pattern, STRIDE__V1__PATTERN__PATTERN_CONTINUOUS);
    ack(3610, home.state.alerts[0].id, "anna");
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_ALERT_ACCEPTED);
    assert_int_equal(prompts_until(20000), 0);
}

static void test_two_alarms_do_not_sound_over_each_other(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, of(RULE_F06, STRIDE__V1__SEVERITY__SEVERITY_RED));
    find_one(0, of(RULE_F01, STRIDE__V1__SEVERITY__SEVERITY_RED));
    time_to(400);
    int64_t last_ns = INT64_MIN;
    for (int i = 0; i < home.out.n; i++) {
        if (home.out.items[i].kind != EFFECT_PROMPT)
            continue;
        assert_true(last_ns == INT64_MIN || home.out.items[i].at_ns - last_ns >= 5 * SECOND_NS);
        last_ns = home.out.items[i].at_ns;
    }
    assert_true(last_ns > ns_of(380));
}

static void test_a_stop_is_said_three_times_more_at_20_s_until_answered(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, stop());
    assert_int_equal(prompts_until(19), 0);
    assert_int_equal(prompts_until(599), 3);
    set_up();
    find_one(0, stop());
    time_to(25);
    press(30, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(home.state.alerts[0].state, ALERT_RESOLVED);
    assert_int_equal(prompts_until(599), 0);
    set_up();
    find_one(0, stop());
    time_to(601);
    assert_int_equal(home.state.alerts[0].state, ALERT_EXPIRED);
}

static void test_a_fall_is_taken_back_to_everyone_who_was_told(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, of(RULE_S01, STRIDE__V1__SEVERITY__SEVERITY_RED));
    time_to(70);
    home.out.n = 0;
    press(80, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_CANCELLED);
    int told = 0;
    for (int i = 0; i < home.out.n; i++)
        told += home.out.items[i].kind == EFFECT_NOTICE &&
                home.out.items[i].notice.alert.state == ALERT_CANCELLED;
    assert_int_equal(told, 2);
    assert_true(alerting_deadline_ns(&home.state) == INT64_MAX);
}

static void test_what_became_more_urgent_is_an_alert_of_its_own(void **unused)
{
    (void)unused;
    set_up();
    struct finding belt = of(RULE_S04, STRIDE__V1__SEVERITY__SEVERITY_STOP);
    find_one(0, belt);
    assert_int_equal(count(EFFECT_NOTICE), 0);
    belt.urgency = URGENCY_URGENT;
    assert_int_equal(find_one(15, belt), SUPPRESSED_NOT);
    assert_int_equal(count(EFFECT_NOTICE), 1);
    assert_int_equal(find_one(20, belt), SUPPRESSED_OPEN_ALERT);
    belt.cleared = true;
    find_one(30, belt); /* technical: over when the belt stands */
    assert_int_equal(alerting_open_n(&home.state), 0);
}

static void test_what_was_found_long_ago_is_sent_as_an_earlier_alarm(void **unused)
{
    (void)unused;
    set_up();
    struct findings list = {.n = 1, .items = {of(RULE_F01, STRIDE__V1__SEVERITY__SEVERITY_RED)}};
    list.items[0].at_ns = ns_of(-1000);
    alerting_findings(&home.state, &home.context, &list, ns_of(0), &home.decided, &home.out);
    assert_true(first(EFFECT_NOTICE)->notice.late);
    assert_int_equal(first(EFFECT_NOTICE)->notice.alert.level, 0); /* the ladder begins now */
    assert_true(first(EFFECT_ALERT)->alert.raised_wall_ms == NOON_MS - 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet_hours_table),
        cmocka_unit_test(test_the_morning_comes_at_one_time),
        cmocka_unit_test(test_who_reports_a_symptom_at_night_is_not_told_what_follows),
        cmocka_unit_test(test_quiet_hours_begin_at_2130_and_end_at_0730),
        cmocka_unit_test(test_on_the_days_the_clocks_change_the_local_hour_is_followed),
        cmocka_unit_test(test_the_next_morning_of_an_urgent_alert_follows_the_clock_change),
        cmocka_unit_test(test_a_day_that_comes_twice_has_one_budget),
        cmocka_unit_test(test_a_clock_that_was_in_2038_for_an_hour_does_not_end_coaching),
        cmocka_unit_test(test_a_red_flag_at_0200_is_as_by_day),
        cmocka_unit_test(test_a_red_prompt_is_said_every_20_s_until_answered),
        cmocka_unit_test(test_the_local_alarm_sounds_on_every_device_until_a_person_accepts),
        cmocka_unit_test(
            test_the_alarm_of_a_same_day_alert_begins_at_60_min_and_of_an_urgent_one_never),
        cmocka_unit_test(test_a_stop_that_nobody_answers_the_same_day_sounds_like_any_alarm),
        cmocka_unit_test(test_two_alarms_do_not_sound_over_each_other),
        cmocka_unit_test(test_a_stop_is_said_three_times_more_at_20_s_until_answered),
        cmocka_unit_test(test_a_fall_is_taken_back_to_everyone_who_was_told),
        cmocka_unit_test(test_what_became_more_urgent_is_an_alert_of_its_own),
        cmocka_unit_test(test_what_was_found_long_ago_is_sent_as_an_earlier_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
