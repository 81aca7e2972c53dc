/* A person on two feet of foot_walker.h, whose insoles measure force and movement and send frames
 * to the whole core, over links and with clocks as good or bad as a test wants. */
#ifndef STRIDE_TESTS_WALK_FIXTURE_H
#define STRIDE_TESTS_WALK_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/pipeline.h"
#include "input_fixture.h"
#include "tests/unit/core/foot_walker.h"

enum {
    WALK_FORCE = 0, /* channels: force, acceleration, angular rate */
    WALK_CHANNELS = 7,
    WALK_SAMPLES_MAX = 20000,
    WALK_FRAMES_MAX = 45000,
    WALK_EVENTS_MAX = 800,
    WALK_STRIDES_MAX = 400,
    WALK_COUNTS_MAX = 4096
};
#define WALK_SECOND_NS INT64_C(1000000000)
static const char *const walk_names[FEET] = {"left", "right"};
/* Of a count: N, m/s2, rad/s. */
static const float walk_scales[3] = {0.1F, 0.002F, 0.0005F};

enum walk_sensors { WALK_BOTH = 0, WALK_FORCE_ONLY, WALK_IMU_ONLY, WALK_TWO_STREAMS };

/* One foot's device. */
struct walk_foot {
    struct walker walker;
    double gain;      /* of the force */
    double begin_s;   /* true time of the first sample */
    double end_s;     /* and of the last; 0 = as long as all */
    double ppm;       /* its clock runs fast */
    int64_t clock_us; /* what its clock shows then */
    double delay_ms;  /* of a frame at least, and at most */
    double delay_most_ms;
};

struct walk_plan {
    struct walk_foot feet[FEET];
    enum walk_sensors sensors;
    double seconds;
    int frame_n;            /* samples of a frame; 0 = of random length up to 64 */
    int imu_every;          /* WALK_TWO_STREAMS: a frame of the second for so many of the first */
    int lose_every;         /* each so many frames one is lost for good; 0 = none */
    int lose_samples_every; /* each so many frames the device loses 2 samples before it; 0 = none */
    bool echo;              /* every frame comes twice, and one of eight too early as well */
    int late_from, late_to; /* frames that come 20 s later, marked late */
    bool one_side;          /* both insoles are registered as the left one */
    double imu_dies_s;      /* WALK_TWO_STREAMS: its stream ends; 0 = never */
};

struct walk_frame {
    int64_t arrival_ns;
    uint8_t foot, stream;
    uint64_t seq;
    int from, n;
    int order;
    bool late, lost;
};

struct walk {
    struct walk_plan plan;
    struct wearer_state state;
    struct pipeline_scratch scratch;
    struct effects effects;
    uint64_t inputs_n, random;
    int counts_n[FEET];
    int32_t counts[FEET][WALK_CHANNELS][WALK_SAMPLES_MAX];
    int frames_n;
    struct walk_frame frames[WALK_FRAMES_MAX];
    int events_n, strides_n, live_n;
    int64_t told_at_ns[WALK_STRIDES_MAX];
    struct gait_event events[WALK_EVENTS_MAX];
    struct stride strides[WALK_STRIDES_MAX];
};

static inline double walk_random(struct walk *walk)
{
    walk->random = walk->random * 6364136223846793005U + 1442695040888963407U;
    return (double)(walk->random >> 11) / 9007199254740992.0;
}

/* Body weight on both feet while standing; two humps from contact to foot-off while walking. */
static inline double walk_force(const struct walker *walker, double t_s)
{
    double walked_s = t_s - walker->stand_s, stance_s = STRIDE_S - CONTACT_S + TURN_S;
    if (walked_s < 0.0 || walked_s > walker->walk_s)
        return 350.0;
    double since_s = fmod(walked_s - CONTACT_S + 2.0 * STRIDE_S, STRIDE_S);
    double part = since_s / stance_s;
    return part < 1.0 ? 700.0 * (sin(PI * part) + 0.25 * sin(3.0 * PI * part)) : 0.0;
}

static inline double walk_true_s(const struct walk_foot *foot, double device_us)
{
    return foot->begin_s + (device_us - (double)foot->clock_us) * 1e-6 / (1.0 + foot->ppm * 1e-6);
}

