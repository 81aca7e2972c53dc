/* What caregivers read: short, calm, by urgency, and never an answer. */
#include <ctype.h>

#include "hub/app/texts.h"
#include "hub/io/json.h"
#include "tests/unit/app/alert_fixture.h"

static struct alert measured_alert_of(enum rule rule, enum alert_urgency urgency,
                                      enum alert_state state)
{
    struct alert alert = alert_of(rule, urgency, state);
    alert.value = 7.25F;
    alert.threshold = 3.5F;
    return alert;
}

static size_t characters(const char *text)
{
    size_t n = 0;
    for (; *text != '\0'; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

static void check_tone(const char *text)
{
    static const char *const never[] = {
        "damage", "degenerat", "crumbl",       "slipped", "wrong",        "bad form", "failed",
        "lazy",   "must",      "push through", "no pain", "try to avoid", "!",        "{",
        "bowel",  "bladder",   "urine",        "sex",     "numb"};
    char lower[512];
    size_t i = 0;
    for (; text[i] != '\0' && i < sizeof(lower) - 1; i++)
        lower[i] = (char)tolower((unsigned char)text[i]);
    lower[i] = '\0';
    for (size_t j = 0; j < sizeof(never) / sizeof(never[0]); j++) {
        if (strstr(lower, never[j]) != NULL)
            fail_msg("\"%s\" says %s", text, never[j]);
    }
    assert_true(isupper((unsigned char)text[0]) || (text[0] & 0x80) != 0);
    assert_true(text[i - 1] == '.');
}

static void say(const struct alert *alert, bool late, const char *name, char *out, size_t size)
{
    const struct text_values values = {.name = name, .time = "14:05"};
    texts_notice(alert, late, LOCALE_EN, &values, out, size);
}

static void every_notice_of_every_rule_state_and_urgency_is_short_and_calm(void **unused)
{
    (void)unused;
    static const char *const names[] = {NULL, "Åsa-Margareta Öhrström-Wåhlberg the Third"};
    for (int rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        for (int urgency = 0; urgency < URGENCIES; urgency++) {
            for (int state = ALERT_RAISED; state < ALERT_STATES; state++) {
                for (int way = 0; way < 4; way++) {
                    char out[TEXT_BYTES_MAX + 1];
                    struct alert alert = alert_of((enum rule)rule, (enum alert_urgency)urgency,
                                                  (enum alert_state)state);
                    say(&alert, way / 2 != 0, names[way % 2], out, sizeof(out));
                    if (characters(out) > TEXT_LENGTH_MAX)
                        fail_msg("too long: %s", out);
                    check_tone(out);
                }
            }
        }
    }
}

static void texts_say_what_the_rule_book_says(void **unused)
{
    (void)unused;
    char out[TEXT_BYTES_MAX + 1];
    struct alert fall = alert_of(RULE_S01, URGENCY_EMERGENCY, ALERT_SENT);
    say(&fall, false, "Maria", out, sizeof(out));
    assert_string_equal(out, "Maria may have fallen at 14:05. No answer. Please check now.");
    fall.state = ALERT_CANCELLED;
    say(&fall, false, "Maria", out, sizeof(out));
    assert_string_equal(out, "Maria pressed OK after a possible fall. No action needed.");
    struct alert late = alert_of(RULE_F02, URGENCY_SAME_DAY, ALERT_SENT);
    say(&late, true, "Maria", out, sizeof(out));
    assert_int_equal(strncmp(out, "Earlier alarm, 14:05", 20), 0);
}

static void a_notice_has_no_measurement_and_of_a_private_rule_no_name(void **unused)
{
    (void)unused;
    static const enum rule rules[] = {RULE_F01, RULE_F07, RULE_F02, RULE_P06};
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        char text[ALERT_JSON_SIZE];
        struct alert_about whom = about();
        struct alert alert = measured_alert_of(rules[i], URGENCY_EMERGENCY, ALERT_SENT);
        assert_true(notice_json(&alert, &whom, false, false, text, sizeof(text)) > 0);
        assert_null(strstr(text, "7.25"));
        assert_null(strstr(text, "3.5"));
        assert_null(strstr(text, "value"));
        const bool hidden = rules[i] == RULE_F01 || rules[i] == RULE_F02;
        assert_int_equal(strstr(text, "rule_id") == NULL, hidden);
        assert_null(strstr(text, "F01"));
        assert_non_null(strstr(text, "\"urgency\":\"emergency\""));
        assert_true(alert_json(&alert, &whom, ALERT_FOR_OTHERS, text, sizeof(text)) > 0);
        assert_int_equal(strstr(text, "7.25") == NULL, hidden);
        assert_null(strstr(text, "F01"));
    }
}

static void what_an_alert_carries_is_told_by_number_and_by_name_unless_private(void **unused)
{
    (void)unused;
    char text[ALERT_JSON_SIZE];
    struct alert_about whom = about();
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_SENT);
    assert_true(notice_json(&alert, &whom, false, false, text, sizeof(text)) > 0);
    assert_null(strstr(text, "also"));
    alert.carried = rule_told_bit(RULE_F01) | rule_told_bit(RULE_F03) | rule_told_bit(RULE_S06);
    assert_true(notice_json(&alert, &whom, false, false, text, sizeof(text)) > 0);
    assert_non_null(strstr(text, "\"also\":[\"S06\"],\"also_n\":3"));
    assert_null(strstr(text, "F01"));
    assert_true(alert_json(&alert, &whom, ALERT_FOR_OTHERS, text, sizeof(text)) > 0);
    assert_null(strstr(text, "F01"));
    assert_true(alert_json(&alert, &whom, ALERT_FOR_HUB, text, sizeof(text)) > 0);
    assert_non_null(strstr(text, "\"also\":[\"F01\",\"F03\",\"S06\"],\"also_n\":3"));
}

