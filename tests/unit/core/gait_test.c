/* Contacts and foot-offs of scripted feet, whose true times are known. */
#include "gait_fixture.h"

/* Stride 1.1 s, stance 0.68 s, two humps of 900 N; swing at the floor. */
#define STRIDE_S 1.1
#define STANCE_S 0.68

struct walker {
    double stand_s; /* stands that long first */
    double gain, floor_n, drift_n_per_s, noise_n;
    double scuff_n;                  /* a bump of that force in each swing */
    double dip_s;                    /* from 10 s on the force drops out that long in each stance */
    double pause_from_s, pause_to_s; /* stands */
};

static double step_force(double at_s)
{
    if (at_s < 0.0 || at_s > STANCE_S) {
        return 0.0;
    }
    double rise = at_s / 0.10, fall = (STANCE_S - at_s) / 0.12;
    double edge = fmin(1.0, fmin(rise, fall));
    return edge * (800.0 - 150.0 * cos(4.0 * 3.14159265358979 * at_s / STANCE_S));
}

static double walker_force(const struct walker *walker, double at_s)
{
    if (at_s < walker->stand_s) {
        return 450.0 + 60.0 * sin(at_s * 0.9);
    }
    double in_s = fmod(at_s - walker->stand_s, STRIDE_S);
    if (at_s >= walker->pause_from_s && at_s < walker->pause_to_s) {
        return 450.0;
    }
    double force = step_force(in_s);
    if (walker->scuff_n > 0.0 && in_s > STANCE_S + 0.15 && in_s < STANCE_S + 0.21) {
        force = walker->scuff_n;
    }
    bool dips = at_s > 10.0 && in_s > 0.3 && in_s < 0.3 + walker->dip_s;
    return dips ? 0.0 : force;
}

static int make(const struct walker *walker, double rate_hz, double seconds, float *force)
{
    uint64_t random = 42;
    int n = (int)(rate_hz * seconds);
    assert_true(n <= FORCE_MAX);
    for (int i = 0; i < n; i++) {
        double at_s = i / rate_hz;
        force[i] = (float)(walker->gain * walker_force(walker, at_s) + walker->floor_n +
                           walker->drift_n_per_s * at_s + walker->noise_n * noise(&random));
    }
    return n;
}

static const struct walker plain = {.gain = 1.0, .noise_n = 4.0, .pause_from_s = 1e9};
static float force[FORCE_MAX];
static struct run run_a, run_b;

/* How far an event is from where the walker made it, s. */
static double away_from_truth(const struct gait_event *event, double stand_s)
{
    double in_s = event->at_device_us * 1e-6 - stand_s;
    in_s -= event->kind == GAIT_INITIAL_CONTACT ? 0.0 : STANCE_S;
    return in_s - STRIDE_S * floor(in_s / STRIDE_S + 0.5);
}

/* Events as they should be from `from_s` on, each within `within_s` of the truth. */
static void check_events(const struct run *run, double from_s, double to_s, double stand_s,
                         double within_s)
{
    int found = 0;
    for (int i = 0; i < run->n; i++) {
        double at_s = run->events[i].at_device_us * 1e-6;
        if (at_s < from_s || at_s > to_s) {
            continue;
        }
        assert_true(fabs(away_from_truth(&run->events[i], stand_s)) <= within_s);
        found++;
    }
    int expected = (int)(2.0 * (to_s - from_s) / STRIDE_S);
    assert_true(found >= expected - 1 && found <= expected + 2);
}

static void events_are_off_at_some_sample_rate(void **state)
{
    (void)state;
    static const double rates[] = {50.0, 100.0, 125.0, 200.0, 250.0, 300.0};
    for (int i = 0; i < 6; i++) {
        run_start(&run_a);
        int n = make(&plain, rates[i], 60.0, force);
        feed(&run_a, force, n, rates[i], 25, 0.0);
        check_events(&run_a, 5.0, 58.0, 0.0, 0.015);
    }
}

