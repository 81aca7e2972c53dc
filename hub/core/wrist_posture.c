#include <math.h>
#include <string.h>

#include "hub/core/wrist_parts.h"

/* M21: within 35 deg of the viewing calibration. */
static const float viewing_cos = 0.81915f;
/* A block that is shaken or falling says nothing about where down is: its mean acceleration is not
 * gravity. Walking with the device in the hand keeps it within 0.8 to 1.2 g. */
static const float gravity_min_g = 0.7f, gravity_max_g = 1.4f;
enum {
    CELLS_MIN = 13,     /* of the 25 in a block: the greater part */
    SEEN_MIN = 20,      /* blocks: half of M21's 20 s */
    SD_BLOCKS = 30,     /* 15 s: hands fixed (2.4) */
    CALL_BLOCKS = 10,   /* 5 s: long enough not to be a hand that scratches a head (E) */
    PITCH_NONE = 32767, /* no such block */
    RATE_US = 2 * WRIST_CELL_US,
    NO_STRIDE_RATES = 75, /* 3 s: a stride of 2.4 s would have been told */
    UNAIDED_RATES = 30    /* 1.2 s: a whole stride at 100 steps/min and more */
};
static const float call_pitch_deg = 50; /* CALL, 2.4 */
/* An arm that holds a phone to the ear nods with the trunk, by a few degrees (E). */
static const float call_range_deg = 20;
static const float fixed_swing_deg = 8, fixed_sd_deg = 4; /* HANDS_FIXED, 2.4 */
static const float rate_count = 1000;                     /* per rad/s */

static int modulo(int64_t number, int n)
{
    int rest = (int)(number % n);
    return rest < 0 ? rest + n : rest;
}

void wrist_posture_init(struct wrist_posture *posture)
{
    memset(posture, 0, sizeof(*posture));
    posture->block = INT64_MIN;
    posture->rates_to = posture->rates_from = posture->swing_to = INT64_MIN;
}

void wrist_posture_gap(struct wrist_posture *posture)
{
    posture->rates_from = INT64_MIN;
    posture->rate_half = false;
    posture->swing_small_n = 0;
}

/* ---- arm swing ---- */

static int16_t to_count(float rad_s)
{
    float count = rad_s * rate_count;
    return (int16_t)(count < -32000 ? -32000 : count > 32000 ? 32000 : lrintf(count));
}

void wrist_rate_cell(struct wrist_posture *posture, const struct wrist_cell *cell)
{
    float left = cell->rate[WRIST_LEFT], up = cell->rate[WRIST_UP];
    if (modulo(cell->number, 2) == 0) {
        posture->rate_sum[0] = left;
        posture->rate_sum[1] = up;
        posture->rate_half = true;
        return;
    }
    if (!posture->rate_half)
        return;
    posture->rate_half = false;
    int64_t number = (cell->number - 1) / 2;
    if (posture->rates_from == INT64_MIN) {
        posture->rates_from = number;
        posture->swing_to = number - 1;
    }
    posture->rates_to = number;
    int16_t *rate = posture->rates[modulo(number, WRIST_RATES)];
    rate[0] = to_count(0.5f * (posture->rate_sum[0] + left));
    rate[1] = to_count(0.5f * (posture->rate_sum[1] + up));
}

/* The plane of the swing: the direction in (left, up) along which the path of angles spreads. */
static void main_direction(const float path[][2], int n, float out[2])
{
    float mean[2] = {0, 0}, xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 2; k++)
            mean[k] += path[i][k] / (float)n;
    for (int i = 0; i < n; i++) {
        float one = path[i][0] - mean[0], other = path[i][1] - mean[1];
        xx += one * one;
        xy += one * other;
        yy += other * other;
    }
    /* Half the angle of (xx - yy, 2 xy), without asking for the angle. */
    float x = xx - yy, y = 2 * xy, length = sqrtf(x * x + y * y);
    float cosine = length > 0 ? x / length : 1;
    out[0] = sqrtf(fmaxf(0, 0.5f * (1 + cosine)));
    out[1] = copysignf(sqrtf(fmaxf(0, 0.5f * (1 - cosine))), y);
}

/* Peak-to-peak angle over rates first to last. The stride ends where it began: what the sum of
 * rates does not return by is drift, and taken off evenly. */
