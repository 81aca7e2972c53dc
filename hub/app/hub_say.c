/* Effects of a step become rows and messages of the same batch. */
#include <math.h>

#include "hub/app/hub.h"
#include "hub/app/record_json.h"
#include "hub/app/texts.h"
#include "hub/io/log.h"

enum { MESSAGE_SIZE = 2048 };

bool hub_topic(const struct hub *hub, enum topic_kind kind, const char *owner, const char *item,
               char out[TOPIC_LENGTH_MAX + 1])
{
    struct topic topic = {.kind = kind};
    snprintf(topic.owner, ID_SIZE, "%s", owner);
    snprintf(topic.item, ID_SIZE, "%s", item);
    return topic_format(&hub->root, &topic, out, TOPIC_LENGTH_MAX + 1) > 0;
}

void hub_post(struct hub *hub, const struct hub_post *what)
{
    struct store_message message = {.payload = what->payload,
                                    .size = what->size,
                                    .retain = what->retain,
                                    .urgent = what->urgent,
                                    .expires_mono_ns = what->expires_mono_ns};
    if (!hub_topic(hub, what->kind, what->owner, what->item, message.topic)) {
        log_line(LOG_ERROR, "topic", "no topic can be made for a message to %s", what->owner);
        return;
    }
    snprintf(message.key, sizeof(message.key), "%s", what->key);
    outbox_post(hub->outbox, hub->store, &message);
}

static void post(struct hub *hub, enum topic_kind kind, const char *owner, const char *key,
                 const void *payload, size_t size, bool retain, bool urgent,
                 int64_t expires_mono_ns)
{
    hub_post(hub, &(struct hub_post){.kind = kind,
                                     .owner = owner,
                                     .item = "",
                                     .key = key,
                                     .payload = payload,
                                     .size = size,
                                     .retain = retain,
                                     .urgent = urgent,
                                     .expires_mono_ns = expires_mono_ns});
}

/* Language of what this wearer reads. */
static enum locale locale_of(const struct hub_wearer *wearer)
{
    return locale_or_english(wearer->state->config.locale);
}

static void say_prompt(struct hub *hub, struct hub_wearer *wearer, const struct effect *effect)
{
    const struct effect_prompt *prompt = &effect->prompt;
    struct wire_prompt wire = {.pattern = (Stride__V1__Pattern)prompt->pattern,
                               .severity = (Stride__V1__Severity)prompt->severity,
                               .silent = prompt->silent};
    uint8_t bytes[MESSAGE_SIZE];
    char key[STORE_KEY_SIZE];
    const enum locale locale = locale_of(wearer);
    snprintf(wire.id, sizeof(wire.id), "%s", prompt->id);
    snprintf(wire.text_id, sizeof(wire.text_id), "%s", text_name((enum text)prompt->text));
    snprintf(wire.rule, sizeof(wire.rule), "%s", rule_name((enum rule)prompt->rule));
    snprintf(wire.question, sizeof(wire.question), "%s",
             question_info((enum question)prompt->question)->id);
    wire.expects = question_expects((enum question)prompt->question);
    texts_prompt(prompt, locale, config_caregiver_name(hub->config, prompt->name),
                 hub->config->hub.emergency_number, wire.text, sizeof(wire.text));
    const size_t size = wire_encode_prompt(&wire, bytes, sizeof(bytes));
    const int64_t expires_ns =
        prompt->expiry_s == 0 ? 0 : effect->at_ns + (int64_t)prompt->expiry_s * 1000000000;
    for (int slot = 0; size > 0 && slot < WEARER_DEVICES_MAX; slot++) {
        const uint8_t kind = wearer->state->health[slot].kind;
        const char *device = wearer->state->devices[slot].id;
        const bool addressed =
            (prompt->to_wrist && kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST) ||
            (prompt->to_treadmill && kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL);
        if (device[0] == '\0' || !addressed)
            continue;
        snprintf(key, sizeof(key), "prompt %s %s", device, prompt->id);
        post(hub, TOPIC_PROMPT, device, key, bytes, size, false, true, expires_ns);
    }
    if (prompt->severity == STRIDE__V1__SEVERITY__SEVERITY_RED)
        hub->urgent = true;
}

