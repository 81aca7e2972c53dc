/* What the files of the pipeline share; nobody else includes this. */
#ifndef STRIDE_HUB_CORE_PIPELINE_PRIVATE_H
#define STRIDE_HUB_CORE_PIPELINE_PRIVATE_H

#include "hub/core/pain.h"
#include "hub/core/pipeline.h"

#define SECOND_NS INT64_C(1000000000)
#define RECORD_EVERY_NS (10 * SECOND_NS) /* how often an open walk's record is written */
#define STOPPING_NS (10 * SECOND_NS)     /* who presses takes a few more steps (E) */

/* An insole that said nothing for a minute holds up no stride of the other foot any longer. Above
 * any outage of hub or broker that devices ride out, below the walk's end. */
#define DEVICE_GONE_NS (60 * INT64_C(1000000000))
#define FRESH_NS (10 * INT64_C(1000000000)) /* longer than any link that is up takes (E) */
/* How long the backlog of an outage may take to come in. */
#define BACKLOG_NS (60 * INT64_C(1000000000))
/* After its clock jumped, a device's map is young again: symmetry waits (scenario 55). */
#define CLOCK_JUMP_NS (30 * INT64_C(1000000000))

/* One step in the making. */
struct step {
    struct wearer_state *state;
    const struct input *input;
    struct pipeline_scratch *scratch;
    struct effects *effects;
    enum wire_refusal refusal;
    bool pain_told; /* what is known of pain changed: something may have to be asked now */
    /* Of a report. */
    int64_t said_ago_ns; /* it waited in its device for so long; 0 = it did not */
    bool by_other;       /* not the wearer's own word: a caregiver's account */
};
/* When what is being applied was said. */
static inline int64_t step_said_ns(const struct step *step)
{
    return step->state->now_ns - step->said_ago_ns;
}

/* ---- pipeline_check.c: what would become of a device's input, and how far its lanes are */

/* Decodes into scratch and says what would become of the input, without touching the state. */
enum step_result device_check(struct step *step);
/* Has the device described itself in that boot? */
bool device_described(const struct wearer_device *device, uint64_t boot_id);
void lane_start_boot(struct lane *lane, uint64_t boot_id);
/* INPUT_SKIP: field 0 boot, 1 first, 2 last. */
uint64_t skip_field(const uint8_t *bytes, int field);
/* The control lane takes `place`: duplicates have been told apart before. */
bool lane_knows_nothing(const struct lane *lane, const struct wire_place *place);
void device_control_taken(struct wearer_device *device, const struct wire_place *place);

/* ---- pipeline_device.c: what a device's input changes; all are called after time has moved */

void device_hello(struct step *step);
void device_frame(struct step *step);
void device_link(struct step *step);
void device_skip(struct step *step);
/* The shared place of a waiting descriptor is free, if this slot had it. */
void device_forget_next(struct wearer_state *state, uint8_t slot);
/* Tells the stride stage which feet can still come, at the present time. */
void device_expect_feet(struct wearer_state *state);
/* When an expected foot will count as gone; INT64_MAX = none. */
int64_t device_gone_deadline_ns(const struct wearer_state *state);
void device_configure(struct wearer_state *state, const struct wire_wearer_config *config);

/* ---- pipeline_foot.c: an insole's samples to events, strides and their shapes */

void foot_frame(struct step *step, const struct slice *slice);
/* The device in the slot is another one from now on. */
void foot_forget(struct wearer_state *state, uint8_t slot);
/* Can any foot's samples come? Then steps, cadence and walks are the feet's business alone. */
bool feet_known(const struct wearer_state *state);

/* ---- pipeline_body.c: what wrists and treadmills tell, and walks that no foot tells of */

void wrist_frame(struct step *step, const struct slice *slice);
void treadmill_frame(struct step *step, const struct slice *slice);
void body_forget(struct wearer_state *state, uint8_t slot);

/* ---- pipeline_context.c: what the wearer does now, and for how long of the walk */

