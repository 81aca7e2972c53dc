/* What people ask: a/<account>/request/<what>: ack, seen, delivered and resolve of an alert;
 * report, what a person says; plan, a stage, days of rest or a limit of a walk; alive, each minute,
 * from an account's client. The answer leaves after commit, to the response topic that was asked
 * for, if it is the account's own. */
#include <math.h>

#include "hub/app/hub.h"
#include "hub/app/plan_json.h"
#include "hub/app/said_json.h"
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

static void explain(struct hub *hub, const struct inbox_message *message, const char *error,
                    const char *explained)
{
    char topic[TOPIC_LENGTH_MAX + 1], text[160 + PLAN_SENTENCE_SIZE];
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
    json_string_if(&writer, "explained", explained);
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

static void answer(struct hub *hub, const struct inbox_message *message, const char *error)
{
    explain(hub, message, error, NULL);
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

static struct hub_wearer *find_wearer(struct hub *hub, const char *id)
{
    for (int i = 0; i < hub->wearers_n; i++) {
        if (hub->wearers[i].config_index >= 0 && strcmp(hub->wearers[i].id, id) == 0)
            return &hub->wearers[i];
    }
    return NULL;
}

/* The account before the report, as INPUT_SAID wants it. False when it does not fit. */
static bool put_said(struct hub *hub, struct hub_wearer *wearer,
                     const struct inbox_message *message, const struct said *said,
                     enum wire_refusal *refusal)
{
    uint8_t bytes[ID_SIZE + CONTROL_BYTES_MAX] = {0};
    memcpy(bytes, message->topic.owner, strlen(message->topic.owner));
    const size_t size = wire_encode_report(&said->report, bytes + ID_SIZE, CONTROL_BYTES_MAX);
    *refusal = WIRE_TOO_LARGE;
    return size > 0 && hub_apply(hub, wearer, INPUT_SAID, INPUT_SLOT_NONE, 0, bytes, ID_SIZE + size,
                                 &message->at, refusal) == STEP_APPLIED;
}

/* Answers tell whether it was taken, and nothing of what was said. */
static void take_report(struct hub *hub, const struct inbox_message *message)
{
    const char *account = message->topic.owner;
    char error[SAID_ERROR_SIZE];
    struct said said;
    enum wire_refusal refusal;
    if (!json_load(hub->json, (const char *)message->payload, message->payload_size)) {
        answer(hub, message, "send a JSON object");
        return;
    }
    if (!said_parse(hub->json, &said, error)) {
        answer(hub, message, error);
        return;
    }
    struct hub_wearer *wearer = find_wearer(hub, said.wearer[0] == '\0' ? account : said.wearer);
    /* A device that bears a wearer's name is no account of theirs. */
    if (wearer == NULL || !pipeline_may_say(wearer->state, account) ||
        intake_find(&hub->intake, account) != NULL)
        answer(hub, message, ack_result_name(ACK_NOT_ENTITLED));
    else
        answer(hub, message,
               put_said(hub, wearer, message, &said, &refusal) ? NULL : wire_refusal_name(refusal));
}

static bool is_limit(enum plan_asks what)
{
    return what == PLAN_ASKS_LIMIT_GROUND || what == PLAN_ASKS_LIMIT_BELT;
}

/* A clinician's limit of a walk, on the ground or the treadmill. */
static bool read_limit(struct json_reader *json, enum plan_asks *what, int *number)
{
    char where[16];
    const double minutes = json_get_number(json, "$.limit_min");
    if (!(minutes >= 0 && minutes <= PLAN_LIMIT_MIN_MAX && minutes == floor(minutes)) ||
        !json_get_string(json, "$.where", where, sizeof(where)))
        return false;
    const bool belt = strcmp(where, "treadmill") == 0;
    *what = belt ? PLAN_ASKS_LIMIT_BELT : PLAN_ASKS_LIMIT_GROUND;
    *number = (int)minutes;
    return belt || strcmp(where, "ground") == 0;
}

/* What is asked of the programme: a stage, days of rest, or a limit; one of them. */
static bool read_plan(struct json_reader *json, enum plan_asks *what, int *number)
{
    char name[8];
    if (isfinite(json_get_number(json, "$.limit_min")))
        return !isfinite(json_get_number(json, "$.rest_days")) &&
               !json_get_string(json, "$.stage", name, sizeof(name)) &&
               read_limit(json, what, number);
    const double days_n = json_get_number(json, "$.rest_days");
    const bool stage = json_get_string(json, "$.stage", name, sizeof(name));
    const bool rest = days_n >= 0 && days_n <= PLAN_REST_DAYS_MAX && days_n == floor(days_n);
    *what = stage ? PLAN_ASKS_STAGE : PLAN_ASKS_REST;
    *number = stage ? (int)plan_stage_find(name) : rest ? (int)days_n : 0;
    return stage ? !isfinite(days_n) && *number != PLAN_STAGE_UNKNOWN : rest;
}

/* Why the programme did what it did, if that was a decision; else what holds from now on. */
static void explain_plan(struct hub *hub, const struct inbox_message *message, enum plan_asks what,
                         int number)
{
    char sentence[PLAN_SENTENCE_SIZE] = "";
    if (what == PLAN_ASKS_REST && number > 0)
        snprintf(sentence, sizeof(sentence),
                 "Rest, today the first of %d day%s: no walk is planned, and none is missed.",
                 number, number == 1 ? "" : "s");
    else if (is_limit(what) && number > 0)
        snprintf(sentence, sizeof(sentence),
                 "A walk %s takes %d minutes at most, until somebody changes that.",
                 what == PLAN_ASKS_LIMIT_BELT ? "on the treadmill" : "on the ground", number);
    else if (is_limit(what))
        snprintf(sentence, sizeof(sentence), "The limit of a walk %s is learnt again.",
                 what == PLAN_ASKS_LIMIT_BELT ? "on the treadmill" : "on the ground");
    else if (what == PLAN_ASKS_REST)
        snprintf(sentence, sizeof(sentence), "No rest days: walks are planned from today on.");
    for (int i = 0; i < hub->effects->n; i++) {
        const struct effect *effect = &hub->effects->items[i];
        if (effect->kind == EFFECT_PLAN && effect->plan.decided && what == PLAN_ASKS_STAGE)
            plan_sentence(&effect->plan.decision, sentence, sizeof(sentence));
    }
    explain(hub, message, NULL, sentence);
}

static void take_plan(struct hub *hub, const struct inbox_message *message)
{
    const char *account = message->topic.owner;
    char name[ID_SIZE] = "";
    uint8_t bytes[PLAN_ASKS_SIZE] = {0};
    enum plan_asks what;
    enum wire_refusal refusal;
    int number;
    if (!json_load(hub->json, (const char *)message->payload, message->payload_size) ||
        !read_plan(hub->json, &what, &number)) {
        answer(hub, message,
               "send {\"rest_days\": 0 to 60}, {\"stage\": \"P1\"} or {\"limit_min\": 0 to "
               "1440, \"where\": \"ground\"}");
        return;
    }
    (void)json_get_string(hub->json, "$.wearer", name, sizeof(name));
    struct hub_wearer *wearer = find_wearer(hub, name[0] == '\0' ? account : name);
    if (wearer == NULL || !pipeline_may_say(wearer->state, account) ||
        intake_find(&hub->intake, account) != NULL ||
        (is_limit(what) && strcmp(wearer->id, account) == 0)) {
        answer(hub, message, ack_result_name(ACK_NOT_ENTITLED));
        return;
    }
    memcpy(bytes, account, strlen(account));
    bytes[ID_SIZE] = (uint8_t)what;
    bytes[ID_SIZE + 1] = (uint8_t)(number & 0xff);
    bytes[ID_SIZE + 2] = (uint8_t)(number >> 8);
    if (hub_apply(hub, wearer, INPUT_PLAN, INPUT_SLOT_NONE, 0, bytes, sizeof(bytes), &message->at,
                  &refusal) == STEP_APPLIED)
        explain_plan(hub, message, what, number);
    else
        answer(hub, message, "no programme is running");
}

static void take_alive(struct hub *hub, const struct inbox_message *message)
{
    hub_client_alive(hub, message->topic.owner);
    if (message->response_size > 0)
        answer(hub, message, NULL);
}

/* Far more than people ask, and than a disk that is full makes the hub try one again. */
static bool admitted(struct hub *hub, const struct inbox_message *message)
{
    const double per_s = 100, burst = 200;
    const double speed = hub->clock.speed < 1 ? 1 : hub->clock.speed;
    if (rate_admit(hub_request_rate(hub, message->topic.owner), message->at.mono_ns, per_s * speed,
                   burst * speed))
        return true;
    hub->intake.dropped[DROP_RATE]++;
    log_line(LOG_WARN, "request-rate", "account %s asks too often: requests are dropped",
             message->topic.owner);
    return false;
}

void hub_take_request(struct hub *hub, const struct inbox_message *message)
{
    const enum ack_verb verb = ack_verb_find(message->topic.item);
    if (!admitted(hub, message))
        return;
    if (message->payload_size > REQUEST_BYTES_MAX)
        answer(hub, message, "the request is too large");
    else if (message->retained)
        log_line(LOG_WARN, "retained-request", "a retained request of %s was ignored",
                 message->topic.owner);
    else if (verb != VERBS)
        take_ack(hub, message, verb);
    else if (strcmp(message->topic.item, "alive") == 0)
        take_alive(hub, message);
    else if (strcmp(message->topic.item, "report") == 0)
        take_report(hub, message);
    else if (strcmp(message->topic.item, "plan") == 0)
        take_plan(hub, message);
    else
        answer(hub, message, "unknown request");
}
