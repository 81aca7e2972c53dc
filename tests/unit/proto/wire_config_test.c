#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/proto/wire_fixture.h"

static struct wire_arena arena;
static struct wire_wearer_config in, out;
static uint8_t bytes[4 * WEARER_CONFIG_BYTES_MAX];

static int set_up(void **state)
{
    (void)state;
    memset(&in, 0, sizeof in);
    snprintf(in.wearer, sizeof in.wearer, "ann");
    snprintf(in.stage, sizeof in.stage, "P1");
    snprintf(in.display_name, sizeof in.display_name, "Ann Müller");
    in.version = 7;
    in.height_m = 1.7F;
    in.leg_m = NAN;
    in.mass_kg = 72.5F;
    in.birth_year = 1961;
    in.coaching_consent = true;
    in.tz_offset_min = -210;
    in.devices_n = 2;
    snprintf(in.devices[0].device, ID_SIZE, "sole-l");
    snprintf(in.devices[1].device, ID_SIZE, "sole-r");
    in.devices[0].slot = 5;
    in.devices[0].side = STRIDE__V1__SIDE__SIDE_LEFT;
    in.caregivers_n = 1;
    snprintf(in.caregivers[0].account, ID_SIZE, "bob");
    in.caregivers[0].order = 1;
    in.caregivers[0].emergency = true;
    in.caregivers[0].monitoring = true;
    in.caregivers[0].duties_n = 2;
    in.caregivers[0].duties[0] = (struct wire_duty){0x1f, 480, 1080};
    in.caregivers[0].duties[1] = (struct wire_duty){0x40, 1439, 1440};
    in.params_n = 1;
    snprintf(in.params[0].name, NAME_SIZE, "walk_end_s");
    in.params[0].value = -0.1;
    in.flags_n = 2;
    snprintf(in.flags[0], NAME_SIZE, "disc");
    snprintf(in.flags[1], NAME_SIZE, "lone_walker");
    in.hr_max_bpm = 160;
    in.baselines_n = 2;
    in.baselines[0] = (struct wire_baseline){"cadence", 110, 2, 1.3F};
    in.baselines[1] = (struct wire_baseline){"si_stance", 0, NAN, NAN};
    in.has_shoe = true;
    in.shoe = (struct wire_shoe){.id = "blue",
                                 .type = STRIDE__V1__SHOE_TYPE__SHOE_TYPE_HEEL,
                                 .has_bought_day = true,
                                 .bought_day = -3,
                                 .distance_km = NAN,
                                 .days_per_week = 0,
                                 .arch_support = STRIDE__V1__ANSWER__ANSWER_NO};
    in.walk_times_n = 2;
    in.walk_min[0] = 0;
    in.walk_min[1] = 1439;
    snprintf(in.locale, sizeof in.locale, "de");
    return 0;
}

static enum wire_refusal exchange(void)
{
    size_t size = wire_encode_wearer_config(&in, bytes, sizeof bytes);
    assert_true(size > 0);
    return wire_decode_wearer_config(&arena, bytes, size, &out);
}

static void a_configuration_comes_back_as_it_was(void **state)
{
    (void)state;
    assert_int_equal(exchange(), WIRE_OK);
    assert_string_equal(out.wearer, in.wearer);
    assert_int_equal(out.version, 7);
    assert_true(out.height_m == 1.7F && isnan(out.leg_m) && out.mass_kg == 72.5F);
    assert_int_equal(out.birth_year, 1961);
    assert_string_equal(out.stage, "P1");
    assert_string_equal(out.display_name, in.display_name);
    assert_true(out.coaching_consent && !out.caregiver_consent);
    assert_int_equal(out.tz_offset_min, -210);
    assert_int_equal(out.devices_n, 2);
    assert_string_equal(out.devices[1].device, "sole-r");
    assert_int_equal(out.devices[0].slot, 5);
    assert_int_equal(out.devices[0].side, STRIDE__V1__SIDE__SIDE_LEFT);
    assert_int_equal(out.caregivers_n, 1);
    assert_string_equal(out.caregivers[0].account, "bob");
    assert_true(out.caregivers[0].emergency && !out.caregivers[0].live);
    assert_true(out.caregivers[0].monitoring);
    assert_int_equal(out.caregivers[0].duties_n, 2);
    assert_memory_equal(out.caregivers[0].duties, in.caregivers[0].duties,
                        sizeof(in.caregivers[0].duties));
    assert_int_equal(out.params_n, 1);
    assert_string_equal(out.params[0].name, "walk_end_s");
    assert_true(out.params[0].value == -0.1);
    assert_int_equal(out.flags_n, 2);
    assert_string_equal(out.flags[1], "lone_walker");
}

