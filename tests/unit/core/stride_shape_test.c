/* What foot IMU and cells saw, and the stride that it belongs to. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/stride.h"

#define MS INT64_C(1000000)
enum { OUT_MAX = 300, STRIDE_MS = 1100, STANCE_MS = 680, APART_MS = 550 };

static struct stride_state state;
static struct params params;
static struct stride live[OUT_MAX], final[OUT_MAX];
static int live_n, final_n;

static void begin(void)
{
    memset(&params, 0, sizeof params);
    params.value[PARAM_LIVE_WAIT_S] = 1.0;
    stride_init(&state);
    stride_expect(&state, FOOT_LEFT, true);
    stride_expect(&state, FOOT_RIGHT, true);
    live_n = final_n = 0;
}

static void drain(int64_t now_ms)
{
    while (stride_next(&state, STRIDE_LIVE, now_ms * MS, &params, &live[live_n]))
        assert_true(++live_n < OUT_MAX);
    while (stride_next(&state, STRIDE_FINAL, now_ms * MS, &params, &final[final_n]))
        assert_true(++final_n < OUT_MAX);
}

static int64_t contact_ms(enum foot foot, int number)
{
    return 1000 + (int64_t)number * STRIDE_MS + (foot == FOOT_RIGHT ? APART_MS : 0);
}

static void tell(enum foot foot, enum gait_event_kind kind, int64_t at_ms, double clock_us)
{
    struct gait_event event = {.foot = (uint8_t)foot,
                               .kind = (uint8_t)kind,
                               .at_session_ns = at_ms * MS,
                               .at_device_us = (double)at_ms * 1000.0 + clock_us,
                               .peak_force_n = 800,
                               .impulse_ns = 400};
    stride_event(&state, &event);
}

static void reach(int64_t at_ms)
{
    for (int foot = 0; foot < FEET; foot++)
        stride_watermark(&state, (enum foot)foot, at_ms * MS, false);
}

/* One more contact of both feet, after the foot-off that comes before it. */
static void step(int number)
{
    for (int foot = 0; foot < FEET; foot++) {
        if (number > 0)
            tell((enum foot)foot, GAIT_FOOT_OFF,
                 contact_ms((enum foot)foot, number - 1) + STANCE_MS, 0);
        tell((enum foot)foot, GAIT_INITIAL_CONTACT, contact_ms((enum foot)foot, number), 0);
    }
    reach(contact_ms(FOOT_LEFT, number));
}

static void walk(int from, int until)
{
    for (int i = from; i <= until; i++) {
        step(i);
        drain(contact_ms(FOOT_LEFT, i));
    }
}

/* The IMU's view of the swing of stride `number`: 20 ms early, 30 ms late. */
static struct foot_imu_stride swing(enum foot foot, int number)
{
    int64_t at_ms = contact_ms(foot, number);
    return (struct foot_imu_stride){.foot = (uint8_t)foot,
                                    .foot_off_us = (double)(at_ms + STANCE_MS - 20) * 1000.0,
                                    .contact_us = (double)(at_ms + STRIDE_MS + 30) * 1000.0,
                                    .length_m = 1.3F + 0.01F * (float)number,
                                    .height_m = NAN,
                                    .turn_deg = 0,
                                    .foot_angle_deg = 18,
                                    .clearance_mm = -12.5F,
                                    .swing_jerk = 1e9F,
                                    .impact_g = INFINITY};
}

static void check_near(float value, double wanted, double most)
{
    if (!(fabs((double)value - wanted) <= most))
        print_error("%.6f is not within %.6f of %.6f\n", (double)value, most, wanted);
    assert_true(fabs((double)value - wanted) <= most);
}

static void a_swing_told_in_time_or_too_early_or_late_shapes_another_stride(void **unused)
{
    (void)unused;
    begin();
    struct foot_imu_stride early = swing(FOOT_LEFT, 2), late = swing(FOOT_LEFT, 0);
    stride_shaped(&state, FOOT_LEFT, 0);
    stride_shape_swing(&state, &early); /* before any event of the foot */
    walk(0, 3);
    stride_shape_swing(&state, &late);
    stride_shaped(&state, FOOT_LEFT, INT64_MAX);
    walk(4, 12);
    reach(20000);
    drain(INT64_MAX / MS);
    for (int i = 0; i < final_n; i++) {
        const struct stride *stride = &final[i];
        int number = (int)((stride->start_ns / MS - contact_ms(stride->foot, 0)) / STRIDE_MS);
        bool told = stride->foot == FOOT_LEFT && (number == 2 || number == 0);
        if (!told) {
            assert_true(isnan(stride->shape.length_m) && isnan(stride->speed_mps));
            continue;
        }
        check_near(stride->shape.length_m, 1.3 + 0.01 * number, 6e-4);
        check_near(stride->stride_length_m, 1.3 + 0.01 * number, 6e-4);
        check_near(stride->speed_mps, (1.3 + 0.01 * number) / 1.1, 1e-3);
        check_near(stride->shape.clearance_mm, -12.5, 1e-3);
        check_near(stride->shape.swing_jerk, 327670, 1);
        check_near(stride->shape.impact_g, 327.67, 0.01);
        assert_true(isnan(stride->shape.height_m) && isnan(stride->shape.loading_n_s));
        assert_int_equal(stride->shape.scuff, STRIDE_UNKNOWN);
    }
}

