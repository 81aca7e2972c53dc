/* ONE walking body: everything that its devices measure comes from here, so that it fits together.
 *
 * In: a script and a seed. Out: what each part of the body does at a time, as pure functions of it.
 * body_open plans every footfall of the whole walk; the rest only reads the plan, so devices may
 * ask for any time in any order, from any thread. force   two humps over stance (sin(pi u) + c
 * sin(3 pi u)), scaled so that both feet together carry the body's weight over a stride; standing
 * feet share it, and one carries all while the other is in the air foot    lands toes up, lies
 * flat, rolls off over the toes, swings through by minimal jerk over exactly speed x stride time
 *   arm     swings against the leg of its side; trunk rises and falls twice a stride
 *   heart   follows the speed with 40 s of lag
 * Walking world: x forward, z up, metres; a positive pitch is toes down, about the wearer's left.
 */
#ifndef STRIDE_DEVICES_SIM_BODY_H
#define STRIDE_DEVICES_SIM_BODY_H

#include <stdint.h>

#include "devices/sim/script.h"

struct body;

enum body_foot_side { BODY_LEFT = 0, BODY_RIGHT = 1, BODY_FEET = 2 };

/* One time on the ground. */
struct body_stance {
    double start_s, end_s;           /* initial contact, foot-off */
    bool standing;                   /* shares the weight instead of rolling over it */
    bool landed;                     /* begins with a step (all but the first) */
    double alone_from_s, alone_to_s; /* standing: the other foot is in the air */
    double amplitude_n, hump;
    double contact_rad; /* toes-up angle at contact */
    double swing_m;     /* distance of the swing that follows */
};

struct body_foot {
    double force_n;     /* normal force under the foot */
    double cop_forward; /* centre of pressure, 0 heel to 1 toes; meaningless in the air */
    double cop_lateral; /* -1 medial to 1 lateral */
    double pitch_rad, pitch_rad_s;
    double forward_m_s2, up_m_s2; /* of the sensor, in the world, without gravity */
};

struct body_wrist {
    double swing_rad; /* forearm, 0 hanging, forward positive */
    double swing_rad_s, swing_rad_s2;
    double up_m_s2; /* of the trunk */
};

struct body_state {
    double speed_mps, incline;
    double heart_bpm;
    bool rail;
};

/* NULL when out of memory. Keeps nothing of the script. */
struct body *body_open(const struct script *script, uint64_t seed);
void body_close(struct body *body);

void body_foot(const struct body *body, enum body_foot_side side, double t_s,
               struct body_foot *out);
void body_wrist(const struct body *body, double t_s, struct body_wrist *out);
void body_state(const struct body *body, double t_s, struct body_state *out);

/* The plan itself: ground truth for tests and scoring. */
const struct body_stance *body_stances(const struct body *body, enum body_foot_side side,
                                       unsigned *n);

#endif
