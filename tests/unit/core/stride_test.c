/* Strides from scripted events of two feet. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/stride.h"

enum { OUT_MAX = 4000, SCRIPT_MAX = 8000 };
#define MS INT64_C(1000000)
#define S INT64_C(1000000000)

/* Events of both feet in time, then a watermark at the end of each. */
struct script {
    struct gait_event events[SCRIPT_MAX];
    int n;
    int64_t end_ns;
};

struct gait_plan {
    int64_t start_ms, stride_ms, left_stance_ms, right_stance_ms, right_after_ms;
    int strides_n;
    int64_t wobble_ms; /* each stride longer or shorter by up to that */
};

static struct script script, other_script;
static struct stride_state state;
static struct params params;
static struct stride live[OUT_MAX], final[OUT_MAX];
static int live_n, final_n;
static const struct gait_plan plain = {1000, 1100, 680, 680, 550, 60, 0};

static void add(struct script *to, enum foot foot, enum gait_event_kind kind, int64_t at_ms)
{
    assert_true(to->n < SCRIPT_MAX);
    struct gait_event *event = &to->events[to->n++];
    memset(event, 0, sizeof *event);
    event->foot = (uint8_t)foot;
    event->kind = (uint8_t)kind;
    event->at_session_ns = at_ms * MS;
    /* Feet have clocks of their own. */
    event->at_device_us = (double)at_ms * 1000.0 + (foot == FOOT_LEFT ? 0.0 : 5e12);
    event->peak_force_n = kind == GAIT_FOOT_OFF ? (foot == FOOT_LEFT ? 900.0F : 800.0F) : NAN;
    event->impulse_ns = kind == GAIT_FOOT_OFF ? 400.0F : NAN;
    to->end_ns = at_ms * MS > to->end_ns ? at_ms * MS : to->end_ns;
}

static void add_gait(struct script *to, const struct gait_plan *plan)
{
    int64_t at_ms = plan->start_ms;
    for (int i = 0; i < plan->strides_n; i++) {
        add(to, FOOT_LEFT, GAIT_INITIAL_CONTACT, at_ms);
        add(to, FOOT_LEFT, GAIT_FOOT_OFF, at_ms + plan->left_stance_ms);
        add(to, FOOT_RIGHT, GAIT_INITIAL_CONTACT, at_ms + plan->right_after_ms);
        add(to, FOOT_RIGHT, GAIT_FOOT_OFF, at_ms + plan->right_after_ms + plan->right_stance_ms);
        at_ms += plan->stride_ms + (i * 7919 % 11 - 5) * plan->wobble_ms / 5;
    }
}

static void begin(void)
{
    memset(&script, 0, sizeof script);
    memset(&other_script, 0, sizeof other_script);
    params.value[PARAM_LIVE_WAIT_S] = 1.0;
    stride_init(&state);
    stride_expect(&state, FOOT_LEFT, true);
    stride_expect(&state, FOOT_RIGHT, true);
    live_n = final_n = 0;
}

static void drain(int64_t now_ns)
{
    while (stride_next(&state, STRIDE_LIVE, now_ns, &params, &live[live_n])) {
        assert_true(++live_n < OUT_MAX);
    }
    while (stride_next(&state, STRIDE_FINAL, now_ns, &params, &final[final_n])) {
        assert_true(++final_n < OUT_MAX);
    }
}

/* Plays the events of one foot (FEET = both) from number *at on until `to_ns`. */
static void play(const struct script *from, int foot, int *at, int64_t to_ns)
{
    for (; *at < from->n; (*at)++) {
        const struct gait_event *event = &from->events[*at];
        if (foot != FEET && event->foot != foot) {
            continue;
        }
        if (event->at_session_ns > to_ns) {
            break;
        }
        stride_event(&state, event);
    }
}

/* Feeds both feet in turns of `frame_ns`, as if each frame arrived at its end. */
static void play_all(const struct script *from, int64_t frame_ns)
{
    int at[FEET] = {0, 0};
    for (int64_t now_ns = frame_ns; now_ns < from->end_ns + 3 * S; now_ns += frame_ns) {
        for (int foot = 0; foot < FEET; foot++) {
            play(from, foot, &at[foot], now_ns);
            stride_watermark(&state, (enum foot)foot, now_ns, false);
            drain(now_ns);
        }
    }
}

