/* One thread that connects, subscribes and gives up for all links of the process.
 *
 * One thread and not one per link: a simulator opens thousands of links, each of which has work
 * for it only a few times per connection; all it ever does for one is hand a command to Paho, so
 * nobody waits long. The price is that a slow `connected` or `lost` holds up the other links.
 * What is done for a link is in link_machine.c. */
#include <assert.h>

#include "proto/link_private.h"

enum { STACK_BYTES = 256 * 1024, NS_PER_S = 1000000000 };

static struct {
    pthread_mutex_t life; /* over start and stop only */
    uint32_t links_n;
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t wake;
    struct link *first, *due_first, *due_last;
    bool stop;
    uint64_t soonest_ns; /* of all deadlines; only the thread itself */
} supervisor = {.life = PTHREAD_MUTEX_INITIALIZER, .mutex = PTHREAD_MUTEX_INITIALIZER};

/* With the mutex held. */
static void due_push(struct link *link)
{
    if (link->due) {
        return;
    }
    link->due = true;
    link->next_due = NULL;
    if (supervisor.due_last) {
        supervisor.due_last->next_due = link;
    } else {
        supervisor.due_first = link;
    }
    supervisor.due_last = link;
}

static struct link *due_pop(void)
{
    struct link *link = supervisor.due_first;
    if (link) {
        supervisor.due_first = link->next_due;
        if (!supervisor.due_first) {
            supervisor.due_last = NULL;
        }
        link->due = false;
    }
    return link;
}

static void due_remove(struct link *gone)
{
    struct link *link = NULL;
    struct link *rest = supervisor.due_first;
    supervisor.due_first = supervisor.due_last = NULL;
    while ((link = rest)) {
        rest = link->next_due;
        link->due = false;
        if (link != gone) {
            due_push(link);
        }
    }
}

void supervisor_wake(struct link *link)
{
    pthread_mutex_lock(&supervisor.mutex);
    due_push(link);
    pthread_cond_signal(&supervisor.wake);
    pthread_mutex_unlock(&supervisor.mutex);
}

void supervisor_forget(struct link *link)
{
    pthread_mutex_lock(&supervisor.mutex);
    if (link->previous) {
        link->previous->next = link->next;
    } else {
        supervisor.first = link->next;
    }
    if (link->next) {
        link->next->previous = link->previous;
    }
    due_remove(link);
    pthread_mutex_unlock(&supervisor.mutex);
}

void supervisor_by(uint64_t at_ns)
{
    if (at_ns < supervisor.soonest_ns) {
        supervisor.soonest_ns = at_ns;
    }
}

/* With the mutex held: queues what is due and says when the next one will be. */
static uint64_t collect_due(uint64_t now_ns)
{
    uint64_t next_ns = LINK_NEVER;
    for (struct link *link = supervisor.first; link; link = link->next) {
        if (link->deadline_ns <= now_ns) {
            due_push(link);
        } else if (link->deadline_ns < next_ns) {
            next_ns = link->deadline_ns;
        }
    }
    return next_ns;
}

static void wait_until(uint64_t at_ns)
{
    if (at_ns == LINK_NEVER) {
        pthread_cond_wait(&supervisor.wake, &supervisor.mutex);
        return;
    }
    struct timespec when = {.tv_sec = (time_t)(at_ns / NS_PER_S),
                            .tv_nsec = (long)(at_ns % NS_PER_S)};
    pthread_cond_timedwait(&supervisor.wake, &supervisor.mutex, &when);
}

static void *supervise(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&supervisor.mutex);
    while (!supervisor.stop) {
        struct link *link = due_pop();
        if (link) {
            pthread_mutex_unlock(&supervisor.mutex);
            link_advance(link);
            pthread_mutex_lock(&supervisor.mutex);
            continue;
        }
        uint64_t now_ns = link_now_ns();
        if (now_ns >= supervisor.soonest_ns) {
            supervisor.soonest_ns = collect_due(now_ns);
        } else {
            wait_until(supervisor.soonest_ns);
        }
    }
    pthread_mutex_unlock(&supervisor.mutex);
    return NULL;
}

static enum link_error start(void)
{
    pthread_attr_t attributes;
    enum link_error error = paho_acquire();
    if (error != LINK_OK) {
        return error;
    }
    supervisor.stop = false;
    supervisor.soonest_ns = LINK_NEVER;
    if (!link_cond_init(&supervisor.wake)) {
        paho_release();
        return LINK_MEMORY;
    }
    bool ok = pthread_attr_init(&attributes) == 0;
    if (ok) {
        ok = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
             pthread_create(&supervisor.thread, &attributes, supervise, NULL) == 0;
        pthread_attr_destroy(&attributes);
    }
    if (!ok) {
        pthread_cond_destroy(&supervisor.wake);
        paho_release();
        return LINK_MEMORY;
    }
    return LINK_OK;
}

enum link_error supervisor_add(struct link *link)
{
    pthread_mutex_lock(&supervisor.life);
    enum link_error error = supervisor.links_n == 0 ? start() : LINK_OK;
    if (error == LINK_OK) {
        supervisor.links_n++;
        link->backoff_ms = link->options.backoff_min_ms;
        pthread_mutex_lock(&supervisor.mutex);
        link->next = supervisor.first;
        if (link->next) {
            link->next->previous = link;
        }
        supervisor.first = link;
        due_push(link); /* deadline 0: the first attempt is now */
        pthread_cond_signal(&supervisor.wake);
        pthread_mutex_unlock(&supervisor.mutex);
    }
    pthread_mutex_unlock(&supervisor.life);
    return error;
}

void supervisor_release(void)
{
    pthread_mutex_lock(&supervisor.life);
    assert(supervisor.links_n > 0);
    if (--supervisor.links_n == 0) {
        pthread_mutex_lock(&supervisor.mutex);
        supervisor.stop = true;
        pthread_cond_signal(&supervisor.wake);
        pthread_mutex_unlock(&supervisor.mutex);
        pthread_join(supervisor.thread, NULL);
        pthread_cond_destroy(&supervisor.wake);
        paho_release();
    }
    pthread_mutex_unlock(&supervisor.life);
}
