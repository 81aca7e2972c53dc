#include <math.h>
#include <string.h>

#include "hub/core/sole_private.h"

/* A part of the foot is down when it bears as much of the load as gait asks of a contact (rule book
 * 2.3), and bears it in two points. */
static const float region_share = 0.05F;
/* The heel's and the forefoot's contact are one when they are closer than a sample of 100 Hz. */
static const float same_s = 0.01F;
/* The first peak: where the load has fallen by more than noise and the steps of a converter make. A
 * hard heel's transient comes earlier (10 to 20 ms after contact, Whittle 1999; a sole and 100 Hz
 * make more of it), the first hump at a fifth of the stance, 0.1 s of the quickest walkers. */
static const float peak_fall = 0.05F, peak_share = 0.50F, transient_s = 0.06F;
/* What must be seen of a stance before its first peak is called one: the first peak comes within a
 * quarter of a stance. */
static const float seen_min_s = 0.15F;
/* M15, rule book 2.3. */
static const float slope_from = 0.20F, slope_to = 0.80F;
/* Where the load is small, the centre of pressure is noise. */
static const float cop_share = 0.10F;
/* M18, rule book 2.3. */
static const double medial_from = 0.30, medial_to = 0.60;
/* M19: where the front third of the foot begins (Song et al. 1996). */
static const float front_third = 2.0F / 3.0F;
/* A foot is 0.36 to 0.38 as broad as long (Pheasant 1996, British adults: 95 of 265 mm, 90 of 235);
 * cells tell only where their middles are. */
static const float width_share = 0.37F;
/* A path of fewer cells has no side. */
enum { COP_CELLS_MIN = 5 };
/* A foot that bears less than half its usual load, or nothing but one of its ends, did not step. */
static const float usual_share = 0.5F, end_share = 0.95F;

/* ---- the beginning of a stance */

/* The points from just before a contact on, those with samples. */
struct trace {
    int n;
    float at_s[SOLE_POINTS]; /* since the contact */
    float load[SOLE_POINTS], fore[SOLE_POINTS], heel[SOLE_POINTS];
};

static void trace_points(const struct sole *state, struct trace *trace)
{
    int64_t oldest = state->point - state->points_n;
    trace->n = 0;
    for (int64_t point = oldest; point < state->point; point++) {
        int at = (int)((uint64_t)point % SOLE_POINTS);
        float load = state->point_load[at];
        if (!isfinite(load)) {
            continue;
        }
        double us = ((double)point + (double)state->point_at[at] / 256.0) * SOLE_POINT_US;
        int i = trace->n++;
        trace->at_s[i] = (float)((us - state->contact_us) * 1e-6);
        trace->load[i] = load;
        trace->fore[i] = load * (float)state->point_fore_share[at] / SOLE_SHARE_SCALE;
        trace->heel[i] = load * (float)state->point_heel_share[at] / SOLE_SHARE_SCALE;
    }
}

/* When `force` rises through `level`, and is still above it a point later; NAN: never. */
static float crossing_s(const struct trace *trace, const float *force, float level)
{
    for (int i = 0; i + 1 < trace->n; i++) {
        if (force[i] < level || force[i + 1] < level) {
            continue;
        }
        if (i == 0) {
            return trace->at_s[0];
        }
        float share = (level - force[i - 1]) / (force[i] - force[i - 1]);
        return trace->at_s[i - 1] + share * (trace->at_s[i] - trace->at_s[i - 1]);
    }
    return NAN;
}

static float highest(const struct trace *trace)
{
    float most = 0.0F;
    for (int i = 0; i < trace->n; i++) {
        most = trace->load[i] > most ? trace->load[i] : most;
    }
    return most;
}

static float first_peak(const struct trace *trace, float most)
{
    float peak = 0.0F, peak_s = 0.0F;
    for (int i = 0; i < trace->n; i++) {
        if (trace->load[i] > peak) {
            peak = trace->load[i];
            peak_s = trace->at_s[i];
        } else if (peak_s > transient_s && peak >= peak_share * most &&
                   trace->load[i] < peak - peak_fall * most) {
            return peak;
        }
    }
    return most;
}

