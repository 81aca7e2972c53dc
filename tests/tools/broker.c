#include "tests/tools/broker.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 256, READY_TRIES = 1000, READY_STEP_NS = 10000000 };

struct broker {
    char directory[PATH_SIZE], uri[64];
    char *config;
    uint16_t port;
    pid_t pid;
};

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

uint16_t broker_free_port(void)
{
    struct sockaddr_in at = loopback(0);
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && bind(fd, (struct sockaddr *)&at, size) == 0 &&
              getsockname(fd, (struct sockaddr *)&at, &size) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok ? ntohs(at.sin_port) : 0;
}

/* Writes `text` with @DIR@ and @PORT@ filled in. */
static void expand(FILE *out, const char *text, const struct broker *broker)
{
    while (*text) {
        if (strncmp(text, "@DIR@", strlen("@DIR@")) == 0) {
            fputs(broker->directory, out);
            text += strlen("@DIR@");
        } else if (strncmp(text, "@PORT@", strlen("@PORT@")) == 0) {
            fprintf(out, "%u", broker->port);
            text += strlen("@PORT@");
        } else {
            fputc(*text++, out);
        }
    }
}

static FILE *create(const struct broker *broker, const char *name)
{
    char path[2 * PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", broker->directory, name);
    int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    return fd >= 0 ? fdopen(fd, "w") : NULL;
}

bool broker_write(struct broker *broker, const char *name, const char *text)
{
    FILE *file = create(broker, name);
    if (!file) {
        return false;
    }
    expand(file, text, broker);
    return fclose(file) == 0;
}

static bool write_config(struct broker *broker)
{
    FILE *file = create(broker, "mosquitto.conf");
    if (!file) {
        return false;
    }
    if (geteuid() == 0) {
        fputs("user root\n", file); /* else it could not read its own directory */
    }
    if (!strstr(broker->config, "@PORT@")) {
        fprintf(file, "listener %u 127.0.0.1\n", broker->port);
    }
    expand(file, broker->config, broker);
    fputc('\n', file);
    return fclose(file) == 0;
}

struct broker *broker_new(const char *config)
{
    const char *root = getenv("TMPDIR");
    struct broker *broker = calloc(1, sizeof *broker);
    if (!broker) {
        return NULL;
    }
    broker->config = strdup(config ? config : "allow_anonymous true\n");
    broker->port = broker_free_port();
    snprintf(broker->directory, sizeof broker->directory, "%s/stride-broker-XXXXXX",
             root ? root : "/tmp");
    snprintf(broker->uri, sizeof broker->uri, "mqtt://127.0.0.1:%u", broker->port);
    if (!broker->config || broker->port == 0 || !mkdtemp(broker->directory)) {
        free(broker->config);
        free(broker);
        return NULL;
    }
    return broker;
}

static pid_t spawn(const struct broker *broker)
{
    char config[2 * PATH_SIZE];
    char log[2 * PATH_SIZE];
    snprintf(config, sizeof config, "%s/mosquitto.conf", broker->directory);
    snprintf(log, sizeof log, "%s/mosquitto.log", broker->directory);
    char *const arguments[] = {(char[]){"mosquitto"}, (char[]){"-c"}, config, NULL};
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int fd = open(log, O_CREAT | O_WRONLY | O_APPEND, 0600);
        if (getppid() != parent || fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0) {
            _exit(126);
        }
        execv("/usr/sbin/mosquitto", arguments); /* not in every user's PATH */
        execvp("mosquitto", arguments);
        _exit(127);
    }
    return pid;
}

static bool accepts(uint16_t port)
{
    struct sockaddr_in at = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

static bool wait_ready(struct broker *broker)
{
    for (int i = 0; i < READY_TRIES; i++) {
        if (waitpid(broker->pid, NULL, WNOHANG) == broker->pid) {
            broker->pid = 0;
            return false;
        }
        if (accepts(broker->port)) {
            return true;
        }
        nanosleep(&(struct timespec){.tv_nsec = READY_STEP_NS}, NULL); /* another process: poll */
    }
    return false;
}

bool broker_start(struct broker *broker)
{
    if (broker->pid || !write_config(broker)) {
        return false;
    }
    broker->pid = spawn(broker);
    if (broker->pid < 0) {
        broker->pid = 0;
        return false;
    }
    return wait_ready(broker);
}

static void end(struct broker *broker, int signal_number)
{
    if (broker->pid > 0) {
        kill(broker->pid, SIGCONT);
        kill(broker->pid, signal_number);
        while (waitpid(broker->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        broker->pid = 0;
    }
}

void broker_kill(struct broker *broker)
{
    end(broker, SIGKILL);
}

void broker_stop(struct broker *broker)
{
    end(broker, SIGTERM);
}

void broker_freeze(struct broker *broker)
{
    int status = 0;
    kill(broker->pid, SIGSTOP);
    waitpid(broker->pid, &status, WUNTRACED);
}

void broker_thaw(struct broker *broker)
{
    kill(broker->pid, SIGCONT);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
    (void)status;
    (void)type;
    (void)at;
    return remove(path);
}

void broker_free(struct broker *broker)
{
    if (broker) {
        end(broker, SIGKILL);
        nftw(broker->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        free(broker->config);
        free(broker);
    }
}

uint16_t broker_port(const struct broker *broker)
{
    return broker->port;
}

const char *broker_uri(const struct broker *broker)
{
    return broker->uri;
}

const char *broker_directory(const struct broker *broker)
{
    return broker->directory;
}

int broker_pid(const struct broker *broker)
{
    return (int)broker->pid;
}
