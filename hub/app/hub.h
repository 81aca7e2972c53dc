/* The running hub: what the loop and its helpers share. One thread; nothing here is global, so that
 * one process may one day hold several partitions (design 8). */
#ifndef STRIDE_HUB_APP_HUB_H
#define STRIDE_HUB_APP_HUB_H

#include "hub/app/config.h"
#include "hub/app/digest.h"
#include "hub/app/inbox.h"
#include "hub/app/intake.h"
#include "hub/app/links.h"
#include "hub/app/outbox.h"
#include "hub/io/json.h"

struct hub_wearer {
    char id[ID_SIZE];
    uint32_t number;
    int config_index; /* -1: no longer configured; its history stays */
    struct wearer_state *state;
    int64_t deadline_ns;
    uint64_t unsaved_seq; /* first input after its checkpoint; 0 = none */
    int64_t base_ns;      /* when its newest base was taken; INT64_MIN = never */
    bool touched;         /* by this batch */
    struct rate_bucket requests;
    struct effect_live live;
    bool has_live;
    struct digest_last digest; /* as it is in the store, once digest_known */
    bool digest_known;
    bool left; /* what was published of it was taken back */
};

/* When an account's client was last alive, in hub time; by the configuration's index. */
struct hub_client {
    char account[ID_SIZE];
    int64_t alive_ns;
    struct rate_bucket requests;
};

/* The way of an alert, tried once a day: hub, broker, and back to the hub's own subscription. */
struct hub_self_test {
    int64_t due_ns, sent_ns; /* machine time; sent_ns 0 = none is on its way */
    uint64_t number;
    bool known, ok;
    int64_t at_wall_ms; /* of the last result */
};

struct hub_counts {
    uint64_t applied, batches, failed_commits, not_stored, skipped, replay_mismatches;
    uint64_t same_side; /* hellos of an insole on a side that another insole has */
    uint64_t broker_dropped, broker_restarts;
    double broker_dropped_base, broker_uptime_s;
};

struct hub {
    struct config *config;
    char config_path[CONFIG_PATH_SIZE];
    struct topic_root root;
    struct hub_clock clock;
    struct store *store;
    struct inbox *inbox;
    struct links *links;
    struct outbox *outbox;
    struct intake intake;
    struct json_reader *json;

    struct hub_wearer *wearers;
    int wearers_n, wearers_room;
    int *touched;
    int touched_n;
    struct pipeline_scratch *scratch;
    struct effects *effects;
    char *text; /* RECORD_JSON_SIZE, for one document at a time */

    uint64_t next_seq;
    uint64_t replay_from; /* as it is in the store */
    struct hub_time last; /* of the last input: hub time never goes back */
    bool in_batch, urgent, storing, condition_due;
    bool unknown; /* the store could not be read back: nothing may be receipted */
    uint64_t batch_last_seq;
    int batch_frames_n;
    struct hub_counts counts;
    /* machine time */
    int64_t cry_ns;   /* not before: a red flag that cannot be stored */
    int64_t still_ns; /* not before: that it stood still */
    int64_t resume_check_ns, heartbeat_ns, housekeeping_ns, stored_scan_ns, show_ns;
    unsigned data_connects, out_connects;
    struct hub_client *clients; /* of config->caregivers */
    int clients_n;
    struct rate_bucket strangers;  /* requests of all accounts that are nobody's here */
    int64_t clients_ns, digest_ns; /* machine time of the next look */
    struct hub_self_test self_test;
    int utc_offset_min; /* of the hub's own time zone */
    bool show, story, quiet;
};

/* ---- hub.c: life */

struct hub_options {
    const char *config_path;
    double clock_speed;
    bool show, story;
};
struct hub *hub_open(const struct hub_options *options, char *error);
void hub_close(struct hub *hub);
/* Makes `config` the hub's: tables, and a note to the core where a wearer changed. Takes it. False:
 * nothing changed and `config` is still the caller's. */
bool hub_configure(struct hub *hub, struct config *config, char *error);
/* Its configuration goes to the core if it changed; inside a batch. */
void hub_tell_core(struct hub *hub, struct hub_wearer *wearer);
struct hub_wearer *hub_wearer_by_number(struct hub *hub, uint32_t number);

/* ---- hub_batch.c: inputs become steps and rows */

void hub_batch_begin(struct hub *hub); /* does nothing inside a batch */
/* Stamps and steps one input; a row is kept only if it was applied. */
enum step_result hub_apply(struct hub *hub, struct hub_wearer *wearer, enum input_kind kind,
                           uint8_t slot, uint16_t flags, const uint8_t *bytes, size_t size,
                           const struct machine_time *at, enum wire_refusal *refusal);
/* Everything due by now. */
void hub_tick(struct hub *hub, const struct machine_time *now);
/* Ends the batch: true when it is on disk and was sent. */
bool hub_batch_commit(struct hub *hub);
int64_t hub_deadline_ns(const struct hub *hub);

