/* The body's plan, shared by those who make it (body.c, body_plan.c, body_posture.c) and those who
 * read it (body_force.c, body_foot.c, body_arm.c). */
#ifndef STRIDE_DEVICES_SIM_BODY_PRIVATE_H
#define STRIDE_DEVICES_SIM_BODY_PRIVATE_H

#include <math.h>

#include "devices/sim/body.h"
#include "devices/sim/random.h"

#define GRAVITY 9.81
#define PI 3.14159265358979323846

enum { BODY_SLOW_HZ = 10, BODY_POSTURES_MAX = 4 * SCRIPT_EVENTS_MAX, BODY_JOLTS_MAX = 512 };

/* What changes within seconds, on a grid of BODY_SLOW_HZ. */
struct body_slow {
    float speed_mps, incline, heart_bpm, belt_mps;
    bool rail;
};

/* How the body holds itself, apart from its gait. */
struct body_hold {
    double share;       /* of the weight on the feet */
    double foot_up_rad; /* lying: toes up */
    double swing_rad[BODY_FEET], lift_rad[BODY_FEET], twist_rad[BODY_FEET];
    double push_rad, busy_rad;
    double rise_m; /* amplitude of the trunk */
};

/* Reached from the one before within `lasts_s`. */
struct body_posture {
    double at_s, lasts_s;
    struct body_hold hold;
};

enum body_part { PART_LEFT_FOOT = 0, PART_RIGHT_FOOT, PART_LEFT_ARM, PART_RIGHT_ARM, PARTS };

/* A knock: the part is thrown up by a little and comes back; or it falls first. */
struct body_jolt {
    double at_s; /* of the knock */
    enum body_part part;
    double accel_m_s2; /* largest, upward */
    double turn_rad;   /* toes up, or forearm about itself; there and back within a second */
    double fall_s;     /* free fall before; then `lasts_s` is that of braking */
    double lasts_s;
};

struct body {
    const struct script *script;
    double weight_n, end_s, push_hz;
    unsigned stances_n[BODY_FEET], slow_n, stances_max, postures_n, jolts_n, segments_n;
    struct body_stance *stances[BODY_FEET];
    struct body_slow *slow;
    struct body_posture *postures;
    struct body_jolt *jolts;
    struct body_segment *segments;
};

/* 0 to 1 with velocity and acceleration 0 at both ends: minimal jerk (Flash and Hogan 1985). */
static inline double ease(double s)
{
    s = fmin(1, fmax(0, s));
    return s * s * s * (10 + s * (-15 + 6 * s));
}

/* Up to 1 and back to 0. */
static inline double bump(double s)
{
    return s <= 0 || s >= 1 ? 0 : 64 * s * s * s * (1 - s) * (1 - s) * (1 - s);
}

/* Index of the stance that is on at `t_s`, or of the one before the swing. */
unsigned body_stance_at(const struct body *body, enum body_foot_side side, double t_s);
double body_cadence(const struct body *body, const struct gait_style *style);
/* Of the trunk, to the left positive. */
double body_heading(const struct body *body, double t_s);
const struct body_segment *body_segment_at(const struct body *body, double t_s);

/* ---- makers; false when out of memory */
bool plan_feet(struct body *body, struct random *random);
bool plan_postures(struct body *body);
void add_jolt(struct body *body, const struct body_jolt *jolt);

/* ---- parts */
double force_hump(const struct gait_style *style);
/* Force over a stance of duration 1 and amplitude 1. */
double force_shape(double u, double hump, double warp);
/* The warp that makes the loading rate `times` what it was. */
double force_warp(double hump, double times);
double stance_force(const struct body *body, const struct body_stance *stance,
                    enum body_foot_side side, double t_s);
/* Toes-up angle of the sole over the ground, and height of the toe tip over it. */
double foot_angle(const struct body_stance *stance, const struct body_stance *next, double t_s);
double toe_height(const struct body_stance *stance, const struct body_stance *next, double t_s);
void hold_at(const struct body *body, double t_s, struct body_hold *out);
/* What knocks do: displacement up, and turn. */
void jolt_at(const struct body *body, enum body_part part, double t_s, double *up_m,
             double *turn_rad);
bool shoes_off(const struct body *body, enum body_foot_side side, double *t_s);

#endif
