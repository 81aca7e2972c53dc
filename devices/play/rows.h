/* Rows of numbers with a time, as most sets of recordings come: CSV, gzipped or not.
 *
 * In: a file and which columns to take. Out: times and values. A damaged or cut-off file is refused
 * whole, with file and line. */
#ifndef STRIDE_DEVICES_PLAY_ROWS_H
#define STRIDE_DEVICES_PLAY_ROWS_H

#include "devices/play/recording.h"

struct rows_layout {
    unsigned header_lines;
    unsigned time_column; /* from 0 */
    double time_scale;    /* to seconds */
    unsigned columns_n;
    unsigned columns[RECORDING_CHANNELS_MAX];
    double scales[RECORDING_CHANNELS_MAX]; /* to SI */
    unsigned
        optional_n; /* so many last columns may be empty: the value before goes on, 0 at first */
};

struct rows {
    size_t n;
    unsigned columns_n;
    double *at_s;  /* from the first row; never falls */
    float *values; /* row after row */
};

/* False with `*error` filled in, and nothing to close. */
bool rows_read(const char *path, const struct rows_layout *layout, struct rows *out,
               struct recording_error *error);
void rows_close(struct rows *rows);

/* Values of columns `first` and on as counts of one device, |scale| SI a count, at a regular rate:
 * each is the mean of the line through the rows over one period around its time, so that a higher
 * rate is not folded in and no time is moved. NULL when out of memory. */
int32_t *rows_resample(const struct rows *rows, unsigned first, unsigned columns_n,
                       const float *scales, unsigned rate_hz, size_t *samples_n);
/* The same without times: row i is sample i. */
int32_t *rows_counts(const struct rows *rows, unsigned first, unsigned columns_n,
                     const float *scales);

#endif
