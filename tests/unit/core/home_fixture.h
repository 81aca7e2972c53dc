/* A wearer at home for the programme's tests of the whole core: two insoles that are put on for
 * walks and a wrist device that is worn all day, by a clock that a test sets. */
#ifndef STRIDE_TESTS_HOME_FIXTURE_H
#define STRIDE_TESTS_HOME_FIXTURE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hub/core/pipeline.h"

#define HOME_SECOND_NS INT64_C(1000000000)
#define HOME_MINUTE_NS (60 * HOME_SECOND_NS)
enum {
    HOME_DAY = 20605, /* local day of the first morning */
    HOME_LEFT = 0,
    HOME_RIGHT = 1,
    HOME_WRIST = 2,
    HOME_SAMPLES = 25,
    HOME_BEATS = 15, /* of one second, in a frame of the wrist */
    HOME_SAID_MAX = 512
};
static const char *const home_names[] = {"left", "right", "wrist"};

struct home_said {
    int64_t at_ns;
    struct effect_prompt prompt;
};

struct home {
    struct wearer_state state;
    struct pipeline_scratch scratch;
    struct effects effects;
    uint64_t seq, frame_seq[3], control_seq;
    int64_t now_ns, wall_ahead_ms; /* wall clock minus hub time */
    int64_t behind_ns;             /* so long ago was what the insoles send now */
    bool wrist_off;
    int8_t battery_pct; /* of the insoles */
    struct wire_wearer_config config;
    int said_n, decisions_n, told_n, sessions_n, opened_n;
    int asked_nrs_n;  /* how much it hurts now */
    uint32_t steps_n; /* of the walks that are over */
    double walk_s[8]; /* of the first of them, as their records are written */
    struct home_said said[HOME_SAID_MAX];
    struct plan_decision decisions[64];
};

static inline enum step_result home_put(struct home *home, enum input_kind kind, uint8_t slot,
                                        const uint8_t *bytes, size_t size)
{
    const struct input input = {.seq = home->seq + 1,
                                .at_mono_ns = home->now_ns,
                                .at_wall_ms = home->now_ns / 1000000 + home->wall_ahead_ms,
                                .wearer = 1,
                                .slot = slot,
                                .kind = (uint8_t)kind,
                                .size = (uint32_t)size,
                                .bytes = bytes};
    enum wire_refusal refusal;
    const enum step_result result =
        pipeline_step(&home->state, &input, &home->scratch, &home->effects, &refusal);
    if (kind == INPUT_PLAN && result != STEP_APPLIED)
        return result; /* a request may be refused; nothing else a test puts in */
    assert_int_equal(result, STEP_APPLIED);
    home->seq++;
    const int opens_at = effects_walk_opened(&home->effects);
    for (int i = 0; i < home->effects.n; i++) {
        const struct effect *effect = &home->effects.items[i];
        const struct session *session =
            i < opens_at ? &home->scratch.before.session : &home->state.session;
        const bool closed =
            effect->kind == EFFECT_SESSION && effect->session.change == SESSION_CLOSED;
        if (closed && home->sessions_n < 8)
            home->walk_s[home->sessions_n] = session->walk_s;
        assert_true(!closed || !session->open);
        home->sessions_n += closed;
        home->steps_n += closed ? session->steps_n : 0;
        home->opened_n +=
            effect->kind == EFFECT_SESSION && effect->session.change == SESSION_OPENED;
        home->asked_nrs_n +=
            effect->kind == EFFECT_PROMPT && effect->prompt.question == QUESTION_NRS;
        home->told_n += effect->kind == EFFECT_PLAN;
        if (effect->kind == EFFECT_PLAN && effect->plan.decided && home->decisions_n < 64)
            home->decisions[home->decisions_n++] = effect->plan.decision;
        if (effect->kind != EFFECT_PROMPT || effect->prompt.question != 0)
            continue;
        assert_true(home->said_n < HOME_SAID_MAX);
        home->said[home->said_n++] = (struct home_said){effect->at_ns, effect->prompt};
    }
    return result;
}

static inline int64_t home_at_ns(const struct home *home, int day, int minute)
{
    const int64_t wall_ms = ((int64_t)(HOME_DAY + day) * 1440 + minute) * 60000 -
                            (int64_t)home->config.tz_offset_min * 60000;
    return (wall_ms - home->wall_ahead_ms) * 1000000;
}

static inline void home_configure(struct home *home)
{
    uint8_t bytes[WEARER_CONFIG_BYTES_MAX];
    home->config.version++;
    const size_t size = wire_encode_wearer_config(&home->config, bytes, sizeof(bytes));
    assert_true(size > 0);
    home_put(home, INPUT_CONFIG, INPUT_SLOT_NONE, bytes, size);
}

static inline void home_set(struct home *home, const char *name, double value)
{
    struct wire_wearer_config *config = &home->config;
    snprintf(config->params[config->params_n].name, NAME_SIZE, "%s", name);
    config->params[config->params_n++].value = value;
}

