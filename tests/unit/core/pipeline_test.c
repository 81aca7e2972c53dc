/* The whole core through its one door: lanes, lives of devices, time before input, checkpoints. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/ident.h"
#include "hub/core/pipeline.h"

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

static enum step_result put_at(struct world *world, int64_t at_ns, enum input_kind kind,
                               uint8_t slot, const uint8_t *bytes, size_t size)
{
    struct input input = {.seq = world->seq + 1,
                          .at_mono_ns = at_ns,
                          .at_wall_ms = 1700000000000 + at_ns / 1000000,
                          .wearer = 1,
                          .slot = slot,
                          .kind = (uint8_t)kind,
                          .size = (uint32_t)size,
                          .bytes = bytes};
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

static void configure(struct world *world)
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

static enum step_result hello_at_period(struct world *world, int64_t at_ns, uint8_t slot,
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

static enum step_result hello(struct world *world, int64_t at_ns, uint8_t slot, uint64_t boot_id)
{
    return hello_at_period(world, at_ns, slot, boot_id, 10000);
}

/* A walker's vertical force: 60 % stance of a 1.1 s stride, two humps, the feet half a stride
 * apart. */
static int32_t walker_force(uint8_t slot, int64_t sample)
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

static enum step_result frame(struct world *world, int64_t at_ns, uint8_t slot,
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

static enum step_result help(struct world *world, int64_t at_ns, uint64_t boot_id, uint64_t seq,
                             uint64_t oldest, Stride__V1__Button button)
{
    struct wire_report *report = calloc(1, sizeof(*report));
    assert_non_null(report);
    report->place = (struct wire_place){boot_id, seq, oldest};
    report->t_us = 1;
    report->button = button;
    report->press_ms = 2500;
    report->pain_nrs = report->mood = -1;
    uint8_t bytes[CONTROL_BYTES_MAX];
    size_t size = wire_encode_report(report, bytes, sizeof(bytes));
    free(report);
    assert_true(size > 0);
    return put_at(world, at_ns, INPUT_REPORT, WRIST, bytes, size);
}

static void world_open(struct world *world)
{
    memset(world, 0, sizeof(*world));
    pipeline_init(&world->state, 1);
    configure(world);
    for (uint8_t slot = 0; slot < 3; slot++)
        assert_int_equal(hello(world, 1, slot, 7), STEP_APPLIED);
}

static enum step_result pain(struct world *world, int64_t at_ns, uint64_t seq, int32_t nrs)
{
    struct wire_report *report = calloc(1, sizeof(*report));
    assert_non_null(report);
    report->place = (struct wire_place){7, seq, 1};
    report->t_us = 1;
    report->pain_nrs = (int8_t)nrs;
    report->mood = -1;
    uint8_t bytes[CONTROL_BYTES_MAX];
    size_t size = wire_encode_report(report, bytes, sizeof(bytes));
    free(report);
    assert_true(size > 0);
    return put_at(world, at_ns, INPUT_REPORT, WRIST, bytes, size);
}

static void move(struct world *world, uint64_t first, uint64_t last, bool still)
{
    for (uint64_t seq = first; seq <= last; seq++) {
        int64_t at_ns = SECOND_NS + (int64_t)seq * SECOND_NS / 4;
        struct frame_options options = {7, seq, 1, still};
        assert_int_equal(frame(world, at_ns, LEFT, options), STEP_APPLIED);
        assert_int_equal(frame(world, at_ns + 1000000, RIGHT, options), STEP_APPLIED);
    }
}

static void walk(struct world *world, uint64_t first, uint64_t last)
{
    move(world, first, last, false);
}

static struct world *setup(void)
{
    struct world *world = malloc(sizeof(*world));
    assert_non_null(world);
    world_open(world);
    return world;
}

static void a_walk_opens_and_closes_by_itself(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 240);
    assert_int_equal(world->opened_n, 1);
    assert_true(world->state.session.open);
    assert_in_range(world->state.session.steps_n, 95, 112);
    assert_in_range(world->strides_n, 90, 112);
    int64_t later_ns = SECOND_NS * 61 + 601 * SECOND_NS;
    assert_int_equal(put_at(world, later_ns, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0), STEP_APPLIED);
    assert_int_equal(world->closed_n, 1);
    assert_false(world->state.session.open);
    /* Nothing is left but the programme's clock. */
    assert_true(world->state.programme.due_ns > world->state.now_ns + 60 * SECOND_NS);
    free(world);
}

