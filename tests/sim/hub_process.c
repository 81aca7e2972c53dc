/* The hub as a process: started, woken (on time or not), killed at any point, started again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

enum { IDLE_LOOK_S = 10, BUSY_LOOK_MS = 50, STUCK_LOOK_MS = 250, BUSY_FOR_S = 2, GRACE_MS = 2500 };

int64_t hub_process_now_ns(struct world *world)
{
    struct sim_hub *hub = &world->hub;
    if (hub->hub != NULL) {
        struct machine_time now;
        struct hub_time time;
        clock_read(&now);
        clock_hub_time(&hub->hub->clock, &now, &time);
        hub->last_hub_ns = time.mono_ns;
    }
    return hub->last_hub_ns;
}

/* ---------------------------------------------------------------- what keeps it from speaking */

static bool is_impaired(const struct world *world)
{
    const struct sim_hub *hub = &world->hub;
    return hub->hub == NULL || !world->clients[CLIENT_HUB].connected ||
           world->now_ns < hub->stalled_until_ns || world->disk.full ||
           world->now_ns < world->disk.fails_until_ns ||
           world->now_ns < world->disk.closed_until_ns || !hub->hub->storing || hub->hub->unknown;
}

static void recovered(struct world *world, const struct event *event)
{
    struct sim_hub *hub = &world->hub;
    if (!hub->impaired || (uint64_t)event->tag != (uint64_t)hub->impaired_from_ns)
        return;
    if (is_impaired(world)) {
        world_at(world, world->now_ns + SIM_SECOND / 2, recovered, 0, event->tag, NULL);
        return;
    }
    if (hub->impairments_n == hub->impairments_room) {
        hub->impairments_room = hub->impairments_room == 0 ? 64 : 2 * hub->impairments_room;
        hub->impairments =
            realloc(hub->impairments, (size_t)hub->impairments_room * sizeof(hub->impairments[0]));
    }
    hub->impairments[hub->impairments_n].from_ns = hub->impaired_from_ns;
    hub->impairments[hub->impairments_n++].to_ns = hub_process_now_ns(world) + GRACE_MS * SIM_MS;
    hub->impaired = false;
}

void hub_process_impaired(struct world *world)
{
    struct sim_hub *hub = &world->hub;
    if (hub->impaired || !is_impaired(world))
        return;
    hub->impaired = true;
    hub->impaired_from_ns = hub_process_now_ns(world);
    world_at(world, world->now_ns + SIM_SECOND / 2, recovered, 0, (uint64_t)hub->impaired_from_ns,
             NULL);
}

/* ---------------------------------------------------------------- rounds */

static int64_t next_round_ns(const struct world *world)
{
    const struct hub *hub = world->hub.hub;
    struct machine_time now;
    struct inbox_stats inbox;
    clock_read(&now);
    inbox_stats(hub->inbox, &inbox);
    if (inbox.bytes[INBOX_CONTROL] + inbox.bytes[INBOX_DATA] > 0 && hub->storing)
        return world->now_ns + SIM_MS / 10;
    int64_t wait_ns = clock_wait_ns(&hub->clock, &now, hub_deadline_ns(hub));
    int64_t look_ns = IDLE_LOOK_S * SIM_SECOND;
    if (world->now_ns < world->hub.busy_until_ns)
        look_ns = BUSY_LOOK_MS * SIM_MS;
    if (!hub->storing || hub->unknown)
        look_ns = STUCK_LOOK_MS * SIM_MS;
    if (look_ns < wait_ns)
        wait_ns = look_ns;
    return world->now_ns + (wait_ns > SIM_MS ? wait_ns : SIM_MS);
}

static void bury(struct world *world);

/* As the loop does that waits in between (loop.c). */
static void notice_standstill(struct world *world)
{
    struct sim_hub *hub = &world->hub;
    struct machine_time now;
    clock_read(&now);
    if (hub->stalled_from_ns != INT64_MAX)
        hub_stood_still(hub->hub, world->now_ns - hub->stalled_from_ns, &now);
    hub->stalled_from_ns = INT64_MAX;
}

static void round_happens(struct world *world, const struct event *event)
{
    struct sim_hub *hub = &world->hub;
    if (hub->hub == NULL || event->tag != hub->generation || event->at_ns != hub->round_ns)
        return;
    hub->round_ns = INT64_MAX;
    if (world->now_ns < hub->stalled_until_ns) {
        hub_process_wake(world, hub->stalled_until_ns);
        return;
    }
    notice_standstill(world);
    hub_round(hub->hub);
    if (!hub->dying && world->now_ns >= hub->checkpoint_ns) {
        /* As a stop in good order does: without it a day is too short for a checkpoint. */
        hub->checkpoint_ns = world->now_ns + between(world, SIM_MINUTE, 3 * SIM_HOUR);
        hub_batch_begin(hub->hub);
        hub_keep_in_batch(hub->hub, true);
        (void)hub_batch_commit(hub->hub);
    }
    if (hub->dying) {
        bury(world);
        return;
    }
    hub_process_impaired(world);
    hub_process_wake(world, next_round_ns(world) + between(world, 0, SIM_MS));
}

