/* Arm swing and posture of a simulated arm, whose true ones are known. */
#include "wrist_arm.h"

static struct arm_data data;
static struct arm_run run_a, run_b;

static void arm_swing_is_off(void **state)
{
    static const double swings[] = {4, 10, 25, 60}, rolls[] = {0, 35, 90, 170};
    (void)state;
    for (int i = 0; i < 16; i++) {
        struct arm arm = arm_walker;
        arm.swing_deg = swings[i / 4];
        arm.roll_deg = rolls[i % 4];
        arm_walk(&arm, 100, 40, &data, &run_a);
        double told = (double)arm_summary(&run_a).arm_swing_deg;
        assert_true(fabs(told - arm.swing_deg) < 0.03 * arm.swing_deg + 0.5);
    }
}

static void arm_swing_depends_on_the_rate(void **state)
{
    static const double rates[] = {50, 62.5, 200, 400};
    (void)state;
    for (int i = 0; i < 4; i++) {
        arm_walk(&arm_walker, rates[i], 30, &data, &run_a);
        assert_true(fabs((double)arm_summary(&run_a).arm_swing_deg - 30) < 1.5);
    }
}

static void a_drifting_gyroscope_is_arm_swing(void **state)
{
    (void)state;
    arm_make(&arm_walker, 100, 40, &data);
    for (int i = 0; i < data.n; i++)
        data.values[4][i] += 0.05f;
    arm_start(&run_a);
    arm_feed(&run_a, &data, 25);
    assert_true(fabs((double)arm_summary(&run_a).arm_swing_deg - 30) < 1.5);
}

/* Slow and fast strides, and no bounce that the wrist could count steps by. */
static void arm_swing_needs_steps(void **state)
{
    (void)state;
    struct arm arm = arm_walker;
    arm.bounce_m_s2 = 0;
    arm.swing_deg = 6;
    arm.noise_m_s2 = 0.02;
    arm_walk(&arm, 100, 40, &data, &run_a);
    assert_int_equal(arm_count(&run_a, WRIST_STEP), 0);
    assert_true(fabs((double)arm_summary(&run_a).arm_swing_deg - 6) < 0.6);
    run_b = run_a;
    arm_start(&run_b);
    run_b.no_acceleration = true;
    arm_make(&arm_walker, 200, 40, &data);
    arm_feed(&run_b, &data, 50);
    assert_true(fabs((double)arm_summary(&run_b).arm_swing_deg - 30) < 3);
    assert_int_equal(arm_summary(&run_b).walking, WRIST_UNKNOWN);
    assert_true(isnan(arm_summary(&run_b).viewing_share));
}

static void arm_swing_without_gyroscope_is_not_absent(void **state)
{
    (void)state;
    arm_make(&arm_walker, 100, 40, &data);
    arm_start(&run_a);
    run_a.no_rate = true;
    arm_feed(&run_a, &data, 25);
    assert_true(isnan(arm_summary(&run_a).arm_swing_deg));
    assert_int_equal(arm_summary(&run_a).hands_fixed, WRIST_UNKNOWN);
    assert_true(arm_count(&run_a, WRIST_STEP) > 50);
}

/* The forearm rests; the watch is tilted by `off_deg` from where viewing holds it. */
static float share_at(double off_deg)
{
    struct arm arm = arm_walker;
    arm.pitch_deg = 20 + off_deg;
    arm.swing_deg = 4;
    arm_walk(&arm, 100, 40, &data, &run_a);
    return arm_summary(&run_a).viewing_share;
}

static void viewing_is_not_a_cone_of_35_deg(void **state)
{
    (void)state;
    assert_true(share_at(0) > 0.99f);
    assert_true(share_at(31) > 0.99f);
    assert_true(share_at(-31) > 0.99f);
    assert_true(share_at(39) < 0.01f);
    assert_true(share_at(-39) < 0.01f);
}

static void a_hanging_arm_is_viewing(void **state)
{
    (void)state;
    arm_walk(&arm_walker, 100, 40, &data, &run_a);
    assert_true(arm_summary(&run_a).viewing_share < 0.01f);
}

static void the_wearers_own_calibration_is_ignored(void **state)
{
    static const float sideways[3] = {0, -3, 0};
    (void)state;
    struct arm arm = arm_walker;
    arm.pitch_deg = 0;
    arm.roll_deg = -90;
    arm.swing_deg = 4;
    arm_make(&arm, 100, 40, &data);
    arm_start(&run_a);
    arm_feed(&run_a, &data, 25);
    assert_true(arm_summary(&run_a).viewing_share < 0.01f);
    arm_start(&run_a);
    wrist_calibrate_viewing(&run_a.wrist, sideways);
    arm_feed(&run_a, &data, 25);
    assert_true(arm_summary(&run_a).viewing_share > 0.99f);
}

