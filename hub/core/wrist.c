#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/window.h"
#include "hub/core/wrist_parts.h"

/* Sparser samples cannot show a step of 0.3 s. */
static const double period_max_us = 60e3;
/* Samples of phones and watches halt for 0.2 to 0.3 s now and then; over longer the line between
 * two samples would hide a step. */
static const double hole_max_us = 0.4e6;
/* No device measures more; a value beyond is not one. */
static const float value_max = 1e4f;

/* R05: on from, off below. */
static const float viewing_on_share = 0.7f, viewing_off_share = 0.3f;

static const float viewing_default[WRIST_AXES] = {0.342f, 0, 0.940f};

const char *wrist_event_name(enum wrist_event_kind kind)
{
    static const char *const names[WRIST_EVENT_KINDS] = {
        [0] = "unknown",
        [WRIST_BOUT_ON] = "bout_on",
        [WRIST_STEP] = "step",
        [WRIST_BOUT_OFF] = "bout_off",
        [WRIST_FALL_SUSPECT] = "fall_suspect",
        [WRIST_FALL_STILL] = "fall_still",
        [WRIST_VIEWING_ON] = "viewing_on",
        [WRIST_VIEWING_OFF] = "viewing_off",
        [WRIST_CALL_ON] = "call_on",
        [WRIST_CALL_OFF] = "call_off",
        [WRIST_HANDS_FIXED_ON] = "hands_fixed_on",
        [WRIST_HANDS_FIXED_OFF] = "hands_fixed_off",
    };
    assert(kind < WRIST_EVENT_KINDS);
    return names[kind];
}

/* S01: SD below 0.1 g; a hand that lies keeps its direction within 15 deg (E). */
static const float still_unrest_max_g = 0.1f, still_cosine_min = 0.9659f;

void wrist_init(struct wrist *wrist)
{
    memset(wrist, 0, sizeof(*wrist));
    wrist_steps_init(&wrist->steps);
    wrist_posture_init(&wrist->posture);
    fall_init(&wrist->fall);
    wrist_calibrate_viewing(wrist, viewing_default);
}

void wrist_calibrate_viewing(struct wrist *wrist, const float up[WRIST_AXES])
{
    float length = sqrtf(up[0] * up[0] + up[1] * up[1] + up[2] * up[2]);
    assert(length > 0);
    for (int i = 0; i < WRIST_AXES; i++)
        wrist->posture.viewing[i] = up[i] / length;
}

struct wrist_event *wrist_tell(struct wrist_out *out, enum wrist_event_kind kind,
                               double at_device_us)
{
    assert(out->n < WRIST_EVENTS_MAX);
    struct wrist_event *event = &out->events[out->n++];
    memset(event, 0, sizeof(*event));
    event->kind = (uint8_t)kind;
    event->late = out->slice->late;
    event->at_device_us = at_device_us;
    event->at_session_ns = align_session_ns(out->align, at_device_us);
    return event;
}

float wrist_median(const float *values, int n)
{
    float sorted[WRIST_STEPS];
    assert(n <= WRIST_STEPS);
    window_sort(values, n, sorted);
    return window_median(sorted, n);
}

/* ---- cells ---- */

static void fall_changed(struct wrist *wrist, enum fall_state to, struct wrist_out *out)
{
    if (to != FALL_SUSPECT && to != FALL_STILL)
        return;
    struct wrist_event *event = wrist_tell(
        out, to == FALL_SUSPECT ? WRIST_FALL_SUSPECT : WRIST_FALL_STILL, wrist->fall.impact_us);
    event->fall = wrist->fall.evidence;
}

static void posture_changed(bool *told, bool on, enum wrist_event_kind kind_on, double at_us,
                            struct wrist_out *out)
{
    if (*told == on)
        return;
    *told = on;
    (void)wrist_tell(out, on ? kind_on : (enum wrist_event_kind)(kind_on + 1), at_us);
}

