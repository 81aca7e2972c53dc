/* The record as a page and as rows: honest, and to be read on a terminal. */
#include "hub/app/record_names.h"
#include "hub/app/record_rules.h"
#include "hub/app/replay_rows.h"
#include "hub/core/wrist.h"
#include "record_fixture.h"

static void the_page_is_the_one_that_was_agreed(void **unused)
{
    (void)unused;
    static struct session session;
    static const char above[] =
        "WALK 00000000-0000-4000-8000-000000000001\n"
        "  Walker                     w1\n"
        "  Started                    2026-01-05 09:00:00\n"
        "  Ended                      2026-01-05 09:10:05\n"
        "  Ended because              no more walking\n"
        "  Plan stage                 P1\n"
        "\n"
        "AMOUNTS\n"
        "  Duration                   10:05 min:s\n"
        "  Walking                    9:00 min:s\n"
        "  Resting                    1:04 min:s\n"
        "  Longest bout               5:00 min:s\n"
        "  Steps                      1001\n"
        "  Distance                   650 m\n"
        "\n"
        "GAIT, mean (sd)              left          right                     typical\n"
        "  Cadence                    109 (1)                     steps/min   100-120\n"
        "  Stride time                1.110 (0.010) 1.120 (0.010) s           0.95-1.15\n"
        "  Stride-time variability    2.2                         %           2-3\n"
        "  Steady strides             0\n"
        "  Typical is what healthy adults show at a comfortable pace. Being outside is no\n"
        "  finding by itself.\n"
        "\n"
        "PAIN AND FEELING\n"
        "  Pain at the start          3 of 10\n"
        "  Pain at the end            2 of 10\n"
        "  Highest pain               4 of 10\n"
        "  Furthest from the back     calf\n"
        "     1:01  pain 4 of 10 calf\n"
        "\n"
        "PROMPTS AND ALERTS\n"
        "  Prompts said               0\n"
        "  Prompts held back          0\n"
        "  Praise                     0\n"
        "     2:00  R11 coach    Your steps are a bit uneven. Ease off and find an even\n"
        "                        rhythm.\n"
        "                        held back: it was said a short while before\n"
        "\n"
        "DEVICES                                     seen    battery  gaps   version\n"
        "  w1-left                    insole L     99.5 %                1\n"
        "\n"
        "WATCHED FOR\n"
        "  Long steps (R01)                   100 % of the walking\n"
        "  Shuffling (R02)                    100 % of the walking\n"
        "  Brisk pace (R03)                    50 % of the walking\n"
        "  Leaning forward (R04)              100 % of the walking\n"
        "  Phone in hand (R05)                100 % of the walking\n"
        "  Standing tall (R06)                100 % of the walking\n"
        "  Feet rolling inward (R07)          100 % of the walking\n"
        "  Hard landing (R08)                 100 % of the walking\n"
        "  Tiring (R13)                       100 % of the walking\n"
        "  Arm swing (R14)                    100 % of the walking\n"
        "  Uneven ground (R15)                100 % of the walking\n"
        "  Pain check-in (P01)                100 % of the walking\n"
        "  Where it hurts (P02)               100 % of the walking\n"
        "  How much it hurts (P03)            100 % of the walking\n"
        "  Good pain (P04)                    100 % of the walking\n"
        "  Leg pain pattern (P05)             100 % of the walking\n"
        "  New numbness or weakness (P06)     100 % of the walking\n"
        "  Heavy legs, questions (T1)         100 % of the walking\n"
        "  Red flag: saddle, bladder (F01)    100 % of the walking\n"
        "  Red flag: growing weakness (F02)   100 % of the walking\n"
        "  Red flag: fever (F03)              100 % of the walking\n"
        "  Red flag: weight loss (F04)        100 % of the walking\n"
        "  Red flag: hard fall (F05)          100 % of the walking\n"
        "  Red flag: heart, fainting (F06)    100 % of the walking\n"
        "  Help button (F07)                  100 % of the walking\n"
        "  Fall (S01)                         100 % of the walking\n"
        "  Stumble (S02)                      100 % of the walking\n"
        "  Unexpected stillness (S03)         100 % of the walking\n"
        "  Belt unattended (S04)              100 % of the walking\n"
        "  Handrail hold (S05)                100 % of the walking\n"
        "  High heart rate (S06)              100 % of the walking\n"
        "  Device health (S08)                100 % of the walking\n"
        "  Caregiver link (S09)               100 % of the walking\n"
        "\n";
    static const char below[] =
        "NOT MEASURED, and why\n"
        "  Double support, symmetry, limp (R11): needs both insoles\n"
        "  Speed and distance, step length, step length over height: no treadmill and no\n"
        "  foot motion sensor\n"
        "  Foot angle, toe clearance, scuffs, impact, turns, ascent: no foot motion\n"
        "  sensor\n"
        "  Loading rate, peak force over body weight: no pressure cells\n"
        "  Forefoot load, load inside and outside, path of pressure: no pressure cells\n"
        "  with known places\n"
        "  Arm swing, phone in view: needs a wrist sensor\n"
        "  Hand on the rail: needs a treadmill that feels its handrail\n"
        "  Kind of activity: not recognised in this walk\n"
        "  Heart rate, effort by heart rate, heart rate at rest, heart rate after the\n"
        "  walk: no heart rate sensor\n"
        "  Uneven rhythm (R12): a device it needs was silent\n"
        "\n"
        "This helps you walk comfortably. It is not a medical device, does not diagnose\n"
        "or treat, and cannot replace care. In an emergency call 112.\n";
    static char golden[sizeof(above) + sizeof(below)];
    (void)snprintf(golden, sizeof(golden), "%s%s", above, below);
    full_session(&session);
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    char *text = table_of(json);
    for (size_t i = 0; i <= strlen(golden); i++) {
        if (text[i] != golden[i])
            fail_msg("the page differs at: %.80s", text + (i < 20 ? 0 : i - 20));
    }
    free(text);
}

