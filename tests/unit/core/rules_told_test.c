/* What only the wearer knows of a walk, and the rules that it speaks against. */
#include "rules_fixture.h"

static void shuffles(struct walker *walker)
{
    walker->summary.step_length_m = 0.28F * 1.72F;
    walker->summary.foot_angle_deg[0] = walker->summary.foot_angle_deg[1] = 3;
    walker->summary.double_support_pct = 34;
}

static void leans(struct walker *walker)
{
    walker->summary.forefoot_share[0] = walker->summary.forefoot_share[1] += 0.15F;
}

static void limps(struct walker *walker)
{
    walker->summary.si_stance_pct = 12;
    walker->summary.si_step_pct = 14;
}

static void rolls(struct walker *walker)
{
    walker->summary.medial_index[0] = walker->summary.medial_index[1] = 0.3F;
}

static const struct {
    void (*walks)(struct walker *walker);
    enum rule rule;
    enum rule_track track;
    enum walk_told against;
} rows[] = {
    {shuffles, RULE_R02, TRACK_R02, TOLD_ICY},
    {leans, RULE_R04, TRACK_R04, TOLD_BACKPACK},
    {limps, RULE_R11, TRACK_R11, TOLD_CAMBER},
    {rolls, RULE_R07, TRACK_R07_LEFT, TOLD_CAMBER},
};

static bool speaks(size_t row, unsigned told, enum rule_absence *why)
{
    struct walker walker;
    walker_known(&walker);
    rows[row].walks(&walker);
    walker.told = (uint8_t)told;
    walker_walk(&walker, 400);
    *why = rules_absence(&walker.rules, rows[row].rule);
    return walker.rules.episodes[rows[row].track].severity != 0;
}

static void test_what_is_told_silences_nothing_or_too_much(void **unused)
{
    (void)unused;
    enum rule_absence why;
    for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
        assert_true(speaks(row, 0, &why));
        assert_true(speaks(row, 0xffU & ~(unsigned)rows[row].against, &why));
        assert_int_equal(why, RULE_EVALUATED);
        assert_false(speaks(row, rows[row].against, &why));
        assert_int_equal(why, RULE_CONTRAINDICATED);
    }
}

/* M23 without planned rests: who was asked to rest is in no crowd. */
static void test_a_rest_that_is_meant_makes_a_crowd(void **unused)
{
    (void)unused;
    for (int meant = 0; meant < 2; meant++) {
        struct walker walker;
        walker_init(&walker);
        walker.context.gait = CONTEXT_STAND;
        walker.planned_rest = meant == 1;
        for (int i = 0; i < 100; i++) {
            walker.now_s += 1;
            walker_second(&walker);
        }
        assert_int_equal(walker.rules.seconds_n, meant ? 0 : 100);
        assert_int_equal(walker.rules.stopped_n, meant ? 0 : 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_told_silences_nothing_or_too_much),
        cmocka_unit_test(test_a_rest_that_is_meant_makes_a_crowd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
