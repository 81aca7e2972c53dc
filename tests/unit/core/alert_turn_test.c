/* Rule book 5.3: of several things to say, which comes first, which waits, and where it goes. */
#include "alert_fixture.h"

static void test_the_most_important_of_one_step_is_said_alone(void **unused)
{
    (void)unused;
    set_up();
    const struct finding found[] = {brisk(), silent(SLOT_INSOLE), coach()};
    find_all(0, found, 3);
    assert_int_equal(count(EFFECT_PROMPT), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_R11_COACH);
    assert_int_equal(home.decided.items[1].suppression, SUPPRESSED_OUTRANKED);
    assert_int_equal(home.decided.items[2].suppression, SUPPRESSED_OUTRANKED);
}

static void test_what_may_not_speak_does_not_outrank(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, coach());
    const struct finding found[] = {brisk(), coach()};
    find_all(100, found, 2);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_R03_BRISK);
}

static void test_a_caution_waits_30_s_at_most(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, coach());
    assert_int_equal(find_one(20, caution()), SUPPRESSED_GAP);
    char id[ID_SIZE];
    memcpy(id, home.decided.items[0].prompt, ID_SIZE);
    assert_true(id[0] == 'p');
    assert_true(alerting_deadline_ns(&home.state) == ns_of(45));
    time_to(44.9);
    assert_int_equal(home.out.n, 0);
    time_to(500);
    assert_int_equal(count(EFFECT_PROMPT), 1);
    assert_true(first(EFFECT_PROMPT)->at_ns == ns_of(45));
    assert_string_equal(first(EFFECT_PROMPT)->prompt.id, id);
    assert_true(alerting_deadline_ns(&home.state) == INT64_MAX);

    set_up();
    find_one(0, coach());
    assert_int_equal(find_one(10, caution()), SUPPRESSED_GAP);
    time_to(500);
    assert_int_equal(home.out.n, 0);
    assert_true(alerting_deadline_ns(&home.state) == INT64_MAX);
}

static void test_a_caution_that_went_away_while_waiting_is_not_said(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, coach());
    find_one(20, caution());
    struct finding gone = caution();
    gone.cleared = true;
    find_one(30, gone);
    time_to(500);
    assert_int_equal(home.out.n, 0);
}

static void test_a_stop_keeps_no_gap_and_locks_coaching_until_it_is_over(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, coach());
    assert_int_equal(find_one(1, stop()), SUPPRESSED_NOT);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.expiry_s, 0);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.pattern, STRIDE__V1__PATTERN__PATTERN_LONG);
    assert_int_equal(count(EFFECT_NOTICE), 0);
    assert_int_equal(ack(2, home.state.alerts[0].id, "anna"), ACK_UNKNOWN_ALERT);
    assert_int_equal(find_one(60, stop()), SUPPRESSED_OPEN_ALERT);
    assert_int_equal(find_one(100, brisk()), SUPPRESSED_OPEN_ALERT);
    assert_int_equal(find_one(101, caution()), SUPPRESSED_OPEN_ALERT);
    struct finding gone = stop();
    gone.cleared = true;
    find_one(200, gone);
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_RESOLVED);
    assert_int_equal(find_one(300, brisk()), SUPPRESSED_NOT);
}

static void test_a_stop_that_nobody_answers_ends_by_itself(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, stop());
    time_to(599);
    assert_int_equal(alerting_open_n(&home.state), 1);
    time_to(600);
    assert_int_equal(alerting_open_n(&home.state), 0);
}

static void test_a_stop_beside_a_red_flag_is_said_after_it(void **unused)
{
    (void)unused;
    set_up();
    const struct finding found[] = {stop(), help()};
    find_all(0, found, 2);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_F07_ALERTING);
    time_to(4.9);
    assert_int_equal(count(EFFECT_PROMPT), 0);
    time_to(5);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_R11_STOP);
}

static struct finding stop_of(enum rule rule, enum text text)
{
    return finding_of(rule, STRIDE__V1__SEVERITY__SEVERITY_STOP, text);
}

/* The first STOP says to stop: a second one waits until it was read, and nothing drops it. */
static void test_the_second_stop_of_a_moment_replaces_the_first_or_is_dropped(void **unused)
{
    (void)unused;
    set_up();
    const struct finding both[] = {stop_of(RULE_P03, TEXT_P03_RED),
                                   stop_of(RULE_P02, TEXT_P02_STOP)};
    find_all(0, both, 2);
    assert_int_equal(count(EFFECT_PROMPT), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_P03_RED);
    assert_int_equal(home.decided.items[1].suppression, SUPPRESSED_GAP); /* not "outranked" */
    assert_int_equal(find_one(0.2, stop_of(RULE_P06, TEXT_P06_CHECK)), SUPPRESSED_GAP);
    press(1, STRIDE__V1__BUTTON__BUTTON_OK); /* of the one that was read */
    assert_int_equal(alerting_open_n(&home.state), 2);
    alerting_new_session(&home.state);
    time_to(4.9);
    assert_int_equal(count(EFFECT_PROMPT), 0);
    time_to(5);
    assert_int_equal(count(EFFECT_PROMPT), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_P02_STOP);
    time_to(10);
    assert_int_equal(count(EFFECT_PROMPT), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_P06_CHECK);
    time_to(25); /* and each again, at its own time */
    assert_int_equal(count(EFFECT_PROMPT), 1);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_P02_STOP);
}

