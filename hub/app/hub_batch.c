/* One batch: step, rows, one transaction, then messages. */
#include <assert.h>

#include "hub/app/hub.h"
#include "hub/io/log.h"

void hub_batch_begin(struct hub *hub)
{
    if (hub->in_batch)
        return;
    store_begin(hub->store);
    hub->in_batch = true;
    hub->urgent = false;
    hub->batch_last_seq = 0;
    hub->batch_frames_n = 0;
}

/* Time is stamped once, at arrival; a message that overtook another takes the later one's time. */
static struct hub_time stamp(const struct hub *hub, const struct machine_time *at)
{
    struct hub_time time;
    clock_hub_time(&hub->clock, at, &time);
    if (time.mono_ns < hub->last.mono_ns)
        time = hub->last;
    return time;
}

static void touch(struct hub *hub, struct hub_wearer *wearer)
{
    if (wearer->touched)
        return;
    wearer->touched = true;
    hub->touched[hub->touched_n++] = (int)(wearer - hub->wearers);
}

enum step_result hub_apply(struct hub *hub, struct hub_wearer *wearer, enum input_kind kind,
                           uint8_t slot, uint16_t flags, const uint8_t *bytes, size_t size,
                           const struct machine_time *at, enum wire_refusal *refusal)
{
    const struct hub_time time = stamp(hub, at);
    const struct input input = {.seq = hub->next_seq,
                                .at_mono_ns = time.mono_ns,
                                .at_wall_ms = time.wall_ms,
                                .wearer = wearer->number,
                                .slot = slot,
                                .kind = (uint8_t)kind,
                                .flags = flags,
                                .size = (uint32_t)size,
                                .bytes = bytes};
    *refusal = WIRE_OK;
    const enum step_result result =
        pipeline_step(wearer->state, &input, hub->scratch, hub->effects, refusal);
    if (result != STEP_APPLIED)
        return result;
    hub_batch_begin(hub);
    store_put_input(hub->store, &input);
    hub->last = time;
    hub->next_seq++;
    hub->batch_last_seq = input.seq;
    hub->counts.applied++;
    hub->batch_frames_n += kind == INPUT_FRAME;
    if (wearer->unsaved_seq == 0)
        wearer->unsaved_seq = input.seq;
    wearer->deadline_ns = pipeline_deadline_ns(wearer->state);
    touch(hub, wearer);
    hub_say_effects(hub, wearer);
    return result;
}

void hub_tick(struct hub *hub, const struct machine_time *now)
{
    struct hub_time time;
    enum wire_refusal refusal;
    clock_hub_time(&hub->clock, now, &time);
    for (int i = 0; i < hub->wearers_n; i++) {
        struct hub_wearer *wearer = &hub->wearers[i];
        if (wearer->config_index >= 0 && wearer->deadline_ns <= time.mono_ns)
            (void)hub_apply(hub, wearer, INPUT_TICK, INPUT_SLOT_NONE, 0, NULL, 0, now, &refusal);
    }
}

int64_t hub_deadline_ns(const struct hub *hub)
{
    int64_t first = INT64_MAX;
    for (int i = 0; i < hub->wearers_n; i++) {
        if (hub->wearers[i].config_index >= 0 && hub->wearers[i].deadline_ns < first)
            first = hub->wearers[i].deadline_ns;
    }
    return first;
}

static void put_cursor(struct hub *hub, const struct hub_wearer *wearer, int slot, uint8_t lane,
                       const struct lane *at)
{
    if (at->boot_id == 0)
        return;
    struct store_cursor cursor = {.wearer = wearer->number,
                                  .slot = (uint8_t)slot,
                                  .lane = lane,
                                  .boot_id = at->boot_id,
                                  .next_seq = at->next_seq};
    memcpy(cursor.device, wearer->state->devices[slot].id, ID_SIZE);
    store_put_cursor(hub->store, &cursor);
}

