#include "hub/core/rule_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- life cycle */

static void clear_episodes(struct rules_state *state)
{
    for (unsigned i = 0; i < RULE_WINDOWS; i++)
        rule_window_clear(&state->windows[i]);
    for (unsigned track = 0; track < TRACKS; track++)
        episode_end(&state->episodes[track]);
}

void rules_init(struct rules_state *state)
{
    memset(state, 0, sizeof(*state));
    state->quiet_until_ns = RULE_NEVER;
    state->r07_told_ns = RULE_NEVER;
    r07_forget(state);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        state->devices[slot].last_ns = RULE_NEVER;
        state->devices[slot].fresh_since_ns = RULE_NEVER;
    }
    rules_new_session(state, RULE_NEVER);
}

void rules_new_session(struct rules_state *state, int64_t start_ns)
{
    state->session_start_ns = start_ns;
    state->steady_since_ns = state->steady_last_ns = RULE_NEVER;
    state->speed_changed_ns = RULE_NEVER;
    state->speed_reference_mps = NAN;
    state->r06_due_ns = RULE_NEVER;
    state->seconds_n = state->stopped_n = state->judged = state->raised = 0;
    rule_drift_init(&state->drift);
    memset(state->roll_deg, 0, sizeof(state->roll_deg));
    memset(state->height_m, 0, sizeof(state->height_m));
    clear_episodes(state);
    for (unsigned track = 0; track < TRACKS; track++)
        episode_init(&state->episodes[track]);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        state->devices[slot].fault = TEXT_NONE;
        state->devices[slot].raised_ns = RULE_NEVER;
    }
    for (unsigned rule = 0; rule < RULE_COUNT; rule++)
        state->absence[rule] = RULE_NO_DATA;
    state->absence[RULE_F07] = state->absence[RULE_S08] = RULE_EVALUATED;
    /* What is told or asked: on any device, or by an account. */
    for (unsigned rule = RULE_P01; rule <= RULE_P06; rule++)
        state->absence[rule] = RULE_EVALUATED;
    for (unsigned rule = RULE_T1; rule <= RULE_F06; rule++)
        state->absence[rule] = RULE_EVALUATED;
}

/* ---------------------------------------------------------------- what is gathered */

/* A run of steady walking; one odd stride does not break it, ten seconds without a steady one do
 * (2.4: SIT is ten seconds without a step). */
static void note_steady(struct rules_state *state, int64_t start_ns, int64_t end_ns)
{
    if (state->steady_last_ns == RULE_NEVER ||
        seconds_between(state->steady_last_ns, start_ns) > 10)
        state->steady_since_ns = start_ns;
    state->steady_last_ns = end_ns;
}

/* R12: a speed that changes by more than a tenth. */
static void note_speed(struct rules_state *state, const struct rule_input *in)
{
    float speed = in->summary->speed_mps;
    if (isnan(speed))
        return;
    float reference = state->speed_reference_mps;
    if (isnan(reference)) {
        state->speed_reference_mps = speed;
    } else if (fabsf(speed - reference) > 0.1F * reference) {
        state->speed_reference_mps = speed;
        state->speed_changed_ns = in->end_ns;
    }
}

/* M23, as far as the walk has come. */
static void note_second(struct rules_state *state, const struct rules_now *now)
{
    if (state->seconds_n == UINT16_MAX || now->planned_rest)
        return;
    state->seconds_n++;
    if (now->context->gait == CONTEXT_STAND || now->context->gait == CONTEXT_SIT)
        state->stopped_n++;
}

/* ---------------------------------------------------------------- strides and seconds */

static void absent_all(struct rules_state *state, enum rule_absence why)
{
    for (int i = 0; i < rule_rows_n; i++)
        state->absence[rule_rows[i].rule] = (uint8_t)why;
}

static unsigned devices_registered(const struct device_health health[WEARER_DEVICES_MAX])
{
    unsigned devices = 0;
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        if (!health[slot].registered)
            continue;
        if (health[slot].kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST)
            devices |= COVERAGE_WRIST;
        else if (health[slot].kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL)
            devices |= COVERAGE_TREADMILL;
        else if (health[slot].kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE)
            devices |= health[slot].side == STRIDE__V1__SIDE__SIDE_RIGHT ? COVERAGE_RIGHT_INSOLE
                                                                         : COVERAGE_LEFT_INSOLE;
    }
    return devices;
}

