#include "hub/core/params.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "hub/core/params_alert.h"
#include "hub/core/params_gait.h"
#include "hub/core/params_pain.h"
#include "hub/core/params_plan.h"
#include "hub/core/params_safety.h"

static const struct param_info table[PARAM_COUNT] = {
    [PARAM_CONTACT_THRESHOLD] = {"contact.threshold", "", 0, 1, 0, "rule book 2.3",
                                 "0 = 5 % of plateau over floor, 1 = 20 N over floor"},
    [PARAM_LIVE_WAIT_S] = {"live.wait", "s", 0.1, 1, 1, "design 1, stage 5",
                           "how long a live stride waits for the other foot"},
    [PARAM_WALK_CLOSE_S] = {"walk.close", "s", 30, 7200, 600, "rule book 6 (E)",
                            "a walk ends after that long without walking"},
    [PARAM_STALE_S] = {"s08.stale", "s", 3, 600, 10, "rule book S08",
                       "a device silent for that long in a walk is reported"},
    [PARAM_FRESH_S] = {"fresh", "s", 1, 60, 3, "rule book 2.2",
                       "a stream is stale after this or three of its periods"},
    [PARAM_SESSION_MIN_S] = {"g0.session", "s", 0, 600, 60, "rule book 2.5",
                             "no coaching earlier in a walk"},
    [PARAM_HOLD_COACH_S] = {"hold.coach", "s", 0, 300, 20, "rule book 2.5",
                            "a rule of gait, or S06, is over when its end is true for so long"},
    [PARAM_HOLD_CAUTION_S] = {"hold.caution", "s", 0, 600, 60, "rule book 2.5",
                              "the same of one that is a caution or more"},

    [PARAM_R03_CADENCE_MIN] = {"r03.cadence_min", "steps/min", 30, 90, 60, "rule book R03",
                               "slower is no brisk walk to build on"},
    [PARAM_R03_CADENCE_ON] = {"r03.cadence_on", "steps/min", 60, 125, 95, "rule book R03",
                              "invites a brisker pace below this cadence"},
    [PARAM_R03_CADENCE_OFF] = {"r03.cadence_off", "steps/min", 60, 130, 100, "rule book R03",
                               "satisfied, and praised, from this cadence"},
    [PARAM_R03_STEADY_S] = {"r03.steady", "s", 0, 1800, 180, "rule book R03",
                            "steady walking before the first invitation"},
    [PARAM_R03_STEADY_DISC_S] = {"r03.steady_disc", "s", 0, 1800, 120, "rule book R03",
                                 "the same with a disc profile"},
    [PARAM_R03_D_S] = {"r03.d", "s", 10, 600, 60, "rule book R03", "how long it must be true"},
    [PARAM_R03_REFRACTORY_S] = {"r03.refractory", "s", 0, 3600, 300, "rule book R03",
                                "until the next invitation"},
    [PARAM_R03_REFRACTORY_DISC_S] = {"r03.refractory_disc", "s", 0, 3600, 240, "rule book R03",
                                     "the same with a disc profile"},
    [PARAM_R03_MAX] = {"r03.max", "", 0, 20, 3, "rule book R03", "invitations in a walk"},
    [PARAM_R03_PRAISE_S] = {"r03.praise", "s", 60, 3600, 600, "rule book R03",
                            "at most one praise in this time"},

    [PARAM_R11_SI_STANCE_COACH] = {"r11.si_stance_coach", "%", 1, 100, 8, "rule book R11",
                                   "stance asymmetry that counts"},
    [PARAM_R11_SI_STEP_COACH] = {"r11.si_step_coach", "%", 1, 100, 10, "rule book R11",
                                 "step time asymmetry that counts"},
    [PARAM_R11_SI_LOAD_COACH] = {"r11.si_load_coach", "%", 1, 100, 15, "rule book R11",
                                 "load asymmetry that counts"},
    [PARAM_R11_SI_CAUTION] = {"r11.si_caution", "%", 1, 100, 15, "rule book R11",
                              "timing asymmetry for a caution"},
    [PARAM_R11_SI_STOP] = {"r11.si_stop", "%", 1, 100, 20, "rule book R11",
                           "timing asymmetry for a stop, with pain rising or a weak leg"},
    [PARAM_R11_OFF_RATIO] = {"r11.off", "", 0.1, 1, 0.8, "rule book R11",
                             "over when below this share of the thresholds"},
    [PARAM_R11_D_S] = {"r11.d", "s", 10, 600, 60, "rule book R11", "how long it must be true"},
    [PARAM_R11_REFRACTORY_S] = {"r11.refractory", "s", 0, 3600, 240, "rule book R11",
                                "until the next prompt"},
    [PARAM_R11_MAX] = {"r11.max", "", 0, 20, 3, "rule book R11", "prompts in a walk"},

    [PARAM_R12_CV_ON] = {"r12.cv_on", "%", 1, 50, 5, "rule book R12",
                         "stride time variability that counts"},
    [PARAM_R12_CV_STRONG] = {"r12.cv_strong", "%", 1, 50, 8, "rule book R12",
                             "recorded as strong from here"},
    [PARAM_R12_CV_OFF] = {"r12.cv_off", "%", 0.5, 50, 4, "rule book R12", "over when below"},
    [PARAM_R12_SPEED_MIN] = {"r12.speed_min", "m/s", 0, 3, 0.8, "rule book R12",
                             "slower walking varies by itself"},
    [PARAM_R12_D_S] = {"r12.d", "s", 10, 600, 60, "rule book R12", "how long it must be true"},
    [PARAM_R12_REFRACTORY_S] = {"r12.refractory", "s", 0, 3600, 300, "rule book R12",
                                "until the next prompt"},
    [PARAM_R12_MAX] = {"r12.max", "", 0, 20, 2, "rule book R12", "prompts in a walk"},

    [PARAM_F07_PRESS_MS] = {"f07.press", "ms", 500, 2000, 2000, "rule book F07",
                            "how long the help button is held"},
    [PARAM_F07_CANCEL_S] = {"f07.cancel", "s", 0, 5, 5, "rule book F07",
                            "in which OK takes it back"},
    [PARAM_RED_RESEND_S] = {"red.resend", "s", 5, 60, 15, "rule book 5.2",
                            "a red flag is sent again until a person accepts it"},

    [PARAM_S08_FRESH_S] = {"s08.fresh", "s", 1, 600, 30, "rule book S08",
                           "a device is well again after that long with data"},
    [PARAM_S08_BATTERY_PCT] = {"s08.battery", "%", 0, 100, 10, "rule book 2.2",
                               "a battery below this is low"},
    [PARAM_S08_SKEW_MS] = {"s08.skew", "ms", 10, 10000, 250, "rule book S08",
                           "a clock off by more is reported"},
    [PARAM_S08_GRACE_S] = {"s08.grace", "s", 0, 600, 15, "reliability F1",
                           "streams get time to come back after the hub was away"},

    [PARAM_PROMPT_GAP_S] = {"prompt.gap", "s", 0, 600, 45, "rule book 5.3", "between two prompts"},
    [PARAM_PRAISE_OWED_S] =
        {"praise.owed", "s", 45, 600, 90, "rule book 5.3 (E)",
         "after a correction that nothing else followed the minutes walked are praised"},
    [PARAM_PRAISE_CAUTION_S] = {"praise.caution", "s", 60, 3600, 300, "rule book 5.3 (E)",
                                "no such praise so soon after a CAUTION or STOP"},
    [PARAM_PROMPT_GAP_PRAISE_S] = {"prompt.gap_praise", "s", 0, 600, 20, "rule book 5.3",
                                   "after a praise"},
    [PARAM_PROMPTS_PER_10MIN] = {"prompt.per_10min", "", 0, 12, 3, "rule book 5.3",
                                 "corrective prompts in ten minutes"},
    [PARAM_PROMPTS_PER_SESSION] = {"prompt.per_session", "", 0, 200, 8, "rule book 5.3",
                                   "coaching prompts in a walk"},
    [PARAM_PROMPTS_PER_DAY] = {"prompt.per_day", "", 0, 200, 12, "rule book 5.3",
                               "coaching prompts in a local day"},
    [PARAM_PROMPT_MUTE_AFTER] =
        {"prompt.mute_after", "", 1, 20, 3, "rule book 5.3",
         "prompts of a rule in a row without improvement, or that nobody answers, silence it"},
    [PARAM_PROMPT_EXPIRY_COACH_S] = {"prompt.expiry_coach", "s", 1, 120, 10, "rule book 5.3",
                                     "a later INFO or COACH is not delivered"},
    [PARAM_PROMPT_EXPIRY_CAUTION_S] = {"prompt.expiry_caution", "s", 1, 300, 30, "rule book 5.3",
                                       "a later CAUTION is neither said nor delivered"},
    [PARAM_STOP_HOLD_S] = {"stop.hold", "s", 60, 7200, 600, "rule book 5.3 (E)",
                           "a STOP that nobody answers is over after this time"},

    [PARAM_RED_REPEAT_S] = {"red.repeat", "s", 10, 20, 20, "rule book 5.1",
                            "STOP, RED and the local alarm are said again until answered"},
    [PARAM_RED_SNOOZE_S] = {"red.snooze", "s", 0, 300, 300, "rule book 5.4",
                            "how long an answer of the wearer silences the wearer's side"},
    [PARAM_QUIET_FROM_MIN] = {"quiet.from", "min", 0, 1439, 1290, "rule book 5.4",
                              "quiet hours begin at this minute of the local day, 21:30"},
    [PARAM_QUIET_UNTIL_MIN] = {"quiet.until", "min", 0, 1439, 450, "rule book 5.4",
                               "and end at this one, 07:30; the same as the beginning = none"},

    [PARAM_DIGEST_AT_MIN] = {"digest.at", "min", 0, 1439, 1080, "rule book 5.3 (E)",
                             "caregivers' digest, local time"},
    [PARAM_DIGEST_WEEKDAY] = {"digest.weekday", "", 0, 6, 0, "rule book 5.3 (E)",
                              "the week's part of it; 0 = Sunday"},
    [PARAM_S07_HOT] = {"s07.hot", "C", 20, 50, 30, "rule book S07",
                       "warmth from which a shady or indoor walk is offered"},
};

