/* What is known: bins, days, defaults, what is told. */
#include "hub/core/baseline.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/baseline_private.h"

/* 2.3: bins of 0.1 m/s. */
enum { SPEED_MIN_MM_S = 300, SPEED_BIN_MM_S = 100 };
/* Strides fade so that their mean age is that of BASELINE_DAYS whole days: q / (1 - q) = 6.5. */
enum { FADE_OF = 15, FADE_TO = 13 };
/* 200 strides and none since, after 14 days: 200 (13/15)^14 = 27, in fours. A cell that came to 200
 * is valid until then. */
enum { OWN_LEAST_FOURS = 7 };

const char *baseline_metric_name(enum baseline_metric metric)
{
    static const char *const names[BASELINE_METRICS] = {
        "cadence",   "slh",        "fsa",          "double_support", "stride_cv", "si_stance",
        "si_step",   "si_load",    "loading_rate", "forefoot",       "medial",    "arm_swing",
        "clearance", "peak_force", "roll",         "impact"};
    assert((unsigned)metric < BASELINE_METRICS);
    return names[metric];
}

enum baseline_metric baseline_metric_find(const char *name)
{
    int metric = 0;
    while (metric < BASELINE_METRICS &&
           strcmp(baseline_metric_name((enum baseline_metric)metric), name) != 0) {
        metric++;
    }
    return (enum baseline_metric)metric;
}

const struct baseline_scale *baseline_scale(enum baseline_metric metric)
{
    static const struct baseline_scale scales[BASELINE_METRICS] = {
        [BASELINE_CADENCE] = {0.01F, 1.5F},       [BASELINE_SLH] = {0.00005F, 0.012F},
        [BASELINE_FSA] = {0.01F, 1.5F},           [BASELINE_DOUBLE_SUPPORT] = {0.005F, 1.0F},
        [BASELINE_STRIDE_CV] = {0.002F, 0.4F},    [BASELINE_SI_STANCE] = {0.0075F, 1.5F},
        [BASELINE_SI_STEP] = {0.0075F, 1.5F},     [BASELINE_SI_LOAD] = {0.0075F, 1.5F},
        [BASELINE_LOADING_RATE] = {0.004F, 0.8F}, [BASELINE_FOREFOOT] = {0.0001F, 0.02F},
        [BASELINE_MEDIAL] = {0.0001F, 0.03F},     [BASELINE_ARM_SWING] = {0.02F, 4.0F},
        [BASELINE_CLEARANCE] = {0.0125F, 2.5F},   [BASELINE_PEAK_FORCE] = {0.00025F, 0.05F},
        [BASELINE_ROLL] = {0.005F, 0.4F},         [BASELINE_IMPACT] = {0.0015F, 0.3F}};
    return &scales[metric];
}

int baseline_bin(float speed_mps)
{
    if (isnan(speed_mps)) {
        return BASELINE_ANY_SPEED;
    }
    const float limit_mps = 10.0F; /* so that it can be counted in mm/s */
    if (!(speed_mps >= 0.0F && speed_mps < limit_mps)) {
        return BASELINE_NO_BIN;
    }
    /* To the nearest, halves up: as lroundf() does, without the call. */
    long over_mm_s = (long)((double)(speed_mps * 1000.0F) + 0.5) - SPEED_MIN_MM_S;
    long bin = over_mm_s / SPEED_BIN_MM_S;
    return over_mm_s >= 0 && bin < BASELINE_SPEEDS ? (int)bin : BASELINE_NO_BIN;
}

float baseline_quanta(enum baseline_metric metric, float value)
{
    float quanta = value / baseline_scale(metric)->quantum;
    return fabsf(quanta) <= (float)INT16_MAX ? quanta : NAN;
}

void baseline_init(struct baseline_state *state)
{
    memset(state, 0, sizeof *state);
    state->block = INT64_MIN;
    state->day = INT32_MIN;
}

