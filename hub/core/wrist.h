/* Stage 4, at the wrist: steps, walking bouts, arm swing, posture and the first states of a fall.
 *
 * In: acceleration of the forearm (m/s2, with gravity) and, where there is one, its angular rate
 * (rad/s), in device time and in order, at any rate from 20 to 406 Hz, regular or not. A phone
 * carried in the hand or on the arm counts as a wrist; acceleration alone is enough, angular rate
 * alone gives arm swing only. Axes are those of the descriptor: forward = elbow to hand, up = out
 * of the watch face, left completes them. Out: events in device time, and a summary.
 * Everything is made from means over 20 ms of the line through the samples, on a grid that is fixed
 * in device time: the sampling rate and the cutting into frames do not show. Depends on nothing but
 * the samples. What cannot be measured is NAN or WRIST_UNKNOWN. Pure. */
#ifndef STRIDE_HUB_CORE_WRIST_H
#define STRIDE_HUB_CORE_WRIST_H

#include <stdbool.h>
#include <stdint.h>

#include "hub/core/align.h"
#include "hub/core/fall.h"

enum wrist_axis { WRIST_FORWARD = 0, WRIST_LEFT = 1, WRIST_UP = 2, WRIST_AXES = 3 };
enum wrist_event_kind {
    WRIST_BOUT_ON = 1, /* walking began at `at_device_us`; told once it is sure, with its steps */
    WRIST_STEP,
    WRIST_BOUT_OFF,     /* the last step of the bout */
    WRIST_FALL_SUSPECT, /* S01: the impact; told when the new posture was held 5 s */
    WRIST_FALL_STILL,   /* S01: the impact again; told when 10 s of stillness followed */
    /* A posture, at the end of the 0.5 s in which it was known; OFF when it ended or is no longer
     * known. */
    WRIST_VIEWING_ON, /* M21 reached 0.7 (R05) */
    WRIST_VIEWING_OFF,
    WRIST_CALL_ON,
    WRIST_CALL_OFF,
    WRIST_HANDS_FIXED_ON, /* whether feet step meanwhile is the caller's business (2.4) */
    WRIST_HANDS_FIXED_OFF,
    WRIST_EVENT_KINDS
};
/* Stable: stored and shown. */
const char *wrist_event_name(enum wrist_event_kind kind);
enum wrist_answer { WRIST_NO = 0, WRIST_YES = 1, WRIST_UNKNOWN = 2 };

struct wrist_event {
    uint8_t kind;   /* enum wrist_event_kind */
    bool late;      /* its frame came late: no live decision may rest on it */
    bool after_gap; /* step: samples are missing between the step before and this one */
    double at_device_us;
    int64_t at_session_ns; /* through align */
    /* As known when it was told, see struct wrist_summary; NAN where unknown. */
    float cadence_spm, arm_swing_deg, pitch_deg, viewing_share;
    struct fall_evidence fall; /* WRIST_FALL_*; zero otherwise */
};

/* Channel-major values of one frame, as wire decodes them (sign applied). NULL = no such channel;
 * a set of three counts only when complete. */
struct wrist_channels {
    const float *acceleration[WRIST_AXES], *rate[WRIST_AXES];
};

struct wrist_summary {
    double at_device_us; /* newest sample */
    float cadence_spm;   /* M01 over 10 s, from strides; NAN outside a bout or before 4 steps */
    uint32_t steps_n;    /* in bouts, since init */
    uint8_t walking;     /* enum wrist_answer: a bout is open */
    float arm_swing_deg; /* M20, median of the last strides; NAN without angular rate */
    float viewing_share; /* M21; NAN until 10 s of the last 20 s were seen */
    float pitch_deg;     /* forearm above (+) the horizon, newest 0.5 s */
    float pitch_sd_deg;  /* of the last 15 s; NAN until they were seen */
    uint8_t call;        /* enum wrist_answer */
    uint8_t hands_fixed; /* enum wrist_answer: M20 < 8 deg and pitch SD < 4 deg for 15 s. Steps
                            (by feet) are the caller's business (HANDS_FIXED, 2.4) */
    uint8_t fall;        /* enum fall_state */
    float still_s;       /* SD of each 0.5 s under 0.1 g, one direction, no step (S01, S03); NAN
                            before it was seen */
};

/* A cell is 20 ms of device time, a block 0.5 s. */
enum {
    WRIST_CELL_US = 20000,
    WRIST_BLOCK_CELLS = 25,
    WRIST_BLOCK_US = WRIST_BLOCK_CELLS * WRIST_CELL_US,
    WRIST_LANES = 8,     /* acceleration in 0 to 2, rate in 4 to 6, nothing in the others: what a */
    WRIST_RATE_LANE = 4, /* processor adds at once */
    WRIST_LONG = 31,     /* cells of the long mean: 0.62 s */
    WRIST_SHORT = 7,     /* cells of the short mean, taken twice: 0.14 s */
    WRIST_WAVE = 64,     /* cells of the step wave kept */
    WRIST_PENDING = 4,   /* steps that open a bout */
    WRIST_STEPS = 32,    /* 10 s at 190 steps/min */
    WRIST_PEAKS = 6,
    WRIST_BLOCKS = 40, /* 20 s (M21) */
    WRIST_RATES = 96,  /* 40 ms means of angular rate: 3.8 s */
    WRIST_SWINGS = 5,
    /* Of one frame, 512 samples of 60 ms: a step each 0.22 s, and three postures that change every
     * 0.5 s at most. */
    WRIST_EVENTS_MAX = 384
};

