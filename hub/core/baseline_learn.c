/* Learning: strides wait in blocks, blocks move cells. */
#include <math.h>
#include <string.h>

#include "hub/core/baseline_private.h"
#include "hub/core/ident.h"

static const int64_t block_ns = BASELINE_BLOCK_S * INT64_C(1000000000);
/* The gain of a quantile is 1 / (strides x density there); half of it where each stride says above
 * or below. Normal density, in MADs: 0.5 / 0.2691 at the median, 0.5 / 0.4287 at the MAD. */
static const float median_gain = 1.858F, mad_gain = 1.166F;
/* A MAD at most halves or doubles with one block: few strides say little. */
static const float mad_factor_min = 0.5F, mad_factor_max = 2.0F;
/* Smaller would be lost in rounding. */
static const float mad_min = 4.0F;
/* Where the words for rounding start; any number would do. */
static const uint64_t rounding_salt = UINT64_C(0x5712de);
enum { FOUR = 4, OWN_FOURS = BASELINE_STRIDES_MIN / FOUR };

/* Up or down by chance of the fraction, so that steps smaller than a quantum add up: by the next
 * word of a fixed sequence, the same in every replay. */
static float rounded(struct baseline_state *state, float value)
{
    const float of = 1.0F / 16777216.0F; /* 24 bits: [0, 1) */
    uint64_t word = ident_word(rounding_salt, state->rounded_n++);
    return floorf(value + (float)(word >> 40) * of);
}

static int16_t held_within(float value, float least)
{
    const float most = (float)INT16_MAX;
    return (int16_t)(value < least ? least : value > most ? most : value);
}

/* `strides` of which `lean` more lay above than below, and `spread` more beyond than within. */
static void move(struct baseline_state *state, struct baseline_cell *cell, float lean, float spread,
                 float strides)
{
    float mad = (float)cell->mad;
    float factor = 1.0F + mad_gain * spread / strides;
    factor = factor < mad_factor_min   ? mad_factor_min
             : factor > mad_factor_max ? mad_factor_max
                                       : factor;
    float median = (float)cell->median + rounded(state, median_gain * mad * lean / strides);
    cell->median = held_within(median, -(float)INT16_MAX);
    cell->mad = held_within(rounded(state, mad * factor), mad_min);
}

static float sign_of(float value)
{
    return value > 0.0F ? 1.0F : value < 0.0F ? -1.0F : 0.0F;
}

/* ---- blocks ---- */

static void learn_cell(struct baseline_state *state, struct baseline_pending *pending, int metric)
{
    int bin = pending->bin_plus_1 - 1;
    struct baseline_cell *cell = &state->cells[bin][metric];
    float n = (float)pending->n[metric];
    if (n < 1.0F) {
        return;
    }
    bool seed = cell->fours == 0;
    if (!seed) { /* a seed has moved with each stride */
        move(state, cell, pending->lean[metric], pending->spread[metric],
             n + (float)(cell->fours * FOUR));
    }
    float fours = (float)cell->fours + rounded(state, n / (float)FOUR);
    fours = seed && fours < 1.0F ? 1.0F : fours;
    cell->fours = fours > (float)UINT16_MAX ? UINT16_MAX : (uint16_t)fours;
    if (cell->fours >= OWN_FOURS) {
        state->own[bin] |= (uint16_t)(1U << metric);
    }
    state->bin_age_days[bin] = state->metric_age_days[metric] = 0;
}

static void learn_block(struct baseline_state *state, int block)
{
    for (int i = 0; i < BASELINE_PENDING_BINS; i++) {
        struct baseline_pending *pending = &state->pending[block][i];
        for (int metric = 0; pending->bin_plus_1 != 0 && metric < BASELINE_METRICS; metric++) {
            learn_cell(state, pending, metric);
        }
        memset(pending, 0, sizeof *pending);
    }
}

static void drop_block(struct baseline_state *state, int block)
{
    memset(state->pending[block], 0, sizeof state->pending[block]);
}

/* Seeds moved with strides that may not be learnt now. */
static void drop_seeds(struct baseline_state *state)
{
    for (int at = 0; at < BASELINE_BINS * BASELINE_METRICS; at++) {
        int bin = at / BASELINE_METRICS, metric = at % BASELINE_METRICS;
        const struct baseline_cell *cell = &state->cells[bin][metric];
        if (cell->fours == 0 && cell->mad != 0 && !baseline_has(state->set[bin], metric)) {
            baseline_forget_cell(state, bin, metric);
        }
    }
}