/* Four steps by one clock, then four by one that shows earlier times; one swing by the second. */
static int shaped_after_new_clock(double clock_us, int number, int64_t *start_ns)
{
    begin();
    stride_shaped(&state, FOOT_LEFT, INT64_MIN);
    walk(0, 3);
    for (int i = 4; i < 8; i++) {
        tell(FOOT_LEFT, GAIT_INITIAL_CONTACT, contact_ms(FOOT_LEFT, i), clock_us);
        tell(FOOT_LEFT, GAIT_FOOT_OFF, contact_ms(FOOT_LEFT, i) + STANCE_MS, clock_us);
    }
    struct foot_imu_stride told = swing(FOOT_LEFT, number);
    stride_shape_swing(&state, &told);
    stride_shaped(&state, FOOT_LEFT, INT64_MAX);
    reach(20000);
    drain(INT64_MAX / MS);
    int shaped_n = 0;
    for (int i = 0; i < final_n; i++) {
        if (isnan(final[i].shape.length_m))
            continue;
        shaped_n++;
        *start_ns = final[i].start_ns;
    }
    return shaped_n;
}

static void a_swing_by_a_new_clock_shapes_a_stride_of_the_former_one(void **unused)
{
    (void)unused;
    int64_t start_ns = 0;
    assert_int_equal(shaped_after_new_clock(-4.4e6, 1, &start_ns), 1);
    assert_true(start_ns == contact_ms(FOOT_LEFT, 5) * MS);
    /* Before the first step that the new clock timed. */
    assert_int_equal(shaped_after_new_clock(-2.2e6, 1, &start_ns), 0);
}

static void strides_do_not_wait_for_their_shape(void **unused)
{
    (void)unused;
    begin();
    stride_shaped(&state, FOOT_LEFT, 0);
    stride_shaped(&state, FOOT_RIGHT, 0);
    walk(0, 1);
    int64_t end_ms = contact_ms(FOOT_LEFT, 1);
    assert_int_equal(live_n, 0);
    assert_true(stride_deadline_ns(&state) == (end_ms + 1000) * MS);
    stride_shaped(&state, FOOT_LEFT, end_ms * MS);
    drain(end_ms + 600);
    assert_int_equal(live_n, 1);
    /* The right foot's is given up on the live path after a second; the record still waits. */
    walk(2, 6);
    reach(contact_ms(FOOT_RIGHT, 6) + 2000);
    drain(contact_ms(FOOT_RIGHT, 6) + 2000);
    assert_int_equal(live_n, 12);
    assert_int_equal(final_n, 1);
    stride_shaped(&state, FOOT_LEFT, INT64_MAX);
    stride_shaped(&state, FOOT_RIGHT, INT64_MAX);
    drain(contact_ms(FOOT_RIGHT, 6) + 2000);
    assert_int_equal(final_n, 12);
}

static void a_gone_foot_holds_up_the_record_for_its_shapes(void **unused)
{
    (void)unused;
    begin();
    stride_shaped(&state, FOOT_LEFT, 0);
    walk(0, 8);
    int before_n = final_n;
    stride_expect(&state, FOOT_LEFT, false);
    drain(contact_ms(FOOT_LEFT, 8) + 3000);
    assert_true(final_n > before_n);
}

