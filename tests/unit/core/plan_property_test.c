/* Random histories: what must hold in every life, and that a life replayed is the same bytes. */
#include "hub/core/ident.h"
#include "plan_fixture.h"

enum { LIVES = 400, DAYS = 60 };

struct life {
    uint64_t seed, drawn;
    bool good; /* mostly walks as planned: else hardly a life would go up */
    struct home home;
    int says_n[TEXT_COUNT], whys_n[PLAN_WHYS];
};

static int draw(struct life *life, int below)
{
    return (int)(ident_word(life->seed, life->drawn++) % (uint64_t)below);
}

/* A call may close several days: a flare-up that opened after the day of decision `i`. */
static bool flared_later(const struct plan_out *out, int i)
{
    bool later = false;
    for (int k = i + 1; k < out->decisions_n; k++)
        later = later || out->decisions[k].why == PLAN_WHY_FLARE;
    return later;
}

/* What must hold after every call. */
static void check(struct life *life, int stage_before, bool flare_before)
{
    struct home *home = &life->home;
    struct plan_next next;
    struct plan_sums sums;
    int stage = stage_before;
    plan_next(&home->plan, &home->params, &next);
    plan_sums(&home->plan, &home->params, &sums);
    assert_int_equal(home->out.lost_n, 0);
    for (int i = 0; i < home->out.decisions_n; i++) {
        const struct plan_decision *decision = &home->out.decisions[i];
        assert_int_equal(decision->from, stage);
        if (decision->direction == PLAN_UP && decision->why == PLAN_WHY_ALL_WELL) {
            assert_int_equal(decision->to, decision->from + 1);
            assert_true(decision->done_n >= 0.8 * decision->planned_n);
            assert_true(decision->days_n >= 2);
            assert_false(flare_before || home->now.stop_open);
            assert_true(!home->plan.flare || flared_later(&home->out, i));
            if (i == home->out.decisions_n - 1 && decision->day == home->plan.today) {
                const struct plan_day *yesterday = &home->plan.day[1];
                bool rested = (yesterday->marks & (PLAN_MARK_FLARE | PLAN_MARK_REST)) != 0;
                unsigned bad = PLAN_MARK_AMBER | PLAN_MARK_RED | PLAN_MARK_P02;
                assert_true(rested || (yesterday->marks & bad) == 0);
                assert_true(rested || yesterday->rise_max < 2);
            }
        } else if (decision->direction == PLAN_UP) {
            assert_int_equal(decision->why, PLAN_WHY_REENTER);
        } else if (decision->direction == PLAN_DOWN && decision->why != PLAN_WHY_FLARE) {
            assert_int_equal(decision->to, decision->from - 1);
        } else if (decision->direction == PLAN_HOLD) {
            assert_int_equal(decision->to, decision->from);
        }
        life->whys_n[decision->why] += decision->direction != PLAN_HOLD;
        stage = decision->to;
    }
    assert_int_equal(stage, home->plan.stage);
    if (home->plan.flare) {
        assert_int_equal(next.stage, PLAN_M1);
        assert_true(next.target_min <= 5);
        assert_true(!flare_before || home->plan.stage == PLAN_M1);
        assert_int_equal(sums.days_since_flare, -1);
    }
    for (int i = 0; i < home->out.says_n; i++) {
        const struct plan_say *say = &home->out.says[i];
        assert_false(home->now.stop_open);
        life->says_n[say->text]++;
        assert_true(strcmp(say->rule, "C05") != 0 || !home->profile.fluid_restriction);
        assert_true(say->wearer_only == (strcmp(say->rule, "C18") == 0));
        assert_true(say->text != TEXT_C08_STREAK || (say->n >= 3 && !home->plan.flare));
        assert_true(say->text != TEXT_C09_112 || (say->n == 112 && !home->plan.flare));
    }
    for (int i = 0; i < 2; i++)
        assert_false(sums.limits[i].working_min <= 0);
    assert_true(isnan(sums.consistency) || (sums.consistency >= 0 && sums.consistency <= 1));
    assert_true(sums.streak_days <= DAYS + 1);
}

