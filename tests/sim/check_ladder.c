/* Rule book 5.2, written a second time: when which step of an alert is due, who has to know, what
 * may end it. Reads the decisions of a replay; knows nothing of how the core makes them. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

enum { SEEN_MAX = 512, TOLERANCE_MS = 1000, NOTICE_LATE_MS = 1000 };
#define DAY_OF_MORNING_NS (36 * SIM_HOUR)

struct seen_alert {
    char id[ID_SIZE];
    struct alert last;
    int64_t ended_ns; /* INT64_MAX = open */
    bool red_said, alarmed;
};

struct notice_due {
    char account[ID_SIZE], alert[ID_SIZE];
    int64_t at_ns;
};

struct ladder_check {
    struct seen_alert alerts[SEEN_MAX];
    int n;
    struct notice_due *due;
    int due_n, due_room;
};

struct ladder_check *ladder_check_new(void)
{
    return calloc(1, sizeof(struct ladder_check));
}

static struct seen_alert *seen_alert(struct ladder_check *check, const char *id)
{
    for (int i = 0; i < check->n; i++) {
        if (strcmp(check->alerts[i].id, id) == 0)
            return &check->alerts[i];
    }
    return NULL;
}

/* ---------------------------------------------------------------- the table of 5.2 */

/* When `level` is due after the raise; INT64_MAX = never, INT64_MIN = by the wearer's morning. */
static int64_t due_after_ns(uint8_t urgency, unsigned level)
{
    if (urgency == URGENCY_EMERGENCY) {
        static const int64_t steps_s[] = {0, 60, 120, 300};
        return level > 3 ? INT64_MAX : steps_s[level] * SIM_SECOND;
    }
    if (urgency == URGENCY_SAME_DAY)
        return level == 1   ? 15 * SIM_MINUTE
               : level == 2 ? SIM_HOUR
                            : (int64_t)(level - 2) * 4 * SIM_HOUR;
    if (urgency == URGENCY_URGENT)
        return level == 1 ? SIM_HOUR : INT64_MIN;
    return INT64_MAX;
}

/* The level that has to have been reached after that time. */
static unsigned level_at(uint8_t urgency, int64_t age_ns)
{
    unsigned level = 0;
    while (level < 100) {
        const int64_t due_ns = due_after_ns(urgency, level + 1);
        if (due_ns == INT64_MIN || due_ns > age_ns)
            break;
        level++;
    }
    return level;
}

static bool alarm_wanted(uint8_t urgency, unsigned level)
{
    return (urgency == URGENCY_EMERGENCY || urgency == URGENCY_SAME_DAY) && level >= 2;
}

static bool is_open(uint8_t state)
{
    return state >= ALERT_RAISED && state <= ALERT_SEEN;
}

/* ---------------------------------------------------------------- an alert changes */

static void on_time(const struct check_moment *moment, const struct alert *alert, int64_t at_ns)
{
    const int64_t due_ns = due_after_ns(alert->urgency, alert->level);
    const int64_t age_ns = at_ns - alert->raised_ns;
    if (due_ns == INT64_MIN) { /* the next morning, then every 24 h */
        if (age_ns < SIM_HOUR || (alert->level == 2 && age_ns > DAY_OF_MORNING_NS))
            world_fail(moment->world, "%s: step %u comes %.0f s after the raise",
                       rule_name((enum rule)alert->rule), alert->level, (double)age_ns / 1e9);
        return;
    }
    if (due_ns == INT64_MAX || llabs(age_ns - due_ns) > TOLERANCE_MS * SIM_MS)
        world_fail(moment->world, "%s: step %u comes %.1f s after the raise",
                   rule_name((enum rule)alert->rule), alert->level, (double)age_ns / 1e9);
}

static bool state_follows(const struct alert *before, const struct alert *now)
{
    if (now->state == before->state)
        return true;
    if (is_open(before->state))
        return now->state > before->state && !(now->state == ALERT_EXPIRED &&
                                               now->severity == STRIDE__V1__SEVERITY__SEVERITY_RED);
    return before->state == ALERT_ACCEPTED && now->state == ALERT_RESOLVED;
}

