/* Falls, hands, knocks, shoes, belt and broken cells do what their words say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "devices/sim/truth.h"
#include "tests/unit/devices/sim_fixture.h"

static double length_g(struct wearable *wearable, double t_s)
{
    float v[CHANNELS_MAX];
    wearable_sample(wearable, 0, t_s, v);
    const float *a = wearable->kind == GEAR_WRIST ? v : v + INSOLE_CELLS;
    return sqrt((double)(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])) / GRAVITY;
}

static void a_fall_is_weightless_strikes_and_lies_still_and_getting_up_is_not(void **state)
{
    (void)state;
    struct body *body = walk("at 0:01 walk\nat 0:30 fall impact=4.1 freefall=0.35\n"
                             "at 1:00 walk\nat 1:30 end\n",
                             14);
    static struct wearable wrist;
    wearable_init(&wrist, GEAR_WRIST, "w1-wrist", script.wrist_side, body, 14);
    double most = 0, still = 0;
    int light = 0;
    for (int i = 0; i < 100; i++) {
        double g = length_g(&wrist, 30 + i * 0.01);
        light += g < 0.6;
        most = fmax(most, g);
    }
    assert_true(light >= 20 && most > 3.5 && most < 4.8);
    for (int i = 0; i < 2000; i++)
        still = fmax(still, fabs(length_g(&wrist, 35 + i * 0.01) - 1));
    assert_true(still < 0.2);
    struct body_pose up, down;
    body_foot_pose(body, BODY_LEFT, 20.0, &up);
    body_foot_pose(body, BODY_LEFT, 45.0, &down);
    assert_true(down.axes[2][2] < 0.5 && force_at(body, BODY_LEFT, 45) < 1);
    body_wrist_pose(body, BODY_LEFT, 45, &down);
    body_wrist_pose(body, BODY_LEFT, 0, &up);
    assert_true(turned_deg(&up, &down, 0) > 60);
    assert_true(force_at(body, BODY_LEFT, 66) + force_at(body, BODY_RIGHT, 66) > 300);
    body_close(body);
}

static void hands_hold_what_they_hold_on_either_arm(void **state)
{
    (void)state;
    for (int right = 0; right < 2; right++) {
        struct body *body = walk(right ? "wrist side=right\nat 0:01 walk\nat 0:20 hands phone\n"
                                         "at 0:40 hands call\nat 1:00 hands free\nat 1:20 end\n"
                                       : "at 0:01 walk\nat 0:20 hands phone\nat 0:40 hands call\n"
                                         "at 1:00 hands free\nat 1:20 end\n",
                                 15);
        enum body_foot_side arm = right ? BODY_RIGHT : BODY_LEFT;
        enum body_foot_side other = right ? BODY_LEFT : BODY_RIGHT;
        struct body_pose pose;
        body_wrist_pose(body, arm, 0, &pose); /* hangs, and the watch faces outward */
        assert_true(pose.axes[2][0] < -0.99 && pose.axes[1][2] * (right ? -1 : 1) > 0.99);
        body_wrist_pose(body, arm, 30, &pose);
        /* The watch faces up, tilted to the hand: 0.34 forward, 0.94 up. */
        assert_true(fabs(pose.axes[2][0] - 0.34) < 0.1 && fabs(pose.axes[2][2] - 0.94) < 0.05);
        body_wrist_pose(body, arm, 50, &pose);
        assert_true(asin(pose.axes[2][0]) * DEGREES > 50);
        assert_true(body_forearm_deg(body, other, 50) < -60);
        body_wrist_pose(body, arm, 75, &pose);
        assert_true(pose.axes[2][0] < -0.8);
        body_close(body);
    }
}

static void slapping_the_rail_knocks_the_wrist_and_leaves_the_feet_loaded(void **state)
{
    (void)state;
    struct body *body = walk("at 0:01 walk\nat 0:30 impact wrist g=4.2 turn=70\nat 1:00 end\n", 16);
    static struct wearable wrist;
    wearable_init(&wrist, GEAR_WRIST, "w1-wrist", script.wrist_side, body, 16);
    double most = 0;
    struct body_pose before, turned;
    for (int i = 0; i < 20; i++)
        most = fmax(most, length_g(&wrist, 29.9 + i * 0.01));
    assert_true(most > 3.6 && most < 5);
    body_wrist_pose(body, BODY_LEFT, 29.9, &before);
    body_wrist_pose(body, BODY_LEFT, 30.4, &turned);
    assert_true(turned_deg(&before, &turned, 2) > 55);
    for (int i = 0; i < 300; i++)
        assert_true(force_at(body, BODY_LEFT, 29 + i * 0.01) +
                        force_at(body, BODY_RIGHT, 29 + i * 0.01) >
                    300);
    body_close(body);
}

static void shoes_off_weigh_nothing_and_lie_still_and_on_again_they_do(void **state)
{
    (void)state;
    struct body *body = walk("at 0:00 sit load=30\nat 0:10 shoes off\nat 0:30 shoes on\n"
                             "at 0:40 end\n",
                             17);
    struct body_pose one, two;
    assert_true(force_at(body, BODY_LEFT, 8) > 50 && force_at(body, BODY_LEFT, 35) > 50);
    body_foot_pose(body, BODY_LEFT, 12, &one);
    body_foot_pose(body, BODY_LEFT, 25, &two);
    assert_memory_equal(&one, &two, sizeof(one));
    for (int i = 0; i < 20; i++)
        assert_true(force_at(body, BODY_LEFT, 10 + i) <= 0);
    body_close(body);
}