static void it_takes_long_to_see_the_first_step(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.stand_s = 8.0;
    for (int k = 0; k < 2; k++) {
        run_start(&run_a);
        feed(&run_a, force, make(&walker, 100.0, 30.0, force), 100.0, 25, 0.0);
        assert_true(run_a.n > 0);
        assert_true(run_a.events[0].at_device_us * 1e-6 < walker.stand_s + 4.0);
        check_events(&run_a, walker.stand_s + 4.0, 29.0, walker.stand_s, 0.015);
        walker.stand_s = 0.0;
    }
}

static void frame_size_changes_a_bit(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.scuff_n = 60.0;
    walker.drift_n_per_s = 5.0;
    int n = make(&walker, 100.0, 60.0, force);
    run_start(&run_a);
    feed(&run_a, force, n, 100.0, 25, 12345.0);
    assert_true(run_a.n > 90);
    static const int sizes[] = {1, 2, 7, 99, 512};
    for (int k = 0; k < 5; k++) {
        run_start(&run_b);
        feed(&run_b, force, n, 100.0, sizes[k], 12345.0);
        assert_int_equal(run_a.n, run_b.n);
        assert_memory_equal(run_a.events, run_b.events, sizeof run_a.events);
        assert_memory_equal(&run_a.foot, &run_b.foot, sizeof run_a.foot);
    }
}

static void gain_or_offset_moves_an_event(void **state)
{
    (void)state;
    static const double gains[] = {0.5, 2.0, 1.0, 1.0, 2.0};
    static const double floors[] = {0.0, 0.0, 30.0, -2000.0, 1024.0};
    int n = make(&plain, 100.0, 60.0, force);
    run_start(&run_a);
    feed(&run_a, force, n, 100.0, 25, 0.0);
    for (int k = 0; k < 5; k++) {
        static float other[FORCE_MAX];
        for (int i = 0; i < n; i++) {
            other[i] = (float)(gains[k] * (double)force[i] + floors[k]);
        }
        run_start(&run_b);
        feed(&run_b, other, n, 100.0, 25, 0.0);
        assert_int_equal(run_a.n, run_b.n);
        for (int i = 0; i < run_a.n; i++) {
            assert_int_equal(run_a.events[i].kind, run_b.events[i].kind);
            assert_true(fabs(run_a.events[i].at_device_us - run_b.events[i].at_device_us) < 50.0);
            assert_true(isnan(run_a.events[i].peak_force_n) ||
                        fabs((double)run_b.events[i].peak_force_n -
                             gains[k] * (double)run_a.events[i].peak_force_n) < 1.0);
        }
    }
}

static void a_later_clock_changes_the_strides(void **state)
{
    (void)state;
    int n = make(&plain, 100.0, 60.0, force);
    run_start(&run_a);
    run_start(&run_b);
    feed(&run_a, force, n, 100.0, 25, 0.0);
    feed(&run_b, force, n, 100.0, 25, 1e12);
    assert_int_equal(run_a.n, run_b.n);
    for (int i = 0; i < run_a.n; i++) {
        double away_us = run_b.events[i].at_device_us - 1e12 - run_a.events[i].at_device_us;
        assert_true(fabs(away_us) < 0.01);
    }
}

static void drift_or_a_jump_of_the_floor_loses_the_foot(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.drift_n_per_s = 12.0; /* by the whole plateau within a minute */
    int n = make(&walker, 100.0, 120.0, force);
    run_start(&run_a);
    feed(&run_a, force, n, 100.0, 25, 0.0);
    check_events(&run_a, 5.0, 118.0, 0.0, 0.02);
    static const float jumps[] = {300.0F, -300.0F, 2000.0F};
    for (int k = 0; k < 3; k++) {
        n = make(&plain, 100.0, 60.0, force);
        for (int i = n / 2; i < n; i++) {
            force[i] += jumps[k];
        }
        run_start(&run_a);
        feed(&run_a, force, n, 100.0, 25, 0.0);
        check_events(&run_a, 5.0, 29.0, 0.0, 0.015);
        check_events(&run_a, 36.0, 58.0, 0.0, 0.015);
    }
}

