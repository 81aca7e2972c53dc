/* Wearers that are no longer configured: what the broker keeps of them is taken back, once, and the
 * hub does nothing more for them; their history and their state stay. */
#include <math.h>

#include "hub/app/hub.h"
#include "hub/io/log.h"

enum { FIGURE_SIZE = ID_SIZE + 8 };

static void figure_name(const char *id, char out[FIGURE_SIZE])
{
    snprintf(out, FIGURE_SIZE, "left %s", id);
}

bool hub_has_left(struct hub *hub, const char *id)
{
    char name[FIGURE_SIZE];
    int64_t left = 0;
    figure_name(id, name);
    return store_get_figure(hub->store, name, &left) && left != 0;
}

static void put_left(struct hub *hub, const struct hub_wearer *wearer, bool left)
{
    char name[FIGURE_SIZE];
    figure_name(wearer->id, name);
    store_put_figure(hub->store, name, left);
}

/* The same wearer and devices, and nobody who is told or asked: notices and digests of the accounts
 * that watched over it are taken back as if each had lost its right. */
static void without_people(const struct wearer_state *state, struct wire_wearer_config *out)
{
    memset(out, 0, sizeof(*out));
    memcpy(out->wearer, state->config.wearer, sizeof(out->wearer));
    out->version = state->config.version + 1;
    out->tz_offset_min = state->config.tz_offset_min;
    out->height_m = out->leg_m = out->mass_kg = NAN;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        if (state->devices[slot].id[0] == '\0')
            continue;
        memcpy(out->devices[out->devices_n].device, state->devices[slot].id, ID_SIZE);
        out->devices[out->devices_n].slot = (uint8_t)slot;
        out->devices[out->devices_n].side = (Stride__V1__Side)state->devices[slot].side;
        out->devices_n++;
    }
}

static void tell_core(struct hub *hub, struct hub_wearer *wearer)
{
    struct wire_wearer_config wire;
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    struct machine_time now;
    enum wire_refusal refusal;
    without_people(wearer->state, &wire);
    const size_t size = wire_encode_wearer_config(&wire, bytes, sizeof(bytes));
    clock_read(&now);
    hub_digest_withdraw(hub, wearer, &wire);
    if (size == 0 || hub_apply(hub, wearer, INPUT_CONFIG, INPUT_SLOT_NONE, 0, bytes, size, &now,
                               &refusal) != STEP_APPLIED)
        log_line(LOG_ERROR, "config-refused", "the core refused to let wearer %s go", wearer->id);
}

/* Under the key of what is to be sent, so that a message that still waits does not come after. */
static void empty(struct hub *hub, enum topic_kind kind, const char *what,
                  const struct hub_wearer *wearer)
{
    char key[STORE_KEY_SIZE];
    snprintf(key, sizeof(key), "%s %s", what, wearer->id);
    hub_post(hub, &(struct hub_post){.kind = kind,
                                     .owner = wearer->id,
                                     .item = "",
                                     .key = key,
                                     .payload = "",
                                     .retain = true});
}

static void leave(struct hub *hub, struct hub_wearer *wearer)
{
    const int open_n = alerting_open_n(&wearer->state->alerting);
    if (wearer->state->configured)
        tell_core(hub, wearer);
    empty(hub, TOPIC_WEARER_LIVE, "live", wearer);
    empty(hub, TOPIC_WEARER_STATE, "state", wearer);
    empty(hub, TOPIC_WEARER_SESSION, "session", wearer);
    hub_clear_alerts_of(hub, wearer);
    put_left(hub, wearer, true);
    wearer->left = true;
    wearer->digest_known = false;
    log_line(LOG_WARN, "wearer-left",
             "wearer %s is no longer configured: what was published of it is taken back%s",
             wearer->id, open_n > 0 ? ", alerts that are open among it" : "");
}

void hub_leave(struct hub *hub)
{
    for (int i = 0; i < hub->wearers_n; i++) {
        struct hub_wearer *wearer = &hub->wearers[i];
        const bool configured = wearer->config_index >= 0;
        if (!configured && !wearer->left)
            leave(hub, wearer);
        if (!configured || !wearer->left)
            continue;
        put_left(hub, wearer, false);
        wearer->left = false;
    }
}