static void test_a_repeat_takes_the_screen_from_a_new_stop(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, stop_of(RULE_P03, TEXT_P03_RED));
    find_one(19, stop_of(RULE_P02, TEXT_P02_STOP));
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_P02_STOP);
    time_to(23.9);
    assert_int_equal(count(EFFECT_PROMPT), 0);
    time_to(24);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_P03_RED);
}

/* Four cautions wait; the STOP takes the place of one. What a belt does cannot wait. */
static void test_a_stop_finds_no_place_to_wait_or_a_belt_waits(void **unused)
{
    (void)unused;
    set_up();
    find_one(0, praise());
    static const enum rule cautions[] = {RULE_R02, RULE_R11, RULE_R12, RULE_P05};
    for (int i = 0; i < 4; i++) {
        const struct finding found =
            finding_of(cautions[i], STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_R12_CAUTION);
        assert_int_equal(find_one(1, found), SUPPRESSED_GAP);
    }
    const struct finding both[] = {stop_of(RULE_P03, TEXT_P03_RED),
                                   stop_of(RULE_P02, TEXT_P02_STOP)};
    find_all(2, both, 2);
    assert_int_equal(find_one(3, stop_of(RULE_S04, TEXT_S04_BELT)), SUPPRESSED_NOT);
    time_to(8);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_P02_STOP);
}

/* ---------------------------------------------------------------- where it goes */

static void test_a_prompt_goes_to_the_wrist_else_the_treadmill_else_nowhere(void **unused)
{
    (void)unused;
    set_up();
    home.health[SLOT_TREADMILL] = home.health[SLOT_WRIST];
    home.health[SLOT_TREADMILL].kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL;
    find_one(0, coach());
    assert_true(first(EFFECT_PROMPT)->prompt.to_wrist);
    assert_false(first(EFFECT_PROMPT)->prompt.to_treadmill);
    find_one(100, brisk()); /* names both */
    assert_true(first(EFFECT_PROMPT)->prompt.to_wrist);
    assert_true(first(EFFECT_PROMPT)->prompt.to_treadmill);
    home.health[SLOT_WRIST].last_ns = ns_of(0);
    find_one(400, coach());
    assert_false(first(EFFECT_PROMPT)->prompt.to_wrist);
    assert_true(first(EFFECT_PROMPT)->prompt.to_treadmill);
    home.health[SLOT_TREADMILL].lost = true;
    assert_int_equal(find_one(1000, caution()), SUPPRESSED_NO_DEVICE);
    assert_int_equal(find_one(1100, help()), SUPPRESSED_NOT);
    assert_true(first(EFFECT_PROMPT)->prompt.to_wrist);
}

static void test_a_red_flag_without_any_device_still_reaches_the_caregivers(void **unused)
{
    (void)unused;
    set_up();
    home.health[SLOT_WRIST].registered = false;
    assert_int_equal(find_one(0, help()), SUPPRESSED_NO_DEVICE);
    time_to(5);
    assert_int_equal(count(EFFECT_NOTICE), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_most_important_of_one_step_is_said_alone),
        cmocka_unit_test(test_what_may_not_speak_does_not_outrank),
        cmocka_unit_test(test_a_caution_waits_30_s_at_most),
        cmocka_unit_test(test_a_caution_that_went_away_while_waiting_is_not_said),
        cmocka_unit_test(test_a_stop_keeps_no_gap_and_locks_coaching_until_it_is_over),
        cmocka_unit_test(test_a_stop_that_nobody_answers_ends_by_itself),
        cmocka_unit_test(test_a_stop_beside_a_red_flag_is_said_after_it),
        cmocka_unit_test(test_the_second_stop_of_a_moment_replaces_the_first_or_is_dropped),
        cmocka_unit_test(test_a_repeat_takes_the_screen_from_a_new_stop),
        cmocka_unit_test(test_a_stop_finds_no_place_to_wait_or_a_belt_waits),
        cmocka_unit_test(test_a_prompt_goes_to_the_wrist_else_the_treadmill_else_nowhere),
        cmocka_unit_test(test_a_red_flag_without_any_device_still_reaches_the_caregivers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
