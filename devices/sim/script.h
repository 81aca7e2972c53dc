/* A scripted walk: what one body does and what befalls its devices, as a time line in a text file.
 *
 * In: text (README.md describes the format). Out: a struct in caller's memory, times rising.
 * Errors name the line. No I/O. */
#ifndef STRIDE_DEVICES_SIM_SCRIPT_H
#define STRIDE_DEVICES_SIM_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/wire.h"

enum { SCRIPT_EVENTS_MAX = 256, SCRIPT_DURATION_MAX_S = 24 * 3600 };

/* What is worn; also the slot within the wearer. */
enum gear_kind { GEAR_LEFT = 0, GEAR_RIGHT, GEAR_WRIST, GEAR_TREADMILL, GEAR_KINDS };
const char *gear_name(enum gear_kind kind); /* left, right, wrist, treadmill */

/* How the body walks; every segment of the time line has its own. */
struct gait_style {
    double speed_mps;
    double cadence_spm; /* 0 = what fits speed and height, rule book M08b */
    double cv_pct;      /* of stride time, M09 */
    double arm_deg;     /* peak to peak, M20 */
    double stance_si_pct, step_si_pct, load_si_pct; /* M10 to M12 */
    bool left_is_sore; /* the side with the short stance, the long step and the small load */
    double incline;    /* rise over run */
    bool rail;         /* hand on the treadmill's rail */
};

enum script_verb {
    SCRIPT_STAND,
    SCRIPT_SIT,
    SCRIPT_WALK,
    SCRIPT_REPORT,
    SCRIPT_FAULT,
    SCRIPT_END,
};

enum fault_kind {
    FAULT_SILENT,   /* sends nothing, stays connected */
    FAULT_DEAD,     /* is gone, connection and all; loses what it kept */
    FAULT_BACK,     /* ends SILENT, or starts a DEAD one anew */
    FAULT_REBOOT,   /* starts anew at once: new boot, ring lost */
    FAULT_CELL,     /* one cell shows nothing but its floor */
    FAULT_BATTERY,  /* shows `amount` per cent */
    FAULT_NOT_WORN, /* `amount` 1: taken off; 0: put on again */
    FAULT_OFFLINE,  /* out of radio range for `amount` seconds; goes on measuring */
    FAULT_LOSS,     /* the rest: per cent of messages lost, doubled, swapped, or ms of delay */
    FAULT_DUPLICATE,
    FAULT_REORDER,
    FAULT_DELAY,
};

struct script_event {
    double at_s;
    enum script_verb verb;
    struct gait_style style;   /* WALK */
    struct wire_report report; /* REPORT */
    enum gear_kind gear;       /* FAULT */
    enum fault_kind fault;
    double amount;
};

struct script {
    double height_m, mass_kg;
    int birth_year;
    char stage[8], name[NAME_SIZE];
    bool worn[GEAR_KINDS];
    unsigned events_n;
    double end_s;
    struct script_event events[SCRIPT_EVENTS_MAX];
};

struct script_error {
    unsigned line; /* from 1; 0 = the whole text */
    char text[160];
};

/* False with `*error` filled in; `*out` is then unspecified. */
bool script_parse(const char *text, size_t size, struct script *out, struct script_error *error);

/* The cadence that fits a speed: sqrt(60 v / (0.00387 h)), rule book M08b. */
double script_expected_cadence(double speed_mps, double height_m);

#endif
