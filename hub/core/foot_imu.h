/* Stage 4: one foot's gyroscope and accelerometer become contacts, foot-offs and stride kinematics.
 *
 * In: samples of one foot in device time, in order, gaps marked, along the foot's own axes
 * (forward, left, up) as the descriptor states them; a sign is never guessed. Out: the same events
 * as from force, and for each swing the path between the mid-stances around it: length, height
 * change, turn, foot angle, toe clearance, impact. Works alone; where force times the events, the
 * caller takes those and asks foot_imu_stride_of() which of these strides a force's swing belongs
 * to. The sensor may be tilted on the foot (a shoelace, a heel): what is level is learnt from each
 * mid-stance. Nothing looks ahead by more than the swing's own stance. Depends on nothing but the
 * samples: how they were cut into frames makes no difference to a bit. Pure. */
#ifndef STRIDE_HUB_CORE_FOOT_IMU_H
#define STRIDE_HUB_CORE_FOOT_IMU_H

#include "hub/core/gait.h"
#include "proto/wire.h"

/* Why a stride has events and no path. */
enum foot_imu_lack {
    FOOT_IMU_WHOLE = 0, /* nothing is lacking */
    FOOT_IMU_GAP,       /* samples are missing inside */
    FOOT_IMU_NO_REST,   /* the foot was not at rest before or after: run, slide, tiptoe */
    FOOT_IMU_TOO_LONG,  /* over 3 s between the rests: drift is larger than a step's error */
};

/* One swing and the mid-stances around it. NAN = not measured, never 0. */
struct foot_imu_stride {
    uint8_t foot;         /* enum foot */
    uint8_t lack;         /* enum foot_imu_lack; if not 0, all that needs the path is NAN */
    bool clipped;         /* a sensor was at the end of its range: lengths are doubtful */
    double start_us;      /* mid-stance before the swing; device time, as all of these */
    double foot_off_us;   /* as told in the event */
    double contact_us;    /* as told in the event */
    double end_us;        /* mid-stance after the swing */
    double former_us;     /* the contact before the foot-off; NAN = not seen */
    float length_m;       /* horizontal, from mid-stance to mid-stance: the stride's (M06) */
    float height_m;       /* up positive: stairs */
    float turn_deg;       /* heading after minus before; to the left positive */
    float speed_mps;      /* length over contact to contact, else over mid-stance to mid-stance */
    float foot_angle_deg; /* M13: sole's pitch at contact minus at mid-stance; toes up positive */
    float roll_deg; /* sole's roll when the contact was told minus at mid-stance (R15): compare its
                       spread with the wearer's own; inward positive on a left foot */
    float clearance_mm;   /* M14: least height of the toe tip in the middle of the swing, over the
                             line between the two stances; see struct foot_imu_place */
    float swing_jerk;     /* M14: largest change of acceleration in the middle of the swing, m/s3 */
    float impact_g;       /* M16: largest acceleration within 50 ms after contact, with gravity */
    float peak_speed_mps; /* fastest of the swing */
};

/* Where the toe tip is, seen from the sensor with the foot flat. An insole carries its sensor under
 * the arch: toes 130 mm before it in a shoe of size 42, and no lower. A model: a foot that is bent
 * at the toes, or another sole, moves clearance by some millimetres; compare with the wearer's own.
 */
struct foot_imu_place {
    float toe_forward_m, toe_down_m;
};
static const struct foot_imu_place foot_imu_insole = {0.13F, 0.01F};

/* A frame's channels by axis: forward, left, up. */
struct foot_imu_input {
    const float *accel[3]; /* m/s2, with gravity: up is +9.8 at rest */
    const float *gyro[3];  /* rad/s, right-hand rule: pitching the toes down is + about left */
    float accel_range, gyro_range; /* what the sensor can show; NAN = not stated */
    struct foot_imu_place place;
};

/* Samples kept to look back from a landing to the impact: 200 ms at 210 Hz. Points of a swing's
 * path: 20 ms apart, coarser in a swing longer than 0.6 s. */
enum { FOOT_IMU_RING = 42, FOOT_IMU_PATH = 32 };

enum foot_imu_phase { FOOT_IMU_LOST = 0, FOOT_IMU_STANCE, FOOT_IMU_SWING };

