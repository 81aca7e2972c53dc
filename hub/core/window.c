#include "hub/core/window.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* Scaled so that it equals the SD of a normal distribution. */
static const float mad_to_sd = 1.4826F;
static const float outlier_sds = 3.0F; /* M09 */

static void forget(struct window_view window, int at)
{
    size_t after = (size_t)(*window.n - 1 - at);
    memmove(&window.sorted[at], &window.sorted[at + 1], after * sizeof window.sorted[0]);
    memmove(&window.age[at], &window.age[at + 1], after);
    --*window.n;
}

void window_add(struct window_view window, float value)
{
    assert(window.capacity <= WINDOW_MAX);
    if (isnan(value)) {
        return;
    }
    int oldest = -1;
    for (int i = 0; i < *window.n; i++) {
        window.age[i]++;
        oldest = window.age[i] >= window.capacity ? i : oldest;
    }
    if (oldest >= 0) {
        forget(window, oldest);
    }
    window_insert(window, value);
}

void window_insert(struct window_view window, float value)
{
    if (isnan(value)) {
        return;
    }
    assert(*window.n < window.capacity);
    int at = *window.n;
    for (; at > 0 && window.sorted[at - 1] > value; at--) {
        window.sorted[at] = window.sorted[at - 1];
        window.age[at] = window.age[at - 1];
    }
    window.sorted[at] = value;
    window.age[at] = 0;
    ++*window.n;
}

void window_sort(const float *values, int n, float *sorted)
{
    for (int i = 0; i < n; i++) {
        int at = i;
        for (; at > 0 && sorted[at - 1] > values[i]; at--) {
            sorted[at] = sorted[at - 1];
        }
        sorted[at] = values[i];
    }
}

static float middle_of(const float *sorted, int n)
{
    return n % 2 != 0 ? sorted[n / 2] : 0.5F * (sorted[n / 2 - 1] + sorted[n / 2]);
}

float window_median(const float *sorted, int n)
{
    return n > 0 ? middle_of(sorted, n) : NAN;
}

/* Median distance from the median. The distances grow to both sides: merging them sorts them. */
static float median_away(const struct window *window, float median)
{
    float away[WINDOW_MAX];
    int n = window->n, above = n / 2, below = above - 1;
    for (int i = 0; i < n; i++) {
        float up = above < n ? window->sorted[above] - median : INFINITY;
        float down = below >= 0 ? median - window->sorted[below] : INFINITY;
        if (up <= down) {
            away[i] = up;
            above++;
        } else {
            away[i] = down;
            below--;
        }
    }
    return middle_of(away, n);
}

float window_cv_pct(const struct window *window, uint16_t *outliers_n)
{
    double sum = 0.0, squares = 0.0;
    int kept_n = 0;
    *outliers_n = 0;
    if (window->n < 2) {
        return NAN;
    }
    float median = window_median(window->sorted, window->n);
    float limit = outlier_sds * mad_to_sd * median_away(window, median);
    for (int i = 0; i < window->n; i++) {
        double apart = (double)window->sorted[i] - (double)median;
        if (fabs(apart) <= (double)limit) {
            sum += apart;
            squares += apart * apart;
            kept_n++;
        }
    }
    *outliers_n = (uint16_t)(window->n - kept_n);
    if (kept_n < 2) {
        return NAN;
    }
    double mean = sum / kept_n;
    double variance = (squares - sum * mean) / (kept_n - 1);
    variance = variance > 0.0 ? variance : 0.0;
    return (float)(100.0 * sqrt(variance) / ((double)median + mean));
}
