/* The hub's clock: monotonic, going on over restarts, and faster than life on demand.
 *
 * In: the machine's clocks, read once a call by clock_read. Out: hub time. Hub time never goes
 * back; wall time is for display and jumps with the machine's (at speed 1), or follows hub time.
 * All but clock_read is pure; a started clock is constant, so any thread may ask it. */
#ifndef STRIDE_HUB_IO_CLOCK_H
#define STRIDE_HUB_IO_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_BOOT_SIZE = 40 };

/* Hub time before anything happened: walks are back-dated, and times stay positive. */
#define CLOCK_EPOCH_NS (INT64_C(3600) * 1000000000)

struct machine_time {
    int64_t mono_ns; /* CLOCK_MONOTONIC: starts anew with the machine */
    int64_t wall_ms; /* UTC */
};

struct hub_time {
    int64_t mono_ns;
    int64_t wall_ms;
};

/* What a later run needs to go on; saved with every commit. */
struct clock_mark {
    struct hub_time hub;
    struct machine_time machine;
    char boot[CLOCK_BOOT_SIZE]; /* the kernel's boot id */
};

struct hub_clock {
    double speed;
    struct hub_time start;
    struct machine_time machine_start;
    char boot[CLOCK_BOOT_SIZE];
};

enum { CLOCK_SPEED_MAX = 1000 };

void clock_read(struct machine_time *out);
/* The kernel's boot id, or "" where there is none (then every start counts as another boot). */
void clock_boot_id(char out[CLOCK_BOOT_SIZE]);

/* `last` NULL: a hub that never ran. `speed` > 0, at most CLOCK_SPEED_MAX.
 * With the same boot id the time away is measured on the monotonic clock, else on the wall clock,
 * where a clock that was set back counts as no time at all; nor does what would bring hub time out
 * of what a journal may hold. */
void clock_start(struct hub_clock *clock, const struct clock_mark *last, double speed,
                 const struct machine_time *now, const char *boot);
void clock_hub_time(const struct hub_clock *clock, const struct machine_time *now,
                    struct hub_time *out);
void clock_make_mark(const struct hub_clock *clock, const struct machine_time *now,
                     struct clock_mark *out);
/* How long to wait on the machine until hub time `at_hub_ns`; 0 if it is past. ns. */
int64_t clock_wait_ns(const struct hub_clock *clock, const struct machine_time *now,
                      int64_t at_hub_ns);

/* Minutes that the machine's local time is ahead of UTC at that moment. Any thread. */
int clock_utc_offset_min(int64_t wall_ms);

#endif
