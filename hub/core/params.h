/* Every number that a rule or the engine compares with, as one typed table: name, unit, range,
 * default, source, help. The configuration file sets them by name; the journal carries those that
 * differ from the defaults, so that a replay decides with what the hub decided with.
 *
 * Pure; the table is constant. */
#ifndef STRIDE_HUB_CORE_PARAMS_H
#define STRIDE_HUB_CORE_PARAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum param {
    /* engine */
    PARAM_CONTACT_THRESHOLD, /* 0 = 5 % of plateau over floor, 1 = 20 N over floor (rule book 2.3)
                              */
    PARAM_LIVE_WAIT_S,       /* design 1, stage 5 */
    PARAM_WALK_CLOSE_S,      /* a walk ends after that long without walking */
    PARAM_STALE_S,           /* S08: silent that long in a session */
    PARAM_FRESH_S,           /* rule book 2.2: a stream is stale after max(3 periods, this) */
    PARAM_SESSION_MIN_S,     /* rule book 2.5, G0 */
    PARAM_HOLD_COACH_S,      /* rule book 2.5 */
    PARAM_HOLD_CAUTION_S,
    /* R03 */
    PARAM_R03_CADENCE_MIN,
    PARAM_R03_CADENCE_ON,
    PARAM_R03_CADENCE_OFF,
    PARAM_R03_STEADY_S,
    PARAM_R03_STEADY_DISC_S,
    PARAM_R03_D_S,
    PARAM_R03_REFRACTORY_S,
    PARAM_R03_REFRACTORY_DISC_S,
    PARAM_R03_MAX,
    PARAM_R03_PRAISE_S,
    /* R11 */
    PARAM_R11_SI_STANCE_COACH,
    PARAM_R11_SI_STEP_COACH,
    PARAM_R11_SI_LOAD_COACH,
    PARAM_R11_SI_CAUTION,
    PARAM_R11_SI_STOP,
    PARAM_R11_OFF_RATIO,
    PARAM_R11_D_S,
    PARAM_R11_REFRACTORY_S,
    PARAM_R11_MAX,
    /* R12 */
    PARAM_R12_CV_ON,
    PARAM_R12_CV_STRONG,
    PARAM_R12_CV_OFF,
    PARAM_R12_SPEED_MIN,
    PARAM_R12_D_S,
    PARAM_R12_REFRACTORY_S,
    PARAM_R12_MAX,
    /* F07 */
    PARAM_F07_PRESS_MS,
    PARAM_F07_CANCEL_S,
    PARAM_RED_RESEND_S,
    /* S08 */
    PARAM_S08_FRESH_S,
    PARAM_S08_BATTERY_PCT,
    PARAM_S08_SKEW_MS,
    PARAM_S08_GRACE_S,
    /* arbitration, rule book 5.3 */
    PARAM_PROMPT_GAP_S,
    PARAM_PROMPT_GAP_PRAISE_S,
    PARAM_PRAISE_OWED_S,
    PARAM_PROMPTS_PER_10MIN,
    PARAM_PROMPTS_PER_SESSION,
    PARAM_PROMPTS_PER_DAY,
    PARAM_PROMPT_EXPIRY_COACH_S,
    PARAM_PROMPT_EXPIRY_CAUTION_S,
    PARAM_STOP_HOLD_S, /* a STOP locks coaching that long unless answered or cleared before */
    /* alerts, rule book 5.2 and 5.4 */
    PARAM_RED_REPEAT_S,
    PARAM_RED_SNOOZE_S,
    PARAM_QUIET_FROM_MIN,
    PARAM_QUIET_UNTIL_MIN,
    /* how long a red flag may take: params_alert.c */
    PARAM_LADDER_EMERGENCY_1_S, /* the three in order */
    PARAM_LADDER_EMERGENCY_2_S,
    PARAM_LADDER_EMERGENCY_3_S,
    PARAM_LADDER_SAME_DAY_1_MIN,
    PARAM_LADDER_SAME_DAY_2_MIN,
    PARAM_LADDER_SAME_DAY_3_MIN,
    PARAM_LADDER_URGENT_1_MIN,
    PARAM_LADDER_URGENT_3_H,
    PARAM_RED_PATTERN_S,
    PARAM_RED_CARE_MIN,
    PARAM_RED_LATE_MIN,
    PARAM_STOP_REPEATS,
    /* the walking programme: the rows of params_plan.c, to PARAM_CUE_C18. Its stages, C01 */
    PARAM_PLAN_M1_MIN,
    PARAM_PLAN_M2_MIN,
    PARAM_PLAN_P1_MIN,
    PARAM_PLAN_P2_MIN,
    PARAM_PLAN_P3_MIN,
    PARAM_PLAN_P3_SECOND_MIN,
    PARAM_PLAN_P4_MIN,
    PARAM_PLAN_P4_SECOND_MIN,
    PARAM_PLAN_G30_MIN,
    PARAM_PLAN_K_MIN,
    PARAM_PLAN_M1_DAYS,
    PARAM_PLAN_M2_DAYS,
    PARAM_PLAN_P_DAYS,
    PARAM_PLAN_G30_DAYS,
    PARAM_PLAN_K_WEEK,
    /* what it decides by */
    PARAM_PLAN_WINDOW_DAYS,
    PARAM_PLAN_SESSION_SHARE,
    PARAM_PLAN_DONE_SHARE,
    PARAM_PLAN_RISE,
    PARAM_PLAN_MORNING_RISE,
    PARAM_PLAN_MORNINGS,
    PARAM_PLAN_MORNING_UNTIL,
    PARAM_PLAN_BACK_DAYS,
    PARAM_PLAN_M1_ONLY_NRS,
    PARAM_PLAN_MISSED,
    PARAM_PLAN_MISSED_MORE,
    PARAM_PLAN_FLARE_CAP,
    PARAM_PLAN_FLARE_DAYS,
    PARAM_PLAN_FLARE_CALM_DAYS,
    PARAM_PLAN_FLARE_RISE,
    PARAM_PLAN_FLARE_H,
    PARAM_PLAN_FLARE_ACTIVE,
    PARAM_PLAN_REMIND_AGAIN,
    PARAM_PLAN_PIECES_FROM,
    PARAM_PLAN_PIECE,
    PARAM_PLAN_REST,
    PARAM_PLAN_STAND,
    PARAM_PLAN_STAND_REFRACTORY,
    PARAM_PLAN_STAND_MAX,
    PARAM_PLAN_DRINK,
    PARAM_PLAN_DRINK_AMBIENT,
    PARAM_PLAN_STILL,
    PARAM_PLAN_STILL_BY,
    PARAM_PLAN_STILL_MAX,
    PARAM_PLAN_LIMIT_SHARE,
    PARAM_PLAN_LIMIT_RAISE,
    PARAM_PLAN_LIMIT_EVENTS,
    PARAM_PLAN_OVERDO_TARGET,
    PARAM_PLAN_OVERDO_LIMIT,
    PARAM_PLAN_OVERDO_WEEK,
    PARAM_PLAN_OVERDO_DROP,
    PARAM_PLAN_OVERDO_LOWER,
    PARAM_PLAN_FEAR,
    PARAM_PLAN_MOOD,
    PARAM_PLAN_SURFACE,
    PARAM_PLAN_SHOE_AGE,
    PARAM_PLAN_SHOE_WEAR,
    PARAM_PLAN_SHOE_KM_INFO,
    PARAM_PLAN_SHOE_KM,
    PARAM_PLAN_SHOE_LOADING,
    PARAM_PLAN_SHOE_FIRST_KM,
    PARAM_PLAN_SHOE_DAYS,
    PARAM_PLAN_LIMIT_GROUND, /* P07, a clinician's */
    PARAM_PLAN_LIMIT_BELT,
    PARAM_PLAN_SUMMARY_S, /* C10 */
    PARAM_PLAN_WORD_S,
    PARAM_PLAN_SEEN_S,
    /* its habits: rules that have a pace of their own */
    PARAM_PLAN_FLARE_BACK,
    PARAM_C05_BEFORE,
    PARAM_C05_LONG,
    PARAM_C05_MAX,
    PARAM_C07_FIRST,
    PARAM_C07_EVERY,
    PARAM_C08_GRACE,
    PARAM_C10_RISE,
    PARAM_C10_NRS,
    PARAM_C11_SHARE,
    PARAM_C11_WALKS,
    PARAM_C12_WALK,
    PARAM_C13_WALKS,
    PARAM_C13_EVERY,
    PARAM_C14_EVERY,
    PARAM_C16_NRS,
    PARAM_C16_RISE,
    PARAM_C16_FINE,
    PARAM_C16_WITHIN,
    PARAM_C17_WALKS,
    PARAM_C17_EVERY,
    PARAM_C18_EVERY,
    PARAM_P07_FREE,
    PARAM_P08_CALM,
    PARAM_P08_RECOVERED,
    PARAM_R09_SNOOZES,
    /* cues that time alone brings */
    PARAM_CUE_TIMED,
    PARAM_CUE_R06,
    PARAM_CUE_C02,
    PARAM_CUE_C04,
    PARAM_CUE_C05,
    PARAM_CUE_C06,
    PARAM_CUE_C07,
    PARAM_CUE_C09,
    PARAM_CUE_C11,
    PARAM_CUE_C12,
    PARAM_CUE_C13,
    PARAM_CUE_C14,
    PARAM_CUE_C18,
    /* P01 */
    PARAM_P01_EVERY_S,
    PARAM_P01_SHORT_S,
    PARAM_P01_GAP_S,
    PARAM_P01_SURFACE_S,
    PARAM_P01_WAIT_S,
    PARAM_P01_MAX,
    PARAM_P01_MORNING_FROM_MIN,
    PARAM_P01_MORNING_TO_MIN,
    /* P02 */
    PARAM_P02_REST_S,
    PARAM_P02_DISTAL_S,
    /* P03 */
    PARAM_P03_AMBER_NRS,
    PARAM_P03_AMBER_RISE,
    PARAM_P03_RED_NRS,
    PARAM_P03_RED_RISE,
    PARAM_P03_REFRACTORY_S,
    /* P05 */
    PARAM_P05_SCORE,
    PARAM_P05_ONSET_MIN_S,
    PARAM_P05_ONSET_MAX_S,
    PARAM_P05_RELIEF_S,
    PARAM_P05_AGE,
    PARAM_P05_SPEED_DROP_PCT,
    PARAM_P05_FF_RISE,
    PARAM_P05_REFRACTORY_S,
    PARAM_P05_MAX,
    /* T1 */
    PARAM_T1_WAIT_S,
    PARAM_T1_REST_S,
    PARAM_T1_SILENT_S,
    PARAM_T1_NEW_D,
    /* F01 to F06 */
    PARAM_SCREEN_EVERY_D,
    PARAM_SCREEN_WAIT_S,
    PARAM_REDFLAG_POLICY, /* 0 = graded, 1 = article: every red flag is an emergency */
    PARAM_REDFLAG_DEDUP_S,
    PARAM_SCREEN_WEEKLY, /* 0 = no screen but after something happened */
    /* questions */
    PARAM_ASK_GAP_S,
    /* gait and posture: the rows of params_gait.c */
    /* R01 */
    PARAM_R01_RATIO_PER_M,
    PARAM_R01_SPEED_MIN,
    PARAM_R01_RATIO_ON,
    PARAM_R01_RATIO_STRICT,
    PARAM_R01_RATIO_OFF,
    PARAM_R01_ANGLE,
    PARAM_R01_ANGLE_RISE,
    PARAM_R01_LOADING,
    PARAM_R01_D_S,
    PARAM_R01_REFRACTORY_S,
    PARAM_R01_MAX,
    /* R02 */
    PARAM_R02_SLH,
    PARAM_R02_SLH_SHARE,
    PARAM_R02_ANGLE,
    PARAM_R02_SUPPORT,
    PARAM_R02_SUPPORT_RISE,
    PARAM_R02_SCUFFS,
    PARAM_R02_ITEMS,
    PARAM_R02_SPEED_MIN,
    PARAM_R02_START_S,
    PARAM_R02_NRS,
    PARAM_R02_D_S,
    PARAM_R02_REFRACTORY_S,
    PARAM_R02_MAX,
    /* R03 */
    PARAM_R03_NRS,
    PARAM_R03_UNSTEADY_S,
    PARAM_R03_HEART_PCT,
    PARAM_R03_GOAL_RISE,
    /* R04 */
    PARAM_R04_SHIFT_ON,
    PARAM_R04_SHIFT_OFF,
    PARAM_R04_D_S,
    PARAM_R04_REFRACTORY_S,
    PARAM_R04_MAX,
    PARAM_R04_P05_SCORE,
    /* R05 */
    PARAM_R05_VIEWING_ON,
    PARAM_R05_VIEWING_OFF,
    PARAM_R05_SWING,
    PARAM_R05_SWING_SHARE,
    PARAM_R05_OFF_S,
    PARAM_R05_OWN_PROMPT_S,
    PARAM_R05_D_S,
    PARAM_R05_REFRACTORY_S,
    PARAM_R05_MAX,
    /* R06 */
    PARAM_R06_TIMED,
    PARAM_R06_FIRST_S,
    PARAM_R06_EVERY_S,
    PARAM_R06_SHIFT,
    PARAM_R06_SWING_SHARE,
    PARAM_R06_MAX_FINE,
    PARAM_R06_MAX,
    /* R07 */
    PARAM_R07_MEDIAL_ON,
    PARAM_R07_MEDIAL_OFF,
    PARAM_R07_D_S,
    PARAM_R07_EVERY_D,
    PARAM_R07_CPEI_PERCENTILE,
    /* R08 */
    PARAM_R08_LOADING_ON,
    PARAM_R08_LOADING_OFF,
    PARAM_R08_D_S,
    PARAM_R08_D_DISC_S,
    PARAM_R08_AGAIN_S,
    PARAM_R08_NEW_KM,
    PARAM_R08_CALIBRATED_H,
    /* R11 */
    PARAM_R11_BASE_RISE,
    PARAM_NEW_SESSIONS,
    /* R12 */
    PARAM_R12_CV_FLOOR,
    PARAM_R12_CV_BASE,
    PARAM_DALLY_MAX,
    /* R13 */
    PARAM_R13_SESSION_S,
    PARAM_R13_SPEED_SHARE,
    PARAM_R13_SPEED_DROP,
    PARAM_R13_CADENCE_SHARE,
    PARAM_R13_SUPPORT_RISE,
    PARAM_R13_CV_FACTOR,
    PARAM_R13_SI_RISE,
    PARAM_R13_CLEARANCE_SHARE,
    PARAM_R13_SHIFT,
    PARAM_R13_HEART_RISE,
    PARAM_R13_ITEMS,
    PARAM_R13_D_S,
    PARAM_R13_REFRACTORY_S,
    PARAM_R13_MAX,
    /* R14 */
    PARAM_R14_SWING_ON,
    PARAM_R14_SWING_OFF,
    PARAM_R14_HELD,
    PARAM_R14_D_S,
    /* R15 */
    PARAM_R15_ROLL_ON,
    PARAM_R15_ROLL_OFF,
    PARAM_R15_SCUFFS,
    PARAM_R15_HEIGHT,
    PARAM_R15_D_S,
    PARAM_R15_REFRACTORY_S,
    PARAM_R15_MAX,
    /* S01 to S06, S08: stage `safety` */
    PARAM_S01_UNLOADED,
    PARAM_S01_TILT_DEG,
    PARAM_S01_WITHIN_S,
    PARAM_S01_STILL_S,
    PARAM_S01_ASK_S,
    PARAM_S01_MOVING_S,
    PARAM_S01_OFF_FEET_S,
    PARAM_S01_STEPS,
    PARAM_S01_STEP_LOAD,
    PARAM_S01_BELT_S,
    PARAM_BELT_SLOW_MPS,
    PARAM_BELT_SLOW_S,
    PARAM_S02_LONG,
    PARAM_S02_SHORT,
    PARAM_S02_JERK_G,
    PARAM_S02_RESUME_S,
    PARAM_S02_WINDOW_S,
    PARAM_S02_CAUTION_N,
    PARAM_S02_REFRACTORY_S,
    PARAM_S02_MAX,
    PARAM_S03_D_S,
    PARAM_S03_WAIT_S,
    PARAM_S03_REFRACTORY_S,
    PARAM_S03_MAX,
    PARAM_S04_BELT_MPS,
    PARAM_S04_START_S,
    PARAM_S04_D_S,
    PARAM_S04_STOP_S,
    PARAM_S04_CAREGIVER_S,
    PARAM_S04_AWAY_S,
    PARAM_S05_SHARE,
    PARAM_S05_SPEED_MPS,
    PARAM_S05_FIRST_S,
    PARAM_S06_COACH_PCT,
    PARAM_S06_CAUTION_PCT,
    PARAM_S06_STOP_PCT,
    PARAM_S06_COACH_D_S,
    PARAM_S06_CAUTION_D_S,
    PARAM_S06_STOP_D_S,
    PARAM_S06_OFF_POINTS,
    PARAM_S06_REFRACTORY_S,
    PARAM_S06_REST_S,
    PARAM_S06_START_BPM,
    PARAM_S06_START_S,
    PARAM_S08_BLIND_S,
    PARAM_DIGEST_AT_MIN,
    PARAM_DIGEST_WEEKDAY,
    PARAM_S07_HOT,
    PARAM_COUNT
};

struct param_info {
    const char *name; /* "r11.si_stance_coach" */
    const char *unit; /* "%", "s", "steps/min", "" */
    double min, max, def;
    const char *source; /* "rule book R11", "design 1", ... */
    const char *help;
};

const struct param_info *param_info(enum param param);
/* Index of `name`, or PARAM_COUNT. */
enum param param_find(const char *name);

struct params {
    double value[PARAM_COUNT];
};
void params_defaults(struct params *params);
/* False, and nothing changed, when out of range or not finite. */
bool params_set(struct params *params, enum param param, double value);
/* What values contradict each other, in words fit to print; NULL = none do. */
const char *params_conflict(const struct params *params);
/* A time in seconds, as nanoseconds. */
static inline int64_t param_ns(const struct params *params, enum param param)
{
    return (int64_t)(params->value[param] * 1e9);
}

#endif
