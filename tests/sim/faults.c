/* What befalls a home: each kind of fault as a process of its own, the rarer the calmer the home.
 */
#include "tests/sim/sim.h"

static void again(struct world *world, event_fn *fault, double a_day)
{
    const double rate = a_day * world->storm;
    if (rate <= 0 || world->over)
        return;
    double u = random_unit(&world->random) + 1e-9;
    double days = 0;
    while (u < 0.9 && days < 4) { /* about exponential, and the same bits everywhere */
        days += 0.3;
        u += random_unit(&world->random) * 0.5;
    }
    days = (days + random_unit(&world->random) * 0.6) / rate;
    if (days < 1000)
        world_at(world, world->now_ns + (int64_t)(days * (double)SIM_DAY), fault, 0, 0, NULL);
}

static void kill_hub(struct world *world, const struct event *event)
{
    (void)event;
    if (world->over)
        return;
    if (chance(world, 0.5))
        world->hub.kill_in = (int)between(world, 1, 40);
    else
        hub_process_kill(world, 0, chance(world, 0.3));
    again(world, kill_hub, 20);
}

static void kill_broker(struct world *world, const struct event *event)
{
    (void)event;
    if (world->over)
        return;
    broker_kill(world, chance(world, 0.9) ? between(world, SIM_SECOND / 10, 5 * SIM_SECOND)
                                          : between(world, SIM_MINUTE, SIM_HOUR));
    again(world, kill_broker, 8);
}

static void stall_hub(struct world *world, int64_t for_ns)
{
    struct sim_hub *hub = &world->hub;
    if (world->now_ns >= hub->stalled_until_ns)
        hub->stalled_from_ns = world->now_ns;
    if (world->now_ns + for_ns > hub->stalled_until_ns)
        hub->stalled_until_ns = world->now_ns + for_ns;
    hub_process_impaired(world);
}

static void stall(struct world *world, const struct event *event)
{
    (void)event;
    if (world->over)
        return;
    const int64_t for_ns = chance(world, 0.9) ? between(world, SIM_SECOND / 10, 5 * SIM_SECOND)
                                              : between(world, 5 * SIM_SECOND, 5 * SIM_MINUTE);
    world->counts[COUNT_STALLS]++;
    stall_hub(world, for_ns);
    again(world, stall, 60);
}

/* The machine of hub and broker stands still, for longer than the pause that ends a walk. */
static void stand_still(struct world *world, const struct event *event)
{
    const int64_t for_ns = (int64_t)event->tag;
    if (world->over)
        return;
    world->counts[COUNT_STANDSTILLS]++;
    world_trace(world, "all stands still for %.0f s", (double)for_ns / 1e9);
    world->broker.still_until_ns = world->now_ns + for_ns;
    stall_hub(world, for_ns);
}

static void room_again(struct world *world, const struct event *event)
{
    (void)event;
    world->disk.full = false;
    world_trace(world, "disk has room");
}

static void fill_disk(struct world *world, const struct event *event)
{
    (void)event;
    if (world->over)
        return;
    if (chance(world, 0.5)) {
        world->counts[COUNT_DISK_FULL]++;
        world->disk.full = true;
        world_trace(world, "disk is full");
        world_at(world, world->now_ns + between(world, SIM_SECOND, SIM_HOUR), room_again, 0, 0,
                 NULL);
    } else {
        world->disk.fails_until_ns = world->now_ns + between(world, SIM_MS, SIM_SECOND);
    }
    hub_process_impaired(world);
    again(world, fill_disk, 4);
}

static void wall_back(struct world *world, const struct event *event)
{
    world->wall_offset_ms = (int64_t)event->tag;
}

