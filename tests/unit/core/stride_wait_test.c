/* How long strides wait: for the other foot, for a belt, for what comes late. */
#include "tests/unit/core/stride_fixture.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_record_depends_on_arrival),
        cmocka_unit_test(one_insole_alone_does_not_walk_or_limps),
        cmocka_unit_test(a_foot_that_dies_holds_the_other_up),
        cmocka_unit_test(the_record_waits_for_ever),
        cmocka_unit_test(a_silent_belt_holds_the_record_until_somebody_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
