/* The record: field names of the rule book, and nothing that was not measured. */
#include "hub/core/pipeline.h"
#include "record_fixture.h"

static void the_fields_are_those_of_the_rule_book(void **unused)
{
    (void)unused;
    static struct session session;
    full_session(&session);
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    struct json_reader *reader = json_reader_open();
    char text[64];
    assert_true(json_load(reader, json, strlen(json)));
    assert_true(json_get_string(reader, "$.end_reason", text, sizeof(text)));
    assert_string_equal(text, "idle_timeout");
    assert_true(json_get_number(reader, "$.duration_s") == 605);
    assert_true(json_get_number(reader, "$.rest_s") == 64.5);
    assert_true(json_get_number(reader, "$.steps") == 1001);
    assert_true(json_get_number(reader, "$.stride_time_s.L.mean") == 1.11);
    assert_true(json_get_number(reader, "$.pain_delta") == -1);
    assert_true(json_get_number(reader, "$.alerts[0].d_s") == 60);
    assert_true(json_get_number(reader, "$.coverage.R03.coverage_pct") == 50);
    assert_true(
        json_get_string(reader, "$.coverage.R11.not_evaluated_because", text, sizeof(text)));
    assert_string_equal(text, "needs both insoles");
    assert_true(
        json_get_string(reader, "$.coverage.R12.not_evaluated_because", text, sizeof(text)));
    assert_string_equal(text, "a device it needs was silent");
    assert_false(
        json_get_string(reader, "$.coverage.F07.not_evaluated_because", text, sizeof(text)));
    assert_true(json_get_string(reader, "$.loc_most_distal", text, sizeof(text)));
    assert_string_equal(text, "calf");
    json_reader_close(reader);
}

static void where_a_walk_was_is_not_as_it_was_said(void **unused)
{
    (void)unused;
    static struct session session;
    static struct wearer_state wearer;
    struct record_context told = context;
    told.wearer = &wearer;
    session_init(&session);
    snprintf(session.id, sizeof(session.id), "x");
    session.walk_s = 600;
    pipeline_init(&wearer, 1);
    assert_true(record_json(&session, &told, json, sizeof(json)) > 0);
    assert_null(strstr(json, "\"surface"));
    assert_null(strstr(json, "\"outdoor_min\""));
    assert_null(strstr(json, "\"temp_c\""));
    assert_null(strstr(json, "\"hydrated\""));
    assert_null(strstr(json, "\"carry_load\""));
    assert_non_null(strstr(json, "\"mode\":\"unknown\""));
    session.amounts_source = SESSION_FEET;
    wearer.programme.walk.ground =
        (struct programme_ground){.surface = PLAN_GRASS,
                                  .outdoors = STRIDE__V1__ANSWER__ANSWER_YES,
                                  .ambient_c = -5,
                                  .told = TOLD_HYDRATED | TOLD_BACKPACK,
                                  .is = TOLD_HYDRATED};
    assert_true(record_json(&session, &told, json, sizeof(json)) > 0);
    assert_non_null(strstr(json, "\"surface\":\"grass\",\"surface_source\":\"user\""));
    assert_non_null(strstr(json, "\"outdoor_min\":10"));
    assert_non_null(strstr(json, "\"temp_c\":-5"));
    assert_non_null(strstr(json, "\"mode\":\"overground\""));
    assert_non_null(strstr(json, "\"hydrated\":true"));
    assert_non_null(strstr(json, "\"carry_load\":false"));
    session.context_s[CONTEXT_CARRY] = 3;
    wearer.programme.walk.ground.outdoors = STRIDE__V1__ANSWER__ANSWER_NO;
    assert_true(record_json(&session, &told, json, sizeof(json)) > 0);
    assert_non_null(strstr(json, "\"carry_load\":true"));
    assert_non_null(strstr(json, "\"mode\":\"indoor\""));
    moments_add(&session.belt_speed, 1);
    assert_true(record_json(&session, &told, json, sizeof(json)) > 0);
    assert_null(strstr(json, "\"user\""));
}

static void a_rest_that_was_meant_counts_as_dallying(void **unused)
{
    (void)unused;
    static struct session session;
    full_session(&session); /* 605 s, of these 540.5 walked */
    session.planned_rest_s = 60;
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    assert_non_null(strstr(json, "\"rest_s\":64.50,"));
    assert_non_null(strstr(json, "\"dally_ratio\":0.008,"));
    session.planned_rest_s = 700; /* never below zero */
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    assert_non_null(strstr(json, "\"dally_ratio\":0.000,"));
}

