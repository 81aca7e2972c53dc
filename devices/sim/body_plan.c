/* Every footfall of a walk, planned ahead. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "devices/sim/body_private.h"

/* Seconds of a swing that no step goes below, and overlap of stances in walking. */
static const double swing_min_s = 0.2, both_min_s = 0.03;
/* Half of the distance between the feet's lines; feet point outward. */
static const double beside_m = 0.05, toe_out_rad = 0.1;
/* Steady walkers differ from step to step, besides in time: length 1.2 % of a step, foot angle 1.2
 * deg, clearance 3 mm, force 1.5 %, roll 1.5 deg. Orders of size from the literature, not fitted.
 */
static const double length_sd = 0.012, angle_sd_deg = 1.2, clearance_sd_mm = 3, force_sd = 0.015;
/* Time between the end of walking and that of its segment, so that bouts never meet. */
static const double stop_s = 2, fall_s = 0.9;

/* One contact of a bout while it is planned. */
struct contact {
    double at_s;
    enum body_foot_side side;
    const struct body_segment *segment;
    double stance_s, step_s;
    double centre_m[3], heading_rad; /* of the trunk */
    bool stumbled;
};

struct planner {
    struct body *body;
    struct random *random;
    unsigned stumble_at; /* next event to look at */
    double recover;      /* factor of the step after a stumble */
    double at_m[3];      /* where the trunk is between bouts */
};

static double normal(struct planner *planner)
{
    return random_normal(planner->random);
}

/* Share of a stride on the ground: 62 % at 1.3 m/s, more when slower. A run's carries the weight in
 * half waves of the scripted peak. */
static double duty_of(const struct gait_style *style)
{
    if (style->kind == GAIT_RUN)
        return PI / (4 * style->peak_bw);
    if (isfinite(style->ds_pct))
        return 0.5 + style->ds_pct / 200;
    if (style->kind == GAIT_STAIRS)
        return 0.66;
    return fmin(0.72, fmax(0.58, 0.62 + 0.06 * (1.3 - style->speed_mps)));
}

/* SI of rule book M10 to M12: 200 (a - b) / (a + b) = `pct` when one side gets +, the other -. */
static double uneven(double pct, bool more)
{
    return 1 + (more ? pct : -pct) / 200;
}

static bool is_sore(const struct gait_style *style, enum body_foot_side side)
{
    return style->left_is_sore == (side == BODY_LEFT);
}

static double stance_share(const struct gait_style *style, enum body_foot_side side)
{
    return duty_of(style) * uneven(style->stance_si_pct, !is_sore(style, side));
}

/* Factor of the step that begins at `t_s`: a stumble comes early and is followed by a long step. */
static double stumble(struct planner *planner, double t_s, struct contact *next)
{
    const struct script *script = planner->body->script;
    double factor = planner->recover;
    planner->recover = 1;
    for (; planner->stumble_at < script->events_n; planner->stumble_at++) {
        const struct script_event *event = &script->events[planner->stumble_at];
        if (event->at_s > t_s)
            break;
        if (event->verb != SCRIPT_STUMBLE)
            continue;
        if (event->side != STRIDE__V1__SIDE__SIDE_UNKNOWN &&
            (event->side == STRIDE__V1__SIDE__SIDE_LEFT) != (next->side == BODY_LEFT))
            break; /* the step after this one */
        planner->stumble_at++;
        planner->recover = 1.6;
        next->stumbled = true;
        return 0.45; /* S02: below 0.5 of the median */
    }
    return factor;
}

/* The contact after `previous`. Two steps with an SD of cv/sqrt(2) of a step each make strides with
 * a CV of cv: SD adds as a square, the mean doubles. */
