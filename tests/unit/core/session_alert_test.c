/* A walk's record of its rules: prompts said and held back, whether they helped, time evaluated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "session_fixture.h"

static struct decision decision_of(enum rule rule, enum text text, enum suppression why,
                                   const char *prompt, const char *alert)
{
    struct decision decision = {.finding = {.rule = (uint8_t)rule,
                                            .text = (uint8_t)text,
                                            .severity = STRIDE__V1__SEVERITY__SEVERITY_COACH,
                                            .at_ns = ns_of(10),
                                            .value = 9,
                                            .threshold = 8},
                                .suppression = (uint8_t)why};
    memcpy(decision.prompt, prompt, strlen(prompt));
    memcpy(decision.alert, alert, strlen(alert));
    return decision;
}

static void decide(struct session *session, struct decision decision)
{
    session_decision(session, &decision, WALL_MS);
}

static void test_prompts_said_and_held_back_are_told_apart(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    decide(&session, decision_of(RULE_R11, TEXT_R11_COACH, SUPPRESSED_NOT, "p1", ""));
    for (int i = 0; i < 30; i++)
        decide(&session, decision_of(RULE_R11, TEXT_R11_COACH, SUPPRESSED_REFRACTORY, "", ""));
    decide(&session, decision_of(RULE_R11, TEXT_R11_COACH, SUPPRESSED_GAP, "", ""));
    decide(&session, decision_of(RULE_R11, TEXT_R11_COACH, SUPPRESSED_REFRACTORY, "", ""));
    assert_int_equal(session.alerts_n, 4);
    assert_int_equal(session.prompts_sent, 1);
    assert_int_equal(session.prompts_suppressed, 3);
    assert_true(session.alerts[0].at_utc_ms == ns_of(10) / 1000000 + WALL_MS);

    struct decision praise = decision_of(RULE_R03, TEXT_R03_PRAISE, SUPPRESSED_NOT, "p2", "");
    praise.finding.praise = true;
    decide(&session, praise);
    praise.suppression = SUPPRESSED_REFRACTORY;
    decide(&session, praise);
    assert_int_equal(session.praise_n, 1);
    assert_int_equal(session.alerts_n, 5);
    struct decision gone = decision_of(RULE_R11, TEXT_NONE, SUPPRESSED_NOT, "", "");
    gone.finding.cleared = true;
    decide(&session, gone);
    assert_int_equal(session.alerts_n, 5);
}

static void test_a_prompt_that_waited_and_was_said_counts_as_said_once(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    decide(&session, decision_of(RULE_R12, TEXT_R12_CAUTION, SUPPRESSED_GAP, "p7", ""));
    assert_int_equal(session.prompts_suppressed, 1);
    struct effect_prompt prompt = {.id = "p7"};
    assert_true(session_prompt(&session, &prompt));
    assert_false(session_prompt(&session, &prompt));
    assert_int_equal(session.prompts_sent, 1);
    assert_int_equal(session.prompts_suppressed, 0);
    assert_int_equal(session.alerts[0].suppression, SUPPRESSED_NOT);
    struct effect_prompt answer = {.id = "p8"};
    assert_false(session_prompt(&session, &answer));
    assert_int_equal(session.prompts_sent, 1);
}

static void test_feedback_and_acknowledgement_find_their_alert(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    decide(&session, decision_of(RULE_F07, TEXT_F07_ALERTING, SUPPRESSED_NOT, "pab12", "aab12"));
    assert_true(session.alerts[0].id_kind == 'a' && session.alerts[0].id == 0xab12);
    const int64_t at_ms = session.alerts[0].at_utc_ms;
    struct wire_feedback feedback = {.prompt = "pab12",
                                     .kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_SHOWN};
    session_feedback(&session, &feedback, at_ms + 111);
    feedback.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED;
    session_feedback(&session, &feedback, at_ms + 222);
    feedback.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_SHOWN;
    session_feedback(&session, &feedback, at_ms + 333);
    assert_int_equal(session.alerts[0].shown, STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED);
    assert_true(session.alerts[0].shown_after_ms == 111);
    struct alert alert = {.id = "aab12", .state = ALERT_SENT, .changed_wall_ms = 5};
    session_alert_change(&session, &alert);
    assert_true(session.alerts[0].ack == ALERT_SENT && session.alerts[0].ack_after_ms == -1);
    alert.state = ALERT_ACCEPTED;
    alert.changed_wall_ms = at_ms + 777;
    session_alert_change(&session, &alert);
    assert_true(session.alerts[0].ack == ALERT_ACCEPTED && session.alerts[0].ack_after_ms == 777);
    memcpy(feedback.prompt, "", 1);
    session_feedback(&session, &feedback, 1);
}

/* Two red flags that share an alert are accepted together; what was only found again is not. */
static void test_flags_that_share_an_alert_end_with_it(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    decide(&session, decision_of(RULE_F03, TEXT_F03_FEVER, SUPPRESSED_NOT, "p1", "aab12"));
    decide(&session, decision_of(RULE_F03, TEXT_F03_FEVER, SUPPRESSED_OPEN_ALERT, "", "aab12"));
    decide(&session, decision_of(RULE_F06, TEXT_F06_HEART, SUPPRESSED_NOT, "p2", "aab12"));
    struct alert alert = {.id = "aab12", .state = ALERT_ACCEPTED, .told = 1};
    assert_true(session_alert_change(&session, &alert));
    assert_int_equal(session.alerts[0].ack, ALERT_ACCEPTED);
    assert_int_equal(session.alerts[1].ack, ALERT_RAISED);
    assert_int_equal(session.alerts[2].ack, ALERT_ACCEPTED);
    assert_true((session.alerts[2].channels & CHANNEL_CAREGIVER) != 0);
    assert_false(session_alert_change(&session, &alert));
}

