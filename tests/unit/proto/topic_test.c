#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "proto/topic.h"

static const struct topic_root root = {.part = 0, .site = "home"};

static const struct {
    const char *text, *filter;
    struct topic topic;
} all[] = {
    {"stride/1/0/home/d/sole-1/hello", "stride/1/0/home/d/+/hello", {TOPIC_HELLO, "sole-1", ""}},
    {"stride/1/0/home/d/sole-1/frame", "stride/1/0/home/d/+/frame", {TOPIC_FRAME, "sole-1", ""}},
    {"stride/1/0/home/d/sole-1/report", "stride/1/0/home/d/+/report", {TOPIC_REPORT, "sole-1", ""}},
    {"stride/1/0/home/d/sole-1/feedback",
     "stride/1/0/home/d/+/feedback",
     {TOPIC_FEEDBACK, "sole-1", ""}},
    {"stride/1/0/home/d/sole-1/link", "stride/1/0/home/d/+/link", {TOPIC_LINK, "sole-1", ""}},
    {"stride/1/0/home/d/sole-1/stored", "stride/1/0/home/d/+/stored", {TOPIC_STORED, "sole-1", ""}},
    {"stride/1/0/home/d/sole-1/prompt", "stride/1/0/home/d/+/prompt", {TOPIC_PROMPT, "sole-1", ""}},
    {"stride/1/0/home/d/sole-1/request",
     "stride/1/0/home/d/+/request",
     {TOPIC_REQUEST, "sole-1", ""}},
    {"stride/1/0/home/w/ann/live", "stride/1/0/home/w/+/live", {TOPIC_WEARER_LIVE, "ann", ""}},
    {"stride/1/0/home/w/ann/state", "stride/1/0/home/w/+/state", {TOPIC_WEARER_STATE, "ann", ""}},
    {"stride/1/0/home/w/ann/session",
     "stride/1/0/home/w/+/session",
     {TOPIC_WEARER_SESSION, "ann", ""}},
    {"stride/1/0/home/w/ann/alert/a-7",
     "stride/1/0/home/w/+/alert/+",
     {TOPIC_WEARER_ALERT, "ann", "a-7"}},
    {"stride/1/0/home/a/bob/notice/a-7",
     "stride/1/0/home/a/+/notice/+",
     {TOPIC_ACCOUNT_NOTICE, "bob", "a-7"}},
    {"stride/1/0/home/a/bob/digest/ann",
     "stride/1/0/home/a/+/digest/+",
     {TOPIC_ACCOUNT_DIGEST, "bob", "ann"}},
    {"stride/1/0/home/a/bob/request/ack",
     "stride/1/0/home/a/+/request/+",
     {TOPIC_ACCOUNT_REQUEST, "bob", "ack"}},
    {"stride/1/0/home/a/bob/response/ack",
     "stride/1/0/home/a/+/response/+",
     {TOPIC_ACCOUNT_RESPONSE, "bob", "ack"}},
    {"stride/1/0/home/hub/state", "stride/1/0/home/hub/state", {TOPIC_HUB_STATE, "", ""}},
};
enum { ALL = sizeof all / sizeof all[0] };

static void every_kind_has_the_topic_of_the_contract(void **state)
{
    (void)state;
    assert_int_equal(ALL, TOPIC_KINDS - 1);
    for (size_t i = 0; i < ALL; i++) {
        char text[TOPIC_LENGTH_MAX + 1];
        struct topic back;
        assert_int_equal(topic_format(&root, &all[i].topic, text, sizeof text),
                         strlen(all[i].text));
        assert_string_equal(text, all[i].text);
        assert_true(topic_parse(&root, text, strlen(text), &back));
        assert_int_equal(back.kind, all[i].topic.kind);
        assert_string_equal(back.owner, all[i].topic.owner);
        assert_string_equal(back.item, all[i].topic.item);
        assert_int_equal(topic_filter(&root, all[i].topic.kind, text, sizeof text),
                         strlen(all[i].filter));
        assert_string_equal(text, all[i].filter);
    }
}

static void ids_outside_the_grammar_are_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "-a",
                                      "A",
                                      "a_b",
                                      "a/b",
                                      "+",
                                      "#",
                                      "a b",
                                      "$sys",
                                      "\xc3\xa9",
                                      "a\n",
                                      "a.b",
                                      "123456789012345678901234567890123"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(topic_id_valid(bad[i]));
    }
    assert_false(topic_id_valid(NULL));
    assert_true(topic_id_valid("a"));
    assert_true(topic_id_valid("0-"));
    assert_true(topic_id_valid("12345678901234567890123456789012"));
}

