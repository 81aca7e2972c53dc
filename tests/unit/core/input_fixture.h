/* An input of wearer 1, at a wall clock that goes with hub time. */
#ifndef STRIDE_TESTS_INPUT_FIXTURE_H
#define STRIDE_TESTS_INPUT_FIXTURE_H

#include "hub/core/pipeline.h"

static inline struct input input_of(uint64_t seq, int64_t at_ns, enum input_kind kind, uint8_t slot,
                                    const uint8_t *bytes, size_t size)
{
    return (struct input){.seq = seq,
                          .at_mono_ns = at_ns,
                          .at_wall_ms = 1700000000000 + at_ns / 1000000,
                          .wearer = 1,
                          .slot = slot,
                          .kind = (uint8_t)kind,
                          .size = (uint32_t)size,
                          .bytes = bytes};
}

#endif
