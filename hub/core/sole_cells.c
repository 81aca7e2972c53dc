#include <math.h>
#include <string.h>

#include "hub/core/sole_private.h"
#include "hub/core/vec.h"

/* The forefoot begins behind the heads of the metatarsals. Masks of in-shoe pressure call 51 to 81
 * % of the foot's length the forefoot and what is before it the toes (Forghany et al. 2018); a foot
 * does not fill its insole, and the load that moves forward in midstance is the midfoot's. */
static const float fore_from = 0.60F;
/* Cavanagh and Rodgers 1987 cut the foot into thirds: the rear one is the heel. */
static const float heel_to = 1.0F / 3.0F;
/* S08, rule book 3.5. That its neighbours vary is given: without, there were no strides. */
static const uint8_t stuck_strides = 60;
/* A converter's last bit flickers without any load. */
static const float still_counts = 1.5F;
/* Half of the way: the smallest mean of one swing has noise, and cells drift slowly. */
static const float floor_step = 0.5F;

static bool is_force(uint8_t quantity)
{
    return quantity == STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE ||
           quantity == STRIDE__V1__QUANTITY__QUANTITY_FOOT_FORCE;
}

/* Written in any case, counted if it belongs: cells come in no order that could be guessed. */
static void add_to(struct sole_region *region, int cell, bool belongs)
{
    region->cell[region->cells_n] = (uint8_t)cell;
    region->cells_n = (uint8_t)(region->cells_n + belongs);
}

/* The descriptor says where cells are from the heel's end, but not how long the insole is: taken as
 * if the foremost cell were as far from the tip as the rearmost from the heel's end. */
static void find_regions(struct sole_layout *layout, int first_mm, int last_mm)
{
    layout->length_mm = (float)(first_mm + last_mm);
    layout->placed = layout->length_mm > 0.0F && last_mm > first_mm;
    const float fore_mm = fore_from * layout->length_mm, heel_mm = heel_to * layout->length_mm;
    for (int i = 0; i < layout->cells_n; i++) {
        add_to(&layout->fore, i, layout->forward_mm[i] >= fore_mm);
        add_to(&layout->heel, i, layout->forward_mm[i] < heel_mm);
    }
    for (int i = 0; i < SOLE_CELLS_MAX; i++) { /* behind the last cell there is no load */
        layout->is_fore[i] = layout->forward_mm[i] >= fore_mm ? 1.0F : 0.0F;
        layout->is_medial[i] = layout->lateral_mm[i] < 0.0F ? 1.0F : 0.0F;
        layout->is_lateral[i] = layout->lateral_mm[i] > 0.0F ? 1.0F : 0.0F;
    }
}

/* What every frame needs is written, and no more: it is done for each. */
static void layout_start(struct sole_layout *layout)
{
    layout->cells_n = layout->fore.cells_n = layout->heel.cells_n = 0;
    layout->medial_n = layout->lateral_n = 0;
    layout->placed = false;
    layout->length_mm = 0.0F;
    memset(layout->forward_mm, 0, sizeof layout->forward_mm);
    memset(layout->lateral_mm, 0, sizeof layout->lateral_mm);
    memset(layout->moves_n, 0, sizeof layout->moves_n);
}

void sole_layout(const struct wire_descriptor *descriptor, unsigned stream, struct sole_layout *out)
{
    const struct wire_stream *described = &descriptor->streams[stream];
    const struct wire_channel *channel = &descriptor->channels[described->first_channel];
    int first_mm = INT16_MAX, last_mm = INT16_MIN;
    bool cells = true;
    unsigned n = 0;
    layout_start(out);
    for (unsigned i = 0; i < described->channels_n; i++, channel++) {
        if (!is_force(channel->quantity)) {
            continue;
        }
        cells = cells && channel->quantity == STRIDE__V1__QUANTITY__QUANTITY_CELL_FORCE &&
                channel->has_place;
        if (n == SOLE_CELLS_MAX) {
            layout_start(out);
            return;
        }
        int forward_mm = channel->forward_mm;
        first_mm = forward_mm < first_mm ? forward_mm : first_mm;
        last_mm = forward_mm > last_mm ? forward_mm : last_mm;
        out->forward_mm[n] = (float)forward_mm;
        out->lateral_mm[n] = (float)channel->lateral_mm;
        out->medial_n = (uint8_t)(out->medial_n + (channel->lateral_mm < 0));
        out->lateral_n = (uint8_t)(out->lateral_n + (channel->lateral_mm > 0));
        out->moves_n[n] = still_counts * fabsf(channel->scale);
        out->channel[n++] = (uint8_t)i;
    }
    out->cells_n = (uint8_t)n;
    if (cells && n > 1) {
        find_regions(out, first_mm, last_mm);
    }
}

static uint16_t upper_half(float value)
{
    uint32_t bits;
    value = value > 0.0F ? value : 0.0F;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)((bits + 0x8000U) >> 16);
}

_Static_assert(SOLE_CELLS_MAX % VEC_LANES == 0, "no cell is left over");

