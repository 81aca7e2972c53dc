/* A scripted foot on 16 cells, whose measures are known, through gait into sole. */
#ifndef STRIDE_TESTS_UNIT_CORE_SOLE_WALKER_H
#define STRIDE_TESTS_UNIT_CORE_SOLE_WALKER_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/sole_weight.h"

enum { CELLS = 16, SAMPLES_MAX = 40000, STANCES_MAX = 400, LOADS_MAX = 400 };

/* Stride 1.1 s, stance 0.68 s; the foot's body weighs 720 N. */
#define STRIDE_S 1.1
#define STANCE_S 0.68
#define WEIGHT_N 720.0

static const struct {
    int forward_mm, lateral_mm;
} places[CELLS] = {{20, -12},  {20, 12},  {50, -16},  {50, 16}, {90, -16}, {90, 16},
                   {130, -20}, {130, 20}, {165, -28}, {165, 0}, {165, 28}, {195, -28},
                   {195, 0},   {195, 28}, {240, -20}, {240, 8}};

/* What a foot does, and what its sensor adds. */
struct walker {
    double gain, noise_n, floor_n, floor_drift; /* floor of cell i: floor_n (1 + i % 3), N/s */
    double phase_s;                             /* of its first contact */
    double lateral_mm;                          /* where its load lies */
    double bulge_mm;                            /* of the path towards the lateral side, midway */
    double load;                                /* of the usual load */
    double scuff_n, scuff_s;                    /* in each swing */
    double stand_to_s;                          /* stands still until then, at half the weight */
    double roll_from_s, roll_s; /* after contact the load begins to roll forward, for so long */
    double from_mm;             /* where the foot lands */
    bool tiptoe;                /* forefoot only */
    int stuck;                  /* this cell shows one value from stuck_s on; -1: none */
    double stuck_s, stuck_n;
};

static const struct walker plain = {.gain = 1.0,
                                    .noise_n = 0.5,
                                    .floor_n = 1.0,
                                    .load = 1.0,
                                    .roll_from_s = 0.08,
                                    .roll_s = 0.5,
                                    .from_mm = 30.0,
                                    .stuck = -1};

static double noise(uint64_t *random)
{
    *random = *random * 6364136223846793005U + 1442695040888963407U;
    return (double)(int64_t)*random / 9.3e18;
}

/* Rises in 0.1 s to the first peak, two humps. */
static double stance_force(double in_s)
{
    if (in_s < 0.0 || in_s > STANCE_S)
        return 0.0;
    double u = in_s / STANCE_S;
    return WEIGHT_N * 1.15 * (sin(3.14159265 * u) + 0.25 * sin(3 * 3.14159265 * u));
}

static double cop_forward(const struct walker *walker, double in_s)
{
    if (walker->tiptoe)
        return 200.0;
    double u = (in_s - walker->roll_from_s) / walker->roll_s;
    u = u < 0.0 ? 0.0 : u > 1.0 ? 1.0 : u;
    return walker->from_mm + (220.0 - walker->from_mm) * u;
}

static float values[CELLS][SAMPLES_MAX], total[SAMPLES_MAX];

/* What the cells show at a time: the load is spread over the nearest. */
static void step_on(const struct walker *walker, double at_s, double out[CELLS])
{
    double in_s = fmod(at_s - walker->phase_s + 100 * STRIDE_S, STRIDE_S);
    double force = walker->load * stance_force(in_s);
    double forward = cop_forward(walker, in_s);
    double side = walker->lateral_mm + walker->bulge_mm * sin(3.14159265 * (forward - 30) / 190);
    if (walker->scuff_n > 0 && in_s > STANCE_S + 0.15 && in_s < STANCE_S + 0.15 + walker->scuff_s) {
        force = walker->scuff_n;
        forward = 240.0;
    }
    if (at_s < walker->stand_to_s) {
        force = WEIGHT_N / 2;
        forward = 110.0;
    }
    double weight[CELLS], sum = 0.0;
    for (int i = 0; i < CELLS; i++) {
        double dx = (places[i].forward_mm - forward) / 30.0;
        double dy = (places[i].lateral_mm - side) / 20.0;
        weight[i] = exp(-0.5 * (dx * dx + dy * dy));
        sum += weight[i];
    }
    for (int i = 0; i < CELLS; i++)
        out[i] = force * weight[i] / sum;
}

static int make(const struct walker *walker, double rate_hz, double seconds)
{
    uint64_t random = 42;
    int n = (int)(rate_hz * seconds);
    assert_true(n <= SAMPLES_MAX);
    for (int k = 0; k < n; k++) {
        double cells[CELLS], at_s = k / rate_hz;
        step_on(walker, at_s, cells);
        total[k] = 0;
        for (int i = 0; i < CELLS; i++) {
            double floor_n = walker->floor_n * (1 + i % 3) + walker->floor_drift * at_s;
            double force = cells[i] + floor_n + walker->noise_n * noise(&random);
            if (i == walker->stuck && at_s >= walker->stuck_s)
                force = walker->stuck_n;
            values[i][k] = (float)(walker->gain * force);
            total[k] += values[i][k];
        }
    }
    return n;
}

