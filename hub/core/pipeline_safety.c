#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

#include "hub/core/ident.h"

/* ---------------------------------------------------------------- what is known */

/* One device's bit of enum coverage_device. */
static unsigned device_bit(const struct device_health *health)
{
    if (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST)
        return COVERAGE_WRIST;
    if (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL)
        return COVERAGE_TREADMILL;
    if (health->kind != STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
        return 0;
    return health->side == STRIDE__V1__SIDE__SIDE_LEFT    ? COVERAGE_LEFT_INSOLE
           : health->side == STRIDE__V1__SIDE__SIDE_RIGHT ? COVERAGE_RIGHT_INSOLE
                                                          : 0U;
}

/* Heard since the walk began, and silent without having said goodbye. */
static unsigned devices_silent(const struct wearer_state *state)
{
    unsigned devices = 0;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &state->health[slot];
        if (health->registered && health->seen && !health->closed &&
            health->last_ns >= state->session.start_ns &&
            device_stale(&state->params, health, state->now_ns))
            devices |= device_bit(health);
    }
    return devices;
}

static void fill_foot(const struct wearer_state *state, enum foot foot, int64_t at_ns,
                      struct safety_foot *out)
{
    uint8_t slot = state->sources[foot].imu;
    const struct foot_imu *imu = &state->imus[foot];
    out->load_share = sole_weight_share(&state->weight, foot, at_ns);
    out->light_s = sole_weight_light_s(&state->weight, foot, at_ns);
    out->unrest = NAN;
    if (slot >= WEARER_DEVICES_MAX ||
        device_stale(&state->params, &state->health[slot], state->now_ns))
        return;
    out->unrest = sqrtf(imu->unrest);
    memcpy(out->felt, imu->accel, sizeof(out->felt));
    memcpy(out->up, imu->up, sizeof(out->up));
    out->levelled = imu->levelled;
}

/* On no body: it says so, or it lost the skin that it had. */
static bool off_the_wrist(const struct wearer_state *state, uint8_t slot)
{
    const struct signals *signals = &state->signals;
    bool no_pulse = signals->heart_slot == slot && signals->heart_ns != INT64_MIN &&
                    state->now_ns - signals->heart_ns < 10 * SECOND_NS && isnan(signals->heart_bpm);
    return no_pulse || state->health[slot].wear == STRIDE__V1__WEAR__WEAR_NOT_WORN;
}

static void fill_wrists(const struct wearer_state *state, const struct signals_now *signals,
                        struct safety_now *now)
{
    now->wrist_still_s = now->worn_still_s = NAN;
    now->wrist_away = WRIST_UNKNOWN;
    for (int arm = 0; arm < SIGNALS_ARMS; arm++) {
        const struct wrist_summary *summary = &state->signals.arms[arm].summary;
        uint8_t slot = state->signals.arms[arm].slot;
        /* One that said goodbye a moment ago tells of no stillness. */
        if (!signals->arm_fresh[arm] ||
            device_stale(&state->params, &state->health[slot], state->now_ns))
            continue;
        now->wrist_still_s = fminf(now->wrist_still_s, summary->still_s);
        if (!off_the_wrist(state, slot))
            now->worn_still_s = fminf(now->worn_still_s, summary->still_s);
        bool away = summary->walking == WRIST_NO && summary->hands_fixed != WRIST_YES;
        if (now->wrist_away != WRIST_NO)
            now->wrist_away = away ? WRIST_YES : WRIST_NO;
    }
}

static float since_step_s(const struct wearer_state *state, const struct signals_now *signals,
                          int64_t at_ns)
{
    if (feet_known(state))
        return signals->no_contact_s;
    int64_t step_ns = state->unfooted.step_ns;
    return step_ns == INT64_MIN || step_ns > at_ns ? NAN
                                                   : (float)((double)(at_ns - step_ns) * 1e-9);
}

static bool caregivers_away(const struct wearer_state *state)
{
    unsigned clients = state->alerting.clients;
    bool reached = (clients & CLIENTS_REACHED) != 0 && (clients & CLIENTS_PATH_DOWN) == 0;
    return state->config.caregiver_consent && state->config.caregivers_n > 0 &&
           (clients & CLIENTS_KNOWN) != 0 && !reached;
}

