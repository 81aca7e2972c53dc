/* A hub that was off for long: what it missed is made up for, once, and without the waiting. */
#include <time.h>

#include "tests/unit/core/home_fixture.h"

enum { AWAY_DAYS = 365 };
/* A machine's second, shared with other tests: what takes 10 ms here took 17 s before. */
static const double CATCH_UP_S = 1;

/* At ten in the morning of a day that began at hub time `begin_ns`. */
static struct home *home_at(unsigned caregivers_n, int64_t begin_ns)
{
    struct home *home = home_build("P1");
    for (unsigned i = 0; i < caregivers_n; i++) {
        struct wire_caregiver *caregiver = &home->config.caregivers[i];
        snprintf(caregiver->account, ID_SIZE, "c%u", i + 1);
        caregiver->order = i + 1;
        caregiver->emergency = true;
    }
    home->config.caregivers_n = (uint8_t)caregivers_n;
    home->config.caregiver_consent = true;
    home->wall_ahead_ms -= begin_ns / 1000000;
    home_begin(home);
    home_until(home, 0, 10 * 60);
    return home;
}

static struct home *home_with_caregivers(unsigned n)
{
    return home_at(n, 0);
}

static void press_help(struct home *home)
{
    struct wire_report report = home_report();
    report.button = STRIDE__V1__BUTTON__BUTTON_HELP;
    report.press_ms = 2500;
    home_say(home, report);
}

/* The machine's seconds of the step with which the hub comes back. */
static double come_back(struct home *home, int days)
{
    const uint8_t started = HUB_STARTED;
    home->now_ns += days * INT64_C(86400) * HOME_SECOND_NS;
    const clock_t before = clock();
    home_put(home, INPUT_HUB, INPUT_SLOT_NONE, &started, 1);
    return (double)(clock() - before) / CLOCKS_PER_SEC;
}

static void a_year_off_with_an_open_emergency_is_caught_up_with_at_once(void **unused)
{
    (void)unused;
    struct home *home = home_with_caregivers(3);
    press_help(home);
    home_until_ns(home, home->now_ns + 30 * HOME_SECOND_NS);
    const uint32_t sends_n = home->state.alerting.alerts[0].sends_n;
    assert_true(come_back(home, AWAY_DAYS) < CATCH_UP_S);
    const struct alert *alert = &home->state.alerting.alerts[0];
    int steps[4] = {0}, resends_n = 0, alarms_n = 0;
    for (int i = 0; i < home->effects.n; i++) {
        const struct effect *effect = &home->effects.items[i];
        if (effect->kind == EFFECT_ALERT && effect->alert.level <= 3)
            steps[effect->alert.level]++;
        const bool old = home->now_ns - effect->at_ns > 60 * HOME_SECOND_NS;
        resends_n += effect->kind == EFFECT_NOTICE && effect->notice.resend;
        assert_false(effect->kind == EFFECT_NOTICE && effect->notice.resend && old);
        alarms_n += effect->kind == EFFECT_PROMPT && effect->prompt.alarm;
        assert_false(effect->kind == EFFECT_PROMPT && effect->prompt.alarm && old);
    }
    /* Each step of the ladder once, at its own time; then what the last minute brings. */
    assert_int_equal(alert->level, 3);
    for (int level = 1; level <= 3; level++)
        assert_int_equal(steps[level], 1);
    assert_true(alert->alarm);
    assert_in_range(alarms_n, 3, 4);
    assert_in_range(resends_n, 3 * 3, 5 * 3);
    /* What nobody was sent is not counted as sent. */
    assert_int_equal(alert->sends_n, sends_n + 3 + (unsigned)resends_n / 3);
    assert_int_equal(alert->said_n, alarms_n + 1 /* in the 30 s before */);
    /* And it goes on. */
    const int64_t back_ns = home->now_ns;
    home->now_ns += 20 * HOME_SECOND_NS;
    home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
    assert_true(alert->due_ns[TIMER_SAY] <= back_ns + 40 * HOME_SECOND_NS);
    assert_true(alert->due_ns[TIMER_RESEND] <= back_ns + 40 * HOME_SECOND_NS);
    free(home);
}

/* The rhythm of a repeat is the one it had: its times are those of a hub that stayed on. */
static void repeats_after_an_outage_keep_their_rhythm(void **unused)
{
    (void)unused;
    struct home *off = home_with_caregivers(1), *on = home_with_caregivers(1);
    press_help(off);
    press_help(on);
    home_until_ns(on, on->now_ns + 3600 * HOME_SECOND_NS);
    off->now_ns += 3600 * HOME_SECOND_NS;
    home_put(off, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
    const struct alert *a = &off->state.alerting.alerts[0], *b = &on->state.alerting.alerts[0];
    assert_int_equal(a->level, b->level);
    assert_memory_equal(a->due_ns, b->due_ns, sizeof(a->due_ns));
    assert_true(a->sends_n < b->sends_n);
    free(off);
    free(on);
}

/* The latest row that a journal may hold: its replay ends, and so does what comes after it. */
static void the_end_of_a_hubs_clock_is_reached_and_survived(void **unused)
{
    (void)unused;
    const int64_t begin_ns = JOURNAL_MONO_NS_MAX / HOME_SECOND_NS * HOME_SECOND_NS -
                             3 * AWAY_DAYS * INT64_C(86400) * HOME_SECOND_NS;
    struct home *home = home_at(3, begin_ns);
    press_help(home);
    const clock_t before = clock();
    home->now_ns = JOURNAL_MONO_NS_MAX;
    home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0); /* not even told that it was away */
    assert_true((double)(clock() - before) / CLOCKS_PER_SEC < 3 * CATCH_UP_S);
    assert_true(pipeline_deadline_ns(&home->state) > home->now_ns);
    assert_true(home->state.alerting.alerts[0].alarm);
    free(home);
}

/* A clock beyond what the core's calendar reckons with: every alert goes its way. */
static void a_hub_in_the_year_2262_still_tells_everybody(void **unused)
{
    (void)unused;
    struct home *home = home_with_caregivers(3);
    home->wall_ahead_ms = INT64_C(9223372036854); /* 2262-04-11, where ns of an epoch end */
    press_help(home);
    home_until_ns(home, home->now_ns + 3 * INT64_C(86400) * HOME_SECOND_NS / 100);
    home->now_ns += 3 * INT64_C(86400) * HOME_SECOND_NS;
    home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
    const struct alert *alert = &home->state.alerting.alerts[0];
    assert_int_equal(alert->level, 3);
    assert_true(alert->alarm && alert->told == 7);
    assert_true(alert->raised_wall_ms > 0 && alert->changed_wall_ms > 0);
    free(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_year_off_with_an_open_emergency_is_caught_up_with_at_once),
        cmocka_unit_test(repeats_after_an_outage_keep_their_rhythm),
        cmocka_unit_test(the_end_of_a_hubs_clock_is_reached_and_survived),
        cmocka_unit_test(a_hub_in_the_year_2262_still_tells_everybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
