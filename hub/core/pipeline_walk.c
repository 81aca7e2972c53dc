#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

#define LOSS_NS (3 * SECOND_NS) /* silence this soon after the last step cut the walk off */

struct alert_context pipeline_context(const struct wearer_state *state)
{
    return (struct alert_context){
        .params = &state->params,
        .health = state->health,
        .caregivers = state->config.caregivers,
        .caregivers_n = state->config.caregivers_n,
        .caregiver_consent = state->config.caregiver_consent,
        .coaching_consent = state->config.coaching_consent,
        .session_open = state->session.open,
        .session_start_ns = state->session.start_ns,
        .wall_minus_mono_ms = state->wall_minus_mono_ms,
        .tz_offset_min = state->config.tz_offset_min,
        .body_context = state->context_now.context,
        .devices = (uint8_t)pipeline_devices(state),
        .id_salt = state->id_salt,
    };
}

bool pipeline_storing(const struct wearer_state *state)
{
    return state->hub == HUB_NORMAL;
}

/* A live view may be a caregiver's. */
static bool stays_home(const struct effect_prompt *prompt)
{
    const enum question question = (enum question)prompt->question;
    return rule_is(prompt->rule, RULE_PRIVATE) ||
           (question != QUESTION_NONE && question_private(question_info(question)->id));
}

/* The record follows what happened to alerts and prompts since effect number `from`. */
void pipeline_record(struct step *step, int from)
{
    bool changed = false;
    for (int i = from; i < step->effects->n; i++) {
        const struct effect *effect = &step->effects->items[i];
        if (effect->kind == EFFECT_ALERT)
            changed |= session_alert_change(&step->state->session, &effect->alert);
        if (effect->kind != EFFECT_PROMPT)
            continue;
        changed |= session_prompt(&step->state->session, &effect->prompt);
        if (stays_home(&effect->prompt))
            continue;
        step->state->live.last_text = effect->prompt.text;
        step->state->live.last_numbers = effect->prompt.numbers;
    }
    /* An open walk's record is written again anyway; a closed one's would stay as it was. */
    if (changed && !step->state->session.open)
        walk_effect(step, SESSION_UPDATED);
}

/* Without those whose cue is turned off; false if none is left. */
static bool without_cues(const struct wearer_state *state, const struct findings *findings,
                         struct findings *kept)
{
    kept->n = 0;
    for (int i = 0; i < findings->n; i++) {
        if (!programme_cue_off(state, findings->items[i].rule))
            kept->items[kept->n++] = findings->items[i];
    }
    return kept->n > 0;
}

/* S04: every STOP but the belt's own and a fall's ramps down, if the wearer agrees. That of pain is
 * offered where it ends the walk. */
static bool offers_ramp(const struct decision *decision)
{
    const struct finding *finding = &decision->finding;
    return !finding->cleared && finding->severity == STRIDE__V1__SEVERITY__SEVERITY_STOP &&
           decision->suppression == SUPPRESSED_NOT &&
           (finding->rule == RULE_R11 || finding->rule == RULE_S06);
}

void pipeline_decide(struct step *step, const struct findings *findings)
{
    struct wearer_state *state = step->state;
    if (findings->n == 0)
        return;
    programme_hear(state, findings);
    struct findings kept;
    if (!without_cues(state, findings, &kept))
        return;
    struct alert_context context = pipeline_context(state);
    struct decisions decided = {0};
    int from = step->effects->n;
    alerting_findings(&state->alerting, &context, &kept, state->now_ns, &decided, step->effects);
    for (int i = 0; i < decided.n; i++) {
        session_decision(&state->session, &decided.items[i], state->wall_minus_mono_ms);
        if (offers_ramp(&decided.items[i]))
            ramp_offer(step);
    }
    pipeline_record(step, from);
}

/* ---------------------------------------------------------------- the walk */

int64_t walk_last_ns(const struct wearer_state *state)
{
    int64_t live = stride_last_walk_ns(&state->strides, STRIDE_LIVE);
    int64_t final = stride_last_walk_ns(&state->strides, STRIDE_FINAL);
    int64_t last = live > final ? live : final;
    last = last > state->unfooted.last_ns ? last : state->unfooted.last_ns;
    return last > state->session.start_ns ? last : state->session.start_ns;
}

