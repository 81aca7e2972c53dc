#include "tests/bench/raw_mqtt.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PACKET_HEAD_MAX = 5, TEXT_MAX = 128 };

/* A packet being built in caller's memory; the bounds are checked by the callers. */
struct packet {
    uint8_t *at;
};

static void put_u8(struct packet *packet, unsigned value)
{
    *packet->at++ = (uint8_t)value;
}

static void put_u16(struct packet *packet, unsigned value)
{
    put_u8(packet, value >> 8);
    put_u8(packet, value & 0xff);
}

static void put_length(struct packet *packet, size_t value)
{
    while (value > 0x7f) {
        put_u8(packet, (unsigned)(value & 0x7f) | 0x80);
        value >>= 7;
    }
    put_u8(packet, (unsigned)value);
}

static void put_bytes(struct packet *packet, const void *bytes, size_t size)
{
    memcpy(packet->at, bytes, size);
    packet->at += size;
}

static void put_text(struct packet *packet, const char *text)
{
    size_t size = strlen(text);
    put_u16(packet, (unsigned)size);
    put_bytes(packet, text, size);
}

/* Room for `size` bytes at the end of what is queued, or NULL. */
static uint8_t *out_room(struct raw_mqtt *mqtt, size_t size)
{
    if (mqtt->out_tail + size > RAW_OUT_BYTES && mqtt->out_head > 0) {
        memmove(mqtt->out, mqtt->out + mqtt->out_head, mqtt->out_tail - mqtt->out_head);
        mqtt->out_tail -= mqtt->out_head;
        mqtt->out_head = 0;
    }
    return mqtt->out_tail + size > RAW_OUT_BYTES ? NULL : mqtt->out + mqtt->out_tail;
}

static uint16_t take_id(struct raw_mqtt *mqtt)
{
    mqtt->next_id = (uint16_t)(mqtt->next_id % UINT16_MAX + 1);
    return mqtt->next_id;
}

bool raw_mqtt_pending(const struct raw_mqtt *mqtt)
{
    return mqtt->out_tail > mqtt->out_head;
}

bool raw_mqtt_flush(struct raw_mqtt *mqtt)
{
    while (raw_mqtt_pending(mqtt)) {
        ssize_t sent = send(mqtt->fd, mqtt->out + mqtt->out_head, mqtt->out_tail - mqtt->out_head,
                            MSG_NOSIGNAL);
        if (sent < 0)
            return errno == EAGAIN || errno == EINTR;
        mqtt->out_head += (size_t)sent;
    }
    mqtt->out_head = mqtt->out_tail = 0;
    return true;
}

bool raw_mqtt_publish(struct raw_mqtt *mqtt, const char *topic, bool retain, const uint8_t *payload,
                      size_t size)
{
    size_t body = 2 + strlen(topic) + 2 + 1 + size;
    uint8_t *start =
        mqtt->inflight_n < mqtt->inflight_max ? out_room(mqtt, body + PACKET_HEAD_MAX) : NULL;
    if (!start)
        return false;
    struct packet packet = {start};
    put_u8(&packet, retain ? 0x33 : 0x32);
    put_length(&packet, body);
    put_text(&packet, topic);
    put_u16(&packet, take_id(mqtt));
    put_u8(&packet, 0); /* no properties */
    put_bytes(&packet, payload, size);
    mqtt->out_tail += (size_t)(packet.at - start);
    mqtt->inflight_n++;
    return true;
}

bool raw_mqtt_subscribe(struct raw_mqtt *mqtt, const char *filter)
{
    size_t body = 2 + 1 + 2 + strlen(filter) + 1;
    uint8_t *start = out_room(mqtt, body + PACKET_HEAD_MAX);
    if (!start)
        return false;
    struct packet packet = {start};
    put_u8(&packet, 0x82);
    put_length(&packet, body);
    put_u16(&packet, take_id(mqtt));
    put_u8(&packet, 0);
    put_text(&packet, filter);
    put_u8(&packet, 1);
    mqtt->out_tail += (size_t)(packet.at - start);
    return true;
}

/* Reads a base-128 length; 0 bytes used when it goes on past the end. */
static size_t read_length(const uint8_t *bytes, size_t size, size_t *value)
{
    *value = 0;
    for (size_t i = 0; i < size && i < 4; i++) {
        *value |= (size_t)(bytes[i] & 0x7f) << (7 * i);
        if (bytes[i] < 0x80)
            return i + 1;
    }
    return 0;
}

static void answer_puback(struct raw_mqtt *mqtt, const uint8_t *id)
{
    uint8_t *start = out_room(mqtt, 4);
    if (!start)
        return; /* the broker will send it again; receipts are cumulative */
    const uint8_t bytes[4] = {0x40, 2, id[0], id[1]};
    memcpy(start, bytes, sizeof bytes);
    mqtt->out_tail += sizeof bytes;
}

static bool take_publish(struct raw_mqtt *mqtt, unsigned head, const uint8_t *body, size_t size,
                         raw_received *received, void *context)
{
    unsigned qos = head >> 1 & 3;
    if (size < 2)
        return false;
    size_t topic_size = (size_t)body[0] << 8 | body[1];
    size_t at = 2 + topic_size;
    if (at + (qos ? 2 : 0) + 1 > size)
        return false;
    if (qos) {
        answer_puback(mqtt, body + at);
        at += 2;
    }
    size_t properties;
    size_t used = read_length(body + at, size - at, &properties);
    if (used == 0 || at + used + properties > size)
        return false;
    at += used + properties;
    const struct raw_message message = {(const char *)body + 2, topic_size, body + at, size - at};
    if (received)
        received(context, &message);
    return true;
}

