/* A whole home on a simulated clock: the real hub loop, core and device library between a modelled
 * disk, broker and people. One home at a time; everything follows from its seed.
 *
 * Real: hub/app (all but links.c and the thread of loop.c), hub/core, proto, devices/lib,
 * devices/sim (the walker's body). Modelled: hub/io/store (disk.c), the links and the broker
 * (broker.c), clocks (clock.c, by the linker's --wrap), caregivers and wearer (people.c).
 * Times named `_ns` are true time of the simulation, `hub_ns` is the hub's own. */
#ifndef STRIDE_TESTS_SIM_SIM_H
#define STRIDE_TESTS_SIM_SIM_H

#include "devices/lib/device.h"
#include "devices/sim/random.h"
#include "hub/app/hub.h"

#define SIM_MS INT64_C(1000000)
#define SIM_SECOND INT64_C(1000000000)
#define SIM_MINUTE (60 * SIM_SECOND)
#define SIM_HOUR (60 * SIM_MINUTE)
#define SIM_DAY (24 * SIM_HOUR)

enum {
    SIM_WEARERS_MAX = 2,
    SIM_GEAR = 4, /* devices a wearer: left, right, wrist, treadmill */
    SIM_DEVICES_MAX = SIM_WEARERS_MAX * SIM_GEAR,
    SIM_CAREGIVERS_MAX = 4,
    CLIENT_HUB = 0,
    CLIENT_DEVICE = 1, /* and up */
    CLIENT_CAREGIVER = CLIENT_DEVICE + SIM_DEVICES_MAX,
    SIM_CLIENTS = CLIENT_CAREGIVER + SIM_CAREGIVERS_MAX
};

/* What a run exercised, so that one sees that faults really occur. */
#define SIM_COUNTS(X)                                           \
    X(WALKS, "walks")                                           \
    X(RECORDS, "records of walks")                              \
    X(FRAMES, "frames in the journal")                          \
    X(REPORTS, "reports and feedback in the journal")           \
    X(INPUTS, "inputs replayed")                                \
    X(HELP, "help presses")                                     \
    X(RED_FLAGS, "red flags raised")                            \
    X(ALERTS, "other alerts raised")                            \
    X(LADDER_STEPS, "ladder steps")                             \
    X(LOCAL_ALARMS, "local alarms")                             \
    X(NOTICES, "notices received")                              \
    X(ACKS, "acceptances that counted")                         \
    X(ACKS_REFUSED, "acceptances refused (late, twice, wrong)") \
    X(CANCELLED, "red flags cancelled by the wearer")           \
    X(PROMPTS, "prompts shown")                                 \
    X(COACHING, "coaching prompts decided")                     \
    X(CORRECTED_WALKS, "walks with corrections")                \
    X(PRAISED_WALKS, "of them with time for praise, praised")   \
    X(EXPIRED, "prompts and answers expired on the way")        \
    X(HUB_KILLS, "hub kills")                                   \
    X(KILLS_BEFORE_COMMIT, "of them right before a commit")     \
    X(KILLS_AFTER_COMMIT, "of them right after a commit")       \
    X(KILLS_AT_PUBLISH, "of them between two publishes")        \
    X(MACHINE_BOOTS, "of them with the machine")                \
    X(BROKER_KILLS, "broker kills")                             \
    X(LOST, "messages lost by broker or network")               \
    X(DOUBLED, "messages delivered twice")                      \
    X(LATE, "messages delayed by more than 1 s")                \
    X(COMMITS_FAILED, "commits failed")                         \
    X(DISK_FULL, "times the disk was full")                     \
    X(CLOCK_JUMPS, "jumps of the wall clock")                   \
    X(STALLS, "late wake-ups of the loop above 0.1 s")          \
    X(STANDSTILLS, "times all but the devices stood still")     \
    X(DEVICE_BOOTS, "devices started anew")                     \
    X(DEVICE_JUMPS, "jumps of a device's clock")                \
    X(OVERFLOWED, "frames pushed out of a full ring")           \
    X(RECEIPTS, "receipts checked")                             \
    X(REPLAYS, "recoveries and replays compared bit for bit")   \
    X(TWINS, "twins with other wake-ups compared")