/* Every byte that leaves the home, in every state, of red flags of the same urgency: whether a
 * device raised it by an answer or the hub for want of one. */
static void one_red_flag_is_told_from_another(void **unused)
{
    (void)unused;
    static const struct {
        enum rule rule;
        enum text text;
        uint8_t slot;
    } flags[] = {{RULE_F01, TEXT_F01_EMERGENCY, 0},
                 {RULE_F01, TEXT_F01_EMERGENCY, INPUT_SLOT_NONE},
                 {RULE_F02, TEXT_F02_WEAKNESS, 0},
                 {RULE_F05, TEXT_F05_ACCIDENT, 0},
                 {RULE_F06, TEXT_F06_HEART, 0}};
    static const enum alert_urgency urgencies[] = {URGENCY_EMERGENCY, URGENCY_SAME_DAY};
    static char first[3][ALERT_JSON_SIZE], text[3][ALERT_JSON_SIZE];
    struct alert_about whom = about();
    for (unsigned kind = 0; kind < 2 * ALERT_STATES; kind++) {
        if (kind % ALERT_STATES == ALERT_NONE)
            continue;
        for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
            struct alert alert = alert_of(flags[i].rule, urgencies[kind / ALERT_STATES],
                                          (enum alert_state)(kind % ALERT_STATES));
            alert.text = (uint8_t)flags[i].text;
            alert.slot = flags[i].slot;
            alert.told = 1;
            alert.alarm = true;
            alert.stamps[STAMP_SENT] = (struct alert_stamp){5000, {ACTOR_HUB, 0}};
            alert.value = (float)flags[i].rule;
            alert.evidence.baseline = alert.threshold = alert.value;
            alert.evidence.told_after_s[0] = alert.evidence.shown_after_s = 60;
            alert.evidence.alarm_after_s = 120;
            alert.evidence.question = (uint8_t)(i == 0 ? QUESTION_NONE : QUESTION_F06_CHEST);
            alert.evidence.answer = (uint8_t)(i == 0 ? ANSWERED_NOT : ANSWERED_YES);
            assert_true(alert_json(&alert, &whom, ALERT_FOR_OTHERS, text[0], ALERT_JSON_SIZE) > 0);
            assert_true(notice_json(&alert, &whom, false, false, text[1], ALERT_JSON_SIZE) > 0);
            assert_true(notice_json(&alert, &whom, true, true, text[2], ALERT_JSON_SIZE) > 0);
            if (i == 0)
                memcpy(first, text, sizeof(first));
            for (int what = 0; what < 3; what++)
                assert_string_equal(text[what], first[what]);
        }
    }
}

