/* What `stridesim walk` and `stridesim play` can be told: one table behind parsing and --help. */
#ifndef STRIDE_DEVICES_STRIDESIM_OPTIONS_H
#define STRIDE_DEVICES_STRIDESIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum { EXIT_USAGE = 2, WEARERS_MAX = 1000 };

struct options {
    const char *file; /* the script or the recording */
    const char *journal, *broker, *user_prefix, *password_file, *site, *format, *wearer, *stage;
    const char *stats, *receipts, *truth;
    double speed, jitter_ms, latency_ms, stored_timeout_s;
    double seed, wearers, first, part, rate, frame_samples, ring_kib, start_wall_ms;
    bool seed_given, start_wall_given, exit_when_stored, quiet;
};

enum command { COMMAND_WALK = 1, COMMAND_PLAY = 2, COMMAND_CONFIG = 4 };

/* Reads argv[1...]; returns -1 to go on, or the exit code (0 after --help, 2 with a message). */
int options_read(enum command command, int argc, char **argv, struct options *out);

int cmd_walk(int argc, char **argv);
int cmd_play(int argc, char **argv);
int cmd_config(int argc, char **argv);
int cmd_users(int argc, char **argv);

#endif
