#include <math.h>

#include "devices/sim/body_private.h"

#define PI 3.14159265358979323846

/* 0 to 1 with velocity and acceleration 0 at both ends: minimal jerk (Flash and Hogan 1985). */
static double ease(double s)
{
    s = fmin(1, fmax(0, s));
    return s * s * s * (10 + s * (-15 + 6 * s));
}

static double ease_rate(double s)
{
    return s <= 0 || s >= 1 ? 0 : 30 * s * s * (1 - s) * (1 - s);
}

static double ease_rate2(double s)
{
    return s <= 0 || s >= 1 ? 0 : 60 * s * (1 - s) * (1 - 2 * s);
}

static void slow_at(const struct body *body, double t_s, struct body_slow *out)
{
    double at = fmin(fmax(t_s, 0) * BODY_SLOW_HZ, (double)(body->slow_n - 1));
    unsigned i = (unsigned)at;
    const struct body_slow *a = &body->slow[i], *b = &body->slow[i + 1 < body->slow_n ? i + 1 : i];
    float f = (float)(at - i);
    *out = (struct body_slow){.speed_mps = a->speed_mps + f * (b->speed_mps - a->speed_mps),
                              .incline = a->incline + f * (b->incline - a->incline),
                              .heart_bpm = a->heart_bpm + f * (b->heart_bpm - a->heart_bpm),
                              .arm_rad = a->arm_rad + f * (b->arm_rad - a->arm_rad),
                              .share = a->share + f * (b->share - a->share),
                              .rail = a->rail};
}

/* Half the weight, all of it while the other foot is up; nothing before landing or after leaving.
 */
static double standing_force(const struct body *body, const struct body_stance *stance,
                             enum body_foot_side side, double t_s)
{
    const double shift_s = 0.1;
    struct body_slow slow;
    slow_at(body, t_s, &slow);
    double alone = stance->alone_to_s > stance->alone_from_s
                       ? ease((t_s - stance->alone_from_s) / shift_s + 1) -
                             ease((t_s - stance->alone_to_s) / shift_s)
                       : 0;
    double sway = 0.03 * sin(2 * PI * 0.3 * t_s) * (side == BODY_LEFT ? 1 : -1) * (1 - alone);
    double on = ease((t_s - stance->start_s) / shift_s);
    double off = 1 - ease((t_s - stance->end_s) / shift_s + 1);
    return body->weight_n * (double)slow.share * (0.5 + 0.5 * alone + sway) * on * off;
}

static double stance_force(const struct body *body, const struct body_stance *stance,
                           enum body_foot_side side, double t_s)
{
    if (t_s >= stance->end_s)
        return 0;
    if (stance->standing)
        return standing_force(body, stance, side, t_s);
    double u = (t_s - stance->start_s) / (stance->end_s - stance->start_s);
    return fmax(0, stance->amplitude_n * (sin(PI * u) + stance->hump * sin(3 * PI * u)));
}

/* When the heel leaves the ground: the foot turns and the swing begins. */
static double heel_off(const struct body_stance *stance)
{
    if (!isfinite(stance->end_s))
        return (double)INFINITY;
    if (stance->standing)
        return fmax(stance->start_s + 0.2, stance->end_s - 0.25);
    return stance->start_s + 0.62 * (stance->end_s - stance->start_s);
}

/* Pitch along one ease from `a` at `from_s` to `b` at `to_s`. */
static void turn(double t_s, double from_s, double to_s, double a, double b, struct body_foot *out)
{
    double s = (t_s - from_s) / (to_s - from_s);
    out->pitch_rad = a + (b - a) * ease(s);
    out->pitch_rad_s = (b - a) * ease_rate(s) / (to_s - from_s);
}

static void foot_pitch(const struct body_stance *stance, const struct body_stance *next, double t_s,
                       struct body_foot *out)
{
    double flat_s = stance->start_s + 0.12, heel_s = heel_off(stance);
    double contact = stance->landed ? -stance->contact_rad : 0;
    if (t_s < flat_s) {
        turn(t_s, stance->start_s, flat_s, contact, 0, out);
    } else if (next != NULL && t_s > heel_s) {
        /* About 60 degrees at toe-off at 1.3 m/s; tied to the contact angle of the next landing. */
        double off = 3.05 * next->contact_rad;
        double peak_s = fmin(stance->end_s + 0.03, 0.5 * (stance->end_s + next->start_s));
        if (t_s < peak_s)
            turn(t_s, heel_s, peak_s, 0, off, out);
        else
            turn(t_s, peak_s, next->start_s, off, -next->contact_rad, out);
    }
}

