#include "devices/sim/body.h"

#include <math.h>

#include "devices/sim/body_private.h"
#include "devices/sim/random.h"

#define GRAVITY 9.81
#define PI 3.14159265358979323846

/* Pieces of the time line between stand, sit and walk. */
struct segment {
    double from_s, to_s;
    enum script_verb verb;
    struct gait_style style;
};

struct planner {
    const struct script *script;
    struct body *body;
    struct random random;
    struct segment segments[SCRIPT_EVENTS_MAX + 1];
    unsigned segments_n;
};

/* One contact of a bout while it is planned. */
struct contact {
    double at_s;
    enum body_foot_side side;
    const struct gait_style *style;
    double stance_s;
};

static void cut_segments(struct planner *planner)
{
    struct segment segment = {.verb = SCRIPT_STAND};
    for (unsigned i = 0; i < planner->script->events_n; i++) {
        const struct script_event *event = &planner->script->events[i];
        if (event->verb == SCRIPT_REPORT || event->verb == SCRIPT_FAULT)
            continue;
        segment.to_s = event->at_s;
        if (segment.to_s > segment.from_s)
            planner->segments[planner->segments_n++] = segment;
        segment =
            (struct segment){.from_s = event->at_s, .verb = event->verb, .style = event->style};
    }
}

static const struct segment *segment_at(const struct planner *planner, double t_s)
{
    unsigned i = 0;
    while (i + 1 < planner->segments_n && planner->segments[i].to_s <= t_s)
        i++;
    return &planner->segments[i];
}

static double cadence_of(const struct planner *planner, const struct gait_style *style)
{
    if (style->cadence_spm > 0)
        return style->cadence_spm;
    return script_expected_cadence(style->speed_mps, planner->script->height_m);
}

/* Share of a stride on the ground: 62 % at 1.3 m/s, more when slower. */
static double duty_of(const struct gait_style *style)
{
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

/* The contact after `previous`. Two steps with an SD of cv/sqrt(2) of a step each make strides with
 * a CV of cv: SD adds as a square, the mean doubles. */
static struct contact next_contact(struct planner *planner, const struct contact *previous)
{
    enum body_foot_side side = previous->side == BODY_LEFT ? BODY_RIGHT : BODY_LEFT;
    const struct segment *segment = segment_at(planner, previous->at_s);
    const struct gait_style *style =
        segment->verb == SCRIPT_WALK ? &segment->style : previous->style;
    double step_s = 60 / cadence_of(planner, style);
    double cv = style->cv_pct / 100;
    struct contact next = {.side = side, .style = style};
    next.at_s = previous->at_s + step_s * uneven(style->step_si_pct, is_sore(style, side)) *
                                     (1 + sqrt(2) * cv * random_normal(&planner->random));
    next.stance_s =
        2 * step_s * stance_share(style, side) * (1 + 0.3 * cv * random_normal(&planner->random));
    return next;
}

static struct body_stance *append(struct body *body, enum body_foot_side side, double start_s)
{
    if (body->stances_n[side] == body->stances_max)
        return &body->stances[side][body->stances_max - 1]; /* cannot be: sized by the fastest */
    struct body_stance *stance = &body->stances[side][body->stances_n[side]++];
    *stance = (struct body_stance){.start_s = start_s, .end_s = (double)INFINITY};
    return stance;
}

static struct body_stance *last_stance(struct body *body, enum body_foot_side side)
{
    return &body->stances[side][body->stances_n[side] - 1];
}

/* Scales both feet so that they carry the weight over a stride. */
static void load_stance(const struct planner *planner, const struct contact *contact,
                        struct body_stance *stance)
{
    const struct gait_style *style = contact->style;
    double hump = fmin(0.4, 0.1 + 0.18 * style->speed_mps);
    double mean = 2 / PI * (1 + hump / 3); /* of sin(pi u) + hump sin(3 pi u) */
    double carried = 0;
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++)
        carried += stance_share(style, side) * uneven(style->load_si_pct, !is_sore(style, side));
    double load = uneven(style->load_si_pct, !is_sore(style, contact->side));
    stance->hump = hump;
    stance->amplitude_n = planner->body->weight_n * load / (mean * carried);
    stance->contact_rad = (8 + 9 * style->speed_mps) * PI / 180;
}

/* Foot-off of the foot of contact `i`: after the other foot is down, early enough to swing. */
static double foot_off(const struct contact *contacts, unsigned i)
{
    double off_s = contacts[i].at_s + contacts[i].stance_s;
    return fmin(contacts[i + 2].at_s - 0.2, fmax(contacts[i + 1].at_s + 0.03, off_s));
}

/* Both feet stand before and after a bout; the first step starts from there, the last one closes.
 */
