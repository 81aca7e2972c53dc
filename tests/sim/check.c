/* What must hold of the storage contract, and the second look: the whole journal again from its
 * beginning, which has to give the same bits, whatever befell the hub that wrote it. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/sim.h"

static void *grown(void *array, int n, int *room, size_t size)
{
    if (n < *room)
        return array;
    *room = *room == 0 ? 64 : 2 * *room;
    return realloc(array, (size_t)*room * size);
}

/* ---------------------------------------------------------------- rows and receipts */

static struct boot_log *boot_log(struct world *world, int device, uint64_t boot_id)
{
    struct checks *checks = &world->checks;
    for (int i = checks->boots_n - 1; i >= 0; i--) {
        if (checks->boots[i].device == device && checks->boots[i].boot_id == boot_id)
            return &checks->boots[i];
    }
    checks->boots =
        grown(checks->boots, checks->boots_n, &checks->boots_room, sizeof(*checks->boots));
    struct boot_log *log = &checks->boots[checks->boots_n++];
    memset(log, 0, sizeof(*log));
    log->boot_id = boot_id;
    log->device = device;
    return log;
}

static uint8_t *place_of(uint8_t **marks, uint64_t *room, uint64_t seq)
{
    if (seq >= *room) {
        const uint64_t wanted = 2 * seq + 64;
        *marks = realloc(*marks, wanted);
        memset(*marks + *room, 0, wanted - *room);
        *room = wanted;
    }
    return &(*marks)[seq];
}

static void row_of_lane(struct world *world, const struct input *input, int device)
{
    const bool frame = input->kind == INPUT_FRAME;
    struct wire_place place;
    if (!wire_peek(input->bytes, input->size, &place)) {
        world_fail(world, "a row without a place is in the journal");
        return;
    }
    struct boot_log *log = boot_log(world, device, place.boot_id);
    uint8_t *mark = frame ? place_of(&log->frames, &log->frames_room, place.seq)
                          : place_of(&log->control, &log->control_room, place.seq);
    world->counts[frame ? COUNT_FRAMES : COUNT_REPORTS]++;
    if (*mark != 0)
        world_fail(world, "number %llu of a device is in the journal twice",
                   (unsigned long long)place.seq);
    *mark = 1;
    if (!frame)
        return;
    if (place.seq <= log->last_frame)
        world_fail(world, "frame %llu follows frame %llu", (unsigned long long)place.seq,
                   (unsigned long long)log->last_frame);
    log->last_frame = place.seq;
}

void check_row(struct world *world, const struct input *input)
{
    if (input->kind == INPUT_FRAME || input->kind == INPUT_REPORT || input->kind == INPUT_FEEDBACK)
        row_of_lane(world, input, ((int)input->wearer - 1) * SIM_GEAR + input->slot);
}

static void receipt_of_lane(struct world *world, const struct device_lane *lane, uint64_t through,
                            const uint8_t *marks, uint64_t room, const char *what)
{
    if (through >= lane_next_seq(lane)) {
        world_fail(world, "a receipt for %s %llu, which was never made", what,
                   (unsigned long long)through);
        return;
    }
    for (uint64_t seq = lane_oldest_seq(lane); seq <= through; seq++) {
        if (seq >= room || marks[seq] == 0)
            world_fail(world, "%s %llu is receipted and not on disk", what,
                       (unsigned long long)seq);
    }
}

void check_receipt(struct world *world, int device, const struct wire_stored *stored)
{
    const struct sim_device *at = &world->devices[device];
    if (stored->boot_id != at->descriptor.boot_id)
        return;
    const struct boot_log *log = boot_log(world, device, stored->boot_id);
    world->counts[COUNT_RECEIPTS]++;
    receipt_of_lane(world, &at->device.frames, stored->through_seq, log->frames, log->frames_room,
                    "frame");
    receipt_of_lane(world, &at->device.control, stored->control_through_seq, log->control,
                    log->control_room, "report");
}

/* ---------------------------------------------------------------- what left, what came */

void check_told(struct world *world, const char *account, const char *alert)
{
    struct checks *checks = &world->checks;
    checks->told = grown(checks->told, checks->told_n, &checks->told_room, sizeof(*checks->told));
    struct told_notice *told = &checks->told[checks->told_n++];
    snprintf(told->account, ID_SIZE, "%s", account);
    snprintf(told->alert, ID_SIZE, "%s", alert);
    told->hub_ns = hub_process_now_ns(world);
}

