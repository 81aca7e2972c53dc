/* A decision of the programme as a sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hub/app/plan_json.h"

static const struct plan_decision up = {.direction = PLAN_UP,
                                        .why = PLAN_WHY_ALL_WELL,
                                        .from = PLAN_M1,
                                        .to = PLAN_M2,
                                        .days_n = 3,
                                        .done_n = 9,
                                        .planned_n = 9};

static void test_a_step_up_is_told_with_its_numbers(void **unused)
{
    (void)unused;
    char text[PLAN_SENTENCE_SIZE];
    plan_sentence(&up, text, sizeof(text));
    assert_string_equal(text, "up, M1 to M2: "
                              "the walks were done and the pain stayed settled "
                              "(9 of 9 walks done, 3 days at M1).");
}

static void test_what_was_not_known_is_told(void **unused)
{
    (void)unused;
    struct plan_decision decided = up;
    decided.dropped = PLAN_DROPPED_MORNING | PLAN_DROPPED_RISE;
    char text[PLAN_SENTENCE_SIZE];
    plan_sentence(&decided, text, sizeof(text));
    assert_non_null(strstr(text, ", a morning not known, a rise not known)."));
}

static void test_the_longest_sentence_fits(void **unused)
{
    (void)unused;
    char text[PLAN_SENTENCE_SIZE];
    for (int why = 0; why < PLAN_WHYS; why++) {
        struct plan_decision decided = up;
        decided.why = (uint8_t)why;
        decided.done_n = decided.planned_n = decided.days_n = UINT8_MAX;
        decided.dropped = PLAN_DROPPED_MORNING | PLAN_DROPPED_RISE;
        assert_in_range(plan_sentence(&decided, text, sizeof(text)), 1, sizeof(text) - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_step_up_is_told_with_its_numbers),
        cmocka_unit_test(test_what_was_not_known_is_told),
        cmocka_unit_test(test_the_longest_sentence_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
