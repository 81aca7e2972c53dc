/* Stage 5: events of both feet, and the belt, become strides with features; walks open and close.
 *
 * In: gait events in each foot's order, watermarks ("this foot's samples reach to here"), belt
 * samples. Out: strides, each on two paths:
 *   live  - handed out as soon as both feet reach past its end and its shape has been told, or 1 s
 *           after its end at the latest (design 1); late strides never appear on it. Rules and the
 *           live view read it.
 *   final - handed out when both feet reach past its end and its shape has been told, or who would
 *           is known to be gone, or STRIDE_WAIT_MAX strides wait; and when later steps have told
 * whether it is part of a walk. The record reads it: what a crash delayed completes it. The only
 * stage that waits, and it waits by deadlines that it reports. Pure. */
#ifndef STRIDE_HUB_CORE_STRIDE_H
#define STRIDE_HUB_CORE_STRIDE_H

#include "hub/core/foot_imu.h"
#include "hub/core/gait.h"
#include "hub/core/params.h"
#include "hub/core/window.h"

enum stride_path { STRIDE_LIVE = 0, STRIDE_FINAL = 1, STRIDE_PATHS = 2 };
enum { STRIDE_WAIT_MAX = 64 };

enum stride_answer { STRIDE_UNKNOWN = 0, STRIDE_NO = 1, STRIDE_YES = 2 };

/* What foot IMU and cells saw of one stride. NAN = not measured, never 0. `length_m` to `scuff` are
 * of the stride's swing and the contact that ends it, the others of the stance that begins it. */
struct stride_shape {
    float length_m;         /* foot IMU: the foot's way over the ground (M06) */
    float height_m;         /* up positive: stairs */
    float turn_deg;         /* to the left positive */
    float foot_angle_deg;   /* M13, toes up positive */
    float clearance_mm;     /* M14 */
    float swing_jerk;       /* M14, m/s3 */
    float impact_g;         /* M16 */
    uint8_t scuff;          /* enum stride_answer, M14 */
    uint8_t forefoot_first; /* enum stride_answer: landed on the forefoot (2.4) */
    float loading_n_s;      /* M15 before it is divided by body weight: N/s */
    float forefoot_share;   /* M17 */
    float medial_index;     /* M18 */
    float cpei_pct;         /* M19 */
    float slap_s;           /* from heel to forefoot contact (P06) */
};

/* One stride: initial contact to the same foot's next one. NAN = not measured, never 0. */
struct stride {
    uint8_t foot;
    uint8_t path;             /* enum stride_path */
    bool valid;               /* 0.6 to 2.5 s, no gap inside, one foot-off inside (M02) */
    bool other_known;         /* the other foot's events over this stride are complete */
    bool walking;             /* part of a WALK: >= 6 alternating steps, gaps 0.3 to 1.2 s (2.4) */
    bool steady;              /* part of WALK_STEADY (2.4), as far as time alone can tell */
    int64_t start_ns, end_ns; /* session time */
    double start_device_us, foot_off_device_us, end_device_us;
    float stride_s; /* M02 */
    float stance_s, swing_s;
    float stance_pct, swing_pct;                /* M03 */
    float double_support_s, double_support_pct; /* M04, both periods of the stride */
    float step_s; /* from the other foot's contact inside this stride to end: this foot's step */
    float peak_force_n; /* of this stride's stance, over the floor */
    float impulse_ns;
    float belt_mps;        /* mean belt speed over the stride */
    float incline;         /* ratio */
    float stride_length_m; /* belt speed x stride time, else the foot IMU's */
    float speed_mps;       /* M05: belt, else stride_length_m / stride_s */
    float flight_s;        /* no foot down, of the stride; NAN unless the other foot is known */
    struct stride_shape shape;
};

