/* Stage 4, beside gait: what one foot's pressure cells say about each stance, and how much it
 * bears.
 *
 * In: the frames that gait_foot_push gets, with their cells and the events that this push told.
 * Out: what is known of each contact, one `struct sole_stance` per finished stance (M15, M17 to
 * M19, foot slap), and the foot's mean load once a second, from which sole_weight.h finds the
 * body's weight. Samples are summed over points of 10 ms and bins of 40 ms of device time, and an
 * event takes effect SOLE_LAG_US after it happened, whenever it was told: how samples were cut into
 * frames makes no difference to a bit of a stance. (A foot-off that gait tells later than that,
 * from a foot that lingers at a tenth of its load, takes effect when it comes.) Each cell's floor,
 * its mean in the air, is tracked through the swings and taken off; so is the whole foot's. Force
 * is the sensor's own: a gain that is wrong by a quarter changes newtons and nothing else. Pure. */
#ifndef STRIDE_HUB_CORE_SOLE_H
#define STRIDE_HUB_CORE_SOLE_H

#include <stdbool.h>
#include <stdint.h>

#include "hub/core/gait.h"
#include "proto/wire.h"

enum {
    SOLE_CELLS_MAX = 24, /* of a foot with more only the totals are measured */
    SOLE_POINTS = 44,    /* of 10 ms: the lag and a bit more */
    SOLE_BINS = 46,      /* of 40 ms: the shape of stances of up to 1.4 s */
    SOLE_PENDING = 4,    /* two steps within the lag */
    SOLE_LAG_US = 400000 /* above gait's 0.35 s; also what is seen of a stance's first peak */
};
/* Of one push. */
enum {
    SOLE_STANCES_MAX = GAIT_CONTACTS_MAX + SOLE_PENDING,
    SOLE_LANDINGS_MAX = SOLE_STANCES_MAX,
    SOLE_LOADS_MAX = FRAME_SAMPLES_MAX * GAIT_PERIOD_US_MAX / 1000000 + 2
};

/* Yes and no of what may not be known. */
enum { SOLE_UNKNOWN = -1, SOLE_NO = 0, SOLE_YES = 1 };

/* One stance that began with a contact that was seen; NAN or SOLE_UNKNOWN where not measurable. */
struct sole_stance {
    uint8_t foot;                   /* enum foot */
    bool late;                      /* as of its foot-off's event */
    int8_t scuff_before;            /* M14: the swing before it touched the ground */
    int8_t forefoot_first;          /* rule book 2.4, STAIRS */
    int8_t partial;                 /* only a part of the foot, or of its usual load */
    double contact_us, foot_off_us; /* device time, those of the two gait events */
    float stride_mean_n;            /* mean load over the stride that this contact ended */
    float peak_n;                   /* largest force of the stance, as gait tells it */
    float first_peak_n;             /* of the two humps, the first; or the highest within 0.4 s */
    float loading_n_s;              /* M15 before division by body weight */
    float forefoot_share;           /* M17, 0 to 1 */
    float medial_index;             /* M18, -1 to 1 */
    float cpei_pct;                 /* M19; lateral of the line is positive */
    float cop_range_mm;             /* how far the centre of pressure travels forward */
    float cop_path_mm;              /* and how long its path is */
    float forefoot_delay_s; /* P06: from the heel's contact to the forefoot's; NAN if that came
                               first */
};

/* One contact, told SOLE_LAG_US after it happened: a stance's end is a second later. */
struct sole_landing {
    double contact_us;     /* device time, that of the gait event */
    int8_t scuff_before;   /* M14: the swing before it touched the ground */
    int8_t forefoot_first; /* rule book 2.4, STAIRS */
};

/* Mean force of one second of device time. */
struct sole_load {
    uint8_t foot;
    int64_t end_ns; /* session time of its end */
    float raw_n;    /* as the sensor says */
    float floor_n;  /* of which it shows this much in the air; NAN before that is known */
};

