/* Recordings of real people, read so that simulated devices can wear them.
 *
 * In: files, gzipped or not. Out: counts per device and what each channel is.
 * Recording's own time: sample i was taken at i / rate (the time column of gaitpdb prints
 * 0.0099/0.01; the line's index is the clock).
 * Reads files; no other side effect. Errors name the file and, where there is one, the line. */
#ifndef STRIDE_DEVICES_PLAY_RECORDING_H
#define STRIDE_DEVICES_PLAY_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/wire.h"

enum { RECORDING_FEET = 2, RECORDING_CHANNELS_MAX = 8, RECORDING_SAMPLES_MAX = 4000000 };

/* What wears the recording; the first two feet of the arrays below are then its devices. */
enum recording_worn { RECORDING_INSOLES = 0, RECORDING_WRIST, RECORDING_WRISTS };

struct recording {
    enum recording_worn worn;
    char model[NAME_SIZE];
    unsigned rate_hz, channels_n; /* channels per foot */
    size_t samples_n;
    int32_t *counts[RECORDING_FEET]; /* left, right; sample after sample, channels_n each */
    uint8_t *lost[RECORDING_FEET];   /* per sample: 1 = never came; NULL = all came */
    struct wire_channel channels[RECORDING_FEET][RECORDING_CHANNELS_MAX];
};

struct recording_error {
    char text[320];
};

/* PhysioNet gaitpdb: 8 cells per foot at 100 Hz, in N, to 0.01 N. NULL with `*error` filled in. */
struct recording *recording_open_gaitpdb(const char *path, struct recording_error *error);
/* PhysioNet gaitndd: one force per foot at 300 Hz, raw counts called N. `path` is the record's
 * without .let and .rit, with or without .gz. NULL with `*error` filled in. */
struct recording *recording_open_gaitndd(const char *path, struct recording_error *error);
/* Oxford step counter: a phone's acceleration, at the hand or arm, as if it were a wrist; resampled
 * to 100 Hz at the file's own time. `path` is a folder with accelerometer.csv, or a user*.csv. */
struct recording *recording_open_oxford(const char *path, struct recording_error *error);
/* GeoTec smartwatch TUG: acceleration and angular rate of a watch, resampled to 100 Hz. */
struct recording *recording_open_tug(const char *path, struct recording_error *error);
/* UMAFall, wrist sensor: acceleration and angular rate at 20 Hz; the row's number is its clock. */
struct recording *recording_open_umafall(const char *path, struct recording_error *error);
/* Kiel arm swing: angular rate of both wrists at 200 Hz. */
struct recording *recording_open_armswing(const char *path, struct recording_error *error);
/* IPOL 2023 art. 497: acceleration and angular rate on the back of each foot at 100 Hz. `path` is
 * the record's without _lf.txt and _rf.txt, with or without .gz. Packets that were lost are marked:
 * sample i is packet i, as the set's events count. */
struct recording *recording_open_ipol(const char *path, struct recording_error *error);
/* gaitmap's walk with motion capture: acceleration and angular rate of each foot. `path` is
 * imu_sample.csv, with or without .gz; 204.8 Hz, resampled to 200 at the file's own time. */
struct recording *recording_open_gaitmap(const char *path, struct recording_error *error);
void recording_close(struct recording *recording);

/* What --format may say. */
struct recording_format {
    const char *name, *file; /* what FILE is */
    struct recording *(*open)(const char *path, struct recording_error *error);
};
/* The n-th from 0; NULL behind the last. */
const struct recording_format *recording_format_at(unsigned n);
const struct recording_format *recording_format_find(const char *name);

/* Lowers the rate to `rate_hz`, which must divide the present one, with no sample lost; false
 * and nothing changed otherwise. Counts become 16 times finer. */
bool recording_decimate(struct recording *recording, unsigned rate_hz,
                        struct recording_error *error);

/* How many devices wear it, 1 or 2, and the n-th's name: left, right, wrist, wrist-left, ... */
unsigned recording_devices(const struct recording *recording);
const char *recording_device_name(const struct recording *recording, unsigned device);
/* The device that wears `foot` (0 left or only, 1 right). */
void recording_describe(const struct recording *recording, unsigned foot, const char *device,
                        uint64_t boot_id, struct wire_descriptor *out);
/* Recording's own time of a sample, in microseconds. */
uint64_t recording_time_us(const struct recording *recording, size_t sample);

#endif
