/* The caregivers' digest: when it is due, what is in it, and what never is. */
#include "hub/app/digest.h"
#include "hub/app/record_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HOUR_MS INT64_C(3600000)
/* Wednesday 2026-03-04, 00:00 UTC; the wearer lives one hour ahead of it. */
#define DAY_MS (INT64_C(20516) * LOCAL_DAY_MS)
enum { TZ_MIN = 60 };

static struct params params;
static struct json_reader *reader;
static char json[DIGEST_JSON_SIZE];

static int set_up(void **unused)
{
    (void)unused;
    params_defaults(&params);
    reader = json_reader_open();
    return reader == NULL;
}

static int tear_down(void **unused)
{
    (void)unused;
    json_reader_close(reader);
    return 0;
}

static unsigned due(const struct digest_last *last, int day, int64_t local_ms)
{
    return digest_due(last, &params, TZ_MIN,
                      DAY_MS + day * LOCAL_DAY_MS + local_ms - TZ_MIN * INT64_C(60000));
}

static struct digest_last told(int day, int64_t local_ms)
{
    return (struct digest_last){DAY_MS + day * LOCAL_DAY_MS + local_ms - TZ_MIN * INT64_C(60000),
                                DIGEST_NEVER};
}

static void a_digest_comes_twice_a_day_or_before_its_hour(void **unused)
{
    (void)unused;
    const struct digest_last yesterday = told(-1, 18 * HOUR_MS);
    assert_int_equal(due(&yesterday, 0, 18 * HOUR_MS - 1), DIGEST_NOT);
    assert_int_equal(due(&yesterday, 0, 18 * HOUR_MS), DIGEST_DAY);
    const struct digest_last today = told(0, 18 * HOUR_MS);
    assert_int_equal(due(&today, 0, 18 * HOUR_MS), DIGEST_NOT);
    assert_int_equal(due(&today, 0, 21 * HOUR_MS), DIGEST_NOT);
    assert_int_equal(due(&today, 1, 12 * HOUR_MS), DIGEST_NOT);
    assert_int_equal(due(&today, 1, 18 * HOUR_MS), DIGEST_DAY);
}

static void a_digest_that_was_missed_is_lost_or_comes_at_night(void **unused)
{
    (void)unused;
    const struct digest_last yesterday = told(-1, 18 * HOUR_MS);
    assert_int_equal(due(&yesterday, 0, 22 * HOUR_MS), DIGEST_NOT);
    assert_int_equal(due(&yesterday, 1, 7 * HOUR_MS), DIGEST_NOT);
    assert_int_equal(due(&yesterday, 1, 8 * HOUR_MS), DIGEST_DAY | DIGEST_LATE);
    const struct digest_last morning = told(1, 8 * HOUR_MS);
    assert_int_equal(due(&morning, 1, 18 * HOUR_MS), DIGEST_DAY);
}

static void a_clock_that_was_put_back_ends_all_digests(void **unused)
{
    (void)unused;
    const struct digest_last ahead = told(400, 0);
    assert_int_equal(due(&ahead, 0, 18 * HOUR_MS), DIGEST_DAY);
}

static void a_missed_week_is_never_told(void **unused)
{
    (void)unused;
    struct digest_last last = told(3, 18 * HOUR_MS); /* Saturday */
    assert_int_equal(due(&last, 4, 18 * HOUR_MS), DIGEST_DAY | DIGEST_WEEK);
    last = told(4, 18 * HOUR_MS);
    last.week_ms = told(-3, 18 * HOUR_MS).day_ms; /* the Sunday before */
    assert_int_equal(due(&last, 5, 18 * HOUR_MS), DIGEST_DAY | DIGEST_WEEK);
    last.week_ms = told(4, 18 * HOUR_MS).day_ms;
    assert_int_equal(due(&last, 5, 18 * HOUR_MS), DIGEST_DAY);
}

/* ---------------------------------------------------------------- what is in it */

static void walk(struct digest *digest, int64_t end_ms, double cv_pct, const char *alerts)
{
    char record[1024];
    snprintf(record, sizeof(record),
             "{\"end_utc_ms\":%lld,\"walk_s\":900,\"distance_m\":1000,\"pain_start\":2,"
             "\"pain_end\":4,\"mood_post\":1,\"note_text\":\"a secret\",\"stride_cv_pct\":%.1f,"
             "\"alerts\":[%s]}",
             (long long)end_ms, cv_pct, alerts);
    assert_true(json_load(reader, record, strlen(record)));
    digest_add_walk(digest, reader);
}

static struct digest of_day(void)
{
    return (struct digest){.from_ms = DAY_MS - LOCAL_DAY_MS, .to_ms = DAY_MS};
}

