/* Alerts become rows, the wearer's retained alert topic and the accounts' retained notices. */
#include "hub/app/alert_json.h"
#include "hub/app/hub.h"
#include "hub/io/log.h"

static struct alert_about about(const struct hub *hub, const struct hub_wearer *wearer)
{
    return (struct alert_about){.wearer_id = wearer->id,
                                .name = wearer->state->config.display_name,
                                .emergency_number = hub->config->hub.emergency_number,
                                .state = wearer->state};
}

/* Retained and urgent: who connects later has it at once. */
static void post(struct hub *hub, enum topic_kind kind, const char *owner,
                 const struct alert *alert, const char *key, const char *text, size_t size)
{
    hub_post(hub, &(struct hub_post){.kind = kind,
                                     .owner = owner,
                                     .item = alert->id,
                                     .key = key,
                                     .payload = text,
                                     .size = size,
                                     .retain = true,
                                     .urgent = true});
    hub->urgent = true;
}

void hub_say_alert(struct hub *hub, struct hub_wearer *wearer, const struct effect *effect)
{
    const struct alert *alert = &effect->alert;
    const struct alert_about whom = about(hub, wearer);
    char text[ALERT_JSON_SIZE], key[STORE_KEY_SIZE];
    if (alert_json(alert, &whom, ALERT_FOR_HUB, text, sizeof(text)) == 0)
        log_line(LOG_ERROR, "alert-size", "alert %s does not fit its row", alert->id);
    struct store_alert row = {.wearer = wearer->number,
                              .rule = alert->rule,
                              .severity = alert->severity,
                              .state = alert->state,
                              .closed = alert_closed(alert),
                              .changed_mono_ns = alert->changed_ns,
                              .record = text};
    memcpy(row.id, alert->id, ID_SIZE);
    store_put_alert(hub->store, &row);
    const size_t size = alert_json(alert, &whom, ALERT_FOR_OTHERS, text, sizeof(text));
    snprintf(key, sizeof(key), "alert %s", alert->id);
    post(hub, TOPIC_WEARER_ALERT, wearer->id, alert, key, text, size);
}

/* Late is what leaves late, whichever of the two it was: the finding, or the hub. */
static bool is_late(const struct hub *hub, const struct hub_wearer *wearer,
                    const struct alert *alert)
{
    const double late_min = wearer->state->params.value[PARAM_RED_LATE_MIN];
    return hub->last.mono_ns - alert->found_ns > (int64_t)(late_min * 60e9);
}

void hub_say_notice(struct hub *hub, struct hub_wearer *wearer, const struct effect *effect)
{
    const struct alert *alert = &effect->notice.alert;
    const struct alert_about whom = about(hub, wearer);
    char text[ALERT_JSON_SIZE], key[STORE_KEY_SIZE];
    size_t size = 0;
    if (!effect->notice.clear)
        size = notice_json(alert, &whom, effect->notice.resend,
                           effect->notice.late || is_late(hub, wearer, alert), text, sizeof(text));
    snprintf(key, sizeof(key), "notice %s %s", effect->notice.account, alert->id);
    post(hub, TOPIC_ACCOUNT_NOTICE, effect->notice.account, alert, key, text, size);
}

/* ---------------------------------------------------------------- after a reconnect */

static bool say_once(struct hub *hub, enum topic_kind kind, const char *owner, const char *item,
                     const char *text, size_t size)
{
    char topic[TOPIC_LENGTH_MAX + 1];
    if (size == 0 || !hub_topic(hub, kind, owner, item, topic))
        return false;
    const struct outbox_say say = {.topic = topic,
                                   .payload = (const uint8_t *)text,
                                   .size = size,
                                   .qos = 1,
                                   .retain = true,
                                   .urgent = true};
    outbox_say(hub->outbox, &say);
    return true;
}

static int say_open_alert(struct hub *hub, const struct hub_wearer *wearer,
                          const struct alert *alert)
{
    const struct wearer_setup *config = &wearer->state->config;
    const struct alert_about whom = about(hub, wearer);
    char text[ALERT_JSON_SIZE];
    size_t size = alert_json(alert, &whom, ALERT_FOR_OTHERS, text, sizeof(text));
    int n = say_once(hub, TOPIC_WEARER_ALERT, wearer->id, alert->id, text, size);
    size = notice_json(alert, &whom, true, is_late(hub, wearer, alert), text, sizeof(text));
    for (int i = 0; i < config->caregivers_n; i++) {
        if ((alert->told >> i & 1) != 0)
            n += say_once(hub, TOPIC_ACCOUNT_NOTICE, config->caregivers[i].account, alert->id, text,
                          size);
    }
    return n;
}

void hub_say_open_alerts(struct hub *hub)
{
    int n = 0;
    for (int i = 0; i < hub->wearers_n; i++) {
        const struct hub_wearer *wearer = &hub->wearers[i];
        for (int j = 0; wearer->config_index >= 0 && j < ALERTS_MAX; j++) {
            const struct alert *alert = &wearer->state->alerting.alerts[j];
            if (alert_is_open(alert))
                n += say_open_alert(hub, wearer, alert);
        }
    }
    if (n > 0)
        outbox_send(hub->outbox, hub->last.mono_ns, hub->clock.speed);
}