static void accepted(const struct check_moment *moment, const struct alert *alert)
{
    struct world *world = moment->world;
    if (alert->accepted_by[0] == '\0') { /* the wearer, where nobody can be told */
        for (int i = 0; i < world->caregivers_n; i++) {
            if (world->caregivers[i].emergency)
                world_fail(world, "%s is accepted by nobody, and somebody could be told",
                           rule_name((enum rule)alert->rule));
        }
        return;
    }
    for (int i = 0; i < world->checks.acks_n; i++) {
        const struct sim_ack *ack = &world->checks.acks[i];
        const struct sim_caregiver *who = &world->caregivers[ack->caregiver];
        if (strcmp(ack->alert, alert->id) == 0 && strcmp(who->account, alert->accepted_by) == 0 &&
            who->emergency)
            return;
    }
    world_fail(world, "%s counts as accepted by %s, who never said so or may not",
               rule_name((enum rule)alert->rule), alert->accepted_by);
}

/* Of what a caregiver was told, only a person ends a red flag: whoever accepted or resolved it, or
 * the wearer, of what alone is taken back. */
static void by_a_person(struct world *world, const struct alert *alert)
{
    const uint8_t who = alert->stamps[STAMP_ENDED].actor.kind;
    if (alert->severity != STRIDE__V1__SEVERITY__SEVERITY_RED || alert->state == ALERT_ACCEPTED)
        return;
    if (who == ACTOR_HUB || (alert->state == ALERT_CANCELLED && alert->carried != 0))
        world_fail(world, "%s is withdrawn in state %u and nobody accepted it",
                   rule_name((enum rule)alert->rule), alert->state);
}

static void ended(const struct check_moment *moment, struct seen_alert *seen, int64_t at_ns)
{
    const struct alert *alert = &seen->last;
    by_a_person(moment->world, alert);
    const unsigned wanted = level_at(alert->urgency, at_ns - alert->raised_ns - SIM_SECOND);
    seen->ended_ns = at_ns;
    if (alert->level < wanted)
        world_fail(moment->world, "%s ended at step %u, %u was due",
                   rule_name((enum rule)alert->rule), alert->level, wanted);
    if (alert->state == ALERT_ACCEPTED)
        accepted(moment, alert);
    if (alert->state == ALERT_CANCELLED && alert->severity == STRIDE__V1__SEVERITY__SEVERITY_RED)
        moment->world->counts[COUNT_CANCELLED]++;
}

static void begins(const struct check_moment *moment, struct ladder_check *check,
                   const struct alert *alert)
{
    if (check->n == SEEN_MAX) {
        world_fail(moment->world, "more alerts than the checker has room for");
        return;
    }
    struct seen_alert *seen = &check->alerts[check->n++];
    memcpy(seen->id, alert->id, ID_SIZE);
    seen->last = *alert;
    seen->ended_ns = INT64_MAX;
    moment->world->counts[alert->severity == STRIDE__V1__SEVERITY__SEVERITY_RED ? COUNT_RED_FLAGS
                                                                                : COUNT_ALERTS]++;
    if (alert->state != ALERT_RAISED || alert->level != 0)
        world_fail(moment->world, "%s begins at state %u, step %u",
                   rule_name((enum rule)alert->rule), alert->state, alert->level);
}

/* When all places wait for a person, a more urgent red flag takes one over: it loses nothing. */
static void taken_over(struct world *world, const struct alert *before, const struct alert *alert)
{
    const char *const name = rule_name((enum rule)before->rule);
    const uint32_t spoke = before->carried | rule_told_bit((enum rule)before->rule);
    const uint32_t speaks = alert->carried | rule_told_bit((enum rule)alert->rule);
    if (!is_open(before->state) || alert->state != ALERT_RAISED)
        world_fail(world, "%s in state %u is taken over", name, before->state);
    if (alert->urgency > before->urgency || (spoke & ~speaks) != 0 ||
        (before->told & ~alert->told) != 0 || (before->alarm && !alert->alarm))
        world_fail(world, "%s is displaced by %s", name, rule_name((enum rule)alert->rule));
}

static void changes(const struct check_moment *moment, struct seen_alert *seen,
                    const struct alert *alert, int64_t at_ns)
{
    struct world *world = moment->world;
    const struct alert before = seen->last;
    seen->last = *alert;
    if (alert->raised_ns != before.raised_ns) {
        taken_over(world, &before, alert);
        return;
    }
    if (!state_follows(&before, alert))
        world_fail(world, "%s goes from state %u to %u", rule_name((enum rule)alert->rule),
                   before.state, alert->state);
    if (alert->level != before.level) {
        world->counts[COUNT_LADDER_STEPS]++;
        if (alert->level != before.level + 1 || !is_open(before.state))
            world_fail(world, "%s goes from step %u to %u", rule_name((enum rule)alert->rule),
                       before.level, alert->level);
        on_time(moment, alert, at_ns);
    }
    if (is_open(alert->state) && alarm_wanted(alert->urgency, alert->level) && !alert->alarm)
        world_fail(world, "%s: no local alarm at step %u", rule_name((enum rule)alert->rule),
                   alert->level);
    if (alert->alarm && alert->urgency == URGENCY_URGENT)
        world_fail(world, "a local alarm for what is only urgent");
    if (alert->alarm && !before.alarm)
        world->counts[COUNT_LOCAL_ALARMS]++;
    if (is_open(before.state) && !is_open(alert->state))
        ended(moment, seen, at_ns);
}

