/* More red flags wait for a person than there are places: each that was ever raised ends accepted,
 * or with the local alarm where its urgency has one, and no notice is withdrawn before. */
#include "alert_fixture.h"

#include <stdlib.h>

enum { LEDGER_MAX = 200, LIVES = 300, FOUND_MAX = 40 };

struct raised {
    char alert[ID_SIZE];
    uint8_t rule, urgency;
    bool accepted, cancelled;
};
static struct {
    struct raised items[LEDGER_MAX];
    int n;
} ledger;

/* Everything of the rule book that a caregiver hears of, at each urgency that it has. */
static const struct {
    enum rule rule;
    int severity, urgency;
} flags[] = {
    {RULE_F01, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_EMERGENCY},
    {RULE_F02, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_EMERGENCY},
    {RULE_F02, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_SAME_DAY},
    {RULE_F03, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_EMERGENCY},
    {RULE_F03, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_SAME_DAY},
    {RULE_F04, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_EMERGENCY},
    {RULE_F04, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_URGENT},
    {RULE_F05, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_EMERGENCY},
    {RULE_F05, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_SAME_DAY},
    {RULE_F06, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_EMERGENCY},
    {RULE_F07, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_EMERGENCY},
    {RULE_S01, STRIDE__V1__SEVERITY__SEVERITY_RED, URGENCY_EMERGENCY},
    {RULE_S01, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, URGENCY_URGENT},
    {RULE_S03, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, URGENCY_URGENT},
    {RULE_S04, STRIDE__V1__SEVERITY__SEVERITY_STOP, URGENCY_URGENT},
    {RULE_S06, STRIDE__V1__SEVERITY__SEVERITY_STOP, URGENCY_URGENT},
    {RULE_P06, STRIDE__V1__SEVERITY__SEVERITY_STOP, URGENCY_SAME_DAY},
    {RULE_T1, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, URGENCY_URGENT},
};
enum { FLAGS = sizeof(flags) / sizeof(flags[0]) };

static const struct alert *alert_by(const char *id)
{
    for (int i = 0; i < ALERTS_MAX; i++) {
        if (strcmp(home.state.alerts[i].id, id) == 0)
            return &home.state.alerts[i];
    }
    return NULL;
}

static void ends(const struct alert *alert)
{
    for (int i = 0; i < ledger.n; i++) {
        struct raised *raised = &ledger.items[i];
        if (strcmp(raised->alert, alert->id) != 0)
            continue;
        if (alert->state == ALERT_ACCEPTED)
            raised->accepted = true;
        else if (alert->state == ALERT_CANCELLED && alert->rule == raised->rule)
            raised->cancelled = true; /* by the wearer, of whom alone it was */
        else if (!raised->accepted && alert->rule != RULE_S04)
            fail_msg("%s is %s with %s", rule_name((enum rule)raised->rule),
                     alert_state_name((enum alert_state)alert->state),
                     rule_name((enum rule)alert->rule));
    }
}

/* After every call. */
static void heed(void)
{
    for (int i = 0; i < home.out.n; i++) {
        const struct effect *effect = &home.out.items[i];
        assert_false(effect->kind == EFFECT_NOTICE && effect->notice.clear);
        if (effect->kind == EFFECT_ALERT && effect->alert.state >= ALERT_ACCEPTED)
            ends(&effect->alert);
    }
    for (int i = 0; i < ledger.n; i++) {
        const struct raised *raised = &ledger.items[i];
        if (raised->accepted || raised->cancelled)
            continue;
        const struct alert *alert = alert_by(raised->alert);
        assert_non_null(alert);
        assert_true(alert_is_open(alert));
        assert_true(alert->rule == raised->rule ||
                    (alert->carried & rule_told_bit((enum rule)raised->rule)) != 0);
        assert_true(alert->urgency <= raised->urgency);
    }
}

static void flag(double at_s, unsigned which)
{
    struct finding finding =
        finding_of(flags[which].rule, flags[which].severity, TEXT_F02_WEAKNESS);
    finding.urgency = (uint8_t)flags[which].urgency;
    finding.slot = SLOT_WRIST;
    find_one(at_s, finding);
    assert_true(home.decided.items[0].alert[0] != '\0');
    struct raised *raised = &ledger.items[ledger.n++];
    memset(raised, 0, sizeof(*raised));
    memcpy(raised->alert, home.decided.items[0].alert, ID_SIZE);
    raised->rule = finding.rule;
    raised->urgency = finding.urgency;
    heed();
}

static void all_end_with_the_alarm(double at_s)
{
    time_to(at_s);
    heed();
    for (int i = 0; i < ledger.n; i++) {
        const struct raised *raised = &ledger.items[i];
        if (raised->urgency != URGENCY_URGENT && !raised->accepted && !raised->cancelled)
            assert_true(alert_by(raised->alert)->alarm);
    }
}

