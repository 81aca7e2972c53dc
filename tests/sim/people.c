/* Caregivers who answer at once, late, twice, wrongly or never, and a wearer with a day: walks,
 * reports, calls for help, answers. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

/* ---------------------------------------------------------------- caregivers */

static const char *const requests[] = {"ack", "seen", "delivered", "resolve", "alive"};
enum request { ASK_ACK, ASK_SEEN, ASK_DELIVERED, ASK_RESOLVE, ASK_ALIVE };
enum { ALIVE_EVERY_S = 60 };

static void ask(struct world *world, int index, enum request what, const char *alert)
{
    const struct sim_caregiver *caregiver = &world->caregivers[index];
    struct topic response = {.kind = TOPIC_ACCOUNT_RESPONSE};
    struct sim_say say = {.topic.kind = TOPIC_ACCOUNT_REQUEST, .qos = 1};
    char text[100], answer[TOPIC_LENGTH_MAX + 1];
    if (!caregiver->online || !world->clients[CLIENT_CAREGIVER + index].connected)
        return;
    memcpy(say.topic.owner, caregiver->account, ID_SIZE);
    snprintf(say.topic.item, ID_SIZE, "%s", requests[what]);
    say.bytes = text;
    say.size = (size_t)snprintf(text, sizeof(text), "{\"alert\": \"%s\"}", alert);
    if (what == ASK_ACK) {
        memcpy(response.owner, caregiver->account, ID_SIZE);
        snprintf(response.item, ID_SIZE, "%s", alert);
        (void)topic_format(&world->root, &response, answer, sizeof(answer));
        say.response = answer;
        struct checks *checks = &world->checks;
        if (checks->acks_n == checks->acks_room) {
            checks->acks_room = checks->acks_room == 0 ? 16 : 2 * checks->acks_room;
            checks->acks =
                realloc(checks->acks, (size_t)checks->acks_room * sizeof(checks->acks[0]));
        }
        struct sim_ack *ack = &checks->acks[checks->acks_n++];
        memset(ack, 0, sizeof(*ack));
        ack->caregiver = index;
        snprintf(ack->alert, ID_SIZE, "%s", alert);
    }
    world_trace(world, "%s asks %s %s", caregiver->account, requests[what],
                what == ASK_ALIVE ? "" : alert);
    (void)broker_publish(world, &say);
}

static void alive(struct world *world, const struct event *event)
{
    ask(world, event->who, ASK_ALIVE, "");
    world_at(world, world->now_ns + ALIVE_EVERY_S * SIM_SECOND, alive, event->who, 0, NULL);
}

/* `tag`: which alert that it knows, and what to ask. */
static void act(struct world *world, const struct event *event)
{
    const struct sim_caregiver *caregiver = &world->caregivers[event->who];
    ask(world, event->who, (enum request)(event->tag % 8), caregiver->known[event->tag / 8]);
}

static void plan(struct world *world, int index, enum request what, int known, int64_t low_ns,
                 int64_t high_ns)
{
    world_at(world, world->now_ns + between(world, low_ns, high_ns), act, index,
             (uint64_t)known * 8 + what, NULL);
}

static void wrong(struct world *world, const struct event *event)
{
    ask(world, event->who, ASK_ACK, "a-not-there");
}

static void react(struct world *world, int index, int known)
{
    enum caregiver_habit habit = world->caregivers[index].habit;
    if (chance(world, 0.3))
        habit = (enum caregiver_habit)between(world, 0, HABITS);
    plan(world, index, ASK_DELIVERED, known, SIM_MS, SIM_SECOND);
    if (chance(world, 0.5))
        plan(world, index, ASK_SEEN, known, SIM_SECOND, SIM_MINUTE);
    switch (habit) {
    case HABIT_PROMPT:
        plan(world, index, ASK_ACK, known, SIM_SECOND, SIM_MINUTE);
        break;
    case HABIT_LATE:
        plan(world, index, ASK_ACK, known, 2 * SIM_MINUTE, 8 * SIM_HOUR);
        break;
    case HABIT_TWICE:
        plan(world, index, ASK_ACK, known, SIM_SECOND, 3 * SIM_MINUTE);
        plan(world, index, ASK_ACK, known, SIM_SECOND, SIM_HOUR);
        break;
    case HABIT_WRONG:
        world_at(world, world->now_ns + SIM_SECOND, wrong, index, 0, NULL);
        break;
    case HABIT_NEVER:
    case HABITS:
        return;
    }
    if (chance(world, 0.3))
        plan(world, index, ASK_RESOLVE, known, SIM_MINUTE, SIM_HOUR);
}

