/* Shared by the parts of the baseline; see baseline.h. */
#ifndef STRIDE_HUB_CORE_BASELINE_PRIVATE_H
#define STRIDE_HUB_CORE_BASELINE_PRIVATE_H

#include "hub/core/baseline.h"

/* Storage: value = quantum x int16. The quantum is a two-hundredth of what a healthy walker's
 * strides differ by, or less; the MAD a cell starts from (E) only sets how soon it finds its own.
 */
struct baseline_scale {
    float quantum, mad;
};
const struct baseline_scale *baseline_scale(enum baseline_metric metric);

enum { BASELINE_NO_BIN = -1 };
/* NAN: BASELINE_ANY_SPEED. Outside of 0.3 to 2.2 m/s: BASELINE_NO_BIN. */
int baseline_bin(float speed_mps);
/* The value in quanta, NAN where it does not fit or is none. */
float baseline_quanta(enum baseline_metric metric, float value);
void baseline_forget_cell(struct baseline_state *state, int bin, int metric);

static inline bool baseline_has(uint16_t bits, int metric)
{
    return ((unsigned)bits >> metric & 1U) != 0;
}

#endif
