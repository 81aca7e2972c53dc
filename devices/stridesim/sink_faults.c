#include "devices/stridesim/sink_faults.h"

static bool hold(struct faults *faults, const struct device_message *message, double delay_ms)
{
    if (faults->held_n == HELD_MAX)
        return false;
    struct held *held = &faults->held[faults->held_n];
    held->bytes = malloc(message->size);
    if (held->bytes == NULL)
        return false;
    memcpy(held->bytes, message->bytes, message->size);
    held->size = message->size;
    held->kind = message->kind;
    held->due_ms = *faults->now_ms + (uint64_t)(delay_ms / faults->speed);
    faults->held_n++;
    faults->counts->held++;
    return true;
}

enum device_link_fate faults_fate(void *context, const struct device_message *message)
{
    struct faults *faults = context;
    const struct gear_faults *wanted = faults->wanted;
    if (100 * random_unit(faults->chance) < wanted->loss_pct) {
        faults->counts->dropped++;
        return DEVICE_LINK_DROP;
    }
    if (100 * random_unit(faults->chance) < wanted->duplicate_pct) {
        faults->counts->doubled++;
        return DEVICE_LINK_TWICE;
    }
    double delay_ms = wanted->delay_ms;
    if (100 * random_unit(faults->chance) < wanted->reorder_pct)
        delay_ms += random_between(faults->chance, 100, 1500);
    return delay_ms > 0 && hold(faults, message, delay_ms) ? DEVICE_LINK_DROP : DEVICE_LINK_SEND;
}

void faults_let_go(struct faults *faults, struct device_link *link, uint64_t now_ms)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < faults->held_n; i++) {
        struct held *held = &faults->held[i];
        if (held->due_ms > now_ms) {
            faults->held[kept++] = *held;
            continue;
        }
        /* A lost one is what the receipts are for. */
        if (link != NULL)
            (void)device_link_inject(link, held->kind, held->bytes, held->size);
        free(held->bytes);
    }
    faults->held_n = kept;
}

void faults_release(struct faults *faults)
{
    for (unsigned i = 0; i < faults->held_n; i++)
        free(faults->held[i].bytes);
    faults->held_n = 0;
}
