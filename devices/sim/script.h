/* A scripted walk: what one body does and what befalls its devices, as a time line in a text file.
 *
 * In: text (README.md describes the format). Out: a struct in caller's memory, times rising.
 * Errors name the line. No I/O. */
#ifndef STRIDE_DEVICES_SIM_SCRIPT_H
#define STRIDE_DEVICES_SIM_SCRIPT_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "proto/wire.h"

/* A number that was not said. */
#define SCRIPT_NONE ((double)NAN)

enum {
    SCRIPT_EVENTS_MAX = 512,
    SCRIPT_REPLIES_MAX = 24,
    SCRIPT_PARAMS_MAX = 24,
    SCRIPT_DURATION_MAX_S = 24 * 3600
};

/* What is worn; also the slot within the wearer. The second wrist is on the other arm. */
enum gear_kind { GEAR_LEFT = 0, GEAR_RIGHT, GEAR_WRIST, GEAR_TREADMILL, GEAR_WRIST2, GEAR_KINDS };
const char *gear_name(enum gear_kind kind); /* left, right, wrist, treadmill, wrist2 */

enum gait_kind { GAIT_WALK = 0, GAIT_RUN, GAIT_STAIRS };

/* How the body walks; every segment of the time line has its own. NAN = what fits the speed. */
struct gait_style {
    uint8_t kind; /* enum gait_kind */
    double speed_mps;
    double cadence_spm; /* 0 = what fits speed and height, rule book M08b */
    double cv_pct;      /* of stride time, M09 */
    double arm_deg[2];  /* peak to peak, M20; left, right */
    double stance_si_pct, step_si_pct, load_si_pct; /* M10 to M12 */
    bool left_is_sore;   /* the side with the short stance, the long step and the small load */
    double incline;      /* rise over run */
    bool rail;           /* hand on the treadmill's rail */
    double foot_deg;     /* M13, foot angle at contact; toes up positive; NAN */
    double ds_pct;       /* M04; NAN */
    double clearance_mm; /* M14 */
    double scuffs;       /* of 20 strides */
    double loading;      /* loading rate, times that of the same step unchanged; M15 */
    double fore;         /* added to the forefoot's share M17 */
    double medial[2];    /* added to the medial index M18; left, right */
    double roll_sd_deg;  /* foot roll at contact; uneven ground */
    double uneven_mm;    /* SD of the ground's height */
    double step_up_m;    /* stairs: each step; down negative */
    double peak_bw;      /* run */
};

enum script_verb {
    SCRIPT_STAND,
    SCRIPT_SIT,
    SCRIPT_LIE,
    SCRIPT_WHEELS,
    SCRIPT_FALL,
    SCRIPT_WALK, /* and run, stairs: style.kind */
    SCRIPT_HANDS,
    SCRIPT_TURN,
    SCRIPT_STUMBLE,
    SCRIPT_IMPACT,
    SCRIPT_SHOES,
    SCRIPT_HEART,
    SCRIPT_BELT,
    SCRIPT_REPORT,
    SCRIPT_FAULT,
    SCRIPT_END,
};

enum hands_kind {
    HANDS_FREE = 0,
    HANDS_PHONE,   /* one forearm up, looked at */
    HANDS_CALL,    /* one hand at the ear */
    HANDS_FIXED,   /* both on a pram, trolley, frame or rail */
    HANDS_BAG,     /* one arm hangs down, loaded */
    HANDS_POCKETS, /* both */
    HANDS_BUSY,    /* both move about, not in step */
};

