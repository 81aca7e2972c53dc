/* The first states of S01 at the wrist: an impact, a new posture that stays, then stillness.
 *
 * In: the length of each acceleration sample as it came (a mean would hide an impact), and the
 * direction and unrest of each 0.5 s of it. Out: SUSPECT and STILL, with what they rest on; what is
 * asked and whom to tell is the rule's business, and so is whether weak evidence is enough (S01,
 * wrist only: free fall + impact + 10 s still).
 * Sampled below 40 Hz an impact's top is mostly missed: thresholds are then lower. Pure. */
#ifndef STRIDE_HUB_CORE_FALL_H
#define STRIDE_HUB_CORE_FALL_H

#include <stdbool.h>
#include <stdint.h>

enum fall_state {
    FALL_NONE = 0,
    FALL_IMPACT,  /* an impact; is the posture new, and does it stay? */
    FALL_SUSPECT, /* it did: waiting for stillness */
    FALL_STILL    /* still for 10 s */
};

struct fall_evidence {
    float impact_g;     /* largest length of acceleration seen of it */
    float free_fall_ms; /* below 0.6 g in the second before the impact; 0 = never seen */
    float turn_deg;     /* between the postures before and after; smallest of the 5 s */
    bool slow_sampling; /* below 40 Hz: impact and free fall are under-measured */
    bool turned;        /* the posture is new; else it is free fall, impact and stillness alone */
};
/* The least that counted as an impact in what was seen of it. */
float fall_least_g(const struct fall_evidence *evidence);

enum {
    FALL_BLOCK_US = 500000,
    FALL_BEFORE = 8, /* blocks: the posture before an impact */
    FALL_KNOCKS = 8
};

struct fall {
    uint8_t state; /* enum fall_state */
    bool free_falling;
    double sample_us; /* last sample; -INFINITY = none since a gap */
    float sample_g;
    double below_us; /* when it went below 0.6 g */
    double free_us;  /* end of the last free fall, however short; -INFINITY = never */
    float free_ms;
    double knocks_us[FALL_KNOCKS]; /* when the length last rose over 2 g; -INFINITY = never */
    uint8_t knock_at;
    double impact_us; /* the first of the fall */
    double last_us;   /* the last of it */
    struct fall_evidence evidence;
    float before[3];   /* direction of up before the impact */
    uint8_t held_n;    /* blocks in a row in a new posture */
    uint8_t still_n;   /* blocks in a row of stillness */
    int64_t block;     /* the newest; INT64_MIN = none */
    float held_unrest; /* sum over the held blocks, g */
    float still_from[3], still_squares;
    float recent[FALL_BEFORE][3]; /* directions of up, by block number modulo */
    int64_t recent_block[FALL_BEFORE];
    double over_us; /* SUSPECT and STILL end without news */
};

void fall_init(struct fall *fall);
/* Samples are missing: no free fall or impact spans it; postures do. */
void fall_gap(struct fall *fall);
/* One sample; `period_us` is the nominal distance of samples. */
void fall_sample(struct fall *fall, double at_us, double period_us, float length_g);
/* One block of 0.5 s that ended at `end_us`: mean direction of up (length 1), SD of the length. A
 * change to FALL_SUSPECT or FALL_STILL is returned, otherwise FALL_NONE. `stepped`: a step was
 * told since the last block. */
enum fall_state fall_block(struct fall *fall, int64_t block, double end_us, const float up[3],
                           float unrest_g, bool stepped);

#endif