static void a_gain_that_halves_loses_the_foot(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        int n = make(&plain, 100.0, 60.0, force);
        for (int i = n / 2; i < n; i++) {
            force[i] *= k == 0 ? 0.5F : 2.0F;
        }
        run_start(&run_a);
        feed(&run_a, force, n, 100.0, 25, 0.0);
        check_events(&run_a, 5.0, 29.0, 0.0, 0.015);
        check_events(&run_a, 36.0, 58.0, 0.0, 0.015);
    }
}

static void standing_or_an_empty_shoe_takes_steps(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.stand_s = 1e9;
    run_start(&run_a);
    feed(&run_a, force, make(&walker, 100.0, 200.0, force), 100.0, 25, 0.0);
    assert_int_equal(run_a.n, 0);
    walker.gain = 0.0;
    walker.noise_n = 20.0;
    run_start(&run_a);
    feed(&run_a, force, make(&walker, 100.0, 200.0, force), 100.0, 25, 0.0);
    assert_int_equal(run_a.n, 0);
}

static void a_pause_while_walking_makes_a_step(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.pause_from_s = 22.3; /* in a stance: 20 strides and 0.3 s */
    walker.pause_to_s = 44.3;
    run_start(&run_a);
    feed(&run_a, force, make(&walker, 100.0, 60.0, force), 100.0, 25, 0.0);
    for (int i = 0; i < run_a.n; i++) {
        double at_s = run_a.events[i].at_device_us * 1e-6;
        assert_true(at_s < 22.3 || at_s > 44.3);
    }
    check_events(&run_a, 5.0, 21.9, 0.0, 0.015);
    check_events(&run_a, 44.9, 58.0, 0.0, 0.015);
}

static void a_scuff_in_swing_is_a_contact(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.scuff_n = 150.0;
    run_start(&run_a);
    feed(&run_a, force, make(&walker, 100.0, 60.0, force), 100.0, 25, 0.0);
    check_events(&run_a, 5.0, 58.0, 0.0, 0.02);
}

static void a_dip_in_a_stance_is_a_swing(void **state)
{
    (void)state;
    struct walker walker = plain;
    walker.dip_s = 0.06;
    run_start(&run_a);
    feed(&run_a, force, make(&walker, 100.0, 60.0, force), 100.0, 25, 0.0);
    check_events(&run_a, 5.0, 58.0, 0.0, 0.015);
}

static void a_gap_is_walked_over(void **state)
{
    (void)state;
    int n = make(&plain, 100.0, 60.0, force);
    for (int lost = 25; lost <= 150; lost += 25) {
        run_start(&run_a);
        bool gap = false;
        for (int i = 0, k = 0; i + 25 <= n; i += 25, k++) {
            if (k % 20 == 10) {
                i += lost;
                gap = true;
            }
            if (i + 25 > n) {
                break;
            }
            push(&run_a, force + i, 25, i * 1e4, 1e4, gap);
            gap = false;
        }
        int marked = 0;
        for (int i = 1; i < run_a.n; i++) {
            const struct gait_event *before = &run_a.events[i - 1], *event = &run_a.events[i];
            marked += event->after_gap ? 1 : 0;
            double span_s = (event->at_device_us - before->at_device_us) * 1e-6;
            assert_true(event->after_gap || event->kind != before->kind);
            assert_true(event->after_gap || span_s < 0.75);
            if (event->kind == GAIT_FOOT_OFF && event->after_gap) {
                assert_true(isnan(event->peak_force_n) && isnan(event->impulse_ns));
            }
        }
        assert_true(marked >= 8);
        for (int i = 0; i < run_a.n; i++) {
            assert_true(fabs(away_from_truth(&run_a.events[i], 0.0)) < 0.015);
        }
        /* The levels outlive a gap: the next step is seen again. */
        double second_gap_s = 7.5 + 2.0 * lost / 100.0;
        check_events(&run_a, second_gap_s + 1.5, second_gap_s + 4.6, 0.0, 0.015);
    }
}

