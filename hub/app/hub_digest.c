/* The caregivers' digest goes out: read from the store, sent by the outbox, and remembered in the
 * same transaction, so that a restart neither repeats nor loses a day. */
#include "hub/app/digest.h"
#include "hub/app/hub.h"
#include "hub/core/ident.h"
#include "hub/io/log.h"

#define LOOK_EVERY_NS INT64_C(1000000000)
#define LOOK_SOON_NS INT64_C(50000000) /* one wearer a look: devices wait meanwhile */
enum { FIGURE_SIZE = ID_SIZE + 16 };

static bool reads_it(const struct wearer_setup *setup)
{
    bool any = false;
    for (int i = 0; i < setup->caregivers_n; i++)
        any = any || setup->caregivers[i].daily_digest;
    return any && setup->caregiver_consent;
}

static void figure_name(const char *what, const struct hub_wearer *wearer, char out[FIGURE_SIZE])
{
    snprintf(out, FIGURE_SIZE, "digest_%s %s", what, wearer->id);
}

static void read_last(struct hub *hub, struct hub_wearer *wearer)
{
    char name[FIGURE_SIZE];
    wearer->digest = (struct digest_last){DIGEST_NEVER, DIGEST_NEVER};
    figure_name("day", wearer, name);
    (void)store_get_figure(hub->store, name, &wearer->digest.day_ms);
    figure_name("week", wearer, name);
    (void)store_get_figure(hub->store, name, &wearer->digest.week_ms);
    wearer->digest_known = true;
}

static void put_last(struct hub *hub, const struct hub_wearer *wearer,
                     const struct digest_last *last)
{
    char name[FIGURE_SIZE];
    figure_name("day", wearer, name);
    store_put_figure(hub->store, name, last->day_ms);
    figure_name("week", wearer, name);
    store_put_figure(hub->store, name, last->week_ms);
}

/* ---------------------------------------------------------------- cautions without a walk */

/* How many since the last digest, and the last one's time, as two figures a rule. */
static void caution_names(const struct hub_wearer *wearer, enum rule rule, char n[FIGURE_SIZE],
                          char at[FIGURE_SIZE])
{
    snprintf(n, FIGURE_SIZE, "caution_n %s %s", rule_name(rule), wearer->id);
    snprintf(at, FIGURE_SIZE, "caution_at %s %s", rule_name(rule), wearer->id);
}

static bool in_a_walk(const struct session *session, const char *prompt)
{
    uint64_t word;
    const bool known = ident_short_word(prompt, &word);
    for (int i = 0; known && i < session->alerts_n; i++) {
        if (session->alerts[i].id_kind != '\0' && session->alerts[i].id == word)
            return true;
    }
    return session->open;
}

void hub_digest_note(struct hub *hub, const struct hub_wearer *wearer, const struct effect *effect)
{
    const struct effect_prompt *prompt = &effect->prompt;
    const struct wearer_state *state = wearer->state;
    char name_n[FIGURE_SIZE], name_at[FIGURE_SIZE];
    int64_t n = 0;
    if (prompt->severity != STRIDE__V1__SEVERITY__SEVERITY_CAUTION || prompt->question != 0 ||
        prompt->repeat || !digest_reads((enum rule)prompt->rule) || !reads_it(&state->config) ||
        in_a_walk(&state->session, prompt->id))
        return;
    caution_names(wearer, (enum rule)prompt->rule, name_n, name_at);
    (void)store_get_figure(hub->store, name_n, &n);
    store_put_figure(hub->store, name_n, n + 1);
    store_put_figure(hub->store, name_at, effect->at_ns / 1000000 + state->wall_minus_mono_ms);
}

static void add_cautions(struct hub *hub, const struct hub_wearer *wearer, struct digest *digest)
{
    char name_n[FIGURE_SIZE], name_at[FIGURE_SIZE];
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        int64_t n = 0, at_ms = 0;
        caution_names(wearer, (enum rule)rule, name_n, name_at);
        if (digest_reads((enum rule)rule) && store_get_figure(hub->store, name_n, &n) &&
            store_get_figure(hub->store, name_at, &at_ms))
            digest_add_cautions(digest, (enum rule)rule, (int)n, at_ms);
    }
}

/* They were told, or are of before anybody read. */
static void forget_cautions(struct hub *hub, const struct hub_wearer *wearer)
{
    char name_n[FIGURE_SIZE], name_at[FIGURE_SIZE];
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        int64_t n = 0;
        caution_names(wearer, (enum rule)rule, name_n, name_at);
        if (store_get_figure(hub->store, name_n, &n) && n != 0)
            store_put_figure(hub->store, name_n, 0);
    }
}

/* ---------------------------------------------------------------- what it says */

struct gathering {
    struct digest *digest;
    struct json_reader *json;
};

/* Newest first by their begin: nobody walks for more than a day. */
static bool add_walk(void *context, const struct store_session *session)
{
    struct gathering *gathering = context;
    if (session->start_utc_ms < digest_reach_ms(gathering->digest) - LOCAL_DAY_MS)
        return false;
    if (session->end_utc_ms != 0 &&
        json_load(gathering->json, session->record, strlen(session->record)))
        digest_add_walk(gathering->digest, gathering->json);
    return true;
}

static bool add_alert(void *context, const struct store_alert *alert)
{
    struct gathering *gathering = context;
    if (!json_load(gathering->json, alert->record, strlen(alert->record)))
        return true;
    const double at_ms = json_get_number(gathering->json, "$.t_utc_ms");
    digest_add_alert(gathering->digest, (enum rule)alert->rule, alert->severity,
                     (enum alert_state)alert->state, (int64_t)at_ms);
    return true;
}

