#include "hub/app/explain.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hub/app/explain_ladder.h"
#include "hub/app/record_names.h"
#include "hub/app/record_rules.h"
#include "hub/app/texts.h"

enum { PATH_SIZE = 96, ALARM_LEVEL = 2 };

/* ---------------------------------------------------------------- reading */

struct source {
    struct json_reader *reader;
    const char *at; /* "$" or "$.alerts[3]" */
};

static bool get(const struct source *source, const char *key, char *out, size_t size)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%.64s.%.28s", source->at, key);
    out[0] = '\0';
    return json_get_string(source->reader, path, out, size);
}

static double number(const struct source *source, const char *key)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%.64s.%.28s", source->at, key);
    return json_get_number(source->reader, path);
}

static int count(const struct source *source, const char *key)
{
    const double value = number(source, key);
    return isfinite(value) ? (int)value : 0;
}

static int64_t time_of(const struct source *source, const char *key)
{
    const double value = number(source, key);
    return isfinite(value) ? (int64_t)value : 0;
}

static bool is_true(const struct source *source, const char *key)
{
    return count(source, key) != 0;
}

/* Strings of an array, joined with commas; underscores read as blanks. */
static void list(const struct source *source, const char *key, char *out, size_t size)
{
    char path[PATH_SIZE], item[EXPLAIN_NAME_SIZE];
    size_t used = 0;
    out[0] = '\0';
    snprintf(path, sizeof(path), "%.64s.%.28s", source->at, key);
    const int n = json_get_length(source->reader, path);
    for (int i = 0; i < n && used < size; i++) {
        snprintf(path, sizeof(path), "%.48s.%.28s[%d]", source->at, key, i);
        if (json_get_string(source->reader, path, item, sizeof(item)))
            used += (size_t)snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "", item);
    }
    for (char *c = out; *c != '\0'; c++)
        *c = *c == '_' ? ' ' : *c;
}

/* In order of time; equals in the order told. */
static void insert(struct explain_event *events, int *n, int64_t utc_ms, const char *text)
{
    if (*n == EXPLAIN_EVENTS_MAX || utc_ms == 0)
        return;
    int at = (*n)++;
    while (at > 0 && events[at - 1].utc_ms > utc_ms) {
        events[at] = events[at - 1];
        at--;
    }
    events[at].utc_ms = utc_ms;
    snprintf(events[at].text, sizeof(events[at].text), "%s", text);
}

static void happened(struct explain *explain, int64_t utc_ms, const char *text)
{
    insert(explain->events, &explain->events_n, utc_ms, text);
}

static void sentence(const struct explain *explain, const char *text_id, char *out, size_t size)
{
    const struct text_values values = {.emergency_number = explain->emergency_number};
    const enum text text = text_find(text_id);
    if (text == TEXT_COUNT)
        snprintf(out, size, "%s", text_id);
    else
        texts_fill(text, LOCALE_EN, &values, out, size);
}

static void read_evidence(struct explain *explain, const struct source *source)
{
    (void)get(source, "alert_id", explain->id, sizeof(explain->id));
    (void)get(source, "rule_id", explain->rule, sizeof(explain->rule));
    (void)get(source, "severity", explain->severity, sizeof(explain->severity));
    (void)get(source, "text_id", explain->text_id, sizeof(explain->text_id));
    (void)get(source, "context", explain->context, sizeof(explain->context));
    (void)get(source, "suppressed_reason", explain->held_back, sizeof(explain->held_back));
    list(source, "devices", explain->devices, sizeof(explain->devices));
    list(source, "stale", explain->stale, sizeof(explain->stale));
    explain->value = number(source, "value");
    explain->threshold = number(source, "threshold");
    explain->baseline = number(source, "baseline");
    explain->duration_s = number(source, "d_s");
    explain->dropped_gates = count(source, "dropped_gates");
    explain->at_utc_ms = time_of(source, "t_utc_ms");
}

