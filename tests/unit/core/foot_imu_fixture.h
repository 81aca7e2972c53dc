/* Walks of tests/unit/core/foot_walker.h, through the engine, and what it told. */
#ifndef STRIDE_TESTS_FOOT_IMU_FIXTURE_H
#define STRIDE_TESTS_FOOT_IMU_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/foot_imu.h"
#include "tests/unit/core/foot_walker.h"

enum { SAMPLES_MAX = 12000, EVENTS_MAX = 400, STRIDES_MAX = 200 };

static float samples[6][SAMPLES_MAX];
static int samples_n;

static inline void make(const struct walker *walker, double seconds)
{
    uint64_t random = 7;
    samples_n = (int)(seconds * walker->rate_hz);
    assert_true(samples_n <= SAMPLES_MAX);
    for (int i = 0; i < samples_n; i++) {
        double accel[3], gyro[3], most = walker->range_m_s2 > 0.0 ? walker->range_m_s2 : 1e3;
        measure(walker, i / walker->rate_hz, accel, gyro);
        for (int k = 0; k < 3; k++) {
            double a = accel[k] + walker->accel_bias + walker->noise_accel * noise(&random);
            samples[k][i] = (float)fmax(-most, fmin(most, a));
            samples[3 + k][i] =
                (float)(gyro[k] + walker->gyro_bias + walker->noise_gyro * noise(&random));
        }
    }
}

struct run {
    struct foot_imu foot;
    struct align align;
    int events_n, strides_n;
    struct gait_event events[EVENTS_MAX];
    struct foot_imu_stride strides[STRIDES_MAX];
};

static inline void feed(struct run *run, const struct walker *walker, int from, int n, bool gap)
{
    static struct foot_imu_output out;
    double period_us = 1e6 / walker->rate_hz;
    struct slice slice = {.gap_before = gap,
                          .t0_us = walker->shift_us + from * period_us,
                          .period_us = period_us,
                          .samples_n = (uint16_t)n};
    struct foot_imu_input input = {.place = foot_imu_insole,
                                   .accel_range =
                                       walker->range_m_s2 > 0.0 ? (float)walker->range_m_s2 : NAN,
                                   .gyro_range = NAN};
    for (int k = 0; k < 3; k++) {
        input.accel[k] = samples[k] + from;
        input.gyro[k] = samples[3 + k] + from;
    }
    foot_imu_push(&run->foot, &slice, &run->align, &input, &out);
    double end_us = slice.t0_us + (n - 1) * period_us;
    for (int i = 0; i < out.events_n; i++) {
        /* Told in time, and never in the future. */
        assert_true(out.events[i].at_device_us <= end_us);
        assert_true(out.events[i].at_device_us > slice.t0_us - 0.7e6);
        run->events[run->events_n++] = out.events[i];
    }
    memcpy(run->strides + run->strides_n, out.strides, (size_t)out.strides_n * sizeof *out.strides);
    run->strides_n += out.strides_n;
    assert_true(run->events_n <= EVENTS_MAX - 100 && run->strides_n <= STRIDES_MAX - 60);
}

static inline void start(struct run *run)
{
    memset(run, 0, sizeof *run);
    foot_imu_init(&run->foot, FOOT_RIGHT);
    align_init(&run->align);
}

/* `lost_from` to `lost_to` are samples that never came. */
static inline void walk(struct run *run, const struct walker *walker, int frame, int lost_from,
                        int lost_to)
{
    bool gap = false;
    start(run);
    for (int i = 0; i < samples_n;) {
        if (i == lost_from) {
            i = lost_to;
            gap = true;
            continue;
        }
        int n = samples_n - i < frame ? samples_n - i : frame;
        n = i < lost_from && i + n > lost_from ? lost_from - i : n;
        feed(run, walker, i, n, gap);
        gap = false;
        i += n;
    }
}

static struct run run;

static inline void walk_all(const struct walker *walker)
{
    make(walker, walker->stand_s + walker->walk_s + 1.5);
    walk(&run, walker, 25, -1, -1);
}

static inline int events_of(const struct run *of, enum gait_event_kind kind)
{
    int n = 0;
    for (int i = 0; i < of->events_n; i++) {
        n += of->events[i].kind == kind ? 1 : 0;
    }
    return n;
}

static inline void check_near(double value, double wanted, double most)
{
    if (!(fabs(value - wanted) <= most)) {
        print_error("%.5f is not within %.5f of %.5f\n", value, most, wanted);
    }
    assert_true(fabs(value - wanted) <= most);
}

#endif
