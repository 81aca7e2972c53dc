/* What foot IMU and cells saw: kept small with each step, matched to its stride, summed up. */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "hub/core/stride_private.h"

enum { NOT_MEASURED = INT16_MIN, MOST = INT16_MAX };
enum {
    LENGTH = 0,
    HEIGHT,
    TURN,
    FOOT_ANGLE,
    CLEARANCE,
    JERK,
    IMPACT,
    LOADING,
    FOREFOOT,
    MEDIAL,
    CPEI,
    SLAP
};
_Static_assert(SLAP + 1 == STRIDE_SHAPE_VALUES, "the table is whole");

/* Units fine enough that no rule could tell, and wide enough for any body: 32767 of each. */
static const struct {
    size_t at;
    float unit;
} kept_as[STRIDE_SHAPE_VALUES] = {
    [LENGTH] = {offsetof(struct stride_shape, length_m), 0.001F},
    [HEIGHT] = {offsetof(struct stride_shape, height_m), 0.001F},
    [TURN] = {offsetof(struct stride_shape, turn_deg), 0.01F},
    [FOOT_ANGLE] = {offsetof(struct stride_shape, foot_angle_deg), 0.01F},
    [CLEARANCE] = {offsetof(struct stride_shape, clearance_mm), 0.1F},
    [JERK] = {offsetof(struct stride_shape, swing_jerk), 10.0F},
    [IMPACT] = {offsetof(struct stride_shape, impact_g), 0.01F},
    [LOADING] = {offsetof(struct stride_shape, loading_n_s), 10.0F},
    [FOREFOOT] = {offsetof(struct stride_shape, forefoot_share), 0.0001F},
    [MEDIAL] = {offsetof(struct stride_shape, medial_index), 0.0001F},
    [CPEI] = {offsetof(struct stride_shape, cpei_pct), 0.01F},
    [SLAP] = {offsetof(struct stride_shape, slap_s), 0.0001F},
};

static const int64_t turn_ns = INT64_C(2000000000); /* 2.4 */
/* A foot's way is told by the end of the stance that follows, whatever the sensor. */
static const double apart_most_us = 5e6;

/* ---- keeping ---- */

void stride_shape_none(struct stride_shape_kept *kept)
{
    for (int i = 0; i < STRIDE_SHAPE_VALUES; i++) {
        kept->values[i] = NOT_MEASURED;
    }
    kept->scuff = kept->forefoot_first = STRIDE_UNKNOWN;
}

static void take(struct stride_shape_kept *kept, const struct stride_shape *shape)
{
    for (int i = 0; i < STRIDE_SHAPE_VALUES; i++) {
        float value;
        memcpy(&value, (const char *)shape + kept_as[i].at, sizeof value);
        if (!isnan(value)) {
            float steps = value / kept_as[i].unit;
            steps = steps > (float)MOST ? (float)MOST : steps < -(float)MOST ? -(float)MOST : steps;
            kept->values[i] = (int16_t)lrintf(steps);
        }
    }
    kept->scuff = shape->scuff != STRIDE_UNKNOWN ? shape->scuff : kept->scuff;
    kept->forefoot_first =
        shape->forefoot_first != STRIDE_UNKNOWN ? shape->forefoot_first : kept->forefoot_first;
}

static float value_of(const struct stride_shape_kept *kept, int i)
{
    int16_t steps = kept->values[i];
    return steps == NOT_MEASURED ? NAN : (float)steps * kept_as[i].unit;
}

void stride_shape_of(const struct stride_shape_kept *kept, struct stride_shape *out)
{
    memset(out, 0, sizeof *out);
    for (int i = 0; i < STRIDE_SHAPE_VALUES; i++) {
        float value = value_of(kept, i);
        memcpy((char *)out + kept_as[i].at, &value, sizeof value);
    }
    out->scuff = kept->scuff;
    out->forefoot_first = kept->forefoot_first;
}

/* ---- matching ---- */

static void forget_swing(struct stride_swing *swing)
{
    memset(swing, 0, sizeof *swing);
    swing->foot_off_us = swing->contact_us = (double)NAN;
}

void stride_swings_init(struct stride_foot *foot)
{
    foot->swing_at = 0;
    for (int i = 0; i < STRIDE_SWINGS; i++) {
        forget_swing(&foot->swings[i]);
    }
}

/* The step whose stride, or stance if `contact_us` is not told yet, holds the moment: newest first,
 * and not beyond a device's new clock. */
static struct stride_step *step_of(struct stride_foot *foot, double at_us, bool *ended)
{
    double next_us = (double)INFINITY;
    for (uint32_t number = foot->steps_n; number > stride_oldest(foot); number--) {
        struct stride_step *step = &foot->steps[(number - 1) % STRIDE_STEPS];
        if (step->contact_us >= next_us || step->contact_us < at_us - apart_most_us) {
            return NULL;
        }
        if (step->contact_us <= at_us) {
            *ended = number < foot->steps_n;
            return step;
        }
        next_us = step->contact_us;
    }
    return NULL;
}

