#include "hub/core/rule_parts.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---------------------------------------------------------------- shared parts */

int64_t param_ns(const struct params *params, enum param param)
{
    return (int64_t)(params->value[param] * 1e9);
}

double seconds_between(int64_t from_ns, int64_t to_ns)
{
    return (double)(to_ns - from_ns) / 1e9;
}

void rule_window_clear(struct rule_window *window)
{
    memset(window, 0, sizeof(*window));
}

static bool rule_window_true(const struct rule_window *window, int64_t end_ns, double d_s)
{
    if (seconds_between(window->since_ns, end_ns) < d_s)
        return false;
    unsigned strides_n = 0, true_n = 0;
    for (unsigned i = 0; i < RULE_BUCKETS; i++) {
        strides_n += window->strides_n[i];
        true_n += window->true_n[i];
    }
    /* One foot alone makes about 0.9 strides/s; half of that must have been looked at (E). */
    return strides_n >= d_s * 0.45 && true_n * 10 >= strides_n * 7;
}

bool rule_window_add(struct rule_window *window, int64_t end_ns, double d_s, bool condition)
{
    int64_t width_ns = (int64_t)(d_s * 1e9) / RULE_BUCKETS;
    assert(width_ns > 0);
    if (window->width_ns != width_ns) {
        rule_window_clear(window);
        window->width_ns = width_ns;
        window->newest = end_ns / width_ns;
        window->since_ns = end_ns;
    }
    int64_t number = end_ns / width_ns;
    if (number <= window->newest - RULE_BUCKETS)
        return false;
    if (number - window->newest >= RULE_BUCKETS) {
        /* Nothing was looked at for a whole D: it begins anew. */
        rule_window_clear(window);
        window->width_ns = width_ns;
        window->newest = number;
        window->since_ns = end_ns;
    }
    for (; window->newest < number; window->newest++) {
        size_t next = (size_t)((uint64_t)(window->newest + 1) % RULE_BUCKETS);
        window->strides_n[next] = window->true_n[next] = 0;
    }
    size_t slice = (size_t)((uint64_t)number % RULE_BUCKETS);
    if (window->strides_n[slice] < UINT8_MAX) {
        window->strides_n[slice]++;
        window->true_n[slice] = (uint8_t)(window->true_n[slice] + (condition ? 1 : 0));
    }
    return rule_window_true(window, end_ns, d_s);
}

bool episode_raise(struct rule_episode *episode, uint8_t severity, int64_t now_ns, double d_s)
{
    if (episode->severity == 0)
        episode->since_ns = now_ns - (int64_t)(d_s * 1e9);
    else if (severity <= episode->severity && seconds_between(episode->raised_ns, now_ns) < d_s)
        return false;
    if (severity > episode->severity)
        episode->severity = severity;
    episode->raised_ns = now_ns;
    return true;
}

bool episode_clear(struct rule_episode *episode, bool beyond_off, int64_t end_ns)
{
    if (episode->severity == 0)
        return false;
    if (!beyond_off) {
        episode->off_since_ns = RULE_NEVER;
        return false;
    }
    if (episode->off_since_ns == RULE_NEVER)
        episode->off_since_ns = end_ns;
    double hold_s = episode->severity > STRIDE__V1__SEVERITY__SEVERITY_COACH ? 60 : 20;
    return seconds_between(episode->off_since_ns, end_ns) >= hold_s;
}

struct finding *finding_add(struct findings *out, enum rule rule, uint8_t severity, enum text text,
                            int64_t at_ns)
{
    assert(out->n < FINDINGS_MAX);
    struct finding *finding = &out->items[out->n++];
    memset(finding, 0, sizeof(*finding));
    finding->rule = (uint8_t)rule;
    finding->severity = severity;
    finding->text = (uint8_t)text;
    finding->slot = UINT8_MAX;
    finding->at_ns = at_ns;
    finding->value = finding->threshold = finding->baseline = NAN;
    return finding;
}

void finding_cleared(struct findings *out, enum rule rule, uint8_t severity, uint8_t slot,
                     int64_t at_ns)
{
    struct finding *finding = finding_add(out, rule, severity, TEXT_NONE, at_ns);
    finding->cleared = true;
    finding->slot = slot;
}

int rules_nrs_rise(const struct rules_state *state)
{
    return state->nrs_first < 0 ? 0 : state->nrs_last - state->nrs_first;
}

/* ---------------------------------------------------------------- life cycle */

static void clear_episodes(struct rules_state *state)
{
    struct rule_window *windows[] = {&state->r03,         &state->r03_praise, &state->r11_coach,
                                     &state->r11_caution, &state->r11_stop,   &state->r12};
    for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++)
        rule_window_clear(windows[i]);
    struct rule_episode *episodes[] = {&state->r03_on, &state->r11_on, &state->r12_on};
    for (size_t i = 0; i < sizeof(episodes) / sizeof(episodes[0]); i++)
        *episodes[i] = (struct rule_episode){.off_since_ns = RULE_NEVER};
}