static float loading(const struct trace *trace, float peak)
{
    float from_s = crossing_s(trace, trace->load, slope_from * peak);
    float to_s = crossing_s(trace, trace->load, slope_to * peak);
    return to_s > from_s ? (slope_to - slope_from) * peak / (to_s - from_s) : NAN;
}

static void measure_regions(struct sole *state, const struct trace *trace, float most)
{
    float heel_s = crossing_s(trace, trace->heel, region_share * most);
    float fore_s = crossing_s(trace, trace->fore, region_share * most);
    if (isnan(heel_s) && isnan(fore_s)) {
        return;
    }
    bool first = isnan(heel_s) || fore_s < heel_s - same_s;
    state->forefoot_first = first ? SOLE_YES : SOLE_NO;
    if (!first) {
        state->forefoot_delay_s = isnan(fore_s) ? NAN : fmaxf(fore_s - heel_s, 0.0F);
    }
}

void sole_measure_contact(struct sole *state, const struct sole_layout *layout)
{
    struct trace trace;
    state->first_peak_n = state->loading_n_s = state->forefoot_delay_s = NAN;
    state->forefoot_first = SOLE_UNKNOWN;
    state->stance_shape = state->floors_known;
    trace_points(state, &trace);
    bool whole = trace.n > 1 && trace.at_s[0] <= 0.0F && trace.at_s[trace.n - 1] >= seen_min_s;
    if (!whole || !state->floors_known) {
        return;
    }
    float most = highest(&trace);
    if (!(most > 0.0F)) {
        return;
    }
    state->first_peak_n = first_peak(&trace, most);
    state->loading_n_s = loading(&trace, state->first_peak_n);
    if (layout->placed && layout->fore.cells_n != 0 && layout->heel.cells_n != 0 &&
        sole_stuck_cells(state) == 0) {
        measure_regions(state, &trace, most);
    }
}

/* ---- the whole stance */

/* The bins of a stance, first to last. */
struct path {
    int n;
    double start_us; /* of the first bin */
    float most;      /* largest load */
    float load[SOLE_BINS], fore[SOLE_BINS], medial[SOLE_BINS], lateral[SOLE_BINS];
    float forward_mm[SOLE_BINS], lateral_mm[SOLE_BINS];
};

