/* Samples that the wire's tests and fuzz targets share: an insole and a frame of it. */
#ifndef STRIDE_TESTS_WIRE_FIXTURE_H
#define STRIDE_TESTS_WIRE_FIXTURE_H

#include <math.h>
#include <string.h>

#include "proto/wire.h"

enum { FIXTURE_BOOT = 77, FIXTURE_PERIOD_US = 10000, FIXTURE_CELLS = 16, FIXTURE_CHANNELS = 22 };

static inline struct wire_channel fixture_channel(int quantity, int axis, float scale)
{
    return (struct wire_channel){.quantity = (unsigned)quantity & 31U,
                                 .axis = (unsigned)axis & 3U,
                                 .scale = scale,
                                 .range = NAN};
}

/* A left insole: stream 0 has 16 cells and a 6-axis sensor, stream 1 the whole force at 1 Hz. */
static inline struct wire_descriptor fixture_descriptor(void)
{
    struct wire_descriptor out;
    memset(&out, 0, sizeof out); /* padding too: tests compare bytes */
    memcpy(out.device, "insole-1", sizeof "insole-1");
    memcpy(out.model, "Sole", sizeof "Sole");
    memcpy(out.firmware, "1.2.3", sizeof "1.2.3");
    out.kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    out.side = STRIDE__V1__SIDE__SIDE_LEFT;
    out.boot_id = FIXTURE_BOOT;
    out.ring_frames = 4096;
    out.calibrated_utc_ms = INT64_C(1790000000123);
    out.streams_n = 2;
    out.streams[0] =
        (struct wire_stream){.period_us = FIXTURE_PERIOD_US, .channels_n = FIXTURE_CHANNELS};
    out.streams[1] = (struct wire_stream){
        .period_us = 1000000, .channels_n = 1, .first_channel = FIXTURE_CHANNELS};
    for (int i = 0; i < FIXTURE_CELLS; i++) {
        out.channels[i] = fixture_channel(STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE, 0, 0.25F);
        out.channels[i].has_place = true;
        out.channels[i].forward_mm = (int16_t)(10 + 15 * i);
        out.channels[i].lateral_mm = (int8_t)(i % 2 == 0 ? -20 : 20);
        out.channels[i].range = 500.0F;
    }
    for (int i = 0; i < 3; i++) {
        out.channels[FIXTURE_CELLS + i] =
            fixture_channel(STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION, 1 + i, -0.5F);
        out.channels[FIXTURE_CELLS + 3 + i] =
            fixture_channel(STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE, 1 + i, 0.001F);
    }
    out.channels[FIXTURE_CHANNELS] =
        fixture_channel(STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE, 0, 2.0F);
    out.channels[FIXTURE_CHANNELS].offset = -10.0F;
    return out;
}

/* A frame of stream 0 over `counts` (channels x samples). */
static inline struct wire_counts fixture_counts(const int32_t *counts, uint16_t samples_n)
{
    return (struct wire_counts){
        .place = {.boot_id = FIXTURE_BOOT, .seq = 300, .oldest_kept_seq = 290},
        .t0_us = 123456789,
        .period_us = FIXTURE_PERIOD_US,
        .samples_n = samples_n,
        .channels_n = FIXTURE_CHANNELS,
        .counts = counts,
        .wear = STRIDE__V1__WEAR__WEAR_WORN,
        .battery_pct = 80,
    };
}

/* The same generator everywhere, so that a failure comes back: xorshift64. */
static inline uint64_t fixture_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

#endif
