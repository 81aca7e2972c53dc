/* A person for the tests of stage `pain`: a walk that began at 14:00, a clock in seconds since
 * then, and a log of all that was found and asked. */
#ifndef STRIDE_TESTS_PAIN_FIXTURE_H
#define STRIDE_TESTS_PAIN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "hub/core/pain.h"

#define SECOND_NS INT64_C(1000000000)
#define NOBODY INT64_MIN
/* 2026-03-02, 14:00 UTC is second 0 of the walk. */
enum { DAY_0 = 20514, HOUR_S = 3600, DAY_S = 86400, LOG_MAX = 256 };

/* NRS first, then what else is said. */
#define PAIN(...) ((struct wire_report){.mood = -1, .pain_nrs = __VA_ARGS__})
#define SAYS(...) ((struct wire_report){.pain_nrs = -1, .mood = -1, __VA_ARGS__})
#define PLACE(name) .pain_place = STRIDE__V1__PAIN_PLACE__PAIN_PLACE_##name
#define SIDE(name) .pain_side = STRIDE__V1__SIDE__SIDE_##name
#define LEG(name) .symptom_side = STRIDE__V1__SIDE__SIDE_##name
#define SYMPTOM(name) .symptom = STRIDE__V1__SYMPTOM__SYMPTOM_##name
#define QUALITY(name) .pain_quality = STRIDE__V1__PAIN_QUALITY__PAIN_QUALITY_##name
#define BUTTON(name) .button = STRIDE__V1__BUTTON__BUTTON_##name
#define RELIEF(name) .relief = STRIDE__V1__RELIEF__RELIEF_##name
#define HEAVY SYMPTOM(HEAVY)

struct told {
    uint8_t rule, severity, text, urgency, question, answer;
    bool cleared, praise;
    double at_s;
};
struct asked {
    uint8_t question, repeat_n;
    double at_s, deadline_s;
};

struct patient {
    struct params params;
    struct pain_context context;
    struct pain pain;
    double now_s;
    int told_n, asked_n;
    struct told told[LOG_MAX];
    struct asked asked[LOG_MAX];
};

static inline int64_t ns_of(double s)
{
    return 5000 * SECOND_NS + (int64_t)llround(s * 1e9);
}

static inline double s_of(int64_t ns)
{
    return (double)(ns - 5000 * SECOND_NS) / 1e9;
}

static inline void patient_take(struct patient *patient, const struct pain_out *out)
{
    for (int i = 0; i < out->found.n; i++) {
        const struct finding *finding = &out->found.items[i];
        assert_true(patient->told_n < LOG_MAX);
        patient->told[patient->told_n++] =
            (struct told){finding->rule,    finding->severity, finding->text,
                          finding->urgency, finding->question, finding->answer,
                          finding->cleared, finding->praise,   s_of(finding->at_ns)};
    }
    if (out->ask.question == QUESTION_NONE)
        return;
    assert_true(patient->asked_n < LOG_MAX);
    assert_string_equal(out->ask.id, question_info((enum question)out->ask.question)->id);
    patient->asked[patient->asked_n++] = (struct asked){
        out->ask.question, out->ask.repeat_n, s_of(out->ask.at_ns), s_of(out->ask.deadline_ns)};
}

/* As a loop that wakes in time: at every deadline. */
static inline void patient_until(struct patient *patient, double until_s)
{
    int n = 0;
    for (;;) {
        int64_t due_ns = pain_deadline_ns(&patient->pain, &patient->context);
        if (due_ns > ns_of(until_s))
            break;
        assert_true(n++ < 5000); /* time goes on */
        struct pain_out out = {0};
        pain_time(&patient->pain, &patient->context, due_ns, &out);
        patient_take(patient, &out);
    }
    struct pain_out out = {0};
    pain_time(&patient->pain, &patient->context, ns_of(until_s), &out);
    patient_take(patient, &out);
    patient->now_s = until_s;
}

static inline void patient_init(struct patient *patient)
{
    memset(patient, 0, sizeof(*patient));
    params_defaults(&patient->params);
    patient->context = (struct pain_context){
        .params = &patient->params,
        .wall_minus_mono_ms = ((int64_t)DAY_0 * DAY_S + 14 * HOUR_S) * 1000 - 5000000,
        .seated_since_ns = NOBODY,
        .age_years = 52,
        .walked_m = NAN,
    };
    pain_init(&patient->pain);
    patient_until(patient, 0);
}