static inline void walk_measure(struct walk *walk, int side)
{
    const struct walk_foot *foot = &walk->plan.feet[side];
    double period_us = 1e6 / foot->walker.rate_hz;
    double end_s = foot->end_s > 0.0 ? foot->end_s : walk->plan.seconds;
    int n = (int)((end_s - foot->begin_s) * foot->walker.rate_hz);
    assert_true(n <= WALK_SAMPLES_MAX);
    for (int i = 0; i < n; i++) {
        double t_s = walk_true_s(foot, (double)foot->clock_us + i * period_us);
        double accel[3], gyro[3];
        measure(&foot->walker, t_s, accel, gyro);
        walk->counts[side][WALK_FORCE][i] =
            (int32_t)lrint(foot->gain * walk_force(&foot->walker, t_s) / (double)walk_scales[0]);
        for (int k = 0; k < 3; k++) {
            walk->counts[side][1 + k][i] = (int32_t)lrint(accel[k] / (double)walk_scales[1]);
            walk->counts[side][4 + k][i] = (int32_t)lrint(gyro[k] / (double)walk_scales[2]);
        }
    }
    walk->counts_n[side] = n;
}

/* ---- frames ---- */

static inline int walk_frame_length(struct walk *walk)
{
    return walk->plan.frame_n > 0 ? walk->plan.frame_n : 1 + (int)(walk_random(walk) * 64.0);
}

static inline void walk_add_frame(struct walk *walk, const struct walk_frame *frame)
{
    assert_true(walk->frames_n < WALK_FRAMES_MAX);
    walk->frames[walk->frames_n] = *frame;
    walk->frames[walk->frames_n].order = walk->frames_n;
    walk->frames_n++;
}

static inline int64_t walk_arrival_ns(struct walk *walk, int side, int last)
{
    const struct walk_foot *foot = &walk->plan.feet[side];
    double end_us = (double)foot->clock_us + last * 1e6 / foot->walker.rate_hz;
    double delay_s =
        (foot->delay_ms + walk_random(walk) * (foot->delay_most_ms - foot->delay_ms)) * 1e-3;
    return WALK_SECOND_NS + (int64_t)((walk_true_s(foot, end_us) + delay_s) * 1e9);
}

static inline void walk_cut(struct walk *walk, int side)
{
    const struct walk_plan *plan = &walk->plan;
    int imu_from = 0;
    int64_t last_ns = 0;
    uint64_t seq = 0;
    for (int from = 0, number = 1; from < walk->counts_n[side]; number++) {
        int n = walk_frame_length(walk), left_n = walk->counts_n[side] - from;
        struct walk_frame frame = {.foot = (uint8_t)side, .seq = ++seq, .from = from};
        frame.n = n < left_n ? n : left_n;
        frame.arrival_ns = walk_arrival_ns(walk, side, from + frame.n - 1);
        frame.lost = plan->lose_every > 0 && number % plan->lose_every == 0;
        frame.late = number >= plan->late_from && number < plan->late_to;
        frame.arrival_ns += frame.late ? 20 * WALK_SECOND_NS : 0;
        /* A device's frames keep their order on a link. */
        frame.arrival_ns = frame.arrival_ns > last_ns ? frame.arrival_ns : last_ns + 1;
        last_ns = frame.arrival_ns;
        walk_add_frame(walk, &frame);
        from += frame.n;
        if (plan->lose_samples_every > 0 && number % plan->lose_samples_every == 0)
            from += 2;
        double now_s = from / plan->feet[side].walker.rate_hz;
        bool dead = plan->imu_dies_s > 0.0 && now_s > plan->imu_dies_s;
        if (plan->sensors == WALK_TWO_STREAMS && number % plan->imu_every == 0 && !dead) {
            frame.stream = 1;
            frame.seq = ++seq;
            frame.from = imu_from;
            frame.n = from - imu_from;
            frame.arrival_ns = ++last_ns;
            imu_from = from;
            walk_add_frame(walk, &frame);
        }
    }
}

static inline int walk_by_arrival(const void *a, const void *b)
{
    const struct walk_frame *x = a, *y = b;
    if (x->arrival_ns != y->arrival_ns)
        return x->arrival_ns < y->arrival_ns ? -1 : 1;
    return x->order - y->order;
}

/* ---- the core ---- */

static inline void walk_collect(struct walk *walk, int64_t now_ns)
{
    for (int i = 0; i < walk->effects.n; i++) {
        const struct effect *effect = &walk->effects.items[i];
        if (effect->kind == EFFECT_EVENT) {
            assert_true(walk->events_n < WALK_EVENTS_MAX);
            walk->events[walk->events_n++] = effect->event;
        }
        if (effect->kind == EFFECT_STRIDE) {
            assert_true(walk->strides_n < WALK_STRIDES_MAX);
            walk->told_at_ns[walk->strides_n] = now_ns;
            walk->strides[walk->strides_n++] = effect->stride;
        }
    }
}

