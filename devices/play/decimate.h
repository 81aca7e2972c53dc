/* Lowering a sampling rate by a whole factor without folding what lies above into it.
 *
 * A linear-phase low-pass (windowed sinc, Kaiser window), centred on the sample it makes, so that
 * it delays nothing: event times stay where they were. Edges are continued with the edge's value.
 * Pure. */
#ifndef STRIDE_DEVICES_PLAY_DECIMATE_H
#define STRIDE_DEVICES_PLAY_DECIMATE_H

#include <stddef.h>
#include <stdint.h>

enum { DECIMATE_FACTOR_MAX = 16, DECIMATE_LOBES = 12 };

struct decimator {
    unsigned factor;
    unsigned half_taps; /* taps on either side of the middle one */
    double taps[2 * DECIMATE_LOBES * DECIMATE_FACTOR_MAX + 1];
};

/* `factor` from 2 to DECIMATE_FACTOR_MAX. Passes up to 0.8 of the new Nyquist frequency within
 * 0.1 %, and lets less than 0.1 % through above 1.2 of it. */
void decimator_init(struct decimator *decimator, unsigned factor);
/* Low-passed value at sample `at` of `in` (samples_n samples, `stride` apart). */
double decimator_at(const struct decimator *decimator, const int32_t *in, size_t samples_n,
                    size_t stride, size_t at);

#endif