bool walk_comes_late(const struct wearer_state *state)
{
    return state->session.open && state->walk_told_ns != INT64_MIN &&
           state->walk_told_ns - walk_last_ns(state) > FRESH_NS;
}

bool walk_paused(const struct wearer_state *state)
{
    return state->session.open && state->paused_ns >= state->session.start_ns &&
           walk_last_ns(state) - state->paused_ns <= STOPPING_NS;
}

void walk_effect(struct step *step, enum session_change change)
{
    struct wearer_state *state = step->state;
    if (state->session.open)
        session_update_fresh(&state->session, walk_last_ns(state));
    effects_add(step->effects, EFFECT_SESSION, step->state->now_ns)->session.change =
        (uint8_t)change;
}

void walk_live(struct step *step)
{
    struct wearer_state *state = step->state;
    const struct session *session = &state->session;
    struct stride_summary summary;
    struct signals_now signals;
    stride_timing(&state->strides, state->now_ns, &summary);
    signals_known(state, state->now_ns, &signals);
    struct effect_live *live = &state->live;
    int64_t last_walk_ns = stride_last_walk_ns(&state->strides, STRIDE_LIVE);
    if (state->unfooted.last_ns > last_walk_ns)
        last_walk_ns = state->unfooted.last_ns;
    live->session_open = session->open;
    live->walking =
        session->open && last_walk_ns != INT64_MIN && state->now_ns - last_walk_ns < 3 * SECOND_NS;
    live->session_s = session->open ? (float)(state->now_ns - session->start_ns) / 1e9F : NAN;
    live->walk_s = session->open ? (float)session->walk_s : NAN;
    live->distance_m = session->open ? (float)session->distance_m : NAN;
    live->cadence_spm = feet_known(state) ? summary.cadence_spm : signals.cadence_spm;
    live->si_stance_pct = summary.si_stance_pct;
    live->stride_cv_pct = summary.stride_cv_pct;
    live->speed_mps = feet_known(state) ? summary.speed_mps : signals.belt_mps;
    live->steps_n = session->open ? session->steps_n : 0;
    live->pain_nrs = session->open ? session->pain_end : -1;
    live->alerts_open = (uint8_t)alerting_open_n(&state->alerting);
    effects_add(step->effects, EFFECT_LIVE, state->now_ns)->live = *live;
}

static void open_walk(struct step *step, int64_t start_ns)
{
    struct wearer_state *state = step->state;
    programme_sum_up(step); /* of the walk before, while it is still known */
    step->scratch->before = *state;
    /* A walk never reaches back into the one before. */
    if (state->session.end_ns != 0 && start_ns < state->session.end_ns)
        start_ns = state->session.end_ns;
    session_open(&state->session, state->id_salt, state->wearer, start_ns,
                 state->wall_minus_mono_ms);
    state->session.tz_offset_min = state->config.tz_offset_min;
    session_setup(&state->session, state->config.height_m,
                  state->params.value[PARAM_CONTACT_THRESHOLD] > 0.5);
    memcpy(state->session.stage, state->config.stage, sizeof(state->session.stage));
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++)
        memcpy(state->session.devices[slot].id, state->devices[slot].id, ID_SIZE);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        struct session_device *device = &state->session.devices[slot];
        device->kind = state->health[slot].kind;
        device->side = state->health[slot].side;
        device->battery_start_pct = state->health[slot].battery_pct;
    }
    context_walk_open(state);
    rules_new_session(&state->rules, start_ns);
    safety_new_session(&state->safety);
    alerting_new_session(&state->alerting);
    state->live.last_text = TEXT_NONE;
    state->live_due_ns = state->now_ns;
    state->record_due_ns = state->now_ns + RECORD_EVERY_NS;
    walk_effect(step, SESSION_OPENED);
    pain_walk_opened(step, start_ns);
    programme_walk_opened(step);
}

