/* A wearer's state as the database has it: its checkpoint, and the inputs that came after. Reads
 * only; a hub may be running.
 *
 * Owner: the caller frees the state. */
#ifndef STRIDE_HUB_APP_PEEK_H
#define STRIDE_HUB_APP_PEEK_H

#include "hub/core/pipeline.h"
#include "hub/io/store.h"

enum { PEEK_ERROR_SIZE = 256 };
/* NULL with a message: no such wearer, or states of another version of the program. */
struct wearer_state *peek_wearer(struct store *store, const char *id, char error[PEEK_ERROR_SIZE]);

#endif