static struct rule_input rule_input(const struct rules_state *state, const struct rules_now *now,
                                    const struct stride_summary *summary, int64_t end_ns)
{
    return (struct rule_input){
        .params = now->params,
        .profile = now->profile,
        .health = now->health,
        .summary = summary,
        .signals = now->signals,
        .context = now->context,
        .baseline = now->baseline,
        .weight_n = now->weight_n,
        .weight_source = now->weight_source,
        .stuck_cells_feet = now->stuck_cells_feet,
        .devices = now->devices,
        .registered = devices_registered(now->health),
        .height_m = now->profile->height_m,
        .age_years = now->age_years,
        .counts = now->context->gait == CONTEXT_WALK_STEADY,
        .may_speak = seconds_between(state->session_start_ns, end_ns) >=
                     now->params->value[PARAM_SESSION_MIN_S],
        .p05_open = now->p05_open,
        .p05_score = now->p05_score,
        .stumbled = now->stumbled,
        .nrs = now->nrs,
        .nrs_start = now->nrs_start,
        .nrs_rising = now->nrs_rising,
        .pain_caution = now->pain_caution,
        .weak_new = now->weak_new,
        .flare = now->flare,
        .heeled = now->heeled,
        .new_shoe = now->new_shoe,
        .calibrated = now->calibrated,
        .told = now->told,
        .prompted_ns = now->prompted_ns,
        .end_ns = end_ns,
        .now_ns = now->now_ns,
    };
}

/* No coaching without a walk and consent. */
static bool coached(struct rules_state *state, const struct rules_now *now)
{
    if (!now->session_open) {
        absent_all(state, RULE_NO_DATA);
        return false;
    }
    if (!now->profile->coaching_consent) {
        clear_episodes(state);
        absent_all(state, RULE_NO_CONSENT);
        return false;
    }
    return true;
}

void rules_stride(struct rules_state *state, const struct rules_now *now,
                  const struct stride *stride, const struct stride_summary *summary,
                  struct findings *out)
{
    if (!coached(state, now))
        return;
    struct rule_input in = rule_input(state, now, summary, stride->end_ns);
    in.stride = stride;
    in.counts = in.counts && stride->valid;
    if (in.counts) {
        note_steady(state, stride->start_ns, stride->end_ns);
        note_speed(state, &in);
        if (!rule_drift_apart(&in))
            rule_drift_add(&state->drift, &in,
                           seconds_between(state->session_start_ns, stride->end_ns));
    }
    for (int i = 0; i < rule_rows_n; i++) {
        if ((rule_rows[i].flags & ROW_SECOND) == 0)
            rule_row_look(state, &rule_rows[i], &in, out);
    }
    if (in.counts)
        r07_learn(state, &in);
}

/* Of a second: speed and cadence by wrist and belt while no foot is known. An arm that is not free
 * counts too few steps (2.4, [STEP-HAND]), which read as slow ones (R03) or long ones (R01). */
static struct stride_summary second_summary(const struct rules_state *state,
                                            const struct rules_now *now, bool footless)
{
    struct stride_summary summary = stride_summary_unknown();
    if (!footless) {
        summary.speed_mps = state->speed_reference_mps;
        return summary;
    }
    summary.speed_mps = now->signals->belt_mps;
    const unsigned held = CONTEXT_FLAG_HANDS_FIXED | CONTEXT_FLAG_RAIL | CONTEXT_FLAG_CALL |
                          CONTEXT_FLAG_CARRY | CONTEXT_FLAG_VIEWING;
    bool arm_free = (now->context->flags & held) == 0;
    summary.cadence_spm = arm_free ? now->signals->cadence_spm : NAN;
    summary.step_length_m = summary.speed_mps * 60 / summary.cadence_spm;
    summary.walk_ratio = summary.step_length_m / summary.cadence_spm;
    return summary;
}

void rules_second(struct rules_state *state, const struct rules_now *now, int64_t second_ns,
                  struct findings *out)
{
    if (!now->session_open || second_ns < state->session_start_ns || !coached(state, now))
        return;
    note_second(state, now);
    bool footless = (now->devices & (COVERAGE_LEFT_INSOLE | COVERAGE_RIGHT_INSOLE)) == 0;
    struct stride_summary summary = second_summary(state, now, footless);
    struct rule_input in = rule_input(state, now, &summary, second_ns);
    if (footless && in.counts)
        note_steady(state, second_ns - RULE_SECOND_NS, second_ns);
    for (int i = 0; i < rule_rows_n; i++) {
        unsigned flags = rule_rows[i].flags;
        if ((flags & ROW_SECOND) != 0 || (footless && (flags & ROW_FOOTLESS) != 0))
            rule_row_look(state, &rule_rows[i], &in, out);
        else if (footless) /* no stride comes to say so */
            state->absence[rule_rows[i].rule] = (uint8_t)rule_row_absence(&rule_rows[i], &in);
    }
    r06_second(state, &in, out);
}