static void belt_obeys_stop_and_slow_and_never_speeds_up_for_a_request(void **state)
{
    (void)state;
    struct body *body = walk("at 0:00 belt speed=1.1\nat 1:00 end\n", 18);
    static struct wearable belt;
    float v[CHANNELS_MAX];
    struct wire_request slow = {.kind = STRIDE__V1__REQUEST_KIND__REQUEST_SLOW,
                                .slow_by_mps = 0.14};
    struct wire_request stop = {.kind = STRIDE__V1__REQUEST_KIND__REQUEST_STOP};
    wearable_init(&belt, GEAR_TREADMILL, "w1-treadmill", script.wrist_side, body, 18);
    wearable_sample(&belt, 0, 20, v);
    assert_true(fabs((double)v[0] - 1.1) < 0.01);
    assert_true(wearable_request(&belt, &slow));
    wearable_sample(&belt, 0, 20.25, v);
    wearable_sample(&belt, 0, 20.5, v);
    assert_true(fabs((double)v[0] - 0.96) < 0.01);
    slow.slow_by_mps = -1;
    (void)wearable_request(&belt, &slow);
    assert_true(wearable_request(&belt, &stop));
    double last = (double)v[0];
    for (int i = 0; i < 20; i++) {
        wearable_sample(&belt, 0, 21 + 0.25 * i, v);
        assert_true((double)v[0] <= last);
        last = (double)v[0];
    }
    assert_true(last <= 0);
    belt.belt_obeys = false;
    assert_false(wearable_request(&belt, &stop));
    body_close(body);
}

static void a_stuck_cell_never_changes_while_its_neighbours_do(void **state)
{
    (void)state;
    struct body *body = walk("at 0:01 walk\nat 0:30 end\n", 19);
    float v[CHANNELS_MAX], first = 0, low = 1e9F, high = 0;
    static struct wearable insole;
    wearable_init(&insole, GEAR_RIGHT, "w1-right", script.wrist_side, body, 19);
    wearable_sample(&insole, 0, 10, v);
    first = v[6];
    wearable_stick(&insole, 6);
    for (int i = 0; i < 500; i++) {
        wearable_sample(&insole, 0, 10 + i * 0.01, v);
        assert_true(v[6] >= first && v[6] <= first);
        low = fminf(low, v[7]);
        high = fmaxf(high, v[7]);
    }
    assert_true(high - low > 20);
    body_close(body);
}

/* The n-th value of a line, from 0; NAN where it is empty. */
static double field(const char *line, int n)
{
    while (n-- > 0)
        line = strchr(line, ',') + 1;
    return *line == ',' ? SCRIPT_NONE : strtod(line, NULL);
}

static void truth_has_a_row_for_each_swing_and_says_what_the_script_says(void **state)
{
    (void)state;
    struct body *body = walk("at 0:01 walk speed=1.2 cadence=100 ds=30 fsa=12 arm=35\n"
                             "at 0:40 stand\nat 0:45 end\n",
                             20);
    static struct wearable left;
    wearable_init(&left, GEAR_LEFT, "w1-left", script.wrist_side, body, 20);
    const struct wearable *const feet[BODY_FEET] = {&left, NULL};
    FILE *strides = tmpfile(), *segments = tmpfile();
    char line[1024];
    unsigned left_n, right_n, rows = 0;
    assert_true(strides != NULL && segments != NULL);
    truth_write_head(strides, segments);
    assert_true(truth_write(strides, segments, "w1", body, feet));
    rewind(strides);
    rewind(segments);
    assert_non_null(fgets(line, sizeof(line), strides));
    while (fgets(line, sizeof(line), strides) != NULL) {
        rows++;
        if (strncmp(line, "w1,left,", 8) == 0) /* contact in both clocks */
            assert_true(fabs(wearable_true_s(&left, field(line, 9)) - field(line, 6)) < 1e-3);
        else
            assert_true(isnan(field(line, 9)));
    }
    (void)body_stances(body, BODY_LEFT, &left_n);
    (void)body_stances(body, BODY_RIGHT, &right_n);
    assert_int_equal(rows, left_n + right_n - 2);
    for (int i = 0; i < 3; i++)
        assert_non_null(fgets(line, sizeof(line), segments));
    assert_true(fabs(field(line, 6) - 100) < 1.5 && fabs(field(line, 7) - 1.2) < 0.02);
    assert_true(fabs(field(line, 10) - 30) < 1.5 && fabs(field(line, 11) - 12) < 0.6);
    assert_true(fabs(field(line, 13) - 35) < 2.5);
    (void)fclose(strides);
    (void)fclose(segments);
    body_close(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fall_is_weightless_strikes_and_lies_still_and_getting_up_is_not),
        cmocka_unit_test(hands_hold_what_they_hold_on_either_arm),
        cmocka_unit_test(slapping_the_rail_knocks_the_wrist_and_leaves_the_feet_loaded),
        cmocka_unit_test(shoes_off_weigh_nothing_and_lie_still_and_on_again_they_do),
        cmocka_unit_test(belt_obeys_stop_and_slow_and_never_speeds_up_for_a_request),
        cmocka_unit_test(a_stuck_cell_never_changes_while_its_neighbours_do),
        cmocka_unit_test(truth_has_a_row_for_each_swing_and_says_what_the_script_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
