/* What a person says of a walk, through the whole core: into rules, programme and record. */
#include "home_fixture.h"

enum { YES = STRIDE__V1__ANSWER__ANSWER_YES, NO = STRIDE__V1__ANSWER__ANSWER_NO };

static void what_is_told_of_a_walk_holds_for_the_next_or_never(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    struct wire_report report = home_report();
    const struct programme_ground *ground = &home->state.programme.walk.ground;
    report.icy = report.camber = (Stride__V1__Answer)YES;
    report.backpack = (Stride__V1__Answer)NO;
    home_say(home, report); /* before it begins */
    home_move(home, 2, false);
    assert_true(home->state.session.open);
    assert_int_equal(ground->told, TOLD_ICY | TOLD_CAMBER | TOLD_BACKPACK);
    assert_int_equal(ground->is, TOLD_ICY | TOLD_CAMBER);
    report = home_report();
    report.camber = (Stride__V1__Answer)NO;
    report.sport = (Stride__V1__Answer)YES;
    home_say(home, report);
    assert_int_equal(ground->is, TOLD_ICY | TOLD_SPORT);
    home_walk(home, 1, -1, 2);
    home_move(home, 2, false);
    assert_int_equal(ground->told, 0);
    free(home);
}

static int enough_said(bool long_ok, int pain)
{
    struct home *home = home_at_minute("M1", 600); /* five minutes */
    struct wire_report report = home_report();
    home_pain(home, pain - 1);
    report.long_ok = (Stride__V1__Answer)(long_ok ? YES : NO);
    home_say(home, report);
    home_move(home, 2, false);
    home_pain(home, pain);
    home_move(home, 8, false);
    int n = home_said_n(home, TEXT_C16_ENOUGH);
    free(home);
    return n;
}

static void a_long_walk_that_is_meant_is_cut_short(void **unused)
{
    (void)unused;
    assert_int_equal(enough_said(false, 2), 1);
    assert_int_equal(enough_said(true, 2), 0);
    assert_int_equal(enough_said(true, 3), 1); /* C16: and NRS <= 2 */
}

static void a_pause_lasts_for_the_walk_or_not_at_all(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    const struct plan_walk *walk = &home->state.programme.plan.walk;
    home_move(home, 2, false);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_PAUSE);
    home_move(home, 0.1, false); /* the last steps */
    home_move(home, 1, true);
    assert_true(walk->paused);
    const float planned_s = home->state.session.planned_rest_s;
    assert_true(planned_s > 45 && planned_s <= 62);
    home_move(home, 0.5, false);
    assert_false(walk->paused);
    home_move(home, 1, true); /* not asked for again */
    assert_false(walk->paused);
    assert_true(home->state.session.planned_rest_s < planned_s + 15);
    free(home);
}

static void who_drives_is_told_to_walk(void **unused)
{
    (void)unused;
    for (int i = 0; i < 3; i++) {
        struct home *home = home_build("P1");
        struct wire_report report = home_report();
        home_set(home, "cue.c12", 2);
        home_begin(home);
        home_jump(home, 0, 600);
        report.driving = (Stride__V1__Answer)YES;
        if (i > 0)
            home_say(home, report);
        report.driving = (Stride__V1__Answer)NO;
        home_until(home, 0, 610);
        if (i > 1)
            home_say(home, report);
        home_until(home, 0, 600 + 400);
        assert_int_equal(home_said_of(home, RULE_C12) > 0, i != 1);
        home_jump(home, 1, 600);
        home_until(home, 1, 600 + 400);
        assert_true(home_said_of(home, RULE_C12) > 0); /* on the next day nobody drives any more */
        free(home);
    }
}

static void ice_is_forgotten_with_the_walk_or_driving_is_not(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    const int32_t *icy_day = &home->state.programme.icy_day;
    struct wire_report report = home_report();
    report.icy = report.driving = (Stride__V1__Answer)YES;
    home_say(home, report);
    home_walk(home, 2, -1, -1);
    assert_int_equal(*icy_day, HOME_DAY);
    assert_int_equal(home->state.programme.driving_day, INT32_MIN); /* who walks does not drive */
    report.icy = (Stride__V1__Answer)NO;
    home_say(home, report);
    assert_int_equal(*icy_day, INT32_MIN);
    free(home);
}

/* Said an hour before it came, at midnight and a half: it was of the day before. */
static void ice_of_yesterday_is_of_today(void **unused)
{
    (void)unused;
    for (int waited_min = 0; waited_min <= 60; waited_min += 60) {
        struct home *home = home_at_minute("P1", 1440 + 30);
        struct wire_report report = home_report();
        const int32_t day = HOME_DAY + (waited_min > 0 ? 0 : 1);
        report.icy = report.driving = (Stride__V1__Answer)YES;
        report.t_us = home->now_ns / 1000 + 5000000 - waited_min * INT64_C(60000000);
        home_say(home, report);
        assert_int_equal(home->state.programme.icy_day, day);
        assert_int_equal(home->state.programme.driving_day, day);
        free(home);
    }
}

