/* What wrists and treadmills tell, and when it is known. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/signals.h"

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)

static struct signals signals;
static const bool both[FEET] = {true, true}, left[FEET] = {true, false}, none[FEET];

static struct signals_now at(int64_t now_ns, const bool expected[FEET])
{
    struct signals_now now;
    signals_at(&signals, now_ns, expected, &now);
    return now;
}

static void check_near(float value, double wanted, double most)
{
    if (!(fabs((double)value - wanted) <= most))
        print_error("%.6f is not within %.6f of %.6f\n", (double)value, most, wanted);
    assert_true(fabs((double)value - wanted) <= most);
}

static void nothing_measured_reads_as_zero(void **unused)
{
    (void)unused;
    signals_init(&signals);
    struct signals_now now = at(100 * S, both);
    assert_true(isnan(now.heart_bpm) && isnan(now.rail_share) && isnan(now.belt_mps));
    assert_true(isnan(now.incline) && isnan(now.belt_running_s) && isnan(now.belt_per_foot));
    assert_true(isnan(now.no_contact_s) && isnan(now.cadence_spm) && isnan(now.arm_swing_deg));
    assert_true(isnan(now.viewing_share));
    assert_int_equal(now.rail, SIGNAL_UNKNOWN);
    assert_int_equal(now.cadence_source, CADENCE_NONE);
    assert_false(now.heart_suspect || now.arm_fresh[0] || now.arm_fresh[1]);
}

static void rail_share_counts_what_was_not_seen(void **unused)
{
    (void)unused;
    signals_init(&signals);
    /* Held three of four seconds, once a second. */
    for (int64_t s = 1000; s <= 1080; s++)
        signals_rail(&signals, s * S, s % 4 != 0);
    assert_true(isnan(at(1080 * S, none).rail_share)); /* 80 s of 180 */
    for (int64_t s = 1081; s <= 1200; s++)
        signals_rail(&signals, s * S, s % 4 != 0);
    check_near(at(1200 * S, none).rail_share, 0.75, 0.02);
    assert_int_equal(at(1200 * S, none).rail, SIGNAL_NO);
    assert_int_equal(at(1206 * S, none).rail, SIGNAL_UNKNOWN);
    /* Samples stop: their share fades out, the silence is neither held nor free. */
    check_near(at(1270 * S, none).rail_share, 0.75, 0.03);
    assert_true(isnan(at(1300 * S, none).rail_share));
    signals_rail(&signals, 1400 * S, true);
    signals_rail(&signals, 1401 * S, true);
    assert_true(isnan(at(1401 * S, none).rail_share));
    assert_int_equal(at(1401 * S, none).rail, SIGNAL_YES);
    /* Out of order, or before time began. */
    signals_rail(&signals, 1390 * S, false);
    signals_rail(&signals, -5, false);
    assert_int_equal(at(1401 * S, none).rail, SIGNAL_YES);
    /* From the first moment of the hub's clock on. */
    signals_init(&signals);
    for (int64_t s = 0; s <= 100; s++)
        signals_rail(&signals, s * S, s >= 50);
    check_near(at(100 * S, none).rail_share, 0.5, 0.02);
}

static void a_stale_belt_still_runs(void **unused)
{
    (void)unused;
    signals_init(&signals);
    for (int64_t s = 10; s <= 20; s++)
        signals_belt(&signals, s * S, s < 15 ? 0.05F : 1.2F, 0.06F);
    check_near(at(21 * S, none).belt_mps, 1.2, 1e-6);
    check_near(at(21 * S, none).incline, 0.06, 1e-6);
    check_near(at(21 * S, none).belt_running_s, 6, 1e-3);
    assert_true(isnan(at(24 * S, none).belt_mps) && isnan(at(24 * S, none).belt_running_s));
    signals_belt(&signals, 40 * S, 1.2F, NAN); /* what it did meanwhile is not known */
    check_near(at(41 * S, none).belt_running_s, 1, 1e-3);
    signals_belt(&signals, 42 * S, NAN, NAN);
    signals_belt(&signals, 39 * S, 0, NAN);
    check_near(at(42 * S, none).belt_running_s, 2, 1e-3);
    signals_belt(&signals, 43 * S, 0, NAN);
    check_near(at(43 * S, none).belt_running_s, 0, 0);
}