static bool take_packet(struct raw_mqtt *mqtt, unsigned head, const uint8_t *body, size_t size,
                        raw_received *received, void *context)
{
    switch (head >> 4) {
    case 3:
        return take_publish(mqtt, head, body, size, received, context);
    case 4: /* PUBACK */
        mqtt->inflight_n--;
        mqtt->acked_n++;
        /* 0x10: nobody has subscribed; also taken */
        if (size > 2 && body[2] >= 0x80)
            mqtt->refused_n++;
        return true;
    case 9: /* SUBACK: the last byte is the only filter's answer */
        return size > 0 && body[size - 1] < 0x80;
    case 13:
        return true;
    default:
        fprintf(stderr, "raw_mqtt: packet type %u, reason 0x%02x\n", head >> 4,
                size > 0 ? body[0] : 0u);
        return false;
    }
}

bool raw_mqtt_read(struct raw_mqtt *mqtt, raw_received *received, void *context)
{
    ssize_t got = recv(mqtt->fd, mqtt->in + mqtt->in_n, RAW_IN_BYTES - mqtt->in_n, 0);
    if (got == 0)
        return false;
    if (got < 0)
        return errno == EAGAIN || errno == EINTR;
    mqtt->in_n += (size_t)got;
    size_t at = 0;
    while (mqtt->in_n - at >= 2) {
        size_t body;
        size_t used = read_length(mqtt->in + at + 1, mqtt->in_n - at - 1, &body);
        if (used == 0 || mqtt->in_n - at < 1 + used + body)
            break;
        const uint8_t *start = mqtt->in + at + 1 + used;
        if (!take_packet(mqtt, mqtt->in[at], start, body, received, context))
            return false;
        at += 1 + used + body;
    }
    memmove(mqtt->in, mqtt->in + at, mqtt->in_n - at);
    mqtt->in_n -= at;
    return true;
}

/* CONNACK: flags, reason, properties, of which only the receive maximum (0x21) is wanted. */
static bool take_connack(struct raw_mqtt *mqtt)
{
    uint8_t bytes[512];
    ssize_t got = recv(mqtt->fd, bytes, sizeof bytes, 0);
    if (got < 5 || bytes[0] != 0x20 || bytes[3] != 0) {
        fprintf(stderr, "raw_mqtt: the broker refused, reason 0x%02x\n", got > 3 ? bytes[3] : 0u);
        return false;
    }
    mqtt->inflight_max = UINT16_MAX;
    /* Property sizes of those that mosquitto 2.0 sends before it: one byte and two bytes. */
    for (ssize_t at = 5; at + 2 < got;) {
        uint8_t id = bytes[at];
        if (id == 0x21)
            mqtt->inflight_max = (uint16_t)(bytes[at + 1] << 8 | bytes[at + 2]);
        if (id == 0x12 || id == 0x1f)
            at += 3 + (bytes[at + 1] << 8 | bytes[at + 2]);
        else if (id == 0x11 || id == 0x27)
            at += 5;
        else
            at += id == 0x21 || id == 0x22 || id == 0x13 ? 3 : 2;
    }
    return true;
}

static bool handshake(struct raw_mqtt *mqtt, const char *user, const char *password)
{
    if (strlen(user) > TEXT_MAX || strlen(password) > TEXT_MAX)
        return false;
    struct packet packet = {mqtt->out};
    put_u8(&packet, 0x10);
    put_length(&packet,
               6 + 1 + 1 + 2 + 1 + 2 + strlen(user) + 2 + strlen(user) + 2 + strlen(password));
    put_text(&packet, "MQTT");
    put_u8(&packet, 5);
    put_u8(&packet, 0xc2); /* user, password, clean start */
    put_u16(&packet, 120); /* keepalive, s; a run is shorter or sends all the time */
    put_u8(&packet, 0);
    put_text(&packet, user);
    put_text(&packet, user);
    put_text(&packet, password);
    mqtt->out_tail = (size_t)(packet.at - mqtt->out);
    return raw_mqtt_flush(mqtt) && take_connack(mqtt);
}

struct raw_mqtt *raw_mqtt_open(uint16_t port, const char *user, const char *password)
{
    struct raw_mqtt *mqtt = calloc(1, sizeof *mqtt);
    if (!mqtt)
        return NULL;
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    mqtt->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (mqtt->fd < 0 || connect(mqtt->fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        setsockopt(mqtt->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        !handshake(mqtt, user, password) || fcntl(mqtt->fd, F_SETFL, O_NONBLOCK) != 0) {
        fprintf(stderr, "raw_mqtt: cannot connect as %s\n", user);
        raw_mqtt_close(mqtt);
        return NULL;
    }
    return mqtt;
}

void raw_mqtt_close(struct raw_mqtt *mqtt)
{
    if (!mqtt)
        return;
    if (mqtt->fd >= 0) {
        (void)send(mqtt->fd, "\xe0\x00", 2, MSG_NOSIGNAL); /* DISCONNECT */
        (void)close(mqtt->fd);
    }
    free(mqtt);
}
