/* Wrists and treadmills through the whole core: walks that no foot tells of. */
#include <stdlib.h>

#include "hub/core/pipeline.h"
#include "input_fixture.h"
#include "tests/unit/core/wrist_arm.h"

#define S INT64_C(1000000000)
enum { ARM_A = 0, ARM_B = 1, BELT = 2, FOOT = 3, DEVICES = 4, TOLD_MAX = 1000, RATE_HZ = 50 };
static const char *const names[DEVICES] = {"arm-a", "arm-b", "belt", "foot"};

struct world {
    struct wearer_state state;
    struct pipeline_scratch scratch;
    struct effects effects;
    uint64_t inputs_n, seq[DEVICES];
    int opened_n, closed_n, told_n;
    struct wrist_event told[TOLD_MAX];
    struct effect_live live;
};

static struct arm_data data;

static void put(struct world *world, int64_t at_ns, enum input_kind kind, uint8_t slot,
                const uint8_t *bytes, size_t size)
{
    struct input input = input_of(++world->inputs_n, at_ns, kind, slot, bytes, size);
    enum wire_refusal refusal;
    assert_int_equal(
        pipeline_step(&world->state, &input, &world->scratch, &world->effects, &refusal),
        STEP_APPLIED);
    for (int i = 0; i < world->effects.n; i++) {
        const struct effect *effect = &world->effects.items[i];
        if (effect->kind == EFFECT_SESSION) {
            world->opened_n += effect->session.change == SESSION_OPENED;
            world->closed_n += effect->session.change == SESSION_CLOSED;
        }
        if (effect->kind == EFFECT_WRIST) {
            assert_true(world->told_n < TOLD_MAX);
            world->told[world->told_n++] = effect->wrist;
        }
        if (effect->kind == EFFECT_LIVE)
            world->live = effect->live;
    }
}

static void configure(struct world *world, const char *first, uint32_t version)
{
    struct wire_wearer_config *config = calloc(1, sizeof *config);
    assert_non_null(config);
    memcpy(config->wearer, "w1", 3);
    config->version = version;
    config->devices_n = DEVICES;
    for (int slot = 0; slot < DEVICES; slot++) {
        const char *name = slot == 0 ? first : names[slot];
        memcpy(config->devices[slot].device, name, strlen(name) + 1);
        config->devices[slot].slot = (uint8_t)slot;
        config->devices[slot].side =
            slot == ARM_B ? STRIDE__V1__SIDE__SIDE_RIGHT : STRIDE__V1__SIDE__SIDE_LEFT;
    }
    config->height_m = config->leg_m = config->mass_kg = NAN;
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    size_t size = wire_encode_wearer_config(config, bytes, sizeof bytes);
    free(config);
    put(world, version, INPUT_CONFIG, INPUT_SLOT_NONE, bytes, size);
}

static void add_channel(struct wire_descriptor *descriptor, Stride__V1__Quantity quantity,
                        unsigned axis, float scale)
{
    struct wire_channel *channel = &descriptor->channels[descriptor->streams[0].channels_n++];
    channel->quantity = (unsigned)quantity & 31;
    channel->axis = axis & 3;
    channel->scale = scale;
    channel->range = NAN;
}

static void hello(struct world *world, uint8_t slot)
{
    struct wire_descriptor *descriptor = calloc(1, sizeof *descriptor);
    assert_non_null(descriptor);
    memcpy(descriptor->device, names[slot], strlen(names[slot]) + 1);
    descriptor->kind = slot == BELT   ? STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL
                       : slot == FOOT ? STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE
                                      : STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST;
    memcpy(descriptor->model, "test", 5);
    memcpy(descriptor->firmware, "1", 2);
    descriptor->boot_id = 7;
    descriptor->streams_n = 1;
    descriptor->streams[0].period_us = slot == BELT ? 250000 : 20000;
    if (slot == BELT) {
        add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_BELT_SPEED, 0, 0.01F);
        add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_HANDRAIL, 0, 1);
    } else if (slot == FOOT) {
        add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE, 0, 1);
    } else {
        for (unsigned axis = 1; axis <= 3; axis++)
            add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION, axis, 0.002F);
        for (unsigned axis = 1; axis <= 3; axis++)
            add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE, axis, 0.0005F);
        add_channel(descriptor, STRIDE__V1__QUANTITY__QUANTITY_HEART_RATE, 0, 1);
    }
    uint8_t bytes[HELLO_BYTES_MAX];
    size_t size = wire_encode_hello(descriptor, bytes, sizeof bytes);
    free(descriptor);
    assert_true(size > 0);
    put(world, 3, INPUT_HELLO, slot, bytes, size);
}

