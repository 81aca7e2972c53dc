#include "hub/app/plan_json.h"

#include <math.h>

#include "hub/app/record_names.h"
#include "hub/core/local_time.h"

#define W struct json_writer *writer

static bool running(const struct programme *programme)
{
    return programme->plan.stage != PLAN_STAGE_UNKNOWN;
}

static const char *stage_name(uint8_t stage)
{
    return plan_stage_info((enum plan_stage)stage)->name;
}

void plan_json_walk(W, const struct programme *programme)
{
    const struct programme_walk *walk = &programme->walk;
    if (walk->stage == PLAN_STAGE_UNKNOWN)
        return;
    json_number(writer, "target_min", (double)walk->target_min, 0);
    if (walk->index > 0)
        json_integer(writer, "planned_index", walk->index);
    json_bool(writer, "interval_on", walk->interval_on);
    json_integer(writer, "interval_count", walk->intervals_n);
    json_bool(writer, "plan_done", walk->done);
    json_string(writer, "progress_decision",
                plan_direction_name((enum plan_direction)walk->direction));
}

static void told(W, const char *key, const struct programme_ground *ground, enum walk_told what)
{
    if ((ground->told & (unsigned)what) != 0)
        json_bool(writer, key, (ground->is & (unsigned)what) != 0);
}

void plan_json_ground(W, const struct programme *programme, const struct session *session)
{
    const struct programme_ground *ground = &programme->walk.ground;
    const bool belt = session->belt_speed.n > 0; /* what was measured is not what was said */
    const bool said = ground->outdoors != STRIDE__V1__ANSWER__ANSWER_UNKNOWN;
    const bool out = ground->outdoors == STRIDE__V1__ANSWER__ANSWER_YES;
    if (!belt && ground->surface != PLAN_SURFACE_UNKNOWN) {
        json_string(writer, "surface", record_surface_name(ground->surface));
        json_string(writer, "surface_source", "user");
    }
    if (said && isfinite(session->walk_s))
        json_number(writer, "outdoor_min", out ? (double)session->walk_s / 60 : 0, 1);
    if (ground->ambient_c != AMBIENT_UNTOLD)
        json_integer(writer, "temp_c", ground->ambient_c);
    told(writer, "hydrated", ground, TOLD_HYDRATED);
    /* A bag is seen at the arm that bears a sensor, a backpack only told. */
    if (session->context_s[CONTEXT_CARRY] > 0)
        json_bool(writer, "carry_load", true);
    else
        told(writer, "carry_load", ground, TOLD_BACKPACK);
}

void plan_json_shoe(W, const struct wearer_state *wearer, const struct session *session)
{
    static const char *const types[] = {"",     "running",  "walking",      "trail",    "work",
                                        "boot", "flipflop", "flat_fashion", "barefoot", "heel"};
    const struct wire_shoe *shoe = &wearer->config.shoe;
    const unsigned type = (unsigned)shoe->type;
    if (!wearer->config.has_shoe)
        return;
    json_string_if(writer, "shoe_id", shoe->id);
    json_string_if(writer, "shoe_type", type < sizeof(types) / sizeof(types[0]) ? types[type] : "");
    const int64_t age_d =
        local_day_of(local_ms_of(session->start_utc_ms, session->tz_offset_min)) - shoe->bought_day;
    if (shoe->has_bought_day && age_d >= 0)
        json_integer(writer, "shoe_age_d", age_d);
    json_number(writer, "shoe_km", (double)pipeline_shoe_km(wearer), 0);
}

static void limit(W, const char *key, const struct plan_sums *sums, int which)
{
    static const char *const sources[] = {[PLAN_LIMIT_EVENTS] = "events",
                                          [PLAN_LIMIT_STABLE] = "stable",
                                          [PLAN_LIMIT_CLINICIAN] = "clinician"};
    if (sums->limits[which].source == PLAN_LIMIT_UNKNOWN)
        return;
    json_object(writer, key);
    json_number(writer, "limit_min", (double)sums->limits[which].working_min, 1);
    json_number(writer, "limit_m", (double)sums->limits[which].working_m, 0);
    json_string(writer, "limit_source", sources[sums->limits[which].source]);
    json_object_end(writer);
}

