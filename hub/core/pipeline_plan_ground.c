/* Where and how a walk is, as somebody said: ground, open air, warmth (C13, C14, S07, C05), and
 * what rules are not for (enum walk_told). */
#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

_Static_assert((int)PLAN_FLOOR == (int)STRIDE__V1__SURFACE__SURFACE_INDOOR, "order of surfaces");

#define HOLDS_NS (15 * 60 * SECOND_NS) /* the way to where one walks */

static void untold(struct programme_ground *ground)
{
    memset(ground, 0, sizeof(*ground));
    ground->ambient_c = AMBIENT_UNTOLD;
}

void programme_ground_opened(struct wearer_state *state)
{
    struct programme *programme = &state->programme;
    untold(&programme->walk.ground);
    if (state->now_ns - programme->ground_ns <= HOLDS_NS)
        programme->walk.ground = programme->ground;
    untold(&programme->ground);
}

static void take(struct programme_ground *ground, enum walk_told what, Stride__V1__Answer said)
{
    if (said == STRIDE__V1__ANSWER__ANSWER_UNKNOWN)
        return;
    const unsigned is = said == STRIDE__V1__ANSWER__ANSWER_YES ? (unsigned)what : 0;
    ground->told = (uint8_t)(ground->told | (unsigned)what);
    ground->is = (uint8_t)((ground->is & ~(unsigned)what) | is);
}

/* Of the open walk, else of the next. */
static struct programme_ground *of_the_walk(struct wearer_state *state)
{
    struct programme *programme = &state->programme;
    return state->session.open ? &programme->walk.ground : &programme->ground;
}

void programme_hears_told(struct wearer_state *state, enum walk_told what, Stride__V1__Answer said)
{
    take(of_the_walk(state), what, said);
    if (!state->session.open && said != STRIDE__V1__ANSWER__ANSWER_UNKNOWN)
        state->programme.ground_ns = state->now_ns;
}

static void hear_told(struct wearer_state *state, const struct wire_report *report)
{
    programme_hears_told(state, TOLD_LONG_OK, report->long_ok);
    programme_hears_told(state, TOLD_BACKPACK, report->backpack);
    programme_hears_told(state, TOLD_ICY, report->icy);
    programme_hears_told(state, TOLD_CAMBER, report->camber);
    programme_hears_told(state, TOLD_SPORT, report->sport);
    programme_hears_told(state, TOLD_HYDRATED, report->hydrated);
}

bool programme_is(const struct wearer_state *state, enum walk_told what)
{
    return state->session.open && (state->programme.walk.ground.is & (unsigned)what) != 0;
}

void programme_hears_ground(struct step *step, const struct wire_report *report)
{
    struct wearer_state *state = step->state;
    struct programme *programme = &state->programme;
    bool open = state->session.open;
    /* It waited in a device, and is of a walk before. */
    if ((open ? state->session.start_ns : state->now_ns) - step_said_ns(step) > HOLDS_NS)
        return;
    struct programme_ground *ground = of_the_walk(state);
    const unsigned before = ground->surface;
    if (report->surface != 0)
        ground->surface = (uint8_t)report->surface;
    if (report->outdoors != 0)
        ground->outdoors = (uint8_t)report->outdoors;
    if (report->has_ambient)
        ground->ambient_c = (int8_t)report->ambient_c;
    hear_told(state, report);
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
    facts->long_ok = (ground->is & (unsigned)TOLD_LONG_OK) != 0;
    facts->outing = ground->outdoors == STRIDE__V1__ANSWER__ANSWER_YES;
    if (ground->outdoors != STRIDE__V1__ANSWER__ANSWER_UNKNOWN)
        facts->outdoor_min = facts->outing ? facts->walk_min : 0;
}
