/* Pain in the record: what was measured, what was not, and what never leaves the home. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "hub/app/record_json.h"
#include "hub/app/record_text.h"

static struct session session;
static struct pain pain;
static char json[RECORD_JSON_SIZE];

static void set_up(void)
{
    session_init(&session);
    pain_init(&pain);
    session_open(&session, 1, 1, 1000000000, 1700000000000);
    session_close(&session, 900000000000, END_RED_FLAG, 1700000000000);
    struct pain_record *record = &pain.record;
    record->start = 3;
    record->end = record->peak = 5;
    record->loc_start = 1;
    record->loc_end = record->loc_most_distal = 4;
    record->side = STRIDE__V1__SIDE__SIDE_LEFT;
    record->qualities = 1 << STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_ELECTRIC;
    record->aggravators = 1 << STRIDE__V1__AGGRAVATOR__AGGRAVATOR_SITTING;
    record->relief_posture = STRIDE__V1__RELIEF__RELIEF_BENDING;
    record->rise_at_s = 420;
    record->rise_at_m = 500;
    record->p05_score = 6;
    record->fear = 2;
    record->next_morning = 4;
    record->red_flags_n = 2;
    record->red_flags[0] =
        (struct red_flag){1700000001000, RULE_F01, QUESTION_F01_URINE, URGENCY_EMERGENCY, false};
    record->red_flags[1] =
        (struct red_flag){1700000002000, RULE_F03, QUESTION_F03_FEVER, URGENCY_SAME_DAY, false};
    session.alerts_n = 1;
    session.alerts[0] = (struct session_alert){.rule = RULE_F01,
                                               .severity = STRIDE__V1__SEVERITY__SEVERITY_RED,
                                               .text = TEXT_F01_EMERGENCY,
                                               .ack = ALERT_ACCEPTED};
}

static void write_record(bool published)
{
    const struct record_context context = {"w1", "112",        1,         LOCALE_EN,
                                           NULL, &pain.record, published, NULL};
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
}

static void the_homes_own_record_leaves_something_out(void **unused)
{
    (void)unused;
    set_up();
    write_record(false);
    static const char *const parts[] = {
        "\"pain_start\":3",
        "\"pain_delta\":2",
        "\"loc_most_distal\":\"calf\"",
        "\"side\":\"L\"",
        "\"quality\":[\"electric\"]",
        "\"aggravator\":[\"sitting\"]",
        "\"rise_at_s\":420",
        "\"rise_at_m\":500",
        "\"censored\":false",
        "\"centralising\":false",
        "\"relief_posture\":\"bending\"",
        "\"p05_score\":6",
        "\"fear_0_10\":2",
        "\"next_morning_nrs\":4",
        "{\"id\":\"F01\",\"question_id\":\"q_f01_urine\",\"t_utc_ms\":1700000001000,",
        "\"urgency\":\"emergency\",\"ack_state\":\"accepted\"}",
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (strstr(json, parts[i]) == NULL)
            fail_msg("not in the record: %s", parts[i]);
    }
    assert_null(strstr(json, "effort_rpe")); /* was not told */
}

/* C18 is for the wearer only: neither that it was said nor the button. */
static void that_somebody_feels_low_leaves_the_home(void **unused)
{
    (void)unused;
    for (int published = 0; published < 2; published++) {
        set_up();
        session.alerts[0] = (struct session_alert){.rule = RULE_C18,
                                                   .severity = STRIDE__V1__SEVERITY__SEVERITY_INFO,
                                                   .text = TEXT_C18_MOOD};
        session.prompts_sent = 1;
        session.reports_n = 1;
        session.reports[0].nrs = -1;
        session.reports[0].button = STRIDE__V1__BUTTON__BUTTON_LOW;
        write_record(published != 0);
        assert_int_equal(strstr(json, "c18_mood") == NULL, published);
        assert_int_equal(strstr(json, "\"button\"") == NULL, published);
        /* Nor that there is something that is not told. */
        assert_int_equal(strstr(json, "\"alerts\":[]") != NULL, published);
        assert_int_equal(strstr(json, "\"reports\":[]") != NULL, published);
        assert_int_equal(strstr(json, "\"prompts_sent\":0") != NULL, published);
    }
}

