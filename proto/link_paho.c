/* The only file that knows Paho (libpaho-mqtt3as 1.3.12, MQTTAsync, MQTT 5).
 *
 * Each attempt to connect gets a fresh handle, destroyed when the attempt or the connection ends.
 * Measured (heap in use, mosquitto 2.0.11; the open leak report is paho.mqtt.c #1689):
 * - 400 refused attempts: no growth, neither with one handle nor with fresh ones;
 * - 40 reconnects, each cut with 200 QoS 1 publishes given to Paho: one handle does not grow, but
 *   sends the old publishes on the next connection, late, with their expiry counted anew and in
 *   the wrong order with what was published since; fresh handles leaked 21 KiB a time: destroy
 *   forgets topic and payload of every publish that was queued and not yet written.
 * So: fresh handles, and Paho is never given more QoS 1 publishes than the broker's receive maximum
 * lets it write at once. tests/link/run.sh --reconnects 10000 then grows by some 100 KiB in all.
 * What Paho has not written at the moment of a loss (a full socket) is still lost to it.
 *
 * An idle handle of our own (`anchor`, never connected) keeps Paho's two threads alive meanwhile;
 * without it, destroying the only handle stops and restarts them, 0.1 to 1 s each time. What
 * remains is that Paho's receive thread looks at a new socket only after the poll of the old ones,
 * up to 1 s: a lone link needs 0.9 s to reconnect, a busy process a few milliseconds.
 *
 * Facts from Paho's source that shape this: callbacks run under its global recursive mutex, and
 * its own functions skip that mutex when called from them; PUBACK leaves when messageArrived
 * returns, whatever it returns; several filters in one SUBSCRIBE leak their option list when the
 * connection ends first, so each filter is its own SUBSCRIBE; no function closes a connection
 * without a word (destroy and disconnect both write DISCONNECT), so link_abort uses reason 0x04,
 * "disconnect with will message", after which the broker does what it does after a crash. */
#include <MQTTAsync.h>
#include <assert.h>
#include <string.h>

#include "proto/link_private.h"

enum {
    CONNECT_TIMEOUT_S = 5,
    PROPERTIES_MAX = 4,
    PAHO_NO_MEMORY = -99, /* in no public header of Paho */
};

static MQTTAsync anchor;

static void event_failed(struct link *link)
{
    pthread_mutex_lock(&link->mutex);
    link->events.failed = true;
    pthread_mutex_unlock(&link->mutex);
    supervisor_wake(link);
}

static const char *text_of(int code)
{
    const char *text = MQTTAsync_strerror(code);
    return text ? text : "no words for it";
}

static void on_connected(void *context, MQTTAsync_successData5 *data)
{
    struct link *link = context;
    const enum MQTTPropertyCodes code = MQTTPROPERTY_CODE_RECEIVE_MAXIMUM;
    bool bounded = MQTTProperties_hasProperty(&data->properties, code);
    pthread_mutex_lock(&link->mutex);
    link->events.receive_max =
        bounded ? (uint32_t)MQTTProperties_getNumericValue(&data->properties, code) : 0;
    link->events.connected = true;
    link->events.session_present = data->alt.connect.sessionPresent != 0;
    pthread_mutex_unlock(&link->mutex);
    supervisor_wake(link);
}

/* 1.3.12 gives a CONNACK's reason as `code`, later versions as `reasonCode`. */
static void on_connect_failed(void *context, MQTTAsync_failureData5 *data)
{
    struct link *link = context;
    int reason = data->code > 0 ? data->code : (int)data->reasonCode;
    if (reason >= LINK_REASON_ERROR_FIRST) {
        link_note(link, "broker refused: 0x%02X", (unsigned)reason);
    } else {
        link_note(link, "connect failed: %d %s", data->code,
                  data->message ? data->message : text_of(data->code));
    }
    event_failed(link);
}

static void on_lost(void *context, char *cause)
{
    struct link *link = context;
    link_note(link, "connection lost%s%s", cause ? ": " : "", cause ? cause : "");
    event_failed(link);
}

/* The broker's DISCONNECT; on_lost follows, and its reason is worth more than ours. */
static void on_disconnected(void *context, MQTTProperties *properties, enum MQTTReasonCodes reason)
{
    (void)properties;
    struct link *link = context;
    link_note(link, "broker disconnected: 0x%02X %s", (unsigned)reason,
              MQTTReasonCode_toString(reason));
    event_failed(link);
}

