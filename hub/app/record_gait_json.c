/* How somebody walked: speed, gait and heart. */
#include <math.h>

#include "hub/app/record_names.h"
#include "hub/app/record_parts.h"

#define W struct json_writer *writer

static void mean_sd(W, const char *key, const struct moments *moments, double scale, int decimals)
{
    if (moments->n == 0)
        return;
    json_object(writer, key);
    json_number(writer, "mean", scale * moments_mean(moments), decimals);
    json_number(writer, "sd", scale * moments_sd(moments), decimals);
    json_integer(writer, "n", moments->n);
    json_object_end(writer);
}

static void per_side(W, const char *key, const struct moments moments[FEET], double scale,
                     int decimals)
{
    if (moments[FOOT_LEFT].n == 0 && moments[FOOT_RIGHT].n == 0)
        return;
    json_object(writer, key);
    mean_sd(writer, "L", &moments[FOOT_LEFT], scale, decimals);
    mean_sd(writer, "R", &moments[FOOT_RIGHT], scale, decimals);
    json_object_end(writer);
}

void record_speed(W, const struct session *session)
{
    json_number(writer, "v_mean", moments_mean(&session->speed), 3);
    json_number(writer, "v_p10", session_speed_percentile(session, 0.1), 2);
    json_number(writer, "v_p90", session_speed_percentile(session, 0.9), 2);
    json_number(writer, "v_first3min", session_speed_first(session), 3);
    json_number(writer, "v_last3min", session_speed_last(session), 3);
    json_number(writer, "belt_speed_sd", moments_sd(&session->belt_speed), 3);
}

static void timing(W, const struct session *session)
{
    const bool feet = session->cadence.n > 0;
    mean_sd(writer, "cadence_spm", feet ? &session->cadence : &session->wrist_cadence, 1, 2);
    if (feet || session->wrist_cadence.n > 0)
        json_string(writer, "cadence_source", feet ? "feet" : "wrist");
    per_side(writer, "stride_time_s", session->stride_time, 1, 4);
    per_side(writer, "step_time_s", session->step_time, 1, 4);
    per_side(writer, "stance_pct", session->stance_pct, 1, 2);
    per_side(writer, "swing_pct", session->swing_pct, 1, 2);
    mean_sd(writer, "double_support_pct", &session->double_support_pct, 1, 2);
}

static void length(W, const struct session *session)
{
    mean_sd(writer, "stride_length_m", &session->stride_length, 1, 3);
    per_side(writer, "step_length_m", session->step_length, 1, 3);
    /* M07: half a stride, over the height. */
    if (session->height_m > 0)
        mean_sd(writer, "slh", &session->stride_length, 0.5 / (double)session->height_m, 3);
    mean_sd(writer, "walk_ratio_m_per_spm", &session->walk_ratio, 1, 5);
}

static void symmetry(W, const struct session *session)
{
    json_number(writer, "stride_cv_pct", moments_mean(&session->stride_cv), 2);
    json_number(writer, "si_stance_pct", moments_mean(&session->si_stance), 2);
    json_number(writer, "si_step_pct", moments_mean(&session->si_step), 2);
    json_number(writer, "si_load_pct", moments_mean(&session->si_load), 2);
}

static void foot(W, const struct session *session)
{
    per_side(writer, "fsa_deg", session->foot_angle, 1, 1);
    per_side(writer, "toe_clear_min_mm", session->clearance, 1, 1);
    if (session->scuff_known_n > 0) {
        json_integer(writer, "scuffs_n", session->scuffs_n);
        json_integer(writer, "scuff_strides_n", session->scuff_known_n);
    }
    if (session->weight_n > 0) {
        per_side(writer, "loading_rate_bwps", session->loading, 1 / (double)session->weight_n, 2);
        per_side(writer, "peak_force_bw", session->peak_force, 1 / (double)session->weight_n, 3);
    }
    per_side(writer, "peak_force_n", session->peak_force, 1, 1);
    per_side(writer, "impact_g", session->impact, 1, 2);
    per_side(writer, "ff_share", session->forefoot, 1, 3);
    per_side(writer, "ml_index", session->medial, 1, 3);
    per_side(writer, "cpei_pct", session->cpei, 1, 1);
}

static void contexts(W, const struct session *session)
{
    bool any = false;
    for (int i = 0; i < SESSION_CONTEXTS; i++)
        any = any || session->context_s[i] > 0;
    if (!any)
        return;
    json_object(writer, "context_s");
    for (int i = 0; i < SESSION_CONTEXTS; i++) {
        if (session->context_s[i] > 0)
            json_number(writer, record_context_name(i), (double)session->context_s[i], 1);
    }
    json_object_end(writer);
}

void record_gait(W, const struct session *session)
{
    timing(writer, session);
    length(writer, session);
    symmetry(writer, session);
    foot(writer, session);
    per_side(writer, "arm_swing_deg", session->arm_swing, 1, 1);
    json_number(writer, "phone_s", (double)session->phone_s, 1);
    json_number(writer, "handrail_s", (double)session->rail_s, 1);
    record_count(writer, "turns_n", session_turns(session));
    if (session->amounts_source == SESSION_FEET) {
        json_object(writer, "strides_n");
        json_integer(writer, "L", session->strides_n[FOOT_LEFT]);
        json_integer(writer, "R", session->strides_n[FOOT_RIGHT]);
        json_object_end(writer);
        json_integer(writer, "steady_strides_n", session->steady_strides_n);
        json_integer(writer, "cv_outliers_n", session->cv_outliers_n);
    }
    contexts(writer, session);
    if (session->belt_speed.n > 0 && session->imu_strides_n == 0) {
        json_string(writer, "surface", "treadmill");
        json_string(writer, "surface_source", "treadmill");
    }
}

void record_heart(W, const struct session *session)
{
    const struct session_pulse *pulse = &session->pulse;
    json_number(writer, "hr_rest_bpm", (double)pulse->rest_bpm, 0);
    json_number(writer, "hr_mean_bpm", moments_mean(&pulse->bpm), 0);
    json_number(writer, "hr_max_bpm", (double)pulse->most_bpm, 0);
    json_number(writer, "hr_pct_max_peak", (double)pulse->most_pct, 0);
    json_number(writer, "hr_recovery_60s_bpm", (double)pulse->recovery_bpm, 0);
    json_number(writer, "hr_suspect_s", (double)pulse->suspect_s, 0);
    json_number(writer, "min_moderate", (double)pulse->moderate_s / 60, 1);
    json_number(writer, "min_vigorous", (double)pulse->vigorous_s / 60, 1);
}
