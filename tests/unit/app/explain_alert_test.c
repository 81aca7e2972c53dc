/* The story of an alert says what its row has, and nothing that did not happen. */
#include "hub/app/explain.h"

#include <stdlib.h>

#include "hub/app/page.h"
#include "tests/unit/app/alert_fixture.h"

static struct alert_about home;
static struct params params;
static char row[ALERT_JSON_SIZE];
static char *page;

static void told(struct alert *alert, unsigned who, uint16_t after_s)
{
    alert->told = (uint8_t)(alert->told | 1U << who);
    alert->evidence.told_after_s[who] = after_s;
}

static void check_page(void)
{
    for (const char *line = page; *line != '\0';) {
        const char *end = strchr(line, '\n');
        assert_non_null(end);
        if (end - line > PAGE_WIDE)
            fail_msg("\"%.*s\" is too wide", (int)(end - line), line);
        line = end + 1;
    }
}

static void explain_row(void)
{
    static struct explain explain;
    size_t size;
    struct json_reader *reader = json_reader_open();
    explain.params = &params;
    explain.emergency_number = "112";
    assert_true(explain_alert(&explain, reader, row));
    json_reader_close(reader);
    free(page);
    page = NULL;
    FILE *out = open_memstream(&page, &size);
    assert_non_null(out);
    explain_print(&explain, out);
    (void)fclose(out);
    check_page();
}

static void explain_it(const struct alert *alert)
{
    assert_true(alert_json(alert, &home, ALERT_FOR_HUB, row, sizeof(row)) > 0);
    explain_row();
}

static void has(const char *words)
{
    if (strstr(page, words) == NULL)
        fail_msg("\"%s\" is not in\n%s", words, page);
}

static void has_not(const char *words)
{
    if (strstr(page, words) != NULL)
        fail_msg("\"%s\" is in\n%s", words, page);
}

/* As a hub of before wrote it. */
static void cut(const char *key)
{
    char *at = strstr(row, key);
    assert_non_null(at);
    char *end = at + strcspn(at + 1, ",}") + 1;
    memmove(at, end, strlen(end) + 1);
}

static int set_up(void **unused)
{
    (void)unused;
    home = about();
    params_defaults(&params);
    return 0;
}

static void help_that_was_taken_back_at_once_had_no_alarm(void **unused)
{
    (void)unused;
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_CANCELLED);
    alert.stamps[STAMP_ENDED] = (struct alert_stamp){3000, {ACTOR_DEVICE, 0}};
    explain_it(&alert);
    has("No caregiver was told.");
    has("taken back by w1-wrist");
    has_not("local alarm");
}

static void an_alarm_that_nobody_could_be_told_of_began_at_once(void **unused)
{
    (void)unused;
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_CANCELLED);
    alert.evidence.alarm_after_s = 0;
    explain_it(&alert);
    has("14:00:00 nobody may be told: the local alarm begins");
    /* A row without the time still says whether it sounds. */
    alert.alarm = true;
    alert.state = ALERT_RAISED;
    alert.evidence.alarm_after_s = ALERT_TOLD_NOT;
    explain_it(&alert);
    has("14:00:00 nobody may be told: the local alarm begins");
}

static void the_alarm_is_told_when_it_began_or_by_the_configured_ladder(void **unused)
{
    (void)unused;
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_SENT);
    told(&alert, 0, 5);
    alert.level = 2;
    alert.alarm = true;
    alert.evidence.alarm_after_s = 47;
    explain_it(&alert);
    has("14:00:47 nobody had accepted: the local alarm begins");
    alert.evidence.alarm_after_s = ALERT_TOLD_NOT;
    params.value[PARAM_LADDER_EMERGENCY_2_S] = 40;
    explain_it(&alert);
    has("14:00:40 nobody had accepted: the local alarm begins");
    alert.urgency = URGENCY_SAME_DAY;
    params.value[PARAM_LADDER_SAME_DAY_2_MIN] = 20;
    explain_it(&alert);
    has("14:20:00 nobody had accepted: the local alarm begins");
    alert.urgency = URGENCY_URGENT;
    alert.alarm = false;
    explain_it(&alert);
    has_not("local alarm");
}

static void levels_are_those_of_the_configured_ladder(void **unused)
{
    (void)unused;
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_SENT);
    told(&alert, 0, 5);
    told(&alert, 1, 20);
    explain_it(&alert);
    has("bert is told (level 0)");
    params.value[PARAM_LADDER_EMERGENCY_1_S] = 20.5;
    explain_it(&alert);
    has("anna is told (level 0)");
    has("bert is told (level 1)");
    alert.urgency = URGENCY_SAME_DAY;
    alert.evidence.told_after_s[1] = 60 * 60;
    explain_it(&alert);
    has("bert is told (level 2)");
    params.value[PARAM_LADDER_SAME_DAY_3_MIN] = 60;
    params.value[PARAM_LADDER_SAME_DAY_2_MIN] = 30;
    explain_it(&alert);
    has("bert is told (level 3)");
}

