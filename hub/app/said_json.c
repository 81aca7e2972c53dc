#include "hub/app/said_json.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hub/core/screen.h"
#include "proto/topic.h"

enum { WORD_SIZE = 48 };

struct reading {
    struct said *said;
    char *error;
    bool failed, says;
};

static void fail(struct reading *reading, const char *key, const char *why)
{
    if (!reading->failed)
        snprintf(reading->error, SAID_ERROR_SIZE, "%.40s: %s", key, why);
    reading->failed = true;
}

/* The schema's own names: "calf" is PAIN_PLACE_CALF. 0 = there is no such word. */
static int word(const ProtobufCEnumDescriptor *words, const char *prefix, const char *value)
{
    char name[WORD_SIZE];
    const int length = snprintf(name, sizeof(name), "%s%s", prefix, value);
    if (length < 0 || (size_t)length >= sizeof(name))
        return 0;
    for (char *c = name; *c != '\0'; c++) {
        if (isupper((unsigned char)*c) && c >= name + strlen(prefix))
            return 0;
        *c = (char)toupper((unsigned char)*c);
    }
    const ProtobufCEnumValue *found = protobuf_c_enum_descriptor_get_value_by_name(words, name);
    return found == NULL ? 0 : found->value;
}

static bool whole(const char *value, int least, int most, int *out)
{
    char *end;
    errno = 0;
    const long got = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || got < least || got > most)
        return false;
    *out = (int)got;
    return true;
}

/* -1 = not a whole number in the range, which is of 0 and up. */
static int number(const char *value, int least, int most)
{
    int got;
    return whole(value, least, most, &got) ? got : -1;
}

/* ---------------------------------------------------------------- words */

static bool take_word(struct reading *reading, const char *key, const char *value)
{
    struct wire_report *report = &reading->said->report;
    int got;
    if (strcmp(key, "place") == 0)
        report->pain_place = (Stride__V1__PainPlace)(got = word(&stride__v1__pain_place__descriptor,
                                                                "PAIN_PLACE_", value));
    else if (strcmp(key, "side") == 0)
        report->pain_side =
            (Stride__V1__Side)(got = word(&stride__v1__side__descriptor, "SIDE_", value));
    else if (strcmp(key, "symptom_side") == 0)
        report->symptom_side =
            (Stride__V1__Side)(got = word(&stride__v1__side__descriptor, "SIDE_", value));
    else if (strcmp(key, "quality") == 0)
        report->pain_quality =
            (Stride__V1__PainQuality)(got = word(&stride__v1__pain_quality__descriptor,
                                                 "PAIN_QUALITY_", value));
    else if (strcmp(key, "symptom") == 0)
        report->symptom =
            (Stride__V1__Symptom)(got = word(&stride__v1__symptom__descriptor, "SYMPTOM_", value));
    else if (strcmp(key, "relief") == 0)
        report->relief =
            (Stride__V1__Relief)(got = word(&stride__v1__relief__descriptor, "RELIEF_", value));
    else if (strcmp(key, "aggravator") == 0)
        report->aggravator =
            (Stride__V1__Aggravator)(got = word(&stride__v1__aggravator__descriptor, "AGGRAVATOR_",
                                                value));
    else if (strcmp(key, "surface") == 0)
        report->surface =
            (Stride__V1__Surface)(got = word(&stride__v1__surface__descriptor, "SURFACE_", value));
    else if (strcmp(key, "answer") == 0)
        report->answer =
            (Stride__V1__Answer)(got = word(&stride__v1__answer__descriptor, "ANSWER_", value));
    else
        return false;
    if (got == 0)
        fail(reading, key, "there is no such word");
    reading->says = true;
    return true;
}

/* ---------------------------------------------------------------- numbers */

static bool take_number(struct reading *reading, const char *key, const char *value)
{
    struct wire_report *report = &reading->said->report;
    int got;
    if (strcmp(key, "pain") == 0) {
        report->pain_nrs = (int8_t)(got = number(value, 0, 10));
    } else if (strcmp(key, "mood") == 0) {
        report->mood = (int8_t)(got = number(value, 1, 5));
    } else if (strcmp(key, "mood_week") == 0) {
        report->mood_week = (uint8_t)(got = number(value, 1, 5));
    } else if (strcmp(key, "fear") == 0) {
        report->has_fear = true;
        report->fear = (uint8_t)(got = number(value, 0, 10));
    } else if (strcmp(key, "effort") == 0) {
        report->has_effort = true;
        report->effort = (uint8_t)(got = number(value, 0, 10));
    } else {
        return false;
    }
    if (got < 0)
        fail(reading, key, "this is no number in its range");
    reading->says = true;
    return true;
}

/* How warm it is where the walk is. */
static bool take_warmth(struct reading *reading, const char *key, const char *value)
{
    struct wire_report *report = &reading->said->report;
    int got;
    if (strcmp(key, "ambient_c") == 0) {
        report->has_ambient = whole(value, AMBIENT_C_MIN, AMBIENT_C_MAX, &got);
        if (report->has_ambient)
            report->ambient_c = (int16_t)got;
        else
            fail(reading, key, "this is no number in its range");
    } else {
        return false;
    }
    reading->says = true;
    return true;
}