static void a_stance_is_measured_wrong(void **state)
{
    (void)state;
    double impulse = 0.0;
    for (int i = 0; i < 6800; i++) {
        impulse += step_force(i * 1e-4) * 1e-4;
    }
    struct walker walker = plain;
    walker.floor_n = 30.0;
    run_start(&run_a);
    feed(&run_a, force, make(&walker, 100.0, 60.0, force), 100.0, 25, 0.0);
    for (int i = 20; i < run_a.n; i++) {
        if (run_a.events[i].kind == GAIT_FOOT_OFF) {
            assert_true(fabs((double)run_a.events[i].peak_force_n - 950.0) < 12.0);
            assert_true(fabs((double)run_a.events[i].impulse_ns - impulse) < 0.02 * impulse);
        } else {
            assert_true(isnan(run_a.events[i].peak_force_n));
        }
    }
}

static void the_second_threshold_is_not_used(void **state)
{
    (void)state;
    int n = make(&plain, 100.0, 60.0, force);
    run_start(&run_a);
    run_start(&run_b);
    run_b.params.threshold_20n = true;
    feed(&run_a, force, n, 100.0, 25, 0.0);
    feed(&run_b, force, n, 100.0, 25, 0.0);
    assert_int_equal(run_a.n, run_b.n);
    int earlier = 0;
    for (int i = 10; i < run_a.n; i++) {
        if (run_a.events[i].kind == GAIT_INITIAL_CONTACT) {
            earlier += run_b.events[i].at_device_us < run_a.events[i].at_device_us ? 1 : 0;
        }
    }
    assert_true(earlier > 40);
}

static void a_new_life_of_the_device_loses_the_foot(void **state)
{
    (void)state;
    int n = make(&plain, 100.0, 30.0, force);
    run_start(&run_a);
    feed(&run_a, force, n, 100.0, 25, 1e14);
    run_a.n = 0;
    run_a.align.boot_id = 2;
    push(&run_a, force, 25, 0.0, 1e4, true);
    feed(&run_a, force + 25, n - 25, 100.0, 25, 25e4);
    check_events(&run_a, 1.5, 29.0, 0.0, 0.015);
}

static void wild_values_break_it(void **state)
{
    (void)state;
    uint64_t random = 7;
    run_start(&run_a);
    for (int k = 0; k < 400; k++) {
        for (int i = 0; i < 100; i++) {
            double value = noise(&random);
            force[i] = (float)(k % 3 == 0   ? value * 1e9
                               : k % 3 == 1 ? copysign(800.0, value)
                                            : 0.0);
        }
        run_a.n = 0;
        push(&run_a, force, 100, k * 1e6, 1e4, k % 17 == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_are_off_at_some_sample_rate),
        cmocka_unit_test(it_takes_long_to_see_the_first_step),
        cmocka_unit_test(frame_size_changes_a_bit),
        cmocka_unit_test(gain_or_offset_moves_an_event),
        cmocka_unit_test(a_later_clock_changes_the_strides),
        cmocka_unit_test(drift_or_a_jump_of_the_floor_loses_the_foot),
        cmocka_unit_test(a_gain_that_halves_loses_the_foot),
        cmocka_unit_test(standing_or_an_empty_shoe_takes_steps),
        cmocka_unit_test(a_pause_while_walking_makes_a_step),
        cmocka_unit_test(a_scuff_in_swing_is_a_contact),
        cmocka_unit_test(a_dip_in_a_stance_is_a_swing),
        cmocka_unit_test(a_gap_is_walked_over),
        cmocka_unit_test(a_stance_is_measured_wrong),
        cmocka_unit_test(the_second_threshold_is_not_used),
        cmocka_unit_test(a_new_life_of_the_device_loses_the_foot),
        cmocka_unit_test(wild_values_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
