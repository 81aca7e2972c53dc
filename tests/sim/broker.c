/* A broker that acknowledges from memory: it may lose, double, delay and reorder, keeps queues for
 * clients that are away, honours the expiry of messages, and forgets all of it when it is killed
 * without persistence. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

enum { QUEUE_MAX = 20000 /* deploy/mosquitto */, DELAY_MAX_MS = 12 };

void message_release(struct message *message)
{
    if (--message->references == 0)
        free(message); /* NOLINT(clang-analyzer-unix.Malloc): the count is right, it loses track */
}

/* ---------------------------------------------------------------- to a client */

static void enqueue(struct world *world, struct sim_client *client, struct message *message)
{
    if (client->queue_n == QUEUE_MAX) {
        world->counts[COUNT_LOST]++;
        return;
    }
    if (client->queue_n == client->queue_room) {
        client->queue_room = client->queue_room == 0 ? 16 : 2 * client->queue_room;
        client->queue =
            realloc(client->queue, (size_t)client->queue_room * sizeof(struct message *));
    }
    message->references++;
    client->queue[client->queue_n++] = message;
}

static void hand_over(struct world *world, int who, const struct message *message)
{
    if (who == CLIENT_HUB)
        hub_process_receive(world, message);
    else if (who < CLIENT_CAREGIVER)
        device_receive(world, who - CLIENT_DEVICE, message);
    else
        people_receive(world, who - CLIENT_CAREGIVER, message);
}

static void arrive(struct world *world, const struct event *event)
{
    struct sim_client *client = &world->clients[event->who];
    struct message *message = event->message;
    if (world->now_ns < world->broker.still_until_ns) {
        world_at(world, world->broker.still_until_ns, arrive, event->who, 0, message);
        return;
    }
    const bool gone =
        message->epoch != world->broker.epoch || (message->qos == 0 && !client->connected);
    if (gone) {
        world->counts[COUNT_LOST]++;
    } else if (message->expires_ns != 0 && world->now_ns > message->expires_ns) {
        world->counts[COUNT_EXPIRED]++;
    } else if (client->connected) {
        hand_over(world, event->who, message);
    } else {
        enqueue(world, client, message);
    }
    message_release(message);
}

static void send(struct world *world, int who, struct message *message, int64_t delay_ns)
{
    message->references++;
    world_at(world, world->now_ns + delay_ns, arrive, who, 0, message);
}

static int64_t delay_of(struct world *world)
{
    int64_t delay_ns = between(world, SIM_MS / 5, DELAY_MAX_MS * SIM_MS);
    if (world->over || !chance(world, world->broker.late))
        return delay_ns;
    world->counts[COUNT_LATE]++;
    delay_ns = between(world, SIM_SECOND, 20 * SIM_SECOND);
    return chance(world, 0.02) ? 100 * delay_ns : delay_ns;
}

/* ---------------------------------------------------------------- routes */

static int client_of(const struct world *world, const struct topic *topic)
{
    switch (topic->kind) {
    case TOPIC_HELLO:
    case TOPIC_FRAME:
    case TOPIC_REPORT:
    case TOPIC_FEEDBACK:
    case TOPIC_LINK:
    case TOPIC_ACCOUNT_REQUEST:
        return CLIENT_HUB;
    case TOPIC_STORED:
    case TOPIC_PROMPT:
    case TOPIC_REQUEST: {
        const int device = device_find(world, topic->owner);
        return device < 0 ? -1 : CLIENT_DEVICE + device;
    }
    case TOPIC_ACCOUNT_NOTICE:
    case TOPIC_ACCOUNT_DIGEST:
    case TOPIC_ACCOUNT_RESPONSE:
        for (int i = 0; i < world->caregivers_n; i++) {
            if (strcmp(world->caregivers[i].account, topic->owner) == 0)
                return CLIENT_CAREGIVER + i;
        }
        return strcmp(topic->item, "self-test") == 0 ? CLIENT_HUB : -1;
    case TOPIC_UNKNOWN:
    case TOPIC_WEARER_LIVE:
    case TOPIC_WEARER_STATE:
    case TOPIC_WEARER_SESSION:
    case TOPIC_WEARER_ALERT:
    case TOPIC_HUB_STATE:
    case TOPIC_KINDS:
        break;
    }
    return -1;
}

static bool same_topic(const struct topic *a, const struct topic *b)
{
    return a->kind == b->kind && strcmp(a->owner, b->owner) == 0 && strcmp(a->item, b->item) == 0;
}

static void retain(struct sim_broker *broker, struct message *message)
{
    int at = 0;
    while (at < broker->retained_n && !same_topic(&broker->retained[at]->topic, &message->topic))
        at++;
    if (at < broker->retained_n) {
        message_release(broker->retained[at]);
        broker->retained[at] = broker->retained[--broker->retained_n];
    }
    if (message->size == 0)
        return;
    if (broker->retained_n == broker->retained_room) {
        broker->retained_room = broker->retained_room == 0 ? 16 : 2 * broker->retained_room;
        broker->retained =
            realloc(broker->retained, (size_t)broker->retained_room * sizeof(struct message *));
    }
    message->references++;
    broker->retained[broker->retained_n++] = message;
}

