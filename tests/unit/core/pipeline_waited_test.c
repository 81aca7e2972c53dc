/* Reports that waited in a device while it was out of reach (rule book 5.2): what is done about
 * them is of the present, when they were said is their own time. */
#include "tests/unit/core/pipeline_pain_fixture.h"

static void say_by_account(struct home *home, const char *account, struct wire_report report)
{
    uint8_t bytes[ID_SIZE + CONTROL_BYTES_MAX];
    memset(bytes, 0, ID_SIZE);
    memcpy(bytes, account, strlen(account));
    report.place = (struct wire_place){7, ++home->words[BELT], 1};
    size_t size = wire_encode_report(&report, bytes + ID_SIZE, CONTROL_BYTES_MAX);
    assert_int_equal(
        home_put(home, home->now_s, INPUT_SAID, INPUT_SLOT_NONE, bytes, ID_SIZE + size),
        STEP_APPLIED);
}

/* The wrist was heard, and then the wearer walked on without it. */
static struct home *out_of_reach(double until_s)
{
    struct home *home = home_new();
    home_begin(home);
    home_stand(home, 20);
    home_walk(home, 50);
    home_say(home, PAIN(2, PLACE(BACK)));
    home->mute_wrist = true;
    home_walk(home, until_s);
    return home;
}

static const struct alert *call_of(const struct home *home)
{
    const struct alert *newest = NULL;
    for (int i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &home->state.alerting.alerts[i];
        if (alert->id[0] != '\0' && alert->rule == RULE_F07)
            newest = alert;
    }
    assert_non_null(newest);
    return newest;
}

static void a_call_for_help_that_waited_is_told_as_of_now(void **unused)
{
    (void)unused;
    struct home *home = out_of_reach(1500);
    home_say_late(home, 1440, SAYS(BUTTON(HELP)));
    const struct alert *call = call_of(home);
    assert_in_range(home->state.now_ns - call->found_ns, 1439 * SECOND_NS, 1441 * SECOND_NS);
    assert_int_equal(call->raised_ns, home->state.now_ns); /* the ladder begins now */
    home_wait(home, 1506);
    assert_int_equal(call->state, ALERT_SENT);
    bool late = false;
    assert_non_null(home_notice(home, "c1"));
    for (int i = 0; i < home->effects.n; i++)
        late |= home->effects.items[i].kind == EFFECT_NOTICE && home->effects.items[i].notice.late;
    assert_true(late);
    home_end(home);
}

static void what_is_told_by_a_clock_of_the_future_or_none_is_not_of_now(void **unused)
{
    (void)unused;
    static const double ago_s[] = {-3600, -1, 0, 9};
    for (size_t i = 0; i < sizeof(ago_s) / sizeof(ago_s[0]); i++) {
        struct home *home = out_of_reach(100);
        home_say_late(home, ago_s[i], SAYS(BUTTON(HELP)));
        assert_int_equal(call_of(home)->found_ns, home->state.now_ns);
        home_end(home);
    }
}

static double call_waited_s(const struct home *home)
{
    return (double)(home->state.now_ns - call_of(home)->found_ns) / 1e9;
}

/* The wrist is heard while its clock is put by so much, and then no more. */
static struct home *with_a_clock_that_was_put(double by_s)
{
    struct home *home = home_new();
    home_begin(home);
    home_stand(home, 2000); /* it may be put back by less */
    home->wrist_s = by_s;
    home_stand(home, 2030);
    home->mute_wrist = true;
    home_wait(home, 2630);
    return home;
}

static void a_clock_that_was_put_makes_a_call_older_or_younger(void **unused)
{
    (void)unused;
    static const double by_s[] = {0, 1000, -1000};
    for (size_t i = 0; i < sizeof(by_s) / sizeof(by_s[0]); i++) {
        struct home *home = with_a_clock_that_was_put(by_s[i]);
        home_say_late(home, 590, SAYS(BUTTON(HELP)));
        assert_true(fabs(call_waited_s(home) - 590) < 1);
        home_end(home);
    }
}

