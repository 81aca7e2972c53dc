#include "devices/sim/random.h"

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return (x << bits) | (x >> (64 - bits));
}

void random_init(struct random *random, uint64_t seed, uint64_t purpose)
{
    uint64_t mixed = seed;
    (void)splitmix(&mixed);
    mixed ^= purpose * UINT64_C(0xd1342543de82ef95);
    for (int i = 0; i < 4; i++)
        random->state[i] = splitmix(&mixed);
}

uint64_t random_u64(struct random *random)
{
    uint64_t *s = random->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

double random_unit(struct random *random)
{
    return (double)(random_u64(random) >> 11) * 0x1p-53;
}

/* Sum of twelve uniform numbers: exact arithmetic, so the same bits with every libm. */
double random_normal(struct random *random)
{
    double sum = -6;
    for (int i = 0; i < 6; i++) {
        uint64_t bits = random_u64(random);
        sum += (double)(bits >> 32) * 0x1p-32 + (double)(bits & 0xffffffffu) * 0x1p-32;
    }
    return sum;
}

double random_between(struct random *random, double low, double high)
{
    return low + (high - low) * random_unit(random);
}
