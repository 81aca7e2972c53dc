/* What a configuration says of a wearer reaches the rules, and a later one replaces it. */
#include "hub/core/pipeline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

struct home {
    struct wearer_state state;
    struct pipeline_scratch scratch;
    struct effects effects;
    struct wire_wearer_config config;
    uint64_t seq;
};

static int set_up(void **state)
{
    struct home *home = calloc(1, sizeof(*home));
    assert_non_null(home);
    pipeline_init(&home->state, 1);
    memcpy(home->config.wearer, "w1", 3);
    home->config.version = 1;
    home->config.height_m = home->config.leg_m = home->config.mass_kg = NAN;
    *state = home;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

static void configure(struct home *home)
{
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    enum wire_refusal refusal;
    struct input input = {.seq = ++home->seq,
                          .wearer = 1,
                          .slot = INPUT_SLOT_NONE,
                          .kind = INPUT_CONFIG,
                          .at_mono_ns = (int64_t)home->seq * 1000000000,
                          .bytes = bytes};
    input.size = (uint32_t)wire_encode_wearer_config(&home->config, bytes, sizeof(bytes));
    assert_int_equal(pipeline_step(&home->state, &input, &home->scratch, &home->effects, &refusal),
                     STEP_APPLIED);
}

static void given_baselines_hold_until_they_are_taken_back(void **state)
{
    struct home *home = *state;
    const struct baseline_state *baseline = &home->state.baseline;
    home->config.baselines_n = 3;
    home->config.baselines[0] = (struct wire_baseline){"cadence", 95, 2, 1.3F};
    home->config.baselines[1] = (struct wire_baseline){"fsa", 18, NAN, NAN};
    home->config.baselines[2] = (struct wire_baseline){"of_a_later_version", 1, NAN, NAN};
    configure(home);
    struct baseline_value value = baseline_get(baseline, BASELINE_CADENCE, 1.3F);
    assert_true(value.source == BASELINE_SET && value.value == 95 && value.mad == 2);
    assert_int_equal(baseline_get(baseline, BASELINE_CADENCE, NAN).source, BASELINE_SET);
    assert_int_equal(baseline_get(baseline, BASELINE_FSA, NAN).source, BASELINE_SET);
    assert_int_equal(baseline_get(baseline, BASELINE_FSA, 1.3F).source, BASELINE_DEFAULT);
    home->config.baselines_n = 1;
    home->config.baselines[0] = (struct wire_baseline){"fsa", 12, NAN, NAN};
    configure(home);
    assert_int_equal(baseline_get(baseline, BASELINE_CADENCE, 1.3F).source, BASELINE_DEFAULT);
    assert_true(baseline_get(baseline, BASELINE_FSA, NAN).value == 12);
}

static void heart_limit_shoe_times_and_language_are_kept(void **state)
{
    struct home *home = *state;
    home->config.hr_max_bpm = 160;
    home->config.has_shoe = true;
    home->config.shoe = (struct wire_shoe){.id = "blue", .distance_km = NAN, .days_per_week = 7};
    home->config.walk_times_n = 1;
    home->config.walk_min[0] = 480;
    memcpy(home->config.locale, "de", 3);
    configure(home);
    const struct wearer_setup *setup = &home->state.config;
    assert_true(setup->hr_max_bpm == 160 && home->state.profile.hr_max_bpm == 160);
    assert_true(setup->has_shoe && setup->shoe.days_per_week == 7);
    assert_string_equal(setup->shoe.id, "blue");
    assert_true(setup->walk_times_n == 1 && setup->walk_min[0] == 480);
    assert_string_equal(setup->locale, "de");
}

static void every_flag_of_the_profile_is_heard(void **state)
{
    struct home *home = *state;
    static const char *const flags[] = {"arm_injury",     "steroids",       "weak_immunity",
                                        "drug_injection", "cancer_history", "spine_surgery",
                                        "pt_plan",        "heart_disease",  "vertigo"};
    home->config.flags_n = sizeof(flags) / sizeof(flags[0]);
    for (int i = 0; i < home->config.flags_n; i++)
        snprintf(home->config.flags[i], NAME_SIZE, "%s", flags[i]);
    configure(home);
    const struct rules_profile *profile = &home->state.profile;
    assert_true(profile->arm_injury && profile->steroids && profile->weak_immunity);
    assert_true(profile->drug_injection && profile->cancer_history && profile->spine_surgery);
    assert_true(profile->pt_plan && profile->heart_disease && profile->vertigo);
    assert_false(profile->disc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(given_baselines_hold_until_they_are_taken_back, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(heart_limit_shoe_times_and_language_are_kept, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_flag_of_the_profile_is_heard, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
