/* Checkpoints, bases and what is thrown away, a little at a time. */
#include "hub/app/hub.h"
#include "hub/app/record_json.h"
#include "hub/io/log.h"

enum {
    CHECKPOINT_AFTER = 20000, /* inputs; more with more wearers, to bound writing */
    CHECKPOINT_AFTER_PER_WEARER = 100,
    CHECKPOINTS_PER_BATCH = 4,
    RETAIN_ROWS = 2000,
    CLEAR_ALERTS_PER_ROUND = 16
};
#define DAY_NS (INT64_C(86400) * 1000000000)

static void put_checkpoint(struct hub *hub, struct hub_wearer *wearer)
{
    const struct store_snapshot snapshot = {.wearer = wearer->number,
                                            .seq = wearer->state->last_input_seq,
                                            .digest = wearer->state->digest,
                                            .at_mono_ns = wearer->state->now_ns,
                                            .state = wearer->state,
                                            .size = sizeof(*wearer->state)};
    store_put_checkpoint(hub->store, &snapshot);
    wearer->unsaved_seq = 0;
}

static uint64_t replay_from(const struct hub *hub)
{
    uint64_t from = hub->next_seq;
    for (int i = 0; i < hub->wearers_n; i++) {
        const uint64_t unsaved = hub->wearers[i].unsaved_seq;
        if (unsaved != 0 && unsaved < from)
            from = unsaved;
    }
    return from;
}

static void tell_replay_from(struct hub *hub)
{
    hub->replay_from = replay_from(hub);
    store_put_replay_from(hub->store, hub->replay_from);
}

/* One base a day and wearer: where a replay of the journal starts once older rows are gone. With it
 * a checkpoint, however little was taken in: a recovery starts there, and the rows that it would
 * need otherwise go with time. */
static void put_base_when_due(struct hub *hub)
{
    for (int i = 0; i < hub->touched_n; i++) {
        struct hub_wearer *wearer = &hub->wearers[hub->touched[i]];
        if (wearer->base_ns == INT64_MIN)
            wearer->base_ns = hub->last.mono_ns; /* the journal's own beginning is the first base */
        if (hub->last.mono_ns - wearer->base_ns < DAY_NS)
            continue;
        const struct store_snapshot base = {.wearer = wearer->number,
                                            .seq = wearer->state->last_input_seq,
                                            .digest = wearer->state->digest,
                                            .at_mono_ns = hub->last.mono_ns,
                                            .state = wearer->state,
                                            .size = sizeof(*wearer->state)};
        store_put_base(hub->store, &base);
        wearer->base_ns = hub->last.mono_ns;
        put_checkpoint(hub, wearer);
        tell_replay_from(hub);
        return;
    }
}

void hub_keep_in_batch(struct hub *hub, bool all)
{
    const uint64_t after =
        CHECKPOINT_AFTER + (uint64_t)hub->wearers_n * CHECKPOINT_AFTER_PER_WEARER;
    int n = 0;
    for (int i = 0; i < hub->wearers_n && (all || n < CHECKPOINTS_PER_BATCH); i++) {
        struct hub_wearer *wearer = &hub->wearers[i];
        if (wearer->unsaved_seq == 0 || (!all && hub->next_seq - wearer->unsaved_seq < after))
            continue;
        put_checkpoint(hub, wearer);
        n++;
    }
    /* Also without a checkpoint: rows of wearers who left must not be read at every start. */
    if (n > 0 || hub->next_seq - hub->replay_from >= after) {
        tell_replay_from(hub);
    }
    put_base_when_due(hub);
}

/* ---------------------------------------------------------------- idle moments */

struct clearing {
    uint32_t wearer; /* 0: of all wearers, what was closed before */
    int64_t before_ns;
    int n;
    struct store_alert alerts[CLEAR_ALERTS_PER_ROUND];
};

static bool collect(void *context, const struct store_alert *alert)
{
    struct clearing *clearing = context;
    const bool wanted = clearing->wearer != 0
                            ? alert->wearer == clearing->wearer
                            : alert->closed && alert->changed_mono_ns < clearing->before_ns;
    if (wanted)
        clearing->alerts[clearing->n++] = *alert;
    return clearing->n < CLEAR_ALERTS_PER_ROUND;
}

