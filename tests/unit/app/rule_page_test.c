/* Every rule and every threshold can be asked for, and what is printed fits a page. */
#include "hub/app/rule_page.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hub/app/page.h"
#include "hub/app/record_rules.h"
#include "hub/app/rule_facts.h"
#include "hub/app/rule_set.h"
#include "hub/io/json.h"

static struct params params;
static char *text;
static size_t size;

static FILE *begin(void)
{
    free(text);
    text = NULL;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    return out;
}

static size_t characters(const char *from, const char *until)
{
    size_t n = 0;
    for (; from < until; from++)
        n += ((unsigned char)*from & 0xc0) != 0x80;
    return n;
}

static void check_page(void)
{
    for (const char *line = text; *line != '\0';) {
        const char *end = strchr(line, '\n');
        assert_non_null(end);
        if (characters(line, end) > PAGE_WIDE || (end > line && end[-1] == ' '))
            fail_msg("\"%.*s\" is too wide or ends in a space", (int)(end - line), line);
        line = end + 1;
    }
}

static void every_rule_has_evidence_a_confidence_and_a_name(void **unused)
{
    (void)unused;
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        const struct rule_facts *facts = rule_facts_find(rule_name((enum rule)rule));
        if (facts == NULL) {
            fail_msg("%s has no facts", rule_name((enum rule)rule));
            return; /* the analyzer does not know that fail_msg does not */
        }
        assert_true(strchr("ABCE", facts->confidence[0]) != NULL);
        assert_true(facts->looks_at[0] != '\0' && facts->evidence[0] != '\0');
        assert_int_equal(rule_page_find(rule_name((enum rule)rule)), rule);
    }
    int n = 0;
    for (const struct record_rule *rule = record_rules; rule->id != NULL; rule++, n++)
        assert_int_not_equal(rule_page_find(rule->id), RULE_NONE);
    assert_int_equal(n, RULE_COUNT - 1);
    assert_int_equal(rule_page_find("r11"), RULE_R11);
    assert_int_equal(rule_page_find("R16"), RULE_NONE);
}

/* One of several rules says where it comes from instead. */
static void every_threshold_names_its_rule_or_its_place(void **unused)
{
    (void)unused;
    static const char *const places[] = {"rule book ", "design ", "reliability ", NULL};
    for (unsigned param = 0; param < PARAM_COUNT; param++) {
        const struct param_info *info = param_info((enum param)param);
        char prefix[32];
        snprintf(prefix, sizeof(prefix), "%.*s", (int)strcspn(info->name, "."), info->name);
        const enum rule rule = rule_facts_of_param((enum param)param);
        const enum rule named = rule_page_find(prefix);
        int i = 0;
        while (places[i] != NULL && strncmp(info->source, places[i], strlen(places[i])) != 0)
            i++;
        if ((named != RULE_NONE && named != rule) || (rule == RULE_NONE && places[i] == NULL))
            fail_msg("%s (%s) belongs to %s", info->name, info->source,
                     rule == RULE_NONE ? "no rule" : rule_name(rule));
    }
}

static void the_page_has_every_rule_and_threshold_and_fits(void **unused)
{
    (void)unused;
    params.value[PARAM_R11_SI_STOP] = 25;
    FILE *out = begin();
    rule_page_table(&params, out);
    fclose(out);
    check_page();
    for (unsigned param = 0; param < PARAM_COUNT; param++) {
        char name[64];
        snprintf(name, sizeof(name), "\n   %s ", param_info((enum param)param)->name);
        const char *at = strstr(text, name);
        if (at == NULL || strstr(at + 1, name) != NULL)
            fail_msg("%s is not there once", name);
    }
    assert_non_null(strstr(text, "r11.si_stop           25 %          1 to 100     not the default "
                                 "20: "));
    params_defaults(&params);
}

static void csv_and_json_have_what_the_page_has(void **unused)
{
    (void)unused;
    FILE *out = begin();
    rule_page_csv(&params, out);
    fclose(out);
    assert_non_null(strstr(text, "\nR11,\"Limp\",stop,none,1,\"needs both insoles\",240,3,B,"
                                 "r11.si_stance_coach,%,1,100,8,8,\"rule book R11\","));
    assert_non_null(strstr(text, "\nS07,"));
    assert_non_null(strstr(text, "\n,\"of several rules\",,,,,,,,contact.threshold,"));
    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        int commas = 0;
        bool quoted = false;
        for (const char *c = line; *c != '\n'; c++) {
            quoted ^= *c == '"';
            commas += *c == ',' && !quoted;
        }
        assert_int_equal(commas, 16);
    }
    out = begin();
    assert_true(rule_page_json(&params, out));
    fclose(out);
    struct json_reader *reader = json_reader_open();
    assert_true(json_load(reader, text, strlen(text)));
    assert_int_equal(json_get_length(reader, "$.rules"), RULE_COUNT - 1);
    json_reader_close(reader);
}

