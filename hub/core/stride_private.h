/* What stride.c, stride_walk.c and stride_window.c share. Pure. Private to stage 5. */
#ifndef STRIDE_HUB_CORE_STRIDE_PRIVATE_H
#define STRIDE_HUB_CORE_STRIDE_PRIVATE_H

#include "hub/core/stride.h"

#define STRIDE_NO_GAP UINT32_MAX

/* Step number `number` of a foot; it must be in the ring. */
const struct stride_step *stride_step_at(const struct stride_foot *foot, uint32_t number);
/* Number of the oldest step still in the ring. */
uint32_t stride_oldest(const struct stride_foot *foot);

/* ---- stride_features.c */

/* The stride that begins with step `number`: 0.6 to 2.5 s, no gap inside, one foot-off inside. */
bool stride_sound(const struct stride_foot *foot, uint32_t number);
void stride_fill(const struct stride_state *state, enum stride_path path, enum foot foot,
                 uint32_t number, struct stride *out);

/* ---- stride_shape.c */

void stride_shape_none(struct stride_shape_kept *kept);
void stride_shape_of(const struct stride_shape_kept *kept, struct stride_shape *out);
void stride_swings_init(struct stride_foot *foot);
/* The foot's newest contact is new: swings that were told before it may belong to its stride. */
void stride_swings_match(struct stride_foot *foot);
/* Turn over the 2 s before the end of the stride that begins with step `number`, each stride's in
 * proportion to its part in them; NAN = not known. */
float stride_turn_deg(const struct stride_state *state, enum foot foot, uint32_t number);
void stride_shapes_summary(const struct stride_state *state, int64_t now_ns,
                           struct stride_summary *out);

/* ---- stride_walk.c */

enum walk_answer { WALK_NO = 0, WALK_YES, WALK_UNDECIDED };

/* Is the stride that begins with step `number` part of a WALK? `look_ahead`: later contacts count,
 * and the answer may have to wait for them. */
enum walk_answer stride_walk(const struct stride_state *state, enum foot foot, uint32_t number,
                             bool other_known, bool look_ahead);
/* The stride is handed out: moves the path's walk on, and marks the stride steady or not. */
void stride_walk_on(const struct stride_state *state, struct stride_out *path, uint32_t number,
                    struct stride *stride);

/* ---- stride_window.c */

/* Did the foot end a stride of walking in the last 10 s? */
bool stride_foot_recent(const struct stride_windows *windows, int foot, int64_t now_ns);
void stride_windows_init(struct stride_windows *windows);
void stride_windows_add(struct stride_windows *windows, const struct stride *stride);

/* Mean belt speed over the stride, and incline at its end; NAN = not known. */
void stride_belt_over(const struct stride_state *state, struct stride *stride);
/* The belt is alive, but its samples do not reach to `end_ns` yet. */
bool stride_belt_pending(const struct stride_state *state, int64_t end_ns);

#endif
