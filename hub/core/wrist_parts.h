/* The parts of a wrist, in the order in which a cell passes. Private to wrist*.c.
 *
 * In: cells, the means of the samples over 20 ms. Pure. */
#ifndef STRIDE_HUB_CORE_WRIST_PARTS_H
#define STRIDE_HUB_CORE_WRIST_PARTS_H

#include "hub/core/wrist.h"

#define WRIST_GRAVITY 9.80665f
#define WRIST_DEGREES 57.29578f

struct wrist_cell {
    int64_t number;
    float acceleration[WRIST_AXES], rate[WRIST_AXES];
    float length; /* of the acceleration, m/s2 */
};

/* Where events of the present frame go. */
struct wrist_out {
    const struct slice *slice;
    const struct align *align;
    struct wrist_event *events;
    int n;
};

static inline double wrist_cell_us(int64_t cell)
{
    return (double)cell * WRIST_CELL_US;
}

struct wrist_event *wrist_tell(struct wrist_out *out, enum wrist_event_kind kind,
                               double at_device_us);

void wrist_steps_init(struct wrist_steps *steps);
/* Cells are missing before the next one. */
void wrist_steps_gap(struct wrist_steps *steps);
/* `up`: mean direction of up, to see turns by; only read when `has_rate`. True when a stride ended
 * with one of the steps told, from `*from_us` to `*to_us`. */
bool wrist_steps_cell(struct wrist_steps *steps, const struct wrist_cell *cell, const float *up,
                      bool has_rate, struct wrist_out *out, double *from_us, double *to_us);
float wrist_steps_cadence(const struct wrist_steps *steps);

void wrist_posture_init(struct wrist_posture *posture);
void wrist_posture_gap(struct wrist_posture *posture);
void wrist_rate_cell(struct wrist_posture *posture, const struct wrist_cell *cell);
/* Arm swing over a stride. */
void wrist_swing(struct wrist_posture *posture, double from_us, double to_us);
/* Arm swing where the wrist sees no steps: over the last 1.2 s, once in that time. */
void wrist_swing_unaided(struct wrist_posture *posture);
/* Adds the cell; true when it began a new block: `*up` (length 1), `*unrest_g` and `*block` tell
 * of the one that ended. */
bool wrist_posture_cell(struct wrist_posture *posture, const struct wrist_cell *cell, float up[3],
                        float *unrest_g, int64_t *block);
void wrist_posture_summary(const struct wrist_posture *posture, bool has_rate,
                           struct wrist_summary *out);
/* Median of up to 8 values; NAN of none. */
float wrist_median(const float *values, int n);

#endif