void baseline_restart(struct baseline_state *state)
{
    drop_block(state, BASELINE_FILLING);
    drop_block(state, BASELINE_WAITING);
    drop_seeds(state);
    state->block = INT64_MIN;
}

static int64_t block_of(int64_t session_ns)
{
    int64_t block = session_ns / block_ns;
    return session_ns % block_ns < 0 ? block - 1 : block;
}

void baseline_settle(struct baseline_state *state, int64_t at_session_ns)
{
    int64_t block = block_of(at_session_ns);
    if (block == state->block) {
        return;
    }
    if (block < state->block) {
        baseline_restart(state);
    } else if (state->block != INT64_MIN) {
        learn_block(state, BASELINE_WAITING);
        if (block == state->block + 1) {
            memcpy(state->pending[BASELINE_WAITING], state->pending[BASELINE_FILLING],
                   sizeof state->pending[BASELINE_WAITING]);
        } else {
            learn_block(state, BASELINE_FILLING);
        }
        drop_block(state, BASELINE_FILLING);
    }
    state->block = block;
}

void baseline_raised(struct baseline_state *state, int64_t since_session_ns)
{
    int64_t block = block_of(since_session_ns);
    if (state->block == INT64_MIN || block > state->block) {
        return;
    }
    drop_block(state, BASELINE_FILLING);
    if (block < state->block) {
        drop_block(state, BASELINE_WAITING);
    }
    drop_seeds(state);
}

/* ---- strides ---- */

static struct baseline_pending *pending_of(struct baseline_state *state, int bin)
{
    struct baseline_pending *pending = state->pending[BASELINE_FILLING], *none = NULL;
    for (int i = 0; i < BASELINE_PENDING_BINS; i++) {
        if (pending[i].bin_plus_1 == bin + 1) {
            return &pending[i];
        }
        none = pending[i].bin_plus_1 == 0 && none == NULL ? &pending[i] : none;
    }
    if (none != NULL) {
        none->bin_plus_1 = (uint16_t)(bin + 1);
    }
    return none;
}

static unsigned waiting_n(const struct baseline_state *state, int bin, int metric)
{
    for (int i = 0; i < BASELINE_PENDING_BINS; i++) {
        const struct baseline_pending *pending = &state->pending[BASELINE_WAITING][i];
        if (pending->bin_plus_1 == bin + 1) {
            return pending->n[metric];
        }
    }
    return 0;
}

static void take(struct baseline_state *state, struct baseline_pending *pending, int metric,
                 float value)
{
    int bin = pending->bin_plus_1 - 1;
    struct baseline_cell *cell = &state->cells[bin][metric];
    float quanta = baseline_quanta((enum baseline_metric)metric, value);
    if (isnan(quanta) || pending->n[metric] == INT16_MAX || baseline_has(state->set[bin], metric)) {
        return;
    }
    pending->n[metric]++;
    if (cell->mad == 0) {
        const struct baseline_scale *scale = baseline_scale((enum baseline_metric)metric);
        cell->median = (int16_t)lroundf(quanta);
        cell->mad = (int16_t)lroundf(scale->mad / scale->quantum);
        return;
    }
    float apart = quanta - (float)cell->median;
    float above = sign_of(apart), beyond = sign_of(fabsf(apart) - (float)cell->mad);
    if (cell->fours == 0) {
        move(state, cell, above, beyond,
             (float)(pending->n[metric] + waiting_n(state, bin, metric)));
        return;
    }
    pending->lean[metric] = (int16_t)(pending->lean[metric] + (int)above);
    pending->spread[metric] = (int16_t)(pending->spread[metric] + (int)beyond);
}

static void take_all(struct baseline_state *state, int bin, const float values[BASELINE_METRICS])
{
    struct baseline_pending *pending = pending_of(state, bin);
    if (pending == NULL) {
        state->left_out_n++;
        return;
    }
    for (int metric = 0; metric < BASELINE_METRICS; metric++) {
        take(state, pending, metric, values[metric]);
    }
}

void baseline_learn(struct baseline_state *state, int64_t at_session_ns, float speed_mps,
                    const float values[BASELINE_METRICS], bool frozen)
{
    if (frozen) {
        baseline_restart(state);
        return;
    }
    baseline_settle(state, at_session_ns);
    int bin = baseline_bin(speed_mps);
    if (bin == BASELINE_NO_BIN) {
        return;
    }
    take_all(state, BASELINE_ANY_SPEED, values);
    if (bin != BASELINE_ANY_SPEED) {
        take_all(state, bin, values);
    }
}
