/* The frame's own unpacker against protobuf-c, for the wire's tests and fuzz targets. */
#ifndef STRIDE_TESTS_WIRE_REFERENCE_H
#define STRIDE_TESTS_WIRE_REFERENCE_H

#include <string.h>

#include "proto/wire_private.h"

static inline bool reference_same_place(const Stride__V1__Frame *ours,
                                        const Stride__V1__Frame *reference)
{
    return ours->has_version == reference->has_version && ours->version == reference->version &&
           ours->has_boot_id == reference->has_boot_id && ours->boot_id == reference->boot_id &&
           ours->has_seq == reference->has_seq && ours->seq == reference->seq &&
           ours->has_oldest_kept_seq == reference->has_oldest_kept_seq &&
           ours->oldest_kept_seq == reference->oldest_kept_seq &&
           ours->has_stream == reference->has_stream && ours->stream == reference->stream;
}

static inline bool reference_same_rest(const Stride__V1__Frame *ours,
                                       const Stride__V1__Frame *reference)
{
    return ours->has_t0_us == reference->has_t0_us && ours->t0_us == reference->t0_us &&
           ours->has_period_us == reference->has_period_us &&
           ours->period_us == reference->period_us &&
           ours->has_samples_n == reference->has_samples_n &&
           ours->samples_n == reference->samples_n && ours->has_wear == reference->has_wear &&
           ours->wear == reference->wear && ours->has_battery_pct == reference->has_battery_pct &&
           ours->battery_pct == reference->battery_pct && ours->has_late == reference->has_late &&
           ours->late == reference->late;
}

static inline bool reference_same_counts(const Stride__V1__Frame *ours,
                                         const Stride__V1__Frame *reference)
{
    uint32_t sum = 0; /* ours are running sums */
    if (ours->n_counts != reference->n_counts) {
        return false;
    }
    for (size_t i = 0; i < ours->n_counts; i++) {
        sum += (uint32_t)reference->counts[i];
        if (ours->counts[i] != (int32_t)sum) {
            return false;
        }
    }
    return true;
}

/* Whether both refuse the bytes, or both read the same message from them. */
static inline bool reference_agrees(struct wire_arena *arena, const uint8_t *bytes, size_t size)
{
    Stride__V1__Frame ours;
    enum wire_refusal refusal = wire_unpack_frame(arena, bytes, size, &ours);
    if (size > FRAME_BYTES_MAX) {
        return refusal == WIRE_TOO_LARGE;
    }
    Stride__V1__Frame *reference = stride__v1__frame__unpack(NULL, size, bytes);
    if (reference == NULL) {
        return refusal == WIRE_MALFORMED;
    }
    bool same = refusal == WIRE_OK && reference_same_place(&ours, reference) &&
                reference_same_rest(&ours, reference) && reference_same_counts(&ours, reference);
    stride__v1__frame__free_unpacked(reference, NULL);
    return same;
}

#endif
