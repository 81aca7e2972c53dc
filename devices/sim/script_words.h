/* The vocabulary of walk scripts: keys with their ranges, names of choices and faults.
 * For devices/sim/script.c only; constant tables. */
#ifndef STRIDE_DEVICES_SIM_SCRIPT_WORDS_H
#define STRIDE_DEVICES_SIM_SCRIPT_WORDS_H

#include "devices/sim/script.h"

/* A number named in the text and where it goes; a table ends with a NULL name. */
struct script_key {
    const char *name;
    double min, max;
    size_t offset;
};

struct script_style {
    double speed_mps, cadence_spm, cv_pct, arm_deg, incline_pct, rail;
    double stance_pct, step_pct, load_pct;
};
struct script_person {
    double height_m, mass_kg, birth_year;
};
extern const struct script_key script_walk_keys[], script_limp_keys[], script_person_keys[];

enum script_choice_kind {
    CHOICE_NO_KEY = 0,
    CHOICE_NO_VALUE,
    CHOICE_PLACE,
    CHOICE_SIDE,
    CHOICE_QUALITY,
    CHOICE_SYMPTOM,
    CHOICE_SYMPTOM_SIDE,
    CHOICE_BUTTON,
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

#endif