static inline void patient_open(struct patient *patient, double at_s)
{
    patient_until(patient, at_s);
    struct pain_out out = {0};
    pain_session_opened(&patient->pain, &patient->context, ns_of(at_s), ns_of(at_s), &out);
    patient_take(patient, &out);
}

static inline void patient_close(struct patient *patient, double at_s)
{
    patient_until(patient, at_s);
    struct pain_out out = {0};
    pain_session_closed(&patient->pain, &patient->context, ns_of(at_s), &out);
    patient_take(patient, &out);
}

static inline void patient_says(struct patient *patient, double at_s, struct wire_report report)
{
    patient_until(patient, at_s);
    struct pain_out out = {0};
    pain_report(&patient->pain, &patient->context, &report, ns_of(at_s), &out);
    patient_take(patient, &out);
}

static inline void patient_hurts(struct patient *patient, double at_s, int8_t nrs)
{
    patient_says(patient, at_s, PAIN(nrs, PLACE(BACK)));
}

/* A walk with a little more pain at its end, which was said; what was asked is forgotten. */
static inline void patient_after_a_walk(struct patient *patient)
{
    patient->pain.screen.day = DAY_0; /* no screen in the way */
    patient_open(patient, 0);
    patient_hurts(patient, 5, 2);
    patient_close(patient, 1000);
    patient_hurts(patient, 1005, 3);
    patient->asked_n = 0;
}

/* A walk that began with pain so strong at that place: 0 none, 1 the back, and on down the leg. */
static inline void patient_starts(struct patient *patient, int8_t nrs, int loc)
{
    patient_init(patient);
    patient_open(patient, 0);
    patient_says(patient, 1,
                 PAIN(nrs, .pain_place = (Stride__V1__PainPlace)(loc + 1), SIDE(RIGHT)));
    patient->told_n = 0;
}

static inline void patient_answers(struct patient *patient, double at_s, enum question question,
                                   bool yes)
{
    struct wire_report report =
        SAYS(.answer = yes ? STRIDE__V1__ANSWER__ANSWER_YES : STRIDE__V1__ANSWER__ANSWER_NO);
    memcpy(report.question, question_info(question)->id, QUESTION_ID_SIZE);
    patient_says(patient, at_s, report);
}

static inline void patient_sits(struct patient *patient, double at_s)
{
    patient_until(patient, at_s);
    patient->context.posture_known = true;
    patient->context.seated_since_ns = ns_of(at_s);
}

static inline void patient_walks(struct patient *patient, double at_s,
                                 struct pain_features features)
{
    patient_until(patient, at_s);
    struct pain_out out = {0};
    pain_features(&patient->pain, &patient->context, &features, ns_of(at_s), &out);
    patient_take(patient, &out);
}

/* How often it was told: a text, or with TEXT_NONE a cleared finding of the rule. */
static inline int told_n(const struct patient *patient, enum text text)
{
    int n = 0;
    for (int i = 0; i < patient->told_n; i++)
        n += !patient->told[i].cleared && patient->told[i].text == text;
    return n;
}

static inline int cleared_n(const struct patient *patient, int rule)
{
    int n = 0;
    for (int i = 0; i < patient->told_n; i++)
        n += patient->told[i].cleared && patient->told[i].rule == rule;
    return n;
}

static inline const struct told *told_last(const struct patient *patient, enum text text)
{
    for (int i = patient->told_n - 1; i >= 0; i--) {
        if (!patient->told[i].cleared && patient->told[i].text == text)
            return &patient->told[i];
    }
    fail_msg("%s was not told", text_name(text));
    return NULL;
}

static inline int reds_n(const struct patient *patient)
{
    int n = 0;
    for (int i = 0; i < patient->told_n; i++)
        n += patient->told[i].severity == STRIDE__V1__SEVERITY__SEVERITY_RED;
    return n;
}

static inline int asked_n(const struct patient *patient, enum question question)
{
    int n = 0;
    for (int i = 0; i < patient->asked_n; i++)
        n += patient->asked[i].question == question;
    return n;
}

static inline const struct asked *asked_last(const struct patient *patient, enum question question)
{
    for (int i = patient->asked_n - 1; i >= 0; i--) {
        if (patient->asked[i].question == question)
            return &patient->asked[i];
    }
    fail_msg("%s was not asked", question_info(question)->id);
    return NULL;
}

#endif
