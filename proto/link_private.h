/* The inside of a link: link.c (calls of the user), link_options.c, link_machine.c (what to do
 * next), link_supervisor.c (the thread that does it) and link_paho.c (how). Nobody else includes
 * this.
 *
 * Locks: `struct link`.mutex comes before the supervisor's own, and neither is ever held over a
 * call into Paho or into the user: Paho runs its callbacks under its global mutex. */
#ifndef STRIDE_PROTO_LINK_PRIVATE_H
#define STRIDE_PROTO_LINK_PRIVATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "proto/link.h"

#define LINK_NEVER UINT64_MAX

enum {
    LINK_TEXT_MAX = 65535,          /* bytes of an MQTT string */
    LINK_REASON_ERROR_FIRST = 0x80, /* MQTT 5: a refusal from here on */
    LINK_ATTEMPT_MS = 10000,        /* CONNECT to the last SUBACK; Paho's own limit is 5 s */
    LINK_LEAVE_MS = 1000,           /* a DISCONNECT that Paho has not written by then is given up */
    LINK_RESPONSE_TOPIC_SIZE = 1024, /* longer ones are treated as absent */
    LINK_QOS0_MAX = 1024,            /* QoS 0 publishes that may wait in Paho besides the others */
};

enum link_state {
    LINK_WAITING,     /* for the next attempt; there is no Paho handle */
    LINK_CONNECTING,  /* for CONNACK */
    LINK_SUBSCRIBING, /* for the SUBACK of each filter */
    LINK_UP,
    LINK_LEAVING, /* DISCONNECT on its way */
    LINK_CLOSED,  /* the supervisor has let go of it */
};

/* One QoS 1 publish that waits for its PUBACK. */
struct link_slot {
    struct link *link;
    uint64_t token;
    uint32_t next_free; /* index + 1; 0 ends the list */
    bool taken;
};

struct link_filter {
    struct link *link;
    char *name;
};

/* What Paho told us since the supervisor last looked. */
struct link_events {
    bool connected, session_present, failed, left, refused;
    size_t subscribed_n;
    uint32_t receive_max; /* the broker's; 0 = it set none */
};

struct link {
    struct link_options options; /* all pointers are our own copies */
    struct link_callbacks callbacks;
    struct link_filter *filters;

    pthread_mutex_t mutex; /* guards from here on */
    pthread_cond_t changed;
    enum link_state state;
    void *handle;        /* Paho's; NULL while waiting */
    uint32_t publishers; /* inside Paho with `handle` right now */
    struct link_events events;
    struct link_slot *slots;
    uint32_t slots_touched, slot_free; /* lazily grown, so idle links cost no pages */
    uint32_t inflight, inflight_limit; /* limit: inflight_max or the broker's receive maximum */
    uint64_t connects, losses, published, refused;
    bool close_wanted, abort_wanted;
    char last_error[sizeof((struct link_stats){0}.last_error)];
    atomic_uint_fast64_t received;

    /* Only the supervisor's thread. */
    uint64_t deadline_ns, up_since_ns, random;
    uint32_t backoff_ms;
    bool reported_up; /* `connected` was called, `lost` not yet */
    /* Guarded by the supervisor's mutex. */
    struct link *previous, *next, *next_due;
    bool due;
};

uint64_t link_now_ns(void);
/* Sets `when` to now + `wait_ms` on the clock of every condition variable here. */
void link_after(struct timespec *when, uint64_t wait_ms);
bool link_cond_init(pthread_cond_t *condition);

/* link.c */
__attribute__((format(printf, 2, 3))) void link_note(struct link *link, const char *format, ...);
void link_slot_done(struct link_slot *slot, int reason);

/* link_options.c */
bool link_topic_fits(const char *topic);
bool link_options_fit(const struct link_options *options);
/* Fills link->options and link->filters; link_options_free is right after a failure too. */
bool link_options_keep(struct link *link, const struct link_options *options);
void link_options_free(struct link *link);

/* link_machine.c: looks at what has happened and does the next thing; the supervisor's thread. */
void link_advance(struct link *link);

/* link_supervisor.c: one thread for all links of the process. */
enum link_error supervisor_add(struct link *link);
void supervisor_wake(struct link *link);
void supervisor_by(uint64_t at_ns); /* look at all deadlines then; its own thread only */
void supervisor_forget(struct link *link);
void supervisor_release(void); /* one link is gone; the last one ends the thread */

/* link_paho.c: every call is made without a lock held. */
enum link_error paho_acquire(void);
void paho_release(void);
enum link_error paho_connect(struct link *link);
bool paho_subscribe(struct link *link);
bool paho_leave(struct link *link, bool with_will);
void paho_destroy(struct link *link);
enum link_error paho_send(struct link *link, void *handle, const struct link_publish *publish,
                          struct link_slot *slot);

#endif
