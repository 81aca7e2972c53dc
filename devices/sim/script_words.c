#include "devices/sim/script_words.h"

const struct script_key script_walk_keys[] = {
    {"speed", 0.3, 2.2, offsetof(struct script_style, speed_mps)},
    {"cadence", 40, 150, offsetof(struct script_style, cadence_spm)},
    {"cv", 0, 15, offsetof(struct script_style, cv_pct)},
    {"arm", 0, 90, offsetof(struct script_style, arm_deg)},
    {"incline", -10, 15, offsetof(struct script_style, incline_pct)},
    {"rail", 0, 1, offsetof(struct script_style, rail)},
    {NULL, 0, 0, 0},
};

/* Beyond 30 % a walker of this build would be in the air: not a limp but a hop. */
const struct script_key script_limp_keys[] = {
    {"stance", 0, 30, offsetof(struct script_style, stance_pct)},
    {"step", 0, 30, offsetof(struct script_style, step_pct)},
    {"load", 0, 60, offsetof(struct script_style, load_pct)},
    {NULL, 0, 0, 0},
};

const struct script_key script_person_keys[] = {
    {"height_m", 1.0, 2.3, offsetof(struct script_person, height_m)},
    {"mass_kg", 25, 250, offsetof(struct script_person, mass_kg)},
    {"birth_year", 1900, 2030, offsetof(struct script_person, birth_year)},
    {NULL, 0, 0, 0},
};

static const char *const places[] = {NULL,    "none", "back", "buttock",
                                     "thigh", "calf", "foot", NULL};
static const char *const sides[] = {NULL, "left", "right", "both", NULL};
static const char *const qualities[] = {NULL,   "dull",  "sharp", "electric",
                                        "warm", "tired", "ache",  NULL};
static const char *const symptoms[] = {NULL, "numb", "weak", "heavy", "tingling", NULL};
static const char *const buttons[] = {NULL,        "ok",     "help",  "stop",        "moved_down",
                                      "leg_heavy", "unwell", "flare", "no_coaching", NULL};

/* Names stand at the index of their number in stridehub.proto; 0 is UNKNOWN. */
static const struct {
    const char *key;
    enum script_choice_kind kind;
    const char *const *names;
} choices[] = {
    {"place", CHOICE_PLACE, places},
    {"side", CHOICE_SIDE, sides},
    {"quality", CHOICE_QUALITY, qualities},
    {"symptom", CHOICE_SYMPTOM, symptoms},
    {"symptom_side", CHOICE_SYMPTOM_SIDE, sides},
    {"button", CHOICE_BUTTON, buttons},
};

_Static_assert(STRIDE__V1__PAIN_PLACE__PAIN_PLACE_FOOT == 6, "order of places");
_Static_assert(STRIDE__V1__SIDE__SIDE_BOTH == 3, "order of sides");
_Static_assert(STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_ACHE == 6, "order of qualities");
_Static_assert(STRIDE__V1__SYMPTOM__SYMPTOM_TINGLING == 4, "order of symptoms");
_Static_assert(STRIDE__V1__BUTTON__BUTTON_NO_COACHING == 8, "order of buttons");

enum script_choice_kind script_choice(const char *key, const char *value, int *out)
{
    for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
        if (strcmp(choices[i].key, key) != 0)
            continue;
        for (int n = 1; choices[i].names[n] != NULL; n++) {
            if (strcmp(choices[i].names[n], value) == 0) {
                *out = n;
                return choices[i].kind;
            }
        }
        return CHOICE_NO_VALUE;
    }
    return CHOICE_NO_KEY;
}

static const struct script_fault faults[] = {
    {"silent", FAULT_SILENT, NULL, 0, 0},     {"dead", FAULT_DEAD, NULL, 0, 0},
    {"back", FAULT_BACK, NULL, 0, 0},         {"reboot", FAULT_REBOOT, NULL, 0, 0},
    {"dead_cell", FAULT_CELL, "cell", 0, 15}, {"battery", FAULT_BATTERY, "pct", 0, 100},
    {"not_worn", FAULT_NOT_WORN, "on", 0, 1}, {"offline", FAULT_OFFLINE, "s", 1, 3600},
    {"loss", FAULT_LOSS, "pct", 0, 90},       {"duplicate", FAULT_DUPLICATE, "pct", 0, 100},
    {"reorder", FAULT_REORDER, "pct", 0, 90}, {"delay", FAULT_DELAY, "ms", 0, 60000},
};

const struct script_fault *script_fault_find(const char *name)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if (strcmp(faults[i].name, name) == 0)
            return &faults[i];
    return NULL;
}

bool script_stage_known(const char *stage)
{
    static const char *const stages[] = {"M1", "M2", "P1", "P2", "P3", "P4", "G30", "K"};
    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
        if (strcmp(stages[i], stage) == 0)
            return true;
    return false;
}

const char *gear_name(enum gear_kind kind)
{
    switch (kind) {
    case GEAR_LEFT:
        return "left";
    case GEAR_RIGHT:
        return "right";
    case GEAR_WRIST:
        return "wrist";
    case GEAR_TREADMILL:
        return "treadmill";
    case GEAR_KINDS:
        break;
    }
    return "?";
}
