/* The record's speeds and metres. */
#include "hub/core/session_parts.h"

#include <math.h>
#include <string.h>

#define THREE_MIN_S (SPEED_SLOTS * SPEED_SLOT_S)

void session_speeds_clear(struct session_speeds *speeds)
{
    memset(speeds, 0, sizeof(*speeds));
    speeds->least = speeds->most = NAN;
}

static void add_to_bins(struct session_speeds *speeds, double mps)
{
    unsigned bin = SPEED_BINS - 1;
    if (mps * SPEED_BINS_PER_MPS < bin)
        bin = (unsigned)(mps * SPEED_BINS_PER_MPS);
    if (speeds->bins[bin] == UINT16_MAX) {
        for (unsigned i = 0; i < SPEED_BINS; i++)
            speeds->bins[i] /= 2;
    }
    speeds->bins[bin]++;
}

/* The ring of the last 3 min, moved on to the present 10 s of walking. */
static void move_slots(struct session_speeds *speeds, double walk_s)
{
    double number = floor(walk_s / SPEED_SLOT_S);
    uint16_t slot = number < UINT16_MAX ? (uint16_t)number : UINT16_MAX;
    for (unsigned steps = 0; speeds->slot < slot && steps < SPEED_SLOTS; steps++) {
        /* After a long jump the last ones are all that is left to clear. */
        if (slot - speeds->slot > SPEED_SLOTS)
            speeds->slot = (uint16_t)(slot - SPEED_SLOTS);
        speeds->slot++;
        speeds->slot_n[speeds->slot % SPEED_SLOTS] = 0;
        speeds->slot_sum[speeds->slot % SPEED_SLOTS] = 0;
    }
}

void session_add_speed(struct session *session, double mps)
{
    struct session_speeds *speeds = &session->speeds;
    moments_add(&session->speed, mps);
    speeds->least = fminf(speeds->least, (float)mps); /* fmin of NAN and a number: the number */
    speeds->most = fmaxf(speeds->most, (float)mps);
    add_to_bins(speeds, mps);
    if (session->walk_s <= THREE_MIN_S)
        moments_add(&speeds->first, mps);
    move_slots(speeds, session->walk_s);
    unsigned at = speeds->slot % SPEED_SLOTS;
    if (speeds->slot_n[at] == UINT8_MAX)
        return;
    speeds->slot_n[at]++;
    speeds->slot_sum[at] += (float)mps;
}

void session_add_way(struct session *session, double metres, double incline)
{
    session->distance_m = (isnan(session->distance_m) ? 0 : session->distance_m) + metres;
    if (isnan(incline))
        return;
    if (isnan(session->belt_ascent_m))
        session->belt_ascent_m = 0;
    session->belt_ascent_m += (float)(metres * fmax(0, incline));
}

double session_speed_percentile(const struct session *session, double share)
{
    const struct session_speeds *speeds = &session->speeds;
    double n = 0, below = 0;
    for (unsigned i = 0; i < SPEED_BINS; i++)
        n += speeds->bins[i];
    if (n == 0)
        return (double)NAN;
    for (unsigned i = 0; i + 1 < SPEED_BINS; i++) {
        double in = speeds->bins[i];
        if (in > 0 && below + in >= share * n) {
            double mps = (i + (share * n - below) / in) / SPEED_BINS_PER_MPS;
            return fmin(fmax(mps, (double)speeds->least), (double)speeds->most);
        }
        below += in;
    }
    return (double)NAN;
}

double session_speed_first(const struct session *session)
{
    return session->walk_s < THREE_MIN_S ? (double)NAN : moments_mean(&session->speeds.first);
}

double session_speed_last(const struct session *session)
{
    double sum = 0;
    unsigned n = 0;
    for (unsigned i = 0; i < SPEED_SLOTS; i++) {
        sum += (double)session->speeds.slot_sum[i];
        n += session->speeds.slot_n[i];
    }
    return session->walk_s < THREE_MIN_S || n == 0 ? (double)NAN : sum / n;
}