/* Sums over the cells of what they bear above their floors, one of each fourth cell. */
struct sums {
    vec all, fore, medial, lateral, forward_mm, lateral_mm;
};

static void add_cells(const struct sole_layout *layout, const float *above, struct sums *sums)
{
    for (int i = 0; i < layout->cells_n; i += VEC_LANES) {
        vec load = vec_positive(vec_load(above + i));
        sums->all += load;
        sums->fore += load * vec_load(layout->is_fore + i);
        sums->medial += load * vec_load(layout->is_medial + i);
        sums->lateral += load * vec_load(layout->is_lateral + i);
        sums->forward_mm += load * vec_load(layout->forward_mm + i);
        sums->lateral_mm += load * vec_load(layout->lateral_mm + i);
    }
}

/* Of each of four: its lanes' sum. */
static vec sums_of(vec first, vec second, vec third, vec fourth)
{
    vec rows[VEC_LANES] = {first, second, third, fourth};
    vec_transpose(rows);
    return (rows[0] + rows[1]) + (rows[2] + rows[3]);
}

/* `least` where it is no number: a load of almost nothing has no centre. */
static float within(float value, float least, float most)
{
    return !(value > least) ? least : value < most ? value : most;
}

static void keep_bin(struct sole *state, const struct sums *sums)
{
    enum { ALL, FORE, MEDIAL, LATERAL };
    int at = (int)((uint64_t)(state->point / SOLE_BIN_POINTS) % SOLE_BINS);
    vec loads = sums_of(sums->all, sums->fore, sums->medial, sums->lateral);
    vec ways = sums_of(sums->forward_mm, sums->lateral_mm, vec_of(0.0F), vec_of(0.0F));
    float once = loads[ALL] > 0.0F ? 1.0F / loads[ALL] : 0.0F;
    vec shares = loads * vec_of(once * SOLE_SHARE_SCALE), most = vec_of(SOLE_SHARE_SCALE);
    uint8_t share[VEC_LANES];
    vec_store_bytes(share, vec_select(shares < most, shares, most) + vec_of(0.5F));
    /* A descriptor may place cells anywhere; no insole reaches beyond this. */
    float forward_mm = within(ways[0] * once, 0.0F, 1000.0F);
    float lateral_mm = within(ways[1] * once, -500.0F, 500.0F);
    state->bin_load[at] = upper_half(loads[ALL]);
    state->bin_fore_share[at] = share[FORE];
    state->bin_medial_share[at] = share[MEDIAL];
    state->bin_lateral_share[at] = share[LATERAL];
    state->bin_forward[at] = (uint16_t)(forward_mm * SOLE_MM_SCALE + 0.5F);
    state->bin_lateral[at] = (int16_t)(lateral_mm * SOLE_MM_SCALE);
    state->bins_n = (uint8_t)(state->bins_n < SOLE_BINS ? state->bins_n + 1 : SOLE_BINS);
}

void sole_close_bin(struct sole *state, const struct sole_layout *layout)
{
    float above[SOLE_CELLS_MAX];
    float share = 1.0F / (float)state->bin_n;
    for (int i = 0; i < SOLE_CELLS_MAX; i++) { /* behind the last cell all is 0 */
        float mean = state->cell_sum[i] * share;
        above[i] = mean - state->cell_floor[i];
        state->cell_least[i] = mean < state->cell_least[i] ? mean : state->cell_least[i];
        state->cell_sum[i] = 0.0F;
    }
    uint32_t every = (UINT32_C(1) << layout->cells_n) - 1;
    for (uint32_t left = every & ~state->moved; left != 0; left &= left - 1) {
        int i = __builtin_ctz(left);
        state->moved |= (uint32_t)(fabsf(above[i]) > layout->moves_n[i]) << i;
    }
    float total = state->bin_sum * share;
    state->least = total < state->least ? total : state->least;
    if (layout->placed) {
        struct sums sums = {0};
        add_cells(layout, above, &sums);
        keep_bin(state, &sums);
    }
    state->bin_sum = 0.0F;
    state->bin_n = 0;
}

static void roll(float *floor, float *least, bool known)
{
    *floor = known ? *floor + floor_step * (*least - *floor) : *least;
    *least = INFINITY;
}

void sole_roll_floors(struct sole *state)
{
    if (state->least == INFINITY) {
        return;
    }
    bool known = state->floors_known;
    for (int i = 0; i < state->cells_n; i++) {
        bool moved = (state->moved >> i & 1U) != 0;
        uint8_t *still = &state->cell_still[i];
        *still = (uint8_t)(moved ? 0 : *still + (*still < stuck_strides ? 1 : 0));
        roll(&state->cell_floor[i], &state->cell_least[i], known);
    }
    roll(&state->floor, &state->least, known);
    state->moved = 0;
    state->floors_known = true;
}

uint32_t sole_stuck_cells(const struct sole *state)
{
    uint32_t stuck = 0;
    for (int i = 0; i < state->cells_n; i++) {
        stuck |= state->cell_still[i] >= stuck_strides ? UINT32_C(1) << i : 0;
    }
    return stuck;
}