static void what_is_usual_worn_and_planned_comes_back(void **state)
{
    (void)state;
    assert_int_equal(exchange(), WIRE_OK);
    assert_int_equal(out.hr_max_bpm, 160);
    assert_int_equal(out.baselines_n, 2);
    assert_string_equal(out.baselines[0].name, "cadence");
    assert_true(out.baselines[0].value == 110 && out.baselines[0].mad == 2);
    assert_true(out.baselines[0].speed_mps == 1.3F && out.baselines[1].value == 0);
    assert_true(isnan(out.baselines[1].mad) && isnan(out.baselines[1].speed_mps));
    assert_true(out.has_shoe && out.shoe.has_bought_day && out.shoe.bought_day == -3);
    assert_string_equal(out.shoe.id, "blue");
    assert_int_equal(out.shoe.type, STRIDE__V1__SHOE_TYPE__SHOE_TYPE_HEEL);
    assert_true(isnan(out.shoe.distance_km) && out.shoe.days_per_week == 0);
    assert_int_equal(out.shoe.cushioning, STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_int_equal(out.shoe.arch_support, STRIDE__V1__ANSWER__ANSWER_NO);
    assert_int_equal(out.walk_times_n, 2);
    assert_int_equal(out.walk_min[1], 1439);
    assert_string_equal(out.locale, "de");
    in.has_shoe = false;
    in.hr_max_bpm = 0;
    assert_int_equal(exchange(), WIRE_OK);
    assert_true(!out.has_shoe && out.hr_max_bpm == 0);
}

static void a_full_house_fits(void **state)
{
    (void)state;
    in.devices_n = WEARER_DEVICES_MAX;
    in.caregivers_n = WEARER_CAREGIVERS_MAX;
    in.params_n = WEARER_PARAMS_MAX;
    in.flags_n = 32;
    for (int i = 0; i < WEARER_DEVICES_MAX; i++) {
        snprintf(in.devices[i].device, ID_SIZE, "d-%d", i);
        in.devices[i].slot = (uint8_t)i;
    }
    for (int i = 0; i < WEARER_CAREGIVERS_MAX; i++) {
        snprintf(in.caregivers[i].account, ID_SIZE, "c-%d", i);
        in.caregivers[i].duties_n = CAREGIVER_DUTIES_MAX;
        for (int j = 0; j < CAREGIVER_DUTIES_MAX; j++) {
            in.caregivers[i].duties[j] = (struct wire_duty){0x7f, 1439, 1440};
        }
    }
    for (int i = 0; i < WEARER_PARAMS_MAX; i++) {
        snprintf(in.params[i].name, NAME_SIZE, "a_parameter_with_a_long_name_%02d", i);
        snprintf(in.flags[i % 32], NAME_SIZE, "flag_%d", i);
    }
    assert_int_equal(exchange(), WIRE_OK);
    assert_int_equal(out.params_n, WEARER_PARAMS_MAX);
    assert_string_equal(out.flags[31], in.flags[31]);
}

static void slots_are_unique_and_within_the_wearer(void **state)
{
    (void)state;
    in.devices[1].slot = in.devices[0].slot;
    assert_int_equal(exchange(), WIRE_RANGE);
    in.devices[1].slot = WEARER_DEVICES_MAX;
    assert_int_equal(exchange(), WIRE_RANGE);
}

static void names_and_numbers_are_checked(void **state)
{
    (void)state;
#define REFUSED(expected, bend)                 \
    do {                                        \
        assert_int_equal(set_up(state), 0);     \
        bend;                                   \
        assert_int_equal(exchange(), expected); \
    } while (0)
    REFUSED(WIRE_TEXT, in.wearer[0] = 'A');
    REFUSED(WIRE_TEXT, in.devices[0].device[0] = '/');
    REFUSED(WIRE_TEXT, in.caregivers[0].account[0] = '+');
    REFUSED(WIRE_RANGE, in.caregivers[0].duties[1].days = 0);
    REFUSED(WIRE_RANGE, in.caregivers[0].duties[1].days = 0x80);
    REFUSED(WIRE_RANGE, in.caregivers[0].duties[1].from_min = DAY_MINUTES);
    REFUSED(WIRE_RANGE, in.caregivers[0].duties[1].until_min = DAY_MINUTES + 1);
    REFUSED(WIRE_TEXT, in.display_name[0] = '\x1b');
    REFUSED(WIRE_TEXT, in.flags[0][0] = '\n');
    REFUSED(WIRE_TEXT, in.params[0].name[0] = '\xff');
    REFUSED(WIRE_MISSING, in.params[0].name[0] = '\0');
    REFUSED(WIRE_RANGE, in.params[0].value = (double)NAN);
    REFUSED(WIRE_RANGE, in.params[0].value = (double)INFINITY);
    REFUSED(WIRE_RANGE, in.height_m = 0.0F);
    REFUSED(WIRE_RANGE, in.height_m = 1e38F);
    REFUSED(WIRE_RANGE, in.mass_kg = -1.0F);
    REFUSED(WIRE_RANGE, in.mass_kg = INFINITY);
    REFUSED(WIRE_RANGE, in.birth_year = 1);
    REFUSED(WIRE_RANGE, in.tz_offset_min = 841);
    REFUSED(WIRE_RANGE, in.hr_max_bpm = 59);
    REFUSED(WIRE_RANGE, in.hr_max_bpm = 251);
    REFUSED(WIRE_MISSING, in.baselines[1].name[0] = '\0');
    REFUSED(WIRE_TEXT, in.baselines[1].name[0] = '\xff');
    REFUSED(WIRE_RANGE, in.baselines[1].value = INFINITY);
    REFUSED(WIRE_RANGE, in.baselines[0].mad = -1);
    REFUSED(WIRE_RANGE, in.baselines[0].speed_mps = 0);
    REFUSED(WIRE_TEXT, in.shoe.id[0] = '/');
    REFUSED(WIRE_RANGE, in.shoe.bought_day = 100000);
    REFUSED(WIRE_RANGE, in.shoe.distance_km = -1);
    REFUSED(WIRE_RANGE, in.shoe.days_per_week = 8);
    REFUSED(WIRE_RANGE, in.walk_min[1] = DAY_MINUTES);
    REFUSED(WIRE_RANGE, in.walk_min[1] = in.walk_min[0]);
    REFUSED(WIRE_TEXT, in.locale[0] = '\n');
}

static void repeated_parts_beyond_their_bound_are_refused(void **state)
{
    static const struct {
        uint8_t field[5];
        size_t n;
    } floods[] = {{{0x1a, 3, 0x0a, 1, 'd'}, WEARER_DEVICES_MAX + 1},
                  {{0x22, 3, 0x0a, 1, 'c'}, WEARER_CAREGIVERS_MAX + 1},
                  {{0x2a, 3, 0x0a, 1, 'p'}, WEARER_PARAMS_MAX + 1},
                  {{0x8a, 1, 2, 0x0a, 0}, WEARER_BASELINES_MAX + 1},
                  {{0x6a, 3, 'f', 'l', 'g'}, WEARER_FLAGS_MAX + 1}};
    (void)state;
    for (size_t i = 0; i < sizeof floods / sizeof floods[0]; i++) {
        size_t size = 0;
        memcpy(bytes, "\x0a\x01w", 3);
        size += 3;
        for (size_t n = 0; n < floods[i].n; n++, size += 5) {
            memcpy(bytes + size, floods[i].field, 5);
        }
        assert_int_equal(wire_decode_wearer_config(&arena, bytes, size, &out), WIRE_RANGE);
    }
    assert_int_equal(wire_decode_wearer_config(&arena, NULL, 0, &out), WIRE_MISSING);
    assert_int_equal(wire_decode_wearer_config(&arena, bytes, WEARER_CONFIG_BYTES_MAX + 1, &out),
                     WIRE_TOO_LARGE);
}

static void a_measure_too_small_for_a_float_is_refused(void **state)
{
    Stride__V1__WearerConfig message = STRIDE__V1__WEARER_CONFIG__INIT;
    char wearer[] = "ann";
    (void)state;
    message.wearer = wearer;
    message.has_height_m = 1;
    message.height_m = 1e-60;
    size_t size = stride__v1__wearer_config__pack(&message, bytes);
    assert_int_equal(wire_decode_wearer_config(&arena, bytes, size, &out), WIRE_RANGE);
    message.has_height_m = 0;
    char name[] = "stride_s";
    Stride__V1__Baseline baseline = STRIDE__V1__BASELINE__INIT;
    Stride__V1__Baseline *baselines[] = {&baseline};
    baseline.name = name;
    baseline.has_value = baseline.has_speed_mps = 1;
    baseline.value = 1;
    baseline.speed_mps = 1e-60;
    message.n_baseline = 1;
    message.baseline = baselines;
    size = stride__v1__wearer_config__pack(&message, bytes);
    assert_int_equal(wire_decode_wearer_config(&arena, bytes, size, &out), WIRE_RANGE);
}

static void every_truncation_is_survived(void **state)
{
    (void)state;
    size_t size = wire_encode_wearer_config(&in, bytes, sizeof bytes);
    for (size_t cut = 0; cut < size; cut++) {
        uint8_t *exact = malloc(cut + 1);
        assert_non_null(exact);
        memcpy(exact, bytes, cut);
        if (wire_decode_wearer_config(&arena, exact, cut, &out) == WIRE_OK) {
            assert_string_equal(out.wearer, "ann");
        }
        free(exact);
        uint8_t small[1024];
        assert_int_equal(wire_encode_wearer_config(&in, small, cut), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_configuration_comes_back_as_it_was, set_up),
        cmocka_unit_test_setup(what_is_usual_worn_and_planned_comes_back, set_up),
        cmocka_unit_test_setup(a_full_house_fits, set_up),
        cmocka_unit_test_setup(slots_are_unique_and_within_the_wearer, set_up),
        cmocka_unit_test_setup(names_and_numbers_are_checked, set_up),
        cmocka_unit_test_setup(repeated_parts_beyond_their_bound_are_refused, set_up),
        cmocka_unit_test_setup(a_measure_too_small_for_a_float_is_refused, set_up),
        cmocka_unit_test_setup(every_truncation_is_survived, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