/* A stream that has sent nothing since the clock was put still goes by its old reading. */
static void of_two_readings_of_a_clock_the_older_one_is_taken(void **unused)
{
    (void)unused;
    static const struct {
        double shift_s, waited_s;
    } cases[] = {{300, 290}, {-300, 590}, {1000, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct home *home = with_a_clock_that_was_put(0);
        struct align_stream *other = &home->state.devices[WRIST].align.streams[1];
        *other = (struct align_stream){.seen = true, .shift_us = cases[i].shift_s * 1e6};
        home_say_late(home, 590, SAYS(BUTTON(HELP)));
        assert_true(fabs(call_waited_s(home) - cases[i].waited_s) < 1);
        free(home); /* its state was touched: no replay */
    }
}

static void a_clock_that_tells_no_time_makes_a_call_old(void **unused)
{
    (void)unused;
    struct home *home = with_a_clock_that_was_put(0);
    home->state.devices[WRIST].align.counting = true; /* its readings are no times */
    home_say_late(home, 590, SAYS(BUTTON(HELP)));
    assert_int_equal(call_of(home)->found_ns, home->state.now_ns);
    free(home);
    home = with_a_clock_that_was_put(0);
    home->state.devices[WRIST].frames.boot_id++; /* it started anew since the press */
    home_say_late(home, 590, SAYS(BUTTON(HELP)));
    assert_int_equal(call_of(home)->found_ns, home->state.now_ns);
    free(home);
}

static void an_ok_takes_back_a_call_that_was_pressed_long_before_or_after_it(void **unused)
{
    (void)unused;
    static const struct {
        double help_s, ok_s; /* ago */
        bool cancels;
    } cases[] = {
        {1440, 1437, true}, /* as soon after it, both in the buffer */
        {1440, 800, false}, /* meant something else: the call stands */
        {1440, 0, true},    /* as soon as it was heard */
        {0, 1440, false},   /* pressed long before the call */
        {0, 0, true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct home *home = out_of_reach(1500);
        home_say_late(home, cases[i].help_s, SAYS(BUTTON(HELP)));
        home_say_late(home, cases[i].ok_s, SAYS(BUTTON(OK)));
        assert_int_equal(call_of(home)->state == ALERT_CANCELLED, cases[i].cancels);
        home_wait(home, 1506);
        assert_int_equal(home_notice(home, "c1") == NULL, cases[i].cancels);
        home_end(home);
    }
}

static void pain_that_waited_is_of_another_time_in_the_record(void **unused)
{
    (void)unused;
    struct home *home = out_of_reach(400);
    home_say_late(home, 240, PAIN(4, PLACE(BACK)));
    const struct session *session = &home->state.session;
    const struct pain_record *record = &home->state.pain.record;
    const double at_s = 160 - (double)session->start_ns / 1e9;
    assert_int_equal(session->reports_n, 2);
    assert_true(fabs((double)session->reports[1].t_s - at_s) < 0.5);
    assert_true(isnan(session->reports[1].dist_m));
    assert_true(fabs((double)record->rise_at_s - at_s) < 0.5);
    assert_true(session->open); /* amber: what is done is of now */
    assert_int_equal(home->state.pain.band, BAND_AMBER);
    home_walk(home, 470); /* said 300 s ago: how it is now is asked all the same */
    home_say_late(home, 200, PAIN(4, PLACE(THIGH), SIDE(LEFT)));
    assert_int_equal(home->state.pain.p02, P02_STOPPED); /* in doubt it still hurts */
    assert_false(session->open);
    assert_true(fabs((double)record->rise_at_s - at_s) < 0.5);
    home_end(home);
}

static void pain_of_before_the_walk_is_of_the_walk(void **unused)
{
    (void)unused;
    struct home *home = out_of_reach(400);
    home_say_late(home, 395, PAIN(7, PLACE(THIGH), SIDE(LEFT)));
    const struct pain_record *record = &home->state.pain.record;
    assert_true(record->start == 2 && record->peak == 2 && record->loc_start == 1);
    assert_true(home->state.session.pain_start == 2 && home->state.session.pain_peak == 2);
    assert_int_equal(home_texts_n(home, TEXT_P03_RED) + home_texts_n(home, TEXT_P02_STOP), 0);
    home_end(home);
    /* Nobody has answered: it is how the walk began. */
    home = home_new();
    home_begin(home);
    home_stand(home, 20);
    home_walk(home, 120);
    home_say_late(home, 115, PAIN(4, PLACE(BUTTOCK)));
    record = &home->state.pain.record;
    assert_true(record->start == 4 && record->loc_start == 2 && isnan(record->rise_at_s));
    assert_int_equal(home->state.session.pain_start, 4);
    home_end(home);
}

static void pain_of_the_walk_before_begins_the_next_one(void **unused)
{
    (void)unused;
    struct home *home = out_of_reach(400);
    home_say_by(home, BELT, SAYS(BUTTON(STOP)));
    home_stand(home, 760);
    assert_false(home->state.session.open);
    home_say_late(home, 460, PAIN(8, PLACE(THIGH), SIDE(LEFT)));
    const struct pain_record *record = &home->state.pain.record;
    assert_true(record->peak == 8 && record->end == 8 && record->rise_at_s > 200);
    assert_int_equal(home->state.session.reports_n, 3); /* of the closed walk's record */
    assert_int_equal(home_texts_n(home, TEXT_P03_RED) + home_texts_n(home, TEXT_P02_STOP), 0);
    home_walk(home, 820);
    assert_true(home->state.session.open && home->state.session.pain_start == -1);
    assert_true(record->start == -1 && record->loc_start == -1);
    home_end(home);
}

static void a_stop_of_long_ago_ends_a_walk_that_went_on(void **unused)
{
    (void)unused;
    struct home *home = out_of_reach(400);
    home_say_late(home, 200, SAYS(BUTTON(STOP)));
    assert_true(home->state.session.open);
    home_say_late(home, 200, SAYS(BUTTON(PAUSE)));
    assert_true(home->state.paused_ns < home->state.now_ns - 190 * SECOND_NS);
    home_stand(home, 700);
    home_say_late(home, 295, SAYS(BUTTON(STOP)));
    assert_false(home->state.session.open);
    home_end(home);
}

/* Heavy legs, and silence about them; then something comes that is no word of the wearer's. */
static void silence_about_the_legs_is_broken_by_machines_and_others(void **unused)
{
    (void)unused;
    struct home *home = out_of_reach(60);
    home_say(home, SAYS(BUTTON(LEG_HEAVY)));
    home_wait(home, 300);
    assert_true(pain_effects(&home->state.pain).triage_unanswered);
    home_say_by(home, BELT, SAYS(.belt_status = STRIDE__V1__BELT_STATUS__BELT_STATUS_PAUSED));
    assert_true(pain_effects(&home->state.pain).triage_unanswered);
    say_by_account(home, "c1", SAYS(BUTTON(PAUSE)));
    assert_true(pain_effects(&home->state.pain).triage_unanswered);
    home_say_late(home, 290, PAIN(2, PLACE(BACK))); /* said before the legs */
    assert_true(pain_effects(&home->state.pain).triage_unanswered);
    home_say(home, PAIN(2, PLACE(BACK)));
    assert_false(pain_effects(&home->state.pain).triage_unanswered);
    home_end(home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_for_help_that_waited_is_told_as_of_now),
        cmocka_unit_test(what_is_told_by_a_clock_of_the_future_or_none_is_not_of_now),
        cmocka_unit_test(a_clock_that_was_put_makes_a_call_older_or_younger),
        cmocka_unit_test(of_two_readings_of_a_clock_the_older_one_is_taken),
        cmocka_unit_test(a_clock_that_tells_no_time_makes_a_call_old),
        cmocka_unit_test(an_ok_takes_back_a_call_that_was_pressed_long_before_or_after_it),
        cmocka_unit_test(pain_that_waited_is_of_another_time_in_the_record),
        cmocka_unit_test(pain_of_before_the_walk_is_of_the_walk),
        cmocka_unit_test(pain_of_the_walk_before_begins_the_next_one),
        cmocka_unit_test(a_stop_of_long_ago_ends_a_walk_that_went_on),
        cmocka_unit_test(silence_about_the_legs_is_broken_by_machines_and_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