/* Random order, urgencies and gaps; `people`: now and then somebody accepts, or the wearer presses
 * OK. */
static void live(unsigned seed, bool people)
{
    double at_s = 0;
    srand(seed);
    set_up();
    ledger.n = 0;
    for (int i = 0; i < FOUND_MAX; i++) {
        at_s += rand() % 4 == 0 ? 700 + rand() % 4000 : 1 + rand() % 90;
        time_to(at_s);
        heed();
        if (people && rand() % 6 == 0) {
            (void)ack(at_s, home.state.alerts[rand() % ALERTS_MAX].id, "anna");
            heed();
        }
        if (people && rand() % 4 == 0) {
            press(at_s, STRIDE__V1__BUTTON__BUTTON_OK);
            heed();
        }
        flag(at_s, (unsigned)rand() % FLAGS);
    }
    all_end_with_the_alarm(at_s + 3 * 3600);
}

static void every_red_flag_ends_accepted_or_with_the_alarm(void **unused)
{
    (void)unused;
    int shared_n = 0;
    for (unsigned seed = 1; seed <= LIVES; seed++) {
        live(seed, seed % 2 == 0);
        shared_n += (int)home.state.merged_n;
    }
    assert_true(shared_n > LIVES); /* or this test is of nothing */
}

/* All at once, in every rotation: as many as the rule book has. */
static void all_that_can_be_open_at_once_are_told_and_carried(void **unused)
{
    (void)unused;
    for (unsigned from = 0; from < FLAGS; from++) {
        set_up();
        ledger.n = 0;
        for (unsigned i = 0; i < FLAGS; i++)
            flag(i, (from + i) % FLAGS);
        assert_int_equal(alerting_open_n(&home.state), ALERTS_MAX);
        all_end_with_the_alarm(3700 + FLAGS);
    }
}

/* Seven emergencies and a fever that is told, then the eighth emergency. */
static void seven_and_a_fever(void)
{
    static const unsigned emergencies[] = {0, 1, 3, 5, 7, 9, 11};
    set_up();
    ledger.n = 0;
    flag(0, 4);
    for (unsigned i = 0; i < 7; i++)
        flag(3000 + i, emergencies[i]);
    time_to(3060);
    heed();
}

static void what_is_carried_is_told_again_and_not_taken_back_with_a_press(void **unused)
{
    (void)unused;
    seven_and_a_fever();
    char fever[ID_SIZE];
    memcpy(fever, ledger.items[0].alert, ID_SIZE);
    flag(3061, 10);
    const struct alert *alert = alert_by(home.decided.items[0].alert);
    assert_string_equal(alert->id, fever);
    assert_int_equal(alert->rule, RULE_F07);
    assert_int_equal(alert->urgency, URGENCY_EMERGENCY);
    assert_true(alert->carried == rule_told_bit(RULE_F03));
    int told_n = 0;
    for (int i = 0; i < home.out.n; i++)
        told_n += home.out.items[i].kind == EFFECT_NOTICE &&
                  strcmp(home.out.items[i].notice.alert.id, fever) == 0 &&
                  !home.out.items[i].notice.resend;
    assert_int_equal(told_n, 2); /* as far as the fever was */
    /* Since the fever, 3061 s before: who heard of it when, and of the call for help since. */
    const struct alert_evidence *evidence = &alert->evidence;
    assert_int_equal(evidence->first_before_s, 3061);
    assert_int_equal(evidence->told_after_s[0], 0);
    assert_int_equal(evidence->told_after_s[2], 900);
    assert_int_equal(evidence->alarm_after_s, ALERT_TOLD_NOT);
    press(3062, STRIDE__V1__BUTTON__BUTTON_OK);
    heed();
    assert_true(alert_is_open(alert));
    time_to(3061 + 120);
    heed();
    assert_true(alert->alarm);
    assert_int_equal(evidence->alarm_after_s, 3061 + 120);
    assert_int_equal(ack(3200, fever, "anna"), ACK_ACCEPTED);
    heed();
    assert_true(ledger.items[0].accepted);
}

static void feel(double at_s, const char *prompt, Stride__V1__FeedbackKind kind)
{
    struct wire_feedback feedback = {.kind = kind};
    memcpy(feedback.prompt, prompt, ID_SIZE);
    home.out.n = 0;
    alerting_feedback(&home.state, &home.context, &feedback, ns_of(at_s), &home.out);
}