void rules_init(struct rules_state *state)
{
    memset(state, 0, sizeof(*state));
    state->quiet_until_ns = RULE_NEVER;
    state->nrs_first_ns = state->weak_ns = state->flare_ns = RULE_NEVER;
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
    /* A walk is back-dated: what was reported in its first steps belongs to it. */
    if (state->nrs_first_ns < start_ns || state->nrs_first_ns == RULE_NEVER) {
        state->nrs_first = state->nrs_previous = state->nrs_last = -1;
        state->nrs_first_ns = RULE_NEVER;
    }
    if (state->weak_ns < start_ns)
        state->weak_ns = RULE_NEVER;
    state->r12_raised_ns = state->r03_praised_ns = RULE_NEVER;
    clear_episodes(state);
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        state->devices[slot].fault = TEXT_NONE;
        state->devices[slot].raised_ns = RULE_NEVER;
    }
    for (unsigned rule = 0; rule < RULE_COUNT; rule++)
        state->absence[rule] = RULE_NO_DATA;
    memset(state->dropped_gates, 0, sizeof(state->dropped_gates));
    state->absence[RULE_F07] = state->absence[RULE_S08] = RULE_EVALUATED;
    /* What is told or asked: on any device, or by an account. */
    for (unsigned rule = RULE_P01; rule <= RULE_P06; rule++)
        state->absence[rule] = RULE_EVALUATED;
    for (unsigned rule = RULE_T1; rule <= RULE_F06; rule++)
        state->absence[rule] = RULE_EVALUATED;
}

/* ---------------------------------------------------------------- strides */

/* A run of steady walking; one odd stride does not break it, ten seconds without a steady one do
 * (2.4: SIT is ten seconds without a step). */
static void note_steady(struct rules_state *state, const struct stride *stride, bool counts)
{
    if (!counts)
        return;
    if (state->steady_last_ns == RULE_NEVER ||
        seconds_between(state->steady_last_ns, stride->start_ns) > 10)
        state->steady_since_ns = stride->start_ns;
    state->steady_last_ns = stride->end_ns;
}

static void absent_all(struct rules_state *state, enum rule_absence why)
{
    static const uint8_t gait_rules[] = {RULE_R03, RULE_R11, RULE_R12};
    for (size_t i = 0; i < sizeof(gait_rules); i++)
        state->absence[gait_rules[i]] = (uint8_t)why;
}

static struct rule_input rule_input(const struct rules_state *state, const struct rules_now *now,
                                    const struct stride *stride,
                                    const struct stride_summary *summary)
{
    return (struct rule_input){
        .params = now->params,
        .profile = now->profile,
        .health = now->health,
        .stride = stride,
        .summary = summary,
        .signals = now->signals,
        .context = now->context,
        .baseline = now->baseline,
        .weight_n = now->weight_n,
        .weight_source = now->weight_source,
        .stuck_cells_feet = now->stuck_cells_feet,
        .devices = now->devices,
        .height_m = now->profile->height_m,
        .age_years = now->age_years,
        .counts = stride->valid && now->context->gait == CONTEXT_WALK_STEADY,
        .may_speak = seconds_between(state->session_start_ns, stride->end_ns) >=
                     now->params->value[PARAM_SESSION_MIN_S],
        .now_ns = now->now_ns,
    };
}

void rules_stride(struct rules_state *state, const struct rules_now *now,
                  const struct stride *stride, const struct stride_summary *summary,
                  struct findings *out)
{
    if (!now->session_open) {
        absent_all(state, RULE_NO_DATA);
        return;
    }
    if (!now->profile->coaching_consent) {
        clear_episodes(state);
        absent_all(state, RULE_NO_CONSENT);
        return;
    }
    struct rule_input in = rule_input(state, now, stride, summary);
    note_steady(state, stride, in.counts);
    /* R11 and R12 first: an open caution of theirs keeps R03 away in the same step. */
    r11_stride(state, &in, out);
    r12_stride(state, &in, out);
    r03_stride(state, &in, out);
}

bool rules_gait_open(const struct rules_state *state)
{
    return state->r03_on.severity != 0 || state->r11_on.severity != 0 ||
           state->r12_on.severity != 0;
}

/* ---------------------------------------------------------------- reports */

static void note_pain(struct rules_state *state, const struct wire_report *report, int64_t now_ns)
{
    if (report->symptom == STRIDE__V1__SYMPTOM__SYMPTOM_WEAK)
        state->weak_ns = now_ns;
    if (report->button == STRIDE__V1__BUTTON__BUTTON_FLARE)
        state->flare_ns = now_ns;
    if (report->pain_nrs < 0)
        return;
    if (state->nrs_first < 0) {
        state->nrs_first = state->nrs_last = report->pain_nrs;
        state->nrs_first_ns = now_ns;
    }
    state->nrs_previous = state->nrs_last;
    state->nrs_last = report->pain_nrs;
}

void rules_report(struct rules_state *state, const struct params *params,
                  const struct wire_report *report, uint8_t slot, int64_t now_ns,
                  struct findings *out)
{
    note_pain(state, report, now_ns);
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
    state->dropped_gates[RULE_F07] = finding->dropped_gates;
}

enum rule_absence rules_absence(const struct rules_state *state, enum rule rule)
{
    assert(rule < RULE_COUNT);
    return (enum rule_absence)state->absence[rule];
}

uint8_t rules_dropped_gates(const struct rules_state *state, enum rule rule)
{
    assert(rule < RULE_COUNT);
    return state->dropped_gates[rule];
}
