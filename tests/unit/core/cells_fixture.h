/* Two insoles with pressure cells, of sole_walker.h's walkers, that send frames to the whole core.
 */
#ifndef STRIDE_TESTS_CELLS_FIXTURE_H
#define STRIDE_TESTS_CELLS_FIXTURE_H

#include <stdlib.h>

#include "hub/core/pipeline.h"
#include "input_fixture.h"
#include "tests/unit/core/sole_walker.h"

#define S INT64_C(1000000000)
enum { RATE = 100, TOLD_MAX = 400, FRAME_MAX = 80, COUNTS_MAX = 16000 };
static const char *const names[] = {"left", "right", "other"};
static const float scale_n = 0.1F;

struct told {
    int n;
    struct stride strides[TOLD_MAX];
};

struct world {
    struct wearer_state state;
    struct pipeline_scratch scratch;
    struct effects effects;
    enum wire_refusal refusal;
    uint64_t inputs_n, seq[FEET], boot[FEET];
    int closed_n;
    struct told told[FEET];
};

static int32_t counts_of[FEET][CELLS][COUNTS_MAX];

/* Both feet of `walker`, half a stride apart; standing between `rest_from_s` and `rest_to_s`. */
static inline int prepare(const struct walker *walker, double seconds, double rest_from_s,
                          double rest_to_s)
{
    int n = 0;
    for (int foot = 0; foot < FEET; foot++) {
        struct walker one = *walker;
        one.phase_s = foot == FOOT_LEFT ? 0.0 : STRIDE_S / 2;
        n = make(&one, RATE, seconds);
        assert_true(n <= COUNTS_MAX);
        for (int i = 0; i < CELLS; i++)
            for (int k = 0; k < n; k++) {
                bool rests = k >= rest_from_s * RATE && k < rest_to_s * RATE;
                double value = rests ? WEIGHT_N / 2 / CELLS : (double)values[i][k];
                counts_of[foot][i][k] = (int32_t)lrint(value / (double)scale_n);
            }
    }
    return n;
}

static inline enum step_result put(struct world *world, int64_t at_ns, enum input_kind kind,
                                   uint8_t slot, const uint8_t *bytes, size_t size)
{
    struct input input = input_of(world->inputs_n + 1, at_ns, kind, slot, bytes, size);
    enum step_result result =
        pipeline_step(&world->state, &input, &world->scratch, &world->effects, &world->refusal);
    world->inputs_n += result == STEP_APPLIED;
    for (int i = 0; i < world->effects.n; i++) {
        const struct effect *effect = &world->effects.items[i];
        world->closed_n +=
            effect->kind == EFFECT_SESSION && effect->session.change == SESSION_CLOSED;
        if (effect->kind != EFFECT_STRIDE)
            continue;
        struct told *told = &world->told[effect->stride.foot];
        assert_true(told->n < TOLD_MAX);
        told->strides[told->n++] = effect->stride;
    }
    return result;
}

static inline void tick(struct world *world, int64_t at_ns)
{
    assert_int_equal(put(world, at_ns, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0), STEP_APPLIED);
}

static inline void configure(struct world *world, uint32_t version, const char *left,
                             const char *flag)
{
    struct wire_wearer_config *config = calloc(1, sizeof *config);
    assert_non_null(config);
    memcpy(config->wearer, "w1", 3);
    config->version = version;
    config->devices_n = FEET;
    for (unsigned slot = 0; slot < FEET; slot++) {
        const char *name = slot == 0 ? left : names[slot];
        memcpy(config->devices[slot].device, name, strlen(name) + 1);
        config->devices[slot].slot = (uint8_t)slot;
        config->devices[slot].side =
            slot == 0 ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT;
    }
    config->height_m = 1.72F;
    config->leg_m = config->mass_kg = NAN;
    config->birth_year = 1970;
    memcpy(config->stage, "P1", 3);
    config->coaching_consent = true;
    if (flag != NULL) {
        config->flags_n = 1;
        memcpy(config->flags[0], flag, strlen(flag) + 1);
    }
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    size_t size = wire_encode_wearer_config(config, bytes, sizeof bytes);
    free(config);
    assert_int_equal(put(world, world->state.configured ? world->state.now_ns : 0, INPUT_CONFIG,
                         INPUT_SLOT_NONE, bytes, size),
                     STEP_APPLIED);
}