void baseline_forget_cell(struct baseline_state *state, int bin, int metric)
{
    state->cells[bin][metric] = (struct baseline_cell){0, 0, 0};
    state->own[bin] &= (uint16_t) ~(1U << metric);
    for (int block = 0; block < BASELINE_BLOCKS; block++) {
        for (int i = 0; i < BASELINE_PENDING_BINS; i++) {
            struct baseline_pending *pending = &state->pending[block][i];
            if (pending->bin_plus_1 == bin + 1) {
                pending->n[metric] = 0;
                pending->lean[metric] = pending->spread[metric] = 0;
            }
        }
    }
}

/* ---- days ---- */

static void older(uint8_t *age_days)
{
    *age_days = *age_days < UINT8_MAX ? (uint8_t)(*age_days + 1) : UINT8_MAX;
}

/* Seeds (0 fours) are not older than a block and stay. */
static void fade_cell(struct baseline_state *state, int bin, int metric)
{
    struct baseline_cell *cell = &state->cells[bin][metric];
    if (cell->fours == 0 || baseline_has(state->set[bin], metric)) {
        return;
    }
    if (state->bin_age_days[bin] >= BASELINE_DAYS ||
        state->metric_age_days[metric] >= BASELINE_DAYS) {
        baseline_forget_cell(state, bin, metric);
        return;
    }
    cell->fours = (uint16_t)(((unsigned)cell->fours * FADE_TO + FADE_OF / 2) / FADE_OF);
    if (cell->fours < OWN_LEAST_FOURS) {
        state->own[bin] &= (uint16_t) ~(1U << metric);
    }
}

void baseline_day(struct baseline_state *state, int32_t day, bool frozen)
{
    int64_t passed = state->day == INT32_MIN ? 0 : (int64_t)day - state->day;
    if (passed == -1) {
        return;
    }
    state->day = day;
    for (int64_t i = 0; i < passed && i < BASELINE_DAYS && !frozen; i++) {
        for (int bin = 0; bin < BASELINE_BINS; bin++) {
            older(&state->bin_age_days[bin]);
        }
        for (int metric = 0; metric < BASELINE_METRICS; metric++) {
            older(&state->metric_age_days[metric]);
        }
        for (int at = 0; at < BASELINE_BINS * BASELINE_METRICS; at++) {
            fade_cell(state, at / BASELINE_METRICS, at % BASELINE_METRICS);
        }
    }
}

/* ---- told ---- */

/* Section 4's typical ranges, their middle, and the speeds at which they are known; those are
 * comfortable speeds (0.94 to 1.43 m/s) but for peak force. Loading rate, impact,
 * forefoot share, medial index and symmetry have none: relative use, or limits only. */
static float population(enum baseline_metric metric, float speed_mps)
{
    static const struct {
        float low, high, from_mps, to_mps;
    } typical[BASELINE_METRICS] = {[BASELINE_CADENCE] = {100.0F, 120.0F, 0.94F, 1.43F},
                                   [BASELINE_SLH] = {0.41F, 0.45F, 0.94F, 1.43F},
                                   [BASELINE_FSA] = {15.0F, 25.0F, 0.94F, 1.43F},
                                   [BASELINE_DOUBLE_SUPPORT] = {20.0F, 25.0F, 0.94F, 1.43F},
                                   [BASELINE_STRIDE_CV] = {2.0F, 3.0F, 0.94F, 1.43F},
                                   [BASELINE_SI_STANCE] = {NAN, NAN, NAN, NAN},
                                   [BASELINE_SI_STEP] = {NAN, NAN, NAN, NAN},
                                   [BASELINE_SI_LOAD] = {NAN, NAN, NAN, NAN},
                                   [BASELINE_LOADING_RATE] = {NAN, NAN, NAN, NAN},
                                   [BASELINE_FOREFOOT] = {NAN, NAN, NAN, NAN},
                                   [BASELINE_MEDIAL] = {NAN, NAN, NAN, NAN},
                                   [BASELINE_ARM_SWING] = {30.0F, 60.0F, 0.94F, 1.43F},
                                   [BASELINE_CLEARANCE] = {10.0F, 25.0F, 0.94F, 1.43F},
                                   [BASELINE_PEAK_FORCE] = {1.2F, 1.2F, 1.4F, 1.6F},
                                   [BASELINE_ROLL] = {NAN, NAN, NAN, NAN},
                                   [BASELINE_IMPACT] = {NAN, NAN, NAN, NAN}};
    const float walk_ratio = 0.0065F; /* M08b: cadence = sqrt(60 v / WR) */
    if (metric == BASELINE_CADENCE && !isnan(speed_mps)) {
        return sqrtf(60.0F * speed_mps / walk_ratio);
    }
    if (isnan(speed_mps)) {
        bool narrow = metric == BASELINE_PEAK_FORCE;
        return narrow ? NAN : 0.5F * (typical[metric].low + typical[metric].high);
    }
    bool measured = speed_mps >= typical[metric].from_mps && speed_mps <= typical[metric].to_mps;
    return measured ? 0.5F * (typical[metric].low + typical[metric].high) : NAN;
}

