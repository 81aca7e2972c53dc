#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "hub/core/effect.h"
#include "hub/core/ident.h"

static const uint64_t SEED = UINT64_C(0xcbf29ce484222325);

/* An effect of the kind over memory that was full of `garbage`, all fields zero. */
static struct effect *fresh(struct effects *list, enum effect_kind kind, int garbage)
{
    memset(list, garbage, sizeof(*list));
    list->n = 0;
    return effects_add(list, kind, 77);
}

static void test_a_short_id_is_another_word_than_it_was_made_of(void **unused)
{
    (void)unused;
    char id[ID_SIZE];
    uint64_t word = 0;
    ident_short(id, 'p', UINT64_C(0xfedc0000000a9b01));
    assert_true(ident_short_word(id, &word) && word == UINT64_C(0xfedc0000000a9b01));
    static const char *const none[] = {"", "p", "pg", "p 1", "pA", "p11112222333344445"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_false(ident_short_word(none[i], &word));
}

static void test_an_added_effect_is_zeroed_and_stamped(void **unused)
{
    (void)unused;
    static struct effects list;
    struct effect *effect = fresh(&list, EFFECT_PROMPT, 0xa5);
    assert_int_equal(list.n, 1);
    assert_int_equal(effect->kind, EFFECT_PROMPT);
    assert_int_equal(effect->slot, 255);
    assert_true(effect->at_ns == 77);
    assert_int_equal(effect->prompt.id[0], 0);
    assert_int_equal(effect->prompt.expiry_s, 0);
}

/* Padding and the part of the union that the kind does not use. */
static void test_digest_does_not_see_what_is_no_field(void **unused)
{
    (void)unused;
    static struct effect a, b;
    for (int kind = EFFECT_NONE; kind < EFFECT_KINDS; kind++) {
        memset(&a, 0, sizeof(a));
        memset(&b, 0, sizeof(b));
        if (kind == EFFECT_SESSION)
            memset((char *)&b.session + sizeof(b.session), 0xee, 32);
        a.kind = b.kind = (uint8_t)kind;
        assert_true(effect_digest(SEED, &a) == effect_digest(SEED, &b));
    }
    memset(&b, 0xee, sizeof(b));
    b.kind = EFFECT_SESSION;
    b.slot = 0;
    b.at_ns = 0;
    b.session.change = 0;
    a.kind = EFFECT_SESSION;
    assert_true(effect_digest(SEED, &a) == effect_digest(SEED, &b));
    /* What stands behind the end of a text is no text. */
    a.kind = b.kind = EFFECT_BELT;
    memset(&a.belt, 0, sizeof(a.belt));
    memset(&b.belt, 0, sizeof(b.belt));
    memcpy(b.belt.id, "\0old", 4);
    assert_true(effect_digest(SEED, &a) == effect_digest(SEED, &b));
}

static void test_all_nans_are_one_and_differ_from_zero(void **unused)
{
    (void)unused;
    struct effect a = {.kind = EFFECT_LIVE}, b = {.kind = EFFECT_LIVE};
    uint32_t odd = UINT32_C(0xffc12345);
    a.live.speed_mps = NAN;
    memcpy(&b.live.speed_mps, &odd, sizeof(odd));
    assert_true(effect_digest(SEED, &a) == effect_digest(SEED, &b));
    b.live.speed_mps = 0;
    assert_true(effect_digest(SEED, &a) != effect_digest(SEED, &b));
}

#define DIFFERS(KIND, FIELD, VALUE)                                      \
    do {                                                                 \
        struct effect a = {.kind = (KIND)}, b = {.kind = (KIND)};        \
        b.FIELD = (VALUE);                                               \
        assert_true(effect_digest(SEED, &a) != effect_digest(SEED, &b)); \
    } while (0)

static void test_every_field_of_an_event_or_stride_counts(void **unused)
{
    (void)unused;
    DIFFERS(EFFECT_EVENT, slot, 1);
    DIFFERS(EFFECT_EVENT, at_ns, 1);
    DIFFERS(EFFECT_EVENT, event.foot, 1);
    DIFFERS(EFFECT_EVENT, event.kind, 1);
    DIFFERS(EFFECT_EVENT, event.after_gap, true);
    DIFFERS(EFFECT_EVENT, event.late, true);
    DIFFERS(EFFECT_EVENT, event.at_device_us, 1e-9);
    DIFFERS(EFFECT_EVENT, event.at_session_ns, 1);
    DIFFERS(EFFECT_EVENT, event.peak_force_n, 1);
    DIFFERS(EFFECT_EVENT, event.impulse_ns, 1);
    DIFFERS(EFFECT_STRIDE, stride.foot, 1);
    DIFFERS(EFFECT_STRIDE, stride.path, 1);
    DIFFERS(EFFECT_STRIDE, stride.valid, true);
    DIFFERS(EFFECT_STRIDE, stride.other_known, true);
    DIFFERS(EFFECT_STRIDE, stride.walking, true);
    DIFFERS(EFFECT_STRIDE, stride.steady, true);
    DIFFERS(EFFECT_STRIDE, stride.start_ns, 1);
    DIFFERS(EFFECT_STRIDE, stride.end_ns, 1);
    DIFFERS(EFFECT_STRIDE, stride.start_device_us, 1);
    DIFFERS(EFFECT_STRIDE, stride.foot_off_device_us, 1);
    DIFFERS(EFFECT_STRIDE, stride.end_device_us, 1);
    DIFFERS(EFFECT_STRIDE, stride.stride_s, 1);
    DIFFERS(EFFECT_STRIDE, stride.stance_s, 1);
    DIFFERS(EFFECT_STRIDE, stride.swing_s, 1);
    DIFFERS(EFFECT_STRIDE, stride.stance_pct, 1);
    DIFFERS(EFFECT_STRIDE, stride.swing_pct, 1);
    DIFFERS(EFFECT_STRIDE, stride.double_support_s, 1);
    DIFFERS(EFFECT_STRIDE, stride.double_support_pct, 1);
    DIFFERS(EFFECT_STRIDE, stride.step_s, 1);
    DIFFERS(EFFECT_STRIDE, stride.peak_force_n, 1);
    DIFFERS(EFFECT_STRIDE, stride.impulse_ns, 1);
    DIFFERS(EFFECT_STRIDE, stride.belt_mps, 1);
    DIFFERS(EFFECT_STRIDE, stride.incline, 1);
    DIFFERS(EFFECT_STRIDE, stride.stride_length_m, 1);
}

static void test_every_field_of_what_people_are_told_counts(void **unused)
{
    (void)unused;
    DIFFERS(EFFECT_SESSION, session.change, 1);
    DIFFERS(EFFECT_PROMPT, prompt.id[0], 'p');
    DIFFERS(EFFECT_PROMPT, prompt.rule, 1);
    DIFFERS(EFFECT_PROMPT, prompt.severity, 1);
    DIFFERS(EFFECT_PROMPT, prompt.text, 1);
    DIFFERS(EFFECT_PROMPT, prompt.pattern, 1);
    DIFFERS(EFFECT_PROMPT, prompt.praise, true);
    DIFFERS(EFFECT_PROMPT, prompt.to_wrist, true);
    DIFFERS(EFFECT_PROMPT, prompt.to_treadmill, true);
    DIFFERS(EFFECT_PROMPT, prompt.alarm, true);
    DIFFERS(EFFECT_PROMPT, prompt.repeat, true);
    DIFFERS(EFFECT_PROMPT, prompt.silent, true);
    DIFFERS(EFFECT_PROMPT, prompt.question, 1);
    DIFFERS(EFFECT_PROMPT, prompt.device, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.min, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.known, 1);
    DIFFERS(EFFECT_PROMPT, prompt.expiry_s, 256);
    DIFFERS(EFFECT_PROMPT, prompt.name[0], 'l');
    DIFFERS(EFFECT_BELT, belt.id[0], 'b');
    DIFFERS(EFFECT_BELT, belt.kind, 1);
    DIFFERS(EFFECT_BELT, belt.slow_by_mps, 0.1F);
    DIFFERS(EFFECT_BELT, belt.text, 1);
    DIFFERS(EFFECT_ALERT, alert.id[0], 'a');
    DIFFERS(EFFECT_ALERT, alert.rule, 1);
    DIFFERS(EFFECT_ALERT, alert.severity, 1);
    DIFFERS(EFFECT_ALERT, alert.state, 1);
    DIFFERS(EFFECT_ALERT, alert.level, 1);
    DIFFERS(EFFECT_ALERT, alert.slot, 1);
    DIFFERS(EFFECT_ALERT, alert.accepted_by[0], 'a');
    DIFFERS(EFFECT_ALERT, alert.urgency, 1);
    DIFFERS(EFFECT_ALERT, alert.carried, 1);
    DIFFERS(EFFECT_ALERT, alert.text, 1);
    DIFFERS(EFFECT_ALERT, alert.told, 1);
    DIFFERS(EFFECT_ALERT, alert.delivered, 1);
    DIFFERS(EFFECT_ALERT, alert.seen, 1);
    DIFFERS(EFFECT_ALERT, alert.said_n, 1);
    DIFFERS(EFFECT_ALERT, alert.alarm, true);
    DIFFERS(EFFECT_ALERT, alert.answered, true);
    DIFFERS(EFFECT_ALERT, alert.stamps[STAMP_ENDED].after_ms, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.baseline, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.duration_s, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.told_after_s[7], 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.shown_after_s, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.shown, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.context, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.devices, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.stale, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.dropped_gates, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.first_before_s, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.alarm_after_s, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.question, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.answer, 1);
    DIFFERS(EFFECT_ALERT, alert.evidence.by_wearer, true);
    DIFFERS(EFFECT_ALERT, alert.stamps[STAMP_SENT].actor.kind, 1);
    DIFFERS(EFFECT_ALERT, alert.stamps[STAMP_SEEN].actor.index, 1);
    DIFFERS(EFFECT_ALERT, alert.found_ns, 1);
    DIFFERS(EFFECT_ALERT, alert.raised_ns, 1);
    DIFFERS(EFFECT_ALERT, alert.changed_ns, 1);
    DIFFERS(EFFECT_ALERT, alert.raised_wall_ms, 1);
    DIFFERS(EFFECT_ALERT, alert.changed_wall_ms, 1);
    DIFFERS(EFFECT_ALERT, alert.due_ns[TIMER_WINDOW], 1);
    DIFFERS(EFFECT_ALERT, alert.due_ns[TIMER_SAY], 1);
    DIFFERS(EFFECT_ALERT, alert.sends_n, 1);
    DIFFERS(EFFECT_ALERT, alert.value, 1);
    DIFFERS(EFFECT_ALERT, alert.threshold, 1);
    DIFFERS(EFFECT_NOTICE, notice.alert.sends_n, 1);
    DIFFERS(EFFECT_NOTICE, notice.account[0], 'a');
    DIFFERS(EFFECT_NOTICE, notice.clear, true);
    DIFFERS(EFFECT_NOTICE, notice.resend, true);
    DIFFERS(EFFECT_NOTICE, notice.late, true);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.metres, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.n, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.min, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.min_next, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.nrs, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.nrs_start, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.nrs_end, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.surface, 1);
    DIFFERS(EFFECT_PROMPT, prompt.numbers.known, NUMBER_N);
    DIFFERS(EFFECT_LIVE, live.last_numbers.n, 1);
    DIFFERS(EFFECT_LIVE, live.session_open, true);
    DIFFERS(EFFECT_LIVE, live.walking, true);
    DIFFERS(EFFECT_LIVE, live.session_s, 1);
    DIFFERS(EFFECT_LIVE, live.walk_s, 1);
    DIFFERS(EFFECT_LIVE, live.distance_m, 1);
    DIFFERS(EFFECT_LIVE, live.cadence_spm, 1);
    DIFFERS(EFFECT_LIVE, live.si_stance_pct, 1);
    DIFFERS(EFFECT_LIVE, live.stride_cv_pct, 1);
    DIFFERS(EFFECT_LIVE, live.speed_mps, 1);
    DIFFERS(EFFECT_LIVE, live.steps_n, 1);
    DIFFERS(EFFECT_LIVE, live.pain_nrs, -1);
    DIFFERS(EFFECT_LIVE, live.last_text, 1);
    DIFFERS(EFFECT_LIVE, live.alerts_open, 1);
}

