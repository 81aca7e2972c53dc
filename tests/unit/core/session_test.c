/* A walk's record: time, steps, distance, coverage, and what its wearer said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "session_fixture.h"

static void test_walking_time_is_the_union_of_both_feet(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    walk(&session, 0, 30, NAN);
    assert_true(close_to(session.walk_s, 30));
    walk(&session, 50, 60, NAN);
    assert_true(close_to(session.walk_s, 40));
    assert_true(close_to(session.longest_bout_s, 60)); /* gaps below 60 s are one bout */
    assert_int_equal(session.rests_n, 0);
    walk(&session, 120, 130, NAN);
    assert_int_equal(session.rests_n, 1);
    assert_true(close_to((double)session.rests[0].t_s, 60));
    assert_true(close_to((double)session.rests[0].duration_s, 60));
    assert_true(close_to(session.longest_bout_s, 60));
}

static void test_steps_are_contacts_of_both_feet_counted_once(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    walk(&session, 0, 10, NAN); /* left at 0..10: 11 contacts, right at 0.5..9.5: 10 */
    assert_int_equal(session.steps_n, 21);
    assert_int_equal(session.strides_n[FOOT_LEFT], 10);
    assert_int_equal(session.strides_n[FOOT_RIGHT], 9);
    assert_int_equal(session.loading_cycles_n, 19);
    walk(&session, 12, 14, NAN); /* 3 and 2 more */
    assert_int_equal(session.steps_n, 26);
    assert_true(session.last_step_ns == ns_of(14));
}

static void test_what_is_not_walking_is_not_counted(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    struct stride stride = stride_of(FOOT_LEFT, 0, 1);
    stride.valid = false;
    session_stride(&session, &stride, &no_summary);
    stride.valid = true;
    stride.walking = false;
    session_stride(&session, &stride, NULL);
    assert_int_equal(session.steps_n, 0);
    assert_true(session.walk_s == 0);
    session_close(&session, ns_of(5), END_USER, WALL_MS);
    stride.walking = true;
    session_stride(&session, &stride, &no_summary);
    assert_int_equal(session.steps_n, 0);
}

static void test_what_was_not_measured_is_absent_and_not_zero(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    walk(&session, 0, 20, NAN);
    assert_true(isnan(session.distance_m));
    assert_true(isnan(moments_mean(&session.speed)));
    assert_true(isnan(moments_mean(&session.stride_cv)));
    assert_true(isnan(moments_mean(&session.double_support_pct)));
    assert_true(isnan(moments_sd(&session.peak_force[FOOT_LEFT])));
    assert_true(isnan(session.clock_skew_max_ms));
    assert_int_equal(session.pain_start, -1);
    assert_int_equal(session.mood_pre, 0);
    assert_int_equal(session.devices[0].battery_start_pct, -1);
}

static void test_distance_is_belt_speed_over_walking_time(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    walk(&session, 0, 20, NAN);
    walk(&session, 20, 50, 1.25F);
    assert_true(close_to(session.distance_m, 30 * 1.25));
    assert_true(close_to(moments_mean(&session.speed), 1.25));
    /* M08: step length 0.625 m at 120 steps/min */
    assert_true(close_to(moments_mean(&session.walk_ratio), 0.625 / 120));
    assert_true(close_to(moments_mean(&session.cadence), 120));
}

static void test_id_is_a_uuid_and_the_same_in_a_replay(void **unused)
{
    (void)unused;
    struct session a, b;
    open_walk(&a);
    open_walk(&b);
    assert_int_equal(strlen(a.id), 36);
    assert_string_equal(a.id, b.id);
    assert_true(a.id[8] == '-' && a.id[13] == '-' && a.id[18] == '-' && a.id[23] == '-');
    assert_true(a.id[14] == '8');
    assert_non_null(strchr("89ab", a.id[19]));
    session_open(&b, 5, 2, ns_of(1), WALL_MS);
    assert_string_not_equal(a.id, b.id);
    session_open(&b, 5, 3, ns_of(0), WALL_MS);
    assert_string_not_equal(a.id, b.id);
    session_open(&b, 6, 2, ns_of(0), WALL_MS);
    assert_string_not_equal(a.id, b.id);
}

