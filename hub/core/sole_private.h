/* What the files of sole share; nobody else includes this. */
#ifndef STRIDE_HUB_CORE_SOLE_PRIVATE_H
#define STRIDE_HUB_CORE_SOLE_PRIVATE_H

#include "hub/core/sole.h"

#define SOLE_POINT_US 10000.0
#define SOLE_BIN_US 40000.0
enum { SOLE_BIN_POINTS = 4 };
#define SOLE_SHARE_SCALE 255.0F
#define SOLE_MM_SCALE 64.0F
/* Before any device time. */
#define SOLE_NEVER_US (-1e300)

/* Cells, by their number: the i-th force channel is cell i. */
struct sole_region {
    uint8_t cells_n;
    uint8_t cell[SOLE_CELLS_MAX];
};

/* Where the cells of a foot lie. */
struct sole_layout {
    uint8_t cells_n;
    bool placed; /* every channel is a cell with a place, and no more than are tracked */
    uint8_t channel[CHANNELS_MAX];
    float forward_mm[SOLE_CELLS_MAX], lateral_mm[SOLE_CELLS_MAX];
    float moves_n[SOLE_CELLS_MAX]; /* a cell that moved less did not move */
    float length_mm;
    struct sole_region fore, heel;
    uint8_t medial_n, lateral_n; /* cells on either side */
    /* 1 or 0: what a cell counts for. */
    float is_fore[SOLE_CELLS_MAX], is_medial[SOLE_CELLS_MAX], is_lateral[SOLE_CELLS_MAX];
};

/* One push in the making. */
struct sole_work {
    const struct align *align;
    struct sole_layout layout;
    const float *cells[SOLE_CELLS_MAX]; /* the frame's values of each */
    const float *force;
    int samples_n;
    const struct gait_event *events; /* told by this push, not yet taken */
    int events_n;
    struct sole_output *out;
    /* Per sample, what the cells of a region bear, floors not taken off. */
    float fore[FRAME_SAMPLES_MAX], heel[FRAME_SAMPLES_MAX];
    float fore_floor, heel_floor;
    double due_us; /* when the first event that waits takes effect */
};

/* ---- sole_event.c: what an event does, SOLE_LAG_US after it happened */

/* Nothing is known of the present stance and stride. */
void sole_forget_stance(struct sole *state);
/* Takes the events whose time has come: those that wait from earlier pushes, then this one's. */
void sole_take_due(struct sole *state, struct sole_work *work, double now_us);
/* What is left of this push's events waits for the next. */
void sole_keep_pending(struct sole *state, struct sole_work *work);

/* ---- sole_sums.c: what the cells of a frame add up to */

/* Finds each cell's values in the frame's, and what the cells of each region bear. */
void sole_find_cells(struct sole_work *work, const float *values);
/* Adds the samples from `from` up to `to` to each cell's sum. */
void sole_add_cells(struct sole *state, const struct sole_work *work, int from, int to);

/* ---- sole_cells.c: where the cells are, what they show in the air, whether they live */

void sole_layout(const struct wire_descriptor *descriptor, unsigned stream,
                 struct sole_layout *out);
/* Takes the open bin into the ring of bins and into the smallest means. */
void sole_close_bin(struct sole *state, const struct sole_layout *layout);
/* A stride ended: its smallest means are the new floors. */
void sole_roll_floors(struct sole *state);

/* ---- sole_stance.c: what points and bins say about a stance */

/* What can be said of a stance SOLE_LAG_US after its contact. */
void sole_measure_contact(struct sole *state, const struct sole_layout *layout);
/* And after its foot-off: forefoot_share to cop_path_mm of `out`, NAN where not measurable. */
void sole_measure_shape(const struct sole *state, const struct sole_layout *layout,
                        struct sole_stance *out);

#endif