static float peak_to_peak_deg(const struct wrist_posture *posture, int64_t first, int64_t last)
{
    float path[WRIST_RATES + 1][2] = {{0, 0}}, direction[2];
    int n = (int)(last - first) + 1;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < 2; k++)
            path[i + 1][k] = path[i][k] + (float)posture->rates[modulo(first + i, WRIST_RATES)][k] *
                                              (RATE_US * 1e-6f / rate_count);
    float drift[2] = {path[n][0] / (float)n, path[n][1] / (float)n};
    for (int i = 0; i <= n; i++)
        for (int k = 0; k < 2; k++)
            path[i][k] -= (float)i * drift[k];
    main_direction((const float(*)[2])path, n + 1, direction);
    float low = INFINITY, high = -INFINITY;
    for (int i = 0; i <= n; i++) {
        float along = path[i][0] * direction[0] + path[i][1] * direction[1];
        low = fminf(low, along);
        high = fmaxf(high, along);
    }
    return (high - low) * WRIST_DEGREES;
}

static void keep_swing(struct wrist_posture *posture, int64_t first, int64_t last, bool unaided)
{
    if (unaided != posture->unaided)
        posture->swings_n = posture->swing_at = 0;
    posture->unaided = unaided;
    posture->swings_deg[posture->swing_at] = peak_to_peak_deg(posture, first, last);
    posture->swing_at = (uint8_t)((posture->swing_at + 1) % WRIST_SWINGS);
    if (posture->swings_n < WRIST_SWINGS)
        posture->swings_n++;
    posture->swing_to = last;
}

void wrist_swing(struct wrist_posture *posture, double from_us, double to_us)
{
    int64_t first = (int64_t)floor(from_us / RATE_US), last = (int64_t)floor(to_us / RATE_US) - 1;
    if (posture->rates_from == INT64_MIN || first < posture->rates_from ||
        first <= posture->rates_to - WRIST_RATES || last > posture->rates_to || last <= first)
        return;
    keep_swing(posture, first, last, false);
}

void wrist_swing_unaided(struct wrist_posture *posture)
{
    int after = posture->unaided ? UNAIDED_RATES : NO_STRIDE_RATES;
    if (posture->rates_from == INT64_MIN || posture->rates_to - posture->swing_to < after)
        return;
    keep_swing(posture, posture->rates_to - UNAIDED_RATES + 1, posture->rates_to, true);
}

/* ---- posture ---- */

static float swing_deg(const struct wrist_posture *posture)
{
    return posture->rates_from != INT64_MIN ? wrist_median(posture->swings_deg, posture->swings_n)
                                            : NAN;
}

static void skip_blocks(struct wrist_posture *posture, int64_t n)
{
    for (int64_t i = 0; i < n && i < WRIST_BLOCKS; i++)
        posture->pitch[modulo(posture->block + i, WRIST_BLOCKS)] = PITCH_NONE;
    posture->seen = n < WRIST_BLOCKS ? posture->seen << n : 0;
    posture->looked = n < WRIST_BLOCKS ? posture->looked << n : 0;
}

/* Ends the present block; false when too little of it was seen. */
static bool end_block(struct wrist_posture *posture, float up[3], float *unrest_g)
{
    float n = (float)posture->cells_n;
    const float *sum = posture->sum;
    float length = sqrtf(sum[0] * sum[0] + sum[1] * sum[1] + sum[2] * sum[2]);
    skip_blocks(posture, 1);
    if (posture->cells_n < CELLS_MIN || !(length > 0.01f * n * WRIST_GRAVITY))
        return false;
    for (int i = 0; i < WRIST_AXES; i++)
        up[i] = posture->up[i] = sum[i] / length;
    float mean = posture->length_sum / n, variance = posture->square_sum / n - mean * mean;
    *unrest_g = variance > 0 ? sqrtf(variance) / WRIST_GRAVITY : 0;
    float gravity_g = length / n / WRIST_GRAVITY;
    if (gravity_g < gravity_min_g || gravity_g > gravity_max_g)
        return true;
    float cosine = 0, forward = up[WRIST_FORWARD];
    for (int i = 0; i < WRIST_AXES; i++)
        cosine += up[i] * posture->viewing[i];
    posture->seen |= 1;
    posture->looked |= cosine >= viewing_cos;
    forward = forward < -1 ? -1 : forward > 1 ? 1 : forward;
    posture->pitch[modulo(posture->block, WRIST_BLOCKS)] =
        (int16_t)lrintf(asinf(forward) * (100 * WRIST_DEGREES));
    bool small = swing_deg(posture) < fixed_swing_deg;
    posture->swing_small_n = (uint8_t)(!small                         ? 0
                                       : posture->swing_small_n < 255 ? posture->swing_small_n + 1
                                                                      : 255);
    return true;
}

