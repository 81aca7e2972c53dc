/* The simulated body keeps to physics and to its script, as seen by someone who knows neither. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/devices/sim_fixture.h"

enum { CONTACTS_MAX = 1000 };

static const char *const steady = "wearer height_m=1.72 mass_kg=74\n"
                                  "at 0:00 stand\nat 0:05 walk speed=1.3 cadence=110 cv=2\n"
                                  "at 5:00 stand\nat 5:10 end\n";

/* Initial contacts and foot-offs by nothing but a threshold of 20 N at 1 kHz. */
struct contacts {
    unsigned n;
    double on_s[CONTACTS_MAX], off_s[CONTACTS_MAX], peak_n[CONTACTS_MAX];
};

static void detect(const struct body *body, enum body_foot_side side, double from_s, double to_s,
                   struct contacts *out)
{
    bool down = true;
    *out = (struct contacts){.n = 0};
    for (int i = (int)(from_s * 1000); i < (int)(to_s * 1000); i++) {
        double t_s = i * 1e-3, force = force_at(body, side, t_s);
        if (force > 20 && !down && out->n < CONTACTS_MAX) {
            out->on_s[out->n++] = t_s;
            down = true;
        } else if (force <= 20 && down) {
            if (out->n > 0)
                out->off_s[out->n - 1] = t_s;
            down = false;
        }
        if (out->n > 0)
            out->peak_n[out->n - 1] = fmax(out->peak_n[out->n - 1], force);
    }
}

static double mean_difference(const double *a, const double *b, unsigned n)
{
    double sum = 0;
    for (unsigned i = 0; i < n; i++)
        sum += b[i] - a[i];
    return sum / n;
}

static double symmetry_index(double left, double right)
{
    return 200 * fabs(left - right) / (left + right);
}

static void both_feet_carry_the_weight_on_average_within_two_per_cent(void **state)
{
    (void)state;
    struct body *body = walk(steady, 1);
    double sum = 0, weight = 74 * GRAVITY;
    int n = steps(10, 290, 0.001);
    for (int k = 0; k < steps(10, 290, 0.001); k++) {
        double t_s = 10 + k * 0.001;
        sum += force_at(body, BODY_LEFT, t_s) + force_at(body, BODY_RIGHT, t_s);
    }
    assert_true(fabs(sum / n / weight - 1) < 0.02);
    body_close(body);
}

static void standing_and_first_and_last_steps_carry_it_too(void **state)
{
    (void)state;
    struct body *body = walk(steady, 2);
    double weight = 74 * GRAVITY;
    for (int k = 0; k < steps(1, 4.8, 0.01); k++) {
        double t_s = 1 + k * 0.01;
        assert_true(fabs(force_at(body, BODY_LEFT, t_s) + force_at(body, BODY_RIGHT, t_s) -
                         weight) < 1e-6 * weight);
    }
    for (int k = 0; k < steps(301, 309, 0.01); k++) {
        double t_s = 301 + k * 0.01;
        assert_true(fabs(force_at(body, BODY_LEFT, t_s) + force_at(body, BODY_RIGHT, t_s) -
                         weight) < 1e-6 * weight);
    }
    /* Never hangs in the air, never twice as heavy. */
    for (int k = 0; k < steps(1, 309, 0.01); k++) {
        double t_s = 1 + k * 0.01;
        double total = force_at(body, BODY_LEFT, t_s) + force_at(body, BODY_RIGHT, t_s);
        if (total < 0.3 * weight || total > 1.9 * weight)
            fail_msg("%g s: %g of body weight", t_s, total / weight);
    }
    body_close(body);
}

static void commanded_cadence_and_variability_are_recovered_by_an_independent_detector(void **state)
{
    (void)state;
    struct body *body = walk(steady, 3);
    static struct contacts left;
    detect(body, BODY_LEFT, 10, 290, &left);
    unsigned n = left.n - 1;
    double mean = mean_difference(left.on_s, left.on_s + 1, n), square = 0;
    assert_true(fabs(120 / mean - 110) < 1);
    for (unsigned i = 0; i < n; i++)
        square += pow(left.on_s[i + 1] - left.on_s[i] - mean, 2);
    double cv_pct = 100 * sqrt(square / (n - 1)) / mean;
    assert_true(cv_pct > 1.6 && cv_pct < 2.4);
    body_close(body);
}

