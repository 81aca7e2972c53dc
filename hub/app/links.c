#include "hub/app/links.h"

#include <stdatomic.h>

#include "hub/app/sender.h"
#include "hub/io/log.h"

enum { FILTERS_MAX = 6, SESSION_EXPIRY_S = 14 * 24 * 3600, CLOSE_WAIT_MS = 1000 };

struct one_link {
    struct links *links;
    enum links_which which;
    struct link *link;
    atomic_uint connects;
};

struct links {
    struct topic_root root;
    char account[ID_SIZE]; /* of the hub, for its messages to itself */
    struct inbox *inbox;
    _Atomic(struct outbox *) outbox;
    struct sender *sender;
    struct one_link each[LINKS_N];
};

const char links_will[] = "{\"state\":\"offline\"}";
static const char sys_dropped[] = "$SYS/broker/publish/messages/dropped";
static const char sys_uptime[] = "$SYS/broker/uptime";

const char *links_name(enum links_which which)
{
    static const char *const names[LINKS_N] = {"data", "control", "out"};
    return names[which];
}

static bool topic_is(const struct link_message *message, const char *topic)
{
    return message->topic_size == strlen(topic) &&
           memcmp(message->topic, topic, message->topic_size) == 0;
}

static void received(void *context, const struct link_message *message)
{
    struct one_link *one = context;
    struct inbox_message in = {.retained = message->retained};
    clock_read(&in.at);
    if (!topic_parse(&one->links->root, message->topic, message->topic_size, &in.topic)) {
        in.note = topic_is(message, sys_dropped)  ? LINKS_NOTE_DROPPED
                  : topic_is(message, sys_uptime) ? LINKS_NOTE_UPTIME
                                                  : 0;
    }
    /* What is too large for any of our messages is refused by its size alone, further on. */
    in.payload_size = (uint32_t)(message->payload_size <= INPUT_BYTES_MAX ? message->payload_size
                                                                          : INPUT_BYTES_MAX + 1);
    uint8_t cut[INPUT_BYTES_MAX + 1];
    in.payload = message->payload;
    if (in.payload_size > INPUT_BYTES_MAX) {
        memcpy(cut, message->payload, sizeof(cut));
        in.payload = cut;
    }
    if (message->response_topic != NULL) {
        const size_t length = strlen(message->response_topic);
        in.response_topic = message->response_topic;
        in.response_size = (uint16_t)(length <= TOPIC_LENGTH_MAX ? length : 0);
    }
    if (message->correlation != NULL && message->correlation_size <= OUTBOX_CORRELATION_MAX) {
        in.correlation = message->correlation;
        in.correlation_size = (uint16_t)message->correlation_size;
    }
    const enum inbox_lane lane = inbox_lane_of(in.topic.kind);
    if (!inbox_put(one->links->inbox, lane, &in, INBOX_WAIT_MS))
        log_line(LOG_WARN, "inbox-full", "a message was dropped: the %s lane is full",
                 lane == INBOX_DATA ? "data" : "control");
}

static void changed(struct one_link *one, bool is_connected)
{
    struct outbox *outbox = atomic_load(&one->links->outbox);
    if (outbox != NULL && one->which != LINKS_CONTROL)
        outbox_link_changed(outbox, one->which == LINKS_OUT, is_connected);
    inbox_wake(one->links->inbox);
}

static void connected(void *context, bool session_present)
{
    struct one_link *one = context;
    (void)session_present; /* every connect subscribes anew */
    atomic_fetch_add(&one->connects, 1);
    log_line(LOG_INFO, "link-up", "%s link connected", links_name(one->which));
    changed(one, true);
}

static void lost(void *context, const char *why)
{
    struct one_link *one = context;
    log_line(LOG_WARN, "link-lost", "%s link lost: %s", links_name(one->which),
             why == NULL ? "no reason given" : why);
    changed(one, false);
}

static void published(void *context, uint64_t token, int reason)
{
    struct one_link *one = context;
    struct outbox *outbox = atomic_load(&one->links->outbox);
    if (outbox == NULL || token == 0)
        return;
    outbox_acknowledged(outbox, token, reason == LINK_REASON_LOST ? OUTBOX_NOT_SENT : reason);
    inbox_wake(one->links->inbox);
}

static void not_sent(void *context, uint64_t token)
{
    struct links *links = context;
    struct outbox *outbox = atomic_load(&links->outbox);
    if (outbox != NULL)
        outbox_acknowledged(outbox, token, OUTBOX_NOT_SENT);
}

bool links_self_test_topic(const struct links *links, char out[TOPIC_LENGTH_MAX + 1])
{
    struct topic topic = {.kind = TOPIC_ACCOUNT_NOTICE, .item = "self-test"};
    memcpy(topic.owner, links->account, ID_SIZE);
    return topic_format(&links->root, &topic, out, TOPIC_LENGTH_MAX + 1) > 0;
}

static size_t filters_of(const struct links *links, enum links_which which,
                         char filters[FILTERS_MAX][TOPIC_LENGTH_MAX + 1])
{
    static const enum topic_kind data[] = {TOPIC_HELLO, TOPIC_FRAME, TOPIC_LINK};
    static const enum topic_kind control[] = {TOPIC_REPORT, TOPIC_FEEDBACK, TOPIC_ACCOUNT_REQUEST};
    size_t n = 0;
    if (which == LINKS_OUT)
        return 0;
    for (; n < 3; n++)
        (void)!topic_filter(&links->root, which == LINKS_DATA ? data[n] : control[n], filters[n],
                            TOPIC_LENGTH_MAX + 1);
    if (which == LINKS_CONTROL) {
        snprintf(filters[n++], TOPIC_LENGTH_MAX + 1, "%s", sys_dropped);
        snprintf(filters[n++], TOPIC_LENGTH_MAX + 1, "%s", sys_uptime);
        n += links_self_test_topic(links, filters[n]);
    }
    return n;
}

