#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hub/core/coverage.h"

enum {
    L = COVERAGE_LEFT_INSOLE,
    R = COVERAGE_RIGHT_INSOLE,
    W = COVERAGE_WRIST,
    T = COVERAGE_TREADMILL
};

/* The table of 2.2 as it stands, column by column. "1 insole (+wrist)" with the wrist; S04 in
 * columns without a treadmill is that of a walk on one. */
static void test_the_table_of_the_rule_book_is_kept_cell_by_cell(void **unused)
{
    (void)unused;
    static const unsigned columns[] = {L | R | W, L | R, L | W, W, W | T, T};
    static const struct {
        enum coverage_family family;
        const char *cells;
    } table[] = {
        {COVERAGE_R01, "HHh-h-"},         {COVERAGE_R02, "HHh---"},     {COVERAGE_R03, "HHHhH-"},
        {COVERAGE_R04_R07_R08, "HHh---"}, {COVERAGE_R05_R14, "H-Hhh-"}, {COVERAGE_R11, "HH----"},
        {COVERAGE_R12, "HHH---"},         {COVERAGE_REPORTS, "HhHHHh"}, {COVERAGE_P05, "Hhhhh-"},
        {COVERAGE_S01, "HhHhH-"},         {COVERAGE_S04, "HHhhh-"},     {COVERAGE_S06, "H-HHHh"}};
    static const char levels[] = {'-', 'h', 'H'};
    for (size_t row = 0; row < sizeof table / sizeof table[0]; row++) {
        for (size_t column = 0; column < 6; column++) {
            unsigned devices = columns[column] | (table[row].family == COVERAGE_S04 ? T : 0);
            struct coverage told = coverage_of(table[row].family, devices);
            assert_int_equal(levels[told.level], table[row].cells[column]);
            unsigned mirrored = (devices & ~(unsigned)(L | R)) | ((devices & L) != 0 ? R : 0U) |
                                ((devices & R) != 0 ? L : 0U);
            assert_int_equal(coverage_of(table[row].family, mirrored).level, told.level);
        }
    }
}

static void test_another_device_never_takes_anything_away(void **unused)
{
    (void)unused;
    for (int family = 0; family < COVERAGE_FAMILIES; family++) {
        for (unsigned devices = 0; devices < COVERAGE_DEVICES; devices++) {
            struct coverage told = coverage_of((enum coverage_family)family, devices);
            assert_int_equal(told.level == COVERAGE_FULL, told.reason == COVERAGE_COMPLETE);
            for (unsigned more = 1; more < COVERAGE_DEVICES; more *= 2) {
                assert_true(coverage_of((enum coverage_family)family, devices | more).level >=
                            told.level);
            }
        }
        assert_int_equal(coverage_of((enum coverage_family)family, 0).level,
                         COVERAGE_NOT_EVALUATED);
    }
}

static void test_balance_is_never_told_from_one_insole(void **unused)
{
    (void)unused;
    for (unsigned devices = 0; devices < COVERAGE_DEVICES; devices++) {
        struct coverage told = coverage_of(COVERAGE_R11, devices);
        bool both = (devices & L) != 0 && (devices & R) != 0;
        assert_int_equal(told.level, both ? COVERAGE_FULL : COVERAGE_NOT_EVALUATED);
        assert_int_equal(told.reason, both ? COVERAGE_COMPLETE : COVERAGE_NEEDS_BOTH_INSOLES);
    }
}

static void test_no_belt_no_belt_rule_and_no_wrist_no_arm_rule(void **unused)
{
    (void)unused;
    for (unsigned devices = 0; devices < COVERAGE_DEVICES; devices++) {
        if ((devices & T) == 0) {
            assert_int_equal(coverage_of(COVERAGE_S04, devices).level, COVERAGE_NOT_EVALUATED);
            assert_int_equal(coverage_of(COVERAGE_S05, devices).level, COVERAGE_NOT_EVALUATED);
        }
        if ((devices & W) == 0) {
            assert_int_equal(coverage_of(COVERAGE_R05_R14, devices).level, COVERAGE_NOT_EVALUATED);
        }
    }
    assert_int_equal(coverage_of(COVERAGE_S01, L).level, COVERAGE_NOT_EVALUATED);
    assert_int_equal(coverage_of(COVERAGE_S04, T | W).reason, COVERAGE_INFO_ONLY);
}

static void test_names_are_distinct(void **unused)
{
    (void)unused;
    for (int i = 1; i < COVERAGE_REASONS; i++) {
        assert_string_not_equal(coverage_reason_name((enum coverage_reason)i),
                                coverage_reason_name((enum coverage_reason)(i - 1)));
    }
    assert_string_equal(coverage_reason_name(COVERAGE_LOG_ONLY), "log_only");
    assert_string_equal(coverage_family_name(COVERAGE_S05), "S05");
    assert_string_equal(coverage_family_name(COVERAGE_R11), "R11");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_of_the_rule_book_is_kept_cell_by_cell),
        cmocka_unit_test(test_another_device_never_takes_anything_away),
        cmocka_unit_test(test_balance_is_never_told_from_one_insole),
        cmocka_unit_test(test_no_belt_no_belt_rule_and_no_wrist_no_arm_rule),
        cmocka_unit_test(test_names_are_distinct),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
