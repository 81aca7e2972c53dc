#include "hub/core/sole.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/sole_private.h"
#include "hub/core/vec.h"

/* M14, rule book 2.3: of the body's weight. A foot bears half of it over a stride: what this sensor
 * shows then has its own gain, and does not depend on what the other foot's frames told so far. A
 * limp of 20 % moves the threshold by a tenth. */
static const float scuff_share = 0.03F, feet_share = 2.0F;
static const double second_us = 1e6;
_Static_assert(SOLE_POINTS * 10000 >= SOLE_LAG_US + 3 * 10000, "the lag, and where it begins");
_Static_assert(SOLE_POINTS % SOLE_BIN_POINTS == 0 && SOLE_BIN_POINTS == (int)VEC_LANES,
               "a bin's points lie side by side");
_Static_assert(SOLE_BINS * 40000 >= 1400000 + SOLE_LAG_US + 40000, "a slow walker's stance");

static void start_anew(struct sole *state, uint8_t foot, unsigned stream, int cells_n)
{
    memset(state, 0, sizeof *state);
    state->foot = foot;
    state->stream = (uint8_t)stream;
    state->cells_n = (uint8_t)cells_n;
    state->usual_peak_n = state->usual_mean_n = NAN;
    state->bump_us = state->run_us = SOLE_NEVER_US;
    state->least = INFINITY;
    for (int i = 0; i < SOLE_CELLS_MAX; i++) {
        state->cell_least[i] = INFINITY;
    }
    sole_forget_stance(state);
}

void sole_init(struct sole *state, enum foot foot)
{
    start_anew(state, (uint8_t)foot, 0, 0);
}

/* ---- points */

static int64_t bin_of(int64_t point)
{
    return point / SOLE_BIN_POINTS;
}

/* Stretches above a scuff's force; the one that lasts is no scuff yet. */
static void follow_runs(struct sole *state, float load)
{
    bool above = load > scuff_share * feet_share * state->usual_mean_n; /* NAN: no */
    if (above == state->running) {
        return;
    }
    double at_us = (double)state->point * SOLE_POINT_US;
    if (above) {
        state->run_us = at_us;
    } else {
        state->bump_us = state->run_us;
        state->bump_s = (float)((at_us - state->run_us) * 1e-6);
    }
    state->running = above;
}

static void close_second(struct sole *state, struct sole_work *work, double end_us)
{
    if (state->load_n > 0) {
        assert(work->out->loads_n < SOLE_LOADS_MAX);
        struct sole_load *load = &work->out->loads[work->out->loads_n++];
        memset(load, 0, sizeof *load);
        load->foot = state->foot;
        load->end_ns = align_session_ns(work->align, end_us);
        load->raw_n = state->load_sum / (float)state->load_n;
        load->floor_n = state->floors_known ? state->floor : NAN;
    }
    state->load_sum = 0.0F;
    state->load_n = 0;
}

/* `scale`: 255ths per newton. */
static uint8_t region_share(float region, float scale)
{
    float share = region * scale;
    share = share > 0.0F ? share : 0.0F;
    return (uint8_t)((share < SOLE_SHARE_SCALE ? share : SOLE_SHARE_SCALE) + 0.5F);
}

static void count_points(struct sole *state, int n)
{
    n += state->points_n;
    state->points_n = (uint8_t)(n < SOLE_POINTS ? n : SOLE_POINTS);
}

static void close_point(struct sole *state, const struct sole_work *work)
{
    int at = (int)((uint64_t)state->point % SOLE_POINTS);
    float raw = state->point_sum, fore = state->point_fore, heel = state->point_heel;
    float phase = state->point_phase;
    if (state->point_n != 1) {
        float share = 1.0F / (float)state->point_n;
        raw *= share;
        fore *= share;
        heel *= share;
        phase *= share;
    }
    float load = raw - state->floor;
    float scale = load > 0.0F ? SOLE_SHARE_SCALE / load : 0.0F;
    phase *= 256.0F;
    state->point_load[at] = load;
    /* A sample at the very end may round to the next. */
    state->point_at[at] = (uint8_t)(phase < 255.0F ? phase : 255.0F);
    state->point_fore_share[at] = region_share(fore - work->fore_floor, scale);
    state->point_heel_share[at] = region_share(heel - work->heel_floor, scale);
    count_points(state, 1);
    state->point_sum = state->point_fore = state->point_heel = state->point_phase = 0.0F;
    state->point_n = 0;
    state->load_sum += raw;
    state->load_n++;
    if (state->floors_known) {
        follow_runs(state, load);
    }
}

static float floor_of(const struct sole *state, const struct sole_region *region)
{
    float sum = 0.0F;
    for (int i = 0; i < region->cells_n; i++) {
        sum += state->cell_floor[region->cell[i]];
    }
    return sum;
}

