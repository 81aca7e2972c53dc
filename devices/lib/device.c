#include "devices/lib/device.h"

#include <assert.h>
#include <string.h>

const char *device_error_text(enum device_error error)
{
    switch (error) {
    case DEVICE_OK:
        return "no error";
    case DEVICE_BAD_OPTIONS:
        return "options or descriptor cannot work";
    case DEVICE_TOO_SMALL:
        return "a piece of memory is too small for one message";
    case DEVICE_BAD_STREAM:
        return "no such stream";
    case DEVICE_BAD_VALUE:
        return "a sample is not a number";
    }
    return "unknown error";
}

void device_defaults(struct device_options *options)
{
    memset(options, 0, sizeof(*options));
    options->stored_wait_ms = 2000;
    options->retry_min_ms = 5000;
    options->retry_max_ms = 30000;
    options->late_after_ms = 1000;
    options->window_frames = 64;
}

static bool options_valid(const struct device_options *options)
{
    const struct wire_descriptor *descriptor = options->descriptor;
    if (descriptor == NULL || descriptor->boot_id == 0 || options->frame_ring == NULL ||
        options->control_ring == NULL || options->scratch == NULL || options->window_frames == 0 ||
        options->retry_min_ms == 0 || options->retry_max_ms < options->retry_min_ms ||
        options->retry_max_ms > INT32_MAX || descriptor->streams_n < 1 ||
        descriptor->streams_n > STREAMS_MAX)
        return false;
    for (unsigned i = 0; i < descriptor->streams_n; i++) {
        const struct device_stream_options *stream = &options->streams[i];
        unsigned channels_n = descriptor->streams[i].channels_n;
        if (stream->counts == NULL || stream->frame_samples < 1 ||
            stream->frame_samples > FRAME_SAMPLES_MAX || channels_n < 1 ||
            channels_n > CHANNELS_MAX || stream->frame_samples * channels_n > FRAME_VALUES_MAX)
            return false;
    }
    return true;
}

enum device_error device_init(struct device *device, const struct device_options *options)
{
    if (!options_valid(options))
        return DEVICE_BAD_OPTIONS;
    if (wire_encode_hello(options->descriptor, options->scratch, options->scratch_size) == 0)
        return DEVICE_TOO_SMALL;
    memset(device, 0, sizeof(*device));
    device->descriptor = options->descriptor;
    device->scratch = options->scratch;
    device->scratch_size = options->scratch_size;
    device->late_after_ms = options->late_after_ms;
    device->battery_pct = -1;
    struct lane_timing timing = {.wait_ms = options->stored_wait_ms,
                                 .retry_min_ms = options->retry_min_ms,
                                 .retry_max_ms = options->retry_max_ms,
                                 .again_ms = options->retry_min_ms / 25,
                                 .window = options->window_frames};
    lane_init(&device->frames, options->frame_ring, options->frame_ring_size, &timing,
              options->seed);
    /* What a person says does not wait for the hub's answer to the hello. */
    timing.wait_ms = 0;
    lane_init(&device->control, options->control_ring, options->control_ring_size, &timing,
              ~options->seed);
    for (unsigned i = 0; i < options->descriptor->streams_n; i++) {
        device->streams[i].counts = options->streams[i].counts;
        device->streams[i].frame_samples = options->streams[i].frame_samples;
    }
    return DEVICE_OK;
}

static enum device_error keep(struct device_lane *lane, enum topic_kind kind, uint64_t now_ms,
                              const uint8_t *bytes, size_t size)
{
    if (size == 0 || !lane_append(lane, (uint8_t)kind, now_ms, bytes, (uint32_t)size))
        return DEVICE_TOO_SMALL;
    return DEVICE_OK;
}

static struct wire_place next_place(const struct device *device, const struct device_lane *lane)
{
    return (struct wire_place){.boot_id = device->descriptor->boot_id,
                               .seq = lane_next_seq(lane),
                               .oldest_kept_seq = lane_oldest_seq(lane)};
}

