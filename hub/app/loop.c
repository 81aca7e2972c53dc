/* The loop: one thread reads the inbox, steps, commits, sends, and sleeps until something is due.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "hub/app/hub.h"
#include "hub/io/log.h"

enum {
    BATCH_INPUTS_MAX = 512,
    BATCH_NS_MAX = 5000000,
    KEEP_OVERDUE_NS = 1000000000,  /* then housekeeping no longer waits for an idle round */
    SCAN_EVERY_NS = 20000000,      /* who is due for `stored`, while messages come */
    SCAN_IDLE_EVERY_NS = 100000000 /* and while none does */
};
#define SECOND_NS INT64_C(1000000000)
/* A round takes milliseconds. One that takes this long stood still, as its machine or disk did, and
 * what came meanwhile waits (E). */
#define STOOD_STILL_NS (5 * SECOND_NS)
/* A disk that always takes that long is no machine that froze: nothing may be put off again and
 * again for it (E). */
#define STOOD_STILL_AGAIN_NS (600 * SECOND_NS)

struct loop_signals {
    struct inbox *inbox;
    atomic_bool stop, reload, done;
    pthread_t thread;
};

static void signal_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGUSR1); /* our own: the thread may end */
}

static void *signal_thread(void *context)
{
    struct loop_signals *signals = context;
    sigset_t set;
    signal_set(&set);
    while (!atomic_load(&signals->done)) {
        int number;
        if (sigwait(&set, &number) != 0)
            continue;
        if (number == SIGHUP)
            atomic_store(&signals->reload, true);
        else if (number != SIGUSR1)
            atomic_store(&signals->stop, true);
        inbox_wake(signals->inbox);
    }
    return NULL;
}

static void drain_inbox(struct hub *hub)
{
    struct machine_time start, now;
    struct inbox_message message;
    clock_read(&start);
    for (int n = 0; n < BATCH_INPUTS_MAX && !hub->urgent; n++) {
        if (!inbox_next(hub->inbox, &message))
            break;
        hub_take(hub, &message);
        if (n % 16 == 15) {
            clock_read(&now);
            if (now.mono_ns - start.mono_ns > BATCH_NS_MAX)
                break;
        }
    }
}

/* Every wearer is told when the hub cannot keep frames, and when it can again. */
static void say_condition(struct hub *hub, uint8_t condition)
{
    struct machine_time now;
    enum wire_refusal refusal;
    clock_read(&now);
    for (int i = 0; i < hub->wearers_n; i++) {
        if (hub->wearers[i].state->configured)
            (void)hub_apply(hub, &hub->wearers[i], INPUT_HUB, INPUT_SLOT_NONE, 0, &condition, 1,
                            &now, &refusal);
    }
}

static void check_storing(struct hub *hub, const struct machine_time *now)
{
    if (hub->storing || now->mono_ns < hub->resume_check_ns)
        return;
    hub->resume_check_ns = now->mono_ns + SECOND_NS;
    if (!store_reserve_take(hub->store))
        return;
    log_line(LOG_INFO, "store-resumed", "there is room again: frames are stored");
    hub->storing = true;
    hub->condition_due = true;
}

static void reload(struct hub *hub)
{
    char error[CONFIG_ERROR_SIZE];
    struct config *config = config_load(hub->config_path, error);
    if (config == NULL) {
        log_line(LOG_ERROR, "reload-refused", "the old configuration stays: %s", error);
        return;
    }
    const struct config_hub *old = &hub->config->hub, *new = &config->hub;
    if (strcmp(old->site, new->site) != 0 || old->part != new->part ||
        strcmp(old->broker, new->broker) != 0 || strcmp(old->user, new->user) != 0 ||
        strcmp(old->database, new->database) != 0)
        log_line(LOG_WARN, "reload-restart",
                 "site, part, broker, user and database take effect at the next start");
    if (hub_configure(hub, config, error)) {
        log_line(LOG_INFO, "reloaded", "the configuration was read anew");
    } else {
        log_line(LOG_ERROR, "reload-refused", "the old configuration stays: %s", error);
        config_free(config);
    }
}

static int64_t wait_ns(const struct hub *hub, const struct machine_time *now)
{
    int64_t wait = clock_wait_ns(&hub->clock, now, hub_deadline_ns(hub));
    const int64_t scan = hub->stored_scan_ns - now->mono_ns;
    if (scan < wait)
        wait = scan;
    return wait < SECOND_NS / 10 ? wait : SECOND_NS / 10;
}

/* Daylight saving: the core knows no zones, it is told when the offset changed. */
static void follow_time_zone(struct hub *hub, const struct machine_time *now)
{
    struct hub_time time;
    clock_hub_time(&hub->clock, now, &time);
    const int offset_min = clock_utc_offset_min(time.wall_ms);
    if (offset_min == hub->utc_offset_min || !hub->storing)
        return;
    hub->utc_offset_min = offset_min;
    hub_batch_begin(hub);
    for (int i = 0; i < hub->wearers_n; i++) {
        if (hub->wearers[i].config_index >= 0)
            hub_tell_core(hub, &hub->wearers[i]);
    }
    (void)hub_batch_commit(hub);
}

