/* The ladder of rule book 5.2: who is told and when, whatever the hub slept through. */
#include <stdio.h>

#include "alert_fixture.h"

enum { STEPS_MAX = 64 };

/* What was done, in a form that two runs can be compared by. */
struct trail {
    int n;
    struct {
        double at_s;
        char what[16]; /* account, "level N", "alarm" */
    } steps[STEPS_MAX];
};

static void add(struct trail *trail, int64_t at_ns, const char *what)
{
    assert_true(trail->n < STEPS_MAX);
    trail->steps[trail->n].at_s = (double)(at_ns - ns_of(0)) / 1e9;
    snprintf(trail->steps[trail->n++].what, sizeof(trail->steps[0].what), "%s", what);
}

/* Levels, first alarm of each alert and notices that are no resend. */
static void collect(struct trail *trail)
{
    for (int i = 0; i < home.out.n; i++) {
        const struct effect *effect = &home.out.items[i];
        char what[16];
        if (effect->kind == EFFECT_NOTICE && !effect->notice.resend)
            add(trail, effect->at_ns, effect->notice.account);
        if (effect->kind == EFFECT_ALERT) {
            snprintf(what, sizeof(what), "level %u%s", effect->alert.level,
                     effect->alert.alarm ? " !" : "");
            add(trail, effect->at_ns, what);
        }
    }
}

static void expect(const struct trail *trail, const char *const *wanted)
{
    int i = 0;
    for (; wanted[i] != NULL; i++) {
        char got[32] = "nothing";
        if (i < trail->n)
            snprintf(got, sizeof(got), "%.10g %s", trail->steps[i].at_s, trail->steps[i].what);
        assert_string_equal(got, wanted[i]);
    }
    assert_int_equal(trail->n, i);
}

static void test_emergency_goes_to_60_120_and_300_s(void **unused)
{
    (void)unused;
    static struct trail trail;
    memset(&trail, 0, sizeof(trail));
    three_contacts();
    home.caregivers[2].monitoring = true;
    find_one(0, red(RULE_F01));
    collect(&trail);
    time_to(1000);
    collect(&trail);
    static const char *const wanted[] = {
        "0 level 0", "0 level 0",     "0 anna",   "60 level 1", "60 bert",
        "60 anna",   "120 level 2 !", "120 anna", "120 bert",   "300 level 3 !",
        "300 cleo",  "300 anna",      "300 bert", NULL};
    expect(&trail, wanted);
    const uint16_t *told_s = home.state.alerts[0].evidence.told_after_s;
    assert_int_equal(told_s[0], 0);
    assert_int_equal(told_s[1], 60);
    assert_int_equal(told_s[2], 300);
    assert_int_equal(told_s[3], ALERT_TOLD_NOT);
    assert_int_equal(home.state.alerts[0].evidence.alarm_after_s, 120);
    assert_int_equal(home.state.alerts[0].evidence.first_before_s, 0);
}

static void test_the_alarm_of_a_home_without_contacts_is_not_kept_from_its_raise(void **unused)
{
    (void)unused;
    set_up();
    home.context.caregivers_n = 0;
    find_one(0, red(RULE_S01));
    assert_true(home.state.alerts[0].alarm);
    assert_int_equal(home.state.alerts[0].evidence.alarm_after_s, 0);
    home.context.caregivers_n = 3;
    find_one(700, red(RULE_S01));
    assert_false(home.state.alerts[1].alarm);
    assert_int_equal(home.state.alerts[1].evidence.alarm_after_s, ALERT_TOLD_NOT);
}

