#include "hub/app/config_table.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>

#define HUB(field) offsetof(struct config_hub, field), sizeof(((struct config_hub *)0)->field)
#define WEARER(field) \
    offsetof(struct config_wearer, field), sizeof(((struct config_wearer *)0)->field)
#define DEVICE(field) \
    offsetof(struct config_device, field), sizeof(((struct config_device *)0)->field)
#define CARER(field) \
    offsetof(struct config_caregiver, field), sizeof(((struct config_caregiver *)0)->field)

const char *const config_section_names[CONFIG_SECTIONS] = {"",       "hub",    "rules",
                                                           "wearer", "device", "caregiver"};

const struct config_key config_keys[] = {
    {SECTION_HUB, TYPE_ID, "site", HUB(site), 0, 0, "", "home", NULL,
     "name of this home in every topic; an id, no personal name"},
    {SECTION_HUB, TYPE_INTEGER, "part", HUB(part), 0, 9999, "", "0", NULL,
     "partition in every topic; 0 in a home"},
    {SECTION_HUB, TYPE_URI, "broker", HUB(broker), 0, 0, "", "mqtt://127.0.0.1:1883", NULL,
     "the MQTT broker: mqtt://host:port or mqtts://host:port"},
    {SECTION_HUB, TYPE_ID, "user", HUB(user), 0, 0, "", "", NULL,
     "account of the hub; also its client id. -control and -out are added for its other two links"},
    {SECTION_HUB, TYPE_TEXT, "password_file", HUB(password_file), 0, 0, "", "", NULL,
     "lines user:password for the three accounts, readable by the hub only"},
    {SECTION_HUB, TYPE_TEXT, "ca_file", HUB(ca_file), 0, 0, "", "", NULL,
     "certificate authority of the broker, for mqtts"},
    {SECTION_HUB, TYPE_TEXT, "certificate_file", HUB(certificate_file), 0, 0, "", "", NULL,
     "the hub's own certificate, for mqtts"},
    {SECTION_HUB, TYPE_TEXT, "key_file", HUB(key_file), 0, 0, "", "", NULL,
     "the key of the hub's own certificate"},
    {SECTION_HUB, TYPE_TEXT, "database", HUB(database), 0, 0, "", NULL, NULL,
     "the database file; <database>.reserve beside it holds space for alerts"},
    {SECTION_HUB, TYPE_TEXT, "emergency_number", HUB(emergency_number), 0, 0, "", "112", NULL,
     "named in texts; the hub itself never calls it"},
    {SECTION_HUB, TYPE_TEXT, "helpline", HUB(helpline), 0, 0, "", "", NULL,
     "who listens when somebody feels low (C18): a number named under every record; empty = none"},
    {SECTION_HUB, TYPE_NUMBER, "journal_days", HUB(journal_days), 0.01, 3650, "days", "7", NULL,
     "how long raw frames are kept"},
    {SECTION_HUB, TYPE_NUMBER, "strides_days", HUB(strides_days), 0.01, 36500, "days", "90", NULL,
     "how long single strides are kept"},
    {SECTION_HUB, TYPE_INTEGER, "device_rate", HUB(device_rate), 1, 1000000, "messages/s", "2000",
     NULL, "what one device may send before it is held back"},
    {SECTION_HUB, TYPE_INTEGER, "heartbeat_s", HUB(heartbeat_s), 1, 3600, "s", "60", NULL,
     "time between two messages on hub/state"},
    {SECTION_HUB, TYPE_CHOICE, "log", HUB(log), 0, 0, "", "info", "error|warn|info|debug",
     "least level that is logged"},

    {SECTION_WEARER, TYPE_TEXT, "name", WEARER(name), 0, 0, "", "", NULL,
     "how texts call the walker; never in a topic"},
    {SECTION_WEARER, TYPE_NUMBER, "height_m", WEARER(height_m), 0.5, 2.5, "m", "", NULL,
     "body height"},
    {SECTION_WEARER, TYPE_NUMBER, "leg_m", WEARER(leg_m), 0.2, 1.5, "m", "", NULL, "leg length"},
    {SECTION_WEARER, TYPE_NUMBER, "mass_kg", WEARER(mass_kg), 10, 400, "kg", "", NULL, "body mass"},
    {SECTION_WEARER, TYPE_INTEGER, "birth_year", WEARER(birth_year), 1900, 2100, "", "", NULL,
     "year of birth"},
    {SECTION_WEARER, TYPE_INTEGER, "hr_max", WEARER(hr_max), 80, 230, "beats/min", "", NULL,
     "highest heart rate that a clinician set; wins over the formula by age"},
    {SECTION_WEARER, TYPE_BASELINES, "baseline", WEARER(baseline), 0, 0, "", "", NULL,
     "what is usual, where it need not be learnt: cadence=110, slh=0.41/0.01 (value/MAD), "
     "speed=1.3 (at which they hold)"},
    {SECTION_WEARER, TYPE_CHOICE, "stage", WEARER(stage), 0, 0, "", "", "M1|M2|P1|P2|P3|P4|G30|K",
     "stage of the walking plan; without it R03 is not evaluated"},
    {SECTION_WEARER, TYPE_YES_NO, "coaching_consent", WEARER(coaching_consent), 0, 0, "", "no",
     NULL, "the walker agreed to be coached"},
    {SECTION_WEARER, TYPE_YES_NO, "caregiver_consent", WEARER(caregiver_consent), 0, 0, "", "no",
     NULL, "the walker agreed that caregivers are told"},
    {SECTION_WEARER, TYPE_CHOICES, "flags", WEARER(flags), 0, 0, "", "",
     "disc|stenosis|osteoporosis|fluid_restriction|fall_risk|wheelchair|walking_aid|prosthesis|"
     "hemiparesis|leg_difference|lone_walker|beta_blocker|pacemaker|af|heart_disease|vertigo|"
     "orthotic|arm_injury|steroids|weak_immunity|drug_injection|cancer_history|spine_surgery|"
     "pt_plan",
     "what the rules should know of the walker"},
    {SECTION_WEARER, TYPE_CHOICE, "locale", WEARER(locale), 0, 0, "", "en", "en|de",
     "language of what the walker reads, and the caregivers of the walker"},
    {SECTION_WEARER, TYPE_TIMES, "walk_times", WEARER(walk_times), 0, 0, "", "", NULL,
     "up to three times for walks, local: 08:30, 13:00, 18:00"},
    {SECTION_WEARER, TYPE_ID, "shoe", WEARER(shoe), 0, 0, "", "", NULL,
     "name of the shoe that is walked in; another name is another shoe"},
    {SECTION_WEARER, TYPE_CHOICE, "shoe_type", WEARER(shoe_type), 0, 0, "", "",
     "running|walking|trail|work|boot|flipflop|flat_fashion|barefoot|heel", "kind of shoe"},
    {SECTION_WEARER, TYPE_DATE, "shoe_bought", WEARER(shoe_bought), 0, 0, "", "", NULL,
     "when it was new: 2026-05-01"},
    {SECTION_WEARER, TYPE_NUMBER, "shoe_km", WEARER(shoe_km), 0, 100000, "km", "", NULL,
     "how far it was walked in before the hub counted"},
    {SECTION_WEARER, TYPE_NUMBER, "shoe_days", WEARER(shoe_days), 0, 7, "days/week", "", NULL,
     "how often it is worn"},
    {SECTION_WEARER, TYPE_CHOICE, "shoe_cushioning", WEARER(shoe_cushioning), 0, 0, "", "",
     "yes|no", "the shoe is cushioned"},
    {SECTION_WEARER, TYPE_CHOICE, "shoe_support", WEARER(shoe_support), 0, 0, "", "", "yes|no",
     "the shoe holds the heel"},
    {SECTION_WEARER, TYPE_CHOICE, "shoe_arch_support", WEARER(shoe_arch_support), 0, 0, "", "",
     "yes|no", "the shoe supports the arch"},
    {SECTION_WEARER, TYPE_RULES, "rules", WEARER(rules), 0, 0, "", "", NULL,
     "parameters of this walker only, over those of [rules]: r11.max=0, r03.d=90"},
    {SECTION_WEARER, TYPE_INTEGER, "tz_offset_min", WEARER(tz_offset_min), -840, 840, "min", "0",
     NULL, "local time is UTC plus this"},
    {SECTION_WEARER, TYPE_YES_NO, "tz_follow", WEARER(tz_follow), 0, 0, "", "no", NULL,
     "local time is the hub's own, daylight saving included; tz_offset_min is not used"},
    {SECTION_WEARER, TYPE_HOURS, "quiet_hours", WEARER(quiet_hours), 0, 0, "", "", NULL,
     "local time without tips and reminders, or none; red flags are never held back; absent: as "
     "[rules] says"},

    {SECTION_DEVICE, TYPE_ID, "wearer", DEVICE(wearer), 0, 0, "", NULL, NULL, "who uses it"},
    {SECTION_DEVICE, TYPE_CHOICE, "side", DEVICE(side), 0, 0, "", "", "left|right|both",
     "where it is worn; wins over what the device says"},

    {SECTION_CAREGIVER, TYPE_TEXT, "name", CARER(name), 0, 0, "", "", NULL,
     "how texts call this person to the walker; absent: the account's id"},
    {SECTION_CAREGIVER, TYPE_IDS, "wearers", CARER(wearers), 0, 0, "", NULL, NULL,
     "whom this account cares for"},
    {SECTION_CAREGIVER, TYPE_CHOICES, "scope", CARER(scope), 0, 0, "", "emergency",
     "emergency|daily_digest|live", "what this account may be told"},
    {SECTION_CAREGIVER, TYPE_INTEGER, "order", CARER(order), 1, 8, "", "1", NULL,
     "place in the chain: 1 is told first"},
    {SECTION_CAREGIVER, TYPE_YES_NO, "monitoring", CARER(monitoring), 0, 0, "", "no", NULL,
     "a monitoring service: told when nobody else accepted within 5 minutes"},
    {SECTION_CAREGIVER, TYPE_DUTIES, "duty", CARER(duty), 0, 0, "", "", NULL,
     "when to be told first, local time: mon-fri 08:00-18:00, sat 10:00-14:00; absent: always"},
};
_Static_assert(sizeof(config_keys) / sizeof(config_keys[0]) <= 64, "a bit per key, config.c");
const int config_keys_n = sizeof(config_keys) / sizeof(config_keys[0]);

