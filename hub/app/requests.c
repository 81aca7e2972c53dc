/* What people ask: a/<account>/request/<what>: ack, seen, delivered and resolve of an alert; alive,
 * each minute, from an account's client. The answer leaves after commit, to the response topic that
 * was asked for, if it is the account's own. */
#include "hub/app/hub.h"
#include "hub/io/log.h"

static bool response_allowed(const struct hub *hub, const struct inbox_message *message, char *out)
{
    struct topic topic;
    if (message->response_size == 0 || message->response_size > TOPIC_LENGTH_MAX ||
        !topic_parse(&hub->root, message->response_topic, message->response_size, &topic))
        return false;
    if (topic.kind != TOPIC_ACCOUNT_RESPONSE || strcmp(topic.owner, message->topic.owner) != 0)
        return false;
    memcpy(out, message->response_topic, message->response_size);
    out[message->response_size] = '\0';
    return true;
}

static void answer(struct hub *hub, const struct inbox_message *message, const char *error)
{
    char topic[TOPIC_LENGTH_MAX + 1], text[160];
    struct json_writer writer;
    if (!response_allowed(hub, message, topic)) {
        if (message->response_size > 0)
            log_line(LOG_WARN, "response-topic", "account %s asked for an answer elsewhere",
                     message->topic.owner);
        return;
    }
    json_begin(&writer, text, sizeof(text));
    json_object(&writer, NULL);
    json_bool(&writer, "ok", error == NULL);
    json_string_if(&writer, "error", error);
    json_object_end(&writer);
    const struct outbox_say say = {.topic = topic,
                                   .payload = (const uint8_t *)text,
                                   .size = json_end(&writer),
                                   .qos = 1,
                                   .urgent = true,
                                   .expiry_s = 60,
                                   .correlation = message->correlation,
                                   .correlation_size = message->correlation_size};
    hub_batch_begin(hub);
    outbox_say(hub->outbox, &say);
}

/* The wearer that has this alert, and what an acknowledgement of it would do. */
static struct hub_wearer *find_alert(struct hub *hub, const char *alert, const char *account,
                                     enum ack_verb verb, enum ack_result *result)
{
    *result = ACK_UNKNOWN_ALERT;
    for (int i = 0; i < hub->wearers_n; i++) {
        *result = pipeline_ack_check(hub->wearers[i].state, alert, account, verb);
        if (*result != ACK_UNKNOWN_ALERT)
            return &hub->wearers[i];
    }
    return NULL;
}

static void take_ack(struct hub *hub, const struct inbox_message *message, enum ack_verb verb)
{
    char alert[ID_SIZE], bytes[3 * ID_SIZE + 3];
    enum ack_result result;
    enum wire_refusal refusal;
    if (!json_load(hub->json, (const char *)message->payload, message->payload_size) ||
        !(json_get_string(hub->json, "$.alert", alert, sizeof(alert)) ||
          json_get_string(hub->json, "$.alert_id", alert, sizeof(alert))) ||
        !topic_id_valid(alert)) {
        answer(hub, message, "send {\"alert\": \"<id>\"}");
        return;
    }
    struct hub_wearer *wearer = find_alert(hub, alert, message->topic.owner, verb, &result);
    if (result == ACK_ACCEPTED) {
        const int size = snprintf(bytes, sizeof(bytes), "%s %s %s", alert, message->topic.owner,
                                  ack_verb_name(verb));
        if (hub_apply(hub, wearer, INPUT_ACK, INPUT_SLOT_NONE, 0, (const uint8_t *)bytes,
                      (size_t)size, &message->at, &refusal) != STEP_APPLIED)
            result = ACK_UNKNOWN_ALERT;
        hub->urgent = true;
    }
    answer(hub, message, result == ACK_ACCEPTED ? NULL : ack_result_name(result));
}

static void take_alive(struct hub *hub, const struct inbox_message *message)
{
    hub_client_alive(hub, message->topic.owner);
    if (message->response_size > 0)
        answer(hub, message, NULL);
}

void hub_take_request(struct hub *hub, const struct inbox_message *message)
{
    const enum ack_verb verb = ack_verb_find(message->topic.item);
    if (message->payload_size > REQUEST_BYTES_MAX)
        answer(hub, message, "the request is too large");
    else if (message->retained)
        log_line(LOG_WARN, "retained-request", "a retained request of %s was ignored",
                 message->topic.owner);
    else if (verb != VERBS)
        take_ack(hub, message, verb);
    else if (strcmp(message->topic.item, "alive") == 0)
        take_alive(hub, message);
    else
        answer(hub, message, "unknown request");
}
