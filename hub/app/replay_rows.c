#include "hub/app/replay_rows.h"

#include <assert.h>
#include <math.h>

#include "hub/core/wrist.h"

static const char *device_of(const struct replay_wearer *wearer, const struct effect *effect,
                             int foot)
{
    if (effect->kind == EFFECT_EVENT && effect->slot < WEARER_DEVICES_MAX)
        return wearer->state->devices[effect->slot].id;
    const int side = foot == FOOT_LEFT ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT;
    for (int slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        if (wearer->state->health[slot].side == side &&
            wearer->state->health[slot].kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
            return wearer->state->devices[slot].id;
    }
    return "";
}

const char *const replay_event_head[] = {"device",     "foot",        "kind",
                                         "t_device_s", "t_session_s", NULL};

void replay_event_row(struct rows *rows, const struct replay_wearer *wearer,
                      const struct effect *effect)
{
    const struct gait_event *event = &effect->event;
    rows_begin(rows);
    rows_text(rows, device_of(wearer, effect, event->foot));
    rows_text(rows, event->foot == FOOT_LEFT ? "left" : "right");
    rows_text(rows, event->kind == GAIT_INITIAL_CONTACT ? "ic" : "fo");
    rows_number(rows, event->at_device_us / 1e6, 17); /* the same text means the same bits */
    rows_ns(rows, event->at_session_ns);
    rows_end(rows);
}

/* clang-format off */
const char *const replay_stride_head[] = {
    "session_id",
    "wearer",
    "device",
    "foot",
    "valid",
    "other_known",
    "walking",
    "steady",
    "start_session_s",
    "end_session_s",
    "start_device_s",
    "foot_off_device_s",
    "end_device_s",
    "stride_s",
    "stance_s",
    "swing_s",
    "stance_pct",
    "swing_pct",
    "double_support_s",
    "double_support_pct",
    "step_s",
    "peak_force_n",
    "impulse_n_s",
    "belt_mps",
    "incline_ratio",
    "stride_length_m",
    "speed_mps",
    "flight_s",
    "length_imu_m",
    "height_m",
    "turn_deg",
    "foot_angle_deg",
    "clearance_mm",
    "swing_jerk",
    "impact_g",
    "scuff",
    "forefoot_first",
    "loading_n_s",
    "forefoot_share",
    "medial_index",
    "cpei_pct",
    "slap_s",
    NULL};
/* clang-format on */

static float answer(uint8_t said)
{
    return said == STRIDE_UNKNOWN ? NAN : (float)(said == STRIDE_YES);
}

static void stride_measures(struct rows *rows, const struct stride *stride)
{
    const struct stride_shape *shape = &stride->shape;
    const float measures[] = {stride->stride_s,
                              stride->stance_s,
                              stride->swing_s,
                              stride->stance_pct,
                              stride->swing_pct,
                              stride->double_support_s,
                              stride->double_support_pct,
                              stride->step_s,
                              stride->peak_force_n,
                              stride->impulse_ns,
                              stride->belt_mps,
                              stride->incline,
                              stride->stride_length_m,
                              stride->speed_mps,
                              stride->flight_s,
                              shape->length_m,
                              shape->height_m,
                              shape->turn_deg,
                              shape->foot_angle_deg,
                              shape->clearance_mm,
                              shape->swing_jerk,
                              shape->impact_g,
                              answer(shape->scuff),
                              answer(shape->forefoot_first),
                              shape->loading_n_s,
                              shape->forefoot_share,
                              shape->medial_index,
                              shape->cpei_pct,
                              shape->slap_s};
    for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++)
        rows_number(rows, (double)measures[i], 9);
}

void replay_stride_row(struct rows *rows, const struct replay_wearer *wearer,
                       const struct effect *effect)
{
    const struct stride *stride = &effect->stride;
    const struct session *session = &wearer->state->session;
    const bool inside = session->id[0] != '\0' && stride->start_ns >= session->start_ns &&
                        (session->open || stride->end_ns <= session->end_ns);
    const bool flags[] = {stride->valid, stride->other_known, stride->walking, stride->steady};
    rows_begin(rows);
    rows_text(rows, inside ? session->id : "");
    rows_text(rows, wearer->id);
    rows_text(rows, device_of(wearer, effect, stride->foot));
    rows_text(rows, stride->foot == FOOT_LEFT ? "left" : "right");
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        rows_number(rows, flags[i] ? 1 : 0, 17);
    rows_ns(rows, stride->start_ns);
    rows_ns(rows, stride->end_ns);
    rows_number(rows, stride->start_device_us / 1e6, 17);
    rows_number(rows, stride->foot_off_device_us / 1e6, 17);
    rows_number(rows, stride->end_device_us / 1e6, 17);
    stride_measures(rows, stride);
    rows_end(rows);
}

const char *const replay_wrist_head[] = {
    "wearer",      "device",        "kind",      "t_device_s",    "t_session_s",
    "cadence_spm", "arm_swing_deg", "pitch_deg", "viewing_share", NULL};

void replay_wrist_row(struct rows *rows, const char *wearer, const char *device,
                      const struct wrist_event *event)
{
    rows_begin(rows);
    rows_text(rows, wearer);
    rows_text(rows, device);
    rows_text(rows, wrist_event_name((enum wrist_event_kind)event->kind));
    rows_number(rows, event->at_device_us / 1e6, 17);
    rows_ns(rows, event->at_session_ns);
    rows_number(rows, (double)event->cadence_spm, 9);
    rows_number(rows, (double)event->arm_swing_deg, 9);
    rows_number(rows, (double)event->pitch_deg, 9);
    rows_number(rows, (double)event->viewing_share, 9);
    rows_end(rows);
}
