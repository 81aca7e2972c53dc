#include "hub/core/effect.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const char *alert_state_name(enum alert_state state)
{
    static const char *const names[ALERT_STATES] = {"none",      "raised",    "sent",
                                                    "delivered", "seen",      "accepted",
                                                    "resolved",  "cancelled", "expired"};
    assert(state < ALERT_STATES);
    return names[state];
}

int64_t alert_due_ns(const struct alert *alert)
{
    int64_t first_ns = INT64_MAX;
    for (unsigned i = 0; i < ALERT_TIMERS; i++) {
        if (alert->due_ns[i] < first_ns)
            first_ns = alert->due_ns[i];
    }
    return first_ns;
}

int effects_walk_opened(const struct effects *list)
{
    int i = list->n - 1;
    while (i >= 0 && (list->items[i].kind != EFFECT_SESSION ||
                      list->items[i].session.change != SESSION_OPENED))
        i--;
    return i;
}

struct effect *effects_add(struct effects *list, enum effect_kind kind, int64_t at_ns)
{
    assert(list->n >= 0 && list->n < EFFECTS_MAX);
    struct effect *effect = &list->items[list->n++];
    memset(effect, 0, sizeof(*effect));
    effect->kind = (uint8_t)kind;
    effect->slot = UINT8_MAX;
    effect->at_ns = at_ns;
    return effect;
}

/* ---------------------------------------------------------------- digest
 * Field by field: padding and the unused bytes of the union are no part of an effect. */

static uint64_t fold_word(uint64_t digest, uint64_t value, unsigned bytes_n)
{
    for (unsigned i = 0; i < bytes_n; i++) {
        digest ^= value >> (8 * i) & 0xff;
        digest *= UINT64_C(0x100000001b3);
    }
    return digest;
}

uint64_t bytes_digest(uint64_t digest, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < size; i++)
        digest = fold_word(digest, at[i], 1);
    return digest;
}

static uint64_t fold_byte(uint64_t digest, unsigned value)
{
    return fold_word(digest, value, 1);
}

static uint64_t fold_time(uint64_t digest, int64_t value)
{
    return fold_word(digest, (uint64_t)value, 8);
}

/* All NANs are one: "absent" has no payload. */
static uint64_t fold_float(uint64_t digest, float value)
{
    uint32_t bits = UINT32_C(0x7fc00000);
    if (!isnan(value))
        memcpy(&bits, &value, sizeof(bits));
    return fold_word(digest, bits, 4);
}

static uint64_t fold_double(uint64_t digest, double value)
{
    uint64_t bits = UINT64_C(0x7ff8000000000000);
    if (!isnan(value))
        memcpy(&bits, &value, sizeof(bits));
    return fold_word(digest, bits, 8);
}

/* With its length, so that neighbours cannot trade characters. */
static uint64_t fold_text(uint64_t digest, const char *text, size_t size)
{
    size_t length = 0;
    while (length < size && text[length] != '\0')
        length++;
    digest = fold_word(digest, length, 2);
    for (size_t i = 0; i < length; i++)
        digest = fold_byte(digest, (unsigned char)text[i]);
    return digest;
}

static uint64_t fold_event(uint64_t digest, const struct gait_event *event)
{
    digest = fold_byte(digest, event->foot);
    digest = fold_byte(digest, event->kind);
    digest = fold_byte(digest, event->after_gap);
    digest = fold_byte(digest, event->late);
    digest = fold_double(digest, event->at_device_us);
    digest = fold_time(digest, event->at_session_ns);
    digest = fold_float(digest, event->peak_force_n);
    return fold_float(digest, event->impulse_ns);
}

static uint64_t fold_floats(uint64_t digest, const float *values, size_t n)
{
    for (size_t i = 0; i < n; i++)
        digest = fold_float(digest, values[i]);
    return digest;
}

static uint64_t fold_wrist(uint64_t digest, const struct wrist_event *event)
{
    digest = fold_byte(digest, event->kind);
    digest = fold_byte(digest, event->late);
    digest = fold_byte(digest, event->after_gap);
    digest = fold_double(digest, event->at_device_us);
    digest = fold_time(digest, event->at_session_ns);
    const float values[] = {event->cadence_spm,   event->arm_swing_deg, event->pitch_deg,
                            event->viewing_share, event->fall.impact_g, event->fall.free_fall_ms,
                            event->fall.turn_deg};
    digest = fold_floats(digest, values, sizeof(values) / sizeof(values[0]));
    digest = fold_byte(digest, event->fall.slow_sampling);
    return fold_byte(digest, event->fall.turned);
}

