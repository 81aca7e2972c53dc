/* Who is in the chain of rule book 5.2: duty, nobody at all, and a chain that changes meanwhile. */
#include "alert_fixture.h"

static void on_duty_only(int caregiver, uint8_t days, uint16_t from_min, uint16_t until_min)
{
    home.caregivers[caregiver].duties_n = 1;
    home.caregivers[caregiver].duties[0] = (struct wire_duty){days, from_min, until_min};
}

static void test_who_is_on_duty_comes_first_and_nobody_on_duty_silences_nothing(void **unused)
{
    (void)unused; /* Thursday noon is bit 3 */
    three_contacts();
    on_duty_only(0, 1 << 3, 13 * 60, 18 * 60);
    on_duty_only(1, 1 << 2 | 1 << 4, 0, 1440);
    find_one(0, red(RULE_F01));
    assert_int_equal(home.state.alerts[0].told, 1 << 2);
    assert_int_equal(home.state.alerts[0].evidence.told_after_s[2], 0);
    assert_int_equal(home.state.alerts[0].evidence.told_after_s[0], ALERT_TOLD_NOT);
    time_to(60);
    assert_int_equal(home.state.alerts[0].told, 1 << 2 | 1 << 0);
    time_to(120);
    assert_int_equal(home.state.alerts[0].told, 7);

    three_contacts();
    for (int i = 0; i < 3; i++)
        on_duty_only(i, 1 << 5, 60, 120);
    find_one(0, red(RULE_F01));
    assert_int_equal(home.state.alerts[0].told, 1 << 0);
    time_to(60);
    assert_int_equal(home.state.alerts[0].told, 1 << 0 | 1 << 1);
}

static void test_duty_over_midnight_belongs_to_the_day_it_begins_on(void **unused)
{
    (void)unused;
    for (int hour = 0; hour < 48; hour++) { /* from Thursday noon */
        three_contacts();
        on_duty_only(0, 1 << 0, 0, 1);            /* as good as never */
        on_duty_only(1, 1 << 3, 22 * 60, 6 * 60); /* Thursday night */
        on_duty_only(2, 1 << 3, 0, 1);
        find_one(3600.0 * hour + 60, red(RULE_F01));
        bool night = hour >= 10 && hour < 18;
        assert_int_equal(home.state.alerts[0].told, night ? 1 << 1 : 1 << 0);
    }
}

/* ---------------------------------------------------------------- nobody to tell */

static void test_with_nobody_to_tell_the_local_alarm_begins_at_once_and_says_so(void **unused)
{
    (void)unused;
    for (int way = 0; way < 2; way++) {
        set_up();
        if (way == 0)
            home.context.caregiver_consent = false;
        else
            home.context.caregivers_n = 0;
        find_one(0, help());
        assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_ALARM_NOBODY);
        assert_true(first(EFFECT_PROMPT)->prompt.alarm);
        assert_true(first(EFFECT_ALERT)->alert.alarm);
        char id[ID_SIZE];
        memcpy(id, home.decided.items[0].alert, ID_SIZE);
        time_to(61);
        assert_int_equal(count(EFFECT_NOTICE), 0);
        assert_int_equal(count(EFFECT_PROMPT), 3);
        assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_ALARM_NOBODY);
        assert_int_equal(alerting_open_n(&home.state), 1);
        assert_int_equal(ack(62, id, "anna"), ACK_NOT_ENTITLED);
        press(63, STRIDE__V1__BUTTON__BUTTON_OK);
        assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_CANCELLED);
        time_to(9000);
        assert_int_equal(home.out.n, 0);
    }
}

/* P06 without a contact: nobody's answer is waited for. */
static void test_with_nobody_to_tell_a_same_day_alarm_promises_contacts(void **unused)
{
    (void)unused;
    const struct finding found =
        finding_of(RULE_P06, STRIDE__V1__SEVERITY__SEVERITY_STOP, TEXT_P06_CHECK);
    for (int way = 0; way < 2; way++) {
        set_up();
        home.context.caregivers_n = way == 0 ? 0 : 3;
        find_one(0, found);
        time_to(3599);
        time_to(3601);
        const struct effect_prompt *prompt = &first(EFFECT_PROMPT)->prompt;
        assert_true(prompt->alarm);
        assert_int_equal(prompt->text, way == 0 ? TEXT_ALARM_NOBODY_TODAY : TEXT_ALARM_SAME_DAY);
    }
}

static void test_the_wearer_is_not_told_who_is_on_it(void **unused)
{
    (void)unused;
    static const enum rule rules[] = {RULE_F01, RULE_F02};
    for (int i = 0; i < 2; i++) {
        set_up();
        find_one(0, red(rules[i]));
        char id[ID_SIZE];
        memcpy(id, home.decided.items[0].alert, ID_SIZE);
        time_to(30); /* and what was said again until then */
        assert_int_equal(ack(30, id, "cleo"), ACK_ACCEPTED);
        const struct effect_prompt *prompt = &first(EFFECT_PROMPT)->prompt;
        assert_int_equal(prompt->text, i == 0 ? TEXT_F07_ACCEPTED : TEXT_ALERT_ACCEPTED);
        assert_string_equal(prompt->name, "cleo");
    }
}

static void test_with_nobody_to_tell_the_wearer_is_the_person_who_accepts(void **unused)
{
    (void)unused;
    set_up();
    home.context.caregiver_consent = false;
    find_one(0, red(RULE_F01));
    press(30, STRIDE__V1__BUTTON__BUTTON_OK);
    assert_int_equal(home.state.alerts[0].state, ALERT_ACCEPTED);
    assert_int_equal(home.state.alerts[0].stamps[STAMP_ACCEPTED].actor.kind, ACTOR_DEVICE);
    assert_string_equal(home.state.alerts[0].accepted_by, "");
}