static void a_frame_counts_once(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 40);
    struct wearer_state *before = malloc(sizeof(*before));
    assert_non_null(before);
    memcpy(before, &world->state, sizeof(*before));
    for (uint64_t seq = 1; seq <= 40; seq++)
        assert_int_equal(
            frame(world, 12 * SECOND_NS, LEFT, (struct frame_options){7, seq, 1, false}),
            STEP_DUPLICATE);
    assert_memory_equal(before, &world->state, sizeof(*before));
    free(before);
    free(world);
}

static void a_frame_that_is_ahead_waits_for_what_the_device_keeps(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 7, 1, false}),
                     STEP_AHEAD);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 7, 6, false}),
                     STEP_AHEAD);
    assert_int_equal(world->state.devices[LEFT].gaps_n, 0);
    /* The ring ran over: what is lost is lost, the wait ends and the gap is marked. */
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 6, 6, false}),
                     STEP_APPLIED);
    assert_int_equal(world->state.devices[LEFT].gaps_n, 1);
    assert_int_equal(world->state.devices[LEFT].lost_frames_n, 1);
    free(world);
}

static void a_sequence_far_ahead_is_refused(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    uint64_t far = UINT64_C(1) << 62;
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, far, far, false}),
                     STEP_REFUSED);
    assert_int_equal(world->refusal, WIRE_ABSURD);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 5, 1, false}),
                     STEP_APPLIED);
    free(world);
}

static void a_boot_nobody_described_is_refused(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(frame(world, SECOND_NS, LEFT, (struct frame_options){8, 1, 1, false}),
                     STEP_REFUSED);
    assert_int_equal(world->refusal, WIRE_BOOT);
    free(world);
}

static void frames_of_a_former_life_still_count_until_the_new_one_speaks(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    assert_int_equal(hello(world, 3 * SECOND_NS, LEFT, 9), STEP_APPLIED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 5, 1, false}),
                     STEP_APPLIED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){9, 1, 1, false}),
                     STEP_APPLIED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 5, 1, false}),
                     STEP_DUPLICATE);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 6, 1, false}),
                     STEP_REFUSED);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){9, 2, 1, false}),
                     STEP_APPLIED);
    free(world);
}

static void refused_bytes_change_nothing(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    struct wearer_state *before = malloc(sizeof(*before));
    assert_non_null(before);
    memcpy(before, &world->state, sizeof(*before));
    uint8_t garbage[64];
    uint64_t random = 99;
    for (int round = 0; round < 2000; round++) {
        for (size_t i = 0; i < sizeof(garbage); i++) {
            random = random * 6364136223846793005U + 1442695040888963407U;
            garbage[i] = (uint8_t)(random >> 56);
        }
        enum input_kind kind = (enum input_kind)(INPUT_HELLO + round % 5);
        assert_int_not_equal(put_at(world, 4 * SECOND_NS, kind, LEFT, garbage,
                                    (size_t)(round % (int)sizeof(garbage))),
                             STEP_APPLIED);
    }
    assert_memory_equal(before, &world->state, sizeof(*before));
    free(before);
    free(world);
}

