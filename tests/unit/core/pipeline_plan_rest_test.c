/* Where the programme meets other stages: a walk that a STOP ended, a stumble. */
#include "tests/unit/core/home_fixture.h"

/* C10: of a walk that ended red the short safe text only, however long the STOP stays open. */
static void an_open_stop_swallows_the_word_that_ends_the_walk(void **unused)
{
    (void)unused;
    struct home *home = home_build("P2");
    home_begin(home);
    home_jump(home, 0, 600);
    home_pain(home, 3);
    home_move(home, 6, false);
    home_pain(home, 6);
    const int64_t red_ns = home->now_ns;
    home_until_ns(home, red_ns + 5 * HOME_MINUTE_NS);
    assert_false(home->state.session.open);
    const struct home_said *rest = home_said(home, TEXT_C10_REST);
    assert_non_null(rest);
    assert_false(rest->prompt.praise);
    assert_true(rest->at_ns > red_ns && rest->at_ns - red_ns <= 120 * HOME_SECOND_NS);
    assert_int_equal(home_said_of(home, RULE_C10), 1);
    assert_int_equal(home_said_of(home, RULE_C11), 0);
    free(home);
}

/* R03: nobody who stumbled just now is asked to walk faster. */
static void who_stumbled_is_told_to_walk_faster(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home_begin(home);
    home_jump(home, 0, 600);
    home_move(home, 4, false);
    const uint8_t *absence = home->state.rules.absence;
    assert_int_equal(absence[RULE_R03], RULE_EVALUATED);
    home->state.safety.stumble_ns = home->now_ns;
    home_move(home, 1, false);
    assert_int_equal(absence[RULE_R03], RULE_CONTRAINDICATED);
    home_move(home, 4.5, false);
    assert_int_equal(absence[RULE_R03], RULE_EVALUATED);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_open_stop_swallows_the_word_that_ends_the_walk),
        cmocka_unit_test(who_stumbled_is_told_to_walk_faster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
