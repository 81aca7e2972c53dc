/* A figure without its unit explains nothing. */
#include "hub/app/explain_value.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/rule_table.h"

static const char *said(const char *rule, const char *text_id, double value)
{
    static char words[128];
    explain_value(rule, text_id, value, words, sizeof(words));
    return words;
}

static void a_place_is_told_as_a_number(void **unused)
{
    (void)unused;
    static const char *const places[] = {"none", "back", "buttock", "thigh", "calf", "foot"};
    for (int i = 0; i < 6; i++)
        assert_string_equal(said("P02", "p02_stop", i), places[i]);
    assert_string_equal(said("P02", "p02_stop", 6), "6 place"); /* of a later version */
}

static void a_figure_has_no_unit(void **unused)
{
    (void)unused;
    assert_string_equal(said("R03", "r03_coach", 92), "92 steps/min");
    assert_string_equal(said("P03", "p03_red", 7), "7 of 10");
    assert_string_equal(said("S08", "s08_battery", 8), "8 % of the battery");
    assert_string_equal(said("S08", "s08_silent_wrist", 12), "12 s");
    assert_string_equal(said("S06", "s06_wait", 118), "118 beats/min");
    assert_string_equal(said("S06", "s06_stop", 96), "96 % of the highest heart rate");
    assert_string_equal(said("R11", "r11_summary", 3), "3 walks in a row");
}

/* All 58: these give a figure with their findings, the others none. */
static void a_rule_with_a_figure_was_forgotten(void **unused)
{
    (void)unused;
    static const char with[] = "R01 R02 R03 R04 R05 R06 R07 R08 R11 R12 R13 R14 R15 "
                               "P02 P03 P05 P07 C16 F07 S01 S02 S03 S04 S05 S06 S08 ";
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        const char *name = rule_name((enum rule)rule);
        char word[8];
        snprintf(word, sizeof(word), "%s ", name);
        if ((strstr(with, word) != NULL) != (explain_unit(name, "")[0] != '\0'))
            fail_msg("%s", name);
    }
}

static void what_is_usual_has_no_name(void **unused)
{
    (void)unused;
    char words[128];
    explain_usual("R03", 104, words, sizeof(words));
    assert_string_equal(words, "cadence 104 steps/min");
    explain_usual("R12", 2.2, words, sizeof(words));
    assert_non_null(strstr(words, "2.2 %"));
    explain_usual("S06", 60, words, sizeof(words));
    assert_string_equal(words, "60 % of the highest heart rate");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_told_as_a_number),
        cmocka_unit_test(a_figure_has_no_unit),
        cmocka_unit_test(a_rule_with_a_figure_was_forgotten),
        cmocka_unit_test(what_is_usual_has_no_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
