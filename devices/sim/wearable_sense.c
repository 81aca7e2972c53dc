/* What the sensors of a wearable show. */
#include <math.h>

#include "devices/sim/wearable_private.h"

#define GRAVITY 9.81

/* An accelerometer's own low-pass at 100 Hz, and the time over which a gyroscope sums: one sample.
 * So the sums of its samples are the way and the turn. */
static const double sense_s = 0.01;
/* A cell keeps 1.5 % of its load for a while (hysteresis), and its floor creeps with its warmth. */
static const double kept_share = 0.015, forget_s = 0.6, creep_n = 1, creep_s = 300;

static float noisy(struct wearable *wearable, double value, double sd)
{
    return (float)(value + sd * random_normal(&wearable->noise));
}

/* ---- cells */

/* Mean share of the forefoot's cells when the centre lies there, and in an even walk. */
static const double fore_there = 0.95, fore_even = 0.5;

void wearable_spread(const struct body_foot *foot, double out[INSOLE_CELLS])
{
    double sum = 0, there = 0;
    double toes[INSOLE_CELLS], moved = fmin(0.95, fabs(foot->fore) / (fore_there - fore_even));
    const double centre = foot->fore < 0 ? 0.15 : 0.72;
    for (unsigned i = 0; i < INSOLE_CELLS; i++) {
        double forward = (wearable_cells[i].forward - foot->cop_forward) * FOOT_LENGTH_MM / 40;
        double lateral = (wearable_cells[i].lateral_mm - 20 * foot->cop_lateral) / 22;
        double to_toes = (wearable_cells[i].forward - centre) * FOOT_LENGTH_MM / 40;
        double side = 1 - wearable_cell_side(i) * foot->medial;
        out[i] = side * exp(-0.5 * (forward * forward + lateral * lateral));
        toes[i] = side * exp(-0.5 * (to_toes * to_toes + lateral * lateral));
        sum += out[i];
        there += toes[i];
    }
    for (unsigned i = 0; i < INSOLE_CELLS; i++)
        out[i] = (1 - moved) * out[i] / sum + moved * toes[i] / there;
}

bool wearable_cell_is_fore(unsigned cell)
{
    return wearable_cells[cell].forward >= 0.6;
}

int wearable_cell_side(unsigned cell)
{
    int lateral_mm = wearable_cells[cell].lateral_mm;
    return (lateral_mm > 0) - (lateral_mm < 0);
}

static void sample_cells(struct wearable *wearable, const struct body_foot *foot, double t_s,
                         float *out)
{
    double share[INSOLE_CELLS];
    double since_s = isfinite(wearable->cell_at_s) ? fabs(t_s - wearable->cell_at_s) : 0;
    wearable->cell_at_s = t_s;
    wearable_spread(foot, share);
    for (int i = 0; i < INSOLE_CELLS; i++) {
        bool dead = (wearable->dead_cells >> i & 1) != 0;
        double force = dead ? 0 : foot->force_n * share[i] * (double)wearable->cell_gain[i];
        double floor_n = (double)wearable->cell_floor_n[i] * (1 + 0.3 * exp(-t_s / creep_s)) +
                         creep_n * (1 - exp(-fmax(0, t_s) / creep_s));
        double left = (double)wearable->cell_left_n[i] * exp(-since_s / forget_s);
        left = fmax(left, kept_share * force);
        wearable->cell_left_n[i] = (float)left;
        double shown = fmax(force, left) + floor_n;
        out[i] = dead ? (float)floor_n : noisy(wearable, shown, 0.4);
        if ((wearable->stuck_cells >> i & 1) != 0)
            out[i] = wearable->cell_stuck_n[i];
        wearable->cell_last_n[i] = out[i];
    }
}

/* ---- motion */

typedef void pose_of(const struct body *body, enum body_foot_side side, double t_s,
                     struct body_pose *out);

/* a^T b */
static void turn_between(const double a[3][3], const double b[3][3], double out[3][3])
{
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            out[i][k] = a[0][i] * b[0][k] + a[1][i] * b[1][k] + a[2][i] * b[2][k];
}

/* The turn from one set of axes to another as a vector in the first, rad. */
static void turn_vector(const double from[3][3], const double to[3][3], double out[3])
{
    double r[3][3];
    turn_between(from, to, r);
    double cosine = fmin(1, fmax(-1, 0.5 * (r[0][0] + r[1][1] + r[2][2] - 1)));
    double angle = acos(cosine), factor = angle < 1e-6 ? 0.5 : 0.5 * angle / sin(angle);
    out[0] = factor * (r[2][1] - r[1][2]);
    out[1] = factor * (r[0][2] - r[2][0]);
    out[2] = factor * (r[1][0] - r[0][1]);
}