bool rules_gait_open(const struct rules_state *state)
{
    for (int i = 0; i < rule_rows_n; i++) {
        if ((rule_rows[i].flags & ROW_USUAL) == 0 &&
            rule_open(state, (enum rule_track)rule_rows[i].track))
            return true;
    }
    return false;
}

bool rules_uneven_ground(const struct rules_state *state)
{
    return rule_open(state, TRACK_R15);
}

/* ---------------------------------------------------------------- the walk's end */

/* Raised in each of the last walks, and with `fresh` in none of as many before. */
static bool in_a_row(const struct rules_state *state, const struct params *params,
                     enum rule_track track, bool fresh)
{
    unsigned n = (unsigned)params->value[PARAM_NEW_SESSIONS], all = (1U << n) - 1U;
    unsigned former = state->former[track];
    return (state->judged >> track & 1) != 0 && (former & all) == all &&
           !(fresh && (former >> n & all) != 0);
}

static void summarize(const struct rules_now *now, enum rule rule, uint8_t severity, enum text text,
                      struct findings *out)
{
    struct finding *finding = finding_add(out, rule, severity, text, now->now_ns);
    finding->value = finding->threshold = (float)now->params->value[PARAM_NEW_SESSIONS];
}

void rules_end(struct rules_state *state, const struct rules_now *now, struct findings *out)
{
    if (now->shoe_tag != state->r07_shoe_tag)
        state->former[TRACK_R07_LEFT] = state->former[TRACK_R07_RIGHT] = 0;
    state->r07_shoe_tag = now->shoe_tag;
    for (unsigned track = 0; track < TRACKS; track++) {
        unsigned raised = (unsigned)state->raised >> track & 1U;
        if ((state->judged >> track & 1) != 0)
            state->former[track] = (uint8_t)((unsigned)state->former[track] << 1 | raised);
    }
    if (!now->profile->coaching_consent)
        return;
    if (in_a_row(state, now->params, TRACK_R11, true))
        summarize(now, RULE_R11, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_R11_SUMMARY, out);
    if (in_a_row(state, now->params, TRACK_R02, true))
        summarize(now, RULE_R02, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_R02_SUMMARY, out);
    double every_s = now->params->value[PARAM_R07_EVERY_D] * 86400;
    if (rule_within(state->r07_told_ns, now->now_ns, every_s) ||
        (!in_a_row(state, now->params, TRACK_R07_LEFT, false) &&
         !in_a_row(state, now->params, TRACK_R07_RIGHT, false)))
        return;
    state->r07_told_ns = now->now_ns;
    summarize(now, RULE_R07, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_R07_ARCH, out);
}

/* ---------------------------------------------------------------- reports */

void rules_report(const struct params *params, const struct wire_report *report, uint8_t slot,
                  int64_t now_ns, struct findings *out)
{
    if (report->button != STRIDE__V1__BUTTON__BUTTON_HELP)
        return;
    /* No press lasts 0 ms: the device does not measure it. A call for help is not lost for that. */
    bool unknown = report->press_ms == 0;
    if (!unknown && report->press_ms < params->value[PARAM_F07_PRESS_MS])
        return;
    struct finding *finding =
        finding_add(out, RULE_F07, STRIDE__V1__SEVERITY__SEVERITY_RED, TEXT_F07_ALERTING, now_ns);
    finding->slot = slot;
    finding->value = unknown ? NAN : (float)report->press_ms;
    finding->threshold = (float)params->value[PARAM_F07_PRESS_MS];
    finding->duration_s = (float)report->press_ms / 1000;
    finding->dropped_gates = (uint8_t)(unknown ? RULE_GATE_PRESS : 0);
}

enum rule_absence rules_absence(const struct rules_state *state, enum rule rule)
{
    assert(rule < RULE_COUNT);
    return (enum rule_absence)state->absence[rule];
}

void rules_note_absence(struct rules_state *state, enum rule rule, enum rule_absence why)
{
    assert(rule < RULE_COUNT);
    state->absence[rule] = (uint8_t)why;
}