static void a_bad_id_never_reaches_a_topic(void **state)
{
    static const struct topic bad[] = {
        {TOPIC_FRAME, "", ""},          {TOPIC_FRAME, "a/b", ""},   {TOPIC_FRAME, "+", ""},
        {TOPIC_FRAME, "#", ""},         {TOPIC_FRAME, "a", "b"},    {TOPIC_WEARER_ALERT, "a", ""},
        {TOPIC_WEARER_ALERT, "a", "#"}, {TOPIC_HUB_STATE, "a", ""}, {TOPIC_UNKNOWN, "a", ""},
        {TOPIC_KINDS, "a", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[TOPIC_LENGTH_MAX + 1] = "left over";
        assert_int_equal(topic_format(&root, &bad[i], text, sizeof text), 0);
        assert_string_equal(text, "");
    }
    struct topic_root wild = {.part = 0, .site = "+"};
    char text[TOPIC_LENGTH_MAX + 1] = "left over";
    struct topic out;
    assert_int_equal(topic_format(&wild, &all[0].topic, text, sizeof text), 0);
    assert_int_equal(topic_filter(&wild, TOPIC_FRAME, text, sizeof text), 0);
    assert_string_equal(text, "");
    assert_false(topic_parse(&wild, "stride/1/0/+/hub/state", 22, &out));
    assert_int_equal(topic_filter(&root, TOPIC_UNKNOWN, text, sizeof text), 0);
}

static void a_small_buffer_is_never_overrun(void **state)
{
    (void)state;
    size_t length = strlen(all[0].text);
    for (size_t size = 0; size <= length + 1; size++) {
        char text[64];
        memset(text, 'x', sizeof text);
        size_t expected = size > length ? length : 0;
        assert_int_equal(topic_format(&root, &all[0].topic, text, size), expected);
        assert_true(text[size] == 'x');
        assert_true(size == 0 || strlen(text) == expected);
    }
}

static void the_longest_topic_fits(void **state)
{
    struct topic_root big = {.part = 4294967295U, .site = "12345678901234567890123456789012"};
    struct topic topic = {.kind = TOPIC_ACCOUNT_RESPONSE,
                          .owner = "12345678901234567890123456789012",
                          .item = "12345678901234567890123456789012"};
    char text[TOPIC_LENGTH_MAX + 1];
    struct topic back;
    (void)state;
    size_t length = topic_format(&big, &topic, text, sizeof text);
    assert_true(length > 100);
    assert_true(topic_parse(&big, text, length, &back));
    assert_string_equal(back.item, topic.item);
}

static void what_is_not_exactly_a_topic_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "/",
        "stride/1/0/home/",
        "stride/1/0/home/d",
        "stride/1/0/home/d/",
        "stride/1/0/home/d/a",
        "stride/1/0/home/d/a/",
        "stride/1/0/home/d/a/frames",
        "stride/1/0/home/d/a/fram",
        "stride/1/0/home/d/a/frame/",
        "stride/1/0/home/d/a/frame/b",
        "stride/1/0/home/d//frame",
        "stride/1/0/home/d/+/frame",
        "stride/1/0/home/d/#",
        "stride/1/0/home/d/a/b/frame",
        "stride/1/0/home/d/A/frame",
        "stride/1/0/home/d/123456789012345678901234567890123/frame",
        "stride/1/0/home/w/a/alert",
        "stride/1/0/home/w/a/alert/",
        "stride/1/0/home/w/a/alert/+",
        "stride/1/0/home/w/a/alert/b/c",
        "stride/1/0/home/w/a/frame",
        "stride/1/0/home/hub/state/a",
        "stride/1/0/home/hub",
        "stride/1/00/home/hub/state",
        "stride/1/1/home/hub/state",
        "stride/2/0/home/hub/state",
        "stride/1/0/house/hub/state",
        "stride/1/0/homes/hub/state",
        "/stride/1/0/home/hub/state",
        "$SYS/broker/uptime",
        "stride/1/0/home/hub/state ",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct topic out = all[0].topic;
        assert_false(topic_parse(&root, bad[i], strlen(bad[i]), &out));
        assert_int_equal(out.kind, TOPIC_UNKNOWN);
        assert_string_equal(out.owner, "");
    }
}

static void a_nul_inside_does_not_shorten_a_topic(void **state)
{
    static const char cut_id[] = "stride/1/0/home/d/sole\0x/frame";
    static const char cut_leaf[] = "stride/1/0/home/d/sole/frame\0x";
    static const char cut_root[] = "stride/1/0/ho\0e/d/sole/frame";
    struct topic out;
    (void)state;
    assert_false(topic_parse(&root, cut_id, sizeof cut_id - 1, &out));
    assert_false(topic_parse(&root, cut_leaf, sizeof cut_leaf - 1, &out));
    assert_false(topic_parse(&root, cut_root, sizeof cut_root - 1, &out));
    assert_true(topic_parse(&root, cut_leaf, strlen(cut_leaf), &out));
}

static void every_truncation_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ALL; i++) {
        /* From memory of the exact size, so that a sanitizer sees a read past the end. */
        for (size_t length = 0; length < strlen(all[i].text); length++) {
            char *text = malloc(length + 1);
            struct topic out;
            assert_non_null(text);
            memcpy(text, all[i].text, length);
            text[length] = '\x7f';
            bool parsed = topic_parse(&root, text, length, &out);
            /* A shorter item is another topic, everything else is none. */
            assert_true(!parsed || all[i].topic.item[0] != '\0');
            free(text);
        }
    }
}

static void a_long_text_is_refused(void **state)
{
    static char text[100000];
    struct topic out;
    (void)state;
    memset(text, 'a', sizeof text);
    memcpy(text, "stride/1/0/home/d/", 18);
    assert_false(topic_parse(&root, text, sizeof text, &out));
    memset(text, '/', sizeof text);
    assert_false(topic_parse(&root, text, sizeof text, &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_the_topic_of_the_contract),
        cmocka_unit_test(ids_outside_the_grammar_are_refused),
        cmocka_unit_test(a_bad_id_never_reaches_a_topic),
        cmocka_unit_test(a_small_buffer_is_never_overrun),
        cmocka_unit_test(the_longest_topic_fits),
        cmocka_unit_test(what_is_not_exactly_a_topic_is_refused),
        cmocka_unit_test(a_nul_inside_does_not_shorten_a_topic),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(a_long_text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
