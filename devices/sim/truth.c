#include "devices/sim/truth.h"

#include <math.h>
#include <stdlib.h>

#include "devices/sim/body_private.h"

/* What a stance was under the foot. */
struct pressed {
    double peak_bw, loading_bw_s, fore, medial;
};

void truth_write_head(FILE *strides, FILE *segments)
{
    fprintf(strides,
            "wearer,foot,segment,kind,former_s,off_s,contact_s,former_us,off_us,contact_us,"
            "stride_s,step_s,stance_pct,double_support_pct,length_m,height_m,turn_deg,"
            "foot_angle_deg,clearance_mm,peak_bw,loading_bw_s,forefoot,medial,arm_left_deg,"
            "arm_right_deg,scuffed,stumbled\n");
    fprintf(segments, "wearer,segment,from_s,to_s,verb,steps,cadence_spm,speed_mps,stride_m,"
                      "stance_pct,double_support_pct,foot_angle_deg,clearance_mm,arm_left_deg,"
                      "arm_right_deg,stance_si_pct,step_si_pct,load_si_pct,cv_pct\n");
}

/* Force over the stance, every millisecond, and how the cells share it. */
static void press(const struct body *body, enum body_foot_side side,
                  const struct body_stance *stance, struct pressed *out)
{
    double peak_n = 0, first_n = 0, all = 0, fore = 0, medial = 0, lateral = 0;
    double low_s = SCRIPT_NONE, high_s = SCRIPT_NONE, span_s = stance->end_s - stance->start_s;
    bool rising = true;
    *out = (struct pressed){SCRIPT_NONE, SCRIPT_NONE, SCRIPT_NONE, SCRIPT_NONE};
    int n = (int)(span_s * 1000);
    for (int i = 0; i < n; i++) {
        double share[INSOLE_CELLS], t_s = stance->start_s + i * 1e-3;
        struct body_foot foot;
        body_foot(body, side, t_s, &foot);
        wearable_spread(&foot, share);
        peak_n = fmax(peak_n, foot.force_n);
        rising = rising && foot.force_n >= first_n;
        first_n = rising ? foot.force_n : first_n;
        bool middle = i >= 0.3 * n && i < 0.6 * n;
        for (unsigned c = 0; c < INSOLE_CELLS; c++) {
            double force = share[c] * foot.force_n;
            all += force;
            fore += wearable_cell_is_fore(c) ? force : 0;
            medial += middle && wearable_cell_side(c) < 0 ? force : 0;
            lateral += middle && wearable_cell_side(c) > 0 ? force : 0;
        }
    }
    for (int i = 0; i < n && isnan(high_s); i++) {
        double force_n = stance_force(body, stance, side, stance->start_s + i * 1e-3);
        if (isnan(low_s) && force_n >= 0.2 * first_n)
            low_s = i * 1e-3;
        if (force_n >= 0.8 * first_n)
            high_s = i * 1e-3;
    }
    if (all <= 0)
        return;
    *out = (struct pressed){.peak_bw = peak_n / body->weight_n,
                            .loading_bw_s = 0.6 * first_n / body->weight_n / (high_s - low_s),
                            .fore = fore / all,
                            .medial = (medial - lateral) / (medial + lateral)};
}

static double arm_swing_deg(const struct body *body, enum body_foot_side arm, double from_s,
                            double to_s)
{
    double low = (double)INFINITY, high = -(double)INFINITY;
    int n = (int)((to_s - from_s) * 100);
    for (int i = 0; i <= n; i++) {
        double deg = body_forearm_deg(body, arm, from_s + i * 0.01);
        low = fmin(low, deg);
        high = fmax(high, deg);
    }
    return high - low;
}

/* Both feet down between two contacts of a foot. */
static double both_down_s(const struct body *body, enum body_foot_side side, double from_s,
                          double to_s)
{
    double sum = 0;
    enum body_foot_side other = side == BODY_LEFT ? BODY_RIGHT : BODY_LEFT;
    const struct body_stance *own = &body->stances[side][body_stance_at(body, side, from_s)];
    double own_off_s = fmin(to_s, own->end_s);
    unsigned first = body_stance_at(body, other, from_s);
    for (unsigned i = first; i < body->stances_n[other] && i < first + 3; i++) {
        const struct body_stance *stance = &body->stances[other][i];
        double low = fmax(from_s, stance->start_s), high = fmin(own_off_s, stance->end_s);
        sum += fmax(0, high - low);
    }
    return sum;
}

/* Ends with a comma; empty when there is none. */
static void number(FILE *file, double value, int digits)
{
    if (isfinite(value))
        fprintf(file, "%.*f", digits, value);
    (void)fputc(',', file);
}

static void clock_us(FILE *file, const struct wearable *wearable, double t_s)
{
    number(file, wearable != NULL ? wearable_device_us(wearable, t_s) : SCRIPT_NONE, 0);
}

/* Sums of a segment, by foot. */
struct sums {
    unsigned n[BODY_FEET];
    double stride[BODY_FEET], square, step[BODY_FEET], stance[BODY_FEET], peak[BODY_FEET];
    double length, both, angle, clearance, arm[BODY_FEET];
};

static void add(struct sums *sums, enum body_foot_side side, const struct body_stance *from,
                const struct body_stance *to, double length_m, double both_s,
                const struct pressed *pressed, const double arm_deg[BODY_FEET])
{
    double stride_s = to->start_s - from->start_s;
    sums->n[side]++;
    sums->stride[side] += stride_s;
    sums->square += stride_s * stride_s;
    sums->step[side] += to->step_s;
    sums->stance[side] += from->end_s - from->start_s;
    sums->peak[side] += pressed->peak_bw;
    sums->length += length_m;
    sums->both += both_s;
    sums->angle += to->contact_rad;
    sums->clearance += to->clearance_m;
    for (enum body_foot_side arm = BODY_LEFT; arm < BODY_FEET; arm++)
        sums->arm[arm] += arm_deg[arm];
}

