/* A walk that comes as a backlog: the link, or all but the devices, was away for longer than the
 * pause that ends a walk. */
#include "tests/unit/core/home_fixture.h"

/* So many minutes pass in which nothing comes but what the wrist says of the heart. */
static void link_away(struct home *home, double minutes)
{
    home_until_ns(home, home->now_ns + (int64_t)(minutes * (double)HOME_MINUTE_NS));
}

/* The first record ends as nothing more comes of it; all the rest is one more. */
static void a_walk_that_comes_late_is_not_cut_into_strides(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 10 * 60), *whole = home_at_minute("P1", 10 * 60);
    home_move(whole, 23, false);
    home_until_ns(whole, whole->now_ns + 15 * HOME_MINUTE_NS);
    home_move(home, 3, false);
    const int64_t from_ns = home->now_ns;
    link_away(home, 15);
    const int asked_n = home->asked_nrs_n;
    home_backlog(home, from_ns, home->now_ns, false);
    assert_in_range(home->opened_n, 1, 2);
    assert_int_equal(home->asked_nrs_n, asked_n); /* how it was then nobody can say now */
    home_move(home, 5, false);
    assert_in_range(home->asked_nrs_n, asked_n, asked_n + 1);
    home_until_ns(home, home->now_ns + 15 * HOME_MINUTE_NS);
    assert_in_range(home->opened_n, 1, 2);
    assert_int_equal(home->sessions_n, home->opened_n);
    assert_in_range(home->steps_n, whole->steps_n - 8, whole->steps_n + 2);
    free(home);
    free(whole);
}

/* A walk far from home: the record is made when they are back, and nobody is asked how it hurts
 * "now" for a walk that ended an hour ago. */
static void a_walk_out_of_reach_is_one_record_and_no_question(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 10 * 60);
    home_move(home, 1, true); /* the hub knows the insoles' clocks */
    const int64_t from_ns = home->now_ns;
    link_away(home, 100);
    home_backlog(home, from_ns, from_ns + 40 * HOME_MINUTE_NS, false);
    home_backlog(home, from_ns + 40 * HOME_MINUTE_NS, home->now_ns, true);
    home_until_ns(home, home->now_ns + 15 * HOME_MINUTE_NS);
    assert_int_equal(home->opened_n, 1);
    assert_int_equal(home->sessions_n, 1);
    assert_int_equal(home->asked_nrs_n, 0);
    assert_true(home->state.session.walk_s > 39 * 60);
    assert_int_equal(home_said_of(home, RULE_C16), 0); /* "head home now": who is there already */
    assert_int_equal(home_said_n(home, TEXT_C10_WALKED_TIME), 1);
    free(home);
}

/* Two walks with an hour between them are two, however late they come. */
static void two_walks_that_come_late_are_two(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 10 * 60);
    home_move(home, 1, true);
    const int64_t from_ns = home->now_ns, hour_ns = 60 * HOME_MINUTE_NS;
    link_away(home, 100);
    home_backlog(home, from_ns, from_ns + 10 * HOME_MINUTE_NS, false);
    home_backlog(home, from_ns + 10 * HOME_MINUTE_NS, from_ns + hour_ns, true);
    home_backlog(home, from_ns + hour_ns, from_ns + hour_ns + 10 * HOME_MINUTE_NS, false);
    home_backlog(home, from_ns + hour_ns + 10 * HOME_MINUTE_NS, home->now_ns, true);
    home_until_ns(home, home->now_ns + 15 * HOME_MINUTE_NS);
    assert_int_equal(home->opened_n, 2);
    assert_int_equal(home->sessions_n, 2);
    for (int i = 0; i < 2; i++)
        assert_true(home->walk_s[i] > 9 * 60 && home->walk_s[i] < 11 * 60);
    assert_int_equal(home->state.session.rests_n, 0);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_that_comes_late_is_not_cut_into_strides),
        cmocka_unit_test(a_walk_out_of_reach_is_one_record_and_no_question),
        cmocka_unit_test(two_walks_that_come_late_are_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
