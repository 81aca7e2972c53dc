#include "hub/core/session.h"

#include <math.h>

void moments_add(struct moments *moments, double value)
{
    if (!isfinite(value))
        return;
    moments->n++;
    double delta = value - (double)moments->mean;
    double mean = (double)moments->mean + delta / moments->n;
    moments->m2 = (float)((double)moments->m2 + delta * (value - mean));
    moments->mean = (float)mean;
}

double moments_mean(const struct moments *moments)
{
    return moments->n == 0 ? (double)NAN : (double)moments->mean;
}

double moments_sd(const struct moments *moments)
{
    return moments->n < 2 ? (double)NAN : sqrt((double)moments->m2 / (moments->n - 1));
}
