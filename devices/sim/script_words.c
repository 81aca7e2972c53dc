#include "devices/sim/script_words.h"

#define STYLE(field) offsetof(struct script_style, field)
#define PERSON(field) offsetof(struct script_person, field)
#define BASE(field) offsetof(struct script_baseline, field)
#define NUMBER(field) offsetof(struct script_numbers, field)
#define END_OF_KEYS   \
    {                 \
        NULL, 0, 0, 0 \
    }

/* What every gait may be told. */
#define GAIT_KEYS                                                                             \
    {"cv", 0, 15, STYLE(cv_pct)}, {"arm", 0, 90, STYLE(arm_deg)},                             \
        {"arm_left", 0, 90, STYLE(arm_left_deg)}, {"arm_right", 0, 90, STYLE(arm_right_deg)}, \
        {"rail", 0, 1, STYLE(rail)}, {"fsa", -25, 40, STYLE(foot_deg)},                       \
        {"clearance", 1, 150, STYLE(clearance_mm)}, {"scuffs", 0, 20, STYLE(scuffs)},         \
        {"lr", 0.5, 2.5, STYLE(loading)}, {"ff", -0.3, 0.4, STYLE(fore)},                     \
        {"lean", 0, 60, STYLE(lean_deg)}, {"ml_left", -0.6, 0.6, STYLE(medial_left)},         \
        {"ml_right", -0.6, 0.6, STYLE(medial_right)}, {"roll", 0, 15, STYLE(roll_sd_deg)},    \
    {                                                                                         \
        "uneven", 0, 40, STYLE(uneven_mm)                                                     \
    }

const struct script_key script_walk_keys[] = {
    {"speed", 0.1, 2.6, STYLE(speed_mps)},
    {"cadence", 30, 170, STYLE(cadence_spm)},
    {"incline", -15, 20, STYLE(incline_pct)},
    {"ds", 6, 60, STYLE(ds_pct)},
    GAIT_KEYS,
    END_OF_KEYS,
};
const struct script_key script_run_keys[] = {
    {"speed", 1.2, 5, STYLE(speed_mps)},
    {"cadence", 130, 200, STYLE(cadence_spm)},
    {"incline", -15, 20, STYLE(incline_pct)},
    {"peak", 1.7, 3, STYLE(peak_bw)}, /* below, there is no flight */
    GAIT_KEYS,
    END_OF_KEYS,
};
const struct script_key script_stairs_keys[] = {
    {"cadence", 30, 140, STYLE(cadence_spm)},
    {"height", 0.05, 0.3, STYLE(step_up_m)},
    {"going", 0.15, 0.6, STYLE(going_m)},
    {"ds", 6, 60, STYLE(ds_pct)},
    GAIT_KEYS,
    END_OF_KEYS,
};

/* Beyond 30 % a walker of this build would be in the air: not a limp but a hop. */
const struct script_key script_limp_keys[] = {
    {"stance", 0, 30, STYLE(stance_pct)},
    {"step", 0, 30, STYLE(step_pct)},
    {"load", 0, 60, STYLE(load_pct)},
    END_OF_KEYS,
};

const struct script_key script_person_keys[] = {
    {"height_m", 1.0, 2.3, PERSON(height_m)},       {"mass_kg", 25, 250, PERSON(mass_kg)},
    {"birth_year", 1900, 2030, PERSON(birth_year)}, {"leg_m", 0.4, 1.4, PERSON(leg_m)},
    {"hr_max", 80, 230, PERSON(hr_max_bpm)},        END_OF_KEYS,
};
const struct script_key script_baseline_keys[] = {
    {"cadence", 30, 180, BASE(cadence_spm)},
    {"v", 0.1, 3, BASE(speed_mps)},
    {"slh", 0.05, 0.8, BASE(slh)},
    {"fsa", -20, 45, BASE(foot_deg)},
    {"cv", 0, 20, BASE(cv_pct)},
    {"si", 0, 100, BASE(si_pct)},
    {"ds", 0, 60, BASE(ds_pct)},
    {"clearance", 0, 200, BASE(clearance_mm)},
    {"arm", 0, 120, BASE(arm_deg)},
    {"lr", 0.5, 100, BASE(loading_bw_s)},
    {"ff", 0, 1, BASE(fore)},
    END_OF_KEYS,
};
const struct script_key script_shoe_keys[] = {
    {"age_d", 0, 5000, offsetof(struct script_shoe, age_days)},
    {"km", 0, 5000, offsetof(struct script_shoe, km)},
    {"days", 0, 7, offsetof(struct script_shoe, days_per_week)},
    END_OF_KEYS,
};
const struct script_key script_sit_keys[] = {
    {"load", 5, 50, NUMBER(amount)}, {"impact", 1, 8, NUMBER(second)}, END_OF_KEYS};