static void start(struct explain *explain)
{
    const struct explain kept = *explain;
    memset(explain, 0, sizeof(*explain));
    explain->params = kept.params;
    explain->emergency_number = kept.emergency_number;
    explain->value = explain->threshold = explain->baseline = explain->duration_s = (double)NAN;
}

/* ---------------------------------------------------------------- an alert's row */

static void read_history(struct explain *explain, const struct source *source)
{
    static const struct {
        const char *state, *said;
    } all[] = {{"RAISED", "it was raised by"},
               {"SENT", "the first message left, sent by"},
               {"DELIVERED", "it reached a screen of"},
               {"SEEN", "it was looked at by"},
               {"ACCEPTED", "\"I am on it\": accepted by"},
               {"RESOLVED", "over, says"},
               {"CANCELLED", "taken back by"},
               {"EXPIRED", "it ended without an answer, by"}};
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "%.64s.history", source->at);
    const int n = json_get_length(source->reader, path);
    for (int i = 0; i < n; i++) {
        char state[24], by[EXPLAIN_NAME_SIZE], text[EXPLAIN_TEXT_SIZE], at[PATH_SIZE];
        snprintf(at, sizeof(at), "%.64s.history[%d]", source->at, i);
        const struct source step = {source->reader, at};
        (void)get(&step, "state", state, sizeof(state));
        (void)get(&step, "by", by, sizeof(by));
        size_t j = 0;
        while (j < sizeof(all) / sizeof(all[0]) && strcmp(all[j].state, state) != 0)
            j++;
        snprintf(text, sizeof(text), "%s %s",
                 j < sizeof(all) / sizeof(all[0]) ? all[j].said : state,
                 strcmp(by, "hub") == 0 ? "the hub" : by);
        happened(explain, time_of(&step, "t_utc_ms"), text);
    }
}

/* "F03 Fever or infection, F04 Weight loss". */
static void read_carried(struct explain *explain, const struct source *source)
{
    char path[PATH_SIZE], rule[8];
    size_t used = 0;
    explain->also_n = count(source, "also_n");
    snprintf(path, sizeof(path), "%.64s.also", source->at);
    const int n = json_get_length(source->reader, path);
    for (int i = 0; i < n && used < sizeof(explain->also); i++) {
        snprintf(path, sizeof(path), "%.64s.also[%d]", source->at, i);
        if (json_get_string(source->reader, path, rule, sizeof(rule)))
            used += (size_t)snprintf(explain->also + used, sizeof(explain->also) - used, "%s%s %s",
                                     used > 0 ? ", " : "", rule, record_rule_title(rule));
    }
    happened(explain, time_of(source, "first_raised_utc_ms"),
             "what it carries was raised first, under this number");
}

static void read_one_told(struct explain *explain, const struct source *told, int64_t *first_ms)
{
    char account[EXPLAIN_NAME_SIZE], text[EXPLAIN_TEXT_SIZE];
    int64_t at_ms = time_of(told, "t_utc_ms");
    (void)get(told, "account", account, sizeof(account));
    if (at_ms == 0) {
        /* The row keeps the time of 18 hours. */
        snprintf(text, sizeof(text), "%s is told, some time later", account);
        at_ms = explain->raised_utc_ms;
    } else if (at_ms < explain->raised_utc_ms) {
        /* Whoever was told then hears at once of what took the place over. */
        snprintf(text, sizeof(text), "%s is told of this one too", account);
        happened(explain, explain->raised_utc_ms, text);
        snprintf(text, sizeof(text), "%s is told of what it carries", account);
    } else {
        snprintf(text, sizeof(text), "%s is told (level %d)", account,
                 explain_level_at(explain->params, explain->urgency, explain->raised_utc_ms,
                                  explain->tz_offset_min, at_ms));
    }
    *first_ms = at_ms < *first_ms ? at_ms : *first_ms;
    happened(explain, at_ms, text);
}

