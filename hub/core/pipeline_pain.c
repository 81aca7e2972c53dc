#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

/* P05 compares with minutes 1 and 2, and what it sees changes slowly. */
#define FIRST_NS (120 * SECOND_NS)
#define TELL_NS (5 * SECOND_NS)
enum {
    SLAP_USUAL_N = 200, /* strides before a usual time is known (E) */
    SLAP_MEAN_N = 2000, /* the mean forgets beyond as many (E) */
    SLAP_LAST_N = 8     /* strides that tell how the other side lands now (E) */
};

/* ---------------------------------------------------------------- what stage `pain` may know */

static bool red_open(const struct wearer_state *state)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &state->alerting.alerts[i];
        if (alert->severity == STRIDE__V1__SEVERITY__SEVERITY_RED && alert_is_open(alert))
            return true;
    }
    return false;
}

static bool early_stage(const struct wearer_state *state)
{
    return strcmp(state->profile.stage, "M1") == 0 || strcmp(state->profile.stage, "M2") == 0;
}

/* Without `asks` nothing is asked in this call: first what was found is said. */
static struct pain_context known(const struct wearer_state *state, bool asks)
{
    struct alert_context alerts = pipeline_context(state);
    bool sits = state->context_now.context == CONTEXT_SIT;
    return (struct pain_context){
        .params = &state->params,
        .wall_minus_mono_ms = state->wall_minus_mono_ms,
        .seated_since_ns = sits ? state->context_now.since_ns : INT64_MIN,
        .tz_offset_min = state->config.tz_offset_min,
        .age_years = wearer_age_years(state),
        .legs_known = state->profile.stenosis ? STRIDE__V1__SIDE__SIDE_BOTH : 0,
        .posture_known = feet_known(state) && state->context_now.context != CONTEXT_IDLE_UNKNOWN,
        .early_stage = early_stage(state),
        .flare = flare_open(state),
        .red_open = red_open(state),
        .walked_m = state->session.open ? (float)state->session.distance_m : NAN,
        .ask_ns =
            asks ? alerting_ask_ns(&state->alerting, &alerts, false, state->now_ns) : INT64_MAX,
        .ask_urgent_ns =
            asks ? alerting_ask_ns(&state->alerting, &alerts, true, state->now_ns) : INT64_MAX,
    };
}

void pain_begin(struct wearer_state *state)
{
    pain_init(&state->pain);
    state->signs.told_ns = INT64_MIN;
    for (int foot = 0; foot < FEET; foot++)
        state->signs.slap_low_ns[foot] = INT64_MIN;
}

int64_t pain_due_ns(const struct wearer_state *state)
{
    struct pain_context context = known(state, true);
    return pain_deadline_ns(&state->pain, &context);
}

/* ---------------------------------------------------------------- what comes of it */

/* While a question waits for its answer nobody else talks, for as long as a prompt's gap. */
static void hold_attention(struct wearer_state *state)
{
    const struct pain *pain = &state->pain;
    int64_t until_ns = INT64_MIN;
    if (pain->question != QUESTION_NONE) {
        until_ns = pain->asked_ns + (int64_t)(state->params.value[PARAM_PROMPT_GAP_S] * 1e9);
        until_ns = until_ns < pain->until_ns ? until_ns : pain->until_ns;
    }
    alerting_asked_until(&state->alerting, until_ns);
}

/* P02, P03, P06, T1 and all red flags end the walk (rule book 3.2, 3.3). */
static enum end_reason ends_walk(const struct findings *findings)
{
    enum end_reason reason = END_UNKNOWN;
    for (int i = 0; i < findings->n; i++) {
        const struct finding *finding = &findings->items[i];
        if (finding->cleared || finding->severity < STRIDE__V1__SEVERITY__SEVERITY_STOP)
            continue;
        if (finding->severity == STRIDE__V1__SEVERITY__SEVERITY_RED)
            return END_RED_FLAG;
        reason = END_PAIN_STOP;
    }
    return reason;
}

/* T1 answers a symptom that was told minutes ago, and that is so where its last word is silence: it
 * finds no other way to say "stop for today" at night (5.4). */
static void decide(struct step *step, struct pain_out *out, bool reply)
{
    for (int i = 0; i < out->found.n; i++)
        out->found.items[i].reply = reply || out->found.items[i].rule == RULE_T1;
    pipeline_decide(step, &out->found);
    hold_attention(step->state);
    step->pain_told = true;
}