static bool own_value(const struct baseline_state *state, int bin, enum baseline_metric metric,
                      struct baseline_value *out)
{
    bool set = baseline_has(state->set[bin], (int)metric);
    if (!set && !baseline_has(state->own[bin], (int)metric)) {
        return false;
    }
    const struct baseline_cell *cell = &state->cells[bin][metric];
    float quantum = baseline_scale(metric)->quantum;
    out->value = quantum * (float)cell->median;
    out->mad = cell->mad > 0 ? quantum * (float)cell->mad : NAN;
    out->source = (uint8_t)(set ? BASELINE_SET : BASELINE_OWN);
    return true;
}

static bool beside(const struct baseline_state *state, int bin, enum baseline_metric metric,
                   struct baseline_value *out)
{
    struct baseline_value below = {.value = NAN, .mad = NAN}, above = below;
    bool has_below = bin > 0 && own_value(state, bin - 1, metric, &below);
    bool has_above = bin + 1 < BASELINE_SPEEDS && own_value(state, bin + 1, metric, &above);
    if (!has_below && !has_above) {
        return false;
    }
    *out = has_below ? below : above;
    if (has_below && has_above) {
        out->value = 0.5F * (below.value + above.value);
        out->mad = 0.5F * (below.mad + above.mad);
    }
    out->source = BASELINE_NEIGHBOUR;
    return true;
}

struct baseline_value baseline_get(const struct baseline_state *state, enum baseline_metric metric,
                                   float speed_mps)
{
    assert((unsigned)metric < BASELINE_METRICS);
    struct baseline_value out = {NAN, NAN, BASELINE_NONE};
    int bin = baseline_bin(speed_mps);
    if (bin == BASELINE_NO_BIN || own_value(state, bin, metric, &out) ||
        (bin != BASELINE_ANY_SPEED && beside(state, bin, metric, &out))) {
        return out;
    }
    out.value = population(metric, speed_mps);
    out.source = (uint8_t)(isnan(out.value) ? BASELINE_NONE : BASELINE_DEFAULT);
    return out;
}

bool baseline_set(struct baseline_state *state, enum baseline_metric metric, float speed_mps,
                  float value, float mad)
{
    assert((unsigned)metric < BASELINE_METRICS);
    int bin = baseline_bin(speed_mps);
    float median = baseline_quanta(metric, value), spread = baseline_quanta(metric, mad);
    bool fits = isnan(value) || (!isnan(median) && (isnan(mad) || spread >= 0.0F));
    if (bin == BASELINE_NO_BIN || !fits) {
        return false;
    }
    baseline_forget_cell(state, bin, (int)metric);
    state->set[bin] &= (uint16_t) ~(1U << metric);
    if (!isnan(value)) {
        struct baseline_cell *cell = &state->cells[bin][metric];
        cell->median = (int16_t)lroundf(median);
        cell->mad = isnan(mad) ? 0 : (int16_t)lroundf(spread);
        state->set[bin] |= (uint16_t)(1U << metric);
    }
    return true;
}

void baseline_unset(struct baseline_state *state)
{
    for (int bin = 0; bin < BASELINE_BINS; bin++) {
        for (int metric = 0; metric < BASELINE_METRICS; metric++) {
            if (baseline_has(state->set[bin], metric)) {
                baseline_forget_cell(state, bin, metric);
            }
        }
        state->set[bin] = 0;
    }
}