/* All seconds whose strides are handed out by the present time. */
void context_seconds_due(struct step *step);
int64_t context_deadline_ns(const struct wearer_state *state);
/* A device is fresh again: from the next whole second on. */
void context_wake(struct wearer_state *state);
/* Nothing is known of the time before: the hub was away. */
void context_skip(struct wearer_state *state, int64_t back_ns);
/* A live stride, at its end; whole seconds before that first. */
void context_take_live(struct step *step, const struct stride *stride,
                       const struct stride_summary *summary);
/* A walk opened, closes at its last step. */
void context_walk_open(struct wearer_state *state);
void context_walk_close(struct wearer_state *state, int64_t end_ns);

/* ---- pipeline_judge.c: live strides to rules and baselines */

void judge_stride(struct step *step, const struct stride *stride);
/* enum coverage_device, or'ed: fresh, and worn as far as they say. */
unsigned pipeline_devices(const struct wearer_state *state);
/* A whole second, after its context. */
void judge_second(struct step *step, int64_t second_ns);
/* The walk ends: what is left for a summary. */
void judge_end(struct step *step);
/* Local day as of an input's wall time. */
void baseline_today(struct wearer_state *state, int64_t wall_ms);
/* By the year alone; -1 = not told. */
int16_t wearer_age_years(const struct wearer_state *state);
/* Days of a flare teach nothing about the wearer's normal. */
bool flare_open(const struct wearer_state *state);
void signals_known(const struct wearer_state *state, int64_t at_ns, struct signals_now *out);

/* ---- pipeline_safety.c: falls, belts, hearts, stillness: what does not wait for strides */

/* A whole second of session time was told. */
void guard_second(struct step *step, int64_t second_ns);
/* Its deadlines, and what is watched while frames come. */
void guard_due(struct step *step);
void guard_frame(struct step *step);
void guard_wrist(struct step *step, uint8_t slot, const struct wrist_event *event);
/* A contact, or a wrist's step where no foot can tell. */
void guard_step(struct step *step, int64_t step_ns);
void guard_stride(struct step *step, const struct stride *stride,
                  const struct stride_summary *summary);
void guard_report(struct step *step, const struct wire_report *report);
void guard_feedback(struct step *step, const struct wire_feedback *feedback);
/* Coverage of its rules, before a piece of walking is counted. */
void guard_absence(struct wearer_state *state);
/* Is a rest meant now: asked for by T1, P02, P05 or the programme, or a pause of the wearer's own?
 */
bool rest_planned(const struct wearer_state *state);
/* The walk ended as somebody was told that its wearer lies still (S03), and still is so. */
bool guard_lies_still(const struct wearer_state *state);
/* The wearer's maximum heart rate; NAN = not known. */
float wearer_heart_max(const struct wearer_state *state);

/* Was a red flag raised in this walk, or since, that the wearer did not take back? */
bool walk_red_flag(const struct wearer_state *state);

/* ---- pipeline_praise.c */

/* The praise that the walk owes, if it may be said now. */
void praise_add(struct step *step, struct findings *findings);

/* ---- pipeline_walk.c: strides to rules and record, the walk's beginning and end */

struct alert_context pipeline_context(const struct wearer_state *state);
bool pipeline_storing(const struct wearer_state *state);
/* Hands findings to arbitration and what came of them to the record. */
void pipeline_decide(struct step *step, const struct findings *findings);
/* The record follows what happened to alerts and prompts since effect number `from`. */
void pipeline_record(struct step *step, int from);
/* Hands out all strides that are due, to rules and record. */
void pipeline_drain(struct step *step);
void walk_effect(struct step *step, enum session_change change);
void walk_live(struct step *step);
/* Opens a walk that began at `start_ns` and goes on at `at_ns`, unless one is open, or the wearer
 * ended it since. */
