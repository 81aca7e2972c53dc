/* A foot whose way is written down as a formula, and what sensors on it feel. */
#ifndef STRIDE_TESTS_FOOT_WALKER_H
#define STRIDE_TESTS_FOOT_WALKER_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#define PI 3.14159265358979

/* In a stride of 1.1 s: flat until 0.35, toes pushed down until 0.55, way from 0.50 to 0.95 (the
 * contact, where braking breaks off), toes up until 0.93, flat again from 1.02. */
#define STRIDE_S 1.1
#define TURN_S 0.55
#define CONTACT_S 0.95

/* When in a stride what happens. */
struct beat {
    double stride_s, heel_off_s, turn_s, way_from_s, contact_s, flat_s;
};

static const struct beat walking = {STRIDE_S, 0.35, TURN_S, 0.50, CONTACT_S, 1.02};
/* 165 steps/min, a third of it on the ground; the heel rises as soon as it came down. */
static const struct beat running = {0.727, 0.0, 0.13, 0.10, 0.60, 0.727};

struct walker {
    const struct beat *beat; /* NULL: walking */
    double forefoot_deg;     /* lands on the forefoot, the heel so much higher; 0 = on the heel */
    double stand_s, walk_s;
    double length_m, rise_m, turn_deg, angle_deg, push_deg, lift_m;
    double rate_hz, shift_us;
    double gyro_bias, accel_bias, noise_gyro, noise_accel;
    double tilt_deg, roll_deg; /* of the sensor on the foot */
    double range_m_s2;         /* 0 = no end */
};

static const struct walker plain = {.stand_s = 2.0,
                                    .walk_s = 22.0,
                                    .length_m = 1.3,
                                    .angle_deg = 20.0,
                                    .push_deg = 55.0,
                                    .lift_m = 0.06,
                                    .rate_hz = 100.0};

/* 0 to 1 over [from, to], at rest at both ends. */
static inline double ease(double t_s, double from_s, double to_s)
{
    double x = fmin(1.0, fmax(0.0, (t_s - from_s) / (to_s - from_s)));
    return x * x * x * (10.0 - x * (15.0 - 6.0 * x));
}

/* 0 to 1: speeds up evenly, then brakes evenly. */
static inline double travel(double t_s, double from_s, double to_s)
{
    double x = fmin(1.0, fmax(0.0, (t_s - from_s) / (to_s - from_s)));
    return x < 0.5 ? 2.0 * x * x : 1.0 - 2.0 * (1.0 - x) * (1.0 - x);
}

struct place {
    double x, y, z, pitch, yaw;
};

/* Of the foot, toes up positive. A heel that lands turns the toes down then; a forefoot goes on
 * turning them up. */
static inline double pitch_deg(const struct walker *walker, const struct beat *beat, double in_s)
{
    double push = ease(in_s, beat->heel_off_s, beat->turn_s), contact_s = beat->contact_s;
    if (walker->forefoot_deg > 0.0) {
        double down = ease(in_s, beat->turn_s, contact_s - 0.02);
        double heel = ease(in_s, contact_s - 0.02, beat->flat_s);
        double raised = walker->push_deg * push - walker->forefoot_deg * heel;
        return -(raised - (walker->push_deg - walker->forefoot_deg) * down);
    }
    push -= ease(in_s, beat->turn_s, beat->turn_s + 0.25);
    double land = ease(in_s, contact_s - 0.25, contact_s - 0.02);
    land -= ease(in_s, contact_s - 0.01, beat->flat_s);
    return walker->angle_deg * land - walker->push_deg * push;
}

static inline struct place place_at(const struct walker *walker, double t_s)
{
    const struct beat *beat = walker->beat != NULL ? walker->beat : &walking;
    double walked_s = fmin(fmax(t_s - walker->stand_s, 0.0), walker->walk_s);
    double n = floor(walked_s / beat->stride_s), in_s = walked_s - n * beat->stride_s;
    double turn = walker->turn_deg * PI / 180.0;
    double part = travel(in_s, beat->way_from_s, beat->contact_s);
    struct place place = {.z = walker->rise_m * (n + part), .yaw = turn * (n + part)};
    for (int i = 0; i <= (int)n; i++) {
        double share = i < (int)n ? 1.0 : part;
        place.x += share * walker->length_m * cos(turn * i);
        place.y += share * walker->length_m * sin(turn * i);
    }
    double top_s = beat->turn_s + 0.05;
    place.z +=
        walker->lift_m * (ease(in_s, beat->heel_off_s, top_s) - ease(in_s, top_s, beat->contact_s));
    place.pitch = pitch_deg(walker, beat, in_s) * PI / 180.0;
    return place;
}

/* World to foot: yaw about up, then pitch, toes up positive. */
static inline void into_foot(const struct place *place, const double in[3], double out[3])
{
    double ahead = cos(place->yaw) * in[0] + sin(place->yaw) * in[1];
    out[1] = -sin(place->yaw) * in[0] + cos(place->yaw) * in[1];
    out[0] = cos(place->pitch) * ahead + sin(place->pitch) * in[2];
    out[2] = -sin(place->pitch) * ahead + cos(place->pitch) * in[2];
}

static inline void into_sensor(const struct walker *walker, double v[3])
{
    double a = walker->tilt_deg * PI / 180.0, b = walker->roll_deg * PI / 180.0;
    double x = cos(a) * v[0] - sin(a) * v[2], z = sin(a) * v[0] + cos(a) * v[2];
    double y = cos(b) * v[1] + sin(b) * z;
    v[2] = -sin(b) * v[1] + cos(b) * z;
    v[0] = x;
    v[1] = y;
}

/* Differences over 10 ms: the way is kept, edges are as soft as a real sensor's. */
static inline void measure(const struct walker *walker, double t_s, double accel[3], double gyro[3])
{
    const double h = 0.010;
    struct place now = place_at(walker, t_s);
    struct place was = place_at(walker, t_s - h), next = place_at(walker, t_s + h);
    double force[3] = {(next.x - 2.0 * now.x + was.x) / (h * h),
                       (next.y - 2.0 * now.y + was.y) / (h * h),
                       (next.z - 2.0 * now.z + was.z) / (h * h) + 9.80665};
    double spin[3] = {0.0, 0.0, (next.yaw - was.yaw) / (2.0 * h)};
    into_foot(&now, force, accel);
    into_foot(&now, spin, gyro);
    gyro[1] -= (next.pitch - was.pitch) / (2.0 * h);
    into_sensor(walker, accel);
    into_sensor(walker, gyro);
}

static inline double noise(uint64_t *random)
{
    double sum = 0.0;
    for (int i = 0; i < 4; i++) {
        *random = *random * 6364136223846793005U + 1442695040888963407U;
        sum += (double)(int64_t)*random / 9.3e18;
    }
    return sum * 0.87; /* four of variance 1/3 */
}

#endif