/* ---------------------------------------------------------------- who has to know */

static unsigned entitled_n(const struct wearer_state *state)
{
    unsigned n = 0;
    for (unsigned i = 0; i < state->config.caregivers_n; i++)
        n += state->config.caregivers[i].emergency && !state->config.caregivers[i].monitoring;
    return n;
}

static unsigned told_n(const struct wearer_state *state, const struct alert *alert)
{
    unsigned n = 0;
    for (unsigned i = 0; i < state->config.caregivers_n; i++)
        n += (alert->told >> i & 1) != 0 && !state->config.caregivers[i].monitoring;
    return n;
}

/* After a step of time all that are open are told as far as their level says. */
static void told_enough(const struct check_moment *moment, struct ladder_check *check)
{
    const struct wearer_state *state = moment->state;
    for (int i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &state->alerting.alerts[i];
        if (alert->id[0] == '\0' || !is_open(alert->state) || alert->urgency == URGENCY_NONE ||
            alert->state == ALERT_RAISED)
            continue;
        const unsigned all = entitled_n(state);
        unsigned wanted = alert->level >= 2 ? all : alert->level + 1U;
        wanted = wanted < all ? wanted : all;
        if (told_n(state, alert) < wanted)
            world_fail(moment->world, "%s at step %u: %u were told, not %u",
                       rule_name((enum rule)alert->rule), alert->level, told_n(state, alert),
                       wanted);
        if (alert->level < 2 && all > 0 && told_n(state, alert) > wanted)
            world_fail(moment->world, "%s at step %u: %u were told already",
                       rule_name((enum rule)alert->rule), alert->level, told_n(state, alert));
    }
    (void)check;
}

/* A notice is taken back from whom is not to be told any more, and from nobody else. */
static void taken_back(const struct check_moment *moment, const struct effect *effect)
{
    const struct wearer_state *state = moment->state;
    for (unsigned i = 0; effect->notice.clear && i < state->config.caregivers_n; i++) {
        const struct wire_caregiver *who = &state->config.caregivers[i];
        if (state->config.caregiver_consent && who->emergency &&
            strcmp(who->account, effect->notice.account) == 0)
            world_fail(moment->world, "a notice of %s is taken back from %s",
                       rule_name((enum rule)effect->notice.alert.rule), who->account);
    }
}

static void notice(struct ladder_check *check, const struct effect *effect)
{
    if (effect->notice.resend || effect->notice.clear)
        return;
    if (check->due_n == check->due_room) {
        check->due_room = check->due_room == 0 ? 64 : 2 * check->due_room;
        check->due = realloc(check->due, (size_t)check->due_room * sizeof(check->due[0]));
    }
    struct notice_due *due = &check->due[check->due_n++];
    memcpy(due->account, effect->notice.account, ID_SIZE);
    memcpy(due->alert, effect->notice.alert.id, ID_SIZE);
    due->at_ns = effect->at_ns;
}

/* ---------------------------------------------------------------- a red flag is said */

static void said(struct ladder_check *check, const struct effect *effect)
{
    for (int i = check->n - 1; i >= 0; i--) {
        struct seen_alert *seen = &check->alerts[i];
        if (strcmp(seen->id + 1, effect->prompt.id + 1) == 0)
            seen->red_said = true;
    }
}

/* A red flag is said in the step that raises it, if any device can say it. */
static void red_said(const struct check_moment *moment, const struct ladder_check *check, int from)
{
    bool speaks = false;
    for (int slot = 0; slot < WEARER_DEVICES_MAX; slot++) {
        const struct device_health *health = &moment->state->health[slot];
        speaks = speaks || (health->registered &&
                            (health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST ||
                             health->kind == STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL));
    }
    for (int i = from; speaks && i < check->n; i++) {
        const struct seen_alert *seen = &check->alerts[i];
        if (seen->last.severity == STRIDE__V1__SEVERITY__SEVERITY_RED && !seen->red_said)
            world_fail(moment->world, "%s was raised and not said",
                       rule_name((enum rule)seen->last.rule));
    }
}

