/* A wearer of three devices for the tests of the whole core: inputs in, effects counted. */
#ifndef STRIDE_TESTS_PIPELINE_FIXTURE_H
#define STRIDE_TESTS_PIPELINE_FIXTURE_H

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

#define SECOND_NS INT64_C(1000000000)

enum { LEFT = 0, RIGHT = 1, WRIST = 2, SAMPLES = 25 };
static const char *const NAMES[] = {"left", "right", "wrist"};

struct world {
    struct wearer_state state;
    struct pipeline_scratch scratch;
    struct effects effects;
    enum wire_refusal refusal;
    uint64_t seq;
    int lonely_n; /* final strides of walking without their other foot */
    int events_n, strides_n, prompts_n, notices_n, opened_n, updated_n, closed_n;
    struct alert last_alert;
};

static inline enum step_result put_at(struct world *world, int64_t at_ns, enum input_kind kind,
                                      uint8_t slot, const uint8_t *bytes, size_t size)
{
    struct input input = input_of(world->seq + 1, at_ns, kind, slot, bytes, size);
    enum step_result result =
        pipeline_step(&world->state, &input, &world->scratch, &world->effects, &world->refusal);
    if (result == STEP_APPLIED)
        world->seq++;
    for (int i = 0; i < world->effects.n; i++) {
        const struct effect *effect = &world->effects.items[i];
        world->events_n += effect->kind == EFFECT_EVENT;
        world->strides_n += effect->kind == EFFECT_STRIDE;
        world->lonely_n +=
            effect->kind == EFFECT_STRIDE && effect->stride.walking && !effect->stride.other_known;
        world->prompts_n += effect->kind == EFFECT_PROMPT;
        world->notices_n += effect->kind == EFFECT_NOTICE;
        if (effect->kind == EFFECT_ALERT)
            world->last_alert = effect->alert;
        if (effect->kind == EFFECT_SESSION) {
            world->opened_n += effect->session.change == SESSION_OPENED;
            world->updated_n += effect->session.change == SESSION_UPDATED;
            world->closed_n += effect->session.change == SESSION_CLOSED;
        }
    }
    return result;
}

static inline void configure(struct world *world)
{
    struct wire_wearer_config *config = calloc(1, sizeof(*config));
    assert_non_null(config);
    memcpy(config->wearer, "w1", 3);
    config->version = 1;
    config->devices_n = 3;
    for (uint8_t slot = 0; slot < 3; slot++) {
        memcpy(config->devices[slot].device, NAMES[slot], strlen(NAMES[slot]) + 1);
        config->devices[slot].slot = slot;
        config->devices[slot].side =
            slot == RIGHT ? STRIDE__V1__SIDE__SIDE_RIGHT : STRIDE__V1__SIDE__SIDE_LEFT;
    }
    config->caregivers_n = 1;
    memcpy(config->caregivers[0].account, "c1", 3);
    config->caregivers[0].order = 1;
    config->caregivers[0].emergency = true;
    config->height_m = 1.72F;
    config->leg_m = NAN;
    config->mass_kg = 74;
    memcpy(config->stage, "P1", 3);
    config->coaching_consent = config->caregiver_consent = true;
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    size_t size = wire_encode_wearer_config(config, bytes, sizeof(bytes));
    free(config);
    assert_true(size > 0);
    assert_int_equal(put_at(world, 0, INPUT_CONFIG, INPUT_SLOT_NONE, bytes, size), STEP_APPLIED);
}

static inline enum step_result hello_at_period(struct world *world, int64_t at_ns, uint8_t slot,
                                               uint64_t boot_id, uint32_t period_us)
{
    struct wire_descriptor *descriptor = calloc(1, sizeof(*descriptor));
    assert_non_null(descriptor);
    memcpy(descriptor->device, NAMES[slot], strlen(NAMES[slot]) + 1);
    descriptor->kind = slot == WRIST ? STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST
                                     : STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    descriptor->side = slot == RIGHT ? STRIDE__V1__SIDE__SIDE_RIGHT : STRIDE__V1__SIDE__SIDE_LEFT;
    memcpy(descriptor->model, "test", 5);
    memcpy(descriptor->firmware, "1", 2);
    descriptor->boot_id = boot_id;
    descriptor->streams_n = 1;
    descriptor->streams[0].period_us = period_us;
    descriptor->streams[0].channels_n = 1;
    descriptor->channels[0].quantity = slot == WRIST ? STRIDE__V1__QUANTITY__QUANTITY_HEART_RATE
                                                     : STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE;
    descriptor->channels[0].scale = 1;
    descriptor->channels[0].range = NAN;
    uint8_t bytes[HELLO_BYTES_MAX];
    size_t size = wire_encode_hello(descriptor, bytes, sizeof(bytes));
    free(descriptor);
    assert_true(size > 0);
    return put_at(world, at_ns, INPUT_HELLO, slot, bytes, size);
}

