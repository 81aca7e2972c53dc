/* Rule book 5.3 to 5.5, written a second time: what may be said to the wearer, how often and when.
 * Reads the decisions of a replay and what the devices showed. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

enum {
    SPOKEN_MAX = 64,
    LOCAL_DAY_MIN = 1440,
    QUIET_FROM_MIN = 21 * 60 + 30,
    QUIET_UNTIL_MIN = 450
};

struct said_prompt {
    char id[ID_SIZE];
    int64_t at_ns;
    uint16_t expiry_s;
};

struct voice_check {
    int64_t last_ns;  /* of any prompt */
    int64_t heard_ns; /* something that the wearer said or pressed */
    bool last_praise, any;
    int64_t corrective_ns[SPOKEN_MAX];
    unsigned corrective_n, session_n, day_n;
    unsigned walk_corrective_n, walk_positive_n; /* of this walk, and what followed on it (C10) */
    double walk_s_then;                          /* walked when the last of them was said */
    bool walks, alone; /* nothing was said or asked after it, but praise */
    bool was_free;     /* for praise; of the walk that ended last */
    int64_t day;
    struct said_prompt *said;
    int said_n, said_room;
};

struct voice_check *voice_check_new(void)
{
    struct voice_check *check = calloc(1, sizeof(*check));
    check->day = INT64_MIN;
    check->heard_ns = INT64_MIN / 2;
    return check;
}

/* ---------------------------------------------------------------- which rules */