static void test_a_new_walk_keeps_who_and_forgets_what(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    memcpy(session.devices[1].id, "insole-r", 9);
    memcpy(session.stage, "P2", 3);
    session.tz_offset_min = 120;
    session.clock_speed = 20;
    walk(&session, 0, 20, 1);
    session_covered(&session, 1, ns_of(0), ns_of(10));
    session_device(&session, 1, 4, 80);
    session_close(&session, ns_of(20), END_IDLE_TIMEOUT, WALL_MS);
    assert_false(session.open);
    assert_true(session.end_utc_ms == ns_of(20) / 1000000 + WALL_MS);
    assert_int_equal(session.end_reason, END_IDLE_TIMEOUT);
    session_open(&session, 5, 2, ns_of(100), WALL_MS);
    assert_string_equal(session.devices[1].id, "insole-r");
    assert_string_equal(session.stage, "P2");
    assert_true(session.clock_speed == 20 && session.tz_offset_min == 120);
    assert_int_equal(session.steps_n, 0);
    assert_int_equal(session.devices[1].lost_frames_n, 0);
    assert_true(session.end_ns == 0 && session.end_utc_ms == 0);
    assert_true(isnan(session.distance_m));
}

static void test_coverage_per_device_is_data_time_over_the_walk(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    memcpy(session.devices[0].id, "a", 2);
    memcpy(session.devices[1].id, "b", 2);
    for (int i = 0; i < 90; i++) {
        int at = i < 30 ? i : i + 10;
        session_covered(&session, 0, ns_of(at), ns_of(at + 1));
        session_device(&session, 0, i == 30 ? 10 : 0, (int8_t)(90 - i / 10));
    }
    session_covered(&session, 1, ns_of(-50), ns_of(200));
    assert_true(isnan(session.devices[0].fresh_pct));
    session_update_fresh(&session, ns_of(40));
    assert_true(session.devices[0].fresh_pct == 75 && session.devices[1].fresh_pct == 100);
    session_close(&session, ns_of(100), END_USER, WALL_MS);
    assert_true(session.devices[0].fresh_pct == 90);
    assert_true(session.devices[1].fresh_pct == 100);
    assert_true(isnan(session.devices[2].fresh_pct));
    assert_int_equal(session.devices[0].gaps_n, 1);
    assert_int_equal(session.devices[0].lost_frames_n, 10);
    assert_int_equal(session.devices[0].battery_start_pct, 90);
    assert_int_equal(session.devices[0].battery_end_pct, 82);
    assert_int_equal(session.devices[1].battery_end_pct, -1);
}

/* Data before the walk and after its last step are not the walk's; more holes than are kept apart
 * neither add data nor lose any. */
static void test_coverage_is_of_the_walk_alone_however_broken_the_data(void **unused)
{
    (void)unused;
    struct session session;
    session_init(&session);
    memcpy(session.devices[0].id, "a", 2);
    for (int i = -20; i < 0; i++)
        session_covered(&session, 0, ns_of(i * 10), ns_of(i * 10 + 5));
    session_covered(&session, 0, ns_of(0), ns_of(4));
    session_open(&session, 5, 2, ns_of(2), WALL_MS);
    for (int i = 1; i < 20; i++) {
        walk(&session, i * 10, i * 10 + 5, NAN);
        session_covered(&session, 0, ns_of(i * 10), ns_of(i * 10 + 5));
    }
    for (int i = 20; i < 80; i++)
        session_covered(&session, 0, ns_of(i * 10), ns_of(i * 10 + 5));
    session_close(&session, ns_of(195), END_IDLE_TIMEOUT, WALL_MS);
    assert_true(fabs(session.devices[0].fresh_s - 97) < 3);
    session_open(&session, 5, 2, ns_of(1000), WALL_MS);
    session_close(&session, ns_of(1100), END_IDLE_TIMEOUT, WALL_MS);
    assert_true(session.devices[0].fresh_pct == 0);
    session_forget_device(&session, 0);
    assert_int_equal(session.covered[0].n, 0);
}

