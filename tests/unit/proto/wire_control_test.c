#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/proto/wire_fixture.h"

static struct wire_arena arena;
static struct wire_report report;
static uint8_t bytes[4096];

static struct wire_report full_report(void)
{
    return (struct wire_report){.place = {.boot_id = 5, .seq = 9, .oldest_kept_seq = 2},
                                .t_us = 123456,
                                .button = STRIDE__V1__BUTTON__BUTTON_HELP,
                                .press_ms = 2100,
                                .pain_nrs = 0,
                                .pain_place = STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF,
                                .pain_side = STRIDE__V1__SIDE__SIDE_RIGHT,
                                .pain_quality = STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_ELECTRIC,
                                .symptom = STRIDE__V1__SYMPTOM__SYMPTOM_NUMB,
                                .symptom_side = STRIDE__V1__SIDE__SIDE_LEFT,
                                .question = "Q3",
                                .answer = STRIDE__V1__ANSWER__ANSWER_NO,
                                .mood = 4,
                                .relief = STRIDE__V1__RELIEF__RELIEF_TROLLEY,
                                .aggravator = STRIDE__V1__AGGRAVATOR__AGGRAVATOR_STANDING_UP,
                                .surface = STRIDE__V1__SURFACE__SURFACE_INDOOR,
                                .outdoors = STRIDE__V1__ANSWER__ANSWER_NO,
                                .has_ambient = true,
                                .ambient_c = -40,
                                .long_ok = STRIDE__V1__ANSWER__ANSWER_YES,
                                .backpack = STRIDE__V1__ANSWER__ANSWER_NO,
                                .icy = STRIDE__V1__ANSWER__ANSWER_YES,
                                .camber = STRIDE__V1__ANSWER__ANSWER_NO,
                                .sport = STRIDE__V1__ANSWER__ANSWER_YES,
                                .hydrated = STRIDE__V1__ANSWER__ANSWER_NO,
                                .driving = STRIDE__V1__ANSWER__ANSWER_YES,
                                .belt_status = STRIDE__V1__BELT_STATUS__BELT_STATUS_SAFETY_KEY,
                                .has_fear = true,
                                .has_effort = true,
                                .effort = 7,
                                .note = "geht schön"};
}

/* A report bent in protobuf-c's shape, and the reason it must be refused for. */
#define REFUSED(expected, bend)                                                       \
    do {                                                                              \
        struct wire_report whole = full_report();                                     \
        size_t whole_n = wire_encode_report(&whole, bytes, sizeof bytes);             \
        Stride__V1__Report *m = stride__v1__report__unpack(NULL, whole_n, bytes);     \
        assert_non_null(m);                                                           \
        bend;                                                                         \
        size_t size = stride__v1__report__pack(m, bytes);                             \
        assert_int_equal(wire_decode_report(&arena, bytes, size, &report), expected); \
        stride__v1__report__free_unpacked(m, NULL);                                   \
    } while (0)

static void replace(char **text, const char *with)
{
    free(*text);
    *text = strdup(with);
}

static void a_report_comes_back_as_it_was_said(void **state)
{
    struct wire_report in = full_report();
    (void)state;
    size_t size = wire_encode_report(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_report(&arena, bytes, size, &report), WIRE_OK);
    assert_memory_equal(&report.place, &in.place, sizeof in.place);
    assert_int_equal(report.t_us, in.t_us);
    assert_int_equal(report.button, in.button);
    assert_int_equal(report.press_ms, in.press_ms);
    assert_int_equal(report.pain_nrs, 0);
    assert_int_equal(report.pain_place, in.pain_place);
    assert_int_equal(report.pain_side, in.pain_side);
    assert_int_equal(report.pain_quality, in.pain_quality);
    assert_int_equal(report.symptom, in.symptom);
    assert_int_equal(report.symptom_side, in.symptom_side);
    assert_string_equal(report.question, in.question);
    assert_int_equal(report.answer, in.answer);
    assert_int_equal(report.mood, 4);
    assert_int_equal(report.relief, in.relief);
    assert_int_equal(report.aggravator, in.aggravator);
    assert_int_equal(report.surface, in.surface);
    assert_int_equal(report.outdoors, in.outdoors);
    assert_true(report.has_ambient && report.ambient_c == -40);
    assert_int_equal(report.long_ok, in.long_ok);
    assert_int_equal(report.backpack, in.backpack);
    assert_int_equal(report.icy, in.icy);
    assert_int_equal(report.camber, in.camber);
    assert_int_equal(report.sport, in.sport);
    assert_int_equal(report.hydrated, in.hydrated);
    assert_int_equal(report.driving, in.driving);
    assert_int_equal(report.belt_status, in.belt_status);
    assert_true(report.has_fear && report.has_effort);
    assert_int_equal(report.fear, 0);
    assert_int_equal(report.effort, 7);
    assert_string_equal(report.note, in.note);
    for (size_t small = 0; small < size; small++) {
        assert_int_equal(wire_encode_report(&in, bytes, small), 0);
    }
}

