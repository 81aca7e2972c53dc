/* The simulation's own random numbers: the same seed gives the same walk everywhere.
 *
 * In: a seed. Out: numbers. Pure; splitmix64 to seed, xoshiro256** to go on (Blackman, Vigna 2018).
 */
#ifndef STRIDE_DEVICES_SIM_RANDOM_H
#define STRIDE_DEVICES_SIM_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state[4];
};

/* `purpose` keeps streams of the same seed apart: gait, noise of one device, faults. */
void random_init(struct random *random, uint64_t seed, uint64_t purpose);
uint64_t random_u64(struct random *random);
double random_unit(struct random *random);   /* [0, 1) */
double random_normal(struct random *random); /* mean 0, SD 1, cut off at about 6 */
double random_between(struct random *random, double low, double high);

#endif
