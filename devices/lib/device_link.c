#include "devices/lib/device_link.h"

#include <pthread.h>

enum { EVENTS_MAX = 16, TAKEN_MAX = 4 };

enum event_kind { EVENT_CONNECTED, EVENT_LOST, EVENT_MESSAGE };

struct event {
    enum event_kind kind;
    enum topic_kind topic;
    size_t size;
    uint8_t bytes[CONTROL_BYTES_MAX];
};

struct device_link {
    struct device_link_options options;
    struct link *link;
    char id[ID_SIZE]; /* MQTT's threads read this one, the descriptor being the device's */
    bool online;
    char topics[TOPIC_KINDS][TOPIC_LENGTH_MAX + 1];
    struct device_link_counts counts;
    struct wire_prompt prompts[TAKEN_MAX];
    struct wire_request requests[TAKEN_MAX];
    unsigned prompts_n, requests_n;
    pthread_mutex_t lock; /* guards all below */
    struct event events[EVENTS_MAX];
    unsigned first, count;
    uint64_t overrun;
};

/* ---- MQTT's threads */

/* A connection's fate is never dropped: the oldest message goes instead. */
static void push(struct device_link *link, enum event_kind kind, enum topic_kind topic,
                 const uint8_t *bytes, size_t size)
{
    pthread_mutex_lock(&link->lock);
    if (link->count == EVENTS_MAX && kind != EVENT_MESSAGE) {
        link->first = (link->first + 1) % EVENTS_MAX;
        link->count--;
        link->overrun++;
    }
    if (link->count < EVENTS_MAX) {
        struct event *event = &link->events[(link->first + link->count++) % EVENTS_MAX];
        event->kind = kind;
        event->topic = topic;
        event->size = size;
        if (size > 0)
            memcpy(event->bytes, bytes, size);
    } else {
        link->overrun++;
    }
    pthread_mutex_unlock(&link->lock);
}

static void on_received(void *context, const struct link_message *message)
{
    struct device_link *link = context;
    struct topic topic;
    if (!topic_parse(&link->options.root, message->topic, message->topic_size, &topic) ||
        strcmp(topic.owner, link->id) != 0 || message->payload_size > CONTROL_BYTES_MAX) {
        pthread_mutex_lock(&link->lock);
        link->overrun++;
        pthread_mutex_unlock(&link->lock);
        return;
    }
    push(link, EVENT_MESSAGE, topic.kind, message->payload, message->payload_size);
}

static void on_connected(void *context, bool session_present)
{
    (void)session_present;
    push(context, EVENT_CONNECTED, TOPIC_UNKNOWN, NULL, 0);
}

static void on_lost(void *context, const char *why)
{
    (void)why;
    push(context, EVENT_LOST, TOPIC_UNKNOWN, NULL, 0);
}

/* ---- the device's thread */

static bool format_topics(struct device_link *link)
{
    static const enum topic_kind kinds[] = {TOPIC_HELLO, TOPIC_FRAME,  TOPIC_REPORT, TOPIC_FEEDBACK,
                                            TOPIC_LINK,  TOPIC_STORED, TOPIC_PROMPT, TOPIC_REQUEST};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct topic topic = {.kind = kinds[i]};
        memcpy(topic.owner, link->id, ID_SIZE);
        if (topic_format(&link->options.root, &topic, link->topics[kinds[i]],
                         sizeof(link->topics[0])) == 0)
            return false;
    }
    return true;
}

static size_t link_bytes(const struct device_link *link, Stride__V1__LinkState state, uint8_t *out,
                         size_t size)
{
    struct wire_link said = {.boot_id = link->options.device->descriptor->boot_id, .state = state};
    return wire_encode_link(&said, out, size);
}

static bool publish(struct device_link *link, enum topic_kind kind, const uint8_t *bytes,
                    size_t size, bool retain)
{
    struct link_publish publish = {
        .topic = link->topics[kind], .payload = bytes, .size = size, .qos = 1, .retain = retain};
    enum link_error error = link_publish(link->link, &publish);
    if (error == LINK_QUEUE_FULL)
        link->counts.queue_full++;
    return error == LINK_OK;
}

static void say_link(struct device_link *link, Stride__V1__LinkState state)
{
    uint8_t bytes[32];
    size_t size = link_bytes(link, state, bytes, sizeof(bytes));
    /* Lost with the connection it speaks of, if at all. */
    (void)publish(link, TOPIC_LINK, bytes, size, true);
}

struct device_link *device_link_open(const struct device_link_options *options,
                                     enum link_error *error)
{
    struct device_link *link = calloc(1, sizeof(*link));
    *error = LINK_MEMORY;
    if (link == NULL)
        return NULL;
    link->options = *options;
    memcpy(link->id, options->device->descriptor->device, ID_SIZE);
    pthread_mutex_init(&link->lock, NULL);
    *error = LINK_BAD_OPTIONS;
    if (!format_topics(link)) {
        device_link_abort(link);
        return NULL;
    }
    uint8_t will[32];
    const char *filters[] = {link->topics[TOPIC_STORED], link->topics[TOPIC_PROMPT],
                             link->topics[TOPIC_REQUEST]};
    struct link_options wanted;
    link_defaults(&wanted);
    link_hasten(&wanted, options->speed);
    wanted.uri = options->uri;
    wanted.client_id = options->user != NULL ? options->user : link->id;
    wanted.user = options->user;
    wanted.password = options->password;
    wanted.filters = filters;
    wanted.filters_n = sizeof(filters) / sizeof(filters[0]);
    wanted.will_topic = link->topics[TOPIC_LINK];
    wanted.will_payload = will;
    wanted.will_size = link_bytes(link, STRIDE__V1__LINK_STATE__LINK_LOST, will, sizeof(will));
    wanted.tls = options->tls;
    wanted.jitter_seed = options->seed;
    struct link_callbacks callbacks = {
        .context = link, .received = on_received, .connected = on_connected, .lost = on_lost};
    link->link = link_open(&wanted, &callbacks, error);
    if (link->link == NULL) {
        device_link_abort(link);
        return NULL;
    }
    return link;
}

