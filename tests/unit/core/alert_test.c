#include "alert_fixture.h"

static void test_two_prompts_keep_45_s_and_20_s_after_a_praise(void **unused)
{
    (void)unused;
    set_up();
    assert_int_equal(find_one(0, coach()), SUPPRESSED_NOT);
    assert_int_equal(find_one(44.9, brisk()), SUPPRESSED_GAP);
    assert_int_equal(find_one(45, brisk()), SUPPRESSED_NOT);
    assert_int_equal(find_one(100, praise()), SUPPRESSED_NOT);
    assert_int_equal(find_one(119.9, silent(SLOT_INSOLE)), SUPPRESSED_GAP);
    assert_int_equal(find_one(120, silent(SLOT_INSOLE)), SUPPRESSED_NOT);
}

static void test_a_coach_that_lost_is_never_said_late(void **unused)
{
    (void)unused;
    set_up();
    assert_int_equal(find_one(0, coach()), SUPPRESSED_NOT);
    assert_int_equal(find_one(30, brisk()), SUPPRESSED_GAP);
    assert_true(home.decided.items[0].prompt[0] == '\0');
    time_to(1000);
    assert_int_equal(home.out.n, 0);
}

static void test_three_corrective_prompts_in_ten_minutes_and_praise_beside(void **unused)
{
    (void)unused;
    set_up();
    home.params.value[PARAM_PROMPTS_PER_SESSION] = 50;
    struct finding tip = coach();
    tip.refractory_s = 0;
    tip.prompts_max = 0;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(find_one(50 * i, tip), SUPPRESSED_NOT);
        home.state.voices[RULE_R11].unimproved_n = home.state.voices[RULE_R11].unanswered_n = 0;
    }
    assert_int_equal(find_one(200, tip), SUPPRESSED_BUDGET_10MIN);
    assert_int_equal(find_one(250, praise()), SUPPRESSED_NOT);
    assert_int_equal(find_one(300, silent(SLOT_INSOLE)), SUPPRESSED_NOT);
    assert_int_equal(find_one(599.9, tip), SUPPRESSED_BUDGET_10MIN);
    assert_int_equal(find_one(600, tip), SUPPRESSED_NOT);
}

static void what_follows_from_a_symptom_needs_no_consent_to_coaching(void **unused)
{
    (void)unused;
    set_up();
    home.context.coaching_consent = false;
    struct finding call =
        finding_of(RULE_T1, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_T1_FIRST_EPISODE);
    assert_int_equal(find_one(0, call), SUPPRESSED_CONSENT);
    call.reply = true;
    for (int i = 0; i < 5; i++) {
        home.state.voices[RULE_T1].unimproved_n = home.state.voices[RULE_T1].unanswered_n = 5;
        assert_int_equal(find_one(60 + 60 * i, call), SUPPRESSED_NOT);
    }
    struct finding heavy =
        finding_of(RULE_P05, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_P05_REST);
    heavy.reply = true;
    assert_int_equal(find_one(1000, heavy), SUPPRESSED_CONSENT);
}

static void what_informs_leaves_a_place_to_what_coaches(void **unused)
{
    (void)unused;
    set_up();
    struct finding cue = finding_of(RULE_R06, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_R06_STRING);
    struct finding shoes =
        finding_of(RULE_C06, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_C06_SHOES);
    struct finding hurt = finding_of(RULE_C11, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_C11_HURT);
    struct finding trips =
        finding_of(RULE_S02, STRIDE__V1__SEVERITY__SEVERITY_COACH, TEXT_S02_CAREFUL);
    assert_int_equal(find_one(0, shoes), SUPPRESSED_NOT);
    assert_int_equal(find_one(60, hurt), SUPPRESSED_NOT);
    assert_int_equal(find_one(120, cue), SUPPRESSED_BUDGET_10MIN);
    assert_int_equal(find_one(180, trips), SUPPRESSED_NOT);
    assert_int_equal(find_one(240, trips), SUPPRESSED_BUDGET_10MIN);
}