static void what_was_not_said_stays_unsaid(void **state)
{
    struct wire_report in = {.place = {5, 9, 0}, .t_us = -1, .pain_nrs = -1, .mood = -1};
    (void)state;
    size_t size = wire_encode_report(&in, bytes, sizeof bytes);
    assert_int_equal(size, 6);
    assert_int_equal(wire_decode_report(&arena, bytes, size, &report), WIRE_OK);
    assert_int_equal(report.pain_nrs, -1);
    assert_int_equal(report.mood, -1);
    assert_false(report.has_fear || report.has_effort || report.has_ambient);
    assert_int_equal(report.relief, STRIDE__V1__RELIEF__RELIEF_UNKNOWN);
    assert_int_equal(report.t_us, -1);
    assert_int_equal(report.button, STRIDE__V1__BUTTON__BUTTON_UNKNOWN);
}

static void answers_outside_their_scale_are_refused(void **state)
{
    (void)state;
    REFUSED(WIRE_OK, m->pain_nrs = 10);
    REFUSED(WIRE_RANGE, m->pain_nrs = 11);
    REFUSED(WIRE_RANGE, m->pain_nrs = UINT32_MAX);
    REFUSED(WIRE_RANGE, m->pain_nrs = 256);
    REFUSED(WIRE_RANGE, m->mood = 0);
    REFUSED(WIRE_RANGE, m->mood = 6);
    REFUSED(WIRE_OK, m->fear = m->effort = 10);
    REFUSED(WIRE_RANGE, m->fear = 11);
    REFUSED(WIRE_RANGE, m->effort = 256);
    REFUSED(WIRE_OK, m->ambient_c = 60);
    REFUSED(WIRE_RANGE, m->ambient_c = 61);
    REFUSED(WIRE_RANGE, m->ambient_c = -41);
    REFUSED(WIRE_RANGE, m->ambient_c = 256 + 20);
    REFUSED(WIRE_RANGE, m->t_us = UINT64_MAX);
    REFUSED(WIRE_VERSION, m->version = 3);
    REFUSED(WIRE_VERSION, m->has_version = 0);
    REFUSED(WIRE_MISSING, m->boot_id = 0);
    REFUSED(WIRE_MISSING, m->has_seq = 0);
    REFUSED(WIRE_RANGE, m->oldest_kept_seq = 10);
}

