/* Values that cannot both be meant: a step before the one that it follows, an end on the wrong side
 * of its beginning. */
#include <stddef.h>

#include "hub/core/params.h"

#define ORDER(low, high, low_name, high_name)                               \
    {                                                                       \
        PARAM_##low, PARAM_##high, low_name " must not be above " high_name \
    }

static const struct {
    uint16_t low, high; /* enum param */
    const char *words;
} orders[] = {
    ORDER(LADDER_EMERGENCY_1_S, LADDER_EMERGENCY_2_S, "ladder.emergency_1", "ladder.emergency_2"),
    ORDER(LADDER_EMERGENCY_2_S, LADDER_EMERGENCY_3_S, "ladder.emergency_2", "ladder.emergency_3"),
    ORDER(LADDER_SAME_DAY_1_MIN, LADDER_SAME_DAY_2_MIN, "ladder.same_day_1", "ladder.same_day_2"),
    ORDER(LADDER_SAME_DAY_2_MIN, LADDER_SAME_DAY_3_MIN, "ladder.same_day_2", "ladder.same_day_3"),
    ORDER(S06_COACH_PCT, S06_CAUTION_PCT, "s06.coach", "s06.caution"),
    ORDER(S06_CAUTION_PCT, S06_STOP_PCT, "s06.caution", "s06.stop"),
    ORDER(S04_D_S, S04_STOP_S, "s04.d", "s04.stop"),
    ORDER(S04_STOP_S, S04_CAREGIVER_S, "s04.stop", "s04.caregiver"),
    ORDER(P03_AMBER_NRS, P03_RED_NRS, "p03.amber", "p03.red"),
    ORDER(PLAN_MISSED, PLAN_MISSED_MORE, "plan.missed", "plan.missed_more"),
    ORDER(R11_SI_STANCE_COACH, R11_SI_CAUTION, "r11.si_stance_coach", "r11.si_caution"),
    ORDER(R11_SI_STEP_COACH, R11_SI_CAUTION, "r11.si_step_coach", "r11.si_caution"),
    ORDER(R11_SI_CAUTION, R11_SI_STOP, "r11.si_caution", "r11.si_stop"),
    ORDER(R01_RATIO_OFF, R01_RATIO_ON, "r01.ratio_off", "r01.ratio_on"),
    ORDER(R01_RATIO_ON, R01_RATIO_STRICT, "r01.ratio_on", "r01.ratio_strict"),
    ORDER(R03_CADENCE_MIN, R03_CADENCE_ON, "r03.cadence_min", "r03.cadence_on"),
    ORDER(R03_CADENCE_ON, R03_CADENCE_OFF, "r03.cadence_on", "r03.cadence_off"),
    ORDER(R04_SHIFT_OFF, R04_SHIFT_ON, "r04.shift_off", "r04.shift_on"),
    ORDER(R05_VIEWING_OFF, R05_VIEWING_ON, "r05.viewing_off", "r05.viewing_on"),
    ORDER(R07_MEDIAL_OFF, R07_MEDIAL_ON, "r07.medial_off", "r07.medial_on"),
    ORDER(R08_LOADING_OFF, R08_LOADING_ON, "r08.loading_off", "r08.loading_on"),
    ORDER(R12_CV_OFF, R12_CV_ON, "r12.cv_off", "r12.cv_on"),
    ORDER(R14_SWING_ON, R14_SWING_OFF, "r14.swing_on", "r14.swing_off"),
    ORDER(R15_ROLL_OFF, R15_ROLL_ON, "r15.roll_off", "r15.roll_on"),
    ORDER(P05_OFF_SCORE, P05_SCORE, "p05.off", "p05.score"),
};

const char *params_conflict(const struct params *params)
{
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        if (params->value[orders[i].low] > params->value[orders[i].high])
            return orders[i].words;
    }
    return NULL;
}
