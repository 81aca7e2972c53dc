/* Stage 4, beside gait: the body's weight as both feet's sensors show it, and how much they bear.
 *
 * In: the stances and loads that sole_push wrote, of both feet. Out: the weight in the sensors' own
 * newtons, which may be a quarter off the true ones (gaitpdb reads 1.25 of body weight): force is
 * divided by this and by nothing else. Over a stride a foot bears, on average, its part of the
 * body's weight, whatever the shape of its steps: the sum over both feet is the weight. Ten quiet
 * seconds of standing say it better, but a person who sits quietly is no lighter: they count only
 * when walking agrees. Pure. */
#ifndef STRIDE_HUB_CORE_SOLE_WEIGHT_H
#define STRIDE_HUB_CORE_SOLE_WEIGHT_H

#include "hub/core/sole.h"

enum { SOLE_STRIDES = 15, SOLE_QUIET_S = 10 };

enum sole_weight_source {
    SOLE_WEIGHT_NONE = 0,
    SOLE_WEIGHT_STANDING, /* 10 s quiet standing (rule book 2.3) that agrees with walking */
    SOLE_WEIGHT_WALKING,  /* mean force over strides */
    SOLE_WEIGHT_ONE_FOOT, /* twice one foot's: wrong by half of the wearer's limp */
    SOLE_WEIGHT_PROFILE   /* the wearer's mass: true newtons, good for coarse thresholds only */
};

struct sole_weight {
    float stride_n[FEET][SOLE_STRIDES]; /* mean load of the last strides */
    uint8_t strides_n[FEET], stride_at[FEET];
    float foot_n[FEET];                    /* median of these; NAN: too few */
    bool load_seen[FEET], load_used[FEET]; /* used: in the quiet seconds already */
    struct sole_load load[FEET];           /* the newest */
    int64_t light_since_ns[FEET];          /* under 3 % since; INT64_MIN: it is not, or unknown */
    float quiet_n[SOLE_QUIET_S];           /* both feet's seconds, floors not taken off */
    uint8_t quiets_n, quiet_at;
    int64_t quiet_ns;  /* of the newest */
    float stood_raw_n; /* mean of the last ten that were steady; NAN: none */
    float standing_n;  /* that, once walking agreed; NAN */
    float profile_n;   /* NAN */
};
_Static_assert(sizeof(struct sole_weight) <= 320, "a small part of a wearer's state");

void sole_weight_init(struct sole_weight *state);
/* The wearer's mass from the profile; NAN = not told. */
void sole_weight_profile(struct sole_weight *state, float mass_kg);
/* What a sole_push of either foot wrote. */
void sole_weight_push(struct sole_weight *state, const struct sole_output *output);
/* An insole was changed: its gain and floor are another's. */
void sole_weight_forget(struct sole_weight *state);

/* Body weight in the sensors' newtons, NAN when there is no source. */
float sole_weight_n(const struct sole_weight *state, enum sole_weight_source *source);
/* Share of body weight on a foot in its last second; NAN when unknown or older than 3 s (2.2). */
float sole_weight_share(const struct sole_weight *state, enum foot foot, int64_t now_ns);
/* Seconds for which a foot has borne under 3 % of the weight (OFF_FEET, 2.4), 0 while it bears
 * more; NAN when unknown. */
float sole_weight_light_s(const struct sole_weight *state, enum foot foot, int64_t now_ns);

#endif