static struct caregivers_before before(void)
{
    struct caregivers_before before = {.n = home.context.caregivers_n};
    memcpy(before.caregivers, home.caregivers, sizeof(home.caregivers));
    return before;
}

static void configure(double at_s, const struct caregivers_before *was)
{
    home.out.n = 0;
    alerting_time(&home.state, &home.context, ns_of(at_s), &home.out);
    home.out.n = 0;
    alerting_configured(&home.state, &home.context, was, ns_of(at_s), &home.out);
}

static void test_consent_that_comes_later_finds_the_alert_where_it_is(void **unused)
{
    (void)unused;
    set_up();
    home.context.caregiver_consent = false;
    find_one(0, help());
    time_to(62);
    struct caregivers_before was = before();
    home.context.caregiver_consent = true;
    configure(63, &was);
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_SENT);
    assert_int_equal(count(EFFECT_NOTICE), 2);
    assert_false(home.state.alerts[0].alarm); /* somebody can be told now */
    time_to(120);
    assert_true(home.state.alerts[0].alarm);
}

static void test_a_monitoring_service_alone_is_told_at_once(void **unused)
{
    (void)unused;
    set_up();
    home.caregivers[0].emergency = false;
    home.caregivers[2].monitoring = true;
    find_one(0, red(RULE_F01));
    assert_string_equal(first(EFFECT_NOTICE)->notice.account, "cleo");
    assert_false(home.state.alerts[0].alarm);
}

/* ---------------------------------------------------------------- another chain meanwhile */

static void test_a_caregiver_who_leaves_is_cleared_and_the_ladder_goes_on(void **unused)
{
    (void)unused;
    three_contacts();
    find_one(0, red(RULE_F01));
    char id[ID_SIZE];
    memcpy(id, home.decided.items[0].alert, ID_SIZE);
    say_of(10, id, "anna", VERB_SEEN);
    struct caregivers_before was = before();
    home.caregivers[0] = home.caregivers[1]; /* anna is gone, bert and cleo move up */
    home.caregivers[1] = home.caregivers[2];
    home.context.caregivers_n = 2;
    configure(30, &was);
    assert_int_equal(count(EFFECT_NOTICE), 2);
    assert_string_equal(home.out.items[0].notice.account, "anna");
    assert_true(home.out.items[0].notice.clear);
    const struct effect *fresh = &home.out.items[home.out.n - 1];
    assert_string_equal(fresh->notice.account, "bert");
    assert_false(fresh->notice.clear);
    assert_int_equal(home.state.alerts[0].told, 1);
    assert_int_equal(home.state.alerts[0].seen, 0);
    assert_int_equal(home.state.alerts[0].stamps[STAMP_SEEN].actor.kind, ACTOR_FORMER);
    assert_int_equal(say_of(31, id, "anna", VERB_ACCEPT), ACK_NOT_ENTITLED);
    time_to(60);
    assert_int_equal(home.state.alerts[0].told, 3);
    assert_true(home.state.alerts[0].due_ns[TIMER_LADDER] == ns_of(120));
}

static void test_a_caregiver_who_moves_in_the_list_is_not_told_again(void **unused)
{
    (void)unused;
    three_contacts();
    find_one(0, red(RULE_F01));
    struct caregivers_before was = before();
    struct wire_caregiver anna = home.caregivers[0];
    home.caregivers[0] = home.caregivers[2];
    home.caregivers[2] = anna;
    configure(30, &was);
    assert_int_equal(count(EFFECT_NOTICE), 0);
    assert_int_equal(home.state.alerts[0].told, 1 << 2);
}

static void test_withdrawn_consent_takes_every_notice_back_and_sounds_the_alarm(void **unused)
{
    (void)unused;
    three_contacts();
    find_one(0, red(RULE_F01));
    time_to(70);
    struct caregivers_before was = before();
    home.context.caregiver_consent = false;
    configure(71, &was);
    assert_int_equal(count(EFFECT_NOTICE), 2);
    for (int i = 0; i < 2; i++)
        assert_true(home.out.items[i].notice.clear);
    assert_true(home.state.alerts[0].alarm);
    assert_true(home.state.alerts[0].due_ns[TIMER_SAY] == ns_of(71));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_on_duty_comes_first_and_nobody_on_duty_silences_nothing),
        cmocka_unit_test(test_duty_over_midnight_belongs_to_the_day_it_begins_on),
        cmocka_unit_test(test_with_nobody_to_tell_the_local_alarm_begins_at_once_and_says_so),
        cmocka_unit_test(test_with_nobody_to_tell_a_same_day_alarm_promises_contacts),
        cmocka_unit_test(test_the_wearer_is_not_told_who_is_on_it),
        cmocka_unit_test(test_with_nobody_to_tell_the_wearer_is_the_person_who_accepts),
        cmocka_unit_test(test_consent_that_comes_later_finds_the_alert_where_it_is),
        cmocka_unit_test(test_a_monitoring_service_alone_is_told_at_once),
        cmocka_unit_test(test_a_caregiver_who_leaves_is_cleared_and_the_ladder_goes_on),
        cmocka_unit_test(test_a_caregiver_who_moves_in_the_list_is_not_told_again),
        cmocka_unit_test(test_withdrawn_consent_takes_every_notice_back_and_sounds_the_alarm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