static uint64_t fold_shape(uint64_t digest, const struct stride_shape *shape)
{
    const float values[] = {shape->length_m,       shape->height_m,     shape->turn_deg,
                            shape->foot_angle_deg, shape->clearance_mm, shape->swing_jerk,
                            shape->impact_g,       shape->loading_n_s,  shape->slap_s,
                            shape->forefoot_share, shape->medial_index, shape->cpei_pct};
    digest = fold_floats(digest, values, sizeof(values) / sizeof(values[0]));
    digest = fold_byte(digest, shape->scuff);
    return fold_byte(digest, shape->forefoot_first);
}

static uint64_t fold_stride(uint64_t digest, const struct stride *stride)
{
    const uint8_t bytes[] = {stride->foot,        stride->path,    stride->valid,
                             stride->other_known, stride->walking, stride->steady};
    for (size_t i = 0; i < sizeof(bytes); i++)
        digest = fold_byte(digest, bytes[i]);
    digest = fold_time(digest, stride->start_ns);
    digest = fold_time(digest, stride->end_ns);
    digest = fold_double(digest, stride->start_device_us);
    digest = fold_double(digest, stride->foot_off_device_us);
    digest = fold_double(digest, stride->end_device_us);
    const float values[] = {
        stride->stride_s,           stride->stance_s,  stride->swing_s,
        stride->stance_pct,         stride->swing_pct, stride->double_support_s,
        stride->double_support_pct, stride->step_s,    stride->peak_force_n,
        stride->impulse_ns,         stride->belt_mps,  stride->incline,
        stride->stride_length_m,    stride->speed_mps, stride->flight_s,
    };
    digest = fold_floats(digest, values, sizeof(values) / sizeof(values[0]));
    return fold_shape(digest, &stride->shape);
}

static uint64_t fold_numbers(uint64_t digest, const struct text_numbers *numbers)
{
    digest = fold_float(digest, numbers->metres);
    digest = fold_word(digest, (uint16_t)numbers->n, 2);
    digest = fold_word(digest, (uint16_t)numbers->min, 2);
    digest = fold_word(digest, (uint16_t)numbers->min_next, 2);
    const uint8_t bytes[] = {numbers->nrs, numbers->nrs_start, numbers->nrs_end, numbers->surface,
                             numbers->known};
    for (size_t i = 0; i < sizeof(bytes); i++)
        digest = fold_byte(digest, bytes[i]);
    return digest;
}

static uint64_t fold_prompt(uint64_t digest, const struct effect_prompt *prompt)
{
    digest = fold_text(digest, prompt->id, sizeof(prompt->id));
    const uint8_t bytes[] = {prompt->rule,         prompt->severity, prompt->text,
                             prompt->pattern,      prompt->praise,   prompt->to_wrist,
                             prompt->to_treadmill, prompt->alarm,    prompt->repeat,
                             prompt->silent,       prompt->question, prompt->device};
    for (size_t i = 0; i < sizeof(bytes); i++)
        digest = fold_byte(digest, bytes[i]);
    digest = fold_word(digest, prompt->expiry_s, 2);
    digest = fold_text(digest, prompt->name, sizeof(prompt->name));
    return fold_numbers(digest, &prompt->numbers);
}

static uint64_t fold_evidence(uint64_t digest, const struct alert_evidence *evidence)
{
    digest = fold_float(digest, evidence->baseline);
    digest = fold_float(digest, evidence->duration_s);
    for (size_t i = 0; i < WEARER_CAREGIVERS_MAX; i++)
        digest = fold_word(digest, evidence->told_after_s[i], 2);
    digest = fold_word(digest, evidence->shown_after_s, 2);
    const uint8_t bytes[] = {evidence->shown, evidence->context,       evidence->devices,
                             evidence->stale, evidence->dropped_gates, evidence->by_wearer};
    for (size_t i = 0; i < sizeof(bytes); i++)
        digest = fold_byte(digest, bytes[i]);
    digest = fold_word(digest, evidence->first_before_s, 4);
    digest = fold_word(digest, evidence->alarm_after_s, 2);
    digest = fold_byte(digest, evidence->question);
    return fold_byte(digest, evidence->answer);
}

