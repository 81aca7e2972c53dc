/* JSON out and in: escaping, absence, bounds, and text from strangers. */
#include "hub/io/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void absent_numbers_leave_no_member_and_no_comma(void **unused)
{
    (void)unused;
    struct json_writer writer;
    char text[256];
    json_begin(&writer, text, sizeof(text));
    json_object(&writer, NULL);
    json_number(&writer, "a", (double)NAN, 2);
    json_number(&writer, "b", 1.25, 1);
    json_number(&writer, "c", (double)INFINITY, 2);
    json_number(&writer, "d", -0.001, 2);
    json_array(&writer, "e");
    json_integer(&writer, NULL, -3);
    json_bool(&writer, NULL, true);
    json_array_end(&writer);
    json_string_if(&writer, "f", "");
    json_object_end(&writer);
    assert_true(json_end(&writer) > 0);
    assert_string_equal(text, "{\"b\":1.2,\"d\":0.00,\"e\":[-3,true]}");
}

static void quotes_and_control_characters_are_escaped(void **unused)
{
    (void)unused;
    struct json_writer writer;
    char text[256], back[64];
    static const char nasty[] = "a\"b\\c\n\x01\x7fÅ";
    json_begin(&writer, text, sizeof(text));
    json_object(&writer, NULL);
    json_string(&writer, "n", nasty);
    json_object_end(&writer);
    const size_t size = json_end(&writer);
    struct json_reader *reader = json_reader_open();
    assert_true(json_load(reader, text, size));
    assert_true(json_get_string(reader, "$.n", back, sizeof(back)));
    assert_string_equal(back, nasty);
    json_reader_close(reader);
}

static void a_text_that_does_not_fit_is_no_text(void **unused)
{
    (void)unused;
    for (size_t size = 1; size < 24; size++) {
        struct json_writer writer;
        char text[32];
        memset(text, 'x', sizeof(text));
        json_begin(&writer, text, size);
        json_object(&writer, NULL);
        json_string(&writer, "key", "a long value");
        json_object_end(&writer);
        assert_int_equal(json_end(&writer), size > 22 ? 22 : 0);
        assert_int_equal(text[size], 'x');
    }
}

static void strangers_text_is_refused_or_read_never_believed(void **unused)
{
    (void)unused;
    struct json_reader *reader = json_reader_open();
    char out[16];
    static const char *const bad[] = {"", "{", "{\"alert\":}", "nonsense", "{\"alert\":\"a\"} x"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(json_load(reader, bad[i], strlen(bad[i])));
        assert_false(json_get_string(reader, "$.alert", out, sizeof(out)));
    }
    static const char injected[] = "{\"alert\":\"x'); DROP TABLE a;\"}";
    assert_true(json_load(reader, injected, strlen(injected)));
    assert_false(json_get_string(reader, "$.alert", out, sizeof(out))); /* too long */
    static const char number[] = "{\"alert\":7,\"n\":[1,2]}";
    assert_true(json_load(reader, number, strlen(number)));
    assert_false(json_get_string(reader, "$.alert", out, sizeof(out)));
    assert_true(json_get_number(reader, "$.alert") == 7);
    assert_int_equal(json_get_length(reader, "$.n"), 2);
    assert_true(isnan(json_get_number(reader, "$.none")));
    static const char zero[] = "{\"alert\":\"a\\u0000b\"}";
    assert_false(json_load(reader, zero, strlen(zero)));
    assert_false(json_get_string(reader, "$.alert", out, sizeof(out)));
    assert_false(json_load(reader, "{}\0", 3));
    json_reader_close(reader);
}

static void deep_nesting_ends_in_a_refusal(void **unused)
{
    (void)unused;
    enum { DEPTH = 4000 };
    char text[DEPTH];
    memset(text, '[', sizeof(text));
    struct json_reader *reader = json_reader_open();
    assert_false(json_load(reader, text, sizeof(text)));
    json_reader_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_numbers_leave_no_member_and_no_comma),
        cmocka_unit_test(quotes_and_control_characters_are_escaped),
        cmocka_unit_test(a_text_that_does_not_fit_is_no_text),
        cmocka_unit_test(strangers_text_is_refused_or_read_never_believed),
        cmocka_unit_test(deep_nesting_ends_in_a_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
