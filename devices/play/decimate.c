#include "devices/play/decimate.h"

#include <assert.h>
#include <math.h>

#define PI 3.14159265358979323846

/* Modified Bessel function of the first kind, order 0: its power series. */
static double bessel_i0(double x)
{
    double sum = 1, term = 1;
    for (int k = 1; k < 40; k++) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

void decimator_init(struct decimator *decimator, unsigned factor)
{
    assert(factor >= 2 && factor <= DECIMATE_FACTOR_MAX);
    const double beta = 6; /* about 63 dB */
    double sum = 0;
    decimator->factor = factor;
    decimator->half_taps = DECIMATE_LOBES * factor;
    int half = (int)decimator->half_taps;
    for (int i = -half; i <= half; i++) {
        double x = (double)i / factor; /* the cut-off is the new Nyquist frequency */
        double sinc = i == 0 ? 1 : sin(PI * x) / (PI * x);
        double edge = (double)i / (half + 1);
        double tap = sinc * bessel_i0(beta * sqrt(1 - edge * edge)) / bessel_i0(beta);
        decimator->taps[i + half] = tap;
        sum += tap;
    }
    for (int i = 0; i <= 2 * half; i++)
        decimator->taps[i] /= sum;
}

double decimator_at(const struct decimator *decimator, const int32_t *in, size_t samples_n,
                    size_t stride, size_t at)
{
    double sum = 0;
    for (unsigned i = 0; i <= 2 * decimator->half_taps; i++) {
        size_t from = at + i;
        from = from < decimator->half_taps ? 0 : from - decimator->half_taps;
        if (from >= samples_n)
            from = samples_n - 1;
        sum += decimator->taps[i] * in[from * stride];
    }
    return sum;
}