static inline enum step_result hello(struct world *world, int64_t at_ns, uint8_t slot,
                                     uint64_t boot_id)
{
    return hello_at_period(world, at_ns, slot, boot_id, 10000);
}

/* A walker's vertical force: 60 % stance of a 1.1 s stride, two humps, the feet half a stride
 * apart. */
static inline int32_t walker_force(uint8_t slot, int64_t sample)
{
    double stride = 1.1, t = (double)sample * 0.01 + (slot == RIGHT ? stride / 2 : 0);
    double phase = fmod(t, stride) / stride;
    if (phase > 0.6)
        return 3;
    double s = phase / 0.6;
    return (int32_t)(700 * (sin(M_PI * s) + 0.25 * sin(3 * M_PI * s))) + 3;
}

struct frame_options {
    uint64_t boot_id, seq, oldest_kept_seq;
    bool still; /* standing, not walking */
};

static inline enum step_result frame(struct world *world, int64_t at_ns, uint8_t slot,
                                     struct frame_options options)
{
    int32_t counts[SAMPLES];
    for (int i = 0; i < SAMPLES; i++)
        counts[i] =
            options.still ? 350 : walker_force(slot, (int64_t)(options.seq - 1) * SAMPLES + i);
    struct wire_counts in = {.place = {options.boot_id, options.seq, options.oldest_kept_seq},
                             .t0_us = 5000000 + (options.seq - 1) * SAMPLES * 10000,
                             .period_us = 10000,
                             .samples_n = SAMPLES,
                             .channels_n = 1,
                             .counts = counts,
                             .wear = STRIDE__V1__WEAR__WEAR_WORN,
                             .battery_pct = 90};
    uint8_t bytes[FRAME_BYTES_MAX];
    size_t size = wire_encode_frame(&in, bytes, sizeof(bytes));
    assert_true(size > 0);
    return put_at(world, at_ns, INPUT_FRAME, slot, bytes, size);
}

static inline enum step_result tell(struct world *world, int64_t at_ns, struct wire_report report)
{
    report.t_us = -1;
    report.mood = -1;
    uint8_t bytes[CONTROL_BYTES_MAX];
    size_t size = wire_encode_report(&report, bytes, sizeof(bytes));
    assert_true(size > 0);
    return put_at(world, at_ns, INPUT_REPORT, WRIST, bytes, size);
}

static inline enum step_result help(struct world *world, int64_t at_ns, uint64_t boot_id,
                                    uint64_t seq, uint64_t oldest, Stride__V1__Button button)
{
    return tell(
        world, at_ns,
        (struct wire_report){
            .place = {boot_id, seq, oldest}, .button = button, .press_ms = 2500, .pain_nrs = -1});
}

static inline void world_open(struct world *world)
{
    memset(world, 0, sizeof(*world));
    pipeline_init(&world->state, 1);
    configure(world);
    for (uint8_t slot = 0; slot < 3; slot++)
        assert_int_equal(hello(world, 1, slot, 7), STEP_APPLIED);
}

static inline void move(struct world *world, uint64_t first, uint64_t last, bool still)
{
    for (uint64_t seq = first; seq <= last; seq++) {
        int64_t at_ns = SECOND_NS + (int64_t)seq * SECOND_NS / 4;
        struct frame_options options = {7, seq, 1, still};
        assert_int_equal(frame(world, at_ns, LEFT, options), STEP_APPLIED);
        assert_int_equal(frame(world, at_ns + 1000000, RIGHT, options), STEP_APPLIED);
    }
}

static inline void walk(struct world *world, uint64_t first, uint64_t last)
{
    move(world, first, last, false);
}

static inline struct world *setup(void)
{
    struct world *world = malloc(sizeof(*world));
    assert_non_null(world);
    world_open(world);
    return world;
}

#endif
