/* What the hub keeps: the journal of inputs, what followed from it, and what has still to be sent.
 * This interface knows no SQL; store_sqlite.c and its siblings are one implementation of it.
 *
 * In: batches of rows between store_begin and store_commit: all of a batch is kept, or nothing.
 * Out: the same rows, in order, after any crash.
 * One thread. One connection writes and checkpoints (reliability 0.8); others open read-only.
 * Caveat: a commit that failed may have happened (reliability 0.7): store_commit reopens the file
 * and looks, so its answer is always certain, but it may take as long as an opening does. */
#ifndef STRIDE_HUB_IO_STORE_H
#define STRIDE_HUB_IO_STORE_H

#include "hub/core/stride.h"
#include "hub/io/clock.h"
#include "proto/journal.h"

enum store_error {
    STORE_OK = 0,
    STORE_CANNOT_OPEN,
    STORE_CORRUPT, /* not a database, or damaged */
    STORE_NEWER,   /* written by a later version of the program */
    STORE_LOCKED,  /* another program writes it */
    STORE_NO_SPACE,
    STORE_IO,
    STORE_MEMORY,
    STORE_NOT_FOUND
};
const char *store_error_text(enum store_error error);

enum store_commit {
    STORE_COMMITTED = 0,
    STORE_NOT_COMMITTED,       /* nothing of the batch is kept; the file is open again */
    STORE_NOT_COMMITTED_FULL,  /* the same, for want of space; a step of the reserve was given up */
    STORE_NOT_COMMITTED_CLOSED /* the file cannot be opened at present: store_reopen later */
};

struct store_options {
    const char *path; /* keeps a copy */
    bool read_only;
    uint64_t reserve_bytes; /* ballast, given up when the disk is full; 0 = none */
    uint32_t wal_pages_max; /* the write-ahead log is folded in beyond this; 0 = 2,000 */
};
enum { STORE_RESERVE_BYTES = 8 * 1024 * 1024 };

struct store;

/* ---- life */

/* Creates the file (mode 0600) when there is none. A file that is damaged is set aside by renaming
 * it to <path>.corrupt-<n> and a fresh one is begun: `*quarantined` says so. */
struct store *store_open(const struct store_options *options, enum store_error *error,
                         bool *quarantined);
void store_close(struct store *store);
enum store_error store_reopen(struct store *store);
/* The whole file, page by page: seconds per GB. `out` gets the first complaint. */
enum store_error store_check(struct store *store, char *out, size_t size);
int store_schema_version(struct store *store);
/* Last words of the implementation, for logs. Never data. */
const char *store_last_error(const struct store *store);

/* ---- space */

/* Free bytes of the file system for ordinary users. */
uint64_t store_free_bytes(const struct store *store);
/* Takes the reserve again when there is room for it and as much again; true when the reserve is
 * whole and the disk is not full. */
bool store_reserve_take(struct store *store);

/* ---- a batch */

struct store_cursor {
    uint32_t wearer;
    uint8_t slot, lane; /* lane 0 frames, 1 control */
    char device[ID_SIZE];
    uint64_t boot_id, next_seq;
};

struct store_snapshot { /* one wearer's state at a place in the journal */
    uint32_t wearer;
    uint64_t seq, digest;
    int64_t at_mono_ns;
    const void *state; /* borrowed */
    size_t size;
};

struct store_session {
    char id[40];
    uint32_t wearer;
    int64_t start_utc_ms, end_utc_ms; /* end 0 while open */
    const char *record;               /* JSON, borrowed */
};

struct store_alert {
    char id[ID_SIZE];
    uint32_t wearer;
    uint8_t rule, severity, state;
    bool closed;
    bool cleared; /* its retained message was taken back */
    int64_t changed_mono_ns;
    const char *record; /* JSON, borrowed */
};

enum { STORE_KEY_SIZE = 160 };
struct store_message {
    char key[STORE_KEY_SIZE]; /* the same key replaces what was to be sent before */
    char topic[TOPIC_LENGTH_MAX + 1];
    const uint8_t *payload; /* borrowed */
    size_t size;
    bool retain, urgent;
    int64_t expires_mono_ns; /* hub time; 0 = never */
    uint64_t version;        /* set by the store: rises with every replacement of a key */
};

