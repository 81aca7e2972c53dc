#include "hub/core/params.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const struct param_info table[PARAM_COUNT] = {
    [PARAM_CONTACT_THRESHOLD] = {"contact.threshold", "", 0, 1, 0, "rule book 2.3",
                                 "0 = 5 % of plateau over floor, 1 = 20 N over floor"},
    [PARAM_LIVE_WAIT_S] = {"live.wait", "s", 0.1, 1, 1, "design 1, stage 5",
                           "how long a live stride waits for the other foot"},
    [PARAM_WALK_CLOSE_S] = {"walk.close", "s", 30, 7200, 600, "issue 2, 6",
                            "a walk ends after that long without walking"},
    [PARAM_STALE_S] = {"s08.stale", "s", 3, 600, 10, "rule book S08",
                       "a device silent for that long in a walk is reported"},
    [PARAM_FRESH_S] = {"fresh", "s", 1, 60, 3, "rule book 2.2",
                       "a stream is stale after this or three of its periods"},
    [PARAM_SESSION_MIN_S] = {"g0.session", "s", 0, 600, 60, "rule book 2.5",
                             "no coaching earlier in a walk"},

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

    [PARAM_F07_PRESS_MS] = {"f07.press", "ms", 500, 10000, 2000, "rule book F07",
                            "how long the help button is held"},
    [PARAM_F07_CANCEL_S] = {"f07.cancel", "s", 0, 60, 5, "rule book F07",
                            "in which OK takes it back"},
    [PARAM_RED_RESEND_S] = {"red.resend", "s", 5, 600, 15, "rule book 5.2",
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
    [PARAM_PROMPT_GAP_PRAISE_S] = {"prompt.gap_praise", "s", 0, 600, 20, "rule book 5.3",
                                   "after a praise"},
    [PARAM_PROMPTS_PER_10MIN] = {"prompt.per_10min", "", 0, 12, 3, "rule book 5.3",
                                 "corrective prompts in ten minutes"},
    [PARAM_PROMPTS_PER_SESSION] = {"prompt.per_session", "", 0, 200, 8, "rule book 5.3",
                                   "coaching prompts in a walk"},
    [PARAM_PROMPTS_PER_DAY] = {"prompt.per_day", "", 0, 200, 12, "rule book 5.3",
                               "coaching prompts in a local day"},
    [PARAM_PROMPT_EXPIRY_COACH_S] = {"prompt.expiry_coach", "s", 1, 120, 10, "rule book 5.3",
                                     "a later INFO or COACH is not delivered"},
    [PARAM_PROMPT_EXPIRY_CAUTION_S] = {"prompt.expiry_caution", "s", 1, 300, 30, "rule book 5.3",
                                       "a later CAUTION is neither said nor delivered"},
    [PARAM_STOP_HOLD_S] = {"stop.hold", "s", 30, 7200, 600, "issue 2, 6",
                           "a STOP that nobody answers is over after this time"},

    [PARAM_RED_REPEAT_S] = {"red.repeat", "s", 10, 120, 20, "rule book 5.1",
                            "STOP, RED and the local alarm are said again until answered"},
    [PARAM_RED_SNOOZE_S] = {"red.snooze", "s", 0, 300, 300, "rule book 5.4",
                            "how long an answer of the wearer silences the wearer's side"},
    [PARAM_QUIET_FROM_MIN] = {"quiet.from", "min", 0, 1439, 1290, "rule book 5.4",
                              "quiet hours begin at this minute of the local day, 21:30"},
    [PARAM_QUIET_UNTIL_MIN] = {"quiet.until", "min", 0, 1439, 450, "rule book 5.4",
                               "and end at this one, 07:30; the same as the beginning = none"},
    [PARAM_PLAN_WINDOW_DAYS] = {"plan.window_days", "", 1, 7, 3, "rule book C01",
                                "plan days a step up rests on"},
    [PARAM_PLAN_SESSION_SHARE] = {"plan.session_share", "", 0.1, 1, 0.8, "rule book C01",
                                  "of the planned walks done for a step up"},
    [PARAM_PLAN_DONE_SHARE] = {"plan.done_share", "", 0.1, 1, 0.8, "rule book C01",
                               "of the target minutes makes a walk done"},
    [PARAM_PLAN_RISE] = {"plan.rise", "", 1, 10, 2, "rule book C01",
                         "a rise of pain in a walk from here holds the stage"},
    [PARAM_PLAN_MORNING_RISE] = {"plan.morning_rise", "", 1, 10, 2, "rule book C01",
                                 "a morning that much above the start holds"},
    [PARAM_PLAN_MORNINGS] = {"plan.mornings", "", 1, 7, 2, "rule book C01",
                             "such mornings in a week take a stage back"},
    [PARAM_PLAN_MORNING_UNTIL] =
        {"plan.morning_until", "min", 480, 1200, 600, "rule book P01",
         "minute of the day until which the morning's answer is waited for"},
    [PARAM_PLAN_BACK_DAYS] = {"plan.back_days", "", 1, 14, 2, "rule book C01",
                              "days at a stage after a step back"},
    [PARAM_PLAN_M1_ONLY_NRS] = {"plan.m1_only_nrs", "", 1, 10, 6, "rule book P03",
                                "pain at the start from which only five minutes are asked for"},
    [PARAM_PLAN_MISSED] = {"plan.missed", "", 2, 14, 3, "rule book C01",
                           "days without a walk that take a stage back"},
    [PARAM_PLAN_MISSED_MORE] = {"plan.missed_more", "", 3, 13, 7, "rule book C01",
                                "days without a walk that take a second stage back"},
    [PARAM_PLAN_FLARE_CAP] = {"plan.flare_cap", "min", 1, 15, 5, "rule book P08",
                              "longest walk in a flare-up"},
    [PARAM_PLAN_FLARE_DAYS] = {"plan.flare_days", "", 1, 14, 2, "rule book C01",
                               "days at M1 before walking starts again higher up"},
    [PARAM_PLAN_FLARE_CALM_DAYS] = {"plan.flare_calm_days", "", 1, 14, 3, "rule book P08",
                                    "calm days that end a flare-up"},
    [PARAM_PLAN_FLARE_RISE] = {"plan.flare_rise", "", 1, 10, 2, "rule book P08",
                               "pain above usual that may open a flare-up"},
    [PARAM_PLAN_FLARE_H] = {"plan.flare_hours", "h", 1, 168, 24, "rule book P08",
                            "how long it must last"},
    [PARAM_PLAN_FLARE_ACTIVE] = {"plan.flare_active", "", 0, 1, 0.5, "rule book P08 (E)",
                                 "yesterday's share of the planned minutes that counts as limited"},
    [PARAM_PLAN_REMIND_AGAIN] = {"plan.remind_again", "min", 5, 240, 45, "rule book C02",
                                 "until the second and last reminder"},
    [PARAM_PLAN_PIECES_FROM] = {"plan.pieces_from", "min", 5, 60, 20, "rule book C03",
                                "a target from which pieces are offered"},
    [PARAM_PLAN_PIECE] = {"plan.piece", "s", 60, 1800, 300, "rule book C03",
                          "walking before a rest"},
    [PARAM_PLAN_REST] = {"plan.rest", "s", 10, 600, 60, "rule book C03", "a rest"},
    [PARAM_PLAN_STAND] = {"plan.stand", "s", 10, 1800, 120, "rule book C04",
                          "standing before the breathing cue"},
    [PARAM_PLAN_STAND_REFRACTORY] = {"plan.stand_refractory", "s", 30, 3600, 300, "rule book C04",
                                     "until the next"},
    [PARAM_PLAN_STAND_MAX] = {"plan.stand_max", "", 0, 20, 4, "rule book C04", "in a walk"},
    [PARAM_PLAN_DRINK] = {"plan.drink", "s", 300, 7200, 1200, "rule book C05",
                          "between two reminders to drink in a walk"},
    [PARAM_PLAN_DRINK_AMBIENT] = {"plan.drink_ambient", "C", 10, 50, 25, "rule book C05",
                                  "warmth from which they are given in any walk"},
    [PARAM_PLAN_STILL] = {"plan.still", "min", 30, 600, 120, "rule book C12",
                          "stillness before a nudge, and between two"},
    [PARAM_PLAN_STILL_BY] = {"plan.still_by", "min", 600, 1320, 960, "rule book C12",
                             "minute of the day by which a walk is expected"},
    [PARAM_PLAN_STILL_MAX] = {"plan.still_max", "", 0, 5, 3, "rule book C12", "nudges in a day"},
    [PARAM_PLAN_LIMIT_SHARE] = {"plan.limit_share", "", 0.3, 1, 0.8, "rule book P07",
                                "of the learnt limit is the working limit"},
    [PARAM_PLAN_LIMIT_RAISE] = {"plan.limit_raise", "%", 0, 50, 10, "rule book P07",
                                "most it grows in a week"},
    [PARAM_PLAN_LIMIT_EVENTS] = {"plan.limit_events", "", 2, 10, 3, "rule book P07",
                                 "events from which they set the limit"},
    [PARAM_PLAN_OVERDO_TARGET] = {"plan.overdo_target", "", 1, 5, 1.5, "rule book C16",
                                  "times the target is a long walk"},
    [PARAM_PLAN_OVERDO_LIMIT] = {"plan.overdo_limit", "", 1, 5, 1.25, "rule book C16",
                                 "times the working limit is a long walk"},
    [PARAM_PLAN_OVERDO_WEEK] = {"plan.overdo_week", "%", 5, 200, 30, "rule book C16",
                                "growth over the week before"},
    [PARAM_PLAN_OVERDO_DROP] = {"plan.overdo_drop", "%", 20, 100, 60, "rule book C16",
                                "drop of steps in the two days after"},
    [PARAM_PLAN_OVERDO_LOWER] = {"plan.overdo_lower", "%", 0, 50, 10, "rule book C16",
                                 "taken off the working limit then"},
    [PARAM_PLAN_FEAR] = {"plan.fear", "", 1, 10, 6, "rule book C11",
                         "fear of movement that is answered"},
    [PARAM_PLAN_MOOD] = {"plan.mood", "", 1, 2, 2, "rule book C18", "a low week"},
    [PARAM_PLAN_SURFACE] = {"plan.surface", "", 0.5, 10, 1, "rule book C13",
                            "pain rise on concrete over the best other surface"},
    [PARAM_PLAN_SHOE_AGE] = {"plan.shoe_age", "d", 30, 3650, 182, "rule book R09",
                             "age of a worn shoe"},
    [PARAM_PLAN_SHOE_WEAR] = {"plan.shoe_wear", "d/week", 1, 7, 5, "rule book R09",
                              "wear that makes it count"},
    [PARAM_PLAN_SHOE_KM_INFO] = {"plan.shoe_km_info", "km", 50, 5000, 500, "rule book R09",
                                 "distance to mention"},
    [PARAM_PLAN_SHOE_KM] = {"plan.shoe_km", "km", 50, 5000, 800, "rule book R09",
                            "distance to advise on"},
    [PARAM_PLAN_SHOE_LOADING] = {"plan.shoe_loading", "", 1, 3, 1.15, "rule book R09",
                                 "loading rate over that of its first 50 km"},
    [PARAM_PLAN_SHOE_DAYS] = {"plan.shoe_days", "d", 1, 365, 14, "rule book R09",
                              "until it is said again"},
};

const struct param_info *param_info(enum param param)
{
    assert(param < PARAM_COUNT);
    return &table[param];
}

enum param param_find(const char *name)
{
    for (unsigned i = 0; i < PARAM_COUNT; i++) {
        if (strcmp(table[i].name, name) == 0)
            return (enum param)i;
    }
    return PARAM_COUNT;
}

void params_defaults(struct params *params)
{
    for (unsigned i = 0; i < PARAM_COUNT; i++)
        params->value[i] = table[i].def;
}

bool params_set(struct params *params, enum param param, double value)
{
    assert(param < PARAM_COUNT);
    if (!isfinite(value) || value < table[param].min || value > table[param].max)
        return false;
    params->value[param] = value;
    return true;
}
