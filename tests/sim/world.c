/* The home's time line: events in order, one seed for all that is left to chance. */
#include "tests/sim/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct world *now_playing;

struct world *world_now(void)
{
    return now_playing;
}

/* ---------------------------------------------------------------- chance, words, hash */

bool chance(struct world *world, double probability)
{
    return random_unit(&world->random) < probability;
}

int64_t between(struct world *world, int64_t low, int64_t high)
{
    return low + (int64_t)(random_unit(&world->random) * (double)(high - low));
}

void world_hash(struct world *world, const void *bytes, size_t size)
{
    world->hash = bytes_digest(world->hash, bytes, size);
}

__attribute__((format(printf, 3, 0))) static void say(const struct world *world, const char *what,
                                                      const char *format, va_list words)
{
    const int64_t s = world->now_ns / SIM_SECOND;
    printf("  %lld.%02lld:%02lld:%02lld.%03lld %s", (long long)(s / 86400),
           (long long)(s / 3600 % 24), (long long)(s / 60 % 60), (long long)(s % 60),
           (long long)(world->now_ns / SIM_MS % 1000), what);
    vprintf(format, words);
    printf("\n");
}

void world_trace(struct world *world, const char *format, ...)
{
    va_list words;
    if (!world->trace)
        return;
    va_start(words, format);
    say(world, "", format, words);
    va_end(words);
}

void world_fail(struct world *world, const char *format, ...)
{
    va_list words;
    va_start(words, format);
    if (world->failures++ == 0)
        vsnprintf(world->first_failure, sizeof(world->first_failure), format, words);
    va_end(words);
    if (!world->trace)
        return;
    va_start(words, format);
    say(world, "VIOLATION: ", format, words);
    va_end(words);
}

/* ---------------------------------------------------------------- events */

static bool before(const struct event *a, const struct event *b)
{
    return a->at_ns != b->at_ns ? a->at_ns < b->at_ns : a->order < b->order;
}