/* `cells`: fewer than usual describe another insole. */
static inline void hello(struct world *world, int64_t at_ns, unsigned slot, const char *name,
                         uint64_t boot_id, int cells)
{
    struct wire_descriptor *descriptor = calloc(1, sizeof *descriptor);
    assert_non_null(descriptor);
    memcpy(descriptor->device, name, strlen(name) + 1);
    descriptor->kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    descriptor->side = slot == 0 ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT;
    memcpy(descriptor->model, "test", 5);
    memcpy(descriptor->firmware, "1", 2);
    descriptor->boot_id = boot_id;
    descriptor->streams_n = 1;
    descriptor->streams[0].period_us = 1000000 / RATE;
    descriptor->streams[0].channels_n = (uint8_t)cells;
    for (int i = 0; i < cells; i++)
        descriptor->channels[i] =
            (struct wire_channel){.quantity = STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE,
                                  .has_place = true,
                                  .scale = scale_n,
                                  .range = NAN,
                                  .forward_mm = (int16_t)places[i].forward_mm,
                                  .lateral_mm = (int8_t)places[i].lateral_mm};
    uint8_t bytes[HELLO_BYTES_MAX];
    size_t size = wire_encode_hello(descriptor, bytes, sizeof bytes);
    free(descriptor);
    assert_int_equal(put(world, at_ns, INPUT_HELLO, (uint8_t)slot, bytes, size), STEP_APPLIED);
}

static inline int64_t arrival_ns(int sample)
{
    return S + sample * (S / RATE);
}

static inline enum step_result send(struct world *world, unsigned slot, uint64_t boot_id,
                                    uint64_t seq, int from, int n, int cells)
{
    int32_t counts[CELLS * FRAME_MAX];
    for (int i = 0; i < cells; i++)
        memcpy(counts + i * n, &counts_of[slot][i][from], (size_t)n * sizeof counts[0]);
    struct wire_counts in = {.place = {boot_id, seq, 1},
                             .t0_us = 5000000U + (uint64_t)from * (1000000 / RATE),
                             .period_us = 1000000 / RATE,
                             .samples_n = (uint16_t)n,
                             .channels_n = (uint8_t)cells,
                             .counts = counts,
                             .wear = STRIDE__V1__WEAR__WEAR_WORN,
                             .battery_pct = 90};
    uint8_t bytes[FRAME_BYTES_MAX];
    size_t size = wire_encode_frame(&in, bytes, sizeof bytes);
    assert_true(size > 0);
    return put(world, arrival_ns(from + n - 1) + slot * 1000, INPUT_FRAME, (uint8_t)slot, bytes,
               size);
}

static inline struct world *begin(const char *flag)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    pipeline_init(&world->state, 1);
    configure(world, 1, names[0], flag);
    for (unsigned slot = 0; slot < FEET; slot++) {
        world->boot[slot] = 7;
        hello(world, 1, slot, names[slot], 7, CELLS);
    }
    return world;
}

static inline void send_next(struct world *world, unsigned slot, int from, int n)
{
    assert_int_equal(send(world, slot, world->boot[slot], ++world->seq[slot], from, n, CELLS),
                     STEP_APPLIED);
}

/* Samples `from` to `to` of both feet; the right one's until `right_to`. */
static inline void feed_both(struct world *world, int from, int to, int right_to, int frame_n)
{
    for (int i = from; i < to; i += frame_n) {
        int n = to - i < frame_n ? to - i : frame_n;
        send_next(world, FOOT_LEFT, i, n);
        if (i + n <= right_to)
            send_next(world, FOOT_RIGHT, i, n);
        /* Contexts are told in the order of session time: no second behind a stride. */
        assert_true(world->state.second_ns >= world->state.context.now_ns);
    }
}

static inline struct world *walked(const struct walker *walker, double seconds, int frame_n)
{
    int n = prepare(walker, seconds, 0, 0);
    struct world *world = begin(NULL);
    feed_both(world, 0, n, n, frame_n);
    return world;
}

static inline double sum_s(const struct wearer_state *state)
{
    double sum = 0.0;
    for (int i = 0; i < CONTEXT_COUNT; i++)
        sum += (double)state->contexts.s[i];
    return sum;
}

static inline void check_sum(const struct wearer_state *state)
{
    double wanted = (double)(state->session.end_ns - state->session.start_ns) * 1e-9;
    if (fabs(sum_s(state) - wanted) > 0.005)
        print_error("%.4f s of contexts in %.4f s\n", sum_s(state), wanted);
    assert_true(fabs(sum_s(state) - wanted) <= 0.005);
}

#endif