static void a_key_that_was_put_back_still_is_pulled(void **unused)
{
    (void)unused;
    signals_init(&signals);
    assert_false(at(20 * S, none).key_pulled);
    signals_belt_status(&signals, 30 * S, STRIDE__V1__BELT_STATUS__BELT_STATUS_STOPPED);
    assert_false(at(31 * S, none).key_pulled);
    assert_true(signals.belt_ended_ns == 30 * S);
    signals_belt_status(&signals, 40 * S, STRIDE__V1__BELT_STATUS__BELT_STATUS_SAFETY_KEY);
    signals_belt_status(&signals, 41 * S, STRIDE__V1__BELT_STATUS__BELT_STATUS_UNKNOWN);
    assert_true(at(42 * S, none).key_pulled);
    check_near(at(42 * S, none).key_pulled_s, 2, 1e-6);
    assert_false(at(39 * S, none).key_pulled); /* of a moment before it */
    signals_belt_status(&signals, 50 * S, STRIDE__V1__BELT_STATUS__BELT_STATUS_STARTED);
    assert_false(at(51 * S, none).key_pulled);
    assert_true(signals.belt_ended_ns == INT64_MIN);
}

static void silence_of_a_foot_is_no_contact(void **unused)
{
    (void)unused;
    signals_init(&signals);
    for (int64_t i = 0; i < 40; i++) {
        int64_t from_ns = 100 * S + i * 250 * MS;
        signals_samples(&signals, FOOT_LEFT, from_ns, from_ns + 240 * MS);
        if (i < 20)
            signals_samples(&signals, FOOT_RIGHT, from_ns, from_ns + 240 * MS);
    }
    signals_contact(&signals, 103 * S);
    signals_contact(&signals, 102 * S);
    /* The right foot's samples end at 105 s: no more is known of both. */
    check_near(at(106 * S, both).no_contact_s, 2, 0.02);
    check_near(at(110 * S, left).no_contact_s, 7, 0.02);
    assert_true(isnan(at(110 * S, both).no_contact_s));
    assert_true(isnan(at(110 * S, none).no_contact_s));
    /* After a silence counting begins with the samples. */
    signals_samples(&signals, FOOT_LEFT, 200 * S, 201 * S);
    check_near(at(201 * S, left).no_contact_s, 1, 0.02);
}

static struct stride stride_of(double end_s, float belt_mps, float length_m)
{
    struct stride stride;
    memset(&stride, 0, sizeof stride);
    stride.valid = stride.walking = true;
    stride.end_ns = (int64_t)(end_s * 1e9);
    stride.stride_s = 1.0F;
    stride.belt_mps = belt_mps;
    stride.shape.length_m = length_m;
    return stride;
}

static void belt_and_foot_disagree_where_one_is_unknown(void **unused)
{
    (void)unused;
    signals_init(&signals);
    for (int i = 0; i < 20; i++) {
        struct stride stride = stride_of(100 + 0.5 * i, NAN, 1.0F);
        signals_stride(&signals, &stride, 108);
        stride = stride_of(100 + 0.5 * i, 1.0F, NAN);
        signals_stride(&signals, &stride, 108);
        stride = stride_of(100 + 0.5 * i, 0.05F, 1.0F);
        signals_stride(&signals, &stride, 108);
    }
    assert_true(isnan(at(110 * S, both).belt_per_foot));
    for (int i = 0; i < 30; i++) {
        struct stride stride = stride_of(110 + 0.5 * i, 1.2F, i < 10 ? 1.2F : 1.0F);
        signals_stride(&signals, &stride, 108);
    }
    check_near(at(125 * S, both).belt_per_foot, 1.2, 1e-5);
    assert_true(isnan(at(134 * S, both).belt_per_foot));
    assert_true(at(126 * S, both).cadence_source == CADENCE_FEET);
}