/* A frame shorter than planned has its channels too far apart. */
static void close_up(struct device_stream_state *stream, unsigned channels_n)
{
    for (unsigned c = 1; c < channels_n; c++)
        memmove(stream->counts + c * stream->samples_n, stream->counts + c * stream->frame_samples,
                stream->samples_n * sizeof(*stream->counts));
}

enum device_error device_flush(struct device *device, unsigned stream, uint64_t now_ms)
{
    if (stream >= device->descriptor->streams_n)
        return DEVICE_BAD_STREAM;
    struct device_stream_state *state = &device->streams[stream];
    const struct wire_stream *described = &device->descriptor->streams[stream];
    if (state->samples_n == 0)
        return DEVICE_OK;
    if (state->samples_n < state->frame_samples)
        close_up(state, described->channels_n);
    struct wire_counts frame = {.place = next_place(device, &device->frames),
                                .stream = stream,
                                .t0_us = state->t0_us,
                                .period_us = described->period_us,
                                .samples_n = state->samples_n,
                                .channels_n = described->channels_n,
                                .counts = state->counts,
                                .wear = device->wear,
                                .battery_pct = device->battery_pct};
    state->samples_n = 0;
    size_t size =
        wire_encode_frame(&frame, device->scratch, device->scratch_size - DEVICE_RESTAMP_ROOM);
    if (size > FRAME_BYTES_MAX - DEVICE_RESTAMP_ROOM)
        return DEVICE_TOO_SMALL;
    return keep(&device->frames, TOPIC_FRAME, now_ms, device->scratch, size);
}

enum device_error device_add_counts(struct device *device, unsigned stream, uint64_t t_us,
                                    const int32_t *counts, uint64_t now_ms)
{
    if (stream >= device->descriptor->streams_n)
        return DEVICE_BAD_STREAM;
    struct device_stream_state *state = &device->streams[stream];
    const struct wire_stream *described = &device->descriptor->streams[stream];
    uint32_t half_us = described->period_us / 2;
    enum device_error flushed = DEVICE_OK;
    /* A frame says only when it starts: a clock that jumps starts another one. */
    if (state->samples_n > 0 &&
        (t_us + half_us < state->next_us || t_us > state->next_us + half_us))
        flushed = device_flush(device, stream, now_ms);
    if (state->samples_n == 0)
        state->t0_us = t_us;
    for (unsigned c = 0; c < described->channels_n; c++)
        state->counts[c * state->frame_samples + state->samples_n] = counts[c];
    state->samples_n++;
    state->next_us = t_us + described->period_us;
    if (state->samples_n < state->frame_samples)
        return flushed;
    enum device_error closed = device_flush(device, stream, now_ms);
    return flushed != DEVICE_OK ? flushed : closed;
}

/* Nearest count, halves away from 0, cut off at int32; `value` is a number. */
static int32_t count_of(const struct wire_channel *channel, float value)
{
    double count = ((double)value - (double)channel->offset) / (double)channel->scale;
    count += count < 0 ? -0.5 : 0.5;
    if (count >= 2147483647.0)
        return INT32_MAX;
    if (count <= -2147483648.0)
        return INT32_MIN;
    return (int32_t)count;
}

enum device_error device_add_values(struct device *device, unsigned stream, uint64_t t_us,
                                    const float *values, uint64_t now_ms)
{
    int32_t counts[CHANNELS_MAX];
    if (stream >= device->descriptor->streams_n)
        return DEVICE_BAD_STREAM;
    const struct wire_stream *described = &device->descriptor->streams[stream];
    for (unsigned c = 0; c < described->channels_n; c++) {
        if (values[c] != values[c])
            return DEVICE_BAD_VALUE;
        counts[c] =
            count_of(&device->descriptor->channels[described->first_channel + c], values[c]);
    }
    return device_add_counts(device, stream, t_us, counts, now_ms);
}

void device_set_wear(struct device *device, Stride__V1__Wear wear)
{
    device->wear = wear;
}