/* What is so of the walk, or not so. */
static bool take_condition(struct reading *reading, const char *key, const char *value)
{
    struct wire_report *report = &reading->said->report;
    const struct {
        const char *key;
        Stride__V1__Answer *to;
    } conditions[] = {{"outdoors", &report->outdoors}, {"long_ok", &report->long_ok},
                      {"backpack", &report->backpack}, {"icy", &report->icy},
                      {"camber", &report->camber},     {"sport", &report->sport},
                      {"hydrated", &report->hydrated}, {"driving", &report->driving}};
    for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
        const int is = number(value, 0, 1);
        if (strcmp(key, conditions[i].key) != 0)
            continue;
        if (is < 0)
            fail(reading, key, "send true or false");
        *conditions[i].to =
            is == 1 ? STRIDE__V1__ANSWER__ANSWER_YES : STRIDE__V1__ANSWER__ANSWER_NO;
        reading->says = true;
        return true;
    }
    return false;
}

/* ---------------------------------------------------------------- buttons */

static const struct {
    const char *key;
    Stride__V1__Button button;
} buttons[] = {
    {"stop", STRIDE__V1__BUTTON__BUTTON_STOP},
    {"moved_down", STRIDE__V1__BUTTON__BUTTON_PAIN_MOVED_DOWN},
    {"leg_heavy", STRIDE__V1__BUTTON__BUTTON_LEG_HEAVY},
    {"unwell", STRIDE__V1__BUTTON__BUTTON_UNWELL},
    {"flare", STRIDE__V1__BUTTON__BUTTON_FLARE},
    {"flare_over", STRIDE__V1__BUTTON__BUTTON_FLARE_OVER},
    {"low", STRIDE__V1__BUTTON__BUTTON_LOW},
    {"no_coaching", STRIDE__V1__BUTTON__BUTTON_NO_COACHING},
    {"pause", STRIDE__V1__BUTTON__BUTTON_PAUSE},
};

static bool take_button(struct reading *reading, const char *key, const char *value)
{
    for (size_t i = 0; i < sizeof(buttons) / sizeof(buttons[0]); i++) {
        if (strcmp(key, buttons[i].key) != 0)
            continue;
        const int on = number(value, 0, 1);
        if (on < 0)
            fail(reading, key, "send true or false");
        else if (on == 1 && reading->said->report.button != 0)
            fail(reading, key, "one of these at a time");
        else if (on == 1)
            reading->said->report.button = buttons[i].button;
        reading->says = reading->says || on == 1;
        return true;
    }
    return false;
}

/* ---------------------------------------------------------------- all of it */

static bool take_text(struct reading *reading, const char *key, const char *value)
{
    struct said *said = reading->said;
    if (strcmp(key, "wearer") == 0) {
        if (topic_id_valid(value))
            memcpy(said->wearer, value, strlen(value) + 1);
        else
            fail(reading, key, "this is no id");
        return true;
    }
    if (strcmp(key, "question") == 0) {
        if (strlen(value) < sizeof(said->report.question))
            memcpy(said->report.question, value, strlen(value) + 1);
        else
            fail(reading, key, "there is no such question");
        return true;
    }
    if (strcmp(key, "note") != 0)
        return false;
    if (strlen(value) < sizeof(said->report.note))
        memcpy(said->report.note, value, strlen(value) + 1);
    else
        fail(reading, key, "280 characters at most");
    reading->says = true;
    return true;
}

/* The reader writes a key with an underscore as $."mood_week". */
static void plain_key(const char *path, char key[WORD_SIZE])
{
    const bool quoted = strncmp(path, "$.\"", 3) == 0;
    snprintf(key, WORD_SIZE, "%s", path + (quoted ? 3 : strncmp(path, "$.", 2) == 0 ? 2 : 0));
    const size_t length = strlen(key);
    if (quoted && length > 0 && key[length - 1] == '"')
        key[length - 1] = '\0';
}

static void take_leaf(void *context, const char *path, const char *value)
{
    struct reading *reading = context;
    char key[WORD_SIZE];
    plain_key(path, key);
    if (!take_text(reading, key, value) && !take_word(reading, key, value) &&
        !take_number(reading, key, value) && !take_warmth(reading, key, value) &&
        !take_condition(reading, key, value) && !take_button(reading, key, value))
        fail(reading, key, "there is no such field");
}

/* By the id of a question, or of a text that is one. */
static bool asked(const char *question)
{
    static const enum text texts[] = {TEXT_BELT_OFFER,    TEXT_C03_OFFER, TEXT_C07_HEAD,
                                      TEXT_C07_SHOULDERS, TEXT_S01_ASK,   TEXT_S03_OK};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (strcmp(question, text_name(texts[i])) == 0)
            return true;
    }
    return question_find(question) != QUESTION_NONE;
}

/* An answer that no question would take is not heard, and whoever gave it has to know. */
static void check_answer(struct reading *reading)
{
    const struct wire_report *report = &reading->said->report;
    if (report->question[0] != '\0' && !asked(report->question))
        fail(reading, "question", "there is no such question");
    else if (report->answer != STRIDE__V1__ANSWER__ANSWER_UNKNOWN && report->question[0] == '\0')
        fail(reading, "answer", "say to which question");
}

bool said_parse(struct json_reader *reader, struct said *out, char error[SAID_ERROR_SIZE])
{
    struct reading reading = {.said = out, .error = error};
    memset(out, 0, sizeof(*out));
    error[0] = '\0';
    out->report.pain_nrs = out->report.mood = -1;
    out->report.t_us = -1;
    /* A place in no device's lane. */
    out->report.place = (struct wire_place){1, 1, 0};
    json_each_leaf(reader, take_leaf, &reading);
    check_answer(&reading);
    if (!reading.failed && !reading.says)
        fail(&reading, "report", "it says nothing");
    return !reading.failed;
}