static void a_help_press_does_not_wait_for_a_lost_report(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(help(world, SECOND_NS, 7, 3, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_RAISED);
    assert_int_equal(world->state.devices[WRIST].control.next_seq, 1);
    assert_int_equal(help(world, SECOND_NS, 7, 3, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_DUPLICATE);
    assert_int_equal(help(world, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_LEG_HEAVY),
                     STEP_APPLIED);
    assert_int_equal(help(world, SECOND_NS, 7, 2, 1, STRIDE__V1__BUTTON__BUTTON_LEG_HEAVY),
                     STEP_APPLIED);
    assert_int_equal(world->state.devices[WRIST].control.next_seq, 4);
    /* 5 s later it goes out, though no input came from anybody. */
    assert_int_equal(put_at(world, 7 * SECOND_NS, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                     STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_SENT);
    assert_int_equal(world->notices_n, 1);
    free(world);
}

static void who_calls_for_help_before_the_hello_is_told_that_it_was_heard(void **unused)
{
    (void)unused;
    struct world *world = calloc(1, sizeof(*world));
    assert_non_null(world);
    pipeline_init(&world->state, 1);
    configure(world);
    assert_int_equal(help(world, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_RAISED);
    assert_int_equal(world->prompts_n, 1);
    assert_int_equal(hello(world, 2 * SECOND_NS, WRIST, 7), STEP_APPLIED);
    free(world);
}

static void reports_are_taken_once_whatever_their_order(void **unused)
{
    (void)unused;
    struct world *world = setup();
    static const uint64_t order[] = {5, 2, 2, 9, 1, 5, 70, 3, 4, 6, 8, 7, 69, 10};
    int applied = 0;
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        applied += help(world, SECOND_NS, 7, order[i], 1, STRIDE__V1__BUTTON__BUTTON_UNWELL) ==
                   STEP_APPLIED;
    /* 70 moves the window to 6: 3 and 4 are given up, all others are taken once. */
    assert_int_equal(applied, 10);
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        assert_int_equal(help(world, SECOND_NS, 7, order[i], 1, STRIDE__V1__BUTTON__BUTTON_UNWELL),
                         STEP_DUPLICATE);
    free(world);
}

static void late_wake_ups_change_nothing(void **unused)
{
    (void)unused;
    struct world *punctual = setup(), *late = setup();
    assert_int_equal(help(punctual, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    assert_int_equal(help(late, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP), STEP_APPLIED);
    for (int64_t ms = 1000; ms <= 50000; ms += 100)
        assert_int_equal(put_at(punctual, ms * 1000000, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                         STEP_APPLIED);
    assert_int_equal(put_at(late, 50 * SECOND_NS, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                     STEP_APPLIED);
    assert_int_equal(punctual->notices_n, late->notices_n);
    assert_true(punctual->notices_n >= 3);
    assert_true(punctual->state.digest == late->state.digest);
    free(punctual);
    free(late);
}

static void a_long_sleep_does_not_overflow_the_effects(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(help(world, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    assert_int_equal(put_at(world, 30 * 86400 * SECOND_NS, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                     STEP_APPLIED);
    assert_in_range(world->notices_n, 1, 10);
    assert_int_equal(world->last_alert.state, ALERT_SENT);
    free(world);
}

static void a_checkpoint_goes_on_as_if_nothing_had_happened(void **unused)
{
    (void)unused;
    struct world *whole = setup(), *parted = setup();
    walk(whole, 1, 100);
    walk(parted, 1, 53);
    void *bytes = malloc(sizeof(parted->state));
    assert_non_null(bytes);
    memcpy(bytes, &parted->state, sizeof(parted->state));
    memset(&parted->state, 0xa5, sizeof(parted->state));
    memset(&parted->scratch, 0xa5, sizeof(parted->scratch));
    memcpy(&parted->state, bytes, sizeof(parted->state));
    assert_true(pipeline_valid(&parted->state, sizeof(parted->state)));
    walk(parted, 54, 100);
    assert_true(whole->state.digest == parted->state.digest);
    assert_memory_equal(&whole->state, &parted->state, sizeof(whole->state));
    free(bytes);
    free(whole);
    free(parted);
}

static void a_boot_that_is_set_aside_leaves_a_marked_gap(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 4);
    uint8_t skip[24] = {7};
    skip[8] = 5;
    skip[16] = 6;
    assert_int_equal(put_at(world, 3 * SECOND_NS, INPUT_SKIP, LEFT, skip, sizeof(skip)),
                     STEP_APPLIED);
    assert_int_equal(put_at(world, 3 * SECOND_NS, INPUT_SKIP, LEFT, skip, sizeof(skip)),
                     STEP_DUPLICATE);
    assert_int_equal(world->state.devices[LEFT].lost_frames_n, 2);
    assert_int_equal(frame(world, 3 * SECOND_NS, LEFT, (struct frame_options){7, 7, 1, false}),
                     STEP_APPLIED);
    free(world);
}

/* The hub was down for 15 minutes of a walk; the devices kept every frame and send them now. */
static void an_outage_longer_than_the_pause_does_not_split_a_walk(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 80);
    uint32_t steps_n = world->state.session.steps_n;
    static const uint8_t started = HUB_STARTED;
    int64_t back_ns = 900 * SECOND_NS;
    assert_int_equal(put_at(world, back_ns, INPUT_HUB, INPUT_SLOT_NONE, &started, 1), STEP_APPLIED);
    for (uint64_t seq = 81; seq <= 240; seq++) {
        int64_t at_ns = back_ns + (int64_t)seq * 1000000;
        assert_int_equal(frame(world, at_ns, LEFT, (struct frame_options){7, seq, 1, false}),
                         STEP_APPLIED);
        assert_int_equal(frame(world, at_ns + 1, RIGHT, (struct frame_options){7, seq, 1, false}),
                         STEP_APPLIED);
    }
    assert_int_equal(put_at(world, back_ns + 590 * SECOND_NS, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0),
                     STEP_APPLIED);
    assert_int_equal(world->opened_n, 1);
    assert_int_equal(world->closed_n, 1);
    assert_true(world->state.session.steps_n > steps_n + 60);
    assert_int_equal(world->prompts_n, 0);
    free(world);
}

/* One push of 512 samples that jump up and down, `up` samples each. */
static void jump(struct world *world, uint64_t seq, uint32_t period_us, int up, int down)
{
    int32_t counts[FRAME_SAMPLES_MAX];
    for (int i = 0; i < FRAME_SAMPLES_MAX; i++)
        counts[i] = i % (up + down) < up ? 800 : 0;
    uint64_t span_us = (uint64_t)FRAME_SAMPLES_MAX * period_us;
    struct wire_counts in = {.place = {7, seq, 1},
                             .t0_us = 5000000 + (seq - 1) * span_us,
                             .period_us = period_us,
                             .samples_n = FRAME_SAMPLES_MAX,
                             .channels_n = 1,
                             .counts = counts,
                             .wear = STRIDE__V1__WEAR__WEAR_WORN,
                             .battery_pct = 90};
    static uint8_t bytes[FRAME_BYTES_MAX];
    size_t size = wire_encode_frame(&in, bytes, sizeof(bytes));
    assert_true(size > 0);
    int64_t at_ns = SECOND_NS * 10 + (int64_t)(seq * span_us * 1000);
    assert_int_equal(put_at(world, at_ns, INPUT_FRAME, LEFT, bytes, size), STEP_APPLIED);
}

static void no_frame_holds_more_events_than_there_is_room_for(void **unused)
{
    (void)unused;
    static const uint32_t periods[] = {1000, 5000, 10000, 20000, 25000, 40000, 1000000, 60000000};
    static const int parts[][2] = {{1, 1}, {8, 4}, {9, 5}, {12, 6}, {15, 10}, {100, 60}, {9, 16}};
    for (size_t i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        struct world *world = malloc(sizeof(*world));
        assert_non_null(world);
        pipeline_init(&world->state, 1);
        world->seq = 0;
        world->events_n = 0;
        configure(world);
        assert_int_equal(hello_at_period(world, 1, LEFT, 7, periods[i]), STEP_APPLIED);
        for (uint64_t seq = 1; seq <= 42; seq++) {
            const int *part = parts[seq % (sizeof(parts) / sizeof(parts[0]))];
            jump(world, seq, periods[i], part[0], part[1]);
        }
        /* Steps are read from what is fast enough, and from nothing else. */
        assert_int_equal(world->events_n > 0, periods[i] >= 5000 && periods[i] <= 25000);
        free(world);
    }
}

static void coverage_is_of_the_walk_and_known_while_it_lasts(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 240);
    const struct session_device *left = &world->state.session.devices[LEFT];
    assert_true(left->fresh_pct > 98);
    /* A wearer who stands until the walk closes adds nothing; one insole was off meanwhile. */
    move(world, 241, 400, true);
    int64_t later_ns = SECOND_NS * 101 + 601 * SECOND_NS;
    assert_int_equal(put_at(world, later_ns, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0), STEP_APPLIED);
    assert_int_equal(world->closed_n, 1);
    double walk_s = (double)(world->state.session.end_ns - world->state.session.start_ns) / 1e9;
    assert_true(left->fresh_pct > 99 && left->fresh_s <= walk_s && left->fresh_s > walk_s - 0.5);
    free(world);
}

static void steps_after_a_stop_are_no_new_walk(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 120);
    assert_int_equal(help(world, SECOND_NS * 31, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_STOP),
                     STEP_APPLIED);
    assert_int_equal(world->closed_n, 1);
    assert_int_equal(world->state.session.end_reason, END_USER);
    walk(world, 121, 160);
    assert_int_equal(world->opened_n, 1);
    move(world, 161, 210, true);
    assert_int_equal(world->opened_n, 1);
    walk(world, 211, 280);
    assert_int_equal(world->opened_n, 2);
    free(world);
}

/* In the walk's record, among prompts and questions. */
static const struct session_alert *kept_alert(const struct world *world, const char *id)
{
    const struct session *session = &world->state.session;
    uint64_t word;
    assert_true(ident_short_word(id, &word));
    for (unsigned i = 0; i < session->alerts_n; i++) {
        if (session->alerts[i].id == word && session->alerts[i].id_kind == id[0])
            return &session->alerts[i];
    }
    fail_msg("alert %s is not in the record", id);
    return NULL;
}

static void an_answer_after_the_walk_is_still_written_to_its_record(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 120);
    assert_int_equal(help(world, SECOND_NS * 31, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    walk(world, 121, 160);
    assert_int_equal(help(world, SECOND_NS * 41, 7, 2, 1, STRIDE__V1__BUTTON__BUTTON_STOP),
                     STEP_APPLIED);
    assert_int_equal(world->closed_n, 1);
    uint8_t answer[2 * ID_SIZE];
    size_t size = strlen(world->last_alert.id);
    memcpy(answer, world->last_alert.id, size);
    memcpy(answer + size, " c1", 3);
    int updated_n = world->updated_n;
    assert_int_equal(put_at(world, SECOND_NS * 42, INPUT_ACK, INPUT_SLOT_NONE, answer, size + 3),
                     STEP_APPLIED);
    assert_int_equal(kept_alert(world, world->last_alert.id)->ack, ALERT_ACCEPTED);
    assert_int_equal(world->updated_n, updated_n + 1);
    free(world);
}

static enum step_result word(struct world *world, double at_s, const char *text)
{
    return put_at(world, (int64_t)(at_s * 1e9), INPUT_ACK, INPUT_SLOT_NONE, (const uint8_t *)text,
                  strlen(text));
}

static void words_on_an_alert_are_taken_and_garbage_means_nothing(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(help(world, SECOND_NS, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    char text[200], id[ID_SIZE];
    memcpy(id, world->last_alert.id, ID_SIZE);
    static const char *const garbage[] = {"",           " ",      "%s",          "%s ",
                                          "%s  c1",     "%s c1 ", "%s c1 shrug", "%s nobody seen",
                                          "%s c1 SEEN", " %s c1", "%s/c1 ack",   "a0 c1 ack"};
    for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
        const char *hole = strstr(garbage[i], "%s");
        snprintf(text, sizeof(text), "%.*s%s%s",
                 (int)(hole == NULL ? strlen(garbage[i]) : (size_t)(hole - garbage[i])), garbage[i],
                 hole == NULL ? "" : id, hole == NULL ? "" : hole + 2);
        assert_int_equal(word(world, 7, text), STEP_APPLIED);
        assert_int_equal(world->state.alerting.alerts[0].state, ALERT_SENT);
    }
    snprintf(text, sizeof(text), "%s c1 seen", id);
    assert_int_equal(word(world, 8, text), STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_SEEN);
    snprintf(text, sizeof(text), "%s c1 ack", id);
    assert_int_equal(word(world, 9, text), STEP_APPLIED);
    assert_int_equal(world->last_alert.state, ALERT_ACCEPTED);
    free(world);
}

static void what_is_known_of_the_clients_is_kept_for_the_rules(void **unused)
{
    (void)unused;
    struct world *world = setup();
    const uint8_t clients = CLIENTS_PATH_DOWN;
    assert_int_equal(world->state.alerting.clients, 0);
    assert_int_equal(put_at(world, SECOND_NS, INPUT_CLIENTS, INPUT_SLOT_NONE, &clients, 1),
                     STEP_APPLIED);
    assert_int_equal(world->state.alerting.clients, CLIENTS_KNOWN | CLIENTS_PATH_DOWN);
    assert_true(world->state.alerting.clients_ns == world->state.now_ns);
    assert_int_equal(put_at(world, 2 * SECOND_NS, INPUT_CLIENTS, INPUT_SLOT_NONE, &clients, 0),
                     STEP_REFUSED);
    free(world);
}

static void pain_told_before_the_walk_opens_is_in_its_record(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(pain(world, SECOND_NS, 1, 2), STEP_APPLIED);
    walk(world, 1, 8);
    assert_false(world->state.session.open);
    assert_int_equal(pain(world, 3 * SECOND_NS + 2000000, 2, 4), STEP_APPLIED);
    walk(world, 9, 80);
    assert_true(world->state.session.open);
    assert_int_equal(world->state.session.reports_n, 2);
    assert_int_equal(world->state.session.pain_end, 4);
    free(world);
}

static void a_device_that_was_on_for_weeks_is_heard(void **unused)
{
    (void)unused;
    struct world *world = setup();
    uint64_t weeks = 5000000;
    assert_int_equal(frame(world, SECOND_NS, LEFT, (struct frame_options){7, weeks, 1, false}),
                     STEP_REFUSED);
    assert_int_equal(frame(world, SECOND_NS, LEFT, (struct frame_options){7, weeks, weeks, false}),
                     STEP_APPLIED);
    assert_int_equal(
        frame(world, SECOND_NS, LEFT, (struct frame_options){7, weeks + 1, weeks, false}),
        STEP_APPLIED);
    assert_true(world->state.devices[LEFT].lost_frames_n == 0);
    assert_int_equal(frame(world, SECOND_NS, RIGHT, (struct frame_options){7, weeks, 0, false}),
                     STEP_APPLIED);
    assert_int_equal(
        frame(world, SECOND_NS, RIGHT, (struct frame_options){7, UINT64_MAX, 0, false}),
        STEP_REFUSED);
    free(world);
}

/* One insole was out of reach for 25 s and then sends all of it: every stride gets its other foot.
 */
static void a_foot_that_comes_late_still_completes_the_strides(void **unused)
{
    (void)unused;
    struct world *punctual = setup(), *late = setup();
    walk(punctual, 1, 200);
    walk(late, 1, 60);
    for (uint64_t seq = 61; seq <= 160; seq++)
        assert_int_equal(
            frame(late, SECOND_NS + (int64_t)seq * SECOND_NS / 4, LEFT,
                  (struct frame_options){.boot_id = 7, .seq = seq, .oldest_kept_seq = 1}),
            STEP_APPLIED);
    for (uint64_t seq = 61; seq <= 160; seq++)
        assert_int_equal(
            frame(late, SECOND_NS + 160 * SECOND_NS / 4 + (int64_t)seq, RIGHT,
                  (struct frame_options){.boot_id = 7, .seq = seq, .oldest_kept_seq = 1}),
            STEP_APPLIED);
    walk(late, 161, 200);
    assert_int_equal(late->strides_n, punctual->strides_n);
    assert_int_equal(late->lonely_n, punctual->lonely_n);
    free(punctual);
    free(late);
}

static void nothing_is_taken_before_the_wearer_is_known(void **unused)
{
    (void)unused;
    struct world *world = calloc(1, sizeof(*world));
    assert_non_null(world);
    pipeline_init(&world->state, 1);
    assert_int_equal(hello(world, 1, LEFT, 7), STEP_UNKNOWN);
    configure(world);
    assert_int_equal(hello(world, 1, LEFT, 7), STEP_APPLIED);
    assert_int_equal(hello(world, 1, LEFT, 7), STEP_DUPLICATE);
    assert_int_equal(pipeline_slot(&world->state, "right"), RIGHT);
    assert_int_equal(pipeline_slot(&world->state, "nobody"), INPUT_SLOT_NONE);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_opens_and_closes_by_itself),
        cmocka_unit_test(a_frame_counts_once),
        cmocka_unit_test(a_frame_that_is_ahead_waits_for_what_the_device_keeps),
        cmocka_unit_test(a_sequence_far_ahead_is_refused),
        cmocka_unit_test(a_boot_nobody_described_is_refused),
        cmocka_unit_test(frames_of_a_former_life_still_count_until_the_new_one_speaks),
        cmocka_unit_test(refused_bytes_change_nothing),
        cmocka_unit_test(a_help_press_does_not_wait_for_a_lost_report),
        cmocka_unit_test(who_calls_for_help_before_the_hello_is_told_that_it_was_heard),
        cmocka_unit_test(reports_are_taken_once_whatever_their_order),
        cmocka_unit_test(late_wake_ups_change_nothing),
        cmocka_unit_test(a_long_sleep_does_not_overflow_the_effects),
        cmocka_unit_test(a_checkpoint_goes_on_as_if_nothing_had_happened),
        cmocka_unit_test(a_boot_that_is_set_aside_leaves_a_marked_gap),
        cmocka_unit_test(an_outage_longer_than_the_pause_does_not_split_a_walk),
        cmocka_unit_test(no_frame_holds_more_events_than_there_is_room_for),
        cmocka_unit_test(coverage_is_of_the_walk_and_known_while_it_lasts),
        cmocka_unit_test(steps_after_a_stop_are_no_new_walk),
        cmocka_unit_test(an_answer_after_the_walk_is_still_written_to_its_record),
        cmocka_unit_test(words_on_an_alert_are_taken_and_garbage_means_nothing),
        cmocka_unit_test(what_is_known_of_the_clients_is_kept_for_the_rules),
        cmocka_unit_test(pain_told_before_the_walk_opens_is_in_its_record),
        cmocka_unit_test(a_device_that_was_on_for_weeks_is_heard),
        cmocka_unit_test(a_foot_that_comes_late_still_completes_the_strides),
        cmocka_unit_test(nothing_is_taken_before_the_wearer_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