static void print(const struct digest *digest)
{
    assert_true(digest_json(digest, "ann", "Ann", LOCALE_EN, json, sizeof(json)) > 0);
    assert_true(json_load(reader, json, strlen(json)));
}

static double number(const char *path)
{
    return json_get_number(reader, path);
}

static void caregivers_read_what_is_the_wearers_own_matter(void **unused)
{
    (void)unused;
    struct digest digest = of_day();
    walk(&digest, DAY_MS - HOUR_MS, 2,
         "{\"rule_id\":\"R11\",\"severity\":\"caution\",\"t_utc_ms\":5},"
         "{\"rule_id\":\"R11\",\"severity\":\"caution\",\"t_utc_ms\":7},"
         "{\"rule_id\":\"R11\",\"severity\":\"caution\",\"t_utc_ms\":8,"
         "\"suppressed_reason\":\"refractory\"},"
         "{\"rule_id\":\"R11\",\"severity\":\"coach\",\"t_utc_ms\":9},"
         "{\"rule_id\":\"R12\",\"severity\":\"caution\",\"t_utc_ms\":9},"
         "{\"rule_id\":\"C18\",\"severity\":\"info\",\"t_utc_ms\":9}");
    digest_add_alert(&digest, RULE_P02, STRIDE__V1__SEVERITY__SEVERITY_STOP, ALERT_SENT,
                     DAY_MS - 1);
    digest_add_alert(&digest, RULE_F01, STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_SENT, DAY_MS - 1);
    digest_add_alert(&digest, RULE_P03, STRIDE__V1__SEVERITY__SEVERITY_STOP, ALERT_SENT,
                     DAY_MS - 2 * LOCAL_DAY_MS);
    print(&digest);
    assert_int_equal(json_get_length(reader, "$.items"), 3);
    char text[96];
    assert_true(json_get_string(reader, "$.items[1].rule_id", text, sizeof(text)));
    assert_string_equal(text, "R11");
    assert_true(number("$.items[1].n") == 2);
    assert_true(number("$.items[1].last_utc_ms") == 7);
    assert_true(json_get_string(reader, "$.items[2].severity", text, sizeof(text)));
    assert_string_equal(text, "stop");
    assert_true(json_get_string(reader, "$.text", text, sizeof(text)));
    assert_string_equal(text, "Ann walked 15 min since the last message.");
    static const char *const never[] = {"F01", "C18", "R12", "mood", "secret", "week", "planned"};
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
        assert_null(strstr(json, never[i]));
}

static void a_caution_without_a_walk_is_lost(void **unused)
{
    (void)unused;
    struct digest digest = of_day();
    digest_add_cautions(&digest, RULE_P05, 2, digest.from_ms); /* of the digest before */
    digest_add_cautions(&digest, RULE_R12, 2, DAY_MS - 1);     /* nobody else's */
    assert_false(digest_worth(&digest));
    digest_add_cautions(&digest, RULE_P05, 2, DAY_MS - 1);
    assert_true(digest_worth(&digest));
    print(&digest);
    assert_int_equal(json_get_length(reader, "$.items"), 1);
    assert_true(number("$.items[0].n") == 2);
    assert_true(number("$.items[0].last_utc_ms") == DAY_MS - 1);
}

static void one_red_flag_is_told_from_another(void **unused)
{
    (void)unused;
    static const enum rule flags[] = {RULE_F01, RULE_F02, RULE_F03, RULE_F04, RULE_F05, RULE_F06};
    static char first[DIGEST_JSON_SIZE];
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        struct digest digest = of_day();
        digest_add_alert(&digest, flags[i], STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_SENT,
                         DAY_MS - 1);
        digest_add_alert(&digest, RULE_F06, STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_SENT,
                         DAY_MS - 3);
        assert_true(digest_worth(&digest));
        print(&digest);
        if (i == 0)
            memcpy(first, json, sizeof(first));
        assert_string_equal(json, first);
        assert_true(number("$.items[0].n") == 2);
        assert_null(strstr(json, "rule_id"));
    }
}

static void what_was_taken_back_is_told_in_the_evening(void **unused)
{
    (void)unused;
    struct digest digest = of_day();
    digest_add_alert(&digest, RULE_F07, STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_CANCELLED,
                     DAY_MS - 2);
    assert_false(digest_worth(&digest));
    digest_add_alert(&digest, RULE_F07, STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_RESOLVED,
                     DAY_MS - 1);
    assert_true(digest_worth(&digest));
    assert_int_equal(digest.items[RULE_F07].n, 1);
}