#define STEP(LIFE, CALL)                             \
    do {                                             \
        int stage_before = (LIFE)->home.plan.stage;  \
        bool flare_before = (LIFE)->home.plan.flare; \
        hush(&(LIFE)->home);                         \
        CALL;                                        \
        check((LIFE), stage_before, flare_before);   \
    } while (0)

static struct plan_facts random_facts(struct life *life)
{
    struct home *home = &life->home;
    struct plan_facts facts = facts_of(home, (float)draw(life, 400) / 10);
    if (life->good && draw(life, 20) != 0) {
        facts.walk_min = home->plan.walk.target_min;
        return facts;
    }
    if (draw(life, 3) != 0)
        facts.walk_min = home->plan.walk.target_min;
    facts.mode = (uint8_t)draw(life, PLAN_MIXED + 1);
    facts.surface = (uint8_t)draw(life, PLAN_SURFACES);
    facts.end = (uint8_t)draw(life, PLAN_END_IDLE + 1);
    bool calm = draw(life, 8) != 0;
    facts.nrs_start = (int16_t)(draw(life, 5) - 1);
    facts.nrs_end = facts.nrs_peak =
        (int16_t)(facts.nrs_start < 0 ? -1 : facts.nrs_start + draw(life, calm ? 2 : 7));
    facts.amber = facts.nrs_peak - facts.nrs_start == 2;
    facts.red = facts.nrs_peak - facts.nrs_start > 2;
    facts.p02_stop = draw(life, 60) == 0;
    facts.leg_stop = draw(life, 80) == 0;
    facts.stopped = facts.p02_stop || facts.leg_stop;
    facts.outdoor_min = draw(life, 2) != 0 ? 0 : NAN;
    facts.longest_bout_min = facts.walk_min;
    facts.metres = draw(life, 2) != 0 ? 60 * facts.walk_min : NAN;
    if (facts.nrs_peak - facts.nrs_start >= 2)
        facts.rise_min = facts.walk_min / 2;
    facts.steps = (uint32_t)draw(life, 4000);
    facts.day -= draw(life, 20) == 0 ? draw(life, 16) : 0;
    return facts;
}

static void random_walk(struct life *life)
{
    struct home *home = &life->home;
    STEP(life, open_walk(home));
    struct plan_moment moment = {
        .mode = PLAN_TREADMILL, .nrs = -1, .nrs_start = -1, .metres = NAN, .ambient = 20};
    if (draw(life, 2) == 0)
        plan_pieces(&home->plan, &home->params, true);
    for (int i = 0, s = 0; i < 10; i++, s += draw(life, 300)) {
        moment.at_ns = s * SECOND_NS;
        moment.walk_min = (float)s / 60;
        moment.motion = (uint8_t)draw(life, PLAN_SITTING + 1);
        moment.nrs = (int8_t)(draw(life, 12) - 1);
        STEP(life, plan_moment(&home->plan, &home->params, &home->profile, &home->now, &moment,
                               &home->out));
    }
    struct plan_facts facts = random_facts(life);
    STEP(life, close_walk(home, &facts));
}

static void random_day(struct life *life, int day)
{
    struct home *home = &life->home;
    int walks = life->good ? 3 : draw(life, 5) == 0 ? 0 : draw(life, 4);
    for (int minute = 300 + draw(life, 20), done = 0; minute < 1440;
         minute += 20 + draw(life, 90)) {
        at(home, day, minute);
        home->now.quiet = minute < 450 || minute > 1290;
        home->now.stop_open = draw(life, 30) == 0;
        /* One draw after the other: in an argument list their order is the compiler's. */
        if (draw(life, 4) == 0) {
            uint32_t steps = (uint32_t)draw(life, 500), walk_s = (uint32_t)draw(life, 100);
            STEP(life, plan_seen(&home->plan, &home->params, &home->profile, &home->now, steps,
                                 walk_s, &home->out));
        }
        if (minute > 480 && draw(life, 8) == 0)
            STEP(life, report(home, PLAN_REPORT_MORNING,
                              draw(life, life->good ? 90 : 10) == 0 ? 6 : draw(life, 4)));
        if (draw(life, life->good ? 4000 : 1000) == 0)
            STEP(life, report(home, PLAN_REPORT_FLARE, 0));
        enum plan_report said = PLAN_REPORT_NRS;
        if ((enum plan_report)draw(life, PLAN_REPORTS + 1) != PLAN_REPORT_FLARE)
            said = (enum plan_report)(PLAN_REPORT_FLARE_OVER + draw(life, 40));
        int value = draw(life, life->good ? 4 : 12) - 1;
        STEP(life, report(home, said, value));
        if (minute > 480 && done++ < walks)
            random_walk(life);
        STEP(life, tick(home));
        int64_t due_ms = plan_deadline_ms(&home->plan, &home->params, &home->now);
        assert_true(due_ms > home->now.wall_ms && due_ms <= home->now.wall_ms + 30 * MINUTE);
    }
}

