/* Finds a foot's floor and plateau from nothing: the range of the last 3 s, and swings alike in it.
 *
 * In: one force value at a time. Out: floor and plateau, once two swings in a row looked alike.
 * It knows no unit and no earlier level, so it works at the start, and after any jump of either.
 * Pure. Private to gait.c. */
#ifndef STRIDE_HUB_CORE_LEVEL_H
#define STRIDE_HUB_CORE_LEVEL_H

#include "hub/core/gait.h"

void level_finder_init(struct level_finder *finder);
/* Samples are missing here: no swing spans it. The range stays. */
void level_finder_gap(struct level_finder *finder);
/* True when the sample ended the second of two swings alike; floor and plateau are then in
 * `swing_floor` and `stance_mean`, and the earlier of the two began at `since_us`. */
bool level_finder_push(struct level_finder *finder, double at_us, float force);

#endif
