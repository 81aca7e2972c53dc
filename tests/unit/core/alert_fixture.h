/* A home for the tests of stage 7: a wrist, an insole, three caregivers of whom two may be told of
 * an emergency, and findings of every severity. */
#ifndef STRIDE_TESTS_ALERT_FIXTURE_H
#define STRIDE_TESTS_ALERT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "hub/core/alert.h"

#define SECOND_NS INT64_C(1000000000)
enum { SLOT_WRIST, SLOT_TREADMILL, SLOT_INSOLE };

/* 2026-05-28, a Thursday, 12:00 UTC. */
#define NOON_MS INT64_C(1779969600000)

struct home {
    struct params params;
    struct device_health health[WEARER_DEVICES_MAX];
    struct wire_caregiver caregivers[3];
    struct alert_context context;
    struct alerting state;
    struct effects out; /* of the last call */
    struct decisions decided;
    double now_s;
    bool owes; /* else what was corrected counts as praised: the tests of other budgets */
};

static struct home home; /* effects are too large for a stack frame in every test */

static inline int64_t ns_of(double s)
{
    return 1000 * SECOND_NS + (int64_t)llround(s * 1e9);
}

static inline void set_up(void)
{
    memset(&home, 0, sizeof(home));
    params_defaults(&home.params);
    home.health[SLOT_WRIST] =
        (struct device_health){.registered = true,
                               .seen = true,
                               .kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST,
                               .last_ns = INT64_MAX / 2};
    home.health[SLOT_INSOLE] =
        (struct device_health){.registered = true,
                               .seen = true,
                               .kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE,
                               .side = STRIDE__V1__SIDE__SIDE_RIGHT,
                               .last_ns = INT64_MAX / 2};
    memcpy(home.caregivers[0].account, "anna", 5);
    home.caregivers[0].emergency = true;
    memcpy(home.caregivers[1].account, "bert", 5);
    memcpy(home.caregivers[2].account, "cleo", 5);
    home.caregivers[2].emergency = true;
    home.context = (struct alert_context){.params = &home.params,
                                          .health = home.health,
                                          .caregivers = home.caregivers,
                                          .caregivers_n = 3,
                                          .caregiver_consent = true,
                                          .coaching_consent = true,
                                          .session_open = true,
                                          .session_start_ns = ns_of(0),
                                          /* ns_of(0) is a Thursday at noon, UTC */
                                          .wall_minus_mono_ms = NOON_MS - 1000000,
                                          .id_salt = 7};
    alerting_init(&home.state);
    alerting_new_session(&home.state);
}

static inline struct finding finding_of(enum rule rule, int severity, enum text text)
{
    return (struct finding){.rule = (uint8_t)rule,
                            .severity = (uint8_t)severity,
                            .text = (uint8_t)text,
                            .slot = UINT8_MAX,
                            .value = 9,
                            .threshold = 8};
}

static inline struct finding coach(void)
{
    struct finding finding =
        finding_of(RULE_R11, STRIDE__V1__SEVERITY__SEVERITY_COACH, TEXT_R11_COACH);
    finding.refractory_s = 240;
    finding.prompts_max = 3;
    return finding;
}

static inline struct finding brisk(void)
{
    struct finding finding =
        finding_of(RULE_R03, STRIDE__V1__SEVERITY__SEVERITY_COACH, TEXT_R03_BRISK);
    finding.refractory_s = 300;
    finding.prompts_max = 3;
    return finding;
}

static inline struct finding caution(void)
{
    struct finding finding =
        finding_of(RULE_R12, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, TEXT_R12_CAUTION);
    finding.refractory_s = 300;
    finding.prompts_max = 2;
    return finding;
}

static inline struct finding stop(void)
{
    struct finding finding =
        finding_of(RULE_R11, STRIDE__V1__SEVERITY__SEVERITY_STOP, TEXT_R11_STOP);
    finding.refractory_s = 240;
    finding.prompts_max = 3;
    return finding;
}

static inline struct finding help(void)
{
    struct finding finding =
        finding_of(RULE_F07, STRIDE__V1__SEVERITY__SEVERITY_RED, TEXT_F07_ALERTING);
    finding.slot = SLOT_WRIST;
    return finding;
}

static inline struct finding red(enum rule rule)
{
    return finding_of(rule, STRIDE__V1__SEVERITY__SEVERITY_RED, TEXT_F07_ALERTING);
}

static inline struct finding praise(void)
{
    struct finding finding =
        finding_of(RULE_R03, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_R03_PRAISE);
    finding.praise = true;
    finding.refractory_s = 600;
    return finding;
}

static inline struct finding silent(uint8_t slot)
{
    struct finding finding =
        finding_of(RULE_S08, STRIDE__V1__SEVERITY__SEVERITY_INFO, TEXT_S08_SILENT_RIGHT_INSOLE);
    finding.slot = slot;
    return finding;
}

/* A chain of three who all may hear of emergencies. */
static inline void three_contacts(void)
{
    set_up();
    home.caregivers[1].emergency = true;
    for (uint32_t i = 0; i < 3; i++)
        home.caregivers[i].order = i + 1;
}

static inline void find_all(double at_s, const struct finding *found, int n)
{
    struct findings list = {.n = n};
    for (int i = 0; i < n; i++) {
        list.items[i] = found[i];
        list.items[i].at_ns = ns_of(at_s);
    }
    home.out.n = 0;
    memset(&home.decided, 0, sizeof(home.decided));
    home.now_s = at_s;
    if (!home.owes)
        home.state.praise_n = home.state.corrective_n;
    alerting_findings(&home.state, &home.context, &list, ns_of(at_s), &home.decided, &home.out);
    assert_int_equal(home.decided.n, n);
}

/* What became of one finding. */
static inline enum suppression find_one(double at_s, struct finding finding)
{
    find_all(at_s, &finding, 1);
    return (enum suppression)home.decided.items[0].suppression;
}

static inline void time_to(double at_s)
{
    home.out.n = 0;
    home.now_s = at_s;
    alerting_time(&home.state, &home.context, ns_of(at_s), &home.out);
}

static inline void press(double at_s, Stride__V1__Button button)
{
    struct wire_report report = {.button = button, .pain_nrs = -1, .mood = -1};
    home.out.n = 0;
    alerting_report(&home.state, &home.context, &report, SLOT_WRIST, ns_of(at_s), &home.out);
}

static inline enum ack_result say_of(double at_s, const char *alert, const char *account,
                                     enum ack_verb verb)
{
    home.out.n = 0;
    return alerting_ack(&home.state, &home.context, alert, account, verb, ns_of(at_s), &home.out);
}

static inline enum ack_result ack(double at_s, const char *alert, const char *account)
{
    return say_of(at_s, alert, account, VERB_ACCEPT);
}

static inline int count(enum effect_kind kind)
{
    int n = 0;
    for (int i = 0; i < home.out.n; i++)
        n += home.out.items[i].kind == kind;
    return n;
}

static inline const struct effect *first(enum effect_kind kind)
{
    for (int i = 0; i < home.out.n; i++) {
        if (home.out.items[i].kind == kind)
            return &home.out.items[i];
    }
    fail_msg("no effect of kind %d", (int)kind);
    return NULL;
}

#endif