/* M01 and friends over a window, for the live view and the rules. NAN = not enough data. */
struct stride_summary {
    float cadence_spm;   /* M01: 60 / median step time, 10 s; from one foot: 120 / median stride */
    float stride_time_s; /* median of the window */
    float stride_cv_pct; /* M09: last 50 steady strides, at least 30, beyond 3 MAD removed */
    float si_stance_pct, si_step_pct, si_load_pct; /* M10 to M12: medians, last 40 strides a foot */
    float stance_pct[FEET], double_support_pct;
    float speed_mps;          /* M05, 10 s: belt, else foot IMU */
    float step_length_m;      /* M06: speed x 60 / cadence */
    float walk_ratio;         /* M08: step length / cadence, m/(steps/min) */
    uint16_t outliers_n;      /* removed from the CV */
    uint16_t strides_n[FEET]; /* in the symmetry windows */
    /* Medians of the last STRIDE_SHAPES_N valid strides of a foot that walked in the last 10 s, at
     * least STRIDE_SHAPES_MIN; see struct stride_shape. */
    float foot_angle_deg[FEET], clearance_mm[FEET], impact_g[FEET];
    float loading_n_s[FEET], forefoot_share[FEET], medial_index[FEET];
    float scuffs_per_20[FEET]; /* of the same strides, scaled to 20 */
    float turn_deg;            /* over the last 2 s, to the left positive: the foot that saw more */
};

/* Contacts kept per foot: what waits on the final path, and the steps before it that tell a walk.
 */
enum {
    STRIDE_STEPS = STRIDE_WAIT_MAX + 16,
    STRIDE_BELT = 160,    /* 40 s of a treadmill at 4 Hz: most of what waits for a foot */
    STRIDE_RECENT = 32,   /* 10 s at a run */
    STRIDE_CV_MAX = 50,   /* M09 */
    STRIDE_SI_MAX = 40,   /* M10 to M12 */
    STRIDE_STEADY_N = 10, /* 2.4 */
    STRIDE_SHAPES_N = 20, /* scuffs are counted over 20 strides (M14); the others with them */
    STRIDE_SHAPES_MIN = 5,
    STRIDE_SHAPE_VALUES = 12
};

/* What is kept of a shape: whole steps of a unit, see the table in stride_shape.c. */
struct stride_shape_kept {
    int16_t values[STRIDE_SHAPE_VALUES]; /* INT16_MIN = not measured */
    uint8_t scuff, forefoot_first;
};

/* A swing that the foot IMU told before the force told its contact. */
struct stride_swing {
    double foot_off_us, contact_us; /* NAN = none */
    struct stride_shape_kept shape;
};
enum { STRIDE_SWINGS = 3 }; /* 1.5 s at a run: longer than any frame of a stream of its own */

/* A contact of one foot and the stance that followed. */
struct stride_step {
    double contact_us, foot_off_us; /* device time; NAN = none yet */
    int64_t contact_ns;             /* session time */
    float peak_force_n, impulse_ns;
    uint32_t gap_us; /* samples are missing from so long after the contact; UINT32_MAX = none */
    struct stride_shape_kept shape;
    uint8_t foot_offs_n;
    bool late;
};

struct stride_foot {
    bool expected;
    uint32_t steps_n;     /* all that ever came; the last STRIDE_STEPS are in the ring */
    int64_t watermark_ns; /* INT64_MIN = none yet */
    int64_t shaped_ns;    /* INT64_MAX = nobody tells shapes */
    uint8_t swing_at;
    struct stride_swing swings[STRIDE_SWINGS];
    struct stride_step steps[STRIDE_STEPS];
};

/* Each as long as what it holds. */
struct stride_steady WINDOW_OF(STRIDE_STEADY_N);
struct stride_balance WINDOW_OF(STRIDE_SI_MAX);

/* What one path handed out so far. */
struct stride_out {
    uint32_t next[FEET]; /* number of the step that begins each foot's next stride */
    int64_t walk_start_ns, walk_last_ns; /* INT64_MIN = never */
    struct stride_steady steady_s;       /* last stride times of this walk */
};

struct stride_recent {
    int64_t end_ns;
    float stride_s, step_s, speed_mps;
    uint8_t foot;
};

/* Windows of the summary, of live strides in a walk. */
struct stride_windows {
    uint8_t recent_n, recent_at;
    struct stride_recent recent[STRIDE_RECENT];
    struct window steady_s; /* stride times */
    struct stride_balance stance_s[FEET], stance_pct[FEET], step_s[FEET], peak_n[FEET];
    struct stride_balance double_support_pct; /* both feet see the same */
    int64_t last_ns[FEET];                    /* end of the newest stride; INT64_MIN = none */
    uint32_t first[FEET];                     /* number of the first step of this session */
};

struct stride_belt_sample {
    int64_t at_ns;
    float mps, incline;
};

