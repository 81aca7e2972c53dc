#include "devices/sim/body.h"

#include <stdlib.h>
#include <string.h>

#include "devices/sim/body_private.h"

static void cut_segments(struct body *body)
{
    const struct script *script = body->script;
    struct body_segment segment = {.verb = SCRIPT_STAND};
    for (unsigned i = 0; i < script->events_n; i++) {
        const struct script_event *event = &script->events[i];
        if (!script_is_activity(event->verb) && event->verb != SCRIPT_END)
            continue;
        segment.to_s = event->at_s;
        if (segment.to_s > segment.from_s)
            body->segments[body->segments_n++] = segment;
        segment = (struct body_segment){.from_s = event->at_s,
                                        .verb = event->verb,
                                        .amount = event->amount,
                                        .second = event->second,
                                        .style = event->style};
        if (event->verb == SCRIPT_WALK)
            segment.warp = force_warp(force_hump(&event->style), event->style.loading);
    }
}

const struct body_segment *body_segment_at(const struct body *body, double t_s)
{
    unsigned i = 0;
    while (i + 1 < body->segments_n && body->segments[i].to_s <= t_s)
        i++;
    return &body->segments[i];
}

double body_cadence(const struct body *body, const struct gait_style *style)
{
    if (style->cadence_spm > 0)
        return style->cadence_spm;
    return script_expected_cadence(style->speed_mps, body->script->height_m);
}

double body_heading(const struct body *body, double t_s)
{
    const struct script *script = body->script;
    double sum = 0;
    for (unsigned i = 0; i < script->events_n && script->events[i].at_s < t_s; i++) {
        const struct script_event *event = &script->events[i];
        if (event->verb == SCRIPT_TURN)
            sum += event->amount * PI / 180 * ease((t_s - event->at_s) / event->second);
    }
    return sum;
}

/* The last event of a verb at a time; NULL = none. */
static const struct script_event *last_event(const struct script *script, enum script_verb verb,
                                             double t_s)
{
    const struct script_event *found = NULL;
    for (unsigned i = 0; i < script->events_n && script->events[i].at_s <= t_s; i++)
        if (script->events[i].verb == verb)
            found = &script->events[i];
    return found;
}

bool shoes_off(const struct body *body, enum body_foot_side side, double *t_s)
{
    const struct script *script = body->script;
    double since_s = (double)INFINITY;
    Stride__V1__Side own =
        side == BODY_LEFT ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT;
    for (unsigned i = 0; i < script->events_n && script->events[i].at_s <= *t_s; i++) {
        const struct script_event *event = &script->events[i];
        if (event->verb != SCRIPT_SHOES ||
            (event->side != STRIDE__V1__SIDE__SIDE_UNKNOWN && event->side != own))
            continue;
        if (event->amount < 0.5)
            since_s = (double)INFINITY;
        else if (!isfinite(since_s))
            since_s = event->at_s;
    }
    if (!isfinite(since_s))
        return false;
    *t_s = since_s;
    return true;
}

/* ---- what changes slowly */

static double toward(double value, double target, double lag_s)
{
    return value + (target - value) / (BODY_SLOW_HZ * lag_s);
}

/* 72 at rest, 105 at 1.3 m/s on the flat; a slope of 10 % costs 15 beats more, a run some 60. */
static double heart_wanted(const struct body_segment *segment, const struct script_event *event)
{
    const struct gait_style *style = &segment->style;
    double rest = event != NULL ? event->rest_bpm : 72, added = event != NULL ? event->second : 0;
    double effort = 0;
    if (event != NULL && isfinite(event->amount))
        return event->amount;
    if (segment->verb == SCRIPT_WALK)
        effort = 25.4 * fmin(2.2, style->speed_mps) + 150 * fmax(0, style->incline) +
                 (style->kind == GAIT_RUN      ? 25
                  : style->kind == GAIT_STAIRS ? 35
                                               : 0);
    return rest + effort + added;
}

