/* The body's plan, shared by body.c (which makes it) and body_motion.c (which reads it). */
#ifndef STRIDE_DEVICES_SIM_BODY_PRIVATE_H
#define STRIDE_DEVICES_SIM_BODY_PRIVATE_H

#include "devices/sim/body.h"

enum { BODY_SLOW_HZ = 10 };

/* What changes within seconds, on a grid of BODY_SLOW_HZ. */
struct body_slow {
    float speed_mps, incline, heart_bpm, arm_rad, share; /* share of the weight on the feet */
    bool rail;
};

struct body {
    double weight_n, end_s;
    unsigned stances_n[BODY_FEET], slow_n, stances_max;
    struct body_stance *stances[BODY_FEET];
    struct body_slow *slow;
};

/* Index of the stance that is on at `t_s`, or of the one before the swing. */
unsigned body_stance_at(const struct body *body, enum body_foot_side side, double t_s);

#endif