/* No stillness to ask about (S03), and no stop that counts (M23). */
bool rest_planned(const struct wearer_state *state)
{
    const struct pain_effects effects = pain_effects(&state->pain);
    const bool sits = state->context_now.gait == CONTEXT_SIT;
    return effects.triage_running || state->pain.p02 == P02_PAUSED || (effects.p05_open && sits) ||
           state->programme.plan.walk.interval == PLAN_INTERVAL_REST || walk_paused(state);
}

/* Rest is no reason not to ask whoever just told of heavy legs and answers nothing about them. */
static bool rest_answered_for(const struct wearer_state *state)
{
    return rest_planned(state) && !pain_effects(&state->pain).triage_unanswered;
}

static void fill(const struct wearer_state *state, int64_t at_ns, struct signals_now *signals,
                 struct safety_now *now)
{
    signals_known(state, at_ns, signals);
    *now = (struct safety_now){
        .params = &state->params,
        .profile = &state->profile,
        .signals = signals,
        .at_ns = at_ns,
        .session_start_ns = state->session.start_ns,
        .walk_ns = stride_last_walk_ns(&state->strides, STRIDE_LIVE),
        .devices = pipeline_devices(state),
        .silent = devices_silent(state),
        .since_step_s = since_step_s(state, signals, at_ns),
        .hr_max_bpm = state->profile.hr_max_bpm == 0 ? NAN : (float)state->profile.hr_max_bpm,
        .age_years = wearer_age_years(state),
        .gait = state->context_now.gait,
        .session_open = state->session.open,
        .planned_rest = rest_answered_for(state),
        .sport = programme_is(state, TOLD_SPORT),
        .unsteady =
            state->rules.episodes[TRACK_R12].severity != 0 || rules_uneven_ground(&state->rules),
        .caregivers_away = caregivers_away(state)};
    for (int foot = 0; foot < FEET; foot++)
        fill_foot(state, (enum foot)foot, at_ns, &now->feet[foot]);
    fill_wrists(state, signals, now);
}

float wearer_heart_max(const struct wearer_state *state)
{
    enum rule_absence why;
    float clinician_bpm = state->profile.hr_max_bpm == 0 ? NAN : (float)state->profile.hr_max_bpm;
    return safety_heart_max(&state->profile, wearer_age_years(state), clinician_bpm, &why);
}

/* Of the walk that ended: a contact was told that nothing moves, no step came since, and nobody has
 * said that all is well. */
bool guard_lies_still(const struct wearer_state *state)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &state->alerting.alerts[i];
        bool waits = alert_is_open(alert) || alert->state == ALERT_ACCEPTED;
        bool told = alert->rule == RULE_S03 || (alert->carried & rule_told_bit(RULE_S03)) != 0;
        if (alert->id[0] != '\0' && waits && told && alert->urgency != URGENCY_NONE &&
            alert->raised_ns >= state->session.end_ns)
            return true;
    }
    return false;
}

/* ---------------------------------------------------------------- what is done about it */

static void ask_belts(struct step *step, const struct safety_out *out)
{
    struct wearer_state *state = step->state;
    for (int i = 0; i < out->belts_n; i++) {
        struct effect *effect = effects_add(step->effects, EFFECT_BELT, state->now_ns);
        effect->slot = INPUT_SLOT_NONE;
        ident_short(effect->belt.id, 'b', ident_word(state->id_salt, state->alerting.ids_n++));
        effect->belt.kind = out->belts[i].kind;
        effect->belt.text = out->belts[i].text;
        effect->belt.slow_by_mps = out->belts[i].slow_by_mps;
    }
}

/* S08 speaks once per device: that no fall can be seen is said in the place of one of which nothing
 * was said yet. */