static void plan_slow(struct body *body)
{
    double speed = 0, incline = 0, heart = 72, belt = 0;
    const struct script *script = body->script;
    for (unsigned i = 0; i < body->slow_n; i++) {
        double t_s = (double)i / BODY_SLOW_HZ;
        const struct body_segment *segment = body_segment_at(body, t_s);
        const struct script_event *heart_event = last_event(script, SCRIPT_HEART, t_s);
        const struct script_event *belt_event = last_event(script, SCRIPT_BELT, t_s);
        bool walks = segment->verb == SCRIPT_WALK;
        const struct gait_style *style = &segment->style;
        bool fixed = heart_event != NULL && isfinite(heart_event->amount);
        speed = toward(speed, walks ? style->speed_mps : 0, 0.8);
        incline = toward(incline, walks ? style->incline : 0, 3);
        heart = toward(heart, heart_wanted(segment, heart_event), fixed ? 5 : 40);
        bool set = belt_event != NULL && isfinite(belt_event->amount);
        belt = set ? toward(belt, belt_event->amount, 0.8) : speed;
        bool locked = heart_event != NULL && heart_event->locked && walks;
        body->slow[i] =
            (struct body_slow){.speed_mps = (float)speed,
                               .incline = (float)incline,
                               .belt_mps = (float)belt,
                               .heart_bpm = (float)(locked ? body_cadence(body, style) : heart),
                               .rail = walks && style->rail};
    }
}

void body_state(const struct body *body, double t_s, struct body_state *out)
{
    double at = fmin(fmax(t_s, 0) * BODY_SLOW_HZ, (double)(body->slow_n - 1));
    unsigned i = (unsigned)at;
    const struct body_slow *a = &body->slow[i], *b = &body->slow[i + 1 < body->slow_n ? i + 1 : i];
    float f = (float)(at - i);
    *out =
        (struct body_state){.speed_mps = (double)(a->speed_mps + f * (b->speed_mps - a->speed_mps)),
                            .incline = (double)(a->incline + f * (b->incline - a->incline)),
                            .belt_mps = (double)(a->belt_mps + f * (b->belt_mps - a->belt_mps)),
                            .heart_bpm = (double)(a->heart_bpm + f * (b->heart_bpm - a->heart_bpm)),
                            .rail = a->rail};
}

/* ---- life */

static bool allocate(struct body *body)
{
    const struct script *script = body->script;
    /* No step is shorter than 0.15 s, and a foot makes every other one. */
    body->stances_max = (unsigned)(script->end_s / 0.3) + 64;
    body->slow_n = (unsigned)(script->end_s * BODY_SLOW_HZ) + 2;
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++) {
        body->stances[side] = calloc(body->stances_max, sizeof(*body->stances[side]));
        if (body->stances[side] == NULL)
            return false;
    }
    body->slow = calloc(body->slow_n, sizeof(*body->slow));
    body->segments = calloc(script->events_n + 1, sizeof(*body->segments));
    body->postures = calloc(BODY_POSTURES_MAX, sizeof(*body->postures));
    body->jolts = calloc(BODY_JOLTS_MAX, sizeof(*body->jolts));
    return body->slow != NULL && body->segments != NULL && body->postures != NULL &&
           body->jolts != NULL;
}

struct body *body_open(const struct script *script, uint64_t seed)
{
    struct body *body = calloc(1, sizeof(*body));
    struct random random;
    if (body == NULL)
        return NULL;
    body->script = script;
    body->weight_n = script->mass_kg * GRAVITY;
    body->end_s = script->end_s;
    random_init(&random, seed, 1);
    if (allocate(body)) {
        cut_segments(body);
        if (plan_feet(body, &random) && plan_postures(body)) {
            plan_slow(body);
            return body;
        }
    }
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
    free(body->segments);
    free(body->postures);
    free(body->jolts);
    free(body);
}

const struct body_stance *body_stances(const struct body *body, enum body_foot_side side,
                                       unsigned *n)
{
    *n = body->stances_n[side];
    return body->stances[side];
}

const struct body_segment *body_segments(const struct body *body, unsigned *n)
{
    *n = body->segments_n;
    return body->segments;
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
