/* A journal through the core again: the same code as live, with effects read instead of sent.
 *
 * In: a journal file or a database. Out: effects to a callback, in order. */
#ifndef STRIDE_HUB_APP_REPLAY_H
#define STRIDE_HUB_APP_REPLAY_H

#include "hub/core/pipeline.h"
#include "hub/io/store.h"

enum { REPLAY_ERROR_SIZE = 256 };

struct replay_wearer {
    uint32_t number;
    char id[ID_SIZE]; /* from its configuration */
    struct wearer_state *state;
};

struct replay;
typedef void replay_effect_fn(void *context, const struct replay_wearer *wearer,
                              const struct effect *effect);

struct replay_options {
    int threshold; /* -1 as recorded, 0 = 5 % of the plateau, 1 = 20 N */
    replay_effect_fn *effect;
    void *context;
};

struct replay_result {
    uint64_t inputs_n, refused_n, duplicates_n;
    double clock_speed; /* of the database's last run; 1 for files */
    bool torn;          /* the file ends within a row */
    bool from_base;     /* older rows were dropped by retention */
};

struct replay *replay_open(const struct replay_options *options);
void replay_close(struct replay *replay);
/* A walk that is open at the file's end is closed as time would have. False with a message when the
 * journal cannot be read to its end; what came before was replayed.
 */
bool replay_file(struct replay *replay, const char *path, char error[REPLAY_ERROR_SIZE]);
bool replay_store(struct replay *replay, struct store *store, char error[REPLAY_ERROR_SIZE]);
/* Does the file look like a database? */
bool replay_is_store(const char *path);
const struct replay_result *replay_result(const struct replay *replay);
int replay_wearers(const struct replay *replay);
const struct replay_wearer *replay_wearer(const struct replay *replay, int index);
const struct replay_wearer *replay_find(const struct replay *replay, uint32_t number);

#endif