static void test_a_rule_helped_if_its_condition_went_after_it_spoke(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    struct decision gone = decision_of(RULE_R12, TEXT_NONE, SUPPRESSED_NOT, "", "");
    gone.finding.cleared = true;
    decide(&session, gone); /* before it was said: not because of it */
    decide(&session, decision_of(RULE_R12, TEXT_R12_CAUTION, SUPPRESSED_GAP, "p7", ""));
    decide(&session, decision_of(RULE_R11, TEXT_R11_COACH, SUPPRESSED_NOT, "p1", ""));
    assert_true(session.prompted == UINT64_C(1) << RULE_R11 && session.improved == 0);
    struct effect_prompt prompt = {.id = "p7", .to_wrist = true};
    assert_true(session_prompt(&session, &prompt));
    assert_false(session_prompt(&session, &prompt));
    assert_int_equal(session.alerts[0].channels, CHANNEL_WRIST);
    prompt.to_treadmill = true; /* said again, and elsewhere */
    assert_true(session_prompt(&session, &prompt));
    decide(&session, gone);
    assert_true(session.prompted == (UINT64_C(1) << RULE_R11 | UINT64_C(1) << RULE_R12));
    assert_true(session.improved == UINT64_C(1) << RULE_R12);
}

static void test_a_rest_is_what_was_seen_of_half_of_it(void **unused)
{
    (void)unused;
    struct session session;
    struct stride stride = stride_of(FOOT_LEFT, 0, 1);
    struct wire_report report = {.pain_nrs = -1, .mood = -1};
    open_walk(&session);
    session_stride(&session, &stride, &no_summary);
    session_context(&session, CONTEXT_STAND, 10);
    session_context(&session, CONTEXT_SIT, 60);
    session_context(&session, CONTEXT_WALK, 1); /* live strides are told before final ones */
    stride = stride_of(FOOT_LEFT, 100, 101);
    session_stride(&session, &stride, &no_summary);
    assert_int_equal(session.rest_kinds[0], REST_SIT);
    session_context(&session, CONTEXT_STAND, 20);
    stride = stride_of(FOOT_LEFT, 200, 201);
    session_stride(&session, &stride, &no_summary);
    assert_int_equal(session.rests_n, 2);
    assert_int_equal(session.rest_kinds[1], REST_UNKNOWN); /* 20 s of 99 */
    session_context(&session, CONTEXT_STAND, 20);
    report.relief = STRIDE__V1__RELIEF__RELIEF_BENDING;
    session_report(&session, &report, 2, ns_of(202)); /* still walking: of no rest */
    report.relief = STRIDE__V1__RELIEF__RELIEF_SITTING;
    session_report(&session, &report, 2, ns_of(240));
    stride = stride_of(FOOT_LEFT, 300, 301);
    session_stride(&session, &stride, &no_summary);
    report.relief = STRIDE__V1__RELIEF__RELIEF_BENDING;
    session_report(&session, &report, 2, ns_of(340));
    for (int i = 4; i < 6; i++) {
        stride = stride_of(FOOT_LEFT, 100.0 * i, 100.0 * i + 1);
        session_stride(&session, &stride, &no_summary);
    }
    assert_int_equal(session.rests_n, 5);
    assert_int_equal(session.rest_kinds[2], REST_UNKNOWN);
    assert_int_equal(session.rest_kinds[3], REST_LEAN);
    assert_int_equal(session.rest_kinds[4], REST_UNKNOWN);
    session_cells(&session, 0, 4);
    session_cells(&session, 0, 1);
    assert_int_equal(session.devices[0].dead_cells, 5);
}

