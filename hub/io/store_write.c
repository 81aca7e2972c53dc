/* A batch: rows in, one transaction out, and a certain answer about it. */
#include <assert.h>
#include <math.h>

#include "hub/io/store_private.h"

static void bind_u64(sqlite3_stmt *statement, int index, uint64_t value)
{
    sqlite3_bind_int64(statement, index, (sqlite3_int64)value);
}

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
    sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static void bind_measure(sqlite3_stmt *statement, int index, double value)
{
    if (isfinite(value))
        sqlite3_bind_double(statement, index, value);
    else
        sqlite3_bind_null(statement, index); /* absent, not zero */
}

void store_begin(struct store *store)
{
    assert(!store->in_batch);
    store->failure = SQLITE_OK;
    store->failure_errno = 0;
    store_run(store, store_statement(store, ST_BEGIN));
    store->in_batch = true;
}

/* A failed batch takes no more rows: nothing of it will be kept. */
static sqlite3_stmt *put(struct store *store, enum statement which)
{
    assert(store->in_batch);
    return store->failure == SQLITE_OK ? store_statement(store, which) : NULL;
}

void store_put_input(struct store *store, const struct input *input)
{
    sqlite3_stmt *statement = put(store, ST_PUT_INPUT);
    if (statement == NULL)
        return;
    bind_u64(statement, 1, input->seq);
    sqlite3_bind_int64(statement, 2, input->at_mono_ns);
    sqlite3_bind_int64(statement, 3, input->at_wall_ms);
    bind_u64(statement, 4, input->wearer);
    sqlite3_bind_int(statement, 5, input->slot);
    sqlite3_bind_int(statement, 6, input->kind);
    sqlite3_bind_int(statement, 7, input->flags);
    sqlite3_bind_blob(statement, 8, input->size == 0 ? (const void *)"" : input->bytes,
                      (int)input->size, SQLITE_STATIC);
    store_run(store, statement);
}

void store_put_cursor(struct store *store, const struct store_cursor *cursor)
{
    sqlite3_stmt *statement = put(store, ST_PUT_CURSOR);
    if (statement == NULL)
        return;
    bind_u64(statement, 1, cursor->wearer);
    sqlite3_bind_int(statement, 2, cursor->slot);
    sqlite3_bind_int(statement, 3, cursor->lane);
    bind_text(statement, 4, cursor->device);
    bind_u64(statement, 5, cursor->boot_id);
    bind_u64(statement, 6, cursor->next_seq);
    store_run(store, statement);
}

void store_put_digest(struct store *store, uint32_t wearer, uint64_t seq, uint64_t digest)
{
    sqlite3_stmt *statement = put(store, ST_PUT_DIGEST);
    if (statement == NULL)
        return;
    bind_u64(statement, 1, wearer);
    bind_u64(statement, 2, seq);
    bind_u64(statement, 3, digest);
    store_run(store, statement);
}

static void put_snapshot(struct store *store, enum statement which,
                         const struct store_snapshot *snapshot)
{
    sqlite3_stmt *statement = put(store, which);
    if (statement == NULL)
        return;
    bind_u64(statement, 1, snapshot->wearer);
    bind_u64(statement, 2, snapshot->seq);
    bind_u64(statement, 3, snapshot->digest);
    sqlite3_bind_int64(statement, 4, snapshot->at_mono_ns);
    sqlite3_bind_blob64(statement, 5, snapshot->state, snapshot->size, SQLITE_STATIC);
    store_run(store, statement);
}

void store_put_checkpoint(struct store *store, const struct store_snapshot *snapshot)
{
    put_snapshot(store, ST_PUT_CHECKPOINT, snapshot);
}

void store_put_base(struct store *store, const struct store_snapshot *snapshot)
{
    put_snapshot(store, ST_PUT_BASE, snapshot);
}

void store_put_figure(struct store *store, const char *name, int64_t value)
{
    sqlite3_stmt *statement = put(store, ST_PUT_META);
    if (statement == NULL)
        return;
    bind_text(statement, 1, name);
    sqlite3_bind_int64(statement, 2, value);
    store_run(store, statement);
}

void store_put_replay_from(struct store *store, uint64_t seq)
{
    store_put_figure(store, "replay_from", (int64_t)seq);
}

void store_put_session(struct store *store, const struct store_session *session)
{
    sqlite3_stmt *statement = put(store, ST_PUT_SESSION);
    if (statement == NULL)
        return;
    bind_text(statement, 1, session->id);
    bind_u64(statement, 2, session->wearer);
    sqlite3_bind_int64(statement, 3, session->start_utc_ms);
    sqlite3_bind_int64(statement, 4, session->end_utc_ms);
    bind_text(statement, 5, session->record);
    store_run(store, statement);
}

/* 0 or 1 in a column of integers; unknown is absent. */
static double measure_of(uint8_t answer)
{
    return answer == STRIDE_UNKNOWN ? (double)NAN : answer == STRIDE_YES;
}

