/* Which rules work how with which devices (rule book 2.2 and 3.6), as data.
 *
 * In: what is present, fresh and worn. Out: full, degraded or not evaluated, and why. A set that is
 * not a column of the rule book works as well as the best column it contains: a further device
 * never takes anything away. Pure; the table is constant. */
#ifndef STRIDE_HUB_CORE_COVERAGE_H
#define STRIDE_HUB_CORE_COVERAGE_H

#include <stdint.h>

/* Devices that are there, or'ed. A stale one is not there (2.2). */
enum coverage_device {
    COVERAGE_LEFT_INSOLE = 1,
    COVERAGE_RIGHT_INSOLE = 2,
    COVERAGE_WRIST = 4,
    COVERAGE_TREADMILL = 8
};
enum { COVERAGE_DEVICES = 16 /* sets of them */ };

enum coverage_level { COVERAGE_NOT_EVALUATED = 0, COVERAGE_DEGRADED, COVERAGE_FULL };

/* Rows of 2.2, then rules that only 3.6 has. */
enum coverage_family {
    COVERAGE_R01 = 0,
    COVERAGE_R02,
    COVERAGE_R03,
    COVERAGE_R04_R07_R08,
    COVERAGE_R05_R14,
    COVERAGE_R11, /* M10 to M12 too */
    COVERAGE_R12,
    COVERAGE_REPORTS, /* P01 to P04, P08, F01 to F07 */
    COVERAGE_P05,
    COVERAGE_S01,
    COVERAGE_S04,
    COVERAGE_S06,
    COVERAGE_R13,
    COVERAGE_R15,
    COVERAGE_S02,
    COVERAGE_S03,
    COVERAGE_S05,
    COVERAGE_FAMILIES
};

enum coverage_reason {
    COVERAGE_COMPLETE = 0,
    COVERAGE_NEEDS_INSOLE,
    COVERAGE_NEEDS_BOTH_INSOLES, /* R11: never from one */
    COVERAGE_NEEDS_WRIST,
    COVERAGE_NEEDS_TREADMILL,
    COVERAGE_NEEDS_DEVICE,   /* any at all */
    COVERAGE_SPEED_BY_IMU,   /* one insole: no belt, the other foot unknown */
    COVERAGE_SPEED_CADENCE,  /* strict form: no foot angle, no loading rate */
    COVERAGE_ONE_SIDE,       /* told of that foot only */
    COVERAGE_WRIST_STEPS,    /* steps by wrist: none with a still arm */
    COVERAGE_BELT_STEPS,     /* steps by belt: nobody may be on it */
    COVERAGE_BY_TAP,         /* no wrist to answer on: treadmill, insole tap, app */
    COVERAGE_BY_DISPLAY,     /* question on the treadmill */
    COVERAGE_REPORTS_ONLY,   /* no posture or speed beside the answers */
    COVERAGE_SENSORS_ONLY,   /* a score lacks what the wrist would add */
    COVERAGE_NO_IMPACT,      /* S01 by unloading and tilt: asks, no alarm of its own */
    COVERAGE_NO_UNLOADING,   /* S01 by the wrist: free fall, impact and stillness */
    COVERAGE_ONE_FOOT_LOADS, /* S04: text only, no stop */
    COVERAGE_INFO_ONLY,      /* S04: wrist says away, text only */
    COVERAGE_GRIP,           /* heart rate while the grips are held */
    COVERAGE_LOG_ONLY,       /* S02 without a second sensor */
    COVERAGE_REASONS
};

struct coverage {
    uint8_t level;  /* enum coverage_level */
    uint8_t reason; /* enum coverage_reason: why not full */
};

/* `devices`: enum coverage_device, or'ed; other bits are a bug. */
struct coverage coverage_of(enum coverage_family family, unsigned devices);
const char *coverage_family_name(enum coverage_family family); /* "R04_R07_R08" */
const char *coverage_reason_name(enum coverage_reason reason); /* "needs_both_insoles" */

#endif
