/* What the sensors of the simulated body show adds up to what its script says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/devices/sim_fixture.h"

static const char *const steady = "at 0:00 stand\nat 0:05 walk speed=1.3 cadence=110 fsa=14 "
                                  "clearance=22\nat 1:00 stand\nat 1:05 end\n";

/* An insole without the faults of its sensors, integrated by nothing but sums. */
static struct wearable insole;

static void ideal_insole(const struct body *body, enum gear_kind kind)
{
    wearable_init(&insole, kind, "w1-x", script.wrist_side, body, 5);
    memset(&insole.imu, 0, sizeof(insole.imu));
}

/* Way along the start's heading, height and heading change of the sensor between two times of rest.
 */
static void integrate(double from_s, double to_s, double *way_m, double *up_m, double *turn_deg)
{
    double pitch = 0, heading = 0, speed[2] = {0, 0}, way[2] = {0, 0};
    int n = (int)lround((to_s - from_s) / 0.01);
    for (int i = 0; i <= n; i++) {
        float values[CHANNELS_MAX];
        wearable_sample(&insole, 0, from_s + i * 0.01, values);
        const float *imu = values + INSOLE_CELLS;
        /* The pitch at the sample: half of its own turn belongs to it. */
        double at = pitch + 0.5 * (double)imu[4] * 0.01, c = cos(at), s = sin(at);
        double ahead = (double)imu[0] * c + (double)imu[2] * s;
        double up = -(double)imu[0] * s + (double)imu[2] * c - GRAVITY;
        pitch += (double)imu[4] * 0.01;
        heading += ((double)imu[5] * c - (double)imu[3] * s) * 0.01;
        speed[0] += ahead * 0.01;
        speed[1] += up * 0.01;
        way[0] += speed[0] * 0.01;
        way[1] += speed[1] * 0.01;
    }
    *way_m = way[0];
    *up_m = way[1];
    *turn_deg = heading * DEGREES;
}

static double rest_s(const struct body_stance *stance)
{
    return 0.5 * (stance->start_s + stance->end_s);
}

static void summing_the_insoles_motion_gives_the_scripted_stride_length(void **state)
{
    (void)state;
    struct body *body = walk(steady, 6);
    unsigned n;
    const struct body_stance *stances = body_stances(body, BODY_LEFT, &n);
    ideal_insole(body, GEAR_LEFT);
    double sum = 0;
    for (unsigned i = 5; i + 5 < n; i += 3) {
        double way_m, up_m, turn_deg;
        integrate(rest_s(&stances[i]), rest_s(&stances[i + 1]), &way_m, &up_m, &turn_deg);
        double true_m = hypot(stances[i + 1].place_m[0] - stances[i].place_m[0],
                              stances[i + 1].place_m[1] - stances[i].place_m[1]);
        sum += true_m / (stances[i + 1].start_s - stances[i].start_s) / 1.3;
        /* Samples of 10 ms noise of 0.01 rad/s cost some centimetres. */
        assert_true(fabs(way_m - true_m) < 0.06 && fabs(up_m) < 0.06);
        assert_true(fabs(turn_deg) < 3);
    }
    unsigned strides = (n - 10 + 2) / 3;
    assert_true(fabs(sum / strides - 1) < 0.02);
    body_close(body);
}

static void nothing_jumps_between_the_phases_of_a_step(void **state)
{
    (void)state;
    struct body *body = walk("at 0:00 stand\nat 0:02 walk speed=1.3 cadence=110\n"
                             "at 0:20 turn deg=90 s=2\nat 0:30 walk incline=6 speed=1.1\n"
                             "at 0:45 sit\nat 0:55 walk speed=0.7\nat 1:10 stairs dir=up\n"
                             "at 1:20 walk\nat 1:40 hands phone\nat 1:50 end\n",
                             7);
    const double h = 0.001;
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++) {
        struct body_pose before, now;
        double most_mps[2] = {0, 0};
        body_foot_pose(body, side, 0, &before);
        for (int i = 1; i < 110000; i++) {
            body_foot_pose(body, side, i * h, &now);
            for (int k = 0; k < 3; k++)
                most_mps[0] = fmax(most_mps[0], fabs(now.at_m[k] - before.at_m[k]) / h);
            before = now;
        }
        body_wrist_pose(body, side, 0, &before);
        for (int i = 1; i < 110000; i++) {
            body_wrist_pose(body, side, i * h, &now);
            for (int k = 0; k < 3; k++)
                most_mps[1] = fmax(most_mps[1], fabs(now.at_m[k] - before.at_m[k]) / h);
            before = now;
        }
        /* A foot reaches 4 to 5 m/s in walking; a hand is slow, seen from its shoulder. */
        assert_true(most_mps[0] < 6);
        assert_true(most_mps[1] < 2.5);
    }
    body_close(body);
}

