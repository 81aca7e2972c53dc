#include "alert_fixture.h"

static void test_help_is_told_to_the_wearer_now_and_to_the_caregivers_in_5_s(void **unused)
{
    (void)unused;
    set_up();
    home.params.value[PARAM_PROMPTS_PER_SESSION] = 0;
    find_one(0, help());
    const struct effect *raised = first(EFFECT_ALERT);
    assert_int_equal(raised->alert.state, ALERT_RAISED);
    assert_true(alert_due_ns(&raised->alert) == ns_of(5));
    assert_true(raised->alert.raised_wall_ms ==
                ns_of(0) / 1000000 + home.context.wall_minus_mono_ms);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_F07_ALERTING);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.expiry_s, 0);
    assert_int_equal(count(EFFECT_NOTICE), 0);
    assert_string_equal(raised->alert.id + 1, first(EFFECT_PROMPT)->prompt.id + 1);
    time_to(4.999);
    assert_int_equal(home.out.n, 0);
    time_to(5);
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_SENT);
    assert_int_equal(count(EFFECT_NOTICE), 1);
    assert_string_equal(first(EFFECT_NOTICE)->notice.account, "anna");
    assert_false(first(EFFECT_NOTICE)->notice.resend);
    assert_false(first(EFFECT_NOTICE)->notice.late);
    assert_int_equal(first(EFFECT_NOTICE)->notice.alert.sends_n, 1);
    time_to(20);
    assert_int_equal(count(EFFECT_ALERT), 0);
    assert_int_equal(count(EFFECT_NOTICE), 1);
    assert_true(first(EFFECT_NOTICE)->notice.resend);
    assert_int_equal(first(EFFECT_NOTICE)->notice.alert.sends_n, 2);
}

static void test_ok_cancels_until_the_deadline_and_not_at_it(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, help());
    press(4.999999999, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_CANCELLED);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_F07_CANCELLED);
    time_to(100);
    assert_int_equal(home.out.n, 0);

    set_up();
    find_one(0, help());
    press(5, STRIDE__V1__BUTTON__BUTTON_OK); /* time moves first */
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_SENT);
    assert_int_equal(count(EFFECT_ALERT), 1);
    assert_int_equal(count(EFFECT_PROMPT), 0);
    assert_int_equal(alerting_open_n(&home.state), 1);
}

static void test_resending_for_days_overruns_nothing(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, help());
    time_to(5.0 * 86400);
    assert_true(home.out.n < EFFECTS_MAX / 2);
    assert_int_equal(alerting_open_n(&home.state), 1);
}

static void test_notice_after_15_min_is_marked_late(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, help());
    time_to(5);
    time_to(885);
    time_to(900);
    assert_false(first(EFFECT_NOTICE)->notice.late);
    time_to(915);
    assert_true(first(EFFECT_NOTICE)->notice.late);
}

static void test_accepting_ends_the_resending_and_tells_the_wearer(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, help());
    char id[ID_SIZE];
    memcpy(id, home.decided.items[0].alert, ID_SIZE);
    time_to(5);
    assert_int_equal(ack(8, "a0123456789abcdef", "anna"), ACK_UNKNOWN_ALERT);
    assert_int_equal(ack(8, "", "anna"), ACK_UNKNOWN_ALERT);
    assert_int_equal(ack(8, id, "bert"), ACK_NOT_ENTITLED);
    assert_int_equal(ack(8, id, "nobody"), ACK_NOT_ENTITLED);
    assert_int_equal(home.out.n, 0);
    assert_int_equal(ack(9, id, "cleo"), ACK_ACCEPTED);
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_ACCEPTED);
    assert_string_equal(first(EFFECT_ALERT)->alert.accepted_by, "cleo");
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_F07_ACCEPTED);
    assert_int_equal(ack(10, id, "anna"), ACK_ALREADY);
    assert_int_equal(ack(10, id, "cleo"), ACK_ALREADY);
    assert_int_equal(home.out.n, 0);
    assert_string_equal(home.state.alerts[0].accepted_by, "cleo");
    time_to(9000);
    assert_int_equal(home.out.n, 0);
    assert_true(alerting_deadline_ns(&home.state) == INT64_MAX);
}

static void test_acceptance_of_what_was_cancelled_is_over(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, help());
    char id[ID_SIZE];
    memcpy(id, home.decided.items[0].alert, ID_SIZE);
    press(2, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(ack(3, id, "anna"), ACK_OVER);
}