static void day(W, const struct plan_sums *sums)
{
    json_object(writer, "day");
    json_integer(writer, "planned_n", sums->planned_n);
    json_integer(writer, "done_n", sums->done_n);
    json_integer(writer, "steps", sums->steps);
    json_number(writer, "walk_min", (double)sums->walk_min, 1);
    json_number(writer, "longest_still_min", (double)sums->longest_still_min, 0);
    json_object_end(writer);
}

void plan_json_sums(W, const struct programme *programme, const struct params *params,
                    bool published)
{
    struct plan_sums sums;
    if (!running(programme))
        return;
    plan_sums(&programme->plan, params, &sums);
    day(writer, &sums);
    if (sums.streak_days > 0) /* C08: never shown as broken */
        json_integer(writer, "streak_days", sums.streak_days);
    json_number(writer, "consistency_7d", (double)sums.consistency, 2);
    json_bool(writer, "flare_open", sums.flare);
    if (sums.days_since_flare >= 0)
        json_integer(writer, "days_since_flare", sums.days_since_flare);
    json_integer(writer, "best_flare_free_days", sums.best_flare_free_days);
    json_number(writer, "usual_nrs", (double)sums.usual_nrs, 1);
    json_bool(writer, "overdo", sums.overdo);
    json_integer(writer, "outing_count_week", sums.outings_week_n);
    if (sums.mood_week > 0 && !published) /* C18: the wearer's own */
        json_integer(writer, "mood_week", sums.mood_week);
    json_bool(writer, "recovered", sums.recovered);
    json_object(writer, "limits");
    limit(writer, "ground", &sums, 0);
    limit(writer, "treadmill", &sums, 1);
    json_object_end(writer);
}

int plan_sentence(const struct plan_decision *decision, char *out, size_t size)
{
    const char *from = plan_stage_info((enum plan_stage)decision->from)->name;
    const char *to = plan_stage_info((enum plan_stage)decision->to)->name;
    return snprintf(out, size, "%s, %s to %s: %s (%u of %u walks done, %u days at %s%s%s).",
                    plan_direction_name((enum plan_direction)decision->direction), from, to,
                    plan_why_sentence((enum plan_why)decision->why), decision->done_n,
                    decision->planned_n, decision->days_n, from,
                    (decision->dropped & PLAN_DROPPED_MORNING) != 0 ? ", a morning not known" : "",
                    (decision->dropped & PLAN_DROPPED_RISE) != 0 ? ", a rise not known" : "");
}

static void decision(W, const struct plan_decision *decided)
{
    char sentence[PLAN_SENTENCE_SIZE];
    if (decided->direction == PLAN_NONE)
        return;
    json_object(writer, "decision");
    json_string(writer, "direction", plan_direction_name((enum plan_direction)decided->direction));
    json_string(writer, "why", plan_why_name((enum plan_why)decided->why));
    json_string(writer, "from", stage_name(decided->from));
    json_string(writer, "to", stage_name(decided->to));
    json_integer(writer, "days_since_1970", decided->day);
    plan_sentence(decided, sentence, sizeof(sentence));
    json_string(writer, "explained", sentence);
    json_object_end(writer);
}

size_t plan_json_state(const struct wearer_state *state, const char *wearer_id, int64_t at_wall_ms,
                       char *out, size_t size)
{
    struct json_writer own, *writer = &own;
    const struct programme *programme = &state->programme;
    struct plan_next next;
    json_begin(writer, out, size);
    json_object(writer, NULL);
    json_string(writer, "wearer_id", wearer_id);
    json_integer(writer, "t_utc_ms", at_wall_ms);
    if (running(programme)) {
        plan_next(&programme->plan, &state->params, &next);
        json_string(writer, "stage", stage_name(next.stage));
        json_object(writer, "next_walk");
        json_integer(writer, "walks_today", next.walks_n);
        if (next.index > 0) {
            json_integer(writer, "index", next.index);
            json_number(writer, "target_min", (double)next.target_min, 0);
        }
        json_object_end(writer);
        plan_json_sums(writer, programme, &state->params, true);
        decision(writer, &programme->decision);
    }
    json_object_end(writer);
    return json_end(writer);
}
