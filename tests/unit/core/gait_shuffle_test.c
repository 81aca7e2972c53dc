/* Feet that do not step as a healthy one does: shuffles, creeping sensors, weight shifted while
 * standing. What is a step and when it was, where the true times are known. */
#include "gait_fixture.h"

#define PLATEAU_N 800.0
#define STRIDE_S 1.1
#define STANCE_S 0.75 /* a shuffle's: short swings */
#define SWING_S (STRIDE_S - STANCE_S)

struct shuffler {
    double held;                       /* of the plateau, in the swing */
    double edge_s;                     /* loading and unloading take that long */
    double creep, creep_s;             /* force before the heel: of the plateau, for how long */
    double rest, rest_s;               /* force left behind the toes */
    double wander_n;                   /* the sensor's zero moves by that much in each swing */
    double from_s, to_s;               /* shuffles between these; walks otherwise */
    double sway_from_s, sway_hz, sway; /* from then on stands and shifts that share of the weight */
    double noise_n;
};

static float force[FORCE_MAX];

static const struct shuffler plain = {
    .edge_s = 0.12, .to_s = 1e9, .sway_from_s = 1e9, .noise_n = 2.0};

static double edge(double in_s, double edge_s)
{
    double up = in_s / edge_s, down = (STANCE_S - in_s) / edge_s;
    return fmax(0.0, fmin(1.0, fmin(up, down)));
}

/* Share of the plateau `in_s` after a contact. */
static double share(const struct shuffler *foot, double in_s, bool shuffles)
{
    double force_share = edge(in_s, foot->edge_s) * (1.0 + 0.1 * cos(12.0 * in_s));
    if (in_s > STRIDE_S - foot->creep_s) {
        force_share += foot->creep * (1.0 - (STRIDE_S - in_s) / foot->creep_s);
    } else if (in_s < foot->edge_s) {
        force_share = fmax(force_share, foot->creep);
    }
    if (in_s > STANCE_S - foot->edge_s && in_s < STANCE_S + foot->rest_s) {
        force_share = fmax(force_share, foot->rest);
    }
    double held = shuffles ? foot->held : 0.0;
    return held + (1.0 - held) * force_share;
}

/* The zero of a stride's second half and the next one's first, as sensors move in the air. */
static double zero_n(const struct shuffler *foot, double at_s)
{
    uint64_t random = 77 + (uint64_t)floor((at_s + 0.5 * STANCE_S) / STRIDE_S);
    (void)noise(&random);
    return foot->wander_n * noise(&random);
}

static int make(const struct shuffler *foot, double rate_hz, double seconds)
{
    uint64_t random = 42;
    int n = (int)(rate_hz * seconds);
    assert_true(n <= FORCE_MAX);
    for (int i = 0; i < n; i++) {
        double at_s = i / rate_hz;
        double of_plateau =
            share(foot, fmod(at_s, STRIDE_S), at_s >= foot->from_s && at_s < foot->to_s);
        if (at_s >= foot->sway_from_s) {
            double phase = 2.0 * 3.14159265358979 * foot->sway_hz * (at_s - foot->sway_from_s);
            of_plateau = 1.0 - 0.5 * foot->sway * (1.0 - cos(phase));
        }
        double zero = at_s >= foot->sway_from_s ? 0.0 : zero_n(foot, at_s);
        force[i] = (float)(PLATEAU_N * of_plateau + zero + foot->noise_n * noise(&random));
        if (foot->noise_n < 0.0) { /* cells that read nothing until they are pressed */
            force[i] = (float)(PLATEAU_N * of_plateau);
        }
    }
    return n;
}

static struct run run;

static void walk(const struct shuffler *foot, double rate_hz, double seconds)
{
    memset(&run, 0, sizeof run);
    run_start(&run);
    feed(&run, force, make(foot, rate_hz, seconds), rate_hz, 25, 0.0);
}