static void add_cell(struct wrist_posture *posture, const struct wrist_cell *cell)
{
    for (int i = 0; i < WRIST_AXES; i++)
        posture->sum[i] += cell->acceleration[i];
    posture->length_sum += cell->length;
    posture->square_sum += cell->length * cell->length;
    posture->cells_n++;
}

bool wrist_posture_cell(struct wrist_posture *posture, const struct wrist_cell *cell, float up[3],
                        float *unrest_g, int64_t *block)
{
    int64_t now = (cell->number - modulo(cell->number, WRIST_BLOCK_CELLS)) / WRIST_BLOCK_CELLS;
    bool ended = false;
    if (posture->block != now) {
        if (posture->block != INT64_MIN) {
            *block = posture->block;
            ended = end_block(posture, up, unrest_g);
            posture->block++;
            if (now > posture->block)
                skip_blocks(posture, now - posture->block);
        }
        posture->block = now;
        posture->cells_n = 0;
        memset(posture->sum, 0, sizeof(posture->sum));
        posture->length_sum = posture->square_sum = 0;
    }
    add_cell(posture, cell);
    return ended;
}

/* Mean, SD and range of the last `n` blocks' pitch; false unless all were seen. */
static bool pitch_over(const struct wrist_posture *posture, int n, float *least, float *range,
                       float *sd)
{
    float sum = 0, squares = 0, low = INFINITY, high = -INFINITY;
    for (int i = 1; i <= n; i++) {
        if ((posture->seen >> (i - 1) & 1) == 0)
            return false;
        float deg = (float)posture->pitch[modulo(posture->block - i, WRIST_BLOCKS)] / 100;
        sum += deg;
        squares += deg * deg;
        low = fminf(low, deg);
        high = fmaxf(high, deg);
    }
    float variance = (squares - sum * sum / (float)n) / (float)(n - 1);
    *least = low;
    *range = high - low;
    *sd = variance > 0 ? sqrtf(variance) : 0;
    return true;
}

static int count_bits(uint64_t bits)
{
    int n = 0;
    for (; bits != 0; bits &= bits - 1)
        n++;
    return n;
}

void wrist_posture_summary(const struct wrist_posture *posture, bool has_rate,
                           struct wrist_summary *out)
{
    const uint64_t all = (UINT64_C(1) << WRIST_BLOCKS) - 1;
    int seen_n = count_bits(posture->seen & all);
    float least, range, sd;
    out->viewing_share =
        seen_n >= SEEN_MIN ? (float)count_bits(posture->looked & all) / (float)seen_n : NAN;
    out->arm_swing_deg = has_rate ? swing_deg(posture) : NAN;
    out->pitch_deg = out->pitch_sd_deg = NAN;
    if ((posture->seen & 1) != 0)
        out->pitch_deg = (float)posture->pitch[modulo(posture->block - 1, WRIST_BLOCKS)] / 100;
    out->call = out->hands_fixed = WRIST_UNKNOWN;
    if (posture->block != INT64_MIN && pitch_over(posture, CALL_BLOCKS, &least, &range, &sd))
        out->call = least > call_pitch_deg && range < call_range_deg ? WRIST_YES : WRIST_NO;
    if (posture->block == INT64_MIN || !pitch_over(posture, SD_BLOCKS, &least, &range, &sd))
        return;
    out->pitch_sd_deg = sd;
    if (!isnan(out->arm_swing_deg))
        out->hands_fixed =
            sd < fixed_sd_deg && posture->swing_small_n >= SD_BLOCKS ? WRIST_YES : WRIST_NO;
}