static void cadence_of_a_wrist_is_heard_beside_feet(void **unused)
{
    (void)unused;
    signals_init(&signals);
    struct wrist_summary summary = {
        .cadence_spm = 90, .arm_swing_deg = 20, .viewing_share = NAN, .fall = FALL_SUSPECT};
    int arm = signals_arm(&signals, 4);
    assert_int_equal(arm, signals_arm(&signals, 4));
    signals_wrist(&signals, arm, 1, 50 * S, &summary);
    assert_int_equal(at(51 * S, none).cadence_source, CADENCE_WRIST);
    check_near(at(51 * S, none).cadence_spm, 90, 0);
    assert_int_equal(at(51 * S, left).cadence_source, CADENCE_NONE);
    int other = signals_arm(&signals, 2);
    assert_int_not_equal(arm, other);
    assert_int_equal(signals_arm(&signals, 3), SIGNALS_ARMS);
    summary = (struct wrist_summary){
        .cadence_spm = NAN, .arm_swing_deg = 5, .viewing_share = 0.9F, .fall = FALL_NONE};
    signals_wrist(&signals, other, 2, 50 * S, &summary);
    check_near(at(51 * S, none).arm_swing_deg, 20, 0);
    check_near(at(51 * S, none).viewing_share, 0.9, 1e-6);
    assert_int_equal(at(51 * S, none).fall, FALL_SUSPECT);
    assert_int_equal(at(54 * S, none).fall, FALL_NONE);
    assert_true(isnan(at(54 * S, none).arm_swing_deg));
    signals_forget(&signals, 4);
    check_near(at(51 * S, none).arm_swing_deg, 5, 0);
    assert_int_not_equal(signals_arm(&signals, 3), SIGNALS_ARMS);
}

static void a_heart_that_is_no_heart_is_believed(void **unused)
{
    (void)unused;
    signals_init(&signals);
    signals_heart(&signals, 2, 10 * S, 88, true, NAN);
    check_near(at(19 * S, none).heart_bpm, 88, 0);
    assert_true(isnan(at(21 * S, none).heart_bpm));
    signals_heart(&signals, 2, 9 * S, 140, true, NAN); /* late */
    signals_heart(&signals, 3, 11 * S, 0, true, NAN);  /* a grip that nobody holds */
    check_near(at(12 * S, none).heart_bpm, 88, 0);
    signals_heart(&signals, 2, 12 * S, 0, true, NAN);
    assert_true(isnan(at(12 * S, none).heart_bpm));
    signals_heart(&signals, 2, 13 * S, 90, false, NAN); /* not worn */
    assert_true(isnan(at(13 * S, none).heart_bpm));
    signals_heart(&signals, 3, 14 * S, 95, true, NAN);
    check_near(at(14 * S, none).heart_bpm, 95, 0);
    for (int64_t s = 20; s <= 42; s++)
        signals_heart(&signals, 2, s * S, 108.5F, true, 108);
    assert_true(at(42 * S, none).heart_suspect);
    signals_forget(&signals, 2);
    assert_true(isnan(at(42 * S, none).heart_bpm) && !at(42 * S, none).heart_suspect);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_measured_reads_as_zero),
        cmocka_unit_test(rail_share_counts_what_was_not_seen),
        cmocka_unit_test(a_stale_belt_still_runs),
        cmocka_unit_test(a_key_that_was_put_back_still_is_pulled),
        cmocka_unit_test(silence_of_a_foot_is_no_contact),
        cmocka_unit_test(belt_and_foot_disagree_where_one_is_unknown),
        cmocka_unit_test(cadence_of_a_wrist_is_heard_beside_feet),
        cmocka_unit_test(a_heart_that_is_no_heart_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
