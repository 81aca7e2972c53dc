#include "hub/app/hub.h"

#include "hub/app/record_json.h"
#include "hub/io/log.h"

struct hub_wearer *hub_wearer_by_number(struct hub *hub, uint32_t number)
{
    for (int i = 0; i < hub->wearers_n; i++) {
        if (hub->wearers[i].number == number)
            return &hub->wearers[i];
    }
    return NULL;
}

static struct hub_wearer *find_wearer(struct hub *hub, const char *id)
{
    for (int i = 0; i < hub->wearers_n; i++) {
        if (strcmp(hub->wearers[i].id, id) == 0)
            return &hub->wearers[i];
    }
    return NULL;
}

static bool make_room(struct hub *hub, int wearers)
{
    if (wearers <= hub->wearers_room)
        return true;
    struct hub_wearer *larger = realloc(hub->wearers, (size_t)wearers * sizeof(*larger));
    if (larger == NULL)
        return false;
    hub->wearers = larger;
    int *touched = realloc(hub->touched, (size_t)wearers * sizeof(*touched));
    if (touched == NULL)
        return false;
    hub->touched = touched;
    hub->wearers_room = wearers;
    return true;
}

static struct hub_wearer *add_wearer(struct hub *hub, const char *id)
{
    struct hub_wearer *wearer = &hub->wearers[hub->wearers_n];
    memset(wearer, 0, sizeof(*wearer));
    snprintf(wearer->id, ID_SIZE, "%s", id);
    wearer->number = store_wearer_number(hub->store, id);
    wearer->state = malloc(sizeof(*wearer->state));
    if (wearer->number == 0 || wearer->state == NULL) {
        free(wearer->state);
        return NULL;
    }
    pipeline_init(wearer->state, wearer->number);
    wearer->deadline_ns = INT64_MAX;
    wearer->left = hub_has_left(hub, id);
    wearer->base_ns = store_newest_base_ns(hub->store, wearer->number);
    hub->wearers_n++;
    return wearer;
}

/* All wearers of `config` get a number and a place in the table. */
static bool add_wearers(struct hub *hub, const struct config *config, char *error)
{
    if (!make_room(hub, hub->wearers_n + config->wearers_n)) {
        snprintf(error, CONFIG_ERROR_SIZE, "out of memory");
        return false;
    }
    const bool own_batch = !hub->in_batch;
    if (own_batch)
        store_begin(hub->store);
    bool ok = true;
    for (int i = 0; ok && i < config->wearers_n; i++) {
        ok = find_wearer(hub, config->wearers[i].id) != NULL ||
             add_wearer(hub, config->wearers[i].id) != NULL;
    }
    if (own_batch)
        ok = store_commit(hub->store, 0) == STORE_COMMITTED && ok;
    if (!ok)
        snprintf(error, CONFIG_ERROR_SIZE, "the wearers cannot be stored: %s",
                 store_last_error(hub->store));
    return ok;
}

/* Those who were configured before, and of whom the broker still keeps something. */
static bool add_former(struct hub *hub)
{
    char id[ID_SIZE];
    for (uint32_t number = 1; store_wearer_id(hub->store, number, id); number++) {
        if (find_wearer(hub, id) != NULL || hub_has_left(hub, id))
            continue;
        if (!make_room(hub, hub->wearers_n + 1) || add_wearer(hub, id) == NULL)
            return false;
    }
    return true;
}

void hub_tell_core(struct hub *hub, struct hub_wearer *wearer)
{
    struct wire_wearer_config wire;
    const struct wearer_state *state = wearer->state;
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    struct machine_time now;
    enum wire_refusal refusal;
    const struct wearer_state *before = state->configured ? state : NULL;
    config_wearer_wire(hub->config, wearer->config_index, before, &wire);
    if (hub->config->wearers[wearer->config_index].tz_follow)
        wire.tz_offset_min = (int16_t)hub->utc_offset_min;
    if (before != NULL && before->config.digest == wearer_config_digest(&wire))
        return;
    const size_t size = wire_encode_wearer_config(&wire, bytes, sizeof(bytes));
    clock_read(&now);
    if (before != NULL)
        hub_digest_withdraw(hub, wearer, &wire);
    if (size == 0 || hub_apply(hub, wearer, INPUT_CONFIG, INPUT_SLOT_NONE, 0, bytes, size, &now,
                               &refusal) != STEP_APPLIED)
        log_line(LOG_ERROR, "config-refused", "the core refused the configuration of wearer %s",
                 wearer->id);
}

static bool register_devices(struct hub *hub)
{
    const struct config *config = hub->config;
    struct intake_entry *entries = calloc((size_t)config->devices_n + 1, sizeof(*entries));
    int n = 0;
    if (entries == NULL)
        return false;
    for (int i = 0; i < hub->wearers_n; i++) {
        const struct wearer_state *state = hub->wearers[i].state;
        for (int slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
            const char *id = state->devices[slot].id;
            if (hub->wearers[i].config_index >= 0 && id[0] != '\0' && n < config->devices_n)
                entries[n++] = (struct intake_entry){id, i, (uint8_t)slot};
        }
    }
    const bool ok = intake_configure(&hub->intake, entries, n);
    for (int i = 0; ok && i < hub->intake.devices_n; i++)
        hub->intake.devices[i]->stored_now = true;
    free(entries);
    return ok;
}

