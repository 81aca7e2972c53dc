/* The record's part that wrist, belt and context tell. */
#include "hub/core/session_parts.h"

#include <math.h>

#define STEP_GAP_NS INT64_C(1200000000)    /* rule book 2.4, WALK: the longest gap between steps */
#define BELT_MIN_MPS 0.0833F               /* rule book 2.4, TREADMILL: 0.3 km/h */
#define BELT_PIECE_NS INT64_C(10000000000) /* a belt that is silent longer is not known to run */

void session_wrist_step(struct session *session, int64_t at_ns, float cadence_spm)
{
    if (!session_counts(session, SESSION_WRIST) ||
        (session->last_step_ns != INT64_MIN && at_ns <= session->last_step_ns))
        return;
    int64_t before_ns = session->last_step_ns;
    if (before_ns != INT64_MIN && at_ns - before_ns <= STEP_GAP_NS)
        (void)session_cover(session, before_ns, at_ns);
    session->last_step_ns = at_ns;
    session->steps_n++;
    moments_add(&session->wrist_cadence, (double)cadence_spm);
}

/* A belt is told as one speed a second, however often it tells its own. */
static void note_belt_speed(struct session *session, double s, float mps, float incline)
{
    struct session_speeds *speeds = &session->speeds;
    speeds->belt_m += mps * (float)s;
    speeds->belt_s += (float)s;
    if (speeds->belt_s < 1)
        return;
    double mean_mps = (double)(speeds->belt_m / speeds->belt_s);
    session_add_speed(session, mean_mps);
    moments_add(&session->belt_speed, mean_mps);
    moments_add(&session->incline, (double)incline);
    speeds->belt_m = speeds->belt_s = 0;
}

void session_belt(struct session *session, int64_t from_ns, int64_t until_ns, float mps,
                  float incline)
{
    /* The belt knows the way even when the wrist counts the steps. */
    if (!session->open || session->amounts_source == SESSION_FEET || until_ns <= from_ns ||
        until_ns - from_ns > BELT_PIECE_NS || !(mps >= BELT_MIN_MPS) || !isfinite(mps))
        return;
    double s = session_seconds(from_ns, until_ns);
    if (session->amounts_source != SESSION_WRIST && session_counts(session, SESSION_BELT))
        (void)session_cover(session, from_ns, until_ns);
    session_add_way(session, (double)mps * s, (double)incline);
    note_belt_speed(session, s, mps, incline);
}

void session_arm(struct session *session, int arm, float arm_swing_deg)
{
    if (session->open && (arm == 0 || arm == 1))
        moments_add(&session->arm_swing[arm], (double)arm_swing_deg);
}

static void add_known(float *to, double s)
{
    if (s >= 0 && isfinite(s))
        *to = (isnan(*to) ? 0 : *to) + (float)s;
}

void session_posture(struct session *session, double phone_s, double rail_s)
{
    if (!session->open)
        return;
    add_known(&session->phone_s, phone_s);
    add_known(&session->rail_s, rail_s);
}

/* The seconds of a pause are told when the walk goes on, before the rest itself is noted. */
static void note_pause(struct session_pause *pause, uint8_t context, float seconds)
{
    if (context != CONTEXT_STAND && context != CONTEXT_SIT) {
        pause->ended = pause->ended || context >= CONTEXT_WALK;
        return;
    }
    if (pause->ended)
        *pause = (struct session_pause){0};
    if (context == CONTEXT_SIT)
        pause->sit_s += seconds;
    else
        pause->stand_s += seconds;
}

void session_planned_rest(struct session *session, double seconds)
{
    if (session->open && seconds > 0 && isfinite(seconds))
        session->planned_rest_s += (float)seconds;
}

void session_context(struct session *session, uint8_t context, double seconds)
{
    if (!session->open || context >= SESSION_CONTEXTS || !(seconds > 0) || !isfinite(seconds))
        return;
    session->context_s[context] += (float)seconds;
    note_pause(&session->pause, context, (float)seconds);
    session->stand_s = context == CONTEXT_STAND ? session->stand_s + (float)seconds : 0;
    session->longest_stand_s = fmaxf(session->longest_stand_s, session->stand_s);
}