static void name_slot(struct wearer_state *state, struct finding *finding)
{
    uint8_t *slot = &state->safety.blind_slot;
    if (finding->rule != RULE_S08 || finding->slot != INPUT_SLOT_NONE)
        return;
    for (unsigned i = 0; i < WEARER_DEVICES_MAX && *slot == INPUT_SLOT_NONE; i++) {
        if ((state->alerting.told_devices >> i & 1) == 0)
            *slot = (uint8_t)i;
    }
    finding->slot = *slot = *slot == INPUT_SLOT_NONE ? 0 : *slot;
}

/* Answered once the alert had gone out: who was told hears that all is well, as after OK. */
static void take_back(struct step *step, enum rule rule)
{
    struct wearer_state *state = step->state;
    struct alert_context context = pipeline_context(state);
    const int from = step->effects->n;
    context.said_ago_ns = step->said_ago_ns;
    alerting_fine(&state->alerting, &context, rule, step->input->slot, state->now_ns,
                  step->effects);
    pipeline_record(step, from);
}

/* The belt first: it is what still hurts. */
static void act(struct step *step, struct safety_out *out)
{
    struct wearer_state *state = step->state;
    for (int i = 0; i < out->found.n; i++)
        name_slot(state, &out->found.items[i]);
    ask_belts(step, out);
    pipeline_decide(step, &out->found);
    if (out->stumbled && state->session.open)
        state->session.stumbles_n =
            (uint16_t)(state->session.stumbles_n + (state->session.stumbles_n < UINT16_MAX));
    if (out->fell && state->session.open)
        walk_close(step, END_FALL);
    if (out->recovered)
        pain_after_fall(step);
    if (out->wants) {
        const struct alert_context context = pipeline_context(state);
        alerting_by_wearer(&state->alerting, &context, RULE_S01, state->now_ns, step->effects);
    }
    if (out->fine != RULE_NONE)
        take_back(step, (enum rule)out->fine);
}

/* ---------------------------------------------------------------- when it is looked at */

/* The rail's hold (S05's `rail_hold` mark), the look at a phone while walking (M21) and rest that
 * is meant in the record, second by second. */
static void note_posture(struct wearer_state *state, const struct signals_now *signals,
                         int64_t second_ns)
{
    const struct context_now *now = &state->context_now;
    bool looks = (now->flags & CONTEXT_FLAG_VIEWING) != 0 &&
                 (now->gait == CONTEXT_WALK || now->gait == CONTEXT_WALK_STEADY);
    double held_s = signals->rail == SIGNAL_UNKNOWN ? (double)NAN : signals->rail == SIGNAL_YES;
    double phone_s = isnan(signals->viewing_share) ? (double)NAN : looks;
    session_posture(&state->session, phone_s, held_s);
    if (second_ns - walk_last_ns(state) >= SECOND_NS && rest_planned(state))
        session_planned_rest(&state->session, 1);
}

void guard_second(struct step *step, int64_t second_ns)
{
    struct signals_now signals;
    struct safety_now now;
    struct safety_out out;
    safety_out_none(&out);
    fill(step->state, second_ns, &signals, &now);
    note_posture(step->state, &signals, second_ns);
    safety_second(&step->state->safety, &now, &out);
    act(step, &out);
}

static void look(struct step *step)
{
    struct signals_now signals;
    struct safety_now now;
    struct safety_out out;
    safety_out_none(&out);
    fill(step->state, step->state->now_ns, &signals, &now);
    safety_look(&step->state->safety, &now, &out);
    act(step, &out);
}

void guard_due(struct step *step)
{
    if (safety_deadline_ns(&step->state->safety) <= step->state->now_ns)
        look(step);
}

void guard_frame(struct step *step)
{
    const struct wearer_state *state = step->state;
    if (safety_watches(&state->safety, &state->signals, state->now_ns))
        look(step);
}

void guard_wrist(struct step *step, uint8_t slot, const struct wrist_event *event)
{
    struct wearer_state *state = step->state;
    if (event->kind == WRIST_STEP && !feet_known(state))
        guard_step(step, event->at_session_ns);
    if (event->kind != WRIST_FALL_SUSPECT && event->kind != WRIST_FALL_STILL)
        return;
    struct signals_now signals;
    struct safety_now now;
    struct safety_out out;
    safety_out_none(&out);
    fill(state, state->now_ns, &signals, &now);
    now.dropped = off_the_wrist(state, slot);
    safety_wrist(&state->safety, &now, event, &out);
    act(step, &out);
}