static void a_note_leaves_the_home_or_is_lost_in_it(void **unused)
{
    (void)unused;
    static struct session session;
    static struct wearer_state wearer;
    struct record_context published = context;
    full_session(&session);
    pipeline_init(&wearer, 1);
    wearer.programme.plan.stage = PLAN_P1;
    wearer.programme.plan.mood_week = 2;
    published.wearer = &wearer;
    snprintf(session.note, sizeof(session.note), "2 miles, schön");
    assert_true(record_json(&session, &published, json, sizeof(json)) > 0);
    assert_non_null(strstr(json, "\"note_text\":\"2 miles, schön\""));
    assert_non_null(strstr(json, "\"mood_week\":2"));
    assert_null(strstr(json, "\"posture_selfcheck\""));
    session.head_forward = STRIDE__V1__ANSWER__ANSWER_NO;
    published.published = true;
    assert_true(record_json(&session, &published, json, sizeof(json)) > 0);
    assert_null(strstr(json, "\"note_text\""));
    assert_null(strstr(json, "\"mood_week\""));
    assert_non_null(strstr(json, "\"outing_count_week\":0"));
    assert_non_null(strstr(json, "\"posture_selfcheck\":{\"head_forward\":false}"));
}

static void what_was_not_measured_is_absent_and_never_zero(void **unused)
{
    (void)unused;
    static struct session session;
    session_init(&session);
    snprintf(session.id, sizeof(session.id), "x");
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    static const char *const absent[] = {"\"distance_m\"",
                                         "\"cadence_spm\"",
                                         "\"stride_time_s\"",
                                         "\"pain_start\"",
                                         "\"mood_pre\"",
                                         "\"note_text\"",
                                         "\"posture_selfcheck\"",
                                         "\"calib_utc_ms\"",
                                         "\"v_mean\"",
                                         "\"si_stance_pct\"",
                                         "\"end_utc_ms\"",
                                         "\"duration_s\"",
                                         "\"belt_speed_sd\"",
                                         "\"clock_skew_max_ms\"",
                                         "\"steps\"",
                                         "\"loading_cycles\"",
                                         "\"dally_ratio\"",
                                         "\"longest_stand_s\"",
                                         "\"ascent_m\"",
                                         "\"fsa_deg\"",
                                         "\"scuffs_n\"",
                                         "\"turns_n\"",
                                         "\"phone_s\"",
                                         "\"handrail_s\"",
                                         "\"context_s\"",
                                         "\"slh\":{\"mean\"",
                                         "\"peak_force_bw\"",
                                         "\"body_weight_n\"",
                                         "\"contact_threshold\"",
                                         "\"hr_suspect_s\"",
                                         "\"min_moderate\"",
                                         "\"quality_0_1\"",
                                         "\"surface\"",
                                         "\"source\"",
                                         "nan",
                                         "null"};
    for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
        if (strstr(json, absent[i]) != NULL)
            fail_msg("%s in %s", absent[i], json);
    }
    char *text = table_of(json);
    assert_non_null(strstr(text, "still walking"));
    assert_non_null(strstr(text, "nothing was reported"));
    assert_null(strstr(text, "Stride time "));
    free(text);
}

static void the_largest_record_fits_and_a_small_buffer_gives_none(void **unused)
{
    (void)unused;
    static struct session session;
    char small[200];
    measured_session(&session);
    session.reports_n = SESSION_REPORTS_MAX;
    session.alerts_n = SESSION_ALERTS_MAX;
    session.rests_n = SESSION_RESTS_MAX;
    memset(session.note, '"', SESSION_NOTE_SIZE - 1);
    for (int i = 0; i < SESSION_ALERTS_MAX; i++) {
        session.alerts[i] = session.alerts[0];
        session.alerts[i].id_kind = 'a';
    }
    for (int i = 0; i < WEARER_DEVICES_MAX; i++) {
        session.devices[i] = session.devices[0];
        memset(session.devices[i].id, 'd', ID_LENGTH_MAX);
    }
    assert_in_range(record_json(&session, &context, json, sizeof(json)), 1, sizeof(json) / 2);
    assert_int_equal(record_json(&session, &context, small, sizeof(small)), 0);
}

