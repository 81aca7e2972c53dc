#include "tests/tools/fake_broker.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ACCEPTS_MAX = 1024, PACKET_MAX = 65536, NOT_AUTHORIZED = 0x87 };
enum { MQTT_CONNECT = 1, MQTT_SUBSCRIBE = 8, MQTT_PINGREQ = 12, MQTT_DISCONNECT = 14 };

struct fake_broker {
    enum fake_manner manner;
    int listener;
    char uri[64];
    pthread_t thread;
    pthread_mutex_t mutex; /* guards what follows */
    int connection;
    bool stop;
    size_t accepts_n;
    uint64_t accepts_ns[ACCEPTS_MAX];
    uint8_t packet[PACKET_MAX]; /* its own thread only */
};

static bool read_all(int fd, uint8_t *to, size_t size)
{
    while (size > 0) {
        ssize_t got = recv(fd, to, size, 0);
        if (got <= 0) {
            return false;
        }
        to += got;
        size -= (size_t)got;
    }
    return true;
}

/* The packet's type, its body in fake->packet; 0 when the connection is over. */
static int read_packet(struct fake_broker *fake, int fd)
{
    uint8_t first = 0;
    uint8_t byte = 0x80;
    size_t length = 0;
    if (!read_all(fd, &first, 1)) {
        return 0;
    }
    for (unsigned shift = 0; byte & 0x80; shift += 7) {
        if (shift > 21 || !read_all(fd, &byte, 1)) {
            return 0;
        }
        length |= (size_t)(byte & 0x7F) << shift;
    }
    return length <= PACKET_MAX && read_all(fd, fake->packet, length) ? first >> 4 : 0;
}

static bool answer(int fd, const uint8_t *bytes, size_t size)
{
    return send(fd, bytes, size, MSG_NOSIGNAL) == (ssize_t)size;
}

/* False when this connection shall end. */
static bool handle(struct fake_broker *fake, int fd, int type)
{
    const uint8_t connack_refused[] = {0x20, 3, 0, NOT_AUTHORIZED, 0};
    const uint8_t connack[] = {0x20, 3, 0, 0, 0};
    const uint8_t pong[] = {0xD0, 0};
    uint8_t suback[] = {0x90, 4, fake->packet[0], fake->packet[1], 0, 1};
    switch (type) {
    case MQTT_CONNECT:
        if (fake->manner == FAKE_REFUSES_CONNECT) {
            answer(fd, connack_refused, sizeof connack_refused);
            return false;
        }
        return answer(fd, connack, sizeof connack);
    case MQTT_SUBSCRIBE:
        if (fake->manner == FAKE_REFUSES_SUBSCRIBE) {
            suback[sizeof suback - 1] = NOT_AUTHORIZED;
        }
        return answer(fd, suback, sizeof suback) && fake->manner != FAKE_DROPS_AFTER_SUBACK;
    case MQTT_PINGREQ:
        return answer(fd, pong, sizeof pong);
    case MQTT_DISCONNECT:
    case 0:
        return false;
    default:
        return true;
    }
}

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static bool greet(struct fake_broker *fake, int fd)
{
    pthread_mutex_lock(&fake->mutex);
    bool go_on = !fake->stop && fd >= 0;
    if (go_on && fake->accepts_n < ACCEPTS_MAX) {
        fake->accepts_ns[fake->accepts_n++] = now_ns();
    }
    fake->connection = fd;
    pthread_mutex_unlock(&fake->mutex);
    return go_on;
}

static void *serve(void *context)
{
    struct fake_broker *fake = context;
    for (;;) {
        int fd = accept(fake->listener, NULL, NULL);
        bool go_on = greet(fake, fd);
        while (go_on && fake->manner != FAKE_HANGS_UP && handle(fake, fd, read_packet(fake, fd))) {
        }
        pthread_mutex_lock(&fake->mutex);
        fake->connection = -1;
        pthread_mutex_unlock(&fake->mutex);
        if (fd >= 0) {
            close(fd);
        }
        if (!go_on) {
            return NULL;
        }
    }
}

struct fake_broker *fake_broker_start(enum fake_manner manner)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    struct fake_broker *fake = calloc(1, sizeof *fake);
    if (!fake) {
        return NULL;
    }
    fake->manner = manner;
    fake->connection = -1;
    pthread_mutex_init(&fake->mutex, NULL);
    fake->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fake->listener < 0 || bind(fake->listener, (struct sockaddr *)&at, size) != 0 ||
        listen(fake->listener, 64) != 0 ||
        getsockname(fake->listener, (struct sockaddr *)&at, &size) != 0 ||
        pthread_create(&fake->thread, NULL, serve, fake) != 0) {
        free(fake);
        return NULL;
    }
    snprintf(fake->uri, sizeof fake->uri, "mqtt://127.0.0.1:%u", ntohs(at.sin_port));
    return fake;
}

void fake_broker_hang_up(struct fake_broker *fake)
{
    pthread_mutex_lock(&fake->mutex);
    if (fake->connection >= 0) {
        shutdown(fake->connection, SHUT_RDWR);
    }
    pthread_mutex_unlock(&fake->mutex);
}

void fake_broker_stop(struct fake_broker *fake)
{
    pthread_mutex_lock(&fake->mutex);
    fake->stop = true;
    pthread_mutex_unlock(&fake->mutex);
    fake_broker_hang_up(fake);
    shutdown(fake->listener, SHUT_RDWR); /* ends the accept */
    pthread_join(fake->thread, NULL);
    close(fake->listener);
    pthread_mutex_destroy(&fake->mutex);
    free(fake);
}

const char *fake_broker_uri(const struct fake_broker *fake)
{
    return fake->uri;
}

size_t fake_broker_accepts(struct fake_broker *fake, uint64_t *at_ns, size_t at_max)
{
    pthread_mutex_lock(&fake->mutex);
    size_t count = fake->accepts_n;
    memcpy(at_ns, fake->accepts_ns, (count < at_max ? count : at_max) * sizeof *at_ns);
    pthread_mutex_unlock(&fake->mutex);
    return count;
}
