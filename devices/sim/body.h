/* ONE walking body: everything that its devices measure comes from here, so that it fits together.
 *
 * In: a script and a seed. Out: what each part of the body does at a time, as pure functions of it.
 * body_open plans every footfall of the whole walk; the rest only reads the plan, so devices may
 * ask for any time in any order, from any thread.
 *   force   two humps over stance (sin(pi u) + c sin(3 pi u)), scaled so that both feet together
 *           carry the body's weight over a stride; standing feet share it, and one carries all
 * while the other is in the air foot    one stiff board. Lands on the heel (or toes), lies flat,
 * turns over its toe tip, swings to the next place. Where it is and how it is turned are the model;
 * rates and accelerations are their slopes, so a sensor's way adds up to the scripted one arm two
 * pieces that swing against the leg of its side, or hold something heart   follows the effort with
 * 40 s of lag World: x forward at the start, y left, z up, metres. Axes of foot and forearm:
 * forward, left, up as in stridehub.proto. */
#ifndef STRIDE_DEVICES_SIM_BODY_H
#define STRIDE_DEVICES_SIM_BODY_H

#include <stdint.h>

#include "devices/sim/script.h"

struct body;

enum body_foot_side { BODY_LEFT = 0, BODY_RIGHT = 1, BODY_FEET = 2 };

/* Where a foot's parts are, seen from its sensor on the flat foot, as hub/core/foot_imu.h has it.
 */
#define BODY_TOE_M 0.13
#define BODY_HEEL_M (-0.11)
#define BODY_SOLE_M 0.01

/* One time on the ground and, in the second half, the swing that ends with it. */
struct body_stance {
    double start_s, end_s;           /* initial contact, foot-off */
    bool standing;                   /* shares the weight instead of rolling over it */
    bool landed;                     /* begins with a step (all but the first) */
    double alone_from_s, alone_to_s; /* standing: the other foot is in the air */
    double amplitude_n, hump;        /* force */
    double warp;                     /* of time at the start of the force: loading rate */
    double fore, medial;             /* what is added to shares of the cells */
    double place_m[3];               /* of the sensor's foot point, foot flat */
    double heading_rad;              /* of the foot */
    double slope;                    /* rise over run of the ground */
    uint8_t kind;                    /* enum gait_kind */
    int16_t segment;                 /* of the time line, see body_segments; -1 = none */
    double step_s;                   /* since the other foot's contact */
    double contact_rad;              /* toes-up angle of the sole over the ground at contact */
    double roll_rad;                 /* at contact */
    double lift_m;         /* of the toe tip over the ground in mid-swing, see clearance */
    double clearance_m;    /* least height of the toe tip in the middle of the swing */
    double peak_pitch_rad; /* toes down, at the foot-off before */
    double shock_m_s2;     /* of the landing */
    bool scuffed, stumbled;
};

/* What cells see. */
struct body_foot {
    double force_n;     /* normal force under the foot */
    double cop_forward; /* centre of pressure, 0 heel to 1 toes; meaningless in the air */
    double cop_lateral; /* -1 medial to 1 lateral */
    double fore;   /* share of the force that is moved to the forefoot; negative: to the heel */
    double medial; /* medial cells carry 1 + this, lateral ones 1 - this */
};

/* Where a sensor is, and its axes (columns: forward, left, up) in the world. */
struct body_pose {
    double at_m[3];
    double axes[3][3]; /* [world axis][sensor axis] */
};

struct body_state {
    double speed_mps, incline;
    double belt_mps;
    double heart_bpm;
    bool rail;
};

/* A piece of the time line between two changes of activity. */
struct body_segment {
    double from_s, to_s;
    enum script_verb verb;
    double amount, second; /* as in struct script_event */
    struct gait_style style;
    double warp;                   /* see struct body_stance */
    double move_from_s, move_to_s; /* first and last contact, if a bout of walking begins here */
};

/* NULL when out of memory. Keeps the script, which must outlive it. */
struct body *body_open(const struct script *script, uint64_t seed);
void body_close(struct body *body);

void body_foot(const struct body *body, enum body_foot_side side, double t_s,
               struct body_foot *out);
void body_foot_pose(const struct body *body, enum body_foot_side side, double t_s,
                    struct body_pose *out);
void body_wrist_pose(const struct body *body, enum body_foot_side arm, double t_s,
                     struct body_pose *out);
void body_state(const struct body *body, double t_s, struct body_state *out);
/* Forearm above the horizon, in the plane it swings in; -90 deg hanging. */
double body_forearm_deg(const struct body *body, enum body_foot_side arm, double t_s);

/* The plan itself: ground truth for tests and scoring. */
const struct body_stance *body_stances(const struct body *body, enum body_foot_side side,
                                       unsigned *n);
const struct body_segment *body_segments(const struct body *body, unsigned *n);

#endif