static void an_alert_tells_its_history_with_who_and_when(void **unused)
{
    (void)unused;
    char text[ALERT_JSON_SIZE], value[64];
    struct alert_about whom = about();
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_ACCEPTED);
    alert.stamps[STAMP_SENT] = (struct alert_stamp){5000, {ACTOR_HUB, 0}};
    alert.stamps[STAMP_SEEN] = (struct alert_stamp){7000, {ACTOR_FORMER, 0}};
    alert.stamps[STAMP_ACCEPTED] = (struct alert_stamp){9000, {ACTOR_ACCOUNT, 1}};
    alert.told = 3;
    alert.seen = 2;
    memcpy(alert.accepted_by, "bert", 5);
    const size_t size = alert_json(&alert, &whom, ALERT_FOR_OTHERS, text, sizeof(text));
    struct json_reader *reader = json_reader_open();
    assert_true(json_load(reader, text, size));
    assert_int_equal(json_get_length(reader, "$.history"), 4);
    assert_true(json_get_string(reader, "$.history[0].by", value, sizeof(value)));
    assert_string_equal(value, "w1-wrist");
    assert_true(json_get_string(reader, "$.history[2].by", value, sizeof(value)));
    assert_string_equal(value, "former");
    assert_true(json_get_string(reader, "$.history[3].by", value, sizeof(value)));
    assert_string_equal(value, "bert");
    assert_true(json_get_number(reader, "$.history[3].t_utc_ms") == 1779969609000.0);
    assert_int_equal(json_get_length(reader, "$.told"), 2);
    assert_int_equal(json_get_length(reader, "$.seen_by"), 1);
    assert_true(json_get_string(reader, "$.accepted_by", value, sizeof(value)));
    json_reader_close(reader);
}

static void why_it_was_raised_is_in_the_row_and_leaves_the_home_only_if_it_may(void **unused)
{
    (void)unused;
    static const enum rule rules[] = {RULE_R11, RULE_F01};
    struct alert_about whom = about();
    for (int i = 0; i < 2; i++) {
        char row[ALERT_JSON_SIZE], others[ALERT_JSON_SIZE];
        struct alert alert = measured_alert_of(rules[i], URGENCY_EMERGENCY, ALERT_SENT);
        alert.text = rules[i] == RULE_F01 ? TEXT_F01_EMERGENCY : TEXT_R11_STOP;
        alert.told = 2;
        alert.evidence = (struct alert_evidence){.baseline = 2.5F,
                                                 .duration_s = 61,
                                                 .told_after_s = {ALERT_TOLD_NOT, 60},
                                                 .shown_after_s = 1,
                                                 .shown = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_SHOWN,
                                                 .context = CONTEXT_TREADMILL,
                                                 .devices = COVERAGE_LEFT_INSOLE | COVERAGE_WRIST,
                                                 .stale = 1,
                                                 .alarm_after_s = 120,
                                                 .question = QUESTION_F01_URINE,
                                                 .answer = ANSWERED_YES};
        assert_true(alert_json(&alert, &whom, ALERT_FOR_HUB, row, sizeof(row)) > 0);
        assert_true(alert_json(&alert, &whom, ALERT_FOR_OTHERS, others, sizeof(others)) > 0);
        static const char *const why[] = {"\"rule_id\":",
                                          "\"value\":7.25",
                                          "\"threshold\":3.50",
                                          "\"d_s\":61.0",
                                          "\"context\":\"treadmill\"",
                                          "\"devices\":[\"left_insole\",\"wrist\"]",
                                          "\"text_id\":",
                                          "\"stale\":[\"w1-wrist\"]",
                                          "\"baseline\":2.50",
                                          "\"question_id\":\"q_f01_urine\"",
                                          "\"answer\":\"yes\"",
                                          "\"rule_set_version\":"};
        for (size_t j = 0; j < sizeof(why) / sizeof(why[0]); j++) {
            if (strstr(row, why[j]) == NULL)
                fail_msg("%s is not in %s", why[j], row);
            if ((strstr(others, why[j]) == NULL) != (rules[i] == RULE_F01))
                fail_msg("%s: %s", why[j], others);
        }
        assert_non_null(
            strstr(others, "\"told_at\":[{\"account\":\"bert\",\"t_utc_ms\":1779969660000}]"));
        assert_non_null(strstr(others, "\"shown_utc_ms\":1779969601000"));
        assert_non_null(strstr(others, "\"local_alarm_utc_ms\":1779969720000"));
        assert_null(strstr(others, "first_raised"));
        alert.evidence.first_before_s = 100;
        assert_true(alert_json(&alert, &whom, ALERT_FOR_OTHERS, others, sizeof(others)) > 0);
        assert_non_null(strstr(others, "\"first_raised_utc_ms\":1779969500000"));
        assert_non_null(strstr(others, "\"t_utc_ms\":1779969560000}]"));
    }
}