struct stride_state {
    struct stride_foot feet[FEET];
    struct stride_out paths[STRIDE_PATHS];
    struct stride_windows windows;
    uint16_t belt_n, belt_at;
    struct stride_belt_sample belt[STRIDE_BELT];
    int64_t live_wait_ns; /* as of the last stride_next() */
    int64_t asked_ns;     /* now_ns of the last stride_next(STRIDE_FINAL) but a flush */
};
_Static_assert(sizeof(struct stride_state) <= 16384, "one wearer's strides");

void stride_init(struct stride_state *state);
/* Which feet have a device registered and not known to be gone: a path never waits for a foot that
 * cannot come. */
void stride_expect(struct stride_state *state, enum foot foot, bool expected);
void stride_event(struct stride_state *state, const struct gait_event *event);
/* This foot's events are all told up to `session_ns`: gait_foot_settled_ns() after each push, not
 * the end of the slice (a foot-off is told up to 0.35 s after it happened). `gap_before`: as the
 * slice. */
void stride_watermark(struct stride_state *state, enum foot foot, int64_t session_ns,
                      bool gap_before);
/* One swing of the foot IMU: its path becomes the shape of the stride that the swing belongs to,
 * whoever timed that. Foot-off and contact may be told before or after. */
void stride_shape_swing(struct stride_state *state, const struct foot_imu_stride *swing);
/* Nothing of it was measured. */
struct stride_shape stride_shape_unknown(void);
/* What `shape` has measured (not NAN, not STRIDE_UNKNOWN) is taken into the foot's stride that
 * holds device time `at_us`; its first contact must have been told. For what pressure cells see: in
 * the middle of a stance that has ended, or later. */
void stride_shape_at(struct stride_state *state, enum foot foot, double at_us,
                     const struct stride_shape *shape);
/* Whoever tells this foot's shapes has told all of strides that end by `session_ns`; strides wait
 * for that, live ones with the usual deadline. INT64_MAX: nobody does. */
void stride_shaped(struct stride_state *state, enum foot foot, int64_t session_ns);
/* One belt sample: treadmill's own order, session time. NAN incline = unknown. */
void stride_belt(struct stride_state *state, int64_t session_ns, float belt_mps, float incline);
/* Next stride that is due on `path` at `now_ns`, oldest first; false when there is none.
 * STRIDE_FINAL with now_ns = INT64_MAX flushes all (the session closes). */
bool stride_next(struct stride_state *state, enum stride_path path, int64_t now_ns,
                 const struct params *params, struct stride *out);
/* When a path may have something without further input (session ns); INT64_MAX = never: the live
 * path as it waits for a foot no longer, the final one as it waits for a belt no longer. Both are
 * asked then, and after each input. */
int64_t stride_deadline_ns(const struct stride_state *state);
/* Of the contact that ended the foot's newest live stride, and what went before it. */
struct stride_end {
    uint8_t forefoot_first; /* enum stride_answer; UNKNOWN as well if it was not told in time */
    float flight_s;         /* no foot down before it; 0 = one was; NAN unknown */
    bool gap;               /* samples are missing since the stride's first contact */
};
void stride_live_end(const struct stride_state *state, enum foot foot, struct stride_end *out);
/* Over the live strides so far, at `now_ns` (older than 10 s: cadence NAN). `stride_timing` leaves
 * out what rests on shapes (NAN), and `stride_evenness` cadence and speed too: what is left is
 * variability, symmetry and the stances of M05 and M09 to M12. */
void stride_evenness(const struct stride_state *state, int64_t now_ns, struct stride_summary *out);
void stride_timing(const struct stride_state *state, int64_t now_ns, struct stride_summary *out);
/* Nothing of it is known: all NAN. */
struct stride_summary stride_summary_unknown(void);
void stride_summary(const struct stride_state *state, int64_t now_ns, struct stride_summary *out);
/* Session time of the last step that was part of a WALK on this path; INT64_MIN = never. */
int64_t stride_last_walk_ns(const struct stride_state *state, enum stride_path path);
/* Session time of the first contact of the present (or last) walk on this path; INT64_MIN = never.
 */
int64_t stride_walk_start_ns(const struct stride_state *state, enum stride_path path);
/* Forget windows of the summary (a session closed); clocks, queues and levels stay. */
void stride_new_session(struct stride_state *state);

#endif
