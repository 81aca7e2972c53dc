/* Forces under the feet. */
#include "devices/sim/body_private.h"

/* Share of stance within which the start of the force is warped. */
static const double warp_span = 0.08;

/* The valley between the humps is deeper in fast walking, and a run has none. */
double force_hump(const struct gait_style *style)
{
    if (style->kind == GAIT_RUN)
        return 0;
    return style->kind == GAIT_STAIRS ? 0.2 : fmin(0.4, 0.1 + 0.18 * style->speed_mps);
}

static double warped(double u, double warp)
{
    return u + warp * u * exp(-u / warp_span);
}

double force_shape(double u, double hump, double warp)
{
    if (u <= 0 || u >= 1)
        return 0;
    double w = warped(u, warp);
    return fmax(0, sin(PI * w) + hump * sin(3 * PI * w));
}

/* M15: from 20 to 80 % of the first peak; amplitude over share of stance. */
static double loading_rate(double hump, double warp)
{
    const int points = 2000;
    double peak = 0, low = 0, high = 0, peak_u = 0.5;
    for (int i = 1; i < points / 2; i++) {
        double force = force_shape((double)i / points, hump, warp);
        if (force < peak)
            break;
        peak = force;
        peak_u = (double)i / points;
    }
    for (int i = 0; i < points / 2; i++) {
        double u = (double)i / points, force = force_shape(u, hump, warp);
        if (u < peak_u && force < 0.2 * peak)
            low = u;
        if (u < peak_u && force < 0.8 * peak)
            high = u;
    }
    return high > low ? 0.6 * peak / (high - low) : 0;
}

double force_warp(double hump, double times)
{
    double low = -0.9, high = 6, wanted = times * loading_rate(hump, 0);
    if (fabs(times - 1) < 1e-6)
        return 0;
    for (int i = 0; i < 24; i++) {
        double middle = 0.5 * (low + high);
        if (loading_rate(hump, middle) < wanted)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

/* Half the weight, all of it while the other foot is up; nothing before landing or after leaving.
 */
static double standing_force(const struct body *body, const struct body_stance *stance,
                             enum body_foot_side side, double t_s)
{
    const double shift_s = 0.1;
    struct body_hold hold;
    hold_at(body, t_s, &hold);
    double alone = stance->alone_to_s > stance->alone_from_s
                       ? ease((t_s - stance->alone_from_s) / shift_s + 1) -
                             ease((t_s - stance->alone_to_s) / shift_s)
                       : 0;
    double sway = 0.03 * sin(2 * PI * 0.3 * t_s) * (side == BODY_LEFT ? 1 : -1) * (1 - alone);
    double on = ease((t_s - stance->start_s) / shift_s);
    double off = 1 - ease((t_s - stance->end_s) / shift_s + 1);
    return body->weight_n * hold.share * (0.5 + 0.5 * alone + sway) * on * off;
}

double stance_force(const struct body *body, const struct body_stance *stance,
                    enum body_foot_side side, double t_s)
{
    if (t_s >= stance->end_s)
        return 0;
    if (stance->standing)
        return standing_force(body, stance, side, t_s);
    double u = (t_s - stance->start_s) / (stance->end_s - stance->start_s);
    return stance->amplitude_n * force_shape(u, stance->hump, stance->warp);
}

/* M14: a scuff is more than 3 % of the weight for 30 ms. */
static double scuff_force(const struct body *body, const struct body_stance *stance,
                          const struct body_stance *next, double t_s)
{
    const double rise_s = 0.008, hold_s = 0.045;
    double from_s = stance->end_s + 0.42 * (next->start_s - stance->end_s);
    return 0.038 * body->weight_n *
           (ease((t_s - from_s) / rise_s) - ease((t_s - from_s - hold_s) / rise_s));
}

void body_foot(const struct body *body, enum body_foot_side side, double t_s, struct body_foot *out)
{
    double still_s = t_s;
    unsigned i = body_stance_at(body, side, t_s);
    const struct body_stance *stance = &body->stances[side][i];
    *out = (struct body_foot){.force_n = stance_force(body, stance, side, t_s),
                              .fore = stance->fore,
                              .medial = stance->medial};
    if (i + 1 < body->stances_n[side] && stance[1].scuffed && t_s > stance->end_s)
        out->force_n += scuff_force(body, stance, stance + 1, t_s);
    if (shoes_off(body, side, &still_s))
        out->force_n = 0;
    double u = stance->standing ? 0.5 : (t_s - stance->start_s) / (stance->end_s - stance->start_s);
    u = fmin(1, fmax(0, u));
    /* Heel to toes, slow under the arch; slightly lateral in the middle, medial at push-off. */
    out->cop_forward = 0.1 + 0.38 * ease(u / 0.4) + 0.4 * ease((u - 0.35) / 0.65);
    if (stance->standing)
        out->cop_forward = 0.42;
    out->cop_lateral = 0.15 * sin(PI * u) - 0.3 * ease((u - 0.6) / 0.4);
}
