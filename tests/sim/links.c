/* In place of hub/app/links.c: the hub's three connections as one to the modelled broker. */
#include "hub/app/links.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

const char links_will[] = "{\"state\":\"offline\"}";

struct links {
    struct topic_root root;
    struct inbox *inbox;
};

struct links *links_new(const struct topic_root *root, struct inbox *inbox)
{
    struct links *links = calloc(1, sizeof(*links));
    links->root = *root;
    links->inbox = inbox;
    return links;
}

bool links_start(struct links *links, const struct config_hub *hub, double speed,
                 struct outbox *outbox, char *error)
{
    (void)links;
    (void)hub;
    (void)speed;
    (void)outbox;
    (void)error;
    return false; /* belongs to loop_run, which is not simulated */
}

void links_close(struct links *links)
{
    free(links);
}

/* The broker has it: the PUBACK is on its way. A connection that went first says so instead. */
static void acknowledged(struct world *world, const struct event *event)
{
    struct sim_hub *hub = &world->hub;
    if (hub->hub == NULL || (uint64_t)event->who != hub->generation % 1000000)
        return;
    outbox_acknowledged(hub->hub->outbox, event->tag, 0);
    hub_process_wake(world, world->now_ns);
}

/* What is promised must be true when it leaves, not only when it arrives. */
static void promised(struct world *world, const struct sim_say *say)
{
    static struct wire_arena arena;
    struct wire_stored stored;
    const int device = device_find(world, say->topic.owner);
    if (say->topic.kind == TOPIC_STORED && device >= 0 &&
        wire_decode_stored(&arena, say->bytes, say->size, &stored) == WIRE_OK)
        check_receipt(world, device, &stored);
    if (say->topic.kind == TOPIC_ACCOUNT_RESPONSE && strstr(say->bytes, "\"ok\":true") != NULL)
        check_answer(world, say->topic.owner, say->topic.item);
}

static void observe(struct world *world, const struct sim_say *say)
{
    promised(world, say);
    if (say->topic.kind == TOPIC_ACCOUNT_NOTICE && say->size > 0)
        check_told(world, say->topic.owner, say->topic.item);
    world_hash(world, say->topic.owner, strlen(say->topic.owner));
    world_hash(world, say->bytes, say->size);
}

enum link_error links_publish(void *context, bool urgent, const struct link_publish *publish)
{
    const struct links *links = context;
    struct world *world = world_now();
    struct sim_say say = {.bytes = publish->payload,
                          .size = publish->size,
                          .qos = publish->qos,
                          .retain = publish->retain,
                          .expiry_s = publish->expiry_s};
    (void)urgent;
    if (hub_process_dies(world, KILL_AT_PUBLISH))
        return LINK_OK; /* nobody is there to see it */
    if (!world->clients[CLIENT_HUB].connected)
        return LINK_NOT_CONNECTED;
    if (!topic_parse(&links->root, publish->topic, strlen(publish->topic), &say.topic)) {
        world_fail(world, "the hub publishes to %s, which is no topic", publish->topic);
        return LINK_FAILED;
    }
    if (!broker_publish(world, &say))
        return LINK_NOT_CONNECTED;
    observe(world, &say);
    if (publish->token != 0)
        world_at(world, world->now_ns + between(world, SIM_MS / 10, 5 * SIM_MS), acknowledged,
                 (int)(world->hub.generation % 1000000), publish->token, NULL);
    return LINK_OK;
}

bool links_self_test_topic(const struct links *links, char out[TOPIC_LENGTH_MAX + 1])
{
    const struct topic topic = {.kind = TOPIC_ACCOUNT_NOTICE, .owner = "hub", .item = "self-test"};
    return topic_format(&links->root, &topic, out, TOPIC_LENGTH_MAX + 1) > 0;
}

unsigned links_connects(struct links *links, enum links_which which)
{
    (void)links;
    (void)which;
    return world_now()->hub.connects;
}

bool links_all_connected(struct links *links)
{
    (void)links;
    return world_now()->clients[CLIENT_HUB].connected;
}

void links_stats(struct links *links, enum links_which which, struct link_stats *out)
{
    (void)links;
    (void)which;
    memset(out, 0, sizeof(*out));
}

const char *links_name(enum links_which which)
{
    static const char *const names[LINKS_N] = {"data", "control", "out"};
    return names[which];
}