static void assert_near(float value, double expected, double within)
{
    assert_true(fabs((double)value - expected) <= within);
}

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

static void the_record_depends_on_arrival(void **unused)
{
    (void)unused;
    struct gait_plan plan = {1000, 1100, 680, 660, 540, 55, 40};
    static struct stride first[OUT_MAX];
    begin();
    add_gait(&script, &plan);
    add(&script, FOOT_LEFT, GAIT_INITIAL_CONTACT, 90000);
    plan.start_ms = 95000;
    plan.strides_n = 5;
    add_gait(&script, &plan);
    play_all(&script, 100 * MS);
    drain(INT64_MAX);
    int first_n = final_n;
    memcpy(first, final, sizeof first);
    for (int order = 0; order < 3; order++) {
        begin();
        add_gait(&script, &(struct gait_plan){1000, 1100, 680, 660, 540, 55, 40});
        add(&script, FOOT_LEFT, GAIT_INITIAL_CONTACT, 90000);
        add_gait(&script, &plan);
        for (int k = 0; k < FEET; k++) {
            int at = 0;
            int foot = (k + order) % FEET;
            int64_t step_ns = order == 2 ? 17 * S : 1000 * S;
            for (int64_t to_ns = step_ns; to_ns < script.end_ns + 20 * S + step_ns;
                 to_ns += step_ns) {
                int64_t mark_ns = to_ns < script.end_ns + 3 * S ? to_ns : script.end_ns + 3 * S;
                play(&script, foot, &at, mark_ns);
                stride_watermark(&state, (enum foot)foot, mark_ns, false);
                drain(300 * S);
            }
        }
        drain(INT64_MAX);
        assert_int_equal(first_n, final_n);
        for (int i = 0; i < final_n; i++) {
            assert_memory_equal(&first[i], &final[i], sizeof final[i]);
        }
    }
}

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

static void one_insole_alone_does_not_walk_or_limps(void **unused)
{
    (void)unused;
    begin();
    stride_expect(&state, FOOT_RIGHT, false);
    add_gait(&script, &plain);
    int at = 0;
    for (int64_t now_ns = 250 * MS; now_ns < script.end_ns + 4 * S; now_ns += 250 * MS) {
        play(&script, FOOT_LEFT, &at, now_ns);
        stride_watermark(&state, FOOT_LEFT, now_ns, false);
        drain(now_ns);
    }
    assert_int_equal(final_n, 59);
    assert_int_equal(live_n, 59);
    for (int i = 0; i < final_n; i++) {
        assert_true(final[i].valid && final[i].walking && !final[i].other_known);
        assert_true(isnan(final[i].double_support_s) && isnan(final[i].step_s));
        assert_int_equal(live[i].walking, i >= 2);
    }
    struct stride_summary summary;
    stride_summary(&state, script.end_ns, &summary);
    assert_near(summary.cadence_spm, 109.09, 0.01);
    assert_true(isnan(summary.si_stance_pct) && isnan(summary.si_step_pct) &&
                isnan(summary.si_load_pct) && isnan(summary.double_support_pct));
    assert_true(isnan(summary.stance_pct[FOOT_RIGHT]));
    assert_true(stride_walk_start_ns(&state, STRIDE_LIVE) == 1 * S);
}

static void a_foot_that_dies_holds_the_other_up(void **unused)
{
    (void)unused;
    begin();
    add_gait(&script, &plain);
    int at[FEET] = {0, 0};
    int64_t dead_ns = 30 * S;
    for (int64_t now_ns = 250 * MS; now_ns < script.end_ns; now_ns += 250 * MS) {
        play(&script, FOOT_LEFT, &at[0], now_ns);
        stride_watermark(&state, FOOT_LEFT, now_ns, false);
        if (now_ns <= dead_ns) {
            play(&script, FOOT_RIGHT, &at[1], now_ns);
            stride_watermark(&state, FOOT_RIGHT, now_ns, false);
        }
        int before = live_n;
        int64_t deadline_ns = stride_deadline_ns(&state);
        drain(now_ns);
        if (now_ns > dead_ns + S && live_n > before) {
            assert_true(deadline_ns <= now_ns && now_ns - live[before].end_ns < 1250 * MS);
            assert_false(live[before].other_known);
            assert_true(isnan(live[before].double_support_s));
        }
        assert_true(stride_deadline_ns(&state) > now_ns);
    }
    assert_true(live_n > 80);
    assert_true(live[live_n - 1].walking);
    assert_true(final[final_n - 1].end_ns <= dead_ns); /* it still may come */
    struct stride_summary summary;
    stride_summary(&state, script.end_ns, &summary);
    assert_true(isnan(summary.si_stance_pct));
    stride_expect(&state, FOOT_RIGHT, false);
    drain(script.end_ns + S);
    assert_true(final[final_n - 1].end_ns > script.end_ns - 3 * S);
}