static void say_belt(struct hub *hub, struct hub_wearer *wearer, const struct effect *effect)
{
    struct wire_request wire = {.kind = (Stride__V1__RequestKind)effect->belt.kind,
                                .slow_by_mps = (double)effect->belt.slow_by_mps};
    uint8_t bytes[MESSAGE_SIZE];
    char key[STORE_KEY_SIZE];
    snprintf(wire.id, sizeof(wire.id), "%s", effect->belt.id);
    texts_fill((enum text)effect->belt.text, locale_of(wearer), NULL, wire.text, sizeof(wire.text));
    const size_t size = wire_encode_request(&wire, bytes, sizeof(bytes));
    for (int slot = 0; size > 0 && slot < WEARER_DEVICES_MAX; slot++) {
        const char *device = wearer->state->devices[slot].id;
        if (device[0] == '\0' ||
            wearer->state->health[slot].kind != STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL)
            continue;
        snprintf(key, sizeof(key), "request %s %s", device, effect->belt.id);
        post(hub, TOPIC_REQUEST, device, key, bytes, size, false, true,
             effect->at_ns + INT64_C(10) * 1000000000);
    }
}

static void say_live(struct hub *hub, struct hub_wearer *wearer, const struct effect *effect)
{
    char topic[TOPIC_LENGTH_MAX + 1], text[MESSAGE_SIZE];
    wearer->live = effect->live;
    wearer->has_live = true;
    const size_t size = record_live_json(
        &effect->live, wearer->id, locale_of(wearer),
        effect->at_ns / 1000000 + wearer->state->wall_minus_mono_ms, text, sizeof(text));
    if (size == 0 || !hub_topic(hub, TOPIC_WEARER_LIVE, wearer->id, "", topic))
        return;
    const struct outbox_say say = {
        .topic = topic, .payload = (const uint8_t *)text, .size = size, .retain = true};
    outbox_say(hub->outbox, &say);
}

void hub_say_session(struct hub *hub, const struct hub_wearer *wearer)
{
    const struct session *session = &wearer->state->session;
    struct record_context context = {.wearer_id = wearer->id,
                                     .emergency_number = hub->config->hub.emergency_number,
                                     .helpline = hub->config->hub.helpline,
                                     .clock_speed = hub->clock.speed,
                                     .locale = locale_of(wearer),
                                     .wearer = wearer->state,
                                     .pain = &wearer->state->pain.record};
    char key[STORE_KEY_SIZE];
    size_t size = record_json(session, &context, hub->text, RECORD_JSON_SIZE);
    if (size == 0) {
        log_line(LOG_ERROR, "record-size", "a record of wearer %s does not fit", wearer->id);
        return;
    }
    struct store_session row = {.wearer = wearer->number,
                                .start_utc_ms = session->start_utc_ms,
                                .end_utc_ms = session->end_utc_ms,
                                .record = hub->text};
    memcpy(row.id, session->id, sizeof(row.id));
    store_put_session(hub->store, &row);
    /* A shorter one than the home's own, so it fits as well. */
    context.published = true;
    size = record_json(session, &context, hub->text, RECORD_JSON_SIZE);
    snprintf(key, sizeof(key), "session %s", wearer->id);
    post(hub, TOPIC_WEARER_SESSION, wearer->id, key, hub->text, size, true, false, 0);
}

static bool is_of(const struct stride *stride, const struct session *session)
{
    return session->id[0] != '\0' && stride->start_ns >= session->start_ns &&
           (session->open || stride->end_ns <= session->end_ns);
}

/* `then`: before a walk opened in this step, if it did. */
static void put_stride(struct hub *hub, const struct hub_wearer *wearer,
                       const struct hub_wearer *then, const struct stride *stride)
{
    const struct session *session = &wearer->state->session;
    if (!is_of(stride, session))
        session = &then->state->session;
    store_put_stride(hub->store, wearer->number, is_of(stride, session) ? session->id : "", stride);
}

