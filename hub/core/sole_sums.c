/* Sums of a frame's cells: of each over time, of a region's at each sample. */
#include "hub/core/sole_private.h"
#include "hub/core/vec.h"

/* The next VEC_LANES cells' sums and samples `from` to `to`. */
static vec add_four(vec sum, const float *const cells[VEC_LANES], int from, int to)
{
    const float *first = cells[0], *second = cells[1], *third = cells[2], *fourth = cells[3];
    if (to - from == VEC_LANES) { /* a bin of 100 Hz */
        vec rows[VEC_LANES] = {vec_load(first + from), vec_load(second + from),
                               vec_load(third + from), vec_load(fourth + from)};
        vec_transpose(rows);
        return sum + rows[0] + rows[1] + rows[2] + rows[3];
    }
    for (int k = from; k < to; k++) {
        sum += (vec){first[k], second[k], third[k], fourth[k]};
    }
    return sum;
}

/* Cells side by side, each sample after sample in float: every cut and every build adds in the same
 * order. */
void sole_add_cells(struct sole *state, const struct sole_work *work, int from, int to)
{
    int cells_n = state->cells_n, i = 0;
    for (; i + VEC_LANES <= cells_n; i += VEC_LANES) {
        vec sum = vec_load(state->cell_sum + i);
        vec_store(state->cell_sum + i, add_four(sum, work->cells + i, from, to));
    }
    for (; i < cells_n; i++) {
        for (int k = from; k < to; k++) {
            state->cell_sum[i] += work->cells[i][k];
        }
    }
}

/* Held in registers while cell after cell is added. */
static void add_block(const struct sole_work *work, const struct sole_region *region, int from,
                      float *sums)
{
    vec near = vec_of(0.0F), far = near;
    for (int i = 0; i < region->cells_n; i++) {
        const float *values = work->cells[region->cell[i]] + from;
        near += vec_load(values);
        far += vec_load(values + VEC_LANES);
    }
    vec_store(sums + from, near);
    vec_store(sums + from + VEC_LANES, far);
}

static void add_few(const struct sole_work *work, const struct sole_region *region, float *sums)
{
    for (int k = 0; k < work->samples_n; k++) {
        sums[k] = 0.0F;
        for (int i = 0; i < region->cells_n; i++) {
            sums[k] += work->cells[region->cell[i]][k];
        }
    }
}

static void add_region(const struct sole_work *work, const struct sole_region *region, float *sums)
{
    enum { BLOCK = 2 * VEC_LANES };
    if (work->samples_n < BLOCK) {
        add_few(work, region, sums);
        return;
    }
    for (int from = 0; from + BLOCK <= work->samples_n; from += BLOCK) {
        add_block(work, region, from, sums);
    }
    /* The last block ends with the last sample: some are summed twice, to the same bits. */
    add_block(work, region, work->samples_n - BLOCK, sums);
}

void sole_find_cells(struct sole_work *work, const float *values)
{
    for (int i = 0; i < work->layout.cells_n; i++) {
        work->cells[i] = values + work->layout.channel[i] * work->samples_n;
    }
    add_region(work, &work->layout.fore, work->fore);
    add_region(work, &work->layout.heel, work->heel);
}