static void choices_of_a_later_version_become_unknown(void **state)
{
    (void)state;
    REFUSED(WIRE_OK, m->button = (Stride__V1__Button)900);
    assert_int_equal(report.button, STRIDE__V1__BUTTON__BUTTON_UNKNOWN);
    REFUSED(WIRE_OK, m->symptom = (Stride__V1__Symptom)-1);
    assert_int_equal(report.symptom, STRIDE__V1__SYMPTOM__SYMPTOM_UNKNOWN);
    REFUSED(WIRE_OK, m->relief = (Stride__V1__Relief)6);
    assert_int_equal(report.relief, STRIDE__V1__RELIEF__RELIEF_UNKNOWN);
    REFUSED(WIRE_OK, m->aggravator = (Stride__V1__Aggravator)6);
    assert_int_equal(report.aggravator, STRIDE__V1__AGGRAVATOR__AGGRAVATOR_UNKNOWN);
    REFUSED(WIRE_OK, m->surface = (Stride__V1__Surface)7);
    assert_int_equal(report.surface, STRIDE__V1__SURFACE__SURFACE_UNKNOWN);
    REFUSED(WIRE_OK, m->outdoors = (Stride__V1__Answer)3);
    assert_int_equal(report.outdoors, STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    REFUSED(WIRE_OK, m->icy = (Stride__V1__Answer)3);
    assert_int_equal(report.icy, STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    REFUSED(WIRE_OK, m->belt_status = (Stride__V1__BeltStatus)5);
    assert_int_equal(report.belt_status, STRIDE__V1__BELT_STATUS__BELT_STATUS_UNKNOWN);
    REFUSED(WIRE_OK, m->has_late = 1; m->late = 1);
}

static void notes_are_bounded_in_characters_and_clean(void **state)
{
    char note[4 * NOTE_LENGTH_MAX + 8];
    (void)state;
    memset(note, 0, sizeof note);
    for (size_t i = 0; i < NOTE_LENGTH_MAX; i++) {
        memcpy(note + 3 * i, "\xe2\x82\xac", 3);
    }
    REFUSED(WIRE_OK, replace(&m->note, note));
    assert_string_equal(report.note, note);
    memset(note, 'a', NOTE_LENGTH_MAX + 1);
    note[NOTE_LENGTH_MAX + 1] = '\0';
    REFUSED(WIRE_TEXT, replace(&m->note, note));
    REFUSED(WIRE_TEXT, replace(&m->note, "a\tb"));
    REFUSED(WIRE_TEXT, replace(&m->note, "\xc2\x9b"
                                         "31m"));
    REFUSED(WIRE_TEXT, replace(&m->question, "12345678901234567890123456789012345678901"));
}

static void feedback_must_say_what_and_about_which_prompt(void **state)
{
    struct wire_feedback in = {.place = {5, 9, 2},
                               .t_us = 7,
                               .prompt = "p-1",
                               .kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED,
                               .answer = STRIDE__V1__ANSWER__ANSWER_YES};
    struct wire_feedback out;
    (void)state;
    size_t size = wire_encode_feedback(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_feedback(&arena, bytes, size, &out), WIRE_OK);
    assert_memory_equal(&out.place, &in.place, sizeof in.place);
    assert_int_equal(out.t_us, 7);
    assert_string_equal(out.prompt, "p-1");
    assert_int_equal(out.kind, in.kind);
    assert_int_equal(out.answer, in.answer);
    for (size_t cut = 0; cut < size; cut++) {
        enum wire_refusal refusal = wire_decode_feedback(&arena, bytes, cut, &out);
        assert_true(refusal != WIRE_OK || out.answer == STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    }
    in.prompt[0] = '\0';
    size = wire_encode_feedback(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_feedback(&arena, bytes, size, &out), WIRE_MISSING);
    in.prompt[0] = 'p';
    in.kind = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_UNKNOWN;
    size = wire_encode_feedback(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_feedback(&arena, bytes, size, &out), WIRE_MISSING);
    in.kind = (Stride__V1__FeedbackKind)55;
    size = wire_encode_feedback(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_feedback(&arena, bytes, size, &out), WIRE_RANGE);
}

static void a_link_names_its_boot(void **state)
{
    struct wire_link in = {.boot_id = UINT64_MAX, .state = STRIDE__V1__LINK_STATE__LINK_LOST}, out;
    (void)state;
    size_t size = wire_encode_link(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_link(&arena, bytes, size, &out), WIRE_OK);
    assert_true(out.boot_id == UINT64_MAX);
    assert_int_equal(out.state, in.state);
    assert_int_equal(wire_decode_link(&arena, NULL, 0, &out), WIRE_MISSING);
    in.boot_id = 0;
    size = wire_encode_link(&in, bytes, sizeof bytes);
    assert_int_equal(wire_decode_link(&arena, bytes, size, &out), WIRE_RANGE);
}

static void control_messages_too_large_are_refused(void **state)
{
    struct wire_feedback feedback;
    struct wire_link link;
    size_t size = CONTROL_BYTES_MAX + 1;
    (void)state;
    assert_int_equal(wire_decode_report(&arena, bytes, size, &report), WIRE_TOO_LARGE);
    assert_int_equal(wire_decode_feedback(&arena, bytes, size, &feedback), WIRE_TOO_LARGE);
    assert_int_equal(wire_decode_link(&arena, bytes, size, &link), WIRE_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_comes_back_as_it_was_said),
        cmocka_unit_test(what_was_not_said_stays_unsaid),
        cmocka_unit_test(answers_outside_their_scale_are_refused),
        cmocka_unit_test(choices_of_a_later_version_become_unknown),
        cmocka_unit_test(notes_are_bounded_in_characters_and_clean),
        cmocka_unit_test(feedback_must_say_what_and_about_which_prompt),
        cmocka_unit_test(a_link_names_its_boot),
        cmocka_unit_test(control_messages_too_large_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