static struct contact next_contact(struct planner *planner, const struct contact *previous)
{
    enum body_foot_side side = previous->side == BODY_LEFT ? BODY_RIGHT : BODY_LEFT;
    const struct body_segment *segment = body_segment_at(planner->body, previous->at_s);
    if (segment->verb != SCRIPT_WALK)
        segment = previous->segment;
    const struct gait_style *style = &segment->style;
    double step_s = 60 / body_cadence(planner->body, style), cv = style->cv_pct / 100;
    struct contact next = {.side = side, .segment = segment};
    next.step_s = step_s * uneven(style->step_si_pct, is_sore(style, side)) *
                  (1 + sqrt(2) * cv * normal(planner));
    next.step_s = fmax(0.15, next.step_s * stumble(planner, previous->at_s, &next));
    next.at_s = previous->at_s + next.step_s;
    next.stance_s = 2 * step_s * stance_share(style, side) * (1 + 0.3 * cv * normal(planner));
    next.heading_rad = body_heading(planner->body, next.at_s);
    double way_m = style->speed_mps * next.step_s;
    double along = body_heading(planner->body, 0.5 * (previous->at_s + next.at_s));
    next.centre_m[0] = previous->centre_m[0] + way_m * cos(along);
    next.centre_m[1] = previous->centre_m[1] + way_m * sin(along);
    next.centre_m[2] = previous->centre_m[2] + way_m * style->incline + style->step_up_m;
    return next;
}

static struct body_stance *append(struct body *body, enum body_foot_side side, double start_s)
{
    assert(body->stances_n[side] < body->stances_max); /* sized by the fastest */
    struct body_stance *stance = &body->stances[side][body->stances_n[side]++];
    *stance = (struct body_stance){.start_s = start_s, .end_s = (double)INFINITY, .segment = -1};
    return stance;
}

static struct body_stance *last_stance(struct body *body, enum body_foot_side side)
{
    return &body->stances[side][body->stances_n[side] - 1];
}

static void put(struct body_stance *stance, enum body_foot_side side, const double centre_m[3],
                double ahead_m, double heading_rad)
{
    double out = side == BODY_LEFT ? 1 : -1, c = cos(heading_rad), s = sin(heading_rad);
    stance->heading_rad = heading_rad + out * toe_out_rad;
    stance->place_m[0] = centre_m[0] + ahead_m * c - out * beside_m * s;
    stance->place_m[1] = centre_m[1] + ahead_m * s + out * beside_m * c;
    stance->place_m[2] = centre_m[2];
}

/* Scales both feet so that they carry the weight over a stride. */
static void load_stance(struct planner *planner, const struct contact *contact,
                        struct body_stance *stance)
{
    const struct gait_style *style = &contact->segment->style;
    double hump = force_hump(style);
    double mean = 2 / PI * (1 + hump / 3); /* of sin(pi u) + hump sin(3 pi u) */
    double carried = 0;
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++)
        carried += stance_share(style, side) * uneven(style->load_si_pct, !is_sore(style, side));
    double load = uneven(style->load_si_pct, !is_sore(style, contact->side));
    stance->hump = hump;
    stance->warp = contact->segment->warp;
    stance->amplitude_n =
        planner->body->weight_n * load / (mean * carried) * (1 + force_sd * normal(planner));
    stance->fore = style->fore + (style->kind == GAIT_STAIRS ? 0.5 : 0);
    stance->medial = style->medial[contact->side];
}