/* Toes up by `tilt[0]`, left side up by `tilt[1]`: a small turn of the sensor on its wearer. */
static void tilt(const double tilt[2], double v[3])
{
    double x = v[0] + v[2] * tilt[0], y = v[1] + v[2] * tilt[1];
    double z = v[2] - v[0] * tilt[0] - v[1] * tilt[1];
    v[0] = x;
    v[1] = y;
    v[2] = z;
}

/* Accelerometers feel the push of the ground: at rest +1 g along up. */
static void sample_imu(struct wearable *wearable, pose_of *pose, double t_s, float *out)
{
    const struct wearable_imu *imu = &wearable->imu;
    struct body_pose before, now, after, early, late;
    double felt[3], accel[3], rate[3];
    pose(wearable->body, wearable->side, t_s - sense_s, &before);
    pose(wearable->body, wearable->side, t_s - 0.5 * sense_s, &early);
    pose(wearable->body, wearable->side, t_s, &now);
    pose(wearable->body, wearable->side, t_s + 0.5 * sense_s, &late);
    pose(wearable->body, wearable->side, t_s + sense_s, &after);
    for (int i = 0; i < 3; i++)
        felt[i] = (before.at_m[i] - 2 * now.at_m[i] + after.at_m[i]) / (sense_s * sense_s) +
                  (i == 2 ? GRAVITY : 0);
    for (int i = 0; i < 3; i++)
        accel[i] = now.axes[0][i] * felt[0] + now.axes[1][i] * felt[1] + now.axes[2][i] * felt[2];
    turn_vector((const double(*)[3])early.axes, (const double(*)[3])late.axes, rate);
    for (int i = 0; i < 3; i++)
        rate[i] /= sense_s;
    tilt(imu->tilt, accel);
    tilt(imu->tilt, rate);
    for (int i = 0; i < 3; i++)
        out[i] = noisy(wearable, accel[i] + imu->accel_bias[i], imu->accel_sd);
    for (int i = 0; i < 3; i++)
        out[3 + i] = noisy(wearable, rate[i] + imu->gyro_bias[i], imu->gyro_sd);
}

/* ---- belt */

bool wearable_request(struct wearable *wearable, const struct wire_request *request)
{
    if (wearable->kind != GEAR_TREADMILL || !wearable->belt_obeys)
        return false;
    switch ((int)request->kind) {
    case STRIDE__V1__REQUEST_KIND__REQUEST_PAUSE:
    case STRIDE__V1__REQUEST_KIND__REQUEST_STOP:
        wearable->belt_most_mps = 0;
        return true;
    case STRIDE__V1__REQUEST_KIND__REQUEST_SLOW:
        wearable->belt_most_mps = fmax(0, wearable->belt_shown_mps - request->slow_by_mps);
        return true;
    default:
        return false;
    }
}

/* A belt that is asked to goes down by 0.5 m/s a second; the wearer's own next setting lifts that.
 */
static void sample_belt(struct wearable *wearable, double t_s, float *out)
{
    const double down_m_s2 = 0.5, period_s = 0.25;
    struct body_state state;
    body_state(wearable->body, t_s, &state);
    double wanted = fmin(state.belt_mps, wearable->belt_most_mps);
    double least = wearable->belt_most_mps < state.belt_mps
                       ? wearable->belt_shown_mps - down_m_s2 * period_s
                       : wanted;
    wearable->belt_shown_mps = fmax(wanted, least);
    out[0] = (float)wearable->belt_shown_mps;
    out[1] = (float)state.incline;
    out[2] = state.rail ? 1 : 0;
}

void wearable_sample(struct wearable *wearable, unsigned stream, double t_s,
                     float out[CHANNELS_MAX])
{
    struct body_foot foot;
    struct body_state state;
    switch (wearable->kind) {
    case GEAR_LEFT:
    case GEAR_RIGHT:
        body_foot(wearable->body, wearable->side, t_s, &foot);
        sample_cells(wearable, &foot, t_s, out);
        sample_imu(wearable, body_foot_pose, t_s, out + INSOLE_CELLS);
        break;
    case GEAR_WRIST:
    case GEAR_WRIST2:
        if (stream == 0) {
            sample_imu(wearable, body_wrist_pose, t_s, out);
            break;
        }
        body_state(wearable->body, t_s, &state);
        out[0] = noisy(wearable, state.heart_bpm, 0.8);
        break;
    case GEAR_TREADMILL:
        sample_belt(wearable, t_s, out);
        break;
    case GEAR_KINDS:
        break;
    }
}