static double event_s(int i)
{
    return run.events[i].at_device_us * 1e-6;
}

/* Every contact and foot-off between two times is there, once, within `within_s` of where the foot
 * touched and left the ground. */
static void check(double from_s, double to_s, double contact_after_s, double foot_off_after_s,
                  double within_s)
{
    int found[3] = {0};
    for (int i = 0; i < run.n; i++) {
        if (event_s(i) < from_s || event_s(i) > to_s) {
            continue;
        }
        bool contact = run.events[i].kind == GAIT_INITIAL_CONTACT;
        double in_s = event_s(i) - (contact ? contact_after_s : STANCE_S + foot_off_after_s);
        in_s -= STRIDE_S * floor(in_s / STRIDE_S + 0.5);
        assert_true(fabs(in_s) <= within_s);
        found[run.events[i].kind]++;
    }
    int expected = (int)((to_s - from_s) / STRIDE_S);
    for (int kind = GAIT_INITIAL_CONTACT; kind <= GAIT_FOOT_OFF; kind++) {
        assert_true(found[kind] >= expected && found[kind] <= expected + 1);
    }
}

static int events_between(double from_s, double to_s)
{
    int n = 0;
    for (int i = 0; i < run.n; i++) {
        n += event_s(i) >= from_s && event_s(i) < to_s ? 1 : 0;
    }
    return n;
}

static void a_foot_that_never_unloads_takes_no_steps(void **state)
{
    (void)state;
    static const double rates[] = {50.0, 100.0, 300.0};
    for (int percent = 0; percent <= 40; percent += 10) {
        for (int k = 0; k < 3; k++) {
            struct shuffler foot = plain;
            foot.held = percent / 100.0;
            walk(&foot, rates[k], 60.0);
            check(6.0, 58.0, 0.0, 0.0, 0.02);
        }
    }
}

static void shuffling_loses_the_foot_of_a_walker(void **state)
{
    (void)state;
    for (int percent = 10; percent <= 40; percent += 5) {
        struct shuffler foot = plain;
        foot.held = percent / 100.0;
        foot.from_s = 20.0 * STRIDE_S + 0.5 * STANCE_S;
        foot.to_s = 40.0 * STRIDE_S + 0.5 * STANCE_S;
        walk(&foot, 100.0, 60.0 * STRIDE_S);
        check(6.0, foot.from_s - 1.0, 0.0, 0.0, 0.02);
        check(foot.from_s + 7.0, foot.to_s - 1.0, 0.0, 0.0, 0.03);
        check(foot.to_s + 5.0, 64.0, 0.0, 0.0, 0.02);
    }
}

/* A swing that leaves a quarter of the force, when the ones before left none. */
static void a_few_shuffled_steps_are_lost(void **state)
{
    (void)state;
    struct shuffler foot = plain;
    foot.held = 0.22;
    foot.from_s = 20.0 * STRIDE_S + 0.5 * STANCE_S;
    foot.to_s = 23.0 * STRIDE_S + 0.5 * STANCE_S;
    walk(&foot, 100.0, 60.0);
    check(6.0, 58.0, 0.0, 0.0, 0.03);
}

static void shifting_weight_while_standing_takes_steps(void **state)
{
    (void)state;
    static const double rates_hz[] = {0.2, 0.33, 0.5}, shares[] = {0.5, 0.8, 1.0};
    for (int k = 0; k < 9; k++) {
        struct shuffler foot = plain;
        foot.sway_from_s = 0.0;
        foot.sway_hz = rates_hz[k % 3];
        foot.sway = shares[k / 3];
        walk(&foot, 100.0, 120.0);
        assert_int_equal(run.n, 0);
    }
}