const struct script_key script_wheels_keys[] = {{"push", 20, 120, NUMBER(amount)}, END_OF_KEYS};
const struct script_key script_fall_keys[] = {
    {"impact", 1.5, 12, NUMBER(amount)}, {"freefall", 0.05, 0.6, NUMBER(second)}, END_OF_KEYS};
const struct script_key script_turn_keys[] = {
    {"deg", -720, 720, NUMBER(amount)}, {"s", 0.5, 60, NUMBER(second)}, END_OF_KEYS};
const struct script_key script_impact_keys[] = {
    {"g", 1, 12, NUMBER(amount)}, {"turn", -180, 180, NUMBER(second)}, END_OF_KEYS};
const struct script_key script_heart_keys[] = {{"bpm", 25, 240, NUMBER(amount)},
                                               {"add", -60, 100, NUMBER(second)},
                                               {"rest", 35, 130, NUMBER(third)},
                                               {"lock", 0, 1, NUMBER(fourth)},
                                               END_OF_KEYS};
const struct script_key script_belt_keys[] = {
    {"speed", 0, 6, NUMBER(amount)}, {"obey", 0, 1, NUMBER(second)}, END_OF_KEYS};
const struct script_key script_report_keys[] = {
    {"pain", 0, 10, NUMBER(amount)},
    {"mood", 1, 5, NUMBER(second)},
    {"effort", 0, 10, NUMBER(third)},
    {"fear", 0, 10, NUMBER(fourth)},
    {"ambient", AMBIENT_C_MIN, AMBIENT_C_MAX, NUMBER(fourth)},
    {"outdoors", 0, 1, NUMBER(fourth)},
    {"long_ok", 0, 1, NUMBER(fourth)},
    {"backpack", 0, 1, NUMBER(fourth)},
    {"icy", 0, 1, NUMBER(fourth)},
    {"camber", 0, 1, NUMBER(fourth)},
    {"sport", 0, 1, NUMBER(fourth)},
    {"hydrated", 0, 1, NUMBER(fourth)},
    {"driving", 0, 1, NUMBER(fourth)},
    END_OF_KEYS};
const struct script_key script_chain_keys[] = {
    {"n", 0, WEARER_CAREGIVERS_MAX - 1, offsetof(struct script_chain, n)},
    {"monitoring", 0, 1, offsetof(struct script_chain, monitoring)},
    END_OF_KEYS};

static const char *const places[] = {NULL,    "none", "back", "buttock",
                                     "thigh", "calf", "foot", NULL};
static const char *const sides[] = {NULL, "left", "right", "both", NULL};
static const char *const qualities[] = {NULL,   "dull",  "sharp", "electric",
                                        "warm", "tired", "ache",  NULL};
static const char *const symptoms[] = {NULL, "numb", "weak", "heavy", "tingling", "cold", NULL};
static const char *const buttons[] = {NULL,        "ok",     "help",  "stop",        "moved_down",
                                      "leg_heavy", "unwell", "flare", "no_coaching", "flare_over",
                                      "low",       "pause",  NULL};
static const char *const aggravators[] = {NULL,      "standing_up", "sitting", "walking",
                                          "bending", "downhill",    NULL};
static const char *const reliefs[] = {NULL,     "sitting", "bending", "standing",
                                      "uphill", "trolley", NULL};
static const char *const shoes[] = {NULL,       "running",      "walking",  "trail", "work", "boot",
                                    "flipflop", "flat_fashion", "barefoot", "heel",  NULL};
static const char *const surfaces[] = {NULL,       "track", "trail",  "treadmill",
                                       "concrete", "grass", "indoor", NULL};
static const char *const answers[] = {NULL, "yes", "no", NULL};
static const char *const statuses[] = {NULL, "stopped", "paused", "key", "started", NULL};
/* One more: at the index of enum hands_kind plus 1. */
static const char *const hands[] = {NULL,  "free",    "phone", "call", "fixed",
                                    "bag", "pockets", "busy",  NULL};

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
    {"hands", CHOICE_HANDS, hands},
    {"aggravator", CHOICE_AGGRAVATOR, aggravators},
    {"relief", CHOICE_RELIEF, reliefs},
    {"shoe", CHOICE_SHOE, shoes},
    {"surface", CHOICE_SURFACE, surfaces},
    {"answer", CHOICE_ANSWER, answers},
    {"status", CHOICE_STATUS, statuses},
};

