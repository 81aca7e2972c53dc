/* Any bytes as any message: the first byte picks the decoder. What decodes is within its bounds and
 * survives encoding and decoding again; the frame's own unpacker and peek agree with protobuf-c. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "tests/unit/proto/wire_fixture.h"
#include "tests/unit/proto/wire_reference.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct wire_arena arena;
static uint8_t again[1 << 15];

static void check_peek(const uint8_t *bytes, size_t size)
{
    struct wire_place place;
    bool peeked = wire_peek(bytes, size, &place);
    Stride__V1__Frame *message = stride__v1__frame__unpack(NULL, size, bytes);
    if (message == NULL) {
        return;
    }
    assert(peeked == (message->boot_id != 0 && message->seq != 0));
    assert(!peeked || (place.boot_id == message->boot_id && place.seq == message->seq &&
                       place.oldest_kept_seq == message->oldest_kept_seq));
    stride__v1__frame__free_unpacked(message, NULL);
}

/* Whatever peek takes can be restamped, and then shows the stamp. */
static void check_restamp(const uint8_t *bytes, size_t size)
{
    struct wire_place before, after;
    if (!wire_peek(bytes, size, &before) || size > sizeof again / 2) {
        return;
    }
    size_t stamped_n = wire_restamp(bytes, size, 12345, true, again, sizeof again);
    assert(stamped_n > 0 && wire_peek(again, stamped_n, &after));
    assert(after.boot_id == before.boot_id && after.seq == before.seq);
    assert(after.oldest_kept_seq == 12345);
}

static void check_frame(const uint8_t *bytes, size_t size)
{
    static struct wire_frame frame;
    const struct wire_descriptor descriptor = fixture_descriptor();
    check_peek(bytes, size);
    check_restamp(bytes, size);
    assert(reference_agrees(&arena, bytes, size));
    if (wire_decode_frame(&arena, bytes, size, &descriptor, &frame) != WIRE_OK) {
        return;
    }
    struct wire_place place;
    assert(wire_peek(bytes, size, &place));
    assert(memcmp(&place, &frame.place, sizeof place) == 0);
    assert(place.boot_id == FIXTURE_BOOT && place.oldest_kept_seq <= place.seq);
    assert(frame.samples_n >= 1 && frame.samples_n <= FRAME_SAMPLES_MAX);
    assert(frame.t0_us >= 0 && frame.battery_pct >= -1 && frame.battery_pct <= 100);
    assert(frame.channels_n == descriptor.streams[frame.stream].channels_n);
    for (int i = 0; i < frame.channels_n * frame.samples_n; i++) {
        assert(frame.values[i] >= -20000.0F && frame.values[i] <= 20000.0F);
    }
    size_t stamped_n = wire_restamp(bytes, size, 1, true, again, FRAME_BYTES_MAX);
    if (stamped_n > 0) {
        assert(wire_decode_frame(&arena, again, stamped_n, &descriptor, &frame) == WIRE_OK);
        assert(frame.late && frame.place.oldest_kept_seq == 1);
    }
}

static void check_hello(const uint8_t *bytes, size_t size)
{
    static struct wire_descriptor first, second;
    if (wire_decode_hello(&arena, bytes, size, "insole-1", &first) != WIRE_OK) {
        return;
    }
    assert(first.boot_id > 0 && first.streams_n >= 1 && first.streams_n <= STREAMS_MAX);
    for (size_t s = 0; s < first.streams_n; s++) {
        const struct wire_stream *stream = &first.streams[s];
        assert(stream->first_channel + stream->channels_n <= DEVICE_CHANNELS_MAX);
        assert(stream->period_us >= PERIOD_US_MIN && stream->period_us <= PERIOD_US_MAX);
        for (size_t c = 0; c < stream->channels_n; c++) {
            const struct wire_channel *channel = &first.channels[stream->first_channel + c];
            assert(fabsf(channel->scale) <= 1e6F && channel->scale * channel->scale >= 0.0F);
            assert(fabsf(channel->offset) <= 1e9F);
        }
    }
    size_t size2 = wire_encode_hello(&first, again, sizeof again);
    assert(size2 > 0);
    /* Defaults that are written out may push a full hello past its bound, nothing else may. */
    enum wire_refusal refusal = wire_decode_hello(&arena, again, size2, "insole-1", &second);
    assert(refusal == WIRE_OK || refusal == WIRE_TOO_LARGE);
    assert(refusal != WIRE_OK || memcmp(first.streams, second.streams, sizeof first.streams) == 0);
}

static void check_control(const uint8_t *bytes, size_t size)
{
    static struct wire_report report;
    static struct wire_feedback feedback;
    struct wire_link link;
    check_restamp(bytes, size);
    if (wire_decode_report(&arena, bytes, size, &report) == WIRE_OK) {
        struct wire_place place;
        assert(wire_peek(bytes, size, &place));
        assert(memcmp(&place, &report.place, sizeof place) == 0);
        assert(report.pain_nrs >= -1 && report.pain_nrs <= 10);
        assert(report.mood == -1 || (report.mood >= 1 && report.mood <= 5));
        size_t size2 = wire_encode_report(&report, again, CONTROL_BYTES_MAX);
        assert(size2 == 0 || wire_decode_report(&arena, again, size2, &report) == WIRE_OK);
    }
    if (wire_decode_feedback(&arena, bytes, size, &feedback) == WIRE_OK) {
        size_t size2 = wire_encode_feedback(&feedback, again, CONTROL_BYTES_MAX);
        assert(size2 == 0 || wire_decode_feedback(&arena, again, size2, &feedback) == WIRE_OK);
    }
    if (wire_decode_link(&arena, bytes, size, &link) == WIRE_OK) {
        size_t size2 = wire_encode_link(&link, again, sizeof again);
        assert(wire_decode_link(&arena, again, size2, &link) == WIRE_OK);
    }
}

static void check_hub(const uint8_t *bytes, size_t size)
{
    static struct wire_stored stored;
    static struct wire_prompt prompt;
    static struct wire_request request;
    if (wire_decode_stored(&arena, bytes, size, &stored) == WIRE_OK) {
        size_t size2 = wire_encode_stored(&stored, again, sizeof again);
        assert(wire_decode_stored(&arena, again, size2, &stored) == WIRE_OK);
    }
    if (wire_decode_prompt(&arena, bytes, size, &prompt) == WIRE_OK) {
        size_t size2 = wire_encode_prompt(&prompt, again, sizeof again);
        assert(wire_decode_prompt(&arena, again, size2, &prompt) == WIRE_OK);
    }
    if (wire_decode_request(&arena, bytes, size, &request) == WIRE_OK) {
        assert(!(request.slow_by_mps > 0.14));
        size_t size2 = wire_encode_request(&request, again, sizeof again);
        assert(wire_decode_request(&arena, again, size2, &request) == WIRE_OK);
    }
}

static void check_config(const uint8_t *bytes, size_t size)
{
    static struct wire_wearer_config config;
    if (wire_decode_wearer_config(&arena, bytes, size, &config) != WIRE_OK) {
        return;
    }
    size_t size2 = wire_encode_wearer_config(&config, again, sizeof again);
    assert(size2 > 0);
    enum wire_refusal refusal = wire_decode_wearer_config(&arena, again, size2, &config);
    assert(refusal == WIRE_OK || refusal == WIRE_TOO_LARGE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const checks[])(const uint8_t *, size_t) = {
        check_frame, check_hello, check_control, check_hub, check_config};
    if (size > 0) {
        checks[data[0] % (sizeof checks / sizeof checks[0])](data + 1, size - 1);
    }
    return 0;
}