/* Puts return nothing: the first failure is kept and decides store_commit. */
void store_begin(struct store *store);
void store_put_input(struct store *store, const struct input *input);
void store_put_cursor(struct store *store, const struct store_cursor *cursor);
void store_put_digest(struct store *store, uint32_t wearer, uint64_t seq, uint64_t digest);
void store_put_checkpoint(struct store *store, const struct store_snapshot *snapshot);
void store_put_base(struct store *store, const struct store_snapshot *snapshot);
void store_put_replay_from(struct store *store, uint64_t seq);
void store_put_session(struct store *store, const struct store_session *session);
void store_put_stride(struct store *store, uint32_t wearer, const char *session_id,
                      const struct stride *stride);
void store_put_alert(struct store *store, const struct store_alert *alert);
void store_put_message(struct store *store, struct store_message *message);
/* Only if it was not replaced meanwhile. */
void store_drop_message(struct store *store, const char *key, uint64_t version);
void store_put_clock(struct store *store, const struct clock_mark *mark, double speed);
/* A single figure under a name of its own, such as a result and its time. */
void store_put_figure(struct store *store, const char *name, int64_t value);
void store_rollback(struct store *store);
/* `last_seq`: of the batch's last input, 0 if it has none. */
__attribute__((warn_unused_result)) enum store_commit store_commit(struct store *store,
                                                                   uint64_t last_seq);

/* ---- reading; a callback's false ends the walk, and all it gets is borrowed */

/* Number of a wearer's id, from 1; made and kept at once when it is new. 0 on failure. */
uint32_t store_wearer_number(struct store *store, const char *id);
bool store_wearer_id(struct store *store, uint32_t wearer, char out[ID_SIZE]);
bool store_get_clock(struct store *store, struct clock_mark *out, double *speed);
/* False when it was never put. */
bool store_get_figure(struct store *store, const char *name, int64_t *value);
uint64_t store_first_seq(struct store *store); /* 0 = empty */
uint64_t store_last_seq(struct store *store);
uint64_t store_replay_from(struct store *store);

typedef bool store_input_fn(void *context, const struct input *input);
enum store_error store_each_input(struct store *store, uint64_t from_seq, store_input_fn *fn,
                                  void *context);
typedef bool store_snapshot_fn(void *context, const struct store_snapshot *snapshot);
enum store_error store_each_checkpoint(struct store *store, store_snapshot_fn *fn, void *context);
/* Each wearer's oldest base: where a replay of the whole journal starts. */
enum store_error store_each_base(struct store *store, store_snapshot_fn *fn, void *context);
typedef bool store_digest_fn(void *context, uint32_t wearer, uint64_t seq, uint64_t digest);
enum store_error store_each_digest(struct store *store, store_digest_fn *fn, void *context);
typedef bool store_session_fn(void *context, const struct store_session *session);
/* Newest first; `wearer` 0 = all. */
enum store_error store_each_session(struct store *store, uint32_t wearer, store_session_fn *fn,
                                    void *context);
/* By id, or the newest for "last". The callback gets at most one. */
enum store_error store_find_session(struct store *store, const char *id, store_session_fn *fn,
                                    void *context);
typedef bool store_alert_fn(void *context, const struct store_alert *alert);
/* All that are not cleared. */
enum store_error store_each_alert(struct store *store, store_alert_fn *fn, void *context);
/* All that were raised in [from, to) UTC, cleared or not; `wearer` 0 = all. */
enum store_error store_each_alert_raised(struct store *store, uint32_t wearer, int64_t from_utc_ms,
                                         int64_t to_utc_ms, store_alert_fn *fn, void *context);
/* By id, cleared or not, or the one raised last for "last". The callback gets at most one. */
enum store_error store_find_alert(struct store *store, const char *id, store_alert_fn *fn,
                                  void *context);
typedef bool store_message_fn(void *context, const struct store_message *message);
/* Urgent ones first, then in order of creation. */
enum store_error store_each_message(struct store *store, store_message_fn *fn, void *context);

/* A consistent view over several reads (read-only stores). */
void store_read_begin(struct store *store);
void store_read_end(struct store *store);

/* ---- retention: one small step, inside a batch; true when there is more to do */
bool store_retain(struct store *store, int64_t journal_before_mono_ns,
                  int64_t strides_before_mono_ns, int rows_max);
/* Newest base of a wearer, hub time; INT64_MIN = none. */
int64_t store_newest_base_ns(struct store *store, uint32_t wearer);

#endif
