/* S06: whose maximum is what, and what switches the rule off. S09: who cannot be reached. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/safety.h"

#define S INT64_C(1000000000)

static float max_of(struct rules_profile profile, int16_t age_years, float hr_max_bpm,
                    enum rule_absence expected)
{
    enum rule_absence why;
    float bpm = safety_heart_max(&profile, age_years, hr_max_bpm, &why);
    assert_int_equal(why, expected);
    return bpm;
}

static void the_maximum_follows_age_and_beta_blocker(void **unused)
{
    (void)unused;
    static const struct {
        int16_t age_years;
        float tanaka_bpm, beta_blocker_bpm;
    } table[] = {{20, 194, 150},
                 {45, 176.5F, 132.5F},
                 {52, 171.6F, 127.6F},
                 {70, 159, 115},
                 {85, 148.5F, 104.5F}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct rules_profile profile = {0};
        assert_float_equal(max_of(profile, table[i].age_years, NAN, RULE_EVALUATED),
                           table[i].tanaka_bpm, 0.01);
        profile.beta_blocker = true;
        assert_float_equal(max_of(profile, table[i].age_years, NAN, RULE_EVALUATED),
                           table[i].beta_blocker_bpm, 0.01);
    }
}

static void a_clinicians_word_wins_and_a_sick_heart_needs_one(void **unused)
{
    (void)unused;
    assert_float_equal(max_of((struct rules_profile){0}, 45, 140, RULE_EVALUATED), 140, 0.01);
    assert_float_equal(
        max_of((struct rules_profile){.heart_disease = true}, 45, 120, RULE_EVALUATED), 120, 0.01);
    assert_true(isnan(
        max_of((struct rules_profile){.heart_disease = true}, 45, NAN, RULE_CONTRAINDICATED)));
    assert_true(
        isnan(max_of((struct rules_profile){.pacemaker = true}, 45, 140, RULE_CONTRAINDICATED)));
    assert_true(isnan(max_of((struct rules_profile){.af = true}, 45, 140, RULE_CONTRAINDICATED)));
    assert_true(isnan(max_of((struct rules_profile){0}, -1, NAN, RULE_NO_DATA)));
}

/* Seconds of a walk with that heart; what was said first, or TEXT_NONE. */
static enum text walk(float heart_bpm, bool suspect, int seconds_n, int *at_s)
{
    struct params params;
    struct rules_profile profile = {.lone_walker = false};
    struct signals_now signals = {.heart_bpm = heart_bpm,
                                  .heart_suspect = suspect,
                                  .rail = SIGNAL_UNKNOWN,
                                  .belt_mps = NAN,
                                  .no_contact_s = 0};
    struct safety_state state;
    params_defaults(&params);
    safety_init(&state);
    for (int s = 0; s < seconds_n; s++) {
        const struct safety_now now = {.params = &params,
                                       .profile = &profile,
                                       .signals = &signals,
                                       .at_ns = s * S,
                                       .walk_ns = s * S,
                                       .feet = {{.load_share = NAN, .light_s = NAN, .unrest = NAN},
                                                {.load_share = NAN, .light_s = NAN, .unrest = NAN}},
                                       .wrist_still_s = 0,
                                       .hr_max_bpm = 200,
                                       .age_years = 45,
                                       .devices = COVERAGE_WRIST,
                                       .gait = CONTEXT_WALK,
                                       .session_open = true};
        struct safety_out out = {0};
        safety_second(&state, &now, &out);
        *at_s = s;
        if (out.found.n > 0)
            return (enum text)out.found.items[0].text;
    }
    return TEXT_NONE;
}

static void levels_come_after_their_time_and_a_suspect_heart_says_nothing(void **unused)
{
    (void)unused;
    int at_s = 0;
    assert_int_equal(walk(169, false, 300, &at_s), TEXT_NONE);
    assert_int_equal(walk(170, false, 300, &at_s), TEXT_S06_COACH);
    assert_int_equal(at_s, 60);
    assert_int_equal(walk(180, false, 300, &at_s), TEXT_S06_CAUTION);
    assert_int_equal(at_s, 30);
    assert_int_equal(walk(190, false, 300, &at_s), TEXT_S06_STOP);
    assert_int_equal(at_s, 30);
    assert_int_equal(walk(190, true, 300, &at_s), TEXT_NONE);
    assert_int_equal(walk(NAN, false, 300, &at_s), TEXT_NONE);
}

static void a_lone_walker_hears_once_that_nobody_can_be_reached(void **unused)
{
    (void)unused;
    struct params params;
    struct rules_profile profile = {.lone_walker = true};
    struct signals_now signals = {.heart_bpm = NAN, .belt_mps = NAN, .rail = SIGNAL_UNKNOWN};
    struct safety_state state;
    int said_n = 0;
    params_defaults(&params);
    safety_init(&state);
    struct safety_now now = {.params = &params,
                             .profile = &profile,
                             .signals = &signals,
                             .walk_ns = SAFETY_NEVER,
                             .feet = {{.load_share = NAN, .light_s = NAN, .unrest = NAN},
                                      {.load_share = NAN, .light_s = NAN, .unrest = NAN}},
                             .age_years = -1,
                             .devices = COVERAGE_WRIST,
                             .session_open = true,
                             .caregivers_away = true};
    for (int s = 0; s < 20; s++) {
        struct safety_out out = {0};
        now.at_ns = s * S;
        now.caregivers_away = s < 10;
        safety_second(&state, &now, &out);
        for (int i = 0; i < out.found.n; i++)
            said_n += out.found.items[i].rule == RULE_S09 && !out.found.items[i].cleared;
        assert_true(s != 10 || (out.found.n == 1 && out.found.items[0].cleared));
    }
    assert_int_equal(said_n, 1);
    profile.lone_walker = false;
    struct safety_out out = {0};
    now.at_ns = 30 * S;
    now.caregivers_away = true;
    safety_second(&state, &now, &out);
    assert_int_equal(out.found.n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_maximum_follows_age_and_beta_blocker),
        cmocka_unit_test(a_clinicians_word_wins_and_a_sick_heart_needs_one),
        cmocka_unit_test(levels_come_after_their_time_and_a_suspect_heart_says_nothing),
        cmocka_unit_test(a_lone_walker_hears_once_that_nobody_can_be_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
