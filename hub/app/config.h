/* The one configuration file: a typed table from which parsing, checking, printing and help come.
 *
 * In: text (untrusted as any file is). Out: a struct, or one message "file:line: what to do".
 * Sections: [hub], [rules] (names from hub/core/params.h), [wearer ID], [device ID], [caregiver
 * ID]. A line is `key = value`, a section, empty, or a comment that starts with ; or #. Pure but
 * for config_load and config_print. Any thread. */
#ifndef STRIDE_HUB_APP_CONFIG_H
#define STRIDE_HUB_APP_CONFIG_H

#include <stdio.h>

#include "hub/core/pipeline.h"
#include "proto/topic.h"

enum {
    CONFIG_WEARERS_MAX = 4096,
    CONFIG_DEVICES_MAX = CONFIG_WEARERS_MAX * WEARER_DEVICES_MAX,
    CONFIG_CAREGIVERS_MAX = 4096,
    CONFIG_FLAGS_MAX = WEARER_FLAGS_MAX,
    CONFIG_FILE_BYTES_MAX = 4 * 1024 * 1024,
    CONFIG_ERROR_SIZE = 320,
    CONFIG_PATH_SIZE = 512
};

struct config_hub {
    char site[ID_SIZE];
    int part;
    char broker[256];
    char user[ID_SIZE];
    char password_file[CONFIG_PATH_SIZE];
    char ca_file[CONFIG_PATH_SIZE], certificate_file[CONFIG_PATH_SIZE], key_file[CONFIG_PATH_SIZE];
    char database[CONFIG_PATH_SIZE];
    char emergency_number[16];
    char helpline[32];
    double journal_days, strides_days;
    int device_rate; /* messages/s of one device before it is held back, F25 */
    int heartbeat_s;
    char log[8];
};

struct config_wearer {
    int line;
    char id[ID_SIZE];
    char name[NAME_SIZE];
    double height_m, leg_m, mass_kg; /* NAN = absent */
    int birth_year;                  /* 0 = absent */
    char stage[8];                   /* "" = no plan yet */
    bool coaching_consent, caregiver_consent;
    char flags[512]; /* comma-separated */
    int hr_max;      /* bpm; 0 = absent */
    char baseline[512], rules[1024];
    int rules_line; /* 0 = has none of its own */
    char locale[8];
    char walk_times[32];
    char shoe[ID_SIZE], shoe_type[16], shoe_bought[16];
    double shoe_km, shoe_days;
    char shoe_cushioning[4], shoe_support[4], shoe_arch_support[4];
    int tz_offset_min;
    bool tz_follow;       /* the hub's own zone instead */
    char quiet_hours[16]; /* "none": none, "": as [rules] says */
    /* By the cross check: indices into the other tables. */
    uint8_t devices_n, caregivers_n;
    int devices[WEARER_DEVICES_MAX], caregivers[WEARER_CAREGIVERS_MAX];
};

struct config_device {
    int line;
    char id[ID_SIZE];
    char wearer[ID_SIZE];
    char side[8];
};

struct config_caregiver {
    int line;
    char id[ID_SIZE];
    char name[NAME_SIZE]; /* "" = the account's id */
    char wearers[1024];   /* comma-separated ids */
    char scope[64];
    int order;
    bool monitoring;
    char duty[192]; /* "" = always */
};

struct config {
    struct config_hub hub;
    struct params params;
    int rule_line[PARAM_COUNT]; /* where [rules] gives it; 0 = it does not */
    int wearers_n, devices_n, caregivers_n;
    int wearers_room, devices_room, caregivers_room;
    struct config_wearer *wearers;
    struct config_device *devices;
    struct config_caregiver *caregivers;
};

/* NULL with a message in `error` (CONFIG_ERROR_SIZE). `name` stands before the line number. */
struct config *config_parse(const char *text, size_t size, const char *name, char *error);
struct config *config_load(const char *path, char *error);
void config_free(struct config *config);
/* How the walker calls this account: its name, else the account itself. */
const char *config_caregiver_name(const struct config *config, const char *account);
/* Every key with its value, as a file that reads back the same. */
void config_print(const struct config *config, FILE *out);
/* Every key with unit, range, default and meaning. */
void config_help(FILE *out);

/* What is allowed but hardly meant: a wearer whose help call reaches nobody, three devices on one
 * side. One line each to `say`. */
typedef void config_advise_fn(void *context, const char *text);
void config_advise(const struct config *config, config_advise_fn *say, void *context);

/* What the journal keeps of wearer `index`. Devices that `before` (or NULL) knows keep their slots;
 * its version goes up by one from there. */
void config_wearer_wire(const struct config *config, int index, const struct wearer_state *before,
                        struct wire_wearer_config *out);

/* The parameters that hold for wearer `index`: its own go before those of [rules]. */
void config_wearer_params(const struct config *config, int index, struct params *params);

/* The password of `user` from a file of lines "user:password"; false when there is none. The file
 * must not be readable by others. */
bool config_password(const char *path, const char *user, char *out, size_t size, char *error);

#endif