static void frame(struct world *world, uint8_t slot, double at_s, int samples_n, int channels_n,
                  const int32_t *counts)
{
    unsigned period_us = slot == BELT ? 250000 : 20000;
    struct wire_counts in = {.place = {7, ++world->seq[slot], 1},
                             .t0_us = 1000000U + (uint64_t)llround(at_s * 1e6),
                             .period_us = period_us,
                             .samples_n = (uint16_t)samples_n,
                             .channels_n = (uint8_t)channels_n,
                             .counts = counts,
                             .wear = STRIDE__V1__WEAR__WEAR_WORN,
                             .battery_pct = 90};
    uint8_t bytes[FRAME_BYTES_MAX];
    size_t size = wire_encode_frame(&in, bytes, sizeof bytes);
    assert_true(size > 0);
    double end_s = at_s + 1e-6 * (double)period_us * (samples_n - 1);
    put(world, S + llround(end_s * 1e9) + slot * 1000, INPUT_FRAME, slot, bytes, size);
}

static void arm_frame(struct world *world, uint8_t slot, int from, int n, int32_t heart)
{
    int32_t counts[7 * 256] = {0};
    for (int k = 0; k < 7; k++)
        for (int i = 0; i < n; i++)
            counts[k * n + i] =
                k == 6 ? heart
                       : (int32_t)lrintf(data.values[k][from + i] / (k < 3 ? 0.002F : 0.0005F));
    frame(world, slot, (double)from / RATE_HZ, n, 7, counts);
}

static void belt_frame(struct world *world, double at_s, double mps, bool held)
{
    int32_t counts[2] = {(int32_t)lrint(mps * 100), held};
    frame(world, BELT, at_s, 1, 2, counts);
}

static void tick(struct world *world, double at_s)
{
    put(world, S + llround(at_s * 1e9), INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
}

static struct world *begin(void)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    pipeline_init(&world->state, 1);
    configure(world, names[0], 1);
    for (int slot = 0; slot < DEVICES; slot++)
        hello(world, (uint8_t)slot);
    return world;
}

static int count(const struct world *world, enum wrist_event_kind kind)
{
    int n = 0;
    for (int i = 0; i < world->told_n; i++)
        n += world->told[i].kind == kind;
    return n;
}

static void walk_arms(struct world *world, int frame_n, bool second)
{
    arm_make(&arm_walker, RATE_HZ, 72, &data);
    for (int i = 0; i < data.n; i += frame_n) {
        int n = data.n - i < frame_n ? data.n - i : frame_n;
        arm_frame(world, ARM_A, i, n, 95);
        if (second)
            arm_frame(world, ARM_B, i, n, 0);
    }
}

static void a_wrist_alone_has_no_walk(void **unused)
{
    (void)unused;
    struct world *world = begin();
    walk_arms(world, 25, false);
    assert_int_equal(world->opened_n, 1);
    assert_true(world->state.session.open);
    assert_in_range(world->state.session.start_ns / 1000000, 6000 - 700, 6000 + 1500);
    assert_true(isnan(world->live.distance_m) && isnan(world->live.speed_mps));
    assert_int_equal(count(world, WRIST_BOUT_ON), 1);
    assert_int_equal(count(world, WRIST_BOUT_OFF), 1);
    assert_in_range(count(world, WRIST_STEP), 100, 110);
    int64_t last_ns = world->state.unfooted.last_ns;
    assert_in_range(last_ns / 1000000, 64000, 66500);
    for (int i = 0; i < world->told_n; i++) {
        if (world->told[i].kind == WRIST_STEP && i > 20)
            assert_true(fabsf(world->told[i].cadence_spm - 108) < 2);
    }
    /* It ends where the last step was, once nothing came for long enough. */
    tick(world, 72 + 899);
    tick(world, 72 + 1200);
    assert_int_equal(world->closed_n, 1);
    assert_true(world->state.session.end_ns == last_ns);
    free(world);
}

static void live_cadence_of_a_wrist_is_not_shown(void **unused)
{
    (void)unused;
    struct world *world = begin();
    arm_make(&arm_walker, RATE_HZ, 72, &data);
    for (int i = 0; i < 40 * RATE_HZ; i += 25)
        arm_frame(world, ARM_A, i, 25, 95);
    assert_true(fabsf(world->live.cadence_spm - 108) < 2);
    assert_true(world->live.walking && world->live.session_open);
    free(world);
}

static void a_wrist_opens_a_walk_beside_feet_that_stand(void **unused)
{
    (void)unused;
    struct world *world = begin();
    arm_make(&arm_walker, RATE_HZ, 72, &data);
    for (int i = 0; i < data.n; i += 25) {
        int32_t force[25];
        for (int k = 0; k < 25; k++)
            force[k] = 350;
        arm_frame(world, ARM_A, i, 25, 95);
        frame(world, FOOT, (double)i / RATE_HZ, 25, 1, force);
    }
    assert_int_equal(world->opened_n, 0);
    assert_true(count(world, WRIST_STEP) > 90);
    assert_true(world->state.unfooted.last_ns == INT64_MIN);
    free(world);
}