static inline enum step_result walk_put(struct walk *walk, int64_t at_ns, enum input_kind kind,
                                        uint8_t slot, const uint8_t *bytes, size_t size)
{
    assert_true(size > 0);
    struct input input = input_of(walk->inputs_n + 1, at_ns, kind, slot, bytes, size);
    enum wire_refusal refusal;
    enum step_result result =
        pipeline_step(&walk->state, &input, &walk->scratch, &walk->effects, &refusal);
    assert_int_equal(refusal, WIRE_OK);
    if (result == STEP_APPLIED)
        walk->inputs_n++;
    walk_collect(walk, at_ns);
    return result;
}

static inline void walk_configure(struct walk *walk)
{
    struct wire_wearer_config *config = calloc(1, sizeof *config);
    assert_non_null(config);
    memcpy(config->wearer, "w1", 3);
    config->version = 1;
    config->devices_n = FEET;
    for (uint8_t side = 0; side < FEET; side++) {
        memcpy(config->devices[side].device, walk_names[side], strlen(walk_names[side]) + 1);
        config->devices[side].slot = side;
        config->devices[side].side = side == FOOT_LEFT || walk->plan.one_side
                                         ? STRIDE__V1__SIDE__SIDE_LEFT
                                         : STRIDE__V1__SIDE__SIDE_RIGHT;
    }
    config->height_m = config->leg_m = config->mass_kg = NAN;
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    size_t size = wire_encode_wearer_config(config, bytes, sizeof bytes);
    free(config);
    assert_int_equal(walk_put(walk, 0, INPUT_CONFIG, INPUT_SLOT_NONE, bytes, size), STEP_APPLIED);
}

/* Channels of a stream: force, movement, or both. */
static inline void walk_channels(enum walk_sensors sensors, int stream, int *first, int *n)
{
    bool imu = sensors == WALK_IMU_ONLY || (sensors == WALK_TWO_STREAMS && stream == 1);
    bool both = sensors == WALK_BOTH;
    *first = imu ? 1 : 0;
    *n = both ? WALK_CHANNELS : imu ? WALK_CHANNELS - 1 : 1;
}

static inline void walk_hello(struct walk *walk, int64_t at_ns, uint8_t side, uint64_t boot_id)
{
    struct wire_descriptor *descriptor = calloc(1, sizeof *descriptor);
    assert_non_null(descriptor);
    memcpy(descriptor->device, walk_names[side], strlen(walk_names[side]) + 1);
    descriptor->kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    descriptor->side =
        side == FOOT_LEFT ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT;
    memcpy(descriptor->model, "test", 5);
    memcpy(descriptor->firmware, "1", 2);
    descriptor->boot_id = boot_id;
    descriptor->streams_n = walk->plan.sensors == WALK_TWO_STREAMS ? 2 : 1;
    int at = 0;
    for (int stream = 0; stream < descriptor->streams_n; stream++) {
        int first, n;
        walk_channels(walk->plan.sensors, stream, &first, &n);
        descriptor->streams[stream].period_us =
            (uint32_t)(1e6 / walk->plan.feet[side].walker.rate_hz);
        descriptor->streams[stream].channels_n = (uint8_t)n;
        descriptor->streams[stream].first_channel = (uint8_t)at;
        for (int i = first; i < first + n; i++, at++) {
            struct wire_channel *channel = &descriptor->channels[at];
            channel->quantity = i == 0  ? STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE
                                : i < 4 ? STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION
                                        : STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE;
            channel->scale = walk_scales[i == 0 ? 0 : i < 4 ? 1 : 2];
            unsigned axis = i == 0 ? 0 : (unsigned)(i - 1) % 3 + STRIDE__V1__AXIS__AXIS_FORWARD;
            channel->axis = axis & 3;
            channel->range = NAN;
        }
    }
    uint8_t bytes[HELLO_BYTES_MAX];
    size_t size = wire_encode_hello(descriptor, bytes, sizeof bytes);
    free(descriptor);
    assert_int_equal(walk_put(walk, at_ns, INPUT_HELLO, side, bytes, size), STEP_APPLIED);
}

