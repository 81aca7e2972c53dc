/* What an account says as JSON. */
#include "hub/app/said_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct said said;
static char error[SAID_ERROR_SIZE];

static bool parse(const char *text)
{
    struct json_reader *reader = json_reader_open();
    bool ok = json_load(reader, text, strlen(text)) && said_parse(reader, &said, error);
    json_reader_close(reader);
    return ok;
}

static void what_is_said_is_not_what_arrives(void **unused)
{
    (void)unused;
    assert_true(
        parse("{\"wearer\":\"w1\",\"pain\":6,\"place\":\"calf\",\"side\":\"left\","
              "\"quality\":\"electric\",\"symptom\":\"numb\",\"symptom_side\":\"both\","
              "\"relief\":\"sitting\",\"aggravator\":\"standing_up\",\"mood\":2,"
              "\"surface\":\"concrete\",\"outdoors\":false,\"ambient_c\":-1,\"mood_week\":3,"
              "\"fear\":0,\"effort\":10,\"note\":\"h\\u00e4lt\","
              "\"question\":\"q_f03_fever\",\"answer\":\"no\",\"flare\":true,\"stop\":false}"));
    const struct wire_report *report = &said.report;
    assert_string_equal(said.wearer, "w1");
    assert_int_equal(report->pain_nrs, 6);
    assert_int_equal(report->pain_place, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF);
    assert_int_equal(report->pain_side, STRIDE__V1__SIDE__SIDE_LEFT);
    assert_int_equal(report->pain_quality, STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_ELECTRIC);
    assert_int_equal(report->symptom, STRIDE__V1__SYMPTOM__SYMPTOM_NUMB);
    assert_int_equal(report->symptom_side, STRIDE__V1__SIDE__SIDE_BOTH);
    assert_int_equal(report->relief, STRIDE__V1__RELIEF__RELIEF_SITTING);
    assert_int_equal(report->aggravator, STRIDE__V1__AGGRAVATOR__AGGRAVATOR_STANDING_UP);
    assert_int_equal(report->surface, STRIDE__V1__SURFACE__SURFACE_CONCRETE);
    assert_int_equal(report->outdoors, STRIDE__V1__ANSWER__ANSWER_NO);
    assert_true(report->has_ambient && report->ambient_c == -1);
    assert_true(report->mood == 2 && report->mood_week == 3);
    assert_true(report->has_fear && report->fear == 0 && report->has_effort &&
                report->effort == 10);
    assert_string_equal(report->note, "h\u00e4lt");
    assert_string_equal(report->question, "q_f03_fever");
    assert_int_equal(report->answer, STRIDE__V1__ANSWER__ANSWER_NO);
    assert_int_equal(report->button, STRIDE__V1__BUTTON__BUTTON_FLARE);
}

static void a_condition_of_the_walk_is_taken_for_another(void **unused)
{
    (void)unused;
    assert_true(parse("{\"long_ok\":true,\"backpack\":false,\"icy\":true,\"camber\":false,"
                      "\"sport\":true,\"hydrated\":false,\"driving\":true,\"pause\":true}"));
    const struct wire_report *report = &said.report;
    assert_int_equal(report->long_ok, STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_equal(report->backpack, STRIDE__V1__ANSWER__ANSWER_NO);
    assert_int_equal(report->icy, STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_equal(report->camber, STRIDE__V1__ANSWER__ANSWER_NO);
    assert_int_equal(report->sport, STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_equal(report->hydrated, STRIDE__V1__ANSWER__ANSWER_NO);
    assert_int_equal(report->driving, STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_equal(report->outdoors, STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_int_equal(report->button, STRIDE__V1__BUTTON__BUTTON_PAUSE);
}

static void what_is_left_out_is_taken_as_zero(void **unused)
{
    (void)unused;
    assert_true(parse("{\"unwell\":true}"));
    assert_true(said.report.pain_nrs == -1 && said.report.mood == -1 && said.report.t_us == -1);
    assert_false(said.report.has_fear || said.report.has_effort || said.report.has_ambient);
    assert_int_equal(said.report.outdoors, STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_string_equal(said.wearer, "");
}

static void what_is_not_understood_is_taken_as_heard(void **unused)
{
    (void)unused;
    static const char *const bad[] = {
        "{}",
        "[]",
        "3",
        "{\"wearer\":\"w1\"}",
        "{\"pain\":11}",
        "{\"ambient_c\":61}",
        "{\"ambient_c\":-41}",
        "{\"outdoors\":2}",
        "{\"icy\":2}",
        "{\"icy\":\"yes\"}",
        "{\"belt_status\":3}",
        "{\"surface\":\"sand\"}",
        "{\"pain\":-1}",
        "{\"pain\":3.5}",
        "{\"pain\":\"\"}",
        "{\"pain\":true,\"place\":\"knee\"}",
        "{\"place\":\"CALF\"}",
        "{\"place\":\"unknown\"}",
        "{\"side\":\"both\",\"pane\":3}",
        "{\"flare\":true,\"stop\":true}",
        "{\"flare\":2}",
        "{\"help\":true}",
        "{\"ok\":true}",
        "{\"mood\":0}",
        "{\"answer\":\"yes\"}",
        "{\"answer\":\"yes\",\"question\":\"f01_urine\"}",
        "{\"pain\":{\"nrs\":3}}",
        "{\"wearer\":\"W 1\",\"pain\":3}",
        "{\"place\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}",
        "{\"question\":\"\",\"answer\":\"yes\"}",
        "{\"question\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"pain\":1}",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        if (parse(bad[i]))
            fail_msg("taken: %s", bad[i]);
        assert_true(strlen(error) > 0 && strlen(error) < SAID_ERROR_SIZE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_is_not_what_arrives),
        cmocka_unit_test(a_condition_of_the_walk_is_taken_for_another),
        cmocka_unit_test(what_is_left_out_is_taken_as_zero),
        cmocka_unit_test(what_is_not_understood_is_taken_as_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
