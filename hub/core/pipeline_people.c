#include "hub/core/pipeline_private.h"

#include <math.h>
#include <string.h>

static bool has_flag(const struct wire_wearer_config *config, const char *flag)
{
    for (unsigned i = 0; i < config->flags_n; i++) {
        if (strcmp(config->flags[i], flag) == 0)
            return true;
    }
    return false;
}

static uint64_t salt_of(const struct input *input)
{
    uint64_t salt = bytes_digest(DIGEST_SEED, input->bytes, input->size);
    salt = bytes_digest(salt, &input->at_wall_ms, sizeof(input->at_wall_ms));
    return bytes_digest(salt, &input->at_mono_ns, sizeof(input->at_mono_ns));
}

uint64_t wearer_config_digest(const struct wire_wearer_config *config)
{
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    struct wire_wearer_config copy = *config;
    copy.version = 1;
    return bytes_digest(DIGEST_SEED, bytes, wire_encode_wearer_config(&copy, bytes, sizeof(bytes)));
}

static void set_up(struct wearer_setup *setup, const struct wire_wearer_config *config)
{
    memset(setup, 0, sizeof(*setup));
    memcpy(setup->wearer, config->wearer, sizeof(setup->wearer));
    setup->version = config->version;
    setup->digest = wearer_config_digest(config);
    memcpy(setup->caregivers, config->caregivers, sizeof(setup->caregivers));
    setup->caregivers_n = config->caregivers_n;
    setup->coaching_consent = config->coaching_consent;
    setup->caregiver_consent = config->caregiver_consent;
    setup->tz_offset_min = config->tz_offset_min;
    setup->birth_year = config->birth_year;
    setup->height_m = config->height_m;
    setup->leg_m = config->leg_m;
    setup->mass_kg = config->mass_kg;
    memcpy(setup->stage, config->stage, sizeof(setup->stage));
    memcpy(setup->display_name, config->display_name, sizeof(setup->display_name));
    setup->hr_max_bpm = config->hr_max_bpm;
    memcpy(setup->locale, config->locale, sizeof(setup->locale));
    setup->walk_times_n = config->walk_times_n;
    memcpy(setup->walk_min, config->walk_min, sizeof(setup->walk_min));
    setup->has_shoe = config->has_shoe;
    setup->shoe = config->shoe;
}

static struct caregivers_before caregivers_before(const struct wearer_state *state)
{
    struct caregivers_before before;
    memset(&before, 0, sizeof(before));
    before.n = state->config.caregivers_n;
    memcpy(before.caregivers, state->config.caregivers, sizeof(before.caregivers));
    return before;
}

/* Rule book 6, by these names. */
static void set_flags(struct rules_profile *profile, const struct wire_wearer_config *config)
{
    profile->disc = has_flag(config, "disc");
    profile->stenosis = has_flag(config, "stenosis");
    profile->osteoporosis = has_flag(config, "osteoporosis");
    profile->fluid_restriction = has_flag(config, "fluid_restriction");
    profile->fall_risk = has_flag(config, "fall_risk");
    profile->wheelchair = has_flag(config, "wheelchair");
    profile->walking_aid = has_flag(config, "walking_aid");
    profile->prosthesis = has_flag(config, "prosthesis");
    profile->lone_walker = has_flag(config, "lone_walker");
    profile->beta_blocker = has_flag(config, "beta_blocker");
    profile->pacemaker = has_flag(config, "pacemaker");
    profile->af = has_flag(config, "af");
    profile->heart_disease = has_flag(config, "heart_disease");
    profile->hemiparesis = has_flag(config, "hemiparesis");
    profile->leg_difference = has_flag(config, "leg_difference");
    profile->orthotic = has_flag(config, "orthotic");
    profile->vertigo = has_flag(config, "vertigo");
    profile->arm_injury = has_flag(config, "arm_injury");
    profile->steroids = has_flag(config, "steroids");
    profile->weak_immunity = has_flag(config, "weak_immunity");
    profile->drug_injection = has_flag(config, "drug_injection");
    profile->cancer_history = has_flag(config, "cancer_history");
    profile->spine_surgery = has_flag(config, "spine_surgery");
    profile->pt_plan = has_flag(config, "pt_plan");
}

