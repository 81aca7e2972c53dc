/* A wearer at home for the tests of pain in the whole core: two insoles that walk or stand, a wrist
 * that speaks, a treadmill if wanted, two caregivers, and a log of all that left the hub. Times are
 * seconds since the clock's begin. Every input is kept, to be played again. */
#ifndef STRIDE_TESTS_PIPELINE_PAIN_FIXTURE_H
#define STRIDE_TESTS_PIPELINE_PAIN_FIXTURE_H

#include <stdlib.h>

#include "hub/core/pipeline.h"
#include "tests/unit/core/pain_fixture.h"

enum { LEFT = 0, RIGHT = 1, WRIST = 2, BELT = 3, DEVICES = 4, SAMPLES = 25 };
enum { SAID_MAX = 512, INPUTS_MAX = 40000, BYTES_MAX = 4000000 };
static const char *const device_names[DEVICES] = {"left", "right", "wrist", "belt"};

struct said {
    double at_s;
    uint8_t kind; /* enum effect_kind: PROMPT, BELT, NOTICE, SESSION */
    uint8_t rule, severity, text, question, urgency, belt, change;
    bool to_wrist, to_treadmill, silent;
    char id[ID_SIZE], account[ID_SIZE];
};

struct home {
    struct wearer_state state;
    struct pipeline_scratch scratch;
    struct effects effects;
    struct wire_wearer_config config;
    bool belt;       /* there is a treadmill */
    int32_t belt_cm; /* its speed, cm/s */
    bool mute_wrist; /* the wrist sends nothing */
    double wrist_s;  /* its clock is so far ahead of the hub's */
    double stride_s; /* of the walker */
    double late_s;   /* what is sent comes so much later */
    double now_s;
    uint64_t seq, frames[DEVICES], words[DEVICES];
    int said_n, inputs_n;
    size_t bytes_n;
    struct said said[SAID_MAX];
    struct input inputs[INPUTS_MAX];
    uint8_t bytes[BYTES_MAX];
};

static inline void home_log(struct home *home)
{
    for (int i = 0; i < home->effects.n; i++) {
        const struct effect *effect = &home->effects.items[i];
        struct said said;
        memset(&said, 0, sizeof(said)); /* compared as bytes */
        said.at_s = (double)effect->at_ns / 1e9;
        said.kind = effect->kind;
        if (effect->kind == EFFECT_PROMPT) {
            const struct effect_prompt *prompt = &effect->prompt;
            said.rule = prompt->rule;
            said.severity = prompt->severity;
            said.text = prompt->text;
            said.question = prompt->question;
            said.to_wrist = prompt->to_wrist;
            said.to_treadmill = prompt->to_treadmill;
            said.silent = prompt->silent;
            memcpy(said.id, prompt->id, ID_SIZE);
            if (prompt->repeat)
                continue;
        } else if (effect->kind == EFFECT_BELT) {
            said.belt = effect->belt.kind;
            said.text = effect->belt.text;
        } else if (effect->kind == EFFECT_NOTICE) {
            if (effect->notice.resend || effect->notice.clear)
                continue;
            said.rule = effect->notice.alert.rule;
            said.urgency = effect->notice.alert.urgency;
            memcpy(said.id, effect->notice.alert.id, ID_SIZE);
            memcpy(said.account, effect->notice.account, ID_SIZE);
        } else if (effect->kind == EFFECT_SESSION) {
            said.change = effect->session.change;
            if (said.change == SESSION_UPDATED)
                continue;
        } else {
            continue;
        }
        assert_true(home->said_n < SAID_MAX);
        home->said[home->said_n++] = said;
    }
}

