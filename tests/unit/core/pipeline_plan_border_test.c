/* Where the programme meets what is said late, and what a walk left behind. */
#include "tests/unit/core/home_fixture.h"

static struct home *home_with_c11(void)
{
    struct home *home = home_build("P2");
    home_set(home, "cue.c11", 2);
    home_begin(home);
    home_jump(home, 0, 600);
    return home;
}

static void say_pain_at(struct home *home, int nrs, Stride__V1__PainPlace place)
{
    struct wire_report report = home_report();
    report.pain_nrs = (int8_t)nrs;
    report.pain_place = place;
    home_say(home, report);
}

static void accept_stop(struct home *home, enum text text)
{
    assert_int_equal(home_said_n(home, text), 1);
    home_until_ns(home, home->now_ns + 5 * HOME_SECOND_NS);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_OK);
    home_until_ns(home, home->now_ns + HOME_MINUTE_NS);
}

/* C11 never during P02 red: "Hurting does not mean harming" is no word for pain that is down the
 * leg, however weak it is; and what one weak answer follows is not settled by it (3.6). */
static void pain_that_stopped_a_walk_is_not_talked_away(void **unused)
{
    (void)unused;
    struct home *home = home_with_c11();
    say_pain_at(home, 2, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_BACK);
    home_move(home, 6, false);
    home->state.programme.plan.encouraged_day = -1;
    home->said_n = 0;
    say_pain_at(home, 2, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF);
    accept_stop(home, TEXT_P02_STOP);
    say_pain_at(home, 2, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF);
    home_until_ns(home, home->now_ns + 10 * HOME_MINUTE_NS);
    home_pain(home, 2);
    home_until_ns(home, home->now_ns + 10 * HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_C11), 0);
    say_pain_at(home, 2, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_BACK);
    home_until_ns(home, home->now_ns + HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_C11), 1); /* settled */
    free(home);
    home = home_with_c11();
    home_walk_into_red(home);
    home->state.programme.plan.encouraged_day = -1;
    accept_stop(home, TEXT_P03_RED);
    const int said_n = home_said_of(home, RULE_C11);
    home_pain(home, 3);
    home_until_ns(home, home->now_ns + 10 * HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_C11), said_n);
    home_pain(home, 3);
    home_until_ns(home, home->now_ns + HOME_MINUTE_NS);
    assert_int_equal(home_said_of(home, RULE_C11), said_n + 1);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pain_that_stopped_a_walk_is_not_talked_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
