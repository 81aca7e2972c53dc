/* Everything but frames, packed by protobuf-c from messages on the stack. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "proto/wire.h"
#include "proto/wire_private.h"

/* protobuf-c's structs are not const, but packing only reads. An empty text is an absent one. */
static char *borrow(const char *text)
{
    return text[0] == '\0' ? NULL : (char *)(uintptr_t)text;
}

static size_t pack(const ProtobufCMessage *message, uint8_t *out, size_t size)
{
    if (protobuf_c_message_get_packed_size(message) > size) {
        return 0;
    }
    return protobuf_c_message_pack(message, out);
}

static void encode_channel(const struct wire_channel *in, Stride__V1__Channel *out)
{
    stride__v1__channel__init(out);
    out->has_quantity = in->quantity != 0;
    out->quantity = (Stride__V1__Quantity)in->quantity;
    out->has_axis = in->axis != 0;
    out->axis = (Stride__V1__Axis)in->axis;
    out->has_sign = in->scale < 0.0F;
    out->sign = -1;
    out->has_scale = true;
    out->scale = fabs((double)in->scale);
    out->has_offset = in->offset != 0.0F;
    out->offset = (double)in->offset;
    bool two_ways = in->quantity == STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION ||
                    in->quantity == STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE;
    out->has_range_min = two_ways && !isnan(in->range);
    out->range_min = -(double)in->range;
    out->has_range_max = !isnan(in->range);
    out->range_max = (double)in->range;
    out->has_forward_mm = in->has_place;
    out->forward_mm = in->forward_mm;
    out->has_lateral_mm = in->has_place;
    /* NOLINTNEXTLINE(bugprone-signed-char-misuse): millimetres, not a character */
    out->lateral_mm = in->lateral_mm;
}

/* A descriptor in protobuf-c's shape, about 6 KiB of stack. */
struct hello_parts {
    Stride__V1__Channel channels[DEVICE_CHANNELS_MAX];
    Stride__V1__Channel *channel_pointers[DEVICE_CHANNELS_MAX];
    Stride__V1__Stream streams[STREAMS_MAX];
    Stride__V1__Stream *stream_pointers[STREAMS_MAX];
};

static void encode_streams(const struct wire_descriptor *in, struct hello_parts *parts)
{
    size_t next = 0;
    for (size_t s = 0; s < in->streams_n; s++) {
        Stride__V1__Stream *stream = &parts->streams[s];
        stride__v1__stream__init(stream);
        stream->has_period_us = true;
        stream->period_us = in->streams[s].period_us;
        stream->n_channels = in->streams[s].channels_n;
        stream->channels = &parts->channel_pointers[next];
        assert(in->streams[s].first_channel == next);
        assert(stream->n_channels <= DEVICE_CHANNELS_MAX - next);
        for (size_t c = 0; c < stream->n_channels; c++, next++) {
            encode_channel(&in->channels[next], &parts->channels[next]);
            parts->channel_pointers[next] = &parts->channels[next];
        }
        parts->stream_pointers[s] = stream;
    }
}

size_t wire_encode_hello(const struct wire_descriptor *in, uint8_t *out, size_t size)
{
    assert(in->streams_n <= STREAMS_MAX);
    struct hello_parts parts;
    Stride__V1__Descriptor message = STRIDE__V1__DESCRIPTOR__INIT;
    encode_streams(in, &parts);
    message.has_version = true;
    message.version = WIRE_VERSION_KNOWN;
    message.device = borrow(in->device);
    message.has_kind = true;
    message.kind = in->kind;
    message.has_side = in->side != 0;
    message.side = in->side;
    message.model = borrow(in->model);
    message.firmware = borrow(in->firmware);
    message.has_boot_id = true;
    message.boot_id = in->boot_id;
    message.n_streams = in->streams_n;
    message.streams = parts.stream_pointers;
    message.has_ring_frames = in->ring_frames != 0;
    message.ring_frames = in->ring_frames;
    message.has_calibrated_utc_ms = in->calibrated_utc_ms > 0;
    message.calibrated_utc_ms = (uint64_t)in->calibrated_utc_ms;
    return pack(&message.base, out, size);
}

static void encode_choices(const struct wire_report *in, Stride__V1__Report *out)
{
    out->has_button = in->button != 0;
    out->button = in->button;
    out->has_press_ms = in->press_ms != 0;
    out->press_ms = in->press_ms;
    out->has_pain_place = in->pain_place != 0;
    out->pain_place = in->pain_place;
    out->has_pain_side = in->pain_side != 0;
    out->pain_side = in->pain_side;
    out->has_pain_quality = in->pain_quality != 0;
    out->pain_quality = in->pain_quality;
    out->has_symptom = in->symptom != 0;
    out->symptom = in->symptom;
    out->has_symptom_side = in->symptom_side != 0;
    out->symptom_side = in->symptom_side;
    out->has_answer = in->answer != 0;
    out->answer = in->answer;
    out->has_relief = in->relief != 0;
    out->relief = in->relief;
    out->has_aggravator = in->aggravator != 0;
    out->aggravator = in->aggravator;
    out->has_fear = in->has_fear;
    out->fear = in->fear;
    out->has_effort = in->has_effort;
    out->effort = in->effort;
    out->has_surface = in->surface != 0;
    out->surface = in->surface;
    out->has_outdoors = in->outdoors != 0;
    out->outdoors = in->outdoors;
    out->has_ambient_c = in->has_ambient;
    out->ambient_c = in->ambient_c;
}

