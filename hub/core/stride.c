#include "hub/core/stride.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/stride_private.h"

static const int64_t live_wait_default_ns = INT64_C(1000000000); /* design 1 */
/* The record waits for a belt's sample no longer than any stall of a link that goes on. */
static const int64_t belt_wait_ns = INT64_C(10000000000);

void stride_init(struct stride_state *state)
{
    memset(state, 0, sizeof *state);
    for (int i = 0; i < FEET; i++) {
        state->feet[i].watermark_ns = INT64_MIN;
        state->feet[i].shaped_ns = INT64_MAX;
        stride_swings_init(&state->feet[i]);
    }
    for (int i = 0; i < STRIDE_PATHS; i++) {
        state->paths[i].walk_start_ns = state->paths[i].walk_last_ns = INT64_MIN;
    }
    state->live_wait_ns = live_wait_default_ns;
    stride_windows_init(&state->windows);
}

void stride_new_session(struct stride_state *state)
{
    stride_windows_init(&state->windows);
    for (int i = 0; i < FEET; i++) {
        state->windows.first[i] = state->paths[STRIDE_LIVE].next[i];
    }
}

void stride_expect(struct stride_state *state, enum foot foot, bool expected)
{
    state->feet[foot].expected = expected;
}

/* ---- steps in ---- */

const struct stride_step *stride_step_at(const struct stride_foot *foot, uint32_t number)
{
    return &foot->steps[number % STRIDE_STEPS];
}

uint32_t stride_oldest(const struct stride_foot *foot)
{
    return foot->steps_n > STRIDE_STEPS ? foot->steps_n - STRIDE_STEPS : 0;
}

static struct stride_step *newest_step(struct stride_foot *foot)
{
    return foot->steps_n > 0 ? &foot->steps[(foot->steps_n - 1) % STRIDE_STEPS] : NULL;
}

/* The earliest wins: a gap is told by its slice's watermark, and by the first event behind it. */
static void mark_gap(struct stride_step *step, int64_t at_ns)
{
    int64_t after_us = (at_ns - step->contact_ns) / 1000;
    after_us = after_us > 0 ? after_us : 0;
    /* At an hour's distance from its contact a gap is no nearer to any stride. */
    if (after_us < (int64_t)step->gap_us) {
        step->gap_us = (uint32_t)after_us;
    }
}

static void add_contact(struct stride_state *state, const struct gait_event *event)
{
    struct stride_foot *foot = &state->feet[event->foot];
    const struct stride_step *last = newest_step(foot);
    int64_t at_ns = event->at_session_ns;
    if (last != NULL && at_ns < last->contact_ns) {
        at_ns = last->contact_ns; /* the map moved: order is kept */
    }
    struct stride_step *step = &foot->steps[foot->steps_n % STRIDE_STEPS];
    memset(step, 0, sizeof *step); /* padding too: a checkpoint is its bytes */
    step->contact_us = event->at_device_us;
    step->foot_off_us = (double)NAN;
    step->contact_ns = at_ns;
    step->gap_us = STRIDE_NO_GAP;
    stride_shape_none(&step->shape);
    step->peak_force_n = NAN;
    step->impulse_ns = NAN;
    step->late = event->late;
    foot->steps_n++;
    stride_swings_match(foot);
    for (int i = 0; i < STRIDE_PATHS; i++) {
        uint32_t oldest = stride_oldest(foot);
        uint32_t *next = &state->paths[i].next[event->foot];
        *next = *next > oldest ? *next : oldest;
    }
}

static void add_foot_off(struct stride_step *step, const struct gait_event *event)
{
    step->foot_offs_n = (uint8_t)(step->foot_offs_n < 2 ? step->foot_offs_n + 1 : 2);
    step->foot_off_us = event->at_device_us;
    step->peak_force_n = event->peak_force_n;
    step->impulse_ns = event->impulse_ns;
    step->late = step->late || event->late;
}

void stride_shaped(struct stride_state *state, enum foot foot, int64_t session_ns)
{
    state->feet[foot].shaped_ns = session_ns;
}

void stride_event(struct stride_state *state, const struct gait_event *event)
{
    assert(event->foot < FEET);
    struct stride_foot *foot = &state->feet[event->foot];
    struct stride_step *last = newest_step(foot);
    if (event->after_gap && last != NULL) {
        /* Not the watermark: how far that had come depends on the frames. */
        mark_gap(last, event->at_session_ns);
    }
    if (event->kind == GAIT_INITIAL_CONTACT) {
        add_contact(state, event);
    } else if (last != NULL && !event->after_gap) {
        add_foot_off(last, event);
    }
}

void stride_watermark(struct stride_state *state, enum foot foot_at, int64_t session_ns,
                      bool gap_before)
{
    struct stride_foot *foot = &state->feet[foot_at];
    uint32_t number = foot->steps_n;
    /* Events of after the gap may be in already: the gap is in the step before them. */
    while (gap_before && number > stride_oldest(foot)) {
        struct stride_step *step = &foot->steps[--number % STRIDE_STEPS];
        if (step->contact_ns <= foot->watermark_ns) {
            mark_gap(step, foot->watermark_ns);
            break;
        }
    }
    foot->watermark_ns = session_ns > foot->watermark_ns ? session_ns : foot->watermark_ns;
}

/* ---- strides out ---- */

static bool whole(const struct stride_state *state, enum stride_path path, int foot)
{
    return state->paths[path].next[foot] + 1 < state->feet[foot].steps_n;
}

