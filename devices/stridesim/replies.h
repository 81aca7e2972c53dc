/* The script's answers to what the hub asks: told some seconds after the question came.
 *
 * In: prompts, time. Out: reports through struct device. Only where there is a hub to ask. */
#ifndef STRIDE_DEVICES_STRIDESIM_REPLIES_H
#define STRIDE_DEVICES_STRIDESIM_REPLIES_H

#include "devices/stridesim/gear.h"

/* The device got a prompt: is there a reply to its text id? Asked again, it is said again. */
void replies_hear(struct gear *gear, const struct wire_prompt *prompt, double now_s);
/* Says what is due. */
void replies_say(struct gear *gear, double now_s, uint64_t now_ms);

#endif
