/* Strides from scripted events of two feet: what each one says. */
#include "tests/unit/core/stride_fixture.h"

static void features_are_wrong(void **unused)
{
    (void)unused;
    begin();
    add_gait(&script, &plain);
    play_all(&script, 250 * MS);
    assert_int_equal(live_n, 118);
    assert_int_equal(final_n, 118);
    for (int i = 4; i < final_n; i++) {
        const struct stride *stride = &final[i];
        assert_true(stride->valid && stride->other_known && stride->walking);
        assert_near(stride->stride_s, 1.1, 1e-6);
        assert_near(stride->stance_s, 0.68, 1e-6);
        assert_near(stride->swing_s, 0.42, 1e-6);
        assert_near(stride->stance_pct, 61.818, 1e-2);
        assert_near(stride->swing_pct, 38.182, 1e-2);
        assert_near(stride->double_support_s, 0.26, 1e-6);
        assert_near(stride->double_support_pct, 23.636, 1e-2);
        assert_near(stride->step_s, 0.55, 1e-6);
        assert_near(stride->peak_force_n, stride->foot == FOOT_LEFT ? 900.0 : 800.0, 0.0);
        assert_true(isnan(stride->belt_mps) && isnan(stride->stride_length_m));
        assert_true(stride->end_ns > final[i - 1].end_ns);
    }
    struct stride_summary summary;
    stride_summary(&state, script.end_ns, &summary);
    assert_near(summary.cadence_spm, 109.09, 0.01);
    assert_near(summary.stride_time_s, 1.1, 1e-6);
    assert_near(summary.stride_cv_pct, 0.0, 1e-4);
    assert_near(summary.si_stance_pct, 0.0, 1e-4);
    assert_near(summary.si_step_pct, 0.0, 1e-3);
    assert_near(summary.si_load_pct, 200.0 * 100.0 / 1700.0, 1e-3);
    assert_near(summary.double_support_pct, 23.636, 1e-2);
    assert_int_equal(summary.strides_n[FOOT_LEFT], 40);
    stride_summary(&state, script.end_ns + 11 * S, &summary);
    assert_true(isnan(summary.cadence_spm) && isnan(summary.si_stance_pct));
}

static void a_limp_is_not_seen_or_on_the_wrong_foot(void **unused)
{
    (void)unused;
    struct gait_plan limp = {1000, 1100, 720, 620, 500, 60, 0};
    begin();
    add_gait(&script, &limp);
    play_all(&script, 250 * MS);
    struct stride_summary summary;
    stride_summary(&state, script.end_ns, &summary);
    assert_near(summary.si_stance_pct, 200.0 * 100.0 / 1340.0, 1e-2);
    assert_near(summary.si_step_pct, 200.0 * 100.0 / 1100.0, 1e-2);
    assert_near(summary.cadence_spm, 109.09, 0.01);
    for (int i = 4; i < final_n; i++) {
        assert_near(final[i].step_s, final[i].foot == FOOT_LEFT ? 0.6 : 0.5, 1e-6);
    }
}

static void swapped_feet_give_other_strides(void **unused)
{
    (void)unused;
    struct gait_plan limp = {1000, 1100, 720, 620, 500, 40, 30};
    static struct stride first[OUT_MAX];
    begin();
    add_gait(&script, &limp);
    play_all(&script, 250 * MS);
    int first_n = final_n;
    memcpy(first, final, sizeof first);
    begin();
    add_gait(&script, &limp);
    for (int i = 0; i < script.n; i++) {
        script.events[i].foot ^= 1U;
    }
    play_all(&script, 250 * MS);
    assert_int_equal(first_n, final_n);
    for (int i = 0; i < final_n; i++) {
        first[i].foot ^= 1U;
        assert_memory_equal(&first[i], &final[i], sizeof final[i]);
    }
}

static void running_reads_as_double_support(void **unused)
{
    (void)unused;
    begin();
    add_gait(&script, &(struct gait_plan){1000, 740, 260, 260, 370, 40, 0});
    play_all(&script, 250 * MS);
    for (int i = 4; i < final_n; i++) {
        assert_true(final[i].valid && final[i].walking);
        assert_near(final[i].double_support_s, 0.0, 0.0);
    }
}

static void the_belt_is_averaged_wrong(void **unused)
{
    (void)unused;
    begin();
    add_gait(&script, &plain);
    int at[FEET] = {0, 0};
    for (int64_t now_ns = 250 * MS; now_ns < script.end_ns + 3 * S; now_ns += 250 * MS) {
        if (now_ns < 40 * S) {
            stride_belt(&state, now_ns, now_ns < 20 * S ? 1.0F : 1.5F, 0.02F);
        }
        for (int foot = 0; foot < FEET; foot++) {
            play(&script, foot, &at[foot], now_ns);
            stride_watermark(&state, (enum foot)foot, now_ns, false);
        }
        drain(now_ns);
    }
    drain(script.end_ns + 30 * S);
    int measured = 0, mixed = 0, missing = 0;
    for (int i = 0; i < final_n; i++) {
        const struct stride *stride = &final[i];
        if (stride->end_ns <= 20 * S) {
            assert_near(stride->belt_mps, 1.0, 1e-6);
            assert_near(stride->stride_length_m, 1.1, 1e-5);
            measured++;
        } else if (stride->start_ns < 20 * S) {
            double share = (double)(stride->end_ns - 20 * S) / 1.1e9;
            assert_near(stride->belt_mps, 1.0 + 0.5 * share, 1e-5);
            mixed++;
        } else if (stride->end_ns < 40 * S) {
            assert_near(stride->belt_mps, 1.5, 1e-6);
            assert_near(stride->incline, 0.02, 1e-6);
        } else if (stride->end_ns > 44 * S) {
            assert_true(isnan(stride->belt_mps) && isnan(stride->incline));
            missing++;
        }
    }
    assert_true(measured > 20 && mixed >= 1 && missing > 20);
    stride_belt(&state, 100 * S, NAN, NAN);
    assert_true(state.belt_n <= STRIDE_BELT);
}

