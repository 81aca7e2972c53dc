#include "hub/app/digest.h"

#include <math.h>
#include <string.h>

#include "hub/app/record_names.h"
#include "hub/app/record_parts.h"

#define W struct json_writer *writer

/* ---------------------------------------------------------------- when */

unsigned digest_due(const struct digest_last *last, const struct params *params, int tz_offset_min,
                    int64_t now_ms)
{
    const int64_t local_ms = local_ms_of(now_ms, tz_offset_min);
    const int minute = local_minute_of(local_ms);
    const int at = (int)params->value[PARAM_DIGEST_AT_MIN];
    const int64_t day = local_day_of(local_ms) - (minute < at ? 1 : 0);
    const int64_t due_ms = day * LOCAL_DAY_MS + (at - tz_offset_min) * LOCAL_MINUTE_MS;
    const int weekday = (local_weekday_of(day) + 1) % LOCAL_WEEK_DAYS; /* 0 = Sunday */
    /* A clock that was put back: the last one lies ahead, and says nothing. */
    const bool ahead = last->day_ms > now_ms;
    if (local_quiet(params, minute) || (!ahead && last->day_ms >= due_ms))
        return DIGEST_NOT;
    const bool old =
        last->week_ms != DIGEST_NEVER && due_ms - last->week_ms >= LOCAL_WEEK_DAYS * LOCAL_DAY_MS;
    const bool week = old || weekday == (int)params->value[PARAM_DIGEST_WEEKDAY];
    return DIGEST_DAY | (week ? (unsigned)DIGEST_WEEK : 0) |
           (minute < at ? (unsigned)DIGEST_LATE : 0);
}

/* ---------------------------------------------------------------- what */

int64_t digest_reach_ms(const struct digest *digest)
{
    const int64_t weeks_ms = (digest->fall_risk ? 2 : 1) * LOCAL_WEEK_DAYS * LOCAL_DAY_MS;
    const int64_t from_ms = digest->to_ms - weeks_ms;
    return digest->week && from_ms < digest->from_ms ? from_ms : digest->from_ms;
}

static void add_to(struct digest_walks *walks, struct json_reader *reader)
{
    const double walk_s = json_get_number(reader, "$.walk_s");
    const double metres = json_get_number(reader, "$.distance_m");
    const double start = json_get_number(reader, "$.pain_start");
    const double end = json_get_number(reader, "$.pain_end");
    const double cv_pct = json_get_number(reader, "$.stride_cv_pct");
    walks->n++;
    walks->walk_min += isfinite(walk_s) ? walk_s / 60 : 0;
    walks->metres += isfinite(metres) ? metres : 0;
    if (isfinite(start) && isfinite(end)) {
        walks->nrs_start += start;
        walks->nrs_end += end;
        walks->nrs_n++;
    }
    if (isfinite(cv_pct)) {
        walks->cv_pct += cv_pct;
        walks->cv_n++;
    }
}

static void count(struct digest *digest, enum rule rule, uint8_t severity, int64_t at_ms)
{
    struct digest_item *item = &digest->items[rule];
    item->n++;
    if (severity > item->severity)
        item->severity = severity;
    if (at_ms > item->last_ms)
        item->last_ms = at_ms;
}

void digest_add_alert(struct digest *digest, enum rule rule, uint8_t severity,
                      enum alert_state state, int64_t at_ms)
{
    if (state != ALERT_CANCELLED && rule > RULE_NONE && rule < RULE_COUNT &&
        !rule_is((uint8_t)rule, RULE_WEARER_ONLY) &&
        severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP && at_ms > digest->from_ms &&
        at_ms <= digest->to_ms)
        count(digest, rule_is((uint8_t)rule, RULE_PRIVATE) ? DIGEST_RED_FLAG : rule, severity,
              at_ms);
}

bool digest_reads(enum rule rule)
{
    return rule != RULE_NONE && rule_info(rule)->caregiver == CAREGIVER_DIGEST &&
           !rule_is((uint8_t)rule, RULE_PRIVATE);
}

void digest_add_cautions(struct digest *digest, enum rule rule, int n, int64_t last_ms)
{
    if (!digest_reads(rule) || last_ms <= digest->from_ms || last_ms > digest->to_ms)
        return;
    for (int i = 0; i < n; i++)
        count(digest, rule, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, last_ms);
}

/* Cautions that were said, of rules that caregivers read of; what is more has an alert's row. */
static void add_cautions(struct digest *digest, struct json_reader *reader)
{
    char path[64], rule_id[8], severity[16], held[64];
    const int n = json_get_length(reader, "$.alerts");
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof(path), "$.alerts[%d].severity", i);
        if (!json_get_string(reader, path, severity, sizeof(severity)) ||
            strcmp(severity, "caution") != 0)
            continue;
        snprintf(path, sizeof(path), "$.alerts[%d].suppressed_reason", i);
        const bool said = !json_get_string(reader, path, held, sizeof(held));
        snprintf(path, sizeof(path), "$.alerts[%d].rule_id", i);
        const enum rule rule = json_get_string(reader, path, rule_id, sizeof(rule_id))
                                   ? rule_find(rule_id)
                                   : RULE_NONE;
        snprintf(path, sizeof(path), "$.alerts[%d].t_utc_ms", i);
        const double at_ms = json_get_number(reader, path);
        if (said && isfinite(at_ms) && digest_reads(rule))
            count(digest, rule, STRIDE__V1__SEVERITY__SEVERITY_CAUTION, (int64_t)at_ms);
    }
}