static inline enum step_result home_put(struct home *home, double at_s, enum input_kind kind,
                                        uint8_t slot, const uint8_t *bytes, size_t size)
{
    enum wire_refusal refusal;
    assert_true(home->inputs_n < INPUTS_MAX && home->bytes_n + size <= BYTES_MAX);
    if (size > 0)
        memcpy(home->bytes + home->bytes_n, bytes, size);
    struct input *input = &home->inputs[home->inputs_n];
    *input = (struct input){.seq = home->seq + 1,
                            .at_mono_ns = (int64_t)llround(at_s * 1e9),
                            .wearer = 1,
                            .slot = slot,
                            .kind = (uint8_t)kind,
                            .size = (uint32_t)size,
                            .bytes = home->bytes + home->bytes_n};
    /* 2026-03-02, 14:00 UTC is second 0. */
    input->at_wall_ms = ((int64_t)DAY_0 * DAY_S + 14 * HOUR_S) * 1000 + input->at_mono_ns / 1000000;
    enum step_result result =
        pipeline_step(&home->state, input, &home->scratch, &home->effects, &refusal);
    if (result != STEP_APPLIED)
        return result;
    home->seq++;
    home->inputs_n++;
    home->bytes_n += size;
    home->now_s = at_s;
    home_log(home);
    return result;
}

static inline void home_configure(struct home *home)
{
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    home->config.version++;
    size_t size = wire_encode_wearer_config(&home->config, bytes, sizeof(bytes));
    assert_true(size > 0);
    assert_int_equal(home_put(home, home->now_s, INPUT_CONFIG, INPUT_SLOT_NONE, bytes, size),
                     STEP_APPLIED);
}

static inline void home_param(struct home *home, const char *name, double value)
{
    int i = home->config.params_n++;
    memcpy(home->config.params[i].name, name, strlen(name) + 1);
    home->config.params[i].value = value;
}

static inline void home_hello(struct home *home, uint8_t slot)
{
    static const Stride__V1__DeviceKind kinds[DEVICES] = {
        STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE,
        STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL};
    static const Stride__V1__Quantity quantities[DEVICES] = {
        STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE, STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE,
        STRIDE__V1__QUANTITY__QUANTITY_HEART_RATE, STRIDE__V1__QUANTITY__QUANTITY_BELT_SPEED};
    struct wire_descriptor *descriptor = calloc(1, sizeof(*descriptor));
    assert_non_null(descriptor);
    memcpy(descriptor->device, device_names[slot], strlen(device_names[slot]) + 1);
    descriptor->kind = kinds[slot];
    descriptor->side = slot == RIGHT ? STRIDE__V1__SIDE__SIDE_RIGHT : STRIDE__V1__SIDE__SIDE_LEFT;
    memcpy(descriptor->model, "test", 5);
    memcpy(descriptor->firmware, "1", 2);
    descriptor->boot_id = 7;
    descriptor->streams_n = 1;
    descriptor->streams[0].period_us = slot >= WRIST ? 250000 : 10000;
    descriptor->streams[0].channels_n = 1;
    descriptor->channels[0].quantity = (unsigned)quantities[slot] & 31;
    descriptor->channels[0].scale = slot == BELT ? 0.01F : 1;
    descriptor->channels[0].range = NAN;
    uint8_t bytes[HELLO_BYTES_MAX];
    size_t size = wire_encode_hello(descriptor, bytes, sizeof(bytes));
    free(descriptor);
    assert_true(size > 0);
    assert_int_equal(home_put(home, home->now_s, INPUT_HELLO, slot, bytes, size), STEP_APPLIED);
}

/* Two humps of 60 % of a stride; the feet half a stride apart. */
static inline int32_t home_force(const struct home *home, uint8_t slot, double t_s, bool walks)
{
    double stride_s = home->stride_s;
    if (!walks)
        return 350;
    double phase = fmod(t_s + (slot == RIGHT ? stride_s / 2 : 0), stride_s) / stride_s;
    if (phase > 0.6)
        return 3;
    double s = phase / 0.6;
    return (int32_t)(700 * (sin(M_PI * s) + 0.25 * sin(3 * M_PI * s))) + 3;
}