void hub_process_wake(struct world *world, int64_t at_ns)
{
    struct sim_hub *hub = &world->hub;
    if (at_ns < hub->stalled_until_ns)
        at_ns = hub->stalled_until_ns;
    if (hub->hub == NULL || at_ns >= hub->round_ns)
        return;
    hub->round_ns = at_ns > world->now_ns ? at_ns : world->now_ns;
    world_at(world, hub->round_ns, round_happens, 0, hub->generation, NULL);
}

void hub_process_receive(struct world *world, const struct message *message)
{
    struct sim_hub *hub = &world->hub;
    struct inbox_message in = {.topic = message->topic,
                               .retained = message->retained,
                               .payload_size = message->size,
                               .payload = message->bytes};
    clock_read(&in.at);
    if (message->response[0] != '\0') {
        in.response_topic = message->response;
        in.response_size = (uint16_t)strlen(message->response);
    }
    (void)inbox_put(hub->hub->inbox, inbox_lane_of(in.topic.kind), &in, 0);
    hub->busy_until_ns = world->now_ns + BUSY_FOR_S * SIM_SECOND;
    hub_process_wake(world, world->now_ns + between(world, SIM_MS / 20, 2 * SIM_MS));
}

void hub_process_link(struct world *world, bool up)
{
    struct sim_hub *hub = &world->hub;
    hub->connects += up;
    if (hub->hub != NULL) {
        outbox_link_changed(hub->hub->outbox, false, up);
        outbox_link_changed(hub->hub->outbox, true, up);
        hub_process_wake(world, world->now_ns);
    }
    hub_process_impaired(world);
}

/* ---------------------------------------------------------------- life and death */

static void start_again(struct world *world, const struct event *event)
{
    (void)event;
    hub_process_start(world);
    broker_seek(world, CLIENT_HUB, between(world, SIM_SECOND / 10, SIM_SECOND));
}

void hub_process_start(struct world *world)
{
    struct sim_hub *hub = &world->hub;
    char error[CONFIG_ERROR_SIZE] = "";
    const struct hub_options options = {.config_path = "home.conf", .clock_speed = 1};
    if (hub->hub != NULL)
        return;
    hub->hub = hub_open(&options, error);
    if (hub->hub == NULL) { /* a disk that cannot be read: the supervisor tries again */
        world_trace(world, "hub cannot start: %s", error);
        world_at(world, world->now_ns + SIM_SECOND, start_again, 0, 0, NULL);
        return;
    }
    hub->generation++;
    hub->stalled_from_ns = INT64_MAX;
    hub->dying = false;
    hub->connects = 0;
    hub->round_ns = INT64_MAX;
    world->counts[COUNT_REPLAYS]++;
    if (hub->hub->counts.replay_mismatches > 0)
        world_fail(world, "after a start the journal gives other decisions than were made live");
    world_trace(world, "hub started, next input %llu", (unsigned long long)hub->hub->next_seq);
    hub_process_wake(world, world->now_ns);
    hub_process_impaired(world);
}

static void bury(struct world *world)
{
    struct sim_hub *hub = &world->hub;
    (void)hub_process_now_ns(world);
    hub->dying = true;
    hub_close(hub->hub);
    hub->hub = NULL;
    hub->kill_in = 0;
    broker_disconnect(world, CLIENT_HUB, false);
    hub_process_impaired(world);
    if (hub->round_ns == INT64_MIN) /* for good */
        return;
    int64_t away_ns = between(world, SIM_SECOND / 10, 2 * SIM_SECOND);
    if (!world->over && chance(world, 0.1))
        away_ns = between(world, SIM_MINUTE, 2 * SIM_HOUR);
    world_at(world, world->now_ns + away_ns, start_again, 0, 0, NULL);
}

bool hub_process_dies(struct world *world, enum kill_point point)
{
    static const enum sim_count counts[] = {COUNT_KILLS_BEFORE_COMMIT, COUNT_KILLS_AFTER_COMMIT,
                                            COUNT_KILLS_AT_PUBLISH};
    struct sim_hub *hub = &world->hub;
    if (hub->dying || hub->kill_in == 0 || --hub->kill_in > 0)
        return hub->dying;
    world->counts[COUNT_HUB_KILLS]++;
    world->counts[counts[point]]++;
    world_trace(world, "hub killed %s",
                point == KILL_BEFORE_COMMIT  ? "before a commit"
                : point == KILL_AFTER_COMMIT ? "after a commit"
                                             : "between two publishes");
    hub->dying = true;
    return true;
}

/* `away_ns` < 0: for good. */
void hub_process_kill(struct world *world, int64_t away_ns, bool machine_too)
{
    struct sim_hub *hub = &world->hub;
    if (hub->hub == NULL)
        return;
    if (away_ns >= 0) {
        world->counts[COUNT_HUB_KILLS]++;
        world_trace(world, "hub killed%s", machine_too ? " with its machine" : "");
    } else {
        hub->round_ns = INT64_MIN;
    }
    bury(world);
    if (machine_too) {
        world->counts[COUNT_MACHINE_BOOTS]++;
        world->machine_boots_n++;
        world->boot_ns = world->now_ns - between(world, SIM_SECOND / 10, SIM_SECOND);
    }
}