/* The first time; INT64_MAX = nobody was told. */
static int64_t read_told(struct explain *explain, const struct source *source)
{
    char path[PATH_SIZE];
    int64_t first_ms = INT64_MAX;
    snprintf(path, sizeof(path), "%.64s.told_at", source->at);
    const int n = json_get_length(source->reader, path);
    for (int i = 0; i < n; i++) {
        char at[PATH_SIZE];
        snprintf(at, sizeof(at), "%.64s.told_at[%d]", source->at, i);
        read_one_told(explain, &(struct source){source->reader, at}, &first_ms);
    }
    return first_ms;
}

/* A row of an older version does not have when its local alarm began: with the second level, else,
 * as long as it sounds, from the raise on. 0 = it never sounded. */
static int64_t alarm_utc_ms(const struct explain *explain, const struct source *source)
{
    const int64_t at_ms = time_of(source, "local_alarm_utc_ms");
    const bool urgent = strcmp(explain->urgency, "urgent") == 0;
    if (at_ms != 0 || explain->raised_utc_ms == 0)
        return at_ms;
    if (explain->level >= ALARM_LEVEL && !urgent)
        return explain_level_ms(explain->params, explain->urgency, explain->raised_utc_ms,
                                explain->tz_offset_min, ALARM_LEVEL);
    return is_true(source, "local_alarm") ? explain->raised_utc_ms : 0;
}

static void read_alarm(struct explain *explain, const struct source *source, int64_t told_ms)
{
    const int64_t at_ms = alarm_utc_ms(explain, source);
    const bool nobody = strcmp(explain->urgency, "emergency") == 0 && told_ms > at_ms;
    if (at_ms == INT64_MAX)
        return;
    happened(explain, at_ms,
             nobody ? "nobody may be told: the local alarm begins, on every device of the home"
                    : "nobody had accepted: the local alarm begins, on every device of the home");
}

static void read_shown(struct explain *explain, const struct source *source)
{
    char shown[24], said[EXPLAIN_TEXT_SIZE / 2], text[EXPLAIN_TEXT_SIZE];
    const int64_t at_ms = time_of(source, "shown_utc_ms");
    if (!get(source, "shown", shown, sizeof(shown)))
        return;
    sentence(explain, explain->text_id, said, sizeof(said));
    snprintf(text, sizeof(text), "the walker's device has shown it; the walker then %s",
             strcmp(shown, "answered") == 0    ? "answered on it"
             : strcmp(shown, "dismissed") == 0 ? "put it away"
                                               : "pressed nothing on it");
    happened(explain, at_ms, text);
}

static void lower(char *text)
{
    for (; *text != '\0'; text++)
        *text = (char)tolower((unsigned char)*text);
}

bool explain_alert(struct explain *explain, struct json_reader *reader, const char *row)
{
    const struct source source = {reader, "$"};
    start(explain);
    if (!json_load(reader, row, strlen(row)))
        return false;
    read_evidence(explain, &source);
    explain->alert = true;
    (void)get(&source, "wearer_id", explain->wearer, sizeof(explain->wearer));
    (void)get(&source, "urgency", explain->urgency, sizeof(explain->urgency));
    (void)get(&source, "state", explain->state, sizeof(explain->state));
    (void)get(&source, "rule_set_version", explain->rules, sizeof(explain->rules));
    lower(explain->state);
    explain->tz_offset_min = count(&source, "tz_offset_min");
    explain->level = count(&source, "level");
    explain->sends_n = count(&source, "sends_n");
    explain->said_again_n = count(&source, "said_again_n");
    /* Of the first transition: when the ladder's clock began. */
    explain->raised_utc_ms = time_of(&source, "history[0].t_utc_ms");
    (void)get(&source, "history[0].by", explain->raised_by, sizeof(explain->raised_by));
    (void)get(&source, "question_id", explain->question, sizeof(explain->question));
    (void)get(&source, "answer", explain->answer, sizeof(explain->answer));
    read_carried(explain, &source);
    read_history(explain, &source);
    read_alarm(explain, &source, read_told(explain, &source));
    read_shown(explain, &source);
    return explain->id[0] != '\0';
}

/* ---------------------------------------------------------------- a walk's record */

