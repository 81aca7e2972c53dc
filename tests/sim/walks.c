/* Walks of the simulated body, sampled once: what differs from home to home is which walk is when,
 * the devices' clocks, and what becomes of the frames. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/sim/wearable.h"
#include "tests/sim/sim.h"

static const struct {
    const char *name;
    double seconds;
    const char *text;
} scripts[WALK_KINDS] = {
    {"even", 150,
     "at 0:00 stand\nat 0:05 walk speed=1.3 cadence=110 cv=2 arm=40\n"
     "at 2:25 stand\nat 2:30 end\n"},
    {"limp", 270,
     "at 0:00 stand\nat 0:05 walk speed=1.2 cadence=106 cv=2 arm=40\n"
     "at 1:10 limp side=left stance=12 step=14 load=8\nat 4:25 stand\nat 4:30 end\n"},
    {"slow", 330,
     "at 0:00 stand\nat 0:05 walk speed=0.9 cadence=84 cv=2 arm=30\n"
     "at 5:25 stand\nat 5:30 end\n"},
    {"fall", 150,
     "at 0:00 stand\nat 0:05 walk speed=1.1 cadence=104\n"
     "at 1:20 fall impact=4.1 freefall=0.35\nat 2:30 end\n"},
    {"phone", 150,
     "at 0:00 stand\nat 0:05 walk speed=1.2 cadence=107 arm=40\n"
     "at 0:40 hands phone\nat 1:30 hands free\nat 2:25 stand\nat 2:30 end\n"},
};

static struct walk_kind kinds[WALK_KINDS];

static void sample(struct walk_kind *kind, struct wearable *wearable, int slot)
{
    for (unsigned i = 0; i < wearable->descriptor.streams_n; i++) {
        struct walk_stream *stream = &kind->streams[slot][i];
        const double period_s = wearable->descriptor.streams[i].period_us * 1e-6;
        float values[CHANNELS_MAX];
        stream->channels_n = wearable->descriptor.streams[i].channels_n;
        stream->samples_n = (int)(kind->seconds / period_s);
        stream->values = malloc((size_t)stream->samples_n * (size_t)stream->channels_n *
                                sizeof(stream->values[0]));
        for (int n = 0; n < stream->samples_n; n++) {
            wearable_sample(wearable, i, n * period_s, values);
            memcpy(stream->values + (ptrdiff_t)n * stream->channels_n, values,
                   (size_t)stream->channels_n * sizeof(values[0]));
        }
    }
}

static void prepare(int index)
{
    static const char wearer[] = "wearer height_m=1.70 mass_kg=70 birth_year=1960 stage=P1\n"
                                 "devices left right wrist treadmill\n";
    struct walk_kind *kind = &kinds[index];
    struct script *script = calloc(1, sizeof(*script));
    struct script_error error;
    char text[1024];
    snprintf(text, sizeof(text), "%s%s", wearer, scripts[index].text);
    if (script == NULL || !script_parse(text, strlen(text), script, &error)) {
        fprintf(stderr, "the walk '%s' cannot be read\n", scripts[index].name);
        exit(2);
    }
    struct body *body = body_open(script, 11 + (uint64_t)index);
    kind->name = scripts[index].name;
    kind->seconds = scripts[index].seconds;
    for (int slot = 0; slot < SIM_GEAR; slot++) {
        struct wearable *wearable = calloc(1, sizeof(*wearable));
        wearable_init(wearable, (enum gear_kind)slot, "device", script->wrist_side, body,
                      21 + (uint64_t)slot);
        kind->descriptors[slot] = wearable->descriptor;
        sample(kind, wearable, slot);
        free(wearable);
    }
    body_close(body);
    free(script);
}

void walks_prepare(void)
{
    for (int i = 0; i < WALK_KINDS; i++)
        prepare(i);
}

const struct walk_kind *walk_kind(int index)
{
    return &kinds[index];
}
