/* Whether an alert would arrive: the caregivers' clients say that they are alive, and once a day a
 * message takes the whole way through the broker and back. Silence is an alarm (reliability I9). */
#include "hub/app/hub.h"
#include "hub/io/log.h"

#define SECOND_NS INT64_C(1000000000)
#define ALIVE_NS (600 * SECOND_NS) /* rule book S09: reached in the last 10 min */
#define SELF_TEST_EVERY_NS (24 * 3600 * SECOND_NS)
#define SELF_TEST_AGAIN_NS (600 * SECOND_NS) /* after one that did not come back */
#define SELF_TEST_WAIT_NS (30 * SECOND_NS)   /* the broker's keepalive finds a dead link */
enum { SELF_TEST_EXPIRY_S = 60 };

static const char figure_ok[] = "self_test_ok", figure_at[] = "self_test_utc_ms";

/* ---------------------------------------------------------------- clients */

static const struct hub_client *find_client(const struct hub *hub, const char *account)
{
    for (int i = 0; i < hub->clients_n; i++) {
        if (strcmp(hub->clients[i].account, account) == 0)
            return &hub->clients[i];
    }
    return NULL;
}

bool hub_clients_configure(struct hub *hub)
{
    const struct config *config = hub->config;
    struct hub_client *clients = calloc((size_t)config->caregivers_n + 1, sizeof(*clients));
    if (clients == NULL)
        return false;
    for (int i = 0; i < config->caregivers_n; i++) {
        memcpy(clients[i].account, config->caregivers[i].id, ID_SIZE);
        const struct hub_client *before = find_client(hub, clients[i].account);
        if (before != NULL)
            clients[i] = *before;
        else
            clients[i].alive_ns = hub->last.mono_ns;
    }
    free(hub->clients);
    hub->clients = clients;
    hub->clients_n = config->caregivers_n;
    return true;
}

struct rate_bucket *hub_request_rate(struct hub *hub, const char *account)
{
    for (int i = 0; i < hub->clients_n; i++) {
        if (strcmp(hub->clients[i].account, account) == 0)
            return &hub->clients[i].requests;
    }
    for (int i = 0; i < hub->wearers_n; i++) {
        if (strcmp(hub->wearers[i].id, account) == 0)
            return &hub->wearers[i].requests;
    }
    return &hub->strangers;
}

static int64_t hub_now_ns(const struct hub *hub, const struct machine_time *now)
{
    struct hub_time time;
    clock_hub_time(&hub->clock, now, &time);
    return time.mono_ns;
}

void hub_client_alive(struct hub *hub, const char *account)
{
    struct machine_time now;
    struct hub_client *client = (struct hub_client *)(uintptr_t)find_client(hub, account);
    clock_read(&now);
    if (client != NULL)
        client->alive_ns = hub_now_ns(hub, &now);
    hub->clients_ns = 0; /* look at once: it may have been missed */
}

static uint8_t clients_of(const struct hub *hub, const struct hub_wearer *wearer, int64_t now_ns)
{
    const struct config_wearer *config = &hub->config->wearers[wearer->config_index];
    const struct wearer_setup *known = &wearer->state->config;
    unsigned clients = CLIENTS_KNOWN;
    for (int i = 0; i < config->caregivers_n && i < known->caregivers_n; i++) {
        const int index = config->caregivers[i];
        if (index < hub->clients_n && known->caregivers[i].emergency &&
            now_ns - hub->clients[index].alive_ns <= ALIVE_NS)
            clients |= CLIENTS_REACHED;
    }
    if (hub->self_test.known && !hub->self_test.ok)
        clients |= CLIENTS_PATH_DOWN;
    return (uint8_t)clients;
}