/* Of a red flag the device is kept with which it was answered (3.3). */
static void sign(const struct step *step, struct findings *findings)
{
    for (int i = 0; i < findings->n; i++) {
        if (findings->items[i].question != QUESTION_NONE)
            findings->items[i].slot = step->input->slot;
    }
}

/* `reply`: it answers what the wearer just said. */
static void take(struct step *step, struct pain_out *out, bool reply)
{
    struct wearer_state *state = step->state;
    if (reply)
        sign(step, &out->found);
    decide(step, out, reply);
    enum end_reason reason = ends_walk(&out->found);
    if (reason == END_UNKNOWN)
        return;
    ramp_offer(step);
    if (!state->session.open)
        return;
    walk_close(step, reason);
    state->stopped_ns = state->now_ns;
}

static uint8_t rule_of(enum question question)
{
    if (question >= QUESTION_FLAGS_FIRST)
        return question_info(question)->rule;
    if (question >= QUESTION_T1_LEGS)
        return RULE_T1;
    return question == QUESTION_PLACE_AGAIN ? RULE_P02 : RULE_P01;
}

/* P01 is read when the wearer looks; what somebody has to answer now is felt. */
static struct question_put put_of(const struct ask *ask)
{
    enum question question = (enum question)ask->question;
    bool now = question >= QUESTION_PLACE_AGAIN && question < QUESTION_FLAGS_FIRST;
    bool flag = question >= QUESTION_FLAGS_FIRST;
    return (struct question_put){
        .question = ask->question,
        .rule = rule_of(question),
        .severity =
            now ? STRIDE__V1__SEVERITY__SEVERITY_CAUTION : STRIDE__V1__SEVERITY__SEVERITY_INFO,
        .text = ask->text,
        .pattern = now    ? STRIDE__V1__PATTERN__PATTERN_DOUBLE
                   : flag ? STRIDE__V1__PATTERN__PATTERN_SHORT
                          : STRIDE__V1__PATTERN__PATTERN_NONE,
        .expiry_s = (uint16_t)((ask->deadline_ns - ask->at_ns) / SECOND_NS),
    };
}

static void put(struct step *step, const struct ask *ask)
{
    struct wearer_state *state = step->state;
    if (ask->question == QUESTION_NONE)
        return;
    struct alert_context context = pipeline_context(state);
    struct question_put what = put_of(ask);
    char id[ID_SIZE];
    alerting_ask(&state->alerting, &context, &what, state->now_ns, id, step->effects);
    if (id[0] != '\0')
        pain_prompted(&state->pain, (enum question)ask->question, id);
    hold_attention(state);
}

/* What was said after a walk belongs to its record. `before`: a copy; the same bytes are the same
 * record. */
static void record_changed(struct step *step, const struct pain_record *before)
{
    struct wearer_state *state = step->state;
    const unsigned char *now = (const unsigned char *)&state->pain.record;
    if (!state->session.open && state->session.id[0] != '\0' &&
        memcmp(now, (const unsigned char *)before, sizeof(*before)) != 0)
        walk_effect(step, SESSION_UPDATED);
}

void pain_settle(struct step *step)
{
    struct wearer_state *state = step->state;
    step->pain_told = false;
    if (!state->configured)
        return;
    struct pain_record before;
    memcpy(&before, &state->pain.record, sizeof(before));
    struct pain_context context = known(state, false);
    struct pain_out out;
    pain_out_none(&out);
    pain_time(&state->pain, &context, state->now_ns, &out);
    take(step, &out, false);
    /* Now with a question, if there is one: it depends on what was just said. */
    context = known(state, true);
    pain_out_none(&out);
    pain_time(&state->pain, &context, state->now_ns, &out);
    take(step, &out, false);
    put(step, &out.ask);
    record_changed(step, &before);
    step->pain_told = false;
}

void pain_was_away(struct step *step, struct pain_out *out)
{
    struct wearer_state *state = step->state;
    if (!state->configured)
        return;
    int64_t back_ns = step->input->at_mono_ns;
    struct alert_context alerts = pipeline_context(state);
    struct pain_context context = known(state, true);
    /* Time has not moved yet: whether it may be asked again is a matter of now. */
    context.ask_ns = alerting_ask_ns(&state->alerting, &alerts, false, back_ns);
    pain_hub_started(&state->pain, &context, back_ns, out);
}

