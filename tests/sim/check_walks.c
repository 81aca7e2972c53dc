/* Records of walks, and how often they make the hub ask how much it hurts (rule book 6 and P01).
 * What the devices hold comes late, in a rush, and by one insole before the other: a walk is still
 * one. */
#include <stdlib.h>

#include "tests/sim/sim.h"

/* Of a walk that nobody ended and of which nothing comes for walk.close the record ceases; the rest
 * of it is another. */
enum { RECORDS_OF_A_WALK = 2 };
/* The end of a walk, the beginning of the next, and one in between. */
enum { ASKED_WITHIN_MOST = 3, ASKED_WITHIN_S = 300 };

struct walks_check {
    unsigned records_n, ended_n; /* opened; ended by a button, pain, a red flag or a fall */
    unsigned asked_n;            /* in this record */
    int64_t asked_ns[ASKED_WITHIN_MOST];
    int64_t end_ns;
};

struct walks_check *walks_check_new(void)
{
    struct walks_check *check = calloc(1, sizeof(*check));
    for (int i = 0; i < ASKED_WITHIN_MOST; i++)
        check->asked_ns[i] = INT64_MIN / 2;
    check->end_ns = INT64_MIN;
    return check;
}

static bool was_ended(uint8_t reason)
{
    return reason == END_USER || reason == END_PAIN_STOP || reason == END_RED_FLAG ||
           reason == END_FALL;
}

static void record(struct walks_check *check, const struct check_moment *moment,
                   enum session_change change)
{
    const struct session *session = &moment->state->session;
    if (change == SESSION_OPENED) {
        check->records_n++;
        check->asked_n = 0;
        if (session->open && session->start_ns < check->end_ns)
            world_fail(moment->world, "a record begins %.1f s before the last one ended",
                       (double)(check->end_ns - session->start_ns) / 1e9);
    }
    if (change == SESSION_CLOSED && !session->open) {
        check->end_ns = session->end_ns;
        check->ended_n += was_ended(session->end_reason);
    }
}

/* A question that is put again as the hub starts asks for the same answer. */
static void asked(struct walks_check *check, const struct check_moment *moment, int64_t at_ns)
{
    const double *value = moment->state->params.value;
    const unsigned most = (unsigned)value[PARAM_P01_MAX] + 2; /* its start and its end */
    if (at_ns - check->asked_ns[0] < ASKED_WITHIN_S * SIM_SECOND)
        world_fail(moment->world, "the wearer is asked how much it hurts %d times in %d s",
                   ASKED_WITHIN_MOST + 1, ASKED_WITHIN_S);
    for (int i = 1; i < ASKED_WITHIN_MOST; i++)
        check->asked_ns[i - 1] = check->asked_ns[i];
    check->asked_ns[ASKED_WITHIN_MOST - 1] = at_ns;
    if (++check->asked_n > most)
        world_fail(moment->world, "the wearer is asked how much it hurts %u times in a walk",
                   check->asked_n);
}

void walks_check_step(struct walks_check *check, const struct check_moment *moment)
{
    const bool starts = moment->input->kind == INPUT_HUB;
    for (int i = 0; i < moment->effects->n; i++) {
        const struct effect *effect = &moment->effects->items[i];
        if (effect->kind == EFFECT_SESSION)
            record(check, moment, (enum session_change)effect->session.change);
        if (effect->kind == EFFECT_PROMPT && effect->prompt.question == QUESTION_NRS && !starts)
            asked(check, moment, effect->at_ns);
    }
}

void walks_check_end(struct walks_check *check, struct world *world, int wearer)
{
    const unsigned ceased_n = check->records_n - check->ended_n;
    const unsigned most = RECORDS_OF_A_WALK * world->walks_n[wearer];
    world->counts[COUNT_RECORDS] += check->records_n;
    if (ceased_n > most)
        world_fail(world, "of %u walks there are %u records that nobody ended",
                   world->walks_n[wearer], ceased_n);
    free(check);
}