static uint64_t fold_alert(uint64_t digest, const struct alert *alert)
{
    digest = fold_text(digest, alert->id, sizeof(alert->id));
    digest = fold_text(digest, alert->accepted_by, sizeof(alert->accepted_by));
    const uint8_t bytes[] = {alert->rule, alert->severity, alert->state, alert->urgency,
                             alert->slot, alert->text,     alert->told,  alert->delivered,
                             alert->seen, alert->said_n,   alert->alarm, alert->answered};
    for (size_t i = 0; i < sizeof(bytes); i++)
        digest = fold_byte(digest, bytes[i]);
    digest = fold_word(digest, alert->level, 2);
    for (size_t i = 0; i < ALERT_STAMPS; i++) {
        digest = fold_word(digest, (uint32_t)alert->stamps[i].after_ms, 4);
        digest = fold_byte(digest, alert->stamps[i].actor.kind);
        digest = fold_byte(digest, alert->stamps[i].actor.index);
    }
    const int64_t times[] = {alert->found_ns, alert->raised_ns, alert->changed_ns,
                             alert->raised_wall_ms, alert->changed_wall_ms};
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        digest = fold_time(digest, times[i]);
    for (size_t i = 0; i < ALERT_TIMERS; i++)
        digest = fold_time(digest, alert->due_ns[i]);
    digest = fold_word(digest, alert->sends_n, 4);
    digest = fold_float(digest, alert->value);
    digest = fold_float(digest, alert->threshold);
    digest = fold_evidence(digest, &alert->evidence);
    return alert->carried == 0 ? digest : fold_word(digest, alert->carried, 4);
}

static uint64_t fold_live(uint64_t digest, const struct effect_live *live)
{
    digest = fold_byte(digest, live->session_open);
    digest = fold_byte(digest, live->walking);
    const float values[] = {live->session_s,   live->walk_s,        live->distance_m,
                            live->cadence_spm, live->si_stance_pct, live->stride_cv_pct,
                            live->speed_mps};
    digest = fold_floats(digest, values, sizeof(values) / sizeof(values[0]));
    digest = fold_word(digest, live->steps_n, 4);
    digest = fold_byte(digest, (uint8_t)live->pain_nrs);
    digest = fold_byte(digest, live->last_text);
    digest = fold_numbers(digest, &live->last_numbers);
    return fold_byte(digest, live->alerts_open);
}

static uint64_t fold_decision(uint64_t digest, const struct plan_decision *decision)
{
    const uint8_t bytes[] = {decision->direction, decision->why,      decision->from,
                             decision->to,        decision->dropped,  decision->days_n,
                             decision->done_n,    decision->planned_n};
    for (size_t i = 0; i < sizeof(bytes); i++)
        digest = fold_byte(digest, bytes[i]);
    return fold_word(digest, (uint32_t)decision->day, 4);
}

uint64_t effect_digest(uint64_t digest, const struct effect *effect)
{
    digest = fold_byte(digest, effect->kind);
    digest = fold_byte(digest, effect->slot);
    digest = fold_time(digest, effect->at_ns);
    switch ((enum effect_kind)effect->kind) {
    case EFFECT_EVENT:
        return fold_event(digest, &effect->event);
    case EFFECT_STRIDE:
        return fold_stride(digest, &effect->stride);
    case EFFECT_SESSION:
        return fold_byte(digest, effect->session.change);
    case EFFECT_PROMPT:
        return fold_prompt(digest, &effect->prompt);
    case EFFECT_BELT:
        digest = fold_text(digest, effect->belt.id, sizeof(effect->belt.id));
        digest = fold_byte(digest, effect->belt.kind);
        digest = fold_float(digest, effect->belt.slow_by_mps);
        return fold_byte(digest, effect->belt.text);
    case EFFECT_ALERT:
        return fold_alert(digest, &effect->alert);
    case EFFECT_NOTICE:
        digest = fold_alert(digest, &effect->notice.alert);
        digest = fold_text(digest, effect->notice.account, sizeof(effect->notice.account));
        digest = fold_byte(digest, effect->notice.resend);
        digest = fold_byte(digest, effect->notice.late);
        return fold_byte(digest, effect->notice.clear);
    case EFFECT_LIVE:
        return fold_live(digest, &effect->live);
    case EFFECT_WRIST:
        return fold_wrist(digest, &effect->wrist);
    case EFFECT_PLAN:
        digest = fold_byte(digest, effect->plan.decided);
        return fold_decision(digest, &effect->plan.decision);
    case EFFECT_NONE:
    case EFFECT_KINDS:
        break;
    }
    return digest;
}