enum sim_count {
#define SIM_COUNT_ENUM(name, text) COUNT_##name,
    SIM_COUNTS(SIM_COUNT_ENUM)
#undef SIM_COUNT_ENUM
        SIM_COUNT_N
};

struct world;

/* ---- world.c: events in the order of time */

struct message;
struct event;
typedef void event_fn(struct world *world, const struct event *event);
struct event {
    int64_t at_ns;
    uint64_t order; /* of equals: as they were made */
    event_fn *happens;
    int who;
    uint64_t tag;            /* the receiver's: an epoch, a token */
    struct message *message; /* borrowed, or NULL */
};
void world_at(struct world *world, int64_t at_ns, event_fn *happens, int who, uint64_t tag,
              struct message *message);
/* A violation: printed with the command that plays it again. */
__attribute__((format(printf, 2, 3))) void world_fail(struct world *world, const char *format, ...);
__attribute__((format(printf, 2, 3))) void world_trace(struct world *world, const char *format,
                                                       ...);
void world_hash(struct world *world, const void *bytes, size_t size);
bool chance(struct world *world, double probability);
int64_t between(struct world *world, int64_t low, int64_t high);

/* ---- broker.c: what is on the way */

struct message {
    int references;
    struct topic topic;
    int qos;
    bool retained;
    int64_t expires_ns; /* true time; 0 = never */
    uint64_t epoch;     /* of the broker that took it */
    char response[TOPIC_LENGTH_MAX + 1];
    uint32_t size;
    uint8_t bytes[];
};
void message_release(struct message *message);
struct sim_client {
    bool connected;
    uint64_t connection; /* counts; an event of another one is void */
    struct message **queue;
    int queue_n, queue_room;
};
struct sim_broker {
    bool up, keeps; /* keeps: persistence on */
    uint64_t epoch;
    double loss, doubled, late; /* shares of messages */
    int64_t still_until_ns;     /* passes nothing on before */
    struct message **retained;
    int retained_n, retained_room;
};
struct sim_say {
    struct topic topic;
    const void *bytes;
    size_t size;
    int qos;
    bool retain;
    uint32_t expiry_s;
    const char *response;
};
/* False when the broker is not there. */
bool broker_publish(struct world *world, const struct sim_say *say);
void broker_kill(struct world *world, int64_t down_ns);
void broker_connect(struct world *world, int client);
void broker_disconnect(struct world *world, int client, bool tell);
/* Tries again until it is connected. */
void broker_seek(struct world *world, int client, int64_t delay_ns);
void broker_free(struct world *world);

/* ---- disk.c: hub/io/store in memory; what was committed stays */

struct disk_row {
    struct input input;
    uint8_t *bytes;
};
struct disk_snapshot {
    uint64_t seq, digest;
    int64_t at_mono_ns;
    struct wearer_state *state; /* NULL = none */
};
struct disk_message {
    struct store_message message;
    uint8_t *payload;
};
struct disk_alert {
    struct store_alert alert;
    char *record;
};
struct disk_stride {
    int64_t start_ns;
    double start_us; /* device time: the same stride has the same */
    uint32_t wearer;
    uint8_t foot;
};
struct disk_session {
    char id[40];
    uint32_t wearer;
    bool over;
};
struct disk {
    char wearers[SIM_WEARERS_MAX][ID_SIZE];
    int wearers_n;
    struct disk_row *rows;
    int rows_n, rows_room;
    struct disk_snapshot checkpoints[SIM_WEARERS_MAX], bases[SIM_WEARERS_MAX];
    uint64_t digest_seq[SIM_WEARERS_MAX], digests[SIM_WEARERS_MAX];
    bool has_clock;
    struct clock_mark clock;
    double clock_speed;
    uint64_t replay_from, version;
    struct disk_message *messages;
    int messages_n, messages_room;
    struct disk_alert *alerts;
    int alerts_n, alerts_room;
    struct disk_stride *strides;
    int strides_n, strides_room;
    struct disk_session *sessions;
    int sessions_n, sessions_room;
    struct {
        char name[32];
        int64_t value;
    } figures[64];
    int figures_n;
    /* what is wrong with it */
    bool full;
    int64_t closed_until_ns;
    int64_t fails_until_ns;
    int64_t allowance; /* bytes that the reserve has given up and nobody has used */
    int reserve_steps;
};
/* The hub's connection to it, with the changes of the open batch. */
struct change;
struct store {
    struct world *world;
    struct disk *disk;
    struct change *first, *last;
    size_t bytes;
};
void disk_free(struct disk *disk);