/* For `stridehub explain`: what was known then, whatever comes later. */
static void test_an_alert_keeps_why_it_was_raised_and_what_was_missing(void **unused)
{
    (void)unused;
    three_contacts();
    home.context.body_context = CONTEXT_TREADMILL;
    home.context.devices = COVERAGE_WRIST;
    home.health[SLOT_INSOLE].lost = true;
    struct finding finding = red(RULE_S01);
    finding.baseline = 2.5F;
    finding.duration_s = 30;
    finding.dropped_gates = RULE_GATE_SPEED;
    find_one(0, finding);
    home.context.body_context = CONTEXT_SIT;
    home.health[SLOT_INSOLE].lost = false;
    struct wire_feedback feedback = {.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_SHOWN};
    memcpy(feedback.prompt, home.decided.items[0].prompt, ID_SIZE);
    home.out.n = 0;
    alerting_feedback(&home.state, &home.context, &feedback, ns_of(2), &home.out);
    assert_int_equal(count(EFFECT_ALERT), 1);
    feedback.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED;
    alerting_feedback(&home.state, &home.context, &feedback, ns_of(9), &home.out);
    const struct alert_evidence *evidence = &home.state.alerts[0].evidence;
    assert_true(evidence->baseline == 2.5F && evidence->duration_s == 30);
    assert_int_equal(evidence->context, CONTEXT_TREADMILL);
    assert_int_equal(evidence->devices, COVERAGE_WRIST);
    assert_int_equal(evidence->stale, 1 << SLOT_INSOLE);
    assert_int_equal(evidence->dropped_gates, RULE_GATE_SPEED);
    assert_int_equal(evidence->shown, STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED);
    assert_int_equal(evidence->shown_after_s, 2);
}

static void test_the_second_contact_waits_for_the_60_s_even_if_the_first_has_seen_it(void **unused)
{
    (void)unused; /* scenario 49 */
    three_contacts();
    find_one(0, red(RULE_F06));
    char id[ID_SIZE];
    memcpy(id, home.decided.items[0].alert, ID_SIZE);
    assert_int_equal(say_of(3, id, "anna", VERB_DELIVERED), ACK_ACCEPTED);
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_DELIVERED);
    assert_int_equal(say_of(4, id, "anna", VERB_SEEN), ACK_ACCEPTED);
    assert_int_equal(first(EFFECT_ALERT)->alert.state, ALERT_SEEN);
    assert_int_equal(say_of(5, id, "anna", VERB_SEEN), ACK_ALREADY);
    assert_int_equal(say_of(5, id, "anna", VERB_DELIVERED), ACK_ALREADY);
    assert_int_equal(say_of(6, id, "bert", VERB_SEEN), ACK_ACCEPTED); /* reads of it elsewhere */
    time_to(59.9);
    assert_int_equal(home.state.alerts[0].told, 1);
    time_to(60);
    assert_int_equal(home.state.alerts[0].level, 1);
    assert_int_equal(home.state.alerts[0].told, 3);
    assert_int_equal(home.state.alerts[0].state, ALERT_SEEN);
}

static void test_same_day_goes_to_15_min_60_min_and_every_4_h(void **unused)
{
    (void)unused;
    static struct trail trail;
    memset(&trail, 0, sizeof(trail));
    set_up();
    find_one(0, red(RULE_F02));
    collect(&trail);
    double at_s[] = {899, 901, 3599, 3601, 14400, 28800};
    for (size_t i = 0; i < sizeof(at_s) / sizeof(at_s[0]); i++) {
        time_to(at_s[i]);
        collect(&trail);
    }
    static const char *const wanted[] = {
        "0 level 0",       "0 level 0",       "0 anna",         "900 level 1",
        "900 cleo",        "900 anna",        "3600 level 2 !", "3600 anna",
        "3600 cleo",       "14400 level 3 !", "14400 anna",     "14400 cleo",
        "28800 level 4 !", "28800 anna",      "28800 cleo",     NULL};
    expect(&trail, wanted);
}