void check_shown(struct world *world, const struct wire_prompt *prompt)
{
    struct checks *checks = &world->checks;
    if (world->hub.hub == NULL)
        return; /* without a hub there is no hub time; the broker's expiry is its own affair */
    checks->shown =
        grown(checks->shown, checks->shown_n, &checks->shown_room, sizeof(*checks->shown));
    struct shown_prompt *shown = &checks->shown[checks->shown_n++];
    memset(shown, 0, sizeof(*shown));
    memcpy(shown->id, prompt->id, ID_SIZE - 1);
    shown->hub_ns = hub_process_now_ns(world);
    shown->severity = (uint8_t)prompt->severity;
}

/* ---------------------------------------------------------------- the second look */

/* What was decided, in order, without what is only said again. */
struct decided {
    struct {
        uint64_t digest;
        int64_t at_ns;
        uint8_t kind;
    } * items;
    int n, room;
};

struct look {
    struct wearer_state *state, *twin;
    struct pipeline_scratch *scratch;
    struct effects *effects;
    struct ladder_check *ladder;
    struct voice_check *voice;
    struct walks_check *walks;
    struct decided said, twin_said;
    struct random random;
};

/* How often something was said again, and when it is next, is of the repeats. */
static void without_repeats(struct alert *alert)
{
    alert->sends_n = 0;
    alert->said_n = 0;
    alert->due_ns[TIMER_SAY] = 0;
}

/* A loop that slept for more than a minute leaves repeats of that time out (alert_ladder.c). */
static void decide(struct decided *decided, const struct effects *effects)
{
    for (int i = 0; i < effects->n; i++) {
        const struct effect *effect = &effects->items[i];
        if ((effect->kind == EFFECT_NOTICE && effect->notice.resend) ||
            (effect->kind == EFFECT_PROMPT && effect->prompt.repeat))
            continue;
        struct effect once = *effect;
        if (effect->kind == EFFECT_ALERT)
            without_repeats(&once.alert);
        if (effect->kind == EFFECT_NOTICE)
            without_repeats(&once.notice.alert);
        decided->items = grown(decided->items, decided->n, &decided->room, sizeof(*decided->items));
        decided->items[decided->n].digest = effect_digest(DIGEST_SEED, &once);
        decided->items[decided->n].at_ns = effect->at_ns;
        decided->items[decided->n++].kind = effect->kind;
    }
}

static void compare_decided(struct world *world, const struct decided *one,
                            const struct decided *other)
{
    int at = 0;
    while (at < one->n && at < other->n && one->items[at].digest == other->items[at].digest)
        at++;
    if (at == one->n && at == other->n)
        return;
    const struct decided *longer = at < one->n ? one : other;
    world_fail(world,
               "with other wake-ups other things are decided: of %d and %d number %d differs, "
               "an effect of kind %u (or %u) at %lld (or %lld) ns",
               one->n, other->n, at, longer->items[at].kind,
               at < other->n ? other->items[at].kind : 0, (long long)longer->items[at].at_ns,
               at < other->n ? (long long)other->items[at].at_ns : 0);
}

/* The same input to a hub whose loop slept over some deadlines and woke for none at all. */
static void twin_step(struct world *world, struct look *look, const struct input *input,
                      const struct input *next, int64_t last_ns, int64_t offset_ms)
{
    enum wire_refusal refusal;
    struct input tick = *input;
    /* What was due before the hub was away is another thing than what came due meanwhile. */
    const bool may_sleep = next != NULL && next->kind != INPUT_HUB &&
                           input->at_wall_ms - input->at_mono_ns / 1000000 == offset_ms;
    if (input->kind == INPUT_TICK && may_sleep && random_unit(&look->random) < 0.5)
        return;
    if (random_unit(&look->random) < 0.1 && input->at_mono_ns > last_ns &&
        input->kind != INPUT_HUB) {
        tick.kind = INPUT_TICK;
        tick.size = 0;
        tick.slot = INPUT_SLOT_NONE;
        tick.at_mono_ns =
            last_ns + (int64_t)(random_unit(&look->random) * (double)(input->at_mono_ns - last_ns));
        tick.at_wall_ms = tick.at_mono_ns / 1000000 + offset_ms;
        if (pipeline_step(look->twin, &tick, look->scratch, look->effects, &refusal) !=
            STEP_APPLIED)
            world_fail(world, "a tick was refused");
        decide(&look->twin_said, look->effects);
    }
    if (pipeline_step(look->twin, input, look->scratch, look->effects, &refusal) != STEP_APPLIED)
        world_fail(world, "with other wake-ups input %llu is refused",
                   (unsigned long long)input->seq);
    decide(&look->twin_said, look->effects);
}

