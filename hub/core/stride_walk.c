/* The walk detector and steadiness (rule book 2.4), from the steps in the rings. */
#include <math.h>

#include "hub/core/stride_private.h"

enum { WALK_STEPS = 6, WALK_STRIDES_ONE_FOOT = 3 };
static const int64_t step_min_ns = INT64_C(300000000), step_max_ns = INT64_C(1200000000);
/* From one foot: a stride is two steps. */
static const int64_t stride_min_ns = INT64_C(600000000), stride_max_ns = INT64_C(2400000000);
/* Ten strides in a row: the first three of a walk are never among the steady ones. */
static const float steady_share = 0.20F, turn_most_deg = 45.0F;

struct contact {
    enum foot foot;
    uint32_t number;
    int64_t at_ns;
};

static int64_t contact_ns(const struct stride_foot *foot, uint32_t number)
{
    return stride_step_at(foot, number)->contact_ns;
}

/* Is the foot's step before `at_ns` (at it too, when `or_at`)? */
static bool step_before(const struct stride_foot *foot, uint32_t number, int64_t at_ns, bool or_at)
{
    int64_t contact = contact_ns(foot, number);
    return contact < at_ns || (or_at && contact == at_ns);
}

/* How many of the foot's steps are before `at_ns`. Contacts of a foot never go back in session
 * time: stride_event() sees to it. Most questions are about the newest: wider and wider strides go
 * back from there, and the last one is halved. */