void ladder_check_step(struct ladder_check *check, const struct check_moment *moment)
{
    const int from = check->n;
    for (int i = 0; i < moment->effects->n; i++) {
        const struct effect *effect = &moment->effects->items[i];
        if (effect->kind == EFFECT_NOTICE) {
            taken_back(moment, effect);
            notice(check, effect);
        }
        if (effect->kind == EFFECT_PROMPT)
            said(check, effect);
        if (effect->kind != EFFECT_ALERT)
            continue;
        struct seen_alert *seen = seen_alert(check, effect->alert.id);
        if (seen == NULL)
            begins(moment, check, &effect->alert);
        else
            changes(moment, seen, &effect->alert, effect->at_ns);
    }
    red_said(moment, check, from);
    told_enough(moment, check);
}

/* ---------------------------------------------------------------- the end */

/* Time, of that between the two, in which something kept the hub from speaking. */
static int64_t impaired_ns(const struct sim_hub *hub, int64_t from_ns, int64_t to_ns)
{
    int64_t sum_ns = 0;
    for (int i = 0; i < hub->impairments_n; i++) {
        const int64_t low = hub->impairments[i].from_ns, high = hub->impairments[i].to_ns;
        const int64_t first = low > from_ns ? low : from_ns, last = high < to_ns ? high : to_ns;
        sum_ns += last > first ? last - first : 0;
    }
    return sum_ns;
}

static void left_in_time(struct world *world, const struct notice_due *due)
{
    const struct checks *checks = &world->checks;
    int64_t left_ns = INT64_MAX;
    for (int i = 0; i < checks->told_n && left_ns == INT64_MAX; i++) {
        const struct told_notice *told = &checks->told[i];
        if (told->hub_ns >= due->at_ns - SIM_MS && strcmp(told->alert, due->alert) == 0 &&
            strcmp(told->account, due->account) == 0)
            left_ns = told->hub_ns;
    }
    const int64_t until_ns = left_ns == INT64_MAX ? hub_process_now_ns(world) : left_ns;
    const int64_t late_ns = until_ns - due->at_ns - impaired_ns(&world->hub, due->at_ns, until_ns);
    if (late_ns > NOTICE_LATE_MS * SIM_MS)
        world_fail(world, "a notice of %s for %s %s %.1f s later, with nothing in its way",
                   due->alert, due->account, left_ns == INT64_MAX ? "did not leave even" : "left",
                   (double)late_ns / 1e9);
}

/* Where every commit was kept, nothing may be told that was not decided. */
static void told_of_decided(struct ladder_check *check, struct world *world)
{
    for (int i = 0; i < world->checks.told_n && world->counts[COUNT_COMMITS_FAILED] == 0; i++) {
        const struct told_notice *told = &world->checks.told[i];
        bool decided = strcmp(told->alert, "self-test") == 0;
        for (int j = 0; j < check->due_n && !decided; j++)
            decided = strcmp(check->due[j].alert, told->alert) == 0;
        if (!decided)
            world_fail(world, "%s is told of %s, which was never decided", told->account,
                       told->alert);
    }
}

static void still_open(struct world *world, const struct seen_alert *seen, int64_t now_ns)
{
    const struct alert *alert = &seen->last;
    const int64_t age_ns = now_ns - alert->raised_ns;
    const unsigned wanted = level_at(alert->urgency, age_ns - SIM_SECOND);
    if (alert->level < wanted)
        world_fail(world, "%s is at step %u, %u is due", rule_name((enum rule)alert->rule),
                   alert->level, wanted);
    if (alarm_wanted(alert->urgency, wanted) && !alert->alarm)
        world_fail(world, "%s: neither a person nor the local alarm has it",
                   rule_name((enum rule)alert->rule));
}

void ladder_check_end(struct ladder_check *check, struct world *world,
                      const struct wearer_state *state)
{
    for (int i = 0; i < check->n; i++) {
        if (check->alerts[i].ended_ns == INT64_MAX)
            still_open(world, &check->alerts[i], state->now_ns);
    }
    if (world->wearers_n == 1)
        told_of_decided(check, world);
    for (int i = 0; i < check->due_n; i++)
        left_in_time(world, &check->due[i]);
    free(check->due);
    free(check);
}