/* Means over cells from a stream of samples. */
struct wrist_grid {
    bool running;   /* a sample came before */
    int64_t cell;   /* being filled */
    double last_us; /* the newest sample */
    double end_us;  /* of the cell being filled */
    bool whole;     /* the cell was seen from its start */
    bool gap;       /* the next sample starts anew */
    float last[WRIST_LANES], sum[WRIST_LANES];
};

/* A step before it is known whether somebody walks. */
struct wrist_pending {
    double at_us;
    float height; /* of the wave, m/s2 */
    bool in_turn;
};

/* Steps from the length of acceleration alone, so that how the device sits makes no difference. */
struct wrist_steps {
    int32_t lengths[WRIST_LONG]; /* m/s2 x 4096, exact sums: a running sum never drifts */
    int32_t shorts[WRIST_SHORT], smooth[16];
    int32_t long_sum, short_sum, smooth_sum;
    uint8_t long_at, short_at, smooth_at;
    bool warm;                /* the means are filled */
    float wave[WRIST_WAVE];   /* m/s2: ring by cell number */
    int64_t wave_from_cell;   /* nothing before it is known */
    int64_t next_cell;        /* of the wave, to be looked at */
    float peaks[WRIST_PEAKS]; /* heights of the last steps */
    float least;              /* a step is at least that high, m/s2: from `peaks` */
    uint8_t peaks_n, peak_at;
    bool open;      /* a bout */
    bool after_gap; /* the next step follows a gap */
    uint8_t pending_n;
    uint8_t run_n; /* pending steps in a row, kept or not */
    struct wrist_pending pending[WRIST_PENDING];
    double last_us; /* last step, in a bout or pending; -INFINITY = none */
    float step_s;   /* typical step of this bout; 0 = none */
    uint32_t steps_n;
    uint8_t times_n, times_at;
    double times_us[WRIST_STEPS]; /* steps of this bout, no gap between them */
    float turn_rad_s;             /* about the vertical, 0.5 s mean */
};

/* Posture by blocks, and arm swing. */
struct wrist_posture {
    float viewing[WRIST_AXES]; /* up in forearm axes while the wearer looks at the device */
    int64_t block;             /* being filled; INT64_MIN = none */
    uint8_t cells_n;
    float sum[WRIST_AXES], length_sum, square_sum;
    float up[WRIST_AXES];          /* direction of up in the last block */
    uint64_t seen, looked;         /* bit i: the block i + 1 before the present one */
    int16_t pitch[WRIST_BLOCKS];   /* 0.01 deg; index = block number modulo */
    uint8_t swing_small_n;         /* blocks in a row with M20 < 8 deg */
    int16_t rates[WRIST_RATES][2]; /* 0.001 rad/s about left and up; index = half-cell modulo */
    int64_t rates_to, rates_from;  /* numbers of the newest, and the oldest in one piece */
    bool rate_half;                /* the first half of a rate is in `rate_sum` */
    float rate_sum[2];
    float swings_deg[WRIST_SWINGS];
    uint8_t swings_n, swing_at;
    bool unaided;     /* the wrist sees no strides */
    int64_t swing_to; /* number of the newest rate that a swing took in */
};

struct wrist {
    struct wrist_grid grid;
    bool has_rate, has_acceleration;
    bool viewing, call, hands_fixed; /* told as on */
    uint32_t steps_seen_n;           /* by the fall's blocks */
    uint16_t still_n;                /* blocks of stillness in a row */
    float still_from[WRIST_AXES];    /* direction of up when they began */
    struct wrist_steps steps;
    struct wrist_posture posture;
    struct fall fall;
};
_Static_assert(sizeof(struct wrist) <= 3072, "a wrist is a small part of a wearer's state");

void wrist_init(struct wrist *wrist);
/* Which way up points, in forearm axes, while the wearer looks at the device (any length > 0).
 * Until this is called: up tilted 20 deg to the hand, 0.34 forward and 0.94 up. */
void wrist_calibrate_viewing(struct wrist *wrist, const float up[WRIST_AXES]);
/* Feeds one frame. Returns how many events it wrote to `out`. On slice->gap_before, and on a hole
 * of more than 0.4 s between samples, nothing is carried over. */
int wrist_push(struct wrist *wrist, const struct slice *slice, const struct align *align,
               const struct wrist_channels *channels, struct wrist_event out[WRIST_EVENTS_MAX]);
void wrist_summary(const struct wrist *wrist, struct wrist_summary *out);

/* S06: a heart rate within 3 of the cadence for 20 s is the arm's rhythm, not the heart's. */
struct heart_lock {
    int64_t since_ns; /* they have been close; INT64_MIN = they are not */
    int64_t apart_ns; /* they have been apart since, while suspect; INT64_MIN = they are not */
    int64_t last_ns;
    bool suspect; /* hr_suspect */
};

void heart_lock_init(struct heart_lock *lock);
/* One heart rate, and the best cadence known then (feet before wrist; NAN = none: not close). */
bool heart_lock_push(struct heart_lock *lock, int64_t at_ns, float heart_bpm, float cadence_spm);

#endif
