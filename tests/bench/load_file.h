/* What the load generator sends: walks (frames encoded beforehand) and the devices that replay
 * them.
 *
 * Written by bench.py from a journal of the simulated body. A frame does not carry its device's id,
 * so that many devices can share one walk; every device has its own hello and its own start.
 * Layout, little-endian: "STRIDEL1"; u32 walks_n, each {u32 frames_n, each {u16 size, bytes}};
 * u32 devices_n, each {u8 size, id; u16 size, hello; u32 walk; u32 start_round;
 * u32 wearer}. */
#ifndef STRIDE_TESTS_BENCH_LOAD_FILE_H
#define STRIDE_TESTS_BENCH_LOAD_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/limits.h"

struct load_bytes {
    const uint8_t *bytes;
    uint16_t size;
};

struct load_walk {
    uint32_t frames_n;
    struct load_bytes *frames;
};

struct load_device {
    char id[ID_SIZE];
    struct load_bytes hello;
    uint32_t walk;
    uint32_t wearer;      /* number; a wearer's devices share a connection and keep step */
    uint32_t start_round; /* rounds of one frame per device; this one joins late */
};

struct load_file {
    uint32_t walks_n, devices_n;
    struct load_walk *walks;
    struct load_device *devices;
    uint8_t *text;
    size_t text_size;
};

/* False, with a line on stderr, when the file cannot be read or is not one. */
bool load_file_open(struct load_file *file, const char *path);
void load_file_close(struct load_file *file);

#endif
