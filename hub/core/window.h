/* Sliding windows that stay sorted: their median is there for the asking. Pure. */
#ifndef STRIDE_HUB_CORE_WINDOW_H
#define STRIDE_HUB_CORE_WINDOW_H

#include <stdint.h>

enum { WINDOW_MAX = 50 };

/* The last values, in order of size; all zero = empty. Room for no more than is kept, since a
 * wearer's state holds a dozen of them. */
#define WINDOW_OF(CAPACITY)                                 \
    {                                                       \
        uint8_t n;                                          \
        uint8_t age[CAPACITY]; /* how many came after it */ \
        float sorted[CAPACITY];                             \
    }
struct window WINDOW_OF(WINDOW_MAX);

/* A window of any capacity <= WINDOW_MAX, for the length of a call. */
struct window_view {
    uint8_t *n, *age;
    float *sorted;
    int capacity;
};
#define window_view(window)                           \
    ((struct window_view){.n = &(window)->n,          \
                          .age = (window)->age,       \
                          .sorted = (window)->sorted, \
                          .capacity = (int)sizeof((window)->age)})

/* Adds `value`, and forgets the oldest beyond the capacity. NAN is not a value. */
void window_add(struct window_view window, float value);
/* The same for a window that has room and never forgets: what is in it does not age. */
void window_insert(struct window_view window, float value);
/* A sorted copy of a few values (n^2 steps); none of them NAN. */
void window_sort(const float *values, int n, float *sorted);
/* NAN when empty. */
float window_median(const float *sorted, int n);
/* SD (n - 1) over mean in percent, without values beyond 3 x 1.4826 MAD of the median (M09), which
 * are counted. NAN with fewer than 2 left. */
float window_cv_pct(const struct window *window, uint16_t *outliers_n);

#endif
