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

/* No branch depends on a value in the loops below: a stride goes into a dozen windows, and what it
 * measures is as good as random. */
static void grow_older(struct window_view window)
{
    for (int i = 0; i < *window.n; i++) {
        window.age[i]++;
    }
}

void window_add(struct window_view window, float value)
{
    assert(window.capacity <= WINDOW_MAX);
    if (isnan(value)) {
        return;
    }
    grow_older(window);
    const uint8_t *oldest = memchr(window.age, window.capacity, *window.n);
    if (oldest != NULL) {
        forget(window, (int)(oldest - window.age));
    }
    window_insert(window, value);
}

void window_insert(struct window_view window, float value)
{
    if (isnan(value)) {
        return;
    }
    assert(*window.n < window.capacity);
    int n = *window.n, at = 0;
    for (int i = 0; i < n; i++) {
        at += window.sorted[i] <= value;
    }
    size_t after = (size_t)(n - at);
    memmove(&window.sorted[at + 1], &window.sorted[at], after * sizeof window.sorted[0]);
    memmove(&window.age[at + 1], &window.age[at], after);
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

float window_median(const float *sorted, int n)
{
    if (n == 0) {
        return NAN;
    }
    return n % 2 != 0 ? sorted[n / 2] : 0.5F * (sorted[n / 2 - 1] + sorted[n / 2]);
}

/* The distance from the median within which lie `n` values: they are neighbours, so that of all
 * runs of n neighbours the one that ends nearest tells it. */
static float reach(const struct window *window, float median, int n)
{
    float least = INFINITY;
    for (int i = 0; i + n <= window->n; i++) {
        float down = median - window->sorted[i], up = window->sorted[i + n - 1] - median;
        float most = down > up ? down : up;
        least = most < least ? most : least;
    }
    return least;
}

/* Median distance from the median. */
static float median_away(const struct window *window, float median)
{
    int n = window->n;
    float upper = reach(window, median, n / 2 + 1);
    return n % 2 != 0 ? upper : 0.5F * (reach(window, median, n / 2) + upper);
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
