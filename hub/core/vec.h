/* Four floats at once, each lane by itself: what a lane gets is to the bit what plain float
 * arithmetic in the same order gives.
 *
 * In the compilers' own vectors (gcc and clang): SSE2 of any amd64, NEON of any arm64, plain
 * registers elsewhere. For what runs for each sample. Pure. */
#ifndef STRIDE_HUB_CORE_VEC_H
#define STRIDE_HUB_CORE_VEC_H

#include <stdint.h>
#include <string.h>

enum { VEC_LANES = 4 };

typedef float vec __attribute__((vector_size(VEC_LANES * sizeof(float))));
typedef int32_t vec_bits __attribute__((vector_size(VEC_LANES * sizeof(int32_t))));
typedef uint8_t vec_bytes __attribute__((vector_size(VEC_LANES)));

/* Of VEC_LANES floats, wherever they lie. */
static inline vec vec_load(const float *from)
{
    vec out;
    memcpy(&out, from, sizeof out);
    return out;
}

static inline void vec_store(float *to, vec value)
{
    memcpy(to, &value, sizeof value);
}

static inline vec vec_of(float value)
{
    return (vec){value, value, value, value};
}

/* 0 where it is not above 0. */
static inline vec vec_positive(vec value)
{
    return (vec)((vec_bits)value & (value > vec_of(0.0F)));
}

static inline vec vec_select(vec_bits mask, vec where, vec otherwise)
{
    return (vec)(((vec_bits)where & mask) | ((vec_bits)otherwise & ~mask));
}

/* Towards 0; each must be 0 to 255. */
static inline void vec_store_bytes(uint8_t to[VEC_LANES], vec value)
{
    vec_bits whole = __builtin_convertvector(value, vec_bits);
    vec_bytes bytes = __builtin_convertvector(whole, vec_bytes);
    memcpy(to, &bytes, sizeof bytes);
}

/* Rows become columns. */
static inline void vec_transpose(vec rows[VEC_LANES])
{
    vec low01 = __builtin_shufflevector(rows[0], rows[1], 0, 4, 1, 5);
    vec high01 = __builtin_shufflevector(rows[0], rows[1], 2, 6, 3, 7);
    vec low23 = __builtin_shufflevector(rows[2], rows[3], 0, 4, 1, 5);
    vec high23 = __builtin_shufflevector(rows[2], rows[3], 2, 6, 3, 7);
    rows[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
    rows[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
    rows[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
    rows[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
}

#endif