static void write_stride(FILE *file, const char *wearer, const struct body *body,
                         const struct wearable *wearable, enum body_foot_side side,
                         const struct body_stance *from, struct sums *sums)
{
    static const char *const kinds[] = {"walk", "run", "stairs"};
    const struct body_stance *to = from + 1;
    bool whole = from->landed && !from->standing;
    double stride_s = to->start_s - from->start_s, arm_deg[BODY_FEET];
    double length_m = hypot(to->place_m[0] - from->place_m[0], to->place_m[1] - from->place_m[1]);
    double both_s = whole ? both_down_s(body, side, from->start_s, to->start_s) : SCRIPT_NONE;
    struct pressed pressed = {SCRIPT_NONE, SCRIPT_NONE, SCRIPT_NONE, SCRIPT_NONE};
    if (whole)
        press(body, side, from, &pressed);
    for (enum body_foot_side arm = BODY_LEFT; arm < BODY_FEET; arm++)
        arm_deg[arm] = whole ? arm_swing_deg(body, arm, from->start_s, to->start_s) : SCRIPT_NONE;
    fprintf(file, "%s,%s,%d,%s,", wearer, side == BODY_LEFT ? "left" : "right", to->segment,
            kinds[to->kind]);
    number(file, whole ? from->start_s : SCRIPT_NONE, 4);
    number(file, from->end_s, 4);
    number(file, to->start_s, 4);
    clock_us(file, wearable, whole ? from->start_s : SCRIPT_NONE);
    clock_us(file, wearable, from->end_s);
    clock_us(file, wearable, to->start_s);
    number(file, whole ? stride_s : SCRIPT_NONE, 4);
    number(file, to->step_s > 0 ? to->step_s : SCRIPT_NONE, 4);
    number(file, whole ? 100 * (from->end_s - from->start_s) / stride_s : SCRIPT_NONE, 2);
    number(file, 100 * both_s / stride_s, 2);
    number(file, length_m, 4);
    number(file, to->place_m[2] - from->place_m[2], 4);
    number(file, (to->heading_rad - from->heading_rad) * 180 / PI, 2);
    number(file, to->contact_rad * 180 / PI, 2);
    number(file, 1000 * to->clearance_m, 1);
    number(file, pressed.peak_bw, 4);
    number(file, pressed.loading_bw_s, 3);
    number(file, pressed.fore, 4);
    number(file, pressed.medial, 4);
    number(file, arm_deg[BODY_LEFT], 2);
    number(file, arm_deg[BODY_RIGHT], 2);
    fprintf(file, "%d,%d\n", to->scuffed, to->stumbled);
    /* A segment's means are of what is wholly its own. */
    if (whole && from->segment == to->segment)
        add(&sums[to->segment], side, from, to, length_m, both_s, &pressed, arm_deg);
}

static double mean_si(const double sum[BODY_FEET], const unsigned n[BODY_FEET])
{
    double left = sum[BODY_LEFT] / n[BODY_LEFT], right = sum[BODY_RIGHT] / n[BODY_RIGHT];
    return 200 * fabs(left - right) / (left + right);
}

static void write_segment(FILE *file, const char *wearer, unsigned at,
                          const struct body_segment *segment, const struct sums *sums)
{
    static const char *const verbs[] = {"stand", "sit", "lie", "wheels", "fall", "walk"};
    static const char *const gaits[] = {"walk", "run", "stairs"};
    unsigned n = sums->n[BODY_LEFT] + sums->n[BODY_RIGHT];
    double stride_s = sums->stride[BODY_LEFT] + sums->stride[BODY_RIGHT];
    double mean_s = stride_s / n, variance = (sums->square - n * mean_s * mean_s) / (n - 1.0);
    fprintf(file, "%s,%u,%.3f,%.3f,%s,%u,", wearer, at, segment->from_s, segment->to_s,
            segment->verb == SCRIPT_WALK ? gaits[segment->style.kind] : verbs[segment->verb], n);
    number(file, 120 / mean_s, 2);
    number(file, sums->length / stride_s, 4);
    number(file, sums->length / n, 4);
    number(file, 100 * (sums->stance[0] + sums->stance[1]) / stride_s, 2);
    number(file, 100 * sums->both / stride_s, 2);
    number(file, sums->angle / n * 180 / PI, 2);
    number(file, 1000 * sums->clearance / n, 1);
    number(file, sums->arm[BODY_LEFT] / n, 2);
    number(file, sums->arm[BODY_RIGHT] / n, 2);
    number(file, mean_si(sums->stance, sums->n), 2);
    number(file, mean_si(sums->step, sums->n), 2);
    number(file, mean_si(sums->peak, sums->n), 2);
    fprintf(file, "%.3f\n", n > 1 ? 100 * sqrt(fmax(0, variance)) / mean_s : 0.0);
}

bool truth_write(FILE *strides, FILE *segments, const char *wearer, const struct body *body,
                 const struct wearable *const feet[BODY_FEET])
{
    struct sums *sums = calloc(body->segments_n + 1, sizeof(*sums));
    if (sums == NULL)
        return false;
    for (enum body_foot_side side = BODY_LEFT; side < BODY_FEET; side++)
        for (unsigned i = 0; i + 1 < body->stances_n[side]; i++)
            write_stride(strides, wearer, body, feet[side], side, &body->stances[side][i], sums);
    for (unsigned i = 0; i < body->segments_n; i++)
        write_segment(segments, wearer, i, &body->segments[i], &sums[i]);
    free(sums);
    return ferror(strides) == 0 && ferror(segments) == 0;
}
