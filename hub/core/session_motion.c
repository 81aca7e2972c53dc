/* The record's part that foot IMU and cells see: the shape of strides, turns, stairs. */
#include "hub/core/session_parts.h"

#include <math.h>
#include <string.h>

#define TURN_DEG 45        /* rule book 2.4: a turn, in 2 s: two strides of a foot */
#define TURN_OVER_DEG 22.5 /* half of it (E): the same turn does not count twice */
#define CLIMB_MIN_M 0.10   /* rule book 2.4, STAIRS: height change of a step, 3 steps running: */
#define CLIMB_RUN 2        /* two strides of one foot span that many */
/* Two strides of a foot follow each other when end and start are this close. */
#define FOLLOWS_NS INT64_C(50000000)

void session_ways_clear(struct session_way ways[FEET])
{
    for (unsigned foot = 0; foot < FEET; foot++) {
        memset(&ways[foot], 0, sizeof(ways[foot]));
        ways[foot].ascent_m = NAN;
        ways[foot].end_ns = INT64_MIN;
    }
}

static void note_turn(struct session_way *way, bool follows, double turn_deg)
{
    way->turn_known = way->turn_known || !isnan(turn_deg);
    bool goes_on = follows && way->turning && fabs(turn_deg) >= TURN_OVER_DEG &&
                   (turn_deg > 0) == way->turns_left;
    if (goes_on)
        return;
    double turned_deg = turn_deg + (follows ? (double)way->turned_deg : 0);
    way->turning = fabs(turned_deg) > TURN_DEG;
    /* What a turn was made of makes no other one. */
    way->turned_deg = way->turning || isnan(turn_deg) ? 0 : (float)turn_deg;
    way->turns_left = turned_deg > 0;
    if (way->turning && way->turns_n < UINT16_MAX)
        way->turns_n++;
}

static void note_height(struct session_way *way, bool follows, double height_m)
{
    bool climbs = height_m >= CLIMB_MIN_M;
    if (!isnan(height_m) && isnan(way->ascent_m))
        way->ascent_m = 0;
    if (!follows || !climbs)
        way->climbs_n = 0;
    if (way->climbs_n == 0)
        way->climbed_m = 0;
    if (!climbs)
        return;
    way->climbed_m += (float)height_m;
    if (way->climbs_n < CLIMB_RUN)
        way->climbs_n++;
    if (way->climbs_n < CLIMB_RUN)
        return;
    way->ascent_m += way->climbed_m;
    way->climbed_m = 0;
}

static void note_scuff(struct session *session, uint8_t scuff)
{
    session->scuff_known_n += scuff != STRIDE_UNKNOWN;
    if (scuff == STRIDE_YES && session->scuffs_n < UINT16_MAX)
        session->scuffs_n++;
}

void session_note_shape(struct session *session, const struct stride *stride)
{
    const struct stride_shape *shape = &stride->shape;
    uint8_t foot = stride->foot;
    moments_add(&session->foot_angle[foot], (double)shape->foot_angle_deg);
    moments_add(&session->clearance[foot], (double)shape->clearance_mm);
    moments_add(&session->impact[foot], (double)shape->impact_g);
    moments_add(&session->loading[foot], (double)shape->loading_n_s);
    moments_add(&session->forefoot[foot], (double)shape->forefoot_share);
    moments_add(&session->medial[foot], (double)shape->medial_index);
    moments_add(&session->cpei[foot], (double)shape->cpei_pct);
    note_scuff(session, shape->scuff);
    struct session_way *way = &session->ways[foot];
    bool follows = way->end_ns != INT64_MIN && stride->start_ns - way->end_ns < FOLLOWS_NS;
    note_turn(way, follows, (double)shape->turn_deg);
    note_height(way, follows, (double)shape->height_m);
    way->end_ns = stride->end_ns;
}

double session_ascent_m(const struct session *session)
{
    /* Both feet climb the same stairs; the one that saw more has fewer gaps. */
    double feet_m =
        (double)fmaxf(session->ways[FOOT_LEFT].ascent_m, session->ways[FOOT_RIGHT].ascent_m);
    double belt_m = (double)session->belt_ascent_m;
    if (isnan(feet_m))
        return belt_m;
    return isnan(belt_m) ? feet_m : feet_m + belt_m;
}

int session_turns(const struct session *session)
{
    int most = -1;
    for (unsigned foot = 0; foot < FEET; foot++) {
        const struct session_way *way = &session->ways[foot];
        if (way->turn_known && way->turns_n > most)
            most = way->turns_n;
    }
    return most;
}
