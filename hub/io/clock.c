#include "hub/io/clock.h"

#include <assert.h>
#include <math.h>
#include <time.h>

#include "proto/journal.h"

enum { NS_PER_MS = 1000000 };
/* A start later than this would not leave half a century to run in. */
#define START_NS_MAX (INT64_C(150) * 31557600 * 1000000000)

void clock_read(struct machine_time *out)
{
    struct timespec mono, wall;
    clock_gettime(CLOCK_MONOTONIC, &mono);
    clock_gettime(CLOCK_REALTIME, &wall);
    out->mono_ns = (int64_t)mono.tv_sec * 1000000000 + mono.tv_nsec;
    out->wall_ms = (int64_t)wall.tv_sec * 1000 + wall.tv_nsec / NS_PER_MS;
}

void clock_boot_id(char out[CLOCK_BOOT_SIZE])
{
    out[0] = '\0';
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (file == NULL)
        return;
    if (fgets(out, CLOCK_BOOT_SIZE, file) == NULL)
        out[0] = '\0';
    out[strcspn(out, "\n")] = '\0';
    fclose(file);
}

static int64_t scaled(int64_t ns, double speed)
{
    return speed == 1 ? ns : (int64_t)llround((double)ns * speed);
}

static int64_t time_away_ns(const struct clock_mark *last, const struct machine_time *now,
                            const char *boot)
{
    const bool same_boot = boot[0] != '\0' && strcmp(last->boot, boot) == 0;
    if (same_boot && now->mono_ns >= last->machine.mono_ns)
        return now->mono_ns - last->machine.mono_ns;
    const int64_t away_ms = now->wall_ms - last->machine.wall_ms;
    if (away_ms <= 0)
        return 0;
    /* A wall clock years off (F13) must not push hub time out of what 64 bits can hold. */
    const int64_t ten_years_ms = INT64_C(315576000) * 1000;
    return (away_ms < ten_years_ms ? away_ms : 0) * NS_PER_MS;
}

void clock_start(struct hub_clock *clock, const struct clock_mark *last, double speed,
                 const struct machine_time *now, const char *boot)
{
    assert(speed > 0 && speed <= CLOCK_SPEED_MAX);
    *clock = (struct hub_clock){.speed = speed, .machine_start = *now};
    snprintf(clock->boot, sizeof(clock->boot), "%s", boot);
    if (last == NULL) {
        clock->start = (struct hub_time){.mono_ns = CLOCK_EPOCH_NS, .wall_ms = now->wall_ms};
        return;
    }
    int64_t away_ns = time_away_ns(last, now, boot);
    const bool far = (double)away_ns * speed > (double)(START_NS_MAX - last->hub.mono_ns);
    away_ns = far ? 0 : scaled(away_ns, speed);
    clock->start.mono_ns = last->hub.mono_ns + away_ns;
    clock->start.wall_ms = last->hub.wall_ms + away_ns / NS_PER_MS;
}

void clock_hub_time(const struct hub_clock *clock, const struct machine_time *now,
                    struct hub_time *out)
{
    const int64_t since_ns = scaled(now->mono_ns - clock->machine_start.mono_ns, clock->speed);
    out->mono_ns = clock->start.mono_ns + since_ns;
    out->wall_ms = clock->speed == 1 ? now->wall_ms : clock->start.wall_ms + since_ns / NS_PER_MS;
}

void clock_make_mark(const struct hub_clock *clock, const struct machine_time *now,
                     struct clock_mark *out)
{
    *out = (struct clock_mark){.machine = *now};
    clock_hub_time(clock, now, &out->hub);
    snprintf(out->boot, sizeof(out->boot), "%s", clock->boot);
}

int64_t clock_wait_ns(const struct hub_clock *clock, const struct machine_time *now,
                      int64_t at_hub_ns)
{
    struct hub_time hub;
    clock_hub_time(clock, now, &hub);
    if (at_hub_ns <= hub.mono_ns)
        return 0;
    if (at_hub_ns - hub.mono_ns > INT64_MAX / 4)
        return INT64_MAX / 4;
    return (int64_t)((double)(at_hub_ns - hub.mono_ns) / clock->speed) + 1;
}

int clock_utc_offset_min(int64_t wall_ms)
{
    const time_t seconds = (time_t)(wall_ms / 1000);
    struct tm local;
    return localtime_r(&seconds, &local) == NULL ? 0 : (int)(local.tm_gmtoff / 60);
}
