/* The record: field names of the rule book, nothing that was not measured, and a page to read. */
#include "hub/app/record_json.h"
#include "hub/app/record_text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static char json[RECORD_JSON_SIZE];
static const struct record_context context = {"w1", "112", 1};

static void full_session(struct session *session)
{
    session_init(session);
    snprintf(session->id, sizeof(session->id), "00000000-0000-4000-8000-000000000001");
    session->start_ns = INT64_C(3600000000000);
    session->end_ns = session->start_ns + INT64_C(605000000000);
    session->start_utc_ms = INT64_C(1767603600000);
    session->end_utc_ms = session->start_utc_ms + 605000;
    session->end_reason = END_IDLE_TIMEOUT;
    session->clock_speed = 1;
    session->walk_s = 540.5;
    session->longest_bout_s = 300;
    session->steps_n = 1001;
    session->distance_m = 650.25;
    snprintf(session->stage, sizeof(session->stage), "P1");
    for (int i = 0; i < 3; i++) {
        moments_add(&session->stride_time[FOOT_LEFT], 1.10 + 0.01 * i);
        moments_add(&session->stride_time[FOOT_RIGHT], 1.11 + 0.01 * i);
        moments_add(&session->cadence, 108 + i);
    }
    moments_add(&session->stride_cv, 2.2);
    session->pain_start = 3;
    session->pain_end = 2;
    session->pain_peak = 4;
    session->place_most_distal = STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF;
    session->reports_n = 1;
    session->reports[0] = (struct session_report){.t_s = 61,
                                                  .dist_m = NAN,
                                                  .nrs = 4,
                                                  .place = STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF,
                                                  .slot = 255};
    session->alerts_n = 1;
    session->alerts[0] = (struct session_alert){.id = "p1",
                                                .rule = RULE_R11,
                                                .severity = STRIDE__V1__SEVERITY__SEVERITY_COACH,
                                                .text = TEXT_R11_COACH,
                                                .suppression = SUPPRESSED_REFRACTORY,
                                                .at_utc_ms = session->start_utc_ms + 120000,
                                                .value = 9,
                                                .threshold = 8,
                                                .duration_s = 60};
    snprintf(session->devices[0].id, ID_SIZE, "w1-left");
    session->devices[0].kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    session->devices[0].side = STRIDE__V1__SIDE__SIDE_LEFT;
    session->devices[0].fresh_pct = 99.5F;
    session->devices[0].gaps_n = 1;
    memset(session->rule_absence, RULE_EVALUATED, sizeof(session->rule_absence));
    session->rule_evaluated_s[RULE_R03] = 270.25F;
    session->rule_absence[RULE_R11] = RULE_NO_DEVICE;
}

static char *table_of(const char *record)
{
    char *text = NULL;
    size_t size = 0;
    struct json_reader *reader = json_reader_open();
    FILE *file = open_memstream(&text, &size);
    assert_true(record_print_table(reader, record, file));
    fclose(file);
    json_reader_close(reader);
    return text;
}

static void the_fields_are_those_of_the_rule_book(void **unused)
{
    (void)unused;
    static struct session session;
    full_session(&session);
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    struct json_reader *reader = json_reader_open();
    char text[64];
    assert_true(json_load(reader, json, strlen(json)));
    assert_true(json_get_string(reader, "$.end_reason", text, sizeof(text)));
    assert_string_equal(text, "idle_timeout");
    assert_true(json_get_number(reader, "$.duration_s") == 605);
    assert_true(json_get_number(reader, "$.rest_s") == 64.5);
    assert_true(json_get_number(reader, "$.steps") == 1001);
    assert_true(json_get_number(reader, "$.stride_time_s.L.mean") == 1.11);
    assert_true(json_get_number(reader, "$.pain_delta") == -1);
    assert_true(json_get_number(reader, "$.alerts[0].d_s") == 60);
    assert_true(json_get_number(reader, "$.coverage.R03.coverage_pct") == 50);
    assert_true(
        json_get_string(reader, "$.coverage.R11.not_evaluated_because", text, sizeof(text)));
    assert_string_equal(text, "no_device");
    assert_true(json_get_string(reader, "$.loc_most_distal", text, sizeof(text)));
    assert_string_equal(text, "calf");
    json_reader_close(reader);
}

static void what_was_not_measured_is_absent_and_never_zero(void **unused)
{
    (void)unused;
    static struct session session;
    session_init(&session);
    snprintf(session.id, sizeof(session.id), "x");
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    static const char *const absent[] = {"\"distance_m\"",
                                         "\"cadence_spm\"",
                                         "\"stride_time_s\"",
                                         "\"pain_start\"",
                                         "\"mood_pre\"",
                                         "\"v_mean\"",
                                         "\"si_stance_pct\"",
                                         "\"end_utc_ms\"",
                                         "\"duration_s\"",
                                         "\"belt_speed_sd\"",
                                         "\"clock_skew_max_ms\"",
                                         "nan",
                                         "null"};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        if (strstr(json, absent[i]) != NULL)
            fail_msg("%s in %s", absent[i], json);
    }
    char *text = table_of(json);
    assert_non_null(strstr(text, "still walking"));
    assert_non_null(strstr(text, "nothing was reported"));
    assert_null(strstr(text, "Stride time "));
    free(text);
}