void pain_handed(struct step *step, struct pain_out *out)
{
    if (out->found.n > 0)
        take(step, out, false);
    put(step, &out->ask);
}

/* ---------------------------------------------------------------- walks, reports, answers */

/* The alarm of a fall closed the last walk, the wearer took it back and soon walks on: pain that
 * has moved since that walk began has moved (P02), and is not how this one begins. */
static bool goes_on(const struct wearer_state *state, int64_t start_ns)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &state->alerting.alerts[i];
        if (alert->id[0] != '\0' && alert->rule == RULE_S01 && alert->state == ALERT_CANCELLED &&
            alert->raised_ns >= state->pain.start_ns &&
            start_ns - alert->raised_ns <= param_ns(&state->params, PARAM_WALK_CLOSE_S))
            return true;
    }
    return false;
}

void pain_walk_opened(struct step *step, int64_t start_ns)
{
    struct wearer_state *state = step->state;
    struct pain_context context = known(state, false);
    struct pain_out out;
    pain_out_none(&out);
    context.goes_on = goes_on(state, start_ns);
    state->signs.told_ns = INT64_MIN;
    state->signs.first_sum_mps = 0;
    state->signs.first_n = 0;
    state->signs.slap_told = false;
    state->signs.ground = GROUND_UNKNOWN;
    pain_session_opened(&state->pain, &context, start_ns, state->now_ns, &out);
    decide(step, &out, true);
}

void pain_walk_closes(struct step *step, int64_t end_ns)
{
    struct wearer_state *state = step->state;
    struct pain_context context = known(state, false);
    context.ended_ago_ns = state->now_ns - end_ns;
    struct pain_out out;
    pain_out_none(&out);
    pain_session_closed(&state->pain, &context, state->now_ns, &out);
    decide(step, &out, true);
}

void pain_said(struct step *step, const struct wire_report *report)
{
    struct wearer_state *state = step->state;
    struct pain_record before;
    memcpy(&before, &state->pain.record, sizeof(before));
    struct pain_context context = known(state, false);
    struct pain_out out;
    pain_out_none(&out);
    context.said_ago_ns = step->said_ago_ns;
    context.by_other = step->by_other;
    pain_report(&state->pain, &context, report, state->now_ns, &out);
    take(step, &out, true);
    record_changed(step, &before);
}

void pain_answered(struct step *step, const struct wire_feedback *feedback)
{
    struct wearer_state *state = step->state;
    struct pain_record before;
    memcpy(&before, &state->pain.record, sizeof(before));
    struct pain_context context = known(state, false);
    struct pain_out out;
    pain_out_none(&out);
    context.said_ago_ns = step->said_ago_ns;
    const bool other = alerting_rule_of(&state->alerting, feedback->prompt) != RULE_NONE;
    pain_feedback(&state->pain, &context, feedback, other, state->now_ns, &out);
    take(step, &out, true);
    record_changed(step, &before);
}

/* ---------------------------------------------------------------- what a walk shows */

/* Uphill, on stairs, and leaning on what the hands hold, a sound forefoot comes down sooner. */
static bool lands_otherwise(const struct context_now *now)
{
    return now->gait == CONTEXT_STAIRS ||
           (now->flags & (CONTEXT_FLAG_SLOPE | CONTEXT_FLAG_HANDS_FIXED)) != 0;
}

/* The forefoot against the usual, stride by stride; the usual is what was not low. */
static float slap_ratio(struct walk_signs *signs, unsigned foot, float slap_s, float low)
{
    float ratio = signs->slap_n[foot] < SLAP_USUAL_N ? NAN : slap_s / signs->slap_usual_s[foot];
    if (!isnan(ratio) && signs->slap_ratio[foot] <= 0)
        signs->slap_ratio[foot] = ratio;
    else if (!isnan(ratio))
        signs->slap_ratio[foot] += (ratio - signs->slap_ratio[foot]) / SLAP_LAST_N;
    if (ratio < low)
        return ratio;
    if (signs->slap_n[foot] < SLAP_MEAN_N)
        signs->slap_n[foot]++;
    signs->slap_usual_s[foot] += (slap_s - signs->slap_usual_s[foot]) / (float)signs->slap_n[foot];
    return ratio;
}