static void take_answer(struct world *world, const struct message *message)
{
    const bool ok = strstr((const char *)message->bytes, "\"ok\":true") != NULL;
    world->counts[ok ? COUNT_ACKS : COUNT_ACKS_REFUSED]++;
}

void people_receive(struct world *world, int index, const struct message *message)
{
    struct sim_caregiver *caregiver = &world->caregivers[index];
    if (message->topic.kind == TOPIC_ACCOUNT_RESPONSE) {
        take_answer(world, message);
        return;
    }
    if (message->topic.kind != TOPIC_ACCOUNT_NOTICE || message->size == 0)
        return;
    world->counts[COUNT_NOTICES]++;
    for (int i = 0; i < caregiver->known_n && i < 32; i++) {
        if (strcmp(caregiver->known[i], message->topic.item) == 0)
            return;
    }
    const int at = caregiver->known_n++ % 32;
    memcpy(caregiver->known[at], message->topic.item, ID_SIZE);
    caregiver->known_ns[at] = world->now_ns;
    react(world, index, at);
}

/* ---------------------------------------------------------------- the wearer */

static int device_of(const struct world *world, int wearer, int slot)
{
    (void)world;
    return wearer * SIM_GEAR + slot;
}

static struct wire_report nothing(void)
{
    return (struct wire_report){.t_us = -1, .pain_nrs = -1, .mood = -1};
}

static void press(struct world *world, int device, Stride__V1__Button button, uint32_t ms)
{
    struct wire_report report = nothing();
    report.button = button;
    report.press_ms = ms;
    device_say(world, device, &report);
}

static void press_ok(struct world *world, const struct event *event)
{
    press(world, event->who, STRIDE__V1__BUTTON__BUTTON_OK, 200);
}

static void call_for_help(struct world *world, int wearer)
{
    const int device = device_of(world, wearer, 2);
    world->counts[COUNT_HELP]++;
    world_trace(world, "w%d presses help", wearer);
    faults_meet(world, 6 * SIM_MINUTE);
    press(world, device, STRIDE__V1__BUTTON__BUTTON_HELP, 2500);
    if (chance(world, 0.25))
        world_at(world, world->now_ns + between(world, SIM_SECOND, 4 * SIM_SECOND), press_ok,
                 device, 0, NULL);
    else if (chance(world, 0.3))
        world_at(world, world->now_ns + between(world, 10 * SIM_SECOND, SIM_HOUR), press_ok, device,
                 0, NULL);
}

/* Anything that a person may say: ranges of the wire, not of what is likely. */
static void say_something(struct world *world, int wearer)
{
    struct wire_report report = nothing();
    const int what = (int)between(world, 0, 6);
    if (what == 0) {
        report.button = (Stride__V1__Button)between(world, 1, 9);
        report.press_ms = 300;
    }
    if (what >= 1 && what <= 3)
        report.pain_nrs = (int8_t)between(world, 0, 11);
    if (what == 2 || what == 4) {
        report.pain_place = (Stride__V1__PainPlace)between(world, 1, 7);
        report.pain_side = (Stride__V1__Side)between(world, 0, 4);
        report.pain_quality = (Stride__V1__PainQuality)between(world, 0, 7);
    }
    if (what == 3 || what == 4) {
        report.symptom = (Stride__V1__Symptom)between(world, 0, 6);
        report.symptom_side = (Stride__V1__Side)between(world, 0, 4);
    }
    if (what == 5)
        report.mood = (int8_t)between(world, 1, 6);
    device_say(world, device_of(world, wearer, 2), &report);
}

/* A question is answered by its text's id, which is all that a display knows of it. */
static void answer(struct world *world, const struct event *event)
{
    struct wire_report report = nothing();
    snprintf(report.question, sizeof(report.question), "%s", (const char *)event->message->bytes);
    report.answer =
        chance(world, 0.5) ? STRIDE__V1__ANSWER__ANSWER_YES : STRIDE__V1__ANSWER__ANSWER_NO;
    if (chance(world, 0.5))
        report.pain_nrs = (int8_t)between(world, 0, 11);
    device_say(world, event->who, &report);
    message_release(event->message);
}