static void encode_conditions(const struct wire_report *in, Stride__V1__Report *out)
{
    out->has_long_ok = in->long_ok != 0;
    out->long_ok = in->long_ok;
    out->has_backpack = in->backpack != 0;
    out->backpack = in->backpack;
    out->has_icy = in->icy != 0;
    out->icy = in->icy;
    out->has_camber = in->camber != 0;
    out->camber = in->camber;
    out->has_sport = in->sport != 0;
    out->sport = in->sport;
    out->has_hydrated = in->hydrated != 0;
    out->hydrated = in->hydrated;
    out->has_driving = in->driving != 0;
    out->driving = in->driving;
    out->has_belt_status = in->belt_status != 0;
    out->belt_status = in->belt_status;
}

size_t wire_encode_report(const struct wire_report *in, uint8_t *out, size_t size)
{
    Stride__V1__Report message = STRIDE__V1__REPORT__INIT;
    message.has_version = message.has_boot_id = message.has_seq = true;
    message.version = WIRE_VERSION_KNOWN;
    message.boot_id = in->place.boot_id;
    message.seq = in->place.seq;
    message.has_oldest_kept_seq = in->place.oldest_kept_seq != 0;
    message.oldest_kept_seq = in->place.oldest_kept_seq;
    message.has_t_us = in->t_us >= 0;
    message.t_us = (uint64_t)in->t_us;
    message.has_pain_nrs = in->pain_nrs >= 0;
    message.pain_nrs = (uint32_t)in->pain_nrs;
    message.has_mood = in->mood >= 0;
    message.mood = (uint32_t)in->mood;
    message.question = borrow(in->question);
    message.note = borrow(in->note);
    encode_choices(in, &message);
    encode_conditions(in, &message);
    message.has_mood_week = in->mood_week != 0;
    message.mood_week = in->mood_week;
    return pack(&message.base, out, size);
}

size_t wire_encode_feedback(const struct wire_feedback *in, uint8_t *out, size_t size)
{
    Stride__V1__Feedback message = STRIDE__V1__FEEDBACK__INIT;
    message.has_version = message.has_boot_id = message.has_seq = message.has_kind = true;
    message.version = WIRE_VERSION_KNOWN;
    message.boot_id = in->place.boot_id;
    message.seq = in->place.seq;
    message.has_oldest_kept_seq = in->place.oldest_kept_seq != 0;
    message.oldest_kept_seq = in->place.oldest_kept_seq;
    message.has_t_us = in->t_us >= 0;
    message.t_us = (uint64_t)in->t_us;
    message.prompt = borrow(in->prompt);
    message.kind = in->kind;
    message.has_answer = in->answer != 0;
    message.answer = in->answer;
    return pack(&message.base, out, size);
}

size_t wire_encode_link(const struct wire_link *in, uint8_t *out, size_t size)
{
    Stride__V1__Link message = STRIDE__V1__LINK__INIT;
    message.has_boot_id = message.has_state = true;
    message.boot_id = in->boot_id;
    message.state = in->state;
    return pack(&message.base, out, size);
}

size_t wire_encode_stored(const struct wire_stored *in, uint8_t *out, size_t size)
{
    Stride__V1__SeqRange ranges[STORED_RANGES_MAX];
    Stride__V1__SeqRange *pointers[STORED_RANGES_MAX];
    Stride__V1__Stored message = STRIDE__V1__STORED__INIT;
    assert(in->resend_n <= STORED_RANGES_MAX);
    for (size_t i = 0; i < in->resend_n; i++) {
        stride__v1__seq_range__init(&ranges[i]);
        ranges[i].has_first = ranges[i].has_last = true;
        ranges[i].first = in->resend[i].first;
        ranges[i].last = in->resend[i].last;
        pointers[i] = &ranges[i];
    }
    message.has_boot_id = message.has_through_seq = true;
    message.boot_id = in->boot_id;
    message.through_seq = in->through_seq;
    message.has_control_through_seq = in->control_through_seq != 0;
    message.control_through_seq = in->control_through_seq;
    message.n_resend = in->resend_n;
    message.resend = pointers;
    return pack(&message.base, out, size);
}

size_t wire_encode_prompt(const struct wire_prompt *in, uint8_t *out, size_t size)
{
    Stride__V1__Prompt message = STRIDE__V1__PROMPT__INIT;
    message.id = borrow(in->id);
    message.text_id = borrow(in->text_id);
    message.text = borrow(in->text);
    message.has_pattern = in->pattern != 0;
    message.pattern = in->pattern;
    message.has_severity = in->severity != 0;
    message.severity = in->severity;
    message.rule = borrow(in->rule);
    message.has_silent = message.silent = in->silent;
    message.question = borrow(in->question);
    message.has_expects = in->expects != 0;
    message.expects = in->expects;
    return pack(&message.base, out, size);
}

size_t wire_encode_request(const struct wire_request *in, uint8_t *out, size_t size)
{
    Stride__V1__Request message = STRIDE__V1__REQUEST__INIT;
    message.id = borrow(in->id);
    message.has_kind = true;
    message.kind = in->kind;
    message.has_slow_by_mps = in->kind == STRIDE__V1__REQUEST_KIND__REQUEST_SLOW;
    message.slow_by_mps = in->slow_by_mps;
    message.text = borrow(in->text);
    return pack(&message.base, out, size);
}
