#include <math.h>
#include <string.h>

#include "proto/wire.h"
#include "proto/wire_private.h"

/* Where a cell can be: within an insole of size 50, and on either side of its midline. */
enum { FORWARD_MM_MAX = 350, LATERAL_MM_MAX = 120 };
/* The bits that struct wire_channel has for them. */
#define QUANTITY_MASK 31U
#define AXIS_MASK 3U
static const float scale_max = 1e6F;
static const float si_max = 1e9F; /* offsets and ranges */

/* Narrows a double from outside; false when it is NaN or beyond `most` either way. */
static bool narrow(double in, float most, float *out)
{
    if (!(fabs(in) <= (double)most)) {
        return false;
    }
    *out = (float)in;
    return true;
}

static enum wire_refusal decode_scale(const Stride__V1__Channel *in, struct wire_channel *out)
{
    if (!in->has_scale) {
        return WIRE_MISSING;
    }
    int32_t sign = in->has_sign ? in->sign : 1;
    /* A scale below a float's reach would turn every value into 0. */
    if (!narrow(in->scale, scale_max, &out->scale) || !(out->scale > 0.0F) ||
        !isnormal(out->scale) || (sign != 1 && sign != -1)) {
        return WIRE_RANGE;
    }
    out->scale *= (float)sign;
    return narrow(in->has_offset ? in->offset : 0.0, si_max, &out->offset) ? WIRE_OK : WIRE_RANGE;
}

/* Is what it shows below zero as large as above? */
static bool two_ways(uint8_t quantity)
{
    return quantity == STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION ||
           quantity == STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE;
}

static enum wire_refusal decode_range(const Stride__V1__Channel *in, struct wire_channel *out)
{
    float least = NAN, most = NAN;
    if ((in->has_range_min && !narrow(in->range_min, si_max, &least)) ||
        (in->has_range_max && !narrow(in->range_max, si_max, &most))) {
        return WIRE_RANGE;
    }
    /* Comparing with an absent bound is false. */
    if (isgreater(least, most)) {
        return WIRE_RANGE;
    }
    if (!two_ways(out->quantity)) {
        out->range = most;
        return WIRE_OK;
    }
    /* Without zero inside, every sample would count as clipped. */
    if (isgreaterequal(least, 0.0F) || islessequal(most, 0.0F)) {
        return WIRE_RANGE;
    }
    out->range = fminf(-least, most); /* of an absent bound and a number: the number */
    return WIRE_OK;
}

static enum wire_refusal decode_position(const Stride__V1__Channel *in, struct wire_channel *out)
{
    if (in->forward_mm < 0 || in->forward_mm > FORWARD_MM_MAX || in->lateral_mm < -LATERAL_MM_MAX ||
        in->lateral_mm > LATERAL_MM_MAX) {
        return WIRE_RANGE;
    }
    out->has_place = in->has_forward_mm && in->has_lateral_mm;
    out->forward_mm = (int16_t)in->forward_mm;
    out->lateral_mm = (int8_t)in->lateral_mm;
    return WIRE_OK;
}

static enum wire_refusal decode_channel(const Stride__V1__Channel *in, struct wire_channel *out)
{
    out->quantity = (unsigned)wire_enum(&stride__v1__quantity__descriptor, in->has_quantity,
                                        (int)in->quantity) &
                    QUANTITY_MASK;
    out->axis =
        (unsigned)wire_enum(&stride__v1__axis__descriptor, in->has_axis, (int)in->axis) & AXIS_MASK;
    enum wire_refusal refusal = decode_scale(in, out);
    if (refusal == WIRE_OK) {
        refusal = decode_range(in, out);
    }
    return refusal == WIRE_OK ? decode_position(in, out) : refusal;
}

/* Takes the next free channels of the descriptor, from `*channels_n` on. */
static enum wire_refusal decode_stream(const Stride__V1__Stream *in, struct wire_stream *out,
                                       struct wire_channel *channels, size_t *channels_n)
{
    if (!in->has_period_us || in->n_channels == 0) {
        return WIRE_MISSING;
    }
    if (in->period_us < PERIOD_US_MIN || in->period_us > PERIOD_US_MAX ||
        in->n_channels > CHANNELS_MAX || in->n_channels > DEVICE_CHANNELS_MAX - *channels_n) {
        return WIRE_RANGE;
    }
    out->period_us = in->period_us;
    out->channels_n = (uint8_t)in->n_channels;
    out->first_channel = (uint8_t)*channels_n;
    for (size_t i = 0; i < in->n_channels; i++) {
        enum wire_refusal refusal = decode_channel(in->channels[i], &channels[*channels_n]);
        if (refusal != WIRE_OK) {
            return refusal;
        }
        (*channels_n)++;
    }
    return WIRE_OK;
}

static enum wire_refusal decode_streams(const Stride__V1__Descriptor *in,
                                        struct wire_descriptor *out)
{
    if (in->n_streams == 0) {
        return WIRE_MISSING;
    }
    if (in->n_streams > STREAMS_MAX) {
        return WIRE_RANGE;
    }
    size_t channels_n = 0;
    out->streams_n = (uint8_t)in->n_streams;
    for (size_t i = 0; i < in->n_streams; i++) {
        enum wire_refusal refusal =
            decode_stream(in->streams[i], &out->streams[i], out->channels, &channels_n);
        if (refusal != WIRE_OK) {
            return refusal;
        }
    }
    return WIRE_OK;
}

static enum wire_refusal decode_identity(const Stride__V1__Descriptor *in, const char *topic_device,
                                         struct wire_descriptor *out)
{
    enum wire_refusal refusal = wire_id(in->device, out->device);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    if (strcmp(out->device, topic_device) != 0) {
        return WIRE_WRONG_DEVICE;
    }
    refusal = wire_enum_required(&stride__v1__device_kind__descriptor, in->has_kind, (int)in->kind);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    out->kind = in->kind;
    out->side =
        (Stride__V1__Side)wire_enum(&stride__v1__side__descriptor, in->has_side, (int)in->side);
    if (!wire_name(in->model, out->model) || !wire_name(in->firmware, out->firmware)) {
        return WIRE_TEXT;
    }
    out->boot_id = in->boot_id;
    out->ring_frames = in->ring_frames;
    if (in->calibrated_utc_ms > (uint64_t)WALL_MS_MAX) {
        return WIRE_RANGE;
    }
    out->calibrated_utc_ms = (int64_t)in->calibrated_utc_ms;
    return wire_boot(in->has_boot_id, in->boot_id);
}

enum wire_refusal wire_decode_hello(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                    const char *topic_device, struct wire_descriptor *out)
{
    enum wire_refusal refusal = WIRE_OK;
    const Stride__V1__Descriptor *message = wire_unpack(arena, &stride__v1__descriptor__descriptor,
                                                        bytes, size, HELLO_BYTES_MAX, &refusal);
    if (message == NULL) {
        return refusal;
    }
    memset(out, 0, sizeof *out);
    refusal = wire_version(message->has_version, message->version);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    refusal = decode_identity(message, topic_device, out);
    return refusal == WIRE_OK ? decode_streams(message, out) : refusal;
}