/* What goes by machine time, outside of batches. */
static void periodic(struct hub *hub, const struct machine_time *now)
{
    struct hub_time time;
    clock_hub_time(&hub->clock, now, &time);
    (void)outbox_resend(hub->outbox, hub->store, time.mono_ns, hub->clock.speed);
    const unsigned out_connects = links_connects(hub->links, LINKS_OUT);
    if (out_connects != hub->out_connects)
        hub_say_open_alerts(hub);
    if (now->mono_ns >= hub->heartbeat_ns || out_connects != hub->out_connects) {
        hub->out_connects = out_connects;
        hub->heartbeat_ns = now->mono_ns + hub->config->hub.heartbeat_s * SECOND_NS;
        hub_say_state(hub);
    }
    follow_time_zone(hub, now);
    hub_reach_look(hub, now);
    hub_digest_look(hub, now);
    const unsigned data_connects = links_connects(hub->links, LINKS_DATA);
    if (data_connects != hub->data_connects) {
        hub->data_connects = data_connects;
        for (int i = 0; i < hub->intake.devices_n; i++)
            hub->intake.devices[i]->stored_now = true;
    }
    if (now->mono_ns >= hub->stored_scan_ns) {
        hub->stored_scan_ns =
            now->mono_ns + (hub_stored_scan(hub, now) ? SCAN_EVERY_NS : SCAN_IDLE_EVERY_NS);
    }
    hub_show(hub, now);
}

void hub_round(struct hub *hub)
{
    struct machine_time now;
    clock_read(&now);
    check_storing(hub, &now);
    if (hub->condition_due) {
        hub->condition_due = false;
        say_condition(hub, hub->storing ? HUB_STARTED : HUB_NOT_STORING);
    }
    drain_inbox(hub);
    clock_read(&now);
    hub_tick(hub, &now);
    if (outbox_has_acknowledgements(hub->outbox))
        hub_batch_begin(hub);
    if (hub->in_batch) {
        if (!hub_batch_commit(hub))
            usleep(20000); /* a disk that fails at once would otherwise spin */
        else if (now.mono_ns - hub->housekeeping_ns > KEEP_OVERDUE_NS)
            hub_keep_idle(hub, &now);
    } else {
        inbox_release(hub->inbox);
        hub_keep_idle(hub, &now);
    }
    periodic(hub, &now);
}

static void announce_ready(struct hub *hub, int ready_fd, bool *announced)
{
    static const char line[] = "ready\n";
    if (*announced || !links_all_connected(hub->links))
        return;
    *announced = true;
    printf("ready: %d wearers, %d devices, next input %llu\n", hub->config->wearers_n,
           hub->intake.devices_n, (unsigned long long)hub->next_seq);
    fflush(stdout);
    if (ready_fd >= 0 && write(ready_fd, line, sizeof(line) - 1) < 0)
        log_line(LOG_WARN, "ready-fd", "nobody listens on the ready descriptor");
}

static void stop(struct hub *hub)
{
    hub_batch_begin(hub);
    hub_keep_in_batch(hub, true);
    if (!hub_batch_commit(hub))
        log_line(LOG_ERROR, "stop-unsaved",
                 "the last checkpoint was not stored; the journal has all");
    hub_say_offline(hub); /* after the batch's own messages; links_close waits until they left */
    log_line(LOG_INFO, "stopped", "stopped in good order");
}

void hub_stood_still(struct hub *hub, int64_t for_ns, const struct machine_time *now)
{
    if (for_ns < STOOD_STILL_NS || !hub->storing || now->mono_ns < hub->still_ns)
        return;
    hub->still_ns = now->mono_ns + STOOD_STILL_AGAIN_NS;
    log_line(LOG_WARN, "stood-still", "nothing went on for %.1f s: what waited comes now",
             (double)for_ns / 1e9);
    hub->condition_due = true;
}

int loop_run(struct hub *hub, int ready_fd)
{
    struct loop_signals signals = {.inbox = hub->inbox};
    char error[CONFIG_ERROR_SIZE];
    sigset_t set;
    bool announced = false;
    signal_set(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL); /* before any thread is made */
    if (!links_start(hub->links, &hub->config->hub, hub->clock.speed, hub->outbox, error)) {
        fprintf(stderr, "stridehub: %s\n", error);
        return 1;
    }
    if (pthread_create(&signals.thread, NULL, signal_thread, &signals) != 0)
        return 1;
    struct machine_time now;
    clock_read(&now);
    int64_t round_ns = now.mono_ns;
    while (!atomic_load(&signals.stop)) {
        clock_read(&now);
        inbox_wait(hub->inbox, wait_ns(hub, &now));
        clock_read(&now);
        hub_stood_still(hub, now.mono_ns - round_ns, &now);
        round_ns = now.mono_ns;
        if (atomic_exchange(&signals.reload, false))
            reload(hub);
        hub_round(hub);
        announce_ready(hub, ready_fd, &announced);
    }
    stop(hub);
    atomic_store(&signals.done, true);
    pthread_kill(signals.thread, SIGUSR1);
    pthread_join(signals.thread, NULL);
    return 0;
}