static inline void home_hello(struct home *home, uint8_t slot)
{
    struct wire_descriptor *descriptor = calloc(1, sizeof(*descriptor));
    assert_non_null(descriptor);
    snprintf(descriptor->device, ID_SIZE, "%s", home_names[slot]);
    descriptor->kind = slot == HOME_WRIST ? STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST
                                          : STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE;
    descriptor->side =
        slot == HOME_RIGHT ? STRIDE__V1__SIDE__SIDE_RIGHT : STRIDE__V1__SIDE__SIDE_LEFT;
    memcpy(descriptor->model, "test", 5);
    memcpy(descriptor->firmware, "1", 2);
    descriptor->boot_id = 7;
    descriptor->streams_n = 1;
    descriptor->streams[0].period_us = slot == HOME_WRIST ? 1000000 : 10000;
    descriptor->streams[0].channels_n = 1;
    descriptor->channels[0].quantity = slot == HOME_WRIST
                                           ? STRIDE__V1__QUANTITY__QUANTITY_HEART_RATE
                                           : STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE;
    descriptor->channels[0].scale = 1;
    descriptor->channels[0].range = NAN;
    uint8_t bytes[HELLO_BYTES_MAX];
    const size_t size = wire_encode_hello(descriptor, bytes, sizeof(bytes));
    free(descriptor);
    home_put(home, INPUT_HELLO, slot, bytes, size);
}

/* Not yet configured: a test may change `config` first. The clock shows midnight of day 0. */
static inline struct home *home_build(const char *stage)
{
    struct home *home = calloc(1, sizeof(*home));
    assert_non_null(home);
    struct wire_wearer_config *config = &home->config;
    pipeline_init(&home->state, 1);
    memcpy(config->wearer, "w1", 3);
    config->devices_n = 3;
    for (uint8_t slot = 0; slot < 3; slot++) {
        snprintf(config->devices[slot].device, ID_SIZE, "%s", home_names[slot]);
        config->devices[slot].slot = slot;
        config->devices[slot].side =
            slot == HOME_RIGHT ? STRIDE__V1__SIDE__SIDE_RIGHT : STRIDE__V1__SIDE__SIDE_LEFT;
    }
    config->height_m = 1.72F;
    config->leg_m = config->mass_kg = NAN;
    snprintf(config->stage, sizeof(config->stage), "%s", stage);
    config->coaching_consent = true;
    home->wall_ahead_ms = (int64_t)HOME_DAY * 86400000;
    home->battery_pct = 90;
    home_set(home, "cue.timed", 0);
    home_set(home, "screen.weekly", 0);
    return home;
}

static inline void home_begin(struct home *home)
{
    home->now_ns = home_at_ns(home, 0, 0);
    home_configure(home);
    for (uint8_t slot = 0; slot < 3; slot++)
        home_hello(home, slot);
}

static inline void home_wrist(struct home *home)
{
    int32_t counts[HOME_BEATS];
    for (int i = 0; i < HOME_BEATS; i++)
        counts[i] = 72 + i % 3;
    const struct wire_counts in = {
        .place = {7, ++home->frame_seq[HOME_WRIST], 0},
        .t0_us = (uint64_t)(home->now_ns / 1000 + 5000000 - HOME_BEATS * 1000000),
        .period_us = 1000000,
        .samples_n = HOME_BEATS,
        .channels_n = 1,
        .counts = counts,
        .wear = STRIDE__V1__WEAR__WEAR_WORN,
        .battery_pct = 90};
    uint8_t bytes[FRAME_BYTES_MAX];
    home_put(home, INPUT_FRAME, HOME_WRIST, bytes, wire_encode_frame(&in, bytes, sizeof(bytes)));
}

/* Quietly to that time: a frame of the wrist every HOME_BEATS seconds, unless it is off. */
static inline void home_until_ns(struct home *home, int64_t until_ns)
{
    while (home->now_ns < until_ns) {
        int64_t next_ns = home->now_ns + HOME_BEATS * HOME_SECOND_NS;
        home->now_ns = next_ns < until_ns ? next_ns : until_ns;
        if (home->wrist_off || next_ns > until_ns)
            home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
        else
            home_wrist(home);
    }
}

static inline void home_until(struct home *home, int day, int minute)
{
    home_until_ns(home, home_at_ns(home, day, minute));
}

/* There and at once: nothing came in between. */
static inline void home_jump(struct home *home, int day, int minute)
{
    home->now_ns = home_at_ns(home, day, minute);
    home_put(home, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0);
    if (!home->wrist_off)
        home_wrist(home);
}

/* Built and begun, with nothing changed in `config`, at that minute of day 0. */
static inline struct home *home_at_minute(const char *stage, int minute)
{
    struct home *home = home_build(stage);
    home_begin(home);
    home_jump(home, 0, minute);
    return home;
}

