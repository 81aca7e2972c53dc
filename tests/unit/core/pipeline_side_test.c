/* On which side a device is: what it was registered for, else what it says of itself. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/pipeline.h"

struct home {
    struct wearer_state state;
    struct pipeline_scratch scratch;
    struct effects effects;
    uint64_t seq;
};

static void put(struct home *home, enum input_kind kind, uint8_t slot, const uint8_t *bytes,
                size_t size)
{
    const struct input input = {.seq = ++home->seq,
                                .at_mono_ns = (int64_t)home->seq * 1000000000,
                                .at_wall_ms = 1700000000000 + (int64_t)home->seq * 1000,
                                .wearer = 1,
                                .slot = slot,
                                .kind = (uint8_t)kind,
                                .size = (uint32_t)size,
                                .bytes = bytes};
    enum wire_refusal refusal;
    assert_int_equal(pipeline_step(&home->state, &input, &home->scratch, &home->effects, &refusal),
                     STEP_APPLIED);
}

static struct home *home_with(Stride__V1__Side registered, Stride__V1__Side said)
{
    static struct home home;
    static struct wire_wearer_config config;
    static struct wire_descriptor descriptor;
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    memset(&home, 0, sizeof(home));
    memset(&config, 0, sizeof(config));
    memset(&descriptor, 0, sizeof(descriptor));
    pipeline_init(&home.state, 1);
    memcpy(config.wearer, "w1", 3);
    config.version = 1;
    config.devices_n = 1;
    memcpy(config.devices[0].device, "sole", 5);
    config.devices[0].side = registered;
    config.height_m = config.leg_m = config.mass_kg = NAN;
    put(&home, INPUT_CONFIG, INPUT_SLOT_NONE, bytes,
        wire_encode_wearer_config(&config, bytes, sizeof(bytes)));
    memcpy(descriptor.device, "sole", 5);
    memcpy(descriptor.model, "test", 5);
    memcpy(descriptor.firmware, "1", 2);
    descriptor.kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    descriptor.side = said;
    descriptor.boot_id = 7;
    descriptor.streams_n = 1;
    descriptor.streams[0] = (struct wire_stream){.period_us = 10000, .channels_n = 1};
    descriptor.channels[0].quantity = STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE;
    descriptor.channels[0].scale = 1;
    descriptor.channels[0].range = NAN;
    put(&home, INPUT_HELLO, 0, bytes, wire_encode_hello(&descriptor, bytes, sizeof(bytes)));
    return &home;
}

static void test_the_side_it_is_registered_for_wins_over_what_an_insole_says(void **unused)
{
    (void)unused;
    const struct home *home = home_with(STRIDE__V1__SIDE__SIDE_RIGHT, STRIDE__V1__SIDE__SIDE_LEFT);
    assert_int_equal(home->state.health[0].side, STRIDE__V1__SIDE__SIDE_RIGHT);
    home = home_with(STRIDE__V1__SIDE__SIDE_LEFT, STRIDE__V1__SIDE__SIDE_RIGHT);
    assert_int_equal(home->state.health[0].side, STRIDE__V1__SIDE__SIDE_LEFT);
}

static void test_an_insole_registered_for_no_side_is_where_it_says(void **unused)
{
    (void)unused;
    const struct home *home =
        home_with(STRIDE__V1__SIDE__SIDE_UNKNOWN, STRIDE__V1__SIDE__SIDE_RIGHT);
    assert_int_equal(home->state.health[0].side, STRIDE__V1__SIDE__SIDE_RIGHT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_side_it_is_registered_for_wins_over_what_an_insole_says),
        cmocka_unit_test(test_an_insole_registered_for_no_side_is_where_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
