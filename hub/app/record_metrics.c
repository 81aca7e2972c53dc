/* What of a walk was measured, group by group, and in words why not. */
#include <math.h>

#include "hub/app/record_names.h"
#include "hub/app/record_parts.h"

#define W struct json_writer *writer

/* What could have measured, and what did. */
struct seen {
    const struct session *session;
    bool insole, wrist, treadmill; /* registered */
    bool imu, cells;               /* of a foot, told something */
    uint32_t strides_n, loads_n;
};

/* One group. `n` values of `of` strides; 0 = not counted in strides. */
struct group {
    uint32_t n, of;
    const char *source, *because; /* because: said when n is 0 */
};

static uint32_t both(const struct moments moments[2])
{
    return moments[0].n + moments[1].n;
}

/* As a count, of what is known as a whole or not at all. */
static uint32_t known(float value)
{
    return isnan(value) ? 0U : 1U;
}

static bool has(const struct session *session, Stride__V1__DeviceKind kind)
{
    for (int i = 0; i < WEARER_DEVICES_MAX; i++) {
        if (session->devices[i].id[0] != '\0' && session->devices[i].kind == kind)
            return true;
    }
    return false;
}

static struct seen look(const struct session *session)
{
    return (struct seen){
        .session = session,
        .insole = has(session, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_INSOLE),
        .wrist = has(session, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_WRIST),
        .treadmill = has(session, STRIDE__V1__DEVICE_KIND__DEVICE_KIND_TREADMILL),
        .imu = both(session->foot_angle) + both(session->clearance) + both(session->impact) > 0 ||
               session_turns(session) >= 0 || session->imu_strides_n > 0,
        .cells = both(session->forefoot) + both(session->medial) + both(session->cpei) > 0,
        .strides_n = session->strides_n[FOOT_LEFT] + session->strides_n[FOOT_RIGHT],
        .loads_n = both(session->peak_force),
    };
}

const char *record_speed_source(const struct session *session)
{
    if (session->belt_strides_n > 0 && session->imu_strides_n > 0)
        return "mixed";
    if (session->imu_strides_n > 0)
        return "foot_imu";
    return session->speed.n > 0 ? "belt" : "";
}

static const char *no_speed(const struct seen *seen)
{
    return seen->treadmill ? "the treadmill told no speed, and no foot motion sensor"
                           : "no treadmill and no foot motion sensor";
}

static struct group feet_group(const struct seen *seen, uint32_t n, const char *because)
{
    return (struct group){n, seen->strides_n, seen->loads_n > 0 ? "force" : "foot_imu",
                          seen->insole ? because : "needs an insole"};
}

static struct group pair_group(const struct seen *seen, uint32_t n)
{
    const uint32_t *strides_n = seen->session->strides_n;
    const bool one = strides_n[FOOT_LEFT] == 0 || strides_n[FOOT_RIGHT] == 0;
    struct group group =
        feet_group(seen, n, one ? "needs both insoles" : "not enough steady strides");
    if (!seen->insole)
        group.because = "needs both insoles";
    return group;
}

static struct group imu_group(const struct seen *seen, uint32_t n)
{
    const char *because =
        seen->imu ? "the foot motion sensor could not tell" : "no foot motion sensor";
    struct group group = feet_group(seen, n, because);
    group.source = "foot_imu";
    return group;
}

static struct group cell_group(const struct seen *seen, uint32_t n)
{
    const char *because =
        seen->cells ? "the pressure cells could not tell" : "no pressure cells with known places";
    struct group group = feet_group(seen, n, because);
    group.source = "force";
    return group;
}

/* Force over body weight: without the one or the other there is none. */
static struct group weight_group(const struct seen *seen, uint32_t n)
{
    const bool weight = seen->session->weight_n > 0;
    const char *cells =
        seen->loads_n > 0 ? "the pressure cells could not tell" : "no pressure cells";
    struct group group =
        feet_group(seen, weight ? n : 0, n > 0 ? "body weight is not known" : cells);
    group.source = "force";
    return group;
}

static struct group speed_group(const struct seen *seen, uint32_t n, const char *because)
{
    const struct session *session = seen->session;
    return (struct group){n, session->amounts_source == SESSION_FEET ? seen->strides_n : 0,
                          record_speed_source(session),
                          session->speed.n == 0 ? no_speed(seen) : because};
}

static void write_group(W, const char *key, struct group group)
{
    json_object(writer, key);
    json_integer(writer, "n", group.n);
    if (group.n > 0) {
        json_string_if(writer, "source", group.source);
        if (group.of > 0)
            json_number(writer, "coverage_pct", fmin(100, 100.0 * group.n / group.of), 1);
    } else {
        json_string(writer, "not_evaluated_because", group.because);
    }
    json_object_end(writer);
}

