/* Where a wrist is and how the forearm is turned. */
#include "devices/sim/body_private.h"

/* Upper arm and forearm to the watch, of someone of middle height; shoulders' height and place. */
static const double upper_m = 0.30, fore_m = 0.25, shoulder_m = 1.4, aside_m = 0.2;
/* The upper arm follows the forearm by this share. */
static const double upper_share = 0.7;
/* After the last step the arms come to rest. */
static const double out_s = 0.7;

/* The nearest contacts around a time. */
struct around {
    double last_s, next_s, step_s;
    bool last_left, begins; /* the next one begins a bout */
};

static void look_around(const struct body *body, double t_s, struct around *out)
{
    *out = (struct around){.last_s = -(double)INFINITY, .next_s = (double)INFINITY};
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++) {
        unsigned i = body_stance_at(body, side, t_s);
        const struct body_stance *stance = &body->stances[side][i];
        if (stance->landed && stance->start_s > out->last_s) {
            out->last_s = stance->start_s;
            out->last_left = side == BODY_LEFT;
            out->step_s = stance->step_s;
        }
        if (i + 1 < body->stances_n[side] && stance[1].start_s < out->next_s) {
            out->next_s = stance[1].start_s;
            out->begins = stance[1].step_s <= 0;
        }
    }
}

/* How much of a gait there is, 0 to 1: it fades in with the first step and out with the last. */
static double moving(const struct body *body, double t_s)
{
    const double in_s = 1, lead_s = 0.4;
    double sum = 0;
    for (unsigned i = 0; i < body->segments_n; i++) {
        const struct body_segment *segment = &body->segments[i];
        if (segment->move_to_s <= segment->move_from_s || t_s < segment->move_from_s - lead_s ||
            t_s > segment->move_to_s + out_s)
            continue;
        sum += ease((t_s - segment->move_from_s + lead_s) / in_s) -
               ease((t_s - segment->move_to_s) / out_s);
    }
    return sum;
}

/* Phase of the legs: 0 where the left foot lands, pi where the right one does. */
static double phase_at(const struct body *body, double t_s)
{
    struct around around;
    look_around(body, t_s, &around);
    double base = around.last_left ? 0 : PI;
    double pause_s = around.step_s > 0 ? around.step_s : 0.55;
    if (around.begins && around.next_s - t_s < 1 && t_s - around.last_s > out_s)
        /* Bouts begin with the left foot. */
        return -PI * (around.next_s - t_s) / 0.55;
    if (!isfinite(around.last_s))
        return 0;
    double step_s =
        around.begins || !isfinite(around.next_s) ? pause_s : around.next_s - around.last_s;
    return base + PI * (t_s - around.last_s) / step_s;
}

/* Forearm from hanging, forward positive. */
static double forearm(const struct body *body, enum body_foot_side arm, double t_s,
                      const struct body_hold *hold, double phase, double move)
{
    /* The arm is back when the leg of its side lands in front. No two swings are alike. */
    double sign = arm == BODY_LEFT ? -1 : 1;
    double size = 1 + 0.04 * sin(0.53 * t_s) + 0.03 * sin(1.07 * t_s + 1);
    double push = hold->push_rad * sin(2 * PI * body->push_hz * t_s);
    double busy = hold->busy_rad * (sin(2 * PI * 0.37 * t_s) + 0.6 * sin(2 * PI * 0.83 * t_s + 2));
    return hold->lift_rad[arm] + sign * 0.5 * size * hold->swing_rad[arm] * move * cos(phase) +
           push + busy;
}

double body_forearm_deg(const struct body *body, enum body_foot_side arm, double t_s)
{
    struct body_hold hold;
    hold_at(body, t_s, &hold);
    return forearm(body, arm, t_s, &hold, phase_at(body, t_s), moving(body, t_s)) * 180 / PI - 90;
}

/* The hanging forearm: forward down, the watch outward. Swung forward by `a` about the left axis,
 * then turned by `twist` about itself (90 deg: a level watch faces up), then to the heading. */
static void turn_axes(double a, double twist, double outward, double heading, double axes[3][3])
{
    double c = cos(a), s = sin(a), ct = cos(twist), st = sin(twist);
    double ch = cos(heading), sh = sin(heading);
    double forward[3] = {s, 0, -c};
    double raised[3] = {-c, 0, -s}; /* forward x outward, for the left arm */
    double up[3], left[3];
    for (int i = 0; i < 3; i++)
        up[i] = (i == 1 ? ct * outward : 0) - st * raised[i];
    left[0] = up[1] * forward[2] - up[2] * forward[1];
    left[1] = up[2] * forward[0] - up[0] * forward[2];
    left[2] = up[0] * forward[1] - up[1] * forward[0];
    const double *const flat[3] = {forward, left, up};
    for (int k = 0; k < 3; k++) {
        axes[0][k] = ch * flat[k][0] - sh * flat[k][1];
        axes[1][k] = sh * flat[k][0] + ch * flat[k][1];
        axes[2][k] = flat[k][2];
    }
}

void body_wrist_pose(const struct body *body, enum body_foot_side arm, double t_s,
                     struct body_pose *out)
{
    double outward = arm == BODY_LEFT ? 1 : -1, jolt_m, jolt_rad;
    double move = moving(body, t_s), phase = phase_at(body, t_s);
    double heading = body_heading(body, t_s);
    struct body_hold hold;
    hold_at(body, t_s, &hold);
    double lower = forearm(body, arm, t_s, &hold, phase, move);
    double upper =
        upper_share * (lower - hold.lift_rad[arm]) + 0.3 * fmin(PI / 3, hold.lift_rad[arm]);
    jolt_at(body, arm == BODY_LEFT ? PART_LEFT_ARM : PART_RIGHT_ARM, t_s, &jolt_m, &jolt_rad);
    /* The trunk is lowest in double support, and a run throws it higher. */
    double rise_m = move * hold.rise_m * cos(2 * phase);
    double ahead_m = upper_m * sin(upper) + fore_m * sin(lower) + move * 0.008 * sin(2 * phase);
    double c = cos(heading), s = sin(heading);
    out->at_m[0] = ahead_m * c - outward * aside_m * s;
    out->at_m[1] = ahead_m * s + outward * aside_m * c;
    out->at_m[2] = shoulder_m - upper_m * cos(upper) - fore_m * cos(lower) - rise_m + jolt_m;
    turn_axes(lower, hold.twist_rad[arm] + jolt_rad, outward, heading, out->axes);
}