static void gather(struct hub *hub, const struct hub_wearer *wearer, struct digest *digest)
{
    struct gathering gathering = {digest, hub->json};
    const struct plan *plan = &wearer->state->programme.plan;
    (void)store_each_session(hub->store, wearer->number, add_walk, &gathering);
    (void)store_each_alert_raised(hub->store, wearer->number, digest->from_ms, digest->to_ms + 1,
                                  add_alert, &gathering);
    add_cautions(hub, wearer, digest);
    if (plan->stage == PLAN_STAGE_UNKNOWN)
        return;
    struct plan_sums sums;
    plan_sums(plan, &wearer->state->params, &sums);
    digest->planned_n = (uint16_t)sums.planned_n;
    digest->done_n = (uint16_t)sums.done_n;
}

/* ---------------------------------------------------------------- to whom */

static void post_to(struct hub *hub, const char *account, const struct hub_wearer *wearer,
                    const char *text, size_t size)
{
    char key[STORE_KEY_SIZE];
    snprintf(key, sizeof(key), "digest %s %s", account, wearer->id);
    hub_post(hub, &(struct hub_post){.kind = TOPIC_ACCOUNT_DIGEST,
                                     .owner = account,
                                     .item = wearer->id,
                                     .key = key,
                                     .payload = text,
                                     .size = size,
                                     .retain = true});
}

static bool still_reads(const char *account, const struct wire_wearer_config *after)
{
    for (int i = 0; i < after->caregivers_n; i++) {
        if (strcmp(after->caregivers[i].account, account) == 0)
            return after->caregivers[i].daily_digest && after->caregiver_consent;
    }
    return false;
}

void hub_digest_withdraw(struct hub *hub, const struct hub_wearer *wearer,
                         const struct wire_wearer_config *after)
{
    const struct wearer_setup *before = &wearer->state->config;
    for (int i = 0; before->caregiver_consent && i < before->caregivers_n; i++) {
        const struct wire_caregiver *caregiver = &before->caregivers[i];
        if (caregiver->daily_digest && !still_reads(caregiver->account, after))
            post_to(hub, caregiver->account, wearer, "", 0);
    }
}

static void send(struct hub *hub, struct hub_wearer *wearer, unsigned due, int64_t now_ms)
{
    const struct wearer_state *state = wearer->state;
    const struct wearer_setup *setup = &state->config;
    const int64_t oldest_ms = now_ms - LOCAL_WEEK_DAYS * LOCAL_DAY_MS;
    const int64_t last_ms = wearer->digest.day_ms;
    struct digest digest = {
        .from_ms = last_ms < oldest_ms || last_ms > now_ms ? oldest_ms : last_ms,
        .to_ms = now_ms,
        .week = (due & DIGEST_WEEK) != 0,
        .fall_risk = state->profile.fall_risk,
        .plan = (due & DIGEST_LATE) == 0 && state->programme.plan.stage != PLAN_STAGE_UNKNOWN};
    struct digest_last last = {now_ms, digest.week ? now_ms : wearer->digest.week_ms};
    gather(hub, wearer, &digest);
    hub_batch_begin(hub);
    put_last(hub, wearer, &last);
    forget_cautions(hub, wearer);
    if (digest_worth(&digest)) {
        const size_t size =
            digest_json(&digest, wearer->id, setup->display_name, locale_or_english(setup->locale),
                        hub->text, DIGEST_JSON_SIZE);
        if (size == 0)
            log_line(LOG_ERROR, "digest-size", "the digest of wearer %s does not fit", wearer->id);
        for (int i = 0; size > 0 && i < setup->caregivers_n; i++) {
            if (setup->caregivers[i].daily_digest)
                post_to(hub, setup->caregivers[i].account, wearer, hub->text, size);
        }
    }
    if (hub_batch_commit(hub))
        wearer->digest = last;
}

/* Who reads of a wearer only from now on is told of what comes. */
static void begin(struct hub *hub, struct hub_wearer *wearer, int64_t now_ms)
{
    const struct digest_last last = {now_ms, wearer->digest.week_ms};
    hub_batch_begin(hub);
    put_last(hub, wearer, &last);
    forget_cautions(hub, wearer);
    if (hub_batch_commit(hub))
        wearer->digest = last;
}

void hub_digest_look(struct hub *hub, const struct machine_time *now)
{
    struct hub_time time;
    if (now->mono_ns < hub->digest_ns || !hub->storing || hub->in_batch)
        return;
    hub->digest_ns = now->mono_ns + LOOK_EVERY_NS;
    clock_hub_time(&hub->clock, now, &time);
    for (int i = 0; i < hub->wearers_n; i++) {
        struct hub_wearer *wearer = &hub->wearers[i];
        const struct wearer_state *state = wearer->state;
        if (wearer->config_index < 0 || !state->configured || !reads_it(&state->config))
            continue;
        if (!wearer->digest_known)
            read_last(hub, wearer);
        const unsigned due =
            digest_due(&wearer->digest, &state->params, state->config.tz_offset_min, time.wall_ms);
        if (wearer->digest.day_ms == DIGEST_NEVER)
            begin(hub, wearer, time.wall_ms);
        else if (due != DIGEST_NOT)
            send(hub, wearer, due, time.wall_ms);
        else
            continue;
        hub->digest_ns = now->mono_ns + LOOK_SOON_NS;
        return;
    }
}
