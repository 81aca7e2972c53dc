/* How the body holds itself, and what knocks it: planned from the time line, then read. */
#include <string.h>

#include "devices/sim/body_private.h"

#define DEGREES (PI / 180)

/* In the order of time: one that would come too early waits for the last. */
static void add_posture(struct body *body, double at_s, double lasts_s,
                        const struct body_hold *hold)
{
    unsigned n = body->postures_n;
    if (n == BODY_POSTURES_MAX)
        return;
    if (n > 0)
        at_s = fmax(at_s, body->postures[n - 1].at_s);
    body->postures[n] = (struct body_posture){.at_s = at_s, .lasts_s = lasts_s, .hold = *hold};
    body->postures_n++;
}

void add_jolt(struct body *body, const struct body_jolt *jolt)
{
    if (body->jolts_n < BODY_JOLTS_MAX)
        body->jolts[body->jolts_n++] = *jolt;
}

/* ---- hands */

/* Angles by what the hands do: lift of the forearm from hanging, turn of the watch towards the
 * face, swing left of the free one (negative: as the gait has it). The phone is held as
 * hub/core/wrist.h expects it of a wearer who looks at the watch. Plausible, not measured. */
static const struct {
    double lift_deg, twist_deg, swing_deg;
    bool both;
} hands[] = {
    [HANDS_FREE] = {0, 0, -1, true},   [HANDS_PHONE] = {110, 90, 4, false},
    [HANDS_CALL] = {155, 0, 3, false}, [HANDS_FIXED] = {75, 60, 3, true},
    [HANDS_BAG] = {0, 0, 6, false},    [HANDS_POCKETS] = {30, 10, 8, true},
    [HANDS_BUSY] = {60, 40, 0, true},
};

static void take_hands(const struct script *script, const struct script_event *event,
                       const struct gait_style *style, struct body_hold *hold)
{
    Stride__V1__Side side =
        event->side != STRIDE__V1__SIDE__SIDE_UNKNOWN ? event->side : script->wrist_side;
    for (enum body_foot_side arm = BODY_LEFT; arm < BODY_FEET; arm++) {
        Stride__V1__Side own =
            arm == BODY_LEFT ? STRIDE__V1__SIDE__SIDE_LEFT : STRIDE__V1__SIDE__SIDE_RIGHT;
        bool taken = hands[event->hands].both || side == own;
        unsigned kind = taken ? event->hands : HANDS_FREE;
        double swing_deg = hands[kind].swing_deg < 0 ? style->arm_deg[arm] : hands[kind].swing_deg;
        hold->swing_rad[arm] = swing_deg * DEGREES;
        hold->lift_rad[arm] = hands[kind].lift_deg * DEGREES;
        hold->twist_rad[arm] = hands[kind].twist_deg * DEGREES;
    }
    hold->busy_rad = event->hands == HANDS_BUSY ? 25 * DEGREES : 0;
}

/* ---- activities */

static void sit_down_hard(struct body *body, const struct script_event *event)
{
    for (enum body_part part = PART_LEFT_FOOT; event->second > 0 && part < PARTS; part++)
        add_jolt(body, &(struct body_jolt){.at_s = event->at_s + 0.8,
                                           .part = part,
                                           .accel_m_s2 = fmax(0, event->second - 1) * GRAVITY *
                                                         (part < PART_LEFT_ARM ? 0.6 : 1),
                                           .lasts_s = 0.06});
}

/* Free fall of the hands, the knock, another posture; the feet lose the ground at the start. */
static void fall_down(struct body *body, const struct script_event *event, struct body_hold *hold)
{
    double strikes_s = event->at_s + 0.3 + event->second;
    for (enum body_part part = PART_LEFT_FOOT; part < PARTS; part++) {
        bool foot = part < PART_LEFT_ARM;
        add_jolt(body, &(struct body_jolt){.at_s = strikes_s,
                                           .part = part,
                                           .accel_m_s2 = (event->amount - 1) * GRAVITY,
                                           .fall_s = foot ? 0 : event->second,
                                           .lasts_s = 0.06});
    }
    hold->share = 0;
    add_posture(body, event->at_s, 0.3, hold);
    hold->foot_up_rad = 75 * DEGREES;
    for (enum body_foot_side arm = BODY_LEFT; arm < BODY_FEET; arm++) {
        hold->lift_rad[arm] = 85 * DEGREES;
        hold->twist_rad[arm] = -40 * DEGREES;
    }
    /* Not before the knock: a turning arm would not feel free fall. */
    add_posture(body, strikes_s + 0.1, 0.5, hold);
}

