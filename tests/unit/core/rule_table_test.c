/* Rule book 3.6, 5.2, 5.3, 5.5 against the table that the later stages read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "hub/core/rule_table.h"

#define INFO STRIDE__V1__SEVERITY__SEVERITY_INFO
#define COACH STRIDE__V1__SEVERITY__SEVERITY_COACH
#define CAUTION STRIDE__V1__SEVERITY__SEVERITY_CAUTION
#define STOP STRIDE__V1__SEVERITY__SEVERITY_STOP
#define RED STRIDE__V1__SEVERITY__SEVERITY_RED

static struct finding of(enum rule rule, int severity)
{
    return (struct finding){.rule = (uint8_t)rule, .severity = (uint8_t)severity};
}

static unsigned rank(enum rule rule, int severity)
{
    struct finding finding = of(rule, severity);
    return finding_rank(&finding);
}

static void test_all_58_rules_are_there_once_under_their_own_name(void **unused)
{
    (void)unused;
    static const struct {
        char letter;
        int n;
    } families[] = {{'R', 15}, {'P', 8}, {'F', 7}, {'S', 9}, {'C', 18}};
    assert_int_equal(RULE_COUNT, 59);
    for (size_t f = 0; f < sizeof(families) / sizeof(families[0]); f++) {
        for (int i = 1; i <= families[f].n; i++) {
            int found = 0;
            for (int rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
                const char *name = rule_name((enum rule)rule);
                found += name[0] == families[f].letter && name[1] == '0' + i / 10 &&
                         name[2] == '0' + i % 10 && name[3] == '\0';
            }
            assert_int_equal(found, 1);
        }
    }
    assert_string_equal(rule_name(RULE_T1), "T1");
    assert_string_equal(rule_name(RULE_NONE), "none");
}

static void test_ids_that_are_stored_keep_their_numbers(void **unused)
{
    (void)unused;
    static const char *const stored[] = {"none", "R03", "R11", "R12", "F07", "S08"};
    for (int rule = 0; rule < 6; rule++)
        assert_string_equal(rule_name((enum rule)rule), stored[rule]);
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        assert_in_range(rule_info((enum rule)rule)->severity, INFO, RED);
        assert_true(rule_info((enum rule)rule)->rank < 32);
    }
}

/* What a rule is said to have at most it has: R02's summary is a CAUTION. */
static void test_the_highest_severity_is_the_rule_books(void **unused)
{
    (void)unused;
    static const struct {
        enum rule rule;
        int severity;
    } rows[] = {{RULE_R01, COACH}, {RULE_R02, CAUTION}, {RULE_R06, INFO},    {RULE_R07, INFO},
                {RULE_R11, STOP},  {RULE_R12, CAUTION}, {RULE_R14, INFO},    {RULE_R15, INFO},
                {RULE_P02, STOP},  {RULE_P03, STOP},    {RULE_P05, CAUTION}, {RULE_P06, STOP},
                {RULE_P07, COACH}, {RULE_S02, CAUTION}, {RULE_S03, CAUTION}, {RULE_S05, INFO},
                {RULE_S06, STOP},  {RULE_S08, CAUTION}, {RULE_C16, COACH},   {RULE_F04, RED}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(rule_info(rows[i].rule)->severity, rows[i].severity);
}

static void test_coach_prompts_are_ranked_as_5_3_says(void **unused)
{
    (void)unused;
    static const enum rule order[] = {RULE_R11, RULE_R12, RULE_P07, RULE_R05, RULE_R02,
                                      RULE_R01, RULE_R13, RULE_R03, RULE_R04, RULE_R08,
                                      RULE_R06, RULE_R14, RULE_R07};
    for (size_t i = 1; i < sizeof(order) / sizeof(order[0]); i++)
        assert_true(rank(order[i - 1], COACH) > rank(order[i], COACH));
}

static void test_classes_are_ordered_as_5_3_says(void **unused)
{
    (void)unused;
    assert_true(rank(RULE_F04, RED) > rank(RULE_R11, STOP));
    assert_true(rank(RULE_F01, RED) > rank(RULE_F02, RED));
    assert_true(rank(RULE_F02, RED) > rank(RULE_F04, RED));
    assert_true(rank(RULE_S06, STOP) > rank(RULE_S02, COACH));
    assert_true(rank(RULE_S02, COACH) > rank(RULE_P05, CAUTION));
    assert_true(rank(RULE_S03, CAUTION) > rank(RULE_R12, CAUTION));
    assert_true(rank(RULE_S07, INFO) < rank(RULE_C03, INFO));
    assert_true(rank(RULE_R12, CAUTION) > rank(RULE_C03, INFO));
    assert_true(rank(RULE_C04, INFO) > rank(RULE_R11, COACH));
    assert_true(rank(RULE_R14, COACH) > rank(RULE_S08, INFO));
    struct finding praise = of(RULE_R03, INFO);
    praise.praise = true;
    assert_true(finding_rank(&praise) > rank(RULE_S08, INFO));
    assert_true(finding_rank(&praise) < rank(RULE_R14, COACH));
}

static bool never_held_back(enum rule rule, int severity)
{
    struct finding finding = of(rule, severity);
    return finding_unsuppressible(&finding);
}

static void test_5_5_is_never_suppressed_and_nothing_else(void **unused)
{
    (void)unused;
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        const char *name = rule_name((enum rule)rule);
        for (int severity = INFO; severity <= RED; severity++) {
            bool stop = severity >= STOP;
            bool wanted = name[0] == 'F' || strcmp(name, "S01") == 0 || strcmp(name, "S04") == 0 ||
                          strcmp(name, "P06") == 0 ||
                          (stop && (strcmp(name, "P02") == 0 || strcmp(name, "P03") == 0 ||
                                    strcmp(name, "S06") == 0));
            assert_int_equal(never_held_back((enum rule)rule, severity), wanted);
        }
    }
}