/* A core that was never told takes it that all is well. */
static void tell(struct hub *hub, const struct machine_time *now)
{
    enum wire_refusal refusal;
    const int64_t now_ns = hub_now_ns(hub, now);
    for (int i = 0; i < hub->wearers_n; i++) {
        struct hub_wearer *wearer = &hub->wearers[i];
        if (wearer->config_index < 0 || !wearer->state->configured)
            continue;
        const uint8_t before = wearer->state->alerting.clients;
        const uint8_t clients = clients_of(hub, wearer, now_ns);
        if (clients == (before == 0 ? CLIENTS_KNOWN | CLIENTS_REACHED : before))
            continue;
        (void)hub_apply(hub, wearer, INPUT_CLIENTS, INPUT_SLOT_NONE, 0, &clients, 1, now, &refusal);
    }
}

/* ---------------------------------------------------------------- self-test */

static void keep_result(struct hub *hub, bool ok)
{
    struct hub_self_test *test = &hub->self_test;
    struct machine_time now;
    struct hub_time time;
    clock_read(&now);
    clock_hub_time(&hub->clock, &now, &time);
    if (!ok)
        log_line(LOG_WARN, "self-test",
                 "an alert would not get through: the daily test message did not come back");
    else if (test->known && !test->ok)
        log_line(LOG_INFO, "self-test", "the way of alerts is open again");
    test->known = true;
    test->ok = ok;
    test->at_wall_ms = time.wall_ms;
    test->sent_ns = 0;
    test->due_ns = now.mono_ns + (ok ? SELF_TEST_EVERY_NS : SELF_TEST_AGAIN_NS);
    hub_batch_begin(hub);
    store_put_figure(hub->store, figure_ok, ok);
    store_put_figure(hub->store, figure_at, time.wall_ms);
    hub->heartbeat_ns = 0; /* hub/state says so at once */
    hub->clients_ns = 0;
}

/* The same kind of message on the same link as a caregiver's notice. */
static void send_test(struct hub *hub, const struct machine_time *now)
{
    char topic[TOPIC_LENGTH_MAX + 1], text[64];
    hub->self_test.number++;
    hub->self_test.sent_ns = now->mono_ns;
    if (!links_self_test_topic(hub->links, topic))
        return;
    const int size = snprintf(text, sizeof(text), "{\"self_test\":%llu}",
                              (unsigned long long)hub->self_test.number);
    const struct outbox_say say = {.topic = topic,
                                   .payload = (const uint8_t *)text,
                                   .size = (size_t)size,
                                   .qos = 1,
                                   .urgent = true,
                                   .expiry_s = SELF_TEST_EXPIRY_S};
    outbox_say(hub->outbox, &say);
    outbox_send(hub->outbox, hub->last.mono_ns, hub->clock.speed);
}

void hub_self_test_came(struct hub *hub, const struct inbox_message *message)
{
    if (hub->self_test.sent_ns == 0 ||
        !json_load(hub->json, (const char *)message->payload, message->payload_size) ||
        json_get_number(hub->json, "$.self_test") != (double)hub->self_test.number)
        return; /* of an earlier test, given up since */
    keep_result(hub, true);
}

void hub_self_test_json(const struct hub *hub, struct json_writer *writer)
{
    const struct hub_self_test *test = &hub->self_test;
    if (!test->known)
        return;
    json_object(writer, "self_test");
    json_bool(writer, "ok", test->ok);
    json_integer(writer, "t_utc_ms", test->at_wall_ms);
    json_object_end(writer);
}

void hub_reach_look(struct hub *hub, const struct machine_time *now)
{
    struct hub_self_test *test = &hub->self_test;
    if (test->sent_ns != 0 && now->mono_ns - test->sent_ns > SELF_TEST_WAIT_NS)
        keep_result(hub, false);
    else if (test->sent_ns == 0 && now->mono_ns >= test->due_ns &&
             (test->known || links_all_connected(hub->links) ||
              now->mono_ns - hub->clock.machine_start.mono_ns > SELF_TEST_WAIT_NS))
        send_test(hub, now);
    if (now->mono_ns >= hub->clients_ns && hub->storing) {
        hub->clients_ns = now->mono_ns + SECOND_NS;
        tell(hub, now);
    }
    if (hub->in_batch)
        (void)hub_batch_commit(hub);
}