static inline enum step_result walk_send(struct walk *walk, const struct walk_frame *frame,
                                         int64_t at_ns)
{
    int32_t counts[WALK_COUNTS_MAX];
    int first, channels_n;
    const struct walk_foot *foot = &walk->plan.feet[frame->foot];
    uint32_t period_us = (uint32_t)(1e6 / foot->walker.rate_hz);
    walk_channels(walk->plan.sensors, frame->stream, &first, &channels_n);
    assert_true(channels_n * frame->n <= WALK_COUNTS_MAX);
    for (int i = 0; i < channels_n; i++)
        memcpy(counts + i * frame->n, &walk->counts[frame->foot][first + i][frame->from],
               (size_t)frame->n * sizeof counts[0]);
    struct wire_counts in = {.place = {7, frame->seq, walk->plan.lose_every > 0 ? 0 : 1},
                             .stream = frame->stream,
                             .t0_us = (uint64_t)(foot->clock_us + (int64_t)frame->from * period_us),
                             .period_us = period_us,
                             .samples_n = (uint16_t)frame->n,
                             .channels_n = (uint8_t)channels_n,
                             .counts = counts,
                             .late = frame->late,
                             .wear = STRIDE__V1__WEAR__WEAR_WORN,
                             .battery_pct = 90};
    uint8_t bytes[FRAME_BYTES_MAX];
    size_t size = wire_encode_frame(&in, bytes, sizeof bytes);
    return walk_put(walk, at_ns, INPUT_FRAME, frame->foot, bytes, size);
}

static inline void walk_play(struct walk *walk)
{
    uint64_t seen[FEET] = {0, 0};
    qsort(walk->frames, (size_t)walk->frames_n, sizeof walk->frames[0], walk_by_arrival);
    for (int i = 0; i < walk->frames_n; i++) {
        const struct walk_frame *frame = &walk->frames[i];
        int64_t at_ns = frame->arrival_ns;
        if (frame->lost)
            continue;
        if (walk->plan.echo && i % 8 == 0) { /* what comes before its turn is asked for again */
            struct walk_frame early = *frame;
            early.seq += 3;
            assert_int_equal(walk_send(walk, &early, at_ns), STEP_AHEAD);
        }
        assert_int_equal(walk_send(walk, frame, at_ns), STEP_APPLIED);
        assert_true(frame->seq > seen[frame->foot]);
        seen[frame->foot] = frame->seq;
        if (walk->plan.echo)
            assert_int_equal(walk_send(walk, frame, at_ns), STEP_DUPLICATE);
    }
    uint8_t none = 0;
    struct input tick = {.seq = walk->inputs_n + 1,
                         .at_mono_ns = (int64_t)((walk->plan.seconds + 1200.0) * 1e9),
                         .wearer = 1,
                         .slot = INPUT_SLOT_NONE,
                         .kind = INPUT_TICK,
                         .bytes = &none};
    enum wire_refusal refusal;
    assert_int_equal(pipeline_step(&walk->state, &tick, &walk->scratch, &walk->effects, &refusal),
                     STEP_APPLIED);
    walk_collect(walk, tick.at_mono_ns);
}

static const struct walk_plan walk_plain = {.feet = {{.walker = {.stand_s = 2.0,
                                                                 .walk_s = 33.0,
                                                                 .length_m = 1.3,
                                                                 .angle_deg = 20.0,
                                                                 .push_deg = 55.0,
                                                                 .lift_m = 0.06,
                                                                 .rate_hz = 100.0},
                                                      .gain = 1.0,
                                                      .clock_us = 5000000,
                                                      .delay_ms = 5,
                                                      .delay_most_ms = 5},
                                                     {.walker = {.stand_s = 2.0 + STRIDE_S / 2,
                                                                 .walk_s = 33.0,
                                                                 .length_m = 1.3,
                                                                 .angle_deg = 20.0,
                                                                 .push_deg = 55.0,
                                                                 .lift_m = 0.06,
                                                                 .rate_hz = 100.0},
                                                      .gain = 1.0,
                                                      .clock_us = 5000000,
                                                      .delay_ms = 5,
                                                      .delay_most_ms = 5}},
                                            .seconds = 38.0,
                                            .frame_n = 25,
                                            .imu_every = 1};

/* Runs the plan; free() the result. */
static inline struct walk *walk_run(const struct walk_plan *plan)
{
    struct walk *walk = calloc(1, sizeof *walk);
    assert_non_null(walk);
    walk->plan = *plan;
    walk->random = 99;
    pipeline_init(&walk->state, 1);
    walk_configure(walk);
    for (uint8_t side = 0; side < FEET; side++) {
        walk_measure(walk, side);
        walk_hello(walk, 1, side, 7);
        walk_cut(walk, side);
    }
    walk_play(walk);
    return walk;
}

#endif
