/* Sliding windows that stay sorted: their median is there for the asking. Pure. */
#ifndef STRIDE_HUB_CORE_WINDOW_H
#define STRIDE_HUB_CORE_WINDOW_H

#include <stdint.h>

enum { WINDOW_MAX = 50 };

/* The last values, in order of size; all zero = empty. */
struct window {
    uint8_t n;
    uint8_t age[WINDOW_MAX]; /* how many values came after each */
    float sorted[WINDOW_MAX];
};

/* Adds `value`, and forgets the oldest beyond `capacity` <= WINDOW_MAX. NAN is not a value. */
void window_add(struct window *window, float value, int capacity);
/* The same for a window that has room and never forgets: what is in it does not age. */
void window_insert(struct window *window, float value);
/* NAN when empty. */
float window_median(const struct window *window);
/* SD (n - 1) over mean in percent, without values beyond 3 x 1.4826 MAD of the median (M09), which
 * are counted. NAN with fewer than 2 left. */
float window_cv_pct(const struct window *window, uint16_t *outliers_n);

#endif