void people_prompt(struct world *world, int device, const struct wire_prompt *prompt)
{
    world_trace(world, "shown: %s %s (%s)", prompt->rule, prompt->text, prompt->id);
    if (chance(world, 0.6))
        device_feed_back(world, device, prompt->id,
                         chance(world, 0.5) ? STRIDE__V1__FEEDBACK_KIND__FEEDBACK_SHOWN
                                            : STRIDE__V1__FEEDBACK_KIND__FEEDBACK_DISMISSED);
    if (prompt->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP && chance(world, 0.03))
        world_at(world, world->now_ns + between(world, SIM_SECOND, SIM_MINUTE), press_ok, device, 0,
                 NULL);
    if (prompt->rule[0] == 'R' || !chance(world, 0.4))
        return;
    struct message *question = calloc(1, sizeof(*question) + sizeof(prompt->text_id));
    question->references = 1;
    memcpy(question->bytes, prompt->text_id, sizeof(prompt->text_id));
    world_at(world, world->now_ns + between(world, SIM_SECOND, SIM_MINUTE), answer, device, 0,
             question);
}

/* ---------------------------------------------------------------- a day */

static void put_away(struct world *world, const struct event *event)
{
    struct sim_device *device = &world->devices[event->who];
    if (!device->powered || device->slot == 2)
        return;
    if (device->walk != NULL || !device_all_stored(&device->device)) {
        world_at(world, world->now_ns + SIM_MINUTE, put_away, event->who, 0, NULL);
        return;
    }
    device_power(world, event->who, false);
}

static void set_out(struct world *world, const struct event *event)
{
    const struct walk_kind *walk = walk_kind((int)event->tag);
    for (int slot = 0; slot < SIM_GEAR; slot++) {
        const int device = device_of(world, event->who, slot);
        device_walk(world, device, slot == 3 && event->tag != 2 ? NULL : walk);
        if (slot != 2)
            world_at(world,
                     world->now_ns + (int64_t)(walk->seconds * 1e9) +
                         between(world, SIM_MINUTE, 5 * SIM_MINUTE),
                     put_away, device, 0, NULL);
    }
}

static void go_for_a_walk(struct world *world, const struct event *event)
{
    const int kind = (int)between(world, 0, WALK_KINDS);
    world->counts[COUNT_WALKS]++;
    world->walks_n[event->who]++;
    world_trace(world, "w%d walks: %s", event->who, walk_kind(kind)->name);
    faults_meet(world, (int64_t)(walk_kind(kind)->seconds * 1e9));
    for (int slot = 0; slot < SIM_GEAR; slot++) {
        if (slot != 3 || kind == 2)
            device_power(world, device_of(world, event->who, slot), true);
    }
    world_at(world, world->now_ns + 5 * SIM_SECOND, set_out, event->who, (uint64_t)kind, NULL);
}

static void something(struct world *world, const struct event *event)
{
    if (event->tag != 0)
        call_for_help(world, event->who);
    else
        say_something(world, event->who);
}

static void new_day(struct world *world, const struct event *event)
{
    const int wearer = event->who;
    const int64_t wake_ns = world->now_ns + between(world, 6 * SIM_HOUR, 9 * SIM_HOUR);
    const int walks = (int)between(world, 0, 4);
    for (int i = 0; i < walks; i++)
        world_at(world, wake_ns + between(world, 0, 14 * SIM_HOUR), go_for_a_walk, wearer, 0, NULL);
    const int words = (int)between(world, 0, 9);
    for (int i = 0; i < words; i++)
        world_at(world, wake_ns + between(world, 0, 15 * SIM_HOUR), something, wearer, 0, NULL);
    for (int i = 0; i < 2; i++) {
        if (chance(world, 0.45))
            world_at(world, world->now_ns + between(world, 0, SIM_DAY), something, wearer, 1, NULL);
    }
    world_at(world, world->now_ns + SIM_DAY, new_day, wearer, 0, NULL);
}

static void go_offline(struct world *world, const struct event *event)
{
    struct sim_caregiver *caregiver = &world->caregivers[event->who];
    if (!world->over)
        caregiver->online = !caregiver->online;
    if (caregiver->online)
        broker_seek(world, CLIENT_CAREGIVER + event->who, SIM_SECOND);
    else
        broker_disconnect(world, CLIENT_CAREGIVER + event->who, true);
    world_at(world, world->now_ns + between(world, SIM_MINUTE, 12 * SIM_HOUR), go_offline,
             event->who, 0, NULL);
}

void people_open(struct world *world)
{
    for (int i = 0; i < world->wearers_n; i++)
        world_at(world, 0, new_day, i, 0, NULL);
    for (int i = 0; i < world->caregivers_n; i++) {
        world_at(world, between(world, 0, ALIVE_EVERY_S * SIM_SECOND), alive, i, 0, NULL);
        if (chance(world, 0.5))
            world_at(world, between(world, 0, SIM_DAY), go_offline, i, 0, NULL);
    }
}
