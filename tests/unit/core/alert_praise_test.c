/* At least as many positive as corrective messages in a walk (rule book 5.3). */
#include "alert_fixture.h"

#include <math.h>

static void begin(void)
{
    set_up();
    home.owes = true;
}

static bool due(double at_s, double walked_s, struct finding *praise)
{
    return alerting_praise(&home.state, &home.params, ns_of(at_s), walked_s, praise);
}

/* Says the praise that is owed, as the pipeline does. */
static enum suppression praise_owed(double at_s, double walked_s, enum text wanted)
{
    struct finding praise;
    assert_true(due(at_s, walked_s, &praise));
    assert_int_equal(praise.text, wanted);
    assert_true(praise.praise);
    return find_one(at_s, praise);
}

static struct finding over(struct finding finding)
{
    finding.cleared = true;
    return finding;
}

static void test_what_is_owed_is_counted(void **unused)
{
    (void)unused;
    begin();
    assert_int_equal(alerting_praise_owed(&home.state), 0);
    find_one(0, coach());
    find_one(60, caution());
    assert_int_equal(alerting_praise_owed(&home.state), 1);
    find_one(200, praise());
    assert_int_equal(alerting_praise_owed(&home.state), 0);
    find_one(300, brisk());
    assert_int_equal(alerting_praise_owed(&home.state), 1);
    alerting_new_session(&home.state);
    assert_int_equal(alerting_praise_owed(&home.state), 0);
}

static void test_neither_doses_nor_stops_nor_technical_messages_are_corrections(void **unused)
{
    (void)unused;
    begin();
    assert_int_equal(
        find_one(0, finding_of(RULE_C16, STRIDE__V1__SEVERITY__SEVERITY_COACH, TEXT_C16_ENOUGH)),
        SUPPRESSED_NOT);
    assert_int_equal(find_one(100, silent(SLOT_INSOLE)), SUPPRESSED_NOT);
    assert_int_equal(
        find_one(200, finding_of(RULE_R06, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_R06_STRING)),
        SUPPRESSED_NOT);
    assert_int_equal(find_one(300, stop()), SUPPRESSED_NOT);
    assert_int_equal(alerting_praise_owed(&home.state), 0);
}

static void test_a_second_tip_waits_for_praise_and_what_protects_does_not(void **unused)
{
    (void)unused;
    const struct finding careful =
        finding_of(RULE_S02, STRIDE__V1__SEVERITY__SEVERITY_COACH, TEXT_S02_CAREFUL);
    begin();
    assert_int_equal(find_one(0, coach()), SUPPRESSED_NOT);
    assert_int_equal(find_one(100, brisk()), SUPPRESSED_PRAISE_FIRST);
    assert_int_equal(find_one(110, careful),
                     SUPPRESSED_NOT); /* nobody stumbles for want of praise */
    assert_int_equal(find_one(160, caution()), SUPPRESSED_NOT);
    assert_int_equal(alerting_praise_owed(&home.state), 1);
    assert_int_equal(praise_owed(460, 500, TEXT_PRAISE_MINUTES), SUPPRESSED_NOT);
    assert_int_equal(find_one(800, brisk()), SUPPRESSED_NOT);
}

/* "Every step counts" after "take a rest" would take the advice back. */
static void test_after_a_caution_nothing_is_praised_for_a_while(void **unused)
{
    (void)unused;
    struct finding praise;
    begin();
    find_one(0, coach());
    find_one(50, caution());
    find_one(80, over(coach()));
    assert_false(due(349, 400, &praise));
    assert_true(due(350, 400, &praise));
    home.params.value[PARAM_PRAISE_CAUTION_S] = 60;
    assert_true(due(111, 200, &praise));
}

static void test_a_new_walk_owes_nothing_and_none_is_none(void **unused)
{
    (void)unused;
    begin();
    find_one(0, coach());
    alerting_new_session(&home.state);
    assert_int_equal(find_one(100, brisk()), SUPPRESSED_NOT);
    home.context.session_open = false; /* no walk: nothing to praise */
    assert_int_equal(find_one(500, coach()), SUPPRESSED_NOT);
}

static void test_what_was_asked_for_is_praised_as_soon_as_it_came(void **unused)
{
    (void)unused;
    begin();
    struct finding praise;
    find_one(0, coach());
    assert_false(due(30, 30, &praise));
    find_one(45, over(coach()));
    assert_int_equal(praise_owed(45, 45, TEXT_PRAISE_EASED), SUPPRESSED_NOT);
    assert_int_equal(home.decided.items[0].finding.rule, RULE_R11);
    assert_false(due(400, 400, &praise)); /* nothing is owed */
    /* Not the rule's own praise: its time goes on as it was. */
    assert_false(home.state.voices[RULE_R11].praised);
}

