/* The vocabulary of walk scripts: keys with their ranges, names of choices and faults.
 * For devices/sim/script*.c only; constant tables. */
#ifndef STRIDE_DEVICES_SIM_SCRIPT_WORDS_H
#define STRIDE_DEVICES_SIM_SCRIPT_WORDS_H

#include "devices/sim/script.h"

/* A number named in the text and where it goes; a table ends with a NULL name. */
struct script_key {
    const char *name;
    double min, max;
    size_t offset;
};

/* Numbers as the text has them; NAN = not said. */
struct script_style {
    double speed_mps, cadence_spm, cv_pct, arm_deg, arm_left_deg, arm_right_deg, incline_pct, rail;
    double foot_deg, ds_pct, clearance_mm, scuffs, loading, fore, lean_deg, medial_left,
        medial_right, roll_sd_deg, uneven_mm, peak_bw, step_up_m, going_m;
    double stance_pct, step_pct, load_pct;
};
struct script_person {
    double height_m, mass_kg, birth_year, leg_m, hr_max_bpm;
};
struct script_chain {
    double n, monitoring;
};
/* What the other verbs are told: named by the event's field. */
struct script_numbers {
    double amount, second, third, fourth;
};
extern const struct script_key script_walk_keys[], script_run_keys[], script_stairs_keys[],
    script_limp_keys[], script_person_keys[], script_baseline_keys[], script_shoe_keys[],
    script_sit_keys[], script_wheels_keys[], script_fall_keys[], script_turn_keys[],
    script_impact_keys[], script_heart_keys[], script_belt_keys[], script_report_keys[],
    script_chain_keys[];

enum script_choice_kind {
    CHOICE_NO_KEY = 0,
    CHOICE_NO_VALUE,
    CHOICE_PLACE,
    CHOICE_SIDE,
    CHOICE_QUALITY,
    CHOICE_SYMPTOM,
    CHOICE_SYMPTOM_SIDE,
    CHOICE_BUTTON,
    CHOICE_HANDS,
    CHOICE_AGGRAVATOR,
    CHOICE_RELIEF,
    CHOICE_SHOE,
    CHOICE_SURFACE,
    CHOICE_ANSWER,
    CHOICE_STATUS,
};
enum script_choice_kind script_choice(const char *key, const char *value, int *out);

struct script_fault {
    const char *name;
    enum fault_kind kind;
    const char *key; /* of its amount; NULL = takes none */
    double min, max;
};
const struct script_fault *script_fault_find(const char *name);

bool script_stage_known(const char *stage);
bool script_flag_known(const char *flag);

#endif
