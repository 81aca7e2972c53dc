/* Walk scripts come from people: what is wrong is said with its line, and nothing crashes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "devices/sim/random.h"
#include "devices/sim/script.h"

static struct script script;
static struct script_error error;

static bool parse(const char *text)
{
    return script_parse(text, strlen(text), &script, &error);
}

static void assert_refused(const char *text, unsigned line, const char *word)
{
    assert_false(parse(text));
    if (error.line != line || strstr(error.text, word) == NULL)
        fail_msg("'%s' gave line %u: %s", text, error.line, error.text);
}

static void whole_script_is_understood(void **state)
{
    (void)state;
    assert_true(parse("# comment\r\n"
                      "wearer height_m=1.6 mass_kg=60 birth_year=1950 stage=M2 name=Ada\n"
                      "devices left right\n\n"
                      "at 0:00 stand # and wait\n"
                      "at 0:10.5 walk speed=1.1 cadence=100 cv=3 arm=30 incline=5 rail=1\n"
                      "at 1:00 limp side=right stance=12 step=14\n"
                      "at 2:00 report pain=3 place=thigh side=left quality=electric\n"
                      "at 3:00 button help ms=2500\n"
                      "at 3:01 sit\n"
                      "at 4:00 fault right_insole dead_cell cell=5\n"
                      "at 90:00 end\n"));
    assert_true(script.height_m == 1.6 && script.mass_kg == 60);
    assert_int_equal(script.birth_year, 1950);
    assert_string_equal(script.stage, "M2");
    assert_true(script.worn[GEAR_LEFT] && !script.worn[GEAR_WRIST]);
    assert_int_equal(script.events_n, 8);
    assert_true(script.events[1].at_s == 10.5);
    assert_true(script.events[1].style.incline == 0.05 && script.events[1].style.rail);
    assert_true(script.events[2].style.stance_si_pct == 12);
    assert_true(script.events[2].style.speed_mps == 1.1);
    assert_false(script.events[2].style.left_is_sore);
    assert_int_equal(script.events[3].report.pain_nrs, 3);
    assert_int_equal(script.events[3].report.pain_place, STRIDE__V1__PAIN_PLACE__PAIN_PLACE_THIGH);
    /* A report leaves when the button is let go, which is after the line below it. */
    assert_int_equal(script.events[4].verb, SCRIPT_SIT);
    assert_int_equal(script.events[5].report.button, STRIDE__V1__BUTTON__BUTTON_HELP);
    assert_true(script.events[5].at_s == 182.5);
    assert_int_equal(script.events[6].fault, FAULT_CELL);
    assert_true(script.end_s == 5400);
}

static void absent_answers_of_a_report_stay_absent(void **state)
{
    (void)state;
    assert_true(parse("at 0:01 report place=back\nat 0:02 button ok\nat 0:03 end\n"));
    assert_int_equal(script.events[0].report.pain_nrs, -1);
    assert_int_equal(script.events[0].report.mood, -1);
    assert_int_equal(script.events[1].report.pain_nrs, -1);
}

static void every_mistake_names_its_line_and_what_is_wrong(void **state)
{
    (void)state;
    assert_refused("", 0, "end");
    assert_refused("at 0:00 end\n", 0, "end");
    assert_refused("at 0:00 stand\nat 0:xx end\n", 2, "M:SS");
    assert_refused("at 0:60 end\n", 1, "M:SS");
    assert_refused("at -1:00 end\n", 1, "M:SS");
    assert_refused("at 99999999999999999999:00 end\n", 1, "M:SS");
    assert_refused("at 0:10 stand\nat 0:09 end\n", 2, "before");
    assert_refused("at 0:10 dance\n", 1, "dance");
    assert_refused("at 0:10 walk speed=fast\n", 1, "not a number");
    assert_refused("at 0:10 walk speed=nan\n", 1, "not a number");
    assert_refused("at 0:10 walk speed=9\n", 1, "outside");
    assert_refused("at 0:10 walk speed\n", 1, "key=value");
    assert_refused("at 0:10 walk sped=1\n", 1, "sped");
    assert_refused("at 0:10 limp side=up\n", 1, "left or right");
    assert_refused("at 0:10 report\n", 1, "report");
    assert_refused("at 0:10 report pain=11\n", 1, "outside");
    assert_refused("at 0:10 report place=knee\n", 1, "knee");
    assert_refused("at 0:10 button panic\n", 1, "help");
    assert_refused("at 0:10 button help 2500\n", 1, "ms=");
    assert_refused("at 0:10 fault nose silent\n", 1, "which device");
    assert_refused("at 0:10 fault wrist explode\n", 1, "explode");
    assert_refused("at 0:10 fault wrist loss\n", 1, "pct=");
    assert_refused("at 0:10 fault left dead_cell cell=16\n", 1, "outside");
    assert_refused("at 0:10 fault wrist silent now=1\n", 1, "no value");
    assert_refused("\n\nwearer height=2\n", 3, "height");
    assert_refused("wearer stage=P9\n", 1, "stage");
    assert_refused("devices\n", 1, "left");
    assert_refused("at 0:01 stand\nwearer mass_kg=70\n", 2, "before the first");
    assert_refused("at 0:01 end\nat 0:02 stand\n", 2, "follow");
    assert_refused("hello\n", 1, "hello");
}

static void too_many_events_are_refused_and_not_written_past_the_end(void **state)
{
    (void)state;
    static char text[SCRIPT_EVENTS_MAX * 20];
    size_t size = 0;
    for (int i = 0; i <= SCRIPT_EVENTS_MAX; i++)
        size += (size_t)snprintf(text + size, sizeof(text) - size, "at 0:01 stand\n");
    assert_false(script_parse(text, size, &script, &error));
    assert_int_equal(error.line, SCRIPT_EVENTS_MAX + 1);
}

static void garbage_is_refused_without_harm(void **state)
{
    (void)state;
    struct random random;
    char text[600];
    random_init(&random, 3, 3);
    for (int round = 0; round < 3000; round++) {
        static const char seedling[] = "wearer height_m=1.7\nat 0:10 walk speed=1.1 cadence=100\n"
                                       "at 2:00 report pain=3 place=back\nat 3:00 end\n";
        size_t size = (size_t)(random_u64(&random) % sizeof(text));
        for (size_t i = 0; i < size; i++)
            text[i] = (char)random_u64(&random);
        if (round % 2 == 0) { /* a good one with a few bytes changed */
            size = sizeof(seedling) - 1;
            memcpy(text, seedling, size);
            for (int i = 0; i < 3; i++)
                text[random_u64(&random) % size] = (char)(random_u64(&random) % 128);
        }
        if (!script_parse(text, size, &script, &error))
            assert_true(error.text[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_script_is_understood),
        cmocka_unit_test(absent_answers_of_a_report_stay_absent),
        cmocka_unit_test(every_mistake_names_its_line_and_what_is_wrong),
        cmocka_unit_test(too_many_events_are_refused_and_not_written_past_the_end),
        cmocka_unit_test(garbage_is_refused_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