static void test_urgent_goes_to_60_min_the_next_morning_and_every_24_h_without_alarm(void **unused)
{
    (void)unused;
    static struct trail trail;
    memset(&trail, 0, sizeof(trail));
    set_up(); /* Thursday noon: morning is 19.5 h away */
    find_one(0, red(RULE_F04));
    collect(&trail);
    for (int hour = 1; hour <= 48; hour++) {
        press(3600 * hour - 1, STRIDE__V1__BUTTON__BUTTON_OK); /* the wearer's side is answered */
        time_to(3600 * hour);
        collect(&trail);
        time_to(3600 * hour + 1800);
        collect(&trail);
    }
    static const char *const wanted[] = {
        "0 level 0",      "0 level 0",     "0 anna",        "3600 level 1",
        "3600 cleo",      "3600 anna",     "70200 level 2", "70200 anna",
        "70200 cleo",     "86400 level 3", "86400 anna",    "86400 cleo",
        "172800 level 4", "172800 anna",   "172800 cleo",   NULL};
    expect(&trail, wanted);
}

static void test_an_urgent_alert_just_before_morning_waits_for_the_next_one(void **unused)
{
    (void)unused;
    set_up();
    home.context.wall_minus_mono_ms -= 5 * 3600000; /* 07:00 local */
    find_one(0, red(RULE_F04));
    time_to(3600);
    assert_int_equal(home.state.alerts[0].level, 1);
    assert_true(home.state.alerts[0].due_ns[TIMER_LADDER] == ns_of(24.5 * 3600));
    time_to(24.5 * 3600);
    assert_int_equal(home.state.alerts[0].level, 2);
    assert_true(home.state.alerts[0].due_ns[TIMER_LADDER] == ns_of(48 * 3600));
}

/* ---------------------------------------------------------------- late and interrupted */

static const enum rule all_urgencies[] = {RULE_F07, RULE_F01, RULE_F02, RULE_F04};

/* Runs `rule` to `end_s` in wake-ups `every_s` apart; the state's bytes are copied away and back
 * each time, as a restart does. */
static void run(enum rule rule, double every_s, double end_s, struct trail *trail)
{
    static struct alerting saved;
    memset(trail, 0, sizeof(*trail));
    three_contacts();
    find_one(0, red(rule));
    collect(trail);
    for (int i = 1; (i - 1) * every_s < end_s; i++) {
        double at_s = i * every_s;
        saved = home.state;
        memset(&home.state, 0xa5, sizeof(home.state));
        home.state = saved;
        time_to(at_s < end_s ? at_s : end_s);
        collect(trail);
    }
}

static void test_how_late_the_hub_wakes_up_changes_no_step_and_no_time(void **unused)
{
    (void)unused;
    static struct trail punctual, late;
    static const double every_s[] = {0.7, 13, 59.99, 60.01, 601, 20000};
    for (size_t r = 0; r < sizeof(all_urgencies) / sizeof(all_urgencies[0]); r++) {
        run(all_urgencies[r], 1, 8000, &punctual);
        static struct alerting state;
        state = home.state;
        for (size_t i = 0; i < sizeof(every_s) / sizeof(every_s[0]); i++) {
            run(all_urgencies[r], every_s[i], 8000, &late);
            assert_memory_equal(&late, &punctual, sizeof(late));
            assert_memory_equal(&home.state, &state, sizeof(state));
        }
    }
}

static void test_a_restart_at_any_second_of_the_ladder_repeats_and_skips_nothing(void **unused)
{
    (void)unused;
    static struct trail whole, cut;
    static struct alerting saved;
    run(RULE_F07, 400, 400, &whole);
    for (int at_s = 0; at_s <= 310; at_s++) {
        memset(&cut, 0, sizeof(cut));
        three_contacts();
        find_one(0, red(RULE_F07));
        collect(&cut);
        time_to(at_s);
        collect(&cut);
        saved = home.state;
        set_up();
        three_contacts();
        home.state = saved;
        time_to(400); /* away until then */
        collect(&cut);
        assert_memory_equal(&cut, &whole, sizeof(cut));
    }
}

static const struct alert *only(void)
{
    return &home.state.alerts[0];
}