static void test_nothing_coaches_while_red_is_open_or_accepted_in_this_walk(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, help());
    assert_int_equal(find_one(100, coach()), SUPPRESSED_OPEN_ALERT);
    assert_int_equal(find_one(101, silent(SLOT_INSOLE)), SUPPRESSED_OPEN_ALERT);
    ack(102, home.state.alerts[0].id, "anna");
    assert_int_equal(find_one(200, coach()), SUPPRESSED_OPEN_ALERT);
    home.context.session_open = false; /* nor in the two hours after it */
    assert_int_equal(find_one(250, coach()), SUPPRESSED_OPEN_ALERT);
    home.context.session_open = true;
    press(200, STRIDE__V1__BUTTON__BUTTON_OK);
    press(300, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_RESOLVED);
    assert_int_equal(find_one(400, coach()), SUPPRESSED_NOT);
}

static struct finding chest_pain(void)
{
    return finding_of(RULE_F06, STRIDE__V1__SEVERITY__SEVERITY_RED, TEXT_F06_HEART);
}

static void test_an_ok_that_a_belt_or_a_fall_asked_for_settles_a_red_flag(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, chest_pain());
    const struct alert *alert = &home.state.alerts[0];
    ack(10, alert->id, "anna");
    home.context.ok_taken = true;
    press(11, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(alert->state, ALERT_ACCEPTED);
    assert_int_equal(count(EFFECT_NOTICE), 0); /* nobody reads that no action is needed */
    home.context.ok_taken = false;
    press(12, STRIDE__V1__BUTTON__BUTTON_OK);
    press(13, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(alert->state, ALERT_RESOLVED);

    set_up();
    home.context.caregiver_consent = false;
    find_one(0, chest_pain());
    home.context.ok_taken = true;
    press(6, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_true(alert_is_open(alert) && alert->alarm);
    home.context.ok_taken = false;
    press(7, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(alert->state, ALERT_ACCEPTED);
}

/* Whoever acknowledges "anna is on it", or pressed OK while she accepted, is not well for that. Of
 * a fall the OK was asked for. */
static void test_an_ok_to_who_is_on_it_sends_them_away(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, chest_pain());
    const struct alert *alert = &home.state.alerts[0];
    press(5, STRIDE__V1__BUTTON__BUTTON_OK);
    ack(10, alert->id, "anna");
    press(11, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(alert->state, ALERT_ACCEPTED);
    assert_int_equal(count(EFFECT_NOTICE), 0);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_ALERT_ONCE_MORE);
    assert_string_equal(first(EFFECT_PROMPT)->prompt.name, "anna");
    home.context.said_ago_ns = 30 * SECOND_NS; /* it waited, and is of before */
    press(35, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(alert->state, ALERT_ACCEPTED);
    home.context.said_ago_ns = 0;
    press(60, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(alert->state, ALERT_RESOLVED);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_ALERT_CANCELLED);

    set_up();
    find_one(0, finding_of(RULE_S01, STRIDE__V1__SEVERITY__SEVERITY_RED, TEXT_S01_ALARM));
    ack(10, alert->id, "anna");
    press(11, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(alert->state, ALERT_RESOLVED);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_ALERT_CANCELLED);
}

/* Days later nobody is on the way: no OK is answered with a name of then. */
static void test_an_ok_of_another_day_speaks_of_who_was_on_it(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, chest_pain());
    ack(10, home.state.alerts[0].id, "anna");
    press(86400, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(count(EFFECT_PROMPT), 0);
}

static void test_after_a_fall_a_call_is_promised_where_nobody_can_be_told(void **unused)
{
    (void)unused;
    static const int severities[] = {STRIDE__V1__SEVERITY__SEVERITY_RED,
                                     STRIDE__V1__SEVERITY__SEVERITY_CAUTION};
    for (int i = 0; i < 2; i++) {
        set_up();
        struct finding fall = finding_of(RULE_S01, severities[i], TEXT_S01_ALARM);
        fall.urgency = i == 0 ? URGENCY_NONE : URGENCY_URGENT;
        find_one(0, fall);
        assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_S01_ALARM);
        set_up();
        home.context.caregiver_consent = false;
        find_one(0, fall);
        assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_ALARM_NOBODY);
        assert_int_equal(home.state.alerts[0].text, TEXT_ALARM_NOBODY);
    }
}

static void test_second_press_is_the_same_alert_for_10_min_unless_it_is_over(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, help());
    char id[ID_SIZE];
    memcpy(id, home.decided.items[0].alert, ID_SIZE);
    assert_int_equal(find_one(1, help()), SUPPRESSED_OPEN_ALERT);
    assert_string_equal(home.decided.items[0].alert, id);
    assert_true(alert_due_ns(&home.state.alerts[0]) == ns_of(5));
    assert_int_equal(find_one(599, help()), SUPPRESSED_OPEN_ALERT);
    assert_int_equal(find_one(600, help()), SUPPRESSED_NOT);
    assert_string_not_equal(home.decided.items[0].alert, id);

    set_up();
    find_one(0, help());
    press(2, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(find_one(3, help()), SUPPRESSED_NOT);
    time_to(8);
    assert_int_equal(count(EFFECT_NOTICE), 1);
    ack(9, home.decided.items[0].alert, "anna");
    assert_int_equal(find_one(10, help()), SUPPRESSED_NOT);
    assert_int_equal(alerting_open_n(&home.state), 1);
}

static void test_ninth_open_red_flag_is_not_lost(void **unused)
{
    (void)unused;
    set_up();
    for (int i = 0; i < ALERTS_MAX; i++) {
        time_to(600 * i);
        assert_int_equal(find_one(600 * i, help()), SUPPRESSED_NOT);
    }
    time_to(600 * ALERTS_MAX);
    assert_int_equal(alerting_open_n(&home.state), ALERTS_MAX);
    char newest[ID_SIZE];
    memcpy(newest, home.decided.items[0].alert, ID_SIZE);
    assert_int_equal(find_one(600 * ALERTS_MAX, help()), SUPPRESSED_NOT);
    assert_string_equal(home.decided.items[0].alert, newest);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_F07_ALERTING);
    assert_int_equal(home.state.merged_n, 1);
    assert_true(count(EFFECT_NOTICE) >= 2);
    ack(5000, home.state.alerts[2].id, "anna");
    char accepted[ID_SIZE];
    memcpy(accepted, home.state.alerts[2].id, ID_SIZE);
    assert_int_equal(find_one(6000, help()), SUPPRESSED_NOT);
    assert_int_equal(alerting_open_n(&home.state), ALERTS_MAX);
    assert_int_equal(ack(6001, accepted, "anna"), ACK_UNKNOWN_ALERT);
}