static void plan_bout(struct planner *planner, const struct contact *contacts, unsigned n,
                      double from_s)
{
    struct body *body = planner->body;
    enum body_foot_side first = contacts[0].side;
    enum body_foot_side other = first == BODY_LEFT ? BODY_RIGHT : BODY_LEFT;
    double half_m =
        0.5 * contacts[0].style->speed_mps * 120 / cadence_of(planner, contacts[0].style);
    struct body_stance *leaving = last_stance(body, first);
    struct body_stance *waiting = last_stance(body, other);
    leaving->end_s = from_s;
    leaving->swing_m = half_m;
    waiting->alone_from_s = from_s;
    waiting->alone_to_s = contacts[0].at_s;
    waiting->end_s = fmin(contacts[1].at_s - 0.2, contacts[0].at_s + 0.12);
    waiting->swing_m = 2 * half_m;
    for (unsigned i = 0; i < n; i++) {
        struct body_stance *stance = append(body, contacts[i].side, contacts[i].at_s);
        stance->landed = true;
        load_stance(planner, &contacts[i], stance);
        stance->standing = i + 2 >= n;
        if (!stance->standing) {
            stance->end_s = foot_off(contacts, i);
            double stride_s = contacts[i + 2].at_s - contacts[i].at_s;
            stance->swing_m = contacts[i].style->speed_mps * stride_s * (i + 3 == n ? 0.5 : 1);
        }
    }
    struct body_stance *held = last_stance(body, contacts[n - 2].side);
    held->alone_from_s = foot_off(contacts, n - 3);
    held->alone_to_s = contacts[n - 1].at_s;
}

/* Walks from `from_s` to `to_s`, if that is long enough for a few steps. */
static bool walk_bout(struct planner *planner, double from_s, double to_s)
{
    unsigned max = (unsigned)((to_s - from_s) * 150 / 60 * 2) + 8, n = 0;
    struct contact *contacts = calloc(max, sizeof(*contacts));
    if (contacts == NULL)
        return false;
    const struct gait_style *style = &segment_at(planner, from_s)->style;
    struct contact contact = {.at_s = from_s - 0.1, .side = BODY_RIGHT, .style = style};
    do {
        contact = next_contact(planner, &contact);
        contacts[n++] = contact;
    } while (contact.at_s < to_s && n < max);
    if (n >= 6)
        plan_bout(planner, contacts, n, from_s);
    free(contacts);
    return true;
}

static bool plan_feet(struct planner *planner)
{
    struct body *body = planner->body;
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++)
        append(body, side, -1)->standing = true;
    for (unsigned i = 0; i < planner->segments_n; i++) {
        if (planner->segments[i].verb != SCRIPT_WALK)
            continue;
        /* Standing takes a second before and after, so that bouts never meet. */
        double from_s = fmax(1, planner->segments[i].from_s);
        while (i + 1 < planner->segments_n && planner->segments[i + 1].verb == SCRIPT_WALK)
            i++;
        if (!walk_bout(planner, from_s, planner->segments[i].to_s - 2))
            return false;
    }
    return true;
}

static double toward(double value, double target, double lag_s)
{
    return value + (target - value) / (BODY_SLOW_HZ * lag_s);
}

static void plan_slow(struct planner *planner)
{
    double speed = 0, incline = 0, heart = 72, arm = 0, share = 1;
    for (unsigned i = 0; i < planner->body->slow_n; i++) {
        const struct segment *segment = segment_at(planner, (double)i / BODY_SLOW_HZ);
        bool walks = segment->verb == SCRIPT_WALK;
        const struct gait_style *style = &segment->style;
        double target = walks ? style->speed_mps : 0;
        /* 72 at rest, 105 at 1.3 m/s on the flat; a slope of 10 % costs 15 beats more. */
        double wanted = 72 + 25.4 * target + (walks ? 150 * fmax(0, style->incline) : 0);
        speed = toward(speed, target, 0.8);
        incline = toward(incline, walks ? style->incline : 0, 3);
        heart = toward(heart, wanted, 40);
        arm = toward(arm, walks ? style->arm_deg * PI / 180 : 0, 0.7);
        share = toward(share, segment->verb == SCRIPT_SIT ? 0.2 : 1, 0.5);
        planner->body->slow[i] = (struct body_slow){.speed_mps = (float)speed,
                                                    .incline = (float)incline,
                                                    .heart_bpm = (float)heart,
                                                    .arm_rad = (float)arm,
                                                    .share = (float)share,
                                                    .rail = walks && style->rail};
    }
}

struct body *body_open(const struct script *script, uint64_t seed)
{
    struct planner *planner = calloc(1, sizeof(*planner));
    struct body *body = calloc(1, sizeof(*body));
    if (planner == NULL || body == NULL)
        goto fail;
    body->weight_n = script->mass_kg * GRAVITY;
    body->end_s = script->end_s;
    /* 150 steps/min at most, and noise may make them come closer for a while. */
    body->stances_max = (unsigned)(script->end_s * 150 / 60) + 64;
    body->slow_n = (unsigned)(script->end_s * BODY_SLOW_HZ) + 2;
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++) {
        body->stances[side] = calloc(body->stances_max, sizeof(*body->stances[side]));
        if (body->stances[side] == NULL)
            goto fail;
    }
    body->slow = calloc(body->slow_n, sizeof(*body->slow));
    if (body->slow == NULL)
        goto fail;
    planner->script = script;
    planner->body = body;
    random_init(&planner->random, seed, 1);
    cut_segments(planner);
    if (!plan_feet(planner))
        goto fail;
    plan_slow(planner);
    free(planner);
    return body;
fail:
    free(planner);
    body_close(body);
    return NULL;
}

void body_close(struct body *body)
{
    if (body == NULL)
        return;
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++)
        free(body->stances[side]);
    free(body->slow);
    free(body);
}

const struct body_stance *body_stances(const struct body *body, enum body_foot_side side,
                                       unsigned *n)
{
    *n = body->stances_n[side];
    return body->stances[side];
}

unsigned body_stance_at(const struct body *body, enum body_foot_side side, double t_s)
{
    unsigned low = 0, high = body->stances_n[side];
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (body->stances[side][middle].start_s <= t_s)
            low = middle;
        else
            high = middle;
    }
    return low;
}
