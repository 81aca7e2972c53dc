#include "hub/core/align.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Buckets start narrow, so that drift shows within half a minute, and double up to this: 32 of them
 * span 8.5 min, over which a crystal's drift with temperature stays below 1 ppm or so. */
static const double bucket_min_us = 1e6, bucket_max_us = 16e6;
/* A line through fewer points follows their jitter, not the clock. */
enum { FIT_POINTS_MIN = 8 };
/* Crystals keep within 100 ppm, the worst oscillators in sensors within 500. */
static const double drift_usual = 100e-6, drift_max = 500e-6;
/* t0 is stamped by an interrupt: it may be off by that much and still be in order. */
static const double stamp_periods_max = 2.0, stamp_max_us = 10e3;
/* Such jitter of t0 is followed slowly, so that sample times stay in order. */
static const double stamp_follow_periods = 0.25;
/* Design 1: what is older cannot be spoken about live any more. */
static const int64_t late_ns = INT64_C(2000000000);
/* A step of whole periods, within this share of one, is not a stamp's jitter: so many samples were
 * lost between two frames. */
static const double whole_period_share = 0.1;
/* A third of the shortest swing (100 ms, gait.c): no stance or swing fits into it, and an edge that
 * lies in it is misplaced by half of it at most. */
static const double short_gap_us = 30e3;
/* A frame cannot arrive before it was sampled; more than jitter and a bad slope can explain. */
static const double early_max_ns = 50e6;
/* Two clocks at 100 ppm each. */
static const double pause_drift_ns_per_us = 0.2;
/* A backlog after an outage is through within that; if frames are still old, the map is wrong. */
static const int64_t behind_max_ns = INT64_C(30000000000);
/* Frames in a row with t0 astray: one or two are clock jumps, three are no clock. */
enum { ASTRAY_MAX = 3 };

void align_init(struct align *align)
{
    memset(align, 0, sizeof *align);
    align->slope_ns_per_us = 1000.0;
    align->behind_since_ns = INT64_MIN;
}

/* Both stay within a third of int64, a century: the hub's clock counts from its start. */
static int64_t add_ns(int64_t at_ns, double add)
{
    const double add_max = 3e18;
    add = add > add_max ? add_max : add < -add_max ? -add_max : add;
    return at_ns + (int64_t)floor(add);
}

int64_t align_session_ns(const struct align *align, double device_us)
{
    return add_ns(align->origin_ns, (device_us - align->origin_us) * align->slope_ns_per_us);
}

/* ---- the map ---- */

/* How far point `i` lies above a clock without drift through point 0, ns. */
static double height(const struct align *align, int i)
{
    return (double)(align->points[i].arrival_ns - align->points[0].arrival_ns) -
           (align->points[i].device_us - align->points[0].device_us) * 1000.0;
}

static double reach(const struct align *align, int i)
{
    return align->points[i].device_us - align->points[0].device_us;
}

/* Drift (ns per us) of the line below all points that is closest to them in sum: the edge of their
 * lower hull over their mean time (Moon, Skelly, Towsley 1999). */