/* A week of walks indoors, and ice on the last of these days: the first day on which C14 comes. */
static int day_of_daylight(bool icy)
{
    struct home *home = home_build("P1");
    home_set(home, "cue.c14", 2);
    home_begin(home);
    int day = 0;
    for (; day < 12 && home_said_of(home, RULE_C14) == 0; day++) {
        home_jump(home, day, 600);
        struct wire_report report = home_report();
        report.outdoors = (Stride__V1__Answer)NO;
        if (icy && day == 7)
            report.icy = (Stride__V1__Answer)YES;
        home_say(home, report);
        home_walk(home, 4, 2, 2);
        home_until(home, day, 660);
    }
    free(home);
    return day - 1;
}

static void who_told_of_ice_is_sent_out_or_never_again(void **unused)
{
    (void)unused;
    assert_int_equal(day_of_daylight(false), 7);
    assert_int_equal(day_of_daylight(true), 8);
}

static void a_glass_is_drunk_whatever_the_answer(void **unused)
{
    (void)unused;
    struct home *home = home_build("P1");
    home_set(home, "cue.c05", 2);
    home_begin(home);
    home_jump(home, 0, 600);
    home_move(home, 2, false);
    const struct home_said *drink = home_said(home, TEXT_C05_DRINK);
    assert_non_null(drink);
    struct wire_feedback feedback = {.place = {7, ++home->control_seq, 0},
                                     .t_us = -1,
                                     .kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED,
                                     .answer = (Stride__V1__Answer)YES};
    uint8_t bytes[CONTROL_BYTES_MAX];
    snprintf(feedback.prompt, sizeof(feedback.prompt), "%s", drink->prompt.id);
    home_put(home, INPUT_FEEDBACK, HOME_WRIST, bytes,
             wire_encode_feedback(&feedback, bytes, sizeof(bytes)));
    assert_int_equal(home->state.programme.walk.ground.is, TOLD_HYDRATED);
    free(home);
}

static void a_note_that_evening_is_not_written(void **unused)
{
    (void)unused;
    struct home *home = home_at_minute("P1", 600);
    struct wire_report report = home_report();
    home_walk(home, 3, 2, 2);
    home_until(home, 0, 900);
    snprintf(report.note, sizeof(report.note), "2 miles, 3/10");
    home_say(home, report);
    assert_string_equal(home->state.session.note, "2 miles, 3/10");
    int updated_n = 0;
    for (int i = 0; i < home->effects.n; i++)
        updated_n += home->effects.items[i].kind == EFFECT_SESSION &&
                     home->effects.items[i].session.change == SESSION_UPDATED;
    assert_int_equal(updated_n, 1);
    free(home);
}

/* The reason of a walk that nobody ended by button. */
static enum end_reason ends(int percent, bool silent, double minutes)
{
    struct home *home = home_at_minute("M1", 600); /* five minutes, done at four */
    home->battery_pct = (int8_t)percent;
    home_move(home, minutes, false);
    home_move(home, silent ? 0 : 0.5, true);
    home_until_ns(home, home->now_ns + 20 * HOME_MINUTE_NS);
    assert_false(home->state.session.open);
    enum end_reason reason = (enum end_reason)home->state.session.end_reason;
    free(home);
    return reason;
}

static void a_walk_ends_for_another_reason_than_it_did(void **unused)
{
    (void)unused;
    assert_int_equal(ends(90, false, 3), END_IDLE_TIMEOUT);
    assert_int_equal(ends(90, false, 4.5), END_PLAN_DONE);
    assert_int_equal(ends(90, true, 3), END_DEVICE_LOSS);
    assert_int_equal(ends(9, true, 3), END_BATTERY);
    assert_int_equal(ends(9, false, 3), END_IDLE_TIMEOUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_of_a_walk_holds_for_the_next_or_never),
        cmocka_unit_test(a_long_walk_that_is_meant_is_cut_short),
        cmocka_unit_test(a_pause_lasts_for_the_walk_or_not_at_all),
        cmocka_unit_test(who_drives_is_told_to_walk),
        cmocka_unit_test(ice_is_forgotten_with_the_walk_or_driving_is_not),
        cmocka_unit_test(ice_of_yesterday_is_of_today),
        cmocka_unit_test(who_told_of_ice_is_sent_out_or_never_again),
        cmocka_unit_test(a_glass_is_drunk_whatever_the_answer),
        cmocka_unit_test(a_note_that_evening_is_not_written),
        cmocka_unit_test(a_walk_ends_for_another_reason_than_it_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