static const struct alert *alert_by(const char *id)
{
    for (int i = 0; i < ALERTS_MAX; i++) {
        if (strcmp(home.state.alerts[i].id, id) == 0)
            return &home.state.alerts[i];
    }
    return NULL;
}

/* A weekly yes that nobody ever took up, and then chest pain. */
static void test_an_emergency_takes_over_what_is_less_urgent(void **unused)
{
    (void)unused;
    set_up();
    struct finding weight =
        finding_of(RULE_F04, STRIDE__V1__SEVERITY__SEVERITY_RED, TEXT_F04_WEIGHT);
    for (int i = 0; i < ALERTS_MAX; i++)
        find_one(7 * 86400.0 * i, weight);
    assert_int_equal(alerting_open_n(&home.state), ALERTS_MAX);
    char oldest[ID_SIZE];
    memcpy(oldest, home.state.alerts[0].id, ID_SIZE);
    double at_s = 7 * 86400.0 * ALERTS_MAX;
    time_to(at_s);
    find_one(at_s, chest_pain());
    const struct alert *alert = alert_by(home.decided.items[0].alert);
    assert_non_null(alert);
    assert_int_equal(alert->rule, RULE_F06);
    assert_int_equal(alert->urgency, URGENCY_EMERGENCY);
    assert_string_equal(alert->id, oldest); /* seven others say the same */
    assert_true(alert->carried == rule_told_bit(RULE_F04));
    int cleared_n = 0, told_n = 0;
    for (int i = 0; i < home.out.n; i++) {
        const struct effect *effect = &home.out.items[i];
        if (effect->kind != EFFECT_NOTICE)
            continue;
        cleared_n += effect->notice.clear;
        told_n += !effect->notice.clear && effect->notice.alert.rule == RULE_F06;
    }
    assert_int_equal(cleared_n, 0);
    assert_int_equal(told_n, 2);
    time_to(at_s + 120);
    assert_true(alert->alarm);
    assert_int_equal(alerting_open_n(&home.state), ALERTS_MAX);
}

static void test_ids_follow_the_grammar_and_repeat_in_a_replay(void **unused)
{
    (void)unused;
    char ids[2][ID_SIZE];
    for (int run = 0; run < 2; run++) {
        set_up();
        find_one(0, coach());
        find_one(1, help());
        memcpy(ids[run], home.decided.items[0].alert, ID_SIZE);
        assert_int_equal(strlen(ids[run]), 17);
        assert_int_equal(strspn(ids[run], "abcdefghijklmnopqrstuvwxyz0123456789-"), 17);
    }
    assert_string_equal(ids[0], ids[1]);
    home.context.id_salt = 8;
    find_one(1000, coach());
    assert_string_not_equal(ids[0] + 1, home.decided.items[0].prompt + 1);
}