static void csv_and_list_speak_in_plain_names_and_words(void **unused)
{
    (void)unused;
    static struct session session;
    char *text = NULL;
    size_t size = 0;
    full_session(&session);
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    struct json_reader *reader = json_reader_open();
    FILE *file = open_memstream(&text, &size);
    assert_true(record_print_csv(reader, json, file));
    assert_true(record_print_line(reader, json, file));
    fclose(file);
    json_reader_close(reader);
    assert_non_null(strstr(text, "\nsession_id,00000000-"));
    assert_non_null(strstr(text, "\nalerts[0].rule_id,R11\n"));
    assert_null(strstr(text, "\"session_id"));
    assert_non_null(strstr(text, "no more walking\n"));
    free(text);
}

static void no_line_of_any_page_is_wider_than_a_terminal(void **unused)
{
    (void)unused;
    static struct session session;
    for (int full = 0; full < 2; full++) {
        full != 0 ? measured_session(&session) : full_session(&session);
        assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
        char *text = table_of(json);
        for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
            if (end - line > 80 || (end > line && end[-1] == ' '))
                fail_msg("|%.*s|", (int)(end - line), line);
        }
        free(text);
    }
}

static void every_reason_has_words_of_its_own(void **unused)
{
    (void)unused;
    for (int why = RULE_EVALUATED + 1; why < RULE_ABSENCES; why++) {
        assert_true(strlen(record_absence_words(why)) > 3);
        for (int other = RULE_EVALUATED; other < why; other++)
            assert_string_not_equal(record_absence_words(why), record_absence_words(other));
    }
    assert_string_equal(record_absence_words(RULE_EVALUATED), "");
    assert_true(strlen(record_absence_words(200)) > 3);
    for (enum rule rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        const struct record_rule *named = record_rules;
        while (named->id != NULL && strcmp(named->id, rule_name(rule)) != 0)
            named++;
        if (named->id == NULL)
            fail_msg("%s has no name on the page", rule_name(rule));
    }
}

/* A record of schema 1, as the hub wrote them. */
static void a_record_of_the_first_version_still_prints(void **unused)
{
    (void)unused;
    char *text =
        table_of("{\"session_id\":\"x\",\"wearer_id\":\"w1\",\"schema_version\":1,\"walk_s\":60,"
                 "\"steps\":99,"
                 "\"stance_pct\":{\"L\":{\"mean\":61.39,\"sd\":1.29,\"n\":543}},\"device\":[],"
                 "\"coverage\":{\"R11\":{\"evaluated_s\":0,\"coverage_pct\":0,"
                 "\"not_evaluated_because\":\"device_silent\"}}}");
    assert_non_null(strstr(text, "61.4 (1.3)"));
    assert_non_null(strstr(text, "Limp (R11): a device it needs was silent"));
    free(text);
}