static void stairs_rise_by_two_steps_a_stride_and_land_on_the_toes(void **state)
{
    (void)state;
    struct body *body = walk("at 0:00 stand\nat 0:02 stairs dir=up height=0.17\n"
                             "at 0:30 stand\nat 0:40 stairs dir=down height=0.15\nat 1:00 end\n",
                             7);
    unsigned n;
    const struct body_stance *stances = body_stances(body, BODY_RIGHT, &n);
    for (unsigned i = 3; i + 1 < n; i++) {
        double rise_m = stances[i + 1].place_m[2] - stances[i].place_m[2];
        if (stances[i].landed && stances[i + 1].end_s < 28)
            assert_true(fabs(rise_m - 0.34) < 1e-6 && stances[i + 1].contact_rad < 0);
        if (stances[i].start_s > 42 && isfinite(stances[i + 1].end_s))
            assert_true(fabs(rise_m + 0.30) < 1e-6);
    }
    body_close(body);
}

static void foot_lies_flat_in_mid_stance_and_meets_the_ground_at_the_scripted_angle(void **state)
{
    (void)state;
    struct body *body = walk(steady, 8);
    unsigned n;
    const struct body_stance *stances = body_stances(body, BODY_LEFT, &n);
    double sum = 0, lift = 0;
    for (unsigned i = 5; i + 5 < n; i++) {
        struct body_pose flat, contact;
        body_foot_pose(body, BODY_LEFT, stances[i].start_s + 0.25, &flat);
        body_foot_pose(body, BODY_LEFT, stances[i].start_s, &contact);
        assert_true(flat.axes[2][2] > 0.99999 && fabs(flat.at_m[2] - BODY_SOLE_M) < 1e-9);
        sum += asin(contact.axes[2][0]) * DEGREES;
        /* Toe tip, rigid: least height in the middle half of the swing. */
        double least_m = 1, off_s = stances[i].end_s, swing_s = stances[i + 1].start_s - off_s;
        for (int k = 0; k <= 100; k++) {
            struct body_pose pose;
            body_foot_pose(body, BODY_LEFT, off_s + (0.25 + 0.005 * k) * swing_s, &pose);
            double toe_m =
                pose.at_m[2] + BODY_TOE_M * pose.axes[2][0] - BODY_SOLE_M * pose.axes[2][2];
            least_m = fmin(least_m, toe_m);
        }
        assert_true(fabs(least_m - stances[i + 1].clearance_m) < 0.001);
        lift += least_m;
    }
    assert_true(fabs(sum / (n - 10) - 14) < 1);
    assert_true(fabs(lift / (n - 10) - 0.022) < 0.001);
    body_close(body);
}

static void turning_walk_ends_where_it_should_and_the_gyroscope_knows(void **state)
{
    (void)state;
    struct body *body = walk("at 0:00 stand\nat 0:02 walk speed=1.2\nat 0:20 turn deg=-180 s=4\n"
                             "at 0:40 stand\nat 0:45 end\n",
                             9);
    unsigned n;
    const struct body_stance *stances = body_stances(body, BODY_RIGHT, &n);
    ideal_insole(body, GEAR_RIGHT);
    double way_m, up_m, turn_deg;
    integrate(1, 44, &way_m, &up_m, &turn_deg);
    /* Noise of 0.01 rad/s over 43 s, and turns about other axes. */
    assert_true(fabs(turn_deg + 180) < 15);
    double heading = (stances[n - 1].heading_rad - stances[0].heading_rad) * DEGREES;
    assert_true(fabs(heading + 180) < 1e-6);
    assert_true(stances[n - 1].place_m[1] < -1 && stances[n - 1].place_m[0] < 8);
    body_close(body);
}

static void a_run_flies_and_lands_with_its_scripted_force(void **state)
{
    (void)state;
    struct body *body = walk("at 0:00 stand\nat 0:02 run cadence=165 peak=2.2\nat 0:40 end\n", 10);
    double peak = 0, sum = 0, weight = 74 * GRAVITY;
    int flying = 0, all = steps(10, 30, 0.001);
    for (int i = 0; i < all; i++) {
        double left = force_at(body, BODY_LEFT, 10 + i * 1e-3);
        double right = force_at(body, BODY_RIGHT, 10 + i * 1e-3);
        flying += left + right <= 0;
        peak = fmax(peak, fmax(left, right) / weight);
        sum += (left + right) / weight / all;
        assert_true(left <= 0 || right <= 0);
    }
    assert_true(peak > 2.1 && peak < 2.4 && fabs(sum - 1) < 0.03);
    /* Rule book: at least 30 ms of each 364 ms. */
    assert_true(flying > 0.1 * all && flying < 0.5 * all);
    body_close(body);
}