static void commanded_asymmetry_is_recovered_by_an_independent_detector(void **state)
{
    (void)state;
    struct body *body = walk("at 0:00 stand\nat 0:05 walk speed=1.2 cadence=106 cv=1\n"
                             "at 0:06 limp side=left stance=12 step=14 load=16\n"
                             "at 5:00 stand\nat 5:10 end\n",
                             4);
    static struct contacts left, right;
    detect(body, BODY_LEFT, 10, 290, &left);
    detect(body, BODY_RIGHT, 10, 290, &right);
    unsigned n = (left.n < right.n ? left.n : right.n) - 1;
    double stance_left = mean_difference(left.on_s, left.off_s, n);
    double stance_right = mean_difference(right.on_s, right.off_s, n);
    bool left_first = left.on_s[0] < right.on_s[0];
    double left_to_right = mean_difference(left.on_s, left_first ? right.on_s : right.on_s + 1, n);
    double right_to_left = mean_difference(right.on_s, left_first ? left.on_s + 1 : left.on_s, n);
    assert_true(stance_left < stance_right);
    assert_true(fabs(symmetry_index(stance_left, stance_right) - 12) < 1.5);
    assert_true(right_to_left > left_to_right); /* the step onto the sore foot takes longer */
    assert_true(fabs(symmetry_index(right_to_left, left_to_right) - 14) < 1.5);
    double peaks_left = 0, peaks_right = 0;
    for (unsigned i = 1; i < n; i++) {
        peaks_left += left.peak_n[i];
        peaks_right += right.peak_n[i];
    }
    assert_true(peaks_left < peaks_right);
    assert_true(fabs(symmetry_index(peaks_left, peaks_right) - 16) < 2);
    body_close(body);
}

static void arm_swings_against_the_leg_of_its_side(void **state)
{
    (void)state;
    struct body *body = walk(steady, 7);
    unsigned n;
    const struct body_stance *stances = body_stances(body, BODY_LEFT, &n);
    for (unsigned i = 10; i + 5 < n; i++) {
        double from_s = stances[i].start_s, half_s = (stances[i + 1].start_s - from_s) / 2;
        assert_true(body_forearm_deg(body, BODY_LEFT, from_s) < -90 - 17);
        assert_true(body_forearm_deg(body, BODY_LEFT, from_s + half_s) > -90 + 17);
        assert_true(body_forearm_deg(body, BODY_RIGHT, from_s) > -90 + 17);
    }
    body_close(body);
}

static void heart_and_belt_follow_the_speed(void **state)
{
    (void)state;
    struct body *body = walk(steady, 8);
    struct body_state rest, early, late;
    body_state(body, 4, &rest);
    body_state(body, 20, &early);
    body_state(body, 280, &late);
    assert_true(rest.speed_mps == 0 && fabs(late.speed_mps - 1.3) < 1e-3);
    assert_true(rest.heart_bpm < 75 && early.heart_bpm > 76 && early.heart_bpm < 95);
    assert_true(late.heart_bpm > 102 && late.heart_bpm < 108);
    body_close(body);
}

static void insole_at_rest_feels_gravity_upward_and_cells_share_the_weight(void **state)
{
    (void)state;
    struct body *body = walk(steady, 9);
    static struct wearable insole;
    float values[CHANNELS_MAX];
    double sum = 0, up = 0;
    wearable_init(&insole, GEAR_LEFT, "w1-left", script.wrist_side, body, 9);
    for (int i = 0; i < 200; i++) {
        wearable_sample(&insole, 0, 2 + i * 0.01, values);
        for (int c = 0; c < INSOLE_CELLS; c++)
            sum += (double)values[c] / 200;
        up += (double)values[INSOLE_CELLS + 2] / 200;
    }
    /* Bias of up to 20 mg, and what 1.5 deg of tilt take. */
    assert_true(fabs(up - GRAVITY) < 0.25);
    /* Half the weight, sway, gains of +-3 % and floors of 0 to 4 N a cell. */
    assert_true(sum > 0.93 * 74 * GRAVITY / 2 && sum < 1.07 * 74 * GRAVITY / 2 + 64);
    body_close(body);
}

static void pressure_moves_from_heel_to_toes_in_every_stance(void **state)
{
    (void)state;
    struct body *body = walk(steady, 10);
    unsigned n;
    const struct body_stance *stances = body_stances(body, BODY_LEFT, &n);
    for (unsigned i = 5; i + 5 < n; i++) {
        double last = -1;
        for (int k = 0; k < steps(0.02, 1, 0.02); k++) {
            double u = 0.02 + k * 0.02;
            struct body_foot foot;
            body_foot(body, BODY_LEFT,
                      stances[i].start_s + u * (stances[i].end_s - stances[i].start_s), &foot);
            assert_true(foot.cop_forward >= last);
            last = foot.cop_forward;
        }
        assert_true(last > 0.8);
    }
    body_close(body);
}

static uint64_t digest(const char *text, uint64_t seed)
{
    struct body *body = walk(text, seed);
    uint64_t hash = UINT64_C(14695981039346656037);
    for (enum gear_kind kind = 0; kind < GEAR_KINDS; kind++) {
        static struct wearable wearable;
        float values[CHANNELS_MAX] = {0};
        wearable_init(&wearable, kind, "w1-x", script.wrist_side, body, seed);
        for (int i = 0; i < 2000; i++) {
            wearable_sample(&wearable, 0, 5 + i * 0.01, values);
            for (size_t b = 0; b < sizeof(values); b++)
                hash = (hash ^ ((const unsigned char *)values)[b]) * UINT64_C(1099511628211);
        }
        hash ^= wearable.descriptor.boot_id;
    }
    body_close(body);
    return hash;
}

