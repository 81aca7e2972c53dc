/* Where a walk is, as somebody said: ground, open air, warmth (C13, C14, S07, C05). */
#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

_Static_assert((int)PLAN_FLOOR == (int)STRIDE__V1__SURFACE__SURFACE_INDOOR, "order of surfaces");

static void untold(struct programme_ground *ground)
{
    memset(ground, 0, sizeof(*ground));
    ground->ambient_c = AMBIENT_UNTOLD;
}

void programme_ground_opened(struct wearer_state *state)
{
    const int64_t holds_ns = 15 * 60 * SECOND_NS; /* the way to where one walks */
    struct programme *programme = &state->programme;
    untold(&programme->walk.ground);
    if (state->now_ns - programme->ground_ns <= holds_ns)
        programme->walk.ground = programme->ground;
    untold(&programme->ground);
}

void programme_hears_ground(struct step *step, const struct wire_report *report)
{
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    bool open = state->session.open;
    struct programme_ground *ground = open ? &programme->walk.ground : &programme->ground;
    const unsigned before = ground->surface;
    if (report->surface != 0)
        ground->surface = (uint8_t)report->surface;
    if (report->outdoors != 0)
        ground->outdoors = (uint8_t)report->outdoors;
    if (report->has_ambient)
        ground->ambient_c = (int8_t)report->ambient_c;
    if (!open && (report->surface != 0 || report->outdoors != 0 || report->has_ambient))
        programme->ground_ns = state->now_ns;
    if (open && before != PLAN_SURFACE_UNKNOWN && ground->surface != before)
        pain_ground_changed(step);
}

float programme_ambient_c(const struct programme *programme)
{
    const struct programme_ground *ground = &programme->walk.ground;
    return ground->ambient_c == AMBIENT_UNTOLD ? NAN : (float)ground->ambient_c;
}

void programme_ground_facts(const struct programme_ground *ground, struct plan_facts *facts)
{
    /* What is measured is not asked; of a walk partly on a belt no ground is learnt. */
    facts->surface = facts->mode == PLAN_TREADMILL ? PLAN_BELT
                     : facts->mode == PLAN_MIXED   ? PLAN_SURFACE_UNKNOWN
                                                   : ground->surface;
    facts->outing = ground->outdoors == STRIDE__V1__ANSWER__ANSWER_YES;
    if (ground->outdoors != STRIDE__V1__ANSWER__ANSWER_UNKNOWN)
        facts->outdoor_min = facts->outing ? facts->walk_min : 0;
}
