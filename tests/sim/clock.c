/* The machine's clocks and other doors to the outside, put in place of the real ones by the linker
 * (--wrap): what the hub reads is the simulation's. */
#include "hub/io/clock.h"

#include <stdarg.h>
#include <stdio.h>

#include "hub/app/config.h"
#include "hub/io/log.h"
#include "tests/sim/sim.h"

void __wrap_clock_read(struct machine_time *out);
void __wrap_clock_boot_id(char out[CLOCK_BOOT_SIZE]);
int __wrap_clock_utc_offset_min(int64_t wall_ms);
int __wrap_usleep(unsigned us);
struct config *__wrap_config_load(const char *path, char *error);
__attribute__((format(printf, 3, 4))) void __wrap_log_line(enum log_level level, const char *id,
                                                           const char *format, ...);

void __wrap_clock_read(struct machine_time *out)
{
    const struct world *world = world_now();
    out->mono_ns = world->now_ns - world->boot_ns;
    out->wall_ms = world->now_ns / SIM_MS + world->wall_offset_ms;
}

void __wrap_clock_boot_id(char out[CLOCK_BOOT_SIZE])
{
    snprintf(out, CLOCK_BOOT_SIZE, "boot-%u", world_now()->machine_boots_n);
}

int __wrap_clock_utc_offset_min(int64_t wall_ms)
{
    (void)wall_ms;
    return world_now()->utc_offset_min;
}

int __wrap_usleep(unsigned us)
{
    (void)us; /* the next round comes when the simulation says */
    return 0;
}

struct config *__wrap_config_load(const char *path, char *error)
{
    const struct world *world = world_now();
    return config_parse(world->config, strlen(world->config), path, error);
}

void __wrap_log_line(enum log_level level, const char *id, const char *format, ...)
{
    struct world *world = world_now();
    char text[400];
    va_list words;
    (void)level;
    if (world == NULL || !world->trace)
        return;
    va_start(words, format);
    vsnprintf(text, sizeof(text), format, words);
    va_end(words);
    world_trace(world, "hub says %s: %s", id, text);
}