/* What is given replaces what was given before; what was learnt stays. A name or value of another
 * version of the program is left out. */
static void set_baselines(struct baseline_state *state, const struct wire_wearer_config *config)
{
    baseline_unset(state);
    for (unsigned i = 0; i < config->baselines_n; i++) {
        const struct wire_baseline *given = &config->baselines[i];
        enum baseline_metric metric = baseline_metric_find(given->name);
        if (metric == BASELINE_METRICS)
            continue;
        (void)baseline_set(state, metric, NAN, given->value, given->mad);
        if (!isnan(given->speed_mps))
            (void)baseline_set(state, metric, given->speed_mps, given->value, given->mad);
    }
}

void apply_config(struct step *step)
{
    struct wearer_state *state = step->state;
    const struct wire_wearer_config *config = &step->scratch->config;
    const struct caregivers_before before = caregivers_before(state);
    const struct programme_before programme = programme_before(state);
    if (!state->configured)
        state->id_salt = salt_of(step->input);
    set_up(&state->config, config);
    state->configured = true;
    params_defaults(&state->params);
    for (unsigned i = 0; i < config->params_n; i++) {
        enum param param = param_find(config->params[i].name);
        /* A name or value of another version of the program leaves the default. */
        if (param != PARAM_COUNT)
            (void)params_set(&state->params, param, config->params[i].value);
    }
    struct rules_profile *profile = &state->profile;
    memset(profile, 0, sizeof(*profile));
    memcpy(profile->stage, config->stage, sizeof(profile->stage));
    set_flags(profile, config);
    profile->coaching_consent = config->coaching_consent;
    profile->birth_year = config->birth_year;
    profile->height_m = config->height_m;
    profile->hr_max_bpm = config->hr_max_bpm;
    set_baselines(&state->baseline, config);
    sole_weight_profile(&state->weight, config->mass_kg);
    shoe_configured(state);
    device_configure(state, config);
    programme_configured(step, &programme);
    struct alert_context context = pipeline_context(state);
    int from = step->effects->n;
    alerting_configured(&state->alerting, &context, &before, state->now_ns, step->effects);
    pipeline_record(step, from);
}

/* Ends the walk, unless it has gone on since: then steps go on being of a walk, and are watched. */
static void stop_walk(struct step *step)
{
    struct wearer_state *state = step->state;
    const int64_t said_ns = step_said_ns(step);
    bool walked_on = walk_last_ns(state) - said_ns > STOPPING_NS;
    if (!state->session.open || (step->said_ago_ns > 0 && walked_on))
        return;
    walk_close(step, END_USER);
    state->stopped_ns = state->now_ns;
}

static bool raised_now(const struct wearer_state *state, enum rule rule)
{
    for (unsigned i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &state->alerting.alerts[i];
        if (alert->id[0] != '\0' && alert->rule == rule && alert_is_open(alert) &&
            alert->raised_ns == state->now_ns)
            return true;
    }
    return false;
}

/* What somebody said, whichever way it came; `slot` NONE = by an account. What is done about it is
 * of the present; when it was said is its own time (rule book 5.2: queued reports). */
static void heard(struct step *step, uint8_t slot)
{
    struct wearer_state *state = step->state;
    const struct wire_report *report = &step->scratch->report;
    const int64_t said_ns = step_said_ns(step);
    struct alert_context context = pipeline_context(state);
    struct findings findings = {0};
    context.ok_for_belt = ramp_offered(state) && !safety_asks(&state->safety);
    context.ok_taken = context.ok_for_belt || safety_asks(&state->safety);
    context.said_ago_ns = step->said_ago_ns;
    if (report->button == STRIDE__V1__BUTTON__BUTTON_FLARE)
        state->flare_ns = said_ns;
    if (report->button == STRIDE__V1__BUTTON__BUTTON_FLARE_OVER)
        state->flare_ns = INT64_MIN;
    if (report->button == STRIDE__V1__BUTTON__BUTTON_PAUSE && said_ns > state->paused_ns)
        state->paused_ns = said_ns;
    /* Asked about a fall, who presses for help has answered (S01: "I need help", alarm now): the
     * alarm that this press raised is its call, and there is no second one to be accepted. */
    const bool fell = state->safety.fall.phase >= S01_ASKED;
    if (fell)
        guard_report(step, report);
    if (!fell || !raised_now(state, RULE_S01))
        rules_report(&state->params, report, slot, said_ns, &findings);
    pipeline_decide(step, &findings);
    if (!fell)
        guard_report(step, report);
    int from = step->effects->n;
    alerting_report(&state->alerting, &context, report, slot, state->now_ns, step->effects);
    pipeline_record(step, from);
    if (session_report(&state->session, report, slot, said_ns))
        walk_effect(step, SESSION_UPDATED);
    if (step->said_ago_ns == 0) /* to a belt's offer of now */
        ramp_report(step, report);
    pain_said(step, report);
    programme_report(step, report);
    if (report->button == STRIDE__V1__BUTTON__BUTTON_STOP)
        stop_walk(step);
}