static void strides(W, const struct seen *seen)
{
    const struct session *session = seen->session;
    const uint32_t lengths_n = session->height_m > 0 ? session->stride_length.n : 0;
    const bool feet = session->cadence.n > 0;
    struct group cadence = {feet ? session->cadence.n : session->wrist_cadence.n,
                            feet ? seen->strides_n : 0, feet ? "feet" : "wrist",
                            "needs an insole or a wrist sensor"};
    write_group(writer, "cadence", cadence);
    write_group(writer, "timing",
                feet_group(seen, both(session->stride_time), "no stride was whole"));
    write_group(writer, "double_support", pair_group(seen, session->double_support_pct.n));
    write_group(writer, "speed", speed_group(seen, session->speed.n, ""));
    write_group(writer, "step_length",
                speed_group(seen, both(session->step_length), "needs both insoles"));
    write_group(writer, "slh", speed_group(seen, lengths_n, "the profile has no height"));
    struct group steady = feet_group(seen, session->stride_cv.n, "not enough steady strides");
    steady.of = session->steady_strides_n;
    write_group(writer, "variability", steady);
    steady = pair_group(seen, session->si_stance.n);
    steady.of = session->steady_strides_n;
    write_group(writer, "symmetry", steady);
}

static void feet(W, const struct seen *seen)
{
    const struct session *session = seen->session;
    const int turns = session_turns(session);
    const bool climbed =
        !isnan(session->ways[FOOT_LEFT].ascent_m) || !isnan(session->ways[FOOT_RIGHT].ascent_m);
    write_group(writer, "foot_angle", imu_group(seen, both(session->foot_angle)));
    write_group(writer, "toe_clearance", imu_group(seen, both(session->clearance)));
    write_group(writer, "scuffs", imu_group(seen, session->scuff_known_n));
    write_group(writer, "impact", imu_group(seen, both(session->impact)));
    struct group way = imu_group(seen, turns >= 0);
    way.of = 0;
    write_group(writer, "turns", way);
    way = imu_group(seen, climbed || !isnan(session->belt_ascent_m));
    way.of = 0;
    way.source = climbed ? "foot_imu" : "belt";
    write_group(writer, "ascent", way);
    write_group(writer, "loading_rate", weight_group(seen, both(session->loading)));
    write_group(writer, "peak_force", weight_group(seen, seen->loads_n));
    write_group(writer, "forefoot", cell_group(seen, both(session->forefoot)));
    write_group(writer, "medial", cell_group(seen, both(session->medial)));
    write_group(writer, "cpei", cell_group(seen, both(session->cpei)));
}

static void body(W, const struct seen *seen)
{
    const struct session *session = seen->session;
    const struct session_pulse *pulse = &session->pulse;
    const char *heart = "no heart rate sensor";
    const char *wrist = seen->wrist ? "the wrist sensor could not tell" : "needs a wrist sensor";
    const char *rail = seen->treadmill ? "the treadmill does not feel its handrail"
                                       : "needs a treadmill that feels its handrail";
    bool context = false;
    for (int i = 0; i < SESSION_CONTEXTS; i++)
        context = context || session->context_s[i] > 0;
    write_group(writer, "arm_swing", (struct group){both(session->arm_swing), 0, "wrist", wrist});
    write_group(writer, "phone", (struct group){known(session->phone_s), 0, "wrist", wrist});
    write_group(writer, "handrail", (struct group){known(session->rail_s), 0, "belt", rail});
    write_group(writer, "context", (struct group){context, 0, "", "not recognised in this walk"});
    write_group(writer, "heart_rate", (struct group){pulse->bpm.n, 0, "heart", heart});
    write_group(writer, "heart_zones",
                (struct group){known(pulse->moderate_s), 0, "heart",
                               pulse->bpm.n == 0 ? heart : "the highest heart rate is not known"});
    write_group(writer, "heart_rest",
                (struct group){known(pulse->rest_bpm), 0, "heart",
                               pulse->bpm.n == 0 ? heart : "no reading just before the walk"});
    write_group(writer, "heart_recovery",
                (struct group){known(pulse->recovery_bpm), 0, "heart",
                               pulse->bpm.n == 0 ? heart : "no stop of a minute with readings"});
}

void record_metrics(W, const struct session *session)
{
    const struct seen seen = look(session);
    json_object(writer, "coverage_metrics");
    strides(writer, &seen);
    feet(writer, &seen);
    body(writer, &seen);
    json_object_end(writer);
}