void walk_begin(struct step *step, int64_t start_ns, int64_t at_ns);
/* A wrist's step, or a running belt's way, of a walk that no foot tells of: keeps it open. */
void walk_unfooted_step(struct step *step, int64_t at_ns, float cadence_spm);
void walk_unfooted_belt(struct step *step, int64_t from_ns, int64_t until_ns, float mps,
                        float incline);
void walk_close(struct step *step, enum end_reason reason);
/* The wearer paused the open walk and has not walked on. */
bool walk_paused(const struct wearer_state *state);
/* The newest that is known of the open walk was old when it came: whoever walked then may sit by
 * now, and nothing is said to a walker. */
bool walk_comes_late(const struct wearer_state *state);
/* The walk's end as far as it is known. */
int64_t walk_last_ns(const struct wearer_state *state);
void walk_open_by(struct step *step, const struct stride *stride, enum stride_path path);
int64_t walk_close_deadline_ns(const struct wearer_state *state);
/* Why a walk ends of which nothing more came. */
enum end_reason walk_end_reason(const struct wearer_state *state);

/* ---- pipeline_pain.c: reports, walks and time to stage `pain`, its questions to the wearer */

void pain_begin(struct wearer_state *state);
/* The hub was away: before time moves over the outage. What came of it: pain_handed, after. */
void pain_was_away(struct step *step, struct pain_out *out);
void pain_handed(struct step *step, struct pain_out *out);
int64_t pain_due_ns(const struct wearer_state *state);
/* All that is due now, and then the question that may be put. */
void pain_settle(struct step *step);
void pain_walk_opened(struct step *step, int64_t start_ns);
/* Before the record closes: its summary belongs to it. */
void pain_walk_closes(struct step *step, int64_t end_ns);
void pain_said(struct step *step, const struct wire_report *report);
void pain_answered(struct step *step, const struct wire_feedback *feedback);
/* A fall that ended well: F05 is asked about later. */
void pain_after_fall(struct step *step);
/* The open walk goes on over another ground. */
void pain_ground_changed(struct step *step);
void pain_stride(struct step *step, const struct stride *stride,
                 const struct stride_summary *summary);

/* ---- pipeline.c */

int64_t pipeline_wall_ms(const struct input *input);

/* ---- pipeline_ramp.c: a treadmill slows down when the wearer agrees, and never otherwise */

void ramp_begin(struct belt_ramp *ramp);
void ramp_offer(struct step *step);
/* The wearer was asked and may still agree. */
bool ramp_offered(const struct wearer_state *state);
void ramp_report(struct step *step, const struct wire_report *report);
void ramp_time(struct step *step);
int64_t ramp_due_ns(const struct wearer_state *state);
/* ---- pipeline_plan*.c: the walking programme */

/* One call into the plan: profile and time are filled, what it says is empty. */
struct programme_call {
    struct step *step;
    struct programme *programme;
    const struct params *params;
    struct plan_profile profile;
    struct plan_now now;
    struct plan_out out;
};
void programme_init(struct programme *programme);
/* Has a programme begun? */
static inline bool programme_running(const struct wearer_state *state)
{
    return state->programme.plan.stage != PLAN_STAGE_UNKNOWN;
}
void programme_begin(struct programme_call *call, struct step *step);
/* T1: "rest until then" and "stop for today" were said on that day, or its questions still run. */
bool programme_told_to_rest(const struct wearer_state *state, int32_t day);
/* Said last in this walk. Who begins with it is offered a tiny walk, and no STOP is open. */
bool programme_red_pain(const struct wearer_state *state);
/* What the plan said and decided goes its way. `at_once`: cues of the moment do not wait. */
void programme_finish(struct programme_call *call, bool at_once);
/* A limit that somebody sets; 0 gives it back to learning. */
void programme_limit(struct wearer_state *state, bool treadmill, float minutes);
/* What the configuration before said of the programme: what it says again changes nothing that
 * somebody asked for since. Stage "" = none. */