static double hull_drift(const struct align *align)
{
    uint8_t hull[ALIGN_POINTS_MAX];
    int n = 0;
    double mean_us = 0.0;
    for (int i = 0; i < align->points_n; i++) {
        double x = reach(align, i), y = height(align, i);
        mean_us += x / align->points_n;
        while (n >= 2) {
            double ax = reach(align, hull[n - 2]), ay = height(align, hull[n - 2]);
            double bx = reach(align, hull[n - 1]), by = height(align, hull[n - 1]);
            if ((bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0.0) {
                break;
            }
            n--;
        }
        hull[n++] = (uint8_t)i;
    }
    int k = 1;
    while (k + 1 < n && reach(align, hull[k]) < mean_us) {
        k++;
    }
    double span_us = reach(align, hull[k]) - reach(align, hull[k - 1]);
    return span_us > 0.0 ? (height(align, hull[k]) - height(align, hull[k - 1])) / span_us : 0.0;
}

/* Typical height of the points above the line, ns: the noise of its ends. The median, so that a
 * short outage within the span does not count as noise. */
static double line_noise_ns(const struct align *align, double drift, double offset_ns)
{
    double sorted[ALIGN_POINTS_MAX];
    int n = align->points_n;
    for (int i = 0; i < n; i++) {
        double above = height(align, i) - offset_ns - drift * reach(align, i);
        int k = i;
        for (; k > 0 && sorted[k - 1] > above; k--) {
            sorted[k] = sorted[k - 1];
        }
        sorted[k] = above;
    }
    return sorted[n / 2];
}

static double line_offset_ns(const struct align *align, double drift)
{
    double offset_ns = 0.0;
    for (int i = 1; i < align->points_n; i++) {
        double above = height(align, i) - drift * reach(align, i);
        offset_ns = above < offset_ns ? above : offset_ns;
    }
    return offset_ns;
}

static void fit(struct align *align)
{
    double drift = 0.0;
    if (align->points_n >= FIT_POINTS_MIN) {
        drift = hull_drift(align);
        double noise_ns = line_noise_ns(align, drift, line_offset_ns(align, drift));
        /* How far the slope may be off, against what clocks usually do: believed in proportion. */
        double doubt = noise_ns / reach(align, align->points_n - 1);
        double usual = drift_usual * 1000.0;
        drift *= usual * usual / (usual * usual + doubt * doubt);
        double most = drift_max * 1000.0;
        drift = drift > most ? most : drift < -most ? -most : drift;
    }
    align->slope_ns_per_us = 1000.0 + drift;
    align->origin_us = align->points[0].device_us;
    align->origin_ns = add_ns(align->points[0].arrival_ns, line_offset_ns(align, drift));
}

static double delay_ns(const struct align *align, double device_us, int64_t arrival_ns)
{
    return (double)(arrival_ns - align->origin_ns) -
           (device_us - align->origin_us) * align->slope_ns_per_us;
}

/* All buckets taken: pairs become one, the smaller delay stays; at the widest, the oldest goes. */
static void make_room(struct align *align)
{
    int n = 0;
    if (align->bucket_us >= bucket_max_us) {
        memmove(&align->points[0], &align->points[1],
                (ALIGN_POINTS_MAX - 1) * sizeof align->points[0]);
        align->points_n = ALIGN_POINTS_MAX - 1;
        return;
    }
    for (int i = 0; i + 1 < ALIGN_POINTS_MAX; i += 2) {
        double first = delay_ns(align, align->points[i].device_us, align->points[i].arrival_ns);
        double second =
            delay_ns(align, align->points[i + 1].device_us, align->points[i + 1].arrival_ns);
        align->points[n++] = align->points[first <= second ? i : i + 1];
    }
    align->points_n = (uint8_t)n;
    align->bucket_us *= 2.0;
}

static void set_point(struct align *align, int i, double device_us, int64_t arrival_ns)
{
    align->points[i].device_us = device_us;
    align->points[i].arrival_ns = arrival_ns;
}

static void start_map(struct align *align, double device_us, int64_t arrival_ns)
{
    align->points_n = 1;
    align->bucket_us = bucket_min_us;
    align->bucket_end_us = device_us + bucket_min_us;
    set_point(align, 0, device_us, arrival_ns);
    fit(align);
}

static void learn(struct align *align, double device_us, int64_t arrival_ns)
{
    double delay = delay_ns(align, device_us, arrival_ns);
    int last = align->points_n - 1;
    if (device_us >= align->bucket_end_us) {
        if (align->points_n == ALIGN_POINTS_MAX) {
            make_room(align);
        }
        align->bucket_end_us = device_us + align->bucket_us;
        set_point(align, align->points_n, device_us, arrival_ns);
        align->points_n++;
        fit(align);
        return;
    }
    if (delay < delay_ns(align, align->points[last].device_us, align->points[last].arrival_ns) &&
        (last == 0 || device_us > align->points[last - 1].device_us)) {
        set_point(align, last, device_us, arrival_ns);
        if (delay < 0.0) {
            fit(align);
        }
    }
}

/* Takes a frame's end and arrival into the map. True: the frame is too old to speak about. */
static bool learn_or_late(struct align *align, double end_us, bool late, int64_t arrival_ns)
{
    if (align->points_n == 0) {
        align->provisional = late;
        start_map(align, end_us, arrival_ns);
        return late;
    }
    if (late) {
        if (align->provisional) {
            learn(align, end_us, arrival_ns);
        }
        return true;
    }
    if (align->provisional) {
        align->provisional = false;
        start_map(align, end_us, arrival_ns);
        return false;
    }
    if (delay_ns(align, end_us, arrival_ns) > (double)late_ns) {
        if (align->behind_since_ns == INT64_MIN) {
            align->behind_since_ns = arrival_ns;
        } else if (arrival_ns - align->behind_since_ns > behind_max_ns) {
            align->behind_since_ns = INT64_MIN;
            align->jumps_n++;
            start_map(align, end_us, arrival_ns);
            return false;
        }
        return true;
    }
    align->behind_since_ns = INT64_MIN;
    learn(align, end_us, arrival_ns);
    return false;
}

/* ---- device time ---- */

/* Device time that the map gives for an arrival. */
static double device_us_at(const struct align *align, int64_t arrival_ns)
{
    return align->origin_us + (double)(arrival_ns - align->origin_ns) / align->slope_ns_per_us;
}

static void count_jump(struct align *align, const struct align_stream *stream, double step_us,
                       struct slice *out)
{
    for (int i = 0; i < ALIGN_STREAMS; i++) {
        const struct align_stream *other = &align->streams[i];
        /* Another stream of the device saw the same jump before. */
        if (other != stream && other->seen &&
            fabs(other->shift_us - stream->shift_us) <= stamp_max_us) {
            return;
        }
    }
    align->jumps_n++;
    align->backwards_n += step_us < 0.0 ? 1U : 0U;
    out->clock_jump = true;
}

/* A frame cannot arrive before its last sample was taken. Over a pause the map may have drifted as
 * far as clocks do: without that an insole that slept for hours would read as one that jumped. */
static bool too_early(const struct align *align, double end_us, int64_t arrival_ns, double step_us)
{
    double drift_ns = step_us > 0.0 ? step_us * pause_drift_ns_per_us : 0.0;
    return delay_ns(align, end_us, arrival_ns) < -early_max_ns - drift_ns;
}

/* t0 is not where the last frame of the stream ended: samples are missing, or the clock jumped.
 * Returns the device time to go on with. */
static double place_astray(struct align *align, struct align_stream *stream, double t0_us,
                           double length_us, bool lost_before, int64_t arrival_ns,
                           struct slice *out)
{
    double step_us = t0_us - stream->next_us;
    bool early = too_early(align, t0_us + length_us, arrival_ns, step_us);
    if (step_us > 0.0 && !early && !align->counting) {
        out->gap_before = true; /* time did pass */
        return t0_us;
    }
    double place_us = stream->next_us;
    if (lost_before) {
        double now_us = device_us_at(align, arrival_ns) - length_us;
        place_us = now_us > place_us ? floor(now_us) : place_us;
    }
    stream->shift_us += place_us - t0_us;
    if (!align->counting) {
        count_jump(align, stream, step_us, out);
        if (!lost_before) {
            stream->astray_n++;
        }
        align->counting = stream->astray_n >= ASTRAY_MAX;
    }
    return place_us;
}

/* Is the step made of lost samples? */
static bool whole_periods(double step_us, double period_us)
{
    double lost_n = round(step_us / period_us);
    return lost_n >= 1.0 && fabs(step_us - lost_n * period_us) <= whole_period_share * period_us;
}

static double place(struct align *align, struct align_stream *stream, int64_t t0_us,
                    double period_us, double length_us, bool lost_before, int64_t arrival_ns,
                    struct slice *out)
{
    double at_us = (double)t0_us + stream->shift_us;
    if (!stream->seen) {
        return at_us;
    }
    double step_us = at_us - stream->next_us;
    double most_us = stamp_periods_max * period_us;
    most_us = most_us > stamp_max_us ? most_us : stamp_max_us;
    bool possible = !align->counting && !too_early(align, at_us + length_us, arrival_ns, step_us);
    if (possible && lost_before && step_us >= 0.0) {
        return at_us;
    }
    if (possible && step_us <= most_us && whole_periods(step_us, period_us)) {
        out->gap_before = true;
        stream->astray_n = 0;
        return at_us;
    }
    if (lost_before || fabs(step_us) > most_us) {
        return place_astray(align, stream, at_us, length_us, lost_before, arrival_ns, out);
    }
    stream->astray_n = 0;
    double follow_us = stamp_follow_periods * period_us;
    follow_us = step_us > follow_us ? follow_us : step_us < -follow_us ? -follow_us : step_us;
    return stream->next_us + follow_us;
}

void align_frame(struct align *align, uint64_t boot_id, uint8_t stream_at, int64_t t0_us,
                 uint32_t period_us, uint16_t samples_n, bool late, bool lost_before,
                 int64_t arrival_ns, struct slice *out)
{
    assert(stream_at < ALIGN_STREAMS);
    if (align->boot_id != boot_id) {
        bool new_life = align->boot_id != 0;
        align_init(align);
        align->new_life = new_life;
        align->boot_id = boot_id;
    }
    struct align_stream *stream = &align->streams[stream_at];
    double period = (double)period_us;
    double length_us = samples_n > 0 ? period * (double)(samples_n - 1) : 0.0;
    memset(out, 0, sizeof *out);
    out->stream = stream_at;
    out->gap_before = lost_before || (align->new_life && !stream->seen);
    out->period_us = period;
    out->samples_n = samples_n;
    out->t0_us = place(align, stream, t0_us, period, length_us, lost_before, arrival_ns, out);
    double missing_us = out->t0_us - stream->next_us;
    out->short_gap = out->gap_before && stream->seen && !align->counting && !out->clock_jump &&
                     missing_us >= -whole_period_share * period &&
                     missing_us <= short_gap_us + whole_period_share * period;
    stream->seen = true;
    stream->next_us = out->t0_us + period * (double)samples_n;
    out->late = learn_or_late(align, out->t0_us + length_us, late, arrival_ns);
    out->end_ns = align_session_ns(align, out->t0_us + length_us);
}
