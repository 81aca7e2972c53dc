/* What is told of now: the live view. */
#include "hub/app/record_parts.h"
#include "hub/app/texts.h"

#define W struct json_writer *writer

size_t record_live_json(const struct effect_live *live, const char *wearer_id, enum locale locale,
                        int64_t at_wall_ms, char *out, size_t size)
{
    struct json_writer state, *writer = &state;
    json_begin(writer, out, size);
    json_object(writer, NULL);
    json_string(writer, "wearer_id", wearer_id);
    json_integer(writer, "t_utc_ms", at_wall_ms);
    json_bool(writer, "session_open", live->session_open);
    json_bool(writer, "walking", live->walking);
    if (live->session_open) {
        json_number(writer, "duration_s", (double)live->session_s, 1);
        json_number(writer, "walk_s", (double)live->walk_s, 1);
        json_integer(writer, "steps", live->steps_n);
        json_number(writer, "distance_m", (double)live->distance_m, 1);
        record_count(writer, "pain_nrs", live->pain_nrs);
    }
    json_number(writer, "cadence_spm", (double)live->cadence_spm, 1);
    json_number(writer, "si_stance_pct", (double)live->si_stance_pct, 1);
    json_number(writer, "stride_cv_pct", (double)live->stride_cv_pct, 1);
    json_number(writer, "v", (double)live->speed_mps, 2);
    if (live->last_text != TEXT_NONE) {
        json_string(writer, "last_text_id", text_name((enum text)live->last_text));
        struct text_values values = {0};
        struct text_words words;
        char text[TEXT_BYTES_MAX + 1];
        texts_numbers(&live->last_numbers, locale, &words, &values);
        texts_fill((enum text)live->last_text, locale, &values, text, sizeof(text));
        json_string(writer, "last_text", text);
    }
    json_integer(writer, "alerts_open", live->alerts_open);
    json_object_end(writer);
    return json_end(writer);
}