static void test_every_field_of_a_wrist_or_a_shape_counts(void **unused)
{
    (void)unused;
    DIFFERS(EFFECT_WRIST, wrist.kind, WRIST_STEP);
    DIFFERS(EFFECT_WRIST, wrist.late, true);
    DIFFERS(EFFECT_WRIST, wrist.after_gap, true);
    DIFFERS(EFFECT_WRIST, wrist.at_device_us, 1);
    DIFFERS(EFFECT_WRIST, wrist.at_session_ns, 1);
    DIFFERS(EFFECT_WRIST, wrist.cadence_spm, 1);
    DIFFERS(EFFECT_WRIST, wrist.arm_swing_deg, 1);
    DIFFERS(EFFECT_WRIST, wrist.pitch_deg, 1);
    DIFFERS(EFFECT_WRIST, wrist.viewing_share, 1);
    DIFFERS(EFFECT_WRIST, wrist.fall.impact_g, 1);
    DIFFERS(EFFECT_WRIST, wrist.fall.free_fall_ms, 1);
    DIFFERS(EFFECT_WRIST, wrist.fall.turn_deg, 1);
    DIFFERS(EFFECT_WRIST, wrist.fall.slow_sampling, true);
    DIFFERS(EFFECT_WRIST, wrist.fall.turned, true);
    DIFFERS(EFFECT_STRIDE, stride.speed_mps, 1);
    DIFFERS(EFFECT_STRIDE, stride.flight_s, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.length_m, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.height_m, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.turn_deg, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.foot_angle_deg, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.clearance_mm, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.swing_jerk, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.impact_g, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.scuff, STRIDE_NO);
    DIFFERS(EFFECT_STRIDE, stride.shape.forefoot_first, STRIDE_NO);
    DIFFERS(EFFECT_STRIDE, stride.shape.loading_n_s, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.forefoot_share, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.medial_index, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.cpei_pct, 1);
    DIFFERS(EFFECT_STRIDE, stride.shape.slap_s, 1);
    for (int kind = 0; kind < WRIST_EVENT_KINDS; kind++)
        assert_true(strlen(wrist_event_name((enum wrist_event_kind)kind)) > 0);
}