bool config_next_item(const char **list, char *out, size_t size)
{
    const char *start = *list + strspn(*list, " \t,");
    size_t length = strcspn(start, ",");
    *list = start + length;
    while (length > 0 && (start[length - 1] == ' ' || start[length - 1] == '\t'))
        length--;
    if (length == 0 || length >= size)
        return false;
    memcpy(out, start, length);
    out[length] = '\0';
    return true;
}

static bool is_choice(const char *choices, const char *value)
{
    const size_t length = strlen(value);
    for (const char *c = choices; c != NULL; c = strchr(c, '|')) {
        c += *c == '|';
        if (strncmp(c, value, length) == 0 && (c[length] == '|' || c[length] == '\0'))
            return length > 0;
    }
    return false;
}

static bool all_items(const struct config_key *key, const char *value)
{
    char item[64];
    const char *list = value;
    bool any = false;
    while (config_next_item(&list, item, sizeof(item))) {
        any = true;
        if (key->type == TYPE_IDS ? !topic_id_valid(item) : !is_choice(key->choices, item))
            return false;
    }
    return any && *list == '\0';
}

/* Control characters were refused with the line; here are the bytes above ASCII. */
static bool is_utf8(const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0';) {
        const int more = *c < 0x80                 ? 0
                         : *c >= 0xc2 && *c < 0xe0 ? 1
                         : *c >= 0xe0 && *c < 0xf0 ? 2
                         : *c >= 0xf0 && *c < 0xf5 ? 3
                                                   : -1;
        if (more < 0)
            return false;
        const unsigned first = *c++;
        for (int i = 0; i < more; i++, c++) {
            const unsigned low = i == 0 && first == 0xe0   ? 0xa0
                                 : i == 0 && first == 0xf0 ? 0x90
                                                           : 0x80;
            const unsigned high = i == 0 && first == 0xed   ? 0x9f
                                  : i == 0 && first == 0xf4 ? 0x8f
                                                            : 0xbf;
            if (*c < low || *c > high)
                return false;
        }
    }
    return true;
}