static double middle_us(const struct stride_swing *swing)
{
    return 0.5 * (swing->foot_off_us + swing->contact_us);
}

/* The stride whose swing has its middle in this one. */
static struct stride_step *stride_of(struct stride_foot *foot, const struct stride_swing *swing)
{
    const struct foot_imu_stride span = {.foot_off_us = swing->foot_off_us,
                                         .contact_us = swing->contact_us};
    bool ended = false;
    struct stride_step *step = step_of(foot, middle_us(swing), &ended);
    if (step == NULL || !ended || step->foot_offs_n != 1) {
        return NULL;
    }
    uint32_t at = (uint32_t)(step - foot->steps);
    const struct stride_step *next = &foot->steps[(at + 1) % STRIDE_STEPS];
    return foot_imu_stride_of(&span, step->foot_off_us, next->contact_us) ? step : NULL;
}

static void give(struct stride_step *step, const struct stride_shape_kept *shape)
{
    struct stride_shape whole;
    stride_shape_of(shape, &whole);
    take(&step->shape, &whole);
}

/* An earlier stride than the one that just ended would have been given its swing before: one that
 * belongs to none is not looked for in all of the ring again and again. */
void stride_swings_match(struct stride_foot *foot)
{
    if (foot->steps_n < 2) {
        return;
    }
    double begin_us = stride_step_at(foot, foot->steps_n - 2)->contact_us;
    for (int i = 0; i < STRIDE_SWINGS; i++) {
        struct stride_swing *swing = &foot->swings[i];
        bool may = middle_us(swing) >= begin_us; /* false for none, NAN */
        struct stride_step *step = may ? stride_of(foot, swing) : NULL;
        if (step != NULL) {
            give(step, &swing->shape);
            forget_swing(swing);
        }
    }
}

void stride_shape_swing(struct stride_state *state, const struct foot_imu_stride *swing)
{
    assert(swing->foot < FEET);
    struct stride_foot *foot = &state->feet[swing->foot];
    struct stride_shape shape = stride_shape_unknown();
    struct stride_swing told;
    memset(&told, 0, sizeof told);
    stride_shape_none(&told.shape);
    shape.length_m = swing->length_m;
    shape.height_m = swing->height_m;
    shape.turn_deg = swing->turn_deg;
    shape.foot_angle_deg = swing->foot_angle_deg;
    shape.clearance_mm = swing->clearance_mm;
    shape.swing_jerk = swing->swing_jerk;
    shape.impact_g = swing->impact_g;
    take(&told.shape, &shape);
    told.foot_off_us = swing->foot_off_us;
    told.contact_us = swing->contact_us;
    struct stride_step *step = stride_of(foot, &told);
    if (step != NULL) {
        give(step, &told.shape);
        return;
    }
    foot->swings[foot->swing_at] = told;
    foot->swing_at = (uint8_t)((foot->swing_at + 1) % STRIDE_SWINGS);
}

struct stride_shape stride_shape_unknown(void)
{
    struct stride_shape_kept nothing;
    struct stride_shape shape;
    stride_shape_none(&nothing);
    stride_shape_of(&nothing, &shape);
    return shape;
}

void stride_shape_at(struct stride_state *state, enum foot foot, double at_us,
                     const struct stride_shape *shape)
{
    bool ended = false;
    struct stride_step *step = step_of(&state->feet[foot], at_us, &ended);
    if (step != NULL) {
        take(&step->shape, shape);
    }
}

/* ---- summing up ---- */

float stride_turn_deg(const struct stride_state *state, enum foot foot_at, uint32_t number)
{
    const struct stride_foot *foot = &state->feet[foot_at];
    int64_t end_ns = stride_step_at(foot, number + 1)->contact_ns, from_ns = end_ns - turn_ns;
    float sum = NAN;
    for (uint32_t n = number + 1; n > stride_oldest(foot); n--) {
        const struct stride_step *step = stride_step_at(foot, n - 1);
        float turn_deg = value_of(&step->shape, TURN);
        int64_t length_ns = end_ns - step->contact_ns;
        if (!isnan(turn_deg) && length_ns > 0) {
            int64_t inside_ns = step->contact_ns > from_ns ? length_ns : end_ns - from_ns;
            turn_deg *= (float)((double)inside_ns / (double)length_ns);
            sum = isnan(sum) ? turn_deg : sum + turn_deg;
        }
        if (step->contact_ns <= from_ns) {
            break;
        }
        end_ns = step->contact_ns;
    }
    return sum;
}