static void cells_shape_the_stride_whose_stance_they_saw(void **unused)
{
    (void)unused;
    begin();
    walk(0, 3);
    struct foot_imu_stride moved = swing(FOOT_RIGHT, 2);
    stride_shape_swing(&state, &moved);
    struct stride_shape seen;
    memset(&seen, 0xff, sizeof seen); /* all NAN */
    seen.scuff = STRIDE_UNKNOWN;
    seen.forefoot_first = STRIDE_YES;
    seen.loading_n_s = 9000;
    seen.forefoot_share = 0.4321F;
    seen.medial_index = -0.25F;
    seen.slap_s = 0.081F;
    double middle_us = 1000.0 * (double)(contact_ms(FOOT_RIGHT, 2) + 300);
    stride_shape_at(&state, FOOT_RIGHT, middle_us, &seen);
    stride_shape_at(&state, FOOT_RIGHT, -1e12, &seen);
    walk(4, 8);
    reach(20000);
    drain(INT64_MAX / MS);
    int shaped_n = 0;
    for (int i = 0; i < final_n; i++) {
        if (isnan(final[i].shape.loading_n_s))
            continue;
        shaped_n++;
        assert_true(final[i].start_ns == contact_ms(FOOT_RIGHT, 2) * MS);
        check_near(final[i].shape.loading_n_s, 9000, 5);
        check_near(final[i].shape.forefoot_share, 0.4321, 1e-4);
        check_near(final[i].shape.medial_index, -0.25, 1e-4);
        check_near(final[i].shape.slap_s, 0.081, 1e-4);
        check_near(final[i].shape.length_m, 1.32, 1e-3);
        assert_int_equal(final[i].shape.forefoot_first, STRIDE_YES);
    }
    assert_int_equal(shaped_n, 1);
}

/* Walks 30 strides; the body turns by `turn_deg` in stride 20 of both feet. */
static void play_turning(float turn_deg)
{
    begin();
    for (int i = 0; i <= 30; i++) {
        step(i);
        for (int foot = 0; foot < FEET && i > 0; foot++) {
            struct foot_imu_stride told = swing((enum foot)foot, i - 1);
            told.turn_deg = i - 1 == 20 ? turn_deg : i % 2 == 0 ? 5 : -5;
            stride_shape_swing(&state, &told);
        }
        drain(contact_ms(FOOT_LEFT, i));
    }
}

static void turning_is_steady_walking(void **unused)
{
    (void)unused;
    play_turning(40);
    int unsteady_n = 0;
    for (int i = 16; i < live_n; i++)
        unsteady_n += !live[i].steady;
    assert_int_equal(unsteady_n, 0);
    play_turning(-70);
    for (int i = 16; i < live_n; i++) {
        int number = (int)((live[i].start_ns / MS - contact_ms(live[i].foot, 0)) / STRIDE_MS);
        /* 2 s hold the turn's stride and, but for 0.2 s of it, the one after. */
        assert_int_equal(live[i].steady, number != 20 && number != 21);
    }
}

static void summary_counts_what_was_never_measured(void **unused)
{
    (void)unused;
    struct stride_summary summary;
    play_turning(-70);
    int64_t now_ns = contact_ms(FOOT_LEFT, 30) * MS;
    stride_summary(&state, now_ns, &summary);
    for (int foot = 0; foot < FEET; foot++) {
        check_near(summary.foot_angle_deg[foot], 18, 1e-3);
        check_near(summary.clearance_mm[foot], -12.5, 1e-3);
        assert_true(isnan(summary.loading_n_s[foot]) && isnan(summary.forefoot_share[foot]));
        assert_true(isnan(summary.medial_index[foot]) && isnan(summary.scuffs_per_20[foot]));
    }
    /* Speed is the median of 10 s, whose lengths grow; steps are half of a stride. */
    check_near(summary.speed_mps, 1.55 / 1.1, 0.02);
    check_near(summary.step_length_m, (double)summary.speed_mps * 0.55, 1e-3);
    check_near(summary.walk_ratio, (double)summary.step_length_m / (120 / 1.1), 1e-5);
    assert_true(fabsf(summary.turn_deg) <= 5.1F);
    stride_timing(&state, now_ns, &summary);
    assert_true(isnan(summary.foot_angle_deg[FOOT_LEFT]) && !isnan(summary.speed_mps));
    stride_summary(&state, now_ns + 11000 * MS, &summary);
    assert_true(isnan(summary.foot_angle_deg[FOOT_LEFT]) && isnan(summary.turn_deg));
    stride_new_session(&state);
    stride_summary(&state, now_ns, &summary);
    assert_true(isnan(summary.foot_angle_deg[FOOT_LEFT]));
}

static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Of the measure at `offset` of a struct stride, over the last `most` live strides of the foot
 * (FEET: of both) that end after `from_ns`; NAN = in fewer than `least`. */