static void test_a_look_at_the_phone_is_felt_and_lights_no_screen(void **unused)
{
    (void)unused;
    set_up();
    struct finding eyes = finding_of(RULE_R05, STRIDE__V1__SEVERITY__SEVERITY_COACH, TEXT_R05_EYES);
    eyes.felt_only = true;
    assert_int_equal(find_one(100, eyes), SUPPRESSED_NOT);
    const struct effect_prompt *prompt = &first(EFFECT_PROMPT)->prompt;
    assert_true(prompt->silent && prompt->to_wrist && !prompt->to_treadmill);
    assert_int_equal(find_one(400, coach()), SUPPRESSED_NOT);
    assert_false(first(EFFECT_PROMPT)->prompt.silent);
}

static void say_often(int n, double from_s)
{
    struct finding tip = coach();
    tip.refractory_s = 0;
    tip.prompts_max = 0;
    for (int i = 0; i < n; i++) {
        assert_int_equal(find_one(from_s + 400 * i, tip), SUPPRESSED_NOT);
        home.state.voices[RULE_R11].unimproved_n = home.state.voices[RULE_R11].unanswered_n = 0;
    }
}

/* What a walk has used up is the walk's: after it only the day's budget holds. */
static void test_a_walks_budget_ends_with_the_walk(void **unused)
{
    (void)unused;
    set_up();
    home.params.value[PARAM_QUIET_FROM_MIN] = home.params.value[PARAM_QUIET_UNTIL_MIN];
    say_often(7, 0);
    assert_int_equal(find_one(3000, brisk()), SUPPRESSED_BUDGET_SESSION);
    home.context.session_open = false;
    assert_int_equal(find_one(3700, brisk()), SUPPRESSED_NOT);
}

static void test_eight_in_a_session_and_twelve_in_a_local_day(void **unused)
{
    (void)unused;
    set_up();
    home.params.value[PARAM_QUIET_FROM_MIN] = home.params.value[PARAM_QUIET_UNTIL_MIN];
    /* Local midnight is at session time 1,000 s of the first day, with 60 min east of UTC. */
    home.context.tz_offset_min = 60;
    int64_t local_ms = 1000 * 1000 + home.context.wall_minus_mono_ms + 3600000;
    home.context.wall_minus_mono_ms += 86400000 - local_ms % 86400000;
    say_often(7, 0);
    assert_int_equal(find_one(3000, brisk()), SUPPRESSED_BUDGET_SESSION); /* one is for praise */
    assert_int_equal(find_one(3100, praise()), SUPPRESSED_NOT);
    assert_int_equal(find_one(3900, praise()), SUPPRESSED_BUDGET_SESSION);
    alerting_new_session(&home.state);
    say_often(3, 5000);
    assert_int_equal(find_one(8000, brisk()), SUPPRESSED_BUDGET_DAY);
    assert_int_equal(find_one(8100, caution()), SUPPRESSED_NOT);
    assert_int_equal(find_one(9000, caution()), SUPPRESSED_BUDGET_DAY);
    assert_int_equal(find_one(9100, silent(SLOT_INSOLE)), SUPPRESSED_NOT);
    alerting_new_session(&home.state);
    assert_int_equal(find_one(86399 - 1000 + 1000, brisk()), SUPPRESSED_BUDGET_DAY);
    assert_int_equal(find_one(86400, brisk()), SUPPRESSED_NOT);
    assert_int_equal(find_one(86500, coach()), SUPPRESSED_NOT);
}

static void test_refractory_time_doubles_and_the_rule_ends_at_its_maximum(void **unused)
{
    (void)unused;
    set_up();
    assert_int_equal(find_one(0, coach()), SUPPRESSED_NOT);
    assert_int_equal(find_one(239.9, coach()), SUPPRESSED_REFRACTORY);
    assert_int_equal(find_one(240, coach()), SUPPRESSED_NOT);
    assert_int_equal(find_one(719.9, coach()), SUPPRESSED_REFRACTORY);
    assert_int_equal(find_one(720, coach()), SUPPRESSED_NOT);
    assert_int_equal(find_one(9000, coach()), SUPPRESSED_RULE_MAX);
    alerting_new_session(&home.state);
    assert_int_equal(find_one(9100, coach()), SUPPRESSED_NOT);
}

