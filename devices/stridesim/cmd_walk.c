#include <errno.h>

#include "devices/sim/truth.h"
#include "devices/stridesim/options.h"
#include "devices/stridesim/world.h"

static bool write_truth(const struct world *world, FILE *strides, FILE *segments)
{
    bool ok = true;
    truth_write_head(strides, segments);
    for (unsigned n = 0; ok && n < world->wearers_n; n++) {
        const struct wearable *feet[BODY_FEET] = {NULL, NULL};
        for (unsigned i = 0; i < world->gears_n; i++) {
            const struct gear *gear = &world->gears[i];
            if (gear->wearer == n && gear->slot <= GEAR_RIGHT)
                feet[gear->slot == GEAR_LEFT ? BODY_LEFT : BODY_RIGHT] = &gear->wearable;
        }
        const struct wearer *wearer = &world->wearers[n];
        ok = truth_write(strides, segments, wearer->id, wearer->body, feet);
    }
    return ok;
}

/* Before the walk: clocks are then as they were at its start. */
static bool tell_truth(const struct world *world)
{
    const char *path = world->options->truth;
    char other[4096];
    if (path == NULL)
        return true;
    (void)snprintf(other, sizeof(other), "%.4000s.segments", path);
    FILE *strides = fopen(path, "w"), *segments = fopen(other, "w");
    bool ok = strides != NULL && segments != NULL && write_truth(world, strides, segments);
    if (strides != NULL && fclose(strides) != 0)
        ok = false;
    if (segments != NULL && fclose(segments) != 0)
        ok = false;
    if (!ok)
        fprintf(stderr, "stridesim: %s: %s\n", path, strerror(errno));
    return ok;
}

int cmd_walk(int argc, char **argv)
{
    struct options options;
    struct world world;
    int code = options_read(COMMAND_WALK, argc, argv, &options);
    if (code >= 0)
        return code;
    code = 1;
    if (world_open_walk(&world, &options) && tell_truth(&world))
        code = options.journal != NULL ? sink_journal(&world) : sink_broker(&world);
    world_close(&world);
    return code;
}
