/* Frames from counts, straight into the caller's buffer: without protobuf-c, for small devices. */
#include <stdint.h>

#include "proto/wire.h"
#include "proto/wire_fields.h"

enum { FRAME_VERSION = 1 };

/* Where the next byte goes; what did not fit leaves `fits` false. */
struct writer {
    uint8_t *out;
    size_t size, at;
    bool fits;
};

static void write_varint(struct writer *writer, uint64_t value)
{
    if (wire_varint_size(value) > writer->size - writer->at) {
        writer->fits = false;
        return;
    }
    writer->at += wire_varint_write(value, writer->out + writer->at);
}

static void write_field(struct writer *writer, uint32_t number, uint64_t value)
{
    write_varint(writer, number << 3 | WIRE_TYPE_VARINT);
    write_varint(writer, value);
}

static void write_unless_0(struct writer *writer, uint32_t number, uint64_t value)
{
    if (value != 0) {
        write_field(writer, number, value);
    }
}

/* The difference modulo 2^32, so that every row of counts can be sent, zigzag-coded. */
static uint32_t zigzag_difference(int32_t count, int32_t previous)
{
    uint32_t difference = (uint32_t)count - (uint32_t)previous;
    return difference << 1 ^ (uint32_t) - (int32_t)(difference >> 31);
}

/* Bytes that the packed differences take. */
static size_t counts_size(const struct wire_counts *in)
{
    size_t size = 0;
    for (size_t channel = 0; channel < in->channels_n; channel++) {
        const int32_t *counts = in->counts + channel * in->samples_n;
        int32_t previous = 0;
        for (size_t i = 0; i < in->samples_n; i++) {
            size += wire_varint_size(zigzag_difference(counts[i], previous));
            previous = counts[i];
        }
    }
    return size;
}

static void write_counts(struct writer *writer, const struct wire_counts *in)
{
    size_t bytes_n = counts_size(in);
    write_varint(writer, FIELD_COUNTS << 3 | WIRE_TYPE_LENGTH);
    write_varint(writer, bytes_n);
    if (!writer->fits || bytes_n > writer->size - writer->at) {
        writer->fits = false;
        return;
    }
    for (size_t channel = 0; channel < in->channels_n; channel++) {
        const int32_t *counts = in->counts + channel * in->samples_n;
        int32_t previous = 0;
        for (size_t i = 0; i < in->samples_n; i++) {
            writer->at +=
                wire_varint_write(zigzag_difference(counts[i], previous), writer->out + writer->at);
            previous = counts[i];
        }
    }
}

size_t wire_encode_frame(const struct wire_counts *in, uint8_t *out, size_t size)
{
    struct writer writer = {.out = out, .size = size, .at = 0, .fits = true};
    if (in->samples_n > FRAME_SAMPLES_MAX || in->channels_n * in->samples_n > FRAME_VALUES_MAX) {
        return 0; /* no receiver takes it */
    }
    write_field(&writer, FIELD_VERSION, FRAME_VERSION);
    write_field(&writer, FIELD_BOOT, in->place.boot_id);
    write_field(&writer, FIELD_SEQ, in->place.seq);
    write_unless_0(&writer, FIELD_OLDEST_KEPT, in->place.oldest_kept_seq);
    write_unless_0(&writer, FIELD_STREAM, in->stream);
    write_field(&writer, FIELD_T0, in->t0_us);
    write_field(&writer, FIELD_PERIOD, in->period_us);
    write_field(&writer, FIELD_SAMPLES, in->samples_n);
    write_counts(&writer, in);
    write_unless_0(&writer, FIELD_WEAR, (uint64_t)in->wear);
    if (in->battery_pct >= 0) {
        write_field(&writer, FIELD_BATTERY, (uint64_t)in->battery_pct);
    }
    write_unless_0(&writer, FIELD_LATE, in->late ? 1 : 0);
    return writer.fits ? writer.at : 0;
}
