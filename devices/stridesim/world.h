/* All wearers and devices of a run, and where they go: a journal or a broker. */
#ifndef STRIDE_DEVICES_STRIDESIM_WORLD_H
#define STRIDE_DEVICES_STRIDESIM_WORLD_H

#include "devices/stridesim/gear.h"
#include "devices/stridesim/options.h"

struct wearer {
    char id[ID_SIZE], caregiver[ID_SIZE], name[NAME_SIZE];
    struct body *body; /* NULL when played */
};

struct world {
    const struct options *options;
    struct script *script; /* NULL when played */
    struct recording *recording;
    struct wearer *wearers;
    struct gear *gears;
    unsigned wearers_n, gears_n;
    double start_wall_ms; /* UTC at the start, of a journal */
};

/* Both print what is wrong and return false. */
bool world_open_walk(struct world *world, const struct options *options);
bool world_open_play(struct world *world, const struct options *options);
void world_close(struct world *world);

/* Reads and parses a script; prints what is wrong. NULL on failure; free() it. */
struct script *world_read_script(const char *path);
/* Names of the n-th simulated wearer, from 0. */
void world_name_wearer(unsigned n, struct wearer *out);

/* Both return an exit code and print errors. */
int sink_journal(struct world *world);
int sink_broker(struct world *world);

#endif
