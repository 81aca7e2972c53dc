/* The table behind the configuration file; for config*.c only. */
#ifndef STRIDE_HUB_APP_CONFIG_TABLE_H
#define STRIDE_HUB_APP_CONFIG_TABLE_H

#include "hub/app/config.h"

enum config_section {
    SECTION_NONE = 0,
    SECTION_HUB,
    SECTION_RULES, /* keys come from the core's table instead */
    SECTION_WEARER,
    SECTION_DEVICE,
    SECTION_CAREGIVER,
    CONFIG_SECTIONS
};

enum config_type {
    TYPE_TEXT, /* UTF-8 without control characters */
    TYPE_ID,
    TYPE_IDS,       /* comma-separated */
    TYPE_URI,       /* mqtt:// or mqtts:// */
    TYPE_CHOICE,    /* one of `choices` */
    TYPE_CHOICES,   /* several, comma-separated */
    TYPE_HOURS,     /* 21:30-07:30, or none */
    TYPE_DUTIES,    /* mon-fri 08:00-18:00, sat 10:00-14:00 */
    TYPE_BASELINES, /* cadence=110, slh=0.41/0.01, speed=1.3 */
    TYPE_RULES,     /* r11.max=0, r03.d=90 */
    TYPE_TIMES,     /* 08:30, 13:00 */
    TYPE_DATE,      /* 2026-05-01 */
    TYPE_YES_NO,
    TYPE_INTEGER,
    TYPE_NUMBER
};

struct config_key {
    enum config_section section;
    enum config_type type;
    const char *key;
    size_t offset; /* in the section's struct */
    size_t size;   /* of texts */
    double min, max;
    const char *unit;
    const char *def;     /* NULL: must be given; "": absent */
    const char *choices; /* separated by '|' */
    const char *help;
};

extern const struct config_key config_keys[];
extern const int config_keys_n;
extern const char *const config_section_names[CONFIG_SECTIONS];

/* Sets the field of `record` from `value`; false with what is wrong in `why`. */
bool config_set_value(void *record, const struct config_key *key, const char *value, char *why,
                      size_t why_size);
/* Writes the field as it would be read; false when it is absent. */
bool config_get_value(const void *record, const struct config_key *key, char *out, size_t size);
/* Next item of a comma-separated list, trimmed; false at the end or when it does not fit. */
bool config_next_item(const char **list, char *out, size_t size);

/* ---- config_hours.c: both false when the text is none */

bool config_hours(const char *text, uint16_t *from_min, uint16_t *until_min);
/* Fills duties and duties_n; "" is none. */
bool config_duties(const char *text, struct wire_caregiver *out);

/* ---- config_person.c: all false when the text is none */

/* Fills baselines and baselines_n; "" is none. */
bool config_baselines(const char *text, struct wire_wearer_config *out);
/* Sets the parameters that it names; what comes before a bad one is set. */
bool config_own_rules(const char *text, struct params *params);
/* Fills walk_min and walk_times_n; "" is none. */
bool config_walk_times(const char *text, struct wire_wearer_config *out);
/* Days since 1970-01-01. */
bool config_date(const char *text, int32_t *day);

/* Relations between sections, after all of the file was read; false with a message. */
bool config_cross_check(struct config *config, const char *name, char *error);

#endif
