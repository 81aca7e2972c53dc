/* A simulated forearm whose steps, swing and posture are known, and a wrist that is fed with it. */
#ifndef STRIDE_TESTS_WRIST_ARM_H
#define STRIDE_TESTS_WRIST_ARM_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/wrist.h"

#define ARM_PI 3.14159265358979
#define ARM_GRAVITY 9.80665

enum { ARM_CHANNELS = 6, ARM_SAMPLES_MAX = 60000, ARM_EVENTS_MAX = 2000 };

/* Hangs (forward down) unless pitched; swings about left; the trunk bounces with each step. */
struct arm {
    double cadence_spm, walk_from_s, walk_to_s;
    double swing_deg;   /* peak to peak, once in a stride */
    double bounce_m_s2; /* amplitude, once in a step; highest at each step */
    double pitch_deg;   /* forearm above the horizon while at rest: -90 hangs */
    double roll_deg;    /* of the watch about the forearm */
    double noise_m_s2;
    double turn_rad_s; /* about the vertical, all the time */
};

static const struct arm arm_walker = {.cadence_spm = 108,
                                      .walk_from_s = 5,
                                      .walk_to_s = 65,
                                      .swing_deg = 30,
                                      .bounce_m_s2 = 2,
                                      .pitch_deg = -90,
                                      .noise_m_s2 = 0.1};

struct arm_data {
    int n;
    double rate_hz;
    float values[ARM_CHANNELS][ARM_SAMPLES_MAX]; /* acceleration, rate */
};

static double arm_noise(uint64_t *random)
{
    *random = *random * 6364136223846793005U + 1442695040888963407U;
    return (double)(int64_t)*random / 9.3e18;
}

static void arm_sample(const struct arm *arm, double at_s, double out[ARM_CHANNELS])
{
    const double length_m = 0.45;
    bool walks = at_s >= arm->walk_from_s && at_s < arm->walk_to_s;
    double phase = ARM_PI * arm->cadence_spm / 60 * (at_s - arm->walk_from_s);
    double omega = ARM_PI * arm->cadence_spm / 60;
    double half = walks ? arm->swing_deg / 2 * ARM_PI / 180 : 0;
    double angle = half * sin(phase), rate = half * omega * cos(phase);
    double pitch = arm->pitch_deg * ARM_PI / 180 + angle, roll = arm->roll_deg * ARM_PI / 180;
    double up = ARM_GRAVITY + (walks ? arm->bounce_m_s2 * cos(2 * phase) : 0);
    /* Along the forearm, and across it in the plane of the swing. */
    double along = up * sin(pitch) - length_m * rate * rate;
    double across = up * cos(pitch) - length_m * half * omega * omega * sin(phase);
    out[0] = along;
    out[1] = across * sin(roll);
    out[2] = across * cos(roll);
    /* Pitching up turns about minus left when the watch faces up. */
    out[3] = arm->turn_rad_s * sin(pitch);
    out[4] = -rate * cos(roll) + arm->turn_rad_s * cos(pitch) * sin(roll);
    out[5] = rate * sin(roll) + arm->turn_rad_s * cos(pitch) * cos(roll);
}

static void arm_make(const struct arm *arm, double rate_hz, double seconds, struct arm_data *data)
{
    uint64_t random = 7;
    data->n = (int)(rate_hz * seconds);
    data->rate_hz = rate_hz;
    assert_true(data->n <= ARM_SAMPLES_MAX);
    for (int i = 0; i < data->n; i++) {
        double values[ARM_CHANNELS];
        arm_sample(arm, i / rate_hz, values);
        for (int k = 0; k < ARM_CHANNELS; k++)
            data->values[k][i] =
                (float)(values[k] + (k < 3 ? 1 : 0.02) * arm->noise_m_s2 * arm_noise(&random));
    }
}

struct arm_run {
    struct wrist wrist;
    struct align align;
    struct wrist_event events[ARM_EVENTS_MAX];
    int n;
    bool no_rate, no_acceleration;
};

static void arm_start(struct arm_run *run)
{
    memset(run, 0, sizeof(*run));
    wrist_init(&run->wrist);
    align_init(&run->align);
}

static void arm_push(struct arm_run *run, const struct arm_data *data, int from, int n,
                     double t0_us, bool gap_before)
{
    static struct wrist_event events[WRIST_EVENTS_MAX];
    struct slice slice = {.t0_us = t0_us,
                          .period_us = 1e6 / data->rate_hz,
                          .samples_n = (uint16_t)n,
                          .gap_before = gap_before};
    struct wrist_channels channels = {0};
    for (int k = 0; k < WRIST_AXES; k++) {
        channels.acceleration[k] = run->no_acceleration ? NULL : data->values[k] + from;
        channels.rate[k] = run->no_rate ? NULL : data->values[3 + k] + from;
    }
    int told = wrist_push(&run->wrist, &slice, &run->align, &channels, events);
    assert_true(told <= WRIST_EVENTS_MAX && run->n + told <= ARM_EVENTS_MAX);
    memcpy(run->events + run->n, events, (size_t)told * sizeof(events[0]));
    run->n += told;
}

static void arm_feed(struct arm_run *run, const struct arm_data *data, int frame_n)
{
    for (int i = 0; i < data->n; i += frame_n)
        arm_push(run, data, i, data->n - i < frame_n ? data->n - i : frame_n,
                 i * (1e6 / data->rate_hz), false);
}

static inline int arm_count(const struct arm_run *run, enum wrist_event_kind kind)
{
    int n = 0;
    for (int i = 0; i < run->n; i++)
        n += run->events[i].kind == kind;
    return n;
}

static inline double arm_first_s(const struct arm_run *run, enum wrist_event_kind kind)
{
    for (int i = 0; i < run->n; i++)
        if (run->events[i].kind == kind)
            return run->events[i].at_device_us * 1e-6;
    return (double)NAN;
}

static inline struct wrist_summary arm_summary(const struct arm_run *run)
{
    struct wrist_summary summary;
    wrist_summary(&run->wrist, &summary);
    return summary;
}

static inline void arm_walk(const struct arm *arm, double rate_hz, double seconds,
                            struct arm_data *data, struct arm_run *run)
{
    arm_make(arm, rate_hz, seconds, data);
    arm_start(run);
    arm_feed(run, data, 25);
}

#endif
