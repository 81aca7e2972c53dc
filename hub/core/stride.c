#include "hub/core/stride.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/stride_private.h"

static const double stride_min_s = 0.6, stride_max_s = 2.5;      /* M02 */
static const int64_t live_wait_default_ns = INT64_C(1000000000); /* design 1 */
/* The record waits for a belt's sample no longer than any stall of a link that goes on. */
static const int64_t belt_wait_ns = INT64_C(10000000000);

void stride_init(struct stride_state *state)
{
    memset(state, 0, sizeof *state);
    for (int i = 0; i < FEET; i++) {
        state->feet[i].watermark_ns = INT64_MIN;
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
    at_ns = at_ns > step->contact_ns ? at_ns : step->contact_ns;
    step->gap_ns = at_ns < step->gap_ns ? at_ns : step->gap_ns;
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
    step->gap_ns = INT64_MAX;
    step->peak_force_n = NAN;
    step->impulse_ns = NAN;
    step->late = event->late;
    foot->steps_n++;
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

/* ---- features ---- */

static int64_t after_ns(const struct stride_step *step, double device_us)
{
    return step->contact_ns + (int64_t)((device_us - step->contact_us) * 1000.0);
}

/* The other foot during the stride: its stance that overlaps, and its contact. */
struct other {
    bool known;           /* nothing missing over the stride */
    bool foot_offs_known; /* each of its stances ended once */
    int contacts_n;
    int64_t contact_ns;
    int64_t both_ns; /* both feet down */
};

static int64_t overlap_ns(int64_t a0, int64_t a1, int64_t b0, int64_t b1)
{
    int64_t from = a0 > b0 ? a0 : b0, to = a1 < b1 ? a1 : b1;
    return to > from ? to - from : 0;
}

static void look_at_other_step(const struct stride_foot *foot, uint32_t number,
                               const struct stride *stride, int64_t foot_off_ns,
                               struct other *other)
{
    const struct stride_step *step = stride_step_at(foot, number);
    bool newest = number + 1 == foot->steps_n;
    int64_t next_ns = newest ? INT64_MAX : stride_step_at(foot, number + 1)->contact_ns;
    if (step->gap_ns < stride->end_ns && next_ns > stride->start_ns) {
        other->known = false;
    }
    if (step->contact_ns > stride->start_ns) {
        other->contacts_n++;
        other->contact_ns = step->contact_ns;
    }
    int64_t up_ns = INT64_MAX; /* still down */
    if (step->foot_offs_n == 1) {
        up_ns = after_ns(step, step->foot_off_us);
    } else if (step->foot_offs_n > 1 || next_ns < stride->end_ns) {
        other->foot_offs_known = false;
    }
    other->both_ns += overlap_ns(stride->start_ns, foot_off_ns, step->contact_ns, up_ns);
}

/* Looks at the other foot's steps from the last before the stride to the last within it. */
static struct other look_at_other(const struct stride_foot *foot, const struct stride *stride,
                                  int64_t foot_off_ns)
{
    struct other other = {.known = false, .foot_offs_known = true};
    uint32_t number = foot->steps_n;
    while (number > stride_oldest(foot)) {
        const struct stride_step *step = stride_step_at(foot, --number);
        if (step->contact_ns >= stride->end_ns) {
            continue;
        }
        if (step->contact_ns <= stride->start_ns) {
            other.known = true;
            break;
        }
    }
    for (; number < foot->steps_n; number++) {
        if (stride_step_at(foot, number)->contact_ns >= stride->end_ns) {
            break;
        }
        look_at_other_step(foot, number, stride, foot_off_ns, &other);
    }
    return other;
}

static void add_other_foot(const struct stride_foot *foot, const struct stride_step *step,
                           struct stride *stride)
{
    if (foot->watermark_ns < stride->end_ns) {
        return;
    }
    int64_t foot_off_ns =
        isnan(stride->foot_off_device_us) ? stride->end_ns : after_ns(step, step->foot_off_us);
    struct other other = look_at_other(foot, stride, foot_off_ns);
    stride->other_known = other.known;
    if (!other.known || !stride->valid) {
        return;
    }
    if (other.foot_offs_known) {
        stride->double_support_s = (float)((double)other.both_ns * 1e-9);
        stride->double_support_pct = 100.0F * stride->double_support_s / stride->stride_s;
    }
    if (other.contacts_n == 1) {
        stride->step_s = (float)((double)(stride->end_ns - other.contact_ns) * 1e-9);
    }
}

static void fill(const struct stride_state *state, enum stride_path path, enum foot foot_at,
                 uint32_t number, struct stride *out)
{
    const struct stride_foot *foot = &state->feet[foot_at];
    const struct stride_step *step = stride_step_at(foot, number);
    const struct stride_step *next = stride_step_at(foot, number + 1);
    double length_s = (next->contact_us - step->contact_us) * 1e-6;
    bool sound = step->gap_ns == INT64_MAX && length_s > 0.0;
    memset(out, 0, sizeof *out); /* padding too: equal strides are equal bytes */
    out->foot = (uint8_t)foot_at;
    out->path = (uint8_t)path;
    out->valid =
        sound && length_s >= stride_min_s && length_s <= stride_max_s && step->foot_offs_n == 1;
    out->start_ns = step->contact_ns;
    out->end_ns = next->contact_ns;
    out->start_device_us = step->contact_us;
    out->foot_off_device_us = step->foot_offs_n == 1 ? step->foot_off_us : (double)NAN;
    out->end_device_us = next->contact_us;
    out->stride_s = sound ? (float)length_s : NAN;
    out->stance_s = out->swing_s = out->stance_pct = out->swing_pct = NAN;
    out->double_support_s = out->double_support_pct = out->step_s = NAN;
    out->peak_force_n = out->impulse_ns = NAN;
    out->belt_mps = out->incline = out->stride_length_m = NAN;
    if (out->valid) {
        double stance_s = (step->foot_off_us - step->contact_us) * 1e-6;
        out->stance_s = (float)stance_s;
        out->swing_s = (float)(length_s - stance_s);
        out->stance_pct = (float)(100.0 * stance_s / length_s);
        out->swing_pct = (float)(100.0 - 100.0 * stance_s / length_s);
        out->peak_force_n = step->peak_force_n;
        out->impulse_ns = step->impulse_ns;
    }
    add_other_foot(&state->feet[FEET - 1 - foot_at], step, out);
    stride_belt_over(state, out);
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

static bool live_due(const struct stride_state *state, int foot, int64_t now_ns)
{
    int64_t end_ns = end_step(state, STRIDE_LIVE, foot)->contact_ns;
    return other_reached(state, foot, end_ns) || now_ns >= add_wait(end_ns, state->live_wait_ns);
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
    return other_reached(state, foot, end_ns) &&
           (!stride_belt_pending(state, end_ns) || now_ns >= add_wait(end_ns, belt_wait_ns));
}

static bool take(struct stride_state *state, enum stride_path path, int foot, bool forced,
                 struct stride *out)
{
    struct stride_out *from = &state->paths[path];
    uint32_t number = from->next[foot];
    fill(state, path, (enum foot)foot, number, out);
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
    state->live_wait_ns = (int64_t)(params->value[PARAM_LIVE_WAIT_S] * 1e9);
    if (path == STRIDE_LIVE) {
        skip_late(state);
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

int64_t stride_deadline_ns(const struct stride_state *state)
{
    int foot = oldest(state, STRIDE_LIVE);
    return foot == FEET
               ? INT64_MAX
               : add_wait(end_step(state, STRIDE_LIVE, foot)->contact_ns, state->live_wait_ns);
}

int64_t stride_last_walk_ns(const struct stride_state *state, enum stride_path path)
{
    return state->paths[path].walk_last_ns;
}

int64_t stride_walk_start_ns(const struct stride_state *state, enum stride_path path)
{
    return state->paths[path].walk_start_ns;
}
