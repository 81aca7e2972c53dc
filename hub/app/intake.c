#include "hub/app/intake.h"

#include <assert.h>

const char *intake_drop_name(enum intake_drop drop)
{
    static const char *const names[INTAKE_DROPS] = {"topic",     "unknown_device", "unreadable",
                                                    "duplicate", "ahead",          "rate",
                                                    "disk_full", "refused"};
    return names[drop];
}

void intake_init(struct intake *intake)
{
    memset(intake, 0, sizeof(*intake));
}

void intake_free(struct intake *intake)
{
    for (int i = 0; i < intake->devices_n; i++) {
        intake_drop_held(intake, intake->devices[i]);
        free(intake->devices[i]);
    }
    free(intake->devices);
    intake->devices = NULL;
    intake->devices_n = 0;
}

static int compare_ids(const void *a, const void *b)
{
    const struct intake_device *const *one = a;
    const struct intake_device *const *other = b;
    return strcmp((*one)->id, (*other)->id);
}

struct intake_device *intake_find(struct intake *intake, const char *id)
{
    int low = 0, high = intake->devices_n;
    while (low < high) {
        const int middle = low + (high - low) / 2;
        const int order = strcmp(intake->devices[middle]->id, id);
        if (order == 0)
            return intake->devices[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void free_made(struct intake *intake, struct intake_device **devices, int n)
{
    for (int i = 0; i < n; i++) {
        if (intake_find(intake, devices[i]->id) != devices[i])
            free(devices[i]);
    }
    free(devices);
}

bool intake_configure(struct intake *intake, const struct intake_entry *entries, int n)
{
    struct intake_device **devices = calloc((size_t)n + 1, sizeof(struct intake_device *));
    if (devices == NULL)
        return false;
    for (int i = 0; i < n; i++) {
        devices[i] = intake_find(intake, entries[i].id);
        if (devices[i] == NULL)
            devices[i] = calloc(1, sizeof(*devices[i]));
        if (devices[i] == NULL) {
            free_made(intake, devices, i);
            return false;
        }
        if (devices[i]->id[0] == '\0')
            snprintf(devices[i]->id, ID_SIZE, "%s", entries[i].id);
    }
    for (int i = 0; i < n; i++) {
        devices[i]->wearer = entries[i].wearer;
        devices[i]->slot = entries[i].slot;
    }
    qsort(devices, (size_t)n, sizeof(struct intake_device *), compare_ids);
    struct intake fresh = *intake;
    fresh.devices = devices;
    fresh.devices_n = n;
    for (int i = 0; i < intake->devices_n; i++) {
        struct intake_device *old = intake->devices[i];
        if (intake_find(&fresh, old->id) == NULL) {
            intake_drop_held(&fresh, old);
            free(old);
        }
    }
    free(intake->devices);
    *intake = fresh;
    return true;
}

bool rate_admit(struct rate_bucket *bucket, int64_t now_ns, double per_s, double burst)
{
    const double gained = (double)(now_ns - bucket->at_ns) / 1e9 * per_s;
    bucket->at_ns = now_ns;
    bucket->tokens += gained > 0 ? gained : 0;
    if (bucket->tokens > burst)
        bucket->tokens = burst;
    if (bucket->tokens < 1)
        return false;
    bucket->tokens -= 1;
    return true;
}

bool intake_admit(struct intake_device *device, int64_t now_ns, int rate)
{
    return rate_admit(&device->rate, now_ns, rate, rate);
}

void intake_seen(struct intake_device *device, const struct wire_place *place)
{
    if (place->boot_id != device->seen_boot) {
        device->seen_boot = place->boot_id;
        device->seen_seq = place->seq;
    } else if (place->seq > device->seen_seq) {
        device->seen_seq = place->seq;
    }
}

bool intake_hold(struct intake *intake, struct intake_device *device,
                 const struct wire_place *place, const uint8_t *bytes, uint32_t size,
                 const struct machine_time *at)
{
    if (device->held_n == INTAKE_HELD_MAX || intake->held_bytes + size > INTAKE_HELD_BYTES_MAX)
        return false;
    for (int i = 0; i < device->held_n; i++) {
        const struct wire_place *held = &device->held[i].place;
        if (held->boot_id == place->boot_id && held->seq == place->seq)
            return false;
    }
    uint8_t *copy = malloc(size);
    if (copy == NULL)
        return false;
    memcpy(copy, bytes, size);
    intake->held_bytes += size;
    device->held[device->held_n++] = (struct held_frame){*place, *at, size, copy};
    return true;
}

void intake_freed(struct intake *intake, struct held_frame *frame)
{
    assert(intake->held_bytes >= frame->size);
    intake->held_bytes -= frame->size;
    /* The analyzer loses track of which held frame was moved where: each has one owner. */
    free(frame->bytes); /* NOLINT(clang-analyzer-unix.Malloc) */
    frame->bytes = NULL;
}

static void remove_held(struct intake_device *device, int index)
{
    device->held[index] = device->held[--device->held_n];
    device->held[device->held_n].bytes = NULL; /* it has one owner */
}

bool intake_take_held(struct intake *intake, struct intake_device *device,
                      const struct wearer_state *state, struct held_frame *out)
{
    for (int i = 0; i < device->held_n;) {
        const enum step_result result =
            pipeline_place(state, device->slot, INPUT_FRAME, &device->held[i].place);
        if (result == STEP_AHEAD) {
            i++;
            continue;
        }
        *out = device->held[i];
        remove_held(device, i);
        if (result == STEP_APPLIED)
            return true;
        intake->dropped[result == STEP_DUPLICATE ? DROP_DUPLICATE : DROP_REFUSED]++;
        intake_freed(intake, out);
    }
    return false;
}

void intake_drop_held(struct intake *intake, struct intake_device *device)
{
    for (int i = 0; i < device->held_n; i++)
        intake_freed(intake, &device->held[i]);
    device->held_n = 0;
}

bool intake_refused(struct intake_device *device, const struct wire_place *place)
{
    if (device->refused_boot != place->boot_id || device->refused_seq != place->seq) {
        device->refused_boot = place->boot_id;
        device->refused_seq = place->seq;
        device->refused_n = 0;
    }
    if (++device->refused_n < FRAME_REFUSALS_MAX)
        return false;
    device->refused_n = 0;
    return true;
}

bool intake_behind(const struct intake_device *device, const struct wearer_state *state)
{
    const struct lane *frames = &state->devices[device->slot].frames;
    if (device->seen_boot == 0 || device->seen_boot == frames->former_boot_id)
        return false;
    return device->seen_seq >= lane_awaits(frames, device->seen_boot);
}

static bool is_held(const struct intake_device *device, uint64_t boot_id, uint64_t seq)
{
    for (int i = 0; i < device->held_n; i++) {
        if (device->held[i].place.boot_id == boot_id && device->held[i].place.seq == seq)
            return true;
    }
    return false;
}

/* Ranges between the held frames; what follows the last range that fits is asked for next time. */
void intake_resend(const struct intake_device *device, const struct lane *frames,
                   struct wire_stored *stored)
{
    uint64_t seq = lane_awaits(frames, device->seen_boot);
    stored->resend_n = 0;
    while (seq <= device->seen_seq && stored->resend_n < STORED_RANGES_MAX) {
        while (seq <= device->seen_seq && is_held(device, device->seen_boot, seq))
            seq++;
        if (seq > device->seen_seq)
            break;
        uint64_t last = device->seen_seq;
        for (int i = 0; i < device->held_n; i++) {
            const struct wire_place *held = &device->held[i].place;
            if (held->boot_id == device->seen_boot && held->seq > seq && held->seq - 1 < last)
                last = held->seq - 1;
        }
        stored->resend[stored->resend_n++] = (struct wire_range){seq, last};
        seq = last + 1;
    }
}