/* Of the fever's prompt nothing is left: the call for help has one of its own. */
static void what_takes_a_place_over_is_not_said_under_its_number(void **unused)
{
    (void)unused;
    seven_and_a_fever();
    char prompt[ID_SIZE];
    memcpy(prompt, ledger.items[0].alert, ID_SIZE);
    prompt[0] = 'p';
    feel(3060, prompt, STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED);
    const struct alert *alert = alert_by(ledger.items[0].alert);
    assert_int_equal(alert->evidence.shown, STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED);
    flag(3061, 10);
    assert_int_equal(alert->evidence.shown, 0);
    assert_int_equal(alert->evidence.shown_after_s, ALERT_TOLD_NOT);
    assert_string_equal(home.decided.items[0].prompt, prompt);
    assert_string_equal(first(EFFECT_PROMPT)->prompt.id, prompt);
    assert_int_equal(first(EFFECT_PROMPT)->prompt.text, TEXT_F02_WEAKNESS);
    feel(3063, prompt, STRIDE__V1__FEEDBACK_KIND__FEEDBACK_SHOWN);
    assert_int_equal(alert->evidence.shown_after_s, 3063);
    assert_false(alert->answered);
    feel(3064, prompt, STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED);
    assert_true(alert->answered);
}

static void an_alarm_that_sounds_goes_on(void **unused)
{
    (void)unused;
    seven_and_a_fever();
    time_to(3700); /* the fever's alarm is on since 3600 s */
    heed();
    const struct alert *alert = alert_by(ledger.items[0].alert);
    assert_true(alert->alarm);
    flag(3701, 10);
    assert_int_equal(alert->rule, RULE_F07);
    assert_true(alert->alarm);
    assert_int_equal(alert->evidence.alarm_after_s, 3600);
}

static void what_is_not_an_emergency_is_told_again_once(void **unused)
{
    (void)unused;
    set_up();
    ledger.n = 0;
    for (int i = 0; i < ALERTS_MAX + 1; i++)
        flag(700.0 * i, 6);
    const double at_s = 700.0 * ALERTS_MAX;
    assert_int_equal(home.state.merged_n, 1);
    int resent_n = 0;
    for (int i = 0; i < home.out.n; i++)
        resent_n += home.out.items[i].kind == EFFECT_NOTICE && home.out.items[i].notice.resend;
    assert_true(resent_n > 0);
    time_to(at_s + 60);
    assert_int_equal(count(EFFECT_NOTICE), 0);
}

static void the_wearers_own_matter_takes_no_place_of_a_red_flag(void **unused)
{
    (void)unused;
    seven_and_a_fever();
    struct finding own = stop();
    find_one(3100, own);
    heed();
    assert_true(home.decided.items[0].prompt[0] != '\0'); /* said in its turn */
    assert_string_equal(home.decided.items[0].alert, "");
}

/* The wearer's own STOP gives its place to a red flag, and its row would stay open for ever. */
static void a_stop_whose_place_is_taken_never_ends(void **unused)
{
    (void)unused;
    static const enum rule rules[ALERTS_MAX] = {RULE_F01, RULE_F02, RULE_F03, RULE_F04,
                                                RULE_F05, RULE_F06, RULE_F07, RULE_S01};
    char id[ID_SIZE];
    int ended_n = 0;
    set_up();
    find_one(0, stop());
    memcpy(id, home.state.alerts[0].id, ID_SIZE);
    for (int i = 0; i < ALERTS_MAX; i++) {
        find_one(1 + i,
                 finding_of(rules[i], STRIDE__V1__SEVERITY__SEVERITY_RED, TEXT_F01_EMERGENCY));
        for (int k = 0; k < home.out.n; k++) {
            const struct effect *effect = &home.out.items[k];
            ended_n += effect->kind == EFFECT_ALERT && strcmp(effect->alert.id, id) == 0 &&
                       effect->alert.state == ALERT_EXPIRED &&
                       effect->alert.stamps[STAMP_ENDED].after_ms == 1000 * (1 + i);
        }
    }
    assert_null(alert_by(id));
    assert_int_equal(ended_n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_red_flag_ends_accepted_or_with_the_alarm),
        cmocka_unit_test(all_that_can_be_open_at_once_are_told_and_carried),
        cmocka_unit_test(what_is_carried_is_told_again_and_not_taken_back_with_a_press),
        cmocka_unit_test(what_takes_a_place_over_is_not_said_under_its_number),
        cmocka_unit_test(an_alarm_that_sounds_goes_on),
        cmocka_unit_test(what_is_not_an_emergency_is_told_again_once),
        cmocka_unit_test(the_wearers_own_matter_takes_no_place_of_a_red_flag),
        cmocka_unit_test(a_stop_whose_place_is_taken_never_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
