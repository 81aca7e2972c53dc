/* Where the programme meets other stages: a walk that a STOP ended, a stumble. */
#include "tests/unit/core/home_fixture.h"

/* C10: of a walk that ended red the short safe text only, however long the STOP stays open. */
static void an_open_stop_swallows_the_word_that_ends_the_walk(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P2", 600);
    home_walk_into_red(home);
    const int64_t red_ns = home->now_ns;
    home_until_ns(home, red_ns + 5 * HOME_MINUTE_NS);
    assert_false(home->state.session.open);
    const struct home_said *rest = home_said(home, TEXT_C10_REST);
    assert_non_null(rest);
    assert_false(rest->prompt.praise);
    assert_true(rest->at_ns > red_ns && rest->at_ns - red_ns <= 120 * HOME_SECOND_NS);
    assert_int_equal(home_said_of(home, RULE_C10), 1);
    assert_int_equal(home_said_of(home, RULE_C11), 0);
    free(home);
}

/* "New weakness needs a check today. Stop and call your doctor": nothing to praise. */
static void a_walk_that_new_weakness_ended_is_not_well_done(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P2", 600);
    home_pain(home, 2);
    home_move(home, 6, false);
    struct wire_report weak = home_report();
    weak.symptom = STRIDE__V1__SYMPTOM__SYMPTOM_WEAK;
    weak.symptom_side = STRIDE__V1__SIDE__SIDE_RIGHT;
    home_say(home, weak);
    assert_int_equal(home_said_n(home, TEXT_P06_CHECK), 1);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
    home_pain(home, 2);
    home_until_ns(home, home->now_ns + 5 * HOME_MINUTE_NS);
    assert_int_equal(home_said_n(home, TEXT_C10_REST), 1);
    assert_int_equal(home_said_of(home, RULE_C10), 1);
    assert_int_equal(home_stage(home), PLAN_P1);
    free(home);
}

/* "Any change in bladder or bowel?" is still open: "well done" would make little of it. */
static void a_walk_that_ends_amid_questions_about_the_legs_is_not_well_done(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P2", 600);
    home_pain(home, 2);
    home_move(home, 6, false);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_LEG_HEAVY);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
    home_pain(home, 2);
    home_until_ns(home, home->now_ns + 3 * HOME_MINUTE_NS);
    assert_int_equal(home_said_n(home, TEXT_T1_REST), 1);
    assert_int_equal(home_said_n(home, TEXT_C10_REST), 1);
    assert_int_equal(home_said_of(home, RULE_C10), 1);
    free(home);
}

/* 7 at the start and 3 at the end is no pain that stayed at 3; a difference of 1 is. */
static void pain_that_eased_is_not_said_to_have_stayed(void **unused)
{
    (void)unused;
    for (int start = 4; start <= 7; start++) {
        struct home *home = home_at_minute("P2", 600);
        home_walk(home, 4, start, 3);
        const bool eased = start > 4;
        assert_int_equal(home_said_n(home, TEXT_C10_STEADY_TIME), !eased);
        assert_int_equal(home_said_n(home, TEXT_C10_EASED_TIME), eased);
        free(home);
    }
}

/* "Hurting does not mean harming" is for no one who has just said 7 (C11: never in red pain). */
static void who_starts_in_red_pain_is_not_told_that_hurting_is_no_harm(void **unused)
{
    (void)unused;
    for (int late = 0; late < 2;
         late++) { /* told when the walk has begun: the word waits already */
        for (int nrs = 5; nrs <= 7; nrs++) {
            struct home *home = home_at_minute("P2", 600);
            home_set(home, "cue.c11", 2);
            home_configure(home);
            home_move(home, late ? 0.25 : 0, false);
            home_pain(home, nrs);
            home_move(home, 5, false);
            assert_int_equal(home_said_of(home, RULE_C11), nrs < 6);
            free(home);
        }
    }
}

/* A button is answered, however much was said before: what it brings is no coaching. */
static void who_presses_unwell_or_low_is_answered_whatever_the_budget(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P2", 600);
    home_set(home, "prompt.per_10min", 1);
    home_set(home, "cue.c18", 2);
    home_configure(home);
    home_pain(home, 2);
    home_move(home, 3, false);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_LOW);
    home_move(home, 2, false);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_UNWELL);
    home_move(home, 2, false);
    assert_int_equal(home_said_n(home, TEXT_C18_MOOD), 1);
    assert_int_equal(home_said_n(home, TEXT_S07_UNWELL), 1);
    free(home);
}