static void tell_walks(const struct look *look, struct world *world)
{
    const struct session *session = &look->state->session;
    for (int i = 0; world->trace && i < look->effects->n; i++) {
        const struct effect *effect = &look->effects->items[i];
        if (effect->kind == EFFECT_SESSION && effect->session.change == SESSION_CLOSED)
            world_trace(world, "walk: %.1f s from hub time %.1f s, %u steps, %.1f s walking",
                        (double)(session->end_ns - session->start_ns) / 1e9,
                        (double)session->start_ns / 1e9, session->steps_n, session->walk_s);
    }
}

static void look_at_row(struct world *world, struct look *look, const struct input *input,
                        const struct input *next)
{
    enum wire_refusal refusal;
    struct check_moment moment = {.world = world,
                                  .state = look->state,
                                  .input = input,
                                  .before_ms = look->state->wall_minus_mono_ms,
                                  .effects = look->effects};
    const int64_t last_ns =
        look->state->now_ns == INT64_MIN ? input->at_mono_ns : look->state->now_ns;
    if (!look->state->configured)
        moment.before_ms = input->at_wall_ms - input->at_mono_ns / 1000000;
    const enum step_result result =
        pipeline_step(look->state, input, look->scratch, look->effects, &refusal);
    if (result != STEP_APPLIED)
        world_fail(world, "replayed, input %llu is not applied (%d)",
                   (unsigned long long)input->seq, (int)result);
    moment.after_ms = look->state->wall_minus_mono_ms;
    decide(&look->said, look->effects);
    tell_walks(look, world);
    ladder_check_step(look->ladder, &moment);
    voice_check_step(look->voice, &moment);
    walks_check_step(look->walks, &moment);
    world->counts[COUNT_INPUTS]++;
    twin_step(world, look, input, next, last_ns, moment.before_ms);
}

static void compare(struct world *world, const struct look *look, int wearer)
{
    const struct disk *disk = &world->disk;
    const struct hub *hub = world->hub.hub;
    world->counts[COUNT_REPLAYS]++;
    world->counts[COUNT_TWINS]++;
    world_hash(world, &look->state->digest, sizeof(look->state->digest));
    if (disk->digest_seq[wearer] != look->state->last_input_seq ||
        disk->digests[wearer] != look->state->digest)
        world_fail(world, "the journal replayed does not give what was decided live");
    if (hub != NULL && hub->wearers[wearer].state->digest != look->state->digest)
        world_fail(world, "the running hub has decided other things than its journal says");
    compare_decided(world, &look->said, &look->twin_said);
}

/* The wearer's next row after that one, or NULL. `input` is a row's first member. */
static const struct input *next_of(const struct world *world, int wearer, int at)
{
    for (at++; at < world->disk.rows_n; at++) {
        if (world->disk.rows[at].input.wearer == (uint32_t)wearer + 1)
            return &world->disk.rows[at].input;
    }
    return NULL;
}

static void second_look(struct world *world, int wearer)
{
    struct look look = {.state = malloc(sizeof(*look.state)),
                        .twin = malloc(sizeof(*look.twin)),
                        .scratch = malloc(sizeof(*look.scratch)),
                        .effects = malloc(sizeof(*look.effects)),
                        .ladder = ladder_check_new(),
                        .voice = voice_check_new(),
                        .walks = walks_check_new()};
    pipeline_init(look.state, (uint32_t)wearer + 1);
    pipeline_init(look.twin, (uint32_t)wearer + 1);
    random_init(&look.random, world->seed, 99);
    const struct input *input = next_of(world, wearer, -1);
    while (input != NULL) {
        const int at = (int)((const struct disk_row *)(const void *)input - world->disk.rows);
        const struct input *next = next_of(world, wearer, at);
        look_at_row(world, &look, input, next);
        input = next;
    }
    compare(world, &look, wearer);
    ladder_check_end(look.ladder, world, look.state);
    voice_check_end(look.voice, world);
    walks_check_end(look.walks, world, wearer);
    free(look.state);
    free(look.twin);
    free(look.scratch);
    free(look.effects);
    free(look.said.items);
    free(look.twin_said.items);
}

/* ---------------------------------------------------------------- the end of a home */

static int by_stride(const void *a, const void *b)
{
    const struct disk_stride *x = a, *y = b;
    if (x->wearer != y->wearer)
        return x->wearer < y->wearer ? -1 : 1;
    if (x->foot != y->foot)
        return x->foot < y->foot ? -1 : 1;
    return (x->start_us > y->start_us) - (x->start_us < y->start_us);
}