void device_set_battery(struct device *device, int battery_pct)
{
    device->battery_pct = (int8_t)(battery_pct < 0 || battery_pct > 100 ? -1 : battery_pct);
}

/* Takes 1.3 KiB of stack: the note is in the copy. */
enum device_error device_report(struct device *device, const struct wire_report *report,
                                uint64_t now_ms)
{
    struct wire_report placed = *report;
    placed.place = next_place(device, &device->control);
    size_t size =
        wire_encode_report(&placed, device->scratch, device->scratch_size - DEVICE_RESTAMP_ROOM);
    return keep(&device->control, TOPIC_REPORT, now_ms, device->scratch, size);
}

enum device_error device_feedback(struct device *device, const struct wire_feedback *feedback,
                                  uint64_t now_ms)
{
    struct wire_feedback placed = *feedback;
    placed.place = next_place(device, &device->control);
    size_t size =
        wire_encode_feedback(&placed, device->scratch, device->scratch_size - DEVICE_RESTAMP_ROOM);
    return keep(&device->control, TOPIC_FEEDBACK, now_ms, device->scratch, size);
}

void device_connected(struct device *device, uint64_t now_ms)
{
    device->online = true;
    device->hello_due = true;
    lane_connected(&device->frames, now_ms);
    lane_connected(&device->control, now_ms);
}

void device_lost(struct device *device)
{
    device->online = false;
    lane_lost(&device->frames);
    lane_lost(&device->control);
}

bool device_received_stored(struct device *device, const struct wire_stored *stored,
                            uint64_t now_ms)
{
    if (stored->boot_id != device->descriptor->boot_id)
        return false;
    bool grew = lane_stored(&device->frames, stored->through_seq, now_ms);
    grew |= lane_stored(&device->control, stored->control_through_seq, now_ms);
    uint64_t first = UINT64_MAX;
    for (unsigned i = 0; i < stored->resend_n && i < STORED_RANGES_MAX; i++)
        if (stored->resend[i].first < first)
            first = stored->resend[i].first;
    if (first != UINT64_MAX)
        lane_again(&device->frames, first, now_ms);
    return grew;
}

static bool next_of(struct device *device, struct device_lane *lane, uint64_t now_ms,
                    struct device_message *out)
{
    struct ring_entry entry;
    if (!lane_next(lane, now_ms, &entry))
        return false;
    bool late = entry.sends > 0 || (uint32_t)now_ms - entry.made_ms > device->late_after_ms;
    size_t size = wire_restamp(entry.bytes, entry.size, lane_oldest_seq(lane), late,
                               device->scratch, device->scratch_size);
    assert(size > 0); /* appended with DEVICE_RESTAMP_ROOM to spare */
    *out = (struct device_message){.kind = (enum topic_kind)entry.kind,
                                   .bytes = device->scratch,
                                   .size = size,
                                   .seq = entry.seq};
    return true;
}

bool device_next(struct device *device, uint64_t now_ms, struct device_message *out)
{
    if (!device->online)
        return false;
    if (device->hello_due) {
        size_t size = wire_encode_hello(device->descriptor, device->scratch, device->scratch_size);
        *out = (struct device_message){.kind = TOPIC_HELLO, .bytes = device->scratch, .size = size};
        return size > 0;
    }
    return next_of(device, &device->control, now_ms, out) ||
           next_of(device, &device->frames, now_ms, out);
}

void device_sent(struct device *device, const struct device_message *message, uint64_t now_ms)
{
    if (message->kind == TOPIC_HELLO)
        device->hello_due = false;
    else if (message->kind == TOPIC_FRAME)
        lane_sent(&device->frames, message->seq, now_ms);
    else
        lane_sent(&device->control, message->seq, now_ms);
}

uint64_t device_deadline_ms(const struct device *device)
{
    uint64_t frames = lane_deadline_ms(&device->frames);
    uint64_t control = lane_deadline_ms(&device->control);
    return frames < control ? frames : control;
}

bool device_all_stored(const struct device *device)
{
    return device->frames.ring.count == 0 && device->control.ring.count == 0;
}