enum fault_kind {
    FAULT_SILENT,   /* sends nothing, stays connected */
    FAULT_DEAD,     /* is gone, connection and all; loses what it kept */
    FAULT_BACK,     /* ends SILENT, or starts a DEAD one anew */
    FAULT_REBOOT,   /* starts anew at once: new boot, ring lost */
    FAULT_CELL,     /* one cell shows nothing but its floor */
    FAULT_STUCK,    /* one cell shows for ever what it shows now */
    FAULT_BATTERY,  /* shows `amount` per cent */
    FAULT_NOT_WORN, /* `amount` 1: taken off; 0: put on again */
    FAULT_OFFLINE,  /* out of radio range for `amount` seconds; goes on measuring */
    FAULT_CLOCK,    /* its clock leaps ahead by `amount` seconds */
    FAULT_LOSS,     /* the rest: per cent of messages lost, doubled, swapped, or ms of delay */
    FAULT_DUPLICATE,
    FAULT_REORDER,
    FAULT_DELAY,
};

struct script_event {
    double at_s;
    enum script_verb verb;
    struct gait_style style; /* WALK */
    enum gear_kind gear;     /* FAULT, IMPACT */
    enum fault_kind fault;
    enum hands_kind hands;
    /* Which of both; HANDS, STUMBLE, SHOES; SIDE_UNKNOWN = the script's wrist, the next foot, both.
     */
    Stride__V1__Side side;
    /* FAULT: see there. SIT: share of the weight on the feet, %. TURN: deg, to the left positive.
     * FALL, IMPACT: g. SHOES: 1 = off. BELT: m/s, NAN = as the feet. HEART: bpm, NAN = by effort.
     * WHEELS: pushes a minute. */
    double amount;
    /* TURN: s it takes. FALL: free fall, s. IMPACT: deg that the wrist or foot turns. SIT: g of the
     * landing. BELT: 1 = obeys the hub. HEART: added bpm. */
    double second;
    double rest_bpm; /* HEART */
    bool locked;     /* HEART: shows the cadence instead */
    struct wire_report report;
};

/* An answer that waits for its question. */
struct script_reply {
    double from_s, delay_s;
    struct wire_report report; /* report.question: the text id that is waited for */
};

/* NAN = not said. */
struct script_baseline {
    double cadence_spm, speed_mps, slh, foot_deg, cv_pct, si_pct, ds_pct, clearance_mm, arm_deg,
        loading_bw_s, fore;
};

struct script_shoe {
    Stride__V1__ShoeType type; /* UNKNOWN = not said */
    char id[ID_SIZE];          /* "" = not said */
    double age_days, km, days_per_week;
    Stride__V1__Answer cushioning, support, arch_support;
};

/* A parameter of hub/core/params.h that this walk changes. */
struct script_param {
    char name[NAME_SIZE];
    double value;
};

struct script {
    double height_m, mass_kg;
    double leg_m, hr_max_bpm; /* NAN = not said */
    int birth_year;
    char stage[8], name[NAME_SIZE];
    char locale[8];  /* "" = not said */
    char flags[384]; /* of the profile */
    double clock_s;  /* local time of day at the start; NAN */
    struct script_baseline baseline;
    bool has_shoe;
    struct script_shoe shoe;
    unsigned walk_times_n, params_n;
    uint16_t walk_min[WEARER_WALK_TIMES_MAX];
    struct script_param params[SCRIPT_PARAMS_MAX];
    unsigned caregivers_n; /* in the chain */
    bool monitoring;       /* a service is told last */
    Stride__V1__Side wrist_side;
    bool worn[GEAR_KINDS];
    unsigned events_n, replies_n;
    double end_s;
    struct script_event events[SCRIPT_EVENTS_MAX];
    struct script_reply replies[SCRIPT_REPLIES_MAX];
};

struct script_error {
    unsigned line; /* from 1; 0 = the whole text */
    char text[160];
};

/* False with `*error` filled in; `*out` is then unspecified. */
bool script_parse(const char *text, size_t size, struct script *out, struct script_error *error);

/* The word of a shoe; NULL = UNKNOWN. */
const char *script_shoe_name(Stride__V1__ShoeType type);

/* Does the body stand, sit, walk otherwise from this event on? */
bool script_is_activity(enum script_verb verb);

/* The cadence that fits a speed: sqrt(60 v / (0.00387 h)), rule book M08b. */
double script_expected_cadence(double speed_mps, double height_m);

#endif