_Static_assert(STRIDE__V1__PAIN_PLACE__PAIN_PLACE_FOOT == 6, "order of places");
_Static_assert(STRIDE__V1__SIDE__SIDE_BOTH == 3, "order of sides");
_Static_assert(STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_ACHE == 6, "order of qualities");
_Static_assert(STRIDE__V1__SYMPTOM__SYMPTOM_COLD == 5, "order of symptoms");
_Static_assert(STRIDE__V1__AGGRAVATOR__AGGRAVATOR_DOWNHILL == 5, "order of aggravators");
_Static_assert(STRIDE__V1__RELIEF__RELIEF_TROLLEY == 5, "order of reliefs");
_Static_assert(STRIDE__V1__SHOE_TYPE__SHOE_TYPE_HEEL == 9, "order of shoes");
_Static_assert(STRIDE__V1__SURFACE__SURFACE_INDOOR == 6, "order of surfaces");
_Static_assert(STRIDE__V1__BUTTON__BUTTON_PAUSE == 11, "order of buttons");
_Static_assert(STRIDE__V1__BELT_STATUS__BELT_STATUS_STARTED == 4, "order of a belt's status");
_Static_assert(STRIDE__V1__ANSWER__ANSWER_NO == 2, "order of answers");
_Static_assert(HANDS_BUSY == 6, "order of hands");

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
    {"silent", FAULT_SILENT, NULL, 0, 0},      {"dead", FAULT_DEAD, NULL, 0, 0},
    {"back", FAULT_BACK, NULL, 0, 0},          {"reboot", FAULT_REBOOT, NULL, 0, 0},
    {"dead_cell", FAULT_CELL, "cell", 0, 15},  {"stuck_cell", FAULT_STUCK, "cell", 0, 15},
    {"battery", FAULT_BATTERY, "pct", 0, 100}, {"not_worn", FAULT_NOT_WORN, "on", 0, 1},
    {"offline", FAULT_OFFLINE, "s", 1, 3600},  {"clock_jump", FAULT_CLOCK, "s", 0.02, 60},
    {"loss", FAULT_LOSS, "pct", 0, 90},        {"duplicate", FAULT_DUPLICATE, "pct", 0, 100},
    {"reorder", FAULT_REORDER, "pct", 0, 90},  {"delay", FAULT_DELAY, "ms", 0, 60000},
};

const struct script_fault *script_fault_find(const char *name)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if (strcmp(faults[i].name, name) == 0)
            return &faults[i];
    return NULL;
}

static bool is_one_of(const char *word, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, word) == 0)
            return true;
    return false;
}

bool script_stage_known(const char *stage)
{
    static const char *const stages[] = {"M1", "M2", "P1", "P2", "P3", "P4", "G30", "K", NULL};
    return is_one_of(stage, stages);
}

/* Rule books 3 and 6: what a rule asks of the profile. */
bool script_flag_known(const char *flag)
{
    static const char *const flags[] = {"disc",
                                        "stenosis",
                                        "osteoporosis",
                                        "fluid_restriction",
                                        "fall_risk",
                                        "wheelchair",
                                        "walking_aid",
                                        "prosthesis",
                                        "hemiparesis",
                                        "leg_difference",
                                        "lone_walker",
                                        "beta_blocker",
                                        "pacemaker",
                                        "af",
                                        "heart_disease",
                                        "vertigo",
                                        "orthotic",
                                        "arm_injury",
                                        "steroids",
                                        "weak_immunity",
                                        "drug_injection",
                                        "cancer_history",
                                        "spine_surgery",
                                        "pt_plan",
                                        NULL};
    return is_one_of(flag, flags);
}

const char *script_shoe_name(Stride__V1__ShoeType type)
{
    return shoes[type];
}

const char *gear_name(enum gear_kind kind)
{
    static const char *const names[] = {[GEAR_LEFT] = "left",
                                        [GEAR_RIGHT] = "right",
                                        [GEAR_WRIST] = "wrist",
                                        [GEAR_TREADMILL] = "treadmill",
                                        [GEAR_WRIST2] = "wrist2"};
    return kind < GEAR_KINDS ? names[kind] : "?";
}