static void test_every_answer_has_a_name(void **unused)
{
    (void)unused;
    for (int i = 0; i < SUPPRESSIONS; i++)
        assert_true(strlen(suppression_name((enum suppression)i)) > 0);
    for (int i = 0; i <= ACK_OVER; i++)
        assert_true(strlen(ack_result_name((enum ack_result)i)) > 0);
}

/* 3.6: the same red flag within redflag.dedup is one alert. */
static void test_a_red_flag_found_again_is_another_after_the_dedup_time(void **unused)
{
    (void)unused;
    for (int wait_s = 60; wait_s <= 600; wait_s += 540) {
        set_up();
        home.params.value[PARAM_REDFLAG_DEDUP_S] = wait_s;
        struct finding flag =
            finding_of(RULE_F02, STRIDE__V1__SEVERITY__SEVERITY_RED, TEXT_F02_WEAKNESS);
        flag.urgency = URGENCY_SAME_DAY;
        find_one(0, flag);
        find_one(wait_s - 1, flag);
        assert_int_equal(alerting_open_n(&home.state), 1);
        find_one(wait_s + 1, flag);
        assert_int_equal(alerting_open_n(&home.state), 2);
    }
}

/* Who pressed OK, and then calls again, feels and reads that it was heard. */
static void test_a_second_call_after_an_answer_is_not_heard(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, help());
    press(6, STRIDE__V1__BUTTON__BUTTON_OK);
    time_to(60);
    assert_int_equal(count(EFFECT_PROMPT), 0);
    assert_int_equal(find_one(70, help()), SUPPRESSED_OPEN_ALERT);
    assert_int_equal(count(EFFECT_PROMPT), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_F07_ALERTING);
    time_to(91);
    assert_int_equal(count(EFFECT_PROMPT), 1); /* until it is answered */
}

/* A contact was told in the morning that nothing moves, called, and accepted nothing: what happens
 * in the afternoon is told as well. */
static void test_a_contact_is_told_once_while_nobody_accepts(void **unused)
{
    (void)unused;
    static const enum rule rules[] = {RULE_S03, RULE_S01, RULE_T1, RULE_S06};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        set_up();
        struct finding found =
            finding_of(rules[i], STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_S03_OK);
        found.urgency = URGENCY_URGENT;
        find_one(0, found);
        assert_int_equal(find_one(300, found), SUPPRESSED_OPEN_ALERT);
        find_one(3 * 3600, found);
        assert_int_equal(alerting_open_n(&home.state), 2);
        assert_true(count(EFFECT_NOTICE) >= 1);
    }
    /* 3.6: of P06 there is one at a time. */
    set_up();
    struct finding weak = finding_of(RULE_P06, STRIDE__V1__SEVERITY__SEVERITY_STOP, TEXT_P06_CHECK);
    weak.urgency = URGENCY_SAME_DAY;
    find_one(0, weak);
    assert_int_equal(find_one(3 * 3600, weak), SUPPRESSED_OPEN_ALERT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help_is_told_to_the_wearer_now_and_to_the_caregivers_in_5_s),
        cmocka_unit_test(test_ok_cancels_until_the_deadline_and_not_at_it),
        cmocka_unit_test(test_resending_for_days_overruns_nothing),
        cmocka_unit_test(test_a_second_call_after_an_answer_is_not_heard),
        cmocka_unit_test(test_a_contact_is_told_once_while_nobody_accepts),
        cmocka_unit_test(test_a_red_flag_found_again_is_another_after_the_dedup_time),
        cmocka_unit_test(test_notice_after_15_min_is_marked_late),
        cmocka_unit_test(test_accepting_ends_the_resending_and_tells_the_wearer),
        cmocka_unit_test(test_acceptance_of_what_was_cancelled_is_over),
        cmocka_unit_test(test_nothing_coaches_while_red_is_open_or_accepted_in_this_walk),
        cmocka_unit_test(test_an_ok_that_a_belt_or_a_fall_asked_for_settles_a_red_flag),
        cmocka_unit_test(test_an_ok_to_who_is_on_it_sends_them_away),
        cmocka_unit_test(test_an_ok_of_another_day_speaks_of_who_was_on_it),
        cmocka_unit_test(test_after_a_fall_a_call_is_promised_where_nobody_can_be_told),
        cmocka_unit_test(test_second_press_is_the_same_alert_for_10_min_unless_it_is_over),
        cmocka_unit_test(test_ninth_open_red_flag_is_not_lost),
        cmocka_unit_test(test_an_emergency_takes_over_what_is_less_urgent),
        cmocka_unit_test(test_ids_follow_the_grammar_and_repeat_in_a_replay),
        cmocka_unit_test(test_every_answer_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