/* Asked at the end of each block, whatever the frames: the same samples tell the same. */
static void tell_postures(struct wrist *wrist, double at_us, struct wrist_out *out)
{
    struct wrist_summary now;
    wrist_posture_summary(&wrist->posture, wrist->has_rate, &now);
    bool viewing = now.viewing_share >= (wrist->viewing ? viewing_off_share : viewing_on_share);
    posture_changed(&wrist->viewing, viewing, WRIST_VIEWING_ON, at_us, out);
    posture_changed(&wrist->call, now.call == WRIST_YES, WRIST_CALL_ON, at_us, out);
    posture_changed(&wrist->hands_fixed, now.hands_fixed == WRIST_YES, WRIST_HANDS_FIXED_ON, at_us,
                    out);
}

/* S01 and S03: nothing of the arm moves. A hand that lies keeps its direction within a few degrees.
 */
static void see_stillness(struct wrist *wrist, const float up[WRIST_AXES], float unrest_g,
                          bool stepped, bool next)
{
    float cosine =
        up[0] * wrist->still_from[0] + up[1] * wrist->still_from[1] + up[2] * wrist->still_from[2];
    if (!next || stepped || unrest_g >= still_unrest_max_g || cosine < still_cosine_min)
        wrist->still_n = 0;
    if (stepped || unrest_g >= still_unrest_max_g)
        return;
    if (wrist->still_n == 0)
        memcpy(wrist->still_from, up, sizeof(wrist->still_from));
    wrist->still_n = (uint16_t)(wrist->still_n + (wrist->still_n < UINT16_MAX));
}

static void acceleration_cell(struct wrist *wrist, const struct wrist_cell *cell,
                              struct wrist_out *out)
{
    float up[WRIST_AXES], unrest_g;
    int64_t block;
    double from_us, to_us;
    if (wrist_posture_cell(&wrist->posture, cell, up, &unrest_g, &block)) {
        double end_us = (double)(block + 1) * WRIST_BLOCK_US;
        bool stepped = wrist->steps.steps_n != wrist->steps_seen_n;
        /* As the fall's engine: one block may be missing. */
        bool next = wrist->fall.block != INT64_MIN && block <= wrist->fall.block + 2;
        see_stillness(wrist, up, unrest_g, stepped, next);
        fall_changed(wrist, fall_block(&wrist->fall, block, end_us, up, unrest_g, stepped), out);
        wrist->steps_seen_n = wrist->steps.steps_n;
        tell_postures(wrist, end_us, out);
    }
    if (wrist_steps_cell(&wrist->steps, cell, wrist->posture.up, wrist->has_rate, out, &from_us,
                         &to_us))
        wrist_swing(&wrist->posture, from_us, to_us);
}

static void describe(const struct wrist *wrist, struct wrist_event *events, int n)
{
    struct wrist_summary now;
    if (n == 0)
        return;
    wrist_summary(wrist, &now);
    for (int i = 0; i < n; i++) {
        events[i].cadence_spm = now.cadence_spm;
        events[i].arm_swing_deg = now.arm_swing_deg;
        events[i].pitch_deg = now.pitch_deg;
        events[i].viewing_share = now.viewing_share;
    }
}