static struct message *message_of(const struct world *world, const struct sim_say *say)
{
    struct message *message = calloc(1, sizeof(*message) + say->size + 1);
    message->references = 1;
    message->topic = say->topic;
    message->qos = say->qos;
    message->epoch = world->broker.epoch;
    message->size = (uint32_t)say->size;
    if (say->size > 0)
        memcpy(message->bytes, say->bytes, say->size);
    if (say->expiry_s > 0)
        message->expires_ns = world->now_ns + say->expiry_s * SIM_SECOND;
    if (say->response != NULL)
        snprintf(message->response, sizeof(message->response), "%s", say->response);
    return message;
}

bool broker_publish(struct world *world, const struct sim_say *say)
{
    struct sim_broker *broker = &world->broker;
    if (!broker->up)
        return false;
    struct message *message = message_of(world, say);
    const int who = client_of(world, &say->topic);
    const bool lossy = !world->over && !say->retain;
    if (say->retain)
        retain(broker, message);
    if (who >= 0 && lossy && chance(world, broker->loss)) {
        world->counts[COUNT_LOST]++;
    } else if (who >= 0) {
        send(world, who, message, delay_of(world));
        if (say->qos > 0 && lossy && chance(world, broker->doubled)) {
            world->counts[COUNT_DOUBLED]++;
            send(world, who, message, delay_of(world));
        }
    }
    message_release(message);
    return true;
}

/* ---------------------------------------------------------------- connections */

static bool wanted(const struct world *world, int who)
{
    if (who == CLIENT_HUB)
        return world->hub.hub != NULL;
    if (who < CLIENT_CAREGIVER) {
        const struct sim_device *device = &world->devices[who - CLIENT_DEVICE];
        return who - CLIENT_DEVICE < world->devices_n && device->powered && device->in_range;
    }
    return who - CLIENT_CAREGIVER < world->caregivers_n &&
           world->caregivers[who - CLIENT_CAREGIVER].online;
}

void broker_connect(struct world *world, int who)
{
    struct sim_client *client = &world->clients[who];
    struct sim_broker *broker = &world->broker;
    client->connected = true;
    if (who == CLIENT_HUB)
        hub_process_link(world, true);
    else if (who < CLIENT_CAREGIVER)
        device_link_up(world, who - CLIENT_DEVICE);
    int64_t delay_ns = SIM_MS;
    for (int i = 0; i < client->queue_n; i++) {
        send(world, who, client->queue[i], delay_ns);
        delay_ns += SIM_MS / 10;
        message_release(client->queue[i]);
    }
    client->queue_n = 0;
    for (int i = 0; i < broker->retained_n; i++) {
        if (client_of(world, &broker->retained[i]->topic) == who)
            send(world, who, broker->retained[i], SIM_MS);
    }
}

static void seek(struct world *world, const struct event *event)
{
    struct sim_client *client = &world->clients[event->who];
    if (client->connected || event->tag != client->connection || !wanted(world, event->who))
        return;
    if (world->broker.up)
        broker_connect(world, event->who);
    else
        broker_seek(world, event->who, between(world, SIM_SECOND / 5, 2 * SIM_SECOND));
}

void broker_seek(struct world *world, int who, int64_t delay_ns)
{
    world_at(world, world->now_ns + delay_ns, seek, who, ++world->clients[who].connection, NULL);
}

void broker_disconnect(struct world *world, int who, bool tell)
{
    struct sim_client *client = &world->clients[who];
    client->connection++;
    if (!client->connected)
        return;
    client->connected = false;
    if (who == CLIENT_HUB && tell)
        hub_process_link(world, false);
    else if (who >= CLIENT_DEVICE && who < CLIENT_CAREGIVER)
        device_link_down(world, who - CLIENT_DEVICE);
}

static void forget_all(struct world *world)
{
    struct sim_broker *broker = &world->broker;
    for (int who = 0; who < SIM_CLIENTS; who++) {
        struct sim_client *client = &world->clients[who];
        world->counts[COUNT_LOST] += (uint64_t)client->queue_n;
        for (int i = 0; i < client->queue_n; i++)
            message_release(client->queue[i]);
        client->queue_n = 0;
    }
    for (int i = 0; i < broker->retained_n; i++)
        message_release(broker->retained[i]);
    broker->retained_n = 0;
}

static void come_back(struct world *world, const struct event *event)
{
    (void)event;
    world->broker.up = true;
    world_trace(world, "broker is back");
    hub_process_impaired(world);
}

void broker_kill(struct world *world, int64_t down_ns)
{
    struct sim_broker *broker = &world->broker;
    if (!broker->up)
        return;
    world->counts[COUNT_BROKER_KILLS]++;
    world_trace(world, "broker killed for %.1f s, persistence %s", (double)down_ns / 1e9,
                broker->keeps ? "on" : "off");
    broker->up = false;
    broker->epoch++;
    for (int who = 0; who < SIM_CLIENTS; who++) {
        if (!world->clients[who].connected)
            continue;
        broker_disconnect(world, who, true);
        broker_seek(world, who, down_ns + between(world, SIM_SECOND / 5, 2 * SIM_SECOND));
    }
    if (!broker->keeps)
        forget_all(world);
    for (int who = 0; who < SIM_CLIENTS; who++) {
        for (int i = 0; i < world->clients[who].queue_n; i++)
            world->clients[who].queue[i]->epoch = broker->epoch;
    }
    for (int i = 0; i < broker->retained_n; i++)
        broker->retained[i]->epoch = broker->epoch;
    world_at(world, world->now_ns + down_ns, come_back, 0, 0, NULL);
    hub_process_impaired(world);
}

void broker_free(struct world *world)
{
    forget_all(world);
    for (int who = 0; who < SIM_CLIENTS; who++)
        free(world->clients[who].queue);
    free(world->broker.retained);
}