const struct param_info *param_info(enum param param)
{
    static const struct {
        int first, n;
        const struct param_info *rows;
    } files[] = {
        {PARAM_GAIT_FIRST, PARAM_GAIT_N, params_gait},
        {PARAM_ALERT_FIRST, PARAM_ALERT_N, params_alert},
        {PARAM_PLAN_FIRST, PARAM_PLAN_N, params_plan},
        {PARAM_PAIN_FIRST, PARAM_PAIN_N, params_pain},
        {PARAM_SAFETY_FIRST, PARAM_SAFETY_N, params_safety},
    };
    assert(param < PARAM_COUNT);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        const int row = (int)param - files[i].first;
        if (row >= 0 && row < files[i].n)
            return &files[i].rows[row];
    }
    return &table[param];
}

enum param param_find(const char *name)
{
    for (unsigned i = 0; i < PARAM_COUNT; i++) {
        if (strcmp(param_info((enum param)i)->name, name) == 0)
            return (enum param)i;
    }
    return PARAM_COUNT;
}

void params_defaults(struct params *params)
{
    for (unsigned i = 0; i < PARAM_COUNT; i++)
        params->value[i] = param_info((enum param)i)->def;
}

bool params_set(struct params *params, enum param param, double value)
{
    assert(param < PARAM_COUNT);
    if (!isfinite(value) || value < param_info(param)->min || value > param_info(param)->max)
        return false;
    params->value[param] = value;
    return true;
}