static void the_local_alarm_has_a_text_for_every_screen(void **unused)
{
    (void)unused;
    char text[ALERT_JSON_SIZE];
    struct alert_about whom = about();
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_SENT);
    whom.emergency_number = "144";
    (void)alert_json(&alert, &whom, ALERT_FOR_OTHERS, text, sizeof(text));
    assert_non_null(strstr(text, "\"local_alarm\":false"));
    assert_null(strstr(text, "144"));
    alert.alarm = true;
    (void)alert_json(&alert, &whom, ALERT_FOR_OTHERS, text, sizeof(text));
    assert_non_null(strstr(text, "Call 144 now."));
}

static void the_longest_alert_fits(void **unused)
{
    (void)unused;
    char text[ALERT_JSON_SIZE];
    struct alert_about whom = about();
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_RESOLVED);
    wearer.config.caregivers_n = WEARER_CAREGIVERS_MAX;
    for (int i = 0; i < WEARER_CAREGIVERS_MAX; i++) {
        memset(wearer.config.caregivers[i].account, 'a', ID_LENGTH_MAX);
        alert.evidence.told_after_s[i] = ALERT_TOLD_LAST - 1;
    }
    memset(wearer.devices[0].id, 'w', ID_LENGTH_MAX);
    alert.told = alert.seen = alert.delivered = 0xff;
    memset(alert.accepted_by, 'a', ID_LENGTH_MAX);
    alert.evidence.devices = 15;
    alert.evidence.stale = 63;
    alert.evidence.shown_after_s = alert.evidence.alarm_after_s = ALERT_TOLD_LAST - 1;
    alert.evidence.first_before_s = 1;
    alert.evidence.dropped_gates = UINT8_MAX;
    alert.evidence.shown = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED;
    alert.evidence.question = QUESTION_T1_BLADDER;
    alert.evidence.answer = ANSWERED_SILENT;
    alert.evidence.baseline = alert.evidence.duration_s = -123456.78F;
    alert.value = alert.threshold = -123456.78F;
    alert.carried = UINT32_MAX;
    alert.alarm = true;
    for (int i = 1; i < WEARER_DEVICES_MAX; i++)
        memset(wearer.devices[i].id, 'w', ID_LENGTH_MAX);
    for (int i = 0; i < ALERT_STAMPS; i++)
        alert.stamps[i] = (struct alert_stamp){INT32_MAX, {ACTOR_ACCOUNT, 7}};
    assert_true(alert_json(&alert, &whom, ALERT_FOR_HUB, text, sizeof(text)) > 0);
}

static void a_caregiver_reads_the_language_of_the_home(void **unused)
{
    (void)unused;
    char out[4096], english[512], german[512];
    const struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_SENT);
    const struct text_values values = {.name = "Walker 1", .time = "14:00"};
    const struct alert_about about_home = about();
    memcpy(wearer.config.display_name, "Walker 1", 9);
    texts_notice(&alert, false, LOCALE_EN, &values, english, sizeof(english));
    texts_notice(&alert, false, LOCALE_DE, &values, german, sizeof(german));
    assert_true(notice_json(&alert, &about_home, false, false, out, sizeof(out)) > 0);
    assert_non_null(strstr(out, english));
    memcpy(wearer.config.locale, "de", 3);
    assert_true(notice_json(&alert, &about_home, false, false, out, sizeof(out)) > 0);
    assert_non_null(strstr(out, german));
}

static void an_earlier_alarm_is_told_with_its_time(void **unused)
{
    (void)unused;
    char out[512];
    struct alert alert = alert_of(RULE_F07, URGENCY_EMERGENCY, ALERT_SENT);
    (void)about();
    memcpy(wearer.config.display_name, "Walker 1", 9);
    notice_text(&alert, &wearer, true, out, sizeof(out));
    assert_string_equal(out,
                        "Earlier alarm, 14:00: Walker 1 pressed the help button. Please call now.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_caregiver_reads_the_language_of_the_home),
        cmocka_unit_test(an_earlier_alarm_is_told_with_its_time),
        cmocka_unit_test(every_notice_of_every_rule_state_and_urgency_is_short_and_calm),
        cmocka_unit_test(texts_say_what_the_rule_book_says),
        cmocka_unit_test(what_an_alert_carries_is_told_by_number_and_by_name_unless_private),
        cmocka_unit_test(one_red_flag_is_told_from_another),
        cmocka_unit_test(a_notice_has_no_measurement_and_of_a_private_rule_no_name),
        cmocka_unit_test(an_alert_tells_its_history_with_who_and_when),
        cmocka_unit_test(why_it_was_raised_is_in_the_row_and_leaves_the_home_only_if_it_may),
        cmocka_unit_test(the_local_alarm_has_a_text_for_every_screen),
        cmocka_unit_test(the_longest_alert_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