static int find_entry(struct json_reader *reader, const char *id)
{
    char path[PATH_SIZE], entry[EXPLAIN_NAME_SIZE];
    const int n = json_get_length(reader, "$.alerts");
    if (strcmp(id, "last") == 0)
        return n - 1;
    for (int i = 0; i < n; i++) {
        snprintf(path, sizeof(path), "$.alerts[%d].alert_id", i);
        if (json_get_string(reader, path, entry, sizeof(entry)) && strcmp(entry, id) == 0)
            return i;
    }
    return -1;
}

static void read_prompt(struct explain *explain, const struct source *source)
{
    char text[EXPLAIN_TEXT_SIZE], channels[EXPLAIN_LIST_SIZE], shown[24];
    list(source, "channels", channels, sizeof(channels));
    if (explain->held_back[0] == '\0') {
        snprintf(text, sizeof(text), "it is said%s%.160s", channels[0] != '\0' ? " on: " : "",
                 channels);
        happened(explain, explain->at_utc_ms, text);
    }
    const double delivered_ms = number(source, "delivered_ms");
    if (isfinite(delivered_ms) && get(source, "shown", shown, sizeof(shown))) {
        snprintf(text, sizeof(text), "the walker's device says: %s", shown);
        happened(explain, explain->at_utc_ms + (int64_t)delivered_ms, text);
    }
}

bool explain_prompt(struct explain *explain, struct json_reader *reader, const char *record,
                    const char *id)
{
    const struct source walk = {reader, "$"};
    char at[PATH_SIZE];
    start(explain);
    if (!json_load(reader, record, strlen(record)))
        return false;
    const int index = find_entry(reader, id);
    if (index < 0)
        return false;
    snprintf(at, sizeof(at), "$.alerts[%d]", index);
    const struct source entry = {reader, at};
    read_evidence(explain, &entry);
    (void)get(&entry, "state", explain->state, sizeof(explain->state));
    (void)get(&walk, "wearer_id", explain->wearer, sizeof(explain->wearer));
    (void)get(&walk, "rule_set_version", explain->rules, sizeof(explain->rules));
    explain->tz_offset_min = count(&walk, "tz_offset_min");
    read_prompt(explain, &entry);
    return true;
}

/* An alert's id and its prompt's differ in the first letter. */
static bool same(const char *one, const char *other)
{
    return one[0] != '\0' && other[0] != '\0' && strcmp(one + 1, other + 1) == 0;
}

void explain_around(struct explain *explain, struct json_reader *reader, const char *record)
{
    if (!json_load(reader, record, strlen(record)))
        return;
    const int n = json_get_length(reader, "$.alerts");
    for (int i = 0; i < n; i++) {
        char at[PATH_SIZE], id[EXPLAIN_NAME_SIZE], rule[8], why[EXPLAIN_NAME_SIZE];
        char text_id[EXPLAIN_NAME_SIZE], said[EXPLAIN_TEXT_SIZE / 2], text[EXPLAIN_TEXT_SIZE];
        snprintf(at, sizeof(at), "$.alerts[%d]", i);
        const struct source entry = {reader, at};
        const int64_t at_ms = time_of(&entry, "t_utc_ms");
        (void)get(&entry, "alert_id", id, sizeof(id));
        (void)get(&entry, "rule_id", rule, sizeof(rule));
        (void)get(&entry, "text_id", text_id, sizeof(text_id));
        const bool held = get(&entry, "suppressed_reason", why, sizeof(why));
        sentence(explain, text_id, said, sizeof(said));
        if (same(id, explain->id) && explain->also_n > 0 && strcmp(rule, explain->rule) != 0) {
            snprintf(text, sizeof(text), "%s \"%s\" was found: it is carried here", rule, said);
            happened(explain, at_ms, text);
        }
        if (same(id, explain->id) || llabs(at_ms - explain->at_utc_ms) > EXPLAIN_AROUND_MS)
            continue;
        snprintf(text, sizeof(text), "%s \"%s\" %s%s", rule, said,
                 held ? "was held back: " : "was said", held ? record_held_back_words(why) : "");
        insert(explain->around, &explain->around_n, at_ms, text);
    }
}
