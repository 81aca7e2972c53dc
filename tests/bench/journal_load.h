/* A journal file read into memory, for programs that step through it many times. */
#ifndef STRIDE_TESTS_BENCH_JOURNAL_LOAD_H
#define STRIDE_TESTS_BENCH_JOURNAL_LOAD_H

#include "proto/journal.h"

struct journal_load {
    uint8_t *bytes;
    struct input *inputs; /* point into bytes */
    size_t inputs_n;
};

/* False, with a line on stderr, when it cannot be read or is damaged. */
bool journal_load_open(struct journal_load *journal, const char *path);
void journal_load_close(struct journal_load *journal);

#endif