static void test_a_full_list_counts_what_it_drops(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    for (int i = 0; i < SESSION_ALERTS_MAX + 3; i++)
        decide(&session, decision_of(RULE_R11, TEXT_R11_COACH, SUPPRESSED_NOT, "p1", ""));
    assert_int_equal(session.alerts_n, SESSION_ALERTS_MAX);
    assert_int_equal(session.alerts_dropped_n, 3);
    assert_int_equal(session.prompts_sent, SESSION_ALERTS_MAX + 3);
    for (int i = 0; i < SESSION_RESTS_MAX + 4; i++)
        walk(&session, 100.0 * i, 100.0 * i + 10, NAN);
    assert_int_equal(session.rests_n, SESSION_RESTS_MAX);
    assert_int_equal(session.rests_dropped_n, 3);
}

static void test_rule_time_counts_only_what_was_evaluated(void **unused)
{
    (void)unused;
    struct session session;
    struct rules_state rules;
    open_walk(&session);
    rules_init(&rules);
    rules_new_session(&rules, ns_of(0));
    session_rule_time(&session, &rules, 2);
    rules.absence[RULE_R11] = RULE_EVALUATED;
    session_rule_time(&session, &rules, 3);
    rules.absence[RULE_R11] = RULE_STALE;
    session_rule_time(&session, &rules, 4);
    rules.absence[RULE_R11] = RULE_CONTRAINDICATED;
    session_rule_time(&session, &rules, 1);
    assert_int_equal(session_rule_evaluated_s(&session, RULE_R11), 3);
    assert_int_equal(session_rule_evaluated_s(&session, RULE_F07), 10);
    assert_int_equal(session_rule_absence(&session, RULE_F07), RULE_EVALUATED);
    /* Not the last reason, but the one that held longest. */
    assert_int_equal(session_rule_absence(&session, RULE_R11), RULE_STALE);
}

static void test_rule_time_loses_nothing_to_whole_seconds(void **unused)
{
    (void)unused;
    struct session session;
    struct rules_state rules;
    open_walk(&session);
    rules_init(&rules);
    rules_new_session(&rules, ns_of(0));
    assert_int_equal(session_rule_absence(&session, RULE_R11), RULE_NO_DATA);
    memset(rules.absence, RULE_EVALUATED, sizeof(rules.absence));
    for (int i = 0; i < 7200; i++)
        session_rule_time(&session, &rules, 0.55);
    assert_in_range(session_rule_evaluated_s(&session, RULE_R11), 3959, 3960);
    session_rule_time(&session, &rules, (double)NAN);
    session_rule_time(&session, &rules, -5);
    session_rule_time(&session, &rules, 1e9);
    assert_in_range(session_rule_evaluated_s(&session, RULE_R11), 3959, 3960);
    for (int i = 0; i < 100; i++)
        session_rule_time(&session, &rules, 1000);
    assert_int_equal(session_rule_evaluated_s(&session, RULE_R11), UINT16_MAX); /* and no less */
}

static void test_the_main_reason_stands_out_of_more_reasons_than_are_kept(void **unused)
{
    (void)unused;
    struct session session;
    struct rules_state rules;
    open_walk(&session);
    rules_init(&rules);
    rules_new_session(&rules, ns_of(0));
    for (int round = 0; round < 50; round++) {
        for (unsigned why = RULE_EVALUATED; why < RULE_ABSENCES; why++) {
            rules.absence[RULE_R11] = (uint8_t)why;
            session_rule_time(&session, &rules, why == RULE_NO_PLAN ? 20 : 1);
        }
    }
    assert_int_equal(session_rule_absence(&session, RULE_R11), RULE_NO_PLAN);
    assert_int_equal(session_rule_evaluated_s(&session, RULE_R11), 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prompts_said_and_held_back_are_told_apart),
        cmocka_unit_test(test_a_prompt_that_waited_and_was_said_counts_as_said_once),
        cmocka_unit_test(test_feedback_and_acknowledgement_find_their_alert),
        cmocka_unit_test(test_flags_that_share_an_alert_end_with_it),
        cmocka_unit_test(test_a_rule_helped_if_its_condition_went_after_it_spoke),
        cmocka_unit_test(test_a_rest_is_what_was_seen_of_half_of_it),
        cmocka_unit_test(test_a_full_list_counts_what_it_drops),
        cmocka_unit_test(test_rule_time_counts_only_what_was_evaluated),
        cmocka_unit_test(test_rule_time_loses_nothing_to_whole_seconds),
        cmocka_unit_test(test_the_main_reason_stands_out_of_more_reasons_than_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