/* ---- device.c */

struct sim_device {
    struct device device;
    struct device_options options;
    struct wire_descriptor descriptor;
    int wearer;
    uint8_t slot;
    bool powered, in_range;
    double ppm;
    int64_t boot_ns; /* switched on */
    int64_t clock_us;
    unsigned boots_n;
    int64_t timer_ns; /* when its next look is planned */
    const struct walk_kind *walk;
    int64_t walk_us[STREAMS_MAX]; /* device clock of the walk's first sample */
    int sample_at[STREAMS_MAX];
    bool press_open; /* pressed help, and an OK is still in time */
};
void devices_open(struct world *world);
void devices_close(struct world *world);
void device_power(struct world *world, int index, bool on);
void device_reboot(struct world *world, int index);
void device_jump(struct world *world, int index, int64_t by_us);
void device_range(struct world *world, int index, bool in_range);
void device_link_up(struct world *world, int index);
void device_link_down(struct world *world, int index);
void device_receive(struct world *world, int index, const struct message *message);
void device_walk(struct world *world, int index, const struct walk_kind *walk);
void device_say(struct world *world, int index, const struct wire_report *report);
void device_feed_back(struct world *world, int index, const char *prompt,
                      Stride__V1__FeedbackKind kind);
int device_find(const struct world *world, const char *id);

/* ---- walks.c: what the devices measure on a walk, sampled once a process */

struct walk_stream {
    float *values; /* sample after sample, all channels of one */
    int samples_n, channels_n;
};
struct walk_kind {
    const char *name;
    double seconds;
    struct wire_descriptor descriptors[SIM_GEAR];
    struct walk_stream streams[SIM_GEAR][STREAMS_MAX];
};
enum { WALK_KINDS = 5 };
const struct walk_kind *walk_kind(int index);
/* Without it every home would pay for the sampling. */
void walks_prepare(void);

/* ---- people.c */

enum caregiver_habit { HABIT_PROMPT, HABIT_LATE, HABIT_NEVER, HABIT_TWICE, HABIT_WRONG, HABITS };
struct sim_caregiver {
    char account[ID_SIZE];
    bool emergency, online;
    enum caregiver_habit habit;
    char known[32][ID_SIZE]; /* alerts it has a notice of */
    int64_t known_ns[32];
    int known_n;
};
struct sim_ack {
    char alert[ID_SIZE];
    int caregiver;
};
void people_open(struct world *world);
void people_receive(struct world *world, int index, const struct message *message);
/* The wearer saw or felt a prompt. */
void people_prompt(struct world *world, int device, const struct wire_prompt *prompt);

/* ---- hub.c: the process */

struct sim_hub {
    struct hub *hub;
    bool dying;          /* killed: what it still does leaves no trace */
    uint64_t generation; /* counts starts */
    int kill_in;         /* external actions until it is killed; 0 = not planned */
    int64_t round_ns;    /* when the next round is planned */
    int64_t busy_until_ns, stalled_until_ns, checkpoint_ns;
    int64_t stalled_from_ns; /* what it has not noticed yet; INT64_MAX = nothing */
    unsigned connects;
    struct machine_time machine; /* as clock_read tells */
    /* When, in hub time, something of this home kept it from speaking at once. */
    bool impaired;
    int64_t impaired_from_ns;
    struct {
        int64_t from_ns, to_ns;
    } * impairments;
    int impairments_n, impairments_room;
    int64_t last_hub_ns;
};
enum kill_point { KILL_BEFORE_COMMIT, KILL_AFTER_COMMIT, KILL_AT_PUBLISH };
void hub_process_start(struct world *world);
void hub_process_kill(struct world *world, int64_t away_ns, bool machine_too);
/* One external action: true when the hub died here or before. */
bool hub_process_dies(struct world *world, enum kill_point point);
void hub_process_wake(struct world *world, int64_t at_ns);
void hub_process_receive(struct world *world, const struct message *message);
void hub_process_link(struct world *world, bool up);
/* Looks whether it can speak at once; to be called when that may have changed. */
void hub_process_impaired(struct world *world);
int64_t hub_process_now_ns(struct world *world);

