#include <float.h>
#include <string.h>

#include "proto/wire.h"
#include "proto/wire_private.h"

/* What no body and no sensor of this kind can produce. Generous on purpose: a value within is for
 * the core to judge, a value beyond means that scale, offset or bytes are wrong. */
struct bounds {
    float least, most; /* SI */
};

/* Indexed by quantity. */
static const struct bounds absurd[] = {
    /* not evaluated */
    [STRIDE__V1__QUANTITY__QUANTITY_UNKNOWN] = {-FLT_MAX, FLT_MAX},
    /* ten times the 2 kN of a heavy runner's foot, either sign for uncalibrated zeros */
    [STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE] = {-20000.0F, 20000.0F},
    [STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE] = {-20000.0F, 20000.0F},
    /* 200 g, the span of shock accelerometers; gait sensors show 16 g */
    [STRIDE__V1__QUANTITY__QUANTITY_ACCELERATION] = {-2000.0F, 2000.0F},
    /* 11,500 degrees/s; the fastest gyroscopes of this class show 4,000 */
    [STRIDE__V1__QUANTITY__QUANTITY_ANGULAR_RATE] = {-200.0F, 200.0F},
    [STRIDE__V1__QUANTITY__QUANTITY_HEART_RATE] = {0.0F, 400.0F},
    /* 54 km/h; an encoder's zero may creep below 0 */
    [STRIDE__V1__QUANTITY__QUANTITY_BELT_SPEED] = {-1.0F, 15.0F},
    /* 45 degrees */
    [STRIDE__V1__QUANTITY__QUANTITY_INCLINE] = {-1.0F, 1.0F},
    /* 0 to 1, with room for rounding of scale and offset */
    [STRIDE__V1__QUANTITY__QUANTITY_HANDRAIL] = {-0.01F, 1.01F},
};
enum { QUANTITIES = sizeof absurd / sizeof absurd[0] };
_Static_assert(STRIDE__V1__QUANTITY__QUANTITY_HANDRAIL + 1 == QUANTITIES, "every quantity is here");

/* Sums less `base` to SI; whether one of them is beyond the bounds. */
static bool convert(const struct wire_channel *channel, const struct bounds *bounds,
                    const int32_t *restrict sums, uint32_t base, size_t samples_n,
                    float *restrict out)
{
    const float scale = channel->scale, offset = channel->offset;
    const float least = bounds->least, most = bounds->most;
    int32_t beyond = 0;
    for (size_t i = 0; i < samples_n; i++) {
        float value = (float)(int32_t)((uint32_t)sums[i] - base) * scale + offset;
        out[i] = value;
        beyond |= (value < least) | (value > most);
    }
    return beyond != 0;
}

static const struct bounds *bounds_of(uint8_t quantity)
{
    return &absurd[quantity < QUANTITIES ? quantity : 0];
}

static enum wire_refusal decode_values(const Stride__V1__Frame *message,
                                       const struct wire_descriptor *descriptor,
                                       struct wire_frame *out)
{
    const struct wire_stream *stream = &descriptor->streams[out->stream];
    size_t samples_n = out->samples_n;
    size_t values_n = stream->channels_n * samples_n;
    if (message->n_counts != values_n || values_n > FRAME_VALUES_MAX) {
        return WIRE_CHANNELS;
    }
    /* The sums run through all channels; each channel is counted from 0, modulo 2^32 as the encoder
     * takes its differences. */
    uint32_t base = 0;
    bool beyond = false;
    for (size_t i = 0; i < stream->channels_n; i++) {
        const struct wire_channel *channel = &descriptor->channels[stream->first_channel + i];
        const int32_t *sums = message->counts + i * samples_n;
        beyond |= convert(channel, bounds_of(channel->quantity), sums, base, samples_n,
                          out->values + i * samples_n);
        base = (uint32_t)sums[samples_n - 1];
    }
    if (beyond) {
        return WIRE_ABSURD;
    }
    out->channels_n = stream->channels_n;
    return WIRE_OK;
}

static enum wire_refusal decode_place(const Stride__V1__Frame *message,
                                      const struct wire_descriptor *descriptor,
                                      struct wire_frame *out)
{
    enum wire_refusal refusal = wire_version(message->has_version, message->version);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    out->place = (struct wire_place){.boot_id = message->boot_id,
                                     .seq = message->seq,
                                     .oldest_kept_seq = message->oldest_kept_seq};
    refusal = wire_place_check(&out->place);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    if (out->place.boot_id != descriptor->boot_id) {
        return WIRE_BOOT;
    }
    out->stream = message->stream;
    return out->stream < descriptor->streams_n ? WIRE_OK : WIRE_CHANNELS;
}

static enum wire_refusal decode_timing(const Stride__V1__Frame *message,
                                       const struct wire_stream *stream, struct wire_frame *out)
{
    if (!message->has_t0_us || !message->has_period_us || !message->has_samples_n) {
        return WIRE_MISSING;
    }
    uint64_t period_us = message->period_us;
    if (message->t0_us > (uint64_t)WIRE_CLOCK_US_MAX || period_us * 2 < stream->period_us ||
        period_us > (uint64_t)stream->period_us * 2 || message->samples_n == 0 ||
        message->samples_n > FRAME_SAMPLES_MAX) {
        return WIRE_RANGE;
    }
    out->t0_us = (int64_t)message->t0_us;
    out->period_us = message->period_us;
    out->samples_n = (uint16_t)message->samples_n;
    return WIRE_OK;
}

static enum wire_refusal decode_asides(const Stride__V1__Frame *message, struct wire_frame *out)
{
    if (message->has_battery_pct && message->battery_pct > 100) {
        return WIRE_RANGE;
    }
    out->battery_pct = (int8_t)(message->has_battery_pct ? (int)message->battery_pct : -1);
    out->wear = (Stride__V1__Wear)wire_enum(&stride__v1__wear__descriptor, message->has_wear,
                                            (int)message->wear);
    out->late = message->has_late && message->late;
    return WIRE_OK;
}

enum wire_refusal wire_decode_frame(struct wire_arena *arena, const uint8_t *bytes, size_t size,
                                    const struct wire_descriptor *descriptor,
                                    struct wire_frame *out)
{
    Stride__V1__Frame message;
    enum wire_refusal refusal = wire_unpack_frame(arena, bytes, size, &message);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    refusal = decode_place(&message, descriptor, out);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    const struct wire_stream *stream = &descriptor->streams[out->stream];
    refusal = decode_timing(&message, stream, out);
    if (refusal != WIRE_OK) {
        return refusal;
    }
    refusal = decode_asides(&message, out);
    return refusal != WIRE_OK ? refusal : decode_values(&message, descriptor, out);
}