/* How the foot comes to this contact. */
static void shape_step(struct planner *planner, const struct contact *contact, unsigned strides,
                       struct body_stance *stance)
{
    const struct gait_style *style = &contact->segment->style;
    bool walk = style->kind == GAIT_WALK;
    double angle_deg = isfinite(style->foot_deg) ? style->foot_deg
                       : walk                    ? 8 + 9 * style->speed_mps
                       : style->kind == GAIT_RUN ? 8
                                                 : -8;
    double peak_deg = walk                      ? fmin(75, 25 + 27 * style->speed_mps)
                      : style->kind == GAIT_RUN ? 75
                                                : 35;
    double clearance_mm = isfinite(style->clearance_mm) ? style->clearance_mm
                          : style->kind == GAIT_STAIRS  ? 40
                                                        : 18;
    angle_deg += angle_sd_deg * normal(planner);
    clearance_mm = fmax(0.5, clearance_mm + fmin(angle_sd_deg, 0.2 * clearance_mm) *
                                                clearance_sd_mm / angle_sd_deg * normal(planner));
    stance->kind = style->kind;
    stance->segment = (int16_t)(contact->segment - planner->body->segments);
    stance->step_s = contact->step_s;
    stance->contact_rad = angle_deg * PI / 180;
    stance->peak_pitch_rad = peak_deg * PI / 180;
    stance->clearance_m = clearance_mm / 1000;
    stance->roll_rad = (-3 + style->roll_sd_deg * normal(planner)) * PI / 180 *
                       (contact->side == BODY_LEFT ? 1 : -1);
    stance->slope = style->kind == GAIT_STAIRS ? 0 : style->incline;
    stance->place_m[2] += style->uneven_mm / 1000 * normal(planner);
    stance->shock_m_s2 =
        (8 + 12 * fabs(angle_deg) / 20) * style->loading * (style->kind == GAIT_RUN ? 2.5 : 1);
    stance->scuffed =
        floor((strides + 1) * style->scuffs / 20) > floor(strides * style->scuffs / 20);
    stance->stumbled = contact->stumbled;
}

/* The lift that brings the toe tip's least height in the middle of the swing to `clearance_m`. */
static void fit_clearance(const struct body_stance *from, struct body_stance *to)
{
    enum { POINTS = 40 };
    double wanted_m = to->clearance_m;
    to->lift_m = wanted_m;
    for (int round = 0; round < 4; round++) {
        double least_m = (double)INFINITY;
        for (int i = 0; i <= POINTS; i++) {
            double s = 0.25 + 0.5 * i / POINTS;
            double t_s = from->end_s + s * (to->start_s - from->end_s);
            least_m = fmin(least_m, toe_height(from, to, t_s));
        }
        to->clearance_m = least_m;
        if (round < 3)
            to->lift_m += wanted_m - least_m;
    }
}

/* Foot-off of the foot of contact `i`: after the other foot is down (but in a run), early enough to
 * swing. */
static double foot_off(const struct contact *contacts, unsigned i)
{
    double off_s = contacts[i].at_s + contacts[i].stance_s;
    if (contacts[i].segment->style.kind != GAIT_RUN)
        off_s = fmax(contacts[i + 1].at_s + both_min_s, off_s);
    double least_s = contacts[i].at_s + 0.1;
    return fmax(least_s, fmin(contacts[i + 2].at_s - swing_min_s, off_s));
}

static void plan_stances(struct planner *planner, const struct contact *contacts, unsigned n)
{
    struct body *body = planner->body;
    unsigned strides[BODY_FEET] = {0};
    for (unsigned i = 0; i < n; i++) {
        const struct contact *contact = &contacts[i];
        const struct gait_style *style = &contact->segment->style;
        double step_m = style->speed_mps * 60 / body_cadence(planner->body, style);
        /* The last step closes: beside the other foot, and on its level. */
        bool closes = i + 1 == n;
        double ahead_m = (closes ? 0 : 0.5 * step_m) + step_m * length_sd * normal(planner);
        const double *centre_m = contact->centre_m;
        struct body_stance *before = last_stance(body, contact->side);
        struct body_stance *stance = append(body, contact->side, contact->at_s);
        put(stance, contact->side, centre_m, ahead_m, contact->heading_rad);
        if (closes)
            put(stance, contact->side, contacts[n - 2].centre_m, 0.5 * step_m,
                contact->heading_rad);
        stance->landed = true;
        load_stance(planner, contact, stance);
        shape_step(planner, contact, strides[contact->side]++, stance);
        stance->standing = i + 2 >= n;
        if (!stance->standing)
            stance->end_s = foot_off(contacts, i);
        fit_clearance(before, stance);
    }
}

/* Both feet stand before and after a bout; the first step starts from there, the last one closes.
 */