static void strides_once(struct world *world)
{
    struct disk *disk = &world->disk;
    if (disk->strides_n > 0)
        qsort(disk->strides, (size_t)disk->strides_n, sizeof(disk->strides[0]), by_stride);
    for (int i = 1; i < disk->strides_n; i++) {
        if (world->trace)
            world_trace(world, "stride %u %u %.6f s %.6f s", disk->strides[i].wearer,
                        disk->strides[i].foot, disk->strides[i].start_us / 1e6,
                        (double)disk->strides[i].start_ns / 1e9);
        if (by_stride(&disk->strides[i - 1], &disk->strides[i]) == 0)
            world_fail(world, "a stride of foot %u from %lld ns is counted twice",
                       disk->strides[i].foot, (long long)disk->strides[i].start_ns);
    }
}

enum { ARRIVED_AFTER_MS = 120000 };

/* What was made is on disk or fell out of a full ring: of the boot that the device still lives. */
static void lane_complete(struct world *world, struct device_lane *lane, const uint8_t *marks,
                          uint64_t room, const char *what)
{
    const struct lane_counts *counts = &lane->counts;
    uint64_t kept_n = 0;
    struct ring_entry oldest;
    if (ring_find(&lane->ring, lane_oldest_seq(lane), &oldest) &&
        (uint32_t)(world->now_ns / SIM_MS) + 1000 - oldest.made_ms > ARRIVED_AFTER_MS)
        world_fail(world, "a %s still waits for its receipt long after all faults ended", what);
    for (uint64_t seq = 1; seq < room; seq++)
        kept_n += marks[seq];
    if (kept_n + counts->overflowed + lane->ring.count < counts->made)
        world_fail(world,
                   "of %llu %ss that a device made %llu are on disk, and %llu fell out of it",
                   (unsigned long long)counts->made, what, (unsigned long long)kept_n,
                   (unsigned long long)counts->overflowed);
}

static void all_arrived(struct world *world)
{
    for (int i = 0; i < world->devices_n; i++) {
        struct sim_device *device = &world->devices[i];
        if (device->powered && device->walk == NULL) {
            const struct boot_log *log = boot_log(world, i, device->descriptor.boot_id);
            lane_complete(world, &device->device.frames, log->frames, log->frames_room, "frame");
            lane_complete(world, &device->device.control, log->control, log->control_room,
                          "report");
        }
        world->counts[COUNT_OVERFLOWED] += device->device.frames.counts.overflowed;
    }
}

void check_answer(struct world *world, const char *account, const char *alert)
{
    char wanted[2 * ID_SIZE + 8];
    const int size = snprintf(wanted, sizeof(wanted), "%s %s ack", alert, account);
    for (int row = world->disk.rows_n - 1; row >= 0; row--) {
        const struct input *input = &world->disk.rows[row].input;
        if (input->kind == INPUT_ACK && input->size == (uint32_t)size &&
            memcmp(input->bytes, wanted, (size_t)size) == 0)
            return;
    }
    world_fail(world, "%s is told that the acceptance of %s counts, and it is not on disk", account,
               alert);
}

static void bounds_held(struct world *world)
{
    if (world->disk.messages_n > 64)
        world_fail(world, "%d messages wait in the outbox long after all faults ended",
                   world->disk.messages_n);
    for (int who = 0; who < SIM_CLIENTS; who++) {
        if (world->clients[who].connected && world->clients[who].queue_n > 0)
            world_fail(world, "the broker keeps messages for a client that is there");
    }
    if (world->hub.hub != NULL && world->hub.hub->intake.held_bytes > INTAKE_HELD_BYTES_MAX)
        world_fail(world, "more frames are held than may be");
}

/* All but the walk that is still open have their end on disk. */
static void records_ended(struct world *world)
{
    const struct hub *hub = world->hub.hub;
    for (int i = 0; hub != NULL && i < world->disk.sessions_n; i++) {
        const struct disk_session *row = &world->disk.sessions[i];
        const struct session *session = &hub->wearers[row->wearer - 1].state->session;
        const bool open = session->open && strcmp(session->id, row->id) == 0;
        if (!row->over && !open)
            world_fail(world, "the record of a walk that is over is left open on disk");
    }
}

void check_home(struct world *world)
{
    records_ended(world);
    strides_once(world);
    all_arrived(world);
    bounds_held(world);
    for (int i = 0; i < world->wearers_n; i++)
        second_look(world, i);
}

void checks_free(struct checks *checks)
{
    for (int i = 0; i < checks->boots_n; i++) {
        free(checks->boots[i].frames);
        free(checks->boots[i].control);
    }
    free(checks->boots);
    free(checks->told);
    free(checks->shown);
    free(checks->acks);
}