void digest_add_walk(struct digest *digest, struct json_reader *reader)
{
    const double end_ms = json_get_number(reader, "$.end_utc_ms");
    const int64_t week_ms = LOCAL_WEEK_DAYS * LOCAL_DAY_MS;
    const int64_t at_ms = isfinite(end_ms) ? (int64_t)end_ms : INT64_MAX;
    if (at_ms > digest->to_ms)
        return; /* it goes on: the next digest has it */
    if (at_ms > digest->from_ms) {
        add_to(&digest->day, reader);
        add_cautions(digest, reader);
    }
    if (at_ms > digest->to_ms - week_ms)
        add_to(&digest->this_week, reader);
    else if (at_ms > digest->to_ms - 2 * week_ms)
        add_to(&digest->week_before, reader);
}

bool digest_worth(const struct digest *digest)
{
    bool any = digest->week || digest->day.n > 0;
    for (unsigned rule = DIGEST_RED_FLAG; rule < RULE_COUNT; rule++)
        any = any || digest->items[rule].n > 0;
    return any;
}

/* ---------------------------------------------------------------- JSON */

static double mean(double sum, int n)
{
    return n > 0 ? sum / n : (double)NAN;
}

static void sentence(W, int phrase, const struct digest_walks *walks, const char *name,
                     enum locale locale)
{
    char text[TEXT_BYTES_MAX + 1];
    struct text_words words;
    struct text_values values = {.name = name};
    struct text_numbers numbers = {.min = (int16_t)lround(fmin(walks->walk_min, INT16_MAX)),
                                   .known = NUMBER_MIN};
    if (walks->nrs_n > 0) {
        numbers.nrs_start = (uint8_t)lround(mean(walks->nrs_start, walks->nrs_n));
        numbers.nrs_end = (uint8_t)lround(mean(walks->nrs_end, walks->nrs_n));
        numbers.known |= NUMBER_NRS_START | NUMBER_NRS_END;
    }
    texts_numbers(&numbers, locale, &words, &values);
    texts_phrase(phrase, locale, &values, text, sizeof(text));
    json_string(writer, "text", text);
}

static void items(W, const struct digest *digest, enum locale locale)
{
    json_array(writer, "items");
    for (unsigned rule = DIGEST_RED_FLAG; rule < RULE_COUNT; rule++) {
        const struct digest_item *item = &digest->items[rule];
        if (item->n == 0)
            continue;
        json_object(writer, NULL);
        if (rule != DIGEST_RED_FLAG)
            json_string(writer, "rule_id", rule_name((enum rule)rule));
        json_string_if(writer, "what", texts_title((enum rule)rule, locale));
        json_string(writer, "severity", record_severity_name(item->severity));
        json_integer(writer, "n", item->n);
        json_integer(writer, "last_utc_ms", item->last_ms);
        json_object_end(writer);
    }
    json_array_end(writer);
}

static void amounts(W, const struct digest_walks *walks)
{
    json_integer(writer, "walks_n", walks->n);
    json_number(writer, "walk_min", walks->walk_min, 0);
    if (walks->metres > 0)
        json_number(writer, "distance_m", walks->metres, 0);
}

/* C10 for caregivers; R12's trend beside the week before. */
static void week(W, const struct digest *digest, const char *name, enum locale locale)
{
    const struct digest_walks *walks = &digest->this_week, *before = &digest->week_before;
    json_object(writer, "week");
    sentence(writer, walks->nrs_n > 0 ? PHRASE_DIGEST_WEEK_PAIN : PHRASE_DIGEST_WEEK, walks, name,
             locale);
    amounts(writer, walks);
    json_number(writer, "pain_start", mean(walks->nrs_start, walks->nrs_n), 1);
    json_number(writer, "pain_end", mean(walks->nrs_end, walks->nrs_n), 1);
    if (digest->fall_risk) {
        json_number(writer, "stride_cv_pct", mean(walks->cv_pct, walks->cv_n), 1);
        json_number(writer, "stride_cv_pct_week_before", mean(before->cv_pct, before->cv_n), 1);
    }
    json_object_end(writer);
}

size_t digest_json(const struct digest *digest, const char *wearer_id, const char *name,
                   enum locale locale, char *out, size_t size)
{
    struct json_writer own, *writer = &own;
    const char *known = name[0] != '\0' ? name : texts_words(PHRASE_NOBODY_WALKER, locale);
    json_begin(writer, out, size);
    json_object(writer, NULL);
    json_string(writer, "wearer_id", wearer_id);
    json_integer(writer, "t_utc_ms", digest->to_ms);
    json_integer(writer, "since_utc_ms", digest->from_ms);
    sentence(writer, PHRASE_DIGEST_DAY, &digest->day, known, locale);
    amounts(writer, &digest->day);
    if (digest->plan) {
        json_integer(writer, "planned_n", digest->planned_n);
        json_integer(writer, "done_n", digest->done_n);
    }
    items(writer, digest, locale);
    if (digest->week)
        week(writer, digest, known, locale);
    json_object_end(writer);
    return json_end(writer);
}