static void plan_bout(struct planner *planner, const struct contact *contacts, unsigned n,
                      double from_s)
{
    struct body *body = planner->body;
    enum body_foot_side first = contacts[0].side;
    enum body_foot_side other = first == BODY_LEFT ? BODY_RIGHT : BODY_LEFT;
    struct body_stance *leaving = last_stance(body, first);
    struct body_stance *waiting = last_stance(body, other);
    leaving->end_s = from_s;
    waiting->alone_from_s = from_s;
    waiting->alone_to_s = contacts[0].at_s;
    waiting->end_s = fmin(contacts[1].at_s - swing_min_s, contacts[0].at_s + 0.12);
    unsigned first_at = body->stances_n[first];
    plan_stances(planner, contacts, n);
    body->stances[first][first_at].step_s = 0; /* nothing came before */
    struct body_stance *held = last_stance(body, contacts[n - 2].side);
    held->alone_from_s = foot_off(contacts, n - 3);
    held->alone_to_s = contacts[n - 1].at_s;
    for (int k = 0; k < 3; k++) /* between the feet */
        planner->at_m[k] = 0.5 * (last_stance(body, BODY_LEFT)->place_m[k] +
                                  last_stance(body, BODY_RIGHT)->place_m[k]);
}

/* Walks from `from_s` to `to_s`, if that is long enough for a few steps. */
static bool walk_bout(struct planner *planner, struct body_segment *segment, double from_s,
                      double to_s)
{
    unsigned max = (unsigned)(fmax(0, to_s - from_s) / 0.15) + 8, n = 0;
    struct contact *contacts = calloc(max, sizeof(*contacts));
    if (contacts == NULL)
        return false;
    struct contact contact = {.at_s = from_s - 0.1,
                              .side = BODY_RIGHT,
                              .segment = body_segment_at(planner->body, from_s)};
    const struct gait_style *style = &contact.segment->style;
    double half_m = 0.5 * style->speed_mps * 60 / body_cadence(planner->body, style);
    double heading = body_heading(planner->body, from_s);
    memcpy(contact.centre_m, planner->at_m, sizeof(contact.centre_m));
    contact.centre_m[0] -= half_m * cos(heading); /* the first step is half a stride */
    contact.centre_m[1] -= half_m * sin(heading);
    do {
        contact = next_contact(planner, &contact);
        contacts[n++] = contact;
    } while (contact.at_s < to_s && n < max);
    if (n >= 6) {
        plan_bout(planner, contacts, n, from_s);
        segment->move_from_s = contacts[0].at_s;
        segment->move_to_s = contacts[n - 1].at_s;
    }
    free(contacts);
    return true;
}

/* Getting up takes time. */
static double rise_s(enum script_verb from)
{
    return from == SCRIPT_LIE || from == SCRIPT_FALL     ? 4
           : from == SCRIPT_SIT || from == SCRIPT_WHEELS ? 1.5
                                                         : 0;
}

bool plan_feet(struct body *body, struct random *random)
{
    struct planner planner = {.body = body, .random = random, .recover = 1};
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++) {
        struct body_stance *stance = append(body, side, -1);
        stance->standing = true;
        put(stance, side, planner.at_m, 0, 0);
    }
    for (unsigned i = 0; i < body->segments_n; i++) {
        if (body->segments[i].verb != SCRIPT_WALK)
            continue;
        struct body_segment *first = &body->segments[i];
        double from_s = fmax(1, first->from_s + (i > 0 ? rise_s(body->segments[i - 1].verb) : 0));
        while (i + 1 < body->segments_n && body->segments[i + 1].verb == SCRIPT_WALK)
            i++;
        bool falls = i + 1 < body->segments_n && body->segments[i + 1].verb == SCRIPT_FALL;
        if (!walk_bout(&planner, first, from_s, body->segments[i].to_s - (falls ? fall_s : stop_s)))
            return false;
    }
    return true;
}