struct sole_output {
    int stances_n, loads_n, landings_n;
    struct sole_stance stances[SOLE_STANCES_MAX];
    struct sole_load loads[SOLE_LOADS_MAX];
    struct sole_landing landings[SOLE_LANDINGS_MAX];
};

struct sole_event {
    double at_us;
    float peak_n, impulse_ns;
    uint8_t kind;
    bool after_gap, late;
};

/* State of one foot; flat. */
struct sole {
    uint8_t foot, stream, cells_n; /* cells_n: force channels, as far as they are tracked */
    uint8_t pending_n, points_n, bins_n;
    bool started;      /* a point is open */
    bool floors_known; /* a swing was seen */
    bool stance_open;  /* a contact that was seen, no foot-off yet */
    bool stance_shape; /* the floors were known when it began */
    bool stride_open;  /* contact_us began the present stride */
    bool running;      /* the load is above a scuff's */
    int8_t scuff_before, forefoot_first;
    uint16_t point_n; /* samples in the open point */
    int64_t point;    /* its number: device time / 10 ms */
    double point_end_us;
    double contact_us, foot_off_us; /* the last of each */
    double run_us;                  /* since when the load is above a scuff's */
    double bump_us;                 /* the last such stretch that ended, and */
    float bump_s;                   /* its length */
    uint16_t bin_n;
    float point_sum, point_fore, point_heel, point_phase, bin_sum, load_sum;
    uint16_t load_n;
    float least, floor; /* of the whole foot, as of each cell below */
    float usual_mean_n; /* of a stride: half the body's weight, as this sensor shows it */
    float usual_peak_n, impulse_ns, stride_mean_n, first_peak_n, loading_n_s, forefoot_delay_s;
    uint32_t moved; /* cells that left their floor in this stride */
    struct sole_event pending[SOLE_PENDING];
    float cell_sum[SOLE_CELLS_MAX];   /* of the open bin */
    float cell_least[SOLE_CELLS_MAX]; /* smallest bin mean of this stride */
    float cell_floor[SOLE_CELLS_MAX];
    uint8_t cell_still[SOLE_CELLS_MAX]; /* strides in a row in which it did not move */
    float point_load[SOLE_POINTS];      /* N above the floor; NAN: no sample */
    uint8_t point_at[SOLE_POINTS];      /* mean time of its samples, in 256ths of it */
    uint8_t point_fore_share[SOLE_POINTS], point_heel_share[SOLE_POINTS]; /* 255ths */
    uint16_t bin_load[SOLE_BINS]; /* upper half of a float: 0.4 % */
    uint16_t bin_forward[SOLE_BINS];
    int16_t bin_lateral[SOLE_BINS]; /* centre of pressure, 64ths of a mm */
    uint8_t bin_fore_share[SOLE_BINS], bin_medial_share[SOLE_BINS], bin_lateral_share[SOLE_BINS];
};
_Static_assert(sizeof(struct sole) <= 1300, "two feet are a small part of a wearer's state");

void sole_init(struct sole *state, enum foot foot);
/* Feeds one frame of the stream that holds the foot's force. `force`: the sum of its force channels
 * per sample, as gait_foot_push got it; `events`: what that push told. The descriptor must be that
 * of the frame's boot. A descriptor with other force channels starts anew. `out` is emptied
 * first. */
void sole_push(struct sole *state, const struct slice *slice, const struct align *align,
               const struct wire_descriptor *descriptor, const struct wire_frame *frame,
               const float *force, const struct gait_event *events, int events_n,
               struct sole_output *out);
/* Device time up to which all is told of contacts and stances, of those that gait told in time. */
double sole_settled_us(const struct sole *state);
/* Cells that are stuck or dead (S08), bit i = i-th force channel of the stream: 60 strides did not
 * move them. While there is one, M17 to M19 and what else rests on cells are NAN. */
uint32_t sole_stuck_cells(const struct sole *state);

#endif