static void find_floors(const struct sole *state, struct sole_work *work)
{
    work->fore_floor = floor_of(state, &work->layout.fore);
    work->heel_floor = floor_of(state, &work->layout.heel);
}

static void find_due(const struct sole *state, struct sole_work *work)
{
    double at_us = work->events_n > 0 ? work->events[0].at_device_us : (double)INFINITY;
    at_us = state->pending_n > 0 ? state->pending[0].at_us : at_us;
    work->due_us = at_us + SOLE_LAG_US;
}

static void close_bin(struct sole *state, struct sole_work *work, int64_t next)
{
    const int64_t second_points = (int64_t)(second_us / SOLE_POINT_US);
    _Static_assert(1000000 % (10000 * SOLE_BIN_POINTS) == 0, "a second ends with a bin");
    sole_close_bin(state, &work->layout);
    int64_t second = next / second_points;
    if (second != state->point / second_points) {
        close_second(state, work, (double)second * second_us);
    }
}

/* The first sample of point `next` is there: what is before it is closed, and what was due by its
 * beginning happens. */
static void move_to(struct sole *state, struct sole_work *work, int64_t next)
{
    double start_us = (double)next * SOLE_POINT_US;
    close_point(state, work);
    if (bin_of(next) != bin_of(state->point)) {
        close_bin(state, work, next);
    }
    for (int64_t point = state->point + 1; point < next; point++) {
        state->point_load[(uint64_t)point % SOLE_POINTS] = NAN;
        count_points(state, 1);
    }
    state->point = next;
    state->point_end_us = start_us + SOLE_POINT_US;
    if (work->due_us <= start_us) {
        sole_take_due(state, work, start_us);
        find_floors(state, work);
        find_due(state, work);
    }
}

/* Nothing is carried over a gap: what was told happens with what there is. */
static void flush(struct sole *state, struct sole_work *work)
{
    const struct gait_event *events = work->events;
    int events_n = work->events_n;
    work->events_n = 0; /* told by what comes after the gap */
    sole_take_due(state, work, (double)INFINITY);
    work->events = events;
    work->events_n = events_n;
    sole_forget_stance(state);
    state->started = state->running = false;
    state->points_n = state->bins_n = 0;
    state->point_n = state->bin_n = state->load_n = 0;
    state->point_sum = state->point_fore = state->point_heel = state->point_phase = 0.0F;
    state->bin_sum = state->load_sum = 0.0F;
    state->run_us = state->bump_us = SOLE_NEVER_US;
    memset(state->cell_sum, 0, sizeof state->cell_sum);
}

/* ---- samples */

/* A time that no sample of the same stretch has, though no gap was told. */
static bool astray(const struct sole *state, double at_us)
{
    return state->started && (at_us < state->point_end_us - SOLE_POINT_US ||
                              at_us >= state->point_end_us + SOLE_BIN_US);
}

static void start(struct sole *state, double at_us)
{
    state->point = (int64_t)(at_us / SOLE_POINT_US);
    state->point_end_us = (double)(state->point + 1) * SOLE_POINT_US;
    state->started = true;
}

static void add_sample(struct sole *state, const struct sole_work *work, int i, double at_us)
{
    double start_us = state->point_end_us - SOLE_POINT_US;
    state->point_sum += work->force[i];
    state->point_fore += work->fore[i];
    state->point_heel += work->heel[i];
    state->point_phase += (float)(at_us - start_us) * (float)(1.0 / SOLE_POINT_US);
    state->point_n++;
    state->bin_sum += work->force[i];
    state->bin_n++;
}

/* The point of a sample behind the open one: mostly the next, so it is not divided for. */
static int64_t point_of(const struct sole *state, double at_us)
{
    int64_t point = state->point + 1;
    while (at_us >= (double)(point + 1) * SOLE_POINT_US) {
        point++;
    }
    return point;
}

/* How far into their points four samples are, if they lie in four points in a row, the first of
 * which begins at `start_us`. */
static bool one_each(const struct slice *slice, int i, double start_us, float into_us[VEC_LANES])
{
    bool all = true;
    for (int k = 0; k < VEC_LANES; k++) {
        double at_us = slice->t0_us + ((double)i + (double)k) * slice->period_us;
        double into = at_us - (start_us + (double)k * SOLE_POINT_US);
        all &= (into >= 0.0) & (into < SOLE_POINT_US);
        into_us[k] = (float)into;
    }
    return all;
}

/* Points of a bin that are over when its last sample comes: the last one stays open, and the oldest
 * that is kept may still have its place. */
enum { OVER = SOLE_BIN_POINTS - 1 };

static void keep_bytes(uint8_t *out, vec values)
{
    uint8_t bytes[VEC_LANES];
    vec_store_bytes(bytes, values);
    memcpy(out, bytes, OVER * sizeof *out);
}

