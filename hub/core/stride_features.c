/* What a stride's own steps and the other foot's tell of it (M02 to M06). */
#include <math.h>
#include <string.h>

#include "hub/core/stride_private.h"

static const double stride_min_s = 0.6, stride_max_s = 2.5; /* M02 */

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
    int64_t lone_ns; /* it is down alone */
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
    int64_t gap_ns = step->contact_ns + (int64_t)step->gap_us * 1000;
    if (step->gap_us != STRIDE_NO_GAP && gap_ns < stride->end_ns && next_ns > stride->start_ns) {
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
    other->lone_ns += overlap_ns(foot_off_ns, stride->end_ns, step->contact_ns, up_ns);
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
        int64_t swing_ns = stride->end_ns - foot_off_ns;
        stride->flight_s =
            swing_ns > other.lone_ns ? (float)((double)(swing_ns - other.lone_ns) * 1e-9) : 0.0F;
    }
    if (other.contacts_n == 1) {
        stride->step_s = (float)((double)(stride->end_ns - other.contact_ns) * 1e-9);
    }
}

bool stride_sound(const struct stride_foot *foot, uint32_t number)
{
    const struct stride_step *step = stride_step_at(foot, number);
    double length_s = (stride_step_at(foot, number + 1)->contact_us - step->contact_us) * 1e-6;
    return step->gap_us == STRIDE_NO_GAP && length_s >= stride_min_s && length_s <= stride_max_s &&
           step->foot_offs_n == 1;
}

static void measure_nothing(struct stride *out)
{
    out->stride_s = out->stance_s = out->swing_s = out->stance_pct = out->swing_pct = NAN;
    out->double_support_s = out->double_support_pct = out->step_s = out->flight_s = NAN;
    out->peak_force_n = out->impulse_ns = NAN;
    out->belt_mps = out->incline = out->stride_length_m = out->speed_mps = NAN;
    out->shape = stride_shape_unknown();
}

/* What one foot tells of a valid stride. */
static void add_foot(const struct stride_step *step, double length_s, struct stride *out)
{
    double stance_s = (step->foot_off_us - step->contact_us) * 1e-6;
    out->stance_s = (float)stance_s;
    out->swing_s = (float)(length_s - stance_s);
    out->stance_pct = (float)(100.0 * stance_s / length_s);
    out->swing_pct = (float)(100.0 - 100.0 * stance_s / length_s);
    out->peak_force_n = step->peak_force_n;
    out->impulse_ns = step->impulse_ns;
    stride_shape_of(&step->shape, &out->shape);
}

/* M05, M06: a belt is exact, a foot IMU good to a percent or two. */
static void add_speed(struct stride *out)
{
    if (!isnan(out->belt_mps)) {
        out->stride_length_m = out->belt_mps * out->stride_s;
        out->speed_mps = out->belt_mps;
        return;
    }
    out->stride_length_m = out->shape.length_m;
    out->speed_mps = out->stride_length_m / out->stride_s;
}

void stride_fill(const struct stride_state *state, enum stride_path path, enum foot foot_at,
                 uint32_t number, struct stride *out)
{
    const struct stride_foot *foot = &state->feet[foot_at];
    const struct stride_step *step = stride_step_at(foot, number);
    const struct stride_step *next = stride_step_at(foot, number + 1);
    double length_s = (next->contact_us - step->contact_us) * 1e-6;
    memset(out, 0, sizeof *out); /* padding too: equal strides are equal bytes */
    measure_nothing(out);
    out->foot = (uint8_t)foot_at;
    out->path = (uint8_t)path;
    out->valid = stride_sound(foot, number);
    out->start_ns = step->contact_ns;
    out->end_ns = next->contact_ns;
    out->start_device_us = step->contact_us;
    out->foot_off_device_us = step->foot_offs_n == 1 ? step->foot_off_us : (double)NAN;
    out->end_device_us = next->contact_us;
    if (step->gap_us == STRIDE_NO_GAP && length_s > 0.0) {
        out->stride_s = (float)length_s;
    }
    if (out->valid) {
        add_foot(step, length_s, out);
    }
    add_other_foot(&state->feet[FEET - 1 - foot_at], step, out);
    stride_belt_over(state, out);
    add_speed(out);
}

/* When the other foot last left the ground before `end_ns`: INT64_MAX = it is down then. */
static bool other_up(const struct stride_foot *foot, int64_t end_ns, int64_t *up_ns)
{
    uint32_t number = foot->steps_n;
    while (number > stride_oldest(foot)) {
        const struct stride_step *step = stride_step_at(foot, --number);
        if (step->contact_ns >= end_ns) {
            continue;
        }
        *up_ns = step->foot_offs_n == 1 ? after_ns(step, step->foot_off_us) : INT64_MAX;
        return step->foot_offs_n <= 1 && step->gap_us == STRIDE_NO_GAP;
    }
    return false;
}

void stride_live_end(const struct stride_state *state, enum foot foot_at, struct stride_end *out)
{
    const struct stride_foot *foot = &state->feet[foot_at];
    const struct stride_foot *other = &state->feet[FEET - 1 - foot_at];
    uint32_t number = state->paths[STRIDE_LIVE].next[foot_at];
    *out = (struct stride_end){.forefoot_first = STRIDE_UNKNOWN, .flight_s = NAN};
    if (number <= stride_oldest(foot) || number >= foot->steps_n) {
        return;
    }
    const struct stride_step *begin = stride_step_at(foot, number - 1);
    const struct stride_step *end = stride_step_at(foot, number);
    int64_t up_ns;
    out->forefoot_first = end->shape.forefoot_first;
    out->gap = begin->gap_us != STRIDE_NO_GAP;
    if (out->gap || begin->foot_offs_n != 1 || other->watermark_ns < end->contact_ns ||
        !other_up(other, end->contact_ns, &up_ns)) {
        return;
    }
    int64_t own_ns = after_ns(begin, begin->foot_off_us);
    up_ns = up_ns > own_ns ? up_ns : own_ns;
    out->flight_s =
        up_ns < end->contact_ns ? (float)((double)(end->contact_ns - up_ns) * 1e-9) : 0.0F;
}