/* ---- faults.c */

void faults_open(struct world *world);
/* Something happens that faults are rather to meet: a walk, a call for help. */
void faults_meet(struct world *world, int64_t within_ns);
/* From here on nothing goes wrong any more: what was begun can be finished. */
void faults_end(struct world *world);

/* ---- check*.c: what must hold */

struct boot_log {
    uint64_t boot_id;
    int device;
    uint8_t *frames, *control; /* a byte a number */
    uint64_t frames_room, control_room, last_frame;
};
struct told_notice {
    char account[ID_SIZE], alert[ID_SIZE];
    int64_t hub_ns;
};
struct shown_prompt {
    char id[ID_SIZE];
    int64_t hub_ns;
    uint8_t severity;
};
struct checks {
    struct boot_log *boots;
    int boots_n, boots_room;
    struct told_notice *told;
    int told_n, told_room;
    struct shown_prompt *shown;
    int shown_n, shown_room;
    struct sim_ack *acks;
    int acks_n, acks_room;
};
/* A row is on disk. */
void check_row(struct world *world, const struct input *input);
/* The hub tells an account that its acceptance of an alert counts. */
void check_answer(struct world *world, const char *account, const char *alert);
/* A receipt leaves, or a device got it and does not yet believe it. */
void check_receipt(struct world *world, int device, const struct wire_stored *stored);
void check_told(struct world *world, const char *account, const char *alert);
void check_shown(struct world *world, const struct wire_prompt *prompt);
/* The whole journal again, with every rule of the book about alerts and prompts. */
void check_home(struct world *world);
void checks_free(struct checks *checks);

/* What the replay shows the checkers, effect by effect. */
struct check_moment {
    struct world *world;
    const struct wearer_state *state; /* after the step */
    const struct input *input;
    int64_t before_ms, after_ms; /* wall minus hub time before and after the input */
    const struct effects *effects;
};
struct ladder_check;
struct ladder_check *ladder_check_new(void);
void ladder_check_step(struct ladder_check *check, const struct check_moment *moment);
void ladder_check_end(struct ladder_check *check, struct world *world,
                      const struct wearer_state *state);
struct voice_check;
struct voice_check *voice_check_new(void);
void voice_check_step(struct voice_check *check, const struct check_moment *moment);
void voice_check_end(struct voice_check *check, struct world *world);
struct walks_check;
struct walks_check *walks_check_new(void);
void walks_check_step(struct walks_check *check, const struct check_moment *moment);
void walks_check_end(struct walks_check *check, struct world *world, int wearer);

/* ---- the home */

struct world {
    uint64_t seed;
    int days;
    bool trace;
    struct random random;
    struct random stillness; /* of its own: what else befalls a home goes on as it did */
    int64_t now_ns, end_ns;
    struct event *events; /* a heap */
    int events_n, events_room;
    uint64_t events_made;
    int wearers_n, devices_n, caregivers_n;
    struct topic_root root;
    char config[4096];
    /* the machine */
    int64_t boot_ns, wall_offset_ms;
    unsigned machine_boots_n;
    int utc_offset_min;
    double storm; /* 0 calm to 1 */
    bool over;    /* faults have ended */
    struct sim_hub hub;
    struct sim_broker broker;
    struct sim_client clients[SIM_CLIENTS];
    struct disk disk;
    struct sim_device devices[SIM_DEVICES_MAX];
    struct sim_caregiver caregivers[SIM_CAREGIVERS_MAX];
    struct checks checks;
    uint64_t counts[SIM_COUNT_N];
    unsigned walks_n[SIM_WEARERS_MAX]; /* that each wearer set out for */
    uint64_t hash;
    int failures;
    char first_failure[512];
};
/* Plays one home; the world is left to be read and then freed. */
void world_play(struct world *world, uint64_t seed, int days, bool trace);
void world_free(struct world *world);
/* Of the home being played: what is linked in place of the hub's own doors has no argument. */
struct world *world_now(void);

#endif