/* 255ths of `load` that a region bears. */
static void keep_shares(uint8_t *out, vec region, vec load)
{
    vec scale = vec_select(load > vec_of(0.0F), vec_of(SOLE_SHARE_SCALE) / load, vec_of(0.0F));
    vec share = vec_positive(region * scale);
    vec most = vec_of(SOLE_SHARE_SCALE);
    keep_bytes(out, vec_select(share < most, share, most) + vec_of(0.5F));
}

/* A whole bin of 100 Hz, whose first point was just begun: what add_sample() and close_point() do
 * with its samples one by one, up to the last, whose point stays open. */
static void add_bin(struct sole *state, struct sole_work *work, int i,
                    const float into_us[VEC_LANES])
{
    int at = (int)((uint64_t)state->point % SOLE_POINTS);
    vec none = vec_of(0.0F), raw = none + vec_load(work->force + i);
    vec fore = none + vec_load(work->fore + i), heel = none + vec_load(work->heel + i);
    vec phase = none + vec_load(into_us) * vec_of((float)(1.0 / SOLE_POINT_US));
    vec load = raw - vec_of(state->floor), part = phase * vec_of(256.0F), most = vec_of(255.0F);
    memcpy(state->point_load + at, &load, OVER * sizeof state->point_load[0]);
    keep_shares(state->point_fore_share + at, fore - vec_of(work->fore_floor), load);
    keep_shares(state->point_heel_share + at, heel - vec_of(work->heel_floor), load);
    keep_bytes(state->point_at + at, vec_select(part < most, part, most));
    for (int k = 0; k < VEC_LANES; k++) {
        state->bin_sum += raw[k];
    }
    state->bin_n = SOLE_BIN_POINTS;
    for (int k = 0; k < OVER; k++) {
        state->load_sum += raw[k];
        if (state->floors_known) {
            follow_runs(state, load[k]);
        }
        state->point++;
    }
    count_points(state, OVER);
    state->load_n = (uint16_t)(state->load_n + OVER);
    state->point_end_us += OVER * SOLE_POINT_US;
    state->point_sum = raw[OVER];
    state->point_fore = fore[OVER];
    state->point_heel = heel[OVER];
    state->point_phase = phase[OVER];
    state->point_n = 1;
}

static void add_samples(struct sole *state, struct sole_work *work, const struct slice *slice)
{
    int added = 0; /* cells are summed up to here */
    if (!state->started) {
        start(state, slice->t0_us);
    }
    for (int i = 0; i < work->samples_n; i++) {
        double at_us = slice->t0_us + i * slice->period_us;
        bool new_bin = false;
        if (at_us >= state->point_end_us) {
            int64_t next = point_of(state, at_us);
            new_bin = bin_of(next) != bin_of(state->point);
            if (new_bin) {
                sole_add_cells(state, work, added, i);
                added = i;
            }
            move_to(state, work, next);
        }
        float into_us[VEC_LANES];
        if (new_bin && i + VEC_LANES <= work->samples_n &&
            work->due_us > state->point_end_us + SOLE_BIN_US &&
            state->point == bin_of(state->point) * SOLE_BIN_POINTS &&
            one_each(slice, i, state->point_end_us - SOLE_POINT_US, into_us)) {
            add_bin(state, work, i, into_us);
            i += VEC_LANES - 1;
        } else {
            add_sample(state, work, i, at_us);
        }
    }
    sole_add_cells(state, work, added, work->samples_n);
}

void sole_push(struct sole *state, const struct slice *slice, const struct align *align,
               const struct wire_descriptor *descriptor, const struct wire_frame *frame,
               const float *force, const struct gait_event *events, int events_n,
               struct sole_output *out)
{
    struct sole_work work;
    assert(slice->samples_n <= FRAME_SAMPLES_MAX && slice->period_us <= GAIT_PERIOD_US_MAX);
    assert(slice->samples_n == frame->samples_n && frame->stream < descriptor->streams_n);
    out->stances_n = out->loads_n = out->landings_n = 0;
    work.align = align;
    work.force = force;
    work.samples_n = slice->samples_n;
    work.events = events;
    work.events_n = events_n;
    work.out = out;
    sole_layout(descriptor, frame->stream, &work.layout);
    if (state->cells_n != work.layout.cells_n || state->stream != frame->stream) {
        start_anew(state, state->foot, frame->stream, work.layout.cells_n);
    }
    if (slice->gap_before || astray(state, slice->t0_us)) {
        flush(state, &work);
    }
    sole_find_cells(&work, frame->values);
    find_floors(state, &work);
    find_due(state, &work);
    add_samples(state, &work, slice);
    sole_keep_pending(state, &work);
}

double sole_settled_us(const struct sole *state)
{
    return state->started ? (double)state->point * SOLE_POINT_US - SOLE_LAG_US : SOLE_NEVER_US;
}