void store_put_stride(struct store *store, uint32_t wearer, const char *session_id,
                      const struct stride *stride)
{
    sqlite3_stmt *statement = put(store, ST_PUT_STRIDE);
    if (statement == NULL)
        return;
    const struct stride_shape *shape = &stride->shape;
    const double measures[] = {
        stride->start_device_us,
        stride->foot_off_device_us,
        stride->end_device_us,
        (double)stride->stride_s,
        (double)stride->stance_s,
        (double)stride->swing_s,
        (double)stride->stance_pct,
        (double)stride->swing_pct,
        (double)stride->double_support_s,
        (double)stride->double_support_pct,
        (double)stride->step_s,
        (double)stride->peak_force_n,
        (double)stride->impulse_ns,
        (double)stride->belt_mps,
        (double)stride->incline,
        (double)stride->stride_length_m,
        (double)stride->speed_mps,
        (double)stride->flight_s,
        (double)shape->length_m,
        (double)shape->height_m,
        (double)shape->turn_deg,
        (double)shape->foot_angle_deg,
        (double)shape->clearance_mm,
        (double)shape->swing_jerk,
        (double)shape->impact_g,
        measure_of(shape->scuff),
        measure_of(shape->forefoot_first),
        (double)shape->loading_n_s,
        (double)shape->forefoot_share,
        (double)shape->medial_index,
        (double)shape->cpei_pct,
        (double)shape->slap_s,
    };
    const int flags = (stride->valid ? 1 : 0) | (stride->other_known ? 2 : 0) |
                      (stride->walking ? 4 : 0) | (stride->steady ? 8 : 0);
    if (session_id[0] == '\0')
        sqlite3_bind_null(statement, 1);
    else
        bind_text(statement, 1, session_id);
    bind_u64(statement, 2, wearer);
    sqlite3_bind_int(statement, 3, stride->foot);
    sqlite3_bind_int(statement, 4, flags);
    sqlite3_bind_int64(statement, 5, stride->start_ns);
    sqlite3_bind_int64(statement, 6, stride->end_ns);
    for (int i = 0; i < (int)(sizeof(measures) / sizeof(measures[0])); i++)
        bind_measure(statement, 7 + i, measures[i]);
    store_run(store, statement);
}

void store_put_alert(struct store *store, const struct store_alert *alert)
{
    sqlite3_stmt *statement = put(store, ST_PUT_ALERT);
    if (statement == NULL)
        return;
    bind_text(statement, 1, alert->id);
    bind_u64(statement, 2, alert->wearer);
    sqlite3_bind_int(statement, 3, alert->rule);
    sqlite3_bind_int(statement, 4, alert->severity);
    sqlite3_bind_int(statement, 5, alert->state);
    sqlite3_bind_int(statement, 6, alert->closed);
    sqlite3_bind_int(statement, 7, alert->cleared);
    sqlite3_bind_int64(statement, 8, alert->changed_mono_ns);
    bind_text(statement, 9, alert->record);
    store_run(store, statement);
}

void store_put_message(struct store *store, struct store_message *message)
{
    message->version = ++store->version;
    sqlite3_stmt *statement = put(store, ST_PUT_MESSAGE);
    if (statement == NULL)
        return;
    bind_text(statement, 1, message->key);
    bind_u64(statement, 2, message->version);
    bind_text(statement, 3, message->topic);
    sqlite3_bind_blob64(statement, 4, message->size == 0 ? (const void *)"" : message->payload,
                        message->size, SQLITE_STATIC);
    sqlite3_bind_int(statement, 5, message->retain);
    sqlite3_bind_int(statement, 6, message->urgent);
    sqlite3_bind_int64(statement, 7, message->expires_mono_ns);
    store_run(store, statement);
}

void store_drop_message(struct store *store, const char *key, uint64_t version)
{
    sqlite3_stmt *statement = put(store, ST_DROP_MESSAGE);
    if (statement == NULL)
        return;
    bind_text(statement, 1, key);
    bind_u64(statement, 2, version);
    store_run(store, statement);
}

void store_put_clock(struct store *store, const struct clock_mark *mark, double speed)
{
    sqlite3_stmt *statement = put(store, ST_PUT_CLOCK);
    if (statement == NULL)
        return;
    sqlite3_bind_int64(statement, 1, mark->hub.mono_ns);
    sqlite3_bind_int64(statement, 2, mark->hub.wall_ms);
    sqlite3_bind_int64(statement, 3, mark->machine.mono_ns);
    sqlite3_bind_int64(statement, 4, mark->machine.wall_ms);
    bind_text(statement, 5, mark->boot);
    sqlite3_bind_double(statement, 6, speed);
    store_run(store, statement);
}

void store_rollback(struct store *store)
{
    store->in_batch = false;
    if (store->db != NULL && !sqlite3_get_autocommit(store->db))
        store_run(store, store_statement(store, ST_ROLLBACK));
}

/* Was a batch kept whose commit failed? Only the reopened file knows (reliability 0.7). */
static enum store_commit find_out(struct store *store, uint64_t last_seq, bool commit_was_tried)
{
    const bool full = store_error_of(store->failure, store->failure_errno) == STORE_NO_SPACE ||
                      store_free_bytes(store) < STORE_FREE_MIN;
    char said[sizeof(store->last_error)];
    snprintf(said, sizeof(said), "%s", store->last_error);
    store_rollback(store);
    store_close_file(store);
    if (full)
        (void)store_reserve_give_up(store);
    /* Opening takes some space too, for the shared index of the log. */
    while (store_open_file(store) != STORE_OK) {
        if (!full || !store_reserve_give_up(store))
            return STORE_NOT_COMMITTED_CLOSED;
    }
    snprintf(store->last_error, sizeof(store->last_error), "%s", said);
    /* A batch without inputs is idempotent in all its rows: doing it again is harmless. */
    if (commit_was_tried && last_seq != 0 && store_last_seq(store) >= last_seq)
        return STORE_COMMITTED;
    return full ? STORE_NOT_COMMITTED_FULL : STORE_NOT_COMMITTED;
}

enum store_commit store_commit(struct store *store, uint64_t last_seq)
{
    assert(store->in_batch);
    if (store->failure != SQLITE_OK)
        return find_out(store, last_seq, false);
    store_run(store, store_statement(store, ST_COMMIT));
    if (store->failure != SQLITE_OK)
        return find_out(store, last_seq, true);
    store->in_batch = false;
    return STORE_COMMITTED;
}