static void early(struct session *session, int8_t nrs, double at_s)
{
    struct wire_report report = {.pain_nrs = nrs, .mood = -1};
    session_report(session, &report, 2, ns_of(at_s));
}

static void test_what_was_reported_before_the_walk_is_how_it_began(void **unused)
{
    (void)unused;
    struct session session;
    session_init(&session);
    early(&session, 9, -901);
    early(&session, 6, -60);
    early(&session, 3, -5);
    early(&session, 4, 7);
    session_open(&session, 5, 2, ns_of(0), WALL_MS);
    assert_int_equal(session.reports_n, 3);
    assert_int_equal(session.early_n, 0);
    assert_true(session.pain_start == 3 && session.pain_peak == 4 && session.pain_end == 4);
    session_close(&session, ns_of(50), END_USER, WALL_MS);
    for (int8_t i = 0; i < 9; i++)
        early(&session, i, 60 + i);
    session_open(&session, 5, 2, ns_of(100), WALL_MS);
    assert_true(session.reports_n == SESSION_EARLY_MAX && session.pain_start == 8);
}

static void test_reports_fill_pain_place_and_mood(void **unused)
{
    (void)unused;
    struct session session;
    open_walk(&session);
    const struct {
        int8_t nrs, mood;
        Stride__V1__PainPlace place;
    } said[] = {{2, 3, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_BACK},
                {5, -1, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF},
                {3, 4, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_BUTTOCK}};
    for (size_t i = 0; i < 3; i++) {
        struct wire_report report = {
            .pain_nrs = said[i].nrs, .mood = said[i].mood, .pain_place = said[i].place};
        session_report(&session, &report, 2, ns_of(60.0 * (double)i));
    }
    assert_int_equal(session.pain_start, 2);
    assert_int_equal(session.pain_end, 3);
    assert_int_equal(session.pain_peak, 5);
    assert_int_equal(session.place_start, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_BACK);
    assert_int_equal(session.place_end, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_BUTTOCK);
    assert_int_equal(session.place_most_distal, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF);
    assert_int_equal(session.mood_pre, 3);
    assert_int_equal(session.mood_post, 4);
    assert_int_equal(session.reports_n, 3);
    assert_true(session.reports[2].t_s == 120 && isnan(session.reports[2].dist_m));
    for (int i = 0; i < 100; i++) {
        struct wire_report report = {.pain_nrs = 9, .mood = -1};
        session_report(&session, &report, 2, ns_of(300));
    }
    assert_int_equal(session.reports_n, SESSION_REPORTS_MAX);
    assert_int_equal(session.reports_dropped_n, 79);
    assert_int_equal(session.pain_peak, 9);
}

/* It waited in a device: where it was said is not known, and the walk has its own beginning. */
static void test_a_report_that_waited_is_of_the_place_where_it_came(void **unused)
{
    (void)unused;
    struct session session;
    session_init(&session);
    session_open(&session, 5, 2, ns_of(0), WALL_MS);
    session.distance_m = 100;
    session.last_step_ns = ns_of(90);
    early(&session, 3, 85);
    early(&session, 5, 40);
    early(&session, 9, -30);
    early(&session, 8, -901);
    assert_int_equal(session.reports_n, 3);
    assert_true(session.reports[0].dist_m == 100 && isnan(session.reports[1].dist_m));
    assert_true(session.pain_start == 3 && session.pain_peak == 5 && session.pain_end == 5);
}

