/* Reconnects many times and watches the resident memory: Debian's Paho 1.3.12 has an open report
 * of a leak on reconnecting (paho.mqtt.c #1689).
 *
 * usage: link_reconnect RECONNECTS LIMIT_KIB|unbounded
 * Sixteen links share the work, each with a will, filters, half of them with a session, each cut
 * with publishes in flight: by our abort or (every 250th) by the death of the broker. One more link
 * fails all the time against a server that hangs up. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/link.h"
#include "tests/tools/broker.h"
#include "tests/tools/fake_broker.h"

enum { LINKS = 16, PUBLISHES = 200, WAIT_MS = 30000, BROKER_CRASH_EVERY = 250 };

static long resident_kib(void)
{
    long total = 0;
    long resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file) {
        if (fscanf(file, "%ld %ld", &total, &resident) != 2) {
            resident = 0;
        }
        fclose(file);
    }
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static struct link *open_one(const char *uri, unsigned number)
{
    static const char *const filters[] = {"r/a/#", "r/b"};
    static const struct link_callbacks none = {0};
    char id[32];
    enum link_error error = LINK_OK;
    struct link_options options;
    snprintf(id, sizeof id, "reconnect-%u", number);
    link_defaults(&options);
    options.uri = uri;
    options.client_id = id;
    options.filters = filters;
    options.filters_n = 2;
    options.session_expiry_s = number % 2 ? 60 : 0;
    options.will_topic = "r/will";
    options.will_payload = (const uint8_t *)"gone";
    options.will_size = 4;
    options.backoff_min_ms = options.backoff_max_ms = 1;
    return link_open(&options, &none, &error);
}

static bool cut(struct link *link)
{
    static const uint8_t payload[500];
    const struct link_publish publish = {
        .topic = "r/b", .payload = payload, .size = sizeof payload, .qos = 1, .token = 1};
    if (!link_wait_connected(link, WAIT_MS)) {
        return false;
    }
    for (unsigned i = 0; i < PUBLISHES; i++) {
        if (link_publish(link, &publish) != LINK_OK) {
            break; /* the broker is dead, or takes no more at once */
        }
    }
    link_abort(link);
    return true;
}

static uint64_t attempts_of(struct fake_broker *fake)
{
    uint64_t first = 0;
    return fake_broker_accepts(fake, &first, 1);
}

static bool run(struct broker *broker, struct link **links, unsigned long reconnects, long *growth)
{
    long at_tenth_kib = 0;
    for (unsigned long done = 1; done <= reconnects; done++) {
        if (done % BROKER_CRASH_EVERY == 0) {
            broker_kill(broker);
            if (!broker_start(broker)) {
                return false;
            }
        }
        if (!cut(links[done % LINKS])) {
            return false;
        }
        if (done == reconnects / 10 || done == reconnects / 2 || done == reconnects) {
            printf("%6lu reconnects: %ld KiB resident\n", done, resident_kib());
            fflush(stdout);
            at_tenth_kib = at_tenth_kib ? at_tenth_kib : resident_kib();
        }
    }
    *growth = resident_kib() - at_tenth_kib;
    return true;
}

static bool run_all(struct broker *broker, struct fake_broker *fake, unsigned long reconnects,
                    long *growth)
{
    struct link *links[LINKS] = {0};
    struct link *hopeless = open_one(fake_broker_uri(fake), LINKS); /* its attempts all fail */
    bool ok = hopeless != NULL;
    for (unsigned i = 0; i < LINKS; i++) {
        links[i] = open_one(broker_uri(broker), i);
        ok = ok && links[i];
    }
    ok = ok && run(broker, links, reconnects, growth);
    printf("failed attempts beside them: %llu or more\n", (unsigned long long)attempts_of(fake));
    uint64_t connects = 0;
    for (unsigned i = 0; i < LINKS; i++) {
        if (links[i]) {
            struct link_stats stats;
            link_stats(links[i], &stats);
            connects += stats.connects;
            link_close(links[i], 100);
        }
    }
    if (hopeless) {
        link_close(hopeless, 0);
    }
    printf("connects counted by the links: %llu\n", (unsigned long long)connects);
    return ok && connects >= reconnects;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: link_reconnect RECONNECTS LIMIT_KIB|unbounded\n");
        return 2;
    }
    unsigned long reconnects = strtoul(argv[1], NULL, 10);
    bool bounded = strcmp(argv[2], "unbounded") != 0;
    long limit_kib = bounded ? strtol(argv[2], NULL, 10) : 0;
    long growth_kib = 0;
    struct broker *broker = broker_new("allow_anonymous true\nmax_queued_messages 100\n");
    struct fake_broker *fake = fake_broker_start(FAKE_HANGS_UP);
    bool ok =
        broker && fake && broker_start(broker) && run_all(broker, fake, reconnects, &growth_kib);
    if (fake) {
        fake_broker_stop(fake);
    }
    broker_free(broker);
    bool fits = !bounded || growth_kib <= limit_kib;
    printf("growth from 10 %% to 100 %%: %ld KiB%s\n", growth_kib, fits ? "" : ", too much");
    printf("%d passed, %d failed\n", ok + fits, !ok + !fits);
    return ok && fits ? 0 : 1;
}
