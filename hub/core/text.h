/* What can be said: one id per text. The words are hub/app's, by language.
 *
 * An id is stored with every prompt and never changes its number: append only. Its name is stable
 * too; the catalogue, the record and clients use it. Pure. */
#ifndef STRIDE_HUB_CORE_TEXT_H
#define STRIDE_HUB_CORE_TEXT_H

#include <stdint.h>

/* The texts of the rule book, by rule; `q_` are yes/no questions of the red flags' screens. */
/* clang-format off */
#define TEXT_LIST(X) \
    X(TEXT_R03_BRISK, "r03_brisk") \
    X(TEXT_R03_PRAISE, "r03_praise") \
    X(TEXT_R11_COACH, "r11_coach") \
    X(TEXT_R11_CAUTION, "r11_caution") \
    X(TEXT_R11_STOP, "r11_stop") \
    X(TEXT_R12_CAUTION, "r12_caution") \
    X(TEXT_F07_ALERTING, "f07_alerting") \
    X(TEXT_F07_CANCELLED, "f07_cancelled") \
    X(TEXT_F07_ACCEPTED, "f07_accepted") \
    X(TEXT_S08_SILENT_LEFT_INSOLE, "s08_silent_left_insole") \
    X(TEXT_S08_SILENT_RIGHT_INSOLE, "s08_silent_right_insole") \
    X(TEXT_S08_SILENT_WRIST, "s08_silent_wrist") \
    X(TEXT_S08_SILENT_TREADMILL, "s08_silent_treadmill") \
    X(TEXT_S08_BATTERY, "s08_battery") \
    X(TEXT_S08_SKEW, "s08_skew") \
    X(TEXT_S08_CELL, "s08_cell") \
    X(TEXT_R01_SHORTER, "r01_shorter") \
    X(TEXT_R02_LIFT, "r02_lift") \
    X(TEXT_R02_SUMMARY, "r02_summary") \
    X(TEXT_R04_TALLER, "r04_taller") \
    X(TEXT_R05_EYES, "r05_eyes") \
    X(TEXT_R06_STRING, "r06_string") \
    X(TEXT_R07_ARCH, "r07_arch") \
    X(TEXT_R08_FIRM, "r08_firm") \
    X(TEXT_R09_AGE, "r09_age") \
    X(TEXT_R09_DISTANCE, "r09_distance") \
    X(TEXT_R10_SHOES, "r10_shoes") \
    X(TEXT_R11_SUMMARY, "r11_summary") \
    X(TEXT_R13_TIRING, "r13_tiring") \
    X(TEXT_R13_TIRING_SIT, "r13_tiring_sit") \
    X(TEXT_R14_ARMS, "r14_arms") \
    X(TEXT_R15_UNEVEN, "r15_uneven") \
    X(TEXT_P01_NRS, "p01_nrs") \
    X(TEXT_P01_PLACE, "p01_place") \
    X(TEXT_P01_MORNING, "p01_morning") \
    X(TEXT_P02_GOOD, "p02_good") \
    X(TEXT_P02_CAUTION, "p02_caution") \
    X(TEXT_P02_STOP, "p02_stop") \
    X(TEXT_P02_SUMMARY, "p02_summary") \
    X(TEXT_P03_AMBER, "p03_amber") \
    X(TEXT_P03_RED, "p03_red") \
    X(TEXT_P03_MICRO_WALK, "p03_micro_walk") \
    X(TEXT_P03_SUMMARY, "p03_summary") \
    X(TEXT_P04_ACHE, "p04_ache") \
    X(TEXT_P05_REST, "p05_rest") \
    X(TEXT_P05_SUMMARY, "p05_summary") \
    X(TEXT_P05_CIRCULATION, "p05_circulation") \
    X(TEXT_P06_CHECK, "p06_check") \
    X(TEXT_P07_LIMIT, "p07_limit") \
    X(TEXT_P08_FLARE, "p08_flare") \
    X(TEXT_T1_LEGS, "t1_legs") \
    X(TEXT_T1_WEAK, "t1_weak") \
    X(TEXT_T1_BLADDER, "t1_bladder") \
    X(TEXT_T1_EASING, "t1_easing") \
    X(TEXT_T1_REST, "t1_rest") \
    X(TEXT_T1_CLINICIAN, "t1_clinician") \
    X(TEXT_T1_FIRST_EPISODE, "t1_first_episode") \
    X(TEXT_F01_EMERGENCY, "f01_emergency") \
    X(TEXT_F02_WEAKNESS, "f02_weakness") \
    X(TEXT_F03_FEVER, "f03_fever") \
    X(TEXT_F04_WEIGHT, "f04_weight") \
    X(TEXT_F04_NIGHT, "f04_night") \
    X(TEXT_F05_ACCIDENT, "f05_accident") \
    X(TEXT_F06_HEART, "f06_heart") \
    X(TEXT_Q_F01_SADDLE, "q_f01_saddle") \
    X(TEXT_Q_F01_URINE, "q_f01_urine") \
    X(TEXT_Q_F01_BOWEL, "q_f01_bowel") \
    X(TEXT_Q_F01_SEXUAL, "q_f01_sexual") \
    X(TEXT_Q_F02_WORSE, "q_f02_worse") \
    X(TEXT_Q_F02_FOOT_DROP, "q_f02_foot_drop") \
    X(TEXT_Q_F03_FEVER, "q_f03_fever") \
    X(TEXT_Q_F04_WEIGHT, "q_f04_weight") \
    X(TEXT_Q_F04_CANCER, "q_f04_cancer") \
    X(TEXT_Q_F04_NIGHT, "q_f04_night") \
    X(TEXT_Q_F05_FALL, "q_f05_fall") \
    X(TEXT_Q_F05_BONE, "q_f05_bone") \
    X(TEXT_Q_F06_CHEST, "q_f06_chest") \
    X(TEXT_Q_F06_FAINT, "q_f06_faint") \
    X(TEXT_S01_ASK, "s01_ask") \
    X(TEXT_S01_ALARM, "s01_alarm") \
    X(TEXT_S01_HELP_COMING, "s01_help_coming") \
    X(TEXT_S01_CANCELLED, "s01_cancelled") \
    X(TEXT_S02_CAREFUL, "s02_careful") \
    X(TEXT_S02_REST, "s02_rest") \
    X(TEXT_S03_OK, "s03_ok") \
    X(TEXT_S04_BELT, "s04_belt") \
    X(TEXT_S05_RAIL, "s05_rail") \
    X(TEXT_S06_COACH, "s06_coach") \
    X(TEXT_S06_CAUTION, "s06_caution") \
    X(TEXT_S06_STOP, "s06_stop") \
    X(TEXT_S06_WAIT, "s06_wait") \
    X(TEXT_S07_HOT, "s07_hot") \
    X(TEXT_S07_UNWELL, "s07_unwell") \
    X(TEXT_S09_UNREACHABLE, "s09_unreachable") \
    X(TEXT_C01_UP, "c01_up") \
    X(TEXT_C01_HOLD, "c01_hold") \
    X(TEXT_C01_DOWN, "c01_down") \
    X(TEXT_C02_FIRST, "c02_first") \
    X(TEXT_C02_REMINDER, "c02_reminder") \
    X(TEXT_C03_OFFER, "c03_offer") \
    X(TEXT_C03_PAUSE, "c03_pause") \
    X(TEXT_C03_PAUSE_SIT, "c03_pause_sit") \
    X(TEXT_C03_GO, "c03_go") \
    X(TEXT_C04_BREATHE, "c04_breathe") \
    X(TEXT_C05_DRINK, "c05_drink") \
    X(TEXT_C06_SHOES, "c06_shoes") \
    X(TEXT_C07_WINDOW, "c07_window") \
    X(TEXT_C07_HEAD, "c07_head") \
    X(TEXT_C07_SHOULDERS, "c07_shoulders") \
    X(TEXT_C08_STREAK, "c08_streak") \
    X(TEXT_C08_WELCOME, "c08_welcome") \
    X(TEXT_C09_DAYS, "c09_days") \
    X(TEXT_C09_112, "c09_112") \
    X(TEXT_C09_208, "c09_208") \
    X(TEXT_C10_STEADY, "c10_steady") \
    X(TEXT_C10_RISE, "c10_rise") \
    X(TEXT_C11_HURT, "c11_hurt") \
    X(TEXT_C11_NOT_BROKEN, "c11_not_broken") \
    X(TEXT_C11_REST, "c11_rest") \
    X(TEXT_C11_DISC, "c11_disc") \
    X(TEXT_C11_MUSCLES, "c11_muscles") \
    X(TEXT_C11_BLOOD, "c11_blood") \
    X(TEXT_C12_STROLL, "c12_stroll") \
    X(TEXT_C13_SURFACE, "c13_surface") \
    X(TEXT_C14_DAYLIGHT, "c14_daylight") \
    X(TEXT_C15_THIRTY, "c15_thirty") \
    X(TEXT_C16_ENOUGH, "c16_enough") \
    X(TEXT_C17_MODE, "c17_mode") \
    X(TEXT_C18_MOOD, "c18_mood") \
    X(TEXT_ALERT_ACCEPTED, "alert_accepted") \
    X(TEXT_ALERT_CANCELLED, "alert_cancelled") \
    X(TEXT_ALARM_UNANSWERED, "alarm_unanswered") \
    X(TEXT_ALARM_SAME_DAY, "alarm_same_day") \
    X(TEXT_ALARM_NOBODY, "alarm_nobody") \
    X(TEXT_ALARM_NOBODY_TODAY, "alarm_nobody_today") \
    X(TEXT_F04_CANCER, "f04_cancer") \
    X(TEXT_F05_BONE, "f05_bone") \
    X(TEXT_C01_UP_ONE, "c01_up_one") \
    X(TEXT_C01_UP_TWO, "c01_up_two") \
    X(TEXT_C10_STEADY_TIME, "c10_steady_time") \
    X(TEXT_C10_RISE_TIME, "c10_rise_time") \
    X(TEXT_C10_WALKED, "c10_walked") \
    X(TEXT_C10_WALKED_TIME, "c10_walked_time") \
    X(TEXT_C10_REST, "c10_rest") \
    X(TEXT_BELT_OFFER, "belt_offer") \
    X(TEXT_BELT_SLOWING, "belt_slowing") \
    X(TEXT_S08_BLIND, "s08_blind") \
    X(TEXT_C05_AGAIN, "c05_again") \
    X(TEXT_PRAISE_EASED, "praise_eased") \
    X(TEXT_PRAISE_MINUTES, "praise_minutes") \
    X(TEXT_ALERT_ONCE_MORE, "alert_once_more") \
    X(TEXT_C10_EASED, "c10_eased") \
    X(TEXT_C10_EASED_TIME, "c10_eased_time")
/* clang-format on */

enum text {
    TEXT_NONE = 0,
#define TEXT_ENUM(text, name) text,
    TEXT_LIST(TEXT_ENUM)
#undef TEXT_ENUM
        TEXT_COUNT
};
/* Numbers of a text's placeholders. Which are known is said by bits, so that all zero is "none". */
enum text_number {
    NUMBER_N = 1,
    NUMBER_MIN = 2,
    NUMBER_MIN_NEXT = 4,
    NUMBER_NRS = 8,
    NUMBER_NRS_START = 16,
    NUMBER_NRS_END = 32,
    NUMBER_METRES = 64,
    NUMBER_SURFACE = 128
};
struct text_numbers {
    float metres;                    /* {dist} */
    int16_t n, min, min_next;        /* {n} {min} {min2} */
    uint8_t nrs, nrs_start, nrs_end; /* {nrs} {nrs0} {nrs1}, 0..10 */
    uint8_t surface;                 /* {surface}: enum plan_surface */
    uint8_t known;                   /* enum text_number, or'ed */
};

/* Stable id: "r11_coach"; "none" for TEXT_NONE. */
const char *text_name(enum text text);
/* The text of that name, or TEXT_COUNT. */
enum text text_find(const char *name);

#endif