static bool set_number(void *field, const struct config_key *key, const char *value, char *why,
                       size_t why_size)
{
    char *end;
    errno = 0;
    const double number = strtod(value, &end);
    const bool whole = key->type == TYPE_NUMBER || number == floor(number);
    if (end == value || *end != '\0' || errno != 0 || !isfinite(number) || !whole) {
        snprintf(why, why_size, "is not a %snumber", whole ? "" : "whole ");
        return false;
    }
    if (number < key->min || number > key->max) {
        snprintf(why, why_size, "must be from %g to %g %s", key->min, key->max, key->unit);
        return false;
    }
    if (key->type == TYPE_NUMBER)
        *(double *)field = number;
    else
        *(int *)field = (int)number;
    return true;
}

static const char *text_complaint(const struct config_key *key, const char *value)
{
    switch (key->type) {
    case TYPE_ID:
        return topic_id_valid(value) ? NULL : "must be an id: a-z, 0-9 and -, at most 32";
    case TYPE_IDS:
        return all_items(key, value) ? NULL : "must be ids, separated by commas";
    case TYPE_URI:
        return strncmp(value, "mqtt://", 7) == 0 || strncmp(value, "mqtts://", 8) == 0
                   ? NULL
                   : "must begin with mqtt:// or mqtts://";
    case TYPE_CHOICE:
        return is_choice(key->choices, value) ? NULL : "must be one of ";
    case TYPE_CHOICES:
        return all_items(key, value) ? NULL : "must be some of ";
    case TYPE_HOURS:
        return strcmp(value, "none") == 0 || config_hours(value, &(uint16_t){0}, &(uint16_t){0})
                   ? NULL
                   : "must be none or hours: 21:30-07:30";
    case TYPE_DUTIES:
        return config_duties(value, &(struct wire_caregiver){0})
                   ? NULL
                   : "must be at most 4 duties: mon-fri 08:00-18:00, sat 10:00-14:00";
    case TYPE_BASELINES:
        return config_baselines(value, &(struct wire_wearer_config){0})
                   ? NULL
                   : "must be metrics: cadence=110, slh=0.41/0.01, speed=1.3";
    case TYPE_RULES:
        return config_own_rules(value, &(struct params){0})
                   ? NULL
                   : "must be parameters of [rules] within their range: r11.max=0, r03.d=90";
    case TYPE_TIMES:
        return config_walk_times(value, &(struct wire_wearer_config){0})
                   ? NULL
                   : "must be up to 3 times, the earliest first: 08:30, 13:00, 18:00";
    case TYPE_DATE:
        return config_date(value, &(int32_t){0}) ? NULL : "must be a date: 2026-05-01";
    case TYPE_TEXT:
    case TYPE_YES_NO:
    case TYPE_INTEGER:
    case TYPE_NUMBER:
        break;
    }
    return is_utf8(value) ? NULL : "must be UTF-8";
}