void hub_say_effects(struct hub *hub, struct hub_wearer *wearer)
{
    const int n = hub->effects->n, opens_at = effects_walk_opened(hub->effects);
    struct hub_wearer before = *wearer; /* as a walk opened */
    before.state = &hub->scratch->before;
    for (int i = 0; i < n; i++) {
        const struct effect *effect = &hub->effects->items[i];
        const struct hub_wearer *then = i < opens_at ? &before : wearer;
        if (hub->story)
            hub_story(hub, effect->kind == EFFECT_SESSION ? then : wearer, effect);
        switch ((enum effect_kind)effect->kind) {
        case EFFECT_STRIDE:
            put_stride(hub, wearer, then, &effect->stride);
            break;
        case EFFECT_SESSION:
            hub_say_session(hub, then);
            break;
        case EFFECT_PROMPT:
            say_prompt(hub, wearer, effect);
            hub_digest_note(hub, wearer, effect);
            break;
        case EFFECT_BELT:
            say_belt(hub, wearer, effect);
            break;
        case EFFECT_ALERT:
            hub_say_alert(hub, wearer, effect);
            break;
        case EFFECT_NOTICE:
            hub_say_notice(hub, wearer, effect);
            break;
        case EFFECT_LIVE:
            say_live(hub, wearer, effect);
            break;
        case EFFECT_PLAN:
            hub_say_plan(hub, wearer, effect);
            break;
        case EFFECT_NONE:
        case EFFECT_EVENT:
        case EFFECT_WRIST:
        case EFFECT_KINDS:
            break;
        }
    }
}

static void counters(struct hub *hub, struct json_writer *writer)
{
    struct inbox_stats inbox;
    struct outbox_stats outbox;
    inbox_stats(hub->inbox, &inbox);
    outbox_stats(hub->outbox, &outbox);
    json_object(writer, "counts");
    json_integer(writer, "inputs", (int64_t)hub->counts.applied);
    json_integer(writer, "commits", (int64_t)hub->counts.batches);
    json_integer(writer, "failed_commits", (int64_t)hub->counts.failed_commits);
    json_integer(writer, "frames_set_aside", (int64_t)hub->counts.skipped);
    json_integer(writer, "inbox_dropped",
                 (int64_t)(inbox.dropped[INBOX_CONTROL] + inbox.dropped[INBOX_DATA]));
    json_integer(writer, "messages_sent", (int64_t)outbox.sent);
    json_integer(writer, "messages_expired", (int64_t)outbox.expired);
    json_integer(writer, "messages_refused", (int64_t)outbox.refused);
    json_integer(writer, "insoles_on_one_side", (int64_t)hub->counts.same_side);
    json_integer(writer, "broker_dropped", (int64_t)hub->counts.broker_dropped);
    json_integer(writer, "broker_restarts", (int64_t)hub->counts.broker_restarts);
    json_object_end(writer);
    json_object(writer, "dropped");
    for (int i = 0; i < INTAKE_DROPS; i++)
        json_integer(writer, intake_drop_name((enum intake_drop)i),
                     (int64_t)hub->intake.dropped[i]);
    json_object_end(writer);
    json_object(writer, "refused");
    for (int i = WIRE_OK + 1; i < WIRE_REFUSALS; i++)
        json_integer(writer, wire_refusal_name((enum wire_refusal)i),
                     (int64_t)hub->intake.refused[i]);
    json_object_end(writer);
}

static void publish_state(struct hub *hub, const char *text, size_t size)
{
    char topic[TOPIC_LENGTH_MAX + 1];
    if (!hub_topic(hub, TOPIC_HUB_STATE, "", "", topic))
        return;
    const struct link_publish publish = {
        .topic = topic, .payload = (const uint8_t *)text, .size = size, .qos = 1, .retain = true};
    (void)!links_publish(hub->links, true, &publish);
}

void hub_say_state(struct hub *hub)
{
    struct json_writer writer;
    struct machine_time now;
    struct hub_time time;
    char text[MESSAGE_SIZE];
    clock_read(&now);
    clock_hub_time(&hub->clock, &now, &time);
    json_begin(&writer, text, sizeof(text));
    json_object(&writer, NULL);
    json_string(&writer, "state", hub->storing ? "online" : "not_storing");
    json_string(&writer, "hub_version", STRIDEHUB_VERSION);
    json_integer(&writer, "t_utc_ms", time.wall_ms);
    json_number(&writer, "clock_speed", hub->clock.speed, 2);
    json_integer(&writer, "wearers", hub->config->wearers_n);
    json_integer(&writer, "devices", hub->intake.devices_n);
    hub_self_test_json(hub, &writer);
    counters(hub, &writer);
    json_object_end(&writer);
    const size_t size = json_end(&writer);
    if (size > 0)
        publish_state(hub, text, size); /* the next heartbeat makes up for a lost one */
}

void hub_say_offline(struct hub *hub)
{
    publish_state(hub, links_will, strlen(links_will));
}