static void end_walk(struct step *step, int64_t end_ns, enum end_reason reason)
{
    struct wearer_state *state = step->state;
    pain_walk_closes(step, end_ns);
    judge_end(step);
    context_walk_close(state, end_ns);
    baseline_settle(&state->baseline, state->now_ns);
    session_close(&state->session, end_ns, reason, state->wall_minus_mono_ms);
    stride_new_session(&state->strides);
    shoe_walked(state);
    programme_walk_closed(step);
    walk_effect(step, SESSION_CLOSED);
    walk_live(step);
}

static bool did_plan(const struct wearer_state *state)
{
    const struct programme *programme = &state->programme;
    const bool planned = programme->plan.stage != PLAN_STAGE_UNKNOWN && programme->walk.index > 0;
    const double share = state->params.value[PARAM_PLAN_DONE_SHARE];
    return planned && state->session.walk_s / 60 >= share * (double)programme->walk.target_min;
}

/* What comes late may hold the pause that ends a walk, and the walk after it. `last_ns`: of what
 * was walked before. */
static void end_before(struct step *step, int64_t start_ns, int64_t last_ns)
{
    const struct wearer_state *state = step->state;
    if (state->session.open && start_ns - last_ns >= param_ns(&state->params, PARAM_WALK_CLOSE_S))
        end_walk(step, last_ns, did_plan(state) ? END_PLAN_DONE : END_IDLE_TIMEOUT);
}

/* Nobody ended it: no more of it came. */
static bool just_ceased(const struct session *session)
{
    return session->end_reason == END_IDLE_TIMEOUT || session->end_reason == END_PLAN_DONE ||
           session->end_reason == END_DEVICE_LOSS || session->end_reason == END_BATTERY;
}

void walk_begin(struct step *step, int64_t start_ns, int64_t at_ns)
{
    struct wearer_state *state = step->state;
    end_before(step, start_ns, walk_last_ns(state));
    const struct session *session = &state->session;
    const int64_t from_ns = just_ceased(session) ? at_ns : start_ns;
    if (!session->open && from_ns >= session->end_ns && start_ns > state->stopped_ns)
        open_walk(step, start_ns);
}

/* A sign of a walk that no foot tells of: it goes on. */
static void goes_on(struct wearer_state *state, int64_t at_ns)
{
    if (!state->session.open)
        return;
    state->walk_told_ns = state->now_ns;
    if (at_ns > state->unfooted.last_ns)
        state->unfooted.last_ns = at_ns;
}

void walk_unfooted_step(struct step *step, int64_t at_ns, float cadence_spm)
{
    goes_on(step->state, at_ns);
    session_wrist_step(&step->state->session, at_ns, cadence_spm);
}

void walk_unfooted_belt(struct step *step, int64_t from_ns, int64_t until_ns, float mps,
                        float incline)
{
    goes_on(step->state, until_ns);
    session_belt(&step->state->session, from_ns, until_ns, mps, incline);
}

/* A walk that the wearer ended is over, though some steps follow: only one that begins anew after
 * the press is another. */
static bool opens_walk(const struct wearer_state *state, const struct stride *stride,
                       enum stride_path path)
{
    return stride->walking && !state->session.open && stride->start_ns >= state->session.end_ns &&
           stride_walk_start_ns(&state->strides, path) > state->stopped_ns;
}

void walk_open_by(struct step *step, const struct stride *stride, enum stride_path path)
{
    if (opens_walk(step->state, stride, path))
        open_walk(step, stride_walk_start_ns(&step->state->strides, path));
}

/* `last_ns`: as it was when the stride was handed out. `summary`: of the live windows now, which do
 * not change between final strides; NULL: the stride is not steady, and nobody asks. */
static void final_stride(struct step *step, const struct stride *stride, int64_t last_ns,
                         const struct stride_summary *summary)
{
    struct wearer_state *state = step->state;
    effects_add(step->effects, EFFECT_STRIDE, stride->end_ns)->stride = *stride;
    if (!stride->walking)
        return;
    end_before(step, stride->start_ns, last_ns);
    state->walk_told_ns = state->now_ns;
    walk_open_by(step, stride, STRIDE_FINAL);
    if (!state->session.open)
        return;
    enum sole_weight_source source;
    float weight_n = sole_weight_n(&state->weight, &source);
    /* The wearer's mass is in true newtons, which the insole's are not: no force is divided by it.
     */
    if (source != SOLE_WEIGHT_PROFILE)
        session_weight(&state->session, weight_n,
                       source < SOLE_WEIGHT_WALKING ? (uint8_t)source : SOLE_WEIGHT_WALKING);
    session_stride(&state->session, stride, summary);
}

