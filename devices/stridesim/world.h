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
/* Account of the i-th in that wearer's chain, from 0: c1, c1-2, c1-3. */
void world_name_caregiver(const struct wearer *wearer, unsigned i, char out[ID_SIZE]);
/* The monitoring service's: c1-service. */
void world_name_service(const struct wearer *wearer, char out[ID_SIZE]);
/* What a journal and a configuration say of a script's wearer beside devices and caregivers. */
void world_describe(const struct script *script, double now_s, struct wire_wearer_config *out);

/* Both return an exit code and print errors. */
int sink_journal(struct world *world);
int sink_broker(struct world *world);

#endif