struct programme_before {
    char stage[sizeof(((struct wearer_setup *)NULL)->stage)];
    double limit_ground_min, limit_belt_min;
};
struct programme_before programme_before(const struct wearer_state *state);
/* Another configuration was applied. */
void programme_configured(struct step *step, const struct programme_before *before);
/* Everything due by the present time; when that is. */
void programme_time(struct step *step);
int64_t programme_deadline_ns(const struct wearer_state *state);
/* The wall clock may have been put: what is due by it is looked at again. */
void programme_clock(struct step *step);
void programme_report(struct step *step, const struct wire_report *report);
void programme_feedback(struct step *step, const struct wire_feedback *feedback);
/* A stage or days of rest, as INPUT_PLAN has it (C01: "wearer or clinician may override"). Asked of
 * no programme, or by an account that may not speak for the wearer: STEP_UNKNOWN. */
enum step_result programme_asked_check(struct step *step);
void programme_asked(struct step *step);
/* Local day, or INT32_MIN while the clock was never set. */
int32_t programme_day(const struct wearer_state *state, int64_t wall_ms);

/* The walk opened; it closed: before its record is written. */
void programme_walk_opened(struct step *step);
void programme_walk_closed(struct step *step);
/* Where it is, as told up to 15 minutes before: nothing of the walk before is kept. */
void programme_ground_opened(struct wearer_state *state);
/* What is told in a walk is of all of it; between walks of the next. */
void programme_hears_ground(struct step *step, const struct wire_report *report);
/* Degrees C of the open walk, or the last; NAN = not told. */
float programme_ambient_c(const struct programme *programme);
/* Ground, outing and minutes outdoors; mode and walk_min are known. A belt wins. */
void programme_ground_facts(const struct programme_ground *ground, struct plan_facts *facts);
/* Something that rules ask about was said to be so, or not; UNKNOWN changes nothing. */
void programme_hears_told(struct wearer_state *state, enum walk_told what, Stride__V1__Answer said);
/* Was it said to be so of the open walk? */
bool programme_is(const struct wearer_state *state, enum walk_told what);
/* The walk that closed is summed up, if it was not yet. */
void programme_sum_up(struct step *step);
/* The same after its record was closed: that is written again. */
void programme_sum_up_late(struct step *step);
/* The open walk as it is now. */
void programme_moment(struct step *step);
/* What other stages found. */
void programme_hear(struct wearer_state *state, const struct findings *findings);

/* A finding that says it; nothing in the stage of alerts paces it. */
void programme_finding(struct findings *out, const struct programme_word *word, int64_t at_ns);
/* Information without figures, which may wait as long as `plan.word` says. */
struct programme_word programme_info(const struct wearer_state *state, enum rule rule,
                                     enum text text);
/* A word that waits for its turn, `first` before all others. */
void programme_word(struct step *step, const struct programme_word *word, bool first);
void programme_words(struct step *step);
/* Is a cue that time brings turned off, or not for this wearer? Its findings are dropped. */
bool programme_cue_off(const struct wearer_state *state, uint8_t rule);

/* ---- pipeline_shoe.c: the shoe that is worn */

/* As the configuration has it now: another shoe, or another distance, begins anew. */
void shoe_configured(struct wearer_state *state);
/* The walk closed. */
void shoe_walked(struct wearer_state *state);
/* A steady stride that may be learnt of; NAN = no loading rate over body weight. */
void shoe_stride(struct wearer_state *state, const struct stride *stride, float loading_bw_s);
/* What R09 asks of it on that local day. */
struct plan_shoe shoe_known(const struct wearer_state *state, int32_t day);

/* ---- pipeline_people.c: registration, reports, answers, the hub's own condition */

void apply_config(struct step *step);
void apply_report(struct step *step);
void apply_feedback(struct step *step);
/* A report by an account: decodes into scratch, without touching the state. */
enum step_result said_check(struct step *step);
void apply_said(struct step *step);
void apply_ack(struct step *step);
void apply_hub(struct step *step);
/* The hub was away until this input: told before time moves, or the silence of the outage would be
 * blamed on the devices. */
void apply_hub_back(struct step *step);

#endif