void guard_step(struct step *step, int64_t step_ns)
{
    struct wearer_state *state = step->state;
    if (!safety_counts_steps(&state->safety))
        return;
    struct signals_now signals;
    struct safety_now now;
    struct safety_out out;
    safety_out_none(&out);
    fill(state, state->now_ns, &signals, &now);
    safety_step(&state->safety, &now, step_ns, &out);
    act(step, &out);
}

/* When a wrist last rose over 2 g, up to a second after the step. */
static int64_t knocked_ns(const struct wearer_state *state, int64_t end_ns)
{
    int64_t newest_ns = SAFETY_NEVER;
    for (int arm = 0; arm < SIGNALS_ARMS; arm++) {
        uint8_t slot = state->signals.arms[arm].slot;
        if (slot >= WEARER_DEVICES_MAX)
            continue;
        for (int i = 0; i < FALL_KNOCKS; i++) {
            double knock_us = state->wrists[arm].fall.knocks_us[i];
            if (!isfinite(knock_us))
                continue;
            int64_t at_ns = align_session_ns(&state->devices[slot].align, knock_us);
            if (at_ns > newest_ns && at_ns <= end_ns + SECOND_NS)
                newest_ns = at_ns;
        }
    }
    return newest_ns;
}

void guard_stride(struct step *step, const struct stride *stride,
                  const struct stride_summary *summary)
{
    struct wearer_state *state = step->state;
    if (!state->session.open || isnan(stride->step_s))
        return;
    struct signals_now signals;
    struct safety_now now;
    struct safety_out out;
    safety_out_none(&out);
    fill(state, state->now_ns, &signals, &now);
    safety_stride(&state->safety, &now, stride, summary, knocked_ns(state, stride->end_ns), &out);
    act(step, &out);
}

void guard_report(struct step *step, const struct wire_report *report)
{
    if (report->button == STRIDE__V1__BUTTON__BUTTON_UNKNOWN && report->question[0] == '\0')
        return;
    struct signals_now signals;
    struct safety_now now;
    struct safety_out out;
    safety_out_none(&out);
    fill(step->state, step->state->now_ns, &signals, &now);
    now.said_ago_ns = step->said_ago_ns;
    now.by_other = step->by_other;
    safety_report(&step->state->safety, &now, report, &out);
    act(step, &out);
}

void guard_feedback(struct step *step, const struct wire_feedback *feedback)
{
    struct wearer_state *state = step->state;
    const enum rule rule = alerting_rule_of(&state->alerting, feedback->prompt);
    if (feedback->kind != STRIDE__V1__FEEDBACK_KIND__FEEDBACK_ANSWERED ||
        (rule != RULE_S01 && rule != RULE_S03))
        return;
    /* "Calling your contact now" asks nothing: a yes to it is no word of being well. */
    if (rule == RULE_S01 && feedback->answer == STRIDE__V1__ANSWER__ANSWER_YES &&
        alerting_has_prompt(&state->alerting, feedback->prompt))
        return;
    struct signals_now signals;
    struct safety_now now;
    struct safety_out out;
    safety_out_none(&out);
    fill(state, state->now_ns, &signals, &now);
    now.said_ago_ns = step->said_ago_ns;
    safety_answer(&state->safety, &now, rule, feedback->answer, &out);
    act(step, &out);
}

void guard_absence(struct wearer_state *state)
{
    static const uint8_t rules[] = {RULE_S01, RULE_S02, RULE_S03, RULE_S04,
                                    RULE_S05, RULE_S06, RULE_S09};
    struct signals_now signals;
    struct safety_now now;
    fill(state, state->now_ns, &signals, &now);
    for (size_t i = 0; i < sizeof(rules); i++)
        rules_note_absence(&state->rules, (enum rule)rules[i],
                           safety_absence(&now, (enum rule)rules[i]));
}
