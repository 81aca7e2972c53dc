#include "devices/lib/ring.h"

#include <assert.h>
#include <string.h>

/* Before each message, copied in and out: nothing in the ring needs to be aligned. */
struct head {
    uint32_t size;
    uint32_t made_ms, sent_ms;
    uint16_t sends;
    uint8_t kind, unused;
};
_Static_assert(sizeof(struct head) == RING_OVERHEAD, "the overhead is what the header promises");

static struct head head_read(const struct ring *ring, size_t at)
{
    struct head head;
    memcpy(&head, ring->bytes + at, sizeof(head));
    return head;
}

/* Where the message after the one at `at` lies. */
static size_t after(const struct ring *ring, size_t at, const struct head *head)
{
    size_t next = at + sizeof(*head) + head->size;
    return ring->wrapped && next == ring->wrap_at ? 0 : next;
}

static void forget_all(struct ring *ring)
{
    ring->head = ring->tail = 0;
    ring->wrapped = false;
}

static void drop_oldest(struct ring *ring)
{
    assert(ring->count > 0);
    struct head head = head_read(ring, ring->head);
    size_t next = after(ring, ring->head, &head);
    if (ring->wrapped && next == 0)
        ring->wrapped = false;
    ring->head = next;
    ring->first_seq++;
    ring->count--;
    if (ring->count == 0)
        forget_all(ring);
}

void ring_init(struct ring *ring, uint8_t *memory, size_t size, uint64_t first_seq)
{
    memset(ring, 0, sizeof(*ring));
    ring->bytes = memory;
    ring->size = size;
    ring->first_seq = first_seq;
    ring->hint_seq = first_seq;
}

/* Moves `tail` to where `need` bytes are free in one piece; false when there is no such place. */
static bool make_room(struct ring *ring, size_t need)
{
    if (ring->count == 0)
        forget_all(ring);
    if (ring->wrapped)
        return ring->head - ring->tail >= need;
    if (ring->size - ring->tail >= need)
        return true;
    if (ring->head < need)
        return false;
    ring->wrap_at = ring->tail;
    ring->wrapped = true;
    ring->tail = 0;
    return true;
}

bool ring_append(struct ring *ring, uint8_t kind, uint32_t made_ms, const uint8_t *bytes,
                 uint32_t size, uint64_t *dropped)
{
    struct head head = {.size = size, .made_ms = made_ms, .kind = kind};
    size_t need = sizeof(head) + size;
    if (need > ring->size)
        return false;
    while (!make_room(ring, need)) {
        drop_oldest(ring);
        (*dropped)++;
    }
    memcpy(ring->bytes + ring->tail, &head, sizeof(head));
    memcpy(ring->bytes + ring->tail + sizeof(head), bytes, size);
    ring->tail += need;
    ring->count++;
    return true;
}

uint32_t ring_release(struct ring *ring, uint64_t through_seq)
{
    uint32_t released = 0;
    while (ring->count > 0 && ring->first_seq <= through_seq) {
        drop_oldest(ring);
        released++;
    }
    return released;
}

/* Offset of a kept message. */
static size_t locate(struct ring *ring, uint64_t seq)
{
    uint64_t walk = ring->first_seq;
    size_t at = ring->head;
    if (ring->hint_seq > ring->first_seq && ring->hint_seq <= seq) {
        walk = ring->hint_seq;
        at = ring->hint_at;
    }
    for (; walk < seq; walk++) {
        struct head head = head_read(ring, at);
        at = after(ring, at, &head);
    }
    ring->hint_seq = seq;
    ring->hint_at = at;
    return at;
}

bool ring_find(struct ring *ring, uint64_t seq, struct ring_entry *out)
{
    if (seq < ring->first_seq || seq - ring->first_seq >= ring->count)
        return false;
    size_t at = locate(ring, seq);
    struct head head = head_read(ring, at);
    *out = (struct ring_entry){
        .seq = seq,
        .bytes = ring->bytes + at + sizeof(head),
        .size = head.size,
        .made_ms = head.made_ms,
        .sent_ms = head.sent_ms,
        .sends = head.sends,
        .kind = head.kind,
    };
    return true;
}

void ring_mark_sent(struct ring *ring, uint64_t seq, uint32_t sent_ms)
{
    if (seq < ring->first_seq || seq - ring->first_seq >= ring->count)
        return;
    size_t at = locate(ring, seq);
    struct head head = head_read(ring, at);
    head.sent_ms = sent_ms;
    if (head.sends < UINT16_MAX)
        head.sends++;
    memcpy(ring->bytes + at, &head, sizeof(head));
}

uint64_t ring_next_seq(const struct ring *ring)
{
    return ring->first_seq + ring->count;
}