static void a_gap_becomes_a_stride(void **unused)
{
    (void)unused;
    for (int told = 0; told < 2; told++) {
        begin();
        add_gait(&script, &plain);
        int kept = 0, gap_at = -1;
        for (int i = 0; i < script.n; i++) { /* the left foot misses 10.0 to 12.0 s */
            const struct gait_event *event = &script.events[i];
            bool left = event->foot == FOOT_LEFT;
            if (left && event->at_session_ns > 10 * S && event->at_session_ns < 12 * S) {
                continue;
            }
            script.events[kept] = *event;
            if (left && event->at_session_ns >= 12 * S && gap_at < 0) {
                gap_at = kept;
                script.events[kept].after_gap = true;
            }
            kept++;
        }
        script.n = kept;
        int at[FEET] = {0, 0};
        bool gap_told = false;
        for (int64_t now_ns = 250 * MS; now_ns < script.end_ns + 3 * S; now_ns += 250 * MS) {
            play(&script, FOOT_RIGHT, &at[1], now_ns);
            stride_watermark(&state, FOOT_RIGHT, now_ns, false);
            if (now_ns <= 10 * S || now_ns >= 12250 * MS) {
                bool gap = told == 1 && now_ns > 12 * S && !gap_told;
                gap_told = gap_told || gap;
                play(&script, FOOT_LEFT, &at[0], now_ns);
                stride_watermark(&state, FOOT_LEFT, now_ns, gap);
            }
            drain(now_ns);
        }
        drain(INT64_MAX);
        for (int i = 0; i < final_n; i++) {
            bool over = final[i].start_ns < 12 * S && final[i].end_ns > 10 * S;
            if (over && final[i].foot == FOOT_LEFT) {
                assert_false(final[i].valid);
                assert_true(isnan(final[i].stride_s));
            } else if (over && told == 1) {
                assert_true(final[i].valid && !final[i].other_known);
                assert_true(isnan(final[i].double_support_s));
            } else if (final[i].start_ns > 14 * S) {
                assert_true(final[i].valid && final[i].other_known);
            }
        }
        assert_true(final_n > 100);
    }
}

static void a_late_stride_is_live(void **unused)
{
    (void)unused;
    begin();
    add_gait(&script, &plain);
    for (int i = 0; i < script.n; i++) {
        script.events[i].late =
            script.events[i].at_session_ns > 20 * S && script.events[i].at_session_ns < 30 * S;
    }
    play_all(&script, 250 * MS);
    assert_int_equal(final_n, 118);
    for (int i = 0; i < live_n; i++) {
        assert_true(live[i].start_ns < 20 * S || live[i].start_ns > 30 * S);
        assert_true(live[i].end_ns <= 20 * S || live[i].end_ns >= 30 * S);
    }
    assert_true(live_n > 90 && live_n < 110);
}

static void events_out_of_order_break_it(void **unused)
{
    (void)unused;
    begin();
    uint64_t random = 99;
    for (int i = 0; i < 20000; i++) {
        random = random * 6364136223846793005U + 1442695040888963407U;
        struct gait_event event = {.foot = (uint8_t)(random >> 63),
                                   .kind = (uint8_t)(1 + (random >> 62) % 2),
                                   .after_gap = (random >> 40) % 16 == 0,
                                   .late = (random >> 36) % 16 == 0,
                                   .at_device_us = (double)(int64_t)(random >> 20),
                                   .at_session_ns = (int64_t)(random >> 8)};
        stride_event(&state, &event);
        stride_watermark(&state, (enum foot)(event.foot ^ 1U), (int64_t)(random >> 9),
                         (random >> 30) % 8 == 0);
        stride_belt(&state, (int64_t)(random >> 8), (float)(random >> 50), NAN);
        live_n = final_n = 0;
        drain((int64_t)(random >> 7));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_wrong),
        cmocka_unit_test(a_limp_is_not_seen_or_on_the_wrong_foot),
        cmocka_unit_test(swapped_feet_give_other_strides),
        cmocka_unit_test(running_reads_as_double_support),
        cmocka_unit_test(the_belt_is_averaged_wrong),
        cmocka_unit_test(a_gap_becomes_a_stride),
        cmocka_unit_test(a_late_stride_is_live),
        cmocka_unit_test(events_out_of_order_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