static void answered(struct link_filter *filter, int reason)
{
    struct link *link = filter->link;
    bool refused = reason >= LINK_REASON_ERROR_FIRST;
    if (refused) {
        link_note(link, "0x%02X for filter %.60s", (unsigned)reason, filter->name);
    }
    pthread_mutex_lock(&link->mutex);
    link->events.refused = link->events.refused || refused;
    link->events.subscribed_n += !refused;
    pthread_mutex_unlock(&link->mutex);
    supervisor_wake(link);
}

/* 1.3.12 reports some refusals as a success with the reason in it. */
static void on_subscribed(void *context, MQTTAsync_successData5 *data)
{
    answered(context, (int)data->reasonCode);
}

/* Without a reason the connection went, and on_lost tells. */
static void on_not_subscribed(void *context, MQTTAsync_failureData5 *data)
{
    int reason = data->code > 0 ? data->code : (int)data->reasonCode;
    if (reason >= LINK_REASON_ERROR_FIRST) {
        answered(context, reason);
    }
}

static void event_left(struct link *link)
{
    pthread_mutex_lock(&link->mutex);
    link->events.left = true;
    pthread_mutex_unlock(&link->mutex);
    supervisor_wake(link);
}

static void on_left(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    event_left(context);
}

static void on_not_left(void *context, MQTTAsync_failureData5 *data)
{
    (void)data;
    event_left(context);
}

static void on_published(void *context, MQTTAsync_successData5 *data)
{
    link_slot_done(context, (int)data->reasonCode);
}

static void on_not_published(void *context, MQTTAsync_failureData5 *data)
{
    int reason = data->code > 0 ? data->code : (int)data->reasonCode;
    link_slot_done(context, reason >= LINK_REASON_ERROR_FIRST ? reason : LINK_REASON_LOST);
}

static MQTTProperty *property_of(MQTTAsync_message *message, enum MQTTPropertyCodes code)
{
    return MQTTProperties_hasProperty(&message->properties, code)
               ? MQTTProperties_getProperty(&message->properties, code)
               : NULL;
}

/* Paho does not end the text with a NUL; what does not fit or hides a NUL counts as absent. */
static const char *response_topic_of(MQTTAsync_message *message, char *buffer)
{
    MQTTProperty *property = property_of(message, MQTTPROPERTY_CODE_RESPONSE_TOPIC);
    if (!property || property->value.data.len <= 0 ||
        property->value.data.len >= LINK_RESPONSE_TOPIC_SIZE) {
        return NULL;
    }
    size_t length = (size_t)property->value.data.len;
    memcpy(buffer, property->value.data.data, length);
    buffer[length] = '\0';
    return strlen(buffer) == length ? buffer : NULL;
}

static int on_message(void *context, char *topic, int topic_size, MQTTAsync_message *message)
{
    struct link *link = context;
    char response_topic[LINK_RESPONSE_TOPIC_SIZE];
    atomic_fetch_add_explicit(&link->received, 1, memory_order_relaxed);
    if (link->callbacks.received) {
        MQTTProperty *correlation = property_of(message, MQTTPROPERTY_CODE_CORRELATION_DATA);
        struct link_message out = {
            .topic = topic,
            .topic_size = topic_size > 0 ? (size_t)topic_size : strlen(topic),
            .payload = message->payload,
            .payload_size = (size_t)message->payloadlen,
            .retained = message->retained != 0,
            .duplicate = message->dup != 0,
            .response_topic = response_topic_of(message, response_topic),
        };
        if (correlation) {
            out.correlation = (const uint8_t *)correlation->value.data.data;
            out.correlation_size = (size_t)correlation->value.data.len;
        }
        link->callbacks.received(link->callbacks.context, &out);
    }
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1; /* 0 would queue it in memory and still send the PUBACK */
}

static MQTTAsync_createOptions create_options(uint32_t inflight_max)
{
    MQTTAsync_createOptions options = MQTTAsync_createOptions_initializer5;
    options.sendWhileDisconnected = 0;
    options.maxBufferedMessages = (int)inflight_max + LINK_QOS0_MAX;
    return options;
}