static void test_what_got_worse_is_not_held_back_by_the_refractory_time(void **unused)
{
    (void)unused;
    set_up();
    struct finding worse = coach();
    worse.severity = STRIDE__V1__SEVERITY__SEVERITY_CAUTION;
    worse.text = TEXT_R11_CAUTION;
    assert_int_equal(find_one(0, coach()), SUPPRESSED_NOT);
    assert_int_equal(find_one(60, worse), SUPPRESSED_NOT);
    assert_int_equal(find_one(120, coach()), SUPPRESSED_REFRACTORY);
}

static void test_a_rule_is_muted_after_three_prompts_that_changed_nothing(void **unused)
{
    (void)unused;
    for (int improved = 0; improved < 2; improved++) {
        set_up();
        struct finding tip = coach();
        tip.prompts_max = 0;
        tip.refractory_s = 0;
        struct finding gone = tip;
        gone.cleared = true;
        for (int i = 0; i < 3; i++) {
            assert_int_equal(find_one(1000 * i, tip), SUPPRESSED_NOT);
            struct wire_feedback feedback = {.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED};
            memcpy(feedback.prompt, home.decided.items[0].prompt, ID_SIZE);
            alerting_feedback(&home.state, &home.context, &feedback, ns_of(1000 * i + 1),
                              &home.out);
            if (improved)
                find_one(1000 * i + 500, gone);
        }
        assert_int_equal(find_one(5000, tip), improved ? SUPPRESSED_NOT : SUPPRESSED_MUTED);
    }
}

static void test_a_rule_is_muted_after_three_prompts_that_nobody_answered(void **unused)
{
    (void)unused;
    set_up();
    struct finding tip = coach();
    tip.prompts_max = 0;
    tip.refractory_s = 0;
    struct finding gone = tip;
    gone.cleared = true;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(find_one(1000 * i, tip), SUPPRESSED_NOT);
        find_one(1000 * i + 500, gone);
    }
    assert_int_equal(find_one(5000, tip), SUPPRESSED_MUTED);
}

static void test_a_rule_is_muted_after_as_many_prompts_as_are_set(void **unused)
{
    (void)unused;
    static const int counts[] = {1, 5};
    for (size_t at = 0; at < sizeof(counts) / sizeof(counts[0]); at++) {
        set_up();
        assert_true(params_set(&home.params, PARAM_PROMPT_MUTE_AFTER, counts[at]));
        struct finding tip = coach();
        tip.prompts_max = 0;
        tip.refractory_s = 0;
        for (int i = 0; i < counts[at]; i++)
            assert_int_equal(find_one(1000 * i, tip), SUPPRESSED_NOT);
        assert_int_equal(find_one(9000, tip), SUPPRESSED_MUTED);
    }
}

static void test_do_not_coach_me_today_silences_tips_but_no_caution(void **unused)
{
    (void)unused;
    set_up();
    press(0, STRIDE__V1__BUTTON__BUTTON_NO_COACHING);
    assert_int_equal(find_one(1, coach()), SUPPRESSED_MUTED);
    assert_int_equal(find_one(2, caution()), SUPPRESSED_NOT);
    assert_int_equal(find_one(2 * 86400, coach()), SUPPRESSED_NOT);
}

static void test_without_consent_only_devices_and_red_flags_speak(void **unused)
{
    (void)unused;
    set_up();
    home.context.coaching_consent = false;
    assert_int_equal(find_one(0, coach()), SUPPRESSED_CONSENT);
    assert_int_equal(find_one(1, silent(SLOT_INSOLE)), SUPPRESSED_NOT);
    assert_int_equal(find_one(2, help()), SUPPRESSED_NOT);
}