/* Quaternion of the sensor in a frame whose third axis is up; velocity and way in that frame. Here
 * and below a vector of three has a fourth part that stays 0: it is moved and added as one. */
struct foot_imu_pose {
    float q[4], velocity[4], way[4];
    float felt[4]; /* mean acceleration of the last 50 ms in that frame: gravity, if at rest */
    double at_us;
};

struct foot_imu_sample {
    float dt_s;              /* since the sample before */
    float forward, strength; /* levelled acceleration; |acceleration| */
};

struct foot_imu_point {
    float at_s, up_m, pitch, jerk; /* since the mid-stance before; toes up positive, rad */
};

/* State of one foot; flat. */
struct foot_imu {
    uint8_t foot, phase; /* enum foot, enum foot_imu_phase */
    bool after_gap;      /* the next event follows a gap */
    bool levelled;       /* `level` comes from a mid-stance */
    bool started;        /* the pose is counted from a rest */
    bool rested;         /* `rest` holds a rest that was not taken yet */
    bool pending;        /* a swing has landed, its stride is not told yet */
    bool clipped;
    uint8_t ring_n, ring_at, path_n;
    double last_us;  /* the newest sample */
    double start_us; /* the rest that the pose is counted from */
    double turn_us;  /* toes began to rise: a foot-off if a swing follows; NAN */
    double push_us;  /* the toes were last pushed down */
    double foot_off_us, contact_us, former_us;
    double landing_us; /* the toes began to come down in a swing; NAN */
    double gap_us;     /* first bridged gap since the start; NAN */
    double last_gap_us;
    double settled_us;         /* no event before this can come any more */
    struct foot_imu_pose pose; /* now */
    struct foot_imu_pose rest; /* the quietest moment of this stance */
    float force[4];            /* acceleration of the newest sample in the pose's frame */
    float accel[4], gyro[4];   /* newest sample; bias taken out */
    float bias[4], gyro_mean[4];
    float still_s;                    /* how long the rate has been constant */
    float unrest, least_unrest;       /* (rad/s)^2, see foot_imu_motion.c */
    float gravity;                    /* what this accelerometer shows at rest */
    float forward[4], left[4], up[4]; /* the foot's axes in the sensor's, when level */
    float heading;                    /* at start */
    float toe_down, toe_down_before;  /* newest two rates, levelled */
    float turned;                     /* angle since turn_us, rad */
    float peak_speed;                 /* of this swing */
    float quiet_s, slow_s;
    float strength, change; /* of the newest acceleration; of it since the sample before, squared */
    float step_s, path_due_s;
    float impact, contact_pitch, contact_roll;
    struct foot_imu_sample ring[FOOT_IMU_RING];
    struct foot_imu_point path[FOOT_IMU_PATH];
};
_Static_assert(sizeof(struct foot_imu) <= 1536, "two feet are a small part of a wearer's state");

/* Of one frame: 512 samples at 40 Hz, 12.8 s, at most one swing each 0.29 s. */
enum { FOOT_IMU_STRIDES_MAX = 52 };

struct foot_imu_output {
    int events_n, strides_n;
    struct gait_event events[GAIT_EVENTS_MAX]; /* force and impulse NAN */
    struct foot_imu_stride strides[FOOT_IMU_STRIDES_MAX];
};

void foot_imu_init(struct foot_imu *state, enum foot foot);
/* Finds the six channels of a frame by quantity and axis; false if one is missing. Pointers are
 * into `frame`. Place: foot_imu_insole. */
bool foot_imu_find(const struct wire_descriptor *descriptor, const struct wire_frame *frame,
                   struct foot_imu_input *out);
/* Feeds slice->samples_n samples. `out` is emptied first. On slice->gap_before with less than 0.12
 * s missing events go on over the gap (marked after_gap, unless it is a short one), paths do not;
 * with more, nothing is carried over. */
void foot_imu_push(struct foot_imu *state, const struct slice *slice, const struct align *align,
                   const struct foot_imu_input *input, struct foot_imu_output *out);
/* Device time up to which this foot's events are all told. It lags the samples by 0.5 s at most. */
double foot_imu_settled_us(const struct foot_imu *state);
/* Does this stride's swing hold the middle of a swing that another sensor of the same clock saw? */
bool foot_imu_stride_of(const struct foot_imu_stride *stride, double foot_off_us,
                        double contact_us);

#endif