enum link_error paho_acquire(void)
{
    MQTTAsync_createOptions options = create_options(1);
    int code = MQTTAsync_createWithOptions(&anchor, "tcp://127.0.0.1:1", "anchor",
                                           MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
    return code == MQTTASYNC_SUCCESS ? LINK_OK : LINK_FAILED;
}

void paho_release(void)
{
    MQTTAsync_destroy(&anchor); /* the last handle: Paho ends its threads */
}

/* Properties live in the caller's array: Paho copies all that it is given. */
static void add_number(MQTTProperties *to, enum MQTTPropertyCodes code, uint32_t value)
{
    assert(to->count < to->max_count);
    MQTTProperty *property = &to->array[to->count++];
    *property = (MQTTProperty){.identifier = code};
    if (MQTTProperty_getType(code) == MQTTPROPERTY_TYPE_TWO_BYTE_INTEGER) {
        property->value.integer2 = (uint16_t)value;
    } else {
        property->value.integer4 = value;
    }
}

static MQTTLenString text_from(const void *text, size_t size)
{
    return (MQTTLenString){.len = (int)size, .data = (char *)(uintptr_t)text};
}

static void add_text(MQTTProperties *to, enum MQTTPropertyCodes code, const void *text, size_t size)
{
    assert(to->count < to->max_count);
    MQTTProperty *property = &to->array[to->count++];
    *property = (MQTTProperty){.identifier = code};
    property->value.data = text_from(text, size);
}

static MQTTAsync_SSLOptions tls_options(const struct link_tls *tls)
{
    MQTTAsync_SSLOptions options = MQTTAsync_SSLOptions_initializer;
    options.trustStore = tls->ca_file;
    options.keyStore = tls->certificate_file;
    options.privateKey = tls->key_file;
    options.enableServerCertAuth = tls->verify;
    options.verify = tls->verify; /* the name in the certificate too */
    return options;
}

/* Paho gets four fifths of the keepalive: it notices a half-open link after 2.4 to 2.7 times what
 * it was given (measured 11.8 and 13.2 s at 5), and the hub promises 12 s at 5 (reliability.md F5).
 */
static int start_connecting(struct link *link, MQTTAsync handle)
{
    const struct link_options *own = &link->options;
    MQTTProperty connect_array[PROPERTIES_MAX];
    MQTTProperty will_array[PROPERTIES_MAX];
    MQTTProperties connect = {.max_count = PROPERTIES_MAX, .array = connect_array};
    MQTTProperties will_properties = {.max_count = PROPERTIES_MAX, .array = will_array};
    MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
    MQTTAsync_SSLOptions tls = tls_options(&own->tls);
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;

    add_number(&connect, MQTTPROPERTY_CODE_RECEIVE_MAXIMUM, own->receive_max);
    if (own->session_expiry_s > 0) {
        add_number(&connect, MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL, own->session_expiry_s);
    }
    options.connectProperties = &connect;
    options.cleanstart = own->session_expiry_s == 0;
    options.keepAliveInterval = own->keepalive_s - own->keepalive_s / 5;
    options.maxInflight = (int)own->inflight_max; /* the broker's receive maximum lowers it */
    options.connectTimeout = CONNECT_TIMEOUT_S;
    options.username = own->user;
    options.password = own->password;
    options.context = link;
    options.onSuccess5 = on_connected;
    options.onFailure5 = on_connect_failed;
    if (own->will_topic) {
        will.topicName = own->will_topic;
        will.payload.data = own->will_payload;
        will.payload.len = (int)own->will_size;
        will.qos = 1;
        will.retained = 1;
        options.will = &will;
        add_number(&will_properties, MQTTPROPERTY_CODE_WILL_DELAY_INTERVAL, own->will_delay_s);
        options.willProperties = &will_properties;
    }
    if (strncmp(own->uri, "ssl://", strlen("ssl://")) == 0) {
        options.ssl = &tls;
    }
    return MQTTAsync_connect(handle, &options);
}

enum link_error paho_connect(struct link *link)
{
    MQTTAsync handle = NULL;
    MQTTAsync_createOptions options = create_options(link->options.inflight_max);
    int code = MQTTAsync_createWithOptions(&handle, link->options.uri, link->options.client_id,
                                           MQTTCLIENT_PERSISTENCE_NONE, NULL, &options);
    if (code == MQTTASYNC_SUCCESS) {
        pthread_mutex_lock(&link->mutex);
        link->handle = handle;
        pthread_mutex_unlock(&link->mutex);
        MQTTAsync_setCallbacks(handle, link, on_lost, on_message, NULL);
        MQTTAsync_setDisconnected(handle, link, on_disconnected);
        code = start_connecting(link, handle);
    }
    if (code != MQTTASYNC_SUCCESS) {
        link_note(link, "connect: %d %s", code, text_of(code));
        return LINK_FAILED;
    }
    return LINK_OK;
}

bool paho_subscribe(struct link *link)
{
    for (size_t i = 0; i < link->options.filters_n; i++) {
        MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
        response.context = &link->filters[i];
        response.onSuccess5 = on_subscribed;
        response.onFailure5 = on_not_subscribed;
        int code = MQTTAsync_subscribe(link->handle, link->filters[i].name, 1, &response);
        if (code != MQTTASYNC_SUCCESS) {
            link_note(link, "subscribe: %d %s", code, text_of(code));
            return false;
        }
    }
    return true;
}

bool paho_leave(struct link *link, bool with_will)
{
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer5;
    options.timeout = 0; /* ms: link_close has waited already */
    options.context = link;
    options.onSuccess5 = on_left;
    options.onFailure5 = on_not_left;
    options.reasonCode = with_will ? MQTTREASONCODE_DISCONNECT_WITH_WILL_MESSAGE
                                   : MQTTREASONCODE_NORMAL_DISCONNECTION;
    return MQTTAsync_disconnect(link->handle, &options) == MQTTASYNC_SUCCESS;
}

void paho_destroy(struct link *link)
{
    MQTTAsync handle = link->handle;
    if (handle) {
        MQTTAsync_destroy(&handle);
        pthread_mutex_lock(&link->mutex);
        link->handle = NULL;
        pthread_mutex_unlock(&link->mutex);
    }
}

static enum link_error error_of(struct link *link, int code)
{
    switch (code) {
    case MQTTASYNC_SUCCESS:
        return LINK_OK;
    case MQTTASYNC_DISCONNECTED:
        return LINK_NOT_CONNECTED;
    case MQTTASYNC_MAX_BUFFERED_MESSAGES:
    case MQTTASYNC_NO_MORE_MSGIDS:
        return LINK_QUEUE_FULL;
    case PAHO_NO_MEMORY:
        return LINK_MEMORY;
    case MQTTASYNC_BAD_UTF8_STRING:
    case MQTTASYNC_NULL_PARAMETER:
        return LINK_BAD_OPTIONS;
    default:
        link_note(link, "publish: %d %s", code, text_of(code));
        return LINK_FAILED;
    }
}

enum link_error paho_send(struct link *link, void *handle, const struct link_publish *publish,
                          struct link_slot *slot)
{
    MQTTProperty array[PROPERTIES_MAX];
    MQTTProperties properties = {.max_count = PROPERTIES_MAX, .array = array};
    MQTTAsync_message message = MQTTAsync_message_initializer;
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    if (publish->expiry_s > 0) {
        add_number(&properties, MQTTPROPERTY_CODE_MESSAGE_EXPIRY_INTERVAL, publish->expiry_s);
    }
    if (publish->response_topic) {
        add_text(&properties, MQTTPROPERTY_CODE_RESPONSE_TOPIC, publish->response_topic,
                 strlen(publish->response_topic));
    }
    if (publish->correlation) {
        add_text(&properties, MQTTPROPERTY_CODE_CORRELATION_DATA, publish->correlation,
                 publish->correlation_size);
    }
    if (publish->user_key) {
        add_text(&properties, MQTTPROPERTY_CODE_USER_PROPERTY, publish->user_key,
                 strlen(publish->user_key));
        array[properties.count - 1].value.value =
            text_from(publish->user_value, strlen(publish->user_value));
    }
    message.payload = (void *)(uintptr_t)publish->payload; /* Paho only reads it */
    message.payloadlen = (int)publish->size;
    message.qos = publish->qos;
    message.retained = publish->retain;
    message.properties = properties;
    if (slot) {
        response.context = slot;
        response.onSuccess5 = on_published;
        response.onFailure5 = on_not_published;
    }
    return error_of(link, MQTTAsync_sendMessage(handle, publish->topic, &message, &response));
}