struct run {
    struct gait_foot gait;
    struct align align;
    struct sole sole;
    struct wire_descriptor descriptor;
    struct sole_weight weight;
    double period_us;
    struct sole_stance stances[STANCES_MAX];
    struct sole_load loads[LOADS_MAX];
    int stances_n, loads_n;
};

static void run_start(struct run *run, enum foot foot, double rate_hz)
{
    memset(run, 0, sizeof *run);
    gait_foot_init(&run->gait, foot);
    align_init(&run->align);
    sole_init(&run->sole, foot);
    sole_weight_init(&run->weight);
    run->period_us = 1e6 / rate_hz;
    run->descriptor.streams_n = 1;
    run->descriptor.streams[0] =
        (struct wire_stream){.period_us = (uint32_t)run->period_us, .channels_n = CELLS + 1};
    /* A channel that is no force lies between the cells. */
    run->descriptor.channels[5].quantity = STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION;
    for (int i = 0; i < CELLS; i++)
        run->descriptor.channels[i < 5 ? i : i + 1] =
            (struct wire_channel){.quantity = STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE,
                                  .has_place = true,
                                  .scale = 0.1F,
                                  .forward_mm = (int16_t)places[i].forward_mm,
                                  .lateral_mm = (int8_t)places[i].lateral_mm};
}

static struct wire_frame frame;
static struct sole_output output;
static double jump_us; /* of the device's clock, though no gap is told */

/* Samples `from` to `to` of what make() made, as one frame. */
static void push(struct run *run, int from, int to, bool gap_before)
{
    struct gait_params params = {0};
    struct gait_event events[GAIT_EVENTS_MAX];
    int n = to - from;
    struct slice slice = {.t0_us = 3e6 + jump_us + from * run->period_us,
                          .period_us = run->period_us,
                          .samples_n = (uint16_t)n,
                          .gap_before = gap_before};
    unsigned channels_n = run->descriptor.streams[0].channels_n;
    memset(&frame, 0, sizeof frame);
    frame.samples_n = (uint16_t)n;
    frame.channels_n = (uint8_t)channels_n;
    for (unsigned c = 0, i = 0; c < channels_n; c++) {
        uint8_t quantity = run->descriptor.channels[c].quantity;
        float *at = frame.values + c * (unsigned)n;
        if (quantity == STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE)
            memcpy(at, &values[i++][from], (size_t)n * sizeof *at);
        else if (quantity == STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE)
            memcpy(at, &total[from], (size_t)n * sizeof *at);
    }
    int events_n = gait_foot_push(&run->gait, &params, &slice, &run->align, &total[from], events);
    sole_push(&run->sole, &slice, &run->align, &run->descriptor, &frame, &total[from], events,
              events_n, &output);
    assert_true(run->stances_n + output.stances_n <= STANCES_MAX);
    assert_true(run->loads_n + output.loads_n <= LOADS_MAX);
    for (int i = 0; i < output.stances_n; i++)
        run->stances[run->stances_n++] = output.stances[i];
    for (int i = 0; i < output.loads_n; i++)
        run->loads[run->loads_n++] = output.loads[i];
}

static inline void feed(struct run *run, int n, int frame_n)
{
    for (int i = 0; i < n; i += frame_n)
        push(run, i, i + frame_n < n ? i + frame_n : n, false);
}

static inline void walk(struct run *run, const struct walker *walker, double rate_hz,
                        double seconds)
{
    run_start(run, FOOT_RIGHT, rate_hz);
    feed(run, make(walker, rate_hz, seconds), 25);
    assert_true(run->stances_n >= seconds / STRIDE_S - 6);
}

static inline const struct sole_stance *last(const struct run *run)
{
    return &run->stances[run->stances_n - 1];
}

/* Of the scripted stance, from its formulas, by brute force. */
struct truth {
    double forefoot_share, first_peak_n, loading_n_s, stride_mean_n;
};

static inline struct truth find_truth(const struct walker *walker)
{
    struct truth truth = {0};
    double all = 0, fore = 0, from_s = -1, to_s = -1;
    const int n = (int)(STANCE_S * 1e4);
    for (int i = 0; i < n / 2; i++)
        truth.first_peak_n = fmax(truth.first_peak_n, stance_force(i * 1e-4));
    for (int k = 0; k < n; k++) {
        double s = k * 1e-4, cells[CELLS], force = stance_force(s);
        step_on(walker, walker->phase_s + s, cells);
        for (int i = 0; i < CELLS; i++)
            fore += places[i].forward_mm >= 0.6 * 260 ? cells[i] : 0.0;
        all += force;
        from_s = from_s < 0 && force >= 0.2 * truth.first_peak_n ? s : from_s;
        to_s = to_s < 0 && force >= 0.8 * truth.first_peak_n ? s : to_s;
    }
    truth.forefoot_share = fore / all;
    truth.loading_n_s = 0.6 * truth.first_peak_n / (to_s - from_s);
    truth.stride_mean_n = all * 1e-4 / STRIDE_S;
    return truth;
}

#endif