static void any_rule_can_be_explained_with_a_walker_and_without(void **unused)
{
    (void)unused;
    static struct wearer_state wearer;
    pipeline_init(&wearer, 1);
    wearer.config.tz_offset_min = 0;
    memcpy(wearer.config.wearer, "w1", 3);
    memcpy(wearer.devices[0].id, "w1-left", 8);
    wearer.health[0].registered = true;
    assert_true(baseline_set(&wearer.baseline, BASELINE_SI_STANCE, 1.25F, 2.5F, 0.5F));
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        FILE *out = begin();
        rule_page_why(&params, (enum rule)rule, out);
        rule_page_wearer(&wearer, (enum rule)rule, out);
        fclose(out);
        check_page();
        if (rule == RULE_R11) {
            assert_non_null(strstr(text, "no: needs both insoles (no walk is open)"));
            assert_non_null(strstr(text, "2.5 at 1.2 m/s"));
            assert_non_null(strstr(text, "w1-left silent"));
        }
        out = begin();
        assert_true(rule_page_why_json(&params, (enum rule)rule, &wearer, out));
        fclose(out);
        struct json_reader *reader = json_reader_open();
        assert_true(json_load(reader, text, strlen(text)));
        json_reader_close(reader);
    }
}

static void the_devices_of_a_rule_are_there_for_programs_too(void **unused)
{
    (void)unused;
    char word[64];
    FILE *out = begin();
    assert_true(rule_page_why_json(&params, RULE_R11, NULL, out));
    fclose(out);
    struct json_reader *reader = json_reader_open();
    assert_true(json_load(reader, text, strlen(text)));
    assert_true(json_get_string(reader, "$.devices[1].level", word, sizeof(word)));
    assert_string_equal(word, "full");
    assert_true(json_get_string(reader, "$.devices[2].set", word, sizeof(word)));
    assert_string_equal(word, "one insole and wrist");
    assert_true(json_get_string(reader, "$.devices[2].level", word, sizeof(word)));
    assert_string_equal(word, "not_evaluated");
    assert_true(json_get_string(reader, "$.devices[2].reason", word, sizeof(word)));
    assert_string_equal(word, "needs_both_insoles");
    json_reader_close(reader);
}

/* At night, without consent to coaching, with a red flag open: what stage 7 would say of it. */
static bool said_at_night(enum rule rule, uint8_t severity)
{
    static struct wearer_state wearer;
    pipeline_init(&wearer, 1);
    struct device_health *health = &wearer.health[0];
    *health = (struct device_health){
        .registered = true, .seen = true, .kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST};
    memcpy(wearer.alerting.alerts[0].id, "a1", 3);
    wearer.alerting.alerts[0].severity = STRIDE__V1__SEVERITY__SEVERITY_RED;
    wearer.alerting.alerts[0].state = ALERT_SENT;
    const struct alert_context context = {.params = &params, .health = wearer.health};
    const struct finding finding = {.rule = (uint8_t)rule, .severity = severity};
    return alerting_would(&wearer.alerting, &context, &finding, 1) == SUPPRESSED_NOT;
}

static void a_rule_that_may_be_held_back_says_that_it_never_is(void **unused)
{
    (void)unused;
    static const char never[] = "it is said whenever it is true", from[] = " on by nothing; below";
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        const bool most = said_at_night((enum rule)rule, rule_info((enum rule)rule)->severity);
        const bool least = said_at_night((enum rule)rule, STRIDE__V1__SEVERITY__SEVERITY_INFO);
        FILE *out = begin();
        rule_page_why(&params, (enum rule)rule, out);
        fclose(out);
        const char *held = strstr(text, "Held back");
        assert_non_null(held);
        if ((strstr(held, never) != NULL) != least ||
            (strstr(held, from) != NULL) != (most && !least))
            fail_msg("%s: most %d, least %d: %.160s", rule_name((enum rule)rule), most, least,
                     held);
    }
}

/* By day, on a walk, without consent to coaching: what stage 7 would say of a caution. */
static bool said_without_consent(enum rule rule)
{
    static struct wearer_state wearer;
    pipeline_init(&wearer, 1);
    wearer.health[0] = (struct device_health){
        .registered = true, .seen = true, .kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST};
    const struct alert_context context = {
        .params = &params, .health = wearer.health, .session_open = true};
    const struct finding finding = {.rule = (uint8_t)rule,
                                    .severity = STRIDE__V1__SEVERITY__SEVERITY_CAUTION};
    return alerting_would(&wearer.alerting, &context, &finding, 1) == SUPPRESSED_NOT;
}