/* An alert that waits for nothing but a person, as of now. */
static struct alert *plant(struct home *home, enum rule rule, enum alert_urgency urgency,
                           enum alert_state state)
{
    struct alert *alert = &home->state.alerting.alerts[0];
    memset(alert, 0, sizeof(*alert));
    memcpy(alert->id, "a0123456789abcdef", 18);
    alert->rule = (uint8_t)rule;
    alert->severity = STRIDE__V1__SEVERITY__SEVERITY_CAUTION;
    alert->urgency = (uint8_t)urgency;
    alert->state = (uint8_t)state;
    alert->raised_ns = alert->changed_ns = alert->found_ns = home->now_ns;
    for (int i = 0; i < ALERT_TIMERS; i++)
        alert->due_ns[i] = INT64_MAX;
    return alert;
}

/* Whoever lies still, as a contact was told (S03), hears of help and of no minutes walked. */
static void who_lies_still_is_told_how_far_the_walk_was(void **unused)
{
    (void)unused;
    static const struct {
        enum rule rule;
        enum alert_urgency urgency;
        enum alert_state state;
        bool carries, before, silences; /* S03 with it; raised before the walk's end */
    } cases[] = {
        {RULE_S03, URGENCY_URGENT, ALERT_SENT, false, false, true},
        {RULE_S03, URGENCY_URGENT, ALERT_ACCEPTED, false, false, true},
        {RULE_S04, URGENCY_URGENT, ALERT_SENT, true, false, true},
        {RULE_S04, URGENCY_URGENT, ALERT_SENT, false, false, false},
        {RULE_S03, URGENCY_URGENT, ALERT_CANCELLED, false, false, false},
        {RULE_S03, URGENCY_NONE, ALERT_SENT, false, false, false}, /* nobody was told */
        {RULE_S03, URGENCY_URGENT, ALERT_SENT, false, true, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct home *home = home_at_minute("P1", 600);
        home_move(home, 6, false);
        home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
        struct alert *alert = plant(home, cases[i].rule, cases[i].urgency, cases[i].state);
        alert->carried = cases[i].carries ? rule_told_bit(RULE_S03) : 0;
        if (cases[i].before)
            alert->raised_ns = home->state.session.end_ns - 1;
        home_until_ns(home, home->now_ns + 3 * HOME_MINUTE_NS);
        assert_int_equal(home_said_of(home, RULE_C10), cases[i].silences ? 0 : 1);
        free(home);
    }
}

/* R03: nobody who stumbled just now is asked to walk faster. */
static void who_stumbled_is_told_to_walk_faster(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    home_move(home, 4, false);
    const uint8_t *absence = home->state.rules.absence;
    assert_int_equal(absence[RULE_R03], RULE_EVALUATED);
    home->state.safety.stumble_ns = home->now_ns;
    home_move(home, 1, false);
    assert_int_equal(absence[RULE_R03], RULE_CONTRAINDICATED);
    home_move(home, 4.5, false);
    assert_int_equal(absence[RULE_R03], RULE_EVALUATED);
    home->state.safety.stumble_ns = home->now_ns;
    assert_true(params_set(&home->state.params, PARAM_R03_UNSTEADY_S, 30));
    home_move(home, 1, false);
    assert_int_equal(absence[RULE_R03], RULE_EVALUATED); /* as long as is set */
    free(home);
}

/* R03, R08 and R11 go by pain's rise in this walk: the one truth is stage `pain`'s. */
static void pain_of_the_walk_before_counts_as_rise(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    home_pain(home, 1);
    home_walk(home, 3, 1, 1);
    home_jump(home, 0, 700);
    home_move(home, 2, false);
    const struct pain *pain = &home->state.pain;
    assert_int_equal(pain->record.start, -1);
    home_pain(home, 3);
    assert_int_equal(pain->record.start, 3);
    assert_int_equal(pain->nrs_before, 3);
    home_pain(home, 4);
    assert_int_equal(pain->nrs_before, 3);
    home_move(home, 2, false);
    assert_int_equal(home->state.rules.absence[RULE_R03], RULE_CONTRAINDICATED);
    home_pain(home, 3);
    home_move(home, 1, false); /* amber is left after two reports below it (3.6) */
    assert_int_equal(home->state.rules.absence[RULE_R03], RULE_CONTRAINDICATED);
    home_pain(home, 3);
    home_move(home, 1, false);
    assert_int_equal(home->state.rules.absence[RULE_R03], RULE_EVALUATED);
    free(home);
}

static enum step_result ask(struct home *home, const char *account, uint8_t what, int number)
{
    uint8_t bytes[PLAN_ASKS_SIZE] = {0};
    memcpy(bytes, account, strlen(account));
    bytes[ID_SIZE] = what;
    bytes[ID_SIZE + 1] = (uint8_t)(number & 0xff);
    bytes[ID_SIZE + 2] = (uint8_t)(number >> 8);
    return home_put(home, INPUT_PLAN, INPUT_SLOT_NONE, bytes, sizeof(bytes));
}

static struct plan_next next(const struct home *home)
{
    struct plan_next next;
    plan_next(&home->state.programme.plan, &home->state.params, &next);
    return next;
}

/* C01: wearer or clinician may override. */
static void nobody_may_override_the_programme_or_everybody(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    const char *own = home->state.config.wearer;
    const uint64_t before = home->state.digest;
    assert_int_equal(ask(home, "stranger", PLAN_ASKS_REST, 3), STEP_UNKNOWN);
    assert_int_equal(ask(home, own, PLAN_ASKS_REST, PLAN_REST_DAYS_MAX + 1), STEP_REFUSED);
    assert_int_equal(ask(home, own, PLAN_ASKS_STAGE, PLAN_STAGES), STEP_REFUSED);
    assert_int_equal(ask(home, own, 9, 1), STEP_REFUSED);
    assert_int_equal(home_put(home, INPUT_PLAN, INPUT_SLOT_NONE, NULL, 0), STEP_REFUSED);
    assert_true(home->state.digest == before);
    assert_true(next(home).walks_n > 0);
    assert_int_equal(ask(home, own, PLAN_ASKS_REST, 3), STEP_APPLIED);
    assert_int_equal(next(home).walks_n, 0);
    home_jump(home, 2, 600);
    assert_int_equal(next(home).walks_n, 0);
    home_jump(home, 3, 600);
    assert_true(next(home).walks_n > 0);
    assert_int_equal(home_stage(home), PLAN_P1); /* rest is no missed day */
    assert_int_equal(ask(home, own, PLAN_ASKS_STAGE, PLAN_M2), STEP_APPLIED);
    assert_string_equal(home->state.profile.stage, "M2");
    assert_int_equal(home->decisions[home->decisions_n - 1].why, PLAN_WHY_WEARER);
    free(home);
}

static double limit_min(const struct home *home, bool treadmill)
{
    const struct plan_limit *limit = &home->state.programme.plan.limits[treadmill ? 1 : 0];
    return limit->source == PLAN_LIMIT_CLINICIAN ? (double)limit->time.limit : 0;
}

/* A clinician's limit holds over a restart, a replay and a configuration that says nothing new of
 * it; the wearer sets none. */
static void a_limit_that_was_asked_for_is_forgotten(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home->config.caregivers_n = 1;
    memcpy(home->config.caregivers[0].account, "dr", 3);
    home->config.caregivers[0].emergency = home->config.caregiver_consent = true;
    home_begin(home);
    home_jump(home, 0, 600);
    const char *own = home->state.config.wearer;
    assert_int_equal(ask(home, own, PLAN_ASKS_LIMIT_GROUND, 20), STEP_UNKNOWN);
    assert_int_equal(ask(home, "dr", PLAN_ASKS_LIMIT_GROUND, PLAN_LIMIT_MIN_MAX + 1), STEP_REFUSED);
    assert_int_equal(ask(home, "dr", PLAN_ASKS_LIMIT_GROUND, 20), STEP_APPLIED);
    assert_int_equal(ask(home, "dr", PLAN_ASKS_LIMIT_BELT, 300), STEP_APPLIED);
    static struct wearer_state saved;
    saved = home->state;
    memset(&home->state, 0xa5, sizeof(home->state));
    home->state = saved;
    home->config.tz_offset_min = 60; /* it says something else */
    home_configure(home);
    home_walk(home, 6, 2, 2);
    home_jump(home, 3, 600);
    assert_true(limit_min(home, false) == 20 && limit_min(home, true) == 300);
    home_set(home, "plan.limit_ground", 15);
    home_configure(home);
    assert_true(limit_min(home, false) == 15 && limit_min(home, true) == 300);
    assert_int_equal(ask(home, "dr", PLAN_ASKS_LIMIT_GROUND, 25), STEP_APPLIED);
    home_configure(home);
    assert_true(limit_min(home, false) == 25);
    assert_int_equal(ask(home, "dr", PLAN_ASKS_LIMIT_GROUND, 0), STEP_APPLIED);
    assert_true(limit_min(home, false) == 0);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_stop_swallows_the_word_that_ends_the_walk),
        cmocka_unit_test(a_limit_that_was_asked_for_is_forgotten),
        cmocka_unit_test(nobody_may_override_the_programme_or_everybody),
        cmocka_unit_test(pain_of_the_walk_before_counts_as_rise),
        cmocka_unit_test(a_walk_that_new_weakness_ended_is_not_well_done),
        cmocka_unit_test(a_walk_that_ends_amid_questions_about_the_legs_is_not_well_done),
        cmocka_unit_test(pain_that_eased_is_not_said_to_have_stayed),
        cmocka_unit_test(who_starts_in_red_pain_is_not_told_that_hurting_is_no_harm),
        cmocka_unit_test(who_presses_unwell_or_low_is_answered_whatever_the_budget),
        cmocka_unit_test(who_stumbled_is_told_to_walk_faster),
        cmocka_unit_test(who_lies_still_is_told_how_far_the_walk_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
