/* Other gaits than walking on the heel: stairs, the forefoot, a run. */
#include "tests/unit/core/foot_imu_fixture.h"

/* What a detector's own offset and a filter's may add. */
static void check_contacts(const struct walker *walker, int strides, double after_s, double most_s)
{
    const struct beat *beat = walker->beat != NULL ? walker->beat : &walking;
    assert_int_equal(events_of(&run, GAIT_FOOT_OFF), strides);
    assert_int_equal(events_of(&run, GAIT_INITIAL_CONTACT), strides);
    for (int i = 0; i < run.events_n; i++) {
        bool contact = run.events[i].kind == GAIT_INITIAL_CONTACT;
        int stride = i / 2;
        double at_s = walker->stand_s + stride * beat->stride_s;
        at_s += contact ? beat->contact_s + after_s : beat->turn_s - 0.020;
        check_near(run.events[i].at_device_us * 1e-6, at_s, most_s);
    }
}

/* The toes never turn down before such a landing, and rest only 0.15 s after it. */
static void forefoot_that_lands_is_not_told_when_it_rests(void **state)
{
    (void)state;
    const double rates_hz[] = {50.0, 100.0, 210.0};
    for (int i = 0; i < 9; i++) {
        struct walker walker = plain;
        walker.rate_hz = rates_hz[i % 3];
        int round = i / 3;
        walker.forefoot_deg = 10.0 + 8.0 * round;
        walker.length_m = 0.6;
        walk_all(&walker);
        check_contacts(&walker, 20, -0.025, 0.020);
    }
}

static struct beat stairs_beat(void)
{
    struct beat beat = walking;
    beat.flat_s = 1.10; /* the heel takes its time */
    return beat;
}

static void stairs_on_the_forefoot_have_their_height(void **state)
{
    (void)state;
    struct beat beat = stairs_beat();
    for (int i = 0; i < 12; i++) {
        struct walker walker = plain;
        walker.beat = &beat;
        walker.forefoot_deg = 16.0;
        walker.length_m = 0.56;
        walker.lift_m = 0.10;
        walker.rise_m = 0.17 * (double)(i % 4 - 2) + (i % 4 >= 2 ? 0.17 : 0.0);
        walker.noise_gyro = i < 4 ? 0.0 : 0.01;
        walker.noise_accel = i < 4 ? 0.0 : 0.2;
        walker.accel_bias = i < 8 ? 0.0 : 0.15;
        walk_all(&walker);
        check_contacts(&walker, 20, -0.025, 0.040);
        double mean_m = 0.0;
        for (int k = 0; k < run.strides_n; k++) {
            assert_int_equal(run.strides[k].lack, FOOT_IMU_WHOLE);
            check_near((double)run.strides[k].height_m, walker.rise_m, i < 4 ? 0.02 : 0.06);
            mean_m += (double)run.strides[k].height_m / run.strides_n;
        }
        check_near(mean_m, walker.rise_m, 0.02);
    }
}

/* No rest, so no path; but each step is told, wherever the foot lands. */
static void run_has_every_step_and_no_length(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        struct walker walker = plain;
        walker.beat = &running;
        walker.walk_s = 30 * running.stride_s;
        walker.forefoot_deg = i % 5 == 0 ? 0.0 : 4.0 * (i % 5);
        walker.length_m = 2.2;
        walker.rate_hz = i < 5 ? 100.0 : 200.0;
        walker.noise_gyro = 0.01;
        walker.noise_accel = 0.2;
        walk_all(&walker);
        check_contacts(&walker, 30, -0.025, 0.040);
        for (int k = 0; k < run.strides_n; k++) {
            assert_int_equal(run.strides[k].lack, FOOT_IMU_NO_REST);
            assert_true(isnan(run.strides[k].length_m) && isnan(run.strides[k].height_m));
        }
        assert_true(run.strides_n >= 29);
    }
}

/* 20 mg along up, as of a cheap sensor: 2 cm in a stride if it is not taken out. */
static void accelerometers_bias_along_up_moves_neither_height_nor_length(void **state)
{
    (void)state;
    for (int side = -1; side <= 1; side += 2) {
        struct walker walker = plain;
        walker.stand_s = 5.0;
        make(&walker, walker.stand_s + walker.walk_s + 1.5);
        for (int i = 0; i < samples_n; i++) {
            samples[2][i] += 0.4F * (float)side;
        }
        walk(&run, &walker, 25, -1, -1);
        assert_true(run.strides_n >= 19);
        for (int k = 0; k < run.strides_n; k++) {
            check_near((double)run.strides[k].length_m, walker.length_m, 0.012);
            check_near((double)run.strides[k].height_m, 0.0, 0.012);
        }
    }
}

/* What is felt in each stance leans by 0.9 deg: the whole way would rise or sink. */
static void level_that_leans_moves_the_height_by_less_than_the_way_leans(void **state)
{
    (void)state;
    double apart_m = 0.0;
    for (int side = -1; side <= 1; side += 2) {
        make(&plain, plain.stand_s + plain.walk_s + 1.5);
        for (int i = 0; i < samples_n; i++) {
            double in_s = fmod(i / plain.rate_hz - plain.stand_s + 100.0 * STRIDE_S, STRIDE_S);
            bool flat = in_s < 0.35 || in_s > 1.02;
            samples[0][i] += flat ? 0.15F * (float)side : 0.0F;
        }
        walk(&run, &plain, 25, -1, -1);
        assert_true(run.strides_n >= 19);
        for (int k = 0; k < run.strides_n; k++) {
            apart_m += side * (double)run.strides[k].height_m / run.strides_n;
        }
    }
    /* 3.5 cm if nothing were done, 4.5 if it went the wrong way. */
    check_near(apart_m, 0.0, 0.030);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forefoot_that_lands_is_not_told_when_it_rests),
        cmocka_unit_test(stairs_on_the_forefoot_have_their_height),
        cmocka_unit_test(run_has_every_step_and_no_length),
        cmocka_unit_test(accelerometers_bias_along_up_moves_neither_height_nor_length),
        cmocka_unit_test(level_that_leans_moves_the_height_by_less_than_the_way_leans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