bool pipeline_may_say(const struct wearer_state *state, const char *account)
{
    const struct wearer_setup *setup = &state->config;
    if (strcmp(account, setup->wearer) == 0)
        return true;
    for (unsigned i = 0; i < setup->caregivers_n && setup->caregiver_consent; i++) {
        if (setup->caregivers[i].emergency && strcmp(setup->caregivers[i].account, account) == 0)
            return true;
    }
    return false;
}

/* An answer that does what OK does after a fall. */
static bool well(const struct wire_report *report)
{
    return report->answer == STRIDE__V1__ANSWER__ANSWER_YES &&
           (strcmp(report->question, text_name(TEXT_S01_ASK)) == 0 ||
            strcmp(report->question, text_name(TEXT_S03_OK)) == 0);
}

enum step_result said_check(struct step *step)
{
    const struct input *input = step->input;
    struct wire_report *report = &step->scratch->report;
    char account[ID_SIZE];
    step->refusal = WIRE_MALFORMED;
    if (input->size <= ID_SIZE || input->bytes[ID_SIZE - 1] != '\0')
        return STEP_REFUSED;
    memcpy(account, input->bytes, ID_SIZE);
    if (!pipeline_may_say(step->state, account))
        return STEP_UNKNOWN;
    step->refusal = wire_decode_report(&step->scratch->arena, input->bytes + ID_SIZE,
                                       input->size - ID_SIZE, report);
    /* To call for help and to say that all is well are the wearer's own buttons. */
    if (step->refusal == WIRE_OK &&
        (report->button == STRIDE__V1__BUTTON__BUTTON_HELP ||
         report->button == STRIDE__V1__BUTTON__BUTTON_OK || well(report)))
        step->refusal = WIRE_RANGE;
    return step->refusal == WIRE_OK ? STEP_APPLIED : STEP_REFUSED;
}

void apply_said(struct step *step)
{
    const char *account = (const char *)step->input->bytes;
    step->by_other = strcmp(account, step->state->config.wearer) != 0;
    heard(step, INPUT_SLOT_NONE);
}

/* When it was said, by the device's own clock where that is known: it may have waited. Never in the
 * future. Of a clock that was put, the reading that is nearest to now: in doubt it is fresh. Nobody
 * presses at the moment 0 of a boot. */
static int64_t told_ns(const struct wearer_state *state, uint8_t slot,
                       const struct wire_place *place, int64_t t_us)
{
    const struct wearer_device *device = &state->devices[slot];
    const struct align *align = &device->align;
    if (t_us <= 0 || device->frames.boot_id != place->boot_id || align->counting)
        return state->now_ns;
    int64_t newest_ns = INT64_MIN;
    for (unsigned i = 0; i < ALIGN_STREAMS; i++) {
        const struct align_stream *stream = &align->streams[i];
        int64_t at_ns = align_session_ns(align, (double)t_us + stream->shift_us);
        if (stream->seen && at_ns > newest_ns)
            newest_ns = at_ns;
    }
    return newest_ns != INT64_MIN && newest_ns < state->now_ns ? newest_ns : state->now_ns;
}

/* A report takes its time over links and queues: what is younger is said now. */
static int64_t waited_ns(const struct wearer_state *state, int64_t said_ns)
{
    const int64_t ago_ns = state->now_ns - said_ns;
    return ago_ns < FRESH_NS ? 0 : ago_ns;
}