/* M15 of one step: 20 to 80 % of the first peak, in peaks a second. */
static double rise_rate(const struct body *body)
{
    unsigned n;
    double peak = 0;
    int low = 0, high = 0;
    const struct body_stance *stance = &body_stances(body, BODY_LEFT, &n)[10];
    int half = (int)(500 * (stance->end_s - stance->start_s));
    for (int i = 0; i < half; i++)
        peak = fmax(peak, force_at(body, BODY_LEFT, stance->start_s + i * 1e-3));
    for (int i = half; i >= 0; i--) {
        double force_n = force_at(body, BODY_LEFT, stance->start_s + i * 1e-3);
        low = force_n >= 0.2 * peak ? i : low;
        high = force_n >= 0.8 * peak ? i : high;
    }
    return 600.0 / (high - low);
}

static void harder_landings_load_faster_and_leave_the_rest_of_the_step_alone(void **state)
{
    (void)state;
    struct body *soft = walk("at 0:01 walk speed=1.3\nat 1:00 end\n", 11);
    double was = rise_rate(soft);
    body_close(soft);
    struct body *hard = walk("at 0:01 walk speed=1.3 lr=1.35\nat 1:00 end\n", 11);
    assert_true(rise_rate(hard) > 1.25 * was && rise_rate(hard) < 1.45 * was);
    body_close(hard);
}

static double share_of(const struct body *body, bool (*counts)(unsigned))
{
    unsigned n;
    double all = 0, some = 0;
    const struct body_stance *stance = &body_stances(body, BODY_LEFT, &n)[10];
    for (int i = 1; i < 600; i++) {
        double share[INSOLE_CELLS];
        struct body_foot foot;
        body_foot(body, BODY_LEFT, stance->start_s + i * 1e-3, &foot);
        wearable_spread(&foot, share);
        for (unsigned c = 0; c < INSOLE_CELLS; c++) {
            all += share[c] * foot.force_n;
            some += counts(c) ? share[c] * foot.force_n : 0;
        }
    }
    return some / all;
}

static bool is_medial(unsigned cell)
{
    return wearable_cell_side(cell) < 0;
}

static void leaning_moves_the_load_forward_by_what_the_script_says(void **state)
{
    (void)state;
    struct body *even = walk("at 0:01 walk speed=1.3\nat 1:00 end\n", 12);
    double was = share_of(even, wearable_cell_is_fore), was_medial = share_of(even, is_medial);
    body_close(even);
    struct body *lean = walk("at 0:01 walk speed=1.3 ff=0.12 ml_left=0.3\nat 1:00 end\n", 12);
    assert_true(fabs(share_of(lean, wearable_cell_is_fore) - was - 0.12) < 0.03);
    assert_true(share_of(lean, is_medial) > was_medial + 0.08);
    body_close(lean);
}

static void scuffs_touch_the_ground_in_swing_as_often_as_scripted(void **state)
{
    (void)state;
    struct body *body = walk("at 0:01 walk speed=1 scuffs=4\nat 2:00 end\n", 13);
    unsigned n, scuffs = 0, touched = 0;
    const struct body_stance *stances = body_stances(body, BODY_LEFT, &n);
    for (unsigned i = 2; i + 1 < n; i++) {
        int over = 0;
        double off_s = stances[i - 1].end_s;
        for (int k = 0; k < steps(off_s, stances[i].start_s, 1e-3); k++)
            over += force_at(body, BODY_LEFT, off_s + k * 1e-3) > 0.03 * 74 * GRAVITY;
        touched += over >= 30;
        scuffs += stances[i].scuffed;
    }
    assert_int_equal(scuffs, touched);
    assert_true(fabs((double)scuffs / n - 0.2) < 0.03);
    body_close(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summing_the_insoles_motion_gives_the_scripted_stride_length),
        cmocka_unit_test(nothing_jumps_between_the_phases_of_a_step),
        cmocka_unit_test(stairs_rise_by_two_steps_a_stride_and_land_on_the_toes),
        cmocka_unit_test(foot_lies_flat_in_mid_stance_and_meets_the_ground_at_the_scripted_angle),
        cmocka_unit_test(turning_walk_ends_where_it_should_and_the_gyroscope_knows),
        cmocka_unit_test(a_run_flies_and_lands_with_its_scripted_force),
        cmocka_unit_test(harder_landings_load_faster_and_leave_the_rest_of_the_step_alone),
        cmocka_unit_test(leaning_moves_the_load_forward_by_what_the_script_says),
        cmocka_unit_test(scuffs_touch_the_ground_in_swing_as_often_as_scripted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
