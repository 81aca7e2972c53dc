#include "hub/core/session.h"

#include <math.h>

void moments_add(struct moments *moments, double value)
{
    if (isnan(value))
        return;
    moments->n++;
    double delta = value - moments->mean;
    moments->mean += delta / moments->n;
    moments->m2 += delta * (value - moments->mean);
}

double moments_mean(const struct moments *moments)
{
    return moments->n == 0 ? (double)NAN : moments->mean;
}

double moments_sd(const struct moments *moments)
{
    return moments->n < 2 ? (double)NAN : sqrt(moments->m2 / (moments->n - 1));
}
