/* Strides in a row: when they are a walk, steady, and a summary. */
#include "tests/unit/core/stride_fixture.h"

static void a_walk_is_opened_too_early_or_not_back_dated(void **unused)
{
    (void)unused;
    for (int steps = 3; steps <= 12; steps++) {
        begin();
        for (int i = 0; i <= steps; i++) {
            add(&script, (enum foot)(i % 2), GAIT_INITIAL_CONTACT, 5000 + i * 550);
            add(&script, (enum foot)(i % 2), GAIT_FOOT_OFF, 5000 + i * 550 + 680);
        }
        play_all(&script, 50 * MS);
        int walking = 0;
        for (int i = 0; i < final_n; i++) {
            walking += final[i].walking ? 1 : 0;
        }
        assert_int_equal(walking, steps < 6 ? 0 : steps - 1);
        for (int path = 0; path < STRIDE_PATHS; path++) {
            int64_t start_ns = stride_walk_start_ns(&state, (enum stride_path)path);
            int64_t last_ns = stride_last_walk_ns(&state, (enum stride_path)path);
            assert_true(start_ns == (steps < 6 ? INT64_MIN : 5 * S));
            assert_true(last_ns == (steps < 6 ? INT64_MIN : 5 * S + steps * 550 * MS));
        }
        walking = 0;
        for (int i = 0; i < live_n; i++) {
            walking += live[i].walking ? 1 : 0;
        }
        assert_int_equal(walking, steps < 6 ? 0 : steps - 5);
    }
}

static void hopping_or_slow_stepping_is_a_walk(void **unused)
{
    (void)unused;
    begin();
    for (int i = 0; i < 40; i++) { /* both known, one foot only taps */
        add(&script, FOOT_RIGHT, i == 0 ? GAIT_INITIAL_CONTACT : GAIT_FOOT_OFF, 500 + i);
        script.n = i == 0 ? script.n : script.n - 1;
        add(&script, FOOT_LEFT, GAIT_INITIAL_CONTACT, 1000 + i * 1100);
        add(&script, FOOT_LEFT, GAIT_FOOT_OFF, 1500 + i * 1100);
    }
    play_all(&script, 250 * MS);
    assert_true(final_n > 30);
    assert_true(stride_last_walk_ns(&state, STRIDE_FINAL) == INT64_MIN);
    begin();
    add_gait(&script, &(struct gait_plan){1000, 2450, 1500, 1500, 1220, 30, 0});
    play_all(&script, 250 * MS);
    assert_true(final_n > 30);
    assert_true(stride_last_walk_ns(&state, STRIDE_FINAL) == INT64_MIN);
    assert_true(stride_last_walk_ns(&state, STRIDE_LIVE) == INT64_MIN);
}

static void standing_still_makes_strides(void **unused)
{
    (void)unused;
    begin();
    add_gait(&script, &plain);
    int64_t stop_ns = script.end_ns;
    struct gait_plan again = plain;
    again.start_ms = stop_ns / MS + 60000;
    add_gait(&script, &again);
    play_all(&script, 250 * MS);
    for (int i = 0; i < final_n; i++) {
        bool across = final[i].start_ns < stop_ns && final[i].end_ns > stop_ns;
        assert_true(!across || (!final[i].valid && !final[i].walking && !final[i].steady));
    }
    assert_true(stride_walk_start_ns(&state, STRIDE_FINAL) == again.start_ms * MS);
}

static void a_change_of_pace_stays_steady(void **unused)
{
    (void)unused;
    begin();
    struct gait_plan plan = plain;
    plan.strides_n = 20;
    add_gait(&script, &plan);
    plan.start_ms = 1000 + 20 * 1100;
    plan.stride_ms = 1500;
    plan.right_after_ms = 750;
    plan.left_stance_ms = plan.right_stance_ms = 900;
    add_gait(&script, &plan);
    play_all(&script, 250 * MS);
    int first_steady = -1, unsteady = 0;
    for (int i = 0; i < final_n; i++) {
        first_steady = first_steady < 0 && final[i].steady ? i : first_steady;
        unsteady += first_steady >= 0 && i < final_n - 1 && !final[i].steady ? 1 : 0;
    }
    assert_int_equal(first_steady, STRIDE_STEADY_N - 1);
    assert_true(unsteady >= 5 && unsteady <= 14);
}

static void variability_is_wrong_or_counts_outliers(void **unused)
{
    (void)unused;
    begin();
    struct gait_plan plan = plain;
    plan.strides_n = 20;
    plan.wobble_ms = 40;
    add_gait(&script, &plan);
    play_all(&script, 250 * MS);
    struct stride_summary summary;
    stride_summary(&state, script.end_ns, &summary);
    int steady = 0;
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < live_n; i++) {
        if (live[i].steady) {
            sum += (double)live[i].stride_s;
            squares += (double)live[i].stride_s * (double)live[i].stride_s;
            steady++;
        }
    }
    if (steady < 30) {
        assert_true(isnan(summary.stride_cv_pct));
    }
    begin();
    plan.strides_n = 34;
    add_gait(&script, &plan);
    play_all(&script, 250 * MS);
    stride_summary(&state, script.end_ns, &summary);
    steady = 0;
    sum = squares = 0.0;
    for (int i = live_n - 1; i >= 0 && steady < 50; i--) {
        if (live[i].steady) {
            sum += (double)live[i].stride_s;
            squares += (double)live[i].stride_s * (double)live[i].stride_s;
            steady++;
        }
    }
    assert_int_equal(steady, 50);
    double mean = sum / 50.0;
    double cv = 100.0 * sqrt((squares - 50.0 * mean * mean) / 49.0) / mean;
    assert_near(summary.stride_cv_pct, cv, 0.01);
    assert_int_equal(summary.outliers_n, 0);
}

static void a_new_session_starts_with_old_windows(void **unused)
{
    (void)unused;
    begin();
    add_gait(&script, &plain);
    play_all(&script, 250 * MS);
    stride_new_session(&state);
    struct stride_summary summary;
    stride_summary(&state, script.end_ns, &summary);
    assert_true(isnan(summary.cadence_spm) && isnan(summary.stride_cv_pct));
    assert_int_equal(summary.strides_n[FOOT_LEFT] + summary.strides_n[FOOT_RIGHT], 0);
    assert_true(stride_last_walk_ns(&state, STRIDE_LIVE) != INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_is_opened_too_early_or_not_back_dated),
        cmocka_unit_test(hopping_or_slow_stepping_is_a_walk),
        cmocka_unit_test(standing_still_makes_strides),
        cmocka_unit_test(a_change_of_pace_stays_steady),
        cmocka_unit_test(variability_is_wrong_or_counts_outliers),
        cmocka_unit_test(a_new_session_starts_with_old_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