enum { METRICS = 6, LANES = 8 /* of 16 bits: a vector register of any machine */ };
static const uint8_t summed_up[METRICS] = {FOOT_ANGLE, CLEARANCE, IMPACT,
                                           LOADING,    FOREFOOT,  MEDIAL};

/* A foot's last strides, a lane a metric. */
struct shapes_seen {
    int rows_n;
    int16_t rows[STRIDE_SHAPES_N][LANES], n[LANES]; /* n: values of a lane; see count_lanes() */
};

static void see(struct shapes_seen *seen, const struct stride_shape_kept *kept)
{
    int16_t *row = seen->rows[seen->rows_n++];
    for (int i = 0; i < METRICS; i++) {
        row[i] = kept->values[summed_up[i]];
    }
    memset(&row[METRICS], 0, (LANES - METRICS) * sizeof *row);
}

static void count_lanes(struct shapes_seen *seen)
{
    memset(seen->n, 0, sizeof seen->n);
    for (int row = 0; row < seen->rows_n; row++) {
        for (int lane = 0; lane < LANES; lane++) {
            int known = seen->rows[row][lane] != NOT_MEASURED;
            seen->n[lane] = (int16_t)(seen->n[lane] + known);
        }
    }
}

static void in_order(int16_t above[LANES], int16_t below[LANES])
{
    for (int lane = 0; lane < LANES; lane++) {
        int16_t one = above[lane], two = below[lane];
        above[lane] = one < two ? one : two;
        below[lane] = one < two ? two : one;
    }
}

/* Odd and even neighbours in turn: all lanes at once and without a branch. Lane by lane, sorting
 * took a twentieth of the core's time. NOT_MEASURED is smaller than any value and comes first. */
static void sort_lanes(struct shapes_seen *seen)
{
    for (int round = 0; round < seen->rows_n; round++) {
        for (int row = round % 2; row + 1 < seen->rows_n; row += 2) {
            in_order(seen->rows[row], seen->rows[row + 1]);
        }
    }
}

static float median(const struct shapes_seen *seen, int i)
{
    int n = seen->n[i], first = seen->rows_n - n;
    if (n < STRIDE_SHAPES_MIN) {
        return NAN;
    }
    int16_t upper = seen->rows[first + n / 2][i], lower = seen->rows[first + (n - 1) / 2][i];
    return 0.5F * ((float)upper + (float)lower) * kept_as[summed_up[i]].unit;
}

static void summarize_foot(const struct stride_state *state, int foot_at,
                           struct stride_summary *out)
{
    float *const medians[METRICS] = {&out->foot_angle_deg[foot_at], &out->clearance_mm[foot_at],
                                     &out->impact_g[foot_at],       &out->loading_n_s[foot_at],
                                     &out->forefoot_share[foot_at], &out->medial_index[foot_at]};
    const struct stride_foot *foot = &state->feet[foot_at];
    struct shapes_seen seen;
    int known_n = 0, scuffs_n = 0;
    uint32_t first = stride_oldest(foot);
    first = first > state->windows.first[foot_at] ? first : state->windows.first[foot_at];
    seen.rows_n = 0;
    for (uint32_t number = state->paths[STRIDE_LIVE].next[foot_at];
         number > first && seen.rows_n < STRIDE_SHAPES_N; number--) {
        const struct stride_shape_kept *kept = &stride_step_at(foot, number - 1)->shape;
        /* What came late causes no prompt. */
        if (!stride_sound(foot, number - 1) || stride_step_at(foot, number - 1)->late) {
            continue;
        }
        see(&seen, kept);
        known_n += kept->scuff != STRIDE_UNKNOWN;
        scuffs_n += kept->scuff == STRIDE_YES;
    }
    count_lanes(&seen);
    sort_lanes(&seen);
    for (int i = 0; i < METRICS; i++) {
        *medians[i] = median(&seen, i);
    }
    if (known_n >= STRIDE_SHAPES_MIN) {
        out->scuffs_per_20[foot_at] = 20.0F * (float)scuffs_n / (float)known_n;
    }
}

void stride_shapes_summary(const struct stride_state *state, int64_t now_ns,
                           struct stride_summary *out)
{
    for (int foot = 0; foot < FEET; foot++) {
        uint32_t next = state->paths[STRIDE_LIVE].next[foot];
        if (!stride_foot_recent(&state->windows, foot, now_ns) || next == 0) {
            continue;
        }
        summarize_foot(state, foot, out);
        float turn_deg = stride_turn_deg(state, (enum foot)foot, next - 1);
        int64_t end_ns = stride_step_at(&state->feet[foot], next)->contact_ns;
        /* One that ended before is no turn of now. */
        if (now_ns - end_ns <= turn_ns &&
            (isnan(out->turn_deg) || fabsf(turn_deg) > fabsf(out->turn_deg))) {
            out->turn_deg = turn_deg;
        }
    }
}