static inline void home_frame(struct home *home, double at_s, uint8_t slot, bool walks)
{
    int32_t counts[SAMPLES];
    uint64_t seq = ++home->frames[slot];
    bool foot = slot < WRIST;
    for (int i = 0; i < SAMPLES; i++)
        counts[i] = foot           ? home_force(home, slot, at_s + i * 0.01, walks)
                    : slot == BELT ? home->belt_cm
                                   : 90;
    struct wire_counts in = {
        .place = {7, seq, 1},
        .t0_us = (uint64_t)llround((at_s + (slot == WRIST ? home->wrist_s : 0)) * 1e6),
        .period_us = foot ? 10000 : 250000,
        .samples_n = foot ? SAMPLES : 1,
        .channels_n = 1,
        .counts = counts,
        .wear = STRIDE__V1__WEAR__WEAR_WORN,
        .battery_pct = 90};
    uint8_t bytes[FRAME_BYTES_MAX];
    size_t size = wire_encode_frame(&in, bytes, sizeof(bytes));
    assert_true(size > 0);
    at_s += 0.25 + home->late_s;
    assert_int_equal(home_put(home, at_s, INPUT_FRAME, slot, bytes, size), STEP_APPLIED);
}

/* All devices send until then; times are quarters of a second. */
static inline void home_move(struct home *home, double until_s, bool walks)
{
    double at_s = ceil(home->now_s * 4) / 4;
    for (; at_s + 0.25 <= until_s; at_s += 0.25) {
        home_frame(home, at_s, LEFT, walks);
        home_frame(home, at_s, RIGHT, walks);
        if (!home->mute_wrist)
            home_frame(home, at_s, WRIST, walks);
        if (home->belt)
            home_frame(home, at_s, BELT, walks);
    }
}

static inline void home_walk(struct home *home, double until_s)
{
    home_move(home, until_s, true);
}

static inline void home_stand(struct home *home, double until_s)
{
    home_move(home, until_s, false);
}

/* Nothing sends; the hub looks at the clock, or sleeps. */
static inline void home_wait(struct home *home, double until_s)
{
    for (double at_s = home->now_s + 7; at_s < until_s; at_s += 7)
        assert_int_equal(home_put(home, at_s, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0), STEP_APPLIED);
    assert_int_equal(home_put(home, until_s, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0), STEP_APPLIED);
}

static inline void home_put_report(struct home *home, uint8_t slot, struct wire_report report)
{
    uint8_t bytes[CONTROL_BYTES_MAX];
    report.place = (struct wire_place){7, ++home->words[slot], 1};
    if (report.button == STRIDE__V1__BUTTON__BUTTON_HELP)
        report.press_ms = 2500;
    size_t size = wire_encode_report(&report, bytes, sizeof(bytes));
    assert_true(size > 0);
    assert_int_equal(home_put(home, home->now_s, INPUT_REPORT, slot, bytes, size), STEP_APPLIED);
}

static inline void home_say_by(struct home *home, uint8_t slot, struct wire_report report)
{
    report.t_us = -1;
    home_put_report(home, slot, report);
}

/* By the wrist, `ago_s` before now by its own clock. */
static inline void home_say_late(struct home *home, double ago_s, struct wire_report report)
{
    report.t_us = llround((home->now_s - ago_s + home->wrist_s) * 1e6);
    home_put_report(home, WRIST, report);
}

static inline void home_say(struct home *home, struct wire_report report)
{
    home_say_by(home, WRIST, report);
}

static inline void home_answer(struct home *home, enum question question, bool yes)
{
    struct wire_report report =
        SAYS(.answer = yes ? STRIDE__V1__ANSWER__ANSWER_YES : STRIDE__V1__ANSWER__ANSWER_NO);
    memcpy(report.question, question_info(question)->id, QUESTION_ID_SIZE);
    home_say(home, report);
}

static inline struct home *home_new(void)
{
    struct home *home = calloc(1, sizeof(*home));
    assert_non_null(home);
    pipeline_init(&home->state, 1);
    struct wire_wearer_config *config = &home->config;
    memcpy(config->wearer, "w1", 3);
    config->devices_n = DEVICES;
    for (uint8_t slot = 0; slot < DEVICES; slot++) {
        memcpy(config->devices[slot].device, device_names[slot], strlen(device_names[slot]) + 1);
        config->devices[slot].slot = slot;
        config->devices[slot].side =
            slot == RIGHT ? STRIDE__V1__SIDE__SIDE_RIGHT : STRIDE__V1__SIDE__SIDE_LEFT;
    }
    config->caregivers_n = 2;
    for (uint8_t i = 0; i < 2; i++) {
        config->caregivers[i] = (struct wire_caregiver){.order = i + 1U, .emergency = true};
        memcpy(config->caregivers[i].account, i == 0 ? "c1" : "c2", 3);
    }
    config->height_m = 1.72F;
    config->leg_m = NAN;
    config->mass_kg = 74;
    config->birth_year = 1974;
    memcpy(config->stage, "P1", 3);
    config->coaching_consent = config->caregiver_consent = true;
    home_param(home, "screen.weekly", 0);
    home->stride_s = 1.1;
    return home;
}

