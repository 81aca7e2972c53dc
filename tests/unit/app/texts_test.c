/* What the hub says: short, calm, and never a word that the rule book forbids. */
#include "hub/app/texts.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hub/core/effect.h"

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
        "lazy",   "must",      "push through", "no pain", "try to avoid", "!",        "{"};
    char lower[256];
    size_t i = 0;
    for (; text[i] != '\0' && i < sizeof(lower) - 1; i++)
        lower[i] = (char)tolower((unsigned char)text[i]);
    lower[i] = '\0';
    for (size_t j = 0; j < sizeof(never) / sizeof(never[0]); j++) {
        if (strstr(lower, never[j]) != NULL)
            fail_msg("\"%s\" says %s", text, never[j]);
    }
    assert_true(isupper((unsigned char)text[0]) || (text[0] & 0x80) != 0);
    assert_true(text[i - 1] == '.' || text[i - 1] == '?');
}

static void every_text_is_there_short_and_calm_after_filling(void **unused)
{
    (void)unused;
    for (int text = TEXT_NONE + 1; text < TEXT_COUNT; text++) {
        static const char *const names[] = {NULL, "", "Åsa-Margareta Öhrström-Wåhlberg the Third"};
        for (int i = 0; i < 3; i++) {
            char out[TEXT_BYTES_MAX + 1];
            const size_t length = texts_fill((enum text)text, names[i], out, sizeof(out));
            assert_true(length > 0 && length < sizeof(out));
            assert_true(characters(out) <= TEXT_LENGTH_MAX);
            check_tone(out);
        }
    }
    assert_string_equal(texts_raw(TEXT_NONE), "");
    assert_string_equal(texts_raw((enum text)TEXT_COUNT), "");
}

static void names_are_cut_between_characters(void **unused)
{
    (void)unused;
    char out[TEXT_BYTES_MAX + 1];
    texts_fill(TEXT_F07_ACCEPTED, "ÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅ", out, sizeof(out));
    assert_int_equal(strncmp(out, "ÅÅÅÅÅÅÅÅÅÅÅÅ is", strlen("ÅÅÅÅÅÅÅÅÅÅÅÅ is")), 0);
}

static void caregivers_are_told_what_happened_in_every_state(void **unused)
{
    (void)unused;
    for (int state = ALERT_RAISED; state < ALERT_STATES; state++) {
        for (int late = 0; late < 2; late++) {
            char out[256];
            texts_notice(RULE_F07, state, late != 0, "Walker 1", out, sizeof(out));
            assert_true(characters(out) <= TEXT_LENGTH_MAX);
            check_tone(out);
            if (state < ALERT_ACCEPTED) {
                assert_non_null(strstr(out, "help button"));
                assert_int_equal(strstr(out, "Earlier alarm") != NULL, late);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_is_there_short_and_calm_after_filling),
        cmocka_unit_test(names_are_cut_between_characters),
        cmocka_unit_test(caregivers_are_told_what_happened_in_every_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