static bool say(struct session *session, double at_s, int mood, const char *note,
                const char *question, Stride__V1__Answer answer)
{
    struct wire_report report = {.pain_nrs = -1, .mood = (int8_t)mood, .answer = answer};
    snprintf(report.note, sizeof(report.note), "%s", note);
    snprintf(report.question, sizeof(report.question), "%s", question);
    return session_report(session, &report, 2, ns_of(at_s));
}

static void test_what_is_said_after_a_walk_is_lost(void **unused)
{
    (void)unused;
    const Stride__V1__Answer none = STRIDE__V1__ANSWER__ANSWER_UNKNOWN,
                             yes = STRIDE__V1__ANSWER__ANSWER_YES,
                             no = STRIDE__V1__ANSWER__ANSWER_NO;
    struct session session;
    session_init(&session);
    assert_false(say(&session, -3000, -1, "of no walk", "c07_head", yes));
    assert_true(session.note[0] == '\0' && session.head_forward == none);
    open_walk(&session);
    assert_false(say(&session, 10, 3, "first", "c07_head", yes)); /* written anyway */
    session_close(&session, ns_of(600), END_USER, WALL_MS);
    assert_int_equal(session.head_forward, yes);
    assert_string_equal(session.note, "first");
    assert_true(say(&session, 700, 4, "", "", none));
    assert_true(session.mood_pre == 3 && session.mood_post == 4);
    assert_true(say(&session, 800, -1, "", "c07_shoulders", no));
    assert_int_equal(session.shoulders_hunched, no);
    assert_true(say(&session, 9000, -1, "that evening", "", none));
    assert_string_equal(session.note, "that evening");
    assert_false(say(&session, 9000, 5, "", "c07_head", no)); /* too late to be of the walk */
    assert_true(session.mood_post == 4 && session.head_forward == yes);
    session_open(&session, 5, 2, ns_of(9500), WALL_MS);
    assert_true(session.note[0] == '\0' && session.head_forward == none);
    assert_int_equal(session.mood_pre, 5);
}

static void test_a_note_is_cut_within_a_character(void **unused)
{
    (void)unused;
    struct session session;
    char note[4 * NOTE_LENGTH_MAX + 1] = "";
    open_walk(&session);
    for (int i = 0; i < NOTE_LENGTH_MAX; i++)
        memcpy(note + 2 * i, "\xc3\xb6", 3);
    (void)say(&session, 10, -1, note, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_string_equal(session.note, note);
    for (int i = 0; i < NOTE_LENGTH_MAX; i++)
        memcpy(note + 3 * i, "\xe2\x82\xac", 4);
    (void)say(&session, 20, -1, note, "", STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_int_equal(strlen(session.note), (SESSION_NOTE_SIZE - 1) / 3 * 3);
    assert_memory_equal(session.note, note, strlen(session.note));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_walking_time_is_the_union_of_both_feet),
        cmocka_unit_test(test_steps_are_contacts_of_both_feet_counted_once),
        cmocka_unit_test(test_what_is_not_walking_is_not_counted),
        cmocka_unit_test(test_what_was_not_measured_is_absent_and_not_zero),
        cmocka_unit_test(test_distance_is_belt_speed_over_walking_time),
        cmocka_unit_test(test_id_is_a_uuid_and_the_same_in_a_replay),
        cmocka_unit_test(test_a_new_walk_keeps_who_and_forgets_what),
        cmocka_unit_test(test_coverage_per_device_is_data_time_over_the_walk),
        cmocka_unit_test(test_coverage_is_of_the_walk_alone_however_broken_the_data),
        cmocka_unit_test(test_what_was_reported_before_the_walk_is_how_it_began),
        cmocka_unit_test(test_reports_fill_pain_place_and_mood),
        cmocka_unit_test(test_a_report_that_waited_is_of_the_place_where_it_came),
        cmocka_unit_test(test_what_is_said_after_a_walk_is_lost),
        cmocka_unit_test(test_a_note_is_cut_within_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
