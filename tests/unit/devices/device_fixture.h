/* A one-channel device in test memory, and a hub of a few lines: shared by the device tests. */
#ifndef STRIDE_TESTS_UNIT_DEVICES_DEVICE_FIXTURE_H
#define STRIDE_TESTS_UNIT_DEVICES_DEVICE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "devices/lib/device.h"

enum { FIXTURE_SAMPLES = 4, FIXTURE_PERIOD_US = 10000, FIXTURE_BOOT = 77 };

struct fixture {
    struct wire_descriptor descriptor;
    uint8_t ring[65536], control[1024], scratch[2048];
    int32_t counts[FIXTURE_SAMPLES];
    struct device_options options;
    struct device device;
    uint64_t t_us;
};

static inline void fixture_init(struct fixture *fixture, size_t ring_size)
{
    memset(fixture, 0, sizeof(*fixture));
    struct wire_descriptor *descriptor = &fixture->descriptor;
    snprintf(descriptor->device, sizeof(descriptor->device), "d1");
    descriptor->kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    descriptor->boot_id = FIXTURE_BOOT;
    descriptor->streams_n = 1;
    descriptor->streams[0] = (struct wire_stream){.period_us = FIXTURE_PERIOD_US, .channels_n = 1};
    descriptor->channels[0] =
        (struct wire_channel){.quantity = STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE, .scale = 0.5f};
    struct device_options *options = &fixture->options;
    device_defaults(options);
    options->descriptor = descriptor;
    options->frame_ring = fixture->ring;
    options->frame_ring_size = ring_size;
    options->control_ring = fixture->control;
    options->control_ring_size = sizeof(fixture->control);
    options->scratch = fixture->scratch;
    options->scratch_size = sizeof(fixture->scratch);
    options->streams[0] = (struct device_stream_options){fixture->counts, FIXTURE_SAMPLES};
    options->seed = 5;
    assert_int_equal(device_init(&fixture->device, options), DEVICE_OK);
}

/* Adds samples until `n` more frames are closed. */
static inline void fixture_frames(struct fixture *fixture, unsigned n, uint64_t now_ms)
{
    for (unsigned i = 0; i < n * FIXTURE_SAMPLES; i++) {
        int32_t count = (int32_t)(fixture->t_us / FIXTURE_PERIOD_US % 1000);
        assert_int_equal(device_add_counts(&fixture->device, 0, fixture->t_us, &count, now_ms),
                         DEVICE_OK);
        fixture->t_us += FIXTURE_PERIOD_US;
    }
}

/* Takes and marks as sent what is due; fills `seqs` with the frames' numbers. Returns how many
 * frames, or fails when there are more than `max`. */
static inline unsigned fixture_send(struct fixture *fixture, uint64_t now_ms, uint64_t *seqs,
                                    unsigned max)
{
    struct device_message message;
    unsigned n = 0;
    while (device_next(&fixture->device, now_ms, &message)) {
        if (message.kind == TOPIC_FRAME) {
            assert_true(n < max);
            seqs[n++] = message.seq;
        }
        device_sent(&fixture->device, &message, now_ms);
    }
    return n;
}

static inline bool fixture_stored(struct fixture *fixture, uint64_t through, uint64_t now_ms)
{
    struct wire_stored stored = {.boot_id = FIXTURE_BOOT, .through_seq = through};
    return device_received_stored(&fixture->device, &stored, now_ms);
}

/* The next message is a frame; decodes it. */
static inline void fixture_next_frame(struct fixture *fixture, uint64_t now_ms,
                                      struct wire_frame *out)
{
    static struct wire_arena arena;
    struct device_message message;
    assert_true(device_next(&fixture->device, now_ms, &message));
    assert_int_equal(message.kind, TOPIC_FRAME);
    assert_int_equal(
        wire_decode_frame(&arena, message.bytes, message.size, &fixture->descriptor, out), WIRE_OK);
    assert_int_equal(out->place.seq, message.seq);
    device_sent(&fixture->device, &message, now_ms);
}

#endif