/* P06's hint: on one side the forefoot comes down in much less than the usual time, for a minute,
 * and on the other as usual. */
static bool slaps(struct wearer_state *state, const struct stride *stride)
{
    struct walk_signs *signs = &state->signs;
    const double *value = state->params.value;
    const float share = (float)value[PARAM_P06_SLAP_SHARE];
    const float slap_s = stride->shape.slap_s;
    const unsigned foot = stride->foot, other = 1 - foot;
    if (lands_otherwise(&state->context_now)) {
        signs->slap_low_ns[foot] = INT64_MIN;
        return false;
    }
    if (isnan(slap_s))
        return false;
    bool low = slap_ratio(signs, foot, slap_s, share) < share;
    if (!low || signs->slap_ratio[other] < (float)value[PARAM_P06_SLAP_OTHER]) {
        signs->slap_low_ns[foot] = INT64_MIN;
        return false;
    }
    if (signs->slap_low_ns[foot] == INT64_MIN)
        signs->slap_low_ns[foot] = stride->start_ns;
    return stride->end_ns - signs->slap_low_ns[foot] >=
           param_ns(&state->params, PARAM_P06_SLAP_D_S);
}

static void tell_slap(struct step *step)
{
    struct wearer_state *state = step->state;
    struct pain_context context = known(state, false);
    struct pain_out out;
    pain_out_none(&out);
    state->signs.slap_told = true;
    pain_foot_slap(&state->pain, &context, state->now_ns, &out);
    take(step, &out, false);
}

void pain_after_fall(struct step *step)
{
    struct wearer_state *state = step->state;
    struct pain_context context = known(state, false);
    struct pain_out out;
    pain_out_none(&out);
    pain_fell(&state->pain, &context, state->now_ns, &out);
    take(step, &out, false);
}

void pain_ground_changed(struct step *step)
{
    struct wearer_state *state = step->state;
    struct pain_context context = known(state, false);
    struct pain_out out;
    pain_out_none(&out);
    pain_surface_changed(&state->pain, &context, state->now_ns, &out);
    take(step, &out, false);
}

/* Off a belt or onto one: another surface. */
static void tell_ground(struct step *step)
{
    struct wearer_state *state = step->state;
    uint8_t before = state->signs.ground;
    bool belt = (state->context_now.flags & CONTEXT_FLAG_TREADMILL) != 0;
    state->signs.ground = belt ? GROUND_BELT : GROUND_FLOOR;
    if (before != GROUND_UNKNOWN && before != state->signs.ground)
        pain_ground_changed(step);
}

static void tell_features(struct step *step, const struct stride_summary *summary)
{
    struct wearer_state *state = step->state;
    const struct walk_signs *signs = &state->signs;
    const struct pain_features features = {
        .speed_first_mps = signs->first_n > 0 ? signs->first_sum_mps / (float)signs->first_n : NAN,
        .speed_mps = summary->speed_mps,
        .ff_rise = state->balance.forefoot_shift,
        .hands_fixed_leaning = (state->context_now.flags & CONTEXT_FLAG_HANDS_FIXED) != 0,
    };
    struct pain_context context = known(state, false);
    struct pain_out out;
    pain_out_none(&out);
    pain_features(&state->pain, &context, &features, state->now_ns, &out);
    take(step, &out, false);
}

void pain_stride(struct step *step, const struct stride *stride,
                 const struct stride_summary *summary)
{
    struct wearer_state *state = step->state;
    struct walk_signs *signs = &state->signs;
    if (!state->session.open || !stride->walking)
        return;
    tell_ground(step);
    if (slaps(state, stride) && !signs->slap_told)
        tell_slap(step);
    if (stride->end_ns - state->session.start_ns <= FIRST_NS) {
        if (!isnan(stride->speed_mps)) {
            signs->first_sum_mps += stride->speed_mps;
            signs->first_n++;
        }
        return;
    }
    if (signs->told_ns != INT64_MIN && stride->end_ns - signs->told_ns < TELL_NS)
        return;
    signs->told_ns = stride->end_ns;
    if (stride->steady)
        tell_features(step, summary);
}
