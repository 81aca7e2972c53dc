/* hub/io/store in memory: what is read back. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

uint32_t store_wearer_number(struct store *store, const char *id)
{
    struct disk *disk = store->disk;
    int at = 0;
    while (at < disk->wearers_n && strcmp(disk->wearers[at], id) != 0)
        at++;
    if (at == disk->wearers_n)
        snprintf(disk->wearers[disk->wearers_n++], ID_SIZE, "%s", id);
    return (uint32_t)at + 1;
}

bool store_wearer_id(struct store *store, uint32_t wearer, char out[ID_SIZE])
{
    const struct disk *disk = store->disk;
    const bool known = wearer > 0 && wearer <= (uint32_t)disk->wearers_n;
    snprintf(out, ID_SIZE, "%s", known ? disk->wearers[wearer - 1] : "");
    return known;
}

bool store_get_clock(struct store *store, struct clock_mark *out, double *speed)
{
    *out = store->disk->clock;
    *speed = store->disk->clock_speed;
    return store->disk->has_clock;
}

bool store_get_figure(struct store *store, const char *name, int64_t *value)
{
    for (int i = 0; i < store->disk->figures_n; i++) {
        if (strcmp(store->disk->figures[i].name, name) == 0) {
            *value = store->disk->figures[i].value;
            return true;
        }
    }
    return false;
}

uint64_t store_first_seq(struct store *store)
{
    return store->disk->rows_n == 0 ? 0 : store->disk->rows[0].input.seq;
}

uint64_t store_last_seq(struct store *store)
{
    return store->disk->rows_n == 0 ? 0 : store->disk->rows[store->disk->rows_n - 1].input.seq;
}

uint64_t store_replay_from(struct store *store)
{
    return store->disk->replay_from;
}

static bool closed(const struct store *store)
{
    return store->world->now_ns < store->disk->closed_until_ns;
}

enum store_error store_each_input(struct store *store, uint64_t from_seq, store_input_fn *fn,
                                  void *context)
{
    int low = 0, high = store->disk->rows_n;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (store->disk->rows[middle].input.seq < from_seq)
            low = middle + 1;
        else
            high = middle;
    }
    for (int i = low; i < store->disk->rows_n; i++) {
        if (!fn(context, &store->disk->rows[i].input))
            break;
    }
    return closed(store) ? STORE_IO : STORE_OK;
}

static enum store_error each_snapshot(struct store *store, const struct disk_snapshot *snapshots,
                                      store_snapshot_fn *fn, void *context)
{
    for (int i = 0; i < SIM_WEARERS_MAX; i++) {
        const struct disk_snapshot *at = &snapshots[i];
        const struct store_snapshot snapshot = {(uint32_t)i + 1, at->seq,   at->digest,
                                                at->at_mono_ns,  at->state, sizeof(*at->state)};
        if (at->state != NULL && !fn(context, &snapshot))
            break;
    }
    return closed(store) ? STORE_IO : STORE_OK;
}

enum store_error store_each_checkpoint(struct store *store, store_snapshot_fn *fn, void *context)
{
    return each_snapshot(store, store->disk->checkpoints, fn, context);
}

int64_t store_newest_base_ns(struct store *store, uint32_t wearer)
{
    const struct disk_snapshot *base = &store->disk->bases[wearer - 1];
    return base->state == NULL ? INT64_MIN : base->at_mono_ns;
}

enum store_error store_each_digest(struct store *store, store_digest_fn *fn, void *context)
{
    for (int i = 0; i < SIM_WEARERS_MAX; i++) {
        if (store->disk->digest_seq[i] != 0 &&
            !fn(context, (uint32_t)i + 1, store->disk->digest_seq[i], store->disk->digests[i]))
            break;
    }
    return closed(store) ? STORE_IO : STORE_OK;
}

enum store_error store_each_alert(struct store *store, store_alert_fn *fn, void *context)
{
    for (int i = 0; i < store->disk->alerts_n; i++) {
        const struct store_alert *alert = &store->disk->alerts[i].alert;
        if (!alert->cleared && !fn(context, alert))
            break;
    }
    return STORE_OK;
}

/* As the database reads it: the first in a row is the raise's. */
static int64_t raised_utc_ms(const struct store_alert *alert)
{
    static const char key[] = "\"t_utc_ms\":";
    const char *at = strstr(alert->record, key);
    return at == NULL ? INT64_MIN : strtoll(at + sizeof(key) - 1, NULL, 10);
}

enum store_error store_each_alert_raised(struct store *store, uint32_t wearer, int64_t from_utc_ms,
                                         int64_t to_utc_ms, store_alert_fn *fn, void *context)
{
    for (int i = 0; i < store->disk->alerts_n; i++) {
        const struct store_alert *alert = &store->disk->alerts[i].alert;
        const int64_t at_ms = raised_utc_ms(alert);
        if ((wearer == 0 || alert->wearer == wearer) && at_ms >= from_utc_ms && at_ms < to_utc_ms &&
            !fn(context, alert))
            break;
    }
    return STORE_OK;
}

/* Walks are a fold of the journal and not kept here: a digest of a simulated home has none. */
enum store_error store_each_session(struct store *store, uint32_t wearer, store_session_fn *fn,
                                    void *context)
{
    (void)wearer;
    (void)fn;
    (void)context;
    return closed(store) ? STORE_IO : STORE_OK;
}

enum store_error store_each_message(struct store *store, store_message_fn *fn, void *context)
{
    for (int urgent = 1; urgent >= 0; urgent--) {
        for (int i = 0; i < store->disk->messages_n; i++) {
            const struct store_message *message = &store->disk->messages[i].message;
            if (message->urgent == urgent && !fn(context, message))
                return STORE_OK;
        }
    }
    return STORE_OK;
}