/* `rests`: the arms lie on something. */
static void rest(struct body_hold *hold, double share, double foot_up_rad, double lift_rad)
{
    hold->share = share;
    hold->foot_up_rad = foot_up_rad;
    hold->push_rad = hold->busy_rad = 0;
    for (enum body_foot_side arm = BODY_LEFT; arm < BODY_FEET; arm++) {
        hold->lift_rad[arm] = lift_rad;
        hold->twist_rad[arm] = lift_rad > 0 ? 30 * DEGREES : 0;
    }
}

static void take_activity(struct body *body, const struct script_event *event,
                          enum script_verb before, const struct script_event *hands_event,
                          struct body_hold *hold)
{
    bool lay = before == SCRIPT_LIE || before == SCRIPT_FALL;
    double lasts_s = lay ? 3 : event->verb == SCRIPT_WALK ? 1 : 1.4;
    switch ((int)event->verb) {
    case SCRIPT_WALK:
        rest(hold, 1, 0, 0);
        take_hands(body->script, hands_event, &event->style, hold);
        hold->rise_m = event->style.kind == GAIT_RUN ? 0.045 : 0.02;
        break;
    case SCRIPT_STAND:
        rest(hold, 1, 0, 0);
        take_hands(body->script, hands_event, &event->style, hold);
        break;
    case SCRIPT_SIT:
        rest(hold, event->amount / 100, 0, 65 * DEGREES);
        if (hands_event->hands != HANDS_FREE)
            take_hands(body->script, hands_event, &event->style, hold);
        sit_down_hard(body, event);
        break;
    case SCRIPT_LIE:
        rest(hold, 0, 75 * DEGREES, 85 * DEGREES);
        lasts_s = 3;
        break;
    case SCRIPT_WHEELS:
        rest(hold, 0.2, 0, 35 * DEGREES);
        hold->push_rad = 22 * DEGREES;
        body->push_hz = event->amount / 60;
        break;
    case SCRIPT_FALL:
        fall_down(body, event, hold);
        return;
    default:
        return;
    }
    add_posture(body, event->at_s, lasts_s, hold);
}

static void knock(struct body *body, const struct script_event *event)
{
    static const enum body_part parts[GEAR_KINDS] = {
        [GEAR_LEFT] = PART_LEFT_FOOT, [GEAR_RIGHT] = PART_RIGHT_FOOT, [GEAR_TREADMILL] = PARTS};
    enum body_part part = parts[event->gear];
    bool left = body->script->wrist_side == STRIDE__V1__SIDE__SIDE_LEFT;
    if (event->gear == GEAR_WRIST)
        part = left ? PART_LEFT_ARM : PART_RIGHT_ARM;
    if (event->gear == GEAR_WRIST2)
        part = left ? PART_RIGHT_ARM : PART_LEFT_ARM;
    if (part < PARTS)
        add_jolt(body, &(struct body_jolt){.at_s = event->at_s,
                                           .part = part,
                                           .accel_m_s2 = fmax(0, event->amount - 1) * GRAVITY,
                                           .turn_rad = event->second * DEGREES,
                                           .lasts_s = 0.06});
}

/* The hands jerk when the feet stumble. */
static void startle(struct body *body, const struct script_event *event)
{
    for (enum body_part part = PART_LEFT_ARM; part < PARTS; part++)
        add_jolt(body,
                 &(struct body_jolt){
                     .at_s = event->at_s + 0.5, .part = part, .accel_m_s2 = 22, .lasts_s = 0.08});
}