static float plain_median(int foot, int most, int64_t from_ns, size_t least, size_t offset)
{
    float known[OUT_MAX];
    size_t n = 0;
    for (int i = live_n - 1; i >= 0 && most > 0; i--) {
        if ((foot != FEET && live[i].foot != foot) || live[i].end_ns < from_ns)
            continue;
        most--;
        memcpy(&known[n], (const char *)&live[i] + offset, sizeof *known);
        n += isnan(known[n]) ? 0 : 1;
    }
    qsort(known, n, sizeof *known, by_size);
    return n < least ? NAN : 0.5F * (known[(n - 1) / 2] + known[n / 2]);
}

/* One of 64 values; NAN in about `none_of` of 32 draws. */
static float drawn(uint64_t *seed, unsigned none_of)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    unsigned word = (unsigned)(*seed >> 40);
    return word % 32 < none_of ? NAN : (float)(word / 32 % 64);
}

static void play_drawn(uint64_t seed)
{
    begin();
    for (int i = 0; i <= 30; i++) {
        step(i);
        for (int foot = 0; foot < FEET && i > 0; foot++) {
            struct foot_imu_stride told = swing((enum foot)foot, i - 1);
            told.foot_angle_deg = drawn(&seed, 4) - 30;
            told.clearance_mm = drawn(&seed, 25);
            told.impact_g = drawn(&seed, 0);
            told.length_m = 1 + 0.01F * drawn(&seed, 9);
            stride_shape_swing(&state, &told);
        }
        drain(contact_ms(FOOT_LEFT, i));
    }
}

static void a_measure_that_is_missing_in_some_strides_has_another_median(void **unused)
{
    (void)unused;
    enum { LEAST = STRIDE_SHAPES_MIN, MOST = STRIDE_SHAPES_N };
    const size_t angle = offsetof(struct stride, shape.foot_angle_deg);
    const size_t clearance = offsetof(struct stride, shape.clearance_mm);
    const size_t impact = offsetof(struct stride, shape.impact_g);
    const int64_t now_ns = contact_ms(FOOT_LEFT, 30) * MS, recent_ns = now_ns - 10000 * MS;
    int unknown_n = 0;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct stride_summary seen;
        play_drawn(seed);
        stride_summary(&state, now_ns, &seen);
        for (int foot = 0; foot < FEET; foot++) {
            float clearance_mm = plain_median(foot, MOST, 0, LEAST, clearance);
            check_near(seen.foot_angle_deg[foot], (double)plain_median(foot, MOST, 0, LEAST, angle),
                       1e-3);
            check_near(seen.impact_g[foot], (double)plain_median(foot, MOST, 0, LEAST, impact),
                       1e-3);
            if (!isnan(clearance_mm))
                check_near(seen.clearance_mm[foot], (double)clearance_mm, 1e-3);
            assert_int_equal(isnan(seen.clearance_mm[foot]), isnan(clearance_mm));
            unknown_n += isnan(clearance_mm);
        }
        check_near(
            seen.speed_mps,
            (double)plain_median(FEET, OUT_MAX, recent_ns, 1, offsetof(struct stride, speed_mps)),
            1e-5);
    }
    assert_in_range(unknown_n, 10, 70);
}

static void running_has_no_flight(void **unused)
{
    (void)unused;
    begin();
    enum { RUN_MS = 700, DOWN_MS = 260 };
    for (int i = 0; i < 12; i++) {
        for (int foot = 0; foot < FEET; foot++) {
            int64_t at_ms = 1000 + (int64_t)i * RUN_MS + foot * RUN_MS / 2;
            tell((enum foot)foot, GAIT_INITIAL_CONTACT, at_ms, 0);
            tell((enum foot)foot, GAIT_FOOT_OFF, at_ms + DOWN_MS, 0);
        }
    }
    reach(20000);
    drain(INT64_MAX / MS);
    for (int i = 2; i < final_n; i++) {
        assert_true(final[i].valid && final[i].other_known);
        check_near(final[i].flight_s, 2 * (0.35 - 0.26), 1e-4);
        check_near(final[i].double_support_s, 0, 1e-6);
    }
    assert_true(final_n > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_swing_told_in_time_or_too_early_or_late_shapes_another_stride),
        cmocka_unit_test(a_swing_by_a_new_clock_shapes_a_stride_of_the_former_one),
        cmocka_unit_test(strides_do_not_wait_for_their_shape),
        cmocka_unit_test(a_gone_foot_holds_up_the_record_for_its_shapes),
        cmocka_unit_test(cells_shape_the_stride_whose_stance_they_saw),
        cmocka_unit_test(turning_is_steady_walking),
        cmocka_unit_test(summary_counts_what_was_never_measured),
        cmocka_unit_test(a_measure_that_is_missing_in_some_strides_has_another_median),
        cmocka_unit_test(running_has_no_flight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