static void shifting_weight_after_a_walk_takes_steps(void **state)
{
    (void)state;
    static const double shares[] = {0.3, 0.6, 0.75};
    for (int k = 0; k < 3; k++) {
        struct shuffler foot = plain;
        foot.sway_from_s = 20.0 * STRIDE_S + 0.5 * STANCE_S;
        foot.sway_hz = 0.4;
        foot.sway = shares[k];
        walk(&foot, 100.0, 120.0);
        check(6.0, foot.sway_from_s - 1.0, 0.0, 0.0, 0.02);
        assert_int_equal(events_between(foot.sway_from_s, 120.0), 0);
    }
}

/* The second rises only four times as steeply as it creeps before. */
static void a_creeping_sensor_touches_down_early(void **state)
{
    (void)state;
    static const double edges_s[] = {0.08, 0.15}, creeps[] = {0.12, 0.24}, creeps_s[] = {0.2, 0.15};
    for (int k = 0; k < 2; k++) {
        struct shuffler foot = plain;
        foot.edge_s = edges_s[k];
        foot.creep = creeps[k];
        foot.creep_s = creeps_s[k];
        foot.wander_n = 40.0;
        walk(&foot, 100.0, 60.0);
        check(6.0, 58.0, 0.0, 0.0, 0.03 + 0.01 * k);
    }
}

/* Cells that read nothing in the air: what they read before the heel comes down is the toes. */
static void toes_that_come_down_first_are_overlooked(void **state)
{
    (void)state;
    struct shuffler foot = plain;
    foot.edge_s = 0.08;
    foot.creep = 0.12;
    foot.creep_s = 0.1;
    foot.noise_n = -1.0;
    walk(&foot, 100.0, 60.0);
    check(6.0, 58.0, -0.055, 0.0, 0.03);
}

static void force_left_behind_the_toes_is_taken_for_the_floor(void **state)
{
    (void)state;
    struct shuffler foot = plain;
    foot.rest = 0.08;
    foot.rest_s = 0.15;
    foot.noise_n = -1.0;
    walk(&foot, 100.0, 60.0);
    check(8.0, 58.0, 0.0, foot.rest_s, 0.02);
}

static void a_zero_that_wanders_loses_the_foot(void **state)
{
    (void)state;
    static const double wander_n[] = {20.0, 60.0, 100.0};
    for (int k = 0; k < 3; k++) {
        struct shuffler foot = plain;
        foot.wander_n = wander_n[k];
        walk(&foot, 100.0, 120.0);
        check(6.0, 118.0, 0.0, 0.0, 0.03);
    }
}

static void frame_size_changes_a_bit_of_a_shuffle(void **state)
{
    (void)state;
    struct shuffler foot = plain;
    foot.held = 0.3;
    foot.from_s = 20.0;
    foot.wander_n = 30.0;
    foot.creep = 0.1;
    foot.creep_s = 0.15;
    walk(&foot, 100.0, 60.0);
    assert_true(run.n > 80);
    static struct run other;
    static const int sizes[] = {1, 3, 512};
    for (int k = 0; k < 3; k++) {
        memset(&other, 0, sizeof other);
        run_start(&other);
        feed(&other, force, 6000, 100.0, sizes[k], 0.0);
        assert_memory_equal(&run.foot, &other.foot, sizeof run.foot);
        assert_memory_equal(run.events, other.events, sizeof run.events);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_foot_that_never_unloads_takes_no_steps),
        cmocka_unit_test(shuffling_loses_the_foot_of_a_walker),
        cmocka_unit_test(a_few_shuffled_steps_are_lost),
        cmocka_unit_test(shifting_weight_while_standing_takes_steps),
        cmocka_unit_test(shifting_weight_after_a_walk_takes_steps),
        cmocka_unit_test(a_creeping_sensor_touches_down_early),
        cmocka_unit_test(toes_that_come_down_first_are_overlooked),
        cmocka_unit_test(force_left_behind_the_toes_is_taken_for_the_floor),
        cmocka_unit_test(a_zero_that_wanders_loses_the_foot),
        cmocka_unit_test(frame_size_changes_a_bit_of_a_shuffle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