static uint32_t steps_before(const struct stride_foot *foot, int64_t at_ns, bool or_at)
{
    uint32_t oldest = stride_oldest(foot), low = oldest, high = foot->steps_n;
    for (uint32_t back = 1; high - oldest >= back; back *= 2) {
        if (step_before(foot, high - back, at_ns, or_at)) {
            low = high - back + 1;
            break;
        }
        high -= back;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (step_before(foot, middle, at_ns, or_at)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static enum foot other_foot(enum foot foot)
{
    return foot == FOOT_LEFT ? FOOT_RIGHT : FOOT_LEFT;
}

/* The contact before: of both feet, left first where they coincide. */
static bool contact_before(const struct stride_state *state, struct contact *at)
{
    enum foot other = other_foot(at->foot);
    const struct stride_foot *mine = &state->feet[at->foot], *theirs = &state->feet[other];
    uint32_t n = steps_before(theirs, at->at_ns, other == FOOT_LEFT);
    bool here = at->number > stride_oldest(mine), there = n > stride_oldest(theirs);
    if (!here && !there) {
        return false;
    }
    int64_t here_ns = here ? contact_ns(mine, at->number - 1) : INT64_MIN;
    int64_t there_ns = there ? contact_ns(theirs, n - 1) : INT64_MIN;
    *at = here_ns > there_ns ? (struct contact){at->foot, at->number - 1, here_ns}
                             : (struct contact){other, n - 1, there_ns};
    return true;
}

/* The contact after, if it is known to be the next one. `*none`: none is near, and none will come.
 */
static bool contact_after(const struct stride_state *state, struct contact *at, bool *none)
{
    enum foot other = other_foot(at->foot);
    const struct stride_foot *mine = &state->feet[at->foot], *theirs = &state->feet[other];
    uint32_t n = steps_before(theirs, at->at_ns, other == FOOT_LEFT);
    int64_t here_ns = at->number + 1 < mine->steps_n ? contact_ns(mine, at->number + 1) : INT64_MAX;
    int64_t there_ns = n < theirs->steps_n ? contact_ns(theirs, n) : INT64_MAX;
    int64_t until_ns = at->at_ns + step_max_ns;
    int64_t first_ns = here_ns < there_ns ? here_ns : there_ns;
    int64_t need_ns = first_ns < until_ns ? first_ns : until_ns;
    for (int i = 0; i < FEET; i++) {
        if (state->feet[i].expected && state->feet[i].watermark_ns < need_ns) {
            return false;
        }
    }
    *none = first_ns > until_ns;
    if (*none) {
        return false;
    }
    *at = here_ns < there_ns ? (struct contact){at->foot, at->number + 1, here_ns}
                             : (struct contact){other, n, there_ns};
    return true;
}

static bool valid_step(const struct contact *from, const struct contact *to)
{
    int64_t span_ns = to->at_ns - from->at_ns;
    return from->foot != to->foot && span_ns >= step_min_ns && span_ns <= step_max_ns;
}

/* Valid steps in a row that end with `at`, counted up to `most`; `at` becomes their first contact.
 */
static int steps_back(const struct stride_state *state, struct contact *at, int most)
{
    int n = 0;
    struct contact before = *at;
    while (n < most && contact_before(state, &before) && valid_step(&before, at)) {
        *at = before;
        n++;
    }
    return n;
}

static enum walk_answer alternating(const struct stride_state *state, struct contact end,
                                    bool look_ahead)
{
    struct contact first = end;
    int n = steps_back(state, &first, WALK_STEPS);
    if (n < 2) {
        return WALK_NO; /* a stride is two steps */
    }
    while (look_ahead && n < WALK_STEPS) {
        bool none = false;
        struct contact next = end;
        if (!contact_after(state, &next, &none)) {
            return none ? WALK_NO : WALK_UNDECIDED;
        }
        if (!valid_step(&end, &next)) {
            return WALK_NO;
        }
        end = next;
        n++;
    }
    return n >= WALK_STEPS ? WALK_YES : WALK_NO;
}

static bool one_foot_stride(const struct stride_foot *foot, uint32_t number)
{
    const struct stride_step *step = stride_step_at(foot, number);
    int64_t span_ns = contact_ns(foot, number + 1) - step->contact_ns;
    return span_ns >= stride_min_ns && span_ns <= stride_max_ns && step->gap_us == STRIDE_NO_GAP;
}

/* First step of the row of one-foot strides that `number` ends; at most `most` strides. */
static uint32_t one_foot_first(const struct stride_foot *foot, uint32_t number, uint32_t most)
{
    uint32_t first = number;
    while (first > stride_oldest(foot) && number - first + 1 < most &&
           one_foot_stride(foot, first - 1)) {
        first--;
    }
    return first;
}

static enum walk_answer one_foot(const struct stride_foot *foot, uint32_t number, bool look_ahead)
{
    if (!one_foot_stride(foot, number)) {
        return WALK_NO;
    }
    uint32_t n = number - one_foot_first(foot, number, WALK_STRIDES_ONE_FOOT) + 1;
    while (look_ahead && n < WALK_STRIDES_ONE_FOOT) {
        number++;
        if (number + 1 >= foot->steps_n) {
            int64_t until_ns = contact_ns(foot, number) + stride_max_ns;
            bool over = !foot->expected || foot->watermark_ns > until_ns;
            return over ? WALK_NO : WALK_UNDECIDED;
        }
        if (!one_foot_stride(foot, number)) {
            return WALK_NO;
        }
        n++;
    }
    return n >= WALK_STRIDES_ONE_FOOT ? WALK_YES : WALK_NO;
}

enum walk_answer stride_walk(const struct stride_state *state, enum foot foot, uint32_t number,
                             bool other_known, bool look_ahead)
{
    struct contact end = {foot, number + 1, contact_ns(&state->feet[foot], number + 1)};
    enum walk_answer answer = alternating(state, end, look_ahead);
    return answer == WALK_NO && !other_known ? one_foot(&state->feet[foot], number, look_ahead)
                                             : answer;
}

/* First contact of the walk that the stride belongs to, as far back as the steps are known. */
static int64_t first_contact_ns(const struct stride_state *state, enum foot foot, uint32_t number)
{
    struct contact at = {foot, number + 1, contact_ns(&state->feet[foot], number + 1)};
    if (steps_back(state, &at, FEET * STRIDE_STEPS) >= 2) {
        return at.at_ns;
    }
    const struct stride_foot *mine = &state->feet[foot];
    return contact_ns(mine, one_foot_first(mine, number, STRIDE_STEPS));
}

static bool steady(const struct stride_steady *strides)
{
    if (strides->n < STRIDE_STEADY_N) {
        return false;
    }
    float middle = window_median(strides->sorted, strides->n);
    return middle - strides->sorted[0] <= steady_share * middle &&
           strides->sorted[STRIDE_STEADY_N - 1] - middle <= steady_share * middle;
}

void stride_walk_on(const struct stride_state *state, struct stride_out *path, uint32_t number,
                    struct stride *stride)
{
    if (!stride->walking) {
        path->steady_s.n = 0;
        return;
    }
    /* Strides of both feet overlap: one that begins after the last one's end is a new walk. */
    if (path->walk_last_ns == INT64_MIN || stride->start_ns > path->walk_last_ns) {
        path->walk_start_ns = first_contact_ns(state, (enum foot)stride->foot, number);
        path->steady_s.n = 0;
    }
    path->walk_last_ns = stride->end_ns > path->walk_last_ns ? stride->end_ns : path->walk_last_ns;
    if (!stride->valid) {
        path->steady_s.n = 0;
        return;
    }
    window_add(window_view(&path->steady_s), stride->stride_s);
    float turn_deg = stride_turn_deg(state, (enum foot)stride->foot, number);
    /* A turn that nobody measures rules nothing out. */
    stride->steady = steady(&path->steady_s) && !(fabsf(turn_deg) > turn_most_deg);
}