static void a_caution_of_safety_reads_as_if_it_needed_consent(void **unused)
{
    (void)unused;
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        if (rule_info((enum rule)rule)->severity < STRIDE__V1__SEVERITY__SEVERITY_CAUTION)
            continue;
        FILE *out = begin();
        assert_true(rule_page_why_json(&params, (enum rule)rule, NULL, out));
        fclose(out);
        struct json_reader *reader = json_reader_open();
        char held[512];
        assert_true(json_load(reader, text, strlen(text)));
        assert_true(json_get_string(reader, "$.held_back", held, sizeof(held)));
        json_reader_close(reader);
        const bool needs = strstr(held, "a missing consent to coaching") != NULL &&
                           strstr(held, "a caution not by consent") == NULL;
        if (needs == said_without_consent((enum rule)rule))
            fail_msg("%s: %s", rule_name((enum rule)rule), held);
    }
}

/* On a walk with a correction that no praise balanced yet: what stage 7 would say of a tip. */
static bool waits_for_praise(enum rule rule)
{
    static struct wearer_state wearer;
    pipeline_init(&wearer, 1);
    wearer.health[0] = (struct device_health){
        .registered = true, .seen = true, .kind = STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST};
    wearer.alerting.corrective_n = 1;
    const struct alert_context context = {
        .params = &params, .health = wearer.health, .session_open = true, .coaching_consent = true};
    const struct finding finding = {.rule = (uint8_t)rule,
                                    .severity = STRIDE__V1__SEVERITY__SEVERITY_COACH};
    return alerting_would(&wearer.alerting, &context, &finding, 13 * INT64_C(3600000000000)) ==
           SUPPRESSED_PRAISE_FIRST;
}

static void what_waits_for_praise_does_not_say_so(void **unused)
{
    (void)unused;
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
        /* Safety has no tips. */
        if (rule_info((enum rule)rule)->severity < STRIDE__V1__SEVERITY__SEVERITY_COACH ||
            rule_is((uint8_t)rule, RULE_SAFETY))
            continue;
        FILE *out = begin();
        rule_page_why(&params, (enum rule)rule, out);
        fclose(out);
        if ((strstr(text, "praise_first") != NULL) != waits_for_praise((enum rule)rule))
            fail_msg("%s: %.2000s", rule_name((enum rule)rule), text);
    }
    assert_true(waits_for_praise(RULE_R11));
}

static void a_rule_of_which_a_caregiver_may_hear_names_none(void **unused)
{
    (void)unused;
    FILE *out = begin();
    rule_page_why(&params, RULE_T1, out);
    fclose(out);
    assert_non_null(strstr(text, "; caregivers the same day"));
}

/* The rules that the top README calls experimental, and says that this page does. */
static void an_experimental_rule_does_not_say_so(void **unused)
{
    (void)unused;
    static const char *const ids[] = {"F01", "F02", "F03", "F04", "F05", "F06", "F07",
                                      "T1",  "S01", "P02", "P03", "P05", "P06", "S06"};
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
        assert_true(rule_facts_unsigned(ids[i]));
    assert_false(rule_facts_unsigned("R11"));
}

static void the_version_of_the_rules_is_of_its_form(void **unused)
{
    (void)unused;
    char version[RULE_SET_VERSION_SIZE];
    rule_set_version(version);
    unsigned number, digest;
    int used = 0;
    assert_int_equal(sscanf(version, "%u-%8x%n", &number, &digest, &used), 2);
    assert_int_equal(used, strlen(version));
    assert_int_equal(number, RULE_SET_NUMBER);
}

static void spans_read_as_people_say_them(void **unused)
{
    (void)unused;
    static const struct {
        double s;
        const char *said;
    } all[] = {{0, "0 s"},        {2.5, "2.5 s"},       {59, "59 s"},
               {65, "1 min 5 s"}, {240, "4 min"},       {7380, "2 h 3 min"},
               {3600, "1 h"},     {2592000, "30 days"}, {86400, "24 h"}};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        char out[32];
        page_span(all[i].s, out, sizeof(out));
        assert_string_equal(out, all[i].said);
    }
}

static int set_up(void **unused)
{
    (void)unused;
    params_defaults(&params);
    return 0;
}

static int tear_down(void **unused)
{
    (void)unused;
    free(text);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_evidence_a_confidence_and_a_name),
        cmocka_unit_test(every_threshold_names_its_rule_or_its_place),
        cmocka_unit_test(the_page_has_every_rule_and_threshold_and_fits),
        cmocka_unit_test(csv_and_json_have_what_the_page_has),
        cmocka_unit_test(any_rule_can_be_explained_with_a_walker_and_without),
        cmocka_unit_test(the_devices_of_a_rule_are_there_for_programs_too),
        cmocka_unit_test(a_rule_that_may_be_held_back_says_that_it_never_is),
        cmocka_unit_test(a_caution_of_safety_reads_as_if_it_needed_consent),
        cmocka_unit_test(what_waits_for_praise_does_not_say_so),
        cmocka_unit_test(a_rule_of_which_a_caregiver_may_hear_names_none),
        cmocka_unit_test(an_experimental_rule_does_not_say_so),
        cmocka_unit_test(the_version_of_the_rules_is_of_its_form),
        cmocka_unit_test(spans_read_as_people_say_them),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