static void advise(void *context, const char *text)
{
    (void)context;
    log_line(LOG_WARN, "config-advice", "%s", text);
}

bool hub_configure(struct hub *hub, struct config *config, char *error)
{
    if (!add_wearers(hub, config, error))
        return false;
    config_free(hub->config);
    hub->config = config;
    for (int i = 0; i < hub->wearers_n; i++)
        hub->wearers[i].config_index = -1;
    for (int i = 0; i < config->wearers_n; i++)
        find_wearer(hub, config->wearers[i].id)->config_index = i;
    if (!hub_clients_configure(hub))
        log_line(LOG_ERROR, "no-memory", "out of memory: caregivers' clients are not watched");
    hub->utc_offset_min = clock_utc_offset_min(hub->last.wall_ms);
    hub_batch_begin(hub);
    for (int i = 0; i < hub->wearers_n; i++) {
        if (hub->wearers[i].config_index >= 0)
            hub_tell_core(hub, &hub->wearers[i]);
    }
    hub_leave(hub);
    static const char *const levels[] = {"error", "warn", "info", "debug"};
    for (int i = 0; i < 4; i++) {
        if (strcmp(config->hub.log, levels[i]) == 0)
            log_set_level((enum log_level)i);
    }
    config_advise(config, advise, NULL);
    if (!register_devices(hub))
        log_line(LOG_ERROR, "no-memory", "out of memory: devices were not registered anew");
    return true;
}

static bool open_store(struct hub *hub, const struct config *config, char *error)
{
    const struct store_options options = {.path = config->hub.database,
                                          .reserve_bytes = STORE_RESERVE_BYTES};
    enum store_error store_error;
    bool quarantined;
    hub->store = store_open(&options, &store_error, &quarantined);
    if (hub->store == NULL) {
        snprintf(error, CONFIG_ERROR_SIZE, "%.200s: %s", config->hub.database,
                 store_error_text(store_error));
        return false;
    }
    if (quarantined)
        log_line(LOG_ERROR, "store-corrupt",
                 "the database was damaged and was set aside as "
                 "*.corrupt-N; a fresh one was begun: restore a backup");
    return true;
}

static bool start_clock(struct hub *hub, double speed, char *error)
{
    struct clock_mark last;
    struct machine_time now;
    char boot[CLOCK_BOOT_SIZE];
    double last_speed;
    clock_read(&now);
    clock_boot_id(boot);
    const bool known = store_get_clock(hub->store, &last, &last_speed);
    if (known && !journal_time_valid(last.hub.mono_ns)) {
        snprintf(error, CONFIG_ERROR_SIZE,
                 "the database's row `clock` is damaged: it shows %lld ns",
                 (long long)last.hub.mono_ns);
        return false;
    }
    clock_start(&hub->clock, known ? &last : NULL, speed, &now, boot);
    clock_hub_time(&hub->clock, &now, &hub->last);
    return true;
}

static bool allocate(struct hub *hub, const struct config *config)
{
    hub->root.part = (unsigned)config->hub.part;
    snprintf(hub->root.site, ID_SIZE, "%s", config->hub.site);
    hub->scratch = malloc(sizeof(*hub->scratch));
    hub->effects = malloc(sizeof(*hub->effects));
    hub->text = malloc(RECORD_JSON_SIZE);
    hub->json = json_reader_open();
    hub->inbox = inbox_open(INBOX_CONTROL_BYTES, INBOX_DATA_BYTES);
    hub->links = hub->inbox == NULL ? NULL : links_new(&hub->root, hub->inbox);
    hub->outbox = hub->links == NULL ? NULL : outbox_open(links_publish, hub->links);
    return hub->outbox != NULL && hub->scratch != NULL && hub->effects != NULL &&
           hub->text != NULL && hub->json != NULL;
}

struct hub *hub_open(const struct hub_options *options, char *error)
{
    struct hub *hub = calloc(1, sizeof(*hub));
    struct config *config = hub == NULL ? NULL : config_load(options->config_path, error);
    if (config == NULL) {
        free(hub);
        return NULL;
    }
    intake_init(&hub->intake);
    hub->storing = true;
    hub->show = options->show;
    hub->story = options->story;
    snprintf(hub->config_path, sizeof(hub->config_path), "%s", options->config_path);
    snprintf(error, CONFIG_ERROR_SIZE, "out of memory");
    bool ok = allocate(hub, config) && open_store(hub, config, error);
    ok = ok && start_clock(hub, options->clock_speed, error) && add_wearers(hub, config, error) &&
         add_former(hub) && hub_recover(hub, error) && hub_configure(hub, config, error);
    if (!ok) {
        if (hub->config != config)
            config_free(config);
        hub_close(hub);
        return NULL;
    }
    hub->condition_due = true;
    return hub;
}

void hub_close(struct hub *hub)
{
    if (hub == NULL)
        return;
    if (hub->inbox != NULL)
        inbox_shut(hub->inbox);
    links_close(hub->links);
    outbox_close(hub->outbox);
    store_close(hub->store);
    inbox_close(hub->inbox);
    intake_free(&hub->intake);
    json_reader_close(hub->json);
    for (int i = 0; i < hub->wearers_n; i++)
        free(hub->wearers[i].state);
    free(hub->wearers);
    free(hub->touched);
    free(hub->scratch);
    free(hub->effects);
    free(hub->text);
    free(hub->clients);
    config_free(hub->config);
    free(hub);
}
