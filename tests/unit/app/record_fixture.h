/* Records for the tests of what is written and printed. */
#ifndef STRIDE_TESTS_RECORD_FIXTURE_H
#define STRIDE_TESTS_RECORD_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "hub/app/record_json.h"
#include "hub/app/record_text.h"

static char json[RECORD_JSON_SIZE];
static const struct record_context context = {"w1", "112", 1, LOCALE_EN, NULL, NULL, false, NULL};

static inline void full_session(struct session *session)
{
    session_init(session);
    snprintf(session->id, sizeof(session->id), "00000000-0000-4000-8000-000000000001");
    session->start_ns = INT64_C(3600000000000);
    session->end_ns = session->start_ns + INT64_C(605000000000);
    session->start_utc_ms = INT64_C(1767603600000);
    session->end_utc_ms = session->start_utc_ms + 605000;
    session->end_reason = END_IDLE_TIMEOUT;
    session->clock_speed = 1;
    session->walk_s = 540.5;
    session->longest_bout_s = 300;
    session->steps_n = 1001;
    session->amounts_source = SESSION_FEET;
    session->distance_m = 650.25;
    snprintf(session->stage, sizeof(session->stage), "P1");
    for (int i = 0; i < 3; i++) {
        moments_add(&session->stride_time[FOOT_LEFT], 1.10 + 0.01 * i);
        moments_add(&session->stride_time[FOOT_RIGHT], 1.11 + 0.01 * i);
        moments_add(&session->cadence, 108 + i);
    }
    moments_add(&session->stride_cv, 2.2);
    session->pain_start = 3;
    session->pain_end = 2;
    session->pain_peak = 4;
    session->place_most_distal = STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF;
    session->reports_n = 1;
    session->reports[0] = (struct session_report){.t_s = 61,
                                                  .dist_m = NAN,
                                                  .nrs = 4,
                                                  .place = STRIDE__V1__PAIN_PLACE__PAIN_PLACE_CALF,
                                                  .slot = 255};
    session->alerts_n = 1;
    session->alerts[0] = (struct session_alert){.id = 1,
                                                .id_kind = 'p',
                                                .rule = RULE_R11,
                                                .severity = STRIDE__V1__SEVERITY__SEVERITY_COACH,
                                                .text = TEXT_R11_COACH,
                                                .suppression = SUPPRESSED_REFRACTORY,
                                                .at_utc_ms = session->start_utc_ms + 120000,
                                                .value = 9,
                                                .threshold = 8,
                                                .duration_s = 60};
    snprintf(session->devices[0].id, ID_SIZE, "w1-left");
    session->devices[0].kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    session->devices[0].side = STRIDE__V1__SIDE__SIDE_LEFT;
    session->devices[0].fresh_pct = 99.5F;
    session->devices[0].gaps_n = 1;
    session->rules[RULE_R03].evaluated_s = 270;
    session->rules[RULE_F07].evaluated_s = 540;
    session->rules[RULE_S08].evaluated_s = 540;
    session->rules[RULE_R11].absent_s[0] = 540;
    session->rules[RULE_R11].why[0] = RULE_NO_DEVICE;
    session->rules[RULE_R12].absent_s[0] = 540;
    session->rules[RULE_R12].why[0] = RULE_STALE;
    for (int rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        struct session_rule *time = &session->rules[rule];
        if (rule_is((uint8_t)rule, RULE_BUILT) && time->absent_s[0] == 0 && time->evaluated_s == 0)
            time->evaluated_s = 540;
    }
}