/* Its own praise comes once the pace has lasted; "nice change" 20 s after it would be twice. */
static void test_a_brisker_pace_is_praised_by_its_own_rule(void **unused)
{
    (void)unused;
    begin();
    struct finding praise_of;
    find_one(0, brisk());
    find_one(45, over(brisk()));
    assert_false(due(45, 200, &praise_of));
    assert_int_equal(find_one(50, praise()), SUPPRESSED_NOT);
    assert_int_equal(alerting_praise_owed(&home.state), 0);
}

static void test_else_the_minutes_are_praised_a_while_after_the_last_prompt(void **unused)
{
    (void)unused;
    begin();
    struct finding praise;
    find_one(0, coach());
    assert_false(due(89, 600, &praise));
    assert_false(due(90, 119, &praise)); /* "minutes": more than one */
    assert_true(due(90, 431, &praise));
    assert_int_equal(praise.text, TEXT_PRAISE_MINUTES);
    assert_int_equal(praise.numbers.min, 7);
    assert_int_equal(praise.numbers.known, NUMBER_MIN);
    home.params.value[PARAM_PRAISE_OWED_S] = 50;
    assert_false(due(49, 431, &praise));
    assert_true(due(50, 431, &praise));
}

static void test_a_walk_at_the_limit_still_has_room_for_the_last_praise(void **unused)
{
    (void)unused;
    begin();
    home.params.value[PARAM_PROMPTS_PER_SESSION] = 4;
    assert_int_equal(find_one(0, coach()), SUPPRESSED_NOT);
    assert_int_equal(praise_owed(90, 200, TEXT_PRAISE_MINUTES), SUPPRESSED_NOT);
    assert_int_equal(find_one(400, brisk()), SUPPRESSED_NOT);
    assert_int_equal(
        find_one(500, finding_of(RULE_R06, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_R06_STRING)),
        SUPPRESSED_BUDGET_SESSION);
    assert_int_equal(praise_owed(600, 700, TEXT_PRAISE_MINUTES), SUPPRESSED_NOT);
    assert_int_equal(find_one(1000, coach()), SUPPRESSED_BUDGET_SESSION);
    assert_int_equal(alerting_praise_owed(&home.state), 0);
}

static void test_praise_is_held_back_as_all_coaching_is(void **unused)
{
    (void)unused;
    begin();
    struct finding praise;
    find_one(0, brisk());
    find_one(30, stop());
    assert_true(due(330, 400, &praise));
    assert_int_equal(find_one(330, praise), SUPPRESSED_OPEN_ALERT);
}

/* R05 is felt only, as a text makes a walker look down; so its praise draws no look either. */
static void praise_after_the_phone_makes_a_walker_look_down(void **unused)
{
    (void)unused;
    for (int belt = 0; belt < 2; belt++) {
        set_up();
        if (belt != 0) {
            home.health[SLOT_TREADMILL] = home.health[SLOT_WRIST];
            home.health[SLOT_TREADMILL].kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL;
        }
        struct finding eased =
            finding_of(RULE_R05, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_PRAISE_EASED);
        eased.praise = true;
        assert_int_equal(find_one(0, eased), SUPPRESSED_NOT);
        const struct effect_prompt *prompt = &first(EFFECT_PROMPT)->prompt;
        assert_int_equal(prompt->pattern, STRIDE__V1__PATTERN__PATTERN_NONE);
        assert_true(prompt->to_wrist == (belt == 0) && prompt->to_treadmill == (belt != 0));
        eased.rule = RULE_R11; /* any other is read where it was said */
        find_one(60, eased);
        assert_true(first(EFFECT_PROMPT)->prompt.to_wrist);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_owed_is_counted),
        cmocka_unit_test(test_neither_doses_nor_stops_nor_technical_messages_are_corrections),
        cmocka_unit_test(test_a_second_tip_waits_for_praise_and_what_protects_does_not),
        cmocka_unit_test(test_after_a_caution_nothing_is_praised_for_a_while),
        cmocka_unit_test(test_a_new_walk_owes_nothing_and_none_is_none),
        cmocka_unit_test(test_what_was_asked_for_is_praised_as_soon_as_it_came),
        cmocka_unit_test(test_a_brisker_pace_is_praised_by_its_own_rule),
        cmocka_unit_test(test_else_the_minutes_are_praised_a_while_after_the_last_prompt),
        cmocka_unit_test(test_a_walk_at_the_limit_still_has_room_for_the_last_praise),
        cmocka_unit_test(test_praise_is_held_back_as_all_coaching_is),
        cmocka_unit_test(praise_after_the_phone_makes_a_walker_look_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