static bool open_one(struct one_link *one, const struct config_hub *hub, double speed, char *error)
{
    static const char *const suffixes[LINKS_N] = {"", "-control", "-out"};
    char client[NAME_SIZE + 16], password[256] = "", will_topic[TOPIC_LENGTH_MAX + 1];
    char filters[FILTERS_MAX][TOPIC_LENGTH_MAX + 1];
    const char *filter_pointers[FILTERS_MAX];
    struct link_options options;
    link_defaults(&options);
    link_hasten(&options, speed);
    if (hub->user[0] != '\0')
        snprintf(client, sizeof(client), "%s%s", hub->user, suffixes[one->which]);
    else
        snprintf(client, sizeof(client), "hub-%d%s", hub->part, suffixes[one->which]);
    if (hub->password_file[0] != '\0' &&
        !config_password(hub->password_file, client, password, sizeof(password), error))
        return false;
    options.uri = hub->broker;
    options.client_id = client;
    options.user = hub->user[0] != '\0' ? client : NULL;
    options.password = password[0] != '\0' ? password : NULL;
    options.session_expiry_s = one->which == LINKS_OUT ? 0 : SESSION_EXPIRY_S;
    options.filters_n = filters_of(one->links, one->which, filters);
    for (size_t i = 0; i < options.filters_n; i++)
        filter_pointers[i] = filters[i];
    options.filters = filter_pointers;
    options.tls.ca_file = hub->ca_file[0] != '\0' ? hub->ca_file : NULL;
    options.tls.certificate_file = hub->certificate_file[0] != '\0' ? hub->certificate_file : NULL;
    options.tls.key_file = hub->key_file[0] != '\0' ? hub->key_file : NULL;
    const struct topic state = {.kind = TOPIC_HUB_STATE};
    if (one->which == LINKS_OUT &&
        topic_format(&one->links->root, &state, will_topic, sizeof(will_topic)) > 0) {
        options.will_topic = will_topic;
        options.will_payload = (const uint8_t *)links_will;
        options.will_size = sizeof(links_will) - 1;
    }
    const struct link_callbacks callbacks = {one, received, connected, lost, published};
    enum link_error link_error = LINK_OK;
    one->link = link_open(&options, &callbacks, &link_error);
    if (one->link == NULL)
        snprintf(error, CONFIG_ERROR_SIZE, "broker %s: %s", hub->broker,
                 link_error_text(link_error));
    return one->link != NULL;
}

struct links *links_new(const struct topic_root *root, struct inbox *inbox)
{
    struct links *links = calloc(1, sizeof(*links));
    if (links == NULL)
        return NULL;
    links->root = *root;
    links->inbox = inbox;
    for (int i = 0; i < LINKS_N; i++) {
        links->each[i].links = links;
        links->each[i].which = (enum links_which)i;
    }
    return links;
}

static void close_all(struct links *links)
{
    sender_close(links->sender, CLOSE_WAIT_MS);
    links->sender = NULL;
    for (int i = 0; i < LINKS_N; i++) {
        if (links->each[i].link != NULL)
            link_close(links->each[i].link, CLOSE_WAIT_MS);
        links->each[i].link = NULL;
    }
}

bool links_start(struct links *links, const struct config_hub *hub, double speed,
                 struct outbox *outbox, char *error)
{
    atomic_store(&links->outbox, outbox);
    if (hub->user[0] != '\0')
        snprintf(links->account, sizeof(links->account), "%s", hub->user);
    else
        snprintf(links->account, sizeof(links->account), "hub-%d", hub->part);
    links->sender = sender_open(not_sent, links);
    if (links->sender == NULL) {
        snprintf(error, CONFIG_ERROR_SIZE, "no thread for sending: too many threads or no memory");
        return false;
    }
    for (int i = LINKS_N - 1; i >= 0; i--) { /* what answers is there before what asks */
        if (!open_one(&links->each[i], hub, speed, error)) {
            close_all(links);
            return false;
        }
    }
    return true;
}

void links_close(struct links *links)
{
    if (links == NULL)
        return;
    close_all(links);
    free(links);
}

enum link_error links_publish(void *context, bool urgent, const struct link_publish *publish)
{
    struct links *links = context;
    struct link *link = links->each[urgent ? LINKS_OUT : LINKS_DATA].link;
    struct link_stats stats = {0};
    if (link != NULL)
        link_stats(link, &stats);
    return stats.connected ? sender_put(links->sender, link, urgent, publish) : LINK_NOT_CONNECTED;
}

unsigned links_connects(struct links *links, enum links_which which)
{
    return atomic_load(&links->each[which].connects);
}

bool links_all_connected(struct links *links)
{
    for (int i = 0; i < LINKS_N; i++) {
        struct link_stats stats;
        links_stats(links, (enum links_which)i, &stats);
        if (!stats.connected || links_connects(links, (enum links_which)i) == 0)
            return false;
    }
    return true;
}

void links_stats(struct links *links, enum links_which which, struct link_stats *out)
{
    memset(out, 0, sizeof(*out));
    if (links->each[which].link != NULL)
        link_stats(links->each[which].link, out);
}