static inline void home_begin(struct home *home)
{
    home->now_s = 1;
    home_configure(home);
    for (uint8_t slot = 0; slot < DEVICES; slot++) {
        if ((slot != WRIST || !home->mute_wrist) && (slot != BELT || home->belt))
            home_hello(home, slot);
    }
    home->now_s = 2;
}

/* ---------------------------------------------------------------- what was said */

static inline const struct said *home_prompt(const struct home *home, enum text text)
{
    for (int i = 0; i < home->said_n; i++) {
        if (home->said[i].kind == EFFECT_PROMPT && home->said[i].text == text)
            return &home->said[i];
    }
    return NULL;
}

static inline int home_texts_n(const struct home *home, enum text text)
{
    int n = 0;
    for (int i = 0; i < home->said_n; i++)
        n += home->said[i].kind == EFFECT_PROMPT && home->said[i].text == text;
    return n;
}

static inline int home_rule_n(const struct home *home, enum rule rule, int severity)
{
    int n = 0;
    for (int i = 0; i < home->said_n; i++) {
        const struct said *said = &home->said[i];
        n += said->kind == EFFECT_PROMPT && said->question == QUESTION_NONE && said->rule == rule &&
             said->severity >= severity;
    }
    return n;
}

static inline int home_asked_n(const struct home *home, enum question question)
{
    int n = 0;
    for (int i = 0; i < home->said_n; i++)
        n += home->said[i].kind == EFFECT_PROMPT && home->said[i].question == question;
    return n;
}

static inline const struct said *home_notice(const struct home *home, const char *account)
{
    for (int i = 0; i < home->said_n; i++) {
        if (home->said[i].kind == EFFECT_NOTICE && strcmp(home->said[i].account, account) == 0)
            return &home->said[i];
    }
    return NULL;
}

static inline int home_belts_n(const struct home *home, Stride__V1__RequestKind kind)
{
    int n = 0;
    for (int i = 0; i < home->said_n; i++)
        n += home->said[i].kind == EFFECT_BELT && home->said[i].belt == kind;
    return n;
}

/* Is that the question that is open? */
static inline bool home_asks(const struct home *home, enum question question)
{
    return home->state.pain.question == question;
}

/* The journal once more, with or without the moments at which the hub looked at the clock; of what
 * is only said again, how much depends on them. */
static inline void home_again(const struct home *home, bool ticks)
{
    struct home *again = calloc(1, sizeof(*again));
    assert_non_null(again);
    pipeline_init(&again->state, 1);
    for (int i = 0; i < home->inputs_n; i++) {
        enum wire_refusal refusal;
        if (!ticks && home->inputs[i].kind == INPUT_TICK && i + 1 < home->inputs_n)
            continue;
        (void)pipeline_step(&again->state, &home->inputs[i], &again->scratch, &again->effects,
                            &refusal);
        home_log(again);
    }
    assert_int_equal(again->said_n, home->said_n);
    if (memcmp(again->said, home->said, sizeof(home->said)) != 0)
        fail_msg("%s gives other decisions", ticks ? "the journal" : "waking up at other times");
    if (ticks && again->state.digest != home->state.digest)
        fail_msg("the journal gives other effects");
    free(again);
}

static inline void home_end(struct home *home)
{
    home_again(home, true);
    home_again(home, false);
    free(home);
}

/* A walk that began with an answer to the first question. */
static inline struct home *walking(struct home *home, struct wire_report first)
{
    home_begin(home);
    home_walk(home, 30);
    assert_true(home->state.session.open);
    assert_true(home_asks(home, QUESTION_NRS));
    home_say(home, first);
    return home;
}

#endif