bool plan_postures(struct body *body)
{
    const struct script *script = body->script;
    struct script_event free_hands = {.hands = HANDS_FREE};
    const struct script_event *hands_event = &free_hands, *style_event = NULL;
    struct body_hold hold = {.share = 1};
    enum script_verb before = SCRIPT_STAND;
    add_posture(body, -1, 0.1, &hold);
    for (unsigned i = 0; i < script->events_n; i++) {
        const struct script_event *event = &script->events[i];
        if (event->verb == SCRIPT_HANDS) {
            hands_event = event;
            struct gait_style style = style_event != NULL ? style_event->style : event->style;
            take_hands(script, event, &style, &hold);
            add_posture(body, event->at_s, 1, &hold);
        } else if (event->verb == SCRIPT_IMPACT) {
            knock(body, event);
        } else if (event->verb == SCRIPT_STUMBLE) {
            startle(body, event);
        } else if (script_is_activity(event->verb)) {
            if (event->verb == SCRIPT_WALK)
                style_event = event;
            take_activity(body, event, before, hands_event, &hold);
            before = event->verb;
        }
    }
    return true;
}

static double mix(double a, double b, double s)
{
    return a + (b - a) * s;
}

void hold_at(const struct body *body, double t_s, struct body_hold *out)
{
    unsigned low = 0, high = body->postures_n;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (body->postures[middle].at_s <= t_s)
            low = middle;
        else
            high = middle;
    }
    /* A change that cuts another short would jump; so each goes on from where those before led. */
    const unsigned reach = 4;
    unsigned first = low > reach ? low - reach : 0;
    *out = body->postures[first].hold;
    for (unsigned i = first + 1; i <= low; i++) {
        const struct body_posture *now = &body->postures[i];
        double s = ease((t_s - now->at_s) / now->lasts_s);
        out->share = mix(out->share, now->hold.share, s);
        out->foot_up_rad = mix(out->foot_up_rad, now->hold.foot_up_rad, s);
        out->push_rad = mix(out->push_rad, now->hold.push_rad, s);
        out->busy_rad = mix(out->busy_rad, now->hold.busy_rad, s);
        out->rise_m = mix(out->rise_m, now->hold.rise_m, s);
        for (enum body_foot_side arm = BODY_LEFT; arm < BODY_FEET; arm++) {
            out->swing_rad[arm] = mix(out->swing_rad[arm], now->hold.swing_rad[arm], s);
            out->lift_rad[arm] = mix(out->lift_rad[arm], now->hold.lift_rad[arm], s);
            out->twist_rad[arm] = mix(out->twist_rad[arm], now->hold.twist_rad[arm], s);
        }
    }
}

/* ---- knocks */

/* Down at 0.8 g, then braked by half a wave of `accel` so that it stops. */
static double falling_m(const struct body_jolt *jolt, double t_s)
{
    const double down_m_s2 = 0.8 * GRAVITY;
    double since_s = t_s - (jolt->at_s - jolt->fall_s);
    if (since_s <= 0)
        return 0;
    if (since_s <= jolt->fall_s)
        return -0.5 * down_m_s2 * since_s * since_s;
    double speed = down_m_s2 * jolt->fall_s, top = fmax(10, jolt->accel_m_s2);
    double brake_s = speed * PI / (2 * top), x = fmin(brake_s, t_s - jolt->at_s);
    double w = PI / brake_s;
    return -0.5 * speed * jolt->fall_s - speed * x + top / w * (x - sin(w * x) / w);
}

void jolt_at(const struct body *body, enum body_part part, double t_s, double *up_m,
             double *turn_rad)
{
    const double there_s = 0.25, stays_s = 0.4;
    *up_m = *turn_rad = 0;
    for (unsigned i = 0; i < body->jolts_n; i++) {
        const struct body_jolt *jolt = &body->jolts[i];
        if (jolt->part != part || t_s < jolt->at_s - jolt->fall_s - 1)
            continue;
        double since_s = t_s - jolt->at_s;
        if (jolt->fall_s > 0)
            *up_m += falling_m(jolt, t_s);
        else /* the sensor's own low-pass takes a tenth: 1.1 */
            *up_m -= 1.1 * jolt->accel_m_s2 * jolt->lasts_s * jolt->lasts_s / 24 *
                     bump(since_s / jolt->lasts_s + 0.5);
        *turn_rad += jolt->turn_rad *
                     (ease(since_s / there_s) - ease((since_s - there_s - stays_s) / there_s));
    }
}