static void a_private_answer_leaves_the_home(void **unused)
{
    (void)unused;
    set_up();
    write_record(true);
    const char *coverage = strstr(json, "\"coverage\"");
    assert_non_null(coverage);
    json[coverage - json] = '\0'; /* every rule is named there, said or not */
    assert_null(strstr(json, "F01"));
    assert_null(strstr(json, "f01"));
    assert_null(strstr(json, "urine"));
    assert_non_null(strstr(json, "\"urgency\":\"emergency\""));
    /* That one has a name would tell what the nameless one is. */
    assert_null(strstr(json, "F03"));
    assert_null(strstr(json, "question_id"));
}

/* One published record of a walk with each red flag: the bytes are the same. */
static void which_red_flag_it_was_leaves_the_home(void **unused)
{
    (void)unused;
    static const struct {
        enum rule rule;
        enum question question;
        enum text text;
    } flags[] = {{RULE_F01, QUESTION_F01_BOWEL, TEXT_F01_EMERGENCY},
                 {RULE_F02, QUESTION_F02_WORSE, TEXT_F02_WEAKNESS},
                 {RULE_F05, QUESTION_F05_FALL, TEXT_F05_ACCIDENT},
                 {RULE_F06, QUESTION_F06_CHEST, TEXT_F06_HEART}};
    static char first[RECORD_JSON_SIZE];
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        set_up();
        pain.record.red_flags_n = 1;
        pain.record.red_flags[0].rule = (uint8_t)flags[i].rule;
        pain.record.red_flags[0].question = (uint8_t)flags[i].question;
        session.alerts[0].rule = (uint8_t)flags[i].rule;
        session.alerts[0].text = (uint8_t)flags[i].text;
        session.prompted = UINT64_C(1) << flags[i].rule;
        write_record(true);
        if (i == 0)
            memcpy(first, json, sizeof(first));
        assert_string_equal(json, first);
    }
}

static void mood_leaves_the_home(void **unused)
{
    (void)unused;
    for (int published = 0; published < 2; published++) {
        set_up();
        session.mood_pre = 2;
        session.mood_post = 4;
        write_record(published != 0);
        assert_int_equal(strstr(json, "mood") == NULL, published);
    }
}

static void a_walk_without_a_word_of_pain_shows_zeros(void **unused)
{
    (void)unused;
    set_up();
    pain_init(&pain);
    write_record(false);
    static const char *const absent[] = {"pain_start", "loc_", "centralising", "censored",
                                         "rise_at",    "p05",  "next_morning", "\"side\""};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        if (strstr(json, absent[i]) != NULL)
            fail_msg("in the record: %s", absent[i]);
    }
    /* A walk in which pain was told and never rose ended before it could: censored. */
    pain.record.start = pain.record.end = pain.record.peak = 2;
    write_record(false);
    assert_non_null(strstr(json, "\"censored\":true"));
}

static void the_page_is_silent_about_a_red_flag(void **unused)
{
    (void)unused;
    set_up();
    write_record(false);
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    struct json_reader *reader = json_reader_open();
    assert_true(record_print_table(reader, json, file));
    fclose(file);
    json_reader_close(reader);
    assert_non_null(strstr(text, "red flag F01 Trouble starting, feeling or holding urine?"));
    assert_non_null(strstr(text, "urgency: emergency, accepted"));
    assert_non_null(strstr(text, "Pain rose after            7:00 min:s"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_homes_own_record_leaves_something_out),
        cmocka_unit_test(that_somebody_feels_low_leaves_the_home),
        cmocka_unit_test(a_private_answer_leaves_the_home),
        cmocka_unit_test(which_red_flag_it_was_leaves_the_home),
        cmocka_unit_test(mood_leaves_the_home),
        cmocka_unit_test(a_walk_without_a_word_of_pain_shows_zeros),
        cmocka_unit_test(the_page_is_silent_about_a_red_flag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