static bool one_of(const char *name, const char *list)
{
    const size_t length = strlen(name);
    for (const char *at = list; (at = strstr(at, name)) != NULL; at += length) {
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

/* 5.5 */
static bool never_suppressed(const struct effect_prompt *prompt)
{
    const char *name = rule_name((enum rule)prompt->rule);
    if (one_of(name, "F01 F02 F03 F04 F05 F06 F07 S01 S04 P06"))
        return true;
    return prompt->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP && one_of(name, "P02 P03 S06");
}

/* Says what became of an alert; it answers, and so waits for nothing. */
static bool is_answer(const struct effect_prompt *prompt)
{
    return prompt->text == TEXT_F07_ACCEPTED || prompt->text == TEXT_F07_CANCELLED ||
           prompt->text == TEXT_ALERT_ACCEPTED || prompt->text == TEXT_ALERT_CANCELLED ||
           prompt->text == TEXT_ALERT_ONCE_MORE;
}

/* 5.3 is about coaching: not questions (P01, T1), not plan cues, not devices (S08, S09). */
static bool is_coaching(const struct effect_prompt *prompt)
{
    const char *name = rule_name((enum rule)prompt->rule);
    return prompt->severity < STRIDE__V1__SEVERITY__SEVERITY_STOP && !never_suppressed(prompt) &&
           prompt->question == 0 && !is_answer(prompt) &&
           one_of(name, "R01 R02 R03 R04 R05 R06 R07 R08 R09 R10 R11 R12 R13 R14 R15 P04 P05 P07 "
                        "P08 S02 S05 S07 C05 C06 C07 C08 C09 C11 C12 C13 C14 C15 C16 C17 C18");
}

/* ---------------------------------------------------------------- gaps and budgets */

static int64_t local_ms(const struct check_moment *moment, int64_t at_ns, int64_t offset_ms)
{
    return at_ns / 1000000 + offset_ms + moment->state->config.tz_offset_min * INT64_C(60000);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static void gap(struct voice_check *check, const struct check_moment *moment,
                const struct effect *effect)
{
    const int64_t since_ns = effect->at_ns - check->last_ns;
    /* A CAUTION that answers what the wearer just said waits until the last prompt is read (5.6).
     */
    const bool answers = effect->prompt.severity == STRIDE__V1__SEVERITY__SEVERITY_CAUTION &&
                         one_of(rule_name((enum rule)effect->prompt.rule), "P04 P05") &&
                         effect->at_ns - check->heard_ns < SIM_MINUTE;
    const int64_t wanted_ns = (answers ? 5 : check->last_praise ? 20 : 45) * SIM_SECOND;
    if (check->any && is_coaching(&effect->prompt) && since_ns < wanted_ns)
        world_fail(moment->world, "%s is said %.1f s after another prompt",
                   rule_name((enum rule)effect->prompt.rule), (double)since_ns / 1e9);
    if (effect->prompt.question != 0)
        return; /* a question keeps the wearer's attention, it takes from no budget */
    check->any = true;
    check->last_ns = effect->at_ns;
    check->last_praise = effect->prompt.praise;
}

static void budgets(struct voice_check *check, const struct check_moment *moment,
                    const struct effect *effect)
{
    const struct effect_prompt *prompt = &effect->prompt;
    unsigned within = 0;
    if (!is_coaching(prompt) || prompt->repeat)
        return;
    const int64_t day = floor_div(local_ms(moment, effect->at_ns, moment->before_ms), 86400000);
    moment->world->counts[COUNT_COACHING]++;
    if (day != check->day)
        check->day_n = 0;
    check->day = day;
    if (!prompt->praise)
        check->corrective_ns[check->corrective_n++ % SPOKEN_MAX] = effect->at_ns;
    for (unsigned i = 0; i < check->corrective_n && i < SPOKEN_MAX; i++)
        within += effect->at_ns - check->corrective_ns[i] < 10 * SIM_MINUTE;
    if (within > 3)
        world_fail(moment->world, "%u corrective prompts in ten minutes", within);
    check->session_n += check->walks; /* between walks the day's budget alone holds */
    if (check->session_n > 8)
        world_fail(moment->world, "%u prompts in a session", check->session_n);
    if (++check->day_n > 12)
        world_fail(moment->world, "%u prompts in a day", check->day_n);
}

/* ---------------------------------------------------------------- praise */

/* A tip that asks for another way of walking. Doses, shoes, and what protects do not. */
static bool is_correction(const struct effect_prompt *prompt)
{
    return prompt->severity == STRIDE__V1__SEVERITY__SEVERITY_COACH && is_coaching(prompt) &&
           !prompt->praise && !prompt->repeat &&
           one_of(rule_name((enum rule)prompt->rule), "R01 R02 R03 R04 R05 R08 R11");
}

/* A walk is over for praise when the next one begins: its summary (C10) comes after it. */
static void walk_is_over(struct voice_check *check, struct world *world)
{
    const bool balanced = check->walk_positive_n >= check->walk_corrective_n;
    world->counts[COUNT_CORRECTED_WALKS] += check->walk_corrective_n > 0;
    world->counts[COUNT_PRAISED_WALKS] += check->was_free && balanced;
    if (check->was_free && !balanced)
        world_fail(world, "a walk had %u corrections and %u praises", check->walk_corrective_n,
                   check->walk_positive_n);
    check->walk_corrective_n = check->walk_positive_n = 0;
    check->was_free = false;
}

/* "At least as many positive as corrective messages per session": no second correction before the
 * first one's praise. */
static void balance(struct voice_check *check, const struct check_moment *moment,
                    const struct effect_prompt *prompt)
{
    check->walk_positive_n += prompt->praise;
    check->alone = prompt->praise && check->alone;
    if (!is_correction(prompt) || !check->walks)
        return;
    if (check->walk_corrective_n > check->walk_positive_n)
        world_fail(moment->world, "%s corrects after %u corrections and %u praises",
                   rule_name((enum rule)prompt->rule), check->walk_corrective_n,
                   check->walk_positive_n);
    check->walk_corrective_n++;
    check->walk_s_then = moment->state->session.walk_s;
    check->alone = true;
}

/* ---------------------------------------------------------------- quiet hours */

static bool is_quiet(const struct check_moment *moment, int64_t at_ns, int64_t offset_ms)
{
    const int64_t ms = local_ms(moment, at_ns, offset_ms);
    const int64_t minute = (ms - floor_div(ms, 86400000) * 86400000) / 60000;
    return minute >= QUIET_FROM_MIN || minute < QUIET_UNTIL_MIN;
}

static bool red_raised(const struct wearer_state *state)
{
    for (int i = 0; i < ALERTS_MAX; i++) {
        const struct alert *alert = &state->alerting.alerts[i];
        if (alert->id[0] != '\0' && alert->severity == STRIDE__V1__SEVERITY__SEVERITY_RED &&
            alert->raised_ns >= state->session.start_ns)
            return true;
    }
    return false;
}

/* At a walk's end: by day, without pain or a STOP, and long enough after the last correction with
 * nothing else said or asked, something must have been praised. */
static bool free_for_praise(const struct voice_check *check, const struct check_moment *moment)
{
    const struct wearer_state *state = moment->state;
    const unsigned hurt =
        HEARD_AMBER | HEARD_RED | HEARD_STOP | HEARD_LEGS | HEARD_P05 | HEARD_TIRING;
    const double least_s = 105; /* praise.owed, and the walk's last seconds */
    return check->walk_corrective_n > 0 && check->alone &&
           (state->programme.walk.heard & hurt) == 0 && !pain_effects(&state->pain).caution_open &&
           !red_raised(state) &&
           state->alerting.quiet_day == INT64_MIN && /* "do not coach me today" */
           state->session.walk_s - check->walk_s_then >= least_s &&
           !is_quiet(moment, moment->input->at_mono_ns, moment->after_ms) &&
           !is_quiet(moment, state->session.start_ns, moment->before_ms);
}

static void quiet(const struct check_moment *moment, const struct effect *effect)
{
    const struct effect_prompt *prompt = &effect->prompt;
    if (never_suppressed(prompt) || prompt->severity >= STRIDE__V1__SEVERITY__SEVERITY_RED ||
        is_answer(prompt) || prompt->alarm) /* the ladder wins over any other (5.2) */
        return;
    /* T1 and the red flags' questions follow what the wearer said just then; P01 has time. */
    if (prompt->question != 0 && prompt->rule != RULE_P01)
        return;
    /* At the moment of an input whose clock jumped either may be meant. */
    if (!is_quiet(moment, effect->at_ns, moment->before_ms) ||
        !is_quiet(moment, effect->at_ns, moment->after_ms))
        return;
    if (prompt->severity <= STRIDE__V1__SEVERITY__SEVERITY_COACH)
        world_fail(moment->world,
                   "%s (%s) is said in quiet hours, at hub time %.1f s, input kind %u",
                   rule_name((enum rule)prompt->rule), text_name((enum text)prompt->text),
                   (double)effect->at_ns / 1e9, moment->input->kind);
    else if (!prompt->silent)
        world_fail(moment->world, "%s makes noise in quiet hours",
                   rule_name((enum rule)prompt->rule));
}

/* ---------------------------------------------------------------- the stream */

static void expiry(struct voice_check *check, const struct check_moment *moment,
                   const struct effect *effect)
{
    const struct effect_prompt *prompt = &effect->prompt;
    const bool red = prompt->severity >= STRIDE__V1__SEVERITY__SEVERITY_STOP;
    const unsigned answer_s = 600; /* a question waits for its answer: P01 2 min, F screens more */
    const unsigned most = prompt->question != 0                                        ? answer_s
                          : prompt->severity == STRIDE__V1__SEVERITY__SEVERITY_CAUTION ? 30
                                                                                       : 10;
    /* What is true however late it is shown, such as help on its way, has no end (F07). */
    if (!red && !never_suppressed(prompt) && prompt->expiry_s > most)
        world_fail(moment->world, "%s may be shown for %u s", rule_name((enum rule)prompt->rule),
                   prompt->expiry_s);
    if (check->said_n == check->said_room) {
        check->said_room = check->said_room == 0 ? 64 : 2 * check->said_room;
        check->said = realloc(check->said, (size_t)check->said_room * sizeof(check->said[0]));
    }
    struct said_prompt *said = &check->said[check->said_n++];
    memcpy(said->id, prompt->id, ID_SIZE);
    said->at_ns = effect->at_ns;
    said->expiry_s = prompt->expiry_s;
}

void voice_check_step(struct voice_check *check, const struct check_moment *moment)
{
    if (moment->input->kind == INPUT_REPORT || moment->input->kind == INPUT_SAID ||
        moment->input->kind == INPUT_FEEDBACK)
        check->heard_ns = moment->input->at_mono_ns;
    for (int i = 0; i < moment->effects->n; i++) {
        const struct effect *effect = &moment->effects->items[i];
        if (effect->kind == EFFECT_SESSION && effect->session.change == SESSION_OPENED) {
            check->session_n = 0;
            walk_is_over(check, moment->world);
            check->walks = true;
        }
        if (effect->kind == EFFECT_SESSION && effect->session.change == SESSION_CLOSED) {
            check->walks = false;
            check->was_free = free_for_praise(check, moment);
        }
        if (effect->kind != EFFECT_PROMPT)
            continue;
        balance(check, moment, &effect->prompt);
        budgets(check, moment, effect);
        gap(check, moment, effect);
        quiet(moment, effect);
        expiry(check, moment, effect);
    }
}

/* MQTT counts whole seconds, so that much may be added; the way to the device is short. */
enum { EXPIRY_SLACK_MS = 1100 };

static void shown_in_time(const struct voice_check *check, struct world *world,
                          const struct shown_prompt *shown)
{
    bool known = false;
    for (int i = 0; i < check->said_n; i++) {
        const struct said_prompt *said = &check->said[i];
        if (strcmp(said->id, shown->id) != 0)
            continue;
        known = true;
        if (said->expiry_s == 0 ||
            shown->hub_ns - said->at_ns <= said->expiry_s * SIM_SECOND + EXPIRY_SLACK_MS * SIM_MS)
            return;
    }
    if (known)
        world_fail(world, "prompt %s is shown after its expiry", shown->id);
}

void voice_check_end(struct voice_check *check, struct world *world)
{
    walk_is_over(check, world);
    for (int i = 0; i < world->checks.shown_n; i++)
        shown_in_time(check, world, &world->checks.shown[i]);
    free(check->said);
    free(check);
}