static void a_walk_counts_twice_or_while_it_goes_on(void **unused)
{
    (void)unused;
    struct digest digest = of_day();
    walk(&digest, DAY_MS + 1, 2, "");
    walk(&digest, DAY_MS - LOCAL_DAY_MS, 2, "");
    const char open[] = "{\"walk_s\":900}";
    assert_true(json_load(reader, open, strlen(open)));
    digest_add_walk(&digest, reader);
    assert_int_equal(digest.day.n, 0);
    assert_false(digest_worth(&digest));
    walk(&digest, DAY_MS, 2, "");
    assert_int_equal(digest.day.n, 1);
    assert_true(digest_worth(&digest));
}

static void the_week_is_summed_up_wrongly(void **unused)
{
    (void)unused;
    struct digest digest = of_day();
    digest.week = true;
    assert_true(digest_worth(&digest)); /* also of a week without a walk */
    for (int day = 0; day < 10; day++)
        walk(&digest, DAY_MS - day * LOCAL_DAY_MS, day < 7 ? 4 : 2, "");
    print(&digest);
    char text[96];
    assert_true(json_get_string(reader, "$.week.text", text, sizeof(text)));
    assert_string_equal(text, "Ann walked 105 min this week. Pain went from 2 to 4 of 10.");
    assert_true(number("$.week.walks_n") == 7);
    assert_true(number("$.week.distance_m") == 7000);
    assert_null(strstr(json, "stride_cv"));
    assert_true(digest_reach_ms(&digest) == DAY_MS - 7 * LOCAL_DAY_MS);
    digest.fall_risk = true; /* R12: the trend is for who may fall */
    assert_true(digest_reach_ms(&digest) == DAY_MS - 14 * LOCAL_DAY_MS);
    print(&digest);
    assert_true(number("$.week.stride_cv_pct") == 4);
    assert_true(number("$.week.stride_cv_pct_week_before") == 2);
}

static void a_wearer_with_every_rule_does_not_fit(void **unused)
{
    (void)unused;
    struct digest digest = of_day();
    digest.week = digest.fall_risk = digest.plan = true;
    for (unsigned rule = RULE_NONE + 1; rule < RULE_COUNT; rule++)
        digest.items[rule] =
            (struct digest_item){UINT16_MAX, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, DAY_MS};
    print(&digest);
    assert_int_equal(json_get_length(reader, "$.items"), RULE_COUNT - 1);
}

/* All that caregivers can read of: cautions of some rules, and what was a STOP or more of all. */
static void a_german_home_reads_of_rules_in_english(void **unused)
{
    (void)unused;
    for (unsigned rule = RULE_NONE; rule < RULE_COUNT; rule++) {
        const struct rule_info *info = rule_info((enum rule)rule);
        const bool stop = info->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP &&
                          !rule_is((uint8_t)rule, RULE_PRIVATE);
        const char *german = texts_title((enum rule)rule, LOCALE_DE),
                   *english = texts_title((enum rule)rule, LOCALE_EN);
        if (rule != DIGEST_RED_FLAG && !stop && !digest_reads((enum rule)rule))
            continue;
        assert_true(german[0] != '\0' && strcmp(german, english) != 0);
        if (rule != DIGEST_RED_FLAG) /* one noun per idea */
            assert_string_equal(english, record_rule_title(rule_name((enum rule)rule)));
    }
    struct digest digest = of_day();
    digest_add_alert(&digest, RULE_F01, STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_SENT, DAY_MS - 1);
    digest_add_alert(&digest, RULE_F07, STRIDE__V1__SEVERITY__SEVERITY_RED, ALERT_SENT, DAY_MS - 1);
    assert_true(digest_json(&digest, "ann", "Ann", LOCALE_DE, json, sizeof(json)) > 0);
    assert_non_null(strstr(json, "\"what\":\"Warnzeichen\""));
    assert_non_null(strstr(json, "\"what\":\"Hilfetaste\""));
    assert_null(strstr(json, "Red flag"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_digest_comes_twice_a_day_or_before_its_hour),
        cmocka_unit_test(a_digest_that_was_missed_is_lost_or_comes_at_night),
        cmocka_unit_test(a_clock_that_was_put_back_ends_all_digests),
        cmocka_unit_test(a_missed_week_is_never_told),
        cmocka_unit_test(caregivers_read_what_is_the_wearers_own_matter),
        cmocka_unit_test(a_caution_without_a_walk_is_lost),
        cmocka_unit_test(one_red_flag_is_told_from_another),
        cmocka_unit_test(what_was_taken_back_is_told_in_the_evening),
        cmocka_unit_test(a_walk_counts_twice_or_while_it_goes_on),
        cmocka_unit_test(the_week_is_summed_up_wrongly),
        cmocka_unit_test(a_wearer_with_every_rule_does_not_fit),
        cmocka_unit_test(a_german_home_reads_of_rules_in_english),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
