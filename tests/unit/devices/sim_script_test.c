/* Walk scripts come from people: what is wrong is said with its line, and nothing crashes. */
#include <math.h>
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

static void every_new_word_is_understood(void **state)
{
    (void)state;
    assert_true(parse("wearer birth_year=1981 leg_m=0.9 hr_max=160\n"
                      "profile disc lone_walker heart_disease\n"
                      "baseline cadence=110 v=1.30 slh=0.41 fsa=18 cv=2.2 si=2\n"
                      "shoe type=running age_d=212 km=350 id=s1 days=6 cushioning=yes\n"
                      "times 8:30 13:00\nparam r11.max=0 r03.d=90\n"
                      "caregivers n=3 monitoring=1\n"
                      "wrist side=right\nclock 02:30\ndevices left right wrist wrist2 treadmill\n"
                      "at 0:00 heart rest=65\n"
                      "at 0:01 walk speed=1.4 fsa=29 ds=34 clearance=8 scuffs=2 lr=1.35 ff=0.12 "
                      "ml_left=0.2 roll=4 uneven=10 arm_left=5\n"
                      "at 0:02 limp side=right load=17\n"
                      "at 0:03 run\nat 0:04 stairs dir=down height=0.2\nat 0:05 walk lean=15\n"
                      "at 0:06 hands bag side=right\nat 0:07 turn deg=-90 s=2\n"
                      "at 0:08 stumble side=left\nat 0:09 impact wrist g=4.2 turn=70\n"
                      "at 0:10 shoes off side=left\nat 0:11 heart bpm=152\nat 0:12 heart lock=1\n"
                      "at 0:13 belt speed=1.67 obey=0\nat 0:14 belt follow\n"
                      "at 0:15 sit load=30 impact=2.5\nat 0:16 lie\nat 0:17 wheels push=50\n"
                      "at 0:18 fall impact=4.1 freefall=0.3\n"
                      "at 0:19 report pain=3 effort=6 fear=7 aggravator=standing_up "
                      "surface=concrete outdoors=1 ambient=-3 icy=1 driving=0\n"
                      "at 0:20 answer question=f01_urine yes\n"
                      "at 0:21 reply question=p01_pain pain=4 place=back delay=6\n"
                      "at 0:22 fault left clock_jump s=2\nat 0:23 fault right stuck_cell cell=6\n"
                      "at 0:24 fault all offline s=90\nat 1:00 end\n"));
    const struct script_event *events = script.events;
    assert_string_equal(script.flags, "disc, lone_walker, heart_disease");
    assert_true(script.leg_m == 0.9 && script.hr_max_bpm == 160 && script.clock_s == 9000);
    assert_true(script.baseline.slh == 0.41 && isnan(script.baseline.ds_pct));
    assert_true(script.walk_times_n == 2 && script.walk_min[1] == 780);
    assert_true(script.params_n == 2 && script.params[1].value == 90);
    assert_true(script.caregivers_n == 3 && script.monitoring);
    assert_int_equal(script.shoe.type, STRIDE__V1__SHOE_TYPE__SHOE_TYPE_RUNNING);
    assert_int_equal(script.shoe.cushioning, STRIDE__V1__ANSWER__ANSWER_YES);
    assert_true(script.shoe.age_days == 212 && script.wrist_side == STRIDE__V1__SIDE__SIDE_RIGHT);
    assert_true(script.worn[GEAR_WRIST2] && events[0].rest_bpm == 65 && isnan(events[0].amount));
    assert_true(events[1].style.foot_deg == 29 && events[1].style.ds_pct == 34);
    assert_true(events[1].style.arm_deg[0] == 5 && events[1].style.arm_deg[1] == 40);
    assert_true(events[2].style.load_si_pct == 17 && events[2].style.foot_deg == 29);
    assert_true(events[3].style.kind == GAIT_RUN && events[3].style.load_si_pct == 0);
    assert_true(events[4].style.kind == GAIT_STAIRS && events[4].style.step_up_m == -0.2);
    assert_true(events[5].style.kind == GAIT_WALK && events[5].style.foot_deg == 29);
    assert_true(fabs(events[5].style.fore - 0.22) < 1e-9);
    assert_int_equal(events[6].hands, HANDS_BAG);
    assert_true(events[12].locked && events[11].amount == 152);
    assert_true(events[13].second == 0 && isnan(events[14].amount));
    assert_int_equal(events[19].report.fear, 7);
    assert_int_equal(events[19].report.aggravator, STRIDE__V1__AGGRAVATOR__AGGRAVATOR_STANDING_UP);
    assert_int_equal(events[19].report.surface, STRIDE__V1__SURFACE__SURFACE_CONCRETE);
    assert_int_equal(events[19].report.outdoors, STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_equal(events[19].report.icy, STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_equal(events[19].report.driving, STRIDE__V1__ANSWER__ANSWER_NO);
    assert_int_equal(events[19].report.camber, STRIDE__V1__ANSWER__ANSWER_UNKNOWN);
    assert_true(events[19].report.has_ambient && events[19].report.ambient_c == -3);
    assert_string_equal(events[20].report.question, "f01_urine");
    assert_int_equal(events[20].report.answer, STRIDE__V1__ANSWER__ANSWER_YES);
    assert_int_equal(script.replies_n, 1);
    assert_true(script.replies[0].delay_s == 6 && script.replies[0].report.pain_nrs == 4);
    assert_int_equal(events[21].fault, FAULT_CLOCK);
    assert_int_equal(script.events_n, 21 + 2 + 5 + 1); /* the reply is no event, `all` is five */
}

static void mistakes_in_new_words_name_their_line(void **state)
{
    (void)state;
    assert_refused("profile brave\n", 1, "brave");
    assert_refused("baseline speed=1\n", 1, "speed");
    assert_refused("shoe type=clog\n", 1, "clog");
    assert_refused("wrist left\n", 1, "side=");
    assert_refused("clock 24:00\n", 1, "H:MM");
    assert_refused("clock noon\n", 1, "H:MM");
    assert_refused("at 0:01 stairs\n", 1, "dir=");
    assert_refused("at 0:01 run peak=1\n", 1, "outside");
    assert_refused("at 0:01 walk fsa=90\n", 1, "outside");
    assert_refused("at 0:01 walk height=1\n", 1, "height");
    assert_refused("at 0:01 hands up\n", 1, "phone");
    assert_refused("at 0:01 turn deg=90 s=0\n", 1, "outside");
    assert_refused("at 0:01 impact treadmill g=2\n", 1, "impact on what");
    assert_refused("at 0:01 shoes loose\n", 1, "shoes off");
    assert_refused("at 0:01 heart bpm=0\n", 1, "outside");
    assert_refused("at 0:01 belt\n", 1, "belt");
    assert_refused("at 0:01 belt follow speed=1\n", 1, "belt");
    assert_refused("at 0:01 answer yes\n", 1, "question");
    assert_refused("at 0:01 reply delay=3 yes\n", 1, "question");
    assert_refused("at 0:01 reply question=a yes delay=x\n", 1, "not a number");
    assert_refused("at 0:01 report aggravator=rain\n", 1, "rain");
    assert_refused("at 0:01 report surface=sand\n", 1, "sand");
    assert_refused("at 0:01 report ambient=61\n", 1, "outside");
    assert_refused("at 0:01 stumble hard\n", 1, "nothing");
    assert_refused("at 0:01 fault left clock_jump s=-2\n", 1, "outside");
}

static void too_many_replies_are_refused(void **state)
{
    (void)state;
    static char text[(SCRIPT_REPLIES_MAX + 1) * 40];
    size_t size = 0;
    for (int i = 0; i <= SCRIPT_REPLIES_MAX; i++)
        size +=
            (size_t)snprintf(text + size, sizeof(text) - size, "at 0:01 reply question=a yes\n");
    assert_false(script_parse(text, size, &script, &error));
    assert_int_equal(error.line, SCRIPT_REPLIES_MAX + 1);
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
                                       "at 2:00 report pain=3 place=back\n"
                                       "at 2:01 reply question=a yes delay=2\n"
                                       "at 2:02 stairs dir=up going=0.3\nclock 02:00\n"
                                       "at 2:03 hands bag side=left\nat 3:00 end\n";
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
        cmocka_unit_test(every_new_word_is_understood),
        cmocka_unit_test(mistakes_in_new_words_name_their_line),
        cmocka_unit_test(too_many_replies_are_refused),
        cmocka_unit_test(too_many_events_are_refused_and_not_written_past_the_end),
        cmocka_unit_test(garbage_is_refused_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
