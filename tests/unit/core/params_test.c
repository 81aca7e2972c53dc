#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "hub/core/params.h"

static void test_every_parameter_is_named_once_and_its_default_is_in_range(void **unused)
{
    (void)unused;
    for (unsigned i = 0; i < PARAM_COUNT; i++) {
        const struct param_info *info = param_info((enum param)i);
        assert_non_null(info->name);
        assert_non_null(info->unit);
        assert_true(strlen(info->source) > 0 && strlen(info->help) > 0);
        assert_true(info->min < info->max);
        assert_true(info->def >= info->min && info->def <= info->max);
        assert_int_equal(param_find(info->name), i);
        assert_true(strlen(info->name) <= 40);
    }
}

static void test_unknown_name_is_no_parameter(void **unused)
{
    (void)unused;
    assert_int_equal(param_find("r11.si_stance_coac"), PARAM_COUNT);
    assert_int_equal(param_find(""), PARAM_COUNT);
}

static void test_value_out_of_range_or_not_finite_changes_nothing(void **unused)
{
    (void)unused;
    struct params params;
    params_defaults(&params);
    const double bad[] = {(double)NAN, (double)INFINITY, -(double)INFINITY, -1, 1e38};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(params_set(&params, PARAM_R12_CV_ON, bad[i]));
        assert_true(params.value[PARAM_R12_CV_ON] == 5);
    }
    const struct param_info *info = param_info(PARAM_R12_CV_ON);
    assert_true(params_set(&params, PARAM_R12_CV_ON, info->min));
    assert_true(params_set(&params, PARAM_R12_CV_ON, info->max));
    assert_true(params.value[PARAM_R12_CV_ON] == info->max);
    assert_true(params.value[PARAM_R12_CV_OFF] == 4);
}

static void test_defaults_are_the_rule_books(void **unused)
{
    (void)unused;
    struct params params;
    params_defaults(&params);
    const struct {
        enum param param;
        double value;
    } book[] = {
        {PARAM_R03_CADENCE_ON, 95},
        {PARAM_R03_CADENCE_OFF, 100},
        {PARAM_R03_STEADY_S, 180},
        {PARAM_R03_STEADY_DISC_S, 120},
        {PARAM_R03_REFRACTORY_S, 300},
        {PARAM_R03_REFRACTORY_DISC_S, 240},
        {PARAM_R03_MAX, 3},
        {PARAM_R11_SI_STANCE_COACH, 8},
        {PARAM_R11_SI_STEP_COACH, 10},
        {PARAM_R11_SI_LOAD_COACH, 15},
        {PARAM_R11_SI_CAUTION, 15},
        {PARAM_R11_SI_STOP, 20},
        {PARAM_R11_OFF_RATIO, 0.8},
        {PARAM_R11_REFRACTORY_S, 240},
        {PARAM_R11_MAX, 3},
        {PARAM_R12_CV_ON, 5},
        {PARAM_R12_CV_STRONG, 8},
        {PARAM_R12_CV_OFF, 4},
        {PARAM_R12_SPEED_MIN, 0.8},
        {PARAM_R12_REFRACTORY_S, 300},
        {PARAM_R12_MAX, 2},
        {PARAM_F07_PRESS_MS, 2000},
        {PARAM_F07_CANCEL_S, 5},
        {PARAM_RED_RESEND_S, 15},
        {PARAM_STALE_S, 10},
        {PARAM_FRESH_S, 3},
        {PARAM_S08_FRESH_S, 30},
        {PARAM_S08_BATTERY_PCT, 10},
        {PARAM_S08_SKEW_MS, 250},
        {PARAM_PROMPT_GAP_S, 45},
        {PARAM_PROMPT_GAP_PRAISE_S, 20},
        {PARAM_PROMPTS_PER_10MIN, 3},
        {PARAM_PROMPTS_PER_SESSION, 8},
        {PARAM_PROMPTS_PER_DAY, 12},
        {PARAM_PROMPT_EXPIRY_COACH_S, 10},
        {PARAM_PROMPT_EXPIRY_CAUTION_S, 30},
        {PARAM_WALK_CLOSE_S, 600},
        {PARAM_SESSION_MIN_S, 60},
        {PARAM_RED_PATTERN_S, 5},
        {PARAM_RED_LATE_MIN, 15},
        {PARAM_STOP_REPEATS, 3},
        {PARAM_HOLD_COACH_S, 20},
        {PARAM_HOLD_CAUTION_S, 60},
        {PARAM_PROMPT_MUTE_AFTER, 3},
        {PARAM_P02_DISTAL_SESSIONS, 2},
        {PARAM_P03_MODERATE_NRS, 4},
        {PARAM_P03_SEVERE_NRS, 6},
        {PARAM_P03_MICRO_NRS, 7},
        {PARAM_P03_LOWER_N, 2},
        {PARAM_P03_RED_AGAIN_D, 7},
        {PARAM_P05_OFF_SCORE, 3},
        {PARAM_P05_OFF_SESSIONS, 2},
        {PARAM_P06_SLAP_SHARE, 0.4},
        {PARAM_P06_SLAP_D_S, 60},
    };
    for (size_t i = 0; i < sizeof(book) / sizeof(book[0]); i++)
        assert_true(params.value[book[i].param] == book[i].value);
}