/* ---- hub_take.c: messages of devices and people */

void hub_take(struct hub *hub, const struct inbox_message *message);
/* Sends `stored` to the devices it is due for; true when some are due soon. */
bool hub_stored_scan(struct hub *hub, const struct machine_time *now);

/* ---- hub_leave.c: wearers that are no longer configured */

/* Was what is published of it taken back? Also of one that has no place in the table. */
bool hub_has_left(struct hub *hub, const char *id);
/* Takes it back of those who left since; inside a batch. */
void hub_leave(struct hub *hub);

/* ---- hub_say.c: effects become messages and rows */

void hub_say_effects(struct hub *hub, struct hub_wearer *wearer);
void hub_say_state(struct hub *hub);
/* The last word of an orderly stop; a hub that dies leaves it to the broker (its will). */
void hub_say_offline(struct hub *hub);
void hub_say_session(struct hub *hub, const struct hub_wearer *wearer);

bool hub_topic(const struct hub *hub, enum topic_kind kind, const char *owner, const char *item,
               char out[TOPIC_LENGTH_MAX + 1]);
/* A message that is kept until the broker has it; inside a batch. */
struct hub_post {
    enum topic_kind kind;
    const char *owner, *item, *key;
    const void *payload;
    size_t size;
    bool retain, urgent;
    int64_t expires_mono_ns; /* hub time; 0 = never */
};
void hub_post(struct hub *hub, const struct hub_post *what);

/* ---- hub_alert.c: alerts and notices */

void hub_say_alert(struct hub *hub, struct hub_wearer *wearer, const struct effect *effect);
void hub_say_notice(struct hub *hub, struct hub_wearer *wearer, const struct effect *effect);
/* A broker that was restarted forgot what it retained: open alerts and their notices are said
 * again. Outside a batch. */
void hub_say_open_alerts(struct hub *hub);

/* ---- hub_plan.c: the walking programme */

void hub_say_plan(struct hub *hub, struct hub_wearer *wearer, const struct effect *effect);

/* ---- hub_reach.c: whether alerts would arrive */

/* Clients of the configuration's caregivers; who is new counts as heard now. False: no memory. */
bool hub_clients_configure(struct hub *hub);
/* What this account may still ask; never NULL. */
struct rate_bucket *hub_request_rate(struct hub *hub, const char *account);
void hub_client_alive(struct hub *hub, const char *account);
/* Tells the core whose caregivers cannot be reached; runs the self-test. Outside a batch. */
void hub_reach_look(struct hub *hub, const struct machine_time *now);
/* What came back from the broker. */
void hub_self_test_came(struct hub *hub, const struct inbox_message *message);
void hub_self_test_json(const struct hub *hub, struct json_writer *writer);

/* ---- hub_digest.c: what caregivers read once a day */

/* Sends at most one that is due. Outside a batch. */
void hub_digest_look(struct hub *hub, const struct machine_time *now);
/* Keeps a caution that was said without a walk: no walk's record has it. Inside a batch. */
void hub_digest_note(struct hub *hub, const struct hub_wearer *wearer, const struct effect *effect);
/* Takes it back from accounts that lose it with the configuration `after`. Inside a batch. */
void hub_digest_withdraw(struct hub *hub, const struct hub_wearer *wearer,
                         const struct wire_wearer_config *after);

/* ---- requests.c: what people ask */

void hub_take_request(struct hub *hub, const struct inbox_message *message);

/* ---- hub_recover.c */

/* States from checkpoints and the journal's tail; what the store says is right. */
bool hub_recover(struct hub *hub, char *error);

/* ---- hub_keep.c: checkpoints, bases, retention, cleared alerts */

void hub_keep_in_batch(struct hub *hub, bool all);
/* Takes back all alerts and notices of a wearer that the broker still keeps. Inside a batch. */
void hub_clear_alerts_of(struct hub *hub, const struct hub_wearer *wearer);
/* Outside a batch: when nothing else is to do, or when it is overdue. */
void hub_keep_idle(struct hub *hub, const struct machine_time *now);

/* ---- hub_show.c */

void hub_show(struct hub *hub, const struct machine_time *now);

/* ---- hub_story.c */

void hub_story(const struct hub *hub, const struct hub_wearer *wearer, const struct effect *effect);

/* ---- loop.c */

struct loop_signals; /* the signal thread's side */
/* One round: what came, what is due, one batch, what goes by the clock. Never waits. */
void hub_round(struct hub *hub);
/* From one round to the next it took so long: if that is too long, the hub was as good as off, and
 * the core is told so before it looks at the clock. */
void hub_stood_still(struct hub *hub, int64_t for_ns, const struct machine_time *now);
/* Runs until asked to stop. `ready_fd` < 0: none. */
int loop_run(struct hub *hub, int ready_fd);

#endif