/* S03: a contact must not hear of stillness about which the wearer was never asked. */
static void test_safety_is_no_coaching_and_needs_no_consent_to_it(void **unused)
{
    (void)unused;
    set_up();
    home.context.coaching_consent = false;
    struct finding still =
        finding_of(RULE_S03, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_S03_OK);
    struct finding trips =
        finding_of(RULE_S02, STRIDE__V1__SEVERITY__SEVERITY_COACH, TEXT_S02_CAREFUL);
    still.refractory_s = 300;
    still.prompts_max = 2;
    assert_int_equal(find_one(0, trips), SUPPRESSED_CONSENT);
    assert_int_equal(find_one(0, still), SUPPRESSED_NOT);
    assert_int_equal(find_one(299, still), SUPPRESSED_REFRACTORY);
    assert_int_equal(find_one(300, still), SUPPRESSED_NOT);
    assert_int_equal(find_one(1000, still), SUPPRESSED_RULE_MAX);
    struct finding heart =
        finding_of(RULE_S06, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_S06_CAUTION);
    assert_int_equal(find_one(1100, heart), SUPPRESSED_NOT);
    home.context.coaching_consent = true;
    home.state.voices[RULE_S06].unanswered_n = 5; /* nor does it fall silent */
    assert_int_equal(find_one(1200, heart), SUPPRESSED_NOT);
}

/* S09: a link that comes and goes is said once in a walk (3.6). */
static void test_what_is_technical_keeps_the_most_of_its_rule(void **unused)
{
    (void)unused;
    set_up();
    struct finding away =
        finding_of(RULE_S09, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_S09_UNREACHABLE);
    away.prompts_max = 1;
    assert_int_equal(find_one(0, away), SUPPRESSED_NOT);
    assert_int_equal(find_one(120, away), SUPPRESSED_RULE_MAX);
    alerting_new_session(&home.state);
    assert_int_equal(find_one(240, away), SUPPRESSED_NOT);
}

static void test_one_message_per_device_and_session(void **unused)
{
    (void)unused;
    set_up();
    assert_int_equal(find_one(0, silent(SLOT_INSOLE)), SUPPRESSED_NOT);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.device, DEVICE_WORD_RIGHT_INSOLE);
    assert_int_equal(find_one(60, silent(SLOT_INSOLE)), SUPPRESSED_RULE_MAX);
    assert_int_equal(find_one(120, silent(SLOT_TREADMILL)), SUPPRESSED_NOT);
    alerting_new_session(&home.state);
    assert_int_equal(find_one(180, silent(SLOT_INSOLE)), SUPPRESSED_NOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_follows_from_a_symptom_needs_no_consent_to_coaching),
        cmocka_unit_test(what_informs_leaves_a_place_to_what_coaches),
        cmocka_unit_test(test_two_prompts_keep_45_s_and_20_s_after_a_praise),
        cmocka_unit_test(test_a_coach_that_lost_is_never_said_late),
        cmocka_unit_test(test_three_corrective_prompts_in_ten_minutes_and_praise_beside),
        cmocka_unit_test(test_a_look_at_the_phone_is_felt_and_lights_no_screen),
        cmocka_unit_test(test_a_walks_budget_ends_with_the_walk),
        cmocka_unit_test(test_eight_in_a_session_and_twelve_in_a_local_day),
        cmocka_unit_test(test_refractory_time_doubles_and_the_rule_ends_at_its_maximum),
        cmocka_unit_test(test_what_got_worse_is_not_held_back_by_the_refractory_time),
        cmocka_unit_test(test_a_rule_is_muted_after_three_prompts_that_changed_nothing),
        cmocka_unit_test(test_a_rule_is_muted_after_three_prompts_that_nobody_answered),
        cmocka_unit_test(test_a_rule_is_muted_after_as_many_prompts_as_are_set),
        cmocka_unit_test(test_do_not_coach_me_today_silences_tips_but_no_caution),
        cmocka_unit_test(test_without_consent_only_devices_and_red_flags_speak),
        cmocka_unit_test(test_safety_is_no_coaching_and_needs_no_consent_to_it),
        cmocka_unit_test(test_what_is_technical_keeps_the_most_of_its_rule),
        cmocka_unit_test(test_one_message_per_device_and_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