bool config_set_value(void *record, const struct config_key *key, const char *value, char *why,
                      size_t why_size)
{
    char *field = (char *)record + key->offset;
    if (key->type == TYPE_INTEGER || key->type == TYPE_NUMBER)
        return set_number(field, key, value, why, why_size);
    if (key->type == TYPE_YES_NO) {
        const bool yes = strcmp(value, "yes") == 0;
        snprintf(why, why_size, "must be yes or no");
        if (yes || strcmp(value, "no") == 0)
            *(bool *)field = yes;
        return yes || strcmp(value, "no") == 0;
    }
    const char *complaint = text_complaint(key, value);
    if (complaint != NULL) {
        snprintf(why, why_size, "%s%s", complaint, key->choices == NULL ? "" : key->choices);
        return false;
    }
    if (strlen(value) >= key->size) {
        snprintf(why, why_size, "is longer than %zu bytes", key->size - 1);
        return false;
    }
    snprintf(field, key->size, "%s", value);
    return true;
}

bool config_get_value(const void *record, const struct config_key *key, char *out, size_t size)
{
    const char *field = (const char *)record + key->offset;
    if (key->type == TYPE_NUMBER) {
        snprintf(out, size, "%.17g", *(const double *)field);
        return isfinite(*(const double *)field);
    }
    if (key->type == TYPE_INTEGER) {
        snprintf(out, size, "%d", *(const int *)field);
        return *(const int *)field != 0 || (key->def != NULL && key->def[0] != '\0');
    }
    if (key->type == TYPE_YES_NO)
        snprintf(out, size, "%s", *(const bool *)field ? "yes" : "no");
    else
        snprintf(out, size, "%s", field);
    return out[0] != '\0';
}