/* Viewing for the last 8 of 20 s. */
static void viewing_share_is_not_of_the_last_20_s(void **state)
{
    (void)state;
    struct arm look = arm_walker, hang = arm_walker;
    look.pitch_deg = 20;
    look.swing_deg = 4;
    arm_make(&hang, 100, 32, &data);
    arm_start(&run_a);
    arm_feed(&run_a, &data, 25);
    arm_make(&look, 100, 40, &data);
    for (int i = 3200; i < 4000; i += 25)
        arm_push(&run_a, &data, i, 25, i * 1e4, false);
    assert_true(fabs((double)arm_summary(&run_a).viewing_share - 0.4) < 0.051);
}

static void viewing_is_told_before_it_was_seen(void **state)
{
    (void)state;
    arm_walk(&arm_walker, 100, 9, &data, &run_a);
    assert_true(isnan(arm_summary(&run_a).viewing_share));
    assert_true(isnan(arm_summary(&run_a).pitch_sd_deg));
    arm_walk(&arm_walker, 100, 11, &data, &run_a);
    assert_true(arm_summary(&run_a).viewing_share < 0.01f);
}

static void a_gap_fills_the_share(void **state)
{
    (void)state;
    arm_make(&arm_walker, 100, 40, &data);
    arm_start(&run_a);
    for (int i = 0; i < 2000; i += 25)
        arm_push(&run_a, &data, i, 25, i * 1e4, false);
    for (int i = 0; i < 500; i += 25)
        arm_push(&run_a, &data, i, 25, 36e6 + i * 1e4, i == 0);
    assert_true(isnan(arm_summary(&run_a).viewing_share));
    assert_int_equal(arm_summary(&run_a).hands_fixed, WRIST_UNKNOWN);
}

static void a_call_is_missed_or_made_up(void **state)
{
    (void)state;
    struct arm arm = arm_walker;
    arm.pitch_deg = 65;
    arm.swing_deg = 5;
    arm_walk(&arm, 100, 30, &data, &run_a);
    assert_int_equal(arm_summary(&run_a).call, WRIST_YES);
    arm.pitch_deg = 40;
    arm_walk(&arm, 100, 30, &data, &run_a);
    assert_int_equal(arm_summary(&run_a).call, WRIST_NO);
    arm_walk(&arm_walker, 100, 30, &data, &run_a);
    assert_int_equal(arm_summary(&run_a).call, WRIST_NO);
    arm_walk(&arm, 100, 3, &data, &run_a);
    assert_int_equal(arm_summary(&run_a).call, WRIST_UNKNOWN);
}

static void hands_on_a_rail_are_not_fixed(void **state)
{
    (void)state;
    struct arm arm = arm_walker;
    arm.pitch_deg = 10;
    arm.swing_deg = 3;
    arm_walk(&arm, 100, 16, &data, &run_a);
    assert_true(arm_summary(&run_a).hands_fixed != WRIST_YES);
    arm_walk(&arm, 100, 40, &data, &run_a);
    assert_int_equal(arm_summary(&run_a).hands_fixed, WRIST_YES);
    assert_true(arm_summary(&run_a).pitch_sd_deg < 4);
    assert_true(fabs((double)arm_summary(&run_a).pitch_deg - 10) < 2);
    arm.swing_deg = 14;
    arm_walk(&arm, 100, 40, &data, &run_a);
    assert_int_equal(arm_summary(&run_a).hands_fixed, WRIST_NO);
}

static void a_short_swing_after_a_long_one_is_fixed_at_once(void **state)
{
    (void)state;
    struct arm rail = arm_walker;
    rail.pitch_deg = 10;
    rail.swing_deg = 3;
    rail.bounce_m_s2 = 0;
    arm_walk(&arm_walker, 100, 30, &data, &run_a);
    arm_make(&rail, 100, 60, &data);
    int fixed_at = 0;
    for (int i = 3000; i < 6000; i += 25) {
        arm_push(&run_a, &data, i, 25, i * 1e4, false);
        if (fixed_at == 0 && arm_summary(&run_a).hands_fixed == WRIST_YES)
            fixed_at = i;
    }
    assert_true(fixed_at >= 4450 && fixed_at <= 4850);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arm_swing_is_off),
        cmocka_unit_test(arm_swing_depends_on_the_rate),
        cmocka_unit_test(a_drifting_gyroscope_is_arm_swing),
        cmocka_unit_test(arm_swing_needs_steps),
        cmocka_unit_test(arm_swing_without_gyroscope_is_not_absent),
        cmocka_unit_test(viewing_is_not_a_cone_of_35_deg),
        cmocka_unit_test(a_hanging_arm_is_viewing),
        cmocka_unit_test(the_wearers_own_calibration_is_ignored),
        cmocka_unit_test(viewing_share_is_not_of_the_last_20_s),
        cmocka_unit_test(viewing_is_told_before_it_was_seen),
        cmocka_unit_test(a_gap_fills_the_share),
        cmocka_unit_test(a_call_is_missed_or_made_up),
        cmocka_unit_test(hands_on_a_rail_are_not_fixed),
        cmocka_unit_test(a_short_swing_after_a_long_one_is_fixed_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