void apply_report(struct step *step)
{
    struct wearer_state *state = step->state;
    const struct wire_report *report = &step->scratch->report;
    uint8_t slot = step->input->slot;
    const int64_t said_ns = told_ns(state, slot, &report->place, report->t_us);
    const bool belt = report->belt_status != STRIDE__V1__BELT_STATUS__BELT_STATUS_UNKNOWN;
    /* Reports and hellos travel on two connections, so a call for help may come before the hello.
     * What has buttons is spoken to like a wrist until it says what it is. */
    if (state->health[slot].kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_UNKNOWN)
        state->health[slot].kind = belt ? STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL
                                        : STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST;
    if (state->health[slot].kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL)
        signals_belt_status(&state->signals, said_ns, report->belt_status);
    device_control_taken(&state->devices[slot], &report->place);
    step->said_ago_ns = waited_ns(state, said_ns);
    heard(step, slot);
}

void apply_feedback(struct step *step)
{
    struct wearer_state *state = step->state;
    const struct wire_feedback *feedback = &step->scratch->feedback;
    const uint8_t slot = step->input->slot;
    device_control_taken(&state->devices[slot], &feedback->place);
    step->said_ago_ns = waited_ns(state, told_ns(state, slot, &feedback->place, feedback->t_us));
    struct alert_context context = pipeline_context(state);
    int from = step->effects->n;
    alerting_feedback(&state->alerting, &context, feedback, state->now_ns, step->effects);
    pipeline_record(step, from);
    session_feedback(&state->session, feedback, pipeline_wall_ms(step->input));
    pain_answered(step, feedback);
    programme_feedback(step, feedback);
    guard_feedback(step, feedback);
}

/* The word at `*at`, which ends at a blank or the end, and where the next one begins; false when
 * it is none or too long. */
static bool next_word(const struct input *input, size_t *at, char out[ID_SIZE])
{
    size_t start = *at, end = start;
    while (end < input->size && input->bytes[end] != ' ')
        end++;
    *at = end + 1;
    if (end == start || end - start > ID_LENGTH_MAX)
        return false;
    memset(out, 0, ID_SIZE);
    memcpy(out, input->bytes + start, end - start);
    return topic_id_valid(out);
}

/* "<alert id> <account>[ <verb>]"; without a verb it is accepted. */
void apply_ack(struct step *step)
{
    struct wearer_state *state = step->state;
    char alert[ID_SIZE], account[ID_SIZE], word[ID_SIZE];
    size_t at = 0;
    if (!next_word(step->input, &at, alert) || !next_word(step->input, &at, account))
        return;
    enum ack_verb verb = VERB_ACCEPT;
    if (at <= step->input->size) /* a blank follows the account */
        verb = next_word(step->input, &at, word) ? ack_verb_find(word) : VERBS;
    if (verb == VERBS)
        return;
    struct alert_context context = pipeline_context(state);
    int from = step->effects->n;
    (void)alerting_ack(&state->alerting, &context, alert, account, verb, state->now_ns,
                       step->effects);
    pipeline_record(step, from);
}

void apply_hub_back(struct step *step)
{
    struct wearer_state *state = step->state;
    state->back_ns = step->input->at_mono_ns;
    rules_hub_started(&state->rules, &state->params, state->back_ns);
    safety_hub_started(&state->safety, state->back_ns);
    context_skip(state, state->back_ns);
    /* A foot is not gone because the hub was. */
    for (unsigned slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        struct device_health *health = &state->health[slot];
        if (health->seen && !health->lost)
            health->last_ns = state->back_ns;
    }
}

void apply_hub(struct step *step)
{
    step->state->hub = step->input->bytes[0] == HUB_NOT_STORING ? HUB_NOT_STORING : HUB_NORMAL;
    device_expect_feet(step->state);
}

enum ack_result pipeline_ack_check(const struct wearer_state *state, const char *alert,
                                   const char *account, enum ack_verb verb)
{
    struct alert_context context = pipeline_context(state);
    return alerting_ack_check(&state->alerting, &context, alert, account, verb);
}