static inline int32_t home_force(uint8_t slot, int64_t sample)
{
    const double stride_s = 1.1;
    const double t_s = (double)sample * 0.01 + (slot == HOME_RIGHT ? stride_s / 2 : 0);
    const double phase = fmod(t_s, stride_s) / stride_s;
    if (phase > 0.6)
        return 3;
    return (int32_t)(700 * (sin(M_PI * phase / 0.6) + 0.25 * sin(3 * M_PI * phase / 0.6))) + 3;
}

static inline void home_foot(struct home *home, uint8_t slot, bool still)
{
    int32_t counts[HOME_SAMPLES];
    const int64_t first = (home->now_ns - home->behind_ns) / 10000000 - HOME_SAMPLES;
    for (int i = 0; i < HOME_SAMPLES; i++)
        counts[i] = still ? 350 : home_force(slot, first + i);
    const struct wire_counts in = {.place = {7, ++home->frame_seq[slot], 0},
                                   .t0_us = (uint64_t)(first * 10000 + 5000000),
                                   .period_us = 10000,
                                   .samples_n = HOME_SAMPLES,
                                   .channels_n = 1,
                                   .counts = counts,
                                   .wear = STRIDE__V1__WEAR__WEAR_WORN,
                                   .battery_pct = home->battery_pct};
    uint8_t bytes[FRAME_BYTES_MAX];
    home_put(home, INPUT_FRAME, slot, bytes, wire_encode_frame(&in, bytes, sizeof(bytes)));
}

/* Walking, or standing, for so long. */
static inline void home_move(struct home *home, double minutes, bool still)
{
    const int64_t until_ns = home->now_ns + (int64_t)(minutes * (double)HOME_MINUTE_NS);
    for (int i = 1; home->now_ns < until_ns; i++) {
        home->now_ns += HOME_SECOND_NS / 4;
        home_foot(home, HOME_LEFT, still);
        home_foot(home, HOME_RIGHT, still);
        if (i % (4 * HOME_BEATS) == 0 && !home->wrist_off)
            home_wrist(home);
    }
}

/* The link was away until now: what the insoles measured from then until then comes in a rush. */
static inline void home_backlog(struct home *home, int64_t from_ns, int64_t until_ns, bool still)
{
    for (int64_t at_ns = from_ns; at_ns < until_ns;) {
        at_ns += HOME_SECOND_NS / 4;
        home->now_ns += 1000000;
        home->behind_ns = home->now_ns - at_ns;
        home_foot(home, HOME_LEFT, still);
        home_foot(home, HOME_RIGHT, still);
    }
    home->behind_ns = 0;
}

static inline struct wire_report home_report(void)
{
    return (struct wire_report){.t_us = -1, .pain_nrs = -1, .mood = -1};
}

static inline void home_say(struct home *home, struct wire_report report)
{
    uint8_t bytes[CONTROL_BYTES_MAX];
    report.place = (struct wire_place){7, ++home->control_seq, 0};
    home_put(home, INPUT_REPORT, HOME_WRIST, bytes,
             wire_encode_report(&report, bytes, sizeof(bytes)));
}

static inline void home_pain(struct home *home, int nrs)
{
    struct wire_report report = home_report();
    report.pain_nrs = (int8_t)nrs;
    home_say(home, report);
}

static inline void home_button(struct home *home, Stride__V1__Button button)
{
    struct wire_report report = home_report();
    report.button = button;
    home_say(home, report);
}

/* A walk of so many minutes with that pain at its start and its end, ended by the button. */
static inline void home_walk(struct home *home, double minutes, int start, int end)
{
    if (start >= 0)
        home_pain(home, start);
    home_move(home, minutes, false);
    home_button(home, STRIDE__V1__BUTTON__BUTTON_STOP);
    if (end >= 0)
        home_pain(home, end);
    home_until_ns(home, home->now_ns + 2 * HOME_MINUTE_NS);
}

/* Six minutes of a walk in which pain grew to red: three above its start (P03). */
static inline void home_walk_into_red(struct home *home)
{
    home_pain(home, 3);
    home_move(home, 6, false);
    home_pain(home, 6);
}

static inline int home_said_n(const struct home *home, enum text text)
{
    int n = 0;
    for (int i = 0; i < home->said_n; i++)
        n += home->said[i].prompt.text == text;
    return n;
}

static inline const struct home_said *home_said(const struct home *home, enum text text)
{
    for (int i = home->said_n - 1; i >= 0; i--) {
        if (home->said[i].prompt.text == text)
            return &home->said[i];
    }
    return NULL;
}

static inline int home_said_of(const struct home *home, enum rule rule)
{
    int n = 0;
    for (int i = 0; i < home->said_n; i++)
        n += home->said[i].prompt.rule == rule;
    return n;
}

static inline enum plan_stage home_stage(const struct home *home)
{
    return (enum plan_stage)home->state.programme.plan.stage;
}

#endif