static const struct stride_step *end_step(const struct stride_state *state, enum stride_path path,
                                          int foot)
{
    return stride_step_at(&state->feet[foot], state->paths[path].next[foot] + 1);
}

/* The foot whose whole stride ends first; FEET = none. */
static int oldest(const struct stride_state *state, enum stride_path path)
{
    int found = FEET;
    for (int i = 0; i < FEET; i++) {
        if (whole(state, path, i) &&
            (found == FEET ||
             end_step(state, path, i)->contact_ns < end_step(state, path, found)->contact_ns)) {
            found = i;
        }
    }
    return found;
}

/* What came late is for the record only. */
static void skip_late(struct stride_state *state)
{
    struct stride_out *live = &state->paths[STRIDE_LIVE];
    for (int i = 0; i < FEET; i++) {
        while (whole(state, STRIDE_LIVE, i) &&
               (stride_step_at(&state->feet[i], live->next[i])->late ||
                end_step(state, STRIDE_LIVE, i)->late)) {
            live->next[i]++;
        }
    }
}

static int64_t add_wait(int64_t at_ns, int64_t wait_ns)
{
    return at_ns < INT64_MAX - wait_ns ? at_ns + wait_ns : INT64_MAX;
}

static bool other_reached(const struct stride_state *state, int foot, int64_t end_ns)
{
    const struct stride_foot *other = &state->feet[FEET - 1 - foot];
    return !other->expected || other->watermark_ns >= end_ns;
}

static bool shape_told(const struct stride_state *state, int foot, int64_t end_ns)
{
    const struct stride_foot *mine = &state->feet[foot];
    return !mine->expected || mine->shaped_ns >= end_ns;
}

static bool live_due(const struct stride_state *state, int foot, int64_t now_ns)
{
    int64_t end_ns = end_step(state, STRIDE_LIVE, foot)->contact_ns;
    bool told = other_reached(state, foot, end_ns) && shape_told(state, foot, end_ns);
    return told || now_ns >= add_wait(end_ns, state->live_wait_ns);
}

/* The record has waited for as many strides as it may, or the session closes. */
static bool final_forced(const struct stride_state *state, int foot, int64_t now_ns)
{
    uint32_t waiting = state->feet[foot].steps_n - 1 - state->paths[STRIDE_FINAL].next[foot];
    return waiting >= STRIDE_WAIT_MAX || now_ns == INT64_MAX;
}

static bool final_due(const struct stride_state *state, int foot, int64_t now_ns)
{
    int64_t end_ns = end_step(state, STRIDE_FINAL, foot)->contact_ns;
    return other_reached(state, foot, end_ns) && shape_told(state, foot, end_ns) &&
           (!stride_belt_pending(state, end_ns) || now_ns >= add_wait(end_ns, belt_wait_ns));
}

static bool take(struct stride_state *state, enum stride_path path, int foot, bool forced,
                 struct stride *out)
{
    struct stride_out *from = &state->paths[path];
    uint32_t number = from->next[foot];
    stride_fill(state, path, (enum foot)foot, number, out);
    enum walk_answer answer =
        stride_walk(state, (enum foot)foot, number, out->other_known, path == STRIDE_FINAL);
    if (answer == WALK_UNDECIDED && !forced) {
        return false;
    }
    out->walking = answer == WALK_YES;
    stride_walk_on(state, from, number, out);
    from->next[foot]++;
    return true;
}

bool stride_next(struct stride_state *state, enum stride_path path, int64_t now_ns,
                 const struct params *params, struct stride *out)
{
    state->live_wait_ns = param_ns(params, PARAM_LIVE_WAIT_S);
    if (path == STRIDE_LIVE) {
        skip_late(state);
    } else if (now_ns != INT64_MAX) {
        state->asked_ns = now_ns;
    }
    int foot = oldest(state, path);
    if (foot == FEET) {
        return false;
    }
    if (path == STRIDE_LIVE) {
        if (!live_due(state, foot, now_ns)) {
            return false;
        }
        (void)take(state, path, foot, true, out);
        stride_windows_add(&state->windows, out);
        return true;
    }
    bool forced = final_forced(state, foot, now_ns);
    return (forced || final_due(state, foot, now_ns)) && take(state, path, foot, forced, out);
}

/* Once: what still waits then waits for a foot, whose frames come as inputs. */
static int64_t belt_deadline_ns(const struct stride_state *state)
{
    int foot = oldest(state, STRIDE_FINAL);
    if (foot == FEET) {
        return INT64_MAX;
    }
    int64_t end_ns = end_step(state, STRIDE_FINAL, foot)->contact_ns;
    int64_t due_ns = add_wait(end_ns, belt_wait_ns);
    return stride_belt_pending(state, end_ns) && due_ns > state->asked_ns ? due_ns : INT64_MAX;
}

int64_t stride_deadline_ns(const struct stride_state *state)
{
    int foot = oldest(state, STRIDE_LIVE);
    int64_t belt_ns = belt_deadline_ns(state);
    if (foot == FEET) {
        return belt_ns;
    }
    int64_t live_ns = add_wait(end_step(state, STRIDE_LIVE, foot)->contact_ns, state->live_wait_ns);
    return live_ns < belt_ns ? live_ns : belt_ns;
}

int64_t stride_last_walk_ns(const struct stride_state *state, enum stride_path path)
{
    return state->paths[path].walk_last_ns;
}

int64_t stride_walk_start_ns(const struct stride_state *state, enum stride_path path)
{
    return state->paths[path].walk_start_ns;
}