static void a_wrist_row_leaves_out_what_is_not_known(void **unused)
{
    (void)unused;
    FILE *terminal = stdout;
    char *text = NULL;
    size_t size = 0;
    struct rows rows = {.head = replay_wrist_head};
    const struct wrist_event wrist = {.kind = WRIST_BOUT_ON,
                                      .at_device_us = 1500000,
                                      .at_session_ns = 2000000001,
                                      .cadence_spm = NAN,
                                      .arm_swing_deg = 31.5F,
                                      .pitch_deg = NAN,
                                      .viewing_share = NAN};
    stdout = open_memstream(&text, &size);
    replay_wrist_row(&rows, "w1", "w1-wrist", &wrist);
    rows_close(&rows, true);
    fclose(stdout);
    stdout = terminal;
    assert_string_equal(text, "wearer,device,kind,t_device_s,t_session_s,cadence_spm,arm_swing_deg,"
                              "pitch_deg,viewing_share\n"
                              "w1,w1-wrist,bout_on,1.5,2.000000001,,31.5,,\n");
    free(text);
}

static void what_was_said_is_a_row_that_reads_back_whatever_its_words(void **unused)
{
    (void)unused;
    FILE *terminal = stdout;
    char *text = NULL;
    size_t size = 0;
    static struct wearer_state state;
    struct rows rows = {.head = replay_say_head};
    const struct replay_wearer wearer = {.number = 1, .id = "w1", .state = &state};
    struct effect effect = {.kind = EFFECT_PROMPT, .at_ns = 1500000000};
    state.wall_minus_mono_ms = 10;
    effect.prompt = (struct effect_prompt){.id = "p-1",
                                           .rule = RULE_R11,
                                           .severity = STRIDE__V1__SEVERITY__SEVERITY_COACH,
                                           .text = TEXT_P01_PLACE,
                                           .to_wrist = true,
                                           .praise = true,
                                           .silent = true};
    stdout = open_memstream(&text, &size);
    replay_say_row(&rows, &wearer, &effect);
    effect.kind = EFFECT_LIVE;
    replay_say_row(&rows, &wearer, &effect);
    rows_close(&rows, true);
    fclose(stdout);
    stdout = terminal;
    assert_string_equal(text, "wearer,t_session_s,utc_ms,what,id,rule,severity,text_id,text,to,"
                              "state,level,urgency,note\n"
                              "w1,1.500000000,1510,prompt,p-1,R11,coach,p01_place,"
                              "\"Where is it lowest down? Back, buttock, thigh, calf or foot?\","
                              "wrist,,,,praise silent\n");
    free(text);
}

/* Whoever can write the database can write a record: the page is no place to fall over. */
static void a_record_of_wrong_types_and_endless_words_prints_without_harm(void **unused)
{
    (void)unused;
    static char record[60000];
    static char word[3000];
    memset(word, 'x', sizeof(word) - 1);
    size_t used = (size_t)snprintf(record, sizeof(record),
                                   "{\"session_id\":7,\"wearer_id\":[1],\"walk_s\":\"long\","
                                   "\"v_mean\":1e300,\"stance_pct\":{\"L\":{\"mean\":-1e300,"
                                   "\"sd\":1e300}},\"reports\":{\"t_s\":1},\"device\":[null,"
                                   "{\"id\":\"%.40s\",\"kind\":\"%.40s\",\"fw\":\"%.40s\"}],"
                                   "\"alerts\":[{\"rule_id\":\"%.47s\",\"severity\":\"%.47s\","
                                   "\"text_id\":\"%.40s\",\"ack\":\"%s\"},5],\"coverage\":{",
                                   word, word, word, word, word, word, word);
    for (const struct record_rule *rule = record_rules; rule->id != NULL; rule++)
        used += (size_t)snprintf(record + used, sizeof(record) - used,
                                 "%s\"%s\":{\"not_evaluated_because\":\"%.90s\"}",
                                 rule == record_rules ? "" : ",", rule->id, word);
    snprintf(record + used, sizeof(record) - used,
             "},\"coverage_metrics\":{\"cadence\":[],\"timing\":{"
             "\"not_evaluated_because\":\"%s\"},\"speed\":{\"not_evaluated_because\":3}},"
             "\"context_s\":{\"walk\":\"x\"},\"disclaimer\":\"%.200s\"}",
             word, word);
    char *text = table_of(record);
    assert_non_null(strstr(text, "Long steps (R01)"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_is_the_one_that_was_agreed),
        cmocka_unit_test(csv_and_list_speak_in_plain_names_and_words),
        cmocka_unit_test(no_line_of_any_page_is_wider_than_a_terminal),
        cmocka_unit_test(every_reason_has_words_of_its_own),
        cmocka_unit_test(a_record_of_the_first_version_still_prints),
        cmocka_unit_test(a_record_of_wrong_types_and_endless_words_prints_without_harm),
        cmocka_unit_test(a_wrist_row_leaves_out_what_is_not_known),
        cmocka_unit_test(what_was_said_is_a_row_that_reads_back_whatever_its_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
