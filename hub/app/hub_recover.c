/* After a start or a failed commit: what the store says is what happened. */
#include "hub/app/hub.h"
#include "hub/io/log.h"

struct recovery {
    struct hub *hub;
    bool unusable; /* a checkpoint of another version of the program */
    uint64_t replayed_n, refused_n;
};

static bool load_checkpoint(void *context, const struct store_snapshot *snapshot)
{
    struct recovery *recovery = context;
    struct hub_wearer *wearer = hub_wearer_by_number(recovery->hub, snapshot->wearer);
    if (wearer == NULL)
        return true;
    if (snapshot->size != sizeof(*wearer->state)) {
        recovery->unusable = true;
        return true;
    }
    memcpy(wearer->state, snapshot->state, sizeof(*wearer->state));
    if (!pipeline_valid(wearer->state, snapshot->size) || wearer->state->wearer != wearer->number) {
        recovery->unusable = true;
        pipeline_init(wearer->state, wearer->number);
    }
    return true;
}

static bool replay_input(void *context, const struct input *input)
{
    struct recovery *recovery = context;
    struct hub *hub = recovery->hub;
    struct hub_wearer *wearer = hub_wearer_by_number(hub, input->wearer);
    enum wire_refusal refusal;
    if (hub->last.mono_ns < input->at_mono_ns) {
        hub->last.mono_ns = input->at_mono_ns;
        hub->last.wall_ms = input->at_wall_ms;
    }
    if (wearer == NULL || input->seq <= wearer->state->last_input_seq)
        return true;
    if (wearer->unsaved_seq == 0)
        wearer->unsaved_seq = input->seq;
    recovery->replayed_n++;
    if (pipeline_step(wearer->state, input, hub->scratch, hub->effects, &refusal) != STEP_APPLIED)
        recovery->refused_n++;
    return true;
}

static bool compare_digest(void *context, uint32_t number, uint64_t seq, uint64_t digest)
{
    struct recovery *recovery = context;
    struct hub_wearer *wearer = hub_wearer_by_number(recovery->hub, number);
    if (wearer == NULL || (wearer->state->last_input_seq == seq && wearer->state->digest == digest))
        return true;
    recovery->hub->counts.replay_mismatches++;
    log_line(LOG_ERROR, "replay-differs",
             "wearer %s: replaying the journal did not give what was decided live (input %llu)",
             wearer->id, (unsigned long long)seq);
    return true;
}

bool hub_recover(struct hub *hub, char *error)
{
    struct recovery recovery = {.hub = hub};
    for (int i = 0; i < hub->wearers_n; i++) {
        pipeline_init(hub->wearers[i].state, hub->wearers[i].number);
        hub->wearers[i].unsaved_seq = 0;
    }
    enum store_error failed = store_each_checkpoint(hub->store, load_checkpoint, &recovery);
    uint64_t from = store_replay_from(hub->store);
    hub->replay_from = from;
    if (recovery.unusable) {
        log_line(LOG_WARN, "checkpoint-old",
                 "checkpoints are of another version: the journal is "
                 "replayed from its beginning");
        from = 0;
    }
    if (failed == STORE_OK)
        failed = store_each_input(hub->store, from, replay_input, &recovery);
    if (failed == STORE_OK)
        failed = store_each_digest(hub->store, compare_digest, &recovery);
    if (failed != STORE_OK) {
        snprintf(error, CONFIG_ERROR_SIZE, "the database cannot be read: %s: %.200s",
                 store_error_text(failed), store_last_error(hub->store));
        return false;
    }
    hub->next_seq = store_last_seq(hub->store) + 1;
    for (int i = 0; i < hub->wearers_n; i++)
        hub->wearers[i].deadline_ns = pipeline_deadline_ns(hub->wearers[i].state);
    log_line(LOG_INFO, "recovered", "%llu inputs replayed, %llu refused, next input %llu",
             (unsigned long long)recovery.replayed_n, (unsigned long long)recovery.refused_n,
             (unsigned long long)hub->next_seq);
    return true;
}
