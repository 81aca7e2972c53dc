/* What a link does next: its states, its back-off and its reports to the user.
 *
 * Paho's own automatic reconnect is not used: it forgets its back-off on every CONNACK, does not
 * call onSuccess again (so nobody would subscribe), and keeps the handle (see link_paho.c).
 *
 * Callbacks of Paho only leave a note in `struct link`.events and wake the supervisor's thread;
 * every change of state happens here on that thread, so there is one order of events per link. */
#include <assert.h>
#include <string.h>

#include "proto/link_private.h"

enum { TICK_NS = 4000000, NS_PER_MS = 1000000 };

/* splitmix64; the low bits are as good as the high ones. */
static uint64_t random_next(struct link *link)
{
    uint64_t z = link->random += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Deadlines fall on a grid of 4 ms, so that a storm of links is walked once per tick. */
static void set_deadline(struct link *link, uint64_t wait_ms)
{
    uint64_t at_ns = link_now_ns() + wait_ms * NS_PER_MS;
    link->deadline_ns = (at_ns + TICK_NS - 1) / TICK_NS * TICK_NS;
    supervisor_by(link->deadline_ns);
}

static void set_state(struct link *link, enum link_state state)
{
    pthread_mutex_lock(&link->mutex);
    link->state = state;
    link->events =
        state == LINK_WAITING || state == LINK_CONNECTING ? (struct link_events){0} : link->events;
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->mutex);
}

/* Half to all of the present back-off, which doubles unless the link had proved itself. */
static void wait_for_next(struct link *link)
{
    const struct link_options *options = &link->options;
    if (link->up_since_ns &&
        link_now_ns() - link->up_since_ns >= (uint64_t)options->stable_ms * NS_PER_MS) {
        link->backoff_ms = options->backoff_min_ms;
    }
    link->up_since_ns = 0;
    uint32_t half = link->backoff_ms / 2;
    set_deadline(link, half + random_next(link) % (link->backoff_ms - half + 1));
    link->backoff_ms = link->backoff_ms > options->backoff_max_ms / 2 ? options->backoff_max_ms
                                                                      : link->backoff_ms * 2;
    set_state(link, LINK_WAITING);
}

/* After this no callback of Paho for this connection is running or will come. */
static void tear_down(struct link *link)
{
    pthread_mutex_lock(&link->mutex);
    link->state = LINK_LEAVING;
    while (link->publishers > 0) {
        pthread_cond_wait(&link->changed, &link->mutex);
    }
    uint32_t touched = link->slots_touched;
    pthread_mutex_unlock(&link->mutex);
    paho_destroy(link);
    for (uint32_t i = 0; i < touched; i++) {
        link_slot_done(&link->slots[i], LINK_REASON_LOST);
    }
}

static void report_lost(struct link *link)
{
    if (!link->reported_up) {
        return;
    }
    link->reported_up = false;
    pthread_mutex_lock(&link->mutex);
    link->losses++;
    char why[sizeof link->last_error];
    memcpy(why, link->last_error, sizeof why);
    pthread_mutex_unlock(&link->mutex);
    if (link->callbacks.lost) {
        link->callbacks.lost(link->callbacks.context, why);
    }
}

/* The handle is gone; either the user is done, or the next attempt gets its time. */
static void settle(struct link *link, bool close_wanted)
{
    if (close_wanted) {
        supervisor_forget(link);
        set_state(link, LINK_CLOSED); /* link_close may free it from here on */
        return;
    }
    report_lost(link);
    wait_for_next(link);
    pthread_mutex_lock(&link->mutex);
    link->abort_wanted = false;
    pthread_cond_broadcast(&link->changed);
    pthread_mutex_unlock(&link->mutex);
}

static void attempt(struct link *link)
{
    set_state(link, LINK_CONNECTING);
    set_deadline(link, LINK_ATTEMPT_MS);
    enum link_error error = paho_connect(link);
    if (error != LINK_OK) {
        tear_down(link);
        wait_for_next(link);
    }
}

static void go_up(struct link *link, const struct link_events *events)
{
    uint32_t limit = link->options.inflight_max;
    pthread_mutex_lock(&link->mutex);
    link->inflight_limit =
        events->receive_max && events->receive_max < limit ? events->receive_max : limit;
    link->connects++;
    pthread_mutex_unlock(&link->mutex);
    link->up_since_ns = link_now_ns();
    link->deadline_ns = LINK_NEVER;
    set_state(link, LINK_UP);
    link->reported_up = true;
    if (link->callbacks.connected) {
        link->callbacks.connected(link->callbacks.context, events->session_present);
    }
}

static void leave(struct link *link, bool with_will)
{
    set_state(link, LINK_LEAVING);
    set_deadline(link, LINK_LEAVE_MS);
    if (!paho_leave(link, with_will)) {
        link->deadline_ns = 0; /* nothing to wait for: settled in the next round */
        supervisor_wake(link);
    }
}

struct look {
    enum link_state state;
    struct link_events events;
    bool close_wanted, abort_wanted, late;
};

static void advance_opening(struct link *link, const struct look *look)
{
    size_t filters_n = link->options.filters_n;
    if (look->events.failed || look->late || look->close_wanted) {
        if (look->late) {
            link_note(link, "no CONNACK or SUBACK in %d ms", LINK_ATTEMPT_MS);
        }
        tear_down(link);
        settle(link, look->close_wanted);
    } else if (look->events.refused) {
        leave(link, false);
    } else if (look->events.connected && look->state == LINK_CONNECTING && filters_n > 0) {
        set_state(link, LINK_SUBSCRIBING);
        if (!paho_subscribe(link)) {
            leave(link, false);
        }
    } else if (look->events.connected && look->events.subscribed_n == filters_n) {
        go_up(link, &look->events);
    }
}

static void advance_up(struct link *link, const struct look *look)
{
    if (look->events.failed) {
        tear_down(link);
        settle(link, look->close_wanted);
    } else if (look->close_wanted) {
        leave(link, false);
    } else if (look->abort_wanted) {
        link_note(link, "aborted");
        leave(link, true);
    }
}

static struct look look_at(struct link *link)
{
    pthread_mutex_lock(&link->mutex);
    struct look look = {
        .state = link->state,
        .events = link->events,
        .close_wanted = link->close_wanted,
        .abort_wanted = link->abort_wanted,
        .late = link_now_ns() >= link->deadline_ns,
    };
    pthread_mutex_unlock(&link->mutex);
    return look;
}

void link_advance(struct link *link)
{
    struct look look = look_at(link);
    switch (look.state) {
    case LINK_WAITING:
        if (look.close_wanted) {
            settle(link, true);
        } else if (look.late) {
            attempt(link);
        }
        break;
    case LINK_CONNECTING:
    case LINK_SUBSCRIBING:
        advance_opening(link, &look);
        break;
    case LINK_UP:
        advance_up(link, &look);
        break;
    case LINK_LEAVING:
        if (look.events.left || look.events.failed || look.late) {
            tear_down(link);
            settle(link, look.close_wanted);
        }
        break;
    case LINK_CLOSED:
        assert(look.state != LINK_CLOSED); /* not in the list any more */
        break;
    }
}