static void release(struct device_link *link)
{
    pthread_mutex_destroy(&link->lock);
    free(link);
}

void device_link_close(struct device_link *link, uint32_t wait_ms)
{
    if (link == NULL)
        return;
    if (link->online)
        say_link(link, STRIDE__V1__LINK_STATE__LINK_CLOSED);
    device_lost(link->options.device);
    link_close(link->link, wait_ms);
    release(link);
}

void device_link_abort(struct device_link *link)
{
    if (link == NULL)
        return;
    if (link->link != NULL) {
        device_lost(link->options.device);
        link_abort(link->link);
        link_close(link->link, 0);
    }
    release(link);
}

static bool take_stored(struct device_link *link, const struct event *event, uint64_t now_ms)
{
    struct wire_stored stored;
    enum wire_refusal refusal =
        wire_decode_stored(link->options.arena, event->bytes, event->size, &stored);
    if (refusal == WIRE_OK)
        return device_received_stored(link->options.device, &stored, now_ms);
    link->counts.dropped[refusal]++;
    return false;
}

static void take_prompt(struct device_link *link, const struct event *event)
{
    enum wire_refusal refusal = WIRE_OK;
    if (link->prompts_n < TAKEN_MAX)
        refusal = wire_decode_prompt(link->options.arena, event->bytes, event->size,
                                     &link->prompts[link->prompts_n]);
    if (link->prompts_n == TAKEN_MAX || refusal != WIRE_OK)
        link->counts.dropped[refusal]++;
    else
        link->prompts_n++;
}

static void take_request(struct device_link *link, const struct event *event)
{
    enum wire_refusal refusal = WIRE_OK;
    if (link->requests_n < TAKEN_MAX)
        refusal = wire_decode_request(link->options.arena, event->bytes, event->size,
                                      &link->requests[link->requests_n]);
    if (link->requests_n == TAKEN_MAX || refusal != WIRE_OK)
        link->counts.dropped[refusal]++;
    else
        link->requests_n++;
}

/* True when a receipt grew. */
static bool take(struct device_link *link, const struct event *event, uint64_t now_ms)
{
    if (event->kind == EVENT_CONNECTED) {
        link->online = true;
        link->counts.connects++;
        say_link(link, STRIDE__V1__LINK_STATE__LINK_ONLINE);
        device_connected(link->options.device, now_ms);
    } else if (event->kind == EVENT_LOST) {
        link->counts.losses += link->online;
        link->online = false;
        device_lost(link->options.device);
    } else if (event->topic == TOPIC_STORED) {
        return take_stored(link, event, now_ms);
    } else if (event->topic == TOPIC_PROMPT) {
        take_prompt(link, event);
    } else if (event->topic == TOPIC_REQUEST) {
        take_request(link, event);
    }
    return false;
}

static bool pop(struct device_link *link, struct event *out)
{
    pthread_mutex_lock(&link->lock);
    bool any = link->count > 0;
    if (any) {
        const struct event *event = &link->events[link->first];
        out->kind = event->kind;
        out->topic = event->topic;
        out->size = event->size;
        if (event->size > 0)
            memcpy(out->bytes, event->bytes, event->size);
        link->first = (link->first + 1) % EVENTS_MAX;
        link->count--;
    }
    link->counts.dropped[WIRE_OK] += link->overrun;
    link->overrun = 0;
    pthread_mutex_unlock(&link->lock);
    return any;
}

static bool send_one(struct device_link *link, const struct device_message *message)
{
    bool hello = message->kind == TOPIC_HELLO;
    enum device_link_fate fate = DEVICE_LINK_SEND;
    if (!hello && link->options.fate != NULL)
        fate = link->options.fate(link->options.context, message);
    if (fate == DEVICE_LINK_DROP)
        return true;
    if (!publish(link, message->kind, message->bytes, message->size, hello))
        return false;
    if (fate == DEVICE_LINK_TWICE)
        (void)publish(link, message->kind, message->bytes, message->size, false);
    return true;
}

bool device_link_step(struct device_link *link, uint64_t now_ms)
{
    struct event event;
    struct device_message message;
    bool grew = false;
    while (pop(link, &event))
        grew |= take(link, &event, now_ms);
    while (link->online && device_next(link->options.device, now_ms, &message)) {
        if (!send_one(link, &message))
            break;
        device_sent(link->options.device, &message, now_ms);
    }
    return grew;
}

bool device_link_prompt(struct device_link *link, struct wire_prompt *out)
{
    if (link->prompts_n == 0)
        return false;
    *out = link->prompts[0];
    memmove(link->prompts, link->prompts + 1, --link->prompts_n * sizeof(*out));
    return true;
}

bool device_link_request(struct device_link *link, struct wire_request *out)
{
    if (link->requests_n == 0)
        return false;
    *out = link->requests[0];
    memmove(link->requests, link->requests + 1, --link->requests_n * sizeof(*out));
    return true;
}

bool device_link_inject(struct device_link *link, enum topic_kind kind, const uint8_t *bytes,
                        size_t size)
{
    return link->online && publish(link, kind, bytes, size, false);
}

bool device_link_online(const struct device_link *link)
{
    return link->online;
}

void device_link_counts(const struct device_link *link, struct device_link_counts *out)
{
    *out = link->counts;
}
