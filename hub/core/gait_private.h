/* What gait.c, gait_level.c and gait_edge.c share: levels of one foot, and where its force crossed
 * them. Pure. Private to stage 4. */
#ifndef STRIDE_HUB_CORE_GAIT_PRIVATE_H
#define STRIDE_HUB_CORE_GAIT_PRIVATE_H

#include "hub/core/gait.h"

/* From the level finder: floor, plateau, and all that follows from them, anew. */
void gait_levels_adopt(struct gait_foot *state);
/* A swing's floor is known; a stance that was seen whole has ended; a swing has ended. */
void gait_learn_floor(struct gait_foot *state, float floor_n);
void gait_learn_plateau(struct gait_foot *state);
void gait_learn_zero(struct gait_foot *state);
void gait_forget_low(struct gait_foot *state);
/* The force that is a contact, over this floor. */
float gait_threshold(const struct gait_foot *state, const struct gait_params *params,
                     float floor_n);

/* Whether the force fell out of the stance as fast as a step's does. */
bool gait_fell(const struct gait_foot *state);
/* The floor of the swing that began at `state->phase_us`, N. */
float gait_early_floor(const struct gait_foot *state);
/* When the foot left the ground, device us; the newest sample's time when it did not. */
double gait_find_foot_off(const struct gait_foot *state, const struct gait_params *params,
                          float floor_n);
/* The force reached `state->rise` in a swing that began at `foot_off_us`: when had the foot touched
 * the ground? `*threshold_n`: the force that it must hold. */
double gait_find_contact(const struct gait_foot *state, const struct gait_params *params,
                         double foot_off_us, float *threshold_n);

#endif