static void the_record_waits_for_ever(void **unused)
{
    (void)unused;
    begin();
    struct gait_plan plan = plain;
    plan.strides_n = 400;
    add_gait(&script, &plan);
    int at = 0;
    for (int64_t now_ns = 250 * MS; now_ns < script.end_ns; now_ns += 250 * MS) {
        play(&script, FOOT_LEFT, &at, now_ns);
        stride_watermark(&state, FOOT_LEFT, now_ns, false);
        drain(now_ns);
    }
    assert_true(final_n >= 399 - STRIDE_WAIT_MAX && final_n < 399);
    drain(INT64_MAX);
    assert_int_equal(final_n, 399);
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

/* The record waits 10 s for a belt that went silent, and says when it will wait no longer: else it
 * would depend on when somebody next asks. */
static void a_silent_belt_holds_the_record_until_somebody_asks(void **unused)
{
    (void)unused;
    begin();
    add_gait(&script, &plain);
    int at[FEET] = {0, 0};
    int64_t silent_ns = 20 * S, now_ns = 0;
    for (; final_n == 0 || final[final_n - 1].end_ns < silent_ns - 2 * S; now_ns += 250 * MS) {
        stride_belt(&state, now_ns, 1.0F, 0.0F);
        for (int foot = 0; foot < FEET; foot++) {
            play(&script, foot, &at[foot], now_ns);
            stride_watermark(&state, (enum foot)foot, now_ns, false);
        }
        drain(now_ns);
    }
    for (int foot = 0; foot < FEET; foot++) {
        play(&script, foot, &at[foot], now_ns + 2 * S);
        stride_watermark(&state, (enum foot)foot, now_ns + 2 * S, false);
    }
    drain(now_ns + 2 * S);
    int before = final_n;
    int64_t due_ns = stride_deadline_ns(&state);
    assert_true(due_ns > now_ns + 2 * S && due_ns < now_ns + 12 * S);
    drain(due_ns - 1);
    assert_int_equal(final_n, before);
    assert_true(stride_deadline_ns(&state) == due_ns);
    drain(due_ns);
    assert_int_equal(final_n, before + 1);
    assert_true(final[before].end_ns == due_ns - 10 * S);
    assert_true(stride_deadline_ns(&state) > due_ns);
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
        cmocka_unit_test(the_record_depends_on_arrival),
        cmocka_unit_test(a_walk_is_opened_too_early_or_not_back_dated),
        cmocka_unit_test(hopping_or_slow_stepping_is_a_walk),
        cmocka_unit_test(one_insole_alone_does_not_walk_or_limps),
        cmocka_unit_test(a_foot_that_dies_holds_the_other_up),
        cmocka_unit_test(the_record_waits_for_ever),
        cmocka_unit_test(a_gap_becomes_a_stride),
        cmocka_unit_test(a_late_stride_is_live),
        cmocka_unit_test(standing_still_makes_strides),
        cmocka_unit_test(a_change_of_pace_stays_steady),
        cmocka_unit_test(variability_is_wrong_or_counts_outliers),
        cmocka_unit_test(a_silent_belt_holds_the_record_until_somebody_asks),
        cmocka_unit_test(the_belt_is_averaged_wrong),
        cmocka_unit_test(running_reads_as_double_support),
        cmocka_unit_test(a_new_session_starts_with_old_windows),
        cmocka_unit_test(events_out_of_order_break_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