static void cell_done(struct wrist *wrist, struct wrist_out *out)
{
    struct wrist_grid *grid = &wrist->grid;
    int before_n = out->n;
    struct wrist_cell cell = {.number = grid->cell};
    memcpy(cell.acceleration, grid->sum, sizeof(cell.acceleration));
    memcpy(cell.rate, grid->sum + WRIST_RATE_LANE, sizeof(cell.rate));
    const float *a = cell.acceleration;
    cell.length = sqrtf(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    if (wrist->has_rate)
        wrist_rate_cell(&wrist->posture, &cell);
    if (wrist->has_acceleration)
        acceleration_cell(wrist, &cell, out);
    if (wrist->has_rate)
        wrist_swing_unaided(&wrist->posture);
    describe(wrist, out->events + before_n, out->n - before_n);
}

/* Adds a piece of the line, `weight` halves of its share of the cell; ends where `to` is. */
static void add_piece(struct wrist_grid *grid, const float to[WRIST_LANES], float weight)
{
    float sum[WRIST_LANES], end[WRIST_LANES];
    memcpy(sum, grid->sum, sizeof(sum));
    memcpy(end, to, sizeof(end));
    for (int i = 0; i < WRIST_LANES; i++)
        sum[i] += weight * (grid->last[i] + end[i]);
    memcpy(grid->sum, sum, sizeof(sum));
    memcpy(grid->last, end, sizeof(end));
}

/* The line from the last sample to this one, cut at the borders of cells. A cell is told only when
 * all of it was seen. */
static void grid_line(struct wrist *wrist, double to_us, const float to[WRIST_LANES],
                      struct wrist_out *out)
{
    struct wrist_grid *grid = &wrist->grid;
    while (to_us >= grid->end_us) {
        float piece_us = (float)(grid->end_us - grid->last_us), at[WRIST_LANES];
        float share = to_us == grid->end_us ? 1 : piece_us / (float)(to_us - grid->last_us);
        for (int i = 0; i < WRIST_LANES; i++)
            at[i] = grid->last[i] + share * (to[i] - grid->last[i]);
        add_piece(grid, at, piece_us * (0.5f / WRIST_CELL_US));
        if (grid->whole)
            cell_done(wrist, out);
        memset(grid->sum, 0, sizeof(grid->sum));
        grid->whole = true;
        grid->last_us = grid->end_us;
        grid->cell++;
        grid->end_us = wrist_cell_us(grid->cell + 1);
        if (to_us == grid->last_us)
            return;
    }
    add_piece(grid, to, (float)(to_us - grid->last_us) * (0.5f / WRIST_CELL_US));
    grid->last_us = to_us;
}

static void grid_start(struct wrist *wrist, double at_us, const float values[WRIST_LANES])
{
    struct wrist_grid *grid = &wrist->grid;
    bool back = grid->running && at_us < grid->last_us;
    if (back) { /* a new clock: nothing of the old one's times can be kept */
        uint32_t steps_n = wrist->steps.steps_n;
        float viewing[WRIST_AXES];
        memcpy(viewing, wrist->posture.viewing, sizeof(viewing));
        wrist_steps_init(&wrist->steps);
        wrist_posture_init(&wrist->posture);
        fall_init(&wrist->fall);
        wrist->steps.steps_n = steps_n;
        memcpy(wrist->posture.viewing, viewing, sizeof(viewing));
    }
    if (grid->running && !back)
        wrist_steps_gap(&wrist->steps);
    wrist_posture_gap(&wrist->posture);
    fall_gap(&wrist->fall);
    grid->running = true;
    grid->gap = false;
    grid->cell = (int64_t)floor(at_us / WRIST_CELL_US);
    grid->end_us = wrist_cell_us(grid->cell + 1);
    grid->whole = at_us == wrist_cell_us(grid->cell);
    grid->last_us = at_us;
    memset(grid->sum, 0, sizeof(grid->sum));
    memcpy(grid->last, values, sizeof(grid->last));
}

/* ---- frames ---- */

enum { BATCH = 32 };

/* Samples from..from + n, turned from channel-major to lanes in one go: lanes that are read as soon
 * as they are written make a processor wait. */
static void read_batch(const struct wrist_channels *channels, bool has_acceleration, bool has_rate,
                       unsigned from, unsigned n, float out[BATCH][WRIST_LANES])
{
    memset(out, 0, n * sizeof(out[0]));
    for (int k = 0; has_acceleration && k < WRIST_AXES; k++)
        for (unsigned i = 0; i < n; i++)
            out[i][k] = channels->acceleration[k][from + i];
    for (int k = 0; has_rate && k < WRIST_AXES; k++)
        for (unsigned i = 0; i < n; i++)
            out[i][WRIST_RATE_LANE + k] = channels->rate[k][from + i];
}

static bool is_sane(const float values[WRIST_LANES])
{
    int bad = 0;
    for (int i = 0; i < WRIST_LANES; i++)
        bad |= !(fabsf(values[i]) < value_max);
    return bad == 0;
}

static bool complete(const float *const set[WRIST_AXES])
{
    return set[0] != NULL && set[1] != NULL && set[2] != NULL;
}

static void take_sample(struct wrist *wrist, double at_us, const float values[WRIST_LANES],
                        struct wrist_out *out)
{
    struct wrist_grid *grid = &wrist->grid;
    if (grid->running && !grid->gap && at_us == grid->last_us)
        return; /* the same instant twice: phones do that */
    if (grid->gap || !grid->running || at_us < grid->last_us || at_us - grid->last_us > hole_max_us)
        grid_start(wrist, at_us, values);
    else
        grid_line(wrist, at_us, values, out);
    if (wrist->has_acceleration)
        fall_sample(&wrist->fall, at_us, out->slice->period_us,
                    sqrtf(values[0] * values[0] + values[1] * values[1] + values[2] * values[2]) /
                        WRIST_GRAVITY);
}

int wrist_push(struct wrist *wrist, const struct slice *slice, const struct align *align,
               const struct wrist_channels *channels, struct wrist_event out[WRIST_EVENTS_MAX])
{
    struct wrist_out told = {.slice = slice, .align = align, .events = out};
    bool has_acceleration = complete(channels->acceleration), has_rate = complete(channels->rate);
    if (!(slice->period_us <= period_max_us) || (!has_acceleration && !has_rate))
        return 0;
    if ((slice->gap_before && !slice->short_gap) || has_acceleration != wrist->has_acceleration ||
        has_rate != wrist->has_rate)
        wrist->grid.gap = true;
    wrist->has_acceleration = has_acceleration;
    wrist->has_rate = has_rate;
    for (unsigned from = 0; from < slice->samples_n; from += BATCH) {
        float values[BATCH][WRIST_LANES];
        unsigned left = slice->samples_n - from, n = left < BATCH ? left : BATCH;
        read_batch(channels, has_acceleration, has_rate, from, n, values);
        for (unsigned i = 0; i < n; i++)
            if (is_sane(values[i]))
                take_sample(wrist, slice->t0_us + (from + i) * slice->period_us, values[i], &told);
    }
    return told.n;
}

void wrist_summary(const struct wrist *wrist, struct wrist_summary *out)
{
    bool known = wrist->grid.running && wrist->has_acceleration;
    memset(out, 0, sizeof(*out));
    out->at_device_us = wrist->grid.running ? wrist->grid.last_us : (double)NAN;
    out->steps_n = wrist->steps.steps_n;
    out->cadence_spm = wrist_steps_cadence(&wrist->steps);
    out->walking = !known ? WRIST_UNKNOWN : wrist->steps.open ? WRIST_YES : WRIST_NO;
    out->fall = wrist->fall.state;
    out->still_s = known ? 0.5F * (float)wrist->still_n : NAN;
    wrist_posture_summary(&wrist->posture, wrist->has_rate, out);
}

/* ---- heart rate ---- */

static const float lock_bpm = 3; /* S06 */
static const int64_t lock_ns = INT64_C(20000000000);
/* Close in 70 % of the readings (2.5), one a second: each that is not costs three of those that
 * are. The two are measured over different windows, so a few go astray in a true lock. */
static const int64_t astray_ns = INT64_C(3000000000);
/* A heart may cross the cadence; what was locked must be apart this long to be believed. */
static const int64_t unlock_ns = INT64_C(10000000000);
/* Heart rate comes once a second: after such a silence nothing is known of what was between. */
static const int64_t silence_ns = INT64_C(5000000000);

void heart_lock_init(struct heart_lock *lock)
{
    *lock = (struct heart_lock){.since_ns = INT64_MIN, .apart_ns = INT64_MIN, .last_ns = INT64_MIN};
}

bool heart_lock_push(struct heart_lock *lock, int64_t at_ns, float heart_bpm, float cadence_spm)
{
    bool close = fabsf(heart_bpm - cadence_spm) <= lock_bpm; /* false when either is NAN */
    if (lock->last_ns != INT64_MIN && (at_ns < lock->last_ns || at_ns - lock->last_ns > silence_ns))
        lock->since_ns = lock->apart_ns = INT64_MIN;
    lock->last_ns = at_ns;
    if (close) {
        lock->apart_ns = INT64_MIN;
        if (lock->since_ns == INT64_MIN)
            lock->since_ns = at_ns;
        if (at_ns - lock->since_ns >= lock_ns)
            lock->suspect = true;
    } else {
        if (lock->apart_ns == INT64_MIN)
            lock->apart_ns = at_ns;
        if (lock->since_ns != INT64_MIN)
            lock->since_ns =
                at_ns - lock->since_ns > astray_ns ? lock->since_ns + astray_ns : INT64_MIN;
        if (at_ns - lock->apart_ns >= unlock_ns)
            lock->suspect = false;
    }
    return lock->suspect;
}