static void what_leaves_the_home_has_nothing_of_a_private_rule(void **unused)
{
    (void)unused;
    static struct session session;
    full_session(&session);
    session.alerts[0].rule = RULE_F01;
    session.alerts[0].text = TEXT_F01_EMERGENCY;
    session.prompted |= UINT64_C(1) << RULE_F01;
    struct record_context others = context;
    others.published = true;
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    assert_non_null(strstr(json, "f01_emergency"));
    assert_non_null(strstr(json, "\"rule_id\":\"F01\""));
    assert_true(record_json(&session, &others, json, sizeof(json)) > 0);
    assert_null(strstr(json, "f01_"));
    assert_null(strstr(json, "\"rule_id\":\"F01\""));
    assert_null(strstr(json, "\"F01\":false"));
}

static void the_live_view_leaves_out_what_is_not_known(void **unused)
{
    (void)unused;
    char text[1024];
    struct effect_live live = {.cadence_spm = NAN,
                               .si_stance_pct = NAN,
                               .stride_cv_pct = NAN,
                               .speed_mps = NAN,
                               .pain_nrs = -1};
    assert_true(record_live_json(&live, "w1", LOCALE_EN, 1000, text, sizeof(text)) > 0);
    assert_string_equal(text, "{\"wearer_id\":\"w1\",\"t_utc_ms\":1000,\"session_open\":false,"
                              "\"walking\":false,\"alerts_open\":0}");
}

static void what_was_measured_is_all_there_and_divided_when_it_is_written(void **unused)
{
    (void)unused;
    static struct session session;
    measured_session(&session);
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    assert_null(strstr(json, "not_evaluated_because\":\"\""));
    struct json_reader *reader = json_reader_open();
    char text[64];
    assert_true(json_load(reader, json, strlen(json)));
    static const struct {
        const char *path;
        double value;
    } numbers[] = {{"$.schema_version", 3},
                   {"$.loading_rate_bwps.L.mean", 8},
                   {"$.peak_force_bw.R.mean", 1.1},
                   {"$.slh.mean", 0.368},
                   {"$.scuffs_n", 1},
                   {"$.turns_n", 3},
                   {"$.ascent_m", 3.4},
                   {"$.dally_ratio", 0.107},
                   {"$.v_p90", 1.15},
                   {"$.v_last3min", 1.2},
                   {"$.min_moderate", 5},
                   {"$.hr_recovery_60s_bpm", 21},
                   {"$.context_s.walk_steady", 6},
                   {"$.quality_0_1", 0.995},
                   {"$.body_weight_n", 700},
                   {"$.coverage_metrics.toe_clearance.n", 4}};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (fabs(json_get_number(reader, numbers[i].path) - numbers[i].value) > 1e-9)
            fail_msg("%s: %g", numbers[i].path, json_get_number(reader, numbers[i].path));
    }
    assert_true(json_get_string(reader, "$.distance_source", text, sizeof(text)));
    assert_string_equal(text, "mixed");
    assert_true(json_get_string(reader, "$.body_weight_source", text, sizeof(text)));
    assert_string_equal(text, "standing");
    /* Without a weight nothing is over body weight, and the record says why. */
    session_weight(&session, NAN, SESSION_WEIGHT_NONE);
    assert_true(record_json(&session, &context, json, sizeof(json)) > 0);
    assert_null(strstr(json, "_bw\""));
    assert_null(strstr(json, "_bwps\""));
    assert_true(json_load(reader, json, strlen(json)));
    assert_true(json_get_string(reader, "$.coverage_metrics.loading_rate.not_evaluated_because",
                                text, sizeof(text)));
    assert_string_equal(text, "body weight is not known");
    json_reader_close(reader);
}

int main(int argc, char **argv)
{
    /* For tests/golden/schema.py: a record with every field there is, at home and as published. */
    if (argc > 1 && (strcmp(argv[1], "--full") == 0 || strcmp(argv[1], "--published") == 0)) {
        static struct session session;
        struct record_context told = context;
        told.published = strcmp(argv[1], "--published") == 0;
        measured_session(&session);
        return record_json(&session, &told, json, sizeof(json)) > 0 && puts(json) >= 0 ? 0 : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fields_are_those_of_the_rule_book),
        cmocka_unit_test(where_a_walk_was_is_not_as_it_was_said),
        cmocka_unit_test(a_rest_that_was_meant_counts_as_dallying),
        cmocka_unit_test(a_note_leaves_the_home_or_is_lost_in_it),
        cmocka_unit_test(what_was_not_measured_is_absent_and_never_zero),
        cmocka_unit_test(the_largest_record_fits_and_a_small_buffer_gives_none),
        cmocka_unit_test(what_was_measured_is_all_there_and_divided_when_it_is_written),
        cmocka_unit_test(what_leaves_the_home_has_nothing_of_a_private_rule),
        cmocka_unit_test(the_live_view_leaves_out_what_is_not_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