static void same_seed_gives_the_same_bytes_and_another_seed_others(void **state)
{
    (void)state;
    assert_true(digest(steady, 11) == digest(steady, 11));
    assert_true(digest(steady, 11) != digest(steady, 12));
}

static void device_clock_has_its_offset_and_drift_and_goes_back_and_forth(void **state)
{
    (void)state;
    struct body *body = walk(steady, 13);
    static struct wearable wearable;
    for (uint64_t seed = 0; seed < 50; seed++) {
        wearable_init(&wearable, GEAR_WRIST, "w1-wrist", script.wrist_side, body, seed);
        double ppm =
            (wearable_device_us(&wearable, 1000) - wearable_device_us(&wearable, 0)) / 1e3 - 1e6;
        assert_true(fabs(ppm) <= 100.001);
        assert_true(wearable_device_us(&wearable, 0) >= 0);
        assert_true(wearable_device_us(&wearable, 0) < 4 * 365.25 * 86400e6);
        double back_s = wearable_true_s(&wearable, wearable_device_us(&wearable, 123.456));
        assert_true(fabs(back_s - 123.456) < 1e-6);
    }
    body_close(body);
}

static void assert_sane(const struct body *body, double t_s)
{
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++) {
        struct body_pose pose;
        double force_n = force_at(body, side, t_s);
        assert_true(force_n >= 0 && force_n < 5000);
        body_foot_pose(body, side, t_s, &pose);
        for (int i = 0; i < 9; i++)
            assert_true(isfinite(pose.at_m[i / 3]) && fabs(pose.axes[i / 3][i % 3]) < 1.000001);
        body_wrist_pose(body, side, t_s, &pose);
        for (int i = 0; i < 9; i++)
            assert_true(isfinite(pose.at_m[i / 3]) && fabs(pose.axes[i / 3][i % 3]) < 1.000001);
    }
}

static void odd_scripts_make_no_nonsense(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "at 0:01 end\n",
        "at 0:00 walk\nat 0:03 end\n",
        "at 0:00 walk speed=2.2 cadence=150 cv=15\nat 0:01 limp stance=30 step=30 load=60\n"
        "at 3:00 end\n",
        "at 0:00 walk speed=0.3 cadence=40 cv=15\nat 2:00 sit\nat 2:01 walk speed=2.2\n"
        "at 2:10 sit\nat 2:11 stand\nat 2:12 walk\nat 4:00 end\n",
        "at 0:00 fall\nat 0:00 fall\nat 0:01 walk\nat 0:02 run\nat 0:20 fall impact=12\n"
        "at 0:21 stairs dir=down\nat 0:40 lie\nat 0:41 wheels\nat 0:42 walk\n"
        "at 0:43 stumble\nat 0:43 stumble side=left\nat 1:00 turn deg=720 s=0.5\nat 1:10 end\n",
        "at 0:00 walk speed=0.1 cadence=170 fsa=-25 ds=60 scuffs=20 clearance=1 lr=2.5 ff=0.4\n"
        "at 0:30 run peak=3 cadence=200 cv=15\nat 1:00 walk uneven=40 roll=15 ml_left=-0.6\n"
        "at 1:30 end\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct body *body = walk(texts[i], 14 + i);
        for (int k = 0; k < steps(-1, script.end_s + 1, 0.007); k++)
            assert_sane(body, -1 + k * 0.007);
        for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++) {
            unsigned n;
            const struct body_stance *stances = body_stances(body, side, &n);
            for (unsigned k = 0; k + 1 < n; k++)
                if (stances[k].end_s <= stances[k].start_s ||
                    stances[k + 1].start_s <= stances[k].end_s)
                    fail_msg("text %zu, stance %u: %g to %g, then %g", i, k, stances[k].start_s,
                             stances[k].end_s, stances[k + 1].start_s);
        }
        body_close(body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_feet_carry_the_weight_on_average_within_two_per_cent),
        cmocka_unit_test(standing_and_first_and_last_steps_carry_it_too),
        cmocka_unit_test(
            commanded_cadence_and_variability_are_recovered_by_an_independent_detector),
        cmocka_unit_test(commanded_asymmetry_is_recovered_by_an_independent_detector),
        cmocka_unit_test(arm_swings_against_the_leg_of_its_side),
        cmocka_unit_test(heart_and_belt_follow_the_speed),
        cmocka_unit_test(insole_at_rest_feels_gravity_upward_and_cells_share_the_weight),
        cmocka_unit_test(pressure_moves_from_heel_to_toes_in_every_stance),
        cmocka_unit_test(same_seed_gives_the_same_bytes_and_another_seed_others),
        cmocka_unit_test(device_clock_has_its_offset_and_drift_and_goes_back_and_forth),
        cmocka_unit_test(odd_scripts_make_no_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
