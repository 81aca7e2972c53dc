/* The counting subscriber: what a Paho program reaches that does nothing but count. The hub is
 * measured against it, on the same broker, account, filters and receive maximum.
 *
 * counter PORT USER PASSWORD FILTER COUNT_FILE; prints "ready" when subscribed; ends on SIGTERM. */
#include <MQTTAsync.h>
#include <fcntl.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { RECEIVE_MAX = 200 }; /* link_defaults */

static volatile uint64_t *count;
static sem_t subscribed;

static int arrived(void *context, char *topic, int topic_size, MQTTAsync_message *message)
{
    (void)context;
    (void)topic_size;
    (*count)++;
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    return 1;
}

static void subscribe_done(void *context, MQTTAsync_successData5 *data)
{
    (void)context;
    (void)data;
    sem_post(&subscribed);
}

static void failed(void *context, MQTTAsync_failureData5 *data)
{
    (void)context;
    fprintf(stderr, "counter: %s\n", data && data->message ? data->message : "failed");
    _exit(1);
}

struct target {
    MQTTAsync client;
    const char *filter;
};

static void connected(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    struct target *target = context;
    MQTTAsync_responseOptions options = MQTTAsync_responseOptions_initializer;
    options.onSuccess5 = subscribe_done;
    options.onFailure5 = failed;
    if (MQTTAsync_subscribe(target->client, target->filter, 1, &options) != MQTTASYNC_SUCCESS)
        failed(NULL, NULL);
}

static bool map_count(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || ftruncate(fd, sizeof *count) != 0)
        return false;
    void *map = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    count = map;
    return map != MAP_FAILED;
}

static bool connect_to(struct target *target, const char *user, const char *password)
{
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;
    MQTTProperties properties = MQTTProperties_initializer;
    MQTTProperty receive_max = {.identifier = MQTTPROPERTY_CODE_RECEIVE_MAXIMUM};
    receive_max.value.integer2 = RECEIVE_MAX;
    MQTTProperties_add(&properties, &receive_max);
    options.connectProperties = &properties;
    options.cleanstart = 1;
    options.keepAliveInterval = 5;
    options.username = user;
    options.password = password;
    options.onSuccess5 = connected;
    options.onFailure5 = failed;
    options.context = target;
    int result = MQTTAsync_connect(target->client, &options);
    MQTTProperties_free(&properties);
    return result == MQTTASYNC_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc != 6 || !map_count(argv[5])) {
        fprintf(stderr, "usage: bench_counter PORT USER PASSWORD FILTER COUNT_FILE\n");
        return 2;
    }
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    sem_init(&subscribed, 0, 0);
    char uri[64];
    (void)snprintf(uri, sizeof uri, "tcp://127.0.0.1:%s", argv[1]);
    struct target target = {.filter = argv[4]};
    MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
    if (MQTTAsync_createWithOptions(&target.client, uri, argv[2], MQTTCLIENT_PERSISTENCE_NONE, NULL,
                                    &create) != MQTTASYNC_SUCCESS ||
        MQTTAsync_setCallbacks(target.client, NULL, NULL, arrived, NULL) != MQTTASYNC_SUCCESS ||
        !connect_to(&target, argv[2], argv[3]))
        return 1;
    sem_wait(&subscribed);
    puts("ready");
    (void)fflush(stdout);
    int signal_number;
    sigwait(&ends, &signal_number);
    MQTTAsync_destroy(&target.client);
    return 0;
}
