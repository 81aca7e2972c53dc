#include "hub/app/peek.h"

#include <stdlib.h>
#include <string.h>

struct peek {
    uint32_t wearer;
    bool unusable; /* a state of another version */
    struct wearer_state state;
    struct pipeline_scratch scratch;
    struct effects effects;
};

static bool take_snapshot(void *context, const struct store_snapshot *snapshot)
{
    struct peek *peek = context;
    if (snapshot->wearer != peek->wearer)
        return true;
    if (!pipeline_valid(snapshot->state, snapshot->size)) {
        peek->unusable = true;
        return true;
    }
    memcpy(&peek->state, snapshot->state, sizeof(peek->state));
    return true;
}

static bool take_input(void *context, const struct input *input)
{
    struct peek *peek = context;
    enum wire_refusal refusal;
    if (input->wearer == peek->wearer && input->seq > peek->state.last_input_seq)
        (void)pipeline_step(&peek->state, input, &peek->scratch, &peek->effects, &refusal);
    return true;
}

/* A base is older than any checkpoint. */
static enum store_error read_states(struct store *store, struct peek *peek)
{
    enum store_error error = store_each_base(store, take_snapshot, peek);
    if (error == STORE_OK)
        error = store_each_checkpoint(store, take_snapshot, peek);
    if (error == STORE_OK && !peek->unusable)
        error = store_each_input(store, peek->state.last_input_seq + 1, take_input, peek);
    return error;
}

struct wearer_state *peek_wearer(struct store *store, const char *id, char error[PEEK_ERROR_SIZE])
{
    struct peek *peek = calloc(1, sizeof(*peek));
    struct wearer_state *state = malloc(sizeof(*state));
    enum store_error failed = STORE_MEMORY;
    if (peek != NULL && state != NULL) {
        store_read_begin(store);
        peek->wearer = store_wearer_number(store, id);
        pipeline_init(&peek->state, peek->wearer);
        failed = peek->wearer == 0 ? STORE_NOT_FOUND : read_states(store, peek);
        store_read_end(store);
        memcpy(state, &peek->state, sizeof(*state));
    }
    bool ok = failed == STORE_OK && !peek->unusable;
    if (failed == STORE_NOT_FOUND)
        snprintf(error, PEEK_ERROR_SIZE, "the database knows no wearer %.64s", id);
    else if (failed != STORE_OK)
        snprintf(error, PEEK_ERROR_SIZE, "%s", store_error_text(failed));
    else if (!ok)
        snprintf(error, PEEK_ERROR_SIZE, "the states in it are of another version of the program");
    free(peek);
    if (ok)
        return state;
    free(state);
    return NULL;
}
