/* Where a foot is and how it is turned. The foot is one stiff board: on the ground it turns about
 * its heel, lies flat, or turns about its toe tip. */
#include "devices/sim/body_private.h"

/* The foot begins to come down before it touches, and slides and sinks in a little after it: half
 * of its braking breaks off 25 ms after contact (gaitmap: motion capture). */
static const double down_before_s = 0.02, slide_s = 0.045;
/* Toes turn up again this long after foot-off (gaitmap: 17 ms, ipol: 30 ms). */
static const double turn_after_s = 0.02;
/* Gathering speed, as a share of the swing; braking takes its time. */
static const double gather = 0.3, brake_s = 0.12;
/* The toe rises by this much at once and sinks again before mid-swing (Winter 1992). */
static const double early_m = 0.03;
static const double shock_s = 0.04, scuff_m_s2 = 28;

static double flat_after_s(const struct body_stance *stance)
{
    return fmin(0.12, 0.35 * (stance->end_s - stance->start_s));
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

/* From shortly before the contact until the foot lies flat. */
static double landing_angle(const struct body_stance *stance, double t_s)
{
    double span_s = down_before_s + flat_after_s(stance);
    double top = stance->contact_rad / (1 - ease(down_before_s / span_s));
    return top * (1 - ease((t_s - stance->start_s + down_before_s) / span_s));
}

static double swing_angle(const struct body_stance *stance, const struct body_stance *next,
                          double t_s)
{
    double heel_s = heel_off(stance), peak = -next->peak_pitch_rad;
    double down_s = next->start_s - down_before_s;
    double peak_s = fmin(stance->end_s + turn_after_s, 0.5 * (stance->end_s + next->start_s));
    if (t_s < peak_s)
        return peak * ease((t_s - heel_s) / (peak_s - heel_s));
    if (t_s > down_s)
        return landing_angle(next, t_s);
    return peak + (landing_angle(next, down_s) - peak) * ease((t_s - peak_s) / (down_s - peak_s));
}

double foot_angle(const struct body_stance *stance, const struct body_stance *next, double t_s)
{
    if (next != NULL && t_s > heel_off(stance))
        return swing_angle(stance, next, t_s);
    return stance->landed ? landing_angle(stance, t_s) : 0;
}

double toe_height(const struct body_stance *stance, const struct body_stance *next, double t_s)
{
    const double length_m = BODY_TOE_M - BODY_HEEL_M;
    if (next == NULL || t_s <= stance->end_s) {
        bool on_heel = stance->landed && stance->contact_rad > 0 &&
                       t_s < stance->start_s + flat_after_s(stance);
        return on_heel ? length_m * sin(landing_angle(stance, t_s)) : 0;
    }
    double s = (t_s - stance->end_s) / (next->start_s - stance->end_s);
    double height_m =
        next->lift_m * ease(s / 0.25) * (1 - ease((s - 0.7) / 0.3)) + early_m * bump(s / 0.45);
    if (next->contact_rad > 0) /* late in the swing it is the heel that comes down */
        height_m += ease((s - 0.55) / 0.45) * length_m * sin(swing_angle(stance, next, t_s));
    return height_m;
}

/* Way of something that gathers speed, keeps it, brakes; s and result 0 to 1. */
static double glide(double s, double brake)
{
    double top = 1 / (1 - 0.5 * gather - 0.5 * brake);
    s = fmin(1, fmax(0, s));
    if (s < gather) {
        double x = s / gather;
        return top * gather * (x * x * x - 0.5 * x * x * x * x);
    }
    if (s > 1 - brake) {
        double x = (1 - s) / brake;
        return 1 - top * brake * (x * x * x - 0.5 * x * x * x * x);
    }
    return top * (s - 0.5 * gather);
}

/* Where the flat foot would lie, on its way from one place to the next. */
struct ground {
    double at_m[3], heading_rad, slope_rad, roll_rad;
};

static void between(const struct body_stance *from, const struct body_stance *to, double t_s,
                    struct ground *out)
{
    double swing_s = to->start_s + slide_s - from->end_s, s = (t_s - from->end_s) / swing_s;
    double way = glide(s, fmin(0.5, brake_s / swing_s)), rise = way;
    double up_m = to->place_m[2] - from->place_m[2];
    if (to->kind == GAIT_STAIRS) /* over the edge first */
        rise = up_m > 0 ? ease(s / 0.7) : ease((s - 0.3) / 0.7);
    for (int i = 0; i < 2; i++)
        out->at_m[i] = from->place_m[i] + way * (to->place_m[i] - from->place_m[i]);
    out->at_m[2] = from->place_m[2] + rise * up_m;
    out->heading_rad = from->heading_rad + ease(s) * (to->heading_rad - from->heading_rad);
    out->slope_rad = atan(from->slope) + ease(s) * (atan(to->slope) - atan(from->slope));
    double contact = (to->start_s - from->end_s);
    out->roll_rad = to->roll_rad * ease((t_s - from->end_s) / contact);
}

static void ground_at(const struct body *body, enum body_foot_side side, double t_s,
                      struct ground *out)
{
    unsigned i = body_stance_at(body, side, t_s);
    const struct body_stance *stance = &body->stances[side][i];
    if (i > 0 && t_s < stance->start_s + slide_s) {
        between(stance - 1, stance, t_s, out);
    } else if (i + 1 < body->stances_n[side] && t_s > stance->end_s) {
        between(stance, stance + 1, t_s, out);
    } else {
        *out =
            (struct ground){.heading_rad = stance->heading_rad, .slope_rad = atan(stance->slope)};
        for (int k = 0; k < 3; k++)
            out->at_m[k] = stance->place_m[k];
    }
    if (t_s >= stance->start_s && t_s <= stance->end_s && stance->landed)
        out->roll_rad =
            stance->roll_rad * (1 - ease((t_s - stance->start_s) / flat_after_s(stance)));
}

static double shock_m(const struct body_stance *stance, const struct body_stance *next, double t_s)
{
    const double per = shock_s * shock_s / 24; /* the bump's top acceleration is 24 / s^2 */
    double up_m = 0;
    if (stance->landed)
        up_m -= stance->shock_m_s2 * per * bump((t_s - stance->start_s) / shock_s);
    if (next != NULL && (next->scuffed || next->stumbled)) {
        double at_s = stance->end_s + 0.42 * (next->start_s - stance->end_s);
        up_m -= scuff_m_s2 * per * (next->stumbled ? 1.5 : 1) * bump((t_s - at_s) / shock_s);
    }
    return up_m;
}

/* Forward axis turned up by `up`, then the foot about it by `roll`, then all to the left by `yaw`.
 */
static void turn_axes(double yaw, double up, double roll, double axes[3][3])
{
    double cy = cos(yaw), sy = sin(yaw), cu = cos(up), su = sin(up), cr = cos(roll), sr = sin(roll);
    /* In the plane of the heading: forward (cu, 0, su), left (0, 1, 0), up (-su, 0, cu). */
    double forward[3] = {cu, 0, su};
    double left[3] = {-su * sr, cr, cu * sr};
    double over[3] = {-su * cr, -sr, cu * cr};
    const double *const flat[3] = {forward, left, over};
    for (int k = 0; k < 3; k++) {
        axes[0][k] = cy * flat[k][0] - sy * flat[k][1];
        axes[1][k] = sy * flat[k][0] + cy * flat[k][1];
        axes[2][k] = flat[k][2];
    }
}

void body_foot_pose(const struct body *body, enum body_foot_side side, double t_s,
                    struct body_pose *out)
{
    enum body_part part = side == BODY_LEFT ? PART_LEFT_FOOT : PART_RIGHT_FOOT;
    double up_m, turn_rad;
    jolt_at(body, part, t_s, &up_m, &turn_rad);
    (void)shoes_off(body, side, &t_s);
    unsigned i = body_stance_at(body, side, t_s);
    const struct body_stance *stance = &body->stances[side][i];
    const struct body_stance *next = NULL;
    if (i + 1 < body->stances_n[side])
        next = &body->stances[side][i + 1];
    struct ground ground;
    struct body_hold hold;
    ground_at(body, side, t_s, &ground);
    hold_at(body, t_s, &hold);
    double angle = foot_angle(stance, next, t_s), s = sin(angle), c = cos(angle);
    bool on_heel = angle > 0; /* it turns about its heel, else about its toe tip */
    bool swings = next != NULL && t_s > stance->end_s;
    double about_m = on_heel ? BODY_HEEL_M : BODY_TOE_M;
    if (swings) { /* the point that moves evenly goes from the toes to what lands */
        double share = ease((t_s - stance->end_s) / (next->start_s - stance->end_s));
        double lands_m = next->contact_rad > 0 ? BODY_HEEL_M : BODY_TOE_M;
        about_m = BODY_TOE_M + share * (lands_m - BODY_TOE_M);
    }
    double along_m = about_m * (1 - c) - BODY_SOLE_M * s;
    double over_m = toe_height(stance, next, t_s) - BODY_TOE_M * s + BODY_SOLE_M * c +
                    shock_m(stance, next, t_s) + up_m;
    double cs = cos(ground.slope_rad), ss = sin(ground.slope_rad);
    double ahead_m = along_m * cs - over_m * ss;
    out->at_m[0] = ground.at_m[0] + ahead_m * cos(ground.heading_rad);
    out->at_m[1] = ground.at_m[1] + ahead_m * sin(ground.heading_rad);
    out->at_m[2] = ground.at_m[2] + along_m * ss + over_m * cs;
    turn_axes(ground.heading_rad, angle + ground.slope_rad + hold.foot_up_rad + turn_rad,
              ground.roll_rad, out->axes);
}