static enum alert_urgency urgency(enum rule rule, int severity)
{
    struct finding finding = of(rule, severity);
    return finding_urgency(&finding);
}

static void test_urgencies_are_those_of_5_2(void **unused)
{
    (void)unused;
    static const enum rule now[] = {RULE_F01, RULE_F05, RULE_F06, RULE_F07, RULE_S01};
    for (size_t i = 0; i < sizeof(now) / sizeof(now[0]); i++)
        assert_int_equal(urgency(now[i], RED), URGENCY_EMERGENCY);
    assert_int_equal(urgency(RULE_F02, RED), URGENCY_SAME_DAY);
    assert_int_equal(urgency(RULE_F03, RED), URGENCY_SAME_DAY);
    assert_int_equal(urgency(RULE_P06, STOP), URGENCY_SAME_DAY);
    assert_int_equal(urgency(RULE_F04, RED), URGENCY_URGENT);
    /* The question whether somebody fell is no alarm yet. */
    assert_int_equal(urgency(RULE_S01, STOP), URGENCY_NONE);
    /* A caregiver hears of these only when the finding says so. */
    assert_int_equal(urgency(RULE_S04, STOP), URGENCY_NONE);
    assert_int_equal(urgency(RULE_S03, CAUTION), URGENCY_NONE);
    assert_int_equal(urgency(RULE_S06, STOP), URGENCY_NONE);
    assert_int_equal(urgency(RULE_T1, STOP), URGENCY_NONE);
    struct finding running = of(RULE_S04, STOP);
    running.urgency = URGENCY_URGENT;
    assert_int_equal(finding_urgency(&running), URGENCY_URGENT);
    struct finding article = of(RULE_F04, RED); /* redflag.policy = article */
    article.urgency = URGENCY_EMERGENCY;
    assert_int_equal(finding_urgency(&article), URGENCY_EMERGENCY);
    for (int rule = RULE_R01; rule <= RULE_R15; rule++)
        assert_int_equal(urgency((enum rule)rule, STOP), URGENCY_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_58_rules_are_there_once_under_their_own_name),
        cmocka_unit_test(test_ids_that_are_stored_keep_their_numbers),
        cmocka_unit_test(test_the_highest_severity_is_the_rule_books),
        cmocka_unit_test(test_coach_prompts_are_ranked_as_5_3_says),
        cmocka_unit_test(test_classes_are_ordered_as_5_3_says),
        cmocka_unit_test(test_5_5_is_never_suppressed_and_nothing_else),
        cmocka_unit_test(test_urgencies_are_those_of_5_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