/* 5.2: whatever is configured, no step comes later than in the book. */
static void test_no_step_of_the_ladder_can_be_later_than_the_books(void **unused)
{
    (void)unused;
    static const struct {
        enum param param;
        double book;
    } steps[] = {
        {PARAM_LADDER_EMERGENCY_1_S, 60},  {PARAM_LADDER_EMERGENCY_2_S, 120},
        {PARAM_LADDER_EMERGENCY_3_S, 300}, {PARAM_LADDER_SAME_DAY_1_MIN, 15},
        {PARAM_LADDER_SAME_DAY_2_MIN, 60}, {PARAM_LADDER_SAME_DAY_3_MIN, 240},
        {PARAM_LADDER_URGENT_1_MIN, 60},   {PARAM_LADDER_URGENT_3_H, 24},
    };
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        const struct param_info *info = param_info(steps[i].param);
        assert_true(info->def == steps[i].book && info->max == steps[i].book && info->min > 0);
    }
    assert_true(param_info(PARAM_STOP_REPEATS)->min == 3);
    assert_true(param_info(PARAM_RED_RESEND_S)->max == 60);
    assert_true(param_info(PARAM_RED_PATTERN_S)->max <= param_info(PARAM_RED_REPEAT_S)->min);
}

static void test_steps_that_overtake_each_other_contradict(void **unused)
{
    (void)unused;
    static const struct {
        enum param param;
        double value;
        const char *names;
    } bad[] = {{PARAM_LADDER_EMERGENCY_2_S, 59, "emergency"},
               {PARAM_LADDER_EMERGENCY_3_S, 119, "emergency"},
               {PARAM_LADDER_SAME_DAY_1_MIN, 15.5, "same_day"},
               {PARAM_LADDER_SAME_DAY_3_MIN, 60, "same_day"},
               {PARAM_PLAN_MISSED, 8, "plan.missed must not be above plan.missed_more"},
               {PARAM_S06_STOP_PCT, 80, "s06.caution must not be above s06.stop"},
               {PARAM_R03_CADENCE_OFF, 90, "r03.cadence_on"}};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct params params;
        params_defaults(&params);
        assert_null(params_conflict(&params));
        params.value[PARAM_LADDER_SAME_DAY_2_MIN] = i == 2 ? 15 : i == 3 ? 61 : 60;
        params.value[bad[i].param] = bad[i].value;
        assert_non_null(params_conflict(&params));
        assert_non_null(strstr(params_conflict(&params), bad[i].names));
    }
}

/* Alarms and stops can be made to come sooner than in the rule book, never later. */
static void test_nobody_can_configure_an_alarm_away(void **unused)
{
    (void)unused;
    static const enum param most[] = {
        PARAM_P03_AMBER_NRS, PARAM_P03_RED_NRS,     PARAM_P03_RED_RISE,     PARAM_REDFLAG_DEDUP_S,
        PARAM_F07_PRESS_MS,  PARAM_F07_CANCEL_S,    PARAM_RED_REPEAT_S,     PARAM_S01_TILT_DEG,
        PARAM_S01_STILL_S,   PARAM_S01_ASK_S,       PARAM_S01_MOVING_S,     PARAM_S01_OFF_FEET_S,
        PARAM_S03_D_S,       PARAM_S03_WAIT_S,      PARAM_S03_REFRACTORY_S, PARAM_S04_BELT_MPS,
        PARAM_S04_START_S,   PARAM_S04_D_S,         PARAM_S04_STOP_S,       PARAM_S04_CAREGIVER_S,
        PARAM_S04_AWAY_S,    PARAM_S06_COACH_PCT,   PARAM_S06_CAUTION_PCT,  PARAM_S06_STOP_PCT,
        PARAM_S06_COACH_D_S, PARAM_S06_CAUTION_D_S, PARAM_S06_STOP_D_S,     PARAM_S06_REFRACTORY_S,
        PARAM_S06_REST_S,    PARAM_S06_START_BPM,   PARAM_S06_START_S,      PARAM_S08_BLIND_S};
    static const enum param least[] = {PARAM_S01_UNLOADED, PARAM_S01_WITHIN_S, PARAM_S01_STEPS};
    for (size_t i = 0; i < sizeof(most) / sizeof(most[0]); i++)
        assert_true(param_info(most[i])->def == param_info(most[i])->max);
    for (size_t i = 0; i < sizeof(least) / sizeof(least[0]); i++)
        assert_true(param_info(least[i])->def == param_info(least[i])->min);
    assert_true(param_info(PARAM_S03_MAX)->min >= 1);
    assert_true(param_info(PARAM_F07_CANCEL_S)->max < param_info(PARAM_LADDER_EMERGENCY_1_S)->min);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nobody_can_configure_an_alarm_away),
        cmocka_unit_test(test_every_parameter_is_named_once_and_its_default_is_in_range),
        cmocka_unit_test(test_unknown_name_is_no_parameter),
        cmocka_unit_test(test_value_out_of_range_or_not_finite_changes_nothing),
        cmocka_unit_test(test_defaults_are_the_rule_books),
        cmocka_unit_test(test_no_step_of_the_ladder_can_be_later_than_the_books),
        cmocka_unit_test(test_steps_that_overtake_each_other_contradict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