static void the_page_is_the_one_that_was_agreed(void **unused)
{
    (void)unused;
    static struct session session;
    static const char golden[] =
        "WALK 00000000-0000-4000-8000-000000000001\n"
        "  Walker                     w1\n"
        "  Started                    2026-01-05 09:00:00\n"
        "  Ended                      2026-01-05 09:10:05\n"
        "  Ended because              no more walking\n"
        "  Plan stage                 P1\n"
        "\n"
        "AMOUNT\n"
        "  Duration                   10:05 min:s\n"
        "  Walking                    9:00 min:s\n"
        "  Resting                    1:04 min:s\n"
        "  Longest bout               5:00 min:s\n"
        "  Steps                      1001\n"
        "  Distance                   650 m\n"
        "\n"
        "GAIT, mean (sd)              left               right\n"
        "  Cadence                    109.0 (1.0)                           steps/min\n"
        "  Stride time                1.110 (0.010)      1.120 (0.010)      s\n"
        "  Stride-time variability    2.2 % (healthy young adults: below 3)\n"
        "  Steady strides             0\n"
        "\n"
        "PAIN AND FEELING\n"
        "  Pain at the start          3 of 10\n"
        "  Pain at the end            2 of 10\n"
        "  Highest pain               4 of 10\n"
        "  Furthest from the back     calf\n"
        "    1:01     pain 4 of 10 calf\n"
        "\n"
        "PROMPTS AND ALERTS\n"
        "  Prompts said               0\n"
        "  Prompts held back          0\n"
        "  Praise                     0\n"
        "    2:00   R11 coach    Your steps are a bit uneven. Ease off and find an even rhythm.\n"
        "                        not said: it was said a short while before\n"
        "\n"
        "WHAT WAS MEASURED\n"
        "    w1-left              insole L, data for 99.5 % of the walk, 1 gaps\n"
        "    R03 brisk pace       evaluated for 50 % of the walking\n"
        "    R11 even steps       evaluated for 0 % of the walking;\n"
        "                         otherwise not: the devices it needs are not registered\n"
        "    R12 steady rhythm    evaluated for 0 % of the walking\n"
        "    F07 help button      evaluated for 0 % of the walking\n"
        "    S08 device health    evaluated for 0 % of the walking\n"
        "\n"
        "This helps you walk comfortably. It is not a medical device, does not diagnose\n"
        "or treat, and cannot replace care. In an emergency call 112.\n";
    full_session(&session);
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    char *text = table_of(json);
    for (size_t i = 0; i <= strlen(golden); i++) {
        if (text[i] != golden[i])
            fail_msg("the page differs at: %.80s", text + (i < 20 ? 0 : i - 20));
    }
    free(text);
}

static void the_largest_record_fits_and_a_small_buffer_gives_none(void **unused)
{
    (void)unused;
    static struct session session;
    char small[200];
    full_session(&session);
    session.reports_n = SESSION_REPORTS_MAX;
    session.alerts_n = SESSION_ALERTS_MAX;
    session.rests_n = SESSION_RESTS_MAX;
    for (int i = 0; i < SESSION_ALERTS_MAX; i++) {
        session.alerts[i] = session.alerts[0];
        memset(session.alerts[i].id, 'a', ID_LENGTH_MAX);
    }
    for (int i = 0; i < WEARER_DEVICES_MAX; i++) {
        session.devices[i] = session.devices[0];
        memset(session.devices[i].id, 'd', ID_LENGTH_MAX);
    }
    assert_in_range(record_json(&session, &context, json, sizeof(json)), 1, sizeof(json) / 2);
    assert_int_equal(record_json(&session, &context, small, sizeof(small)), 0);
}

static void csv_and_list_speak_in_plain_names_and_words(void **unused)
{
    (void)unused;
    static struct session session;
    char *text = NULL;
    size_t size = 0;
    full_session(&session);
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    struct json_reader *reader = json_reader_open();
    FILE *file = open_memstream(&text, &size);
    assert_true(record_print_csv(reader, json, file));
    assert_true(record_print_line(reader, json, file));
    fclose(file);
    json_reader_close(reader);
    assert_non_null(strstr(text, "\nsession_id,00000000-"));
    assert_non_null(strstr(text, "\nalerts[0].rule_id,R11\n"));
    assert_null(strstr(text, "\"session_id"));
    assert_non_null(strstr(text, "no more walking\n"));
    free(text);
}

static void the_live_view_leaves_out_what_is_not_known(void **unused)
{
    (void)unused;
    char text[1024];
    struct effect_live live = {.cadence_spm = NAN,
                               .si_stance_pct = NAN,
                               .stride_cv_pct = NAN,
                               .speed_mps = NAN,
                               .pain_nrs = -1};
    assert_true(record_live_json(&live, "w1", 1000, text, sizeof(text)) > 0);
    assert_string_equal(text, "{\"wearer_id\":\"w1\",\"t_utc_ms\":1000,\"session_open\":false,"
                              "\"walking\":false,\"alerts_open\":0}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fields_are_those_of_the_rule_book),
        cmocka_unit_test(what_was_not_measured_is_absent_and_never_zero),
        cmocka_unit_test(the_page_is_the_one_that_was_agreed),
        cmocka_unit_test(the_largest_record_fits_and_a_small_buffer_gives_none),
        cmocka_unit_test(csv_and_list_speak_in_plain_names_and_words),
        cmocka_unit_test(the_live_view_leaves_out_what_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