static void live(struct life *life, uint64_t seed)
{
    memset(life, 0, sizeof(*life));
    life->seed = seed;
    life->good = seed % 2 == 0;
    move_in(&life->home, (enum plan_stage)(PLAN_M1 + draw(life, PLAN_K)));
    life->home.profile.fluid_restriction = draw(life, 2) != 0;
    life->home.profile.disc = draw(life, 2) != 0;
    int16_t slots[PLAN_SLOTS] = {540, 780, (int16_t)(draw(life, 1441) - 1)};
    plan_schedule(&life->home.plan, slots);
    for (int day = 0; day < DAYS; day++) {
        if (draw(life, life->good ? 60 : 25) == 0)
            day += draw(life, 10); /* the hub was away */
        random_day(life, day);
    }
}

static struct life first, second;

static void test_no_random_life_breaks_the_programme(void **unused)
{
    (void)unused;
    int whys_n[PLAN_WHYS] = {0}, streaks = 0;
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        live(&first, seed);
        for (int why = 0; why < PLAN_WHYS; why++)
            whys_n[why] += first.whys_n[why];
        streaks += first.says_n[TEXT_C08_STREAK];
    }
    /* Not vacuous: every way up and down was gone. */
    static const enum plan_why ways[] = {PLAN_WHY_ALL_WELL,    PLAN_WHY_REENTER,  PLAN_WHY_FLARE,
                                         PLAN_WHY_RED,         PLAN_WHY_P02_STOP, PLAN_WHY_MORNING,
                                         PLAN_WHY_MORNINGS,    PLAN_WHY_OVERDO,   PLAN_WHY_MISSED,
                                         PLAN_WHY_MISSED_MORE, PLAN_WHY_LEGS};
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        print_message("%s %d\n", plan_why_name(ways[i]), whys_n[ways[i]]);
        assert_true(whys_n[ways[i]] > 0);
    }
    assert_true(streaks > 0);
}

static void test_a_life_replayed_over_other_memory_is_the_same_bytes(void **unused)
{
    (void)unused;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        live(&first, seed);
        memset(&second, 0xa5, sizeof(second));
        live(&second, seed);
        assert_memory_equal(&first.home.plan, &second.home.plan, sizeof(first.home.plan));
    }
}

/* Everything done well: the ladder takes as many days as its stages, and one stage at a time. */
static void test_a_good_life_climbs_to_k_in_the_sum_of_the_stages(void **unused)
{
    (void)unused;
    struct home *home = &first.home;
    move_in(home, PLAN_M1);
    int day = 0, days = 0;
    for (unsigned i = PLAN_M1; i < PLAN_K; i++)
        days += (int)plan_stage_days(&home->params, (enum plan_stage)i);
    for (; day < DAYS && home->plan.stage != PLAN_K; day++) {
        int before = home->plan.stage;
        live_day(home, day, 3, 2);
        assert_true(home->plan.stage <= before + 1);
    }
    assert_int_equal(day, days + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_random_life_breaks_the_programme),
        cmocka_unit_test(test_a_life_replayed_over_other_memory_is_the_same_bytes),
        cmocka_unit_test(test_a_good_life_climbs_to_k_in_the_sum_of_the_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