static void final_strides(struct step *step, int64_t until_ns)
{
    struct wearer_state *state = step->state;
    struct stride stride;
    struct stride_summary summary;
    bool known = false;
    int64_t last_ns = walk_last_ns(state);
    while (stride_next(&state->strides, STRIDE_FINAL, until_ns, &state->params, &stride)) {
        bool counts = stride.valid && stride.walking && stride.steady; /* session_stride() */
        if (counts && !known)
            stride_evenness(&state->strides, state->now_ns, &summary);
        known = known || counts;
        final_stride(step, &stride, last_ns, known ? &summary : NULL);
        last_ns = walk_last_ns(state);
    }
}

void pipeline_drain(struct step *step)
{
    struct wearer_state *state = step->state;
    struct stride stride;
    while (stride_next(&state->strides, STRIDE_LIVE, state->now_ns, &state->params, &stride))
        judge_stride(step, &stride);
    final_strides(step, state->now_ns);
}

int64_t walk_close_deadline_ns(const struct wearer_state *state)
{
    /* While the hub cannot store, frames wait in the devices: silence is no end of a walk. */
    if (!state->session.open || state->hub == HUB_NOT_STORING)
        return INT64_MAX;
    const int64_t close_ns = param_ns(&state->params, PARAM_WALK_CLOSE_S);
    int64_t due_ns = walk_last_ns(state) + close_ns;
    /* A walk of which old steps still come in has not been told to its end. */
    const int64_t more_ns = close_ns < BACKLOG_NS ? close_ns : BACKLOG_NS;
    if (state->walk_told_ns != INT64_MIN && due_ns < state->walk_told_ns + more_ns)
        due_ns = state->walk_told_ns + more_ns;
    /* After an outage the devices still hold what they measured meanwhile: give it time to come, or
     * one walk would become two. */
    if (state->back_ns != INT64_MIN && due_ns < state->back_ns + BACKLOG_NS)
        due_ns = state->back_ns + BACKLOG_NS;
    return due_ns;
}

/* All insoles fell silent in the middle of walking, or within a few steps of it. An insole that is
 * put away after the walk is no loss. */
static bool feet_gone(const struct wearer_state *state, bool *empty)
{
    bool any = false;
    *empty = false;
    int64_t walked_ns = walk_last_ns(state);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &state->health[slot];
        if (!health->registered || !health->seen ||
            health->kind != STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
            continue;
        any = true;
        *empty |= health->battery_pct >= 0 &&
                  health->battery_pct < state->params.value[PARAM_S08_BATTERY_PCT];
        if (health->closed || health->last_ns - walked_ns > LOSS_NS)
            return false;
    }
    return any;
}

/* The wearer stopped the belt, or pulled its key, and took no step since (E: but the last few). */
static bool belt_ended(const struct wearer_state *state)
{
    const int64_t ended_ns = state->signals.belt_ended_ns;
    return ended_ns != INT64_MIN && ended_ns >= state->session.start_ns &&
           walk_last_ns(state) - ended_ns <= STOPPING_NS;
}

/* S08's low battery is what an insole said last. */
enum end_reason walk_end_reason(const struct wearer_state *state)
{
    bool empty;
    if (feet_gone(state, &empty))
        return empty ? END_BATTERY : END_DEVICE_LOSS;
    if (did_plan(state))
        return END_PLAN_DONE;
    return belt_ended(state) ? END_USER : END_IDLE_TIMEOUT;
}

void walk_close(struct step *step, enum end_reason reason)
{
    const struct session *session = &step->state->session;
    const int64_t end_ns = walk_last_ns(step->state);
    final_strides(step, INT64_MAX);
    /* What was left may have been another walk already. */
    end_walk(step, end_ns > session->start_ns ? end_ns : walk_last_ns(step->state), reason);
}
