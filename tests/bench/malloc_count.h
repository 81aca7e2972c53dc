/* How often this program asked for memory. Two implementations: malloc_count.c takes the place of
 * malloc, calloc and realloc of the whole program and its libraries; malloc_count_none.c stands in
 * where a sanitizer has taken that place already. */
#ifndef STRIDE_TESTS_BENCH_MALLOC_COUNT_H
#define STRIDE_TESTS_BENCH_MALLOC_COUNT_H

#include <stdint.h>

/* Since the start of the program, all threads; -1 = not counted in this build. */
int64_t malloc_count(void);

#endif
