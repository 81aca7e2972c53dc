/* A private mosquitto for one test: its own directory, a free port of 127.0.0.1, its own pid.
 *
 * It dies with the process that started it, and nothing here touches any other mosquitto. */
#ifndef STRIDE_TESTS_TOOLS_BROKER_H
#define STRIDE_TESTS_TOOLS_BROKER_H

#include <stdbool.h>
#include <stdint.h>

struct broker;

/* Makes directory and port, starts nothing. `config` (NULL: anonymous access) is copied into the
 * broker's file with @DIR@ and @PORT@ filled in; a loopback listener is put before it unless it
 * names @PORT@ itself. NULL on failure. */
struct broker *broker_new(const char *config);
/* A file beside the configuration (passwords, rights), mode 0600. */
bool broker_write(struct broker *broker, const char *name, const char *text);
/* Starts, also again on the same port; true once it accepts connections (at most 10 s). */
bool broker_start(struct broker *broker);
void broker_kill(struct broker *broker); /* SIGKILL, as in a crash */
void broker_stop(struct broker *broker); /* SIGTERM; its files stay */
void broker_freeze(struct broker *broker);
void broker_thaw(struct broker *broker);
/* Stops it if it runs and removes its directory. */
void broker_free(struct broker *broker);

uint16_t broker_port(const struct broker *broker);
const char *broker_uri(const struct broker *broker); /* mqtt://127.0.0.1:port */
const char *broker_directory(const struct broker *broker);
int broker_pid(const struct broker *broker); /* 0 = not running */

/* A port of 127.0.0.1 that was free a moment ago; 0 on failure. */
uint16_t broker_free_port(void);

#endif