static void foot_acceleration(const struct body_stance *stance, const struct body_stance *next,
                              double t_s, struct body_foot *out)
{
    const double clearance_m = 0.1;
    double heel_s = heel_off(stance), since_s = t_s - stance->start_s;
    if (stance->landed && since_s < 0.1) {
        /* The shock of landing, gone within 50 ms. */
        double shock = 110 * stance->contact_rad * exp(-since_s / 0.012);
        out->up_m_s2 += shock * cos(2 * PI * 25 * since_s);
        out->forward_m_s2 -= 0.4 * shock * cos(2 * PI * 20 * since_s);
    }
    if (next == NULL || t_s <= heel_s)
        return;
    double swing_s = next->start_s - heel_s, s = (t_s - heel_s) / swing_s;
    double s2 = s * s;
    out->forward_m_s2 += stance->swing_m * ease_rate2(s) / (swing_s * swing_s);
    /* Second derivative of 64 s^3 (1 - s)^3, which is 1 at mid-swing. */
    out->up_m_s2 +=
        clearance_m * 64 * (6 * s - 36 * s2 + 60 * s2 * s - 30 * s2 * s2) / (swing_s * swing_s);
}

void body_foot(const struct body *body, enum body_foot_side side, double t_s, struct body_foot *out)
{
    unsigned i = body_stance_at(body, side, t_s);
    const struct body_stance *stance = &body->stances[side][i];
    const struct body_stance *next = i + 1 < body->stances_n[side] ? stance + 1 : NULL;
    *out = (struct body_foot){.force_n = stance_force(body, stance, side, t_s)};
    double u = stance->standing ? 0.5 : (t_s - stance->start_s) / (stance->end_s - stance->start_s);
    u = fmin(1, fmax(0, u));
    /* Heel to toes, slow under the arch; slightly lateral in the middle, medial at push-off. */
    out->cop_forward = 0.1 + 0.38 * ease(u / 0.4) + 0.4 * ease((u - 0.35) / 0.65);
    if (stance->standing)
        out->cop_forward = 0.42;
    out->cop_lateral = 0.35 * sin(PI * u) - 0.35 * ease((u - 0.6) / 0.4);
    foot_pitch(stance, next, t_s, out);
    foot_acceleration(stance, next, t_s, out);
}

/* Radians of the left leg's cycle, 0 at its contact; `*stride_s` is its length, 0 = does not walk.
 */
static double left_phase(const struct body *body, double t_s, double *stride_s)
{
    unsigned i = body_stance_at(body, BODY_LEFT, t_s);
    const struct body_stance *stance = &body->stances[BODY_LEFT][i];
    *stride_s = 0;
    if (!stance->landed || i + 1 >= body->stances_n[BODY_LEFT] || stance->standing)
        return 0;
    *stride_s = stance[1].start_s - stance->start_s;
    return 2 * PI * (t_s - stance->start_s) / *stride_s;
}

/* Forward is positive: the arm is back when the leg of its side lands in front. */
static double arm_angle(const struct body *body, double t_s)
{
    struct body_slow slow;
    double stride_s;
    slow_at(body, t_s, &slow);
    return -0.5 * (double)slow.arm_rad * cos(left_phase(body, t_s, &stride_s));
}

void body_wrist(const struct body *body, double t_s, struct body_wrist *out)
{
    const double h = 0.002; /* s: far below the arm's period, far above rounding */
    double before = arm_angle(body, t_s - h), now = arm_angle(body, t_s);
    double behind = arm_angle(body, t_s + h), stride_s;
    double phase = left_phase(body, t_s, &stride_s);
    *out = (struct body_wrist){.swing_rad = now,
                               .swing_rad_s = (behind - before) / (2 * h),
                               .swing_rad_s2 = (behind - 2 * now + before) / (h * h)};
    if (stride_s > 0) {
        double rate = 4 * PI / stride_s; /* the trunk is lowest in double support */
        out->up_m_s2 = 0.02 * rate * rate * cos(2 * phase);
    }
}

void body_state(const struct body *body, double t_s, struct body_state *out)
{
    struct body_slow slow;
    slow_at(body, t_s, &slow);
    *out = (struct body_state){.speed_mps = (double)slow.speed_mps,
                               .incline = (double)slow.incline,
                               .heart_bpm = (double)slow.heart_bpm,
                               .rail = slow.rail};
}