static void two_wrists_both_count_steps(void **unused)
{
    (void)unused;
    struct world *world = begin();
    walk_arms(world, 25, true);
    assert_int_equal(count(world, WRIST_BOUT_ON), 2);
    assert_int_equal(world->opened_n, 1);
    assert_int_equal(world->state.unfooted.arm, 0);
    assert_int_equal(world->state.signals.arms[0].slot, ARM_A);
    assert_int_equal(world->state.signals.arms[1].slot, ARM_B);
    assert_true(world->state.signals.heart_bpm == 95);
    free(world);
}

static void cutting_into_frames_shows_in_wrist_events(void **unused)
{
    (void)unused;
    struct world *whole = begin();
    walk_arms(whole, 200, false);
    static const int lengths[] = {1, 7, 33};
    for (int k = 0; k < 3; k++) {
        struct world *cut = begin();
        walk_arms(cut, lengths[k], false);
        assert_int_equal(cut->told_n, whole->told_n);
        for (int i = 0; i < cut->told_n; i++) {
            struct wrist_event a = cut->told[i], b = whole->told[i];
            a.at_session_ns = b.at_session_ns = 0;
            a.late = b.late = false;
            assert_memory_equal(&a, &b, sizeof a);
        }
        free(cut);
    }
    free(whole);
}

static void a_stopped_walk_is_opened_again_by_the_same_bout(void **unused)
{
    (void)unused;
    struct world *world = begin();
    arm_make(&arm_walker, RATE_HZ, 72, &data);
    for (int i = 0; i < data.n; i += 25) {
        arm_frame(world, ARM_A, i, 25, 95);
        if (i == 30 * RATE_HZ) {
            struct wire_report *report = calloc(1, sizeof *report);
            assert_non_null(report);
            report->place = (struct wire_place){7, 1, 1};
            report->t_us = -1;
            report->button = STRIDE__V1__BUTTON__BUTTON_STOP;
            report->pain_nrs = report->mood = -1;
            uint8_t bytes[CONTROL_BYTES_MAX];
            size_t size = wire_encode_report(report, bytes, sizeof bytes);
            free(report);
            put(world, S + 31 * S, INPUT_REPORT, ARM_A, bytes, size);
        }
    }
    assert_int_equal(world->opened_n, 1);
    assert_int_equal(world->closed_n, 1);
    free(world);
}

static void a_belt_alone_has_no_walk(void **unused)
{
    (void)unused;
    struct world *world = begin();
    for (int i = 0; i < 4 * 60; i++) {
        double at_s = i * 0.25;
        belt_frame(world, at_s, at_s < 5 || at_s >= 50 ? 0 : 1.2, true);
        assert_int_equal(world->opened_n, at_s < 15 ? 0 : 1);
    }
    assert_in_range(world->state.session.start_ns / 1000000, 5900, 6100);
    assert_in_range(world->state.unfooted.last_ns / 1000000, 50000, 51100);
    assert_int_equal(world->state.signals.rail, SIGNAL_YES);
    tick(world, 60 + 1200);
    assert_int_equal(world->closed_n, 1);
    free(world);
}

static void a_belt_that_is_tried_for_a_moment_is_a_walk(void **unused)
{
    (void)unused;
    struct world *world = begin();
    for (int i = 0; i < 4 * 60; i++)
        belt_frame(world, i * 0.25, i % 40 < 36 ? 1.0 : 0, false);
    assert_int_equal(world->opened_n, 0);
    free(world);
}

static void another_device_in_the_slot_inherits(void **unused)
{
    (void)unused;
    struct world *world = begin();
    arm_make(&arm_walker, RATE_HZ, 72, &data);
    for (int i = 0; i < 20 * RATE_HZ; i += 25)
        arm_frame(world, ARM_A, i, 25, 95);
    assert_true(world->state.wrists[0].steps.open);
    configure(world, "arm-c", 22);
    assert_int_equal(world->state.signals.arms[0].slot, SIGNALS_NO_SLOT);
    assert_true(isnan(world->state.signals.heart_bpm));
    assert_false(world->state.wrists[0].steps.open);
    assert_true(world->state.unfooted.bout_ns[0] == INT64_MIN);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrist_alone_has_no_walk),
        cmocka_unit_test(live_cadence_of_a_wrist_is_not_shown),
        cmocka_unit_test(a_wrist_opens_a_walk_beside_feet_that_stand),
        cmocka_unit_test(two_wrists_both_count_steps),
        cmocka_unit_test(cutting_into_frames_shows_in_wrist_events),
        cmocka_unit_test(a_stopped_walk_is_opened_again_by_the_same_bout),
        cmocka_unit_test(a_belt_alone_has_no_walk),
        cmocka_unit_test(a_belt_that_is_tried_for_a_moment_is_a_walk),
        cmocka_unit_test(another_device_in_the_slot_inherits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