void world_at(struct world *world, int64_t at_ns, event_fn *happens, int who, uint64_t tag,
              struct message *message)
{
    if (world->events_n == world->events_room) {
        world->events_room = world->events_room == 0 ? 256 : 2 * world->events_room;
        world->events = realloc(world->events, (size_t)world->events_room * sizeof(*world->events));
    }
    int at = world->events_n++;
    struct event event = {at_ns > world->now_ns ? at_ns : world->now_ns,
                          world->events_made++,
                          happens,
                          who,
                          tag,
                          message};
    while (at > 0 && before(&event, &world->events[(at - 1) / 2])) {
        world->events[at] = world->events[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    world->events[at] = event;
}

static struct event take_first(struct world *world)
{
    const struct event first = world->events[0], last = world->events[--world->events_n];
    int at = 0;
    for (;;) {
        int child = 2 * at + 1;
        if (child >= world->events_n)
            break;
        if (child + 1 < world->events_n && before(&world->events[child + 1], &world->events[child]))
            child++;
        if (!before(&world->events[child], &last))
            break;
        world->events[at] = world->events[child];
        at = child;
    }
    if (world->events_n > 0)
        world->events[at] = last;
    return first;
}

/* ---------------------------------------------------------------- a home */

static void write_config(struct world *world)
{
    static const char *const gear[SIM_GEAR] = {"left", "right", "wrist", "treadmill"};
    size_t n = (size_t)snprintf(world->config, sizeof(world->config),
                                "[hub]\ndatabase = none\nsite = home\nuser = hub\nlog = error\n");
    for (int i = 0; i < world->wearers_n; i++) {
        n += (size_t)snprintf(world->config + n, sizeof(world->config) - n,
                              "[wearer w%d]\nname = W%d\nheight_m = 1.7\nmass_kg = 70\n"
                              "birth_year = 1960\nstage = P1\ncoaching_consent = yes\n"
                              "caregiver_consent = yes\ntz_offset_min = %d\n%s",
                              i, i, world->utc_offset_min,
                              chance(world, 0.2) ? "tz_follow = yes\n" : "");
        for (int slot = 0; slot < SIM_GEAR; slot++)
            n += (size_t)snprintf(world->config + n, sizeof(world->config) - n,
                                  "[device w%d-%s]\nwearer = w%d\n%s%s%s", i, gear[slot], i,
                                  slot < 2 ? "side = " : "", slot < 2 ? gear[slot] : "",
                                  slot < 2 ? "\n" : "");
    }
    for (int i = 0; i < world->caregivers_n; i++)
        n += (size_t)snprintf(world->config + n, sizeof(world->config) - n,
                              "[caregiver c%d]\nwearers = %s\nscope = %s\norder = %d\n%s", i,
                              world->wearers_n == 2 ? "w0, w1" : "w0",
                              world->caregivers[i].emergency ? "emergency" : "live", i + 1,
                              i == 3 ? "monitoring = yes\n" : "");
}

static void people_of_home(struct world *world)
{
    world->wearers_n = chance(world, 0.15) ? 2 : 1;
    world->devices_n = world->wearers_n * SIM_GEAR;
    world->caregivers_n = chance(world, 0.08) ? 0 : (int)between(world, 1, SIM_CAREGIVERS_MAX + 1);
    for (int i = 0; i < world->caregivers_n; i++) {
        struct sim_caregiver *caregiver = &world->caregivers[i];
        snprintf(caregiver->account, ID_SIZE, "c%d", i);
        caregiver->emergency = !chance(world, 0.1);
        caregiver->habit = (enum caregiver_habit)between(world, 0, HABITS);
        caregiver->online = true;
    }
}

static void begin(struct world *world, uint64_t seed, int days, bool trace)
{
    memset(world, 0, sizeof(*world));
    world->seed = seed;
    world->days = days;
    world->trace = trace;
    world->hash = DIGEST_SEED;
    random_init(&world->random, seed, 7);
    random_init(&world->stillness, seed, 8);
    world->end_ns = days * SIM_DAY;
    world->storm = chance(world, 0.2) ? 0.1 : random_unit(&world->random);
    snprintf(world->root.site, ID_SIZE, "home");
    /* 2026-01-01 and up to two years later, at midnight UTC. */
    world->wall_offset_ms = (INT64_C(20454) + between(world, 0, 730)) * 86400000;
    world->utc_offset_min = 60 * (int)between(world, -8, 10);
    world->boot_ns = -between(world, 10, 100000) * SIM_SECOND;
    world->broker.up = true;
    world->broker.keeps = chance(world, 0.5);
    people_of_home(world);
    write_config(world);
}

enum { FINISH_MINUTES = 20 };

static void finish(struct world *world, const struct event *event)
{
    (void)event;
    world_trace(world, "nothing goes wrong any more");
    world->over = true;
    faults_end(world);
}

void world_play(struct world *world, uint64_t seed, int days, bool trace)
{
    begin(world, seed, days, trace);
    now_playing = world;
    devices_open(world);
    people_open(world);
    hub_process_start(world);
    for (int client = CLIENT_HUB; client < SIM_CLIENTS; client++)
        broker_seek(world, client, between(world, 0, SIM_SECOND));
    faults_open(world);
    world_at(world, world->end_ns - FINISH_MINUTES * SIM_MINUTE, finish, 0, 0, NULL);
    while (world->events_n > 0 && world->events[0].at_ns <= world->end_ns) {
        const struct event event = take_first(world);
        world->now_ns = event.at_ns;
        event.happens(world, &event);
    }
    world->now_ns = world->end_ns;
    check_home(world);
    hub_process_kill(world, -1, false);
    now_playing = NULL;
}

void world_free(struct world *world)
{
    while (world->events_n > 0) {
        const struct event event = take_first(world);
        if (event.message != NULL)
            message_release(event.message);
    }
    free(world->events);
    devices_close(world);
    broker_free(world);
    disk_free(&world->disk);
    checks_free(&world->checks);
    free(world->hub.impairments);
}