/* All are told at 07:30 after the second contact was, which is 17 h 30 min on. */
static void an_urgent_alert_is_told_to_all_in_the_morning(void **unused)
{
    (void)unused;
    struct alert alert = alert_of(RULE_F04, URGENCY_URGENT, ALERT_SENT);
    told(&alert, 0, 0);
    told(&alert, 1, 3 * 3600);
    explain_it(&alert);
    has("bert is told (level 1)");
    alert.evidence.told_after_s[1] = 17 * 3600 + 1800;
    explain_it(&alert);
    has("bert is told (level 2)");
    params.value[PARAM_QUIET_UNTIL_MIN] = 480;
    explain_it(&alert);
    has("bert is told (level 1)");
    alert.evidence.told_after_s[1] = ALERT_TOLD_LAST;
    explain_it(&alert);
    has("bert is told, some time later");
}

static void what_it_carries_is_named_and_who_heard_of_it(void **unused)
{
    (void)unused;
    struct alert alert = alert_of(RULE_F06, URGENCY_EMERGENCY, ALERT_SENT);
    alert.carried = rule_told_bit(RULE_F03) | rule_told_bit(RULE_S06);
    alert.evidence.first_before_s = 600;
    told(&alert, 0, 60);
    told(&alert, 1, 600);
    explain_it(&alert);
    has("Also carries  F03 ");
    has("S06 ");
    has("(2)");
    has("13:50:00 what it carries was raised first");
    has("13:51:00 anna is told of what it carries");
    has("14:00:00 anna is told of this one too");
    has_not("bert is told of");
    has("14:00:00 bert is told (level 0)");
    alert.carried = 0;
    alert.evidence.first_before_s = 0;
    explain_it(&alert);
    has_not("carries");
}

static void an_answer_is_told_with_its_question_device_and_time(void **unused)
{
    (void)unused;
    struct alert alert = alert_of(RULE_F06, URGENCY_EMERGENCY, ALERT_SENT);
    alert.evidence.question = QUESTION_F06_CHEST;
    alert.evidence.answer = ANSWERED_YES;
    explain_it(&alert);
    has("(q_f06_chest)");
    has("Answered      yes, on w1-wrist at 14:00:00");
    has("it was raised by w1-wrist");
    has_not("no figure");
    alert.slot = INPUT_SLOT_NONE;
    explain_it(&alert);
    has("Answered      yes, through an account at 14:00:00");
    alert.evidence.question = QUESTION_T1_EASING;
    alert.evidence.answer = ANSWERED_SILENT;
    explain_it(&alert);
    has("Answered      no answer came until 14:00:00");
    alert.evidence.question = QUESTION_NONE;
    explain_it(&alert);
    has_not("Answered");
    has("no figure");
}

static void an_impact_is_told_with_its_threshold(void **unused)
{
    (void)unused;
    struct alert alert = alert_of(RULE_S01, URGENCY_EMERGENCY, ALERT_SENT);
    alert.value = 5.11F;
    alert.threshold = 4; /* as many as s01.steps, which is another matter */
    explain_it(&alert);
    has("5.11 g; the threshold is 4 g");
    has_not("s01.");
}

static void a_row_of_a_hub_of_before_is_explained_too(void **unused)
{
    (void)unused;
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_SENT);
    told(&alert, 0, 5);
    alert.level = 2;
    alert.evidence.alarm_after_s = 130;
    explain_it(&alert);
    has("14:02:10");
    cut(",\"local_alarm_utc_ms\":");
    explain_row();
    has("14:02:00 nobody had accepted: the local alarm begins");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(help_that_was_taken_back_at_once_had_no_alarm, set_up),
        cmocka_unit_test_setup(an_alarm_that_nobody_could_be_told_of_began_at_once, set_up),
        cmocka_unit_test_setup(the_alarm_is_told_when_it_began_or_by_the_configured_ladder, set_up),
        cmocka_unit_test_setup(levels_are_those_of_the_configured_ladder, set_up),
        cmocka_unit_test_setup(an_urgent_alert_is_told_to_all_in_the_morning, set_up),
        cmocka_unit_test_setup(what_it_carries_is_named_and_who_heard_of_it, set_up),
        cmocka_unit_test_setup(an_answer_is_told_with_its_question_device_and_time, set_up),
        cmocka_unit_test_setup(an_impact_is_told_with_its_threshold, set_up),
        cmocka_unit_test_setup(a_row_of_a_hub_of_before_is_explained_too, set_up),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(page);
    return failed;
}