static void test_order_of_effects_counts(void **unused)
{
    (void)unused;
    struct effect a = {.kind = EFFECT_LIVE, .at_ns = 1}, b = {.kind = EFFECT_LIVE, .at_ns = 2};
    assert_true(effect_digest(effect_digest(SEED, &a), &b) !=
                effect_digest(effect_digest(SEED, &b), &a));
}

static void test_every_alert_state_has_a_name(void **unused)
{
    (void)unused;
    assert_string_equal(alert_state_name(ALERT_ACCEPTED), "accepted");
    for (int state = 0; state < ALERT_STATES; state++)
        assert_true(strlen(alert_state_name((enum alert_state)state)) > 0);
    for (int rule = 0; rule < RULE_COUNT; rule++)
        assert_true(strlen(rule_name((enum rule)rule)) > 0);
    for (int text = 0; text < TEXT_COUNT; text++)
        assert_true(strlen(text_name((enum text)text)) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_short_id_is_another_word_than_it_was_made_of),
        cmocka_unit_test(test_an_added_effect_is_zeroed_and_stamped),
        cmocka_unit_test(test_digest_does_not_see_what_is_no_field),
        cmocka_unit_test(test_all_nans_are_one_and_differ_from_zero),
        cmocka_unit_test(test_every_field_of_an_event_or_stride_counts),
        cmocka_unit_test(test_every_field_of_what_people_are_told_counts),
        cmocka_unit_test(test_every_field_of_a_wrist_or_a_shape_counts),
        cmocka_unit_test(test_order_of_effects_counts),
        cmocka_unit_test(test_every_alert_state_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
