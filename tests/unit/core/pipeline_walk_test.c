/* A walk through the whole core: when it opens and closes, and what its record holds. */
#include "hub/core/ident.h"
#include "tests/unit/core/pipeline_fixture.h"

static void a_walk_opens_and_closes_by_itself(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 240);
    assert_int_equal(world->opened_n, 1);
    assert_true(world->state.session.open);
    assert_in_range(world->state.session.steps_n, 95, 112);
    assert_in_range(world->strides_n, 90, 112);
    int64_t later_ns = SECOND_NS * 61 + 601 * SECOND_NS;
    assert_int_equal(put_at(world, later_ns, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0), STEP_APPLIED);
    assert_int_equal(world->closed_n, 1);
    assert_false(world->state.session.open);
    /* Nothing is left but the programme's clock. */
    assert_true(world->state.programme.due_ns > world->state.now_ns + 60 * SECOND_NS);
    free(world);
}

static void coverage_is_of_the_walk_and_known_while_it_lasts(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 240);
    const struct session_device *left = &world->state.session.devices[LEFT];
    assert_true(left->fresh_pct > 98);
    /* A wearer who stands until the walk closes adds nothing; one insole was off meanwhile. */
    move(world, 241, 400, true);
    int64_t later_ns = SECOND_NS * 101 + 601 * SECOND_NS;
    assert_int_equal(put_at(world, later_ns, INPUT_TICK, INPUT_SLOT_NONE, NULL, 0), STEP_APPLIED);
    assert_int_equal(world->closed_n, 1);
    double walk_s = (double)(world->state.session.end_ns - world->state.session.start_ns) / 1e9;
    assert_true(left->fresh_pct > 99 && left->fresh_s <= walk_s && left->fresh_s > walk_s - 0.5);
    free(world);
}

static void steps_after_a_stop_are_no_new_walk(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 120);
    assert_int_equal(help(world, SECOND_NS * 31, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_STOP),
                     STEP_APPLIED);
    assert_int_equal(world->closed_n, 1);
    assert_int_equal(world->state.session.end_reason, END_USER);
    walk(world, 121, 160);
    assert_int_equal(world->opened_n, 1);
    move(world, 161, 210, true);
    assert_int_equal(world->opened_n, 1);
    walk(world, 211, 280);
    assert_int_equal(world->opened_n, 2);
    free(world);
}

/* In the walk's record, among prompts and questions. */
static const struct session_alert *kept_alert(const struct world *world, const char *id)
{
    const struct session *session = &world->state.session;
    uint64_t word;
    assert_true(ident_short_word(id, &word));
    for (unsigned i = 0; i < session->alerts_n; i++) {
        if (session->alerts[i].id == word && session->alerts[i].id_kind == id[0])
            return &session->alerts[i];
    }
    fail_msg("alert %s is not in the record", id);
    return NULL;
}

static void an_answer_after_the_walk_is_still_written_to_its_record(void **unused)
{
    (void)unused;
    struct world *world = setup();
    walk(world, 1, 120);
    assert_int_equal(help(world, SECOND_NS * 31, 7, 1, 1, STRIDE__V1__BUTTON__BUTTON_HELP),
                     STEP_APPLIED);
    walk(world, 121, 160);
    assert_int_equal(help(world, SECOND_NS * 41, 7, 2, 1, STRIDE__V1__BUTTON__BUTTON_STOP),
                     STEP_APPLIED);
    assert_int_equal(world->closed_n, 1);
    uint8_t answer[2 * ID_SIZE];
    size_t size = strlen(world->last_alert.id);
    memcpy(answer, world->last_alert.id, size);
    memcpy(answer + size, " c1", 3);
    int updated_n = world->updated_n;
    assert_int_equal(put_at(world, SECOND_NS * 42, INPUT_ACK, INPUT_SLOT_NONE, answer, size + 3),
                     STEP_APPLIED);
    assert_int_equal(kept_alert(world, world->last_alert.id)->ack, ALERT_ACCEPTED);
    assert_int_equal(world->updated_n, updated_n + 1);
    free(world);
}

static enum step_result pain(struct world *world, int64_t at_ns, uint64_t seq, int32_t nrs)
{
    return tell(world, at_ns, (struct wire_report){.place = {7, seq, 1}, .pain_nrs = (int8_t)nrs});
}

static void pain_told_before_the_walk_opens_is_in_its_record(void **unused)
{
    (void)unused;
    struct world *world = setup();
    assert_int_equal(pain(world, SECOND_NS, 1, 2), STEP_APPLIED);
    walk(world, 1, 8);
    assert_false(world->state.session.open);
    assert_int_equal(pain(world, 3 * SECOND_NS + 2000000, 2, 4), STEP_APPLIED);
    walk(world, 9, 80);
    assert_true(world->state.session.open);
    assert_int_equal(world->state.session.reports_n, 2);
    assert_int_equal(world->state.session.pain_end, 4);
    free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_opens_and_closes_by_itself),
        cmocka_unit_test(coverage_is_of_the_walk_and_known_while_it_lasts),
        cmocka_unit_test(steps_after_a_stop_are_no_new_walk),
        cmocka_unit_test(an_answer_after_the_walk_is_still_written_to_its_record),
        cmocka_unit_test(pain_told_before_the_walk_opens_is_in_its_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