static void put_touched(struct hub *hub)
{
    for (int i = 0; i < hub->touched_n; i++) {
        const struct hub_wearer *wearer = &hub->wearers[hub->touched[i]];
        const struct wearer_state *state = wearer->state;
        store_put_digest(hub->store, wearer->number, state->last_input_seq, state->digest);
        for (int slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
            put_cursor(hub, wearer, slot, 0, &state->devices[slot].frames);
            put_cursor(hub, wearer, slot, 1, &state->devices[slot].control);
        }
    }
}

static void forget_touched(struct hub *hub)
{
    for (int i = 0; i < hub->touched_n; i++)
        hub->wearers[hub->touched[i]].touched = false;
    hub->touched_n = 0;
}

/* A red flag that cannot be stored is said all the same; its input comes again with the next round,
 * which decides the same with the same ids, so a second apart is enough. */
static void cry(struct hub *hub, const struct machine_time *now)
{
    if (!hub->urgent || now->mono_ns < hub->cry_ns)
        return;
    const int taken = outbox_cry(hub->outbox);
    if (taken == 0)
        return;
    hub->cry_ns = now->mono_ns + 1000000000;
    log_line(LOG_ERROR, "unstored-alert", "%d urgent messages were sent without being stored",
             taken);
}

/* Frames wait in the devices until there is room again; people's inputs are tried again at once,
 * the reserve having been given up for them. */
static void commit_failed(struct hub *hub, enum store_commit result)
{
    char error[CONFIG_ERROR_SIZE];
    struct machine_time now;
    hub->counts.failed_commits++;
    hub->counts.not_stored += (uint64_t)hub->batch_frames_n;
    log_line(LOG_ERROR, result == STORE_NOT_COMMITTED_FULL ? "store-full" : "store-failed",
             "a batch was not stored: %s; frames stay in the devices",
             store_last_error(hub->store));
    forget_touched(hub);
    clock_read(&now);
    cry(hub, &now);
    outbox_discard(hub->outbox);
    inbox_rewind(hub->inbox, false);
    hub->condition_due = true;
    hub->storing = false;
    hub->resume_check_ns = now.mono_ns + 1000000000;
    hub->unknown = true;
    if (result == STORE_NOT_COMMITTED_CLOSED && store_reopen(hub->store) != STORE_OK)
        return; /* the next batch fails too and comes here again */
    if (hub_recover(hub, error))
        hub->unknown = false;
    else
        log_line(LOG_ERROR, "recover-failed", "%s", error);
}

/* A batch whose steps rest on a state that the store does not know is never kept: what it decided
 * went out if it was urgent, its inputs come again once the store has said what happened. */
static enum store_commit commit(struct hub *hub)
{
    if (!hub->unknown)
        return store_commit(hub->store, hub->batch_last_seq);
    store_rollback(hub->store);
    return STORE_NOT_COMMITTED_CLOSED;
}

bool hub_batch_commit(struct hub *hub)
{
    if (!hub->in_batch)
        return true;
    struct machine_time now;
    struct clock_mark mark;
    struct hub_time time;
    clock_read(&now);
    (void)outbox_settle(hub->outbox, hub->store);
    put_touched(hub);
    hub_keep_in_batch(hub, false);
    clock_make_mark(&hub->clock, &now, &mark);
    if (mark.hub.mono_ns < hub->last.mono_ns)
        mark.hub = hub->last;
    store_put_clock(hub->store, &mark, hub->clock.speed);
    enum store_commit result = commit(hub);
    hub->in_batch = false;
    if (result != STORE_COMMITTED) {
        commit_failed(hub, result);
        hub->urgent = false;
        return false;
    }
    hub->counts.batches++;
    /* Else the next round takes nothing in, and waits for an acknowledgement that itself waits
     * behind a full data lane. */
    hub->urgent = false;
    forget_touched(hub);
    inbox_release(hub->inbox);
    clock_hub_time(&hub->clock, &now, &time);
    outbox_send(hub->outbox, time.mono_ns, hub->clock.speed);
    return true;
}