static bool keep_record(void *context, const struct store_alert *alert)
{
    struct store_alert *wanted = context;
    if (strcmp(alert->id, wanted->id) != 0)
        return true;
    char *copy = strdup(alert->record);
    wanted->record = copy;
    return false;
}

static void clear_topic(struct hub *hub, const struct topic *topic, const char *key)
{
    struct store_message message = {.payload = (const uint8_t *)"", .retain = true};
    snprintf(message.key, sizeof(message.key), "%s", key);
    if (topic_format(&hub->root, topic, message.topic, sizeof(message.topic)) > 0)
        outbox_post(hub->outbox, hub->store, &message);
}

static void clear_notice(struct hub *hub, const char *account, const char *alert)
{
    struct topic topic = {.kind = TOPIC_ACCOUNT_NOTICE};
    char key[STORE_KEY_SIZE];
    snprintf(topic.owner, sizeof(topic.owner), "%s", account);
    snprintf(topic.item, sizeof(topic.item), "%s", alert);
    snprintf(key, sizeof(key), "notice %s %s", account, alert);
    clear_topic(hub, &topic, key);
}

/* Whose and who was told come from the record: they may have left the configuration long ago. */
static void clear_alert(struct hub *hub, const struct store_alert *alert)
{
    struct topic topic = {.kind = TOPIC_WEARER_ALERT};
    char key[STORE_KEY_SIZE], path[32], account[ID_SIZE];
    if (!json_load(hub->json, alert->record, strlen(alert->record)))
        return;
    memcpy(topic.item, alert->id, ID_SIZE);
    snprintf(key, sizeof(key), "alert %s", alert->id);
    if (json_get_string(hub->json, "$.wearer_id", topic.owner, sizeof(topic.owner)))
        clear_topic(hub, &topic, key);
    const int told_n = json_get_length(hub->json, "$.told");
    for (int i = 0; i < told_n; i++) {
        snprintf(path, sizeof(path), "$.told[%d]", i);
        if (json_get_string(hub->json, path, account, sizeof(account)))
            clear_notice(hub, account, alert->id);
    }
}

/* Those collected; the rows stay. Inside a batch. */
static void clear_collected(struct hub *hub, struct clearing *clearing)
{
    for (int i = 0; i < clearing->n; i++) {
        struct store_alert *alert = &clearing->alerts[i];
        alert->record = NULL;
        (void)store_each_alert(hub->store, keep_record, alert);
        if (alert->record == NULL)
            continue;
        alert->cleared = true;
        store_put_alert(hub->store, alert);
        clear_alert(hub, alert);
        free((void *)(uintptr_t)alert->record);
    }
}

void hub_clear_alerts_of(struct hub *hub, const struct hub_wearer *wearer)
{
    struct clearing clearing;
    do {
        clearing = (struct clearing){.wearer = wearer->number};
        if (store_each_alert(hub->store, collect, &clearing) != STORE_OK)
            return;
        clear_collected(hub, &clearing);
    } while (clearing.n == CLEAR_ALERTS_PER_ROUND);
}

/* A day after an alert was closed its retained messages go. Inside a batch. */
static void clear_alerts(struct hub *hub)
{
    struct clearing clearing = {.before_ns = hub->last.mono_ns - DAY_NS};
    if (store_each_alert(hub->store, collect, &clearing) == STORE_OK)
        clear_collected(hub, &clearing);
}

void hub_keep_idle(struct hub *hub, const struct machine_time *now)
{
    struct hub_time time;
    if (!hub->storing || now->mono_ns < hub->housekeeping_ns)
        return;
    clock_hub_time(&hub->clock, now, &time);
    const struct config_hub *config = &hub->config->hub;
    const int64_t journal_ns = time.mono_ns - (int64_t)(config->journal_days * (double)DAY_NS);
    const int64_t strides_ns = time.mono_ns - (int64_t)(config->strides_days * (double)DAY_NS);
    hub_batch_begin(hub);
    const bool more = store_retain(hub->store, journal_ns, strides_ns, RETAIN_ROWS);
    if (!more)
        clear_alerts(hub);
    hub->housekeeping_ns = now->mono_ns + (more ? 100 : 60000) * INT64_C(1000000);
    (void)hub_batch_commit(hub);
}
