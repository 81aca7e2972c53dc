#include "devices/stridesim/world.h"

#include <errno.h>
#include <math.h>

enum { SCRIPT_BYTES_MAX = 64 * 1024 };

struct script *world_read_script(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct script *script = calloc(1, sizeof(*script));
    char *text = malloc(SCRIPT_BYTES_MAX + 1);
    struct script_error error;
    bool ok = false;
    if (file == NULL || script == NULL || text == NULL) {
        fprintf(stderr, "stridesim: %s: %s\n", path, strerror(errno));
    } else {
        size_t size = fread(text, 1, SCRIPT_BYTES_MAX + 1, file);
        ok = size <= SCRIPT_BYTES_MAX && script_parse(text, size, script, &error);
        if (size > SCRIPT_BYTES_MAX)
            fprintf(stderr, "stridesim: %s: more than 64 KiB is no script\n", path);
        else if (!ok && error.line > 0)
            fprintf(stderr, "%s:%u: %s\n", path, error.line, error.text);
        else if (!ok)
            fprintf(stderr, "%s: %s\n", path, error.text);
    }
    if (file != NULL)
        (void)fclose(file);
    free(text);
    if (ok)
        return script;
    free(script);
    return NULL;
}

void world_name_wearer(unsigned n, struct wearer *out)
{
    memset(out, 0, sizeof(*out));
    snprintf(out->id, sizeof(out->id), "w%u", n + 1);
    snprintf(out->caregiver, sizeof(out->caregiver), "c%u", n + 1);
    snprintf(out->name, sizeof(out->name), "Walker %u", n + 1);
}

void world_name_caregiver(const struct wearer *wearer, unsigned i, char out[ID_SIZE])
{
    if (i == 0)
        memcpy(out, wearer->caregiver, ID_SIZE);
    else
        snprintf(out, ID_SIZE, "%.20s-%u", wearer->caregiver, i + 1);
}

void world_name_service(const struct wearer *wearer, char out[ID_SIZE])
{
    snprintf(out, ID_SIZE, "%.20s-service", wearer->caregiver);
}

static struct gear_options gear_options(const struct options *options)
{
    /* Timers of the link run in real time: a second of wear is 1/speed of it. */
    double late_ms = options->broker != NULL ? 1000 / options->speed : 1000;
    return (struct gear_options){.frame_samples = (unsigned)options->frame_samples,
                                 .ring_size = (size_t)options->ring_kib * 1024,
                                 .late_after_ms = late_ms < 100 ? 100 : (uint32_t)late_ms};
}

static bool out_of_memory(void)
{
    fprintf(stderr, "stridesim: out of memory, or --ring-kib and --frame-samples do not fit\n");
    return false;
}

/* The first of these that is worn is where the wearer presses buttons. */
static enum gear_kind speaker(const struct script *script)
{
    static const enum gear_kind order[] = {GEAR_WRIST, GEAR_WRIST2, GEAR_TREADMILL, GEAR_LEFT,
                                           GEAR_RIGHT};
    for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
        if (script->worn[order[i]])
            return order[i];
    return GEAR_KINDS;
}

static bool dress(struct world *world, unsigned n)
{
    struct wearer *wearer = &world->wearers[n];
    struct gear_options options = gear_options(world->options);
    uint64_t seed = (uint64_t)world->options->seed * UINT64_C(1000003) +
                    (uint64_t)world->options->first - 1 + n;
    world_name_wearer((unsigned)world->options->first - 1 + n, wearer);
    if (world->script->name[0] != '\0' && world->wearers_n == 1)
        memcpy(wearer->name, world->script->name, sizeof(wearer->name));
    wearer->body = body_open(world->script, seed);
    if (wearer->body == NULL)
        return false;
    for (enum gear_kind kind = 0; kind < GEAR_KINDS; kind++) {
        char id[ID_SIZE];
        if (!world->script->worn[kind])
            continue;
        struct gear *gear = &world->gears[world->gears_n++];
        snprintf(id, sizeof(id), "%.20s-%s", wearer->id, gear_name(kind));
        if (!gear_init_walk(gear, kind, id, n, world->script, wearer->body, seed, &options))
            return false;
        gear->speaks = kind == speaker(world->script);
    }
    return true;
}

bool world_open_walk(struct world *world, const struct options *options)
{
    *world = (struct world){.options = options, .wearers_n = (unsigned)options->wearers};
    world->script = world_read_script(options->file);
    if (world->script == NULL)
        return false;
    if (options->stage != NULL)
        snprintf(world->script->stage, sizeof(world->script->stage), "%s", options->stage);
    world->start_wall_ms = options->start_wall_ms;
    if (isfinite(world->script->clock_s) && !options->start_wall_given) {
        double day_ms = 86400000;
        world->start_wall_ms =
            floor(options->start_wall_ms / day_ms) * day_ms + world->script->clock_s * 1000;
    }
    world->wearers = calloc(world->wearers_n, sizeof(*world->wearers));
    world->gears = calloc((size_t)world->wearers_n * GEAR_KINDS, sizeof(*world->gears));
    bool ok = world->wearers != NULL && world->gears != NULL;
    for (unsigned n = 0; ok && n < world->wearers_n; n++)
        ok = dress(world, n);
    return ok || out_of_memory();
}

/* "-wrist-right" */
enum { WORN_NAME_MAX = 12 };

bool world_open_play(struct world *world, const struct options *options)
{
    struct recording_error error;
    *world =
        (struct world){.options = options, .wearers_n = 1, .start_wall_ms = options->start_wall_ms};
    if (!topic_id_valid(options->wearer) ||
        strlen(options->wearer) + WORN_NAME_MAX > ID_LENGTH_MAX) {
        fprintf(stderr, "stridesim: --wearer is up to %d of a-z, 0-9 and -, not '%s'\n",
                ID_LENGTH_MAX - WORN_NAME_MAX, options->wearer);
        return false;
    }
    world->recording = recording_format_find(options->format)->open(options->file, &error);
    if (world->recording == NULL ||
        (options->rate > 0 &&
         !recording_decimate(world->recording, (unsigned)options->rate, &error))) {
        fprintf(stderr, "stridesim: %s\n", error.text);
        return false;
    }
    world->wearers = calloc(1, sizeof(*world->wearers));
    world->gears = calloc(RECORDING_FEET, sizeof(*world->gears));
    bool ok = world->wearers != NULL && world->gears != NULL;
    struct gear_options wanted = gear_options(options);
    for (unsigned foot = 0; ok && foot < recording_devices(world->recording); foot++) {
        char id[ID_SIZE];
        world_name_wearer(0, &world->wearers[0]);
        snprintf(world->wearers[0].id, ID_SIZE, "%s", options->wearer);
        snprintf(id, sizeof(id), "%.20s-%s", options->wearer,
                 recording_device_name(world->recording, foot));
        ok = gear_init_play(&world->gears[world->gears_n++], foot, id, world->recording,
                            (uint64_t)options->seed, &wanted);
    }
    return ok || out_of_memory();
}

void world_close(struct world *world)
{
    for (unsigned i = 0; i < world->gears_n; i++)
        gear_release(&world->gears[i]);
    for (unsigned i = 0; world->wearers != NULL && i < world->wearers_n; i++)
        body_close(world->wearers[i].body);
    free(world->gears);
    free(world->wearers);
    free(world->script);
    recording_close(world->recording);
}