static void test_a_configured_ladder_comes_at_its_times(void **unused)
{
    (void)unused;
    static const struct {
        enum rule rule;
        enum param param;
        double value, at_s;
        uint16_t level;
    } steps[] = {{RULE_F01, PARAM_LADDER_EMERGENCY_1_S, 20, 20, 1},
                 {RULE_F01, PARAM_LADDER_EMERGENCY_2_S, 70, 70, 2},
                 {RULE_F01, PARAM_LADDER_EMERGENCY_3_S, 130, 130, 3},
                 {RULE_F02, PARAM_LADDER_SAME_DAY_1_MIN, 6, 360, 1},
                 {RULE_F02, PARAM_LADDER_SAME_DAY_2_MIN, 20, 1200, 2},
                 {RULE_F02, PARAM_LADDER_SAME_DAY_3_MIN, 90, 5400, 3},
                 {RULE_F04, PARAM_LADDER_URGENT_1_MIN, 30, 1800, 1},
                 /* noon; all are told at 07:30, and again 24 h after the raise: 20 h are past */
                 {RULE_F04, PARAM_LADDER_URGENT_3_H, 10, 72000, 3}};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        three_contacts();
        assert_true(params_set(&home.params, steps[i].param, steps[i].value));
        assert_null(params_conflict(&home.params));
        find_one(0, red(steps[i].rule));
        time_to(steps[i].at_s - 0.001);
        assert_int_equal(only()->level, steps[i].level - 1);
        time_to(steps[i].at_s);
        assert_int_equal(only()->level, steps[i].level);
    }
}

/* Whatever is within the ranges, even if the steps overtake each other (the loader refuses that).
 */
static void test_no_configuration_makes_an_alarm_later_than_the_books(void **unused)
{
    (void)unused;
    for (int life = 0; life < 64; life++) {
        set_up();
        home.params.value[PARAM_PROMPTS_PER_SESSION] = 0;
        for (int i = 0; i < 12; i++) {
            enum param param = (enum param)(PARAM_LADDER_EMERGENCY_1_S + i);
            const struct param_info *info = param_info(param);
            const double share = (life * 37 % 64 * (i + 1) % 64) / 63.0;
            assert_true(
                params_set(&home.params, param, info->min + share * (info->max - info->min)));
        }
        find_one(0, red(RULE_F01));
        find_one(1, red(RULE_F02));
        time_to(120);
        assert_true(home.state.alerts[0].alarm);
        time_to(3601);
        assert_true(home.state.alerts[1].alarm);
        assert_int_equal(home.state.alerts[0].told, 5); /* both who may be told */
    }
}

static void test_resends_every_15_s_are_no_progress(void **unused)
{
    (void)unused;
    set_up();
    home.params.value[PARAM_RED_RESEND_S] = 600;
    static struct trail slow, fast;
    memset(&slow, 0, sizeof(slow));
    memset(&fast, 0, sizeof(fast));
    find_one(0, red(RULE_F01));
    time_to(500);
    collect(&slow);
    set_up();
    home.params.value[PARAM_RED_RESEND_S] = 5;
    find_one(0, red(RULE_F01));
    time_to(500);
    collect(&fast);
    assert_memory_equal(&slow, &fast, sizeof(slow));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_emergency_goes_to_60_120_and_300_s),
        cmocka_unit_test(test_the_alarm_of_a_home_without_contacts_is_not_kept_from_its_raise),
        cmocka_unit_test(test_an_alert_keeps_why_it_was_raised_and_what_was_missing),
        cmocka_unit_test(test_the_second_contact_waits_for_the_60_s_even_if_the_first_has_seen_it),
        cmocka_unit_test(test_same_day_goes_to_15_min_60_min_and_every_4_h),
        cmocka_unit_test(test_urgent_goes_to_60_min_the_next_morning_and_every_24_h_without_alarm),
        cmocka_unit_test(test_an_urgent_alert_just_before_morning_waits_for_the_next_one),
        cmocka_unit_test(test_how_late_the_hub_wakes_up_changes_no_step_and_no_time),
        cmocka_unit_test(test_a_restart_at_any_second_of_the_ladder_repeats_and_skips_nothing),
        cmocka_unit_test(test_a_configured_ladder_comes_at_its_times),
        cmocka_unit_test(test_no_configuration_makes_an_alarm_later_than_the_books),
        cmocka_unit_test(test_resends_every_15_s_are_no_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