/* Everything that can be measured was. */
static inline void measured_session(struct session *session)
{
    full_session(session);
    session_setup(session, 1.7F, false);
    session_weight(session, 700, SESSION_WEIGHT_STANDING);
    struct moments *const all[] = {session->stance_pct,  session->swing_pct, session->step_time,
                                   session->step_length, session->clearance, session->impact,
                                   session->forefoot,    session->medial,    session->cpei,
                                   session->foot_angle,  session->arm_swing};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        for (int side = 0; side < 2; side++) {
            moments_add(&all[i][side], 0.25 + (double)i);
            moments_add(&all[i][side], 0.50 + (double)i + side);
        }
    }
    for (int side = 0; side < 2; side++) {
        moments_add(&session->loading[side], 5600);
        moments_add(&session->peak_force[side], 770);
        session->strides_n[side] = 2;
        session->ways[side].turn_known = true;
        session->ways[side].turns_n = 3;
        session->ways[side].ascent_m = 3.4F;
    }
    struct moments *const ones[] = {&session->double_support_pct,
                                    &session->stride_length,
                                    &session->walk_ratio,
                                    &session->incline,
                                    &session->si_stance,
                                    &session->si_step,
                                    &session->si_load};
    for (size_t i = 0; i < sizeof(ones) / sizeof(ones[0]); i++)
        moments_add(ones[i], 1.25);
    moments_add(&session->speed, 1.1);
    moments_add(&session->belt_speed, 1.1);
    moments_add(&session->belt_speed, 1.2);
    moments_add(&session->speeds.first, 1.15);
    session->speeds.bins[36] = 9;
    session->speeds.least = session->speeds.most = 1.15F;
    session->speeds.slot_n[3] = 4;
    session->speeds.slot_sum[3] = 4.8F;
    session->imu_strides_n = session->belt_strides_n = 1;
    session->scuff_known_n = 4;
    session->scuffs_n = 1;
    session->phone_s = 33;
    session->rail_s = 12;
    session->longest_stand_s = 44;
    session->clock_skew_max_ms = 2;
    for (int i = 0; i < SESSION_CONTEXTS; i++)
        session->context_s[i] = 1 + (float)i;
    moments_add(&session->pulse.bpm, 108);
    session->pulse.most_bpm = 131;
    session->pulse.most_pct = 77;
    session->pulse.rest_bpm = 66;
    session->pulse.recovery_bpm = 21;
    session->pulse.suspect_s = 9;
    session->pulse.moderate_s = 300;
    session->pulse.vigorous_s = 30;
    session->place_start = session->place_end = session->place_most_distal;
    session->mood_pre = 2;
    session->mood_post = 4;
    session->head_forward = STRIDE__V1__ANSWER__ANSWER_YES;
    session->shoulders_hunched = STRIDE__V1__ANSWER__ANSWER_NO;
    snprintf(session->note, sizeof(session->note), "2 miles, and my pain stayed at 3");
    session->devices[0].calibrated_utc_s = 1767600000;
    session->rests_n = 1;
    session->rests[0].t_s = 100;
    session->rest_kinds[0] = REST_SIT;
    session->devices[0].dead_cells = 1U << 3 | 1U << 15;
    session->rests[0].duration_s = 64;
    session->alerts[0].ack = ALERT_ACCEPTED;
    session->alerts[0].shown = STRIDE__V1__FEEDBACK_KIND__FEEDBACK_SHOWN;
    session->alerts[0].baseline = 2.5F;
    session->alerts[0].context = CONTEXT_WALK_STEADY;
    session->alerts[0].devices = COVERAGE_LEFT_INSOLE | COVERAGE_WRIST;
    session->alerts[0].channels = CHANNEL_WRIST | CHANNEL_CAREGIVER;
    session->prompted = UINT64_C(1) << RULE_R11 | UINT64_C(1) << RULE_R12;
    session->improved = UINT64_C(1) << RULE_R12;
    session->alerts[0].ack_after_ms = session->alerts[0].shown_after_ms = 1500;
    session->reports_dropped_n = session->alerts_dropped_n = session->rests_dropped_n = 1;
}

static inline char *table_of(const char *record)
{
    char *text = NULL;
    size_t size = 0;
    struct json_reader *reader = json_reader_open();
    FILE *file = open_memstream(&text, &size);
    assert_true(record_print_table(reader, record, file));
    fclose(file);
    json_reader_close(reader);
    return text;
}

#endif
