/* Figures of the whole core that were changed: the ramp of a belt, and how long a flare-up rests.
 */
#include "tests/unit/core/pipeline_pain_fixture.h"

#define OFFERED STRIDE__V1__REQUEST_KIND__REQUEST_TEXT
#define SLOW STRIDE__V1__REQUEST_KIND__REQUEST_SLOW

/* On a belt, told to stop at 420 s: it is offered to slow down. */
static struct home *stopped_on_the_belt(const char *name, double value)
{
    struct home *home = home_new();
    if (name != NULL)
        home_param(home, name, value);
    home->belt = true;
    home->belt_cm = 110;
    home_begin(home);
    home_walk(home, 30);
    home_say(home, PAIN(3, PLACE(BACK)));
    home_walk(home, 420);
    home_say(home, PAIN(3, PLACE(THIGH), SIDE(LEFT)));
    assert_int_equal(home_belts_n(home, OFFERED), 1);
    return home;
}

static void the_offer_to_slow_a_belt_does_not_last_as_long_as_is_set(void **unused)
{
    (void)unused;
    for (int changed = 0; changed <= 1; changed++) {
        struct home *home = stopped_on_the_belt(changed ? "belt.offer" : NULL, 120);
        home_walk(home, 500);
        home_say(home, SAYS(BUTTON(OK)));
        assert_int_equal(home_belts_n(home, SLOW), changed);
        home_end(home);
    }
}

/* A belt that does not obey is asked 36 times at most: 18 km/h is no walk. */
static void a_belt_is_slowed_by_other_steps_than_are_set(void **unused)
{
    (void)unused;
    static const struct {
        const char *name;
        double value;
        float by_mps;
        int requests_n; /* until the ramp is given up */
        double last_s;  /* the longest that it may take */
    } cases[] = {{NULL, 0, 0.5F / 3.6F, 36, 180},
                 {"belt.ramp", 0.1, 0.1F, 50, 250},
                 {"belt.slow_every", 10, 0.5F / 3.6F, 36, 360}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct home *home = stopped_on_the_belt(cases[i].name, cases[i].value);
        home_walk(home, 430);
        home_say(home, SAYS(BUTTON(OK)));
        float by_mps = 0;
        for (int at = 0; at < home->effects.n; at++) {
            if (home->effects.items[at].kind == EFFECT_BELT)
                by_mps = home->effects.items[at].belt.slow_by_mps;
        }
        assert_true(by_mps == cases[i].by_mps);
        const double from_s = home->now_s;
        home_walk(home, from_s + cases[i].last_s + 30);
        assert_int_equal(home_belts_n(home, SLOW), cases[i].requests_n);
        home_end(home);
    }
}

/* P08, without a programme that closes it: P01 asks every five minutes instead of ten. */
static void a_flare_that_was_told_lasts_another_time_than_is_set(void **unused)
{
    (void)unused;
    for (int changed = 0; changed <= 1; changed++) {
        struct home *home = home_new();
        if (changed)
            home_param(home, "p08.told", 48);
        memset(home->config.stage, 0, sizeof(home->config.stage));
        home_begin(home);
        home_say(home, SAYS(BUTTON(FLARE)));
        home_wait(home, 24 * HOUR_S + 60);
        home_walk(home, home->now_s + 30);
        home_say(home, PAIN(2, PLACE(BACK)));
        home_walk(home, home->now_s + 400);
        assert_int_equal(home_asked_n(home, QUESTION_NRS), 1 + changed);
        home_end(home);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_offer_to_slow_a_belt_does_not_last_as_long_as_is_set),
        cmocka_unit_test(a_belt_is_slowed_by_other_steps_than_are_set),
        cmocka_unit_test(a_flare_that_was_told_lasts_another_time_than_is_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