static float from_upper_half(uint16_t half)
{
    uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static bool collect(const struct sole *state, double contact_us, double foot_off_us,
                    struct path *path)
{
    int64_t from = (int64_t)(contact_us / SOLE_BIN_US), to = (int64_t)(foot_off_us / SOLE_BIN_US);
    int64_t open = state->point / SOLE_BIN_POINTS; /* not in the ring yet */
    path->n = 0;
    path->start_us = (double)from * SOLE_BIN_US;
    path->most = 0.0F;
    if (from < open - state->bins_n || to >= open || to <= from) {
        return false;
    }
    for (int64_t bin = from; bin <= to; bin++) {
        int at = (int)((uint64_t)bin % SOLE_BINS), i = path->n++;
        path->load[i] = from_upper_half(state->bin_load[at]);
        path->fore[i] = (float)state->bin_fore_share[at] / SOLE_SHARE_SCALE;
        path->medial[i] = (float)state->bin_medial_share[at] / SOLE_SHARE_SCALE;
        path->lateral[i] = (float)state->bin_lateral_share[at] / SOLE_SHARE_SCALE;
        path->forward_mm[i] = (float)state->bin_forward[at] / SOLE_MM_SCALE;
        path->lateral_mm[i] = (float)state->bin_lateral[at] / SOLE_MM_SCALE;
        path->most = path->load[i] > path->most ? path->load[i] : path->most;
    }
    return path->most > 0.0F;
}

static float forefoot_share(const struct path *path)
{
    float fore = 0.0F, all = 0.0F;
    for (int i = 0; i < path->n; i++) {
        fore += path->load[i] * path->fore[i];
        all += path->load[i];
    }
    return fore / all;
}

/* What of a bin lies between two times, 0 to 1. */
static float overlap(double start_us, double from_us, double to_us)
{
    double from = fmax(start_us, from_us), to = fmin(start_us + SOLE_BIN_US, to_us);
    return to > from ? (float)((to - from) / SOLE_BIN_US) : 0.0F;
}

static float medial_index(const struct path *path, double contact_us, double foot_off_us)
{
    double stance_us = foot_off_us - contact_us;
    double from_us = contact_us + medial_from * stance_us;
    double to_us = contact_us + medial_to * stance_us;
    float medial = 0.0F, lateral = 0.0F;
    for (int i = 0; i < path->n; i++) {
        float load = path->load[i] * overlap(path->start_us + i * SOLE_BIN_US, from_us, to_us);
        medial += load * path->medial[i];
        lateral += load * path->lateral[i];
    }
    float sum = medial + lateral;
    return sum > 0.0F ? (medial - lateral) / sum : NAN;
}

static void measure_path(const struct path *path, float length_mm, struct sole_stance *out)
{
    int first = 0, last = path->n - 1;
    while (first < last && path->load[first] < cop_share * path->most) {
        first++;
    }
    while (first < last && path->load[last] < cop_share * path->most) {
        last--;
    }
    if (last - first < 2) {
        return;
    }
    float reach_mm = path->forward_mm[last] - path->forward_mm[first];
    float line = (path->lateral_mm[last] - path->lateral_mm[first]) / reach_mm;
    float front_mm = front_third * length_mm;
    float least_mm = path->forward_mm[first], most_mm = least_mm;
    out->cop_path_mm = 0.0F;
    for (int i = first + 1; i <= last; i++) {
        float before_mm = path->forward_mm[i - 1], after_mm = path->forward_mm[i];
        float before_side_mm = path->lateral_mm[i - 1];
        float side_mm = path->lateral_mm[i] - before_side_mm;
        least_mm = fminf(least_mm, after_mm);
        most_mm = fmaxf(most_mm, after_mm);
        out->cop_path_mm += hypotf(after_mm - before_mm, side_mm);
        if (before_mm < front_mm && after_mm >= front_mm) {
            float share = (front_mm - before_mm) / (after_mm - before_mm);
            float on_line_mm =
                path->lateral_mm[first] + line * (front_mm - path->forward_mm[first]);
            float away_mm = before_side_mm + share * side_mm - on_line_mm;
            out->cpei_pct = 100.0F * away_mm / (width_share * length_mm);
        }
    }
    out->cop_range_mm = most_mm - least_mm;
    /* A path that does not go forward has no line from heel to toes. */
    if (!(reach_mm > 0.0F)) {
        out->cpei_pct = NAN;
    }
}

static int8_t partial(const struct sole *state, const struct sole_stance *out)
{
    if (out->peak_n < usual_share * state->usual_peak_n || out->forefoot_share > end_share ||
        out->forefoot_share < 1.0F - end_share) {
        return SOLE_YES;
    }
    return isnan(out->peak_n) || isnan(state->usual_peak_n) ? SOLE_UNKNOWN : SOLE_NO;
}

void sole_measure_shape(const struct sole *state, const struct sole_layout *layout,
                        struct sole_stance *out)
{
    struct path path;
    out->forefoot_share = out->medial_index = out->cpei_pct = NAN;
    out->cop_range_mm = out->cop_path_mm = NAN;
    if (layout->placed && state->stance_shape && sole_stuck_cells(state) == 0 &&
        collect(state, out->contact_us, out->foot_off_us, &path)) {
        if (layout->fore.cells_n != 0 && layout->fore.cells_n != layout->cells_n) {
            out->forefoot_share = forefoot_share(&path);
        }
        if (layout->medial_n != 0 && layout->lateral_n != 0) {
            out->medial_index = medial_index(&path, out->contact_us, out->foot_off_us);
        }
        if (layout->cells_n >= COP_CELLS_MIN && layout->medial_n != 0 && layout->lateral_n != 0) {
            measure_path(&path, layout->length_mm, out);
        }
    }
    out->partial = partial(state, out);
}
