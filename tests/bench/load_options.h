/* Command line of the load generator. */
#ifndef STRIDE_TESTS_BENCH_LOAD_OPTIONS_H
#define STRIDE_TESTS_BENCH_LOAD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CONNECTIONS_MAX = 16 };

struct load_options {
    const char *load, *user, *password_file, *site, *count_file, *log;
    unsigned port, connections_n;
    double rate; /* frames/s over all connections; 0 = flat out */
    uint64_t window;
};

/* Borrows from argv. False when something is missing or out of range. */
bool load_options_parse(int argc, char **argv, struct load_options *out);
void load_options_usage(void);
/* The password of `user` from the file of lines user:password. False when it has no such line. */
bool load_options_password(const struct load_options *options, const char *user, char *out,
                           size_t size);

#endif
