/* The page's part that people make: pain, and what was said to them. */
#include <math.h>

#include "hub/app/record_names.h"
#include "hub/app/record_text_parts.h"
#include "hub/app/texts.h"
#include "hub/core/screen.h"
#include "hub/core/session.h"

static void report_line(struct json_reader *reader, FILE *out, int index)
{
    static const char *const keys[] = {"loc", "side", "quality", "symptom", "button"};
    char path[64], value[48], at[32];
    snprintf(path, sizeof(path), "$.reports[%d].t_s", index);
    record_minutes(json_get_number(reader, path), at, sizeof(at));
    snprintf(path, sizeof(path), "$.reports[%d].nrs", index);
    const double nrs = json_get_number(reader, path);
    fprintf(out, "  %7s ", at);
    if (isfinite(nrs))
        fprintf(out, " pain %.0f of 10", nrs);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        snprintf(path, sizeof(path), "$.reports[%d].%s", index, keys[i]);
        if (json_get_string(reader, path, value, sizeof(value)))
            fprintf(out, " %s", value);
    }
    fputc('\n', out);
}

/* The catalogue's sentence of a text id; the id itself if this program does not know it. */
static void sentence(const char *id, char *out, size_t size)
{
    const enum text text = text_find(id);
    if (text == TEXT_COUNT)
        snprintf(out, size, "%s", id);
    else
        texts_fill(text, LOCALE_EN, NULL, out, size);
}

/* The question whose answer it was, in its own words. */
static void red_flag_line(struct json_reader *reader, FILE *out, int index)
{
    char path[64], values[4][48] = {"", "", "", ""}, text[TEXT_BYTES_MAX + 1], label[64];
    static const char *const keys[] = {"id", "question_id", "urgency", "ack_state"};
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof(path), "$.red_flags[%d].%s", index, keys[i]);
        json_get_string(reader, path, values[i], sizeof(values[i]));
    }
    sentence(text_name((enum text)question_info(question_find(values[1]))->text), text,
             sizeof(text));
    snprintf(label, sizeof(label), "  red flag %s ", values[0]);
    record_paragraph(out, label, text);
    snprintf(text, sizeof(text), "%s%s%s", values[2], values[3][0] == '\0' ? "" : ", ", values[3]);
    record_paragraph(out, "                        urgency: ", text);
}

static void note_line(struct json_reader *reader, FILE *out)
{
    char note[SESSION_NOTE_SIZE];
    if (json_get_string(reader, "$.note_text", note, sizeof(note)))
        record_paragraph(out, "  Note                       ", note);
}

void record_text_pain(struct json_reader *reader, FILE *out)
{
    const int reports = json_get_length(reader, "$.reports");
    char place[32];
    fprintf(out, "\nPAIN AND FEELING\n");
    record_line_number(reader, out, "Pain at the start", "$.pain_start", 0, "of 10");
    record_line_number(reader, out, "Pain at the end", "$.pain_end", 0, "of 10");
    record_line_number(reader, out, "Highest pain", "$.pain_peak", 0, "of 10");
    if (json_get_string(reader, "$.loc_most_distal", place, sizeof(place)))
        record_line_text(out, "Furthest from the back", place);
    record_line_minutes(reader, out, "Pain rose after", "$.rise_at_s");
    record_line_number(reader, out, "The next morning", "$.next_morning_nrs", 0, "of 10");
    if (json_get_number(reader, "$.pain_no_answer_n") > 0)
        record_line_number(reader, out, "Not answered", "$.pain_no_answer_n", 0, "questions");
    record_line_number(reader, out, "Leg pain pattern", "$.p05_score", 0, "points of 5");
    record_line_number(reader, out, "Fear of moving", "$.fear_0_10", 0, "of 10");
    record_line_number(reader, out, "Effort", "$.effort_rpe", 0, "of 10");
    record_line_number(reader, out, "Mood before", "$.mood_pre", 0, "of 5");
    record_line_number(reader, out, "Mood after", "$.mood_post", 0, "of 5");
    note_line(reader, out);
    if (reports == 0)
        fprintf(out, "  nothing was reported\n");
    for (int i = 0; i < reports; i++)
        report_line(reader, out, i);
    const int flags = json_get_length(reader, "$.red_flags");
    for (int i = 0; i < flags; i++)
        red_flag_line(reader, out, i);
}

static void alert_line(struct json_reader *reader, FILE *out, int index, double start_ms)
{
    static const char *const keys[] = {"rule_id",           "severity", "text_id",
                                       "suppressed_reason", "state",    "shown"};
    char path[64], values[6][48], at[32], text[TEXT_BYTES_MAX + 1], label[160];
    snprintf(path, sizeof(path), "$.alerts[%d].t_utc_ms", index);
    record_minutes((json_get_number(reader, path) - start_ms) / 1000, at, sizeof(at));
    for (int i = 0; i < 6; i++) {
        snprintf(path, sizeof(path), "$.alerts[%d].%s", index, keys[i]);
        json_get_string(reader, path, values[i], sizeof(values[i]));
    }
    sentence(values[2], text, sizeof(text));
    snprintf(label, sizeof(label), "  %7s  %s %-8s ", at, values[0], values[1]);
    record_paragraph(out, label, text);
    if (values[3][0] != '\0')
        record_paragraph(out,
                         "                        held back: ", record_held_back_words(values[3]));
    if (values[4][0] != '\0')
        record_paragraph(out, "                        alert: ", values[4]);
    if (values[5][0] != '\0')
        record_paragraph(out, "                        device: ", values[5]);
}

void record_text_alerts(struct json_reader *reader, FILE *out)
{
    const int n = json_get_length(reader, "$.alerts");
    fprintf(out, "\nPROMPTS AND ALERTS\n");
    record_line_number(reader, out, "Prompts said", "$.prompts_sent", 0, "");
    record_line_number(reader, out, "Prompts held back", "$.prompts_suppressed", 0, "");
    record_line_number(reader, out, "Praise", "$.praise_n", 0, "");
    const double start_ms = json_get_number(reader, "$.start_utc_ms");
    for (int i = 0; i < n; i++)
        alert_line(reader, out, i, start_ms);
}