static void jump_clock(struct world *world, const struct event *event)
{
    static const int64_t epoch_2038_ms = INT64_C(2147483000) * 1000;
    const int64_t right_ms = world->wall_offset_ms, now_ms = world->now_ns / SIM_MS;
    (void)event;
    if (world->over)
        return;
    const int how = (int)between(world, 0, 5);
    world->counts[COUNT_CLOCK_JUMPS]++;
    if (how < 2)
        world->wall_offset_ms += how == 0 ? 3600000 : -3600000;
    else if (how == 2)
        world->wall_offset_ms = -now_ms + between(world, 0, 86400000);
    else if (how == 3)
        world->wall_offset_ms = epoch_2038_ms - now_ms;
    else
        world->utc_offset_min += world->utc_offset_min > 0 ? -60 : 60;
    world_trace(world, "clock jumps (%d)", how);
    if (how == 2 || how == 3)
        world_at(world, world->now_ns + between(world, SIM_SECOND, 6 * SIM_HOUR), wall_back, 0,
                 (uint64_t)right_ms, NULL);
    again(world, jump_clock, 2);
}

static void back_in_range(struct world *world, const struct event *event)
{
    device_range(world, event->who, true);
}

static void hurt_device(struct world *world, const struct event *event)
{
    (void)event;
    if (world->over)
        return;
    const int index = (int)between(world, 0, world->devices_n), how = (int)between(world, 0, 5);
    if (how == 0) {
        device_reboot(world, index);
    } else if (how == 1) {
        device_jump(world, index, between(world, 1000, 5000000));
    } else {
        device_range(world, index, false);
        world_at(world, world->now_ns + between(world, SIM_SECOND, 20 * SIM_MINUTE), back_in_range,
                 index, 0, NULL);
    }
    again(world, hurt_device, 40);
}

static void meet_kill(struct world *world, const struct event *event)
{
    (void)event;
    if (!world->over)
        world->hub.kill_in = (int)between(world, 1, 12);
}

static void meet_broker(struct world *world, const struct event *event)
{
    (void)event;
    if (!world->over)
        broker_kill(world, between(world, SIM_SECOND / 10, 20 * SIM_SECOND));
}

static void meet_disk(struct world *world, const struct event *event)
{
    (void)event;
    if (!world->over)
        world->disk.fails_until_ns = world->now_ns + between(world, SIM_MS, SIM_SECOND / 2);
    hub_process_impaired(world);
}

static void meet_stillness(struct world *world, int64_t within_ns)
{
    const double share = 0.08 * world->storm; /* of the walks */
    const double least_s = 620, most_s = 2400;
    struct random *random = &world->stillness;
    if (random_unit(random) >= share)
        return;
    const int64_t at_ns = world->now_ns + (int64_t)(random_unit(random) * (double)within_ns);
    const double for_s = least_s + random_unit(random) * (most_s - least_s);
    world_at(world, at_ns, stand_still, 0, (uint64_t)(for_s * 1e9), NULL);
}

void faults_meet(struct world *world, int64_t within_ns)
{
    static event_fn *const faults[] = {meet_kill, meet_kill, meet_kill, meet_broker, meet_disk};
    for (unsigned i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        if (chance(world, world->storm))
            world_at(world, world->now_ns + between(world, 0, within_ns), faults[i], 0, 0, NULL);
    }
    meet_stillness(world, within_ns);
}

void faults_open(struct world *world)
{
    static event_fn *const faults[] = {kill_hub,  kill_broker, stall,
                                       fill_disk, jump_clock,  hurt_device};
    world->broker.loss = 0.02 * world->storm;
    world->broker.doubled = 0.05 * world->storm;
    world->broker.late = 0.02 * world->storm;
    for (unsigned i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        again(world, faults[i], 10);
}

void faults_end(struct world *world)
{
    world->hub.kill_in = 0;
    world->disk.full = false;
    world->disk.fails_until_ns = world->disk.closed_until_ns = 0;
    world->hub.stalled_until_ns = world->broker.still_until_ns = world->now_ns;
    for (int i = 0; i < world->devices_n; i++)
        device_range(world, i, true);
    for (int i = 0; i < world->caregivers_n; i++)
        world->caregivers[i].online = true;
    world->broker.up = true;
    hub_process_start(world);
    for (int who = 0; who < SIM_CLIENTS; who++)
        broker_seek(world, who, between(world, SIM_SECOND / 10, SIM_SECOND));
    hub_process_wake(world, world->now_ns);
}
